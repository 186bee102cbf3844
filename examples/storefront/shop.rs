//! A shop that signs its customers in through an OpenID Provider: catalogue, basket, a checkout that needs sign-in, sign-out.
//!
//! What to copy from here: discovery, the authorization code flow with PKCE, `state` and `nonce` kept in the shop's own session,
//! the check of the ID token, `UserInfo`, and sign-out at the provider with the ID token as hint.

use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Server;
use actix_web::web::{self, Data, Form, Query};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use askama::Template;
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreIdToken, CoreUserInfoClaims};
use openidconnect::reqwest::redirect::Policy;
use openidconnect::reqwest::{Client, ClientBuilder};
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClientId, ClientSecret, CsrfToken, IssuerUrl, LogoutRequest, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier,
    PostLogoutRedirectUrl, ProviderMetadataWithLogout, RedirectUrl, Scope, TokenResponse,
};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What the shop is configured with.
#[derive(Clone)]
pub struct Settings {
    /// The provider.
    pub issuer: String,
    /// Registered at the provider.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// The shop's own address.
    pub base_url: String,
    /// Lines to show at the foot of the page, such as demo accounts.
    pub notes: Vec<String>,
}

struct Product {
    id: &'static str,
    name: &'static str,
    about: &'static str,
    /// In cents.
    price: u32,
    colour: &'static str,
}

const PRODUCTS: [Product; 4] = [
    Product { id: "sidamo", name: "Sidamo, washed", about: "Jasmine, lemon, honey. 250 g.", price: 1_450, colour: "amber" },
    Product { id: "huila", name: "Huila, honey", about: "Cherry, cocoa, panela. 250 g.", price: 1_390, colour: "clay" },
    Product { id: "sencha", name: "Sencha, first flush", about: "Fresh grass, sea air. 100 g.", price: 1_890, colour: "leaf" },
    Product { id: "kettle", name: "Gooseneck kettle", about: "Steel, 0.9 l, pours where you want it.", price: 6_900, colour: "slate" },
];

/// What the shop remembers of one browser.
#[derive(Default)]
struct Visit {
    basket: HashMap<&'static str, u32>,
    /// A sign-in under way: what must come back.
    pending: Option<Pending>,
    customer: Option<Customer>,
    orders: u32,
}

struct Pending {
    state: CsrfToken,
    nonce: Nonce,
    verifier: PkceCodeVerifier,
    return_to: &'static str,
}

#[derive(Clone)]
struct Customer {
    name: String,
    email: String,
    address: String,
    id_token: String,
}

/// The running shop.
pub struct Storefront {
    settings: Settings,
    http: Client,
    visits: Mutex<HashMap<String, Visit>>,
}

const COOKIE: &str = "shop_visit";

impl Storefront {
    /// A shop with empty shelves of visits.
    ///
    /// # Errors
    /// The HTTP client could not be made.
    pub fn new(settings: Settings) -> Result<Arc<Self>, Failure> {
        // A redirect during discovery or the code exchange would be somebody else's answer.
        let http = ClientBuilder::new().redirect(Policy::none()).build()?;
        Ok(Arc::new(Self { settings, http, visits: Mutex::new(HashMap::new()) }))
    }

    /// Serves on `listener`.
    ///
    /// # Errors
    /// The listener is not usable.
    pub fn serve(self: Arc<Self>, listener: TcpListener) -> std::io::Result<Server> {
        let shop: Data<Self> = Data::from(self);
        let server = HttpServer::new(move || {
            App::new()
                .app_data(shop.clone())
                .route("/", web::get().to(catalogue))
                .route("/style.css", web::get().to(style))
                .route("/basket", web::post().to(add_to_basket))
                .route("/checkout", web::get().to(checkout))
                .route("/order", web::post().to(order))
                .route("/sign-in", web::get().to(sign_in))
                .route("/callback", web::get().to(callback))
                .route("/sign-out", web::get().to(sign_out))
        });
        Ok(server.workers(1).disable_signals().listen(listener)?.run())
    }

    async fn metadata(&self) -> Result<ProviderMetadataWithLogout, Failure> {
        Ok(ProviderMetadataWithLogout::discover_async(IssuerUrl::new(self.settings.issuer.clone())?, &self.http).await?)
    }

    fn with_visit<T>(&self, id: &str, work: impl FnOnce(&mut Visit) -> T) -> T {
        let mut visits = self.visits.lock().unwrap_or_else(PoisonError::into_inner);
        // The oldest visits are not worth keeping; a real shop would keep them in its database.
        if visits.len() > 10_000 {
            visits.clear();
        }
        work(visits.entry(id.to_owned()).or_default())
    }
}

