//! The pages that ask for a second factor whose code is typed: from an authenticator app, or one of those that were given out.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{self, Data, Path, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::path as address_of;
use crate::base::assurance::FactorKind;
use crate::base::encoding::hex;
use crate::base::ids::CustomerId;
use crate::base::secret::Secret;
use crate::identity::attempts::rules::{AttemptPolicy, Buckets, Throttled};
use crate::identity::attempts::store as attempts;
use crate::identity::factors::{CodeRefused, Means, recovery_code, sent_code, totp};
use crate::identity::messages::{self, Desk, Notice};
use crate::identity::sessions::SignedIn;
use crate::identity::sessions::store as session_store;
use crate::identity::signin::entrance::{self, Progress};
use crate::identity::signin::gate::{self, SigninState};
use crate::identity::signin::machine::{Situation, Step, next_step, ways};
use crate::identity::signin::model::SigninFlow;
use crate::identity::signin::sent;
use crate::identity::signin::web::{answer, load, policy_of, read_genuine};
use crate::identity::{Passed, Proof, customers, factors};
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{PageError, PageView, error_page, respond, see_other};
use crate::platform::telemetry::metrics::Event;

/// A second factor was refused.
pub const CHALLENGE_REFUSED: EventSpec = EventSpec::new("challenge_refused", "A second factor was refused: wrong, used before, or too many tries.");

/// The kinds whose code is typed here.
const TYPED: [FactorKind; 4] = [FactorKind::Totp, FactorKind::RecoveryCode, FactorKind::EmailCode, FactorKind::SmsCode];

/// The routes of the challenge.
pub(in crate::identity::signin) fn routes(config: &mut ServiceConfig) {
    for kind in TYPED {
        let address = format!("/signin/{{flow}}/{}", address_of(kind));
        config.route(&address, web::get().to(move |state: Data<SigninState>, request: HttpRequest, flow: Path<String>| show(state, request, flow, kind))).route(
            &address,
            web::post().to(move |state: Data<SigninState>, request: HttpRequest, flow: Path<String>, payload: Payload| submit(state, request, flow, payload, kind)),
        );
    }
}

/// Where a sign-in stands: judged by what was shown in it, or by the session of its browser when nothing was. The next step, and the factors that would be enough for it.
///
/// # Errors
/// [`StoreError`].
pub(in crate::identity::signin) async fn step(state: &Data<SigninState>, flow: &SigninFlow, signed_in: Option<&SignedIn>) -> Result<(Step, Vec<FactorKind>), StoreError> {
    let (shown, means, is_trusted) = match (&flow.passed, signed_in) {
        (None, None) => (Vec::new(), Means::default(), false),
        (None, Some(signed_in)) => (signed_in.session.shown.clone(), signed_in.means.clone(), signed_in.is_trusted),
        (Some(passed), signed_in) => {
            let (customer, generation, policy, now) = (passed.customer().clone(), passed.generation(), Arc::clone(&state.factors), state.tools.now());
            let find = move |connection: &mut DbConnection| match customers::store::find_standing(connection, &customer)? {
                Some(standing) if standing.upholds(generation) => factors::find_means(connection, &policy, &standing, now).map(Some),
                _ => Ok(None),
            };
            // What was shown under credentials that are dead by now was not shown.
            let Some(means) = state.db.read(find).await? else { return Ok((Step::SignIn, Vec::new())) };
            let same = signed_in.filter(|signed_in| *signed_in.customer() == *passed.customer());
            let is_trusted = passed.trusted_device().is_some() || same.is_some_and(|signed_in| signed_in.is_trusted);
            (same.map_or_else(|| passed.shown().to_vec(), |signed_in| gate::shown_after(&signed_in.session, passed)), means, is_trusted)
        }
    };
    let situation = Situation { requirement: &flow.request.requirement, shown: &shown, means: &means, is_trusted, risk: flow.demand(), now: state.tools.now() };
    let step = next_step(&situation);
    Ok((step, ways(&situation, step)))
}

/// Whose second factor is asked for: the one who passed the first step, or who is signed in.
#[derive(Clone)]
pub(in crate::identity::signin) struct Subject {
    pub(in crate::identity::signin) customer: CustomerId,
    pub(in crate::identity::signin) generation: i64,
    passed: Option<Passed>,
}

impl Subject {
    pub(in crate::identity::signin) fn of(flow: &SigninFlow, signed_in: Option<&SignedIn>) -> Option<Self> {
        match (&flow.passed, signed_in) {
            (Some(passed), _) => Some(Self { customer: passed.customer().clone(), generation: passed.generation(), passed: Some(passed.clone()) }),
            (None, Some(signed_in)) => Some(Self { customer: signed_in.customer().clone(), generation: signed_in.session.generation, passed: None }),
            (None, None) => None,
        }
    }

