//! `/signin/{flow}/enrol`: the rules demand a factor that the customer does not have yet. Here it can be added, and nothing else can be done. Also the page that every new app is confirmed on.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::qr::{self, Drawing};
use super::{AppRefused, Enroller, NewKey, WaitingApp, add_app, add_key, begin_app, begin_key, find_app, sentence};
use crate::base::assurance::{Acr, Authentication};
use crate::base::ids::{AuthenticatorId, CustomerId, FlowId};
use crate::base::secret::Secret;
use crate::identity::factors::CodeRefused;
use crate::identity::factors::passkey::Answer;
use crate::identity::factors::passkey::ceremony::KeyKind;
use crate::identity::sessions::SignedIn;
use crate::identity::signin::challenge::web::{Subject, step};
use crate::identity::signin::entrance::{self, Progress};
use crate::identity::signin::gate::SigninState;
use crate::identity::signin::hold::Holder;
use crate::identity::signin::hold::web::hold_for;
use crate::identity::signin::machine::Step;
use crate::identity::signin::model::SigninFlow;
use crate::identity::signin::store as flows;
use crate::identity::signin::web::{answer, load, policy_of, read_genuine};
use crate::identity::{Proof, factors};
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, PagePolicy, PageView, error_page, problem, respond, see_other};
use crate::platform::http::params::Params;

/// The longest name of an authenticator, in characters.
const MAX_NAME_CHARACTERS: usize = 60;

/// The routes.
pub(in crate::identity::signin) fn routes(config: &mut ServiceConfig) {
    config
        .route("/signin/{flow}/enrol", web::get().to(show))
        .route("/signin/{flow}/enrol/passkeys", web::post().to(add_passkey))
        .route("/signin/{flow}/enrol/passkeys/begin", web::post().to(begin_passkey))
        .route("/signin/{flow}/enrol/totp", web::post().to(begin_totp))
        .route("/signin/{flow}/enrol/totp/{authenticator}", web::get().to(show_totp))
        .route("/signin/{flow}/enrol/totp/{authenticator}", web::post().to(confirm_totp));
}

/// What the customer calls an authenticator.
pub fn name_of(form: &Params) -> String {
    form.get("name").unwrap_or_default().trim().chars().filter(|character| !character.is_control()).take(MAX_NAME_CHARACTERS).collect()
}

/// The answer of an authenticator in a form, and what to call it.
pub fn key_of(form: &Params, view: &PageView) -> NewKey {
    let is_separate = form.get("kind").and_then(KeyKind::parse) == Some(KeyKind::SecurityKey);
    NewKey {
        answer: Answer {
            ceremony: Secret::new(form.get("ceremony").unwrap_or_default().to_owned()),
            credential: form.get("credential").unwrap_or_default().to_owned(),
        },
        name: name_of(form),
        default_name: view.t(if is_separate { "key-default-name" } else { "passkey-default-name" }),
    }
}

#[derive(Template)]
#[template(path = "identity/signin/pages/enrol-app.html")]
struct AppPage<'a> {
    page: &'a PageView,
    action: &'a str,
    csrf: &'a str,
    code: Option<Drawing>,
    seed: &'a str,
    problem: Option<String>,
    /// Where "cancel" leads.
    cancel: &'a str,
    /// Whether there are other sessions to end.
    has_session: bool,
}

/// Where the page of a new app is, and where it leads.
pub struct AppPlace<'a> {
    /// The form's address, which is also what its token is made for.
    pub action: String,
    /// Where "cancel" leads.
    pub cancel: &'a str,
    /// Whether it is done in a session.
    pub has_session: bool,
}

