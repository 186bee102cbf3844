//! Getting back into an account: proofs are collected, judged by the ladder, and then new credentials are set, at once or after a wait in which its owner can say no. No recovery opens a session by itself: it ends in a sign-in.

pub mod ladder;
pub mod links;
pub mod notify;
pub mod passkey;
pub mod start;
pub mod store;
pub mod web;

use ladder::{Event, Evidence, Facts, Lost, Progress, State, Waits};
use store::{NewRecovery, Recovery};

use crate::base::assurance::FactorKind;
use crate::base::contact::EmailAddress;
use crate::base::encoding::hex;
use crate::base::ids::{AuthenticatorId, CustomerId, FlowId};
use crate::base::secret::{Secret, SecretHash};
use crate::base::time::UnixSeconds;
use crate::identity::attempts::rules::{AttemptPolicy, BucketLimit, Throttled};
use crate::identity::attempts::store as attempts;
use crate::identity::care;
use crate::identity::care::rules::Card;
use crate::identity::customers::{self, Customer, CustomerRole, CustomerStatus, Standing};
use crate::identity::erasure;
use crate::identity::factors::passkey::{Answer, store as passkeys};
use crate::identity::factors::password::PhcHash;
use crate::identity::factors::sent_code::rules::CODE_SECONDS;
use crate::identity::factors::{self, password, recovery_code, sent_code, trusted_device};
use crate::identity::intents::{self, Intent};
use crate::identity::messages::{self, Addressee, Code, CodePurpose, Desk, Notice};
use crate::identity::sessions::store as sessions;
use crate::identity::signin::gate::SigninState;
use crate::identity::signin::new_password::{self, Kept};
use crate::identity::signin::sent;
use crate::identity::{Proof, tickets};
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::http::client_address::source_of;
use crate::platform::vault::blind_index;

/// A recovery was begun.
pub const RECOVERY_BEGUN: EventSpec = EventSpec::new("recovery_begun", "Somebody began to recover an account; about a customer where there is one with that address.");
/// Something was shown in a recovery.
pub const RECOVERY_PROOF: EventSpec = EventSpec::new("recovery_proof", "Something was shown, or refused, in a recovery.");
/// The wait of a recovery began.
pub const RECOVERY_WAITS: EventSpec = EventSpec::new("recovery_waits", "The proofs of a recovery were weak: it waits, and the owner was told on every channel.");
/// A recovery was stopped.
pub const RECOVERY_STOPPED: EventSpec = EventSpec::new("recovery_stopped", "The owner of an account stopped a recovery.");
/// An account was recovered.
pub const ACCOUNT_RECOVERED: EventSpec = EventSpec::new("account_recovered", "New credentials were set in a recovery; everything that rested on the old ones ended.");

/// How long proofs may take, in seconds.
const COLLECT_SECONDS: i64 = 3_600;
/// How long new credentials can be set after a wait, in seconds.
const FINISH_SECONDS: i64 = 72 * 3_600;
/// How long a change of contact can be undone; so long the new one proves nothing.
pub const CHANGE_COOL_DOWN_SECONDS: i64 = 72 * 3_600;
/// How long after a veto no recovery waits, in seconds.
const VETO_SECONDS: i64 = 7 * 86_400;
/// Codes to one address in an hour.
const ADDRESS_LIMIT: i64 = 3;
/// Messages to one mailbox in an hour, whoever asks for them.
const MAILBOX_LIMIT: i64 = 12;
/// Recoveries begun from one source in an hour.
const SOURCE_LIMIT: i64 = 20;
/// How long after one code the next may go, in seconds.
const PAUSE_SECONDS: i64 = 20;
/// Waits that may begin for one account in a day.
const WAIT_LIMIT: i64 = 3;

/// How an installation recovers accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecoveryPolicy {
    /// The waits.
    pub waits: Waits,
}

fn about(customer: &CustomerId) -> String {
    format!("customer:{customer}")
}

/// Whose code it is: each channel has its own.
fn code_owner(id: &FlowId, evidence: Evidence) -> String {
    format!("recover:{id}:{}", evidence.word())
}

