//! Where orders are judged: rules, policy, and how unusual orders lately were, for a node.

use std::sync::{Arc, PoisonError, RwLock};

use super::decide::OrderPolicy;
use super::models::Trained;
use super::rules::RuleSet;
use crate::risk::login::scale::Scale;

/// Judges orders.
pub struct OrderDesk {
    /// What is done.
    pub policy: OrderPolicy,
    /// The rules.
    pub rules: RuleSet,
    /// How long decisions are kept, in seconds.
    pub keep_seconds: i64,
    scale: RwLock<Arc<Scale>>,
    trees: RwLock<Option<Arc<Trained>>>,
}

impl OrderDesk {
    /// A desk that knows nothing yet of how unusual orders are.
    pub fn new(policy: OrderPolicy, rules: RuleSet, keep_seconds: i64) -> Self {
        Self { policy, rules, keep_seconds, scale: RwLock::new(Arc::new(Scale::usual_orders())), trees: RwLock::default() }
    }

    /// How unusual honest orders lately were.
    pub fn scale(&self) -> Arc<Scale> {
        Arc::clone(&self.scale.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The trees that decide; none where the regression does.
    pub fn trees(&self) -> Option<Arc<Trained>> {
        self.trees.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes up which trees decide.
    pub fn set_trees(&self, trees: Option<Trained>) {
        *self.trees.write().unwrap_or_else(PoisonError::into_inner) = trees.map(Arc::new);
    }

    /// Takes up how unusual they were.
    pub fn set_scale(&self, scale: Scale) {
        *self.scale.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(scale.or_usual_orders());
    }
}
