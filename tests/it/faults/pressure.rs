//! Processes that are short of something: descriptors, memory, time, a reader of their log, or the time to start (X3, X15, X23 to X27).

use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use rustix::process::{Pid, Signal, kill_process};

use super::{Lots, is_long, is_skipped};
use crate::kit::process::{ISSUER, Server, claviger_on, command_on, free_port, spawn};
use crate::kit::{Backend, Browser, Kit, Person, Place, Shop};
use claviger::base::time::{Clock, ManualClock, SystemClock};
use claviger::platform::crypto::jws::SigningAlgorithm;
use claviger::platform::crypto::signing_keys::rules::{KeyAction, KeyState};
use claviger::platform::crypto::signing_keys::store;
use claviger::platform::db::dump::run_anywhere;
use claviger::platform::db::{DatabaseAddress, WriteTx};

const ROOMY: [(&str, &str); 2] = [("CLAVIGER_ATTEMPTS_SOURCE_LIMIT", "100000"), ("CLAVIGER_ATTEMPTS_ACCOUNT_LIMIT", "1000")];

async fn prepared(backend: Backend) -> (Arc<Place>, Person, Shop) {
    let place = Arc::new(Place::new(backend));
    let kit = Kit::start_with(Arc::clone(&place), Arc::new(ManualClock::at(SystemClock::new().now())), |_| {}).await;
    let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
    kit.handle.stop(true).await;
    (place, ada, Shop { issuer: ISSUER.to_owned(), ..shop })
}

macro_rules! both {
    ($($name:ident),* $(,)?) => {$(
        mod $name {
            #[test]
            fn sqlite() {
                super::$name(super::Backend::Sqlite);
            }

            #[test]
            fn postgres() {
                if !super::is_skipped() {
                    super::$name(super::Backend::Postgres);
                }
            }
        }
    )*};
}

both!(x23_no_descriptors_left, x24_two_hundred_sign_ins_at_once_fit_into_256_mib, x25_a_tenth_of_a_processor, x27_nobody_reads_the_log);

fn pid(server: &Server) -> Pid {
    Pid::from_child(&server.child)
}

/// One sign-in; the status where it stopped, 0 when nobody answered.
async fn sign_in(base: &str, person: &Person, shop: &Shop) -> u16 {
    let browser = Browser::new(ISSUER).at(base);
    let Some(page) = browser.try_walk(&shop.authorize_url(&[])).await else { return 0 };
    if page.status != 200 {
        return page.status;
    }
    let csrf = page.hidden("id=\"signin\"", "csrf");
    browser
        .try_submit(&page.action("id=\"signin\""), &[("csrf", &csrf), ("email", &person.email), ("password", &person.password)])
        .await
        .map_or(0, |reply| reply.status)
}

/// Processor time that the server has had, in ticks of a hundredth of a second.
fn ticks(server: &Server) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", server.child.id())).unwrap();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap().split(' ').collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

