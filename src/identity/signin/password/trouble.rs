//! That the old shop did not answer: remembered for a moment, so that the answer to a failed sign-in says the same whether or not somebody is known here.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::base::time::UnixSeconds;

/// How long it is remembered, in seconds.
const SECONDS: i64 = 30;

/// Until when the old shop is taken to be in trouble.
#[derive(Debug, Default)]
pub struct Trouble(AtomicI64);

impl Trouble {
    /// It did not answer.
    pub fn note(&self, now: UnixSeconds) {
        self.0.store(now.plus(SECONDS).0, Ordering::SeqCst);
    }

    /// Whether it did not a moment ago.
    pub fn is_on(&self, now: UnixSeconds) -> bool {
        self.0.load(Ordering::SeqCst) > now.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_passes() {
        let trouble = Trouble::default();
        assert!(!trouble.is_on(UnixSeconds(100)));
        trouble.note(UnixSeconds(100));
        assert!(trouble.is_on(UnixSeconds(129)) && !trouble.is_on(UnixSeconds(130)));
    }
}
