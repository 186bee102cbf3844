//! J10 to J14, H4 and the keys' parts of C2 and J6: what a browser sends in place of an honest authenticator's answer.

use crate::kit::authenticator::{self, Authenticator, BACKED_UP, ELIGIBLE, PRESENT, VERIFIED};
use crate::kit::{Browser, Kit, Person, Reply, Shop};
use crate::{on_both, on_one};
use claviger::identity::factors::passkey::store as passkeys;
use futures_util::future::join_all;
use serde_json::json;

/// A customer with this authenticator, added in a browser that is thrown away.
async fn owner_of(kit: &Kit, shop: &Shop, name: &str, id: &str, authenticator: &mut Authenticator) -> Person {
    let person = kit.customer(name).await;
    let (browser, _) = kit.sign_in(shop, &person).await;
    let page = browser.walk("/account/security").await.page();
    let reply = authenticator::enrol(&browser, &page, id, authenticator).await;
    assert!(reply.location().unwrap().ends_with("?added"), "{:?}", reply.location());
    let page = browser.follow(reply).await.page();
    browser.keep_codes(&page).await;
    person
}

async fn door(kit: &Kit, shop: &Shop) -> (Browser, Reply) {
    let browser = kit.browser();
    let page = shop.authorize(&browser, &[]).await.page();
    (browser, page)
}

/// At the challenge, after the password.
async fn challenged(kit: &Kit, shop: &Shop, person: &Person) -> (Browser, Reply) {
    let (browser, page) = door(kit, shop).await;
    let reply = browser.type_password(&page, &person.email, &person.password).await;
    let page = browser.follow(reply).await.page();
    assert!(page.url.ends_with("/passkey"), "{}", page.url);
    (browser, page)
}

/// What is stored of a customer's first key: counter, backup state, last use.
async fn stored(kit: &Kit, person: &Person) -> (u32, bool, bool, Option<i64>) {
    let (tools, id) = (kit.node.base.tools.clone(), person.id.clone());
    let held = kit.node.base.db.read(move |connection| passkeys::list_passkeys(connection, &tools, &id)).await.unwrap();
    (held[0].credential.counter, held[0].credential.backup_state, held[0].credential.user_verified, held[0].last_used_at.map(|at| at.0))
}

