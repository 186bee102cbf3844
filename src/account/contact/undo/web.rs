//! `/undo/{ticket}`: opening it changes nothing; its button restores the account as it was before the change.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::account::security::web::{finish, read_form};
use crate::identity::contacts;
use crate::identity::signin::gate::SigninState;
use crate::identity::tickets::store::find_ticket;
use crate::identity::tickets::{Purpose, secret_of};
use crate::platform::db::{DbConnection, WriteTx};
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{PagePolicy, PageView, respond};

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.route("/undo/{ticket}", web::get().to(show)).route("/undo/{ticket}", web::post().to(act));
}

#[derive(Template)]
#[template(path = "account/contact/pages/undo.html")]
struct UndoPage<'a> {
    page: &'a PageView,
    /// `ask`, `done` or `expired`.
    word: &'static str,
    /// Where the button leads, and its token.
    button: Option<(String, String)>,
}

impl UndoPage<'_> {
    fn say(&self, part: &str) -> String {
        self.page.t(&format!("undo-{}-{part}", self.word))
    }
}

fn page(state: &SigninState, request: &HttpRequest, word: &'static str, action: Option<String>) -> HttpResponse {
    let view = PageView::new(&state.http, request, &[]);
    let (browser, cookie) = state.browser(request);
    let button = action.map(|action| (action.clone(), csrf::token(&state.tools.ring, &browser, &action)));
    let status = if word == "expired" { StatusCode::NOT_FOUND } else { StatusCode::OK };
    let mut response = respond(status, &view, &UndoPage { page: &view, word, button }, &PagePolicy::default());
    if let Some(cookie) = cookie {
        // A cookie of ours is always a valid header.
        let _ = response.add_cookie(&cookie);
    }
    response
}

async fn show(state: Data<SigninState>, request: HttpRequest, path: Path<String>) -> HttpResponse {
    let work = async {
        let Some(secret) = secret_of(&path) else { return Ok(page(&state, &request, "expired", None)) };
        let (tools, action) = (state.tools.clone(), format!("/undo/{}", secret.expose()));
        let ticket = state.db.read(move |connection: &mut DbConnection| find_ticket(connection, &tools, Purpose::Undo, &secret)).await?;
        Ok(match ticket.filter(|ticket| ticket.used_at.is_none()) {
            Some(_) => page(&state, &request, "ask", Some(action)),
            None => page(&state, &request, "expired", None),
        })
    };
    finish(&state, &request, work).await
}

async fn act(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let Some(secret) = secret_of(&path) else { return Ok(page(&state, &request, "expired", None)) };
        read_form(&state, &request, &format!("/undo/{}", secret.expose()), payload).await?;
        let (at_work, origin) = (state.clone(), origin_of(&request));
        let is_done = state.db.write(move |tx: &mut WriteTx<'_>| contacts::undo(tx, &at_work, &secret, &origin)).await?;
        Ok(page(&state, &request, if is_done { "done" } else { "expired" }, None))
    };
    finish(&state, &request, work).await
}
