//! Customers from elsewhere: each product's export is read, everybody signs in with the old password, and the old hash goes.

use std::io::Write;
use std::path::{Path, PathBuf};

use claviger::base::contact::EmailAddress;
use claviger::base::ids::CustomerId;
use claviger::identity::customers::{self, Customer, CustomerStatus};
use claviger::identity::factors::password::StoredHash;
use claviger::identity::factors::password::store as passwords;
use claviger::identity::factors::totp::Seed;
use serde_cbor_2::Value as Cbor;
use serde_json::Value;

use crate::factors::{code, type_code};
use crate::kit::authenticator::{self, Authenticator};
use crate::kit::process::{claviger_on, command_on};
use crate::kit::{Kit, Person, Shop};
use crate::on_both;

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/imports").join(name)
}

/// Runs `claviger import` and expects it to go well.
fn import(kit: &Kit, format: &str, file: &Path, more: &[&str]) -> String {
    let (status, said) = try_import(kit, format, file, more);
    assert_eq!(status, 0, "{said}");
    said
}

fn try_import(kit: &Kit, format: &str, file: &Path, more: &[&str]) -> (i32, String) {
    let arguments = [&["import", "--format", format, file.to_str().unwrap()], more].concat();
    claviger_on(&kit.place, &arguments)
}

async fn find(kit: &Kit, name: &str) -> Option<Customer> {
    let (ring, email) = (kit.node.base.tools.ring.clone(), EmailAddress::parse(&format!("{name}@example.com")).unwrap());
    kit.node.base.db.read(move |connection| customers::store::find_by_email(connection, &ring, &email)).await.unwrap()
}

async fn stored(kit: &Kit, id: &CustomerId) -> Option<StoredHash> {
    let (ring, id) = (kit.node.base.tools.ring.clone(), id.clone());
    kit.node.base.db.read(move |connection| passwords::find_hash(connection, &ring, &id)).await.unwrap()
}

fn person(name: &str) -> Person {
    Person { id: CustomerId::nobody(), email: format!("{name}@example.com"), password: format!("{name} likes old passwords") }
}

/// Signs in with the old password, twice: by the old hash and by ours.
async fn signs_in(kit: &Kit, shop: &Shop, person: &Person) {
    let name = person.email.split('@').next().unwrap();
    let customer = find(kit, name).await.unwrap_or_else(|| panic!("{name} did not come in"));
    assert!(matches!(stored(kit, &customer.id).await, Some(StoredHash::Foreign(_))), "{name}");
    let wrong = Person { password: format!("{}!", person.password), ..person.clone() };
    assert_eq!(shop.sign_in(&kit.browser(), &wrong, &[]).await.page().status, 422, "{name}");
    assert!(matches!(stored(kit, &customer.id).await, Some(StoredHash::Foreign(_))), "{name}: a wrong password changes nothing");
    for round in 0..2 {
        assert!(shop.sign_in(&kit.browser(), person, &[]).await.away().contains_key("code"), "{name}, round {round}");
        assert!(matches!(stored(kit, &customer.id).await, Some(StoredHash::Ours(_))), "{name}, round {round}");
    }
}

/// Is refused although the password is right.
async fn is_locked(kit: &Kit, shop: &Shop, name: &str) {
    assert!(find(kit, name).await.unwrap().status == CustomerStatus::Locked);
    assert_eq!(shop.sign_in(&kit.browser(), &person(name), &[]).await.page().status, 422);
}

fn report(path: &Path) -> Vec<(u64, String, Vec<String>)> {
    let line = |line: &str| {
        let value: Value = serde_json::from_str(line).unwrap();
        let reasons = value["reasons"].as_array().unwrap().iter().map(|reason| reason.as_str().unwrap().to_owned()).collect();
        (value["record"].as_u64().unwrap(), value["outcome"].as_str().unwrap().to_owned(), reasons)
    };
    std::fs::read_to_string(path).unwrap().lines().map(line).collect()
}

fn expected(lines: &[(u64, &str, &str)]) -> Vec<(u64, String, Vec<String>)> {
    lines.iter().map(|(number, outcome, reasons)| (*number, (*outcome).to_owned(), reasons.split(' ').map(str::to_owned).collect())).collect()
}

