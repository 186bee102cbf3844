//! Clocks that jump, and nodes whose clocks differ (X14).

use std::net::TcpListener;
use std::sync::Arc;

use crate::factors::{code, enrol, type_code};
use crate::kit::{Browser, Kit, Person, Reply, Shop};
use crate::on_both;
use claviger::base::time::ManualClock;

/// A second node on the same database whose clock goes `ahead` seconds before that of `kit`.
async fn another(kit: &Kit, ahead: i64) -> (Kit, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
    let clock = Arc::new(ManualClock::at(claviger::base::time::UnixSeconds(kit.clock_now() + ahead)));
    (Kit::start_on(listener, kit.issuer.clone(), kit.place.clone(), clock, |_| {}).await, address)
}

async fn challenged(browser: &Browser, shop: &Shop, person: &Person) -> Reply {
    let page = shop.authorize(browser, &[("prompt", "login")]).await.page();
    let reply = browser.type_password(&page, &person.email, &person.password).await;
    browser.follow(reply).await.page()
}

on_both! {
    /// Two minutes between two nodes: tokens, sessions and codes of the one are good at the other, and nothing is good twice.
    async fn x14_nodes_two_minutes_apart_act_as_one(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (ahead, address) = another(&kit, 120).await;
        let there = kit.browser().at(&address);
        // Signed in by the clock that is ahead; used where it is earlier.
        let answer = shop.sign_in(&there, &ada, &[]).await.away();
        let tokens = shop.redeem(&answer["code"]).await;
        assert_eq!(tokens.status, 200, "a code of the other node, which is not of the future: {}", tokens.body);
        let tokens = crate::kit::Tokens(shop.post_to(&address, "/token", &[("grant_type", "refresh_token"), ("refresh_token", &crate::kit::Tokens(tokens.json()).refresh())]).await.json());
        assert_eq!(shop.userinfo(&tokens.access()).await.status, 200, "a token from two minutes ahead");
        let here = there.at(&kit.issuer);
        assert_eq!(here.get("/account").await.status, 200);
        assert_eq!(shop.redeem(&answer["code"]).await.json()["error"], "invalid_grant", "used");
        // A code of the app counts once on either, and the steps only go up.
        let seed = enrol(&kit, &ada).await;
        let browser = kit.browser();
        let first = code(&ahead, &seed, 0);
        let page = challenged(&browser.at(&address), &shop, &ada).await;
        assert_eq!(type_code(&browser.at(&address), &page, &first).await.status, 303);
        for (node, base) in [(&kit, kit.issuer.clone()), (&ahead, address.clone())] {
            let again = kit.browser().at(&base);
            let page = challenged(&again, &shop, &ada).await;
            assert_eq!(type_code(&again, &page, &first).await.status, 422, "the same code again");
            assert_eq!(type_code(&again, &page, &code(node, &seed, i64::from(base != address))).await.status, 422, "a step that is not above the last one");
        }
        ahead.handle.stop(false).await;
    }

    /// The clock jumps to and fro: what was used up, ended or locked stays so.
    async fn x14_a_clock_that_jumps_brings_nothing_back(kit: Kit) {
        let (ada, eve, shop) = (kit.customer("ada").await, kit.customer("eve").await, kit.shop("shop").await);
        let seed = enrol(&kit, &ada).await;
        let browser = kit.browser();
        let page = challenged(&browser, &shop, &ada).await;
        let shown = code(&kit, &seed, 0);
        let answer = { let reply = type_code(&browser, &page, &shown).await; browser.follow(reply).await.away() };
        let first = crate::kit::Tokens(shop.redeem(&answer["code"]).await.json()).refresh();
        assert_eq!(shop.refresh(&first).await.status, 200);
        kit.advance(60);
        assert_eq!(shop.refresh(&first).await.json()["error"], "invalid_grant");
        let page = browser.walk("/logout/confirm").await.page();
        browser.press(&page, "sign-out", &[]).await;
        // Somebody is shut out.
        let guesser = kit.browser();
        let mut last = 0;
        for _ in 0..12 {
            let page = shop.authorize(&guesser, &[]).await.page();
            last = guesser.type_password(&page, &eve.email, "not this one").await.status;
        }
        assert_eq!(last, 429);
        for jump in [90, -90, -90, 90, -7_200, 7_200, -86_400] {
            kit.advance(jump);
            assert_eq!(shop.redeem(&answer["code"]).await.json()["error"], "invalid_grant", "after {jump} s");
            assert_eq!(shop.refresh(&first).await.json()["error"], "invalid_grant", "after {jump} s");
            assert_eq!(browser.get("/account").await.status, 303, "signed out, after {jump} s");
            let again = kit.browser();
            let page = challenged(&again, &shop, &ada).await;
            assert!(matches!(type_code(&again, &page, &shown).await.status, 422 | 429), "after {jump} s");
            if jump.abs() < 7_200 {
                let page = shop.authorize(&guesser, &[]).await.page();
                assert_eq!(guesser.type_password(&page, &eve.email, &eve.password).await.status, 429, "still shut out after {jump} s");
            }
        }
    }
}
