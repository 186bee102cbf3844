//! `UserInfo` (OIDC Core section 5.3), with bearer tokens in the header, or in the body of a POST (RFC 6750 sections 2.1 and 2.2).

use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{Bytes, Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::state::OAuthState;
use super::{access, claims, cors};
use crate::identity::customers;
use crate::platform::db::StoreError;
use crate::platform::http::body;

enum Refused {
    /// No token at all (RFC 6750 section 3.1: no error code then).
    NoToken,
    /// More than one way at once, or a malformed request.
    Malformed,
    /// Not a live token of ours.
    InvalidToken,
    /// Without the `openid` scope.
    InsufficientScope,
    /// The database does not answer.
    Unavailable(StoreError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error)
    }
}

impl Refused {
    fn respond(&self) -> HttpResponse {
        let challenge = |status: u16, code: &str, text: &str| {
            let value = format!("Bearer realm=\"claviger\", error=\"{code}\", error_description=\"{text}\"");
            let status = actix_web::http::StatusCode::from_u16(status).unwrap_or(actix_web::http::StatusCode::BAD_REQUEST);
            HttpResponse::build(status).insert_header((header::WWW_AUTHENTICATE, value)).json(serde_json::json!({ "error": code, "error_description": text }))
        };
        match self {
            Self::NoToken => HttpResponse::Unauthorized().insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"claviger\"")).finish(),
            Self::Malformed => challenge(400, "invalid_request", "send one access token, in one way"),
            Self::InvalidToken => challenge(401, "invalid_token", "the access token is not valid, has expired or was revoked"),
            Self::InsufficientScope => challenge(403, "insufficient_scope", "the access token lacks the openid scope"),
            Self::Unavailable(error) => {
                tracing::error!(%error, "UserInfo could not be served");
                super::error::OAuthError::temporarily_unavailable().respond()
            }
        }
    }
}

fn token_in_header(request: &HttpRequest) -> Result<Option<String>, Refused> {
    let mut headers = request.headers().get_all(header::AUTHORIZATION);
    let Some(first) = headers.next() else { return Ok(None) };
    if headers.next().is_some() {
        return Err(Refused::Malformed);
    }
    let text = first.to_str().map_err(|_| Refused::InvalidToken)?;
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() => Ok(Some(token.trim().to_owned())),
        _ => Err(Refused::InvalidToken),
    }
}

/// `GET /userinfo`.
pub async fn get(state: Data<OAuthState>, request: HttpRequest) -> HttpResponse {
    let token = token_in_header(&request);
    finish(&state, &request, token).await
}

/// `POST /userinfo`.
pub async fn post(state: Data<OAuthState>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let token = posted_token(&request, payload).await;
    finish(&state, &request, token).await
}

async fn posted_token(request: &HttpRequest, payload: Payload) -> Result<Option<String>, Refused> {
    let in_header = token_in_header(request)?;
    if !request.headers().contains_key(header::CONTENT_TYPE) {
        return Ok(in_header);
    }
    let params = match body::read_form(request, &mut payload.into_inner()).await {
        Ok(params) => params,
        // A body of another kind holds no token.
        Err(body::BodyRefused::ContentType) => return Ok(in_header),
        Err(_) => return Err(Refused::Malformed),
    };
    match (in_header, params.contains("access_token")) {
        (Some(_), true) => Err(Refused::Malformed),
        (in_header, false) => Ok(in_header),
        (None, true) => params.get("access_token").map(|token| Some(token.to_owned())).ok_or(Refused::Malformed),
    }
}

async fn finish(state: &Data<OAuthState>, request: &HttpRequest, token: Result<Option<String>, Refused>) -> HttpResponse {
    let answer = match token {
        Ok(Some(token)) => answer(state, &token).await,
        Ok(None) => Err(Refused::NoToken),
        Err(refused) => Err(refused),
    };
    let response = match answer {
        Ok(body) => HttpResponse::Ok().insert_header((header::CONTENT_TYPE, HeaderValue::from_static("application/json"))).body(body),
        Err(refused) => refused.respond(),
    };
    if request.headers().contains_key(header::ORIGIN) { cors::decorate(state, request, response).await } else { response }
}

async fn answer(state: &Data<OAuthState>, token: &str) -> Result<Bytes, Refused> {
    let clock = state.tools.clock.as_ref();
    let epoch = state.access.epoch();
    let access = access::verify(state, token).await?.ok_or(Refused::InvalidToken)?;
    if let Some(body) = state.access.answer(token, clock) {
        return Ok(body);
    }
    let grant = access.grant.as_ref().ok_or(Refused::InsufficientScope)?;
    if !access.scope.contains("openid") {
        return Err(Refused::InsufficientScope);
    }
    let client = state.clients.find(&access.client_id).await?.ok_or(Refused::InvalidToken)?;
    let (ring, id) = (state.tools.ring.clone(), grant.customer.clone());
    let customer = state.db.read(move |connection| customers::store::find_customer(connection, &ring, &id)).await?.ok_or(Refused::InvalidToken)?;
    let mut about = claims::select(&customer, &access.scope, &grant.claims.userinfo, state.tools.now());
    about.insert("sub".to_owned(), claims::subject(&state.tools.ring, &customer.subject, &client.metadata).into());
    let body = Bytes::from(serde_json::to_vec(&about).map_err(|error| StoreError::Unavailable(error.to_string()))?);
    state.access.keep_answer(token, epoch, body.clone(), clock);
    Ok(body)
}
