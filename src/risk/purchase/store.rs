//! The tables of orders: what they have in common, what became of them, and the model that learns from that.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::entity::{Added, Entity, Kind};
use super::features::{Entities, Vector, amount_of};
use super::links::store::insert_links;
use super::models::Past;
use super::models::store::{find_model, keep_model};
use super::record::OrderRecord;
use super::regression::UNTOLD;
use super::rules::OrderAction;
use crate::base::ids::{CustomerId, DecisionId};
use crate::base::time::UnixSeconds;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::risk::decisions;
use crate::risk::login::scale::{Scale, bucket};
use crate::risk::login::store::add_scale;

mod tables {
    diesel::table! {
        risk_orders (client_id, order_id) {
            client_id -> Text, order_id -> Text, decision_id -> Text, body_hash -> Binary, at -> BigInt, entities -> Text, is_mature -> Bool, is_learned -> Bool,
            is_fraud -> Nullable<Bool>, is_counted_fraud -> Bool, confirmed_at -> Nullable<BigInt>, amount -> BigInt, currency -> Text, due_at -> Nullable<BigInt>,
        }
    }
    diesel::table! {
        risk_outcomes (id) { id -> Text, client_id -> Text, order_id -> Text, outcome -> Text, is_fraud -> Nullable<Bool>, reason -> Nullable<Text>, at -> BigInt, told_at -> BigInt, }
    }
    diesel::allow_tables_to_appear_in_same_query!(risk_orders, risk_outcomes);
    diesel::table! { risk_entities (kind, value) { kind -> Text, value -> BigInt, state -> Text, updated_at -> BigInt, } }
}

use tables::{risk_entities, risk_orders, risk_outcomes};

/// How old an order is before its verdict is taken to be known, in seconds: a week.
pub const DELAY_SECONDS: i64 = 7 * 86_400;
/// When no verdict is expected any longer, in seconds.
pub const SILENCE_SECONDS: i64 = 90 * 86_400;

/// What an order has in common with others, by keyed hash.
pub type Commons = BTreeMap<Kind, u64>;

/// An order that was judged before.
#[derive(Debug, Clone)]
pub struct Known {
    /// The decision.
    pub decision: DecisionId,
    /// The hash of what was sent.
    pub body_hash: Vec<u8>,
    /// What was said of whether it was fraud.
    pub is_fraud: Option<bool>,
    /// When the customer confirmed it.
    pub confirmed_at: Option<UnixSeconds>,
}

/// An order that was judged before; none when it was not.
///
/// # Errors
/// [`StoreError`].
pub fn find_order(connection: &mut DbConnection, client: &str, order: &str) -> Result<Option<Known>, StoreError> {
    use risk_orders::dsl;
    type Row = (String, Vec<u8>, Option<bool>, Option<i64>);
    let row: Option<Row> = dsl::risk_orders.find((client, order)).select((dsl::decision_id, dsl::body_hash, dsl::is_fraud, dsl::confirmed_at)).first(connection).optional()?;
    row.map(|(decision, body_hash, is_fraud, confirmed_at)| {
        let decision = decision.parse().map_err(|_| StoreError::corrupt("risk_orders", "decision_id", order))?;
        Ok(Known { decision, body_hash, is_fraud, confirmed_at: confirmed_at.map(UnixSeconds) })
    })
    .transpose()
}

/// What is known of what an order has in common with others, at `now`.
///
/// # Errors
/// [`StoreError`].
pub fn find_entities(connection: &mut DbConnection, commons: &Commons, now: UnixSeconds) -> Result<Entities, StoreError> {
    use risk_entities::dsl;
    let values: Vec<i64> = commons.values().map(|value| value.cast_signed()).collect();
    let rows: Vec<(String, i64, String)> = dsl::risk_entities.filter(dsl::value.eq_any(values)).select((dsl::kind, dsl::value, dsl::state)).load(connection)?;
    let mut entities = Entities::new();
    for (kind, value, state) in rows {
        let kind = Kind::parse(&kind).ok_or_else(|| StoreError::corrupt("risk_entities", "kind", kind))?;
        if commons.get(&kind).is_some_and(|wanted| wanted.cast_signed() == value) {
            let entity: Entity = serde_json::from_str(&state).map_err(|_| StoreError::corrupt("risk_entities", "state", value.to_string()))?;
            entities.insert(kind, entity.faded(now).read_from(state));
        }
    }
    Ok(entities)
}

