//! From numbers, rules and scale to what is done with an order. Pure.

use serde::{Deserialize, Serialize};

use super::features::{Account, Entities, Whence, vector};
use super::models::Trained;
use super::order::Checked;
use super::record::OrderRecord;
use super::regression::Regression;
use super::rules::{About, Fired, OrderAction, RuleSet};
use crate::risk::login::policy::Mode;
use crate::risk::login::scale::{Level, Scale, told};

/// From which scores on what is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderPolicy {
    /// Whether decisions are carried out.
    pub mode: Mode,
    /// The customer confirms it: from this score on, 1 to 1001 (never).
    pub step_up: u16,
    /// Somebody looks at it.
    pub review: u16,
    /// It is refused. Never by default: what a machine alone refuses, somebody has to be able to have looked at.
    pub deny: u16,
}

impl Default for OrderPolicy {
    fn default() -> Self {
        Self { mode: Mode::Enforce, step_up: 800, review: 950, deny: 1_001 }
    }
}

/// Frauds that are known, from which on the model counts as taught.
pub const TAUGHT: u64 = 20;

/// The level of a session that makes a further factor needless: two factors.
const SURE: u8 = 2;

/// What an order is judged by.
pub struct Standards<'a> {
    /// The model that learns from each order.
    pub model: &'a Regression,
    /// The trees that decide in its place, with what they are measured by; none where it decides itself.
    pub trees: Option<&'a Trained>,
    /// The rules.
    pub rules: &'a RuleSet,
    /// How unusual honest orders lately were.
    pub scale: &'a Scale,
    /// What is done.
    pub policy: &'a OrderPolicy,
}

/// What is known of an order beside what was told.
pub struct Circumstances<'a> {
    /// Of who orders; none of a guest.
    pub account: Option<&'a Account>,
    /// Of where it comes from.
    pub whence: &'a Whence,
    /// Of what it has in common with others.
    pub entities: &'a Entities,
    /// What is usually known, and was not.
    pub degraded: Vec<String>,
}

/// What is done with an order of this score, and the rules that hold.
pub fn act(policy: &OrderPolicy, rules: &RuleSet, score: u16, (about, vector): (&About, &[f64])) -> (OrderAction, Vec<Fired>) {
    let fired = rules.fired(about, vector);
    let by_score = match score {
        score if score >= policy.deny => OrderAction::Deny,
        score if score >= policy.review => OrderAction::Review,
        score if score >= policy.step_up => OrderAction::StepUp,
        _ => OrderAction::Allow,
    };
    let by_rule = fired.iter().map(|fired| fired.action).max().unwrap_or_default();
    let action = match by_score.max(by_rule) {
        OrderAction::StepUp if about.is_guest => OrderAction::Review,
        OrderAction::StepUp if about.is_sure => OrderAction::Allow,
        action => action,
    };
    (action, fired)
}

/// Judges an order.
pub fn judge(standards: &Standards<'_>, checked: &Checked, mut circumstances: Circumstances<'_>) -> OrderRecord {
    let Standards { model, trees, rules, scale, policy } = standards;
    let vector = vector(checked, circumstances.account, circumstances.whence, circumstances.entities, model.base());
    let online = model.logit(&vector);
    let (logit, share) = trees.map_or_else(
        || (online, scale.share(online)),
        |trees| {
            let logit = trees.forest.logit(&vector);
            (logit, trees.scale().share(logit))
        },
    );
    let score = told(share);
    let is_sure = circumstances.account.is_some_and(|account| account.has_session && account.acr >= SURE);
    let about = About::of(checked, circumstances.account.is_none(), is_sure);
    let (action, fired) = act(policy, rules, score, (&about, &vector));
    if model.fraud < TAUGHT {
        circumstances.degraded.push("no_labels".to_owned());
    }
    OrderRecord {
        model: trees.map_or_else(|| format!("order-{}", model.learned), |trees| trees.version.clone()),
        rules: rules.version.clone(),
        contributions: trees.map_or_else(|| model.contributions(&vector), |trees| trees.forest.contributions(&vector)).into_iter().take(12).collect(),
        vector: vector.to_vec(),
        fired,
        logit,
        online: trees.map(|_| online),
        probability: 1.0 / (1.0 + (-logit).exp()),
        share,
        score,
        level: Level::of(share),
        action,
        done: if policy.mode == Mode::Enforce { action } else { OrderAction::Allow },
        degraded: circumstances.degraded,
        about,
    }
}
