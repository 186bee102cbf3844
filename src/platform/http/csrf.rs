//! Cross-site request forgery: every form carries a token bound to the browser and to what the form is for, and the `Origin` must be ours when the browser names one.

use actix_web::HttpRequest;
use actix_web::http::header::ORIGIN;

use crate::base::encoding::{base64url, from_base64url};
use crate::base::secret::Secret;
use crate::platform::crypto::keyring::KeyRing;

/// The name of the form field.
pub const FIELD: &str = "csrf";

/// The token of `browser` for `purpose` (a path).
pub fn token(ring: &KeyRing, browser: &Secret, purpose: &str) -> String {
    base64url(ring.csrf.mac(&[browser.expose().as_bytes(), purpose.as_bytes()]))
}

/// Whether `presented` is the token of `browser` for `purpose`, in constant time.
pub fn is_valid(ring: &KeyRing, browser: &Secret, purpose: &str, presented: Option<&str>) -> bool {
    let Some(presented) = presented.and_then(from_base64url) else { return false };
    ring.csrf.is_mac(&[browser.expose().as_bytes(), purpose.as_bytes()], &presented)
}

/// Whether the request names no other origin than ours. Plain browsers without the header pass: their token decides.
pub fn is_same_origin(request: &HttpRequest, issuer: &str) -> bool {
    let mut origins = request.headers().get_all(ORIGIN);
    let is_ours = origins.all(|origin| origin.as_bytes() == issuer.as_bytes());
    let site = request.headers().get("sec-fetch-site").map(|value| value.as_bytes().to_vec());
    is_ours && site.is_none_or(|site| site == b"same-origin" || site == b"none")
}
