//! Puzzles in a real Chromium, with and without scripts; and the pages of a sign-in that looked strange.

use std::sync::Arc;

use super::*;
use crate::kit::{Backend, DAWN, Kit, Place};
use claviger::app::config::RawConfig;
use claviger::base::time::ManualClock;
use claviger::risk::bots::budget::Mode;
use claviger::risk::login::policy::Action;

async fn shop(adjust: impl FnOnce(&mut RawConfig)) -> Kit {
    Kit::start_with(Arc::new(Place::new(Backend::Sqlite)), Arc::new(ManualClock::at(DAWN)), adjust).await
}

async fn sign_in(kit: &Kit, client: &Client, email: &str, password: &str) {
    client.goto(&kit.url("/signin")).await.unwrap();
    heading(client, "Sign in").await;
    fill(client, "#email", email).await;
    fill(client, "#password", password).await;
    click(client, "#submit").await;
}

#[test]
fn a_browser_finds_the_numbers_while_its_owner_types() {
    actix_web::rt::System::new().block_on(async {
        let kit = shop(|raw| raw.bots.mode = Mode::Always).await;
        let ada = kit.customer("ada").await;
        let client = chromium(true, &[], (1_100, 900)).await;
        // Its hashes are those of the server: what it finds is taken.
        sign_in(&kit, &client, &ada.email, &ada.password).await;
        // The numbers take their time where other browsers look for theirs beside it.
        client.wait().at_most(Duration::from_secs(60)).for_element(Locator::XPath("//h1[normalize-space()=\"Your account\"]")).await.unwrap();
        client.close().await.unwrap();
        // Whoever is faster than the numbers sees why it takes a moment.
        let quick = chromium(true, &["--force-dark-mode"], (390, 844)).await;
        quick.goto(&kit.url("/recovery")).await.unwrap();
        quick.execute("document.querySelector('[data-puzzle-status]').hidden = false", Vec::new()).await.unwrap();
        photograph(&quick, "puzzle-phone").await;
        fill(&quick, "#email", &ada.email).await;
        click(&quick, "#submit").await;
        quick.wait().at_most(Duration::from_secs(60)).for_element(Locator::Css("[id^=show-]")).await.unwrap();
        quick.close().await.unwrap();
    });
}

#[test]
fn a_browser_without_scripts_waits() {
    actix_web::rt::System::new().block_on(async {
        let kit = shop(|raw| raw.bots.mode = Mode::Always).await;
        let ada = kit.customer("ada").await;
        let client = chromium(false, &[], (1_100, 900)).await;
        sign_in(&kit, &client, &ada.email, &ada.password).await;
        assert!(text_of(&client, "#problem").await.contains("Thank you for waiting"));
        photograph(&client, "puzzle-without-scripts").await;
        kit.advance(31);
        fill(&client, "#password", &ada.password).await;
        click(&client, "#submit").await;
        heading(&client, "Your account").await;
        client.close().await.unwrap();
    });
}

#[test]
fn strange_sign_ins_are_stopped_or_held_and_say_what_can_be_done() {
    actix_web::rt::System::new().block_on(async {
        // This browser has never been seen, and says that it is a program; its owner has used another one for days.
        for (look, flags, size) in [("light", &[][..], (1_100, 900)), ("phone-dark", &["--force-dark-mode"][..], (390, 844))] {
            for (mailbox, action) in [(false, Action::StepUp), (true, Action::Allow)] {
                let kit = shop(|raw| {
                    raw.risk.mailbox = mailbox;
                    raw.risk.high = action;
                    raw.risk.severe = action;
                })
                .await;
                let ada = kit.customer("ada").await;
                let own = kit.browser();
                for _ in 0..8 {
                    let page = own.walk("/signin").await.page();
                    own.type_password(&page, &ada.email, &ada.password).await;
                    own.cookies.lock().unwrap().retain(|name, _| !name.contains("session"));
                    kit.advance(86_400);
                }
                claviger::app::worker::risk::count_signins(&kit.node).await.unwrap();
                claviger::app::worker::risk::refresh_risk(&kit.node).await.unwrap();
                let client = chromium(true, flags, size).await;
                sign_in(&kit, &client, &ada.email, &ada.password).await;
                if action == Action::StepUp {
                    client.wait().at_most(Duration::from_secs(20)).for_element(Locator::XPath("//h1[contains(., 'could not be sure')]")).await.unwrap();
                    photograph(&client, &format!("signin-stopped-{look}")).await;
                } else {
                    heading(&client, "Your account").await;
                    client.goto(&kit.url("/account/contact")).await.unwrap();
                    heading(&client, "This change waits").await;
                    photograph(&client, &format!("change-held-{look}")).await;
                    client.goto(&kit.last_link("/not-me/").await).await.unwrap();
                    heading(&client, "Was this you?").await;
                    photograph(&client, &format!("was-it-you-{look}")).await;
                    click(&client, "#submit-me").await;
                    heading(&client, "Thank you").await;
                    photograph(&client, &format!("it-was-you-{look}")).await;
                    client.goto(&kit.url("/account/contact")).await.unwrap();
                    client.wait().at_most(Duration::from_secs(20)).for_element(Locator::Css("#send-email")).await.unwrap();
                }
                client.close().await.unwrap();
            }
        }
    });
}
