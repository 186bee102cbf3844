//! `/signup`, and `/signin/{flow}/join`: one page a step.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::rules::{BirthDateWish, DetailsRefused, JoinStep, Joining, SignupPolicy, TypedDetails, judge, next_step};
use super::{SIGNUP_REFUSED, join, keep_guest, owner, send_code, welcome};
use crate::base::assurance::{FactorKind, Requirement};
use crate::base::contact::EmailAddress;
use crate::base::ids::{CustomerId, FlowId};
use crate::base::secret::Secret;
use crate::identity::bots::{Held, web as bots};
use crate::identity::factors::password::{self, Owner, policy};
use crate::identity::factors::{self, CodeRefused, sent_code};
use crate::identity::sessions::SignedIn;
use crate::identity::signin::entrance::{self, Progress};
use crate::identity::signin::gate::SigninState;
use crate::identity::signin::model::{ReturnTo, SigninFlow};
use crate::identity::signin::new_password::sentence;
use crate::identity::signin::new_password::web::status_of;
use crate::identity::signin::store as flows;
use crate::identity::signin::web::{answer, load, policy_of, read_genuine, start_at};
use crate::identity::{Passed, Proof};
use crate::platform::audit::{self, Actor, Entry, Origin};
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, PageView, error_page, respond, see_other};
use crate::platform::http::params::Params;
use crate::risk::bots::budget::Form;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route("/signup", web::get().to(begin))
        .route("/signin/{flow}/join", web::get().to(show))
        .route("/signin/{flow}/join", web::post().to(submit_address))
        .route("/signin/{flow}/join/code", web::post().to(submit_code))
        .route("/signin/{flow}/join/details", web::post().to(submit_details))
        .route("/signin/{flow}/join/password", web::post().to(submit_password));
    super::passkey::web::routes(config);
    super::upstream::web::routes(config);
}

pub(super) fn address(flow: &FlowId) -> String {
    format!("/signin/{flow}/join")
}

async fn begin(state: Data<SigninState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        if state.signed_in(&request).await?.is_some() {
            return Ok(see_other("/account"));
        }
        start_at(&state, &request, ReturnTo::page("/account"), Requirement::default(), "/join").await
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}

/// Somebody in the middle of joining.
pub(super) struct Pending {
    pub(super) flow: SigninFlow,
    browser: Secret,
    signed_in: Option<SignedIn>,
    pub(super) joining: Joining,
}

impl Pending {
    fn purpose(&self, rest: &str) -> String {
        format!("{}{rest}", address(&self.flow.id))
    }
}

async fn pending(state: &Data<SigninState>, request: &HttpRequest, path: &str) -> Result<Result<Pending, HttpResponse>, PageError> {
    if !state.signup.is_open {
        return Err(PageError::new(ErrorKind::NotFound));
    }
    let (flow, browser, signed_in) = load(state, request, path).await?;
    if flow.finished_at.is_some() || flow.expires_at <= state.tools.now() {
        return Ok(Err(see_other(flow.return_to.as_str())));
    }
    let (tools, id) = (state.tools.clone(), flow.id.clone());
    let joining = state.db.read(move |connection: &mut DbConnection| flows::find_joining(connection, &tools, &id)).await?.unwrap_or_default();
    Ok(Ok(Pending { flow, browser, signed_in, joining }))
}

#[derive(Template)]
#[template(path = "identity/signup/pages/join.html")]
struct JoinPage<'a> {
    page: &'a PageView,
    flow: &'a SigninFlow,
    policy: &'a SignupPolicy,
    /// `address`, `code`, `details` or `credential`.
    step: &'static str,
    email: &'a str,
    /// Tokens: of the address form, the step's form, and the passkey form.
    address_csrf: String,
    csrf: String,
    key_csrf: String,
    /// A code that stood in the link.
    code: &'a str,
    typed: TypedDetails<'a>,
    /// The other provider that was signed in at on the way here.
    upstream: Option<&'a str>,
    /// The account there.
    upstream_label: &'a str,
    upstream_csrf: String,
    least: usize,
    has_passkeys: bool,
    problem: Option<String>,
    wrong: &'a [DetailsRefused],
}

impl JoinPage<'_> {
    fn is_wrong(&self, name: &str) -> bool {
        self.wrong.iter().any(|wrong| match wrong {
            DetailsRefused::Name => name == "name",
            DetailsRefused::Terms => name == "terms",
            DetailsRefused::BirthDate | DetailsRefused::Age => name == "birth_date",
        })
    }

    fn asks_birth_date(&self) -> bool {
        self.policy.birth_date != BirthDateWish::Off
    }

    fn needs_birth_date(&self) -> bool {
        self.policy.birth_date == BirthDateWish::Required
    }
}

