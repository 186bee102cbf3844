//! Renewing the master key: every data key is wrapped anew while people sign in, a killed run goes on where it was, and the old file opens nothing any longer.

use std::io::{BufRead, BufReader};
use std::sync::Arc;

use crate::kit::process::{ISSUER, claviger_on, claviger_on_with, command_on, spawn};
use crate::kit::{Backend, Browser, Kit, Place, Shop, person_named};
use claviger::base::time::{Clock, ManualClock, SystemClock};
use claviger::identity::customers;
use claviger::platform::vault;

const CUSTOMERS: usize = 1_500;

fn the_master_key_is_renewed_while_people_sign_in(backend: Backend) {
    if backend == Backend::Postgres && std::env::var("TEST_DB").as_deref() == Ok("sqlite") {
        eprintln!("TEST_DB=sqlite: not run on PostgreSQL");
        return;
    }
    actix_web::rt::System::new().block_on(async {
        let place = Arc::new(Place::new(backend));
        let start = || Kit::start_with(place.clone(), Arc::new(ManualClock::at(SystemClock::new().now())), |_| {});
        let kit = start().await;
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let tools = kit.node.base.tools.clone();
        let made = kit.node.base.db.write(move |tx| {
            for number in 0..CUSTOMERS {
                customers::store::insert_customer(tx, &tools, &person_named(&format!("many{number:04}")))?;
            }
            Ok(())
        });
        made.await.unwrap();
        kit.handle.stop(true).await;
        let shop = Shop { issuer: ISSUER.to_owned(), ..shop };
        let server = spawn(&place, &[("CLAVIGER_ATTEMPTS_SOURCE_LIMIT", "100000"), ("CLAVIGER_ATTEMPTS_ACCOUNT_LIMIT", "1000")]);
        let file = place.folder.path().join("keys/master.key");
        std::fs::copy(&file, place.folder.path().join("old.key")).unwrap();

        // People sign in all the while.
        let is_over = std::rc::Rc::new(std::cell::Cell::new(false));
        let signing = {
            let (is_over, base, ada) = (is_over.clone(), server.base.clone(), ada.clone());
            actix_web::rt::spawn(async move {
                let mut count = 0;
                while !is_over.get() {
                    let browser = Browser::new(ISSUER).at(&base);
                    let answer = shop.sign_in(&browser, &ada, &[]).await.away();
                    let tokens = shop.post_to(&base, "/token", &shop.redemption(&answer["code"])).await;
                    assert_eq!(tokens.status, 200, "{}", tokens.body);
                    assert_eq!(browser.get("/account").await.status, 200);
                    count += 1;
                }
                count
            })
        };
        // Killed in the middle, without warning.
        let mut run = command_on(&place, &["keys", "rotate-master"]).stderr(std::process::Stdio::piped()).spawn().unwrap();
        let stderr = run.stderr.take().unwrap();
        let (is_killed, killed) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || {
            let first = BufReader::new(stderr).lines().map_while(Result::ok).find(|line| line.contains('%'));
            run.kill().unwrap();
            run.wait().unwrap();
            is_killed.send(first).unwrap();
        });
        assert!(killed.await.unwrap().is_some(), "it shows how far it is");
        let place_for_run = place.clone();
        let (code, said) = tokio::task::spawn_blocking(move || claviger_on(&place_for_run, &["keys", "rotate-master"])).await.unwrap();
        assert_eq!(code, 0, "{said}");
        assert!(said.contains("going on with it") && said.contains("100 %") && said.contains("signing keys are sealed by generation 1"), "{said}");
        is_over.set(true);
        assert!(signing.await.unwrap() > 0);
        assert_eq!(std::fs::read_to_string(&file).unwrap().lines().count(), 2);

        // Every one of them is wrapped by the new generation, and opens; a node that ran all the while goes on.
        let kit = start().await;
        let ring = kit.node.base.tools.ring.clone();
        let (older, count) = kit.node.base.db.read(|connection| Ok((vault::has_older_generation(connection, 1)?, vault::count_data_keys(connection)?))).await.unwrap();
        assert!(!older && usize::try_from(count).unwrap() > CUSTOMERS);
        let page = claviger::base::page::PageRequest::first(500);
        let listed = kit.node.base.db.read(move |connection| customers::store::list_customers(connection, &ring, &page)).await.unwrap();
        assert_eq!(listed.items.len(), 500);
        assert_eq!(kit.audited("master_key_renewed", "").await, 1);
        kit.handle.stop(true).await;
        drop(server);

        // The old file opens nobody any longer; the new one does. A further renewal is generation 2.
        let old = place.folder.path().join("old.key").display().to_string();
        let (code, said) = claviger_on_with(&place, &["customers", "show", &ada.email], &[("CLAVIGER_KEYS_MASTER_KEY_FILE", &old)]);
        assert_ne!(code, 0, "{said}");
        assert_eq!(claviger_on(&place, &["customers", "show", &ada.email]).0, 0);
        let (code, said) = claviger_on(&place, &["keys", "rotate-master", "--only-add"]);
        assert!(code == 0 && said.contains("generation 2"), "{said}");
        // Somebody joined between a renewal that was begun and its end: it still goes on with the same generation.
        let kit = start().await;
        kit.customer("zoe").await;
        kit.handle.stop(true).await;
        let second = std::fs::read_to_string(&file).unwrap();
        // A file that lacks a generation which the database knows is renewed apart from the others by nobody.
        std::fs::copy(&old, &file).unwrap();
        let (code, said) = claviger_on(&place, &["keys", "rotate-master"]);
        assert!(code != 0 && said.contains("lacks generation 1"), "{said}");
        let own = second.lines().next().unwrap().to_owned() + "\ncsk1_1_" + &"A".repeat(43) + "\n";
        std::fs::write(&file, own).unwrap();
        let (code, said) = claviger_on(&place, &["keys", "list"]);
        assert!(code != 0 && said.contains("generation 1 is another one"), "{said}");
        std::fs::write(&file, second).unwrap();
        let (code, said) = claviger_on(&place, &["keys", "rotate-master"]);
        assert!(code == 0 && said.contains("going on with it") && said.contains("generation 2"), "{said}");
        assert_eq!(std::fs::read_to_string(&file).unwrap().lines().count(), 3);
    });
}

#[test]
fn the_master_key_is_renewed_while_people_sign_in_sqlite() {
    the_master_key_is_renewed_while_people_sign_in(Backend::Sqlite);
}

#[test]
fn the_master_key_is_renewed_while_people_sign_in_postgres() {
    the_master_key_is_renewed_while_people_sign_in(Backend::Postgres);
}
