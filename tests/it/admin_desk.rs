//! The desk: finding whoever calls, having them show who they are, and what is done for them; two people, a wait, a veto.

use crate::factors::enrol;
use crate::kit::authenticator::{self, Authenticator};
use crate::kit::staff::Colleague;
use crate::kit::{Browser, Kit, Person, Reply};
use crate::on_both;
use claviger::admin::access::rules::Role;
use claviger::app::worker;
use claviger::identity::customers;
use claviger::identity::factors::totp::store as apps;

const WHY: &str = "Lost the phone, calls about order 2026-4711.";

async fn open(browser: &Browser, path: &str, person: &Person) -> Reply {
    let page = browser.walk(path).await.page();
    if page.body.contains("id=\"signin\"") {
        let reply = browser.type_password(&page, &person.email, &person.password).await;
        return browser.follow(reply).await.page();
    }
    page
}

async fn apps_of(kit: &Kit, person: &Person) -> i64 {
    let id = person.id.clone();
    kit.node.base.db.read(move |connection| apps::count_authenticators(connection, &id)).await.unwrap()
}

async fn email_of(kit: &Kit, person: &Person) -> String {
    let (ring, id) = (kit.node.base.tools.ring.clone(), person.id.clone());
    kit.node.base.db.read(move |connection| customers::store::find_customer(connection, &ring, &id)).await.unwrap().unwrap().email.as_str().to_owned()
}

/// The caller shows who they are in two weak ways: by a code, and by the password on a page of their own.
async fn check_weakly(kit: &Kit, agent: &mut Colleague, person: &Person, purpose: &str) {
    check_by_code(kit, agent, person, purpose).await;
    agent.act(&format!("begin_caller_check/{}", person.id), &[("way", "page"), ("purpose", purpose)]).await;
    let browser = kit.browser();
    let page = open(&browser, "/account/call", person).await;
    browser.press(&page, "call-yes", &[("answer", "yes")]).await;
}

/// By a code alone.
async fn check_by_code(kit: &Kit, agent: &mut Colleague, person: &Person, purpose: &str) {
    let page = agent.act(&format!("begin_caller_check/{}", person.id), &[("way", "email"), ("purpose", purpose)]).await;
    assert!(page.body.contains("id=\"result\""), "{} {}", page.status, page.body);
    let code = kit.last_code().await;
    let page = agent.act(&format!("answer_caller_check/{}", person.id), &[("code", &code)]).await;
    assert!(page.body.contains("id=\"result\"") && page.body.contains("weak"), "{} {}", page.status, page.body);
}

/// The case that waits for a decision.
async fn waiting(colleague: &mut Colleague) -> String {
    let page = colleague.open("/admin/cases").await;
    page.body.split("id=\"decide-").nth(1).unwrap_or_else(|| panic!("{}", page.body)).split('"').next().unwrap().to_owned()
}