/// A copy of a sample that has the authenticator's credential in it.
fn with_key(kit: &Kit, name: &str, key: &Authenticator, encode: fn(&[u8]) -> String) -> PathBuf {
    let point = aws_lc_rs::signature::KeyPair::public_key(&key.key).as_ref();
    let cose = [(1, Cbor::Integer(2)), (3, Cbor::Integer(-7)), (-1, Cbor::Integer(1)), (-2, Cbor::Bytes(point[1..33].to_vec())), (-3, Cbor::Bytes(point[33..].to_vec()))];
    let cose = Cbor::Map(cose.into_iter().map(|(name, value)| (Cbor::Integer(name), value)).collect());
    let text = std::fs::read_to_string(sample(name)).unwrap();
    let text = text.replace("CREDENTIAL_ID", &claviger::base::encoding::base64(&key.id)).replace("PUBLIC_KEY", &encode(&serde_cbor_2::to_vec(&cose).unwrap()));
    let path = kit.place.folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

/// Signs in with the old password and the old key.
async fn signs_in_with_key(kit: &Kit, shop: &Shop, name: &str, key: &mut Authenticator) {
    let (browser, person) = (kit.browser(), person(name));
    let page = shop.authorize(&browser, &[]).await.page();
    let reply = browser.type_password(&page, &person.email, &person.password).await;
    let challenge = browser.follow(reply).await.page();
    assert!(challenge.url.ends_with("/passkey"), "{}", challenge.url);
    let reply = authenticator::show(&browser, &challenge, key).await;
    assert!(browser.follow(reply).await.away().contains_key("code"), "{name}");
}

on_both! {
    async fn keycloak_customers_come_with_passwords_apps_and_keys(kit: Kit) {
        let shop = kit.shop("shop").await;
        // One that is copied between devices, which Keycloak does not say, and that knows its owner by the id there.
        let mut key = Authenticator { counter: 8, ..Authenticator::new() };
        let file = with_key(&kit, "keycloak-realm.json", &key, |bytes| claviger::base::encoding::base64url(bytes));
        let realm: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        let frank = realm["users"].as_array().unwrap().iter().find(|user| user["username"] == "frank").unwrap();
        key.handle = Some(frank["id"].as_str().unwrap().as_bytes().to_vec());
        let lines = kit.place.folder.path().join("report.jsonl");
        let said = import(&kit, "keycloak", &file, &["--report", lines.to_str().unwrap(), "--keep-subjects"]);
        assert!(said.contains("7 imported, 0 skipped (they are here, or came before), 2 refused"), "{said}");
        assert_eq!(report(&lines), expected(&[(7, "imported", "totp_unsupported"), (8, "refused", "no_person"), (9, "refused", "no_email")]));
        assert!(!std::fs::read_to_string(&lines).unwrap().contains("grace@"));
        for name in ["alice", "bob", "carol"] {
            signs_in(&kit, &shop, &person(name)).await;
        }
        is_locked(&kit, &shop, "dave").await;
        let alice = find(&kit, "alice").await.unwrap();
        assert!(alice.is_email_verified && alice.created_at.0 == 1_714_645_317 && alice.subject == realm["users"][0]["id"].as_str().unwrap());
        assert_eq!((alice.profile.name.as_deref(), alice.profile.locale.as_deref(), alice.phone.as_ref().unwrap().as_str()), (Some("Alice Example"), Some("de"), "+12025550142"));
        assert!(!alice.is_phone_verified && !find(&kit, "carol").await.unwrap().is_email_verified);
        // The app's seed is the text that Keycloak keeps.
        let (browser, erin) = (kit.browser(), person("erin"));
        let page = shop.authorize(&browser, &[]).await.page();
        let reply = browser.type_password(&page, &erin.email, &erin.password).await;
        let challenge = browser.follow(reply).await.page();
        assert!(challenge.url.ends_with("/totp"), "{}", challenge.url);
        assert_eq!(type_code(&browser, &challenge, "000000").await.status, 422);
        let reply = type_code(&browser, &challenge, &code(&kit, &Seed::from_bytes(b"k3yOfTheOldShop20chr").unwrap(), 0)).await;
        assert!(browser.follow(reply).await.away().contains_key("code"));
        // What it is was learnt at its first use, and holds from then on.
        signs_in_with_key(&kit, &shop, "frank", &mut key).await;
        signs_in_with_key(&kit, &shop, "frank", &mut key).await;
        let (browser, frank) = (kit.browser(), person("frank"));
        key.flags = authenticator::PRESENT | authenticator::VERIFIED;
        let page = shop.authorize(&browser, &[]).await.page();
        let reply = browser.type_password(&page, &frank.email, &frank.password).await;
        let challenge = browser.follow(reply).await.page();
        assert_eq!(authenticator::show(&browser, &challenge, &mut key).await.status, 422);
        assert_eq!(kit.audited("customers_imported", "").await, 1);
    }

    async fn auth0_customers_come_with_the_file_of_hashes(kit: Kit) {
        let shop = kit.shop("shop").await;
        let hashes = sample("auth0-hashes.ndjson");
        let said = import(&kit, "auth0", &sample("auth0-users.ndjson"), &["--passwords", hashes.to_str().unwrap()]);
        assert!(said.contains("4 imported"), "{said}");
        signs_in(&kit, &shop, &person("heidi")).await;
        is_locked(&kit, &shop, "judy").await;
        let (ivan, kim) = (find(&kit, "ivan").await.unwrap(), find(&kit, "kim").await.unwrap());
        assert!(!ivan.is_email_verified && ivan.profile.locale.as_deref() == Some("fr") && stored(&kit, &kim.id).await.is_none());
        let lines = kit.place.folder.path().join("report.jsonl");
        let said = import(&kit, "auth0", &sample("auth0-bulk.json"), &["--report", lines.to_str().unwrap()]);
        assert!(said.contains("3 imported") && said.contains("1 came without a part of theirs"), "{said}");
        assert_eq!(report(&lines), expected(&[(3, "imported", "hash_unknown")]));
        signs_in(&kit, &shop, &person("mona")).await;
        // Auth0 let seeds be as short as this.
        let (browser, liam) = (kit.browser(), person("liam"));
        let page = shop.authorize(&browser, &[]).await.page();
        let reply = browser.type_password(&page, &liam.email, &liam.password).await;
        let challenge = browser.follow(reply).await.page();
        let seed = totp_rs::Secret::try_from_base32("JBTWY3DPEHPK3PNP").unwrap();
        let app = totp_rs::Builder::new().with_secret(seed).build_noncompliant();
        let reply = type_code(&browser, &challenge, &app.generate(u64::try_from(kit.clock_now()).unwrap()).to_string()).await;
        assert!(browser.follow(reply).await.away().contains_key("code"));
    }

    async fn a_password_goes_to_its_own_identity_and_not_to_its_address(kit: Kit) {
        let shop = kit.shop("shop").await;
        let folder = kit.place.folder.path();
        let hashes = sample("auth0-hashes.ndjson");
        // Somebody who does not own the address made an identity with it, beside that of its owner.
        let (mine, theirs) = (|name: &str| format!("{{\"user_id\":\"google-oauth2|{name}\",\"email\":\"{name}@example.com\",\"email_verified\":true}}\n"), |name: &str, id: &str| {
            format!("{{\"user_id\":\"auth0|{id}\",\"email\":\"{name}@example.com\",\"email_verified\":false}}\n")
        });
        for (name, id, is_first) in [("heidi", "05a331a7f4f1929faaca289a", true), ("judy", "71db428976f15f4fcbf4c217", false)] {
            let file = folder.join(format!("{name}.ndjson"));
            std::fs::write(&file, if is_first { mine(name) + &theirs(name, id) } else { theirs(name, id) + &mine(name) }).unwrap();
            import(&kit, "auth0", &file, &["--passwords", hashes.to_str().unwrap()]);
            let customer = find(&kit, name).await.unwrap();
            assert!(customer.is_email_verified && stored(&kit, &customer.id).await.is_none(), "{name}");
            assert_eq!(shop.sign_in(&kit.browser(), &person(name), &[]).await.page().status, 422, "{name}");
        }
    }

    async fn firebase_customers_come_with_the_parameters_of_their_project(kit: Kit) {
        let shop = kit.shop("shop").await;
        let parameters = sample("firebase-parameters.txt");
        import(&kit, "firebase", &sample("firebase-users.json"), &["--firebase-parameters", parameters.to_str().unwrap()]);
        signs_in(&kit, &shop, &person("olga")).await;
        is_locked(&kit, &shop, "peter").await;
        let quinn = find(&kit, "quinn").await.unwrap();
        assert!(quinn.is_email_verified && stored(&kit, &quinn.id).await.is_none() && quinn.created_at.0 == 1_714_645_317);
    }

    async fn kratos_identities_come_with_passwords_apps_and_keys(kit: Kit) {
        let shop = kit.shop("shop").await;
        let mut key = Authenticator::new();
        key.handle = Some(claviger::base::encoding::from_base64("n0JajX78R2iPI3ZHp0/fEw==").unwrap());
        let file = with_key(&kit, "kratos-identities.json", &key, |bytes| claviger::base::encoding::base64(bytes));
        let lines = kit.place.folder.path().join("report.jsonl");
        let said = import(&kit, "kratos", &file, &["--report", lines.to_str().unwrap()]);
        assert!(said.contains("5 imported"), "{said}");
        assert_eq!(report(&lines), expected(&[(5, "imported", "hash_unknown")]));
        signs_in(&kit, &shop, &person("uma")).await;
        is_locked(&kit, &shop, "tina").await;
        assert!(!find(&kit, "uma").await.unwrap().is_email_verified && find(&kit, "sven").await.unwrap().is_email_verified);
        signs_in_with_key(&kit, &shop, "sven", &mut key).await;
        let (browser, rose) = (kit.browser(), person("rose"));
        let page = shop.authorize(&browser, &[]).await.page();
        let reply = browser.type_password(&page, &rose.email, &rose.password).await;
        let challenge = browser.follow(reply).await.page();
        let reply = type_code(&browser, &challenge, &code(&kit, &Seed::from_bytes(b"12345678901234567890").unwrap(), 0)).await;
        assert!(browser.follow(reply).await.away().contains_key("code"));
    }

    async fn customers_of_shop_systems_come_out_of_tables(kit: Kit) {
        let shop = kit.shop("shop").await;
        let lines = kit.place.folder.path().join("wordpress.jsonl");
        import(&kit, "csv", &sample("wordpress-users.csv"), &["--emails-are-proved", "--report", lines.to_str().unwrap()]);
        assert_eq!(report(&lines), expected(&[(4, "imported", "phone_invalid")]));
        for name in ["walter", "xenia", "yuri"] {
            signs_in(&kit, &shop, &person(name)).await;
        }
        // Her quotes were hashed with backslashes before them.
        signs_in(&kit, &shop, &Person { password: "it's zoe's password".to_owned(), ..person("zoe") }).await;
        let walter = find(&kit, "walter").await.unwrap();
        assert!(walter.is_email_verified && walter.profile.name.as_deref() == Some("Walter \"Wally\" Example") && walter.created_at.0 == 1_618_910_703);
        // More wrong passwords from one address would be taken for somebody who tries many accounts.
        kit.advance(1_200);
        import(&kit, "csv", &sample("magento-customers.csv"), &["--emails-are-proved"]);
        for name in ["anton", "berta", "caesar", "dora", "emil"] {
            signs_in(&kit, &shop, &person(name)).await;
        }
        assert!(!find(&kit, "berta").await.unwrap().is_email_verified && find(&kit, "anton").await.unwrap().is_email_verified);
        let lines = kit.place.folder.path().join("own.jsonl");
        import(&kit, "csv", &sample("customers.csv"), &["--report", lines.to_str().unwrap(), "--keep-subjects"]);
        assert_eq!(report(&lines), expected(&[(4, "imported", "hash_unknown subject_unusable")]));
        is_locked(&kit, &shop, "gerda").await;
        let (fritz, hugo) = (find(&kit, "fritz").await.unwrap(), find(&kit, "hugo").await.unwrap());
        assert!(fritz.subject == "old-1" && fritz.is_email_verified && fritz.phone.unwrap().as_str() == "+49301234567" && !hugo.is_email_verified && hugo.subject.len() > 10);
    }

    async fn an_imported_password_is_not_taken_for_a_new_one(kit: Kit) {
        use claviger::identity::factors::password::policy::Fault;
        use claviger::identity::factors::password::{NewPasswordRefused, Owner};
        import(&kit, "csv", &sample("wordpress-users.csv"), &[]);
        let (id, ring) = (find(&kit, "walter").await.unwrap().id, kit.node.base.tools.ring.clone());
        let history = kit.node.base.db.read(move |connection| passwords::list_history(connection, &ring, &id, 4)).await.unwrap();
        let (owner, signin) = (Owner { history, ..Owner::default() }, &kit.node.signin);
        let refused = signin.hasher.accept(&signin.passwords, &person("walter").password, &owner).await.err();
        assert_eq!(refused, Some(NewPasswordRefused::Rule(Fault::UsedBefore, None)));
        assert!(signin.hasher.accept(&signin.passwords, "walter likes newer passwords", &owner).await.is_ok());
    }

    async fn a_dry_run_tells_what_would_come_of_it_and_writes_nothing(kit: Kit) {
        let file = sample("wordpress-users.csv");
        let said = import(&kit, "csv", &file, &["--dry-run"]);
        assert!(said.contains("dry run: nothing was written\n4 imported, 0 skipped"), "{said}");
        assert!(find(&kit, "walter").await.is_none() && kit.audited("customers_imported", "").await == 0);
        import(&kit, "csv", &file, &[]);
        let said = import(&kit, "csv", &file, &["--dry-run"]);
        assert!(said.contains("0 imported, 4 skipped"), "{said}");
        // The real run begins at the start, whatever was tried before.
        let said = import(&kit, "csv", &file, &[]);
        assert!(said.contains("--from-start goes through it again"), "{said}");
        assert!(import(&kit, "csv", &file, &["--from-start"]).contains("0 imported, 4 skipped"));
    }

    async fn whoever_is_here_already_stays_as_they_are(kit: Kit) {
        let ada = kit.customer("ada").await;
        let shop = kit.shop("shop").await;
        let file = kit.place.folder.path().join("table.csv");
        let hash = "3cb4e732631f47e6eb961f34554b7cde";
        std::fs::write(&file, format!("email,password,phone\nADA@Example.com,{hash},\nnew@example.com,{hash},{0}\nother@example.com,{hash},{0}\n", "+49 30 7654321")).unwrap();
        let lines = kit.place.folder.path().join("report.jsonl");
        import(&kit, "csv", &file, &["--report", lines.to_str().unwrap()]);
        assert_eq!(report(&lines), expected(&[(2, "skipped", "email_present"), (4, "imported", "phone_taken")]));
        assert!(shop.sign_in(&kit.browser(), &ada, &[]).await.away().contains_key("code"));
        let thief = Person { password: "correct horse".to_owned(), ..ada };
        assert_eq!(shop.sign_in(&kit.browser(), &thief, &[]).await.page().status, 422);
        // A report is never written over.
        assert_eq!(try_import(&kit, "csv", &file, &["--from-start", "--report", lines.to_str().unwrap()]).0, 3);
    }

    async fn of_records_with_one_address_the_proved_one_comes_in_or_none_with_a_password(kit: Kit) {
        let shop = kit.shop("shop").await;
        let (file, lines) = (kit.place.folder.path().join("twice.csv"), kit.place.folder.path().join("report.jsonl"));
        // The hash is that of "correct horse".
        let (thief, owner) = ("3cb4e732631f47e6eb961f34554b7cde", "$P$Boldshop1wcigUY5mTDWAEO4017h7Z0");
        let rows = [
            format!("walter@example.com,{thief},no,JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP,+49307654321"),
            format!("Walter@Example.com,{owner},yes,,"),
            format!("una@example.com,{thief},no,JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP,+49307654322"),
            format!("una@example.com,{owner},no,,"),
            format!("both@example.com,{thief},yes,,"),
            format!("both@example.com,{owner},yes,,"),
        ];
        std::fs::write(&file, format!("email,password,email_verified,totp_secret,phone\n{}\n", rows.join("\n"))).unwrap();
        for more in ["--dry-run", "--keep-subjects"] {
            let said = import(&kit, "csv", &file, &["--report", lines.to_str().unwrap(), more]);
            assert!(said.contains("3 imported, 3 skipped (they are here, or came before), 0 refused") && said.contains("2 came without a part"), "{said}");
            let told = expected(&[(2, "skipped", "email_twice"), (4, "imported", "email_twice"), (5, "skipped", "email_present"), (6, "imported", "email_twice"), (7, "skipped", "email_present")]);
            assert_eq!(report(&lines), told, "{more}");
            std::fs::remove_file(&lines).unwrap();
        }
        signs_in(&kit, &shop, &person("walter")).await;
        for name in ["una", "both"] {
            let customer = find(&kit, name).await.unwrap();
            assert!(stored(&kit, &customer.id).await.is_none() && customer.phone.is_none() && customer.is_email_verified == (name == "both"), "{name}");
        }
    }

    async fn whoever_came_before_does_not_come_again(kit: Kit) {
        let file = kit.place.folder.path().join("customers.csv");
        let export = |text: &str| std::fs::write(&file, format!("id,email,password\n{text}")).unwrap();
        let hash = "3cb4e732631f47e6eb961f34554b7cde";
        export(&format!("1,here@example.com,{hash}\n2,moved@example.com,{hash}\n3,gone@example.com,{hash}\n"));
        import(&kit, "csv", &file, &[]);
        let (moved, gone) = (find(&kit, "moved").await.unwrap().id, find(&kit, "gone").await.unwrap().id);
        let work = move |tx: &mut claviger::platform::db::WriteTx<'_>, tools: &claviger::platform::tools::Tools| {
            customers::store::replace_email(tx, tools, &moved, &EmailAddress::parse("new@example.com").unwrap())?;
            customers::store::delete_customer(tx, &gone)
        };
        let tools = kit.node.base.tools.clone();
        kit.node.base.db.write(move |tx| work(tx, &tools).map(drop)).await.unwrap();
        assert!(find(&kit, "gone").await.is_none());
        // The old shop's later export: some are as they were, two have another address there, and one joined.
        let lines = kit.place.folder.path().join("report.jsonl");
        export(&format!("1,here@example.com,{hash}\n2,moved@example.com,{hash}\n3,gone@example.com,{hash}\n3,gone2@example.com,{hash}\n4,fresh@example.com,{hash}\n,GONE@example.com,{hash}\n"));
        let said = import(&kit, "csv", &file, &["--report", lines.to_str().unwrap()]);
        assert!(said.contains("1 imported, 5 skipped"), "{said}");
        let skipped = |number, reason| (number, "skipped", reason);
        assert_eq!(
            report(&lines),
            expected(&[skipped(2, "email_present"), skipped(3, "came_before"), skipped(4, "came_before"), skipped(5, "came_before"), skipped(7, "came_before")])
        );
        assert!(find(&kit, "gone").await.is_none() && find(&kit, "moved").await.is_none() && find(&kit, "fresh").await.is_some());
        // Ids of another shop are other ids.
        export(&format!("1,other@example.com,{hash}\n"));
        assert!(import(&kit, "csv", &file, &["--source", "second"]).contains("1 imported, 0 skipped"));
        // What is remembered cannot be read.
        assert!(!kit.place.dump().windows(16).any(|window| window == b"gone@example.com"));
    }

    async fn an_address_that_can_be_taken_back_is_not_given_to_somebody_else(kit: Kit) {
        let ada = kit.customer("ada").await;
        let browser = kit.browser();
        let reply = browser.type_password(&browser.walk("/account/contact").await.page(), &ada.email, &ada.password).await;
        let page = browser.follow(reply).await.page();
        let waiting = browser.press(&page, "send-email", &[("value", "ada@new.example")]).await;
        let waiting = browser.follow(waiting).await.page();
        browser.press(&waiting, "prove-email", &[("code", &kit.last_code().await)]).await;
        assert!(find(&kit, "ada").await.is_none());
        let (file, lines) = (kit.place.folder.path().join("table.csv"), kit.place.folder.path().join("report.jsonl"));
        std::fs::write(&file, "email,email_verified\nada@example.com,yes\n").unwrap();
        for more in ["--dry-run", "--keep-subjects"] {
            import(&kit, "csv", &file, &["--report", lines.to_str().unwrap(), more]);
            assert_eq!(report(&lines), expected(&[(2, "skipped", "email_reserved")]));
            std::fs::remove_file(&lines).unwrap();
        }
        let mails = kit.mails().await;
        let link = mails.iter().filter(|mail| mail.to == ada.email).find_map(|mail| mail.text.split_whitespace().find(|word| word.contains("/undo/"))).unwrap().to_owned();
        let rescue = kit.browser();
        rescue.press(&rescue.get(&link).await, "undo", &[]).await;
        assert_eq!(find(&kit, "ada").await.map(|customer| customer.id), Some(ada.id));
    }

    async fn a_file_that_is_not_whole_is_refused_and_does_not_count_as_done(kit: Kit) {
        let folder = kit.place.folder.path();
        for (format, text) in [
            ("csv", ""),
            ("csv", "\n \n"),
            ("csv", "email\nfirst@example.com\n\"second@example.com"),
            ("keycloak", ""),
            ("keycloak", r#"{"realm":"shop"}"#),
            ("keycloak", r#"{"realm":"shop","users":{}}"#),
            ("keycloak", r#"{"users":[{"email":"first@example.com"}"#),
            ("firebase", "null"),
            ("auth0", ""),
            ("kratos", r#"[{"traits":{"email":"first@example.com"}},"#),
        ] {
            let file = folder.join("broken");
            std::fs::write(&file, text).unwrap();
            for _ in 0..2 {
                let (status, said) = try_import(&kit, format, &file, &[]);
                assert!(status == 3 && !said.contains("was done at"), "{format} {text}: {status} {said}");
            }
        }
        assert!(find(&kit, "first").await.is_none());
        let pipe = folder.join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert_eq!(try_import(&kit, "csv", &pipe, &[]).0, 3);
        assert_eq!(try_import(&kit, "csv", folder, &[]).0, 3);
        // An array with nobody in it is whole.
        let empty = folder.join("empty.json");
        std::fs::write(&empty, r#"{"users":[]}"#).unwrap();
        assert!(import(&kit, "keycloak", &empty, &[]).contains("0 imported"));
    }

    async fn a_file_is_gone_on_with_as_it_was_begun(kit: Kit) {
        let file = sample("auth0-users.ndjson");
        let said = import(&kit, "auth0", &file, &["--dry-run"]);
        assert!(said.contains("nobody in this file has a password"), "{said}");
        let hashes = sample("auth0-hashes.ndjson");
        import(&kit, "auth0", &file, &["--passwords", hashes.to_str().unwrap()]);
        for other in [&[][..], &["--passwords", file.to_str().unwrap()], &["--passwords", hashes.to_str().unwrap(), "--emails-are-proved"]] {
            let (status, said) = try_import(&kit, "auth0", &file, other);
            assert!(status == 3 && said.contains("with other options"), "{said}");
        }
        // Hashes that nobody could check are not written.
        let (status, said) = try_import(&kit, "firebase", &sample("firebase-users.json"), &[]);
        assert!(status == 3 && said.contains("--firebase-parameters") && find(&kit, "quinn").await.is_none(), "{said}");
        // A report goes into no other file, and is not for everybody.
        let (folder, table) = (kit.place.folder.path(), sample("wordpress-users.csv"));
        let link = folder.join("link.jsonl");
        std::os::unix::fs::symlink(folder.join("target.jsonl"), &link).unwrap();
        assert_eq!(try_import(&kit, "csv", &table, &["--report", link.to_str().unwrap()]).0, 3);
        assert!(!folder.join("target.jsonl").exists() && find(&kit, "walter").await.is_none());
    }

    async fn a_rehearsal_tells_what_the_real_run_tells(kit: Kit) {
        let (file, folder) = (kit.place.folder.path().join("many.csv"), kit.place.folder.path());
        let mut text = "id,email,phone\n".to_owned();
        for number in 0..1_100 {
            // One telephone and one id for several, in one part and in different ones.
            let (id, phone) = (if number == 1_050 { 7 } else { number }, if number % 350 == 3 { "+49307654321" } else { "" });
            text.extend([id.to_string(), format!(",many{number}@example.com,{phone}\n")]);
        }
        std::fs::write(&file, text).unwrap();
        let run = |name: &str, more: &[&str]| {
            let lines = folder.join(name);
            let said = import(&kit, "csv", &file, &[&["--keep-subjects", "--report", lines.to_str().unwrap()], more].concat());
            (report(&lines), said.lines().filter(|line| line.contains(" imported, ") || line.contains("came without")).map(str::to_owned).collect::<Vec<_>>())
        };
        let rehearsed = run("dry.jsonl", &["--dry-run"]);
        assert!(find(&kit, "many0").await.is_none());
        let (lines, said) = run("real.jsonl", &[]);
        assert_eq!(rehearsed, (lines.clone(), said.clone()));
        assert!(lines.len() == 4 && said[0].contains("1099 imported, 1 skipped") && said[1].starts_with("3 came without"), "{said:?}");
    }

    async fn hostile_records_are_refused_and_the_rest_comes_in(kit: Kit) {
        let lines = kit.place.folder.path().join("report.jsonl");
        let file = kit.place.folder.path().join("hostile.ndjson");
        let bomb = "$2b$31$4Vkukhhx7tE9BFTI6uHND.TZMjCkiuSd2uJ4U4KGZsGE/jaspGHpa";
        let records = [
            r#"{"email":"first@example.com"}"#.to_owned(),
            format!(r#"{{"email":"long@example.com","name":"{}"}}"#, "x".repeat(2 << 20)),
            r#"{"email":"nul@example.com\u0000"}"#.to_owned(),
            r#"{"email":"twice@example.com","email":"other@example.com"}"#.to_owned(),
            format!(r#"{{"email":"deep@example.com","user_metadata":{}1{}}}"#, "[".repeat(100_000), "]".repeat(100_000)),
            format!(r#"{{"email":"bomb@example.com","passwordHash":"{bomb}"}}"#),
            r#"{"email":"header@example.com\r\nBcc: all@example.com"}"#.to_owned(),
            r#"["email"]"#.to_owned(),
            "\u{0}\u{1}\u{2}".to_owned(),
            format!(r#"{{"email":"name@example.com","name":"a\u0007b","nickname":"{}"}}"#, "y".repeat(300)),
            r#"{"email":"last@example.com"}"#.to_owned(),
        ];
        let mut bytes = records.join("\n").into_bytes();
        bytes.extend(b"\n\xff\xfe{\n{\"email\":\"cut@example.com\"");
        std::fs::write(&file, bytes).unwrap();
        let said = import(&kit, "auth0", &file, &["--report", lines.to_str().unwrap()]);
        assert!(said.contains("4 imported, 0 skipped (they are here, or came before), 9 refused"), "{said}");
        let refused = |number, reason| (number, "refused", reason);
        assert_eq!(
            report(&lines),
            expected(&[
                refused(2, "too_long"),
                refused(3, "bad_email"),
                refused(4, "malformed"),
                refused(5, "malformed"),
                (6, "imported", "hash_too_costly"),
                refused(7, "bad_email"),
                refused(8, "malformed"),
                refused(9, "malformed"),
                (10, "imported", "text_invalid"),
                refused(12, "malformed"),
                refused(13, "malformed"),
            ])
        );
        assert!(stored(&kit, &find(&kit, "bomb").await.unwrap().id).await.is_none());
        assert!(find(&kit, "first").await.is_some() && find(&kit, "last").await.is_some());
        let broken = kit.place.folder.path().join("broken.json");
        std::fs::write(&broken, r#"{"users":[{"email":"whole@example.com"},{"email":"half@ex"#).unwrap();
        let (status, said) = try_import(&kit, "keycloak", &broken, &[]);
        assert!(status == 3 && said.contains("cut off") && find(&kit, "whole").await.is_none(), "{said}");
        let nameless = kit.place.folder.path().join("nameless.csv");
        std::fs::write(&nameless, "name,hash\nx,y\n").unwrap();
        assert_eq!(try_import(&kit, "csv", &nameless, &[]).0, 3);
    }

    async fn what_was_killed_goes_on_where_it_was(kit: Kit) {
        let file = kit.place.folder.path().join("many.csv");
        let mut out = std::io::BufWriter::new(std::fs::File::create(&file).unwrap());
        writeln!(out, "email,password,name").unwrap();
        let count = 6_000;
        (0..count).for_each(|number| writeln!(out, "many{number}@example.com,3cb4e732631f47e6eb961f34554b7cde,Many {number}").unwrap());
        writeln!(out, "no address,,").unwrap();
        drop(out);
        let mut child = command_on(&kit.place, &["import", "--format", "csv", file.to_str().unwrap()]).stderr(std::process::Stdio::piped()).stdout(std::process::Stdio::null()).spawn().unwrap();
        let mut said = std::io::BufRead::lines(std::io::BufReader::new(child.stderr.take().unwrap()));
        said.next().unwrap().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        let first = kit.audited("customers_imported", "").await;
        assert!((1..12).contains(&first), "{first} parts were done");
        // Going on, it writes neither into a report that others can read nor through a link.
        let (open, link) = (kit.place.folder.path().join("open.jsonl"), kit.place.folder.path().join("link.jsonl"));
        std::fs::write(&open, "").unwrap();
        std::fs::set_permissions(&open, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
        std::os::unix::fs::symlink(kit.place.folder.path().join("target.jsonl"), &link).unwrap();
        for report in [&open, &link] {
            assert_eq!(try_import(&kit, "csv", &file, &["--report", report.to_str().unwrap()]).0, 3);
        }
        let said = import(&kit, "csv", &file, &[]);
        assert!(said.contains(&format!("going on after record {}", first * 500 + 1)) && said.contains("6000 imported, 0 skipped (they are here, or came before), 1 refused"), "{said}");
        for number in [0, 499, 500, 501, 5_999] {
            assert!(find(&kit, &format!("many{number}")).await.is_some(), "{number}");
        }
        assert_eq!(kit.audited("customers_imported", "").await, 13);
    }
}

/// How a made-up export of `count` customers looks in each format, and what the import is told beside it. All have the hash of one person in the samples: what is measured is reading and writing.
fn made_up(folder: &Path, format: &str, count: usize) -> (PathBuf, Vec<String>) {
    let file = folder.join(format!("{format}.export"));
    let mut out = std::io::BufWriter::new(std::fs::File::create(&file).unwrap());
    let first = |name: &str, pointer: &str| {
        let value: Value = serde_json::from_str(&std::fs::read_to_string(sample(name)).unwrap()).unwrap();
        value.pointer(pointer).unwrap().clone()
    };
    let address = |number: usize| format!("{format}{number}@example.com");
    let numbered = |record: &Value, number: usize, old: &str| {
        let mut text = record.to_string().replace(&format!("{old}@example.com"), &address(number)).replace("+12025550142", &format!("+1303{number:07}"));
        for id in [
            record["id"].as_str(),
            record["localId"].as_str(),
            record.pointer("/identities/0/user_id").and_then(Value::as_str),
            record.pointer("/_id/$oid").and_then(Value::as_str),
        ]
        .into_iter()
        .flatten()
        {
            text = text.replace(id, &format!("{format}-{number}"));
        }
        text
    };
    let array = |out: &mut dyn Write, head: &str, record: &Value, old: &str, tail: &str| {
        write!(out, "{head}").unwrap();
        (0..count).for_each(|number| write!(out, "{}{}", if number > 0 { "," } else { "" }, numbered(record, number, old)).unwrap());
        writeln!(out, "{tail}").unwrap();
    };
    let mut more = Vec::new();
    match format {
        "keycloak" => array(&mut out, "{\"realm\":\"shop\",\"users\":[", &first("keycloak-realm.json", "/users/0"), "alice", "]}"),
        "firebase" => {
            let mut record = first("firebase-users.json", "/users/0");
            record["phoneNumber"] = "+12025550142".into();
            array(&mut out, "{\"users\":[", &record, "olga", "]}");
            more = vec!["--firebase-parameters".to_owned(), sample("firebase-parameters.txt").display().to_string()];
        }
        "kratos" => {
            let mut record = first("kratos-identities.json", "/0");
            record["credentials"].as_object_mut().unwrap().remove("totp");
            array(&mut out, "[", &record, "rose", "]");
        }
        "auth0" => {
            let lines = |name: &str| -> Value { serde_json::from_str(std::fs::read_to_string(sample(name)).unwrap().lines().next().unwrap()).unwrap() };
            let (user, hash) = (lines("auth0-users.ndjson"), lines("auth0-hashes.ndjson"));
            let hashes = folder.join("auth0.hashes");
            let mut beside = std::io::BufWriter::new(std::fs::File::create(&hashes).unwrap());
            for number in 0..count {
                writeln!(out, "{}", numbered(&user, number, "heidi")).unwrap();
                writeln!(beside, "{}", numbered(&hash, number, "heidi")).unwrap();
            }
            more = vec!["--passwords".to_owned(), hashes.display().to_string()];
        }
        _ => {
            writeln!(out, "email,password_hash,first_name,last_name,user_registered,email_verified").unwrap();
            let hash = "$P$Boldshop1wcigUY5mTDWAEO4017h7Z0";
            (0..count).for_each(|number| writeln!(out, "{},{hash},Made,Up,2021-04-20 09:25:03,true", address(number)).unwrap());
        }
    }
    (file, more)
}

on_both! {
    async fn many_customers_of_each_format_come_in_without_any_hashing(kit: Kit) {
        let count = if std::env::var("TEST_LONG").is_ok() { 100_000 } else { 1_200 };
        let shop = kit.shop("shop").await;
        for (format, owner) in [("keycloak", "alice"), ("auth0", "heidi"), ("firebase", "olga"), ("kratos", "rose"), ("csv", "walter")] {
            let (file, more) = made_up(kit.place.folder.path(), format, count);
            let began = std::time::Instant::now();
            let said = import(&kit, format, &file, &more.iter().map(String::as_str).collect::<Vec<_>>());
            let took = began.elapsed();
            println!("{format}: {count} customers in {took:?}, {} a second", count as u128 * 1_000 / took.as_millis().max(1));
            assert!(said.contains(&format!("{count} imported, 0 skipped (they are here, or came before), 0 refused")), "{said}");
            for number in [0, count - 1] {
                let who = Person { email: format!("{format}{number}@example.com"), ..person(owner) };
                assert!(shop.sign_in(&kit.browser(), &who, &[]).await.away().contains_key("code"), "{}", who.email);
            }
            std::fs::remove_file(file).unwrap();
        }
    }

    async fn whoever_leaves_takes_everything_that_another_product_can_use(kit: Kit) {
        use std::os::unix::fs::PermissionsExt;
        let ada = kit.customer("ada").await;
        let seed = crate::factors::enrol(&kit, &ada).await;
        import(&kit, "csv", &sample("wordpress-users.csv"), &[]);
        // In the database nobody finds what there is to guess at.
        let dump = kit.place.dump();
        let holds = |needle: &[u8]| dump.windows(needle.len()).any(|window| window == needle);
        assert!(holds(b"foreign_passwords") && !holds(b"Boldshop1wcigUY5mTDWAEO4017h7Z0") && !holds(b"0c48ca4c9c19d12dbcbff3a7fe4e2e9b"));
        let key = Authenticator::new();
        import(&kit, "keycloak", &with_key(&kit, "keycloak-realm.json", &key, |bytes| claviger::base::encoding::base64url(bytes)), &[]);
        let leave = |name: &str, more: &[&str]| {
            let file = kit.place.folder.path().join(name);
            let (status, said) = claviger_on(&kit.place, &[&["export", "--file", file.to_str().unwrap()], more].concat());
            let lines: Vec<Value> = std::fs::read_to_string(&file).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
            (status, said, lines)
        };
        assert!(claviger_on(&kit.place, &["doctor"]).1.contains("11 customers have not signed in since they came"));
        let (status, said, lines) = leave("plain.jsonl", &[]);
        assert!(status == 0 && said.contains("12 customers"), "{said}");
        let one = |lines: &[Value], name: &str| lines.iter().find(|line| line["email"] == format!("{name}@example.com")).unwrap().clone();
        let plain = one(&lines, "ada");
        assert_eq!((plain["phone_verified"].as_bool(), plain["profile"]["family_name"].as_str(), plain["addresses"].as_array().unwrap().len()), (Some(true), Some("Canary-Family"), 1));
        assert!(lines.iter().all(|line| line.get("apps").is_none() && !line.to_string().contains("$P$")));
        assert_eq!(leave("plain.jsonl", &[]).0, 3, "nothing is written over");
        let (_, _, lines) = leave("all.jsonl", &["--with-authenticators"]);
        let address = url::Url::parse(one(&lines, "ada")["apps"][0]["otpauth"].as_str().unwrap()).unwrap();
        assert!(address.query_pairs().any(|(name, value)| name == "secret" && value == *seed.to_base32()));
        assert_eq!(one(&lines, "walter")["foreign_password"], "$P$Boldshop1wcigUY5mTDWAEO4017h7Z0");
        let frank = one(&lines, "frank");
        assert_eq!(frank["passkeys"][0]["id"], claviger::base::encoding::base64url(&key.id));
        assert!(one(&lines, "ada")["foreign_password"].is_null() && !lines.iter().any(|line| line.to_string().contains("$v=19$m=64,")), "no hash of ours goes out");
        assert_eq!(kit.audited("customers_exported", "").await, 2);
    }
}
