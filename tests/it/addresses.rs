//! Profile and postal addresses: what shops are told, what cannot be an address, and what stands still after "this was not me".

use crate::kit::{Browser, Kit, Person, Reply, Shop};
use crate::on_both;

async fn open(browser: &Browser, path: &str, person: &Person) -> Reply {
    let page = browser.walk(path).await.page();
    if page.body.contains("id=\"signin\"") {
        let reply = browser.type_password(&page, &person.email, &person.password).await;
        return browser.follow(reply).await.page();
    }
    page
}

async fn claims(shop: &Shop, browser: &Browser) -> serde_json::Value {
    let code = shop.authorize(browser, &[("scope", "openid profile address")]).await.away()["code"].clone();
    let tokens = shop.redeem(&code).await.json();
    shop.userinfo(tokens["access_token"].as_str().unwrap()).await.json()
}

const HOME: [(&str, &str); 5] = [("street", "1 Main St\r\n  Flat 2"), ("postal_code", "94103"), ("locality", "San Francisco"), ("region", "ca"), ("country", "US")];

async fn add(browser: &Browser, fields: &[(&str, &str)]) -> Reply {
    let page = browser.get("/account/addresses/new").await;
    let reply = browser.press(&page, "submit", fields).await;
    if reply.status == 303 { browser.follow(reply).await.page() } else { reply }
}

