//! The load tool: starts the server as its users do (SQLite, every commit on disk, real password cost) and prints what it does per second of wall time and of its own processor time, beside the physical roofs of this machine, in one run.
//!
//! `cargo bench --bench load` runs every section, `cargo bench --bench load -- signin storm` those that are named: `start`, `documents`, `tokens`, `refresh`, `slow-disk` (needs strace), `reads`, `signin`, `storm`, `overload`, `memory`; and, only when they are named, `customers`: what a sign-in, a look-up and the account page cost among a thousand customers and among a million (`BENCH_CUSTOMERS`); `fraud`: what judging sign-ins and orders costs among as many; `stuffing`: a real customer's sign-in while 100,000 wrong passwords come from 1,000 addresses (`BENCH_TRIES` a second).

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    dead_code,
    reason = "a measuring tool, not a server"
)]

#[path = "../tests/kit/browser.rs"]
mod browser;
#[path = "load/fraud.rs"]
mod fraud;

use std::io::{Seek, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use browser::{Browser, Landing};
use claviger::base::encoding::{base64, base64url, sha256};
use claviger::platform::crypto::hash_pool::{Arena, Engine, HashCost};
use claviger::platform::crypto::jws::{Signer, SigningAlgorithm, TokenType, generate};
use serde_json::{Value, json};

const HOST: &str = "login.shop.example";
const SPAN: Duration = Duration::from_secs(3);
const VERIFIER: &str = "a-verifier-that-is-long-enough-for-rfc-7636-0123456789";

struct Server {
    child: Child,
    base: String,
}

/// A folder with a database, shops and people, and what the machine can do at most.
struct World {
    folder: tempfile::TempDir,
    client: reqwest::Client,
    shop: (String, String),
    eddsa: (String, String),
    rsa: (String, String),
    people: Vec<(String, String)>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(folder: &Path, wrapper: &[&str], arguments: &[&str]) -> Command {
    let executable = env!("CARGO_BIN_EXE_claviger");
    let mut command = Command::new(wrapper.first().copied().unwrap_or(executable));
    if let Some(rest) = wrapper.get(1..) {
        command.args(rest).arg(executable);
    }
    command
        .args(arguments)
        .current_dir(folder)
        .env("CLAVIGER_SERVER_ISSUER", format!("https://{HOST}"))
        .env("CLAVIGER_SERVER_BEHIND_TLS_PROXY", "true")
        .env("CLAVIGER_LOG_FILTER", "error")
        // One address stands for many.
        .env("CLAVIGER_BOTS_MODE", "off")
        .env("CLAVIGER_ATTEMPTS_SOURCE_LIMIT", "100000")
        .env("CLAVIGER_ATTEMPTS_ACCOUNT_LIMIT", "1000");
    command
}

fn said(folder: &Path, arguments: &[&str], input: &str) -> String {
    let mut child = command(folder, &[], arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Server {
    /// Starts, and says how long it took until the first 200.
    fn start(folder: &Path) -> (Self, Duration) {
        Self::start_with(folder, &[], &[])
    }

    /// The same under `wrapper`, with more settings.
    fn start_with(folder: &Path, wrapper: &[&str], settings: &[(&str, &str)]) -> (Self, Duration) {
        let port = free_port();
        let started = Instant::now();
        let mut command = command(folder, wrapper, &["serve"]);
        let child = command
            .envs(settings.iter().copied())
            .env("CLAVIGER_SERVER_LISTEN", format!("127.0.0.1:{port}"))
            .env("CLAVIGER_SERVER_OPERATIONS_LISTEN", format!("127.0.0.1:{}", free_port()))
            .spawn()
            .unwrap();
        let server = Self { child, base: format!("http://127.0.0.1:{port}") };
        loop {
            let answered = std::net::TcpStream::connect(("127.0.0.1", port)).and_then(|mut stream| {
                use std::io::Read;
                stream.write_all(format!("GET /jwks HTTP/1.1\r\nhost: {HOST}\r\nconnection: close\r\n\r\n").as_bytes())?;
                let mut answer = String::new();
                stream.read_to_string(&mut answer)?;
                Ok(answer.starts_with("HTTP/1.1 200"))
            });
            if answered.unwrap_or(false) {
                return (server, started.elapsed());
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Its processor time in seconds.
    fn cpu(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
    }

    /// Its resident memory in MiB.
    fn memory(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1_024.0
    }
}

struct Rate {
    wall: f64,
    per_cpu: f64,
    failed: usize,
    /// Median time of one piece of work, in milliseconds.
    median: f64,
}

/// Runs `work` over `connections` for a while.
async fn measure<F: Future<Output = bool> + Send + 'static>(server: &Server, connections: usize, work: impl Fn(usize) -> F + Send + Sync + 'static) -> Rate {
    let (stop, done, failed, work) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)), Arc::new(work));
    let (started, cpu) = (Instant::now(), server.cpu());
    let tasks: Vec<_> = (0..connections)
        .map(|number| {
            let (stop, done, failed, work) = (stop.clone(), done.clone(), failed.clone(), work.clone());
            tokio::spawn(async move {
                let mut times = Vec::new();
                while !stop.load(Ordering::Relaxed) {
                    let started = Instant::now();
                    if work(number).await {
                        done.fetch_add(1, Ordering::Relaxed);
                        times.push(started.elapsed().as_secs_f64() * 1_000.0);
                    } else {
                        failed.fetch_add(1, Ordering::Relaxed);
                    }
                }
                times
            })
        })
        .collect();
    tokio::time::sleep(SPAN).await;
    stop.store(true, Ordering::Relaxed);
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.unwrap());
    }
    times.sort_by(f64::total_cmp);
    let median = times.get(times.len() / 2).copied().unwrap_or(f64::NAN);
    let (wall, cpu, count) = (started.elapsed().as_secs_f64(), server.cpu() - cpu, done.load(Ordering::Relaxed) as f64);
    Rate { wall: count / wall, per_cpu: count / cpu.max(0.01), failed: failed.load(Ordering::Relaxed), median }
}

fn show(what: &str, rate: &Rate) {
    println!("{what:<58} {:>9.0}/s {:>9.0} per CPU-s{}", rate.wall, rate.per_cpu, if rate.failed > 0 { format!("   {} FAILED", rate.failed) } else { String::new() });
}

/// How often a loop runs in a second of one thread.
fn raw(mut step: impl FnMut()) -> f64 {
    let started = Instant::now();
    let mut count = 0_u32;
    while started.elapsed() < Duration::from_secs(1) {
        step();
        count += 1;
    }
    f64::from(count) / started.elapsed().as_secs_f64()
}

/// Signatures per second of one thread while every core is busy with the same, as they are when the server signs.
fn raw_signatures(algorithm: SigningAlgorithm) -> f64 {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let workers: Vec<_> = (0..cores)
        .map(|_| {
            std::thread::spawn(move || {
                let key = generate(algorithm).unwrap();
                let signer = Signer::from_pkcs8(&key.kid, algorithm, &key.pkcs8).unwrap();
                let claims = json!({ "iss": "https://login.shop.example", "sub": "robot", "exp": 1 });
                raw(|| drop(signer.sign(TokenType::AccessToken, &claims).unwrap()))
            })
        })
        .collect();
    workers.into_iter().map(|worker| worker.join().unwrap()).sum::<f64>() / cores as f64
}

fn raw_hashes(threads: usize) -> f64 {
    let cost = HashCost { memory_kib: 19_456, passes: 2, lanes: 1 };
    let workers: Vec<_> = (0..threads)
        .map(|_| {
            std::thread::spawn(move || {
                let mut arena = Arena::new(Engine::Simd);
                arena.hash(&[7; 32], b"0123456789abcdef", cost).unwrap();
                raw(|| assert!(arena.hash(&[7; 32], b"0123456789abcdef", cost).is_ok()))
            })
        })
        .collect();
    workers.into_iter().map(|worker| worker.join().unwrap()).sum()
}

fn raw_fsyncs(folder: &Path) -> f64 {
    let mut file = std::fs::File::create(folder.join("fsync")).unwrap();
    file.write_all(&[0; 4_096]).unwrap();
    raw(|| {
        file.rewind().unwrap();
        file.write_all(&[1; 4_096]).unwrap();
        file.sync_data().unwrap();
    })
}

async fn token(client: &reqwest::Client, base: &str, basic: &str, fields: &[(&str, &str)]) -> Option<Value> {
    let response = client.post(format!("{base}/token")).header("host", HOST).header("authorization", basic).form(fields).send().await.ok()?;
    if response.status() != 200 {
        return None;
    }
    serde_json::from_str(&response.text().await.ok()?).ok()
}

/// A whole sign-in with password and code exchange, as a browser and its shop do it.
async fn sign_in(client: &reqwest::Client, base: &str, shop: &(String, String), person: &(String, String)) -> Option<Value> {
    let issuer = format!("https://{HOST}");
    let mut browser = Browser::new(&issuer);
    browser.client = client.clone();
    browser.headers = vec![("host".into(), HOST.into())];
    let challenge = base64url(sha256(VERIFIER.as_bytes()));
    let query = claviger::base::uri::encode_form(&[
        ("response_type", "code"),
        ("client_id", &shop.0),
        ("redirect_uri", "https://shop.example/cb"),
        ("scope", "openid email offline_access"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ]);
    let here = |url: &str| url.replace(&issuer, base);
    let first = browser.get(&format!("{base}/authorize?{query}")).await;
    let page = browser.get(&format!("{base}{}", first.location()?)).await;
    let csrf = page.hidden("id=\"signin\"", "csrf");
    let entered = browser.submit(&format!("{base}{}", page.action("id=\"signin\"")), &[("csrf", &csrf), ("email", &person.0), ("password", &person.1)]).await;
    let back = browser.get(&here(&format!("{base}{}", entered.location()?))).await;
    let Landing::Away(_, answer) = browser.follow(back).await else { return None };
    let basic = format!("Basic {}", base64(format!("{}:{}", shop.0, shop.1)));
    token(
        client,
        base,
        &basic,
        &[("grant_type", "authorization_code"), ("code", answer.get("code")?), ("redirect_uri", "https://shop.example/cb"), ("code_verifier", VERIFIER)],
    )
    .await
}

fn percentiles(mut times: Vec<f64>) -> (f64, f64) {
    times.sort_by(f64::total_cmp);
    let at = |part: f64| times.get(((times.len() as f64) * part) as usize).copied().unwrap_or(f64::NAN);
    (at(0.5), at(0.99))
}

/// What a storm must not slow down: discovery, JWKS, a client's token and UserInfo in turn, 300 a second, sent on time whether or not earlier answers have come.
async fn probe(server: &Server, world: &World, access: &str, stop: Arc<AtomicBool>) -> (f64, f64, usize, usize) {
    let (client, base) = (browser::http(), server.base.clone());
    let basic = basic(&world.eddsa);
    let (mut asked, mut tick) = (Vec::new(), tokio::time::interval(Duration::from_micros(3_333)));
    while !stop.load(Ordering::Relaxed) {
        tick.tick().await;
        let request = match asked.len() % 4 {
            0 => client.get(format!("{base}/.well-known/openid-configuration")),
            1 => client.get(format!("{base}/jwks")),
            2 => client.post(format!("{base}/token")).header("authorization", &basic).form(&[("grant_type", "client_credentials"), ("scope", "orders.read")]),
            _ => client.get(format!("{base}/userinfo")).bearer_auth(access),
        };
        let request = request.header("host", HOST);
        asked.push(tokio::spawn(async move {
            let started = Instant::now();
            match request.send().await {
                Ok(response) if response.status() == 200 => response.bytes().await.ok().map(|_| started.elapsed().as_secs_f64() * 1_000.0),
                Ok(_) | Err(_) => None,
            }
        }));
    }
    let sent = asked.len();
    let mut times = Vec::new();
    for answer in asked {
        times.extend(answer.await.unwrap());
    }
    let answered = times.len();
    let (median, high) = percentiles(times);
    (median, high, answered, sent)
}

fn main() {
    // cargo passes --bench; `cargo test --benches` must not measure.
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if !arguments.iter().any(|argument| argument == "--bench") {
        return;
    }
    let wanted: Vec<String> = arguments.into_iter().filter(|argument| !argument.starts_with('-')).collect();
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(run(&wanted));
}

fn basic(client: &(String, String)) -> String {
    format!("Basic {}", base64(format!("{}:{}", client.0, client.1)))
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path();
        let register = |id: &str, more: Value| {
            let mut metadata = json!({ "client_name": id, "token_endpoint_auth_method": "client_secret_basic", "redirect_uris": ["https://shop.example/cb"], "grant_types": ["authorization_code", "refresh_token", "client_credentials"], "scope": "openid email profile offline_access orders.read" });
            metadata.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            std::fs::write(place.join("client.json"), metadata.to_string()).unwrap();
            let made: Value = serde_json::from_str(&said(place, &["clients", "add", "--id", id, "--metadata", "client.json", "--json"], "")).unwrap();
            (id.to_owned(), made["client_secret"].as_str().unwrap().to_owned())
        };
        let shop = register("shop", json!({}));
        let eddsa = register("eddsa", json!({ "access_token_signed_response_alg": "EdDSA", "id_token_signed_response_alg": "EdDSA" }));
        let rsa = register("rsa", json!({ "access_token_signed_response_alg": "RS256" }));
        let people = (0..64)
            .map(|number| {
                let person = (format!("person{number}@example.com"), format!("a long password no. {number}"));
                said(place, &["customers", "add", "--email", &person.0, "--password-stdin"], &person.1);
                person
            })
            .collect();
        Self { client: browser::http(), shop, eddsa, rsa, people, folder }
    }

    fn place(&self) -> &Path {
        self.folder.path()
    }

    async fn enter(&self, server: &Server, number: usize) -> Value {
        self.enter_at(server, &self.shop, number).await
    }

    async fn enter_at(&self, server: &Server, shop: &(String, String), number: usize) -> Value {
        sign_in(&self.client, &server.base, shop, &self.people[number % self.people.len()]).await.expect("a sign-in")
    }

    /// Sign-ins as fast as `connections` people can.
    async fn crowd(&self, server: &Server, connections: usize) -> Rate {
        let (client, base, shop, people) = (self.client.clone(), server.base.clone(), self.shop.clone(), self.people.clone());
        measure(server, connections, move |number| {
            let (client, base, shop, person) = (client.clone(), base.clone(), shop.clone(), people[number % people.len()].clone());
            async move { sign_in(&client, &base, &shop, &person).await.is_some() }
        })
        .await
    }

    /// Refreshes, each connection its own family.
    async fn rotations(&self, server: &Server, shop: &(String, String), families: &[Arc<tokio::sync::Mutex<String>>], connections: usize) -> Rate {
        let (client, base, basic, families) = (self.client.clone(), server.base.clone(), basic(shop), families.to_vec());
        measure(server, connections, move |number| {
            let (client, base, basic, family) = (client.clone(), base.clone(), basic.clone(), families[number].clone());
            async move {
                let mut current = family.lock().await;
                let Some(next) = token(&client, &base, &basic, &[("grant_type", "refresh_token"), ("refresh_token", &current)]).await else { return false };
                next["refresh_token"].as_str().unwrap().clone_into(&mut current);
                true
            }
        })
        .await
    }

    async fn families(&self, server: &Server, shop: &(String, String)) -> Vec<Arc<tokio::sync::Mutex<String>>> {
        let mut families = Vec::new();
        for number in 0..128 {
            families.push(Arc::new(tokio::sync::Mutex::new(self.enter_at(server, shop, number).await["refresh_token"].as_str().unwrap().to_owned())));
        }
        families
    }

    async fn request(&self, server: &Server, what: &str, make: impl Fn(&reqwest::Client) -> reqwest::RequestBuilder + Send + Sync + 'static) {
        let client = self.client.clone();
        let rate = measure(server, 32, move |_| {
            let request = make(&client).header("host", HOST);
            async move {
                match request.send().await {
                    Ok(response) => response.status() == 200 && response.bytes().await.is_ok(),
                    Err(_) => false,
                }
            }
        })
        .await;
        show(what, &rate);
    }
}

fn section(wanted: &[String], name: &str) -> bool {
    wanted.is_empty() || wanted.iter().any(|one| one == name)
}

/// What it costs among so many customers: medians in milliseconds of a sign-in, a look-up by e-mail, and the account page.
async fn among(world: &World, password: &str, count: u32) -> [f64; 3] {
    use claviger::platform::crypto::{keyring::KeyRing, master_key};
    use claviger::platform::db::{DatabaseAddress, Db, DbOptions};
    // What was just written may have left the system's cache again, and a server that runs for a while has it there: what is compared is look-ups, not first reads of a disk.
    let file = world.place().join("data/claviger.db");
    std::io::copy(&mut std::fs::File::open(&file).unwrap(), &mut std::io::sink()).unwrap();
    let (server, _) = Server::start(world.place());
    // Those of the last command: they have one password.
    let first = if count > 1_000 { 1_001 } else { 1 };
    let person = |number: u32| (format!("seeded{:08}@customers.example", first + number % (count + 1 - first)), password.to_owned());
    // Spread over all of them, so that no page of the database is warmer than it would be.
    let spread = |step: u32| step.wrapping_mul(2_654_435_761) % count;
    let mut signins = Vec::new();
    for step in 0..120 {
        let started = Instant::now();
        sign_in(&world.client, &server.base, &world.shop, &person(spread(step))).await.expect("a sign-in");
        signins.push(started.elapsed().as_secs_f64() * 1_000.0);
    }
    let mut pages = Vec::new();
    for step in 0..24 {
        let issuer = format!("https://{HOST}");
        let mut browser = Browser::new(&issuer);
        browser.client = world.client.clone();
        browser.headers = vec![("host".into(), HOST.into())];
        let first = browser.get(&format!("{}/account", server.base)).await;
        let page = browser.get(&format!("{}{}", server.base, first.location().unwrap())).await;
        let (csrf, action, (email, password)) = (page.hidden("id=\"signin\"", "csrf"), page.action("id=\"signin\""), person(spread(1_000 + step)));
        browser.submit(&format!("{}{action}", server.base), &[("csrf", &csrf), ("email", &email), ("password", &password)]).await;
        for _ in 0..20 {
            let started = Instant::now();
            let page = browser.get(&format!("{}/account", server.base)).await;
            assert_eq!(page.status, 200);
            pages.push(started.elapsed().as_secs_f64() * 1_000.0);
        }
    }
    let ring = Arc::new(KeyRing::of(master_key::read(&world.place().join("keys/master.key")).unwrap(), None).unwrap());
    let db = Db::start(&DbOptions { address: DatabaseAddress::parse(&format!("sqlite:{}", file.display())).unwrap(), connections: 1, is_durable: true }).unwrap();
    let mut lookups = Vec::new();
    for step in 0..4_000 {
        let (ring, email) = (ring.clone(), claviger::base::contact::EmailAddress::parse(&person(spread(step)).0).unwrap());
        let started = Instant::now();
        let found = db.read(move |connection| claviger::identity::customers::store::find_by_email(connection, &ring, &email)).await.unwrap();
        assert!(found.is_some());
        lookups.push(started.elapsed().as_secs_f64() * 1_000.0);
    }
    [percentiles(signins).0, percentiles(lookups).0, percentiles(pages).0]
}

async fn many_customers(world: &World) {
    let many: u32 = std::env::var("BENCH_CUSTOMERS").ok().and_then(|count| count.parse().ok()).unwrap_or(1_000_000);
    let said = said(world.place(), &["customers", "seed", "--count", "1000"], "");
    let password = said.rsplit(' ').next().unwrap().trim().to_owned();
    let few = among(world, &password, 1_000).await;
    let started = Instant::now();
    let rest = (many - 1_000).to_string();
    let said = self::said(world.place(), &["customers", "seed", "--count", &rest, "--from", "1001"], "");
    println!("seeded {many} customers in {:.0} s", started.elapsed().as_secs_f64());
    let other = said.rsplit(' ').next().unwrap().trim().to_owned();
    let lots = among(world, &other, many).await;
    for (what, (few, lots)) in ["sign-in with code exchange", "look-up by e-mail", "account page"].into_iter().zip(few.into_iter().zip(lots)) {
        println!("{what:<40} {few:>8.3} ms among 1,000   {lots:>8.3} ms among {many}   ratio {:.2}", lots / few);
    }
}

async fn run(wanted: &[String]) {
    if section(wanted, "start") {
        let folder = tempfile::tempdir().unwrap();
        let (_, took) = Server::start(folder.path());
        println!("start to first 200, empty data (keys made)                 {:>9.0} ms", took.as_secs_f64() * 1_000.0);
    }
    let world = World::new();
    if section(wanted, "start") {
        let mut starts: Vec<f64> = (0..5).map(|_| Server::start(world.place()).1.as_secs_f64() * 1_000.0).collect();
        starts.sort_by(f64::total_cmp);
        println!("start to first 200, existing data (median of 5)            {:>9.0} ms", starts[2]);
    }
    let (server, _) = Server::start(world.place());
    println!("memory idle                                                {:>9.1} MiB\n", server.memory());
    if section(wanted, "documents") {
        for path in ["/.well-known/openid-configuration", "/jwks"] {
            let url = format!("{}{path}", server.base);
            world.request(&server, &format!("GET {path}, 32 connections"), move |client| client.get(&url)).await;
        }
    }
    if section(wanted, "tokens") {
        tokens(&world, &server).await;
    }
    if section(wanted, "refresh") {
        let fsyncs = raw_fsyncs(world.place());
        println!("\nroof: fdatasync {fsyncs:.0}/s");
        for (algorithm, shop) in [("RS256", &world.shop), ("EdDSA", &world.eddsa)] {
            let families = world.families(&server, shop).await;
            for connections in [1, 32, 128] {
                show(&format!("refresh rotations on disk, {algorithm} ID token, {connections} connections"), &world.rotations(&server, shop, &families, connections).await);
            }
        }
    }
    if section(wanted, "reads") {
        println!();
        let access = world.enter(&server, 0).await["access_token"].as_str().unwrap().to_owned();
        let (url, token) = (format!("{}/userinfo", server.base), access.clone());
        world.request(&server, "UserInfo, one token, 32 connections", move |client| client.get(&url).bearer_auth(&token)).await;
        let (url, basic) = (format!("{}/introspect", server.base), basic(&world.shop));
        world
            .request(&server, "introspection, one token, 32 connections", move |client| client.post(&url).header("authorization", &basic).form(&[("token", &access)]))
            .await;
    }
    if section(wanted, "signin") {
        signins(&world, &server).await;
    }
    if section(wanted, "storm") {
        storm(&world, &server).await;
    }
    if wanted.iter().any(|name| name == "stuffing" || name == "fraud") {
        drop(server);
        if wanted.iter().any(|name| name == "stuffing") {
            fraud::stuffing(&world).await;
        }
        if wanted.iter().any(|name| name == "fraud") {
            fraud::cost(&world).await;
        }
        return;
    }
    if wanted.iter().any(|name| name == "customers") {
        drop(server);
        many_customers(&world).await;
        return;
    }
    if section(wanted, "overload") {
        overload(&world, &server).await;
    }
    if section(wanted, "memory") {
        memory(&world, &server).await;
    }
    drop(server);
    if section(wanted, "slow-disk") {
        slow_disk(&world).await;
    }
}

async fn tokens(world: &World, server: &Server) {
    for (algorithm, registered) in [(SigningAlgorithm::EdDsa, &world.eddsa), (SigningAlgorithm::RS256, &world.rsa)] {
        let roof = raw_signatures(algorithm);
        let (client, base, basic) = (world.client.clone(), server.base.clone(), basic(registered));
        let rate = measure(server, 32, move |_| {
            let (client, base, basic) = (client.clone(), base.clone(), basic.clone());
            async move { token(&client, &base, &basic, &[("grant_type", "client_credentials"), ("scope", "orders.read")]).await.is_some() }
        })
        .await;
        show(&format!("client credentials, {}, 32 connections", algorithm.as_str()), &rate);
        println!("{:<58} {:>9.2} of {roof:.0} raw signatures, per CPU-s", "", rate.per_cpu / roof);
    }
}

/// Three turns of sign-ins, each between two of raw hashes: the machine's speed drifts, and the ratio must not.
async fn signins(world: &World, server: &Server) {
    println!();
    let (mut walls, mut cpus) = (Vec::new(), Vec::new());
    let mut before = raw_hashes(2);
    for _ in 0..3 {
        let rate = world.crowd(server, 32).await;
        let after = raw_hashes(2);
        let roof = f64::midpoint(before, after);
        before = after;
        show("password sign-in with code exchange, 32 connections", &rate);
        println!("{:<58} {:>9.2} of {roof:.0} raw hashes by wall, {:.2} per CPU-s", "", rate.wall / roof, rate.per_cpu / (roof / 2.0));
        walls.push(rate.wall / roof);
        cpus.push(rate.per_cpu / (roof / 2.0));
    }
    println!("{:<58} {:>9.2} and {:.2} in the median", "", percentiles(walls).0, percentiles(cpus).0);
}

async fn storm(world: &World, server: &Server) {
    println!();
    let access = world.enter(server, 0).await["access_token"].as_str().unwrap().to_owned();
    let mut ratios = Vec::new();
    for _ in 0..3 {
        let mut seen = Vec::new();
        for (what, waiting) in [("idle", 0), ("128 sign-ins waiting", 128)] {
            let stop = Arc::new(AtomicBool::new(false));
            let crowd = async {
                if waiting == 0 {
                    tokio::time::sleep(SPAN).await;
                } else {
                    world.crowd(server, waiting).await;
                }
                stop.store(true, Ordering::Relaxed);
            };
            let ((median, high, answered, sent), ()) = tokio::join!(probe(server, world, &access, stop.clone()), crowd);
            println!("probe at 300/s, {what:<21} p50 {median:.2} ms, p99 {high:.2} ms, {answered} of {sent} answered");
            seen.push(high);
        }
        ratios.push(seen[1] / seen[0]);
    }
    println!("{:<58} {:>9.1} times the idle p99 in the median", "", percentiles(ratios).0);
}

/// Opens a sign-in page, and gives back what is needed to send its form.
async fn open_page(client: &reqwest::Client, base: &str, shop: &str) -> Option<(Browser, String, String)> {
    let mut browser = Browser::new(&format!("https://{HOST}"));
    browser.client = client.clone();
    browser.headers = vec![("host".into(), HOST.into())];
    let challenge = base64url(sha256(VERIFIER.as_bytes()));
    let query = claviger::base::uri::encode_form(&[
        ("response_type", "code"),
        ("client_id", shop),
        ("redirect_uri", "https://shop.example/cb"),
        ("scope", "openid"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ]);
    let first = browser.get(&format!("{base}/authorize?{query}")).await;
    let page = browser.get(&format!("{base}{}", first.location()?)).await;
    let (action, csrf) = (page.action("id=\"signin\""), page.hidden("id=\"signin\"", "csrf"));
    Some((browser, action, csrf))
}

/// Forms that were opened before are sent at a steady rate, whether or not earlier ones were answered; how many people a second got in.
async fn send_forms(world: &World, server: &Server, per_second: f64) -> (f64, usize, usize, f64) {
    let count = (per_second * SPAN.as_secs_f64()) as usize;
    let mut pages = Vec::with_capacity(count);
    while pages.len() < count {
        let opened = (0..64).map(|_| open_page(&world.client, &server.base, &world.shop.0));
        pages.extend(futures_util::future::join_all(opened).await.into_iter().flatten());
    }
    pages.truncate(count);
    let (started, mut high, mut tasks) = (Instant::now(), server.memory(), Vec::with_capacity(count));
    let mut pages = pages.into_iter().enumerate();
    while tasks.len() < count {
        let due = (started.elapsed().as_secs_f64() * per_second) as usize;
        while tasks.len() < due.min(count) {
            let Some((number, (browser, action, csrf))) = pages.next() else { break };
            let (base, person) = (server.base.clone(), world.people[number % world.people.len()].clone());
            tasks.push(tokio::spawn(async move {
                let reply = browser.submit(&format!("{base}{action}"), &[("csrf", &csrf), ("email", &person.0), ("password", &person.1)]).await;
                (reply.status == 303, !reply.header("retry-after").is_empty())
            }));
        }
        high = high.max(server.memory());
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let (mut entered, mut refused) = (0, 0);
    for task in tasks {
        let (is_in, is_told) = task.await.unwrap();
        entered += usize::from(is_in);
        refused += usize::from(is_told);
    }
    (entered as f64 / started.elapsed().as_secs_f64(), refused, count, high.max(server.memory()))
}

async fn overload(world: &World, server: &Server) {
    println!();
    let capacity = world.crowd(server, 32).await.wall;
    let (peak, ..) = send_forms(world, server, capacity).await;
    let idle = server.memory();
    let (entered, refused, sent, high) = send_forms(world, server, capacity * 10.0).await;
    println!(
        "forms sent at {capacity:.0}/s: {peak:.0} people in a second; at {:.0}/s: {entered:.0}, {:.2} of that; {refused} of {sent} told when to come again",
        capacity * 10.0,
        entered / peak
    );
    println!("memory {idle:.1} MiB before, {high:.1} MiB at most: {:.1} times that of two hashes", (high - idle) / 38.0);
}

async fn memory(world: &World, server: &Server) {
    println!();
    let enter = async |wanted: usize| {
        let mut count = 0;
        while count < wanted {
            let crowd = (0..64).map(|number| sign_in(&world.client, &server.base, &world.shop, &world.people[number]));
            count += futures_util::future::join_all(crowd).await.into_iter().flatten().count();
        }
        count
    };
    // What the allocator and the caches take once is not what a session takes.
    enter(2_000).await;
    let before = server.memory();
    let count = enter(5_000).await;
    let after = server.memory();
    println!("{count} more live sessions: memory {before:.1} MiB before, {after:.1} after, {:.1} MiB per 10,000", (after - before) * 10_000.0 / count as f64);
}

/// Group commit on a disk whose fdatasync takes 3.2 ms, as cheap ones do: strace holds each one back.
async fn slow_disk(world: &World) {
    println!();
    if Command::new("strace").arg("-V").stdout(Stdio::null()).status().is_err() {
        println!("slow disk: not measured, strace is not installed");
        return;
    }
    let wrapper = ["strace", "-D", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync,fsync", "-e", "inject=fdatasync,fsync:delay_exit=3200"];
    let (server, _) = Server::start_with(world.place(), &wrapper, &[]);
    let families = world.families(&server, &world.eddsa).await;
    for connections in [1, 32, 128] {
        let rate = world.rotations(&server, &world.eddsa, &families, connections).await;
        println!(
            "refresh rotations, EdDSA ID token, fdatasync of 3.2 ms, {connections:>3} connections {:>9.0}/s, p50 {:.2} ms: {:.1} times the 312 fdatasyncs of a second",
            rate.wall,
            rate.median,
            rate.wall / 312.5
        );
    }
}
