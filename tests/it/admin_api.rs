//! The API as programs use it: idempotent, careful with what others changed, bounded, and as its document says.

use std::sync::Arc;

use crate::kit::staff::Program;
use crate::kit::{Backend, DAWN, Kit, Place};
use crate::on_both;
use claviger::admin::access::rules::Role;
use claviger::app::worker;
use claviger::base::time::ManualClock;
use serde_json::{Value, json};

fn shop_metadata(name: &str) -> Value {
    json!({
        "client_name": name, "token_endpoint_auth_method": "client_secret_basic", "grant_types": ["authorization_code", "refresh_token"],
        "scope": "openid email offline_access", "redirect_uris": ["https://tea.example/callback"],
    })
}

async fn register(program: &Program, id: &str) -> Value {
    let reply = program.post("/clients", &json!({ "client_id": id, "metadata": shop_metadata("Tea") })).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.json()
}

on_both! {
    async fn a_client_is_registered_changed_and_removed_without_anybody_losing_a_change(kit: Kit) {
        let manager = kit.program("bot", &[Role::ClientManager]).await;
        let made = register(&manager, "tea").await;
        let secret = made["client_secret"].as_str().unwrap().to_owned();
        assert_eq!(manager.post("/clients", &json!({ "client_id": "tea", "metadata": shop_metadata("Tea") })).await.json()["code"], "client_exists");
        let shown = manager.get("/clients/tea").await;
        let etag = shown.header("etag").to_owned();
        assert!(etag.len() > 10 && !shown.body.contains(&secret), "{}", shown.body);
        assert_eq!(manager.request("GET", "/clients/tea", &Value::Null, &[("if-none-match", &etag)]).await.status, 304);
        // Two who read the same: the second one is told.
        let change = |name: &str| json!({ "metadata": shop_metadata(name) });
        let first = manager.request("PUT", "/clients/tea", &change("Tea & Co"), &[("if-match", &etag)]).await;
        assert_eq!((first.status, first.json()["metadata"]["client_name"].as_str()), (200, Some("Tea & Co")), "{}", first.body);
        let second = manager.request("PUT", "/clients/tea", &change("Coffee"), &[("if-match", &etag)]).await;
        assert_eq!((second.status, second.json()["code"].as_str(), second.header("content-type")), (412, Some("stale"), "application/problem+json"));
        assert_eq!(manager.request("PUT", "/clients/tea", &change("Coffee"), &[("if-match", first.header("etag"))]).await.status, 200);
        // The secret: both hold for as long as is said.
        let ask = async |secret: &str| {
            let request = crate::kit::browser::http().post(kit.url("/token")).basic_auth("tea", Some(secret)).form(&[("grant_type", "authorization_code"), ("code", "x"), ("redirect_uri", "https://tea.example/callback")]);
            crate::kit::shop::read(request, kit.url("/token")).await.json()["error"].as_str().unwrap().to_owned()
        };
        let rotated = manager.post("/clients/tea/secret", &json!({ "overlap_seconds": 60 })).await.json();
        let newer = rotated["client_secret"].as_str().unwrap();
        assert_eq!((ask(&secret).await, ask(newer).await), ("invalid_grant".to_owned(), "invalid_grant".to_owned()));
        kit.advance(61);
        assert_eq!((ask(&secret).await, ask(newer).await), ("invalid_client".to_owned(), "invalid_grant".to_owned()));
        // Off and on again.
        assert_eq!(manager.post("/clients/tea/switch", &json!({ "is_enabled": false })).await.status, 204);
        assert_eq!(ask(newer).await, "invalid_client");
        assert_eq!(manager.post("/clients/tea/switch", &json!({ "is_enabled": true })).await.status, 204);
        assert_eq!(ask(newer).await, "invalid_grant");
        assert_eq!(manager.request("DELETE", "/clients/tea", &Value::Null, &[]).await.status, 204);
        assert_eq!(manager.get("/clients/tea").await.status, 404);
        let what: Vec<String> = kit.audit().await.iter().filter(|event| event.kind == "client_changed").map(|event| serde_json::from_str::<Value>(&event.detail).unwrap()["what"].as_str().unwrap().to_owned()).collect();
        assert_eq!(what, ["registered", "changed", "changed", "secret_rotated", "switched_off", "switched_on", "removed"]);
    }

    async fn a_manager_of_clients_gives_nobody_the_roles_of_staff(kit: Kit) {
        let (manager, owner) = (kit.program("manager", &[Role::ClientManager]).await, kit.program("owner", &[Role::Owner]).await);
        let grabbing = json!({ "client_name": "Bot", "token_endpoint_auth_method": "client_secret_basic", "grant_types": ["client_credentials"], "scope": "admin:owner" });
        let reply = manager.post("/clients", &json!({ "client_id": "grab", "metadata": grabbing })).await;
        assert_eq!((reply.status, reply.json()["code"].as_str()), (403, Some("forbidden")), "{}", reply.body);
        register(&manager, "tea").await;
        assert_eq!(manager.request("PUT", "/clients/tea", &json!({ "metadata": grabbing }), &[]).await.status, 403);
        assert_eq!(manager.post("/clients/owner/secret", &json!({ "overlap_seconds": 0 })).await.status, 403);
        assert_eq!(manager.request("PUT", "/clients/owner", &json!({ "metadata": shop_metadata("Mine") }), &[]).await.status, 403);
        assert_eq!(manager.post("/clients/owner/switch", &json!({ "is_enabled": false })).await.status, 403);
        assert_eq!(manager.request("DELETE", "/clients/owner", &Value::Null, &[]).await.status, 403);
        assert_eq!(owner.post("/clients", &json!({ "client_id": "grab", "metadata": grabbing })).await.status, 201);
        // What is wrong is said before it is done.
        let linted = manager.post("/client-lint", &json!({ "metadata": { "client_name": "Tea", "token_endpoint_auth_method": "none", "grant_types": ["authorization_code"], "response_types": ["token"], "scope": "openid", "redirect_uris": ["http://localhost/cb"], "require_pkce": false } })).await;
        assert_eq!(linted.status, 200, "{}", linted.body);
        for member in ["redirect_uris", "require_pkce", "response_types"] {
            assert!(linted.body.contains(&format!("\"member\":\"{member}\"")), "{member}: {}", linted.body);
        }
    }

    async fn the_same_key_is_the_same_request(kit: Kit) {
        let manager = kit.program("bot", &[Role::ClientManager]).await;
        let body = json!({ "metadata": shop_metadata("Tea") });
        let send = async |key: &str, body: &Value| manager.request("POST", "/clients", body, &[("idempotency-key", key)]).await;
        let (one, two) = (send("k-1", &body).await, send("k-1", &body).await);
        assert_eq!((one.status, one.json()), (201, two.json()), "the same secret, once made");
        assert_eq!(two.status, 201);
        let other = send("k-1", &json!({ "metadata": shop_metadata("Coffee") })).await;
        assert_eq!((other.status, other.json()["code"].as_str()), (409, Some("idempotency_key_reused")));
        assert_ne!(send("k-2", &body).await.json()["client_id"], one.json()["client_id"]);
        assert_eq!(send("a key with spaces", &body).await.status, 400);
        // Somebody else's key is another key.
        let other = kit.program("bot-2", &[Role::ClientManager]).await;
        let reply = other.request("POST", "/clients", &body, &[("idempotency-key", "k-1")]).await;
        assert_ne!(reply.json()["client_id"], one.json()["client_id"]);
        // Two at once are one.
        let (left, right) = tokio::join!(send("k-3", &body), send("k-3", &body));
        assert_eq!(left.json(), right.json());
        // Nor is what shows a customer kept anywhere: it is asked for, and written down, each time.
        let (ada, desk) = (kit.customer("ada").await, kit.program("desk", &[Role::Support]).await);
        for _ in 0..2 {
            let reply = desk.request("POST", &format!("/customers/{}/reveal", ada.id), &json!({ "reason": "Called about a lost parcel." }), &[("idempotency-key", "r-1")]).await;
            assert_eq!(reply.status, 200, "{}", reply.body);
        }
        assert_eq!(kit.audited("staff_customer_revealed", "").await, 2);
        // Its answer is not kept in plain, and a day later it is forgotten.
        let dump = String::from_utf8_lossy(&kit.place.dump()).into_owned();
        assert!(!dump.contains(one.json()["client_secret"].as_str().unwrap()));
        kit.advance(86_401);
        let manager = kit.program("bot-3", &[Role::ClientManager]).await;
        assert_eq!(manager.request("POST", "/clients", &body, &[("idempotency-key", "k-1")]).await.status, 201);
    }

    async fn what_is_not_understood_is_refused_and_said(kit: Kit) {
        let program = kit.program("bot", &[Role::Owner]).await;
        for (method, path, body, status) in [
            ("POST", "/customers/find", json!({ "by": "email" }), 400),
            ("POST", "/customers/find", json!({ "by": "email", "value": "a@example.com", "more": 1 }), 400),
            ("POST", "/customers/find", json!({ "by": "name", "value": "Ada" }), 400),
            ("POST", "/customers/find", json!([]), 400),
            ("POST", "/customers/find", Value::Null, 400),
            ("GET", "/clients?limit=0", Value::Null, 400),
            ("GET", "/clients?limit=10&limit=20", Value::Null, 400),
            ("GET", "/clients?unknown=1", Value::Null, 400),
            ("GET", "/clients?after=%00", Value::Null, 400),
            ("GET", "/clients/nobody", Value::Null, 404),
            ("GET", "/clients", json!({}), 400),
            ("GET", "/audit/events/0/proof", Value::Null, 404),
            ("POST", "/clients/nobody/secret", json!({ "overlap_seconds": -1 }), 400),
        ] {
            let reply = program.request(method, path, &body, &[]).await;
            assert_eq!((reply.status, reply.header("content-type")), (status, "application/problem+json"), "{method} {path} {body}: {}", reply.body);
            let problem = reply.json();
            assert!(problem["title"].as_str().is_some_and(|title| !title.is_empty()) && problem["status"] == status && problem["type"].as_str().unwrap().starts_with("urn:claviger:problem:"), "{problem}");
        }
        let url = kit.url("/api/v1/customers/find");
        for (kind, text) in [("application/json", "{".to_owned()), ("text/plain", "{}".to_owned()), ("application/json", format!("{{\"by\":\"{}\"}}", "x".repeat(100_000))), ("application/json", "[".repeat(5_000))] {
            let request = program.client.client.post(&url).bearer_auth(&program.token).header("content-type", kind).body(text);
            let reply = crate::kit::shop::read(request, url.clone()).await;
            assert!(matches!(reply.status, 400 | 413 | 415), "{kind}: {} {}", reply.status, reply.body);
        }
        let reply = crate::kit::shop::read(program.client.client.patch(&url).bearer_auth(&program.token), url.clone()).await;
        assert_eq!((reply.status, reply.header("allow"), reply.header("content-type")), (405, "POST, GET", "application/problem+json"), "{}", reply.body);
        let reply = program.get("/nothing/here").await;
        assert_eq!((reply.status, reply.header("content-type")), (404, "application/problem+json"));
    }

    async fn requests_and_looks_are_bounded(kit: Kit) {
        let program = kit.program("bot", &[Role::Support]).await;
        let first = program.get("/cases").await;
        assert_eq!((first.status, first.header("ratelimit-policy")), (200, "\"requests\";q=600;w=60"), "{}", first.body);
        assert_eq!(first.header("ratelimit").split(';').nth(1), Some("r=599"));
        let mut last = first;
        for _ in 0..600 {
            last = program.get("/cases").await;
        }
        assert_eq!((last.status, last.json()["code"].as_str(), last.header("retry-after").is_empty()), (429, Some("throttled"), false));
        // Whoever looks for everybody is stopped, and it is written down.
        let other = kit.program("other", &[Role::Support]).await;
        let mut stopped = 0;
        for number in 0..130 {
            let reply = other.post("/customers/find", &json!({ "by": "email", "value": format!("c{number}@example.com") })).await;
            stopped += usize::from(reply.status == 429);
        }
        assert!(stopped >= 10, "{stopped}");
        assert!(kit.audited("staff_refused", "throttled").await >= 1);
    }

    async fn lists_are_walked_to_the_end_and_the_log_is_proven_over_the_api(kit: Kit) {
        let auditor = kit.program("auditor", &[Role::Auditor]).await;
        for number in 0..7 {
            kit.shop(&format!("shop-{number}")).await;
            kit.customer(&format!("c{number}")).await;
        }
        let (mut ids, mut after) = (Vec::new(), String::new());
        loop {
            let page = auditor.get(&format!("/clients?limit=3{after}")).await.json();
            ids.extend(page["items"].as_array().unwrap().iter().map(|client| client["client_id"].as_str().unwrap().to_owned()));
            match page["next"].as_str() { Some(next) => after = format!("&after={next}"), None => break }
        }
        ids.sort();
        let unique = ids.len();
        ids.dedup();
        assert_eq!((ids.len(), unique), (8, 8));
        kit.advance(11);
        assert!(worker::place_audit(&kit.node).await.unwrap() > 0);
        let head = auditor.get("/audit/head").await.json();
        let size = head["size"].as_u64().unwrap();
        let proof = auditor.get("/audit/events/1/proof").await;
        assert_eq!(proof.status, 200, "{}", proof.body);
        let export = auditor.get("/audit/export").await.json();
        let lines: Vec<&str> = export["lines"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
        assert!(size > 0 && lines.len() as u64 >= size, "{size} {}", lines.len());
        let found = auditor.get("/audit/events?kind=signed_in&limit=5").await;
        assert_eq!(found.status, 200, "{}", found.body);
    }
}

/// What somebody else's tool makes of the document: nothing that it calls for breaks the server, or is answered otherwise than the document says.
async fn the_document_is_true(backend: Backend) {
    let kit = Kit::start_with(Arc::new(Place::new(backend)), Arc::new(ManualClock::at(DAWN)), |raw| {
        raw.admin.requests_per_minute = 1_000_000;
        for limit in [&mut raw.admin.finds_per_hour, &mut raw.admin.reveals_per_hour, &mut raw.admin.actions_per_hour] {
            *limit = 100_000;
        }
    })
    .await;
    kit.customer("ada").await;
    let program = kit.program("bot", &[Role::Owner]).await;
    let python = std::env::var("TEST_PYTHON").expect("TEST_PYTHON is not set; scripts/test sets it");
    let tool = std::path::Path::new(&python).with_file_name("schemathesis");
    let folder = tempfile::tempdir().unwrap();
    let mut command = std::process::Command::new(tool);
    command.current_dir(folder.path()).args([
        "--no-color",
        "run",
        &kit.url("/api/v1/openapi.json"),
        "--seed",
        "1",
        "--max-examples",
        "12",
        "--phases",
        "examples,coverage,fuzzing",
    ]);
    command.args(["--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,unsupported_method,ignored_auth"]);
    command.args(["--warnings", "off", "--generation-database", "none", "--header", &format!("Authorization: Bearer {}", program.token)]);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
    kit.handle.stop(false).await;
}

#[test]
fn the_document_is_true_on_sqlite() {
    actix_web::rt::System::new().block_on(the_document_is_true(Backend::Sqlite));
}

#[test]
fn the_document_is_true_on_postgres() {
    if std::env::var("TEST_DB").as_deref() != Ok("sqlite") {
        actix_web::rt::System::new().block_on(the_document_is_true(Backend::Postgres));
    }
}
