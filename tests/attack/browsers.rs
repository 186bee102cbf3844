//! C: forgery, fixation, framing, caching, cookies, cross-origin calls, script injection.

use crate::kit::shop::read;
use crate::kit::{Kit, Tokens};
use crate::on_one;
use claviger::oauth::clients::metadata::{AuthMethod, ConsentPolicy};

on_one! {
    async fn c1_login_csrf(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (browser, mallory) = (kit.browser(), kit.browser());
        let page = shop.authorize(&browser, &[]).await.page();
        let theirs = shop.authorize(&mallory, &[]).await.page();
        let (own, foreign) = (page.hidden("id=\"signin\"", "csrf"), theirs.hidden("id=\"signin\"", "csrf"));
        let action = kit.url(&page.action("id=\"signin\""));
        let jar = browser.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let send = async |token: &str, origin: Option<&str>, site: Option<&str>| {
            let mut request = browser.client.post(&action).header("cookie", &jar).form(&[("csrf", token), ("email", &ada.email), ("password", &ada.password)]);
            if let Some(origin) = origin { request = request.header("origin", origin); }
            if let Some(site) = site { request = request.header("sec-fetch-site", site); }
            read(request, action.clone()).await.status
        };
        assert_eq!(send("", Some(&kit.issuer), None).await, 403);
        assert_eq!(send(&foreign, Some(&kit.issuer), None).await, 403);
        assert_eq!(send(&own, Some("null"), None).await, 403);
        assert_eq!(send(&own, Some("https://evil.example"), None).await, 403);
        assert_eq!(send(&own, None, Some("cross-site")).await, 403);
        assert_eq!(send(&own, None, Some("same-site")).await, 403);
        assert_eq!(send(&own, Some("null"), Some("cross-site")).await, 403);
        assert_eq!(send(&foreign, Some("null"), Some("same-origin")).await, 403);
        assert_eq!(send(&own, None, None).await, 303, "a plain browser that sends neither header");
    }

    async fn c2_session_fixation(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let browser = kit.browser();
        let planted = "A".repeat(43);
        browser.cookies.lock().unwrap().insert("claviger_session".into(), planted.clone());
        shop.code(&browser, &ada).await;
        let first = browser.cookie("claviger_session").unwrap();
        assert_ne!(first, planted);
        let page = shop.authorize(&browser, &[("prompt", "login")]).await.page();
        browser.type_password(&page, &ada.email, &ada.password).await;
        let second = browser.cookie("claviger_session").unwrap();
        assert_ne!(first, second, "changes when the customer authenticates again");
        let old = kit.browser();
        old.cookies.lock().unwrap().insert("claviger_session".into(), first);
        assert_eq!(shop.authorize(&old, &[("prompt", "none")]).await.error(), "login_required");
    }

    async fn c3_a_form_posted_from_another_site_finds_its_customer(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (browser, tokens) = kit.sign_in(&shop, &ada).await;
        // What a browser does with Lax cookies: none on the POST, all on the GET that follows.
        let query = shop.authorize_url(&[("prompt", "none")]);
        let fields: Vec<(String, String)> = url::Url::parse(&query).unwrap().query_pairs().into_owned().collect();
        let foreign = async |path: &str, fields: &[(String, String)]| {
            let request = browser.client.post(kit.url(path)).header("origin", "https://shop.example").header("sec-fetch-site", "cross-site").form(fields);
            read(request, kit.url(path)).await
        };
        let reply = foreign("/authorize", &fields).await;
        assert_eq!((reply.status, reply.header("set-cookie")), (303, ""), "the browser keeps the cookies that it has");
        assert!(browser.follow(reply).await.away().contains_key("code"));
        let leave = [("id_token_hint".to_owned(), tokens.id()), ("post_logout_redirect_uri".to_owned(), "https://shop.example/bye".to_owned()), ("state".to_owned(), "s&t".to_owned())];
        let reply = foreign("/logout", &leave).await;
        assert_eq!(browser.follow(reply).await.away()["state"], "s&t");
        assert_eq!(shop.authorize(&browser, &[("prompt", "none")]).await.error(), "login_required");
    }

    async fn c3_logout_csrf(kit: Kit) {
        let (ada, bob, shop) = (kit.customer("ada").await, kit.customer("bob").await, kit.shop("shop").await);
        let (browser, _) = kit.sign_in(&shop, &ada).await;
        let (_, other) = kit.sign_in(&shop, &bob).await;
        let page = browser.walk(&format!("/logout?id_token_hint={}&post_logout_redirect_uri=https%3A%2F%2Fshop.example%2Fbye", other.id())).await.page();
        assert_eq!(page.title(), "Sign out?", "another customer's hint asks");
        assert_eq!(browser.submit("/logout/confirm", &[("csrf", "x")]).await.status, 403);
        assert!(shop.authorize(&browser, &[("prompt", "none")]).await.away().contains_key("code"));
    }

    async fn c4_c5_framing_and_caching(kit: Kit) {
        let ada = kit.customer("ada").await;
        let shop = kit.shop_with("shop", |metadata| metadata.consent = ConsentPolicy::Explicit).await;
        let browser = kit.browser();
        let mut pages = vec![shop.authorize(&browser, &[]).await.page(), browser.get("/nothing").await, browser.get("/signed-out").await];
        pages.push(shop.sign_in(&browser, &ada, &[]).await.page());
        pages.push(browser.walk("/account").await.page());
        pages.push(browser.walk("/logout").await.page());
        for page in pages {
            assert!(page.header("content-security-policy").contains("frame-ancestors 'none'") && page.header("x-frame-options") == "DENY", "{}", page.url);
            assert_eq!(page.header("cache-control"), "no-store", "{}", page.url);
            assert!(!page.body.contains("style=") && !page.body.contains("onclick") && !page.body.contains("<style"), "{}", page.url);
        }
    }

    async fn c6_c7_cookie_tossing_and_malformed_cookies(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (browser, _) = kit.sign_in(&shop, &ada).await;
        let session = browser.cookie("claviger_session").unwrap();
        let url = shop.authorize_url(&[("prompt", "none")]);
        let ask = async |cookie: String| {
            let reply = read(kit.browser().client.get(&url).header("cookie", cookie), url.clone()).await;
            reply.location().unwrap_or_default().contains("error=login_required")
        };
        assert!(!ask(format!("claviger_session={session}")).await, "the control: this is a session");
        for bad in [format!("claviger_session={session}; claviger_session=other"), format!("claviger_session={}", &session[..42]), format!("claviger_session={session}A"), format!("claviger_session={}", "A".repeat(16_000)), "claviger_session=%%%".into(), "claviger_session=\"\"".into(), format!("claviger_session={}", "B".repeat(43))] {
            assert!(ask(bad.clone()).await, "{}", &bad[..60.min(bad.len())]);
        }
    }

    async fn c8_cors(kit: Kit) {
        kit.shop_with("spa", |metadata| metadata.token_endpoint_auth_method = AuthMethod::None).await;
        let client = crate::kit::browser::http();
        for path in ["/token", "/userinfo", "/revoke"] {
            for origin in ["null", "https://evil.example", "https://spa.example.evil.example", "http://spa.example", "https://spa.example:8443", "https://spa.examplex"] {
                for method in [reqwest::Method::POST, reqwest::Method::OPTIONS] {
                    let reply = read(client.request(method, kit.url(path)).header("origin", origin).header("content-type", "application/x-www-form-urlencoded").body(""), String::new()).await;
                    assert_eq!(reply.header("access-control-allow-origin"), "", "{path} {origin}");
                    assert_eq!(reply.header("access-control-allow-credentials"), "");
                }
            }
        }
        for path in ["/authorize", "/account", "/introspect", "/logout"] {
            let reply = read(client.get(kit.url(path)).header("origin", "https://spa.example"), String::new()).await;
            assert_eq!(reply.header("access-control-allow-origin"), "", "{path}");
        }
    }

    async fn c9_reflected_and_stored_script(kit: Kit) {
        let payload = "\"><script>alert(1)</script><img src=x onerror=alert(1)>";
        let ada = kit.customer("ada").await;
        let shop = kit.shop_with("shop", |metadata| { metadata.client_name = payload.to_owned(); metadata.consent = ConsentPolicy::Explicit; }).await;
        let browser = kit.browser();
        let mut pages = vec![shop.authorize(&browser, &[("login_hint", payload), ("state", payload), ("ui_locales", payload)]).await.page()];
        let reply = browser.type_password(&pages[0], payload, "wrong").await;
        pages.push(reply);
        pages.push(shop.authorize(&kit.browser(), &[("prompt", "none"), ("response_mode", "form_post"), ("state", payload)]).await.page());
        pages.push(shop.sign_in(&browser, &ada, &[("state", payload)]).await.page());
        pages.push(browser.get(&shop.authorize_url(&[("redirect_uri", payload)])).await);
        pages.push(browser.get(&format!("/logout?client_id=shop&state={}", claviger::base::uri::encode_form(&[("x", payload)]))).await);
        for page in pages {
            assert!(!page.body.contains("<script>alert") && !page.body.contains("<img src=x"), "{}: {}", page.url, page.body);
        }
    }

    async fn c10_header_injection(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let answer = shop.sign_in(&kit.browser(), &ada, &[("state", "a\r\nSet-Cookie: x=y\u{2028}b")]).await.away();
        assert_eq!(answer["state"], "a\r\nSet-Cookie: x=y\u{2028}b", "encoded, and given back whole");
    }

    async fn j15_step_up_truth(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (browser, tokens) = kit.sign_in(&shop, &ada).await;
        let essential = r#"{"id_token":{"acr":{"essential":true,"values":["urn:claviger:acr:second-factor"]}}}"#;
        assert_eq!(shop.authorize(&browser, &[("claims", essential)]).await.error(), "unmet_authentication_requirements");
        assert_eq!(shop.authorize(&browser, &[("acr_values", "urn:claviger:acr:phishing-resistant")]).await.error(), "unmet_authentication_requirements");
        assert_eq!(shop.authorize(&browser, &[("claims", r#"{"id_token":{"acr":{"essential":true,"value":"gold"}}}"#)]).await.error(), "unmet_authentication_requirements");
        for parameters in [[("prompt", "login")], [("max_age", "0")]] {
            assert!(shop.authorize(&browser, &parameters).await.page().url.contains("/signin/"), "{parameters:?}");
        }
        assert_eq!(shop.authorize(&browser, &[("prompt", "none login")]).await.error(), "invalid_request");
        for bad in ["-1", "x", "1e9", "99999999999"] {
            assert_eq!(shop.authorize(&browser, &[("max_age", bad)]).await.error(), "invalid_request", "{bad}");
        }
        kit.advance(100);
        let refreshed = Tokens(shop.refresh(&tokens.refresh()).await.json());
        assert_eq!(refreshed.claims()["auth_time"], tokens.claims()["auth_time"]);
    }
}
