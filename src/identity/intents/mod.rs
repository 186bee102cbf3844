//! What a stranger asks for is only written down, in the same time and with the same answer whoever they name; who is meant, and whether there is such an account, is looked up a moment later by a job.

use crate::base::contact::EmailAddress;
use crate::base::ids::FlowId;
use crate::identity::recovery::ladder::Evidence;
use crate::identity::signin::gate::SigninState;
use crate::identity::{recovery, signup};
use crate::platform::audit::Origin;
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::outbox;

/// Something to be done soon.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// Send the code of a recovery to the mailbox that was named.
    RecoveryCode {
        /// The recovery.
        recovery: FlowId,
        /// Whether it was just begun.
        is_first: bool,
        /// Whether a mail goes: strangers may have asked for too many.
        #[serde(default = "yes")]
        is_mailed: bool,
        /// Where the request came from.
        origin: Origin,
    },
    /// Note a wrong first proof of a recovery.
    RecoveryWrong {
        /// The recovery.
        recovery: FlowId,
        /// What was shown.
        evidence: Evidence,
        /// Where the request came from.
        origin: Origin,
    },
    /// Send the code that proves an address for joining, or say that it has an account.
    JoinCode {
        /// The sign-in.
        flow: FlowId,
        /// The address.
        email: String,
        /// The language of the page.
        language: String,
        /// Where the request came from.
        origin: Origin,
    },
}

const fn yes() -> bool {
    true
}

/// Writes an intent down, in the transaction of the request.
///
/// # Errors
/// [`StoreError`].
pub fn keep(tx: &mut WriteTx<'_>, state: &SigninState, intent: &Intent) -> Result<(), StoreError> {
    outbox::store::insert_intent(tx, &state.tools, intent)
}

/// Carries an intent out; nothing when what it was for is over.
///
/// # Errors
/// [`StoreError`].
pub fn resolve(tx: &mut WriteTx<'_>, state: &SigninState, intent: &Intent) -> Result<(), StoreError> {
    match intent {
        Intent::RecoveryCode { recovery, is_first, is_mailed, origin } => recovery::send_begun(tx, state, recovery, (*is_first, *is_mailed), origin),
        Intent::RecoveryWrong { recovery, evidence, origin } => recovery::note_wrong(tx, state, recovery, *evidence, origin),
        Intent::JoinCode { flow, email, language, origin } => match EmailAddress::parse(email) {
            Ok(email) => signup::send_asked(tx, state, flow, &email, state.http.texts.negotiate(std::iter::once(language.as_str())), origin),
            Err(_) => Ok(()),
        },
    }
}
