//! Changing how one is reached: proven on the new address, told to the old one, and taken back from there with everything that was changed since.

use crate::kit::authenticator::{self, Authenticator};
use crate::kit::{Browser, Kit, Person, Reply, Shop};
use crate::on_both;
use claviger::app::worker;

const NEW: &str = "wombat harmonica quill";

async fn open(browser: &Browser, path: &str, person: &Person) -> Reply {
    let page = browser.walk(path).await.page();
    if page.body.contains("id=\"signin\"") {
        let reply = browser.type_password(&page, &person.email, &person.password).await;
        return browser.follow(reply).await.page();
    }
    page
}

/// Changes one contact to `value`; the page after the code.
async fn change(kit: &Kit, browser: &Browser, page: &Reply, kind: &str, value: &str) -> Reply {
    let reply = browser.press(page, &format!("send-{kind}"), &[("value", value)]).await;
    assert_eq!(reply.status, 303, "{}", reply.body);
    let page = browser.follow(reply).await.page();
    let reply = browser.press(&page, &format!("prove-{kind}"), &[("code", &kit.last_code().await)]).await;
    browser.follow(reply).await.page()
}

async fn claims(shop: &Shop, browser: &Browser, person: &Person) -> serde_json::Value {
    let code = shop.code(browser, person).await;
    let tokens = shop.redeem(&code).await.json();
    shop.userinfo(tokens["access_token"].as_str().unwrap()).await.json()
}

