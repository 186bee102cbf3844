//! The overview, the audit log, reports.

use crate::admin::access::rules::Permission;
use crate::admin::console::charts::{Bar, Chart, chart, parts};
use crate::admin::console::forms::date_of;
use crate::admin::console::views::parts::{Places, Said, next_of, query_of};
use crate::admin::console::web::{enter, finish};
use crate::admin::log::{EventView, FiguresView, HeadView, ReportView};
use crate::admin::operations::{AdminState, Listed};
use crate::identity::signin::gate::SigninState;
use crate::platform::http::page::PageView;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use std::collections::BTreeMap;

#[derive(Template)]
#[template(path = "admin/console/pages/home.html")]
struct HomePage<'a> {
    page: &'a PageView,
    places: Places,
    here: &'static str,
    name: &'a str,
    roles: String,
    charts: Vec<Chart>,
    figures: Option<&'a FiguresView>,
}

impl Said for HomePage<'_> {}

/// The overview.
pub async fn home(signin: Data<SigninState>, admin: Data<AdminState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        let room = match enter(&signin, &admin, &request, None).await? {
            Ok(room) => room,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let figures: Option<FiguresView> = if room.may("show_figures") { Some(room.look("show_figures", "", BTreeMap::new()).await?) } else { None };
        let by = |title, of: fn(&crate::admin::log::DayView) -> u64| {
            let bars: Vec<Bar> = figures.iter().flat_map(|figures| &figures.days).map(|day| Bar { label: date_of(day.day).chars().take(10).collect(), value: of(day) }).collect();
            chart(title, &bars)
        };
        let plain = |title, bars: &[(&str, u64)]| parts(title, &bars.iter().map(|(label, value)| Bar { label: (*label).to_owned(), value: *value }).collect::<Vec<_>>());
        let (funnel, adoption) = figures.as_ref().map(|figures| (figures.funnel.clone(), figures.adoption.clone())).unwrap_or_default();
        let count = |number: i64| u64::try_from(number).unwrap_or(0);
        let charts = vec![
            plain(
                "From the first factor to the shop",
                &[("Tried", funnel.tried), ("Asked for more", funnel.challenged), ("Signed in", funnel.signed_in), ("Sent to a shop", funnel.handed_over)],
            ),
            plain(
                "Customers and their factors, now",
                &[("Customers", count(adoption.customers)), ("With a passkey or key", count(adoption.passkeys)), ("With an app", count(adoption.apps))],
            ),
            by("Sign-ins", |day| day.signed_in),
            by("Refused passwords", |day| day.refused),
            by("Second factors asked for", |day| day.challenged),
            by("Authenticators added", |day| day.authenticators_added),
            by("Accounts recovered", |day| day.recovered),
            by("“This was not me”", |day| day.disowned),
        ];
        let roles = room.staff.roles.iter().map(|role| role.title()).collect::<Vec<_>>().join(", ");
        let page = HomePage { page: &room.view, places: room.places(), here: "/admin", name: room.staff.name(), roles, charts, figures: figures.as_ref() };
        Ok(room.show(StatusCode::OK, &page, None))
    };
    finish(&signin, &request, work).await
}

#[derive(Template)]
#[template(path = "admin/console/pages/audit.html")]
struct AuditPage<'a> {
    page: &'a PageView,
    places: Places,
    here: &'static str,
    query: BTreeMap<String, String>,
    chart: Chart,
    events: Vec<EventView>,
    head: &'a HeadView,
    next: Option<String>,
}

impl Said for AuditPage<'_> {}

impl AuditPage<'_> {
    /// What was asked for under `name`.
    fn asked(&self, name: &str) -> &str {
        self.query.get(name).map_or("", String::as_str)
    }
}

/// Of the events on the page, how many of each kind: the ten most frequent.
fn kinds_of(events: &[EventView]) -> Chart {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for event in events {
        *counts.entry(event.activity.kind.as_str()).or_default() += 1;
    }
    let mut bars: Vec<Bar> = counts.into_iter().map(|(kind, value)| Bar { label: kind.to_owned(), value }).collect();
    bars.sort_by_key(|bar| std::cmp::Reverse(bar.value));
    bars.truncate(10);
    chart("Kinds on this page", &bars)
}

/// The explorer of the audit log.
pub async fn audit(signin: Data<SigninState>, admin: Data<AdminState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        let room = match enter(&signin, &admin, &request, Some(Permission::ReadAudit)).await? {
            Ok(room) => room,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let query = query_of(request.query_string(), &["kind", "about", "actor", "after"]);
        let mut asked = query.clone();
        asked.insert("limit".to_owned(), "100".to_owned());
        let events: Listed<EventView> = room.look("search_events", "", asked).await?;
        let head: HeadView = room.look("show_audit_head", "", BTreeMap::new()).await?;
        let page = AuditPage {
            page: &room.view,
            places: room.places(),
            here: "/admin/audit",
            next: next_of("/admin/audit", &query, events.next.as_ref()),
            chart: kinds_of(&events.items),
            events: events.items,
            head: &head,
            query,
        };
        Ok(room.show(StatusCode::OK, &page, None))
    };
    finish(&signin, &request, work).await
}

#[derive(Template)]
#[template(path = "admin/console/pages/reports.html")]
struct ReportsPage<'a> {
    page: &'a PageView,
    places: Places,
    here: &'static str,
    reports: Vec<ReportView>,
    next: Option<String>,
}

impl Said for ReportsPage<'_> {}

/// What customers reported as scams.
pub async fn reports(signin: Data<SigninState>, admin: Data<AdminState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        let room = match enter(&signin, &admin, &request, Some(Permission::ReadReports)).await? {
            Ok(room) => room,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let query = query_of(request.query_string(), &["after"]);
        let reports: Listed<ReportView> = room.look("list_scam_reports", "", query.clone()).await?;
        let page = ReportsPage {
            page: &room.view,
            places: room.places(),
            here: "/admin/reports",
            next: next_of("/admin/reports", &query, reports.next.as_ref()),
            reports: reports.items,
        };
        Ok(room.show(StatusCode::OK, &page, None))
    };
    finish(&signin, &request, work).await
}
