//! What was typed into the sign-in page: name and password.

use std::sync::Arc;

use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};

use crate::base::contact::EmailAddress;
use crate::base::encoding::hex;
use crate::base::ids::CustomerId;
use crate::base::secret::Secret;
use crate::identity::attempts::rules::Throttled;
use crate::identity::attempts::store::{self as attempts, Lanes};
use crate::identity::bots::web as bots;
use crate::identity::care;
use crate::identity::care::rules::Card;
use crate::identity::customers::{self, CustomerStatus, Standing};
use crate::identity::factors::password::{self, Checked, NormalPassword, PasswordRefused, PhcHash, StoredHash};
use crate::identity::factors::trusted_device;
use crate::identity::imports::hook::{self, HookFailed, MigrationHook};
use crate::identity::messages::{self, Desk, Notice};
use crate::identity::sessions::SignedIn;
use crate::identity::signin::entrance::{self, Progress};
use crate::identity::signin::gate::SigninState;
use crate::identity::signin::judgement;
use crate::identity::signin::model::SigninFlow;
use crate::identity::signin::new_password::PASSWORD_FLAGGED;
use crate::identity::signin::store as signin_store;
use crate::identity::signin::web::{Problem, Typed, answer, load, read_genuine, sheet};
use crate::identity::{Passed, Proof, factors};
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::crypto::hash_pool::HashRefused;
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::http::client_address;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, error_page, see_other};
use crate::platform::http::params::Params;
use crate::platform::telemetry::metrics::Event;
use crate::platform::vault::blind_index;
use crate::risk::bots::budget::Form;
use crate::risk::decisions::Outcome;
use crate::risk::login::desk::Known;
use crate::risk::login::features::{Seen, keyed};
use crate::risk::login::policy::{Action, Mode};
use crate::risk::login::pressure::Ended;
use crate::risk::login::record::SigninRecord;

/// A sign-in was refused.
pub const SIGNIN_REFUSED: EventSpec =
    EventSpec::new("signin_refused", "A sign-in was refused: wrong password, unknown or locked account, a passkey that does not hold, or too many tries.");

pub(in crate::identity::signin) async fn submit(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        if state.hasher.is_full() {
            return Err(PageError::new(ErrorKind::Unavailable));
        }
        let (flow, browser, before) = load(&state, &request, &path).await?;
        let form = read_genuine(&state, &request, payload, &browser, &format!("/signin/{}", flow.id)).await?;
        if flow.finished_at.is_some() || flow.expires_at <= state.tools.now() {
            return Ok(see_other(flow.return_to.as_str()));
        }
        let typed_email = form.get("email").unwrap_or_default().to_owned();
        // A browser that is known for somebody else gets the new name added; a fresh one gets a fresh secret.
        let device = state.device(&request).unwrap_or_else(|| Secret::generate(state.tools.entropy()));
        match check(&state, &request, &flow, &form, before, &device).await? {
            Ok(entered) => {
                let offer = entered.is_offered.then(|| format!("/account/security/passkeys/offer?{}", flow.id));
                Ok(answer(&state, &flow, &entered.progress, &device, entered.trust.as_ref(), offer.as_deref()))
            }
            Err(problem) => {
                state.http.metrics.count(if matches!(problem, Problem::Throttled(_)) { Event::signin_throttled } else { Event::signin_refused });
                let shown: String = typed_email.chars().take(254).collect();
                Ok(sheet(&state, &request, &flow, &browser, &Typed { email: &shown, problem: Some(problem), is_again: false }))
            }
        }
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}

/// What the database knows of the one who knocks.
#[derive(Clone)]
struct Facts {
    account: Option<(Standing, Option<StoredHash>)>,
    /// Whether only the old shop knows the password.
    is_elsewhere: bool,
    /// What sign-ins of this account and of everybody are like.
    known: Known,
    /// Whether this browser is known; none where the account has no known browser.
    is_known_device: Option<bool>,
}

/// Somebody whose password only the old shop knows.
#[derive(Clone)]
enum Stranger {
    /// There is no account.
    Unknown,
    /// There is one, which came without a password and was never signed in to.
    Without(CustomerId),
}

impl Facts {
    fn stranger(&self) -> Option<Stranger> {
        match &self.account {
            None => Some(Stranger::Unknown),
            Some((standing, None)) if self.is_elsewhere && standing.status == CustomerStatus::Active => Some(Stranger::Without(standing.id.clone())),
            Some(_) => None,
        }
    }
}