fn visit_of(request: &HttpRequest) -> (String, Option<Cookie<'static>>) {
    match request.cookie(COOKIE) {
        Some(cookie) => (cookie.value().to_owned(), None),
        None => {
            let id = CsrfToken::new_random_len(32).into_secret();
            let cookie = Cookie::build(COOKIE, id.clone()).path("/").http_only(true).same_site(SameSite::Lax).finish();
            (id, Some(cookie))
        }
    }
}

struct Line {
    product: &'static Product,
    count: u32,
}

impl Product {
    fn price_text(&self) -> String {
        euros(self.price)
    }
}

impl Line {
    fn price_text(&self) -> String {
        euros(self.product.price * self.count)
    }
}

#[derive(Template)]
#[template(path = "storefront/pages/shop.html")]
struct ShopPage<'a> {
    title: &'a str,
    view: &'a str,
    products: &'a [Product],
    lines: Vec<Line>,
    total: String,
    customer: Option<Customer>,
    message: Option<String>,
    notes: &'a [String],
    issuer: &'a str,
}

fn euros(cents: u32) -> String {
    format!("€ {}.{:02}", cents / 100, cents % 100)
}

fn page(shop: &Storefront, id: &str, title: &str, view: &str, message: Option<String>) -> String {
    let (lines, customer) = shop.with_visit(id, |visit| {
        let lines = PRODUCTS.iter().filter_map(|product| visit.basket.get(product.id).map(|count| Line { product, count: *count })).collect::<Vec<_>>();
        (lines, visit.customer.clone())
    });
    let total = euros(lines.iter().map(|line| line.product.price * line.count).sum());
    let page = ShopPage { title, view, products: &PRODUCTS, lines, total, customer, message, notes: &shop.settings.notes, issuer: &shop.settings.issuer };
    page.render().unwrap_or_else(|error| error.to_string())
}

fn html(body: String, cookie: Option<Cookie<'static>>) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.content_type("text/html; charset=utf-8");
    response.insert_header(("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"));
    response.insert_header(("Cache-Control", "no-store"));
    if let Some(cookie) = cookie {
        response.cookie(cookie);
    }
    response.body(body)
}

fn go(location: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header(("Location", location)).finish()
}

async fn style() -> HttpResponse {
    HttpResponse::Ok().content_type("text/css; charset=utf-8").body(include_str!("pages/shop.css"))
}

async fn catalogue(shop: Data<Storefront>, request: HttpRequest) -> HttpResponse {
    let (id, cookie) = visit_of(&request);
    html(page(&shop, &id, "Bean & Leaf", "catalogue", None), cookie)
}

#[derive(serde::Deserialize)]
struct Wish {
    product: String,
}

async fn add_to_basket(shop: Data<Storefront>, request: HttpRequest, wish: Form<Wish>) -> HttpResponse {
    let (id, cookie) = visit_of(&request);
    if let Some(product) = PRODUCTS.iter().find(|product| product.id == wish.product) {
        shop.with_visit(&id, |visit| {
            let count = visit.basket.entry(product.id).or_insert(0);
            *count = count.saturating_add(1).min(99);
        });
    }
    let mut response = go("/");
    if let Some(cookie) = cookie {
        let _ = response.add_cookie(&cookie);
    }
    response
}

async fn checkout(shop: Data<Storefront>, request: HttpRequest) -> HttpResponse {
    let (id, cookie) = visit_of(&request);
    if shop.with_visit(&id, |visit| visit.customer.is_none()) {
        return begin(&shop, &id, cookie, "/checkout").await;
    }
    html(page(&shop, &id, "Checkout", "checkout", None), cookie)
}

async fn order(shop: Data<Storefront>, request: HttpRequest) -> HttpResponse {
    let (id, cookie) = visit_of(&request);
    let number = shop.with_visit(&id, |visit| {
        if visit.customer.is_none() || visit.basket.is_empty() {
            return None;
        }
        visit.basket.clear();
        visit.orders += 1;
        Some(visit.orders)
    });
    match number {
        Some(number) => html(page(&shop, &id, "Thank you", "thanks", Some(format!("Order no. {number} is on its way."))), cookie),
        None => go("/checkout"),
    }
}

async fn sign_in(shop: Data<Storefront>, request: HttpRequest) -> HttpResponse {
    let (id, cookie) = visit_of(&request);
    begin(&shop, &id, cookie, "/").await
}

