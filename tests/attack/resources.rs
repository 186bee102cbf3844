//! L: framing, sizes, compression, slow senders, logs, operator endpoints.

use std::time::Duration;

use crate::kit::Kit;
use crate::kit::shop::read;
use crate::on_one;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Sends bytes as they are, and gives back what comes until the connection closes.
pub async fn raw(kit: &Kit, request: &str) -> String {
    let mut stream = tokio::net::TcpStream::connect(kit.issuer.trim_start_matches("http://")).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    match tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut answer)).await {
        Ok(_) => String::from_utf8_lossy(&answer).into_owned(),
        Err(_) => format!("STILL OPEN after {}", String::from_utf8_lossy(&answer)),
    }
}

on_one! {
    async fn l1_desync(kit: Kit) {
        let host = kit.issuer.trim_start_matches("http://").to_owned();
        let form = "content-type: application/x-www-form-urlencoded\r\n";
        for (what, framing, body) in [
            ("length and chunked", "content-length: 4\r\ntransfer-encoding: chunked\r\n", "0\r\n\r\nGET /jwks HTTP/1.1\r\n\r\n"),
            ("two lengths", "content-length: 0\r\ncontent-length: 30\r\n", "GET /jwks HTTP/1.1\r\n\r\n"),
            ("odd coding", "transfer-encoding: xchunked\r\n", "0\r\n\r\n"),
            ("negative length", "content-length: -1\r\n", ""),
            ("bad chunk", "transfer-encoding: chunked\r\n", "zz\r\n\r\n"),
            ("folded header", "x: a\r\n b\r\n", ""),
        ] {
            let answer = raw(&kit, &format!("POST /token HTTP/1.1\r\nhost: {host}\r\n{form}{framing}connection: close\r\n\r\n{body}")).await;
            assert!(answer.starts_with("HTTP/1.1 4") || answer.is_empty(), "{what}: {answer}");
            assert!(answer.matches("HTTP/1.1 ").count() <= 1, "{what}: one answer a request: {answer}");
        }
        for (what, request) in [
            ("request line", format!("GET /jwks HTTP/1.1\nhost: {host}\r\n\r\n")),
            ("header", format!("GET /jwks HTTP/1.1\r\nhost: {host}\n\r\n")),
            ("end of head", format!("GET /jwks HTTP/1.1\r\nhost: {host}\r\n\n")),
            ("all of it", format!("GET /jwks HTTP/1.1\nhost: {host}\n\n")),
            ("chunk size", format!("POST /token HTTP/1.1\r\nhost: {host}\r\n{form}transfer-encoding: chunked\r\n\r\n1\nx\r\n0\r\n\r\n")),
        ] {
            let answer = raw(&kit, &request).await;
            assert!(answer.starts_with("HTTP/1.1 400"), "{what}: {answer}");
            assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{what}: {answer}");
        }
        // The second of two requests in one write, and what a body holds.
        let answer = raw(&kit, &format!("GET /jwks HTTP/1.1\r\nhost: {host}\r\n\r\nGET /jwks HTTP/1.1\nhost: {host}\n\n")).await;
        assert_eq!((answer.matches("HTTP/1.1 200").count(), answer.matches("HTTP/1.1 400").count()), (1, 1), "{answer}");
        let answer = raw(&kit, &format!("POST /token HTTP/1.1\r\nhost: {host}\r\n{form}content-length: 4\r\nconnection: close\r\n\r\na\n=b")).await;
        assert!(answer.starts_with("HTTP/1.1 401"), "a line end in a body is only data: {answer}");
    }

    async fn l6_http2_is_not_spoken(kit: Kit) {
        // The preface of HTTP/2 is no request of HTTP/1.1; over TLS it is not offered (`tests/it/wire.rs`).
        let answer = raw(&kit, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 4") || answer.is_empty(), "{answer}");
    }

    async fn e3_unknown_and_hostile_key_ids(kit: Kit) {
        use claviger::oauth::clients::metadata::AuthMethod;
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (browser, tokens) = kit.sign_in(&shop, &ada).await;
        let robot = kit.shop_with("robot", |metadata| {
            metadata.token_endpoint_auth_method = AuthMethod::PrivateKeyJwt;
            metadata.jwks = serde_json::from_str(std::str::from_utf8(kit.node.oauth.keys.current().jwks()).unwrap()).unwrap();
        }).await;
        let long = "k".repeat(10_000);
        let hostile = ["../../dev/null", "' UNION SELECT 1 --", "/etc/passwd\u{0}", "%2e%2e%2f", long.as_str()];
        let flood: Vec<String> = (0..1_000).map(|number| format!("unknown-{number}")).collect();
        for (number, kid) in hostile.into_iter().chain(flood.iter().map(String::as_str)).enumerate() {
            let header = claviger::base::encoding::base64url(serde_json::json!({ "alg": "RS256", "typ": "JWT", "kid": kid }).to_string());
            let id = tokens.id();
            let (_, rest) = id.split_once('.').unwrap();
            let forged = format!("{header}.{rest}");
            if number < 20 {
                assert_eq!(shop.authorize(&browser, &[("prompt", "none"), ("id_token_hint", &forged)]).await.error(), "invalid_request");
                assert_ne!(shop.userinfo(&forged).await.status, 200);
            }
            let fields = [("grant_type", "client_credentials"), ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), ("client_assertion", &forged)];
            assert!(matches!(robot.post("/token", &fields).await.status, 400 | 401 | 429), "{kid}");
        }
        assert_eq!(kit.browser().get("/jwks").await.status, 200);
    }

    async fn l2_slow_bodies_and_heads_are_cut_off(kit: Kit) {
        let host = kit.issuer.trim_start_matches("http://").to_owned();
        let head = format!("POST /token HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 100\r\n\r\ngrant_type=");
        let slow = (0..50).map(|number| { let (kit, head) = (&kit, &head); async move { raw(kit, if number % 2 == 0 { head } else { "POST /token HTTP/1.1\r\nhost: x" }).await } });
        let honest = async {
            for _ in 0..20 {
                assert_eq!(kit.browser().get("/jwks").await.status, 200);
            }
        };
        let (answers, ()) = futures_util::future::join(futures_util::future::join_all(slow), honest).await;
        for answer in answers {
            assert!(answer.starts_with("HTTP/1.1 408") || answer.is_empty(), "{answer}");
        }
    }

    async fn l3_sizes(kit: Kit) {
        let browser = kit.browser();
        assert_eq!(browser.post("/token", &[("x", &"y".repeat(10_000_000))]).await.status, 413);
        let many: Vec<(String, String)> = (0..10_000).map(|number| (format!("p{number}"), String::new())).collect();
        let many: Vec<(&str, &str)> = many.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert!(matches!(browser.post("/token", &many).await.status, 400 | 413));
        assert!(matches!(browser.get(&format!("/authorize?x={}", "y".repeat(20_000))).await.status, 400 | 414));
        let host = kit.issuer.trim_start_matches("http://").to_owned();
        let answer = raw(&kit, &format!("GET /jwks HTTP/1.1\r\nhost: {host}\r\nx: {}\r\nconnection: close\r\n\r\n", "y".repeat(200_000))).await;
        assert!(answer.starts_with("HTTP/1.1 4") || answer.is_empty(), "{}", &answer[..80.min(answer.len())]);
        let chunked = format!("POST /token HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/x-www-form-urlencoded\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n{}", format!("1000\r\n{}\r\n", "y".repeat(4_096)).repeat(20) + "0\r\n\r\n");
        // Cut off: a sender that goes on writing may see the reset before the answer.
        let answer = raw(&kit, &chunked).await;
        assert!(answer.starts_with("HTTP/1.1 413") || answer.is_empty(), "{answer}");
    }

    async fn l4_decompression_bomb(kit: Kit) {
        let client = crate::kit::browser::http();
        for path in ["/token", "/userinfo", "/introspect", "/revoke", "/authorize", "/logout", "/logout/confirm", "/signin/AAAAAAAAAAAAAAAAAAAAAA", "/jwks"] {
            for coding in ["gzip", "br", "zstd", "deflate", "identity"] {
                let reply = read(client.post(kit.url(path)).header("content-encoding", coding).header("content-type", "application/x-www-form-urlencoded").body(vec![0x1f_u8; 1_000]), String::new()).await;
                assert_eq!(reply.status, 415, "{path} {coding}");
            }
        }
    }

    async fn l5_depth(kit: Kit) {
        let shop = kit.shop("shop").await;
        let deep = format!("{{\"userinfo\":{}1{}}}", "[".repeat(1_000), "]".repeat(1_000));
        assert_eq!(shop.authorize(&kit.browser(), &[("claims", &deep)]).await.error(), "invalid_request");
    }

    async fn l8_cancelled_requests_leave_nothing_behind(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let host = kit.issuer.trim_start_matches("http://").to_owned();
        let body = "grant_type=refresh_token&refresh_token=crt_x&client_id=shop&client_secret=x";
        let whole = format!("POST /token HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        for cut in 1..whole.len() {
            let mut stream = tokio::net::TcpStream::connect(&host).await.unwrap();
            stream.write_all(&whole.as_bytes()[..cut]).await.unwrap();
        }
        assert!(shop.sign_in(&kit.browser(), &ada, &[]).await.away().contains_key("code"));
        assert_eq!(kit.node.hashes.statistics().queued.load(std::sync::atomic::Ordering::Relaxed), 0);
    }

    async fn l13_operator_endpoints(kit: Kit) {
        for path in ["/metrics", "/livez", "/readyz", "/health", "/debug", "/admin.json", "/console"] {
            assert_eq!(kit.browser().get(path).await.status, 404, "{path}");
        }
        // The console is for people: a stranger gets the sign-in page that everybody gets, and learns of no other door.
        let page = kit.browser().walk("/admin").await.page();
        assert!(page.url.contains("/signin/") && !page.body.contains("/admin"), "{} {}", page.url, page.body);
    }

    async fn every_parameter_of_every_endpoint_gets_a_standard_error(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (browser, tokens) = kit.sign_in(&shop, &ada).await;
        let odd = ["", "\u{0}", "\u{1f600}", "%", "' OR 1=1 --", "../../x", &"x".repeat(5_000), "null", "[]", "-1"];
        for name in ["response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "prompt", "max_age", "login_hint", "id_token_hint", "ui_locales", "claims", "acr_values", "display", "code_challenge", "code_challenge_method", "response_mode", "request", "request_uri", "registration"] {
            for value in odd {
                let url = format!("{}&{}", shop.authorize_url(&[(name, "")]), claviger::base::uri::encode_form(&[(name, value)]));
                let reply = browser.get(&url).await;
                assert!(matches!(reply.status, 200 | 303 | 400 | 414), "authorize {name}={value:?}: {}", reply.status);
            }
        }
        for (path, good) in [("/token", vec![("grant_type", "refresh_token"), ("refresh_token", "crt_x")]), ("/token", vec![("grant_type", "authorization_code"), ("code", "x"), ("redirect_uri", "x"), ("code_verifier", "x")]), ("/introspect", vec![("token", "x")]), ("/revoke", vec![("token", "x"), ("token_type_hint", "x")])] {
            for (name, _) in good.clone() {
                for value in odd {
                    let mut fields: Vec<(&str, &str)> = good.iter().copied().filter(|(known, _)| *known != name).collect();
                    fields.push((name, value));
                    let reply = shop.post(path, &fields).await;
                    assert!(matches!(reply.status, 200 | 400), "{path} {name}={value:?}: {} {}", reply.status, reply.body);
                    if reply.status == 400 { assert!(reply.json()["error"].is_string()); }
                }
            }
        }
        for name in ["id_token_hint", "client_id", "post_logout_redirect_uri", "state", "ui_locales", "logout_hint"] {
            for value in odd {
                let reply = browser.get(&format!("/logout?{}", claviger::base::uri::encode_form(&[(name, value)]))).await;
                assert!(matches!(reply.status, 200 | 303 | 400), "logout {name}={value:?}: {}", reply.status);
            }
        }
        assert_eq!(shop.refresh(&tokens.refresh()).await.status, 200, "nothing of it changed anything");
    }
}