async fn check(
    state: &Data<SigninState>,
    request: &HttpRequest,
    flow: &SigninFlow,
    form: &Params,
    before: Option<SignedIn>,
    device: &Secret,
) -> Result<Result<Entered, Problem>, PageError> {
    let origin = origin_of(request);
    let (typed_email, typed_password) = (form.get("email").unwrap_or_default().trim(), form.get("password").unwrap_or_default());
    let password = match NormalPassword::from_typed(typed_password) {
        Err(PasswordRefused::TooLong | PasswordRefused::TooShort) => return Ok(Err(Problem::TooLong)),
        Err(PasswordRefused::Empty) => return Ok(Err(Problem::Missing { email: typed_email.is_empty(), password: true })),
        Ok(_) if typed_email.is_empty() => return Ok(Err(Problem::Missing { email: true, password: false })),
        Ok(password) => password,
    };
    // What is no address cannot be an account, but takes the same way, at the same cost.
    let email = EmailAddress::parse(typed_email).ok();
    let seen = judgement::observe(&state.risk, &origin);
    let mut facts = gather(state, email.clone(), device, &seen).await?;
    let lanes = lanes(state, &facts, email.as_ref(), typed_email, device, &origin);

    let Some(browser) = state.known_browser(request) else { return Err(PageError::new(ErrorKind::Forbidden)) };
    if let Err(held) = bots::check(state, request, (Form::Signin, form), &browser, facts.is_known_device == Some(true)).await? {
        return Ok(Err(Problem::Puzzle(held)));
    }
    if let Err(throttled) = count_try(state, &lanes, &facts, &origin).await? {
        return Ok(Err(Problem::Throttled(throttled)));
    }
    // Before the password is looked at: what follows is the same whether it is right or not.
    let record = judge(state, &seen, &facts);
    if record.as_ref().is_some_and(|record| record.done == Action::Delay) && !wait(state).await {
        return Ok(Err(Problem::Busy));
    }
    let Ok(mut checked) = check_password(state, &password, &facts).await else { return Ok(Err(Problem::Busy)) };
    let was_in_trouble = state.trouble.is_on(state.tools.now());
    if let (Some(stranger), Some(email), Some(hook)) = (facts.stranger(), &email, &state.migration) {
        match bring_over(state, hook, (email, stranger), &password, typed_password, &origin).await? {
            Ok(true) => {
                // From here on it is a sign-in like any other, against the hash that was just made.
                facts = gather(state, Some(email.clone()), device, &seen).await?;
                let Ok(again) = check_password(state, &password, &facts).await else { return Ok(Err(Problem::Busy)) };
                checked = again;
            }
            Ok(false) => {}
            // For whoever asks now it is no sign-in; for a while after it nobody is told that a password is wrong, known here or not.
            Err(_) => state.trouble.note(state.tools.now()),
        }
    }
    let standing = facts.account.as_ref().map(|(standing, _)| standing);
    let reason = match (standing, &checked.proof) {
        (None, _) => "unknown_account",
        (Some(standing), _) if standing.status == CustomerStatus::Locked => "locked",
        (Some(_), None) => "wrong_password",
        (Some(_), Some(_)) => "",
    };
    if !reason.is_empty() {
        let about = standing.map(|standing| format!("customer:{}", standing.id)).unwrap_or_default();
        let name = standing.map_or_else(|| email.as_ref().map_or(typed_email, EmailAddress::as_str), |standing| standing.id.as_str());
        state.risk.note(&seen, name, if standing.is_some() { Ended::Wrong } else { Ended::Stranger });
        refuse(state, about, reason, &origin).await?;
        return Ok(Err(if was_in_trouble { Problem::Busy } else { Problem::Refused }));
    }
    let is_remembered = form.get("remember") == Some("yes");
    let Checked { proof: Some(proof), rehashed } = checked else { return Ok(Err(Problem::Refused)) };
    let (customer, generation) = (proof.customer().clone(), proof.generation());
    if let Some(record) = record.as_ref().filter(|record| record.done == Action::Deny) {
        state.risk.note(&seen, customer.as_str(), Ended::Wrong);
        deny(state, &customer, record, &origin).await?;
        state.http.metrics.count_decision("signin", record.level.word(), record.done.word());
        return Ok(Err(Problem::Refused));
    }
    state.risk.note(&seen, customer.as_str(), Ended::Right);
    if let Some(record) = &record {
        state.http.metrics.count_decision("signin", record.level.word(), record.done.word());
    }
    let entered = enter(
        state,
        flow,
        Entering {
            proof,
            rehashed,
            lanes,
            before,
            device: device.clone(),
            trusted: state.trusted_device(request),
            can_passkey: form.get("can_passkey") == Some("yes"),
            is_remembered,
            origin,
            record,
        },
    )
    .await?;
    look_later(state, password, customer, generation, origin_of(request));
    Ok(Ok(entered))
}