on_both! {
    async fn j10_an_answer_counts_once_for_one_ceremony(kit: Kit) {
        let shop = kit.shop("shop").await;
        let mut phone = Authenticator::new();
        owner_of(&kit, &shop, "ada", "add-passkey", &mut phone).await;
        let (browser, page) = door(&kit, &shop).await;
        let (options, ceremony) = authenticator::begin(&browser, &page, "passkey").await;
        let credential = phone.get(&options, &kit.issuer);
        // For another sign-in, also one of the same browser: it belongs to the one that began it.
        let other = shop.authorize(&browser, &[]).await.page();
        assert_eq!(authenticator::answer(&browser, &other, "passkey", &ceremony, &credential).await.status, 422);
        let (stranger, strange) = door(&kit, &shop).await;
        assert_eq!(authenticator::answer(&stranger, &strange, "passkey", &ceremony, &credential).await.status, 422);
        let (_, foreign) = authenticator::begin(&stranger, &strange, "passkey").await;
        assert_eq!(authenticator::answer(&stranger, &strange, "passkey", &foreign, &credential).await.status, 422, "another challenge");
        // It was not used up by that; then it is.
        assert_eq!(authenticator::answer(&browser, &page, "passkey", &ceremony, &credential).await.status, 303);
        let (fresh, again) = door(&kit, &shop).await;
        assert_eq!(authenticator::answer(&fresh, &again, "passkey", &ceremony, &credential).await.status, 422);
        // One failure ends it as well.
        let (options, ceremony) = authenticator::begin(&fresh, &again, "passkey").await;
        assert_eq!(authenticator::answer(&fresh, &again, "passkey", &ceremony, "{}").await.status, 400);
        assert_eq!(authenticator::answer(&fresh, &again, "passkey", &ceremony, &phone.get(&options, &kit.issuer)).await.status, 422);
        // And so do five minutes.
        let (options, ceremony) = authenticator::begin(&fresh, &again, "passkey").await;
        kit.advance(301);
        let late = authenticator::answer(&fresh, &again, "passkey", &ceremony, &phone.get(&options, &kit.issuer)).await;
        assert!(late.status == 422 && late.body.contains("took too long"), "{}", late.body);
        assert!(fresh.cookie("claviger_session").is_none());
        // A new one replaces the one before it.
        let (options, first) = authenticator::begin(&fresh, &again, "passkey").await;
        authenticator::begin(&fresh, &again, "passkey").await;
        assert_eq!(authenticator::answer(&fresh, &again, "passkey", &first, &phone.get(&options, &kit.issuer)).await.status, 422);
    }

    async fn j10_of_parallel_answers_one_counts(kit: Kit) {
        let shop = kit.shop("shop").await;
        let (_, second, handle) = kit.second_node().await;
        let mut phone = Authenticator::new();
        owner_of(&kit, &shop, "ada", "add-passkey", &mut phone).await;
        let rounds = if std::env::var("TEST_LONG").is_ok() { 200 } else { 10 };
        for round in 0..rounds {
            let (browser, page) = door(&kit, &shop).await;
            // The page asks twice at once when somebody presses the button quickly: both are answered.
            let begun = join_all((0..4).map(|_| authenticator::begin_raw(&browser, &page, "passkey"))).await;
            assert!(begun.iter().all(|reply| reply.status == 200), "{:?}", begun.iter().map(|reply| reply.status).collect::<Vec<_>>());
            let (options, ceremony) = authenticator::begin(&browser, &page, "passkey").await;
            let credential = phone.get(&options, &kit.issuer);
            let nodes = [browser.clone(), browser.at(&second)];
            let replies = join_all((0..32).map(|number| authenticator::answer(&nodes[number % 2], &page, "passkey", &ceremony, &credential))).await;
            // Whoever comes after the first finds the sign-in done, or the ceremony taken; a session cookie goes out once.
            let cookies = replies.iter().filter(|reply| reply.header("set-cookie").contains("claviger_session=")).count();
            assert_eq!(cookies, 1, "round {round}: {:?}", replies.iter().map(|reply| reply.status).collect::<Vec<_>>());
        }
        handle.stop(false).await;
    }

    async fn j11_presence_and_verification_are_enforced(kit: Kit) {
        let shop = kit.shop("shop").await;
        let mut phone = Authenticator::new();
        let ada = owner_of(&kit, &shop, "ada", "add-passkey", &mut phone).await;
        for (flags, reason) in [(PRESENT | ELIGIBLE | BACKED_UP, "unverified"), (VERIFIED | ELIGIBLE | BACKED_UP, "absent"), (0, "absent")] {
            let (browser, page) = door(&kit, &shop).await;
            phone.flags = flags;
            assert_eq!(authenticator::show(&browser, &page, &mut phone).await.status, 422);
            assert!(browser.cookie("claviger_session").is_none());
            assert!(kit.audited("signin_refused", reason).await > 0, "{reason}");
        }
        // The same at the challenge, and when one is added.
        let (browser, page) = challenged(&kit, &shop, &ada).await;
        phone.flags = VERIFIED | ELIGIBLE | BACKED_UP;
        assert_eq!(authenticator::show(&browser, &page, &mut phone).await.status, 422);
        let (browser, _) = kit.sign_in(&shop, &kit.customer("bob").await).await;
        let page = browser.walk("/account/security").await.page();
        let reply = authenticator::enrol(&browser, &page, "add-passkey", &mut Authenticator { flags: VERIFIED, ..Authenticator::new() }).await;
        assert!(reply.location().unwrap().ends_with("?refused"), "{:?}", reply.location());
        assert!(browser.walk("/account/security").await.page().body.contains("id=\"no-keys\""));
    }

    async fn j12_another_origin_or_relying_party_is_refused(kit: Kit) {
        let shop = kit.shop("shop").await;
        let mut phone = Authenticator::new();
        let ada = owner_of(&kit, &shop, "ada", "add-passkey", &mut phone).await;
        let port = kit.issuer.rsplit(':').next().unwrap().to_owned();
        let origins = [
            "https://evil-localhost".to_owned(), format!("http://evil-localhost:{port}"), format!("http://sub.localhost:{port}"), format!("https://localhost:{port}"), "http://localhost".into(), "http://localhost:1".into(),
            format!("http://127.0.0.1:{port}"), format!("http://localhost.evil.test:{port}"), "null".into(), "android:apk-key-hash:AAAA".into(), String::new(),
        ];
        let (browser, _) = kit.sign_in(&shop, &kit.customer("bob").await).await;
        let security = browser.walk("/account/security").await.page();
        for origin in origins {
            phone.origin = Some(origin.clone());
            let (door, page) = door(&kit, &shop).await;
            let reply = authenticator::show(&door, &page, &mut phone).await;
            assert_eq!(reply.status, 422, "{origin}");
            let mut new = Authenticator { origin: Some(origin.clone()), ..Authenticator::new() };
            let reply = authenticator::enrol(&browser, &security, "add-passkey", &mut new).await;
            assert!(reply.location().unwrap().ends_with("?refused"), "{origin}: {:?}", reply.location());
        }
        phone.origin = None;
        for (name, value) in [("crossOrigin", json!(true)), ("crossOrigin", json!("false")), ("topOrigin", json!("https://evil.test")), ("type", json!("webauthn.create")), ("type", json!("payment.get")), ("challenge", json!("AAAA"))] {
            phone.client_data = [(name.to_owned(), value.clone())].into();
            let (door, page) = door(&kit, &shop).await;
            assert_eq!(authenticator::show(&door, &page, &mut phone).await.status, 422, "{name} {value}");
            let (at_challenge, page) = challenged(&kit, &shop, &ada).await;
            assert_eq!(authenticator::show(&at_challenge, &page, &mut phone).await.status, 422, "{name} {value}");
        }
        phone.client_data.clear();
        phone.rp_id = Some("evil.test".into());
        let (door, page) = door(&kit, &shop).await;
        assert_eq!(authenticator::show(&door, &page, &mut phone).await.status, 422);
        phone.rp_id = None;
        assert_eq!(authenticator::show(&door, &page, &mut phone).await.status, 303, "honest again");
    }

    async fn j13_a_credential_is_one_customers(kit: Kit) {
        let shop = kit.shop("shop").await;
        let (mut adas, mut bobs) = (Authenticator::new(), Authenticator::security_key());
        let ada = owner_of(&kit, &shop, "ada", "add-passkey", &mut adas).await;
        let bob = owner_of(&kit, &shop, "bob", "add-security-key", &mut bobs).await;
        // The same id under another key, for somebody else: not registered, and Ada's stays hers.
        let eve = kit.customer("eve").await;
        let (browser, _) = kit.sign_in(&shop, &eve).await;
        let page = browser.walk("/account/security").await.page();
        let mut copy = Authenticator { id: adas.id.clone(), ..Authenticator::new() };
        let reply = authenticator::enrol(&browser, &page, "add-passkey", &mut copy).await;
        assert!(reply.location().unwrap().ends_with("?taken"), "{:?}", reply.location());
        let refused = browser.follow(reply).await.page();
        assert!(refused.body.contains("already in use") && refused.body.contains("id=\"no-keys\""), "{}", refused.body);
        // Bob's key at Ada's challenge, and Ada's at Bob's.
        let (browser, page) = challenged(&kit, &shop, &ada).await;
        assert_eq!(authenticator::show(&browser, &page, &mut bobs).await.status, 422);
        let (browser, page) = challenged(&kit, &shop, &bob).await;
        assert_eq!(authenticator::show(&browser, &page, &mut adas).await.status, 422);
        // Ada's key under Bob's name, or under none.
        let own = adas.handle.clone();
        for handle in [bobs.handle.clone(), Some(vec![0; 16]), Some(Vec::new()), Some(vec![7; 64]), None] {
            adas.handle = handle.clone();
            let (browser, page) = door(&kit, &shop).await;
            assert_eq!(authenticator::show(&browser, &page, &mut adas).await.status, 422, "{handle:?}");
            assert!(browser.cookie("claviger_session").is_none());
        }
        adas.handle = own;
        let (browser, page) = door(&kit, &shop).await;
        assert_eq!(authenticator::show(&browser, &page, &mut adas).await.status, 303);
        let me = browser.walk("/account").await.page();
        assert!(me.body.contains(&ada.email) && !me.body.contains(&bob.email), "{}", me.body);
    }

    async fn j14_nothing_is_stored_before_it_holds_and_a_copy_is_noticed(kit: Kit) {
        let shop = kit.shop("shop").await;
        let mut key = Authenticator { flags: PRESENT | VERIFIED, ..Authenticator::security_key() };
        let ada = owner_of(&kit, &shop, "ada", "add-security-key", &mut key).await;
        let before = stored(&kit, &ada).await;
        let (browser, page) = challenged(&kit, &shop, &ada).await;
        // Everything changed, and the signature wrong.
        let mut forged = Authenticator { flags: PRESENT | VERIFIED | ELIGIBLE | BACKED_UP, counter: 4_000_000, breaks_signature: true, ..Authenticator::new() };
        (forged.id, forged.handle) = (key.id.clone(), key.handle.clone());
        assert_eq!(authenticator::show(&browser, &page, &mut forged).await.status, 422);
        key.breaks_signature = true;
        assert_eq!(authenticator::show(&browser, &page, &mut key).await.status, 422);
        assert_eq!(stored(&kit, &ada).await, before, "nothing of a refused answer is kept");
        key.breaks_signature = false;
        key.counter = 40;
        assert_eq!(authenticator::show(&browser, &page, &mut key).await.status, 303);
        assert_eq!(stored(&kit, &ada).await.0, 41);
        // A copy of the key that was used less: refused, written down, and its owner is told.
        for counter in [40, 39, 0] {
            let (browser, page) = challenged(&kit, &shop, &ada).await;
            key.counter = counter;
            let refused = authenticator::show(&browser, &page, &mut key).await;
            assert!(refused.status == 422 && refused.body.contains("may be a copy"), "{}", refused.body);
            assert!(browser.cookie("claviger_session").is_none());
        }
        assert_eq!((stored(&kit, &ada).await.0, kit.audited("passkey_cloned", "cloned").await), (41, 3));
        let tools = kit.node.base.tools.clone();
        let mails = kit.node.base.db.write(move |tx| Ok(claviger::platform::outbox::store::lease_due(tx, &tools, 50)?.messages)).await.unwrap();
        assert!(mails.iter().any(|mail| mail.content.subject == "A security key was refused"));
    }

    async fn j6_a_key_is_added_or_removed_only_with_a_fresh_proof(kit: Kit) {
        let shop = kit.shop("shop").await;
        let mut key = Authenticator::security_key();
        let ada = owner_of(&kit, &shop, "ada", "add-security-key", &mut key).await;
        // With the password alone.
        let (browser, page) = challenged(&kit, &shop, &ada).await;
        assert_eq!(authenticator::show(&browser, &page, &mut key).await.status, 303);
        let security = browser.walk("/account/security").await.page();
        let (csrf, id) = (security.hidden("name=\"authenticator\"", "csrf"), security.hidden("name=\"authenticator\"", "authenticator"));
        let (options, ceremony) = authenticator::begin(&browser, &security, "add-passkey").await;
        kit.advance(301);
        let mut another = Authenticator::new();
        let credential = another.create(&options, &kit.issuer);
        for reply in [
            authenticator::begin_raw(&browser, &security, "add-passkey").await,
            authenticator::answer(&browser, &security, "add-passkey", &ceremony, &credential).await,
            browser.submit("/account/security/remove", &[("csrf", &csrf), ("authenticator", &id)]).await,
        ] {
            assert!(reply.status == 403 || reply.location().is_some_and(|location| location.starts_with("/signin/")), "{} {:?}", reply.status, reply.location());
        }
        let reply = authenticator::begin_raw(&browser, &security, "add-passkey").await;
        assert_eq!((reply.status, reply.header("content-type")), (403, "application/problem+json"));
        let (id, tools) = (ada.id.clone(), kit.node.base.tools.clone());
        assert_eq!(kit.node.base.db.read(move |connection| passkeys::list_passkeys(connection, &tools, &id)).await.unwrap().len(), 1);
        // Another session of the same customer cannot finish what this one began.
        let (elsewhere, page) = challenged(&kit, &shop, &ada).await;
        authenticator::show(&elsewhere, &page, &mut key).await;
        let there = elsewhere.walk("/account/security").await.page();
        let (options, ceremony) = authenticator::begin(&elsewhere, &there, "add-passkey").await;
        let (third, page) = challenged(&kit, &shop, &ada).await;
        authenticator::show(&third, &page, &mut key).await;
        let here = third.walk("/account/security").await.page();
        let reply = authenticator::answer(&third, &here, "add-passkey", &ceremony, &another.create(&options, &kit.issuer)).await;
        assert!(reply.location().unwrap().ends_with("?expired"), "{:?}", reply.location());
    }
}

