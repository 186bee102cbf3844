//! The audit log as a tree that anybody can check: places, signed heads, exports, proofs, and what tampering with any of them shows.

use claviger::app::worker;
use claviger::platform::audit::export::{Checker, Finding, Report};
use claviger::platform::audit::head::{HeadKey, TreeHead};
use claviger::platform::audit::log::{self, store as heads};
use claviger::platform::audit::tree;
use claviger::platform::db::{DbConnection, StoreError};
use diesel::connection::SimpleConnection;

use crate::kit::Kit;
use crate::on_both;

fn key(kit: &Kit) -> HeadKey {
    log::signer(&kit.node.base.tools.ring).unwrap().key().clone()
}

async fn check(kit: &Kit, kept: Option<TreeHead>) -> (Report, Vec<i64>) {
    let tools = kit.node.base.tools.clone();
    kit.node.base.db.read(move |connection| log::check_database(connection, &tools, &log::signer(&tools.ring)?, kept)).await.unwrap()
}

async fn export(kit: &Kit, first: u64) -> Vec<String> {
    let tools = kit.node.base.tools.clone();
    let work = move |connection: &mut DbConnection| {
        let mut out = Vec::new();
        log::write_export(connection, &log::signer(&tools.ring)?, first, &mut out).unwrap();
        Ok(out)
    };
    String::from_utf8(kit.node.base.db.read(work).await.unwrap()).unwrap().lines().map(str::to_owned).collect()
}

fn read(kit: &Kit, lines: &[String]) -> Report {
    let mut checker = Checker::begin(&lines[0], Some(&key(kit)), None).unwrap();
    lines.iter().enumerate().skip(1).for_each(|(number, line)| checker.line(number as u64 + 1, line));
    checker.finish()
}

async fn spoil(kit: &Kit, statement: String) {
    kit.node.base.db.write(move |tx| tx.batch_execute(&statement).map_err(StoreError::from)).await.unwrap();
}

/// Many events, in places, under several heads.
async fn fill(kit: &Kit) -> i64 {
    let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
    for _ in 0..6 {
        kit.sign_in(&shop, &ada).await;
        kit.advance(11);
        assert!(worker::place_audit(&kit.node).await.unwrap() > 0);
    }
    assert_eq!(worker::place_audit(&kit.node).await.unwrap(), 0);
    let positions: Vec<Option<i64>> = kit.audit().await.iter().map(|event| event.position).collect();
    let count = i64::try_from(positions.len()).unwrap();
    assert_eq!(positions, (1..=count).map(Some).collect::<Vec<_>>());
    count
}

