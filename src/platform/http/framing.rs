//! Line ends, read strictly: in a request head and around chunks a line ends with CR LF (RFC 9112 section 2.2). A parser that also takes a bare LF reads other requests out of the same bytes than a proxy in front of it does; ours never sees one.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// As much of a header line as is needed to know how long the body is.
const KEPT_BYTES: usize = 64;

/// Where in a message the next byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In the head, or in the trailer after the last chunk.
    Line { is_trailer: bool },
    /// In the body, with this many bytes to come.
    Body(u64),
    /// In the line that gives a chunk's size.
    ChunkSize,
    /// In a chunk, with this many bytes to come before the line end after it.
    Chunk(u64),
    /// In the line end after a chunk.
    ChunkEnd,
    /// Nobody knows: such a message is refused, since what follows could be read in two ways.
    Unknown,
}

/// Follows one connection's requests byte by byte.
#[derive(Debug)]
struct Inspector {
    place: Place,
    kept: [u8; KEPT_BYTES],
    /// Bytes in this line so far, without its end.
    length: usize,
    after_cr: bool,
    has_request_line: bool,
    content_length: Option<u64>,
    is_chunked: bool,
    is_unknown: bool,
}

impl Default for Inspector {
    fn default() -> Self {
        Self {
            place: Place::Line { is_trailer: false },
            kept: [0; KEPT_BYTES],
            length: 0,
            after_cr: false,
            has_request_line: false,
            content_length: None,
            is_chunked: false,
            is_unknown: false,
        }
    }
}

impl Inspector {
    /// Looks at the next bytes; the index of the first one that spoils the connection: a bare LF, or the end of a line after which the length of the message is anybody's guess.
    fn find_fault(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            match self.place {
                Place::Unknown => return Some(at),
                Place::Body(left) => {
                    at += self.skip(left, rest.len(), Place::Body, Place::Line { is_trailer: false });
                }
                Place::Chunk(left) => {
                    at += self.skip(left, rest.len(), Place::Chunk, Place::ChunkEnd);
                }
                Place::Line { .. } | Place::ChunkSize | Place::ChunkEnd => {
                    let byte = rest.first().copied().unwrap_or_default();
                    if byte == b'\n' {
                        if !self.after_cr {
                            return Some(at);
                        }
                        self.end_line();
                        if self.place == Place::Unknown {
                            return Some(at);
                        }
                    } else {
                        self.take(byte);
                    }
                    at += 1;
                }
            }
        }
        None
    }

    fn skip(&mut self, left: u64, available: usize, same: fn(u64) -> Place, next: Place) -> usize {
        let taken = left.min(available as u64);
        self.place = if taken == left { next } else { same(left - taken) };
        usize::try_from(taken).unwrap_or(available)
    }

    fn take(&mut self, byte: u8) {
        self.after_cr = byte == b'\r';
        if !self.after_cr {
            if let Some(slot) = self.kept.get_mut(self.length) {
                *slot = byte.to_ascii_lowercase();
            }
            self.length = self.length.saturating_add(1);
        }
    }

    fn end_line(&mut self) {
        let length = std::mem::take(&mut self.length);
        self.after_cr = false;
        let kept = self.kept;
        let line = kept.get(..length.min(KEPT_BYTES)).unwrap_or_default();
        match self.place {
            Place::Line { is_trailer: true } if length == 0 => self.begin_again(),
            Place::Line { is_trailer: false } if length == 0 => self.end_head(),
            Place::Line { is_trailer: false } if self.has_request_line => self.read_header(line, length),
            Place::Line { is_trailer: false } => self.has_request_line = true,
            Place::ChunkSize => {
                // An extension after the size may be long; the size is not.
                let has_end = length <= KEPT_BYTES || line.contains(&b';');
                let digits = line.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
                self.place = match number(digits, 16).filter(|_| has_end) {
                    Some(0) => Place::Line { is_trailer: true },
                    Some(size) => Place::Chunk(size),
                    None => Place::Unknown,
                };
            }
            Place::ChunkEnd => self.place = if length == 0 { Place::ChunkSize } else { Place::Unknown },
            Place::Line { is_trailer: true } | Place::Body(_) | Place::Chunk(_) | Place::Unknown => {}
        }
    }

    fn read_header(&mut self, line: &[u8], length: usize) {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { return };
        let (name, value) = (line.get(..colon).unwrap_or_default(), line.get(colon + 1..).unwrap_or_default().trim_ascii());
        match name {
            b"content-length" => {
                let read = number(value, 10);
                self.is_unknown |= read.is_none() || length > KEPT_BYTES || (self.content_length.is_some() && self.content_length != read);
                self.content_length = read;
            }
            b"transfer-encoding" => {
                self.is_unknown |= value != b"chunked" || self.is_chunked || length > KEPT_BYTES;
                self.is_chunked = true;
            }
            _ => {}
        }
    }

    fn end_head(&mut self) {
        if !self.has_request_line {
            // Empty lines before a request are passed over (RFC 9112 section 2.2).
            return;
        }
        let (content_length, is_chunked) = (self.content_length, self.is_chunked);
        if self.is_unknown || (is_chunked && content_length.is_some()) {
            self.place = Place::Unknown;
        } else if is_chunked {
            self.place = Place::ChunkSize;
        } else {
            self.begin_again();
            if let Some(length) = content_length.filter(|length| *length > 0) {
                self.place = Place::Body(length);
            }
        }
    }

    fn begin_again(&mut self) {
        *self = Self::default();
    }
}

/// A number that is nothing but digits: the standard library would also take a sign.
fn number(digits: &[u8], radix: u32) -> Option<u64> {
    let is_plain = !digits.is_empty() && digits.iter().all(|byte| char::from(*byte).is_digit(radix));
    std::str::from_utf8(digits).ok().filter(|_| is_plain).and_then(|digits| u64::from_str_radix(digits, radix).ok())
}

/// A connection whose reader never sees a bare LF outside a body, nor a message whose length is anybody's guess: in place of the byte that spoils it comes a NUL, which no request may hold, and then the end.
#[derive(Debug)]
pub struct StrictLines<T> {
    inner: T,
    inspector: Inspector,
    is_spoilt: bool,
}

impl<T> StrictLines<T> {
    /// Wraps a fresh connection.
    pub fn new(inner: T) -> Self {
        Self { inner, inspector: Inspector::default(), is_spoilt: false }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for StrictLines<T> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.is_spoilt {
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        let outcome = Pin::new(&mut this.inner).poll_read(cx, buf);
        if matches!(outcome, Poll::Ready(Ok(()))) {
            let found = this.inspector.find_fault(buf.filled().get(before..).unwrap_or_default());
            if let Some(at) = found {
                this.is_spoilt = true;
                if let Some(byte) = buf.filled_mut().get_mut(before + at) {
                    *byte = 0;
                }
                buf.set_filled(before + at + 1);
            }
        }
        outcome
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for StrictLines<T> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write(cx, buf)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(cx)
    }

    fn poll_write_vectored(self: Pin<&mut Self>, cx: &mut Context<'_>, bufs: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}

#[cfg(test)]
#[path = "framing_tests.rs"]
mod tests;