/// What the ladder needs to know of an account.
///
/// # Errors
/// [`StoreError`].
fn find_facts(connection: &mut DbConnection, state: &SigninState, customer: &Customer, standing: &Standing, shown_passkey: Option<&AuthenticatorId>) -> Result<Facts, StoreError> {
    let now = state.tools.now();
    let means = factors::find_means(connection, &state.factors, standing, now)?;
    let is_new = |at: Option<UnixSeconds>| at.is_some_and(|at| now.since(at) < CHANGE_COOL_DOWN_SECONDS);
    // An account that is so new itself has nothing older.
    let is_old = !is_new(Some(customer.created_at));
    let (password_at, codes_at) = (password::store::find_updated_at(connection, &customer.id)?, recovery_code::store::find_given_at(connection, &customer.id)?);
    let is_passkey_new = match shown_passkey {
        None => false,
        Some(id) => passkeys::find_added_at(connection, &customer.id, id)?.is_none_or(|at| is_old && is_new(Some(at))),
    };
    Ok(Facts {
        is_passkey_new,
        is_password_unproven: standing.facts.recovered_by.contains(&FactorKind::Password) || (is_old && is_new(password_at)),
        are_codes_new: is_old && is_new(codes_at),
        has_second_factor: !means.enrolled.is_empty(),
        has_other_factor: means.enrolled.iter().any(|kind| !matches!(kind, FactorKind::EmailCode | FactorKind::RecoveryCode)),
        is_mailbox_new: is_new(customer.email_changed_at),
        is_phone_new: is_new(customer.phone_changed_at),
        is_second_mailbox_new: is_new(customer.backup_email_since) || customer.backup_email.as_ref() == Some(&customer.email),
        is_frozen: customer.frozen_until.is_some_and(|until| until > now),
        was_vetoed: store::was_vetoed(connection, &customer.id, now)?,
    })
}

/// Whose recovery it is, while it holds: of somebody in good standing whose credentials nobody changed since.
///
/// # Errors
/// [`StoreError`].
pub fn find_subject(connection: &mut DbConnection, state: &SigninState, recovery: &Recovery) -> Result<Option<(Customer, Facts)>, StoreError> {
    let Some(id) = &recovery.customer else { return Ok(None) };
    let standing = customers::store::find_standing(connection, id)?.filter(|standing| standing.upholds(recovery.generation));
    // Staff are not recovered: an owner invites them anew, or the operator sets them right.
    let customer = customers::store::find_customer(connection, &state.tools.ring, id)?.filter(|customer| customer.role != CustomerRole::Admin);
    // The address may have been changed meanwhile; then what came to the old one counts no longer.
    let (Some(standing), Some(customer)) = (standing, customer.filter(|customer| customer.email.as_str() == recovery.email)) else { return Ok(None) };
    let facts = find_facts(connection, state, &customer, &standing, recovery.passkey.as_ref())?;
    Ok(Some((customer, facts)))
}

const fn limit(limit: i64, window_seconds: i64) -> BucketLimit {
    BucketLimit { limit, window_seconds, consecutive_limit: None }
}

/// Begins a recovery for whoever has this address; a code goes there a moment later. What is done, and what is answered, is the same when nobody has it.
///
/// # Errors
/// [`StoreError`].
pub fn begin(
    tx: &mut WriteTx<'_>,
    state: &SigninState,
    email: &EmailAddress,
    browser: &SecretHash,
    flow: Option<&FlowId>,
    origin: &Origin,
) -> Result<Result<FlowId, Throttled>, StoreError> {
    let tools = &state.tools;
    let source = origin.address.map_or_else(|| "unknown".to_owned(), source_of);
    if let Err(throttled) = attempts::count_in_each(tx, &[(format!("recover-source:{source}"), limit(SOURCE_LIMIT, 3_600))], tools.now())? {
        return Ok(Err(throttled));
    }
    if let Err(throttled) = attempts::count_in_each(tx, &asking_lanes(state, email, origin), tools.now())? {
        return Ok(Err(throttled));
    }
    // A mailbox that strangers filled gets no more mail; whoever has something else to show goes on.
    let is_mailed = attempts::count_in_each(tx, &mailbox_lanes(state, email), tools.now())?.is_ok();
    let index = blind_index(&tools.ring, "email", email.as_str());
    let id = store::insert_recovery(tx, tools, &NewRecovery { browser, customer: None, index: &index, email: email.as_str(), flow, seconds: COLLECT_SECONDS })?;
    intents::keep(tx, state, &Intent::RecoveryCode { recovery: id.clone(), is_first: true, is_mailed, origin: origin.clone() })?;
    Ok(Ok(id))
}

