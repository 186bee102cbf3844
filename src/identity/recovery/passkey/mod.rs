//! A passkey or security key as a proof, for whoever lost other things. Asked for only once something else was shown: what is asked for names the keys of the account.

pub mod web;

use super::store::Recovery;
use crate::base::encoding::base64url;
use crate::base::ids::AuthenticatorId;
use crate::identity::factors::passkey::ceremony::Assertion;
use crate::identity::factors::passkey::{self, Answer, PasskeyRefused, store};
use crate::identity::signin::gate::SigninState;
use crate::identity::signin::passkey::note_cloned;
use crate::platform::audit::Origin;
use crate::platform::db::{DbConnection, StoreError, WriteTx};

/// Whose ceremony it is.
fn owner(recovery: &Recovery) -> String {
    format!("recover:{}", recovery.id)
}

/// Whether a passkey can be shown: there is one, and something else was shown before.
pub(super) fn is_offered(connection: &mut DbConnection, state: &SigninState, recovery: &Recovery) -> Result<bool, StoreError> {
    match &recovery.customer {
        Some(customer) if state.passkeys.is_some() && !recovery.progress.evidence.is_empty() => store::is_enrolled(connection, customer),
        _ => Ok(false),
    }
}

/// Which passkey of the account the answer is of; none when it is not right. A key that may have been copied is no proof, and its owner is told.
pub(super) fn check(tx: &mut WriteTx<'_>, state: &SigninState, recovery: &Recovery, answer: &Answer, origin: &Origin) -> Result<Option<AuthenticatorId>, StoreError> {
    let (Some(party), Some(customer)) = (&state.passkeys, recovery.customer.as_ref().filter(|_| !recovery.is_blank())) else { return Ok(None) };
    match passkey::check(tx, &state.tools, party, &owner(recovery), answer, Some((customer, recovery.generation)))? {
        Ok(_) => {
            let Ok(assertion) = Assertion::parse(&answer.credential) else { return Ok(None) };
            let found = store::find_by_credential(tx, &state.tools, assertion.credential_id())?;
            found
                .map(|(_, passkey)| passkey.id)
                .map_or_else(|| Err(StoreError::corrupt("passkeys", "credential_hash", base64url(assertion.credential_id()))), |id| Ok(Some(id)))
        }
        Err(refusal) => {
            if refusal.refused == PasskeyRefused::Cloned {
                note_cloned(tx, state, customer, origin)?;
            }
            Ok(None)
        }
    }
}
