//! Password hashes that other products made: read from one text each, checked against bounds, and verified. They are of the password as it was typed there: not normalised, not peppered.
//!
//! A hash stays as it came until its owner signs in; then ours takes its place. What a hash costs was chosen by whoever wrote the file that was imported, so each family has a most that it may cost: about a second of one thread.

mod derived;
mod firebase;
mod shops;
pub mod store;

use crate::base::encoding::{base64, from_any_base64};
use derived::{Argon2Hash, Pbkdf2Hash, ScryptHash};
pub use firebase::{FirebaseHash, FirebaseProject};
use shops::{MagentoHash, PhpassHash, WordPressHash};

/// The longest text that is looked at as a hash, in bytes.
pub const MAX_TEXT_BYTES: usize = 4_096;
/// The most that bcrypt may cost: 2^14 rounds.
const MAX_BCRYPT_COST: u32 = 14;

/// What bcrypt looks at, in bytes.
const BCRYPT_BYTES: usize = 72;

/// Why a hash is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ForeignRefused {
    /// No family that is known here.
    #[error("the kind of hash is not known")]
    Unknown,
    /// A known family, but not in its form.
    #[error("the hash is not in the form of its kind")]
    Malformed,
    /// To verify it would take longer, or more memory, than a sign-in may.
    #[error("the hash costs more than a sign-in may")]
    TooCostly,
}

impl ForeignRefused {
    /// A fixed word for reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unknown => "hash_unknown",
            Self::Malformed => "hash_malformed",
            Self::TooCostly => "hash_too_costly",
        }
    }
}

/// A hash of another product.
#[derive(Clone)]
pub enum ForeignHash {
    /// bcrypt: Auth0, Kratos, many shops.
    Bcrypt(BcryptHash),
    /// PBKDF2 (RFC 8018): Keycloak, Django.
    Pbkdf2(Pbkdf2Hash),
    /// scrypt (RFC 7914).
    Scrypt(ScryptHash),
    /// Firebase's own use of scrypt.
    Firebase(FirebaseHash),
    /// Argon2 without our pepper.
    Argon2(Argon2Hash),
    /// phpass: WordPress until 6.7, phpBB.
    Phpass(PhpassHash),
    /// WordPress from 6.8: HMAC, then bcrypt.
    WordPress(WordPressHash),
    /// Magento 1 and 2, and md5 without salt.
    Magento(MagentoHash),
}

impl ForeignHash {
    /// Reads a hash in the form that its family has, or in ours where it has none.
    ///
    /// # Errors
    /// [`ForeignRefused`].
    pub fn parse(text: &str) -> Result<Self, ForeignRefused> {
        if text.len() > MAX_TEXT_BYTES || text.bytes().any(|byte| byte.is_ascii_control()) {
            return Err(ForeignRefused::Malformed);
        }
        let Some(family) = text.strip_prefix('$').and_then(|rest| rest.split('$').next()) else { return Self::parse_unmarked(text) };
        match family {
            "2a" | "2b" | "2y" => BcryptHash::parse(text).map(Self::Bcrypt),
            "wp" => WordPressHash::parse(text).map(Self::WordPress),
            "P" | "H" => PhpassHash::parse(text).map(Self::Phpass),
            "scrypt" => ScryptHash::parse(text).map(Self::Scrypt),
            "firebase-scrypt" | "firescrypt" => FirebaseHash::parse(text).map(Self::Firebase),
            "magento" => MagentoHash::parse(text.strip_prefix("$magento$").unwrap_or_default()).map(Self::Magento),
            _ if family.starts_with("argon2") => Argon2Hash::parse(text).map(Self::Argon2),
            _ if family.starts_with("pbkdf2") => Pbkdf2Hash::parse(text).map(Self::Pbkdf2),
            _ => Err(ForeignRefused::Unknown),
        }
    }

    /// What does not begin with the name of its family.
    fn parse_unmarked(text: &str) -> Result<Self, ForeignRefused> {
        if text.starts_with("pbkdf2_") {
            return Pbkdf2Hash::parse_django(text).map(Self::Pbkdf2);
        }
        let digest = text.split(':').next().unwrap_or_default();
        let is_digest = matches!(digest.len(), 32 | 64) && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_digest { MagentoHash::parse(text).map(Self::Magento) } else { Err(ForeignRefused::Unknown) }
    }

    /// Keycloak's PBKDF2, whose parts stand apart in its export.
    ///
    /// # Errors
    /// [`ForeignRefused`].
    pub fn pbkdf2(algorithm: &str, iterations: u64, salt: &str, value: &str) -> Result<Self, ForeignRefused> {
        Pbkdf2Hash::of_parts(algorithm, iterations, salt, value).map(Self::Pbkdf2)
    }

