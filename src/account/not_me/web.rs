//! `/not-me/{ticket}`.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::account::security::web::{finish, read_form};
use crate::base::ids::CustomerId;
use crate::base::secret::Secret;
use crate::base::time::UnixSeconds;
use crate::identity::customers;
use crate::identity::erasure;
use crate::identity::factors;
use crate::identity::messages::{self, CodePurpose, Desk, Notice};
use crate::identity::recovery;
use crate::identity::signin::gate::SigninState;
use crate::identity::signin::judgement;
use crate::identity::signin::new_password::{Kept, end_everything};
use crate::identity::tickets::store::{Ticket, end_tickets, find_ticket, redeem_ticket};
use crate::identity::tickets::{Purpose, secret_of};
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{PageError, PagePolicy, PageView, respond};
use crate::risk::decisions::LabelSource;

/// The link in a notice was used.
pub const ACCOUNT_SECURED: EventSpec = EventSpec::new(
    "account_secured",
    "A customer said of a notice that it was not them: every session, grant and trusted device ended, the password has to be replaced, contact and addresses stand still for a day.",
);

/// The other answer.
pub const SIGNIN_CONFIRMED: EventSpec = EventSpec::new("signin_confirmed", "A customer said of a sign-in that looked unusual that it was their own.");

/// How far back ways to sign in are taken away that were added, in seconds: three days, and at least since the notice.
const DISTRUST_SECONDS: i64 = 72 * 3_600;

/// How long contact and addresses stand still, in seconds.
pub const FREEZE_SECONDS: i64 = 86_400;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.route("/not-me/{ticket}", web::get().to(show)).route("/not-me/{ticket}", web::post().to(act));
}

#[derive(Template)]
#[template(path = "account/not_me/pages/not-me.html")]
struct NotMePage<'a> {
    page: &'a PageView,
    /// Where the button leads, and its token; none when there is nothing to press.
    button: Option<(String, String)>,
    /// Whether it is about a sign-in, of which one can say that it was one's own.
    may_say_me: bool,
    /// What the notice was about, as a key; empty for a code.
    about: String,
    /// The page's word: `ask`, `code`, `done`, `known`, `stopped`, `used` or `expired`.
    word: &'static str,
}

impl NotMePage<'_> {
    fn say(&self, part: &str) -> String {
        if self.may_say_me && part == "title" {
            return self.page.t("not-me-signin-title");
        }
        self.page.t(&format!("not-me-{}-{part}", self.word))
    }
}

fn address(secret: &Secret) -> String {
    format!("/not-me/{}", secret.expose())
}

fn page(state: &SigninState, request: &HttpRequest, word: &'static str, ticket: Option<(&Ticket, &Secret)>) -> HttpResponse {
    let view = PageView::new(&state.http, request, &[]);
    let (browser, cookie) = state.browser(request);
    let asked = ticket.filter(|_| word == "ask" || word == "code");
    let about = asked.map(|(ticket, _)| format!("mail-{}-subject", ticket.about)).filter(|key| view.has(key)).unwrap_or_default();
    let may_say_me = asked.is_some_and(|(ticket, _)| is_of_signin(ticket));
    let button = asked.map(|(_, secret)| (address(secret), csrf::token(&state.tools.ring, &browser, &address(secret))));
    let status = match word {
        "expired" => StatusCode::NOT_FOUND,
        "used" => StatusCode::GONE,
        _ => StatusCode::OK,
    };
    let mut response = respond(status, &view, &NotMePage { page: &view, button, may_say_me, about, word }, &PagePolicy::default());
    if let Some(cookie) = cookie {
        // A cookie of ours is always a valid header.
        let _ = response.add_cookie(&cookie);
    }
    response
}

/// Shows what the button would do. Mail scanners open links; so this changes nothing.
async fn show(state: Data<SigninState>, request: HttpRequest, path: Path<String>) -> HttpResponse {
    let work = async {
        let Some(secret) = secret_of(&path) else { return Ok(page(&state, &request, "expired", None)) };
        let (tools, wanted) = (state.tools.clone(), Secret::new(secret.expose().to_owned()));
        let ticket = state.db.read(move |connection: &mut DbConnection| find_ticket(connection, &tools, Purpose::NotMe, &wanted)).await?;
        Ok(match ticket {
            None => page(&state, &request, "expired", None),
            Some(ticket) if ticket.used_at.is_some() => page(&state, &request, "used", None),
            Some(ticket) => page(&state, &request, if is_of_recovery(&ticket) { "code" } else { "ask" }, Some((&ticket, &secret))),
        })
    };
    finish(&state, &request, work).await
}

async fn act(state: Data<SigninState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let Some(secret) = secret_of(&path) else { return Ok(page(&state, &request, "expired", None)) };
        let (form, _) = read_form(&state, &request, &address(&secret), payload).await?;
        let (at_work, origin, was_me) = (state.clone(), origin_of(&request), form.get("answer") == Some("me"));
        let work = move |tx: &mut WriteTx<'_>| if was_me { confirm(tx, &at_work, &secret, &origin) } else { secure(tx, &at_work, &secret, &origin) };
        let word = state.db.write(work).await?;
        let mut response = page(&state, &request, word, None);
        if word == "done" && state.session_cookie(&request).is_some() {
            let _ = response.add_cookie(&state.signed_out_cookie());
        }
        Ok::<_, PageError>(response)
    };
    finish(&state, &request, work).await
}

