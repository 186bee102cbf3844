//! The tables of streams, and of whom a stream is no longer told of.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::{Stream, Switcher};
use crate::base::ids::{ClientId, CustomerId, StreamId};
use crate::base::page::{Page, PageRequest};
use crate::base::time::UnixSeconds;
use crate::oauth::events::model::{EventKind, Method, StreamStatus};
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;

mod tables {
    diesel::table! {
        event_streams (id) {
            id -> Text, client_id -> Text, method -> Text, endpoint -> Nullable<Text>, authorization_sealed -> Nullable<Binary>, requested -> Text, description -> Nullable<Text>,
            status -> Text, status_reason -> Nullable<Text>, switched_by -> Text, secret_version -> BigInt, previous_secret_until -> Nullable<BigInt>,
            verified_at -> Nullable<BigInt>, created_at -> BigInt, updated_at -> BigInt,
        }
    }
    diesel::table! {
        removed_subjects (stream_id, customer_id) { stream_id -> Text, customer_id -> Text, }
    }
}

use tables::{event_streams, removed_subjects};

type Row = (String, String, String, Option<String>, String, Option<String>, (String, Option<String>, String), (i64, Option<i64>), Option<i64>, i64);

macro_rules! columns {
    () => {
        (
            event_streams::id,
            event_streams::client_id,
            event_streams::method,
            event_streams::endpoint,
            event_streams::requested,
            event_streams::description,
            (event_streams::status, event_streams::status_reason, event_streams::switched_by),
            (event_streams::secret_version, event_streams::previous_secret_until),
            event_streams::verified_at,
            event_streams::created_at,
        )
    };
}

fn read(
    (id, client, method, endpoint, requested, description, (status, status_reason, switched_by), (secret_version, previous), verified_at, created_at): Row,
) -> Result<Stream, StoreError> {
    let corrupt = |column| StoreError::corrupt("event_streams", column, id.clone());
    Ok(Stream {
        client: client.parse().map_err(|_| corrupt("client_id"))?,
        method: Method::parse(&method).ok_or_else(|| corrupt("method"))?,
        endpoint,
        requested: serde_json::from_str(&requested).map_err(|_| corrupt("requested"))?,
        description,
        status: StreamStatus::parse(&status).ok_or_else(|| corrupt("status"))?,
        status_reason,
        switched_by: if switched_by == Switcher::Client.as_str() { Switcher::Client } else { Switcher::House },
        secret_version,
        previous_secret_until: previous.map(UnixSeconds),
        verified_at: verified_at.map(UnixSeconds),
        created_at: UnixSeconds(created_at),
        id: id.parse().map_err(|_| corrupt("id"))?,
    })
}

fn written(requested: Option<&BTreeSet<EventKind>>) -> Result<String, StoreError> {
    serde_json::to_string(&requested).map_err(|error| StoreError::Unavailable(error.to_string()))
}

fn place(id: &StreamId) -> String {
    format!("event_streams|authorization|{id}")
}

fn sealed(tools: &Tools, id: &StreamId, authorization: Option<&str>) -> Result<Option<Vec<u8>>, StoreError> {
    let seal = |text: &str| tools.ring.outbox.seal(text.as_bytes(), &place(id), tools.entropy()).map_err(|error| StoreError::Unavailable(error.to_string()));
    authorization.map(seal).transpose()
}

