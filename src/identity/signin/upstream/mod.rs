//! Signing in with an account at another OpenID Provider: the way there and back, and connecting that account with the customer who then signs in here.

pub mod web;

use crate::base::ids::FlowId;
use crate::identity::factors::upstream::rules::UpstreamRefused;

/// The page that asks whether to connect an account elsewhere, or to join with it.
pub(in crate::identity) fn address(flow: &FlowId) -> String {
    format!("/signin/{flow}/upstream")
}

/// Where a provider sends the browser back to: one address each, so that an answer of one cannot pass for that of another (RFC 9700 section 4.4).
pub fn callback(upstream: &str) -> String {
    format!("/upstream/{upstream}/callback")
}

/// The refusal that a word in the address of the sign-in page stands for.
pub(super) fn refusal(word: &str) -> Option<UpstreamRefused> {
    use UpstreamRefused::{Denied, Invalid, Locked, NotFresh, Throttled, Unreachable};
    [Denied, Unreachable, Invalid, NotFresh, Locked, Throttled].into_iter().find(|refused| word.strip_prefix("upstream-") == Some(refused.word()))
}
