//! A stream that only the holder of a private key reads: HPKE (RFC 9180; X25519, HKDF-SHA-256, AES-256-GCM), piece by piece. Whoever makes backups has the public half alone, and cannot read them either.
//!
//! Layout: [`MAGIC`], the encapsulated secret (32 bytes), then pieces: length (4 bytes, big-endian), ciphertext. HPKE numbers the pieces; the last one has another additional data than the others, so that none can be left out, moved, or cut off at the end.

use std::io::{self, Read, Write};

use rustls::crypto::aws_lc_rs::hpke::DH_KEM_X25519_HKDF_SHA256_AES_256 as SUITE;
use rustls::crypto::hpke::{EncapsulatedSecret, Hpke, HpkeOpener, HpkePrivateKey, HpkePublicKey, HpkeSealer};

use crate::base::encoding::{base64url, from_base64url};

/// The first bytes of a backup, and what its key is bound to.
pub const MAGIC: &[u8; 18] = b"claviger-backup-1\n";
/// Bytes of a key.
const KEY_BYTES: usize = 32;
/// Bytes of a piece, before it is sealed.
const PIECE: usize = 1 << 16;
/// What sealing adds to a piece.
const TAG: usize = 16;
const MORE: &[u8] = b"more";
const LAST: &[u8] = b"last";

fn told(error: impl std::fmt::Display) -> io::Error {
    io::Error::other(format!("the backup's encryption: {error}"))
}

fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}

/// The public half: whom a backup is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient([u8; KEY_BYTES]);

impl Recipient {
    /// Reads 43 characters of base64url.
    pub fn parse(text: &str) -> Option<Self> {
        Some(Self(from_base64url(text.trim())?.try_into().ok()?))
    }
}

impl std::fmt::Display for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&base64url(self.0))
    }
}

/// The private half, with the public one.
pub struct Identity {
    private: HpkePrivateKey,
    recipient: Recipient,
}

/// The first word of a key file.
const KEY_FILE: &str = "claviger-backup-key-1";

impl Identity {
    /// A fresh one.
    ///
    /// # Errors
    /// What the library says.
    pub fn generate() -> io::Result<Self> {
        let (public, private) = SUITE.generate_key_pair().map_err(told)?;
        let public: [u8; KEY_BYTES] = public.0.try_into().map_err(|_| broken("a key of another length"))?;
        Ok(Self { private, recipient: Recipient(public) })
    }

    /// The other half.
    pub const fn recipient(&self) -> &Recipient {
        &self.recipient
    }

    /// The text of its file.
    pub fn to_text(&self) -> String {
        format!("{KEY_FILE} {} {}\n", self.recipient, base64url(self.private.secret_bytes()))
    }

    /// Reads the text of its file.
    ///
    /// # Errors
    /// A sentence when it is none.
    pub fn parse(text: &str) -> io::Result<Self> {
        let none = || broken("this is no key of backups; claviger backup key makes one");
        let [word, public, private] = text.split_whitespace().collect::<Vec<_>>().try_into().map_err(|_| none())?;
        let private = from_base64url(private).filter(|private| word == KEY_FILE && private.len() == KEY_BYTES).ok_or_else(none)?;
        Ok(Self { private: HpkePrivateKey::from(private), recipient: Recipient::parse(public).ok_or_else(none)? })
    }
}

/// Seals what is written, for one recipient. Nothing of it can be read unless [`Self::finish`] was called.
pub struct Sealing<W> {
    to: W,
    sealer: Box<dyn HpkeSealer>,
    piece: Vec<u8>,
}

impl<W: Write> Sealing<W> {
    /// Begins.
    ///
    /// # Errors
    /// What the library, or the writer, says.
    pub fn new(mut to: W, recipient: &Recipient) -> io::Result<Self> {
        let (secret, sealer) = SUITE.setup_sealer(MAGIC, &HpkePublicKey(recipient.0.to_vec())).map_err(told)?;
        to.write_all(MAGIC)?;
        to.write_all(&secret.0)?;
        Ok(Self { to, sealer, piece: Vec::with_capacity(PIECE) })
    }

    fn send(&mut self, kind: &[u8]) -> io::Result<()> {
        let sealed = self.sealer.seal(kind, &self.piece).map_err(told)?;
        self.piece.clear();
        let length = u32::try_from(sealed.len()).map_err(told)?;
        self.to.write_all(&length.to_be_bytes())?;
        self.to.write_all(&sealed)
    }

