//! `/account/activity`.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::account::security::web::{finish, seen_for};
use crate::base::page::PageRequest;
use crate::base::purchase::Purchase;
use crate::identity::factors::trusted_device::rules::describe;
use crate::identity::signin::gate::SigninState;
use crate::platform::audit::store::{KeptOrigin, RecordedEvent, list_about, list_notes};
use crate::platform::db::DbConnection;
use crate::platform::http::page::{PagePolicy, PageView, respond};

const PAGE: &str = "/account/activity";
/// Events on a page.
const LIMIT: u32 = 50;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.route(PAGE, web::get().to(show));
}

/// A line of the list.
pub(in crate::account) struct Line {
    pub(in crate::account) what: String,
    pub(in crate::account) why: Option<String>,
    pub(in crate::account) place: String,
    when: String,
    is_refused: bool,
}

#[derive(Template)]
#[template(path = "account/activity/pages/activity.html")]
struct ActivityPage<'a> {
    page: &'a PageView,
    lines: Vec<Line>,
    /// Where older events are.
    next: Option<String>,
}

/// An event in plain words; none for what says nothing to a customer.
pub(in crate::account) fn line(
    view: &PageView,
    event: &RecordedEvent,
    (origin, note): (Option<&KeptOrigin>, Option<&String>),
    now: crate::base::time::UnixSeconds,
) -> Option<Line> {
    let is_refused = event.outcome == "refused";
    let key = format!("activity-{}", event.kind.replace('_', "-"));
    let what = if view.has(&key) { view.t(&key) } else { return None };
    let reason = format!("activity-why-{}", event.reason.replace('_', "-"));
    let detail: serde_json::Value = serde_json::from_str(&event.detail).unwrap_or_default();
    let staff = note.and_then(|note| staff_of(view, note));
    let why = match (event.kind.as_str(), detail.get("new_device").and_then(serde_json::Value::as_bool)) {
        _ if staff.is_some() => staff,
        ("purchase_confirmed", _) => note.and_then(|note| bought_of(view, note)),
        _ if !event.reason.is_empty() && view.has(&reason) => Some(view.t(&reason)),
        ("signed_in", Some(true)) => Some(view.t("activity-why-new-device")),
        ("signin_advanced", _) => Some(view.t("activity-why-second-factor")),
        _ => None,
    };
    let device = origin.and_then(|origin| origin.user_agent.as_deref()).map(describe).filter(|name| name != "?");
    let address = origin.and_then(|origin| origin.address).map(|address| address.to_string());
    let place = device.into_iter().chain(address).collect::<Vec<_>>().join(" · ");
    let at = crate::base::time::UnixMicros(event.occurred_at_micros).seconds();
    Some(Line { what, why, place, when: view.since(at, now), is_refused })
}

/// What was bought, as the shop named it.
fn bought_of(view: &PageView, note: &str) -> Option<String> {
    let bought: Purchase = serde_json::from_str(note).ok()?;
    Some([bought.amount.shown(view.language), bought.payee, bought.order_id].join(" · "))
}

/// Who of the support it was, and why, as they wrote it.
fn staff_of(view: &PageView, note: &str) -> Option<String> {
    let note: serde_json::Value = serde_json::from_str(note).ok()?;
    let (name, reason) = (note.get("by")?.as_str()?, note.get("reason")?.as_str()?);
    Some(if reason.is_empty() { view.t1("activity-staff-by", "name", name) } else { view.t2("activity-staff-note", &("name", name), &("reason", reason)) })
}

async fn show(state: Data<SigninState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        let signed_in = match seen_for(&state, &request, PAGE).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let cursor = request.query_string();
        let is_cursor = cursor.len() <= 64 && cursor.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let page = PageRequest { after: (is_cursor && !cursor.is_empty()).then(|| cursor.to_owned()), limit: LIMIT };
        let (tools, id) = (state.tools.clone(), signed_in.customer().clone());
        let find = move |connection: &mut DbConnection| {
            let events = list_about(connection, &tools, id.as_str(), &page)?;
            let ids: Vec<String> = events.items.iter().map(|(event, _)| event.id.clone()).collect();
            Ok((list_notes(connection, &tools, Some(id.as_str()), &ids)?, events))
        };
        let (notes, events) = state.db.read(find).await?;
        let (view, now) = (PageView::new(&state.http, &request, &[]), state.tools.now());
        let lines = events.items.iter().filter_map(|(event, origin)| line(&view, event, (origin.as_ref(), notes.get(&event.id)), now)).collect();
        let template = ActivityPage { page: &view, lines, next: events.next.map(|next| format!("{PAGE}?{next}")) };
        Ok(respond(StatusCode::OK, &view, &template, &PagePolicy::default()))
    };
    finish(&state, &request, work).await
}
