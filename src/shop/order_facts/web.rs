//! `POST /order-facts`, with the customer's access token: `reference=<number of the order>`.

use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use crate::base::card_number;
use crate::identity::recovery::store::insert_order_fact;
use crate::oauth::access::{self, bearer_of};
use crate::oauth::state::OAuthState;
use crate::platform::audit::{self, Actor, Entry, EventSpec};
use crate::platform::db::WriteTx;
use crate::platform::http::body;
use crate::platform::http::guard::origin_of;
use crate::shop::refused::web::Refused;

/// A storefront told the number of an order.
pub const ORDER_FACT_TOLD: EventSpec = EventSpec::new("order_fact_told", "A storefront told the number of an order of a customer; a MAC of it is kept for recoveries.");

/// The scope that allows it.
pub const SCOPE: &str = "order_facts";
/// The longest number of an order, in characters.
const MAX_CHARACTERS: usize = 64;
/// The fewest letters and digits of one: less could be guessed.
const MIN_CHARACTERS: usize = 4;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.route("/order-facts", web::post().to(tell));
}

async fn tell(state: Data<OAuthState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    match note(&state, &request, payload).await {
        Ok(()) => HttpResponse::NoContent().finish(),
        Err(refused) => refused.respond(),
    }
}

async fn note(state: &Data<OAuthState>, request: &HttpRequest, payload: Payload) -> Result<(), Refused> {
    let token = bearer_of(request).map_err(|_| Refused::InvalidToken)?.ok_or(Refused::NoToken)?;
    let access = access::verify(state, &token).await?.ok_or(Refused::InvalidToken)?;
    let grant = access
        .grant
        .as_ref()
        .filter(|_| access.scope.contains(SCOPE))
        .ok_or(Refused::InsufficientScope("the access token is not a customer's, or lacks the scope order_facts"))?;
    let form = body::read_form(request, &mut payload.into_inner()).await.map_err(|_| Refused::Malformed("send a form with the field reference"))?;
    if form.has_repeated() {
        return Err(Refused::Malformed("a field was sent twice"));
    }
    let reference = form.get("reference").unwrap_or_default().trim().to_owned();
    if card_number::contains(&reference) {
        return Err(Refused::Malformed("reference is a card number, which nobody may send here"));
    }
    if reference.chars().count() > MAX_CHARACTERS || reference.chars().filter(|letter| letter.is_alphanumeric()).count() < MIN_CHARACTERS {
        return Err(Refused::Malformed("reference has at least 4 letters and digits, and at most 64 characters"));
    }
    let (tools, customer, client, origin) = (state.tools.clone(), grant.customer.clone(), access.client_id.clone(), origin_of(request));
    let work = move |tx: &mut WriteTx<'_>| {
        insert_order_fact(tx, &tools, &customer, &reference)?;
        let entry = Entry::success(ORDER_FACT_TOLD, Actor::Client(client.as_str().to_owned()), format!("customer:{customer}"), &origin);
        audit::record(tx, &tools, &entry.with_client(client.as_str()))
    };
    Ok(state.db.write_again(work).await?)
}
