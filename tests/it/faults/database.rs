//! The database crashes, comes back, and is spoken with by TLS: nothing acknowledged is lost, nobody is let in meanwhile, and nothing is restarted.

use std::sync::Arc;
use std::time::Duration;

use super::{is_long, is_skipped};
use crate::kit::cluster::Cluster;
use crate::kit::{Backend, Browser, Kit, Person, Place, Shop, Tokens};
use crate::tls::Authority;
use claviger::base::time::{Clock, ManualClock, SystemClock};
use diesel::Connection;
use diesel::connection::SimpleConnection;

async fn kit_on(url: String) -> Kit {
    let place = Arc::new(Place::of_another(Backend::Postgres, url));
    Kit::start_with(place, Arc::new(ManualClock::at(SystemClock::new().now())), |_| {}).await
}

/// What was acknowledged: sessions, and refresh tokens that were used up with those that followed.
#[derive(Default)]
struct Journal {
    sessions: Vec<String>,
    refreshed: Vec<(String, String)>,
}

/// One sign-in with a refresh; whatever was acknowledged goes into the journal. False when the server said that it cannot.
async fn sign_in(kit: &Kit, shop: &Shop, person: &Person, journal: &mut Journal) -> bool {
    let browser = kit.browser();
    let first = browser.get(&shop.authorize_url(&[])).await;
    if first.status >= 500 {
        assert_eq!(first.status, 503, "{}", first.body);
        return false;
    }
    let page = browser.follow(first).await.page();
    if page.status >= 500 {
        return false;
    }
    let reply = browser.type_password(&page, &person.email, &person.password).await;
    if reply.status >= 500 {
        assert_eq!(reply.status, 503, "{}", reply.body);
        return false;
    }
    assert_eq!(reply.status, 303, "{}", reply.body);
    journal.sessions.push(browser.cookie("__Host-claviger_session").or_else(|| browser.cookie("claviger_session")).expect("a session"));
    let back = browser.get(reply.location().unwrap()).await;
    let Some(to) = back.location().filter(|_| back.status == 303 || back.status == 302) else { return false };
    let Some((_, code)) = url::Url::parse(to).unwrap().query_pairs().into_owned().find(|(name, _)| name == "code") else { return false };
    let tokens = shop.redeem(&code).await;
    if tokens.status != 200 {
        return false;
    }
    let first = Tokens(tokens.json()).refresh();
    let next = shop.refresh(&first).await;
    if next.status == 200 {
        journal.refreshed.push((first, Tokens(next.json()).refresh()));
    }
    true
}

async fn check(kit: &Kit, shop: &Shop, journal: &mut Journal) {
    for session in std::mem::take(&mut journal.sessions) {
        let browser: Browser = kit.browser();
        for name in ["__Host-claviger_session", "claviger_session"] {
            browser.cookies.lock().unwrap().insert(name.to_owned(), session.clone());
        }
        assert_eq!(browser.get("/account").await.status, 200, "an acknowledged session is gone");
    }
    for (used, current) in std::mem::take(&mut journal.refreshed) {
        assert_eq!(shop.refresh(&current).await.status, 200, "an acknowledged refresh token is gone");
        assert_eq!(shop.refresh(&used).await.json()["error"], "invalid_grant", "a used refresh token came back");
    }
}

/// X10: it crashes in the middle of sign-ins, again and again.
#[test]
fn x10_a_crash_of_the_database_loses_nothing_and_lets_nobody_in() {
    if is_skipped() {
        return;
    }
    actix_web::rt::System::new().block_on(async {
        let cluster = Cluster::start(None);
        let kit = kit_on(cluster.url("")).await;
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let mut journal = Journal::default();
        let rounds = if is_long() { 10 } else { 3 };
        for round in 0..rounds {
            // While sign-ins go on, at another moment each time.
            let crash = async {
                tokio::time::sleep(Duration::from_millis(40 + round * 170 % 400)).await;
                cluster.crash();
            };
            let load = async { while sign_in(&kit, &shop, &ada, &mut journal).await {} };
            tokio::join!(crash, load);
            // Nobody is let in, and it is said; what needs no database goes on.
            let fresh = kit.browser();
            assert_eq!((fresh.get("/account").await.status, fresh.get("/status").await.status), (503, 503));
            assert_eq!(shop.redeem(&"A".repeat(43)).await.status, 503);
            assert_eq!(
                (fresh.get("/jwks").await.status, fresh.get("/.well-known/openid-configuration").await.status, fresh.get("/assets/passkey.js").await.status),
                (200, 200, 200)
            );
            cluster.begin();
            // By itself, and at once: whoever was cut off had every connection opened anew.
            for _ in 0..3 {
                assert_eq!(kit.browser().get("/status").await.status, 200);
                assert!(sign_in(&kit, &shop, &ada, &mut journal).await, "the node did not find the database again");
            }
            check(&kit, &shop, &mut journal).await;
        }
        // It goes and comes back while nobody asks: nobody notices.
        cluster.crash();
        cluster.begin();
        tokio::time::sleep(Duration::from_millis(600)).await;
        for _ in 0..4 {
            assert!(sign_in(&kit, &shop, &ada, &mut journal).await, "an idle connection was relied on");
        }
        check(&kit, &shop, &mut journal).await;
        let tools = kit.node.base.tools.clone();
        let forged = kit.node.base.db.read(move |connection| claviger::platform::audit::log::list_forged(connection, &tools)).await.unwrap();
        assert!(forged.is_empty());
        kit.handle.stop(false).await;
    });
}

