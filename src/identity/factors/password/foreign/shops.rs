//! Hashes of shop systems: phpass and its successor in WordPress, and Magento's chains.

use aws_lc_rs::hmac;
use md5::{Digest, Md5};
use zeroize::Zeroizing;

use super::derived::Argon2Cost;
use super::{BcryptHash, ForeignRefused};
use crate::base::encoding::{base64, from_hex, hex, sha256};
use crate::base::secret::constant_time_equal;

/// The digits of phpass, by value.
const DIGITS: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// The most rounds of phpass, as a power of two; WordPress has 13.
const MAX_PHPASS_LOG: u32 = 16;
/// The characters that PHP's `trim` takes off.
const TRIMMED: [char; 6] = [' ', '\n', '\r', '\t', '\u{b}', '\0'];

fn md5(parts: &[&[u8]]) -> [u8; 16] {
    parts.iter().fold(Md5::new(), Digest::chain_update).finalize().into()
}

/// What is left of a password when WordPress has trimmed it.
pub(super) fn trimmed(typed: &str) -> &str {
    typed.trim_matches(TRIMMED)
}

/// What WordPress may have hashed for a password: what it trims, and before the hash it puts a backslash before quotes, backslashes and NULs, as with all that comes from a form; newer versions do not. Nothing for nothing: it takes no empty password.
fn spellings(typed: &str) -> Vec<Zeroizing<String>> {
    let trimmed = trimmed(typed);
    if trimmed.is_empty() {
        return Vec::new();
    }
    let mut all = vec![Zeroizing::new(trimmed.to_owned())];
    if trimmed.contains(['\'', '"', '\\']) {
        let slashed = trimmed.chars().fold(String::with_capacity(trimmed.len() * 2), |mut text, character| {
            if "'\"\\".contains(character) {
                text.push('\\');
            }
            text.push(character);
            text
        });
        all.push(Zeroizing::new(slashed));
    }
    all
}

/// `$P$B` or `$H$9`, then eight characters of salt and 22 of MD5, over and over.
#[derive(Clone)]
pub struct PhpassHash {
    text: String,
    log_rounds: u32,
    salt: [u8; 8],
    hash: Vec<u8>,
}

impl PhpassHash {
    pub(super) fn parse(text: &str) -> Result<Self, ForeignRefused> {
        let bytes = text.as_bytes();
        let (Some(cost), Some(salt), Some(hash), 34) = (bytes.get(3), bytes.get(4..12), bytes.get(12..34), bytes.len()) else { return Err(ForeignRefused::Malformed) };
        let log_rounds = DIGITS.iter().zip(0_u32..).find(|(digit, _)| *digit == cost).map(|(_, value)| value).ok_or(ForeignRefused::Malformed)?;
        if log_rounds > MAX_PHPASS_LOG {
            return Err(ForeignRefused::TooCostly);
        }
        let is_sound = log_rounds >= 7 && hash.iter().all(|byte| DIGITS.contains(byte));
        let salt = salt.try_into().map_err(|_| ForeignRefused::Malformed)?;
        if is_sound { Ok(Self { text: text.to_owned(), log_rounds, salt, hash: hash.to_vec() }) } else { Err(ForeignRefused::Malformed) }
    }

    pub(super) fn to_text(&self) -> String {
        self.text.clone()
    }

    pub(super) fn verify(&self, typed: &str) -> bool {
        spellings(typed).iter().any(|spelling| {
            let password = spelling.as_bytes();
            let first = md5(&[&self.salt, password]);
            let digest = (0..1_u32 << self.log_rounds).fold(first, |digest, _| md5(&[&digest, password]));
            constant_time_equal(&encoded(digest), &self.hash)
        })
    }
}

/// phpass's own base64: three bytes, the lowest first, make four digits, the lowest first.
fn encoded(digest: [u8; 16]) -> Vec<u8> {
    let mut text = Vec::with_capacity(24);
    for three in digest.chunks(3) {
        let value = three.iter().rev().fold(0_usize, |value, byte| value << 8 | usize::from(*byte));
        let digits = three.len() + 1;
        text.extend((0..digits).filter_map(|place| DIGITS.get(value >> (6 * place) & 63)));
    }
    text
}

/// `$wp` before a bcrypt hash of the base64 of an HMAC-SHA-384 of the password.
#[derive(Clone)]
pub struct WordPressHash(BcryptHash);

impl WordPressHash {
    pub(super) fn parse(text: &str) -> Result<Self, ForeignRefused> {
        BcryptHash::parse(text.strip_prefix("$wp").unwrap_or_default()).map(Self)
    }