/// Sends the browser to the provider.
async fn begin(shop: &Storefront, id: &str, cookie: Option<Cookie<'static>>, return_to: &'static str) -> HttpResponse {
    let work = async {
        let settings = &shop.settings;
        let client = CoreClient::from_provider_metadata(shop.metadata().await?, ClientId::new(settings.client_id.clone()), Some(ClientSecret::new(settings.client_secret.clone())))
            .set_redirect_uri(RedirectUrl::new(format!("{}/callback", settings.base_url))?);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, state, nonce) = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
            .add_scopes(["email", "profile", "address"].map(|scope| Scope::new(scope.to_owned())))
            .set_pkce_challenge(challenge)
            .url();
        shop.with_visit(id, |visit| visit.pending = Some(Pending { state, nonce, verifier, return_to }));
        Ok::<_, Failure>(go(url.as_str()))
    };
    let mut response = work.await.unwrap_or_else(|error| unavailable(shop, id, &error));
    if let Some(cookie) = cookie {
        let _ = response.add_cookie(&cookie);
    }
    response
}

fn unavailable(shop: &Storefront, id: &str, error: &Failure) -> HttpResponse {
    let text = format!("Signing in does not work at the moment. ({error})");
    html(page(shop, id, "Bean & Leaf", "catalogue", Some(text)), None)
}

#[derive(serde::Deserialize)]
struct Answer {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

async fn callback(shop: Data<Storefront>, request: HttpRequest, answer: Query<Answer>) -> HttpResponse {
    let (id, _) = visit_of(&request);
    let Some(pending) = shop.with_visit(&id, |visit| visit.pending.take()) else { return go("/") };
    match exchange(&shop, pending, &answer).await {
        Ok((customer, return_to)) => {
            shop.with_visit(&id, |visit| visit.customer = Some(customer));
            go(return_to)
        }
        Err(error) => unavailable(&shop, &id, &error),
    }
}

/// Checks what came back, exchanges the code, checks the ID token, asks who it is.
async fn exchange(shop: &Storefront, pending: Pending, answer: &Answer) -> Result<(Customer, &'static str), Failure> {
    let settings = &shop.settings;
    if answer.state.as_deref() != Some(pending.state.secret().as_str()) {
        return Err("the answer belongs to another sign-in".into());
    }
    // RFC 9207: the answer of another provider is refused.
    if answer.iss.as_deref() != Some(settings.issuer.as_str()) {
        return Err("the answer came from another provider".into());
    }
    if let Some(error) = &answer.error {
        return Err(format!("the provider said {error}").into());
    }
    let code = answer.code.clone().ok_or("the answer has no code")?;
    let client = CoreClient::from_provider_metadata(shop.metadata().await?, ClientId::new(settings.client_id.clone()), Some(ClientSecret::new(settings.client_secret.clone())))
        .set_redirect_uri(RedirectUrl::new(format!("{}/callback", settings.base_url))?);
    let tokens = client.exchange_code(AuthorizationCode::new(code))?.set_pkce_verifier(pending.verifier).request_async(&shop.http).await?;
    let id_token = tokens.id_token().ok_or("the provider sent no ID token")?;
    let verifier = client.id_token_verifier();
    let claims = id_token.claims(&verifier, &pending.nonce)?;
    if let Some(expected) = claims.access_token_hash() {
        let actual = AccessTokenHash::from_token(tokens.access_token(), id_token.signing_alg()?, id_token.signing_key(&verifier)?)?;
        if actual != *expected {
            return Err("the access token does not belong to the ID token".into());
        }
    }
    let about: CoreUserInfoClaims = client.user_info(tokens.access_token().clone(), Some(claims.subject().clone()))?.request_async(&shop.http).await?;
    let email = about.email().map(|email| email.to_string()).unwrap_or_default();
    let name = about.name().and_then(|names| names.get(None)).map_or_else(|| email.clone(), |name| name.to_string());
    let address = about.address().and_then(|address| address.formatted.as_ref()).map(|formatted| formatted.to_string()).unwrap_or_default();
    Ok((Customer { name, email, address, id_token: id_token.to_string() }, pending.return_to))
}

async fn sign_out(shop: Data<Storefront>, request: HttpRequest) -> HttpResponse {
    let (id, _) = visit_of(&request);
    let customer = shop.with_visit(&id, |visit| visit.customer.take());
    let Some(customer) = customer else { return go("/") };
    let work = async {
        let endpoint = shop.metadata().await?.additional_metadata().end_session_endpoint.clone().ok_or("the provider has no sign-out")?;
        let url = LogoutRequest::from(endpoint)
            .set_id_token_hint(&customer.id_token.parse::<CoreIdToken>()?)
            .set_post_logout_redirect_uri(PostLogoutRedirectUrl::new(format!("{}/", shop.settings.base_url))?)
            .http_get_url();
        Ok::<_, Failure>(go(url.as_str()))
    };
    work.await.unwrap_or_else(|error: Failure| unavailable(&shop, &id, &error))
}
