//! The tables of who knows whom, and of how far the log was looked through.

use diesel::prelude::*;

use crate::base::ids::{ClientId, CustomerId};
use crate::base::time::UnixSeconds;
use crate::identity::customers;
use crate::platform::db::{DbConnection, StoreError, WriteTx};

mod tables {
    diesel::table! {
        known_subjects (client_id, customer_id) { client_id -> Text, customer_id -> Text, subject -> Text, since -> BigInt, }
    }
    diesel::table! {
        event_cursors (name) { name -> Text, position -> BigInt, }
    }
}

use tables::{event_cursors, known_subjects};

/// The cursor of what is told to shops.
const SHOPS: &str = "shops";

/// Notes that a client knows a customer from now on.
///
/// # Errors
/// [`StoreError`].
pub fn note_subject(tx: &mut WriteTx<'_>, client: &ClientId, customer: &CustomerId, now: UnixSeconds) -> Result<(), StoreError> {
    use known_subjects::dsl;
    let known: Option<i64> = dsl::known_subjects.find((client.as_str(), customer.as_str())).select(dsl::since).first(&mut **tx).optional()?;
    if known.is_some() {
        return Ok(());
    }
    let Some(subject) = customers::store::find_subject(tx, customer)? else { return Ok(()) };
    // Held, so that of two sign-ins at once one makes the row.
    customers::store::hold_row(tx, customer)?;
    let known: Option<i64> = dsl::known_subjects.find((client.as_str(), customer.as_str())).select(dsl::since).first(&mut **tx).optional()?;
    if known.is_none() {
        diesel::insert_into(dsl::known_subjects)
            .values((dsl::client_id.eq(client.as_str()), dsl::customer_id.eq(customer.as_str()), dsl::subject.eq(subject), dsl::since.eq(now.0)))
            .execute(&mut **tx)?;
    }
    Ok(())
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

/// Whether a client knows a customer.
///
/// # Errors
/// [`StoreError`].
pub fn is_known(connection: &mut DbConnection, client: &ClientId, customer: &CustomerId) -> Result<bool, StoreError> {
    use known_subjects::dsl;
    let known: Option<i64> = dsl::known_subjects.find((client.as_str(), customer.as_str())).select(dsl::since).first(connection).optional()?;
    Ok(known.is_some())
}

/// Customers that are looked through for one that a client knows by a name of its own.
const MAX_SEARCHED: i64 = 200_000;

/// The customer of whom `is_meant` says so, among those that a client knows.
///
/// # Errors
/// [`StoreError`].
pub fn find_by_told(connection: &mut DbConnection, client: &ClientId, is_meant: impl Fn(&str) -> bool) -> Result<Option<CustomerId>, StoreError> {
    use known_subjects::dsl;
    let theirs = dsl::known_subjects.filter(dsl::client_id.eq(client.as_str())).limit(MAX_SEARCHED);
    let rows: Vec<(String, String)> = theirs.select((dsl::customer_id, dsl::subject)).load(connection)?;
    let found = rows.into_iter().find(|(_, subject)| is_meant(subject));
    found.map(|(customer, _)| customer.parse().map_err(|_| StoreError::corrupt("known_subjects", "customer_id", customer.clone()))).transpose()
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
