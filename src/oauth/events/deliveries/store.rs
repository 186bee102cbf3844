//! The tables of deliveries, and of how their receivers are.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::base::ids::{ClientId, DeliveryId};
use crate::base::page::{Page, PageRequest};
use crate::base::time::UnixSeconds;
use crate::oauth::events::Told;
use crate::oauth::events::model::{EventKind, Method};
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;

mod tables {
    diesel::table! {
        event_deliveries (id) {
            id -> Text, receiver -> Text, client_id -> Text, method -> Text, event -> Text, told_sealed -> Binary, created_at -> BigInt, attempts -> BigInt,
            next_attempt_at -> BigInt, leased_until -> Nullable<BigInt>, first_tried_at -> Nullable<BigInt>, delivered_at -> Nullable<BigInt>, failed_at -> Nullable<BigInt>,
            answer_status -> Nullable<BigInt>, last_error -> Nullable<Text>,
        }
    }
    diesel::table! {
        event_receivers (id) { id -> Text, failures -> BigInt, retry_at -> BigInt, last_success_at -> Nullable<BigInt>, last_failure_at -> Nullable<BigInt>, last_error -> Nullable<Text>, }
    }
}

use tables::{event_deliveries, event_receivers};

/// How long one node may take over a delivery, in seconds.
const LEASE_SECONDS: i64 = 30;

fn place(id: &str) -> String {
    format!("event_deliveries|told|{id}")
}

/// Something to be told.
pub struct NewDelivery<'a> {
    /// To whom: the id of a stream, or of a client.
    pub receiver: &'a str,
    /// The client that it is, or that it is of.
    pub client: &'a ClientId,
    /// How.
    pub method: Method,
    /// What.
    pub told: &'a Told,
}