/// Checks the password against what is stored; without an account the same work is done.
async fn check_password(state: &SigninState, password: &NormalPassword, facts: &Facts) -> Result<Checked, HashRefused> {
    let usable = facts.account.as_ref().and_then(|(standing, hash)| Some((standing, hash.as_ref()?)));
    state.hasher.check(password, usable).await
}

/// Asks the old shop about a stranger, and makes the account, or gives it the password, when that is right there. Whether it was made. The try was counted before.
async fn bring_over(
    state: &Data<SigninState>,
    hook: &MigrationHook,
    (email, stranger): (&EmailAddress, Stranger),
    password: &NormalPassword,
    typed: &str,
    origin: &Origin,
) -> Result<Result<bool, Problem>, PageError> {
    let person = match hook.ask(&state.tools, email, typed).await {
        Ok(Some(person)) => Arc::new(person),
        Ok(None) => return Ok(Ok(false)),
        Err(HookFailed::Busy) => return Ok(Err(Problem::Busy)),
        Err(error) => {
            tracing::warn!(%error, "the old shop did not say whether a password is right");
            return Ok(Err(Problem::Busy));
        }
    };
    let Ok(hash) = state.hasher.hash(password).await else { return Ok(Err(Problem::Busy)) };
    let (at_work, origin) = (state.clone(), origin.clone());
    let work = move |tx: &mut WriteTx<'_>| match &stranger {
        Stranger::Unknown => hook::take_in(tx, &at_work.tools, &person, &hash, &origin),
        Stranger::Without(customer) => hook::adopt(tx, &at_work.tools, customer, (&person, &hash), &origin),
    };
    state.db.write_again(work).await?;
    Ok(Ok(true))
}

/// Looks, after the answer, whether the password that was just right is known from a breach; then it has to be replaced at the next sign-in, and its owner is told.
fn look_later(state: &Data<SigninState>, password: NormalPassword, customer: CustomerId, generation: i64, origin: Origin) {
    let state = state.clone();
    actix_web::rt::spawn(async move {
        if !state.hasher.is_breached(&state.passwords, &password).await {
            return;
        }
        let at_work = state.clone();
        let work = move |tx: &mut WriteTx<'_>| {
            // Replaced, or noted, meanwhile.
            let is_same = customers::store::find_standing(tx, &customer)?.is_some_and(|standing| standing.upholds(generation));
            if !is_same || !customers::store::flag_password(tx, &customer, Some("breached"))? {
                return Ok(());
            }
            care::store::note_moment(tx, &customer, Card::Breached, at_work.tools.now())?;
            if let Some(customer) = customers::store::find_customer(tx, &at_work.tools.ring, &customer)? {
                messages::send_notice(tx, &Desk::of(&at_work.http), Notice::PasswordBreached, &customer)?;
            }
            audit::record(tx, &at_work.tools, &Entry::success(PASSWORD_FLAGGED, Actor::System, format!("customer:{customer}"), &origin))
        };
        if let Err(error) = state.db.write(work).await {
            tracing::warn!(%error, "a breached password was not noted; the next sign-in looks again");
        }
    });
}

/// How strange it is; none where sign-ins are not judged.
fn judge(state: &SigninState, seen: &Seen, facts: &Facts) -> Option<SigninRecord> {
    (state.risk.policy.mode != Mode::Off).then(|| state.risk.judge(seen, &facts.known, facts.is_known_device))
}

/// Waits as long as the policy says; false when too many wait already.
async fn wait(state: &SigninState) -> bool {
    let Ok(_place) = state.waiting.try_acquire() else { return false };
    let seconds = u64::try_from(state.risk.policy.delay_seconds).unwrap_or_default();
    actix_web::rt::time::sleep(std::time::Duration::from_secs(seconds)).await;
    true
}

