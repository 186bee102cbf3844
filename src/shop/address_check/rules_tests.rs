use serde_json::json;

use super::*;
use crate::risk::avs::policy::usual;

const NOW: UnixSeconds = UnixSeconds(1_798_761_600);

fn policy() -> AddressPolicy {
    AddressPolicy { rules: usual(), checks_per_hour: 5, issuer: None }
}

fn euros() -> Value {
    json!({ "currency": "EUR", "value": "129.90" })
}

#[test]
fn a_code_is_read_by_its_scheme() {
    let ask = |scheme: &str, code: &str| {
        let Asked::Interpret(asked) = parse(&json!({ "mode": "interpret", "scheme": scheme, "code": code, "country": "US", "amount": euros() })).unwrap() else {
            panic!("interpret")
        };
        interpret(&policy(), &asked, NOW)
    };
    let full = ask("discover", "a").unwrap();
    assert_eq!((full.outcome, full.decision, full.source, full.raw.unwrap().code), (Outcome::Full, Verdict::Accept, Source::Issuer, "A".to_owned()));
    assert_eq!(ask("visa", "N").unwrap().decision, Verdict::Review);
    for bad in ["", "YY", "\u{df}", "1", "Q"] {
        assert!(ask("mastercard", bad).is_err(), "{bad}");
    }
}

#[test]
fn what_is_not_understood_is_refused() {
    let good = json!({ "mode": "interpret", "scheme": "visa", "code": "Y", "country": "US", "amount": euros() });
    assert!(parse(&good).is_ok());
    for (name, value) in [
        ("mode", json!("guess")),
        ("scheme", json!("diners")),
        ("country", json!("XX")),
        ("country", json!("us")),
        ("amount", json!({ "currency": "XYZ", "value": "1.00" })),
        ("amount", json!({ "currency": "EUR", "value": "-1.00" })),
        ("amount", json!({ "currency": "EUR", "value": "0.00" })),
        ("amount", json!({ "currency": "EUR", "value": "1e3" })),
        ("amount", json!({ "currency": "JPY", "value": "1.00" })),
        ("amount", json!(5)),
        ("more", json!(1)),
        ("code", json!(["Y"])),
    ] {
        let mut bad = good.clone();
        bad[name] = value.clone();
        assert!(matches!(parse(&bad), Err(NotAsked::Malformed(_))), "{name} {value}");
    }
    for bad in [json!(null), json!([]), json!("x"), json!([[[[[[[[[1]]]]]]]]])] {
        assert!(matches!(parse(&bad), Err(NotAsked::Malformed(_))), "{bad}");
    }
}

#[test]
fn a_card_number_gets_in_nowhere() {
    for place in ["code", "country", "scheme", "mode", "more"] {
        for number in ["4111 1111 1111 1111", "\u{ff14}111-1111-1111-1111"] {
            let mut bad = json!({ "mode": "interpret", "scheme": "visa", "code": "Y", "country": "US", "amount": euros() });
            bad[place] = json!(number);
            assert_eq!(parse(&bad).err(), Some(NotAsked::CardNumber), "{place}");
        }
    }
    for bad in [json!({ "mode": 4_111_111_111_111_111_u64 }), json!({ "a": { "b": ["378282246310005"] } }), json!({ "4111111111111111": 1 })] {
        assert_eq!(parse(&bad).err(), Some(NotAsked::CardNumber), "{bad}");
    }
}

#[test]
fn of_several_addresses_the_one_that_fits_best_counts() {
    let address = |street: &str, postal: &str, country: &str| PostalAddress {
        formatted: None,
        street_address: Some(street.to_owned()),
        locality: None,
        region: None,
        postal_code: Some(postal.to_owned()),
        country: Some(country.to_owned()),
    };
    let book = [address("1 Elm St", "90210", "US"), address("123 Main Street Apt 4B", "60607-1234", "US"), address("Musterstraße 5", "10115", "DE")];
    let ask = |street: &str, postal: &str, country: &str| {
        let body = json!({ "mode": "match", "sub": "x", "scheme": "visa", "address": { "street_address": street, "postal_code": postal, "country": country }, "amount": euros() });
        let Asked::Match(asked) = parse(&body).unwrap() else { panic!("match") };
        let told = compare_with(&policy(), &asked, book.iter(), NOW);
        assert_eq!((told.source, told.expires_at), (Source::Account, NOW.0 + 86_400));
        (told.outcome, told.raw.unwrap().code)
    };
    assert_eq!(ask("123 Main", "60607", "US"), (Outcome::Full, "Y".to_owned()));
    assert_eq!(ask("9 Elm", "90210", "US"), (Outcome::Postcode, "Z".to_owned()));
    assert_eq!(ask("9 Oak", "11111", "US"), (Outcome::None, "N".to_owned()));
    assert_eq!(ask("Musterstr. 5", "10115", "DE"), (Outcome::Full, "Y".to_owned()));
    assert_eq!(ask("12 rue", "75001", "FR"), (Outcome::Unavailable, "U".to_owned()));
}
