//! B and D: authorization codes, refresh tokens, sessions.

use crate::kit::shop::{VERIFIER, challenge};
use crate::kit::{Kit, Shop, Tokens};
use crate::{on_both, on_one};
use claviger::identity::customers::{self, CustomerStatus};
use claviger::oauth::clients::metadata::ConsentPolicy;
use futures_util::future::join_all;

/// Rounds of a race: 200, and a thousand in the long run.
fn rounds() -> usize {
    if std::env::var("TEST_LONG").is_ok() { 1_000 } else { 200 }
}

fn code_fields<'a>(shop: &'a Shop, code: &'a str) -> [(&'a str, &'a str); 4] {
    [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", &shop.callback), ("code_verifier", VERIFIER)]
}

on_both! {
    async fn b1_code_replay(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let code = shop.code(&kit.browser(), &ada).await;
        let tokens = Tokens(shop.redeem(&code).await.json());
        assert_eq!(shop.redeem(&code).await.json()["error"], "invalid_grant");
        assert_eq!(shop.introspect(&tokens.access()).await["active"], false);
        assert_eq!(shop.refresh(&tokens.refresh()).await.json()["error"], "invalid_grant");
        assert_eq!(kit.audited("code_reused", "reused").await, 1);
    }

    async fn b2_code_race(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (_, second, handle) = kit.second_node().await;
        let browser = kit.browser();
        shop.code(&browser, &ada).await;
        for round in 0..rounds() {
            let code = shop.code(&browser, &ada).await;
            let tries = (0..32).map(|number| {
                let base = if number % 2 == 0 { kit.issuer.clone() } else { second.clone() };
                let (shop, code) = (shop.clone(), code.clone());
                async move { shop.post_to(&base, "/token", &code_fields(&shop, &code)).await.status }
            });
            let statuses = join_all(tries).await;
            assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "round {round}: {statuses:?}");
            assert!(statuses.iter().all(|status| matches!(status, 200 | 400)), "round {round}: {statuses:?}");
        }
        handle.stop(false).await;
    }

    async fn b3_cross_client_or_expired_code(kit: Kit) {
        let (ada, shop, other) = (kit.customer("ada").await, kit.shop("shop").await, kit.shop("other").await);
        let code = shop.code(&kit.browser(), &ada).await;
        assert_eq!(other.redeem_with(&code, &shop.callback, Some(VERIFIER)).await.json()["error"], "invalid_grant");
        assert_eq!(shop.redeem(&code).await.status, 200, "the rightful client is not harmed");
        let code = shop.code(&kit.browser(), &ada).await;
        kit.advance(60);
        assert_eq!(shop.redeem(&code).await.json()["error"], "invalid_grant");
    }

    async fn b9_stale_authority(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let browser = kit.browser();
        let code = shop.sign_in(&browser, &ada, &[("scope", "openid")]).await.away()["code"].clone();
        let page = browser.walk("/logout/confirm").await.page();
        browser.press(&page, "sign-out", &[]).await;
        assert_eq!(shop.redeem(&code).await.json()["error"], "invalid_grant", "signed out in between");
        let code = shop.code(&kit.browser(), &ada).await;
        let (id, now) = (ada.id.clone(), kit.node.base.tools.now());
        kit.node.base.db.write(move |tx| customers::store::bump_generation(tx, &id, now)).await.unwrap();
        assert_eq!(shop.redeem(&code).await.json()["error"], "invalid_grant", "credentials changed in between");
        let (session, tokens) = kit.sign_in(&shop, &ada).await;
        let code = shop.code(&session, &ada).await;
        let (id, now) = (ada.id.clone(), kit.node.base.tools.now());
        kit.node.base.db.write(move |tx| customers::store::change_status(tx, &id, CustomerStatus::Locked, now)).await.unwrap();
        kit.advance(1);
        assert_eq!(shop.redeem(&code).await.json()["error"], "invalid_grant", "locked in between");
        assert_eq!(shop.refresh(&tokens.refresh()).await.json()["error"], "invalid_grant");
        assert_eq!(shop.introspect(&tokens.access()).await["active"], false);
        assert_eq!(shop.authorize(&session, &[("prompt", "none")]).await.error(), "login_required");
    }

    async fn d1_d2_refresh_race_leaves_one_live_tip(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (_, second, handle) = kit.second_node().await;
        let (_, mut tokens) = kit.sign_in(&shop, &ada).await;
        for round in 0..rounds() {
            let refresh = tokens.refresh();
            let tries = (0..32).map(|number| {
                let base = if number % 2 == 0 { kit.issuer.clone() } else { second.clone() };
                let (shop, refresh) = (shop.clone(), refresh.clone());
                async move { shop.post_to(&base, "/token", &[("grant_type", "refresh_token"), ("refresh_token", &refresh)]).await }
            });
            let replies = join_all(tries).await;
            let mut successors: Vec<String> = replies.iter().filter(|reply| reply.status == 200).map(|reply| Tokens(reply.json()).refresh()).collect();
            successors.sort();
            successors.dedup();
            assert_eq!(successors.len(), 1, "round {round}");
            tokens = Tokens(serde_json::json!({ "refresh_token": successors[0] }));
        }
        kit.advance(31);
        let last = Tokens(shop.refresh(&tokens.refresh()).await.json());
        kit.advance(31);
        assert_eq!(shop.refresh(&tokens.refresh()).await.json()["error"], "invalid_grant");
        assert_eq!(shop.refresh(&last.refresh()).await.json()["error"], "invalid_grant");
        handle.stop(false).await;
    }

    async fn d3_a_rotated_token_stays_dead_after_a_restart(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (_, first) = kit.sign_in(&shop, &ada).await;
        let second = Tokens(shop.refresh(&first.refresh()).await.json());
        let third = Tokens(shop.refresh(&second.refresh()).await.json());
        // A node that has just started knows nothing but what is stored.
        let (_, restarted, handle) = kit.second_node().await;
        let there = |token: String| { let (shop, base) = (shop.clone(), restarted.clone()); async move { shop.post_to(&base, "/token", &[("grant_type", "refresh_token"), ("refresh_token", &token)]).await } };
        assert_eq!(there(first.refresh()).await.json()["error"], "invalid_grant");
        assert_eq!(there(third.refresh()).await.json()["error"], "invalid_grant", "the replay ended the family");
        handle.stop(false).await;
    }

    async fn d7_a_revocation_that_did_not_happen_is_no_success(kit: Kit) {
        use diesel::connection::SimpleConnection;
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (_, tokens) = kit.sign_in(&shop, &ada).await;
        kit.node.base.db.write(|tx| tx.batch_execute("ALTER TABLE audit_events RENAME TO audit_away").map_err(Into::into)).await.unwrap();
        assert_eq!(shop.post("/revoke", &[("token", &tokens.refresh())]).await.status, 503);
        // D5: a failure burns nothing; the audit event and the rotation commit together or not at all.
        assert_eq!(shop.refresh(&tokens.refresh()).await.status, 503);
        kit.node.base.db.write(|tx| tx.batch_execute("ALTER TABLE audit_away RENAME TO audit_events").map_err(Into::into)).await.unwrap();
        assert_eq!(shop.refresh(&tokens.refresh()).await.status, 200);
    }

    async fn b10_single_claims_do_not_grow_what_was_agreed(kit: Kit) {
        let ada = kit.customer("ada").await;
        let claims = r#"{"userinfo":{"email":null,"address":null,"phone_number":null},"id_token":{"email":null}}"#;
        let narrow = kit.shop_with("narrow", |metadata| metadata.scope = claviger::oauth::scope::Scope::from("openid".to_owned())).await;
        let answer = narrow.sign_in(&kit.browser(), &ada, &[("scope", "openid"), ("claims", claims)]).await.away();
        let tokens = Tokens(narrow.redeem(&answer["code"]).await.json());
        let about = narrow.userinfo(&tokens.access()).await.json();
        assert!(about.get("email").is_none() && about.get("address").is_none() && tokens.claims().get("email").is_none(), "{about}");
        let asking = kit.shop_with("asking", |metadata| metadata.consent = ConsentPolicy::Explicit).await;
        let browser = kit.browser();
        let page = asking.sign_in(&browser, &ada, &[("scope", "openid")]).await.page();
        let reply = browser.press(&page, "allow", &[("decision", "allow")]).await;
        browser.follow(reply).await.away();
        assert_eq!(asking.authorize(&browser, &[("scope", "openid"), ("claims", claims), ("prompt", "none")]).await.error(), "consent_required");
        let page = asking.authorize(&browser, &[("scope", "openid"), ("claims", claims)]).await.page();
        assert!(page.body.contains("your e-mail address"), "{}", page.body);
    }

    async fn b9_an_offline_code_dies_with_its_session(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let browser = kit.browser();
        let code = shop.code(&browser, &ada).await;
        let page = browser.walk("/logout/confirm").await.page();
        browser.press(&page, "sign-out", &[]).await;
        assert_eq!(shop.redeem(&code).await.json()["error"], "invalid_grant");
    }

    async fn d6_an_ended_session_stays_ended(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (browser, _) = kit.sign_in(&shop, &ada).await;
        let copy = kit.browser();
        *copy.cookies.lock().unwrap() = browser.cookies.lock().unwrap().clone();
        let page = browser.walk("/logout/confirm").await.page();
        browser.press(&page, "sign-out", &[]).await;
        assert_eq!(shop.authorize(&copy, &[("prompt", "none")]).await.error(), "login_required");
    }
}

