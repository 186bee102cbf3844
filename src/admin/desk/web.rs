//! `/account/call`: a customer on the telephone with the support sees who is asking and a number, and says whether it is them.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::actions::CALLER_CHECKED;
use super::rules::{Strength, Way};
use super::store::{CallerCheck, find_latest, note_proven, note_refused};
use crate::base::assurance::{Acr, Requirement};
use crate::identity::sessions::SignedIn;
use crate::identity::signin::gate::{self, SigninState};
use crate::identity::signin::machine::Step;
use crate::identity::signin::model::ReturnTo;
use crate::identity::signin::web::{read_genuine, start};
use crate::platform::audit::{self, Actor, Entry};
use crate::platform::db::{DbConnection, WriteTx};
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, PagePolicy, PageView, error_page, respond, see_other};

const PAGE: &str = "/account/call";
/// How old the proof may be, in seconds.
const FRESH_SECONDS: u32 = 300;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.route(PAGE, web::get().to(show)).route(PAGE, web::post().to(answer));
}

#[derive(Template)]
#[template(path = "admin/desk/pages/call.html")]
struct CallPage<'a> {
    page: &'a PageView,
    /// The check that waits; none when nobody asks.
    check: Option<&'a CallerCheck>,
    csrf: &'a str,
    /// `yes` or `no`, when it was just answered.
    answered: &'static str,
}

/// Who is signed in with a proof of just now, or the way to give one.
async fn proven(state: &Data<SigninState>, request: &HttpRequest) -> Result<Result<SignedIn, HttpResponse>, PageError> {
    let requirement = Requirement { max_age_seconds: Some(FRESH_SECONDS), is_strict: true, ..Requirement::default() };
    let signed_in = state.signed_in(request).await?;
    match (gate::judge(signed_in.as_ref(), &requirement, state.tools.now()), signed_in) {
        (Step::Done, Some(signed_in)) => Ok(Ok(signed_in)),
        _ => {
            let requirement = Requirement { requested_at: Some(state.tools.now_micros()), ..requirement };
            Ok(Err(start(state, request, ReturnTo::page(PAGE), requirement).await?))
        }
    }
}

async fn show(state: Data<SigninState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        let signed_in = match proven(&state, &request).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let (tools, id) = (state.tools.clone(), signed_in.customer().clone());
        let found = state.db.read(move |connection: &mut DbConnection| find_latest(connection, &tools, &id)).await?;
        let check = found.filter(|check| check.way == Way::Page && check.proven_at.is_none() && !check.is_refused);
        let view = PageView::new(&state.http, &request, &[]);
        let (browser, cookie) = state.browser(&request);
        let token = csrf::token(&state.tools.ring, &browser, PAGE);
        let answered = match request.query_string() {
            "yes" => "yes",
            "no" => "no",
            _ => "",
        };
        let mut response = respond(StatusCode::OK, &view, &CallPage { page: &view, check: check.as_ref(), csrf: &token, answered }, &PagePolicy::default());
        if let Some(cookie) = cookie {
            // A cookie of ours is always a valid header.
            let _ = response.add_cookie(&cookie);
        }
        Ok(response)
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}

async fn answer(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let browser = state.known_browser(&request).ok_or_else(|| PageError::new(ErrorKind::Forbidden))?;
        let form = read_genuine(&state, &request, payload, &browser, PAGE).await?;
        let signed_in = match proven(&state, &request).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let is_me = form.get("answer") == Some("yes");
        // The check that the page showed, and no other that was begun since.
        let shown = form.get("check").unwrap_or_default().to_owned();
        let (at_work, origin) = (state.clone(), origin_of(&request));
        let work = move |tx: &mut WriteTx<'_>| {
            let (tools, id) = (&at_work.tools, signed_in.customer());
            let Some(check) = find_latest(tx, tools, id)?.filter(|check| check.way == Way::Page && check.id.as_str() == shown) else { return Ok("") };
            let strength = if signed_in.authentication.acr >= Acr::SecondFactor { Strength::Strong } else { Strength::Weak };
            let entry = Entry::success(CALLER_CHECKED, Actor::Customer(id.to_string()), format!("customer:{id}"), &origin).with_session(signed_in.session_id().as_str());
            let entry = entry.with_detail(serde_json::json!({ "way": check.way, "strength": strength }));
            if is_me {
                if note_proven(tx, &check.id, strength, tools.now())? {
                    audit::record(tx, tools, &entry)?;
                }
                return Ok("?yes");
            }
            if note_refused(tx, &check.id, tools.now())? {
                audit::record(tx, tools, &entry.refused("denied"))?;
            }
            Ok("?no")
        };
        let word = state.db.write(work).await?;
        Ok(see_other(&format!("{PAGE}{word}")))
    };
    work.await.unwrap_or_else(|error: PageError| error_page(&state.http, &request, &error))
}
