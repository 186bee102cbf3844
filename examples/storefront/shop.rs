//! A shop that signs its customers in through an OpenID Provider: catalogue, basket, a checkout that needs sign-in, sign-out.
//!
//! What to copy from here: discovery, the authorization code flow with PKCE, `state` and `nonce` kept in the shop's own session,
//! the check of the ID token, `UserInfo`, sign-out at the provider with the ID token as hint, a stronger sign-in
//! when the order service asks for one (see `orders.rs`), and sign-out when the provider says so (see `logout.rs`).

#[path = "judge.rs"]
mod judge;
#[path = "logout.rs"]
mod logout;
#[path = "orders.rs"]
mod orders;

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
    AccessTokenHash, AuthenticationContextClass, AuthorizationCode, ClientId, ClientSecret, CsrfToken, IssuerUrl, LogoutRequest, Nonce, OAuth2TokenResponse, PkceCodeChallenge,
    PkceCodeVerifier, PostLogoutRedirectUrl, ProviderMetadataWithLogout, RedirectUrl, Scope, TokenResponse,
};

use judge::{CARDS, Delivery};
use orders::{Order, StepUp};

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
    /// Whether it asks the provider about addresses and orders.
    pub judges_orders: bool,
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
    /// A stronger sign-in has just been done.
    has_stepped_up: bool,
    orders: u32,
    /// What was filled in, and the number of the order that it is for.
    delivery: Option<(Delivery, u32, String)>,
}

struct Pending {
    state: CsrfToken,
    nonce: Nonce,
    verifier: PkceCodeVerifier,
    return_to: &'static str,
    is_step_up: bool,
}

#[derive(Clone)]
struct Customer {
    name: String,
    email: String,
    address: String,
    /// Who it is, and in which session at the provider.
    sub: String,
    sid: Option<String>,
    /// Street, postcode and country, as the provider knows them.
    home: Delivery,
    id_token: String,
    access_token: String,
}

/// The running shop.
pub struct Storefront {
    settings: Settings,
    http: Client,
    visits: Mutex<HashMap<String, Visit>>,
    /// The provider's keys, and when they were fetched.
    keys: Mutex<Option<(jsonwebtoken::jwk::JwkSet, i64)>>,
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
        Ok(Arc::new(Self { settings, http, visits: Mutex::new(HashMap::new()), keys: Mutex::new(None) }))
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
                .route("/api/orders", web::post().to(orders::take))
                .route("/sign-in", web::get().to(sign_in))
                .route("/callback", web::get().to(callback))
                .route("/sign-out", web::get().to(sign_out))
                .route("/backchannel-logout", web::post().to(logout::hear))
        });
        Ok(server.workers(1).disable_signals().listen(listener)?.run())
    }

    async fn metadata(&self) -> Result<ProviderMetadataWithLogout, Failure> {
        Ok(ProviderMetadataWithLogout::discover_async(IssuerUrl::new(self.settings.issuer.clone())?, &self.http).await?)
    }

    fn keys(&self) -> std::sync::MutexGuard<'_, Option<(jsonwebtoken::jwk::JwkSet, i64)>> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Signs out the customers of whom `is_over` says so, in whatever browser.
    fn end_visits(&self, is_over: impl Fn(&Customer) -> bool) {
        let mut visits = self.visits.lock().unwrap_or_else(PoisonError::into_inner);
        for visit in visits.values_mut() {
            if visit.customer.as_ref().is_some_and(&is_over) {
                visit.customer = None;
            }
        }
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
    /// What stands in the form; none where orders are not judged.
    delivery: Option<Delivery>,
    cards: &'a [(&'a str, &'a str)],
    notes: &'a [String],
    issuer: &'a str,
}

fn euros(cents: u32) -> String {
    format!("€ {}.{:02}", cents / 100, cents % 100)
}

fn page(shop: &Storefront, id: &str, title: &str, view: &str, message: Option<String>) -> String {
    let (lines, customer, kept) = shop.with_visit(id, |visit| {
        let lines = PRODUCTS.iter().filter_map(|product| visit.basket.get(product.id).map(|count| Line { product, count: *count })).collect::<Vec<_>>();
        (lines, visit.customer.clone(), visit.delivery.as_ref().map(|(delivery, ..)| delivery.clone()))
    });
    let total = euros(lines.iter().map(|line| line.product.price * line.count).sum());
    let page = ShopPage {
        title,
        view,
        products: &PRODUCTS,
        lines,
        total,
        delivery: kept.or_else(|| customer.as_ref().map(|customer| customer.home.clone())).filter(|_| shop.settings.judges_orders),
        cards: &CARDS,
        customer,
        message,
        notes: &shop.settings.notes,
        issuer: &shop.settings.issuer,
    };
    page.render().unwrap_or_else(|error| error.to_string())
}

