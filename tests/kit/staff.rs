//! Staff at the console, and programs at the API.

use claviger::admin::access::rules::{BrandScope, Role};
use claviger::admin::access::store as access;
use claviger::identity::customers::{CustomerRole, details};
use claviger::oauth::scope::Scope;
use serde_json::Value;

use super::authenticator::{self, Authenticator};
use super::shop::{self, Shop};
use super::{Browser, Kit, Person, Reply};

/// Somebody of the staff, signed in with a passkey.
pub struct Colleague {
    pub person: Person,
    pub browser: Browser,
    pub passkey: Authenticator,
}

/// A program with a token of its own.
pub struct Program {
    pub scope: String,
    pub client: Shop,
    pub token: String,
}

impl Kit {
    /// Somebody with these roles for these brands, who has just shown a passkey.
    pub async fn colleague_of(&self, name: &str, roles: &[Role], brands: &[&str]) -> Colleague {
        let (person, browser, mut passkey) = (self.customer(name).await, self.browser(), Authenticator::new());
        let page = browser.walk("/account/security").await.page();
        let reply = browser.type_password(&page, &person.email, &person.password).await;
        let page = browser.follow(reply).await.page();
        let reply = authenticator::enrol(&browser, &page, "add-passkey", &mut passkey).await;
        let page = browser.follow(reply).await.page();
        if page.url.ends_with("/recovery-codes") {
            browser.keep_codes(&page).await;
        }
        let (id, roles, brands, now) = (person.id.clone(), roles.to_vec(), BrandScope::of(brands.iter().map(|brand| (*brand).to_owned())), self.node.base.tools.now());
        let work = self.node.base.db.write(move |tx| {
            details::store::keep_role(tx, &id, CustomerRole::Admin, now)?;
            access::keep_admin(tx, &id, &roles, &brands, "test", now)
        });
        work.await.unwrap();
        Colleague { person, browser, passkey }
    }

    pub async fn colleague(&self, name: &str, roles: &[Role]) -> Colleague {
        self.colleague_of(name, roles, &[]).await
    }

    /// A client with these roles, and a token.
    pub async fn program(&self, id: &str, roles: &[Role]) -> Program {
        let scopes: Vec<String> = roles.iter().map(|role| role.scope()).collect();
        let (scope, wanted) = (scopes.join(" "), scopes.join(" "));
        let client = self
            .shop_with(id, |metadata| {
                metadata.grant_types = vec![claviger::oauth::clients::metadata::GrantType::ClientCredentials];
                metadata.redirect_uris = Vec::new();
                metadata.scope = Scope::from(wanted);
            })
            .await;
        let reply = client.post("/token", &[("grant_type", "client_credentials"), ("scope", &scope)]).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        Program { token: reply.json()["access_token"].as_str().unwrap().to_owned(), scope, client }
    }
}

impl Colleague {
    /// Opens a page, showing the passkey again when asked.
    pub async fn open(&mut self, path: &str) -> Reply {
        let page = self.browser.walk(path).await.page();
        if !page.url.contains("/signin/") {
            return page;
        }
        let reply = authenticator::show(&self.browser, &page, &mut self.passkey).await;
        self.browser.follow(reply).await.page()
    }

    /// Fills in the form of an operation; whatever is answered, followed to its page.
    pub async fn act(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let page = self.open(&format!("/admin/do/{path}")).await;
        assert_eq!(page.status, 200, "{path}: {}", page.body);
        let reply = self.browser.press(&page, "submit", fields).await;
        if reply.location().is_some() { self.browser.follow(reply).await.page() } else { reply }
    }

    /// The id of the customer who is found so.
    pub async fn find(&mut self, by: &str, value: &str) -> Option<String> {
        let page = self.open("/admin/customers").await;
        let reply = self.browser.press(&page, "submit", &[("by", by), ("value", value)]).await;
        let page = if reply.location().is_some() { self.browser.follow(reply).await.page() } else { reply };
        let id = |rest: &str| rest.split(['"', '?']).next().unwrap().to_owned();
        page.url.split("/admin/customers/").nth(1).map(id).or_else(|| page.body.split("href=\"/admin/customers/").nth(1).map(id))
    }
}

impl Program {
    /// A fresh token, when the last one is too old.
    pub async fn renew(&mut self) {
        let reply = self.client.post("/token", &[("grant_type", "client_credentials"), ("scope", &self.scope)]).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.json()["access_token"].as_str().unwrap().clone_into(&mut self.token);
    }

    /// A request, with headers.
    pub async fn request(&self, method: &str, path: &str, body: &Value, headers: &[(&str, &str)]) -> Reply {
        let url = format!("{}/api/v1{path}", self.client.issuer);
        let mut request = self.client.client.request(reqwest::Method::from_bytes(method.as_bytes()).unwrap(), &url).bearer_auth(&self.token);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !body.is_null() {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        shop::read(request, url).await
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.request("GET", path, &Value::Null, &[]).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        self.request("POST", path, body, &[]).await
    }
}
