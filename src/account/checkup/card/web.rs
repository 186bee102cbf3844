//! What the card on the account's first page is, and `POST /account/card` that answers it.

use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use crate::account::security::web::{entry, finish, read_form, seen_for};
use crate::base::time::UnixSeconds;
use crate::identity::care::rules::{Card, choose_card};
use crate::identity::care::store as care;
use crate::identity::care::{CARD_ANSWERED, CARD_SHOWN};
use crate::identity::sessions::SignedIn;
use crate::identity::signin::gate::SigninState;
use crate::platform::audit;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::http::guard::origin_of;
use crate::platform::http::page::{ErrorKind, PageError, see_other};

/// Where a card is answered.
pub const PAGE: &str = "/account/card";

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.route(PAGE, web::post().to(answer));
}

/// The card for this page view, if any; that it is shown is noted once a session.
///
/// # Errors
/// [`StoreError`].
pub async fn next(state: &Data<SigninState>, request: &HttpRequest, signed_in: &SignedIn, joined_at: UnixSeconds) -> Result<Option<Card>, StoreError> {
    let (id, now) = (signed_in.customer().clone(), state.tools.now());
    let found = state.db.read(move |connection: &mut DbConnection| care::find_state(connection, &id)).await?;
    let session = signed_in.session_id().as_str();
    let Some(card) = choose_card(&found, session, joined_at, now) else { return Ok(None) };
    if found.shown.is_none_or(|shown| shown.session != session) {
        let (at_work, by, origin) = (state.clone(), signed_in.clone(), origin_of(request));
        let work = move |tx: &mut WriteTx<'_>| {
            if care::note_shown(tx, by.customer(), card, by.session_id(), now)? {
                audit::record(tx, &at_work.tools, &entry(CARD_SHOWN, &by, &origin).with_detail(serde_json::json!({ "card": card.word() })))?;
            }
            Ok(())
        };
        state.db.write(work).await?;
    }
    Ok(Some(card))
}

/// Takes the customer to the remedy, or puts the card away.
async fn answer(state: Data<SigninState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let work = async {
        let (form, _) = read_form(&state, &request, PAGE, payload).await?;
        let signed_in = match seen_for(&state, &request, "/account").await? {
            Ok(signed_in) => signed_in,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let card = form.get("card").and_then(Card::parse).ok_or_else(|| PageError::new(ErrorKind::Request).with_detail("card is missing"))?;
        let is_taken = form.get("answer") == Some("act");
        let (at_work, origin) = (state.clone(), origin_of(&request));
        let work = move |tx: &mut WriteTx<'_>| {
            let now = at_work.tools.now();
            if care::note_answer(tx, signed_in.customer(), card, signed_in.session_id(), now)? {
                let shown = care::find_state(tx, signed_in.customer())?.shown.map_or(0, |shown| now.since(shown.at));
                let detail = serde_json::json!({ "card": card.word(), "answer": if is_taken { "acted" } else { "put_away" }, "seconds": shown });
                audit::record(tx, &at_work.tools, &entry(CARD_ANSWERED, &signed_in, &origin).with_detail(detail))?;
            }
            Ok(())
        };
        state.db.write(work).await?;
        Ok(see_other(if is_taken { card.remedy() } else { "/account" }))
    };
    finish(&state, &request, work).await
}
