//! Every symmetric key, derived from the master key by purpose (HKDF-SHA-256, RFC 5869). A new purpose is one line in [`KeyRing::derive`].

use std::path::PathBuf;
use std::sync::Arc;

use aws_lc_rs::hmac;

use super::generations::{Generations, RenewedKey, expand};
use super::master_key::{KeyFile, MasterKeyRefused};
use crate::base::secret::{SecretKey, constant_time_equal};

/// The derived keys of one installation.
#[derive(Debug)]
pub struct KeyRing {
    /// Wraps each customer's data key.
    pub data_keys: RenewedKey,
    /// Seals the private halves of the signing keys.
    pub signing_keys: RenewedKey,
    /// Seals requests that wait for a customer.
    pub flows: RenewedKey,
    /// Seals messages in the outbox.
    pub outbox: RenewedKey,
    /// Seals the personal part of audit events.
    pub audit: RenewedKey,
    /// Authenticates audit events.
    pub audit_mac: MacKey,
    /// Blind indexes of e-mail and phone.
    pub blind_index: MacKey,
    /// The pepper of password hashes.
    pub pepper: MacKey,
    /// CSRF tokens.
    pub csrf: MacKey,
    /// Refresh tokens.
    pub refresh: MacKey,
    /// Pairwise subject identifiers.
    pub pairwise: MacKey,
    /// `sid` values.
    pub session_names: MacKey,
    /// What the key that signs the heads of the audit log is made of.
    pub audit_heads: SecretKey,
    /// What the keys are made of that webhooks are signed with.
    pub webhooks: MacKey,
    /// Values that risk is counted by.
    pub risk: MacKey,
    check: [u8; 32],
    generations: Arc<Generations>,
}

/// A key for HMAC-SHA-256.
pub struct MacKey(hmac::Key);

impl std::fmt::Debug for MacKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MacKey(..)")
    }
}

impl MacKey {
    fn new(key: &SecretKey) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key.expose()))
    }

    /// The HMAC over `parts`, each preceded by its length, so that no two lists collide.
    pub fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.0);
        for part in parts {
            context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            context.update(part);
        }
        let mut out = [0_u8; 32];
        out.copy_from_slice(context.sign().as_ref());
        out
    }

    /// Whether `presented` is the HMAC over `parts`, in constant time.
    pub fn is_mac(&self, parts: &[&[u8]], presented: &[u8]) -> bool {
        constant_time_equal(&self.mac(parts), presented)
    }
}

impl KeyRing {
    /// Derives every key from one secret, which is never renewed.
    ///
    /// # Errors
    /// `None` only if the library refuses the lengths, which are constants.
    pub fn derive(master: &SecretKey) -> Option<Self> {
        Self::of(KeyFile::single(master.clone()), None)
    }

    /// Derives every key from what stands in the master key file, which is read again from `path` when a later generation is met.
    ///
    /// # Errors
    /// `None` only if the library refuses the lengths, which are constants.
    pub fn of(file: KeyFile, path: Option<PathBuf>) -> Option<Self> {
        let root = file.root().clone();
        let key = |purpose: &str| expand(&root, purpose);
        let generations = Generations::new(file, path);
        let seal = |purpose: &'static str| RenewedKey::new(purpose, &generations);
        let mac = |purpose: &str| Some(MacKey::new(&key(purpose)?));
        Some(Self {
            data_keys: seal("data-keys")?,
            signing_keys: seal("signing-keys")?,
            flows: seal("flows")?,
            outbox: seal("outbox")?,
            audit: seal("audit")?,
            audit_mac: mac("audit-mac")?,
            blind_index: mac("blind-index")?,
            pepper: mac("pepper")?,
            csrf: mac("csrf")?,
            refresh: mac("refresh")?,
            pairwise: mac("pairwise")?,
            session_names: mac("session-names")?,
            audit_heads: key("audit-heads")?,
            webhooks: mac("webhooks")?,
            risk: mac("risk")?,
            check: *key("check")?.expose(),
            generations: Arc::clone(&generations),
        })
    }

    /// The generations of the sealing keys.
    pub fn generations(&self) -> &Generations {
        &self.generations
    }

    /// The value that a database keeps to recognise its master key. It tells nothing about the key.
    pub fn fingerprint(&self) -> [u8; 32] {
        crate::base::encoding::sha256(&self.check)
    }

    /// Compares with what the database kept.
    ///
    /// # Errors
    /// [`MasterKeyRefused::WrongDatabase`] naming `path` when it is another key's.
    pub fn recognise(&self, kept: &[u8], path: &str) -> Result<(), MasterKeyRefused> {
        if constant_time_equal(&self.fingerprint(), kept) { Ok(()) } else { Err(MasterKeyRefused::WrongDatabase(path.to_owned())) }
    }
}
