//! Pages for people: the frame that they share, their content security policy, and the error page.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::guard::{HttpState, origin_of};
use crate::base::encoding::base64url;
use crate::base::random;
use crate::base::time::UnixSeconds;
use crate::platform::texts::{Texts, accepted_languages, direction};

/// How the pages look; set by the operator.
#[derive(Debug, Clone)]
pub struct Brand {
    /// The shop's name, shown on top.
    pub name: String,
    /// The stylesheet's custom properties, ready to append.
    pub properties: String,
    /// Where its stylesheet is served.
    pub style: String,
    /// Where the logo is served, when there is one.
    pub logo: Option<String>,
    /// The sender of its mails, where it is not that of the installation.
    pub mail_from: Option<String>,
    /// Its shop.
    pub home: Option<String>,
    /// Where its customers are helped.
    pub support: Option<String>,
}

/// The brand of the installation, and further ones that clients choose.
#[derive(Debug)]
pub struct Brands {
    /// That of the installation.
    pub usual: Arc<Brand>,
    /// Further ones, by name.
    pub others: BTreeMap<String, Arc<Brand>>,
}

impl Brands {
    /// The brand with this name; that of the installation where there is none.
    pub fn get(&self, name: Option<&str>) -> &Arc<Brand> {
        name.and_then(|name| self.others.get(name)).unwrap_or(&self.usual)
    }
}

/// The cookie that says which brand the browser came from. It decides about looks and nothing else, so it need not be guarded as others are.
const BRAND_COOKIE: &str = "claviger_brand";

/// The cookies that keep a brand: for what is under `path`, and for whatever comes after.
pub fn brand_cookies(name: &str, path: &str, is_https: bool) -> [Cookie<'static>; 2] {
    let make = |path: String| Cookie::build(BRAND_COOKIE, name.to_owned()).path(path).http_only(true).secure(is_https).same_site(SameSite::Lax).finish();
    [make(path.to_owned()), make("/".to_owned())]
}

/// Which brand the browser came from: of several cookies the first, which is the one for the page itself (RFC 6265 section 5.4).
fn brand_of<'a>(state: &'a HttpState, request: &HttpRequest) -> &'a Arc<Brand> {
    let header = request.headers().get(header::COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let name = header.split(';').filter_map(|pair| pair.trim().split_once('=')).find(|(key, _)| *key == BRAND_COOKIE).map(|(_, value)| value);
    state.brands.get(name)
}

/// What every template is given.
pub struct PageView {
    texts: Arc<Texts>,
    /// The page's language tag.
    pub language: &'static str,
    /// The shop's name.
    pub brand: String,
    /// How the shop looks.
    pub looks: Arc<Brand>,
    /// Where the logo is served.
    pub logo: Option<String>,
    /// The nonce that lets a script of this page run.
    pub nonce: String,
    /// What is asked of whoever sends the page's form, when too many do.
    pub puzzle: Option<PuzzleView>,
}

/// A puzzle in a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PuzzleView {
    /// The puzzle.
    pub text: String,
    /// How many numbers are to be found.
    pub parts: usize,
    /// How long whoever runs no scripts waits, in seconds.
    pub wait_seconds: i64,
    /// The captcha in its place.
    pub captcha: Option<CaptchaView>,
}

/// A captcha of somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaptchaView {
    /// The public key.
    pub site_key: String,
    /// The class by which its script finds where to stand.
    pub class: String,
    /// Its script.
    pub script: String,
    /// Origins that it may reach.
    pub sources: Vec<String>,
}