on_both! {
    async fn the_log_is_whole_and_its_exports_hold_from_wherever_they_begin(kit: Kit) {
        let count = u64::try_from(fill(&kit).await).unwrap();
        let (report, forged) = check(&kit, None).await;
        assert!(report.findings.is_empty() && forged.is_empty(), "{report:?} {forged:?}");
        assert_eq!((report.events, report.heads), (count, 6));
        for first in [1, 2, 9, count] {
            let report = read(&kit, &export(&kit, first).await);
            assert!(report.findings.is_empty(), "{first}: {report:?}");
            assert_eq!((report.first, report.last), (first, count));
        }
        // Personal data stands sealed in it.
        let text = export(&kit, 1).await.join("\n");
        assert!(!text.contains("ada@example.com") && !text.contains("127.0.0.1") && text.contains("\"kind\":\"signed_in\""));
    }

    async fn what_is_altered_in_the_database_is_found_and_named(kit: Kit) {
        let count = fill(&kit).await;
        spoil(&kit, "UPDATE audit_events SET reason = 'nothing' WHERE position = 7".into()).await;
        let (report, forged) = check(&kit, None).await;
        assert!(forged == [7], "{report:?} {forged:?}");
        assert!(matches!(report.findings.as_slice(), [Finding::Rewritten { from, to }] if *from <= 7 && *to >= 7), "the tree gives another root: {report:?}");
        spoil(&kit, "UPDATE audit_events SET reason = '' WHERE position = 7".into()).await;
        assert!(check(&kit, None).await.0.findings.is_empty());
        // The end cut off, heads and all: told by the head that was kept elsewhere.
        let kept = kit.node.base.db.read(heads::find_last_head).await.unwrap().unwrap();
        let kept = key(&kit).verify(&kept.note).unwrap();
        spoil(&kit, format!("DELETE FROM audit_heads WHERE size > {0}; DELETE FROM audit_events WHERE position > {0}", count - 9)).await;
        let (report, _) = check(&kit, Some(kept)).await;
        assert!(report.findings.iter().any(|finding| matches!(finding, Finding::Truncated { .. })), "{report:?}");
        spoil(&kit, "DELETE FROM audit_events WHERE position = 6".into()).await;
        let (report, _) = check(&kit, None).await;
        assert!(report.findings.contains(&Finding::Missing { from: 6, to: 6 }), "{report:?}");
    }

    async fn what_this_installation_did_not_write_is_never_signed(kit: Kit) {
        let count = fill(&kit).await;
        let (ada, shop) = (kit.customer("bob").await, kit.shop("other").await);
        kit.sign_in(&shop, &ada).await;
        spoil(&kit, "UPDATE audit_events SET reason = 'forged' WHERE position IS NULL AND kind = 'signed_in'".into()).await;
        kit.advance(11);
        assert!(worker::place_audit(&kit.node).await.unwrap() > 0, "the others have their places");
        let events = kit.audit().await;
        let forged: Vec<_> = events.iter().filter(|event| event.reason == "forged").collect();
        assert!(!forged.is_empty() && forged.iter().all(|event| event.position.is_none()), "{count}");
    }

    async fn an_event_and_the_growth_of_the_log_are_proven(kit: Kit) {
        let count = u64::try_from(fill(&kit).await).unwrap();
        let key = key(&kit);
        let all = kit.node.base.db.read(move |connection| heads::list_heads(connection, 1, count)).await.unwrap();
        let signed: Vec<TreeHead> = all.iter().map(|head| key.verify(&head.note).unwrap()).collect();
        for position in [1, 5, count] {
            let proof = kit.node.base.db.read(move |connection| log::prove_inclusion(connection, position)).await.unwrap().unwrap();
            let head = key.verify(&proof.head).unwrap();
            assert!(tree::is_included(&proof.leaf, position - 1, head.size, &proof.path, &head.root), "{position}");
        }
        assert!(kit.node.base.db.read(move |connection| log::prove_inclusion(connection, count + 1)).await.unwrap().is_none());
        for pair in signed.windows(2) {
            let (old, new) = (pair[0].clone(), pair[1].clone());
            let proof = kit.node.base.db.read(move |connection| log::prove_consistency(connection, old.size, new.size)).await.unwrap().unwrap();
            assert!(tree::is_consistent((pair[0].size, &pair[0].root), (pair[1].size, &pair[1].root), &proof));
        }
    }

    async fn what_staff_wrote_is_read_with_the_customers_key_and_gone_with_it(kit: Kit) {
        use claviger::platform::audit::{self, Actor, Entry, EventSpec, Origin};
        const SPEC: EventSpec = EventSpec::new("noted", "A note.");
        let ada = kit.customer("ada").await;
        let (tools, id) = (kit.node.base.tools.clone(), ada.id.clone());
        let origin = Origin { correlation_id: "c".into(), address: "192.0.2.7".parse().ok(), user_agent: None };
        let work = move |tx: &mut claviger::platform::db::WriteTx<'_>| {
            audit::record(tx, &tools, &Entry::success(SPEC, Actor::Staff("cus_agent".into()), format!("customer:{id}"), &origin).with_note("called about the canary"))
        };
        kit.node.base.db.write(work).await.unwrap();
        kit.advance(11);
        worker::place_audit(&kit.node).await.unwrap();
        assert!(check(&kit, None).await.1.is_empty());
        let notes = async || {
            let (tools, id) = (kit.node.base.tools.clone(), ada.id.clone());
            kit.node.base.db.read(move |connection| {
                let page = claviger::base::page::PageRequest::first(10);
                let listed = audit::store::list_about(connection, &tools, id.as_str(), &page)?;
                assert!(listed.items.iter().all(|(_, origin)| origin.is_none()), "where staff sat is not the customer's to see");
                let ids: Vec<String> = listed.items.iter().map(|(event, _)| event.id.clone()).collect();
                audit::store::list_notes(connection, &tools, Some(id.as_str()), &ids)
            }).await.unwrap()
        };
        assert_eq!(notes().await.into_values().collect::<Vec<_>>(), ["called about the canary"]);
        let id = ada.id.clone();
        kit.node.base.db.write(move |tx| claviger::identity::customers::store::delete_customer(tx, &id)).await.unwrap();
        assert!(notes().await.is_empty());
        assert!(check(&kit, None).await.0.findings.is_empty(), "the log holds all the same");
        assert!(!String::from_utf8_lossy(&kit.place.dump()).contains("canary"));
    }
}
