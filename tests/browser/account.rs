//! A customer's life in a real Chromium: joining from the shop, the account's pages, a change of address and its undoing, a forgotten password.

use super::*;

/// The newest mail that holds `what`, as its text.
/// Waits until the page says this of the password that was typed; without scripts it says so when it is sent.
async fn graded(client: &Client, text: &str) {
    let session = client.session_id().await.unwrap().unwrap();
    if WITHOUT_SCRIPT.lock().unwrap().contains(&session) {
        return;
    }
    let path = format!("//*[@id='strength'][not(@hidden)][contains(., '{text}')]");
    client.wait().at_most(Duration::from_secs(20)).for_element(Locator::XPath(&path)).await.unwrap_or_else(|error| panic!("{text}: {error}"));
}

async fn newest_mail(demo: &Demo, client: &Client, what: &str) -> String {
    let mailbox: url::Url = demo.issuer.parse().unwrap();
    let mailbox = format!("http://localhost:{}/", mailbox.port().unwrap() + 2);
    for _ in 0..400 {
        client.goto(&mailbox).await.unwrap();
        for element in client.find_all(Locator::Css("article")).await.unwrap() {
            let text = element.text().await.unwrap_or_default();
            if text.contains(what) {
                return text;
            }
        }
    }
    panic!("no mail with {what}");
}

fn code_in(mail: &str) -> String {
    mail.trim_end().lines().rev().find_map(|line| line.trim().strip_prefix('@')?.split('#').nth(1).map(str::to_owned)).expect("a code")
}

fn link_in(mail: &str, path: &str) -> String {
    mail.split_whitespace().find(|word| word.contains(path)).expect("a link").to_owned()
}

async fn shoot(demo: &Demo, client: &Client, path: &str, title: &str, name: &str) {
    client.goto(&format!("{}{path}", demo.issuer)).await.unwrap();
    heading(client, title).await;
    photograph(client, name).await;
}

/// The pages of the account that need no mail.
async fn pages(demo: &Demo, client: &Client, look: &str) {
    shoot(demo, client, "/account", "Your account", &format!("account-{look}")).await;
    shoot(demo, client, "/account/profile", "Your profile", &format!("profile-{look}")).await;
    client.goto(&format!("{}/account/addresses/new", demo.issuer)).await.unwrap();
    fill(client, "#street", "1 Main Street").await;
    fill(client, "#postal-code", "941").await;
    fill(client, "#locality", "San Francisco").await;
    choose(client, "#country", "US").await;
    click(client, "#submit").await;
    heading(client, "Add an address").await;
    assert!(text_of(client, "#wrong-postal-code").await.contains("not a postal code"));
    photograph(client, &format!("address-{look}")).await;
    fill(client, "#postal-code", "94103").await;
    fill(client, "#region", "CA").await;
    click(client, "#submit").await;
    heading(client, "Your addresses").await;
    photograph(client, &format!("addresses-{look}")).await;
    shoot(demo, client, "/account/phrase", "Your phrase", &format!("phrase-{look}")).await;
    click(client, "#submit").await;
    assert_eq!(text_of(client, "#current").await.split(' ').count(), 3);
    // The new address was a moment of risk: one card, with one button.
    client.goto(&format!("{}/account", demo.issuer)).await.unwrap();
    assert!(text_of(client, "#card").await.contains("A new address was added"));
    photograph(client, &format!("card-{look}")).await;
    click(client, "#card-act").await;
    heading(client, "Your addresses").await;
    shoot(demo, client, "/account/checkup", "Security check-up", &format!("checkup-{look}")).await;
    assert!(text_of(client, "#points").await.contains("of 100"));
    click(client, "#quiz").await;
    heading(client, "Genuine or altered?").await;
    for number in 1..=6 {
        click(client, &format!("#genuine{number}")).await;
    }
    photograph(client, &format!("quiz-{look}")).await;
    click(client, "#submit").await;
    assert!(text_of(client, "#result").await.contains("of 6"));
    photograph(client, &format!("quiz-answers-{look}")).await;
    shoot(demo, client, "/account/theft", "Somebody used my account", &format!("theft-{look}")).await;
    shoot(demo, client, "/safety", "Stay safe", &format!("safety-{look}")).await;
    shoot(demo, client, "/report-scam", "Report a scam", &format!("report-{look}")).await;
}

/// From the basket to an account, and to what was ordered.
async fn join(demo: &Demo, client: &Client, (email, password): (&str, &str), look: &str) {
    client.goto(&demo.shop).await.unwrap();
    click(client, "#add-sidamo").await;
    click(client, "#basket").await;
    heading(client, "Sign in").await;
    click(client, "#join").await;
    heading(client, "Create an account").await;
    photograph(client, &format!("join-address-{look}")).await;
    fill(client, "#email", email).await;
    click(client, "#submit").await;
    heading(client, "Check your e-mail").await;
    photograph(client, &format!("join-code-{look}")).await;
    let page = client.current_url().await.unwrap();
    let mail = newest_mail(demo, client, "to make an account").await;
    // The link fills the code in; the click is the customer's.
    let link = link_in(&mail, "/join?");
    assert!(link.starts_with(page.as_str()));
    client.goto(&link).await.unwrap();
    click(client, "#submit").await;
    fill(client, "#name", "Grace Hopper").await;
    photograph(client, &format!("join-details-{look}")).await;
    click(client, "#submit").await;
    heading(client, "How will you sign in?").await;
    fill(client, "#new-password-field", "grace hopper").await;
    graded(client, "Add another word").await;
    photograph(client, &format!("password-weak-{look}")).await;
    click(client, "#submit").await;
    assert!(text_of(client, "#problem").await.contains("at least 15"));
    photograph(client, &format!("join-credential-{look}")).await;
    fill(client, "#new-password-field", password).await;
    click(client, "#submit").await;
    heading(client, "Bean & Leaf asks for access").await;
    click(client, "#allow").await;
    for (field, text) in [("#street", "12 St James's Square"), ("#postcode", "SW1Y 4LB"), ("#country", "GB")] {
        fill(client, field, text).await;
    }
    click(client, "#order").await;
    told(client, "on its way").await;
}

