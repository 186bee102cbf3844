//! A real Chromium walks the demo: shop, sign-in, consent, shop, sign-out; with and without JavaScript; and its pages are photographed.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::disallowed_methods, reason = "a test that is surprised may stop")]

#[path = "../kit/mod.rs"]
#[expect(dead_code, unused_imports, reason = "each test binary uses a part of it")]
mod kit;

mod account;
mod admin;
mod elsewhere;
mod ladder;
mod passkeys;
mod purchase;
mod puzzles;

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};

/// A running demo with a folder of its own.
struct Demo {
    child: Child,
    shop: String,
    people: Value,
    issuer: String,
    _folder: tempfile::TempDir,
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Four ports in a row that nobody uses.
fn free_ports() -> u16 {
    static TAKEN: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    let number = TAKEN.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    (20_000..32_000_u16)
        .step_by(4)
        .skip(std::process::id() as usize % 2_000 + number * 100)
        .find(|port| (0..4).all(|offset| std::net::TcpListener::bind(("127.0.0.1", port + offset)).is_ok()))
        .expect("four free ports in a row")
}

fn start_demo(settings: &[&str]) -> Demo {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("demo");
    let port = free_ports();
    let mut child = Command::new(env!("CARGO_BIN_EXE_claviger"))
        .args(settings.iter().flat_map(|setting| ["--set", setting]))
        .args(["demo", "--port", &port.to_string(), "--data", data.to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.by_ref().map_while(Result::ok).any(|line| line.contains("Ctrl-C")), "the demo did not start");
    std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
    let people = serde_json::from_slice(&std::fs::read(data.join("demo.json")).unwrap()).unwrap();
    Demo { child, shop: format!("http://localhost:{}", port + 1), issuer: format!("http://localhost:{port}"), people, _folder: folder }
}

async fn chromium(has_script: bool, look: &[&str], size: (u32, u32)) -> Client {
    let driver = std::env::var("TEST_WEBDRIVER").expect("set TEST_WEBDRIVER to a chromedriver's address; scripts/test starts one");
    let mut arguments = vec![
        "--headless=new".to_owned(),
        "--no-sandbox".into(),
        "--disable-gpu".into(),
        "--disable-quic".into(),
        "--no-first-run".into(),
        "--disable-background-networking".into(),
        "--disable-component-update".into(),
        "--disable-sync".into(),
        "--disable-dev-shm-usage".into(),
        format!("--window-size={},{}", size.0, size.1),
    ];
    arguments.extend(look.iter().map(|flag| (*flag).to_owned()));
    let script = if has_script { 1 } else { 2 };
    let options = json!({ "args": arguments, "prefs": { "profile.managed_default_content_settings.javascript": script, "credentials_enable_service": false } });
    let capabilities = json!({ "goog:chromeOptions": options, "goog:loggingPrefs": { "browser": "ALL" } });
    let Value::Object(capabilities) = capabilities else { panic!("capabilities are an object") };
    let client = ClientBuilder::new(hyper_util_connector()).capabilities(capabilities).connect(&driver).await.expect("chromedriver starts a browser");
    if !has_script {
        let session = client.session_id().await.unwrap().unwrap();
        WITHOUT_SCRIPT.lock().unwrap().push(session);
    }
    client
}

/// The browsers whose pages run no script, not even one that looks them over.
static WITHOUT_SCRIPT: std::sync::Mutex<Vec<String>> = std::sync::Mutex::new(Vec::new());

fn hyper_util_connector() -> hyper_util::client::legacy::connect::HttpConnector {
    hyper_util::client::legacy::connect::HttpConnector::new()
}

/// Finds an element that may belong to a page which is just being left; then it is looked for again.
async fn with_element(client: &Client, css: &str, act: impl AsyncFn(fantoccini::elements::Element) -> Result<(), fantoccini::error::CmdError>) {
    let mut last = String::new();
    for _ in 0..50 {
        let element = client.wait().at_most(Duration::from_secs(20)).for_element(Locator::Css(css)).await.unwrap_or_else(|error| panic!("{css}: {error}"));
        match act(element).await {
            Ok(()) => return,
            Err(error) => last = error.to_string(),
        }
    }
    panic!("{css}: {last}");
}

async fn click(client: &Client, css: &str) {
    with_element(client, css, async |element| element.click().await).await;
}

async fn fill(client: &Client, css: &str, text: &str) {
    with_element(client, css, async |element| {
        element.clear().await?;
        element.send_keys(text).await
    })
    .await;
}

/// Chooses an option of a list by its value.
async fn choose(client: &Client, css: &str, value: &str) {
    with_element(client, css, async |element| element.select_by_value(value).await).await;
}

async fn text_of(client: &Client, css: &str) -> String {
    let text = std::cell::RefCell::new(String::new());
    with_element(client, css, async |element| {
        *text.borrow_mut() = element.text().await?;
        Ok(())
    })
    .await;
    text.into_inner()
}

/// Waits for the page with this heading; the page before may still be there.
async fn heading(client: &Client, text: &str) {
    let path = format!("//h1[normalize-space()=\"{text}\"]");
    client.wait().at_most(Duration::from_secs(20)).for_element(Locator::XPath(&path)).await.unwrap_or_else(|error| panic!("{text}: {error}"));
}

/// Waits for a message with `text`: the one of the page before may still be there.
async fn told(client: &Client, text: &str) {
    let path = format!("//*[@id='message'][contains(., '{text}')]");
    client.wait().at_most(Duration::from_secs(20)).for_element(Locator::XPath(&path)).await.unwrap_or_else(|error| panic!("{text}: {error}"));
}

/// Takes a picture, and has axe-core look the page over for everything that WCAG 2.2 A and AA ask for and a machine can see.
async fn photograph(client: &Client, name: &str) {
    if let Ok(folder) = std::env::var("TEST_SCREENSHOTS") {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(PathBuf::from(folder).join(format!("{name}.png")), client.screenshot().await.unwrap()).unwrap();
    }
    check_accessibility(client, name).await;
}

/// axe-core, as it is installed beside the other node modules.
static AXE: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
    let folder = std::env::var("TEST_NODE").expect("TEST_NODE is the folder with the node modules of tests/clients/node");
    std::fs::read_to_string(PathBuf::from(folder).join("node_modules/axe-core/axe.min.js")).expect("axe-core is installed")
});

