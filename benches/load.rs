//! The load tool: starts the server as its users do (SQLite, every commit on disk, real password cost) and prints what it does per second of wall time and of its own processor time, beside the physical roofs of this machine, in one run. `cargo bench --bench load`

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

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_claviger"));
    command
        .args(arguments)
        .current_dir(folder)
        .env("CLAVIGER_SERVER_ISSUER", format!("https://{HOST}"))
        .env("CLAVIGER_SERVER_BEHIND_TLS_PROXY", "true")
        .env("CLAVIGER_LOG_FILTER", "error");
    command
}

fn said(folder: &Path, arguments: &[&str], input: &str) -> String {
    let mut child = command(folder, arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Server {
    /// Starts, and says how long it took until the first 200.
    fn start(folder: &Path) -> (Self, Duration) {
        let port = free_port();
        let started = Instant::now();
        let child = command(folder, &["serve"])
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
}

/// Runs `work` over `connections` for a while.
async fn measure<F: Future<Output = bool> + Send + 'static>(server: &Server, connections: usize, work: impl Fn(usize) -> F + Send + Sync + 'static) -> Rate {
    let (stop, done, failed, work) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)), Arc::new(work));
    let (started, cpu) = (Instant::now(), server.cpu());
    let tasks: Vec<_> = (0..connections)
        .map(|number| {
            let (stop, done, failed, work) = (stop.clone(), done.clone(), failed.clone(), work.clone());
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    if work(number).await {
                        done.fetch_add(1, Ordering::Relaxed);
                    } else {
                        failed.fetch_add(1, Ordering::Relaxed);
                    }
                }
            })
        })
        .collect();
    tokio::time::sleep(SPAN).await;
    stop.store(true, Ordering::Relaxed);
    for task in tasks {
        task.await.unwrap();
    }
    let (wall, cpu, count) = (started.elapsed().as_secs_f64(), server.cpu() - cpu, done.load(Ordering::Relaxed) as f64);
    Rate { wall: count / wall, per_cpu: count / cpu.max(0.01), failed: failed.load(Ordering::Relaxed) }
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