/// The page with the QR code of a new app.
pub fn app_page(state: &SigninState, request: &HttpRequest, browser: &Secret, app: &WaitingApp, place: &AppPlace<'_>, refused: Option<AppRefused>) -> HttpResponse {
    let view = PageView::new(&state.http, request, &[]);
    let token = csrf::token(&state.tools.ring, browser, &place.action);
    let code = app.seed.to_address(&app.email, &view.brand).and_then(|address| qr::draw(&address));
    let seed = app.seed.to_base32();
    let (status, sentence) = match refused {
        None => (StatusCode::OK, None),
        Some(AppRefused::Code(CodeRefused::Malformed)) => (StatusCode::BAD_REQUEST, Some(view.t("totp-malformed"))),
        Some(AppRefused::Code(CodeRefused::Wrong | CodeRefused::Used) | AppRefused::Gone) => (StatusCode::UNPROCESSABLE_ENTITY, Some(view.t("totp-wrong"))),
        Some(AppRefused::Throttled(throttled)) => (StatusCode::TOO_MANY_REQUESTS, Some(view.t1("signin-throttled", "minutes", &throttled.minutes()))),
    };
    let page = AppPage { page: &view, action: &place.action, csrf: &token, code, seed: &seed, problem: sentence, cancel: place.cancel, has_session: place.has_session };
    respond(status, &view, &page, &PagePolicy::default())
}

/// A sign-in in which a factor is to be added.
struct Pending {
    flow: SigninFlow,
    browser: Secret,
    signed_in: Option<SignedIn>,
    subject: Subject,
    level: Acr,
}

fn address(flow: &FlowId, rest: &str) -> String {
    format!("/signin/{flow}/enrol{rest}")
}

fn owner(flow: &FlowId, customer: &CustomerId) -> String {
    format!("enrol:{flow}:{customer}")
}

/// The sign-in in the path if it waits for an enrolment, or where to go instead.
async fn pending(state: &Data<SigninState>, request: &HttpRequest, path: &str) -> Result<Result<Pending, HttpResponse>, PageError> {
    let (flow, browser, signed_in) = load(state, request, path).await?;
    if flow.finished_at.is_some() || flow.expires_at <= state.tools.now() {
        return Ok(Err(see_other(flow.return_to.as_str())));
    }
    match (step(state, &flow, signed_in.as_ref()).await?.0, Subject::of(&flow, signed_in.as_ref())) {
        (Step::Enrol(level), Some(subject)) => {
            let shown =
                flow.passed.as_ref().map(|passed| passed.shown().to_vec()).or_else(|| signed_in.as_ref().map(|signed_in| signed_in.session.shown.clone())).unwrap_or_default();
            let acr = Authentication::from_shown(&shown).map_or(Acr::Password, |authentication| authentication.acr);
            if let Some(held) =
                hold_for(state, request, &Holder { customer: subject.customer.clone(), acr, opened_at: state.tools.now(), decision: Holder::within(&flow, &subject.customer) })
                    .await?
            {
                return Ok(Err(held));
            }
            Ok(Ok(Pending { flow, browser, signed_in, subject, level }))
        }
        _ => Ok(Err(see_other(&format!("/signin/{}", flow.id)))),
    }
}

impl Pending {
    fn enroller(&self, state: &SigninState, request: &HttpRequest) -> Enroller {
        Enroller {
            customer: self.subject.customer.clone(),
            generation: self.subject.generation,
            session: None,
            ends_others: false,
            device: state.device(request).map(|device| device.hash()),
            origin: origin_of(request),
        }
    }

    fn may_add_app(&self) -> bool {
        self.level <= Acr::SecondFactor
    }
}

#[derive(Template)]
#[template(path = "identity/signin/pages/enrol.html")]
struct EnrolPage<'a> {
    page: &'a PageView,
    flow: &'a SigninFlow,
    key_action: String,
    key_csrf: String,
    app_action: String,
    app_csrf: String,
    has_passkeys: bool,
    may_add_app: bool,
    problem: Option<String>,
}

