//! What is asked, and what is answered. Pure.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::AddressPolicy;
use super::issuer::{Said, Silent};
use crate::base::card_number;
use crate::base::postal::is_country;
use crate::base::purchase::Amount;
use crate::base::time::UnixSeconds;
use crate::identity::customers::PostalAddress;
use crate::risk::avs::letters::{Answer, Lands, Outcome, Part, Reading, Scheme, letter, read};
use crate::risk::avs::matching::{Compared, compare};
use crate::risk::avs::policy::{LastTry, Verdict, decide};

/// How long an answer is of use, in seconds.
const ANSWER_SECONDS: i64 = 86_400;
/// The deepest that a request is nested.
const MAX_DEPTH: usize = 8;

/// The code of a payment provider, to be read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interpret {
    #[expect(dead_code, reason = "read before, to know what is asked")]
    mode: String,
    /// Whose letters they are.
    pub scheme: Scheme,
    /// The letter.
    pub code: String,
    /// The country of the card.
    pub country: String,
    /// How much is paid.
    pub amount: Amount,
    /// Whether the provider will be asked again when the issuer did not answer.
    #[serde(default)]
    pub will_retry: bool,
}

/// An address as it was typed at the checkout.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Typed {
    /// The street, with the number.
    #[serde(default)]
    pub street_address: String,
    /// The postcode.
    #[serde(default)]
    pub postal_code: String,
    /// The country.
    pub country: String,
}

/// An address, to be compared with those of a customer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Match {
    #[expect(dead_code, reason = "read before, to know what is asked")]
    mode: String,
    /// The customer, by the name that this client knows.
    pub sub: String,
    /// What was typed.
    pub address: Typed,
    /// In whose letters the answer is told besides; in none when absent.
    #[serde(default)]
    pub scheme: Option<Scheme>,
    /// The country of the shop; that of the address when absent.
    #[serde(default)]
    pub shop_country: Option<String>,
    /// How much is paid.
    pub amount: Amount,
}

/// An address, to be compared by the issuer of a card.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    #[expect(dead_code, reason = "read before, to know what is asked")]
    mode: String,
    /// The payment provider's token for the card.
    pub token: String,
    /// Whose letters the issuer speaks in.
    pub scheme: Scheme,
    /// What was typed.
    pub address: Typed,
    /// How much is paid.
    pub amount: Amount,
    /// Whether the issuer will be asked again when it did not answer.
    #[serde(default)]
    pub will_retry: bool,
}

/// What is asked.
#[derive(Debug)]
pub enum Asked {
    /// Whether an address is that of a card.
    Issuer(Ask),
    /// What a code means.
    Interpret(Interpret),
    /// Whether an address is the customer's.
    Match(Match),
}

/// Why it is not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotAsked {
    /// It cannot be read.
    Malformed(String),
    /// It holds a card number, which nobody may send here.
    CardNumber,
}

fn depth_of(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth_of).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth_of).max().unwrap_or(0),
        _ => 0,
    }
}

fn country(code: &str, name: &str) -> Result<(), NotAsked> {
    if is_country(code) { Ok(()) } else { Err(NotAsked::Malformed(format!("{name}: a country of ISO 3166, two capitals"))) }
}

fn amount(amount: &Amount) -> Result<(), NotAsked> {
    match amount.minor_units() {
        Some(_) => Ok(()),
        None => {
            Err(NotAsked::Malformed("amount: a currency of ISO 4217, and a value above nothing in decimal with the currency's own number of digits after the point".to_owned()))
        }
    }
}

/// Reads a request.
///
/// # Errors
/// [`NotAsked`].
pub fn parse(body: &Value) -> Result<Asked, NotAsked> {
    if depth_of(body) > MAX_DEPTH {
        return Err(NotAsked::Malformed("the request is nested too deeply".to_owned()));
    }
    // Before anything is said about it: what a message repeats must not hold one either.
    if card_number::is_in_document(body) {
        return Err(NotAsked::CardNumber);
    }
    let told = |error: serde_json::Error| NotAsked::Malformed(error.to_string());
    match body.get("mode").and_then(Value::as_str) {
        Some("interpret") => {
            let asked: Interpret = serde_json::from_value(body.clone()).map_err(told)?;
            country(&asked.country, "country")?;
            amount(&asked.amount)?;
            Ok(Asked::Interpret(asked))
        }
        Some("match") => {
            let asked: Match = serde_json::from_value(body.clone()).map_err(told)?;
            country(&asked.address.country, "address.country")?;
            asked.shop_country.as_deref().map_or(Ok(()), |code| country(code, "shop_country"))?;
            amount(&asked.amount)?;
            let long = [&asked.address.street_address, &asked.address.postal_code].iter().any(|text| text.chars().count() > 200);
            if long || asked.sub.is_empty() || asked.sub.len() > 255 {
                return Err(NotAsked::Malformed("address: at most 200 characters a line; sub: 1 to 255".to_owned()));
            }
            Ok(Asked::Match(asked))
        }
        Some("issuer") => {
            let asked: Ask = serde_json::from_value(body.clone()).map_err(told)?;
            country(&asked.address.country, "address.country")?;
            amount(&asked.amount)?;
            let long = [&asked.address.street_address, &asked.address.postal_code].iter().any(|text| text.chars().count() > 200);
            let is_token = (1..=128).contains(&asked.token.len()) && asked.token.bytes().all(|byte| byte.is_ascii_graphic());
            if long || !is_token {
                return Err(NotAsked::Malformed("address: at most 200 characters a line; token: 1 to 128 printable characters".to_owned()));
            }
            Ok(Asked::Issuer(asked))
        }
        _ => Err(NotAsked::Malformed("mode: interpret, match or issuer".to_owned())),
    }
}

