//! Getting back in: each rung of the ladder, what a thief of the mailbox gets, and how its owner says no.

use crate::factors::{code, enrol};
use crate::kit::authenticator::{self, Authenticator};
use crate::kit::{Browser, Kit, Landing, Person, Reply, Shop};
use crate::on_both;
use crate::passkeys::with_key;
use claviger::app::worker;
use claviger::identity::factors::recovery_code::store as recovery_codes;
use claviger::platform::outbox::store as outbox;
use futures_util::future::join_all;

const NEW: &str = "wombat harmonica quill";

/// From the sign-in page of the shop to the page that asks for a code.
async fn begin(browser: &Browser, shop: &Shop, email: &str) -> Reply {
    let page = shop.authorize(browser, &[]).await.page();
    let link = page.body.split("id=\"forgot\" href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let page = browser.get(&link).await;
    let reply = browser.press(&page, "recovery", &[("email", email)]).await;
    assert_eq!(reply.status, 303, "{}", reply.body);
    browser.follow(reply).await.page()
}

/// Shows one proof; the page after it.
async fn prove(browser: &Browser, page: &Reply, kind: &str, value: &str) -> Reply {
    let reply = browser.press(page, &format!("show-{kind}"), &[("value", value)]).await;
    browser.follow(reply).await.page()
}

async fn press(browser: &Browser, page: &Reply, button: &str) -> Reply {
    let reply = browser.press(page, button, &[]).await;
    browser.follow(reply).await.page()
}

async fn codes(kit: &Kit, person: &Person) -> Vec<String> {
    let (tools, id) = (kit.node.base.tools.clone(), person.id.clone());
    let made = kit.node.base.db.write(move |tx| recovery_codes::replace_codes(tx, &tools, &id)).await.unwrap();
    made.iter().map(|code| code.to_string()).collect()
}

/// As the storefront notes it, with the customer's token.
async fn order(kit: &Kit, person: &Person, reference: &str) {
    let shop = kit.shop_with("orders", |metadata| metadata.scope = claviger::oauth::scope::Scope::from("openid order_facts".to_owned())).await;
    let answer = shop.sign_in(&kit.browser(), person, &[("scope", "openid order_facts")]).await.away();
    let tokens = shop.redeem(&answer["code"]).await.json();
    let tell = async |token: &str, reference: &str| {
        let request = crate::kit::browser::http().post(kit.url("/order-facts")).bearer_auth(token).form(&[("reference", reference)]);
        request.send().await.unwrap().status().as_u16()
    };
    let token = tokens["access_token"].as_str().unwrap();
    assert_eq!((tell(token, "A-1").await, tell(token, &"9".repeat(65)).await, tell("nonsense", reference).await), (400, 400, 401));
    assert_eq!(tell(token, reference).await, 204);
    let other = kit.shop("plain").await;
    let (_, plain) = kit.sign_in(&other, person).await;
    assert_eq!(tell(&plain.access(), reference).await, 403);
}

async fn is_in(browser: &Browser) -> bool {
    browser.walk("/account").await.page().title() == "Your account"
}

/// A customer with an app, codes and an old order; a shop; and a browser that proved the mailbox.
async fn at_the_mailbox(kit: &Kit) -> (Person, claviger::identity::factors::totp::Seed, Vec<String>, Shop, Browser, Reply) {
    let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
    order(kit, &ada, "A-1234").await;
    let seed = enrol(kit, &ada).await;
    let codes = codes(kit, &ada).await;
    kit.advance(4 * 86_400);
    let browser = kit.browser();
    let page = begin(&browser, &shop, &ada.email).await;
    let page = prove(&browser, &page, "mailbox", &kit.last_code().await).await;
    (ada, seed, codes, shop, browser, page)
}

on_both! {
    async fn what_was_asked_for_is_looked_into_by_one_node(kit: Kit) {
        let (shop, ada) = (kit.shop("shop").await, kit.customer("ada").await);
        begin(&kit.browser(), &shop, &ada.email).await;
        // One node has it and takes too long; another one does it meanwhile.
        let tools = kit.node.base.tools.clone();
        let asked = kit.node.base.db.write(move |tx| outbox::lease_due_intents::<serde_json::Value>(tx, &tools, 10)).await.unwrap().messages.remove(0);
        assert_eq!(worker::resolve_intents(&kit.node).await.unwrap(), 0, "it is leased");
        kit.advance(outbox::LEASE_SECONDS + 1);
        assert_eq!(worker::resolve_intents(&kit.node).await.unwrap(), 1);
        let now = kit.node.base.tools.now();
        assert!(!kit.node.base.db.write(move |tx| outbox::claim(tx, &asked.id, asked.attempts, now)).await.unwrap());
        assert_eq!((kit.mails().await.len(), kit.audited("recovery_begun", "").await), (1, 1));
    }

    async fn what_cannot_be_looked_into_holds_up_nobody_else(kit: Kit) {
        let (shop, ada, bob) = (kit.shop("shop").await, kit.customer("ada").await, kit.customer("bob").await);
        for person in [&ada, &bob] {
            begin(&kit.browser(), &shop, &person.email).await;
        }
        let spoil = format!("UPDATE customers SET profile_sealed = email_sealed WHERE id = '{}'", ada.id);
        assert_eq!(kit.node.base.db.write(move |tx| claviger::platform::db::dump::run_anywhere(tx, &spoil)).await.unwrap(), 1);
        let outcomes = || {
            let all = kit.node.http.metrics.encode(kit.node.hashes.statistics(), kit.node.base.db.statistics());
            ["handed_over", "waits", "given_up"].map(|outcome| {
                let line = format!("claviger_messages_total{{kind=\"intent\",outcome=\"{outcome}\"}} ");
                all.lines().find_map(|found| found.strip_prefix(&line)?.parse::<u64>().ok()).unwrap()
            })
        };
        assert_eq!(outcomes(), [0, 0, 0]);
        assert_eq!(worker::resolve_intents(&kit.node).await.unwrap(), 2);
        assert_eq!(outcomes(), [1, 1, 0]);
        let to: Vec<String> = kit.mails().await.into_iter().map(|mail| mail.to).collect();
        assert_eq!(to, [bob.email.as_str()]);
        // It is tried again, ever more rarely, and given up like a mail.
        for _ in 0..20 {
            kit.advance(21_600);
            worker::resolve_intents(&kit.node).await.unwrap();
        }
        assert_eq!(outcomes(), [1, 17, 1]);
    }

    async fn a_forgotten_password_is_replaced_and_one_is_back_at_the_shop(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (elsewhere, tokens) = kit.sign_in(&shop, &ada).await;
        let browser = kit.browser();
        let page = begin(&browser, &shop, &ada.email).await;
        let wrong = browser.press(&page, "show-mailbox", &[("value", "000000")]).await;
        assert!(wrong.status == 422 && wrong.body.contains("That is not the code"), "{}", wrong.body);
        let page = prove(&browser, &page, "mailbox", &kit.last_code().await).await;
        assert!(page.title() == "Choose a new password" && !page.body.contains("lost-factor"), "{}", page.body);
        assert_eq!(browser.press(&page, "new-password", &[("new_password", "short")]).await.status, 422);
        let reply = browser.press(&page, "new-password", &[("new_password", NEW)]).await;
        let Landing::Away(_, answer) = browser.follow(reply).await else { panic!("not at the shop") };
        assert!(answer.contains_key("code"));
        assert!(!is_in(&elsewhere).await, "everybody else is out");
        assert_eq!(shop.refresh(&tokens.refresh()).await.json()["error"], "invalid_grant");
        let page = browser.get(&page.url).await;
        assert_eq!(page.title(), "You have a new password");
        assert_eq!((kit.audited("account_recovered", "").await, kit.audited("recovery_begun", "").await), (1, 1));
        // The page cannot be sent again.
        let fresh = kit.browser();
        assert_eq!(fresh.type_password(&fresh.walk("/account").await.page(), &ada.email, &ada.password).await.status, 422);
    }

    async fn a_new_password_does_not_get_by_the_second_factor(kit: Kit) {
        let (_, seed, _, _, browser, page) = at_the_mailbox(&kit).await;
        let reply = browser.press(&page, "new-password", &[("new_password", NEW)]).await;
        let page = browser.follow(reply).await.page();
        assert_eq!(page.title(), "Enter your code", "no session until the second factor is shown");
        assert!(!is_in(&kit.browser()).await && browser.cookie("claviger_session").is_none());
        kit.advance(60);
        let reply = browser.press(&page, "totp", &[("code", &code(&kit, &seed, 0))]).await;
        assert!(matches!(browser.follow(reply).await, Landing::Away(..)));
    }

    async fn a_mailbox_alone_never_takes_the_second_factor_away(kit: Kit) {
        let (ada, seed, _, _, browser, page) = at_the_mailbox(&kit).await;
        let page = press(&browser, &page, "lost-factor").await;
        assert!(page.title() == "Show a little more" && !page.body.contains("start-wait") && !page.body.contains("new_password"), "{}", page.body);
        let csrf = page.hidden("id=\"have-factor\"", "csrf");
        for (path, field, value) in [("/turn", "to", "wait"), ("/finish", "new_password", NEW), ("/send", "kind", "phone"), ("/send", "kind", "second-mailbox")] {
            assert_eq!(browser.submit(&format!("{}{path}", page.url), &[("csrf", &csrf), (field, value)]).await.status, 303, "{path}");
        }
        for (kind, value) in [("recovery-code", "aaaaa-aaaaa"), ("password", "not it at all"), ("past-order", "B-1"), ("phone", "123456"), ("trusted-device", "x"), ("second-mailbox", "123456")] {
            let status = browser.submit(&format!("{}/show", page.url), &[("csrf", &csrf), ("kind", kind), ("value", value)]).await.status;
            assert!(matches!(status, 422 | 429), "{kind}: {status}");
        }
        assert_eq!(browser.get(&page.url).await.title(), "Show a little more");
        // The account is as it was.
        kit.advance(600);
        let own = kit.browser();
        let reply = own.type_password(&own.walk("/account").await.page(), &ada.email, &ada.password).await;
        let challenge = own.follow(reply).await.page();
        let reply = own.press(&challenge, "totp", &[("code", &code(&kit, &seed, 0))]).await;
        assert_eq!(own.follow(reply).await.page().title(), "Your account");
    }

    async fn a_recovery_code_beside_the_mailbox_is_enough_at_once(kit: Kit) {
        let (_, _, codes, _, browser, page) = at_the_mailbox(&kit).await;
        let page = press(&browser, &page, "lost-factor").await;
        let page = prove(&browser, &page, "recovery-code", &codes[0]).await;
        assert!(page.title() == "Choose a new password" && page.body.contains("old ways to sign in are taken away"), "{}", page.body);
        let reply = browser.press(&page, "new-password", &[("new_password", NEW)]).await;
        assert!(matches!(browser.follow(reply).await, Landing::Away(..)));
        assert!(is_in(&browser).await);
        let mails = kit.mails().await;
        assert!(mails.iter().any(|mail| mail.subject == "Your account was recovered" && mail.text.contains("/not-me/")));
        // What was left of the codes is gone with the app.
        assert!(browser.walk("/account/security").await.page().body.contains("Authenticator apps"));
    }

    async fn a_key_beside_the_mailbox_is_enough_at_once_and_is_kept(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (_, mut key) = with_key(&kit, &shop, &ada, "add-security-key", Authenticator::security_key()).await;
        let (_, mut stolen) = with_key(&kit, &kit.shop("other").await, &kit.customer("eve").await, "add-security-key", Authenticator::security_key()).await;
        let seed = enrol(&kit, &ada).await;
        let browser = kit.browser();
        let page = begin(&browser, &shop, &ada.email).await;
        assert!(!page.body.contains("form-passkey"), "whose keys there are is told to nobody who has shown nothing: {}", page.body);
        let ask = [("csrf", page.hidden("id=\"form-mailbox\"", "csrf"))];
        let ask: Vec<(&str, &str)> = ask.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(browser.submit(&format!("{}/passkey/begin", page.url), &ask).await.status, 410);
        let page = prove(&browser, &page, "mailbox", &kit.last_code().await).await;
        let page = press(&browser, &page, "lost-factor").await;
        assert!(page.body.contains("form-passkey") && page.body.contains("/assets/passkey.js"), "{}", page.body);
        // Somebody else's key, an answer to nothing, and one to another ceremony are no proof.
        let (options, ceremony) = authenticator::begin(&browser, &page, "form-passkey").await;
        assert_eq!(options["publicKey"]["allowCredentials"].as_array().map(Vec::len), Some(1));
        for (ceremony, credential) in [(ceremony.as_str(), stolen.get(&options, &kit.issuer)), ("x", key.get(&options, &kit.issuer)), (ceremony.as_str(), key.get(&options, &kit.issuer))] {
            let refused = authenticator::answer(&browser, &page, "form-passkey", ceremony, &credential).await;
            assert!(refused.status == 422 && refused.body.contains("That was not accepted"), "{}", refused.body);
        }
        // One that was added three days ago at most counts for nothing, if the account is older.
        kit.advance(4 * 86_400);
        let here = kit.browser();
        let reply = here.type_password(&here.walk("/account").await.page(), &ada.email, &ada.password).await;
        let challenge = here.follow(reply).await.page();
        let reply = authenticator::show(&here, &challenge, &mut key).await;
        assert_eq!(here.follow(reply).await.page().title(), "Your account");
        let mut fresh = Authenticator::security_key();
        let security = here.walk("/account/security").await.page();
        authenticator::enrol(&here, &security, "add-security-key", &mut fresh).await;
        let browser = kit.browser();
        let page = begin(&browser, &shop, &ada.email).await;
        let page = prove(&browser, &page, "mailbox", &kit.last_code().await).await;
        let page = press(&browser, &page, "lost-factor").await;
        let reply = authenticator::show_at(&browser, &page, "form-passkey", &mut fresh).await;
        let page = browser.follow(reply).await.page();
        assert!(page.title() == "Show a little more" && page.body.contains("changed too lately to count"), "{}", page.body);
        // The older one does, in another recovery.
        kit.advance(30);
        let browser = kit.browser();
        let page = begin(&browser, &shop, &ada.email).await;
        let page = prove(&browser, &page, "mailbox", &kit.last_code().await).await;
        let page = press(&browser, &page, "lost-factor").await;
        let reply = authenticator::show_at(&browser, &page, "form-passkey", &mut key).await;
        let page = browser.follow(reply).await.page();
        assert_eq!(page.title(), "Choose a new password", "{}", page.body);
        let reply = browser.press(&page, "new-password", &[("new_password", NEW)]).await;
        let challenge = browser.follow(reply).await.page();
        // The app and the other key are gone; the key that was shown stays, and is the second factor.
        assert!(challenge.title() == "Use your passkey" && browser.cookie("claviger_session").is_none(), "{}", challenge.body);
        kit.advance(60);
        let reply = browser.submit(&challenge.url.replace("/passkey", "/totp"), &[("csrf", "x"), ("code", &code(&kit, &seed, 0))]).await;
        assert_ne!(reply.status, 200);
        let refused = authenticator::show(&browser, &challenge, &mut fresh).await;
        assert_eq!(refused.status, 422);
        let reply = authenticator::show(&browser, &challenge, &mut key).await;
        assert!(matches!(browser.follow(reply).await, Landing::Away(..)));
        assert!(is_in(&browser).await);
    }

    async fn a_key_that_may_have_been_copied_recovers_nothing(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (_, mut key) = with_key(&kit, &shop, &ada, "add-security-key", Authenticator::security_key()).await;
        kit.advance(4 * 86_400);
        let browser = kit.browser();
        let page = begin(&browser, &shop, &ada.email).await;
        let page = prove(&browser, &page, "mailbox", &kit.last_code().await).await;
        let page = press(&browser, &page, "lost-factor").await;
        key.counter = 0;
        let refused = authenticator::show_at(&browser, &page, "form-passkey", &mut key).await;
        assert_eq!(refused.status, 422, "{}", refused.body);
        assert_eq!(kit.audited("passkey_cloned", "cloned").await, 1);
        assert!(kit.mails().await.iter().any(|mail| mail.to == ada.email && mail.subject == "A security key was refused"), "{:?}", kit.mails().await.last().map(|mail| mail.subject.clone()));
    }

    async fn weak_proofs_wait_and_the_owner_says_no(kit: Kit) {
        let (_, _, _, shop, thief, page) = at_the_mailbox(&kit).await;
        let page = press(&thief, &page, "lost-factor").await;
        let page = prove(&thief, &page, "past-order", "a 1234").await;
        assert!(page.body.contains("after 72 hours"), "{}", page.body);
        let page = press(&thief, &page, "start-wait").await;
        assert_eq!(page.title(), "Your account is being recovered");
        let csrf = page.body.contains("new_password");
        assert!(!csrf, "nothing can be set yet");
        // The owner opens the link (so did a scanner), and presses.
        let link = kit.last_link("/recovery/stop/").await;
        let owner = kit.browser();
        for _ in 0..3 {
            assert_eq!(owner.get(&link).await.title(), "Stop the recovery?");
        }
        assert_eq!(thief.get(&page.url).await.title(), "Your account is being recovered");
        let stopped = owner.press(&owner.get(&link).await, "link", &[]).await;
        assert_eq!(stopped.title(), "The recovery is stopped");
        assert_eq!(thief.get(&page.url).await.title(), "This recovery was stopped");
        assert_eq!(owner.get(&link).await.status, 404);
        kit.advance(72 * 3_600 + 1);
        worker::tell_recoveries(&kit.node).await.unwrap();
        assert!(!kit.mails().await.iter().any(|mail| mail.subject == "You can recover your account now"));
        // Another try with the same proofs does not even wait.
        let page = begin(&thief, &shop, "ada@example.com").await;
        let page = prove(&thief, &page, "mailbox", &kit.last_code().await).await;
        let page = press(&thief, &page, "lost-factor").await;
        let page = prove(&thief, &page, "past-order", "A-1234").await;
        assert!(page.title() == "Show a little more" && !page.body.contains("start-wait"));
        assert_eq!(kit.audited("recovery_stopped", "").await, 1);
    }

    async fn a_session_of_the_owner_says_no_too(kit: Kit) {
        let (ada, seed, _, _, thief, page) = at_the_mailbox(&kit).await;
        let own = kit.browser();
        let reply = own.type_password(&own.walk("/account").await.page(), &ada.email, &ada.password).await;
        let challenge = own.follow(reply).await.page();
        let reply = own.press(&challenge, "totp", &[("code", &code(&kit, &seed, 0))]).await;
        own.follow(reply).await;
        let page = press(&thief, &page, "lost-factor").await;
        let page = prove(&thief, &page, "past-order", "A-1234").await;
        press(&thief, &page, "start-wait").await;
        let home = own.walk("/account").await.page();
        let reply = own.press(&home, "stop-recovery", &[]).await;
        assert!(!own.follow(reply).await.page().body.contains("stop-recovery"));
        assert_eq!(thief.get(&page.url).await.title(), "This recovery was stopped");
    }

    async fn after_the_wait_a_mail_leads_on_in_any_browser(kit: Kit) {
        let (ada, _, _, _, browser, page) = at_the_mailbox(&kit).await;
        let page = press(&browser, &page, "lost-factor").await;
        let page = prove(&browser, &page, "password", &ada.password).await;
        assert!(page.body.contains("after 24 hours"), "{}", page.body);
        let page = press(&browser, &page, "start-wait").await;
        kit.advance(86_399);
        worker::tell_recoveries(&kit.node).await.unwrap();
        assert_eq!(browser.get(&page.url).await.title(), "Your account is being recovered");
        kit.advance(1);
        assert_eq!((worker::tell_recoveries(&kit.node).await.unwrap(), worker::tell_recoveries(&kit.node).await.unwrap()), (1, 0));
        let link = kit.last_link("/recovery/go-on/").await;
        let later = kit.browser();
        let page = later.press(&later.get(&link).await, "link", &[]).await;
        let page = later.follow(page).await.page();
        // Whoever reads the mailbox gets no further than that: what else was shown is shown again.
        assert!(page.title() == "Show a little more" && page.body.contains("Your mailbox") && !page.body.contains("start-wait"), "{}", page.body);
        let csrf = page.hidden("id=\"show-password\"", "csrf");
        assert_eq!(later.submit(&format!("{}/finish", page.url), &[("csrf", &csrf), ("new_password", NEW)]).await.status, 303);
        assert_eq!(kit.audited("account_recovered", "").await, 0);
        let page = prove(&later, &page, "password", &ada.password).await;
        assert_eq!(page.title(), "Choose a new password");
        assert_eq!(later.get(&link).await.status, 404, "once");
        let reply = later.press(&page, "new-password", &[("new_password", NEW)]).await;
        assert_eq!(later.follow(reply).await.page().title(), "Your account");
    }

    async fn whoever_changes_the_credentials_meanwhile_ends_it(kit: Kit) {
        let (ada, seed, _, _, thief, page) = at_the_mailbox(&kit).await;
        let page = press(&thief, &page, "lost-factor").await;
        let page = prove(&thief, &page, "past-order", "A-1234").await;
        press(&thief, &page, "start-wait").await;
        let own = kit.browser();
        let reply = own.type_password(&own.walk("/account/password").await.page(), &ada.email, &ada.password).await;
        let challenge = own.follow(reply).await.page();
        let reply = own.press(&challenge, "totp", &[("code", &code(&kit, &seed, 0))]).await;
        let change = own.follow(reply).await.page();
        assert_eq!(own.press(&change, "new-password", &[("new_password", NEW)]).await.status, 303);
        assert_eq!(thief.get(&page.url).await.title(), "This recovery is over");
        kit.advance(73 * 3_600);
        worker::tell_recoveries(&kit.node).await.unwrap();
        assert!(!kit.mails().await.iter().any(|mail| mail.subject == "You can recover your account now"));
        assert_eq!(thief.get(&page.url).await.title(), "This recovery is over");
    }

    async fn an_address_without_an_account_looks_the_same(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (known, unknown) = (kit.browser(), kit.browser());
        let one = begin(&known, &shop, &ada.email).await;
        let other = begin(&unknown, &shop, "nobody@example.com").await;
        let masked = |reply: &Reply| {
            let token = reply.hidden("id=\"show-mailbox\"", "csrf");
            let id = reply.url.rsplit('/').next().unwrap();
            let id = if id == "show" || id == "send" { reply.url.rsplit('/').nth(1).unwrap() } else { id };
            reply.body.replace("ada@example.com", "X").replace("nobody@example.com", "X").replace(&token, "T").replace(id, "F")
        };
        assert_eq!((one.status, masked(&one)), (other.status, masked(&other)));
        kit.mails().await;
        for (kind, value) in [("mailbox", "000000"), ("recovery-code", "aaaaa-aaaaa"), ("password", "not the password"), ("mailbox", "")] {
            let (a, b) = (known.press(&one, &format!("show-{kind}"), &[("value", value)]).await, unknown.press(&other, &format!("show-{kind}"), &[("value", value)]).await);
            assert_eq!((a.status, masked(&a)), (b.status, masked(&b)), "{kind}");
        }
        // Mail bombs: three an hour, and the same answer.
        for round in 0..5 {
            kit.advance(21);
            let (a, b) = (known.press(&one, "send-again", &[]).await.status, unknown.press(&other, "send-again", &[]).await.status);
            assert_eq!((a, b), if round < 2 { (303, 303) } else { (429, 429) }, "{round}");
        }
        let mails = kit.mails().await;
        assert_eq!(mails.iter().filter(|mail| mail.subject == "Your code to recover your account").count(), 3);
        assert!(mails.iter().all(|mail| mail.to == ada.email));
        // The wrong proofs are in the log, those for nobody too.
        assert_eq!(kit.audited("recovery_proof", "wrong").await, 8);
    }

    async fn a_code_is_for_one_recovery_and_works_once(kit: Kit) {
        let (ada, bob, shop) = (kit.customer("ada").await, kit.customer("bob").await, kit.shop("shop").await);
        let (first, second, thief) = (kit.browser(), kit.browser(), kit.browser());
        let old_page = begin(&first, &shop, &ada.email).await;
        let old_code = kit.last_code().await;
        kit.advance(21);
        let page = begin(&second, &shop, &ada.email).await;
        let fresh = kit.last_code().await;
        assert_eq!(first.get(&old_page.url).await.title(), "This recovery is over", "the older one died with the newer");
        let csrf = page.hidden("id=\"show-mailbox\"", "csrf");
        assert_eq!(second.submit(&format!("{}/show", page.url), &[("csrf", &csrf), ("kind", "mailbox"), ("value", &old_code)]).await.status, if old_code == fresh { 303 } else { 422 });
        // Somebody else's recovery does not take it.
        let theirs = begin(&thief, &shop, &bob.email).await;
        assert_eq!(thief.press(&theirs, "show-mailbox", &[("value", &fresh)]).await.status, 422);
        assert_eq!(thief.get(&page.url).await.status, 403, "nor another browser");
        let fields = [("value", fresh.as_str())];
        let tries = join_all((0..16).map(|_| second.press(&page, "show-mailbox", &fields))).await;
        assert_eq!(tries.iter().filter(|reply| reply.status == 303).count(), 1, "{:?}", tries.iter().map(|reply| reply.status).collect::<Vec<_>>());
        assert_eq!(second.get(&page.url).await.title(), "Choose a new password");
        // The new password can be set once, also by sixteen at a time.
        let page = second.get(&page.url).await;
        let fields = [("new_password", NEW)];
        let tries = join_all((0..8).map(|_| second.press(&page, "new-password", &fields))).await;
        assert!(tries.iter().all(|reply| reply.status == 303));
        assert_eq!(kit.audited("account_recovered", "").await, 1);
    }
}
