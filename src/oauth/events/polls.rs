//! Who waits for events on this node: one request for each stream, and so many in all.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// Requests that wait at a time.
const MAX_WAITING: usize = 256;

/// The streams for which a request waits.
#[derive(Debug, Default)]
pub struct Polls(Mutex<HashSet<String>>);

/// A request that waits; it stops when this is dropped.
#[derive(Debug)]
pub struct Waiting<'a> {
    polls: &'a Polls,
    stream: String,
}

impl Polls {
    /// Lets a request wait for a stream; none when another one does, or too many wait.
    pub fn wait_for(&self, stream: &str) -> Option<Waiting<'_>> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (waiting.len() < MAX_WAITING && waiting.insert(stream.to_owned())).then(|| Waiting { polls: self, stream: stream.to_owned() })
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.polls.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.stream);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_waits_for_each_stream() {
        let polls = Polls::default();
        let first = polls.wait_for("a");
        assert!(first.is_some() && polls.wait_for("a").is_none() && polls.wait_for("b").is_some());
        drop(first);
        assert!(polls.wait_for("a").is_some());
    }
}
