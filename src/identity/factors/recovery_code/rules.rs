//! What a recovery code looks like: ten characters of Crockford's base32, fifty bits, written in two groups.

use zeroize::Zeroizing;

use crate::base::random::{self, Entropy};

/// Codes in a set.
pub const CODES: usize = 10;
/// At so few left the customer is told to get new ones.
pub const FEW: i64 = 3;

const CHARACTERS: usize = 10;
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// The longest text that is looked at as a code.
const MAX_TYPED_BYTES: usize = 64;

/// A fresh code in its normal form, without the dash.
pub fn generate(entropy: &dyn Entropy) -> Zeroizing<String> {
    let bytes = random::bytes::<CHARACTERS>(entropy);
    Zeroizing::new(bytes.iter().filter_map(|byte| ALPHABET.get(usize::from(byte % 32)).copied().map(char::from)).collect())
}

/// The code as it is shown.
pub fn written(code: &str) -> Zeroizing<String> {
    let (left, right) = code.split_at_checked(CHARACTERS / 2).unwrap_or((code, ""));
    Zeroizing::new(format!("{left}-{right}"))
}

/// The normal form of what was typed: dashes and spaces go, letters that look like digits become them; `None` when it cannot be a code.
pub fn normal(typed: &str) -> Option<Zeroizing<String>> {
    if typed.len() > MAX_TYPED_BYTES {
        return None;
    }
    let meant = |character: char| match character.to_ascii_lowercase() {
        'o' => '0',
        'i' | 'l' => '1',
        other => other,
    };
    let code: String = typed.chars().filter(|character| !character.is_whitespace() && *character != '-').map(meant).collect();
    let is_code = code.len() == CHARACTERS && code.bytes().all(|byte| ALPHABET.contains(&byte));
    is_code.then(|| Zeroizing::new(code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::OsEntropy;

    #[test]
    fn a_code_reads_back_however_it_is_typed() {
        let code = generate(&OsEntropy);
        let shown = written(&code);
        assert_eq!(shown.len(), 11);
        for typed in [shown.to_string(), shown.to_uppercase(), format!(" {} ", shown.replace('-', " ")), code.to_string()] {
            assert_eq!(normal(&typed).as_deref(), Some(&*code));
        }
        assert_eq!(normal("oOiIl-00000").as_deref().map(String::as_str), Some("0011100000"));
        for bad in ["", "123456789", "12345678901", "uuuuu-uuuuu", "\u{e9}2345-67890", &"0".repeat(100)] {
            assert!(normal(bad).is_none(), "{bad}");
        }
        assert_ne!(*generate(&OsEntropy), *code);
    }
}
