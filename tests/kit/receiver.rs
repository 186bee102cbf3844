//! A server of a shop that is told of events: keeps what comes, and answers as it is told to.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use actix_web::dev::ServerHandle;
use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};

/// One request that came.
#[derive(Debug, Clone)]
pub struct Heard {
    pub path: String,
    pub headers: BTreeMap<String, String>,
    pub body: String,
    pub raw: Bytes,
}

impl Heard {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

#[derive(Clone)]
struct Shelf {
    heard: Arc<Mutex<Vec<Heard>>>,
    status: Arc<AtomicU16>,
    body: Arc<Mutex<String>>,
    retry_after: Arc<Mutex<Option<u32>>>,
}

/// The server.
pub struct Receiver {
    pub base: String,
    shelf: Shelf,
    handle: ServerHandle,
}

async fn hear(shelf: Data<Shelf>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let headers = request.headers().iter().map(|(name, value)| (name.as_str().to_owned(), value.to_str().unwrap_or_default().to_owned())).collect();
    shelf.heard.lock().unwrap().push(Heard { path: request.path().to_owned(), headers, body: String::from_utf8_lossy(&body).into_owned(), raw: body });
    let status = shelf.status.load(Ordering::SeqCst);
    let mut answer = HttpResponse::build(actix_web::http::StatusCode::from_u16(status).unwrap());
    if (300..400).contains(&status) {
        answer.insert_header(("location", "/elsewhere"));
    }
    if let Some(seconds) = *shelf.retry_after.lock().unwrap() {
        answer.insert_header(("retry-after", seconds.to_string()));
    }
    answer.content_type("application/json").body(shelf.body.lock().unwrap().clone())
}

impl Receiver {
    pub fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
        let shelf = Shelf { heard: Arc::default(), status: Arc::new(AtomicU16::new(200)), body: Arc::default(), retry_after: Arc::default() };
        let data = Data::new(shelf.clone());
        let server = HttpServer::new(move || App::new().app_data(data.clone()).default_service(web::route().to(hear)));
        let server = server.workers(1).disable_signals().listen(listener).unwrap().run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { base, shelf, handle }
    }

    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// How it answers from now on.
    pub fn answer(&self, status: u16, body: &str) {
        self.shelf.status.store(status, Ordering::SeqCst);
        body.clone_into(&mut self.shelf.body.lock().unwrap());
        *self.shelf.retry_after.lock().unwrap() = None;
    }

    /// It has no time now, and says for how many seconds.
    pub fn answer_later(&self, seconds: u32) {
        self.answer(503, "");
        *self.shelf.retry_after.lock().unwrap() = Some(seconds);
    }

    /// What came since it was last asked.
    pub fn take(&self) -> Vec<Heard> {
        std::mem::take(&mut self.shelf.heard.lock().unwrap())
    }

    pub async fn stop(&self) {
        self.handle.stop(false).await;
    }
}
