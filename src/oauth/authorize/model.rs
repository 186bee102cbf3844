//! An authorization request that was read and found sound.

use crate::base::assurance::Requirement;
use crate::base::ids::{ClientId, FlowId};
use crate::base::purchase::Purchase;
use crate::base::time::{UnixMicros, UnixSeconds};
use crate::oauth::claims::ClaimsRequest;
use crate::oauth::scope::Scope;

/// How the answer travels (OAuth 2.0 Multiple Response Types, Form Post Response Mode).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// In the query of the redirect URI.
    Query,
    /// In its fragment.
    Fragment,
    /// In a form that the browser posts.
    FormPost,
}

impl ResponseMode {
    /// Reads the parameter.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "query" => Some(Self::Query),
            "fragment" => Some(Self::Fragment),
            "form_post" => Some(Self::FormPost),
            _ => None,
        }
    }
}

/// What `prompt` asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Prompt {
    /// No page at all.
    pub none: bool,
    /// Authenticate again.
    pub login: bool,
    /// Ask for consent again.
    pub consent: bool,
    /// Let the person choose the account.
    pub select_account: bool,
    /// Begin with making an account (Initiating User Registration via OpenID Connect 1.0).
    pub create: bool,
}

/// A request, bound to a registered redirect URI. Stored sealed while it waits.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct AuthorizationRequest {
    /// Who asks.
    pub client_id: ClientId,
    /// Where the answer goes; was found among the client's.
    pub redirect_uri: String,
    /// How it travels.
    pub response_mode: ResponseMode,
    /// What is asked for.
    pub scope: Scope,
    /// The client's own word, given back.
    pub state: Option<String>,
    /// For the ID token.
    pub nonce: Option<String>,
    /// The S256 challenge.
    pub code_challenge: Option<String>,
    /// What may be shown.
    pub prompt: Prompt,
    /// What the authentication must be.
    pub requirement: Requirement,
    /// For the e-mail field.
    pub login_hint: Option<String>,
    /// `sub` must be one of these, from `id_token_hint` or `claims`.
    pub expected_subjects: Option<Vec<String>>,
    /// Single claims.
    pub claims: ClaimsRequest,
    /// Languages.
    pub ui_locales: Vec<String>,
    /// The hash of the token of a guest whom the client wants to keep, if an account is made.
    #[serde(default)]
    pub guest_hash: Option<Vec<u8>>,
    /// Whether the person has chosen the account since.
    pub is_account_chosen: bool,
    /// The purchase that is to be confirmed (RFC 9396).
    #[serde(default)]
    pub purchase: Option<Purchase>,
    /// The pause before gift cards are bought.
    #[serde(default)]
    pub pause: Pause,
}

/// How far the pause is that comes before gift cards are bought: by then, whoever is being told on the telephone to buy them can think.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pause {
    /// Its page was not shown.
    #[default]
    Ahead,
    /// It was shown at that time.
    Since(UnixSeconds),
    /// It is over, and the customer goes on.
    Over,
}

impl AuthorizationRequest {
    /// Everything that the customer would share: the scopes, and those that single claims stand for.
    pub fn shared(&self) -> Scope {
        self.scope.union(&self.claims.implied_scope())
    }
}

/// A request that waits for its customer in one tab.
#[derive(Debug, Clone)]
pub struct WaitingRequest {
    /// Its id, as in the path.
    pub id: FlowId,
    /// The request.
    pub request: AuthorizationRequest,
    /// When it came in.
    pub created_at: UnixMicros,
    /// When it is too old.
    pub expires_at: UnixSeconds,
    /// When it was answered.
    pub answered_at: Option<UnixSeconds>,
    /// The hash of the browser that brought it.
    pub browser_hash: Vec<u8>,
}
