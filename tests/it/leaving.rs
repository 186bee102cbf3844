//! Taking one's data along, and leaving: days to think better of it, and then nothing that can be read.

use std::io::Read;
use std::sync::Arc;

use crate::kit::{Backend, Browser, DAWN, Kit, Person, Place, Reply};
use crate::on_both;
use claviger::app::{setup, worker};
use claviger::base::ids::SessionId;
use claviger::base::page::PageRequest;
use claviger::base::time::ManualClock;
use claviger::identity::care::store as care_store;
use claviger::identity::contacts::{ContactKind, store as contact_store};
use claviger::identity::customers::store as customers;
use claviger::identity::erasure::{Receipt, store as erasures};
use claviger::oauth::clients::metadata::AuthMethod;
use claviger::platform::audit::store::{find_origin, list_about};
use claviger::platform::crypto::jws::TokenType;
use claviger::platform::vault;

async fn open(browser: &Browser, path: &str, person: &Person) -> Reply {
    let page = browser.walk(path).await.page();
    if page.body.contains("id=\"signin\"") {
        let reply = browser.type_password(&page, &person.email, &person.password).await;
        return browser.follow(reply).await.page();
    }
    page
}

/// The wrapped data key of somebody, as it stands in the file.
fn wrapped_key(kit: &Kit, person: &Person) -> Vec<u8> {
    use diesel::prelude::*;
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = diesel::sql_types::Binary)]
        wrapped: Vec<u8>,
    }
    let mut connection = SqliteConnection::establish(&kit.place.folder.path().join("test.db").display().to_string()).unwrap();
    let rows: Vec<Row> = diesel::sql_query(format!("SELECT wrapped FROM data_keys WHERE owner_id = '{}'", person.id)).load(&mut connection).unwrap();
    rows.into_iter().next().unwrap().wrapped
}

