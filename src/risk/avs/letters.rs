//! The letters of the card schemes. Each scheme has its own: Discover's `A` is a full match, Visa's one of the street alone.

use serde::{Deserialize, Serialize};

/// A card scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// Visa.
    Visa,
    /// Mastercard.
    Mastercard,
    /// American Express.
    Amex,
    /// Discover, with Diners Club and JCB where they run over it.
    Discover,
}

impl Scheme {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Visa, Self::Mastercard, Self::Amex, Self::Discover];
}

/// What became of one part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// It is the same.
    Match,
    /// It is another one.
    Mismatch,
    /// Nobody compared it.
    NotVerified,
    /// There was nothing to compare.
    NotProvided,
}

/// What the whole comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Street and postcode are the same.
    Full,
    /// The street alone.
    Street,
    /// The postcode alone.
    Postcode,
    /// Neither.
    None,
    /// Nobody can tell: the issuer takes no part, or was not asked. That is no mismatch: whole countries have no address verification.
    Unavailable,
    /// The issuer did not answer: ask again.
    Retry,
}

/// What a letter says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Reading {
    /// The street.
    pub street: Part,
    /// The postcode.
    pub postal: Part,
    /// The name on the card; American Express alone compares it.
    pub name: Part,
    /// What it comes to.
    pub outcome: Outcome,
    /// Whether all nine digits of an American postcode were the same.
    pub is_nine: bool,
}

impl Reading {
    /// A reading whose outcome follows from its parts.
    pub const fn of(street: Part, postal: Part, name: Part) -> Self {
        let outcome = match (street, postal) {
            (Part::Match, Part::Match) => Outcome::Full,
            (Part::Match, _) => Outcome::Street,
            (_, Part::Match) => Outcome::Postcode,
            // Also where one of them differs, and the other one was not compared.
            (Part::Mismatch, _) | (_, Part::Mismatch) => Outcome::None,
            (_, _) => Outcome::Unavailable,
        };
        Self { street, postal, name, outcome, is_nine: false }
    }

    /// The same, with all nine digits.
    #[must_use]
    pub const fn nine(self) -> Self {
        Self { is_nine: true, ..self }
    }

    /// The same, with another outcome.
    const fn with(self, outcome: Outcome) -> Self {
        Self { outcome, ..self }
    }
}

use Part::{Match as M, Mismatch as X, NotProvided as P, NotVerified as N};

const UNKNOWN: Reading = Reading::of(N, N, N);
const EMPTY: Reading = Reading::of(P, P, N);
const RETRY: Reading = UNKNOWN.with(Outcome::Retry);

/// What the letter of a scheme means; none when the scheme has no such letter.
///
/// Where lists in the wild disagree, the reading that claims less is taken: Visa's `C` is given as not verified, as no match and as a full match, and is read as not verified.
pub const fn read(scheme: Scheme, letter: char) -> Option<Reading> {
    match scheme {
        Scheme::Visa => visa(letter),
        Scheme::Mastercard => mastercard(letter),
        Scheme::Amex => amex(letter),
        Scheme::Discover => discover(letter),
    }
}

const fn visa(letter: char) -> Option<Reading> {
    Some(match letter {
        'A' => Reading::of(M, X, N),
        'B' => Reading::of(M, N, N),
        'C' | 'G' | 'I' | 'S' | 'U' | 'E' => UNKNOWN,
        'D' | 'F' | 'M' | 'Y' => Reading::of(M, M, N),
        'N' => Reading::of(X, X, N),
        'P' => Reading::of(N, M, N),
        'R' => RETRY,
        // Of older lists.
        'W' => Reading::of(X, M, N).nine(),
        'X' => Reading::of(M, M, N).nine(),
        'Z' => Reading::of(X, M, N),
        _ => return None,
    })
}

const fn mastercard(letter: char) -> Option<Reading> {
    Some(match letter {
        'A' => Reading::of(M, X, N),
        'N' => Reading::of(X, X, N),
        'R' => RETRY,
        'S' | 'U' | 'E' => UNKNOWN,
        'W' => Reading::of(X, M, N).nine(),
        'X' => Reading::of(M, M, N).nine(),
        'Y' => Reading::of(M, M, N),
        'Z' => Reading::of(X, M, N),
        _ => return None,
    })
}

