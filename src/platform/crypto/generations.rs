//! Sealing keys that can be renewed: each generation comes of a secret of its own in the master key file. Everything is sealed by the newest; what an older one sealed still opens until it is sealed anew.
//!
//! Layout of a value sealed by generation 0: as in [`super::seal`], version 1. By a later one: version (1 byte, now 2), generation (4, big-endian), and then the same.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::hkdf;

use super::master_key::{self, KeyFile};
use super::seal::{DoesNotOpen, SealingKey};
use crate::base::random::Entropy;
use crate::base::secret::SecretKey;

/// The first byte of a value that a later generation sealed.
const VERSION: u8 = 2;
const HEAD_BYTES: usize = 5;

pub(super) struct KeyLength;

impl hkdf::KeyType for KeyLength {
    fn len(&self) -> usize {
        32
    }
}

/// One key of `secret` for one purpose (HKDF-SHA-256, RFC 5869).
pub(super) fn expand(secret: &SecretKey, purpose: &str) -> Option<SecretKey> {
    let extracted = hkdf::Salt::new(hkdf::HKDF_SHA256, b"claviger/v1").extract(secret.expose());
    let mut out = [0_u8; 32];
    extracted.expand(&[purpose.as_bytes()], KeyLength).ok()?.fill(&mut out).ok()?;
    Some(SecretKey::new(out))
}

/// The secrets of the master key file, and where it is read again when a later generation is met.
pub struct Generations {
    path: Option<PathBuf>,
    secrets: RwLock<BTreeMap<u32, SecretKey>>,
}

impl std::fmt::Debug for Generations {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Generations(0..={})", self.newest())
    }
}

impl Generations {
    /// The secrets of `file`.
    pub fn new(file: KeyFile, path: Option<PathBuf>) -> Arc<Self> {
        Arc::new(Self { path, secrets: RwLock::new(file.into_generations()) })
    }

    /// The newest.
    pub fn newest(&self) -> u32 {
        self.secrets.read().unwrap_or_else(PoisonError::into_inner).keys().next_back().copied().unwrap_or_default()
    }

    /// What a database keeps to recognise each later generation by. It tells nothing about the secret.
    pub fn marks(&self) -> Vec<(u32, [u8; 32])> {
        let secrets = self.secrets.read().unwrap_or_else(PoisonError::into_inner);
        let later = secrets.iter().filter(|(number, _)| **number > 0);
        later.filter_map(|(number, secret)| Some((*number, crate::base::encoding::sha256(expand(secret, "check")?.expose())))).collect()
    }

    /// Reads the file again; true when a generation came with it. A file that cannot be read changes nothing.
    pub fn reload(&self) -> bool {
        let Some(path) = &self.path else { return false };
        let Ok(file) = master_key::read(path) else { return false };
        let mut secrets = self.secrets.write().unwrap_or_else(PoisonError::into_inner);
        let before = secrets.len();
        let root = secrets.get(&0).map(|root| *root.expose());
        let found = file.into_generations();
        // The file of another installation is no renewal.
        if found.get(&0).map(|root| *root.expose()) == root {
            secrets.extend(found);
        }
        secrets.len() > before
    }

    fn derive(&self, generation: u32, purpose: &str) -> Option<SecretKey> {
        let find = || expand(self.secrets.read().unwrap_or_else(PoisonError::into_inner).get(&generation)?, purpose);
        find().or_else(|| if self.reload() { find() } else { None })
    }
}

/// A sealing key of one purpose, in every generation.
pub struct RenewedKey {
    purpose: &'static str,
    generations: Arc<Generations>,
    keys: RwLock<BTreeMap<u32, Arc<SealingKey>>>,
}

impl std::fmt::Debug for RenewedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RenewedKey({})", self.purpose)
    }
}

impl RenewedKey {
    /// The key for `purpose`.
    pub fn new(purpose: &'static str, generations: &Arc<Generations>) -> Option<Self> {
        let made = Self { purpose, generations: Arc::clone(generations), keys: RwLock::default() };
        made.key(0)?;
        Some(made)
    }

    fn key(&self, generation: u32) -> Option<Arc<SealingKey>> {
        if let Some(key) = self.keys.read().unwrap_or_else(PoisonError::into_inner).get(&generation) {
            return Some(Arc::clone(key));
        }
        let key = Arc::new(SealingKey::new(&self.generations.derive(generation, self.purpose)?).ok()?);
        self.keys.write().unwrap_or_else(PoisonError::into_inner).insert(generation, Arc::clone(&key));
        Some(key)
    }