/// Puts something down to be told, in the transaction that found it out.
///
/// # Errors
/// [`StoreError`].
pub fn insert_delivery(tx: &mut WriteTx<'_>, tools: &Tools, new: &NewDelivery<'_>) -> Result<(), StoreError> {
    use event_deliveries::dsl;
    let (id, now) = (DeliveryId::generate(tools.now_micros(), tools.entropy()), tools.now());
    let plain = serde_json::to_vec(new.told).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let sealed = tools.ring.outbox.seal(&plain, &place(id.as_str()), tools.entropy()).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    diesel::insert_into(dsl::event_deliveries)
        .values((
            dsl::id.eq(id.as_str()),
            dsl::receiver.eq(new.receiver),
            dsl::client_id.eq(new.client.as_str()),
            dsl::method.eq(new.method.as_str()),
            dsl::event.eq(new.told.kind.word()),
            dsl::told_sealed.eq(sealed),
            dsl::created_at.eq(now.0),
            dsl::attempts.eq(0),
            dsl::next_attempt_at.eq(now.0),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// A delivery that this node has leased, or that its receiver comes for.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Its id: `jti`.
    pub id: String,
    /// To whom.
    pub receiver: String,
    /// The client.
    pub client: ClientId,
    /// How.
    pub method: Method,
    /// Tries so far.
    pub attempts: i64,
    /// When it was put down.
    pub created_at: UnixSeconds,
    /// When it was first tried.
    pub first_tried_at: Option<UnixSeconds>,
    /// What.
    pub told: Told,
}

type Row = (String, String, String, String, i64, (i64, Option<i64>), Vec<u8>);

fn read(tools: &Tools, (id, receiver, client, method, attempts, (created_at, first_tried_at), sealed): Row) -> Result<Delivery, StoreError> {
    let corrupt = |column| StoreError::corrupt("event_deliveries", column, id.clone());
    let plain = tools.ring.outbox.open(&sealed, &place(&id)).map_err(|_| corrupt("told_sealed"))?;
    Ok(Delivery {
        receiver,
        client: client.parse().map_err(|_| corrupt("client_id"))?,
        method: Method::parse(&method).ok_or_else(|| corrupt("method"))?,
        attempts,
        created_at: UnixSeconds(created_at),
        first_tried_at: first_tried_at.map(UnixSeconds),
        told: serde_json::from_slice(&plain).map_err(|_| corrupt("told_sealed"))?,
        id,
    })
}

macro_rules! whole {
    () => {
        (
            event_deliveries::id,
            event_deliveries::receiver,
            event_deliveries::client_id,
            event_deliveries::method,
            event_deliveries::attempts,
            (event_deliveries::created_at, event_deliveries::first_tried_at),
            event_deliveries::told_sealed,
        )
    };
}

macro_rules! open {
    () => {
        event_deliveries::delivered_at.is_null().and(event_deliveries::failed_at.is_null())
    };
}

/// The receivers for whom something is due, and who are not left alone just now; with how often in a row they did not answer. Of those `held`, only what concerns the stream itself counts; of those `polled`, nothing.
///
/// # Errors
/// [`StoreError`].
pub fn list_due_receivers(connection: &mut DbConnection, held: &[String], polled: &[String], now: UnixSeconds) -> Result<Vec<(String, i64)>, StoreError> {
    use event_deliveries::dsl;
    let is_free = dsl::leased_until.is_null().or(dsl::leased_until.le(now.0));
    let left_alone: Vec<String> = event_receivers::table.filter(event_receivers::retry_at.gt(now.0)).limit(MAX_LEFT_ALONE).select(event_receivers::id).load(connection)?;
    let due: Vec<String> = dsl::event_deliveries
        .filter(open!())
        .filter(dsl::next_attempt_at.le(now.0))
        .filter(is_free)
        .filter(dsl::receiver.ne_all(left_alone))
        .filter(dsl::receiver.ne_all(polled))
        .filter(dsl::event.eq(EventKind::StreamUpdated.word()).or(dsl::receiver.ne_all(held)))
        .select(dsl::receiver)
        .distinct()
        .limit(MAX_RECEIVERS)
        .load(connection)?;
    let known = list_receivers(connection, &due)?;
    Ok(due.into_iter().map(|id| (id.clone(), known.get(&id).map_or(0, |health| health.failures))).collect())
}

/// Receivers that are left alone at a time, at most.
const MAX_LEFT_ALONE: i64 = 10_000;
/// Receivers that are looked after in one go.
const MAX_RECEIVERS: i64 = 1_000;

/// What of a receiver's deliveries is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Everything.
    All,
    /// What concerns the stream itself: told even while it is held.
    Own,
}

/// Leases what is due for one receiver, what was tried least first, and ended sessions before the rest; no more than `limit` are under way at a time. What cannot be read, as on a node of an older version, is left for another one.
///
/// # Errors
/// [`StoreError`].
pub fn lease_due(tx: &mut WriteTx<'_>, tools: &Tools, receiver: &str, which: Which, limit: i64) -> Result<Vec<Delivery>, StoreError> {
    use event_deliveries::dsl;
    let now = tools.now();
    let mine = || dsl::event_deliveries.filter(open!()).filter(dsl::receiver.eq(receiver));
    let under_way: i64 = mine().filter(dsl::leased_until.gt(now.0)).count().get_result(&mut **tx)?;
    let is_free = dsl::leased_until.is_null().or(dsl::leased_until.le(now.0));
    let mut wanted = mine().filter(dsl::next_attempt_at.le(now.0)).filter(is_free).into_boxed();
    if which == Which::Own {
        wanted = wanted.filter(dsl::event.eq(EventKind::StreamUpdated.word()));
    }
    let order = (dsl::attempts, dsl::event.ne(EventKind::SessionRevoked.word()), dsl::id);
    let due: Vec<String> = wanted.order(order).limit((limit - under_way).max(0)).select(dsl::id).load(&mut **tx)?;
    let mut leased = Vec::with_capacity(due.len());
    for id in due {
        let free = dsl::event_deliveries.filter(dsl::id.eq(&id)).filter(dsl::leased_until.is_null().or(dsl::leased_until.le(now.0)));
        let row: Option<Row> = diesel::update(free).set(dsl::leased_until.eq(Some(now.plus(LEASE_SECONDS).0))).returning(whole!()).get_result(&mut **tx).optional()?;
        match row.map(|row| read(tools, row)) {
            Some(Ok(delivery)) => leased.push(delivery),
            Some(Err(error)) => {
                tracing::error!(%error, "a delivery cannot be read here");
                diesel::update(dsl::event_deliveries.find(&id)).set(dsl::next_attempt_at.eq(now.plus(UNREADABLE_SECONDS).0)).execute(&mut **tx)?;
            }
            None => {}
        }
    }
    Ok(leased)
}

/// How long what cannot be read is left for other nodes, in seconds.
const UNREADABLE_SECONDS: i64 = 600;

/// How much waits for a receiver.
///
/// # Errors
/// [`StoreError`].
pub fn count_waiting(connection: &mut DbConnection, receiver: &str) -> Result<i64, StoreError> {
    Ok(event_deliveries::table.filter(open!()).filter(event_deliveries::receiver.eq(receiver)).count().get_result(connection)?)
}

/// What became of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was heard.
    Heard,
    /// It is tried again then.
    Later(UnixSeconds),
    /// It is given up.
    Never,
}

