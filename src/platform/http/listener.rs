//! The public listener: HTTP/1.1 over TCP or TLS, behind [`StrictLines`].
//!
//! It is put together from actix's parts, because its ready-made server has no place for that check, and always offers HTTP/2 over TLS, whose implementation there is one that no longer gets security fixes.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use actix_http::error::DispatchError;
use actix_http::{HttpService, Request, Response};
use actix_server::{GracefulShutdownSignal, Server, ServerBuilder};
use actix_service::{IntoServiceFactory, ServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_tls::accept::TlsError;
use actix_tls::accept::rustls_0_23::{Acceptor, TlsStream};
use actix_web::body::MessageBody;
use actix_web::dev::AppConfig;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use super::framing::StrictLines;

/// How long a request head may take to arrive.
const HEAD_SECONDS: u64 = 10;
/// How long a connection may idle between requests.
const KEEP_ALIVE_SECONDS: u64 = 60;
/// Connections of one worker.
const MAX_CONNECTIONS: usize = 20_000;
/// How long a TLS handshake may take.
const HANDSHAKE_SECONDS: u64 = 10;

/// How to listen.
#[derive(Debug)]
pub struct Listening {
    /// TLS, if any.
    pub tls: Option<ServerConfig>,
    /// Worker threads; 0 takes one a core.
    pub workers: usize,
    /// How long requests in flight get at shutdown.
    pub shutdown_seconds: u64,
}

/// Speaks HTTP/1.1 on streams of type `T`.
fn http<T, I, S, B>(
    app: I,
    draining: GracefulShutdownSignal,
) -> impl ServiceFactory<(StrictLines<T>, Option<SocketAddr>), Config = (), Response = (), Error = DispatchError, InitError = ()>
where
    T: AsyncRead + AsyncWrite + Unpin + 'static,
    I: IntoServiceFactory<S, Request>,
    S: ServiceFactory<Request, Config = AppConfig> + 'static,
    S::Error: Into<actix_web::Error> + 'static,
    S::InitError: std::fmt::Debug,
    S::Response: Into<Response<B>> + 'static,
    B: MessageBody + 'static,
{
    let app = app.into_factory().map_err(|error| error.into().error_response());
    HttpService::build()
        .graceful_shutdown_signal(move || {
            let draining = draining.clone();
            async move { draining.notified().await }
        })
        .keep_alive(Duration::from_secs(KEEP_ALIVE_SECONDS))
        .client_request_timeout(Duration::from_secs(HEAD_SECONDS))
        .client_disconnect_timeout(Duration::from_secs(5))
        .h1(map_config(app, |()| AppConfig::default()))
}

/// Serves `app` on `listener`.
///
/// # Errors
/// What the operating system says.
pub fn serve<F, I, S, B>(app: F, listener: TcpListener, how: Listening) -> std::io::Result<Server>
where
    F: Fn() -> I + Send + Clone + 'static,
    I: IntoServiceFactory<S, Request>,
    S: ServiceFactory<Request, Config = AppConfig> + 'static,
    S::Error: Into<actix_web::Error> + 'static,
    S::InitError: std::fmt::Debug,
    S::Response: Into<Response<B>> + 'static,
    B: MessageBody + 'static,
{
    // Who listens to signals is the caller.
    let mut builder = ServerBuilder::default().shutdown_timeout(how.shutdown_seconds).max_concurrent_connections(MAX_CONNECTIONS).disable_signals();
    if how.workers > 0 {
        builder = builder.workers(how.workers);
    }
    let draining = builder.graceful_shutdown_signal();
    let Some(tls) = how.tls else {
        let plain = move || {
            let accept = fn_service(|io: TcpStream| async move {
                let peer = io.peer_addr().ok();
                Ok::<_, DispatchError>((StrictLines::new(io), peer))
            });
            accept.and_then(http(app(), draining.clone()))
        };
        return Ok(builder.listen("http", listener, plain)?.run());
    };
    let secure = move || {
        let mut acceptor = Acceptor::new(tls.clone());
        acceptor.set_handshake_timeout(Duration::from_secs(HANDSHAKE_SECONDS));
        let accept = acceptor.map_err(TlsError::into_service_error).map(|io: TlsStream<TcpStream>| {
            let peer = io.get_ref().0.peer_addr().ok();
            (StrictLines::new(io), peer)
        });
        accept.and_then(http(app(), draining.clone()).map_err(TlsError::Service))
    };
    Ok(builder.listen("https", listener, secure)?.run())
}
