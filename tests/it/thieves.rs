//! What somebody who got in, or reads the mailbox, cannot make of what is there for the owner.

use crate::factors::enrol;
use crate::kit::{Browser, Kit, Person, Reply};
use crate::on_both;
use claviger::base::assurance::FactorKind;
use claviger::identity::customers;
use claviger::identity::factors::recovery_code::store as recovery_codes;
use claviger::identity::factors::totp::store as apps;

const NEW: &str = "wombat harmonica quill";

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

async fn prove(browser: &Browser, page: &Reply, kind: &str, value: &str) -> Reply {
    let reply = browser.press(page, &format!("show-{kind}"), &[("value", value)]).await;
    browser.follow(reply).await.page()
}

async fn change(kit: &Kit, browser: &Browser, kind: &str, value: &str) -> Reply {
    kit.advance(25);
    let page = browser.walk("/account/contact").await.page();
    let reply = browser.press(&page, &format!("send-{kind}"), &[("value", value)]).await;
    let page = browser.follow(reply).await.page();
    let reply = browser.press(&page, &format!("prove-{kind}"), &[("code", &kit.last_code().await)]).await;
    browser.follow(reply).await.page()
}

async fn number_of_apps(kit: &Kit, person: &Person) -> i64 {
    let id = person.id.clone();
    kit.node.base.db.read(move |connection| apps::count_authenticators(connection, &id)).await.unwrap()
}

