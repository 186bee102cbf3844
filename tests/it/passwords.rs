//! New passwords: what is refused and why, what a change ends, and what happens to one that is known from a breach.

use crate::kit::{Backend, Browser, Kit, Person, Place, Reply};
use crate::on_both;
use claviger::base::time::ManualClock;
use claviger::identity::customers::store as customers;
use claviger::identity::factors::password::{NormalPassword, store};
use std::sync::Arc;

/// Signs in and opens the page for a new password.
async fn page(kit: &Kit, browser: &Browser, person: &Person) -> Reply {
    let page = browser.walk("/account/password").await.page();
    let page = if page.body.contains("id=\"signin\"") {
        let reply = browser.type_password(&page, &person.email, &person.password).await;
        browser.follow(reply).await.page()
    } else {
        page
    };
    assert!(page.url.ends_with("/account/password"), "{} {}", page.url, kit.issuer);
    page
}

async fn change(browser: &Browser, page: &Reply, new: &str) -> Reply {
    browser.press(page, "new-password", &[("new_password", new)]).await
}

/// Waits, without sleeping, until `kind` is in the audit.
async fn until_audited(kit: &Kit, kind: &str) {
    for _ in 0..2_000 {
        if kit.audited(kind, "").await > 0 {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("{kind} was never written");
}

/// Sets a password without asking any policy, as an import would.
async fn impose(kit: &Kit, person: &Person, password: &str) {
    let hash = kit.node.signin.hasher.hash(&NormalPassword::from_typed(password).unwrap()).await.unwrap();
    let (id, now) = (person.id.clone(), kit.node.base.tools.now());
    kit.node.base.db.write(move |tx| store::replace_hash(tx, &id, &hash, now)).await.unwrap();
}

/// Asks how strong a password is, as the page's script does, until it is its turn.
async fn weigh(browser: &Browser, fields: &[(&str, &str)]) -> (u64, String) {
    loop {
        let reply = browser.submit("/password-strength", fields).await;
        if reply.status != 503 {
            assert_eq!((reply.status, reply.header("cache-control")), (200, "no-store"), "{}", reply.body);
            let told = reply.json();
            return (told["score"].as_u64().unwrap(), told["sentence"].as_str().unwrap().to_owned());
        }
    }
}

on_both! {
    async fn how_strong_a_password_is_is_told_while_it_is_typed(kit: Kit) {
        let (browser, before) = (kit.browser(), kit.audit().await.len());
        let (score, sentence) = weigh(&browser, &[("password", "password")]).await;
        assert_eq!((score, sentence.contains("data breach")), (0, true), "{sentence}");
        let (score, sentence) = weigh(&browser, &[("password", "qwertyuiop asdf")]).await;
        assert!(score < 3 && sentence.contains("Easy to guess. It is close to one that many people use. Add another word"), "{score} {sentence}");
        assert_eq!(weigh(&browser, &[("password", "wombat harmonica quill"), ("username", "ada@example.com")]).await, (4, "Very strong.".to_owned()));
        assert_eq!(weigh(&browser, &[("password", "wombat harmonica quill"), ("language", "de")]).await.1, "Sehr stark.");
        // One's own name is worth nothing.
        let name = "zoltanovskaya";
        let (plain, own) = (weigh(&browser, &[("password", name)]).await.0, weigh(&browser, &[("password", name), ("username", "zoltanovskaya@example.com")]).await.0);
        assert!(own < plain, "{own} {plain}");
        // Nothing, too much, twice, or from another site.
        let long = "x".repeat(2_000);
        for fields in [&[("password", "")][..], &[("password", &long)], &[("password", "a"), ("password", "b")], &[]] {
            assert_eq!(browser.submit("/password-strength", fields).await.status, 400, "{fields:?}");
        }
        let request = browser.client.post(kit.url("/password-strength")).header("origin", "https://evil.example").header("sec-fetch-site", "cross-site");
        assert_eq!(request.form(&[("password", "wombat")]).send().await.unwrap().status().as_u16(), 403);
        assert_eq!(kit.audit().await.len(), before, "nothing is kept");
    }

    async fn a_bad_new_password_is_refused_with_its_reason(kit: Kit) {
        let ada = kit.customer("ada").await;
        let browser = kit.browser();
        let page = page(&kit, &browser, &ada).await;
        let long = "x".repeat(10_000);
        for (bad, status, reason) in [
            ("", 400, "Type a new password"),
            ("q7w", 422, "Use at least 15 characters"),
            ("ada canary-fullname", 422, "your own name"),
            ("password password", 422, "easy to guess"),
            ("1234567890123456", 422, "easy to guess"),
            (long.as_str(), 400, "too long"),
        ] {
            let reply = change(&browser, &page, bad).await;
            assert!(reply.status == status && reply.body.contains(reason) && (bad.is_empty() || !reply.body.contains(bad)), "{bad} {status}: {}", reply.body);
        }
        // Nothing was changed.
        let fresh = kit.browser();
        let reply = fresh.type_password(&fresh.walk("/account").await.page(), &ada.email, &ada.password).await;
        assert_eq!(fresh.follow(reply).await.page().title(), "Your account");
    }

    async fn a_change_ends_everything_else_and_keeps_the_session_it_was_done_in(kit: Kit) {
        let ada = kit.customer("ada").await;
        let shop = kit.shop("shop").await;
        let browser = kit.browser();
        let (elsewhere, tokens) = kit.sign_in(&shop, &ada).await;
        let page = page(&kit, &browser, &ada).await;
        let new = "wombat harmonica quill";
        let reply = change(&browser, &page, new).await;
        assert_eq!(reply.status, 303, "{}", reply.body);
        let after = browser.follow(reply).await.page();
        assert!(after.body.contains("Your password is changed"), "{}", after.body);
        assert_eq!(browser.walk("/account").await.page().title(), "Your account");
        assert_eq!(elsewhere.walk("/account").await.page().title(), "Sign in");
        assert_eq!(shop.refresh(&tokens.refresh()).await.json()["error"], "invalid_grant");
        // The old one is dead, the new one lives, and the page in another tab cannot be sent again without a session.
        let fresh = kit.browser();
        let sign_in = fresh.walk("/account").await.page();
        assert_eq!(fresh.type_password(&sign_in, &ada.email, &ada.password).await.status, 422);
        assert_eq!(fresh.type_password(&sign_in, &ada.email, new).await.status, 303);
        assert_eq!(kit.audited("password_changed", "").await, 1);
        let mails = kit.mails().await;
        assert!(mails.iter().any(|mail| mail.subject == "Your password was changed" && mail.text.contains("/not-me/")), "no such mail");
    }

    async fn a_password_known_from_a_breach_opens_nothing_until_its_owner_replaces_it(kit: Kit) {
        let ada = kit.customer("ada").await;
        let ada = Person { password: "iloveyou".to_owned(), ..ada };
        impose(&kit, &ada, &ada.password).await;
        let (first, second) = (kit.browser(), kit.browser());
        let reply = first.type_password(&first.walk("/account").await.page(), &ada.email, &ada.password).await;
        assert!(reply.status == 303 && first.cookie("claviger_session").is_some(), "nobody waits for the look: {:?}", first.cookies.lock().unwrap().keys());
        until_audited(&kit, "password_flagged").await;
        assert!(kit.mails().await.iter().any(|mail| mail.subject == "Your password is known to criminals"));
        // The next one, perhaps by whoever has the list, gets nothing but the page that asks for a code from the mailbox.
        let reply = second.type_password(&second.walk("/account").await.page(), &ada.email, &ada.password).await;
        let page = second.follow(reply).await.page();
        assert!(page.title() == "Choose a new password" && page.body.contains("a…@example.com") && !page.body.contains("new_password"), "{}", page.body);
        assert_eq!(second.walk("/account").await.page().title(), "Sign in");
        // Neither does the session of before.
        assert_eq!(first.walk("/account").await.page().title(), "Choose a new password");
        let reply = second.press(&page, "send-code", &[]).await;
        let page = second.follow(reply).await.page();
        let wrong = second.press(&page, "new-password", &[("new_password", "wombat harmonica quill"), ("code", "000000")]).await;
        assert_eq!((wrong.status, wrong.body.contains("That is not the code")), (422, true), "{}", wrong.body);
        let code = kit.last_code().await;
        let weak = second.press(&page, "new-password", &[("new_password", "iloveyou"), ("code", &code)]).await;
        assert_eq!(weak.status, 422);
        let reply = second.press(&page, "new-password", &[("new_password", "wombat harmonica quill"), ("code", &code)]).await;
        assert_eq!(second.follow(reply).await.page().title(), "Your account");
        assert_eq!(first.walk("/account").await.page().title(), "Sign in");
        assert_eq!(kit.audited("password_changed", "").await, 1);
    }

    async fn the_link_in_a_notice_ends_everything_and_opening_it_changes_nothing(kit: Kit) {
        let ada = kit.customer("ada").await;
        let shop = kit.shop("shop").await;
        let (own, _) = kit.sign_in(&shop, &ada).await;
        let (thief, tokens) = kit.sign_in(&shop, &ada).await;
        let mail = kit.mails().await.into_iter().find(|mail| mail.subject == "New sign-in to your account").unwrap();
        let link = mail.text.split_whitespace().find(|word| word.contains("/not-me/")).unwrap().to_owned();
        assert!(link.starts_with(&format!("{}/not-me/", kit.issuer)));
        let owner = kit.browser();
        // A scanner opens it; a script of another site presses it.
        for _ in 0..3 {
            assert_eq!(owner.get(&link).await.status, 200);
        }
        let head = owner.client.head(&link).send().await.unwrap();
        assert!(head.status() != 500);
        assert_eq!(kit.browser().submit(&link, &[("csrf", "x")]).await.status, 403);
        assert_eq!(thief.walk("/account").await.page().title(), "Your account");
        let page = owner.get(&link).await;
        assert!(page.title() == "Was this you?" && page.body.contains("New sign-in to your account"), "{}", page.body);
        let done = owner.press(&page, "not-me", &[]).await;
        assert_eq!((done.status, done.title()), (200, "Your account is secured"));
        for browser in [&own, &thief] {
            assert_eq!(browser.walk("/account").await.page().title(), "Sign in");
        }
        assert_eq!(shop.refresh(&tokens.refresh()).await.json()["error"], "invalid_grant");
        // The thief still knows the password, and gets no further than the mailbox.
        let reply = thief.type_password(&thief.walk("/account").await.page(), &ada.email, &ada.password).await;
        assert_eq!(thief.follow(reply).await.page().title(), "Choose a new password");
        assert_eq!(owner.get(&link).await.status, 410);
        assert_eq!(owner.press(&page, "not-me", &[]).await.title(), "This link has done its work");
        assert_eq!(owner.get("/not-me/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").await.status, 404);
        assert_eq!(kit.audited("account_secured", "").await, 1);
        kit.advance(15 * 86_400);
        assert_eq!(owner.get(&link).await.status, 404, "expired");
    }

    async fn staff_are_held_to_their_own_policy(kit: Kit) {
        let ada = kit.admin("ada").await;
        let mut browser = kit.browser();
        let mut known = ada.password.clone();
        let chain = ["wombat 7 harmonica", "fagott 8 zimtstern", "mandel 9 balalaika"];
        for new in chain {
            let person = Person { password: known.clone(), id: ada.id.clone(), email: ada.email.clone() };
            let page = page(&kit, &browser, &person).await;
            for (bad, reason) in [("wombat harmonica quill", "both letters and digits"), (known.as_str(), "used that password before")] {
                let reply = change(&browser, &page, bad).await;
                // The first one has no digit, and fails for that.
                let reason = if bad == ada.password { "both letters and digits" } else { reason };
                assert!(reply.status == 422 && reply.body.contains(reason), "{bad}: {}", reply.body);
            }
            assert_eq!(change(&browser, &page, new).await.status, 303);
            known = new.to_owned();
            kit.advance(400);
        }
        let person = Person { password: known.clone(), id: ada.id.clone(), email: ada.email.clone() };
        let at = page(&kit, &browser, &person).await;
        for used in [ada.password.as_str(), chain[0], chain[1]] {
            assert_eq!(change(&browser, &at, used).await.status, 422, "one of the last four: {used}");
        }
        for new in ["quitte 4 posaune nebel", "brombeere 5 amboss tal"] {
            let at = page(&kit, &browser, &person).await;
            assert_eq!(change(&browser, &at, new).await.status, 303);
            kit.advance(60);
        }
        let at = page(&kit, &browser, &person).await;
        assert_eq!(change(&browser, &at, chain[1]).await.status, 422);
        let ada = Person { password: chain[0].to_owned(), ..person.clone() };
        assert_eq!(change(&browser, &at, &ada.password).await.status, 303, "the fifth is free again");
        // A quarter of an hour without use.
        kit.advance(899);
        assert_eq!(browser.walk("/account").await.page().title(), "Your account");
        kit.advance(901);
        assert_eq!(browser.walk("/account").await.page().title(), "Sign in");
        // Ten wrong tries close the account, also to the browser that it knows.
        browser.headers.push(("x".to_owned(), "y".to_owned()));
        let sign_in = browser.walk("/account").await.page();
        for _ in 0..10 {
            assert_eq!(browser.type_password(&sign_in, &ada.email, "not the password at all").await.status, 422);
        }
        assert_eq!(browser.type_password(&sign_in, &ada.email, &ada.password).await.status, 429);
        assert_eq!(kit.browser().type_password(&sign_in, &ada.email, &ada.password).await.status, 403, "another browser");
        kit.advance(1_801);
        assert_eq!(browser.type_password(&browser.walk("/account").await.page(), &ada.email, &ada.password).await.status, 303);
    }
}

#[test]
fn the_operators_own_filter_is_asked_too() {
    actix_web::rt::System::new().block_on(async {
        let place = Arc::new(Place::new(Backend::Sqlite));
        let (list, filter) = (place.folder.path().join("list.txt"), place.folder.path().join("own.filter"));
        std::fs::write(&list, "wombat harmonica quill\n").unwrap();
        let binary = env!("CARGO_BIN_EXE_claviger");
        let built = std::process::Command::new(binary).args(["passwords", "build-filter", "--list"]).arg(&list).arg("--out").arg(&filter).output().unwrap();
        assert!(built.status.success() && String::from_utf8_lossy(&built.stdout).contains(": 1 passwords"), "{built:?}");
        let path = filter.to_str().unwrap().to_owned();
        let kit = Kit::start_with(place, Arc::new(ManualClock::at(crate::kit::DAWN)), |raw| raw.password.breach_filter_file = path).await;
        let ada = kit.customer("ada").await;
        let browser = kit.browser();
        let at = page(&kit, &browser, &ada).await;
        let reply = change(&browser, &at, "wombat harmonica quill").await;
        assert!(reply.status == 422 && reply.body.contains("known from a data breach"), "{}", reply.body);
        assert_eq!(change(&browser, &at, "wombat harmonica quilt").await.status, 303);
        assert_eq!(browser.get("/.well-known/change-password").await.location(), Some("/account/password"));
        let standing = kit.node.base.db.read(move |connection| customers::find_standing(connection, &ada.id)).await.unwrap().unwrap();
        assert_eq!(standing.generation, 2);
    });
}
