//! What every request passes: address, host and path checks, a correlation id, security headers, metrics, and a net under panics.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, ResponseError};
use futures_util::FutureExt;
use ipnet::IpNet;
use tracing::{Instrument, Span};

use super::client_address::client_address;
use super::page::{Brands, ErrorKind, PageError};
use crate::base::encoding::base64url;
use crate::base::random;
use crate::base::uri::Issuer;
use crate::platform::audit::Origin;
use crate::platform::telemetry::metrics::{Event, Metrics};
use crate::platform::telemetry::traces::{self, TraceContext};
use crate::platform::texts::Texts;
use crate::platform::tools::Tools;

/// What the HTTP layer knows of this installation.
pub struct HttpState {
    /// Who we are.
    pub issuer: Issuer,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Clock, randomness, keys.
    pub tools: Tools,
    /// Sentences.
    pub texts: Arc<Texts>,
    /// Looks.
    pub brands: Brands,
    /// Counters.
    pub metrics: Arc<Metrics>,
    /// Whether each request is logged.
    pub logs_requests: bool,
    /// Set when this node is about to end: connections are not kept any more.
    pub is_leaving: AtomicBool,
}

/// The longest request target.
const MAX_TARGET_BYTES: usize = 16 * 1024;

/// Where `request` came from; made by the guard.
pub fn origin_of(request: &HttpRequest) -> Origin {
    request.extensions().get::<Origin>().cloned().unwrap_or_default()
}

/// The middleware.
///
/// # Errors
/// A bare answer when a handler panicked, or when actix itself refused the request.
pub async fn guard(state: Data<HttpState>, request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = state.tools.clock.monotonic();
    let origin = origin(&state, &request);
    let correlation_id = origin.correlation_id.clone();
    request.extensions_mut().insert(origin);
    let (method, span) = (request.method().clone(), span_of(&state, &request, &correlation_id));

    let mut response = match refusal(&state, &request) {
        Some(response) => request.into_response(response),
        None => {
            // The request may not be cloned here: the router needs it whole.
            match AssertUnwindSafe(next.call(request)).catch_unwind().instrument(span.clone()).await {
                Ok(Ok(response)) => response.map_into_boxed_body(),
                // An error that actix made itself: its status stands, its text does not leave.
                Ok(Err(error)) => return Err(bare(&state, error.as_response_error().status_code(), correlation_id, started)),
                Err(_) => {
                    state.metrics.count(Event::panicked);
                    tracing::error!(correlation_id, "a handler panicked; the request was answered with 500");
                    return Err(bare(&state, StatusCode::INTERNAL_SERVER_ERROR, correlation_id, started));
                }
            }
        }
    };
    add_headers(&state, &mut response, &correlation_id);
    if matches!(response.status(), StatusCode::REQUEST_TIMEOUT | StatusCode::PAYLOAD_TOO_LARGE) || state.is_leaving.load(Ordering::Relaxed) {
        // What is left of the body is not waited for; whoever leaves keeps nobody.
        response.response_mut().head_mut().set_connection_type(actix_web::http::ConnectionType::Close);
    }
    let status = response.status().as_u16();
    let took = state.tools.clock.monotonic().saturating_sub(started);
    let route = route_of(&response);
    state.metrics.observe_request(route, status, took);
    traces::end_request(&span, method.as_str(), route, status);
    if status >= 500 {
        tracing::warn!(correlation_id, route, status, "request failed");
    } else if state.logs_requests {
        tracing::info!(correlation_id, route, status, micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX), "request");
    }
    Ok(response)
}

/// The span of a request. Only our own proxies say which trace it is part of: anybody else could have every request traced, or none of theirs.
fn span_of(state: &HttpState, request: &ServiceRequest, correlation_id: &str) -> Span {
    if !traces::is_on() {
        return Span::none();
    }
    let is_ours = request.peer_addr().is_some_and(|peer| state.trusted_proxies.iter().any(|network| network.contains(&peer.ip())));
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let context = header("traceparent").filter(|_| is_ours).map(|parent| TraceContext { parent, state: header("tracestate").unwrap_or_default() });
    traces::of_request(request.method().as_str(), correlation_id, context)
}

fn origin(state: &HttpState, request: &ServiceRequest) -> Origin {
    let peer = request.peer_addr().map(|peer| peer.ip());
    let address = peer.map(|peer| {
        if state.trusted_proxies.is_empty() {
            return client_address(peer, None, &[]);
        }
        let forwarded: Vec<&str> = request.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok()).collect();
        client_address(peer, Some(&forwarded.join(",")), &state.trusted_proxies)
    });
    let user_agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok()).map(|text| text.chars().take(256).collect());
    Origin { correlation_id: base64url(random::bytes::<9>(state.tools.entropy())), address, user_agent }
}

