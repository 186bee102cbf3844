//! `POST /guests`, with a token of the client's own (client credentials) that has the scope `guests`.

use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use crate::identity::guests::store::insert_guest;
use crate::identity::guests::{GUEST_MADE, GUEST_SECONDS};
use crate::oauth::access::{self, bearer_of};
use crate::oauth::claims::subject;
use crate::oauth::state::OAuthState;
use crate::platform::audit::{self, Actor, Entry};
use crate::platform::db::WriteTx;
use crate::platform::http::guard::origin_of;
use crate::shop::refused::web::Refused;

/// The scope that allows it.
pub const SCOPE: &str = "guests";

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.route("/guests", web::post().to(make));
}

async fn make(state: Data<OAuthState>, request: HttpRequest) -> HttpResponse {
    begin(&state, &request).await.unwrap_or_else(|refused| refused.respond())
}

async fn begin(state: &Data<OAuthState>, request: &HttpRequest) -> Result<HttpResponse, Refused> {
    let token = bearer_of(request).map_err(|_| Refused::InvalidToken)?.ok_or(Refused::NoToken)?;
    let access = access::verify(state, &token).await?.ok_or(Refused::InvalidToken)?;
    if access.grant.is_some() || !access.scope.contains(SCOPE) {
        return Err(Refused::InsufficientScope("the access token is not the client's own, or lacks the scope guests"));
    }
    let client = state.clients.find(&access.client_id).await?.ok_or(Refused::InvalidToken)?;
    let (at_work, id, origin) = (state.clone(), access.client_id.clone(), origin_of(request));
    let work = move |tx: &mut WriteTx<'_>| {
        let made = insert_guest(tx, &at_work.tools, &id)?;
        audit::record(tx, &at_work.tools, &Entry::success(GUEST_MADE, Actor::Client(id.to_string()), format!("client:{id}"), &origin).with_client(id.as_str()))?;
        Ok(made)
    };
    let (internal, token) = state.db.write(work).await?;
    // The subject as this client will be told it, once somebody is behind it.
    let told = subject(&state.tools.ring, &internal, &client.metadata);
    let mut response = HttpResponse::Created().json(serde_json::json!({ "sub": told, "guest_token": token.expose(), "expires_in": GUEST_SECONDS }));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
