//! Backups: made while the server runs, put back into either database, looked through; and nothing of their time works again.

use std::path::PathBuf;
use std::sync::Arc;

use crate::kit::process::{claviger_on, claviger_on_with};
use crate::kit::shop::VERIFIER;
use crate::kit::{Backend, Kit, Place};
use crate::on_both;
use claviger::app::backup::sealed::Identity;
use claviger::app::backup::{self, Told};
use claviger::app::worker;
use claviger::base::time::{Clock, ManualClock, SystemClock};
use claviger::platform::db::DatabaseAddress;
use serde_json::Value;

/// Makes a key, and a backup for it; both files.
fn backed_up(place: &Place) -> (PathBuf, PathBuf) {
    let (key, file) = (place.folder.path().join("backup.key"), place.folder.path().join("one.backup"));
    let (status, said) = claviger_on(place, &["backup", "key", "--to", key.to_str().unwrap()]);
    let recipient = said.split('"').nth(1).unwrap_or_else(|| panic!("{status} {said}")).to_owned();
    let (status, said) = claviger_on_with(place, &["backup", "make", "--to", file.to_str().unwrap(), "--json"], &[("CLAVIGER_BACKUP_RECIPIENT", &recipient)]);
    assert_eq!(status, 0, "{said}");
    (key, file)
}

