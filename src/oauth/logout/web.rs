//! `/logout` and its pages.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::hint;
use super::rules::{Outcome, Situation, decide};
use crate::base::ids::ClientId;
use crate::base::uri::RegisteredRedirectUri;
use crate::identity::sessions::SignedIn;
use crate::identity::sessions::store as sessions;
use crate::oauth::claims;
use crate::oauth::clients::Client;
use crate::oauth::state::OAuthState;
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::db::StoreError;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, PagePolicy, PageView, error_page, respond, see_other};
use crate::platform::http::params::Params;
use crate::platform::http::{body, cross_site, csrf};
use crate::platform::telemetry::metrics::Event;

/// A customer signed out.
pub const SIGNED_OUT: EventSpec = EventSpec::new("signed_out", "A session was ended by its customer, directly or through a client; the grants bound to it ended with it.");

const CONFIRM: &str = "/logout/confirm";

/// `GET /logout`.
pub async fn get(state: Data<OAuthState>, request: HttpRequest) -> HttpResponse {
    let params = Params::parse(request.query_string().as_bytes()).map_err(|refused| PageError::new(ErrorKind::Request).with_detail(refused.to_string()));
    finish(&state, &request, async { begin(&state, &request, &params?).await }).await
}

/// `POST /logout`.
pub async fn post(state: Data<OAuthState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let params = read_body(&request, payload).await?;
        if let Some(again) = state.without_cookies(&request).then(|| cross_site::ask_again_by_get(&request, "/logout", &params, state.http.issuer.as_str())).flatten() {
            return Ok(again);
        }
        begin(&state, &request, &params).await
    };
    finish(&state, &request, work).await
}

async fn finish(state: &OAuthState, request: &HttpRequest, work: impl Future<Output = Result<HttpResponse, PageError>>) -> HttpResponse {
    work.await.unwrap_or_else(|error| error_page(&state.http, request, &error))
}

async fn read_body(request: &HttpRequest, payload: Payload) -> Result<Params, PageError> {
    let refused = |refused: body::BodyRefused| PageError::new(ErrorKind::Request).with_detail(refused.to_string()).with_status(refused.status());
    body::read_form(request, &mut payload.into_inner()).await.map_err(refused)
}

async fn begin(state: &Data<OAuthState>, request: &HttpRequest, params: &Params) -> Result<HttpResponse, PageError> {
    if params.has_repeated() {
        return Err(PageError::new(ErrorKind::Request).with_detail("a parameter was sent twice"));
    }
    let hint = match params.get("id_token_hint") {
        None => None,
        Some(text) => Some(hint::read(state, text).ok_or_else(|| PageError::new(ErrorKind::Hint))?),
    };
    let named: Option<ClientId> = match params.get("client_id") {
        None => None,
        Some(text) => Some(text.parse().map_err(|_| PageError::new(ErrorKind::Client))?),
    };
    if let (Some(hint), Some(named)) = (&hint, &named)
        && !hint.is_for(named)
    {
        return Err(PageError::new(ErrorKind::Hint));
    }
    let client = match named.as_ref().or(hint.as_ref().map(|hint| &hint.aud)) {
        None => None,
        Some(id) => Some(state.clients.find(id).await?.ok_or_else(|| PageError::new(ErrorKind::Client))?),
    };
    let return_to = match params.get("post_logout_redirect_uri") {
        None => None,
        Some(presented) => {
            let found = client.as_ref().and_then(|client| RegisteredRedirectUri::find(&client.metadata.post_logout_redirect_uris, presented, client.metadata.is_native()));
            Some(found.ok_or_else(|| PageError::new(ErrorKind::LogoutUri))?)
        }
    };
    let signed_in = state.signin.signed_in(request).await?;
    let is_own_session = match (&signed_in, &hint) {
        (Some(signed_in), Some(hint)) => hint.sid.as_deref() == Some(claims::session_name(&state.tools.ring, signed_in.session_id().as_str(), hint.aud.as_str()).as_str()),
        _ => false,
    };
    let situation = Situation { is_signed_in: signed_in.is_some(), has_hint: hint.is_some(), is_own_session, has_return: return_to.is_some() };
    let origin = origin_of(request);
    let back = || {
        let word: Vec<(&str, &str)> = params.get("state").map(|state| ("state", state)).into_iter().collect();
        return_to.as_ref().map(|uri| if word.is_empty() { uri.as_str().to_owned() } else { uri.with_query(&word) })
    };
    match (decide(situation), &signed_in) {
        (Outcome::EndAndReturn, Some(signed_in)) => {
            end(state, signed_in, client.as_ref(), &origin).await?;
            Ok(without_session(state, see_other(&back().unwrap_or_else(|| "/signed-out".to_owned()))))
        }
        (Outcome::EndAndShow, Some(signed_in)) => {
            end(state, signed_in, client.as_ref(), &origin).await?;
            Ok(without_session(state, see_other("/signed-out")))
        }
        (Outcome::Return, _) => Ok(see_other(&back().unwrap_or_else(|| "/signed-out".to_owned()))),
        (Outcome::Ask, Some(_)) => Ok(ask(state, request, client.as_deref())),
        (Outcome::Show | Outcome::EndAndReturn | Outcome::EndAndShow | Outcome::Ask, _) => Ok(see_other("/signed-out")),
    }
}

