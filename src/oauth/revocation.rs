//! Token revocation (RFC 7009). A refresh token takes its whole family with it; an access token goes alone. An unknown token is a success, as section 2.2 wants it.

use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::clients::{Client, authentication};
use super::error::OAuthError;
use super::grant::{refresh_token, store};
use super::state::OAuthState;
use super::{access, cors};
use crate::base::secret::SecretHash;
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::http::body;
use crate::platform::http::guard::origin_of;
use crate::platform::telemetry::metrics::Event;

/// A client revoked a token.
pub const REVOKED: EventSpec = EventSpec::new("token_revoked", "A client revoked one of its tokens.");

/// `POST /revoke`.
pub async fn post(state: Data<OAuthState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let response = match answer(&state, &request, payload).await {
        Ok(()) => HttpResponse::Ok().finish(),
        Err(error) => error.respond(),
    };
    cors::decorate(&state, &request, response).await
}

async fn answer(state: &Data<OAuthState>, request: &HttpRequest, payload: Payload) -> Result<(), OAuthError> {
    let params = body::read_form(request, &mut payload.into_inner()).await?;
    if params.has_repeated() {
        return Err(OAuthError::invalid_request("a parameter was sent twice"));
    }
    let client = authentication::authenticate(state, request, &params).await?;
    let token = params.get("token").ok_or(OAuthError::invalid_request("token is missing"))?;
    let origin = origin_of(request);
    if token.starts_with("crt_") {
        revoke_family(state, &client, token, &origin).await?;
    } else {
        revoke_access_token(state, &client, token, &origin).await?;
    }
    state.access.forget_all();
    state.http.metrics.count(Event::revoked);
    Ok(())
}

async fn revoke_family(state: &Data<OAuthState>, client: &Client, token: &str, origin: &Origin) -> Result<(), OAuthError> {
    let Some((id, _)) = refresh_token::decode(&state.tools.ring, token) else { return Ok(()) };
    let (at_work, client_id, origin, is_public) = (state.clone(), client.id.clone(), origin.clone(), client.metadata.is_public());
    let work = state.db.write(move |tx| {
        let Some(grant) = store::find_grant(tx, &id)? else { return Ok(()) };
        if grant.client_id != client_id || !store::end_grant(tx, &id, "revoked", at_work.tools.now())? {
            return Ok(());
        }
        let entry = Entry::success(REVOKED, Actor::Client(client_id.to_string()), format!("grant:{id}"), &origin).with_client(client_id.as_str());
        let entry = entry.owned_by(is_public.then(|| grant.customer.to_string()).as_deref());
        audit::record(tx, &at_work.tools, &entry)
    });
    Ok(work.await?)
}

async fn revoke_access_token(state: &Data<OAuthState>, client: &Client, token: &str, origin: &Origin) -> Result<(), OAuthError> {
    // What no longer holds need not be revoked; what is another client's may not be.
    let Some(access) = access::verify(state, token).await? else { return Ok(()) };
    if access.client_id != client.id {
        return Ok(());
    }
    let hash = SecretHash::of(access.jti.as_deref().unwrap_or(token));
    let (at_work, origin, is_public) = (state.clone(), origin.clone(), client.metadata.is_public());
    let work = state.db.write(move |tx| {
        if access.jti.is_some() {
            store::insert_revoked_token(tx, &hash, access.expires_at)?;
        } else {
            store::end_opaque_token(tx, &hash, at_work.tools.now())?;
        }
        let about = access.grant.as_ref().map(|grant| format!("grant:{}", grant.id)).unwrap_or_default();
        let entry = Entry::success(REVOKED, Actor::Client(access.client_id.to_string()), about, &origin).with_client(access.client_id.as_str());
        let owner = access.grant.as_ref().filter(|_| is_public).map(|grant| grant.customer.to_string());
        let entry = entry.owned_by(owner.as_deref());
        audit::record(tx, &at_work.tools, &entry)
    });
    Ok(work.await?)
}
