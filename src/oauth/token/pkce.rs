//! Proof Key for Code Exchange (RFC 7636), S256 only.

use crate::base::encoding::{base64url, sha256};
use crate::base::secret::constant_time_equal;

fn is_unreserved(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

/// Whether `text` can be an S256 challenge: the base64url form of 32 bytes.
pub fn is_challenge(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// Whether the verifier that came with a code fits the challenge that came with its request. Each without the other does not fit.
pub fn fits(challenge: Option<&str>, verifier: Option<&str>) -> bool {
    match (challenge, verifier) {
        (None, None) => true,
        (Some(challenge), Some(verifier)) => {
            (43..=128).contains(&verifier.len()) && is_unreserved(verifier) && constant_time_equal(base64url(sha256(verifier.as_bytes())).as_bytes(), challenge.as_bytes())
        }
        (Some(_), None) | (None, Some(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_vector_of_rfc_7636_fits() {
        let (challenge, verifier) = ("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert!(is_challenge(challenge) && fits(Some(challenge), Some(verifier)));
        assert!(fits(None, None));
        assert!(!fits(Some(challenge), None) && !fits(None, Some(verifier)));
        // `plain`: the challenge shown as its own verifier.
        assert!(!fits(Some(challenge), Some(challenge)));
        assert!(!fits(Some(verifier), Some(verifier)));
    }

    proptest! {
        #[test]
        fn only_the_right_verifier_of_the_right_length_fits(verifier in "[A-Za-z0-9._~-]{1,200}", other in "[A-Za-z0-9._~-]{43,128}") {
            let challenge = base64url(sha256(verifier.as_bytes()));
            prop_assert_eq!(fits(Some(&challenge), Some(&verifier)), (43..=128).contains(&verifier.len()));
            prop_assert_eq!(fits(Some(&challenge), Some(&other)), verifier == other);
            let bad = format!("{verifier} ");
            prop_assert!(!fits(Some(&base64url(sha256(bad.as_bytes()))), Some(&bad)));
        }
    }
}
