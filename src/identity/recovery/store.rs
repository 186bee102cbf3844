//! The tables of recoveries and of order references.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::ladder::{Evidence, Lost, Progress, State};
use crate::base::ids::{AuthenticatorId, CustomerId, FlowId};
use crate::base::page::MAX_PAGE;
use crate::base::secret::SecretHash;
use crate::base::time::UnixSeconds;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;
use crate::platform::vault::blind_index;

mod tables {
    diesel::table! {
        recoveries (id) {
            id -> Text, browser_hash -> Binary, customer_id -> Nullable<Text>, generation -> BigInt, email_sealed -> Binary, signin_flow -> Nullable<Text>,
            state -> Text, evidence -> Text, lost -> Text, created_at -> BigInt, expires_at -> BigInt, waits_until -> Nullable<BigInt>, told_at -> Nullable<BigInt>, email_index -> Nullable<Binary>,
            served -> Nullable<Text>, passkey_id -> Nullable<Text>,
        }
    }
    diesel::table! {
        order_facts (customer_id, hash) { customer_id -> Text, hash -> Binary, told_at -> BigInt, reference_index -> Nullable<Binary>, }
    }
}

use tables::{order_facts, recoveries};

/// A recovery in one browser.
#[derive(Clone)]
pub struct Recovery {
    /// Its id, as in the path.
    pub id: FlowId,
    /// The hash of the browser that it belongs to.
    pub browser_hash: Vec<u8>,
    /// Whose account; none when nobody has the address: such a one looks the same and leads nowhere.
    pub customer: Option<CustomerId>,
    /// Whether it was looked up whose account it is. A stranger's request alone does not: its time would tell.
    pub is_settled: bool,
    /// The credential generation that it was begun under.
    pub generation: i64,
    /// The address that was typed.
    pub email: String,
    /// The sign-in that it goes back to.
    pub flow: Option<FlowId>,
    /// How far it has come.
    pub progress: Progress,
    /// The passkey that was shown.
    pub passkey: Option<AuthenticatorId>,
    /// When it began.
    pub created_at: UnixSeconds,
    /// When it is too old.
    pub expires_at: UnixSeconds,
}

impl Recovery {
    /// Whether nothing was shown yet: then nothing that is answered may rest on whether there is an account.
    pub fn is_blank(&self) -> bool {
        self.progress.state == State::Collecting && self.progress.evidence.is_empty()
    }
}

/// The generation of a recovery of which nobody knows yet whose it is.
const UNSETTLED: i64 = -1;

fn place(id: &FlowId) -> String {
    format!("recoveries|email|{id}")
}

fn written(evidence: &BTreeSet<Evidence>) -> Result<String, StoreError> {
    serde_json::to_string(evidence).map_err(|error| StoreError::Unavailable(error.to_string()))
}

const fn lost_word(lost: Lost) -> &'static str {
    match lost {
        Lost::Password => "password",
        Lost::SecondFactor => "second_factor",
    }
}

/// What a recovery is begun with.
pub struct NewRecovery<'a> {
    /// The browser.
    pub browser: &'a SecretHash,
    /// Whose account, and its credential generation; none where that is looked up later.
    pub customer: Option<(&'a CustomerId, i64)>,
    /// The address that was typed.
    pub email: &'a str,
    /// Its blind index.
    pub index: &'a [u8],
    /// The sign-in that it goes back to.
    pub flow: Option<&'a FlowId>,
    /// How long it may take, in seconds.
    pub seconds: i64,
}

/// Begins a recovery.
///
/// # Errors
/// [`StoreError`].
pub fn insert_recovery(tx: &mut WriteTx<'_>, tools: &Tools, new: &NewRecovery<'_>) -> Result<FlowId, StoreError> {
    use recoveries::dsl;
    let (id, now, progress) = (FlowId::generate(tools.entropy()), tools.now(), Progress::new());
    let sealed = tools.ring.flows.seal(new.email.as_bytes(), &place(&id), tools.entropy()).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    diesel::insert_into(dsl::recoveries)
        .values((
            dsl::id.eq(id.as_str()),
            dsl::browser_hash.eq(new.browser.as_bytes()),
            dsl::customer_id.eq(new.customer.map(|(customer, _)| customer.as_str())),
            dsl::generation.eq(new.customer.map_or(UNSETTLED, |(_, generation)| generation)),
            dsl::email_sealed.eq(sealed),
            dsl::email_index.eq(Some(new.index)),
            dsl::signin_flow.eq(new.flow.map(FlowId::as_str)),
            dsl::state.eq(progress.state.as_str()),
            dsl::evidence.eq(written(&progress.evidence)?),
            dsl::lost.eq(lost_word(progress.lost)),
            dsl::created_at.eq(now.0),
            dsl::expires_at.eq(now.plus(new.seconds).0),
        ))
        .execute(&mut **tx)?;
    Ok(id)
}