/// What a page shows beside its step.
#[derive(Default)]
pub(super) struct Told<'a> {
    status: StatusCode,
    problem: Option<String>,
    email: Option<&'a str>,
    typed: TypedDetails<'a>,
    wrong: &'a [DetailsRefused],
    /// Why the address was not taken, when a puzzle was asked for.
    held: Option<Held>,
}

impl Told<'_> {
    pub(super) fn problem(status: StatusCode, problem: String) -> Self {
        Self { status, problem: Some(problem), ..Self::default() }
    }
}

pub(super) fn page(state: &SigninState, request: &HttpRequest, pending: &Pending, told: &Told<'_>) -> HttpResponse {
    let puzzle = (next_step(&pending.joining) == JoinStep::Address).then(|| bots::puzzle_of(state, request, Form::Join, &pending.browser, told.held.as_ref())).flatten();
    let view = PageView::new(&state.http, request, &pending.flow.request.ui_locales).with_puzzle(puzzle);
    let token = |rest: &str| csrf::token(&state.tools.ring, &pending.browser, &pending.purpose(rest));
    let (step, csrf) = match next_step(&pending.joining) {
        JoinStep::Address => ("address", String::new()),
        JoinStep::Code => ("code", token("/code")),
        JoinStep::Details => ("details", token("/details")),
        JoinStep::Credential => ("credential", token("/password")),
    };
    let code = Some(request.query_string()).filter(|code| code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit())).unwrap_or_default();
    let arrived = pending.flow.arrived.as_ref();
    let told_name = arrived.and_then(|arrived| arrived.name.as_deref()).filter(|_| told.typed.name.is_empty());
    let typed = TypedDetails { name: told_name.unwrap_or(told.typed.name), ..told.typed };
    let template = JoinPage {
        page: &view,
        flow: &pending.flow,
        policy: &state.signup,
        step,
        email: told
            .email
            .or(pending.joining.email.as_deref())
            .or(pending.flow.request.login_hint.as_deref())
            .or(arrived.and_then(|arrived| arrived.email.as_deref()))
            .unwrap_or_default(),
        address_csrf: token(""),
        csrf,
        key_csrf: token("/passkey"),
        code,
        typed,
        upstream: arrived.and_then(|arrived| state.upstreams.find(&arrived.upstream)).map(|upstream| upstream.name.as_str()),
        upstream_label: arrived.map_or("", |arrived| arrived.label()),
        upstream_csrf: token("/upstream"),
        least: state.passwords.consumer.minimum_alone,
        has_passkeys: state.passkeys.is_some(),
        problem: told.problem.clone(),
        wrong: told.wrong,
    };
    let policy = policy_of(&pending.flow, step == "credential");
    respond(told.status, &view, &template, &policy)
}

