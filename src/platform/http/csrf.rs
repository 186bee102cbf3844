//! Cross-site request forgery: every form carries a token bound to the browser and to what the form is for, and the `Origin` must be ours when the browser names one.

use actix_web::HttpRequest;
use actix_web::http::header::{HeaderValue, ORIGIN};

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

/// Whether the request names no other origin than ours. Plain browsers that send neither header pass: their token decides.
///
/// Our pages say `Referrer-Policy: no-referrer`, under which browsers write `Origin: null` even on their own forms (Fetch standard, section 3.2); such a form is ours when the browser itself says that it is of the same origin, which no page can make it say.
pub fn is_same_origin(request: &HttpRequest, issuer: &str) -> bool {
    let mut sites = request.headers().get_all("sec-fetch-site");
    let (site, is_one) = (sites.next().map(HeaderValue::as_bytes), sites.next().is_none());
    let is_own_form = site == Some(b"same-origin".as_slice());
    let is_allowed = |origin: &[u8]| origin == issuer.as_bytes() || (origin == b"null" && is_own_form);
    is_one && (site.is_none() || is_own_form || site == Some(b"none".as_slice())) && request.headers().get_all(ORIGIN).all(|origin| is_allowed(origin.as_bytes()))
}
