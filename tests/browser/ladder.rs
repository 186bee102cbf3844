//! Each rung of the ladder of recovery in a real Chromium, against a server whose clock is set by the test; a thief who reads the mailbox, at every rung; and the owner who says no.

use std::sync::Arc;

use super::passkeys::{Sort, plug_in};
use super::*;
use crate::kit::{Backend, DAWN, Kit, Person, Place};
use claviger::base::time::ManualClock;
use claviger::identity::factors::recovery_code::store as recovery_codes;
use claviger::identity::factors::totp::rules::Seed;
use claviger::identity::factors::totp::store as apps;
use claviger::identity::recovery::store as recoveries;

/// A customer with an app, recovery codes, and an old order.
async fn customer(kit: &Kit, name: &str) -> (Person, Vec<String>) {
    let person = kit.customer(name).await;
    let (tools, id) = (kit.node.base.tools.clone(), person.id.clone());
    let work = kit.node.base.db.write(move |tx| {
        let seed = Seed::generate(tools.entropy());
        let app = apps::begin_enrolment(tx, &tools, &id, &seed, "Phone")?;
        apps::confirm_enrolment(tx, &id, &app, 1, tools.now())?;
        recoveries::insert_order_fact(tx, &tools, &id, "A-1234")?;
        let codes = recovery_codes::replace_codes(tx, &tools, &id)?;
        recovery_codes::confirm_codes(tx, &id, tools.now())?;
        Ok(codes.iter().map(|code| code.to_string()).collect())
    });
    let codes = work.await.unwrap();
    // Older than what is too new to count.
    kit.advance(4 * 86_400);
    (person, codes)
}

/// From the first page to where the mailbox is proven.
async fn prove_mailbox(kit: &Kit, client: &Client, email: &str) {
    kit.advance(3_601);
    client.goto(&kit.url("/recovery")).await.unwrap();
    fill(client, "#email", email).await;
    click(client, "#submit").await;
    heading(client, "Check your e-mail").await;
    let code = kit.last_code().await;
    fill(client, "#mailbox", &code).await;
    click(client, "#show-mailbox").await;
}

async fn show(client: &Client, kind: &str, value: &str) {
    fill(client, &format!("#{kind}"), value).await;
    click(client, &format!("#show-{kind}")).await;
}

async fn is_in(kit: &Kit, client: &Client) -> bool {
    client.goto(&kit.url("/account")).await.unwrap();
    text_of(client, "h1").await == "Your account"
}

async fn finish(client: &Client, password: &str) {
    heading(client, "Choose a new password").await;
    fill(client, "#new-password-field", password).await;
    click(client, "#submit").await;
    heading(client, "Your account").await;
}

/// Signs in with the password and a recovery code, and adds a security key.
async fn add_key(kit: &Kit, client: &Client, person: &Person, code: &str) {
    client.goto(&kit.url("/account/security")).await.unwrap();
    fill(client, "#email", &person.email).await;
    fill(client, "#password", &person.password).await;
    click(client, "#submit").await;
    heading(client, "Enter your code").await;
    let other = client.find(Locator::Css("a.other[href$='/recovery-code']")).await.unwrap().attr("href").await.unwrap().unwrap();
    client.goto(&kit.url(&other)).await.unwrap();
    fill(client, "#code", code).await;
    click(client, "#submit").await;
    heading(client, "Sign-in and security").await;
    click(client, "#start-security-key").await;
    told(client, "Added").await;
}

async fn rungs(kit: &Kit, client: &Client) {
    // At once: the mailbox and a recovery code.
    let (ada, codes) = customer(kit, "ada").await;
    prove_mailbox(kit, client, &ada.email).await;
    heading(client, "Choose a new password").await;
    click(client, "#lost-factor").await;
    heading(client, "Show a little more").await;
    photograph(client, "ladder-more").await;
    show(client, "recovery-code", &codes[0]).await;
    finish(client, "wombat harmonica quill").await;
    client.delete_all_cookies().await.unwrap();

    // At once: the mailbox and a key that is still there, which stays.
    let (kim, codes) = customer(kit, "kim").await;
    plug_in(client, Sort::Bare).await;
    add_key(kit, client, &kim, &codes[0]).await;
    kit.advance(4 * 86_400);
    client.delete_all_cookies().await.unwrap();
    prove_mailbox(kit, client, &kim.email).await;
    click(client, "#lost-factor").await;
    heading(client, "Show a little more").await;
    photograph(client, "ladder-key").await;
    click(client, "#show-passkey").await;
    heading(client, "Choose a new password").await;
    fill(client, "#new-password-field", "wombat harmonica quill").await;
    click(client, "#submit").await;
    heading(client, "Use your passkey").await;
    click(client, "#use-passkey").await;
    heading(client, "Your account").await;
    client.delete_all_cookies().await.unwrap();

    // After a day: the mailbox and the password. After three: the mailbox and an old order.
    for (name, kind, hours) in [("bob", "password", 24), ("eve", "past-order", 72)] {
        let (person, _) = customer(kit, name).await;
        prove_mailbox(kit, client, &person.email).await;
        click(client, "#lost-factor").await;
        show(client, kind, if kind == "password" { &person.password } else { "a 1234" }).await;
        click(client, "#start-wait").await;
        heading(client, "Your account is being recovered").await;
        photograph(client, &format!("ladder-wait-{kind}")).await;
        let page = client.current_url().await.unwrap();
        assert!(!is_in(kit, client).await);
        kit.advance(hours * 3_600 - 60);
        client.goto(page.as_str()).await.unwrap();
        heading(client, "Your account is being recovered").await;
        kit.advance(120);
        client.goto(page.as_str()).await.unwrap();
        finish(client, "wombat harmonica quill").await;
        if name == "eve" {
            leave(kit, client, &person).await;
        }
        client.delete_all_cookies().await.unwrap();
    }
}

