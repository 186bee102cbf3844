//! One test for each module of the OpenID Foundation's Basic, Form Post, Config and RP-initiated logout plans, named after it.

use crate::kit::shop::{VERIFIER, read};
use crate::kit::{Browser, Kit, Landing, Shop, Tokens};
use crate::on_one;
use claviger::base::uri::encode_form;
use claviger::oauth::clients::metadata::AuthMethod;
use serde_json::Value;

/// Signs in and gives back what `UserInfo` says for `scope`.
async fn userinfo_for(kit: &Kit, scope: &str) -> Value {
    let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
    let answer = shop.sign_in(&kit.browser(), &ada, &[("scope", scope)]).await.away();
    let tokens = Tokens(shop.redeem(&answer["code"]).await.json());
    shop.userinfo(&tokens.access()).await.json()
}

fn names(claims: &Value) -> Vec<&str> {
    claims.as_object().unwrap().keys().map(String::as_str).filter(|name| *name != "sub").collect()
}

const PROFILE: [&str; 14] = [
    "birthdate",
    "family_name",
    "gender",
    "given_name",
    "locale",
    "middle_name",
    "name",
    "nickname",
    "picture",
    "preferred_username",
    "profile",
    "updated_at",
    "website",
    "zoneinfo",
];

on_one! {
    async fn oidcc_server(kit: Kit) {
        let ada = kit.customer("ada").await;
        for id in ["one", "two"] {
            let shop = kit.shop(id).await;
            let answer = shop.sign_in(&kit.browser(), &ada, &[]).await.away();
            assert!(answer["code"].len() >= 43, "96 bits at least");
            let tokens = Tokens(shop.redeem(&answer["code"]).await.json());
            assert_eq!(jsonwebtoken::decode_header(tokens.id()).unwrap().alg, jsonwebtoken::Algorithm::RS256);
            assert!(tokens.0["expires_in"].is_number() && tokens.0["token_type"] == "Bearer");
            assert_eq!(tokens.claims()["aud"], id);
            assert!(tokens.claims().get("name").is_none());
        }
    }

    async fn oidcc_response_type_missing(kit: Kit) {
        assert_eq!(kit.shop("shop").await.authorize(&kit.browser(), &[("response_type", "")]).await.error(), "invalid_request");
    }

    async fn oidcc_idtoken_signature(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (browser, tokens) = kit.sign_in(&shop, &ada).await;
        let header = jsonwebtoken::decode_header(tokens.id()).unwrap();
        let keys = browser.get("/jwks").await.json();
        assert!(keys["keys"].as_array().unwrap().iter().any(|key| key["kid"] == header.kid.clone().unwrap() && key["alg"] == "RS256"));
    }

    async fn oidcc_idtoken_unsigned(kit: Kit) {
        let metadata = kit.browser().get("/.well-known/openid-configuration").await.json();
        assert!(!metadata["id_token_signing_alg_values_supported"].as_array().unwrap().contains(&Value::from("none")));
    }

    async fn oidcc_userinfo_get_post_header_and_post_body(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (_, tokens) = kit.sign_in(&shop, &ada).await;
        let (url, access) = (kit.url("/userinfo"), tokens.access());
        let get = shop.userinfo(&access).await.json();
        let header = read(shop.client.post(&url).header("authorization", format!("bearer {access}")), url.clone()).await.json();
        let body = read(shop.client.post(&url).form(&[("access_token", access.as_str())]), url.clone()).await.json();
        assert_eq!((&get, &get), (&header, &body));
        let both = read(shop.client.post(&url).header("authorization", format!("Bearer {access}")).form(&[("access_token", access.as_str())]), url.clone()).await;
        assert_eq!((both.status, both.json()["error"].as_str()), (400, Some("invalid_request")));
    }

    async fn oidcc_ensure_request_without_nonce_succeeds_for_code_flow(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let answer = shop.sign_in(&kit.browser(), &ada, &[("nonce", "")]).await.away();
        assert!(Tokens(shop.redeem(&answer["code"]).await.json()).claims().get("nonce").is_none());
    }

    async fn oidcc_scope_profile(kit: Kit) { assert_eq!(names(&userinfo_for(&kit, "openid profile").await), PROFILE); }
    async fn oidcc_scope_email(kit: Kit) { assert_eq!(names(&userinfo_for(&kit, "openid email").await), ["email", "email_verified"]); }
    async fn oidcc_scope_address(kit: Kit) { assert_eq!(names(&userinfo_for(&kit, "openid address").await), ["address"]); }
    async fn oidcc_scope_phone(kit: Kit) { assert_eq!(names(&userinfo_for(&kit, "openid phone").await), ["phone_number", "phone_number_verified"]); }
    async fn oidcc_scope_all(kit: Kit) { assert_eq!(names(&userinfo_for(&kit, "openid profile email address phone").await).len(), 19); }
    async fn oidcc_alternate_happy_flow(kit: Kit) { assert_eq!(names(&userinfo_for(&kit, "phone  email openid").await).len(), 4); }

    async fn oidcc_display_page_and_popup(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        for display in ["page", "popup"] {
            assert!(shop.sign_in(&kit.browser(), &ada, &[("display", display)]).await.away().contains_key("code"));
        }
    }

    async fn oidcc_prompt_login(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (browser, first) = kit.sign_in(&shop, &ada).await;
        kit.advance(5);
        let page = shop.authorize(&browser, &[("prompt", "login")]).await.page();
        assert!(page.body.contains("id=\"again\""), "the page says why");
        let reply = browser.type_password(&page, &ada.email, &ada.password).await;
        let code = browser.follow(reply).await.away()["code"].clone();
        let second = Tokens(shop.redeem(&code).await.json());
        assert!(second.claims()["auth_time"].as_i64() > first.claims()["auth_time"].as_i64());
        assert_eq!((&second.claims()["sub"], &second.claims()["sid"]), (&first.claims()["sub"], &first.claims()["sid"]));
    }

    async fn oidcc_prompt_none_not_logged_in(kit: Kit) {
        let answer = kit.shop("shop").await.authorize(&kit.browser(), &[("prompt", "none")]).await.away();
        assert_eq!((answer["error"].as_str(), answer["state"].as_str(), answer["iss"].as_str()), ("login_required", "st&te", kit.issuer.as_str()));
    }

    async fn oidcc_prompt_none_logged_in(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (browser, first) = kit.sign_in(&shop, &ada).await;
        kit.advance(5);
        let code = shop.authorize(&browser, &[("prompt", "none")]).await.away()["code"].clone();
        let second = Tokens(shop.redeem(&code).await.json());
        assert_eq!((&second.claims()["sub"], &second.claims()["auth_time"]), (&first.claims()["sub"], &first.claims()["auth_time"]));
    }

    async fn oidcc_max_age_1(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (browser, first) = kit.sign_in(&shop, &ada).await;
        kit.advance(2);
        let answer = shop.sign_in(&browser, &ada, &[("max_age", "1")]).await.away();
        let second = Tokens(shop.redeem(&answer["code"]).await.json());
        assert_eq!(second.claims()["auth_time"].as_i64().unwrap(), first.claims()["auth_time"].as_i64().unwrap() + 2);
    }

    async fn oidcc_max_age_10000(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (browser, first) = kit.sign_in(&shop, &ada).await;
        kit.advance(2);
        let code = shop.authorize(&browser, &[("max_age", "10000")]).await.away()["code"].clone();
        assert_eq!(Tokens(shop.redeem(&code).await.json()).claims()["auth_time"], first.claims()["auth_time"]);
    }

    async fn oidcc_ensure_request_with_unknown_parameter_succeeds(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        assert!(shop.sign_in(&kit.browser(), &ada, &[("extra", "foobar")]).await.away().contains_key("code"));
    }

    async fn oidcc_id_token_hint(kit: Kit) {
        let (ada, bob, shop) = (kit.customer("ada").await, kit.customer("bob").await, kit.shop("shop").await);
        let (browser, tokens) = kit.sign_in(&shop, &ada).await;
        kit.advance(3_000);
        assert!(shop.authorize(&browser, &[("prompt", "none"), ("id_token_hint", &tokens.id())]).await.away().contains_key("code"));
        let (_, other) = kit.sign_in(&shop, &bob).await;
        assert_eq!(shop.authorize(&browser, &[("prompt", "none"), ("id_token_hint", &other.id())]).await.error(), "login_required");
    }

    async fn oidcc_login_hint(kit: Kit) {
        let page = kit.shop("shop").await.authorize(&kit.browser(), &[("login_hint", "ada@example.com")]).await.page();
        assert!(page.body.contains("value=\"ada@example.com\""));
    }

    async fn oidcc_ui_locales_and_claims_locales(kit: Kit) {
        let page = kit.shop("shop").await.authorize(&kit.browser(), &[("ui_locales", "xx en-GB"), ("claims_locales", "se")]).await.page();
        assert_eq!((page.status, page.header("content-language")), (200, "en"));
    }

    async fn oidcc_ensure_request_with_acr_values_succeeds(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let answer = shop.sign_in(&kit.browser(), &ada, &[("acr_values", "urn:claviger:acr:password 1 2")]).await.away();
        assert_eq!(Tokens(shop.redeem(&answer["code"]).await.json()).claims()["acr"], "urn:claviger:acr:password");
    }

    async fn oidcc_codereuse(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let code = shop.code(&kit.browser(), &ada).await;
        assert_eq!(shop.redeem(&code).await.status, 200);
        assert_eq!(shop.redeem(&code).await.json()["error"], "invalid_grant");
    }

    async fn oidcc_codereuse_30seconds(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let code = shop.code(&kit.browser(), &ada).await;
        let tokens = Tokens(shop.redeem(&code).await.json());
        assert_eq!(shop.userinfo(&tokens.access()).await.status, 200);
        kit.advance(30);
        assert_eq!(shop.redeem(&code).await.json()["error"], "invalid_grant");
        assert_eq!(shop.userinfo(&tokens.access()).await.status, 401);
    }

    async fn oidcc_ensure_registered_redirect_uri(kit: Kit) {
        let page = kit.shop("shop").await.authorize(&kit.browser(), &[("redirect_uri", "https://shop.example/other")]).await.page();
        assert_eq!((page.status, page.title()), (400, "Unregistered redirect_uri"));
        assert!(page.header("content-type").starts_with("text/html"));
    }

    async fn oidcc_ensure_redirect_uri_in_authorization_request(kit: Kit) {
        let page = kit.shop("shop").await.authorize(&kit.browser(), &[("redirect_uri", "")]).await.page();
        assert_eq!((page.status, page.title()), (400, "Missing redirect_uri"));
    }

    async fn oidcc_ensure_post_request_succeeds(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let browser = kit.browser();
        let url = shop.authorize_url(&[]);
        let fields: Vec<(String, String)> = url::form_urlencoded::parse(url.split_once('?').unwrap().1.as_bytes()).into_owned().collect();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let reply = browser.post("/authorize", &fields).await;
        let page = browser.follow(reply).await.page();
        let reply = browser.type_password(&page, &ada.email, &ada.password).await;
        assert!(browser.follow(reply).await.away().contains_key("code"));
    }

    async fn oidcc_server_client_secret_post(kit: Kit) {
        let ada = kit.customer("ada").await;
        let shop = kit.shop_with("shop", |metadata| metadata.token_endpoint_auth_method = AuthMethod::ClientSecretPost).await;
        kit.sign_in(&shop, &ada).await;
    }

    async fn oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported(kit: Kit) {
        assert_eq!(kit.shop("shop").await.authorize(&kit.browser(), &[("request_uri", "https://shop.example/r")]).await.error(), "request_uri_not_supported");
    }

    async fn oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported(kit: Kit) {
        assert_eq!(kit.shop("shop").await.authorize(&kit.browser(), &[("request", "eyJhbGciOiJub25lIn0.e30.")]).await.error(), "request_not_supported");
    }

    async fn oidcc_ensure_request_object_with_redirect_uri(kit: Kit) {
        let page = kit.shop("shop").await.authorize(&kit.browser(), &[("request", "eyJhbGciOiJub25lIn0.e30."), ("redirect_uri", "https://evil.example/")]).await.page();
        assert_eq!(page.title(), "Unregistered redirect_uri");
    }

    async fn oidcc_claims_essential(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let claims = r#"{"userinfo":{"name":{"essential":true}},"id_token":{"nickname":null}}"#;
        let answer = shop.sign_in(&kit.browser(), &ada, &[("scope", "openid"), ("claims", claims)]).await.away();
        let tokens = Tokens(shop.redeem(&answer["code"]).await.json());
        assert_eq!(names(&shop.userinfo(&tokens.access()).await.json()), ["name"]);
        assert_eq!(tokens.claims()["nickname"], "nick");
    }

    async fn oidcc_refresh_token(kit: Kit) {
        let (ada, shop, other) = (kit.customer("ada").await, kit.shop("shop").await, kit.shop("other").await);
        let (_, tokens) = kit.sign_in(&shop, &ada).await;
        assert_eq!(other.refresh(&tokens.refresh()).await.json()["error"], "invalid_grant");
        let second = Tokens(shop.refresh(&tokens.refresh()).await.json());
        assert!(second.refresh().bytes().all(|byte| byte.is_ascii_graphic()));
        assert_eq!((&second.claims()["sub"], &second.claims()["aud"]), (&tokens.claims()["sub"], &tokens.claims()["aud"]));
    }

    async fn oidcc_ensure_request_with_valid_pkce_succeeds(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let code = shop.code(&kit.browser(), &ada).await;
        assert_eq!(shop.redeem_with(&code, &shop.callback, Some(VERIFIER)).await.status, 200);
    }

    async fn pkce_may_be_off_for_a_confidential_client(kit: Kit) {
        let ada = kit.customer("ada").await;
        let shop = kit.shop_with("shop", |metadata| metadata.require_pkce = false).await;
        let code = shop.sign_in(&kit.browser(), &ada, &[("code_challenge", ""), ("code_challenge_method", "")]).await.away()["code"].clone();
        assert_eq!(shop.redeem_with(&code, &shop.callback, None).await.status, 200);
    }

    async fn oidcc_form_post_server(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let browser = kit.browser();
        let page = shop.sign_in(&browser, &ada, &[("response_mode", "form_post")]).await.page();
        assert_eq!(shop.redeem(&page.hidden("id=\"response\"", "code")).await.status, 200);
        let page = shop.authorize(&kit.browser(), &[("response_mode", "form_post"), ("prompt", "none")]).await.page();
        assert_eq!(page.hidden("id=\"response\"", "error"), "login_required");
    }

    async fn oidcc_discovery_endpoint_verification(kit: Kit) {
        let browser = kit.browser();
        for path in ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"] {
            let reply = browser.get(path).await;
            assert_eq!((reply.status, reply.header("content-type")), (200, "application/json"));
            let metadata = reply.json();
            assert_eq!(metadata["issuer"], kit.issuer);
            for endpoint in ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint", "introspection_endpoint", "revocation_endpoint"] {
                assert!(metadata[endpoint].as_str().unwrap().starts_with(&kit.issuer), "{endpoint}");
            }
            assert_eq!(metadata["code_challenge_methods_supported"], serde_json::json!(["S256"]));
            assert_eq!(metadata["authorization_response_iss_parameter_supported"], true);
            assert_eq!(metadata["response_types_supported"], serde_json::json!(["code"]));
            assert!(metadata["id_token_signing_alg_values_supported"].as_array().unwrap().contains(&Value::from("RS256")));
            assert!(metadata["claims_supported"].is_array() && metadata["subject_types_supported"].is_array());
        }
        let etag = browser.get("/jwks").await.header("etag").to_owned();
        let known = read(browser.client.get(kit.url("/jwks")).header("if-none-match", etag), String::new()).await;
        assert_eq!((known.status, known.body.as_str()), (304, ""));
    }
}

