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
        log::write_export(connection, &tools, &log::signer(&tools.ring)?, first, &mut out).unwrap();
        Ok(out)
    };
    String::from_utf8(kit.node.base.db.read(work).await.unwrap()).unwrap().lines().map(str::to_owned).collect()
}

fn read(kit: &Kit, lines: &[String]) -> Report {
    let mut checker = Checker::begin(&lines[0], Some(&key(kit)), None).unwrap();
    lines.iter().enumerate().skip(1).for_each(|(number, line)| checker.line(number as u64 + 1, line));
    checker.finish()
}

async fn included(kit: &Kit, position: u64) -> Option<log::Inclusion> {
    let tools = kit.node.base.tools.clone();
    kit.node.base.db.read(move |connection| log::prove_inclusion(connection, &tools, position)).await.unwrap()
}

async fn grown(kit: &Kit, old: u64, new: u64) -> Option<Vec<tree::Hash>> {
    let tools = kit.node.base.tools.clone();
    kit.node.base.db.read(move |connection| log::prove_consistency(connection, &tools, old, new)).await.unwrap()
}

/// Finds it due, and two days later still.
async fn trim(kit: &Kit) -> u64 {
    assert_eq!(worker::trim_audit(&kit.node).await.unwrap(), 0, "nothing goes at the first look");
    kit.advance(2 * 86_400);
    worker::trim_audit(&kit.node).await.unwrap()
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

/// Something else happens, and is signed for.
async fn fill_more(kit: &Kit) {
    let (bob, shop) = (kit.customer("bob").await, kit.shop("later").await);
    kit.sign_in(&shop, &bob).await;
    kit.advance(11);
    worker::place_audit(&kit.node).await.unwrap();
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

    async fn k6_what_is_altered_in_the_database_is_found_and_named(kit: Kit) {
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
            let proof = included(&kit, position).await.unwrap();
            let head = key.verify(&proof.head).unwrap();
            assert!(tree::is_included(&proof.leaf, position - 1, head.size, &proof.path, &head.root), "{position}");
        }
        assert!(included(&kit, count + 1).await.is_none());
        for pair in signed.windows(2) {
            let (old, new) = (pair[0].clone(), pair[1].clone());
            let proof = grown(&kit, old.size, new.size).await.unwrap();
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

    async fn months_that_are_older_than_they_are_kept_leave_and_what_stays_holds(kit: Kit) {
        use claviger::platform::audit::log::retention;
        let folder = kit.place.folder.path().join("archives");
        let dir = folder.display().to_string();
        let kit = Kit::start_with(kit.place.clone(), kit.clock.clone(), move |raw| raw.audit.archive_dir = dir).await;
        let before = u64::try_from(fill(&kit).await).unwrap();
        let old_head = kit.node.base.db.read(heads::find_last_head).await.unwrap().unwrap();
        assert_eq!(worker::trim_audit(&kit.node).await.unwrap(), 0, "nothing is so old yet");
        // Two months later something else happens; four hundred days after the first events, and no day earlier, they go.
        kit.advance(60 * 86_400);
        let (bob, shop) = (kit.customer("bob").await, kit.shop("later").await);
        kit.sign_in(&shop, &bob).await;
        worker::place_audit(&kit.node).await.unwrap();
        kit.advance(370 * 86_400);
        assert_eq!(worker::trim_audit(&kit.node).await.unwrap(), 0, "the last day of the first month is not so old yet");
        kit.advance(5 * 86_400);
        assert_eq!(trim(&kit).await, before, "the first month, and nothing of the third");
        assert_eq!(worker::trim_audit(&kit.node).await.unwrap(), 0);
        worker::place_audit(&kit.node).await.unwrap();
        let (report, forged) = check(&kit, None).await;
        assert!(report.findings.is_empty() && forged.is_empty() && report.first == before + 1, "{report:?} {forged:?}");
        let whole = read(&kit, &export(&kit, 1).await);
        assert!(whole.findings.is_empty() && whole.first == before + 1, "an export begins where the log does: {whole:?}");
        let told = kit.audit().await;
        let removal = told.iter().find(|event| event.kind == "audit_events_removed").unwrap();
        assert!(removal.detail.contains(&format!("\"to\":{before}")) && removal.detail.contains(".jsonl"), "{}", removal.detail);
        // The archive is an export like any other, and ends under a signed head.
        let files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
        assert_eq!(files.len(), 1, "{files:?}");
        let lines: Vec<String> = std::fs::read_to_string(&files[0]).unwrap().lines().map(str::to_owned).collect();
        let archive = read(&kit, &lines);
        assert!(archive.findings.is_empty() && (archive.first, archive.last) == (1, before), "{archive:?}");
        // What stays is proven, and that it grew out of what went.
        let first = before + 1;
        let proof = included(&kit, first).await.unwrap();
        let head = key(&kit).verify(&proof.head).unwrap();
        assert!(tree::is_included(&proof.leaf, first - 1, head.size, &proof.path, &head.root));
        let old = key(&kit).verify(&old_head.note).unwrap();
        assert_eq!(old.size, before);
        let growth = grown(&kit, before, head.size).await.unwrap();
        let new = key(&kit).verify(&proof.head).unwrap();
        assert!(tree::is_consistent((old.size, &old.root), (new.size, &new.root), &growth));
        assert!(included(&kit, 3).await.is_none());
        assert!(grown(&kit, 3, before + 2).await.is_none());
        let tools = kit.node.base.tools.clone();
        assert_eq!(kit.node.base.db.read(move |connection| retention::first_kept(connection, &tools)).await.unwrap(), before + 1);
        // Whatever else is missing at the beginning was taken away by somebody.
        spoil(&kit, format!("DELETE FROM audit_events WHERE position = {}", before + 1)).await;
        let (report, _) = check(&kit, None).await;
        assert!(report.findings.contains(&Finding::Missing { from: before + 1, to: before + 1 }), "{report:?}");
    }

    async fn nothing_leaves_the_log_that_could_not_be_archived(kit: Kit) {
        let file = kit.place.folder.path().join("taken");
        std::fs::write(&file, "a file where a folder should be").unwrap();
        let dir = file.display().to_string();
        let kit = Kit::start_with(kit.place.clone(), kit.clock.clone(), move |raw| raw.audit.archive_dir = dir).await;
        let before = fill(&kit).await;
        kit.advance(500 * 86_400);
        fill_more(&kit).await;
        assert_eq!(worker::trim_audit(&kit.node).await.unwrap(), 0);
        kit.advance(2 * 86_400);
        let failed = worker::trim_audit(&kit.node).await.unwrap_err();
        assert!(failed.to_string().contains("nothing was removed"), "{failed}");
        assert!(check(&kit, None).await.0.events >= u64::try_from(before).unwrap());
    }

    async fn a_long_month_leaves_in_parts_each_of_which_holds(kit: Kit) {
        use claviger::platform::audit::log::retention::{self, Expired};
        let before = u64::try_from(fill(&kit).await).unwrap();
        kit.advance(500 * 86_400);
        fill_more(&kit).await;
        let mut left = Some(Expired { first: 1, last: before });
        let mut parts = 0;
        // Of whatever length: the tree holds at each cut.
        while let Some(part) = left {
            let tools = kit.node.base.tools.clone();
            left = kit.node.base.db.write(move |tx| retention::remove(tx, &tools, part, None, 7)).await.unwrap();
            parts += 1;
            kit.advance(11);
            worker::place_audit(&kit.node).await.unwrap();
            let (report, forged) = check(&kit, None).await;
            assert!(report.findings.is_empty() && forged.is_empty() && report.first == (parts * 7 + 1).min(before + 1), "{parts}: {report:?}");
            assert!(read(&kit, &export(&kit, 1).await).findings.is_empty());
        }
        assert_eq!(parts, before.div_ceil(7));
        // Another node that began with the same part is refused.
        let tools = kit.node.base.tools.clone();
        let late = kit.node.base.db.write(move |tx| retention::remove(tx, &tools, Expired { first: 1, last: before }, None, 7)).await;
        assert!(matches!(late, Err(StoreError::Conflict)), "{late:?}");
    }

    async fn nobody_has_the_log_remove_itself_by_a_column(kit: Kit) {
        let before = fill(&kit).await;
        // A month that is not old, behind a head that claims to be.
        spoil(&kit, "UPDATE audit_heads SET signed_at = 0".into()).await;
        assert_eq!(trim(&kit).await, 0);
        assert_eq!(check(&kit, None).await.0.events, u64::try_from(before).unwrap());
        // What is old, but was altered, stays too: it is the trace of somebody.
        kit.advance(500 * 86_400);
        fill_more(&kit).await;
        spoil(&kit, "UPDATE audit_events SET reason = 'nothing' WHERE position = 3".into()).await;
        let looked = worker::trim_audit(&kit.node).await.unwrap();
        kit.advance(2 * 86_400);
        let refused = worker::trim_audit(&kit.node).await;
        assert!(looked == 0 && refused.as_ref().is_err_and(|why| why.to_string().contains("event 3 is not what this installation wrote")), "{refused:?}");
        // And what is missing at the beginning is not covered up by removing more.
        spoil(&kit, "UPDATE audit_events SET reason = '' WHERE position = 3; DELETE FROM audit_events WHERE position <= 2".into()).await;
        let refused = worker::trim_audit(&kit.node).await;
        assert!(refused.as_ref().is_err_and(|why| why.to_string().contains("events 1 to 2 of the audit log are missing")), "{refused:?}");
    }

    async fn a_beginning_that_was_taken_away_shows_in_exports_and_in_the_database(kit: Kit) {
        fill(&kit).await;
        spoil(&kit, "DELETE FROM audit_events WHERE position <= 16".into()).await;
        let missing = Finding::Missing { from: 1, to: 16 };
        assert!(read(&kit, &export(&kit, 1).await).findings.contains(&missing));
        assert!(check(&kit, None).await.0.findings.contains(&missing));
        // Nor does a made-up note of a removal explain it: it is named itself.
        spoil(&kit, "INSERT INTO audit_events (id, occurred_at_micros, kind, outcome, reason, actor, about, correlation_id, detail, mac) SELECT 'evt_ZZZZZZZZZZZZZZZZZZZZZZZZZZ', occurred_at_micros, 'audit_events_removed', 'success', '', 'system', '', 'audit-retention', '{\"from\":1,\"to\":16}', mac FROM audit_events WHERE position = 17".into()).await;
        assert!(read(&kit, &export(&kit, 1).await).findings.contains(&missing));
        assert!(check(&kit, None).await.0.findings.contains(&missing));
        let tools = kit.node.base.tools.clone();
        assert_eq!(kit.node.base.db.read(move |connection| log::list_forged(connection, &tools)).await.unwrap(), ["evt_ZZZZZZZZZZZZZZZZZZZZZZZZZZ"]);
    }

    async fn events_that_somebody_else_wrote_do_not_stand_in_the_way_of_others(kit: Kit) {
        let before = fill(&kit).await;
        let rows = "INSERT INTO audit_events (id, occurred_at_micros, kind, outcome, reason, actor, about, correlation_id, detail, mac) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) SELECT 'evt_0' || i, 0, 'signed_in', 'success', '', 'system', '', '', '{}', one.mac FROM n CROSS JOIN (SELECT mac FROM audit_events WHERE position = 1) AS one";
        spoil(&kit, rows.into()).await;
        fill_more(&kit).await;
        let placed = kit.audit().await.iter().filter_map(|event| event.position).max().unwrap();
        assert!(placed > before, "{placed} of {before}");
    }

    async fn the_last_event_stays_however_old_it_is(kit: Kit) {
        let before = u64::try_from(fill(&kit).await).unwrap();
        kit.advance(600 * 86_400);
        let removed = trim(&kit).await;
        assert!(removed > 0 && removed < before, "{removed} of {before}");
        fill_more(&kit).await;
        let (report, forged) = check(&kit, None).await;
        assert!(report.findings.is_empty() && forged.is_empty() && report.first == removed + 1 && report.last > before, "{report:?}");
    }
}
