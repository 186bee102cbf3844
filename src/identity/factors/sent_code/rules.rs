//! What a sent code looks like, how long it is good, and how often one may be sent.

use zeroize::Zeroizing;

use crate::base::assurance::FactorKind;
use crate::base::contact::PhoneNumber;
use crate::base::encoding::hex;
use crate::base::random::{self, Entropy};
use crate::identity::attempts::rules::BucketLimit;

/// How long a code is good, in seconds.
pub const CODE_SECONDS: i64 = 600;
/// How often one code may be tried.
pub const MAX_TRIES: i64 = 5;
/// Messages of one kind to one customer in an hour.
const CUSTOMER_LIMIT: i64 = 10;
/// How long after one message the next may go, in seconds.
const PAUSE_SECONDS: i64 = 20;
/// The longest text that is looked at as a code.
const MAX_TYPED_BYTES: usize = 32;

/// Six digits, each value equally likely.
pub fn generate(entropy: &dyn Entropy) -> Zeroizing<String> {
    // 2^64 is not a multiple of a million; the difference is under 2^-44.
    let number = u64::from_be_bytes(random::bytes::<8>(entropy)) % 1_000_000;
    Zeroizing::new(format!("{number:06}"))
}

/// The normal form of what was typed: blanks and dashes go; `None` when it cannot be a code.
pub fn normal(typed: &str) -> Option<Zeroizing<String>> {
    if typed.len() > MAX_TYPED_BYTES {
        return None;
    }
    let code: String = typed.chars().filter(|character| !character.is_whitespace() && *character != '-').collect();
    (code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit())).then(|| Zeroizing::new(code))
}

/// Caps against fraud with text messages: rings that own whole ranges of numbers are paid for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SmsCaps {
    /// To one number in a day.
    pub number: i64,
    /// To numbers with the same first six digits in an hour.
    pub prefix: i64,
    /// Asked for from one address in an hour.
    pub source: i64,
    /// Altogether in an hour.
    pub hour: i64,
}

impl Default for SmsCaps {
    fn default() -> Self {
        Self { number: 10, prefix: 30, source: 10, hour: 500 }
    }
}

/// A text message, as its caps see it.
pub struct TextLane<'a> {
    /// To whom.
    pub phone: &'a PhoneNumber,
    /// The number's blind index: the number itself does not stand in the table of buckets.
    pub index: &'a [u8],
    /// The address that asked for it.
    pub source: &'a str,
    /// The caps.
    pub caps: SmsCaps,
}

/// The buckets that a message to `customer` is counted in: its own pause and hour, and those of the caps on text messages.
pub fn lanes(kind: FactorKind, customer: &str, text: Option<&TextLane<'_>>) -> Vec<(String, BucketLimit)> {
    let word = kind.as_str();
    let mut lanes = vec![(format!("send-pause:{word}:{customer}"), limit(1, PAUSE_SECONDS)), (format!("send:{word}:{customer}"), limit(CUSTOMER_LIMIT, 3_600))];
    if let Some(lane) = text {
        lanes.push((format!("sms-source:{}", lane.source), limit(lane.caps.source, 3_600)));
        lanes.extend(notice_lanes(lane));
    }
    lanes
}

/// The buckets of a text message that nobody asked for: a notice to its owner.
pub fn notice_lanes(lane: &TextLane<'_>) -> Vec<(String, BucketLimit)> {
    let TextLane { phone, index, caps, .. } = lane;
    let digits: String = phone.as_str().chars().take(7).collect();
    vec![
        (format!("sms-number:{}", hex(index)), limit(caps.number, 86_400)),
        (format!("sms-prefix:{digits}"), limit(caps.prefix, 3_600)),
        ("sms-hour".to_owned(), limit(caps.hour, 3_600)),
    ]
}

const fn limit(limit: i64, window_seconds: i64) -> BucketLimit {
    BucketLimit { limit, window_seconds, consecutive_limit: None }
}

/// An address as it is shown to somebody who may not be its owner: `a…@example.com`.
pub fn masked_email(address: &str) -> String {
    let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    format!("{}…@{domain}", local.chars().next().map(String::from).unwrap_or_default())
}

/// A number as it is shown to somebody who may not be its owner: `…34`.
pub fn masked_phone(number: &str) -> String {
    let digits: Vec<char> = number.chars().collect();
    format!("…{}", digits.get(digits.len().saturating_sub(2)..).unwrap_or_default().iter().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::OsEntropy;

    #[test]
    fn a_code_has_six_digits_however_it_is_typed() {
        for _ in 0..100 {
            let code = generate(&OsEntropy);
            assert_eq!(normal(&code).as_deref(), Some(&*code));
        }
        assert_eq!(normal(" 123-456 ").as_deref().map(String::as_str), Some("123456"));
        for bad in ["", "12345", "1234567", "12345a", "\u{661}23456", &"1".repeat(40)] {
            assert!(normal(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn every_cap_has_its_bucket() {
        let phone = PhoneNumber::parse("+442079460000").unwrap();
        let lanes = lanes(FactorKind::SmsCode, "cus_1", Some(&TextLane { phone: &phone, index: &[1, 2], source: "192.0.2.1", caps: SmsCaps::default() }));
        assert_eq!(lanes.len(), 6);
        assert!(lanes.iter().any(|(name, limit)| name == "sms-prefix:+442079" && limit.limit == 30));
        assert!(lanes.iter().all(|(name, _)| !name.contains("9460000")), "{lanes:?}");
    }

    #[test]
    fn a_masked_address_tells_little() {
        assert_eq!((masked_email("ada@example.com"), masked_phone("+442079460034")), ("a…@example.com".to_owned(), "…34".to_owned()));
        assert_eq!((masked_email(""), masked_phone("")), ("…@".to_owned(), "…".to_owned()));
    }
}
