//! Scopes (RFC 6749 section 3.3; OIDC Core section 5.4).

use std::collections::BTreeSet;

/// The scopes that OIDC defines and we serve.
pub const STANDARD: [&str; 6] = ["openid", "profile", "email", "address", "phone", "offline_access"];

/// A set of scope values.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Scope(BTreeSet<String>);

impl From<String> for Scope {
    fn from(text: String) -> Self {
        Self(text.split(' ').filter(|value| !value.is_empty()).map(str::to_owned).collect())
    }
}

impl From<Scope> for String {
    fn from(scope: Scope) -> Self {
        scope.to_text()
    }
}

impl Scope {
    /// Reads a space-separated list; `None` when a value has characters that RFC 6749 does not allow, or there are over 50.
    pub fn parse(text: &str) -> Option<Self> {
        let is_sound = |value: &str| value.len() <= 128 && value.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e));
        let scope = Self::from(text.to_owned());
        (scope.0.len() <= 50 && scope.0.iter().all(|value| is_sound(value))).then_some(scope)
    }

    /// The space-separated form, in a fixed order.
    pub fn to_text(&self) -> String {
        self.0.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    /// Whether `value` is in it.
    pub fn contains(&self, value: &str) -> bool {
        self.0.contains(value)
    }

    /// Whether it has no value.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether every value of it is in `other`.
    pub fn is_within(&self, other: &Self) -> bool {
        self.0.is_subset(&other.0)
    }

    /// The values in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self(self.0.intersection(&other.0).cloned().collect())
    }

    /// All but `value`.
    #[must_use]
    pub fn without(&self, value: &str) -> Self {
        Self(self.0.iter().filter(|kept| *kept != value).cloned().collect())
    }

    /// The values in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self(self.0.union(&other.0).cloned().collect())
    }

    /// The values without those that neither a standard nor `registered` knows: OIDC Core section 3.1.2.1 has them ignored.
    #[must_use]
    pub fn understood(&self, registered: &Self) -> Self {
        Self(self.0.iter().filter(|value| STANDARD.contains(&value.as_str()) || registered.contains(value)).cloned().collect())
    }

    /// The values as a person reads them: the standard ones in their usual order, then the others.
    pub fn in_reading_order(&self) -> impl Iterator<Item = &str> {
        let standard = STANDARD.into_iter().filter(|value| self.contains(value));
        standard.chain(self.iter().filter(|value| !STANDARD.contains(value)))
    }

    /// The values.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}
