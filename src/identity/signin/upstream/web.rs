//! `/signin/{flow}/upstream/{provider}` leads to the provider, `/upstream/{provider}/callback` back, and `/signin/{flow}/upstream` connects.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::{address, callback};
use crate::base::assurance::Requirement;
use crate::base::ids::{CustomerId, FlowId};
use crate::base::secret::Secret;
use crate::identity::attempts::rules::BucketLimit;
use crate::identity::attempts::store as attempts;
use crate::identity::factors::trusted_device;
use crate::identity::factors::upstream::client::{Asked, Returned};
use crate::identity::factors::upstream::rules::{ConnectRefused, UpstreamRefused, needs_fresh};
use crate::identity::factors::upstream::{self, Arrived, Known, UPSTREAM_CONNECTED, UPSTREAM_REFUSED, Upstream};
use crate::identity::messages::Notice;
use crate::identity::sessions::SignedIn;
use crate::identity::signin::entrance::{self, Progress};
use crate::identity::signin::gate::{self, SigninState};
use crate::identity::signin::hold;
use crate::identity::signin::machine::Step;
use crate::identity::signin::model::{ReturnTo, SigninFlow};
use crate::identity::signin::web::{answer, load, policy_of, read_genuine, start};
use crate::identity::signin::{enrolment, store};
use crate::identity::{Passed, customers};
use crate::platform::audit::{self, Actor, Entry, Origin};
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::http::client_address::source_of;
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, PageView, error_page, respond, see_other};
use crate::platform::http::params::Params;
use crate::platform::telemetry::metrics::Event;

/// How old the proof may be that connecting demands, in seconds.
const FRESH_SECONDS: u32 = 300;
/// What the account page puts behind the way to a provider.
const CONNECT: &str = "connect";

/// The routes.
pub(in crate::identity::signin) fn routes(config: &mut ServiceConfig) {
    config
        .route("/signin/{flow}/upstream", web::get().to(show))
        .route("/signin/{flow}/upstream", web::post().to(connect))
        .route("/signin/{flow}/upstream/{upstream}", web::get().to(go))
        .route("/upstream/{upstream}/callback", web::get().to(back));
}

fn redirect_uri(state: &SigninState, upstream: &Upstream) -> String {
    state.http.issuer.at(&callback(&upstream.id))
}

