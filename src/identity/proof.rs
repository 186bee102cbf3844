//! "This customer showed this factor at this time." Sessions are opened for proofs alone, and only a factor's own check can make one.

use crate::base::assurance::ShownFactor;
use crate::base::ids::CustomerId;

/// Evidence that a factor was shown. Cannot be made outside `identity`.
#[derive(Debug, Clone)]
pub struct Proof {
    customer: CustomerId,
    generation: i64,
    shown: ShownFactor,
}

impl Proof {
    /// Made by a factor's check, after it held.
    pub(in crate::identity) fn new(customer: CustomerId, generation: i64, shown: ShownFactor) -> Self {
        Self { customer, generation, shown }
    }

    /// Whose factor it was.
    pub fn customer(&self) -> &CustomerId {
        &self.customer
    }

    /// The credential generation that it was checked against.
    pub fn generation(&self) -> i64 {
        self.generation
    }

    /// Which factor, when.
    pub fn shown(&self) -> ShownFactor {
        self.shown
    }
}
