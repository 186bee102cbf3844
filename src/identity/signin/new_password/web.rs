//! `/signin/{flow}/new-password`: the password that was shown is known from a breach and opens nothing until it is replaced. Also the form that every page for a new password shows.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::{Kept, address, find_owner, replace, sentence};
use crate::base::assurance::{Acr, Authentication, FactorKind};
use crate::base::ids::CustomerId;
use crate::base::secret::Secret;
use crate::identity::attempts::rules::AttemptPolicy;
use crate::identity::attempts::store as attempts;
use crate::identity::customers::{self, Standing};
use crate::identity::factors::password::{NewPasswordRefused, Owner};
use crate::identity::factors::sent_code;
use crate::identity::messages::CodePurpose;
use crate::identity::sessions::SignedIn;
use crate::identity::signin::challenge::web::{CHALLENGE_REFUSED, Subject, step};
use crate::identity::signin::entrance::{self, Progress};
use crate::identity::signin::gate::{self, SigninState};
use crate::identity::signin::hold::Holder;
use crate::identity::signin::hold::web::hold_for;
use crate::identity::signin::machine::Step;
use crate::identity::signin::model::SigninFlow;
use crate::identity::signin::sent::{Wanted, send_code, target};
use crate::identity::signin::store as flows;
use crate::identity::signin::web::{answer, load, policy_of, read_genuine};
use crate::platform::audit::{self, Actor, Entry};
use crate::platform::db::{DbConnection, WriteTx};
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, PagePolicy, PageView, error_page, respond, see_other};

/// The routes.
pub(in crate::identity::signin) fn routes(config: &mut ServiceConfig) {
    config
        .route("/signin/{flow}/new-password", web::get().to(show))
        .route("/signin/{flow}/new-password", web::post().to(submit))
        .route("/signin/{flow}/new-password/send", web::post().to(send));
}

/// A form for a new password.
#[derive(Template)]
#[template(path = "identity/signin/pages/new-password.html")]
pub struct NewPasswordPage<'a> {
    /// The frame.
    pub page: &'a PageView,
    /// Heading and lead, as keys.
    pub title: &'a str,
    /// Under the heading.
    pub lead: String,
    /// Where the form goes.
    pub action: &'a str,
    /// Its token.
    pub csrf: &'a str,
    /// Hidden name of the account, for password managers.
    pub email: &'a str,
    /// The fewest characters.
    pub least: usize,
    /// Where a code is sent from, its token, and where it goes; none when none is asked for.
    pub code: Option<CodeField>,
    /// What is wrong.
    pub problem: Option<String>,
    /// Where "cancel" leads.
    pub cancel: Option<&'a str>,
}

impl NewPasswordPage<'_> {
    /// Whether the password can be typed: no code is asked for, or one is out.
    fn is_waiting(&self) -> bool {
        self.code.as_ref().is_none_or(|code| code.is_out)
    }
}

/// A code that has to be typed beside the new password.
pub struct CodeField {
    /// Where it is asked for.
    pub action: String,
    /// The token for that.
    pub csrf: String,
    /// Where it goes, masked.
    pub target: String,
    /// Whether one is out.
    pub is_out: bool,
}

/// A sign-in whose password has to be replaced.
struct Pending {
    flow: SigninFlow,
    browser: Secret,
    signed_in: Option<SignedIn>,
    subject: Subject,
    standing: Standing,
    owner: Owner,
    email: String,
    target: String,
    needs_code: bool,
    is_out: bool,
}

fn owner_of_code(flow: &SigninFlow, customer: &CustomerId) -> String {
    format!("replace:{}:{customer}", flow.id)
}