/// Makes a stream.
///
/// # Errors
/// [`StoreError`].
pub fn insert_stream(tx: &mut WriteTx<'_>, tools: &Tools, stream: &Stream, authorization: Option<&str>) -> Result<(), StoreError> {
    use event_streams::dsl;
    diesel::insert_into(dsl::event_streams)
        .values((
            dsl::id.eq(stream.id.as_str()),
            dsl::client_id.eq(stream.client.as_str()),
            dsl::method.eq(stream.method.as_str()),
            dsl::endpoint.eq(stream.endpoint.as_deref()),
            dsl::authorization_sealed.eq(sealed(tools, &stream.id, authorization)?),
            dsl::requested.eq(written(stream.requested.as_ref())?),
            dsl::description.eq(stream.description.as_deref()),
            dsl::status.eq(stream.status.as_str()),
            dsl::status_reason.eq(stream.status_reason.as_deref()),
            dsl::switched_by.eq(stream.switched_by.as_str()),
            dsl::secret_version.eq(stream.secret_version),
            dsl::created_at.eq(stream.created_at.0),
            dsl::updated_at.eq(stream.created_at.0),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// A stream by id.
///
/// # Errors
/// [`StoreError`].
pub fn find_stream(connection: &mut DbConnection, id: &StreamId) -> Result<Option<Stream>, StoreError> {
    let row: Option<Row> = event_streams::table.find(id.as_str()).select(columns!()).first(connection).optional()?;
    row.map(read).transpose()
}

/// What is to stand in the header `Authorization` of what is sent over a stream.
///
/// # Errors
/// [`StoreError::Corrupt`] when it does not open.
pub fn find_authorization(connection: &mut DbConnection, tools: &Tools, id: &StreamId) -> Result<Option<String>, StoreError> {
    let sealed: Option<Option<Vec<u8>>> = event_streams::table.find(id.as_str()).select(event_streams::authorization_sealed).first(connection).optional()?;
    let corrupt = || StoreError::corrupt("event_streams", "authorization_sealed", id.as_str());
    let open = |sealed: Vec<u8>| tools.ring.outbox.open(&sealed, &place(id)).ok().and_then(|plain| String::from_utf8(plain).ok()).ok_or_else(corrupt);
    sealed.flatten().map(open).transpose()
}

/// The streams of a client. One that cannot be read is told of in the log, and holds up nobody else.
///
/// # Errors
/// [`StoreError`].
pub fn list_streams(connection: &mut DbConnection, client: &ClientId) -> Result<Vec<Stream>, StoreError> {
    let mine = event_streams::table.filter(event_streams::client_id.eq(client.as_str())).order(event_streams::id).limit(MAX_LISTED);
    let rows: Vec<Row> = mine.select(columns!()).load(connection)?;
    let readable = |row: Row| read(row).inspect_err(|error| tracing::error!(%error, "a stream cannot be read; it is told nothing"));
    Ok(rows.into_iter().map(readable).filter_map(Result::ok).collect())
}

/// Every stream, a page at a time.
///
/// # Errors
/// [`StoreError`].
pub fn list_page(connection: &mut DbConnection, page: &PageRequest) -> Result<Page<Stream>, StoreError> {
    let after = page.after.clone().unwrap_or_default();
    let wanted = event_streams::table.filter(event_streams::id.gt(after)).order(event_streams::id).limit(i64::from(page.limit) + 1);
    let rows: Vec<Row> = wanted.select(columns!()).load(connection)?;
    let streams = rows.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::cut(streams, page.limit, |stream| stream.id.to_string()))
}

/// The ids of streams to which nothing is sent: those that are held, and those whose receivers come for it.
///
/// # Errors
/// [`StoreError`].
pub fn list_held(connection: &mut DbConnection) -> Result<Vec<String>, StoreError> {
    let is_held = event_streams::status.ne(StreamStatus::Enabled.as_str()).or(event_streams::method.eq(Method::Poll.as_str()));
    Ok(event_streams::table.filter(is_held).order(event_streams::id).limit(MAX_HELD).select(event_streams::id).load(connection)?)
}

/// The ids of streams whose receivers come for it.
///
/// # Errors
/// [`StoreError`].
pub fn list_polled(connection: &mut DbConnection) -> Result<Vec<String>, StoreError> {
    Ok(event_streams::table
        .filter(event_streams::method.eq(Method::Poll.as_str()))
        .order(event_streams::id)
        .limit(MAX_HELD)
        .select(event_streams::id)
        .load(connection)?)
}

/// Streams of one client that are looked at.
const MAX_LISTED: i64 = 100;
/// Streams that are left out of what is sent.
const MAX_HELD: i64 = 10_000;

/// Keeps what is wanted of a stream, and where it goes. `authorization` replaces what was kept.
///
/// # Errors
/// [`StoreError`].
pub fn keep_stream(tx: &mut WriteTx<'_>, tools: &Tools, stream: &Stream, authorization: Option<&str>, now: UnixSeconds) -> Result<bool, StoreError> {
    use event_streams::dsl;
    let done = diesel::update(dsl::event_streams.find(stream.id.as_str()))
        .set((
            dsl::method.eq(stream.method.as_str()),
            dsl::endpoint.eq(stream.endpoint.as_deref()),
            dsl::authorization_sealed.eq(sealed(tools, &stream.id, authorization)?),
            dsl::requested.eq(written(stream.requested.as_ref())?),
            dsl::description.eq(stream.description.as_deref()),
            dsl::updated_at.eq(now.0),
        ))
        .execute(&mut **tx)?;
    Ok(done > 0)
}

/// Changes the status of a stream; false when it has it.
///
/// # Errors
/// [`StoreError`].
pub fn change_status(tx: &mut WriteTx<'_>, id: &StreamId, (status, by): (StreamStatus, Switcher), reason: Option<&str>, now: UnixSeconds) -> Result<bool, StoreError> {
    use event_streams::dsl;
    let other = dsl::event_streams.find(id.as_str()).filter(dsl::status.ne(status.as_str()));
    Ok(diesel::update(other)
        .set((dsl::status.eq(status.as_str()), dsl::status_reason.eq(reason), dsl::switched_by.eq(by.as_str()), dsl::updated_at.eq(now.0)))
        .execute(&mut **tx)?
        > 0)
}

/// Gives a stream its next secret; the one before signs too until `until`.
///
/// # Errors
/// [`StoreError`].
pub fn rotate_secret(tx: &mut WriteTx<'_>, id: &StreamId, from: i64, until: UnixSeconds, now: UnixSeconds) -> Result<bool, StoreError> {
    use event_streams::dsl;
    let mine = dsl::event_streams.find(id.as_str()).filter(dsl::secret_version.eq(from));
    Ok(diesel::update(mine).set((dsl::secret_version.eq(from + 1), dsl::previous_secret_until.eq(Some(until.0)), dsl::updated_at.eq(now.0))).execute(&mut **tx)? > 0)
}

/// Notes that a receiver asked for a verification; false when it did within `seconds`.
///
/// # Errors
/// [`StoreError`].
pub fn note_verification(tx: &mut WriteTx<'_>, id: &StreamId, seconds: i64, now: UnixSeconds) -> Result<bool, StoreError> {
    use event_streams::dsl;
    let is_due = dsl::verified_at.is_null().or(dsl::verified_at.le(now.plus(-seconds).0));
    Ok(diesel::update(dsl::event_streams.find(id.as_str()).filter(is_due)).set(dsl::verified_at.eq(Some(now.0))).execute(&mut **tx)? > 0)
}

/// Removes a stream.
///
/// # Errors
/// [`StoreError`].
pub fn remove_stream(tx: &mut WriteTx<'_>, id: &StreamId) -> Result<bool, StoreError> {
    Ok(diesel::delete(event_streams::table.find(id.as_str())).execute(&mut **tx)? > 0)
}

/// Whether a stream is no longer told of a customer.
///
/// # Errors
/// [`StoreError`].
pub fn is_removed(connection: &mut DbConnection, id: &StreamId, customer: &str) -> Result<bool, StoreError> {
    let found: Option<String> = removed_subjects::table.find((id.as_str(), customer)).select(removed_subjects::stream_id).first(connection).optional()?;
    Ok(found.is_some())
}

/// Tells a stream no longer of a customer.
///
/// # Errors
/// [`StoreError`].
pub fn remove_subject(tx: &mut WriteTx<'_>, id: &StreamId, customer: &CustomerId) -> Result<(), StoreError> {
    if !is_removed(tx, id, customer.as_str())? {
        diesel::insert_into(removed_subjects::table)
            .values((removed_subjects::stream_id.eq(id.as_str()), removed_subjects::customer_id.eq(customer.as_str())))
            .execute(&mut **tx)?;
    }
    Ok(())
}

/// Tells it of them again.
///
/// # Errors
/// [`StoreError`].
pub fn add_subject(tx: &mut WriteTx<'_>, id: &StreamId, customer: &CustomerId) -> Result<(), StoreError> {
    diesel::delete(removed_subjects::table.find((id.as_str(), customer.as_str()))).execute(&mut **tx)?;
    Ok(())
}

/// Forgets an erased customer.
///
/// # Errors
/// [`StoreError`].
pub fn forget_customer(tx: &mut WriteTx<'_>, customer: &str) -> Result<(), StoreError> {
    diesel::delete(removed_subjects::table.filter(removed_subjects::customer_id.eq(customer))).execute(&mut **tx)?;
    Ok(())
}
