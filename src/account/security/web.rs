//! `/account/security` and what is done there. Everything that changes a way to sign in asks for a proof of the last five minutes first.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::qr::{self, Drawing};
use crate::base::assurance::Requirement;
use crate::base::ids::AuthenticatorId;
use crate::base::secret::Secret;
use crate::identity::attempts::rules::{AttemptPolicy, Throttled};
use crate::identity::attempts::store as attempts;
use crate::identity::factors::totp::{self, Seed};
use crate::identity::factors::{CodeRefused, recovery_code};
use crate::identity::notices::{self, Notice};
use crate::identity::sessions::SignedIn;
use crate::identity::sessions::store as session_store;
use crate::identity::signin::gate::{self, Opened, SigninState};
use crate::identity::signin::machine::Step;
use crate::identity::signin::model::ReturnTo;
use crate::identity::{Passed, customers, signin};
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, PagePolicy, PageView, error_page, respond, see_other};
use crate::platform::http::params::Params;
use crate::platform::http::{body, csrf};
use crate::platform::outbox;

/// A customer added an authenticator.
pub const AUTHENTICATOR_ADDED: EventSpec = EventSpec::new("authenticator_added", "A customer added an authenticator, confirmed by a first use.");
/// A customer got recovery codes.
pub const RECOVERY_CODES_GIVEN: EventSpec = EventSpec::new("recovery_codes_given", "A customer got a new set of recovery codes; the one before is void.");
/// A customer removed an authenticator.
pub const AUTHENTICATOR_REMOVED: EventSpec = EventSpec::new("authenticator_removed", "A customer removed an authenticator.");

const PAGE: &str = "/account/security";
const ADD: &str = "/account/security/totp";
const CODES: &str = "/account/security/recovery-codes";
const REMOVE: &str = "/account/security/remove";
/// How old the proof may be that a change demands, in seconds (PCI DSS 8.3.3 asks for one before a factor is changed).
const FRESH_SECONDS: u32 = 300;
/// The longest name of an authenticator, in characters.
const MAX_NAME_CHARACTERS: usize = 60;

/// The routes of the page.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route(PAGE, web::get().to(show))
        .route(ADD, web::post().to(begin))
        .route(REMOVE, web::post().to(remove))
        .route(CODES, web::post().to(give_codes))
        .route("/account/security/totp/{authenticator}", web::get().to(show_enrolment))
        .route("/account/security/totp/{authenticator}", web::post().to(confirm));
}

struct App {
    id: AuthenticatorId,
    name: String,
    when: String,
}

#[derive(Template)]
#[template(path = "account/security/pages/overview.html")]
struct OverviewPage<'a> {
    page: &'a PageView,
    message: Option<String>,
    apps: Vec<App>,
    /// How many recovery codes are left; none when there was never a set.
    codes_left: i64,
    codes_csrf: &'a str,
    add_csrf: &'a str,
    remove_csrf: &'a str,
}

#[derive(Template)]
#[template(path = "account/security/pages/enrol.html")]
struct EnrolPage<'a> {
    page: &'a PageView,
    action: &'a str,
    csrf: &'a str,
    code: Option<Drawing>,
    seed: &'a str,
    problem: Option<String>,
}

/// Who is signed in with a proof that is fresh enough to change something, or the way to give one.
async fn proven(state: &Data<SigninState>, request: &HttpRequest) -> Result<Result<SignedIn, HttpResponse>, PageError> {
    let requirement = Requirement { max_age_seconds: Some(FRESH_SECONDS), ..Requirement::default() };
    let signed_in = state.signed_in(request).await?;
    match (gate::judge(signed_in.as_ref(), &requirement, state.tools.now()), signed_in) {
        (Step::Done, Some(signed_in)) => Ok(Ok(signed_in)),
        _ => {
            let requirement = Requirement { requested_at: Some(state.tools.now_micros()), ..requirement };
            Ok(Err(signin::web::start(state, request, ReturnTo::page(PAGE), requirement).await?))
        }
    }
}

async fn finish(state: &SigninState, request: &HttpRequest, work: impl Future<Output = Result<HttpResponse, PageError>>) -> HttpResponse {
    work.await.unwrap_or_else(|error| error_page(&state.http, request, &error))
}