/// Looks up whose recovery it is, if nobody did; older codes and pages die with the recovery that they belong to.
///
/// # Errors
/// [`StoreError`].
fn settle(tx: &mut WriteTx<'_>, state: &SigninState, recovery: Recovery) -> Result<Recovery, StoreError> {
    if recovery.is_settled {
        return Ok(recovery);
    }
    let standing = match EmailAddress::parse(&recovery.email) {
        Ok(email) => customers::store::find_standing_by_email(tx, &state.tools.ring, &email)?,
        Err(_) => None,
    };
    let active = standing.filter(|standing| standing.status == CustomerStatus::Active);
    store::settle(tx, recovery, active.as_ref().map(|standing| (&standing.id, standing.generation)))
}

/// Whose tries are counted: those of an account, or of an address that nobody has.
fn counted_of(state: &SigninState, recovery: &Recovery) -> String {
    recovery.customer.as_ref().map_or_else(|| format!("nobody:{}", hex(&blind_index(&state.tools.ring, "email", &recovery.email))), CustomerId::to_string)
}

/// Puts a wrong first proof into the audit log.
///
/// # Errors
/// [`StoreError`].
pub fn note_wrong(tx: &mut WriteTx<'_>, state: &SigninState, id: &FlowId, evidence: Evidence, origin: &Origin) -> Result<(), StoreError> {
    let found = store::find_recovery(tx, &state.tools, id)?;
    let about = found.and_then(|recovery| recovery.customer).as_ref().map(about).unwrap_or_default();
    let entry = Entry::refusal(RECOVERY_PROOF, Actor::Anonymous, about, "wrong", origin).with_detail(serde_json::json!({ "evidence": evidence }));
    audit::record(tx, &state.tools, &entry)
}

/// How often one source may ask about one address: each has its own pause and its own few, so that a stranger does not use up those of the owner.
fn asking_lanes(state: &SigninState, email: &EmailAddress, origin: &Origin) -> [(String, BucketLimit); 2] {
    let index = hex(&blind_index(&state.tools.ring, "email", email.as_str()));
    let source = origin.address.map_or_else(|| "unknown".to_owned(), source_of);
    [(format!("recover-pause:{index}:{source}"), limit(1, PAUSE_SECONDS)), (format!("recover-address:{index}:{source}"), limit(ADDRESS_LIMIT, 3_600))]
}

/// How many messages a mailbox gets, whoever asks.
fn mailbox_lanes(state: &SigninState, email: &EmailAddress) -> [(String, BucketLimit); 1] {
    let index = hex(&blind_index(&state.tools.ring, "email", email.as_str()));
    [(format!("recover-mailbox:{index}"), limit(MAILBOX_LIMIT, 3_600))]
}

fn count_mail(tx: &mut WriteTx<'_>, state: &SigninState, email: &EmailAddress, origin: &Origin) -> Result<Result<(), Throttled>, StoreError> {
    let lanes: Vec<_> = asking_lanes(state, email, origin).into_iter().chain(mailbox_lanes(state, email)).collect();
    attempts::count_in_each(tx, &lanes, state.tools.now())
}

