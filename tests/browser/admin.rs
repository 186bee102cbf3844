//! The room of the staff in a real Chromium: invited, in with a security key, a client registered and used, a caller verified, a factor reset by two people, and a log that anybody can check.

use std::sync::Arc;

use super::passkeys::{Sort, plug_in};
use super::*;
use crate::kit::browser::http;
use crate::kit::process::claviger_on;
use crate::kit::shop::Shop;
use crate::kit::{Backend, Kit, Person, Place};
use claviger::admin::access::rules::Role;
use claviger::app::worker;
use claviger::base::time::{Clock, ManualClock, UnixSeconds};
use claviger::oauth::clients::metadata::AuthMethod;
use claviger::risk::purchase::models;
use claviger::risk::simulation::orders as simulation;

const WHY: &str = "Lost the phone, calls about order 2026-4711.";

async fn type_password(client: &Client, person: &Person) {
    heading(client, "Sign in").await;
    fill(client, "#email", &person.email).await;
    fill(client, "#password", &person.password).await;
    click(client, "#submit").await;
}

/// Through the codes that belong to a first authenticator.
async fn past_codes(client: &Client) {
    heading(client, "Your recovery codes").await;
    click(client, "#get-codes").await;
    click(client, "#saved").await;
    click(client, "#submit").await;
}

/// From the link that the command line printed to the console.
async fn join(kit: &Kit, client: &Client, eva: &Person, look: &str) {
    let (code, text) = claviger_on(&kit.place, &["admins", "invite", "--email", &eva.email, "--role", "owner"]);
    assert_eq!(code, 0, "{text}");
    let ticket = text.split("/admin/join/").nth(1).unwrap_or_else(|| panic!("{text}")).split_whitespace().next().unwrap().to_owned();
    client.goto(&kit.url(&format!("/admin/join/{ticket}"))).await.unwrap();
    type_password(client, eva).await;
    click(client, "#start-security-key").await;
    past_codes(client).await;
    heading(client, "Join the staff").await;
    photograph(client, &format!("admin-join-{look}")).await;
    click(client, "#submit").await;
    heading(client, "Choose a new password").await;
    fill(client, "#new-password-field", "wombat harmonica quill lantern").await;
    click(client, "#submit").await;
    heading(client, "Use your passkey").await;
    click(client, "#use-passkey").await;
    heading(client, "Overview").await;
}

/// A client that is registered in the console signs its first customer in.
async fn register(kit: &Kit, client: &Client, ada: (&Client, &Person), look: &str) {
    let callback = kit.url("/safety");
    client.goto(&kit.url("/admin/clients")).await.unwrap();
    photograph(client, &format!("admin-clients-empty-{look}")).await;
    click(client, "#register").await;
    heading(client, "Register client").await;
    photograph(client, &format!("admin-register-{look}")).await;
    fill(client, "#client_id", "tea").await;
    let metadata = json!({
        "client_name": "Tea & Time", "token_endpoint_auth_method": "client_secret_basic", "grant_types": ["authorization_code", "refresh_token"],
        "scope": "openid email profile address phone offline_access", "redirect_uris": [callback],
    });
    fill(client, "#metadata", &metadata.to_string()).await;
    click(client, "#submit").await;
    let secret = text_of(client, "code.secret").await;
    photograph(client, &format!("admin-registered-{look}")).await;
    let shop = Shop { id: "tea".to_owned(), secret, method: AuthMethod::ClientSecretBasic, callback, issuer: kit.issuer.clone(), client: http() };
    let (browser, person) = ada;
    browser.goto(&shop.authorize_url(&[])).await.unwrap();
    type_password(browser, person).await;
    let code = loop {
        let url = browser.current_url().await.unwrap();
        if let Some((_, code)) = url.query_pairs().find(|(name, _)| name == "code") {
            break code.into_owned();
        }
    };
    let tokens = shop.redeem(&code).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    client.goto(&kit.url("/admin/clients/tea")).await.unwrap();
    heading(client, "Tea & Time").await;
    photograph(client, &format!("admin-client-{look}")).await;
}

