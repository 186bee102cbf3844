//! A sign-in in progress, and the local path that it leads back to.

use crate::base::assurance::{Acr, Requirement};
use crate::base::ids::{ClientId, FlowId};
use crate::base::purchase::Purchase;
use crate::base::time::{UnixMicros, UnixSeconds};
use crate::identity::Passed;
use crate::identity::factors::upstream::Arrived;
use crate::identity::signin::judgement::Carried;

/// A path on this server. Never an address from a request, so it cannot lead away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnTo(String);

impl ReturnTo {
    /// A fixed page of ours.
    pub fn page(path: &'static str) -> Self {
        Self(path.to_owned())
    }

    /// A flow of ours, such as `/authorize/{flow}`.
    pub fn flow(prefix: &'static str, flow: &FlowId) -> Self {
        Self(format!("{prefix}/{flow}"))
    }

    /// Reads back what was stored; `None` for anything that is not a plain local path.
    pub fn parse(text: &str) -> Option<Self> {
        let is_plain = text.len() <= 256 && text.starts_with('/') && !text.starts_with("//") && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_-".contains(&byte));
        is_plain.then(|| Self(text.to_owned()))
    }

    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The shop that a person came from, for the words on the page and the way back.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Visitor {
    /// The shop's name.
    pub name: String,
    /// An address that the shop registered.
    pub home: Option<String>,
    /// Where forms may lead in the end, as a CSP source.
    pub form_target: Option<String>,
    /// The shop's logo.
    pub logo: Option<String>,
    /// Which client it is.
    #[serde(default)]
    pub client: Option<ClientId>,
    /// The hash of the token of a guest whom it wants to keep, if an account is made.
    #[serde(default)]
    pub guest_hash: Option<Vec<u8>>,
    /// The brand that its client names.
    #[serde(default)]
    pub brand: Option<String>,
    /// The purchase that the person confirms by signing in.
    #[serde(default)]
    pub purchase: Option<Purchase>,
}

/// What whoever knocked at the gate wants. Sealed at rest, since the hint is an e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SigninRequest {
    /// What the authentication must be.
    pub requirement: Requirement,
    /// What to write into the e-mail field.
    pub login_hint: Option<String>,
    /// Languages that the client asked for.
    pub ui_locales: Vec<String>,
    /// Who sent the person.
    pub visitor: Option<Visitor>,
}

impl SigninRequest {
    /// The shop, and what is bought there, when the sign-in confirms a purchase.
    pub fn purchase(&self) -> Option<(&str, &Purchase)> {
        let visitor = self.visitor.as_ref()?;
        Some((visitor.name.as_str(), visitor.purchase.as_ref()?))
    }
}

/// A sign-in in one tab.
#[derive(Debug, Clone)]
pub struct SigninFlow {
    /// Its id, as in the path.
    pub id: FlowId,
    /// Where it leads.
    pub return_to: ReturnTo,
    /// What is wanted.
    pub request: SigninRequest,
    /// When it began.
    pub created_at: UnixMicros,
    /// When it is too old.
    pub expires_at: UnixSeconds,
    /// When it was done.
    pub finished_at: Option<UnixSeconds>,
    /// The hash of the browser that began it.
    pub browser_hash: Vec<u8>,
    /// What was shown in it so far, when more is to come.
    pub passed: Option<Passed>,
    /// An account at another provider that was shown in it and belongs to nobody here yet.
    pub arrived: Option<Arrived>,
    /// The decision over how strange it is; none before the first proof.
    pub risk: Option<Carried>,
}

impl SigninFlow {
    /// The least level since it looks strange, for the one who showed the first factor in it.
    pub fn demand(&self) -> Option<Acr> {
        let passed = self.passed.as_ref()?;
        self.risk.as_ref().filter(|risk| risk.customer == *passed.customer())?.acr
    }

    /// Whether it looks so strange that more is demanded: then nothing is added to the account, and no device is trusted.
    pub fn is_strange(&self) -> bool {
        self.demand().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_return_path_cannot_lead_away() {
        for bad in ["", "account", "//evil.com", "/\\evil.com", "https://evil.com", "/a?next=//evil", "/a\r\nx", "/a%2f", "/a:b"] {
            assert!(ReturnTo::parse(bad).is_none(), "{bad}");
        }
        assert_eq!(ReturnTo::parse("/authorize/abc_DEF-1").unwrap().as_str(), "/authorize/abc_DEF-1");
    }
}