on_one! {
    /// Nobody learns from the options who has an account, or a key: before the password there is nothing of anybody in them.
    async fn h4_options_tell_nothing(kit: Kit) {
        let shop = kit.shop("shop").await;
        owner_of(&kit, &shop, "ada", "add-security-key", &mut Authenticator::security_key()).await;
        let mut seen = std::collections::BTreeSet::new();
        for hint in ["ada@example.com", "nobody@example.com", ""] {
            for _ in 0..10 {
                let browser = kit.browser();
                let page = shop.authorize(&browser, &[("login_hint", hint)]).await.page();
                let (mut options, ceremony) = authenticator::begin(&browser, &page, "passkey").await;
                assert_eq!((options["publicKey"]["challenge"].as_str().unwrap().len(), ceremony.len()), (43, 43));
                options["publicKey"]["challenge"].take();
                seen.insert(options.to_string());
            }
        }
        assert_eq!(seen.len(), 1, "{seen:?}");
    }

    /// A link with somebody else's sign-in in it: their browser began it, no other one can go on with it.
    async fn c2_a_planted_sign_in_takes_no_passkey(kit: Kit) {
        let shop = kit.shop("shop").await;
        let mut phone = Authenticator::new();
        owner_of(&kit, &shop, "ada", "add-passkey", &mut phone).await;
        let (mallory, planted) = door(&kit, &shop).await;
        let victim = kit.browser();
        assert_eq!(victim.get(&planted.url).await.status, 403);
        assert_eq!(authenticator::begin_raw(&victim, &planted, "passkey").await.status, 403);
        let (options, ceremony) = authenticator::begin(&mallory, &planted, "passkey").await;
        let reply = authenticator::answer(&victim, &planted, "passkey", &ceremony, &phone.get(&options, &kit.issuer)).await;
        assert_eq!(reply.status, 403);
        assert!(mallory.walk("/account").await.page().url.contains("/signin/"), "nothing came of it for the one who planted it");
    }

    /// Odd forms and endless answers get an answer, and open nothing.
    async fn odd_answers_are_refused(kit: Kit) {
        let shop = kit.shop("shop").await;
        let (browser, page) = door(&kit, &shop).await;
        let long = "x".repeat(16_385);
        let nested = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
        for credential in ["", "null", "[]", "{\"id\":1}", long.as_str(), nested.as_str(), "{\"id\":\"AA\",\"rawId\":\"AA\",\"type\":\"public-key\",\"response\":{}}"] {
            let (_, ceremony) = authenticator::begin(&browser, &page, "passkey").await;
            let reply = authenticator::answer(&browser, &page, "passkey", &ceremony, credential).await;
            assert_eq!(reply.status, 400, "{}", credential.chars().take(40).collect::<String>());
        }
        assert_eq!(authenticator::answer(&browser, &page, "passkey", "", "").await.status, 422);
        let marker = "id=\"passkey\"";
        assert_eq!(browser.submit(&page.action(marker), &[]).await.status, 403, "without the token");
        assert_eq!(browser.submit(&format!("{}/begin", page.action(marker)), &[("csrf", &page.hidden("id=\"signin\"", "csrf"))]).await.status, 403, "the token of another form");
    }
}
