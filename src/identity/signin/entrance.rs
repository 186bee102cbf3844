//! What follows a proof: another step, or a session. Every factor's page ends here, in the transaction that took its secret.

use super::gate::{self, Opened, SigninState};
use super::machine::{Situation, Step, next_step};
use super::model::SigninFlow;
use super::store;
use crate::base::assurance::FactorKind;
use crate::base::secret::Secret;
use crate::identity::notices::{self, Notice};
use crate::identity::sessions::SignedIn;
use crate::identity::sessions::store as session_store;
use crate::identity::{Passed, customers, factors};
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::outbox;

/// A customer signed in.
pub const SIGNED_IN: EventSpec = EventSpec::new("signed_in", "A customer proved who they are, and a session was opened or renewed.");
/// A customer passed a step, and another one follows.
pub const SIGNIN_ADVANCED: EventSpec = EventSpec::new("signin_advanced", "A customer showed one factor and was asked for another one.");

/// Where a sign-in stands after a proof.
pub(super) enum Progress {
    /// Done: the session, and its cookie.
    Entered(Opened),
    /// Another factor is asked for.
    More,
    /// Another submission was first, or the account changed meanwhile: start over.
    Settled,
}

/// Goes on with `flow` after `passed`, in a browser with the secret `device` where `before` was signed in.
///
/// # Errors
/// [`StoreError`].
pub(super) fn advance(
    tx: &mut WriteTx<'_>,
    state: &SigninState,
    flow: &SigninFlow,
    passed: &Passed,
    before: Option<&SignedIn>,
    device: &Secret,
    origin: &Origin,
) -> Result<Progress, StoreError> {
    let (tools, now) = (&state.tools, state.tools.now());
    if let Some(kind) = passed.shown().last().map(|factor| factor.kind).filter(|kind| is_preferable(*kind)) {
        customers::store::prefer_factor(tx, passed.customer(), kind)?;
    }
    let enrolled = factors::find_enrolled(tx, passed.customer())?;
    let session = before.map(|signed_in| &signed_in.session).filter(|session| session.customer == *passed.customer() && session.generation == passed.generation());
    let shown = session.map_or_else(|| passed.shown().to_vec(), |session| gate::shown_after(session, passed));
    let id = passed.customer().as_str().to_owned();
    let entry = |spec| Entry::success(spec, Actor::Customer(id.clone()), format!("customer:{id}"), origin);
    let factor = passed.shown().last().map(|factor| factor.kind);
    if let Step::ShowFactor(_) = next_step(&Situation { requirement: &flow.request.requirement, shown: &shown, enrolled: &enrolled, now }) {
        if !store::advance_flow(tx, tools, &flow.id, passed)? {
            return Ok(Progress::Settled);
        }
        audit::record(tx, tools, &entry(SIGNIN_ADVANCED).with_detail(serde_json::json!({ "factor": factor })))?;
        return Ok(Progress::More);
    }
    if !store::finish_flow(tx, &flow.id, now)? {
        return Ok(Progress::Settled);
    }
    let Some(opened) = gate::open_session(tx, tools, &state.sessions, passed, before.map(|signed_in| &signed_in.session))? else { return Ok(Progress::Settled) };
    let had_devices = session_store::has_known_devices(tx, passed.customer())?;
    let is_new = session_store::remember_device(tx, &device.hash(), passed.customer(), now)?;
    if is_new
        && had_devices
        && let Some(customer) = customers::store::find_customer(tx, &tools.ring, passed.customer())?
    {
        let mail = notices::write(&state.http.texts, Notice::NewDevice, &customer, &state.http.issuer.at("/account"));
        outbox::store::insert_mail(tx, tools, &mail)?;
    }
    let kinds: Vec<_> = passed.shown().iter().map(|factor| factor.kind).collect();
    let detail = serde_json::json!({ "factors": kinds, "new_device": is_new, "remembered": passed.is_remembered() });
    audit::record(tx, tools, &entry(SIGNED_IN).with_session(opened.session.id.as_str()).with_detail(detail))?;
    Ok(Progress::Entered(opened))
}

/// Whether a factor is worth asking for first the next time: the first one is always asked for, and recovery codes are for the day when nothing else is at hand.
const fn is_preferable(kind: FactorKind) -> bool {
    !matches!(kind, FactorKind::Password | FactorKind::RecoveryCode)
}
