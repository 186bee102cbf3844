//! `/admin`: the pages, and the one form handler through which everything is done.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::forms::{self, Fact, Field};
use super::views::{desk::web as desk, events::web as events, records::web as records, risk::web as risk, shops::web as shops};
use crate::admin::access::rules::Permission;
use crate::admin::access::staff::{Barred, FRESH_SECONDS, Staff};
use crate::admin::access::web::{Person, person, requirement};
use crate::admin::operations::run::run;
use crate::admin::operations::{AdminState, Answer, Call, Operation, Refused, find_operation};
use crate::base::assurance::Requirement;
use crate::identity::signin::gate::SigninState;
use crate::identity::signin::model::ReturnTo;
use crate::identity::signin::web::{read_genuine, start};
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, PagePolicy, PageView, error_page, respond, see_other};
use crate::platform::http::params::Params;

const HOME: &str = "/admin";
const CUSTOMERS: &str = "/admin/customers";
const CUSTOMER: &str = "/admin/customers/{customer}";
const CASES: &str = "/admin/cases";
const CLIENTS: &str = "/admin/clients";
const CLIENT: &str = "/admin/clients/{client}";
const STREAMS: &str = "/admin/streams";
const STREAM: &str = "/admin/streams/{stream}";
const STAFF: &str = "/admin/staff";
const AUDIT: &str = "/admin/audit";
const REPORTS: &str = "/admin/reports";
const RISK: &str = "/admin/risk";
const DECISION: &str = "/admin/risk/{decision}";
const TRIAL: &str = "/admin/risk/trial";
const MODELS: &str = "/admin/risk/models";
const DO: &str = "/admin/do/{operation}";
const DO_TO: &str = "/admin/do/{operation}/{subject}";

/// Each page of the console with the permission that it needs; `/admin` itself is for all staff.
pub const PAGES: [(&str, Permission); 14] = [
    (CUSTOMERS, Permission::FindCustomers),
    (CUSTOMER, Permission::FindCustomers),
    (CASES, Permission::ReadCases),
    (CLIENTS, Permission::ReadClients),
    (CLIENT, Permission::ReadClients),
    (STREAMS, Permission::ReadClients),
    (STREAM, Permission::ReadClients),
    (STAFF, Permission::ReadAdmins),
    (AUDIT, Permission::ReadAudit),
    (REPORTS, Permission::ReadReports),
    (RISK, Permission::ReadRisk),
    (DECISION, Permission::ReadRisk),
    (TRIAL, Permission::ReadRisk),
    (MODELS, Permission::ReadRisk),
];

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route(HOME, web::get().to(records::home))
        .route(CUSTOMERS, web::get().to(desk::customers))
        .route(CUSTOMERS, web::post().to(desk::find))
        .route(CUSTOMER, web::get().to(desk::customer))
        .route(CASES, web::get().to(desk::cases))
        .route(CLIENTS, web::get().to(shops::clients))
        .route(CLIENT, web::get().to(shops::client))
        .route(STREAMS, web::get().to(events::streams))
        .route(STREAM, web::get().to(events::stream))
        .route(STAFF, web::get().to(shops::staff))
        .route(AUDIT, web::get().to(records::audit))
        .route(REPORTS, web::get().to(records::reports))
        .route(RISK, web::get().to(risk::queue))
        .route(TRIAL, web::get().to(risk::trial))
        .route(MODELS, web::get().to(risk::models))
        .route(DECISION, web::get().to(risk::decision))
        .route(DO, web::get().to(ask))
        .route(DO, web::post().to(act))
        .route(DO_TO, web::get().to(ask_to))
        .route(DO_TO, web::post().to(act_to));
}

/// What a page works with.
pub(super) struct Room<'a> {
    pub signin: &'a Data<SigninState>,
    pub admin: Arc<AdminState>,
    pub request: &'a HttpRequest,
    pub staff: Staff,
    pub view: PageView,
}

/// Somebody of the staff who may; or where they are sent instead.
pub(super) async fn enter<'a>(
    signin: &'a Data<SigninState>,
    admin: &Data<AdminState>,
    request: &'a HttpRequest,
    permission: Option<Permission>,
) -> Result<Result<Room<'a>, HttpResponse>, PageError> {
    let staff = match person(admin, request).await? {
        Person::Staff(staff) => staff,
        // For everybody else there is nothing here.
        Person::Customer(_) => return Err(PageError::new(ErrorKind::NotFound)),
        Person::Unvouched => {
            return Err(PageError::new(ErrorKind::Forbidden).with_detail("The key that you were invited with is gone. Ask an owner for a new invitation."));
        }
        Person::Unknown => {
            let here = ReturnTo::parse(request.path()).unwrap_or_else(|| ReturnTo::page(HOME));
            return Ok(Err(start(signin, request, here, requirement()).await?));
        }
    };
    if permission.is_some_and(|permission| !staff.may(permission)) {
        return Err(PageError::new(ErrorKind::Forbidden).with_detail("Your roles do not allow this."));
    }
    let view = PageView::new(&signin.http, request, &["en".to_owned()]);
    Ok(Ok(Room { signin, admin: Arc::clone(admin), request, staff, view }))
}

