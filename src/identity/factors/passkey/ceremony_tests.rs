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

/// With a token of another product that attests itself: its root and its model are accepted, and nothing else is.
#[test]
fn only_attested_models_are_accepted_where_that_is_the_policy() {
    use webauthn_authenticator_rs::AuthenticatorBackend;
    use webauthn_authenticator_rs::softtoken::{AAGUID, SoftToken};
    let origin = Url::parse("https://login.shop.example").unwrap();
    let (mut token, root) = SoftToken::new(true).unwrap();
    let (_, other_root) = SoftToken::new(true).unwrap();
    let list = |root: &_, model| {
        let mut builder = webauthn_rs::prelude::AttestationCaListBuilder::new();
        builder.insert_device_x509(Clone::clone(root), model, "test".into(), std::collections::BTreeMap::new()).unwrap();
        EnrolmentPolicy::Attested(builder.build())
    };
    let registrant = Registrant { handle: Uuid::from_u128(7), name: "ada@example.com", display_name: "Ada", held: Vec::new() };
    for (policy, expected) in
        [(list(&root, AAGUID), Ok(())), (list(&root, Uuid::from_u128(1)), Err(PasskeyRefused::Model)), (list(&other_root, AAGUID), Err(PasskeyRefused::Model))]
    {
        let (mut options, ceremony) = party().begin_registration(&registrant, KeyKind::SecurityKey, &policy).unwrap();
        assert_eq!((options["publicKey"]["attestation"].as_str(), options["publicKey"]["authenticatorSelection"]["userVerification"].as_str()), (Some("direct"), Some("required")));
        let answer = token.perform_register(origin.clone(), serde_json::from_value(options["publicKey"].take()).unwrap(), 60_000).unwrap();
        let finished = party().finish_registration(&ceremony, &serde_json::to_string(&answer).unwrap());
        assert_eq!(finished.as_ref().map(|_| ()).map_err(|refused| *refused), expected);
        if let Ok(new) = finished {
            assert_eq!((new.aaguid, new.credential.user_verified), (Some(AAGUID), true));
        }
    }
}
