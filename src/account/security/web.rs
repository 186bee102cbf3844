//! `/account/security` and what is done there. Everything that changes a way to sign in asks for a proof of the last five minutes first.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::{apps, channels, devices, keys, level, password, upstreams};
use crate::base::assurance::FactorKind;
use crate::base::assurance::Requirement;
use crate::base::encoding::base64url;
use crate::base::ids::{AuthenticatorId, FlowId};
use crate::base::secret::Secret;
use crate::base::time::UnixSeconds;
use crate::identity::customers::FactorFacts;
use crate::identity::factors::passkey::providers::{self, Keeper};
use crate::identity::factors::passkey::store::Passkey;
use crate::identity::factors::trusted_device::store::TrustedDevice;
use crate::identity::factors::{self, Removal, passkey, recovery_code, totp, trusted_device, upstream};
use crate::identity::messages::Notice;
use crate::identity::sessions::SignedIn;
use crate::identity::signin::enrolment::{self, Enroller};
use crate::identity::signin::gate::{self, Opened, SigninState};
use crate::identity::signin::hold;
use crate::identity::signin::machine::Step;
use crate::identity::signin::model::ReturnTo;
use crate::identity::{customers, signin};
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, PagePolicy, PageView, error_page, respond, see_other};
use crate::platform::http::params::Params;

/// A customer got recovery codes.
pub const RECOVERY_CODES_GIVEN: EventSpec = EventSpec::new("recovery_codes_given", "A customer got a new set of recovery codes; the one before is void.");
/// A customer said that the recovery codes are in a safe place.
pub const RECOVERY_CODES_KEPT: EventSpec = EventSpec::new("recovery_codes_kept", "A customer said that the recovery codes are in a safe place.");
/// A customer removed an authenticator.
pub const AUTHENTICATOR_REMOVED: EventSpec = EventSpec::new("authenticator_removed", "A customer removed an authenticator.");

/// The page itself.
pub(in crate::account) const PAGE: &str = "/account/security";
const CODES: &str = "/account/security/recovery-codes";
const SAVED: &str = "/account/security/recovery-codes/saved";
const REMOVE: &str = "/account/security/remove";
/// How old the proof may be that a change demands, in seconds (PCI DSS 8.3.3 asks for one before a factor is changed).
const FRESH_SECONDS: u32 = 300;
/// The routes of the page.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route(PAGE, web::get().to(show))
        .route(REMOVE, web::post().to(remove))
        .route(CODES, web::get().to(offer_codes))
        .route(CODES, web::post().to(give_codes))
        .route(SAVED, web::post().to(confirm_codes));
    apps::web::routes(config);
    keys::web::routes(config);
    devices::web::routes(config);
    channels::web::routes(config);
    level::web::routes(config);
    password::web::routes(config);
    upstreams::web::routes(config);
}

/// A line of the list.
struct Thing {
    id: AuthenticatorId,
    name: String,
    about: Option<String>,
    when: String,
    keeper: Option<Keeper>,
}

impl Thing {
    /// The name of its picture.
    fn picture(&self) -> &'static str {
        match self.keeper {
            None => "app",
            Some(Keeper::Manager) => "manager",
            Some(Keeper::Device) => "device",
            Some(Keeper::SecurityKey) => "key",
        }
    }
}

#[derive(Template)]
#[template(path = "account/security/pages/overview.html")]
struct OverviewPage<'a> {
    page: &'a PageView,
    message: Option<String>,
    problem: Option<String>,
    keys: Vec<Thing>,
    has_passkeys: bool,
    has_password: bool,
    /// What the password manager should know.
    signal: Option<String>,
    apps: Vec<Thing>,
    /// How many recovery codes are left.
    codes_left: i64,
    codes_csrf: &'a str,
    add_csrf: &'a str,
    key_csrf: &'a str,
    remove_csrf: &'a str,
    /// Name, text key and state of each channel for codes that there is here.
    channels: Vec<(&'static str, &'static str, bool)>,
    channel_csrf: &'a str,
    /// Word, text key and state of each level that can be chosen; none when there is nothing to choose.
    levels: Vec<(&'static str, &'static str, bool)>,
    level_csrf: &'a str,
    /// Id, name and last use of each trusted device.
    devices: Vec<(String, String, String)>,
    device_csrf: &'a str,
    /// Short name, provider, account there and last use of each account elsewhere.
    links: Vec<(String, String, String, String)>,
    /// Id and name of each provider.
    providers: Vec<(&'a str, &'a str)>,
    link_csrf: &'a str,
}

