//! The shop hears from the provider that a session is over (OIDC Back-Channel Logout 1.0): the customer is signed out here a moment later, wherever the session was ended.
//!
//! What to copy from here: every check of section 2.6, and that the answer says only whether it was done.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;

use super::{Failure, Storefront};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

#[derive(Deserialize)]
pub struct Sent {
    logout_token: String,
}

#[derive(Deserialize)]
struct LogoutToken {
    sub: Option<String>,
    sid: Option<String>,
    nonce: Option<String>,
    iat: i64,
    jti: String,
    events: std::collections::HashMap<String, serde_json::Value>,
}

/// What an ID token says of whose session it is of.
#[derive(Deserialize)]
struct Signed {
    sub: String,
    sid: Option<String>,
}

/// Subject and session of an ID token that was checked when it came.
fn signed_in_as(id_token: &str) -> Option<Signed> {
    use base64::Engine;
    let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(id_token.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&payload).ok()
}

/// Checks the token, and signs out whom it names.
pub async fn hear(shop: Data<Storefront>, sent: Form<Sent>) -> HttpResponse {
    let mut response = match check(&shop, &sent.logout_token).await {
        Ok(Some(token)) => {
            shop.end_visits(|customer| {
                let Some(signed) = signed_in_as(&customer.id_token) else { return true };
                match &token.sid {
                    Some(sid) => signed.sid.as_ref() == Some(sid),
                    None => token.sub.as_ref() == Some(&signed.sub),
                }
            });
            HttpResponse::Ok()
        }
        Ok(None) => HttpResponse::BadRequest(),
        // Not the token's fault: it is sent again.
        Err(_) => HttpResponse::ServiceUnavailable(),
    };
    response.insert_header(("Cache-Control", "no-store")).finish()
}

/// What a token says; none when it is not genuine, and an error when the keys cannot be had.
async fn check(shop: &Storefront, token: &str) -> Result<Option<LogoutToken>, Failure> {
    let Ok(header) = jsonwebtoken::decode_header(token) else { return Ok(None) };
    let (Some("logout+jwt"), Some(kid)) = (header.typ.as_deref(), header.kid.as_deref()) else { return Ok(None) };
    let Some(key) = key_of(shop, kid).await? else { return Ok(None) };
    // The algorithm of the ID tokens that this client registered, and no other.
    let mut rules = Validation::new(Algorithm::RS256);
    rules.set_issuer(&[&shop.settings.issuer]);
    rules.set_audience(&[&shop.settings.client_id]);
    rules.set_required_spec_claims(&["iss", "aud", "exp"]);
    let Ok(token) = jsonwebtoken::decode::<LogoutToken>(token, &key, &rules) else { return Ok(None) };
    let claims = token.claims;
    let is_logout = claims.events.get(EVENT).is_some_and(serde_json::Value::is_object) && !claims.jti.is_empty();
    // One that was made long ago, or is yet to be, is none either.
    let is_fresh = (claims.iat - now()).abs() <= 300;
    Ok((is_logout && is_fresh && claims.nonce.is_none() && (claims.sub.is_some() || claims.sid.is_some())).then_some(claims))
}

/// The key of the provider with this name. Those that were fetched are kept; they are fetched anew only for a name that is not among them, and not more than once in a minute.
async fn key_of(shop: &Storefront, kid: &str) -> Result<Option<DecodingKey>, Failure> {
    let known = |keys: &JwkSet| keys.find(kid).and_then(|key| DecodingKey::from_jwk(key).ok());
    let is_recent = match &*shop.keys() {
        Some((keys, at)) => {
            if let Some(key) = known(keys) {
                return Ok(Some(key));
            }
            now() - at < 60
        }
        None => false,
    };
    if is_recent {
        return Ok(None);
    }
    let fetched: JwkSet = serde_json::from_value(serde_json::to_value(shop.metadata().await?.jwks())?)?;
    let key = known(&fetched);
    *shop.keys() = Some((fetched, now()));
    Ok(key)
}

fn now() -> i64 {
    i64::try_from(jsonwebtoken::get_current_timestamp()).unwrap_or(i64::MAX)
}
