//! Where orders are judged: rules, policy, and how unusual orders lately were, for a node.

use std::sync::{Arc, PoisonError, RwLock};

use super::decide::OrderPolicy;
use super::rules::RuleSet;
use crate::risk::login::scale::Scale;

/// Judges orders.
pub struct OrderDesk {
    /// What is done.
    pub policy: OrderPolicy,
    /// The rules.
    pub rules: RuleSet,
    scale: RwLock<Arc<Scale>>,
}

impl OrderDesk {
    /// A desk that knows nothing yet of how unusual orders are.
    pub fn new(policy: OrderPolicy, rules: RuleSet) -> Self {
        Self { policy, rules, scale: RwLock::new(Arc::new(Scale::usual_orders())) }
    }

    /// How unusual honest orders lately were.
    pub fn scale(&self) -> Arc<Scale> {
        Arc::clone(&self.scale.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes up how unusual they were.
    pub fn set_scale(&self, scale: Scale) {
        *self.scale.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(scale.or_usual_orders());
    }
}