/// Where forms may lead: the order button leads to the provider when a stronger sign-in is needed.
fn policy(shop: &Storefront) -> String {
    format!("default-src 'none'; style-src 'self'; form-action 'self' {}; frame-ancestors 'none'; base-uri 'none'", shop.settings.issuer)
}

fn html(shop: &Storefront, body: String, cookie: Option<Cookie<'static>>) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.content_type("text/html; charset=utf-8");
    response.insert_header(("Content-Security-Policy", policy(shop)));
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
    html(&shop, page(&shop, &id, "Bean & Leaf", "catalogue", None), cookie)
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
        return begin(&shop, &id, cookie, "/checkout", None).await;
    }
    let message = shop.with_visit(&id, |visit| std::mem::take(&mut visit.has_stepped_up)).then(|| "Thank you. Now you can order.".to_owned());
    html(&shop, page(&shop, &id, "Checkout", "checkout", message), cookie)
}

/// Hands the basket to the order service, with the customer's access token. None when it was taken; else what it wants first.
async fn hand_in(shop: &Storefront, customer: &Customer, total: u32) -> Result<Option<StepUp>, Failure> {
    let url = format!("{}/api/orders", shop.settings.base_url);
    let body = serde_json::to_string(&Order { total })?;
    let answer = shop.http.post(url).bearer_auth(&customer.access_token).header("content-type", "application/json").body(body).send().await?;
    if answer.status().is_success() {
        return Ok(None);
    }
    let challenge = answer.headers().get("www-authenticate").and_then(|value| value.to_str().ok()).unwrap_or_default();
    // A token that is over is renewed by signing in again, which single sign-on makes quick.
    let again = StepUp { acr_values: None, max_age: None, details: None };
    if answer.status().as_u16() == 401 { Ok(Some(orders::read_challenge(challenge).unwrap_or(again))) } else { Err("the order service does not answer".into()) }
}

/// The number of an order: the same for the same basket and the same form, so that asking twice is asking once.
fn number_of(visit: &mut Visit, id: &str, delivery: &Delivery, total: u32) -> String {
    if let Some((_, _, number)) = visit.delivery.as_ref().filter(|(kept, sum, _)| kept == delivery && *sum == total) {
        return number.clone();
    }
    visit.orders += 1;
    let number = format!("{}-{}", id.get(..8).unwrap_or(id), visit.orders);
    visit.delivery = Some((delivery.clone(), total, number.clone()));
    number
}

/// What has to happen before an order is taken.
enum Before {
    /// Nothing; with what the customer is told.
    Nothing(Option<String>),
    /// The customer confirms it.
    Confirm(StepUp),
    /// It is not taken, and why.
    Stop(String),
}

/// Asks about the address and the order.
async fn look(shop: &Storefront, id: &str, customer: &Customer, delivery: &Delivery, total: u32) -> Result<Before, Failure> {
    let (number, lines) = shop.with_visit(id, |visit| {
        let lines: Vec<(&str, u32, u32)> = PRODUCTS
            .iter()
            .filter_map(|product| visit.basket.get(product.id).map(|count| (if product.id == "kettle" { "home" } else { "food" }, *count, product.price * count)))
            .collect();
        (number_of(visit, id, delivery, total), lines)
    });
    let (verified, judged) = shop.judge((&number, total), (&customer.sub, customer.sid.as_deref()), delivery, &lines).await?;
    if verified.decision == "refuse" || verified.outcome == "none" {
        return Ok(Before::Stop("Your bank has another address for this card. Please check it, or choose another card.".to_owned()));
    }
    Ok(match judged.action.as_str() {
        "allow" => {
            shop.tell(&number, "paid").await;
            Before::Nothing(None)
        }
        "step_up" => Before::Confirm(StepUp { acr_values: judged.acr_values, max_age: None, details: judged.authorization_details.map(|details| details.to_string()) }),
        "review" => Before::Nothing(Some(format!("We have a look at it before we send it (score {}).", judged.score))),
        _ => Before::Stop("We cannot take this order. Please write to us, and somebody will look at it.".to_owned()),
    })
}