    /// What was shown, carried over under the password that `proof` was made with; `None` when it is not theirs.
    pub(in crate::identity::signin) fn renewed(&self, proof: &Proof) -> Option<Passed> {
        match self.passed.clone() {
            Some(passed) => passed.renewed(proof),
            None => (*proof.customer() == self.customer).then(|| Passed::first(proof, false)),
        }
    }

    /// What was shown with `proof`; `None` when it is not theirs.
    pub(in crate::identity::signin) fn with(&self, proof: &Proof) -> Option<Passed> {
        match self.passed.clone() {
            Some(passed) => passed.then(proof),
            None => (*proof.customer() == self.customer).then(|| Passed::first(proof, false)),
        }
    }
}

#[derive(Template)]
#[template(path = "identity/signin/pages/code.html")]
struct CodePage<'a> {
    page: &'a PageView,
    flow: &'a SigninFlow,
    action: &'a str,
    csrf: &'a str,
    kind: &'a str,
    title: String,
    lead: String,
    label: String,
    is_numeric: bool,
    problem: Option<String>,
    /// How a code is sent first; none for one that is at hand.
    sending: Option<Sending>,
    /// Whether there is a code to type: one at hand, or one that is out.
    is_waiting: bool,
    /// For how many days the device can be trusted; none when it cannot.
    trust_days: Option<i64>,
    /// Address and name of each other way.
    others: Vec<(String, String)>,
}

/// How a code is sent.
struct Sending {
    action: String,
    csrf: String,
}

/// Why the code was not taken.
#[derive(Clone, Copy)]
enum Problem {
    Refused(CodeRefused),
    Throttled(Throttled),
}

impl Problem {
    const fn status(self) -> StatusCode {
        match self {
            Self::Refused(CodeRefused::Malformed) => StatusCode::BAD_REQUEST,
            Self::Refused(CodeRefused::Wrong | CodeRefused::Used) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Throttled(_) => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    fn sentence(self, page: &PageView, kind: &str) -> String {
        match self {
            Self::Refused(refused) => page.t(&format!("{kind}-{}", reason(refused))),
            Self::Throttled(throttled) => page.t1("signin-throttled", "minutes", &throttled.minutes()),
        }
    }
}

const fn reason(refused: CodeRefused) -> &'static str {
    match refused {
        CodeRefused::Malformed => "malformed",
        CodeRefused::Wrong => "wrong",
        CodeRefused::Used => "used",
    }
}

fn action(flow: &SigninFlow, kind: FactorKind) -> String {
    format!("/signin/{}/{}", flow.id, address_of(kind))
}

/// What is asked of whom.
#[derive(Clone)]
pub(in crate::identity::signin) struct Challenge {
    pub(in crate::identity::signin) kind: FactorKind,
    pub(in crate::identity::signin) subject: Subject,
    offered: Vec<FactorKind>,
    /// Where a code would be sent, and whether one is out.
    sent: Option<(String, bool)>,
}

fn sheet(state: &SigninState, request: &HttpRequest, flow: &SigninFlow, browser: &Secret, challenge: &Challenge, problem: Option<Problem>) -> HttpResponse {
    let view = PageView::new(&state.http, request, &flow.request.ui_locales);
    let (action, kind) = (action(flow, challenge.kind), address_of(challenge.kind));
    let token = csrf::token(&state.tools.ring, browser, &action);
    let page = CodePage {
        page: &view,
        flow,
        action: &action,
        csrf: &token,
        kind,
        title: view.t(&format!("{kind}-title")),
        lead: match &challenge.sent {
            Some((target, true)) => view.t1(&format!("{kind}-sent"), "target", target),
            Some((target, false)) => view.t1(&format!("{kind}-lead"), "target", target),
            None => view.t(&format!("{kind}-lead")),
        },
        label: view.t(&format!("{kind}-code")),
        is_numeric: challenge.kind != FactorKind::RecoveryCode,
        is_waiting: challenge.sent.as_ref().is_none_or(|(_, is_out)| *is_out),
        sending: challenge.sent.as_ref().map(|_| {
            let action = format!("{action}/send");
            Sending { csrf: csrf::token(&state.tools.ring, browser, &action), action }
        }),
        problem: problem.map(|problem| problem.sentence(&view, kind)),
        trust_days: trust_days(state, flow, challenge.kind),
        others: others(&view, flow, challenge),
    };
    let policy = policy_of(flow, false);
    let mut response = respond(problem.map_or(StatusCode::OK, Problem::status), &view, &page, &policy);
    if let Some(Problem::Throttled(throttled)) = problem {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(throttled.retry_after_seconds));
    }
    response
}