impl PageView {
    /// The view for one request: `ui_locales` first, then what the browser accepts.
    pub fn new(state: &HttpState, request: &HttpRequest, ui_locales: &[String]) -> Self {
        let accepted = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).map(accepted_languages).unwrap_or_default();
        let language = state.texts.negotiate(ui_locales.iter().chain(&accepted).map(String::as_str));
        let looks = Arc::clone(brand_of(state, request));
        Self {
            texts: Arc::clone(&state.texts),
            language,
            brand: looks.name.clone(),
            logo: looks.logo.clone(),
            looks,
            nonce: base64url(random::bytes::<16>(state.tools.entropy())),
            puzzle: None,
        }
    }

    /// The same, with what is asked of whoever sends the page's form.
    #[must_use]
    pub fn with_puzzle(self, puzzle: Option<PuzzleView>) -> Self {
        Self { puzzle, ..self }
    }

    /// In which direction it is written.
    pub fn direction(&self) -> &'static str {
        direction(self.language)
    }

    /// The sentence `key`.
    pub fn t(&self, key: &str) -> String {
        self.texts.text(self.language, key, &[])
    }

    /// The sentence `key` with one value.
    pub fn t1(&self, key: &str, name: &str, value: &str) -> String {
        self.texts.text(self.language, key, &[(name, value)])
    }

    /// The sentence `key` with three values.
    pub fn t3(&self, key: &str, values: [(&str, &str); 3]) -> String {
        self.texts.text(self.language, key, &values)
    }

    /// The sentence `key` with two values.
    pub fn t2(&self, key: &str, one: &(&str, &str), two: &(&str, &str)) -> String {
        self.texts.text(self.language, key, &[*one, *two])
    }

    /// How long ago `at` was, in words.
    pub fn since(&self, at: UnixSeconds, now: UnixSeconds) -> String {
        let seconds = now.since(at).max(0);
        let (key, count) = match seconds {
            0..3_600 => ("ago-minutes", seconds.div_euclid(60)),
            3_600..86_400 => ("ago-hours", seconds.div_euclid(3_600)),
            _ => ("ago-days", seconds.div_euclid(86_400)),
        };
        self.t1(key, "count", &count.to_string())
    }

    /// Whether there is a sentence `key`.
    pub fn has(&self, key: &str) -> bool {
        self.texts.has(self.language, key)
    }
}

/// Where a page's form may lead, and whether it has a script.
#[derive(Debug, Clone, Default)]
pub struct PagePolicy {
    /// CSP sources that forms may reach beside ourselves: a browser checks redirects after a form against them.
    pub form_targets: Vec<String>,
    /// Origins of images beside our own.
    pub image_sources: Vec<String>,
    /// Whether the script with the page's nonce may run.
    pub has_script: bool,
}

/// Renders `template` as a response.
pub fn respond<T: Template>(status: StatusCode, view: &PageView, template: &T, policy: &PagePolicy) -> HttpResponse {
    let Ok(body) = template.render() else {
        return HttpResponse::InternalServerError().content_type("text/plain; charset=utf-8").body("the page could not be made");
    };
    let captcha = view.puzzle.as_ref().and_then(|puzzle| puzzle.captcha.as_ref());
    let others = captcha.map(|captcha| captcha.sources.iter().fold(String::new(), |all, source| all + " " + source)).unwrap_or_default();
    let mut csp = format!("default-src 'none'; style-src 'self'{others}; base-uri 'none'; frame-ancestors 'none'; img-src 'self'");
    for source in &policy.image_sources {
        csp.push(' ');
        csp.push_str(source);
    }
    csp.push_str("; form-action 'self'");
    for source in &policy.form_targets {
        csp.push(' ');
        csp.push_str(source);
    }
    if policy.has_script || view.puzzle.is_some() {
        csp.push_str("; script-src 'nonce-");
        csp.push_str(&view.nonce);
        csp.push('\'');
        csp.push_str(&others);
        csp.push_str("; connect-src 'self'");
        csp.push_str(&others);
    }
    match captcha {
        Some(_) => {
            csp.push_str("; frame-src");
            csp.push_str(&others);
        }
        None if view.puzzle.is_some() => csp.push_str("; worker-src 'self'"),
        None => {}
    }
    let mut response = HttpResponse::build(status);
    response.content_type("text/html; charset=utf-8");
    if let Ok(value) = HeaderValue::from_str(&csp) {
        response.insert_header((header::CONTENT_SECURITY_POLICY, value));
    }
    response.insert_header((header::CONTENT_LANGUAGE, view.language));
    response.body(body)
}

/// A form may lead to the origin of `uri`, or to its private scheme.
pub fn form_target(uri: &str) -> Option<String> {
    let url = url::Url::parse(uri).ok()?;
    match url.scheme() {
        "https" | "http" => Some(url.origin().ascii_serialization()),
        private => Some(format!("{private}:")),
    }
}

/// What went wrong, as a person is told it. The headings are stable: operators and tests look for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// No such page.
    NotFound,
    /// CSRF token, origin or browser binding does not hold.
    Forbidden,
    /// The database or the hash pool does not answer.
    Unavailable,
    /// Our mistake.
    Internal,
    /// The request itself is wrong; the detail says how.
    Request,
    /// `redirect_uri` is not one that the client registered.
    RedirectUri,
    /// There is no `redirect_uri`.
    RedirectUriMissing,
    /// No such client.
    Client,
    /// `post_logout_redirect_uri` is not one that the client registered.
    LogoutUri,
    /// `id_token_hint` is not a token of ours for this client.
    Hint,
    /// The authorization request was answered before.
    Answered,
    /// A sign-in that is too old.
    SigninExpired,
    /// A sign-in that another browser began.
    SigninElsewhere,
}

