//! Connections to PostgreSQL that break at any moment: before a statement, before a commit, and between a commit and its answer (X1, X2, X4, X5 and X12).

use std::sync::Arc;

use super::journey::{Journal, Traveller};
use super::{Lots, is_long, is_skipped};
use crate::kit::proxy::{How, Proxy, What};
use crate::kit::{Backend, Kit, Person, Place, Shop};
use claviger::base::time::ManualClock;

/// A node that reaches its database through a proxy.
async fn behind_a_proxy() -> (Kit, Proxy, Arc<Place>) {
    let place = Arc::new(Place::new(Backend::Postgres));
    let mut url = url::Url::parse(&place.url).unwrap();
    let proxy = Proxy::start(url.port().unwrap());
    url.set_port(Some(proxy.port)).unwrap();
    let kit = Kit::start_with(Arc::clone(&place), Arc::new(ManualClock::at(crate::kit::DAWN)), |raw| {
        raw.database.url = url.to_string();
        // One may be stuck, and others not.
        raw.database.connections = 3;
        // Everybody comes from one address.
        raw.attempts.source_limit = 100_000;
    })
    .await;
    (kit, proxy, place)
}

async fn travel(kit: &Kit, person: &Person, shop: &Shop, journal: &mut Journal) -> Option<()> {
    let now = || kit.clock_now();
    Traveller { issuer: &kit.issuer, base: &kit.issuer, person, shop, now: &now }.travel(journal).await
}

async fn check(kit: &Kit, person: &Person, shop: &Shop, journal: &Journal) {
    let now = || kit.clock_now();
    Traveller { issuer: &kit.issuer, base: &kit.issuer, person, shop, now: &now }.check(journal).await;
}

/// Each acknowledged sign-in and failure has its event, and the log is whole (S4, S7).
pub async fn check_log(kit: &Kit, signed_in: usize, failures: usize) {
    kit.advance(30);
    // The end of many is signed some seconds later.
    while claviger::app::worker::place_audit(&kit.node).await.unwrap() > 0 {
        kit.advance(30);
    }
    let tools = kit.node.base.tools.clone();
    let read = kit.node.base.db.read(move |connection| {
        use claviger::platform::audit::log;
        let of = |connection: &mut _, kind: &str| crate::operations::count(connection, &format!("SELECT COUNT(*) AS n FROM audit_events WHERE kind = '{kind}'"));
        let counted = (of(connection, "signed_in")?, of(connection, "signin_refused")?);
        Ok((counted, log::check_database(connection, &tools, &log::signer(&tools.ring)?, None)?))
    });
    let ((recorded, failed), (report, forged)) = read.await.unwrap();
    assert!(usize::try_from(recorded).unwrap() >= signed_in, "{recorded} of {signed_in} sign-ins are in the log");
    assert!(usize::try_from(failed).unwrap() >= failures, "{failed} of {failures} failures are in the log");
    assert!(report.findings.is_empty() && forged.is_empty(), "the log is broken: {report:?} {forged:?}");
}

fn at_each(what: What, how: How, few: usize) {
    if is_skipped() {
        return;
    }
    let mut lots = Lots::draw();
    actix_web::rt::System::new().block_on(async {
        let (kit, proxy, place) = behind_a_proxy().await;
        let shop = kit.shop("shop").await;
        // How many there are of them in a whole journey.
        let first = kit.customer("first").await;
        proxy.arm(usize::MAX, what, how);
        let mut journal = Journal::default();
        assert!(travel(&kit, &first, &shop, &mut journal).await.is_some(), "{journal:?}");
        let last = proxy.seen();
        proxy.disarm();
        check(&kit, &first, &shop, &journal).await;
        assert!(last > 10, "{last}");
        let (mut signed_in, mut failures, mut hits) = (journal.signed_in, journal.failures, 0);
        for number in lots.pick(last, few) {
            let person = kit.customer(&format!("p{number}")).await;
            let mut journal = Journal::default();
            proxy.arm(number, what, how);
            let _ = travel(&kit, &person, &shop, &mut journal).await;
            hits += usize::from(proxy.disarm());
            println!("{what:?} {number} of {last}, {how:?}: {} answers of 503", journal.refused);
            assert!(journal.refused <= 2, "one fault, one answer: {journal:?}");
            check(&kit, &person, &shop, &journal).await;
            (signed_in, failures) = (signed_in + journal.signed_in, failures + journal.failures);
        }
        assert!(hits > 0);
        check_log(&kit, signed_in, failures).await;
        kit.handle.stop(false).await;
        drop((kit, place));
    });
}

