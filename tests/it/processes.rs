//! Servers as processes: two of them on one database, and one that is killed without warning in the middle of sign-ins.

use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use crate::kit::process::{ISSUER, Server, spawn};
use crate::kit::shop::VERIFIER;
use crate::kit::{Backend, Browser, Kit, Person, Place, Shop, Tokens};
use claviger::base::time::{Clock, ManualClock, SystemClock};
use futures_util::future::join_all;

/// A place with a customer and a shop, made by a server that has gone since.
async fn prepared(backend: Backend) -> (Arc<Place>, Person, Shop) {
    let place = Arc::new(Place::new(backend));
    let kit = Kit::start_with(place.clone(), Arc::new(ManualClock::at(SystemClock::new().now())), |_| {}).await;
    let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
    kit.handle.stop(true).await;
    (place, ada, Shop { issuer: ISSUER.to_owned(), ..shop })
}

fn run(backend: Backend, story: impl AsyncFnOnce()) {
    if backend == Backend::Postgres && std::env::var("TEST_DB").as_deref() == Ok("sqlite") {
        eprintln!("TEST_DB=sqlite: not run on PostgreSQL");
        return;
    }
    actix_web::rt::System::new().block_on(story());
}

async fn code(browser: &Browser, ada: &Person, shop: &Shop) -> String {
    shop.code(browser, ada).await
}

fn two_processes_act_as_one(backend: Backend) {
    run(backend, async || {
        let (place, ada, shop) = prepared(backend).await;
        let (one, two) = (spawn(&place, &[]), spawn(&place, &[]));
        let browser = Browser::new(ISSUER);
        let (here, there) = (browser.at(&one.base), browser.at(&two.base));
        let jwks = |browser: Browser| async move { browser.get("/jwks").await.json() };
        assert_eq!(jwks(here.clone()).await, jwks(there.clone()).await);
        // A sign-in that begins on one node goes on at the other.
        let page = shop.authorize(&here, &[]).await.page();
        let reply = there.type_password(&page, &ada.email, &ada.password).await;
        assert!(here.follow(reply).await.away().contains_key("code"));
        assert_eq!(there.get("/account").await.status, 200);
        for round in 0..200 {
            let code = code(if round % 2 == 0 { &here } else { &there }, &ada, &shop).await;
            let tries = (0..32).map(|number| {
                let base = if number % 2 == 0 { &one.base } else { &two.base };
                let fields = [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", shop.callback.as_str()), ("code_verifier", VERIFIER)];
                let shop = &shop;
                async move { shop.post_to(base, "/token", &fields).await.status }
            });
            let statuses = join_all(tries).await;
            assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "round {round}: {statuses:?}");
        }
        // What one ends, the other does not uphold.
        let page = here.walk("/logout/confirm").await.page();
        here.press(&page, "sign-out", &[]).await;
        assert_eq!(shop.authorize(&there, &[("prompt", "none")]).await.error(), "login_required");
    });
}

#[test]
fn two_processes_act_as_one_on_sqlite() {
    two_processes_act_as_one(Backend::Sqlite);
}

#[test]
fn two_processes_act_as_one_on_postgres() {
    two_processes_act_as_one(Backend::Postgres);
}

/// What a shop and a browser were told; every line of it must hold after any crash.
#[derive(Default)]
struct Journal {
    redeemed: Vec<String>,
    refreshed: Vec<(String, String)>,
    sessions: Vec<String>,
    signed_in: usize,
}

