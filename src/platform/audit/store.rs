//! The table of audit events: append-only. Each event gets its place in the log a moment later, by one node, so that writers never queue for its end.

use std::collections::BTreeMap;
use std::net::IpAddr;

use diesel::prelude::*;
use serde_json::value::RawValue;

use super::entry_text::LoggedEvent;
use super::event::{Actor, Entry};
use crate::base::encoding::base64url;
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
            origin_sealed -> Nullable<Binary>, note_sealed -> Nullable<Binary>, mac -> Binary, position -> Nullable<BigInt>, leaf -> Nullable<Binary>,
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

macro_rules! whole {
    () => {
        (
            audit_events::id,
            audit_events::occurred_at_micros,
            audit_events::kind,
            audit_events::outcome,
            audit_events::reason,
            audit_events::actor,
            audit_events::about,
            (audit_events::client_id, audit_events::session_id, audit_events::correlation_id, audit_events::detail),
            (audit_events::origin_sealed, audit_events::note_sealed, audit_events::mac, audit_events::position, audit_events::leaf),
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
    let (origin_sealed, note_sealed) = (seal_origin(tx, tools, &id, entry)?, seal_note(tx, tools, &id, entry)?);
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
        note_sealed.as_deref(),
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
            dsl::note_sealed.eq(note_sealed),
            dsl::mac.eq(mac.to_vec()),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

const ORIGIN: Cell = Cell { table: "audit_events", column: "origin_sealed" };
const NOTE: Cell = Cell { table: "audit_events", column: "note_sealed" };

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
    // Where staff acted from is theirs, not the customer's whom they looked after.
    let key = match entry.owner().filter(|_| !matches!(entry.actor, Actor::Staff(_))) {
        Some(owner) => vault::find_data_key(tx, &tools.ring, owner)?,
        None => None,
    };
    match key {
        Some(key) => key.seal_in_row(ORIGIN, id.as_str(), &plain, tools.entropy()).map(Some),
        None => tools.ring.audit.seal(&plain, &format!("audit_events|origin|{id}"), tools.entropy()).map(Some).map_err(unavailable),
    }
}

fn seal_note(tx: &mut WriteTx<'_>, tools: &Tools, id: &EventId, entry: &Entry) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(note) = &entry.note else { return Ok(None) };
    let key = match entry.owner() {
        Some(owner) => vault::find_data_key(tx, &tools.ring, owner)?,
        None => None,
    };
    match key {
        Some(key) => key.seal_in_row(NOTE, id.as_str(), note.as_bytes(), tools.entropy()).map(Some),
        None => tools.ring.audit.seal(note.as_bytes(), &format!("audit_events|note|{id}"), tools.entropy()).map(Some).map_err(unavailable),
    }
}

/// Events that somebody wrote a note to, in the order of their ids, with whom they are about.
///
/// # Errors
/// [`StoreError`].
pub fn list_noted(connection: &mut DbConnection, page: &PageRequest) -> Result<Page<(String, String)>, StoreError> {
    use audit_events::dsl;
    let after = page.after.clone().unwrap_or_default();
    let noted = dsl::audit_events.filter(dsl::note_sealed.is_not_null()).filter(dsl::id.gt(after)).order(dsl::id).select((dsl::id, dsl::about));
    Ok(Page::cut(noted.limit(i64::from(page.limit) + 1).load(connection)?, page.limit, |(id, _): &(String, String)| id.clone()))
}

/// What was written about those of the events `ids` that concern `customer`, by their ids; about nobody in particular without one.
///
/// # Errors
/// [`StoreError`].
pub fn list_notes(connection: &mut DbConnection, tools: &Tools, customer: Option<&str>, ids: &[String]) -> Result<BTreeMap<String, String>, StoreError> {
    use audit_events::dsl;
    let rows: Vec<(String, Option<Vec<u8>>)> =
        dsl::audit_events.filter(dsl::id.eq_any(ids)).filter(dsl::note_sealed.is_not_null()).select((dsl::id, dsl::note_sealed)).load(connection)?;
    let key = match customer {
        Some(customer) => vault::find_data_key(connection, &tools.ring, customer)?,
        None => None,
    };
    let open = |id: &str, sealed: &[u8]| {
        let by_owner = key.as_ref().and_then(|key| key.open_in_row(NOTE, id, sealed).ok());
        let plain = by_owner.or_else(|| tools.ring.audit.open(sealed, &format!("audit_events|note|{id}")).ok().map(zeroize::Zeroizing::new))?;
        std::str::from_utf8(&plain).ok().map(str::to_owned)
    };
    Ok(rows.into_iter().filter_map(|(id, sealed)| open(&id, &sealed?).map(|note| (id, note))).collect())
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
        let is_theirs = !event.actor.starts_with("staff:");
        let origin = sealed.remove(&event.id).filter(|_| is_theirs).and_then(|sealed| open_origin(key.as_ref(), tools, &event.id, &sealed));
        (event, origin)
    });
    Ok(Page::cut(events.collect(), page.limit, |(event, _)| event.id.clone()))
}