type Row = (String, Vec<u8>, Option<String>, i64, Vec<u8>, Option<String>, String, String, String, i64, i64, Option<i64>, Option<String>, Option<String>);

macro_rules! columns {
    () => {
        (
            recoveries::id,
            recoveries::browser_hash,
            recoveries::customer_id,
            recoveries::generation,
            recoveries::email_sealed,
            recoveries::signin_flow,
            recoveries::state,
            recoveries::evidence,
            recoveries::lost,
            recoveries::created_at,
            recoveries::expires_at,
            recoveries::waits_until,
            recoveries::served,
            recoveries::passkey_id,
        )
    };
}

fn read(tools: &Tools, row: Row) -> Result<Recovery, StoreError> {
    let (id, browser_hash, customer, generation, email, flow, state, evidence, lost, created_at, expires_at, waits_until, served, passkey) = row;
    let corrupt = |column| StoreError::corrupt("recoveries", column, id.clone());
    let id: FlowId = id.parse().map_err(|_| corrupt("id"))?;
    let email = tools.ring.flows.open(&email, &place(&id)).ok().and_then(|plain| String::from_utf8(plain).ok()).ok_or_else(|| corrupt("email_sealed"))?;
    let lost = [Lost::Password, Lost::SecondFactor].into_iter().find(|kind| lost_word(*kind) == lost).ok_or_else(|| corrupt("lost"))?;
    let progress = Progress {
        state: State::parse(&state).ok_or_else(|| corrupt("state"))?,
        evidence: serde_json::from_str(&evidence).map_err(|_| corrupt("evidence"))?,
        lost,
        waits_until: waits_until.map(UnixSeconds),
        served: served.map_or(Ok(BTreeSet::new()), |served| serde_json::from_str(&served)).map_err(|_| corrupt("served"))?,
    };
    Ok(Recovery {
        browser_hash,
        customer: customer.map(|customer| customer.parse().map_err(|_| corrupt("customer_id"))).transpose()?,
        is_settled: generation != UNSETTLED,
        generation,
        email,
        flow: flow.and_then(|flow| flow.parse().ok()),
        progress,
        passkey: passkey.map(|passkey| passkey.parse().map_err(|_| corrupt("passkey_id"))).transpose()?,
        created_at: UnixSeconds(created_at),
        expires_at: UnixSeconds(expires_at),
        id: id.clone(),
    })
}

/// A recovery by id, over or not.
///
/// # Errors
/// [`StoreError`].
pub fn find_recovery(connection: &mut DbConnection, tools: &Tools, id: &FlowId) -> Result<Option<Recovery>, StoreError> {
    let row: Option<Row> = recoveries::table.find(id.as_str()).select(columns!()).first(connection).optional()?;
    row.map(|row| read(tools, row)).transpose()
}

/// The recovery of a customer whose wait runs, or is over.
///
/// # Errors
/// [`StoreError`].
pub fn find_waiting(connection: &mut DbConnection, tools: &Tools, customer: &CustomerId) -> Result<Option<Recovery>, StoreError> {
    let mine = recoveries::table.filter(recoveries::customer_id.eq(customer.as_str())).filter(recoveries::state.eq(State::Waiting.as_str()));
    let row: Option<Row> = mine.filter(recoveries::expires_at.gt(tools.now().0)).select(columns!()).first(connection).optional()?;
    row.map(|row| read(tools, row)).transpose()
}

