//! Addresses that decide where secrets go: the issuer, redirect URIs, browser origins.

use std::fmt;
use std::net::Ipv4Addr;
use url::{Host, Url};

/// Longest address that we accept, in bytes.
pub const MAX_URI_BYTES: usize = 2_048;

/// Why an address was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UriRefused {
    /// Not an absolute URI in its normal form.
    #[error("is not an absolute URI in its normal form")]
    Malformed,
    /// Longer than [`MAX_URI_BYTES`].
    #[error("is longer than 2048 bytes")]
    TooLong,
    /// Has a fragment, which RFC 6749 section 3.1.2 forbids.
    #[error("has a fragment")]
    Fragment,
    /// Carries a user name or password.
    #[error("carries a user name or password")]
    UserInfo,
    /// Plain http is for loopback only.
    #[error("uses http outside loopback; use https")]
    Insecure,
    /// A scheme that can run script or read files, or a private scheme without a dot (RFC 8252 section 7.1).
    #[error("uses a scheme that is not allowed")]
    Scheme,
    /// The issuer has a path, a query or a fragment.
    #[error("must be an origin only, such as https://login.example.com")]
    NotAnOrigin,
}

fn parse_plain(text: &str) -> Result<Url, UriRefused> {
    if text.len() > MAX_URI_BYTES {
        return Err(UriRefused::TooLong);
    }
    // The parser forgives control characters, blanks and backslashes; a redirect URI may have none of them.
    if !text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\\\"<>^`{|}*".contains(&byte)) {
        return Err(UriRefused::Malformed);
    }
    let url = Url::parse(text).map_err(|_| UriRefused::Malformed)?;
    if text.contains('#') {
        return Err(UriRefused::Fragment);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UriRefused::UserInfo);
    }
    let is_normal = url.as_str() == text || (url.path() == "/" && url.query().is_none() && url.as_str().strip_suffix('/') == Some(text));
    if is_normal { Ok(url) } else { Err(UriRefused::Malformed) }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// The issuer identifier (OIDC Core section 2): an origin, without a trailing slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    text: String,
    host: String,
    is_https: bool,
}

impl Issuer {
    /// Reads an issuer such as `https://login.example.com`.
    ///
    /// # Errors
    /// [`UriRefused`] when it is not an origin, or is plain http outside loopback.
    pub fn parse(text: &str) -> Result<Self, UriRefused> {
        let url = parse_plain(text)?;
        let is_https = match url.scheme() {
            "https" => true,
            "http" if is_loopback(&url) => false,
            "http" => return Err(UriRefused::Insecure),
            _ => return Err(UriRefused::Scheme),
        };
        if url.path() != "/" || url.query().is_some() || text.ends_with('/') {
            return Err(UriRefused::NotAnOrigin);
        }
        let host = text.split_once("://").map(|(_, host)| host.to_owned()).ok_or(UriRefused::Malformed)?;
        Ok(Self { text: text.to_owned(), host, is_https })
    }

    /// The issuer exactly as it stands in tokens and metadata.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The authority, as a `Host` header names it: host, and port unless it is the scheme's default.
    pub fn authority(&self) -> &str {
        &self.host
    }

    /// Whether the issuer is served over TLS.
    pub fn is_https(&self) -> bool {
        self.is_https
    }

    /// The absolute address of a path that starts with `/`.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A redirect URI as a client registers it (RFC 6749 section 3.1.2, RFC 9700 section 2.1): complete, without fragment or wildcard.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct RedirectUri(String);

impl<'de> serde::Deserialize<'de> for RedirectUri {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|refused| serde::de::Error::custom(format!("{text:?} {refused}")))
    }
}

impl RedirectUri {
    /// Reads a redirect URI for registration: https, http on loopback, or a private scheme with a dot in it.
    ///
    /// # Errors
    /// [`UriRefused`] with the reason.
    pub fn parse(text: &str) -> Result<Self, UriRefused> {
        let url = parse_plain(text)?;
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) => {}
            "http" => return Err(UriRefused::Insecure),
            private if private.contains('.') => {}
            _ => return Err(UriRefused::Scheme),
        }
        Ok(Self(text.to_owned()))
    }

    /// The URI exactly as registered.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The origin (`scheme://host[:port]`), for links back to the shop and for CSP; `None` for private schemes.
    pub fn origin(&self) -> Option<String> {
        let url = Url::parse(&self.0).ok()?;
        url.has_host().then(|| url.origin().ascii_serialization()).filter(|origin| origin != "null")
    }

    /// Whether `presented` is this URI: byte for byte, or differing only in the port when this is http on a loopback address (RFC 8252 section 7.3).
    pub fn matches(&self, presented: &str) -> bool {
        if self.0 == presented {
            return true;
        }
        match (loopback_parts(&self.0), loopback_parts(presented)) {
            (Some(registered), Some(presented)) => registered == presented,
            _ => false,
        }
    }
}