fn page(state: &SigninState, request: &HttpRequest, pending: &Pending, problem: Option<&str>) -> HttpResponse {
    let view = PageView::new(&state.http, request, &pending.flow.request.ui_locales);
    let (key_action, app_action) = (address(&pending.flow.id, "/passkeys"), address(&pending.flow.id, "/totp"));
    let token = |purpose: &str| csrf::token(&state.tools.ring, &pending.browser, purpose);
    let has_passkeys = state.passkeys.is_some();
    let template = EnrolPage {
        page: &view,
        flow: &pending.flow,
        key_csrf: token(&key_action),
        app_csrf: token(&app_action),
        key_action,
        app_action,
        has_passkeys,
        may_add_app: pending.may_add_app(),
        problem: problem.and_then(sentence).map(|key| view.t(key)),
    };
    let policy = policy_of(&pending.flow, has_passkeys);
    respond(if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &view, &template, &policy)
}

async fn show(state: Data<SigninState>, request: HttpRequest, path: Path<String>) -> HttpResponse {
    let work = async {
        Ok(match pending(&state, &request, &path).await? {
            Ok(pending) => page(&state, &request, &pending, None),
            Err(elsewhere) => elsewhere,
        })
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}

async fn begin_passkey(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let Ok(pending) = pending(&state, &request, &path).await? else { return Err(PageError::new(ErrorKind::SigninExpired)) };
        let form = read_genuine(&state, &request, payload, &pending.browser, &address(&pending.flow.id, "/passkeys")).await?;
        let kind = form.get("kind").and_then(KeyKind::parse).ok_or_else(|| PageError::new(ErrorKind::Request).with_detail("kind is passkey or security_key"))?;
        let at_work = state.clone();
        let begun = state.db.write_again(move |tx| begin_key(tx, &at_work, &pending.subject.customer, &owner(&pending.flow.id, &pending.subject.customer), kind)).await?;
        let (options, secret) = begun.ok_or_else(|| PageError::new(ErrorKind::NotFound))?;
        Ok(HttpResponse::Ok().content_type("application/json").body(serde_json::json!({ "options": options, "ceremony": secret.expose() }).to_string()))
    };
    work.await.unwrap_or_else(|error: PageError| problem(&state.http, &request, &error))
}

