//! What another policy would have done with what was decided lately.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::admin::operations::{AdminState, Answer, Call, Ran, Refused};
use crate::base::page::{MAX_PAGE, PageRequest};
use crate::platform::db::DbConnection;
use crate::risk::decisions::store::{Wanted, find_labels, list_decisions};
use crate::risk::decisions::{Kind, counts};
use crate::risk::login::policy::{Action, SigninPolicy};
use crate::risk::login::record::SigninRecord;
use crate::risk::purchase::decide::OrderPolicy;
use crate::risk::purchase::record::OrderRecord;
use crate::risk::purchase::rules::RuleSet;

/// Decisions that are looked at, the latest.
const LIMIT: usize = 5_000;

/// A policy to try. What is left out stays as it is.
#[derive(Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trial {
    /// How many days back, 1 to 90.
    pub days: i64,
    /// Of sign-ins: what is done where ten in a hundred honest ones look so strange.
    #[serde(default)]
    pub elevated: Option<Action>,
    /// Where two in a hundred do.
    #[serde(default)]
    pub high: Option<Action>,
    /// Where two in a thousand do.
    #[serde(default)]
    pub severe: Option<Action>,
    /// Of orders: the score from which on the customer confirms, 1 to 1001 (never).
    #[serde(default)]
    pub orders_step_up: Option<u16>,
    /// From which on somebody looks.
    #[serde(default)]
    pub orders_review: Option<u16>,
    /// From which on they are refused.
    #[serde(default)]
    pub orders_deny: Option<u16>,
}

/// How many decisions would have moved.
#[derive(Debug, Clone, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Moved {
    /// What about.
    pub kind: String,
    /// What was to be done.
    pub then: String,
    /// What would be.
    pub now: String,
    /// How many.
    pub count: u64,
    /// Of those, fraud, as far as somebody said.
    pub fraud: u64,
    /// And honest.
    pub honest: u64,
}

/// What came of it.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Tried {
    /// Decisions that were looked at; the latest 5,000 of each kind at most.
    pub decisions: u64,
    /// What moved, and what did not.
    pub moved: Vec<Moved>,
}

struct Policies<'a> {
    signin: SigninPolicy,
    orders: OrderPolicy,
    rules: &'a RuleSet,
}

fn policies<'a>(state: &'a AdminState, trial: &Trial) -> Result<Policies<'a>, Refused> {
    let (base, desk) = (state.signin.risk.policy, &state.orders);
    let signin = SigninPolicy {
        elevated: trial.elevated.unwrap_or(base.elevated),
        high: trial.high.unwrap_or(base.high),
        severe: trial.severe.unwrap_or(base.severe),
        ..base
    };
    let orders = OrderPolicy {
        step_up: trial.orders_step_up.unwrap_or(desk.policy.step_up),
        review: trial.orders_review.unwrap_or(desk.policy.review),
        deny: trial.orders_deny.unwrap_or(desk.policy.deny),
        ..desk.policy
    };
    let is_rising = signin.elevated <= signin.high && signin.high <= signin.severe && orders.step_up <= orders.review && orders.review <= orders.deny;
    if !is_rising || !(1..=90).contains(&trial.days) {
        return Err(Refused::Malformed("days: 1 to 90; what is done at a higher level, or from a higher score on, is at least what is done below".to_owned()));
    }
    Ok(Policies { signin, orders, rules: &desk.rules })
}

/// Computes what was decided lately anew.
///
/// # Errors
/// [`crate::platform::db::StoreError`].
pub fn try_policy(connection: &mut DbConnection, state: &AdminState, call: &Call) -> Ran {
    let trial: Trial = match call.input() {
        Ok(trial) => trial,
        Err(refused) => return Ok(Err(refused)),
    };
    let policies = match policies(state, &trial) {
        Ok(policies) => policies,
        Err(refused) => return Ok(Err(refused)),
    };
    let (weather, since) = (state.signin.risk.weather(), state.tools().now().plus(-trial.days * 86_400));
    let (mut moved, mut decisions) = (BTreeMap::<(Kind, String, &'static str), Moved>::new(), 0_u64);
    for kind in [Kind::Signin, Kind::Order] {
        let (mut page, mut seen) = (PageRequest::first(MAX_PAGE), 0);
        while seen < LIMIT {
            let found = list_decisions(connection, &Wanted { kind: Some(kind), since: Some(since), ..Wanted::default() }, &page)?;
            let labels = find_labels(connection, &found.items.iter().map(|decision| decision.id.as_str()).collect::<Vec<_>>())?;
            seen += found.items.len();
            for decision in found.items {
                let again = match kind {
                    Kind::Signin => serde_json::from_str::<SigninRecord>(&decision.record)
                        .ok()
                        .map(|record| record.replayed(&state.signin.risk.model, &weather.scale, &policies.signin).action.word()),
                    Kind::Order => serde_json::from_str::<OrderRecord>(&decision.record).ok().map(|record| record.replayed(&policies.orders, policies.rules).0.word()),
                };
                let Some(again) = again else { continue };
                let verdict = labels.get(decision.id.as_str()).and_then(|labels| counts(labels));
                let mine = moved.entry((kind, decision.action.clone(), again)).or_default();
                mine.count += 1;
                mine.fraud += u64::from(verdict == Some(true));
                mine.honest += u64::from(verdict == Some(false));
                decisions += 1;
            }
            page.after = found.next;
            if page.after.is_none() {
                break;
            }
        }
    }
    let moved = moved.into_iter().map(|((kind, then, now), moved)| Moved { kind: kind.word().to_owned(), then, now: now.to_owned(), ..moved }).collect();
    Answer::of(&Tried { decisions, moved }).map(Ok)
}
