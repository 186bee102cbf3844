//! Real clients: the `openidconnect` crate here, npm `openid-client` and PyPI Authlib as programs of their own.

use std::process::Command;

use crate::kit::browser::http;
use crate::kit::{Kit, Landing};
use crate::on_both;
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata, CoreUserInfoClaims};
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClientId, ClientSecret, CsrfToken, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge, RedirectUrl, Scope, TokenResponse,
};

async fn run_program(kit: Kit, variable: &str, script: &str) {
    let ada = kit.customer("ada").await;
    let shop = kit
        .shop_with("shop", |metadata| {
            metadata.redirect_uris = vec![claviger::base::uri::RedirectUri::parse("http://localhost:9/callback").unwrap()];
            metadata.post_logout_redirect_uris = vec![claviger::base::uri::RedirectUri::parse("http://localhost:9/").unwrap()];
            metadata.consent = claviger::oauth::clients::metadata::ConsentPolicy::Explicit;
        })
        .await;
    let place = std::env::var(variable).unwrap_or_else(|_| panic!("{variable} is not set; scripts/test sets it"));
    let mut command = match variable {
        "TEST_NODE" => {
            let mut command = Command::new("node");
            command.arg(format!("{place}/smoke.mjs"));
            command
        }
        _ => {
            let mut command = Command::new(place);
            command.arg(script);
            command
        }
    };
    command.args([&kit.issuer, &shop.id, &shop.secret, &shop.callback, &ada.email, &ada.password]);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains(" passed, 0 failed"), "{text}");
}

on_both! {
    async fn the_openidconnect_crate_signs_in(kit: Kit) {
        // Its tokens must live in its own clock's time.
        kit.advance(now() - claviger::base::time::Clock::now(kit.clock.as_ref()).0);
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let http = http();
        let metadata = CoreProviderMetadata::discover_async(IssuerUrl::new(kit.issuer.clone()).unwrap(), &http).await.unwrap();
        let client = CoreClient::from_provider_metadata(metadata, ClientId::new(shop.id.clone()), Some(ClientSecret::new(shop.secret.clone())))
            .set_redirect_uri(RedirectUrl::new(shop.callback.clone()).unwrap());
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, state, nonce) = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
            .add_scope(Scope::new("email".to_owned()))
            .add_scope(Scope::new("offline_access".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        let browser = kit.browser();
        let page = browser.walk(url.as_str()).await.page();
        let reply = browser.type_password(&page, &ada.email, &ada.password).await;
        let Landing::Away(_, answer) = browser.follow(reply).await else { panic!("did not come back") };
        assert_eq!(&answer["state"], state.secret());
        let tokens = client.exchange_code(AuthorizationCode::new(answer["code"].clone())).unwrap().set_pkce_verifier(verifier).request_async(&http).await.unwrap();
        let id_token = tokens.id_token().unwrap();
        let verifier = client.id_token_verifier();
        let claims = id_token.claims(&verifier, &nonce).unwrap();
        let hash = AccessTokenHash::from_token(tokens.access_token(), id_token.signing_alg().unwrap(), id_token.signing_key(&verifier).unwrap()).unwrap();
        assert_eq!(claims.access_token_hash(), Some(&hash));
        let about: CoreUserInfoClaims = client.user_info(tokens.access_token().clone(), Some(claims.subject().clone())).unwrap().request_async(&http).await.unwrap();
        assert_eq!(about.email().unwrap().as_str(), "ada@example.com");
        let again = client.exchange_refresh_token(tokens.refresh_token().unwrap()).unwrap().request_async(&http).await.unwrap();
        assert!(again.refresh_token().is_some());
    }

    async fn npm_openid_client_signs_in(kit: Kit) {
        kit.advance(now() - claviger::base::time::Clock::now(kit.clock.as_ref()).0);
        run_program(kit, "TEST_NODE", "").await;
    }

    async fn pypi_authlib_signs_in(kit: Kit) {
        kit.advance(now() - claviger::base::time::Clock::now(kit.clock.as_ref()).0);
        run_program(kit, "TEST_PYTHON", "tests/clients/python/smoke.py").await;
    }
}

fn now() -> i64 {
    claviger::base::time::Clock::now(&claviger::base::time::SystemClock::new()).0
}