/// Every recovery of a customer that is still kept, newest first.
///
/// # Errors
/// [`StoreError`].
pub fn list_recoveries(connection: &mut DbConnection, tools: &Tools, customer: &CustomerId) -> Result<Vec<Recovery>, StoreError> {
    let mine = recoveries::table.filter(recoveries::customer_id.eq(customer.as_str())).order(recoveries::created_at.desc()).limit(i64::from(MAX_PAGE));
    let rows: Vec<Row> = mine.select(columns!()).load(connection)?;
    rows.into_iter().map(|row| read(tools, row)).collect()
}

/// Keeps how far a recovery has come, if nobody changed it since `before`; until `expires_at`.
///
/// # Errors
/// [`StoreError`].
pub fn keep_progress(tx: &mut WriteTx<'_>, id: &FlowId, before: &Progress, after: &Progress, expires_at: UnixSeconds) -> Result<bool, StoreError> {
    use recoveries::dsl;
    let same = dsl::recoveries
        .find(id.as_str())
        .filter(dsl::state.eq(before.state.as_str()))
        .filter(dsl::evidence.eq(written(&before.evidence)?))
        .filter(dsl::lost.eq(lost_word(before.lost)));
    let done = diesel::update(same)
        .set((
            dsl::state.eq(after.state.as_str()),
            dsl::evidence.eq(written(&after.evidence)?),
            dsl::lost.eq(lost_word(after.lost)),
            dsl::waits_until.eq(after.waits_until.map(|until| until.0)),
            dsl::served.eq(if after.served.is_empty() { None } else { Some(written(&after.served)?) }),
            dsl::expires_at.eq(expires_at.0),
        ))
        .execute(&mut **tx)?;
    Ok(done > 0)
}

/// Keeps which passkey was shown.
///
/// # Errors
/// [`StoreError`].
pub fn keep_passkey(tx: &mut WriteTx<'_>, id: &FlowId, passkey: &AuthenticatorId) -> Result<(), StoreError> {
    diesel::update(recoveries::table.find(id.as_str())).set(recoveries::passkey_id.eq(Some(passkey.as_str()))).execute(&mut **tx)?;
    Ok(())
}

/// Ends every recovery of a customer that is under way, but one; how many.
///
/// # Errors
/// [`StoreError`].
pub fn end_recoveries(tx: &mut WriteTx<'_>, customer: &CustomerId, kept: Option<&FlowId>) -> Result<usize, StoreError> {
    use recoveries::dsl;
    let open = dsl::recoveries.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::state.eq_any([State::Collecting.as_str(), State::Waiting.as_str()]));
    let others = open.filter(dsl::id.ne(kept.map_or("", FlowId::as_str)));
    Ok(diesel::update(others).set(dsl::state.eq(State::Over.as_str())).execute(&mut **tx)?)
}

/// Ends the recoveries of a customer that do not wait yet.
///
/// # Errors
/// [`StoreError`].
pub fn end_collecting(tx: &mut WriteTx<'_>, customer: &CustomerId) -> Result<usize, StoreError> {
    use recoveries::dsl;
    let open = dsl::recoveries.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::state.eq(State::Collecting.as_str()));
    Ok(diesel::update(open.filter(dsl::waits_until.is_null())).set(dsl::state.eq(State::Over.as_str())).execute(&mut **tx)?)
}

/// Ends the recoveries of a customer that wait.
///
/// # Errors
/// [`StoreError`].
pub fn end_waiting(tx: &mut WriteTx<'_>, customer: &CustomerId) -> Result<usize, StoreError> {
    use recoveries::dsl;
    let waiting = dsl::recoveries.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::state.eq(State::Waiting.as_str()));
    Ok(diesel::update(waiting).set(dsl::state.eq(State::Over.as_str())).execute(&mut **tx)?)
}