/// Orders that wait for a look, one of them explained, another policy, and the models.
async fn risk(kit: &Kit, client: &Client, look: &str) {
    let (shop, token) = kit.asking_shop("risky", "risk.orders").await;
    for (number, value, country) in [("o-1", "39.90", "GB"), ("o-2", "1899.00", "US")] {
        let order = json!({
            "order_id": number, "amount": { "currency": "EUR", "value": value }, "device": { "ip": "88.198.7.7" },
            "payment": { "token": "pm_shared", "country": country, "avs": "mismatch", "cvc": "mismatch" },
            "shipping": { "address": { "street_address": "7 Other Road", "postal_code": "M1 1AE", "country": "GB" }, "method": "express" },
        });
        let url = format!("{}/api/v1/risk/orders", shop.issuer);
        let reply = kit::shop::read(shop.client.post(&url).bearer_auth(&token).header("content-type", "application/json").body(order.to_string()), url).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
    }
    let past: Vec<_> = simulation::run(900, 120, 7).iter().map(simulation::JudgedOrder::past).collect();
    let trained = models::train(&past, (1, 0, kit.clock.now())).unwrap();
    kit.node.base.db.write(move |tx| models::store::keep_trained(tx, &trained)).await.unwrap();
    client.goto(&kit.url("/admin/risk")).await.unwrap();
    heading(client, "Orders that wait for a look").await;
    photograph(client, &format!("admin-risk-{look}")).await;
    click(client, "table a").await;
    client.wait().at_most(Duration::from_secs(20)).for_element(Locator::Css("#why")).await.unwrap();
    photograph(client, &format!("admin-decision-{look}")).await;
    client.execute("window.scrollTo(0, document.body.scrollHeight)", Vec::new()).await.unwrap();
    photograph(client, &format!("admin-decision-below-{look}")).await;
    click(client, "#do-judge_decision").await;
    photograph(client, &format!("admin-verdict-{look}")).await;
    click(client, "#verdict-fraud").await;
    click(client, "#submit").await;
    text_of(client, "#done").await;
    client.goto(&kit.url("/admin/risk/trial?days=30")).await.unwrap();
    heading(client, "Another policy").await;
    photograph(client, &format!("admin-trial-{look}")).await;
    client.goto(&kit.url("/admin/risk/models")).await.unwrap();
    heading(client, "Models").await;
    client.execute("document.querySelector('details').scrollIntoView()", Vec::new()).await.unwrap();
    photograph(client, &format!("admin-models-{look}")).await;
}

/// A webhook for that client: made, tested, and looked at while its receiver does not answer.
async fn tell(kit: &Kit, client: &Client, look: &str) {
    client.goto(&kit.url("/admin/streams")).await.unwrap();
    heading(client, "Events").await;
    photograph(client, &format!("admin-streams-empty-{look}")).await;
    click(client, "#make").await;
    heading(client, "Make webhook").await;
    photograph(client, &format!("admin-webhook-{look}")).await;
    fill(client, "#client_id", "tea").await;
    fill(client, "#endpoint", "https://localhost:9/hook").await;
    fill(client, "#description", "Orders").await;
    click(client, "#submit").await;
    assert!(text_of(client, "code.secret").await.starts_with("whsec_"));
    photograph(client, &format!("admin-webhook-made-{look}")).await;
    client.goto(&kit.url("/admin/streams")).await.unwrap();
    click(client, "#list a").await;
    heading(client, "Orders").await;
    click(client, "#do-test_stream").await;
    click(client, "#submit").await;
    text_of(client, "#done").await;
    worker::tell_shops(&kit.node).await.unwrap();
    client.refresh().await.unwrap();
    assert!(text_of(client, "#failing").await.contains("requests do not go to that address"));
    photograph(client, &format!("admin-stream-{look}")).await;
    client.goto(&kit.url("/admin/streams")).await.unwrap();
    assert!(text_of(client, "#list").await.contains("Does not answer"));
    photograph(client, &format!("admin-streams-{look}")).await;
}

/// Found, verified at her own page, and asked to be helped.
async fn help(kit: &Kit, client: &Client, ada: (&Client, &Person), look: &str) {
    let (browser, person) = ada;
    client.goto(&kit.url("/admin/customers")).await.unwrap();
    photograph(client, &format!("admin-find-{look}")).await;
    fill(client, "#value", &person.email).await;
    click(client, "#submit").await;
    click(client, "#do-begin_caller_check").await;
    heading(client, "Begin caller check").await;
    photograph(client, &format!("admin-check-{look}")).await;
    click(client, "#way-page").await;
    click(client, "#purpose-remove_factors").await;
    click(client, "#submit").await;
    let number = text_of(client, "code.secret").await;
    click(client, "#back").await;
    assert_eq!(text_of(client, "#number").await, number);
    photograph(client, &format!("admin-customer-{look}")).await;
    browser.goto(&kit.url("/account/call")).await.unwrap();
    assert_eq!(text_of(browser, "#number").await, number);
    photograph(browser, &format!("call-{look}")).await;
    click(browser, "#call-yes").await;
    browser.wait().at_most(Duration::from_secs(20)).for_element(Locator::Css("#answered")).await.unwrap();
    photograph(browser, &format!("call-answered-{look}")).await;
    client.refresh().await.unwrap();
    assert!(text_of(client, "#caller-proven").await.contains("strong"));
    click(client, "#do-remove_factors").await;
    photograph(client, &format!("admin-remove-{look}")).await;
    fill(client, "#reason", WHY).await;
    click(client, "#submit").await;
    client.wait().at_most(Duration::from_secs(20)).for_element(Locator::Css("#result")).await.unwrap();
    // The customer sees what the support was asked for, and could stop it.
    browser.goto(&kit.url("/account/requests")).await.unwrap();
    assert!(text_of(browser, "#requests").await.contains(WHY));
    photograph(browser, &format!("requests-{look}")).await;
    client.goto(&kit.url("/admin/cases")).await.unwrap();
    assert!(text_of(client, "#list").await.contains(WHY));
    photograph(client, &format!("admin-cases-{look}")).await;
}