async fn show(state: Data<SigninState>, request: HttpRequest, path: Path<String>) -> HttpResponse {
    let work = async {
        Ok(match pending(&state, &request, &path).await? {
            Ok(pending) => page(&state, &request, &pending, &Told::default()),
            Err(elsewhere) => elsewhere,
        })
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}

async fn submit_address(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let pending = match pending(&state, &request, &path).await? {
            Ok(pending) => pending,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let form = read_genuine(&state, &request, payload, &pending.browser, &pending.purpose("")).await?;
        let view = PageView::new(&state.http, &request, &pending.flow.request.ui_locales);
        let typed: String = form.get("email").unwrap_or_default().trim().chars().take(254).collect();
        let start = Pending { joining: Joining::default(), ..pending };
        let refuse = |key: &str, status| Ok(page(&state, &request, &start, &Told { status, problem: Some(view.t(key)), email: Some(&typed), ..Told::default() }));
        if form.get("other") == Some("yes") {
            let (at_work, id) = (state.clone(), start.flow.id.clone());
            state.db.write(move |tx: &mut WriteTx<'_>| flows::keep_joining(tx, &at_work.tools, &id, &Joining::default())).await?;
            return Ok(see_other(&address(&start.flow.id)));
        }
        if let Err(held) = bots::check(&state, &request, (Form::Join, &form), &start.browser, false).await? {
            let (key, seconds) = held.sentence();
            let problem = Some(view.t1(key, "seconds", &seconds));
            return Ok(page(&state, &request, &start, &Told { status: StatusCode::PRECONDITION_REQUIRED, problem, email: Some(&typed), held: Some(held), ..Told::default() }));
        }
        let Ok(email) = EmailAddress::parse(&typed) else { return refuse("join-email-wrong", StatusCode::BAD_REQUEST) };
        if state.signup.is_blocked(&email) {
            let (at_work, origin) = (state.clone(), origin_of(&request));
            let entry = move |tx: &mut WriteTx<'_>| audit::record(tx, &at_work.tools, &Entry::refusal(SIGNUP_REFUSED, Actor::Anonymous, String::new(), "domain", &origin));
            state.db.write(entry).await?;
            return refuse("join-email-blocked", StatusCode::UNPROCESSABLE_ENTITY);
        }
        let (at_work, id, origin, language) = (state.clone(), start.flow.id.clone(), origin_of(&request), view.language);
        let work = move |tx: &mut WriteTx<'_>| {
            if let Err(throttled) = send_code(tx, &at_work, &id, &email, language, &origin)? {
                return Ok(Err(throttled));
            }
            let joining = Joining { email: Some(email.as_str().to_owned()), ..Joining::default() };
            flows::keep_joining(tx, &at_work.tools, &id, &joining)?;
            Ok(Ok(()))
        };
        match state.db.write_again(work).await? {
            Ok(()) => Ok(see_other(&address(&start.flow.id))),
            Err(throttled) => {
                let problem = view.t1("signin-throttled", "minutes", &throttled.minutes());
                Ok(page(&state, &request, &start, &Told { status: StatusCode::TOO_MANY_REQUESTS, problem: Some(problem), email: Some(&typed), ..Told::default() }))
            }
        }
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}

/// Somebody at `step`, with the form that they sent; or where to go instead.
pub(super) async fn at_step(
    state: &Data<SigninState>,
    request: &HttpRequest,
    path: &str,
    payload: Payload,
    step: JoinStep,
    rest: &str,
) -> Result<Result<(Pending, Params), HttpResponse>, PageError> {
    let pending = match pending(state, request, path).await? {
        Ok(pending) => pending,
        Err(elsewhere) => return Ok(Err(elsewhere)),
    };
    let form = read_genuine(state, request, payload, &pending.browser, &pending.purpose(rest)).await?;
    if next_step(&pending.joining) == step { Ok(Ok((pending, form))) } else { Ok(Err(see_other(&address(&pending.flow.id)))) }
}

async fn submit_code(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let (pending, form) = match at_step(&state, &request, &path, payload, JoinStep::Code, "/code").await? {
            Ok(here) => here,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let (at_work, id, typed) = (state.clone(), pending.flow.id.clone(), form.get("code").unwrap_or_default().to_owned());
        let before = pending.joining.clone();
        let work = move |tx: &mut WriteTx<'_>| {
            // Another address may have been typed while this request was still arriving.
            if flows::find_joining(tx, &at_work.tools, &id)?.as_ref() != Some(&before) {
                return Ok(Ok(()));
            }
            let owner = owner(&at_work, &id, before.email.as_deref().unwrap_or_default());
            let redeemed = sent_code::store::redeem_code(tx, &at_work.tools, &owner, FactorKind::EmailCode, &typed)?;
            if redeemed.is_ok() {
                flows::keep_joining(tx, &at_work.tools, &id, &Joining { is_proven: true, ..before.clone() })?;
            }
            Ok(redeemed)
        };
        let view = PageView::new(&state.http, &request, &pending.flow.request.ui_locales);
        let refuse = |status, key| Ok(page(&state, &request, &pending, &Told::problem(status, view.t(key))));
        match state.db.write(work).await? {
            Ok(()) => Ok(see_other(&address(&pending.flow.id))),
            Err(CodeRefused::Malformed) => refuse(StatusCode::BAD_REQUEST, "email-code-malformed"),
            // No more is said: whether a code is out tells whether there is an account.
            Err(CodeRefused::Wrong | CodeRefused::Used) => refuse(StatusCode::UNPROCESSABLE_ENTITY, "email-code-wrong"),
        }
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}

async fn submit_details(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let (pending, form) = match at_step(&state, &request, &path, payload, JoinStep::Details, "/details").await? {
            Ok(here) => here,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let field = |name: &str| form.get(name).unwrap_or_default().to_owned();
        let (name, birth_date) = (field("name"), field("birth_date"));
        let typed = TypedDetails { name: &name, birth_date: &birth_date, has_accepted: form.get("terms") == Some("yes") };
        match judge(&state.signup, &typed, state.tools.now()) {
            Ok(details) => {
                let (at_work, id) = (state.clone(), pending.flow.id.clone());
                let before = pending.joining.clone();
                let joining = Joining { details: Some(details), ..before.clone() };
                let work = move |tx: &mut WriteTx<'_>| match flows::find_joining(tx, &at_work.tools, &id)? {
                    Some(now) if now == before => flows::keep_joining(tx, &at_work.tools, &id, &joining),
                    _ => Ok(()),
                };
                state.db.write(work).await?;
                Ok(see_other(&address(&pending.flow.id)))
            }
            Err(wrong) => {
                let view = PageView::new(&state.http, &request, &pending.flow.request.ui_locales);
                let problem = wrong.iter().map(|wrong| view.t(wrong.key())).collect::<Vec<_>>().join(" ");
                Ok(page(&state, &request, &pending, &Told { status: StatusCode::UNPROCESSABLE_ENTITY, problem: Some(problem), typed, wrong: &wrong, ..Told::default() }))
            }
        }
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}

/// Makes the account and goes on with the sign-in, in one transaction. `add` gives the new customer the first factor.
pub(super) async fn enter<R: Send + 'static>(
    state: &Data<SigninState>,
    request: &HttpRequest,
    pending: &Pending,
    (id, how): (CustomerId, FactorKind),
    add: impl Fn(&mut WriteTx<'_>, &SigninState, &CustomerId, &Origin) -> Result<Result<Proof, R>, StoreError> + Send + 'static,
) -> Result<Result<HttpResponse, R>, PageError> {
    let device = state.device(request).unwrap_or_else(|| Secret::generate(state.tools.entropy()));
    let language = PageView::new(&state.http, request, &pending.flow.request.ui_locales).language;
    let (at_work, flow, joining, signed_in) = (state.clone(), pending.flow.clone(), pending.joining.clone(), pending.signed_in.clone());
    let (origin, its_device) = (origin_of(request), device.clone());
    let work = move |tx: &mut WriteTx<'_>| {
        let is_same = flows::find_joining(tx, &at_work.tools, &flow.id)?.as_ref() == Some(&joining) && flows::is_open(tx, &flow.id, at_work.tools.now())?;
        if !is_same || !join(tx, &at_work, &id, &joining, language)? {
            return Ok(Ok(None));
        }
        let proof = match add(tx, &at_work, &id, &origin)? {
            Ok(proof) => proof,
            Err(refused) => {
                // Nothing stays of an account that nobody could sign in to.
                crate::identity::customers::store::delete_customer(tx, &id)?;
                return Ok(Err(refused));
            }
        };
        // Once it is sure that there is an account: a guest is kept once.
        keep_guest(tx, &at_work, &id, flow.request.visitor.as_ref(), &origin)?;
        welcome(tx, &at_work, &id, &joining, how, &origin)?;
        let progress = entrance::advance(tx, &at_work, &flow, &Passed::first(&proof, false), signed_in.as_ref(), &its_device, &origin)?;
        Ok(Ok(Some((progress, factors::owes_recovery_codes(tx, &id)?))))
    };
    Ok(match state.db.write(work).await? {
        Err(refused) => Err(refused),
        // Another tab, or another browser of the same mailbox, was first.
        Ok(None) => Ok(see_other(&format!("/signin/{}", pending.flow.id))),
        Ok(Some((progress, owes_codes))) => {
            let is_entered = matches!(progress, Progress::Entered(_));
            let first = (is_entered && owes_codes).then(|| format!("/account/security/recovery-codes?{}", pending.flow.id));
            Ok(answer(state, &pending.flow, &progress, &device, None, first.as_deref()))
        }
    })
}

async fn submit_password(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let (pending, form) = match at_step(&state, &request, &path, payload, JoinStep::Credential, "/password").await? {
            Ok(here) => here,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let name = pending.joining.details.as_ref().map(|details| details.name.as_str()).unwrap_or_default();
        let context = policy::context_words([pending.joining.email.as_deref().unwrap_or_default(), name]);
        let judged = state.hasher.accept(&state.passwords, form.get("new_password").unwrap_or_default(), &Owner { context, ..Owner::default() }).await;
        let hash = match judged {
            Ok(hash) => hash,
            Err(refused) => {
                let problem = sentence(&PageView::new(&state.http, &request, &pending.flow.request.ui_locales), refused);
                return Ok(page(&state, &request, &pending, &Told::problem(status_of(refused), problem)));
            }
        };
        let id = CustomerId::generate(state.tools.now_micros(), state.tools.entropy());
        let add = move |tx: &mut WriteTx<'_>, state: &SigninState, id: &CustomerId, _: &Origin| {
            password::store::replace_hash(tx, id, &hash, state.tools.now())?;
            Ok(Ok::<_, ()>(password::proof_of_setting(id.clone(), 1, &state.tools)))
        };
        Ok(enter(&state, &request, &pending, (id, FactorKind::Password), add).await?.unwrap_or_else(|()| see_other(&address(&pending.flow.id))))
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}