/// Notes what became of a try: the status of the answer, if there was one, and why it was not heard.
///
/// # Errors
/// [`StoreError`].
pub fn settle(tx: &mut WriteTx<'_>, id: &str, outcome: &Outcome, (status, why): (Option<u16>, Option<&str>), now: UnixSeconds) -> Result<(), StoreError> {
    use event_deliveries::dsl;
    let tried = (dsl::attempts.eq(dsl::attempts + 1), dsl::leased_until.eq(None::<i64>), dsl::answer_status.eq(status.map(i64::from)), dsl::last_error.eq(why));
    let mine = dsl::event_deliveries.filter(dsl::id.eq(id)).filter(open!());
    diesel::update(mine.filter(dsl::first_tried_at.is_null())).set(dsl::first_tried_at.eq(Some(now.0))).execute(&mut **tx)?;
    match outcome {
        Outcome::Heard => diesel::update(mine).set((tried, dsl::delivered_at.eq(Some(now.0)))).execute(&mut **tx)?,
        Outcome::Later(next) => diesel::update(mine).set((tried, dsl::next_attempt_at.eq(next.0))).execute(&mut **tx)?,
        Outcome::Never => diesel::update(mine).set((tried, dsl::failed_at.eq(Some(now.0)))).execute(&mut **tx)?,
    };
    Ok(())
}

/// How a receiver is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// How often in a row it did not answer.
    pub failures: i64,
    /// Until when it is left alone.
    pub retry_at: UnixSeconds,
    /// When it last heard something.
    pub last_success_at: Option<UnixSeconds>,
    /// When it last did not.
    pub last_failure_at: Option<UnixSeconds>,
    /// Why not.
    pub last_error: Option<String>,
}

/// How these receivers are, as far as anything was ever sent to them.
///
/// # Errors
/// [`StoreError`].
pub fn list_receivers(connection: &mut DbConnection, ids: &[String]) -> Result<BTreeMap<String, Health>, StoreError> {
    use event_receivers::dsl;
    type Row = (String, i64, i64, Option<i64>, Option<i64>, Option<String>);
    let columns = (dsl::id, dsl::failures, dsl::retry_at, dsl::last_success_at, dsl::last_failure_at, dsl::last_error);
    let rows: Vec<Row> = dsl::event_receivers.filter(dsl::id.eq_any(ids)).select(columns).load(connection)?;
    let health = |(id, failures, retry_at, success, failure, last_error): Row| {
        let health = Health { failures, retry_at: UnixSeconds(retry_at), last_success_at: success.map(UnixSeconds), last_failure_at: failure.map(UnixSeconds), last_error };
        (id, health)
    };
    Ok(rows.into_iter().map(health).collect())
}

fn need_receiver(tx: &mut WriteTx<'_>, id: &str) -> Result<(), StoreError> {
    use event_receivers::dsl;
    let found: Option<i64> = dsl::event_receivers.find(id).select(dsl::failures).first(&mut **tx).optional()?;
    if found.is_none() {
        diesel::insert_into(dsl::event_receivers).values((dsl::id.eq(id), dsl::failures.eq(0), dsl::retry_at.eq(0))).execute(&mut **tx)?;
    }
    Ok(())
}

/// Notes that a receiver answered.
///
/// # Errors
/// [`StoreError`].
pub fn note_success(tx: &mut WriteTx<'_>, id: &str, now: UnixSeconds) -> Result<(), StoreError> {
    use event_receivers::dsl;
    need_receiver(tx, id)?;
    diesel::update(dsl::event_receivers.find(id)).set((dsl::failures.eq(0), dsl::retry_at.eq(0), dsl::last_success_at.eq(Some(now.0)))).execute(&mut **tx)?;
    Ok(())
}

/// Notes that a receiver did not answer, and leaves it alone for `pause` of how often that was.
///
/// # Errors
/// [`StoreError`].
pub fn note_failure(tx: &mut WriteTx<'_>, id: &str, why: &str, pause: impl Fn(i64) -> i64, now: UnixSeconds) -> Result<(), StoreError> {
    use event_receivers::dsl;
    need_receiver(tx, id)?;
    let failures: i64 = diesel::update(dsl::event_receivers.find(id)).set(dsl::failures.eq(dsl::failures + 1)).returning(dsl::failures).get_result(&mut **tx)?;
    let retry_at = now.plus(pause(failures));
    diesel::update(dsl::event_receivers.find(id))
        .set((dsl::retry_at.eq(retry_at.0), dsl::last_failure_at.eq(Some(now.0)), dsl::last_error.eq(Some(why))))
        .execute(&mut **tx)?;
    Ok(())
}

