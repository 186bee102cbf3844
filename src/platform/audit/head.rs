//! Signed tree heads, in the form that witnesses and monitors of other transparency logs read: a checkpoint (C2SP tlog-checkpoint) in a signed note (C2SP signed-note) under Ed25519.

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

use super::tree::Hash;
use crate::base::encoding::{base64, from_base64, hex, sha256};
use crate::base::secret::SecretKey;
use crate::base::time::UnixSeconds;

/// What marks Ed25519 in a key name.
const ED25519_MARK: u8 = 1;
/// The longest note that is read, in bytes.
const MAX_NOTE_BYTES: usize = 4_096;

/// The state of the log at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeHead {
    /// Events in it.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
    /// When it was signed.
    pub signed_at: UnixSeconds,
}

/// Signs heads in the name of one log.
pub struct HeadSigner {
    pair: Ed25519KeyPair,
    key: HeadKey,
}

/// Checks heads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadKey {
    /// The log's name.
    pub origin: String,
    public: Vec<u8>,
}

impl HeadKey {
    /// Four bytes that say which key signed.
    fn id(&self) -> [u8; 4] {
        let hash = sha256(&[self.origin.as_bytes(), b"\n", &[ED25519_MARK], &self.public].concat());
        let [a, b, c, d, ..] = hash;
        [a, b, c, d]
    }

    /// The text form: `origin+id+key`, as the signed-note text calls it.
    pub fn to_text(&self) -> String {
        let id = hex(&self.id());
        format!("{}+{id}+{}", self.origin, base64([&[ED25519_MARK], self.public.as_slice()].concat()))
    }

    /// Reads the text form; none when its parts do not belong together.
    pub fn parse(text: &str) -> Option<Self> {
        let (origin, rest) = text.trim().split_once('+')?;
        let (id, key) = rest.split_once('+')?;
        let bytes = from_base64(key)?;
        let (mark, public) = bytes.split_first()?;
        let found = Self { origin: origin.to_owned(), public: public.to_vec() };
        (*mark == ED25519_MARK && public.len() == 32 && found.to_text().split('+').nth(1) == Some(id)).then_some(found)
    }

    /// The head in `note`, if this key signed it for this log.
    pub fn verify(&self, note: &str) -> Option<TreeHead> {
        if note.len() > MAX_NOTE_BYTES {
            return None;
        }
        let (text, signatures) = note.split_once("\n\n")?;
        let text = format!("{text}\n");
        let prefix = format!("\u{2014} {} ", self.origin);
        let is_mine = |line: &str| {
            let Some(bytes) = line.strip_prefix(&prefix).and_then(from_base64) else { return false };
            bytes
                .split_at_checked(4)
                .is_some_and(|(id, signature)| id == self.id() && UnparsedPublicKey::new(&ED25519, &self.public).verify(text.as_bytes(), signature).is_ok())
        };
        let is_signed = signatures.lines().take(16).any(is_mine);
        let mut lines = text.lines();
        let head = (lines.next(), lines.next()?.parse::<u64>(), from_base64(lines.next()?)?.try_into(), lines.next()?.strip_prefix("time ")?.parse::<i64>());
        match head {
            (Some(origin), Ok(size), Ok(root), Ok(at)) if origin == self.origin && is_signed => Some(TreeHead { size, root, signed_at: UnixSeconds(at) }),
            _ => None,
        }
    }
}

impl HeadSigner {
    /// The signer of the log `origin` with the key that `seed` makes; none when the library refuses it.
    pub fn new(origin: &str, seed: &SecretKey) -> Option<Self> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed.expose()).ok()?;
        let public = pair.public_key().as_ref().to_vec();
        Some(Self { pair, key: HeadKey { origin: origin.to_owned(), public } })
    }

    /// The same, the log being called `prefix` and a word that its key makes.
    pub fn named_by_key(prefix: &str, seed: &SecretKey) -> Option<Self> {
        let mut signer = Self::new(prefix, seed)?;
        let word = hex(sha256(&signer.key.public).get(..8).unwrap_or_default());
        signer.key.origin = format!("{prefix}-{word}");
        Some(signer)
    }

    /// What checks its heads.
    pub const fn key(&self) -> &HeadKey {
        &self.key
    }

    /// The signed note of `head`.
    pub fn sign(&self, head: &TreeHead) -> String {
        let text = format!("{}\n{}\n{}\ntime {}\n", self.key.origin, head.size, base64(head.root), head.signed_at.0);
        let signature = self.pair.sign(text.as_bytes());
        let marked = [self.key.id().as_slice(), signature.as_ref()].concat();
        format!("{text}\n\u{2014} {} {}\n", self.key.origin, base64(marked))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_under_its_own_key_and_no_other() {
        let signer = HeadSigner::new("login.shop.example", &SecretKey::new([3; 32])).unwrap();
        let head = TreeHead { size: 57, root: [9; 32], signed_at: UnixSeconds(1_798_761_600) };
        let note = signer.sign(&head);
        let key = HeadKey::parse(&signer.key().to_text()).unwrap();
        assert_eq!(key.verify(&note), Some(head.clone()));
        assert_eq!(note.lines().count(), 6, "{note}");
        let other = HeadSigner::new("login.shop.example", &SecretKey::new([4; 32])).unwrap();
        assert_eq!(other.key().verify(&note), None);
        let elsewhere = HeadSigner::new("login.other.example", &SecretKey::new([3; 32])).unwrap();
        assert_eq!(elsewhere.key().verify(&note), None);
        for (from, to) in [("57", "58"), ("time 1798761600", "time 1798761601"), ("login.shop.example\n", "login.shop.example \n")] {
            assert_eq!(key.verify(&note.replacen(from, to, 1)), None, "{from}");
        }
        // A witness may sign beside.
        assert_eq!(key.verify(&format!("{note}\u{2014} witness.example AAAA\n")), Some(head));
        assert_eq!(HeadKey::parse("login.shop.example+00000000+AQ=="), None);
    }
}