/// One sign-in from the first request to a refresh; what was acknowledged goes into the journal at once. `None` when the server went away.
async fn sign_in(base: &str, ada: &Person, shop: &Shop, journal: &Mutex<Journal>) -> Option<()> {
    let browser = Browser::new(ISSUER).at(base);
    let page = browser.try_walk(&shop.authorize_url(&[])).await?;
    let csrf = page.hidden("id=\"signin\"", "csrf");
    let reply = browser.try_submit(&page.action("id=\"signin\""), &[("csrf", &csrf), ("email", &ada.email), ("password", &ada.password)]).await?;
    assert_eq!(reply.status, 303, "{}", reply.body);
    {
        let mut journal = journal.lock().unwrap();
        journal.signed_in += 1;
        journal.sessions.push(browser.cookie("__Host-claviger_session").unwrap());
    }
    let answer = browser.try_get(reply.location()?).await?;
    let code = url::Url::parse(answer.location()?).unwrap().query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let fields = [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", shop.callback.as_str()), ("code_verifier", VERIFIER)];
    let tokens = shop.try_post_to(base, "/token", &fields).await?;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    journal.lock().unwrap().redeemed.push(code);
    let first = Tokens(tokens.json()).refresh();
    let next = shop.try_post_to(base, "/token", &[("grant_type", "refresh_token"), ("refresh_token", &first)]).await?;
    assert_eq!(next.status, 200, "{}", next.body);
    journal.lock().unwrap().refreshed.push((first, Tokens(next.json()).refresh()));
    Some(())
}

async fn check(server: &Server, shop: &Shop, journal: &Mutex<Journal>) {
    let (redeemed, refreshed, sessions) = {
        let mut journal = journal.lock().unwrap();
        (std::mem::take(&mut journal.redeemed), std::mem::take(&mut journal.refreshed), std::mem::take(&mut journal.sessions))
    };
    for session in &sessions {
        let browser = Browser::new(ISSUER).at(&server.base);
        browser.cookies.lock().unwrap().insert("__Host-claviger_session".into(), session.clone());
        assert_eq!(browser.get("/account").await.status, 200, "an acknowledged session is gone");
    }
    for (first, current) in &refreshed {
        let reply = shop.post_to(&server.base, "/token", &[("grant_type", "refresh_token"), ("refresh_token", current)]).await;
        assert_eq!(reply.status, 200, "an acknowledged refresh token is gone: {}", reply.body);
        let replay = shop.post_to(&server.base, "/token", &[("grant_type", "refresh_token"), ("refresh_token", first)]).await;
        assert_eq!(replay.json()["error"], "invalid_grant", "a used refresh token came back");
    }
    for code in &redeemed {
        let fields = [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", shop.callback.as_str()), ("code_verifier", VERIFIER)];
        assert_eq!(shop.post_to(&server.base, "/token", &fields).await.json()["error"], "invalid_grant", "a used code came back");
    }
}

fn a_kill_in_the_sign_in_loop_loses_nothing(backend: Backend) {
    run(backend, async || {
        let (place, ada, shop) = prepared(backend).await;
        let journal = Mutex::new(Journal::default());
        let rounds: u64 = if std::env::var("TEST_LONG").is_ok() { 60 } else { 12 };
        let mut round = 0;
        // On a machine that has much else to do, later and more often, until enough came to something.
        while round < rounds || (journal.lock().unwrap().signed_in <= 10 && round < 6 * rounds) {
            // Each kill leaves a few tries counted that came to nothing.
            let mut server = spawn(&place, &[("CLAVIGER_ATTEMPTS_SOURCE_LIMIT", "100000"), ("CLAVIGER_ATTEMPTS_ACCOUNT_LIMIT", "1000")]);
            check(&server, &shop, &journal).await;
            let base = server.base.clone();
            // The moment differs from round to round; it need not be exact, and it is early often enough to hit the first sign-in.
            let killer = std::thread::spawn(move || {
                std::thread::park_timeout(Duration::from_millis((25 + (round * 53) % 390) * (1 + round / rounds)));
                server.child.kill().unwrap();
                server.child.wait().unwrap();
            });
            let parallel = (0..3).map(|_| async { while sign_in(&base, &ada, &shop, &journal).await.is_some() {} });
            join_all(parallel).await;
            killer.join().unwrap();
            round += 1;
        }
        let server = spawn(&place, &[]);
        check(&server, &shop, &journal).await;
        drop(server);
        let acknowledged = journal.lock().unwrap().signed_in;
        assert!(acknowledged > 10, "{acknowledged}");
        // Each acknowledged sign-in is in the audit log, and the log is whole.
        let kit = Kit::start_with(place, Arc::new(ManualClock::at(SystemClock::new().now())), |_| {}).await;
        kit.advance(30);
        while claviger::app::worker::place_audit(&kit.node).await.unwrap() > 0 {}
        let tools = kit.node.base.tools.clone();
        let (recorded, (report, forged)) = kit
            .node
            .base
            .db
            .read(move |connection| {
                use claviger::platform::audit::log;
                let found = log::check_database(connection, &tools, &log::signer(&tools.ring)?, None)?;
                Ok((super::operations::count(connection, "SELECT COUNT(*) AS n FROM audit_events WHERE kind = 'signed_in'")?, found))
            })
            .await
            .unwrap();
        assert!(usize::try_from(recorded).unwrap() >= acknowledged, "{recorded} of {acknowledged} sign-ins are in the log");
        assert!(report.findings.is_empty() && forged.is_empty() && report.heads > 0, "the log is broken: {report:?} {forged:?}");
        kit.handle.stop(false).await;
    });
}

#[test]
fn a_kill_in_the_sign_in_loop_loses_nothing_on_sqlite() {
    a_kill_in_the_sign_in_loop_loses_nothing(Backend::Sqlite);
}

#[test]
fn a_kill_in_the_sign_in_loop_loses_nothing_on_postgres() {
    a_kill_in_the_sign_in_loop_loses_nothing(Backend::Postgres);
}
