//! Hashes by a published derivation: PBKDF2 (RFC 8018), scrypt (RFC 7914), Argon2 (RFC 9106).

use std::num::NonZeroU32;

use aws_lc_rs::pbkdf2;
use zeroize::Zeroizing;

use super::{ForeignRefused, decode, encode, number};
use crate::base::secret::constant_time_equal;

/// The longest salt, in bytes.
const MAX_SALT_BYTES: usize = 1_024;
/// Lengths of a derived key, in bytes: shorter ones would be guessed, longer ones cost for nothing.
const KEY_BYTES: std::ops::RangeInclusive<usize> = 16..=128;
/// The most rounds of PBKDF2.
const MAX_PBKDF2_ROUNDS: u64 = 2_000_000;
/// The most of scrypt: `N * r * p`.
const MAX_SCRYPT_WORK: u64 = 1 << 20;
/// The most memory of one check, in KiB.
const MAX_MEMORY_KIB: u64 = 128 * 1_024;
/// The most of Argon2: memory in KiB times passes.
const MAX_ARGON2_WORK: u64 = 512 * 1_024;

fn salt_and_key(salt: Vec<u8>, key: Vec<u8>) -> Result<(Vec<u8>, Vec<u8>), ForeignRefused> {
    if salt.len() > MAX_SALT_BYTES || !KEY_BYTES.contains(&key.len()) { Err(ForeignRefused::Malformed) } else { Ok((salt, key)) }
}

/// The hash inside of PBKDF2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Digest {
    Sha1,
    Sha256,
    Sha512,
}

impl Digest {
    const ALL: [Self; 3] = [Self::Sha1, Self::Sha256, Self::Sha512];

    const fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "pbkdf2-sha1",
            Self::Sha256 => "pbkdf2-sha256",
            Self::Sha512 => "pbkdf2-sha512",
        }
    }

    /// By the name of the family; the bare one is Keycloak's for SHA-1.
    fn parse(name: &str) -> Option<Self> {
        if name == "pbkdf2" { Some(Self::Sha1) } else { Self::ALL.into_iter().find(|digest| digest.name() == name) }
    }

    const fn bytes(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }

    fn algorithm(self) -> pbkdf2::Algorithm {
        match self {
            Self::Sha1 => pbkdf2::PBKDF2_HMAC_SHA1,
            Self::Sha256 => pbkdf2::PBKDF2_HMAC_SHA256,
            Self::Sha512 => pbkdf2::PBKDF2_HMAC_SHA512,
        }
    }
}

/// `$pbkdf2-sha256$i=27500$salt$key`.
#[derive(Clone)]
pub struct Pbkdf2Hash {
    digest: Digest,
    iterations: NonZeroU32,
    salt: Vec<u8>,
    key: Vec<u8>,
}

impl Pbkdf2Hash {
    fn new(digest: Digest, iterations: u64, salt: Vec<u8>, key: Vec<u8>) -> Result<Self, ForeignRefused> {
        let (salt, key) = salt_and_key(salt, key)?;
        if iterations > MAX_PBKDF2_ROUNDS {
            return Err(ForeignRefused::TooCostly);
        }
        let iterations = u32::try_from(iterations).ok().and_then(NonZeroU32::new).ok_or(ForeignRefused::Malformed)?;
        Ok(Self { digest, iterations, salt, key })
    }

    /// Ours and Kratos's form, and passlib's, where the iterations stand bare.
    pub(super) fn parse(text: &str) -> Result<Self, ForeignRefused> {
        let parts: Vec<&str> = text.split('$').skip(1).collect();
        let [family, parameters, salt, key] = parts.as_slice() else { return Err(ForeignRefused::Malformed) };
        let digest = Digest::parse(family).ok_or(ForeignRefused::Unknown)?;
        let iterations = number(parameters, "i").or_else(|| parameters.parse().ok()).ok_or(ForeignRefused::Malformed)?;
        Self::new(digest, iterations, decode(salt)?, decode(key)?)
    }

