//! Codes sent by e-mail or by text message: six digits, good for ten minutes, for one sign-in, once, five tries. The weaker way: others can read or redirect such a channel.

pub mod rules;
pub mod store;

use crate::base::assurance::{FactorKind, ShownFactor};
use crate::base::ids::CustomerId;
use crate::identity::Proof;
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::tools::Tools;

use super::CodeRefused;

/// Checks the code that was sent for `owner`, a sign-in of `customer`, whose credentials are at `generation`, and takes it.
///
/// # Errors
/// [`StoreError`].
pub fn check(
    tx: &mut WriteTx<'_>,
    tools: &Tools,
    kind: FactorKind,
    owner: &str,
    (customer, generation): (&CustomerId, i64),
    typed: &str,
) -> Result<Result<Proof, CodeRefused>, StoreError> {
    let redeemed = store::redeem_code(tx, tools, owner, kind, typed)?;
    Ok(redeemed.map(|()| Proof::new(customer.clone(), generation, ShownFactor::new(kind, tools.now_micros()))))
}