async fn pending(state: &Data<SigninState>, request: &HttpRequest, path: &str) -> Result<Result<Pending, HttpResponse>, PageError> {
    let (flow, browser, signed_in) = load(state, request, path).await?;
    if flow.finished_at.is_some() || flow.expires_at <= state.tools.now() {
        return Ok(Err(see_other(flow.return_to.as_str())));
    }
    let (Step::ReplacePassword, Some(subject)) = (step(state, &flow, signed_in.as_ref()).await?.0, Subject::of(&flow, signed_in.as_ref())) else {
        return Ok(Err(see_other(&format!("/signin/{}", flow.id))));
    };
    let shown = match (&flow.passed, &signed_in) {
        (Some(passed), _) => passed.shown().to_vec(),
        (None, Some(signed_in)) => signed_in.session.shown.clone(),
        (None, None) => Vec::new(),
    };
    // Whoever got the password from a breach must not be the one who replaces it.
    let is_password_alone = Authentication::from_shown(&shown).is_none_or(|authentication| authentication.acr == Acr::Password);
    let (at_work, id, code_owner) = (state.clone(), subject.customer.clone(), owner_of_code(&flow, &subject.customer));
    let find = move |connection: &mut DbConnection| {
        let Some(standing) = customers::store::find_standing(connection, &id)? else { return Ok(None) };
        let owner = find_owner(connection, &at_work, &standing)?;
        let customer = customers::store::find_customer(connection, &at_work.tools.ring, &id)?;
        let is_out = sent_code::store::is_out(connection, &code_owner, FactorKind::EmailCode, at_work.tools.now())?;
        Ok(customer.map(|customer| (standing, owner, customer, is_out)))
    };
    let (standing, owner, customer, is_out) = state.db.read(find).await?.ok_or_else(|| PageError::new(ErrorKind::SigninExpired))?;
    let acr = Authentication::from_shown(&shown).map_or(Acr::Password, |authentication| authentication.acr);
    if let Some(held) =
        hold_for(state, request, &Holder { customer: subject.customer.clone(), acr, opened_at: state.tools.now(), decision: Holder::within(&flow, &subject.customer) }).await?
    {
        return Ok(Err(held));
    }
    let needs_code = is_password_alone;
    let target = target(FactorKind::EmailCode, &customer);
    Ok(Ok(Pending { flow, browser, signed_in, subject, standing, owner, email: customer.email.as_str().to_owned(), target, needs_code, is_out }))
}

