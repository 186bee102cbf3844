//! `/cases/stop/{ticket}` and `/cases/confirm/{ticket}`: what the links in mails about cases lead to; and `/account/requests`, where whoever is signed in sees what waits, and stops it.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::store::{Case, list_cases};
use super::{Press, press};
use crate::base::assurance::Requirement;
use crate::base::ids::CaseId;
use crate::base::page::PageRequest;
use crate::identity::sessions::SignedIn;
use crate::identity::signin::gate::SigninState;
use crate::identity::signin::model::ReturnTo;
use crate::identity::signin::web::{read_genuine, start};
use crate::identity::tickets::store::{find_ticket, redeem_ticket};
use crate::identity::tickets::{self, Purpose};
use crate::platform::db::{DbConnection, WriteTx};
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, PagePolicy, PageView, error_page, respond};

const STOP: &str = "/cases/stop/{ticket}";
const CONFIRM: &str = "/cases/confirm/{ticket}";
const REQUESTS: &str = "/account/requests";
/// Cases that are shown at most.
const SHOWN: u32 = 50;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route(STOP, web::get().to(ask_stop))
        .route(STOP, web::post().to(do_stop))
        .route(CONFIRM, web::get().to(ask_confirm))
        .route(CONFIRM, web::post().to(do_confirm))
        .route(REQUESTS, web::get().to(requests))
        .route(REQUESTS, web::post().to(stop_request));
}

#[derive(Template)]
#[template(path = "admin/cases/pages/link.html")]
struct LinkPage<'a> {
    page: &'a PageView,
    /// The word of its sentences: `stop`, `stopped`, `confirm`, `confirmed` or `expired`.
    word: &'static str,
    /// Where the button leads, and its token.
    button: Option<(String, String)>,
}

impl LinkPage<'_> {
    fn say(&self, part: &str) -> String {
        self.page.t(&format!("case-link-{}-{part}", self.word))
    }
}

/// What a link is.
#[derive(Clone, Copy)]
struct Kind {
    purpose: Purpose,
    press: Press,
    folder: &'static str,
    done: &'static str,
}

const TO_STOP: Kind = Kind { purpose: Purpose::VetoCase, press: Press::Veto, folder: "stop", done: "stopped" };
const TO_CONFIRM: Kind = Kind { purpose: Purpose::ConfirmCase, press: Press::Confirm, folder: "confirm", done: "confirmed" };

fn page(state: &SigninState, request: &HttpRequest, word: &'static str, action: Option<String>) -> HttpResponse {
    let view = PageView::new(&state.http, request, &[]);
    let (browser, cookie) = state.browser(request);
    let button = action.map(|action| (csrf::token(&state.tools.ring, &browser, &action), action)).map(|(token, action)| (action, token));
    let status = if word == "expired" { StatusCode::NOT_FOUND } else { StatusCode::OK };
    let mut response = respond(status, &view, &LinkPage { page: &view, word, button }, &PagePolicy::default());
    if let Some(cookie) = cookie {
        // A cookie of ours is always a valid header.
        let _ = response.add_cookie(&cookie);
    }
    response
}

/// Mail scanners open links; so this changes nothing.
async fn show(state: &Data<SigninState>, request: &HttpRequest, path: &str, kind: Kind) -> HttpResponse {
    let work = async {
        let Some(secret) = tickets::secret_of(path) else { return Ok(page(state, request, "expired", None)) };
        let action = format!("/cases/{}/{}", kind.folder, secret.expose());
        let tools = state.tools.clone();
        let ticket = state.db.read(move |connection: &mut DbConnection| find_ticket(connection, &tools, kind.purpose, &secret)).await?;
        Ok(match ticket.filter(|ticket| ticket.used_at.is_none()) {
            Some(_) => page(state, request, kind.folder, Some(action)),
            None => page(state, request, "expired", None),
        })
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, request, &error))
}