    /// Seals `plain` for `place` by the newest generation.
    ///
    /// # Errors
    /// [`DoesNotOpen`] if the library fails.
    pub fn seal(&self, plain: &[u8], place: &str, entropy: &dyn Entropy) -> Result<Vec<u8>, DoesNotOpen> {
        let generation = self.generations.newest();
        let sealed = self.key(generation).ok_or(DoesNotOpen)?.seal(plain, place, entropy)?;
        if generation == 0 {
            return Ok(sealed);
        }
        let mut headed = Vec::with_capacity(HEAD_BYTES + sealed.len());
        headed.push(VERSION);
        headed.extend_from_slice(&generation.to_be_bytes());
        headed.extend_from_slice(&sealed);
        Ok(headed)
    }

    /// Opens what [`Self::seal`] made for the same `place`, by whichever generation.
    ///
    /// # Errors
    /// [`DoesNotOpen`] for anything else, or when the generation is in no file that this node has.
    pub fn open(&self, sealed: &[u8], place: &str) -> Result<Vec<u8>, DoesNotOpen> {
        let generation = generation_of(sealed).ok_or(DoesNotOpen)?;
        let body = if generation == 0 { sealed } else { sealed.get(HEAD_BYTES..).ok_or(DoesNotOpen)? };
        self.key(generation).ok_or(DoesNotOpen)?.open(body, place)
    }

    /// The same value sealed by the newest generation; none when it is already.
    ///
    /// # Errors
    /// [`DoesNotOpen`] when it does not open.
    pub fn reseal(&self, sealed: &[u8], place: &str, entropy: &dyn Entropy) -> Result<Option<Vec<u8>>, DoesNotOpen> {
        if generation_of(sealed) == Some(self.generations.newest()) {
            return Ok(None);
        }
        let plain = zeroize::Zeroizing::new(self.open(sealed, place)?);
        self.seal(&plain, place, entropy).map(Some)
    }
}

/// Which generation sealed a value; none when it is no sealed value.
pub fn generation_of(sealed: &[u8]) -> Option<u32> {
    match sealed.split_first() {
        Some((&1, _)) => Some(0),
        Some((&VERSION, rest)) => rest.first_chunk::<4>().map(|head| u32::from_be_bytes(*head)).filter(|generation| *generation > 0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::OsEntropy;

    #[test]
    fn each_generation_opens_what_it_sealed_and_the_newest_seals() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let file = master_key::load(&path, true, &OsEntropy).unwrap();
        let generations = Generations::new(file, Some(path.clone()));
        let key = RenewedKey::new("data-keys", &generations).unwrap();
        let old = key.seal(b"Ada", "t|c|1", &OsEntropy).unwrap();
        assert_eq!(generation_of(&old), Some(0));
        assert_eq!(key.reseal(&old, "t|c|1", &OsEntropy), Ok(None));

        // Another process renews the file; this one still seals by the old generation until it looks.
        assert_eq!(master_key::renew(&path, &OsEntropy).unwrap(), 1);
        let elsewhere = RenewedKey::new("data-keys", &Generations::new(master_key::read(&path).unwrap(), Some(path.clone()))).unwrap();
        let new = elsewhere.seal(b"Ada", "t|c|1", &OsEntropy).unwrap();
        assert_eq!(generation_of(&new), Some(1));
        assert_eq!(key.open(&new, "t|c|1").unwrap(), b"Ada", "the file is read again when a later generation is met");
        assert_eq!(key.open(&old, "t|c|1").unwrap(), b"Ada");
        let anew = key.reseal(&old, "t|c|1", &OsEntropy).unwrap().unwrap();
        assert_eq!((generation_of(&anew), key.open(&anew, "t|c|1").unwrap().as_slice()), (Some(1), &b"Ada"[..]));
        assert_eq!(key.open(&anew, "t|c|2"), Err(DoesNotOpen));
        // Whoever has the old file alone opens nothing of it.
        let alone = RenewedKey::new("data-keys", &Generations::new(KeyFile::single(SecretKey::new([9; 32])), None)).unwrap();
        assert_eq!((alone.open(&anew, "t|c|1"), alone.open(&old, "t|c|1")), (Err(DoesNotOpen), Err(DoesNotOpen)));
        for at in 0..anew.len() {
            let mut altered = anew.clone();
            altered[at] ^= 1;
            assert_eq!(key.open(&altered, "t|c|1"), Err(DoesNotOpen));
            assert_eq!(key.open(&anew[..at], "t|c|1"), Err(DoesNotOpen));
        }
        // Another installation's file in its place is no renewal.
        std::fs::remove_file(&path).unwrap();
        master_key::load(&path, true, &OsEntropy).unwrap();
        master_key::renew(&path, &OsEntropy).unwrap();
        master_key::renew(&path, &OsEntropy).unwrap();
        assert!(!generations.reload());
        assert_eq!(generations.newest(), 1);
    }
}
