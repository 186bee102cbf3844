//! H, I and K: what is done with accounts by those who have none, or another one.

use futures_util::future::join_all;

use crate::kit::authenticator::{self, Authenticator};
use crate::kit::{Browser, Kit, Person, Reply};
use crate::on_both;
use claviger::identity::customers;

async fn open(browser: &Browser, path: &str, person: &Person) -> Reply {
    let page = browser.walk(path).await.page();
    if page.body.contains("id=\"signin\"") {
        let reply = browser.type_password(&page, &person.email, &person.password).await;
        return browser.follow(reply).await.page();
    }
    page
}

async fn recover(browser: &Browser, email: &str) -> Reply {
    let page = browser.get("/recovery").await;
    let reply = browser.press(&page, "recovery", &[("email", email)]).await;
    browser.follow(reply).await.page()
}

/// The link of a notice, written now.
async fn not_me_link(kit: &Kit, person: &Person) -> String {
    let (http, id) = (kit.node.http.clone(), person.id.clone());
    let work = kit.node.base.db.write(move |tx| {
        use claviger::identity::messages::{Desk, Notice, send_notice};
        let customer = customers::store::find_customer(tx, &http.tools.ring, &id)?.unwrap();
        send_notice(tx, &Desk::of(&http), Notice::NewDevice, &customer)
    });
    work.await.unwrap();
    kit.last_link("/not-me/").await
}

async fn row(kit: &Kit, person: &Person) -> customers::Customer {
    let (tools, id) = (kit.node.base.tools.clone(), person.id.clone());
    kit.node.base.db.read(move |connection| customers::store::find_customer(connection, &tools.ring, &id)).await.unwrap().unwrap()
}

