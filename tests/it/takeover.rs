//! A takeover, from a stuffed password to goods that go elsewhere: stopped at three places, each of which is seen to hold when those before it are switched off.

use std::sync::Arc;

use crate::kit::shop::read;
use crate::kit::{DAWN, Kit, Place};
use crate::on_both;
use crate::signin_risk::{EDGE, FIREFOX, HOME, RACK, browser_at, regular, try_password};
use claviger::app::config::RawConfig;
use claviger::base::time::ManualClock;
use claviger::risk::login::policy::{Action, Mode};
use serde_json::json;

/// Where a thief was stopped.
#[derive(Debug, PartialEq, Eq)]
enum Stopped {
    Signin,
    Contact,
    Order,
    Nowhere,
}

fn no_step_up(raw: &mut RawConfig) {
    raw.risk.high = Action::Allow;
    raw.risk.severe = Action::Allow;
}

/// A shop whose customers come by way of a proxy, and that is configured so.
async fn let_in(bare: &Kit, adjust: impl FnOnce(&mut RawConfig)) -> Kit {
    let place = Arc::new(Place::new(bare.place.backend));
    Kit::start_with(place, Arc::new(ManualClock::at(DAWN)), |raw| {
        raw.server.trusted_proxies = vec!["127.0.0.0/8".to_owned()];
        adjust(raw);
    })
    .await
}

async fn takeover(bare: &Kit, adjust: fn(&mut RawConfig)) -> Stopped {
    let kit = let_in(bare, adjust).await;
    let (shop, _) = kit.asking_shop("shop", "risk.orders").await;
    let (ada, _) = regular(&kit, "ada", (HOME, FIREFOX), 8).await;
    // Her password was used elsewhere too, and somebody tries it here: from another country, out of a data centre.
    let thief = browser_at(&kit, RACK, EDGE);
    try_password(&thief, &ada, &ada.password).await;
    if thief.get("/account").await.status != 200 {
        return Stopped::Signin;
    }
    // What the shop's page gives them is a session like any other.
    let code = shop.code(&thief, &ada).await;
    let claims = claviger_claims(&shop.redeem(&code).await.json());
    // Mail is to go to them first.
    let page = thief.walk("/account/contact").await.page();
    if page.status == 403 {
        assert!(page.title().contains("waits"), "{}", page.title());
        // Nor does a form that they made up themselves.
        let forged = thief.submit("/account/contact", &[("csrf", "x"), ("kind", "email"), ("value", "thief@example.com")]).await;
        assert_eq!(forged.status, 403);
        for path in ["/account/security", "/account/addresses", "/account/password"] {
            let page = thief.walk(path).await.page();
            assert!(page.status == 403 && page.title().contains("waits"), "{path} {}", page.title());
        }
        // Nor does signing in again and again, in the browser that is known by then, nor a shop that asks for more than they have.
        for _ in 0..3 {
            thief.cookies.lock().unwrap().retain(|name, _| !name.contains("session"));
            try_password(&thief, &ada, &ada.password).await;
            assert_eq!(thief.get("/account/contact").await.status, 403);
        }
        let strict = kit.shop_with("strict", |metadata| metadata.required_acr = Some(claviger::base::assurance::Acr::SecondFactor)).await;
        let page = strict.authorize(&thief, &[]).await.page();
        assert!(page.status == 403 && page.title().contains("waits"), "{} {}", page.url, page.title());
        // What takes nothing over goes on.
        assert_eq!(thief.get("/account").await.status, 200);
        let activity = thief.get("/account/activity").await;
        assert!(activity.body.contains("Unusual: ") && activity.body.contains("From a data centre"), "{}", activity.body);
        // The owner says that it was not them: from the mail about it.
        let link = kit.last_link("/not-me/").await;
        let anybody = kit.browser();
        let page = anybody.get(&link).await;
        assert!(page.body.contains("id=\"submit-me\""), "{}", page.body);
        anybody.press(&page, "not-me", &[]).await;
        assert_ne!(thief.get("/account").await.status, 200);
        return Stopped::Contact;
    }
    let reply = thief.press(&page, "send-email", &[("value", "thief@example.com")]).await;
    assert_eq!(reply.status, 303, "{}", reply.body);
    let page = thief.follow(reply).await.page();
    let reply = thief.press(&page, "prove-email", &[("code", &kit.last_code().await)]).await;
    assert!(thief.follow(reply).await.page().body.contains("thief@example.com"));
    // And goods to a stranger's door.
    let token = shop.own_token("risk.orders").await;
    let order = json!({
        "order_id": "o-1", "sub": claims["sub"], "amount": { "currency": "EUR", "value": "149.00" }, "items": [{ "category": "electronics", "qty": 1, "value": "149.00" }],
        "shipping": { "address": { "street_address": "7 Other Road", "postal_code": "M1 1AE", "country": "GB" }, "method": "standard" },
        "payment": { "token": "pm_on_file", "country": "GB", "avs": "unavailable", "cvc": "unavailable" }, "device": { "sid": claims["sid"], "ip": RACK },
    });
    let url = format!("{}/api/v1/risk/orders", shop.issuer);
    let told = read(shop.client.post(&url).bearer_auth(&token).header("content-type", "application/json").body(order.to_string()), url).await.json();
    match told["action"].as_str() {
        Some("allow") => Stopped::Nowhere,
        Some("step_up" | "review") => {
            assert!(told["rules"].as_array().unwrap().iter().any(|rule| rule["rule"] == "contact_changed_and_new_place"), "{told}");
            Stopped::Order
        }
        _ => panic!("{told}"),
    }
}