/// Reads a form of this browser's page at `purpose`.
async fn read_form(state: &SigninState, request: &HttpRequest, purpose: &str, payload: Payload) -> Result<(Params, Secret), PageError> {
    let refused = |refused: body::BodyRefused| PageError::new(ErrorKind::Request).with_detail(refused.to_string()).with_status(refused.status());
    let form = body::read_form(request, &mut payload.into_inner()).await.map_err(refused)?;
    let browser = state.known_browser(request).ok_or_else(|| PageError::new(ErrorKind::Forbidden))?;
    let is_genuine =
        !form.has_repeated() && csrf::is_same_origin(request, state.http.issuer.as_str()) && csrf::is_valid(&state.tools.ring, &browser, purpose, form.get(csrf::FIELD));
    if is_genuine { Ok((form, browser)) } else { Err(PageError::new(ErrorKind::Forbidden)) }
}

async fn show(state: Data<SigninState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        let signed_in = match proven(&state, &request).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        overview(&state, &request, &signed_in).await
    };
    finish(&state, &request, work).await
}

async fn overview(state: &Data<SigninState>, request: &HttpRequest, signed_in: &SignedIn) -> Result<HttpResponse, PageError> {
    let (tools, id) = (state.tools.clone(), signed_in.customer().clone());
    let (apps, codes_left) =
        state.db.read(move |connection| Ok((totp::store::list_authenticators(connection, &tools, &id)?, recovery_code::store::count_left(connection, &id)?))).await?;
    let view = PageView::new(&state.http, request, &[]);
    let (browser, cookie) = state.browser(request);
    let days = |at: crate::base::time::UnixSeconds| state.tools.now().since(at).div_euclid(86_400).max(0).to_string();
    let when = |app: &totp::store::TotpAuthenticator| match app.last_used_at {
        Some(at) => view.t1("security-used", "days", &days(at)),
        None => view.t1("security-added", "days", &days(app.created_at)),
    };
    let message = match request.query_string() {
        "added" => Some(view.t("security-done-added")),
        "removed" => Some(view.t("security-done-removed")),
        "full" => Some(view.t("security-full")),
        _ => None,
    };
    let token = |purpose| csrf::token(&state.tools.ring, &browser, purpose);
    let (add, remove, codes) = (token(ADD), token(REMOVE), token(CODES));
    let apps = apps.into_iter().map(|app| App { when: when(&app), id: app.id, name: app.name }).collect();
    let page = OverviewPage { page: &view, message, apps, codes_left, codes_csrf: &codes, add_csrf: &add, remove_csrf: &remove };
    let mut response = respond(StatusCode::OK, &view, &page, &PagePolicy::default());
    if let Some(cookie) = cookie {
        let _ = response.add_cookie(&cookie);
    }
    Ok(response)
}

async fn begin(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let (form, _) = read_form(&state, &request, ADD, payload).await?;
        let signed_in = match proven(&state, &request).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let name: String = form.get("name").unwrap_or_default().trim().chars().filter(|character| !character.is_control()).take(MAX_NAME_CHARACTERS).collect();
        if name.is_empty() {
            return Err(PageError::new(ErrorKind::Request).with_detail("name is missing"));
        }
        let (at_work, customer) = (state.clone(), signed_in.customer().clone());
        let begun = state
            .db
            .write(move |tx| {
                let held = totp::store::list_authenticators(tx, &at_work.tools, &customer)?.len();
                if i64::try_from(held).unwrap_or(i64::MAX) >= totp::store::MAX_AUTHENTICATORS {
                    return Ok(None);
                }
                totp::store::begin_enrolment(tx, &at_work.tools, &customer, &Seed::generate(at_work.tools.entropy()), &name).map(Some)
            })
            .await?;
        Ok(see_other(&begun.map_or_else(|| format!("{PAGE}?full"), |id| format!("{ADD}/{id}"))))
    };
    finish(&state, &request, work).await
}

/// An enrolment that waits for its first code.
struct Enrolment {
    id: AuthenticatorId,
    seed: Seed,
    email: String,
}