/// Who says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The issuer of the card, through the payment provider.
    Issuer,
    /// The addresses of the customer's account here: evidence, and not the issuer's word.
    Account,
}

/// The letter of a scheme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Raw {
    /// Whose.
    pub scheme: Scheme,
    /// The letter.
    pub code: String,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Told {
    /// What it comes to.
    pub outcome: Outcome,
    /// The street.
    pub street: Part,
    /// The postcode.
    pub postal: Part,
    /// The name.
    pub name: Part,
    /// What is to be done.
    pub decision: Verdict,
    /// The number of the rule that says so, from 0.
    pub rule: Option<usize>,
    /// Who says so.
    pub source: Source,
    /// The letter: what the provider gave, or what an issuer of this scheme would have said.
    pub raw: Option<Raw>,
    /// When it was looked at, in Unix seconds.
    pub checked_at: i64,
    /// Until when it is of use.
    pub expires_at: i64,
}

fn told(policy: &AddressPolicy, reading: Reading, (country, amount): (&str, &Amount), last_try: LastTry, (source, raw): (Source, Option<Raw>), now: UnixSeconds) -> Told {
    let (decision, rule) = decide(&policy.rules, reading.outcome, country, amount.minor_units().unwrap_or(i64::MAX), last_try);
    Told {
        outcome: reading.outcome,
        street: reading.street,
        postal: reading.postal,
        name: reading.name,
        decision,
        rule,
        source,
        raw,
        checked_at: now.0,
        expires_at: now.plus(ANSWER_SECONDS).0,
    }
}

/// What the code of a provider means.
///
/// # Errors
/// [`NotAsked::Malformed`] when the scheme has no such letter.
pub fn interpret(policy: &AddressPolicy, asked: &Interpret, now: UnixSeconds) -> Result<Told, NotAsked> {
    let mut letters = asked.code.chars();
    let reading = match (letters.next(), letters.next()) {
        (Some(code), None) => read(asked.scheme, code.to_ascii_uppercase()),
        _ => None,
    };
    let reading = reading.ok_or_else(|| NotAsked::Malformed("code: this scheme has no such letter".to_owned()))?;
    let raw = Raw { scheme: asked.scheme, code: asked.code.to_ascii_uppercase() };
    let last_try = if asked.will_retry { LastTry::No } else { LastTry::Yes };
    Ok(told(policy, reading, (&asked.country, &asked.amount), last_try, (Source::Issuer, Some(raw)), now))
}

/// What an issuer said, or that it said nothing.
pub fn heard(policy: &AddressPolicy, asked: &Ask, said: &Result<Said, Silent>, now: UnixSeconds) -> Told {
    let nothing = Reading::of(Part::NotVerified, Part::NotVerified, Part::NotVerified);
    let (reading, raw) = match said {
        Ok(Said::Letter { code }) => {
            let mut letters = code.chars();
            let letter = letters.next().filter(|_| letters.next().is_none()).map(|letter| letter.to_ascii_uppercase());
            // A letter that the scheme has not says nothing.
            (letter.and_then(|letter| read(asked.scheme, letter)).unwrap_or(nothing), letter.map(|letter| Raw { scheme: asked.scheme, code: letter.to_string() }))
        }
        Ok(Said::Parts { street, postal, name }) => (Reading::of(*street, *postal, *name), None),
        Err(Silent::Away) => (Reading { outcome: Outcome::Retry, ..nothing }, None),
        Err(Silent::Unknown) => (nothing, None),
    };
    let last_try = if asked.will_retry { LastTry::No } else { LastTry::Yes };
    told(policy, reading, (&asked.address.country, &asked.amount), last_try, (Source::Issuer, raw), now)
}

/// How good an outcome is.
const fn rank(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Full => 5,
        Outcome::Street => 4,
        Outcome::Postcode => 3,
        Outcome::None => 2,
        Outcome::Unavailable => 1,
        Outcome::Retry => 0,
    }
}

/// Compares what was typed with the addresses of an account: the one that fits best counts.
pub fn compare_with<'a>(policy: &AddressPolicy, asked: &Match, addresses: impl Iterator<Item = &'a PostalAddress>, now: UnixSeconds) -> Told {
    let typed = Compared { street: &asked.address.street_address, postal: &asked.address.postal_code, name: None };
    let country = asked.address.country.as_str();
    let readings = addresses.filter(|address| address.country.as_deref() == Some(country)).map(|address| {
        let on_file = Compared { street: address.street_address.as_deref().unwrap_or_default(), postal: address.postal_code.as_deref().unwrap_or_default(), name: None };
        compare(&typed, &on_file, country)
    });
    let best = readings.max_by_key(|reading| rank(reading.outcome));
    let lands = Lands { card: country, shop: asked.shop_country.as_deref().unwrap_or(country) };
    let raw = asked.scheme.map(|scheme| {
        let code = letter(scheme, &lands, &best.map_or(Answer::NothingOnFile, Answer::Compared));
        Raw { scheme, code: code.to_string() }
    });
    let reading = best.unwrap_or_else(|| Reading::of(Part::NotVerified, Part::NotVerified, Part::NotVerified));
    told(policy, reading, (country, &asked.amount), LastTry::Yes, (Source::Account, raw), now)
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
