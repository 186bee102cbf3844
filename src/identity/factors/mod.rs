//! The kinds of authenticator. Each folder holds one: its rules, its table, its check. A check that holds yields a [`crate::identity::Proof`].

pub mod passkey;
pub mod password;
pub mod recovery_code;
pub mod totp;

use crate::base::assurance::FactorKind;
use crate::base::ids::{AuthenticatorId, CustomerId};
use crate::identity::customers;
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
pub fn available(has_passkeys: bool) -> Vec<FactorKind> {
    let kinds = [FactorKind::Password, FactorKind::Totp, FactorKind::RecoveryCode];
    kinds.into_iter().chain(has_passkeys.then_some(FactorKind::Passkey)).collect()
}

/// The kinds beside the password that a customer has: the one used last first, then the strongest, and recovery codes at the end.
///
/// # Errors
/// [`StoreError`].
pub fn find_enrolled(connection: &mut DbConnection, customer: &CustomerId) -> Result<Vec<FactorKind>, StoreError> {
    let mut kinds = Vec::new();
    if passkey::store::is_enrolled(connection, customer)? {
        kinds.push(FactorKind::Passkey);
    }
    if totp::store::is_enrolled(connection, customer)? {
        kinds.push(FactorKind::Totp);
    }
    if kinds.len() > 1
        && let Some(preferred) = customers::store::find_preferred_factor(connection, customer)?
    {
        kinds.sort_by_key(|kind| *kind != preferred);
    }
    // They stand in for another factor, and are none by themselves.
    if !kinds.is_empty() && recovery_code::store::count_left(connection, customer)? > 0 {
        kinds.push(FactorKind::RecoveryCode);
    }
    Ok(kinds)
}

/// Whether the customer has a second factor, but no recovery codes that are known to be kept: losing the one would be losing the account.
///
/// # Errors
/// [`StoreError`].
pub fn owes_recovery_codes(connection: &mut DbConnection, customer: &CustomerId) -> Result<bool, StoreError> {
    Ok(!find_enrolled(connection, customer)?.is_empty() && !recovery_code::store::are_confirmed(connection, customer)?)
}

/// Removes one authenticator of a customer, of whichever kind; with the last one go the recovery codes that stood in for it. False when there is no such.
///
/// # Errors
/// [`StoreError`].
pub fn remove(tx: &mut WriteTx<'_>, customer: &CustomerId, id: &AuthenticatorId) -> Result<bool, StoreError> {
    if !totp::store::remove_authenticator(tx, customer, id)? && !passkey::store::remove_passkey(tx, customer, id)? {
        return Ok(false);
    }
    if find_enrolled(tx, customer)?.is_empty() {
        recovery_code::store::delete_codes(tx, customer)?;
    }
    Ok(true)
}

/// Removes every authenticator of a customer beside the password; how many there were.
///
/// # Errors
/// [`StoreError`].
pub fn remove_all(tx: &mut WriteTx<'_>, customer: &CustomerId) -> Result<usize, StoreError> {
    recovery_code::store::delete_codes(tx, customer)?;
    Ok(totp::store::remove_authenticators_of(tx, customer)? + passkey::store::remove_passkeys_of(tx, customer)?)
}