fn written(entity: &Entity) -> Result<String, StoreError> {
    serde_json::to_string(entity).map_err(|error| StoreError::Unavailable(error.to_string()))
}

/// Keeps what is known of a thing, of which `before` was known; false when something else is known of it by now. An order of long ago does not make it old.
fn keep_entity(tx: &mut WriteTx<'_>, kind: Kind, value: u64, (before, entity): (&str, &Entity), now: UnixSeconds) -> Result<bool, StoreError> {
    use risk_entities::dsl;
    let values = (dsl::state.eq(written(entity)?), dsl::updated_at.eq(now.0.max(entity.at)));
    let same = dsl::risk_entities.find((kind.word(), value.cast_signed())).filter(dsl::state.eq(before));
    Ok(diesel::update(same).set(values).execute(&mut **tx)? > 0)
}

/// Keeps what is known of a thing of which nothing was.
fn insert_entity(tx: &mut WriteTx<'_>, kind: Kind, value: u64, entity: &Entity, now: UnixSeconds) -> Result<(), StoreError> {
    use risk_entities::dsl;
    diesel::insert_into(dsl::risk_entities)
        .values((dsl::kind.eq(kind.word()), dsl::value.eq(value.cast_signed()), dsl::state.eq(written(entity)?), dsl::updated_at.eq(now.0)))
        .execute(&mut **tx)?;
    Ok(())
}

/// An order that was just judged.
pub struct NewOrder<'a> {
    /// Whose.
    pub client: &'a str,
    /// Its number.
    pub order: &'a str,
    /// The decision.
    pub decision: &'a DecisionId,
    /// The hash of what was sent.
    pub body_hash: &'a [u8],
    /// What it has in common with others.
    pub commons: &'a Commons,
    /// What it adds to them.
    pub added: Added,
    /// How much, in the smallest unit, of which currency.
    pub amount: (i64, &'a str),
}

/// Keeps an order, and counts it.
///
/// # Errors
/// [`StoreError::Conflict`] when the same order was judged in the same moment.
pub fn insert_order(tx: &mut WriteTx<'_>, new: &NewOrder<'_>, entities: &Entities, now: UnixSeconds) -> Result<(), StoreError> {
    use risk_orders::dsl;
    let commons = serde_json::to_string(new.commons).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    diesel::insert_into(dsl::risk_orders)
        .values((
            dsl::client_id.eq(new.client),
            dsl::order_id.eq(new.order),
            dsl::decision_id.eq(new.decision.as_str()),
            dsl::body_hash.eq(new.body_hash),
            dsl::at.eq(new.added.at.0),
            dsl::entities.eq(commons),
            dsl::is_mature.eq(false),
            dsl::is_learned.eq(false),
            dsl::is_counted_fraud.eq(false),
            dsl::amount.eq(new.amount.0),
            dsl::currency.eq(new.amount.1),
            dsl::due_at.eq(Some(new.added.at.plus(DELAY_SECONDS).0)),
        ))
        .execute(&mut **tx)?;
    insert_links(tx, new.decision, new.commons)?;
    for (kind, value) in new.commons {
        match entities.get(kind) {
            Some(known) if keep_entity(tx, *kind, *value, (known.written(), &known.with(&new.added)), now)? => {}
            // Somebody else's order counted it meanwhile: it was judged without that, and is counted with it.
            Some(_) => change_entity(tx, *kind, *value, now, |entity| *entity = entity.with(&new.added))?,
            None => insert_entity(tx, *kind, *value, &Entity::default().with(&new.added), now)?,
        }
    }
    Ok(())
}

/// Notes that its customer confirmed an order of this amount; false when nobody asked about it, or about another amount, or of somebody else.
///
/// # Errors
/// [`StoreError`].
pub fn note_confirmed(tx: &mut WriteTx<'_>, (client, order): (&str, &str), customer: &CustomerId, (amount, currency): (i64, &str), now: UnixSeconds) -> Result<bool, StoreError> {
    use risk_orders::dsl;
    let Some(known) = find_order(tx, client, order)? else { return Ok(false) };
    if decisions::store::find_decision(tx, &known.decision)?.and_then(|decision| decision.customer).as_ref() != Some(customer) {
        return Ok(false);
    }
    let open = dsl::risk_orders.find((client, order)).filter(dsl::confirmed_at.is_null()).filter(dsl::amount.eq(amount)).filter(dsl::currency.eq(currency));
    Ok(diesel::update(open).set(dsl::confirmed_at.eq(Some(now.0))).execute(&mut **tx)? > 0)
}

