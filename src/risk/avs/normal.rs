//! What of an address an issuer looks at: the number of the house, or of the box, and the postcode. Pure.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The most characters of a street that are looked at: what payment networks send on.
const MAX_STREET: usize = 200;

/// Words for a part of a building, whose number is not the house's. In Britain all digits count, as they stand.
const UNITS: [&str; 22] = [
    "APT",
    "APARTMENT",
    "UNIT",
    "STE",
    "SUITE",
    "FLAT",
    "FL",
    "FLOOR",
    "RM",
    "ROOM",
    "LOT",
    "SPC",
    "TRLR",
    "BLDG",
    "BUILDING",
    "WOHNUNG",
    "WHG",
    "APPT",
    "APPARTEMENT",
    "PISO",
    "PTA",
    "APTO",
];
/// Words for a box.
const BOXES: [&str; 5] = ["POSTFACH", "POBOX", "BP", "APARTADO", "CP"];
/// Numbers that are written as words.
const WORDS: [(&str, &str); 20] = [
    ("ONE", "1"),
    ("TWO", "2"),
    ("THREE", "3"),
    ("FOUR", "4"),
    ("FIVE", "5"),
    ("SIX", "6"),
    ("SEVEN", "7"),
    ("EIGHT", "8"),
    ("NINE", "9"),
    ("TEN", "10"),
    ("ELEVEN", "11"),
    ("TWELVE", "12"),
    ("THIRTEEN", "13"),
    ("FOURTEEN", "14"),
    ("FIFTEEN", "15"),
    ("SIXTEEN", "16"),
    ("SEVENTEEN", "17"),
    ("EIGHTEEN", "18"),
    ("NINETEEN", "19"),
    ("TWENTY", "20"),
];
/// Countries in which the number stands behind the street.
const NUMBER_LAST: [&str; 20] = ["AT", "BE", "CH", "CZ", "DE", "DK", "ES", "FI", "HR", "HU", "IS", "IT", "LI", "NL", "NO", "PL", "RO", "SE", "SI", "SK"];

/// Capital letters and digits, without accents; everything else is a blank.
fn plain(text: &str) -> String {
    let upper: String = text.nfkd().filter(|letter| !is_combining_mark(*letter)).take(MAX_STREET * 2).flat_map(char::to_uppercase).collect();
    let upper = upper.replace('ß', "SS").replace('Ø', "O").replace('Æ', "AE").replace('Ł', "L").replace('Đ', "D");
    upper.chars().map(|letter| if letter.is_alphanumeric() || letter == '#' || letter == '-' || letter == '/' { letter } else { ' ' }).collect()
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn has_digit(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_digit())
}

/// Words, with what belongs to a part of the building taken out.
fn without_units(words: &[&str]) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let bare = word.trim_matches('-');
        if let Some(number) = bare.strip_prefix('#') {
            // `#4` and `# 4`.
            at += if number.is_empty() { 2 } else { 1 };
            continue;
        }
        if UNITS.contains(&bare) {
            // The word, and what it is the number of; a letter alone is one too.
            let next = words.get(at + 1).copied().unwrap_or_default();
            at += if has_digit(next) || next.len() == 1 { 2 } else { 1 };
            continue;
        }
        kept.push(bare.to_owned());
        at += 1;
    }
    kept
}

/// The number of a box, where the street is one.
fn box_number(words: &[&str]) -> Option<String> {
    let joined: String = words.concat();
    let is_po = joined.starts_with("POBOX") || joined.starts_with("POSTOFFICEBOX") || joined.starts_with("POB");
    let named = words.iter().position(|word| BOXES.contains(word)).and_then(|at| words.get(at + 1)).filter(|next| has_digit(next));
    match (is_po, named) {
        (_, Some(number)) => Some(digits(number)),
        (true, None) => words.iter().find(|word| has_digit(word)).map(|word| digits(word)),
        (false, None) => None,
    }
    .filter(|number| !number.is_empty())
    .map(|number| format!("BOX{number}"))
}