/// The next events behind the id `after` that have no place in the log yet, oldest first.
///
/// # Errors
/// [`StoreError`].
pub fn list_unplaced(connection: &mut DbConnection, after: &str, limit: i64) -> Result<Vec<WholeEvent>, StoreError> {
    let rows: Vec<WholeRow> = audit_events::table
        .filter(audit_events::position.is_null())
        .filter(audit_events::id.gt(after))
        .order(audit_events::id)
        .limit(limit)
        .select(whole!())
        .load(connection)?;
    rows.into_iter().map(read_whole).collect()
}

/// Events from the place `from` on, in the order of the log.
///
/// # Errors
/// [`StoreError`].
pub fn list_placed(connection: &mut DbConnection, from: i64, limit: i64) -> Result<Vec<WholeEvent>, StoreError> {
    let rows: Vec<WholeRow> = audit_events::table.filter(audit_events::position.ge(from)).order(audit_events::position).limit(limit).select(whole!()).load(connection)?;
    rows.into_iter().map(read_whole).collect()
}

/// Gives an event its place; false when it has one.
///
/// # Errors
/// [`StoreError::Conflict`] when another event has that place.
pub fn place(tx: &mut WriteTx<'_>, id: &str, position: i64, leaf: &[u8]) -> Result<bool, StoreError> {
    use audit_events::dsl;
    let open = dsl::audit_events.find(id).filter(dsl::position.is_null());
    Ok(diesel::update(open).set((dsl::position.eq(Some(position)), dsl::leaf.eq(Some(leaf)))).execute(&mut **tx)? > 0)
}

/// How many events have their place: the place of the last one.
///
/// # Errors
/// [`StoreError`].
pub fn count_placed(connection: &mut DbConnection) -> Result<i64, StoreError> {
    use audit_events::dsl;
    let last: Option<Option<i64>> = dsl::audit_events.filter(dsl::position.is_not_null()).order(dsl::position.desc()).select(dsl::position).first(connection).optional()?;
    Ok(last.flatten().unwrap_or(0))
}

/// The leaf at a place.
///
/// # Errors
/// [`StoreError`].
pub fn find_leaf(connection: &mut DbConnection, position: i64) -> Result<Option<Vec<u8>>, StoreError> {
    let found: Option<Option<Vec<u8>>> = audit_events::table.filter(audit_events::position.eq(position)).select(audit_events::leaf).first(connection).optional()?;
    Ok(found.flatten())
}

/// Removes the events at the places from `from` to `to`.
///
/// # Errors
/// [`StoreError`].
pub(super) fn remove_placed(tx: &mut WriteTx<'_>, from: i64, to: i64) -> Result<usize, StoreError> {
    Ok(diesel::delete(audit_events::table.filter(audit_events::position.between(from, to))).execute(&mut **tx)?)
}

/// The last events of a kind, the newest first.
///
/// # Errors
/// [`StoreError`].
pub fn list_last_of_kind(connection: &mut DbConnection, kind: &str, limit: i64) -> Result<Vec<WholeEvent>, StoreError> {
    let rows: Vec<WholeRow> = audit_events::table.filter(audit_events::kind.eq(kind)).order(audit_events::id.desc()).limit(limit).select(whole!()).load(connection)?;
    rows.into_iter().map(read_whole).collect()
}

/// What authenticates one event: a MAC over all its fields, in this order; over the note where there is one.
fn authenticator(key: &MacKey, fields: &[&[u8]; 12], note: Option<&[u8]>) -> [u8; 32] {
    match note {
        Some(note) => key.mac(&[fields.as_slice(), &[note]].concat()),
        None => key.mac(fields),
    }
}

