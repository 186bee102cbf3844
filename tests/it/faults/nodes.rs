//! Two nodes behind HAProxy on one PostgreSQL, while people sign in at a fixed rate whatever happens: one is killed, both are replaced one after the other, keys are renewed, the database crashes and comes back (X3, X10, X16, X26).
//!
//! With `TEST_OLD_BINARY` the nodes begin as that version and are upgraded to this one; `TEST_RATE` sign-ins begin each second; `TEST_BINARY` is taken in the place of the debug build.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{is_long, is_skipped};
use crate::kit::cluster::Cluster;
use crate::kit::process::{ISSUER, Server, another_on, claviger_on, executable, free_port, spawn_at};
use crate::kit::shop::VERIFIER;
use crate::kit::{Backend, Browser, Person, Place, Shop, Tokens};
use claviger::base::ids::CustomerId;
use claviger::oauth::clients::metadata::AuthMethod;

/// HAProxy, set up as `deploy/haproxy` has it, but for addresses and TLS.
struct Balancer {
    child: Child,
    base: String,
    _folder: tempfile::TempDir,
}

impl Balancer {
    fn start(nodes: &[(u16, u16)]) -> Self {
        let whole = std::fs::read_to_string("deploy/haproxy/haproxy.cfg").unwrap();
        let port = free_port();
        let section = |name: &str| whole.split("\n\n").find(|part| part.lines().any(|line| line == name)).unwrap_or_else(|| panic!("no {name}")).to_owned();
        let frontend = section("frontend secure").replace("bind :8443 ssl crt /run/secrets/tls alpn http/1.1", &format!("bind 127.0.0.1:{port}"));
        let backend = |name: &str| {
            let whole = section(name);
            let kept = whole.lines().filter(|line| !line.trim_start().starts_with("server node-"));
            let kept = kept.map(|line| line.replace("resolvers docker init-addr last,libc,none ", "").replace("check port 9464", "check"));
            kept.chain(nodes.iter().enumerate().map(|(number, (port, operations))| format!("  server node-{number} 127.0.0.1:{port} port {operations}")))
                .collect::<Vec<_>>()
                .join("\n")
        };
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("haproxy.cfg");
        std::fs::write(&file, [section("defaults"), frontend, backend("backend nodes"), backend("backend documents"), String::new()].join("\n\n")).unwrap();
        let checked = Command::new("haproxy").arg("-c").arg("-f").arg(&file).output().expect("HAProxy is installed; scripts/test does that");
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
        let child = Command::new("haproxy").arg("-db").arg("-f").arg(&file).stderr(std::process::Stdio::null()).stdout(std::process::Stdio::null()).spawn().unwrap();
        Self { child, base: format!("http://127.0.0.1:{port}"), _folder: folder }
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One sign-in: when it began and ended, and how.
struct Ended {
    began: Duration,
    ended: Duration,
    /// What went wrong where, if anything.
    failure: Option<String>,
}

#[derive(Default)]
struct Journal {
    all: Vec<Ended>,
    sessions: Vec<String>,
    codes: Vec<String>,
    refreshed: Vec<(String, String)>,
    access_tokens: Vec<String>,
}

async fn userinfo(shop: &Shop, base: &str, token: &str) -> Option<u16> {
    let request = shop.client.get(format!("{base}/userinfo")).header("host", "login.shop.example").header("authorization", format!("Bearer {token}"));
    Some(request.send().await.ok()?.status().as_u16())
}

/// Whether whichever node is asked for them publishes the key that signed `token`.
async fn is_published(shop: &Shop, base: &str, token: &str) -> Option<bool> {
    let header = claviger::base::encoding::from_base64url(token.split('.').next()?)?;
    let header: serde_json::Value = serde_json::from_slice(&header).ok()?;
    let answer = shop.client.get(format!("{base}/jwks")).header("host", "login.shop.example").send().await.ok()?;
    let keys: serde_json::Value = serde_json::from_str(&answer.text().await.ok()?).ok()?;
    Some(keys["keys"].as_array()?.iter().any(|key| key["kid"] == header["kid"]))
}

/// The whole of a sign-in, which tells nobody anything of retries: whatever is no success is a failure.
async fn sign_in(base: &str, person: &Person, shop: &Shop, journal: &RefCell<Journal>) -> Result<(), String> {
    let browser = Browser::new(ISSUER).at(base);
    let gone = |step: &str| format!("{step}: cut");
    let said = |step: &str, status: u16| format!("{step}: {status}");
    let mut reply = browser.try_get(&shop.authorize_url(&[])).await.ok_or_else(|| gone("authorize"))?;
    while let Some(location) = reply.location().map(str::to_owned) {
        reply = browser.try_get(&location).await.ok_or_else(|| gone("page"))?;
    }
    if reply.status != 200 || !reply.body.contains("id=\"signin\"") {
        return Err(said("page", reply.status));
    }
    let csrf = reply.hidden("id=\"signin\"", "csrf");
    let reply = browser
        .try_submit(&reply.action("id=\"signin\""), &[("csrf", &csrf), ("email", &person.email), ("password", &person.password)])
        .await
        .ok_or_else(|| gone("password"))?;
    if reply.status != 303 {
        return Err(said("password", reply.status));
    }
    journal.borrow_mut().sessions.push(browser.cookie("__Host-claviger_session").unwrap());
    let reply = browser.try_get(reply.location().unwrap()).await.ok_or_else(|| gone("code"))?;
    let Some(code) = reply.location().and_then(|to| url::Url::parse(to).ok()?.query_pairs().into_owned().find(|(name, _)| name == "code").map(|(_, code)| code)) else {
        return Err(said("code", reply.status));
    };
    let fields = [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", shop.callback.as_str()), ("code_verifier", VERIFIER)];
    let reply = shop.try_post_to(base, "/token", &fields).await.ok_or_else(|| gone("token"))?;
    if reply.status != 200 {
        return Err(said("token", reply.status));
    }
    let tokens = Tokens(reply.json());
    journal.borrow_mut().codes.push(code);
    journal.borrow_mut().access_tokens.push(tokens.access());
    // Whichever node is asked knows the key that the other has signed with, and tells it to shops.
    match is_published(shop, base, tokens.0["id_token"].as_str().unwrap()).await {
        Some(true) => {}
        Some(false) => return Err("keys: not published".to_owned()),
        None => return Err("keys: no answer".to_owned()),
    }
    let status = userinfo(shop, base, &tokens.access()).await.ok_or_else(|| gone("userinfo"))?;
    if status != 200 {
        return Err(said("userinfo", status));
    }
    let reply = shop.try_post_to(base, "/token", &[("grant_type", "refresh_token"), ("refresh_token", &tokens.refresh())]).await.ok_or_else(|| gone("refresh"))?;
    if reply.status != 200 {
        return Err(said("refresh", reply.status));
    }
    journal.borrow_mut().refreshed.push((tokens.refresh(), Tokens(reply.json()).refresh()));
    Ok(())
}

/// Nodes with fixed ports, which can be ended and begun.
struct Nodes {
    place: Arc<Place>,
    ports: Vec<(u16, u16)>,
    running: Vec<Option<Server>>,
}

const SETTINGS: [(&str, &str); 5] = [
    ("CLAVIGER_ATTEMPTS_SOURCE_LIMIT", "100000"),
    ("CLAVIGER_ATTEMPTS_ACCOUNT_LIMIT", "1000"),
    ("CLAVIGER_SERVER_TRUSTED_PROXIES", "127.0.0.1/32"),
    ("CLAVIGER_RISK_MODE", "audit"),
    ("CLAVIGER_DATABASE_CONNECTIONS", "6"),
];

impl Nodes {
    async fn begin(&mut self, number: usize, binary: PathBuf) {
        let (place, ports) = (Arc::clone(&self.place), self.ports[number]);
        let server = tokio::task::spawn_blocking(move || spawn_at(&place, &SETTINGS, &binary, ports)).await.unwrap();
        self.running[number] = Some(server.unwrap_or_else(|said| panic!("node {number} did not start: {said}")));
        // The balancer asks each second.
        tokio::time::sleep(Duration::from_millis(1_500)).await;
    }

    async fn end(&mut self, number: usize) {
        let mut server = self.running[number].take().unwrap();
        rustix::process::kill_process(rustix::process::Pid::from_child(&server.child), rustix::process::Signal::TERM).unwrap();
        let status = tokio::task::spawn_blocking(move || server.child.wait().unwrap()).await.unwrap();
        assert!(status.success(), "{status}");
    }

    async fn command(&self, arguments: &'static [&'static str]) {
        let place = Arc::clone(&self.place);
        let (status, said) = tokio::task::spawn_blocking(move || claviger_on(&place, arguments)).await.unwrap();
        assert_eq!(status, 0, "{said}");
    }
}

/// A stretch of time in which sign-ins may fail.
struct Window {
    what: &'static str,
    from: Duration,
    to: Duration,
    may_fail: bool,
}

#[test]
fn two_nodes_survive_what_happens_to_them() {
    if is_skipped() {
        return;
    }
    actix_web::rt::System::new().block_on(async {
        let variable = |name: &str| std::env::var(name).ok();
        let new = variable("TEST_BINARY").map_or_else(executable, PathBuf::from);
        let old = variable("TEST_OLD_BINARY").map_or_else(|| new.clone(), PathBuf::from);
        let rate: u32 = variable("TEST_RATE").and_then(|rate| rate.parse().ok()).unwrap_or(if is_long() { 6 } else { 3 });
        let calm = Duration::from_secs(if is_long() { 10 } else { 2 });
        let cluster = Cluster::start(None);
        let place = Arc::new(Place::of_another(Backend::Postgres, cluster.url("")));
        let mut nodes = Nodes { place: Arc::clone(&place), ports: vec![(free_port(), free_port()), (free_port(), free_port())], running: vec![None, None] };
        nodes.begin(0, old.clone()).await;
        nodes.begin(1, old.clone()).await;
        // The older version's own commands, so that the newer one's migrations are made under load.
        let (people, shop) = populated(&old, &place);
        let balancer = Balancer::start(&nodes.ports);
        while Browser::new(ISSUER).at(&balancer.base).try_get("/jwks").await.is_none_or(|reply| reply.status != 200) {}

        let journal = Rc::new(RefCell::new(Journal::default()));
        let began = Instant::now();
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let load = actix_web::rt::spawn(load(Rc::clone(&journal), balancer.base.clone(), (people, shop.clone()), (began, rate), stopped));
        let mut windows = Vec::new();
        let mut window = |what, from: Duration, to: Duration, may_fail| windows.push(Window { what, from, to, may_fail });
        tokio::time::sleep(calm).await;
        window("calm", Duration::ZERO, began.elapsed(), false);

        // One node is killed: what it had in its hands is lost, and nothing else. It comes back.
        let from = began.elapsed();
        nodes.running[0].as_mut().unwrap().child.kill().unwrap();
        nodes.running[0] = None;
        let killed = began.elapsed();
        window("kill -9 of a node: in its hands", from, killed, true);
        tokio::time::sleep(calm).await;
        nodes.begin(0, old.clone()).await;
        window("one node only, then back", killed, began.elapsed(), false);

        // Both are replaced, one after the other.
        let from = began.elapsed();
        for number in [0, 1] {
            nodes.end(number).await;
            nodes.begin(number, new.clone()).await;
        }
        window("rolling upgrade", from, began.elapsed(), false);

        // Keys for tokens and for data.
        let from = began.elapsed();
        nodes.command(&["keys", "rotate", "--algorithm", "RS256", "--now"]).await;
        nodes.command(&["keys", "rotate", "--algorithm", "EdDSA", "--now"]).await;
        tokio::time::sleep(calm).await;
        nodes.command(&["keys", "rotate-master"]).await;
        tokio::time::sleep(calm).await;
        window("keys renewed", from, began.elapsed(), false);

        // The database crashes, is away for two seconds, and comes back.
        let (kept, cluster_again) = std::sync::mpsc::channel();
        // When both nodes are known to be without it, documents are there all the same.
        let (asked, ask) = tokio::sync::oneshot::channel();
        let documents = actix_web::rt::spawn({
            let browser = Browser::new(ISSUER).at(&balancer.base);
            async move {
                ask.await.unwrap();
                let mut statuses = Vec::new();
                for path in ["/jwks", "/.well-known/openid-configuration", "/assets/passkey.js"] {
                    statuses.push(browser.get(path).await.status);
                }
                statuses
            }
        });
        let from = began.elapsed();
        tokio::task::spawn_blocking(move || {
            cluster.crash();
            std::thread::park_timeout(Duration::from_millis(2_500));
            _ = asked.send(());
            std::thread::park_timeout(Duration::from_millis(500));
            cluster.begin();
            _ = kept.send(cluster);
        })
        .await
        .unwrap();
        let back = began.elapsed();
        assert_eq!(documents.await.unwrap(), [200, 200, 200]);
        window("database away", from, back + Duration::from_millis(1_500), true);
        tokio::time::sleep(calm + Duration::from_millis(1_500)).await;
        window("database back", back + Duration::from_millis(1_500), began.elapsed(), false);
        stop.send(true).unwrap();
        load.await.unwrap();

        let journal = journal.take();
        let surprises = report(&journal, &windows);
        assert!(surprises.is_empty(), "{surprises:#?}");
        check(&nodes, &shop, &journal).await;
        drop((balancer, cluster_again));
    });
}

/// Prints what came of it, and gives back what failed when nothing may.
fn report(journal: &Journal, windows: &[Window]) -> Vec<String> {
    let mut surprises = Vec::new();
    println!("{:<34} {:>7} {:>7} {:>7} {:>9} {:>9}", "", "seconds", "begun", "failed", "p50 ms", "p99 ms");
    for window in windows {
        let begun: Vec<&Ended> = journal.all.iter().filter(|one| one.began >= window.from && one.began < window.to).collect();
        // Whatever was under way in a window in which things may fail belongs to it.
        let is_excused = |one: &Ended| windows.iter().any(|other| other.may_fail && one.began < other.to && one.ended >= other.from);
        let mut took: Vec<u128> = begun.iter().filter(|one| one.failure.is_none()).map(|one| one.ended.saturating_sub(one.began).as_millis()).collect();
        took.sort_unstable();
        let at = |part: usize| took.get((took.len() * part / 100).min(took.len().saturating_sub(1))).copied().unwrap_or_default();
        let failed = journal.all.iter().filter(|one| {
            one.failure.is_some()
                && if window.may_fail { one.began < window.to && one.ended >= window.from } else { one.began >= window.from && one.began < window.to && !is_excused(one) }
        });
        let failed: Vec<&Ended> = failed.collect();
        println!("{:<34} {:>7.1} {:>7} {:>7} {:>9} {:>9}", window.what, window.to.saturating_sub(window.from).as_secs_f32(), begun.len(), failed.len(), at(50), at(99));
        for one in failed {
            println!("    {:.2} to {:.2} s: {}", one.began.as_secs_f32(), one.ended.as_secs_f32(), one.failure.as_deref().unwrap_or_default());
            if !window.may_fail {
                surprises.push(format!("{}: {}", window.what, one.failure.as_deref().unwrap_or_default()));
            }
        }
    }
    let succeeded = journal.all.iter().filter(|one| one.failure.is_none()).count();
    println!(
        "{} sign-ins, {succeeded} succeeded; {} sessions, {} codes, {} refresh tokens acknowledged",
        journal.all.len(),
        journal.sessions.len(),
        journal.codes.len(),
        journal.refreshed.len()
    );
    surprises
}

/// Begins sign-ins at a fixed rate until it is told to stop, and waits for those under way.
async fn load(journal: Rc<RefCell<Journal>>, base: String, (people, shop): (Vec<Person>, Shop), (began, rate): (Instant, u32), mut stopped: tokio::sync::watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / rate);
    let mut under_way = Vec::new();
    for number in 0.. {
        tokio::select! { _ = ticks.tick() => {}, _ = stopped.changed() => break }
        let (journal, base, shop, person) = (Rc::clone(&journal), base.clone(), shop.clone(), people[number % people.len()].clone());
        under_way.push(actix_web::rt::spawn(async move {
            let start = began.elapsed();
            let failure = sign_in(&base, &person, &shop, &journal).await.err();
            journal.borrow_mut().all.push(Ended { began: start, ended: began.elapsed(), failure });
        }));
    }
    for one in under_way {
        one.await.unwrap();
    }
}

/// Ten people and a shop.
fn populated(binary: &Path, place: &Place) -> (Vec<Person>, Shop) {
    let callback = "https://shop.example/cb";
    let (status, said) = another_on(binary, place, &["clients", "add", "--id", "shop", "--name", "Shop", "--redirect-uri", callback, "--json"], "");
    assert_eq!(status, 0, "{said}");
    let told: serde_json::Value = serde_json::Deserializer::from_str(&said[said.find('{').unwrap()..]).into_iter().next().unwrap().unwrap();
    let shop = Shop {
        id: "shop".to_owned(),
        secret: told["client_secret"].as_str().unwrap_or_else(|| panic!("{told}")).to_owned(),
        method: AuthMethod::ClientSecretBasic,
        callback: callback.to_owned(),
        issuer: ISSUER.to_owned(),
        client: crate::kit::browser::http(),
    };
    let person = |number: usize| {
        let (email, password) = (format!("p{number}@example.com"), format!("number {number} likes long passwords"));
        let (status, said) = another_on(binary, place, &["customers", "add", "--email", &email, "--email-verified", "--password-stdin"], &password);
        assert_eq!(status, 0, "{said}");
        Person { id: CustomerId::nobody(), email, password }
    };
    ((0..10).map(person).collect(), shop)
}

/// What was acknowledged holds, on both nodes.
async fn check(nodes: &Nodes, shop: &Shop, journal: &Journal) {
    let bases: Vec<String> = nodes.running.iter().map(|node| node.as_ref().unwrap().base.clone()).collect();
    let base = |number: usize| &bases[number % 2];
    for (number, session) in journal.sessions.iter().enumerate() {
        let browser = Browser::new(ISSUER).at(base(number));
        browser.cookies.lock().unwrap().insert("__Host-claviger_session".into(), session.clone());
        assert_eq!(browser.get("/account").await.status, 200, "an acknowledged session is gone");
    }
    for (number, token) in journal.access_tokens.iter().enumerate() {
        assert_eq!(userinfo(shop, base(number), token).await, Some(200), "a token is not taken any more");
    }
    for (number, (used, next)) in journal.refreshed.iter().enumerate() {
        let refresh = async |token: &str| shop.post_to(base(number), "/token", &[("grant_type", "refresh_token"), ("refresh_token", token)]).await;
        assert_eq!(refresh(next).await.status, 200, "an acknowledged refresh token is gone");
        assert_eq!(refresh(used).await.json()["error"], "invalid_grant", "a used refresh token came back");
    }
    for (number, code) in journal.codes.iter().enumerate() {
        assert_eq!(shop.post_to(base(number), "/token", &shop.redemption(code)).await.json()["error"], "invalid_grant", "a used code came back");
    }
}