/// Settles whose recovery it is, and ends older ones of the same address in which nothing was shown yet, whether anybody has the address or not. One with proofs goes on: a stranger who begins another does not stop its owner.
///
/// # Errors
/// [`StoreError`].
pub fn settle(tx: &mut WriteTx<'_>, mut recovery: Recovery, subject: Option<(&CustomerId, i64)>) -> Result<Recovery, StoreError> {
    use recoveries::dsl;
    let (id, generation) = (subject.map(|(customer, _)| customer.as_str()), subject.map_or(0, |(_, generation)| generation));
    let unsettled = dsl::recoveries.find(recovery.id.as_str()).filter(dsl::generation.eq(UNSETTLED));
    diesel::update(unsettled).set((dsl::customer_id.eq(id), dsl::generation.eq(generation))).execute(&mut **tx)?;
    let index: Option<Option<Vec<u8>>> = dsl::recoveries.find(recovery.id.as_str()).select(dsl::email_index).first(&mut **tx).optional()?;
    let blank = dsl::recoveries
        .filter(dsl::email_index.eq(index.flatten()))
        .filter(dsl::state.eq(State::Collecting.as_str()))
        .filter(dsl::evidence.eq(written(&BTreeSet::new())?));
    diesel::update(blank.filter(dsl::created_at.le(recovery.created_at.0)).filter(dsl::id.ne(recovery.id.as_str())))
        .set(dsl::state.eq(State::Over.as_str()))
        .execute(&mut **tx)?;
    (recovery.customer, recovery.generation, recovery.is_settled) = (subject.map(|(customer, _)| customer.clone()), generation, true);
    Ok(recovery)
}

/// Whether a recovery of the customer was stopped so lately that it is remembered.
///
/// # Errors
/// [`StoreError`].
pub fn was_vetoed(connection: &mut DbConnection, customer: &CustomerId, now: UnixSeconds) -> Result<bool, StoreError> {
    use recoveries::dsl;
    let mine = dsl::recoveries.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::state.eq(State::Vetoed.as_str())).filter(dsl::expires_at.gt(now.0));
    let found: Option<String> = mine.select(dsl::id).first(connection).optional()?;
    Ok(found.is_some())
}

/// Goes on in another browser with a recovery whose wait is over: a new one, for which the mailbox is proven, and whose wait is behind it. What else was shown has to be shown again, so that the link in a mail is no more than a proof of the mailbox.
///
/// # Errors
/// [`StoreError`].
pub fn insert_served(tx: &mut WriteTx<'_>, tools: &Tools, served: &Recovery, browser: &SecretHash, mailbox: Evidence) -> Result<FlowId, StoreError> {
    let subject = served.customer.as_ref().map(|customer| (customer, served.generation));
    let seconds = served.expires_at.since(tools.now()).max(1);
    let id = insert_recovery(
        tx,
        tools,
        &NewRecovery { browser, customer: subject, email: &served.email, index: &blind_index(&tools.ring, "email", &served.email), flow: None, seconds },
    )?;
    let before = Progress::new();
    let after = Progress {
        evidence: [mailbox].into(),
        lost: served.progress.lost,
        waits_until: served.progress.waits_until,
        served: served.progress.evidence.clone(),
        ..before.clone()
    };
    keep_progress(tx, &id, &before, &after, tools.now().plus(seconds))?;
    Ok(id)
}

/// The recoveries whose wait is over and whose owners were not told yet, at most `limit`; they count as told.
///
/// # Errors
/// [`StoreError`].
pub fn take_ready(tx: &mut WriteTx<'_>, tools: &Tools, limit: i64) -> Result<Vec<Recovery>, StoreError> {
    use recoveries::dsl;
    let now = tools.now();
    let due: Vec<String> = dsl::recoveries
        .filter(dsl::waits_until.le(now.0))
        .filter(dsl::state.eq(State::Waiting.as_str()))
        .filter(dsl::told_at.is_null())
        .order(dsl::waits_until)
        .limit(limit)
        .select(dsl::id)
        .load(&mut **tx)?;
    let mut ready = Vec::with_capacity(due.len());
    for id in due {
        let taken = diesel::update(dsl::recoveries.find(&id).filter(dsl::told_at.is_null())).set(dsl::told_at.eq(Some(now.0))).execute(&mut **tx)?;
        if taken > 0 {
            let row: Row = dsl::recoveries.find(&id).select(columns!()).first(&mut **tx)?;
            ready.push(read(tools, row)?);
        }
    }
    Ok(ready)
}