async fn find_enrolment(state: &Data<SigninState>, signed_in: &SignedIn, path: &str) -> Result<Option<Enrolment>, PageError> {
    let id: AuthenticatorId = path.parse().map_err(|_| PageError::new(ErrorKind::NotFound))?;
    let (tools, customer, wanted) = (state.tools.clone(), signed_in.customer().clone(), id.clone());
    let found = state
        .db
        .read(move |connection| {
            let Some(seed) = totp::store::find_enrolment(connection, &tools, &customer, &wanted)? else { return Ok(None) };
            let customer = customers::store::find_customer(connection, &tools.ring, &customer)?;
            Ok(customer.map(|customer| (seed, customer.email.as_str().to_owned())))
        })
        .await?;
    Ok(found.map(|(seed, email)| Enrolment { id, seed, email }))
}

fn enrolment_page(
    state: &SigninState,
    request: &HttpRequest,
    browser: &Secret,
    enrolment: &Enrolment,
    problem: Option<(StatusCode, &'static str, Option<Throttled>)>,
) -> HttpResponse {
    let view = PageView::new(&state.http, request, &[]);
    let action = format!("{ADD}/{}", enrolment.id);
    let token = csrf::token(&state.tools.ring, browser, &action);
    let code = enrolment.seed.to_address(&enrolment.email, &view.brand).and_then(|address| qr::draw(&address));
    let seed = enrolment.seed.to_base32();
    let sentence = problem.map(|(_, key, throttled)| match throttled {
        Some(throttled) => view.t1(key, "minutes", &throttled.retry_after_seconds.div_euclid(60).max(1).to_string()),
        None => view.t(key),
    });
    let page = EnrolPage { page: &view, action: &action, csrf: &token, code, seed: &seed, problem: sentence };
    respond(problem.map_or(StatusCode::OK, |(status, ..)| status), &view, &page, &PagePolicy::default())
}

async fn show_enrolment(state: Data<SigninState>, request: HttpRequest, path: Path<String>) -> HttpResponse {
    let work = async {
        let signed_in = match proven(&state, &request).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let (Some(enrolment), Some(browser)) = (find_enrolment(&state, &signed_in, &path).await?, state.known_browser(&request)) else { return Ok(see_other(PAGE)) };
        Ok(enrolment_page(&state, &request, &browser, &enrolment, None))
    };
    finish(&state, &request, work).await
}

async fn confirm(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let (form, browser) = read_form(&state, &request, &format!("{ADD}/{}", path.as_str()), payload).await?;
        let signed_in = match proven(&state, &request).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let Some(enrolment) = find_enrolment(&state, &signed_in, &path).await? else { return Ok(see_other(PAGE)) };
        let (at_work, customer) = (state.clone(), signed_in.customer().clone());
        let lanes = move |tx: &mut WriteTx<'_>| attempts::count_in_each(tx, &AttemptPolicy::code_lanes(customer.as_str(), Some("enrolment")), at_work.tools.now());
        if let Err(throttled) = state.db.write(lanes).await? {
            return Ok(enrolment_page(&state, &request, &browser, &enrolment, Some((StatusCode::TOO_MANY_REQUESTS, "signin-throttled", Some(throttled)))));
        }
        let step = match totp::rules::judge(&enrolment.seed, form.get("code").unwrap_or_default(), None, state.tools.now()) {
            Ok(step) => step,
            Err(CodeRefused::Malformed) => return Ok(enrolment_page(&state, &request, &browser, &enrolment, Some((StatusCode::BAD_REQUEST, "totp-malformed", None)))),
            Err(CodeRefused::Wrong | CodeRefused::Used) => {
                return Ok(enrolment_page(&state, &request, &browser, &enrolment, Some((StatusCode::UNPROCESSABLE_ENTITY, "totp-wrong", None))));
            }
        };
        let ends_others = form.get("elsewhere") == Some("yes");
        let opened = add(&state, &signed_in, enrolment.id, step, ends_others, origin_of(&request)).await?;
        let mut response = see_other(&format!("{PAGE}?added"));
        if let (Some(opened), Some(device)) = (opened, state.device(&request)) {
            for cookie in state.signed_in_cookies(&opened.session, &opened.secret, &device) {
                let _ = response.add_cookie(&cookie);
            }
        }
        Ok(response)
    };
    finish(&state, &request, work).await
}

