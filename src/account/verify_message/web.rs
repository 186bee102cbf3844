//! `/verify-message`: whoever pastes a code or a message is told whether it is genuine, altered, sent to somebody else, or not ours. What is not ours is kept as a report.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::account::security::web::{finish, read_form};
use crate::base::ids::CustomerId;
use crate::identity::attempts::rules::BucketLimit;
use crate::identity::attempts::store as attempts;
use crate::identity::care;
use crate::identity::care::rules::{Card, MAX_REPORT, report_lanes};
use crate::identity::customers::{self, Customer};
use crate::identity::factors::sent_code::rules::{masked_email, masked_phone};
use crate::identity::messages::rules::{Channel, Message, find_code, is_same_text, normal};
use crate::identity::messages::store::{SentMessage, find_by_code};
use crate::identity::signin::gate::SigninState;
use crate::platform::audit::{self, Actor, Entry, EventSpec};
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::http::client_address::source_of;
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{PagePolicy, PageView, respond};

/// Somebody asked about a message.
pub const MESSAGE_CHECKED: EventSpec =
    EventSpec::new("message_checked", "Somebody asked whether a message is from us: the reason says what it was; what is not ours or altered counts as a report of phishing.");

const PAGE: &str = "/verify-message";
/// Checks from one address in an hour.
const SOURCE_LIMIT: i64 = 60;
/// The longest paste that is looked at, in characters.
const MAX_CHARACTERS: usize = 20_000;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.route(PAGE, web::get().to(show)).route(PAGE, web::post().to(check));
}

/// What a message turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Finding {
    /// Ours, word for word; or, by its code alone, that there is such a message.
    Genuine,
    /// Our code under words that are not ours.
    Altered,
    /// Ours, but sent to somebody else than whoever asks.
    Replayed,
    /// Not ours.
    Foreign,
    /// Too many questions.
    Throttled,
}

impl Finding {
    const fn word(self) -> &'static str {
        match self {
            Self::Genuine => "genuine",
            Self::Altered => "altered",
            Self::Replayed => "replayed",
            Self::Foreign => "foreign",
            Self::Throttled => "throttled",
        }
    }
}

#[derive(Template)]
#[template(path = "account/verify_message/pages/verify.html")]
struct VerifyPage<'a> {
    page: &'a PageView,
    csrf: &'a str,
    /// What it turned out to be.
    word: &'a str,
    /// When it was sent; only of a genuine one.
    when: String,
    /// What it says, where it was pasted whole.
    kept: Option<(String, String)>,
    /// To whom it went, for whoever is not signed in.
    to: Option<String>,
    pasted: &'a str,
}

impl VerifyPage<'_> {
    fn is(&self, word: &str) -> bool {
        self.word == word
    }

    fn say(&self, part: &str) -> String {
        self.page.t(&format!("verify-{}-{part}", self.word))
    }
}

/// What the page tells.
#[derive(Default)]
struct Told<'a> {
    finding: Option<Finding>,
    when: String,
    /// Subject and text, as we sent them.
    kept: Option<(String, String)>,
    /// To whom it went, masked.
    to: Option<String>,
    pasted: &'a str,
}

/// Whether a message went to somebody else than the one who is signed in and asks.
fn is_for_another(tx: &mut WriteTx<'_>, state: &SigninState, own: Option<&CustomerId>, message: &SentMessage) -> Result<bool, StoreError> {
    let Some(own) = own else { return Ok(false) };
    if let Some(customer) = &message.customer {
        return Ok(customer != own);
    }
    // A code to an address without an account: theirs, when it has become their own since.
    let found = customers::store::find_customer(tx, &state.tools.ring, own)?;
    let is_theirs = |customer: &Customer| {
        let addresses = [Some(&customer.email), customer.backup_email.as_ref()];
        addresses.into_iter().flatten().any(|address| address.as_str() == message.content.to) || customer.phone.as_ref().is_some_and(|phone| phone.as_str() == message.content.to)
    };
    Ok(!found.as_ref().is_some_and(is_theirs))
}

fn masked(message: &Message) -> String {
    match message.channel {
        Channel::Mail => masked_email(&message.to),
        Channel::Text => masked_phone(&message.to),
    }
}

