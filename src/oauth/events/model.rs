//! The kinds of events, and their names in each form.

use serde::{Deserialize, Serialize};

/// What can happen that a shop is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub enum EventKind {
    /// A session ended before its time (CAEP 1.0 section 3.1).
    #[serde(rename = "session.revoked")]
    SessionRevoked,
    /// A password, passkey or other authenticator was added, replaced or taken away (CAEP 1.0 section 3.3).
    #[serde(rename = "credential.changed")]
    CredentialChange,
    /// A session came to another level of assurance (CAEP 1.0 section 3.4).
    #[serde(rename = "assurance_level.changed")]
    AssuranceLevelChange,
    /// An account was locked (RISC 1.0 section 2.3).
    #[serde(rename = "account.disabled")]
    AccountDisabled,
    /// An account was unlocked (RISC 1.0 section 2.4).
    #[serde(rename = "account.enabled")]
    AccountEnabled,
    /// An account was erased (RISC 1.0 section 2.2).
    #[serde(rename = "account.purged")]
    AccountPurged,
    /// An address or telephone number changed, or was changed back (RISC 1.0 section 2.5).
    #[serde(rename = "identifier.changed")]
    IdentifierChanged,
    /// Its owner said that somebody else was in the account (RISC 1.0 section 2.7).
    #[serde(rename = "credential.compromised")]
    CredentialCompromise,
    /// A recovery waits for its owner's no (RISC 1.0 section 2.9).
    #[serde(rename = "recovery.activated")]
    RecoveryActivated,
    /// A sign-in looked unusual, was stopped for it, or was its owner's after all (CAEP 1.0 section 3.8).
    #[serde(rename = "risk_level.changed")]
    RiskLevelChange,
    /// A receiver asked whether its stream works (SSF 1.0 section 8.1.4).
    #[serde(rename = "stream.verification")]
    #[schemars(skip)]
    Verification,
    /// The status of a stream changed (SSF 1.0 section 8.1.5).
    #[serde(rename = "stream.updated")]
    #[schemars(skip)]
    StreamUpdated,
}

impl EventKind {
    /// Those that a receiver can ask for.
    pub const TOLD: [Self; 10] = [
        Self::SessionRevoked,
        Self::CredentialChange,
        Self::AssuranceLevelChange,
        Self::AccountDisabled,
        Self::AccountEnabled,
        Self::AccountPurged,
        Self::IdentifierChanged,
        Self::CredentialCompromise,
        Self::RecoveryActivated,
        Self::RiskLevelChange,
    ];

    /// The `type` of a webhook.
    pub const fn word(self) -> &'static str {
        match self {
            Self::SessionRevoked => "session.revoked",
            Self::CredentialChange => "credential.changed",
            Self::AssuranceLevelChange => "assurance_level.changed",
            Self::AccountDisabled => "account.disabled",
            Self::AccountEnabled => "account.enabled",
            Self::AccountPurged => "account.purged",
            Self::IdentifierChanged => "identifier.changed",
            Self::CredentialCompromise => "credential.compromised",
            Self::RecoveryActivated => "recovery.activated",
            Self::RiskLevelChange => "risk_level.changed",
            Self::Verification => "stream.verification",
            Self::StreamUpdated => "stream.updated",
        }
    }

    /// The event type of a security event token.
    pub const fn uri(self) -> &'static str {
        match self {
            Self::SessionRevoked => "https://schemas.openid.net/secevent/caep/event-type/session-revoked",
            Self::CredentialChange => "https://schemas.openid.net/secevent/caep/event-type/credential-change",
            Self::AssuranceLevelChange => "https://schemas.openid.net/secevent/caep/event-type/assurance-level-change",
            Self::AccountDisabled => "https://schemas.openid.net/secevent/risc/event-type/account-disabled",
            Self::AccountEnabled => "https://schemas.openid.net/secevent/risc/event-type/account-enabled",
            Self::AccountPurged => "https://schemas.openid.net/secevent/risc/event-type/account-purged",
            Self::IdentifierChanged => "https://schemas.openid.net/secevent/risc/event-type/identifier-changed",
            Self::CredentialCompromise => "https://schemas.openid.net/secevent/risc/event-type/credential-compromise",
            Self::RecoveryActivated => "https://schemas.openid.net/secevent/risc/event-type/recovery-activated",
            Self::RiskLevelChange => "https://schemas.openid.net/secevent/caep/event-type/risk-level-change",
            Self::Verification => "https://schemas.openid.net/secevent/ssf/event-type/verification",
            Self::StreamUpdated => "https://schemas.openid.net/secevent/ssf/event-type/stream-updated",
        }
    }

    /// The kind with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::TOLD.into_iter().chain([Self::Verification, Self::StreamUpdated]).find(|kind| kind.word() == word)
    }

    /// The kind that a receiver means by this event type.
    pub fn of_uri(uri: &str) -> Option<Self> {
        Self::TOLD.into_iter().find(|kind| kind.uri() == uri)
    }
}

/// How a receiver is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A signed JSON body.
    Webhook,
    /// Security event tokens, sent (RFC 8935).
    Push,
    /// Security event tokens, fetched (RFC 8936).
    Poll,
    /// Logout tokens.
    Logout,
}

impl Method {
    /// The stored form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::Push => "push",
            Self::Poll => "poll",
            Self::Logout => "logout",
        }
    }

    /// Reads the stored form.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Webhook, Self::Push, Self::Poll, Self::Logout].into_iter().find(|method| method.as_str() == text)
    }
}

/// Whether a stream runs (SSF 1.0 section 8.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StreamStatus {
    /// Events go out.
    Enabled,
    /// Events are kept until it is enabled again.
    Paused,
    /// Nothing is kept.
    Disabled,
}

impl StreamStatus {
    /// The stored form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Paused => "paused",
            Self::Disabled => "disabled",
        }
    }

    /// Reads the stored form.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Enabled, Self::Paused, Self::Disabled].into_iter().find(|status| status.as_str() == text)
    }
}
