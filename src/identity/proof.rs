//! "This customer showed this factor at this time." Sessions are opened for proofs alone, and only a factor's own check can make one.

use crate::base::assurance::ShownFactor;
use crate::base::ids::{CustomerId, TrustedDeviceId};

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

/// What one customer has shown in one sign-in: a proof, and those that followed it. Sessions are opened for this alone.
///
/// It can be kept with the sign-in between two steps (sealed, see `signin/store`), and read back nowhere else.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Passed {
    customer: CustomerId,
    generation: i64,
    shown: Vec<ShownFactor>,
    is_remembered: bool,
    #[serde(default)]
    trusted_device: Option<TrustedDeviceId>,
}

impl Passed {
    /// The first step was passed. `is_remembered` is the customer's wish to stay signed in.
    pub fn first(proof: &Proof, is_remembered: bool) -> Self {
        Self { customer: proof.customer.clone(), generation: proof.generation, shown: vec![proof.shown], is_remembered, trusted_device: None }
    }

    /// Another step was passed, by the same customer under the same credentials; `None` when it was somebody else's.
    #[must_use]
    pub fn then(mut self, proof: &Proof) -> Option<Self> {
        if self.customer != proof.customer || self.generation != proof.generation {
            return None;
        }
        self.shown.push(proof.shown);
        Some(self)
    }

    /// The password was replaced by one that `proof` was just made with: what was shown before still stands, under the new credentials. `None` when it is somebody else's.
    #[must_use]
    pub(in crate::identity) fn renewed(mut self, proof: &Proof) -> Option<Self> {
        if self.customer != proof.customer {
            return None;
        }
        self.generation = proof.generation;
        self.shown.retain(|factor| factor.kind != proof.shown.kind);
        self.shown.push(proof.shown);
        Some(self)
    }

    /// It happened on a device that the customer trusts.
    #[must_use]
    pub fn on_trusted_device(mut self, device: Option<TrustedDeviceId>) -> Self {
        self.trusted_device = device;
        self
    }

    /// The trusted device that it happened on.
    pub fn trusted_device(&self) -> Option<&TrustedDeviceId> {
        self.trusted_device.as_ref()
    }

    /// Whose factors they were.
    pub fn customer(&self) -> &CustomerId {
        &self.customer
    }

    /// The credential generation that they were checked against.
    pub fn generation(&self) -> i64 {
        self.generation
    }

    /// What was shown, in order.
    pub fn shown(&self) -> &[ShownFactor] {
        &self.shown
    }

    /// Whether the customer wants to stay signed in.
    pub fn is_remembered(&self) -> bool {
        self.is_remembered
    }

    /// Whether it begins with a factor that says who it is, and so stands on its own; else it only adds to a session.
    pub fn is_whole(&self) -> bool {
        self.shown.iter().any(|factor| factor.kind.properties().is_known || factor.is_two_factors())
    }
}

#[cfg(test)]
#[path = "proof_tests.rs"]
mod tests;
