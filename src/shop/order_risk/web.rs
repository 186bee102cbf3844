//! `POST /api/v1/risk/orders`, `GET /api/v1/risk/orders/{id}`, `POST …/{id}/outcome` and `GET …/{id}/3ds`, with a client's own token and the scope `risk.orders`.

use std::sync::Arc;

use actix_web::web::{self, Data, Path, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::account::{Orderer, find_orderer};
use super::backfill::{keep_past, read_batch};
use super::{SCOPE, handover};
use crate::base::encoding::base64url;
use crate::base::ids::{CustomerId, DecisionId};
use crate::base::random;
use crate::base::time::UnixSeconds;
use crate::oauth::clients::metadata::Client;
use crate::oauth::events::subjects::store::find_by_told;
use crate::oauth::state::OAuthState;
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::http::api_problem::ApiProblem;
use crate::platform::http::body;
use crate::platform::http::guard::origin_of;
use crate::risk::decisions::{Decision, Label, LabelSource, Outcome, store as decisions};
use crate::risk::purchase::commons::commons;
use crate::risk::purchase::decide::{Circumstances, Standards, judge};
use crate::risk::purchase::desk::OrderDesk;
use crate::risk::purchase::entity::{Added, Kind as Common};
use crate::risk::purchase::features::amount_of;
use crate::risk::purchase::models::store::find_model;
use crate::risk::purchase::order::{Checked, Order, OrderRefused, OutcomeTold, read};
use crate::risk::purchase::record::OrderRecord;
use crate::risk::purchase::rules::OrderAction;
use crate::risk::purchase::store::{self, Known, NewOrder, ToldOutcome, Verdict};
use crate::shop::caller::web::client_of;

/// An order was judged.
pub const ORDER_JUDGED: EventSpec =
    EventSpec::new("order_judged", "A storefront's server asked how unusual an order is; the detail has the decision, the score and what is to be done, and nothing of the order.");
/// A shop told what became of an order.
pub const ORDER_OUTCOME_TOLD: EventSpec = EventSpec::new("order_outcome_told", "A storefront's server told what became of an order that was judged.");

/// A shop told orders of the past.
pub const ORDER_HISTORY_TOLD: EventSpec =
    EventSpec::new("order_history_told", "A storefront's server told orders of the past with what became of them; the detail has how many, and how many were new.");

/// How long a decision holds, in seconds: what is known changes.
const DECISION_SECONDS: i64 = 3_600;
/// Outcomes of one order that are kept.
const OUTCOME_LIMIT: i64 = 50;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route("/api/v1/risk/orders", web::post().to(ask))
        .route("/api/v1/risk/orders/backfill", web::post().to(backfill))
        .route("/api/v1/risk/orders/{order}", web::get().to(show))
        .route("/api/v1/risk/orders/{order}/outcome", web::post().to(tell))
        .route("/api/v1/risk/orders/{order}/3ds", web::get().to(hand_over));
}

impl From<OrderRefused> for ApiProblem {
    fn from(refused: OrderRefused) -> Self {
        match refused {
            OrderRefused::Malformed(text) => Self::malformed(text),
            OrderRefused::CardNumber => Self::card_number(),
        }
    }
}

fn not_found() -> ApiProblem {
    ApiProblem::new(404, "not_found", "This client asked about no such order.")
}

async fn ask(state: Data<OAuthState>, desk: Data<OrderDesk>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let client = client_of(&state, &request, SCOPE).await?;
        let body = body::read_json(&request, &mut payload.into_inner()).await.map_err(|refused| ApiProblem::new(refused.status(), "malformed", refused.to_string()))?;
        let checked = Arc::new(read(&body, state.tools.now())?);
        // The same fields in another order are the same order: the document was read, and is written in one way.
        let body_hash = state.tools.ring.risk.mac(&[b"order", body.to_string().as_bytes()]);
        let (at_work, desk, of, checked, origin) = (state.clone(), desk.clone(), Arc::clone(&client), Arc::clone(&checked), origin_of(&request));
        let work = move |tx: &mut WriteTx<'_>| decide(tx, &at_work, &desk, &of, &checked, &body_hash, &origin);
        state.db.write_again(work).await?
    };
    answer(work.await, &request)
}

