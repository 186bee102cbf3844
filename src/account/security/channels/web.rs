//! Turning codes by e-mail and text message on and off.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::account::security::web::{AUTHENTICATOR_REMOVED, PAGE, entry, finish, is_current, proven, read_form, with_cookies};
use crate::base::assurance::FactorKind;
use crate::base::secret::Secret;
use crate::identity::attempts::rules::AttemptPolicy;
use crate::identity::attempts::store as attempts;
use crate::identity::customers;
use crate::identity::factors::{self, CodeRefused, Removal, sent_code, trusted_device};
use crate::identity::messages::{CodePurpose, Notice};
use crate::identity::sessions::SignedIn;
use crate::identity::signin::enrolment::{self, AUTHENTICATOR_ADDED, AUTHENTICATOR_REFUSED};
use crate::identity::signin::gate::{self, SigninState};
use crate::identity::signin::sent::{Wanted, send_code, target};
use crate::platform::audit::{self, Origin};
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, PagePolicy, PageView, respond, see_other};

/// Where a channel is turned on or off.
pub const SWITCH: &str = "/account/security/channels";
/// Where the code that proves a number is typed.
const CONFIRM: &str = "/account/security/channels/sms";

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.route(SWITCH, web::post().to(switch)).route(CONFIRM, web::get().to(show)).route(CONFIRM, web::post().to(confirm));
}

fn owner(signed_in: &SignedIn) -> String {
    format!("session:{}", signed_in.session_id())
}

/// The channel that a form names, if there is such here.
fn kind_of(state: &SigninState, name: Option<&str>) -> Option<FactorKind> {
    match name.and_then(FactorKind::parse) {
        Some(FactorKind::EmailCode) if state.factors.has_email_codes => Some(FactorKind::EmailCode),
        Some(FactorKind::SmsCode) if state.factors.has_sms_codes => Some(FactorKind::SmsCode),
        _ => None,
    }
}

/// Turns a channel on or off, tells the customer, and writes it down.
fn turn(tx: &mut WriteTx<'_>, state: &SigninState, signed_in: &SignedIn, kind: FactorKind, is_on: bool, origin: &Origin) -> Result<(), StoreError> {
    let customer = signed_in.customer();
    customers::store::keep_code_channel(tx, customer, kind, is_on.then(|| state.tools.now()))?;
    trusted_device::store::remove_devices_of(tx, customer)?;
    if is_on {
        factors::settle_debts(tx, customer)?;
    }
    let (notice, spec) = if is_on { (Notice::AuthenticatorAdded, AUTHENTICATOR_ADDED) } else { (Notice::AuthenticatorRemoved, AUTHENTICATOR_REMOVED) };
    enrolment::tell(tx, state, customer, notice)?;
    audit::record(tx, &state.tools, &entry(spec, signed_in, origin).with_detail(serde_json::json!({ "kind": kind })))
}

async fn switch(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let (form, _) = read_form(&state, &request, SWITCH, payload).await?;
        let signed_in = match proven(&state, &request).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let kind = kind_of(&state, form.get("channel")).ok_or_else(|| PageError::new(ErrorKind::Request).with_detail("channel is email_code or sms_code"))?;
        let (is_on, at_work, origin) = (form.get("on") == Some("yes"), state.clone(), origin_of(&request));
        let work = move |tx: &mut WriteTx<'_>| {
            let customer = if is_current(tx, &signed_in)? { customers::store::find_customer(tx, &at_work.tools.ring, signed_in.customer())? } else { None };
            let Some(customer) = customer else { return Ok("expired") };
            match (kind, is_on) {
                (FactorKind::EmailCode, true) if !customer.is_email_verified => Ok("unproven"),
                (FactorKind::SmsCode, true) if customer.phone.is_none() => Ok("unproven"),
                (FactorKind::SmsCode, true) => {
                    Ok(send_code(tx, &at_work, Wanted::plain(kind, CodePurpose::SignIn), &owner(&signed_in), &customer, &origin)?.map_or("throttled", |()| "confirm"))
                }
                (_, false) if !factors::may_remove(tx, &at_work.tools, &at_work.factors, signed_in.customer(), Removal::Channel(kind))? => Ok("needed"),
                (_, is_on) => turn(tx, &at_work, &signed_in, kind, is_on, &origin).map(|()| if is_on { "added" } else { "removed" }),
            }
        };
        Ok(match state.db.write(work).await? {
            "confirm" => see_other(CONFIRM),
            word => see_other(&format!("{PAGE}?{word}")),
        })
    };
    finish(&state, &request, work).await
}

