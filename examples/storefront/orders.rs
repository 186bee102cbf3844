//! The shop's order service: a resource server that asks for a stronger sign-in when there is more to lose (RFC 9470).
//!
//! What to copy from here: the service decides by what the access token says of the sign-in, and answers with a challenge;
//! the shop in front of it reads the challenge and sends the customer back to the provider with `acr_values` and `max_age`.

use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};

use super::Storefront;

/// Orders above this need a second factor. In cents.
pub const LIMIT: u32 = 5_000;
/// … shown at most so many seconds ago.
const MAX_AGE: i64 = 600;
/// The level that is asked for, and those that are good enough.
const WANTED: &str = "urn:claviger:acr:second-factor";
const ENOUGH: [&str; 2] = [WANTED, "urn:claviger:acr:phishing-resistant"];

/// An order, as the shop hands it in.
#[derive(Serialize, Deserialize)]
pub struct Order {
    /// In cents.
    pub total: u32,
}

/// What the provider says of an access token (RFC 7662, with the members of RFC 9470 section 6.2).
#[derive(Deserialize)]
struct Introspection {
    active: bool,
    acr: Option<String>,
    auth_time: Option<i64>,
    iat: Option<i64>,
}

/// Takes an order from whoever has a good access token.
pub async fn take(shop: Data<Storefront>, request: HttpRequest, order: Json<Order>) -> HttpResponse {
    let token = request.headers().get("authorization").and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let Some(token) = token else { return HttpResponse::Unauthorized().insert_header(("WWW-Authenticate", "Bearer")).finish() };
    let settings = &shop.settings;
    let asked = shop.http.post(format!("{}/introspect", settings.issuer)).basic_auth(&settings.client_id, Some(&settings.client_secret)).form(&[("token", token)]).send().await;
    let told = match asked {
        Ok(answer) => answer.bytes().await.ok().and_then(|body| serde_json::from_slice::<Introspection>(&body).ok()),
        Err(_) => None,
    };
    match told {
        None => HttpResponse::ServiceUnavailable().finish(),
        Some(told) if !told.active => HttpResponse::Unauthorized().insert_header(("WWW-Authenticate", "Bearer error=\"invalid_token\"")).finish(),
        Some(told) if order.total > LIMIT && !is_strong(&told) => {
            let challenge = format!(
                "Bearer error=\"insufficient_user_authentication\", error_description=\"An order of this size needs a second factor\", acr_values=\"{WANTED}\", max_age=\"{MAX_AGE}\""
            );
            HttpResponse::Unauthorized().insert_header(("WWW-Authenticate", challenge)).finish()
        }
        Some(_) => HttpResponse::Created().finish(),
    }
}

/// Whether the sign-in behind a token was strong, and fresh when the token was made.
fn is_strong(told: &Introspection) -> bool {
    let is_enough = told.acr.as_deref().is_some_and(|acr| ENOUGH.contains(&acr));
    let age = told.iat.zip(told.auth_time).map(|(issued, authenticated)| issued - authenticated);
    is_enough && age.is_some_and(|age| age <= MAX_AGE)
}

/// What a resource server wants of the sign-in (RFC 9470 section 3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepUp {
    /// `acr_values` for the next authorization request.
    pub acr_values: Option<String>,
    /// `max_age` for it, in seconds.
    pub max_age: Option<u32>,
    /// `authorization_details` for it: what the customer is to be shown and to confirm.
    pub details: Option<String>,
}

/// Reads the challenge of a resource server; none when it is about something else.
pub fn read_challenge(header: &str) -> Option<StepUp> {
    let parameter = |name: &str| header.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next()).map(str::to_owned);
    if parameter("error")? != "insufficient_user_authentication" {
        return None;
    }
    Some(StepUp { acr_values: parameter("acr_values"), max_age: parameter("max_age").and_then(|seconds| seconds.parse().ok()), details: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_is_read_and_others_are_not() {
        let header = "Bearer error=\"insufficient_user_authentication\", error_description=\"x\", acr_values=\"a b\", max_age=\"5\"";
        assert_eq!(read_challenge(header), Some(StepUp { acr_values: Some("a b".into()), max_age: Some(5), details: None }));
        assert_eq!(read_challenge("Bearer error=\"invalid_token\""), None);
        assert_eq!(read_challenge("Bearer"), None);
    }
}
