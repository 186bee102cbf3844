//! Second factors: the challenge, what it gives, and what does not get by it.

use crate::kit::{Browser, Kit, Landing, Person, Reply, Shop, Tokens};
use crate::on_both;
use claviger::identity::factors::totp::{Seed, store as totp};
use claviger::oauth::clients::metadata::ConsentPolicy;

/// Gives the customer an authenticator app, confirmed long ago.
pub async fn enrol(kit: &Kit, person: &Person) -> Seed {
    let (tools, id) = (kit.node.base.tools.clone(), person.id.clone());
    let seed = Seed::generate(tools.entropy());
    let kept = seed.clone();
    kit.node
        .base
        .db
        .write(move |tx| {
            let enrolment = totp::begin_enrolment(tx, &tools, &id, &seed, "Canary-Phone")?;
            assert!(totp::confirm_enrolment(tx, &id, &enrolment, 1, tools.now())?);
            Ok(())
        })
        .await
        .unwrap();
    kept
}

/// An app, added on the account page of whoever is signed in in `browser`.
pub async fn enrol_in(kit: &Kit, browser: &Browser) {
    let page = browser.walk("/account/security").await.page();
    let reply = browser.press(&page, "add-app", &[("name", "Phone")]).await;
    let enrolment = browser.follow(reply).await.page();
    let seed = enrolment.body.split("<code id=\"seed\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let app = totp_rs::Builder::new().with_secret(totp_rs::Secret::try_from_base32(&seed).unwrap()).build().unwrap();
    let shown = app.generate(u64::try_from(kit.node.base.tools.now().0).unwrap()).to_string();
    let reply = browser.press(&enrolment, "confirm", &[("code", &shown)]).await;
    assert_eq!(reply.status, 303, "{}", reply.body);
}

/// What the app shows, `drift` steps from now.
pub fn code(kit: &Kit, seed: &Seed, drift: i64) -> String {
    let app = totp_rs::Builder::new().with_secret(seed.expose().to_vec()).build().unwrap();
    app.generate(u64::try_from(kit.node.base.tools.now().0 + drift * 30).unwrap()).to_string()
}

pub async fn type_code(browser: &Browser, page: &Reply, code: &str) -> Reply {
    browser.press(page, "totp", &[("code", code)]).await
}

/// A browser at the challenge, after the password.
async fn challenged(kit: &Kit, shop: &Shop, ada: &Person, more: &[(&str, &str)]) -> (Browser, Reply) {
    let browser = kit.browser();
    let page = shop.authorize(&browser, more).await.page();
    let reply = browser.type_password(&page, &ada.email, &ada.password).await;
    let page = browser.follow(reply).await.page();
    assert!(page.url.ends_with("/totp"), "{}", page.url);
    (browser, page)
}

on_both! {
    async fn a_second_factor_is_asked_for_and_told_of(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let seed = enrol(&kit, &ada).await;
        let (browser, page) = challenged(&kit, &shop, &ada, &[]).await;
        assert!(browser.cookie("claviger_session").is_none(), "no session for half a sign-in");
        let wrong = type_code(&browser, &page, "000000").await;
        assert_eq!((wrong.status, wrong.title()), (422, "Enter your code"));
        assert_eq!(type_code(&browser, &page, "12").await.status, 400);
        let reply = type_code(&browser, &page, &code(&kit, &seed, 0)).await;
        let answer = browser.follow(reply).await.away();
        let tokens = Tokens(shop.redeem(&answer["code"]).await.json());
        assert_eq!((tokens.claims()["acr"].as_str(), tokens.claims()["amr"].clone()), (Some("urn:claviger:acr:second-factor"), serde_json::json!(["pwd", "otp", "mfa"])));
        // Single sign-on stands on both factors; a level above them is out of reach, and said to be.
        assert!(shop.authorize(&browser, &[("prompt", "none"), ("acr_values", "urn:claviger:acr:second-factor")]).await.away().contains_key("code"));
        assert_eq!(shop.authorize(&browser, &[("acr_values", "urn:claviger:acr:phishing-resistant")]).await.error(), "unmet_authentication_requirements");
        assert_eq!((kit.audited("signin_advanced", "").await, kit.audited("challenge_refused", "wrong").await, kit.audited("challenge_refused", "malformed").await), (1, 1, 1));
        // A fresh sign-in asks for both again.
        let again = shop.authorize(&browser, &[("prompt", "login")]).await.page();
        let reply = browser.type_password(&again, &ada.email, &ada.password).await;
        assert!(browser.follow(reply).await.page().url.ends_with("/totp"));
    }

    async fn a_session_from_before_the_enrolment_is_asked_too(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (browser, _) = kit.sign_in(&shop, &ada).await;
        let before = browser.cookie("claviger_session").unwrap();
        let seed = enrol(&kit, &ada).await;
        assert_eq!(shop.authorize(&browser, &[("prompt", "none")]).await.error(), "interaction_required");
        let page = shop.authorize(&browser, &[]).await.page();
        assert!(page.url.ends_with("/totp"), "{}", page.url);
        let reply = type_code(&browser, &page, &code(&kit, &seed, 0)).await;
        assert!(browser.follow(reply).await.away().contains_key("code"));
        assert_ne!(browser.cookie("claviger_session").unwrap(), before, "the cookie is rotated at the step-up");
    }

    async fn j1_nothing_but_the_challenge_for_a_password_alone(kit: Kit) {
        let ada = kit.customer("ada").await;
        let shop = kit.shop_with("shop", |metadata| metadata.consent = ConsentPolicy::Explicit).await;
        enrol(&kit, &ada).await;
        let (browser, page) = challenged(&kit, &shop, &ada, &[]).await;
        let flow = page.url.trim_end_matches("/totp").to_owned();
        let sign_in = browser.walk(&flow).await.page();
        assert!(sign_in.url.ends_with("/totp"), "back at the first address: the challenge again");
        assert!(browser.walk("/account").await.page().url.contains("/signin/"));
        assert_eq!(shop.authorize(&browser, &[("prompt", "none")]).await.error(), "login_required");
        for landing in [browser.walk("/logout/confirm").await, browser.walk("/signin").await] {
            let Landing::Page(page) = landing else { panic!("left") };
            assert!(!page.body.contains(&ada.email) && !page.body.contains("Canary"), "{}", page.body);
        }
        // The form of the first step, the consent, an empty and an odd code: nothing of it opens anything.
        let csrf = page.hidden("id=\"totp\"", "csrf");
        for fields in [vec![], vec![("code", "")], vec![("code", "null")], vec![("code", "000000"), ("email", &ada.email), ("password", &ada.password)]] {
            let mut fields = fields;
            fields.push(("csrf", &csrf));
            assert!(matches!(browser.submit(&page.action("id=\"totp\""), &fields).await.status, 400 | 422));
        }
        assert_eq!(browser.submit(&page.action("id=\"totp\""), &[("code", "000000")]).await.status, 403, "without the token of the page");
        assert!(browser.cookie("claviger_session").is_none());
        assert_eq!(kit.audited("signed_in", "").await, 0);
    }

    /// Every route of the router, by both methods, with the sign-in's own address and tokens: a password alone gets nothing but the challenge.
    async fn j1_every_route_with_a_password_alone(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        enrol(&kit, &ada).await;
        let (browser, page) = challenged(&kit, &shop, &ada, &[]).await;
        let flow = page.url.rsplit('/').nth(1).unwrap().to_owned();
        let token = page.hidden("id=\"totp\"", "csrf");
        for pattern in claviger::platform::http::guard::ROUTES {
            let path = pattern.replace("{flow}", &flow).replace("{authenticator}", "aut_01ARZ3NDEKTSV4RRFFQ69G5FAV").replace("{name}", "claviger.css");
            let fields = [("csrf", token.as_str()), ("on", "yes"), ("channel", "email_code"), ("kind", "passkey"), ("name", "x"), ("decision", "allow"), ("account", "current"), ("level", "usual"), ("saved", "yes"), ("flow", flow.as_str())];
            for reply in [browser.get(&path).await, browser.submit(&path, &fields).await] {
                let what = format!("{pattern}: {} {:?}", reply.status, reply.location());
                assert!(browser.cookie("claviger_session").is_none() && browser.cookie("claviger_trusted").is_none(), "{what}");
                assert!(!reply.body.contains(&ada.email) && !reply.body.contains("Canary"), "{what}: {}", reply.body);
                assert!(!reply.location().unwrap_or_default().contains("code="), "{what}");
                assert!(!reply.body.contains("access_token") || pattern.starts_with("/.well-known/"), "{what}: {}", reply.body);
            }
        }
        // And the challenge is still there.
        assert!(browser.walk(&page.url).await.page().url.ends_with("/totp"));
        assert_eq!((kit.audited("signed_in", "").await, kit.audited("authenticator_added", "").await, kit.audited("code_issued", "").await), (0, 0, 0));
    }

    async fn j2_a_code_works_once(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let seed = enrol(&kit, &ada).await;
        let current = code(&kit, &seed, 0);
        let (browser, page) = challenged(&kit, &shop, &ada, &[]).await;
        let reply = type_code(&browser, &page, &current).await;
        assert!(browser.follow(reply).await.away().contains_key("code"));
        let (browser, page) = challenged(&kit, &shop, &ada, &[]).await;
        let again = type_code(&browser, &page, &current).await;
        assert!(again.status == 422 && again.body.contains("used already"), "{}", again.body);
        // The step before is older than the last one that was taken; the step after is not, and after that the current one is.
        assert_eq!(type_code(&browser, &page, &code(&kit, &seed, -1)).await.status, 422);
        assert_eq!(type_code(&browser, &page, &code(&kit, &seed, 2)).await.status, 422, "two steps ahead");
        let reply = type_code(&browser, &page, &code(&kit, &seed, 1)).await;
        assert!(browser.follow(reply).await.away().contains_key("code"));
        kit.advance(30);
        let (browser, page) = challenged(&kit, &shop, &ada, &[]).await;
        assert_eq!(type_code(&browser, &page, &code(&kit, &seed, 0)).await.status, 422, "taken while it was the next one");
    }

    async fn j3_of_parallel_tries_with_one_code_one_succeeds(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (_, second, handle) = kit.second_node().await;
        let seed = enrol(&kit, &ada).await;
        for round in 0..4 {
            kit.advance(300);
            let mut pages = Vec::new();
            for number in 0..4 {
                let (browser, page) = challenged(&kit, &shop, &ada, &[]).await;
                pages.push((if number % 2 == 0 { browser.at(&kit.issuer) } else { browser.at(&second) }, page));
            }
            let current = code(&kit, &seed, 0);
            let statuses = futures_util::future::join_all(pages.iter().map(|(browser, page)| async { type_code(browser, page, &current).await.status })).await;
            assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "round {round}: {statuses:?}");
        }
        handle.stop(false).await;
    }

    async fn j4_guessing_is_bounded(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let seed = enrol(&kit, &ada).await;
        let (browser, page) = challenged(&kit, &shop, &ada, &[]).await;
        let mut statuses = Vec::new();
        for _ in 0..7 { statuses.push(type_code(&browser, &page, "000000").await.status); }
        assert_eq!(statuses, [422, 422, 422, 422, 422, 429, 429]);
        let waiting = type_code(&browser, &page, &code(&kit, &seed, 0)).await;
        assert!(waiting.status == 429 && !waiting.header("retry-after").is_empty(), "the right code waits too");
        kit.advance(300);
        let reply = type_code(&browser, &page, &code(&kit, &seed, 0)).await;
        assert!(browser.follow(reply).await.away().contains_key("code"));
    }

    async fn an_app_is_added_and_removed_by_its_owner(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (browser, _) = kit.sign_in(&shop, &ada).await;
        let (elsewhere, _) = kit.sign_in(&shop, &ada).await;
        let page = browser.walk("/account/security").await.page();
        assert!(page.body.contains("You have none yet"), "{}", page.body);
        let reply = browser.press(&page, "add-app", &[("name", "Ada\u{2019}s <phone>")]).await;
        let enrolment = browser.follow(reply).await.page();
        assert!(enrolment.body.contains("<svg class=\"qr\"") && !enrolment.body.contains("<script"), "{}", enrolment.body);
        let seed = enrolment.body.split("<code id=\"seed\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
        let app = totp_rs::Builder::new().with_secret(totp_rs::Secret::try_from_base32(&seed).unwrap()).build().unwrap();
        let shows = || app.generate(u64::try_from(kit.node.base.tools.now().0).unwrap()).to_string();
        // Begun is not enrolled: nobody is asked for a code yet, and a wrong one confirms nothing.
        assert!(shop.authorize(&browser, &[("prompt", "none")]).await.away().contains_key("code"));
        assert_eq!(browser.press(&enrolment, "confirm", &[("code", "000000")]).await.status, 422);
        assert!(shop.authorize(&elsewhere, &[("prompt", "none")]).await.away().contains_key("code"));
        let cookie = browser.cookie("claviger_session").unwrap();
        let reply = browser.press(&enrolment, "confirm", &[("code", &shows()), ("elsewhere", "yes")]).await;
        let page = browser.follow(reply).await.page();
        assert!(page.url.ends_with("/recovery-codes"), "{}", page.url);
        assert!(browser.walk("/account/security").await.page().url.ends_with("/recovery-codes"), "there is no way around the codes");
        let (_, page) = browser.keep_codes(&page).await;
        assert!(page.body.contains("Your recovery codes are set") && page.body.contains("Ada\u{2019}s &#60;phone&#62;"), "{}", page.body);
        assert_ne!(browser.cookie("claviger_session").unwrap(), cookie);
        assert_eq!(shop.authorize(&elsewhere, &[("prompt", "none")]).await.error(), "login_required", "signed out elsewhere, as asked");
        // This session has shown the new factor.
        let answer = shop.authorize(&browser, &[("prompt", "none"), ("acr_values", "urn:claviger:acr:second-factor")]).await.away();
        let tokens = Tokens(shop.redeem(&answer["code"]).await.json());
        assert_eq!(tokens.claims()["acr"], "urn:claviger:acr:second-factor");
        // The code of the enrolment is used up.
        let (_, challenge) = challenged(&kit, &shop, &ada, &[]).await;
        let other = kit.browser();
        assert_eq!(other.get(&challenge.url).await.status, 403, "another browser's challenge");
        // J6: ten minutes later the removal asks for both factors again.
        kit.advance(600);
        let csrf = page.hidden("name=\"authenticator\"", "csrf");
        let id = page.hidden("name=\"authenticator\"", "authenticator");
        let fields = [("csrf", csrf.as_str()), ("authenticator", id.as_str())];
        let reply = browser.submit("/account/security/remove", &fields).await;
        let sign_in = browser.follow(reply).await.page();
        assert!(sign_in.url.contains("/signin/"), "{}", sign_in.url);
        let reply = browser.type_password(&sign_in, &ada.email, &ada.password).await;
        let challenge = browser.follow(reply).await.page();
        assert_eq!(browser.submit("/account/security/remove", &fields).await.location().map(|location| location.starts_with("/signin/")), Some(true), "the password alone removes nothing");
        let reply = type_code(&browser, &challenge, &shows()).await;
        let page = browser.follow(reply).await.page();
        assert!(page.url.ends_with("/account/security") && page.body.contains("&#60;phone&#62;"), "{}", page.body);
        let reply = browser.submit("/account/security/remove", &fields).await;
        assert!(browser.follow(reply).await.page().body.contains("Removed."));
        let tools = kit.node.base.tools.clone();
        let mails = kit.node.base.db.write(move |tx| Ok(claviger::platform::outbox::store::lease_due(tx, &tools, 20)?.messages)).await.unwrap();
        let subjects: Vec<&str> = mails.iter().map(|mail| mail.content.subject.as_str()).collect();
        assert!(subjects.contains(&"A new way to sign in was added") && subjects.contains(&"A way to sign in was removed"), "{subjects:?}");
        assert_eq!((kit.audited("authenticator_added", "").await, kit.audited("authenticator_removed", "").await), (1, 1));
    }

    /// With the tool that others wrote (oathtool), as a customer's app would.
    async fn codes_of_oathtool_are_taken(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let seed = enrol(&kit, &ada).await;
        let (browser, page) = challenged(&kit, &shop, &ada, &[]).await;
        let now = format!("@{}", kit.node.base.tools.now().0);
        let shown = std::process::Command::new("oathtool").args(["--totp", "--base32", &seed.to_base32(), "--now", &now]).output().expect("oathtool is installed; scripts/test does that");
        let shown = String::from_utf8(shown.stdout).unwrap();
        let reply = type_code(&browser, &page, shown.trim()).await;
        assert!(browser.follow(reply).await.away().contains_key("code"), "{shown}");
    }

    /// J16: whichever way a sign-in is begun or goes on, it ends at the same entrance; no page but the challenge follows a password.
    async fn j16_no_side_path_skips_the_second_factor(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        enrol(&kit, &ada).await;
        let other = kit.customer("bob").await;
        let (signed_in, _) = kit.sign_in(&shop, &other).await;
        for (begin, browser) in [("/signin", kit.browser()), ("/account", kit.browser()), ("/account/security", kit.browser()), ("/account/security/recovery-codes", kit.browser())] {
            let page = browser.walk(begin).await.page();
            let reply = browser.type_password(&page, &ada.email, &ada.password).await;
            assert!(browser.follow(reply).await.page().url.ends_with("/totp"), "{begin}");
            assert!(browser.cookie("claviger_session").is_none(), "{begin}");
        }
        // In a browser where somebody else is signed in: that session stays theirs, and nothing is Ada's.
        let page = shop.authorize(&signed_in, &[("prompt", "login")]).await.page();
        let reply = signed_in.type_password(&page, &ada.email, &ada.password).await;
        assert!(signed_in.follow(reply).await.page().url.ends_with("/totp"));
        assert!(signed_in.walk("/account").await.page().body.contains(&other.email));
    }

    async fn an_authenticator_belongs_to_one_customer(kit: Kit) {
        let (ada, bob, shop) = (kit.customer("ada").await, kit.customer("bob").await, kit.shop("shop").await);
        let seed = enrol(&kit, &bob).await;
        let (browser, _) = kit.sign_in(&shop, &ada).await;
        let (tools, id) = (kit.node.base.tools.clone(), bob.id.clone());
        let his = kit.node.base.db.read(move |connection| totp::list_authenticators(connection, &tools, &id)).await.unwrap();
        assert_eq!(his[0].name, "Canary-Phone");
        let page = browser.walk("/account/security").await.page();
        // Ada has no list to take a form from; the token of another form does not fit.
        let add = page.hidden("id=\"add\"", "csrf");
        assert_eq!(browser.submit("/account/security/remove", &[("csrf", &add), ("authenticator", his[0].id.as_str())]).await.status, 403);
        assert_eq!(browser.walk(&format!("/account/security/totp/{}", his[0].id)).await.page().title(), "Sign-in and security");
        // Bob's code is worth nothing at Ada's challenge.
        enrol(&kit, &ada).await;
        let (browser, page) = challenged(&kit, &shop, &ada, &[]).await;
        assert_eq!(type_code(&browser, &page, &code(&kit, &seed, 0)).await.status, 422);
    }

    async fn j9_recovery_codes_let_in_once_each(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (_, second, handle) = kit.second_node().await;
        let (browser, _) = kit.sign_in(&shop, &ada).await;
        let page = browser.walk("/account/security").await.page();
        assert!(!page.body.contains("recovery-codes"), "nothing to recover yet");
        let seed = enrol(&kit, &ada).await;
        let page = browser.walk("/account/security").await.page();
        let reply = type_code(&browser, &page, &code(&kit, &seed, 0)).await;
        let page = browser.follow(reply).await.page();
        assert!(page.url.ends_with("/recovery-codes"), "{}", page.url);
        let (first, page) = browser.keep_codes(&page).await;
        let (codes, _) = browser.keep_codes(&page).await;
        assert_eq!((first.len(), codes.len()), (10, 10));
        let (lost, challenge) = challenged(&kit, &shop, &ada, &[]).await;
        assert!(challenge.body.contains("Use a recovery code"), "{}", challenge.body);
        let other_way = lost.walk(&challenge.url.replace("/totp", "/recovery-code")).await.page();
        let type_recovery = async |browser: &Browser, page: &Reply, code: &str| browser.press(page, "recovery-code", &[("code", code)]).await;
        assert_eq!(type_recovery(&lost, &other_way, &first[0]).await.status, 422, "the set before is void");
        assert_eq!(type_recovery(&lost, &other_way, "12345").await.status, 400);
        let reply = type_recovery(&lost, &other_way, &codes[0].to_uppercase().replace('-', " ")).await;
        let tokens = Tokens(shop.redeem(&lost.follow(reply).await.away()["code"]).await.json());
        assert_eq!(tokens.claims()["acr"], "urn:claviger:acr:second-factor");
        let page = lost.walk("/account/security").await.page();
        assert!(page.body.contains("9 codes left"), "{}", page.body);
        // Used is used, and of parallel tries with one code on two nodes one gets in.
        for round in 1..4 {
            kit.advance(300);
            let mut pages = Vec::new();
            for number in 0..4 {
                let (browser, challenge) = challenged(&kit, &shop, &ada, &[]).await;
                let page = browser.walk(&challenge.url.replace("/totp", "/recovery-code")).await.page();
                pages.push((if number % 2 == 0 { browser } else { browser.at(&second) }, page));
            }
            assert_eq!(type_recovery(&pages[0].0, &pages[0].1, &codes[round - 1]).await.status, 422);
            let statuses = futures_util::future::join_all(pages.iter().map(|(browser, page)| async { type_recovery(browser, page, &codes[round]).await.status })).await;
            assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "round {round}: {statuses:?}");
        }
        let tools = kit.node.base.tools.clone();
        let mails = kit.node.base.db.write(move |tx| Ok(claviger::platform::outbox::store::lease_due(tx, &tools, 50)?.messages)).await.unwrap();
        assert_eq!(mails.iter().filter(|mail| mail.content.subject == "A recovery code was used").count(), 4);
        handle.stop(false).await;
    }

    async fn h8_who_knows_the_password_cannot_keep_the_owner_out(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let own = kit.browser();
        shop.code(&own, &ada).await;
        let seed = enrol(&kit, &ada).await;
        let (thief, page) = challenged(&kit, &shop, &ada, &[]).await;
        for _ in 0..6 { type_code(&thief, &page, "000000").await; }
        assert_eq!(type_code(&thief, &page, &code(&kit, &seed, 0)).await.status, 429);
        let page = shop.authorize(&own, &[]).await.page();
        let reply = type_code(&own, &page, &code(&kit, &seed, 0)).await;
        assert!(own.follow(reply).await.away().contains_key("code"), "the owner's own browser has a lane of its own");
    }

    async fn staff_help_somebody_who_has_lost_everything(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (browser, _) = kit.sign_in(&shop, &ada).await;
        enrol(&kit, &ada).await;
        let remove = || crate::kit::process::claviger_on(&kit.place, &["customers", "remove-authenticators", &ada.email]);
        assert_eq!(remove().0, 0);
        assert_eq!(remove().0, 3);
        assert_eq!(shop.authorize(&browser, &[("prompt", "none")]).await.error(), "login_required", "signed out everywhere");
        assert!(shop.sign_in(&kit.browser(), &ada, &[]).await.away().contains_key("code"), "the password alone, until another one is added");
        assert_eq!(kit.audited("customer_changed", "").await, 1);
    }
}
