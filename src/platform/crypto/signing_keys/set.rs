//! The keys of a node, parsed: what it signs with, verifies with and publishes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{DecodingKey, Validation};
use serde::de::DeserializeOwned;

use super::rules::KeyState;
use super::store::StoredKey;
use crate::base::encoding::{base64url, sha256};
use crate::platform::crypto::generations::RenewedKey;
use crate::platform::crypto::jws::{Signer, SigningAlgorithm, TokenType};
use crate::platform::db::StoreError;

struct Verifier {
    key: DecodingKey,
    algorithm: SigningAlgorithm,
}

/// One consistent view of the signing keys.
pub struct KeySet {
    signers: HashMap<SigningAlgorithm, Signer>,
    verifiers: HashMap<String, Verifier>,
    /// Keys that left the JWKS: good for nothing but to recognise an old ID token as a hint.
    retired: HashMap<String, Verifier>,
    jwks: Vec<u8>,
    etag: String,
}

/// Why a token of ours was not accepted. All are one answer to the outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VerifyRefused {
    /// Not a compact JWS, or its header is not one that we write.
    #[error("not a token of ours")]
    Malformed,
    /// Signed with a key that we do not publish.
    #[error("unknown key")]
    UnknownKey,
    /// Another kind of token.
    #[error("another kind of token")]
    WrongType,
    /// The signature or a claim does not hold.
    #[error("the signature or a claim does not hold")]
    Invalid,
}

impl KeySet {
    /// Opens and parses stored keys.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] naming the key that does not open.
    pub fn parse(stored: &[StoredKey], key: &RenewedKey) -> Result<Self, StoreError> {
        let mut signers = HashMap::new();
        let mut verifiers = HashMap::new();
        let mut retired = HashMap::new();
        let mut published = JwkSet { keys: Vec::new() };
        for one in stored {
            let corrupt = || StoreError::corrupt("signing_keys", "public_jwk", one.facts.kid.clone());
            if one.facts.state == KeyState::Active {
                signers.insert(one.facts.algorithm, one.signer(key)?);
            }
            let verifier = Verifier { key: DecodingKey::from_jwk(&one.public_jwk).map_err(|_| corrupt())?, algorithm: one.facts.algorithm };
            if one.facts.state.is_published() {
                verifiers.insert(one.facts.kid.clone(), verifier);
                published.keys.push(one.public_jwk.clone());
            } else {
                retired.insert(one.facts.kid.clone(), verifier);
            }
        }
        let jwks = serde_json::to_vec(&published).map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let etag = format!("\"{}\"", base64url(sha256(&jwks).get(..12).unwrap_or_default()));
        Ok(Self { signers, verifiers, retired, jwks, etag })
    }

    /// The key that signs with `algorithm` now.
    pub fn signer(&self, algorithm: SigningAlgorithm) -> Option<&Signer> {
        self.signers.get(&algorithm)
    }

    /// The JWK Set document (RFC 7517 section 5).
    pub fn jwks(&self) -> &[u8] {
        &self.jwks
    }

    /// The entity tag of [`Self::jwks`].
    pub fn etag(&self) -> &str {
        &self.etag
    }

    /// Verifies a token that this provider signed: signature, kind, and what `validate` demands of its claims. Time is judged by the caller, whose clock it is.
    ///
    /// # Errors
    /// [`VerifyRefused`].
    pub fn verify<C: DeserializeOwned>(&self, token: &str, token_type: TokenType, issuer: &str) -> Result<C, VerifyRefused> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| VerifyRefused::Malformed)?;
        let kid = header.kid.as_deref().ok_or(VerifyRefused::Malformed)?;
        if header.typ.as_deref() != Some(token_type.as_str()) {
            return Err(VerifyRefused::WrongType);
        }
        // A hint only says whom a client remembers; it opens nothing, and customers stay signed in for longer than a key is published. A receipt is shown when the key is long gone.
        let as_hint = || self.retired.get(kid).filter(|_| token_type != TokenType::AccessToken);
        let verifier = self.verifiers.get(kid).or_else(as_hint).ok_or(VerifyRefused::UnknownKey)?;
        // The algorithm is the key's, never the header's.
        let mut validation = Validation::new(verifier.algorithm.as_jsonwebtoken());
        validation.set_issuer(&[issuer]);
        let is_receipt = matches!(token_type, TokenType::ErasureReceipt | TokenType::ConsentReceipt);
        validation.set_required_spec_claims(if is_receipt { &["iss"] } else { &["iss", "exp"] });
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.validate_aud = false;
        jsonwebtoken::decode::<C>(token, &verifier.key, &validation).map(|data| data.claims).map_err(|_| VerifyRefused::Invalid)
    }
}

/// Where a node keeps its current [`KeySet`]; replaced whole when keys change.
pub struct KeyShelf {
    set: RwLock<Arc<KeySet>>,
    /// When it was looked again for a key that another node had made, on the monotonic clock.
    looked_at: Mutex<Option<Duration>>,
}

/// How often an unknown key has the database asked, at most: anybody can name one.
const LOOK_PAUSE: Duration = Duration::from_secs(1);

impl KeyShelf {
    /// A shelf with `set` on it.
    pub fn new(set: KeySet) -> Self {
        Self { set: RwLock::new(Arc::new(set)), looked_at: Mutex::new(None) }
    }

    /// The current set.
    pub fn current(&self) -> Arc<KeySet> {
        // A poisoned lock still holds a whole set: replacing an Arc cannot be left half done.
        Arc::clone(&self.set.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Whether the database may be asked for a key that is not here; not again within a second.
    pub fn may_look_again(&self, now: Duration) -> bool {
        let mut looked_at = self.looked_at.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let may = looked_at.is_none_or(|before| now.saturating_sub(before) >= LOOK_PAUSE);
        if may {
            *looked_at = Some(now);
        }
        may
    }

    /// Replaces the set.
    pub fn replace(&self, set: KeySet) {
        *self.set.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(set);
    }
}
