//! Whether what somebody typed is what is on file, as far as an issuer looks: the number of the house and the postcode. Where both have none, or the forms do not go together, nobody can tell, which is no mismatch. Pure.

use super::letters::{Part, Reading};
use super::normal::{Postcode, house_number, postcode};

/// An address, as far as it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compared<'a> {
    /// The street, with the number.
    pub street: &'a str,
    /// The postcode.
    pub postal: &'a str,
    /// The name on the card, where it is compared.
    pub name: Option<&'a str>,
}

fn street(typed: &str, on_file: &str, country: &str) -> Part {
    if typed.trim().is_empty() {
        return Part::NotProvided;
    }
    match (house_number(typed, country), house_number(on_file, country)) {
        (Some(typed), Some(on_file)) if typed == on_file => Part::Match,
        (Some(_), Some(_)) => Part::Mismatch,
        _ => Part::NotVerified,
    }
}

/// Whether two postcodes agree, and whether in all nine digits.
fn postal(typed: &str, on_file: &str, country: &str) -> (Part, bool) {
    if typed.trim().is_empty() {
        return (Part::NotProvided, false);
    }
    let only_digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    match (postcode(typed, country), postcode(on_file, country)) {
        (Some(Postcode::American(typed, more)), Some(Postcode::American(on_file, kept))) => {
            let is_nine = more.is_some() && more == kept;
            (if typed == on_file { Part::Match } else { Part::Mismatch }, typed == on_file && is_nine)
        }
        (Some(Postcode::Other(typed)), Some(Postcode::Other(on_file))) => {
            // In Britain the digits alone are compared.
            let is_same = if country == "GB" { only_digits(&typed) == only_digits(&on_file) } else { typed == on_file };
            (if is_same { Part::Match } else { Part::Mismatch }, false)
        }
        _ => (Part::NotVerified, false),
    }
}

fn name(typed: Option<&str>, on_file: Option<&str>) -> Part {
    let plain = |text: &str| text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    match (typed, on_file) {
        (Some(typed), Some(on_file)) if plain(typed) == plain(on_file) => Part::Match,
        (Some(_), Some(_)) => Part::Mismatch,
        _ => Part::NotVerified,
    }
}

/// Compares what was typed with what is on file, as the country of the card writes addresses.
pub fn compare(typed: &Compared<'_>, on_file: &Compared<'_>, country: &str) -> Reading {
    let street = street(typed.street, on_file.street, country);
    let (postal, is_nine) = postal(typed.postal, on_file.postal, country);
    let reading = Reading::of(street, postal, name(typed.name, on_file.name));
    if is_nine { reading.nine() } else { reading }
}

#[cfg(test)]
#[path = "matching_tests.rs"]
mod tests;
