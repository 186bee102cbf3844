//! The tables of who knows whom, and of how far the log was looked through.

use diesel::prelude::*;

use crate::base::ids::{ClientId, CustomerId, SessionId};
use crate::base::time::UnixSeconds;
use crate::platform::db::{DbConnection, StoreError, WriteTx};

mod tables {
    diesel::table! {
        known_subjects (client_id, customer_id) { client_id -> Text, customer_id -> Text, subject -> Text, told -> Nullable<Text>, since -> BigInt, }
    }
    diesel::table! {
        session_clients (session_id, client_id) { session_id -> Text, client_id -> Text, }
    }
    diesel::table! {
        event_cursors (name) { name -> Text, position -> BigInt, }
    }
}

use tables::{event_cursors, known_subjects, session_clients};

/// The cursor of what is told to shops.
const SHOPS: &str = "shops";

/// Notes that a client knows a customer from now on: by `subject` in this installation, told as `told`.
///
/// # Errors
/// [`StoreError`].
pub fn note_subject(tx: &mut WriteTx<'_>, client: &ClientId, customer: &CustomerId, (subject, told): (&str, &str), now: UnixSeconds) -> Result<(), StoreError> {
    use known_subjects::dsl;
    let mine = dsl::known_subjects.find((client.as_str(), customer.as_str()));
    match mine.select(dsl::told).first::<Option<String>>(&mut **tx).optional()? {
        Some(before) if before.as_deref() == Some(told) => {}
        Some(_) => {
            diesel::update(mine).set((dsl::subject.eq(subject), dsl::told.eq(Some(told)))).execute(&mut **tx)?;
        }
        None => {
            diesel::insert_into(dsl::known_subjects)
                .values((dsl::client_id.eq(client.as_str()), dsl::customer_id.eq(customer.as_str()), dsl::subject.eq(subject), dsl::told.eq(Some(told)), dsl::since.eq(now.0)))
                .execute(&mut **tx)?;
        }
    }
    Ok(())
}

/// Notes that a session signed its customer in to a client.
///
/// # Errors
/// [`StoreError`].
pub fn note_session(tx: &mut WriteTx<'_>, session: &SessionId, client: &ClientId) -> Result<(), StoreError> {
    use session_clients::dsl;
    if !is_session_noted(tx, session, client)? {
        diesel::insert_into(dsl::session_clients).values((dsl::session_id.eq(session.as_str()), dsl::client_id.eq(client.as_str()))).execute(&mut **tx)?;
    }
    Ok(())
}

/// Whether it is noted that a client knows a customer, by this name.
///
/// # Errors
/// [`StoreError`].
pub fn is_noted(connection: &mut DbConnection, client: &ClientId, customer: &CustomerId, told: &str) -> Result<bool, StoreError> {
    let mine = known_subjects::table.find((client.as_str(), customer.as_str())).select(known_subjects::told);
    Ok(mine.first::<Option<String>>(connection).optional()?.flatten().as_deref() == Some(told))
}

/// Whether it is noted that a session signed its customer in to a client.
///
/// # Errors
/// [`StoreError`].
pub fn is_session_noted(connection: &mut DbConnection, session: &SessionId, client: &ClientId) -> Result<bool, StoreError> {
    let mine = session_clients::table.find((session.as_str(), client.as_str())).select(session_clients::client_id);
    Ok(mine.first::<String>(connection).optional()?.is_some())
}

/// The clients that a session signed its customer in to.
///
/// # Errors
/// [`StoreError`].
pub fn list_clients_of_session(connection: &mut DbConnection, session: &str) -> Result<Vec<ClientId>, StoreError> {
    use session_clients::dsl;
    let rows: Vec<String> = dsl::session_clients.filter(dsl::session_id.eq(session)).select(dsl::client_id).order(dsl::client_id).load(connection)?;
    Ok(rows.iter().filter_map(|client| readable(client)).collect())
}

/// An id as it is kept; one that cannot be read is told of in the log, and holds up nobody else.
fn readable(client: &str) -> Option<ClientId> {
    let parsed = client.parse().ok();
    if parsed.is_none() {
        tracing::error!("the id of a client cannot be read; it is told nothing");
    }
    parsed
}

/// The clients that know a customer, and the subject that they are told, before it is made theirs.
///
/// # Errors
/// [`StoreError`].
pub fn list_knowers(connection: &mut DbConnection, customer: &str) -> Result<Vec<(ClientId, String)>, StoreError> {
    use known_subjects::dsl;
    let rows: Vec<(String, String)> = dsl::known_subjects.filter(dsl::customer_id.eq(customer)).order(dsl::client_id).select((dsl::client_id, dsl::subject)).load(connection)?;
    rows.into_iter()
        .map(|(client, subject)| Ok((client.parse().map_err(|_| StoreError::corrupt("known_subjects", "client_id", client.clone()))?, subject)))
        .collect()
}

/// The customer whom a client knows by this name.
///
/// # Errors
/// [`StoreError`].
pub fn find_by_told(connection: &mut DbConnection, client: &ClientId, told: &str) -> Result<Option<CustomerId>, StoreError> {
    use known_subjects::dsl;
    let theirs = dsl::known_subjects.filter(dsl::client_id.eq(client.as_str())).filter(dsl::told.eq(told));
    let found: Option<String> = theirs.select(dsl::customer_id).first(connection).optional()?;
    found.map(|customer| customer.parse().map_err(|_| StoreError::corrupt("known_subjects", "customer_id", customer.clone()))).transpose()
}

/// Forgets that a client knows a customer: nothing is shared with it any longer.
///
/// # Errors
/// [`StoreError`].
pub fn forget_subject(tx: &mut WriteTx<'_>, client: &str, customer: &str) -> Result<(), StoreError> {
    diesel::delete(known_subjects::table.find((client, customer))).execute(&mut **tx)?;
    Ok(())
}

/// Forgets that anybody knows an erased customer.
///
/// # Errors
/// [`StoreError`].
pub fn forget_customer(tx: &mut WriteTx<'_>, customer: &str) -> Result<(), StoreError> {
    diesel::delete(known_subjects::table.filter(known_subjects::customer_id.eq(customer))).execute(&mut **tx)?;
    Ok(())
}

/// The place in the log up to which it was looked through.
///
/// # Errors
/// [`StoreError`].
pub fn find_cursor(connection: &mut DbConnection) -> Result<i64, StoreError> {
    Ok(event_cursors::table.find(SHOPS).select(event_cursors::position).first(connection).optional()?.unwrap_or(0))
}

/// Moves on from `before` to `after`; false when another node did.
///
/// # Errors
/// [`StoreError`].
pub fn move_cursor(tx: &mut WriteTx<'_>, before: i64, after: i64) -> Result<bool, StoreError> {
    let mine = event_cursors::table.find(SHOPS).filter(event_cursors::position.eq(before));
    Ok(diesel::update(mine).set(event_cursors::position.eq(after)).execute(&mut **tx)? > 0)
}
