//! `/account/addresses` and the form of one address.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::account::security::web::{entry, finish, is_current, proven_for, read_form};
use crate::base::postal::{self, Field, TypedAddress};
use crate::base::random;
use crate::identity::care;
use crate::identity::care::rules::Card;
use crate::identity::customers::address_book::{AddressBook, BookRefused, MAX_ADDRESSES, as_claims};
use crate::identity::customers::{self, Customer};
use crate::identity::messages::{self, Desk, Notice};
use crate::identity::sessions::SignedIn;
use crate::identity::signin::gate::SigninState;
use crate::platform::audit::{self, EventSpec, Origin};
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, PagePolicy, PageView, respond, see_other};
use crate::platform::http::params::Params;

/// A postal address was added, changed, preferred or taken away.
pub const ADDRESS_CHANGED: EventSpec = EventSpec::new("address_changed", "A customer added, changed, preferred or took away a postal address.");

const PAGE: &str = "/account/addresses";
const ONE: &str = "/account/addresses/{id}";
const PREFER: &str = "/account/addresses/prefer";
const REMOVE: &str = "/account/addresses/remove";
/// The id of an address that is not yet one.
const NEW: &str = "new";
/// The most characters of a recipient.
const MAX_RECIPIENT: usize = 100;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route(PAGE, web::get().to(show))
        .route(PREFER, web::post().to(prefer))
        .route(REMOVE, web::post().to(remove))
        .route(ONE, web::get().to(edit))
        .route(ONE, web::post().to(save));
}

/// An address in the list.
struct Line {
    id: String,
    lines: Vec<String>,
    is_preferred: bool,
}

#[derive(Template)]
#[template(path = "account/addresses/pages/addresses.html")]
struct AddressesPage<'a> {
    page: &'a PageView,
    message: Option<String>,
    problem: Option<String>,
    addresses: Vec<Line>,
    is_full: bool,
    prefer_csrf: &'a str,
    remove_csrf: &'a str,
}

#[derive(Template)]
#[template(path = "account/addresses/pages/address.html")]
struct AddressPage<'a> {
    page: &'a PageView,
    action: String,
    csrf: &'a str,
    is_new: bool,
    recipient: &'a str,
    typed: &'a TypedAddress,
    /// Code, name.
    countries: Vec<(&'static str, String)>,
    wrong: &'a [Field],
    problem: Option<String>,
}

impl AddressPage<'_> {
    fn is_wrong(&self, word: &str) -> bool {
        self.wrong.iter().any(|field| field.word() == word)
    }

    fn is_chosen(&self, code: &str) -> bool {
        self.typed.country == code
    }
}

fn written(view: &PageView, book: &AddressBook) -> Vec<Line> {
    let line = |(at, entry): (usize, &customers::address_book::AddressEntry)| {
        let typed = entry.as_typed();
        let mut lines: Vec<String> = entry.recipient.iter().cloned().collect();
        let mut letter: Vec<String> = postal::formatted(&typed).lines().map(str::to_owned).collect();
        if postal::is_country(&typed.country) {
            letter.pop();
            letter.push(view.t(&format!("country-{}", typed.country)));
        }
        lines.extend(letter);
        Line { id: entry.id.clone(), lines, is_preferred: at == 0 }
    };
    book.entries().iter().enumerate().map(line).collect()
}

async fn find(state: &Data<SigninState>, signed_in: &SignedIn) -> Result<Customer, PageError> {
    let (tools, id) = (state.tools.clone(), signed_in.customer().clone());
    state.db.read(move |connection| customers::store::find_customer(connection, &tools.ring, &id)).await?.ok_or_else(|| PageError::new(ErrorKind::Internal))
}

async fn list(state: &Data<SigninState>, request: &HttpRequest, signed_in: &SignedIn, problem: Option<&str>) -> Result<HttpResponse, PageError> {
    let customer = find(state, signed_in).await?;
    let view = PageView::new(&state.http, request, &[]);
    let (browser, cookie) = state.browser(request);
    let token = |purpose| csrf::token(&state.tools.ring, &browser, purpose);
    let message = (problem.is_none() && request.query_string() == "saved").then(|| view.t("addresses-saved"));
    let template = AddressesPage {
        page: &view,
        message,
        problem: problem.map(|word| view.t(&format!("addresses-{word}"))),
        addresses: written(&view, &customer.addresses),
        is_full: customer.addresses.entries().len() >= MAX_ADDRESSES,
        prefer_csrf: &token(PREFER),
        remove_csrf: &token(REMOVE),
    };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let mut response = respond(status, &view, &template, &PagePolicy::default());
    if let Some(cookie) = cookie {
        // A cookie of ours is always a valid header.
        let _ = response.add_cookie(&cookie);
    }
    Ok(response)
}