    pub(super) fn to_text(&self) -> String {
        format!("$wp{}", self.0.0)
    }

    pub(super) fn verify(&self, typed: &str) -> bool {
        let key = hmac::Key::new(hmac::HMAC_SHA384, b"wp-sha384");
        spellings(typed).iter().any(|spelling| self.0.verify(base64(hmac::sign(&key, spelling.as_bytes())).as_bytes()))
    }
}

/// A step of Magento's chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Version 0, and Magento 1.
    Md5,
    /// Version 1.
    Sha256,
    /// Versions 2 and 3.
    Argon2id { seed_bytes: usize, cost: Argon2Cost },
}

impl Step {
    fn parse(text: &str) -> Result<Self, ForeignRefused> {
        let argon2id = |seed: u64, passes: u64, memory_bytes: u64| {
            let seed_bytes = usize::try_from(seed).ok().filter(|seed| (16..=64).contains(seed)).ok_or(ForeignRefused::Malformed)?;
            Ok(Self::Argon2id { seed_bytes, cost: Argon2Cost::new(memory_bytes / 1_024, passes, 1)? })
        };
        match text {
            "0" => Ok(Self::Md5),
            "1" => Ok(Self::Sha256),
            // libsodium's "interactive" limits.
            "2" => argon2id(32, 2, 64 * 1_024 * 1_024),
            _ => {
                let numbers: Result<Vec<u64>, _> = text.strip_prefix("3_").ok_or(ForeignRefused::Malformed)?.split('_').map(str::parse).collect();
                match numbers.map_err(|_| ForeignRefused::Malformed)?.as_slice() {
                    [seed, passes, memory_bytes] => argon2id(*seed, *passes, *memory_bytes),
                    _ => Err(ForeignRefused::Malformed),
                }
            }
        }
    }
}

/// `hash:salt:version`, where several versions stand in a row when hashes were hashed again; `md5:salt` of Magento 1; a bare MD5.
#[derive(Clone)]
pub struct MagentoHash {
    text: String,
    hash: Vec<u8>,
    salt: String,
    steps: Vec<Step>,
}

impl MagentoHash {
    pub(super) fn parse(text: &str) -> Result<Self, ForeignRefused> {
        let mut parts = text.split(':');
        let hash = parts.next().and_then(from_hex).filter(|hash| (16..=64).contains(&hash.len())).ok_or(ForeignRefused::Malformed)?;
        let salt = parts.next().unwrap_or_default().to_owned();
        let mut steps = parts.map(Step::parse).collect::<Result<Vec<_>, _>>()?;
        if steps.is_empty() {
            // Magento 1 had MD5; its enterprise edition, and the first days of Magento 2, SHA-256.
            steps.push(if hash.len() == 32 { Step::Sha256 } else { Step::Md5 });
        }
        let costly = steps.iter().filter(|step| matches!(step, Step::Argon2id { .. })).count();
        if steps.len() > 4 || costly > 1 {
            return Err(ForeignRefused::TooCostly);
        }
        let (needs_salt, last) = (costly > 0, steps.last());
        let expected = match last {
            Some(Step::Md5) | None => 16,
            Some(Step::Sha256) => 32,
            Some(Step::Argon2id { seed_bytes, .. }) => *seed_bytes,
        };
        if hash.len() != expected || salt.len() > 256 || (needs_salt && salt.is_empty()) {
            return Err(ForeignRefused::Malformed);
        }
        Ok(Self { text: text.to_owned(), hash, salt, steps })
    }

    pub(super) fn to_text(&self) -> String {
        self.text.clone()
    }

    pub(super) fn verify(&self, typed: &[u8]) -> bool {
        // Each step takes what the last one made, in hexadecimal.
        let mut made = Zeroizing::new(typed.to_vec());
        for step in &self.steps {
            let digest = match step {
                Step::Md5 => md5(&[self.salt.as_bytes(), &made]).to_vec(),
                Step::Sha256 => sha256(&Zeroizing::new([self.salt.as_bytes(), &made].concat())).to_vec(),
                Step::Argon2id { seed_bytes, cost } => {
                    // libsodium wants sixteen bytes: cut off, or repeated until there are enough.
                    let salt: Vec<u8> = self.salt.bytes().cycle().take(16).collect();
                    let mut seed = vec![0; *seed_bytes];
                    if !cost.derive(argon2::Algorithm::Argon2id, argon2::Version::V0x13, &made, &salt, &mut seed) {
                        return false;
                    }
                    seed
                }
            };
            made = Zeroizing::new(hex(&digest).into_bytes());
        }
        constant_time_equal(&made, hex(&self.hash).as_bytes())
    }
}
