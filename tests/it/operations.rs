//! Running it: restarts, key files, key rotation, sweeping, the command line, the listener of the operators.

use std::io::{Read, Write};
use std::sync::Arc;

use crate::kit::process::{claviger, claviger_on, spawn};
use crate::kit::{Backend, Kit, Place, Tokens};
use crate::{on_both, on_one};
use claviger::app::config::Config;
use claviger::app::{setup, worker};
use claviger::base::random::OsEntropy;
use claviger::base::time::{Clock, ManualClock, SystemClock};

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

    async fn a_key_that_another_node_signs_with_is_known_at_once(bare: Kit) {
        // By the clock that the command goes by.
        let kit = Kit::start_with(Arc::new(Place::new(bare.place.backend)), Arc::new(ManualClock::at(SystemClock::new().now())), |_| {}).await;
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (_, address, handle) = kit.second_node().await;
        let published = async |base: &str| kit.browser().at(base).get("/jwks").await.json()["keys"].as_array().unwrap().len();
        let before = published(&address).await;
        for algorithm in ["EdDSA", "ES256", "RS256", "PS256"] {
            let (status, said) = claviger_on(&kit.place, &["keys", "rotate", "--algorithm", algorithm, "--now"]);
            assert_eq!(status, 0, "{said}");
        }
        worker::refresh_keys(&kit.node).await.unwrap();
        let (_, tokens) = kit.sign_in(&shop, &ada).await;
        assert_eq!(published(&address).await, before, "it has not looked yet");
        let userinfo = async |token: &str| {
            let request = shop.client.get(format!("{address}/userinfo")).header("host", kit.issuer.trim_start_matches("http://"));
            request.header("authorization", format!("Bearer {token}")).send().await.unwrap().status().as_u16()
        };
        assert_eq!(userinfo(&tokens.access()).await, 200);
        assert_eq!(published(&address).await, before + 4);
        // One that nobody has stays unknown.
        let (_, rest) = tokens.access().split_once('.').map(|(head, rest)| (head.to_owned(), rest.to_owned())).unwrap();
        let head = claviger::base::encoding::base64url(br#"{"alg":"EdDSA","typ":"at+jwt","kid":"nobody"}"#);
        assert_eq!(userinfo(&format!("{head}.{rest}")).await, 401);
        handle.stop(false).await;
        kit.handle.stop(false).await;
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

    async fn browsers_and_messages_are_forgotten_in_time(kit: Kit) {
        use claviger::identity::sessions::store as sessions;
        use claviger::platform::outbox::store as outbox;
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (old, new) = (kit.browser(), kit.browser());
        shop.code(&old, &ada).await;
        kit.advance(300 * 86_400);
        shop.code(&new, &ada).await;
        let tools = kit.node.base.tools.clone();
        let due = kit.node.base.db.write(move |tx| { let due = outbox::lease_due(tx, &tools, 10)?.messages; for message in &due { outbox::mark_delivered(tx, &message.id, tools.now())?; } Ok(due.len()) }).await.unwrap();
        assert_eq!(due, 1, "the second browser was announced");
        let knows = async |browser: &crate::kit::Browser| {
            let device = claviger::base::secret::SecretHash::of(&browser.cookie("claviger_device").unwrap());
            let (id, since) = (ada.id.clone(), kit.node.base.tools.now().plus(-365 * 86_400));
            kit.node.base.db.read(move |connection| sessions::is_known_device(connection, &device, &id, since)).await.unwrap()
        };
        assert!(knows(&old).await && knows(&new).await);
        kit.advance(66 * 86_400);
        assert!(!knows(&old).await && knows(&new).await, "a year is over for one of them");
        worker::sweep(&kit.node).await.unwrap();
        let left = async |statement: &'static str| kit.node.base.db.read(move |connection| count(connection, statement)).await.unwrap();
        assert_eq!((left("SELECT COUNT(*) AS n FROM known_devices").await, left("SELECT COUNT(*) AS n FROM outbox").await), (1, 0));
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

/// What a query is worth when the tables have grown: each of these finds its rows by an index, and in order, however many others there are.
#[test]
fn frequent_queries_go_by_their_indexes() {
    use diesel::RunQueryDsl;
    #[derive(diesel::QueryableByName)]
    struct Plan {
        #[diesel(sql_type = diesel::sql_types::Text)]
        detail: String,
    }
    let place = Place::new(Backend::Sqlite);
    let address = claviger::platform::db::DatabaseAddress::parse(&place.url).unwrap();
    claviger::platform::db::run_migrations(&address).unwrap();
    let claviger::platform::db::DbConnection::Sqlite(mut connection) = claviger::platform::db::open(&address).unwrap() else { panic!("SQLite was asked for") };
    for (query, index) in [
        ("SELECT id, mac FROM audit_events WHERE position IS NULL ORDER BY id LIMIT 64", "audit_events_unchained"),
        ("SELECT position FROM audit_events WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1", "audit_events_position"),
        ("SELECT id FROM signin_flows WHERE return_to = 'x' AND finished_by = 'y'", "signin_flows_finished"),
        ("SELECT id FROM audit_events WHERE about = 'x' ORDER BY id DESC LIMIT 50", "audit_events_about"),
        ("SELECT next_attempt_at FROM outbox WHERE delivered_at IS NULL AND failed_at IS NULL ORDER BY next_attempt_at LIMIT 1", "outbox_due"),
        ("SELECT id FROM outbox WHERE (delivered_at < 1) OR (failed_at < 1) LIMIT 500", "outbox_delivered_at"),
        ("SELECT hash FROM known_devices WHERE last_seen_at < 1 LIMIT 500", "known_devices_last_seen_at"),
        ("SELECT id FROM sessions WHERE secret_hash = x'00' AND ended_at IS NULL", "sqlite_autoindex_sessions"),
        ("SELECT id FROM sessions WHERE expires_at < 1 LIMIT 500", "sessions_expires_at"),
        ("SELECT id FROM grants WHERE expires_at < 1 LIMIT 500", "grants_expires_at"),
        ("SELECT hash FROM codes WHERE grant_id = 'x'", "codes_grant"),
        ("SELECT hash FROM opaque_tokens WHERE grant_id = 'x'", "opaque_tokens_grant"),
        ("SELECT id FROM customers WHERE email_index = x'00'", "customers"),
    ] {
        let plans: Vec<Plan> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {query}")).load(&mut connection).unwrap();
        let plan: Vec<&str> = plans.iter().map(|plan| plan.detail.as_str()).collect();
        assert!(plan.iter().any(|step| step.contains(index)), "{query}: {plan:?}");
        assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "{query}: {plan:?}");
        assert!(plan.iter().all(|step| !step.starts_with("SCAN") || step.contains("INDEX")), "{query}: {plan:?}");
    }
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    n: i64,
}

pub fn count(connection: &mut claviger::platform::db::DbConnection, statement: &str) -> Result<i64, claviger::platform::db::StoreError> {
    use diesel::RunQueryDsl;
    let row: Count = match connection {
        claviger::platform::db::DbConnection::Sqlite(inner) => diesel::sql_query(statement).get_result(inner)?,
        claviger::platform::db::DbConnection::Postgres(inner) => diesel::sql_query(statement).get_result(inner)?,
    };
    Ok(row.n)
}

#[test]
fn the_command_line_does_what_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| claviger(folder.path(), arguments);
    assert_eq!(run(&["migrate", "--check"]).0, 3);
    assert!(run(&["doctor"]).1.contains("WRONG database: migrations are pending"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "who only looks makes no file");
    assert_eq!(run(&["--config", "x.toml", "demo"]).0, 3);
    assert_eq!(run(&["demo", "--set", "nothing.such=1"]).0, 1);
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

#[test]
fn metrics_and_health_stand_on_their_own_listener_and_sigterm_drains() {
    actix_web::rt::System::new().block_on(async {
        let place = Place::new(Backend::Sqlite);
        let mut server = spawn(&place, &[("CLAVIGER_SERVER_LEAVE_SECONDS", "60")]);
        let (port, operations) = (server.base.rsplit(':').next().unwrap().parse().unwrap(), server.operations);
        let client = crate::kit::browser::http();
        let get = async |port: u16, path: &str| client.get(format!("http://127.0.0.1:{port}{path}")).header("host", "login.shop.example").send().await.unwrap();
        assert_eq!(get(operations, "/livez").await.status(), 200);
        assert_eq!(get(operations, "/readyz").await.status(), 200);
        assert_eq!(get(operations, "/healthz").await.status(), 200);
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
        // It says that it leaves, answers on, and ends; a second signal does not wait.
        let terminate = || rustix::process::kill_process(rustix::process::Pid::from_child(&server.child), rustix::process::Signal::TERM).unwrap();
        terminate();
        while get(operations, "/readyz").await.status() != 404 {}
        assert_eq!((get(operations, "/healthz").await.status().as_u16(), get(operations, "/livez").await.status().as_u16()), (404, 200));
        let answer = get(port, "/jwks").await;
        assert_eq!((answer.status().as_u16(), answer.headers()["connection"].to_str().unwrap()), (200, "close"));
        // Whoever is in the middle of a request when the server stops listening gets the answer.
        let mut slow = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
        let body = "grant_type=authorization_code&code=x&client_id=nobody";
        write!(
            slow,
            "POST /token HTTP/1.1\r\nHost: login.shop.example\r\nX-Forwarded-Proto: https\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{}",
            body.len(),
            &body[..20]
        )
        .unwrap();
        assert_eq!(get(port, "/jwks").await.status(), 200, "it came after that, so that is being read");
        terminate();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {}
        assert!(server.child.try_wait().unwrap().is_none(), "it waits");
        slow.write_all(&body.as_bytes()[20..]).unwrap();
        let mut answer = String::new();
        slow.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 4") && answer.contains("\"error\""), "{answer}");
        assert!(server.child.wait().unwrap().success());
    });
}

on_both! {
    async fn a_file_declares_clients_staff_and_webhooks_and_is_applied_once(kit: Kit) {
        let place = &kit.place;
        let file = place.folder.path().join("shop.toml");
        let text = |name: &str, events: &str| format!(r#"
[[clients]]
client_id = "shop"
metadata = {{ client_name = "{name}", token_endpoint_auth_method = "client_secret_basic", grant_types = ["authorization_code"], scope = "openid email", redirect_uris = ["https://shop.example/cb"] }}
[[staff]]
email = "eva@shop.example"
roles = ["owner", "auditor"]
[[webhooks]]
client_id = "shop"
description = "Orders"
endpoint = "https://shop.example/hook"
events = [{events}]
[configuration.sessions]
idle_seconds = 1
"#);
        std::fs::write(&file, text("Shop", "\"account.purged\"")).unwrap();
        let apply = |more: &[&str]| {
            let mut arguments = vec!["apply", "shop.toml"];
            arguments.extend(more);
            claviger_on(place, &arguments)
        };
        let ada = kit.customer("ada").await;
        let (code, said) = apply(&[]);
        for line in ["+ client shop", "+ staff eva@shop.example: invited", "+ webhook shop: Orders", "! sessions.idle_seconds is another value in the configuration", "nothing was changed"] {
            assert!(code == 3 && said.contains(line), "{line}: {said}");
        }
        assert_eq!(kit.audited("client_changed", "").await, 0);
        let (code, said) = apply(&["--yes"]);
        assert!(code == 0 && said.contains("client shop  secret  ") && said.contains("/admin/join/") && said.contains("secret  whsec_"), "{said}");
        let (code, said) = apply(&["--yes"]);
        assert!(code == 0 && !said.contains('+') && !said.contains('~') && !said.contains("whsec_"), "nothing is done twice: {said}");
        // What differs is changed, and what nobody declared is told and left alone.
        kit.shop("other").await;
        std::fs::write(&file, text("Shop & Co", "")).unwrap();
        let (code, said) = apply(&["--yes"]);
        assert!(code == 0 && said.contains("~ client shop: client_name") && said.contains("~ webhook shop: Orders") && said.contains("! client other is not declared"), "{said}");
        let id = "shop".parse().unwrap();
        let client = kit.node.base.db.read(move |connection| claviger::oauth::clients::store::find_client(connection, &id)).await.unwrap().unwrap();
        assert_eq!(client.metadata.client_name, "Shop & Co");
        // A file with a slip changes nothing, and says all of it.
        std::fs::write(&file, text("Shop", "\"no.such\"").replace("https://shop.example/cb", "javascript:x").replace("eva@", "Eva@")).unwrap();
        let (code, said) = apply(&["--yes"]);
        assert!(code == 3 && said.contains("nobody is told of no.such") && said.contains("client shop:") && said.contains("staff Eva@shop.example"), "{said}");
        std::fs::write(&file, "[[customers]]\nemail = \"x@y.example\"\n").unwrap();
        assert_eq!(apply(&["--yes"]).0, 3);
        // One of the ten is there; ten more are one too many, and then none is made.
        let webhook = |number| format!("[[webhooks]]\nclient_id = \"shop\"\ndescription = \"No. {number}\"\nendpoint = \"https://shop.example/hook\"\n");
        let more = (0..10).map(webhook).collect::<Vec<_>>().concat();
        std::fs::write(&file, &more).unwrap();
        let made = kit.audited("stream_changed", "").await;
        let (code, said) = apply(&["--yes"]);
        assert!(code == 3 && said.contains("its 10 streams and webhooks already"), "{said}");
        assert_eq!(kit.audited("stream_changed", "").await, made);
        // Customers are as they were.
        let (browser, _) = kit.sign_in(&kit.shop("third").await, &ada).await;
        assert_eq!(browser.walk("/account").await.page().title(), "Your account");
    }
}
