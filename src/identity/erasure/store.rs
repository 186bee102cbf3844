//! The table of erased accounts.

use diesel::prelude::*;

use crate::base::time::UnixSeconds;
use crate::platform::db::{DbConnection, StoreError, WriteTx};

mod tables {
    diesel::table! {
        erasures (subject) { subject -> Text, erased_at -> BigInt, receipt -> Text, }
    }
}

use tables::erasures;

/// Notes that the account of `subject` was erased.
///
/// # Errors
/// [`StoreError`].
pub fn insert_erasure(tx: &mut WriteTx<'_>, subject: &str, receipt: &str, at: UnixSeconds) -> Result<(), StoreError> {
    diesel::insert_into(erasures::table).values((erasures::subject.eq(subject), erasures::erased_at.eq(at.0), erasures::receipt.eq(receipt))).execute(&mut **tx)?;
    Ok(())
}

/// The receipt of an erased account; none when nobody with this subject was erased.
///
/// # Errors
/// [`StoreError`].
pub fn find_receipt(connection: &mut DbConnection, subject: &str) -> Result<Option<String>, StoreError> {
    Ok(erasures::table.find(subject).select(erasures::receipt).first(connection).optional()?)
}
