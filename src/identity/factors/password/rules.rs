//! What a password may look like, and the PHC string that is kept of it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::foreign::ForeignHash;
use crate::platform::crypto::hash_pool::{HashCost, TAG_BYTES};

/// What stands before the text of a hash that another product made.
const FOREIGN: &str = "foreign:";

/// The longest password, in Unicode code points. More is refused before any hashing, never cut off.
pub const MAX_CHARACTERS: usize = 128;
/// The most bytes that can hold [`MAX_CHARACTERS`]; checked first, since counting and normalising cost time too.
pub const MAX_BYTES: usize = MAX_CHARACTERS * 4;
/// The shortest password for a new credential where the password is the only factor (NIST SP 800-63B-4 section 3.1.1.2).
pub const MIN_CHARACTERS: usize = 15;

/// Why a password is refused before it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefused {
    /// Nothing was typed.
    #[error("the password is empty")]
    Empty,
    /// Over [`MAX_CHARACTERS`].
    #[error("a password has at most 128 characters")]
    TooLong,
    /// Under [`MIN_CHARACTERS`], for a new password.
    #[error("a new password has at least 15 characters")]
    TooShort,
}

/// A password in NFKC, so that one password typed on two keyboards is one; and as it was typed, for hashes that others made.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct NormalPassword {
    normal: String,
    /// Only where it differs.
    typed: Option<String>,
}

impl NormalPassword {
    /// Normalises what was typed; any Unicode is welcome.
    ///
    /// # Errors
    /// [`PasswordRefused::Empty`], [`PasswordRefused::TooLong`].
    pub fn from_typed(typed: &str) -> Result<Self, PasswordRefused> {
        if typed.is_empty() {
            return Err(PasswordRefused::Empty);
        }
        if typed.len() > MAX_BYTES || typed.chars().count() > MAX_CHARACTERS {
            return Err(PasswordRefused::TooLong);
        }
        let normal: String = typed.nfkc().collect();
        let typed = (normal != typed).then(|| typed.to_owned());
        Ok(Self { normal, typed })
    }

    /// Normalises a password that is to become a new credential.
    ///
    /// # Errors
    /// [`PasswordRefused`].
    pub fn for_new_credential(typed: &str) -> Result<Self, PasswordRefused> {
        let password = Self::from_typed(typed)?;
        if password.normal.chars().count() < MIN_CHARACTERS { Err(PasswordRefused::TooShort) } else { Ok(password) }
    }

    /// The normalised text.
    pub fn expose(&self) -> &str {
        &self.normal
    }

    /// As it was typed, composed, and normalised, as far as these differ: another product may have hashed any of them.
    pub fn spellings(&self) -> Vec<Zeroizing<String>> {
        let composed = self.typed.as_deref().map(|typed| typed.nfc().collect::<String>());
        let mut all: Vec<Zeroizing<String>> = Vec::with_capacity(3);
        for spelling in [self.typed.clone(), composed, Some(self.normal.clone())].into_iter().flatten().map(Zeroizing::new) {
            if !all.contains(&spelling) {
                all.push(spelling);
            }
        }
        all
    }
}

/// What is stored of a password.
#[derive(Clone)]
pub enum StoredHash {
    /// Made here.
    Ours(PhcHash),
    /// Made by another product, until its owner signs in.
    Foreign(ForeignHash),
}

impl StoredHash {
    /// One text for either.
    pub fn to_text(&self) -> String {
        match self {
            Self::Ours(hash) => hash.to_phc(),
            Self::Foreign(hash) => format!("{FOREIGN}{}", hash.to_text()),
        }
    }

    /// Reads what [`Self::to_text`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        match text.strip_prefix(FOREIGN) {
            Some(foreign) => ForeignHash::parse(foreign).ok().map(Self::Foreign),
            None => PhcHash::parse(text).map(Self::Ours),
        }
    }
}

/// A stored hash: `$argon2id$v=19$m=…,t=…,p=…$salt$tag`.
#[derive(Clone)]
pub struct PhcHash {
    /// The cost it was made with.
    pub cost: HashCost,
    /// Its salt.
    pub salt: Vec<u8>,
    /// Its tag.
    pub tag: [u8; TAG_BYTES],
}

impl PhcHash {
    /// The string form.
    pub fn to_phc(&self) -> String {
        let HashCost { memory_kib, passes, lanes } = self.cost;
        format!("$argon2id$v=19$m={memory_kib},t={passes},p={lanes}${}${}", STANDARD_NO_PAD.encode(&self.salt), STANDARD_NO_PAD.encode(self.tag))
    }

    /// Reads the string form; `None` for anything else, and for costs that no setting of ours makes.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix("$argon2id$v=19$")?.split('$');
        let (parameters, salt, tag) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let mut parameters = parameters.split(',');
        let mut number = |name: &str| parameters.next()?.strip_prefix(name)?.strip_prefix('=')?.parse::<u32>().ok();
        let cost = HashCost { memory_kib: number("m")?, passes: number("t")?, lanes: number("p")? };
        let is_bounded = cost.memory_kib <= 1 << 20 && (1..=16).contains(&cost.passes) && (1..=16).contains(&cost.lanes);
        let salt = STANDARD_NO_PAD.decode(salt).ok()?;
        let tag = STANDARD_NO_PAD.decode(tag).ok()?.try_into().ok()?;
        (is_bounded && (8..=64).contains(&salt.len())).then_some(Self { cost, salt, tag })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn length_is_counted_in_characters_and_never_cut() {
        assert!(NormalPassword::from_typed(&"ä".repeat(128)).is_ok());
        assert_eq!(NormalPassword::from_typed(&"ä".repeat(129)).err(), Some(PasswordRefused::TooLong));
        assert_eq!(NormalPassword::from_typed("").err(), Some(PasswordRefused::Empty));
        assert_eq!(NormalPassword::for_new_credential("fourteen chars").err(), Some(PasswordRefused::TooShort));
        assert!(NormalPassword::for_new_credential("🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂").is_ok());
    }

    #[test]
    fn the_same_password_on_two_keyboards_is_one() {
        let composed = NormalPassword::from_typed("pass\u{e9}word").unwrap();
        let decomposed = NormalPassword::from_typed("passe\u{301}word").unwrap();
        assert_eq!(composed.expose(), decomposed.expose());
    }

    #[test]
    fn a_phc_string_reads_back_and_is_what_others_read() {
        let hash = PhcHash { cost: HashCost { memory_kib: 19_456, passes: 2, lanes: 1 }, salt: vec![7; 16], tag: [9; 32] };
        let text = hash.to_phc();
        let again = PhcHash::parse(&text).unwrap();
        assert_eq!((again.cost, again.salt, again.tag), (hash.cost, hash.salt, hash.tag));
        let theirs = argon2::password_hash::phc::PasswordHash::new(&text).unwrap();
        assert_eq!(theirs.algorithm.as_str(), "argon2id");
        assert_eq!(theirs.hash.unwrap().as_bytes(), [9; 32]);
        for bad in ["", "$argon2i$v=19$m=1,t=1,p=1$AAAAAAAAAAA$AA", "$argon2id$v=19$m=99999999,t=2,p=1$BwcHBwcHBwcHBwcHBwcHBw$AAAA", &text[..40]] {
            assert!(PhcHash::parse(bad).is_none(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in "\\PC{0,120}") {
            let _ = PhcHash::parse(&text);
            let _ = PhcHash::parse(&format!("$argon2id$v=19${text}"));
        }
    }
}
