//! The life of a signing key: pending (published, not used), active (signs), retiring (published until the last token that it signed has expired), retired.

use crate::base::time::UnixSeconds;
use crate::platform::crypto::jws::SigningAlgorithm;

/// Where a key is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyState {
    /// In the JWKS, so that relying parties fetch it before it is used.
    Pending,
    /// Signs.
    Active,
    /// Signs no more, but its tokens still live.
    Retiring,
    /// Out of the JWKS.
    Retired,
}

impl KeyState {
    /// The stored form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Retiring => "retiring",
            Self::Retired => "retired",
        }
    }

    /// Reads the stored form.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Pending, Self::Active, Self::Retiring, Self::Retired].into_iter().find(|state| state.as_str() == text)
    }

    /// Whether the key stands in the JWKS.
    pub const fn is_published(self) -> bool {
        !matches!(self, Self::Retired)
    }
}

/// What the rules need to know of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFacts {
    /// Its `kid`.
    pub kid: String,
    /// What it signs with.
    pub algorithm: SigningAlgorithm,
    /// Where it is in its life.
    pub state: KeyState,
    /// When it was made.
    pub created_at: UnixSeconds,
    /// When it began to sign.
    pub activated_at: Option<UnixSeconds>,
    /// When it ceased to sign.
    pub retiring_at: Option<UnixSeconds>,
}

/// How long the stages last.
#[derive(Debug, Clone, Copy)]
pub struct RotationPolicy {
    /// A key older than this is replaced, in seconds.
    pub rotation_seconds: i64,
    /// How long a key is published before it signs, in seconds: longer than relying parties cache the JWKS.
    pub publish_ahead_seconds: i64,
    /// The longest life of any token, in seconds.
    pub longest_token_seconds: i64,
}

/// A step that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyAction {
    /// Make a key that waits until it was published long enough.
    MakePending(SigningAlgorithm),
    /// Make a key and use it at once: there is none to sign with.
    MakeActive(SigningAlgorithm),
    /// Let this pending key sign, and the active one of its algorithm retire.
    Activate(String),
    /// Take this key out of the JWKS.
    Retire(String),
}

/// What is due at `now`.
pub fn plan(keys: &[KeyFacts], algorithms: &[SigningAlgorithm], policy: RotationPolicy, now: UnixSeconds) -> Vec<KeyAction> {
    let mut actions = Vec::new();
    for &algorithm in algorithms {
        let of = |state: KeyState| keys.iter().filter(move |key| key.algorithm == algorithm && key.state == state);
        let active = of(KeyState::Active).next();
        let pending = of(KeyState::Pending).min_by_key(|key| key.created_at);
        match (active, pending) {
            (None, None) => actions.push(KeyAction::MakeActive(algorithm)),
            (None, Some(pending)) => actions.push(KeyAction::Activate(pending.kid.clone())),
            (Some(_), Some(pending)) if now.since(pending.created_at) >= policy.publish_ahead_seconds => actions.push(KeyAction::Activate(pending.kid.clone())),
            (Some(_), Some(_)) => {}
            (Some(active), None) => {
                let age = now.since(active.activated_at.unwrap_or(active.created_at));
                // Made early enough that it has been published for long when the active one is due.
                if age >= policy.rotation_seconds.saturating_sub(policy.publish_ahead_seconds) {
                    actions.push(KeyAction::MakePending(algorithm));
                }
            }
        }
    }
    let done = keys.iter().filter(|key| key.state == KeyState::Retiring && key.retiring_at.is_none_or(|at| now.since(at) > policy.longest_token_seconds));
    actions.extend(done.map(|key| KeyAction::Retire(key.kid.clone())));
    actions
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