    /// Django's form, `pbkdf2_sha256$iterations$salt$key`: the salt is the text itself.
    pub(super) fn parse_django(text: &str) -> Result<Self, ForeignRefused> {
        let parts: Vec<&str> = text.split('$').collect();
        let [family, iterations, salt, key] = parts.as_slice() else { return Err(ForeignRefused::Malformed) };
        let digest = Digest::parse(&family.replace('_', "-")).ok_or(ForeignRefused::Unknown)?;
        Self::new(digest, iterations.parse().map_err(|_| ForeignRefused::Malformed)?, salt.as_bytes().to_vec(), decode(key)?)
    }

    pub(super) fn of_parts(algorithm: &str, iterations: u64, salt: &str, key: &str) -> Result<Self, ForeignRefused> {
        Self::new(Digest::parse(algorithm).ok_or(ForeignRefused::Unknown)?, iterations, decode(salt)?, decode(key)?)
    }

    pub(super) fn to_text(&self) -> String {
        format!("${}$i={}${}${}", self.digest.name(), self.iterations, encode(&self.salt), encode(&self.key))
    }

    pub(super) fn verify(&self, typed: &[u8]) -> bool {
        // Each block is derived for itself and tells as much as all of them: one is enough, and up to four times faster.
        let block = self.key.get(..self.digest.bytes()).unwrap_or(&self.key);
        pbkdf2::verify(self.digest.algorithm(), self.iterations, &self.salt, typed, block).is_ok()
    }
}

/// The cost of scrypt: `N` as a power of two, block size and parallelisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ScryptCost {
    log_n: u8,
    r: u32,
    p: u32,
}

impl ScryptCost {
    /// Within the bounds.
    pub(super) fn new(log_n: u64, r: u64, p: u64) -> Result<Self, ForeignRefused> {
        if !(1..=63).contains(&log_n) || r == 0 || p == 0 {
            return Err(ForeignRefused::Malformed);
        }
        let blocks = (1_u64 << log_n).saturating_mul(r);
        if blocks.saturating_mul(p) > MAX_SCRYPT_WORK || blocks.saturating_mul(128) > MAX_MEMORY_KIB * 1_024 {
            return Err(ForeignRefused::TooCostly);
        }
        let small = |value: u64| u32::try_from(value).map_err(|_| ForeignRefused::TooCostly);
        Ok(Self { log_n: u8::try_from(log_n).map_err(|_| ForeignRefused::Malformed)?, r: small(r)?, p: small(p)? })
    }

    pub(super) fn to_text(self) -> String {
        format!("ln={},r={},p={}", self.log_n, self.r, self.p)
    }

    /// Reads `ln=14,r=8,p=1`. Kratos writes `N` itself after `ln`.
    pub(super) fn parse(text: &str) -> Result<Self, ForeignRefused> {
        let (Some(log_n), Some(r)) = (number(text, "ln"), number(text, "r")) else { return Err(ForeignRefused::Malformed) };
        let log_n = if log_n > 63 && log_n.is_power_of_two() { u64::from(log_n.trailing_zeros()) } else { log_n };
        Self::new(log_n, r, number(text, "p").unwrap_or(1))
    }

    /// Derives as many bytes as `out` has.
    pub(super) fn derive(self, typed: &[u8], salt: &[u8], out: &mut [u8]) -> bool {
        scrypt::Params::new(self.log_n, self.r, self.p).is_ok_and(|params| scrypt::scrypt(typed, salt, &params, out).is_ok())
    }
}

/// `$scrypt$ln=14,r=8,p=1$salt$key`.
#[derive(Clone)]
pub struct ScryptHash {
    cost: ScryptCost,
    salt: Vec<u8>,
    key: Vec<u8>,
}

impl ScryptHash {
    pub(super) fn parse(text: &str) -> Result<Self, ForeignRefused> {
        let parts: Vec<&str> = text.split('$').skip(2).collect();
        let [parameters, salt, key] = parts.as_slice() else { return Err(ForeignRefused::Malformed) };
        let (salt, key) = salt_and_key(decode(salt)?, decode(key)?)?;
        Ok(Self { cost: ScryptCost::parse(parameters)?, salt, key })
    }

