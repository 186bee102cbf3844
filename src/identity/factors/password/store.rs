//! The table of password credentials.

use diesel::prelude::*;

use super::foreign::store as foreign;
use super::{PhcHash, StoredHash};
use crate::base::ids::CustomerId;
use crate::base::time::UnixSeconds;
use crate::identity::customers;
use crate::platform::crypto::keyring::KeyRing;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;

mod tables {
    diesel::table! {
        password_credentials (customer_id) { customer_id -> Text, phc -> Text, updated_at -> BigInt, }
    }
    diesel::table! {
        password_history (customer_id, phc) { customer_id -> Text, phc -> Text, replaced_at -> BigInt, }
    }
}

use tables::{password_credentials, password_history};

/// The stored hash of a customer; `None` when there is no password.
///
/// # Errors
/// [`StoreError::Corrupt`] when it is not one that is written here.
pub fn find_hash(connection: &mut DbConnection, ring: &KeyRing, customer: &CustomerId) -> Result<Option<StoredHash>, StoreError> {
    // Both are looked for, so that an account with a hash of ours takes as long as nobody.
    let (ours, imported_at) = (find_ours(connection, customer)?, foreign::find_imported_at(connection, customer)?);
    match (ours, imported_at) {
        (Some(ours), _) => Ok(Some(StoredHash::Ours(ours))),
        (None, Some(_)) => Ok(foreign::find_foreign(connection, ring, customer)?.map(StoredHash::Foreign)),
        (None, None) => Ok(None),
    }
}

/// Whether the customer has a password, made here or elsewhere.
///
/// # Errors
/// [`StoreError`].
pub fn has_password(connection: &mut DbConnection, customer: &CustomerId) -> Result<bool, StoreError> {
    Ok(find_ours(connection, customer)?.is_some() || foreign::find_imported_at(connection, customer)?.is_some())
}

fn find_ours(connection: &mut DbConnection, customer: &CustomerId) -> Result<Option<PhcHash>, StoreError> {
    let phc: Option<String> = password_credentials::table.find(customer.as_str()).select(password_credentials::phc).first(connection).optional()?;
    phc.map(|phc| PhcHash::parse(&phc).ok_or_else(|| StoreError::corrupt("password_credentials", "phc", customer.as_str()))).transpose()
}

/// Sets the password of a customer, whether there was one or not; one that was made elsewhere is forgotten.
///
/// # Errors
/// [`StoreError`].
pub fn replace_hash(tx: &mut WriteTx<'_>, customer: &CustomerId, hash: &PhcHash, now: UnixSeconds) -> Result<(), StoreError> {
    use password_credentials::dsl;
    let phc = hash.to_phc();
    let done = diesel::update(dsl::password_credentials.find(customer.as_str())).set((dsl::phc.eq(&phc), dsl::updated_at.eq(now.0))).execute(&mut **tx)?;
    if done == 0 {
        diesel::insert_into(dsl::password_credentials)
            .values((dsl::customer_id.eq(customer.as_str()), dsl::phc.eq(&phc), dsl::updated_at.eq(now.0)))
            .execute(&mut **tx)?;
        // Whoever has a hash of ours has no other one.
        foreign::remove_foreign(tx, customer)?;
    }
    Ok(())
}

/// Replaces the hash of a password that stays the same: it is as old as it was.
///
/// # Errors
/// [`StoreError`].
pub fn renew_hash(tx: &mut WriteTx<'_>, customer: &CustomerId, hash: &PhcHash, now: UnixSeconds) -> Result<(), StoreError> {
    let since = find_updated_at(tx, customer)?.unwrap_or(now);
    replace_hash(tx, customer, hash, since)
}