/// Sends the code of a recovery to the mailbox of its account, if there is one. Without one a code is made too, which goes nowhere: what is typed is then looked at in the same way.
///
/// # Errors
/// [`StoreError`].
pub fn send_begun(tx: &mut WriteTx<'_>, state: &SigninState, id: &FlowId, (is_first, is_mailed): (bool, bool), origin: &Origin) -> Result<(), StoreError> {
    let tools = &state.tools;
    let Some(recovery) = store::find_recovery(tx, tools, id)? else { return Ok(()) };
    let recovery = settle(tx, state, recovery)?;
    if is_first {
        let about = recovery.customer.as_ref().map(about).unwrap_or_default();
        audit::record(tx, tools, &Entry::success(RECOVERY_BEGUN, Actor::Anonymous, about, origin))?;
    }
    if recovery.progress.state != State::Collecting || !is_mailed {
        return Ok(());
    }
    let code = sent_code::store::begin_code(tx, tools, &code_owner(id, Evidence::Mailbox), FactorKind::EmailCode)?;
    let Some((customer, _)) = find_subject(tx, state, &recovery)? else { return Ok(()) };
    let to = Addressee::of(&state.http.texts, &customer);
    messages::send_code(tx, &Desk::of(&state.http), &to, &Code::plain(CodePurpose::Recovery, &code, tools.now().plus(CODE_SECONDS)))
}

/// Sends a code to a channel of the account; nothing where there is no such channel.
///
/// # Errors
/// [`StoreError`].
pub fn send(tx: &mut WriteTx<'_>, state: &SigninState, recovery: &Recovery, evidence: Evidence, origin: &Origin) -> Result<Result<(), Throttled>, StoreError> {
    let tools = &state.tools;
    if evidence == Evidence::Mailbox {
        let Ok(email) = EmailAddress::parse(&recovery.email) else { return Ok(Ok(())) };
        return Ok(match count_mail(tx, state, &email, origin)? {
            Ok(()) => Ok(intents::keep(tx, state, &Intent::RecoveryCode { recovery: recovery.id.clone(), is_first: false, is_mailed: true, origin: origin.clone() })?),
            Err(throttled) => Err(throttled),
        });
    }
    let Some((customer, _)) = find_subject(tx, state, recovery)?.filter(|_| !recovery.progress.evidence.is_empty()) else { return Ok(Ok(())) };
    let owner = code_owner(&recovery.id, evidence);
    match (evidence, &customer.backup_email) {
        (Evidence::Phone, _) if state.factors.has_sms_codes && customer.is_phone_verified => {
            sent::send_code(tx, state, sent::Wanted::plain(FactorKind::SmsCode, CodePurpose::Recovery), &owner, &customer, origin)
        }
        (Evidence::SecondMailbox, Some(second)) => {
            if let Err(throttled) = count_mail(tx, state, second, origin)? {
                return Ok(Err(throttled));
            }
            let code = sent_code::store::begin_code(tx, tools, &owner, FactorKind::EmailCode)?;
            let to = Addressee { email: second.as_str(), ..Addressee::of(&state.http.texts, &customer) };
            messages::send_code(tx, &Desk::of(&state.http), &to, &Code::plain(CodePurpose::Recovery, &code, tools.now().plus(CODE_SECONDS)))?;
            Ok(Ok(()))
        }
        _ => Ok(Ok(())),
    }
}

/// What a browser sent for a proof.
pub enum Given {
    /// Something that was typed.
    Typed(String),
    /// Whether the password that was typed is right.
    Password(bool),
    /// What an authenticator answered.
    Passkey(Answer),
}

/// What is shown in a recovery.
pub struct Shown<'a> {
    /// Which kind.
    pub evidence: Evidence,
    /// What came of it.
    pub given: &'a Given,
    /// The secret of a device that may be trusted.
    pub device: Option<&'a Secret>,
    /// The browser, where somebody signed in with it before.
    pub known: Option<&'a SecretHash>,
    /// Where the request came from.
    pub origin: &'a Origin,
}

/// Why nothing was added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShowRefused {
    /// It is not right.
    Wrong,
    /// Too many tries.
    Throttled(Throttled),
    /// The recovery is over, or does not take any more.
    Over,
}