/// In both schemes, whatever the browser prefers. A browser without scripts shows the same pages, and cannot be asked.
async fn check_accessibility(client: &Client, name: &str) {
    let session = client.session_id().await.unwrap().unwrap();
    if WITHOUT_SCRIPT.lock().unwrap().contains(&session) {
        return;
    }
    client.execute(&AXE, Vec::new()).await.unwrap();
    let run = "const done = arguments[1]; document.documentElement.style.colorScheme = arguments[0]; axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(found => done({ checked: found.passes.length, faults: found.violations.map(fault => fault.id + ': ' + fault.nodes.slice(0, 3).map(node => node.html + ' ' + node.failureSummary).join(' | ')) }))";
    for scheme in ["light", "dark"] {
        let found = client.execute_async(run, vec![json!(scheme)]).await.unwrap();
        assert!(found["checked"].as_u64().unwrap() > 5, "{name}: {found}");
        assert_eq!(found["faults"], json!([]), "{name}, {scheme}");
    }
    client.execute("document.documentElement.style.colorScheme = ''", Vec::new()).await.unwrap();
}

/// At the page that insists on recovery codes: gets them, says that they are kept; the first of them.
async fn keep_codes(client: &Client, look: &str) -> String {
    click(client, "#get-codes").await;
    let first = text_of(client, "#codes code").await;
    photograph(client, &format!("recovery-codes-{look}")).await;
    click(client, "#saved").await;
    click(client, "#submit").await;
    told(client, "recovery codes are set").await;
    first
}

