//! The table of tickets, as hashes bound to their purpose.

use diesel::prelude::*;

use super::Purpose;
use crate::base::ids::CustomerId;
use crate::base::secret::Secret;
use crate::base::time::UnixSeconds;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;

mod tables {
    diesel::table! {
        tickets (hash) { hash -> Binary, purpose -> Text, customer_id -> Text, about -> Text, created_at -> BigInt, expires_at -> BigInt, used_at -> Nullable<BigInt>, }
    }
}

use tables::tickets;

/// What a ticket stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Whose it is.
    pub customer: CustomerId,
    /// What it is about: the id of a recovery, a change, or a message; may be empty.
    pub about: String,
    /// When it was made.
    pub created_at: UnixSeconds,
    /// When it was used.
    pub used_at: Option<UnixSeconds>,
}

fn hash(tools: &Tools, purpose: Purpose, secret: &Secret) -> Vec<u8> {
    tools.ring.pepper.mac(&[b"ticket", purpose.as_str().as_bytes(), secret.expose().as_bytes()]).to_vec()
}

/// Makes a ticket; its secret goes into a link and is kept nowhere.
///
/// # Errors
/// [`StoreError`].
pub fn insert_ticket(tx: &mut WriteTx<'_>, tools: &Tools, purpose: Purpose, customer: &CustomerId, about: &str) -> Result<Secret, StoreError> {
    use tickets::dsl;
    let (secret, now) = (Secret::generate(tools.entropy()), tools.now());
    diesel::insert_into(dsl::tickets)
        .values((
            dsl::hash.eq(hash(tools, purpose, &secret)),
            dsl::purpose.eq(purpose.as_str()),
            dsl::customer_id.eq(customer.as_str()),
            dsl::about.eq(about),
            dsl::created_at.eq(now.0),
            dsl::expires_at.eq(now.plus(purpose.seconds()).0),
        ))
        .execute(&mut **tx)?;
    Ok(secret)
}

type Row = (String, String, i64, Option<i64>);

/// The ticket with this secret, used or not, if it has not expired. Changes nothing.
///
/// # Errors
/// [`StoreError`].
pub fn find_ticket(connection: &mut DbConnection, tools: &Tools, purpose: Purpose, secret: &Secret) -> Result<Option<Ticket>, StoreError> {
    use tickets::dsl;
    let row: Option<Row> = dsl::tickets
        .find(hash(tools, purpose, secret))
        .filter(dsl::expires_at.gt(tools.now().0))
        .select((dsl::customer_id, dsl::about, dsl::created_at, dsl::used_at))
        .first(connection)
        .optional()?;
    row.map(|(customer, about, created_at, used_at)| {
        let customer = customer.parse().map_err(|_| StoreError::corrupt("tickets", "customer_id", customer.clone()))?;
        Ok(Ticket { customer, about, created_at: UnixSeconds(created_at), used_at: used_at.map(UnixSeconds) })
    })
    .transpose()
}

/// Takes a ticket, by one conditional update: of parallel tries one succeeds.
///
/// # Errors
/// [`StoreError`].
pub fn redeem_ticket(tx: &mut WriteTx<'_>, tools: &Tools, purpose: Purpose, secret: &Secret) -> Result<Option<Ticket>, StoreError> {
    use tickets::dsl;
    let Some(ticket) = find_ticket(tx, tools, purpose, secret)? else { return Ok(None) };
    let fresh = dsl::tickets.find(hash(tools, purpose, secret)).filter(dsl::used_at.is_null());
    let taken = diesel::update(fresh).set(dsl::used_at.eq(Some(tools.now().0))).execute(&mut **tx)?;
    Ok((taken > 0).then_some(ticket))
}

/// Makes the unused tickets of a customer for `purpose` void.
///
/// # Errors
/// [`StoreError`].
pub fn end_tickets(tx: &mut WriteTx<'_>, customer: &CustomerId, purpose: Purpose, now: UnixSeconds) -> Result<usize, StoreError> {
    use tickets::dsl;
    let open = dsl::tickets.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::purpose.eq(purpose.as_str())).filter(dsl::used_at.is_null());
    Ok(diesel::update(open).set(dsl::used_at.eq(Some(now.0))).execute(&mut **tx)?)
}

/// Whether a ticket of a customer's about `about` was used since `since`.
///
/// # Errors
/// [`StoreError`].
pub fn was_used(connection: &mut DbConnection, customer: &CustomerId, purpose: Purpose, about: &str, since: UnixSeconds) -> Result<bool, StoreError> {
    use tickets::dsl;
    let mine = dsl::tickets.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::purpose.eq(purpose.as_str())).filter(dsl::about.eq(about));
    Ok(mine.filter(dsl::used_at.gt(since.0)).select(dsl::created_at).first::<i64>(connection).optional()?.is_some())
}

/// Removes tickets that expired before `before`.
///
/// # Errors
/// [`StoreError`].
pub fn sweep_tickets(tx: &mut WriteTx<'_>, before: UnixSeconds, limit: i64) -> Result<usize, StoreError> {
    use tickets::dsl;
    let old: Vec<Vec<u8>> = dsl::tickets.filter(dsl::expires_at.lt(before.0)).select(dsl::hash).limit(limit).load(&mut **tx)?;
    Ok(diesel::delete(dsl::tickets.filter(dsl::hash.eq_any(old))).execute(&mut **tx)?)
}