/// Looks at what is shown, counts the try, and adds it when it is right. For an address that nobody has the same is done, and nothing is ever right.
///
/// # Errors
/// [`StoreError`].
pub fn show(tx: &mut WriteTx<'_>, state: &SigninState, recovery: &Recovery, shown: &Shown<'_>) -> Result<Result<Progress, ShowRefused>, StoreError> {
    let tools = &state.tools;
    if recovery.progress.state != State::Collecting || recovery.expires_at <= tools.now() {
        return Ok(Err(ShowRefused::Over));
    }
    let who = counted_of(state, recovery);
    // Strangers only get as far as a first proof: their tries are counted for their own recovery, and for the account apart from those of whoever has shown something.
    let lanes = match shown.known {
        Some(device) if recovery.is_blank() && is_known(tx, state, recovery, device)? => AttemptPolicy::known_proof_lanes(recovery.id.as_str(), &who, &hex(device.as_bytes())),
        _ if recovery.is_blank() => AttemptPolicy::first_proof_lanes(recovery.id.as_str(), &who),
        _ => AttemptPolicy::recovery_lanes(&who),
    };
    if let Err(throttled) = attempts::count_in_each(tx, &lanes, tools.now())? {
        return Ok(Err(ShowRefused::Throttled(throttled)));
    }
    // The account is looked at only for whoever has shown something, and a wrong first proof is noted by the job.
    let shown_passkey = match (shown.evidence, shown.given) {
        (Evidence::Passkey, Given::Passkey(answer)) => passkey::check(tx, state, recovery, answer, shown.origin)?,
        _ => None,
    };
    let is_right = shown_passkey.is_some() || is_right(tx, state, recovery, shown)?;
    if recovery.is_blank() && !is_right {
        intents::keep(tx, state, &Intent::RecoveryWrong { recovery: recovery.id.clone(), evidence: shown.evidence, origin: shown.origin.clone() })?;
        return Ok(Err(ShowRefused::Wrong));
    }
    let subject = find_subject(tx, state, recovery)?;
    let entry = |outcome: Option<&'static str>| {
        let about = subject.as_ref().map(|(customer, _)| about(&customer.id)).unwrap_or_default();
        let entry = match outcome {
            None => Entry::success(RECOVERY_PROOF, Actor::Anonymous, about, shown.origin),
            Some(reason) => Entry::refusal(RECOVERY_PROOF, Actor::Anonymous, about, reason, shown.origin),
        };
        entry.with_detail(serde_json::json!({ "evidence": shown.evidence }))
    };
    let Some((customer, facts)) = &subject else { return Ok(Err(ShowRefused::Over)) };
    if !is_right {
        audit::record(tx, tools, &entry(Some("wrong")))?;
        return Ok(Err(ShowRefused::Wrong));
    }
    attempts::return_tries(tx, &lanes)?;
    let waits = state.recovery.waits;
    let Some(mut progress) = recovery.progress.after(Event::Shown(shown.evidence), facts, waits, tools.now()) else { return Ok(Err(ShowRefused::Over)) };
    // The device speaks for itself, beside something that somebody had to know.
    let is_trusted = match shown.device {
        Some(device) => trusted_device::store::is_trusted(tx, &device.hash(), &customer.id, recovery.generation, tools.now())?,
        None => false,
    };
    if is_trusted {
        progress = progress.after(Event::Shown(Evidence::TrustedDevice), facts, waits, tools.now()).unwrap_or(progress);
    }
    if !store::keep_progress(tx, &recovery.id, &recovery.progress, &progress, recovery.expires_at)? {
        return Ok(Err(ShowRefused::Over));
    }
    if shown.evidence == Evidence::Mailbox {
        customers::store::note_email_proven(tx, &tools.ring, &customer.id, &customer.email)?;
    }
    if let Some(id) = &shown_passkey {
        store::keep_passkey(tx, &recovery.id, id)?;
    }
    audit::record(tx, tools, &entry(None))?;
    if shown.evidence == Evidence::RecoveryCode {
        messages::send_notice(tx, &Desk::of(&state.http), Notice::RecoveryCodeUsed, customer)?;
    }
    Ok(Ok(progress))
}

