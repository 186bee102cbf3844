//! The pages on which a customer decides: consent, the choice of an account, and the pause before gift cards are bought.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::rules::{PAUSE_SECONDS, seconds_left};
use crate::base::assurance::Requirement;
use crate::base::purchase::Purchase;
use crate::identity::care::{CARD_ANSWERED, CARD_SHOWN};
use crate::identity::sessions::SignedIn;
use crate::oauth::authorize::model::Pause;
use crate::oauth::authorize::rules::Decision;
use crate::oauth::authorize::store;
use crate::oauth::authorize::web::{Turn, finish, way_back};
use crate::oauth::clients::Client;
use crate::oauth::state::OAuthState;
use crate::platform::audit::{self, Actor, Entry, EventSpec};
use crate::platform::db::WriteTx;
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, PageView, respond};

#[derive(Template)]
#[template(path = "oauth/authorize/pages/consent.html")]
struct ConsentPage<'a> {
    page: &'a PageView,
    client: &'a Client,
    /// What is bought, when the request is a purchase.
    purchase: Option<&'a Purchase>,
    name: &'a str,
    action: &'a str,
    csrf: &'a str,
    session: &'a str,
    lines: Vec<String>,
}

/// `GET /authorize/{flow}/consent`.
pub async fn show_consent(state: Data<OAuthState>, request: HttpRequest, path: Path<String>) -> HttpResponse {
    let work = async {
        let (turn, browser) = Turn::load(&state, &request, &path).await?;
        match turn.judged() {
            (Decision::AskConsent, Some(signed_in)) => {
                let view = PageView::new(&state.http, &request, &turn.wanted.ui_locales);
                let action = turn.path("consent");
                let token = csrf::token(&state.tools.ring, &browser, &action);
                let line = |value: &str| {
                    let key = format!("consent-scope-{value}");
                    if view.has(&key) { view.t(&key) } else { view.t1("consent-scope-other", "scope", value) }
                };
                let name = turn.display_name(&signed_in).await?;
                let (shared, mark) = (turn.wanted.shared(), turn.mark(&signed_in));
                let page = ConsentPage {
                    page: &view,
                    client: &turn.client,
                    purchase: turn.wanted.purchase.as_ref(),
                    name: &name,
                    action: &action,
                    csrf: &token,
                    session: &mark,
                    lines: shared.in_reading_order().map(line).collect(),
                };
                Ok(respond(StatusCode::OK, &view, &page, &turn.page_policy()))
            }
            _ => turn.proceed().await,
        }
    };
    finish(&state, &request, work).await
}

/// `POST /authorize/{flow}/consent`.
pub async fn consent(state: Data<OAuthState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let (turn, browser) = Turn::load(&state, &request, &path).await?;
        let form = turn.read_own_form(&browser, "consent", payload).await?;
        let (decision, present) = turn.judged();
        match (decision, present, form.get("decision")) {
            (Decision::AskConsent, Some(signed_in), _) if !turn.is_for(&form, &signed_in) => turn.send_to_page("consent").await,
            (Decision::AskConsent, Some(signed_in), Some("allow")) => turn.issue(signed_in, true).await,
            (Decision::AskConsent, Some(signed_in), Some("deny")) => turn.refuse("access_denied", Some(signed_in)).await,
            (Decision::AskConsent, Some(_), _) => Err(PageError::new(ErrorKind::Request).with_detail("decision must be allow or deny").with_way_back(way_back(&turn.client))),
            // The session ended meanwhile, or somebody else signed in: start over from the rules.
            _ => turn.proceed().await,
        }
    };
    finish(&state, &request, work).await
}

#[derive(Template)]
#[template(path = "oauth/authorize/pages/account.html")]
struct AccountPage<'a> {
    page: &'a PageView,
    client: &'a Client,
    name: &'a str,
    action: &'a str,
    csrf: &'a str,
    session: &'a str,
}

/// `GET /authorize/{flow}/account`.
pub async fn show_choice(state: Data<OAuthState>, request: HttpRequest, path: Path<String>) -> HttpResponse {
    let work = async {
        let (turn, browser) = Turn::load(&state, &request, &path).await?;
        match turn.judged() {
            (Decision::ChooseAccount, Some(signed_in)) => {
                let view = PageView::new(&state.http, &request, &turn.wanted.ui_locales);
                let action = turn.path("account");
                let token = csrf::token(&state.tools.ring, &browser, &action);
                let name = turn.display_name(&signed_in).await?;
                let mark = turn.mark(&signed_in);
                let page = AccountPage { page: &view, client: &turn.client, name: &name, action: &action, csrf: &token, session: &mark };
                Ok(respond(StatusCode::OK, &view, &page, &turn.page_policy()))
            }
            _ => turn.proceed().await,
        }
    };
    finish(&state, &request, work).await
}

/// `POST /authorize/{flow}/account`.
pub async fn choose(state: Data<OAuthState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let (mut turn, browser) = Turn::load(&state, &request, &path).await?;
        let form = turn.read_own_form(&browser, "account", payload).await?;
        match form.get("account") {
            Some("current") if !turn.judged().1.is_some_and(|signed_in| turn.is_for(&form, &signed_in)) => turn.proceed().await,
            Some("current") => {
                turn.wanted.is_account_chosen = true;
                keep(&turn, None).await?;
                turn.proceed().await
            }
            Some("other") => {
                let requirement = Requirement { after: Some(state.tools.now_micros()), ..turn.wanted.requirement.clone() };
                turn.send_to_sign_in(requirement).await
            }
            _ => Err(PageError::new(ErrorKind::Request).with_detail("account must be current or other").with_way_back(way_back(&turn.client))),
        }
    };
    finish(&state, &request, work).await
}