on_both! {
    async fn everything_that_is_kept_goes_into_the_archive_and_no_secret(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (mut browser, _) = kit.sign_in(&shop, &ada).await;
        browser.headers.push(("user-agent".to_owned(), "Firefox Canary-Agent".to_owned()));
        let seed = crate::factors::enrol(&kit, &kit.customer("bob").await).await;
        let (tools, id) = (kit.node.base.tools.clone(), ada.id.clone());
        let work = kit.node.base.db.write(move |tx| {
            let session = SessionId::generate(tools.now_micros(), tools.entropy());
            care_store::insert_report(tx, &tools, Some(&id), "mail", "Canary-Scam")?;
            contact_store::insert_change(tx, &tools, &id, &session, ContactKind::Email, "canary-new@example.com")
        });
        work.await.unwrap();
        let page = open(&browser, "/account/privacy", &ada).await;
        let csrf = page.hidden("id=\"get-archive\"", "csrf");
        let request = browser.client.post(kit.url("/account/privacy/export")).header("origin", &kit.issuer).form(&[("csrf", &csrf)]);
        let jar = browser.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let answer = request.header("cookie", jar).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap(), answer.headers()["cache-control"].to_str().unwrap()), (200, "application/zip", "no-store"));
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(answer.bytes().await.unwrap().to_vec())).unwrap();
        let mut read = |name: &str| {
            let mut text = String::new();
            archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
            text
        };
        let (machine, human) = (read("account.json"), read("account.html"));
        let everything: serde_json::Value = serde_json::from_str(&machine).unwrap();
        assert_eq!((&everything["contact"]["email"], &everything["profile"]["name"], &everything["birth_date"]), (&"ada@example.com".into(), &"ada Canary-Fullname".into(), &"1985-12-10".into()));
        assert!(everything["events"].as_array().unwrap().iter().any(|event| event["kind"] == "signed_in") && everything["connected"][0]["client"] == "shop");
        let care = &everything["care"];
        assert_eq!((&care["reports_of_scams"][0]["content"], &care["changes_of_contact"][0]["value"]), (&"Canary-Scam".into(), &"canary-new@example.com".into()));
        for (text, name) in [(&machine, "json"), (&human, "html")] {
            assert!(text.contains("12 Canary-Street") && text.contains("127.0.0.1"), "{name}");
            assert!(!text.contains("$argon2id") && !text.contains(seed.to_base32().as_str()) && !text.contains("bob@example.com"), "{name}");
        }
        assert_eq!(kit.audited("data_exported", "").await, 1);
        // An old session has to show who it is first.
        kit.advance(301);
        let reply = browser.submit("/account/privacy/export", &[("csrf", &csrf)]).await;
        assert_eq!(reply.status, 303);
    }

    async fn whoever_asked_to_leave_can_stay(kit: Kit) {
        let ada = kit.customer("ada").await;
        let (browser, other) = (kit.browser(), kit.browser());
        open(&other, "/account", &ada).await;
        let page = open(&browser, "/account/privacy", &ada).await;
        assert_eq!(browser.press(&page, "erase-account", &[]).await.status, 422, "the box");
        assert_eq!(browser.press(&page, "erase-account", &[("sure", "yes")]).await.location(), Some("/signed-out"));
        assert_eq!((browser.walk("/account").await.page().title(), other.walk("/account").await.page().title()), ("Sign in", "Sign in"));
        kit.advance(14 * 86_400 - 60);
        assert_eq!(worker::erase_due(&kit.node).await.unwrap(), 0);
        let page = open(&browser, "/account/privacy", &ada).await;
        assert!(page.body.contains("erased tomorrow"), "{}", page.body);
        let reply = browser.press(&page, "keep", &[]).await;
        assert!(!browser.follow(reply).await.page().body.contains("id=\"keep\""));
        kit.advance(120);
        assert_eq!(worker::erase_due(&kit.node).await.unwrap(), 0);
        assert_eq!(open(&kit.browser(), "/account", &ada).await.title(), "Your account");
        assert_eq!((kit.audited("erasure_asked", "").await, kit.audited("erasure_cancelled", "").await), (1, 1));
    }

    async fn what_was_erased_cannot_be_read_and_the_receipt_proves_it(kit: Kit) {
        let (ada, bob, shop) = (kit.customer("ada").await, kit.customer("bob").await, kit.shop("shop").await);
        let (browser, tokens) = kit.sign_in(&shop, &ada).await;
        let subject = tokens.claims()["sub"].as_str().unwrap().to_owned();
        // A public client runs in her browser: what it asks comes from where she is.
        let spa = kit.shop_with("spa", |metadata| metadata.token_endpoint_auth_method = AuthMethod::None).await;
        let (_, own) = kit.sign_in(&spa, &ada).await;
        assert_eq!(spa.refresh(&own.refresh()).await.status, 200);
        assert_eq!(spa.refresh("crt_none").await.status, 400);
        let wrapped = (kit.place.backend == Backend::Sqlite).then(|| wrapped_key(&kit, &ada));
        let page = open(&browser, "/account/privacy", &ada).await;
        browser.press(&page, "erase-account", &[("sure", "yes")]).await;
        kit.mails().await;
        kit.advance(14 * 86_400);
        assert_eq!(worker::erase_due(&kit.node).await.unwrap(), 1);
        assert_eq!(worker::erase_due(&kit.node).await.unwrap(), 0);
        // Gone: the row, the key, every way in. The address is free.
        let (id, tools) = (ada.id.clone(), kit.node.base.tools.clone());
        let (customer, key, events) = kit
            .node
            .base
            .db
            .read(move |connection| {
                let customer = customers::find_customer(connection, &tools.ring, &id)?;
                let key = vault::find_data_key(connection, &tools.ring, id.as_str())?.is_some();
                Ok((customer.is_some(), key, list_about(connection, &tools, id.as_str(), &PageRequest::first(100))?.items))
            })
            .await
            .unwrap();
        assert!(!customer && !key);
        // Nor do those that name her as who did it, or were hers by way of a client in her browser.
        let everything = kit.audit().await;
        for event in everything.iter().filter(|event| event.actor.contains(ada.id.as_str()) || event.actor == "client:spa") {
            let (tools, name) = (kit.node.base.tools.clone(), event.id.clone());
            let origin = kit.node.base.db.read(move |connection| find_origin(connection, &tools, &name)).await.unwrap();
            assert!(origin.is_none() || event.about.is_empty() || event.about == "grant:none", "{event:?} {origin:?}");
        }
        assert!(everything.iter().any(|event| event.kind == "refreshed") && everything.iter().any(|event| event.kind == "code_issued"));
        // The events stay, so that the chain holds, and say nothing of where they came from.
        assert!(events.iter().any(|(event, _)| event.kind == "signed_in") && events.iter().all(|(_, origin)| origin.is_none()), "{events:?}");
        let fresh = kit.browser();
        assert_eq!(fresh.type_password(&fresh.walk("/account").await.page(), &ada.email, &ada.password).await.status, 422);
        assert_eq!(shop.refresh(&tokens.refresh()).await.json()["error"], "invalid_grant");
        assert_eq!(open(&kit.browser(), "/account", &bob).await.title(), "Your account");
        // The receipt.
        let mail = kit.mails().await.into_iter().find(|mail| mail.subject == "Your account was erased").unwrap();
        let receipt = mail.text.split_whitespace().find(|word| word.starts_with("eyJ")).unwrap().to_owned();
        let kept = { let subject = subject.clone(); kit.node.base.db.read(move |connection| erasures::find_receipt(connection, &subject)).await.unwrap() };
        assert_eq!(kept.as_deref(), Some(receipt.as_str()));
        let keys = setup::load_keys(&kit.node.base).await.unwrap();
        let read: Receipt = keys.verify(&receipt, TokenType::ErasureReceipt, &kit.issuer).unwrap();
        assert_eq!((read.sub.as_str(), read.iat, read.complete_at), (subject.as_str(), kit.clock_now(), kit.clock_now() + 30 * 86_400));
        let mut forged = receipt.clone().into_bytes();
        let middle = forged.len() / 2;
        forged[middle] = if forged[middle] == b'A' { b'B' } else { b'A' };
        assert!(keys.verify::<Receipt>(std::str::from_utf8(&forged).unwrap(), TokenType::ErasureReceipt, &kit.issuer).is_err());
        assert!(keys.verify::<Receipt>(&receipt, TokenType::AccessToken, &kit.issuer).is_err());
        if kit.place.backend == Backend::Sqlite {
            // Not even the wrapped key is in the file, though it was deleted and not written over by chance.
            let wrapped = wrapped.unwrap();
            for name in ["test.db", "test.db-wal"] {
                let file = std::fs::read(kit.place.folder.path().join(name)).unwrap_or_default();
                assert!(!file.windows(wrapped.len()).any(|window| window == wrapped), "{name}");
            }
            let file = std::fs::read(kit.place.folder.path().join("test.db")).unwrap();
            for canary in ["ada@example.com", "Canary-Street", "ada Canary-Fullname"] {
                assert!(!file.windows(canary.len()).any(|window| window == canary.as_bytes()), "{canary}");
            }
        }
    }
}

