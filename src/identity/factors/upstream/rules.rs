//! What an answer of another provider has to hold: pure.

use crate::base::assurance::{FactorKind, Requirement, ShownFactor};
use crate::base::time::{UnixMicros, UnixSeconds};

/// The most accounts elsewhere that a customer can connect.
pub const MAX_LINKS: i64 = 10;
/// How far the provider's clock may be from ours, in seconds.
pub const LEEWAY_SECONDS: i64 = 60;
/// How old an ID token may be when it comes, in seconds.
pub const MAX_TOKEN_AGE_SECONDS: i64 = 600;

/// Why an account elsewhere is not connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectRefused {
    /// It is connected with this customer.
    Connected,
    /// It is connected with somebody else.
    Taken,
    /// There are too many.
    TooMany,
}

/// Why a sign-in at another provider does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UpstreamRefused {
    /// The customer, or the provider, said no.
    #[error("the provider refused")]
    Denied,
    /// The provider cannot be reached.
    #[error("the provider does not answer")]
    Unreachable,
    /// Its answer does not hold.
    #[error("the answer does not hold")]
    Invalid,
    /// A fresh sign-in was asked for, and the provider does not say that there was one.
    #[error("it was not a fresh sign-in")]
    NotFresh,
    /// The account here is closed.
    #[error("the account is locked")]
    Locked,
    /// Too many were asked for from one source.
    #[error("too many requests")]
    Throttled,
}

impl UpstreamRefused {
    /// The word in the audit.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::Unreachable => "unreachable",
            Self::Invalid => "invalid",
            Self::NotFresh => "not_fresh",
            Self::Locked => "locked",
            Self::Throttled => "throttled",
        }
    }

    /// The key of the sentence on the page.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Denied => "upstream-denied",
            Self::Unreachable | Self::Throttled => "upstream-unreachable",
            Self::Invalid => "upstream-invalid",
            Self::NotFresh => "upstream-not-fresh",
            // No more than a wrong password tells.
            Self::Locked => "signin-refused",
        }
    }
}

/// Whether the provider has to ask the customer again: where this sign-in wants to know that it happens now.
pub const fn needs_fresh(requirement: &Requirement, has_begun: bool) -> bool {
    requirement.is_strict || requirement.max_age_seconds.is_some() || requirement.after.is_some() || has_begun
}

/// What a sign-in elsewhere counts for here: when it was, and whether the provider says so. `began_at` is when we sent the customer there; `auth_time` is the provider's word.
///
/// # Errors
/// [`UpstreamRefused::NotFresh`] when a fresh one was asked for and this one is older, or its age is not told.
pub fn judge(is_fresh: bool, auth_time: Option<UnixSeconds>, began_at: UnixSeconds, now: UnixMicros) -> Result<ShownFactor, UpstreamRefused> {
    let is_since = auth_time.is_some_and(|at| at.0 >= began_at.0.saturating_sub(LEEWAY_SECONDS));
    if is_fresh && !is_since {
        return Err(UpstreamRefused::NotFresh);
    }
    // The provider's clock may be ahead; what happened since we asked happened now.
    let at = match auth_time {
        Some(at) if !is_since => UnixMicros(at.0.saturating_mul(1_000_000).clamp(0, now.0)),
        _ => now,
    };
    Ok(ShownFactor { is_user_verified: auth_time.is_some(), ..ShownFactor::new(FactorKind::Upstream, at) })
}

/// A word of a provider as it may be shown: nothing that cannot be seen, and not too long.
pub fn shown_word(text: &str) -> Option<String> {
    let text: String = text
        .chars()
        .filter(|letter| !letter.is_control() && !('\u{200b}'..='\u{200f}').contains(letter) && !('\u{202a}'..='\u{202e}').contains(letter))
        .take(120)
        .collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Whether the `iss` that came back beside the code is the provider's (RFC 9207 section 2.4).
pub fn is_its_issuer(told: Option<&str>, issuer: &str, is_promised: bool) -> bool {
    told.map_or(!is_promised, |told| told == issuer)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMicros = UnixMicros(10_000_000_000);

    #[test]
    fn freshness_is_the_providers_word_or_nothing() {
        let began = UnixSeconds(9_900);
        let at = |seconds| Some(UnixSeconds(seconds));
        let seen = |is_fresh, auth_time| judge(is_fresh, auth_time, began, NOW).map(|shown| (shown.at.0 / 1_000_000, shown.is_user_verified));
        assert_eq!(seen(false, None), Ok((10_000, false)));
        assert_eq!(seen(false, at(5_000)), Ok((5_000, true)));
        assert_eq!(seen(false, at(9_950)), Ok((10_000, true)));
        assert_eq!(seen(true, at(9_950)), Ok((10_000, true)));
        // A clock that is a little behind, or far ahead.
        assert_eq!(seen(true, at(9_850)), Ok((10_000, true)));
        assert_eq!(seen(true, at(99_999)), Ok((10_000, true)));
        for auth_time in [None, at(9_839), at(0), at(-5), at(i64::MIN)] {
            assert_eq!(seen(true, auth_time), Err(UpstreamRefused::NotFresh), "{auth_time:?}");
        }
        assert_eq!(seen(false, at(i64::MIN)), Ok((0, true)));
    }

    #[test]
    fn the_issuer_beside_the_code() {
        assert!(is_its_issuer(None, "https://a.example", false));
        assert!(!is_its_issuer(None, "https://a.example", true));
        assert!(is_its_issuer(Some("https://a.example"), "https://a.example", true));
        for other in ["https://a.example/", "https://b.example", ""] {
            assert!(!is_its_issuer(Some(other), "https://a.example", false), "{other}");
        }
    }

    #[test]
    fn words_are_bounded_and_plain() {
        assert_eq!(shown_word(" kim@shop.example\u{202e} "), Some("kim@shop.example".to_owned()));
        assert_eq!(shown_word("\r\n\u{200b}"), None);
        assert_eq!(shown_word(&"x".repeat(500)).unwrap().len(), 120);
    }
}
