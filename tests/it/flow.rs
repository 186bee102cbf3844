//! The main job: a customer signs in, comes back to the shop, and everything that hangs on it.

use crate::kit::shop::claims_of;
use crate::kit::{Kit, Landing, Tokens};
use crate::{on_both, on_one};
use claviger::oauth::clients::metadata::{AccessTokenFormat, AuthMethod, ConsentPolicy, GrantType, SubjectType};
use claviger::oauth::scope::Scope;
use claviger::platform::crypto::jws::SigningAlgorithm;

fn verified(kit: &Kit, token: &str, audience: &str) -> serde_json::Value {
    let keys: jsonwebtoken::jwk::JwkSet = serde_json::from_slice(kit.node.oauth.keys.current().jwks()).unwrap();
    let header = jsonwebtoken::decode_header(token).unwrap();
    let key = keys.find(header.kid.as_deref().unwrap()).unwrap();
    let mut validation = jsonwebtoken::Validation::new(header.alg);
    validation.set_audience(&[audience]);
    validation.set_issuer(&[&kit.issuer]);
    jsonwebtoken::decode(token, &jsonwebtoken::DecodingKey::from_jwk(key).unwrap(), &validation).unwrap().claims
}

on_both! {
    async fn a_customer_signs_in_and_comes_back(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let browser = kit.browser();
        let answer = shop.sign_in(&browser, &ada, &[]).await.away();
        assert_eq!(answer["state"], "st&te");
        assert_eq!(answer["iss"], kit.issuer);
        let reply = shop.redeem(&answer["code"]).await;
        assert_eq!((reply.status, reply.header("cache-control")), (200, "no-store"));
        let tokens = Tokens(reply.json());
        let id = verified(&kit, &tokens.id(), "shop");
        assert_eq!((id["nonce"].as_str(), id["acr"].as_str(), id["amr"][0].as_str()), (Some("n0nce"), Some("urn:claviger:acr:password"), Some("pwd")));
        assert!(id["at_hash"].is_string() && id["sid"].is_string() && id["auth_time"].is_number());
        assert!(id.get("email").is_none() && id.get("name").is_none());
        let access = verified(&kit, &tokens.access(), &kit.issuer);
        assert_eq!((access["client_id"].as_str(), access["sub"].clone()), (Some("shop"), id["sub"].clone()));
        let about = shop.userinfo(&tokens.access()).await.json();
        assert_eq!((about["email"].as_str(), about["sub"].clone()), (Some("ada@example.com"), id["sub"].clone()));
        assert_eq!(shop.introspect(&tokens.access()).await["active"], true);
        // Signed in at the provider, the second shop asks for no password.
        let other = kit.shop("other").await;
        assert!(other.authorize(&browser, &[]).await.away().contains_key("code"));
        let kinds: Vec<String> = kit.audit().await.into_iter().map(|event| event.kind).collect();
        assert_eq!(kinds, ["signing_keys_changed", "signing_keys_changed", "signing_keys_changed", "signing_keys_changed", "signed_in", "code_issued", "code_redeemed", "code_issued"]);
    }

    async fn a_refresh_token_rotates_and_a_lost_answer_is_repeated(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (_, first) = kit.sign_in(&shop, &ada).await;
        let second = Tokens(shop.refresh(&first.refresh()).await.json());
        assert_ne!(first.refresh(), second.refresh());
        assert_eq!(second.claims()["auth_time"], first.claims()["auth_time"]);
        assert!(second.claims().get("nonce").is_none());
        // The answer was lost: the same successor comes again.
        let again = Tokens(shop.refresh(&first.refresh()).await.json());
        assert_eq!(again.refresh(), second.refresh());
        let third = Tokens(shop.refresh(&second.refresh()).await.json());
        assert_eq!(shop.userinfo(&third.access()).await.status, 200);
    }

    async fn a_stolen_refresh_token_ends_the_family(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (_, first) = kit.sign_in(&shop, &ada).await;
        let second = Tokens(shop.refresh(&first.refresh()).await.json());
        kit.advance(31);
        let reply = shop.refresh(&first.refresh()).await;
        assert_eq!((reply.status, reply.json()["error"].as_str()), (400, Some("invalid_grant")));
        assert_eq!(shop.refresh(&second.refresh()).await.json()["error"], "invalid_grant");
        assert_eq!(shop.userinfo(&second.access()).await.status, 401);
        assert_eq!(kit.audited("refresh_token_reused", "reused").await, 1);
    }

    async fn signing_out_ends_the_session_and_what_is_bound_to_it(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let browser = kit.browser();
        let answer = shop.sign_in(&browser, &ada, &[("scope", "openid")]).await.away();
        let bound = Tokens(shop.redeem(&answer["code"]).await.json());
        let answer = shop.sign_in(&browser, &ada, &[]).await.away();
        let offline = Tokens(shop.redeem(&answer["code"]).await.json());
        let url = format!("{}/logout?{}", kit.issuer, claviger::base::uri::encode_form(&[("id_token_hint", &bound.id()), ("post_logout_redirect_uri", "https://shop.example/bye"), ("state", "s")]));
        assert_eq!(browser.walk(&url).await.away()["state"], "s");
        assert_eq!(shop.authorize(&browser, &[("prompt", "none")]).await.error(), "login_required");
        assert_eq!(shop.refresh(&bound.refresh()).await.json()["error"], "invalid_grant");
        assert_eq!(shop.introspect(&bound.access()).await["active"], false);
        // offline_access was asked for so as to work while the customer is away.
        assert_eq!(shop.refresh(&offline.refresh()).await.status, 200);
    }

    async fn a_client_gets_a_token_of_its_own(kit: Kit) {
        let shop = kit.shop_with("robot", |metadata| {
            metadata.grant_types = vec![GrantType::ClientCredentials];
            metadata.redirect_uris.clear();
            metadata.scope = Scope::from("orders.read orders.write".to_owned());
            metadata.audience = vec!["https://api.shop.example".to_owned()];
        }).await;
        let reply = shop.post("/token", &[("grant_type", "client_credentials"), ("scope", "orders.read")]).await.json();
        let access = verified(&kit, reply["access_token"].as_str().unwrap(), "https://api.shop.example");
        assert_eq!((access["sub"].as_str(), access["scope"].as_str()), (Some("robot"), Some("orders.read")));
        assert!(reply.get("refresh_token").is_none() && reply.get("id_token").is_none());
        assert_eq!(shop.post("/token", &[("grant_type", "client_credentials"), ("scope", "openid")]).await.json()["error"], "invalid_scope");
        assert_eq!(shop.userinfo(reply["access_token"].as_str().unwrap()).await.status, 403);
        assert_eq!(shop.post("/revoke", &[("token", reply["access_token"].as_str().unwrap())]).await.status, 200);
        assert_eq!(shop.introspect(reply["access_token"].as_str().unwrap()).await["active"], false);
    }

    async fn an_opaque_token_works_and_is_revoked(kit: Kit) {
        let ada = kit.customer("ada").await;
        let shop = kit.shop_with("shop", |metadata| metadata.access_token_format = AccessTokenFormat::Opaque).await;
        let (_, tokens) = kit.sign_in(&shop, &ada).await;
        assert!(tokens.access().starts_with("cat_"));
        assert_eq!(shop.userinfo(&tokens.access()).await.json()["email"], "ada@example.com");
        let facts = shop.introspect(&tokens.access()).await;
        assert_eq!((facts["active"].as_bool(), facts["sub"].clone()), (Some(true), tokens.claims()["sub"].clone()));
        assert_eq!(shop.post("/revoke", &[("token", &tokens.access())]).await.status, 200);
        assert_eq!(shop.userinfo(&tokens.access()).await.status, 401);
        assert_eq!(shop.refresh(&tokens.refresh()).await.status, 200);
    }

    async fn consent_is_asked_once_and_can_be_refused(kit: Kit) {
        let ada = kit.customer("ada").await;
        let shop = kit.shop_with("shop", |metadata| metadata.consent = ConsentPolicy::Explicit).await;
        let browser = kit.browser();
        let page = shop.sign_in(&browser, &ada, &[]).await.page();
        assert!(page.url.ends_with("/consent") && page.body.contains("shop &#38; sons asks for access"), "{}", page.body);
        let reply = browser.press(&page, "deny", &[("decision", "deny")]).await;
        assert_eq!(browser.follow(reply).await.error(), "access_denied");
        assert_eq!(shop.authorize(&browser, &[("prompt", "none")]).await.error(), "consent_required");
        let page = shop.authorize(&browser, &[]).await.page();
        let reply = browser.press(&page, "allow", &[("decision", "allow")]).await;
        assert!(browser.follow(reply).await.away().contains_key("code"));
        assert!(shop.authorize(&browser, &[("prompt", "none")]).await.away().contains_key("code"));
        assert!(shop.authorize(&browser, &[("prompt", "consent")]).await.page().url.ends_with("/consent"));
        assert_eq!((kit.audited("consent_given", "").await, kit.audited("consent_denied", "denied").await), (1, 1));
    }

    async fn a_subject_that_is_demanded_twice_must_be_the_same(kit: Kit) {
        let (ada, bob, shop) = (kit.customer("ada").await, kit.customer("bob").await, kit.shop("shop").await);
        let (browser, tokens) = kit.sign_in(&shop, &ada).await;
        let (_, others) = kit.sign_in(&shop, &bob).await;
        let (mine, his) = (tokens.claims()["sub"].as_str().unwrap().to_owned(), others.claims()["sub"].as_str().unwrap().to_owned());
        let demanding = |values: &str| format!(r#"{{"id_token":{{"sub":{values}}}}}"#);
        let ask = async |hint: &str, claims: String| shop.authorize(&browser, &[("prompt", "none"), ("id_token_hint", hint), ("claims", &claims)]).await.away();
        let one = |sub: &str| demanding(&format!(r#"{{"value":"{sub}"}}"#));
        let either = demanding(&format!(r#"{{"values":["{his}","{mine}"]}}"#));
        assert!(ask(&tokens.id(), one(&mine)).await.contains_key("code"));
        assert!(ask("", either.clone()).await.contains_key("code"));
        assert!(ask(&tokens.id(), either).await.contains_key("code"));
        assert_eq!(ask(&tokens.id(), one(&his)).await["error"], "invalid_request");
        assert_eq!(ask("", one(&his)).await["error"], "login_required");
        assert_eq!(ask("", format!(r#"{{"userinfo":{{"sub":{{"value":"{mine}"}}}},"id_token":{{"sub":{{"value":"{his}"}}}}}}"#)).await["error"], "invalid_request");
    }

    async fn offline_access_needs_the_refresh_token_grant(kit: Kit) {
        let ada = kit.customer("ada").await;
        let shop = kit.shop_with("shop", |metadata| metadata.grant_types = vec![GrantType::AuthorizationCode]).await;
        let (browser, tokens) = kit.sign_in(&shop, &ada).await;
        assert!(tokens.0.get("refresh_token").is_none() && !tokens.0["scope"].as_str().unwrap().contains("offline_access"), "{}", tokens.0);
        let page = browser.walk("/logout/confirm").await.page();
        browser.press(&page, "sign-out", &[]).await;
        assert_eq!(shop.userinfo(&tokens.access()).await.status, 401);
    }

    async fn an_account_is_chosen_when_asked(kit: Kit) {
        let (ada, bob, shop) = (kit.customer("ada").await, kit.customer("bob").await, kit.shop("shop").await);
        let (browser, tokens) = kit.sign_in(&shop, &ada).await;
        let page = shop.authorize(&browser, &[("prompt", "select_account")]).await.page();
        let reply = browser.press(&page, "current", &[("account", "current")]).await;
        let code = browser.follow(reply).await.away()["code"].clone();
        assert_eq!(Tokens(shop.redeem(&code).await.json()).claims()["sub"], tokens.claims()["sub"]);
        let page = shop.authorize(&browser, &[("prompt", "select_account")]).await.page();
        let reply = browser.press(&page, "other", &[("account", "other")]).await;
        let page = browser.follow(reply).await.page();
        let reply = browser.type_password(&page, &bob.email, &bob.password).await;
        let code = browser.follow(reply).await.away()["code"].clone();
        assert_ne!(Tokens(shop.redeem(&code).await.json()).claims()["sub"], tokens.claims()["sub"]);
    }

    async fn a_second_tab_reload_and_back_button_never_strand(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let browser = kit.browser();
        let one = shop.authorize(&browser, &[("state", "one")]).await.page();
        let two = shop.authorize(&browser, &[("state", "two")]).await.page();
        let reply = browser.type_password(&two, &ada.email, &ada.password).await;
        assert_eq!(browser.follow(reply).await.away()["state"], "two");
        // The first tab is reloaded: it goes on, since the customer is signed in.
        assert_eq!(browser.walk(&one.url).await.away()["state"], "one");
        // Back to a page that was answered: a way to the shop.
        let page = browser.walk(&two.url).await.page();
        assert_eq!((page.status, page.title()), (400, "You have already continued"));
        assert!(page.body.contains("href=\"https://shop.example\""), "{}", page.body);
        // A sign-in page that was left open for long starts over by itself.
        let late = kit.browser();
        let page = shop.authorize(&late, &[("state", "late")]).await.page();
        kit.advance(3_600);
        let fresh = late.walk(&page.url).await.page();
        assert_ne!(fresh.url, page.url);
        let reply = late.type_password(&fresh, &ada.email, &ada.password).await;
        assert_eq!(late.follow(reply).await.away()["state"], "late");
    }

    async fn a_password_is_rehashed_when_the_parameters_change(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let stronger = Kit::start_with(kit.place.clone(), kit.clock.clone(), |raw| raw.password.memory_kib = 128).await;
        let shop_there = crate::kit::Shop { issuer: stronger.issuer.clone(), ..shop.clone() };
        let browser = stronger.browser();
        assert!(shop_there.sign_in(&browser, &ada, &[]).await.away().contains_key("code"));
        let id = ada.id.clone();
        let ring = kit.node.base.tools.ring.clone();
    let hash = kit.node.base.db.read(move |connection| claviger::identity::factors::password::store::find_hash(connection, &ring, &id)).await.unwrap().unwrap();
        assert!(hash.to_text().contains("m=128,"));
        assert!(shop.sign_in(&kit.browser(), &ada, &[]).await.away().contains_key("code"));
        stronger.handle.stop(false).await;
    }

    async fn a_new_browser_is_announced_by_mail(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let first = kit.browser();
        shop.code(&first, &ada).await;
        let due = || { let tools = kit.node.base.tools.clone(); kit.node.base.db.write(move |tx| Ok(claviger::platform::outbox::store::lease_due(tx, &tools, 10)?.messages)) };
        assert!(due().await.unwrap().is_empty());
        shop.code(&kit.browser(), &ada).await;
        let mails = due().await.unwrap();
        assert_eq!((mails.len(), mails[0].content.to.as_str(), mails[0].content.subject.as_str()), (1, "ada@example.com", "New sign-in to your account"));
        assert!(mails[0].content.text.contains(&kit.url("/not-me/")));
    }
}

on_one! {
    async fn every_algorithm_that_a_client_registers_is_used(kit: Kit) {
        let ada = kit.customer("ada").await;
        for (id, algorithm) in [("rs", SigningAlgorithm::RS256), ("ps", SigningAlgorithm::PS256), ("es", SigningAlgorithm::ES256), ("ed", SigningAlgorithm::EdDsa)] {
            let shop = kit.shop_with(id, |metadata| { metadata.id_token_signed_response_alg = algorithm; metadata.access_token_signed_response_alg = algorithm; }).await;
            let (_, tokens) = kit.sign_in(&shop, &ada).await;
            verified(&kit, &tokens.id(), id);
            verified(&kit, &tokens.access(), &kit.issuer);
            assert_eq!(shop.userinfo(&tokens.access()).await.status, 200);
        }
    }

    async fn pairwise_subjects_differ_by_sector_and_stay(kit: Kit) {
        let ada = kit.customer("ada").await;
        let mut subjects = Vec::new();
        for id in ["one", "two"] {
            let shop = kit.shop_with(id, |metadata| metadata.subject_type = SubjectType::Pairwise).await;
            let (_, tokens) = kit.sign_in(&shop, &ada).await;
            assert_eq!(shop.userinfo(&tokens.access()).await.json()["sub"], tokens.claims()["sub"]);
            assert_eq!(claims_of(&tokens.access())["sub"], tokens.claims()["sub"]);
            let (_, again) = kit.sign_in(&shop, &ada).await;
            assert_eq!(again.claims()["sub"], tokens.claims()["sub"]);
            subjects.push(tokens.claims()["sub"].clone());
        }
        assert_ne!(subjects[0], subjects[1]);
    }

    async fn a_client_may_have_its_claims_in_the_id_token(kit: Kit) {
        let ada = kit.customer("ada").await;
        let shop = kit.shop_with("shop", |metadata| metadata.claims_in_id_token = true).await;
        let (_, tokens) = kit.sign_in(&shop, &ada).await;
        assert_eq!((tokens.claims()["email"].as_str(), tokens.claims()["given_name"].as_str()), (Some("ada@example.com"), Some("ada")));
    }

    async fn a_browser_client_without_a_secret_may_call_from_its_origin(kit: Kit) {
        let ada = kit.customer("ada").await;
        let shop = kit.shop_with("spa", |metadata| metadata.token_endpoint_auth_method = AuthMethod::None).await;
        let code = shop.code(&kit.browser(), &ada).await;
        let url = kit.url("/token");
        let fields = [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", shop.callback.as_str()), ("code_verifier", crate::kit::shop::VERIFIER), ("client_id", "spa")];
        let reply = crate::kit::shop::read(shop.client.post(&url).header("origin", "https://spa.example").form(&fields), url.clone()).await;
        assert_eq!((reply.status, reply.header("access-control-allow-origin")), (200, "https://spa.example"));
        assert_eq!(reply.header("access-control-allow-credentials"), "");
        let preflight = crate::kit::shop::read(shop.client.request(reqwest::Method::OPTIONS, &url).header("origin", "https://spa.example").header("access-control-request-method", "POST"), url.clone()).await;
        assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (204, "https://spa.example"));
    }

    async fn fragment_and_form_post_answers_arrive(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let browser = kit.browser();
        let landing = shop.sign_in(&browser, &ada, &[("response_mode", "fragment")]).await;
        assert!(matches!(&landing, Landing::Away(url, _) if url.starts_with("https://shop.example/cb#code=")), "{landing:?}");
        let page = shop.authorize(&browser, &[("response_mode", "form_post")]).await.page();
        assert_eq!(page.action("id=\"response\""), "https://shop.example/cb");
        assert_eq!(page.hidden("id=\"response\"", "state"), "st&te");
        assert_eq!(page.hidden("id=\"response\"", "iss"), kit.issuer);
        assert_eq!(shop.redeem(&page.hidden("id=\"response\"", "code")).await.status, 200);
        assert!(page.header("content-security-policy").contains("form-action 'self' https://shop.example;"), "{}", page.header("content-security-policy"));
    }

    async fn the_account_page_says_who_is_signed_in_and_signs_out(kit: Kit) {
        let ada = kit.customer("ada").await;
        let browser = kit.browser();
        let page = browser.walk("/account").await.page();
        let reply = browser.type_password(&page, "ADA@example.com ", &ada.password).await;
        let page = browser.follow(reply).await.page();
        assert!(page.url.ends_with("/account") && page.body.contains("ada Canary-Fullname"), "{}", page.body);
        let page = browser.walk("/logout/confirm").await.page();
        let reply = browser.press(&page, "sign-out", &[]).await;
        assert_eq!(browser.follow(reply).await.page().title(), "You are signed out");
        assert!(browser.walk("/account").await.page().url.contains("/signin/"));
    }
}
