use super::super::letters::{Answer, Lands, Scheme, letter};
use super::*;
use crate::risk::simulation::dice::Dice;

const fn at<'a>(street: &'a str, postal: &'a str) -> Compared<'a> {
    Compared { street, postal, name: None }
}

const MAIN: Compared<'static> = at("123 Main Street Apt 4B", "60607-1234");

fn said(scheme: Scheme, lands: (&str, &str), typed: &Compared<'_>, on_file: &Compared<'_>) -> char {
    letter(scheme, &Lands { card: lands.0, shop: lands.1 }, &Answer::Compared(compare(typed, on_file, lands.0)))
}

#[test]
fn pairs_get_the_letter_that_their_scheme_would_give() {
    use Scheme::{Discover, Mastercard, Visa};
    const HOME: (&str, &str) = ("US", "US");
    type Pair<'a> = (Scheme, (&'a str, &'a str), Compared<'a>, Compared<'a>, char);
    let pairs: [Pair<'_>; 25] = [
        (Visa, HOME, at("123 Main St", "60607"), MAIN, 'Y'),
        (Mastercard, HOME, at("123 MAIN STREET APT 4B", "60607-1234"), MAIN, 'X'),
        (Mastercard, HOME, at("123 Main", "60607"), MAIN, 'Y'),
        (Discover, HOME, at("123 Main", "60607"), MAIN, 'A'),
        (Discover, HOME, at("123 Main", "606071234"), MAIN, 'X'),
        (Visa, HOME, at("123 Main", "90210"), MAIN, 'A'),
        (Discover, HOME, at("123 Main", "90210"), MAIN, 'Y'),
        (Visa, HOME, at("321 Main", "60607"), MAIN, 'Z'),
        (Mastercard, HOME, at("321 Main", "60607-1234"), MAIN, 'W'),
        (Discover, HOME, at("321 Main", "60607-1234"), MAIN, 'T'),
        (Visa, HOME, at("321 Main", "90210"), MAIN, 'N'),
        (Mastercard, HOME, at("123 Main", "60607-9999"), MAIN, 'Y'),
        (Visa, HOME, at("Apt 4B, 123 Main St", "60607"), MAIN, 'Y'),
        (Visa, HOME, at("#4 123 Main St", "60607"), MAIN, 'Y'),
        (Visa, HOME, at("One Microsoft Way", "98052"), at("1 Microsoft Way", "98052"), 'Y'),
        (Visa, HOME, at("P.O. Box 789", "60607"), at("PO BOX 789", "60607"), 'Y'),
        (Visa, HOME, at("12-34 56th St", "11377"), at("1234 56 ST", "11377"), 'Y'),
        (Visa, HOME, at("", "60607"), MAIN, 'Z'),
        (Visa, ("CA", "US"), at("100 King St W", "m5v2t6"), at("100 King Street West", "M5V 2T6"), 'M'),
        (Visa, ("GB", "GB"), at("10 Downing Street", "SW1A 2AA"), at("10 DOWNING ST", "sw1a2aa"), 'F'),
        (Visa, ("GB", "GB"), at("27 High St, Flat 3", "GL54 1AA"), at("Flat 3, 27 High St", "GL54 1AA"), 'Z'),
        (Visa, ("GB", "GB"), at("Rose Cottage", "GL54 1AA"), at("Rose Cottage", "GL54 1AA"), 'P'),
        (Visa, ("DE", "US"), at("Musterstr. 5", "10115"), at("Musterstraße 5", "10115"), 'M'),
        (Visa, ("DE", "US"), at("Hauptstr 5", "10115"), at("Hauptstr 5", ""), 'B'),
        (Visa, HOME, at("Rose Cottage", "AB12 3CD"), MAIN, 'C'),
    ];
    for (number, (scheme, lands, typed, on_file, expected)) in pairs.iter().enumerate() {
        assert_eq!(said(*scheme, *lands, typed, on_file), *expected, "{number}: {typed:?}");
    }
    // American Express looks at the name.
    let file = Compared { name: Some("Ada Lovelace"), ..MAIN };
    for (street, postal, name, expected) in [
        ("123 Main", "60607", "ADA LOVELACE", 'M'),
        ("123 Main", "60607", "Eve Mallory", 'E'),
        ("9 Elm", "60607", "Eve Mallory", 'D'),
        ("123 Main", "90210", "Eve Mallory", 'F'),
        ("9 Elm", "90210", "Eve Mallory", 'W'),
        ("9 Elm", "90210", "Ada Lovelace", 'K'),
    ] {
        assert_eq!(said(Scheme::Amex, HOME, &Compared { street, postal, name: Some(name) }, &file), expected, "{street} {postal} {name}");
    }
}

