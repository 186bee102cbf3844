//! What was begun for one customer, or under other credentials, is nothing to the next: codes, ceremonies, half-done sign-ins, and weak proofs beside strong ones.

use std::io::{Read, Write};
use std::sync::Arc;

use crate::factors::{code, enrol};
use crate::kit::authenticator::{self, Authenticator};
use crate::kit::{Backend, Browser, Kit, Person, Place, Reply};
use crate::on_both;
use claviger::app::config::RawConfig;
use claviger::base::assurance::{Acr, FactorKind};
use claviger::base::secret::Secret;
use claviger::base::time::{ManualClock, UnixSeconds};
use claviger::identity::customers::store as customers;
use claviger::identity::factors::password::store as passwords;
use claviger::identity::factors::recovery_code::store as recovery_codes;
use claviger::identity::sessions::store as sessions;

fn run<F: Future<Output = ()>>(adjust: impl Fn(&mut RawConfig) + Copy, story: impl Fn(Kit) -> F) {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        if backend == Backend::Postgres && std::env::var("TEST_DB").as_deref() == Ok("sqlite") {
            continue;
        }
        actix_web::rt::System::new().block_on(async {
            let kit = Kit::start_with(Arc::new(Place::new(backend)), Arc::new(ManualClock::at(crate::kit::DAWN)), adjust).await;
            story(kit).await;
        });
    }
}

async fn with_email_codes(kit: &Kit, person: &Person) {
    let (id, now) = (person.id.clone(), kit.node.base.tools.now());
    kit.node.base.db.write(move |tx| customers::keep_code_channel(tx, &id, FactorKind::EmailCode, Some(now))).await.unwrap();
}

async fn flag(kit: &Kit, person: &Person) {
    let id = person.id.clone();
    kit.node.base.db.write(move |tx| customers::flag_password(tx, &id, Some("breached"))).await.unwrap();
}

/// As "this was not me", a change of password or a lock do.
async fn bump(kit: &Kit, person: &Person) {
    let (id, now) = (person.id.clone(), kit.node.base.tools.now());
    kit.node.base.db.write(move |tx| customers::bump_generation(tx, &id, now)).await.unwrap();
}

async fn type_password(browser: &Browser, page: &Reply, person: &Person) -> Reply {
    let reply = browser.type_password(page, &person.email, &person.password).await;
    browser.follow(reply).await.page()
}

#[test]
fn a_code_sent_to_one_customer_is_nothing_to_another_in_the_same_sign_in() {
    run(
        |raw| raw.codes.email = true,
        async |kit: Kit| {
            let (ada, eve, shop) = (kit.customer("ada").await, kit.customer("eve").await, kit.shop("shop").await);
            with_email_codes(&kit, &ada).await;
            with_email_codes(&kit, &eve).await;
            let browser = kit.browser();
            let sign_in = shop.authorize(&browser, &[]).await.page();
            let page = type_password(&browser, &sign_in, &eve).await;
            let reply = browser.press(&page, "send", &[]).await;
            browser.follow(reply).await;
            let mine = kit.last_code().await;
            // The same tab, now with Ada's password.
            let page = type_password(&browser, &sign_in, &ada).await;
            assert!(page.url.ends_with("/email-code") && !page.body.contains("id=\"code\""), "no code is out for her: {}", page.body);
            let csrf = page.hidden("id=\"send\"", "csrf");
            let typed = browser.submit(&page.url, &[("csrf", &csrf), ("code", &mine)]).await;
            assert!(matches!(typed.status, 403 | 422), "{}", typed.status);
            // With the token of the code's own form, as the page of before had it.
            let reply = browser.press(&page, "send", &[]).await;
            let page = browser.follow(reply).await.page();
            assert_eq!(browser.press(&page, "email-code", &[("code", &mine)]).await.status, if mine == kit.last_code().await { 303 } else { 422 });
        },
    );
}

#[test]
fn a_breached_password_is_not_replaced_with_a_code_of_somebody_elses_mailbox() {
    run(
        |_| {},
        async |kit: Kit| {
            let (ada, eve) = (kit.customer("ada").await, kit.customer("eve").await);
            flag(&kit, &ada).await;
            flag(&kit, &eve).await;
            let browser = kit.browser();
            let sign_in = browser.walk("/account").await.page();
            let page = type_password(&browser, &sign_in, &eve).await;
            let reply = browser.press(&page, "send-code", &[]).await;
            let page = browser.follow(reply).await.page();
            let (mine, csrf) = (kit.last_code().await, page.hidden("id=\"new-password\"", "csrf"));
            type_password(&browser, &sign_in, &ada).await;
            let reply = browser.submit(&page.url, &[("csrf", &csrf), ("code", &mine), ("new_password", "wombat harmonica quill")]).await;
            assert_eq!(reply.status, 422, "{}", reply.body);
            let own = kit.browser();
            assert_eq!(type_password(&own, &own.walk("/account").await.page(), &ada).await.title(), "Choose a new password", "the old one is still hers");
        },
    );
}

