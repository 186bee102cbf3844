//! The table of audit events: append-only. Chaining is done a moment later by one node, so that writers never queue for the head of the chain.

use std::collections::BTreeMap;
use std::net::IpAddr;

use diesel::prelude::*;

use super::chain;
use super::event::Entry;
use crate::base::ids::EventId;
use crate::base::page::{Page, PageRequest};
use crate::base::secret::constant_time_equal;
use crate::base::time::UnixSeconds;
use crate::platform::crypto::keyring::MacKey;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;
use crate::platform::vault::{self, Cell, DataKey};

mod tables {
    diesel::table! {
        audit_events (id) {
            id -> Text, occurred_at_micros -> BigInt, kind -> Text, outcome -> Text, reason -> Text, actor -> Text, about -> Text,
            client_id -> Nullable<Text>, session_id -> Nullable<Text>, correlation_id -> Text, detail -> Text,
            origin_sealed -> Nullable<Binary>, mac -> Binary, position -> Nullable<BigInt>, chain -> Nullable<Binary>,
        }
    }
}

use tables::audit_events;

macro_rules! recorded {
    () => {
        (
            audit_events::id,
            audit_events::occurred_at_micros,
            audit_events::kind,
            audit_events::outcome,
            audit_events::reason,
            audit_events::actor,
            audit_events::about,
            audit_events::client_id,
            audit_events::session_id,
            audit_events::correlation_id,
            audit_events::detail,
            audit_events::position,
        )
    };
}

fn unavailable(error: impl std::fmt::Display) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

