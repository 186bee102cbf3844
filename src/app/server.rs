//! The listeners: the public one, and the operators' one with metrics, liveness and readiness.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::http::Method;
use actix_web::http::header::LOCATION;
use actix_web::http::uri::PathAndQuery;
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, Path};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::features;
use super::setup::Node;
use crate::oauth::state::OAuthState;
use crate::platform::db::Db;
use crate::platform::http::assets::Assets;
use crate::platform::http::guard::{HttpState, guard};
use crate::platform::http::listener::{self, Listening};
use crate::platform::http::page::{ErrorKind, PageError, error_page};
use crate::platform::tls::Certificates;
use crate::platform::tls::acme::find_answer;

/// How long jobs get to end when the node does.
const JOBS_END: Duration = Duration::from_secs(8);

/// How to listen.
#[derive(Debug, Clone)]
pub struct ListenOptions {
    /// Worker threads; 0 takes one a core.
    pub workers: usize,
    /// How long requests in flight get at shutdown.
    pub shutdown_seconds: u64,
    /// From SIGTERM until no more connections are taken: time for balancers to turn away.
    pub leave_seconds: u64,
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

/// Where it listens.
pub struct Listeners {
    /// For customers and shops.
    pub public: TcpListener,
    /// For operators.
    pub operations: TcpListener,
    /// The plain one that sends browsers to https.
    pub redirect: Option<TcpListener>,
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
            .route("/status", web::get().to(status))
            .route("/assets/{name}", web::get().to(asset))
            .default_service(web::route().to(not_found))
    };
    let tls = node.certificates.as_ref().map(Certificates::server_config).transpose()?;
    let how = Listening { tls, workers: options.workers, shutdown_seconds: options.shutdown_seconds };
    listener::serve(app, socket, how).map_err(|error| error.to_string())
}

/// Answers challenges about our names (RFC 8555, section 8.3).
async fn challenge(node: Data<Node>, token: Path<String>) -> HttpResponse {
    let token = token.into_inner();
    match node.base.db.read(move |connection| find_answer(connection, &token)).await {
        Ok(Some(answer)) => HttpResponse::Ok().content_type("application/octet-stream").body(answer),
        Ok(None) => HttpResponse::NotFound().content_type("text/plain").body("nobody waits for an answer to this\n"),
        Err(_) => HttpResponse::ServiceUnavailable().content_type("text/plain").body("the database does not answer\n"),
    }
}

/// To https, always at our own name; what was typed into a form does not go on.
async fn to_https(node: Data<Node>, request: HttpRequest) -> HttpResponse {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return HttpResponse::Forbidden().content_type("text/plain").body("https only\n");
    }
    let path = request.uri().path_and_query().map_or("/", PathAndQuery::as_str);
    HttpResponse::PermanentRedirect().insert_header((LOCATION, node.http.issuer.at(path))).finish()
}

/// Starts the plain listener that sends browsers to https.
///
/// # Errors
/// A sentence for the operator.
pub fn start_redirect(node: Arc<Node>, listener: TcpListener) -> Result<Server, String> {
    let node: Data<Node> = Data::from(node);
    let app = move || App::new().app_data(node.clone()).route("/.well-known/acme-challenge/{token}", web::get().to(challenge)).default_service(web::route().to(to_https));
    let how = Listening { tls: None, workers: 1, shutdown_seconds: 1 };
    listener::serve(app, listener, how).map_err(|error| error.to_string())
}

async fn metrics(node: Data<Node>) -> HttpResponse {
    let text = node.http.metrics.encode(node.hashes.statistics(), node.base.db.statistics());
    HttpResponse::Ok().content_type("application/openmetrics-text; version=1.0.0; charset=utf-8").body(text)
}

async fn alive() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("alive\n")
}

/// Whether the database answers within two seconds.
async fn is_answered(db: &Db) -> bool {
    let probe = db.read(|connection| crate::platform::db::facts::find_fact(connection, "probe"));
    matches!(tokio::time::timeout(Duration::from_secs(2), probe).await, Ok(Ok(_)))
}

/// The answer while this node leaves. Not 503: balancers that know the difference send nobody new here, and let those finish who are.
fn leaving(node: &Node) -> Option<HttpResponse> {
    node.http.is_leaving.load(Ordering::Relaxed).then(|| HttpResponse::NotFound().content_type("text/plain").body("this node is about to end\n"))
}

/// Whether it takes requests, whatever its database does: keys, discovery and assets need none.
async fn healthy(node: Data<Node>) -> HttpResponse {
    leaving(&node).unwrap_or_else(|| HttpResponse::Ok().content_type("text/plain").body("taking requests\n"))
}

async fn ready(node: Data<Node>) -> HttpResponse {
    if let Some(answer) = leaving(&node) {
        return answer;
    }
    if is_answered(&node.base.db).await {
        HttpResponse::Ok().content_type("text/plain").body("ready\n")
    } else {
        HttpResponse::ServiceUnavailable().content_type("text/plain").body("the database does not answer\n")
    }
}

