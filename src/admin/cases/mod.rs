//! What staff ask to have done to an account that a second person, and the customer, can stop.

pub mod ops;
pub mod rules;
pub mod store;
pub mod web;

use rules::{CaseKind, CaseState, Event, Progress, Terms, after, begin};
use store::{Case, Input};

use crate::admin::access::staff::Staff;
use crate::admin::desk::rules::Strength;
use crate::admin::desk::store::{spend_proofs, was_refused};
use crate::base::contact::EmailAddress;
use crate::base::ids::{AuthenticatorId, CaseId, CustomerId};
use crate::base::time::UnixSeconds;
use crate::identity::customers::{self, Customer, CustomerRole};
use crate::identity::factors;
use crate::identity::messages::{self, Addressee, CodePurpose, Desk, Mail, Notice};
use crate::identity::recovery;
use crate::identity::signin::enrolment::{tell, tell_by_text};
use crate::identity::signin::gate::SigninState;
use crate::identity::signin::new_password::{Kept, end_everything};
use crate::identity::tickets::Purpose;
use crate::identity::tickets::store::{insert_ticket, was_used};
use crate::identity::{contacts, erasure};
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::db::{DbConnection, StoreError, WriteTx};

/// Staff asked for something.
pub const CASE_ASKED: EventSpec = EventSpec::new("staff_case_asked", "Staff asked to have authenticators removed, an address changed, or an account erased.");
/// A second person approved it.
pub const CASE_APPROVED: EventSpec = EventSpec::new("staff_case_approved", "A second member of staff approved what another one had asked for.");
/// Staff refused it.
pub const CASE_REFUSED: EventSpec = EventSpec::new("staff_case_refused", "Staff refused, or took back, what had been asked for.");
/// The customer stopped it.
pub const CASE_VETOED: EventSpec = EventSpec::new("staff_case_vetoed", "A customer stopped what staff had asked for.");
/// The owner of a new mailbox confirmed it.
pub const CASE_CONFIRMED: EventSpec = EventSpec::new("staff_case_confirmed", "Whoever reads the new mailbox confirmed that it is to become that of the account.");
/// It was done.
pub const CASE_DONE: EventSpec = EventSpec::new("staff_case_done", "What staff had asked for was done.");
/// It was over without being done.
pub const CASE_EXPIRED: EventSpec = EventSpec::new("staff_case_expired", "What staff had asked for was not decided in time, or could not be done any longer.");

/// How long a second person has to decide, and a mailbox to be confirmed, in seconds.
const OPEN_SECONDS: i64 = 7 * 86_400;

/// What staff ask for.
pub struct Wish<'a> {
    /// What.
    pub kind: CaseKind,
    /// Why.
    pub reason: &'a str,
    /// The new address, where one is to be.
    pub email: Option<&'a EmailAddress>,
    /// The one authenticator that is to go; every one where none is named.
    pub factor: Option<&'a AuthenticatorId>,
    /// How the caller showed that they are the customer.
    pub strength: Strength,
    /// Whether a second person has to approve it.
    pub needs_approval: bool,
    /// How long the customer can say no, in seconds, where the caller's proof was weak.
    pub wait_seconds: i64,
}

/// What the audit log keeps sealed of what staff did: who, by name, and why.
pub fn note_of(name: &str, reason: &str) -> String {
    serde_json::json!({ "by": name, "reason": reason }).to_string()
}

fn about(customer: &CustomerId) -> String {
    format!("customer:{customer}")
}

fn facts(case: &Case) -> serde_json::Value {
    serde_json::json!({ "case": case.id, "what": case.kind })
}

