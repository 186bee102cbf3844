//! The one way out: a client for requests to servers of other people. It reaches public addresses and what the operator allowed, connects to the very addresses that were judged, follows no redirect, and reads answers of a bounded size in a bounded time.

pub mod address;
pub mod signature;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tracing::Instrument;
use url::{Host, Url};

use crate::platform::telemetry::traces;

pub use address::OutgoingPolicy;

/// How long a whole request may take.
const TIMEOUT: Duration = Duration::from_secs(5);
/// How long connecting may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// The longest answer that is read, in bytes.
pub const MAX_ANSWER_BYTES: usize = 64 * 1_024;

/// Why a request did not get an answer. Says nothing of what the other side sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutgoingFailed {
    /// An address that requests do not go to.
    #[error("requests do not go to that address")]
    Forbidden,
    /// No answer, or none in time.
    #[error("there was no answer: {0}")]
    Unreachable(String),
    /// More than is read.
    #[error("the answer was too long")]
    TooLong,
}

/// Finds the addresses of a name.
pub trait Lookup: Send + Sync {
    /// The addresses of `host`.
    fn find(&self, host: String) -> std::pin::Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send>>;
}

/// The system's resolver.
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn find(&self, host: String) -> std::pin::Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send>> {
        Box::pin(async move { Ok(tokio::net::lookup_host((host, 0)).await?.map(|found| found.ip()).collect()) })
    }
}

/// Hands the connector only what may be reached: it connects to these addresses, and asks nobody again.
struct Guarded {
    lookup: Arc<dyn Lookup>,
    policy: Arc<OutgoingPolicy>,
    is_https: bool,
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let (lookup, policy, is_https) = (Arc::clone(&self.lookup), Arc::clone(&self.policy), self.is_https);
        Box::pin(async move {
            let found = lookup.find(name.as_str().to_owned()).await?;
            // The port is judged before; any that may be reached at all will do here.
            let fit: Vec<SocketAddr> = found.into_iter().filter(|address| policy.may_reach(*address, 443, is_https)).map(|address| SocketAddr::new(address, 0)).collect();
            if fit.is_empty() {
                return Err(Box::new(OutgoingFailed::Forbidden) as Box<dyn std::error::Error + Send + Sync>);
            }
            Ok(Box::new(fit.into_iter()) as Addrs)
        })
    }
}