fn an_older_backup_beside_it_reveals_nothing(backend: Backend) {
    if backend == Backend::Postgres && std::env::var("TEST_DB").as_deref() == Ok("sqlite") {
        eprintln!("TEST_DB=sqlite: not run on PostgreSQL");
        return;
    }
    actix_web::rt::System::new().block_on(async {
        let (place, clock) = (Arc::new(Place::new(backend)), Arc::new(ManualClock::at(DAWN)));
        let kit = Kit::start_with(place.clone(), clock.clone(), |_| {}).await;
        let (ada, bob) = (kit.customer("ada").await, kit.customer("bob").await);
        // Planted wherever something personal is kept.
        let mut browser = kit.browser();
        browser.headers.push(("user-agent".to_owned(), "Firefox Canary-Agent".to_owned()));
        open(&browser, "/account/phrase", &ada).await;
        let page = browser.get("/account/phrase").await;
        browser.press(&page, "submit", &[("phrase", "canary phrase maple")]).await;
        let page = browser.get("/account/addresses/new").await;
        browser
            .press(&page, "submit", &[("recipient", "Canary Recipient"), ("street", "9 Canary-Lane"), ("postal_code", "10115"), ("locality", "Berlin"), ("country", "DE")])
            .await;
        let page = browser.walk("/account/contact").await.page();
        let reply = browser.press(&page, "send-backup-email", &[("value", "second-canary@example.com")]).await;
        let page = browser.follow(reply).await.page();
        browser.press(&page, "prove-backup-email", &[("code", &kit.last_code().await)]).await;
        let page = browser.get("/report-scam").await;
        browser.press(&page, "submit", &[("kind", "call"), ("text", "a canary report")]).await;
        crate::factors::enrol(&kit, &ada).await;
        kit.mails().await;
        kit.handle.stop(true).await;
        drop(kit);

        // The backup of that day; then the customer leaves.
        let older = Arc::new(place.backup());
        let kit = Kit::start_with(place.clone(), clock.clone(), |_| {}).await;
        let (id, at) = (ada.id.clone(), kit.node.base.tools.now());
        kit.node.base.db.write(move |tx| claviger::identity::customers::details::store::keep_erasure(tx, &id, Some(at))).await.unwrap();
        assert_eq!(worker::erase_due(&kit.node).await.unwrap(), 1);
        // What waited to be sent is gone a week later.
        kit.mails().await;
        kit.advance(8 * 86_400);
        worker::sweep(&kit.node).await.unwrap();
        let keys = place.folder.path().join("keys/master.key");
        kit.handle.stop(true).await;
        drop(kit);

        // The older backup beside it, with the keys of today: those of the erased are in none of them, as the operators' page says.
        std::fs::create_dir_all(older.folder.path().join("keys")).unwrap();
        std::fs::copy(&keys, older.folder.path().join("keys/master.key")).unwrap();
        let kit = Kit::start_with(older.clone(), clock, |_| {}).await;
        let (id, tools) = (ada.id.clone(), kit.node.base.tools.clone());
        kit.node
            .base
            .db
            .write({
                let id = id.clone();
                move |tx| vault::delete_data_key(tx, id.as_str())
            })
            .await
            .unwrap();
        let (by_id, by_email, messages, origins, other) = kit
            .node
            .base
            .db
            .read(move |connection| {
                let email = claviger::base::contact::EmailAddress::parse("ada@example.com").unwrap();
                Ok((
                    customers::find_customer(connection, &tools.ring, &id).is_err(),
                    customers::find_by_email(connection, &tools.ring, &email).is_err(),
                    claviger::identity::messages::store::list_messages(connection, &tools, &id, &PageRequest::first(50)).is_err(),
                    list_about(connection, &tools, id.as_str(), &PageRequest::first(100))?.items.iter().all(|(_, origin)| origin.is_none()),
                    customers::find_customer(connection, &tools.ring, &bob.id)?.is_some(),
                ))
            })
            .await
            .unwrap();
        assert!(by_id && by_email && messages && origins && other, "{by_id} {by_email} {messages} {origins} {other}");
        kit.handle.stop(true).await;
        drop(kit);
        for (name, dump) in [("today", place.dump()), ("backup", older.dump())] {
            assert!(dump.len() > 10_000);
            for canary in
                ["ada@example.com", "second-canary", "Canary-Street", "Canary-Lane", "Canary Recipient", "Canary-Fullname", "canary phrase", "a canary report", "Canary-Agent"]
            {
                let hex = claviger::base::encoding::hex(canary.as_bytes());
                for form in [canary.to_owned(), hex] {
                    assert!(!dump.windows(form.len()).any(|window| window == form.as_bytes()), "{name}: {form}");
                }
            }
        }
    });
}

#[test]
fn an_older_backup_beside_it_reveals_nothing_sqlite() {
    an_older_backup_beside_it_reveals_nothing(Backend::Sqlite);
}

#[test]
fn an_older_backup_beside_it_reveals_nothing_postgres() {
    an_older_backup_beside_it_reveals_nothing(Backend::Postgres);
}