/// Begins a case. Where nothing stands before it, it is done at once.
///
/// # Errors
/// [`StoreError`].
pub fn ask(tx: &mut WriteTx<'_>, state: &SigninState, staff: &Staff, customer: &Customer, wish: &Wish<'_>, origin: &Origin) -> Result<Case, StoreError> {
    let (tools, now) = (&state.tools, state.tools.now());
    // An erasure has days of grace of its own, in which the customer can say no.
    let waits = wish.kind != CaseKind::Erase && wish.strength != Strength::Strong;
    let terms = Terms {
        asked_by: staff.key(),
        needs_approval: wish.needs_approval,
        needs_confirmation: wish.email.is_some(),
        wait_seconds: if waits { wish.wait_seconds } else { 0 },
    };
    let case = Case {
        id: CaseId::generate(tools.now_micros(), tools.entropy()),
        kind: wish.kind,
        customer: customer.id.clone(),
        brand: customer.brand.clone(),
        input: Input {
            by: staff.name().to_owned(),
            reason: wish.reason.to_owned(),
            caller: wish.strength.word().to_owned(),
            email: wish.email.map(|email| email.as_str().to_owned()),
            factor: wish.factor.map(ToString::to_string),
            generation: customers::store::find_standing(tx, &customer.id)?.map_or(0, |standing| standing.generation),
        },
        progress: begin(&terms, now),
        terms,
        asked_at: now,
        decided_by: None,
        settled_at: None,
        expires_at: now.plus(OPEN_SECONDS),
    };
    store::insert_case(tx, tools, &case)?;
    let entry = staff.entry(CASE_ASKED, about(&case.customer), origin).with_detail(facts(&case));
    audit::record(tx, tools, &entry.with_note(note_of(staff.name(), wish.reason)))?;
    follow(tx, state, case, staff.actor(), origin)
}

/// What a case that came to a new state brings with it: the customer hears of a wait, and what is due is done.
fn follow(tx: &mut WriteTx<'_>, state: &SigninState, case: Case, actor: Actor, origin: &Origin) -> Result<Case, StoreError> {
    match case.progress.state {
        CaseState::Waiting => {
            tell_waiting(tx, state, &case)?;
            Ok(case)
        }
        CaseState::Done => {
            let is_done = carry_out(tx, state, &case, &actor, origin)?;
            let spec = if is_done { CASE_DONE } else { CASE_EXPIRED };
            let note = note_of(&case.input.by, &case.input.reason);
            audit::record(tx, &state.tools, &Entry::success(spec, actor, about(&case.customer), origin).with_detail(facts(&case)).with_note(note))?;
            if is_done {
                return Ok(case);
            }
            let over = Progress { state: CaseState::Expired, ..case.progress.clone() };
            store::keep_progress(tx, &case, &over, None, state.tools.now())?;
            Ok(Case { progress: over, ..case })
        }
        CaseState::Asked | CaseState::Refused | CaseState::Vetoed | CaseState::Expired => Ok(case),
    }
}

/// Lets an event happen to a case; `None` when it cannot, or somebody else was first.
fn turn(tx: &mut WriteTx<'_>, state: &SigninState, case: Case, event: Event<'_>, by: Option<&str>) -> Result<Result<Case, rules::CaseRefused>, StoreError> {
    let now = state.tools.now();
    let next = match after(&case.terms, &case.progress, event, now) {
        Ok(next) => next,
        Err(refused) => return Ok(Err(refused)),
    };
    if !store::keep_progress(tx, &case, &next, by, now)? {
        return Ok(Err(rules::CaseRefused::Over));
    }
    Ok(Ok(Case { progress: next, decided_by: by.map(str::to_owned).or_else(|| case.decided_by.clone()), ..case }))
}

/// A second person decides.
///
/// # Errors
/// [`StoreError`].
pub fn decide(
    tx: &mut WriteTx<'_>,
    state: &SigninState,
    staff: &Staff,
    case: Case,
    (is_approved, reason): (bool, &str),
    origin: &Origin,
) -> Result<Result<Case, rules::CaseRefused>, StoreError> {
    let key = staff.key();
    let event = if is_approved { Event::Approve(&key) } else { Event::Refuse(&key) };
    let case = match turn(tx, state, case, event, Some(&key))? {
        Ok(case) => case,
        Err(refused) => return Ok(Err(refused)),
    };
    let spec = if is_approved { CASE_APPROVED } else { CASE_REFUSED };
    audit::record(tx, &state.tools, &staff.entry(spec, about(&case.customer), origin).with_detail(facts(&case)).with_note(note_of(staff.name(), reason)))?;
    follow(tx, state, case, staff.actor(), origin).map(Ok)
}