fn raw_signatures(algorithm: SigningAlgorithm) -> f64 {
    let key = generate(algorithm).unwrap();
    let signer = Signer::from_pkcs8(&key.kid, algorithm, &key.pkcs8).unwrap();
    let claims = json!({ "iss": "https://login.shop.example", "sub": "robot", "exp": 1 });
    raw(|| drop(signer.sign(TokenType::AccessToken, &claims).unwrap()))
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

/// Times of a probe at a steady rate, in milliseconds: median and 99th percentile.
async fn probe(client: reqwest::Client, base: String, stop: Arc<AtomicBool>) -> (f64, f64, usize, usize) {
    let (mut times, mut sent) = (Vec::new(), 0);
    let mut tick = tokio::time::interval(Duration::from_millis(5));
    while !stop.load(Ordering::Relaxed) {
        tick.tick().await;
        sent += 1;
        let started = Instant::now();
        let answered = client.get(format!("{base}/jwks")).header("host", HOST).send().await.is_ok_and(|response| response.status() == 200);
        if answered {
            times.push(started.elapsed().as_secs_f64() * 1_000.0);
        }
    }
    times.sort_by(f64::total_cmp);
    let at = |part: f64| times.get(((times.len() as f64) * part) as usize).copied().unwrap_or(f64::NAN);
    (at(0.5), at(0.99), times.len(), sent)
}

fn main() {
    // cargo passes --bench; `cargo test --benches` must not measure.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(run());
}

#[expect(clippy::too_many_lines, reason = "one table, printed from top to bottom")]
async fn run() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    let (first, took) = Server::start(place);
    println!("start to first 200, empty data (keys made)                 {:>9.0} ms", took.as_secs_f64() * 1_000.0);
    drop(first);
    let register = |id: &str, more: Value| {
        let mut metadata = json!({ "client_name": id, "token_endpoint_auth_method": "client_secret_basic", "redirect_uris": ["https://shop.example/cb"], "grant_types": ["authorization_code", "refresh_token", "client_credentials"], "scope": "openid email profile offline_access orders.read" });
        metadata.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        std::fs::write(place.join("client.json"), metadata.to_string()).unwrap();
        let made: Value = serde_json::from_str(&said(place, &["clients", "add", "--id", id, "--metadata", "client.json", "--json"], "")).unwrap();
        (id.to_owned(), made["client_secret"].as_str().unwrap().to_owned())
    };
    let shop = register("shop", json!({}));
    let eddsa = register("eddsa", json!({ "access_token_signed_response_alg": "EdDSA" }));
    let rsa = register("rsa", json!({ "access_token_signed_response_alg": "RS256" }));
    let people: Vec<(String, String)> = (0..32)
        .map(|number| {
            let person = (format!("person{number}@example.com"), format!("a long password no. {number}"));
            said(place, &["customers", "add", "--email", &person.0, "--password-stdin"], &person.1);
            person
        })
        .collect();
    let mut starts: Vec<f64> = (0..3).map(|_| Server::start(place).1.as_secs_f64() * 1_000.0).collect();
    starts.sort_by(f64::total_cmp);
    println!("start to first 200, existing data (median of 3)            {:>9.0} ms", starts[1]);
    let (server, _) = Server::start(place);
    println!("memory idle                                                {:>9.1} MiB", server.memory());
    println!();
    let (hashes, fsyncs) = (raw_hashes(2), raw_fsyncs(place));
    let (raw_eddsa, raw_rsa) = (raw_signatures(SigningAlgorithm::EdDsa), raw_signatures(SigningAlgorithm::RS256));
    println!("roof: argon2id hashes, 2 threads {hashes:.0}/s; EdDSA tokens {raw_eddsa:.0}/s; RS256 tokens {raw_rsa:.0}/s; fdatasync {fsyncs:.0}/s\n");
    let client = browser::http();
    let base = server.base.clone();
    let basic = |client: &(String, String)| format!("Basic {}", base64(format!("{}:{}", client.0, client.1)));

    for path in ["/.well-known/openid-configuration", "/jwks"] {
        let (client, url) = (client.clone(), format!("{base}{path}"));
        let rate = measure(&server, 32, move |_| {
            let request = client.get(&url).header("host", HOST);
            async move {
                match request.send().await {
                    Ok(response) => response.bytes().await.is_ok(),
                    Err(_) => false,
                }
            }
        })
        .await;
        show(&format!("GET {path}, 32 connections"), &rate);
    }
    for (what, registered, roof) in [("EdDSA", &eddsa, raw_eddsa), ("RS256", &rsa, raw_rsa)] {
        let (client, base, basic) = (client.clone(), base.clone(), basic(registered));
        let rate = measure(&server, 32, move |_| {
            let (client, base, basic) = (client.clone(), base.clone(), basic.clone());
            async move { token(&client, &base, &basic, &[("grant_type", "client_credentials"), ("scope", "orders.read")]).await.is_some() }
        })
        .await;
        show(&format!("client credentials, {what}, 32 connections"), &rate);
        println!("{:<58} {:>9.2} of the raw signatures, per CPU-s", "", rate.per_cpu / roof);
    }

    let mut families = Vec::new();
    for number in 0..128 {
        families
            .push(Arc::new(tokio::sync::Mutex::new(sign_in(&client, &base, &shop, &people[number % 32]).await.expect("a sign-in")["refresh_token"].as_str().unwrap().to_owned())));
    }
    println!();
    for connections in [1, 32, 128] {
        let (client, base, basic, families) = (client.clone(), base.clone(), basic(&shop), families.clone());
        let rate = measure(&server, connections, move |number| {
            let (client, base, basic, family) = (client.clone(), base.clone(), basic.clone(), families[number].clone());
            async move {
                let mut current = family.lock().await;
                let Some(next) = token(&client, &base, &basic, &[("grant_type", "refresh_token"), ("refresh_token", &current)]).await else { return false };
                next["refresh_token"].as_str().unwrap().clone_into(&mut current);
                true
            }
        })
        .await;
        show(&format!("refresh rotations on disk, RS256 ID token, {connections} connections"), &rate);
        println!("{:<58} {:>9.1} of the fdatasyncs", "", rate.wall / fsyncs);
    }

    println!();
    let access = sign_in(&client, &base, &shop, &people[0]).await.expect("a sign-in")["access_token"].as_str().unwrap().to_owned();
    {
        let (client, url, access) = (client.clone(), format!("{base}/userinfo"), access.clone());
        let rate = measure(&server, 32, move |_| {
            let request = client.get(&url).header("host", HOST).bearer_auth(&access);
            async move {
                match request.send().await {
                    Ok(response) => response.status() == 200 && response.bytes().await.is_ok(),
                    Err(_) => false,
                }
            }
        })
        .await;
        show("UserInfo, one token, 32 connections", &rate);
    }
    {
        let (client, url, basic, access) = (client.clone(), format!("{base}/introspect"), basic(&shop), access.clone());
        let rate = measure(&server, 32, move |_| {
            let request = client.post(&url).header("host", HOST).header("authorization", &basic).form(&[("token", &access)]);
            async move {
                match request.send().await {
                    Ok(response) => response.status() == 200 && response.bytes().await.is_ok(),
                    Err(_) => false,
                }
            }
        })
        .await;
        show("introspection, one token, 32 connections", &rate);
    }

    println!();
    let stop = Arc::new(AtomicBool::new(false));
    let idle = tokio::spawn(probe(client.clone(), base.clone(), stop.clone()));
    tokio::time::sleep(SPAN).await;
    stop.store(true, Ordering::Relaxed);
    let idle = idle.await.unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let storm = tokio::spawn(probe(browser::http(), base.clone(), stop.clone()));
    let before = server.memory();
    let rate = {
        let (client, base, shop, people) = (client.clone(), base.clone(), shop.clone(), people.clone());
        measure(&server, 32, move |number| {
            let (client, base, shop, person) = (client.clone(), base.clone(), shop.clone(), people[number % 32].clone());
            async move { sign_in(&client, &base, &shop, &person).await.is_some() }
        })
        .await
    };
    stop.store(true, Ordering::Relaxed);
    let storm = storm.await.unwrap();
    show("password sign-in with code exchange, 32 connections", &rate);
    println!("{:<58} {:>9.2} of the raw hashes by wall, {:.2} per CPU-s", "", rate.wall / hashes, rate.per_cpu / (hashes / 2.0));
    println!("JWKS probe at 200/s, idle:  p50 {:.2} ms, p99 {:.2} ms, {} of {} answered", idle.0, idle.1, idle.2, idle.3);
    println!("JWKS probe at 200/s, storm: p50 {:.2} ms, p99 {:.2} ms, {} of {} answered", storm.0, storm.1, storm.2, storm.3);
    println!("memory before the storm {before:.1} MiB, after {:.1} MiB", server.memory());
}
