//! The kinds of authenticator. Each folder holds one: its rules, its table, its check. A check that holds yields a [`crate::identity::Proof`].

pub mod password;
pub mod totp;

use crate::base::assurance::FactorKind;
use crate::base::ids::CustomerId;
use crate::platform::db::{DbConnection, StoreError};

/// The kinds that a customer can have here: what can be reached with them is what discovery announces.
pub const AVAILABLE: [FactorKind; 2] = [FactorKind::Password, FactorKind::Totp];

/// The kinds beside the password that a customer has, the strongest first.
///
/// # Errors
/// [`StoreError`].
pub fn find_enrolled(connection: &mut DbConnection, customer: &CustomerId) -> Result<Vec<FactorKind>, StoreError> {
    let mut kinds = Vec::new();
    if totp::store::is_enrolled(connection, customer)? {
        kinds.push(FactorKind::Totp);
    }
    Ok(kinds)
}