/// What a shop told of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldOutcome {
    /// What became of it.
    pub outcome: String,
    /// Whether that means fraud.
    pub is_fraud: Option<bool>,
    /// The bank's reason.
    pub reason: Option<String>,
    /// When it came to be.
    pub at: UnixSeconds,
}

/// Keeps what a shop told of an order, and gives what counts of all that was told of it: what the latest of those means for fraud that mean anything. None when the same was told before, which changes nothing.
///
/// # Errors
/// [`StoreError`].
pub fn keep_outcome(tx: &mut WriteTx<'_>, id: &str, (client, order): (&str, &str), told: &ToldOutcome, now: UnixSeconds) -> Result<Option<Verdict>, StoreError> {
    use risk_outcomes::dsl;
    let same = dsl::risk_outcomes.filter(dsl::client_id.eq(client)).filter(dsl::order_id.eq(order)).filter(dsl::outcome.eq(&told.outcome)).filter(dsl::at.eq(told.at.0));
    let known: Vec<(Option<bool>, Option<String>)> = same.select((dsl::is_fraud, dsl::reason)).limit(OUTCOMES_READ).load(&mut **tx)?;
    if known.iter().any(|(is_fraud, reason)| *is_fraud == told.is_fraud && *reason == told.reason) {
        return Ok(None);
    }
    diesel::insert_into(dsl::risk_outcomes)
        .values((
            dsl::id.eq(id),
            dsl::client_id.eq(client),
            dsl::order_id.eq(order),
            dsl::outcome.eq(&told.outcome),
            dsl::is_fraud.eq(told.is_fraud),
            dsl::reason.eq(&told.reason),
            dsl::at.eq(told.at.0),
            dsl::told_at.eq(now.0),
        ))
        .execute(&mut **tx)?;
    let verdict: Option<Option<bool>> = dsl::risk_outcomes
        .filter(dsl::client_id.eq(client))
        .filter(dsl::order_id.eq(order))
        .filter(dsl::is_fraud.is_not_null())
        .order((dsl::at.desc(), dsl::told_at.desc(), dsl::id.desc()))
        .select(dsl::is_fraud)
        .first(&mut **tx)
        .optional()?;
    let verdict = verdict.flatten();
    let mine = risk_orders::table.find((client, order));
    let at: i64 = mine.select(risk_orders::at).first(&mut **tx)?;
    let due_at = UnixSeconds(at).plus(DELAY_SECONDS).max(now).0;
    diesel::update(mine).set((risk_orders::is_fraud.eq(verdict), risk_orders::due_at.eq(Some(due_at)))).execute(&mut **tx)?;
    Ok(Some(Verdict(verdict)))
}

/// Outcomes of one order that are compared with what is told.
const OUTCOMES_READ: i64 = 100;

/// Whether an order is fraud by all that was told of it; none where nothing says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict(pub Option<bool>);

/// What a shop told of an order, in order.
///
/// # Errors
/// [`StoreError`].
pub fn list_outcomes(connection: &mut DbConnection, client: &str, order: &str) -> Result<Vec<ToldOutcome>, StoreError> {
    use risk_outcomes::dsl;
    type Row = (String, Option<bool>, Option<String>, i64);
    let mine = dsl::risk_outcomes.filter(dsl::client_id.eq(client)).filter(dsl::order_id.eq(order));
    let rows: Vec<Row> = mine.order((dsl::at, dsl::told_at)).limit(100).select((dsl::outcome, dsl::is_fraud, dsl::reason, dsl::at)).load(connection)?;
    Ok(rows.into_iter().map(|(outcome, is_fraud, reason, at)| ToldOutcome { outcome, is_fraud, reason, at: UnixSeconds(at) }).collect())
}

/// How many outcomes an order has.
///
/// # Errors
/// [`StoreError`].
pub fn count_outcomes(connection: &mut DbConnection, client: &str, order: &str) -> Result<i64, StoreError> {
    use risk_outcomes::dsl;
    Ok(dsl::risk_outcomes.filter(dsl::client_id.eq(client)).filter(dsl::order_id.eq(order)).count().get_result(connection)?)
}

fn parse_commons(text: &str, order: &str) -> Result<Commons, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::corrupt("risk_orders", "entities", order))
}