impl Room<'_> {
    fn call(&self, subject: &str, query: BTreeMap<String, String>, body: Value) -> Call {
        Call { staff: self.staff.clone(), subject: subject.to_owned(), query, body, known: None, origin: origin_of(self.request) }
    }

    /// Carries an operation out.
    pub async fn run(&self, operation: &'static Operation, subject: &str, query: BTreeMap<String, String>, body: Value) -> Result<Result<Answer, Refused>, PageError> {
        Ok(run(&self.admin, operation, self.call(subject, query, body), None).await?)
    }

    /// What an operation that only looks says.
    pub async fn look<T: DeserializeOwned>(&self, id: &str, subject: &str, query: BTreeMap<String, String>) -> Result<T, PageError> {
        let operation = find_operation(id).ok_or_else(|| PageError::new(ErrorKind::Internal))?;
        let answer = self.run(operation, subject, query, Value::Null).await?.map_err(|refused| page_error(&refused))?;
        serde_json::from_value(answer.body).map_err(|error| {
            tracing::error!(%error, id, "a page of the console could not be made");
            PageError::new(ErrorKind::Internal)
        })
    }

    /// The browser's token for a form.
    pub fn token(&self, purpose: &str) -> (String, Option<actix_web::cookie::Cookie<'static>>) {
        let (browser, cookie) = self.signin.browser(self.request);
        (csrf::token(&self.signin.tools.ring, &browser, purpose), cookie)
    }

    /// Whether a link to an operation is worth showing.
    pub fn may(&self, id: &str) -> bool {
        find_operation(id).is_some_and(|operation| self.staff.may(operation.permission))
    }

    /// The pages that a member of staff can go to: address and name.
    pub fn places(&self) -> Vec<(&'static str, &'static str)> {
        let all = [
            (HOME, "Overview", None),
            (CUSTOMERS, "Customers", Some(Permission::FindCustomers)),
            (CASES, "Cases", Some(Permission::ReadCases)),
            (RISK, "Risk", Some(Permission::ReadRisk)),
            (CLIENTS, "Clients", Some(Permission::ReadClients)),
            (STREAMS, "Events", Some(Permission::ReadClients)),
            (STAFF, "Staff", Some(Permission::ReadAdmins)),
            (AUDIT, "Audit", Some(Permission::ReadAudit)),
            (REPORTS, "Scam reports", Some(Permission::ReadReports)),
        ];
        all.into_iter().filter(|(.., permission)| permission.is_none_or(|permission| self.staff.may(permission))).map(|(path, name, _)| (path, name)).collect()
    }

    /// The page `template`.
    pub fn show<T: Template>(&self, status: StatusCode, template: &T, cookie: Option<actix_web::cookie::Cookie<'static>>) -> HttpResponse {
        let mut response = respond(status, &self.view, template, &PagePolicy::default());
        if let Some(cookie) = cookie {
            // A cookie of ours is always a valid header.
            let _ = response.add_cookie(&cookie);
        }
        response
    }
}

/// The page for a refusal that leads nowhere else.
pub(super) fn page_error(refused: &Refused) -> PageError {
    let kind = match refused {
        Refused::NotFound => ErrorKind::NotFound,
        Refused::Forbidden(_) | Refused::NotFresh => ErrorKind::Forbidden,
        _ => ErrorKind::Request,
    };
    PageError::new(kind).with_detail(refused.sentence()).with_status(refused.status())
}

/// The page, or the one that tells what went wrong.
pub(super) async fn finish(signin: &SigninState, request: &HttpRequest, work: impl Future<Output = Result<HttpResponse, PageError>>) -> HttpResponse {
    work.await.unwrap_or_else(|error| error_page(&signin.http, request, &error))
}

/// The form of one operation.
#[derive(Template)]
#[template(path = "admin/console/pages/act.html")]
struct ActPage<'a> {
    page: &'a PageView,
    places: Vec<(&'static str, &'static str)>,
    here: &'static str,
    title: String,
    summary: &'static str,
    action: &'a str,
    csrf: &'a str,
    back: &'a str,
    is_destructive: bool,
    fields: Vec<Field>,
    problem: Option<String>,
    /// What came of it, when something did.
    facts: Vec<Fact>,
    is_done: bool,
    /// Whether what is shown is only to be looked at.
    is_mirror: bool,
}