/// A signed-in browser at a logout request with these parameters.
async fn logout(kit: &Kit, parameters: impl FnOnce(&Shop, &Tokens) -> Vec<(&'static str, String)>) -> (Landing, Browser, Shop) {
    let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
    let (browser, tokens) = kit.sign_in(&shop, &ada).await;
    let parameters = parameters(&shop, &tokens);
    let borrowed: Vec<(&str, &str)> = parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let landing = browser.walk(&format!("{}/logout?{}", kit.issuer, encode_form(&borrowed))).await;
    (landing, browser, shop)
}

const BYE: &str = "https://shop.example/bye";

async fn is_signed_in(browser: &Browser, shop: &Shop) -> bool {
    shop.authorize(browser, &[("prompt", "none")]).await.away().contains_key("code")
}

on_one! {
    async fn oidcc_rp_initiated_logout(kit: Kit) {
        let (landing, browser, shop) = logout(&kit, |_, tokens| vec![("id_token_hint", tokens.id()), ("post_logout_redirect_uri", BYE.into()), ("state", "s".into())]).await;
        assert_eq!(landing.away()["state"], "s");
        assert!(!is_signed_in(&browser, &shop).await);
        assert_eq!(kit.audited("signed_out", "").await, 1);
    }

    async fn oidcc_rp_initiated_logout_discovery_endpoint_verification(kit: Kit) {
        assert_eq!(kit.browser().get("/.well-known/openid-configuration").await.json()["end_session_endpoint"], kit.url("/logout"));
    }

    async fn oidcc_rp_initiated_logout_bad_post_logout_redirect_uri(kit: Kit) {
        let (landing, browser, shop) = logout(&kit, |_, tokens| vec![("id_token_hint", tokens.id()), ("post_logout_redirect_uri", "https://evil.example/".into())]).await;
        assert_eq!(landing.page().title(), "Unregistered post_logout_redirect_uri");
        assert!(is_signed_in(&browser, &shop).await);
    }

    async fn oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri(kit: Kit) {
        let (landing, _, _) = logout(&kit, |_, tokens| vec![("id_token_hint", tokens.id()), ("post_logout_redirect_uri", format!("{BYE}?foo=bar"))]).await;
        assert_eq!(landing.page().status, 400);
    }

    async fn oidcc_rp_initiated_logout_modified_id_token_hint(kit: Kit) {
        let (landing, browser, shop) = logout(&kit, |_, tokens| {
            let id = tokens.id();
            vec![("id_token_hint", format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{}.", id.split('.').nth(1).unwrap())), ("post_logout_redirect_uri", BYE.into())]
        }).await;
        assert_eq!(landing.page().title(), "The id_token_hint was refused");
        assert!(is_signed_in(&browser, &shop).await);
    }

    async fn oidcc_rp_initiated_logout_bad_id_token_hint(kit: Kit) {
        let (landing, _, _) = logout(&kit, |shop, tokens| {
            let key = jsonwebtoken::EncodingKey::from_secret(shop.secret.as_bytes());
            let forged = jsonwebtoken::encode(&jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256), &tokens.claims(), &key).unwrap();
            vec![("id_token_hint", forged), ("post_logout_redirect_uri", BYE.into())]
        }).await;
        assert_eq!(landing.page().status, 400);
    }

    async fn oidcc_rp_initiated_logout_no_id_token_hint(kit: Kit) {
        let (landing, browser, shop) = logout(&kit, |shop, _| vec![("client_id", shop.id.clone()), ("post_logout_redirect_uri", BYE.into())]).await;
        let page = landing.page();
        assert_eq!(page.title(), "Sign out?");
        assert!(is_signed_in(&browser, &shop).await);
        let reply = browser.press(&page, "sign-out", &[]).await;
        assert_eq!(browser.follow(reply).await.page().title(), "You are signed out");
        assert!(!is_signed_in(&browser, &shop).await);
    }

    async fn oidcc_rp_initiated_logout_no_params(kit: Kit) {
        let (landing, browser, shop) = logout(&kit, |_, _| vec![]).await;
        let reply = browser.press(&landing.page(), "sign-out", &[]).await;
        assert_eq!(browser.follow(reply).await.page().title(), "You are signed out");
        assert!(!is_signed_in(&browser, &shop).await);
    }

    async fn oidcc_rp_initiated_logout_only_state(kit: Kit) {
        let (landing, browser, _) = logout(&kit, |_, _| vec![("state", "s".into())]).await;
        let reply = browser.press(&landing.page(), "sign-out", &[]).await;
        assert_eq!(browser.follow(reply).await.page().title(), "You are signed out");
    }

    async fn oidcc_rp_initiated_logout_no_post_logout_redirect_uri(kit: Kit) {
        let (landing, browser, shop) = logout(&kit, |_, tokens| vec![("id_token_hint", tokens.id())]).await;
        assert_eq!(landing.page().title(), "You are signed out");
        assert!(!is_signed_in(&browser, &shop).await);
    }

    async fn oidcc_rp_initiated_logout_no_state(kit: Kit) {
        let (landing, _, _) = logout(&kit, |_, tokens| vec![("id_token_hint", tokens.id()), ("post_logout_redirect_uri", BYE.into())]).await;
        assert!(matches!(landing, Landing::Away(url, _) if url == BYE));
    }
}