/// An event with everything that is kept of it.
pub struct WholeEvent {
    /// As the log holds it; its position is 0 while it has none.
    pub logged: LoggedEvent,
    origin: Option<Vec<u8>>,
    note: Option<Vec<u8>>,
    mac: Vec<u8>,
    leaf: Option<Vec<u8>>,
}

impl WholeEvent {
    /// Whether this installation recorded it as it stands: its authenticator holds, and its leaf is its own.
    pub fn is_genuine(&self, key: &MacKey) -> bool {
        let event = &self.logged;
        let fields: [&[u8]; 12] = [
            event.id.as_bytes(),
            &event.time_micros.to_be_bytes(),
            event.kind.as_bytes(),
            event.outcome.as_bytes(),
            event.reason.as_bytes(),
            event.actor.as_bytes(),
            event.about.as_bytes(),
            event.client_id.as_deref().unwrap_or_default().as_bytes(),
            event.session_id.as_deref().unwrap_or_default().as_bytes(),
            event.correlation_id.as_bytes(),
            event.detail.get().as_bytes(),
            self.origin.as_deref().unwrap_or_default(),
        ];
        let is_own = event.leaf().ok().is_some_and(|leaf| self.leaf.as_deref() == Some(leaf.as_slice()));
        constant_time_equal(&authenticator(key, &fields, self.note.as_deref()), &self.mac) && (is_own || event.position == 0)
    }
}

type Sealed = (Option<Vec<u8>>, Option<Vec<u8>>, Vec<u8>, Option<i64>, Option<Vec<u8>>);
type WholeRow = (String, i64, String, String, String, String, String, (Option<String>, Option<String>, String, String), Sealed);

fn read_whole((id, time_micros, kind, outcome, reason, actor, about, (client_id, session_id, correlation_id, detail), sealed): WholeRow) -> Result<WholeEvent, StoreError> {
    let (origin, note, mac, position, leaf) = sealed;
    let detail = RawValue::from_string(detail).map_err(|_| StoreError::corrupt("audit_events", "detail", id.clone()))?;
    let (origin_sealed, note_sealed) = (origin.as_ref().map(base64url), note.as_ref().map(base64url));
    let position = position.unwrap_or(0);
    let logged = LoggedEvent { position, id, time_micros, kind, outcome, reason, actor, about, client_id, session_id, correlation_id, detail, origin_sealed, note_sealed };
    Ok(WholeEvent { logged, origin, note, mac, leaf })
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
    /// Its place in the log.
    pub position: Option<i64>,
}

/// Which events are looked for.
#[derive(Debug, Clone, Default)]
pub struct EventFilter {
    /// Only of this kind.
    pub kind: Option<String>,
    /// Only concerning this.
    pub about: Option<String>,
    /// Only by this one.
    pub actor: Option<String>,
    /// Only from then on.
    pub since: Option<UnixSeconds>,
    /// Only before.
    pub until: Option<UnixSeconds>,
}

/// The events that `filter` lets through, newest first.
///
/// # Errors
/// [`StoreError`].
pub fn search(connection: &mut DbConnection, filter: &EventFilter, page: &PageRequest) -> Result<Page<RecordedEvent>, StoreError> {
    use audit_events::dsl;
    let before = page.after.clone().unwrap_or_else(|| "~".to_owned());
    let mut found = dsl::audit_events.filter(dsl::id.lt(before)).select(recorded!()).into_boxed();
    if let Some(kind) = &filter.kind {
        found = found.filter(dsl::kind.eq(kind));
    }
    if let Some(about) = &filter.about {
        found = found.filter(dsl::about.eq(about));
    }
    if let Some(actor) = &filter.actor {
        found = found.filter(dsl::actor.eq(actor));
    }
    if let Some(since) = filter.since {
        found = found.filter(dsl::occurred_at_micros.ge(since.0.saturating_mul(1_000_000)));
    }
    if let Some(until) = filter.until {
        found = found.filter(dsl::occurred_at_micros.lt(until.0.saturating_mul(1_000_000)));
    }
    let rows: Vec<RecordedEvent> = found.order(dsl::id.desc()).limit(i64::from(page.limit) + 1).load(connection)?;
    Ok(Page::cut(rows, page.limit, |row| row.id.clone()))
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