/// Where the page of a thing is.
fn home_of(operation: &Operation, subject: &str) -> (&'static str, String) {
    match operation.subject() {
        Some("customer") => (CUSTOMERS, format!("{CUSTOMERS}/{subject}")),
        Some("client") if operation.id != "remove_client" => (CLIENTS, format!("{CLIENTS}/{subject}")),
        Some("client") => (CLIENTS, CLIENTS.to_owned()),
        Some("stream") if operation.id != "remove_stream" => (STREAMS, format!("{STREAMS}/{subject}")),
        Some("stream") => (STREAMS, STREAMS.to_owned()),
        Some("case") => (CASES, CASES.to_owned()),
        Some("decision") => (RISK, format!("{RISK}/{subject}")),
        Some("model") => (RISK, MODELS.to_owned()),
        Some(_) => (STAFF, STAFF.to_owned()),
        None if operation.path.starts_with("/client") => (CLIENTS, CLIENTS.to_owned()),
        None if operation.path.starts_with("/streams") => (STREAMS, STREAMS.to_owned()),
        None if operation.path.starts_with("/risk/models") => (RISK, MODELS.to_owned()),
        None if operation.path.starts_with("/risk") => (RISK, TRIAL.to_owned()),
        None if operation.path.starts_with("/admins") => (STAFF, STAFF.to_owned()),
        None => (HOME, HOME.to_owned()),
    }
}

/// What stands in a form at first: that of a client's metadata is filled in.
async fn prefilled(room: &Room<'_>, operation: &'static Operation, subject: &str) -> Result<Vec<Field>, PageError> {
    let mut fields = forms::fields_of(operation);
    let pretty = |value: &Value| serde_json::to_string_pretty(value).unwrap_or_default();
    for field in &mut fields {
        field.value = match (operation.id, field.name.as_str()) {
            ("replace_client", "metadata") => {
                let client: Value = room.look("show_client", subject, BTreeMap::new()).await?;
                pretty(client.get("metadata").unwrap_or(&Value::Null))
            }
            ("register_client" | "lint_client", "metadata") => pretty(&serde_json::json!({
                "client_name": "Shop", "token_endpoint_auth_method": "client_secret_basic", "grant_types": ["authorization_code", "refresh_token"],
                "scope": "openid email profile address phone offline_access",
                "redirect_uris": ["https://shop.example/callback"], "post_logout_redirect_uris": ["https://shop.example/"],
            })),
            ("change_webhook", name) => {
                let stream: Value = room.look("show_stream", subject, BTreeMap::new()).await?;
                let words = |list: &Vec<Value>| list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ");
                match stream.get(name) {
                    Some(Value::Array(list)) => words(list),
                    Some(Value::String(text)) => text.clone(),
                    _ => String::new(),
                }
            }
            ("resend_message", "message") | ("remove_factors", "factor") => named_in(room.request.query_string(), &field.name),
            ("rotate_client_secret" | "rotate_webhook_secret", "overlap_seconds") => "86400".to_owned(),
            _ => String::new(),
        };
    }
    Ok(fields)
}

/// What the query of a link names; nothing when it is no id.
fn named_in(query: &str, name: &str) -> String {
    let value = query.split('&').filter_map(|part| part.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value).unwrap_or_default();
    if value.len() <= 64 && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') { value.to_owned() } else { String::new() }
}

/// The operation of a page, and what it is done to; none where the address does not fit it.
fn named(id: &str, subject: Option<&str>) -> Option<(&'static Operation, String)> {
    let operation = find_operation(id).filter(|operation| operation.subject().is_some() == subject.is_some())?;
    let subject = subject.unwrap_or_default();
    let is_plain = subject.len() <= 128 && subject.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    // What only looks has a page of its own.
    (is_plain && (operation.input.is_some() || operation.method != crate::admin::operations::Method::Get)).then(|| (operation, subject.to_owned()))
}

/// Sends somebody whose proof is too old to give a new one, and back.
async fn prove(room: &Room<'_>) -> Result<HttpResponse, PageError> {
    let here = ReturnTo::parse(room.request.path()).unwrap_or_else(|| ReturnTo::page(HOME));
    let fresh = Requirement { max_age_seconds: u32::try_from(FRESH_SECONDS).ok(), is_strict: true, requested_at: Some(room.signin.tools.now_micros()), ..requirement() };
    start(room.signin, room.request, here, fresh).await
}

