//! `/recovery`: the address, and then one page that shows what was proven, what can be, and what is next.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::ladder::{Event, Evidence, Facts, Lost, Next, State, counting, effective};
use super::store::{self as recoveries, Recovery};
use super::{Given, ShowRefused, Shown, code_owner, counted_of, find_subject, finish, links, passkey, send, show, start, turn};
use crate::base::assurance::{FactorKind, Requirement};
use crate::base::ids::{CustomerId, FlowId};
use crate::base::secret::Secret;
use crate::base::time::UnixSeconds;
use crate::identity::Passed;
use crate::identity::attempts::store::{self as attempts, Lanes};
use crate::identity::customers::{self, Customer};
use crate::identity::factors::password::{self as passwords, NormalPassword, Owner};
use crate::identity::factors::sent_code;
use crate::identity::factors::sent_code::rules::{masked_email, masked_phone};
use crate::identity::signin::entrance::{self, Progress};
use crate::identity::signin::gate::SigninState;
use crate::identity::signin::model::{ReturnTo, SigninFlow, SigninRequest};
use crate::identity::signin::new_password::web::status_of;
use crate::identity::signin::new_password::{find_owner, sentence};
use crate::identity::signin::store as flows;
use crate::identity::signin::web::{answer, read_genuine};
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::http::client_address::source_of;
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, PagePolicy, PageView, error_page, respond, see_other};
use crate::platform::http::params::Params;

/// How often, and how far apart, it is looked whether the job has settled whose recovery it is.
const SETTLE_LOOKS: u32 = 40;
const SETTLE_LOOK: std::time::Duration = std::time::Duration::from_millis(100);

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route("/recovery/{id}", web::get().to(look))
        .route("/recovery/{id}/send", web::post().to(send_code))
        .route("/recovery/{id}/show", web::post().to(submit))
        .route("/recovery/{id}/turn", web::post().to(turn_to))
        .route("/recovery/{id}/finish", web::post().to(set_password));
    start::web::routes(config);
    links::web::routes(config);
    passkey::web::routes(config);
}

pub(super) fn address(id: &FlowId) -> String {
    format!("/recovery/{id}")
}

/// A recovery in the browser that it belongs to, with what is known of the account.
pub(super) struct Pending {
    pub(super) recovery: Recovery,
    browser: Secret,
    subject: Option<(Customer, Facts)>,
    /// Which channels a code is out for.
    out: Vec<Evidence>,
    has_orders: bool,
    has_passkey: bool,
    owner: Owner,
}

impl Pending {
    pub(super) fn next(&self, state: &SigninState) -> Next {
        let now = state.tools.now();
        if self.recovery.expires_at <= now {
            return Next::Ended(State::Over);
        }
        match &self.subject {
            Some((_, facts)) => self.recovery.progress.next(facts, state.recovery.waits, now),
            // Whoever's credentials changed meanwhile is told; an address that nobody has looks as if nothing was shown yet.
            None if !self.recovery.is_blank() => match self.recovery.progress.state {
                State::Collecting | State::Waiting => Next::Ended(State::Over),
                ended => Next::Ended(ended),
            },
            None => Next::Prove,
        }
    }
}

