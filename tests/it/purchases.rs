//! Purchases that a customer confirms (RFC 9396): told before anything is typed, told in the tokens once, and paused for gift cards.

use std::sync::Arc;

use crate::kit::shop::{Tokens, claims_of};
use crate::kit::{Backend, Browser, DAWN, Kit, Landing, Person, Place, Reply, Shop};
use crate::on_both;
use claviger::base::assurance::FactorKind;
use claviger::base::time::ManualClock;
use claviger::identity::customers::store as customers;
use claviger::oauth::clients::metadata::{AccessTokenFormat, ConsentPolicy};
use claviger::platform::outbox::store as outbox;
use serde_json::{Value, json};

const PLAIN: &str = r#"[{"type":"purchase","order_id":"2026-4711","amount":{"currency":"EUR","value":"1249.90"},"payee":"Canary Payee Ltd"}]"#;
const CARDS: &str = r#"[{"type":"purchase","order_id":"2026-4712","amount":{"currency":"USD","value":"500.00"},"payee":"shop & sons","gift_cards":true}]"#;

async fn storefront(kit: &Kit, id: &str, format: AccessTokenFormat) -> Shop {
    kit.shop_with(id, |metadata| {
        metadata.authorization_details_types = vec!["purchase".into()];
        metadata.access_token_format = format;
    })
    .await
}

/// Signs in at the page that a purchase leads to, which names it.
async fn confirm(browser: &Browser, shop: &Shop, person: &Person, details: &str) -> Reply {
    let page = shop.authorize(browser, &[("authorization_details", details)]).await.page();
    assert!(page.url.contains("/signin/"), "whoever was signed in shows it again: {}", page.url);
    let section = page.body.split("id=\"purchase\"").nth(1).unwrap_or_else(|| panic!("{}", page.body));
    let payee = format!("Paid to {}", serde_json::from_str::<Value>(details).unwrap()[0]["payee"].as_str().unwrap());
    let words = match details {
        CARDS => ["500.00\u{a0}USD", "At shop &#38; sons", "Order 2026-4712"],
        _ => ["1,249.90\u{a0}EUR", payee.as_str(), "Order 2026-4711"],
    };
    for words in words {
        assert!(section.contains(words), "{words}: {section}");
    }
    browser.type_password(&page, &person.email, &person.password).await
}