/// The log, written down, holds; with one byte changed it does not.
fn check_log(kit: &Kit) {
    let file = kit.place.folder.path().join("audit.jsonl");
    let (code, key) = claviger_on(&kit.place, &["audit", "key"]);
    assert_eq!(code, 0, "{key}");
    let key = key.lines().find(|line| line.contains('+')).unwrap().trim().to_owned();
    let (code, text) = claviger_on(&kit.place, &["audit", "export", "--out", "audit.jsonl"]);
    assert_eq!(code, 0, "{text}");
    let verify = || claviger_on(&kit.place, &["audit", "verify", "audit.jsonl", "--key", &key]);
    let (code, text) = verify();
    assert_eq!(code, 0, "{text}");
    let mut bytes = std::fs::read(&file).unwrap();
    let at = bytes.windows(11).position(|window| window == b"staff_case_").unwrap();
    bytes[at + 6] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let (code, text) = verify();
    assert_ne!(code, 0, "{text}");
}

async fn walk(look: &str, flags: &[&str], size: (u32, u32)) {
    // The command line, a process of its own, lives in the real time.
    let now = i64::try_from(std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs()).unwrap();
    let kit = Kit::start_with(Arc::new(Place::new(Backend::Sqlite)), Arc::new(ManualClock::at(UnixSeconds(now))), |_| {}).await;
    let (eva, ada) = (kit.customer("eva").await, kit.customer("ada").await);
    let (staff, customer) = (chromium(true, flags, size).await, chromium(true, flags, size).await);
    plug_in(&staff, Sort::Key).await;
    join(&kit, &staff, &eva, look).await;
    photograph(&staff, &format!("admin-home-{look}")).await;
    register(&kit, &staff, (&customer, &ada), look).await;
    tell(&kit, &staff, look).await;
    risk(&kit, &staff, look).await;
    plug_in(&customer, Sort::Key).await;
    customer.goto(&kit.url("/account/security")).await.unwrap();
    click(&customer, "#start-security-key").await;
    past_codes(&customer).await;
    told(&customer, "recovery codes are set").await;
    help(&kit, &staff, (&customer, &ada), look).await;
    // A second person, elsewhere.
    let mut lea = kit.colleague("lea", &[Role::SupportLead]).await;
    let page = lea.open("/admin/cases").await;
    let case = page.body.split("id=\"decide-").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let page = lea.act(&format!("decide_case/{case}"), &[("decision", "approve"), ("reason", "Heard the call, all is well.")]).await;
    assert_eq!(page.status, 200, "{}", page.body);
    // The customer is out, gets in with the password alone, and reads who and why.
    customer.goto(&kit.url("/account/activity")).await.unwrap();
    type_password(&customer, &ada).await;
    heading(&customer, "What happened").await;
    let source = customer.source().await.unwrap();
    assert!(source.contains(WHY) && source.contains("eva") && source.contains("lea"), "{source}");
    photograph(&customer, &format!("activity-staff-{look}")).await;
    assert!(worker::place_audit(&kit.node).await.unwrap() > 0);
    for page in ["staff", "audit", "reports"] {
        staff.goto(&kit.url(&format!("/admin/{page}"))).await.unwrap();
        client_is_ready(&staff).await;
        photograph(&staff, &format!("admin-{page}-{look}")).await;
    }
    staff.goto(&kit.url("/admin")).await.unwrap();
    heading(&staff, "Overview").await;
    photograph(&staff, &format!("admin-home-later-{look}")).await;
    check_log(&kit);
    staff.close().await.unwrap();
    customer.close().await.unwrap();
    kit.handle.stop(false).await;
}

async fn client_is_ready(client: &Client) {
    client.wait().at_most(Duration::from_secs(20)).for_element(Locator::Css("nav.places")).await.unwrap();
}

#[test]
fn staff_look_after_a_customer_and_the_log_holds() {
    actix_web::rt::System::new().block_on(async {
        walk("light", &[], (1_200, 900)).await;
        walk("phone", &["--force-device-scale-factor=2", "--force-dark-mode"], (390, 844)).await;
    });
}
