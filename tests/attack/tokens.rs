//! E and F: signatures, token confusion, client authentication.

use std::time::Duration;

use crate::kit::shop::read;
use crate::kit::{Kit, Shop, Tokens};
use crate::{on_both, on_one};
use claviger::base::encoding::{base64, base64url};
use claviger::oauth::clients::metadata::AuthMethod;
use claviger::platform::crypto::jws::{GeneratedKey, Signer, SigningAlgorithm, TokenType, generate};
use serde_json::{Value, json};

async fn robot(kit: &Kit, algorithm: SigningAlgorithm) -> (Shop, GeneratedKey) {
    let key = generate(algorithm).unwrap();
    let jwks = serde_json::from_value(json!({ "keys": [key.public_jwk] })).unwrap();
    let shop = kit
        .shop_with("robot", |metadata| {
            metadata.token_endpoint_auth_method = AuthMethod::PrivateKeyJwt;
            metadata.grant_types.push(claviger::oauth::clients::metadata::GrantType::ClientCredentials);
            metadata.jwks = Some(jwks);
        })
        .await;
    (shop, key)
}

fn assertion(kit: &Kit, changes: &[(&str, Value)]) -> Value {
    let now = kit.node.base.tools.now().0;
    let mut claims = json!({ "iss": "robot", "sub": "robot", "aud": kit.issuer, "exp": now + 60, "iat": now, "jti": base64url(claviger::base::random::bytes::<12>(kit.node.base.tools.entropy())) });
    for (name, value) in changes {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(*name);
        } else {
            claims[*name] = value.clone();
        }
    }
    claims
}

async fn present(shop: &Shop, assertion: &str) -> (u16, String) {
    let fields = [("grant_type", "client_credentials"), ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), ("client_assertion", assertion)];
    let reply = shop.post("/token", &fields).await;
    (reply.status, reply.json()["error"].as_str().unwrap_or_default().to_owned())
}

on_both! {
    async fn f2_assertion_replay(kit: Kit) {
        let (shop, key) = robot(&kit, SigningAlgorithm::ES256).await;
        let signer = Signer::from_pkcs8(&key.kid, SigningAlgorithm::ES256, &key.pkcs8).unwrap();
        let text = signer.sign(TokenType::IdToken, &assertion(&kit, &[])).unwrap();
        assert_eq!(present(&shop, &text).await.0, 200);
        assert_eq!(present(&shop, &text).await, (401, "invalid_client".into()));
        let (_, second, handle) = kit.second_node().await;
        let there = Shop { issuer: kit.issuer.clone(), ..shop.clone() };
        let fields = [("grant_type", "client_credentials"), ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), ("client_assertion", text.as_str())];
        assert_eq!(there.post_to(&second, "/token", &fields).await.status, 401);
        handle.stop(false).await;
    }
}

