//! A new password: in a sign-in whose password must be replaced, from the account page, and at the end of a recovery. Whatever rested on the old one ends in the same transaction.

pub mod strength;
pub mod web;

use super::gate::SigninState;
use crate::base::ids::{CustomerId, FlowId, SessionId};
use crate::base::secret::Secret;
use crate::identity::Proof;
use crate::identity::customers::{self, Standing};
use crate::identity::factors::password::{self, NewPasswordRefused, Owner, PasswordRefused, PhcHash, policy};
use crate::identity::factors::{self, trusted_device};
use crate::identity::messages::Notice;
use crate::identity::sessions::store as session_store;
use crate::identity::signin::enrolment::tell;
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::http::page::PageView;

/// A password was replaced.
pub const PASSWORD_CHANGED: EventSpec = EventSpec::new("password_changed", "A customer set a new password; every other session, grant and trusted device of theirs ended.");
/// A password has to be replaced.
pub const PASSWORD_FLAGGED: EventSpec =
    EventSpec::new("password_flagged", "The password that a customer signed in with is known from a breach; it has to be replaced at the next sign-in.");

/// The page's address, which is also what its token is made for.
pub(in crate::identity) fn address(flow: &FlowId) -> String {
    format!("/signin/{flow}/new-password")
}

/// What a new password of the customer of `standing` is judged by.
///
/// # Errors
/// [`StoreError`].
pub fn find_owner(connection: &mut DbConnection, state: &SigninState, standing: &Standing) -> Result<Owner, StoreError> {
    let customer = customers::store::find_customer(connection, &state.tools.ring, &standing.id)?;
    let limit = state.passwords.policy(standing.facts.is_admin).history.min(policy::MAX_HISTORY);
    let has_second_factor = !factors::find_means(connection, &state.factors, standing, state.tools.now())?.enrolled.is_empty();
    let context = customer.as_ref().map(|customer| {
        let profile = &customer.profile;
        let parts = [Some(customer.email.as_str()), profile.name.as_deref(), profile.given_name.as_deref(), profile.family_name.as_deref(), profile.nickname.as_deref()];
        policy::context_words(parts.into_iter().flatten())
    });
    Ok(Owner {
        is_admin: standing.facts.is_admin,
        has_second_factor,
        context: context.unwrap_or_default(),
        history: password::store::list_history(connection, &state.tools.ring, &standing.id, limit)?,
    })
}

/// What a change of password keeps.
#[derive(Clone, Default)]
pub struct Kept<'a> {
    /// The session that it is done in.
    pub session: Option<&'a SessionId>,
    /// The browser that it is done in, which stays known.
    pub device: Option<&'a Secret>,
}

/// Puts a new password in place. Every other session ends, and with the new generation every grant, code and trusted device; the customer is told. The proof stands under the new generation; none when there is no such customer.
///
/// # Errors
/// [`StoreError`].
pub fn replace(
    tx: &mut WriteTx<'_>,
    state: &SigninState,
    id: &CustomerId,
    hash: &PhcHash,
    why: &'static str,
    kept: &Kept<'_>,
    origin: &Origin,
) -> Result<Option<Proof>, StoreError> {
    let (tools, now) = (&state.tools, state.tools.now());
    customers::store::hold_row(tx, id)?;
    let Some(before) = customers::store::find_standing(tx, id)? else { return Ok(None) };
    password::store::keep_in_history(tx, id, state.passwords.policy(before.facts.is_admin).history, now)?;
    password::store::replace_hash(tx, id, hash, now)?;
    customers::store::flag_password(tx, id, None)?;
    let ended = end_everything(tx, state, id, "password_changed", kept)?;
    tell(tx, state, id, Notice::PasswordChanged)?;
    let detail = serde_json::json!({ "why": why, "sessions_ended": ended });
    audit::record(tx, tools, &Entry::success(PASSWORD_CHANGED, Actor::Customer(id.to_string()), format!("customer:{id}"), origin).with_detail(detail))?;
    let after = customers::store::find_standing(tx, id)?;
    Ok(after.map(|standing| password::proof_of_setting(id.clone(), standing.generation, tools)))
}

/// Ends every session but the kept one, and by a new generation all that rests on the old one: grants, codes, trusted devices, sign-ins in progress. Returns how many sessions.
///
/// # Errors
/// [`StoreError`].
pub fn end_everything(tx: &mut WriteTx<'_>, state: &SigninState, id: &CustomerId, why: &str, kept: &Kept<'_>) -> Result<usize, StoreError> {
    let now = state.tools.now();
    customers::store::bump_generation(tx, id, now)?;
    let ended = match kept.session {
        Some(session) => session_store::end_other_sessions(tx, id, session, why, now)?,
        None => session_store::end_sessions_of(tx, id, why, now)?,
    };
    session_store::end_devices_of(tx, id)?;
    trusted_device::store::remove_devices_of(tx, id)?;
    if let Some(device) = kept.device {
        session_store::remember_device(tx, &device.hash(), id, now)?;
    }
    Ok(ended)
}

/// What a person is told of a refused password: what is wrong, and how to make it right.
pub fn sentence(view: &PageView, refused: NewPasswordRefused) -> String {
    use policy::Fault;
    match refused {
        NewPasswordRefused::Form(PasswordRefused::TooLong) => view.t("signin-too-long"),
        NewPasswordRefused::Form(PasswordRefused::Empty | PasswordRefused::TooShort) => view.t("password-empty"),
        NewPasswordRefused::Busy => view.t("signin-busy"),
        NewPasswordRefused::Rule(fault, strength) => match fault {
            Fault::TooShort(least) => view.t1("password-too-short", "least", &least.to_string()),
            Fault::LettersAndDigits => view.t("password-letters-digits"),
            Fault::Breached => view.t("password-breached"),
            Fault::Context => view.t("password-context"),
            Fault::UsedBefore => view.t("password-used-before"),
            Fault::Guessable => {
                let more = strength.map(|strength| [strength.warning, strength.advice]).into_iter().flatten().flatten().map(|key| view.t(key));
                std::iter::once(view.t("password-guessable")).chain(more).collect::<Vec<_>>().join(" ")
            }
        },
    }
}