/// Brings back what was stored of a password, or that there was none.
///
/// # Errors
/// [`StoreError`].
pub fn restore_hash(tx: &mut WriteTx<'_>, tools: &Tools, customer: &CustomerId, hash: Option<&StoredHash>) -> Result<(), StoreError> {
    match hash {
        Some(StoredHash::Ours(hash)) => replace_hash(tx, customer, hash, tools.now()),
        Some(StoredHash::Foreign(hash)) => {
            remove_password(tx, customer)?;
            foreign::insert_foreign(tx, tools, customer, hash)
        }
        None => remove_password(tx, customer).map(drop),
    }
}

/// The present password of a customer, and the last ones before it: at most `limit` together.
///
/// # Errors
/// [`StoreError::Corrupt`] when one is not a PHC string of ours.
pub fn list_history(connection: &mut DbConnection, ring: &KeyRing, customer: &CustomerId, limit: usize) -> Result<Vec<StoredHash>, StoreError> {
    use password_history::dsl;
    if limit == 0 {
        return Ok(Vec::new());
    }
    let mut hashes: Vec<StoredHash> = find_hash(connection, ring, customer)?.into_iter().collect();
    let before: Vec<String> = dsl::password_history
        .filter(dsl::customer_id.eq(customer.as_str()))
        .order(dsl::replaced_at.desc())
        .limit(i64::try_from(limit - 1).unwrap_or(0))
        .select(dsl::phc)
        .load(connection)?;
    for phc in before {
        hashes.push(PhcHash::parse(&phc).map(StoredHash::Ours).ok_or_else(|| StoreError::corrupt("password_history", "phc", customer.as_str()))?);
    }
    Ok(hashes)
}

/// Keeps the present password in the history, with the `limit - 2` before it, as a change is about to replace it. One that another product hashed is not kept: its hash may be weak, and lies sealed where it is.
///
/// # Errors
/// [`StoreError`].
pub fn keep_in_history(tx: &mut WriteTx<'_>, customer: &CustomerId, limit: usize, now: UnixSeconds) -> Result<(), StoreError> {
    use password_history::dsl;
    let kept = i64::try_from(limit.saturating_sub(1)).unwrap_or(0);
    if kept > 0
        && let Some(present) = find_ours(tx, customer)?
    {
        diesel::insert_into(dsl::password_history)
            .values((dsl::customer_id.eq(customer.as_str()), dsl::phc.eq(present.to_phc()), dsl::replaced_at.eq(now.0)))
            .execute(&mut **tx)?;
    }
    let mine = dsl::password_history.filter(dsl::customer_id.eq(customer.as_str()));
    let too_old: Vec<String> = mine.order(dsl::replaced_at.desc()).offset(kept).limit(100).select(dsl::phc).load(&mut **tx)?;
    diesel::delete(mine.filter(dsl::phc.eq_any(too_old))).execute(&mut **tx)?;
    Ok(())
}

/// Removes the password of a customer and those before it; false when there is none.
///
/// # Errors
/// [`StoreError`].
pub fn remove_password(tx: &mut WriteTx<'_>, customer: &CustomerId) -> Result<bool, StoreError> {
    diesel::delete(password_history::table.filter(password_history::customer_id.eq(customer.as_str()))).execute(&mut **tx)?;
    let has_foreign = foreign::remove_foreign(tx, customer)?;
    Ok(diesel::delete(password_credentials::table.find(customer.as_str())).execute(&mut **tx)? > 0 || has_foreign)
}

/// When the password of a customer was set; none when there is none.
///
/// # Errors
/// [`StoreError`].
pub fn find_updated_at(connection: &mut DbConnection, customer: &CustomerId) -> Result<Option<UnixSeconds>, StoreError> {
    let at: Option<i64> = password_credentials::table.find(customer.as_str()).select(password_credentials::updated_at).first(connection).optional()?;
    match at {
        Some(at) => Ok(Some(UnixSeconds(at))),
        // One that came from elsewhere is as old as its account: when it was set there, nobody says.
        None if foreign::find_imported_at(connection, customer)?.is_some() => customers::details::store::find_created_at(connection, customer),
        None => Ok(None),
    }
}
