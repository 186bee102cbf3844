//! What the protocol works with.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::web::Data;

use super::access::AccessCache;
use super::clients::cache::ClientCache;
use super::clients::limiter::FailureLimiter;
use super::events::polls::Polls;
use crate::identity::signin::gate::SigninState;
use crate::platform::crypto::signing_keys::KeyShelf;
use crate::platform::db::Db;
use crate::platform::http::guard::HttpState;
use crate::platform::outgoing::Outgoing;
use crate::platform::tools::Tools;

/// How long things of the protocol live, in seconds.
#[derive(Debug, Clone, Copy)]
pub struct TokenPolicy {
    /// A code, at most 60.
    pub code_seconds: i64,
    /// An access token, unless the client has its own.
    pub access_token_seconds: i64,
    /// An ID token.
    pub id_token_seconds: i64,
    /// A grant that is bound to a session, whatever happens.
    pub grant_seconds: i64,
    /// A grant with `offline_access`, whatever happens.
    pub offline_grant_seconds: i64,
    /// How long a repeated refresh gets the same successor.
    pub refresh_retry_seconds: i64,
    /// How long an authorization request waits for its customer.
    pub request_seconds: i64,
}

/// The parts of the protocol.
pub struct OAuthState {
    /// The database.
    pub db: Db,
    /// Clock, randomness, keys.
    pub tools: Tools,
    /// Issuer, texts, looks, metrics.
    pub http: Arc<HttpState>,
    /// The sign-in gate.
    pub signin: Data<SigninState>,
    /// Signing keys.
    pub keys: Arc<KeyShelf>,
    /// Clients.
    pub clients: ClientCache,
    /// Failed client authentications.
    pub client_failures: FailureLimiter,
    /// Access tokens that were verified a moment ago.
    pub access: AccessCache,
    /// Lifetimes.
    pub policy: TokenPolicy,
    /// Who waits for events.
    pub polls: Polls,
    /// The way to other people's servers.
    pub outgoing: Outgoing,
    /// The discovery document.
    pub metadata: super::discovery::Metadata,
}

impl OAuthState {
    /// Whether none of our cookies came along, as when another site posts a form to us.
    pub fn without_cookies(&self, request: &HttpRequest) -> bool {
        self.signin.known_browser(request).is_none() && self.signin.session_cookie(request).is_none()
    }
}