/// For how many days a device can be trusted after this factor; none when it cannot.
pub(in crate::identity::signin) fn trust_days(state: &SigninState, flow: &SigninFlow, kind: FactorKind) -> Option<i64> {
    state.factors.trust_seconds.filter(|_| is_trustworthy(kind) && !flow.is_strange()).map(|seconds| seconds.div_euclid(86_400))
}

/// The other ways of a challenge: address and name of each.
pub(in crate::identity::signin) fn others(view: &PageView, flow: &SigninFlow, challenge: &Challenge) -> Vec<(String, String)> {
    let others = challenge.offered.iter().filter(|other| **other != challenge.kind);
    others.map(|other| (action(flow, *other), view.t(&format!("{}-instead", address_of(*other))))).collect()
}

/// A sign-in that waits for this factor, or where to go instead.
pub(in crate::identity::signin) async fn waiting(
    state: &Data<SigninState>,
    flow: &SigninFlow,
    signed_in: Option<&SignedIn>,
    kind: FactorKind,
) -> Result<Result<Challenge, HttpResponse>, PageError> {
    if flow.finished_at.is_some() || flow.expires_at <= state.tools.now() {
        return Ok(Err(see_other(flow.return_to.as_str())));
    }
    match (step(state, flow, signed_in).await?, Subject::of(flow, signed_in)) {
        ((Step::ShowFactor(_), offered), Some(subject)) if offered.contains(&kind) => {
            let sent = if sent::web::SENT.contains(&kind) { Some(find_sent(state, flow, &subject.customer, kind).await?) } else { None };
            Ok(Ok(Challenge { kind, subject, offered, sent }))
        }
        _ => Ok(Err(see_other(&format!("/signin/{}", flow.id)))),
    }
}

/// Where a code would be sent, and whether one is out.
async fn find_sent(state: &Data<SigninState>, flow: &SigninFlow, customer: &CustomerId, kind: FactorKind) -> Result<(String, bool), StoreError> {
    let (tools, customer, owner) = (state.tools.clone(), customer.clone(), sent::web::owner(&flow.id, customer));
    let find = move |connection: &mut DbConnection| {
        let target = customers::store::find_customer(connection, &tools.ring, &customer)?.map(|customer| sent::target(kind, &customer)).unwrap_or_default();
        Ok((target, sent_code::store::is_out(connection, &owner, kind, tools.now())?))
    };
    state.db.read(find).await
}

/// The page that says that it is too soon for another code.
pub(in crate::identity::signin) fn throttled_page(
    state: &SigninState,
    request: &HttpRequest,
    flow: &SigninFlow,
    browser: &Secret,
    challenge: &Challenge,
    throttled: Throttled,
) -> HttpResponse {
    sheet(state, request, flow, browser, challenge, Some(Problem::Throttled(throttled)))
}

