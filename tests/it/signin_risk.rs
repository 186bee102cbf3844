//! Sign-ins that look strange: what they are asked for, what is learned from them and what is not, and that owners always get in.

use std::sync::Arc;

use crate::kit::process::{claviger_on, claviger_on_with};
use crate::kit::{Backend, Browser, DAWN, Kit, Person, Place, Reply};
use crate::on_both;
use claviger::app::config::RawConfig;
use claviger::app::worker;
use claviger::base::page::PageRequest;
use claviger::base::time::{Clock, ManualClock};
use claviger::risk::decisions::store::{Wanted, find_labels, list_decisions};
use claviger::risk::decisions::{Decision, LabelSource, Outcome};
use claviger::risk::login::model::Model;
use claviger::risk::login::policy::{Action, Mode, SigninPolicy};
use claviger::risk::login::record::SigninRecord;
use claviger::risk::login::scale::{Level, Scale};
use claviger::risk::login::store as counts;

pub const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
pub const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";
pub const EDGE: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0";
/// Deutsche Telekom; Comcast; a data centre.
pub const HOME: &str = "217.0.43.1";
pub const ABROAD: &str = "73.0.0.9";
pub const RACK: &str = "88.198.7.7";

fn behind_a_proxy(raw: &mut RawConfig) {
    raw.server.trusted_proxies = vec!["127.0.0.0/8".to_owned()];
}

async fn shop_with(kit: &Kit, adjust: impl FnOnce(&mut RawConfig)) -> Kit {
    let place = Arc::new(Place::new(kit.place.backend));
    Kit::start_with(place, Arc::new(ManualClock::at(DAWN)), |raw| {
        behind_a_proxy(raw);
        adjust(raw);
    })
    .await
}

pub fn browser_at(kit: &Kit, address: &str, agent: &str) -> Browser {
    let mut browser = kit.browser();
    browser.headers = vec![("x-forwarded-for".to_owned(), address.to_owned()), ("user-agent".to_owned(), agent.to_owned())];
    browser
}

/// The same browser elsewhere.
fn moved(browser: &Browser, address: &str) -> Browser {
    let mut moved = browser.clone();
    moved.headers.iter_mut().filter(|(name, _)| name == "x-forwarded-for").for_each(|(_, value)| address.clone_into(value));
    moved
}

/// What follows the password.
pub async fn try_password(browser: &Browser, person: &Person, password: &str) -> Reply {
    let page = browser.walk("/signin").await.page();
    let reply = browser.type_password(&page, &person.email, password).await;
    if reply.location().is_some() { browser.follow(reply).await.page() } else { reply }
}

/// Has the code sent, and types it.
async fn answer_mailbox(kit: &Kit, browser: &Browser, page: &Reply) {
    let form = browser.get(&page.url).await;
    browser.press(&form, "send", &[]).await;
    let page = browser.get(&page.url).await;
    let code = kit.last_code().await;
    let reply = browser.press(&page, "email-code", &[("code", code.as_str())]).await;
    browser.follow(reply).await;
}

async fn is_in(browser: &Browser) -> bool {
    browser.get("/account").await.status == 200
}

fn leave(browser: &Browser) {
    browser.cookies.lock().unwrap().retain(|name, _| !name.contains("session"));
}

/// Somebody who has signed in at home, in one browser, on `days` days.
pub async fn regular(kit: &Kit, name: &str, (address, agent): (&str, &str), days: usize) -> (Person, Browser) {
    let person = kit.customer(name).await;
    let browser = browser_at(kit, address, agent);
    for _ in 0..days {
        let page = try_password(&browser, &person, &person.password).await;
        assert!(is_in(&browser).await, "{}", page.title());
        leave(&browser);
        kit.advance(86_400);
    }
    worker::risk::count_signins(&kit.node).await.unwrap();
    worker::risk::refresh_risk(&kit.node).await.unwrap();
    (person, browser)
}

pub async fn decisions(kit: &Kit, person: &Person) -> Vec<(Decision, SigninRecord)> {
    let wanted = Wanted { customer: Some(person.id.clone()), ..Wanted::default() };
    let found = kit.node.base.db.read(move |connection| list_decisions(connection, &wanted, &PageRequest::first(500))).await.unwrap();
    found.items.into_iter().map(|decision| (decision.clone(), serde_json::from_str(&decision.record).unwrap())).collect()
}

async fn subjects(kit: &Kit) -> Vec<String> {
    kit.mails().await.into_iter().map(|mail| mail.subject).collect()
}

