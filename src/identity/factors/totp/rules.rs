//! When a code holds: it is the code of this step, of the one before or of the one after, and no step as late was accepted before (RFC 6238 section 5.2).

use totp_rs::{Algorithm, Builder, Totp};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::base::random::{self, Entropy};
use crate::base::time::UnixSeconds;
use crate::identity::factors::CodeRefused;

/// The length of a step in seconds. With SHA-1 and six digits it is what every app understands.
pub const STEP_SECONDS: u64 = 30;
/// How many steps a clock may be ahead or behind.
pub const DRIFT_STEPS: u16 = 1;
/// Digits of a code.
pub const DIGITS: u8 = 6;
/// Bytes of a seed that is made here: 160 bits (RFC 4226 section 4).
pub const SEED_BYTES: usize = 20;
/// The shortest seed that RFC 4226 section 4 allows.
const SHORTEST_SEED_BYTES: usize = 16;
/// Bytes of a seed that others made: many products made 10, and a factor of 80 bits is better than none.
const FOREIGN_SEED_BYTES: std::ops::RangeInclusive<usize> = 10..=64;

/// The longest text that is looked at as a code.
const MAX_TYPED_BYTES: usize = 32;

/// What app and server share.
#[derive(Clone)]
pub struct Seed(Zeroizing<Vec<u8>>);

impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seed(…)")
    }
}

impl Seed {
    /// A fresh seed.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self(Zeroizing::new(random::bytes::<SEED_BYTES>(entropy).to_vec()))
    }

    /// A stored seed, or one that another product made; `None` when it is too short or too long.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        FOREIGN_SEED_BYTES.contains(&bytes.len()).then(|| Self(Zeroizing::new(bytes.to_vec())))
    }

    /// The bytes, for sealing.
    pub fn expose(&self) -> &[u8] {
        self.0.as_slice()
    }

    fn totp(&self, account: &str, issuer: &str) -> Option<Totp> {
        // A colon ends the issuer in the label of the address (Key URI format).
        let plain = |text: &str| text.replace(':', " ");
        let builder = Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(DIGITS)
            .with_skew(DRIFT_STEPS)
            .with_step_duration(STEP_SECONDS)
            .with_secret(self.0.to_vec())
            .with_account_name(plain(account))
            .with_issuer(Some(plain(issuer)));
        if self.0.len() < SHORTEST_SEED_BYTES { Some(builder.build_noncompliant()) } else { builder.build().ok() }
    }

    /// The seed as a person types it into an app: base32.
    pub fn to_base32(&self) -> Zeroizing<String> {
        Zeroizing::new(self.totp("", "").map(|totp| totp.secret().to_base32()).unwrap_or_default())
    }

    /// The `otpauth://` address that a QR code carries; `None` when there is no account name to show.
    pub fn to_address(&self, account: &str, issuer: &str) -> Option<Zeroizing<String>> {
        self.totp(account, issuer)?.to_url().ok().map(Zeroizing::new)
    }

    /// The code of the step that `now` is in.
    #[cfg(test)]
    fn code_at(&self, now: UnixSeconds) -> String {
        self.totp("", "").unwrap().generate(now.0.unsigned_abs()).to_string()
    }
}

/// The digits of what was typed or pasted: spaces and dashes go, digits of other scripts count.
fn digits(typed: &str) -> Result<String, CodeRefused> {
    if typed.len() > MAX_TYPED_BYTES {
        return Err(CodeRefused::Malformed);
    }
    let digits: String = typed.nfkc().filter(|character| !character.is_whitespace() && *character != '-').collect();
    let is_code = digits.len() == usize::from(DIGITS) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_code { Ok(digits) } else { Err(CodeRefused::Malformed) }
}

/// Judges what was typed at `now`, when `last_step` was the last one accepted; the step to be remembered.
///
/// # Errors
/// [`CodeRefused`].
pub fn judge(seed: &Seed, typed: &str, last_step: Option<i64>, now: UnixSeconds) -> Result<i64, CodeRefused> {
    let code = digits(typed)?;
    let totp = seed.totp("", "").ok_or(CodeRefused::Wrong)?;
    let matched = u64::try_from(now.0).ok().and_then(|now| totp.check(&code, now)).and_then(|step| i64::try_from(step).ok()).ok_or(CodeRefused::Wrong)?;
    if last_step.is_some_and(|last| matched <= last) { Err(CodeRefused::Used) } else { Ok(matched) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The seed of RFC 6238 appendix B; its table has eight digits, of which apps show the last six.
    fn rfc_seed() -> Seed {
        Seed::from_bytes(b"12345678901234567890").unwrap()
    }

    #[test]
    fn the_vectors_of_the_rfc() {
        for (at, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"), (2_000_000_000, "279037"), (20_000_000_000, "353130")] {
            assert_eq!(rfc_seed().code_at(UnixSeconds(at)), code);
            assert_eq!(judge(&rfc_seed(), code, None, UnixSeconds(at)), Ok(at / 30));
        }
    }

    #[test]
    fn a_code_is_typed_in_many_ways() {
        let at = UnixSeconds(1_111_111_109);
        for typed in ["081804", "081 804", " 081-804 ", "\u{ff10}\u{ff18}\u{ff11}\u{ff18}\u{ff10}\u{ff14}"] {
            assert!(judge(&rfc_seed(), typed, None, at).is_ok(), "{typed}");
        }
        for typed in ["", "81804", "0818040", "08180a", "\u{0}81804", &"0".repeat(40)] {
            assert_eq!(judge(&rfc_seed(), typed, None, at), Err(CodeRefused::Malformed), "{typed}");
        }
    }

    #[test]
    fn an_app_reads_the_address() {
        let address = rfc_seed().to_address("ada@example.com", "Shop: Bean & Leaf").unwrap();
        let url = url::Url::parse(&address).unwrap();
        let query: std::collections::BTreeMap<_, _> = url.query_pairs().into_owned().collect();
        assert_eq!((url.scheme(), url.host_str(), query["secret"].as_str()), ("otpauth", Some("totp"), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"));
        assert_eq!(query["issuer"], "Shop  Bean & Leaf");
        assert_eq!(&*rfc_seed().to_base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(format!("{:?}", rfc_seed()), "Seed(…)");
    }

    proptest! {
        /// However codes and clocks come: a step is accepted once, none earlier than the last, and only within a step of now.
        #[test]
        fn a_step_is_good_once_and_never_again(tries in proptest::collection::vec((0_i64..400, -3_i64..4), 1..60)) {
            let (seed, mut last, mut now) = (rfc_seed(), None, 1_000_000_i64);
            for (forward, drift) in tries {
                now += forward;
                let shown = seed.code_at(UnixSeconds(now + drift * 30));
                let before = last;
                match judge(&seed, &shown, last, UnixSeconds(now)) {
                    Ok(step) => {
                        prop_assert!(before.is_none_or(|before| step > before));
                        prop_assert!((step - now / 30).abs() <= 1);
                        last = Some(step);
                    }
                    Err(CodeRefused::Used) => prop_assert!(before.is_some()),
                    Err(CodeRefused::Wrong) => prop_assert!(drift.abs() > 1),
                    Err(CodeRefused::Malformed) => prop_assert!(false),
                }
            }
        }
    }
}
