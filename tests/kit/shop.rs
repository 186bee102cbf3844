//! A shop: a registered client and what it does with the provider.

use claviger::base::encoding::{base64, base64url, sha256};
use claviger::base::secret::Secret;
use claviger::base::uri::RedirectUri;
use claviger::oauth::clients::ClientMetadata;
use claviger::oauth::clients::metadata::{AuthMethod, GrantType};
use claviger::oauth::clients::store as clients;
use claviger::oauth::scope::Scope;
use serde_json::Value;

use super::browser::{Browser, Landing, Reply, http};
use super::{Kit, Person};

pub const VERIFIER: &str = "a-verifier-that-is-long-enough-for-rfc-7636-0123456789";

pub fn challenge() -> String {
    base64url(sha256(VERIFIER.as_bytes()))
}

#[derive(Clone)]
pub struct Shop {
    pub id: String,
    pub secret: String,
    pub method: AuthMethod,
    pub callback: String,
    pub issuer: String,
    pub client: reqwest::Client,
}

/// The JSON of a token answer.
#[derive(Debug, Clone)]
pub struct Tokens(pub Value);

impl Tokens {
    pub fn access(&self) -> String {
        self.0["access_token"].as_str().unwrap_or_else(|| panic!("{}", self.0)).to_owned()
    }

    pub fn refresh(&self) -> String {
        self.0["refresh_token"].as_str().unwrap_or_else(|| panic!("{}", self.0)).to_owned()
    }

    pub fn id(&self) -> String {
        self.0["id_token"].as_str().unwrap_or_else(|| panic!("{}", self.0)).to_owned()
    }

    /// The claims of the ID token, unverified: `verified` checks them.
    pub fn claims(&self) -> Value {
        claims_of(&self.id())
    }
}

pub fn claims_of(token: &str) -> Value {
    let payload = claviger::base::encoding::from_base64url(token.split('.').nth(1).unwrap()).unwrap();
    serde_json::from_slice(&payload).unwrap()
}

impl Kit {
    /// Registers a shop, its metadata changed by `adjust`.
    pub async fn shop_with(&self, id: &str, adjust: impl FnOnce(&mut ClientMetadata)) -> Shop {
        let callback = format!("https://{id}.example/cb");
        let mut metadata = ClientMetadata::new(&format!("{id} & sons"), AuthMethod::ClientSecretBasic, vec![RedirectUri::parse(&callback).unwrap()]);
        metadata.post_logout_redirect_uris = vec![RedirectUri::parse(&format!("https://{id}.example/bye")).unwrap()];
        adjust(&mut metadata);
        assert_eq!(metadata.faults(), Vec::<String>::new());
        let callback = metadata.redirect_uris.first().map(|uri| uri.as_str().to_owned()).unwrap_or(callback);
        let secret = Secret::generate(self.node.base.tools.entropy());
        let hash = metadata.token_endpoint_auth_method.has_secret().then(|| secret.hash());
        let method = metadata.token_endpoint_auth_method;
        let (client_id, tools) = (id.parse().unwrap(), self.node.base.tools.clone());
        self.node.base.db.write(move |tx| clients::insert_client(tx, &client_id, &metadata, hash.as_ref(), tools.now())).await.unwrap();
        Shop { id: id.to_owned(), secret: secret.expose().to_owned(), method, callback, issuer: self.issuer.clone(), client: http() }
    }

    /// A shop whose server asks for itself, with `scope`; and its token.
    pub async fn asking_shop(&self, id: &str, scope: &str) -> (Shop, String) {
        let shop = self
            .shop_with(id, |metadata| {
                metadata.grant_types.push(GrantType::ClientCredentials);
                metadata.authorization_details_types = vec!["purchase".to_owned()];
                metadata.scope = Scope::from(format!("openid email profile address phone offline_access {scope}"));
            })
            .await;
        let token = shop.own_token(scope).await;
        (shop, token)
    }

    pub async fn shop(&self, id: &str) -> Shop {
        self.shop_with(id, |_| {}).await
    }

    /// A signed-in browser at a shop, and the tokens it got.
    pub async fn sign_in(&self, shop: &Shop, person: &Person) -> (Browser, Tokens) {
        let browser = self.browser();
        let answer = shop.sign_in(&browser, person, &[]).await.away();
        let tokens = shop.redeem(&answer["code"]).await;
        assert_eq!(tokens.status, 200, "{}", tokens.body);
        (browser, Tokens(tokens.json()))
    }
}