/// Who is signed in with a proof that is fresh enough to change something, or the way to give one.
pub(super) async fn proven(state: &Data<SigninState>, request: &HttpRequest) -> Result<Result<SignedIn, HttpResponse>, PageError> {
    proven_for(state, request, PAGE).await
}

/// The same, leading back to another page. Nobody changes anything after a sign-in that looked strange, for a while.
pub(in crate::account) async fn proven_for(state: &Data<SigninState>, request: &HttpRequest, page: &'static str) -> Result<Result<SignedIn, HttpResponse>, PageError> {
    let signed_in = match freshly_proven_for(state, request, page).await? {
        Ok(signed_in) => signed_in,
        Err(elsewhere) => return Ok(Err(elsewhere)),
    };
    Ok(hold::web::hold(state, request, &signed_in).await?.map_or(Ok(signed_in), Err))
}

/// The same for what takes nothing over.
pub(in crate::account) async fn freshly_proven_for(state: &Data<SigninState>, request: &HttpRequest, page: &'static str) -> Result<Result<SignedIn, HttpResponse>, PageError> {
    let requirement = Requirement { max_age_seconds: Some(FRESH_SECONDS), is_strict: true, ..Requirement::default() };
    let signed_in = state.signed_in(request).await?;
    match (gate::judge(signed_in.as_ref(), &requirement, state.tools.now()), signed_in) {
        (Step::Done, Some(signed_in)) => Ok(Ok(signed_in)),
        _ => {
            let requirement = Requirement { requested_at: Some(state.tools.now_micros()), ..requirement };
            Ok(Err(signin::web::start(state, request, ReturnTo::page(page), requirement).await?))
        }
    }
}

/// Who is signed in, with whatever they have to show; or the way there, and back to `page`.
pub(in crate::account) async fn seen_for(state: &Data<SigninState>, request: &HttpRequest, page: &'static str) -> Result<Result<SignedIn, HttpResponse>, PageError> {
    let signed_in = state.signed_in(request).await?;
    match (gate::judge(signed_in.as_ref(), &Requirement::default(), state.tools.now()), signed_in) {
        (Step::Done, Some(signed_in)) => Ok(Ok(signed_in)),
        _ => Ok(Err(signin::web::start(state, request, ReturnTo::page(page), Requirement::default()).await?)),
    }
}

/// Whether the credentials are still those that the proof was judged under; nobody changes them until the transaction ends.
pub(in crate::account) fn is_current(tx: &mut WriteTx<'_>, signed_in: &SignedIn) -> Result<bool, StoreError> {
    customers::store::hold_upheld(tx, signed_in.customer(), signed_in.session.generation)
}

/// The page, or the one that tells what went wrong.
pub(in crate::account) async fn finish(state: &SigninState, request: &HttpRequest, work: impl Future<Output = Result<HttpResponse, PageError>>) -> HttpResponse {
    work.await.unwrap_or_else(|error| error_page(&state.http, request, &error))
}

/// Reads a form of this browser's page at `purpose`.
pub(in crate::account) async fn read_form(state: &SigninState, request: &HttpRequest, purpose: &str, payload: Payload) -> Result<(Params, Secret), PageError> {
    let browser = state.known_browser(request).ok_or_else(|| PageError::new(ErrorKind::Forbidden))?;
    Ok((signin::web::read_genuine(state, request, payload, &browser, purpose).await?, browser))
}

/// The one who is signed in, as somebody who adds a factor.
pub(super) fn enroller(state: &SigninState, signed_in: &SignedIn, form: &Params, request: &HttpRequest) -> Enroller {
    Enroller {
        customer: signed_in.customer().clone(),
        generation: signed_in.session.generation,
        session: Some(signed_in.session_id().clone()),
        ends_others: form.get("elsewhere") == Some("yes"),
        device: state.device(request).map(|device| device.hash()),
        origin: origin_of(request),
    }
}

