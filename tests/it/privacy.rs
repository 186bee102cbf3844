//! Personal data is born encrypted: what is planted is nowhere in a dump.

use crate::kit::{Backend, Kit};
use crate::on_both;
use claviger::identity::customers::store as customers;
use claviger::platform::db::StoreError;

/// Every byte that the database keeps.
fn dump(kit: &Kit) -> Vec<u8> {
    match kit.place.backend {
        Backend::Sqlite => {
            let mut bytes = Vec::new();
            for entry in std::fs::read_dir(kit.place.folder.path()).unwrap() {
                let path = entry.unwrap().path();
                if path.is_file() {
                    bytes.extend(std::fs::read(path).unwrap());
                }
            }
            bytes
        }
        Backend::Postgres => {
            let program = std::fs::read_dir("/usr/lib/postgresql").unwrap().map(|entry| entry.unwrap().path().join("bin/pg_dump")).find(|path| path.exists()).unwrap();
            let output = std::process::Command::new(program).arg(&kit.place.url).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            output.stdout
        }
    }
}

fn holds(dump: &[u8], needle: &str) -> bool {
    let hex = claviger::base::encoding::hex(needle.as_bytes());
    [needle.as_bytes(), hex.as_bytes()].into_iter().any(|needle| dump.windows(needle.len()).any(|window| window == needle))
}

on_both! {
    async fn a_dump_holds_nothing_of_a_planted_customer(kit: Kit) {
        let (ada, shop) = (kit.customer("canaryada").await, kit.shop("shop").await);
        let mut browser = kit.browser();
        browser.headers.push(("user-agent".into(), "Canary-Browser/1.0".into()));
        let answer = shop.sign_in(&browser, &ada, &[("login_hint", "canaryada@example.com"), ("state", "Canary-State")]).await.away();
        let tokens = crate::kit::Tokens(shop.redeem(&answer["code"]).await.json());
        shop.code(&kit.browser(), &ada).await;
        let session = browser.cookie("claviger_session").unwrap();
        let dump = dump(&kit);
        assert!(holds(&dump, ada.id.as_str()), "the dump is read at all");
        let planted = ["canaryada", "Canary-Fullname", "Canary-Family", "Canary-Street", "1985-12-10", "Canary-Browser", "Canary-State", "likes long passwords", "+4420"];
        for needle in planted.into_iter().chain([session.as_str(), answer["code"].as_str(), &tokens.refresh(), &tokens.access(), &shop.secret]) {
            assert!(!holds(&dump, needle), "{needle} stands in the database");
        }
    }

    async fn a_cell_moved_to_another_row_does_not_open(kit: Kit) {
        use diesel::connection::SimpleConnection;
        let (ada, bob) = (kit.customer("ada").await, kit.customer("bob").await);
        let swap = format!("UPDATE customers SET profile_sealed = (SELECT c.profile_sealed FROM customers c WHERE c.id = '{}') WHERE id = '{}'", ada.id, bob.id);
        kit.node.base.db.write(move |tx| tx.batch_execute(&swap).map_err(StoreError::from)).await.unwrap();
        let (ring, id) = (kit.node.base.tools.ring.clone(), bob.id.clone());
        let opened = kit.node.base.db.read(move |connection| customers::find_customer(connection, &ring, &id).map(|_| ())).await;
        assert!(matches!(opened, Err(StoreError::Corrupt { table: "customers", column: "profile_sealed", .. })), "{opened:?}");
    }
}