async fn show(state: Data<SigninState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        match proven_for(&state, &request, PAGE).await? {
            Ok(signed_in) => list(&state, &request, &signed_in, None).await,
            Err(elsewhere) => Ok(elsewhere),
        }
    };
    finish(&state, &request, work).await
}

/// What stands in the form, and what is wrong with it.
struct Form<'a> {
    id: &'a str,
    recipient: &'a str,
    typed: &'a TypedAddress,
    wrong: &'a [Field],
    problem: Option<&'a str>,
}

fn form_page(state: &SigninState, request: &HttpRequest, form: &Form<'_>) -> HttpResponse {
    let view = PageView::new(&state.http, request, &[]);
    let (browser, cookie) = state.browser(request);
    let mut countries: Vec<(&str, String)> = postal::COUNTRIES.split(' ').map(|code| (code, view.t(&format!("country-{code}")))).collect();
    countries.sort_by(|one, other| one.1.cmp(&other.1));
    let token = csrf::token(&state.tools.ring, &browser, PAGE);
    let template = AddressPage {
        page: &view,
        action: format!("{PAGE}/{}", form.id),
        csrf: &token,
        is_new: form.id == NEW,
        recipient: form.recipient,
        typed: form.typed,
        countries,
        wrong: form.wrong,
        problem: form.problem.map(|word| view.t(&format!("addresses-{word}"))),
    };
    let status = if form.problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let mut response = respond(status, &view, &template, &PagePolicy::default());
    if let Some(cookie) = cookie {
        // A cookie of ours is always a valid header.
        let _ = response.add_cookie(&cookie);
    }
    response
}

async fn edit(state: Data<SigninState>, request: HttpRequest, path: Path<String>) -> HttpResponse {
    let work = async {
        let signed_in = match proven_for(&state, &request, PAGE).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let customer = find(&state, &signed_in).await?;
        let (recipient, typed) = match customer.addresses.find(&path) {
            Some(entry) => (entry.recipient.clone().unwrap_or_default(), entry.as_typed()),
            None if *path == NEW => {
                let country = customer.addresses.preferred().and_then(|entry| entry.address.country.clone()).filter(|code| postal::is_country(code)).unwrap_or_default();
                (String::new(), TypedAddress { country, ..TypedAddress::default() })
            }
            None => return Err(PageError::new(ErrorKind::NotFound)),
        };
        Ok(form_page(&state, &request, &Form { id: &path, recipient: &recipient, typed: &typed, wrong: &[], problem: None }))
    };
    finish(&state, &request, work).await
}

/// Why an address is not taken.
enum Refused {
    Book(BookRefused),
    /// The account stands still.
    Frozen,
    /// Somebody's proof counts no longer.
    Stale,
}

impl Refused {
    const fn word(&self) -> &'static str {
        match self {
            Self::Book(BookRefused::Full) => "full",
            Self::Book(BookRefused::Unknown) => "unknown",
            Self::Book(BookRefused::Same) => "same",
            Self::Frozen => "frozen",
            Self::Stale => "stale",
        }
    }
}

/// What is done to the book.
#[derive(Clone)]
enum Change {
    Save { id: String, recipient: Option<String>, address: TypedAddress },
    Prefer(String),
    Remove(String),
}

impl Change {
    const fn word(&self) -> &'static str {
        match self {
            Self::Save { .. } => "saved",
            Self::Prefer(_) => "preferred",
            Self::Remove(_) => "removed",
        }
    }
}