on_both! {
    async fn delay_waits_for_strangers_alone_right_or_wrong(bare: Kit) {
        let kit = shop_with(&bare, |raw| {
            raw.risk.high = Action::Delay;
            raw.risk.severe = Action::Delay;
            raw.risk.delay_seconds = 1;
        })
        .await;
        let (ada, own) = regular(&kit, "ada", (HOME, FIREFOX), 8).await;
        let stranger = browser_at(&kit, ABROAD, EDGE);
        for (password, title) in [("wombat harmonica quill", "Sign in"), (ada.password.as_str(), "Check your e-mail")] {
            let begun = std::time::Instant::now();
            let page = try_password(&stranger, &ada, password).await;
            assert!(begun.elapsed() >= std::time::Duration::from_secs(1));
            assert_eq!(page.title(), title, "it waits, and then goes on");
        }
        try_password(&own, &ada, &ada.password).await;
        let done: Vec<Action> = decisions(&kit, &ada).await.into_iter().map(|(_, record)| record.done).collect();
        assert!(done.contains(&Action::Delay) && done.iter().filter(|done| **done == Action::Delay).count() < done.len(), "{done:?}");
        assert!(is_in(&own).await);
    }

    async fn a_thief_with_the_password_meets_the_mailbox_and_its_owner_nothing(bare: Kit) {
        let kit = shop_with(&bare, |_| {}).await;
        let (ada, own) = regular(&kit, "ada", (HOME, FIREFOX), 8).await;
        let (_eve, _) = regular(&kit, "eve", ("217.0.43.2", PHONE), 4).await;
        let thief = browser_at(&kit, ABROAD, EDGE);
        let page = try_password(&thief, &ada, &ada.password).await;
        assert!(page.url.ends_with("/email-code"), "{} {}", page.url, page.title());
        assert!(!is_in(&thief).await);
        // Its owner, meanwhile, from the browser that they always use, also from abroad.
        let travelling = moved(&own, ABROAD);
        try_password(&travelling, &ada, &ada.password).await;
        assert!(is_in(&travelling).await, "a known browser");
        // Somebody who reads the mailbox gets in, and its owner hears of it.
        answer_mailbox(&kit, &thief, &page).await;
        assert!(is_in(&thief).await);
        let subjects = subjects(&kit).await;
        assert!(subjects.iter().any(|subject| subject == "Unusual sign-in to your account"), "{subjects:?}");
        let decided = decisions(&kit, &ada).await;
        let (decision, record) = decided.iter().find(|(decision, _)| decision.done == "step_up").unwrap();
        assert!(record.level >= Level::High && decision.score >= 900, "{record:?}");
        assert_eq!(decision.outcome.map(Outcome::word), Some("passed"));
        assert!(record.evidence.own.logins == 8 && record.evidence.own.place == [0; 3], "{record:?}");
        // The record explains itself, and gives the same again.
        assert_eq!(record.replayed(&Model::default(), &Scale::default().or_usual(), &SigninPolicy::default()).level, record.level);
        let signed_in = kit.audit().await.into_iter().rfind(|event| event.kind == "signed_in").unwrap();
        assert_eq!(serde_json::from_str::<serde_json::Value>(&signed_in.detail).unwrap()["risk"]["decision"], decision.id.as_str());
        let dump = kit.place.dump();
        for secret in ["Firefox/140", "iPhone OS 18_5"] {
            assert!(!dump.windows(secret.len()).any(|part| part == secret.as_bytes()), "{secret}");
        }
    }

    async fn whoever_has_nothing_else_to_show_is_stopped_and_told_where_to_go(bare: Kit) {
        let kit = shop_with(&bare, |raw| raw.risk.mailbox = false).await;
        let (ada, own) = regular(&kit, "ada", (HOME, FIREFOX), 8).await;
        let thief = browser_at(&kit, RACK, EDGE);
        let before = subjects(&kit).await.len();
        for _ in 0..2 {
            let page = try_password(&thief, &ada, &ada.password).await;
            assert_eq!((page.status, page.title().contains("could not be sure")), (403, true), "{}", page.title());
            assert!(!is_in(&thief).await);
        }
        let told = subjects(&kit).await.split_off(before);
        assert_eq!(told, ["We stopped a sign-in to your account"], "once an hour");
        assert_eq!(kit.audited("signin_refused", "risk").await, 2);
        assert!(decisions(&kit, &ada).await.iter().filter(|(decision, _)| decision.outcome.map(Outcome::word) == Some("refused")).count() == 2);
        try_password(&own, &ada, &ada.password).await;
        assert!(is_in(&own).await);
    }

    async fn what_is_refused_looks_like_a_wrong_password(bare: Kit) {
        let kit = shop_with(&bare, |raw| { raw.risk.high = Action::Deny; raw.risk.severe = Action::Deny; }).await;
        let (ada, own) = regular(&kit, "ada", (HOME, FIREFOX), 8).await;
        let thief = browser_at(&kit, RACK, EDGE);
        let right = try_password(&thief, &ada, &ada.password).await;
        let wrong = try_password(&thief, &ada, "something else entirely").await;
        let plain = |reply: &Reply| (reply.status, reply.title().to_owned(), reply.body.matches("That e-mail or password").count());
        assert_eq!(plain(&right), plain(&wrong));
        assert_eq!(right.status, 422);
        assert!(subjects(&kit).await.iter().any(|subject| subject == "We stopped a sign-in to your account"));
        try_password(&own, &ada, &ada.password).await;
        assert!(is_in(&own).await);
    }

    async fn those_who_wait_are_few_and_owners_never_do(bare: Kit) {
        let kit = shop_with(&bare, |raw| { raw.risk.high = Action::Delay; raw.risk.severe = Action::Delay; raw.risk.delay_seconds = 30; }).await;
        let (ada, own) = regular(&kit, "ada", (HOME, FIREFOX), 8).await;
        // Every place is taken: whoever would have to wait is turned away at once, with the right password and with a wrong one.
        let taken = kit.node.signin.waiting.forget_permits(usize::MAX);
        assert!(taken > 0);
        let thief = browser_at(&kit, RACK, EDGE);
        for password in [ada.password.as_str(), "not the password at all"] {
            assert_eq!(try_password(&thief, &ada, password).await.status, 503);
        }
        try_password(&own, &ada, &ada.password).await;
        assert!(is_in(&own).await);
    }

    async fn in_audit_mode_everything_is_written_down_and_nothing_is_done(bare: Kit) {
        let kit = shop_with(&bare, |raw| raw.risk.mode = Mode::Audit).await;
        let (ada, _) = regular(&kit, "ada", (HOME, FIREFOX), 8).await;
        let thief = browser_at(&kit, RACK, EDGE);
        try_password(&thief, &ada, &ada.password).await;
        assert!(is_in(&thief).await);
        let (decision, record) = decisions(&kit, &ada).await.remove(0);
        assert_eq!((decision.action.as_str(), decision.done.as_str(), record.action), ("step_up", "allow", Action::StepUp));
    }

    async fn switched_off_nothing_is_judged_and_nothing_written_down(bare: Kit) {
        let kit = shop_with(&bare, |raw| raw.risk.mode = Mode::Off).await;
        let (ada, _) = regular(&kit, "ada", (HOME, FIREFOX), 3).await;
        let thief = browser_at(&kit, RACK, EDGE);
        try_password(&thief, &ada, &ada.password).await;
        assert!(is_in(&thief).await && decisions(&kit, &ada).await.is_empty());
        assert_eq!(thief.get("/account/contact").await.status, 200);
        assert!(!subjects(&kit).await.iter().any(|subject| subject.contains("Unusual")));
    }

    async fn an_attack_on_the_whole_shop_is_told_and_is_over_again(bare: Kit) {
        let kit = shop_with(&bare, |_| {}).await;
        let (ada, _) = regular(&kit, "ada", (HOME, FIREFOX), 2).await;
        for number in 0..160 {
            let nobody = Person { email: format!("nobody{number}@example.com"), ..ada.clone() };
            let page = browser_at(&kit, &format!("73.{}.1.{}", number % 200, number % 250), EDGE);
            try_password(&page, &nobody, "guess what").await;
        }
        worker::risk::weigh_pressure(&kit.node).await.unwrap();
        assert_eq!(kit.audited("attack_seen", "").await, 1);
        assert!(kit.node.signin.risk.pressure().is_attacked(kit.clock.now()));
        kit.advance(1_300);
        worker::risk::weigh_pressure(&kit.node).await.unwrap();
        assert_eq!(kit.audited("attack_seen", "").await, 2, "and that it is over");
    }

    async fn the_past_is_computed_again_under_another_policy_and_explained(bare: Kit) {
        let kit = shop_with(&bare, |_| {}).await;
        let (ada, _) = regular(&kit, "ada", (HOME, FIREFOX), 8).await;
        let thief = browser_at(&kit, RACK, EDGE);
        try_password(&thief, &ada, &ada.password).await;
        let moved = |settings: &[(&str, &str)]| {
            let (status, said) = claviger_on_with(&kit.place, &["risk", "replay", "--json"], settings);
            assert_eq!(status, 0, "{said}");
            let told: serde_json::Value = serde_json::from_str(said.trim()).unwrap();
            let rows = told["moved"].as_array().unwrap().iter().map(|row| (row["then"].as_str().unwrap().to_owned(), row["now"].as_str().unwrap().to_owned(), row["sign_ins"].as_u64().unwrap()));
            rows.collect::<Vec<_>>()
        };
        let row = |then: &str, now: &str, count| (then.to_owned(), now.to_owned(), count);
        assert_eq!(moved(&[]), [row("allow", "allow", 8), row("step_up", "step_up", 1)]);
        assert_eq!(moved(&[("CLAVIGER_RISK_HIGH", "deny"), ("CLAVIGER_RISK_SEVERE", "deny")]), [row("allow", "allow", 8), row("step_up", "deny", 1)]);
        let id = decisions(&kit, &ada).await.remove(0).0.id;
        let (status, said) = claviger_on(&kit.place, &["risk", "explain", id.as_str()]);
        assert!(status == 0 && said.contains("step_up; done: step_up; by signin-1") && said.contains("new_device") && said.contains("hosting"), "{said}");
        assert_eq!(claviger_on(&kit.place, &["risk", "explain", "dec_01ARZ3NDEKTSV4RRFFQ69G5FAV"]).0, 3);
    }

    async fn only_what_was_accepted_is_learned_from(bare: Kit) {
        let kit = shop_with(&bare, |_| {}).await;
        let (ada, own) = regular(&kit, "ada", (HOME, FIREFOX), 8).await;
        let history = |kit: &Kit| {
            let (tools, id) = (kit.node.base.tools.clone(), ada.id.to_string());
            let db = kit.node.base.db.clone();
            async move { db.read(move |connection| counts::find_history(connection, &tools, &id)).await.unwrap() }
        };
        let before = history(&kit).await;
        assert_eq!(before.entries().len(), 8);
        // Fifty failures, and a right password that was not followed by the code: nothing of it becomes usual.
        for number in 0..50 {
            let thief = browser_at(&kit, &format!("73.0.1.{number}"), EDGE);
            try_password(&thief, &ada, "not the password at all").await;
        }
        let thief = browser_at(&kit, ABROAD, EDGE);
        kit.advance(7_200);
        let page = try_password(&thief, &ada, &ada.password).await;
        assert!(!is_in(&thief).await, "{}", page.title());
        worker::risk::count_signins(&kit.node).await.unwrap();
        assert_eq!(history(&kit).await, before);
        // A known browser is accepted; what the owner disowns is forgotten.
        try_password(&own, &ada, &ada.password).await;
        assert_eq!(history(&kit).await.entries().len(), 9);
        kit.advance(3_600);
        let form = thief.get("/signin").await;
        thief.follow(form).await;
        let page = try_password(&thief, &ada, &ada.password).await;
        answer_mailbox(&kit, &thief, &page).await;
        assert!(is_in(&thief).await);
        assert_eq!(history(&kit).await.entries().len(), 10);
        let link = kit.last_link("/not-me/").await;
        let anybody = kit.browser();
        let page = anybody.get(&link).await;
        anybody.press(&page, "not-me", &[]).await;
        assert!(!is_in(&thief).await);
        assert_eq!(history(&kit).await.entries().len(), 9, "the thief's sign-in is forgotten, the owner's own is not");
        let decided = decisions(&kit, &ada).await;
        let ids: Vec<String> = decided.iter().map(|(decision, _)| decision.id.to_string()).collect();
        let labels = kit.node.base.db.read(move |connection| find_labels(connection, &ids.iter().map(String::as_str).collect::<Vec<_>>())).await.unwrap();
        let fraud: Vec<_> = decided.iter().filter(|(decision, _)| labels.get(decision.id.as_str()).is_some_and(|labels| labels[0].is_fraud && labels[0].source == LabelSource::Report)).collect();
        assert!(!fraud.is_empty() && fraud.iter().all(|(_, record)| record.evidence.facts.is_known_device != Some(true)));
    }

    async fn an_address_that_tries_many_accounts_is_known_on_every_node(bare: Kit) {
        let kit = shop_with(&bare, |_| {}).await;
        let (ada, own) = regular(&kit, "ada", (HOME, FIREFOX), 8).await;
        let (second, address, handle) = kit.second_node_with(behind_a_proxy).await;
        for number in 0..12 {
            let nobody = Person { email: format!("nobody{number}@example.com"), ..ada.clone() };
            try_password(&browser_at(&kit, "217.0.43.77", FIREFOX), &nobody, "guess what").await;
        }
        let record = |decided: Vec<(Decision, SigninRecord)>| decided.into_iter().next().unwrap().1;
        worker::risk::weigh_pressure(&kit.node).await.unwrap();
        worker::risk::weigh_pressure(&second).await.unwrap();
        worker::risk::refresh_risk(&second).await.unwrap();
        let there = browser_at(&kit, "217.0.43.77", FIREFOX).at(&address);
        let page = try_password(&there, &ada, &ada.password).await;
        assert!(page.url.ends_with("/email-code"), "{}", page.url);
        assert!(record(decisions(&kit, &ada).await).evidence.facts.is_stuffing_address);
        // The owner is behind the same address, in the browser that they always use.
        let own = moved(&own, "217.0.43.77");
        try_password(&own, &ada, &ada.password).await;
        assert!(is_in(&own).await);
        kit.advance(1_200);
        worker::risk::weigh_pressure(&kit.node).await.unwrap();
        let calm = browser_at(&kit, "217.0.43.77", FIREFOX);
        try_password(&calm, &ada, &ada.password).await;
        assert!(!record(decisions(&kit, &ada).await).evidence.facts.is_stuffing_address);
        handle.stop(false).await;
    }

    async fn counts_are_kept_once_however_many_nodes_count(bare: Kit) {
        let kit = shop_with(&bare, |_| {}).await;
        let (second, _, handle) = kit.second_node_with(behind_a_proxy).await;
        let (ada, own) = regular(&kit, "ada", (HOME, FIREFOX), 3).await;
        let (_, _) = regular(&kit, "eve", (HOME, PHONE), 2).await;
        try_password(&own, &ada, &ada.password).await;
        for _ in 0..3 {
            worker::risk::count_signins(&second).await.unwrap();
            kit.advance(60);
            worker::risk::count_signins(&kit.node).await.unwrap();
        }
        let desk = kit.node.signin.risk.clone();
        let seen = desk.observe(Some(HOME.parse().unwrap()), Some(FIREFOX));
        let now = kit.clock.now();
        let crowd = kit.node.base.db.read(move |connection| counts::find_crowd(connection, &seen.observation, now)).await.unwrap();
        assert_eq!((crowd.logins, crowd.customers), (6, 2));
        assert_eq!(crowd.place.map(|seen| (seen.count, seen.distinct)), [(6, 1); 3]);
        assert_eq!(crowd.device.map(|seen| (seen.count, seen.distinct)), [(4, 2), (4, 2), (4, 2), (4, 2)]);
        // A year and a half later nothing is left of it.
        kit.advance(550 * 86_400);
        worker::risk::sweep_risk(&kit.node).await.unwrap();
        let seen = desk.observe(Some(HOME.parse().unwrap()), Some(FIREFOX));
        let now = kit.clock.now();
        let crowd = kit.node.base.db.read(move |connection| counts::find_crowd(connection, &seen.observation, now)).await.unwrap();
        assert_eq!((crowd.logins, crowd.place[0].count, crowd.place[0].distinct, crowd.device[3].distinct), (0, 0, 0, 0));
        assert!(decisions(&kit, &ada).await.is_empty());
        handle.stop(false).await;
    }
}