async fn act(state: &Data<SigninState>, request: &HttpRequest, path: &str, payload: Payload, kind: Kind) -> HttpResponse {
    let work = async {
        let Some(secret) = tickets::secret_of(path) else { return Ok(page(state, request, "expired", None)) };
        let browser = state.known_browser(request).ok_or_else(|| PageError::new(ErrorKind::Forbidden))?;
        read_genuine(state, request, payload, &browser, &format!("/cases/{}/{}", kind.folder, secret.expose())).await?;
        let (at_work, origin) = (state.clone(), origin_of(request));
        let work = move |tx: &mut WriteTx<'_>| match redeem_ticket(tx, &at_work.tools, kind.purpose, &secret)? {
            Some(ticket) => match ticket.about.parse::<CaseId>() {
                Ok(id) => press(tx, &at_work, &id, &ticket.customer, kind.press, &origin),
                Err(_) => Ok(false),
            },
            None => Ok(false),
        };
        let word = if state.db.write(work).await? { kind.done } else { "expired" };
        Ok(page(state, request, word, None))
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, request, &error))
}

async fn ask_stop(state: Data<SigninState>, request: HttpRequest, path: Path<String>) -> HttpResponse {
    show(&state, &request, &path, TO_STOP).await
}

async fn do_stop(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    act(&state, &request, &path, payload, TO_STOP).await
}

async fn ask_confirm(state: Data<SigninState>, request: HttpRequest, path: Path<String>) -> HttpResponse {
    show(&state, &request, &path, TO_CONFIRM).await
}

async fn do_confirm(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    act(&state, &request, &path, payload, TO_CONFIRM).await
}

#[derive(Template)]
#[template(path = "admin/cases/pages/requests.html")]
struct RequestsPage<'a> {
    page: &'a PageView,
    waiting: &'a [Case],
    csrf: &'a str,
}

impl RequestsPage<'_> {
    fn item(&self, case: &Case) -> String {
        let what = self.page.t(&case.sentence());
        self.page.t3("case-requests-item", [("name", case.input.by.as_str()), ("what", what.as_str()), ("reason", case.input.reason.as_str())])
    }
}

/// Any living session will do: stopping takes nothing from anybody but a thief.
async fn signed_in(state: &Data<SigninState>, request: &HttpRequest) -> Result<Result<SignedIn, HttpResponse>, PageError> {
    match state.signed_in(request).await? {
        Some(signed_in) => Ok(Ok(signed_in)),
        None => Ok(Err(start(state, request, ReturnTo::page(REQUESTS), Requirement::default()).await?)),
    }
}

async fn requests(state: Data<SigninState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        let signed_in = match signed_in(&state, &request).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let (tools, id) = (state.tools.clone(), signed_in.customer().clone());
        let found = state.db.read(move |connection: &mut DbConnection| list_cases(connection, &tools, Some(&id), None, &PageRequest::first(SHOWN))).await?;
        let waiting: Vec<Case> = found.items.into_iter().filter(|case| case.progress.state.is_open()).collect();
        let view = PageView::new(&state.http, &request, &[]);
        let (browser, cookie) = state.browser(&request);
        let token = csrf::token(&state.tools.ring, &browser, REQUESTS);
        let mut response = respond(StatusCode::OK, &view, &RequestsPage { page: &view, waiting: &waiting, csrf: &token }, &PagePolicy::default());
        if let Some(cookie) = cookie {
            // A cookie of ours is always a valid header.
            let _ = response.add_cookie(&cookie);
        }
        Ok(response)
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}

async fn stop_request(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let browser = state.known_browser(&request).ok_or_else(|| PageError::new(ErrorKind::Forbidden))?;
        let form = read_genuine(&state, &request, payload, &browser, REQUESTS).await?;
        let signed_in = match signed_in(&state, &request).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let id: CaseId = form.get("case").unwrap_or_default().parse().map_err(|_| PageError::new(ErrorKind::NotFound))?;
        let (at_work, origin) = (state.clone(), origin_of(&request));
        let work = move |tx: &mut WriteTx<'_>| press(tx, &at_work, &id, signed_in.customer(), Press::Veto, &origin);
        let word = if state.db.write(work).await? { TO_STOP.done } else { "expired" };
        Ok(page(&state, &request, word, None))
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}