/// An empty place that has the master key of another one.
fn empty(backend: Backend, of: &Place) -> Place {
    let place = Place::new(backend);
    std::fs::create_dir_all(place.folder.path().join("keys")).unwrap();
    let key = std::fs::read(of.folder.path().join("keys/master.key")).unwrap();
    let to = place.folder.path().join("keys/master.key");
    std::fs::write(&to, key).unwrap();
    std::fs::set_permissions(&to, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    place
}

/// The object in what a command said.
fn json_in(said: &str) -> Value {
    let from = said.find('{').unwrap_or_else(|| panic!("{said}"));
    serde_json::Deserializer::from_str(&said[from..]).into_iter::<Value>().next().unwrap().unwrap()
}

const fn other(backend: Backend) -> Backend {
    match backend {
        Backend::Sqlite => Backend::Postgres,
        Backend::Postgres => Backend::Sqlite,
    }
}

fn restore(place: &Place, file: &std::path::Path, key: &std::path::Path) -> (i32, String) {
    claviger_on(place, &["restore", file.to_str().unwrap(), "--identity", key.to_str().unwrap()])
}

fn backends(first: Backend) -> Vec<Backend> {
    if std::env::var("TEST_DB").as_deref() == Ok("sqlite") { vec![first] } else { vec![first, other(first)] }
}

on_both! {
    async fn x19_what_was_of_then_is_over_and_the_rest_is_there(bare: Kit) {
        let place = Arc::new(Place::new(bare.place.backend));
        let kit = Kit::start_with(Arc::clone(&place), Arc::new(ManualClock::at(SystemClock::new().now())), |_| {}).await;
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (browser, tokens) = kit.sign_in(&shop, &ada).await;
        let unused = shop.code(&browser, &ada).await;
        let (id_token, refresh) = (tokens.id(), tokens.refresh());
        let grace = kit.customer("grace").await;
        let seed = crate::factors::enrol(&kit, &grace).await;
        // While the server runs.
        let (key, file) = backed_up(&place);
        assert_eq!(kit.audited("backup_reported", "").await, 1);
        // Then the session goes on, and ends.
        let later = shop.refresh(&refresh).await.json();
        let later = later["refresh_token"].as_str().unwrap().to_owned();
        let page = browser.walk("/logout/confirm").await.page();
        browser.press(&page, "sign-out", &[]).await;
        kit.handle.stop(true).await;
        for backend in backends(place.backend) {
            let there = empty(backend, &place);
            let (status, said) = restore(&there, &file, &key);
            assert!(status == 0 && said.contains("1 sessions of then are over"), "{said}");
            let (status, said) = claviger_on(&there, &["audit", "verify"]);
            assert_eq!(status, 0, "{said}");
            let listener = std::net::TcpListener::bind(kit.issuer.trim_start_matches("http://")).unwrap();
            let there = Arc::new(there);
            let kit = Kit::start_on(listener, kit.issuer.clone(), Arc::clone(&there), kit.clock.clone(), |_| {}).await;
            assert_eq!(kit.audited("database_restored", "").await, 1);
            // Whoever kept anything of then has nothing.
            assert_ne!(browser.get("/account").await.status, 200);
            for token in [&refresh, &later] {
                assert_eq!(shop.refresh(token).await.json()["error"], "invalid_grant", "{backend:?}");
            }
            let fields = [("grant_type", "authorization_code"), ("code", unused.as_str()), ("redirect_uri", shop.callback.as_str()), ("code_verifier", VERIFIER)];
            assert_eq!(shop.post("/token", &fields).await.json()["error"], "invalid_grant");
            assert_eq!(shop.authorize(&browser, &[("prompt", "none")]).await.error(), "login_required");
            // Everybody is there, with what they have; and what was signed then verifies no longer.
            let (_, again) = kit.sign_in(&shop, &ada).await;
            let kid = |token: &str| jsonwebtoken::decode_header(token).unwrap().kid.unwrap();
            assert_ne!(kid(&again.id()), kid(&id_token));
            let published = kit.browser().get("/jwks").await;
            assert!(!published.body.contains(&kid(&id_token)) && published.body.contains(&kid(&again.id())));
            let fresh = kit.browser();
            let page = fresh.walk("/account").await.page();
            let reply = fresh.type_password(&page, &grace.email, &grace.password).await;
            let page = fresh.follow(reply).await.page();
            assert!(page.url.ends_with("/totp"), "{}", page.url);
            crate::factors::type_code(&fresh, &page, &crate::factors::code(&kit, &seed, 0)).await;
            assert_eq!(fresh.get("/account").await.status, 200);
            kit.handle.stop(true).await;
        }
    }

    /// X19: a restore that was cut short after the backup was in is noticed: nobody serves what is not yet safe to.
    async fn x19_a_restore_that_was_cut_short_serves_nobody(bare: Kit) {
        let place = Arc::new(Place::new(bare.place.backend));
        let kit = Kit::start_with(Arc::clone(&place), Arc::new(ManualClock::at(SystemClock::new().now())), |_| {}).await;
        kit.customer("ada").await;
        let (key, file) = backed_up(&place);
        kit.handle.stop(true).await;
        let there = empty(place.backend, &place);
        let (address, identity) = (DatabaseAddress::parse(&there.url).unwrap(), Identity::parse(std::fs::read_to_string(&key).unwrap().trim()).unwrap());
        let mut told = Told { may_go_on: &mut |_| Ok(()), progress: &mut |_, _| {} };
        backup::restore(&file, &identity, &address, (true, kit.clock.now()), &mut told).unwrap();
        let (status, said) = claviger_on(&there, &["serve"]);
        assert!(status != 0 && said.contains("not all that follows was done"), "{said}");
        // A drill needs no database but its own.
        let nowhere = Place::of_another(Backend::Sqlite, "sqlite:/dev/null/nowhere.db".to_owned());
        std::fs::create_dir_all(nowhere.folder.path().join("keys")).unwrap();
        std::fs::copy(place.folder.path().join("keys/master.key"), nowhere.folder.path().join("keys/master.key")).unwrap();
        let (file, key) = (file.to_str().unwrap(), key.to_str().unwrap());
        let (status, said) = claviger_on(&nowhere, &["backup", "verify", file, "--identity", key, "--no-record"]);
        assert!(status == 0 && !said.contains("WRONG"), "{said}");
        assert_ne!(claviger_on(&nowhere, &["backup", "verify", file, "--identity", key]).0, 0);
    }

    async fn what_was_done_since_is_done_again_by_the_exported_log(bare: Kit) {
        let place = Arc::new(Place::new(bare.place.backend));
        let kit = Kit::start_with(Arc::clone(&place), Arc::new(ManualClock::at(SystemClock::new().now())), |_| {}).await;
        let (ada, eve) = (kit.customer("ada").await, kit.customer("eve").await);
        let (key, file) = backed_up(&place);
        // Then one changes the password, which somebody had, and the other leaves.
        kit.advance(60);
        let browser = kit.browser();
        let page = browser.walk("/account/password").await.page();
        let reply = browser.type_password(&page, &ada.email, &ada.password).await;
        let page = browser.follow(reply).await.page();
        let reply = browser.press(&page, "submit", &[("new_password", "wombat harmonica quill lantern")]).await;
        assert!(reply.status == 303 || reply.status == 200, "{} {}", reply.status, reply.body);
        let (id, now) = (eve.id.clone(), kit.node.base.tools.now());
        kit.node.base.db.write(move |tx| claviger::identity::customers::details::store::keep_erasure(tx, &id, Some(now))).await.unwrap();
        assert_eq!(worker::erase_due(&kit.node).await.unwrap(), 1);
        kit.handle.stop(true).await;
        let export = place.folder.path().join("audit.jsonl");
        let (status, said) = claviger_on(&place, &["audit", "export", "--out", export.to_str().unwrap()]);
        assert_eq!(status, 0, "{said}");
        let there = Arc::new(empty(place.backend, &place));
        let (status, said) = claviger_on(&there, &["restore", file.to_str().unwrap(), "--identity", key.to_str().unwrap(), "--events", export.to_str().unwrap()]);
        assert!(status == 0 && said.contains("1 passwords have to be replaced and 1 accounts are erased again"), "{said}");
        let listener = std::net::TcpListener::bind(kit.issuer.trim_start_matches("http://")).unwrap();
        let kit = Kit::start_on(listener, kit.issuer.clone(), there, kit.clock.clone(), |_| {}).await;
        assert_eq!(worker::erase_due(&kit.node).await.unwrap(), 1);
        let thief = kit.browser();
        let page = thief.walk("/account").await.page();
        let reply = thief.type_password(&page, &ada.email, &ada.password).await;
        let page = thief.follow(reply).await.page();
        assert!(page.url.ends_with("/new-password"), "{} {}", page.url, page.title());
        kit.handle.stop(true).await;
    }

    async fn a_backup_is_put_into_an_empty_database_of_its_own_key_alone(kit: Kit) {
        kit.customer("ada").await;
        let (key, file) = backed_up(&kit.place);
        let backend = kit.place.backend;
        // Onto a database that is in use.
        let (status, said) = restore(&kit.place, &file, &key);
        assert!(status != 0 && said.contains("give an empty one"), "{said}");
        // With another master key, or another key of backups.
        let (status, said) = restore(&Place::new(backend), &file, &key);
        assert!(status == 3 && said.contains("master.key"), "{said}");
        let wrong = kit.place.folder.path().join("wrong.key");
        assert_eq!(claviger_on(&kit.place, &["backup", "key", "--to", wrong.to_str().unwrap()]).0, 0);
        let there = empty(backend, &kit.place);
        let (status, said) = restore(&there, &file, &wrong);
        assert!(status != 0 && said.contains("not for this key"), "{said}");
        // One that is cut off, or changed, leaves nothing; and the whole one goes into what is left.
        let bytes = std::fs::read(&file).unwrap();
        let broken = kit.place.folder.path().join("broken.backup");
        for end in [bytes.len() / 2, bytes.len() - 1] {
            std::fs::write(&broken, &bytes[..end]).unwrap();
            let (status, said) = restore(&there, &broken, &key);
            assert!(status != 0 && said.contains("the backup"), "{said}");
        }
        let (status, said) = restore(&there, &file, &key);
        assert_eq!(status, 0, "{said}");
        // Somebody else's.
        let (status, said) = claviger_on_with(&empty(backend, &kit.place), &["--set", "server.issuer=https://other.example", "restore", file.to_str().unwrap(), "--identity", key.to_str().unwrap()], &[]);
        assert!(status == 3 && said.contains("of-another-issuer"), "{said}");
    }

    async fn a_drill_finds_what_is_wrong(kit: Kit) {
        for name in ["ada", "bob", "eve"] {
            kit.customer(name).await;
        }
        let drill = |file: &std::path::Path, key: &std::path::Path| claviger_on(&kit.place, &["backup", "verify", file.to_str().unwrap(), "--identity", key.to_str().unwrap(), "--json"]);
        let (key, file) = backed_up(&kit.place);
        let (status, said) = drill(&file, &key);
        let told: Value = json_in(&said);
        assert_eq!(status, 0, "{said}");
        let of = |told: &Value, what: &str| told["findings"].as_array().unwrap().iter().find(|finding| finding["what"] == what).cloned().unwrap_or_default();
        for what in ["restored", "tables", "schema", "integrity", "master key", "signing keys", "data keys", "customers", "audit log"] {
            assert_eq!(of(&told, what)["is_sound"], true, "{what}: {told}");
        }
        assert!(of(&told, "customers")["found"].as_str().unwrap().contains("all 3"), "{told}");
        assert_eq!(kit.audited("backup_verified", "").await, 1);
        // What is wrong with each is found.
        for (statement, what) in [
            ("UPDATE data_keys SET wrapped = (SELECT wrapped FROM data_keys ORDER BY owner_id LIMIT 1) WHERE owner_id = (SELECT max(owner_id) FROM data_keys)", "data keys"),
            ("UPDATE signing_keys SET private_sealed = (SELECT wrapped FROM data_keys LIMIT 1)", "signing keys"),
            ("UPDATE audit_events SET about = 'customer:nobody' WHERE id = (SELECT max(id) FROM audit_events)", "audit log"),
        ] {
            let changed = kit.node.base.db.write(move |tx| claviger::platform::db::dump::run_anywhere(tx, statement)).await.unwrap();
            assert!(changed > 0, "{statement}");
            std::fs::remove_file(&key).unwrap();
            std::fs::remove_file(&file).unwrap();
            let (key, file) = backed_up(&kit.place);
            let (status, said) = drill(&file, &key);
            let told: Value = json_in(&said);
            assert!(status == 3 && of(&told, what)["is_sound"] == false, "{what}: {said}");
        }
    }
}

/// In a folder the oldest leave, and what is not whole has another name.
#[test]
fn a_folder_keeps_the_latest() {
    actix_web::rt::System::new().block_on(async {
        let place = Arc::new(Place::new(Backend::Sqlite));
        let kit = Kit::start_with(Arc::clone(&place), Arc::new(ManualClock::at(SystemClock::new().now())), |_| {}).await;
        kit.handle.stop(true).await;
        let folder = place.folder.path().join("backups");
        std::fs::create_dir(&folder).unwrap();
        for name in ["claviger-20200101T000000Z.backup", "claviger-20210101T000000Z.backup", "keep.backup"] {
            std::fs::write(folder.join(name), "x").unwrap();
        }
        let (_, said) = claviger_on(&place, &["backup", "key", "--to", place.folder.path().join("k").to_str().unwrap()]);
        let recipient = said.split('"').nth(1).unwrap().to_owned();
        let settings = [("CLAVIGER_BACKUP_RECIPIENT", recipient.as_str()), ("CLAVIGER_BACKUP_FOLDER", folder.to_str().unwrap()), ("CLAVIGER_BACKUP_KEEP", "2")];
        let (status, said) = claviger_on_with(&place, &["backup", "make"], &settings);
        assert_eq!(status, 0, "{said}");
        let mut names: Vec<String> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        assert!(names.len() == 3 && names[0] == "claviger-20210101T000000Z.backup" && names[2] == "keep.backup", "{names:?}");
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(folder.join(&names[1])).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
        // Nobody reads a customer in it.
        let bytes = std::fs::read(folder.join(&names[1])).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("signed_in"));
        assert_eq!(claviger_on(&place, &["backup", "make"]).0, 3, "for whom?");
    });
}