    /// The text that [`Self::parse`] reads back.
    pub fn to_text(&self) -> String {
        match self {
            Self::Bcrypt(hash) => hash.0.clone(),
            Self::Pbkdf2(hash) => hash.to_text(),
            Self::Scrypt(hash) => hash.to_text(),
            Self::Firebase(hash) => hash.to_text(),
            Self::Argon2(hash) => hash.to_text(),
            Self::Phpass(hash) => hash.to_text(),
            Self::WordPress(hash) => hash.to_text(),
            Self::Magento(hash) => format!("$magento${}", hash.to_text()),
        }
    }

    /// The password that `typed`, which fits, stands for: what is hashed anew. None where that cannot be told, since bcrypt looks at its first 72 bytes alone: then the hash stays as it is.
    pub fn whole<'a>(&self, typed: &'a str) -> Option<&'a str> {
        match self {
            Self::Bcrypt(_) if typed.len() > BCRYPT_BYTES => None,
            Self::Phpass(_) | Self::WordPress(_) => Some(shops::trimmed(typed)),
            _ => Some(typed),
        }
    }

    /// Whether `typed` is the password. Takes up to about a second: on a thread of the hash pool alone.
    pub fn verify(&self, typed: &str) -> bool {
        let bytes = typed.as_bytes();
        match self {
            Self::Bcrypt(hash) => hash.verify(bytes),
            Self::Pbkdf2(hash) => hash.verify(bytes),
            Self::Scrypt(hash) => hash.verify(bytes),
            Self::Firebase(hash) => hash.verify(bytes),
            Self::Argon2(hash) => hash.verify(bytes),
            Self::Phpass(hash) => hash.verify(typed),
            Self::WordPress(hash) => hash.verify(typed),
            Self::Magento(hash) => hash.verify(bytes),
        }
    }
}

/// `$2b$10$` with 22 characters of salt and 31 of hash. `$2x$`, which marks a mistake in an old PHP, is not taken.
#[derive(Clone)]
pub struct BcryptHash(String);

impl BcryptHash {
    fn parse(text: &str) -> Result<Self, ForeignRefused> {
        let mut parts = text.split('$').skip(2);
        let (cost, body) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let is_sound = parts.next().is_none() && cost.len() == 2 && body.len() == 53 && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"./".contains(&byte));
        if !is_sound {
            return Err(ForeignRefused::Malformed);
        }
        match cost.parse::<u32>() {
            Ok(cost) if (4..=MAX_BCRYPT_COST).contains(&cost) => Ok(Self(without_stray_bits(text))),
            Ok(cost) if cost > MAX_BCRYPT_COST => Err(ForeignRefused::TooCostly),
            Ok(_) | Err(_) => Err(ForeignRefused::Malformed),
        }
    }

    /// bcrypt looks at 72 bytes, here as there.
    fn verify(&self, typed: &[u8]) -> bool {
        bcrypt::verify(typed, &self.0).unwrap_or(false)
    }
}

/// The digits of bcrypt's own base64, by value.
const BCRYPT_DIGITS: &[u8; 64] = b"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Some products leave bits in the last digit of salt and hash that mean nothing, and that a strict reader stumbles over.
fn without_stray_bits(text: &str) -> String {
    let (salt_end, hash_end) = (text.len().saturating_sub(32), text.len().saturating_sub(1));
    let masked = |(place, digit): (usize, char)| {
        let mask = match place {
            place if place == salt_end => 0x30,
            place if place == hash_end => 0x3c,
            _ => 0x3f,
        };
        let value = BCRYPT_DIGITS.iter().position(|known| char::from(*known) == digit);
        value.filter(|_| mask != 0x3f).and_then(|value| BCRYPT_DIGITS.get(value & mask)).map_or(digit, |digit| char::from(*digit))
    };
    text.char_indices().map(masked).collect()
}

/// Reads base64 in any of the spellings that products use; passlib writes dots.
fn decode(text: &str) -> Result<Vec<u8>, ForeignRefused> {
    from_any_base64(&text.replace('.', "+")).ok_or(ForeignRefused::Malformed)
}

fn encode(bytes: &[u8]) -> String {
    base64(bytes).trim_end_matches('=').to_owned()
}

/// The number of `name=number` among parts that commas separate.
fn number(parameters: &str, name: &str) -> Option<u64> {
    parameters.split(',').find_map(|part| part.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