/// What waits for a receiver that comes for it, oldest first.
///
/// # Errors
/// [`StoreError`].
pub fn list_waiting(connection: &mut DbConnection, tools: &Tools, receiver: &str, which: Which, limit: i64) -> Result<Vec<Delivery>, StoreError> {
    let mut mine = event_deliveries::table.filter(open!()).filter(event_deliveries::receiver.eq(receiver)).into_boxed();
    if which == Which::Own {
        mine = mine.filter(event_deliveries::event.eq(EventKind::StreamUpdated.word()));
    }
    let rows: Vec<Row> = mine.order(event_deliveries::id).limit(limit).select(whole!()).load(connection)?;
    let readable = |row: Row| read(tools, row).inspect_err(|error| tracing::error!(%error, "a delivery cannot be read here"));
    Ok(rows.into_iter().map(readable).filter_map(Result::ok).collect())
}

/// Notes that a receiver has what it came for. What it does not have, or had before, changes nothing.
///
/// # Errors
/// [`StoreError`].
pub fn acknowledge(tx: &mut WriteTx<'_>, receiver: &str, ids: &[String], now: UnixSeconds) -> Result<usize, StoreError> {
    use event_deliveries::dsl;
    let mine = dsl::event_deliveries.filter(open!()).filter(dsl::receiver.eq(receiver)).filter(dsl::id.eq_any(ids));
    Ok(diesel::update(mine).set((dsl::delivered_at.eq(Some(now.0)), dsl::attempts.eq(dsl::attempts + 1))).execute(&mut **tx)?)
}

/// Notes that a receiver refuses what it came for.
///
/// # Errors
/// [`StoreError`].
pub fn refuse(tx: &mut WriteTx<'_>, receiver: &str, id: &str, why: &str, now: UnixSeconds) -> Result<(), StoreError> {
    use event_deliveries::dsl;
    let mine = dsl::event_deliveries.filter(open!()).filter(dsl::receiver.eq(receiver)).filter(dsl::id.eq(id));
    diesel::update(mine).set((dsl::failed_at.eq(Some(now.0)), dsl::attempts.eq(dsl::attempts + 1), dsl::last_error.eq(Some(why)))).execute(&mut **tx)?;
    Ok(())
}

/// A delivery as it is listed: without what it says.
#[derive(Debug, Clone, Queryable)]
pub struct ListedDelivery {
    /// Its id.
    pub id: String,
    /// What it tells of.
    pub event: String,
    /// When it was put down.
    pub created_at: i64,
    /// Tries so far.
    pub attempts: i64,
    /// When it is tried next, while it is open.
    pub next_attempt_at: i64,
    /// When it was heard.
    pub delivered_at: Option<i64>,
    /// When it was given up.
    pub failed_at: Option<i64>,
    /// The status of the last answer.
    pub answer_status: Option<i64>,
    /// Why it was not heard the last time.
    pub last_error: Option<String>,
}

/// The deliveries to a receiver, newest first; only those given up where that is wanted.
///
/// # Errors
/// [`StoreError`].
pub fn list_deliveries(connection: &mut DbConnection, receiver: &str, state: ListedState, page: &PageRequest) -> Result<Page<ListedDelivery>, StoreError> {
    use event_deliveries::dsl;
    let before = page.after.clone().unwrap_or_else(|| "~".to_owned());
    let mut mine = dsl::event_deliveries.filter(dsl::receiver.eq(receiver)).filter(dsl::id.lt(before)).into_boxed();
    match state {
        ListedState::Any => {}
        ListedState::Failed => mine = mine.filter(dsl::failed_at.is_not_null()),
    }
    let columns = (dsl::id, dsl::event, dsl::created_at, dsl::attempts, dsl::next_attempt_at, dsl::delivered_at, dsl::failed_at, dsl::answer_status, dsl::last_error);
    let rows: Vec<ListedDelivery> = mine.order(dsl::id.desc()).limit(i64::from(page.limit) + 1).select(columns).load(connection)?;
    Ok(Page::cut(rows, page.limit, |row| row.id.clone()))
}

/// Which deliveries are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListedState {
    /// All.
    Any,
    /// Those given up.
    Failed,
}

