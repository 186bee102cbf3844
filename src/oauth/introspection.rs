//! Token introspection (RFC 7662). A client learns of its own tokens; a resource server with the right, or one that a token names as audience, of others' too. Everything else is `{"active":false}`.

use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use super::clients::{Client, authentication};
use super::error::OAuthError;
use super::grant::{refresh_token, store};
use super::state::OAuthState;
use super::{access, claims};
use crate::identity::customers;
use crate::platform::http::body;

/// `POST /introspect`.
pub async fn post(state: Data<OAuthState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    match answer(&state, &request, payload).await {
        Ok(answer) => HttpResponse::Ok().json(answer),
        Err(error) => error.respond(),
    }
}

async fn answer(state: &Data<OAuthState>, request: &HttpRequest, payload: Payload) -> Result<serde_json::Value, OAuthError> {
    let params = body::read_form(request, &mut payload.into_inner()).await?;
    if params.has_repeated() {
        return Err(OAuthError::invalid_request("a parameter was sent twice"));
    }
    let client = authentication::authenticate(state, request, &params).await?;
    if client.metadata.is_public() {
        return Err(OAuthError::invalid_client(false));
    }
    let token = params.get("token").ok_or(OAuthError::invalid_request("token is missing"))?;
    if token.starts_with("crt_") {
        return refresh_token_facts(state, &client, token).await;
    }
    let inactive = json!({ "active": false });
    let Some(access) = access::verify(state, token).await? else { return Ok(inactive) };
    let is_for_it = access.audience.iter().any(|audience| audience == client.id.as_str());
    if access.client_id != client.id && !client.metadata.may_introspect_all && !is_for_it {
        return Ok(inactive);
    }
    let Some(owner) = state.clients.find(&access.client_id).await? else { return Ok(inactive) };
    let subject = match (&access.subject, &access.grant) {
        (Some(subject), _) => subject.clone(),
        (None, None) => access.client_id.to_string(),
        (None, Some(grant)) => {
            let id = grant.customer.clone();
            let found = state.db.read(move |connection| customers::store::find_subject(connection, &id)).await?;
            let Some(found) = found else { return Ok(inactive) };
            claims::subject(&state.tools.ring, &found, &owner.metadata)
        }
    };
    let mut facts = json!({
        "active": true,
        "iss": state.http.issuer.as_str(),
        "client_id": access.client_id.as_str(),
        "sub": subject,
        "scope": access.scope.to_text(),
        "token_type": "Bearer",
        "iat": access.issued_at.0,
        "exp": access.expires_at.0,
    });
    if let Some(members) = facts.as_object_mut() {
        if !access.audience.is_empty() {
            members.insert("aud".to_owned(), json!(access.audience));
        }
        if let Some(jti) = &access.jti {
            members.insert("jti".to_owned(), json!(jti));
        }
        if let Some(bought) = &access.purchase {
            members.insert("authorization_details".to_owned(), json!([bought]));
        }
        if let Some(grant) = &access.grant {
            members.insert("auth_time".to_owned(), json!(grant.authentication.auth_time().0));
            members.insert("acr".to_owned(), json!(grant.authentication.acr.as_str()));
            members.insert("amr".to_owned(), json!(grant.authentication.amr));
        }
    }
    Ok(facts)
}

/// A refresh token is told about to its own client only.
async fn refresh_token_facts(state: &Data<OAuthState>, client: &Client, token: &str) -> Result<serde_json::Value, OAuthError> {
    let inactive = json!({ "active": false });
    let Some((id, number)) = refresh_token::decode(&state.tools.ring, token) else { return Ok(inactive) };
    let now = state.tools.now();
    let found = state.db.read(move |connection| {
        let Some(grant) = store::find_grant(connection, &id)? else { return Ok(None) };
        Ok(store::is_standing(connection, &grant, now)?.then_some(grant))
    });
    let Some(grant) = found.await? else { return Ok(inactive) };
    if grant.client_id != client.id || grant.rotation != number {
        return Ok(inactive);
    }
    Ok(json!({
        "active": true,
        "iss": state.http.issuer.as_str(),
        "client_id": client.id.as_str(),
        "scope": grant.scope.to_text(),
        "token_type": "refresh_token",
        "exp": grant.expires_at.0,
    }))
}
