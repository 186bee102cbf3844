//! The tables of imports: how far each file is done, so that what was stopped goes on where it was; and who came at any time, so that nobody comes twice.

use diesel::prelude::*;

use super::OldId;
use crate::base::contact::EmailAddress;
use crate::base::time::UnixSeconds;
use crate::platform::crypto::keyring::KeyRing;
use crate::platform::db::{DbConnection, StoreError, WriteTx};

mod tables {
    diesel::table! {
        imports (id) {
            id -> Text, format -> Text, reading -> Text, position -> BigInt, imported -> BigInt, skipped -> BigInt, refused -> BigInt, left_out -> BigInt,
            begun_at -> BigInt, finished_at -> Nullable<BigInt>,
        }
    }

    diesel::table! {
        imported_records (mark) { mark -> Binary, }
    }
}

use tables::{imported_records, imports};

/// How many records went which way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Came in.
    pub imported: u64,
    /// Were here already.
    pub skipped: u64,
    /// Were refused.
    pub refused: u64,
    /// Came in without a part of theirs.
    pub left: u64,
}

/// How far a file is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// How the file is read: a digest of what the operator said beside it.
    pub reading: String,
    /// The number of the last record that is done.
    pub position: u64,
    /// What became of those until there.
    pub counts: Counts,
    /// When the whole file was done.
    pub finished_at: Option<UnixSeconds>,
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// How far the file of this id is done; none when it was never begun.
///
/// # Errors
/// [`StoreError`].
pub fn find_progress(connection: &mut DbConnection, id: &str) -> Result<Option<Progress>, StoreError> {
    type Row = (String, i64, i64, i64, i64, i64, Option<i64>);
    let columns = (imports::reading, imports::position, imports::imported, imports::skipped, imports::refused, imports::left_out, imports::finished_at);
    let row: Option<Row> = imports::table.find(id).select(columns).first(connection).optional()?;
    Ok(row.map(|(reading, position, imported, skipped, refused, left, finished_at)| Progress {
        reading,
        position: position.unsigned_abs(),
        counts: Counts { imported: imported.unsigned_abs(), skipped: skipped.unsigned_abs(), refused: refused.unsigned_abs(), left: left.unsigned_abs() },
        finished_at: finished_at.map(UnixSeconds),
    }))
}

/// Forgets how far a file is done, so that it can be begun anew.
///
/// # Errors
/// [`StoreError`].
pub fn forget(tx: &mut WriteTx<'_>, id: &str) -> Result<(), StoreError> {
    diesel::delete(imports::table.find(id)).execute(&mut **tx)?;
    Ok(())
}

/// Begins a file; `reading` says how it is read.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody else began it meanwhile.
pub fn begin(tx: &mut WriteTx<'_>, id: &str, format: &str, reading: &str, now: UnixSeconds) -> Result<(), StoreError> {
    diesel::insert_into(imports::table)
        .values((
            imports::id.eq(id),
            imports::format.eq(format),
            imports::reading.eq(reading),
            imports::position.eq(0_i64),
            imports::imported.eq(0_i64),
            imports::skipped.eq(0_i64),
            imports::refused.eq(0_i64),
            imports::left_out.eq(0_i64),
            imports::begun_at.eq(now.0),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Holds the file's row until the transaction ends; false when it stands elsewhere than at `position`.
///
/// # Errors
/// [`StoreError`].
pub fn hold_position(tx: &mut WriteTx<'_>, id: &str, position: u64) -> Result<bool, StoreError> {
    let here = imports::table.find(id).filter(imports::position.eq(signed(position))).filter(imports::finished_at.is_null());
    Ok(diesel::update(here).set(imports::position.eq(signed(position))).execute(&mut **tx)? > 0)
}

/// Moves the file on to `position`.
///
/// # Errors
/// [`StoreError`].
pub fn advance(tx: &mut WriteTx<'_>, id: &str, position: u64, more: &Counts) -> Result<(), StoreError> {
    diesel::update(imports::table.find(id))
        .set((
            imports::position.eq(signed(position)),
            imports::imported.eq(imports::imported + signed(more.imported)),
            imports::skipped.eq(imports::skipped + signed(more.skipped)),
            imports::refused.eq(imports::refused + signed(more.refused)),
            imports::left_out.eq(imports::left_out + signed(more.left)),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Notes that the whole file is done.
///
/// # Errors
/// [`StoreError`].
pub fn finish(tx: &mut WriteTx<'_>, id: &str, now: UnixSeconds) -> Result<(), StoreError> {
    diesel::update(imports::table.find(id)).set(imports::finished_at.eq(Some(now.0))).execute(&mut **tx)?;
    Ok(())
}

/// The marks of a record: one of its address, and one of its old id. MACs under a key of the ring, so that nobody can try addresses out on a copy of the table.
pub fn marks(ring: &KeyRing, old: Option<&OldId>, email: &EmailAddress) -> Vec<Vec<u8>> {
    let of_email = ring.blind_index.mac(&[b"imported".as_slice(), b"email", email.as_str().as_bytes()]);
    let of_id = old.map(|old| ring.blind_index.mac(&[b"imported".as_slice(), b"id", old.space.as_bytes(), old.id.as_bytes()]));
    [Some(of_email), of_id].into_iter().flatten().map(Vec::from).collect()
}

/// Whether somebody with one of the marks came in before.
///
/// # Errors
/// [`StoreError`].
pub fn is_known(connection: &mut DbConnection, marks: &[Vec<u8>]) -> Result<bool, StoreError> {
    let known: Option<Vec<u8>> = imported_records::table.filter(imported_records::mark.eq_any(marks)).select(imported_records::mark).first(connection).optional()?;
    Ok(known.is_some())
}

/// Remembers, for ever, that somebody with these marks came in.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody with one of them came in in this moment.
pub fn remember(tx: &mut WriteTx<'_>, marks: &[Vec<u8>]) -> Result<(), StoreError> {
    for mark in marks {
        diesel::insert_into(imported_records::table).values(imported_records::mark.eq(mark.as_slice())).execute(&mut **tx)?;
    }
    Ok(())
}