/// Has everything that was given up for a receiver tried again; how many. Each is the same as before, under its own id.
///
/// # Errors
/// [`StoreError`].
pub fn replay_failed(tx: &mut WriteTx<'_>, receiver: &str, id: Option<&str>, now: UnixSeconds) -> Result<usize, StoreError> {
    use event_deliveries::dsl;
    let mut mine = diesel::update(dsl::event_deliveries.filter(dsl::receiver.eq(receiver)).filter(dsl::failed_at.is_not_null()))
        .set((dsl::attempts.eq(0), dsl::next_attempt_at.eq(now.0), dsl::leased_until.eq(None::<i64>), dsl::first_tried_at.eq(None::<i64>), dsl::failed_at.eq(None::<i64>)))
        .into_boxed();
    if let Some(id) = id {
        mine = mine.filter(dsl::id.eq(id));
    }
    let count = mine.execute(&mut **tx)?;
    diesel::update(event_receivers::table.find(receiver)).set((event_receivers::failures.eq(0), event_receivers::retry_at.eq(0))).execute(&mut **tx)?;
    Ok(count)
}

/// Has a delivery that was heard told once more, as a new one: under the old id a receiver would pass it over. False when there is none.
///
/// # Errors
/// [`StoreError`].
pub fn replay_heard(tx: &mut WriteTx<'_>, tools: &Tools, receiver: &str, id: &str) -> Result<bool, StoreError> {
    use event_deliveries::dsl;
    let heard = dsl::event_deliveries.filter(dsl::receiver.eq(receiver)).filter(dsl::id.eq(id)).filter(dsl::delivered_at.is_not_null());
    let row: Option<Row> = heard.select(whole!()).first(&mut **tx).optional()?;
    let Some(delivery) = row.map(|row| read(tools, row)).transpose()? else { return Ok(false) };
    insert_delivery(tx, tools, &NewDelivery { receiver, client: &delivery.client, method: delivery.method, told: &delivery.told })?;
    Ok(true)
}

/// Drops what waits for a receiver, but for what concerns the stream itself; how much.
///
/// # Errors
/// [`StoreError`].
pub fn drop_waiting(tx: &mut WriteTx<'_>, receiver: &str) -> Result<usize, StoreError> {
    let mine = event_deliveries::table.filter(open!()).filter(event_deliveries::receiver.eq(receiver));
    Ok(diesel::delete(mine.filter(event_deliveries::event.ne(EventKind::StreamUpdated.word()))).execute(&mut **tx)?)
}

/// Forgets a receiver, and all that it was or was to be told.
///
/// # Errors
/// [`StoreError`].
pub fn forget_receiver(tx: &mut WriteTx<'_>, receiver: &str) -> Result<(), StoreError> {
    diesel::delete(event_deliveries::table.filter(event_deliveries::receiver.eq(receiver))).execute(&mut **tx)?;
    diesel::delete(event_receivers::table.find(receiver)).execute(&mut **tx)?;
    Ok(())
}

/// How long the oldest delivery that is due has waited, in seconds, and how many were given up and are still there.
///
/// # Errors
/// [`StoreError`].
pub fn measure(connection: &mut DbConnection, now: UnixSeconds) -> Result<(i64, i64), StoreError> {
    use event_deliveries::dsl;
    let oldest: Option<i64> = dsl::event_deliveries.filter(open!()).filter(dsl::method.ne(Method::Poll.as_str())).select(diesel::dsl::min(dsl::created_at)).first(connection)?;
    let failed: i64 = dsl::event_deliveries.filter(dsl::failed_at.is_not_null()).count().get_result(connection)?;
    Ok((oldest.map_or(0, |at| now.since(UnixSeconds(at)).max(0)), failed))
}

/// Removes what was heard before `heard_before`, and what was given up, or not come for, before `failed_before`.
///
/// # Errors
/// [`StoreError`].
pub fn sweep_deliveries(tx: &mut WriteTx<'_>, heard_before: UnixSeconds, failed_before: UnixSeconds, limit: i64) -> Result<usize, StoreError> {
    use event_deliveries::dsl;
    let is_old = dsl::delivered_at.lt(heard_before.0).or(dsl::created_at.lt(failed_before.0));
    let old: Vec<String> = dsl::event_deliveries.filter(dsl::created_at.lt(heard_before.0)).filter(is_old.assume_not_null()).select(dsl::id).limit(limit).load(&mut **tx)?;
    Ok(diesel::delete(dsl::event_deliveries.filter(dsl::id.eq_any(old))).execute(&mut **tx)?)
}