fn page(state: &SigninState, request: &HttpRequest, told: &Told<'_>) -> HttpResponse {
    let Told { finding, when, kept, to, pasted } = told;
    let finding = *finding;
    let view = PageView::new(&state.http, request, &[]);
    let (browser, cookie) = state.browser(request);
    let token = csrf::token(&state.tools.ring, &browser, PAGE);
    let status = if finding == Some(Finding::Throttled) { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::OK };
    let template = VerifyPage { page: &view, csrf: &token, word: finding.map_or("", Finding::word), when: when.clone(), kept: kept.clone(), to: to.clone(), pasted };
    let mut response = respond(status, &view, &template, &PagePolicy::default());
    if let Some(cookie) = cookie {
        // A cookie of ours is always a valid header.
        let _ = response.add_cookie(&cookie);
    }
    response
}

async fn show(state: Data<SigninState>, request: HttpRequest) -> HttpResponse {
    page(&state, &request, &Told::default())
}

async fn check(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let (form, _) = read_form(&state, &request, PAGE, payload).await?;
        let pasted: String = form.get("message").unwrap_or_default().chars().take(MAX_CHARACTERS).collect();
        let own = state.signed_in(&request).await?.map(|signed_in| signed_in.customer().clone());
        let (at_work, origin, text) = (state.clone(), origin_of(&request), pasted.clone());
        let work = move |tx: &mut WriteTx<'_>| {
            let source = origin.address.map_or_else(|| "unknown".to_owned(), source_of);
            let lane = (format!("verify:{source}"), BucketLimit { limit: SOURCE_LIMIT, window_seconds: 3_600, consecutive_limit: None });
            if attempts::count_in_each(tx, &[lane], at_work.tools.now())?.is_err() {
                return Ok((Finding::Throttled, None, None, None));
            }
            let bare = text.trim();
            let is_code = bare.chars().filter(char::is_ascii_alphanumeric).count() == 8 && bare.len() <= 12;
            let code = if is_code { Some(normal(bare)) } else { find_code(&text) };
            let found = match &code {
                Some(code) => find_by_code(tx, &at_work.tools, code)?,
                None => None,
            };
            let finding = match &found {
                None => Finding::Foreign,
                Some(message) if !is_code && !is_same_text(&message.content.subject, &message.content.text, &text) => Finding::Altered,
                Some(message) if is_for_another(tx, &at_work, own.as_ref(), message)? => Finding::Replayed,
                Some(_) => Finding::Genuine,
            };
            let about = own.as_ref().map(|customer| format!("customer:{customer}")).unwrap_or_default();
            let actor = own.as_ref().map_or(Actor::Anonymous, |customer| Actor::Customer(customer.to_string()));
            let detail = serde_json::json!({ "message": found.as_ref().map(|message| message.id.as_str()) });
            let entry = match finding {
                Finding::Genuine => Entry::success(MESSAGE_CHECKED, actor, about, &origin),
                other => Entry::refusal(MESSAGE_CHECKED, actor, about, other.word(), &origin),
            };
            audit::record(tx, &at_work.tools, &entry.with_detail(detail))?;
            // What is not ours is for the admins to read; a code alone says nothing.
            let reports = report_lanes(&source);
            let is_report = finding != Finding::Genuine && !is_code && !bare.is_empty();
            if is_report && attempts::count_in_each(tx, &reports, at_work.tools.now())?.is_ok() {
                let text: String = text.chars().take(MAX_REPORT).collect();
                care::store::insert_report(tx, &at_work.tools, own.as_ref(), finding.word(), &text)?;
                if let Some(customer) = &own {
                    care::store::note_moment(tx, customer, Card::Phished, at_work.tools.now())?;
                }
            }
            let genuine = found.filter(|_| finding == Finding::Genuine);
            let kept = genuine.as_ref().filter(|_| !is_code).map(|message| (message.content.subject.clone(), message.content.text.clone()));
            // Whoever is not signed in is told where it went: one of our mails to somebody else is no mail to them.
            let to = genuine.as_ref().filter(|_| own.is_none()).map(|message| masked(&message.content));
            Ok((finding, genuine.map(|message| message.sent_at), kept, to))
        };
        let (finding, sent_at, kept, to) = state.db.write_again(work).await?;
        let when = sent_at.map(|at| PageView::new(&state.http, &request, &[]).since(at, state.tools.now())).unwrap_or_default();
        Ok(page(&state, &request, &Told { finding: Some(finding), when, kept, to, pasted: &pasted }))
    };
    finish(&state, &request, work).await
}
