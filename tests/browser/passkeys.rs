//! Passkeys and security keys in a real Chromium, with its virtual authenticator.

use super::*;

/// A command of the WebAuthn extension to WebDriver (WebAuthn L3 section 11).
#[derive(Debug)]
struct Authenticators {
    method: reqwest::Method,
    path: String,
    body: Option<Value>,
}

impl fantoccini::wd::WebDriverCompatibleCommand for Authenticators {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/webauthn/authenticator{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &url::Url) -> (reqwest::Method, Option<String>) {
        (self.method.clone(), self.body.as_ref().map(ToString::to_string))
    }
}

/// What a virtual authenticator is.
#[derive(Clone, Copy)]
pub enum Sort {
    /// In the device, verifies its user, and is found without a name.
    Platform,
    /// A separate key that verifies nobody.
    Key,
    /// One that moreover keeps nothing on itself, as an old one does.
    Bare,
}

pub async fn plug_in(client: &Client, sort: Sort) -> String {
    let body = match sort {
        Sort::Platform => {
            json!({ "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true, "isUserVerified": true, "isUserConsenting": true })
        }
        Sort::Key => json!({ "protocol": "ctap2", "transport": "usb", "hasResidentKey": true, "hasUserVerification": false, "isUserConsenting": true }),
        Sort::Bare => json!({ "protocol": "ctap2", "transport": "usb", "hasResidentKey": false, "hasUserVerification": false, "isUserConsenting": true }),
    };
    let id = client.issue_cmd(Authenticators { method: reqwest::Method::POST, path: String::new(), body: Some(body) }).await.unwrap();
    id.as_str().unwrap().to_owned()
}

async fn unplug(client: &Client, id: &str) {
    client.issue_cmd(Authenticators { method: reqwest::Method::DELETE, path: format!("/{id}"), body: None }).await.unwrap();
}

async fn credentials(client: &Client, id: &str) -> Vec<Value> {
    let held = client.issue_cmd(Authenticators { method: reqwest::Method::GET, path: format!("/{id}/credentials"), body: None }).await.unwrap();
    held.as_array().unwrap().clone()
}

async fn sign_out(demo: &Demo, client: &Client) {
    client.goto(&format!("{}/logout/confirm", demo.issuer)).await.unwrap();
    click(client, "#sign-out").await;
    client.wait().at_most(Duration::from_secs(20)).for_element(Locator::Css("#sign-in-again")).await.unwrap();
}

async fn type_password(demo: &Demo, client: &Client) {
    let person = &demo.people["people"][0];
    heading(client, "Sign in").await;
    fill(client, "#email", person["email"].as_str().unwrap()).await;
    fill(client, "#password", person["password"].as_str().unwrap()).await;
    click(client, "#submit").await;
}

async fn security(demo: &Demo, client: &Client) {
    client.goto(&format!("{}/account/security", demo.issuer)).await.unwrap();
    heading(client, "Sign-in and security").await;
}

/// How the account page says that one signed in.
async fn is_signed_in(client: &Client) {
    assert_eq!(text_of(client, "#name").await, "Ada Lovelace");
}

async fn walk(demo: &Demo, client: &Client, look: &str) {
    client.goto(&format!("{}/account", demo.issuer)).await.unwrap();
    photograph(client, &format!("signin-passkey-{look}")).await;
    type_password(demo, client).await;
    is_signed_in(client).await;

    // On a device that could keep a passkey one is offered, once, without being in the way.
    sign_out(demo, client).await;
    let device = plug_in(client, Sort::Platform).await;
    client.goto(&format!("{}/account", demo.issuer)).await.unwrap();
    type_password(demo, client).await;
    heading(client, "Sign in faster next time").await;
    photograph(client, &format!("offer-{look}")).await;
    click(client, "#not-now").await;
    is_signed_in(client).await;
    unplug(client, &device).await;

    // A security key that verifies nobody: beside the password.
    let key = plug_in(client, Sort::Key).await;
    security(demo, client).await;
    photograph(client, &format!("security-empty-{look}")).await;
    click(client, "#start-security-key").await;
    heading(client, "Your recovery codes").await;
    let recovery = keep_codes(client, look).await;
    assert_eq!(text_of(client, ".things strong").await, "Security key");
    assert_eq!(credentials(client, &key).await.len(), 1);
    // The same one a second time is noticed by the browser.
    click(client, "#start-security-key").await;
    assert!(text_of(client, "#add-security-key [data-status]:not([hidden])").await.contains("already in use"));
    sign_out(demo, client).await;
    client.goto(&format!("{}/account", demo.issuer)).await.unwrap();
    type_password(demo, client).await;
    heading(client, "Use your passkey").await;
    photograph(client, &format!("passkey-challenge-{look}")).await;
    click(client, "#use-passkey").await;
    is_signed_in(client).await;

    // A passkey on something that verifies nobody: it is kept, but stands beside the password.
    unplug(client, &key).await;
    let loose = plug_in(client, Sort::Bare).await;
    security(demo, client).await;
    click(client, "#start-passkey").await;
    told(client, "Added").await;
    assert_eq!(credentials(client, &loose).await[0]["isResidentCredential"], false);
    assert!(text_of(client, ".things li:nth-of-type(2) small").await.contains("Beside your password"));
    sign_out(demo, client).await;
    client.goto(&format!("{}/account", demo.issuer)).await.unwrap();
    click(client, "#use-passkey").await;
    assert!(text_of(client, "#passkey [data-status]:not([hidden])").await.contains("Nothing was used"), "the browser does not offer what cannot verify");
    type_password(demo, client).await;
    heading(client, "Use your passkey").await;
    click(client, "#use-passkey").await;
    is_signed_in(client).await;
    security(demo, client).await;
    with_element(client, "li:nth-of-type(2) button", async |button| button.click().await).await;
    told(client, "Removed").await;
    unplug(client, &loose).await;
    let key = plug_in(client, Sort::Key).await;

    // A passkey in the device, which then signs in by itself: by the field's autofill, with no name typed and nothing pressed.
    unplug(client, &key).await;
    let device = plug_in(client, Sort::Platform).await;
    security(demo, client).await;
    click(client, "#start-passkey").await;
    told(client, "Added").await;
    photograph(client, &format!("security-with-keys-{look}")).await;
    let held = credentials(client, &device).await;
    assert_eq!((held.len(), &held[0]["isResidentCredential"]), (1, &json!(true)), "found without a name");
    sign_out(demo, client).await;
    client.goto(&format!("{}/account", demo.issuer)).await.unwrap();
    is_signed_in(client).await;

    // A device without a passkey of ours: the page says so and works on.
    sign_out(demo, client).await;
    unplug(client, &device).await;
    plug_in(client, Sort::Platform).await;
    client.goto(&format!("{}/account", demo.issuer)).await.unwrap();
    heading(client, "Sign in").await;
    click(client, "#use-passkey").await;
    assert!(text_of(client, "#passkey [data-status]:not([hidden])").await.contains("Nothing was used"));
    photograph(client, &format!("signin-passkey-failed-{look}")).await;

    // Both lost: a recovery code lets in, and the page leads to it without a script.
    type_password(demo, client).await;
    heading(client, "Use your passkey").await;
    click(client, ".other").await;
    heading(client, "Enter a recovery code").await;
    fill(client, "#code", &recovery).await;
    click(client, "#submit").await;
    is_signed_in(client).await;

    step_up(demo, client, look).await;

    // And they are taken off the account.
    security(demo, client).await;
    click(client, ".things button").await;
    told(client, "Removed").await;
    click(client, ".things button").await;
    client.wait().at_most(Duration::from_secs(20)).for_element(Locator::Css("#no-keys")).await.unwrap();
    sign_out(demo, client).await;
    client.goto(&format!("{}/account", demo.issuer)).await.unwrap();
    type_password(demo, client).await;
    is_signed_in(client).await;
}

/// The checkout over a limit asks for more than the password that a trusted device is spared beyond.
async fn step_up(demo: &Demo, client: &Client, look: &str) {
    let key = plug_in(client, Sort::Key).await;
    security(demo, client).await;
    click(client, "#start-security-key").await;
    told(client, "Added").await;
    sign_out(demo, client).await;
    client.goto(&format!("{}/account", demo.issuer)).await.unwrap();
    type_password(demo, client).await;
    heading(client, "Use your passkey").await;
    click(client, "#trust").await;
    click(client, "#use-passkey").await;
    is_signed_in(client).await;
    sign_out(demo, client).await;
    // Trusted: the shop is entered with the password alone.
    client.goto(&demo.shop).await.unwrap();
    click(client, "#add-kettle").await;
    click(client, "#basket").await;
    type_password(demo, client).await;
    heading(client, "Bean & Leaf asks for access").await;
    click(client, "#allow").await;
    heading(client, "Checkout").await;
    click(client, "#order").await;
    heading(client, "Use your passkey").await;
    photograph(client, &format!("step-up-{look}")).await;
    click(client, "#use-passkey").await;
    told(client, "Now you can order").await;
    photograph(client, &format!("stepped-up-{look}")).await;
    click(client, "#order").await;
    told(client, "on its way").await;
    // The trust is taken back.
    security(demo, client).await;
    photograph(client, &format!("security-with-device-{look}")).await;
    click(client, "#devices button").await;
    told(client, "Removed").await;
    unplug(client, &key).await;
    click(client, ".things button").await;
}

/// The newest code in the demo's mailbox, which is its phone too.
async fn newest_code(demo: &Demo, client: &Client, what: &str) -> String {
    let port: u16 = demo.issuer.rsplit(':').next().unwrap().parse().unwrap();
    // The message leaves within a second or two; each look takes as long as a page.
    for _ in 0..1_000 {
        client.goto(&format!("http://localhost:{}", port + 2)).await.unwrap();
        if let Ok(article) = client.find(Locator::Css("article")).await {
            let text = article.text().await.unwrap();
            if text.contains(what) && text.contains('#') {
                return text.rsplit('#').next().unwrap().trim().to_owned();
            }
        }
    }
    panic!("no message with {what}");
}

/// Codes by text message and by e-mail: turned on, and asked for. Then somebody with admin rights, who has to add a factor first.
async fn codes_and_rules(demo: &Demo, client: &Client, look: &str) {
    client.goto(&format!("{}/account", demo.issuer)).await.unwrap();
    type_password(demo, client).await;
    is_signed_in(client).await;
    security(demo, client).await;
    click(client, "#switch-sms_code button").await;
    heading(client, "Check your phone").await;
    photograph(client, &format!("sms-on-{look}")).await;
    let code = newest_code(demo, client, "Text message").await;
    client.goto(&format!("{}/account/security/channels/sms", demo.issuer)).await.unwrap();
    fill(client, "#code", &code).await;
    click(client, "#submit").await;
    told(client, "Added").await;
    click(client, "#switch-email_code button").await;
    told(client, "Added").await;
    client.execute("document.getElementById('switch-sms_code').scrollIntoView()", Vec::new()).await.unwrap();
    photograph(client, &format!("security-channels-{look}")).await;
    sign_out(demo, client).await;
    client.goto(&format!("{}/account", demo.issuer)).await.unwrap();
    type_password(demo, client).await;
    heading(client, "Check your e-mail").await;
    click(client, ".other").await;
    heading(client, "Check your phone").await;
    photograph(client, &format!("sms-code-{look}")).await;
    click(client, ".other").await;
    heading(client, "Check your e-mail").await;
    click(client, "#send-code").await;
    let page = client.current_url().await.unwrap();
    let code = newest_code(demo, client, "Your code").await;
    client.goto(page.as_str()).await.unwrap();
    photograph(client, &format!("email-code-{look}")).await;
    fill(client, "#code", &code).await;
    click(client, "#submit").await;
    is_signed_in(client).await;
    sign_out(demo, client).await;
    let admin = demo.people["people"].as_array().unwrap().iter().find(|person| person["role"] == "Admin").unwrap();
    client.goto(&format!("{}/account", demo.issuer)).await.unwrap();
    fill(client, "#email", admin["email"].as_str().unwrap()).await;
    fill(client, "#password", admin["password"].as_str().unwrap()).await;
    click(client, "#submit").await;
    heading(client, "One more step").await;
    photograph(client, &format!("enrol-{look}")).await;
    // The device that was plugged in last is still there.
    click(client, "#start-passkey").await;
    heading(client, "Your recovery codes").await;
    click(client, "#get-codes").await;
    click(client, "#saved").await;
    click(client, "#submit").await;
    client.wait().at_most(Duration::from_secs(20)).for_element(Locator::Css("#name")).await.unwrap();
    security(demo, client).await;
    client.execute("document.getElementById('choose-level').scrollIntoView()", Vec::new()).await.unwrap();
    photograph(client, &format!("security-level-{look}")).await;
}

fn run(look: &str, flags: &[&str], size: (u32, u32)) {
    let demo = start_demo(&["passkeys.offer_after_sign_in=true"]);
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap().block_on(async {
        let client = chromium(true, flags, size).await;
        walk(&demo, &client, look).await;
        sign_out(&demo, &client).await;
        codes_and_rules(&demo, &client, look).await;
        client.close().await.unwrap();
    });
}

#[test]
fn keys_and_passkeys_in_a_light_browser() {
    run("light", &[], (1_200, 900));
}

#[test]
fn keys_and_passkeys_on_a_dark_phone() {
    run("dark-phone", &["--force-dark-mode", "--force-device-scale-factor=2"], (390, 844));
}