/// Refuses what no route should ever see.
fn refusal(state: &HttpState, request: &ServiceRequest) -> Option<HttpResponse> {
    let headers = request.headers();
    // A body that unpacks itself is bounded by nobody: refuse it whatever the route (rule 7 of our threat model).
    if headers.contains_key(header::CONTENT_ENCODING) {
        return Some(plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Content-Encoding is not accepted"));
    }
    if headers.contains_key(header::CONTENT_LENGTH) && headers.contains_key(header::TRANSFER_ENCODING) {
        return Some(close(plain(StatusCode::BAD_REQUEST, "ambiguous framing")));
    }
    let uri = request.uri();
    if uri.path_and_query().is_some_and(|target| target.as_str().len() > MAX_TARGET_BYTES) {
        return Some(plain(StatusCode::URI_TOO_LONG, "the address is too long"));
    }
    let is_declared_too_large =
        headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok()).is_some_and(|length| length > super::body::MAX_BODY_BYTES);
    if is_declared_too_large {
        return Some(close(plain(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large")));
    }
    let authority = uri.authority().map(|authority| authority.as_str().as_bytes());
    let host = headers.get(header::HOST).map(HeaderValue::as_bytes);
    let ours = state.issuer.authority().as_bytes();
    let is_ours = headers.get_all(header::HOST).count() <= 1
        && authority.or(host).is_some_and(|named| named.eq_ignore_ascii_case(ours))
        && host.is_none_or(|host| host.eq_ignore_ascii_case(ours));
    if !is_ours {
        return Some(plain(StatusCode::MISDIRECTED_REQUEST, "this host is not served here"));
    }
    // None of our paths needs any of these, and proxies disagree about them.
    let path = uri.path();
    let is_confusing = path.contains("//") || path.contains("/.") || path.contains(';') || path.contains('%') || path.contains('\\');
    let is_well_known = path.starts_with("/.well-known/") && !path.get(13..).unwrap_or_default().contains("/.");
    if is_confusing && !is_well_known {
        let nothing = PageError::new(ErrorKind::NotFound);
        // Programs read problems, people read pages.
        let answer = if path.starts_with("/api/") { super::page::problem } else { super::page::error_page };
        return Some(answer(state, request.request(), &nothing));
    }
    None
}

/// Two years (RFC 6797).
const TRANSPORT_SECURITY: &str = "max-age=63072000; includeSubDomains";

fn plain(status: StatusCode, text: &'static str) -> HttpResponse {
    HttpResponse::build(status).content_type("text/plain; charset=utf-8").body(text)
}

fn close(mut response: HttpResponse) -> HttpResponse {
    response.head_mut().set_connection_type(actix_web::http::ConnectionType::Close);
    response
}

/// Counts a request that ended outside any handler, and answers it.
fn bare(state: &HttpState, status: StatusCode, correlation_id: String, started: std::time::Duration) -> Error {
    state.metrics.observe_request("other", status.as_u16(), state.tools.clock.monotonic().saturating_sub(started));
    Bare { status, correlation_id, is_https: state.issuer.is_https() }.into()
}

/// An answer without a page, for what went wrong outside any handler.
#[derive(Debug)]
struct Bare {
    status: StatusCode,
    correlation_id: String,
    is_https: bool,
}

impl std::fmt::Display for Bare {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.status.canonical_reason().unwrap_or("error"))
    }
}

impl ResponseError for Bare {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut builder = HttpResponse::build(self.status);
        if self.is_https {
            builder.insert_header((header::STRICT_TRANSPORT_SECURITY, TRANSPORT_SECURITY));
        }
        builder
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .insert_header((header::X_FRAME_OPTIONS, "DENY"))
            .insert_header((header::REFERRER_POLICY, "no-referrer"))
            .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"))
            .insert_header(("x-correlation-id", self.correlation_id.as_str()))
            .content_type("text/plain; charset=utf-8")
            .body(self.to_string())
    }
}

