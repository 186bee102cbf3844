//! What is written down of a decision: everything that it was computed from, so that it can be explained, and computed again, when model, counts and people have long changed. Numbers and codes; no address, no name. Pure.

use serde::{Deserialize, Serialize};

use super::model::{Crowd, Model, Own, score};
use super::policy::{Action, Circumstances, Mode, SigninPolicy};
use super::scale::{Level, Scale, told};
use super::signals::{Facts, Reason, reasons, total};

/// What a decision is computed from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What is known of everybody's sign-ins.
    pub crowd: Crowd,
    /// What is known of the customer's own.
    pub own: Own,
    /// What is known beside.
    pub facts: Facts,
    /// What the decision rests on beside the score.
    pub circumstances: Circumstances,
    /// Which lists of countries and networks were asked.
    pub places: String,
    /// Whether something was missing that is usually known.
    pub is_degraded: bool,
}

/// A decision, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SigninRecord {
    /// The version of the model.
    pub model: String,
    /// What it was computed from.
    pub evidence: Evidence,
    /// The reasons, the gravest first.
    pub reasons: Vec<Reason>,
    /// Their sum, in natural logarithms.
    pub risk: f64,
    /// How many of the honest sign-ins lately looked at least so strange.
    pub share: f64,
    /// The score, 0 to 1000.
    pub score: u16,
    /// The level.
    pub level: Level,
    /// What the policy says to do.
    pub action: Action,
    /// What was done.
    pub done: Action,
}

/// Judges a sign-in.
pub fn judge(model: &Model, scale: &Scale, policy: &SigninPolicy, evidence: Evidence) -> SigninRecord {
    let scored = score(model, &evidence.crowd, &evidence.own);
    let reasons = reasons(model, scored.as_ref(), &evidence.facts);
    let risk = total(&reasons);
    let share = scale.share(risk);
    let level = Level::of(share);
    let action = policy.decide(level, evidence.circumstances);
    let done = if policy.mode == Mode::Enforce { action } else { Action::Allow };
    SigninRecord { model: model.version.clone(), evidence, reasons, risk, share, score: told(share), level, action, done }
}

impl SigninRecord {
    /// The same sign-in under another model, scale and policy.
    #[must_use]
    pub fn replayed(&self, model: &Model, scale: &Scale, policy: &SigninPolicy) -> Self {
        judge(model, scale, policy, self.evidence.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::risk::login::model::Seen;

    #[test]
    fn a_decision_is_computed_again_from_its_record() {
        let seen = Seen { count: 3, distinct: 40 };
        let evidence = Evidence {
            crowd: Crowd { logins: 5_000, customers: 900, place: [seen; 3], device: [seen; 4] },
            own: Own { logins: 7, place: [0; 3], device: [0; 4] },
            facts: Facts { is_known_device: Some(false), is_anonymiser: true, has_travelled: true, time: Some(0.4), ..Facts::default() },
            circumstances: Circumstances { is_known_device: Some(false), is_attacked: false },
            places: "2026-06-17".to_owned(),
            is_degraded: false,
        };
        let mut scale = Scale::usual();
        let (model, policy) = (Model::default(), SigninPolicy::default());
        let made = judge(&model, &scale, &policy, evidence);
        let text = serde_json::to_string(&made).unwrap();
        let read: SigninRecord = serde_json::from_str(&text).unwrap();
        assert_eq!(read.replayed(&model, &scale, &policy), made, "the same model, scale and policy: the same decision");
        assert!(text.len() < 2_000, "{}", text.len());
        let stricter = SigninPolicy { elevated: Action::Deny, high: Action::Deny, severe: Action::Deny, ..policy };
        assert_eq!((made.action > Action::Allow, read.replayed(&model, &scale, &stricter).action), (true, Action::Deny));
        let audit = SigninPolicy { mode: Mode::Audit, ..stricter };
        let watched = read.replayed(&model, &scale, &audit);
        assert_eq!((watched.action, watched.done), (Action::Deny, Action::Allow));
        // Where everybody is so strange, nobody is.
        (0..10_000).for_each(|_| scale.count(made.risk + 1.0));
        assert_eq!(read.replayed(&model, &scale, &policy).level, Level::Low);
    }
}
