//! The sign-in page: `GET` shows it, `POST` checks what was typed.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{self, Data, Path, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::entrance::Progress;
use super::gate::{self, SigninState};
use super::machine::Step;
use super::model::{ReturnTo, SigninFlow, SigninRequest};
use super::{challenge, enrolment, new_password, passkey, password, sent, stopped, store, upstream};
use crate::base::assurance::Requirement;
use crate::base::card_number;
use crate::base::ids::FlowId;
use crate::base::secret::Secret;
use crate::identity::attempts::rules::Throttled;
use crate::identity::bots::{Held, web as bots};
use crate::identity::factors::passkey::PasskeyRefused;
use crate::identity::factors::upstream::rules::UpstreamRefused;
use crate::identity::sessions::SignedIn;
use crate::platform::http::page::{ErrorKind, PageError, PagePolicy, PageView, error_page, form_target, respond, see_other};
use crate::platform::http::params::Params;
use crate::platform::http::{body, csrf};
use crate::platform::telemetry::metrics::Event;
use crate::risk::bots::budget::Form;
use crate::risk::bots::puzzle::Unsolved;

/// The routes of sign-in.
pub fn routes(config: &mut ServiceConfig) {
    config.route("/signin", web::get().to(begin)).route("/signin/{flow}", web::get().to(show)).route("/signin/{flow}", web::post().to(password::web::submit));
    challenge::web::routes(config);
    passkey::web::routes(config);
    enrolment::web::routes(config);
    sent::web::routes(config);
    new_password::web::routes(config);
    new_password::strength::web::routes(config);
    upstream::web::routes(config);
    stopped::web::routes(config);
}

#[derive(Template)]
#[template(path = "identity/signin/pages/signin.html")]
struct SigninPage<'a> {
    page: &'a PageView,
    flow: &'a SigninFlow,
    csrf: &'a str,
    /// The token of the passkey form; none where passkeys are off.
    passkey_csrf: Option<String>,
    offers_passkeys: bool,
    /// Whether anybody may join.
    may_join: bool,
    /// Id and name of each provider that one can sign in with.
    upstreams: Vec<(&'a str, &'a str)>,
    /// A credential that we do not know, for the browser to forget.
    unknown: Option<&'a str>,
    rp_id: &'a str,
    email: &'a str,
    problem: Option<String>,
    is_email_missing: bool,
    is_password_missing: bool,
    is_again: bool,
}

/// Why the first step did not succeed.
pub(super) enum Problem {
    Missing {
        email: bool,
        password: bool,
    },
    TooLong,
    Refused,
    Throttled(Throttled),
    Busy,
    /// A passkey was refused; with the credential's id when nobody has it.
    Passkey(PasskeyRefused, Option<String>),
    /// A sign-in at another provider did not count.
    Upstream(UpstreamRefused),
    /// It has to be shown that no program sends this.
    Puzzle(Held),
}