impl Shop {
    /// The address of an authorization request; `more` replaces or adds parameters, an empty value removes one.
    pub fn authorize_url(&self, more: &[(&str, &str)]) -> String {
        let challenge = challenge();
        let mut parameters = vec![
            ("response_type", "code"),
            ("client_id", self.id.as_str()),
            ("redirect_uri", self.callback.as_str()),
            ("scope", "openid email profile address phone offline_access"),
            ("state", "st&te"),
            ("nonce", "n0nce"),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        for (name, value) in more {
            parameters.retain(|(known, _)| known != name);
            if !value.is_empty() {
                parameters.push((name, value));
            }
        }
        format!("{}/authorize?{}", self.issuer, claviger::base::uri::encode_form(&parameters))
    }

    pub async fn authorize(&self, browser: &Browser, more: &[(&str, &str)]) -> Landing {
        browser.walk(&self.authorize_url(more)).await
    }

    /// Goes to the provider, signs in when asked, and comes back.
    pub async fn sign_in(&self, browser: &Browser, person: &Person, more: &[(&str, &str)]) -> Landing {
        match self.authorize(browser, more).await {
            Landing::Page(page) if page.url.contains("/signin/") => {
                let reply = browser.type_password(&page, &person.email, &person.password).await;
                browser.follow(reply).await
            }
            landing => landing,
        }
    }

    pub async fn code(&self, browser: &Browser, person: &Person) -> String {
        self.sign_in(browser, person, &[]).await.away().remove("code").unwrap()
    }

    /// Posts to an endpoint, authenticated as this shop is registered.
    /// A fresh token of the client's own.
    pub async fn own_token(&self, scope: &str) -> String {
        let reply = self.post("/token", &[("grant_type", "client_credentials"), ("scope", scope)]).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.json()["access_token"].as_str().unwrap().to_owned()
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        self.post_to(&self.issuer, path, fields).await
    }

    /// The same, to a node that listens elsewhere.
    pub async fn post_to(&self, base: &str, path: &str, fields: &[(&str, &str)]) -> Reply {
        self.try_post_to(base, path, fields).await.expect("the server answers")
    }

    /// The same; `None` when nobody answers.
    pub async fn try_post_to(&self, base: &str, path: &str, fields: &[(&str, &str)]) -> Option<Reply> {
        let mut fields = fields.to_vec();
        let url = format!("{base}{path}");
        let mut request = self.client.post(&url).header("host", self.issuer.split_once("://").map_or("", |(_, host)| host));
        match self.method {
            AuthMethod::ClientSecretBasic => request = request.header("authorization", format!("Basic {}", base64(format!("{}:{}", self.id, self.secret)))),
            AuthMethod::ClientSecretPost => fields.extend([("client_id", self.id.as_str()), ("client_secret", self.secret.as_str())]),
            AuthMethod::None => fields.push(("client_id", self.id.as_str())),
            AuthMethod::PrivateKeyJwt => {}
        }
        try_read(request.form(&fields), url).await
    }

    /// What redeems a code, for a node that listens elsewhere.
    pub fn redemption<'a>(&'a self, code: &'a str) -> Vec<(&'a str, &'a str)> {
        vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", &self.callback), ("code_verifier", VERIFIER)]
    }

    pub async fn redeem(&self, code: &str) -> Reply {
        self.redeem_with(code, &self.callback, Some(VERIFIER)).await
    }

    pub async fn redeem_with(&self, code: &str, redirect_uri: &str, verifier: Option<&str>) -> Reply {
        let mut fields = vec![("grant_type", "authorization_code"), ("code", code)];
        if !redirect_uri.is_empty() {
            fields.push(("redirect_uri", redirect_uri));
        }
        fields.extend(verifier.map(|verifier| ("code_verifier", verifier)));
        self.post("/token", &fields).await
    }

    pub async fn refresh(&self, token: &str) -> Reply {
        self.post("/token", &[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    pub async fn introspect(&self, token: &str) -> Value {
        self.post("/introspect", &[("token", token)]).await.json()
    }

    pub async fn userinfo(&self, token: &str) -> Reply {
        let url = format!("{}/userinfo", self.issuer);
        read(self.client.get(&url).header("authorization", format!("Bearer {token}")), url).await
    }
}

pub async fn read(request: reqwest::RequestBuilder, url: String) -> Reply {
    try_read(request, url).await.expect("the server answers")
}

async fn try_read(request: reqwest::RequestBuilder, url: String) -> Option<Reply> {
    let response = request.send().await.ok()?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Some(Reply { status, headers, body: response.text().await.ok()?, url })
}
