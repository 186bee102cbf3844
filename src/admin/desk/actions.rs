//! What the desk does to an account: at once where it only makes it safer, and by a case where it could help a thief.

use serde::{Deserialize, Serialize};

use super::rules::{CallPurpose, Strength, Way, together};
use super::store::{find_latest, insert_check, list_proofs, note_proven, spend_proofs};
use super::{Reason, find_subject};
use crate::admin::access::staff::Who;
use crate::admin::cases::rules::CaseKind;
use crate::admin::cases::store::find_open;
use crate::admin::cases::{self, Wish, note_of, was_stopped};
use crate::admin::desk::views::CaseView;
use crate::admin::operations::{AdminState, Answer, Call, Ran, Refused};
use crate::base::assurance::FactorKind;
use crate::base::contact::EmailAddress;
use crate::base::ids::{AuthenticatorId, CallerCheckId};
use crate::base::random;
use crate::base::time::UnixSeconds;
use crate::identity::attempts::rules::AttemptPolicy;
use crate::identity::attempts::store as attempts;
use crate::identity::customers::{self, Customer, CustomerRole, CustomerStatus};
use crate::identity::factors::sent_code;
use crate::identity::messages::{self, CodePurpose, Desk, Notice};
use crate::identity::recovery::{self, CHANGE_COOL_DOWN_SECONDS};
use crate::identity::sessions::store as sessions;
use crate::identity::signin::new_password::{Kept, end_everything};
use crate::identity::signin::sent::{self, Wanted};
use crate::platform::audit::{self, EventSpec, Origin};
use crate::platform::db::{StoreError, WriteTx};

/// A caller is to show that they are the customer.
pub const CALLER_ASKED: EventSpec = EventSpec::new("staff_caller_asked", "Staff asked a caller to show that they are the customer.");
/// A caller showed it, or did not.
pub const CALLER_CHECKED: EventSpec = EventSpec::new("staff_caller_checked", "A caller showed that they are the customer, or did not.");
/// Staff locked an account.
pub const CUSTOMER_LOCKED: EventSpec = EventSpec::new("staff_customer_locked", "Staff locked an account: no sign-in, and every session and token is void.");
/// Staff unlocked an account.
pub const CUSTOMER_UNLOCKED: EventSpec = EventSpec::new("staff_customer_unlocked", "Staff unlocked an account.");
/// Staff ended a customer's sessions.
pub const SESSIONS_ENDED: EventSpec = EventSpec::new("staff_sessions_ended", "Staff ended every session of a customer, with what the shops were granted in them.");
/// Staff sent a customer the way to get back in.
pub const RECOVERY_STARTED: EventSpec = EventSpec::new("staff_recovery_started", "Staff sent a customer the link at which an account is recovered.");

pub(super) fn about(customer: &Customer) -> String {
    format!("customer:{}", customer.id)
}

/// The customer of a call whom the desk may look after, and the reason that was given; or why not.
pub(super) fn begin<'a>(tx: &mut WriteTx<'_>, state: &AdminState, call: &'a Call) -> Result<Result<(Customer, &'a Call), Refused>, StoreError> {
    Ok(match find_subject(tx, state, call)? {
        None => Err(Refused::NotFound),
        // Or the desk would be a way to take over its own lead.
        Some(customer) if customer.role == CustomerRole::Admin => {
            Err(Refused::Conflict("is_staff", "This is an account of the staff: an owner looks after it, at the command line of the server.".to_owned()))
        }
        Some(customer) => Ok((customer, call)),
    })
}

macro_rules! or_refuse {
    ($ran:expr) => {
        match $ran {
            Ok(value) => value,
            Err(refused) => return Ok(Err(refused)),
        }
    };
}

/// How a caller is to show that they are the customer.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckWish {
    /// In which way.
    pub way: Way,
    /// What for: it counts for nothing else, and the customer reads it first.
    #[serde(default)]
    pub purpose: CallPurpose,
}

/// What was begun.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct CheckBegun {
    /// Its id.
    pub id: String,
    /// The number to tell the caller, who compares it on their own page; null where a code was sent.
    pub number: Option<String>,
    /// Until when, in Unix seconds.
    pub expires_at: i64,
}

