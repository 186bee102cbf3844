//! Firebase's hash: scrypt gives an AES-256 key, which encrypts the project's signer key in counter mode; that is the hash.

use aws_lc_rs::cipher::{AES_256, EncryptingKey, EncryptionContext, UnboundCipherKey};
use aws_lc_rs::iv::FixedLength;
use zeroize::Zeroizing;

use super::derived::ScryptCost;
use super::{ForeignRefused, decode, encode};
use crate::base::secret::constant_time_equal;

/// Bytes of an AES-256 key.
const KEY_BYTES: usize = 32;
/// The longest signer key, in bytes; Firebase's have 64.
const MAX_SIGNER_BYTES: usize = 256;

/// The hash parameters of a Firebase project, as its console shows them.
#[derive(Clone)]
pub struct FirebaseProject {
    signer: Zeroizing<Vec<u8>>,
    separator: Vec<u8>,
    cost: ScryptCost,
}

impl FirebaseProject {
    /// The parameters, keys in base64. `rounds` is the block size of scrypt, `memory_cost` the logarithm of its `N`.
    ///
    /// # Errors
    /// [`ForeignRefused`].
    pub fn new(signer: &str, separator: &str, rounds: u64, memory_cost: u64) -> Result<Self, ForeignRefused> {
        let (signer, separator) = (Zeroizing::new(decode(signer)?), decode(separator)?);
        if signer.len() < 16 || signer.len() > MAX_SIGNER_BYTES || separator.len() > 16 {
            return Err(ForeignRefused::Malformed);
        }
        Ok(Self { signer, separator, cost: ScryptCost::new(memory_cost, rounds, 1)? })
    }

    /// The hash of an account of the project.
    ///
    /// # Errors
    /// [`ForeignRefused::Malformed`] when it has not the length of the signer key.
    pub fn hash(&self, salt: &str, hash: &str) -> Result<FirebaseHash, ForeignRefused> {
        let (salt, hash) = (decode(salt)?, decode(hash)?);
        if salt.len() > 64 || hash.len() != self.signer.len() { Err(ForeignRefused::Malformed) } else { Ok(FirebaseHash { project: self.clone(), salt, hash }) }
    }
}

/// `$firebase-scrypt$ln=14,r=8,p=1$salt$hash$separator$signer`; Kratos calls the same thing `firescrypt`.
#[derive(Clone)]
pub struct FirebaseHash {
    project: FirebaseProject,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl FirebaseHash {
    pub(super) fn parse(text: &str) -> Result<Self, ForeignRefused> {
        let parts: Vec<&str> = text.split('$').skip(2).collect();
        let [parameters, salt, hash, separator, signer] = parts.as_slice() else { return Err(ForeignRefused::Malformed) };
        let project = FirebaseProject { cost: ScryptCost::parse(parameters)?, ..FirebaseProject::new(signer, separator, 8, 14)? };
        project.hash(salt, hash)
    }

    pub(super) fn to_text(&self) -> String {
        let FirebaseProject { signer, separator, cost } = &self.project;
        format!("$firebase-scrypt${}${}${}${}${}", cost.to_text(), encode(&self.salt), encode(&self.hash), encode(separator), encode(signer))
    }

    pub(super) fn verify(&self, typed: &[u8]) -> bool {
        let salt: Vec<u8> = self.salt.iter().chain(&self.project.separator).copied().collect();
        let mut key = Zeroizing::new([0_u8; KEY_BYTES]);
        if !self.project.cost.derive(typed, &salt, key.as_mut_slice()) {
            return false;
        }
        let mut sealed = self.project.signer.clone();
        // The counter begins at zero: each key is used once, for this one text.
        let context = EncryptionContext::Iv128(FixedLength::from([0_u8; 16]));
        let cipher = UnboundCipherKey::new(&AES_256, key.as_slice()).and_then(EncryptingKey::ctr);
        cipher.and_then(|cipher| cipher.less_safe_encrypt(&mut sealed, context)).is_ok() && constant_time_equal(&sealed, &self.hash)
    }
}