fn answer(outcome: Result<Value, ApiProblem>, request: &HttpRequest) -> HttpResponse {
    match outcome {
        Ok(told) => HttpResponse::Ok().json(told),
        Err(problem) => ApiProblem::respond(&problem, request),
    }
}

/// Judges an order, once: the same one asked about again has the same answer.
fn decide(
    tx: &mut WriteTx<'_>,
    state: &OAuthState,
    desk: &OrderDesk,
    client: &Client,
    checked: &Checked,
    body_hash: &[u8],
    origin: &Origin,
) -> Result<Result<Value, ApiProblem>, StoreError> {
    let (tools, now, order) = (&state.tools, state.tools.now(), &checked.order);
    if let Some(known) = store::find_order(tx, client.id.as_str(), &order.order_id)? {
        if known.body_hash != body_hash {
            return Ok(Err(ApiProblem::new(409, "order_reused", "This order was asked about before, with another content. Orders are told apart by order_id.")));
        }
        return told_again(tx, state, client, &known, order);
    }
    let (customer, orderer) = match &order.sub {
        None => (None, None),
        Some(sub) => match find_by_told(tx, &client.id, sub)? {
            None => return Ok(Err(ApiProblem::new(422, "unknown_sub", "This client knows no such customer; leave sub out for a guest."))),
            Some(id) => (Some(id.clone()), find_orderer(tx, state, client.id.as_str(), &id, checked)?),
        },
    };
    let key = &tools.ring.risk;
    let (commons, whence) = commons(key, &state.signin.risk.places, checked, customer.as_ref().map(CustomerId::as_str));
    let entities = store::find_entities(tx, &commons, now)?;
    let (model, scale) = (find_model(tx)?, desk.scale());
    let mut degraded = Vec::new();
    if checked.address.is_none() || whence.country.is_none() {
        degraded.push("no_country".to_owned());
    }
    if order.payment.is_none() {
        degraded.push("no_payment".to_owned());
    }
    let trees = desk.trees();
    let standards = Standards { model: &model, trees: trees.as_deref(), rules: &desk.rules, scale: &scale, policy: &desk.policy };
    let circumstances = Circumstances { account: orderer.as_ref().map(|orderer| &orderer.account), whence: &whence, entities: &entities, degraded };
    let record = judge(&standards, checked, circumstances);
    let id = DecisionId::generate(tools.now_micros(), tools.entropy());
    let decision = record.decision(id, customer.clone(), now, None).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    decisions::insert_decision(tx, &decision)?;
    let hash = |kind: Common| commons.get(&kind).copied();
    let added = Added { at: now, amount: amount_of(checked.minor_units), customer: hash(Common::Customer), token: hash(Common::Token) };
    let new = NewOrder {
        client: client.id.as_str(),
        order: &order.order_id,
        decision: &decision.id,
        body_hash,
        commons: &commons,
        added,
        amount: (checked.minor_units, &order.amount.currency),
    };
    store::insert_order(tx, &new, &entities, now)?;
    let about = customer.as_ref().map_or_else(|| format!("decision:{}", decision.id), |id| format!("customer:{id}"));
    let entry = Entry::success(ORDER_JUDGED, Actor::Client(client.id.to_string()), about, origin).with_client(client.id.as_str());
    audit::record(tx, tools, &entry.with_detail(json!({ "decision": decision.id, "score": record.score, "action": record.action, "done": record.done })))?;
    state.http.metrics.count_decision("order", record.level.word(), record.done.word());
    Ok(Ok(told(state, client, (&decision, &record), order, None)))
}

/// What is told of a decision.
fn told(state: &OAuthState, client: &Client, (decision, record): (&Decision, &OrderRecord), order: &Order, confirmed_at: Option<UnixSeconds>) -> Value {
    // What was asked for has been shown.
    let action = if confirmed_at.is_some() && record.done == OrderAction::StepUp { OrderAction::Allow } else { record.done };
    let reasons: Vec<Value> =
        record.contributions.iter().filter(|(_, weight)| *weight > 0.05).map(|(feature, weight)| json!({ "code": feature, "weight": round(*weight) })).collect();
    let mut value = json!({
        "decision_id": decision.id, "order_id": order.order_id, "score": record.score, "fpr": record.share, "level": record.level, "action": action, "reasons": reasons,
        "rules": record.fired, "model": record.model, "rules_version": record.rules, "degraded": record.degraded, "expires_at": decision.at.plus(DECISION_SECONDS).rfc3339(),
    });
    if record.action != record.done {
        handover::put(&mut value, "would_be", json!(record.action));
    }
    if let Some(at) = confirmed_at {
        handover::put(&mut value, "confirmed_at", at.rfc3339().into());
    }
    if action == OrderAction::StepUp {
        handover::put(&mut value, "acr_values", handover::STEP_UP.as_str().into());
        handover::put(&mut value, "authorization_details", json!([handover::purchase_of(&client.metadata, order)]));
        if let Some(url) = handover::confirmation_url(&state.http.issuer, client.id.as_str(), &client.metadata, order) {
            handover::put(&mut value, "authorization_url", url.into());
        }
    }
    value
}