/// Keeps what was decided so far, and what the audit is to know of it.
async fn keep(turn: &Turn<'_>, entry: Option<Entry>) -> Result<(), PageError> {
    let (at_work, wanted, id) = (turn.state.clone(), turn.wanted.clone(), turn.waiting.clone());
    let work = move |tx: &mut WriteTx<'_>| {
        if let Some(id) = &id {
            store::replace_request(tx, &at_work.tools, id, &wanted)?;
        }
        entry.as_ref().map_or(Ok(()), |entry| audit::record(tx, &at_work.tools, entry))
    };
    Ok(turn.state.db.write(work).await?)
}

#[derive(Template)]
#[template(path = "oauth/authorize/pages/pause.html")]
struct PausePage<'a> {
    page: &'a PageView,
    client: &'a Client,
    purchase: &'a Purchase,
    action: &'a str,
    csrf: &'a str,
    session: &'a str,
    seconds: String,
    /// Whether the button came too soon.
    is_early: bool,
}

/// The word under which the pause is counted among the cards.
const CARD: &str = "gift_cards";

fn entry(turn: &Turn<'_>, request: &HttpRequest, spec: EventSpec, by: &SignedIn, answer: Option<&str>) -> Entry {
    let (customer, seconds) = (by.customer(), PAUSE_SECONDS - seconds_left(turn.wanted.pause, turn.state.tools.now()));
    let detail = match answer {
        Some(answer) => serde_json::json!({ "card": CARD, "answer": answer, "seconds": seconds }),
        None => serde_json::json!({ "card": CARD }),
    };
    Entry::success(spec, Actor::Customer(customer.as_str().to_owned()), format!("customer:{customer}"), &origin_of(request))
        .with_client(turn.client.id.as_str())
        .with_session(by.session_id().as_str())
        .with_detail(detail)
}

fn pause_page(turn: &Turn<'_>, request: &HttpRequest, browser: &crate::base::secret::Secret, signed_in: &SignedIn, is_early: bool) -> Result<HttpResponse, PageError> {
    let purchase = turn.wanted.purchase.as_ref().ok_or_else(|| PageError::new(ErrorKind::NotFound))?;
    let view = PageView::new(&turn.state.http, request, &turn.wanted.ui_locales);
    let (action, mark) = (turn.path("pause"), turn.mark(signed_in));
    let token = csrf::token(&turn.state.tools.ring, browser, &action);
    let seconds = seconds_left(turn.wanted.pause, turn.state.tools.now()).to_string();
    let page = PausePage { page: &view, client: &turn.client, purchase, action: &action, csrf: &token, session: &mark, seconds, is_early };
    Ok(respond(if is_early { StatusCode::CONFLICT } else { StatusCode::OK }, &view, &page, &turn.page_policy()))
}

/// `GET /authorize/{flow}/pause`: the time runs from the first look.
pub async fn show_pause(state: Data<OAuthState>, request: HttpRequest, path: Path<String>) -> HttpResponse {
    let work = async {
        let (mut turn, browser) = Turn::load(&state, &request, &path).await?;
        match turn.judged() {
            (Decision::Pause, Some(signed_in)) => {
                if turn.wanted.pause == Pause::Ahead {
                    let shown = entry(&turn, &request, CARD_SHOWN, &signed_in, None);
                    turn.wanted.pause = Pause::Since(state.tools.now());
                    keep(&turn, Some(shown)).await?;
                }
                pause_page(&turn, &request, &browser, &signed_in, false)
            }
            _ => turn.proceed().await,
        }
    };
    finish(&state, &request, work).await
}

/// `POST /authorize/{flow}/pause`: on with it, not before its time, or not at all.
pub async fn pause(state: Data<OAuthState>, request: HttpRequest, path: Path<String>, payload: Payload) -> HttpResponse {
    let work = async {
        let (mut turn, browser) = Turn::load(&state, &request, &path).await?;
        let form = turn.read_own_form(&browser, "pause", payload).await?;
        match (turn.judged(), form.get("decision")) {
            ((Decision::Pause, Some(signed_in)), _) if !turn.is_for(&form, &signed_in) => turn.send_to_page("pause").await,
            ((Decision::Pause, Some(signed_in)), Some("stop")) => {
                let stopped = entry(&turn, &request, CARD_ANSWERED, &signed_in, Some("acted"));
                keep(&turn, Some(stopped)).await?;
                turn.refuse("access_denied", None).await
            }
            ((Decision::Pause, Some(signed_in)), Some("go-on")) => {
                if seconds_left(turn.wanted.pause, state.tools.now()) > 0 {
                    return pause_page(&turn, &request, &browser, &signed_in, true);
                }
                let answered = entry(&turn, &request, CARD_ANSWERED, &signed_in, Some("put_away"));
                turn.wanted.pause = Pause::Over;
                keep(&turn, Some(answered)).await?;
                turn.proceed().await
            }
            ((Decision::Pause, Some(_)), _) => Err(PageError::new(ErrorKind::Request).with_detail("decision must be stop or go-on").with_way_back(way_back(&turn.client))),
            _ => turn.proceed().await,
        }
    };
    finish(&state, &request, work).await
}
