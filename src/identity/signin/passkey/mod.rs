//! Passkeys at sign-in: as the whole of it, without a name; and as the second factor.

pub mod web;

use crate::base::ids::FlowId;
use crate::identity::factors::passkey::PasskeyRefused;

/// The page's address, which is also what its token is made for.
pub(super) fn address(flow: &FlowId) -> String {
    format!("/signin/{flow}/passkey")
}

/// What a person is told of a refusal.
pub(super) const fn sentence(refused: PasskeyRefused) -> &'static str {
    match refused {
        PasskeyRefused::Expired => "passkey-expired",
        PasskeyRefused::Unknown => "passkey-unknown",
        PasskeyRefused::Unverified => "passkey-unverified",
        PasskeyRefused::Cloned => "passkey-cloned",
        PasskeyRefused::Malformed | PasskeyRefused::Origin | PasskeyRefused::Absent | PasskeyRefused::Taken | PasskeyRefused::Model | PasskeyRefused::Invalid => "passkey-refused",
    }
}