on_both! {
    async fn a_confirmed_purchase_stands_in_the_tokens_of_its_code_and_in_no_others(kit: Kit) {
        let ada = kit.customer("ada").await;
        for format in [AccessTokenFormat::Jwt, AccessTokenFormat::Opaque] {
            let shop = storefront(&kit, if format == AccessTokenFormat::Jwt { "shop" } else { "dull" }, format).await;
            let (browser, before) = kit.sign_in(&shop, &ada).await;
            assert!(before.0.get("authorization_details").is_none() && before.claims().get("authorization_details").is_none());
            let reply = confirm(&browser, &shop, &ada, PLAIN).await;
            let tokens = Tokens(shop.redeem(&browser.follow(reply).await.away()["code"]).await.json());
            let expected: Value = serde_json::from_str(PLAIN).unwrap();
            assert_eq!((&tokens.0["authorization_details"], &tokens.claims()["authorization_details"]), (&expected, &expected));
            assert_eq!(shop.introspect(&tokens.access()).await["authorization_details"], expected);
            if format == AccessTokenFormat::Jwt {
                assert_eq!(claims_of(&tokens.access())["authorization_details"], expected);
            }
            let later = Tokens(shop.refresh(&tokens.refresh()).await.json());
            assert!(later.0.get("authorization_details").is_none() && claims_of(&later.id()).get("authorization_details").is_none());
            assert!(shop.introspect(&later.access()).await.get("authorization_details").is_none());
            assert!(shop.introspect(&tokens.refresh()).await.get("authorization_details").is_none());
            // The customer can look up what was confirmed; the log itself names none of it.
            let log = browser.walk("/account/activity").await.page();
            assert!(log.body.contains("1,249.90\u{a0}EUR · Canary Payee Ltd · 2026-4711"), "{}", log.body);
            assert!(kit.audit().await.iter().all(|event| !event.detail.contains("4711") && !event.detail.contains("1249")));
            // A second purchase is confirmed by itself, however fresh the first one is.
            let page = shop.authorize(&browser, &[("authorization_details", CARDS)]).await.page();
            assert!(page.url.contains("/signin/"));
            assert_eq!(shop.authorize(&browser, &[("authorization_details", PLAIN), ("prompt", "none")]).await.error(), "login_required");
        }
        assert_eq!(kit.audited("purchase_confirmed", "").await, 2);
        let discovery = kit.browser().get("/.well-known/openid-configuration").await.json();
        assert_eq!(discovery["authorization_details_types_supported"], json!(["purchase"]));
    }

    async fn whoever_is_paid_for_the_first_time_is_worth_a_card(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, storefront(&kit, "shop", AccessTokenFormat::Jwt).await);
        let card = async |browser: &Browser| browser.walk("/account").await.page().body.contains("Did you pay somebody new?");
        let buy = async |payee: &str| {
            let browser = kit.browser();
            let reply = confirm(&browser, &shop, &ada, &PLAIN.replace("Canary Payee Ltd", payee)).await;
            assert!(browser.follow(reply).await.away().contains_key("code"), "{payee}");
            browser
        };
        assert!(!card(&buy("Canary Payee Ltd").await).await, "there is nobody to compare with");
        assert!(!card(&buy("canary payee LTD").await).await, "the same, written otherwise");
        let browser = buy("Somebody Else").await;
        let page = browser.walk("/account").await.page();
        assert!(page.body.contains("Did you pay somebody new?") && !page.body.contains("Somebody Else"), "{}", page.body);
        let reply = browser.press(&page, "card-act", &[("answer", "act")]).await;
        assert!(reply.location().unwrap().ends_with("/account/activity"));
        assert!(!card(&buy("Somebody Else").await).await, "and known from then on");
    }

    async fn of_two_purchases_in_two_tabs_each_is_confirmed_by_its_own_pages(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, storefront(&kit, "shop", AccessTokenFormat::Jwt).await);
        let (browser, large) = (kit.browser(), PLAIN.replace("4711", "4713").replace("1249.90", "9000.00"));
        let waiting = shop.authorize(&browser, &[("authorization_details", &large)]).await.page();
        kit.advance(2);
        let reply = confirm(&browser, &shop, &ada, PLAIN).await;
        let request = waiting.hidden_fields("id=\"signin\"").len();
        assert!(request > 0 && browser.follow(reply).await.away().contains_key("code"));
        // What was typed for the small one says nothing about the large one, nor does a sign-in for nothing at all.
        for _ in 0..2 {
            let page = browser.walk(&waiting.url).await.page();
            assert!(page.url.contains("/signin/") && page.body.contains("9,000.00\u{a0}EUR"), "{} {}", page.url, page.body);
            kit.advance(2);
            let security = browser.walk("/signin").await.page();
            assert!(!security.url.contains("/signin/"), "signed in");
            kit.advance(400);
            let page = browser.walk("/account/security").await.page();
            let reply = browser.type_password(&page, &ada.email, &ada.password).await;
            browser.follow(reply).await.page();
        }
        assert_eq!(kit.audited("purchase_confirmed", "").await, 1);
        // Its own pages do.
        let page = browser.walk(&waiting.url).await.page();
        let reply = browser.type_password(&page, &ada.email, &ada.password).await;
        let tokens = Tokens(shop.redeem(&browser.follow(reply).await.away()["code"]).await.json());
        assert_eq!(tokens.0["authorization_details"][0]["amount"]["value"], "9000.00");
        assert_eq!(kit.audited("purchase_confirmed", "").await, 2);
    }

    async fn whoever_joins_on_the_way_sees_what_is_bought(kit: Kit) {
        let shop = storefront(&kit, "shop", AccessTokenFormat::Jwt).await;
        let browser = kit.browser();
        let mut page = shop.authorize(&browser, &[("authorization_details", PLAIN), ("prompt", "create")]).await.page();
        for step in [("email", "grace@example.com"), ("code", ""), ("name", "Grace"), ("new_password", "wombat harmonica quill")] {
            assert!(page.url.contains("/join") && page.body.contains("id=\"purchase\"") && page.body.contains("1,249.90\u{a0}EUR"), "{}: {}", step.0, page.body);
            let code = if step.0 == "code" { kit.last_code().await } else { step.1.to_owned() };
            let reply = browser.press(&page, if step.0 == "new_password" { "join-password" } else { "submit" }, &[(step.0, &code)]).await;
            match browser.follow(reply).await {
                Landing::Page(next) => page = next,
                Landing::Away(_, answer) => assert!(step.0 == "new_password" && answer.contains_key("code"), "{answer:?}"),
            }
        }
        assert_eq!(kit.audited("purchase_confirmed", "").await, 1);
        // An app of another party shows it beside what it asks for.
        let other = kit.shop_with("other", |metadata| {
            metadata.authorization_details_types = vec!["purchase".into()];
            metadata.consent = ConsentPolicy::Explicit;
        }).await;
        let ada = kit.customer("ada").await;
        let reply = confirm(&browser, &other, &ada, PLAIN).await;
        let page = browser.follow(reply).await.page();
        assert!(page.url.ends_with("/consent") && page.body.contains("1,249.90\u{a0}EUR"), "{}", page.body);
    }

    async fn details_that_are_not_understood_or_not_registered_are_refused(kit: Kit) {
        let (shop, other) = (storefront(&kit, "shop", AccessTokenFormat::Jwt).await, kit.shop("other").await);
        let browser = kit.browser();
        assert_eq!(other.authorize(&browser, &[("authorization_details", PLAIN)]).await.error(), "invalid_authorization_details");
        let spoilt = PLAIN.replace("1249.90", "1249.9");
        for details in ["[]", "{", "\"purchase\"", &format!("[{0},{0}]", &PLAIN[1..PLAIN.len() - 1]), &PLAIN.replace("purchase", "payment_initiation"), &PLAIN.replace("}]", ",\"iban\":\"x\"}]"), &spoilt] {
            assert_eq!(shop.authorize(&browser, &[("authorization_details", details)]).await.error(), "invalid_authorization_details", "{details}");
        }
        // At the token endpoint nothing is added, and nothing passed over.
        let ada = kit.customer("ada").await;
        let (_, tokens) = kit.sign_in(&shop, &ada).await;
        let reply = shop.post("/token", &[("grant_type", "refresh_token"), ("refresh_token", &tokens.refresh()), ("authorization_details", PLAIN)]).await;
        assert_eq!((reply.status, reply.json()["error"].as_str()), (400, Some("invalid_authorization_details")));
    }

    async fn gift_cards_wait_for_ten_seconds_or_are_not_bought(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, storefront(&kit, "shop", AccessTokenFormat::Jwt).await);
        let browser = kit.browser();
        let reply = confirm(&browser, &shop, &ada, CARDS).await;
        let page = browser.follow(reply).await.page();
        assert_eq!(page.title(), "Before you buy gift cards", "{}", page.body);
        let flow = page.url.clone();
        // Neither the page again, nor the way round it, nor the button before its time.
        kit.advance(9);
        assert_eq!(browser.walk(&flow.replace("/pause", "")).await.page().title(), "Before you buy gift cards");
        assert_eq!(browser.walk(&flow.replace("/pause", "/consent")).await.page().title(), "Before you buy gift cards");
        let early = browser.press(&page, "go-on", &[]).await;
        assert!(early.status == 409 && early.body.contains("you can go on in 1 second."), "{}", early.body);
        // Not from elsewhere, nor in another browser.
        let stranger = kit.browser();
        assert_eq!(stranger.get(&flow).await.status, 403);
        let address = flow.replace(&kit.issuer, "");
        assert_eq!(browser.post(&address, &[("csrf", "x"), ("decision", "go-on")]).await.status, 403);
        kit.advance(1);
        let reply = browser.press(&page, "go-on", &[]).await;
        let tokens = Tokens(shop.redeem(&browser.follow(reply).await.away()["code"]).await.json());
        assert_eq!(tokens.0["authorization_details"][0]["gift_cards"], true);
        assert!(browser.get(&flow).await.status >= 400, "answered");
        // Who thinks better of it goes back to the shop without.
        kit.advance(60);
        let reply = confirm(&browser, &shop, &ada, CARDS).await;
        let page = browser.follow(reply).await.page();
        let reply = browser.press(&page, "stop", &[]).await;
        assert_eq!(browser.follow(reply).await.error(), "access_denied");
        assert_eq!((kit.audited("card_shown", "").await, kit.audited("card_answered", "").await, kit.audited("purchase_confirmed", "").await), (2, 2, 1));
        // Each purchase has its own.
        let reply = confirm(&browser, &shop, &ada, CARDS).await;
        assert_eq!(browser.follow(reply).await.page().title(), "Before you buy gift cards");
    }
}