/// X11: the primary is lost and its standby promoted. Where commits wait for the standby, nothing acknowledged is lost; where they do not, the last moments may be, and nodes go on all the same.
fn a_standby_is_promoted(is_waited_for: bool) {
    if is_skipped() {
        return;
    }
    actix_web::rt::System::new().block_on(async {
        let primary = Cluster::start(None);
        let standby = primary.standby(is_waited_for);
        let both = format!("postgres://postgres@127.0.0.1:{},127.0.0.1:{}/postgres", primary.port, standby.port);
        let kit = kit_on(both).await;
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let mut journal = Journal::default();
        for _ in 0..3 {
            assert!(sign_in(&kit, &shop, &ada, &mut journal).await);
        }
        let standbys = || {
            let metrics = kit.node.http.metrics.encode(kit.node.hashes.statistics(), kit.node.base.db.statistics());
            metrics.lines().find_map(|line| line.strip_prefix("claviger_database_standbys ")?.parse::<i64>().ok()).unwrap()
        };
        assert_eq!(standbys(), 0);
        let begun = std::time::Instant::now();
        while standbys() != 1 {
            assert!(begun.elapsed() < Duration::from_secs(10), "nobody sees the standby");
            claviger::app::worker::checks::watch(&kit.node).await.unwrap();
        }
        let lost = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            primary.crash();
        };
        let load = async { while sign_in(&kit, &shop, &ada, &mut journal).await {} };
        tokio::join!(lost, load);
        // A standby takes no writes, so nobody is let in by it.
        assert_eq!(kit.browser().get("/account").await.status, 503);
        standby.promote();
        // By itself, in the first try or soon.
        let back = std::time::Instant::now();
        while !sign_in(&kit, &shop, &ada, &mut journal).await {
            assert!(back.elapsed() < Duration::from_secs(5), "the node did not find the new primary");
        }
        if is_waited_for {
            check(&kit, &shop, &mut journal).await;
        }
        kit.handle.stop(false).await;
    });
}

#[test]
fn x11_a_standby_that_was_waited_for_has_everything() {
    a_standby_is_promoted(true);
}

#[test]
fn x11_a_standby_that_was_not_waited_for_is_gone_on_with() {
    a_standby_is_promoted(false);
}

/// X13: somebody holds a row. Whoever needs it is told so after a while, and others do not notice.
#[test]
fn x13_a_row_that_is_held_stops_nobody_else() {
    if is_skipped() {
        return;
    }
    actix_web::rt::System::new().block_on(async {
        let place = Arc::new(Place::new(Backend::Postgres));
        let kit = Kit::start_with(Arc::clone(&place), Arc::new(ManualClock::at(crate::kit::DAWN)), |raw| raw.database.connections = 3).await;
        let (ada, bob, shop) = (kit.customer("ada").await, kit.customer("bob").await, kit.shop("shop").await);
        let (_, tokens) = kit.sign_in(&shop, &ada).await;
        let mut holder = diesel::PgConnection::establish(&place.url).unwrap();
        holder.batch_execute("BEGIN; UPDATE grants SET expires_at = expires_at").unwrap();
        let began = std::time::Instant::now();
        let token = tokens.refresh();
        let (held, free) = tokio::join!(shop.refresh(&token), async {
            let browser = kit.browser();
            let page = shop.authorize(&browser, &[]).await.page();
            (browser.type_password(&page, &bob.email, &bob.password).await.status, began.elapsed())
        });
        assert_eq!((held.status, free.0), (503, 303), "{}", held.body);
        assert!(free.1 < Duration::from_secs(4) && began.elapsed() < Duration::from_secs(12), "{free:?} {:?}", began.elapsed());
        holder.batch_execute("ROLLBACK").unwrap();
        assert_eq!(shop.refresh(&token).await.status, 200, "what was answered with 503 burnt nothing");
        kit.handle.stop(false).await;
    });
}

/// The certificate of the database is checked by name and by authority.
#[test]
fn the_database_is_spoken_with_by_tls_that_is_checked() {
    if is_skipped() {
        return;
    }
    let (authority, other) = (Authority::new(), Authority::new());
    let (certificate, key) = authority.certify();
    let cluster = Cluster::start(Some((&certificate, &key)));
    let folder = tempfile::tempdir().unwrap();
    let (ours, theirs) = (folder.path().join("ours.pem"), folder.path().join("theirs.pem"));
    std::fs::write(&ours, authority.pem()).unwrap();
    std::fs::write(&theirs, other.pem()).unwrap();
    let tried = |more: &str| {
        let place = Place::of_another(Backend::Postgres, cluster.url(more));
        crate::kit::process::claviger_on(&place, &["migrate"])
    };
    let (status, said) = tried(&format!("?sslmode=verify-full&sslrootcert={}", theirs.display()));
    assert!(status != 0 && said.contains("certificate"), "{said}");
    let (status, said) = tried("?sslmode=disable");
    assert!(status != 0, "it takes no plain connections: {said}");
    let (status, said) = tried(&format!("?sslmode=verify-full&sslrootcert={}", ours.display()));
    assert_eq!(status, 0, "{said}");
}