fn code_owner(check: &CallerCheckId) -> String {
    format!("call:{check}")
}

/// Has a caller show that they are the customer: on their own page, or by a code.
///
/// # Errors
/// [`StoreError`].
pub fn begin_check(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let wish: CheckWish = or_refuse!(call.input());
    let (customer, _) = or_refuse!(begin(tx, state, call)?);
    let tools = state.tools();
    let is_settled = |changed_at: Option<UnixSeconds>| changed_at.is_none_or(|at| tools.now().since(at) >= CHANGE_COOL_DOWN_SECONDS);
    let has_way = match wish.way {
        Way::Page => true,
        // What came into the account a short while ago, its owner may not have put there.
        Way::Email => customer.is_email_verified && is_settled(customer.email_changed_at),
        Way::Sms => state.signin.factors.has_sms_codes && customer.is_phone_verified && is_settled(customer.phone_changed_at),
    };
    if !has_way {
        return Ok(Err(Refused::Conflict("no_way", "This customer cannot be reached in that way.".to_owned())));
    }
    let [byte] = random::bytes::<1>(tools.entropy());
    let number = (wish.way == Way::Page).then(|| (10 + u32::from(byte) % 90).to_string());
    let id = insert_check(tx, tools, &customer.id, (&call.staff.key(), call.staff.name()), (wish.way, wish.purpose), number.as_deref())?;
    let kind = match wish.way {
        Way::Page => None,
        Way::Email => Some(FactorKind::EmailCode),
        Way::Sms => Some(FactorKind::SmsCode),
    };
    let sentence = wish.purpose.sentence();
    if let Some(kind) = kind
        && let Err(throttled) = sent::send_code(
            tx,
            &state.signin,
            Wanted { call: sentence.as_deref(), ..Wanted::plain(kind, CodePurpose::Caller) },
            &code_owner(&id),
            &customer,
            &Origin::internal("desk"),
        )?
    {
        return Ok(Err(Refused::Throttled(throttled)));
    }
    let entry = call.staff.entry(CALLER_ASKED, about(&customer), &call.origin);
    audit::record(tx, tools, &entry.with_detail(serde_json::json!({ "way": wish.way, "purpose": wish.purpose })).with_note(note_of(call.staff.name(), "")))?;
    Answer::of(&CheckBegun { id: id.to_string(), number, expires_at: tools.now().plus(super::store::CHECK_SECONDS).0 }).map(Ok)
}

/// The code that a caller reads out.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckCode {
    /// As the caller says it.
    #[schemars(length(min = 1, max = 16))]
    pub code: String,
}

/// Whether a caller has shown it.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct CheckResult {
    /// How well.
    pub strength: Strength,
}

/// Takes the code that a caller reads out.
///
/// # Errors
/// [`StoreError`].
pub fn answer_check(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let typed: CheckCode = or_refuse!(call.input());
    let (customer, _) = or_refuse!(begin(tx, state, call)?);
    let tools = state.tools();
    let nothing = || Refused::Conflict("no_check", "No code waits for this caller: send one first.".to_owned());
    let Some(check) = find_latest(tx, tools, &customer.id)?.filter(|check| check.proven_at.is_none() && check.staff == call.staff.key()) else { return Ok(Err(nothing())) };
    let kind = match check.way {
        Way::Email => FactorKind::EmailCode,
        Way::Sms => FactorKind::SmsCode,
        Way::Page => return Ok(Err(nothing())),
    };
    let lanes = AttemptPolicy::recovery_lanes(&code_owner(&check.id));
    if let Err(throttled) = attempts::count_in_each(tx, &lanes, tools.now())? {
        return Ok(Err(Refused::Throttled(throttled)));
    }
    let is_right = typed.code.len() <= 16 && sent_code::store::redeem_code(tx, tools, &code_owner(&check.id), kind, &typed.code)?.is_ok();
    let entry = call.staff.entry(CALLER_CHECKED, about(&customer), &call.origin).with_detail(serde_json::json!({ "way": check.way }));
    if !is_right || !note_proven(tx, &check.id, Strength::Weak, tools.now())? {
        audit::record(tx, tools, &entry.refused("wrong"))?;
        return Ok(Err(Refused::Conflict("wrong_code", "That is not the code.".to_owned())));
    }
    audit::record(tx, tools, &entry.with_note(note_of(call.staff.name(), "")))?;
    Answer::of(&CheckResult { strength: Strength::Weak }).map(Ok)
}

