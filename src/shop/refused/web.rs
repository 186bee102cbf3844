//! The errors of RFC 6750 section 3.1, and of RFC 6749 section 5.2 for forms.

use actix_web::HttpResponse;
use actix_web::http::header::{self, HeaderValue};

use crate::platform::db::StoreError;

/// Errors as RFC 6750 section 3.1 has them, and RFC 6749 section 5.2 for the form.
pub enum Refused {
    /// No credentials at all.
    NoToken,
    /// Not a token of ours, or no longer.
    InvalidToken,
    /// A token for something else.
    InsufficientScope(&'static str),
    /// A form that cannot be read.
    Malformed(&'static str),
    /// Not for this client.
    Forbidden(&'static str),
    /// There is no such thing, or it is another client's.
    NotFound,
    /// Something stands in the way.
    Conflict(&'static str),
    /// Too soon: wait so many seconds.
    TooMany(i64),
    /// The database does not answer.
    Unavailable(StoreError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error)
    }
}

impl Refused {
    /// The answer.
    pub fn respond(&self) -> HttpResponse {
        let told = |status: u16, code: &str, text: &str| {
            let status = actix_web::http::StatusCode::from_u16(status).unwrap_or(actix_web::http::StatusCode::BAD_REQUEST);
            let mut response = HttpResponse::build(status).json(serde_json::json!({ "error": code, "error_description": text }));
            if matches!(status.as_u16(), 400 | 401 | 403)
                && let Ok(value) = HeaderValue::from_str(&format!("Bearer realm=\"claviger\", error=\"{code}\""))
            {
                response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
            }
            response
        };
        match self {
            Self::NoToken => HttpResponse::Unauthorized().insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"claviger\"")).finish(),
            Self::InvalidToken => told(401, "invalid_token", "the access token is not valid, has expired or was revoked"),
            Self::InsufficientScope(text) => told(403, "insufficient_scope", text),
            Self::Malformed(text) => told(400, "invalid_request", text),
            Self::Forbidden(text) => told(403, "access_denied", text),
            Self::NotFound => told(404, "not_found", "there is no such thing here"),
            Self::Conflict(text) => told(409, "conflict", text),
            Self::TooMany(seconds) => {
                let mut response = told(429, "too_many_requests", "wait a moment");
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
                response
            }
            Self::Unavailable(error) => {
                tracing::error!(%error, "a storefront could not be answered");
                told(503, "temporarily_unavailable", "try again in a moment")
            }
        }
    }
}