async fn load(state: &Data<SigninState>, request: &HttpRequest, path: &str) -> Result<Pending, PageError> {
    let id: FlowId = path.parse().map_err(|_| PageError::new(ErrorKind::NotFound))?;
    let browser = state.known_browser(request).ok_or_else(|| PageError::new(ErrorKind::SigninElsewhere))?;
    let (at_work, hash) = (state.clone(), browser.hash());
    let find = move |connection: &mut DbConnection| {
        let tools = &at_work.tools;
        let Some(recovery) = recoveries::find_recovery(connection, tools, &id)? else { return Ok(None) };
        if !hash.matches(&recovery.browser_hash) {
            return Ok(Some(None));
        }
        let subject = if recovery.is_blank() { None } else { find_subject(connection, &at_work, &recovery)? };
        let mut out = Vec::new();
        for (evidence, kind) in [(Evidence::Mailbox, FactorKind::EmailCode), (Evidence::SecondMailbox, FactorKind::EmailCode), (Evidence::Phone, FactorKind::SmsCode)] {
            if sent_code::store::is_out(connection, &code_owner(&recovery.id, evidence), kind, tools.now())? {
                out.push(evidence);
            }
        }
        let (mut has_orders, mut owner) = (false, Owner::default());
        if let Some((customer, _)) = &subject {
            has_orders = recoveries::has_orders(connection, tools, &customer.id)?;
            if let Some(standing) = customers::store::find_standing(connection, &customer.id)? {
                owner = find_owner(connection, &at_work, &standing)?;
                // What is taken away does not count.
                owner.has_second_factor &= recovery.progress.lost == Lost::Password;
            }
        }
        let has_passkey = subject.is_some() && passkey::is_offered(connection, &at_work, &recovery)?;
        Ok(Some(Some(Pending { recovery, browser, subject, out, has_orders, has_passkey, owner })))
    };
    match state.db.read(find).await? {
        None => Err(PageError::new(ErrorKind::SigninExpired)),
        Some(None) => Err(PageError::new(ErrorKind::SigninElsewhere)),
        Some(Some(pending)) => Ok(pending),
    }
}

/// A proof that can be shown.
struct Way {
    word: &'static str,
    /// Where a code goes, for channels.
    target: Option<String>,
    /// Whether one is out.
    is_out: bool,
}

impl Way {
    fn key(&self, part: &str) -> String {
        format!("recovery-{}-{part}", self.word)
    }

    fn is_code(&self) -> bool {
        self.target.is_some()
    }
}

/// What can be shown beside what was. Before anything was, the same for everybody.
fn ways(state: &SigninState, pending: &Pending) -> Vec<Way> {
    let shown = &pending.recovery.progress.evidence;
    let plain = |evidence: Evidence| Way { word: evidence.word(), target: None, is_out: false };
    let code = |evidence: Evidence, target: String| Way { word: evidence.word(), target: Some(target), is_out: pending.out.contains(&evidence) };
    let Some((customer, _)) = pending.subject.as_ref().filter(|_| !shown.is_empty()) else {
        return vec![plain(Evidence::RecoveryCode), plain(Evidence::Password)];
    };
    let mut ways = Vec::new();
    let mut add = |evidence: Evidence, way: Way| {
        if !shown.contains(&evidence) {
            ways.push(way);
        }
    };
    if pending.has_passkey {
        add(Evidence::Passkey, plain(Evidence::Passkey));
    }
    add(Evidence::RecoveryCode, plain(Evidence::RecoveryCode));
    add(Evidence::Password, plain(Evidence::Password));
    add(Evidence::Mailbox, code(Evidence::Mailbox, masked_email(customer.email.as_str())));
    if let Some(second) = &customer.backup_email {
        add(Evidence::SecondMailbox, code(Evidence::SecondMailbox, masked_email(second.as_str())));
    }
    if let Some(phone) = customer.phone.as_ref().filter(|_| customer.is_phone_verified && state.factors.has_sms_codes) {
        add(Evidence::Phone, code(Evidence::Phone, masked_phone(phone.as_str())));
    }
    if pending.has_orders {
        add(Evidence::PastOrder, plain(Evidence::PastOrder));
    }
    ways
}

#[derive(Template)]
#[template(path = "identity/recovery/pages/recovery.html")]
struct RecoveryPage<'a> {
    page: &'a PageView,
    action: String,
    csrf: &'a str,
    email: &'a str,
    /// `prove`, `more`, `may-wait`, `waiting`, `finish`, or how it ended.
    word: &'static str,
    /// What was shown, as keys, and whether it counts.
    shown: Vec<(String, bool)>,
    ways: Vec<Way>,
    /// Whether a passkey is among them.
    has_passkey: bool,
    /// Whether the second factor is what is lost, and whether it can be said to be.
    has_lost_factor: bool,
    may_name_factor: bool,
    hours: String,
    least: usize,
    problem: Option<String>,
}