    pub(super) fn to_text(&self) -> String {
        format!("$scrypt${}${}${}", self.cost.to_text(), encode(&self.salt), encode(&self.key))
    }

    pub(super) fn verify(&self, typed: &[u8]) -> bool {
        let mut derived = Zeroizing::new(vec![0; self.key.len()]);
        self.cost.derive(typed, &self.salt, &mut derived) && constant_time_equal(&derived, &self.key)
    }
}

/// The cost of Argon2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Argon2Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Argon2Cost {
    /// Within the bounds.
    pub(super) fn new(memory_kib: u64, passes: u64, lanes: u64) -> Result<Self, ForeignRefused> {
        if passes == 0 || lanes == 0 || memory_kib < lanes.saturating_mul(8) {
            return Err(ForeignRefused::Malformed);
        }
        if memory_kib > MAX_MEMORY_KIB || memory_kib.saturating_mul(passes) > MAX_ARGON2_WORK || lanes > 16 {
            return Err(ForeignRefused::TooCostly);
        }
        let small = |value: u64| u32::try_from(value).map_err(|_| ForeignRefused::TooCostly);
        Ok(Self { memory_kib: small(memory_kib)?, passes: small(passes)?, lanes: small(lanes)? })
    }

    /// Derives as many bytes as `out` has.
    pub(super) fn derive(self, algorithm: argon2::Algorithm, version: argon2::Version, typed: &[u8], salt: &[u8], out: &mut [u8]) -> bool {
        let Ok(params) = argon2::Params::new(self.memory_kib, self.passes, self.lanes, Some(out.len())) else { return false };
        argon2::Argon2::new(algorithm, version, params).hash_password_into(typed, salt, out).is_ok()
    }
}

/// `$argon2id$v=19$m=7168,t=5,p=1$salt$key`, or `argon2i`, or `argon2d`; without a version it is the first one.
#[derive(Clone)]
pub struct Argon2Hash {
    algorithm: argon2::Algorithm,
    version: argon2::Version,
    cost: Argon2Cost,
    salt: Vec<u8>,
    key: Vec<u8>,
}

impl Argon2Hash {
    pub(super) fn parse(text: &str) -> Result<Self, ForeignRefused> {
        let parts: Vec<&str> = text.split('$').skip(1).collect();
        let (family, version, parameters, salt, key) = match parts.as_slice() {
            [family, version, parameters, salt, key] => (*family, *version, *parameters, *salt, *key),
            [family, parameters, salt, key] => (*family, "v=16", *parameters, *salt, *key),
            _ => return Err(ForeignRefused::Malformed),
        };
        let algorithm = match family {
            "argon2id" => argon2::Algorithm::Argon2id,
            "argon2i" => argon2::Algorithm::Argon2i,
            "argon2d" => argon2::Algorithm::Argon2d,
            _ => return Err(ForeignRefused::Unknown),
        };
        let version = match version {
            "v=19" => argon2::Version::V0x13,
            "v=16" => argon2::Version::V0x10,
            _ => return Err(ForeignRefused::Malformed),
        };
        let read = |name| number(parameters, name).ok_or(ForeignRefused::Malformed);
        let cost = Argon2Cost::new(read("m")?, read("t")?, read("p")?)?;
        let (salt, key) = salt_and_key(decode(salt)?, decode(key)?)?;
        if !(argon2::MIN_SALT_LEN..=64).contains(&salt.len()) {
            return Err(ForeignRefused::Malformed);
        }
        Ok(Self { algorithm, version, cost, salt, key })
    }

    pub(super) fn to_text(&self) -> String {
        let Argon2Cost { memory_kib, passes, lanes } = self.cost;
        format!("${}$v={}$m={memory_kib},t={passes},p={lanes}${}${}", self.algorithm.as_str(), u32::from(self.version), encode(&self.salt), encode(&self.key))
    }

    pub(super) fn verify(&self, typed: &[u8]) -> bool {
        let mut derived = Zeroizing::new(vec![0; self.key.len()]);
        self.cost.derive(self.algorithm, self.version, typed, &self.salt, &mut derived) && constant_time_equal(&derived, &self.key)
    }
}