async fn walk(demo: &Demo, client: &Client, look: &str) {
    let (email, password) = ("grace@hopper.example", "wombat harmonica quill");
    join(demo, client, (email, password), look).await;
    pages(demo, client, look).await;
    shoot(demo, client, "/account/contact", "How we reach you", &format!("contact-{look}")).await;
    shoot(demo, client, "/account/sessions", "Where you are signed in", &format!("sessions-{look}")).await;
    shoot(demo, client, "/account/shops", "Connected shops", &format!("shops-{look}")).await;
    shoot(demo, client, "/account/activity", "What happened", &format!("activity-{look}")).await;
    shoot(demo, client, "/account/password", "Change your password", &format!("password-{look}")).await;

    // Another address, and back again from the old one.
    client.goto(&format!("{}/account/contact", demo.issuer)).await.unwrap();
    click(client, "#change-email").await;
    fill(client, "#value-email", "grace@navy.example").await;
    click(client, "#send-email").await;
    client.wait().at_most(Duration::from_secs(20)).for_element(Locator::Css("#code-email")).await.unwrap();
    photograph(client, &format!("contact-code-{look}")).await;
    let code = code_in(&newest_mail(demo, client, "to add this address").await);
    client.goto(&format!("{}/account/contact", demo.issuer)).await.unwrap();
    fill(client, "#code-email", &code).await;
    click(client, "#prove-email").await;
    told(client, "The old address was told").await;
    shoot(demo, client, "/account/messages", "Messages from us", &format!("messages-{look}")).await;
    click(client, "#messages li:first-child summary").await;
    photograph(client, &format!("message-{look}")).await;
    let mail = newest_mail(demo, client, "take it back with one press").await;
    shoot(demo, client, "/verify-message", "Is this message from us?", &format!("verify-{look}")).await;
    fill(client, "#message", &mail.replace("localhost", "localhost.evil")).await;
    click(client, "#submit").await;
    assert!(text_of(client, "#finding").await.contains("altered"));
    photograph(client, &format!("verify-altered-{look}")).await;
    client.goto(&link_in(&mail, "/undo/")).await.unwrap();
    heading(client, "Take this change back?").await;
    photograph(client, &format!("undo-{look}")).await;
    click(client, "#submit").await;
    heading(client, "Your account is as it was").await;

    // The password has to be replaced now; here it is forgotten besides.
    client.goto(&format!("{}/signin", demo.issuer)).await.unwrap();
    click(client, "#forgot").await;
    heading(client, "Recover your account").await;
    photograph(client, &format!("recovery-{look}")).await;
    fill(client, "#email", email).await;
    click(client, "#submit").await;
    heading(client, "Check your e-mail").await;
    click(client, "#no-mailbox").await;
    photograph(client, &format!("recovery-code-{look}")).await;
    let page = client.current_url().await.unwrap();
    let code = code_in(&newest_mail(demo, client, "to recover your account").await);
    client.goto(page.as_str()).await.unwrap();
    fill(client, "#mailbox", &code).await;
    click(client, "#show-mailbox").await;
    heading(client, "Choose a new password").await;
    photograph(client, &format!("recovery-finish-{look}")).await;
    fill(client, "#new-password-field", "fagott zimtstern mandel").await;
    click(client, "#submit").await;
    heading(client, "Your account").await;
    assert!(text_of(client, "#email").await.contains(email));

    // Somebody else is in here.
    let mail = newest_mail(demo, client, "The password of your account was changed").await;
    client.goto(&link_in(&mail, "/not-me/")).await.unwrap();
    heading(client, "Was this not you?").await;
    photograph(client, &format!("not-me-{look}")).await;
    click(client, "#submit").await;
    heading(client, "Your account is secured").await;
    photograph(client, &format!("not-me-done-{look}")).await;
    client.goto(&format!("{}/account", demo.issuer)).await.unwrap();
    heading(client, "Sign in").await;
    fill(client, "#email", email).await;
    fill(client, "#password", "fagott zimtstern mandel").await;
    click(client, "#submit").await;
    heading(client, "Choose a new password").await;
    photograph(client, &format!("replace-{look}")).await;
}

fn run(look: &str, has_script: bool, flags: &[&str], size: (u32, u32)) {
    let demo = start_demo(&[]);
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap().block_on(async {
        let client = chromium(has_script, flags, size).await;
        walk(&demo, &client, look).await;
        client.close().await.unwrap();
    });
}

#[test]
fn a_customers_life_in_a_light_browser_without_javascript() {
    run("light", false, &[], (1_200, 1_000));
}

#[test]
fn a_customers_life_on_a_dark_phone() {
    run("dark-phone", true, &["--force-dark-mode", "--force-device-scale-factor=2"], (390, 844));
}