/// Whether its customer signed in with this browser before. Asked about nobody too, so that the time tells nothing.
fn is_known(tx: &mut WriteTx<'_>, state: &SigninState, recovery: &Recovery, device: &SecretHash) -> Result<bool, StoreError> {
    let nobody = CustomerId::nobody();
    sessions::is_known_device(tx, device, recovery.customer.as_ref().unwrap_or(&nobody), state.tools.now().plus(-state.device_seconds))
}

fn is_right(tx: &mut WriteTx<'_>, state: &SigninState, recovery: &Recovery, shown: &Shown<'_>) -> Result<bool, StoreError> {
    let (tools, nobody) = (&state.tools, CustomerId::nobody());
    let id = recovery.customer.as_ref().unwrap_or(&nobody);
    let is_first = recovery.progress.evidence.is_empty();
    let typed = match shown.given {
        Given::Typed(typed) => typed.as_str(),
        Given::Password(is_right) => return Ok(shown.evidence == Evidence::Password && *is_right && recovery.customer.is_some()),
        Given::Passkey(_) => return Ok(false),
    };
    let redeem = |tx: &mut WriteTx<'_>, kind| Ok::<_, StoreError>(sent_code::store::redeem_code(tx, tools, &code_owner(&recovery.id, shown.evidence), kind, typed)?.is_ok());
    Ok(match shown.evidence {
        Evidence::Mailbox | Evidence::SecondMailbox => redeem(tx, FactorKind::EmailCode)?,
        Evidence::Phone => redeem(tx, FactorKind::SmsCode)?,
        Evidence::RecoveryCode => recovery_code::store::redeem_code(tx, tools, id, typed)?.is_ok(),
        // Only beside something else: a reference is no secret.
        Evidence::PastOrder => !is_first && typed.len() <= 64 && store::is_order_known(tx, tools, id, typed)?,
        Evidence::Password | Evidence::TrustedDevice | Evidence::Passkey => false,
    })
}

/// Carries out an event that needs no proof; none when it cannot happen now.
///
/// # Errors
/// [`StoreError`].
pub fn turn(tx: &mut WriteTx<'_>, state: &SigninState, recovery: &Recovery, event: Event, origin: &Origin) -> Result<Option<Progress>, StoreError> {
    let (tools, now, waits) = (&state.tools, state.tools.now(), state.recovery.waits);
    if recovery.expires_at <= now {
        return Ok(None);
    }
    let Some((customer, facts)) = find_subject(tx, state, recovery)? else { return Ok(None) };
    let Some(after) = recovery.progress.after(event, &facts, waits, now) else { return Ok(None) };
    let expires_at = match (event, after.waits_until) {
        (Event::Wait, Some(until)) => {
            // Held, so that of two at once one begins to wait: a stop is for the one that it was asked for.
            customers::store::hold_row(tx, &customer.id)?;
            let lanes = [(format!("recover-wait:{}", customer.id), limit(WAIT_LIMIT, 86_400))];
            if store::find_waiting(tx, tools, &customer.id)?.is_some() || attempts::count_in_each(tx, &lanes, now)?.is_err() {
                return Ok(None);
            }
            until.plus(FINISH_SECONDS)
        }
        _ => recovery.expires_at,
    };
    if !store::keep_progress(tx, &recovery.id, &recovery.progress, &after, expires_at)? {
        return Ok(None);
    }
    if let (Event::Wait, Some(until)) = (event, after.waits_until) {
        notify::tell_waiting(tx, state, &customer, &recovery.id, until)?;
        let detail = serde_json::json!({ "evidence": after.evidence, "until": until });
        audit::record(tx, tools, &Entry::success(RECOVERY_WAITS, Actor::Anonymous, about(&customer.id), origin).with_detail(detail))?;
    }
    Ok(Some(after))
}

