//! Traces: what a request spent its time on, sent to a collector by OTLP over HTTP in protobuf.
//!
//! Spans are named as OpenTelemetry's conventions have it. They hold routes, statuses and kinds of work, and nothing of anybody: no addresses, no paths as they were asked for, no queries.

use std::sync::OnceLock;
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::{FutureExt, TraceContextExt, TracerProvider};
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracer, SdkTracerProvider};
use tracing::Span;
use tracing::field::Empty;
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::base::secret::Secret;
use crate::platform::outgoing::Outgoing;

/// The target of every span that is told; none of a library is.
pub const TARGET: &str = "claviger::trace";
/// How long one batch may take, tries again included.
const EXPORT_TIMEOUT: Duration = Duration::from_secs(8);
/// Spans that wait; more are dropped.
const WAITING_SPANS: usize = 2_048;
/// How often what waits is sent.
const PAUSE: Duration = Duration::from_secs(5);

/// Where traces go, and how many.
#[derive(Clone)]
pub struct TraceSettings {
    /// The collector's whole address, such as `https://collector.example:4318/v1/traces`.
    pub url: String,
    /// The share of requests that are traced, 0 to 1.
    pub ratio: f64,
    /// Headers that are sent along, as collectors of others ask for them.
    pub headers: Vec<(String, Secret)>,
}

/// The one way out, as exporters want it.
struct Egress {
    outgoing: Outgoing,
    headers: Vec<(String, Secret)>,
    runtime: tokio::runtime::Handle,
}

impl std::fmt::Debug for Egress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Egress")
    }
}

#[async_trait::async_trait]
impl HttpClient for Egress {
    async fn send_bytes(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        // The client has its own.
        request.headers_mut().remove("user-agent");
        for (name, value) in &self.headers {
            request.headers_mut().insert(openidconnect::http::HeaderName::try_from(name)?, value.expose().parse()?);
        }
        let outgoing = self.outgoing.clone();
        let call = async move { outgoing.call_untraced(request.map(|body| body.to_vec())).await };
        // This is polled on the processor's own thread, where nothing drives a connection: so it is a task of the server's runtime.
        let answer = self.runtime.spawn(call.with_current_context()).await??;
        Ok(answer.map(Bytes::from))
    }
}

static PROVIDER: OnceLock<SdkTracerProvider> = OnceLock::new();

/// Makes what gathers spans and sends them. Called on the runtime that lives as long as the server.
///
/// # Errors
/// A sentence for the operator.
pub(super) fn begin(settings: TraceSettings, outgoing: Outgoing, node: String) -> Result<SdkTracer, String> {
    let egress = Egress { outgoing, headers: settings.headers, runtime: tokio::runtime::Handle::current() };
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(egress)
        .with_endpoint(settings.url)
        .with_protocol(Protocol::HttpBinary)
        .with_timeout(EXPORT_TIMEOUT)
        .build()
        .map_err(|error| format!("traces.otlp_url: {error}"))?;
    let batch = BatchConfigBuilder::default().with_max_queue_size(WAITING_SPANS).with_scheduled_delay(PAUSE).build();
    let resource = Resource::builder()
        .with_service_name("claviger")
        .with_attributes([KeyValue::new("service.version", env!("CARGO_PKG_VERSION")), KeyValue::new("service.instance.id", node)])
        .build();
    let provider = SdkTracerProvider::builder()
        .with_span_processor(BatchSpanProcessor::builder(exporter).with_batch_config(batch).build())
        .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(settings.ratio))))
        .with_resource(resource)
        .build();
    let tracer = provider.tracer("claviger");
    let _ = PROVIDER.set(provider);
    Ok(tracer)
}

/// Whether traces are made at all.
pub fn is_on() -> bool {
    PROVIDER.get().is_some()
}

/// Sends what waits. While the runtime still runs: it carries the request.
pub async fn finish() {
    if let Some(provider) = PROVIDER.get() {
        let provider = provider.clone();
        let ended = tokio::task::spawn_blocking(move || provider.shutdown_with_timeout(Duration::from_secs(5))).await;
        if !matches!(ended, Ok(Ok(()))) {
            tracing::warn!("the last traces were not sent");
        }
    }
}

/// What somebody in front says of the trace that a request is part of (W3C Trace Context).
#[derive(Debug, Clone, Copy)]
pub struct TraceContext<'a> {
    /// `traceparent`.
    pub parent: &'a str,
    /// `tracestate`, empty when there is none.
    pub state: &'a str,
}

impl Extractor for TraceContext<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        match key {
            "traceparent" => Some(self.parent),
            "tracestate" => Some(self.state).filter(|state| !state.is_empty()),
            _ => None,
        }
    }

    fn keys(&self) -> Vec<&str> {
        vec!["traceparent", "tracestate"]
    }
}

/// The methods that spans are named by; any other is `_OTHER`.
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/// The span of a request; `context` comes from somebody whose word on tracing counts.
pub fn of_request(method: &str, correlation_id: &str, context: Option<TraceContext<'_>>) -> Span {
    let method = METHODS.iter().find(|known| **known == method).copied().unwrap_or("_OTHER");
    let span = tracing::info_span!(
        target: TARGET, "request", otel.name = method, otel.kind = "server", http.request.method = method, http.route = Empty, http.response.status_code = Empty,
        "error.type" = Empty, otel.status_code = Empty, claviger.correlation_id = correlation_id
    );
    if let Some(context) = context
        && !span.is_disabled()
    {
        // Without a layer that traces there is nothing to set.
        let _ = span.set_parent(TraceContextPropagator::new().extract(&context));
    }
    span
}

/// What came of a request.
pub fn end_request(span: &Span, method: &str, route: &str, status: u16) {
    if span.is_disabled() {
        return;
    }
    let method = METHODS.iter().find(|known| **known == method).copied().unwrap_or("HTTP");
    // The field of that name counts at the beginning alone.
    span.context().span().update_name(format!("{method} {route}"));
    span.record("http.route", route).record("http.response.status_code", i64::from(status));
    if status >= 500 {
        span.record("error.type", status.to_string()).record("otel.status_code", "ERROR");
    }
}

/// The span of a job of the database: waiting for a connection included.
pub fn of_database(system: &'static str, operation: &'static str) -> Span {
    let system = if system == "postgres" { "postgresql" } else { system };
    tracing::info_span!(target: TARGET, "database", otel.name = operation, otel.kind = "client", db.system.name = system, db.operation.name = operation)
}

/// The span of work that takes the processor for long, waiting included.
pub fn of_work(name: &'static str) -> Span {
    tracing::info_span!(target: TARGET, "work", otel.name = name)
}

/// The span of a request to somebody else's server.
pub fn of_call(method: &str, host: &str) -> Span {
    tracing::info_span!(
        target: TARGET, "call", otel.name = method, otel.kind = "client", http.request.method = method, server.address = host, http.response.status_code = Empty,
        "error.type" = Empty, otel.status_code = Empty
    )
}

/// What came of such a request; `None` when there was no answer.
pub fn end_call(span: &Span, status: Option<u16>) {
    if let Some(status) = status {
        span.record("http.response.status_code", i64::from(status));
    }
    if status.is_none_or(|status| status >= 400) {
        span.record("error.type", status.map_or_else(|| "no_answer".to_owned(), |status| status.to_string())).record("otel.status_code", "ERROR");
    }
}