async fn add_passkey(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let pending = match pending(&state, &request, &path).await? {
            Ok(pending) => pending,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let form = read_genuine(&state, &request, payload, &pending.browser, &address(&pending.flow.id, "/passkeys")).await?;
        let key = key_of(&form, &PageView::new(&state.http, &request, &[]));
        let (at_work, enroller, owner) = (state.clone(), pending.enroller(&state, &request), owner(&pending.flow.id, &pending.subject.customer));
        let added = advance(&state, &request, &pending, move |tx| add_key(tx, &at_work, &enroller, &owner, &key)).await?;
        Ok(added.unwrap_or_else(|word| page(&state, &request, &pending, Some(word))))
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}

async fn begin_totp(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let pending = match pending(&state, &request, &path).await? {
            Ok(pending) if pending.may_add_app() => pending,
            Ok(pending) => return Ok(page(&state, &request, &pending, Some("refused"))),
            Err(elsewhere) => return Ok(elsewhere),
        };
        let form = read_genuine(&state, &request, payload, &pending.browser, &address(&pending.flow.id, "/totp")).await?;
        let name = name_of(&form);
        if name.is_empty() {
            return Err(PageError::new(ErrorKind::Request).with_detail("name is missing"));
        }
        let (at_work, customer) = (state.clone(), pending.subject.customer.clone());
        let begun = state.db.write(move |tx| begin_app(tx, &at_work, &customer, &name)).await?;
        Ok(match begun {
            Some(id) => see_other(&address(&pending.flow.id, &format!("/totp/{id}"))),
            None => page(&state, &request, &pending, Some("full")),
        })
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}

async fn find(state: &Data<SigninState>, pending: &Pending, id: &str) -> Result<Option<WaitingApp>, PageError> {
    let id: AuthenticatorId = id.parse().map_err(|_| PageError::new(ErrorKind::NotFound))?;
    let (at_work, customer) = (state.clone(), pending.subject.customer.clone());
    Ok(state.db.read(move |connection| find_app(connection, &at_work, &customer, &id)).await?)
}

async fn show_totp(state: Data<SigninState>, request: HttpRequest, path: Path<(String, String)>) -> HttpResponse {
    let work = async {
        let pending = match pending(&state, &request, &path.0).await? {
            Ok(pending) => pending,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let (action, cancel) = (address(&pending.flow.id, &format!("/totp/{}", path.1)), address(&pending.flow.id, ""));
        Ok(match find(&state, &pending, &path.1).await?.filter(|_| pending.may_add_app()) {
            Some(app) => app_page(&state, &request, &pending.browser, &app, &AppPlace { action, cancel: &cancel, has_session: false }, None),
            None => see_other(&cancel),
        })
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}

async fn confirm_totp(state: Data<SigninState>, request: HttpRequest, path: Path<(String, String)>, payload: Payload) -> HttpResponse {
    let work = async {
        let pending = match pending(&state, &request, &path.0).await? {
            Ok(pending) => pending,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let (action, cancel) = (address(&pending.flow.id, &format!("/totp/{}", path.1)), address(&pending.flow.id, ""));
        let form = read_genuine(&state, &request, payload, &pending.browser, &action).await?;
        let Some(app) = find(&state, &pending, &path.1).await?.filter(|_| pending.may_add_app()) else { return Ok(see_other(&cancel)) };
        let again = app.clone();
        let (at_work, enroller, typed) = (state.clone(), pending.enroller(&state, &request), form.get("code").unwrap_or_default().to_owned());
        let added = advance(&state, &request, &pending, move |tx| add_app(tx, &at_work, &enroller, &app, &typed)).await?;
        let place = AppPlace { action, cancel: &cancel, has_session: false };
        Ok(added.unwrap_or_else(|refused| app_page(&state, &request, &pending.browser, &again, &place, Some(refused))))
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}

/// Adds a factor and goes on with the sign-in, in one transaction; the recovery codes come before the way back.
async fn advance<R: Send + 'static>(
    state: &Data<SigninState>,
    request: &HttpRequest,
    pending: &Pending,
    add: impl Fn(&mut WriteTx<'_>) -> Result<Result<Proof, R>, StoreError> + Send + 'static,
) -> Result<Result<HttpResponse, R>, PageError> {
    let device = state.device(request).unwrap_or_else(|| Secret::generate(state.tools.entropy()));
    let (at_work, flow, subject, signed_in) = (state.clone(), pending.flow.clone(), pending.subject.clone(), pending.signed_in.clone());
    let (origin, its_device) = (origin_of(request), device.clone());
    let work = move |tx: &mut WriteTx<'_>| {
        // Done in another tab, or too old by now: nothing is added.
        if !flows::is_open(tx, &flow.id, at_work.tools.now())? {
            return Ok(Ok((Progress::Settled, false)));
        }
        let proof = match add(tx)? {
            Ok(proof) => proof,
            Err(refused) => return Ok(Err(refused)),
        };
        let Some(passed) = subject.with(&proof) else { return Ok(Ok((Progress::Settled, false))) };
        let progress = entrance::advance(tx, &at_work, &flow, &passed, signed_in.as_ref(), &its_device, &origin)?;
        Ok(Ok((progress, factors::owes_recovery_codes(tx, &subject.customer)?)))
    };
    Ok(state.db.write(work).await?.map(|(progress, owes_codes)| {
        let is_entered = matches!(progress, Progress::Entered(_));
        let way_on = (is_entered && owes_codes).then(|| format!("/account/security/recovery-codes?{}", pending.flow.id));
        answer(state, &pending.flow, &progress, &device, None, way_on.as_deref())
    }))
}
