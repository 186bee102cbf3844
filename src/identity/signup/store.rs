//! The table of accepted terms.

use diesel::prelude::*;

use crate::base::ids::CustomerId;
use crate::base::time::UnixSeconds;
use crate::platform::db::{DbConnection, StoreError, WriteTx};

mod tables {
    diesel::table! {
        terms_acceptances (customer_id, version) { customer_id -> Text, version -> Text, accepted_at -> BigInt, }
    }
}

use tables::terms_acceptances;

/// Notes that a customer accepted the terms of this version.
///
/// # Errors
/// [`StoreError`].
pub fn insert_acceptance(tx: &mut WriteTx<'_>, customer: &CustomerId, version: &str, at: UnixSeconds) -> Result<(), StoreError> {
    use terms_acceptances::dsl;
    diesel::insert_into(dsl::terms_acceptances)
        .values((dsl::customer_id.eq(customer.as_str()), dsl::version.eq(version), dsl::accepted_at.eq(at.0)))
        .execute(&mut **tx)?;
    Ok(())
}

/// What a customer accepted, and when.
///
/// # Errors
/// [`StoreError`].
pub fn list_acceptances(connection: &mut DbConnection, customer: &CustomerId) -> Result<Vec<(String, UnixSeconds)>, StoreError> {
    use terms_acceptances::dsl;
    let rows: Vec<(String, i64)> =
        dsl::terms_acceptances.filter(dsl::customer_id.eq(customer.as_str())).order(dsl::accepted_at).select((dsl::version, dsl::accepted_at)).load(connection)?;
    Ok(rows.into_iter().map(|(version, at)| (version, UnixSeconds(at))).collect())
}
