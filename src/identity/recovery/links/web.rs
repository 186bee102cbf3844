//! `/recovery/stop/{ticket}` and `/recovery/go-on/{ticket}`.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::base::ids::FlowId;
use crate::identity::recovery::ladder::{Evidence, State};
use crate::identity::recovery::stop;
use crate::identity::recovery::store as recoveries;
use crate::identity::recovery::web::address;
use crate::identity::signin::gate::SigninState;
use crate::identity::signin::web::read_genuine;
use crate::identity::tickets::store::{find_ticket, redeem_ticket};
use crate::identity::tickets::{self, Purpose};
use crate::platform::db::{DbConnection, WriteTx};
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, PagePolicy, PageView, error_page, respond, see_other};

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route("/recovery/stop/{ticket}", web::get().to(ask_stop))
        .route("/recovery/stop/{ticket}", web::post().to(do_stop))
        .route("/recovery/go-on/{ticket}", web::get().to(ask_go_on))
        .route("/recovery/go-on/{ticket}", web::post().to(do_go_on));
}

#[derive(Template)]
#[template(path = "identity/recovery/pages/link.html")]
struct LinkPage<'a> {
    page: &'a PageView,
    /// The word of its sentences: `stop`, `stopped`, `go-on` or `expired`.
    word: &'static str,
    /// Where the button leads, and its token.
    button: Option<(String, String)>,
}

impl LinkPage<'_> {
    fn say(&self, part: &str) -> String {
        self.page.t(&format!("recovery-link-{}-{part}", self.word))
    }
}

fn link_page(state: &SigninState, request: &HttpRequest, word: &'static str, action: Option<String>) -> HttpResponse {
    let view = PageView::new(&state.http, request, &[]);
    let (browser, cookie) = state.browser(request);
    let button = action.map(|action| (csrf::token(&state.tools.ring, &browser, &action), action)).map(|(token, action)| (action, token));
    let status = if word == "expired" { StatusCode::NOT_FOUND } else { StatusCode::OK };
    let mut response = respond(status, &view, &LinkPage { page: &view, word, button }, &PagePolicy::default());
    if let Some(cookie) = cookie {
        let _ = response.add_cookie(&cookie);
    }
    response
}

/// The page of a link, if it still stands for something. Mail scanners open links; so this changes nothing.
async fn link(state: &Data<SigninState>, request: &HttpRequest, path: &str, purpose: Purpose, (word, folder): (&'static str, &str)) -> HttpResponse {
    let work = async {
        let Some(secret) = tickets::secret_of(path) else { return Ok(link_page(state, request, "expired", None)) };
        let action = format!("/recovery/{folder}/{}", secret.expose());
        let tools = state.tools.clone();
        let ticket = state.db.read(move |connection: &mut DbConnection| find_ticket(connection, &tools, purpose, &secret)).await?;
        Ok(match ticket.filter(|ticket| ticket.used_at.is_none()) {
            Some(_) => link_page(state, request, word, Some(action)),
            None => link_page(state, request, "expired", None),
        })
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, request, &error))
}

async fn ask_stop(state: Data<SigninState>, request: HttpRequest, path: Path<String>) -> HttpResponse {
    link(&state, &request, &path, Purpose::Veto, ("stop", "stop")).await
}

async fn ask_go_on(state: Data<SigninState>, request: HttpRequest, path: Path<String>) -> HttpResponse {
    link(&state, &request, &path, Purpose::Recover, ("go-on", "go-on")).await
}

async fn do_stop(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let Some(secret) = tickets::secret_of(&path) else { return Ok(link_page(&state, &request, "expired", None)) };
        let browser = state.known_browser(&request).ok_or_else(|| PageError::new(ErrorKind::Forbidden))?;
        read_genuine(&state, &request, payload, &browser, &format!("/recovery/stop/{}", secret.expose())).await?;
        let (at_work, origin) = (state.clone(), origin_of(&request));
        let work = move |tx: &mut WriteTx<'_>| match redeem_ticket(tx, &at_work.tools, Purpose::Veto, &secret)? {
            Some(ticket) => match ticket.about.parse() {
                Ok(id) => stop(tx, &at_work, &ticket.customer, &id, "link", &origin),
                Err(_) => Ok(false),
            },
            None => Ok(false),
        };
        let word = if state.db.write(work).await? { "stopped" } else { "expired" };
        Ok(link_page(&state, &request, word, None))
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}

/// The owner of the mailbox goes on in this browser.
async fn do_go_on(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let Some(secret) = tickets::secret_of(&path) else { return Ok(link_page(&state, &request, "expired", None)) };
        let browser = state.known_browser(&request).ok_or_else(|| PageError::new(ErrorKind::Forbidden))?;
        read_genuine(&state, &request, payload, &browser, &format!("/recovery/go-on/{}", secret.expose())).await?;
        let (at_work, hash) = (state.clone(), browser.hash());
        let work = move |tx: &mut WriteTx<'_>| match redeem_ticket(tx, &at_work.tools, Purpose::Recover, &secret)? {
            Some(ticket) => {
                let found = match ticket.about.parse::<FlowId>() {
                    Ok(id) => recoveries::find_recovery(tx, &at_work.tools, &id)?,
                    Err(_) => None,
                };
                let Some(served) = found.filter(|found| found.customer.as_ref() == Some(&ticket.customer) && found.progress.state == State::Waiting) else { return Ok(None) };
                if hash.matches(&served.browser_hash) {
                    return Ok(Some(served.id));
                }
                let mailbox = if served.progress.evidence.contains(&Evidence::Mailbox) { Evidence::Mailbox } else { Evidence::SecondMailbox };
                recoveries::insert_served(tx, &at_work.tools, &served, &hash, mailbox).map(Some)
            }
            None => Ok(None),
        };
        Ok(match state.db.write(work).await? {
            Some(id) => see_other(&address(&id)),
            None => link_page(&state, &request, "expired", None),
        })
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}