impl ErrorKind {
    const fn status(self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden | Self::SigninElsewhere => StatusCode::FORBIDDEN,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Request | Self::RedirectUri | Self::RedirectUriMissing | Self::Client | Self::LogoutUri | Self::Hint | Self::Answered => StatusCode::BAD_REQUEST,
            Self::SigninExpired => StatusCode::GONE,
        }
    }

    const fn key(self) -> &'static str {
        match self {
            Self::NotFound => "error-not-found",
            Self::Forbidden => "error-forbidden",
            Self::Unavailable => "error-unavailable",
            Self::Internal => "error-internal",
            Self::Request => "error-request",
            Self::RedirectUri => "error-redirect-uri",
            Self::RedirectUriMissing => "error-redirect-uri-missing",
            Self::Client => "error-client",
            Self::LogoutUri => "error-logout-uri",
            Self::Hint => "error-hint",
            Self::Answered => "error-answered",
            Self::SigninExpired => "signin-expired",
            Self::SigninElsewhere => "signin-elsewhere",
        }
    }
}

/// An error page to show.
#[derive(Debug, Clone)]
pub struct PageError {
    kind: ErrorKind,
    detail: Option<String>,
    way_back: Option<(String, String)>,
    status: Option<u16>,
}

impl PageError {
    /// The page for `kind`.
    pub fn new(kind: ErrorKind) -> Self {
        Self { kind, detail: None, way_back: None, status: None }
    }

    /// With a technical sentence for the shop's developer. Fixed text only, nothing from the request.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// With a link back to a shop: its name and an address that it registered.
    #[must_use]
    pub fn with_way_back(mut self, way_back: Option<(String, String)>) -> Self {
        self.way_back = way_back;
        self
    }

    /// With another status than the kind's.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }
}

impl From<crate::platform::db::StoreError> for PageError {
    fn from(error: crate::platform::db::StoreError) -> Self {
        tracing::error!(%error, "a page could not be served");
        match error {
            crate::platform::db::StoreError::Unavailable(_) | crate::platform::db::StoreError::Conflict => Self::new(ErrorKind::Unavailable),
            crate::platform::db::StoreError::Corrupt { .. } => Self::new(ErrorKind::Internal),
        }
    }
}

#[derive(Template)]
#[template(path = "platform/http/pages/error.html")]
struct ErrorTemplate<'a> {
    page: &'a PageView,
    title: String,
    text: Option<String>,
    detail: Option<&'a str>,
    correlation_id: &'a str,
    way_back: Option<&'a (String, String)>,
}

/// Renders an error page.
pub fn error_page(state: &HttpState, request: &HttpRequest, error: &PageError) -> HttpResponse {
    let view = PageView::new(state, request, &[]);
    let origin = origin_of(request);
    let (title_key, text_key) = (format!("{}-title", error.kind.key()), format!("{}-text", error.kind.key()));
    let text = view.has(&text_key).then(|| view.t(&text_key));
    let template = ErrorTemplate {
        page: &view,
        title: view.t(&title_key),
        text,
        detail: error.detail.as_deref(),
        correlation_id: &origin.correlation_id,
        way_back: error.way_back.as_ref(),
    };
    let status = error.status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(error.kind.status());
    let mut response = respond(status, &view, &template, &PagePolicy::default());
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}

/// The same for a script that asked (RFC 9457).
pub fn problem(state: &HttpState, request: &HttpRequest, error: &PageError) -> HttpResponse {
    let view = PageView::new(state, request, &[]);
    let status = error.status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(error.kind.status());
    let title = view.t(&format!("{}-title", error.kind.key()));
    let code = error.kind.key().trim_start_matches("error-").replace('-', "_");
    let body = serde_json::json!({ "type": "about:blank", "title": title, "status": status.as_u16(), "code": code, "detail": error.detail });
    HttpResponse::build(status).content_type("application/problem+json").insert_header((header::CACHE_CONTROL, "no-store")).body(body.to_string())
}

/// 303 to a path of our own, or to an address that was checked before.
pub fn see_other(location: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, location)).finish()
}
