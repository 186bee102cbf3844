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
    let done = check(&shop, &sent.logout_token).await;
    let mut response = match done {
        Ok(token) => {
            shop.end_visits(|customer| {
                let Some(signed) = signed_in_as(&customer.id_token) else { return true };
                match &token.sid {
                    Some(sid) => signed.sid.as_ref() == Some(sid),
                    None => token.sub.as_ref() == Some(&signed.sub),
                }
            });
            HttpResponse::Ok()
        }
        Err(_) => HttpResponse::BadRequest(),
    };
    response.insert_header(("Cache-Control", "no-store")).finish()
}

async fn check(shop: &Storefront, token: &str) -> Result<LogoutToken, Failure> {
    let header = jsonwebtoken::decode_header(token)?;
    if header.typ.as_deref() != Some("logout+jwt") {
        return Err("not a logout token".into());
    }
    let keys: JwkSet = serde_json::from_value(serde_json::to_value(shop.metadata().await?.jwks())?)?;
    let key = header.kid.as_deref().and_then(|kid| keys.find(kid)).ok_or("a key that the provider does not publish")?;
    // The algorithm of the ID tokens that this client registered, and no other.
    let mut rules = Validation::new(Algorithm::RS256);
    rules.set_issuer(&[&shop.settings.issuer]);
    rules.set_audience(&[&shop.settings.client_id]);
    rules.set_required_spec_claims(&["iss", "aud", "exp"]);
    let claims = jsonwebtoken::decode::<LogoutToken>(token, &DecodingKey::from_jwk(key)?, &rules)?.claims;
    if claims.nonce.is_some() || !claims.events.contains_key(EVENT) || (claims.sub.is_none() && claims.sid.is_none()) {
        return Err("not a logout token".into());
    }
    Ok(claims)
}
