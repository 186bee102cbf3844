//! `/account/contact`.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::account::security::web::{finish, is_current, proven_for, read_form};
use crate::identity::contacts::{self, ContactKind, ContactRefused, NewContact};
use crate::identity::customers::{self, Customer};
use crate::identity::sessions::SignedIn;
use crate::identity::signin::gate::SigninState;
use crate::platform::db::{DbConnection, WriteTx};
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, PagePolicy, PageView, respond, see_other};
use crate::platform::http::params::Params;

/// The page.
const PAGE: &str = "/account/contact";
const CONFIRM: &str = "/account/contact/confirm";
const REMOVE: &str = "/account/contact/remove";

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.route(PAGE, web::get().to(show)).route(PAGE, web::post().to(begin)).route(CONFIRM, web::post().to(confirm)).route(REMOVE, web::post().to(remove));
}

/// A contact on the page.
struct Entry {
    word: &'static str,
    /// What there is.
    value: String,
    is_proven: bool,
    may_remove: bool,
    /// The new value that waits for its code.
    waiting: Option<String>,
}

impl Entry {
    fn key(&self, part: &str) -> String {
        format!("contact-{}{part}", self.word)
    }
}

#[derive(Template)]
#[template(path = "account/contact/pages/contact.html")]
struct ContactPage<'a> {
    page: &'a PageView,
    entries: Vec<Entry>,
    csrf: [String; 3],
    message: Option<String>,
    problem: Option<String>,
    /// Which entry the problem is with.
    wrong: &'a str,
    typed: &'a str,
}

impl ContactPage<'_> {
    fn is_wrong(&self, word: &str) -> bool {
        self.wrong == word
    }
}

/// What went wrong, with which entry, and what was typed.
struct Told<'a> {
    status: StatusCode,
    refused: &'a str,
    kind: ContactKind,
    typed: &'a str,
}

async fn page(state: &Data<SigninState>, request: &HttpRequest, signed_in: &SignedIn, told: Option<Told<'_>>) -> Result<HttpResponse, PageError> {
    let (tools, id, session) = (state.tools.clone(), signed_in.customer().clone(), signed_in.session_id().clone());
    let find = move |connection: &mut DbConnection| {
        let customer = customers::store::find_customer(connection, &tools.ring, &id)?;
        let mut waiting = Vec::new();
        for kind in [ContactKind::Email, ContactKind::BackupEmail, ContactKind::Phone] {
            let change = contacts::store::find_open(connection, &tools, &id, &session, kind)?;
            waiting.push(change.filter(|change| tools.now().since(change.begun_at) < 600).map(|change| change.value));
        }
        Ok(customer.zip(<[Option<String>; 3]>::try_from(waiting).ok()))
    };
    let (customer, waiting) = state.db.read(find).await?.ok_or_else(|| PageError::new(ErrorKind::Internal))?;
    let view = PageView::new(&state.http, request, &[]);
    let (browser, cookie) = state.browser(request);
    let message = match request.query_string() {
        "changed" => Some(view.t("contact-changed")),
        "removed" => Some(view.t("contact-removed")),
        _ => None,
    };
    let template = ContactPage {
        page: &view,
        entries: entries(state, &customer, waiting),
        csrf: [PAGE, CONFIRM, REMOVE].map(|purpose| csrf::token(&state.tools.ring, &browser, purpose)),
        message: message.filter(|_| told.is_none()),
        problem: told.as_ref().map(|told| view.t(&format!("contact-refused-{}", told.refused))),
        wrong: told.as_ref().map_or("", |told| told.kind.word()),
        typed: told.as_ref().map_or("", |told| told.typed),
    };
    let mut response = respond(told.as_ref().map_or(StatusCode::OK, |told| told.status), &view, &template, &PagePolicy::default());
    if let Some(cookie) = cookie {
        // A cookie of ours is always a valid header.
        let _ = response.add_cookie(&cookie);
    }
    Ok(response)
}