/// The number that a street is compared by; none when it has none.
pub fn house_number(street: &str, country: &str) -> Option<String> {
    let street: String = street.chars().take(MAX_STREET).collect();
    let plain = plain(&street);
    let words: Vec<&str> = plain.split_whitespace().collect();
    if let Some(number) = box_number(&words) {
        return Some(number);
    }
    if country == "GB" {
        // All digits, in the order in which they stand.
        let all = digits(&plain);
        return (!all.is_empty()).then_some(all);
    }
    let kept = without_units(&words);
    if country == "JP" {
        let block: String = kept.iter().filter(|word| has_digit(word)).map(|word| digits(word)).collect();
        return (!block.is_empty()).then_some(block);
    }
    let spelled = kept.first().and_then(|word| WORDS.iter().find(|(name, _)| name == word)).map(|(_, number)| (*number).to_owned());
    let is_ordinal =
        |word: &&String| word.len() > 2 && ["ST", "ND", "RD", "TH"].iter().any(|end| word.strip_suffix(end).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit())));
    let mut numbers = kept.iter().filter(|word| has_digit(word) && !is_ordinal(word)).map(|word| digits(word));
    if NUMBER_LAST.contains(&country) {
        let last = numbers.next_back();
        return last.filter(|number| !number.is_empty());
    }
    spelled.or_else(|| numbers.next()).map(|number| number.trim_start_matches('0').to_owned()).filter(|number| !number.is_empty())
}

/// A postcode as it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Postcode {
    /// American: five digits, and four more where they are given.
    American(String, Option<String>),
    /// Any other: letters and digits without blanks.
    Other(String),
}

/// Reads a postcode; none for nothing, or where it has not the form of its country.
pub fn postcode(text: &str, country: &str) -> Option<Postcode> {
    let plain: String = plain(text).chars().filter(char::is_ascii_alphanumeric).take(16).collect();
    if plain.is_empty() {
        return None;
    }
    let is_digits = plain.bytes().all(|byte| byte.is_ascii_digit());
    if country == "US" {
        return match (is_digits, plain.len()) {
            (true, 5) => Some(Postcode::American(plain, None)),
            (true, 9) => Some(Postcode::American(plain.get(..5)?.to_owned(), plain.get(5..).map(str::to_owned))),
            _ => None,
        };
    }
    Some(Postcode::Other(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_house_is_found_in_the_order_of_its_country() {
        let number = |street: &str, country: &str| house_number(street, country).unwrap_or_default();
        for (street, country, expected) in [
            ("123 Main Street Apt 4B", "US", "123"),
            ("Apt 4B, 123 Main St", "US", "123"),
            ("#4 123 Main St", "US", "123"),
            ("# 4, 123 Main St", "US", "123"),
            ("One Microsoft Way", "US", "1"),
            ("P.O. Box 789", "US", "BOX789"),
            ("PO BOX 789", "US", "BOX789"),
            ("12-34 56th St", "US", "1234"),
            ("1234 56 ST", "US", "1234"),
            ("100 King St W", "CA", "100"),
            ("27 High St, Flat 3", "GB", "273"),
            ("Flat 3, 27 High St", "GB", "327"),
            ("Rose Cottage", "GB", ""),
            ("Musterstr. 5", "DE", "5"),
            ("Musterstraße 5", "DE", "5"),
            ("Straße des 17. Juni 135", "DE", "135"),
            ("12 rue de la Paix", "FR", "12"),
            ("Calle Mayor, 7", "ES", "7"),
            ("霞が関1-2-3", "JP", "123"),
            ("Postfach 10 20", "DE", "BOX10"),
            ("Main Street", "US", ""),
            ("", "US", ""),
        ] {
            assert_eq!(number(street, country), expected, "{street} {country}");
        }
    }

    #[test]
    fn postcodes_are_read_as_their_country_writes_them() {
        assert_eq!(postcode("60607-1234", "US"), Some(Postcode::American("60607".into(), Some("1234".into()))));
        assert_eq!(postcode(" 60607 ", "US"), Some(Postcode::American("60607".into(), None)));
        assert_eq!(postcode("AB12 3CD", "US"), None);
        assert_eq!(postcode("m5v2t6", "CA"), postcode("M5V 2T6", "CA"));
        assert_eq!(postcode("", "DE"), None);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(street in "\\PC{0,120}", code in "\\PC{0,24}") {
            for country in ["US", "GB", "DE", "JP", "CA", ""] {
                let number = house_number(&street, country);
                proptest::prop_assert!(number.is_none_or(|number| !number.is_empty()));
                let _ = postcode(&code, country);
            }
        }
    }
}