const fn amex(letter: char) -> Option<Reading> {
    Some(match letter {
        'A' => Reading::of(M, X, N),
        'D' => Reading::of(X, M, X),
        'E' => Reading::of(M, M, X),
        'F' => Reading::of(M, X, X),
        'K' => Reading::of(X, X, M),
        'L' => Reading::of(X, M, M),
        'M' => Reading::of(M, M, M),
        'N' => Reading::of(X, X, N),
        'O' => Reading::of(M, X, M),
        'R' => RETRY,
        'S' | 'U' => UNKNOWN,
        'W' => Reading::of(X, X, X),
        'Y' => Reading::of(M, M, N),
        'Z' => Reading::of(X, M, N),
        _ => return None,
    })
}

const fn discover(letter: char) -> Option<Reading> {
    Some(match letter {
        'A' => Reading::of(M, M, N),
        'G' | 'S' | 'E' => UNKNOWN,
        'N' => Reading::of(X, X, N),
        'R' | 'U' => RETRY,
        'T' => Reading::of(X, M, N).nine(),
        'W' => EMPTY,
        'X' => Reading::of(M, M, N).nine(),
        'Y' => Reading::of(M, X, N),
        'Z' => Reading::of(X, M, N),
        _ => return None,
    })
}

/// Where the card was issued, and where the shop is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lands<'a> {
    /// The country of the card, two letters.
    pub card: &'a str,
    /// The country of the shop.
    pub shop: &'a str,
}

impl Lands<'_> {
    fn is_abroad(&self) -> bool {
        self.card != self.shop
    }

    fn is_british(&self) -> bool {
        self.card == "GB" && self.shop == "GB"
    }
}

/// What an issuer had to say beside what it compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It compared.
    Compared(Reading),
    /// It has nothing on file.
    NothingOnFile,
    /// It has no address verification.
    Unsupported,
    /// It did not answer.
    TimedOut,
}

/// The letter that a scheme has for an answer: what an issuer of it would say.
pub fn letter(scheme: Scheme, lands: &Lands<'_>, answer: &Answer) -> char {
    let reading = match (answer, scheme) {
        (Answer::Compared(reading), _) => reading,
        (Answer::TimedOut, Scheme::Discover) => return 'U',
        (Answer::TimedOut, _) => return 'R',
        (Answer::Unsupported, Scheme::Visa) if lands.is_abroad() => return 'G',
        (Answer::Unsupported, _) => return 'S',
        (Answer::NothingOnFile, Scheme::Discover) => return 'W',
        (Answer::NothingOnFile, _) => return 'U',
    };
    let Reading { street, postal, name, is_nine, .. } = *reading;
    match scheme {
        Scheme::Visa => match (street, postal) {
            (M, M) if lands.is_british() => 'F',
            (M, M) if lands.is_abroad() => 'M',
            (M, M) => 'Y',
            (M, X) => 'A',
            (M, _) => 'B',
            (X | P, M) => 'Z',
            (N, M) => 'P',
            (X | P, _) | (_, X) => 'N',
            (N, _) => 'C',
        },
        Scheme::Mastercard => match (street, postal, is_nine) {
            (M, M, true) => 'X',
            (M, M, false) => 'Y',
            (M, ..) => 'A',
            (_, M, true) => 'W',
            (_, M, false) => 'Z',
            (X, ..) | (_, X, _) => 'N',
            _ => 'U',
        },
        Scheme::Discover => match (street, postal, is_nine) {
            (M, M, true) => 'X',
            (M, M, false) => 'A',
            (M, ..) => 'Y',
            (_, M, true) => 'T',
            (_, M, false) => 'Z',
            (X, ..) | (_, X, _) => 'N',
            _ => 'W',
        },
        Scheme::Amex => match (street == M, postal == M, name) {
            (true, true, M) => 'M',
            (true, true, X) => 'E',
            (true, true, _) => 'Y',
            (true, false, M) => 'O',
            (true, false, X) => 'F',
            (true, false, _) => 'A',
            (false, true, M) => 'L',
            (false, true, X) => 'D',
            (false, true, _) => 'Z',
            (false, false, M) => 'K',
            (false, false, X) => 'W',
            (false, false, _) if street == N && postal == N => 'U',
            (false, false, _) => 'N',
        },
    }
}

#[cfg(test)]
#[path = "letters_tests.rs"]
mod tests;
