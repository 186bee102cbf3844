//! Postal addresses: whether what was typed can be an address in its country, and how it is written there. Only the form is judged; whether anybody lives there is the post's to know.

mod formats;

use unicode_normalization::UnicodeNormalization;

pub use formats::COUNTRIES;

/// What is typed into the form of an address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedAddress {
    /// Street and number, in one or two lines.
    pub street: String,
    /// Postal code.
    pub postal_code: String,
    /// Town.
    pub locality: String,
    /// State, province or prefecture.
    pub region: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
}

/// A field of the form; the words are those of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// Street and number.
    Street,
    /// Postal code.
    PostalCode,
    /// Town.
    Locality,
    /// Region.
    Region,
    /// Country.
    Country,
}

impl Field {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Street => "street",
            Self::PostalCode => "postal-code",
            Self::Locality => "locality",
            Self::Region => "region",
            Self::Country => "country",
        }
    }
}

/// The most characters of a line.
const MAX_LINE: usize = 100;
/// The most lines of a street.
const MAX_STREET_LINES: usize = 3;

/// One line, its white space in order; nothing that is no text.
pub fn tidy_line(typed: &str) -> String {
    let visible = |letter: &char| !letter.is_control() && !matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    let plain: String = typed.chars().map(|letter| if letter.is_whitespace() { ' ' } else { letter }).filter(visible).nfc().collect();
    plain.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn tidy_street(typed: &str) -> String {
    typed.lines().map(tidy_line).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn is_listed(list: &str, code: &str) -> bool {
    list.split(' ').any(|listed| listed == code)
}

/// Whether `code` is a country.
pub fn is_country(code: &str) -> bool {
    is_listed(COUNTRIES, code)
}

/// The code in one of the country's forms; `None` when it fits none.
fn fit(plain: &str, form: &str) -> Option<String> {
    let mut left = plain.chars();
    let mut written = String::with_capacity(form.len());
    for mark in form.chars() {
        let letter = match mark {
            ' ' | '-' => mark,
            '9' => left.next().filter(char::is_ascii_digit)?,
            'A' if form.starts_with("AD") || form.starts_with("AZ") => left.next().filter(|letter| *letter == 'A')?,
            'A' => left.next().filter(char::is_ascii_uppercase)?,
            '*' => left.next().filter(char::is_ascii_alphanumeric)?,
            fixed => left.next().filter(|letter| *letter == fixed)?,
        };
        written.push(letter);
    }
    left.next().is_none().then_some(written)
}

/// The postal code as it is written in `country`; `None` when it cannot be one.
pub fn tidy_postal_code(country: &str, typed: &str) -> Option<String> {
    let wide: String = typed.nfkc().flat_map(char::to_uppercase).collect();
    let Some((_, forms)) = formats::POSTAL_CODES.iter().find(|(countries, _)| is_listed(countries, country)) else {
        // No form is known: taken as it is, if it can be one at all; none at all where there are none.
        let line = tidy_line(&wide);
        return (line.len() <= 16 && line.chars().all(|letter| letter.is_ascii_alphanumeric() || " -".contains(letter))).then_some(line);
    };
    let plain: String = wide.chars().filter(char::is_ascii_alphanumeric).collect();
    let is_foreign = wide.chars().any(|letter| !letter.is_ascii_alphanumeric() && !letter.is_whitespace() && !"-\u{2010}\u{2011}\u{2013}\u{2212}".contains(letter));
    if is_foreign {
        return None;
    }
    let bare = plain.strip_prefix(country).or_else(|| plain.strip_prefix(country.get(..1)?)).filter(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    forms.iter().find_map(|form| fit(&plain, form)).or_else(|| bare.and_then(|bare| forms.iter().find_map(|form| fit(bare, form))))
}

/// Looks at what was typed: the address as it is kept, or the fields that are wrong.
///
/// # Errors
/// The fields that are missing, too long, or not in a form of their country.
pub fn check(typed: &TypedAddress) -> Result<TypedAddress, Vec<Field>> {
    let country = typed.country.trim().to_ascii_uppercase();
    let mut wrong = Vec::new();
    let street = tidy_street(&typed.street);
    if street.is_empty() || street.lines().count() > MAX_STREET_LINES || street.lines().any(|line| line.chars().count() > MAX_LINE) {
        wrong.push(Field::Street);
    }
    let postal_code = tidy_postal_code(&country, &typed.postal_code);
    if postal_code.is_none() {
        wrong.push(Field::PostalCode);
    }
    let locality = tidy_line(&typed.locality);
    if locality.chars().count() > MAX_LINE || (locality.is_empty() && !is_listed(formats::CITY_STATES, &country)) {
        wrong.push(Field::Locality);
    }
    let mut region = tidy_line(&typed.region);
    if let Some((_, codes)) = formats::REGIONS.iter().find(|(needing, _)| *needing == country) {
        if !codes.is_empty() {
            region = region.to_uppercase();
        }
        if region.is_empty() || (!codes.is_empty() && !is_listed(codes, &region)) {
            wrong.push(Field::Region);
        }
    }
    if region.chars().count() > MAX_LINE {
        wrong.push(Field::Region);
    }
    if !is_country(&country) {
        wrong = vec![Field::Country];
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    Ok(TypedAddress { street, postal_code: postal_code.unwrap_or_default(), locality, region, country })
}

/// The lines of a letter to this address, in the order of its country (OIDC Core section 5.1.1, `formatted`).
pub fn formatted(address: &TypedAddress) -> String {
    let TypedAddress { street, postal_code, locality, region, country } = address;
    let join = |parts: &[&str]| parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" ");
    let lines = match country.as_str() {
        "US" | "CA" | "AU" | "BR" | "MX" | "IN" => vec![street.clone(), join(&[locality, region, postal_code]), country.clone()],
        "GB" | "IE" | "GG" | "JE" | "IM" => vec![street.clone(), locality.clone(), region.clone(), postal_code.clone(), country.clone()],
        "JP" | "CN" | "KR" | "TW" => vec![postal_code.clone(), join(&[region, locality]), street.clone(), country.clone()],
        _ => vec![street.clone(), join(&[postal_code, locality]), region.clone(), country.clone()],
    };
    lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(street: &str, postal_code: &str, locality: &str, region: &str, country: &str) -> TypedAddress {
        TypedAddress {
            street: street.to_owned(),
            postal_code: postal_code.to_owned(),
            locality: locality.to_owned(),
            region: region.to_owned(),
            country: country.to_owned(),
        }
    }

    #[test]
    fn postal_codes_are_written_as_in_their_country() {
        for (country, code, written) in [
            ("DE", "10115", "10115"),
            ("DE", "D-10115", "10115"),
            ("LT", "lt 01100", "01100"),
            ("GB", "sw1a1aa", "SW1A 1AA"),
            ("GB", "m1 1ae", "M1 1AE"),
            ("NL", "1012ab", "1012 AB"),
            ("CA", "k1a0b1", "K1A 0B1"),
            ("US", "94103-1234", "94103-1234"),
            ("US", "941031234", "94103-1234"),
            ("JP", "\u{ff11}\u{ff10}\u{ff10}\u{2212}\u{ff10}\u{ff10}\u{ff10}\u{ff11}", "100-0001"),
            ("PT", "1000-001", "1000-001"),
            ("PL", "00950", "00-950"),
            ("SE", "11455", "114 55"),
            ("IE", "d02x285", "D02 X285"),
            ("IE", "D6W XY00", "D6W XY00"),
            ("AD", "ad500", "AD500"),
            ("MT", "vlt1117", "VLT 1117"),
            ("HK", "", ""),
            ("AE", " ", ""),
        ] {
            assert_eq!(tidy_postal_code(country, code).as_deref(), Some(written), "{country} {code}");
        }
        for (country, code) in [
            ("DE", "1011"),
            ("DE", "101155"),
            ("DE", "1011A"),
            ("DE", ""),
            ("GB", "10115"),
            ("US", "9410"),
            ("US", "94103/1"),
            ("CA", "K1A 0B"),
            ("NL", "1012"),
            ("AD", "BD500"),
            ("HK", "<b>"),
        ] {
            assert_eq!(tidy_postal_code(country, code), None, "{country} {code}");
        }
    }

    #[test]
    fn each_field_is_asked_for_where_its_country_wants_it() {
        let good = check(&typed(" 1  High\u{a0}Street \n\n Flat 2", "ec1a 1bb", "London", "", "gb")).unwrap();
        assert_eq!((good.street.as_str(), good.postal_code.as_str(), good.country.as_str()), ("1 High Street\nFlat 2", "EC1A 1BB", "GB"));
        assert_eq!(formatted(&good), "1 High Street\nFlat 2\nLondon\nEC1A 1BB\nGB");
        assert_eq!(check(&typed("1 Main St", "94103", "San Francisco", "", "US")), Err(vec![Field::Region]));
        assert_eq!(check(&typed("1 Main St", "94103", "San Francisco", "XX", "US")), Err(vec![Field::Region]));
        assert_eq!(formatted(&check(&typed("1 Main St", "94103", "San Francisco", "ca", "US")).unwrap()), "1 Main St\nSan Francisco CA 94103\nUS");
        assert_eq!(check(&typed("", "", "", "", "DE")), Err(vec![Field::Street, Field::PostalCode, Field::Locality]));
        assert_eq!(check(&typed("x", "10115", "Berlin", "", "XX")), Err(vec![Field::Country]));
        assert_eq!(check(&typed("x", "10115", "Berlin", "", "")), Err(vec![Field::Country]));
        assert!(check(&typed("1 Orchard Road", "238801", "", "", "SG")).is_ok());
        assert_eq!(check(&typed(&"x".repeat(101), "10115", "Berlin", "", "DE")), Err(vec![Field::Street]));
        assert_eq!(check(&typed("a\nb\nc\nd", "10115", "Berlin", "", "DE")), Err(vec![Field::Street]));
        // Nothing that turns a line around or ends it.
        assert_eq!(check(&typed("1 \u{202e}Street\u{0}", "10115", "Ber\rlin", "", "DE")).unwrap(), typed("1 Street", "10115", "Ber lin", "", "DE"));
    }

    #[test]
    fn the_tables_name_countries_only_and_each_once() {
        assert_eq!(COUNTRIES.split(' ').count(), 249);
        let mut seen = std::collections::BTreeSet::new();
        for code in formats::POSTAL_CODES.iter().flat_map(|(countries, _)| countries.split(' ')) {
            assert!(is_country(code) && seen.insert(code), "{code}");
        }
        assert!(formats::REGIONS.iter().all(|(code, _)| is_country(code)));
    }

    proptest::proptest! {
        #[test]
        fn what_was_taken_once_is_taken_again_unchanged(street in ".{0,40}", code in "[0-9A-Za-z -]{0,10}", town in ".{0,20}", region in ".{0,10}", at in 0_usize..249) {
            let country = COUNTRIES.split(' ').nth(at).unwrap();
            if let Ok(once) = check(&typed(&street, &code, &town, &region, country)) {
                proptest::prop_assert_eq!(check(&once), Ok(once.clone()));
                proptest::prop_assert!(once.locality.lines().count() <= 1 && !once.street.contains('\r'));
            }
        }
    }
}
