//! The binary on the wire: TLS from files, cookies that only TLS can carry, logs that hold no secret.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use crate::kit::process::free_port;
use crate::kit::{Backend, Browser, Kit, Landing, Place, Tokens};
use claviger::base::time::{Clock, ManualClock, SystemClock};

struct Server {
    child: Child,
    log: Arc<Mutex<String>>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(place: &Place, variables: &[(&str, String)]) -> Server {
    let mut child = Command::new(env!("CARGO_BIN_EXE_claviger"))
        .arg("serve")
        .env("CLAVIGER_DATABASE_URL", &place.url)
        .env("CLAVIGER_KEYS_MASTER_KEY_FILE", place.folder.path().join("keys/master.key"))
        .env("CLAVIGER_SERVER_OPERATIONS_LISTEN", "127.0.0.1:0")
        .envs(variables.iter().map(|(name, value)| (*name, value.as_str())))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let log = Arc::new(Mutex::new(String::new()));
    let (kept, reader) = (log.clone(), BufReader::new(child.stderr.take().unwrap()));
    let (ready, is_ready) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for line in reader.lines().map_while(Result::ok) {
            if line.contains("ready to serve") {
                let _ = ready.send(());
            }
            kept.lock().unwrap().push_str(&(line + "\n"));
        }
    });
    is_ready.recv().unwrap_or_else(|_| panic!("the server did not start: {}", log.lock().unwrap()));
    Server { child, log }
}

/// A place with a customer and a shop in it, planted by a server that is gone again.
async fn planted(issuer: &str) -> (Arc<Place>, crate::kit::Person, crate::kit::Shop) {
    let place = Arc::new(Place::new(Backend::Sqlite));
    let kit = Kit::start_with(place.clone(), Arc::new(ManualClock::at(SystemClock::new().now())), |_| {}).await;
    let (ada, mut shop) = (kit.customer("ada").await, kit.shop("shop").await);
    kit.handle.stop(true).await;
    shop.issuer = issuer.to_owned();
    (place, ada, shop)
}

#[test]
fn tls_comes_from_files_and_carries_host_cookies() {
    actix_web::rt::System::new().block_on(async {
        let port = free_port();
        let issuer = format!("https://localhost:{port}");
        let (place, ada, mut shop) = planted(&issuer).await;
        let certified = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let (certificate, key) = (place.folder.path().join("cert.pem"), place.folder.path().join("key.pem"));
        std::fs::write(&certificate, certified.cert.pem()).unwrap();
        std::fs::write(&key, certified.signing_key.serialize_pem()).unwrap();
        let _server = spawn(
            &place,
            &[
                ("CLAVIGER_SERVER_ISSUER", issuer.clone()),
                ("CLAVIGER_SERVER_LISTEN", format!("127.0.0.1:{port}")),
                ("CLAVIGER_SERVER_TLS_CERTIFICATE_FILE", certificate.display().to_string()),
                ("CLAVIGER_SERVER_TLS_KEY_FILE", key.display().to_string()),
            ],
        );
        let client = |least, most| {
            let root = reqwest::Certificate::from_pem(certified.cert.pem().as_bytes()).unwrap();
            let builder = reqwest::Client::builder().add_root_certificate(root).redirect(reqwest::redirect::Policy::none());
            builder.min_tls_version(least).max_tls_version(most).build().unwrap()
        };
        let _ = crate::kit::browser::http();
        for version in [reqwest::tls::Version::TLS_1_2, reqwest::tls::Version::TLS_1_3] {
            assert_eq!(client(version, version).get(format!("{issuer}/jwks")).send().await.unwrap().status(), 200);
        }
        // L6: HTTP/2 is not offered, so nobody can flood its streams.
        let mut trust = rustls::RootCertStore::empty();
        trust.add(certified.cert.der().clone()).unwrap();
        let mut offer = rustls::ClientConfig::builder().with_root_certificates(trust).with_no_client_auth();
        offer.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let mut connection = rustls::ClientConnection::new(Arc::new(offer), "localhost".try_into().unwrap()).unwrap();
        let mut socket = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
        while connection.is_handshaking() {
            connection.complete_io(&mut socket).unwrap();
        }
        assert_eq!(connection.alpn_protocol(), Some(b"http/1.1".as_slice()));
        let mut browser = Browser::new(&issuer);
        browser.client = client(reqwest::tls::Version::TLS_1_2, reqwest::tls::Version::TLS_1_3);
        shop.client = browser.client.clone();
        let page = shop.authorize(&browser, &[]).await.page();
        assert_eq!(page.header("strict-transport-security"), "max-age=63072000; includeSubDomains");
        let entered = browser.type_password(&page, &ada.email, &ada.password).await;
        for cookie in entered.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.starts_with("__Host-claviger_"), "{cookie}");
            for attribute in ["; HttpOnly", "; Secure", "; Path=/", "; SameSite=Lax"] {
                assert!(cookie.contains(attribute), "{cookie}");
            }
            assert!(!cookie.contains("Domain"), "{cookie}");
        }
        let Landing::Away(_, answer) = browser.follow(entered).await else { panic!("did not come back") };
        assert_eq!(shop.redeem(&answer["code"]).await.status, 200);
    });
}