/// Shop, basket, checkout, sign-in, consent, order, sign-out; each page photographed under `look`.
async fn purchase(demo: &Demo, client: &Client, look: &str) {
    let person = &demo.people["people"][0];
    client.goto(&demo.shop).await.unwrap();
    photograph(client, &format!("shop-{look}")).await;
    click(client, "#add-sidamo").await;
    click(client, "#basket").await;
    heading(client, "Sign in").await;
    photograph(client, &format!("signin-{look}")).await;
    fill(client, "#email", person["email"].as_str().unwrap()).await;
    fill(client, "#password", "not my password at all").await;
    click(client, "#submit").await;
    assert!(text_of(client, "#problem").await.contains("don't match"));
    photograph(client, &format!("signin-problem-{look}")).await;
    fill(client, "#password", person["password"].as_str().unwrap()).await;
    click(client, "#submit").await;
    heading(client, "Bean & Leaf asks for access").await;
    photograph(client, &format!("consent-{look}")).await;
    click(client, "#allow").await;
    assert!(text_of(client, "#address").await.contains("Ada Lovelace"));
    photograph(client, &format!("checkout-{look}")).await;
    // A card of another town, as its bank says; then her own.
    choose(client, "#card", "pm_elsewhere").await;
    click(client, "#order").await;
    told(client, "Your bank has another address").await;
    choose(client, "#card", "pm_match").await;
    click(client, "#order").await;
    told(client, "on its way").await;
    let issuer = &demo.issuer;
    client.goto(&format!("{issuer}/account")).await.unwrap();
    assert_eq!(text_of(client, "#name").await, "Ada Lovelace");
    photograph(client, &format!("account-{look}")).await;
    click(client, "#security").await;
    heading(client, "Sign-in and security").await;
    photograph(client, &format!("security-{look}")).await;
    fill(client, "#name", "Ada's phone").await;
    click(client, "#add").await;
    heading(client, "Add an authenticator app").await;
    click(client, "summary").await;
    photograph(client, &format!("enrol-totp-{look}")).await;
    let seed = totp_rs::Secret::try_from_base32(text_of(client, "#seed").await).unwrap();
    let app = totp_rs::Builder::new().with_secret(seed).build().unwrap();
    let code = |steps: u64| app.generate(std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() + steps * 30).to_string();
    fill(client, "#code", &code(0)).await;
    click(client, "#submit").await;
    heading(client, "Your recovery codes").await;
    photograph(client, &format!("recovery-codes-why-{look}")).await;
    let recovery = keep_codes(client, look).await;
    assert!(text_of(client, "#codes-left").await.contains("10 codes left"));
    photograph(client, &format!("security-with-app-{look}")).await;
    client.goto(&format!("{issuer}/logout/confirm")).await.unwrap();
    photograph(client, &format!("signout-{look}")).await;
    client.goto(&format!("{issuer}/authorize?client_id=bean-and-leaf&redirect_uri=https://evil.example/")).await.unwrap();
    heading(client, "Unregistered redirect_uri").await;
    photograph(client, &format!("error-{look}")).await;
    client.goto(&format!("{issuer}/signed-out")).await.unwrap();
    photograph(client, &format!("signed-out-{look}")).await;
    // A form on a page of another site: the browser keeps our cookies back, and yet we know who asks.
    client.goto(&format!("data:text/html,<form method=post action={issuer}/logout><button id=go>x</button></form>")).await.unwrap();
    click(client, "#go").await;
    heading(client, "Sign out?").await;
    client.goto(&demo.shop).await.unwrap();
    click(client, "#sign-out").await;
    client.wait().at_most(Duration::from_secs(20)).for_element(Locator::Css("#sign-in")).await.unwrap();
    click(client, "#sign-in").await;
    heading(client, "Sign in").await;
    fill(client, "#email", person["email"].as_str().unwrap()).await;
    fill(client, "#password", person["password"].as_str().unwrap()).await;
    click(client, "#submit").await;
    heading(client, "Enter your code").await;
    fill(client, "#code", "000000").await;
    click(client, "#submit").await;
    assert!(text_of(client, "#problem").await.contains("not the current one"));
    photograph(client, &format!("totp-problem-{look}")).await;
    fill(client, "#code", &code(1)).await;
    click(client, "#submit").await;
    click(client, "#sign-out").await;
    // The phone is lost: a recovery code lets in.
    click(client, "#sign-in").await;
    heading(client, "Sign in").await;
    fill(client, "#email", person["email"].as_str().unwrap()).await;
    fill(client, "#password", person["password"].as_str().unwrap()).await;
    click(client, "#submit").await;
    heading(client, "Enter your code").await;
    photograph(client, &format!("totp-{look}")).await;
    click(client, ".other").await;
    heading(client, "Enter a recovery code").await;
    photograph(client, &format!("recovery-code-{look}")).await;
    fill(client, "#code", &recovery).await;
    click(client, "#submit").await;
    client.wait().at_most(Duration::from_secs(20)).for_element(Locator::Css("#sign-out")).await.unwrap();
}

fn run(has_script: bool, look: &str, flags: &[&str], size: (u32, u32)) {
    let demo = start_demo(&[]);
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap().block_on(async {
        let client = chromium(has_script, flags, size).await;
        purchase(&demo, &client, look).await;
        client.close().await.unwrap();
    });
}

#[test]
fn a_customer_shops_in_a_light_browser() {
    run(true, "light", &[], (1_200, 900));
}

#[test]
fn a_customer_shops_in_a_dark_browser_without_javascript() {
    run(false, "dark", &["--force-dark-mode"], (1_200, 900));
}

#[test]
fn a_customer_shops_on_a_phone() {
    run(true, "phone", &["--force-device-scale-factor=2"], (390, 844));
}