/// Takes everything along, and goes.
async fn leave(kit: &Kit, client: &Client, person: &Person) {
    client.goto(&kit.url("/account/privacy")).await.unwrap();
    photograph(client, "leave-privacy").await;
    click(client, "#get-archive").await;
    for _ in 0..400 {
        if kit.audited("data_exported", "").await == 1 {
            break;
        }
        // The browser begins the download when it likes.
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert_eq!(kit.audited("data_exported", "").await, 1);
    client.goto(&kit.url("/account/privacy")).await.unwrap();
    click(client, "#sure").await;
    click(client, "#erase-account").await;
    heading(client, "You are signed out").await;
    kit.advance(15 * 86_400);
    assert_eq!(claviger::app::worker::erase_due(&kit.node).await.unwrap(), 1);
    client.goto(&kit.url("/account")).await.unwrap();
    fill(client, "#email", &person.email).await;
    fill(client, "#password", "wombat harmonica quill").await;
    click(client, "#submit").await;
    text_of(client, "#problem").await;
    let receipt = kit.mails().await.into_iter().find(|mail| mail.subject == "Your account was erased").unwrap();
    assert!(receipt.to == person.email && receipt.text.contains("eyJ"));
}

/// Somebody who reads the mailbox, and nothing else, tries every rung; with the password besides, the owner has a day to say no.
async fn thief(kit: &Kit, client: &Client) {
    let (mary, _) = customer(kit, "mary").await;
    prove_mailbox(kit, client, &mary.email).await;
    // A new password, and then the second factor is asked for.
    fill(client, "#new-password-field", "the password of the thief").await;
    click(client, "#submit").await;
    heading(client, "Enter your code").await;
    assert!(!is_in(kit, client).await);
    client.delete_all_cookies().await.unwrap();
    // "I lost that too": the mailbox alone is not enough, and guesses are not either.
    prove_mailbox(kit, client, &mary.email).await;
    click(client, "#lost-factor").await;
    heading(client, "Show a little more").await;
    for (kind, value) in [("recovery-code", "aaaaa-aaaaa"), ("past-order", "B-9999")] {
        show(client, kind, value).await;
        text_of(client, "#problem").await;
    }
    assert!(client.find(Locator::Css("#start-wait")).await.is_err() && client.find(Locator::Css("#new-password-field")).await.is_err());
    // Neither is the password that the same mailbox set above.
    show(client, "password", "the password of the thief").await;
    assert_eq!(text_of(client, "#shown .uncounted").await, "Your password (changed too lately to count)");
    photograph(client, "ladder-uncounted").await;
    assert!(client.find(Locator::Css("#start-wait")).await.is_err());
    client.delete_all_cookies().await.unwrap();
    // Who knows the customer's own password besides has to wait; the owner presses one button, signed out.
    let (nora, _) = customer(kit, "nora").await;
    prove_mailbox(kit, client, &nora.email).await;
    click(client, "#lost-factor").await;
    show(client, "password", &nora.password).await;
    click(client, "#start-wait").await;
    heading(client, "Your account is being recovered").await;
    let page = client.current_url().await.unwrap();
    let stop = kit.last_link("/recovery/stop/").await;
    client.delete_all_cookies().await.unwrap();
    client.goto(&stop).await.unwrap();
    heading(client, "Stop the recovery?").await;
    photograph(client, "ladder-stop").await;
    click(client, "#submit").await;
    heading(client, "The recovery is stopped").await;
    kit.advance(25 * 3_600);
    client.goto(page.as_str()).await.unwrap();
    assert!(client.find(Locator::Css("#new-password-field")).await.is_err());
    // For a week nothing that waits helps.
    prove_mailbox(kit, client, &nora.email).await;
    click(client, "#lost-factor").await;
    show(client, "password", &nora.password).await;
    heading(client, "Show a little more").await;
    assert!(client.find(Locator::Css("#start-wait")).await.is_err());
    assert!(!is_in(kit, client).await);
}

#[test]
fn each_rung_of_the_ladder_and_a_thief_at_every_one() {
    actix_web::rt::System::new().block_on(async {
        let kit = Kit::start_with(Arc::new(Place::new(Backend::Sqlite)), Arc::new(ManualClock::at(DAWN)), |_| {}).await;
        let client = chromium(true, &[], (412, 915)).await;
        rungs(&kit, &client).await;
        client.delete_all_cookies().await.unwrap();
        thief(&kit, &client).await;
        client.close().await.unwrap();
        kit.handle.stop(false).await;
    });
}
