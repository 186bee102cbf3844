//! Card numbers, which never enter: found in any text, in whatever digits and with whatever between them, and refused or taken out whole (PCI DSS v4.0.1, 3.2 to 3.5). Pure.

use std::borrow::Cow;

/// What stands in the place of a card number.
pub const REMOVED: &str = "[PAN-REMOVED]";
/// Signs between two digits that still are one number.
const MAX_BETWEEN: usize = 3;

/// A range of issuers: the first digits, from and to, and how long their numbers are.
struct Issuer {
    from: u32,
    to: u32,
    lengths: &'static [usize],
}

const fn issuer(from: u32, to: u32, lengths: &'static [usize]) -> Issuer {
    Issuer { from, to, lengths }
}

/// Ranges of ISO/IEC 7812 that schemes issue from, by the first six digits.
const ISSUERS: [Issuer; 17] = [
    // Visa
    issuer(400_000, 499_999, &[13, 16, 19]),
    // Mastercard
    issuer(510_000, 559_999, &[16]),
    issuer(222_100, 272_099, &[16]),
    // American Express
    issuer(340_000, 349_999, &[15]),
    issuer(370_000, 379_999, &[15]),
    // Discover
    issuer(601_100, 601_199, &[16, 17, 18, 19]),
    issuer(644_000, 659_999, &[16, 17, 18, 19]),
    // Diners Club
    issuer(300_000, 305_999, &[14, 15, 16, 17, 18, 19]),
    issuer(309_500, 309_599, &[14, 15, 16, 17, 18, 19]),
    issuer(360_000, 369_999, &[14, 15, 16, 17, 18, 19]),
    issuer(380_000, 399_999, &[14, 15, 16, 17, 18, 19]),
    // JCB
    issuer(352_800, 358_999, &[16, 17, 18, 19]),
    // UnionPay
    issuer(620_000, 629_999, &[16, 17, 18, 19]),
    // Maestro
    issuer(500_000, 509_999, &[13, 14, 15, 16, 17, 18, 19]),
    issuer(560_000, 589_999, &[13, 14, 15, 16, 17, 18, 19]),
    issuer(630_400, 639_099, &[13, 14, 15, 16, 17, 18, 19]),
    issuer(675_900, 676_399, &[13, 14, 15, 16, 17, 18, 19]),
];

/// Mir, which shares its beginning with nobody.
const MIR: Issuer = issuer(220_000, 220_499, &[16, 17, 18, 19]);

/// Where the digits of a script begin: ten in a row.
const DIGITS: [u32; 44] = [
    0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0de6, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0,
    0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x1_d7ce, 0x1_d7d8, 0x1_d7e2, 0x1_d7ec, 0x1_d7f6, 0x1_04a0,
    0x1_1066, 0x1_e950,
];

/// The value of a digit of any script; superscripts, subscripts and digits in circles too.
fn digit(letter: char) -> Option<u8> {
    if letter.is_ascii() {
        return letter.to_digit(10).and_then(|value| u8::try_from(value).ok());
    }
    let code = u32::from(letter);
    let of = |base: u32| u8::try_from(code - base).ok();
    match code {
        0x2070 | 0x24ea | 0x24ff => Some(0),
        0xb9 => Some(1),
        0xb2 | 0xb3 => of(0xb0),
        0x2074..=0x2079 => of(0x2070),
        0x2080..=0x2089 => of(0x2080),
        0x2460..=0x2468 => of(0x245f),
        0x2776..=0x277e => of(0x2775),
        _ => DIGITS.iter().find(|first| (**first..**first + 10).contains(&code)).and_then(|first| of(*first)),
    }
}

