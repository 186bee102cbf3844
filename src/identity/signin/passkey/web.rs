//! `/signin/{flow}/passkey`: the page that asks for one as the second factor, what the browser is to ask the authenticator for, and its answer.

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::web::{self, Data, Path, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::{address, note_cloned, sentence};
use crate::base::assurance::FactorKind;
use crate::base::encoding::base64url;
use crate::base::ids::{CustomerId, FlowId};
use crate::base::secret::Secret;
use crate::identity::Passed;
use crate::identity::factors::passkey::ceremony::Assertion;
use crate::identity::factors::passkey::{self, Answer, PasskeyParty, PasskeyRefused, Refusal};
use crate::identity::sessions::SignedIn;
use crate::identity::signin::challenge::web::{CHALLENGE_REFUSED, Challenge, about, others, step, trust_days, waiting};
use crate::identity::signin::entrance::{self, Progress};
use crate::identity::signin::gate::SigninState;
use crate::identity::signin::machine::Step;
use crate::identity::signin::model::SigninFlow;
use crate::identity::signin::password::web::SIGNIN_REFUSED;
use crate::identity::signin::web::{Problem, Typed, answer, load, policy_of, read_genuine, sheet};
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, PageView, error_page, problem, respond, see_other};
use crate::platform::telemetry::metrics::Event;

/// The routes.
pub(in crate::identity::signin) fn routes(config: &mut ServiceConfig) {
    config
        .route("/.well-known/webauthn", web::get().to(related_origins))
        .route("/signin/{flow}/passkey", web::get().to(show))
        .route("/signin/{flow}/passkey", web::post().to(finish))
        .route("/signin/{flow}/passkey/begin", web::post().to(begin));
}

/// The origins that may use our passkeys (WebAuthn L3 section 5.11.1), for browsers that are asked by one of them.
async fn related_origins(state: Data<SigninState>, request: HttpRequest) -> HttpResponse {
    match party(&state) {
        Ok(party) => HttpResponse::Ok()
            .content_type("application/json")
            .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
            .body(serde_json::json!({ "origins": party.origins() }).to_string()),
        Err(error) => error_page(&state.http, &request, &error),
    }
}

/// Whose ceremony it is: that of one customer whose second factor is asked for, or of whoever it is.
fn owner(flow: &FlowId, customer: Option<&CustomerId>) -> String {
    format!("signin:{flow}:{}", customer.map_or("", CustomerId::as_str))
}

fn party(state: &SigninState) -> Result<&PasskeyParty, PageError> {
    state.passkeys.as_ref().ok_or_else(|| PageError::new(ErrorKind::NotFound))
}

/// What the browser is to ask the authenticator for, and the secret of the ceremony.
async fn begin(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        party(&state)?;
        let (flow, browser, signed_in) = load(&state, &request, &path).await?;
        read_genuine(&state, &request, payload, &browser, &address(&flow.id)).await?;
        let over = || PageError::new(ErrorKind::SigninExpired);
        if flow.finished_at.is_some() || flow.expires_at <= state.tools.now() {
            return Err(over());
        }
        let customer = match step(&state, &flow, signed_in.as_ref()).await?.0 {
            Step::SignIn => None,
            Step::ShowFactor(_) => match waiting(&state, &flow, signed_in.as_ref(), FactorKind::Passkey).await? {
                Ok(challenge) => Some(challenge.subject.customer),
                Err(_) => return Err(over()),
            },
            Step::Done | Step::Unmet(_) | Step::Enrol(_) | Step::ReplacePassword => return Err(over()),
        };
        let at_work = state.clone();
        let begun = state.db.write_again(move |tx| {
            let Some(party) = at_work.passkeys.as_ref() else { return Ok(None) };
            let begun = match &customer {
                None => party.begin_discovery(),
                Some(customer) => {
                    let held: Vec<_> = passkey::store::list_passkeys(tx, &at_work.tools, customer)?.into_iter().map(|passkey| passkey.credential).collect();
                    party.begin_challenge(&held)
                }
            };
            let Ok((options, ceremony)) = begun else { return Ok(None) };
            let secret = passkey::store::begin_ceremony(tx, &at_work.tools, &owner(&flow.id, customer.as_ref()), &ceremony)?;
            Ok(Some((options, secret)))
        });
        let (options, secret) = begun.await?.ok_or_else(|| PageError::new(ErrorKind::Internal))?;
        Ok(HttpResponse::Ok().content_type("application/json").body(serde_json::json!({ "options": options, "ceremony": secret.expose() }).to_string()))
    };
    work.await.unwrap_or_else(|error: PageError| problem(&state.http, &request, &error))
}

#[derive(Template)]
#[template(path = "identity/signin/pages/passkey.html")]
struct PasskeyPage<'a> {
    page: &'a PageView,
    flow: &'a SigninFlow,
    action: &'a str,
    csrf: &'a str,
    problem: Option<String>,
    trust_days: Option<i64>,
    others: Vec<(String, String)>,
}

