//! Asks an issuer of cards, or whoever stands before one, whether an address is that of a card: over HTTP, in bounded time, and not at all for a while after it failed a few times in a row. What crosses is a token of the payment provider's, never a card.

use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::rules::{Ask, Typed};
use crate::base::secret::Secret;
use crate::base::time::UnixSeconds;
use crate::platform::outgoing::Outgoing;
use crate::risk::avs::letters::{Part, Scheme};

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(2);
/// Failures in a row, after which nobody is asked for a while.
const FAILURES: u32 = 5;
/// How long, in seconds.
const PAUSE_SECONDS: i64 = 30;

/// What an issuer says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Said {
    /// The letter of its scheme.
    Letter {
        /// The letter.
        code: String,
    },
    /// Each part by itself.
    Parts {
        /// The street.
        street: Part,
        /// The postcode.
        postal: Part,
        /// The name.
        #[serde(default = "not_verified")]
        name: Part,
    },
}

const fn not_verified() -> Part {
    Part::NotVerified
}

/// Why it says nothing. The order may go on: an issuer that is away is no mismatch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silent {
    /// No answer, or none that can be read, or it was not asked after several of those.
    Away,
    /// It knows no such token.
    Unknown,
}

/// An issuer, or who stands before one.
pub struct Issuer {
    /// Where it is asked.
    pub url: String,
    /// What we show it.
    pub key: Secret,
    /// The way out.
    pub outgoing: Outgoing,
    failures: AtomicU32,
    silent_until: AtomicI64,
}

impl Issuer {
    /// One that has not failed yet.
    pub fn new(url: String, key: Secret, outgoing: Outgoing) -> Self {
        Self { url, key, outgoing, failures: AtomicU32::new(0), silent_until: AtomicI64::new(0) }
    }

    /// Asks.
    ///
    /// # Errors
    /// [`Silent`].
    pub async fn ask(&self, asked: &Ask, now: UnixSeconds) -> Result<Said, Silent> {
        if self.silent_until.load(Ordering::Relaxed) > now.0 {
            return Err(Silent::Away);
        }
        let answered = tokio::time::timeout(TIMEOUT, self.call(&asked.token, &asked.address, asked.scheme)).await.unwrap_or(Err(Silent::Away));
        match &answered {
            Err(Silent::Away) => {
                if self.failures.fetch_add(1, Ordering::Relaxed) + 1 >= FAILURES {
                    self.silent_until.store(now.plus(PAUSE_SECONDS).0, Ordering::Relaxed);
                    self.failures.store(0, Ordering::Relaxed);
                }
            }
            Ok(_) | Err(Silent::Unknown) => self.failures.store(0, Ordering::Relaxed),
        }
        answered
    }

    async fn call(&self, token: &str, address: &Typed, scheme: Scheme) -> Result<Said, Silent> {
        let body: Value = json!({ "token": token, "scheme": scheme, "street_address": address.street_address, "postal_code": address.postal_code, "country": address.country });
        let mut request = openidconnect::HttpRequest::new(body.to_string().into_bytes());
        *request.method_mut() = openidconnect::http::Method::POST;
        *request.uri_mut() = self.url.parse().map_err(|_| Silent::Away)?;
        let mut bearer = openidconnect::http::HeaderValue::from_str(&format!("Bearer {}", self.key.expose())).map_err(|_| Silent::Away)?;
        bearer.set_sensitive(true);
        request.headers_mut().insert(openidconnect::http::header::AUTHORIZATION, bearer);
        request.headers_mut().insert(openidconnect::http::header::CONTENT_TYPE, openidconnect::http::HeaderValue::from_static("application/json"));
        let answer = self.outgoing.call(request).await.map_err(|error| {
            tracing::warn!(%error, "the issuer was not asked about an address");
            Silent::Away
        })?;
        match answer.status().as_u16() {
            200 => serde_json::from_slice(answer.body()).map_err(|_| Silent::Away),
            404 => Err(Silent::Unknown),
            _ => Err(Silent::Away),
        }
    }
}
