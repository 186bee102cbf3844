//! What the check-up finds in an account.

use crate::base::ids::ClientId;
use crate::base::time::UnixSeconds;
use crate::identity::care::rules::{CareState, Findings};
use crate::identity::care::store as care;
use crate::identity::factors::{passkey, recovery_code, totp};
use crate::identity::sessions::SignedIn;
use crate::identity::sessions::store::list_sessions;
use crate::identity::signin::gate::SigninState;
use crate::identity::{customers, factors};
use crate::oauth::authorize::store as consents;
use crate::oauth::grant::store as grants;
use crate::platform::db::{DbConnection, StoreError};

/// How long a shop may go unused before it counts as forgotten, in seconds: a year.
const OLD_SECONDS: i64 = 365 * 86_400;
/// Recovery codes that have to be left.
const ENOUGH_CODES: i64 = 3;

/// What was found.
pub struct Found {
    /// For the score.
    pub findings: Findings,
    /// The shops that were not used for a year.
    pub old_shops: Vec<ClientId>,
    /// How many browsers are signed in.
    pub devices: usize,
    /// What is known of the customer's moments.
    pub state: CareState,
}

/// The shops that see data, and to which nothing was given for a year.
fn old_shops(connection: &mut DbConnection, signed_in: &SignedIn, now: UnixSeconds) -> Result<Vec<ClientId>, StoreError> {
    let (id, generation) = (signed_in.customer(), signed_in.session.generation);
    let is_old = |at: UnixSeconds| now.since(at) >= OLD_SECONDS;
    let live: Vec<ClientId> = grants::list_grants_of(connection, id, generation, now)?.into_iter().filter(|(_, _, at, _)| !is_old(*at)).map(|(client, ..)| client).collect();
    let old = consents::list_consents(connection, id)?.into_iter().filter(|(client, _, at)| is_old(*at) && !live.contains(client));
    Ok(old.map(|(client, ..)| client).collect())
}

/// Looks the account over.
///
/// # Errors
/// [`StoreError`].
pub fn find(connection: &mut DbConnection, state: &SigninState, signed_in: &SignedIn) -> Result<Option<Found>, StoreError> {
    let (tools, now, id) = (&state.tools, state.tools.now(), signed_in.customer());
    let Some(customer) = customers::store::find_customer(connection, &tools.ring, id)? else { return Ok(None) };
    let Some(standing) = customers::store::find_standing(connection, id)? else { return Ok(None) };
    let care_state = care::find_state(connection, id)?;
    let sessions = list_sessions(connection, id, signed_in.session.generation, &state.sessions, now)?;
    let others = sessions.iter().filter(|session| session.id != *signed_in.session_id());
    let newest = others.map(|session| session.created_at).max();
    let old_shops = old_shops(connection, signed_in, now)?;
    let has_codes = recovery_code::store::count_left(connection, id)? >= ENOUGH_CODES && !factors::owes_recovery_codes(connection, id)?;
    let findings = Findings {
        has_bad_password: standing.facts.has_flagged_password,
        has_passkey: passkey::store::is_enrolled(connection, id)?,
        has_app: totp::store::is_enrolled(connection, id)?,
        has_recovery_codes: has_codes,
        has_second_mailbox: customer.backup_email.is_some(),
        has_new_devices: newest.is_some_and(|newest| care_state.devices_reviewed_at.is_none_or(|at| at < newest)),
        has_old_shops: !old_shops.is_empty(),
        has_phrase: customer.phrase.is_some(),
    };
    Ok(Some(Found { findings, old_shops, devices: sessions.len(), state: care_state }))
}
