//! Passkeys and security keys: added, shown, remembered, removed; by our own bendable authenticator and by one that somebody else wrote.

use crate::kit::authenticator::{self, Authenticator, PRESENT, VERIFIED};
use crate::kit::{Browser, Kit, Person, Reply, Shop, Tokens};
use crate::on_both;
use claviger::identity::customers::CustomerStatus;
use claviger::identity::customers::store as customers;
use serde_json::{Value, json};
use webauthn_authenticator_rs::AuthenticatorBackend;
use webauthn_authenticator_rs::softpasskey::SoftPasskey;

/// Adds an authenticator on the security page, with the recovery codes that belong to a first one.
async fn add(browser: &Browser, id: &str, authenticator: &mut Authenticator) -> (Vec<String>, Reply) {
    let page = browser.walk("/account/security").await.page();
    let reply = authenticator::enrol(browser, &page, id, authenticator).await;
    assert!(reply.location().is_some_and(|location| location.ends_with("?added")), "{} {:?} {}", reply.status, reply.location(), reply.body);
    let page = browser.follow(reply).await.page();
    if page.url.ends_with("/recovery-codes") { browser.keep_codes(&page).await } else { (Vec::new(), page) }
}

/// Ada, signed in, with a fresh authenticator of this kind.
pub async fn with_key(kit: &Kit, shop: &Shop, ada: &Person, id: &str, mut authenticator: Authenticator) -> (Browser, Authenticator) {
    let (browser, _) = kit.sign_in(shop, ada).await;
    add(&browser, id, &mut authenticator).await;
    (browser, authenticator)
}

async fn tokens(shop: &Shop, browser: &Browser, reply: Reply) -> Tokens {
    let answer = browser.follow(reply).await.away();
    Tokens(shop.redeem(&answer["code"]).await.json())
}

