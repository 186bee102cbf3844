//! The listeners: the public one, and the operators' one with metrics, liveness and readiness.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, Path};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};

use super::features;
use super::setup::Node;
use crate::platform::db::StoreError;
use crate::platform::http::assets::Assets;
use crate::platform::http::guard::{HttpState, guard};
use crate::platform::http::listener::{self, Listening};
use crate::platform::http::page::{ErrorKind, PageError, error_page};
use crate::platform::http::tls;

/// How to listen.
#[derive(Debug, Clone)]
pub struct ListenOptions {
    /// Certificate and key; none for plain http.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Worker threads; 0 takes one a core.
    pub workers: usize,
    /// How long requests in flight get at shutdown.
    pub shutdown_seconds: u64,
    /// Whether SIGTERM and SIGINT end the server; off in tests.
    pub handles_signals: bool,
}

async fn asset(assets: Data<Assets>, http: Data<HttpState>, request: HttpRequest, name: Path<String>) -> HttpResponse {
    assets.respond(&request, &name).unwrap_or_else(|| error_page(&http, &request, &PageError::new(ErrorKind::NotFound)))
}

async fn not_found(http: Data<HttpState>, request: HttpRequest) -> HttpResponse {
    error_page(&http, &request, &PageError::new(ErrorKind::NotFound))
}

async fn start_page() -> HttpResponse {
    crate::platform::http::page::see_other("/account")
}

/// Starts the public listener on `socket`.
///
/// # Errors
/// A sentence for the operator.
pub fn start_public(node: &Node, socket: TcpListener, options: &ListenOptions) -> Result<Server, String> {
    let http: Data<HttpState> = Data::from(Arc::clone(&node.http));
    let (signin, oauth, assets) = (node.signin.clone(), node.oauth.clone(), node.assets.clone());
    let (admin, api_limiter, addresses, orders) = (node.admin.clone(), node.api_limiter.clone(), node.addresses.clone(), node.orders.clone());
    let app = move || {
        App::new()
            .app_data(http.clone())
            .app_data(signin.clone())
            .app_data(oauth.clone())
            .app_data(assets.clone())
            .app_data(admin.clone())
            .app_data(api_limiter.clone())
            .app_data(addresses.clone())
            .app_data(orders.clone())
            .wrap(from_fn(guard))
            .configure(features::routes)
            .route("/", web::get().to(start_page))
            .route("/assets/{name}", web::get().to(asset))
            .default_service(web::route().to(not_found))
    };
    let tls = match &options.tls {
        None => None,
        Some((certificate, key)) => Some(tls::load(certificate, key)?),
    };
    let how = Listening { tls, workers: options.workers, shutdown_seconds: options.shutdown_seconds, handles_signals: options.handles_signals };
    listener::serve(app, socket, how).map_err(|error| error.to_string())
}

async fn metrics(node: Data<Node>) -> HttpResponse {
    let text = node.http.metrics.encode(node.hashes.statistics(), node.base.db.statistics());
    HttpResponse::Ok().content_type("application/openmetrics-text; version=1.0.0; charset=utf-8").body(text)
}

async fn alive() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("alive\n")
}

async fn ready(node: Data<Node>) -> HttpResponse {
    let probe = node.base.db.read(|connection| crate::platform::db::facts::find_fact(connection, "probe"));
    match tokio::time::timeout(Duration::from_secs(2), probe).await {
        Ok(Ok(_)) => HttpResponse::Ok().content_type("text/plain").body("ready\n"),
        Ok(Err(StoreError::Unavailable(_) | StoreError::Conflict | StoreError::Corrupt { .. })) | Err(_) => {
            HttpResponse::ServiceUnavailable().content_type("text/plain").body("the database does not answer\n")
        }
    }
}

/// Starts the operators' listener.
///
/// # Errors
/// A sentence for the operator.
pub fn start_operations(node: Arc<Node>, listener: TcpListener) -> Result<Server, String> {
    let node: Data<Node> = Data::from(node);
    let server = HttpServer::new(move || {
        App::new().app_data(node.clone()).route("/metrics", web::get().to(metrics)).route("/livez", web::get().to(alive)).route("/readyz", web::get().to(ready))
    })
    .workers(1)
    .disable_signals()
    .shutdown_timeout(1)
    .listen(listener)
    .map_err(|error| error.to_string())?;
    Ok(server.run())
}

/// Binds an address so that the error names it.
///
/// # Errors
/// A sentence for the operator.
pub fn bind(address: SocketAddr, key: &str) -> Result<TcpListener, String> {
    let listener = TcpListener::bind(address).map_err(|error| format!("{key}: cannot listen on {address}: {error}"))?;
    listener.set_nonblocking(true).map_err(|error| error.to_string())?;
    Ok(listener)
}

/// Serves until a signal: public listener, operators' listener, periodic work. Requests in flight are finished first.
///
/// # Errors
/// A sentence for the operator.
pub async fn serve(node: Node, public: TcpListener, operations: TcpListener, options: &ListenOptions) -> Result<(), String> {
    let public = start_public(&node, public, options)?;
    let node = Arc::new(node);
    let operations = start_operations(Arc::clone(&node), operations)?;
    let operations_handle = operations.handle();
    let operations = actix_web::rt::spawn(operations);
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let worker = actix_web::rt::spawn(super::worker::run(Arc::clone(&node), stopped.clone()));
    let events = actix_web::rt::spawn(super::worker::run_events(node, stopped));
    let ended = public.await;
    // The worker first, so that nothing begins while the database closes.
    let _ = stop.send(true);
    let _ = worker.await;
    let _ = events.await;
    operations_handle.stop(true).await;
    let _ = operations.await;
    ended.map_err(|error| error.to_string())
}