/// An answer with the cookies of a session that was renewed.
pub(in crate::account) fn with_cookies(state: &SigninState, request: &HttpRequest, mut response: HttpResponse, opened: Option<&Opened>) -> HttpResponse {
    if let (Some(opened), Some(device)) = (opened, state.device(request)) {
        for cookie in state.signed_in_cookies(&opened.session, &opened.secret, &device) {
            // A cookie of ours is always a valid header.
            let _ = response.add_cookie(&cookie);
        }
    }
    response
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

/// What the page shows, gathered at once.
struct Held {
    keys: Vec<Passkey>,
    apps: Vec<totp::store::TotpAuthenticator>,
    has_password: bool,
    codes_left: i64,
    owes_codes: bool,
    devices: Vec<TrustedDevice>,
    links: Vec<upstream::store::Link>,
    facts: FactorFacts,
    email: String,
}

async fn gather(state: &Data<SigninState>, signed_in: &SignedIn) -> Result<Held, StoreError> {
    let (tools, id, generation) = (state.tools.clone(), signed_in.customer().clone(), signed_in.session.generation);
    let work = move |connection: &mut crate::platform::db::DbConnection| {
        Ok(Held {
            keys: passkey::store::list_passkeys(connection, &tools, &id)?,
            apps: totp::store::list_authenticators(connection, &tools, &id)?,
            has_password: factors::password::store::has_password(connection, &id)?,
            codes_left: recovery_code::store::count_left(connection, &id)?,
            facts: customers::store::find_standing(connection, &id)?.map(|standing| standing.facts).unwrap_or_default(),
            devices: trusted_device::store::list_devices(connection, &tools, &id, generation)?,
            links: upstream::store::list_links(connection, &tools, &id)?,
            owes_codes: factors::owes_recovery_codes(connection, &id)?,
            email: customers::store::find_customer(connection, &tools.ring, &id)?.map(|customer| customer.email.as_str().to_owned()).unwrap_or_default(),
        })
    };
    state.db.read(work).await
}

/// The line for a key: its picture and name by its model, and what it is good for.
fn line(view: &PageView, key: &Passkey, when: String) -> Thing {
    let provider = key.aaguid.and_then(providers::find);
    let is_separate = key.kind == passkey::ceremony::KeyKind::SecurityKey;
    let keeper = provider.map_or(if is_separate { Keeper::SecurityKey } else { Keeper::Device }, |provider| provider.keeper);
    let about = view.t(if key.is_whole_sign_in() { "security-key-whole" } else { "security-key-second" });
    let about = match provider.filter(|provider| provider.name != key.name) {
        Some(provider) => format!("{} · {about}", provider.name),
        None => about,
    };
    Thing { id: key.id.clone(), name: key.name.clone(), about: Some(about), when, keeper: Some(keeper) }
}

/// The line for an account elsewhere: its short name, the provider, the account there, and when.
fn link_line(state: &SigninState, link: &upstream::store::Link, when: String) -> (String, String, String, String) {
    // A provider that was taken out of the configuration keeps its id for a name: it opens nothing, and can be removed.
    let provider = state.upstreams.find(&link.upstream).map_or(link.upstream.as_str(), |provider| provider.name.as_str());
    (upstream::link_name(&link.index), provider.to_owned(), link.label.clone(), when)
}

/// What the password manager should know of this account's passkeys.
fn signal(state: &SigninState, signed_in: &SignedIn, held: &Held) -> Option<String> {
    let party = state.passkeys.as_ref()?;
    let accepted: Vec<String> = held.keys.iter().map(|key| base64url(&key.credential.cred_id)).collect();
    let user = base64url(passkey::handle(signed_in.customer()).as_bytes());
    Some(serde_json::json!({ "rpId": party.id(), "userId": user, "accepted": accepted, "name": held.email }).to_string())
}

/// The levels that the customer can choose, and which one is.
fn levels_of(signed_in: &SignedIn, facts: &FactorFacts) -> Vec<(&'static str, &'static str, bool)> {
    let can = level::web::CHOICES.into_iter().filter(|(acr, _)| level::web::may_choose(*acr, &signed_in.means.enrolled));
    let levels: Vec<_> = can.map(|(acr, text)| (level::web::word(acr), text, acr == facts.own_acr)).collect();
    if levels.len() > 1 { levels } else { Vec::new() }
}

/// The channels for codes that there are here, and whether the customer wants them.
fn channels_of(state: &SigninState, facts: &FactorFacts) -> Vec<(&'static str, &'static str, bool)> {
    let email = state.factors.has_email_codes.then_some(("email_code", "security-email-codes", facts.has_email_codes));
    let sms = state.factors.has_sms_codes.then_some(("sms_code", "security-sms-codes", facts.has_sms_codes));
    email.into_iter().chain(sms).collect()
}

async fn overview(state: &Data<SigninState>, request: &HttpRequest, signed_in: &SignedIn) -> Result<HttpResponse, PageError> {
    let held = gather(state, signed_in).await?;
    if held.owes_codes {
        return Ok(see_other(CODES));
    }
    let view = PageView::new(&state.http, request, &[]);
    let (browser, cookie) = state.browser(request);
    let days = |at: UnixSeconds| state.tools.now().since(at).div_euclid(86_400).max(0).to_string();
    let when = |created_at: UnixSeconds, last_used_at: Option<UnixSeconds>| match last_used_at {
        Some(at) => view.t1("security-used", "days", &days(at)),
        None => view.t1("security-added", "days", &days(created_at)),
    };
    let message = match request.query_string() {
        "added" => Some(view.t("security-done-added")),
        "password" => Some(view.t("password-done")),
        "removed" => Some(view.t("security-done-removed")),
        "saved" => Some(view.t("security-done-saved")),
        "chosen" => Some(view.t("security-done-chosen")),
        "connected" => Some(view.t("security-done-connected")),
        _ => None,
    };
    let token = |purpose| csrf::token(&state.tools.ring, &browser, purpose);
    let (add, key, remove, codes, device) = (token(apps::web::ADD), token(keys::web::ADD), token(REMOVE), token(CODES), token(devices::web::REMOVE));
    let (channel, level, link) = (token(channels::web::SWITCH), token(level::web::CHOOSE), token(upstreams::web::REMOVE));
    let signal = signal(state, signed_in, &held);
    let app = |app: totp::store::TotpAuthenticator| Thing { when: when(app.created_at, app.last_used_at), id: app.id, name: app.name, about: None, keeper: None };
    let page = OverviewPage {
        page: &view,
        message,
        problem: enrolment::sentence(request.query_string()).map(|key| view.t(key)),
        keys: held.keys.iter().map(|key| line(&view, key, when(key.created_at, key.last_used_at))).collect(),
        has_passkeys: state.passkeys.is_some(),
        has_password: held.has_password,
        signal,
        apps: held.apps.into_iter().map(app).collect(),
        codes_left: held.codes_left,
        codes_csrf: &codes,
        add_csrf: &add,
        key_csrf: &key,
        remove_csrf: &remove,
        devices: held.devices.iter().map(|device| (device.id.to_string(), device.label.clone(), when(device.last_used_at, Some(device.last_used_at)))).collect(),
        device_csrf: &device,
        links: held.links.iter().map(|link| link_line(state, link, when(link.created_at, Some(link.last_used_at)))).collect(),
        providers: state.upstreams.iter().map(|provider| (provider.id.as_str(), provider.name.as_str())).collect(),
        link_csrf: &link,
        channels: channels_of(state, &held.facts),
        channel_csrf: &channel,
        levels: levels_of(signed_in, &held.facts),
        level_csrf: &level,
    };
    let mut response = respond(StatusCode::OK, &view, &page, &PagePolicy { has_script: state.passkeys.is_some(), ..PagePolicy::default() });
    if let Some(cookie) = cookie {
        let _ = response.add_cookie(&cookie);
    }
    Ok(response)
}

/// An audit entry of the one who is signed in.
pub(in crate::account) fn entry(spec: EventSpec, signed_in: &SignedIn, origin: &Origin) -> Entry {
    let id = signed_in.customer().as_str().to_owned();
    Entry::success(spec, Actor::Customer(id.clone()), format!("customer:{id}"), origin).with_session(signed_in.session_id().as_str())
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
            if !is_current(tx, &signed_in)? {
                return Ok("expired");
            }
            if !factors::may_remove(tx, &at_work.tools, &at_work.factors, signed_in.customer(), Removal::Authenticator(&id))? {
                return Ok("needed");
            }
            if factors::is_last_way(tx, &at_work.tools, signed_in.customer(), Removal::Authenticator(&id))? {
                return Ok("last");
            }
            let is_key = passkey::store::find_added_at(tx, signed_in.customer(), &id)?.is_some();
            let kind = if is_key { FactorKind::Passkey } else { FactorKind::Totp };
            if factors::remove(tx, signed_in.customer(), &id)? {
                enrolment::tell(tx, &at_work, signed_in.customer(), Notice::AuthenticatorRemoved)?;
                audit::record(tx, &at_work.tools, &entry(AUTHENTICATOR_REMOVED, &signed_in, &origin).with_detail(serde_json::json!({ "kind": kind, "authenticator": id })))?;
            }
            Ok("removed")
        };
        let word = state.db.write(work).await?;
        Ok(see_other(&format!("{PAGE}?{word}")))
    };
    finish(&state, &request, work).await
}