async fn codes(kit: &Kit, person: &Person) -> Vec<String> {
    let (tools, id) = (kit.node.base.tools.clone(), person.id.clone());
    let made = kit.node.base.db.write(move |tx| recovery_codes::replace_codes(tx, &tools, &id)).await.unwrap();
    made.iter().map(|code| code.to_string()).collect()
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

on_both! {
    async fn what_a_thief_added_goes_with_this_was_not_me(kit: Kit) {
        let ada = kit.customer("ada").await;
        let link = not_me_link(&kit, &ada).await;
        kit.advance(3_600);
        // With the password alone the thief added an app and took recovery codes.
        enrol(&kit, &ada).await;
        let stolen = codes(&kit, &ada).await;
        let owner = kit.browser();
        let done = owner.press(&owner.get(&link).await, "submit", &[]).await;
        assert_eq!(done.title(), "Your account is secured");
        assert_eq!(number_of_apps(&kit, &ada).await, 0);
        // It does not become an account that a password opens: not by the thief's codes, and not by a mailbox alone.
        let thief = kit.browser();
        let page = open(&thief, "/account", &ada).await;
        assert_eq!(page.title(), "Enter a recovery code");
        assert_eq!(thief.press(&page, "recovery-code", &[("code", &stolen[0])]).await.status, 422);
        let reader = kit.browser();
        let page = recover(&reader, &ada.email).await;
        let page = prove(&reader, &page, "mailbox", &kit.last_code().await).await;
        let page = if page.title() == "Choose a new password" {
            let reply = reader.press(&page, "new-password", &[("new_password", NEW)]).await;
            reader.follow(reply).await.page()
        } else {
            page
        };
        assert_ne!(reader.walk("/account").await.page().title(), "Your account", "{}", page.body);
        // The owner, who knows the password and reads the mailbox, waits a day; then it is theirs again, and the way is free.
        kit.advance(86_401);
        let owner = kit.browser();
        let page = recover(&owner, &ada.email).await;
        let page = prove(&owner, &page, "mailbox", &kit.last_code().await).await;
        assert!(page.title() == "Show a little more" && !page.body.contains("have-factor"), "{}", page.body);
        let known = if kit.audited("account_recovered", "").await > 0 { NEW } else { &ada.password };
        let page = prove(&owner, &page, "password", known).await;
        let reply = owner.press(&page, "start-wait", &[]).await;
        let page = owner.follow(reply).await.page();
        kit.advance(25 * 3_600);
        let page = owner.get(&page.url).await;
        let reply = owner.press(&page, "new-password", &[("new_password", "fagott zimtstern mandel")]).await;
        owner.follow(reply).await;
        assert_eq!(owner.walk("/account").await.page().title(), "Your account");
    }

    async fn a_channel_counts_once(kit: Kit) {
        let ada = kit.customer("ada").await;
        enrol(&kit, &ada).await;
        let sheet = codes(&kit, &ada).await;
        let (id, now) = (ada.id.clone(), kit.node.base.tools.now());
        kit.node.base.db.write(move |tx| customers::store::keep_code_channel(tx, &id, FactorKind::EmailCode, Some(now))).await.unwrap();
        kit.advance(4 * 86_400);
        // A sheet of codes: one sets a password, and another one is not the second factor beside it.
        let finder = kit.browser();
        let page = recover(&finder, &ada.email).await;
        kit.mails().await;
        let page = prove(&finder, &page, "recovery-code", &sheet[0]).await;
        assert_eq!(page.title(), "Choose a new password");
        assert!(kit.mails().await.iter().any(|mail| mail.subject == "A recovery code was used"));
        let reply = finder.press(&page, "new-password", &[("new_password", NEW)]).await;
        let page = finder.follow(reply).await.page();
        assert!(page.title() == "Enter your code" && !page.body.contains("recovery-code"), "{}", page.body);
        // Nor in a fresh sign-in.
        let fresh = kit.browser();
        let page = open(&fresh, "/account", &Person { password: NEW.to_owned(), ..ada.clone() }).await;
        assert!(page.title() == "Enter your code" && !page.body.contains("recovery-code"), "{}", page.body);
    }

    async fn one_mailbox_is_one_proof_whatever_it_is_called(kit: Kit) {
        let ada = kit.customer("ada").await;
        let browser = kit.browser();
        open(&browser, "/account/contact", &ada).await;
        change(&kit, &browser, "backup-email", "ada@second.example").await;
        kit.advance(200);
        let page = change(&kit, &browser, "email", "ada@second.example").await;
        assert_eq!(page.body.matches("ada@second.example").count(), 1, "{}", page.body);
        let (tools, id) = (kit.node.base.tools.clone(), ada.id.clone());
        let found = kit.node.base.db.read(move |connection| customers::store::find_customer(connection, &tools.ring, &id)).await.unwrap().unwrap();
        assert!(found.backup_email.is_none() && found.email.as_str() == "ada@second.example");
    }

    async fn a_second_mailbox_that_a_thief_put_in_has_no_say(kit: Kit) {
        let ada = kit.customer("ada").await;
        let thief = kit.browser();
        open(&thief, "/account/contact", &ada).await;
        change(&kit, &thief, "backup-email", "x@evil.example").await;
        let undo_to = async |address: &str| kit.mails().await.iter().filter(|mail| mail.to == address && mail.text.contains("/undo/")).count();
        // The owner takes it away at once: it is told nothing that undoes that.
        let owner = kit.browser();
        let page = open(&owner, "/account/contact", &ada).await;
        let reply = owner.press(&page, "remove-backup-email", &[]).await;
        owner.follow(reply).await;
        assert_eq!(undo_to("x@evil.example").await, 0);
        assert!(undo_to(&ada.email).await >= 2);
        // One that stood there for long may bring itself back, as new, and nothing else.
        change(&kit, &owner, "backup-email", "ada@second.example").await;
        kit.advance(73 * 3_600);
        let page = open(&owner, "/account/contact", &ada).await;
        let reply = owner.press(&page, "remove-backup-email", &[]).await;
        owner.follow(reply).await;
        let link = kit.mails().await.iter().rev().find(|mail| mail.to == "ada@second.example" && mail.text.contains("/undo/")).and_then(|mail| mail.text.split_whitespace().find(|word| word.contains("/undo/")).map(str::to_owned)).unwrap();
        let second = kit.browser();
        let done = second.press(&second.get(&link).await, "undo", &[]).await;
        assert_eq!(done.title(), "Your account is as it was", "{}", done.body);
        let page = owner.walk("/account/contact").await.page();
        assert!(page.body.contains("ada@second.example"), "nobody was signed out, and it is back: {}", page.body);
        let (tools, id) = (kit.node.base.tools.clone(), ada.id.clone());
        let found = kit.node.base.db.read(move |connection| customers::store::find_customer(connection, &tools.ring, &id)).await.unwrap().unwrap();
        assert_eq!((found.backup_email_since, found.frozen_until), (Some(kit.node.base.tools.now()), None));
    }

    async fn nobody_leaves_in_somebody_elses_name(kit: Kit) {
        let ada = kit.customer("ada").await;
        let thief = kit.browser();
        open(&thief, "/account/contact", &ada).await;
        change(&kit, &thief, "email", "thief@evil.example").await;
        let undo = kit.mails().await.iter().find(|mail| mail.to == ada.email && mail.text.contains("/undo/")).and_then(|mail| mail.text.split_whitespace().find(|word| word.contains("/undo/")).map(str::to_owned)).unwrap();
        // Not while the change can be taken back.
        let page = thief.walk("/account/privacy").await.page();
        let refused = thief.press(&page, "sure", &[("sure", "yes")]).await;
        assert!(refused.status == 422 && refused.body.contains("changed lately"), "{}", refused.body);
        let rescue = kit.browser();
        rescue.press(&rescue.get(&undo).await, "undo", &[]).await;
        // A wish that was there before goes with "this was not me", which the mail about it carries.
        kit.advance(4 * 86_400);
        let owner = kit.browser();
        let page = recover(&owner, &ada.email).await;
        let page = prove(&owner, &page, "mailbox", &kit.last_code().await).await;
        let reply = owner.press(&page, "new-password", &[("new_password", NEW)]).await;
        owner.follow(reply).await;
        let page = owner.walk("/account/privacy").await.page();
        let reply = owner.press(&page, "sure", &[("sure", "yes")]).await;
        assert_eq!(reply.location(), Some("/signed-out"), "{}", reply.body);
        let ada = Person { password: NEW.to_owned(), ..ada };
        let other = kit.browser();
        assert!(open(&other, "/account", &ada).await.body.contains("id=\"leaving\""));
        let link = kit.last_link("/not-me/").await;
        let rescue = kit.browser();
        rescue.press(&rescue.get(&link).await, "submit", &[]).await;
        assert_eq!(kit.audited("erasure_cancelled", "").await, 1);
        kit.advance(30 * 86_400);
        claviger::app::worker::erase_due(&kit.node).await.unwrap();
        assert_eq!(kit.audited("customer_erased", "").await, 0);
    }

    async fn a_second_recovery_tells_nothing_of_whether_there_is_an_account(kit: Kit) {
        let ada = kit.customer("ada").await;
        let mut titles = Vec::new();
        for email in [ada.email.as_str(), "nobody@example.com"] {
            let browser = kit.browser();
            let first = recover(&browser, email).await;
            kit.mails().await;
            kit.advance(21);
            let second = recover(&browser, email).await;
            kit.mails().await;
            let shown = browser.press(&second, "show-mailbox", &[("value", "000000")]).await.status;
            titles.push((browser.get(&first.url).await.title().to_owned(), browser.get(&second.url).await.title().to_owned(), shown));
        }
        assert_eq!(titles[0], titles[1]);
        assert_eq!(titles[0].0, "This recovery is over");
    }

    async fn a_stranger_does_not_stop_who_has_shown_something(kit: Kit) {
        let ada = kit.customer("ada").await;
        enrol(&kit, &ada).await;
        let owner = kit.browser();
        let page = recover(&owner, &ada.email).await;
        let page = prove(&owner, &page, "mailbox", &kit.last_code().await).await;
        assert_eq!(page.title(), "Choose a new password");
        let stranger = kit.browser();
        for _ in 0..2 {
            kit.advance(21);
            let theirs = recover(&stranger, &ada.email).await;
            kit.mails().await;
            for _ in 0..6 {
                stranger.press(&theirs, "show-mailbox", &[("value", "000000")]).await;
            }
        }
        let reply = owner.press(&page, "new-password", &[("new_password", NEW)]).await;
        assert_eq!(owner.follow(reply).await.page().title(), "Enter your code");
    }

    async fn changes_of_one_second_are_taken_back_in_their_order(kit: Kit) {
        let ada = kit.customer("ada").await;
        let thief = kit.browser();
        let page = open(&thief, "/account/contact", &ada).await;
        let mut waiting = Vec::new();
        for (kind, value) in [("backup-email", "second@evil.example"), ("email", "thief@evil.example")] {
            kit.advance(25);
            thief.press(&page, &format!("send-{kind}"), &[("value", value)]).await;
            waiting.push((kind, kit.last_code().await));
        }
        for (kind, code) in &waiting {
            let page = thief.walk("/account/contact").await.page();
            let reply = thief.press(&page, &format!("prove-{kind}"), &[("code", code)]).await;
            assert_eq!(reply.status, 303, "{}", reply.body);
        }
        // The mail about the e-mail address is what its owner presses first; the one about the second mailbox still works after it.
        let links: Vec<String> = kit.mails().await.iter().filter(|mail| mail.to == ada.email).filter_map(|mail| mail.text.split_whitespace().find(|word| word.contains("/undo/")).map(str::to_owned)).collect();
        assert_eq!(links.len(), 2);
        let rescue = kit.browser();
        for link in links.iter().rev() {
            let done = rescue.press(&rescue.get(link).await, "undo", &[]).await;
            assert_eq!(done.title(), "Your account is as it was", "{}", done.body);
        }
        let (tools, id) = (kit.node.base.tools.clone(), ada.id.clone());
        let found = kit.node.base.db.read(move |connection| customers::store::find_customer(connection, &tools.ring, &id)).await.unwrap().unwrap();
        assert!(found.backup_email.is_none() && found.email.as_str() == ada.email);
    }

    async fn mails_to_nobody_are_forgotten_after_a_week(kit: Kit) {
        let browser = kit.browser();
        let page = browser.walk("/signup").await.page();
        browser.press(&page, "submit", &[("email", "grace@hopper.example")]).await;
        let mail = kit.mails().await.into_iter().find(|mail| mail.to == "grace@hopper.example").unwrap();
        let ask = async || {
            let page = browser.get("/verify-message").await;
            browser.press(&page, "submit", &[("message", &mail.text)]).await.body.contains("Yes, this is from us")
        };
        assert!(ask().await);
        kit.advance(8 * 86_400);
        claviger::app::worker::sweep(&kit.node).await.unwrap();
        assert!(!ask().await);
    }

    async fn a_password_that_a_recovery_set_is_no_second_proof(kit: Kit) {
        // A sheet of recovery codes alone, or a mailbox alone, twice.
        for kind in ["recovery-code", "mailbox"] {
            let ada = kit.customer(kind).await;
            enrol(&kit, &ada).await;
            let sheet = codes(&kit, &ada).await;
            kit.advance(4 * 86_400);
            let thief = kit.browser();
            let page = recover(&thief, &ada.email).await;
            kit.mails().await;
            let code = if kind == "mailbox" { kit.last_code().await } else { sheet[0].clone() };
            let page = prove(&thief, &page, kind, &code).await;
            let reply = thief.press(&page, "new-password", &[("new_password", NEW)]).await;
            assert_eq!(thief.follow(reply).await.page().title(), "Enter your code");
            for wait in [3_700, 4 * 86_400] {
                kit.advance(wait);
                let again = kit.browser();
                let page = recover(&again, &ada.email).await;
                kit.mails().await;
                let code = if kind == "mailbox" { kit.last_code().await } else { sheet[if wait == 3_700 { 1 } else { 2 }].clone() };
                let page = prove(&again, &page, kind, &code).await;
                let reply = again.press(&page, "lost-factor", &[]).await;
                let page = again.follow(reply).await.page();
                let page = prove(&again, &page, "password", NEW).await;
                assert!(page.title() == "Show a little more" && !page.body.contains("start-wait"), "{kind} {wait}: {}", page.body);
            }
            assert_eq!(number_of_apps(&kit, &ada).await, 1);
        }
    }

    async fn a_wait_is_served_for_whoever_showed_what_it_began_with(kit: Kit) {
        let ada = kit.customer("ada").await;
        enrol(&kit, &ada).await;
        let (tools, id) = (kit.node.base.tools.clone(), ada.id.clone());
        kit.node.base.db.write(move |tx| claviger::identity::recovery::store::insert_order_fact(tx, &tools, &id, "A-1234")).await.unwrap();
        kit.advance(4 * 86_400);
        let owner = kit.browser();
        let page = recover(&owner, &ada.email).await;
        let page = prove(&owner, &page, "mailbox", &kit.last_code().await).await;
        let reply = owner.press(&page, "lost-factor", &[]).await;
        let page = owner.follow(reply).await.page();
        let page = prove(&owner, &page, "password", &ada.password).await;
        let reply = owner.press(&page, "start-wait", &[]).await;
        owner.follow(reply).await;
        kit.advance(25 * 3_600);
        claviger::app::worker::tell_recoveries(&kit.node).await.unwrap();
        // The link in the mail, opened by somebody who reads it and has a receipt.
        let link = kit.last_link("/recovery/go-on/").await;
        let thief = kit.browser();
        let reply = thief.press(&thief.get(&link).await, "submit", &[]).await;
        let page = thief.follow(reply).await.page();
        let page = prove(&thief, &page, "past-order", "A-1234").await;
        assert_ne!(page.title(), "Choose a new password", "{}", page.body);
        assert_eq!(number_of_apps(&kit, &ada).await, 1);
        let page = prove(&thief, &page, "password", &ada.password).await;
        assert_eq!(page.title(), "Choose a new password", "{}", page.body);
    }

    async fn a_mailbox_that_a_thief_put_in_has_no_say(kit: Kit) {
        let ada = kit.customer("ada").await;
        let thief = kit.browser();
        open(&thief, "/account/contact", &ada).await;
        change(&kit, &thief, "email", "thief@evil.example").await;
        // The owner, who is still signed in, puts the address back by hand.
        let owner = kit.browser();
        open(&owner, "/account/contact", &Person { email: "thief@evil.example".to_owned(), ..ada.clone() }).await;
        change(&kit, &owner, "email", &ada.email).await;
        let undo_to = async |address: &str| kit.mails().await.iter().filter(|mail| mail.to == address && mail.text.contains("/undo/")).count();
        assert_eq!((undo_to("thief@evil.example").await, undo_to(&ada.email).await), (0, 1));
        // And whoever is put out by an undo hears of it.
        let link = kit.last_link("/undo/").await;
        let rescue = kit.browser();
        rescue.press(&rescue.get(&link).await, "undo", &[]).await;
        assert!(kit.mails().await.iter().any(|mail| mail.to == ada.email && mail.subject == "Your account is as it was"), "{:?}", kit.mails().await.iter().map(|mail| mail.subject.clone()).collect::<Vec<_>>());
    }

    async fn this_was_not_me_leaves_what_the_account_was_made_with(kit: Kit) {
        let ada = kit.customer("ada").await;
        enrol(&kit, &ada).await;
        let sheet = codes(&kit, &ada).await;
        kit.advance(3_600);
        let link = not_me_link(&kit, &ada).await;
        let owner = kit.browser();
        owner.press(&owner.get(&link).await, "submit", &[]).await;
        assert_eq!(number_of_apps(&kit, &ada).await, 1);
        let page = open(&owner, "/account", &ada).await;
        assert_eq!(page.title(), "Enter your code");
        let page = owner.get(&page.url.replace("/totp", "/recovery-code")).await;
        let reply = owner.press(&page, "recovery-code", &[("code", &sheet[0])]).await;
        assert_eq!(owner.follow(reply).await.page().title(), "Choose a new password");
    }

    async fn a_code_that_a_stranger_asked_for_freezes_nothing(kit: Kit) {
        let ada = kit.customer("ada").await;
        let owner = kit.browser();
        open(&owner, "/account", &ada).await;
        let stranger = kit.browser();
        let page = recover(&stranger, &ada.email).await;
        let code = kit.last_code().await;
        let link = kit.last_link("/not-me/").await;
        let reader = kit.browser();
        let ask = reader.get(&link).await;
        assert_eq!(ask.title(), "Did you not ask for this code?");
        assert_eq!(reader.press(&ask, "submit", &[]).await.title(), "It is ended");
        let reply = stranger.press(&page, "show-mailbox", &[("value", &code)]).await;
        assert_ne!(stranger.follow(reply).await.page().title(), "Choose a new password");
        assert_eq!(owner.walk("/account").await.page().title(), "Your account");
        let (tools, id) = (kit.node.base.tools.clone(), ada.id.clone());
        let found = kit.node.base.db.read(move |connection| customers::store::find_customer(connection, &tools.ring, &id)).await.unwrap().unwrap();
        assert_eq!(found.frozen_until, None);
    }

    async fn strangers_do_not_keep_the_owner_out_of_recovery(kit: Kit) {
        let ada = kit.customer("ada").await;
        let own = kit.browser();
        open(&own, "/account", &ada).await;
        kit.advance(4 * 86_400);
        // Five sources fill the mailbox: a sixth still begins, without a mail.
        for source in 1..=6_u8 {
            for _ in 0..3 {
                let (state, email) = (kit.node.signin.clone(), claviger::base::contact::EmailAddress::parse(&ada.email).unwrap());
                let origin = claviger::platform::audit::Origin { address: Some([203, 0, 113, source].into()), ..claviger::platform::audit::Origin::internal("test") };
                let hash = claviger::base::secret::Secret::new("a browser".to_owned()).hash();
                let begun = kit.node.base.db.write(move |tx| claviger::identity::recovery::begin(tx, &state, &email, &hash, None, &origin)).await.unwrap();
                assert!(begun.is_ok(), "{source}");
                kit.advance(21);
            }
        }
        let mailed = kit.mails().await.iter().filter(|mail| mail.to == ada.email && mail.subject.contains("recover")).count();
        assert!(mailed <= 12, "{mailed}");
        // Guesses of strangers use up a day; the browser that she signed in with has its own tries.
        for round in 0..3 {
            kit.advance(3_700);
            let page = recover(&own, &ada.email).await;
            let code = kit.last_code().await;
            let who = ada.id.to_string();
            let (now, lane) = (kit.node.base.tools.now(), format!("first-proof-day:{who}"));
            kit.node.base.db.write(move |tx| {
                let limit = claviger::identity::attempts::rules::BucketLimit { limit: 500, window_seconds: 86_400, consecutive_limit: None };
                for _ in 0..500 {
                    claviger::identity::attempts::store::count_in_each(tx, &[(lane.clone(), limit)], now)?.ok();
                }
                Ok(())
            }).await.unwrap();
            let reply = own.press(&page, "show-mailbox", &[("value", &code)]).await;
            assert_eq!(reply.status, 303, "{round}: {}", reply.body);
        }
    }
}