/// The password was right, and the policy refuses all the same: the one who typed it learns nothing of that, and the customer hears of it.
async fn deny(state: &Data<SigninState>, customer: &CustomerId, record: &SigninRecord, origin: &Origin) -> Result<(), StoreError> {
    let (at_work, customer, record, origin) = (state.clone(), customer.clone(), record.clone(), origin.clone());
    let work = move |tx: &mut WriteTx<'_>| {
        let carried = judgement::write_down(tx, &at_work, &customer, &record, Some(Outcome::Refused))?;
        let detail = serde_json::json!({ "decision": carried.decision, "score": carried.score, "level": carried.level });
        audit::record(tx, &at_work.tools, &Entry::refusal(SIGNIN_REFUSED, Actor::Anonymous, format!("customer:{customer}"), "risk", &origin).with_detail(detail))?;
        judgement::tell_stopped(tx, &at_work, &customer, &carried.decision)
    };
    state.db.write(work).await
}

async fn gather(state: &Data<SigninState>, email: Option<EmailAddress>, device: &Secret, seen: &Seen) -> Result<Facts, StoreError> {
    let known_since = state.tools.now().plus(-state.device_seconds);
    let (device, ring, desk, seen) = (device.hash(), state.tools.ring.clone(), Arc::clone(&state.risk), seen.clone());
    let name = keyed(&ring.risk, "nobody", email.as_ref().map(EmailAddress::as_str).unwrap_or_default());
    state
        .db
        .read(move |connection| {
            let standing = match &email {
                Some(email) => customers::store::find_standing_by_email(connection, &ring, email)?,
                None => None,
            };
            // The same questions are asked about nobody, so that the time tells nothing.
            let id = standing.as_ref().map_or_else(CustomerId::nobody, |standing| standing.id.clone());
            let hash = password::store::find_hash(connection, &ring, &id)?;
            let is_elsewhere = hash.is_none() && password::foreign::store::is_elsewhere(connection, &id)?;
            let (known, is_known_device) = judgement::find_known(connection, &desk, &seen, standing.as_ref().map(|standing| &standing.id).ok_or(name), (&device, known_since))?;
            Ok(Facts { account: standing.map(|standing| (standing, hash)), is_elsewhere, known, is_known_device })
        })
        .await
}

/// One bucket an account, however its name was spelt; a lane of its own for a browser that the customer signed in with before.
fn lanes(state: &SigninState, facts: &Facts, email: Option<&EmailAddress>, typed: &str, device: &Secret, origin: &Origin) -> Lanes {
    let account = match &facts.account {
        // Staff get no lane of their own: ten wrong tries close the account, from wherever (PCI DSS 8.3.4).
        Some((standing, _)) if facts.is_known_device == Some(true) && !standing.facts.is_admin => format!("device:{}:{}", standing.id, hex(device.hash().as_bytes())),
        Some((standing, _)) => format!("account:{}", standing.id),
        None => {
            let named = email.map_or(typed, EmailAddress::as_str);
            format!("nobody:{}", hex(&blind_index(&state.tools.ring, "email", named)))
        }
    };
    let source = origin.address.map_or_else(|| "source:unknown".to_owned(), |address| format!("source:{}", client_address::source_of(address)));
    Lanes { account, source }
}

async fn count_try(state: &Data<SigninState>, lanes: &Lanes, facts: &Facts, origin: &Origin) -> Result<Result<(), Throttled>, StoreError> {
    let about = facts.account.as_ref().map(|(standing, _)| format!("customer:{}", standing.id)).unwrap_or_default();
    let mut tries = 0;
    loop {
        let (at_work, lanes, about, origin) = (state.clone(), lanes.clone(), about.clone(), origin.clone());
        let counted = state
            .db
            .write(move |tx| {
                let counted = attempts::count_try(tx, &lanes, &at_work.attempts, at_work.tools.now())?;
                if counted.is_err() {
                    audit::record(tx, &at_work.tools, &Entry::refusal(SIGNIN_REFUSED, Actor::Anonymous, about.clone(), "throttled", &origin))?;
                }
                Ok(counted)
            })
            .await;
        match counted {
            // Two first tries of one bucket met: the other one's row is there now.
            Err(StoreError::Conflict) if tries < 8 => tries += 1,
            settled => return settled,
        }
    }
}

