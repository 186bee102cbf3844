//! What a message holds, the code that it carries, and whether a pasted one is genuine. Pure.

use crate::base::random::{self, Entropy};

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Message {
    /// `mail` or `text`.
    pub channel: Channel,
    /// To which address or number, as it is shown.
    pub to: String,
    /// The subject of a mail.
    pub subject: String,
    /// The text, without secrets: a code or a link in it stands as dots.
    pub text: String,
}

/// The way that a message went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// E-mail.
    Mail,
    /// Text message.
    Text,
}

/// What stands in the kept text for a code or a secret of a link.
pub const HIDDEN: &str = "••••••";

/// Letters and digits that are not taken for one another.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A fresh code such as `7K2M-Q9TX`: 40 bits.
pub fn generate(entropy: &dyn Entropy) -> String {
    let bytes = random::bytes::<8>(entropy);
    let letters: String = bytes.iter().filter_map(|byte| ALPHABET.get(usize::from(byte % 32)).copied().map(char::from)).collect();
    let (one, two) = letters.split_at(4);
    format!("{one}-{two}")
}

/// The normal form of a code: eight letters and digits; look-alikes are one.
pub fn normal(typed: &str) -> String {
    let letters = typed.chars().filter(char::is_ascii_alphanumeric).take(16).map(|letter| match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        'U' => 'V',
        other => other,
    });
    letters.collect()
}

/// The code in a pasted message: what has its form, with the dash.
pub fn find_code(pasted: &str) -> Option<String> {
    let is_half = |half: &str| half.len() == 4 && half.chars().all(|letter| letter.is_ascii_alphanumeric());
    let words = pasted.split(|letter: char| letter.is_whitespace() || ".,;:()[]<>\"'".contains(letter));
    let mut coded = words.filter_map(|word| word.split_once('-')).filter(|(one, two)| is_half(one) && is_half(two));
    coded.next_back().map(|(one, two)| normal(&format!("{one}{two}")))
}

/// Whether `pasted` says what `kept` says: the same words in the same order, save what was hidden. Line breaks, quoting and the frame that a mail program adds do not count.
pub fn is_same_text(kept: &str, pasted: &str) -> bool {
    fn words(text: &str) -> Vec<&str> {
        text.split(|letter: char| letter.is_whitespace() || letter == '>').filter(|word| !word.is_empty()).collect()
    }
    let (kept, pasted) = (words(kept), words(pasted));
    let is_word = |kept: &str, pasted: &str| match kept.split_once(HIDDEN) {
        Some((before, after)) => pasted.len() >= before.len() + after.len() && pasted.starts_with(before) && pasted.ends_with(after),
        None => kept == pasted,
    };
    let Some(start) = kept.first() else { return false };
    // The first word may come earlier in the frame, so every place of it is tried.
    let is_at = |offset: usize| pasted.get(offset..offset + kept.len()).is_some_and(|part| kept.iter().zip(part).all(|(kept, pasted)| is_word(kept, pasted)));
    let is_framed = |offset: usize| pasted.len() - offset - kept.len() <= 12 && offset <= 60;
    (0..pasted.len()).filter(|offset| pasted.get(*offset).is_some_and(|word| is_word(start, word))).any(|offset| is_at(offset) && is_framed(offset))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::OsEntropy;

    #[test]
    fn a_code_is_found_in_what_is_pasted() {
        for _ in 0..200 {
            let code = generate(&OsEntropy);
            assert_eq!(code.len(), 9);
            assert_eq!(find_code(&format!("Hello,\n> Message code: {code}.\n\nYours")), Some(normal(&code)));
            assert_eq!(normal(&code.to_lowercase()), normal(&code));
        }
        assert_eq!(normal("7k2m-oiLu"), "7K2M011V");
        assert_eq!(find_code("a well-known fact, twenty-five"), None);
    }

    #[test]
    fn an_altered_message_is_noticed_and_a_quoted_one_is_not() {
        let kept = "Your code is ••••••. Type it only at\nhttps://login.shop.example/code/•••••• and nowhere else.\n\nMessage code: 7K2M-Q9TX";
        let sent = kept.replacen(HIDDEN, "123456", 1).replacen(HIDDEN, "a_b-c", 1);
        assert!(is_same_text(kept, &sent));
        assert!(is_same_text(kept, &format!("From: Shop\nSubject: Your code\n\n> {}", sent.replace('\n', "\n> "))));
        assert!(!is_same_text(kept, &sent.replace("shop.example", "shop-example.com")));
        assert!(!is_same_text(kept, &sent.replace("nowhere else", "call 0900 123")));
        assert!(!is_same_text(kept, &format!("{sent} But first go to https://evil.example and sign in there with your password, then call us at this number, please do")));
        assert!(!is_same_text(kept, ""));
        assert!(!is_same_text("", "anything"));
    }
}
