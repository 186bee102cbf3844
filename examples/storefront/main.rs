//! An example shop: a relying party on the `openidconnect` crate. Reads its settings from the command line:
//! `cargo run --example storefront -- <issuer> <client_id> <client_secret> <port>`.

mod shop;

use shop::{Settings, Storefront};

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = |what: &str| arguments.next().ok_or_else(|| format!("missing argument: {what}"));
    let (issuer, client_id, client_secret) = (next("issuer")?, next("client_id")?, next("client_secret")?);
    let port: u16 = next("port")?.parse()?;
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let listener = std::net::TcpListener::bind(("127.0.0.1", port))?;
    let settings = Settings { issuer, client_id, client_secret, base_url: format!("http://localhost:{port}"), judges_orders: false, notes: Vec::new() };
    actix_web::rt::System::new().block_on(async { Storefront::new(settings)?.serve(listener)?.await.map_err(Into::into) })
}
