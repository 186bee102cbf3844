//! What follows a proof: another step, or a session. Every factor's page ends here, in the transaction that took its secret.

use super::gate::{self, Opened, SigninState};
use super::judgement::{self, Carried};
use super::machine::{Situation, Step, next_step};
use super::model::SigninFlow;
use super::password::web::SIGNIN_REFUSED;
use super::store;
use crate::base::assurance::{Authentication, FactorKind, Requirement};
use crate::base::ids::CustomerId;
use crate::base::secret::Secret;
use crate::identity::factors::trusted_device;
use crate::identity::messages::{self, Desk, Notice};
use crate::identity::sessions::SignedIn;
use crate::identity::sessions::store as session_store;
use crate::identity::{Passed, customers, factors};
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::db::{StoreError, WriteTx};
use crate::risk::decisions::{Outcome, store as decisions};
use crate::risk::login::policy::Action;

/// A customer signed in.
pub const SIGNED_IN: EventSpec = EventSpec::new("signed_in", "A customer proved who they are, and a session was opened or renewed.");
/// A customer passed a step, and another one follows.
pub const SIGNIN_ADVANCED: EventSpec = EventSpec::new("signin_advanced", "A customer showed one factor and was asked for another one.");

/// Another customer signed in in the same browser.
pub const SESSION_REPLACED: EventSpec = EventSpec::new("session_replaced", "A session ended because another customer signed in in the same browser.");
/// A customer chose not to be asked for the second factor on a device.
pub const DEVICE_TRUSTED: EventSpec = EventSpec::new("device_trusted", "A customer showed a second factor and chose not to be asked for it again on this device.");

/// Where a sign-in stands after a proof.
pub(in crate::identity) enum Progress {
    /// Done: the session, and its cookie.
    Entered(Opened),
    /// Another factor is asked for.
    More,
    /// Another submission was first, or the account changed meanwhile: start over.
    Settled,
    /// It looks strange, and the customer has nothing to show beside.
    Stopped,
}

/// The decision over a sign-in: made before, with the password, or now, when it came by another way. An account elsewhere is as good as its password where there is something else to show; a code to the mailbox would be nothing beside it, and its provider looks for itself, so that without anything else the customer is told. What else opens a sign-in, a passkey or a recovery, stands against strangers already, and is not held up.
fn carry(
    tx: &mut WriteTx<'_>,
    state: &SigninState,
    flow: &SigninFlow,
    passed: &Passed,
    (device, origin): (&Secret, &Origin),
    has_more: bool,
) -> Result<Option<Carried>, StoreError> {
    if let Some(carried) = flow.risk.as_ref().filter(|carried| carried.customer == *passed.customer()) {
        return Ok(Some(carried.clone()));
    }
    let is_elsewhere = passed.shown().first().is_some_and(|factor| factor.kind == FactorKind::Upstream);
    let most = match (is_elsewhere, has_more) {
        (true, true) => Action::StepUp,
        (true, false) => Action::Notify,
        (false, _) => Action::Allow,
    };
    let carried = judgement::judge_here(tx, state, passed.customer(), &device.hash(), origin, most)?;
    if let Some(carried) = &carried {
        store::keep_risk(tx, &state.tools, &flow.id, carried)?;
    }
    Ok(carried)
}

fn risk_detail(carried: &Carried) -> serde_json::Value {
    serde_json::json!({ "decision": carried.decision, "score": carried.score, "level": carried.level, "demanded": carried.acr })
}

