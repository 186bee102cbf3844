//! Passkeys at sign-in: as the whole of it, without a name; and as the second factor.

pub mod web;

use crate::base::ids::{CustomerId, FlowId};
use crate::identity::customers;
use crate::identity::factors::passkey::PasskeyRefused;
use crate::identity::messages::{self, Desk, Notice};
use crate::identity::signin::challenge::web::about;
use crate::identity::signin::gate::SigninState;
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::db::{StoreError, WriteTx};

/// An authenticator's counter went back.
pub const PASSKEY_CLONED: EventSpec =
    EventSpec::new("passkey_cloned", "The signature counter of a security key or passkey went back: there may be a copy of it. What it was shown for was refused.");

/// Writes down that there may be a copy of a key, and tells its owner.
///
/// # Errors
/// [`StoreError`].
pub fn note_cloned(tx: &mut WriteTx<'_>, state: &SigninState, id: &CustomerId, origin: &Origin) -> Result<(), StoreError> {
    audit::record(tx, &state.tools, &Entry::refusal(PASSKEY_CLONED, Actor::Anonymous, about(id), "cloned", origin))?;
    match customers::store::find_customer(tx, &state.tools.ring, id)? {
        Some(customer) => messages::send_notice(tx, &Desk::of(&state.http), Notice::PasskeyCloned, &customer),
        None => Ok(()),
    }
}

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
