//! The sign-in page: `GET` shows it, `POST` checks what was typed.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{self, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::entrance::{self, Progress};
use super::gate::{self, SigninState};
use super::machine::Step;
use super::model::{ReturnTo, SigninFlow, SigninRequest};
use super::{challenge, store};
use crate::base::assurance::Requirement;
use crate::base::contact::EmailAddress;
use crate::base::encoding::hex;
use crate::base::ids::FlowId;
use crate::base::secret::Secret;
use crate::identity::attempts::rules::Throttled;
use crate::identity::attempts::store::{self as attempts, Lanes};
use crate::identity::customers::{self, CustomerStatus, Standing};
use crate::identity::factors::password::{self, Checked, NormalPassword, PasswordRefused, PhcHash};
use crate::identity::sessions::SignedIn;
use crate::identity::sessions::store as session_store;
use crate::identity::{Passed, Proof};
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::crypto::hash_pool::HashRefused;
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, PagePolicy, PageView, error_page, respond, see_other};
use crate::platform::http::params::Params;
use crate::platform::http::{body, client_address, csrf};
use crate::platform::telemetry::metrics::Event;
use crate::platform::vault::blind_index;

/// A sign-in was refused.
pub const SIGNIN_REFUSED: EventSpec = EventSpec::new("signin_refused", "A sign-in was refused: wrong password, unknown or locked account, or too many tries.");

/// The routes of sign-in.
pub fn routes(config: &mut ServiceConfig) {
    config.route("/signin", web::get().to(begin)).route("/signin/{flow}", web::get().to(show)).route("/signin/{flow}", web::post().to(submit));
    challenge::web::routes(config);
}

#[derive(Template)]
#[template(path = "identity/signin/pages/signin.html")]
struct SigninPage<'a> {
    page: &'a PageView,
    flow: &'a SigninFlow,
    csrf: &'a str,
    email: &'a str,
    problem: Option<String>,
    is_email_missing: bool,
    is_password_missing: bool,
    is_again: bool,
}

enum Problem {
    Missing { email: bool, password: bool },
    TooLong,
    Refused,
    Throttled(Throttled),
    Busy,
}

