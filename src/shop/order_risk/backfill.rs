//! Orders of the past, with what became of them: what a shop brings along, so that nobody begins with nothing. They are judged as of their day, and nothing is done about them.

use serde::Deserialize;
use serde_json::Value;

use super::account::find_orderer;
use crate::base::card_number;
use crate::base::encoding::base64url;
use crate::base::ids::{CustomerId, DecisionId};
use crate::base::random;
use crate::base::time::{UnixMicros, UnixSeconds};
use crate::oauth::clients::metadata::Client;
use crate::oauth::events::subjects::store::find_by_told;
use crate::oauth::state::OAuthState;
use crate::platform::db::{StoreError, WriteTx};
use crate::risk::decisions::{Label, LabelSource, Outcome, store as decisions};
use crate::risk::purchase::commons::commons;
use crate::risk::purchase::decide::{Circumstances, Standards, judge};
use crate::risk::purchase::desk::OrderDesk;
use crate::risk::purchase::entity::{Added, Kind as Common};
use crate::risk::purchase::features::{Account, amount_of};
use crate::risk::purchase::models::store::find_model;
use crate::risk::purchase::order::{Checked, OrderRefused, OutcomeTold, read_past};
use crate::risk::purchase::rules::OrderAction;
use crate::risk::purchase::store::{self, NewOrder, ToldOutcome, Verdict};

/// Orders of one request.
pub const BATCH_LIMIT: usize = 100;
/// Outcomes of one order.
const OUTCOME_LIMIT: usize = 20;

/// How much younger than the oldest that is kept an order of the past is, in seconds.
const SPARE_SECONDS: i64 = 86_400;

/// An order of the past, checked, with what became of it and when.
pub struct PastOrder {
    checked: Checked,
    body_hash: Vec<u8>,
    outcomes: Vec<(OutcomeTold, UnixSeconds)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Batch {
    orders: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    order: Value,
    #[serde(default)]
    outcomes: Vec<Value>,
}

/// Reads a batch: everything of it, or nothing.
///
/// # Errors
/// [`OrderRefused`], which says which order.
pub fn read_batch(state: &OAuthState, desk: &OrderDesk, body: &Value) -> Result<Vec<PastOrder>, OrderRefused> {
    if card_number::is_in_document(body) {
        return Err(OrderRefused::CardNumber);
    }
    let batch: Batch = serde_json::from_value(body.clone()).map_err(|error| OrderRefused::Malformed(error.to_string()))?;
    if batch.orders.is_empty() || batch.orders.len() > BATCH_LIMIT {
        return Err(OrderRefused::Malformed(format!("orders: 1 to {BATCH_LIMIT}")));
    }
    let now = state.tools.now();
    let mut all: Vec<PastOrder> = Vec::new();
    for (number, line) in batch.orders.into_iter().enumerate() {
        let in_line = |refused: OrderRefused| match refused {
            OrderRefused::Malformed(text) => OrderRefused::Malformed(format!("orders[{number}]: {text}")),
            OrderRefused::CardNumber => OrderRefused::CardNumber,
        };
        let checked = read_past(&line.order, now).map_err(in_line)?;
        // What is older is swept away with whatever else nobody keeps.
        if now.since(checked.at) >= desk.keep_seconds - SPARE_SECONDS {
            return Err(in_line(OrderRefused::Malformed(format!("occurred_at: orders are kept for {} days here", desk.keep_seconds.div_euclid(86_400)))));
        }
        if all.last().is_some_and(|before| before.checked.at > checked.at) {
            return Err(in_line(OrderRefused::Malformed("orders stand in order of time".to_owned())));
        }
        if line.outcomes.len() > OUTCOME_LIMIT {
            return Err(in_line(OrderRefused::Malformed(format!("outcomes: at most {OUTCOME_LIMIT}"))));
        }
        let outcomes = line.outcomes.iter().map(|told| OutcomeTold::read(told, now).map_err(in_line)).collect::<Result<_, _>>()?;
        let body_hash = state.tools.ring.risk.mac(&[b"order", line.order.to_string().as_bytes()]).to_vec();
        all.push(PastOrder { checked, body_hash, outcomes });
    }
    Ok(all)
}

/// What of the account was so then, as far as that is known today: when it was made, and whose address it is.
fn account_then(account: &Account) -> Account {
    Account { made_at: account.made_at, has_session: true, is_own_address: account.is_own_address, ..Account::default() }
}

/// Keeps an order of the past; false where it is known already.
///
/// # Errors
/// [`StoreError`].
pub fn keep_past(tx: &mut WriteTx<'_>, state: &OAuthState, desk: &OrderDesk, client: &Client, past: &PastOrder) -> Result<bool, StoreError> {
    let (tools, checked, order) = (&state.tools, &past.checked, &past.checked.order);
    let of = (client.id.as_str(), order.order_id.as_str());
    if store::find_order(tx, of.0, of.1)?.is_some() {
        return Ok(false);
    }
    let customer = match &order.sub {
        Some(sub) => find_by_told(tx, &client.id, sub)?,
        None => None,
    };
    let account = match &customer {
        Some(id) => find_orderer(tx, state, of.0, id, checked)?.map(|orderer| account_then(&orderer.account)),
        None => None,
    };
    let key = &tools.ring.risk;
    let (commons, whence) = commons(key, &state.signin.risk.places, checked, customer.as_ref().map(CustomerId::as_str));
    let entities = store::find_entities(tx, &commons, checked.at)?;
    // What is known today of the cards and places of then is not what was known.
    let then = entities.iter().map(|(kind, entity)| (*kind, entity.as_of(checked.at))).collect();
    let (model, scale) = (find_model(tx)?, desk.scale());
    let standards = Standards { model: &model, trees: None, rules: &desk.rules, scale: &scale, policy: &desk.policy };
    let circumstances = Circumstances { account: account.as_ref(), whence: &whence, entities: &then, degraded: vec!["history".to_owned()] };
    let mut record = judge(&standards, checked, circumstances);
    record.done = OrderAction::Allow;
    // Ids of later decisions are greater.
    let id = DecisionId::generate(UnixMicros(checked.at.0.saturating_mul(1_000_000)), tools.entropy());
    // Nobody has to look at it.
    let decision = record.decision(id, customer.clone(), checked.at, Some(Outcome::Passed)).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    decisions::insert_decision(tx, &decision)?;
    let hash = |kind: Common| commons.get(&kind).copied();
    let added = Added { at: checked.at, amount: amount_of(checked.minor_units), customer: hash(Common::Customer), token: hash(Common::Token) };
    let new = NewOrder {
        client: of.0,
        order: of.1,
        decision: &decision.id,
        body_hash: &past.body_hash,
        commons: &commons,
        added,
        amount: (checked.minor_units, &order.amount.currency),
    };
    store::insert_order(tx, &new, &entities, checked.at)?;
    for (told, at) in &past.outcomes {
        let outcome = ToldOutcome { outcome: told.outcome.word(), is_fraud: told.is_fraud(), reason: told.reason.clone(), at: *at };
        let id = base64url(random::bytes::<12>(tools.entropy()));
        if let Some(Verdict(Some(is_fraud))) = store::keep_outcome(tx, &id, of, &outcome, *at)? {
            decisions::keep_label(tx, &decision.id, &Label { source: LabelSource::Outcome, is_fraud, said_by: client.id.to_string(), at: *at })?;
        }
    }
    Ok(true)
}
