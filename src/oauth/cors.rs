//! Calls from script (Fetch standard, CORS): the public documents for anyone, token, `UserInfo` and revocation for the origins that clients registered. Never with cookies.

use actix_web::http::header::{self, HeaderValue, ORIGIN};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::state::OAuthState;

fn only_origin(request: &HttpRequest) -> Option<String> {
    let mut origins = request.headers().get_all(ORIGIN);
    let one = origins.next()?.to_str().ok()?;
    (origins.next().is_none() && one.len() <= 256 && one != "null").then(|| one.to_owned())
}

async fn allowed_origin(state: &OAuthState, request: &HttpRequest) -> Option<HeaderValue> {
    let origin = only_origin(request)?;
    match state.clients.is_known_origin(&origin).await {
        Ok(true) => HeaderValue::from_str(&origin).ok(),
        // When the database does not answer, nobody is allowed.
        Ok(false) | Err(_) => None,
    }
}

/// Adds the CORS headers for a registered origin.
pub async fn decorate(state: &OAuthState, request: &HttpRequest, mut response: HttpResponse) -> HttpResponse {
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = allowed_origin(state, request).await {
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        response.headers_mut().insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("WWW-Authenticate, X-Correlation-Id"));
    }
    response
}

/// Answers a preflight request.
pub async fn preflight(state: Data<OAuthState>, request: HttpRequest) -> HttpResponse {
    let mut response = HttpResponse::NoContent().finish();
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = allowed_origin(&state, &request).await {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("Authorization, Content-Type"));
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    }
    response
}
