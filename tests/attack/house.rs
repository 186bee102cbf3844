//! F7, F8, K4, K5, K6, K7, L11: registration that nobody asked for, comparisons, lists, injections, shipped secrets, and what others may read on the machine.

use std::os::unix::fs::PermissionsExt;

use crate::kit::process::claviger_on;
use crate::kit::{Backend, Kit, Place};
use crate::on_both;
use claviger::admin::access::rules::Role;
use claviger::admin::operations::Method;
use claviger::admin::operations::list::operations;
use serde_json::json;

const HOSTILE: [&str; 10] = [
    "'",
    "\"; DROP TABLE customers; --",
    "%' OR '1'='1",
    "a_b%",
    "\\",
    "x' UNION SELECT phc FROM password_credentials --",
    "${jndi:ldap://x}",
    "*/",
    "1) OR (1=1",
    "\u{ff07}",
];

on_both! {
    async fn f7_nobody_registers_a_client_but_who_may(kit: Kit) {
        let shop = kit.shop("shop").await;
        let (support, manager) = (kit.program("support", &[Role::Support]).await, kit.program("manager", &[Role::ClientManager]).await);
        let metadata = json!({ "client_name": "Thief", "redirect_uris": ["https://thief.example/callback"], "grant_types": ["authorization_code"], "token_endpoint_auth_method": "none", "scope": "openid" });
        // No registration is open, and none is offered.
        for path in ["/register", "/connect/register", "/registration"] {
            let request = shop.client.post(kit.url(path)).header("content-type", "application/json").body(metadata.to_string());
            assert_eq!(crate::kit::shop::read(request, path.to_owned()).await.status, 404, "{path}");
        }
        let discovery = crate::kit::shop::read(shop.client.get(kit.url("/.well-known/openid-configuration")), String::new()).await.json();
        assert!(discovery.get("registration_endpoint").is_none());
        let body = json!({ "client_id": "thief", "metadata": metadata });
        // Without a token, with a customer's, and with one that may not.
        let ada = kit.customer("ada").await;
        let (_, tokens) = kit.sign_in(&shop, &ada).await;
        let url = kit.url("/api/v1/clients");
        let bare = crate::kit::shop::read(shop.client.post(&url).header("content-type", "application/json").body(body.to_string()), url.clone()).await;
        let with = crate::kit::shop::read(shop.client.post(&url).bearer_auth(tokens.access()).header("content-type", "application/json").body(body.to_string()), url.clone()).await;
        assert_eq!((bare.status, with.status), (401, 401), "{} {}", bare.body, with.body);
        assert_eq!(support.post("/clients", &body).await.status, 403);
        // Hostile metadata, by whoever may.
        for (name, value) in [
            ("redirect_uris", json!(["javascript:alert(1)"])), ("redirect_uris", json!(["https://*.thief.example/"])), ("redirect_uris", json!(["http://thief.example/"])), ("redirect_uris", json!(["https://a.example/#x"])),
            ("client_uri", json!("javascript:alert(1)")), ("logo_uri", json!("data:image/svg+xml,<svg onload=alert(1)>")), ("backchannel_logout_uri", json!("file:///etc/passwd")),
            ("staff_roles", json!(["owner"])), ("is_trusted", json!(true)), ("client_name", json!("x".repeat(10_000))),
        ] {
            let mut hostile = metadata.clone();
            hostile[name] = value.clone();
            let reply = manager.post("/clients", &json!({ "client_id": "thief", "metadata": hostile })).await;
            assert!((400..=409).contains(&reply.status), "{name} {value}: {} {}", reply.status, reply.body);
        }
        assert_eq!(manager.get("/clients/thief").await.status, 404);
    }

    async fn k4_lists_are_asked_for_within_bounds(kit: Kit) {
        let owner = kit.program("owner", &[Role::Owner]).await;
        let ada = kit.customer("ada").await;
        for operation in operations().filter(|operation| operation.method == Method::Get && operation.query.iter().any(|parameter| parameter.name == "limit")) {
            let path = operation.path.replace("{customer}", ada.id.as_str()).replace("{client}", "owner").replace("{stream}", "str_none");
            for bad in ["limit=0", "limit=-1", "limit=2147483648", "limit=101", "limit=1e2", "limit=", "after=", "after=%00", "after=../../x", "after=%27%20OR%201", "after=a&after=b"] {
                let reply = owner.get(&format!("{path}?{bad}")).await;
                assert!(matches!(reply.status, 400 | 404), "{path}?{bad}: {} {}", reply.status, reply.body);
            }
            // A cursor that was made up ends a list, and shows nothing of anybody else's.
            let reply = owner.get(&format!("{path}?after=zzz_made_up")).await;
            assert!(matches!(reply.status, 200 | 400 | 404), "{path}: {} {}", reply.status, reply.body);
        }
    }

    async fn k5_what_is_typed_is_never_a_statement(kit: Kit) {
        let (ada, owner, shop) = (kit.customer("ada").await, kit.program("owner", &[Role::Owner]).await, kit.shop("shop").await);
        for text in HOSTILE {
            for by in ["email", "phone", "subject", "order"] {
                let reply = owner.post("/customers/find", &json!({ "by": by, "value": text })).await;
                let found = reply.json()["customers"].as_array().map_or(0, Vec::len);
                assert!(matches!(reply.status, 200 | 400) && found == 0, "{by} {text}: {} {}", reply.status, reply.body);
            }
            let query: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
            for name in ["kind", "about", "actor"] {
                let reply = owner.get(&format!("/audit/events?{name}={query}")).await;
                let found = reply.json()["items"].as_array().map_or(0, Vec::len);
                assert!(matches!(reply.status, 200 | 400) && found == 0, "{name} {text}: {} {}", reply.status, reply.body);
            }
            let reply = owner.get(&format!("/customers/{query}")).await;
            assert!(matches!(reply.status, 400 | 404), "{text}: {}", reply.status);
            let page = shop.sign_in(&kit.browser(), &crate::kit::Person { email: format!("{text}@example.com"), ..ada.clone() }, &[]).await.page();
            assert_eq!(page.status, 422, "{text}");
        }
        // Everybody is still there.
        assert!(shop.sign_in(&kit.browser(), &ada, &[]).await.away().contains_key("code"));
    }

    async fn k6_nothing_of_the_log_is_written_over_the_api(kit: Kit) {
        let owner = kit.program("owner", &[Role::Owner]).await;
        let of_log: Vec<_> = operations().filter(|operation| operation.path.starts_with("/audit")).collect();
        assert!(!of_log.is_empty() && of_log.iter().all(|operation| operation.method == Method::Get));
        for method in ["POST", "PUT", "DELETE", "PATCH"] {
            let reply = owner.request(method, "/audit/events", &json!({}), &[]).await;
            assert!(matches!(reply.status, 404 | 405), "{method}: {}", reply.status);
        }
    }

    async fn k7_a_fresh_start_has_no_secret_that_anybody_knows(kit: Kit) {
        let shop = kit.shop("probe").await;
        let staff = kit.node.base.db.read(claviger::admin::access::store::list_admins).await.unwrap().len();
        assert_eq!(staff, 0, "nobody is staff until somebody is invited");
        for (email, password) in [("admin@example.com", "admin"), ("admin@localhost", "password"), ("root@example.com", "changeme"), ("claviger@example.com", "claviger")] {
            let person = crate::kit::Person { id: claviger::base::ids::CustomerId::nobody(), email: email.to_owned(), password: password.to_owned() };
            assert_eq!(shop.sign_in(&kit.browser(), &person, &[]).await.page().status, 422, "{email}");
        }
        for (client, secret) in [("admin", "admin"), ("demo-shop", "secret"), ("claviger", "claviger"), ("shop", "shop")] {
            let request = shop.client.post(kit.url("/token")).basic_auth(client, Some(secret)).form(&[("grant_type", "client_credentials")]);
            assert_eq!(crate::kit::shop::read(request, String::new()).await.status, 401, "{client}");
        }
    }
}

