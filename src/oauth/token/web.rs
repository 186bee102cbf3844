//! `POST /token`: reads the form, authenticates the client, finds the grant, signs after the commit.

use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::{client_credentials, code, refresh};
use crate::oauth::clients::authentication;
use crate::oauth::clients::metadata::GrantType;
use crate::oauth::cors;
use crate::oauth::error::OAuthError;
use crate::oauth::issue;
use crate::oauth::state::OAuthState;
use crate::platform::http::body;
use crate::platform::http::guard::origin_of;

/// The token endpoint.
pub async fn post(state: Data<OAuthState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let response = match answer(&state, &request, payload).await {
        Ok(tokens) => HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).insert_header(("Pragma", "no-cache")).json(tokens),
        Err(error) => error.respond(),
    };
    cors::decorate(&state, &request, response).await
}

async fn answer(state: &Data<OAuthState>, request: &HttpRequest, payload: Payload) -> Result<issue::TokenResponse, OAuthError> {
    if !request.query_string().is_empty() {
        // Secrets and codes in an address end up in logs.
        return Err(OAuthError::invalid_request("parameters belong in the body"));
    }
    let params = body::read_form(request, &mut payload.into_inner()).await?;
    if params.has_repeated() {
        return Err(OAuthError::invalid_request("a parameter was sent twice"));
    }
    // One that was not understood would be one that was passed over (RFC 9396 section 6): what a code is for was settled when the customer confirmed it.
    if params.contains("authorization_details") {
        return Err(OAuthError::invalid_authorization_details("authorization_details belong in the authorization request"));
    }
    let client = authentication::authenticate(state, request, &params).await?;
    let origin = origin_of(request);
    let grant_type = params.get("grant_type").ok_or(OAuthError::invalid_request("grant_type is missing"))?;
    let needs = match grant_type {
        "authorization_code" => GrantType::AuthorizationCode,
        "refresh_token" => GrantType::RefreshToken,
        "client_credentials" => GrantType::ClientCredentials,
        _ => return Err(OAuthError::unsupported_grant_type()),
    };
    if !client.metadata.may_use(needs) {
        return Err(OAuthError::unauthorized_client());
    }
    let approved = match needs {
        GrantType::AuthorizationCode => code::redeem(state, &client, &params, &origin).await?,
        GrantType::RefreshToken => refresh::redeem(state, &client, &params, &origin).await?,
        GrantType::ClientCredentials => client_credentials::redeem(state, &client, &params, &origin).await?,
    };
    issue::sign(state, &approved)
}
