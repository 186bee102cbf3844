//! The kinds of authenticator. Each folder holds one: its rules, its table, its check. A check that holds yields a [`crate::identity::Proof`].

pub mod password;
pub mod recovery_code;
pub mod totp;

use crate::base::assurance::FactorKind;
use crate::base::ids::CustomerId;
use crate::platform::db::{DbConnection, StoreError, WriteTx};

/// Why a typed code is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeRefused {
    /// Not of the form of a code.
    #[error("that is not the form of a code")]
    Malformed,
    /// Not a code that counts now.
    #[error("that code does not count")]
    Wrong,
    /// It was, and was used.
    #[error("the code was used before")]
    Used,
}

/// The kinds that a customer can have here: what can be reached with them is what discovery announces.
pub const AVAILABLE: [FactorKind; 3] = [FactorKind::Password, FactorKind::Totp, FactorKind::RecoveryCode];

/// The kinds beside the password that a customer has, the strongest first.
///
/// # Errors
/// [`StoreError`].
pub fn find_enrolled(connection: &mut DbConnection, customer: &CustomerId) -> Result<Vec<FactorKind>, StoreError> {
    let mut kinds = Vec::new();
    if totp::store::is_enrolled(connection, customer)? {
        kinds.push(FactorKind::Totp);
    }
    // They stand in for another factor, and are none by themselves.
    if !kinds.is_empty() && recovery_code::store::count_left(connection, customer)? > 0 {
        kinds.push(FactorKind::RecoveryCode);
    }
    Ok(kinds)
}

/// Removes every authenticator of a customer beside the password; how many there were.
///
/// # Errors
/// [`StoreError`].
pub fn remove_all(tx: &mut WriteTx<'_>, customer: &CustomerId) -> Result<usize, StoreError> {
    recovery_code::store::delete_codes(tx, customer)?;
    totp::store::remove_authenticators_of(tx, customer)
}