fn carry_out(tx: &mut WriteTx<'_>, state: &SigninState, signed_in: &SignedIn, change: &Change, origin: &Origin) -> Result<Result<(), Refused>, StoreError> {
    let (tools, now) = (&state.tools, state.tools.now());
    if !is_current(tx, signed_in)? {
        return Ok(Err(Refused::Stale));
    }
    let Some(customer) = customers::store::find_customer(tx, &tools.ring, signed_in.customer())? else { return Ok(Err(Refused::Stale)) };
    if customer.frozen_until.is_some_and(|until| until > now) {
        return Ok(Err(Refused::Frozen));
    }
    let book = match change {
        Change::Save { id, recipient, address } if id == NEW => customer.addresses.with(recipient.clone(), as_claims(address), random::bytes(tools.entropy()), now),
        Change::Save { id, recipient, address } => customer.addresses.replaced(id, recipient.clone(), as_claims(address), now),
        Change::Prefer(id) => customer.addresses.preferring(id),
        Change::Remove(id) => customer.addresses.without(id),
    };
    let book = match book {
        Ok(book) => book,
        Err(refused) => return Ok(Err(Refused::Book(refused))),
    };
    customers::details::store::keep_addresses(tx, tools, &customer.id, &book)?;
    // A thief who has goods sent elsewhere needs one of these two.
    if matches!(change, Change::Save { .. } | Change::Prefer(_)) {
        care::store::note_moment(tx, &customer.id, Card::NewAddress, now)?;
        messages::send_notice(tx, &Desk::of(&state.http), Notice::AddressChanged, &customer)?;
    }
    let detail = serde_json::json!({ "change": change.word(), "addresses": book.entries().len() });
    audit::record(tx, tools, &entry(ADDRESS_CHANGED, signed_in, origin).with_detail(detail))?;
    Ok(Ok(()))
}

fn read_address(form: &Params) -> (String, TypedAddress) {
    let text = |name: &str, most: usize| form.get(name).unwrap_or_default().chars().take(most).collect::<String>();
    let typed = TypedAddress {
        street: text("street", 400),
        postal_code: text("postal_code", 32),
        locality: text("locality", 200),
        region: text("region", 200),
        country: text("country", 8),
    };
    (postal::tidy_line(&text("recipient", 200)), typed)
}

async fn save(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let (form, _) = read_form(&state, &request, PAGE, payload).await?;
        let signed_in = match proven_for(&state, &request, PAGE).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let (recipient, typed) = read_address(&form);
        let mut wrong = Vec::new();
        let checked = postal::check(&typed).unwrap_or_else(|fields| {
            wrong = fields;
            TypedAddress::default()
        });
        let is_long = recipient.chars().count() > MAX_RECIPIENT;
        let again = |wrong: &[Field], problem| Ok(form_page(&state, &request, &Form { id: &path, recipient: &recipient, typed: &typed, wrong, problem: Some(problem) }));
        if !wrong.is_empty() || is_long {
            return again(&wrong, if is_long { "recipient-long" } else { "wrong" });
        }
        let change = Change::Save { id: path.clone(), recipient: Some(recipient.clone()).filter(|name| !name.is_empty()), address: checked };
        let (at_work, origin) = (state.clone(), origin_of(&request));
        match state.db.write_again(move |tx: &mut WriteTx<'_>| carry_out(tx, &at_work, &signed_in, &change, &origin)).await? {
            Ok(()) | Err(Refused::Book(BookRefused::Same)) => Ok(see_other(&format!("{PAGE}?saved"))),
            Err(Refused::Book(BookRefused::Unknown)) => Err(PageError::new(ErrorKind::NotFound)),
            Err(refused) => again(&[], refused.word()),
        }
    };
    finish(&state, &request, work).await
}

async fn change_one(state: &Data<SigninState>, request: &HttpRequest, payload: Payload, purpose: &'static str, change: fn(String) -> Change) -> Result<HttpResponse, PageError> {
    let (form, _) = read_form(state, request, purpose, payload).await?;
    let signed_in = match proven_for(state, request, PAGE).await? {
        Ok(signed_in) => signed_in,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let (at_work, by, origin, change) = (state.clone(), signed_in.clone(), origin_of(request), change(form.get("id").unwrap_or_default().to_owned()));
    match state.db.write_again(move |tx: &mut WriteTx<'_>| carry_out(tx, &at_work, &by, &change, &origin)).await? {
        Ok(()) | Err(Refused::Book(_)) => Ok(see_other(PAGE)),
        Err(refused) => list(state, request, &signed_in, Some(refused.word())).await,
    }
}

async fn prefer(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    finish(&state, &request, change_one(&state, &request, payload, PREFER, Change::Prefer)).await
}

async fn remove(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    finish(&state, &request, change_one(&state, &request, payload, REMOVE, Change::Remove)).await
}
