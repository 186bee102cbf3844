//! A purchase that is confirmed in a real Chromium: named on every page where something is typed, and paused for gift cards.

use std::sync::Arc;

use super::*;
use crate::kit::{Backend, DAWN, Kit, Person, Place, Shop};
use claviger::base::time::ManualClock;
use claviger::base::uri::RedirectUri;
use claviger::identity::factors::totp::rules::Seed;
use claviger::identity::factors::totp::store as apps;

const CARDS: &str = r#"[{"type":"purchase","order_id":"2026-4712","amount":{"currency":"EUR","value":"1500.00"},"payee":"Bean & Leaf Gift Cards","gift_cards":true}]"#;

async fn customer(kit: &Kit) -> (Person, Seed) {
    let person = kit.customer("ada").await;
    let (tools, id) = (kit.node.base.tools.clone(), person.id.clone());
    let work = kit.node.base.db.write(move |tx| {
        let seed = Seed::generate(tools.entropy());
        let app = apps::begin_enrolment(tx, &tools, &id, &seed, "Phone")?;
        assert!(apps::confirm_enrolment(tx, &id, &app, 1, tools.now())?);
        Ok(seed)
    });
    let seed = work.await.unwrap();
    (person, seed)
}

/// From the shop to the page with the pause.
async fn confirm(kit: &Kit, client: &Client, shop: &Shop, person: &Person, seed: &Seed, look: &str) {
    kit.advance(300);
    client.goto(&shop.authorize_url(&[("authorization_details", CARDS)])).await.unwrap();
    heading(client, "Sign in").await;
    assert!(text_of(client, "#purchase").await.contains("1,500.00 EUR"));
    photograph(client, &format!("purchase-signin-{look}")).await;
    fill(client, "#email", &person.email).await;
    fill(client, "#password", &person.password).await;
    click(client, "#submit").await;
    heading(client, "Enter your code").await;
    assert!(text_of(client, "#purchase").await.contains("Paid to Bean & Leaf Gift Cards"));
    photograph(client, &format!("purchase-code-{look}")).await;
    let app = totp_rs::Builder::new().with_secret(seed.expose().to_vec()).build().unwrap();
    fill(client, "#code", &app.generate(u64::try_from(kit.clock_now()).unwrap()).to_string()).await;
    click(client, "#submit").await;
    heading(client, "Before you buy gift cards").await;
}

async fn walk(look: &str, flags: &[&str], size: (u32, u32)) {
    let kit = Kit::start_with(Arc::new(Place::new(Backend::Sqlite)), Arc::new(ManualClock::at(DAWN)), |_| {}).await;
    let home = kit.url("/safety");
    let callback = RedirectUri::parse(&home).unwrap();
    let shop = kit
        .shop_with("bean", |metadata| {
            metadata.authorization_details_types = vec!["purchase".into()];
            metadata.redirect_uris = vec![callback];
        })
        .await;
    let (person, seed) = customer(&kit).await;
    let client = chromium(true, flags, size).await;
    confirm(&kit, &client, &shop, &person, &seed, look).await;
    // The way on appears by itself when the time is over; the way out is there at once.
    let go_on = client.find(Locator::Css("#go-on")).await.unwrap();
    assert!(!go_on.is_displayed().await.unwrap() && client.find(Locator::Css("#stop")).await.unwrap().is_displayed().await.unwrap());
    photograph(&client, &format!("purchase-pause-{look}")).await;
    client.execute("for (const one of document.getAnimations()) one.finish()", Vec::new()).await.unwrap();
    assert!(go_on.is_displayed().await.unwrap());
    click(&client, "#go-on").await;
    client.wait().at_most(Duration::from_secs(20)).for_element(Locator::Css("#problem")).await.unwrap();
    photograph(&client, &format!("purchase-early-{look}")).await;
    kit.advance(10);
    client.execute("for (const one of document.getAnimations()) one.finish()", Vec::new()).await.unwrap();
    click(&client, "#go-on").await;
    arrive(&client, "code=").await;
    client.delete_all_cookies().await.unwrap();
    confirm(&kit, &client, &shop, &person, &seed, look).await;
    click(&client, "#stop").await;
    arrive(&client, "error=access_denied").await;
    client.close().await.unwrap();
    kit.handle.stop(false).await;
}

/// Waits until the browser is back at the shop with this in the address.
async fn arrive(client: &Client, with: &str) {
    for _ in 0..400 {
        if client.current_url().await.unwrap().query().is_some_and(|query| query.contains(with)) {
            return;
        }
    }
    panic!("{} lacks {with}", client.current_url().await.unwrap());
}

#[test]
fn a_purchase_is_named_and_gift_cards_are_paused() {
    actix_web::rt::System::new().block_on(async {
        walk("light", &[], (1000, 900)).await;
        walk("dark-phone", &["--force-dark-mode"], (412, 915)).await;
    });
}
