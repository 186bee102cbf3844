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
    diesel::table! {
        passwords_elsewhere (customer_id) { customer_id -> Text, }
    }
}

use tables::{foreign_passwords, passwords_elsewhere};

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

/// Notes that a customer came whose password, if there is one, only the old shop knows.
///
/// # Errors
/// [`StoreError::Conflict`] when that stands already.
pub fn note_elsewhere(tx: &mut WriteTx<'_>, customer: &CustomerId) -> Result<(), StoreError> {
    diesel::insert_into(passwords_elsewhere::table).values(passwords_elsewhere::customer_id.eq(customer.as_str())).execute(&mut **tx)?;
    Ok(())
}

/// Whether only the old shop knows a customer's password.
///
/// # Errors
/// [`StoreError`].
pub fn is_elsewhere(connection: &mut DbConnection, customer: &CustomerId) -> Result<bool, StoreError> {
    let found: Option<String> = passwords_elsewhere::table.find(customer.as_str()).select(passwords_elsewhere::customer_id).first(connection).optional()?;
    Ok(found.is_some())
}

/// The old shop has no say any longer about a customer's password; false when it had none.
///
/// # Errors
/// [`StoreError`].
pub fn end_elsewhere(tx: &mut WriteTx<'_>, customer: &CustomerId) -> Result<bool, StoreError> {
    Ok(diesel::delete(passwords_elsewhere::table.find(customer.as_str())).execute(&mut **tx)? > 0)
}

/// Forgets a customer's hash from elsewhere, and that there may be one there; false when there is no hash.
///
/// # Errors
/// [`StoreError`].
pub fn remove_foreign(tx: &mut WriteTx<'_>, customer: &CustomerId) -> Result<bool, StoreError> {
    end_elsewhere(tx, customer)?;
    Ok(diesel::delete(foreign_passwords::table.find(customer.as_str())).execute(&mut **tx)? > 0)
}
