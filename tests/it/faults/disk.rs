//! SQLite's disk: it ends at the Nth write, fails, fills up, takes no writes, or is held by somebody else (X1, X2, X4 to X9).

use std::sync::Arc;
use std::time::Duration;

use super::journey::{Journal, Traveller};
use super::lost::check_log;
use super::{Lots, is_long};
use crate::kit::injector::Injector;
use crate::kit::process::{ISSUER, Server, spawn};
use crate::kit::{Backend, Kit, Person, Place, Shop};
use claviger::base::time::{Clock, ManualClock, SystemClock};
use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};

const ROOMY: [(&str, &str); 2] = [("CLAVIGER_ATTEMPTS_SOURCE_LIMIT", "100000"), ("CLAVIGER_ATTEMPTS_ACCOUNT_LIMIT", "1000")];

fn now() -> i64 {
    SystemClock::new().now().0
}

#[derive(diesel::QueryableByName)]
struct Said {
    #[diesel(sql_type = diesel::sql_types::Text)]
    integrity_check: String,
}

/// A place with customers and a shop, made by a server that has gone since; and what they were told.
struct Town {
    place: Arc<Place>,
    people: Vec<Person>,
    shop: Shop,
    signed_in: usize,
    failures: usize,
}

impl Town {
    async fn build(people: usize) -> Self {
        let place = Arc::new(Place::new(Backend::Sqlite));
        let kit = Kit::start_with(Arc::clone(&place), Arc::new(ManualClock::at(SystemClock::new().now())), |_| {}).await;
        let shop = kit.shop("shop").await;
        let mut all = Vec::new();
        for number in 0..people {
            all.push(kit.customer(&format!("p{number}")).await);
        }
        kit.handle.stop(true).await;
        Self { place, people: all, shop: Shop { issuer: ISSUER.to_owned(), ..shop }, signed_in: 0, failures: 0 }
    }

    fn server(&self) -> Server {
        spawn(&self.place, &ROOMY)
    }

    /// The next customer, who has not been here yet.
    fn next(&mut self) -> Person {
        self.people.pop().expect("enough people")
    }

    fn traveller<'a>(&'a self, server: &'a Server, person: &'a Person) -> Traveller<'a> {
        Traveller { issuer: ISSUER, base: &server.base, person, shop: &self.shop, now: &now }
    }

    fn add(&mut self, journal: &Journal) {
        self.signed_in += journal.signed_in;
        self.failures += journal.failures;
    }

    /// S4, S7, S12: the log is whole and the file sound.
    async fn check(self) {
        let mut connection = SqliteConnection::establish(self.place.url.trim_start_matches("sqlite:")).unwrap();
        let said: Vec<Said> = diesel::RunQueryDsl::load(diesel::sql_query("PRAGMA integrity_check"), &mut connection).unwrap();
        assert_eq!(said[0].integrity_check, "ok");
        drop(connection);
        let kit = Kit::start_with(self.place, Arc::new(ManualClock::at(SystemClock::new().now())), |_| {}).await;
        check_log(&kit, self.signed_in, self.failures).await;
        kit.handle.stop(false).await;
    }
}

/// Whether the process has ended by itself or been ended.
fn has_ended(server: &mut Server) -> bool {
    server.child.try_wait().unwrap().is_some()
}

/// One journey for each number, with `fault` at that write; the server is started again when it ended.
fn at_each(lots: &mut Lots, last: usize, few: usize, fault: impl Fn(usize) -> String, must_end: Option<bool>) {
    let picked = lots.pick(last, few);
    actix_web::rt::System::new().block_on(async {
        let mut town = Town::build(picked.len()).await;
        let (mut server, mut hits) = (town.server(), 0);
        for number in picked {
            let (person, mut journal) = (town.next(), Journal::default());
            let injector = Injector::put(&server, &fault(number));
            let whole = town.traveller(&server, &person).travel(&mut journal).await.is_some();
            drop(injector);
            let ended = has_ended(&mut server);
            println!("{}: {}, {} answers of 503", fault(number), if ended { "ended" } else { "went on" }, journal.refused);
            hits += usize::from(ended || journal.refused > 0);
            assert!(whole || ended || journal.refused > 0, "{journal:?}");
            match must_end {
                Some(true) => assert_eq!(journal.refused, 0, "it went on after an error of the disk"),
                Some(false) => assert!(!ended, "it ended"),
                None => {}
            }
            if ended {
                server = town.server();
            }
            town.traveller(&server, &person).check(&journal).await;
            town.add(&journal);
        }
        assert!(hits > 0, "nothing met its fault");
        drop(server);
        town.check().await;
    });
}

/// The process is killed at the Nth write into the log of SQLite, wherever in a journey that is.
#[test]
fn x1_x2_x4_x5_killed_at_a_write() {
    at_each(&mut Lots::draw(), 200, 5, |number| format!("pwrite64:signal=KILL:when={number}"), None);
}

/// The process is killed when it waits for the disk.
#[test]
fn x4_killed_at_a_sync() {
    at_each(&mut Lots::draw(), 24, 3, |number| format!("fsync:signal=KILL:when={number}"), None);
}