fn page(state: &SigninState, request: &HttpRequest, pending: &Pending, problem: Option<(StatusCode, String)>) -> HttpResponse {
    let view = PageView::new(&state.http, request, &[]);
    let token = csrf::token(&state.tools.ring, &pending.browser, &address(&pending.recovery.id));
    let now = state.tools.now();
    let hours_until = |until: UnixSeconds| (until.since(now).max(0) + 3_599).div_euclid(3_600).to_string();
    let (word, hours) = match pending.next(state) {
        Next::Prove => ("prove", String::new()),
        Next::More => ("more", String::new()),
        Next::MayWait(seconds) => ("may-wait", seconds.div_euclid(3_600).to_string()),
        Next::Waiting(until) => ("waiting", hours_until(until)),
        Next::Finish => ("finish", String::new()),
        Next::Ended(State::Done) => ("done", String::new()),
        Next::Ended(State::Vetoed) => ("vetoed", String::new()),
        Next::Ended(_) => ("over", String::new()),
    };
    let ways = if matches!(word, "prove" | "more" | "may-wait") { ways(state, pending) } else { Vec::new() };
    let has_passkey = ways.iter().any(|way| way.word == Evidence::Passkey.word());
    let progress = &pending.recovery.progress;
    let counted = pending.subject.as_ref().map_or_else(|| progress.evidence.clone(), |(_, facts)| counting(&progress.evidence, facts));
    let lost = pending.subject.as_ref().map_or(progress.lost, |(_, facts)| effective(progress.lost, &counted, facts));
    let template = RecoveryPage {
        page: &view,
        action: address(&pending.recovery.id),
        csrf: &token,
        email: &pending.recovery.email,
        word,
        shown: progress.evidence.iter().map(|evidence| (format!("recovery-{}-name", evidence.word()), counted.contains(evidence))).collect(),
        has_passkey,
        ways,
        has_lost_factor: lost == Lost::SecondFactor,
        // Where it counts as lost anyhow there is nothing to name.
        may_name_factor: progress.state == State::Collecting && lost == progress.lost && pending.subject.as_ref().is_some_and(|(_, facts)| facts.has_second_factor),
        hours,
        least: state.passwords.policy(pending.owner.is_admin).minimum(pending.owner.has_second_factor),
        problem: problem.as_ref().map(|(_, text)| text.clone()),
    };
    respond(problem.map_or(StatusCode::OK, |(status, _)| status), &view, &template, &PagePolicy { has_script: has_passkey || word == "finish", ..PagePolicy::default() })
}

async fn look(state: Data<SigninState>, request: HttpRequest, path: Path<String>) -> HttpResponse {
    let work = async { Ok(page(&state, &request, &load(&state, &request, &path).await?, None)) };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}

pub(super) async fn read(state: &Data<SigninState>, request: &HttpRequest, path: &str, payload: Payload) -> Result<(Pending, Params), PageError> {
    let pending = load(state, request, path).await?;
    let form = read_genuine(state, request, payload, &pending.browser, &address(&pending.recovery.id)).await?;
    Ok((pending, form))
}

fn evidence_of(form: &Params) -> Result<Evidence, PageError> {
    form.get("kind").and_then(Evidence::parse).ok_or_else(|| PageError::new(ErrorKind::Request).with_detail("kind is missing"))
}

fn throttled_page(state: &SigninState, request: &HttpRequest, pending: &Pending, minutes: &str) -> HttpResponse {
    let text = PageView::new(&state.http, request, &[]).t1("signin-throttled", "minutes", minutes);
    page(state, request, pending, Some((StatusCode::TOO_MANY_REQUESTS, text)))
}