async fn refuse(state: &Data<SigninState>, about: String, reason: &'static str, origin: &Origin) -> Result<(), StoreError> {
    let (at_work, origin) = (state.clone(), origin.clone());
    let record = move |tx: &mut WriteTx<'_>| audit::record(tx, &at_work.tools, &Entry::refusal(SIGNIN_REFUSED, Actor::Anonymous, about.clone(), reason, &origin));
    state.db.write(record).await
}

/// The password was right: its try is given back, and the sign-in goes on, in one transaction. With the next secret of the device, when it is one that the customer trusts.
async fn enter(state: &Data<SigninState>, flow: &SigninFlow, entering: Entering) -> Result<Entered, StoreError> {
    let (at_work, flow) = (state.clone(), flow.clone());
    let work = move |tx: &mut WriteTx<'_>| {
        let Entering { proof, rehashed, lanes, before, device, trusted, can_passkey, is_remembered, origin, record } = &entering;
        // A password that was replaced while this one was checked stays.
        if let Some(rehashed) = rehashed
            && customers::store::hold_upheld(tx, proof.customer(), proof.generation())?
        {
            password::store::renew_hash(tx, proof.customer(), rehashed, at_work.tools.now())?;
        }
        attempts::clear_tries(tx, lanes)?;
        let trusted = match trusted {
            Some(shown) => trusted_device::store::use_device(tx, &at_work.tools, proof.customer(), proof.generation(), &shown.hash())?,
            None => None,
        };
        let (trusted, fresh) = trusted.unzip();
        let passed = Passed::first(proof, *is_remembered).on_trusted_device(trusted);
        let mut flow = flow.clone();
        if let Some(record) = record {
            let carried = judgement::write_down(tx, &at_work, proof.customer(), record, None)?;
            signin_store::keep_risk(tx, &at_work.tools, &flow.id, &carried)?;
            flow.risk = Some(carried);
        }
        let progress = entrance::advance(tx, &at_work, &flow, &passed, before.as_ref(), device, origin)?;
        let is_offered = matches!(progress, Progress::Entered(_)) && is_offered(tx, &at_work, proof, *can_passkey)?;
        Ok(Entered { progress, trust: fresh, is_offered })
    };
    state.db.write(work).await
}

/// What became of a right password.
struct Entered {
    progress: Progress,
    /// The next secret of the trusted device.
    trust: Option<Secret>,
    /// Whether a stronger way to sign in is offered before going on.
    is_offered: bool,
}

/// How long nobody is asked again who was offered a passkey, in seconds.
const OFFER_PAUSE_SECONDS: i64 = 30 * 86_400;
/// The same for those who will have to have one soon.
const REMINDER_PAUSE_SECONDS: i64 = 86_400;

/// Whether a passkey is offered now: to whoever has no second factor on a device that could keep one, once a month; and each day to whoever will need more than they have by a rule that is announced.
fn is_offered(tx: &mut WriteTx<'_>, state: &SigninState, proof: &Proof, can_passkey: bool) -> Result<bool, StoreError> {
    let may_offer = can_passkey && state.factors.offers_passkeys;
    if !may_offer && state.factors.groups.is_empty() {
        return Ok(false);
    }
    let now = state.tools.now();
    let Some(standing) = customers::store::find_standing(tx, proof.customer())? else { return Ok(false) };
    if !factors::find_means(tx, &state.factors, &standing, now)?.enrolled.is_empty() {
        return Ok(false);
    }
    let pause = match (state.factors.announced(&standing.facts, now), may_offer) {
        (Some(_), _) => REMINDER_PAUSE_SECONDS,
        (None, true) => OFFER_PAUSE_SECONDS,
        (None, false) => return Ok(false),
    };
    customers::details::store::note_passkey_offer(tx, proof.customer(), now.plus(-pause), now)
}

/// What a right password brings along.
struct Entering {
    proof: Proof,
    rehashed: Option<PhcHash>,
    lanes: Lanes,
    before: Option<SignedIn>,
    device: Secret,
    trusted: Option<Secret>,
    can_passkey: bool,
    is_remembered: bool,
    origin: Origin,
    /// How strange it is.
    record: Option<SigninRecord>,
}