/// Records `entry` in the transaction of the change that it is about: both commit, or neither.
///
/// # Errors
/// [`StoreError::Unavailable`].
pub fn record(tx: &mut WriteTx<'_>, tools: &Tools, entry: &Entry) -> Result<(), StoreError> {
    use audit_events::dsl;
    let occurred_at = tools.now_micros();
    let id = EventId::generate(occurred_at, tools.entropy());
    let detail = if entry.detail.is_null() { "{}".to_owned() } else { entry.detail.to_string() };
    let origin_sealed = seal_origin(tx, tools, &id, entry)?;
    let actor = entry.actor.to_string();
    let mac = authenticator(
        &tools.ring.audit_mac,
        &[
            id.as_str().as_bytes(),
            &occurred_at.0.to_be_bytes(),
            entry.spec.kind.as_bytes(),
            entry.outcome.as_str().as_bytes(),
            entry.reason.as_bytes(),
            actor.as_bytes(),
            entry.about.as_bytes(),
            entry.client_id.as_deref().unwrap_or_default().as_bytes(),
            entry.session_id.as_deref().unwrap_or_default().as_bytes(),
            entry.origin.correlation_id.as_bytes(),
            detail.as_bytes(),
            origin_sealed.as_deref().unwrap_or_default(),
        ],
    );
    diesel::insert_into(dsl::audit_events)
        .values((
            dsl::id.eq(id.as_str()),
            dsl::occurred_at_micros.eq(occurred_at.0),
            dsl::kind.eq(entry.spec.kind),
            dsl::outcome.eq(entry.outcome.as_str()),
            dsl::reason.eq(entry.reason),
            dsl::actor.eq(actor),
            dsl::about.eq(&entry.about),
            dsl::client_id.eq(entry.client_id.as_deref()),
            dsl::session_id.eq(entry.session_id.as_deref()),
            dsl::correlation_id.eq(&entry.origin.correlation_id),
            dsl::detail.eq(detail),
            dsl::origin_sealed.eq(origin_sealed),
            dsl::mac.eq(mac.to_vec()),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

const ORIGIN: Cell = Cell { table: "audit_events", column: "origin_sealed" };

/// Where a request came from, as it is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct KeptOrigin {
    /// The client's address.
    pub address: Option<IpAddr>,
    /// The browser's name of itself.
    pub user_agent: Option<String>,
}

fn seal_origin(tx: &mut WriteTx<'_>, tools: &Tools, id: &EventId, entry: &Entry) -> Result<Option<Vec<u8>>, StoreError> {
    if entry.origin.address.is_none() && entry.origin.user_agent.is_none() {
        return Ok(None);
    }
    let kept = KeptOrigin { address: entry.origin.address, user_agent: entry.origin.user_agent.clone() };
    let plain = serde_json::to_vec(&kept).map_err(unavailable)?;
    let key = match entry.owner() {
        Some(owner) => vault::find_data_key(tx, &tools.ring, owner)?,
        None => None,
    };
    match key {
        Some(key) => key.seal_in_row(ORIGIN, id.as_str(), &plain, tools.entropy()).map(Some),
        None => tools.ring.audit.seal(&plain, &format!("audit_events|origin|{id}"), tools.entropy()).map(Some).map_err(unavailable),
    }
}

/// Opens where an event came from; none when nobody knows, or its customer was erased.
fn open_origin(key: Option<&DataKey>, tools: &Tools, id: &str, sealed: &[u8]) -> Option<KeptOrigin> {
    let by_owner = key.and_then(|key| key.open_in_row(ORIGIN, id, sealed).ok());
    let plain = by_owner.or_else(|| tools.ring.audit.open(sealed, &format!("audit_events|origin|{id}")).ok().map(zeroize::Zeroizing::new))?;
    serde_json::from_slice(&plain).ok()
}

/// Where an event came from, as far as the installation's own keys open it: what belongs to a customer needs theirs.
///
/// # Errors
/// [`StoreError`].
pub fn find_origin(connection: &mut DbConnection, tools: &Tools, id: &str) -> Result<Option<KeptOrigin>, StoreError> {
    use audit_events::dsl;
    let sealed: Option<Option<Vec<u8>>> = dsl::audit_events.find(id).select(dsl::origin_sealed).first(connection).optional()?;
    Ok(sealed.flatten().and_then(|sealed| open_origin(None, tools, id, &sealed)))
}

/// The events about a customer, newest first, with where each came from.
///
/// # Errors
/// [`StoreError`].
pub fn list_about(connection: &mut DbConnection, tools: &Tools, customer: &str, page: &PageRequest) -> Result<Page<(RecordedEvent, Option<KeptOrigin>)>, StoreError> {
    use audit_events::dsl;
    let before = page.after.clone().unwrap_or_else(|| "~".to_owned());
    let mine = dsl::audit_events.filter(dsl::about.eq(format!("customer:{customer}"))).filter(dsl::id.lt(before)).order(dsl::id.desc()).limit(i64::from(page.limit) + 1);
    let rows: Vec<RecordedEvent> = mine.select(recorded!()).load(connection)?;
    let ids: Vec<&str> = rows.iter().map(|event| event.id.as_str()).collect();
    let sealed: Vec<(String, Option<Vec<u8>>)> = dsl::audit_events.filter(dsl::id.eq_any(ids)).select((dsl::id, dsl::origin_sealed)).load(connection)?;
    let mut sealed: BTreeMap<String, Vec<u8>> = sealed.into_iter().filter_map(|(id, sealed)| Some((id, sealed?))).collect();
    let key = vault::find_data_key(connection, &tools.ring, customer)?;
    let events = rows.into_iter().map(|event| {
        let origin = sealed.remove(&event.id).and_then(|sealed| open_origin(key.as_ref(), tools, &event.id, &sealed));
        (event, origin)
    });
    Ok(Page::cut(events.collect(), page.limit, |(event, _)| event.id.clone()))
}

/// Gives the next events, at most `limit`, their places in the chain; returns how many. One node at a time may do it.
///
/// # Errors
/// [`StoreError::Conflict`] when another node chained at the same moment: nothing was changed.
pub fn chain_events(tx: &mut WriteTx<'_>, key: &MacKey, limit: i64) -> Result<usize, StoreError> {
    use audit_events::dsl;
    let waiting: Vec<(String, Vec<u8>)> = dsl::audit_events.filter(dsl::position.is_null()).order(dsl::id).limit(limit).select((dsl::id, dsl::mac)).load(&mut **tx)?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let head: Option<(Option<i64>, Option<Vec<u8>>)> =
        dsl::audit_events.filter(dsl::position.is_not_null()).order(dsl::position.desc()).select((dsl::position, dsl::chain)).first(&mut **tx).optional()?;
    let (mut position, mut previous) = match head {
        Some((Some(position), Some(chain))) => (position, chain),
        _ => (0, chain::GENESIS.to_vec()),
    };
    let count = waiting.len();
    for (id, mac) in waiting {
        position += 1;
        previous = chain::link(key, &previous, position, &mac).to_vec();
        diesel::update(dsl::audit_events.filter(dsl::id.eq(&id)).filter(dsl::position.is_null()))
            .set((dsl::position.eq(Some(position)), dsl::chain.eq(Some(previous.as_slice()))))
            .execute(&mut **tx)?;
    }
    Ok(count)
}

/// What authenticates one event: a MAC over all its fields, in this order.
fn authenticator(key: &MacKey, fields: &[&[u8]; 12]) -> [u8; 32] {
    key.mac(fields)
}

type WholeRow = (String, i64, String, String, String, String, String, (Option<String>, Option<String>, String, String, Option<Vec<u8>>, Vec<u8>, Option<i64>, Option<Vec<u8>>));

/// Walks the chain from its beginning, at most `limit` events, and recomputes every authenticator and link. `Err` inside is the position of the first event that was altered, moved or removed; `Ok` how many hold.
///
/// # Errors
/// [`StoreError::Unavailable`].
pub fn verify_chain(connection: &mut DbConnection, key: &MacKey, limit: i64) -> Result<Result<i64, i64>, StoreError> {
    use audit_events::dsl;
    let rows: Vec<WholeRow> = dsl::audit_events
        .filter(dsl::position.is_not_null())
        .order(dsl::position)
        .limit(limit)
        .select((
            dsl::id,
            dsl::occurred_at_micros,
            dsl::kind,
            dsl::outcome,
            dsl::reason,
            dsl::actor,
            dsl::about,
            (dsl::client_id, dsl::session_id, dsl::correlation_id, dsl::detail, dsl::origin_sealed, dsl::mac, dsl::position, dsl::chain),
        ))
        .load(connection)?;
    let mut previous = chain::GENESIS.to_vec();
    let mut expected = 0;
    for (id, at, kind, outcome, reason, actor, about, (client, session, correlation, detail, origin, mac, position, link)) in rows {
        expected += 1;
        let computed = authenticator(
            key,
            &[
                id.as_bytes(),
                &at.to_be_bytes(),
                kind.as_bytes(),
                outcome.as_bytes(),
                reason.as_bytes(),
                actor.as_bytes(),
                about.as_bytes(),
                client.as_deref().unwrap_or_default().as_bytes(),
                session.as_deref().unwrap_or_default().as_bytes(),
                correlation.as_bytes(),
                detail.as_bytes(),
                origin.as_deref().unwrap_or_default(),
            ],
        );
        let next = chain::link(key, &previous, expected, &mac).to_vec();
        if position != Some(expected) || !constant_time_equal(&computed, &mac) || link.as_deref() != Some(next.as_slice()) {
            return Ok(Err(expected));
        }
        previous = next;
    }
    Ok(Ok(expected))
}

/// An event as read back, without what is sealed.
#[derive(Debug, Clone, serde::Serialize, Queryable)]
pub struct RecordedEvent {
    /// Its id.
    pub id: String,
    /// When, in microseconds since 1970.
    pub occurred_at_micros: i64,
    /// Its kind.
    pub kind: String,
    /// `success` or `refused`.
    pub outcome: String,
    /// Reason code.
    pub reason: String,
    /// Who.
    pub actor: String,
    /// Concerning what.
    pub about: String,
    /// The client concerned.
    pub client_id: Option<String>,
    /// The session concerned.
    pub session_id: Option<String>,
    /// The request's correlation id.
    pub correlation_id: String,
    /// Further facts, as JSON.
    pub detail: String,
    /// Its place in the chain.
    pub position: Option<i64>,
}

/// Events in the order of their ids.
///
/// # Errors
/// [`StoreError::Unavailable`].
pub fn list_events(connection: &mut DbConnection, page: &PageRequest) -> Result<Page<RecordedEvent>, StoreError> {
    use audit_events::dsl;
    let after = page.after.clone().unwrap_or_default();
    let rows: Vec<RecordedEvent> = dsl::audit_events.filter(dsl::id.gt(after)).order(dsl::id).limit(i64::from(page.limit) + 1).select(recorded!()).load(connection)?;
    Ok(Page::cut(rows, page.limit, |row| row.id.clone()))
}

/// The events of some kinds since `since`, in the order in which they happened, at most `limit`.
///
/// # Errors
/// [`StoreError::Unavailable`].
pub fn list_of_kinds(connection: &mut DbConnection, kinds: &[&str], since: UnixSeconds, limit: i64) -> Result<Vec<RecordedEvent>, StoreError> {
    use audit_events::dsl;
    let wanted = dsl::audit_events.filter(dsl::kind.eq_any(kinds)).filter(dsl::occurred_at_micros.ge(since.0.saturating_mul(1_000_000)));
    Ok(wanted.order(dsl::id).limit(limit).select(recorded!()).load(connection)?)
}
