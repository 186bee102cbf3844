//! An account at another provider in a real Chromium: connected from the sign-in page, signed in with, joined with, disconnected.

use std::sync::Arc;

use super::*;
use crate::kit::provider::accept;
use crate::kit::{Backend, DAWN, Kit, Person, Place};
use claviger::base::time::ManualClock;
use claviger::base::uri::RedirectUri;

/// A provider at an address of its own, since cookies do not tell ports apart, and a server that accepts it.
async fn pair() -> (Kit, Kit) {
    let clock = Arc::new(ManualClock::at(DAWN));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let issuer = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
    let provider = Kit::start_on(listener, issuer, Arc::new(Place::new(Backend::Sqlite)), Arc::clone(&clock), |raw| raw.brand.name = "Parcel & Post".to_owned()).await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let issuer = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let callback = format!("{issuer}/upstream/post/callback");
    let client = provider.shop_with("our-client", |metadata| metadata.redirect_uris = vec![RedirectUri::parse(&callback).unwrap()]).await;
    let place = Arc::new(Place::new(Backend::Sqlite));
    let secret = place.folder.path().join("upstream.secret");
    std::fs::write(&secret, client.secret).unwrap();
    let kit = Kit::start_on(listener, issuer, place, clock, |raw| accept(raw, "post", &provider.issuer, Some(&secret))).await;
    (provider, kit)
}

async fn password(client: &Client, person: &Person) {
    heading(client, "Sign in").await;
    fill(client, "#email", &person.email).await;
    fill(client, "#password", &person.password).await;
    click(client, "#submit").await;
}

async fn walk(look: &str, client: &Client) {
    let (provider, kit) = pair().await;
    let (grace, hers) = (provider.customer("grace.there").await, kit.customer("grace").await);
    client.goto(&kit.url("/signin")).await.unwrap();
    heading(client, "Sign in").await;
    photograph(client, &format!("elsewhere-signin-{look}")).await;
    click(client, "#with-post").await;
    // There.
    password(client, &grace).await;
    // Back: nobody knows her yet.
    heading(client, "Your Big & Co account").await;
    photograph(client, &format!("elsewhere-unknown-{look}")).await;
    click(client, "#have-account").await;
    password(client, &hers).await;
    client.wait().at_most(Duration::from_secs(20)).for_element(Locator::Css("#connect")).await.unwrap();
    assert_eq!((text_of(client, "#upstream-account").await.as_str(), text_of(client, "#own-account").await.as_str()), ("grace.there@example.com", "grace@example.com"));
    photograph(client, &format!("elsewhere-connect-{look}")).await;
    click(client, "#connect").await;
    heading(client, "Your account").await;
    client.goto(&kit.url("/account/security")).await.unwrap();
    heading(client, "Sign-in and security").await;
    assert!(text_of(client, "#upstreams").await.contains("grace.there@example.com"));
    photograph(client, &format!("elsewhere-security-{look}")).await;
    // Signed out, one click opens the account.
    client.delete_all_cookies().await.unwrap();
    client.goto(&kit.url("/signin")).await.unwrap();
    click(client, "#with-post").await;
    heading(client, "Your account").await;
    // Somebody new joins with it.
    client.delete_all_cookies().await.unwrap();
    client.goto(&provider.url("/logout/confirm")).await.unwrap();
    client.delete_all_cookies().await.unwrap();
    let eve = provider.customer("eve").await;
    client.goto(&kit.url("/signin")).await.unwrap();
    click(client, "#with-post").await;
    password(client, &eve).await;
    heading(client, "Your Big & Co account").await;
    click(client, "#join").await;
    heading(client, "Create an account").await;
    click(client, "#submit").await;
    heading(client, "Check your e-mail").await;
    fill(client, "#code", &kit.last_code().await).await;
    click(client, "#submit").await;
    client.wait().at_most(Duration::from_secs(20)).for_element(Locator::Css("#name")).await.unwrap();
    photograph(client, &format!("elsewhere-details-{look}")).await;
    click(client, "#submit").await;
    heading(client, "How will you sign in?").await;
    photograph(client, &format!("elsewhere-credential-{look}")).await;
    click(client, "#with-upstream").await;
    heading(client, "Your account").await;
    kit.handle.stop(false).await;
    provider.handle.stop(false).await;
}

fn run_elsewhere(look: &str, flags: &[&str], size: (u32, u32)) {
    actix_web::rt::System::new().block_on(async {
        let client = chromium(true, flags, size).await;
        walk(look, &client).await;
        client.close().await.unwrap();
    });
}

#[test]
fn an_account_elsewhere_in_a_light_browser() {
    run_elsewhere("light", &[], (1_200, 1_100));
}

#[test]
fn an_account_elsewhere_on_a_phone_in_the_dark() {
    run_elsewhere("phone-dark", &["--force-dark-mode", "--force-device-scale-factor=2"], (390, 844));
}