/// TLS as a client: the roots of the web, and those of `extra`, certificates in PEM.
///
/// # Errors
/// A sentence when `extra` holds something else.
pub fn tls_config(extra: &[u8]) -> Result<rustls::ClientConfig, String> {
    use rustls_pki_types::CertificateDer;
    use rustls_pki_types::pem::PemObject;
    let mut roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for certificate in CertificateDer::pem_slice_iter(extra) {
        roots.add(certificate.map_err(|error| error.to_string())?).map_err(|error| error.to_string())?;
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(|error| error.to_string())?;
    Ok(tls.with_root_certificates(roots).with_no_client_auth())
}

/// The client. Cheap to clone.
#[derive(Clone)]
pub struct Outgoing {
    policy: Arc<OutgoingPolicy>,
    https: reqwest::Client,
    plain: reqwest::Client,
}

impl Outgoing {
    /// A client under `policy` that trusts the roots of the web and those in `extra_roots` (PEM).
    ///
    /// # Errors
    /// A sentence when the client cannot be made.
    pub fn new(policy: OutgoingPolicy, extra_roots: &[u8]) -> Result<Self, String> {
        let lookup: Arc<dyn Lookup> = Arc::new(SystemLookup);
        Self::with_lookup(policy, extra_roots, &lookup)
    }

    /// The same with another resolver.
    ///
    /// # Errors
    /// A sentence when the client cannot be made.
    pub fn with_lookup(policy: OutgoingPolicy, extra_roots: &[u8], lookup: &Arc<dyn Lookup>) -> Result<Self, String> {
        let policy = Arc::new(policy);
        let tls = tls_config(extra_roots)?;
        let build = |is_https| {
            reqwest::Client::builder()
                .use_preconfigured_tls(tls.clone())
                .dns_resolver(Arc::new(Guarded { lookup: Arc::clone(lookup), policy: Arc::clone(&policy), is_https }))
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .connect_timeout(CONNECT_TIMEOUT)
                .timeout(TIMEOUT)
                .pool_max_idle_per_host(4)
                .user_agent(concat!("claviger/", env!("CARGO_PKG_VERSION")))
                .build()
                .map_err(|error| error.to_string())
        };
        Ok(Self { https: build(true)?, plain: build(false)?, policy })
    }

    /// Whether a request to `url` can be tried at all; the addresses behind a name are judged when it is made.
    fn client_for(&self, url: &Url) -> Result<&reqwest::Client, OutgoingFailed> {
        let (client, is_https, usual) = match url.scheme() {
            "https" => (&self.https, true, 443),
            "http" => (&self.plain, false, 80),
            _ => return Err(OutgoingFailed::Forbidden),
        };
        let port = url.port().unwrap_or(usual);
        // A connector does not resolve what is an address already, however it was spelt.
        let literal = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            Some(Host::Domain(_)) => None,
            None => return Err(OutgoingFailed::Forbidden),
        };
        let is_fine = match literal {
            Some(address) => self.policy.may_reach(address, port, is_https),
            // The addresses behind a name are judged as for the usual port, so no name is asked at the port of another well-known service.
            None => port == usual || port >= 1_024,
        };
        let has_user = !url.username().is_empty() || url.password().is_some();
        if is_fine && !has_user { Ok(client) } else { Err(OutgoingFailed::Forbidden) }
    }

    /// Makes one request, and reads at most [`MAX_ANSWER_BYTES`] of the answer. Its shape is that of the `http` crate, which `openidconnect` asks for.
    ///
    /// # Errors
    /// [`OutgoingFailed`].
    pub async fn call(&self, request: openidconnect::HttpRequest) -> Result<openidconnect::HttpResponse, OutgoingFailed> {
        let span = traces::of_call(request.method().as_str(), request.uri().host().unwrap_or_default());
        let answered = self.call_untraced(request).instrument(span.clone()).await;
        traces::end_call(&span, answered.as_ref().ok().map(|answer| answer.status().as_u16()));
        answered
    }

    /// [`Self::call`] for traces themselves, which are no part of any.
    ///
    /// # Errors
    /// [`OutgoingFailed`].
    pub async fn call_untraced(&self, request: openidconnect::HttpRequest) -> Result<openidconnect::HttpResponse, OutgoingFailed> {
        let unreachable = |error: reqwest::Error| {
            let is_forbidden =
                std::iter::successors(std::error::Error::source(&error), |inner| inner.source()).any(|inner| inner.downcast_ref() == Some(&OutgoingFailed::Forbidden));
            if is_forbidden {
                return OutgoingFailed::Forbidden;
            }
            let kind = if error.is_timeout() {
                "not in time"
            } else if error.is_connect() {
                "not connected"
            } else {
                "broken off"
            };
            OutgoingFailed::Unreachable(kind.to_owned())
        };
        let url = Url::parse(&request.uri().to_string()).map_err(|_| OutgoingFailed::Forbidden)?;
        let client = self.client_for(&url)?;
        let (parts, body) = request.into_parts();
        let mut response = client.request(parts.method, url).headers(parts.headers).body(body).send().await.map_err(unreachable)?;
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let mut read = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            if read.len() + chunk.len() > MAX_ANSWER_BYTES {
                return Err(OutgoingFailed::TooLong);
            }
            read.extend_from_slice(&chunk);
        }
        let mut answer = openidconnect::HttpResponse::new(read);
        *answer.status_mut() = status;
        *answer.headers_mut() = headers;
        Ok(answer)
    }
}