/// For status pages: whether people can sign in, and nothing else.
async fn status(oauth: Data<OAuthState>) -> HttpResponse {
    if is_answered(&oauth.db).await {
        HttpResponse::Ok().json(serde_json::json!({ "status": "up" }))
    } else {
        HttpResponse::ServiceUnavailable().json(serde_json::json!({ "status": "down" }))
    }
}

/// Starts the operators' listener.
///
/// # Errors
/// A sentence for the operator.
pub fn start_operations(node: Arc<Node>, listener: TcpListener) -> Result<Server, String> {
    let node: Data<Node> = Data::from(node);
    let server = HttpServer::new(move || {
        let app = App::new().app_data(node.clone()).route("/metrics", web::get().to(metrics));
        app.route("/livez", web::get().to(alive)).route("/healthz", web::get().to(healthy)).route("/readyz", web::get().to(ready))
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

/// SIGHUP, from now on: before this is called it ends the process.
///
/// # Errors
/// A sentence for the operator.
pub fn hangups() -> Result<Signal, String> {
    signal(SignalKind::hangup()).map_err(|error| error.to_string())
}

/// Does `work` at each SIGHUP.
async fn heed(node: Arc<Node>, mut hangups: Signal, work: impl Fn(&Node)) {
    while hangups.recv().await.is_some() {
        work(&node);
    }
}

/// Ends the public listener at a signal. At SIGTERM the node says first that it leaves, to balancers by `/readyz` and to whoever keeps a connection; a second signal, or SIGINT, does not wait for that.
async fn leave_at_signal((mut terminate, mut interrupt): (Signal, Signal), node: Arc<Node>, public: ServerHandle, leave: Duration) {
    let is_patient = tokio::select! {
        _ = terminate.recv() => true,
        _ = interrupt.recv() => false,
    };
    node.http.is_leaving.store(true, Ordering::Relaxed);
    tracing::info!(seconds = if is_patient { leave.as_secs() } else { 0 }, "leaving: others are told first, then requests in flight are finished");
    if is_patient {
        tokio::select! {
            () = tokio::time::sleep(leave) => {}
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    }
    public.stop(true).await;
}

/// Serves until a signal: public listener, operators' listener, periodic work. Requests in flight are finished first.
///
/// # Errors
/// A sentence for the operator.
pub async fn serve(node: Node, listeners: Listeners, options: &ListenOptions, (hangups, on_hangup): (Signal, impl Fn(&Node) + 'static)) -> Result<(), String> {
    let listen = |kind| signal(kind).map_err(|error| error.to_string());
    let signals = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
    let public = start_public(&node, listeners.public, options)?;
    let node = Arc::new(node);
    let leaving = actix_web::rt::spawn(leave_at_signal(signals, Arc::clone(&node), public.handle(), Duration::from_secs(options.leave_seconds)));
    let operations = start_operations(Arc::clone(&node), listeners.operations)?;
    let redirect = listeners.redirect.map(|listener| start_redirect(Arc::clone(&node), listener)).transpose()?;
    let beside: Vec<Server> = redirect.into_iter().chain([operations]).collect();
    let handles: Vec<_> = beside.iter().map(Server::handle).collect();
    let beside: Vec<_> = beside.into_iter().map(actix_web::rt::spawn).collect();
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let worker = actix_web::rt::spawn(super::worker::run(Arc::clone(&node), stopped.clone()));
    let certificates = actix_web::rt::spawn(super::worker::certificates::run(Arc::clone(&node), stopped.clone()));
    let heeding = actix_web::rt::spawn(heed(Arc::clone(&node), hangups, on_hangup));
    let apart = [
        actix_web::rt::spawn(super::worker::run_keys(Arc::clone(&node), stopped.clone())),
        actix_web::rt::spawn(super::worker::run_mail(Arc::clone(&node), stopped.clone())),
        actix_web::rt::spawn(super::worker::run_texts(Arc::clone(&node), stopped.clone())),
        actix_web::rt::spawn(super::worker::run_measures(Arc::clone(&node), stopped.clone())),
    ];
    let events = actix_web::rt::spawn(super::worker::run_events(node, stopped));
    let ended = public.await;
    leaving.abort();
    // The worker first, so that nothing begins while the database closes.
    let _ = stop.send(true);
    // Jobs that wait for a database which says nothing are left to whoever is there next.
    let jobs = futures_util::future::join_all(apart.into_iter().chain([worker, events]));
    if tokio::time::timeout(JOBS_END, jobs).await.is_err() {
        tracing::warn!("jobs were broken off");
    }
    // A server of certificates may take minutes to answer; what it was asked is asked again.
    certificates.abort();
    heeding.abort();
    for (handle, server) in handles.into_iter().zip(beside) {
        handle.stop(true).await;
        let _ = server.await;
    }
    ended.map_err(|error| error.to_string())
}
