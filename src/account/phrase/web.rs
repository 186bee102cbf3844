//! `/account/phrase`.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::account::security::web::{entry, finish, is_current, proven_for, read_form};
use crate::identity::care::PHRASE_CHOSEN;
use crate::identity::care::rules::{MAX_PHRASE, suggest_phrase, tidy_phrase};
use crate::identity::customers;
use crate::identity::sessions::SignedIn;
use crate::identity::signin::gate::SigninState;
use crate::platform::audit;
use crate::platform::db::WriteTx;
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, PagePolicy, PageView, respond, see_other};

const PAGE: &str = "/account/phrase";

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.route(PAGE, web::get().to(show)).route(PAGE, web::post().to(save));
}

#[derive(Template)]
#[template(path = "account/phrase/pages/phrase.html")]
struct PhrasePage<'a> {
    page: &'a PageView,
    csrf: &'a str,
    current: Option<&'a str>,
    typed: &'a str,
    most: usize,
    message: Option<String>,
    problem: Option<String>,
}

async fn page(state: &Data<SigninState>, request: &HttpRequest, signed_in: &SignedIn, wrong: Option<&str>) -> Result<HttpResponse, PageError> {
    let (tools, id) = (state.tools.clone(), signed_in.customer().clone());
    let customer = state.db.read(move |connection| customers::store::find_customer(connection, &tools.ring, &id)).await?.ok_or_else(|| PageError::new(ErrorKind::Internal))?;
    let view = PageView::new(&state.http, request, &[]);
    let (browser, cookie) = state.browser(request);
    let (token, suggested) = (csrf::token(&state.tools.ring, &browser, PAGE), suggest_phrase(state.tools.entropy()));
    let message = match request.query_string() {
        "saved" => Some(view.t("phrase-saved")),
        "removed" => Some(view.t("phrase-removed")),
        _ => None,
    };
    let template = PhrasePage {
        page: &view,
        csrf: &token,
        current: customer.phrase.as_deref(),
        typed: wrong.unwrap_or(&suggested),
        most: MAX_PHRASE,
        message: message.filter(|_| wrong.is_none()),
        problem: wrong.map(|_| view.t("phrase-wrong")),
    };
    let mut response = respond(if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &view, &template, &PagePolicy::default());
    if let Some(cookie) = cookie {
        // A cookie of ours is always a valid header.
        let _ = response.add_cookie(&cookie);
    }
    Ok(response)
}

async fn show(state: Data<SigninState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        match proven_for(&state, &request, PAGE).await? {
            Ok(signed_in) => page(&state, &request, &signed_in, None).await,
            Err(elsewhere) => Ok(elsewhere),
        }
    };
    finish(&state, &request, work).await
}

async fn save(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let (form, _) = read_form(&state, &request, PAGE, payload).await?;
        let signed_in = match proven_for(&state, &request, PAGE).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let typed: String = form.get("phrase").unwrap_or_default().chars().take(4 * MAX_PHRASE).collect();
        let phrase = tidy_phrase(&typed);
        let is_removal = form.get("remove") == Some("yes");
        if phrase.is_none() && !is_removal {
            return page(&state, &request, &signed_in, Some(&typed)).await;
        }
        let phrase = phrase.filter(|_| !is_removal);
        let (at_work, origin) = (state.clone(), origin_of(&request));
        let work = move |tx: &mut WriteTx<'_>| {
            if !is_current(tx, &signed_in)? {
                return Ok(());
            }
            customers::details::store::keep_phrase(tx, &at_work.tools, signed_in.customer(), phrase.as_deref())?;
            let detail = serde_json::json!({ "removed": phrase.is_none() });
            audit::record(tx, &at_work.tools, &entry(PHRASE_CHOSEN, &signed_in, &origin).with_detail(detail))
        };
        state.db.write(work).await?;
        Ok(see_other(if is_removal { "/account/phrase?removed" } else { "/account/phrase?saved" }))
    };
    finish(&state, &request, work).await
}