/// What may stand between the digits of one number: blanks, dashes, dots and their like, and what nobody sees. Whatever has a meaning between numbers does not.
fn is_between(letter: char) -> bool {
    letter.is_whitespace()
        || letter.is_control()
        || matches!(letter, '-' | '.' | '_' | '/' | '\\' | '*' | '+' | '|' | ':' | '·' | '•' | '\'' | '`' | '~' | '(' | ')' | '[' | ']' | '#')
        || matches!(u32::from(letter), 0xad | 0x2010..=0x2015 | 0x2212 | 0xff0d | 0xfe58 | 0xfe63 | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x2064 | 0xfeff | 0x3000 | 0xff0e | 0x30fb | 0xff3f | 0xfe0f | 0x20e3)
}

fn is_luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u32::from(*digit) << (place % 2);
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether these digits, from the first to the last, are a card number.
fn is_card(digits: &[u8]) -> bool {
    if !(13..=19).contains(&digits.len()) {
        return false;
    }
    let first = digits.iter().take(6).fold(0_u32, |number, digit| number * 10 + u32::from(*digit));
    ISSUERS.iter().chain([&MIR]).any(|issuer| (issuer.from..=issuer.to).contains(&first) && issuer.lengths.contains(&digits.len())) && is_luhn(digits)
}

/// A digit, and where its character begins and ends. `is_first` when something stands before it.
struct Found {
    value: u8,
    from: usize,
    to: usize,
    is_first: bool,
}

/// The card number that begins at the first of `run`: how many digits it has. The longest counts, and it ends where something else begins.
fn length_of(run: &[Found]) -> Option<usize> {
    if !run.first().is_some_and(|digit| digit.is_first) {
        return None;
    }
    (13..=19).rev().find(|length| {
        let ends = run.get(*length).is_none_or(|next| next.is_first);
        let digits: Vec<u8> = run.iter().take(*length).map(|digit| digit.value).collect();
        ends && digits.len() == *length && is_card(&digits)
    })
}

/// Where card numbers stand in `text`, in bytes.
fn find(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut run: Vec<Found> = Vec::new();
    let mut between = 0;
    let mut settle = |run: &mut Vec<Found>| {
        let mut at = 0;
        while let Some(rest) = run.get(at..).filter(|rest| rest.len() >= 13) {
            match length_of(rest) {
                Some(length) => {
                    if let (Some(first), Some(last)) = (rest.first(), rest.get(length - 1)) {
                        found.push((first.from, last.to));
                    }
                    at += length;
                }
                None => at += 1,
            }
        }
        run.clear();
    };
    for (from, letter) in text.char_indices() {
        if let Some(value) = digit(letter) {
            run.push(Found { value, from, to: from + letter.len_utf8(), is_first: run.is_empty() || between > 0 });
            between = 0;
        } else if !run.is_empty() && is_between(letter) && between < MAX_BETWEEN {
            between += 1;
        } else {
            settle(&mut run);
            between = 0;
        }
    }
    settle(&mut run);
    found
}

/// Whether there is a card number in `text`.
pub fn contains(text: &str) -> bool {
    // Most texts have too few digits for one.
    text.chars().filter(|letter| digit(*letter).is_some()).take(13).count() == 13 && !find(text).is_empty()
}

/// Whether there is a card number in any text, number or name of a document.
pub fn is_in_document(value: &serde_json::Value) -> bool {
    use serde_json::Value;
    match value {
        Value::String(text) => contains(text),
        Value::Number(number) => contains(&number.to_string()),
        Value::Array(items) => items.iter().any(is_in_document),
        Value::Object(members) => members.iter().any(|(name, value)| contains(name) || is_in_document(value)),
        Value::Null | Value::Bool(_) => false,
    }
}

/// `text` without card numbers: each is taken out whole.
pub fn redacted(text: &str) -> Cow<'_, str> {
    if !contains(text) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    for (from, to) in find(text) {
        kept.push_str(text.get(at..from).unwrap_or_default());
        kept.push_str(REMOVED);
        at = to;
    }
    kept.push_str(text.get(at..).unwrap_or_default());
    Cow::Owned(kept)
}

#[cfg(test)]
#[path = "card_number_tests.rs"]
mod tests;
