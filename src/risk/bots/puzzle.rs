//! Puzzles: numbers whose hash begins with so many zeros, which a browser finds while a form is filled in. Each is good for one form, one browser and a quarter of an hour, and is kept nowhere until it is used. Whoever runs no scripts waits instead. Pure.

use subtle::ConstantTimeEq;

use crate::base::encoding::{base64url, from_base64url, sha256};
use crate::base::time::UnixSeconds;
use crate::platform::crypto::keyring::MacKey;

/// How long a puzzle is good, in seconds.
pub const PUZZLE_SECONDS: i64 = 900;
/// Numbers to find for one puzzle: the work is nearly the same for all, where one number would be luck.
pub const PARTS: usize = 16;
/// Zero bits of each, at least and at most: a quarter of a million hashes, and four millions.
pub const LEAST_BITS: u8 = 14;
/// See [`LEAST_BITS`].
pub const MOST_BITS: u8 = 18;
const VERSION: &str = "1";
/// The longest puzzle, and the longest answer, in bytes.
const MAX_BYTES: usize = 512;

/// What a puzzle is for: which form, in which browser.
#[derive(Debug, Clone, Copy)]
pub struct Bound<'a> {
    /// The form.
    pub purpose: &'a str,
    /// The browser's binding secret, hashed.
    pub browser: &'a [u8],
}

/// How somebody may go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Passed {
    /// The numbers were found. What it is used up under.
    Solved(Vec<u8>),
    /// They waited. What it is used up under.
    Waited(Vec<u8>),
}

/// Why nobody may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsolved {
    /// There is none, or no answer to it.
    Missing,
    /// It is none of ours, not for this form or browser, or too old.
    Stale,
    /// The numbers are wrong.
    Wrong,
    /// Whoever waits has to wait so many seconds more.
    Early(i64),
}

fn seal(key: &MacKey, body: &str, bound: Bound<'_>) -> [u8; 32] {
    key.mac(&[b"puzzle", body.as_bytes(), bound.purpose.as_bytes(), bound.browser])
}

/// Makes a puzzle of 16 random bytes.
pub fn make(key: &MacKey, bound: Bound<'_>, bits: u8, salt: [u8; 16], now: UnixSeconds) -> String {
    let body = format!("{VERSION}.{}.{}.{}", bits.clamp(LEAST_BITS, MOST_BITS), now.0, base64url(salt));
    let seal = base64url(seal(key, &body, bound));
    format!("{body}.{seal}")
}

/// The bits and the time of a puzzle that is ours.
fn open(key: &MacKey, bound: Bound<'_>, text: &str, now: UnixSeconds) -> Option<(u8, UnixSeconds)> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let (body, told) = text.rsplit_once('.')?;
    let told = from_base64url(told)?;
    if !bool::from(seal(key, body, bound).ct_eq(told.as_slice())) {
        return None;
    }
    let mut fields = body.split('.');
    let (version, bits, at) = (fields.next()?, fields.next()?.parse().ok()?, UnixSeconds(fields.next()?.parse().ok()?));
    (version == VERSION && (0..=PUZZLE_SECONDS).contains(&now.since(at).max(0))).then_some((bits, at))
}

/// Whether a hash begins with so many zero bits.
fn has_zeros(hash: &[u8; 32], bits: u8) -> bool {
    let zeros = hash.iter().take_while(|byte| **byte == 0).count();
    let rest = hash.get(zeros).map_or(0, |byte| byte.leading_zeros());
    zeros as u64 * 8 + u64::from(rest) >= u64::from(bits)
}

/// The hash of a part of a puzzle with a number: of the puzzle's own hash, the part, and the number in eight bytes.
fn part_hash(seed: &[u8; 32], part: usize, number: u64) -> [u8; 32] {
    let mut message = [0_u8; 41];
    let (head, tail) = message.split_at_mut(32);
    head.copy_from_slice(seed);
    if let Some((first, rest)) = tail.split_first_mut() {
        *first = u8::try_from(part).unwrap_or(u8::MAX);
        rest.copy_from_slice(&number.to_be_bytes());
    }
    sha256(&message)
}

/// Judges an answer: numbers with commas between them, or, with `wait_seconds`, that somebody waited so long since the puzzle was made. `least` is how hard one is asked for now.
///
/// # Errors
/// [`Unsolved`].
pub fn judge(key: &MacKey, bound: Bound<'_>, (text, answer): (Option<&str>, Option<&str>), (wait_seconds, least): (Option<i64>, u8), now: UnixSeconds) -> Result<Passed, Unsolved> {
    let text = text.filter(|text| !text.is_empty()).ok_or(Unsolved::Missing)?;
    let (bits, at) = open(key, bound, text, now).ok_or(Unsolved::Stale)?;
    // What is asked for may have risen by one since; one that is easier by more was made for somebody else, or for another hour.
    if answer.is_some_and(|answer| !answer.is_empty()) && bits.saturating_add(1) < least {
        return Err(Unsolved::Stale);
    }
    let seed = sha256(text.as_bytes());
    match (answer.filter(|answer| !answer.is_empty()), wait_seconds) {
        (Some(answer), _) => {
            let numbers: Vec<u64> = answer.split(',').take(PARTS + 1).map_while(|number| number.parse().ok()).collect();
            let is_right =
                answer.len() <= MAX_BYTES && numbers.len() == PARTS && numbers.iter().enumerate().all(|(part, number)| has_zeros(&part_hash(&seed, part, *number), bits));
            if is_right { Ok(Passed::Solved(seed.to_vec())) } else { Err(Unsolved::Wrong) }
        }
        (None, Some(seconds)) => match at.plus(seconds).since(now) {
            left if left > 0 => Err(Unsolved::Early(left)),
            _ => Ok(Passed::Waited(seed.to_vec())),
        },
        (None, None) => Err(Unsolved::Missing),
    }
}

