//! Recovery codes: ten look-up secrets (NIST SP 800-63B-4 section 3.1.2), given out beforehand, each good once, for whoever has lost the other factor.

pub mod rules;
pub mod store;

use crate::base::assurance::{FactorKind, ShownFactor};
use crate::base::ids::CustomerId;
use crate::identity::Proof;
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::tools::Tools;

use super::CodeRefused;

/// Checks a code of `customer`, whose credentials are at `generation`, and takes it.
///
/// # Errors
/// [`StoreError`].
pub fn check(tx: &mut WriteTx<'_>, tools: &Tools, customer: &CustomerId, generation: i64, typed: &str) -> Result<Result<Proof, CodeRefused>, StoreError> {
    let redeemed = store::redeem_code(tx, tools, customer, typed)?;
    Ok(redeemed.map(|()| Proof::new(customer.clone(), generation, ShownFactor::new(FactorKind::RecoveryCode, tools.now_micros()))))
}
