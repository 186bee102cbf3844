//! The demo's mailbox page, which is its phone too: every mail and text message that would have gone out, newest first.

use std::net::TcpListener;
use std::path::PathBuf;

use actix_web::dev::Server;
use actix_web::web::{self, Data};
use actix_web::{App, HttpResponse, HttpServer};
use askama::Template;

use super::issuer;

/// A mail, or a text message: the page is mailbox and phone at once.
#[derive(serde::Deserialize)]
struct Shown {
    to: String,
    /// None for a text message.
    #[serde(default)]
    subject: Option<String>,
    text: String,
}

#[derive(Template)]
#[template(path = "app/demo/mailbox.html")]
struct MailboxPage {
    mails: Vec<Shown>,
}

async fn show(folder: Data<PathBuf>) -> HttpResponse {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder.as_path()).map(|entries| entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect()).unwrap_or_default();
    // The names are ULIDs, so they sort by time.
    files.sort();
    let mails = files.iter().rev().take(100).filter_map(|file| serde_json::from_slice(&std::fs::read(file).ok()?).ok()).collect();
    match (MailboxPage { mails }).render() {
        Ok(body) => HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .insert_header(("Content-Security-Policy", "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'"))
            .insert_header(("Cache-Control", "no-store"))
            .body(body),
        Err(error) => HttpResponse::InternalServerError().body(error.to_string()),
    }
}

async fn style() -> HttpResponse {
    HttpResponse::Ok().content_type("text/css; charset=utf-8").body(include_str!("../../platform/http/pages/claviger.css"))
}

/// Serves the page for the mails in `folder`; and the issuer of the demo's cards, which has a door of its own there.
///
/// # Errors
/// The listener is not usable.
pub fn serve(folder: PathBuf, issuer_key: String, listener: TcpListener) -> std::io::Result<Server> {
    let (folder, key) = (Data::new(folder), Data::new(issuer::Key(issuer_key)));
    let server = HttpServer::new(move || {
        App::new().app_data(folder.clone()).app_data(key.clone()).configure(issuer::routes).route("/", web::get().to(show)).route("/claviger.css", web::get().to(style))
    });
    Ok(server.workers(1).disable_signals().listen(listener)?.run())
}
