//! Adding a passkey or a security key: what the browser is to ask the authenticator for, and its answer.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::account::security::web::{PAGE, enroller, finish, proven, read_form, with_cookies};
use crate::base::ids::{FlowId, SessionId};
use crate::identity::customers;
use crate::identity::factors::passkey::ceremony::KeyKind;
use crate::identity::signin;
use crate::identity::signin::enrolment;
use crate::identity::signin::enrolment::web::key_of;
use crate::identity::signin::gate::{self, SigninState};
use crate::platform::db::WriteTx;
use crate::platform::http::csrf;
use crate::platform::http::page::{ErrorKind, PageError, PagePolicy, PageView, problem, respond, see_other};

/// Where a key is added.
pub const ADD: &str = "/account/security/passkeys";

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route("/account/security/passkeys/offer", web::get().to(offer))
        .route(ADD, web::post().to(add))
        .route("/account/security/passkeys/begin", web::post().to(begin));
}

/// Whose ceremony it is.
fn owner(session: &SessionId) -> String {
    format!("session:{session}")
}

#[derive(Template)]
#[template(path = "account/security/pages/offer.html")]
struct OfferPage<'a> {
    page: &'a PageView,
    csrf: &'a str,
    flow: &'a str,
    way_on: &'a str,
    /// Days until a second factor is demanded; none when it is not.
    days: Option<i64>,
    has_passkeys: bool,
}

/// Offers a stronger way to sign in to whoever has just used a password; "not now" leads on.
async fn offer(state: Data<SigninState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        let flow: FlowId = request.query_string().parse().map_err(|_| PageError::new(ErrorKind::NotFound))?;
        let (Some(way_on), Some(signed_in), Some(browser)) =
            (signin::web::way_on(&state, &request, flow.clone()).await?, state.signed_in(&request).await?, state.known_browser(&request))
        else {
            return Ok(see_other(PAGE));
        };
        let (id, now) = (signed_in.customer().clone(), state.tools.now());
        let standing = state.db.read(move |connection| customers::store::find_standing(connection, &id)).await?;
        let announced = standing.and_then(|standing| state.factors.announced(&standing.facts, now));
        let view = PageView::new(&state.http, &request, &[]);
        let token = csrf::token(&state.tools.ring, &browser, ADD);
        let days = announced.map(|(_, from)| from.since(now).div_euclid(86_400).max(1));
        let has_passkeys = state.passkeys.is_some();
        let page = OfferPage { page: &view, csrf: &token, flow: flow.as_str(), way_on: &way_on, days, has_passkeys };
        Ok(respond(StatusCode::OK, &view, &page, &PagePolicy { has_script: has_passkeys, ..PagePolicy::default() }))
    };
    finish(&state, &request, work).await
}

async fn begin(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let (form, _) = read_form(&state, &request, ADD, payload).await?;
        let kind = form.get("kind").and_then(KeyKind::parse).ok_or_else(|| PageError::new(ErrorKind::Request).with_detail("kind is passkey or security_key"))?;
        // The page is loaded again, and asks for the proof.
        let Ok(signed_in) = proven(&state, &request).await? else { return Err(PageError::new(ErrorKind::Forbidden)) };
        let at_work = state.clone();
        let begun = state.db.write_again(move |tx| enrolment::begin_key(tx, &at_work, signed_in.customer(), &owner(signed_in.session_id()), kind)).await?;
        let (options, secret) = begun.ok_or_else(|| PageError::new(ErrorKind::NotFound))?;
        Ok(HttpResponse::Ok().content_type("application/json").body(serde_json::json!({ "options": options, "ceremony": secret.expose() }).to_string()))
    };
    work.await.unwrap_or_else(|error: PageError| problem(&state.http, &request, &error))
}

async fn add(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let (form, _) = read_form(&state, &request, ADD, payload).await?;
        let signed_in = match proven(&state, &request).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let key = key_of(&form, &PageView::new(&state.http, &request, &[]));
        let (at_work, enroller) = (state.clone(), enroller(&state, &signed_in, &form, &request));
        let work = move |tx: &mut WriteTx<'_>| match enrolment::add_key(tx, &at_work, &enroller, &owner(signed_in.session_id()), &key)? {
            Ok(proof) => gate::extend_session(tx, &at_work.tools, &signed_in.session, &proof).map(Ok),
            Err(word) => Ok(Err(word)),
        };
        Ok(match state.db.write(work).await? {
            Ok(opened) => {
                // Offered on the way somewhere: by the recovery codes, and on.
                let flow = form.get("flow").unwrap_or_default().parse::<FlowId>();
                let next = flow.map_or_else(|_| format!("{PAGE}?added"), |flow| format!("/account/security/recovery-codes?{flow}"));
                with_cookies(&state, &request, see_other(&next), opened.as_ref())
            }
            Err(word) => see_other(&format!("{PAGE}?{word}")),
        })
    };
    finish(&state, &request, work).await
}
