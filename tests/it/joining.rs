//! Making an account: an address that is proven first, then a password or a passkey, and back to the shop.

use std::sync::Arc;

use crate::kit::authenticator::{self, Authenticator, PRESENT};
use crate::kit::{Backend, Browser, Kit, Landing, Place, Reply, Shop};
use crate::on_both;
use claviger::base::contact::EmailAddress;
use claviger::base::time::ManualClock;
use claviger::identity::customers::{self, Customer};
use claviger::identity::signup::rules::BirthDateWish;

const PASSWORD: &str = "wombat harmonica quill";

pub async fn find(kit: &Kit, email: &str) -> Option<Customer> {
    let (ring, email) = (kit.node.base.tools.ring.clone(), EmailAddress::parse(email).unwrap());
    kit.node.base.db.read(move |connection| customers::store::find_by_email(connection, &ring, &email)).await.unwrap()
}

/// From the shop to the page that asks for an address.
async fn begin(shop: &Shop, browser: &Browser) -> Reply {
    let page = shop.authorize(browser, &[]).await.page();
    let link = page.body.split("id=\"join\" href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    browser.get(&link).await
}

async fn type_address(browser: &Browser, page: &Reply, email: &str) -> Reply {
    let reply = browser.press(page, "join", &[("email", email)]).await;
    browser.follow(reply).await.page()
}

/// From the page that asks for an address to the one that asks how to sign in.
async fn prove(kit: &Kit, browser: &Browser, page: &Reply, email: &str, name: &str) -> Reply {
    let page = type_address(browser, page, email).await;
    assert_eq!(page.title(), "Check your e-mail", "{}", page.body);
    let reply = browser.press(&page, "join-code", &[("code", &kit.last_code().await)]).await;
    let page = browser.follow(reply).await.page();
    let reply = browser.press(&page, "join-details", &[("name", name)]).await;
    let page = browser.follow(reply).await.page();
    assert_eq!(page.title(), "How will you sign in?", "{}", page.body);
    page
}

on_both! {
    async fn somebody_joins_with_a_password_and_arrives_at_the_shop(kit: Kit) {
        let (shop, browser) = (kit.shop("shop").await, kit.browser());
        let page = begin(&shop, &browser).await;
        let page = prove(&kit, &browser, &page, "Grace@Example.com", "Grace Hopper").await;
        assert!(find(&kit, "grace@example.com").await.is_none(), "no account before there is a way to sign in");
        for (bad, reason) in [("tiny", "at least 15"), ("grace hopper grace", "your own name"), ("1234567890123456", "easy to guess")] {
            let reply = browser.press(&page, "join-password", &[("new_password", bad)]).await;
            assert!(reply.status == 422 && reply.body.contains(reason), "{bad}: {}", reply.body);
        }
        let reply = browser.press(&page, "join-password", &[("new_password", PASSWORD)]).await;
        let answer = browser.follow(reply).await.away();
        let tokens = shop.redeem(&answer["code"]).await.json();
        let claims = shop.userinfo(tokens["access_token"].as_str().unwrap()).await.json();
        assert_eq!((&claims["email"], &claims["email_verified"], &claims["name"]), (&"grace@example.com".into(), &true.into(), &"Grace Hopper".into()));
        // And the next time.
        let fresh = kit.browser();
        let reply = fresh.type_password(&fresh.walk("/account").await.page(), "grace@example.com", PASSWORD).await;
        assert_eq!(fresh.follow(reply).await.page().title(), "Your account");
        assert_eq!((kit.audited("customer_joined", "").await, kit.audited("signup_begun", "").await), (1, 1));
        assert!(kit.mails().await.iter().any(|mail| mail.subject == "Welcome to Claviger" && mail.to == "grace@example.com"));
    }

    async fn somebody_joins_with_a_passkey_and_no_password(kit: Kit) {
        let (shop, browser) = (kit.shop("shop").await, kit.browser());
        let page = begin(&shop, &browser).await;
        let page = prove(&kit, &browser, &page, "grace@example.com", "Grace Hopper").await;
        // One that does not say who uses it is not enough to be the only way in, and leaves nothing behind.
        let mut loose = Authenticator { flags: PRESENT, ..Authenticator::new() };
        let (options, ceremony) = authenticator::begin(&browser, &page, "start-passkey").await;
        let credential = loose.create(&options, &kit.issuer);
        let refused = authenticator::answer(&browser, &page, "start-passkey", &ceremony, &credential).await;
        assert_eq!(refused.status, 422, "{}", refused.body);
        assert!(find(&kit, "grace@example.com").await.is_none());
        assert!(kit.mails().await.iter().all(|mail| !mail.subject.starts_with("Welcome")));
        let mut phone = Authenticator::new();
        let (options, ceremony) = authenticator::begin(&browser, &refused, "start-passkey").await;
        assert_eq!(options["publicKey"]["authenticatorSelection"]["userVerification"], "required");
        assert_eq!(options["publicKey"]["user"]["name"], "grace@example.com");
        let credential = phone.create(&options, &kit.issuer);
        let reply = authenticator::answer(&browser, &refused, "start-passkey", &ceremony, &credential).await;
        let page = browser.follow(reply).await.page();
        assert_eq!(page.title(), "Your recovery codes", "whoever has no password needs another way back");
        let reply = browser.press(&page, "recovery-codes", &[]).await;
        let saved = browser.press(&reply, "codes-saved", &[("saved", "yes")]).await;
        let Landing::Away(_, answer) = browser.follow(saved).await else { panic!("did not go back to the shop") };
        let tokens = shop.redeem(&answer["code"]).await.json();
        let claims = crate::kit::shop::claims_of(tokens["id_token"].as_str().unwrap());
        assert_eq!(claims["acr"], "urn:claviger:acr:phishing-resistant");
        // No password opens it, not even an empty one (H12).
        let other = kit.browser();
        let sign_in = other.walk("/account").await.page();
        for password in ["", PASSWORD, " "] {
            assert_ne!(other.type_password(&sign_in, "grace@example.com", password).await.status, 303);
        }
        let reply = authenticator::show(&other, &sign_in, &mut phone).await;
        assert_eq!(other.follow(reply).await.page().title(), "Your account");
    }

    async fn an_address_that_has_an_account_is_treated_as_any_other(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (known, unknown) = (kit.browser(), kit.browser());
        let (known_page, unknown_page) = (begin(&shop, &known).await, begin(&shop, &unknown).await);
        let one = type_address(&known, &known_page, &ada.email).await;
        let other = type_address(&unknown, &unknown_page, "eve@example.com").await;
        let masked = |reply: &Reply| {
            let mut body = reply.body.replace("ada@example.com", "X").replace("eve@example.com", "X");
            for (_, value) in reply.hidden_fields("id=\"join-code\"").into_iter().chain(reply.hidden_fields("id=\"send-again\"")) {
                body = body.replace(&value, "T");
            }
            let flow = reply.url.split("/signin/").nth(1).unwrap().split('/').next().unwrap();
            body.replace(flow, "F")
        };
        assert_eq!((one.status, masked(&one)), (other.status, masked(&other)));
        let mails = kit.mails().await;
        assert!(mails.iter().any(|mail| mail.to == ada.email && mail.subject == "You have an account already" && !mail.text.contains('#')));
        for code in ["000000", "123456"] {
            let (one, other) = (known.press(&one, "join-code", &[("code", code)]).await, unknown.press(&other, "join-code", &[("code", code)]).await);
            assert_eq!((one.status, masked(&one)), (other.status, masked(&other)));
            assert_eq!(one.status, 422);
        }
        // Six more: the sixth code in an hour is not sent, to either.
        for round in 0..6 {
            kit.advance(21);
            let again = known.press(&one, "send-again", &[]).await.status;
            assert_eq!(again, unknown.press(&other, "send-again", &[]).await.status, "{round}");
            assert_eq!(again, if round < 4 { 303 } else { 429 }, "{round}");
        }
        assert_eq!(find(&kit, &ada.email).await.unwrap().id, ada.id);
    }

    async fn the_link_in_the_mail_is_for_the_browser_that_asked_and_needs_a_click(kit: Kit) {
        let (shop, browser, other) = (kit.shop("shop").await, kit.browser(), kit.browser());
        let page = begin(&shop, &browser).await;
        type_address(&browser, &page, "grace@example.com").await;
        let link = kit.last_link("/signin/").await;
        let code = kit.last_code().await;
        assert!(link.ends_with(&format!("/join?{code}")), "{link}");
        for _ in 0..3 {
            assert_eq!(other.get(&link).await.status, 403, "another browser");
            assert!(other.client.head(&link).send().await.unwrap().status().as_u16() < 500);
        }
        let page = browser.get(&link).await;
        assert!(page.title() == "Check your e-mail" && page.body.contains(&format!("value=\"{code}\"")), "opening it proves nothing yet");
        let reply = browser.press(&page, "join-code", &[("code", &code)]).await;
        assert!(browser.follow(reply).await.page().body.contains("id=\"join-details\""));
        // Once is enough; and the steps cannot be skipped or repeated.
        assert_eq!(browser.press(&page, "join-code", &[("code", &code)]).await.status, 303);
    }

    async fn whoever_began_first_with_somebody_elses_address_has_nothing(kit: Kit) {
        let shop = kit.shop("shop").await;
        let (thief, owner) = (kit.browser(), kit.browser());
        let page = begin(&shop, &thief).await;
        let waiting = type_address(&thief, &page, "grace@example.com").await;
        // The thief goes straight to the later steps.
        let flow = waiting.url.trim_end_matches("/join").to_owned();
        let token = waiting.hidden("id=\"join-code\"", "csrf");
        for (path, fields) in [("/join/details", vec![("csrf", token.as_str()), ("name", "Thief")]), ("/join/password", vec![("csrf", token.as_str()), ("new_password", PASSWORD)]), ("/join/passkey/begin", vec![("csrf", token.as_str()), ("kind", "passkey")])] {
            assert_eq!(thief.submit(&format!("{flow}{path}"), &fields).await.status, 403, "{path}");
        }
        kit.advance(21);
        let page = begin(&shop, &owner).await;
        let page = prove(&kit, &owner, &page, "grace@example.com", "Grace").await;
        let reply = owner.press(&page, "join-password", &[("new_password", PASSWORD)]).await;
        assert!(matches!(owner.follow(reply).await, Landing::Away(..)));
        // The thief's page of before, with every code.
        let code = kit.last_code().await;
        assert_eq!(thief.press(&waiting, "join-code", &[("code", &code)]).await.status, 422, "the code is bound to the other sign-in");
        assert_eq!(find(&kit, "grace@example.com").await.unwrap().profile.name.as_deref(), Some("Grace"));
    }

    async fn two_tabs_of_one_mailbox_make_one_account(kit: Kit) {
        let shop = kit.shop("shop").await;
        let (one, two) = (kit.browser(), kit.browser());
        let page = begin(&shop, &one).await;
        let first = prove(&kit, &one, &page, "grace@example.com", "Grace").await;
        kit.advance(21);
        let page = begin(&shop, &two).await;
        let second = prove(&kit, &two, &page, "grace@example.com", "Grace").await;
        let fields = [("new_password", PASSWORD)];
        let (a, b) = futures_util::future::join(one.press(&first, "join-password", &fields), two.press(&second, "join-password", &fields)).await;
        let landings = [one.follow(a).await, two.follow(b).await];
        let arrived = landings.iter().filter(|landing| matches!(landing, Landing::Away(..))).count();
        assert_eq!(arrived, 1, "{landings:?}");
        assert!(landings.iter().any(|landing| matches!(landing, Landing::Page(page) if page.title() == "Sign in")));
    }
}

#[test]
fn a_shop_asks_for_what_it_has_to() {
    actix_web::rt::System::new().block_on(async {
        let place = Arc::new(Place::new(Backend::Sqlite));
        let blocked = place.folder.path().join("blocked.txt");
        std::fs::write(&blocked, "# throw-away mailboxes\nthrowaway.example\n").unwrap();
        let kit = Kit::start_with(place, Arc::new(ManualClock::at(crate::kit::DAWN)), |raw| {
            raw.signup.terms_url = "https://shop.example/terms".to_owned();
            raw.signup.terms_version = "2026-11".to_owned();
            raw.signup.birth_date = BirthDateWish::Required;
            raw.signup.minimum_age = 18;
            raw.signup.blocked_domains_file = blocked.display().to_string();
            raw.signup.source_limit = 3;
        })
        .await;
        let (shop, browser) = (kit.shop("shop").await, kit.browser());
        let page = begin(&shop, &browser).await;
        for (bad, status) in [("grace@mail.throwaway.example", 422), ("grace", 400), ("a@b@c", 400), ("", 400), ("grace@example.com\r\nBcc: x@y.example", 400)] {
            assert_eq!(browser.press(&page, "join", &[("email", bad)]).await.status, status, "{bad}");
        }
        let page = type_address(&browser, &page, "grace@example.com").await;
        let reply = browser.press(&page, "join-code", &[("code", &kit.last_code().await)]).await;
        let page = browser.follow(reply).await.page();
        for (fields, reason) in [
            (vec![("name", "Grace"), ("birth_date", "1990-05-05")], "Accept the terms"),
            (vec![("name", "Grace"), ("birth_date", "2015-05-05"), ("terms", "yes")], "not old enough"),
            (vec![("name", ""), ("birth_date", "1990-02-30"), ("terms", "yes")], "Type your date of birth"),
        ] {
            let reply = browser.press(&page, "join-details", &fields).await;
            assert!(reply.status == 422 && reply.body.contains(reason), "{}", reply.body);
            assert!(fields.iter().all(|(name, value)| *name == "terms" || reply.body.contains(value)), "what was typed is not lost");
        }
        let reply = browser.press(&page, "join-details", &[("name", "Grace"), ("birth_date", "1990-05-05"), ("terms", "yes")]).await;
        let page = browser.follow(reply).await.page();
        let reply = browser.press(&page, "join-password", &[("new_password", PASSWORD)]).await;
        assert_eq!(reply.status, 303, "{}", reply.body);
        let customer = find(&kit, "grace@example.com").await.unwrap();
        assert_eq!(customer.birth_date.as_deref(), Some("1990-05-05"));
        let accepted = kit.node.base.db.read(move |connection| claviger::identity::signup::store::list_acceptances(connection, &customer.id)).await.unwrap();
        assert_eq!(accepted, [("2026-11".to_owned(), crate::kit::DAWN)]);
        // The fourth from one address in an hour.
        for (number, status) in [(2, 303), (3, 303), (4, 429)] {
            let other = kit.browser();
            let page = begin(&shop, &other).await;
            assert_eq!(other.press(&page, "join", &[("email", &format!("grace{number}@example.com"))]).await.status, status, "{number}");
        }
        assert_eq!((kit.audited("signup_refused", "domain").await, kit.audited("signup_refused", "throttled").await), (1, 1));
    });
}

#[test]
fn where_nobody_may_join_there_is_no_page_for_it() {
    actix_web::rt::System::new().block_on(async {
        let kit = Kit::start_with(Arc::new(Place::new(Backend::Sqlite)), Arc::new(ManualClock::at(crate::kit::DAWN)), |raw| raw.signup.open = false).await;
        let (shop, browser) = (kit.shop("shop").await, kit.browser());
        let page = shop.authorize(&browser, &[]).await.page();
        assert!(!page.body.contains("/join"));
        assert_eq!(browser.get(&format!("{}/join", page.url)).await.status, 404);
    });
}