/// What a link in a mail does to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Press {
    /// The customer says no.
    Veto,
    /// The owner of the new mailbox confirms it.
    Confirm,
}

/// Carries out what a link stands for; false when the case is over.
///
/// # Errors
/// [`StoreError`].
pub fn press(tx: &mut WriteTx<'_>, state: &SigninState, id: &CaseId, customer: &CustomerId, press: Press, origin: &Origin) -> Result<bool, StoreError> {
    let Some(case) = store::find_case(tx, &state.tools, id)?.filter(|case| case.customer == *customer) else { return Ok(false) };
    let (event, spec) = match press {
        Press::Veto => (Event::Veto, CASE_VETOED),
        Press::Confirm => (Event::Confirm, CASE_CONFIRMED),
    };
    let Ok(case) = turn(tx, state, case, event, None)? else { return Ok(false) };
    // Whoever reads the new mailbox is nobody yet.
    let actor = if press == Press::Veto { Actor::Customer(customer.to_string()) } else { Actor::Anonymous };
    audit::record(tx, &state.tools, &Entry::success(spec, actor, about(customer), origin).with_detail(facts(&case)))?;
    if press == Press::Veto {
        // Whoever stops one thing stops what goes with it, and what the caller had shown is not believed any longer.
        store::end_open(tx, Ok(customer), state.tools.now())?;
        spend_proofs(tx, customer)?;
    }
    if case.progress.state == CaseState::Done {
        follow(tx, state, case, Actor::System, &Origin::internal("case"))?;
    }
    Ok(true)
}

/// Does what is due, and closes what nobody decided; true when something happened.
///
/// # Errors
/// [`StoreError`].
pub fn tick(tx: &mut WriteTx<'_>, state: &SigninState, id: &CaseId) -> Result<bool, StoreError> {
    let (tools, origin) = (&state.tools, Origin::internal("case"));
    let Some(case) = store::find_case(tx, tools, id)? else { return Ok(false) };
    let is_late = case.expires_at <= tools.now();
    match turn(tx, state, case.clone(), Event::Tick, None)? {
        Ok(case) => follow(tx, state, case, Actor::System, &origin).map(|_| true),
        Err(_) if is_late => match turn(tx, state, case, Event::Expire, None)? {
            Ok(case) => {
                audit::record(tx, tools, &Entry::success(CASE_EXPIRED, Actor::System, about(&case.customer), &origin).with_detail(facts(&case)))?;
                Ok(true)
            }
            Err(_) => Ok(false),
        },
        Err(_) => Ok(false),
    }
}

/// Whether the account still is as it was when this was asked for: its credentials unchanged, not standing still, no account of the staff, and nothing stopped by its owner meanwhile.
fn is_upheld(tx: &mut WriteTx<'_>, state: &SigninState, case: &Case) -> Result<bool, StoreError> {
    let (id, now) = (&case.customer, state.tools.now());
    let (Some(standing), Some(customer)) = (customers::store::find_standing(tx, id)?, customers::store::find_customer(tx, &state.tools.ring, id)?) else { return Ok(false) };
    let is_frozen = customer.frozen_until.is_some_and(|until| until > now);
    Ok(standing.generation == case.input.generation && !is_frozen && customer.role != CustomerRole::Admin && !was_stopped(tx, id, now)?)
}

/// How long a no of the customer's holds, in seconds.
const NO_SECONDS: i64 = 7 * 86_400;

/// Whether the customer said no in the last days: to a recovery, to a case, to a caller, or to the code of a call.
///
/// # Errors
/// [`StoreError`].
pub fn was_stopped(connection: &mut DbConnection, id: &CustomerId, now: UnixSeconds) -> Result<bool, StoreError> {
    let since = now.plus(-NO_SECONDS);
    Ok(recovery::store::was_vetoed(connection, id, now)?
        || store::was_vetoed(connection, id, since)?
        || was_refused(connection, id, since)?
        || was_used(connection, id, Purpose::NotMe, CodePurpose::Caller.word(), since)?)
}

