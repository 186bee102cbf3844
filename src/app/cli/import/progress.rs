//! How far a file is read: a bar on a terminal, lines elsewhere.

use std::io::{IsTerminal, Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::app::cli::complain;
use crate::base::time::Clock;

/// Characters of the bar.
const WIDTH: u64 = 30;

/// Counts what is read through it.
pub(super) struct Counted<R> {
    input: R,
    read: Arc<AtomicU64>,
}

impl<R> Counted<R> {
    /// Counts what is read of `input`.
    pub(super) fn new(input: R) -> Self {
        Self { input, read: Arc::default() }
    }

    /// The bytes that were read so far.
    pub(super) fn counter(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.read)
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Shows how far it is.
pub(super) struct Bar {
    total: u64,
    read: Arc<AtomicU64>,
    clock: Arc<dyn Clock>,
    began: Duration,
    shown: Option<u64>,
    is_terminal: bool,
}

impl Bar {
    /// A bar for a file of `total` bytes.
    pub(super) fn new(total: u64, read: Arc<AtomicU64>, clock: Arc<dyn Clock>) -> Self {
        let began = clock.monotonic();
        Self { total, read, clock, began, shown: None, is_terminal: std::io::stderr().is_terminal() }
    }

    /// Shows that `done` records are settled.
    pub(super) fn show(&mut self, done: u64) {
        let percent = self.read.load(Ordering::Relaxed).saturating_mul(100).checked_div(self.total).unwrap_or(100).min(100);
        if self.shown == Some(percent) && !self.is_terminal {
            return;
        }
        self.shown = Some(percent);
        let millis = u64::try_from(self.clock.monotonic().saturating_sub(self.began).as_millis()).unwrap_or(u64::MAX).max(1);
        let text = format!("{percent:>3} %  {done} records, {} a second", done.saturating_mul(1_000) / millis);
        if self.is_terminal {
            let full = percent * WIDTH / 100;
            let bar: String = (0..WIDTH).map(|place| if place < full { '#' } else { '.' }).collect();
            // A terminal that went away is not our failure.
            let _ = write!(std::io::stderr(), "\r[{bar}] {text}   ");
        } else {
            complain(&text);
        }
    }

    /// Leaves the line of the bar.
    pub(super) fn end(&self) {
        if self.is_terminal && self.shown.is_some() {
            complain("");
        }
    }
}
