//! The table of guests.

use diesel::prelude::*;

use super::GUEST_SECONDS;
use crate::base::encoding::base64url;
use crate::base::ids::ClientId;
use crate::base::random;
use crate::base::secret::Secret;
use crate::base::time::UnixSeconds;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;

mod tables {
    diesel::table! {
        guests (hash) { hash -> Binary, subject -> Text, client_id -> Text, created_at -> BigInt, expires_at -> BigInt, claimed_at -> Nullable<BigInt>, }
    }
}

use tables::guests;

/// Begins a guest of a client: its subject, and the token that lets whoever joins take it over. Only a hash of the token is kept.
///
/// # Errors
/// [`StoreError`].
pub fn insert_guest(tx: &mut WriteTx<'_>, tools: &Tools, client: &ClientId) -> Result<(String, Secret), StoreError> {
    use guests::dsl;
    let (subject, token, now) = (base64url(random::bytes::<16>(tools.entropy())), Secret::generate(tools.entropy()), tools.now());
    diesel::insert_into(dsl::guests)
        .values((
            dsl::hash.eq(token.hash().as_bytes()),
            dsl::subject.eq(&subject),
            dsl::client_id.eq(client.as_str()),
            dsl::created_at.eq(now.0),
            dsl::expires_at.eq(now.plus(GUEST_SECONDS).0),
        ))
        .execute(&mut **tx)?;
    Ok((subject, token))
}

/// Whether a guest of `client` with this token waits to become a customer.
///
/// # Errors
/// [`StoreError`].
pub fn is_waiting(connection: &mut DbConnection, token: &[u8], client: &ClientId, now: UnixSeconds) -> Result<bool, StoreError> {
    use guests::dsl;
    let row = dsl::guests.find(token).filter(dsl::client_id.eq(client.as_str())).filter(dsl::expires_at.gt(now.0)).filter(dsl::claimed_at.is_null());
    let found: Option<String> = row.select(dsl::subject).first(connection).optional()?;
    Ok(found.is_some())
}

/// Takes a guest's subject, once: of two who join with it at the same moment one gets it. None when it was taken, is too old, or is another client's.
///
/// # Errors
/// [`StoreError`].
pub fn claim_guest(tx: &mut WriteTx<'_>, token: &[u8], client: &ClientId, now: UnixSeconds) -> Result<Option<String>, StoreError> {
    use guests::dsl;
    let row = dsl::guests.find(token).filter(dsl::client_id.eq(client.as_str())).filter(dsl::expires_at.gt(now.0)).filter(dsl::claimed_at.is_null());
    Ok(diesel::update(row).set(dsl::claimed_at.eq(Some(now.0))).returning(dsl::subject).get_result(&mut **tx).optional()?)
}

/// Removes guests that expired before `before`.
///
/// # Errors
/// [`StoreError`].
pub fn sweep_guests(tx: &mut WriteTx<'_>, before: UnixSeconds, limit: i64) -> Result<usize, StoreError> {
    use guests::dsl;
    let old: Vec<Vec<u8>> = dsl::guests.filter(dsl::expires_at.lt(before.0)).select(dsl::hash).limit(limit).load(&mut **tx)?;
    Ok(diesel::delete(dsl::guests.filter(dsl::hash.eq_any(old))).execute(&mut **tx)?)
}
