//! Running it: restarts, key files, key rotation, the command line, a crash in the middle of sign-ins.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use crate::kit::{Backend, Kit, Place, Tokens};
use crate::{on_both, on_one};
use claviger::app::config::Config;
use claviger::app::{setup, worker};
use claviger::base::random::OsEntropy;
use claviger::base::time::{ManualClock, SystemClock};

on_both! {
    async fn a_sign_in_survives_a_restart(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let browser = kit.browser();
        let page = shop.authorize(&browser, &[]).await.page();
        let (_, address, handle) = kit.second_node().await;
        // The page was made by the first node; the second one takes the answer.
        let elsewhere = |url: &str| url.replace(&kit.issuer, &address);
        let mut there = browser.clone();
        there.headers.push(("host".into(), kit.issuer.trim_start_matches("http://").into()));
        let csrf = page.hidden("id=\"signin\"", "csrf");
        let reply = there.submit(&elsewhere(&kit.url(&page.action("id=\"signin\""))), &[("csrf", &csrf), ("email", &ada.email), ("password", &ada.password)]).await;
        assert_eq!(reply.status, 303, "{}", reply.body);
        let code = browser.follow(reply).await.away()["code"].clone();
        // Sessions, codes and keys are shared: the code of one node is redeemed at the other.
        let fields = [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", shop.callback.as_str()), ("code_verifier", crate::kit::shop::VERIFIER)];
        let tokens = Tokens(shop.post_to(&address, "/token", &fields).await.json());
        assert_eq!(shop.userinfo(&tokens.access()).await.status, 200);
        handle.stop(false).await;
    }

    async fn keys_rotate_without_losing_a_token(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (_, before) = kit.sign_in(&shop, &ada).await;
        let kid = |tokens: &Tokens| jsonwebtoken::decode_header(tokens.id()).unwrap().kid.unwrap();
        let published = async || kit.browser().get("/jwks").await.json()["keys"].as_array().unwrap().len();
        assert_eq!(published().await, 4);
        kit.advance(89 * 86_400);
        assert_eq!(worker::refresh_keys(&kit.node).await.unwrap(), 4);
        assert_eq!(published().await, 8, "the next keys are published before they sign");
        kit.advance(86_400 - 60);
        let (_, still) = kit.sign_in(&shop, &ada).await;
        assert_eq!(kid(&still), kid(&before));
        kit.advance(60);
        assert_eq!(worker::refresh_keys(&kit.node).await.unwrap(), 4);
        let (_, after) = kit.sign_in(&shop, &ada).await;
        assert_ne!(kid(&after), kid(&before));
        assert_eq!(shop.userinfo(&still.access()).await.status, 200);
        kit.advance(7_201);
        worker::refresh_keys(&kit.node).await.unwrap();
        assert_eq!(published().await, 4, "old keys leave when their last token has expired");
        for key in kit.browser().get("/jwks").await.json()["keys"].as_array().unwrap() {
            assert!(key.get("d").is_none() && key.get("k").is_none() && key.get("p").is_none());
        }
    }

    async fn two_nodes_that_start_together_make_one_set_of_keys(kit: Kit) {
        let (_, address, handle) = kit.second_node().await;
        let there = crate::kit::shop::read(kit.browser().client.get(format!("{address}/jwks")).header("host", kit.issuer.trim_start_matches("http://")), String::new()).await.json();
        assert_eq!(there, kit.browser().get("/jwks").await.json());
        handle.stop(false).await;
    }

    async fn sweeping_removes_what_is_over_and_nothing_else(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (_, tokens) = kit.sign_in(&shop, &ada).await;
        worker::sweep(&kit.node).await.unwrap();
        assert_eq!(shop.refresh(&tokens.refresh()).await.status, 200);
        kit.advance(200 * 86_400);
        assert!(worker::sweep(&kit.node).await.unwrap() >= 2);
    }
}

on_one! {
    async fn another_installations_master_key_is_refused(kit: Kit) {
        let place = Place::new(Backend::Sqlite);
        let mut raw = kit.place.config(&kit.issuer);
        raw.keys.master_key_file = place.folder.path().join("keys/master.key").display().to_string();
        let clock = Arc::new(ManualClock::at(crate::kit::DAWN));
        let missing = setup::open(&Config::check(&raw, true).map_err(|_| "config").unwrap(), clock.clone(), Arc::new(OsEntropy)).await.err().unwrap();
        assert!(missing.contains("is missing, but the database was made with one"), "{missing}");
        let other = Kit::start_with(Arc::new(place), clock.clone(), |_| {}).await;
        let refused = setup::open(&Config::check(&raw, true).map_err(|_| "config").unwrap(), clock, Arc::new(OsEntropy)).await.err().unwrap();
        assert!(refused.contains("not the one that this database was made with"), "{refused}");
        other.handle.stop(false).await;
    }
}

fn claviger(folder: &std::path::Path, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_claviger"))
        .args(arguments)
        .current_dir(folder)
        .env("CLAVIGER_SERVER_ISSUER", "https://login.shop.example")
        .env("CLAVIGER_SERVER_BEHIND_TLS_PROXY", "true")
        .output()
        .unwrap();
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr))
}

