//! What joining takes, step by step: pure.

use std::collections::BTreeSet;

use crate::base::contact::EmailAddress;
use crate::base::ids::CustomerId;
use crate::base::time::UnixSeconds;

/// Whether a birth date is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BirthDateWish {
    /// Not at all.
    Off,
    /// May be given.
    Optional,
    /// Has to be given.
    Required,
}

/// How an installation lets people join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignupPolicy {
    /// Whether anybody may.
    pub is_open: bool,
    /// Address of the terms; none asks for no consent.
    pub terms_url: Option<String>,
    /// Their version, as it is kept with each consent.
    pub terms_version: String,
    /// Address of the privacy policy.
    pub privacy_url: Option<String>,
    /// Whether a birth date is asked for.
    pub birth_date: BirthDateWish,
    /// The least age in years, where a birth date is given.
    pub minimum_age: i64,
    /// Domains whose addresses cannot be used, with those below them.
    pub blocked_domains: BTreeSet<String>,
    /// Whether those of throw-away mailboxes can.
    pub allows_disposable: bool,
    /// How many may begin from one address in an hour.
    pub source_limit: i64,
    /// How many may begin in an hour altogether.
    pub hour_limit: i64,
}

/// Domains of mailboxes that are thrown away after a while, one a line, sorted: the list `disposable-email-domains`, which is in the public domain.
const DISPOSABLE: &str = include_str!("disposable.txt");

/// Whether a domain is on the list.
fn is_disposable(domain: &str) -> bool {
    static LIST: std::sync::LazyLock<Vec<&'static str>> = std::sync::LazyLock::new(|| DISPOSABLE.lines().collect());
    LIST.binary_search(&domain).is_ok()
}

impl SignupPolicy {
    /// Whether addresses of this domain cannot be used.
    pub fn is_blocked(&self, email: &EmailAddress) -> bool {
        let domain = email.as_str().rsplit_once('@').map_or("", |(_, domain)| domain);
        let above = domain.match_indices('.').map(|(at, _)| domain.get(at + 1..).unwrap_or_default());
        std::iter::once(domain).chain(above).any(|domain| self.blocked_domains.contains(domain) || (!self.allows_disposable && is_disposable(domain)))
    }
}

/// How far somebody has come.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Joining {
    /// The address that was typed.
    pub email: Option<String>,
    /// Whether a code came back from it.
    pub is_proven: bool,
    /// Who they are.
    pub details: Option<Details>,
    /// The id that the account will have, once a passkey is being made for it.
    pub customer: Option<CustomerId>,
}

/// Who joins.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Details {
    /// The name.
    pub name: String,
    /// `YYYY-MM-DD`.
    pub birth_date: Option<String>,
    /// The version of the terms that were accepted, and when.
    pub terms: Option<(String, UnixSeconds)>,
}

/// The next step of somebody who joins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoinStep {
    /// Type an address.
    Address,
    /// Type the code that came to it.
    Code,
    /// Say who you are.
    Details,
    /// Choose how to sign in.
    Credential,
}

/// The next step.
pub fn next_step(joining: &Joining) -> JoinStep {
    match joining {
        Joining { email: None, .. } => JoinStep::Address,
        Joining { is_proven: false, .. } => JoinStep::Code,
        Joining { details: None, .. } => JoinStep::Details,
        Joining { .. } => JoinStep::Credential,
    }
}

/// Why details are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DetailsRefused {
    /// No name, or too long a one.
    Name,
    /// The terms were not accepted.
    Terms,
    /// No birth date, or not one.
    BirthDate,
    /// Too young.
    Age,
}

impl DetailsRefused {
    /// The key of the sentence.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Name => "join-name-missing",
            Self::Terms => "join-terms-missing",
            Self::BirthDate => "join-birth-date-wrong",
            Self::Age => "join-too-young",
        }
    }
}

/// The longest name, in characters.
const MAX_NAME_CHARACTERS: usize = 100;

/// A name as it is kept: without what cannot be seen, blanks made one.
pub fn clean_name(typed: &str) -> Option<String> {
    // Directions and joiners that could make a name look like another text.
    let is_hidden = |letter: char| {
        letter.is_control()
            || ('\u{200b}'..='\u{200f}').contains(&letter)
            || ('\u{202a}'..='\u{202e}').contains(&letter)
            || ('\u{2066}'..='\u{2069}').contains(&letter)
            || letter == '\u{2028}'
            || letter == '\u{2029}'
            || letter == '\u{feff}'
    };
    let name = typed
        .split_whitespace()
        .map(|word| word.chars().filter(|letter| !is_hidden(*letter)).collect::<String>())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    (!name.is_empty() && name.chars().count() <= MAX_NAME_CHARACTERS).then_some(name)
}

/// What was typed.
#[derive(Debug, Clone, Copy, Default)]
pub struct TypedDetails<'a> {
    /// The name.
    pub name: &'a str,
    /// The birth date.
    pub birth_date: &'a str,
    /// Whether the terms were ticked.
    pub has_accepted: bool,
}

/// Judges the details.
///
/// # Errors
/// Everything that is wrong.
pub fn judge(policy: &SignupPolicy, typed: &TypedDetails<'_>, now: UnixSeconds) -> Result<Details, Vec<DetailsRefused>> {
    let mut wrong = Vec::new();
    let name = clean_name(typed.name);
    if name.is_none() {
        wrong.push(DetailsRefused::Name);
    }
    let birth_date = match (policy.birth_date, typed.birth_date.trim()) {
        (BirthDateWish::Off, _) | (BirthDateWish::Optional, "") => None,
        (_, text) => match Day::parse(text) {
            Some(day) if day <= Day::of(now) && day.year >= 1900 => {
                if day.years_until(Day::of(now)) < policy.minimum_age {
                    wrong.push(DetailsRefused::Age);
                }
                Some(text.to_owned())
            }
            _ => {
                wrong.push(DetailsRefused::BirthDate);
                None
            }
        },
    };
    if policy.terms_url.is_some() && !typed.has_accepted {
        wrong.push(DetailsRefused::Terms);
    }
    match name {
        Some(name) if wrong.is_empty() => Ok(Details { name, birth_date, terms: policy.terms_url.is_some().then(|| (policy.terms_version.clone(), now)) }),
        _ => Err(wrong),
    }
}

