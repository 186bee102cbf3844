//! Form bodies with a size, a deadline and one content type. actix has no deadline on bodies of its own.

use std::time::Duration;

use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::BytesMut;
use actix_web::{HttpRequest, dev::Payload};
use futures_util::StreamExt;

use super::params::{Params, ParamsRefused};

/// The most bytes of a form.
pub const MAX_BODY_BYTES: usize = 64 * 1024;
/// The longest that a body may take to arrive.
pub const BODY_DEADLINE: Duration = Duration::from_secs(10);

/// Why a body was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BodyRefused {
    /// Not `application/x-www-form-urlencoded`.
    #[error("the body must be application/x-www-form-urlencoded")]
    ContentType,
    /// Not `application/json`.
    #[error("the body must be application/json")]
    NotJson,
    /// Not JSON, or nested too deep.
    #[error("the body is not JSON")]
    Unreadable,
    /// Over [`MAX_BODY_BYTES`].
    #[error("the body is too large")]
    TooLarge,
    /// Slower than [`BODY_DEADLINE`].
    #[error("the body took too long")]
    TooSlow,
    /// The connection broke, or the framing was wrong.
    #[error("the body could not be read")]
    Broken,
    /// The parameters in it.
    #[error(transparent)]
    Params(#[from] ParamsRefused),
}

impl BodyRefused {
    /// The HTTP status for it.
    pub const fn status(self) -> u16 {
        match self {
            Self::ContentType | Self::NotJson => 415,
            Self::TooLarge => 413,
            Self::TooSlow => 408,
            Self::Broken | Self::Params(_) | Self::Unreadable => 400,
        }
    }
}

/// Reads a form body.
///
/// # Errors
/// [`BodyRefused`].
pub async fn read_form(request: &HttpRequest, payload: &mut Payload) -> Result<Params, BodyRefused> {
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mime = content_type.split(';').next().unwrap_or_default().trim();
    if !mime.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(BodyRefused::ContentType);
    }
    let bytes = tokio::time::timeout(BODY_DEADLINE, read_bounded(payload)).await.map_err(|_| BodyRefused::TooSlow)??;
    Ok(Params::parse(&bytes)?)
}

/// Reads a JSON body; null when there is none.
///
/// # Errors
/// [`BodyRefused`].
pub async fn read_json(request: &HttpRequest, payload: &mut Payload) -> Result<serde_json::Value, BodyRefused> {
    let bytes = tokio::time::timeout(BODY_DEADLINE, read_bounded(payload)).await.map_err(|_| BodyRefused::TooSlow)??;
    if bytes.is_empty() {
        return Ok(serde_json::Value::Null);
    }
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !content_type.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
        return Err(BodyRefused::NotJson);
    }
    serde_json::from_slice(&bytes).map_err(|_| BodyRefused::Unreadable)
}

async fn read_bounded(payload: &mut Payload) -> Result<BytesMut, BodyRefused> {
    let mut bytes = BytesMut::new();
    let mut discarded = 0;
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| BodyRefused::Broken)?;
        if discarded > 0 || bytes.len() + chunk.len() > MAX_BODY_BYTES {
            // Read on for a while without keeping anything, so that the sender gets to see the answer.
            discarded += chunk.len();
            if discarded > 16 * MAX_BODY_BYTES {
                return Err(BodyRefused::TooLarge);
            }
            continue;
        }
        bytes.extend_from_slice(&chunk);
    }
    if discarded > 0 { Err(BodyRefused::TooLarge) } else { Ok(bytes) }
}