/// Locks an account.
///
/// # Errors
/// [`StoreError`].
pub fn lock_customer(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let reason = or_refuse!(call.input::<Reason>().and_then(|input| input.judged()));
    let (customer, _) = or_refuse!(begin(tx, state, call)?);
    let (tools, now) = (state.tools(), state.tools().now());
    if !customers::store::change_status(tx, &customer.id, CustomerStatus::Locked, now)? {
        return Ok(Err(Refused::Conflict("locked", "It is locked already.".to_owned())));
    }
    customers::store::bump_generation(tx, &customer.id, now)?;
    sessions::end_sessions_of(tx, &customer.id, "locked", now)?;
    messages::send_notice(tx, &Desk::of(&state.signin.http), Notice::Locked, &customer)?;
    audit::record(tx, tools, &call.staff.entry(CUSTOMER_LOCKED, about(&customer), &call.origin).with_note(note_of(call.staff.name(), &reason)))?;
    state.oauth.access.forget_all();
    Ok(Ok(Answer::EMPTY))
}

/// Unlocks an account, and forgets its failed sign-ins.
///
/// # Errors
/// [`StoreError`].
pub fn unlock_customer(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let reason = or_refuse!(call.input::<Reason>().and_then(|input| input.judged()));
    let (customer, _) = or_refuse!(begin(tx, state, call)?);
    let tools = state.tools();
    let was_locked = customers::store::change_status(tx, &customer.id, CustomerStatus::Active, tools.now())?;
    attempts::clear_customer(tx, &customer.id)?;
    if was_locked {
        messages::send_notice(tx, &Desk::of(&state.signin.http), Notice::Unlocked, &customer)?;
    }
    audit::record(tx, tools, &call.staff.entry(CUSTOMER_UNLOCKED, about(&customer), &call.origin).with_note(note_of(call.staff.name(), &reason)))?;
    Ok(Ok(Answer::EMPTY))
}

/// Ends every session of a customer, and what shops were granted.
///
/// # Errors
/// [`StoreError`].
pub fn end_sessions(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let reason = or_refuse!(call.input::<Reason>().and_then(|input| input.judged()));
    let (customer, _) = or_refuse!(begin(tx, state, call)?);
    let ended = end_everything(tx, &state.signin, &customer.id, "ended_by_staff", &Kept::default())?;
    let entry = call.staff.entry(SESSIONS_ENDED, about(&customer), &call.origin).with_detail(serde_json::json!({ "sessions_ended": ended }));
    audit::record(tx, state.tools(), &entry.with_note(note_of(call.staff.name(), &reason)))?;
    state.oauth.access.forget_all();
    Ok(Ok(Answer::EMPTY))
}

/// Sends a customer the link at which an account is recovered: what they show there decides, not the desk.
///
/// # Errors
/// [`StoreError`].
pub fn start_recovery(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let reason = or_refuse!(call.input::<Reason>().and_then(|input| input.judged()));
    let (customer, _) = or_refuse!(begin(tx, state, call)?);
    let desk = Desk::of(&state.signin.http);
    for to in recovery::notify::mailboxes(&state.signin, &customer) {
        messages::send_notice_to(tx, &desk, Notice::RecoveryOffered, &customer, &to)?;
    }
    audit::record(tx, state.tools(), &call.staff.entry(RECOVERY_STARTED, about(&customer), &call.origin).with_note(note_of(call.staff.name(), &reason)))?;
    Ok(Ok(Answer::EMPTY))
}

/// A new address, and why.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAddress {
    /// Why; the customer reads it.
    #[schemars(length(min = 8, max = 500))]
    pub reason: String,
    /// The new address; whoever reads it has to confirm it.
    #[schemars(length(min = 3, max = 254))]
    pub email: String,
}

/// What a case is about beside its kind.
#[derive(Default)]
struct Asked<'a> {
    email: Option<&'a EmailAddress>,
    factor: Option<&'a AuthenticatorId>,
}

