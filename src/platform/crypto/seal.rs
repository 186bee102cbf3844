//! Authenticated encryption at rest: AES-256-GCM with a random nonce, bound to the cell it belongs to.
//!
//! Layout of a sealed value: version (1 byte, now 1), nonce (12), ciphertext, tag (16).

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use crate::base::random::{self, Entropy};
use crate::base::secret::SecretKey;

const VERSION: u8 = 1;
const NONCE_BYTES: usize = 12;

/// The value does not open: another key, another cell, or altered bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sealed value does not open under this key for this place")]
pub struct DoesNotOpen;

/// A key that seals and opens.
pub struct SealingKey {
    key: LessSafeKey,
}

impl std::fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealingKey(..)")
    }
}

impl SealingKey {
    /// A sealing key from 256 bits.
    ///
    /// # Errors
    /// [`DoesNotOpen`] if the library refuses the key, which it does not for this length.
    pub fn new(key: &SecretKey) -> Result<Self, DoesNotOpen> {
        let unbound = UnboundKey::new(&AES_256_GCM, key.expose()).map_err(|_| DoesNotOpen)?;
        Ok(Self { key: LessSafeKey::new(unbound) })
    }

    /// Seals `plain` for the cell that `place` names (`table|column|row`).
    ///
    /// # Errors
    /// [`DoesNotOpen`] if the library fails.
    pub fn seal(&self, plain: &[u8], place: &str, entropy: &dyn Entropy) -> Result<Vec<u8>, DoesNotOpen> {
        let nonce = random::bytes::<NONCE_BYTES>(entropy);
        let mut body = plain.to_vec();
        self.key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place.as_bytes()), &mut body).map_err(|_| DoesNotOpen)?;
        let mut sealed = Vec::with_capacity(1 + NONCE_BYTES + body.len());
        sealed.push(VERSION);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&body);
        Ok(sealed)
    }

    /// Opens what [`Self::seal`] made for the same `place`.
    ///
    /// # Errors
    /// [`DoesNotOpen`] for anything else.
    pub fn open(&self, sealed: &[u8], place: &str) -> Result<Vec<u8>, DoesNotOpen> {
        let (version, rest) = sealed.split_first().ok_or(DoesNotOpen)?;
        if *version != VERSION {
            return Err(DoesNotOpen);
        }
        let (nonce, body) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(DoesNotOpen)?;
        let mut body = body.to_vec();
        let plain_len = self.key.open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(place.as_bytes()), &mut body).map_err(|_| DoesNotOpen)?.len();
        body.truncate(plain_len);
        Ok(body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::OsEntropy;

    #[test]
    fn a_sealed_value_opens_in_its_own_cell_only() {
        let key = SealingKey::new(&SecretKey::new([7; 32])).unwrap();
        let sealed = key.seal(b"Ada Lovelace", "customers|profile|cus_1", &OsEntropy).unwrap();
        assert_eq!(key.open(&sealed, "customers|profile|cus_1").unwrap(), b"Ada Lovelace");
        assert_eq!(key.open(&sealed, "customers|profile|cus_2"), Err(DoesNotOpen));
        assert_eq!(SealingKey::new(&SecretKey::new([8; 32])).unwrap().open(&sealed, "customers|profile|cus_1"), Err(DoesNotOpen));
        for index in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[index] ^= 1;
            assert_eq!(key.open(&altered, "customers|profile|cus_1"), Err(DoesNotOpen));
            assert_eq!(key.open(&sealed[..index], "customers|profile|cus_1"), Err(DoesNotOpen));
        }
    }
}