fn round(weight: f64) -> f64 {
    (weight * 1_000.0).round() / 1_000.0
}

fn told_again(tx: &mut WriteTx<'_>, state: &OAuthState, client: &Client, known: &Known, order: &Order) -> Result<Result<Value, ApiProblem>, StoreError> {
    let Some((decision, record)) = find_record(tx, known)? else { return Ok(Err(not_found())) };
    Ok(Ok(told(state, client, (&decision, &record), order, known.confirmed_at)))
}

fn find_record(connection: &mut crate::platform::db::DbConnection, known: &Known) -> Result<Option<(Decision, OrderRecord)>, StoreError> {
    let Some(decision) = decisions::find_decision(connection, &known.decision)? else { return Ok(None) };
    let record = serde_json::from_str(&decision.record).map_err(|_| StoreError::corrupt("risk_decisions", "record", decision.id.as_str()))?;
    Ok(Some((decision, record)))
}

/// Shows a decision again, with what became of the order: for whoever looks at it in the shop.
async fn show(state: Data<OAuthState>, request: HttpRequest, path: Path<String>) -> HttpResponse {
    let work = async {
        let client = client_of(&state, &request, SCOPE).await?;
        let (of, order) = (client.id.to_string(), path.into_inner());
        let found = state.db.read(move |connection| {
            let Some(known) = store::find_order(connection, &of, &order)? else { return Ok(None) };
            let Some((decision, record)) = find_record(connection, &known)? else { return Ok(None) };
            let outcomes = store::list_outcomes(connection, &of, &order)?;
            Ok(Some((known, decision, record, outcomes)))
        });
        let (known, decision, record, outcomes) = found.await?.ok_or_else(not_found)?;
        let all: Vec<Value> = record.contributions.iter().map(|(feature, weight)| json!({ "code": feature, "weight": round(*weight) })).collect();
        let action = if known.confirmed_at.is_some() && record.done == OrderAction::StepUp { OrderAction::Allow } else { record.done };
        let outcomes: Vec<Value> =
            outcomes.iter().map(|told| json!({ "outcome": told.outcome, "fraud": told.is_fraud, "reason": told.reason, "occurred_at": told.at.rfc3339() })).collect();
        Ok(json!({
            "decision_id": decision.id, "decided_at": decision.at.rfc3339(), "score": record.score, "fpr": record.share, "level": record.level, "action": action, "reasons": all, "rules": record.fired,
            "model": record.model, "rules_version": record.rules, "degraded": record.degraded, "confirmed_at": known.confirmed_at.map(UnixSeconds::rfc3339), "fraud": known.is_fraud, "outcomes": outcomes,
        }))
    };
    answer(work.await, &request)
}