on_both! {
    async fn a_customer_is_found_by_what_they_say_and_by_nothing_near_it(kit: Kit) {
        let (ada, mut agent) = (kit.customer("ada").await, kit.colleague("eva", &[Role::Support]).await);
        let shop = kit.shop_with("orders", |metadata| metadata.scope = claviger::oauth::scope::Scope::from("openid order_facts".to_owned())).await;
        let answer = shop.sign_in(&kit.browser(), &ada, &[("scope", "openid order_facts")]).await.away();
        let tokens = shop.redeem(&answer["code"]).await.json();
        let request = crate::kit::browser::http().post(kit.url("/order-facts")).bearer_auth(tokens["access_token"].as_str().unwrap()).form(&[("reference", "2026-4711")]);
        assert_eq!(request.send().await.unwrap().status().as_u16(), 204);
        let sub = crate::kit::shop::claims_of(tokens["id_token"].as_str().unwrap())["sub"].as_str().unwrap().to_owned();
        let (ring, id) = (kit.node.base.tools.ring.clone(), ada.id.clone());
        let phone = kit.node.base.db.read(move |connection| customers::store::find_customer(connection, &ring, &id)).await.unwrap().unwrap().phone.unwrap();
        let known = Some(ada.id.to_string());
        for (by, value) in [("email", "ADA@example.com"), ("phone", phone.as_str()), ("subject", &sub), ("order", " 2026-4711 ")] {
            assert_eq!(agent.find(by, value).await, known, "{by} {value}");
        }
        for (by, value) in [("email", "ad@example.com"), ("email", "%@example.com"), ("phone", "+4930"), ("subject", "%"), ("order", "2026-471"), ("order", "' OR 1=1 --")] {
            assert_eq!(agent.find(by, value).await, None, "{by} {value}");
        }
        // A page tells staff what they need, and no more: masked, and the whole for a reason that Ada reads.
        let page = agent.open(&format!("/admin/customers/{}", ada.id)).await;
        for secret in [ada.email.as_str(), phone.as_str(), "Lovelace"] {
            assert!(!page.body.contains(secret), "{secret}: {}", page.body);
        }
        let short = agent.act(&format!("reveal_customer/{}", ada.id), &[("reason", "because")]).await;
        assert_eq!((short.status, short.body.contains("8 to 500")), (400, true), "{}", short.body);
        let page = agent.act(&format!("reveal_customer/{}", ada.id), &[("reason", WHY)]).await;
        assert!(page.body.contains(&ada.email), "{}", page.body);
        let log = open(&kit.browser(), "/account/activity", &ada).await;
        assert!(log.body.contains(WHY) && log.body.contains("eva"), "{}", log.body);
        // Looking at the pages as Ada sees them is told to her by letter too.
        let page = kit.colleague("lea", &[Role::SupportLead]).await.act(&format!("view_as/{}", ada.id), &[("reason", WHY)]).await;
        assert!(page.body.contains("id=\"mirror\"") && !page.body.contains(WHY), "{}", page.body);
        assert!(kit.mails().await.iter().any(|mail| mail.to == ada.email && mail.text.contains("/account/activity")));
        // Every look is written down, and none of them holds what was looked for.
        let events = kit.audit().await;
        assert!(events.iter().filter(|event| event.kind == "staff_customer_found").count() >= 9);
        assert!(!events.iter().any(|event| event.detail.contains("example.com")));
    }

    async fn factors_go_after_a_strong_proof_and_a_second_person(kit: Kit) {
        let (ada, browser) = (kit.customer("ada").await, kit.browser());
        let mut key = Authenticator::new();
        let page = open(&browser, "/account/security", &ada).await;
        let reply = authenticator::enrol(&browser, &page, "add-passkey", &mut key).await;
        let page = browser.follow(reply).await.page();
        browser.keep_codes(&page).await;
        enrol(&kit, &ada).await;
        let (mut eva, mut lea) = (kit.colleague("eva", &[Role::Support]).await, kit.colleague("lea", &[Role::SupportLead]).await);
        let ask = format!("remove_factors/{}", ada.id);
        // Nobody has shown anything yet.
        let page = eva.act(&ask, &[("reason", WHY)]).await;
        assert_eq!((page.status, page.body.contains("Have the caller show")), (409, true), "{}", page.body);
        // Ada is on the line, and at her own page, with her key.
        let page = eva.act(&format!("begin_caller_check/{}", ada.id), &[("way", "page"), ("purpose", "remove_factors")]).await;
        let number = page.body.split("class=\"secret\">").nth(1).unwrap_or_else(|| panic!("{}", page.body)).split('<').next().unwrap().to_owned();
        let page = browser.walk("/account/call").await.page();
        assert!(page.body.contains(&format!(">{number}</p>")) && page.body.contains("eva") && page.body.contains("the support can remove every way to sign in"), "{}", page.body);
        let reply = browser.press(&page, "call-yes", &[("answer", "yes")]).await;
        browser.follow(reply).await.page();
        let page = eva.open(&format!("/admin/customers/{}", ada.id)).await;
        assert!(page.body.contains("Shown strong"), "{}", page.body);
        // A colleague cannot lean on what Eva heard.
        let page = lea.act(&ask, &[("reason", WHY)]).await;
        assert_eq!(page.status, 409, "{}", page.body);
        let page = eva.act(&ask, &[("reason", WHY)]).await;
        assert!(page.body.contains("Asked") || page.body.contains("asked"), "{} {}", page.status, page.body);
        assert_eq!(apps_of(&kit, &ada).await, 1, "nothing happens yet");
        // Eva may not decide at all, and a lead who had asked could not either.
        let case = waiting(&mut lea).await;
        assert_eq!(eva.open(&format!("/admin/do/decide_case/{case}")).await.status, 403);
        let form = lea.open(&format!("/admin/do/decide_case/{case}")).await;
        assert!(form.body.contains("id=\"about\"") && form.body.contains(WHY) && form.body.contains(eva.person.id.as_str()), "{}", form.body);
        let page = lea.act(&format!("decide_case/{case}"), &[("decision", "approve"), ("reason", "I heard the recording.")]).await;
        assert!(page.body.contains("id=\"result\""), "{} {}", page.status, page.body);
        assert_eq!(apps_of(&kit, &ada).await, 0);
        // Her sessions are gone, the mailbox was told, and the log says who and why.
        let page = open(&browser, "/account/activity", &ada).await;
        assert!(page.body.contains(WHY) && page.body.contains("eva") && page.body.contains("lea"), "{}", page.body);
        assert!(browser.walk("/account/security").await.page().status == 200);
        // Twice is once.
        let page = lea.act(&format!("decide_case/{case}"), &[("decision", "approve"), ("reason", "Once more, with feeling.")]).await;
        assert_eq!(page.status, 409);
        for kind in ["staff_caller_asked", "staff_caller_checked", "staff_case_asked", "staff_case_approved", "staff_case_done"] {
            assert_eq!(kit.audited(kind, "").await, 1, "{kind}");
        }
    }

    async fn whoever_asked_does_not_approve(kit: Kit) {
        let ada = kit.customer("ada").await;
        let mut lea = kit.colleague("lea", &[Role::SupportLead, Role::Support, Role::Owner]).await;
        check_weakly(&kit, &mut lea, &ada, "remove_factors").await;
        let page = lea.act(&format!("remove_factors/{}", ada.id), &[("reason", WHY)]).await;
        assert_eq!(page.status, 200, "{}", page.body);
        let case = waiting(&mut lea).await;
        let page = lea.act(&format!("decide_case/{case}"), &[("decision", "approve"), ("reason", "It is fine, I am the boss.")]).await;
        assert_eq!((page.status, page.body.contains("cannot approve")), (409, true), "{}", page.body);
        // Nor does a program, whatever its roles: two people are two people.
        let owner = kit.program("bot", &[Role::Owner]).await;
        let reply = owner.post(&format!("/cases/{case}/decide"), &serde_json::json!({ "decision": "approve", "reason": "I am only a program." })).await;
        assert_eq!((reply.status, reply.json()["code"].as_str()), (403, Some("forbidden")), "{}", reply.body);
        // Taking back is hers.
        let page = lea.act(&format!("decide_case/{case}"), &[("decision", "refuse"), ("reason", "Wrong customer, sorry.")]).await;
        assert!(page.body.contains("id=\"result\""), "{}", page.body);
        assert_eq!((kit.audited("staff_case_refused", "").await, kit.audited("staff_case_done", "").await), (1, 0));
    }

    async fn a_weak_proof_waits_and_the_customer_can_say_no(kit: Kit) {
        let (mut eva, mut lea) = (kit.colleague("eva", &[Role::Support]).await, kit.colleague("lea", &[Role::SupportLead]).await);
        for (name, is_vetoed) in [("ada", true), ("bob", false)] {
            let ada = kit.customer(name).await;
            kit.advance(60);
            // A code alone is what whoever reads the mailbox has.
            check_by_code(&kit, &mut eva, &ada, "remove_factors").await;
            let page = eva.act(&format!("remove_factors/{}", ada.id), &[("reason", WHY)]).await;
            assert_eq!((page.status, page.body.contains("One code alone is not enough")), (409, true), "{}", page.body);
            kit.advance(60);
            check_weakly(&kit, &mut eva, &ada, "remove_factors").await;
            let page = eva.act(&format!("remove_factors/{}", ada.id), &[("reason", WHY)]).await;
            assert_eq!(page.status, 200, "{}", page.body);
            // What was shown counts once.
            let page = eva.act(&format!("change_email/{}", ada.id), &[("reason", WHY), ("email", "thief@example.net")]).await;
            assert_eq!(page.status, 409, "{}", page.body);
            enrol(&kit, &ada).await;
            let case = waiting(&mut lea).await;
            lea.act(&format!("decide_case/{case}"), &[("decision", "approve"), ("reason", "Heard it, sounds right.")]).await;
            assert_eq!(apps_of(&kit, &ada).await, 1, "it waits");
            let link = kit.last_link("/cases/stop/").await;
            if is_vetoed {
                let browser = kit.browser();
                let page = browser.get(&link).await;
                assert_eq!((page.status, browser.submit(&link, &[("csrf", "forged")]).await.status), (200, 403));
                assert_eq!(browser.press(&page, "submit", &[]).await.status, 200);
                assert_eq!(kit.audited("staff_case_vetoed", "").await, 1);
                assert_eq!(browser.get(&link).await.status, 404, "once");
                // A no is remembered for a week.
                let page = eva.act(&format!("remove_factors/{}", ada.id), &[("reason", WHY)]).await;
                assert_eq!((page.status, page.body.contains("said no")), (409, true), "{}", page.body);
            }
            kit.advance(24 * 3_600 - 60);
            assert_eq!(worker::tick_cases(&kit.node).await.unwrap(), 0);
            kit.advance(61);
            assert_eq!(worker::tick_cases(&kit.node).await.unwrap(), usize::from(!is_vetoed));
            assert_eq!(apps_of(&kit, &ada).await, i64::from(is_vetoed));
            kit.advance(8 * 86_400);
        }
    }

    async fn a_new_address_waits_for_its_mailbox_too(kit: Kit) {
        let ada = kit.customer("ada").await;
        let (mut eva, mut lea) = (kit.colleague("eva", &[Role::Support]).await, kit.colleague("lea", &[Role::SupportLead]).await);
        check_weakly(&kit, &mut eva, &ada, "change_email").await;
        let page = eva.act(&format!("change_email/{}", ada.id), &[("reason", WHY), ("email", "new@example.net")]).await;
        assert_eq!(page.status, 200, "{}", page.body);
        let case = waiting(&mut lea).await;
        // Whoever decides sees the address to the letter; whoever asked, and whoever looks at the list, does not.
        assert!(lea.open(&format!("/admin/do/decide_case/{case}")).await.body.contains("new@example.net"));
        for page in [lea.open("/admin/cases").await, eva.open("/admin/cases").await] {
            assert!(!page.body.contains("new@example.net"), "{}", page.body);
        }
        lea.act(&format!("decide_case/{case}"), &[("decision", "approve"), ("reason", "Heard it, sounds right.")]).await;
        kit.advance(24 * 3_600 + 1);
        assert_eq!(worker::tick_cases(&kit.node).await.unwrap(), 0, "nobody reads the new mailbox yet");
        let mails = kit.mails().await;
        let mail = mails.iter().rev().find(|mail| mail.to == "new@example.net").expect("a letter to the new mailbox");
        assert!(!mail.text.contains(&ada.email));
        let link = kit.last_link("/cases/confirm/").await;
        let browser = kit.browser();
        let page = browser.get(&link).await;
        assert_eq!(browser.press(&page, "submit", &[]).await.status, 200);
        assert_eq!(email_of(&kit, &ada).await, "new@example.net");
        let old = kit.mails().await.into_iter().rfind(|mail| mail.to == ada.email).unwrap();
        assert!(old.text.contains("/undo/") || old.text.contains("/not-me/"), "the old mailbox has a way back: {}", old.text);
    }

    async fn what_was_asked_for_ends_with_the_credentials_that_it_was_asked_under(kit: Kit) {
        let ada = kit.customer("ada").await;
        let (mut eva, mut lea) = (kit.colleague("eva", &[Role::Support]).await, kit.colleague("lea", &[Role::SupportLead]).await);
        check_weakly(&kit, &mut eva, &ada, "change_email").await;
        eva.act(&format!("change_email/{}", ada.id), &[("reason", WHY), ("email", "thief@example.net")]).await;
        let case = waiting(&mut lea).await;
        lea.act(&format!("decide_case/{case}"), &[("decision", "approve"), ("reason", "Heard it, sounds right.")]).await;
        let link = kit.last_link("/cases/confirm/").await;
        let browser = kit.browser();
        let page = browser.get(&link).await;
        browser.press(&page, "submit", &[]).await;
        // Ada hears of something, and says that it was not her.
        kit.advance(3_600);
        let owner = kit.browser();
        let page = open(&owner, "/account/sessions", &ada).await;
        assert_eq!(owner.press(&page, "not-me-button", &[]).await.title(), "Your account is secured");
        kit.advance(24 * 3_600);
        worker::tick_cases(&kit.node).await.unwrap();
        assert_eq!((email_of(&kit, &ada).await, kit.audited("staff_case_expired", "").await, kit.audited("staff_case_done", "").await), (ada.email.clone(), 1, 0));
        // While the account stands still the desk opens nothing.
        let page = eva.act(&format!("remove_factors/{}", ada.id), &[("reason", WHY)]).await;
        assert_eq!(page.status, 409);
    }

    async fn a_customer_who_is_not_calling_says_so(kit: Kit) {
        let (ada, mut eva) = (kit.customer("ada").await, kit.colleague("eva", &[Role::Support]).await);
        eva.act(&format!("begin_caller_check/{}", ada.id), &[("way", "page")]).await;
        let browser = kit.browser();
        let page = open(&browser, "/account/call", &ada).await;
        let reply = browser.press(&page, "call-yes", &[("answer", "no")]).await;
        browser.follow(reply).await.page();
        let page = eva.open(&format!("/admin/customers/{}", ada.id)).await;
        assert!(page.body.contains("id=\"caller-refused\""), "{}", page.body);
        let page = eva.act(&format!("remove_factors/{}", ada.id), &[("reason", WHY)]).await;
        assert_eq!(page.status, 409);
        // The number was for that check: an older page answers nothing of a newer one.
        let old = open(&browser, "/account/call", &ada).await;
        assert!(old.body.contains("id=\"nobody\""), "{}", old.body);
        assert_eq!(kit.audited("staff_caller_checked", "denied").await, 1);
        // Nor does a code from the mailbox, or another page, undo that no.
        check_weakly(&kit, &mut eva, &ada, "remove_factors").await;
        let page = eva.act(&format!("remove_factors/{}", ada.id), &[("reason", WHY)]).await;
        assert_eq!((page.status, page.body.contains("said no")), (409, true), "{}", page.body);
    }

    async fn a_lock_is_at_once_and_a_code_is_guessed_a_few_times_only(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (browser, tokens) = kit.sign_in(&shop, &ada).await;
        let mut lea = kit.colleague("lea", &[Role::SupportLead]).await;
        let page = lea.act(&format!("lock_customer/{}", ada.id), &[("reason", WHY)]).await;
        assert!(page.body.contains("id=\"done\""), "{}", page.body);
        assert!(browser.walk("/account").await.page().url.contains("/signin/"));
        assert_eq!((shop.userinfo(&tokens.access()).await.status, shop.refresh(&tokens.refresh()).await.status), (401, 400));
        lea.act(&format!("unlock_customer/{}", ada.id), &[("reason", WHY)]).await;
        assert!(open(&kit.browser(), "/account", &ada).await.url.ends_with("/account"));
        let page = lea.act(&format!("end_sessions/{}", ada.id), &[("reason", WHY)]).await;
        assert!(page.body.contains("id=\"done\""), "{}", page.body);
        // Guesses of a code that was read out.
        lea.act(&format!("begin_caller_check/{}", ada.id), &[("way", "email")]).await;
        let mut statuses = Vec::new();
        for _ in 0..12 {
            statuses.push(lea.act(&format!("answer_caller_check/{}", ada.id), &[("code", "00000000")]).await.status);
        }
        assert!(statuses.contains(&429) || statuses.iter().all(|status| *status == 409), "{statuses:?}");
        let code = kit.last_code().await;
        let page = lea.act(&format!("answer_caller_check/{}", ada.id), &[("code", &code)]).await;
        assert!(page.status != 200, "a code that was guessed at is over: {}", page.body);
    }

    async fn staff_are_not_looked_after_by_the_desk(kit: Kit) {
        let (mut eva, lea) = (kit.colleague("eva", &[Role::Support]).await, kit.colleague("lea", &[Role::SupportLead]).await);
        for path in ["lock_customer", "remove_factors", "start_recovery", "end_sessions"] {
            let page = eva.act(&format!("{path}/{}", lea.person.id), &[("reason", WHY)]).await;
            assert_eq!((page.status, page.body.contains("account of the staff")), (409, true), "{path}: {}", page.body);
        }
        // Dangerous things ask for the key again after five minutes; looking does not.
        kit.advance(301);
        let page = eva.browser.walk("/admin/customers").await.page();
        assert_eq!(page.title(), "Find a customer");
        let page = eva.browser.walk(&format!("/admin/do/remove_factors/{}", lea.person.id)).await.page();
        assert!(page.url.contains("/signin/"), "{}", page.url);
        // Nor does anything stay open for somebody who went for lunch.
        kit.advance(901);
        assert!(eva.browser.walk("/admin").await.page().url.contains("/signin/"));
        // A recovery link is a letter, never shown to staff.
        let ada = kit.customer("ada").await;
        let page = eva.act(&format!("start_recovery/{}", ada.id), &[("reason", WHY)]).await;
        assert!(page.body.contains("id=\"done\"") && !page.body.contains("/recovery"), "{}", page.body);
        assert!(kit.mails().await.iter().any(|mail| mail.to == ada.email && mail.text.contains("/recovery")));
    }

    async fn a_message_that_did_not_arrive_is_sent_again_to_the_letter(kit: Kit) {
        let (mut eva, ada, bert) = (kit.colleague("eva", &[Role::Support]).await, kit.customer("ada").await, kit.customer("bert").await);
        eva.act(&format!("start_recovery/{}", ada.id), &[("reason", WHY)]).await;
        let page = eva.open(&format!("/admin/customers/{}", ada.id)).await;
        let first = kit.mails().await.into_iter().rfind(|mail| mail.to == ada.email && mail.text.contains("/recovery")).unwrap();
        let before = kit.mails().await.len();
        // It has left; while it waited, there was no button.
        assert!(!page.body.contains("resend_message/") && page.body.contains("Waiting"), "{}", page.body);
        let page = eva.open(&format!("/admin/customers/{}", ada.id)).await;
        let message = page.body.split("?message=").nth(1).unwrap_or_else(|| panic!("{}", page.body)).split('"').next().unwrap().to_owned();
        assert!(page.body.contains("Handed over"), "{}", page.body);
        // Not in the name of another customer.
        let other = eva.act(&format!("resend_message/{}", bert.id), &[("message", &message)]).await;
        assert_eq!(other.status, 404, "{}", other.body);
        let form = eva.open(&format!("/admin/do/resend_message/{}?message={message}", ada.id)).await;
        assert!(form.body.contains(&format!("value=\"{message}\"")), "{}", form.body);
        let done = eva.act(&format!("resend_message/{}", ada.id), &[("message", &message)]).await;
        assert!(done.body.contains("id=\"done\""), "{}", done.body);
        let again = eva.act(&format!("resend_message/{}", ada.id), &[("message", &message)]).await;
        assert!(again.status == 409 && again.body.contains("on its way"), "{}", again.body);
        let mails = kit.mails().await;
        let last = mails.last().unwrap();
        assert_eq!((mails.len(), &last.to, &last.text), (before + 1, &first.to, &first.text));
        // A code that is over is not sent again, nor what is not kept any longer.
        eva.act(&format!("begin_caller_check/{}", ada.id), &[("way", "email")]).await;
        kit.mails().await;
        let page = eva.open(&format!("/admin/customers/{}", ada.id)).await;
        let code = page.body.split("?message=").nth(1).unwrap().split('"').next().unwrap().to_owned();
        kit.advance(601);
        let over = eva.act(&format!("resend_message/{}", ada.id), &[("message", &code)]).await;
        assert!(over.status == 409 && over.body.contains("is over"), "{}", over.body);
    }

    async fn a_yes_counts_for_what_it_was_said_to_and_for_nothing_else(kit: Kit) {
        let (ada, mut eva) = (kit.customer("ada").await, kit.colleague("eva", &[Role::Support]).await);
        // To talk, and to have the address changed: neither lets factors go.
        for purpose in ["talk", "change_email"] {
            check_weakly(&kit, &mut eva, &ada, purpose).await;
            kit.advance(60);
        }
        let page = eva.act(&format!("remove_factors/{}", ada.id), &[("reason", WHY)]).await;
        assert_eq!((page.status, page.body.contains("for this very purpose")), (409, true), "{}", page.body);
        let page = eva.act(&format!("change_email/{}", ada.id), &[("reason", WHY), ("email", "new@example.net")]).await;
        assert_eq!(page.status, 200, "{}", page.body);
    }

    async fn whoever_is_signed_in_sees_what_waits_and_stops_it(kit: Kit) {
        let (ada, bob) = (kit.customer("ada").await, kit.customer("bob").await);
        let (mut eva, mut lea) = (kit.colleague("eva", &[Role::Support]).await, kit.colleague("lea", &[Role::SupportLead]).await);
        let browser = kit.browser();
        assert!(open(&browser, "/account/requests", &ada).await.body.contains("id=\"none\""));
        check_weakly(&kit, &mut eva, &ada, "change_email").await;
        eva.act(&format!("change_email/{}", ada.id), &[("reason", WHY), ("email", "thief@example.net")]).await;
        let case = waiting(&mut lea).await;
        let page = browser.walk("/account/requests").await.page();
        assert!(page.body.contains("change the e-mail address") && page.body.contains(WHY) && page.body.contains("eva"), "{}", page.body);
        assert!(!page.body.contains("thief@example.net"), "whoever sits there need not be the owner");
        // Nobody stops what is not theirs.
        let other = kit.browser();
        let theirs = open(&other, "/account/requests", &bob).await;
        assert!(theirs.body.contains("id=\"none\"") && !theirs.body.contains(&case));
        let page = browser.walk("/account/requests").await.page();
        let fields = page.hidden_fields(&format!("id=\"stop-{case}\""));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(other.submit("/account/requests", &fields).await.status, 403);
        let stopped = browser.submit("/account/requests", &fields).await;
        assert!(stopped.status == 200 && stopped.body.contains("It is stopped"), "{}", stopped.body);
        assert_eq!(browser.submit("/account/requests", &fields).await.status, 404, "once");
        assert_eq!(kit.audited("staff_case_vetoed", "").await, 1);
        let page = lea.act(&format!("decide_case/{case}"), &[("decision", "approve"), ("reason", "Heard it, sounds right.")]).await;
        assert_eq!(page.status, 409, "{}", page.body);
    }

    async fn one_factor_goes_and_the_others_stay(kit: Kit) {
        let (ada, mut eva, mut lea) = (kit.customer("ada").await, kit.colleague("eva", &[Role::Support]).await, kit.colleague("lea", &[Role::SupportLead]).await);
        check_weakly(&kit, &mut eva, &ada, "remove_factors").await;
        enrol(&kit, &ada).await;
        enrol(&kit, &ada).await;
        assert_eq!(apps_of(&kit, &ada).await, 2);
        let page = eva.open(&format!("/admin/customers/{}", ada.id)).await;
        let factor = page.body.split("?factor=").nth(1).unwrap_or_else(|| panic!("{}", page.body)).split('"').next().unwrap().to_owned();
        // Not one of somebody else's.
        let bob = kit.customer("bob").await;
        assert_eq!(eva.act(&format!("remove_factors/{}", bob.id), &[("reason", WHY), ("factor", &factor)]).await.status, 404);
        let page = eva.act(&format!("remove_factors/{}", ada.id), &[("reason", WHY), ("factor", &factor)]).await;
        assert_eq!(page.status, 200, "{}", page.body);
        let case = waiting(&mut lea).await;
        lea.act(&format!("decide_case/{case}"), &[("decision", "approve"), ("reason", "Heard it, sounds right.")]).await;
        assert!(kit.mails().await.iter().any(|mail| mail.to == ada.email && mail.text.contains("remove one of the ways")));
        kit.advance(24 * 3_600 + 1);
        assert_eq!(worker::tick_cases(&kit.node).await.unwrap(), 1);
        assert_eq!(apps_of(&kit, &ada).await, 1);
    }
}