async fn end(state: &Data<OAuthState>, signed_in: &SignedIn, client: Option<&Arc<Client>>, origin: &Origin) -> Result<(), StoreError> {
    let (at_work, signed_in, origin, client) = (state.clone(), signed_in.clone(), origin.clone(), client.map(|client| client.id.to_string()));
    state
        .db
        .write(move |tx| {
            if !sessions::end_session(tx, signed_in.session_id(), "signed_out", at_work.tools.now())? {
                return Ok(());
            }
            let customer = signed_in.customer().as_str().to_owned();
            let mut entry = Entry::success(SIGNED_OUT, Actor::Customer(customer.clone()), format!("customer:{customer}"), &origin).with_session(signed_in.session_id().as_str());
            entry.client_id.clone_from(&client);
            audit::record(tx, &at_work.tools, &entry)
        })
        .await?;
    state.access.forget_all();
    state.http.metrics.count(Event::session_ended);
    Ok(())
}

fn without_session(state: &OAuthState, mut response: HttpResponse) -> HttpResponse {
    // A cookie of ours is always a valid header.
    let _ = response.add_cookie(&state.signin.signed_out_cookie());
    response
}

#[derive(Template)]
#[template(path = "oauth/logout/pages/confirm.html")]
struct ConfirmPage<'a> {
    page: &'a PageView,
    client_name: Option<&'a str>,
    csrf: &'a str,
}

fn ask(state: &OAuthState, request: &HttpRequest, client: Option<&Client>) -> HttpResponse {
    let (browser, cookie) = state.signin.browser(request);
    let view = PageView::new(&state.http, request, &[]);
    let token = csrf::token(&state.tools.ring, &browser, CONFIRM);
    let page = ConfirmPage { page: &view, client_name: client.map(|client| client.metadata.client_name.as_str()), csrf: &token };
    let mut response = respond(StatusCode::OK, &view, &page, &PagePolicy::default());
    if let Some(cookie) = cookie {
        let _ = response.add_cookie(&cookie);
    }
    response
}

/// `GET /logout/confirm`: the question, also from our own pages.
pub async fn show_confirmation(state: Data<OAuthState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        match state.signin.signed_in(&request).await? {
            Some(_) => Ok(ask(&state, &request, None)),
            None => Ok(see_other("/signed-out")),
        }
    };
    finish(&state, &request, work).await
}

/// `POST /logout/confirm`.
pub async fn confirm(state: Data<OAuthState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let form = read_body(&request, payload).await?;
        let browser = state.signin.known_browser(&request);
        let is_genuine = !form.has_repeated()
            && csrf::is_same_origin(&request, state.http.issuer.as_str())
            && browser.is_some_and(|browser| csrf::is_valid(&state.tools.ring, &browser, CONFIRM, form.get(csrf::FIELD)));
        if !is_genuine {
            return Err(PageError::new(ErrorKind::Forbidden));
        }
        if let Some(signed_in) = state.signin.signed_in(&request).await? {
            end(&state, &signed_in, None, &origin_of(&request)).await?;
        }
        Ok(without_session(&state, see_other("/signed-out")))
    };
    finish(&state, &request, work).await
}

#[derive(Template)]
#[template(path = "oauth/logout/pages/signed_out.html")]
struct SignedOutPage<'a> {
    page: &'a PageView,
}

/// `GET /signed-out`.
pub async fn signed_out(state: Data<OAuthState>, request: HttpRequest) -> HttpResponse {
    let view = PageView::new(&state.http, &request, &[]);
    respond(StatusCode::OK, &view, &SignedOutPage { page: &view }, &PagePolicy::default())
}
