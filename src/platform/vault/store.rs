//! The table of wrapped data keys. Deleting a row makes its owner's data unreadable for ever.

use diesel::prelude::*;

use super::DataKey;
use crate::base::time::UnixSeconds;
use crate::platform::crypto::keyring::KeyRing;
use crate::platform::db::{DbConnection, StoreError, WriteTx};

mod tables {
    diesel::table! {
        data_keys (owner_id) { owner_id -> Text, wrapped -> Binary, created_at -> BigInt, }
    }
}

use tables::data_keys;

/// The opened data key of `owner`; `None` when it has none, or was erased.
///
/// # Errors
/// [`StoreError::Corrupt`] when it does not unwrap under `ring`.
pub fn find_data_key(connection: &mut DbConnection, ring: &KeyRing, owner: &str) -> Result<Option<DataKey>, StoreError> {
    let wrapped: Option<Vec<u8>> = data_keys::table.find(owner).select(data_keys::wrapped).first(connection).optional()?;
    wrapped.map(|wrapped| DataKey::unwrap(ring, owner, &wrapped).map_err(|_| StoreError::corrupt("data_keys", "wrapped", owner))).transpose()
}

/// The opened data key of an `owner` who must have one.
///
/// # Errors
/// [`StoreError::Corrupt`] when there is none, or it does not unwrap under `ring`.
pub fn need_data_key(connection: &mut DbConnection, ring: &KeyRing, owner: &str) -> Result<DataKey, StoreError> {
    find_data_key(connection, ring, owner)?.ok_or_else(|| StoreError::corrupt("data_keys", "owner_id", owner))
}

/// Stores the wrapped data key of a new owner.
///
/// # Errors
/// [`StoreError::Conflict`] when the owner has one.
pub fn insert_data_key(tx: &mut WriteTx<'_>, owner: &str, wrapped: &[u8], now: UnixSeconds) -> Result<(), StoreError> {
    diesel::insert_into(data_keys::table)
        .values((data_keys::owner_id.eq(owner), data_keys::wrapped.eq(wrapped), data_keys::created_at.eq(now.0)))
        .execute(&mut **tx)?;
    Ok(())
}

/// Erases the data key of `owner`.
///
/// # Errors
/// [`StoreError::Unavailable`].
pub fn delete_data_key(tx: &mut WriteTx<'_>, owner: &str) -> Result<bool, StoreError> {
    Ok(diesel::delete(data_keys::table.find(owner)).execute(&mut **tx)? > 0)
}