on_one! {
    async fn b4_pkce_downgrade(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        for parameters in [
            vec![("code_challenge", ""), ("code_challenge_method", "")],
            vec![("code_challenge_method", "plain")],
            vec![("code_challenge_method", "")],
            vec![("code_challenge", "short")],
            vec![("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+c=")],
            vec![("code_challenge", "")],
        ] {
            assert_eq!(shop.authorize(&kit.browser(), &parameters).await.error(), "invalid_request", "{parameters:?}");
        }
        let challenge = challenge();
        for verifier in [None, Some(""), Some("x"), Some(challenge.as_str()), Some("another-verifier-that-is-long-enough-for-rfc-7636-01"), Some("a-verifier-that-is-long-enough-for-rfc-7636-0123456789\u{e9}")] {
            let code = shop.code(&kit.browser(), &ada).await;
            assert_eq!(shop.redeem_with(&code, &shop.callback, verifier).await.json()["error"], "invalid_grant", "{verifier:?}");
        }
        let lax = kit.shop_with("lax", |metadata| metadata.require_pkce = false).await;
        let code = lax.sign_in(&kit.browser(), &ada, &[("code_challenge", ""), ("code_challenge_method", "")]).await.away()["code"].clone();
        assert_eq!(lax.redeem_with(&code, &lax.callback, Some(VERIFIER)).await.json()["error"], "invalid_grant", "a verifier without a challenge");
    }

    async fn b5_code_injection(kit: Kit) {
        let (ada, mallory, shop) = (kit.customer("ada").await, kit.customer("mallory").await, kit.shop("shop").await);
        let stolen = shop.sign_in(&kit.browser(), &mallory, &[("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), ("nonce", "mallorys")]).await.away()["code"].clone();
        // The victim's client redeems the attacker's code with its own verifier.
        assert_eq!(shop.redeem(&stolen).await.json()["error"], "invalid_grant");
        let code = shop.sign_in(&kit.browser(), &ada, &[("nonce", "adas")]).await.away()["code"].clone();
        assert_eq!(Tokens(shop.redeem(&code).await.json()).claims()["nonce"], "adas");
    }

    async fn b6_mix_up(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let good = shop.sign_in(&kit.browser(), &ada, &[]).await.away();
        let bad = shop.authorize(&kit.browser(), &[("scope", "bad\"scope")]).await.away();
        assert_eq!((good["iss"].as_str(), bad["iss"].as_str(), bad["error"].as_str()), (kit.issuer.as_str(), kit.issuer.as_str(), "invalid_scope"));
    }

    async fn b7_code_leak(kit: Kit) {
        let shop = kit.shop_with("shop", |metadata| metadata.consent = ConsentPolicy::Explicit).await;
        let ada = kit.customer("ada").await;
        let browser = kit.browser();
        let signin = shop.authorize(&browser, &[]).await.page();
        let consent = shop.sign_in(&browser, &ada, &[("response_mode", "form_post")]).await.page();
        let reply = browser.press(&consent, "allow", &[("decision", "allow")]).await;
        let form_post = browser.follow(reply).await.page();
        for page in [signin, consent, form_post] {
            assert_eq!((page.header("cache-control"), page.header("referrer-policy")), ("no-store", "no-referrer"), "{}", page.url);
        }
    }

    async fn b8_theft_through_the_flow_handle(kit: Kit) {
        let ada = kit.customer("ada").await;
        let shop = kit.shop_with("shop", |metadata| metadata.consent = ConsentPolicy::Explicit).await;
        let victim = kit.browser();
        let page = shop.authorize(&victim, &[]).await.page();
        let thief = kit.browser();
        assert_eq!(thief.get(&page.url).await.status, 403);
        let csrf = page.hidden("id=\"signin\"", "csrf");
        assert_eq!(thief.submit(&page.action("id=\"signin\""), &[("csrf", &csrf), ("email", &ada.email), ("password", &ada.password)]).await.status, 403);
        let reply = victim.type_password(&page, &ada.email, &ada.password).await;
        let consent = victim.follow(reply).await.page();
        for path in [consent.url.clone(), consent.url.trim_end_matches("/consent").to_owned()] {
            assert_eq!(thief.get(&path).await.status, 403, "{path}");
        }
        let csrf = consent.hidden("id=\"allow\"", "csrf");
        assert_eq!(thief.submit(&consent.action("id=\"allow\""), &[("csrf", &csrf), ("decision", "allow")]).await.status, 403);
    }

    async fn b10_scope_growth(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let code = shop.sign_in(&kit.browser(), &ada, &[("scope", "openid offline_access")]).await.away()["code"].clone();
        let tokens = Tokens(shop.redeem(&code).await.json());
        let wider = shop.post("/token", &[("grant_type", "refresh_token"), ("refresh_token", &tokens.refresh()), ("scope", "openid email")]).await;
        assert_eq!(wider.json()["error"], "invalid_scope");
        let narrower = shop.post("/token", &[("grant_type", "refresh_token"), ("refresh_token", &tokens.refresh()), ("scope", "openid")]).await.json();
        assert_eq!(narrower["scope"], "openid");
        let limited = kit.shop_with("limited", |metadata| metadata.scope = claviger::oauth::scope::Scope::from("openid".to_owned())).await;
        assert_eq!(limited.authorize(&kit.browser(), &[("scope", "openid email")]).await.error(), "invalid_scope");
    }

    async fn d8_token_truncation(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (_, tokens) = kit.sign_in(&shop, &ada).await;
        let token = tokens.access();
        for cut in [1, 2, 3, 10, token.len() / 2, token.len() - 1] {
            assert_eq!(shop.userinfo(&token[..token.len() - cut]).await.status, 401, "{cut}");
        }
        for tail in ["A", "=", ".", ".x"] {
            assert_eq!(shop.introspect(&format!("{token}{tail}")).await["active"], false, "{tail}");
        }
        // Bits beyond the last byte of the signature.
        let last = token.chars().last().unwrap();
        for other in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".chars().filter(|other| *other != last) {
            assert_eq!(shop.introspect(&format!("{}{other}", &token[..token.len() - 1])).await["active"], false, "{other}");
        }
    }

    async fn d12_absolute_limits(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (browser, offline) = kit.sign_in(&shop, &ada).await;
        kit.advance(3_600);
        assert_eq!(shop.authorize(&browser, &[("prompt", "none")]).await.error(), "login_required", "idle");
        let (browser, tokens) = kit.sign_in(&shop, &ada).await;
        for _ in 0..13 {
            kit.advance(3_500);
            shop.authorize(&browser, &[("prompt", "none")]).await;
        }
        assert_eq!(shop.authorize(&browser, &[("prompt", "none")]).await.error(), "login_required", "absolute");
        assert_eq!(shop.userinfo(&tokens.access()).await.status, 401, "access token");
        let mut current = offline.refresh();
        for _ in 0..6 {
            kit.advance(31 * 86_400);
            let reply = shop.refresh(&current).await;
            if reply.status != 200 { break }
            current = Tokens(reply.json()).refresh();
        }
        assert_eq!(shop.refresh(&current).await.json()["error"], "invalid_grant", "refresh family");
    }
}
