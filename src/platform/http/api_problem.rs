//! Problems of our own API (RFC 9457): `application/problem+json` with a closed code and the correlation id.

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};

use super::guard::origin_of;
use crate::platform::db::StoreError;

/// A problem that is told.
#[derive(Debug, Clone)]
pub struct ApiProblem {
    /// The status in HTTP.
    pub status: u16,
    /// A closed code.
    pub code: &'static str,
    /// A sentence.
    pub title: String,
    /// When to come again, in seconds.
    pub retry_after: Option<i64>,
}

impl ApiProblem {
    /// A problem that nothing but another request mends.
    pub fn new(status: u16, code: &'static str, title: impl Into<String>) -> Self {
        Self { status, code, title: title.into(), retry_after: None }
    }

    /// What cannot be read.
    pub fn malformed(title: impl Into<String>) -> Self {
        Self::new(400, "malformed", title)
    }

    /// A card number, where none may be.
    pub fn card_number() -> Self {
        Self::new(
            422,
            "card_number",
            "There is a card number in the request. Never send one here: an opaque token, the first eight and the last four digits are all that anybody needs.",
        )
    }

    /// The answer.
    pub fn respond(&self, request: &HttpRequest) -> HttpResponse {
        let body = serde_json::json!({
            "type": format!("urn:claviger:problem:{}", self.code), "title": self.title, "status": self.status, "code": self.code,
            "correlation_id": origin_of(request).correlation_id,
        });
        let mut response = HttpResponse::build(StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST));
        response.content_type("application/problem+json");
        if self.status == 401 {
            let challenge = if self.code == "invalid_token" { "Bearer realm=\"claviger\", error=\"invalid_token\"" } else { "Bearer realm=\"claviger\"" };
            response.insert_header((header::WWW_AUTHENTICATE, challenge));
        }
        if let Some(seconds) = self.retry_after {
            response.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        response.body(body.to_string())
    }
}

impl From<StoreError> for ApiProblem {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the API could not answer");
        match error {
            StoreError::Corrupt { .. } => Self::new(500, "internal", "Something went wrong on our side."),
            StoreError::Unavailable(_) | StoreError::Conflict => Self { retry_after: Some(2), ..Self::new(503, "unavailable", "Try again in a moment.") },
        }
    }
}