fn page(state: &SigninState, request: &HttpRequest, pending: &Pending, problem: Option<(StatusCode, String)>) -> HttpResponse {
    let view = PageView::new(&state.http, request, &pending.flow.request.ui_locales);
    let action = address(&pending.flow.id);
    let sending = format!("{action}/send");
    let token = |purpose: &str| csrf::token(&state.tools.ring, &pending.browser, purpose);
    let csrf = token(&action);
    let status = problem.as_ref().map_or(StatusCode::OK, |(status, _)| *status);
    let template = NewPasswordPage {
        page: &view,
        title: "replace-title",
        lead: view.t(if pending.owner.is_admin { "replace-lead-staff" } else { "replace-lead" }),
        action: &action,
        csrf: &csrf,
        email: &pending.email,
        least: state.passwords.policy(pending.owner.is_admin).minimum(pending.owner.has_second_factor),
        code: pending.needs_code.then(|| CodeField { csrf: token(&sending), action: sending, target: pending.target.clone(), is_out: pending.is_out }),
        problem: problem.map(|(_, sentence)| sentence),
        cancel: None,
    };
    respond(status, &view, &template, &policy_of(&pending.flow, true))
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

async fn send(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let pending = match pending(&state, &request, &path).await? {
            Ok(pending) => pending,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let action = address(&pending.flow.id);
        read_genuine(&state, &request, payload, &pending.browser, &format!("{action}/send")).await?;
        let (at_work, owner, id, origin) = (state.clone(), owner_of_code(&pending.flow, &pending.subject.customer), pending.subject.customer.clone(), origin_of(&request));
        let work = move |tx: &mut WriteTx<'_>| match customers::store::find_customer(tx, &at_work.tools.ring, &id)? {
            Some(customer) => send_code(tx, &at_work, Wanted::plain(FactorKind::EmailCode, CodePurpose::NewPassword), &owner, &customer, &origin),
            None => Ok(Ok(())),
        };
        Ok(match state.db.write_again(work).await? {
            Ok(()) => see_other(&action),
            Err(throttled) => {
                let sentence = PageView::new(&state.http, &request, &[]).t1("signin-throttled", "minutes", &throttled.minutes());
                page(&state, &request, &pending, Some((StatusCode::TOO_MANY_REQUESTS, sentence)))
            }
        })
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}

/// The status of an answer that tells of a refused password.
pub fn status_of(refused: NewPasswordRefused) -> StatusCode {
    match refused {
        NewPasswordRefused::Form(_) => StatusCode::BAD_REQUEST,
        NewPasswordRefused::Rule(..) => StatusCode::UNPROCESSABLE_ENTITY,
        NewPasswordRefused::Busy => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// What became of the code that was typed beside a new password.
enum Outcome {
    Code(&'static str),
    Throttled(String),
    Passed(Progress),
}

async fn submit(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let pending = match pending(&state, &request, &path).await? {
            Ok(pending) => pending,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let form = read_genuine(&state, &request, payload, &pending.browser, &address(&pending.flow.id)).await?;
        let view = PageView::new(&state.http, &request, &[]);
        // Judged before the code is taken, so that a refused password costs no code.
        let hash = match state.hasher.accept(&state.passwords, form.get("new_password").unwrap_or_default(), &pending.owner).await {
            Ok(hash) => hash,
            Err(refused) => return Ok(page(&state, &request, &pending, Some((status_of(refused), sentence(&view, refused))))),
        };
        let device = state.device(&request).unwrap_or_else(|| Secret::generate(state.tools.entropy()));
        let (at_work, flow, subject, signed_in) = (state.clone(), pending.flow.clone(), pending.subject.clone(), pending.signed_in.clone());
        let (origin, its_device, typed) = (origin_of(&request), device.clone(), form.get("code").unwrap_or_default().to_owned());
        let (needs_code, generation) = (pending.needs_code, pending.standing.generation);
        let work = move |tx: &mut WriteTx<'_>| {
            // Changed, locked or settled since the page was judged: then nothing is replaced.
            let is_current = customers::store::hold_upheld(tx, &subject.customer, subject.generation)? && flows::is_open(tx, &flow.id, at_work.tools.now())?;
            if !is_current {
                return Ok(Outcome::Passed(Progress::Settled));
            }
            if needs_code {
                let lanes = AttemptPolicy::code_lanes(subject.customer.as_str(), None);
                if let Err(throttled) = attempts::count_in_each(tx, &lanes, at_work.tools.now())? {
                    return Ok(Outcome::Throttled(throttled.minutes()));
                }
                let owner = owner_of_code(&flow, &subject.customer);
                if sent_code::check(tx, &at_work.tools, FactorKind::EmailCode, &owner, (&subject.customer, generation), &typed)?.is_err() {
                    let entry = Entry::refusal(CHALLENGE_REFUSED, Actor::Customer(subject.customer.to_string()), format!("customer:{}", subject.customer), "wrong", &origin);
                    audit::record(tx, &at_work.tools, &entry.with_detail(serde_json::json!({ "factor": FactorKind::EmailCode })))?;
                    return Ok(Outcome::Code("email-code-wrong"));
                }
                attempts::return_tries(tx, &lanes)?;
            }
            let session = signed_in.as_ref().filter(|signed_in| *signed_in.customer() == subject.customer).map(|signed_in| &signed_in.session);
            let kept = Kept { session: session.map(|session| &session.id), device: Some(&its_device) };
            let Some(proof) = replace(tx, &at_work, &subject.customer, &hash, "breached", &kept, &origin)? else { return Ok(Outcome::Passed(Progress::Settled)) };
            // What was shown before still stands; whoever was signed in shows it again under the new password.
            let Some(passed) = subject.renewed(&proof) else { return Ok(Outcome::Passed(Progress::Settled)) };
            let before = match session {
                Some(session) => gate::renew_session(tx, &at_work.tools, session, &proof)?.map(|opened| opened.session),
                None => None,
            };
            let before = before.zip(signed_in.clone()).map(|(session, signed_in)| SignedIn { session, ..signed_in });
            Ok(Outcome::Passed(entrance::advance(tx, &at_work, &flow, &passed, before.as_ref(), &its_device, &origin)?))
        };
        let refused = |status, sentence| Ok(page(&state, &request, &pending, Some((status, sentence))));
        match state.db.write(work).await? {
            Outcome::Code(key) => refused(StatusCode::UNPROCESSABLE_ENTITY, view.t(key)),
            Outcome::Throttled(minutes) => refused(StatusCode::TOO_MANY_REQUESTS, view.t1("signin-throttled", "minutes", &minutes)),
            Outcome::Passed(progress) => Ok(answer(&state, &pending.flow, &progress, &device, None, None)),
        }
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}

/// The page for a new password outside a sign-in.
pub fn respond_with(template: &NewPasswordPage<'_>, status: StatusCode) -> HttpResponse {
    respond(status, template.page, template, &PagePolicy { has_script: true, ..PagePolicy::default() })
}