on_both! {
    async fn a_passkey_is_the_whole_sign_in(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (here, mut phone) = with_key(&kit, &shop, &ada, "add-passkey", Authenticator::new()).await;
        // The session that added it has shown it.
        assert!(shop.authorize(&here, &[("prompt", "none"), ("acr_values", "urn:claviger:acr:phishing-resistant")]).await.away().contains_key("code"));
        kit.advance(100);
        let browser = kit.browser();
        let page = shop.authorize(&browser, &[("acr_values", "urn:claviger:acr:phishing-resistant")]).await.page();
        assert!(page.body.contains("autocomplete=\"username webauthn\"") && page.body.contains("data-autofill"), "{}", page.body);
        let (options, ceremony) = authenticator::begin(&browser, &page, "passkey").await;
        assert_eq!((&options["publicKey"]["allowCredentials"], &options["publicKey"]["userVerification"], options["publicKey"]["rpId"].as_str()), (&json!([]), &json!("required"), Some("localhost")));
        let credential = phone.get(&options, &kit.issuer);
        let reply = authenticator::answer(&browser, &page, "passkey", &ceremony, &credential).await;
        let claims = tokens(&shop, &browser, reply).await.claims();
        assert_eq!((claims["acr"].as_str(), &claims["amr"]), (Some("urn:claviger:acr:phishing-resistant"), &json!(["swk", "user", "mfa"])));
        assert_eq!(claims["auth_time"], kit.node.base.tools.now().0);
        // A passkey that verifies its user is two factors: nothing else is asked for.
        assert!(shop.authorize(&browser, &[("prompt", "none")]).await.away().contains_key("code"));
        assert_eq!(kit.audited("signed_in", "").await, 2);
    }

    async fn a_security_key_stands_beside_the_password(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (_, mut key) = with_key(&kit, &shop, &ada, "add-security-key", Authenticator::security_key()).await;
        let browser = kit.browser();
        let page = shop.authorize(&browser, &[]).await.page();
        // It does not know who touches it, so it is no sign-in by itself.
        let refused = authenticator::show(&browser, &page, &mut key).await;
        assert_eq!((refused.status, refused.body.contains("did not check that it is you")), (422, true), "{}", refused.body);
        let reply = browser.type_password(&page, &ada.email, &ada.password).await;
        let challenge = browser.follow(reply).await.page();
        assert!(challenge.url.ends_with("/passkey") && challenge.title() == "Use your passkey" && challenge.body.contains("Use a recovery code"), "{}", challenge.body);
        assert!(browser.cookie("claviger_session").is_none());
        let (options, ceremony) = authenticator::begin(&browser, &challenge, "passkey").await;
        assert_eq!(options["publicKey"]["allowCredentials"].as_array().map(Vec::len), Some(1));
        let reply = authenticator::answer(&browser, &challenge, "passkey", &ceremony, &key.get(&options, &kit.issuer)).await;
        let claims = tokens(&shop, &browser, reply).await.claims();
        assert_eq!((claims["acr"].as_str(), &claims["amr"]), (Some("urn:claviger:acr:phishing-resistant"), &json!(["pwd", "hwk", "mfa"])));
        assert_eq!(kit.audited("signin_refused", "unverified").await, 1);
    }

    async fn what_enrolment_asks_for(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (browser, _) = kit.sign_in(&shop, &ada).await;
        let page = browser.walk("/account/security").await.page();
        let (options, _) = authenticator::begin(&browser, &page, "add-passkey").await;
        let wanted = &options["publicKey"]["authenticatorSelection"];
        assert_eq!((&wanted["residentKey"], &wanted["userVerification"], &options["publicKey"]["attestation"]), (&json!("preferred"), &json!("preferred"), &json!("none")));
        assert_eq!(options["publicKey"]["user"]["name"], ada.email);
        assert!(!options.to_string().contains("credentialProtectionPolicy"));
        let (options, _) = authenticator::begin(&browser, &page, "add-security-key").await;
        let wanted = &options["publicKey"]["authenticatorSelection"];
        assert_eq!((&wanted["residentKey"], &wanted["authenticatorAttachment"], &options["publicKey"]["hints"]), (&json!("discouraged"), &json!("cross-platform"), &json!(["security-key"])));
        // What is held is excluded, so that one authenticator is not added twice.
        let (_, phone) = with_key(&kit, &shop, &ada, "add-passkey", Authenticator::new()).await;
        let page = browser.walk("/account/security").await.page();
        assert!(page.url.contains("/signin/"), "this browser has not shown the passkey: {}", page.url);
        let mut phone = phone;
        let reply = authenticator::show(&browser, &browser.walk(&page.url).await.page(), &mut phone).await;
        let page = browser.follow(reply).await.page();
        let (options, _) = authenticator::begin(&browser, &page, "add-passkey").await;
        assert_eq!(options["publicKey"]["excludeCredentials"].as_array().map(Vec::len), Some(1));
    }

    async fn the_factor_used_last_is_asked_for_first(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (_, mut key) = with_key(&kit, &shop, &ada, "add-security-key", Authenticator::security_key()).await;
        let seed = crate::factors::enrol(&kit, &ada).await;
        let knock = async || {
            let browser = kit.browser();
            let page = shop.authorize(&browser, &[]).await.page();
            let reply = browser.type_password(&page, &ada.email, &ada.password).await;
            let page = browser.follow(reply).await.page();
            (browser, page)
        };
        let (browser, page) = knock().await;
        assert!(page.url.ends_with("/passkey") && page.body.contains("Use the code of an authenticator app"), "{}", page.url);
        let other = browser.walk(&page.url.replace("/passkey", "/totp")).await.page();
        let reply = crate::factors::type_code(&browser, &other, &crate::factors::code(&kit, &seed, 0)).await;
        assert_eq!(reply.status, 303);
        let (browser, page) = knock().await;
        assert!(page.url.ends_with("/totp") && page.body.contains("Use a passkey or security key"), "{}", page.url);
        let other = browser.walk(&page.url.replace("/totp", "/passkey")).await.page();
        assert_eq!(authenticator::show(&browser, &other, &mut key).await.status, 303);
        assert!(knock().await.1.url.ends_with("/passkey"));
    }

    async fn a_removed_passkey_is_gone_for_good(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (browser, mut phone) = with_key(&kit, &shop, &ada, "add-passkey", Authenticator { aaguid: 0xea9b_8d66_4d01_1d21_3ce4_b6b4_8cb5_75d4_u128.to_be_bytes(), ..Authenticator::new() }).await;
        let page = browser.walk("/account/security").await.page();
        assert!(page.body.contains("<strong>Google Password Manager</strong>") && page.body.contains("Signs you in by itself"), "{}", page.body);
        assert!(page.body.contains("data-signal=\"{&#34;accepted&#34;:[&#34;"), "the password manager is told what still counts: {}", page.body);
        let (csrf, id) = (page.hidden("name=\"authenticator\"", "csrf"), page.hidden("name=\"authenticator\"", "authenticator"));
        let reply = browser.submit("/account/security/remove", &[("csrf", &csrf), ("authenticator", &id)]).await;
        let page = browser.follow(reply).await.page();
        assert!(page.body.contains("Removed.") && page.body.contains("data-signal=\"{&#34;accepted&#34;:[],"), "{}", page.body);
        let other = kit.browser();
        let page = shop.authorize(&other, &[]).await.page();
        let refused = authenticator::show(&other, &page, &mut phone).await;
        assert_eq!((refused.status, refused.body.contains("\"unknown\":\"")), (422, true), "the browser is told to forget it: {}", refused.body);
        // The recovery codes went with the last factor.
        assert!(shop.sign_in(&kit.browser(), &ada, &[]).await.away().contains_key("code"));
        assert_eq!((kit.audited("signin_refused", "unknown").await, kit.audited("authenticator_removed", "").await), (1, 1));
    }

    async fn a_locked_customer_stays_out_with_any_key(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (_, mut phone) = with_key(&kit, &shop, &ada, "add-passkey", Authenticator::new()).await;
        let (id, now) = (ada.id.clone(), kit.node.base.tools.now());
        kit.node.base.db.write(move |tx| customers::change_status(tx, &id, CustomerStatus::Locked, now)).await.unwrap();
        let browser = kit.browser();
        let page = shop.authorize(&browser, &[]).await.page();
        assert_eq!(authenticator::show(&browser, &page, &mut phone).await.status, 422);
        assert!(browser.cookie("claviger_session").is_none());
    }

    /// Written by the authors of another product, and not by us.
    async fn an_independent_authenticator_registers_and_signs_in(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let mut passkey = SoftPasskey::new(true);
        let origin = url::Url::parse(&kit.issuer).unwrap();
        let (browser, _) = kit.sign_in(&shop, &ada).await;
        let page = browser.walk("/account/security").await.page();
        let (mut options, ceremony) = authenticator::begin(&browser, &page, "add-passkey").await;
        let created = passkey.perform_register(origin.clone(), serde_json::from_value(options["publicKey"].take()).unwrap(), 60_000).unwrap();
        let reply = authenticator::answer(&browser, &page, "add-passkey", &ceremony, &serde_json::to_string(&created).unwrap()).await;
        assert!(reply.location().unwrap().ends_with("?added"), "{:?}", reply.location());
        let page = browser.follow(reply).await.page();
        browser.keep_codes(&page).await;
        let browser = kit.browser();
        let page = shop.authorize(&browser, &[]).await.page();
        let reply = browser.type_password(&page, &ada.email, &ada.password).await;
        let challenge = browser.follow(reply).await.page();
        let (mut options, ceremony) = authenticator::begin(&browser, &challenge, "passkey").await;
        let shown = passkey.perform_auth(origin, serde_json::from_value::<webauthn_authenticator_rs::prelude::RequestChallengeResponse>(json!({ "publicKey": options["publicKey"].take() })).unwrap().public_key, 60_000).unwrap();
        let reply = authenticator::answer(&browser, &challenge, "passkey", &ceremony, &serde_json::to_string(&shown).unwrap()).await;
        let claims = tokens(&shop, &browser, reply).await.claims();
        assert_eq!(claims["acr"], "urn:claviger:acr:phishing-resistant", "{claims}");
        assert!(claims["amr"].as_array().unwrap().contains(&Value::from("hwk")), "{claims}");
    }

    async fn related_origins_are_published(kit: Kit) {
        let reply = kit.browser().get("/.well-known/webauthn").await;
        assert_eq!((reply.status, reply.json()), (200, json!({ "origins": [kit.issuer] })));
        let metadata = kit.browser().get("/.well-known/openid-configuration").await.json();
        assert!(metadata["acr_values_supported"].as_array().unwrap().contains(&json!("urn:claviger:acr:phishing-resistant")), "{metadata}");
    }

    /// Verified at enrolment is verified for ever: the same key without its PIN is refused also as the second factor.
    async fn a_key_that_verified_its_user_once_always_does(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (_, mut key) = with_key(&kit, &shop, &ada, "add-security-key", Authenticator { flags: PRESENT | VERIFIED, ..Authenticator::security_key() }).await;
        let browser = kit.browser();
        let page = shop.authorize(&browser, &[]).await.page();
        let reply = browser.type_password(&page, &ada.email, &ada.password).await;
        let challenge = browser.follow(reply).await.page();
        key.flags = PRESENT;
        assert_eq!(authenticator::show(&browser, &challenge, &mut key).await.status, 422);
        key.flags = PRESENT | VERIFIED;
        let challenge = browser.walk(&challenge.url).await.page();
        let reply = authenticator::show(&browser, &challenge, &mut key).await;
        assert_eq!(tokens(&shop, &browser, reply).await.claims()["amr"], json!(["pwd", "hwk", "user", "mfa"]));
    }
}
