//! One-time codes from an app (TOTP, RFC 6238): a seed that app and server share, a code every thirty seconds, each good once.

pub mod rules;
pub mod store;

use crate::base::assurance::{FactorKind, ShownFactor};
use crate::base::ids::{AuthenticatorId, CustomerId};
use crate::identity::Proof;
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::tools::Tools;

use super::CodeRefused;

pub use rules::Seed;

/// Confirms an enrolment of `customer` by its first code, whose step is `step`; `None` when it was confirmed, or replaced, meanwhile.
///
/// # Errors
/// [`StoreError`].
pub fn confirm(tx: &mut WriteTx<'_>, tools: &Tools, customer: &CustomerId, generation: i64, id: &AuthenticatorId, step: i64) -> Result<Option<Proof>, StoreError> {
    let is_confirmed = store::confirm_enrolment(tx, customer, id, step, tools.now())?;
    Ok(is_confirmed.then(|| Proof::new(customer.clone(), generation, ShownFactor::new(FactorKind::Totp, tools.now_micros()))))
}

/// Checks a code of `customer`, whose credentials are at `generation`, and takes its step.
///
/// # Errors
/// [`StoreError`].
pub fn check(tx: &mut WriteTx<'_>, tools: &Tools, customer: &CustomerId, generation: i64, typed: &str) -> Result<Result<Proof, CodeRefused>, StoreError> {
    let redeemed = store::redeem_code(tx, tools, customer, typed)?;
    Ok(redeemed.map(|_| Proof::new(customer.clone(), generation, ShownFactor::new(FactorKind::Totp, tools.now_micros()))))
}