/// A day of the Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    year: i64,
    month: i64,
    day: i64,
}

impl Day {
    /// Reads `YYYY-MM-DD`; `None` for a day that the calendar does not have.
    pub fn parse(text: &str) -> Option<Self> {
        let is_shaped = text.len() == 10 && text.bytes().enumerate().all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
        let part = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
        let day = Self { year: part(0, 4)?, month: part(5, 7)?, day: part(8, 10)? };
        (is_shaped && (1..=12).contains(&day.month) && (1..=day.length_of_month()).contains(&day.day)).then_some(day)
    }

    const fn length_of_month(self) -> i64 {
        match self.month {
            4 | 6 | 9 | 11 => 30,
            2 if self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0) => 29,
            2 => 28,
            _ => 31,
        }
    }

    /// The day of a moment, in UTC.
    pub fn of(now: UnixSeconds) -> Self {
        // Days since 0000-03-01, in eras of 400 years whose years begin in March.
        let days = now.0.div_euclid(86_400) + 719_468;
        let (era, in_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year_of_era = (in_era - in_era / 1_460 + in_era / 36_524 - in_era / 146_096) / 365;
        let in_year = in_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * in_year + 2) / 153;
        let (day, month) = (in_year - (153 * shifted + 2) / 5 + 1, if shifted < 10 { shifted + 3 } else { shifted - 9 });
        Self { year: year_of_era + era * 400 + i64::from(month <= 2), month, day }
    }

    fn years_until(self, later: Self) -> i64 {
        later.year - self.year - i64::from((later.month, later.day) < (self.month, self.day))
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn policy() -> SignupPolicy {
        SignupPolicy {
            is_open: true,
            terms_url: Some("https://shop.example/terms".to_owned()),
            terms_version: "2026-11".to_owned(),
            privacy_url: None,
            birth_date: BirthDateWish::Required,
            minimum_age: 18,
            blocked_domains: ["throwaway.example".to_owned()].into(),
            allows_disposable: false,
            source_limit: 10,
            hour_limit: 100,
        }
    }

    const NOW: UnixSeconds = UnixSeconds(1_798_761_600);

    #[test]
    fn the_steps_follow_each_other() {
        let mut joining = Joining::default();
        assert_eq!(next_step(&joining), JoinStep::Address);
        joining.email = Some("ada@example.com".to_owned());
        assert_eq!(next_step(&joining), JoinStep::Code);
        // Without the proof nothing further opens, whatever else is there.
        joining.details = Some(Details::default());
        assert_eq!(next_step(&joining), JoinStep::Code);
        joining.is_proven = true;
        assert_eq!(next_step(&joining), JoinStep::Credential);
        joining.details = None;
        assert_eq!(next_step(&joining), JoinStep::Details);
    }

    #[test]
    fn details_are_judged_at_once() {
        let typed = |name, birth_date, has_accepted| TypedDetails { name, birth_date, has_accepted };
        let judge = |typed: &TypedDetails<'_>| judge(&policy(), typed, NOW);
        assert_eq!(judge(&typed("", "", false)), Err(vec![DetailsRefused::Name, DetailsRefused::BirthDate, DetailsRefused::Terms]));
        assert_eq!(judge(&typed("Ada", "2009-01-02", true)), Err(vec![DetailsRefused::Age]), "eighteen tomorrow");
        assert_eq!(judge(&typed("Ada", "2027-01-02", true)), Err(vec![DetailsRefused::BirthDate]), "not yet born");
        let details = judge(&typed("  Ada \u{202e}Love\u{200b}lace ", "2009-01-01", true)).unwrap();
        assert_eq!(details, Details { name: "Ada Lovelace".to_owned(), birth_date: Some("2009-01-01".to_owned()), terms: Some(("2026-11".to_owned(), NOW)) });
        let off = SignupPolicy { birth_date: BirthDateWish::Off, terms_url: None, ..policy() };
        assert_eq!(super::judge(&off, &typed("Ada", "nonsense", false), NOW), Ok(Details { name: "Ada".to_owned(), birth_date: None, terms: None }));
    }

    #[test]
    fn a_blocked_domain_blocks_those_below_it() {
        let blocked = |email| policy().is_blocked(&EmailAddress::parse(email).unwrap());
        assert!(blocked("a@throwaway.example") && blocked("a@mx.Throwaway.Example"));
        assert!(!blocked("a@notthrowaway.example") && !blocked("throwaway.example@good.example"));
    }

    #[test]
    fn only_days_of_the_calendar_are_days() {
        for bad in ["2023-02-29", "2024-13-01", "2024-00-10", "2024-1-1", "1985-12-10T", "19851210xx", "١٩٨٥-12-10"] {
            assert!(Day::parse(bad).is_none(), "{bad}");
        }
        assert!(Day::parse("2024-02-29").is_some() && Day::parse("1900-02-29").is_none());
    }

    proptest! {
        #[test]
        fn days_are_written_as_they_are_read(seconds in 0_i64..4_102_444_800) {
            let day = Day::of(UnixSeconds(seconds));
            prop_assert_eq!(Day::parse(&day.to_string()), Some(day));
            prop_assert!(Day::of(UnixSeconds(seconds + 86_400)) > day);
        }
    }
}