/// Addresses of ten countries: the street with and without its number, the number, the postcode.
const KNOWN: [(&str, &str, &str, &str); 10] = [
    ("US", "742 Evergreen Terrace", "742", "97403"),
    ("US", "1600 Pennsylvania Avenue NW", "1600", "20500"),
    ("CA", "24 Sussex Drive", "24", "K1M 1M4"),
    ("GB", "221 Baker Street", "221", "NW1 6XE"),
    ("DE", "Königstraße 17", "17", "70173"),
    ("FR", "55 Rue du Faubourg Saint-Honoré", "55", "75008"),
    ("NL", "Prinsengracht 263", "263", "1016 GV"),
    ("SE", "Storgatan 12", "12", "111 51"),
    ("IT", "Via Nazionale 194", "194", "00184"),
    ("ES", "Calle de Alcalá 42", "42", "28014"),
];

#[test]
fn two_hundred_pairs_are_told_as_alike_or_not() {
    let mut count = 0;
    for (country, street, number, postal) in KNOWN {
        let file = at(street, postal);
        let other = format!("{}", number.parse::<u32>().unwrap() + 100);
        let (wrong_street, wrong_postal) = (street.replace(number, &other), postal.replace(char::is_numeric, "9"));
        let unaccented: String = unicode_normalization::UnicodeNormalization::nfd(street).filter(char::is_ascii).collect();
        let upper = street.to_uppercase();
        let (lower, dotted, spaced) = (street.to_lowercase(), street.replace(' ', ". "), format!("  {}  ", street.replace(' ', "   ")));
        let commas = street.replace(' ', ", ");
        let compact: String = postal.chars().filter(|letter| letter.is_alphanumeric()).collect();
        let (small, wide) = (postal.to_lowercase(), format!(" {postal} "));
        for (typed_street, typed_postal, street_part, postal_part) in [
            (street, postal, Part::Match, Part::Match),
            (upper.as_str(), postal, Part::Match, Part::Match),
            (lower.as_str(), postal, Part::Match, Part::Match),
            (unaccented.as_str(), postal, Part::Match, Part::Match),
            (dotted.as_str(), postal, Part::Match, Part::Match),
            (spaced.as_str(), postal, Part::Match, Part::Match),
            (commas.as_str(), postal, Part::Match, Part::Match),
            (street, compact.as_str(), Part::Match, Part::Match),
            (street, small.as_str(), Part::Match, Part::Match),
            (street, wide.as_str(), Part::Match, Part::Match),
            (number, postal, Part::Match, Part::Match),
            (wrong_street.as_str(), postal, Part::Mismatch, Part::Match),
            (other.as_str(), postal, Part::Mismatch, Part::Match),
            (street, wrong_postal.as_str(), Part::Match, Part::Mismatch),
            (upper.as_str(), wrong_postal.as_str(), Part::Match, Part::Mismatch),
            (wrong_street.as_str(), wrong_postal.as_str(), Part::Mismatch, Part::Mismatch),
            ("", postal, Part::NotProvided, Part::Match),
            (street, "", Part::Match, Part::NotProvided),
            ("Rose Cottage", postal, Part::NotVerified, Part::Match),
            ("", "", Part::NotProvided, Part::NotProvided),
        ] {
            let reading = compare(&at(typed_street, typed_postal), &file, country);
            assert_eq!((reading.street, reading.postal), (street_part, postal_part), "{country}: {typed_street:?} {typed_postal:?} against {street:?} {postal:?}");
            count += 1;
        }
    }
    assert_eq!(count, 200);
}

#[test]
fn spelling_changes_no_letter() {
    let mut dice = Dice::of(1);
    for _ in 0..10_000 {
        let number = 1 + dice.below(9_999);
        let words: Vec<&str> =
            (0..=dice.below(3)).map(|_| ["Main", "Oak", "St", "Street", "Ave.", "Élan", "MARTIN LUTHER", "of", "the"][usize::try_from(dice.below(9)).unwrap()]).collect();
        let unit = ["", " Apt 4B", ", Unit 12", " #7", " Suite 300"][usize::try_from(dice.below(5)).unwrap()];
        let file = format!("{number} {}{unit}", words.join(" "));
        let mut typed = match dice.below(4) {
            0 => file.to_uppercase(),
            1 => file.to_lowercase(),
            2 => format!("{}  {}", unit.trim_start_matches([',', ' ']), format_args!("{number} {}", words.join("  "))),
            _ => file.replace("Street", "St").replace("Ave.", "Avenue"),
        };
        if dice.chance(0.5) {
            typed = typed.replace('É', "E").replace('é', "e");
        }
        let zip = format!("{:05}", dice.below(100_000));
        let reading = compare(&at(&typed, &zip), &at(&file, &zip), "US");
        assert_eq!((reading.street, reading.postal), (Part::Match, Part::Match), "{typed:?} against {file:?}");
    }
}
