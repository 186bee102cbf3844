//! Address verification for a storefront's servers: what the code of a payment provider means, and whether an address is one that the customer has here. The second is never called the issuer's word.

pub mod issuer;
pub mod rules;
pub mod web;

use std::sync::Arc;

use issuer::Issuer;

use crate::risk::avs::policy::Rule;

/// The scope that allows it.
pub const SCOPE: &str = "avs.check";

/// How addresses are checked here.
#[derive(Clone)]
pub struct AddressPolicy {
    /// What is done about which answer.
    pub rules: Vec<Rule>,
    /// How often a client may compare an address with those of one customer, in an hour: or it would guess them.
    pub checks_per_hour: i64,
    /// The issuer of the cards, or who stands before one; none where nobody is asked.
    pub issuer: Option<Arc<Issuer>>,
}
