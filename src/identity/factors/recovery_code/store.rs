//! The table of recovery codes: only their MACs under a key of the installation.

use diesel::prelude::*;
use zeroize::Zeroizing;

use super::super::CodeRefused;
use super::rules::{CODES, generate, normal};
use crate::base::ids::CustomerId;
use crate::base::time::UnixSeconds;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;

mod tables {
    diesel::table! {
        recovery_codes (customer_id, hash) { customer_id -> Text, hash -> Binary, created_at -> BigInt, used_at -> Nullable<BigInt>, confirmed_at -> Nullable<BigInt>, }
    }
}

use tables::recovery_codes;

fn hash(tools: &Tools, customer: &CustomerId, code: &str) -> Vec<u8> {
    tools.ring.pepper.mac(&[b"recovery-code", customer.as_str().as_bytes(), code.as_bytes()]).to_vec()
}

/// Gives the customer a new set; the old one is void. The codes are shown once and kept nowhere.
///
/// # Errors
/// [`StoreError`].
pub fn replace_codes(tx: &mut WriteTx<'_>, tools: &Tools, customer: &CustomerId) -> Result<Vec<Zeroizing<String>>, StoreError> {
    use recovery_codes::dsl;
    delete_codes(tx, customer)?;
    let codes: Vec<Zeroizing<String>> = (0..CODES).map(|_| generate(tools.entropy())).collect();
    for code in &codes {
        diesel::insert_into(dsl::recovery_codes)
            .values((dsl::customer_id.eq(customer.as_str()), dsl::hash.eq(hash(tools, customer, code)), dsl::created_at.eq(tools.now().0)))
            .execute(&mut **tx)?;
    }
    Ok(codes)
}

/// Makes the customer's codes void, as when there is no factor left that they could stand in for.
///
/// # Errors
/// [`StoreError`].
pub fn delete_codes(tx: &mut WriteTx<'_>, customer: &CustomerId) -> Result<usize, StoreError> {
    use recovery_codes::dsl;
    Ok(diesel::delete(dsl::recovery_codes.filter(dsl::customer_id.eq(customer.as_str()))).execute(&mut **tx)?)
}

/// Makes the customer's codes void that were given out at `since` or later; how many.
///
/// # Errors
/// [`StoreError`].
pub fn delete_codes_since(tx: &mut WriteTx<'_>, customer: &CustomerId, since: UnixSeconds) -> Result<usize, StoreError> {
    use recovery_codes::dsl;
    let new = dsl::recovery_codes.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::created_at.ge(since.0));
    Ok(diesel::delete(new).execute(&mut **tx)?)
}

/// The customer says that the codes are kept in a safe place.
///
/// # Errors
/// [`StoreError`].
pub fn confirm_codes(tx: &mut WriteTx<'_>, customer: &CustomerId, now: UnixSeconds) -> Result<usize, StoreError> {
    use recovery_codes::dsl;
    let mine = dsl::recovery_codes.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::confirmed_at.is_null());
    Ok(diesel::update(mine).set(dsl::confirmed_at.eq(Some(now.0))).execute(&mut **tx)?)
}

/// Whether the customer got codes and said that they are kept.
///
/// # Errors
/// [`StoreError`].
pub fn are_confirmed(connection: &mut DbConnection, customer: &CustomerId) -> Result<bool, StoreError> {
    use recovery_codes::dsl;
    let kept = dsl::recovery_codes.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::confirmed_at.is_not_null());
    let found: Option<i64> = kept.select(dsl::created_at).first(connection).optional()?;
    Ok(found.is_some())
}

/// How many codes the customer has left.
///
/// # Errors
/// [`StoreError`].
pub fn count_left(connection: &mut DbConnection, customer: &CustomerId) -> Result<i64, StoreError> {
    use recovery_codes::dsl;
    Ok(dsl::recovery_codes.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::used_at.is_null()).count().get_result(connection)?)
}

/// Takes a code, by one conditional update: of parallel tries one succeeds.
///
/// # Errors
/// [`StoreError`].
pub fn redeem_code(tx: &mut WriteTx<'_>, tools: &Tools, customer: &CustomerId, typed: &str) -> Result<Result<(), CodeRefused>, StoreError> {
    use recovery_codes::dsl;
    let Some(code) = normal(typed) else { return Ok(Err(CodeRefused::Malformed)) };
    let hash = hash(tools, customer, &code);
    let mine = || dsl::recovery_codes.find((customer.as_str(), hash.as_slice()));
    let taken = diesel::update(mine().filter(dsl::used_at.is_null())).set(dsl::used_at.eq(Some(tools.now().0))).execute(&mut **tx)?;
    if taken > 0 {
        return Ok(Ok(()));
    }
    let known: Option<i64> = mine().select(dsl::created_at).first(&mut **tx).optional()?;
    Ok(Err(if known.is_some() { CodeRefused::Used } else { CodeRefused::Wrong }))
}

/// A row as it stands, for a snapshot.
#[derive(Clone, serde::Serialize, serde::Deserialize, Queryable, Insertable)]
#[diesel(table_name = recovery_codes)]
pub struct KeptCode {
    customer_id: String,
    hash: Vec<u8>,
    created_at: i64,
    used_at: Option<i64>,
    confirmed_at: Option<i64>,
}

/// Every row of a customer, for a snapshot.
///
/// # Errors
/// [`StoreError`].
pub fn keep_rows(connection: &mut DbConnection, customer: &CustomerId) -> Result<Vec<KeptCode>, StoreError> {
    Ok(recovery_codes::table.filter(recovery_codes::customer_id.eq(customer.as_str())).load(connection)?)
}

/// Brings back the set that was there when `kept` was taken. A code that was used since stays used.
///
/// # Errors
/// [`StoreError`].
pub fn restore_rows(tx: &mut WriteTx<'_>, customer: &CustomerId, kept: &[KeptCode]) -> Result<usize, StoreError> {
    let mine = recovery_codes::table.filter(recovery_codes::customer_id.eq(customer.as_str()));
    let hashes: Vec<&[u8]> = kept.iter().map(|row| row.hash.as_slice()).collect();
    let mut changed = diesel::delete(mine.filter(recovery_codes::hash.ne_all(hashes))).execute(&mut **tx)?;
    let present: Vec<Vec<u8>> = mine.select(recovery_codes::hash).load(&mut **tx)?;
    for row in kept.iter().filter(|row| row.customer_id == customer.as_str() && !present.contains(&row.hash)) {
        changed += diesel::insert_into(recovery_codes::table).values(row.clone()).execute(&mut **tx)?;
    }
    Ok(changed)
}

/// When the recovery codes of a customer were given out; none when there are none.
///
/// # Errors
/// [`StoreError`].
pub fn find_given_at(connection: &mut DbConnection, customer: &CustomerId) -> Result<Option<UnixSeconds>, StoreError> {
    let mine = recovery_codes::table.filter(recovery_codes::customer_id.eq(customer.as_str()));
    let at: Option<i64> = mine.order(recovery_codes::created_at.desc()).select(recovery_codes::created_at).first(connection).optional()?;
    Ok(at.map(UnixSeconds))
}
