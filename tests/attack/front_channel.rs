//! A and G: redirect URIs, parameters, paths, hosts.

use crate::kit::shop::read;
use crate::kit::{Kit, Landing};
use crate::on_one;
use claviger::base::uri::{RedirectUri, encode_form};
use claviger::oauth::clients::metadata::ApplicationType;

on_one! {
    async fn a1_lax_matching(kit: Kit) {
        let shop = kit.shop("shop").await;
        let base = "https://shop.example/cb";
        let mut tries: Vec<String> = ["/", "?", "?x=1", "#f", "#", "%2e%2e", "/..", "/../x", "/%2e%2e/x", "//", ";", ";x", "\\", "\t", "\0", " ", "%00", "%09", "%20", ".", "a", "%", "@evil.example", ":443"].iter().map(|tail| format!("{base}{tail}")).collect();
        tries.extend(
            [
                "http://shop.example/cb", "HTTPS://shop.example/cb", "https://SHOP.example/cb", "https://shop.example/CB", "https://shop.example:443/cb", "https://shop.example:444/cb", "https://user@shop.example/cb",
                "https://user:pass@shop.example/cb", "https://shop.example@evil.example/cb", "https://evil.example/cb", "https://shop.example.evil.example/cb", "https://evil-shop.example/cb", "https://shopxexample/cb", "https://shop.example./cb",
                "https://shop.example/a/../cb", "https://shop.example/./cb", "https://shop.example//cb", "https://shop.example/%63b", "https://shop.example\\cb", "https://shop.example\\@evil.example/cb", "//shop.example/cb", "/cb", "cb", "https:shop.example/cb",
                "https:/shop.example/cb", "https:///shop.example/cb", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "https://[::1]/cb", "https://127.0.0.1/cb", "https://sh\u{43e}p.example/cb", "https://shop\u{3002}example/cb", " https://shop.example/cb",
                "\thttps://shop.example/cb", "https://shop.example/cb\r\nSet-Cookie:a=b", "https://shop.example/cb\u{2028}", "*", "https://*.example/cb", "https://shop.example/*", "null", "about:blank", "https://shop.example/cb,https://evil.example/",
            ]
            .map(str::to_owned),
        );
        assert!(tries.len() >= 60);
        for uri in tries {
            let reply = kit.browser().get(&shop.authorize_url(&[("redirect_uri", &uri)])).await;
            assert_eq!((reply.status, reply.location()), (400, None), "{uri:?}");
        }
        assert!(matches!(shop.authorize(&kit.browser(), &[]).await, Landing::Page(page) if page.status == 200));
        let native = kit.shop_with("native", |metadata| { metadata.application_type = ApplicationType::Native; metadata.redirect_uris = vec![RedirectUri::parse("http://127.0.0.1/cb").unwrap()]; }).await;
        assert_eq!(native.authorize(&kit.browser(), &[("redirect_uri", "http://127.0.0.1:50123/cb")]).await.page().status, 200);
        assert_eq!(native.authorize(&kit.browser(), &[("redirect_uri", "http://127.0.0.1:50123/other")]).await.page().status, 400);
    }

    async fn a2_parameter_pollution(kit: Kit) {
        let shop = kit.shop("shop").await;
        let browser = kit.browser();
        for name in ["redirect_uri", "client_id"] {
            let reply = browser.get(&format!("{}&{name}=https%3A%2F%2Fevil.example", shop.authorize_url(&[]))).await;
            assert_eq!((reply.status, reply.location()), (400, None), "{name}");
        }
        for name in ["state", "scope", "nonce", "response_type", "code_challenge", "prompt"] {
            let url = format!("{}&{name}=login&{name}=login", shop.authorize_url(&[("prompt", "")]));
            assert_eq!(browser.walk(&url).await.error(), "invalid_request", "{name}");
        }
        let mixed = browser.post(&shop.authorize_url(&[]), &[("scope", "openid")]).await;
        assert_eq!(browser.follow(mixed).await.error(), "invalid_request");
        let reply = shop.post("/token", &[("grant_type", "client_credentials"), ("grant_type", "authorization_code")]).await;
        assert_eq!((reply.status, reply.json()["error"].as_str()), (400, Some("invalid_request")));
    }

    async fn a3_other_redirect_uri_burns_the_code(kit: Kit) {
        let ada = kit.customer("ada").await;
        let shop = kit.shop_with("shop", |metadata| metadata.redirect_uris.push(RedirectUri::parse("https://shop.example/second").unwrap())).await;
        for wrong in ["https://shop.example/second", ""] {
            let code = shop.code(&kit.browser(), &ada).await;
            assert_eq!(shop.redeem_with(&code, wrong, Some(crate::kit::shop::VERIFIER)).await.json()["error"], "invalid_grant");
            assert_eq!(shop.redeem(&code).await.json()["error"], "invalid_grant");
        }
    }

    async fn a5_response_type_coercion(kit: Kit) {
        let shop = kit.shop("shop").await;
        for kind in ["token", "id_token", "code token", "code id_token", "none", "CODE"] {
            assert_eq!(shop.authorize(&kit.browser(), &[("response_type", kind)]).await.error(), "unsupported_response_type", "{kind}");
        }
        assert_eq!(shop.authorize(&kit.browser(), &[("response_mode", "web_message")]).await.error(), "invalid_request");
    }

    async fn a6_midflow_tampering(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let browser = kit.browser();
        let page = shop.authorize(&browser, &[("scope", "openid")]).await.page();
        let csrf = page.hidden("id=\"signin\"", "csrf");
        let fields = [("csrf", csrf.as_str()), ("email", &ada.email), ("password", &ada.password), ("client_id", "other"), ("scope", "openid email"), ("redirect_uri", "https://evil.example/"), ("return_to", "//evil.example")];
        let reply = browser.submit(&page.action("id=\"signin\""), &fields).await;
        let landing = browser.follow(reply).await;
        let Landing::Away(url, answer) = landing else { panic!("stayed") };
        assert!(url.starts_with("https://shop.example/cb?"));
        assert_eq!(shop.redeem(&answer["code"]).await.json()["scope"], "openid");
    }

    async fn a7_open_redirect(kit: Kit) {
        let shop = kit.shop("shop").await;
        for uri in ["//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example/"] {
            let reply = kit.browser().get(&format!("/logout?{}", encode_form(&[("post_logout_redirect_uri", uri), ("client_id", "shop")]))).await;
            assert_eq!((reply.status, reply.location()), (400, None), "{uri}");
        }
        let reply = kit.browser().get(&shop.authorize_url(&[("client_id", "nobody")])).await;
        assert_eq!((reply.status, reply.location(), reply.title()), (400, None, "Unknown client"));
        let reply = kit.browser().get("/signin?next=https://evil.example&return_to=//evil.example").await;
        assert!(reply.location().unwrap().starts_with("/signin/"));
    }

    async fn a8_credentials_are_not_posted_on(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let browser = kit.browser();
        let page = shop.authorize(&browser, &[]).await.page();
        let mut reply = browser.type_password(&page, &ada.email, &ada.password).await;
        while let Some(location) = reply.location().map(str::to_owned) {
            assert_eq!(reply.status, 303);
            if !location.starts_with('/') { break }
            reply = browser.get(&location).await;
        }
    }

    async fn a9_path_confusion(kit: Kit) {
        for path in ["/account;x", "//account", "/%61ccount", "/./account", "/account%2f..", "/account/", "/x/../account", "/.well-known/../account", "/ACCOUNT", "/account%00", "/jwks\\x"] {
            // The client library would tidy the path; this writes it as it is.
            let status = crate::resources::raw(&kit, &format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", kit.issuer.trim_start_matches("http://"))).await;
            assert!(status.starts_with("HTTP/1.1 404") || status.starts_with("HTTP/1.1 400"), "{path}: {}", &status[..40.min(status.len())]);
        }
    }

    async fn g4_host_poisoning(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let client = crate::kit::browser::http();
        let ask = async |name: &str, value: &str| read(client.get(kit.url("/.well-known/openid-configuration")).header(name, value), String::new()).await;
        assert_eq!(ask("host", "evil.example").await.status, 421);
        for name in ["x-forwarded-host", "forwarded", "x-forwarded_host", "x-original-url", "x-host"] {
            let reply = ask(name, "evil.example").await;
            assert!(reply.status == 200 && !reply.body.contains("evil"), "{name}");
        }
        let host = kit.issuer.trim_start_matches("http://");
        let two = crate::resources::raw(&kit, &format!("GET /jwks HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\nConnection: close\r\n\r\n")).await;
        assert!(two.starts_with("HTTP/1.1 4"), "{two}");
        let absolute = crate::resources::raw(&kit, &format!("GET http://evil.example/jwks HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")).await;
        assert!(absolute.starts_with("HTTP/1.1 4"), "{absolute}");
        let _ = (ada, shop);
    }

    async fn g5_client_address_spoof(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        // Every try claims another address; they all count against the one that is real.
        for number in 0..101 {
            let mut browser = kit.browser();
            browser.headers.push(("x-forwarded-for".into(), format!("203.0.113.{number}")));
            let page = shop.authorize(&browser, &[]).await.page();
            browser.type_password(&page, &format!("nobody{number}@example.com"), "wrong password").await;
        }
        let browser = kit.browser();
        let page = shop.authorize(&browser, &[]).await.page();
        assert_eq!(browser.type_password(&page, &ada.email, &ada.password).await.status, 429);
    }
}
