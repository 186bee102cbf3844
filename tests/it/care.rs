//! What keeps customers safe: the check-up, cards at moments of risk, the phrase, the quiz, the guide after a theft, reports of scams.

use std::io::Read;

use crate::kit::{Browser, Kit, Person, Reply};
use crate::on_both;
use claviger::base::page::PageRequest;
use claviger::identity::care::rules::Card;
use claviger::identity::care::store as care;

async fn open(browser: &Browser, path: &str, person: &Person) -> Reply {
    let page = browser.walk(path).await.page();
    if page.body.contains("id=\"signin\"") {
        let reply = browser.type_password(&page, &person.email, &person.password).await;
        return browser.follow(reply).await.page();
    }
    page
}

fn points(page: &Reply) -> u32 {
    let rest = page.body.split("id=\"points\">").nth(1).unwrap_or_else(|| panic!("no points: {}", page.body));
    rest.split(' ').next().unwrap().parse().unwrap()
}

async fn reports(kit: &Kit) -> Vec<(String, bool, String)> {
    let tools = kit.node.base.tools.clone();
    let found = kit.node.base.db.read(move |connection| care::list_reports(connection, &tools, &PageRequest::first(100))).await.unwrap();
    found.items.into_iter().map(|report| (report.kind, report.customer.is_some(), report.content)).collect()
}

async fn moment(kit: &Kit, person: &Person, card: Card) {
    let (id, now) = (person.id.clone(), kit.node.base.tools.now());
    kit.node.base.db.write(move |tx| care::note_moment(tx, &id, card, now)).await.unwrap();
}