#[derive(Template)]
#[template(path = "account/security/pages/codes.html")]
struct CodesPage<'a> {
    page: &'a PageView,
    csrf: &'a str,
    /// The sign-in that they belong to, which then leads on.
    flow: &'a str,
    /// None before they are made.
    codes: Option<Vec<zeroize::Zeroizing<String>>>,
}

fn codes_page(state: &SigninState, request: &HttpRequest, browser: &Secret, flow: &str, codes: Option<Vec<zeroize::Zeroizing<String>>>) -> HttpResponse {
    let view = PageView::new(&state.http, request, &[]);
    let token = csrf::token(&state.tools.ring, browser, if codes.is_some() { SAVED } else { CODES });
    respond(StatusCode::OK, &view, &CodesPage { page: &view, csrf: &token, flow: if flow.parse::<FlowId>().is_ok() { flow } else { "" }, codes }, &PagePolicy::default())
}

/// Whoever has a second factor and no codes is led here.
async fn offer_codes(state: Data<SigninState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        let signed_in = match proven(&state, &request).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        match state.known_browser(&request) {
            Some(browser) if gather(&state, &signed_in).await?.owes_codes => Ok(codes_page(&state, &request, &browser, request.query_string(), None)),
            _ => {
                let way_on = match request.query_string().parse::<FlowId>() {
                    Ok(flow) => signin::web::way_on(&state, &request, flow).await?,
                    Err(_) => None,
                };
                Ok(see_other(way_on.as_deref().unwrap_or(PAGE)))
            }
        }
    };
    finish(&state, &request, work).await
}