/// The connection is cut before a transaction is ended: nothing of it happened.
#[test]
fn x1_x2_x4_x5_cut_before_a_commit() {
    at_each(What::Commit, How::Before, 5);
}

/// The connection is cut when a transaction has been ended and nobody knows it.
#[test]
fn x12_cut_after_a_commit() {
    at_each(What::Commit, How::After, 5);
}

/// The connection is cut at any statement.
#[test]
fn x1_x2_x4_x5_cut_before_a_statement() {
    at_each(What::Statement, How::Before, 6);
}

/// The database obeys and says nothing any more: the one who waits is told so after a while, and nobody else has to wait.
#[test]
fn x12_a_silent_database_has_a_deadline() {
    if is_skipped() {
        return;
    }
    actix_web::rt::System::new().block_on(async {
        let (kit, proxy, place) = behind_a_proxy().await;
        let (shop, ada, bob) = (kit.shop("shop").await, kit.customer("ada").await, kit.customer("bob").await);
        let browser = kit.browser();
        let code = shop.code(&browser, &ada).await;
        proxy.arm(1, What::Commit, How::Silent);
        let (late, meanwhile) = tokio::join!(shop.redeem(&code), async {
            tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            kit.sign_in(&shop, &bob).await.1
        });
        assert_eq!(late.status, 503, "{}", late.body);
        assert!(!meanwhile.access().is_empty());
        assert!(proxy.disarm());
        // It had been redeemed.
        assert_eq!(shop.redeem(&code).await.json()["error"], "invalid_grant");
        kit.handle.stop(false).await;
        drop((kit, place));
    });
}

/// Every connection is kept by a server that has nothing to say any more, as one whose disk hangs, or a pooler that has lost it; and nobody ends them. Whoever comes later has others.
#[test]
fn x12_connections_that_are_never_answered_are_replaced() {
    if is_skipped() {
        return;
    }
    actix_web::rt::System::new().block_on(async {
        let (kit, proxy, place) = behind_a_proxy().await;
        let (shop, ada) = (kit.shop("shop").await, kit.customer("ada").await);
        let browser = kit.browser();
        let mut codes = Vec::new();
        for _ in 0..4 {
            codes.push(shop.code(&browser, &ada).await);
        }
        let losses = || kit.node.base.db.statistics().losses.load(std::sync::atomic::Ordering::SeqCst);
        assert_eq!(losses(), 0);
        proxy.hush();
        // As many at a time as there are connections, and one that waits for one of them.
        let answers = futures_util::future::join_all(codes.iter().map(|code| shop.redeem(code))).await;
        let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        assert!(statuses.contains(&503), "{statuses:?}");
        // What was under way may have been done or not; what comes now is done, on new connections.
        assert!(!kit.sign_in(&shop, &ada).await.1.access().is_empty());
        assert!(losses() > 0);
        if is_long() {
            // The same again, while those are still kept: one goes ahead after a minute, and the others follow.
            futures_util::future::join_all((0..6).map(|_| kit.sign_in(&shop, &ada))).await;
            proxy.hush();
            let mut refused = 0;
            while kit.browser().walk(&shop.authorize_url(&[])).await.page().status != 200 {
                refused += 1;
                assert!(refused < 8, "nobody came back");
            }
            assert!(refused > 0, "all of them were kept");
            for _ in 0..4 {
                assert!(!kit.sign_in(&shop, &ada).await.1.access().is_empty());
            }
        }
        kit.handle.stop(false).await;
        drop((kit, place));
    });
}

/// A page whose statement meets a connection that has gone is answered 503, and no page after it: the library does not always take note that the server is not there.
#[test]
fn x12_a_read_that_is_cut_off_fails_alone() {
    if is_skipped() {
        return;
    }
    actix_web::rt::System::new().block_on(async {
        let (kit, proxy, place) = behind_a_proxy().await;
        let (browser, _) = kit.sign_in(&kit.shop("shop").await, &kit.customer("ada").await).await;
        let mut failed = 0;
        for number in 1..=8 {
            proxy.arm(number, What::Statement, How::Before);
            let statuses = [browser.get("/account/security").await.status, browser.get("/account/security").await.status, browser.get("/account").await.status];
            assert!(statuses.iter().filter(|status| **status != 200).count() <= 1, "{number}: {statuses:?}");
            failed += statuses.iter().filter(|status| **status == 503).count();
            proxy.disarm();
        }
        assert!(failed > 0, "nothing was cut");
        kit.handle.stop(false).await;
        drop((kit, place));
    });
}
