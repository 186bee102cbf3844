//! `/account/activity`.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::account::security::web::{finish, seen_for};
use std::collections::BTreeMap;

use crate::base::ids::DecisionId;
use crate::base::page::PageRequest;
use crate::base::purchase::Purchase;
use crate::identity::factors::trusted_device::rules::describe;
use crate::identity::signin::gate::SigninState;
use crate::platform::audit::store::{KeptOrigin, RecordedEvent, list_about, list_notes};
use crate::platform::db::DbConnection;
use crate::platform::http::page::{PagePolicy, PageView, respond};
use crate::risk::decisions::store as decisions;
use crate::risk::login::record::SigninRecord;
use crate::risk::login::scale::Level;

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

/// The decision over a sign-in that looked unusual.
fn decision_of(event: &RecordedEvent) -> Option<DecisionId> {
    let detail: serde_json::Value = serde_json::from_str(&event.detail).ok()?;
    let risk = detail.get("risk").unwrap_or(&detail);
    let is_unusual = risk.get("level").and_then(serde_json::Value::as_str).is_some_and(|level| level != Level::Low.word());
    risk.get("decision").and_then(serde_json::Value::as_str).filter(|_| is_unusual)?.parse().ok()
}

/// Reasons that are told.
const TOLD_REASONS: usize = 3;

/// What was unusual about a sign-in, in plain words.
fn unusual_of(view: &PageView, record: &str) -> Option<String> {
    let record: SigninRecord = serde_json::from_str(record).ok()?;
    let against = record.reasons.iter().filter(|reason| reason.weight > 0.0).take(TOLD_REASONS);
    let texts: Vec<String> = against.map(|reason| view.t(&format!("risk-reason-{}", reason.code.word().replace('_', "-")))).collect();
    (!texts.is_empty()).then(|| view.t1("activity-why-unusual", "reasons", &texts.join(" · ")))
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
            let decisions: Vec<DecisionId> = events.items.iter().filter_map(|(event, _)| decision_of(event)).collect();
            let mut unusual = BTreeMap::new();
            for decision in decisions {
                if let Some(found) = decisions::find_decision(connection, &decision)? {
                    unusual.insert(decision.to_string(), found.record);
                }
            }
            Ok((list_notes(connection, &tools, Some(id.as_str()), &ids)?, events, unusual))
        };
        let (notes, events, unusual) = state.db.read(find).await?;
        let (view, now) = (PageView::new(&state.http, &request, &[]), state.tools.now());
        let told = |(event, origin): &(RecordedEvent, Option<KeptOrigin>)| {
            let line = line(&view, event, (origin.as_ref(), notes.get(&event.id)), now)?;
            let record = decision_of(event).and_then(|decision| unusual.get(decision.as_str()));
            let unusual = record.and_then(|record| unusual_of(&view, record));
            Some(Line { why: unusual.or(line.why), ..line })
        };
        let lines = events.items.iter().filter_map(told).collect();
        let template = ActivityPage { page: &view, lines, next: events.next.map(|next| format!("{PAGE}?{next}")) };
        Ok(respond(StatusCode::OK, &view, &template, &PagePolicy::default()))
    };
    finish(&state, &request, work).await
}