fn record_of(tx: &mut WriteTx<'_>, decision: &str) -> Result<Option<OrderRecord>, StoreError> {
    let id: DecisionId = decision.parse().map_err(|_| StoreError::corrupt("risk_orders", "decision_id", decision))?;
    let found = decisions::store::find_decision(tx, &id)?;
    Ok(found.and_then(|found| serde_json::from_str(&found.record).ok()))
}

/// How often it is tried to add to what others add to at the same time.
const TRIES: usize = 8;

/// Changes what is known of a thing, as it is now; one of which nothing is known is left alone.
fn change_entity(tx: &mut WriteTx<'_>, kind: Kind, value: u64, now: UnixSeconds, change: impl Fn(&mut Entity)) -> Result<(), StoreError> {
    use risk_entities::dsl;
    for _ in 0..TRIES {
        let state: Option<String> = dsl::risk_entities.find((kind.word(), value.cast_signed())).select(dsl::state).first(&mut **tx).optional()?;
        let Some((before, mut entity)) = state.and_then(|state| serde_json::from_str::<Entity>(&state).ok().map(|entity| (state, entity))) else { return Ok(()) };
        change(&mut entity);
        if keep_entity(tx, kind, value, (&before, &entity), now)? {
            return Ok(());
        }
    }
    Err(StoreError::Conflict)
}

/// How many orders are old enough, and how many more of them are fraud, by what they have in common.
type Verdicts = BTreeMap<(Kind, u64), (u64, i64)>;

type Waiting = (String, String, String, i64, String, bool, Option<bool>, bool, bool);

/// Lets orders that are a week old count, with the verdicts that are known by now, and learns from them; how many. Younger ones change nothing, whatever was said of them. One node at a time: take a lease first.
///
/// # Errors
/// [`StoreError`].
pub fn mature_orders(tx: &mut WriteTx<'_>, now: UnixSeconds, limit: i64) -> Result<usize, StoreError> {
    use risk_orders::dsl;
    let rows: Vec<Waiting> = dsl::risk_orders
        .filter(dsl::due_at.le(now.0))
        .order((dsl::due_at, dsl::at, dsl::client_id, dsl::order_id))
        .limit(limit)
        .select((dsl::client_id, dsl::order_id, dsl::decision_id, dsl::at, dsl::entities, dsl::is_mature, dsl::is_fraud, dsl::is_learned, dsl::is_counted_fraud))
        .load(&mut **tx)?;
    if rows.is_empty() {
        return Ok(0);
    }
    let mut model = find_model(tx)?;
    let mut scales: BTreeMap<i64, Scale> = BTreeMap::new();
    let before = model.learned;
    let mut verdicts = Verdicts::new();
    for (client, order, decision, at, commons, is_mature, is_fraud, is_learned, is_counted) in &rows {
        let commons = parse_commons(commons, order)?;
        let fraud = is_fraud.unwrap_or(false);
        let change = i64::from(fraud) - i64::from(*is_counted);
        if !*is_mature || change != 0 {
            for (kind, value) in commons {
                let sum = verdicts.entry((kind, value)).or_default();
                *sum = (sum.0 + u64::from(!*is_mature), sum.1 + change);
            }
        }
        let record = record_of(tx, decision)?;
        // Of what was held or refused nobody knows what it would have come to.
        let is_untold = is_fraud.is_none() && record.as_ref().is_some_and(|record| record.done >= OrderAction::Review);
        if let (false, false, false, Some(record)) = (*is_mature, fraud, is_untold, &record) {
            scales.entry(at.div_euclid(86_400)).or_default().count_bucket(bucket(record.online.unwrap_or(record.logit)));
        }
        let is_silent = *at < now.plus(-SILENCE_SECONDS).0;
        // What was learned, and came to be otherwise, is learned once more as it came to be.
        let learns = (!*is_learned && (is_fraud.is_some() || is_silent)) || (*is_learned && change != 0);
        if learns
            && !is_untold
            && let Some(vector) = record.and_then(|record| Vector::try_from(record.vector).ok())
        {
            model.learn(&vector, fraud, if is_fraud.is_some() { 1.0 } else { UNTOLD });
        }
        let is_learned = *is_learned || learns;
        // Until something is told of it, nothing is due but the silence.
        let due_at = (!is_learned).then(|| UnixSeconds(*at).plus(SILENCE_SECONDS + 1).0);
        diesel::update(dsl::risk_orders.find((client, order)))
            .set((dsl::is_mature.eq(true), dsl::is_counted_fraud.eq(fraud), dsl::is_learned.eq(is_learned), dsl::due_at.eq(due_at)))
            .execute(&mut **tx)?;
    }
    // Each once, and in the order in which orders that are judged meanwhile write them.
    for ((kind, value), (mature, fraud)) in verdicts {
        change_entity(tx, kind, value, now, |entity| {
            entity.mature += mature;
            entity.fraud = entity.fraud.saturating_add_signed(fraud);
        })?;
    }
    for (day, scale) in scales {
        add_scale(tx, decisions::Kind::Order, day, &scale)?;
    }
    if model.learned > before {
        keep_model(tx, &model, now)?;
    }
    Ok(rows.len())
}