#[test]
fn an_address_is_not_proven_by_a_code_for_another_while_a_body_is_held_back() {
    run(
        |_| {},
        async |kit: Kit| {
            let browser = kit.browser();
            let page = browser.walk("/signup").await.page();
            let reply = browser.press(&page, "join", &[("email", "victim@example.com")]).await;
            let victims = browser.follow(reply).await.page();
            let flow = victims.url.trim_end_matches("/join").trim_start_matches(&kit.issuer).to_owned();
            let csrf = victims.hidden("id=\"join-code\"", "csrf");
            let host = kit.issuer.trim_start_matches("http://").to_owned();
            let cookies = browser.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
            let length = format!("csrf={csrf}&code=123456").len();
            let head = format!(
                "POST {flow}/join/code HTTP/1.1\r\nhost: {host}\r\norigin: {}\r\ncookie: {cookies}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\nconnection: close\r\n\r\ncsrf={csrf}&code=",
                kit.issuer
            );
            let mut held = std::net::TcpStream::connect(&host).unwrap();
            held.write_all(head.as_bytes()).unwrap();
            // The other one is well on its way before these answers come.
            for _ in 0..5 {
                assert_eq!(browser.get(&victims.url).await.status, 200);
            }
            let again = browser.submit(&victims.url, &[("csrf", &victims.hidden("id=\"send-again\"", "csrf")), ("email", "thief@example.com")]).await;
            assert_eq!(again.status, 303);
            let code = kit.last_code().await;
            held.write_all(code.as_bytes()).unwrap();
            let answer = tokio::task::spawn_blocking(move || {
                let mut text = String::new();
                held.read_to_string(&mut text).map(|_| text)
            })
            .await
            .unwrap()
            .unwrap();
            assert!(answer.starts_with("HTTP/1.1 "), "{answer}");
            let page = browser.get(&victims.url).await;
            assert!(!page.body.contains("victim@example.com") || page.title() == "Check your e-mail", "{}", page.body);
        },
    );
}

#[test]
fn nothing_is_added_in_a_sign_in_whose_credentials_are_dead() {
    run(
        |raw| raw.assurance.minimum = "second-factor".to_owned(),
        async |kit: Kit| {
            let ada = kit.customer("ada").await;
            let browser = kit.browser();
            let page = type_password(&browser, &browser.walk("/account").await.page(), &ada).await;
            assert_eq!(page.title(), "One more step");
            let (options, ceremony) = authenticator::begin(&browser, &page, "start-passkey").await;
            bump(&kit, &ada).await;
            let credential = Authenticator::new().create(&options, &kit.issuer);
            let reply = authenticator::answer(&browser, &page, "start-passkey", &ceremony, &credential).await;
            assert_ne!(browser.follow(reply).await.page().title(), "Your account");
            let id = ada.id.clone();
            let count = kit.node.base.db.read(move |connection| claviger::identity::factors::find_enrolled_authenticators(connection, &id)).await.unwrap();
            assert_eq!(count, 0);
            assert_eq!(authenticator::begin_raw(&browser, &page, "start-passkey").await.status, 410);
        },
    );
}

#[test]
fn a_password_is_not_replaced_in_a_sign_in_whose_credentials_are_dead() {
    run(
        |_| {},
        async |kit: Kit| {
            let ada = kit.customer("ada").await;
            let seed = enrol(&kit, &ada).await;
            flag(&kit, &ada).await;
            let browser = kit.browser();
            let challenge = type_password(&browser, &browser.walk("/account").await.page(), &ada).await;
            let reply = browser.press(&challenge, "totp", &[("code", &code(&kit, &seed, 0))]).await;
            let page = browser.follow(reply).await.page();
            assert!(page.title() == "Choose a new password" && page.body.contains("new_password"));
            bump(&kit, &ada).await;
            let reply = browser.press(&page, "new-password", &[("new_password", "wombat harmonica quill")]).await;
            assert_eq!(browser.follow(reply).await.page().title(), "Sign in");
            let own = kit.browser();
            assert_eq!(type_password(&own, &own.walk("/account").await.page(), &ada).await.title(), "Enter your code", "the old password is still hers");
        },
    );
}

#[test]
fn an_old_session_does_not_replace_a_breached_password() {
    run(
        |_| {},
        async |kit: Kit| {
            let ada = kit.customer("ada").await;
            let seed = enrol(&kit, &ada).await;
            let browser = kit.browser();
            let challenge = type_password(&browser, &browser.walk("/account").await.page(), &ada).await;
            let reply = browser.press(&challenge, "totp", &[("code", &code(&kit, &seed, 0))]).await;
            assert_eq!(browser.follow(reply).await.page().title(), "Your account");
            kit.advance(301);
            flag(&kit, &ada).await;
            assert_eq!(browser.walk("/account").await.page().title(), "Sign in");
        },
    );
}

