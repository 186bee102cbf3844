//! What a message holds, the code that it carries, and whether a pasted one is genuine. Pure.

use super::frame::{MAX_FRAME_LINES, bare, is_frame};
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

/// Whether a word stands for what was hidden: the secret of a link where `before` begins one, else a code of six digits. Nothing that leads anywhere, and no number to call.
fn is_secret(before: &str, text: &str) -> bool {
    if before.contains("://") {
        return (4..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    }
    text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether `pasted` says what `kept` says: the same words in the same order, save what was hidden. Line breaks, quoting and the lines that a mail program puts around it do not count; anything else before or after does.
pub fn is_same_text(subject: &str, kept: &str, pasted: &str) -> bool {
    fn words(line: &str) -> impl Iterator<Item = &str> {
        bare(line).split_whitespace()
    }
    let kept: Vec<&str> = kept.lines().flat_map(words).collect();
    if kept.is_empty() {
        return false;
    }
    let is_word = |kept: &str, pasted: &str| match kept.split_once(HIDDEN) {
        Some((before, after)) => pasted.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)).is_some_and(|secret| is_secret(before, secret)),
        None => kept == pasted,
    };
    let lines: Vec<&str> = pasted.lines().collect();
    let is_brief = |around: &[&str]| around.iter().filter(|line| !bare(line).is_empty()).count() <= MAX_FRAME_LINES;
    // The message begins at the start of a line, after lines of the frame only, and ends at the end of one.
    (0..lines.len())
        .take_while(|first| lines.get(..*first).is_some_and(|around| is_brief(around) && around.iter().all(|line| is_frame(line, subject))))
        .any(|first| {
            let mut left = kept.as_slice();
            for (at, line) in lines.iter().enumerate().skip(first) {
                if left.is_empty() {
                    return lines.get(at..).is_some_and(|around| is_brief(around) && around.iter().all(|line| is_frame(line, subject)));
                }
                for word in words(line) {
                    match left.split_first() {
                        Some((expected, rest)) if is_word(expected, word) => left = rest,
                        _ => return false,
                    }
                }
            }
            left.is_empty()
        })
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
        assert!(is_same_text("Your code", kept, &sent));
        assert!(is_same_text("Your code", kept, &format!("From: Shop\nSubject: Your code\n\n> {}", sent.replace('\n', "\n> "))));
        assert!(!is_same_text("Your code", kept, &sent.replace("shop.example", "shop-example.com")));
        assert!(!is_same_text("Your code", kept, &sent.replace("nowhere else", "call 0900 123")));
        assert!(!is_same_text(
            "Your code",
            kept,
            &format!("{sent} But first go to https://evil.example and sign in there with your password, then call us at this number, please do")
        ));
        // Not a sentence before it, not one after it, and nothing that leads elsewhere in place of a code.
        assert!(!is_same_text("Your code", kept, &format!("URGENT: 899 EUR were charged, cancel at https://evil.example within 1 hour\n\n{sent}")));
        assert!(!is_same_text("Your code", kept, &format!("Cancel here: www.evil.example\n{sent}")));
        assert!(!is_same_text("Your code", kept, &format!("You have to act at once.\n{sent}")));
        assert!(!is_same_text("Your code", kept, &format!("{sent}\nBut first sign in at evil.example")));
        assert!(!is_same_text("Your code", kept, &sent.replace("123456", "https://evil.example/login")));
        assert!(!is_same_text("Your code", kept, &sent.replace("123456", "evil.example")));
        assert!(is_same_text("Your code", kept, &format!("---- Forwarded ----\nFrom: Shop <shop@example.com>\nDate: Mon, 4 May 2026 10:00\nTo: me\n\n{sent}\n\n--\n")));
        assert!(is_same_text("Your code", kept, &format!("Am 4. Mai 2026 um 10:13 schrieb Shop <shop@example.com>:\n> {}", sent.replace('\n', "\n> "))));
        for lure in ["Attention: call 0900 123 456", "Subject: call 0900 123 456", "Send us your password, as follows:", "--- answer with your code at once ---"] {
            assert!(!is_same_text("Your code", kept, &format!("{lure}\n{sent}")), "{lure}");
        }
        // A number to call, or a sentence in dashes, in place of a code.
        for lure in ["09001234567", "call-0900-123456", "12345", "1234567"] {
            assert!(!is_same_text("Your code", kept, &sent.replace("123456", lure)), "{lure}");
        }
        let flood = "--\n".repeat(17);
        assert!(!is_same_text("Your code", kept, &format!("{}{sent}", flood.replace("--", "-- see below"))));
        assert!(!is_same_text("Your code", kept, ""));
        assert!(!is_same_text("Your code", "", "anything"));
    }
}