/// Whether there is anything to mature.
///
/// # Errors
/// [`StoreError`].
pub fn has_waiting(connection: &mut DbConnection, now: UnixSeconds) -> Result<bool, StoreError> {
    use risk_orders::dsl;
    let found: Option<String> = dsl::risk_orders.filter(dsl::due_at.le(now.0)).select(dsl::order_id).first(connection).optional()?;
    Ok(found.is_some())
}

/// Orders of a customer at this client, and the first of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ordered {
    /// In half a year.
    pub half_year: i64,
    /// In a year.
    pub year: i64,
    /// In a day.
    pub day: i64,
}

/// How often a customer ordered.
///
/// # Errors
/// [`StoreError`].
pub fn count_orders(connection: &mut DbConnection, customer: &CustomerId, now: UnixSeconds) -> Result<Ordered, StoreError> {
    let mut count = |seconds: i64| decisions::store::count_decisions(connection, decisions::Kind::Order, customer, now.plus(-seconds));
    Ok(Ordered { day: count(86_400)?, half_year: count(182 * 86_400)?, year: count(365 * 86_400)? })
}

/// Things that no order had in common since `before`: of `limit` of them, from a value on, and then from the first one on. There are millions, and from a value drawn by lot all have their turn.
///
/// # Errors
/// [`StoreError`].
pub fn list_forgotten(connection: &mut DbConnection, from: i64, before: UnixSeconds, limit: i64) -> Result<Vec<(String, i64)>, StoreError> {
    use risk_entities::dsl;
    type Row = (String, i64, i64);
    let in_order = || dsl::risk_entities.order((dsl::value, dsl::kind)).limit(limit).select((dsl::kind, dsl::value, dsl::updated_at));
    let mut rows: Vec<Row> = in_order().filter(dsl::value.ge(from)).load(connection)?;
    if i64::try_from(rows.len()).is_ok_and(|count| count < limit) {
        rows.extend(in_order().filter(dsl::value.lt(from)).load::<Row>(connection)?);
    }
    Ok(rows.into_iter().filter(|(_, _, updated_at)| *updated_at < before.0).map(|(kind, value, _)| (kind, value)).collect())
}

/// Removes orders made before `before`, and what was told of them, and of the things that [`list_forgotten`] found those that still are; how many rows.
///
/// # Errors
/// [`StoreError`].
pub fn sweep_orders(tx: &mut WriteTx<'_>, before: UnixSeconds, limit: i64, forgotten: &[(String, i64)]) -> Result<usize, StoreError> {
    let old: Vec<(String, String)> =
        risk_orders::table.filter(risk_orders::at.lt(before.0)).select((risk_orders::client_id, risk_orders::order_id)).limit(limit).load(&mut **tx)?;
    for (client, order) in &old {
        diesel::delete(risk_outcomes::table.filter(risk_outcomes::client_id.eq(client)).filter(risk_outcomes::order_id.eq(order))).execute(&mut **tx)?;
        diesel::delete(risk_orders::table.find((client, order))).execute(&mut **tx)?;
    }
    let mut entities = 0;
    for (kind, value) in forgotten {
        entities += diesel::delete(risk_entities::table.find((kind, value)).filter(risk_entities::updated_at.lt(before.0))).execute(&mut **tx)?;
    }
    Ok(old.len() + entities)
}

/// Orders that are read in one go.
const CHUNK: i64 = 2_000;

type PastRow = (String, i64, Option<bool>);