#[test]
fn l9_l10_logs_hold_no_secret_and_one_line_an_event() {
    actix_web::rt::System::new().block_on(async {
        let port = free_port();
        let issuer = format!("http://127.0.0.1:{port}");
        let (place, ada, shop) = planted(&issuer).await;
        // Served behind a proxy that ends TLS: the issuer is https, the wire is not.
        let host = "login.shop.example";
        let server = spawn(
            &place,
            &[
                ("CLAVIGER_SERVER_ISSUER", format!("https://{host}")),
                ("CLAVIGER_SERVER_LISTEN", format!("127.0.0.1:{port}")),
                ("CLAVIGER_SERVER_BEHIND_TLS_PROXY", "true".to_owned()),
                ("CLAVIGER_LOG_FILTER", "trace".to_owned()),
                ("CLAVIGER_LOG_REQUESTS", "true".to_owned()),
            ],
        );
        let mut browser = Browser::new(&issuer);
        browser.headers = vec![("host".into(), host.into()), ("user-agent".into(), "evil\" \u{1b}[31m {\"level\":\"x\"}".replace('\u{1b}', "%1b"))];
        let first = browser.get(&shop.authorize_url(&[("state", "Canary-State\r\n{}"), ("login_hint", "canary@example.com")])).await;
        let page = browser.get(first.location().unwrap()).await;
        let csrf = page.hidden("id=\"signin\"", "csrf");
        for password in ["Canary-Wrong-Password", &ada.password] {
            browser.post(&page.action("id=\"signin\""), &[("csrf", &csrf), ("email", &ada.email), ("password", password)]).await;
        }
        let session = browser.cookie("__Host-claviger_session").expect("signed in");
        let back = browser.get(&shop.authorize_url(&[("prompt", "none")])).await;
        let url = url::Url::parse(back.location().unwrap()).unwrap();
        let code = url.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
        let here = crate::kit::Shop { issuer: format!("http://{host}"), ..shop.clone() };
        let fields = [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", shop.callback.as_str()), ("code_verifier", crate::kit::shop::VERIFIER)];
        let tokens = Tokens(here.post_to(&format!("http://127.0.0.1:{port}"), "/token", &fields).await.json());
        // What the server wrote is read by a thread of its own, which may be behind.
        let is_there = || server.log.lock().unwrap().contains("\"route\":\"/token\"");
        let begun = std::time::Instant::now();
        while !is_there() && begun.elapsed() < std::time::Duration::from_secs(20) {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        let log = server.log.lock().unwrap().clone();
        assert!(log.contains("\"route\":\"/token\""), "requests are logged: {log}");
        for secret in [&ada.password, &session, &code, &tokens.access(), &tokens.refresh(), &tokens.id(), &shop.secret, &csrf] {
            assert!(!log.contains(secret.as_str()), "a secret stands in the log");
        }
        for personal in ["ada@example.com", "canary@example.com", "Canary-State", "Canary-Wrong-Password", "Canary-Fullname"] {
            assert!(!log.contains(personal), "{personal} stands in the log");
        }
        for line in log.lines() {
            assert!(serde_json::from_str::<serde_json::Value>(line).is_ok(), "{line}");
        }
        let commandline = std::fs::read_to_string(format!("/proc/{}/cmdline", server.child.id())).unwrap();
        assert!(!commandline.contains("cmk1_"));
    });
}
