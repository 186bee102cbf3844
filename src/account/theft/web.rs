//! `/account/theft` and the archive of what was seen.

use actix_web::http::{StatusCode, header};
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::help::{Office, offices};
use crate::account::activity::web::{Line, line};
use crate::account::privacy::export::pack_files;
use crate::account::security::web::{entry, finish, freshly_proven_for, read_form, seen_for};
use crate::base::page::PageRequest;
use crate::base::time::{UnixMicros, UnixSeconds};
use crate::identity::care::THEFT_REPORT_MADE;
use crate::identity::customers;
use crate::identity::messages::rules::generate;
use crate::identity::signin::gate::SigninState;
use crate::platform::audit;
use crate::platform::audit::store::{KeptOrigin, RecordedEvent, list_about};
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, PagePolicy, PageView, respond};
use crate::platform::tools::Tools;

const PAGE: &str = "/account/theft";
const REPORT: &str = "/account/theft/report";
/// Days that a report can reach back.
const DAYS: [i64; 4] = [1, 7, 30, 90];
/// Events on a page of the log, and pages.
const LIMIT: u32 = 500;
const PAGES: usize = 20;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.route(PAGE, web::get().to(show)).route(REPORT, web::post().to(report));
}

#[derive(Template)]
#[template(path = "account/theft/pages/theft.html")]
struct TheftPage<'a> {
    page: &'a PageView,
    csrf: &'a str,
    not_me_csrf: &'a str,
    days: [i64; 4],
    offices: Vec<&'static Office>,
}

async fn show(state: Data<SigninState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        let signed_in = match seen_for(&state, &request, PAGE).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let (tools, id) = (state.tools.clone(), signed_in.customer().clone());
        let customer = state.db.read(move |connection: &mut DbConnection| customers::store::find_customer(connection, &tools.ring, &id)).await?;
        let country = customer.as_ref().and_then(|customer| customer.addresses.preferred()?.address.country.as_deref());
        let view = PageView::new(&state.http, &request, &[]);
        let (browser, cookie) = state.browser(&request);
        let token = |purpose| csrf::token(&state.tools.ring, &browser, purpose);
        let template = TheftPage { page: &view, csrf: &token(REPORT), not_me_csrf: &token(crate::account::sessions::web::NOT_ME), days: DAYS, offices: offices(country) };
        let mut response = respond(StatusCode::OK, &view, &template, &PagePolicy::default());
        if let Some(cookie) = cookie {
            // A cookie of ours is always a valid header.
            let _ = response.add_cookie(&cookie);
        }
        Ok(response)
    };
    finish(&state, &request, work).await
}

fn events_since(connection: &mut DbConnection, tools: &Tools, customer: &str, since: UnixSeconds) -> Result<Vec<(RecordedEvent, Option<KeptOrigin>)>, StoreError> {
    let mut events = Vec::new();
    let mut page = PageRequest::first(LIMIT);
    for _ in 0..PAGES {
        let found = list_about(connection, tools, customer, &page)?;
        let is_old = |event: &RecordedEvent| UnixMicros(event.occurred_at_micros).seconds() < since;
        let has_old = found.items.last().is_some_and(|(event, _)| is_old(event));
        events.extend(found.items.into_iter().filter(|(event, _)| !is_old(event)));
        match found.next.filter(|_| !has_old) {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    Ok(events)
}

#[derive(Template)]
#[template(path = "account/theft/pages/report.html")]
struct ReportPage<'a> {
    page: &'a PageView,
    case: &'a str,
    subject: &'a str,
    made: String,
    /// When, in UTC; and what.
    lines: Vec<(String, Line)>,
}

/// `2026-05-04 13:37:00 UTC`.
fn utc(at: UnixSeconds) -> String {
    at.rfc3339().replace('T', " ").replace('Z', " UTC")
}

async fn report(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let (form, _) = read_form(&state, &request, REPORT, payload).await?;
        let signed_in = match freshly_proven_for(&state, &request, PAGE).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let days = form.get("days").and_then(|days| days.parse().ok()).filter(|days| DAYS.contains(days)).unwrap_or(30);
        let (tools, id, now) = (state.tools.clone(), signed_in.customer().clone(), state.tools.now());
        let find = move |connection: &mut DbConnection| {
            let events = events_since(connection, &tools, id.as_str(), now.plus(-days * 86_400))?;
            Ok((customers::store::find_subject(connection, &id)?, events))
        };
        let (subject, events) = state.db.read(find).await?;
        let subject = subject.ok_or_else(|| PageError::new(ErrorKind::Internal))?;
        let view = PageView::new(&state.http, &request, &[]);
        let case = generate(state.tools.entropy());
        let lines: Vec<(String, Line)> = events
            .iter()
            .filter_map(|(event, origin)| Some((utc(UnixMicros(event.occurred_at_micros).seconds()), line(&view, event, (origin.as_ref(), None), now)?)))
            .collect();
        let page = ReportPage { page: &view, case: &case, subject: &subject, made: utc(now), lines };
        let told: Vec<serde_json::Value> = events
            .iter()
            .map(|(event, origin)| {
                serde_json::json!({
                    "id": event.id, "at": UnixMicros(event.occurred_at_micros).seconds().rfc3339(), "kind": event.kind, "outcome": event.outcome,
                    "reason": event.reason, "client": event.client_id, "session": event.session_id, "origin": origin,
                })
            })
            .collect();
        let everything = serde_json::json!({ "case": case, "issuer": state.http.issuer.as_str(), "subject": subject, "made_at": now.rfc3339(), "days": days, "events": told });
        let archive = page
            .render()
            .ok()
            .zip(serde_json::to_vec_pretty(&everything).ok())
            .and_then(|(page, json)| pack_files(&[("report.html", page.as_bytes()), ("events.json", &json)]))
            .ok_or_else(|| PageError::new(ErrorKind::Internal))?;
        let (at_work, origin, detail) = (state.clone(), origin_of(&request), serde_json::json!({ "case": case, "days": days, "events": events.len() }));
        state
            .db
            .write(move |tx: &mut WriteTx<'_>| audit::record(tx, &at_work.tools, &entry(THEFT_REPORT_MADE, &signed_in, &origin).with_detail(detail.clone())))
            .await?;
        Ok(HttpResponse::Ok()
            .content_type("application/zip")
            .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"report-{case}.zip\"")))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .body(archive))
    };
    finish(&state, &request, work).await
}
