//! The page that says that a change waits, and what can be done meanwhile.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::{Holder, find_hold};
use crate::identity::sessions::SignedIn;
use crate::identity::signin::gate::SigninState;
use crate::platform::audit::{self, Actor, Entry, EventSpec};
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{PagePolicy, PageView, respond};

/// A change was held up.
pub const CHANGE_HELD: EventSpec = EventSpec::new(
    "change_held",
    "A change in the account was not let through, since the sign-in before it looked unusual; for a day, or until the customer said that it was them.",
);

#[derive(Template)]
#[template(path = "identity/signin/pages/held.html")]
struct HeldPage<'a> {
    page: &'a PageView,
    hours: String,
}

/// The page, where a change in a session has to wait.
///
/// # Errors
/// [`StoreError`].
pub async fn hold(state: &Data<SigninState>, request: &HttpRequest, signed_in: &SignedIn) -> Result<Option<HttpResponse>, StoreError> {
    hold_for(state, request, &Holder::of(signed_in)).await
}

/// The same for somebody in a sign-in, or in a session.
///
/// # Errors
/// [`StoreError`].
pub async fn hold_for(state: &Data<SigninState>, request: &HttpRequest, holder: &Holder) -> Result<Option<HttpResponse>, StoreError> {
    let (at_work, of, device) = (state.clone(), holder.clone(), state.device(request).map(|device| device.hash()));
    let until = state.db.read(move |connection: &mut DbConnection| find_hold(connection, &at_work, &of, device.as_ref())).await?;
    let Some(until) = until else { return Ok(None) };
    if request.method() == actix_web::http::Method::POST {
        let (tools, id, origin, page) = (state.tools.clone(), holder.customer.to_string(), origin_of(request), request.match_pattern().unwrap_or_default());
        let note = move |tx: &mut WriteTx<'_>| {
            let entry = Entry::refusal(CHANGE_HELD, Actor::Customer(id.clone()), format!("customer:{id}"), "risk", &origin);
            audit::record(tx, &tools, &entry.with_detail(serde_json::json!({ "page": page })))
        };
        state.db.write(note).await?;
    }
    let hours = (until.since(state.tools.now()) + 3_599).div_euclid(3_600).to_string();
    let view = PageView::new(&state.http, request, &[]);
    Ok(Some(respond(StatusCode::FORBIDDEN, &view, &HeldPage { page: &view, hours }, &PagePolicy::default())))
}