async fn codes_name_the_purchase(backend: Backend) {
    if backend == Backend::Postgres && std::env::var("TEST_DB").as_deref() == Ok("sqlite") {
        eprintln!("TEST_DB=sqlite: not run on PostgreSQL");
        return;
    }
    let place = Arc::new(Place::new(backend));
    let secret = place.folder.path().join("sms.secret");
    std::fs::write(&secret, "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ=").unwrap();
    let kit = Kit::start_with(place, Arc::new(ManualClock::at(DAWN)), |raw| {
        raw.codes.email = true;
        raw.codes.sms = claviger::app::config::SmsWay::Webhook;
        raw.codes.sms_url = "https://sms.invalid/".into();
        raw.codes.sms_secret_file = secret.display().to_string();
    })
    .await;
    let shop = storefront(&kit, "shop", AccessTokenFormat::Jwt).await;
    for (kind, path) in [(FactorKind::EmailCode, "/email-code"), (FactorKind::SmsCode, "/sms-code")] {
        let person = kit.customer(if kind == FactorKind::EmailCode { "ada" } else { "bob" }).await;
        let (id, now) = (person.id.clone(), kit.node.base.tools.now());
        kit.node.base.db.write(move |tx| customers::keep_code_channel(tx, &id, kind, Some(now))).await.unwrap();
        let browser = kit.browser();
        let reply = confirm(&browser, &shop, &person, PLAIN).await;
        let page = browser.follow(reply).await.page();
        assert!(page.url.ends_with(path) && page.body.contains("id=\"purchase\"") && page.body.contains("1,249.90\u{a0}EUR"), "{}", page.body);
        let reply = browser.press(&page, "send", &[]).await;
        let page = browser.follow(reply).await.page();
        let tools = kit.node.base.tools.clone();
        let (mails, texts) =
            kit.node.base.db.write(move |tx| Ok((outbox::lease_due(tx, &tools, 100)?.messages, outbox::lease_due_texts(tx, &tools, 100)?.messages))).await.unwrap();
        let all: Vec<String> = mails.into_iter().map(|mail| mail.content.text).chain(texts.into_iter().map(|text| text.content.text)).collect();
        let text = all.iter().find(|text| text.contains("1,249.90\u{a0}EUR")).unwrap_or_else(|| panic!("{all:?}"));
        assert!(text.contains("shop & sons") && text.contains("will ever ask you for it"), "{text}");
        assert!(!text.contains("Canary Payee") && !text.contains("4711"), "nothing of a request's own words: {text}");
        let code = text.trim_end().rsplit('#').next().unwrap().to_owned();
        let reply = browser.press(&page, "code", &[("code", &code)]).await;
        assert!(browser.follow(reply).await.away().contains_key("code"));
        // Kept for the customer without the code, and known again when it is pasted.
        let messages = browser.walk("/account/messages").await.page();
        assert!(messages.body.contains("1,249.90\u{a0}EUR") && !messages.body.contains(&code), "{}", messages.body);
    }
}

#[test]
fn codes_name_the_purchase_sqlite() {
    actix_web::rt::System::new().block_on(codes_name_the_purchase(Backend::Sqlite));
}

#[test]
fn codes_name_the_purchase_postgres() {
    actix_web::rt::System::new().block_on(codes_name_the_purchase(Backend::Postgres));
}