fn add_headers(state: &HttpState, response: &mut ServiceResponse<BoxBody>, correlation_id: &str) {
    let headers = response.headers_mut();
    let mut default = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    default(header::CACHE_CONTROL, "no-store");
    default(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
    default(header::X_FRAME_OPTIONS, "DENY");
    default(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    default(header::REFERRER_POLICY, "no-referrer");
    if state.issuer.is_https() {
        default(header::STRICT_TRANSPORT_SECURITY, TRANSPORT_SECURITY);
    }
    if let Ok(value) = HeaderValue::from_str(correlation_id) {
        headers.insert(HeaderName::from_static("x-correlation-id"), value);
    }
}

fn route_of(response: &ServiceResponse<BoxBody>) -> &'static str {
    let pattern = response.request().match_pattern();
    // The API has many routes, and one label.
    let label = |pattern: String| if pattern.starts_with("/api/v1/") { Some("/api/v1") } else { ROUTES.iter().copied().find(|route| *route == pattern) };
    pattern.and_then(label).unwrap_or("other")
}

/// The closed set of route labels.
pub const ROUTES: [&str; 142] = [
    "/status",
    "/account/call",
    "/account/requests",
    "/cases/stop/{ticket}",
    "/cases/confirm/{ticket}",
    "/admin",
    "/admin/customers",
    "/admin/customers/{customer}",
    "/admin/cases",
    "/admin/clients",
    "/admin/clients/{client}",
    "/admin/staff",
    "/admin/audit",
    "/admin/reports",
    "/admin/risk",
    "/admin/risk/{decision}",
    "/admin/risk/trial",
    "/admin/risk/models",
    "/admin/do/{operation}",
    "/admin/do/{operation}/{subject}",
    "/admin/join/{ticket}",
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
    "/jwks",
    "/authorize",
    "/authorize/{flow}",
    "/authorize/{flow}/account",
    "/authorize/{flow}/consent",
    "/authorize/{flow}/pause",
    "/signin",
    "/signin/{flow}",
    "/signin/{flow}/totp",
    "/signin/{flow}/recovery-code",
    "/signin/{flow}/passkey",
    "/signin/{flow}/passkey/begin",
    "/.well-known/webauthn",
    "/token",
    "/signin/{flow}/new-password",
    "/signin/{flow}/new-password/send",
    "/account/password",
    "/.well-known/change-password",
    "/password-strength",
    "/not-me/{ticket}",
    "/account/privacy",
    "/account/privacy/export",
    "/account/privacy/erase",
    "/account/privacy/keep",
    "/order-facts",
    "/.well-known/ssf-configuration",
    "/ssf/streams",
    "/ssf/status",
    "/ssf/subjects/add",
    "/ssf/subjects/remove",
    "/ssf/verify",
    "/ssf/poll/{stream}",
    "/admin/streams",
    "/admin/streams/{stream}",
    "/account/sessions",
    "/account/sessions/end",
    "/account/sessions/not-me",
    "/account/shops",
    "/account/shops/remove",
    "/account/activity",
    "/account/messages",
    "/verify-message",
    "/account/checkup",
    "/account/checkup/devices",
    "/account/checkup/shops",
    "/account/card",
    "/account/phrase",
    "/account/quiz",
    "/account/theft",
    "/account/theft/report",
    "/safety",
    "/report-scam",
    "/account/shops/{client}/receipt",
    "/guests",
    "/account/profile",
    "/account/addresses",
    "/account/addresses/prefer",
    "/account/addresses/remove",
    "/account/addresses/{id}",
    "/account/contact",
    "/account/contact/confirm",
    "/account/contact/remove",
    "/undo/{ticket}",
    "/account/stop-recovery",
    "/recovery",
    "/recovery/{id}",
    "/recovery/{id}/send",
    "/recovery/{id}/show",
    "/recovery/{id}/turn",
    "/recovery/{id}/finish",
    "/recovery/{id}/passkey",
    "/recovery/{id}/passkey/begin",
    "/recovery/stop/{ticket}",
    "/recovery/go-on/{ticket}",
    "/signup",
    "/signin/{flow}/stopped",
    "/signin/{flow}/upstream",
    "/signin/{flow}/upstream/{upstream}",
    "/upstream/{upstream}/callback",
    "/signin/{flow}/join/upstream",
    "/account/security/upstreams/remove",
    "/account/security/upstreams/{upstream}",
    "/signin/{flow}/join",
    "/signin/{flow}/join/code",
    "/signin/{flow}/join/details",
    "/signin/{flow}/join/password",
    "/signin/{flow}/join/passkey",
    "/signin/{flow}/join/passkey/begin",
    "/userinfo",
    "/introspect",
    "/revoke",
    "/logout",
    "/logout/confirm",
    "/signed-out",
    "/account",
    "/account/security",
    "/account/security/totp",
    "/account/security/totp/{authenticator}",
    "/account/security/recovery-codes",
    "/account/security/recovery-codes/saved",
    "/signin/{flow}/enrol",
    "/signin/{flow}/enrol/passkeys",
    "/signin/{flow}/enrol/passkeys/begin",
    "/signin/{flow}/enrol/totp",
    "/signin/{flow}/enrol/totp/{authenticator}",
    "/account/security/devices/remove",
    "/account/security/channels",
    "/account/security/level",
    "/account/security/channels/sms",
    "/signin/{flow}/email-code",
    "/signin/{flow}/email-code/send",
    "/signin/{flow}/sms-code",
    "/signin/{flow}/sms-code/send",
    "/account/security/passkeys",
    "/account/security/passkeys/begin",
    "/account/security/passkeys/offer",
    "/account/security/remove",
    "/",
    "/assets/{name}",
];