/// Splits `http://127.0.0.1:1234/path` or `http://[::1]:1234/path` into host and what follows the port. Not for `localhost`, which another program may answer (RFC 8252 section 8.3).
fn loopback_parts(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix("http://")?;
    let host_end = if rest.starts_with('[') { rest.find(']')?.checked_add(1)? } else { rest.find([':', '/', '?']).unwrap_or(rest.len()) };
    let (host, after) = rest.split_at_checked(host_end)?;
    let is_loopback = host == "[::1]" || host.parse::<Ipv4Addr>().is_ok_and(|ip| ip == Ipv4Addr::LOCALHOST);
    if !is_loopback {
        return None;
    }
    let tail = match after.strip_prefix(':') {
        None => after,
        Some(with_port) => {
            let digits = with_port.find(|c: char| !c.is_ascii_digit()).unwrap_or(with_port.len());
            let (port, tail) = with_port.split_at_checked(digits)?;
            if port.starts_with('0') || port.parse::<u16>().is_err() {
                return None;
            }
            tail
        }
    };
    (tail.is_empty() || tail.starts_with('/') || tail.starts_with('?')).then_some((host, tail))
}

/// A redirect URI that was found among those a client registered. An error may leave the provider by redirect only with one of these in hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredRedirectUri(String);

impl RegisteredRedirectUri {
    /// Looks `presented` up among the registered ones, byte for byte; `None` when it is not there. A native client may choose its loopback port.
    pub fn find(registered: &[RedirectUri], presented: &str, is_native: bool) -> Option<Self> {
        let is_this = |uri: &RedirectUri| if is_native { uri.matches(presented) } else { uri.0 == presented };
        registered.iter().any(is_this).then(|| Self(presented.to_owned()))
    }

    /// The URI exactly as presented.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// This URI with `parameters` added to its query.
    pub fn with_query(&self, parameters: &[(&str, &str)]) -> String {
        let separator = if self.0.contains('?') { '&' } else { '?' };
        format!("{}{separator}{}", self.0, encode_form(parameters))
    }

    /// This URI with `parameters` as its fragment.
    pub fn with_fragment(&self, parameters: &[(&str, &str)]) -> String {
        format!("{}#{}", self.0, encode_form(parameters))
    }
}

/// Encodes parameters as `application/x-www-form-urlencoded`.
pub fn encode_form(parameters: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish()
}

/// A browser origin that may call from script: https, or http on loopback; no path.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct Origin(String);

impl Origin {
    /// Reads an origin such as `https://shop.example.com`.
    ///
    /// # Errors
    /// [`UriRefused`] as for an issuer.
    pub fn parse(text: &str) -> Result<Self, UriRefused> {
        Issuer::parse(text).map(|issuer| Self(issuer.text))
    }

    /// The origin as a browser sends it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> serde::Deserialize<'de> for Origin {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|refused| serde::de::Error::custom(format!("{text:?} {refused}")))
    }
}

/// The longest address to send to, in bytes.
const MAX_ENDPOINT: usize = 2_000;

/// Whether something can be an address that we send to. What stands behind it is judged when it is sent.
pub fn is_endpoint(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let has_user = !url.username().is_empty() || url.password().is_some();
    text.len() <= MAX_ENDPOINT && matches!(url.scheme(), "https" | "http") && url.host().is_some() && !has_user && url.fragment().is_none()
}

/// Whether `text` is an https page address (or http on loopback) that may stand in a link or an image on our pages.
pub fn is_web_page(text: &str) -> bool {
    parse_plain(text).is_ok_and(|url| url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url)))
}

#[cfg(test)]
#[path = "uri_tests.rs"]
mod tests;