#[derive(Template)]
#[template(path = "account/security/pages/channel.html")]
struct ChannelPage<'a> {
    page: &'a PageView,
    csrf: &'a str,
    target: &'a str,
    problem: Option<String>,
}

async fn page(state: &Data<SigninState>, request: &HttpRequest, browser: &Secret, signed_in: &SignedIn, problem: Option<(StatusCode, &str)>) -> Result<HttpResponse, PageError> {
    let (ring, id) = (state.tools.ring.clone(), signed_in.customer().clone());
    let customer = state.db.read(move |connection| customers::store::find_customer(connection, &ring, &id)).await?;
    let target = customer.map(|customer| target(FactorKind::SmsCode, &customer)).unwrap_or_default();
    let view = PageView::new(&state.http, request, &[]);
    let token = csrf::token(&state.tools.ring, browser, CONFIRM);
    let template = ChannelPage { page: &view, csrf: &token, target: &target, problem: problem.map(|(_, key)| view.t(key)) };
    Ok(respond(problem.map_or(StatusCode::OK, |(status, _)| status), &view, &template, &PagePolicy::default()))
}

async fn show(state: Data<SigninState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        let signed_in = match proven(&state, &request).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        match state.known_browser(&request) {
            Some(browser) if state.factors.has_sms_codes => page(&state, &request, &browser, &signed_in, None).await,
            _ => Ok(see_other(PAGE)),
        }
    };
    finish(&state, &request, work).await
}

async fn confirm(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let (form, browser) = read_form(&state, &request, CONFIRM, payload).await?;
        let signed_in = match proven(&state, &request).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let (at_work, by, origin, typed) = (state.clone(), signed_in.clone(), origin_of(&request), form.get("code").unwrap_or_default().to_owned());
        let work = move |tx: &mut WriteTx<'_>| {
            if !is_current(tx, &by)? {
                return Ok(Err((StatusCode::UNPROCESSABLE_ENTITY, "sms-code-used")));
            }
            let lanes = AttemptPolicy::code_lanes(by.customer().as_str(), Some("enrolment"));
            if attempts::count_in_each(tx, &lanes, at_work.tools.now())?.is_err() {
                return Ok(Err((StatusCode::TOO_MANY_REQUESTS, "sms-code-used")));
            }
            let kind = FactorKind::SmsCode;
            match sent_code::check(tx, &at_work.tools, kind, &owner(&by), (by.customer(), by.session.generation), &typed)? {
                Ok(proof) => {
                    attempts::return_tries(tx, &lanes)?;
                    customers::store::note_phone_proven(tx, by.customer())?;
                    turn(tx, &at_work, &by, kind, true, &origin)?;
                    gate::extend_session(tx, &at_work.tools, &by.session, &proof).map(Ok)
                }
                Err(CodeRefused::Malformed) => Ok(Err((StatusCode::BAD_REQUEST, "sms-code-malformed"))),
                Err(CodeRefused::Wrong) => audit::record(tx, &at_work.tools, &entry(AUTHENTICATOR_REFUSED, &by, &origin).refused("wrong"))
                    .map(|()| Err((StatusCode::UNPROCESSABLE_ENTITY, "sms-code-wrong"))),
                Err(CodeRefused::Used) => Ok(Err((StatusCode::UNPROCESSABLE_ENTITY, "sms-code-used"))),
            }
        };
        match state.db.write(work).await? {
            Ok(opened) => Ok(with_cookies(&state, &request, see_other(&format!("{PAGE}?added")), opened.as_ref())),
            Err(problem) => page(&state, &request, &browser, &signed_in, Some(problem)).await,
        }
    };
    finish(&state, &request, work).await
}
