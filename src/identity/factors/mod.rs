//! The kinds of authenticator. Each folder holds one: its rules, its table, its check. A check that holds yields a [`crate::identity::Proof`].

pub mod password;
pub mod totp;

use crate::base::assurance::FactorKind;

/// The kinds that a customer can have here: what can be reached with them is what discovery announces.
pub const AVAILABLE: [FactorKind; 1] = [FactorKind::Password];
