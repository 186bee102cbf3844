//! The token endpoint (RFC 6749 section 3.2), a file a grant.

mod client_credentials;
mod code;
mod pkce;
mod refresh;
pub mod web;

pub use pkce::is_challenge;

use crate::platform::audit::EventSpec;

/// A code was redeemed.
pub const CODE_REDEEMED: EventSpec = EventSpec::new("code_redeemed", "An authorization code was exchanged for tokens.");
/// A code was refused.
pub const CODE_REFUSED: EventSpec = EventSpec::new("code_refused", "An authorization code was refused.");
/// A code was shown a second time.
pub const CODE_REUSED: EventSpec = EventSpec::new("code_reused", "A used authorization code was shown again; the grant and its tokens were ended.");
/// A refresh token was rotated.
pub const REFRESHED: EventSpec = EventSpec::new("refreshed", "A refresh token was exchanged for its successor.");
/// A refresh token was refused.
pub const REFRESH_REFUSED: EventSpec =
    EventSpec::new("refresh_refused", "A refresh token was refused: of another client, of a grant that ended or expired, or with a scope that was not granted.");
/// A used refresh token was shown again.
pub const REFRESH_REUSED: EventSpec = EventSpec::new("refresh_token_reused", "A used refresh token was shown again; the family was ended.");
/// A client got a token of its own.
pub const CLIENT_TOKEN: EventSpec = EventSpec::new("client_token_issued", "A client got an access token of its own.");
