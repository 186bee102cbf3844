//! Facts about a database: small named values, most of them written once.

use diesel::prelude::*;

use super::{DbConnection, StoreError, WriteTx};

mod tables {
    diesel::table! {
        facts (name) { name -> Text, value -> Binary, }
    }
}

use tables::facts;

/// The value kept under `name`.
///
/// # Errors
/// [`StoreError::Unavailable`].
pub fn find_fact(connection: &mut DbConnection, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(facts::table.find(name).select(facts::value).first(connection).optional()?)
}

/// Keeps `value` under `name`; the first writer wins. Returns what is kept now.
///
/// # Errors
/// [`StoreError::Unavailable`].
pub fn keep_fact(tx: &mut WriteTx<'_>, name: &str, value: &[u8]) -> Result<Vec<u8>, StoreError> {
    if let Some(kept) = find_fact(tx, name)? {
        return Ok(kept);
    }
    diesel::insert_into(facts::table).values((facts::name.eq(name), facts::value.eq(value))).execute(&mut **tx)?;
    Ok(value.to_vec())
}

/// Keeps `value` under `name` in place of what was there.
///
/// # Errors
/// [`StoreError::Unavailable`].
pub fn replace_fact(tx: &mut WriteTx<'_>, name: &str, value: &[u8]) -> Result<(), StoreError> {
    if diesel::update(facts::table.find(name)).set(facts::value.eq(value)).execute(&mut **tx)? == 0 {
        diesel::insert_into(facts::table).values((facts::name.eq(name), facts::value.eq(value))).execute(&mut **tx)?;
    }
    Ok(())
}

/// Forgets what is kept under `name`.
///
/// # Errors
/// [`StoreError::Unavailable`].
pub fn drop_fact(tx: &mut WriteTx<'_>, name: &str) -> Result<(), StoreError> {
    diesel::delete(facts::table.find(name)).execute(&mut **tx)?;
    Ok(())
}