async fn send_code(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let (pending, form) = read(&state, &request, &path, payload).await?;
        let evidence = evidence_of(&form)?;
        let (at_work, recovery, origin) = (state.clone(), pending.recovery.clone(), origin_of(&request));
        Ok(match state.db.write_again(move |tx: &mut WriteTx<'_>| send(tx, &at_work, &recovery, evidence, &origin)).await? {
            Ok(()) => see_other(&address(&pending.recovery.id)),
            Err(throttled) => throttled_page(&state, &request, &pending, &throttled.minutes()),
        })
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}

/// Whether the typed password is right; counted with every other try at it.
async fn check_password(state: &Data<SigninState>, request: &HttpRequest, pending: &Pending, typed: &str) -> Result<Result<bool, String>, PageError> {
    let Ok(password) = NormalPassword::from_typed(typed) else { return Ok(Ok(false)) };
    let id = pending.recovery.customer.clone().unwrap_or_else(CustomerId::nobody);
    let source = origin_of(request).address.map_or_else(|| "source:unknown".to_owned(), |address| format!("source:{}", source_of(address)));
    // Each address that nobody has is counted for itself, as an account is.
    let account = if pending.recovery.customer.is_some() { format!("account:{id}") } else { counted_of(state, &pending.recovery) };
    let lanes = Lanes { account, source };
    let (at_work, counted) = (state.clone(), lanes.clone());
    if let Err(throttled) = state.db.write_again(move |tx: &mut WriteTx<'_>| attempts::count_try(tx, &counted, &at_work.attempts, at_work.tools.now())).await? {
        return Ok(Err(throttled.minutes()));
    }
    let ring = state.tools.ring.clone();
    let find = move |connection: &mut DbConnection| Ok((customers::store::find_standing(connection, &id)?, passwords::store::find_hash(connection, &ring, &id)?));
    let (standing, hash) = state.db.read(find).await?;
    let checked = state.hasher.check(&password, standing.as_ref().zip(hash.as_ref())).await.map_err(|_| PageError::new(ErrorKind::Unavailable))?;
    Ok(Ok(checked.proof.is_some()))
}

async fn submit(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let (mut pending, form) = read(&state, &request, &path, payload).await?;
        let (evidence, typed) = (evidence_of(&form)?, form.get("value").unwrap_or_default().to_owned());
        // Faster than the job that looks up whose it is, and that takes as long for everybody. No code was sent before it, so there is none to wait for.
        for _ in 0..SETTLE_LOOKS {
            if pending.recovery.is_settled || evidence == Evidence::Mailbox {
                break;
            }
            tokio::time::sleep(SETTLE_LOOK).await;
            pending = load(&state, &request, &path).await?;
        }
        if !pending.recovery.is_settled && evidence != Evidence::Mailbox {
            return Err(PageError::new(ErrorKind::Unavailable));
        }
        let given = match evidence {
            Evidence::Password => match check_password(&state, &request, &pending, &typed).await? {
                Ok(is_right) => Given::Password(is_right),
                Err(minutes) => return Ok(throttled_page(&state, &request, &pending, &minutes)),
            },
            _ => Given::Typed(typed),
        };
        answer_shown(&state, &request, &pending, evidence, given).await
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}

/// Looks at what was sent, and answers.
pub(super) async fn answer_shown(state: &Data<SigninState>, request: &HttpRequest, pending: &Pending, evidence: Evidence, given: Given) -> Result<HttpResponse, PageError> {
    let (at_work, recovery, origin, device) = (state.clone(), pending.recovery.clone(), origin_of(request), state.trusted_device(request));
    let known = state.device(request).map(|device| device.hash());
    let work = move |tx: &mut WriteTx<'_>| show(tx, &at_work, &recovery, &Shown { evidence, given: &given, device: device.as_ref(), known: known.as_ref(), origin: &origin });
    Ok(match state.db.write(work).await? {
        Ok(_) | Err(ShowRefused::Over) => see_other(&address(&pending.recovery.id)),
        Err(ShowRefused::Throttled(throttled)) => throttled_page(state, request, pending, &throttled.minutes()),
        Err(ShowRefused::Wrong) => {
            let text = PageView::new(&state.http, request, &[]).t(&format!("recovery-{}-wrong", evidence.word()));
            page(state, request, pending, Some((StatusCode::UNPROCESSABLE_ENTITY, text)))
        }
    })
}

