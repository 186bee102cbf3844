//! Customers and cases.

use crate::admin::access::rules::Permission;
use crate::admin::console::forms::title_of;
use crate::admin::console::views::parts::{Places, Said, done_of, next_of, query_of};
use crate::admin::console::web::{Room, enter, finish};
use crate::admin::desk::Found;
use crate::admin::desk::messages::MessageView;
use crate::admin::desk::views::{ActivityView, CaseView, CustomerSummary, CustomerView};
use crate::admin::operations::{AdminState, Listed, find_operation};
use crate::identity::signin::gate::SigninState;
use crate::identity::signin::web::read_genuine;
use crate::platform::http::page::{ErrorKind, PageError, PageView, see_other};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde_json::json;
use std::collections::BTreeMap;

#[derive(Template)]
#[template(path = "admin/console/pages/customers.html")]
struct CustomersPage<'a> {
    page: &'a PageView,
    places: Places,
    here: &'static str,
    csrf: &'a str,
    by: &'a str,
    problem: Option<String>,
    found: Option<Vec<CustomerSummary>>,
}

fn search_page(room: &Room<'_>, status: StatusCode, by: &str, problem: Option<String>, found: Option<Vec<CustomerSummary>>) -> HttpResponse {
    let (csrf, cookie) = room.token("/admin/customers");
    let page = CustomersPage { page: &room.view, places: room.places(), here: "/admin/customers", csrf: &csrf, by, problem, found };
    room.show(status, &page, cookie)
}

/// The search.
pub async fn customers(signin: Data<SigninState>, admin: Data<AdminState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        Ok(match enter(&signin, &admin, &request, Some(Permission::FindCustomers)).await? {
            Ok(room) => search_page(&room, StatusCode::OK, "email", None, None),
            Err(elsewhere) => elsewhere,
        })
    };
    finish(&signin, &request, work).await
}

/// Looks; what is looked for never stands in an address.
pub async fn find(signin: Data<SigninState>, admin: Data<AdminState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let browser = signin.known_browser(&request).ok_or_else(|| PageError::new(ErrorKind::Forbidden))?;
        let form = read_genuine(&signin, &request, payload, &browser, "/admin/customers").await?;
        let room = match enter(&signin, &admin, &request, Some(Permission::FindCustomers)).await? {
            Ok(room) => room,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let operation = find_operation("find_customer").ok_or_else(|| PageError::new(ErrorKind::Internal))?;
        let by = form.get("by").unwrap_or("email").to_owned();
        let ran = room.run(operation, "", BTreeMap::new(), json!({ "by": by, "value": form.get("value").unwrap_or_default() })).await?;
        Ok(match ran.map(|answer| serde_json::from_value::<Found>(answer.body)) {
            Ok(Ok(found)) => match found.customers.as_slice() {
                [one] => see_other(&format!("/admin/customers/{}", one.id)),
                _ => search_page(&room, StatusCode::OK, &by, None, Some(found.customers)),
            },
            Ok(Err(_)) => return Err(PageError::new(ErrorKind::Internal)),
            Err(refused) => search_page(&room, StatusCode::from_u16(refused.status()).unwrap_or_default(), &by, Some(refused.sentence()), None),
        })
    };
    finish(&signin, &request, work).await
}

#[derive(Template)]
#[template(path = "admin/console/pages/customer.html")]
struct CustomerPage<'a> {
    page: &'a PageView,
    places: Places,
    here: &'static str,
    done: Option<String>,
    customer: &'a CustomerView,
    activity: Vec<ActivityView>,
    messages: Vec<MessageView>,
    /// Operations that can be asked for: name and title.
    actions: Vec<(&'static str, String, bool)>,
    may_resend: bool,
    may_remove: bool,
}

/// What can be done to a customer, in the order of the page.
const ACTIONS: [&str; 11] = [
    "begin_caller_check",
    "answer_caller_check",
    "reveal_customer",
    "end_sessions",
    "start_recovery",
    "lock_customer",
    "unlock_customer",
    "remove_factors",
    "change_email",
    "erase",
    "view_as",
];

impl Said for CustomerPage<'_> {}

/// One customer.
pub async fn customer(signin: Data<SigninState>, admin: Data<AdminState>, request: HttpRequest, path: Path<String>) -> HttpResponse {
    let work = async {
        let room = match enter(&signin, &admin, &request, Some(Permission::FindCustomers)).await? {
            Ok(room) => room,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let view: CustomerView = room.look("show_customer", &path, BTreeMap::new()).await?;
        let few = BTreeMap::from([("limit".to_owned(), "20".to_owned())]);
        let activity: Listed<ActivityView> = room.look("list_activity", &path, few.clone()).await?;
        let messages: Listed<MessageView> = room.look("list_messages", &path, few).await?;
        let waits_for_code = view.caller.as_ref().is_some_and(|caller| caller.proven_at.is_none() && caller.number.is_none());
        let is_of_use = |id: &str| match id {
            "answer_caller_check" => waits_for_code,
            "lock_customer" => view.summary.status == "active",
            "unlock_customer" => view.summary.status == "locked",
            "remove_factors" => !view.factors.is_empty(),
            "end_sessions" => !view.sessions.is_empty(),
            _ => true,
        };
        let operations = ACTIONS.iter().filter(|id| room.may(id) && is_of_use(id) && (!view.is_staff || **id == "reveal_customer")).filter_map(|id| find_operation(id));
        let actions = operations.map(|operation| (operation.id, title_of(operation.id), crate::admin::console::forms::is_destructive(operation))).collect();
        let page = CustomerPage {
            page: &room.view,
            places: room.places(),
            here: "/admin/customers",
            done: done_of(request.query_string()),
            customer: &view,
            activity: activity.items,
            messages: messages.items,
            may_remove: room.may("remove_factors") && !view.is_staff,
            may_resend: room.may("resend_message") && !view.is_staff,
            actions,
        };
        Ok(room.show(StatusCode::OK, &page, None))
    };
    finish(&signin, &request, work).await
}

#[derive(Template)]
#[template(path = "admin/console/pages/cases.html")]
struct CasesPage<'a> {
    page: &'a PageView,
    places: Places,
    here: &'static str,
    done: Option<String>,
    state: String,
    cases: Vec<CaseView>,
    own: String,
    may_decide: bool,
    next: Option<String>,
}

impl Said for CasesPage<'_> {}

/// Cases.
pub async fn cases(signin: Data<SigninState>, admin: Data<AdminState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        let room = match enter(&signin, &admin, &request, Some(Permission::ReadCases)).await? {
            Ok(room) => room,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let query = query_of(request.query_string(), &["state", "after"]);
        let cases: Listed<CaseView> = room.look("list_cases", "", query.clone()).await?;
        let page = CasesPage {
            page: &room.view,
            places: room.places(),
            here: "/admin/cases",
            done: done_of(request.query_string()),
            state: query.get("state").cloned().unwrap_or_default(),
            next: next_of("/admin/cases", &query, cases.next.as_ref()),
            cases: cases.items,
            own: room.staff.key(),
            may_decide: room.may("decide_case"),
        };
        Ok(room.show(StatusCode::OK, &page, None))
    };
    finish(&signin, &request, work).await
}