/// Begins a case; with 202 when it waits.
fn begin_case(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call, (kind, reason, asked): (CaseKind, &str, Asked<'_>)) -> Ran {
    let (customer, _) = or_refuse!(begin(tx, state, call)?);
    customers::store::hold_row(tx, &customer.id)?;
    if find_open(tx, &customer.id, kind)?.is_some() {
        return Ok(Err(Refused::Conflict("case_open", "The same was asked for already, and is not over.".to_owned())));
    }
    let now = state.tools().now();
    if was_stopped(tx, &customer.id, now)? || customer.frozen_until.is_some_and(|until| until > now) {
        return Ok(Err(Refused::Conflict("vetoed", "The customer said no in the last days, or the account stands still: only the customer changes this now.".to_owned())));
    }
    let strength = together(&list_proofs(tx, &customer.id, (&call.staff.key(), kind.word()), now)?);
    if strength == Strength::Unproven {
        let what = "Have the caller show that they are the customer first: on their own page with a second factor, or in two different ways, each for this very purpose. One code alone is not enough.";
        return Ok(Err(Refused::Conflict("caller_not_verified", what.to_owned())));
    }
    let needs_approval = state.policy.approvals.iter().any(|name| name == kind.word());
    if needs_approval && matches!(call.staff.who, Who::Machine(_)) {
        // Or whoever holds the program's secret and may decide would be two people.
        return Ok(Err(Refused::Forbidden("Only a person asks for what a second person has to approve.")));
    }
    // What was shown counts for one thing.
    spend_proofs(tx, &customer.id)?;
    let wish = Wish { kind, reason, email: asked.email, factor: asked.factor, strength, needs_approval, wait_seconds: state.policy.wait_seconds };
    let case = cases::ask(tx, &state.signin, &call.staff, &customer, &wish, &call.origin)?;
    state.oauth.access.forget_all();
    let mut answer = Answer::of(&CaseView::of(&case))?;
    if case.progress.state.is_open() {
        answer.status = Some(202);
    }
    Ok(Ok(answer))
}

/// Which authenticators are to go, and why.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LostFactors {
    /// Why; the customer reads it.
    #[schemars(length(min = 8, max = 500))]
    pub reason: String,
    /// The id of one of them; every one, and accounts elsewhere, when absent.
    #[serde(default)]
    #[schemars(length(max = 64))]
    pub factor: Option<String>,
}

/// Asks to have authenticators of a customer removed: one, or every one.
///
/// # Errors
/// [`StoreError`].
pub fn remove_factors(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let input: LostFactors = or_refuse!(call.input());
    let reason = or_refuse!(super::rules::reason(&input.reason).map_err(Refused::Malformed));
    let factor = match input.factor.as_deref().map(str::parse::<AuthenticatorId>) {
        None => None,
        Some(Ok(factor)) => Some(factor),
        Some(Err(_)) => return Ok(Err(Refused::Malformed("factor: the id of an authenticator".to_owned()))),
    };
    if let Some(factor) = &factor {
        let (customer, _) = or_refuse!(begin(tx, state, call)?);
        if !super::views::factors_of(tx, state, &customer)?.iter().any(|known| known.id.as_deref() == Some(factor.as_str())) {
            return Ok(Err(Refused::NotFound));
        }
    }
    begin_case(tx, state, call, (CaseKind::RemoveFactors, &reason, Asked { factor: factor.as_ref(), ..Asked::default() }))
}

/// Asks to have a customer's e-mail address changed.
///
/// # Errors
/// [`StoreError`].
pub fn change_email(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let input: NewAddress = or_refuse!(call.input());
    let reason = or_refuse!(super::rules::reason(&input.reason).map_err(Refused::Malformed));
    let email = or_refuse!(EmailAddress::parse(&input.email).map_err(|refused| Refused::Malformed(format!("email: {refused}"))));
    begin_case(tx, state, call, (CaseKind::ChangeEmail, &reason, Asked { email: Some(&email), ..Asked::default() }))
}

/// Asks to have an account erased.
///
/// # Errors
/// [`StoreError`].
pub fn erase_customer(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let reason = or_refuse!(call.input::<Reason>().and_then(|input| input.judged()));
    begin_case(tx, state, call, (CaseKind::Erase, &reason, Asked::default()))
}
