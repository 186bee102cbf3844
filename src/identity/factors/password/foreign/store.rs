//! The table of password hashes that other products made. They have no pepper, and some are weak, so each is sealed under its customer's key: a copy of the database alone gives nobody anything to guess at.

use diesel::prelude::*;

use super::ForeignHash;
use crate::base::ids::CustomerId;
use crate::base::time::UnixSeconds;
use crate::platform::crypto::keyring::KeyRing;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;
use crate::platform::vault::{self, Cell};

mod tables {
    diesel::table! {
        foreign_passwords (customer_id) { customer_id -> Text, hash_sealed -> Binary, imported_at -> BigInt, }
    }
}

use tables::foreign_passwords;

const HASH: Cell = Cell { table: "foreign_passwords", column: "hash_sealed" };

/// Keeps the hash of a customer who has no password yet.
///
/// # Errors
/// [`StoreError::Conflict`] when there is one from elsewhere already.
pub fn insert_foreign(tx: &mut WriteTx<'_>, tools: &Tools, customer: &CustomerId, hash: &ForeignHash) -> Result<(), StoreError> {
    let key = vault::need_data_key(tx, &tools.ring, customer.as_str())?;
    diesel::insert_into(foreign_passwords::table)
        .values((
            foreign_passwords::customer_id.eq(customer.as_str()),
            foreign_passwords::hash_sealed.eq(key.seal(HASH, &hash.to_text(), tools.entropy())?),
            foreign_passwords::imported_at.eq(tools.now().0),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// The hash of a customer from elsewhere.
///
/// # Errors
/// [`StoreError::Corrupt`] when it does not open.
pub fn find_foreign(connection: &mut DbConnection, ring: &KeyRing, customer: &CustomerId) -> Result<Option<ForeignHash>, StoreError> {
    let sealed: Option<Vec<u8>> = foreign_passwords::table.find(customer.as_str()).select(foreign_passwords::hash_sealed).first(connection).optional()?;
    let Some(sealed) = sealed else { return Ok(None) };
    let text = vault::need_data_key(connection, ring, customer.as_str())?.open(HASH, &sealed)?;
    ForeignHash::parse(&text).map(Some).map_err(|_| StoreError::corrupt(HASH.table, HASH.column, customer.as_str()))
}

/// When a customer's hash came from elsewhere; none when there is none.
///
/// # Errors
/// [`StoreError`].
pub fn find_imported_at(connection: &mut DbConnection, customer: &CustomerId) -> Result<Option<UnixSeconds>, StoreError> {
    let at: Option<i64> = foreign_passwords::table.find(customer.as_str()).select(foreign_passwords::imported_at).first(connection).optional()?;
    Ok(at.map(UnixSeconds))
}

/// How many customers have not signed in since they came.
///
/// # Errors
/// [`StoreError`].
pub fn count_foreign(connection: &mut DbConnection) -> Result<i64, StoreError> {
    Ok(foreign_passwords::table.count().get_result(connection)?)
}

/// Forgets a customer's hash from elsewhere; false when there is none.
///
/// # Errors
/// [`StoreError`].
pub fn remove_foreign(tx: &mut WriteTx<'_>, customer: &CustomerId) -> Result<bool, StoreError> {
    Ok(diesel::delete(foreign_passwords::table.find(customer.as_str())).execute(&mut **tx)? > 0)
}
