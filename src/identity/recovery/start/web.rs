//! `/recovery`: the form for the address.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::base::contact::EmailAddress;
use crate::base::ids::FlowId;
use crate::identity::bots::{Held, web as bots};
use crate::identity::recovery::begin;
use crate::identity::recovery::web::address;
use crate::identity::signin::gate::SigninState;
use crate::identity::signin::web::read_genuine;
use crate::platform::db::WriteTx;
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, PagePolicy, PageView, error_page, respond, see_other};
use crate::risk::bots::budget::Form;

/// The page.
const PAGE: &str = "/recovery";

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.route(PAGE, web::get().to(ask)).route(PAGE, web::post().to(start));
}

#[derive(Template)]
#[template(path = "identity/recovery/pages/start.html")]
struct StartPage<'a> {
    page: &'a PageView,
    csrf: &'a str,
    /// The sign-in that it goes back to; may be empty.
    flow: &'a str,
    email: &'a str,
    problem: Option<String>,
}

fn start_page(state: &SigninState, request: &HttpRequest, (flow, email): (&str, &str), problem: Option<(StatusCode, String)>, held: Option<&Held>) -> HttpResponse {
    let (browser, cookie) = state.browser(request);
    let puzzle = bots::puzzle_of(state, request, Form::Recovery, &browser, held);
    let view = PageView::new(&state.http, request, &[]).with_puzzle(puzzle);
    let token = csrf::token(&state.tools.ring, &browser, PAGE);
    let flow = if flow.parse::<FlowId>().is_ok() { flow } else { "" };
    let status = problem.as_ref().map_or(StatusCode::OK, |(status, _)| *status);
    let mut response = respond(status, &view, &StartPage { page: &view, csrf: &token, flow, email, problem: problem.map(|(_, text)| text) }, &PagePolicy::default());
    if let Some(cookie) = cookie {
        // A cookie of ours is always a valid header.
        let _ = response.add_cookie(&cookie);
    }
    response
}

async fn ask(state: Data<SigninState>, request: HttpRequest) -> HttpResponse {
    start_page(&state, &request, (request.query_string(), ""), None, None)
}

async fn start(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let browser = state.known_browser(&request).ok_or_else(|| PageError::new(ErrorKind::Forbidden))?;
        let form = read_genuine(&state, &request, payload, &browser, PAGE).await?;
        let typed: String = form.get("email").unwrap_or_default().trim().chars().take(254).collect();
        let flow_text = form.get("flow").unwrap_or_default();
        let view = PageView::new(&state.http, &request, &[]);
        if let Err(held) = bots::check(&state, &request, (Form::Recovery, &form), &browser, false).await? {
            let (key, seconds) = held.sentence();
            let problem = Some((StatusCode::PRECONDITION_REQUIRED, view.t1(key, "seconds", &seconds)));
            return Ok(start_page(&state, &request, (flow_text, &typed), problem, Some(&held)));
        }
        let Ok(email) = EmailAddress::parse(&typed) else {
            return Ok(start_page(&state, &request, (flow_text, &typed), Some((StatusCode::BAD_REQUEST, view.t("join-email-wrong"))), None));
        };
        let (at_work, flow, origin, hash) = (state.clone(), flow_text.parse::<FlowId>().ok(), origin_of(&request), browser.hash());
        match state.db.write_again(move |tx: &mut WriteTx<'_>| begin(tx, &at_work, &email, &hash, flow.as_ref(), &origin)).await? {
            Ok(id) => Ok(see_other(&address(&id))),
            Err(throttled) => {
                let mut response =
                    start_page(&state, &request, (flow_text, &typed), Some((StatusCode::TOO_MANY_REQUESTS, view.t1("signin-throttled", "minutes", &throttled.minutes()))), None);
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(throttled.retry_after_seconds));
                Ok(response)
            }
        }
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}