async fn turn_to(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let (pending, form) = read(&state, &request, &path, payload).await?;
        let event = match form.get("to") {
            Some("password") => Event::Named(Lost::Password),
            Some("second-factor") => Event::Named(Lost::SecondFactor),
            Some("wait") => Event::Wait,
            _ => return Err(PageError::new(ErrorKind::Request).with_detail("to is password, second-factor or wait")),
        };
        let (at_work, recovery, origin) = (state.clone(), pending.recovery.clone(), origin_of(&request));
        state.db.write_again(move |tx: &mut WriteTx<'_>| turn(tx, &at_work, &recovery, event, &origin)).await?;
        Ok(see_other(&address(&pending.recovery.id)))
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}

/// The sign-in that a recovery ends in: the one that it came from, or a fresh one.
fn flow_of(tx: &mut WriteTx<'_>, state: &SigninState, recovery: &Recovery, browser: &Secret) -> Result<Option<SigninFlow>, StoreError> {
    let tools = &state.tools;
    if let Some(id) = &recovery.flow
        && let Some(flow) =
            flows::find_flow(tx, tools, id)?.filter(|flow| flow.finished_at.is_none() && flow.expires_at > tools.now() && browser.hash().matches(&flow.browser_hash))
    {
        return Ok(Some(flow));
    }
    let wanted = SigninRequest { requirement: Requirement::default(), login_hint: None, ui_locales: Vec::new(), visitor: None };
    let id = flows::insert_flow(tx, tools, &browser.hash(), &ReturnTo::page("/account"), &wanted, state.flow_seconds)?;
    flows::find_flow(tx, tools, &id)
}

async fn set_password(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let (pending, form) = read(&state, &request, &path, payload).await?;
        if pending.next(&state) != Next::Finish {
            return Ok(see_other(&address(&pending.recovery.id)));
        }
        let hash = match state.hasher.accept(&state.passwords, form.get("new_password").unwrap_or_default(), &pending.owner).await {
            Ok(hash) => hash,
            Err(refused) => {
                let text = sentence(&PageView::new(&state.http, &request, &[]), refused);
                return Ok(page(&state, &request, &pending, Some((status_of(refused), text))));
            }
        };
        let before = state.signed_in(&request).await?;
        let device = state.device(&request).unwrap_or_else(|| Secret::generate(state.tools.entropy()));
        let (at_work, recovery, browser, origin, its_device) =
            (state.clone(), pending.recovery.clone(), Secret::new(pending.browser.expose().to_owned()), origin_of(&request), device.clone());
        let work = move |tx: &mut WriteTx<'_>| {
            let Some(proof) = finish(tx, &at_work, &recovery, &hash, &its_device, &origin)? else { return Ok(None) };
            let Some(flow) = flow_of(tx, &at_work, &recovery, &browser)? else { return Ok(None) };
            // Like any other sign-in from here: whoever has a second factor shows it now.
            let progress = entrance::advance(tx, &at_work, &flow, &Passed::first(&proof, false), before.as_ref(), &its_device, &origin)?;
            Ok(Some((flow, progress)))
        };
        Ok(match state.db.write(work).await? {
            Some((flow, progress)) => {
                let first = matches!(progress, Progress::Entered(_)).then_some(flow.return_to.as_str().to_owned());
                answer(&state, &flow, &progress, &device, None, first.as_deref())
            }
            None => see_other(&address(&pending.recovery.id)),
        })
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}
