//! The table of imports: how far each file is done, so that what was stopped goes on where it was.

use diesel::prelude::*;

use crate::base::time::UnixSeconds;
use crate::platform::db::{DbConnection, StoreError, WriteTx};

mod tables {
    diesel::table! {
        imports (id) {
            id -> Text, format -> Text, position -> BigInt, imported -> BigInt, skipped -> BigInt, refused -> BigInt, begun_at -> BigInt, finished_at -> Nullable<BigInt>,
        }
    }
}

use tables::imports;

/// How many records went which way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Came in.
    pub imported: u64,
    /// Were here already.
    pub skipped: u64,
    /// Were refused.
    pub refused: u64,
}

/// How far a file is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
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
    type Row = (i64, i64, i64, i64, Option<i64>);
    let row: Option<Row> =
        imports::table.find(id).select((imports::position, imports::imported, imports::skipped, imports::refused, imports::finished_at)).first(connection).optional()?;
    Ok(row.map(|(position, imported, skipped, refused, finished_at)| Progress {
        position: position.unsigned_abs(),
        counts: Counts { imported: imported.unsigned_abs(), skipped: skipped.unsigned_abs(), refused: refused.unsigned_abs() },
        finished_at: finished_at.map(UnixSeconds),
    }))
}

/// Begins a file, or begins it anew.
///
/// # Errors
/// [`StoreError`].
pub fn begin(tx: &mut WriteTx<'_>, id: &str, format: &str, now: UnixSeconds) -> Result<(), StoreError> {
    diesel::delete(imports::table.find(id)).execute(&mut **tx)?;
    diesel::insert_into(imports::table)
        .values((
            imports::id.eq(id),
            imports::format.eq(format),
            imports::position.eq(0_i64),
            imports::imported.eq(0_i64),
            imports::skipped.eq(0_i64),
            imports::refused.eq(0_i64),
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
