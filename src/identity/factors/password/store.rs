//! The table of password credentials.

use diesel::prelude::*;

use super::PhcHash;
use crate::base::ids::CustomerId;
use crate::base::time::UnixSeconds;
use crate::platform::db::{DbConnection, StoreError, WriteTx};

mod tables {
    diesel::table! {
        password_credentials (customer_id) { customer_id -> Text, phc -> Text, updated_at -> BigInt, }
    }
}

use tables::password_credentials;

/// The stored hash of a customer; `None` when there is no password.
///
/// # Errors
/// [`StoreError::Corrupt`] when it is not a PHC string of ours.
pub fn find_hash(connection: &mut DbConnection, customer: &CustomerId) -> Result<Option<PhcHash>, StoreError> {
    let phc: Option<String> = password_credentials::table.find(customer.as_str()).select(password_credentials::phc).first(connection).optional()?;
    phc.map(|phc| PhcHash::parse(&phc).ok_or_else(|| StoreError::corrupt("password_credentials", "phc", customer.as_str()))).transpose()
}

/// Sets the password of a customer, whether there was one or not.
///
/// # Errors
/// [`StoreError`].
pub fn replace_hash(tx: &mut WriteTx<'_>, customer: &CustomerId, hash: &PhcHash, now: UnixSeconds) -> Result<(), StoreError> {
    use password_credentials::dsl;
    let phc = hash.to_phc();
    let done = diesel::update(dsl::password_credentials.find(customer.as_str())).set((dsl::phc.eq(&phc), dsl::updated_at.eq(now.0))).execute(&mut **tx)?;
    if done == 0 {
        diesel::insert_into(dsl::password_credentials)
            .values((dsl::customer_id.eq(customer.as_str()), dsl::phc.eq(&phc), dsl::updated_at.eq(now.0)))
            .execute(&mut **tx)?;
    }
    Ok(())
}
