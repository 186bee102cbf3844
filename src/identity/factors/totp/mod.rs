//! One-time codes from an app (TOTP, RFC 6238): a seed that app and server share, a code every thirty seconds, each good once.

pub mod rules;
pub mod store;

use crate::base::assurance::{FactorKind, ShownFactor};
use crate::base::ids::CustomerId;
use crate::identity::Proof;
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::tools::Tools;

pub use rules::{Seed, TotpRefused};

/// Checks a code of `customer`, whose credentials are at `generation`, and takes its step.
///
/// # Errors
/// [`StoreError`].
pub fn check(tx: &mut WriteTx<'_>, tools: &Tools, customer: &CustomerId, generation: i64, typed: &str) -> Result<Result<Proof, TotpRefused>, StoreError> {
    let redeemed = store::redeem_code(tx, tools, customer, typed)?;
    Ok(redeemed.map(|_| Proof::new(customer.clone(), generation, ShownFactor::new(FactorKind::Totp, tools.now_micros()))))
}
