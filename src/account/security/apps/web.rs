//! Adding an authenticator app: a name, a QR code, and a first code before it counts.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::account::security::qr::{self, Drawing};
use crate::account::security::web::{AUTHENTICATOR_ADDED, PAGE, entry, finish, name_of, proven, read_form, tell};
use crate::base::ids::AuthenticatorId;
use crate::base::secret::Secret;
use crate::identity::attempts::rules::{AttemptPolicy, Throttled};
use crate::identity::attempts::store as attempts;
use crate::identity::customers;
use crate::identity::factors::CodeRefused;
use crate::identity::factors::totp::{self, Seed};
use crate::identity::notices::Notice;
use crate::identity::sessions::SignedIn;
use crate::identity::sessions::store as session_store;
use crate::identity::signin::gate::{self, Opened, SigninState};
use crate::platform::audit::{self, Origin};
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, PagePolicy, PageView, respond, see_other};

/// Where an app is added.
pub const ADD: &str = "/account/security/totp";

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route(ADD, web::post().to(begin))
        .route("/account/security/totp/{authenticator}", web::get().to(show_enrolment))
        .route("/account/security/totp/{authenticator}", web::post().to(confirm));
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

async fn begin(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let (form, _) = read_form(&state, &request, ADD, payload).await?;
        let signed_in = match proven(&state, &request).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let name = name_of(&form);
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
        let opened = gate::extend_session(tx, tools, &signed_in.session, &proof)?;
        let ended = if ends_others { session_store::end_other_sessions(tx, customer, signed_in.session_id(), "authenticator_added", tools.now())? } else { 0 };
        tell(tx, &at_work, &signed_in, Notice::AuthenticatorAdded)?;
        let detail = serde_json::json!({ "kind": proof.shown().kind, "authenticator": id, "other_sessions_ended": ended });
        audit::record(tx, tools, &entry(AUTHENTICATOR_ADDED, &signed_in, &origin).with_detail(detail))?;
        Ok(opened)
    };
    state.db.write(work).await
}
