//! `id_token_hint`: an ID token that we issued, expired or not.

use crate::base::ids::ClientId;
use crate::oauth::state::OAuthState;
use crate::platform::crypto::jws::TokenType;

/// What a genuine hint says.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct Hint {
    /// Who, as the client knows them.
    pub sub: String,
    /// The client that it was issued to.
    pub aud: ClientId,
    /// Which session, as the client knows it.
    #[serde(default)]
    pub sid: Option<String>,
}

impl Hint {
    /// Whether it was issued to `client`.
    pub fn is_for(&self, client: &ClientId) -> bool {
        self.aud == *client
    }
}

/// Reads a hint; `None` when it is not an ID token that we signed with a key that is still published.
pub fn read(state: &OAuthState, text: &str) -> Option<Hint> {
    state.keys.current().verify::<Hint>(text, TokenType::IdToken, state.http.issuer.as_str()).ok()
}