on_both! {
    async fn h14_weak_passwords(kit: Kit) {
        let ada = kit.customer("ada").await;
        let browser = kit.browser();
        let page = open(&browser, "/account/password", &ada).await;
        for weak in ["", "password", "short one", "passwordpassword", "qwertyuiopqwertyuiop", "aaaaaaaaaaaaaaaaaaaa", "123456789012345678", "adaadaadaadaadaada", "clavigerclaviger", "ada@example.com1"] {
            let reply = browser.press(&page, "new-password", &[("new_password", weak)]).await;
            assert!(matches!(reply.status, 400 | 422), "{weak}: {}", reply.status);
        }
        // No rules of composition: small letters and blanks will do.
        assert_eq!(browser.press(&page, "new-password", &[("new_password", "wombat harmonica quill")]).await.status, 303);
    }

    async fn i1_replay_and_race(kit: Kit) {
        let ada = kit.customer("ada").await;
        let link = not_me_link(&kit, &ada).await;
        let browsers: Vec<Browser> = (0..16).map(|_| kit.browser()).collect();
        let pages = join_all(browsers.iter().map(|browser| browser.get(&link))).await;
        let done = join_all(browsers.iter().zip(&pages).map(|(browser, page)| browser.press(page, "submit", &[]))).await;
        assert_eq!(done.iter().filter(|reply| reply.title() == "Your account is secured").count(), 1);
        assert_eq!(kit.audited("account_secured", "").await, 1);
        assert_eq!(kit.browser().get(&link).await.status, 410);
    }

    async fn i2_links_are_for_one_purpose(kit: Kit) {
        let ada = kit.customer("ada").await;
        let secret = not_me_link(&kit, &ada).await.rsplit('/').next().unwrap().to_owned();
        let browser = kit.browser();
        browser.get("/recovery").await;
        for path in ["/undo", "/recovery/stop", "/recovery/go-on"] {
            let page = browser.get(&format!("{path}/{secret}")).await;
            assert!(page.status == 404 && page.title() == "This link is no longer good", "{path}: {}", page.body);
        }
        // And it still is what it was.
        assert_eq!(browser.get(&format!("/not-me/{secret}")).await.title(), "Was this you?");
    }

    async fn i3_a_code_for_one_account_is_nothing_for_another(kit: Kit) {
        let (ada, bob) = (kit.customer("ada").await, kit.customer("bob").await);
        let (own, thief) = (kit.browser(), kit.browser());
        recover(&own, &bob.email).await;
        let code = kit.last_code().await;
        let page = recover(&thief, &ada.email).await;
        kit.mails().await;
        assert_eq!(thief.press(&page, "show-mailbox", &[("value", &code)]).await.status, 422);
        // Nor is another recovery's page, in a browser that did not begin it.
        kit.advance(21);
        let theirs = recover(&own, &bob.email).await;
        assert!(matches!(thief.get(&theirs.url).await.status, 403 | 404 | 429), "{}", theirs.url);
    }

    async fn i4_older_ones_die(kit: Kit) {
        let ada = kit.customer("ada").await;
        let (first, second) = (not_me_link(&kit, &ada).await, not_me_link(&kit, &ada).await);
        let browser = kit.browser();
        let page = recover(&browser, &ada.email).await;
        let old = kit.last_code().await;
        kit.advance(21);
        let reply = browser.press(&page, "send-again", &[]).await;
        let page = browser.follow(reply).await.page();
        let new = kit.last_code().await;
        assert_ne!(old, new);
        assert_eq!(browser.press(&page, "show-mailbox", &[("value", &old)]).await.status, 422);
        // Pressing one ends the others, and whatever was begun.
        let rescue = kit.browser();
        rescue.press(&rescue.get(&second).await, "submit", &[]).await;
        assert_eq!(rescue.get(&first).await.status, 410);
        assert_eq!(browser.press(&page, "show-mailbox", &[("value", &new)]).await.status, 303);
        assert!(!browser.get(&page.url).await.body.contains("new_password"), "the recovery is over");
    }

    async fn i7_nothing_is_prepared_for_a_victim(kit: Kit) {
        let (thief, shop) = (kit.customer("thief").await, kit.shop("shop").await);
        let victim = "victim@example.com";
        // An address that is not proven makes no account and keeps no password.
        let other = kit.browser();
        let page = shop.authorize(&other, &[("prompt", "create")]).await.page();
        let reply = other.press(&page, "submit", &[("email", victim)]).await;
        let waiting = other.follow(reply).await.page();
        // An own account that is to move to the victim's address later.
        let browser = kit.browser();
        let page = open(&browser, "/account/contact", &thief).await;
        browser.press(&page, "send-email", &[("value", victim)]).await;
        let mails = kit.mails().await;
        let mail = mails.iter().find(|mail| mail.subject == "Your code to prove this address").unwrap();
        let prepared = mail.text.trim_end().rsplit('#').next().unwrap().to_owned();
        // The victim joins.
        kit.advance(60);
        let own = kit.browser();
        let page = shop.authorize(&own, &[("prompt", "create")]).await.page();
        let reply = own.press(&page, "submit", &[("email", victim)]).await;
        let page = own.follow(reply).await.page();
        let code = kit.last_code().await;
        let reply = own.press(&page, "submit", &[("code", &code)]).await;
        let page = own.follow(reply).await.page();
        let reply = own.press(&page, "submit", &[("name", "Victim")]).await;
        let page = own.follow(reply).await.page();
        let reply = own.press(&page, "new-password-field", &[("new_password", "wombat harmonica quill")]).await;
        assert!(own.follow(reply).await.away().contains_key("code"));
        // Whatever was prepared is dead: the thief's change of address, and the other sign-in, even with codes that somebody read.
        let page = browser.walk("/account/contact").await.page();
        if page.body.contains("id=\"prove-email\"") {
            assert_eq!(browser.press(&page, "prove-email", &[("code", &prepared)]).await.status, 422);
        }
        assert_eq!(row(&kit, &thief).await.email.as_str(), thief.email);
        for code in [&code, &prepared] {
            assert!(matches!(other.press(&waiting, "submit", &[("code", code)]).await.status, 400 | 422 | 429));
        }
        let (tools, email) = (kit.node.base.tools.clone(), claviger::base::contact::EmailAddress::parse(victim).unwrap());
        let found = kit.node.base.db.read(move |connection| customers::store::find_by_email(connection, &tools.ring, &email)).await.unwrap().unwrap();
        assert_eq!(found.profile.name.as_deref(), Some("Victim"));
    }

    async fn i10_nobody_verifies_themselves(kit: Kit) {
        let ada = kit.customer("ada").await;
        let browser = kit.browser();
        let page = open(&browser, "/account/profile", &ada).await;
        let before = row(&kit, &ada).await;
        let more = [("name", "Ada"), ("email", "x@evil.example"), ("email_verified", "true"), ("role", "admin"), ("sub", "x"), ("customer_id", "cus_1"), ("groups", "[\"staff\"]"), ("frozen_until", "0"), ("profile", "https://evil.example")];
        browser.press(&page, "submit", &more).await;
        let after = row(&kit, &ada).await;
        assert_eq!((after.email, after.role, after.subject, after.profile.profile), (before.email, before.role, before.subject, before.profile.profile));
    }

    async fn i11_mail_bombs(kit: Kit) {
        let ada = kit.customer("ada").await;
        for door in ["/recovery", "/signup"] {
            let before = kit.mails().await.iter().filter(|mail| mail.to == ada.email).count();
            let mut answers = std::collections::BTreeMap::new();
            for _ in 0..100 {
                kit.advance(21);
                let browser = kit.browser();
                let page = browser.walk(door).await.page();
                let button = if door == "/recovery" { "recovery" } else { "submit" };
                *answers.entry(browser.press(&page, button, &[("email", &ada.email)]).await.status).or_insert(0) += 1;
            }
            let sent = kit.mails().await.iter().filter(|mail| mail.to == ada.email).count() - before;
            assert!(sent <= 5, "{door}: {sent} {answers:?}");
            kit.advance(86_400);
        }
    }

    async fn i12_addresses_are_read_strictly(kit: Kit) {
        let browser = kit.browser();
        let page = browser.get("/recovery").await;
        for bad in [
            "", "a", "@", "a@", "@b.example", "a@b@c.example", "\"a b\"@c.example", "a@[127.0.0.1]", "=?utf-8?q?a?=@b.example", "a(comment)@b.example", "a@b.example\r\nBcc: x@evil.example", "a@b..example", "a@-b.example", ".a@b.example", "a.@b.example", "a@b.example,c@d.example",
            "a@b.example;c@d.example", "Ada <a@b.example>", "a@b.example\u{0}", "a\u{202e}@b.example", &format!("{}@b.example", "x".repeat(65)),
        ] {
            let reply = browser.press(&page, "recovery", &[("email", bad)]).await;
            assert!(matches!(reply.status, 400 | 428 | 429), "{bad:?}: {}", reply.status);
        }
        assert_eq!(kit.mails().await.len(), 0);
    }

    async fn i5_a_reset_opens_nothing_while_the_second_factor_is_missing(kit: Kit) {
        let ada = kit.customer("ada").await;
        let own = kit.browser();
        let mut phone = Authenticator::new();
        let page = open(&own, "/account/security", &ada).await;
        let reply = authenticator::enrol(&own, &page, "add-passkey", &mut phone).await;
        let page = own.follow(reply).await.page();
        own.keep_codes(&page).await;
        kit.advance(60);
        let thief = kit.browser();
        let page = recover(&thief, &ada.email).await;
        let reply = thief.press(&page, "show-mailbox", &[("value", &kit.last_code().await)]).await;
        let page = thief.follow(reply).await.page();
        let reply = thief.press(&page, "new-password", &[("new_password", "wombat harmonica quill")]).await;
        let page = thief.follow(reply).await.page();
        // The mailbox replaced the password; the account stays shut.
        assert!(page.url.contains("/signin/") && page.title() != "Your account", "{} {}", page.url, page.title());
        for path in ["/account", "/account/security", "/account/contact", "/account/privacy"] {
            assert!(thief.walk(path).await.page().url.contains("/signin/"), "{path}");
        }
    }

    async fn i6_a_ceremony_adds_one_key(kit: Kit) {
        let ada = kit.customer("ada").await;
        let own = kit.browser();
        let page = open(&own, "/account/security", &ada).await;
        let (options, ceremony) = authenticator::begin(&own, &page, "add-passkey").await;
        let (mut first, mut second) = (Authenticator::new(), Authenticator::new());
        let (one, other) = (first.create(&options, &kit.issuer), second.create(&options, &kit.issuer));
        assert_eq!(authenticator::answer(&own, &page, "add-passkey", &ceremony, &one).await.status, 303);
        authenticator::answer(&own, &page, "add-passkey", &ceremony, &other).await;
        let (tools, id) = (kit.node.base.tools.clone(), ada.id.clone());
        let keys = kit.node.base.db.read(move |connection| claviger::identity::factors::passkey::store::list_passkeys(connection, &tools, &id)).await.unwrap();
        assert_eq!(keys.len(), 1);
        assert!(kit.mails().await.iter().any(|mail| mail.to == ada.email && mail.text.contains("/not-me/")), "the owner is told");
    }

    async fn k2_what_a_form_does_not_ask_for_is_not_set(kit: Kit) {
        let ada = kit.customer("ada").await;
        let browser = kit.browser();
        let more = [("role", "admin"), ("status", "active"), ("sub", "x"), ("generation", "9"), ("email_verified", "true"), ("phone_verified", "true"), ("password_hash", "x"), ("groups", "staff"), ("brand", "other"), ("frozen_until", "0")];
        for (path, button) in [("/account/profile", "submit"), ("/account/addresses/new", "submit"), ("/account/phrase", "submit")] {
            let page = open(&browser, path, &ada).await;
            if page.body.contains(&format!("id=\"{button}\"")) {
                browser.press(&page, button, &more).await;
            }
        }
        let (tools, id) = (kit.node.base.tools.clone(), ada.id.clone());
        let (row, standing) = kit.node.base.db.read(move |connection| Ok((customers::store::find_customer(connection, &tools.ring, &id)?.unwrap(), customers::store::find_standing(connection, &id)?.unwrap()))).await.unwrap();
        assert!(row.role == customers::CustomerRole::Customer && row.generation == 1 && row.brand.is_none() && row.frozen_until.is_none() && standing.facts.groups.is_empty());
    }

    async fn k1_what_is_somebody_elses_is_not_there(kit: Kit) {
        let (ada, bob, shop) = (kit.customer("ada").await, kit.customer("bob").await, kit.shop("shop").await);
        let (own, thief) = (kit.browser(), kit.browser());
        let page = shop.sign_in(&own, &ada, &[("prompt", "consent")]).await.page();
        own.press(&page, "allow", &[]).await;
        let addresses = own.get("/account/addresses").await;
        let address = addresses.body.split("href=\"/account/addresses/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let list = open(&own, "/account/sessions", &ada).await;
        open(&thief, "/account", &bob).await;
        kit.advance(10);
        // Her session, address, and shop, by him.
        let sessions = open(&thief, "/account/sessions", &bob).await;
        let csrf = sessions.hidden_fields("name=\"csrf\"").into_iter().find(|(name, _)| name == "csrf").unwrap().1;
        let hers = kit.node.base.db.read({
            let (id, policy, now) = (ada.id.clone(), kit.node.signin.sessions, kit.node.base.tools.now());
            move |connection| claviger::identity::sessions::store::list_sessions(connection, &id, 1, &policy, now)
        }).await.unwrap();
        assert!(list.body.contains("this one") && !hers.is_empty());
        thief.submit("/account/sessions/end", &[("csrf", &csrf), ("session", hers[0].id.as_str())]).await;
        assert_eq!(own.get("/account").await.status, 200, "she is still signed in");
        open(&thief, "/account/addresses", &bob).await;
        assert_eq!(thief.get(&format!("/account/addresses/{address}")).await.status, 404);
        assert_eq!(thief.get("/account/shops/shop/receipt").await.status, 404);
        assert_eq!(own.get("/account/shops/shop/receipt").await.status, 200);
        // His own addresses with her id: nothing of hers changes.
        let before = row(&kit, &ada).await;
        let page = thief.get("/account/addresses").await;
        let remove = page.hidden("id=\"remove-1\"", "csrf");
        thief.submit("/account/addresses/remove", &[("csrf", &remove), ("id", &address)]).await;
        assert!(row(&kit, &ada).await.addresses == before.addresses && row(&kit, &bob).await.addresses.entries().len() == 1);
    }
}

/// The answer neither waits for the mail nor tells of it: with a mail server that does not answer it is as quick, and the same.
#[test]
fn h3_answers_do_not_wait_for_mail() {
    actix_web::rt::System::new().block_on(async {
        let place = std::sync::Arc::new(crate::kit::Place::new(crate::kit::Backend::Sqlite));
        let clock = std::sync::Arc::new(claviger::base::time::ManualClock::at(crate::kit::DAWN));
        // It takes the connection and says nothing.
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = silent.local_addr().unwrap().port();
        let kit = Kit::start_with(place, clock, |raw| {
            raw.mail.smtp_host = "127.0.0.1".to_owned();
            raw.mail.smtp_port = port;
        })
        .await;
        let ada = kit.customer("ada").await;
        for email in [ada.email.as_str(), "nobody@example.com"] {
            let started = std::time::Instant::now();
            let page = recover(&kit.browser(), email).await;
            assert_eq!(page.title(), "Check your e-mail");
            assert!(started.elapsed() < std::time::Duration::from_secs(5));
        }
        kit.handle.stop(false).await;
    });
}
