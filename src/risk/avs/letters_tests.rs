use super::*;

const HOME: Lands<'static> = Lands { card: "US", shop: "US" };
const ABROAD: Lands<'static> = Lands { card: "DE", shop: "US" };
const BRITAIN: Lands<'static> = Lands { card: "GB", shop: "GB" };

/// Every letter of every scheme: the street, the postcode, the name, and what it comes to.
const TABLE: [(Scheme, &str, Part, Part, Part, Outcome); 36] = [
    (Scheme::Visa, "A", M, X, N, Outcome::Street),
    (Scheme::Visa, "B", M, N, N, Outcome::Street),
    (Scheme::Visa, "CEGISU", N, N, N, Outcome::Unavailable),
    (Scheme::Visa, "DFMYX", M, M, N, Outcome::Full),
    (Scheme::Visa, "N", X, X, N, Outcome::None),
    (Scheme::Visa, "P", N, M, N, Outcome::Postcode),
    (Scheme::Visa, "R", N, N, N, Outcome::Retry),
    (Scheme::Visa, "WZ", X, M, N, Outcome::Postcode),
    (Scheme::Mastercard, "A", M, X, N, Outcome::Street),
    (Scheme::Mastercard, "N", X, X, N, Outcome::None),
    (Scheme::Mastercard, "R", N, N, N, Outcome::Retry),
    (Scheme::Mastercard, "ESU", N, N, N, Outcome::Unavailable),
    (Scheme::Mastercard, "WZ", X, M, N, Outcome::Postcode),
    (Scheme::Mastercard, "XY", M, M, N, Outcome::Full),
    (Scheme::Amex, "A", M, X, N, Outcome::Street),
    (Scheme::Amex, "D", X, M, X, Outcome::Postcode),
    (Scheme::Amex, "E", M, M, X, Outcome::Full),
    (Scheme::Amex, "F", M, X, X, Outcome::Street),
    (Scheme::Amex, "K", X, X, M, Outcome::None),
    (Scheme::Amex, "L", X, M, M, Outcome::Postcode),
    (Scheme::Amex, "M", M, M, M, Outcome::Full),
    (Scheme::Amex, "N", X, X, N, Outcome::None),
    (Scheme::Amex, "O", M, X, M, Outcome::Street),
    (Scheme::Amex, "R", N, N, N, Outcome::Retry),
    (Scheme::Amex, "SU", N, N, N, Outcome::Unavailable),
    (Scheme::Amex, "W", X, X, X, Outcome::None),
    (Scheme::Amex, "Y", M, M, N, Outcome::Full),
    (Scheme::Amex, "Z", X, M, N, Outcome::Postcode),
    (Scheme::Discover, "AX", M, M, N, Outcome::Full),
    (Scheme::Discover, "GSE", N, N, N, Outcome::Unavailable),
    (Scheme::Discover, "N", X, X, N, Outcome::None),
    (Scheme::Discover, "RU", N, N, N, Outcome::Retry),
    (Scheme::Discover, "T", X, M, N, Outcome::Postcode),
    (Scheme::Discover, "W", P, P, N, Outcome::Unavailable),
    (Scheme::Discover, "Y", M, X, N, Outcome::Street),
    (Scheme::Discover, "Z", X, M, N, Outcome::Postcode),
];

#[test]
fn every_letter_of_every_scheme_is_read_as_its_scheme_means_it() {
    let mut known = std::collections::BTreeSet::new();
    for (scheme, letters, street, postal, name, outcome) in TABLE {
        for letter in letters.chars() {
            let reading = read(scheme, letter).unwrap_or_else(|| panic!("{scheme:?} {letter}"));
            assert_eq!((reading.street, reading.postal, reading.name, reading.outcome), (street, postal, name, outcome), "{scheme:?} {letter}");
            assert!(known.insert((scheme, letter)), "{scheme:?} {letter} stands twice");
        }
    }
    // And no other.
    for scheme in Scheme::ALL {
        for letter in '\0'..='\u{ff}' {
            assert_eq!(read(scheme, letter).is_some(), known.contains(&(scheme, letter)), "{scheme:?} {letter:?}");
        }
    }
}

#[test]
fn the_same_letter_means_another_thing_elsewhere() {
    assert_eq!(read(Scheme::Discover, 'A').unwrap().outcome, Outcome::Full);
    assert_eq!(read(Scheme::Visa, 'A').unwrap().outcome, Outcome::Street);
    assert_eq!(read(Scheme::Discover, 'Y').unwrap().outcome, Outcome::Street);
    assert_eq!(read(Scheme::Visa, 'D').unwrap().name, N);
    assert_eq!((read(Scheme::Amex, 'D').unwrap().outcome, read(Scheme::Amex, 'D').unwrap().name), (Outcome::Postcode, X));
    assert!(read(Scheme::Mastercard, 'D').is_none());
}

#[test]
fn a_letter_that_says_what_was_compared_comes_back() {
    // What several letters say alike comes back as the one that is in use there.
    let alike = |scheme, letter: char, lands: &Lands<'_>| match (scheme, letter) {
        (Scheme::Visa, 'D' | 'F' | 'M' | 'Y' | 'X') if lands.is_british() => 'F',
        (Scheme::Visa, 'D' | 'F' | 'M' | 'Y' | 'X') if lands.is_abroad() => 'M',
        (Scheme::Visa, 'D' | 'F' | 'M' | 'X') => 'Y',
        (Scheme::Visa, 'W') => 'Z',
        (_, letter) => letter,
    };
    for (scheme, letters, street, postal, _, outcome) in TABLE {
        let was_compared = matches!((street, postal), (M | X, _) | (_, M | X)) && outcome != Outcome::Retry;
        for code in letters.chars().filter(|_| was_compared) {
            for lands in [HOME, ABROAD, BRITAIN] {
                let reading = read(scheme, code).unwrap();
                assert_eq!(letter(scheme, &lands, &Answer::Compared(reading)), alike(scheme, code, &lands), "{scheme:?} {code} {lands:?}");
            }
        }
    }
    for (scheme, timed_out, unsupported, empty) in
        [(Scheme::Visa, 'R', 'S', 'U'), (Scheme::Mastercard, 'R', 'S', 'U'), (Scheme::Amex, 'R', 'S', 'U'), (Scheme::Discover, 'U', 'S', 'W')]
    {
        assert_eq!(
            (letter(scheme, &HOME, &Answer::TimedOut), letter(scheme, &HOME, &Answer::Unsupported), letter(scheme, &HOME, &Answer::NothingOnFile)),
            (timed_out, unsupported, empty)
        );
    }
    assert_eq!(letter(Scheme::Visa, &ABROAD, &Answer::Unsupported), 'G');
}
