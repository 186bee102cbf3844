//! Cookies: opaque, host-only, unreadable to script. Over TLS their names start with `__Host-`, so that no sibling host can plant one.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::COOKIE;

use crate::base::secret::Secret;

/// The longest cookie value that we look at.
const MAX_VALUE_BYTES: usize = 128;

/// A cookie of ours, by purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CookieName {
    /// The session.
    Session,
    /// Binds sign-ins and CSRF tokens to a browser.
    Browser,
    /// A browser that a customer signed in with before.
    Device,
    /// A device that is not asked for the second factor.
    TrustedDevice,
}

impl CookieName {
    const fn bare(self) -> &'static str {
        match self {
            Self::Session => "claviger_session",
            Self::Browser => "claviger_browser",
            Self::Device => "claviger_device",
            Self::TrustedDevice => "claviger_trusted",
        }
    }

    /// The name on the wire.
    pub fn on_wire(self, is_https: bool) -> String {
        if is_https { format!("__Host-{}", self.bare()) } else { self.bare().to_owned() }
    }
}

/// How long a browser keeps a cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// Until it is closed.
    BrowserSession,
    /// This many seconds.
    Seconds(i64),
}

/// Reads a cookie: 43 base64url characters, sent exactly once. Anything else counts as no cookie.
pub fn read(request: &HttpRequest, name: CookieName, is_https: bool) -> Option<Secret> {
    let wanted = name.on_wire(is_https);
    let mut found = None;
    for header in request.headers().get_all(COOKIE) {
        let text = header.to_str().ok()?;
        for pair in text.split(';') {
            let Some((key, value)) = pair.split_once('=') else { continue };
            if key.trim() != wanted {
                continue;
            }
            if found.is_some() {
                return None;
            }
            found = Some(value.trim());
        }
    }
    let value = found?;
    let is_sound = value.len() == 43 && value.len() < MAX_VALUE_BYTES && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    is_sound.then(|| Secret::new(value.to_owned()))
}

/// A cookie to set.
pub fn set(name: CookieName, value: &Secret, lifetime: Lifetime, is_https: bool) -> Cookie<'static> {
    let mut builder = Cookie::build(name.on_wire(is_https), value.expose().to_owned()).path("/").http_only(true).secure(is_https).same_site(SameSite::Lax);
    if let Lifetime::Seconds(seconds) = lifetime {
        builder = builder.max_age(Duration::seconds(seconds));
    }
    builder.finish()
}

/// A cookie to take away.
pub fn unset(name: CookieName, is_https: bool) -> Cookie<'static> {
    Cookie::build(name.on_wire(is_https), "").path("/").http_only(true).secure(is_https).same_site(SameSite::Lax).max_age(Duration::ZERO).finish()
}
