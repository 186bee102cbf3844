//! The table of puzzles that were used up.

use diesel::prelude::*;

use super::puzzle::PUZZLE_SECONDS;
use crate::base::time::UnixSeconds;
use crate::platform::db::{StoreError, WriteTx};

mod tables {
    diesel::table! { used_puzzles (hash) { hash -> Binary, expires_at -> BigInt, } }
}

use tables::used_puzzles;

/// Uses a puzzle up; false when it was already.
///
/// # Errors
/// [`StoreError::Conflict`] when the same one is used up in the same moment.
pub fn use_up(tx: &mut WriteTx<'_>, hash: &[u8], now: UnixSeconds) -> Result<bool, StoreError> {
    use used_puzzles::dsl;
    let known: Option<i64> = dsl::used_puzzles.find(hash).select(dsl::expires_at).first(&mut **tx).optional()?;
    if known.is_some() {
        return Ok(false);
    }
    // A clock that is behind would let it be used again a little later.
    let expires_at = now.plus(2 * PUZZLE_SECONDS);
    diesel::insert_into(dsl::used_puzzles).values((dsl::hash.eq(hash), dsl::expires_at.eq(expires_at.0))).execute(&mut **tx)?;
    Ok(true)
}

/// Forgets those that would be too old anyway; how many.
///
/// # Errors
/// [`StoreError`].
pub fn sweep_puzzles(tx: &mut WriteTx<'_>, now: UnixSeconds, limit: i64) -> Result<usize, StoreError> {
    use used_puzzles::dsl;
    let old: Vec<Vec<u8>> = dsl::used_puzzles.filter(dsl::expires_at.lt(now.0)).select(dsl::hash).limit(limit).load(&mut **tx)?;
    Ok(diesel::delete(dsl::used_puzzles.filter(dsl::hash.eq_any(old))).execute(&mut **tx)?)
}