impl Problem {
    const fn status(&self) -> StatusCode {
        match self {
            Self::Missing { .. } | Self::TooLong => StatusCode::BAD_REQUEST,
            Self::Refused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Throttled(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn sentence(&self, page: &PageView) -> String {
        match self {
            Self::Missing { .. } => page.t("signin-missing"),
            Self::TooLong => page.t("signin-too-long"),
            Self::Refused => page.t("signin-refused"),
            Self::Throttled(throttled) => page.t1("signin-throttled", "minutes", &throttled.retry_after_seconds.div_euclid(60).max(1).to_string()),
            Self::Busy => page.t("signin-busy"),
        }
    }

    fn retry_after(&self) -> Option<i64> {
        match self {
            Self::Throttled(throttled) => Some(throttled.retry_after_seconds),
            Self::Busy => Some(2),
            Self::Missing { .. } | Self::TooLong | Self::Refused => None,
        }
    }
}

async fn begin(state: Data<SigninState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        if state.signed_in(&request).await?.is_some() {
            return Ok(see_other("/account"));
        }
        start(&state, &request, ReturnTo::page("/account"), Requirement::default()).await
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}

/// Sends a person to a sign-in under `requirement` that leads back to a page of ours.
///
/// # Errors
/// [`PageError`] when the database fails.
pub async fn start(state: &Data<SigninState>, request: &HttpRequest, return_to: ReturnTo, requirement: Requirement) -> Result<HttpResponse, PageError> {
    let (browser, cookie) = state.browser(request);
    let (hash, at_work) = (browser.hash(), state.clone());
    let wanted = SigninRequest { requirement, login_hint: None, ui_locales: Vec::new(), visitor: None };
    let flow = state.db.write(move |tx| gate::ask(tx, &at_work, &hash, &return_to, &wanted)).await?;
    let mut response = see_other(&format!("/signin/{flow}"));
    if let Some(cookie) = cookie {
        // A cookie of ours is always a valid header.
        let _ = response.add_cookie(&cookie);
    }
    Ok(response)
}

async fn show(state: Data<SigninState>, request: HttpRequest, path: Path<String>) -> HttpResponse {
    let work = async {
        let (flow, browser, signed_in) = load(&state, &request, &path).await?;
        if flow.finished_at.is_some() || flow.expires_at <= state.tools.now() {
            return Ok(see_other(flow.return_to.as_str()));
        }
        match challenge::web::step(&state, &flow, signed_in.as_ref()).await?.0 {
            // Done in another tab, or the page came back by the back button: go on where it leads.
            Step::Done | Step::Unmet(_) => return Ok(see_other(flow.return_to.as_str())),
            Step::ShowFactor(kind) => return Ok(see_other(&format!("/signin/{}/{}", flow.id, challenge::path(kind)))),
            Step::SignIn => {}
        }
        let email = flow.request.login_hint.clone().unwrap_or_default();
        Ok(sheet(&state, &request, &flow, &browser, &Typed { email: &email, problem: None, is_again: signed_in.is_some() }))
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}

struct Typed<'a> {
    email: &'a str,
    problem: Option<Problem>,
    is_again: bool,
}

fn sheet(state: &SigninState, request: &HttpRequest, flow: &SigninFlow, browser: &Secret, typed: &Typed<'_>) -> HttpResponse {
    let view = PageView::new(&state.http, request, &flow.request.ui_locales);
    let token = csrf::token(&state.tools.ring, browser, &format!("/signin/{}", flow.id));
    let (is_email_missing, is_password_missing) = match &typed.problem {
        Some(Problem::Missing { email, password }) => (*email, *password),
        Some(Problem::TooLong) => (false, true),
        Some(Problem::Refused) => (true, true),
        Some(Problem::Throttled(_) | Problem::Busy) | None => (false, false),
    };
    let page = SigninPage {
        page: &view,
        flow,
        csrf: &token,
        email: typed.email,
        problem: typed.problem.as_ref().map(|problem| problem.sentence(&view)),
        is_email_missing,
        is_password_missing,
        is_again: typed.is_again,
    };
    let visitor = flow.request.visitor.as_ref();
    let policy = PagePolicy {
        form_targets: visitor.and_then(|visitor| visitor.form_target.clone()).into_iter().collect(),
        image_sources: visitor.and_then(|visitor| visitor.logo.as_deref().and_then(crate::platform::http::page::form_target)).into_iter().collect(),
        has_script: false,
    };
    let status = typed.problem.as_ref().map_or(StatusCode::OK, Problem::status);
    let mut response = respond(status, &view, &page, &policy);
    if let Some(seconds) = typed.problem.as_ref().and_then(Problem::retry_after) {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// The flow in the path, if this browser began it, and who is signed in there.
pub(super) async fn load(state: &Data<SigninState>, request: &HttpRequest, path: &str) -> Result<(SigninFlow, Secret, Option<SignedIn>), PageError> {
    let id: FlowId = path.parse().map_err(|_| PageError::new(ErrorKind::NotFound))?;
    let (tools, knock) = (state.tools.clone(), state.knock(request));
    let (flow, signed_in) = state.db.read(move |connection| Ok((store::find_flow(connection, &tools, &id)?, knock.find(connection)?))).await?;
    state.notice(signed_in.as_ref());
    let flow = flow.ok_or_else(|| PageError::new(ErrorKind::SigninExpired))?;
    let way_back = flow.request.visitor.as_ref().and_then(|visitor| Some((visitor.name.clone(), visitor.home.clone()?)));
    match state.known_browser(request) {
        Some(browser) if browser.hash().matches(&flow.browser_hash) => Ok((flow, browser, signed_in)),
        _ => Err(PageError::new(ErrorKind::SigninElsewhere).with_way_back(way_back)),
    }
}

async fn submit(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: web::Payload) -> HttpResponse {
    let work = async {
        if state.hasher.is_full() {
            return Err(PageError::new(ErrorKind::Unavailable));
        }
        let (flow, browser, before) = load(&state, &request, &path).await?;
        let form = body::read_form(&request, &mut payload.into_inner())
            .await
            .map_err(|refused| PageError::new(ErrorKind::Request).with_detail(refused.to_string()).with_status(refused.status()))?;
        if form.has_repeated() {
            return Err(PageError::new(ErrorKind::Request).with_detail("a field was sent twice"));
        }
        let is_genuine =
            csrf::is_same_origin(&request, state.http.issuer.as_str()) && csrf::is_valid(&state.tools.ring, &browser, &format!("/signin/{}", flow.id), form.get(csrf::FIELD));
        if !is_genuine {
            return Err(PageError::new(ErrorKind::Forbidden));
        }
        if flow.finished_at.is_some() || flow.expires_at <= state.tools.now() {
            return Ok(see_other(flow.return_to.as_str()));
        }
        let typed_email = form.get("email").unwrap_or_default().to_owned();
        // A browser that is known for somebody else gets the new name added; a fresh one gets a fresh secret.
        let device = state.device(&request).unwrap_or_else(|| Secret::generate(state.tools.entropy()));
        match check(&state, &request, &flow, &form, before, &device).await? {
            Ok(progress) => Ok(answer(&state, &flow, &progress, &device)),
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
    account: Option<(Standing, Option<PhcHash>)>,
    is_known_device: bool,
}

async fn check(
    state: &Data<SigninState>,
    request: &HttpRequest,
    flow: &SigninFlow,
    form: &Params,
    before: Option<SignedIn>,
    device: &Secret,
) -> Result<Result<Progress, Problem>, PageError> {
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
    let facts = gather(state, email.clone(), device).await?;
    let lanes = lanes(state, &facts, email.as_ref(), typed_email, device, &origin);

    if let Err(throttled) = count_try(state, &lanes, &facts, &origin).await? {
        return Ok(Err(Problem::Throttled(throttled)));
    }
    let standing = facts.account.as_ref().map(|(standing, _)| standing);
    let usable = facts.account.as_ref().and_then(|(standing, hash)| Some((standing, hash.as_ref()?)));
    let checked = match state.hasher.check(&password, usable).await {
        Ok(checked) => checked,
        Err(HashRefused::Overloaded | HashRefused::Parameters) => return Ok(Err(Problem::Busy)),
    };
    let reason = match (standing, &checked.proof) {
        (None, _) => "unknown_account",
        (Some(standing), _) if standing.status == CustomerStatus::Locked => "locked",
        (Some(_), None) => "wrong_password",
        (Some(_), Some(_)) => "",
    };
    if !reason.is_empty() {
        let about = standing.map(|standing| format!("customer:{}", standing.id)).unwrap_or_default();
        refuse(state, about, reason, &origin).await?;
        return Ok(Err(Problem::Refused));
    }
    let is_remembered = form.get("remember") == Some("yes");
    let Checked { proof: Some(proof), rehashed } = checked else { return Ok(Err(Problem::Refused)) };
    Ok(Ok(enter(state, flow, Entering { proof, rehashed, lanes, before, device: device.clone(), is_remembered, origin }).await?))
}

async fn gather(state: &Data<SigninState>, email: Option<EmailAddress>, device: &Secret) -> Result<Facts, StoreError> {
    let known_since = state.tools.now().plus(-state.device_seconds);
    let (device, ring) = (device.hash(), state.tools.ring.clone());
    state
        .db
        .read(move |connection| {
            let standing = match &email {
                Some(email) => customers::store::find_standing_by_email(connection, &ring, email)?,
                None => None,
            };
            let account = match standing {
                Some(standing) => {
                    let hash = password::store::find_hash(connection, &standing.id)?;
                    Some((standing, hash))
                }
                None => None,
            };
            let is_known_device = match &account {
                Some((standing, _)) => session_store::is_known_device(connection, &device, &standing.id, known_since)?,
                None => false,
            };
            Ok(Facts { account, is_known_device })
        })
        .await
}

/// One bucket an account, however its name was spelt; a lane of its own for a browser that the customer signed in with before.
fn lanes(state: &SigninState, facts: &Facts, email: Option<&EmailAddress>, typed: &str, device: &Secret, origin: &Origin) -> Lanes {
    let account = match &facts.account {
        Some((standing, _)) if facts.is_known_device => format!("device:{}:{}", standing.id, hex(device.hash().as_bytes())),
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

/// The password was right: its try is given back, and the sign-in goes on, in one transaction.
async fn enter(state: &Data<SigninState>, flow: &SigninFlow, entering: Entering) -> Result<Progress, StoreError> {
    let (at_work, flow) = (state.clone(), flow.clone());
    let work = move |tx: &mut WriteTx<'_>| {
        let Entering { proof, rehashed, lanes, before, device, is_remembered, origin } = &entering;
        if let Some(rehashed) = rehashed {
            password::store::replace_hash(tx, proof.customer(), rehashed, at_work.tools.now())?;
        }
        attempts::clear_tries(tx, lanes)?;
        entrance::advance(tx, &at_work, &flow, &Passed::first(proof, *is_remembered), before.as_ref(), device, origin)
    };
    state.db.write(work).await
}

/// What a right password brings along.
struct Entering {
    proof: Proof,
    rehashed: Option<PhcHash>,
    lanes: Lanes,
    before: Option<SignedIn>,
    device: Secret,
    is_remembered: bool,
    origin: Origin,
}

/// The answer after a step that was passed: back to the flow, which shows the next page, or on to where the sign-in leads.
pub(super) fn answer(state: &SigninState, flow: &SigninFlow, progress: &Progress, device: &Secret) -> HttpResponse {
    match progress {
        Progress::More => see_other(&format!("/signin/{}", flow.id)),
        Progress::Settled => see_other(flow.return_to.as_str()),
        Progress::Entered(opened) => {
            state.http.metrics.count(Event::signed_in);
            let mut response = see_other(flow.return_to.as_str());
            for cookie in state.signed_in_cookies(&opened.session, &opened.secret, device) {
                // A cookie of ours is always a valid header.
                let _ = response.add_cookie(&cookie);
            }
            response
        }
    }
}