/// A new set, shown in this one answer.
async fn give_codes(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let (form, browser) = read_form(&state, &request, CODES, payload).await?;
        let signed_in = match proven(&state, &request).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let (at_work, origin) = (state.clone(), origin_of(&request));
        let work = move |tx: &mut WriteTx<'_>| {
            if !is_current(tx, &signed_in)? {
                return Ok(None);
            }
            if !passkey::store::is_enrolled(tx, signed_in.customer())? && !totp::store::is_enrolled(tx, signed_in.customer())? {
                return Ok(None);
            }
            audit::record(tx, &at_work.tools, &entry(RECOVERY_CODES_GIVEN, &signed_in, &origin))?;
            recovery_code::store::replace_codes(tx, &at_work.tools, signed_in.customer()).map(Some)
        };
        let Some(codes) = state.db.write(work).await? else { return Ok(see_other(PAGE)) };
        Ok(codes_page(&state, &request, &browser, form.get("flow").unwrap_or_default(), Some(codes.iter().map(|code| recovery_code::rules::written(code)).collect())))
    };
    finish(&state, &request, work).await
}

/// The customer has them on paper.
async fn confirm_codes(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let (form, _) = read_form(&state, &request, SAVED, payload).await?;
        let signed_in = state.signed_in(&request).await?;
        let (Step::Done, Some(signed_in)) = (gate::judge(signed_in.as_ref(), &Requirement::default(), state.tools.now()), signed_in) else { return Ok(see_other(PAGE)) };
        if form.get("saved") == Some("yes") {
            let (at_work, origin) = (state.clone(), origin_of(&request));
            let work = move |tx: &mut WriteTx<'_>| {
                if recovery_code::store::confirm_codes(tx, signed_in.customer(), at_work.tools.now())? > 0 {
                    audit::record(tx, &at_work.tools, &entry(RECOVERY_CODES_KEPT, &signed_in, &origin))?;
                }
                Ok(())
            };
            state.db.write(work).await?;
        }
        let way_on = match form.get("flow").unwrap_or_default().parse::<FlowId>() {
            Ok(flow) => signin::web::way_on(&state, &request, flow).await?,
            Err(_) => None,
        };
        Ok(see_other(way_on.as_deref().unwrap_or(&format!("{PAGE}?saved"))))
    };
    finish(&state, &request, work).await
}