/// Takes down what became of an order.
async fn tell(state: Data<OAuthState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let client = client_of(&state, &request, SCOPE).await?;
        let body = body::read_json(&request, &mut payload.into_inner()).await.map_err(|refused| ApiProblem::new(refused.status(), "malformed", refused.to_string()))?;
        let (told, at) = OutcomeTold::read(&body, state.tools.now())?;
        let (at_work, order, origin) = (state.clone(), path.into_inner(), origin_of(&request));
        let work = move |tx: &mut WriteTx<'_>| {
            let (tools, now) = (&at_work.tools, at_work.tools.now());
            let of = (client.id.as_str(), order.as_str());
            let Some(known) = store::find_order(tx, of.0, of.1)? else { return Ok(Err(not_found())) };
            if store::count_outcomes(tx, of.0, of.1)? >= OUTCOME_LIMIT {
                return Ok(Err(ApiProblem::new(422, "too_many_outcomes", "So much was told of this order that no more is kept.")));
            }
            let outcome = ToldOutcome { outcome: told.outcome.word(), is_fraud: told.is_fraud(), reason: told.reason.clone(), at };
            let id = base64url(random::bytes::<12>(tools.entropy()));
            let verdict = store::keep_outcome(tx, &id, of, &outcome, now)?;
            if let Some(Verdict(verdict)) = verdict {
                // What counts of all that was told, which need not be what was told last.
                if let Some(is_fraud) = verdict {
                    decisions::settle_decision(tx, &known.decision, if is_fraud { Outcome::Refused } else { Outcome::Passed }, now)?;
                    decisions::keep_label(tx, &known.decision, &Label { source: LabelSource::Outcome, is_fraud, said_by: client.id.to_string(), at: now })?;
                }
                let customer = decisions::find_decision(tx, &known.decision)?.and_then(|decision| decision.customer);
                let about = customer.map_or_else(|| format!("decision:{}", known.decision), |id| format!("customer:{id}"));
                let entry = Entry::success(ORDER_OUTCOME_TOLD, Actor::Client(client.id.to_string()), about, &origin).with_client(client.id.as_str());
                audit::record(tx, tools, &entry.with_detail(json!({ "decision": known.decision, "outcome": outcome.outcome, "fraud": outcome.is_fraud })))?;
            }
            Ok(Ok(json!({ "order_id": order, "outcome": outcome.outcome, "fraud": outcome.is_fraud, "recorded": verdict.is_some() })))
        };
        state.db.write_again(work).await?
    };
    answer(work.await, &request)
}

/// Takes orders of the past, with what became of them.
async fn backfill(state: Data<OAuthState>, desk: Data<OrderDesk>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let client = client_of(&state, &request, SCOPE).await?;
        let body = body::read_json(&request, &mut payload.into_inner()).await.map_err(|refused| ApiProblem::new(refused.status(), "malformed", refused.to_string()))?;
        let batch = Arc::new(read_batch(&state, &desk, &body)?);
        let (at_work, origin) = (state.clone(), origin_of(&request));
        let work = move |tx: &mut WriteTx<'_>| {
            let mut kept = 0_usize;
            for past in batch.iter() {
                kept += usize::from(keep_past(tx, &at_work, &desk, &client, past)?);
            }
            let entry = Entry::success(ORDER_HISTORY_TOLD, Actor::Client(client.id.to_string()), format!("client:{}", client.id), &origin).with_client(client.id.as_str());
            audit::record(tx, &at_work.tools, &entry.with_detail(json!({ "orders": batch.len(), "new": kept })))?;
            Ok(Ok(json!({ "orders": batch.len(), "recorded": kept })))
        };
        state.db.write_again(work).await?
    };
    answer(work.await, &request)
}

/// What 3-D Secure is told of the customer of an order: `?sid=…` as in the order.
async fn hand_over(state: Data<OAuthState>, request: HttpRequest, path: Path<String>) -> HttpResponse {
    let work = async {
        let client = client_of(&state, &request, SCOPE).await?;
        let sid = url::form_urlencoded::parse(request.query_string().as_bytes()).find(|(name, _)| name == "sid").map(|(_, value)| value.into_owned());
        if sid.as_ref().is_some_and(|sid| sid.len() > 128) {
            return Err(ApiProblem::malformed("sid: at most 128 characters"));
        }
        let (at_work, order) = (state.clone(), path.into_inner());
        let work = move |tx: &mut WriteTx<'_>| {
            let now = at_work.tools.now();
            let Some(known) = store::find_order(tx, client.id.as_str(), &order)? else { return Ok(Err(not_found())) };
            let Some(decision) = decisions::find_decision(tx, &known.decision)? else { return Ok(Err(not_found())) };
            let Some(id) = decision.customer else { return Ok(Ok(handover::three_ds(None, store::Ordered::default(), now))) };
            let bare = Checked::bare(&order, sid.as_deref(), now);
            let orderer: Option<Orderer> = find_orderer(tx, &at_work, client.id.as_str(), &id, &bare)?;
            let ordered = store::count_orders(tx, &id, now)?;
            Ok(Ok(handover::three_ds(orderer.as_ref(), ordered, now)))
        };
        state.db.write(work).await?
    };
    answer(work.await, &request)
}
