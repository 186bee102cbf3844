//! What is written down of a decision over an order: every number that it was computed from. No address, no name, no token. Pure.

use serde::{Deserialize, Serialize};

use super::decide::{OrderPolicy, act};
use super::features::Feature;
use super::rules::{About, Fired, OrderAction, RuleSet};
use crate::base::ids::{CustomerId, DecisionId};
use crate::base::time::UnixSeconds;
use crate::risk::decisions::{Decision, Kind, Outcome};
use crate::risk::login::scale::Level;

/// A decision over an order, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrderRecord {
    /// The version of the model: from how many orders it had learned.
    pub model: String,
    /// The version of the rules.
    pub rules: String,
    /// The numbers, in the order of [`Feature::ALL`].
    pub vector: Vec<f64>,
    /// What each of them adds, the most first.
    pub contributions: Vec<(Feature, f64)>,
    /// The rules that held.
    pub fired: Vec<Fired>,
    /// The logarithm of the odds that it is fraud.
    pub logit: f64,
    /// The same by the regression, where trees decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub online: Option<f64>,
    /// How likely that is, as far as the model knows.
    pub probability: f64,
    /// How many of the honest orders lately looked at least so unusual.
    pub share: f64,
    /// The score, 0 to 1000.
    pub score: u16,
    /// The level.
    pub level: Level,
    /// What is to be done.
    pub action: OrderAction,
    /// What was done.
    pub done: OrderAction,
    /// What is usually known, and was not.
    pub degraded: Vec<String>,
    /// What rules looked at beside the numbers.
    #[serde(default)]
    pub about: About,
}

impl OrderRecord {
    /// The decision, as it is kept.
    ///
    /// # Errors
    /// When a number in it is none.
    pub fn decision(&self, id: DecisionId, customer: Option<CustomerId>, at: UnixSeconds, outcome: Option<Outcome>) -> Result<Decision, serde_json::Error> {
        Ok(Decision {
            id,
            kind: Kind::Order,
            customer,
            at,
            score: self.score,
            level: self.level.word().to_owned(),
            action: self.action.word().to_owned(),
            done: self.done.word().to_owned(),
            model: self.model.clone(),
            record: serde_json::to_string(self)?,
            outcome,
        })
    }

    /// What would be done with the same order under another policy and other rules; the score stays what it was.
    pub fn replayed(&self, policy: &OrderPolicy, rules: &RuleSet) -> (OrderAction, Vec<Fired>) {
        act(policy, rules, self.score, (&self.about, &self.vector))
    }
}