on_both! {
    async fn a_new_address_is_proven_and_told_to_the_old_one(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let browser = kit.browser();
        let page = open(&browser, "/account/contact", &ada).await;
        assert_eq!(claims(&shop, &browser, &ada).await.get("urn:claviger:contact_changed_at"), None);
        let reply = browser.press(&page, "send-email", &[("value", "not an address")]).await;
        assert!(reply.status == 400 && reply.body.contains("not an address"), "what was typed is not lost");
        assert_eq!(browser.press(&page, "send-email", &[("value", "ADA@example.com")]).await.status, 422);
        let waiting = browser.press(&page, "send-email", &[("value", "ada@new.example")]).await;
        let waiting = browser.follow(waiting).await.page();
        let wrong = browser.press(&waiting, "prove-email", &[("code", "000000")]).await;
        assert_eq!(wrong.status, 422, "{}", wrong.body);
        let reply = browser.press(&waiting, "prove-email", &[("code", &kit.last_code().await)]).await;
        let page = browser.follow(reply).await.page();
        assert!(page.body.contains("ada@new.example") && page.body.contains("The old address was told"), "{}", page.body);
        let mails = kit.mails().await;
        assert!(mails.iter().any(|mail| mail.to == "ada@example.com" && mail.subject == "Your account was changed: E-mail address" && mail.text.contains("/undo/")));
        assert!(mails.iter().any(|mail| mail.to == "ada@new.example" && mail.subject.starts_with("This address is now")));
        // The shop sees it, and that it is fresh; for three days.
        let told = claims(&shop, &browser, &ada).await;
        assert_eq!((&told["email"], &told["email_verified"], &told["urn:claviger:contact_changed_at"]), (&"ada@new.example".into(), &true.into(), &crate::kit::DAWN.0.into()));
        let moved = Person { email: "ada@new.example".to_owned(), ..ada.clone() };
        let fresh = kit.browser();
        assert_eq!(open(&fresh, "/account", &moved).await.title(), "Your account");
        let old = kit.browser();
        assert_eq!(old.type_password(&old.walk("/account").await.page(), &ada.email, &ada.password).await.status, 422);
        kit.advance(72 * 3_600 + 1);
        assert_eq!(claims(&shop, &kit.browser(), &moved).await.get("urn:claviger:contact_changed_at"), None);
        let link = kit.last_link("/undo/").await;
        assert_eq!(old.get(&link).await.status, 404, "three days are over");
        assert_eq!(kit.audited("contact_changed", "").await, 1);
    }

    async fn a_thief_changes_everything_and_the_owner_takes_it_back(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let own = kit.browser();
        let mut phone = Authenticator::new();
        let security = open(&own, "/account/security", &ada).await;
        let reply = authenticator::enrol(&own, &security, "add-passkey", &mut phone).await;
        let page = own.follow(reply).await.page();
        own.keep_codes(&page).await;
        kit.advance(400);
        // The thief has the phone in hand for a moment, so to say: a full session.
        let thief = kit.browser();
        let page = thief.walk("/account/contact").await.page();
        let reply = authenticator::show(&thief, &page, &mut phone).await;
        let page = thief.follow(reply).await.page();
        let page = change(&kit, &thief, &page, "email", "thief@evil.example").await;
        assert!(page.body.contains("thief@evil.example"));
        let links: Vec<String> = kit.mails().await.iter().filter(|mail| mail.to == ada.email).filter_map(|mail| mail.text.split_whitespace().find(|word| word.contains("/undo/")).map(str::to_owned)).collect();
        assert_eq!(links.len(), 1);
        kit.advance(25);
        change(&kit, &thief, &page, "backup-email", "second@evil.example").await;
        let page = thief.walk("/account/password").await.page();
        assert_eq!(thief.press(&page, "new-password", &[("new_password", NEW)]).await.status, 303);
        let page = thief.walk("/account/security").await.page();
        let mut other = Authenticator::new();
        let reply = authenticator::enrol(&thief, &page, "add-passkey", &mut other).await;
        let page = thief.follow(reply).await.page();
        // The first in the list is the owner's.
        let (csrf, first) = (page.hidden("name=\"authenticator\"", "csrf"), page.hidden("name=\"authenticator\"", "authenticator"));
        let removed = thief.submit("/account/security/remove", &[("csrf", &csrf), ("authenticator", &first)]).await;
        assert_eq!(removed.location(), Some("/account/security?removed"), "{}", removed.body);
        assert_eq!(authenticator::show(&own, &own.walk("/account").await.page(), &mut phone).await.status, 422, "the owner's key is gone");
        assert!(shop.authorize(&thief, &[]).await.away().contains_key("code"));
        // The owner: the link works signed out; opening it changes nothing.
        let rescue = kit.browser();
        for _ in 0..2 {
            assert_eq!(rescue.get(&links[0]).await.title(), "Take this change back?");
        }
        assert_eq!(thief.walk("/account").await.page().title(), "Your account");
        let done = rescue.press(&rescue.get(&links[0]).await, "undo", &[]).await;
        assert_eq!(done.title(), "Your account is as it was", "{}", done.body);
        assert_eq!(thief.walk("/account").await.page().title(), "Sign in");
        // The thief's ways are dead: address, password, passkey.
        let sign_in = thief.walk("/account").await.page();
        assert_eq!(thief.type_password(&sign_in, "thief@evil.example", NEW).await.status, 422);
        assert_eq!(thief.type_password(&sign_in, &ada.email, NEW).await.status, 422);
        assert_eq!(authenticator::show(&thief, &sign_in, &mut other).await.status, 422);
        // The owner's are as before: the passkey at once, the password after being replaced.
        let reply = authenticator::show(&own, &own.walk("/account").await.page(), &mut phone).await;
        let home = own.follow(reply).await.page();
        assert!(home.title() == "Your account" && home.body.contains("ada@example.com"), "{}", home.body);
        let contact = own.walk("/account/contact").await.page();
        assert!(!contact.body.contains("evil.example"), "{}", contact.body);
        // For a day nothing moves.
        let refused = own.press(&contact, "send-email", &[("value", "ada@new.example")]).await;
        assert!(refused.status == 422 && refused.body.contains("stands still"), "{}", refused.body);
        assert_eq!(kit.audited("contact_restored", "").await, 1);
    }

    async fn the_address_in_use_hears_of_every_further_change(kit: Kit) {
        let ada = kit.customer("ada").await;
        let browser = kit.browser();
        let page = open(&browser, "/account/contact", &ada).await;
        let page = change(&kit, &browser, &page, "email", "ada@second.example").await;
        drop(page);
        kit.advance(3_000);
        let moved = Person { email: "ada@second.example".to_owned(), ..ada.clone() };
        let page = open(&browser, "/account/contact", &moved).await;
        let before = kit.mails().await.len();
        change(&kit, &browser, &page, "email", "ada@third.example").await;
        let mails = kit.mails().await;
        let told: Vec<_> = mails[before..].iter().filter(|mail| mail.to == "ada@second.example").collect();
        assert!(told.iter().any(|mail| mail.text.contains("/not-me/")), "{} mails", told.len());
        assert!(told.iter().all(|mail| !mail.text.contains("/undo/")), "it is too new to bring itself back");
    }

    async fn an_address_of_somebody_else_is_treated_as_any_other(kit: Kit) {
        let (ada, bob) = (kit.customer("ada").await, kit.customer("bob").await);
        let browser = kit.browser();
        let page = open(&browser, "/account/contact", &ada).await;
        let reply = browser.press(&page, "send-email", &[("value", &bob.email)]).await;
        assert_eq!(reply.status, 303);
        let page = browser.follow(reply).await.page();
        assert!(page.body.contains("If bob@example.com can be used here"));
        assert!(kit.mails().await.iter().any(|mail| mail.to == bob.email && mail.subject == "You have an account already"));
        assert_eq!(browser.press(&page, "prove-email", &[("code", "123456")]).await.status, 422);
        // Other people's changes and codes are nothing to one.
        let thief = kit.browser();
        let theirs = open(&thief, "/account/contact", &bob).await;
        kit.advance(25);
        let reply = browser.press(&page, "send-email", &[("value", "ada@new.example")]).await;
        browser.follow(reply).await;
        let code = kit.last_code().await;
        let csrf = theirs.hidden("id=\"send-email\"", "csrf");
        assert_eq!(thief.submit("/account/contact/confirm", &[("csrf", &csrf), ("kind", "email"), ("code", &code)]).await.status, 403);
    }

    async fn the_old_address_stays_free_while_it_can_come_back(kit: Kit) {
        let ada = kit.customer("ada").await;
        let browser = kit.browser();
        let page = open(&browser, "/account/contact", &ada).await;
        change(&kit, &browser, &page, "email", "ada@new.example").await;
        kit.advance(25);
        let other = kit.browser();
        let page = other.walk("/signup").await.page();
        let reply = other.press(&page, "join", &[("email", &ada.email)]).await;
        let page = other.follow(reply).await.page();
        let reply = other.press(&page, "join-code", &[("code", &kit.last_code().await)]).await;
        let page = other.follow(reply).await.page();
        let reply = other.press(&page, "join-details", &[("name", "Eve")]).await;
        let page = other.follow(reply).await.page();
        let reply = other.press(&page, "join-password", &[("new_password", NEW)]).await;
        assert_eq!(other.follow(reply).await.page().title(), "Sign in", "taken, as far as anybody is told");
        kit.advance(5 * 86_400);
        worker::sweep(&kit.node).await.unwrap();
        let page = other.walk("/signup").await.page();
        let reply = other.press(&page, "join", &[("email", &ada.email)]).await;
        let page = other.follow(reply).await.page();
        let reply = other.press(&page, "join-code", &[("code", &kit.last_code().await)]).await;
        let page = other.follow(reply).await.page();
        let reply = other.press(&page, "join-details", &[("name", "Eve")]).await;
        let page = other.follow(reply).await.page();
        let reply = other.press(&page, "join-password", &[("new_password", NEW)]).await;
        assert_eq!(other.follow(reply).await.page().title(), "Your account");
    }
}