/// Finds the numbers, as a browser does. Slow: for those who try it.
pub fn solve(text: &str) -> Option<String> {
    let bits = text.split('.').nth(1)?.parse().ok()?;
    let seed = sha256(text.as_bytes());
    let find = |part| (0..u64::MAX).find(|number| has_zeros(&part_hash(&seed, part, *number), bits));
    let numbers: Option<Vec<String>> = (0..PARTS).map(|part| find(part).map(|number| number.to_string())).collect();
    numbers.map(|numbers| numbers.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::secret::SecretKey;
    use crate::platform::crypto::keyring::KeyRing;

    #[test]
    fn a_puzzle_is_good_for_one_form_one_browser_and_a_while() {
        let [key, other_key] = [7, 8].map(|seed| KeyRing::derive(&SecretKey::new([seed; 32])).unwrap().risk);
        let bound = Bound { purpose: "signin", browser: b"browser" };
        let now = UnixSeconds(1_800_000_000);
        let text = make(&key, bound, 1, [3; 16], now);
        assert!(text.starts_with("1.14.1800000000."), "never easier than the least: {text}");
        let answer = solve(&text).unwrap();
        let judged = |key: &MacKey, bound, text: &str, answer: &str, wait, now| judge(key, bound, (Some(text), Some(answer)), (wait, 0), now);
        assert!(matches!(judged(&key, bound, &text, &answer, None, now), Ok(Passed::Solved(_))));
        assert!(matches!(judged(&key, bound, &text, &answer, None, now.plus(PUZZLE_SECONDS)), Ok(Passed::Solved(_))));
        for (told, unsolved) in [
            (judged(&key, bound, &text, &answer, None, now.plus(PUZZLE_SECONDS + 1)), Unsolved::Stale),
            (judged(&other_key, bound, &text, &answer, None, now), Unsolved::Stale),
            (judged(&key, Bound { purpose: "join", ..bound }, &text, &answer, None, now), Unsolved::Stale),
            (judged(&key, Bound { browser: b"other", ..bound }, &text, &answer, None, now), Unsolved::Stale),
            (judged(&key, bound, &text.replace(".14.", ".01."), &answer, None, now), Unsolved::Stale),
            (judged(&key, bound, &text.replace("1.14", "1.14 "), &answer, None, now), Unsolved::Stale),
            (judged(&key, bound, &"1".repeat(600), &answer, None, now), Unsolved::Stale),
            (judged(&key, bound, "", &answer, None, now), Unsolved::Missing),
            (judged(&key, bound, &text, "", None, now), Unsolved::Missing),
            (judged(&key, bound, &text, "0", None, now), Unsolved::Wrong),
            (judged(&key, bound, &text, &format!("{answer},0"), None, now), Unsolved::Wrong),
            (judged(&key, bound, &text, &["1"; PARTS].join(","), Some(0), now.plus(99)), Unsolved::Wrong),
            (judged(&key, bound, &text, &format!("{answer}x"), None, now), Unsolved::Wrong),
            (judged(&key, bound, &text, "", Some(30), now.plus(29)), Unsolved::Early(1)),
        ] {
            assert_eq!(told, Err(unsolved));
        }
        assert!(matches!(judged(&key, bound, &text, "", Some(30), now.plus(30)), Ok(Passed::Waited(_))));
        let asked = |least| judge(&key, bound, (Some(&text), Some(&answer)), (None, least), now);
        assert!(asked(15).is_ok() && asked(16) == Err(Unsolved::Stale));
        // A clock that is behind is no reason to refuse.
        assert!(judged(&key, bound, &text, &answer, None, now.plus(-5)).is_ok());
    }

    #[test]
    fn zeros_are_counted_by_bits() {
        let with = |head: &[u8]| {
            let mut hash = [0xff; 32];
            hash[..head.len()].copy_from_slice(head);
            hash
        };
        assert!(has_zeros(&with(&[0, 3]), 14) && !has_zeros(&with(&[0, 4]), 14) && has_zeros(&with(&[0, 0, 0x3f]), 18) && !has_zeros(&with(&[1]), 8));
        assert!(has_zeros(&[0; 32], 255));
    }
}