/// The enrolment counts from now on, and this session has shown it.
async fn add(state: &Data<SigninState>, signed_in: &SignedIn, id: AuthenticatorId, step: i64, ends_others: bool, origin: Origin) -> Result<Option<Opened>, StoreError> {
    let (at_work, signed_in) = (state.clone(), signed_in.clone());
    let work = move |tx: &mut WriteTx<'_>| {
        let (tools, customer) = (&at_work.tools, signed_in.customer());
        let Some(proof) = totp::confirm(tx, tools, customer, signed_in.session.generation, &id, step)? else { return Ok(None) };
        attempts::return_tries(tx, &AttemptPolicy::code_lanes(customer.as_str(), Some("enrolment")))?;
        let opened = gate::open_session(tx, tools, &at_work.sessions, &Passed::first(&proof, false), Some(&signed_in.session))?;
        let ended = if ends_others { session_store::end_other_sessions(tx, customer, signed_in.session_id(), "authenticator_added", tools.now())? } else { 0 };
        tell(tx, &at_work, &signed_in, Notice::AuthenticatorAdded)?;
        let detail = serde_json::json!({ "kind": proof.shown().kind, "authenticator": id, "other_sessions_ended": ended });
        audit::record(tx, tools, &entry(AUTHENTICATOR_ADDED, &signed_in, &origin).with_detail(detail))?;
        Ok(opened)
    };
    state.db.write(work).await
}

fn entry(spec: EventSpec, signed_in: &SignedIn, origin: &Origin) -> Entry {
    let id = signed_in.customer().as_str().to_owned();
    Entry::success(spec, Actor::Customer(id.clone()), format!("customer:{id}"), origin).with_session(signed_in.session_id().as_str())
}

fn tell(tx: &mut WriteTx<'_>, state: &SigninState, signed_in: &SignedIn, notice: Notice) -> Result<(), StoreError> {
    let Some(customer) = customers::store::find_customer(tx, &state.tools.ring, signed_in.customer())? else { return Ok(()) };
    outbox::store::insert_mail(tx, &state.tools, &notices::write(&state.http.texts, notice, &customer, &state.http.issuer.at(PAGE)))
}

async fn remove(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let (form, _) = read_form(&state, &request, REMOVE, payload).await?;
        let signed_in = match proven(&state, &request).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let id: AuthenticatorId =
            form.get("authenticator").and_then(|id| id.parse().ok()).ok_or_else(|| PageError::new(ErrorKind::Request).with_detail("authenticator is missing"))?;
        let (at_work, origin) = (state.clone(), origin_of(&request));
        let work = move |tx: &mut WriteTx<'_>| {
            if totp::store::remove_authenticator(tx, signed_in.customer(), &id)? {
                if !totp::store::is_enrolled(tx, signed_in.customer())? {
                    recovery_code::store::delete_codes(tx, signed_in.customer())?;
                }
                tell(tx, &at_work, &signed_in, Notice::AuthenticatorRemoved)?;
                audit::record(tx, &at_work.tools, &entry(AUTHENTICATOR_REMOVED, &signed_in, &origin).with_detail(serde_json::json!({ "authenticator": id })))?;
            }
            Ok(())
        };
        state.db.write(work).await?;
        Ok(see_other(&format!("{PAGE}?removed")))
    };
    finish(&state, &request, work).await
}

#[derive(Template)]
#[template(path = "account/security/pages/codes.html")]
struct CodesPage<'a> {
    page: &'a PageView,
    codes: Vec<zeroize::Zeroizing<String>>,
}

/// A new set, shown in this one answer.
async fn give_codes(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        read_form(&state, &request, CODES, payload).await?;
        let signed_in = match proven(&state, &request).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let (at_work, origin) = (state.clone(), origin_of(&request));
        let work = move |tx: &mut WriteTx<'_>| {
            if !totp::store::is_enrolled(tx, signed_in.customer())? {
                return Ok(None);
            }
            audit::record(tx, &at_work.tools, &entry(RECOVERY_CODES_GIVEN, &signed_in, &origin))?;
            recovery_code::store::replace_codes(tx, &at_work.tools, signed_in.customer()).map(Some)
        };
        let Some(codes) = state.db.write(work).await? else { return Ok(see_other(PAGE)) };
        let view = PageView::new(&state.http, &request, &[]);
        let page = CodesPage { page: &view, codes: codes.iter().map(|code| recovery_code::rules::written(code)).collect() };
        Ok(respond(StatusCode::OK, &view, &page, &PagePolicy::default()))
    };
    finish(&state, &request, work).await
}
