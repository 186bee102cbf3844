//! What judging costs: sign-ins and orders with and without it among a million customers, and a real customer's sign-in while 100,000 wrong passwords come from 1,000 addresses.

use super::{Arc, AtomicBool, AtomicUsize, Browser, Duration, HOST, Instant, Ordering, Server, Value, World, basic, browser, json, percentiles, raw_fsyncs, said, token};
use claviger::base::random::OsEntropy;
use claviger::base::time::SystemClock;
use claviger::platform::crypto::{keyring::KeyRing, master_key};
use claviger::platform::db::{DatabaseAddress, Db, DbOptions, WriteTx};
use claviger::platform::tools::Tools;
use claviger::risk::login::desk::{SigninDesk, Who};
use claviger::risk::login::features::Seen;
use claviger::risk::login::history::{Entry, History};
use claviger::risk::login::model::Model;
use claviger::risk::login::policy::SigninPolicy;
use claviger::risk::login::store as counts;
use claviger::risk::places::{Files, Places};
use diesel::RunQueryDsl;

const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
/// Addresses that try, and how often each does.
const ADDRESSES: usize = 1_000;
const TRIES: usize = 100;

fn settings() -> Vec<(&'static str, &'static str)> {
    // As it is delivered, behind a proxy that says who asks.
    vec![
        ("CLAVIGER_SERVER_TRUSTED_PROXIES", "127.0.0.0/8"),
        ("CLAVIGER_ATTEMPTS_SOURCE_LIMIT", "100"),
        ("CLAVIGER_ATTEMPTS_ACCOUNT_LIMIT", "10"),
        ("CLAVIGER_BOTS_MODE", "auto"),
    ]
}

fn browser_from(client: &reqwest::Client, address: &str) -> Browser {
    let mut browser = Browser::new(&format!("https://{HOST}"));
    browser.client = client.clone();
    browser.headers = vec![("host".into(), HOST.into()), ("x-forwarded-for".into(), address.into()), ("user-agent".into(), AGENT.into())];
    browser
}

/// The sign-in page of the account, and what its form needs.
async fn page_of(browser: &Browser, base: &str) -> Option<(String, String)> {
    let first = browser.get(&format!("{base}/signin")).await;
    let page = match first.location() {
        Some(location) => browser.get(&format!("{base}{location}")).await,
        None => first,
    };
    page.body.contains("id=\"signin\"").then(|| (page.action("id=\"signin\""), page.hidden("id=\"signin\"", "csrf")))
}

/// Signs in, in a browser that keeps its device; how long the password took to be answered, in milliseconds, and whether it let in.
async fn enter_again(browser: &Browser, base: &str, person: &(String, String)) -> (f64, bool) {
    browser.cookies.lock().unwrap().retain(|name, _| !name.contains("session"));
    let Some((action, csrf)) = page_of(browser, base).await else { return (f64::NAN, false) };
    let started = Instant::now();
    let reply = browser.submit(&format!("{base}{action}"), &[("csrf", &csrf), ("email", &person.0), ("password", &person.1)]).await;
    let took = started.elapsed().as_secs_f64() * 1_000.0;
    (took, reply.status == 303 && browser.cookies.lock().unwrap().keys().any(|name| name.contains("session")))
}