/// Removes recoveries that expired before `before`.
///
/// # Errors
/// [`StoreError`].
pub fn sweep_recoveries(tx: &mut WriteTx<'_>, before: UnixSeconds, limit: i64) -> Result<usize, StoreError> {
    use recoveries::dsl;
    let old: Vec<String> = dsl::recoveries.filter(dsl::expires_at.lt(before.0)).select(dsl::id).limit(limit).load(&mut **tx)?;
    Ok(diesel::delete(dsl::recoveries.filter(dsl::id.eq_any(old))).execute(&mut **tx)?)
}

/// Order references that are kept of a customer.
const MAX_ORDER_FACTS: i64 = 10;

fn normal_reference(reference: &str) -> String {
    reference.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

fn order_hash(tools: &Tools, customer: &CustomerId, reference: &str) -> Vec<u8> {
    let normal = normal_reference(reference);
    tools.ring.pepper.mac(&[b"order-fact", customer.as_str().as_bytes(), normal.as_bytes()]).to_vec()
}

/// Keeps the reference of an order, with the last nine before it.
///
/// # Errors
/// [`StoreError`].
pub fn insert_order_fact(tx: &mut WriteTx<'_>, tools: &Tools, customer: &CustomerId, reference: &str) -> Result<(), StoreError> {
    use order_facts::dsl;
    let (hash, now) = (order_hash(tools, customer, reference), tools.now());
    let known = diesel::update(dsl::order_facts.find((customer.as_str(), &hash))).set(dsl::told_at.eq(now.0)).execute(&mut **tx)?;
    if known == 0 {
        diesel::insert_into(dsl::order_facts)
            .values((
                dsl::customer_id.eq(customer.as_str()),
                dsl::hash.eq(hash),
                dsl::told_at.eq(now.0),
                dsl::reference_index.eq(Some(blind_index(&tools.ring, "order", &normal_reference(reference)))),
            ))
            .execute(&mut **tx)?;
    }
    let mine = dsl::order_facts.filter(dsl::customer_id.eq(customer.as_str()));
    let old: Vec<Vec<u8>> = mine.order(dsl::told_at.desc()).offset(MAX_ORDER_FACTS).limit(100).select(dsl::hash).load(&mut **tx)?;
    diesel::delete(mine.filter(dsl::hash.eq_any(old))).execute(&mut **tx)?;
    Ok(())
}

/// Whether the customer has an order with this reference, told at least three days ago: one that a thief places now proves nothing.
///
/// # Errors
/// [`StoreError`].
pub fn is_order_known(connection: &mut DbConnection, tools: &Tools, customer: &CustomerId, reference: &str) -> Result<bool, StoreError> {
    use order_facts::dsl;
    let row = dsl::order_facts.find((customer.as_str(), order_hash(tools, customer, reference))).filter(dsl::told_at.le(tools.now().plus(-ORDER_AGE_SECONDS).0));
    let found: Option<i64> = row.select(dsl::told_at).first(connection).optional()?;
    Ok(found.is_some())
}

/// Whether any order of the customer is old enough to be named.
///
/// # Errors
/// [`StoreError`].
pub fn has_orders(connection: &mut DbConnection, tools: &Tools, customer: &CustomerId) -> Result<bool, StoreError> {
    use order_facts::dsl;
    let mine = dsl::order_facts.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::told_at.le(tools.now().plus(-ORDER_AGE_SECONDS).0));
    let found: Option<i64> = mine.select(dsl::told_at).first(connection).optional()?;
    Ok(found.is_some())
}

/// How old an order must be to count, in seconds: three days.
const ORDER_AGE_SECONDS: i64 = 3 * 86_400;

/// The customers who have an order with this reference: of several shops there may be several.
///
/// # Errors
/// [`StoreError`].
pub fn list_customers_of_order(connection: &mut DbConnection, tools: &Tools, reference: &str) -> Result<Vec<CustomerId>, StoreError> {
    use order_facts::dsl;
    let index = blind_index(&tools.ring, "order", &normal_reference(reference));
    let ids: Vec<String> = dsl::order_facts.filter(dsl::reference_index.eq(index)).order(dsl::told_at.desc()).limit(10).select(dsl::customer_id).load(connection)?;
    ids.into_iter().map(|id| id.parse().map_err(|_| StoreError::corrupt("order_facts", "customer_id", id.clone()))).collect()
}