/// To the provider. A link, not a form: browsers hold the redirects after a form against the page's policy, and the provider's own redirects are not ours to list. It changes nothing but what this sign-in waits for.
async fn go(state: Data<SigninState>, request: HttpRequest, path: Path<(String, String)>) -> HttpResponse {
    let work = async {
        let (flow, id) = path.into_inner();
        let upstream = state.upstreams.find(&id).ok_or_else(|| PageError::new(ErrorKind::NotFound))?;
        let (flow, _, signed_in) = load(&state, &request, &flow).await?;
        if flow.finished_at.is_some() || flow.expires_at <= state.tools.now() {
            return Ok(see_other(flow.return_to.as_str()));
        }
        if !may_ask(&state, &request).await? {
            return refuse(&state, &request, upstream, &flow.id, (UpstreamRefused::Throttled, None)).await;
        }
        let is_connecting = request.query_string() == CONNECT && signed_in.is_some();
        let is_fresh = needs_fresh(&flow.request.requirement, flow.passed.is_some());
        let (url, its_state, asked) = match state.upstreams.begin(&state.tools, upstream, &redirect_uri(&state, upstream), is_fresh).await {
            Ok(begun) => begun,
            Err(refused) => return refuse(&state, &request, upstream, &flow.id, (refused, None)).await,
        };
        let (at_work, id) = (state.clone(), id.clone());
        let kept = Kept { asked, is_connecting };
        state
            .db
            .write_again(move |tx: &mut WriteTx<'_>| upstream::store::keep_try(tx, &at_work.tools, &flow.id, &id, &its_state, &kept.asked, kept.is_connecting))
            .await?;
        Ok(see_other(url.as_str()))
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}

/// Requests to providers that one source may cause in a window, and the window in seconds: more is somebody who keeps them busy.
const SOURCE_LIMIT: i64 = 60;
const SOURCE_SECONDS: i64 = 600;

/// Counts a request that leads to one of ours to a provider; false when there were too many from this source.
async fn may_ask(state: &Data<SigninState>, request: &HttpRequest) -> Result<bool, StoreError> {
    let source = origin_of(request).address.map_or_else(|| "unknown".to_owned(), source_of);
    let lanes = [(format!("upstream-source:{source}"), BucketLimit { limit: SOURCE_LIMIT, window_seconds: SOURCE_SECONDS, consecutive_limit: None })];
    let tools = state.tools.clone();
    Ok(state.db.write_again(move |tx: &mut WriteTx<'_>| attempts::count_in_each(tx, &lanes, tools.now())).await?.is_ok())
}

#[derive(Clone)]
struct Kept {
    asked: Asked,
    is_connecting: bool,
}

/// Writes down that a sign-in elsewhere did not count, and says why on the sign-in page.
async fn refuse(
    state: &Data<SigninState>,
    request: &HttpRequest,
    upstream: &Upstream,
    flow: &FlowId,
    (refused, owner): (UpstreamRefused, Option<CustomerId>),
) -> Result<HttpResponse, PageError> {
    state.http.metrics.count(Event::signin_refused);
    let (at_work, origin, id) = (state.clone(), origin_of(request), upstream.id.clone());
    let work = move |tx: &mut WriteTx<'_>| {
        let about = owner.as_ref().map(|owner| format!("customer:{owner}")).unwrap_or_default();
        let entry = Entry::refusal(UPSTREAM_REFUSED, Actor::Anonymous, about, refused.word(), &origin);
        audit::record(tx, &at_work.tools, &entry.with_detail(serde_json::json!({ "upstream": id })))
    };
    state.db.write(work).await?;
    Ok(see_other(&format!("/signin/{flow}?upstream-{}", refused.word())))
}

/// Back from the provider.
async fn back(state: Data<SigninState>, request: HttpRequest, path: Path<String>) -> HttpResponse {
    let work = async {
        let upstream = state.upstreams.find(&path).ok_or_else(|| PageError::new(ErrorKind::NotFound))?;
        let query = Params::parse(request.query_string().as_bytes()).map_err(|error| PageError::new(ErrorKind::Request).with_detail(error.to_string()))?;
        if query.has_repeated() {
            return Err(PageError::new(ErrorKind::Request).with_detail("a parameter was sent twice"));
        }
        if !may_ask(&state, &request).await? {
            return Err(PageError::new(ErrorKind::Unavailable).with_status(429));
        }
        let its_state = query.get("state").filter(|text| text.len() <= 128).map(|text| Secret::new(text.to_owned()));
        let Some(its_state) = its_state else { return Err(PageError::new(ErrorKind::SigninExpired)) };
        let (at_work, id) = (state.clone(), upstream.id.clone());
        let taken = state.db.write(move |tx: &mut WriteTx<'_>| upstream::store::take_try(tx, &at_work.tools, &id, &its_state)).await?;
        // Nobody asked, or it was answered: what somebody else asked for in another browser opens nothing here.
        let Some((flow, asked, is_connecting)) = taken else { return Err(PageError::new(ErrorKind::SigninExpired)) };
        let (flow, _, signed_in) = load(&state, &request, flow.as_str()).await?;
        if flow.finished_at.is_some() || flow.expires_at <= state.tools.now() {
            return Ok(see_other(flow.return_to.as_str()));
        }
        let field = |name: &str| query.get(name).map(str::to_owned);
        let returned = Returned { code: field("code"), has_error: query.get("error").is_some(), issuer: field("iss") };
        let arrived = match state.upstreams.finish(&state.tools, upstream, &redirect_uri(&state, upstream), asked, returned).await {
            Ok(arrived) => arrived,
            Err(refused) => return refuse(&state, &request, upstream, &flow.id, (refused, None)).await,
        };
        let device = state.device(&request).unwrap_or_else(|| Secret::generate(state.tools.entropy()));
        let trusted = state.trusted_device(&request);
        let coming = Coming { arrived, is_connecting, signed_in, device: device.clone(), trusted, origin: origin_of(&request) };
        match enter(&state, &flow, coming).await? {
            Entered::Progress(progress, trust) => Ok(answer(&state, &flow, &progress, &device, trust.as_ref(), None)),
            Entered::Unknown => Ok(see_other(&address(&flow.id))),
            Entered::Locked(owner) => refuse(&state, &request, upstream, &flow.id, (UpstreamRefused::Locked, Some(owner))).await,
            Entered::Connected(word) => Ok(see_other(&format!("{}?{word}", flow.return_to.as_str()))),
        }
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}

/// Somebody who came back.
struct Coming {
    arrived: Arrived,
    is_connecting: bool,
    signed_in: Option<SignedIn>,
    device: Secret,
    trusted: Option<Secret>,
    origin: Origin,
}

/// What became of them.
enum Entered {
    /// They are a customer: the sign-in goes on. With the next secret of a trusted device.
    Progress(Progress, Option<Secret>),
    /// The account belongs to nobody here yet.
    Unknown,
    /// It belongs to a customer whose account is closed.
    Locked(CustomerId),
    /// It was to be connected, and is: with this customer, or with another one.
    Connected(&'static str),
}

async fn enter(state: &Data<SigninState>, flow: &SigninFlow, coming: Coming) -> Result<Entered, StoreError> {
    let (at_work, flow) = (state.clone(), flow.clone());
    let work = move |tx: &mut WriteTx<'_>| {
        let tools = &at_work.tools;
        if let (true, Some(signed_in)) = (coming.is_connecting, &coming.signed_in) {
            match upstream::store::find_customer(tx, &coming.arrived.index)? {
                Some(owner) if owner == *signed_in.customer() => return Ok(Entered::Connected("connected")),
                Some(_) => return Ok(Entered::Connected("upstream-taken")),
                None => {}
            }
        }
        let proof = match upstream::check(tx, tools, &coming.arrived)? {
            Known::Customer(proof) => proof,
            Known::Locked(owner) => return Ok(Entered::Locked(owner)),
            Known::Nobody => {
                store::keep_arrived(tx, tools, &flow.id, Some(&coming.arrived))?;
                return Ok(Entered::Unknown);
            }
        };
        let trusted = match &coming.trusted {
            Some(shown) => trusted_device::store::use_device(tx, tools, proof.customer(), proof.generation(), &shown.hash())?,
            None => None,
        };
        let (trusted, fresh) = trusted.unzip();
        let passed = Passed::first(&proof, false).on_trusted_device(trusted);
        let progress = entrance::advance(tx, &at_work, &flow, &passed, coming.signed_in.as_ref(), &coming.device, &coming.origin)?;
        Ok(Entered::Progress(progress, fresh))
    };
    state.db.write(work).await
}

#[derive(Template)]
#[template(path = "identity/signin/pages/upstream.html")]
struct UpstreamPage<'a> {
    page: &'a PageView,
    flow: &'a SigninFlow,
    csrf: &'a str,
    /// The provider's name, and the account there.
    provider: &'a str,
    label: &'a str,
    /// The address of the customer who is signed in; none when nobody is.
    own: Option<String>,
    may_join: bool,
}

/// What waits to be connected in this sign-in, and at which provider.
fn waiting<'a>(state: &'a SigninState, flow: &'a SigninFlow) -> Option<(&'a Arrived, &'a Upstream)> {
    let arrived = flow.arrived.as_ref().filter(|_| flow.expires_at > state.tools.now())?;
    Some((arrived, state.upstreams.find(&arrived.upstream)?))
}

/// Where a sign-in goes on.
fn way_on(flow: &SigninFlow, signed_in: Option<&SignedIn>) -> String {
    if flow.finished_at.is_some() || signed_in.is_some() { flow.return_to.as_str().to_owned() } else { format!("/signin/{}", flow.id) }
}

async fn show(state: Data<SigninState>, request: HttpRequest, path: Path<String>) -> HttpResponse {
    let work = async {
        let (flow, browser, signed_in) = load(&state, &request, &path).await?;
        let Some((arrived, upstream)) = waiting(&state, &flow) else { return Ok(see_other(&way_on(&flow, signed_in.as_ref()))) };
        if let (None, true) = (&signed_in, flow.finished_at.is_some()) {
            return Ok(see_other(flow.return_to.as_str()));
        }
        let own = match &signed_in {
            None => None,
            Some(signed_in) => {
                let (ring, id) = (state.tools.ring.clone(), signed_in.customer().clone());
                let found = state.db.read(move |connection| customers::store::find_customer(connection, &ring, &id)).await?;
                found.map(|customer| customer.email.as_str().to_owned())
            }
        };
        let view = PageView::new(&state.http, &request, &flow.request.ui_locales);
        let token = csrf::token(&state.tools.ring, &browser, &address(&flow.id));
        let page = UpstreamPage { page: &view, flow: &flow, csrf: &token, provider: &upstream.name, label: arrived.label(), own, may_join: state.signup.is_open };
        Ok(respond(StatusCode::OK, &view, &page, &policy_of(&flow, false)))
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}

/// The customer who is signed in says whether the account elsewhere is to open this one from now on.
async fn connect(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let (flow, browser, signed_in) = load(&state, &request, &path).await?;
        let form = read_genuine(&state, &request, payload, &browser, &address(&flow.id)).await?;
        let way_on = way_on(&flow, signed_in.as_ref());
        let Some((arrived, _)) = waiting(&state, &flow) else { return Ok(see_other(&way_on)) };
        let arrived = arrived.clone();
        if form.get("connect") != Some("yes") {
            let (at_work, id) = (state.clone(), flow.id.clone());
            state.db.write(move |tx: &mut WriteTx<'_>| store::keep_arrived(tx, &at_work.tools, &id, None)).await?;
            return Ok(see_other(&way_on));
        }
        let requirement = Requirement { max_age_seconds: Some(FRESH_SECONDS), is_strict: true, ..Requirement::default() };
        let (Step::Done, Some(signed_in)) = (gate::judge(signed_in.as_ref(), &requirement, state.tools.now()), signed_in) else {
            let requirement = Requirement { requested_at: Some(state.tools.now_micros()), ..requirement };
            let here = ReturnTo::parse(&address(&flow.id)).ok_or_else(|| PageError::new(ErrorKind::Internal))?;
            return start(&state, &request, here, requirement).await;
        };
        if let Some(held) = hold::web::hold(&state, &request, &signed_in).await? {
            return Ok(held);
        }
        let (at_work, origin, id) = (state.clone(), origin_of(&request), flow.id.clone());
        let work = move |tx: &mut WriteTx<'_>| {
            let tools = &at_work.tools;
            // Held, so that the credentials are those that were judged, and what is connected is what the page showed.
            let is_same = store::find_flow(tx, tools, &id)?.is_some_and(|flow| flow.arrived.as_ref() == Some(&arrived));
            if !is_same || !customers::store::hold_upheld(tx, signed_in.customer(), signed_in.session.generation)? {
                return Ok("expired");
            }
            store::keep_arrived(tx, tools, &id, None)?;
            let customer = signed_in.customer();
            match upstream::connect(tx, tools, customer, &arrived)? {
                Ok(()) => {}
                Err(ConnectRefused::Connected) => return Ok("connected"),
                Err(ConnectRefused::Taken) => return Ok("upstream-taken"),
                Err(ConnectRefused::TooMany) => return Ok("full"),
            }
            enrolment::tell(tx, &at_work, customer, Notice::AuthenticatorAdded)?;
            let entry = Entry::success(UPSTREAM_CONNECTED, Actor::Customer(customer.to_string()), format!("customer:{customer}"), &origin);
            audit::record(tx, tools, &entry.with_session(signed_in.session_id().as_str()).with_detail(serde_json::json!({ "upstream": arrived.upstream })))?;
            Ok("connected")
        };
        let word = match state.db.write(work).await {
            // Somebody else connected it in the same moment.
            Err(StoreError::Conflict) => "upstream-taken",
            settled => settled?,
        };
        let is_page = flow.return_to.as_str().starts_with("/account/security");
        Ok(see_other(&if is_page || word != "connected" { format!("/account/security?{word}") } else { way_on }))
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}