#[test]
fn a_weak_second_factor_changes_nothing_where_there_is_a_strong_one() {
    run(
        |raw| raw.codes.email = true,
        async |kit: Kit| {
            let (ada, shop) = (kit.customer("ada").await, kit.shop_with("strict", |metadata| metadata.required_acr = Some(Acr::PhishingResistant)).await);
            let seed = enrol(&kit, &ada).await;
            with_email_codes(&kit, &ada).await;
            let by_mail = async |page: &Reply, browser: &Browser| {
                let reply = browser.press(page, "send", &[]).await;
                let page = browser.follow(reply).await.page();
                let reply = browser.press(&page, "email-code", &[("code", &kit.last_code().await)]).await;
                browser.follow(reply).await.page()
            };
            let browser = kit.browser();
            let challenge = type_password(&browser, &browser.walk("/account").await.page(), &ada).await;
            assert_eq!(challenge.title(), "Enter your code");
            let page = browser.get(&challenge.url.replace("/totp", "/email-code")).await;
            assert_eq!(by_mail(&page, &browser).await.title(), "Your account");
            for path in ["/account/security", "/account/password"] {
                assert_eq!(browser.walk(path).await.page().title(), "Enter your code", "{path}: the app is asked for");
            }
            // In a sign-in that demands more than there is, the app comes before adding anything.
            let other = kit.browser();
            kit.advance(21);
            let sign_in = shop.authorize(&other, &[]).await.page();
            let challenge = type_password(&other, &sign_in, &ada).await;
            let page = other.get(&challenge.url.replace("/totp", "/email-code")).await;
            let page = by_mail(&page, &other).await;
            assert_eq!(page.title(), "Enter your code", "{}", page.url);
            kit.advance(60);
            let reply = other.press(&page, "totp", &[("code", &code(&kit, &seed, 0))]).await;
            assert_eq!(other.follow(reply).await.page().title(), "One more step");
        },
    );
}

#[test]
fn a_ceremony_begun_for_one_customer_adds_nothing_to_another() {
    run(
        |raw| raw.assurance.minimum = "second-factor".to_owned(),
        async |kit: Kit| {
            let (ada, eve) = (kit.customer("ada").await, kit.customer("eve").await);
            let browser = kit.browser();
            let sign_in = browser.walk("/account").await.page();
            let page = type_password(&browser, &sign_in, &eve).await;
            let (options, ceremony) = authenticator::begin(&browser, &page, "start-passkey").await;
            let credential = Authenticator::new().create(&options, &kit.issuer);
            let page = type_password(&browser, &sign_in, &ada).await;
            let reply = authenticator::answer(&browser, &page, "start-passkey", &ceremony, &credential).await;
            assert_eq!(reply.status, 422, "{}", reply.body);
            let (one, other) = (ada.id.clone(), eve.id.clone());
            let count = kit.node.base.db.read(move |connection| {
                Ok(claviger::identity::factors::find_enrolled_authenticators(connection, &one)? + claviger::identity::factors::find_enrolled_authenticators(connection, &other)?)
            });
            assert_eq!(count.await.unwrap(), 0);
        },
    );
}

on_both! {
    async fn a_recovery_code_stands_in_for_the_factor_that_was_lost(kit: Kit) {
        let ada = kit.customer("ada").await;
        let browser = kit.browser();
        let page = type_password(&browser, &browser.walk("/account/security").await.page(), &ada).await;
        let mut phone = Authenticator::new();
        let reply = authenticator::enrol(&browser, &page, "add-passkey", &mut phone).await;
        browser.follow(reply).await;
        let (tools, id) = (kit.node.base.tools.clone(), ada.id.clone());
        let codes = kit.node.base.db.write(move |tx| {
            let codes = recovery_codes::replace_codes(tx, &tools, &id)?;
            recovery_codes::confirm_codes(tx, &id, tools.now())?;
            Ok(codes)
        });
        let codes = codes.await.unwrap();
        kit.advance(400);
        // The phone is gone; the session lasts, and leads by the code to where it can be removed.
        let page = type_password(&browser, &browser.walk("/account/security").await.page(), &ada).await;
        assert!(page.url.ends_with("/passkey"), "{}", page.url);
        let page = browser.get(&page.url.replace("/passkey", "/recovery-code")).await;
        let reply = browser.press(&page, "recovery-code", &[("code", &codes[0])]).await;
        assert_eq!(browser.follow(reply).await.page().title(), "Sign-in and security");
    }

    async fn browsers_that_were_known_before_the_second_factor_have_no_lane_of_their_own(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (early, _) = kit.sign_in(&shop, &ada).await;
        let device = Secret::new(early.cookie("claviger_device").unwrap()).hash();
        let id = ada.id.clone();
        let again = Secret::new(early.cookie("claviger_device").unwrap()).hash();
        assert!(kit.node.base.db.read(move |connection| sessions::is_known_device(connection, &device, &id, UnixSeconds(0))).await.unwrap());
        let browser = kit.browser();
        let page = type_password(&browser, &browser.walk("/account/security").await.page(), &ada).await;
        authenticator::enrol(&browser, &page, "add-passkey", &mut Authenticator::new()).await;
        let id = ada.id.clone();
        assert!(!kit.node.base.db.read(move |connection| sessions::is_known_device(connection, &again, &id, UnixSeconds(0))).await.unwrap());
        let id = ada.id.clone();
        assert!(kit.node.base.db.read(move |connection| passwords::has_password(connection, &id)).await.unwrap());
    }
}