/// Goes on with `flow` after `passed`, in a browser with the secret `device` where `before` was signed in.
///
/// # Errors
/// [`StoreError`].
pub(in crate::identity) fn advance(
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
    // Locked, gone, or under other credentials since the factor was checked.
    let standing = customers::store::find_standing(tx, passed.customer())?.filter(|standing| standing.upholds(passed.generation()));
    let Some(standing) = standing else { return Ok(Progress::Settled) };
    let means = factors::find_means(tx, &state.factors, &standing, now)?;
    let same = before.filter(|signed_in| *signed_in.customer() == *passed.customer() && signed_in.session.generation == passed.generation());
    let shown = same.map_or_else(|| passed.shown().to_vec(), |signed_in| gate::shown_after(&signed_in.session, passed));
    let still_trusted = match passed.trusted_device() {
        Some(trusted) => trusted_device::store::is_standing(tx, trusted, passed.generation(), now)?,
        None => false,
    };
    let is_trusted = still_trusted || same.is_some_and(|signed_in| signed_in.is_trusted);
    let id = passed.customer().as_str().to_owned();
    let entry = |spec| Entry::success(spec, Actor::Customer(id.clone()), format!("customer:{id}"), origin);
    let factor = passed.shown().last().map(|factor| factor.kind);
    let carried = carry(tx, state, flow, passed, (device, origin), !means.enrolled.is_empty())?;
    let risk = carried.as_ref().and_then(|carried| carried.acr);
    let decide = |requirement: &Requirement, risk| next_step(&Situation { requirement, shown: &shown, means: &means, is_trusted, risk, now });
    let (step, usually) = (decide(&flow.request.requirement, risk), decide(&Requirement::default(), risk));
    // Out of reach only since it looks strange: nothing of it is kept, and the customer hears of it.
    if let (Step::Unmet(_), Some(carried), true) = (usually, &carried, risk.is_some())
        && !matches!(decide(&Requirement::default(), None), Step::Unmet(_))
    {
        audit::record(tx, tools, &Entry::refusal(SIGNIN_REFUSED, Actor::Customer(id.clone()), format!("customer:{id}"), "risk", origin).with_detail(risk_detail(carried)))?;
        decisions::settle_decision(tx, &carried.decision, Outcome::Refused, now)?;
        judgement::tell_stopped(tx, state, passed.customer(), &carried.decision)?;
        return Ok(Progress::Stopped);
    }
    if matches!(step, Step::ShowFactor(_) | Step::Enrol(_) | Step::ReplacePassword) || (matches!(step, Step::Unmet(_)) && usually == Step::ReplacePassword) {
        if !store::advance_flow(tx, tools, &flow.id, passed)? {
            return Ok(Progress::Settled);
        }
        audit::record(tx, tools, &entry(SIGNIN_ADVANCED).with_detail(serde_json::json!({ "factor": factor })))?;
        return Ok(Progress::More);
    }
    // What a request asks for and the customer cannot reach is told where it leads; a session is opened only for what would open one without it.
    if matches!(step, Step::Unmet(_)) && usually != Step::Done {
        store::finish_flow(tx, &flow.id, now)?;
        return Ok(Progress::Settled);
    }
    if !store::finish_flow(tx, &flow.id, now)? {
        return Ok(Progress::Settled);
    }
    let Some(opened) = gate::open_session(tx, tools, &state.sessions, passed, before.map(|signed_in| &signed_in.session))? else { return Ok(Progress::Settled) };
    store::keep_finisher(tx, &flow.id, &opened.session.id)?;
    if let Some(other) = before.filter(|other| *other.customer() != *passed.customer()) {
        let other_id = other.customer().to_string();
        let replaced = Entry::success(SESSION_REPLACED, Actor::Customer(other_id.clone()), format!("customer:{other_id}"), origin);
        audit::record(tx, tools, &replaced.with_session(other.session_id().as_str()))?;
    }
    // Another factor than that by which the password was replaced was shown: the channels are apart again.
    if !standing.facts.recovered_by.is_empty() && shown.iter().any(|factor| !factor.kind.properties().is_known) {
        customers::details::store::keep_recovered_by(tx, passed.customer(), &[])?;
    }
    if let Some(visitor) = &flow.request.visitor {
        customers::details::store::keep_brand(tx, passed.customer(), visitor.brand.as_deref())?;
    }
    let had_devices = session_store::has_known_devices(tx, passed.customer())?;
    let is_new = session_store::remember_device(tx, &device.hash(), passed.customer(), now)?;
    let notice = match &carried {
        Some(carried) if carried.is_told => Some(Notice::SigninUnusual),
        _ => (is_new && had_devices).then_some(Notice::NewDevice),
    };
    if let Some(notice) = notice
        && let Some(customer) = customers::store::find_customer(tx, &tools.ring, passed.customer())?
    {
        messages::send_notice(tx, &Desk::of(&state.http), notice, &customer)?;
    }
    if let Some(carried) = &carried {
        judgement::accept(tx, state, passed.customer(), carried, !is_new, origin)?;
    }
    // The first sign-in here, by whatever: the old shop has no say any longer.
    if state.migration.is_some() {
        factors::password::foreign::store::end_elsewhere(tx, passed.customer())?;
    }
    let acr = Authentication::from_shown(&opened.session.shown).map(|authentication| authentication.acr);
    let kinds: Vec<_> = passed.shown().iter().map(|factor| factor.kind).collect();
    let mut detail = serde_json::json!({ "factors": kinds, "new_device": is_new, "remembered": passed.is_remembered(), "trusted_device": passed.trusted_device(), "acr": acr, "previous_acr": same.map(|signed_in| signed_in.authentication.acr) });
    if let (Some(detail), Some(carried)) = (detail.as_object_mut(), &carried) {
        detail.insert("risk".to_owned(), risk_detail(carried));
    }
    audit::record(tx, tools, &entry(SIGNED_IN).with_session(opened.session.id.as_str()).with_detail(detail))?;
    Ok(Progress::Entered(opened))
}

/// Trusts the device that a second factor was just shown on, for the customer who did; none where devices are not trusted.
///
/// # Errors
/// [`StoreError`].
pub(in crate::identity) fn trust_device(tx: &mut WriteTx<'_>, state: &SigninState, customer: &CustomerId, generation: i64, origin: &Origin) -> Result<Option<Secret>, StoreError> {
    let Some(seconds) = state.factors.trust_seconds else { return Ok(None) };
    let label = trusted_device::rules::describe(origin.user_agent.as_deref().unwrap_or_default());
    let secret = trusted_device::store::insert_device(tx, &state.tools, customer, generation, &label, seconds)?;
    audit::record(tx, &state.tools, &Entry::success(DEVICE_TRUSTED, Actor::Customer(customer.to_string()), format!("customer:{customer}"), origin))?;
    Ok(Some(secret))
}

/// Whether a factor is worth asking for first the next time: the first one is always asked for, and recovery codes are for the day when nothing else is at hand.
const fn is_preferable(kind: FactorKind) -> bool {
    !matches!(kind, FactorKind::Password | FactorKind::RecoveryCode | FactorKind::Upstream)
}