    /// Ends; gives the writer back.
    ///
    /// # Errors
    /// What the library, or the writer, says.
    pub fn finish(mut self) -> io::Result<W> {
        self.send(LAST)?;
        Ok(self.to)
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full piece leaves only when there is more: the last one is never empty by accident.
        if self.piece.len() >= PIECE {
            self.send(MORE)?;
        }
        let taken = bytes.len().min(PIECE - self.piece.len());
        self.piece.extend(bytes.iter().take(taken));
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reads what [`Sealing`] wrote. Its end comes only after the last piece was seen; else it is an error.
pub struct Opening<R> {
    from: R,
    opener: Box<dyn HpkeOpener>,
    piece: Vec<u8>,
    read: usize,
    is_over: bool,
}

impl<R: Read> Opening<R> {
    /// Begins.
    ///
    /// # Errors
    /// It is no backup, or not for this identity; or what the reader says.
    pub fn new(mut from: R, identity: &Identity) -> io::Result<Self> {
        let mut magic = [0; MAGIC.len()];
        let mut secret = [0; KEY_BYTES];
        from.read_exact(&mut magic).and_then(|()| from.read_exact(&mut secret)).map_err(|_| broken("this is no backup of Claviger's"))?;
        if magic != *MAGIC {
            return Err(broken("this is no backup of Claviger's, or one of another version"));
        }
        let opener = SUITE.setup_opener(&EncapsulatedSecret(secret.to_vec()), MAGIC, &identity.private).map_err(|_| broken("this backup is not for this key"))?;
        Ok(Self { from, opener, piece: Vec::new(), read: 0, is_over: false })
    }

    fn fetch(&mut self) -> io::Result<()> {
        let mut length = [0; 4];
        self.from.read_exact(&mut length).map_err(|_| broken("the backup is cut off"))?;
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
        if length > PIECE + TAG {
            return Err(broken("the backup is damaged, or not for this key"));
        }
        let mut sealed = vec![0; length];
        self.from.read_exact(&mut sealed).map_err(|_| broken("the backup is cut off"))?;
        // Which of the two it is stands nowhere but in what it was sealed with. One that does not open leaves the count as it is.
        (self.piece, self.is_over) = match self.opener.open(MORE, &sealed) {
            Ok(piece) => (piece, false),
            Err(_) => (self.opener.open(LAST, &sealed).map_err(|_| broken("the backup is damaged, or not for this key"))?, true),
        };
        self.read = 0;
        Ok(())
    }
}

impl<R: Read> Read for Opening<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while self.read >= self.piece.len() {
            if self.is_over {
                return Ok(0);
            }
            self.fetch()?;
        }
        let rest = self.piece.get(self.read..).unwrap_or_default();
        let taken = rest.len().min(to.len());
        to.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        self.read += taken;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(bytes: &[u8], recipient: &Recipient) -> Vec<u8> {
        let mut sealing = Sealing::new(Vec::new(), recipient).unwrap();
        sealing.write_all(bytes).unwrap();
        sealing.finish().unwrap()
    }

    fn opened(sealed: &[u8], identity: &Identity) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        Opening::new(sealed, identity)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    #[test]
    fn what_was_sealed_is_read_by_its_recipient_alone() {
        let (identity, other) = (Identity::generate().unwrap(), Identity::generate().unwrap());
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 200_001] {
            let bytes: Vec<u8> = (0..length).map(|at| u8::try_from(at % 251).unwrap()).collect();
            let text = sealed(&bytes, identity.recipient());
            assert_eq!(opened(&text, &identity).unwrap(), bytes, "{length}");
            assert!(opened(&text, &other).is_err());
        }
        let again = Identity::parse(&identity.to_text()).unwrap();
        assert_eq!(opened(&sealed(b"x", again.recipient()), &identity).unwrap(), b"x");
        for text in ["", "claviger-backup-key-1 x y", "age-secret-key-1", &identity.to_text().replace("key-1", "key-2")] {
            assert!(Identity::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn nothing_is_left_out_moved_changed_or_cut_off() {
        let identity = Identity::generate().unwrap();
        let bytes = vec![7; 3 * PIECE + 5];
        let text = sealed(&bytes, identity.recipient());
        let head = MAGIC.len() + KEY_BYTES;
        let piece = 4 + PIECE + TAG;
        // Cut at every boundary, and somewhere within.
        for cut in [0, 5, head, head + piece, head + 2 * piece, head + 3 * piece, text.len() - 1, head + 100] {
            assert!(opened(&text[..cut], &identity).is_err(), "{cut}");
        }
        for at in [0, MAGIC.len(), head, head + 4, head + piece + 50, text.len() - 1] {
            let mut changed = text.clone();
            changed[at] ^= 1;
            assert!(opened(&changed, &identity).is_err(), "{at}");
        }
        let mut without = text.clone();
        without.drain(head..head + piece);
        assert!(opened(&without, &identity).is_err());
        let mut moved = text[..head].to_vec();
        moved.extend(&text[head + piece..head + 2 * piece]);
        moved.extend(&text[head..head + piece]);
        moved.extend(&text[head + 2 * piece..]);
        assert!(opened(&moved, &identity).is_err());
    }
}