fn challenge_page(state: &SigninState, request: &HttpRequest, flow: &SigninFlow, browser: &Secret, challenge: &Challenge, refused: Option<PasskeyRefused>) -> HttpResponse {
    let view = PageView::new(&state.http, request, &flow.request.ui_locales);
    let action = address(&flow.id);
    let token = csrf::token(&state.tools.ring, browser, &action);
    let page = PasskeyPage {
        page: &view,
        flow,
        action: &action,
        csrf: &token,
        problem: refused.map(|refused| view.t(sentence(refused))),
        trust_days: trust_days(state, flow, FactorKind::Passkey),
        others: others(&view, flow, challenge),
    };
    let policy = policy_of(flow, true);
    let status = match refused {
        None => StatusCode::OK,
        Some(PasskeyRefused::Malformed) => StatusCode::BAD_REQUEST,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    respond(status, &view, &page, &policy)
}

async fn show(state: Data<SigninState>, request: HttpRequest, path: Path<String>) -> HttpResponse {
    let work = async {
        party(&state)?;
        let (flow, browser, signed_in) = load(&state, &request, &path).await?;
        Ok(match waiting(&state, &flow, signed_in.as_ref(), FactorKind::Passkey).await? {
            Ok(challenge) => challenge_page(&state, &request, &flow, &browser, &challenge, None),
            Err(elsewhere) => elsewhere,
        })
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}

async fn finish(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        party(&state)?;
        let (flow, browser, signed_in) = load(&state, &request, &path).await?;
        let form = read_genuine(&state, &request, payload, &browser, &address(&flow.id)).await?;
        if flow.finished_at.is_some() || flow.expires_at <= state.tools.now() {
            return Ok(see_other(flow.return_to.as_str()));
        }
        let challenge = match step(&state, &flow, signed_in.as_ref()).await?.0 {
            Step::SignIn => None,
            _ => match waiting(&state, &flow, signed_in.as_ref(), FactorKind::Passkey).await? {
                Ok(challenge) => Some(challenge),
                Err(elsewhere) => return Ok(elsewhere),
            },
        };
        let device = state.device(&request).unwrap_or_else(|| Secret::generate(state.tools.entropy()));
        let shown = Shown {
            answer: Answer {
                ceremony: Secret::new(form.get("ceremony").unwrap_or_default().to_owned()),
                credential: form.get("credential").unwrap_or_default().to_owned(),
            },
            is_remembered: form.get("remember") == Some("yes"),
            is_trusted: form.get("trust") == Some("yes") && !flow.is_strange(),
            device: device.clone(),
            origin: origin_of(&request),
        };
        let named = Assertion::parse(&shown.answer.credential).ok().map(|assertion| base64url(assertion.credential_id()));
        match enter(&state, &flow, challenge.clone(), signed_in, shown).await? {
            Ok((progress, trust)) => Ok(answer(&state, &flow, &progress, &device, trust.as_ref(), None)),
            Err(refused) => {
                state.http.metrics.count(Event::signin_refused);
                let unknown = named.filter(|_| refused == PasskeyRefused::Unknown);
                Ok(match &challenge {
                    Some(challenge) => challenge_page(&state, &request, &flow, &browser, challenge, Some(refused)),
                    None => sheet(&state, &request, &flow, &browser, &Typed { email: "", problem: Some(Problem::Passkey(refused, unknown)), is_again: false }),
                })
            }
        }
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}

/// What the browser sent, and which one it was.
struct Shown {
    answer: Answer,
    is_remembered: bool,
    is_trusted: bool,
    device: Secret,
    origin: Origin,
}

/// Checks the answer and goes on, in one transaction.
async fn enter(
    state: &Data<SigninState>,
    flow: &SigninFlow,
    challenge: Option<Challenge>,
    signed_in: Option<SignedIn>,
    shown: Shown,
) -> Result<Result<(Progress, Option<Secret>), PasskeyRefused>, StoreError> {
    let (at_work, flow) = (state.clone(), flow.clone());
    let work = move |tx: &mut WriteTx<'_>| {
        let Some(party) = at_work.passkeys.as_ref() else { return Ok(Err(PasskeyRefused::Invalid)) };
        let subject = challenge.as_ref().map(|challenge| &challenge.subject);
        let expected = subject.map(|subject| (&subject.customer, subject.generation));
        let proof = match passkey::check(tx, &at_work.tools, party, &owner(&flow.id, subject.map(|subject| &subject.customer)), &shown.answer, expected)? {
            Ok(proof) => proof,
            Err(refusal) => {
                let spec = if subject.is_some() { CHALLENGE_REFUSED } else { SIGNIN_REFUSED };
                record(tx, &at_work, spec, &refusal, &shown.origin)?;
                return Ok(Err(refusal.refused));
            }
        };
        let passed = match subject {
            Some(subject) => subject.with(&proof),
            None => Some(Passed::first(&proof, shown.is_remembered)),
        };
        let Some(passed) = passed else { return Ok(Ok((Progress::Settled, None))) };
        let progress = entrance::advance(tx, &at_work, &flow, &passed, signed_in.as_ref(), &shown.device, &shown.origin)?;
        let trust = match subject {
            Some(subject) if shown.is_trusted && matches!(progress, Progress::Entered(_)) => {
                entrance::trust_device(tx, &at_work, &subject.customer, subject.generation, &shown.origin)?
            }
            _ => None,
        };
        Ok(Ok((progress, trust)))
    };
    state.db.write(work).await
}

/// Writes down a refusal. A key that may have been copied is an event of its own, and its owner is told.
fn record(tx: &mut WriteTx<'_>, state: &SigninState, spec: EventSpec, refusal: &Refusal, origin: &Origin) -> Result<(), StoreError> {
    let tools = &state.tools;
    let subject = refusal.customer.as_ref().map(about).unwrap_or_default();
    let entry = Entry::refusal(spec, Actor::Anonymous, subject.clone(), refusal.refused.word(), origin).with_detail(serde_json::json!({ "factor": FactorKind::Passkey }));
    audit::record(tx, tools, &entry)?;
    if refusal.refused != PasskeyRefused::Cloned {
        return Ok(());
    }
    refusal.customer.as_ref().map_or(Ok(()), |id| note_cloned(tx, state, id, origin))
}