/// Does it; false when it cannot be done any longer.
fn carry_out(tx: &mut WriteTx<'_>, state: &SigninState, case: &Case, actor: &Actor, origin: &Origin) -> Result<bool, StoreError> {
    let (tools, id) = (&state.tools, &case.customer);
    customers::store::hold_row(tx, id)?;
    if !is_upheld(tx, state, case)? {
        return Ok(false);
    }
    match case.kind {
        CaseKind::RemoveFactors => {
            match case.input.factor.as_deref().map(str::parse::<AuthenticatorId>) {
                Some(Ok(factor)) => {
                    if !factors::passkey::store::remove_passkey(tx, id, &factor)? && !factors::totp::store::remove_authenticator(tx, id, &factor)? {
                        return Ok(false);
                    }
                }
                Some(Err(_)) => return Ok(false),
                None => {
                    factors::remove_all(tx, id)?;
                    // Whose accounts elsewhere those are, nobody asked.
                    factors::upstream::disconnect_all(tx, tools, id, "staff", origin)?;
                }
            }
            end_everything(tx, state, id, "factors_removed", &Kept::default())?;
            recovery::store::end_recoveries(tx, id, None)?;
            tell(tx, state, id, Notice::AuthenticatorRemoved)?;
            Ok(true)
        }
        CaseKind::ChangeEmail => match case.input.email.as_deref().map(EmailAddress::parse) {
            Some(Ok(email)) => contacts::replace_email_for(tx, state, id, &email, actor.clone(), origin),
            _ => Ok(false),
        },
        CaseKind::Erase => erasure::ask_for(tx, state, id, actor.clone(), origin),
    }
}

fn hours_until(until: UnixSeconds, now: UnixSeconds) -> String {
    (until.since(now).max(0) + 1_800).div_euclid(3_600).to_string()
}

/// Says on every mailbox what is to be done, with the link that stops it; and asks the new mailbox.
fn tell_waiting(tx: &mut WriteTx<'_>, state: &SigninState, case: &Case) -> Result<(), StoreError> {
    let (tools, desk) = (&state.tools, Desk::of(&state.http));
    let Some(customer) = customers::store::find_customer(tx, &tools.ring, &case.customer)? else { return Ok(()) };
    let language = messages::language_of(desk.texts, &customer);
    let what = desk.texts.text(language, &case.sentence(), &[]);
    let hours = hours_until(case.progress.due_at.unwrap_or(tools.now()), tools.now());
    for to in recovery::notify::mailboxes(state, &customer) {
        let secret = insert_ticket(tx, tools, Purpose::VetoCase, &customer.id, case.id.as_str())?;
        let link = state.http.issuer.at(&format!("/cases/stop/{}", secret.expose()));
        let mail = Mail {
            word: "case-waits",
            values: &[("what", &what), ("hours", &hours), ("link", &link)],
            secrets: &[secret.expose()],
            after: None,
            last_line: None,
            expires_at: None,
        };
        messages::send_mail(tx, &desk, &to, &mail)?;
    }
    tell_by_text(tx, state, &customer, Notice::AuthenticatorRemoved)?;
    if let Some(email) = &case.input.email {
        let secret = insert_ticket(tx, tools, Purpose::ConfirmCase, &customer.id, case.id.as_str())?;
        let link = state.http.issuer.at(&format!("/cases/confirm/{}", secret.expose()));
        // Not theirs yet: the phrase is not shown there.
        let to = Addressee { email, phrase: None, ..Addressee::of(desk.texts, &customer) };
        let mail = Mail { word: "case-confirm", values: &[("link", &link)], secrets: &[secret.expose()], after: None, last_line: None, expires_at: None };
        messages::send_mail(tx, &desk, &to, &mail)?;
    }
    Ok(())
}