on_one! {
    async fn f3_assertion_audience_and_claims(kit: Kit) {
        let (shop, key) = robot(&kit, SigningAlgorithm::ES256).await;
        let signer = Signer::from_pkcs8(&key.kid, SigningAlgorithm::ES256, &key.pkcs8).unwrap();
        let now = kit.node.base.tools.now().0;
        for changes in [
            vec![("aud", json!(kit.url("/token")))], vec![("aud", json!([kit.issuer]))], vec![("aud", json!([kit.issuer, "https://other.example"]))], vec![("aud", json!("https://other.example"))], vec![("aud", Value::Null)],
            vec![("exp", json!(now - 31))], vec![("exp", json!(now + 3_600))], vec![("exp", json!("9e9"))], vec![("exp", json!(1e300))], vec![("exp", json!(-1))], vec![("exp", json!([now + 60]))], vec![("exp", Value::Null)],
            vec![("nbf", json!(now + 61))], vec![("nbf", json!("x"))], vec![("iat", json!(now + 61))], vec![("jti", Value::Null)], vec![("jti", json!(""))], vec![("jti", json!("x".repeat(257)))], vec![("sub", json!("other"))], vec![("iss", json!("other"))], vec![("sub", Value::Null)],
        ] {
            let text = signer.sign(TokenType::IdToken, &assertion(&kit, &changes)).unwrap();
            assert_eq!(present(&shop, &text).await, (401, "invalid_client".into()), "{changes:?}");
        }
        assert_eq!(present(&shop, &signer.sign(TokenType::IdToken, &assertion(&kit, &[("nbf", json!(now + 8))])).unwrap()).await.0, 200);
    }

    async fn e1_e2_e4_f4_algorithm_tricks(kit: Kit) {
        let (shop, key) = robot(&kit, SigningAlgorithm::RS256).await;
        let payload = base64url(serde_json::to_vec(&assertion(&kit, &[])).unwrap());
        let public = serde_json::to_string(&key.public_jwk).unwrap();
        let attacker = generate(SigningAlgorithm::ES256).unwrap();
        let signer = Signer::from_pkcs8(&attacker.kid, SigningAlgorithm::ES256, &attacker.pkcs8).unwrap();
        let forged = signer.sign(TokenType::IdToken, &assertion(&kit, &[])).unwrap();
        let tail = forged.split_once('.').unwrap().1;
        let mut tries = vec![forged.clone()];
        for header in [json!({"alg": "none"}), json!({"alg": "NoNe", "kid": key.kid}), json!({"alg": "RS256", "kid": "../../dev/null"}), json!({"alg": "RS256", "kid": "' UNION SELECT 1"}), json!({"alg": "RS256", "kid": "k".repeat(10_000)}), json!({"alg": "RS256", "crit": ["exp"], "kid": key.kid}), json!({"alg": "RS256", "b64": false, "kid": key.kid}), json!({"alg": "RS256", "zip": "DEF", "kid": key.kid})] {
            tries.push(format!("{}.{payload}.", base64url(header.to_string())));
            tries.push(format!("{}.{payload}.AAAA", base64url(header.to_string())));
        }
        for header in [json!({"alg": "ES256", "jwk": attacker.public_jwk}), json!({"alg": "ES256", "jku": "http://127.0.0.1:9/jwks", "kid": attacker.kid}), json!({"alg": "ES256", "x5u": "http://127.0.0.1:9/", "x5c": ["AA"]})] {
            tries.push(format!("{}.{tail}", base64url(header.to_string())));
        }
        for secret in [public.as_bytes(), key.kid.as_bytes(), shop.secret.as_bytes()] {
            let mut header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256);
            header.kid = Some(key.kid.clone());
            tries.push(jsonwebtoken::encode(&header, &assertion(&kit, &[]), &jsonwebtoken::EncodingKey::from_secret(secret)).unwrap());
        }
        for text in tries {
            let (status, error) = present(&shop, &text).await;
            assert!(matches!(status, 400 | 401 | 429) && error != "server_error", "{status} {error} {}", &text[..60]);
            kit.advance(61);
        }
        // The registered key signs, but with Basic beside it, or instead of it, nothing goes.
        let basic = read(shop.client.post(kit.url("/token")).header("authorization", format!("Basic {}", base64(format!("robot:{}", shop.secret)))).form(&[("grant_type", "client_credentials")]), String::new()).await;
        assert_eq!(basic.status, 401);
    }

    async fn e5_purpose_confusion(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let browser = kit.browser();
        let code = shop.code(&browser, &ada).await;
        let tokens = Tokens(shop.redeem(&shop.code(&browser, &ada).await).await.json());
        let (id, access, refresh) = (tokens.id(), tokens.access(), tokens.refresh());
        for wrong in [&id, &refresh, &code, &shop.secret] {
            assert_eq!(shop.userinfo(wrong).await.status, 401);
        }
        assert_eq!(shop.introspect(&id).await["active"], false);
        assert_eq!(shop.introspect(&code).await["active"], false);
        for wrong in [&id, &access, &code] {
            assert_eq!(shop.refresh(wrong).await.json()["error"], "invalid_grant");
        }
        for wrong in [&id, &access, &refresh] {
            assert_eq!(shop.redeem(wrong).await.json()["error"], "invalid_grant");
        }
        for wrong in [&access, &refresh, &code] {
            assert_eq!(shop.authorize(&browser, &[("id_token_hint", wrong)]).await.error(), "invalid_request");
            assert_eq!(browser.get(&format!("/logout?id_token_hint={wrong}")).await.status, 400);
        }
        assert_eq!(present(&shop, &id).await.0, 400, "an assertion beside Basic is two methods");
    }

    async fn e6_e7_e11_hostile_tokens(kit: Kit) {
        let shop = kit.shop("shop").await;
        let header = base64url(json!({"alg": "ES256", "typ": "at+jwt", "kid": "x"}).to_string());
        let keys = kit.browser().get("/jwks").await.json();
        let es = keys["keys"].as_array().unwrap().iter().find(|key| key["alg"] == "ES256").unwrap()["kid"].as_str().unwrap().to_owned();
        let real = base64url(json!({"alg": "ES256", "typ": "at+jwt", "kid": es}).to_string());
        let payload = base64url(json!({"iss": kit.issuer, "sub": "x", "aud": kit.issuer, "client_id": "shop", "iat": 0, "exp": 9_999_999_999_i64, "jti": "client.x"}).to_string());
        let zero = base64url([0_u8; 64]);
        let started = std::time::Instant::now();
        for token in [format!("{real}.{payload}.{zero}"), format!("{header}.{payload}.{zero}"), format!("{real}.{payload}."), "a.b.c".into(), "..".into(), ".".repeat(5_000), "x".repeat(8_193), "cat_".into(), "crt_".into(), format!("{real}.{}.{zero}", base64url("[".repeat(4_000)))] {
            assert_eq!(shop.introspect(&token).await["active"], false);
            assert!(matches!(shop.userinfo(&token).await.status, 401));
        }
        assert!(started.elapsed() < Duration::from_secs(5));
        let reply = shop.post("/introspect", &[("token", &"x".repeat(20_000))]).await;
        assert_eq!(reply.status, 400);
    }

    async fn f1_client_authentication(kit: Kit) {
        let shop = kit.shop("shop").await;
        let post_shop = kit.shop_with("poster", |metadata| metadata.token_endpoint_auth_method = AuthMethod::ClientSecretPost).await;
        let url = kit.url("/token");
        let basic = |id: &str, secret: &str| format!("Basic {}", base64(format!("{id}:{secret}")));
        let send = async |authorization: Option<String>, fields: &[(&str, &str)]| {
            let mut request = shop.client.post(&url).form(fields);
            if let Some(authorization) = authorization { request = request.header("authorization", authorization); }
            let reply = read(request, url.clone()).await;
            (reply.status, reply.json()["error"].as_str().unwrap_or_default().to_owned())
        };
        let grant = ("grant_type", "refresh_token");
        assert_eq!(send(None, &[grant]).await, (401, "invalid_client".into()));
        assert_eq!(send(None, &[grant, ("client_id", "shop")]).await, (401, "invalid_client".into()), "no secret");
        assert_eq!(send(Some(basic("shop", "wrong")), &[grant]).await, (401, "invalid_client".into()));
        assert_eq!(send(Some(basic("nobody", &shop.secret)), &[grant]).await, (401, "invalid_client".into()));
        assert_eq!(send(Some(basic("shop", &shop.secret)), &[grant, ("client_id", "shop"), ("client_secret", &shop.secret)]).await, (400, "invalid_request".into()), "two methods");
        assert_eq!(send(None, &[grant, ("client_id", "shop"), ("client_secret", &shop.secret)]).await, (401, "invalid_client".into()), "another method than registered");
        assert_eq!(send(Some(basic("poster", &post_shop.secret)), &[grant]).await, (401, "invalid_client".into()));
        let in_query = read(shop.client.post(format!("{url}?client_id=poster&client_secret={}", post_shop.secret)).form(&[grant]), url.clone()).await;
        assert_eq!(in_query.status, 400);
        let challenge = read(shop.client.post(&url).header("authorization", basic("shop", "x")).form(&[grant]), url.clone()).await;
        assert!(challenge.header("www-authenticate").starts_with("Basic"));
        assert_eq!(send(Some(basic("shop", &shop.secret)), &[grant, ("refresh_token", "crt_x")]).await, (400, "invalid_grant".into()), "the right secret still counts");
        // A guesser is closed out after thirty, with two lines in the log and not thirty; another client from there is served.
        let mut statuses = Vec::new();
        for _ in 0..40 { statuses.push(send(Some(basic("shop", "wrong")), &[grant]).await.0); }
        assert!(statuses.starts_with(&[401]) && statuses.ends_with(&[429]), "{statuses:?}");
        assert!((2..=4).contains(&kit.audited("client_refused", "client_secret_basic").await), "{}", kit.audited("client_refused", "client_secret_basic").await);
        assert_eq!(send(None, &[grant, ("client_id", "poster"), ("client_secret", &post_shop.secret), ("refresh_token", "crt_x")]).await, (400, "invalid_grant".into()));
        // Naming ever other clients helps nobody.
        let mut last = 0;
        for number in 0..140 { last = send(Some(basic(&format!("guess-{number}"), "x")), &[grant]).await.0; }
        assert_eq!(last, 429);
        kit.advance(61);
        assert_eq!(send(Some(basic("shop", &shop.secret)), &[grant, ("refresh_token", "crt_x")]).await, (400, "invalid_grant".into()));
    }

    async fn f5_a_disabled_client_is_not_served(kit: Kit) {
        use diesel::connection::SimpleConnection;
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (browser, tokens) = kit.sign_in(&shop, &ada).await;
        let code = shop.code(&browser, &ada).await;
        kit.node.base.db.write(|tx| tx.batch_execute("UPDATE clients SET disabled_at = 1").map_err(Into::into)).await.unwrap();
        kit.advance(1);
        assert_eq!(shop.redeem(&code).await.status, 401);
        assert_eq!(shop.refresh(&tokens.refresh()).await.status, 401);
        assert_eq!(shop.userinfo(&tokens.access()).await.status, 401);
        assert_eq!(browser.get(&shop.authorize_url(&[])).await.status, 400);
    }
}