fn entries(state: &SigninState, customer: &Customer, [email, backup, phone]: [Option<String>; 3]) -> Vec<Entry> {
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    let mut entries = vec![
        Entry {
            word: ContactKind::Email.word(),
            value: customer.email.as_str().to_owned(),
            is_proven: customer.is_email_verified,
            may_remove: false,
            waiting: email,
        },
        Entry {
            word: ContactKind::BackupEmail.word(),
            value: text(customer.backup_email.as_ref().map(crate::base::contact::EmailAddress::as_str)),
            is_proven: true,
            may_remove: customer.backup_email.is_some(),
            waiting: backup,
        },
    ];
    // Without a way to send text messages a number could not be proven.
    if state.factors.has_sms_codes || customer.phone.is_some() {
        let value = text(customer.phone.as_ref().map(crate::base::contact::PhoneNumber::as_str));
        entries.push(Entry { word: ContactKind::Phone.word(), value, is_proven: customer.is_phone_verified, may_remove: customer.phone.is_some(), waiting: phone });
    }
    entries
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

/// Who is signed in with a fresh proof, and which contact the form is about; or where to go instead.
async fn read(state: &Data<SigninState>, request: &HttpRequest, payload: Payload, purpose: &str) -> Result<Result<(SignedIn, ContactKind, Params), HttpResponse>, PageError> {
    let (form, _) = read_form(state, request, purpose, payload).await?;
    let kind = form.get("kind").and_then(ContactKind::parse).ok_or_else(|| PageError::new(ErrorKind::Request).with_detail("kind is email, backup-email or phone"))?;
    Ok(proven_for(state, request, PAGE).await?.map(|signed_in| (signed_in, kind, form)))
}

const fn status_of(refused: ContactRefused) -> StatusCode {
    match refused {
        ContactRefused::Throttled => StatusCode::TOO_MANY_REQUESTS,
        ContactRefused::Same | ContactRefused::Frozen | ContactRefused::NoWay | ContactRefused::Code | ContactRefused::Disposable => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

async fn begin(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let (signed_in, kind, form) = match read(&state, &request, payload, PAGE).await? {
            Ok(here) => here,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let typed: String = form.get("value").unwrap_or_default().trim().chars().take(254).collect();
        let Some(new) = NewContact::parse(kind, &typed) else {
            return page(&state, &request, &signed_in, Some(Told { status: StatusCode::BAD_REQUEST, refused: "form", kind, typed: &typed })).await;
        };
        if kind == ContactKind::Phone && !state.factors.has_sms_codes {
            return page(&state, &request, &signed_in, Some(Told { status: StatusCode::UNPROCESSABLE_ENTITY, refused: ContactRefused::NoWay.word(), kind, typed: &typed })).await;
        }
        let (at_work, by, origin) = (state.clone(), signed_in.clone(), origin_of(&request));
        let work = move |tx: &mut WriteTx<'_>| if is_current(tx, &by)? { contacts::begin(tx, &at_work, &by, &new, &origin) } else { Ok(Err(ContactRefused::Code)) };
        match state.db.write_again(work).await? {
            Ok(()) => Ok(see_other(PAGE)),
            Err(refused) => page(&state, &request, &signed_in, Some(Told { status: status_of(refused), refused: refused.word(), kind, typed: &typed })).await,
        }
    };
    finish(&state, &request, work).await
}

async fn confirm(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let (signed_in, kind, form) = match read(&state, &request, payload, CONFIRM).await? {
            Ok(here) => here,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let (at_work, by, origin, typed) = (state.clone(), signed_in.clone(), origin_of(&request), form.get("code").unwrap_or_default().to_owned());
        let work = move |tx: &mut WriteTx<'_>| if is_current(tx, &by)? { contacts::confirm(tx, &at_work, &by, kind, &typed, &origin) } else { Ok(Err(ContactRefused::Code)) };
        match state.db.write_again(work).await? {
            Ok(()) => Ok(see_other(&format!("{PAGE}?changed"))),
            Err(refused) => page(&state, &request, &signed_in, Some(Told { status: status_of(refused), refused: refused.word(), kind, typed: "" })).await,
        }
    };
    finish(&state, &request, work).await
}

async fn remove(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let (signed_in, kind, _) = match read(&state, &request, payload, REMOVE).await? {
            Ok(here) => here,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let (at_work, by, origin) = (state.clone(), signed_in.clone(), origin_of(&request));
        let work = move |tx: &mut WriteTx<'_>| if is_current(tx, &by)? { contacts::remove(tx, &at_work, &by, kind, &origin) } else { Ok(Err(ContactRefused::Code)) };
        match state.db.write_again(work).await? {
            Ok(()) => Ok(see_other(&format!("{PAGE}?removed"))),
            Err(refused) => page(&state, &request, &signed_in, Some(Told { status: status_of(refused), refused: refused.word(), kind, typed: "" })).await,
        }
    };
    finish(&state, &request, work).await
}