fn x23_no_descriptors_left(backend: Backend) {
    actix_web::rt::System::new().block_on(async {
        let (place, ada, shop) = prepared(backend).await;
        let server = spawn(&place, &ROOMY);
        assert_eq!(sign_in(&server.base, &ada, &shop).await, 303);
        let open = || std::fs::read_dir(format!("/proc/{}/fd", server.child.id())).unwrap().count();
        let limit = open() + 16;
        let status = std::process::Command::new("prlimit").args([format!("--nofile={limit}"), format!("--pid={}", server.child.id())]).status().unwrap();
        assert!(status.success());
        let address = server.base.trim_start_matches("http://").to_owned();
        let sockets: Vec<TcpStream> = (0..200).map_while(|_| TcpStream::connect(&address).ok()).collect();
        assert!(sockets.len() > 32);
        // While nothing can be taken, the one who takes connections does not spin.
        let before = ticks(&server);
        tokio::time::sleep(Duration::from_secs(2)).await;
        // In hundredths of a second, of two seconds.
        let busy = ticks(&server) - before;
        assert!(busy < 100, "busy for {busy} of 200 ticks");
        drop(sockets);
        // By itself.
        let back = Instant::now();
        while sign_in(&server.base, &ada, &shop).await != 303 {
            assert!(back.elapsed() < Duration::from_secs(5), "it did not come back");
        }
        while open() > limit - 8 {
            assert!(back.elapsed() < Duration::from_secs(30), "{} descriptors are still open", open());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
}

fn x24_two_hundred_sign_ins_at_once_fit_into_256_mib(backend: Backend) {
    actix_web::rt::System::new().block_on(async {
        let (place, ada, shop) = prepared(backend).await;
        let mut server = spawn(&place, &ROOMY);
        let statuses = join_all((0..200).map(|_| sign_in(&server.base, &ada, &shop))).await;
        assert!(statuses.iter().all(|status| matches!(status, 303 | 503 | 429)), "{statuses:?}");
        assert!(statuses.iter().filter(|status| **status == 303).count() > 5, "{statuses:?}");
        let peak = server.memory_kib("VmHWM");
        assert!(peak < 256 * 1024, "{peak} KiB");
        // The kernel ends it for want of memory elsewhere, which is a kill like any other.
        server.child.kill().unwrap();
        server.child.wait().unwrap();
        let server = spawn(&place, &ROOMY);
        assert_eq!(sign_in(&server.base, &ada, &shop).await, 303);
    });
}

/// A process that gets a tenth of the processor: slow, and nothing worse.
fn x25_a_tenth_of_a_processor(backend: Backend) {
    actix_web::rt::System::new().block_on(async {
        let (place, ada, shop) = prepared(backend).await;
        let server = spawn(&place, &ROOMY);
        let (process, is_over) = (pid(&server), Arc::new(AtomicBool::new(false)));
        let over = Arc::clone(&is_over);
        let throttle = std::thread::spawn(move || {
            while !over.load(Ordering::Relaxed) {
                kill_process(process, Signal::STOP).unwrap();
                std::thread::park_timeout(Duration::from_millis(90));
                kill_process(process, Signal::CONT).unwrap();
                std::thread::park_timeout(Duration::from_millis(10));
            }
        });
        let statuses = join_all((0..8).map(|_| sign_in(&server.base, &ada, &shop))).await;
        is_over.store(true, Ordering::Relaxed);
        throttle.join().unwrap();
        assert!(statuses.iter().all(|status| matches!(status, 303 | 429 | 503)) && statuses.contains(&303), "{statuses:?}");
        assert_eq!(sign_in(&server.base, &ada, &shop).await, 303);
    });
}

/// A server that is killed again and again while it starts for the first time makes one set of keys in the end.
fn killed_while_it_starts(backend: Backend) {
    let mut lots = Lots::draw();
    let place = Place::new(backend);
    for _ in 0..if is_long() { 50 } else { 6 } {
        let (port, operations) = (free_port(), free_port());
        let mut command = command_on(&place, &["serve"]);
        command.env("CLAVIGER_SERVER_LISTEN", format!("127.0.0.1:{port}")).env("CLAVIGER_SERVER_OPERATIONS_LISTEN", format!("127.0.0.1:{operations}"));
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        std::thread::park_timeout(Duration::from_millis(50 + lots.below(450)));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    actix_web::rt::System::new().block_on(async {
        let server = spawn(&place, &ROOMY);
        let keys = Browser::new(ISSUER).at(&server.base).get("/jwks").await.json();
        let fresh = Place::new(Backend::Sqlite);
        let other = spawn(&fresh, &ROOMY);
        let expected = Browser::new(ISSUER).at(&other.base).get("/jwks").await.json();
        assert_eq!(keys["keys"].as_array().unwrap().len(), expected["keys"].as_array().unwrap().len(), "{keys}");
    });
}

#[test]
fn x26_killed_while_it_starts_sqlite() {
    killed_while_it_starts(Backend::Sqlite);
}

#[test]
fn x26_killed_while_it_starts_postgres() {
    if !is_skipped() {
        killed_while_it_starts(Backend::Postgres);
    }
}

/// Nobody reads the log: requests go on, lines are dropped and counted, and what the audit log holds is not among them.
fn x27_nobody_reads_the_log(backend: Backend) {
    actix_web::rt::System::new().block_on(async {
        let (place, ada, shop) = prepared(backend).await;
        let (port, operations) = (free_port(), free_port());
        let mut command = command_on(&place, &["serve"]);
        let settings = [("CLAVIGER_LOG_REQUESTS", "true"), ("CLAVIGER_BOTS_MODE", "off")];
        command
            .env("CLAVIGER_SERVER_LISTEN", format!("127.0.0.1:{port}"))
            .env("CLAVIGER_SERVER_OPERATIONS_LISTEN", format!("127.0.0.1:{operations}"))
            .envs(ROOMY)
            .envs(settings);
        let mut server = Server { child: command.stderr(Stdio::piped()).spawn().unwrap(), base: format!("http://127.0.0.1:{port}"), operations };
        let mut reader = BufReader::new(server.child.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("ready to serve") {
            line.clear();
            assert!(reader.read_line(&mut line).unwrap() > 0);
        }
        // More than the pipe and the queue hold.
        let browser = Browser::new(ISSUER).at(&server.base);
        for _ in 0..380 {
            let statuses = join_all((0..50).map(|_| browser.get("/jwks"))).await;
            assert!(statuses.iter().all(|reply| reply.status == 200));
        }
        assert_eq!(sign_in(&server.base, &ada, &shop).await, 303);
        let metrics = crate::kit::browser::http().get(format!("http://127.0.0.1:{operations}/metrics")).send().await.unwrap().text().await.unwrap();
        let dropped: u64 = metrics.lines().find_map(|line| line.strip_prefix("claviger_log_lines_dropped ")).unwrap().parse().unwrap();
        assert!(dropped > 0, "{metrics}");
        // Read again, it goes on.
        std::thread::spawn(move || reader.read_to_end(&mut Vec::new()));
        assert_eq!(sign_in(&server.base, &ada, &shop).await, 303);
        drop(server);
        let kit = Kit::start_with(place, Arc::new(ManualClock::at(SystemClock::new().now())), |_| {}).await;
        assert_eq!(kit.audited("signed_in", "").await, 2);
        kit.handle.stop(false).await;
    });
}

/// A node is stopped in the middle of redeeming a code, the other one is asked for the same, and the first goes on (X15): one of them has it.
fn one_node_is_stopped(backend: Backend) {
    let mut lots = Lots::draw();
    actix_web::rt::System::new().block_on(async {
        let (place, ada, shop) = prepared(backend).await;
        let (one, two) = (spawn(&place, &ROOMY), spawn(&place, &ROOMY));
        let browser = Browser::new(ISSUER).at(&two.base);
        for round in 0..if is_long() { 40 } else { 6 } {
            let code = shop.code(&browser, &ada).await;
            let fields = shop.redemption(&code);
            let process = pid(&one);
            let pause = Duration::from_micros(lots.below(4_000));
            let stopper = std::thread::spawn(move || {
                std::thread::park_timeout(pause);
                kill_process(process, Signal::STOP).unwrap();
                std::thread::park_timeout(Duration::from_millis(500));
                kill_process(process, Signal::CONT).unwrap();
            });
            let (first, second) = tokio::join!(shop.post_to(&one.base, "/token", &fields), async {
                tokio::time::sleep(pause + Duration::from_millis(20)).await;
                shop.post_to(&two.base, "/token", &fields).await
            });
            stopper.join().unwrap();
            let successes = [&first, &second].iter().filter(|reply| reply.status == 200).count();
            assert_eq!(successes, 1, "round {round}: {} {}", first.body, second.body);
        }
    });
}

#[test]
fn x15_a_node_that_is_stopped_and_goes_on_sqlite() {
    one_node_is_stopped(Backend::Sqlite);
}

#[test]
fn x15_a_node_that_is_stopped_and_goes_on_postgres() {
    if !is_skipped() {
        one_node_is_stopped(Backend::Postgres);
    }
}

/// The command that makes a new key is killed at any moment, and run twice at once: there is one key that signs, and every token verifies (X3).
fn keys_are_renewed_badly(backend: Backend) {
    let mut lots = Lots::draw();
    actix_web::rt::System::new().block_on(async {
        let (place, ada, shop) = prepared(backend).await;
        let server = spawn(&place, &ROOMY);
        let browser = Browser::new(ISSUER).at(&server.base);
        let mut tokens = Vec::new();
        let rotation = ["keys", "rotate", "--algorithm", "RS256", "--now"];
        for round in 0..if is_long() { 30 } else { 5 } {
            let mut child = command_on(&place, &rotation).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            let mut other = command_on(&place, &rotation).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            // While the key is made; or six seconds later, when it begins to sign.
            let from = if round % 2 == 0 { 5 } else { 5_950 };
            std::thread::park_timeout(Duration::from_millis(from + lots.below(250)));
            let _ = child.kill();
            child.wait().unwrap();
            other.wait().unwrap();
            let code = shop.code(&browser, &ada).await;
            let reply = shop.post_to(&server.base, "/token", &shop.redemption(&code)).await;
            assert_eq!(reply.status, 200, "{}", reply.body);
            tokens.push(crate::kit::Tokens(reply.json()));
        }
        let (status, said) = claviger_on(&place, &["keys", "list"]);
        assert_eq!(status, 0, "{said}");
        let active = said.lines().filter(|line| line.contains("RS256") && line.contains("active")).count();
        assert_eq!(active, 1, "{said}");
        // Another node, which has nothing in memory.
        let fresh = spawn(&place, &ROOMY);
        let keys = Browser::new(ISSUER).at(&fresh.base).get("/jwks").await.json();
        let known: Vec<&str> = keys["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap()).collect();
        for token in &tokens {
            let header: serde_json::Value = serde_json::from_slice(&claviger::base::encoding::from_base64url(token.id().split('.').next().unwrap()).unwrap()).unwrap();
            assert!(known.contains(&header["kid"].as_str().unwrap()), "{header} is not among {known:?}");
            let request = shop.client.get(format!("{}/userinfo", fresh.base)).header("host", "login.shop.example").header("authorization", format!("Bearer {}", token.access()));
            assert_eq!(request.send().await.unwrap().status(), 200);
        }
    });
}

#[test]
fn x3_keys_are_renewed_badly_sqlite() {
    keys_are_renewed_badly(Backend::Sqlite);
}

#[test]
fn x3_keys_are_renewed_badly_postgres() {
    if !is_skipped() {
        keys_are_renewed_badly(Backend::Postgres);
    }
}

/// Two keys of one algorithm begin to sign in the same moment: the second one waits for the first, and sees what it did.
#[test]
fn x3_two_keys_that_begin_to_sign_at_once() {
    if is_skipped() {
        return;
    }
    actix_web::rt::System::new().block_on(async {
        let place = Arc::new(Place::new(Backend::Postgres));
        let kit = Kit::start_with(Arc::clone(&place), Arc::new(ManualClock::at(SystemClock::new().now())), |raw| raw.database.connections = 2).await;
        let tools = kit.node.base.tools.clone();
        let apply = move |tx: &mut WriteTx<'_>, action: &KeyAction| store::apply_action(tx, action, &tools.ring.signing_keys, tools.entropy(), tools.now());
        let list = async |state: KeyState| {
            let keys = kit.node.base.db.read(store::list_keys).await.unwrap();
            keys.into_iter()
                .map(|key| key.facts)
                .filter(|facts| facts.algorithm == SigningAlgorithm::RS256 && facts.state == state)
                .map(|facts| facts.kid)
                .collect::<Vec<_>>()
        };
        let make = apply.clone();
        kit.node.base.db.write(move |tx| (0..2).map(|_| make(tx, &KeyAction::MakePending(SigningAlgorithm::RS256))).collect::<Result<Vec<_>, _>>()).await.unwrap();
        let pending = list(KeyState::Pending).await;
        assert_eq!((pending.len(), list(KeyState::Active).await.len()), (2, 1));
        let (begun, begins) = std::sync::mpsc::channel::<()>();
        let (one, url, first) = (pending[0].clone(), place.url.clone(), apply.clone());
        let first = kit.node.base.db.write(move |tx| {
            let done = first(tx, &KeyAction::Activate(one.clone()))?;
            begun.send(()).unwrap();
            // Until the other one waits for it.
            let mut onlooker = claviger::platform::db::open(&DatabaseAddress::parse(&url).unwrap())?;
            let waits = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
            let until = Instant::now() + Duration::from_secs(4);
            while run_anywhere(&mut onlooker, waits)? == 0 {
                assert!(Instant::now() < until, "it does not wait");
            }
            Ok(done)
        });
        let two = pending[1].clone();
        let second = async {
            tokio::task::spawn_blocking(move || begins.recv().unwrap()).await.unwrap();
            kit.node.base.db.write(move |tx| apply(tx, &KeyAction::Activate(two.clone()))).await
        };
        let (first, second) = tokio::join!(first, second);
        assert!(first.unwrap() && second.unwrap());
        assert_eq!(list(KeyState::Active).await, pending[1..]);
        kit.handle.stop(false).await;
    });
}