/// Stops a recovery of `customer`; false when none is under way.
///
/// # Errors
/// [`StoreError`].
pub fn stop(tx: &mut WriteTx<'_>, state: &SigninState, customer: &CustomerId, id: &FlowId, by: &'static str, origin: &Origin) -> Result<bool, StoreError> {
    let tools = &state.tools;
    let Some(recovery) = store::find_recovery(tx, tools, id)?.filter(|recovery| recovery.customer.as_ref() == Some(customer)) else { return Ok(false) };
    let Some(after) = recovery.progress.after(Event::Veto, &Facts::default(), state.recovery.waits, tools.now()) else { return Ok(false) };
    // Kept so long, a stop is remembered.
    if !store::keep_progress(tx, id, &recovery.progress, &after, tools.now().plus(VETO_SECONDS))? {
        return Ok(false);
    }
    // And any other that waits, however it came to.
    store::end_waiting(tx, customer)?;
    tickets::store::end_tickets(tx, customer, tickets::Purpose::Recover, tools.now())?;
    let detail = serde_json::json!({ "by": by });
    audit::record(tx, tools, &Entry::success(RECOVERY_STOPPED, Actor::Customer(customer.to_string()), about(customer), origin).with_detail(detail))?;
    Ok(true)
}

/// The second factor that comes over the same channel as a proof.
const fn same_channel(evidence: Evidence) -> Option<FactorKind> {
    match evidence {
        Evidence::Mailbox => Some(FactorKind::EmailCode),
        Evidence::Phone => Some(FactorKind::SmsCode),
        Evidence::RecoveryCode => Some(FactorKind::RecoveryCode),
        Evidence::Passkey | Evidence::SecondMailbox | Evidence::Password | Evidence::TrustedDevice | Evidence::PastOrder => None,
    }
}

/// Sets the new password, takes away what is lost, and ends everything that rested on the old credentials. The proof is the first step of a sign-in; none when the recovery is not that far.
///
/// # Errors
/// [`StoreError`].
pub fn finish(tx: &mut WriteTx<'_>, state: &SigninState, recovery: &Recovery, hash: &PhcHash, device: &Secret, origin: &Origin) -> Result<Option<Proof>, StoreError> {
    let (tools, Some(customer)) = (&state.tools, &recovery.customer) else { return Ok(None) };
    customers::store::hold_row(tx, customer)?;
    let Some((_, facts)) = find_subject(tx, state, recovery)? else { return Ok(None) };
    let lost = ladder::effective(recovery.progress.lost, &ladder::counting(&recovery.progress.evidence, &facts), &facts);
    if turn(tx, state, recovery, Event::Finish, origin)?.is_none() {
        return Ok(None);
    }
    let is_leaving = erasure::stop(tx, tools, customer, origin)?;
    let removed = if lost == Lost::SecondFactor { factors::remove_all_but(tx, customer, recovery.passkey.as_ref().filter(|_| !facts.is_passkey_new))? } else { 0 };
    // Whose accounts elsewhere those are, nobody asked.
    factors::upstream::disconnect_all(tx, tools, customer, "recovery", origin)?;
    store::end_recoveries(tx, customer, Some(&recovery.id))?;
    attempts::clear_customer(tx, customer)?;
    let proof = new_password::replace(tx, state, customer, hash, "recovery", &Kept { session: None, device: Some(device) }, origin)?;
    care::store::note_moment(tx, customer, Card::Recovered, tools.now())?;
    if lost == Lost::Password {
        // What comes over the same channel once more is no second factor.
        let channels = recovery.progress.evidence.iter().filter_map(|evidence| same_channel(*evidence));
        // Nor is the password that was just set another thing to show, until its owner has shown something else beside it.
        let kinds: Vec<FactorKind> = channels.chain([FactorKind::Password]).collect();
        customers::details::store::keep_recovered_by(tx, customer, &kinds)?;
    }
    notify::tell_recovered(tx, state, customer, removed > 0)?;
    let detail = serde_json::json!({ "evidence": recovery.progress.evidence, "authenticators_removed": removed, "waited": recovery.progress.waits_until.is_some(), "erasure_stopped": is_leaving });
    audit::record(tx, tools, &Entry::success(ACCOUNT_RECOVERED, Actor::Customer(customer.to_string()), about(customer), origin).with_detail(detail))?;
    Ok(proof)
}
