//! The errors of RFC 6749 section 5.2, OIDC Core section 3.1.2.6 and RFC 6750 section 3.1. Descriptions are fixed text: nothing from a request comes back.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};

use super::clients::authentication::ClientRefused;
use crate::platform::db::StoreError;
use crate::platform::http::body::BodyRefused;

/// An error code and what a developer is told about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {description}")]
pub struct OAuthError {
    /// The `error` member.
    pub code: &'static str,
    /// The `error_description` member.
    pub description: &'static str,
    /// The HTTP status at an endpoint that answers JSON.
    pub status: u16,
    /// Whether the client tried HTTP Basic, so that the answer names the scheme (RFC 6749 section 5.2).
    pub is_basic: bool,
}

impl OAuthError {
    const fn new(code: &'static str, description: &'static str, status: u16) -> Self {
        Self { code, description, status, is_basic: false }
    }

    /// A malformed request.
    pub const fn invalid_request(description: &'static str) -> Self {
        Self::new("invalid_request", description, 400)
    }

    /// A code or refresh token that does not hold. One text for all causes.
    pub const fn invalid_grant() -> Self {
        Self::new("invalid_grant", "the grant is not valid, has expired, was used, or belongs to another client", 400)
    }

    /// The client failed to authenticate.
    pub const fn invalid_client(is_basic: bool) -> Self {
        Self { code: "invalid_client", description: "client authentication failed", status: 401, is_basic }
    }

    /// The client may not use this grant.
    pub const fn unauthorized_client() -> Self {
        Self::new("unauthorized_client", "the client is not registered for this", 400)
    }

    /// No such grant type.
    pub const fn unsupported_grant_type() -> Self {
        Self::new("unsupported_grant_type", "the grant type is not supported", 400)
    }

    /// A scope beyond what is allowed.
    pub const fn invalid_scope() -> Self {
        Self::new("invalid_scope", "the scope is not allowed here", 400)
    }

    /// Authorization details that are not understood, or not allowed (RFC 9396 section 5).
    pub const fn invalid_authorization_details(description: &'static str) -> Self {
        Self::new("invalid_authorization_details", description, 400)
    }

    /// The service is too busy or its database is away.
    pub const fn temporarily_unavailable() -> Self {
        Self::new("temporarily_unavailable", "please try again in a few seconds", 503)
    }

    /// Our mistake.
    pub const fn server_error() -> Self {
        Self::new("server_error", "an internal error; the log has the correlation id of this answer", 500)
    }

    /// Any other code.
    pub const fn other(code: &'static str, description: &'static str) -> Self {
        Self::new(code, description, 400)
    }

    /// The JSON answer.
    pub fn respond(&self) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let mut response = HttpResponse::build(status).json(serde_json::json!({ "error": self.code, "error_description": self.description }));
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
        if self.is_basic {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"claviger\", charset=\"UTF-8\""));
        }
        if self.status == 503 {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }
}

impl From<StoreError> for OAuthError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "an OAuth request could not be served");
        match error {
            StoreError::Unavailable(_) | StoreError::Conflict => Self::temporarily_unavailable(),
            StoreError::Corrupt { .. } => Self::server_error(),
        }
    }
}

impl From<BodyRefused> for OAuthError {
    fn from(refused: BodyRefused) -> Self {
        match refused {
            BodyRefused::ContentType | BodyRefused::NotJson => Self { status: 415, ..Self::invalid_request("the body must be application/x-www-form-urlencoded") },
            BodyRefused::TooLarge => Self { status: 413, ..Self::invalid_request("the body is too large") },
            BodyRefused::TooSlow => Self { status: 408, ..Self::invalid_request("the body took too long") },
            BodyRefused::Broken | BodyRefused::Unreadable => Self::invalid_request("the body could not be read"),
            BodyRefused::Params(_) => Self::invalid_request("a parameter is malformed or too long"),
        }
    }
}

impl From<ClientRefused> for OAuthError {
    fn from(refused: ClientRefused) -> Self {
        match refused {
            ClientRefused::Malformed => Self::invalid_request("use exactly one method of client authentication"),
            ClientRefused::Failed { is_basic } => Self::invalid_client(is_basic),
            ClientRefused::Throttled => Self { status: 429, ..Self::temporarily_unavailable() },
            ClientRefused::Unavailable => Self::temporarily_unavailable(),
        }
    }
}