/// The real customer signs in while others try. Each address opens its page once, and sends its form a hundred times: half of them for the real customer's account, half for others that are there or not.
pub async fn stuffing(world: &World) {
    let per_second: f64 = std::env::var("BENCH_TRIES").ok().and_then(|rate| rate.parse().ok()).unwrap_or(500.0);
    let (server, _) = Server::start_with(world.place(), &[], &settings());
    let person = world.people[0].clone();
    let own = browser_from(&browser::http(), "217.0.43.1");
    for _ in 0..20 {
        assert!(enter_again(&own, &server.base, &person).await.1, "the real customer");
    }
    let mut idle = Vec::new();
    for _ in 0..200 {
        let (took, is_in) = enter_again(&own, &server.base, &person).await;
        assert!(is_in);
        idle.push(took);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let address = |number: usize| format!("73.{}.{}.{}", number / 250, number % 250, number % 200 + 1);
    let client = browser::http();
    let mut thieves = Vec::new();
    for number in 0..ADDRESSES {
        let browser = browser_from(&client, &address(number));
        let form = page_of(&browser, &server.base).await;
        thieves.push((browser, form));
    }
    let (people, base) = (world.people.clone(), server.base.clone());
    let stop = Arc::new(AtomicBool::new(false));
    let (sent, let_in) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let attack = {
        let (stop, sent, let_in) = (stop.clone(), sent.clone(), let_in.clone());
        tokio::spawn(async move {
            let (started, mut tasks, places) = (Instant::now(), tokio::task::JoinSet::new(), Arc::new(tokio::sync::Semaphore::new(512)));
            let thieves = Arc::new(thieves);
            let mut count = 0_usize;
            while count < ADDRESSES * TRIES {
                let due = ((started.elapsed().as_secs_f64() * per_second) as usize).min(ADDRESSES * TRIES);
                while count < due {
                    let (number, round) = (count % ADDRESSES, count / ADDRESSES);
                    let place = places.clone().acquire_owned().await.unwrap();
                    let (thieves, base, let_in, sent) = (thieves.clone(), base.clone(), let_in.clone(), sent.clone());
                    let email = if round % 2 == 0 { people[0].0.clone() } else { format!("person{}@example.com", number % 200) };
                    tasks.spawn(async move {
                        let (browser, form) = &thieves[number];
                        if let Some((action, csrf)) = form {
                            let reply = browser.submit(&format!("{base}{action}"), &[("csrf", csrf), ("email", &email), ("password", &format!("wrong password {round}"))]).await;
                            let_in.fetch_add(usize::from(reply.status == 303), Ordering::Relaxed);
                        }
                        sent.fetch_add(1, Ordering::Relaxed);
                        drop(place);
                    });
                    count += 1;
                    while tasks.try_join_next().is_some() {}
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            while tasks.join_next().await.is_some() {}
            stop.store(true, Ordering::Relaxed);
            started.elapsed().as_secs_f64()
        })
    };
    let (mut meanwhile, mut first_try) = (Vec::new(), 0);
    let cpu = server.cpu();
    while !stop.load(Ordering::Relaxed) {
        let (took, is_in) = enter_again(&own, &server.base, &person).await;
        meanwhile.push(took);
        first_try += usize::from(is_in);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let seconds = attack.await.unwrap();
    let (idle, under) = (percentiles(idle), percentiles(meanwhile.clone()));
    println!(
        "{} wrong tries from {ADDRESSES} addresses in {seconds:.0} s ({:.0}/s), {} let in, server busy for {:.0} CPU-s",
        sent.load(Ordering::Relaxed),
        sent.load(Ordering::Relaxed) as f64 / seconds,
        let_in.load(Ordering::Relaxed),
        server.cpu() - cpu
    );
    println!("the real customer meanwhile: {first_try} of {} in at the first try", meanwhile.len());
    println!(
        "their password answered: idle p50 {:.1} ms, p99 {:.1} ms; meanwhile p50 {:.1} ms, p99 {:.1} ms; ratio of p99 {:.2}",
        idle.0,
        idle.1,
        under.0,
        under.1,
        under.1 / idle.1
    );
}

fn open(world: &World) -> (Db, Tools) {
    let file = world.place().join("data/claviger.db");
    let ring = Arc::new(KeyRing::of(master_key::read(&world.place().join("keys/master.key")).unwrap(), None).unwrap());
    let db = Db::start(&DbOptions { address: DatabaseAddress::parse(&format!("sqlite:{}", file.display())).unwrap(), connections: 1, is_durable: false }).unwrap();
    (db, Tools { clock: Arc::new(SystemClock::new()), entropy: Arc::new(OsEntropy), ring })
}

/// Writes what a shop of this size has: counts of values, things that orders have in common, and histories of its customers.
async fn furnish(db: &Db, tools: &Tools, customers: u32) {
    let counts = i64::from(customers) * 10;
    let started = Instant::now();
    let sql = move |tx: &mut WriteTx<'_>, text: String| diesel::sql_query(text).execute(&mut **tx).map(|_| ());
    db.write(move |tx| {
        let row = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})";
        // Values are spread over all 63 bits, as keyed hashes are.
        sql(tx, format!("{} INSERT OR IGNORE INTO risk_counts (value, quarter, level, count) SELECT abs((i * 7046029254386353131) % 9223372036854775807), 228, i % 7, 1 + i % 9 FROM n", row.replace("{}", &counts.to_string())))?;
        let state = r#"{"at":1795000000,"hour":0.0,"day":0.1,"month":1.0,"orders":7,"mean":8.2,"squares":1.0,"weight":6.0,"customers":1,"tokens":1,"mature":6,"fraud":0}"#;
        sql(tx, format!("{} INSERT OR IGNORE INTO risk_entities (kind, value, state, updated_at) SELECT CASE i % 3 WHEN 0 THEN 'customer' WHEN 1 THEN 'token' ELSE 'shipping' END, (i * 6148914691236517205) % 9223372036854775807, '{state}', 1795000000 FROM n", row.replace("{}", &(i64::from(customers) * 3).to_string())))?;
        Ok(())
    })
    .await
    .unwrap();
    // Every hundredth customer has a full history, so that the file grows as it would; those who are measured have one.
    let seen = history_of(tools);
    let ids: Vec<String> = db.read(move |connection| claviger_ids(connection, 10_000)).await.unwrap();
    for part in ids.chunks(500) {
        let (part, tools, seen) = (part.to_vec(), tools.clone(), seen.clone());
        db.write(move |tx| part.iter().try_for_each(|id| counts::keep_history(tx, &tools, id, &seen))).await.unwrap();
    }
    println!("furnished {counts} counts, {} things in common and {} histories in {:.0} s", i64::from(customers) * 3, ids.len(), started.elapsed().as_secs_f64());
}

#[derive(diesel::QueryableByName)]
struct Id {
    #[diesel(sql_type = diesel::sql_types::Text)]
    id: String,
}

fn claviger_ids(connection: &mut claviger::platform::db::DbConnection, limit: u32) -> Result<Vec<String>, claviger::platform::db::StoreError> {
    let rows: Vec<Id> = diesel::sql_query(format!("SELECT id FROM customers ORDER BY id LIMIT {limit}")).load(connection)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

fn desk_of(tools: &Tools) -> SigninDesk {
    SigninDesk::new(SigninPolicy::default(), Model::default(), Places::open(Files::default()).unwrap(), tools.clone()).unwrap()
}

fn history_of(tools: &Tools) -> History {
    let desk = desk_of(tools);
    let mut history = History::default();
    for number in 0..60 {
        let seen: Seen = desk.observe(Some(format!("217.0.{}.{number}", 40 + number % 4).parse().unwrap()), Some(AGENT));
        history.accept(Entry { observation: seen.observation, at: tools.now().plus(-86_400 * i64::from(60 - number)), is_known: true, has_country: true });
    }
    history
}

/// The whole of what is done for a judgement, step by step, on the database of a shop of this size.
async fn judging(db: &Db, tools: &Tools) {
    let desk = Arc::new(desk_of(tools));
    let ids: Vec<String> = db.read(|connection| claviger_ids(connection, 10_000)).await.unwrap();
    let (mut observing, mut finding, mut judging, mut all) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for step in 0..20_000_usize {
        let (desk, id) = (desk.clone(), ids[step * 7_919 % ids.len()].clone());
        let times = db
            .read(move |connection| {
                let started = Instant::now();
                let seen = desk.observe(Some(format!("91.{}.{}.{}", step % 64, step % 251, step % 199).parse().unwrap()), Some(AGENT));
                let passed = || started.elapsed().as_secs_f64() * 1_000.0;
                let observed = passed();
                let known = desk.find_known(connection, &seen.observation, Who::Customer(&id))?;
                let found = passed();
                std::hint::black_box(desk.judge(&seen, &known, Some(false)));
                Ok([observed, found - observed, passed() - found])
            })
            .await
            .unwrap();
        observing.push(times[0]);
        finding.push(times[1]);
        judging.push(times[2]);
        all.push(times.iter().sum());
    }
    for (what, times) in [("observing", observing), ("reading what is known", finding), ("judging", judging), ("all of it", all)] {
        let (median, high) = percentiles(times);
        println!("  {what:<24} p50 {median:.3} ms, p99 {high:.3} ms");
    }
}

/// Sign-ins one after the other, alternating between a server that judges and one that does not.
async fn compare_signins(world: &World, password: &str, customers: u32) {
    let with = |mode: &'static str| {
        let mut settings = settings();
        settings.push(("CLAVIGER_RISK_MODE", mode));
        settings
    };
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..6_u32 {
        let mode = ["off", "enforce"][(round % 2) as usize];
        let (server, _) = Server::start_with(world.place(), &[], &with(mode));
        let browser_client = browser::http();
        for step in 0..150_u32 {
            let number = 1_001 + (step + round / 2 * 1_000).wrapping_mul(2_654_435_761) % (customers - 1_001);
            let person = (format!("seeded{number:08}@customers.example"), password.to_owned());
            let browser = browser_from(&browser_client, &format!("217.{}.{}.9", step % 64, step % 250));
            let (took, is_in) = enter_again(&browser, &server.base, &person).await;
            assert!(is_in, "{person:?}");
            times[(round % 2) as usize].push(took);
        }
    }
    let [off, on] = times.map(percentiles);
    println!(
        "password of a sign-in answered: without judgement p50 {:.2} ms, p99 {:.2} ms; with it p50 {:.2} ms, p99 {:.2} ms; {:+.2} ms and ratio {:.3} in the median",
        off.0,
        off.1,
        on.0,
        on.1,
        on.0 - off.0,
        on.0 / off.0
    );
}

/// Orders at a steady rate, beside a request of the same client that judges nothing.
async fn orders(world: &World, customers: u32) {
    std::fs::write(
        world.place().join("client.json"),
        json!({ "client_name": "asker", "token_endpoint_auth_method": "client_secret_basic", "grant_types": ["client_credentials"], "scope": "risk.orders avs.check" }).to_string(),
    )
    .unwrap();
    let made: Value = serde_json::from_str(&said(world.place(), &["clients", "add", "--id", "asker", "--metadata", "client.json", "--json"], "")).unwrap();
    let asker = ("asker".to_owned(), made["client_secret"].as_str().unwrap().to_owned());
    let (server, _) = Server::start_with(world.place(), &[], &settings());
    let scope = [("grant_type", "client_credentials"), ("scope", "risk.orders")];
    let access = token(&world.client, &server.base, &basic(&asker), &scope).await.expect("a token")["access_token"].as_str().unwrap().to_owned();
    for per_second in [25.0, 100.0] {
        let mut seen = Vec::new();
        for judged in [false, true] {
            let (started, count) = (Instant::now(), (per_second * 20.0) as usize);
            let mut tasks = Vec::with_capacity(count);
            while tasks.len() < count {
                let due = ((started.elapsed().as_secs_f64() * per_second) as usize).min(count);
                while tasks.len() < due {
                    let number = tasks.len() as u64 * 2_654_435_761 % u64::from(customers) + (per_second as u64) * 10_000_000;
                    let body = json!({
                        "order_id": format!("o-{number}"), "amount": { "currency": "EUR", "value": "129.90" }, "items": [{ "category": "electronics", "qty": 1, "value": "129.90" }],
                        "shipping": { "address": { "street_address": format!("{} Street", number % 400), "postal_code": format!("{:05}", number % 90_000), "country": "DE" }, "method": "express" },
                        "payment": { "token": format!("pm_{number}"), "iin": "453912", "country": "DE", "avs": "match", "cvc": "match" }, "device": { "ip": format!("91.{}.{}.7", number % 200, number % 250) },
                    });
                    let client = world.client.clone();
                    let request = if judged {
                        client.post(format!("{}/api/v1/risk/orders", server.base)).header("content-type", "application/json").body(body.to_string())
                    } else {
                        client.get(format!("{}/api/v1/risk/orders/o-{number}-none", server.base))
                    };
                    let request = request.header("host", HOST).bearer_auth(&access);
                    tasks.push(tokio::spawn(async move {
                        let started = Instant::now();
                        let response = request.send().await.unwrap();
                        let status = response.status().as_u16();
                        response.bytes().await.unwrap();
                        (started.elapsed().as_secs_f64() * 1_000.0, status)
                    }));
                }
                tokio::time::sleep(Duration::from_micros(200)).await;
            }
            let mut times = Vec::new();
            for task in tasks {
                let (took, status) = task.await.unwrap();
                assert_eq!(status, if judged { 200 } else { 404 });
                times.push(took);
            }
            seen.push(percentiles(times));
        }
        let fsyncs = raw_fsyncs(world.place());
        println!(
            "orders at {per_second:.0}/s among {customers} customers: judged p50 {:.2} ms, p99 {:.2} ms; the same request without judgement p50 {:.2} ms, p99 {:.2} ms; ratio {:.1} and {:.1}; a write reaches this disk {fsyncs:.0} times a second",
            seen[1].0,
            seen[1].1,
            seen[0].0,
            seen[0].1,
            seen[1].0 / seen[0].0,
            seen[1].1 / seen[0].1
        );
    }
}

/// All of it among many customers.
pub async fn cost(world: &World) {
    let customers: u32 = std::env::var("BENCH_CUSTOMERS").ok().and_then(|count| count.parse().ok()).unwrap_or(1_000_000);
    let started = Instant::now();
    let told = said(world.place(), &["customers", "seed", "--count", &customers.to_string()], "");
    let password = told.rsplit(' ').next().unwrap().trim().to_owned();
    println!("seeded {customers} customers in {:.0} s", started.elapsed().as_secs_f64());
    let (db, tools) = open(world);
    furnish(&db, &tools, customers).await;
    println!("judging a sign-in, {customers} customers:");
    judging(&db, &tools).await;
    drop(db);
    compare_signins(world, &password, customers).await;
    orders(world, customers).await;
}