fn claviger_claims(tokens: &serde_json::Value) -> serde_json::Value {
    let payload = tokens["id_token"].as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&claviger::base::encoding::from_base64url(payload).unwrap()).unwrap()
}

on_both! {
    async fn a_takeover_is_stopped_at_three_places(bare: Kit) {
        assert_eq!(takeover(&bare, |_| {}).await, Stopped::Signin);
        assert_eq!(takeover(&bare, no_step_up).await, Stopped::Contact);
        let only_orders = |raw: &mut RawConfig| { no_step_up(raw); raw.risk.hold_hours = 0; };
        assert_eq!(takeover(&bare, only_orders).await, Stopped::Order);
        let nothing = |raw: &mut RawConfig| { no_step_up(raw); raw.risk.hold_hours = 0; raw.risk.orders_mode = Mode::Audit; };
        assert_eq!(takeover(&bare, nothing).await, Stopped::Nowhere, "so each of the three is what stopped it");
    }

    async fn a_shop_that_asks_for_more_first_is_no_way_round(bare: Kit) {
        let kit = let_in(&bare, no_step_up).await;
        let (ada, own) = regular(&kit, "ada", (HOME, FIREFOX), 8).await;
        let strict = kit.shop_with("strict", |metadata| metadata.required_acr = Some(claviger::base::assurance::Acr::SecondFactor)).await;
        // Within the strange sign-in itself a factor of the thief's own would be added.
        let thief = browser_at(&kit, RACK, EDGE);
        let page = strict.authorize(&thief, &[]).await.page();
        let reply = thief.type_password(&page, &ada.email, &ada.password).await;
        let page = thief.follow(reply).await.page();
        assert!(page.status == 403 && page.title().contains("waits"), "{} {}", page.url, page.title());
        // Its owner is not held up by that.
        let page = strict.authorize(&own, &[]).await.page();
        let reply = own.type_password(&page, &ada.email, &ada.password).await;
        let page = own.follow(reply).await.page();
        assert!(page.status == 200 && page.url.ends_with("/enrol"), "{} {}", page.url, page.title());
    }

    async fn whoever_said_that_it_was_not_them_gets_in_again_at_once(bare: Kit) {
        let kit = let_in(&bare, no_step_up).await;
        let (ada, _) = regular(&kit, "ada", (HOME, FIREFOX), 8).await;
        let thief = browser_at(&kit, RACK, EDGE);
        try_password(&thief, &ada, &ada.password).await;
        let link = kit.last_link("/not-me/").await;
        let own = browser_at(&kit, HOME, FIREFOX);
        let page = own.get(&link).await;
        own.press(&page, "not-me", &[]).await;
        // In a browser that nobody knows any longer, with a password that has to be replaced.
        let page = try_password(&own, &ada, &ada.password).await;
        assert!(page.status == 200 && page.url.ends_with("/new-password"), "{} {}", page.url, page.title());
    }

    async fn an_order_answers_for_the_strangest_sign_in_that_its_session_may_come_from(bare: Kit) {
        let kit = let_in(&bare, |raw| {
            no_step_up(raw);
            raw.risk.hold_hours = 0;
        })
        .await;
        let (shop, _) = kit.asking_shop("shop", "risk.orders").await;
        let (ada, own) = regular(&kit, "ada", (HOME, FIREFOX), 8).await;
        let thief = browser_at(&kit, RACK, EDGE);
        // Signed in once more in the same browser, which is known by then; and the owner, meanwhile, in theirs.
        for _ in 0..12 {
            try_password(&thief, &ada, &ada.password).await;
            thief.cookies.lock().unwrap().retain(|name, _| !name.contains("session"));
        }
        try_password(&own, &ada, &ada.password).await;
        let token = shop.own_token("risk.orders").await;
        let judge = async |browser: &crate::kit::Browser, number: &str| {
            let claims = claviger_claims(&shop.redeem(&shop.code(browser, &ada).await).await.json());
            let order = json!({
                "order_id": number, "sub": claims["sub"], "amount": { "currency": "EUR", "value": "149.00" }, "items": [{ "category": "electronics", "qty": 1, "value": "149.00" }],
                "shipping": { "address": { "street_address": "7 Other Road", "postal_code": "M1 1AE", "country": "GB" }, "method": "standard" },
                "payment": { "token": "pm_on_file", "country": "GB", "avs": "unavailable", "cvc": "unavailable" }, "device": { "sid": claims["sid"], "ip": RACK },
            });
            let url = format!("{}/api/v1/risk/orders", shop.issuer);
            let told = read(shop.client.post(&url).bearer_auth(&token).header("content-type", "application/json").body(order.to_string()), url).await.json();
            told["rules"].as_array().unwrap().iter().any(|rule| rule["rule"] == "strange_sign_in_and_new_place")
        };
        assert!(judge(&thief, "o-1").await);
    }

    async fn an_owner_who_says_that_it_was_them_does_not_wait(bare: Kit) {
        let kit = let_in(&bare, no_step_up).await;
        let (ada, own) = regular(&kit, "ada", (HOME, FIREFOX), 8).await;
        let laptop = browser_at(&kit, RACK, EDGE);
        try_password(&laptop, &ada, &ada.password).await;
        assert_eq!(laptop.get("/account/contact").await.status, 403);
        // From the browser that they always use nothing waits, and signing in again elsewhere does not help a thief.
        try_password(&own, &ada, &ada.password).await;
        assert_eq!(own.get("/account/contact").await.status, 200);
        let again = browser_at(&kit, RACK, EDGE);
        try_password(&again, &ada, &ada.password).await;
        assert_eq!(again.get("/account/contact").await.status, 403);
        kit.advance(60);
        let link = kit.last_link("/not-me/").await;
        let anybody = kit.browser();
        let page = anybody.get(&link).await;
        let reply = anybody.press(&page, "was-me", &[]).await;
        assert_eq!(reply.title(), "Thank you");
        assert_eq!(kit.audited("signin_confirmed", "").await, 1);
        // The first of the two is still nobody's.
        assert_eq!((laptop.get("/account/contact").await.status, again.get("/account/contact").await.status), (403, 403));
        // A wrong button is no harm: the link still stops everybody.
        let page = anybody.get(&link).await;
        anybody.press(&page, "not-me", &[]).await;
        assert_ne!(again.get("/account").await.status, 200);
    }

    async fn what_waited_goes_on_with_the_answer_or_after_a_day(bare: Kit) {
        let kit = let_in(&bare, no_step_up).await;
        for (name, says_so) in [("ada", true), ("bob", false)] {
            let (person, _) = regular(&kit, name, (HOME, FIREFOX), 8).await;
            let laptop = browser_at(&kit, RACK, EDGE);
            try_password(&laptop, &person, &person.password).await;
            assert_eq!(laptop.get("/account/contact").await.status, 403);
            if says_so {
                let link = kit.last_link("/not-me/").await;
                let page = kit.browser();
                let form = page.get(&link).await;
                page.press(&form, "was-me", &[]).await;
            } else {
                kit.advance(86_401);
                let page = laptop.walk("/account/contact").await.page();
                laptop.type_password(&page, &person.email, &person.password).await;
            }
            assert_eq!(laptop.get("/account/contact").await.status, 200, "{name}");
        }
    }
}