impl Problem {
    const fn status(&self) -> StatusCode {
        match self {
            Self::Missing { .. } | Self::TooLong | Self::Passkey(PasskeyRefused::Malformed, _) => StatusCode::BAD_REQUEST,
            Self::Refused | Self::Passkey(..) => StatusCode::UNPROCESSABLE_ENTITY,
            // Told after a redirect: the page itself is as asked for.
            Self::Upstream(_) => StatusCode::OK,
            Self::Throttled(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Puzzle(_) => StatusCode::PRECONDITION_REQUIRED,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn sentence(&self, page: &PageView) -> String {
        match self {
            Self::Missing { .. } => page.t("signin-missing"),
            Self::TooLong => page.t("signin-too-long"),
            Self::Refused => page.t("signin-refused"),
            Self::Throttled(throttled) => page.t1("signin-throttled", "minutes", &throttled.minutes()),
            Self::Busy => page.t("signin-busy"),
            Self::Passkey(refused, _) => page.t(passkey::sentence(*refused)),
            Self::Upstream(refused) => page.t(refused.key()),
            Self::Puzzle(held) => {
                let (key, seconds) = held.sentence();
                page.t1(key, "seconds", &seconds)
            }
        }
    }

    fn retry_after(&self) -> Option<i64> {
        match self {
            Self::Throttled(throttled) => Some(throttled.retry_after_seconds),
            Self::Busy => Some(2),
            Self::Puzzle(held) => match held.unsolved {
                Unsolved::Early(seconds) => Some(seconds),
                Unsolved::Missing | Unsolved::Stale | Unsolved::Wrong => None,
            },
            Self::Missing { .. } | Self::TooLong | Self::Refused | Self::Passkey(..) | Self::Upstream(_) => None,
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
    start_at(state, request, return_to, requirement, "").await
}

/// The same, at a page of the sign-in other than the first.
///
/// # Errors
/// [`PageError`] when the database fails.
pub(in crate::identity) async fn start_at(
    state: &Data<SigninState>,
    request: &HttpRequest,
    return_to: ReturnTo,
    requirement: Requirement,
    page: &str,
) -> Result<HttpResponse, PageError> {
    let (browser, cookie) = state.browser(request);
    let (hash, at_work) = (browser.hash(), state.clone());
    let wanted = SigninRequest { requirement, login_hint: None, ui_locales: Vec::new(), visitor: None };
    let flow = state.db.write(move |tx| gate::ask(tx, &at_work, &hash, &return_to, &wanted)).await?;
    let mut response = see_other(&format!("/signin/{flow}{page}"));
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
            // A client is told; a page of ours would ask again without end.
            Step::Unmet(_) if !flow.return_to.as_str().starts_with("/authorize/") => {
                let detail = "This page wants a passkey or a security key, which your account does not have. Staff ask an owner for a new invitation.";
                return Err(PageError::new(ErrorKind::Forbidden).with_detail(detail));
            }
            Step::Done | Step::Unmet(_) => return Ok(see_other(flow.return_to.as_str())),
            Step::Enrol(_) => return Ok(see_other(&format!("/signin/{}/enrol", flow.id))),
            Step::ReplacePassword => return Ok(see_other(&new_password::address(&flow.id))),
            Step::ShowFactor(kind) => return Ok(see_other(&format!("/signin/{}/{}", flow.id, challenge::path(kind)))),
            Step::SignIn => {}
        }
        let email = flow.request.login_hint.clone().unwrap_or_default();
        let problem = upstream::refusal(request.query_string()).map(Problem::Upstream);
        Ok(sheet(&state, &request, &flow, &browser, &Typed { email: &email, problem, is_again: signed_in.is_some() }))
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}

/// What the page shows again.
pub(super) struct Typed<'a> {
    pub(super) email: &'a str,
    pub(super) problem: Option<Problem>,
    pub(super) is_again: bool,
}

/// The sign-in page.
pub(super) fn sheet(state: &SigninState, request: &HttpRequest, flow: &SigninFlow, browser: &Secret, typed: &Typed<'_>) -> HttpResponse {
    let held = match &typed.problem {
        Some(Problem::Puzzle(held)) => Some(held),
        _ => None,
    };
    let puzzle = bots::puzzle_of(state, request, Form::Signin, browser, held);
    let view = PageView::new(&state.http, request, &flow.request.ui_locales).with_puzzle(puzzle);
    let token = csrf::token(&state.tools.ring, browser, &format!("/signin/{}", flow.id));
    let (is_email_missing, is_password_missing) = match &typed.problem {
        Some(Problem::Missing { email, password }) => (*email, *password),
        Some(Problem::TooLong) => (false, true),
        Some(Problem::Refused) => (true, true),
        Some(Problem::Throttled(_) | Problem::Busy | Problem::Passkey(..) | Problem::Upstream(_) | Problem::Puzzle(_)) | None => (false, false),
    };
    let page = SigninPage {
        page: &view,
        flow,
        csrf: &token,
        offers_passkeys: state.factors.offers_passkeys,
        may_join: state.signup.is_open,
        upstreams: state.upstreams.iter().map(|upstream| (upstream.id.as_str(), upstream.name.as_str())).collect(),
        passkey_csrf: state.passkeys.as_ref().map(|_| csrf::token(&state.tools.ring, browser, &passkey::address(&flow.id))),
        unknown: match &typed.problem {
            Some(Problem::Passkey(_, unknown)) => unknown.as_deref(),
            _ => None,
        },
        rp_id: state.passkeys.as_ref().map_or("", |party| party.id()),
        email: typed.email,
        problem: typed.problem.as_ref().map(|problem| problem.sentence(&view)),
        is_email_missing,
        is_password_missing,
        is_again: typed.is_again,
    };
    let policy = policy_of(flow, state.passkeys.is_some());
    let status = typed.problem.as_ref().map_or(StatusCode::OK, Problem::status);
    let mut response = respond(status, &view, &page, &policy);
    if let Some(seconds) = typed.problem.as_ref().and_then(Problem::retry_after) {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// The flow in the path, if this browser began it, and who is signed in there.
pub(in crate::identity) async fn load(state: &Data<SigninState>, request: &HttpRequest, path: &str) -> Result<(SigninFlow, Secret, Option<SignedIn>), PageError> {
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

/// What the pages of a sign-in may reach: forms that lead back to the shop, and its logo.
pub(in crate::identity) fn policy_of(flow: &SigninFlow, has_script: bool) -> PagePolicy {
    let visitor = flow.request.visitor.as_ref();
    PagePolicy {
        form_targets: visitor.and_then(|visitor| visitor.form_target.clone()).into_iter().collect(),
        image_sources: visitor.and_then(|visitor| visitor.logo.as_deref().and_then(form_target)).into_iter().collect(),
        has_script,
    }
}

/// Fields that are no text of somebody's own: secrets and codes, whose digits mean nothing; telephones, which look like cards; and messages that somebody reports, out of which cards are taken.
const NO_TEXT: [&str; 20] = [
    "csrf",
    "password",
    "new_password",
    "code",
    "credential",
    "ceremony",
    "puzzle",
    "puzzle_answer",
    "value",
    "phone",
    "text",
    "message",
    "seed",
    "session",
    "flow",
    "id",
    "link",
    "authenticator",
    "email",
    "username",
];

/// Whether somebody typed a card number where it would be kept (PCI DSS v4.0.1, 3.2).
fn holds_card(form: &Params) -> bool {
    form.iter().any(|(name, value)| !NO_TEXT.contains(&name) && value.len() <= 4_096 && card_number::contains(value))
}

/// Reads a form that a page of ours sent, from this browser.
///
/// # Errors
/// [`PageError`] when it is none, or not from our page.
pub async fn read_genuine(state: &SigninState, request: &HttpRequest, payload: Payload, browser: &Secret, purpose: &str) -> Result<Params, PageError> {
    let refused = |refused: body::BodyRefused| PageError::new(ErrorKind::Request).with_detail(refused.to_string()).with_status(refused.status());
    let form = body::read_form(request, &mut payload.into_inner()).await.map_err(refused)?;
    if form.has_repeated() {
        return Err(PageError::new(ErrorKind::Request).with_detail("a field was sent twice"));
    }
    if holds_card(&form) {
        let detail = "A card number stands in what was typed. Take it out: nobody here needs it, and it is not kept.";
        return Err(PageError::new(ErrorKind::Request).with_detail(detail).with_status(422));
    }
    let is_genuine = csrf::is_same_origin(request, state.http.issuer.as_str()) && csrf::is_valid(&state.tools.ring, browser, purpose, form.get(csrf::FIELD));
    if is_genuine { Ok(form) } else { Err(PageError::new(ErrorKind::Forbidden)) }
}

/// The answer after a step that was passed: back to the flow, which shows the next page, or on to where the sign-in leads; by way of `first`, when there is something to do before. `trust` is the fresh secret of a trusted device.
pub(in crate::identity) fn answer(state: &SigninState, flow: &SigninFlow, progress: &Progress, device: &Secret, trust: Option<&Secret>, first: Option<&str>) -> HttpResponse {
    let mut response = match progress {
        Progress::More => see_other(&format!("/signin/{}", flow.id)),
        Progress::Settled => see_other(flow.return_to.as_str()),
        Progress::Stopped => see_other(&stopped::address(&flow.id)),
        // An account elsewhere waits to be connected by whoever has just signed in.
        Progress::Entered(_) if flow.arrived.is_some() => see_other(&upstream::address(&flow.id)),
        Progress::Entered(_) => see_other(first.unwrap_or(flow.return_to.as_str())),
    };
    // A cookie of ours is always a valid header.
    if let Progress::Entered(opened) = progress {
        state.http.metrics.count(Event::signed_in);
        for cookie in state.signed_in_cookies(&opened.session, &opened.secret, device) {
            let _ = response.add_cookie(&cookie);
        }
    }
    if let Some(trust) = trust {
        let _ = response.add_cookie(&state.trusted_device_cookie(trust));
    }
    response
}

/// Where a sign-in that this browser began leads; none when there is no such.
///
/// # Errors
/// [`PageError`] when the database fails.
pub async fn way_on(state: &Data<SigninState>, request: &HttpRequest, id: FlowId) -> Result<Option<String>, PageError> {
    let tools = state.tools.clone();
    let flow = state.db.read(move |connection| store::find_flow(connection, &tools, &id)).await?;
    let is_ours = |flow: &SigninFlow| state.known_browser(request).is_some_and(|browser| browser.hash().matches(&flow.browser_hash));
    Ok(flow.filter(is_ours).map(|flow| flow.return_to.as_str().to_owned()))
}