async fn form(signin: Data<SigninState>, admin: Data<AdminState>, request: HttpRequest, id: &str, subject: Option<&str>) -> HttpResponse {
    let work = async {
        let room = match enter(&signin, &admin, &request, None).await? {
            Ok(room) => room,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let (operation, subject) = named(id, subject).ok_or_else(|| PageError::new(ErrorKind::NotFound))?;
        match room.staff.judge(operation.permission, operation.is_dangerous, signin.tools.now()) {
            Ok(()) => {}
            Err(Barred::Forbidden) => return Err(PageError::new(ErrorKind::Forbidden).with_detail("Your roles do not allow this.")),
            // Before anything is typed, so that nothing is lost.
            Err(Barred::NotFresh) => return prove(&room).await,
        }
        let fields = prefilled(&room, operation, &subject).await?;
        // Whoever decides sees what they decide on.
        let about = match operation.id {
            "decide_case" => forms::facts_of(&room.look::<Value>("show_case", &subject, BTreeMap::new()).await?),
            _ => Vec::new(),
        };
        Ok(sheet(&room, operation, &subject, &Told { fields, about, ..Told::default() }))
    };
    finish(&signin, &request, work).await
}

/// What a form's page tells.
#[derive(Default)]
struct Told {
    status: StatusCode,
    fields: Vec<Field>,
    problem: Option<String>,
    answer: Option<Value>,
    /// What there is to know before.
    about: Vec<Fact>,
}

fn sheet(room: &Room<'_>, operation: &'static Operation, subject: &str, told: &Told) -> HttpResponse {
    let action = room.request.path().to_owned();
    let (csrf, cookie) = room.token(&action);
    let (here, back) = home_of(operation, subject);
    let page = ActPage {
        page: &room.view,
        places: room.places(),
        here,
        title: forms::button_of(operation),
        summary: operation.summary,
        action: &action,
        csrf: &csrf,
        back: &back,
        is_destructive: forms::is_destructive(operation),
        fields: told.fields.clone(),
        problem: told.problem.clone(),
        facts: told.answer.as_ref().map_or_else(|| told.about.clone(), forms::facts_of),
        is_done: told.answer.is_some(),
        is_mirror: operation.id == "view_as",
    };
    room.show(told.status, &page, cookie)
}

async fn submit(signin: Data<SigninState>, admin: Data<AdminState>, request: HttpRequest, payload: Payload, (id, subject): (&str, Option<&str>)) -> HttpResponse {
    let work = async {
        let browser = signin.known_browser(&request).ok_or_else(|| PageError::new(ErrorKind::Forbidden))?;
        let typed: Params = read_genuine(&signin, &request, payload, &browser, request.path()).await?;
        let room = match enter(&signin, &admin, &request, None).await? {
            Ok(room) => room,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let (operation, subject) = named(id, subject).ok_or_else(|| PageError::new(ErrorKind::NotFound))?;
        let fields = forms::fields_of(operation);
        let again = |status: u16, problem: String| {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            sheet(&room, operation, &subject, &Told { status, fields: forms::filled(forms::fields_of(operation), &typed), problem: Some(problem), ..Told::default() })
        };
        let body = match forms::read(&fields, &typed) {
            Ok(body) => body,
            // Whoever may not is told that, whatever was typed.
            Err(sentence) if room.staff.may(operation.permission) => return Ok(again(422, sentence)),
            Err(_) => Value::Null,
        };
        match room.run(operation, &subject, BTreeMap::new(), body).await? {
            Ok(answer) if answer.body.is_null() => Ok(see_other(&format!("{}?done-{}", home_of(operation, &subject).1, operation.id))),
            Ok(answer) => Ok(sheet(&room, operation, &subject, &Told { answer: Some(answer.body), ..Told::default() })),
            Err(Refused::NotFresh) => prove(&room).await,
            Err(Refused::NotFound) => Err(PageError::new(ErrorKind::NotFound)),
            Err(refused) => Ok(again(refused.status(), refused.sentence())),
        }
    };
    finish(&signin, &request, work).await
}

async fn ask(signin: Data<SigninState>, admin: Data<AdminState>, request: HttpRequest, path: Path<String>) -> HttpResponse {
    form(signin, admin, request, &path, None).await
}

async fn ask_to(signin: Data<SigninState>, admin: Data<AdminState>, request: HttpRequest, path: Path<(String, String)>) -> HttpResponse {
    let (id, subject) = path.into_inner();
    form(signin, admin, request, &id, Some(&subject)).await
}

async fn act(signin: Data<SigninState>, admin: Data<AdminState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    submit(signin, admin, request, payload, (&path, None)).await
}

async fn act_to(signin: Data<SigninState>, admin: Data<AdminState>, request: HttpRequest, path: Path<(String, String)>, payload: Payload) -> HttpResponse {
    let (id, subject) = path.into_inner();
    submit(signin, admin, request, payload, (&id, Some(&subject))).await
}
