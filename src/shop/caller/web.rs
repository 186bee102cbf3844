//! The client behind an access token of its own.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::web::Data;

use crate::oauth::access::{self, bearer_of};
use crate::oauth::clients::metadata::Client;
use crate::oauth::state::OAuthState;
use crate::platform::http::api_problem::ApiProblem;

/// The client that calls with a token of its own and this scope.
///
/// # Errors
/// A problem of status 401 or 403, or 503 when the database does not answer.
pub async fn client_of(state: &Data<OAuthState>, request: &HttpRequest, scope: &'static str) -> Result<Arc<Client>, ApiProblem> {
    let invalid = || ApiProblem::new(401, "invalid_token", "The access token does not hold.");
    let token = bearer_of(request).map_err(|_| invalid())?.ok_or_else(|| ApiProblem::new(401, "no_token", "Send an access token of the client's own."))?;
    let access = access::verify(state, &token).await?.ok_or_else(invalid)?;
    if access.grant.is_some() || !access.scope.contains(scope) {
        return Err(ApiProblem::new(403, "forbidden", format!("The access token is not a client's own, or lacks the scope {scope}.")));
    }
    state.clients.find(&access.client_id).await?.filter(|client| client.disabled_at.is_none()).ok_or_else(invalid)
}
