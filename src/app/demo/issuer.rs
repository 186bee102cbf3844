//! A reference issuer of cards: compares the numbers of street and postcode with what it has on file, and answers in the letters of the card's scheme, as `avs.issuer_url` asks it to. With the demo come cards to play with, one for each thing that can happen.

use actix_web::web::{self, Data, Json, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::json;
use subtle::ConstantTimeEq;

use crate::risk::avs::letters::{Answer, Lands, Scheme, letter};
use crate::risk::avs::matching::{Compared, compare};

/// Where it is asked.
pub const PATH: &str = "/issuer/avs";

/// What it has on file of a card.
struct Card {
    token: &'static str,
    street: &'static str,
    postal: &'static str,
    country: &'static str,
}

/// The cards that it issued; tokens that begin with `pm_away` get no answer, and those of nobody are unknown.
const CARDS: [Card; 4] = [
    Card { token: "pm_match", street: "12 St James's Square", postal: "SW1Y 4LB", country: "GB" },
    Card { token: "pm_other_street", street: "99 Pall Mall", postal: "SW1Y 4LB", country: "GB" },
    Card { token: "pm_elsewhere", street: "1 Harbour Road", postal: "EH6 6JJ", country: "GB" },
    Card { token: "pm_nothing", street: "", postal: "", country: "GB" },
];

#[derive(Deserialize)]
struct Asked {
    token: String,
    scheme: Scheme,
    street_address: String,
    postal_code: String,
    country: String,
}

/// The key that is to be shown.
pub struct Key(pub String);

async fn answer(key: Data<Key>, request: HttpRequest, asked: Json<Asked>) -> HttpResponse {
    let shown = request.headers().get("authorization").and_then(|value| value.to_str().ok()).and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    if !bool::from(shown.as_bytes().ct_eq(key.0.as_bytes())) {
        return HttpResponse::Unauthorized().finish();
    }
    if asked.token.starts_with("pm_away") {
        return HttpResponse::ServiceUnavailable().finish();
    }
    let Some(card) = CARDS.iter().find(|card| card.token == asked.token) else { return HttpResponse::NotFound().finish() };
    let lands = Lands { card: card.country, shop: &asked.country };
    let said = if card.street.is_empty() {
        Answer::NothingOnFile
    } else {
        let typed = Compared { street: &asked.street_address, postal: &asked.postal_code, name: None };
        Answer::Compared(compare(&typed, &Compared { street: card.street, postal: card.postal, name: None }, card.country))
    };
    HttpResponse::Ok().json(json!({ "code": letter(asked.scheme, &lands, &said).to_string() }))
}

/// The route.
pub fn routes(config: &mut ServiceConfig) {
    config.route(PATH, web::post().to(answer));
}