/// No file that is shipped holds a key, and two installations have none in common.
#[test]
fn k7_no_key_is_shipped() {
    for folder in ["keys", "migrations", "src", "examples"] {
        let mut folders = vec![std::path::PathBuf::from(folder)];
        while let Some(path) = folders.pop() {
            if path.is_dir() {
                folders.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                let is_kept_out = path.file_name().is_some_and(|name| name == "master.key");
                assert!(is_kept_out || (!text.contains("PRIVATE KEY-----\nM") && !text.contains("cmk1_A")), "{}", path.display());
            }
        }
    }
}

/// Secrets are hashed, or compared in constant time: they have no `==`, and nothing prints them.
#[test]
fn f8_secrets_have_no_equals() {
    let text = std::fs::read_to_string("src/base/secret.rs").unwrap();
    for name in ["struct Secret(", "struct SecretHash(", "struct SecretKey("] {
        let before = text.split(name).next().unwrap();
        assert!(before.len() < text.len(), "{name}");
        let derives = before.rsplit("#[derive(").next().unwrap().split(')').next().unwrap();
        assert!(!derives.contains("PartialEq") && !derives.contains("Debug") && !derives.contains("Serialize"), "{name} derives {derives}");
    }
    assert!(!text.contains("impl PartialEq for") && !text.contains("impl Display for"));
}

/// Whoever shares the machine reads neither key nor database, and puts no other file in their place.
#[test]
fn l11_what_others_may_read_is_not_opened() {
    let place = Place::new(Backend::Sqlite);
    let (status, said) = claviger_on(&place, &["migrate"]);
    assert_eq!(status, 0, "{said}");
    let (database, key) = (place.folder.path().join("test.db"), place.folder.path().join("keys/master.key"));
    let mode = |path: &std::path::Path, mode: u32| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    let refused = |what: &str, words: &str| {
        let (status, said) = claviger_on(&place, &["keys", "list"]);
        assert!(status != 0 && said.contains(words), "{what}: {status} {said}");
    };
    assert_eq!(claviger_on(&place, &["keys", "list"]).0, 0);
    for bits in [0o644, 0o640, 0o660, 0o602] {
        mode(&database, bits);
        refused("the database", "chmod 600");
    }
    mode(&database, 0o600);
    for bits in [0o644, 0o640, 0o604] {
        mode(&key, bits);
        refused("the key", "master.key");
    }
    mode(&key, 0o600);
    let elsewhere = place.folder.path().join("elsewhere.db");
    std::fs::rename(&database, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &database).unwrap();
    refused("a link", "no link");
    std::fs::remove_file(&database).unwrap();
    std::fs::rename(&elsewhere, &database).unwrap();
    mode(place.folder.path(), 0o777);
    refused("a folder for everybody", "chmod o-w");
    mode(place.folder.path(), 0o700);
    assert_eq!(claviger_on(&place, &["keys", "list"]).0, 0);
}
