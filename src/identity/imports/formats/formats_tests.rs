//! What records say, and what they leave out.

use super::*;

fn read(format: Format, record: &str) -> Result<ImportedCustomer, RecordRefused> {
    Reader::new(format, Reading::default()).read(record.as_bytes())
}

fn words(person: &ImportedCustomer) -> Vec<&'static str> {
    person.left.iter().map(|left| left.word()).collect()
}

fn password(hash: &str, salt: &str, data: &str) -> String {
    let secret = serde_json::json!({ "value": hash, "salt": salt }).to_string();
    serde_json::json!({ "email": "a@example.com", "credentials": [{ "type": "password", "secretData": secret, "credentialData": data }] }).to_string()
}

#[test]
fn the_hashes_of_keycloak_are_put_together_from_their_parts() {
    let pbkdf2 = |algorithm: &str, iterations: u64, hash: &str| {
        let data = format!(r#"{{"hashIterations":{iterations},"algorithm":"{algorithm}"}}"#);
        read(Format::Keycloak, &password(hash, "AAECAwQFBgcICQoLDA0ODw==", &data)).ok().unwrap()
    };
    let long = "2T7C+rMKpKn1asNOpQxaiPRKtEaNoPPjqaqbXLiMoRDBC4cj5RfK9OsF3cES2mdoJQg7MZtkCVxsUwgtTyDGww==";
    // Half the key, as newer versions keep it, is the beginning of the whole one.
    for hash in [long, "2T7C+rMKpKn1asNOpQxaiPRKtEaNoPPjqaqbXLiMoRA="] {
        assert!(pbkdf2("pbkdf2-sha256", 27_500, hash).password.unwrap().verify("Correct-Horse-9!"), "{hash}");
    }
    let sha512 = "osAN9SafblLNw/W+4yr4tsftIG+fftWc3UplIdt33Y8uU7bP2A1pjkPGNw8NXkQBfb9jA/Z/36qfWjxIE9f7Lg==";
    assert!(pbkdf2("pbkdf2-sha512", 210_000, sha512).password.unwrap().verify("Correct-Horse-9!"));
    let argon2 = r#"{"hashIterations":5,"algorithm":"argon2","additionalParameters":{"hashLength":["32"],"memory":["7168"],"type":["id"],"version":["1.3"],"parallelism":["1"]}}"#;
    let person = read(Format::Keycloak, &password("QxA2hdmpY4DogI6iJA1UEzoaq3iaoNKv8qjZKzMaAns=", "AAECAwQFBgcICQoLDA0ODw==", argon2)).ok().unwrap();
    assert!(person.password.unwrap().verify("Correct-Horse-9!"));
    for (algorithm, iterations, hash, reason) in [
        ("pbkdf2-sha256", 27_500, "", "hash_malformed"),
        ("pbkdf2-sha256", u64::MAX, long, "hash_too_costly"),
        ("lasagne", 1, long, "hash_unknown"),
        ("pbkdf2-sha256", 0, long, "hash_malformed"),
    ] {
        let person = pbkdf2(algorithm, iterations, hash);
        assert!(person.password.is_none());
        assert_eq!(words(&person), [reason]);
    }
    // A realm that somebody wrote by hand may have the password itself: it is not taken.
    let plain = r#"{"email":"a@example.com","credentials":[{"type":"password","value":"secret","temporary":false}]}"#;
    assert_eq!(words(&read(Format::Keycloak, plain).ok().unwrap()), ["hash_malformed"]);
}

#[test]
fn a_name_that_is_an_address_stands_in_for_one() {
    let person = read(Format::Keycloak, r#"{"username":"a@example.com","emailVerified":true}"#).ok().unwrap();
    assert!(person.new.email.as_str() == "a@example.com" && !person.new.is_email_verified);
    assert!(read(Format::Keycloak, r#"{"username":"ada","email":"a@example.com","emailVerified":true}"#).ok().unwrap().new.is_email_verified);
    assert_eq!(read(Format::Keycloak, r#"{"username":"ada"}"#).err(), Some(RecordRefused::NoEmail));
    assert_eq!(read(Format::Kratos, r#"{"traits":{"username":"ada"},"verifiable_addresses":null}"#).err(), Some(RecordRefused::NoEmail));
    let person = read(Format::Kratos, r#"{"traits":{},"verifiable_addresses":[{"value":"a@example.com","verified":true,"via":"email"}]}"#).ok().unwrap();
    assert!(person.new.is_email_verified);
}

#[test]
fn proof_of_an_address_is_never_made_up() {
    for (format, record) in [
        (Format::Keycloak, r#"{"email":"a@example.com"}"#),
        (Format::Firebase, r#"{"email":"a@example.com","phoneNumber":"+12025550142"}"#),
        (
            Format::Kratos,
            r#"{"traits":{"email":"a@example.com","phone":"+12025550142"},"verifiable_addresses":[{"value":"b@example.com","verified":true,"via":"email"}]}"#,
        ),
        (Format::Auth0, r#"{"email":"a@example.com","phone_number":"+12025550142"}"#),
    ] {
        let person = read(format, record).ok().unwrap();
        assert!(!person.new.is_email_verified && !person.new.is_phone_verified, "{record}");
    }
    // What the operator says holds where the export says nothing, and nowhere else.
    let proved = || Reading { unsaid_emails: UnsaidEmails::Proved, ..Reading::default() };
    let auth0 = |record: &str| Reader::new(Format::Auth0, proved()).read(record.as_bytes()).ok().unwrap().new.is_email_verified;
    assert!(auth0(r#"{"email":"a@example.com"}"#) && !auth0(r#"{"email":"a@example.com","email_verified":false}"#));
    let mut table = Reader::new(Format::Csv, proved());
    table.take_head(b"email,confirmation").unwrap();
    let row = |row: &str| table.read(row.as_bytes()).ok().unwrap().new.is_email_verified;
    assert!(row("a@example.com,") && !row("a@example.com,token"));
    table.take_head(b"email,confirmation,email_verified").unwrap();
    let row = |row: &str| table.read(row.as_bytes()).ok().unwrap().new.is_email_verified;
    assert!(row("a@example.com,,true") && !row("a@example.com,,false") && !row("a@example.com,token,true"), "a token says that it is not proved, whatever else is said");
}

#[test]
fn a_hash_is_given_to_the_identity_that_it_belongs_to() {
    let line = |id: &str| format!(r#"{{{id},"email":"v@example.com","passwordHash":"$2b$10$DTNFS.RGP0BwqxSVAfJtB.fcJvLu7Cq.Ttp3R.Gaq..Q2XtAXFDBi"}}"#);
    let has = |passwords: &str, record: &str| {
        let (passwords, _) = read_passwords(passwords.as_bytes()).unwrap();
        Reader::new(Format::Auth0, Reading { passwords, ..Reading::default() }).read(record.as_bytes()).ok().unwrap().password.is_some()
    };
    for file in [line(r#""_id":{"$oid":"abc"}"#), line(r#""alt_id":"abc","_id":{"$oid":"other"}"#), line(r#""alt_id":"auth0|abc""#)] {
        assert!(has(&file, r#"{"user_id":"auth0|abc","email":"v@example.com"}"#), "{file}");
        for other in [r#""user_id":"google-oauth2|117","#, r#""user_id":"auth0|other","#, ""] {
            assert!(!has(&file, &format!(r#"{{{other}"email":"v@example.com","email_verified":true}}"#)), "{other}");
        }
    }
    // Of two lines for one identity the first counts.
    let (passwords, passed_over) = read_passwords(format!("{0}\n{0}\n", line(r#""alt_id":"abc""#)).as_bytes()).unwrap();
    assert_eq!((passwords.len(), passed_over), (1, 1));
}

#[test]
fn names_are_cleaned_as_those_that_are_typed() {
    let person = read(Format::Keycloak, r#"{"email":"a@example.com","firstName":" A\u202eda\u0007 ","lastName":"Bell  \n Example"}"#).ok().unwrap();
    let profile = &person.new.profile;
    assert_eq!((profile.given_name.as_deref(), profile.family_name.as_deref(), profile.name.as_deref()), (Some("Ada"), Some("Bell Example"), Some("Ada Bell Example")));
    let answered = serde_json::json!({ "email": "a@example.com", "email_verified": true, "name": "Ad\u{200b}a", "given_name": "x".repeat(101) }).to_string();
    let person = read_answer(&EmailAddress::parse("a@example.com").unwrap(), answered.as_bytes()).ok().unwrap();
    assert_eq!((person.new.profile.name.as_deref(), person.new.profile.given_name.as_deref(), words(&person)), (Some("Ada"), None, vec!["text_invalid"]));
}

#[test]
fn what_has_to_be_replaced_there_has_to_be_here() {
    let flagged = |record: &str| read(Format::Keycloak, record).ok().unwrap().must_replace_password;
    assert!(flagged(r#"{"email":"a@example.com","requiredActions":["VERIFY_EMAIL","UPDATE_PASSWORD"]}"#));
    assert!(!flagged(r#"{"email":"a@example.com","requiredActions":["VERIFY_EMAIL"]}"#) && !flagged(r#"{"email":"a@example.com"}"#));
}

#[test]
fn the_parameters_of_a_project_are_read_as_the_console_shows_them_and_as_json() {
    let key = "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==";
    let console = format!("hash_config {{\n  algorithm: SCRYPT,\n  base64_signer_key: {key},\n  base64_salt_separator: Bw==,\n  rounds: 8,\n  mem_cost: 14,\n}}\n");
    let json = format!(r#"{{"algorithm":"SCRYPT","base64_signer_key":"{key}","base64_salt_separator":"Bw==","rounds":8,"mem_cost":14}}"#);
    for text in [console.as_str(), &json] {
        let project = read_project(text).ok().unwrap();
        let record =
            r#"{"email":"a@example.com","passwordHash":"lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==","salt":"42xEC+ixf3L2lw=="}"#;
        let person = Reader::new(Format::Firebase, Reading { project: Some(project), ..Reading::default() }).read(record.as_bytes()).ok().unwrap();
        assert!(person.password.unwrap().verify("user1password"));
        assert_eq!(words(&read(Format::Firebase, record).ok().unwrap()), ["hash_parameters_missing"]);
    }
    for bad in ["", "rounds: 8", &console.replace("SCRYPT", "BCRYPT"), &console.replace("mem_cost: 14", "mem_cost: 31")] {
        assert!(read_project(bad).is_err(), "{bad}");
    }
}

#[test]
fn rows_that_do_not_fit_their_head_are_refused() {
    let mut table = Reader::new(Format::Csv, Reading::default());
    assert!(table.take_head(b"name,hash").is_err() && table.take_head(b"\xff").is_err());
    table.take_head(b"\"E-Mail\";Email;password;user_pass").unwrap();
    assert_eq!(table.read(b"x;a@example.com;;").ok().unwrap().new.email.as_str(), "a@example.com");
    for row in ["a@example.com", "x;a@example.com;;;", ""] {
        assert_eq!(table.read(row.as_bytes()).err(), Some(RecordRefused::Malformed), "{row}");
    }
    assert_eq!(words(&table.read(b"x;a@example.com;hunter2;").ok().unwrap()), ["hash_unknown"]);
}

#[test]
fn keys_with_another_curve_or_no_handle_stay_behind() {
    let key = |id: &str, key: &str| {
        let data = serde_json::json!({ "credentialId": id, "credentialPublicKey": key, "counter": 0 }).to_string();
        serde_json::json!({ "id": "9750dcc2", "email": "a@example.com", "credentials": [{ "type": "webauthn", "secretData": "{}", "credentialData": data }] }).to_string()
    };
    let good = "pQECAyYgASFYIGD-1LolWp0xyWHrdMY1bWjASbiSO2H6bOZpYi5g8p-2IlggeQP-EAi4vJmkGunpVii8ZPLxsgwtfp9Rd6PClNRGIpk";
    let imported = |record: &str| read(Format::Keycloak, record).ok().unwrap();
    let ours = |person: &ImportedCustomer| crate::identity::factors::passkey::foreign::read(&person.keys[0].key).is_some();
    let person = imported(&key("soyciKPO7wq2wXzogoCJiDG6UaFGcYPNPBS4gYYZOAk=", good));
    assert!(ours(&person));
    // And the key leaves as it came.
    let kept = crate::identity::factors::passkey::foreign::read(&person.keys[0].key).unwrap();
    assert_eq!(crate::identity::factors::passkey::foreign::public_key(&kept.credential).map(crate::base::encoding::base64url).as_deref(), Some(good));
    assert!(!ours(&imported(&key("", good))) && !ours(&imported(&key("soyc", "AAAA"))) && !ours(&imported(&key("soyc", &good.replace("GD-1Lol", "GD-1Lom")))));
    assert_eq!(words(&imported(&key("not base64!", good))), ["passkey_unsupported"]);
}