/// The rules stand in the configuration, and a file that does not read stops the start.
#[test]
fn the_section_is_checked() {
    let place = Place::new(Backend::Sqlite);
    let fault = |adjust: fn(&mut RawConfig)| {
        let mut raw = place.config("http://localhost:1");
        adjust(&mut raw);
        claviger::app::config::Config::check(&raw, true).err().map(|faults| faults.join("\n"))
    };
    assert_eq!(fault(|_| {}), None);
    for (adjust, word) in [
        ((|raw: &mut RawConfig| raw.risk.model_file = "/nowhere/model.json".to_owned()) as fn(&mut RawConfig), "risk.model_file"),
        (|raw| raw.risk.anonymisers_file = "/nowhere/tor.txt".to_owned(), "/nowhere/tor.txt"),
        (|raw| raw.risk.step_up_acr = "password".to_owned(), "risk.step_up_acr"),
        (|raw| raw.risk.step_up_acr = "charm".to_owned(), "risk.step_up_acr"),
        (|raw| raw.risk.elevated = Action::Deny, "risk: what is done"),
        (|raw| raw.risk.delay_seconds = 0, "risk.delay_seconds"),
        (|raw| raw.risk.keep_days = 1, "risk.keep_days"),
    ] {
        assert!(fault(adjust).is_some_and(|text| text.contains(word)), "{word}");
    }
}