#[test]
fn the_command_line_does_what_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| claviger(folder.path(), arguments);
    assert_eq!(run(&["migrate", "--check"]).0, 3);
    assert_eq!(run(&["migrate"]).0, 0);
    assert_eq!(run(&["migrate", "--check"]).0, 0);
    let (code, text) = run(&["clients", "add", "--id", "shop", "--name", "Bean & Leaf", "--redirect-uri", "https://shop.example/cb", "--json"]);
    assert_eq!(code, 0, "{text}");
    let secret = serde_json::from_str::<serde_json::Value>(&text).unwrap()["client_secret"].as_str().unwrap().to_owned();
    assert_eq!(run(&["clients", "add", "--id", "shop", "--name", "x", "--redirect-uri", "https://shop.example/cb"]).0, 3);
    assert_eq!(run(&["clients", "add", "--name", "x", "--redirect-uri", "javascript:alert(1)"]).0, 3);
    let (_, shown) = run(&["clients", "show", "shop"]);
    assert!(shown.contains("Bean & Leaf") && !shown.contains(&secret));
    assert!(run(&["clients", "list"]).1.contains("client_secret_basic"));
    let (code, rotated) = run(&["clients", "rotate-secret", "shop"]);
    assert!(code == 0 && !rotated.contains(&secret));
    assert_eq!(run(&["customers", "add", "--email", "ada@example.com", "--name", "Ada"]).0, 0);
    assert_eq!(run(&["customers", "add", "--email", "ADA@example.com"]).0, 3);
    assert_eq!(run(&["customers", "show", "ada@example.com"]).0, 0);
    assert_eq!(run(&["customers", "lock", "ada@example.com"]).0, 0);
    assert_eq!(run(&["customers", "lock", "ada@example.com"]).0, 3);
    assert_eq!(run(&["customers", "unlock", "ada@example.com"]).0, 0);
    assert_eq!(run(&["customers", "set-password", "ada@example.com", "--generate"]).0, 0);
    assert_eq!(run(&["customers", "show", "nobody@example.com"]).0, 3);
    assert_eq!(run(&["keys", "rotate", "--algorithm", "ES256", "--now"]).0, 0);
    assert!(run(&["keys", "list", "--json"]).1.contains("\"active\""));
    assert_eq!(run(&["clients", "remove", "shop"]).0, 0);
    assert_eq!(run(&["clients", "remove", "shop"]).0, 3);
    assert_eq!(run(&["config", "check"]).0, 0);
    let (code, faults) = run(&["config", "check", "--set", "server.isuer=x"]);
    assert!(code == 3 && faults.contains("did you mean “issuer”"), "{faults}");
    let (code, faults) = run(&["serve", "--set", "server.issuer=http://shop.example"]);
    assert!(code == 3 && faults.contains("use https"), "{faults}");
    assert!(run(&["doctor"]).1.contains("ok    database"));
    let modes = |name: &str| std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(folder.path().join(name)).unwrap().permissions()) & 0o777;
    assert_eq!((modes("data/claviger.db"), modes("keys/master.key")), (0o600, 0o600));
}

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A server process on the place's database; it says when it listens.
fn spawn(kit_place: &Place, port: u16, operations: u16) -> Server {
    let child = Command::new(env!("CARGO_BIN_EXE_claviger"))
        .args(["serve"])
        .env("CLAVIGER_SERVER_ISSUER", "https://login.shop.example")
        .env("CLAVIGER_SERVER_BEHIND_TLS_PROXY", "true")
        .env("CLAVIGER_SERVER_LISTEN", format!("127.0.0.1:{port}"))
        .env("CLAVIGER_SERVER_OPERATIONS_LISTEN", format!("127.0.0.1:{operations}"))
        .env("CLAVIGER_DATABASE_URL", &kit_place.url)
        .env("CLAVIGER_KEYS_MASTER_KEY_FILE", kit_place.folder.path().join("keys/master.key"))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut server = Server(child);
    let mut lines = BufReader::new(server.0.stderr.take().unwrap()).lines();
    let ready = lines.by_ref().map_while(Result::ok).find(|line| line.contains("ready to serve"));
    assert!(ready.is_some(), "the server did not start");
    std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
    server
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// kill -9 in a loop of refreshes: what was acknowledged is still there, and no refresh token that was answered with a successor lives on beside it.
fn a_crash_loses_nothing(backend: Backend) {
    if backend == Backend::Postgres && std::env::var("TEST_DB").as_deref() == Ok("sqlite") {
        return;
    }
    actix_web::rt::System::new().block_on(async {
        let place = Arc::new(Place::new(backend));
        let clock = Arc::new(ManualClock::at(claviger::base::time::Clock::now(&SystemClock::new())));
        let kit = Kit::start_with(place.clone(), clock, |_| {}).await;
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (_, tokens) = kit.sign_in(&shop, &ada).await;
        kit.handle.stop(true).await;
        let mut acknowledged = vec![tokens.refresh()];
        let here = crate::kit::Shop { issuer: "http://login.shop.example".into(), ..shop };
        for round in 0..4_u64 {
            let (port, operations) = (free_port(), free_port());
            let server = Arc::new(std::sync::Mutex::new(Some(spawn(&place, port, operations))));
            let base = format!("http://127.0.0.1:{port}");
            let victim = server.clone();
            let killer = std::thread::spawn(move || {
                // The moment differs from round to round; it need not be exact.
                std::thread::park_timeout(std::time::Duration::from_millis(60 + round * 37));
                victim.lock().unwrap().take();
            });
            loop {
                let current = acknowledged.last().unwrap().clone();
                let fields = [("grant_type", "refresh_token"), ("refresh_token", current.as_str())];
                let basic = claviger::base::encoding::base64(format!("{}:{}", here.id, here.secret));
                let sent =
                    here.client.post(format!("{base}/token")).header("host", "login.shop.example").header("authorization", format!("Basic {basic}")).form(&fields).send().await;
                let Ok(answer) = sent else { break };
                let Ok(body) = answer.text().await else { break };
                let Ok(body) = serde_json::from_str::<serde_json::Value>(&body) else { break };
                assert!(body["refresh_token"].is_string(), "an acknowledged refresh token was refused: {body}");
                acknowledged.push(body["refresh_token"].as_str().unwrap().to_owned());
            }
            killer.join().unwrap();
        }
        assert!(acknowledged.len() > 4, "{}", acknowledged.len());
    });
}

#[test]
fn a_crash_loses_nothing_on_sqlite() {
    a_crash_loses_nothing(Backend::Sqlite);
}

#[test]
fn a_crash_loses_nothing_on_postgres() {
    a_crash_loses_nothing(Backend::Postgres);
}

#[test]
fn metrics_and_health_stand_on_their_own_listener_and_sigterm_drains() {
    actix_web::rt::System::new().block_on(async {
        let place = Place::new(Backend::Sqlite);
        let (port, operations) = (free_port(), free_port());
        let mut server = spawn(&place, port, operations);
        let client = crate::kit::browser::http();
        let get = async |port: u16, path: &str| client.get(format!("http://127.0.0.1:{port}{path}")).header("host", "login.shop.example").send().await.unwrap();
        assert_eq!(get(operations, "/livez").await.status(), 200);
        assert_eq!(get(operations, "/readyz").await.status(), 200);
        assert_eq!(get(port, "/jwks").await.headers()["strict-transport-security"], "max-age=63072000; includeSubDomains");
        let metrics = get(operations, "/metrics").await.text().await.unwrap();
        for name in [
            "claviger_http_requests_total",
            "claviger_http_request_duration_seconds",
            "claviger_hash_queue_depth",
            "claviger_database_jobs_in_flight",
            "claviger_outbox_lag_seconds",
        ] {
            assert!(metrics.contains(name), "{name}: {metrics}");
        }
        assert_eq!(get(port, "/metrics").await.status(), 404);
        rustix::process::kill_process(rustix::process::Pid::from_child(&server.0), rustix::process::Signal::TERM).unwrap();
        assert!(server.0.wait().unwrap().success());
    });
}
