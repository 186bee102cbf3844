use super::*;

fn party() -> PasskeyParty {
    let origin = Url::parse("https://login.shop.example").unwrap();
    let related = vec![Url::parse("https://shop.test").unwrap()];
    let settings = PartySettings {
        id: "shop.example".into(),
        name: "Shop".into(),
        origin,
        related_origins: related,
        customers: EnrolmentPolicy::Preferred,
        admins: EnrolmentPolicy::Verified,
    };
    PasskeyParty::new(settings).unwrap()
}

#[test]
fn enrolment_asks_for_what_the_policy_and_the_kind_demand() {
    let registrant = Registrant { handle: Uuid::from_u128(7), name: "ada@example.com", display_name: "Ada", held: vec![vec![1, 2, 3]] };
    for (policy, verification) in [(party().policy(false), "preferred"), (party().policy(true), "required")] {
        for (kind, resident) in [(KeyKind::Passkey, "preferred"), (KeyKind::SecurityKey, "discouraged")] {
            let (options, _) = party().begin_registration(&registrant, kind, policy).unwrap();
            let options = &options["publicKey"];
            let selection = &options["authenticatorSelection"];
            assert_eq!((selection["userVerification"].as_str(), selection["residentKey"].as_str()), (Some(verification), Some(resident)));
            assert_eq!((options["rp"]["id"].as_str(), options["timeout"].as_i64()), (Some("shop.example"), Some(CEREMONY_SECONDS * 1_000)));
            assert_eq!(options["excludeCredentials"].as_array().map(Vec::len), Some(1));
        }
    }
}

#[test]
fn a_framed_answer_is_told_by_its_client_data() {
    for (data, expected) in [
        (r#"{"crossOrigin":false}"#, false),
        ("{}", false),
        (r#"{"crossOrigin":true}"#, true),
        (r#"{"crossOrigin":"false"}"#, true),
        (r#"{"crossOrigin":null}"#, true),
        (r#"{"crossOrigin":false,"topOrigin":"https://shop.example"}"#, true),
        ("no json", false),
    ] {
        assert_eq!(is_framed(data.as_bytes()), expected, "{data}");
    }
}

#[test]
fn the_aaguid_is_read_from_its_place_or_not_at_all() {
    let object = |data: Vec<u8>| {
        let map = [("authData".to_owned(), serde_cbor_2::Value::Bytes(data))].into_iter().map(|(name, value)| (serde_cbor_2::Value::Text(name), value)).collect();
        serde_cbor_2::to_vec(&serde_cbor_2::Value::Map(map)).unwrap()
    };
    let mut data = vec![0; 37];
    data.extend([9; 16]);
    assert_eq!(aaguid(&object(data.clone())), Some(Uuid::from_bytes([9; 16])));
    assert_eq!(aaguid(&object(vec![0; 60])), None, "zeros tell nothing");
    assert_eq!(aaguid(&object(vec![0; 52])), None);
    assert_eq!(aaguid(b"\xff\xff"), None);
    assert_eq!(aaguid(&[]), None);
}

#[test]
fn a_registration_is_no_sign_in_and_the_other_way_round() {
    let registrant = Registrant { handle: Uuid::from_u128(7), name: "ada@example.com", display_name: "Ada", held: Vec::new() };
    let (_, registration) = party().begin_registration(&registrant, KeyKind::Passkey, &EnrolmentPolicy::Preferred).unwrap();
    let (_, discovery) = party().begin_discovery().unwrap();
    assert_eq!(party().finish_registration(&discovery, "{}").unwrap_err(), PasskeyRefused::Malformed);
    let kept = serde_json::to_vec(&registration).unwrap();
    let again: Ceremony = serde_json::from_slice(&kept).unwrap();
    assert!(matches!(again, Ceremony::Register(KeyKind::Passkey, _)));
}

#[test]
fn an_answer_is_bounded() {
    assert_eq!(Assertion::parse(&" ".repeat(MAX_ANSWER_BYTES + 1)).err(), Some(PasskeyRefused::Malformed));
    assert_eq!(KeyKind::parse("passkey"), Some(KeyKind::Passkey));
    assert_eq!(KeyKind::parse("Passkey"), None);
}