/// Whether it came with the code of a recovery. Anybody who knows an address has such a code sent: it says nothing of whether somebody got in.
fn is_of_recovery(ticket: &Ticket) -> bool {
    ticket.about == CodePurpose::Recovery.word() || ticket.about == CodePurpose::Caller.word()
}

/// Whether it is about a sign-in.
fn is_of_signin(ticket: &Ticket) -> bool {
    [Notice::SigninUnusual, Notice::SigninStopped, Notice::NewDevice].iter().any(|notice| notice.word() == ticket.about)
}

/// Notes that it was the customer. The link stays good, for whoever presses the wrong button.
fn confirm(tx: &mut WriteTx<'_>, state: &SigninState, secret: &Secret, origin: &Origin) -> Result<&'static str, StoreError> {
    let found = find_ticket(tx, &state.tools, Purpose::NotMe, secret)?.filter(|ticket| ticket.used_at.is_none() && is_of_signin(ticket));
    let Some(ticket) = found else { return Ok("used") };
    if judgement::label_own(tx, state, &ticket.customer, ticket.created_at)? {
        let about = format!("customer:{}", ticket.customer);
        let entry = Entry::success(SIGNIN_CONFIRMED, Actor::Customer(ticket.customer.to_string()), about, origin);
        audit::record(tx, &state.tools, &entry.with_detail(serde_json::json!({ "notice": ticket.about })))?;
    }
    Ok("known")
}

/// Carries out what the link of a message stands for; the word of the page that tells of it.
fn secure(tx: &mut WriteTx<'_>, state: &SigninState, secret: &Secret, origin: &Origin) -> Result<&'static str, StoreError> {
    let Some(ticket) = redeem_ticket(tx, &state.tools, Purpose::NotMe, secret)? else { return Ok("used") };
    if is_of_recovery(&ticket) {
        // Were it more, whoever reads the mailbox could have such a mail sent each day, and keep the account standing still for ever.
        recovery::store::end_collecting(tx, &ticket.customer)?;
        let about = format!("customer:{}", ticket.customer);
        let entry = Entry::success(recovery::RECOVERY_STOPPED, Actor::Customer(ticket.customer.to_string()), about, origin);
        audit::record(tx, &state.tools, &entry.with_detail(serde_json::json!({ "by": "code" })))?;
        return Ok("stopped");
    }
    let minutes = state.tools.now().since(ticket.created_at).div_euclid(60);
    // What came after the notice was not them either.
    let since = ticket.created_at.min(state.tools.now().plus(-DISTRUST_SECONDS));
    secure_account(tx, state, &ticket.customer, since, serde_json::json!({ "notice": ticket.about, "minutes_after_notice": minutes }), origin)?;
    Ok("done")
}

/// The same for a customer who is signed in; the page that tells of it.
///
/// # Errors
/// [`StoreError`].
pub(in crate::account) async fn secure_own(state: &Data<SigninState>, request: &HttpRequest, customer: &CustomerId) -> Result<HttpResponse, StoreError> {
    let (at_work, origin, customer) = (state.clone(), origin_of(request), customer.clone());
    let since = state.tools.now().plus(-DISTRUST_SECONDS);
    state.db.write(move |tx: &mut WriteTx<'_>| secure_account(tx, &at_work, &customer, since, serde_json::json!({ "notice": "sessions" }), &origin)).await?;
    let mut response = page(state, request, "done", None);
    let _ = response.add_cookie(&state.signed_out_cookie());
    Ok(response)
}

/// Ends everything that somebody may have opened, and takes away what was added since `since`.
fn secure_account(tx: &mut WriteTx<'_>, state: &SigninState, id: &CustomerId, since: UnixSeconds, mut detail: serde_json::Value, origin: &Origin) -> Result<(), StoreError> {
    let (tools, now) = (&state.tools, state.tools.now());
    let ended = end_everything(tx, state, id, "not_me", &Kept::default())?;
    customers::store::flag_password(tx, id, Some("not_me"))?;
    customers::details::store::freeze(tx, id, now.plus(FREEZE_SECONDS))?;
    let removed = factors::remove_since(tx, id, since, now)?;
    let disconnected = factors::upstream::disconnect_all(tx, tools, id, "not_me", origin)?;
    // Whoever got in may have begun one, or asked for the account to be erased.
    let was_leaving = erasure::stop(tx, tools, id, origin)?;
    recovery::store::end_recoveries(tx, id, None)?;
    // Nothing that they did becomes usual, and the model learns of it.
    judgement::label_strangers(tx, state, id, since, true, (LabelSource::Report, id.as_str()))?;
    // One press is enough: the links of the other notices have nothing left to do.
    end_tickets(tx, id, Purpose::NotMe, now)?;
    if let Some(customer) = customers::store::find_customer(tx, &tools.ring, id)? {
        messages::send_notice(tx, &Desk::of(&state.http), Notice::Secured, &customer)?;
    }
    if let Some(detail) = detail.as_object_mut() {
        detail.insert("sessions_ended".to_owned(), ended.into());
        detail.insert("authenticators_removed".to_owned(), removed.into());
        detail.insert("upstreams_disconnected".to_owned(), disconnected.into());
        detail.insert("erasure_stopped".to_owned(), was_leaving.into());
    }
    audit::record(tx, tools, &Entry::success(ACCOUNT_SECURED, Actor::Customer(id.to_string()), format!("customer:{id}"), origin).with_detail(detail))
}