async fn order(shop: Data<Storefront>, request: HttpRequest, delivery: Form<Delivery>) -> HttpResponse {
    let (id, cookie) = visit_of(&request);
    let (customer, total) = shop.with_visit(&id, |visit| {
        let total = PRODUCTS.iter().filter_map(|product| visit.basket.get(product.id).map(|count| product.price * count)).sum();
        (visit.customer.clone(), total)
    });
    let mut note = None;
    if let (true, Some(customer), 1..) = (shop.settings.judges_orders, &customer, total) {
        match look(&shop, &id, customer, &delivery, total).await {
            Ok(Before::Nothing(told)) => note = told,
            Ok(Before::Confirm(wanted)) => return begin(&shop, &id, cookie, "/checkout", Some(&wanted)).await,
            Ok(Before::Stop(why)) => return html(&shop, page(&shop, &id, "Checkout", "checkout", Some(why)), cookie),
            Err(error) => return unavailable(&shop, &id, &error),
        }
    }
    match (customer, total) {
        (Some(customer), 1..) => match hand_in(&shop, &customer, total).await {
            Ok(None) => {}
            Ok(Some(wanted)) => return begin(&shop, &id, cookie, "/checkout", Some(&wanted)).await,
            Err(error) => return unavailable(&shop, &id, &error),
        },
        _ => return go("/checkout"),
    }
    let number = shop.with_visit(&id, |visit| {
        if visit.customer.is_none() || visit.basket.is_empty() {
            return None;
        }
        visit.basket.clear();
        visit.orders += u32::from(visit.delivery.take().is_none());
        Some(visit.orders)
    });
    match number {
        Some(number) => html(
            &shop,
            page(
                &shop,
                &id,
                "Thank you",
                "thanks",
                Some(note.map_or_else(|| format!("Order no. {number} is on its way."), |note| format!("Thank you for order no. {number}. {note}"))),
            ),
            cookie,
        ),
        None => go("/checkout"),
    }
}

async fn sign_in(shop: Data<Storefront>, request: HttpRequest) -> HttpResponse {
    let (id, cookie) = visit_of(&request);
    begin(&shop, &id, cookie, "/", None).await
}

/// Sends the browser to the provider; for a stronger sign-in when `wanted` says so.
async fn begin(shop: &Storefront, id: &str, cookie: Option<Cookie<'static>>, return_to: &'static str, wanted: Option<&StepUp>) -> HttpResponse {
    let work = async {
        let settings = &shop.settings;
        let client = CoreClient::from_provider_metadata(shop.metadata().await?, ClientId::new(settings.client_id.clone()), Some(ClientSecret::new(settings.client_secret.clone())))
            .set_redirect_uri(RedirectUrl::new(format!("{}/callback", settings.base_url))?);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut authorization = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
            .add_scopes(["email", "profile", "address"].map(|scope| Scope::new(scope.to_owned())))
            .set_pkce_challenge(challenge);
        for level in wanted.and_then(|wanted| wanted.acr_values.as_deref()).unwrap_or_default().split_whitespace() {
            authorization = authorization.add_auth_context_value(AuthenticationContextClass::new(level.to_owned()));
        }
        if let Some(seconds) = wanted.and_then(|wanted| wanted.max_age) {
            authorization = authorization.set_max_age(std::time::Duration::from_secs(seconds.into()));
        }
        if let Some(details) = wanted.and_then(|wanted| wanted.details.as_deref()) {
            authorization = authorization.add_extra_param("authorization_details", details.to_owned());
        }
        let (url, state, nonce) = authorization.url();
        let is_step_up = wanted.is_some();
        shop.with_visit(id, |visit| visit.pending = Some(Pending { state, nonce, verifier, return_to, is_step_up }));
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
    html(shop, page(shop, id, "Bean & Leaf", "catalogue", Some(text)), None)
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
    // The customer stays signed in as before; only the big order is out of reach.
    if pending.is_step_up && answer.error.as_deref() == Some("unmet_authentication_requirements") {
        let text = format!("An order above {} needs a second step at sign-in. Add one to your account: {}/account/security", euros(orders::LIMIT), shop.settings.issuer);
        return html(&shop, page(&shop, &id, "Checkout", "checkout", Some(text)), None);
    }
    let is_step_up = pending.is_step_up;
    match exchange(&shop, pending, &answer).await {
        Ok((customer, return_to)) => {
            shop.with_visit(&id, |visit| {
                visit.customer = Some(customer);
                visit.has_stepped_up = is_step_up;
            });
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
    let access_token = tokens.access_token().secret().clone();
    let home = about.address().map(|address| Delivery {
        card: String::new(),
        street: address.street_address.as_ref().map(|street| street.to_string()).unwrap_or_default(),
        postcode: address.postal_code.as_ref().map(|code| code.to_string()).unwrap_or_default(),
        country: address.country.as_ref().map(|country| country.to_string()).unwrap_or_default(),
    });
    let (sub, sid) = (claims.subject().to_string(), session_of(&id_token.to_string()));
    Ok((Customer { name, email, address, sub, sid, home: home.unwrap_or_default(), id_token: id_token.to_string(), access_token }, pending.return_to))
}

/// The `sid` of an ID token that was checked before.
fn session_of(id_token: &str) -> Option<String> {
    use base64::Engine;
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(id_token.split('.').nth(1)?).ok()?;
    serde_json::from_slice::<serde_json::Value>(&claims).ok()?.get("sid")?.as_str().map(str::to_owned)
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
