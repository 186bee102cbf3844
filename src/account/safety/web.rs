//! `/safety` and `/report-scam`.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::account::security::web::{finish, read_form};
use crate::identity::attempts::store as attempts;
use crate::identity::care::SCAM_REPORTED;
use crate::identity::care::rules::{Card, MAX_REPORT, report_lanes};
use crate::identity::care::store as care;
use crate::identity::signin::gate::SigninState;
use crate::platform::audit::{self, Actor, Entry};
use crate::platform::db::WriteTx;
use crate::platform::http::client_address::source_of;
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{PagePolicy, PageView, respond};

const SAFETY: &str = "/safety";
const REPORT: &str = "/report-scam";
/// What can be told of.
const KINDS: [&str; 4] = ["message", "site", "call", "other"];

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.route(SAFETY, web::get().to(safety)).route(REPORT, web::get().to(ask)).route(REPORT, web::post().to(tell));
}

#[derive(Template)]
#[template(path = "account/safety/pages/safety.html")]
struct SafetyPage<'a> {
    page: &'a PageView,
    host: &'a str,
}

async fn safety(state: Data<SigninState>, request: HttpRequest) -> HttpResponse {
    let view = PageView::new(&state.http, &request, &[]);
    respond(StatusCode::OK, &view, &SafetyPage { page: &view, host: state.http.issuer.authority() }, &PagePolicy::default())
}

#[derive(Template)]
#[template(path = "account/safety/pages/report.html")]
struct ReportPage<'a> {
    page: &'a PageView,
    csrf: &'a str,
    kinds: [&'static str; 4],
    kind: &'a str,
    text: &'a str,
    is_done: bool,
    problem: Option<String>,
}

impl ReportPage<'_> {
    fn is_chosen(&self, kind: &str) -> bool {
        self.kind == kind
    }
}

fn page(state: &SigninState, request: &HttpRequest, (kind, text): (&str, &str), is_done: bool, problem: Option<(StatusCode, &str)>) -> HttpResponse {
    let view = PageView::new(&state.http, request, &[]);
    let (browser, cookie) = state.browser(request);
    let token = csrf::token(&state.tools.ring, &browser, REPORT);
    let template = ReportPage { page: &view, csrf: &token, kinds: KINDS, kind, text, is_done, problem: problem.map(|(_, key)| view.t(key)) };
    let mut response = respond(problem.map_or(StatusCode::OK, |(status, _)| status), &view, &template, &PagePolicy::default());
    if let Some(cookie) = cookie {
        // A cookie of ours is always a valid header.
        let _ = response.add_cookie(&cookie);
    }
    response
}

async fn ask(state: Data<SigninState>, request: HttpRequest) -> HttpResponse {
    page(&state, &request, ("message", ""), false, None)
}

async fn tell(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let (form, _) = read_form(&state, &request, REPORT, payload).await?;
        let text: String = form.get("text").unwrap_or_default().chars().take(MAX_REPORT).collect();
        let kind = KINDS.into_iter().find(|kind| form.get("kind") == Some(kind));
        let (Some(kind), false) = (kind, text.trim().is_empty()) else {
            return Ok(page(&state, &request, (kind.unwrap_or_default(), &text), false, Some((StatusCode::UNPROCESSABLE_ENTITY, "report-missing"))));
        };
        let own = state.signed_in(&request).await?.map(|signed_in| signed_in.customer().clone());
        let (at_work, origin, told) = (state.clone(), origin_of(&request), text.clone());
        let work = move |tx: &mut WriteTx<'_>| {
            let (tools, now) = (&at_work.tools, at_work.tools.now());
            let source = origin.address.map_or_else(|| "unknown".to_owned(), source_of);
            if attempts::count_in_each(tx, &report_lanes(&source), now)?.is_err() {
                return Ok(false);
            }
            let report = care::insert_report(tx, tools, own.as_ref(), kind, &told)?;
            let (mut about, mut actor) = (String::new(), Actor::Anonymous);
            if let Some(customer) = &own {
                care::note_moment(tx, customer, Card::Phished, now)?;
                (about, actor) = (format!("customer:{customer}"), Actor::Customer(customer.to_string()));
            }
            audit::record(tx, tools, &Entry::success(SCAM_REPORTED, actor, about, &origin).with_detail(serde_json::json!({ "report": report, "kind": kind })))?;
            Ok(true)
        };
        Ok(if state.db.write_again(work).await? {
            page(&state, &request, (kind, ""), true, None)
        } else {
            page(&state, &request, (kind, &text), false, Some((StatusCode::TOO_MANY_REQUESTS, "verify-throttled-text")))
        })
    };
    finish(&state, &request, work).await
}