/// The latest `limit` orders of which it is known what became of them, in order of time: those that are a week old and of which something was told, and those of which nothing came in 90 days.
///
/// # Errors
/// [`StoreError`].
pub fn list_past(connection: &mut DbConnection, now: UnixSeconds, limit: usize) -> Result<Vec<Past>, StoreError> {
    use risk_orders::dsl;
    let mut past: Vec<Past> = Vec::new();
    let mut before = (now.plus(-DELAY_SECONDS).0, String::new());
    while past.len() < limit {
        let is_before = dsl::at.lt(before.0).or(dsl::at.eq(before.0).and(dsl::decision_id.lt(before.1.clone())));
        let is_known = dsl::is_fraud.is_not_null().or(dsl::at.lt(now.plus(-SILENCE_SECONDS).0));
        let rows: Vec<PastRow> = dsl::risk_orders
            .filter(is_before)
            .filter(is_known)
            .order((dsl::at.desc(), dsl::decision_id.desc()))
            .limit(CHUNK)
            .select((dsl::decision_id, dsl::at, dsl::is_fraud))
            .load(connection)?;
        let Some((decision, at, _)) = rows.last() else { break };
        before = (*at, decision.clone());
        let records = decisions::store::find_records(connection, &rows.iter().map(|(decision, ..)| decision.as_str()).collect::<Vec<_>>())?;
        let told = list_verdicts(connection, &rows.iter().map(|(decision, ..)| decision.as_str()).collect::<Vec<_>>())?;
        for (decision, at, is_fraud) in rows {
            let Some(Ok(record)) = records.get(&decision).map(|record| serde_json::from_str::<OrderRecord>(record)) else { continue };
            if is_fraud.is_none() && record.done >= OrderAction::Review {
                continue;
            }
            let Ok(vector) = Vector::try_from(record.vector) else { continue };
            let told_at = is_fraud.map(|_| told.get(&decision).copied().unwrap_or(UnixSeconds(at)));
            past.push(Past { at: UnixSeconds(at), vector, is_fraud: is_fraud.unwrap_or(false), told_at });
        }
    }
    past.truncate(limit);
    past.reverse();
    Ok(past)
}

/// When the verdict was told that counts, of orders by their decisions.
fn list_verdicts(connection: &mut DbConnection, decisions: &[&str]) -> Result<BTreeMap<String, UnixSeconds>, StoreError> {
    let mut verdicts = BTreeMap::new();
    for part in decisions.chunks(500) {
        let rows: Vec<(String, i64)> = risk_orders::table
            .inner_join(risk_outcomes::table.on(risk_outcomes::client_id.eq(risk_orders::client_id).and(risk_outcomes::order_id.eq(risk_orders::order_id))))
            .filter(risk_orders::decision_id.eq_any(part))
            .filter(risk_outcomes::is_fraud.is_not_null())
            .order(risk_outcomes::told_at)
            .select((risk_orders::decision_id, risk_outcomes::told_at))
            .load(connection)?;
        verdicts.extend(rows.into_iter().map(|(decision, told_at)| (decision, UnixSeconds(told_at))));
    }
    Ok(verdicts)
}

/// Orders whose amounts are compared.
const AMOUNT_LIMIT: i64 = 20_000;

/// The logarithms of the amounts of orders between two moments, of each currency.
///
/// # Errors
/// [`StoreError`].
pub fn list_amounts(connection: &mut DbConnection, from: UnixSeconds, until: UnixSeconds) -> Result<BTreeMap<String, Vec<f64>>, StoreError> {
    use risk_orders::dsl;
    let rows: Vec<(i64, String)> = dsl::risk_orders
        .filter(dsl::at.ge(from.0))
        .filter(dsl::at.lt(until.0))
        .order(dsl::at.desc())
        .limit(AMOUNT_LIMIT)
        .select((dsl::amount, dsl::currency))
        .load(connection)?;
    let mut amounts = BTreeMap::<String, Vec<f64>>::new();
    for (amount, currency) in rows {
        amounts.entry(currency).or_default().push(amount_of(amount));
    }
    Ok(amounts)
}

/// The order that a decision is about.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct OrderOf {
    /// Whose.
    pub client: String,
    /// Its number.
    pub order: String,
    /// How much, in the smallest unit.
    pub amount: i64,
    /// Of which currency.
    pub currency: String,
    /// When the customer confirmed it, in seconds.
    pub confirmed_at: Option<i64>,
}

/// Which order a decision is about; none of a sign-in.
///
/// # Errors
/// [`StoreError`].
pub fn find_order_of(connection: &mut DbConnection, decision: &DecisionId) -> Result<Option<OrderOf>, StoreError> {
    use risk_orders::dsl;
    let of = dsl::risk_orders.filter(dsl::decision_id.eq(decision.as_str()));
    Ok(of.select((dsl::client_id, dsl::order_id, dsl::amount, dsl::currency, dsl::confirmed_at)).first(connection).optional()?)
}
