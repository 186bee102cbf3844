//! Another OpenID Provider: an honest one is another server of ours; this one says whatever a test has it say.

use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use actix_web::dev::ServerHandle;
use actix_web::web::{self, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use claviger::app::config::{RawConfig, UpstreamEntry};
use claviger::base::encoding::base64url;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

/// What it does instead of answering as it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Proper,
    /// Sends to somewhere else.
    Redirects,
    /// Answers without end.
    Endless,
    /// Answers a byte now and then.
    Drips,
    /// Never answers.
    Silent,
}

/// Makes an ID token of claims.
pub type Make = Box<dyn Fn(&Value) -> String + Send>;

pub struct Script {
    /// Claims that replace or add to the usual ones; null takes one away.
    pub claims: Value,
    /// The same for the discovery document.
    pub metadata: Value,
    /// The signature of the ID token: `None` for the provider's own.
    pub token: Option<Make>,
    pub mood: Mood,
    pub nonce: String,
    pub now: i64,
}

pub struct Provider {
    pub issuer: String,
    pub script: Arc<Mutex<Script>>,
    /// How often each of discovery, keys and tokens was asked for.
    pub hits: Arc<[AtomicUsize; 3]>,
    handle: ServerHandle,
    key: Arc<rcgen::KeyPair>,
}

#[derive(Clone)]
struct Desk {
    issuer: String,
    script: Arc<Mutex<Script>>,
    hits: Arc<[AtomicUsize; 3]>,
    key: Arc<rcgen::KeyPair>,
}

fn merge(mut into: Value, from: &Value) -> Value {
    for (name, value) in from.as_object().into_iter().flatten() {
        if value.is_null() {
            into.as_object_mut().unwrap().remove(name);
        } else {
            into[name] = value.clone();
        }
    }
    into
}

pub fn signed(key: &rcgen::KeyPair, kid: &str, claims: &Value) -> String {
    let header = Header { kid: Some(kid.to_owned()), ..Header::new(Algorithm::ES256) };
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_ec_der(key.serialized_der())).unwrap()
}

impl Desk {
    fn answer(&self, hit: usize, body: &Value) -> HttpResponse {
        self.hits[hit].fetch_add(1, Ordering::SeqCst);
        let mood = self.script.lock().unwrap().mood;
        match mood {
            Mood::Proper => HttpResponse::Ok().content_type("application/json").body(body.to_string()),
            Mood::Redirects => HttpResponse::Found().insert_header(("location", format!("{}/elsewhere", self.issuer))).finish(),
            Mood::Endless => {
                let chunk = web::Bytes::from(vec![b' '; 65_536]);
                HttpResponse::Ok().content_type("application/json").streaming(futures_util::stream::repeat_with(move || Ok::<_, actix_web::Error>(chunk.clone())))
            }
            Mood::Drips => HttpResponse::Ok().content_type("application/json").streaming(futures_util::stream::unfold((), |()| async {
                tokio::time::sleep(std::time::Duration::from_millis(200)).await;
                Some((Ok::<_, actix_web::Error>(web::Bytes::from_static(b" ")), ()))
            })),
            Mood::Silent => HttpResponse::Ok().streaming(futures_util::stream::pending::<Result<web::Bytes, actix_web::Error>>()),
        }
    }
}

async fn discovery(desk: Data<Desk>) -> HttpResponse {
    let usual = json!({
        "issuer": desk.issuer, "authorization_endpoint": format!("{}/authorize", desk.issuer), "token_endpoint": format!("{}/token", desk.issuer), "jwks_uri": format!("{}/jwks", desk.issuer),
        "response_types_supported": ["code"], "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
        "authorization_response_iss_parameter_supported": true,
    });
    let body = merge(usual, &desk.script.lock().unwrap().metadata);
    desk.answer(0, &body)
}

async fn jwks(desk: Data<Desk>) -> HttpResponse {
    use rcgen::PublicKeyData;
    let point = desk.key.der_bytes();
    let key = json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "one", "x": base64url(&point[1..33]), "y": base64url(&point[33..65]) });
    desk.answer(1, &json!({ "keys": [key] }))
}

async fn token(desk: Data<Desk>, _: HttpRequest) -> HttpResponse {
    let id_token = {
        let script = desk.script.lock().unwrap();
        let usual = json!({ "iss": desk.issuer, "sub": "their-grace", "aud": "our-client", "exp": script.now + 300, "iat": script.now, "nonce": script.nonce });
        let claims = merge(usual, &script.claims);
        match &script.token {
            Some(make) => make(&claims),
            None => signed(&desk.key, "one", &claims),
        }
    };
    desk.answer(2, &json!({ "access_token": "unused", "token_type": "Bearer", "id_token": id_token }))
}

impl Provider {
    pub fn start(now: i64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
        let script = Script { claims: json!({}), metadata: json!({}), token: None, mood: Mood::Proper, nonce: String::new(), now };
        let script = Arc::new(Mutex::new(script));
        let key = Arc::new(rcgen::KeyPair::generate().unwrap());
        let hits: Arc<[AtomicUsize; 3]> = Arc::default();
        let desk = Desk { issuer: issuer.clone(), script: Arc::clone(&script), hits: Arc::clone(&hits), key: Arc::clone(&key) };
        let server = HttpServer::new(move || {
            App::new()
                .app_data(Data::new(desk.clone()))
                .route("/.well-known/openid-configuration", web::get().to(discovery))
                .route("/jwks", web::get().to(jwks))
                .route("/elsewhere", web::get().to(discovery))
                .route("/token", web::post().to(token))
        });
        let server = server.workers(1).disable_signals().listen(listener).unwrap().run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { issuer, script, hits, handle, key }
    }

    pub fn hits(&self, which: usize) -> usize {
        self.hits[which].load(Ordering::SeqCst)
    }

    pub fn key(&self) -> Arc<rcgen::KeyPair> {
        Arc::clone(&self.key)
    }

    pub async fn stop(&self) {
        self.handle.stop(false).await;
    }
}

/// Has a server accept sign-ins at `issuer`, as the client `our-client` there.
pub fn accept(raw: &mut RawConfig, id: &str, issuer: &str, secret: Option<&std::path::Path>) {
    raw.outgoing.allowed_networks = vec!["127.0.0.0/8".to_owned()];
    raw.upstreams.providers.push(UpstreamEntry {
        id: id.to_owned(),
        name: "Big & Co".to_owned(),
        issuer: issuer.to_owned(),
        client_id: "our-client".to_owned(),
        client_secret_file: secret.map(|path| path.display().to_string()).unwrap_or_default(),
        scopes: vec!["email".to_owned(), "profile".to_owned()],
    });
}