/// The disk fails at the Nth write or sync: nobody knows what it holds, so the process ends, and is started anew.
#[test]
fn x6_an_error_of_the_disk_ends_the_process() {
    let mut lots = Lots::draw();
    at_each(&mut lots, 120, 3, |number| format!("pwrite64:error=EIO:when={number}"), Some(true));
    at_each(&mut lots, 20, 3, |number| format!("fsync:error=EIO:when={number}"), Some(true));
}

/// The disk is full for one write: 503, and everything goes on.
#[test]
fn x6_a_full_disk_is_told_and_gone_on_with() {
    at_each(&mut Lots::draw(), 120, 4, |number| format!("pwrite64:error=ENOSPC:when={number}"), Some(false));
}

/// The disk is full, or takes no writes, for a while: whoever would be let in is not, what needs no write goes on, and when there is room again everything does by itself.
fn for_a_while(fault: &str) {
    actix_web::rt::System::new().block_on(async {
        let mut town = Town::build(3).await;
        let mut server = town.server();
        let (ada, mut before) = (town.next(), Journal::default());
        assert!(town.traveller(&server, &ada).travel(&mut before).await.is_some(), "{before:?}");
        let browser = crate::kit::Browser::new(ISSUER).at(&server.base);
        let page = town.shop.authorize(&browser, &[]).await.page();
        let bob = town.next();
        let injector = Injector::put(&server, fault);
        let refused = browser.type_password(&page, &bob.email, &bob.password).await;
        assert_eq!(refused.status, 503, "{}", refused.body);
        // D7: what could not be revoked is not said to be.
        let revoked = town.shop.post_to(&server.base, "/revoke", &[("token", &"A".repeat(43))]).await.status;
        assert!(matches!(revoked, 200 | 503), "an unknown token: {revoked}");
        for path in ["/jwks", "/.well-known/openid-configuration"] {
            assert_eq!(browser.get(path).await.status, 200, "{path}");
        }
        let mut meanwhile = Journal::default();
        assert!(town.traveller(&server, &bob).travel(&mut meanwhile).await.is_none());
        assert_eq!((meanwhile.signed_in, meanwhile.failures), (0, 0), "nobody is let in: {meanwhile:?}");
        drop(injector);
        assert!(!has_ended(&mut server), "it has to go on");
        // By itself, and at once.
        let mut after = Journal::default();
        assert!(town.traveller(&server, &bob).travel(&mut after).await.is_some(), "{after:?}");
        assert_eq!(after.refused, 0);
        for (person, journal) in [(&ada, &before), (&bob, &after)] {
            town.traveller(&server, person).check(journal).await;
            town.signed_in += journal.signed_in;
        }
        drop(server);
        town.check().await;
    });
}

#[test]
fn x7_the_disk_is_full_and_then_not() {
    for_a_while("pwrite64:error=ENOSPC:when=1+");
}

#[test]
fn x8_the_disk_takes_no_writes_for_a_while() {
    for_a_while("pwrite64:error=EROFS:when=1+");
}

/// Somebody else holds the database for less, and for longer, than it is waited for.
#[test]
fn x9_the_database_is_held_by_another_process() {
    actix_web::rt::System::new().block_on(async {
        let mut town = Town::build(3).await;
        let server = town.server();
        let path = town.place.url.trim_start_matches("sqlite:").to_owned();
        for seconds in if is_long() { vec![2, 30] } else { vec![2, 7] } {
            let (person, mut journal) = (town.next(), Journal::default());
            let mut other = SqliteConnection::establish(&path).unwrap();
            other.batch_execute("BEGIN EXCLUSIVE").unwrap();
            let holder = std::thread::spawn(move || {
                std::thread::park_timeout(Duration::from_secs(seconds));
                other.batch_execute("COMMIT").unwrap();
            });
            let whole = town.traveller(&server, &person).travel(&mut journal).await.is_some();
            assert_eq!(journal.refused > 0, seconds > 5, "busy for {seconds} s: {journal:?}");
            holder.join().unwrap();
            if !whole {
                assert!(seconds > 20, "{journal:?}");
                assert!(town.traveller(&server, &person).travel(&mut journal).await.is_some(), "{journal:?}");
            }
            town.traveller(&server, &person).check(&journal).await;
            town.add(&journal);
        }
        // A reader that does not end keeps the log from being carried over; when it ends, the log is used again from its start.
        let mut reader = SqliteConnection::establish(&path).unwrap();
        reader.batch_execute("BEGIN; SELECT count(*) FROM clients").unwrap();
        let size = || std::fs::metadata(format!("{path}-wal")).unwrap().len();
        let person = town.next();
        let wrong = async || {
            let mut journal = Journal::default();
            let _ = town.traveller(&server, &person).travel(&mut journal).await;
        };
        wrong().await;
        let grown = size();
        reader.batch_execute("COMMIT").unwrap();
        drop(reader);
        for _ in 0..4 {
            tokio::time::sleep(Duration::from_millis(400)).await;
            let browser = crate::kit::Browser::new(ISSUER).at(&server.base);
            assert_eq!(town.shop.authorize(&browser, &[]).await.page().status, 200);
        }
        assert!(size() <= grown + 4_096 * 400, "the log grows on: {grown} to {}", size());
        drop(server);
        town.check().await;
    });
}