on_both! {
    async fn the_check_up_counts_what_protects_and_mends_with_one_button(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let browser = kit.browser();
        let page = open(&browser, "/account/checkup", &ada).await;
        // One browser, no shops: twenty points, and the weightiest line first.
        assert_eq!(points(&page), 20);
        assert!(page.body.find("item-passkey").unwrap() < page.body.find("item-phrase").unwrap());
        assert!(page.body.find("item-phrase").unwrap() < page.body.find("item-devices").unwrap(), "what is done comes last");
        // Another browser signs in: it has to be looked at.
        kit.advance(60);
        let other = kit.browser();
        open(&other, "/account", &ada).await;
        kit.advance(60);
        let page = open(&browser, "/account/checkup", &ada).await;
        assert_eq!(points(&page), 10);
        let reply = browser.press(&page, "mend-devices", &[]).await;
        assert_eq!(points(&browser.follow(reply).await.page()), 20);
        // A shop that was not used for a year.
        let page = shop.sign_in(&browser, &ada, &[("prompt", "consent")]).await.page();
        assert_eq!(browser.press(&page, "allow", &[]).await.status, 303);
        kit.advance(366 * 86_400);
        let page = open(&browser, "/account/checkup", &ada).await;
        assert_eq!(points(&page), 10);
        let reply = browser.press(&page, "mend-old-shops", &[]).await;
        let page = browser.follow(reply).await.page();
        assert_eq!(points(&page), 20);
        assert_eq!(kit.audited("sharing_ended", "").await, 1);
        // A phrase.
        let form = open(&browser, "/account/phrase", &ada).await;
        let reply = browser.press(&form, "submit", &[("phrase", "maple otter kettle")]).await;
        browser.follow(reply).await;
        assert_eq!(points(&browser.get("/account/checkup").await), 25);
        assert!(kit.audited("checkup_seen", "").await >= 4);
    }

    async fn a_card_comes_after_a_moment_of_risk_and_once_a_session(kit: Kit) {
        let ada = kit.customer("ada").await;
        let browser = kit.browser();
        let page = open(&browser, "/account", &ada).await;
        assert!(!page.body.contains("id=\"card\""), "nobody is met with advice on the first day");
        moment(&kit, &ada, Card::Phished).await;
        let page = browser.get("/account").await;
        assert!(page.body.contains("Somebody tries to deceive you"), "{}", page.body);
        assert!(browser.get("/account").await.body.contains("Somebody tries to deceive you"), "it stays until it is answered");
        assert_eq!(kit.audited("card_shown", "").await, 1);
        moment(&kit, &ada, Card::Breached).await;
        kit.advance(30);
        let reply = browser.press(&page, "card-act", &[("answer", "act")]).await;
        assert_eq!(reply.header("location"), "/account/security");
        assert!(!browser.get("/account").await.body.contains("id=\"card\""), "one a session");
        let other = kit.browser();
        let page = open(&other, "/account", &ada).await;
        assert!(page.body.contains("Be done with passwords on lists"));
        let reply = other.press(&page, "card-away", &[("answer", "away")]).await;
        assert!(!other.follow(reply).await.page().body.contains("id=\"card\""));
        let third = kit.browser();
        assert!(!open(&third, "/account", &ada).await.body.contains("id=\"card\""), "each moment once");
        assert_eq!((kit.audited("card_shown", "").await, kit.audited("card_answered", "").await), (2, 2));
        // Ninety days later the check-up is due.
        kit.advance(90 * 86_400);
        let late = kit.browser();
        assert!(open(&late, "/account", &ada).await.body.contains("Two minutes for your safety"));
        assert_eq!(late.post("/account/card", &[("csrf", "x"), ("card", "checkup")]).await.status, 403);
    }

    async fn the_phrase_stands_in_every_mail_and_on_no_page_before_the_sign_in(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let browser = kit.browser();
        let page = open(&browser, "/account/phrase", &ada).await;
        // Words, and nothing that somebody could be sent to or told to call.
        for phrase in [" a ", "see shop-help.example/x", "maple otter: kettle", "call 0800 1234"] {
            assert_eq!(browser.press(&page, "submit", &[("phrase", phrase)]).await.status, 422, "{phrase}");
        }
        let reply = browser.press(&page, "submit", &[("phrase", "maple  otter\r\nBcc x\u{202e} kettle")]).await;
        let page = browser.follow(reply).await.page();
        assert!(page.body.contains("id=\"current\">maple otter Bcc x kettle<"), "{}", page.body);
        let phrase = "Your phrase: maple otter Bcc x kettle\n";
        // Every kind of notice and of code.
        let before = kit.mails().await.len();
        let (http, id) = (kit.node.http.clone(), ada.id.clone());
        kit.node.base.db.write(move |tx| {
            use claviger::identity::messages::{Addressee, Code, CodePurpose, Desk, Notice, send_code, send_notice};
            let customer = claviger::identity::customers::store::find_customer(tx, &http.tools.ring, &id)?.unwrap();
            for notice in Notice::ALL {
                send_notice(tx, &Desk::of(&http), notice, &customer)?;
            }
            for purpose in [CodePurpose::SignIn, CodePurpose::NewPassword, CodePurpose::Recovery] {
                send_code(tx, &Desk::of(&http), &Addressee::of(&http.texts, &customer), &Code::plain(purpose, "123456", http.tools.now().plus(600)))?;
            }
            Ok(())
        }).await.unwrap();
        let mails = kit.mails().await;
        assert_eq!(mails.len() - before, claviger::identity::messages::Notice::ALL.len() + 3);
        assert!(mails[before..].iter().all(|mail| mail.text.starts_with(phrase)), "{:?}", mails.last().map(|mail| mail.text.clone()));
        // Strangers never see it.
        let stranger = kit.browser();
        for path in ["/signin", "/recovery", "/safety", "/verify-message", "/signup", "/account"] {
            assert!(!stranger.walk(path).await.page().body.contains("otter"), "{path}");
        }
        let page = shop.authorize(&stranger, &[("login_hint", &ada.email)]).await.page();
        assert!(!page.body.contains("otter"));
        let page = open(&browser, "/account/phrase", &ada).await;
        let reply = browser.press(&page, "remove", &[("remove", "yes")]).await;
        assert!(!browser.follow(reply).await.page().body.contains("id=\"current\""));
        assert_eq!(kit.audited("phrase_chosen", "").await, 2);
    }

    async fn the_quiz_tells_right_from_wrong(kit: Kit) {
        let ada = kit.customer("ada").await;
        let browser = kit.browser();
        let page = open(&browser, "/account/quiz", &ada).await;
        assert_eq!(page.body.matches("<fieldset").count(), 6);
        let missing = browser.press(&page, "submit", &[("answer1", "genuine")]).await;
        assert!(missing.status == 422 && missing.body.contains("id=\"genuine1\" name=\"answer1\" type=\"radio\" value=\"genuine\" checked"), "{}", missing.body);
        let answers: Vec<(String, &str)> = (1..=6).map(|number| (format!("answer{number}"), "genuine")).collect();
        let fields: Vec<(&str, &str)> = answers.iter().map(|(name, answer)| (name.as_str(), *answer)).collect();
        let all = browser.press(&page, "submit", &fields).await;
        let right = all.body.matches("<strong>Right.</strong>").count();
        assert!((2..=4).contains(&right) && all.body.contains(&format!("{right} of 6 were right")), "{}", all.body);
        // Whoever looks at the links gets them all: every genuine one leads to us, and asks for nothing.
        let ours = |number: usize| {
            let item = page.body.split(&format!("id=\"item{number}\"")).nth(1).unwrap().split("</fieldset>").next().unwrap();
            let is_foreign = item.contains("account-check.example") || item.contains("+1 900") || item.contains("answer this mail");
            if is_foreign { "altered" } else { "genuine" }
        };
        let answers: Vec<(String, &str)> = (1..=6).map(|number| (format!("answer{number}"), ours(number))).collect();
        let fields: Vec<(&str, &str)> = answers.iter().map(|(name, answer)| (name.as_str(), *answer)).collect();
        let best = browser.press(&page, "submit", &fields).await;
        assert!(best.body.contains("6 of 6 were right") && best.body.contains("href=\"/account/security\""), "{}", best.body);
        assert_eq!(kit.audited("quiz_taken", "").await, 2);
    }

    async fn what_a_thief_did_is_given_to_its_victim(kit: Kit) {
        let ada = kit.customer("ada").await;
        let mut thief = kit.browser();
        thief.headers.push(("user-agent".to_owned(), "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0".to_owned()));
        open(&thief, "/account", &ada).await;
        kit.advance(2 * 86_400);
        let browser = kit.browser();
        let page = open(&browser, "/account/theft", &ada).await;
        assert_eq!(page.title(), "Somebody used my account");
        assert_eq!(page.body.matches("rel=\"noopener noreferrer\"").count(), 1, "the office of the country of the address");
        let archive = async |days: &str| {
            let form = page.hidden_fields("id=\"download\"");
            let request = browser.client.post(kit.url("/account/theft/report")).header("origin", &kit.issuer).form(&[("csrf", form[0].1.as_str()), ("days", days)]);
            let jar = browser.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
            let reply = request.header("cookie", jar).send().await.unwrap();
            assert_eq!(reply.status().as_u16(), 200);
            assert!(reply.headers()["content-disposition"].to_str().unwrap().contains("report-"));
            zip::ZipArchive::new(std::io::Cursor::new(reply.bytes().await.unwrap().to_vec())).unwrap()
        };
        let mut month = archive("30").await;
        let read = |archive: &mut zip::ZipArchive<std::io::Cursor<Vec<u8>>>, name: &str| {
            let mut text = String::new();
            archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
            text
        };
        let events: serde_json::Value = serde_json::from_str(&read(&mut month, "events.json")).unwrap();
        let case = events["case"].as_str().unwrap().to_owned();
        let thefts: Vec<&serde_json::Value> = events["events"].as_array().unwrap().iter().filter(|event| event["origin"]["user_agent"].as_str().is_some_and(|agent| agent.contains("Windows"))).collect();
        assert!(thefts.iter().any(|event| event["kind"] == "signed_in" && event["at"].as_str().unwrap().ends_with('Z')), "{events}");
        let readable = read(&mut month, "report.html");
        assert!(readable.contains(&case) && readable.contains("Chrome · Windows") && readable.contains("You signed in"), "{readable}");
        let mut day = archive("1").await;
        assert!(!read(&mut day, "report.html").contains("Windows"), "only so far back");
        assert_eq!(kit.audited("theft_report_made", "").await, 2);
    }

    async fn scams_are_reported_and_kept_for_the_admins(kit: Kit) {
        let ada = kit.customer("ada").await;
        let stranger = kit.browser();
        assert!(stranger.get("/safety").await.body.contains("ask for your password"));
        let page = stranger.get("/report-scam").await;
        let missing = stranger.press(&page, "submit", &[("kind", "site"), ("text", "  ")]).await;
        assert!(missing.status == 422 && missing.body.contains("value=\"site\" checked"), "{}", missing.body);
        let done = stranger.press(&page, "submit", &[("kind", "site"), ("text", "https://shop-example.evil <script>")]).await;
        assert!(done.body.contains("id=\"done\""), "{}", done.body);
        let browser = kit.browser();
        open(&browser, "/account", &ada).await;
        let page = browser.get("/report-scam").await;
        browser.press(&page, "submit", &[("kind", "call"), ("text", "They wanted a code")]).await;
        assert!(browser.get("/account").await.body.contains("Somebody tries to deceive you"));
        // A pasted message that is not ours is a report as well; a genuine one is not.
        let page = browser.get("/verify-message").await;
        browser.press(&page, "submit", &[("message", "Dear customer, send us your gift cards")]).await;
        kit.advance(60);
        open(&kit.browser(), "/account", &ada).await;
        let mail = kit.mails().await.into_iter().find(|mail| mail.to == ada.email).unwrap();
        browser.press(&page, "submit", &[("message", &mail.text)]).await;
        let told = reports(&kit).await;
        let kinds: Vec<(&str, bool)> = told.iter().map(|(kind, own, _)| (kind.as_str(), *own)).collect();
        assert_eq!(kinds, [("foreign", true), ("call", true), ("site", false)]);
        assert!(told[2].2.contains("<script>"));
        // What it came to is counted from the log.
        let since = kit.node.base.tools.now().plus(-86_400);
        let kinds = claviger::identity::care::figures::KINDS;
        let events = kit.node.base.db.read(move |connection| claviger::platform::audit::store::list_of_kinds(connection, &kinds, since, 100)).await.unwrap();
        let seen = events.iter().map(|event| claviger::identity::care::figures::Seen { kind: &event.kind, about: &event.about, at: 0, detail: &event.detail });
        let figures = claviger::identity::care::figures::count(seen);
        assert_eq!((figures.reports, figures.cards["phished"].shown), (2, 1));
        // A flood is told to wait.
        let page = stranger.get("/report-scam").await;
        let mut statuses = Vec::new();
        for _ in 0..25 {
            statuses.push(stranger.press(&page, "submit", &[("kind", "other"), ("text", "again")]).await.status);
        }
        assert!(statuses.contains(&429) && statuses[0] == 200, "{statuses:?}");
        // Half a year later they are gone.
        kit.advance(181 * 86_400);
        claviger::app::worker::sweep(&kit.node).await.unwrap();
        assert_eq!(reports(&kit).await.len(), 0);
    }
}
