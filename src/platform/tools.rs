//! What nearly every store needs: the clock, randomness and the keys of this installation.

use std::sync::Arc;

use super::crypto::keyring::KeyRing;
use crate::base::random::Entropy;
use crate::base::time::{Clock, UnixMicros, UnixSeconds};

/// Time, randomness and keys, handed in so that tests own all three.
#[derive(Clone)]
pub struct Tools {
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The source of randomness.
    pub entropy: Arc<dyn Entropy>,
    /// The derived keys.
    pub ring: Arc<KeyRing>,
}

impl Tools {
    /// The current second.
    pub fn now(&self) -> UnixSeconds {
        self.clock.now()
    }

    /// The current microsecond.
    pub fn now_micros(&self) -> UnixMicros {
        self.clock.now_micros()
    }

    /// Randomness, by reference.
    pub fn entropy(&self) -> &dyn Entropy {
        self.entropy.as_ref()
    }
}
