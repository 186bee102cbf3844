//! Guests of a storefront: a subject that whoever joins keeps, once, and that never becomes somebody else's.

use crate::kit::{Browser, Kit, Shop};
use crate::on_both;
use claviger::oauth::clients::metadata::GrantType;
use claviger::oauth::scope::Scope;

async fn storefront(kit: &Kit, id: &str) -> Shop {
    kit.shop_with(id, |metadata| {
        metadata.scope = Scope::from("openid email offline_access guests".to_owned());
        metadata.grant_types.push(GrantType::ClientCredentials);
    })
    .await
}

async fn ask(kit: &Kit, token: &str) -> (u16, serde_json::Value) {
    let reply = crate::kit::browser::http().post(kit.url("/guests")).bearer_auth(token).send().await.unwrap();
    let status = reply.status().as_u16();
    (status, serde_json::from_str(&reply.text().await.unwrap()).unwrap_or_default())
}

async fn guest(kit: &Kit, shop: &Shop) -> (String, String) {
    let token = shop.post("/token", &[("grant_type", "client_credentials"), ("scope", "guests")]).await.json()["access_token"].as_str().unwrap().to_owned();
    let (status, told) = ask(kit, &token).await;
    assert_eq!((status, told["expires_in"].as_i64()), (201, Some(90 * 86_400)));
    (told["sub"].as_str().unwrap().to_owned(), told["guest_token"].as_str().unwrap().to_owned())
}

const SCOPE: (&str, &str) = ("scope", "openid email");

/// Joins from the shop with a guest's token; the subject in the ID token.
async fn join(kit: &Kit, shop: &Shop, browser: &Browser, email: &str, more: &[(&str, &str)]) -> String {
    let mut wanted = vec![SCOPE, ("prompt", "create")];
    wanted.extend_from_slice(more);
    let page = shop.authorize(browser, &wanted).await.page();
    assert_eq!(page.title(), "Create an account", "{}", page.body);
    let reply = browser.press(&page, "submit", &[("email", email)]).await;
    let page = browser.follow(reply).await.page();
    let reply = browser.press(&page, "submit", &[("code", &kit.last_code().await)]).await;
    let page = browser.follow(reply).await.page();
    let reply = browser.press(&page, "submit", &[("name", "Grace")]).await;
    let page = browser.follow(reply).await.page();
    let reply = browser.press(&page, "new-password-field", &[("new_password", "wombat harmonica quill")]).await;
    let answer = browser.follow(reply).await.away();
    let tokens = shop.redeem(&answer["code"]).await.json();
    shop.userinfo(tokens["access_token"].as_str().unwrap()).await.json()["sub"].as_str().unwrap().to_owned()
}

on_both! {
    async fn whoever_joins_keeps_the_subject_of_the_guest(kit: Kit) {
        let (shop, other) = (storefront(&kit, "bean").await, storefront(&kit, "yarn").await);
        let (sub, token) = guest(&kit, &shop).await;
        // Of no use to another shop, and none at all when it is made up.
        let theirs = join(&kit, &other, &kit.browser(), "thief@evil.example", &[("guest_token", &token)]).await;
        assert_ne!(theirs, sub);
        kit.advance(60);
        let made_up = join(&kit, &shop, &kit.browser(), "nobody@example.com", &[("guest_token", "made-up")]).await;
        assert_ne!(made_up, sub);
        kit.advance(60);
        let own = join(&kit, &shop, &kit.browser(), "grace@hopper.example", &[("guest_token", &token)]).await;
        assert_eq!(own, sub, "what the shop noted of the guest is the customer's now");
        // Once.
        kit.advance(60);
        assert_ne!(join(&kit, &shop, &kit.browser(), "second@example.com", &[("guest_token", &token)]).await, sub);
        assert_eq!((kit.audited("guest_made", "").await, kit.audited("guest_claimed", "").await), (1, 1));
    }

    async fn a_guest_is_never_merged_into_an_account(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, storefront(&kit, "bean").await);
        let (sub, token) = guest(&kit, &shop).await;
        let browser = kit.browser();
        let answer = shop.sign_in(&browser, &ada, &[SCOPE, ("guest_token", &token)]).await.away();
        let tokens = shop.redeem(&answer["code"]).await.json();
        assert_ne!(shop.userinfo(tokens["access_token"].as_str().unwrap()).await.json()["sub"], sub.as_str());
        // It still waits for whoever joins; ninety days, and no longer.
        kit.advance(90 * 86_400 + 1);
        assert_ne!(join(&kit, &shop, &kit.browser(), "late@example.com", &[("guest_token", &token)]).await, sub);
        claviger::app::worker::sweep(&kit.node).await.unwrap();
    }

    async fn only_a_client_of_its_own_makes_guests(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, storefront(&kit, "bean").await);
        assert_eq!(ask(&kit, "nonsense").await.0, 401);
        let customers = shop.sign_in(&kit.browser(), &ada, &[("scope", "openid guests")]).await.away();
        let token = shop.redeem(&customers["code"]).await.json()["access_token"].as_str().unwrap().to_owned();
        assert_eq!(ask(&kit, &token).await.0, 403);
        let page = shop.authorize(&kit.browser(), &[SCOPE, ("guest_token", &"x".repeat(200))]).await;
        assert_eq!(page.error(), "invalid_request");
    }
}