on_both! {
    async fn addresses_are_checked_kept_in_order_and_told_to_shops(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let browser = kit.browser();
        let page = open(&browser, "/account/addresses", &ada).await;
        assert_eq!(page.title(), "Your addresses");
        assert_eq!(page.body.matches("<address>").count(), 1, "the one that they came with");
        let wrong = add(&browser, &[("street", "1 Main St"), ("postal_code", "1"), ("locality", ""), ("region", ""), ("country", "US")]).await;
        assert_eq!(wrong.status, 422);
        for field in ["postal-code", "locality", "region"] {
            assert!(wrong.body.contains(&format!("id=\"wrong-{field}\"")), "{field}");
        }
        assert!(!wrong.body.contains("id=\"wrong-street\"") && wrong.body.contains("1 Main St"), "what was typed is not lost");
        let page = add(&browser, &HOME).await;
        assert!(page.body.contains("1 Main St<br>Flat 2<br>San Francisco CA 94103<br>United States"), "{}", page.body);
        assert!(kit.mails().await.iter().any(|mail| mail.to == ada.email && mail.subject == "Your postal addresses were changed" && mail.text.contains("/not-me/")));
        let page = add(&browser, &[("recipient", "<b>Bob</b>\u{202e}"), ("street", "10 Downing Street"), ("postal_code", "sw1a2aa"), ("locality", "London"), ("country", "GB")]).await;
        assert!(page.body.contains("&#60;b&#62;Bob&#60;/b&#62;<br>10 Downing Street<br>London<br>SW1A 2AA<br>United Kingdom"), "{}", page.body);
        let before = claims(&shop, &browser).await;
        let reply = browser.press(&page, "prefer-2", &[]).await;
        let page = browser.follow(reply).await.page();
        let told = claims(&shop, &browser).await;
        assert_ne!(before["address"], told["address"]);
        assert_eq!(told["address"]["street_address"], "1 Main St\nFlat 2");
        assert_eq!((&told["address"]["region"], &told["address"]["country"]), (&"CA".into(), &"US".into()));
        assert_eq!(told["address"]["formatted"], "1 Main St\nFlat 2\nSan Francisco CA 94103\nUS");
        // Changed in place.
        let link = page.body.split("href=\"/account/addresses/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let form = browser.get(&format!("/account/addresses/{link}")).await;
        assert!(form.body.contains("value=\"US\" selected") && form.body.contains("value=\"94103\""));
        let moved = browser.press(&form, "submit", &[("street", "2 Main St"), ("postal_code", "94103"), ("locality", "San Francisco"), ("region", "CA"), ("country", "US")]).await;
        let page = browser.follow(moved).await.page();
        assert_eq!(claims(&shop, &browser).await["address"]["street_address"], "2 Main St");
        // Up to ten.
        for number in 3..10 {
            add(&browser, &[("street", &format!("{number} Main St")), ("postal_code", "94103"), ("locality", "San Francisco"), ("region", "CA"), ("country", "US")]).await;
        }
        let full = add(&browser, &HOME).await;
        assert!(full.status == 422 && full.body.contains("as many as one account can have"), "{}", full.body);
        // Somebody else's page of an address that is not theirs, and one that is gone.
        let bob = kit.customer("bob").await;
        let other = kit.browser();
        open(&other, "/account/addresses", &bob).await;
        assert_eq!(other.get(&format!("/account/addresses/{link}")).await.status, 404);
        let reply = browser.press(&page, "remove-1", &[]).await;
        assert_eq!(reply.status, 303);
        assert_eq!(browser.get(&format!("/account/addresses/{link}")).await.status, 404);
        assert_eq!(browser.press(&form, "submit", &HOME).await.status, 404);
        assert_eq!(kit.audited("address_changed", "").await, 12);
    }

    async fn after_this_was_not_me_addresses_stand_still_and_shops_know(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let browser = kit.browser();
        open(&browser, "/account/addresses", &ada).await;
        add(&browser, &HOME).await;
        assert!(claims(&shop, &browser).await.get("urn:claviger:frozen_until").is_none());
        let (id, until) = (ada.id.clone(), kit.node.base.tools.now().plus(86_400));
        kit.node.base.db.write(move |tx| claviger::identity::customers::details::store::freeze(tx, &id, until)).await.unwrap();
        let page = open(&browser, "/account/addresses", &ada).await;
        let refused = add(&browser, &[("street", "Thief Lane 1"), ("postal_code", "10115"), ("locality", "Berlin"), ("country", "DE")]).await;
        assert!(refused.status == 422 && refused.body.contains("stands still"), "{}", refused.body);
        for button in ["prefer-2", "remove-1"] {
            let refused = browser.press(&page, button, &[]).await;
            assert!(refused.status == 422 && refused.body.contains("stands still"), "{button}");
        }
        assert_eq!(claims(&shop, &browser).await["urn:claviger:frozen_until"], until.0);
        kit.advance(86_401);
        let page = open(&browser, "/account/addresses", &ada).await;
        assert_eq!(page.body.matches("<address>").count(), 2);
        assert!(claims(&shop, &browser).await.get("urn:claviger:frozen_until").is_none());
    }

    async fn a_profile_is_changed_and_told(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let browser = kit.browser();
        let page = open(&browser, "/account/profile", &ada).await;
        assert_eq!(page.title(), "Your profile");
        let nameless = browser.press(&page, "submit", &[("name", " \u{200b} "), ("nickname", "Countess")]).await;
        assert!(nameless.status == 422 && nameless.body.contains("value=\"Countess\""), "what was typed is not lost");
        assert_eq!(browser.press(&page, "submit", &[("name", &"x".repeat(101))]).await.status, 422);
        let reply = browser.press(&page, "submit", &[("name", "Ada  King\u{7}"), ("given_name", "Ada"), ("family_name", "King"), ("nickname", ""), ("locale", "en")]).await;
        let page = browser.follow(reply).await.page();
        assert!(page.body.contains("id=\"message\"") && page.body.contains("value=\"Ada King\""), "{}", page.body);
        let told = claims(&shop, &browser).await;
        assert_eq!((&told["name"], &told["family_name"], &told["locale"]), (&"Ada King".into(), &"King".into(), &"en".into()));
        assert_eq!(told.get("nickname"), None);
        assert_eq!(kit.audited("profile_changed", "").await, 1);
    }
}
