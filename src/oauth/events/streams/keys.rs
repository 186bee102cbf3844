//! The keys that webhooks are signed with: made of the master key for each stream and version, so that none is stored.

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};

use super::Stream;
use crate::base::encoding::base64;
use crate::base::secret::Secret;
use crate::base::time::UnixSeconds;
use crate::platform::crypto::keyring::KeyRing;
use crate::platform::db::StoreError;

fn key(ring: &KeyRing, stream: &Stream, use_of: &[u8], version: i64) -> [u8; 32] {
    ring.webhooks.mac(&[use_of, stream.id.as_str().as_bytes(), &version.to_be_bytes()])
}

fn pair(ring: &KeyRing, stream: &Stream) -> Result<Ed25519KeyPair, StoreError> {
    // One for the life of a stream: whoever checks with a public key does not have to be told of a new secret.
    Ed25519KeyPair::from_seed_unchecked(&key(ring, stream, b"ed25519", 0)).map_err(|_| StoreError::Unavailable("the key of a webhook cannot be used".to_owned()))
}

/// The secret that the receiver checks with, as Standard Webhooks writes it.
pub fn secret(ring: &KeyRing, stream: &Stream) -> Secret {
    Secret::new(format!("whsec_{}", base64(key(ring, stream, b"hmac", stream.secret_version))))
}

/// The public key that the receiver can check with instead.
///
/// # Errors
/// [`StoreError::Unavailable`], never in practice.
pub fn public_key(ring: &KeyRing, stream: &Stream) -> Result<String, StoreError> {
    Ok(format!("whpk_{}", base64(pair(ring, stream)?.public_key())))
}

/// The signatures over a body: with the secret, with the one before while it counts, and with the key pair.
///
/// # Errors
/// [`StoreError::Unavailable`], never in practice.
pub fn signatures(ring: &KeyRing, stream: &Stream, (id, at, body): (&str, UnixSeconds, &str), now: UnixSeconds) -> Result<String, StoreError> {
    let content = format!("{id}.{}.{body}", at.0);
    let previous = stream.previous_secret_until.filter(|until| *until > now).map(|_| stream.secret_version - 1);
    let by_secret = [Some(stream.secret_version), previous].into_iter().flatten().map(|version| {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key(ring, stream, b"hmac", version)), content.as_bytes());
        format!("v1,{}", base64(tag))
    });
    let by_pair = format!("v1a,{}", base64(pair(ring, stream)?.sign(content.as_bytes())));
    Ok(by_secret.chain([by_pair]).collect::<Vec<_>>().join(" "))
}
