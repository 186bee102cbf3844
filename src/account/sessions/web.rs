//! `/account/sessions`.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::account::not_me::web::secure_own;
use crate::account::security::web::{entry, finish, read_form, seen_for};
use crate::base::ids::SessionId;
use crate::base::page::PageRequest;
use crate::identity::factors::trusted_device::rules::describe;
use crate::identity::sessions::store;
use crate::identity::signin::gate::SigninState;
use crate::platform::audit::store::{KeptOrigin, list_about};
use crate::platform::audit::{self, EventSpec};
use crate::platform::db::{DbConnection, WriteTx};
use crate::platform::http::csrf;
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{PageError, PagePolicy, PageView, respond, see_other};

/// A customer signed out elsewhere.
pub const SESSION_ENDED: EventSpec = EventSpec::new("session_ended", "A customer ended a session of their own in another browser.");

const PAGE: &str = "/account/sessions";
const END: &str = "/account/sessions/end";
pub(in crate::account) const NOT_ME: &str = "/account/sessions/not-me";
/// Events in which the origin of a session is looked for.
const EVENTS: u32 = 500;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.route(PAGE, web::get().to(show)).route(END, web::post().to(end)).route(NOT_ME, web::post().to(not_me));
}

/// A line of the list.
struct Line {
    id: SessionId,
    is_this: bool,
    device: String,
    address: String,
    begun: String,
    seen: String,
}

#[derive(Template)]
#[template(path = "account/sessions/pages/sessions.html")]
struct SessionsPage<'a> {
    page: &'a PageView,
    sessions: Vec<Line>,
    end_csrf: &'a str,
    not_me_csrf: &'a str,
}

async fn show(state: Data<SigninState>, request: HttpRequest) -> HttpResponse {
    let work = async {
        let signed_in = match seen_for(&state, &request, PAGE).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let (tools, id, generation, policy) = (state.tools.clone(), signed_in.customer().clone(), signed_in.session.generation, state.sessions);
        let find = move |connection: &mut DbConnection| {
            let sessions = store::list_sessions(connection, &id, generation, &policy, tools.now())?;
            let events = list_about(connection, &tools, id.as_str(), &PageRequest::first(EVENTS))?;
            let origins: BTreeMap<String, KeptOrigin> = events.items.into_iter().rev().filter_map(|(event, origin)| Some((event.session_id?, origin?))).collect();
            Ok((sessions, origins))
        };
        let (sessions, origins) = state.db.read(find).await?;
        let view = PageView::new(&state.http, &request, &[]);
        let now = state.tools.now();
        let lines = sessions.into_iter().map(|session| {
            let origin = origins.get(session.id.as_str());
            let agent = origin.and_then(|origin| origin.user_agent.as_deref()).map(describe).filter(|name| name != "?");
            Line {
                is_this: session.id == *signed_in.session_id(),
                device: agent.unwrap_or_else(|| view.t("sessions-unknown")),
                address: origin.and_then(|origin| origin.address).map(|address| address.to_string()).unwrap_or_default(),
                begun: view.since(session.created_at, now),
                seen: view.since(session.last_seen_at, now),
                id: session.id,
            }
        });
        let (browser, cookie) = state.browser(&request);
        let token = |purpose| csrf::token(&state.tools.ring, &browser, purpose);
        let template = SessionsPage { page: &view, sessions: lines.collect(), end_csrf: &token(END), not_me_csrf: &token(NOT_ME) };
        let mut response = respond(StatusCode::OK, &view, &template, &PagePolicy::default());
        if let Some(cookie) = cookie {
            // A cookie of ours is always a valid header.
            let _ = response.add_cookie(&cookie);
        }
        Ok(response)
    };
    finish(&state, &request, work).await
}

/// Ends one session of the customer's, or all but this one.
async fn end(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let (form, _) = read_form(&state, &request, END, payload).await?;
        let signed_in = match seen_for(&state, &request, PAGE).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let (at_work, origin, named) = (state.clone(), origin_of(&request), form.get("session").unwrap_or_default().to_owned());
        let work = move |tx: &mut WriteTx<'_>| {
            let (now, policy) = (at_work.tools.now(), at_work.sessions);
            // Only what is in the customer's own list can be named.
            let own = store::list_sessions(tx, signed_in.customer(), signed_in.session.generation, &policy, now)?;
            let chosen = own.into_iter().filter(|session| session.id != *signed_in.session_id() && (named == "all" || session.id.as_str() == named));
            for session in chosen {
                if store::end_session(tx, &session.id, "ended_by_customer", now)? {
                    let detail = serde_json::json!({ "ended": session.id });
                    audit::record(tx, &at_work.tools, &entry(SESSION_ENDED, &signed_in, &origin).with_detail(detail))?;
                }
            }
            Ok(())
        };
        state.db.write(work).await?;
        Ok(see_other(PAGE))
    };
    finish(&state, &request, work).await
}

/// "This is not me": everything ends, and the account is to be made safe.
async fn not_me(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        read_form(&state, &request, NOT_ME, payload).await?;
        let signed_in = match seen_for(&state, &request, PAGE).await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        Ok::<_, PageError>(secure_own(&state, &request, signed_in.customer()).await?)
    };
    finish(&state, &request, work).await
}