async fn show(state: Data<SigninState>, request: HttpRequest, path: Path<String>, kind: FactorKind) -> HttpResponse {
    let work = async {
        let (flow, browser, signed_in) = load(&state, &request, &path).await?;
        Ok(match waiting(&state, &flow, signed_in.as_ref(), kind).await? {
            Ok(challenge) => sheet(&state, &request, &flow, &browser, &challenge, None),
            Err(elsewhere) => elsewhere,
        })
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}

async fn submit(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload, kind: FactorKind) -> HttpResponse {
    let work = async {
        let (flow, browser, signed_in) = load(&state, &request, &path).await?;
        let form = read_genuine(&state, &request, payload, &browser, &action(&flow, kind)).await?;
        let challenge = match waiting(&state, &flow, signed_in.as_ref(), kind).await? {
            Ok(challenge) => challenge,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let device = state.device(&request).unwrap_or_else(|| Secret::generate(state.tools.entropy()));
        let origin = origin_of(&request);
        let (lanes, counted) = count_try(&state, &challenge.subject.customer, &device, &origin).await?;
        if let Err(throttled) = counted {
            state.http.metrics.count(Event::signin_throttled);
            return Ok(sheet(&state, &request, &flow, &browser, &challenge, Some(Problem::Throttled(throttled))));
        }
        let typed = form.get("code").unwrap_or_default().to_owned();
        match redeem(
            &state,
            &flow,
            challenge.clone(),
            signed_in,
            Shown { typed, lanes, device: device.clone(), is_trusted: form.get("trust") == Some("yes") && !flow.is_strange(), origin },
        )
        .await?
        {
            Ok((progress, trust)) => Ok(answer(&state, &flow, &progress, &device, trust.as_ref(), None)),
            Err(refused) => {
                state.http.metrics.count(Event::signin_refused);
                Ok(sheet(&state, &request, &flow, &browser, &challenge, Some(Problem::Refused(refused))))
            }
        }
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}

pub(in crate::identity::signin) fn about(customer: &CustomerId) -> String {
    format!("customer:{customer}")
}

/// Counts the try before the code is looked at, in a transaction of its own.
async fn count_try(state: &Data<SigninState>, customer: &CustomerId, device: &Secret, origin: &Origin) -> Result<(CodeLanes, Result<(), Throttled>), StoreError> {
    let (at_work, customer, device, origin) = (state.clone(), customer.clone(), device.hash(), origin.clone());
    let work = move |tx: &mut WriteTx<'_>| {
        // Staff get no lane of their own, as with the password.
        let is_staff = customers::store::find_standing(tx, &customer)?.is_some_and(|standing| standing.facts.is_admin);
        let is_known = !is_staff && session_store::is_known_device(tx, &device, &customer, at_work.tools.now().plus(-at_work.device_seconds))?;
        let lanes = AttemptPolicy::code_lanes(customer.as_str(), is_known.then(|| hex(device.as_bytes())).as_deref());
        let counted = attempts::count_in_each(tx, &lanes, at_work.tools.now())?;
        if counted.is_err() {
            let entry = Entry::refusal(CHALLENGE_REFUSED, Actor::Customer(customer.to_string()), about(&customer), "throttled", &origin);
            audit::record(tx, &at_work.tools, &entry)?;
        }
        Ok((lanes, counted))
    };
    state.db.write_again(work).await
}

/// The buckets that a try was counted in.
type CodeLanes = Buckets;

/// What was typed, and by which browser.
struct Shown {
    typed: String,
    lanes: CodeLanes,
    device: Secret,
    is_trusted: bool,
    origin: Origin,
}

/// Whether a device can be trusted by this factor: not by one for the day when something is lost.
pub(in crate::identity::signin) const fn is_trustworthy(kind: FactorKind) -> bool {
    !matches!(kind, FactorKind::RecoveryCode)
}

/// Takes the code and goes on, in one transaction: a failure after it gives it back.
async fn redeem(
    state: &Data<SigninState>,
    flow: &SigninFlow,
    challenge: Challenge,
    signed_in: Option<SignedIn>,
    shown: Shown,
) -> Result<Result<(Progress, Option<Secret>), CodeRefused>, StoreError> {
    let (at_work, flow) = (state.clone(), flow.clone());
    let work = move |tx: &mut WriteTx<'_>| {
        let tools = &at_work.tools;
        let (subject, Shown { typed, lanes, device, is_trusted, origin }) = (&challenge.subject, &shown);
        let checked = match challenge.kind {
            FactorKind::EmailCode | FactorKind::SmsCode => {
                sent_code::check(tx, tools, challenge.kind, &sent::web::owner(&flow.id, &subject.customer), (&subject.customer, subject.generation), typed)?
            }
            FactorKind::RecoveryCode => recovery_code::check(tx, tools, &subject.customer, subject.generation, typed)?,
            _ => totp::check(tx, tools, &subject.customer, subject.generation, typed)?,
        };
        let proof = match checked {
            Ok(proof) => proof,
            Err(refused) => {
                let detail = serde_json::json!({ "factor": challenge.kind });
                let entry = Entry::refusal(CHALLENGE_REFUSED, Actor::Customer(subject.customer.to_string()), about(&subject.customer), reason(refused), origin).with_detail(detail);
                audit::record(tx, tools, &entry)?;
                return Ok(Err(refused));
            }
        };
        if challenge.kind == FactorKind::RecoveryCode
            && let Some(customer) = customers::store::find_customer(tx, &tools.ring, &subject.customer)?
        {
            let notice = if recovery_code::store::count_left(tx, &subject.customer)? <= recovery_code::rules::FEW { Notice::FewRecoveryCodes } else { Notice::RecoveryCodeUsed };
            messages::send_notice(tx, &Desk::of(&at_work.http), notice, &customer)?;
        }
        attempts::return_tries(tx, lanes)?;
        match subject.with(&proof) {
            Some(passed) => {
                let progress = entrance::advance(tx, &at_work, &flow, &passed, signed_in.as_ref(), device, origin)?;
                let may_trust = *is_trusted && matches!(progress, Progress::Entered(_)) && is_trustworthy(challenge.kind);
                let trust = if may_trust { entrance::trust_device(tx, &at_work, &subject.customer, subject.generation, origin)? } else { None };
                Ok(Ok((progress, trust)))
            }
            None => Ok(Ok((Progress::Settled, None))),
        }
    };
    state.db.write(work).await
}
