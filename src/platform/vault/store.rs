//! The table of wrapped data keys. Deleting a row makes its owner's data unreadable for ever.

use diesel::prelude::*;

use super::DataKey;
use crate::base::time::UnixSeconds;
use crate::platform::crypto::generations::generation_of;
use crate::platform::crypto::keyring::KeyRing;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;

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

/// Wraps the data keys of the next owners after `after` anew, by the newest generation, at most `limit` of them. Returns the last owner that was looked at, and how many were wrapped anew; none when there are no more.
///
/// # Errors
/// [`StoreError::Corrupt`] when one does not unwrap.
pub fn rewrap_data_keys(tx: &mut WriteTx<'_>, tools: &Tools, after: &str, limit: i64) -> Result<Option<(String, usize)>, StoreError> {
    let rows: Vec<(String, Vec<u8>)> = data_keys::table
        .filter(data_keys::owner_id.gt(after))
        .order(data_keys::owner_id)
        .limit(limit)
        .select((data_keys::owner_id, data_keys::wrapped))
        .load(&mut **tx)?;
    let Some((last, _)) = rows.last().cloned() else { return Ok(None) };
    let mut done = 0;
    for (owner, wrapped) in rows {
        let anew = tools.ring.data_keys.reseal(&wrapped, &super::wrap_place(&owner), tools.entropy()).map_err(|_| StoreError::corrupt("data_keys", "wrapped", owner.clone()))?;
        if let Some(anew) = anew {
            // One that was erased meanwhile stays erased.
            done += diesel::update(data_keys::table.find(&owner).filter(data_keys::wrapped.eq(&wrapped))).set(data_keys::wrapped.eq(anew)).execute(&mut **tx)?;
        }
    }
    Ok(Some((last, done)))
}

/// The owner that was looked at last, how many were, and one whose key does not open.
type Looked = (Option<String>, usize, Option<String>);

/// Opens the data keys of the next owners after `after`, at most `limit` of them: the last owner, none when there are no more; how many there were; and one whose key does not open.
///
/// # Errors
/// [`StoreError`].
pub fn look_through(connection: &mut DbConnection, ring: &KeyRing, after: &str, limit: i64) -> Result<Looked, StoreError> {
    let next = data_keys::table.filter(data_keys::owner_id.gt(after)).order(data_keys::owner_id).limit(limit);
    let rows: Vec<(String, Vec<u8>)> = next.select((data_keys::owner_id, data_keys::wrapped)).load(connection)?;
    let broken = rows.iter().find(|(owner, wrapped)| DataKey::unwrap(ring, owner, wrapped).is_err()).map(|(owner, _)| owner.clone());
    Ok((rows.last().map(|(owner, _)| owner.clone()), rows.len(), broken))
}

/// How many data keys there are.
///
/// # Errors
/// [`StoreError`].
pub fn count_data_keys(connection: &mut DbConnection) -> Result<i64, StoreError> {
    Ok(data_keys::table.count().get_result(connection)?)
}

/// Whether a data key is wrapped by an older generation than the newest: looked for among those that were made first, and last.
///
/// # Errors
/// [`StoreError`].
pub fn has_older_generation(connection: &mut DbConnection, newest: u32) -> Result<bool, StoreError> {
    let first: Vec<Vec<u8>> = data_keys::table.order(data_keys::owner_id).limit(1).select(data_keys::wrapped).load(connection)?;
    let last: Vec<Vec<u8>> = data_keys::table.order(data_keys::owner_id.desc()).limit(1).select(data_keys::wrapped).load(connection)?;
    Ok(first.iter().chain(&last).any(|wrapped| generation_of(wrapped).is_some_and(|generation| generation < newest)))
}
