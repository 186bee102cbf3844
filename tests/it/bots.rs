//! Programs that send forms: what they are asked for, that owners never are, and that whoever runs no scripts gets on too.

use std::sync::Arc;

use crate::kit::receiver::Receiver;
use crate::kit::{Browser, DAWN, Kit, Person, Place, Reply};
use crate::on_both;
use crate::signin_risk::{EDGE, FIREFOX, HOME, browser_at, regular};
use claviger::app::config::RawConfig;
use claviger::base::time::ManualClock;
use claviger::risk::bots::budget::Mode;

async fn shop_with(bare: &Kit, adjust: impl FnOnce(&mut RawConfig)) -> Kit {
    let place = Arc::new(Place::new(bare.place.backend));
    Kit::start_with(place, Arc::new(ManualClock::at(DAWN)), |raw| {
        raw.server.trusted_proxies = vec!["127.0.0.0/8".to_owned()];
        adjust(raw);
    })
    .await
}

/// Sends a sign-in with these puzzle fields.
async fn send(browser: &Browser, page: &Reply, person: &Person, more: &[(&str, &str)]) -> Reply {
    let csrf = page.hidden("id=\"signin\"", "csrf");
    let mut fields = vec![("csrf", csrf.as_str()), ("email", &person.email), ("password", &person.password)];
    fields.extend_from_slice(more);
    browser.submit(&page.action("id=\"signin\""), &fields).await
}

on_both! {
    async fn whoever_sends_many_forms_finds_numbers_and_an_owner_never_does(bare: Kit) {
        let kit = shop_with(&bare, |raw| { raw.bots.mode = Mode::Auto; raw.bots.source_per_minute = 3; }).await;
        let (ada, own) = regular(&kit, "ada", (HOME, FIREFOX), 2).await;
        let nobody = Person { email: "nobody@example.com".to_owned(), ..ada.clone() };
        let page_for = async |browser: &Browser| browser.walk("/signin").await.page();
        // Three are usual.
        for _ in 0..2 {
            let thief = browser_at(&kit, "73.0.0.9", EDGE);
            let page = page_for(&thief).await;
            assert!(!page.body.contains("data-puzzle"));
            assert_eq!(send(&thief, &page, &nobody, &[]).await.status, 422);
        }
        let thief = browser_at(&kit, "73.0.0.9", EDGE);
        let early = page_for(&thief).await;
        let held = send(&thief, &early, &nobody, &[]).await;
        assert_eq!((held.status, held.body.contains("Many programs are trying this form")), (428, true), "{}", held.body);
        assert!(held.body.contains("nobody@example.com"), "what was typed is not lost");
        assert!(held.header("content-security-policy").contains("worker-src 'self'") && held.body.contains("<noscript>"));
        // Numbers that were found are good once, and for this browser.
        let (puzzle, answer) = held.solved();
        let right = [("puzzle", puzzle.as_str()), ("puzzle_answer", answer.as_str())];
        for (puzzle, answer) in [("", ""), (puzzle.as_str(), "1,2,3"), ("1.14.5.x.y", answer.as_str())] {
            assert_eq!(send(&thief, &held, &ada, &[("puzzle", puzzle), ("puzzle_answer", answer)]).await.status, 428);
        }
        let other = browser_at(&kit, "73.0.0.9", EDGE);
        let page = page_for(&other).await;
        assert!(page.body.contains("data-puzzle"), "from there everybody is asked now");
        assert_eq!(send(&other, &page, &ada, &right).await.status, 428, "another browser's");
        assert_eq!(send(&thief, &held, &nobody, &right).await.status, 422, "the puzzle is right, the password is not");
        assert_eq!(send(&thief, &held, &nobody, &right).await.status, 428, "once");
        // Somebody elsewhere is not asked; nor is an owner, in the browser that they always use, from the very same address.
        let elsewhere = browser_at(&kit, "81.2.69.142", EDGE);
        assert!(!page_for(&elsewhere).await.body.contains("data-puzzle"));
        let mut own = own;
        own.headers.iter_mut().filter(|(name, _)| name == "x-forwarded-for").for_each(|(_, value)| "73.0.0.9".clone_into(value));
        let page = page_for(&own).await;
        assert!(!page.body.contains("data-puzzle"));
        assert_eq!(send(&own, &page, &ada, &[]).await.status, 303);
        // A device of somebody else's is nothing for this account.
        let (eve, eves) = regular(&kit, "eve", ("73.0.0.9", EDGE), 1).await;
        let mut tries = Vec::new();
        for _ in 0..5 {
            let page = page_for(&eves).await;
            tries.push(send(&eves, &page, &nobody, &[]).await.status);
        }
        assert!(tries.contains(&428), "{tries:?}");
        let page = page_for(&eves).await;
        assert_eq!(send(&eves, &page, &eve, &[]).await.status, 303);
        // Two minutes later it is over.
        kit.advance(180);
        let page = page_for(&browser_at(&kit, "73.0.0.9", EDGE)).await;
        assert!(!page.body.contains("data-puzzle"));
    }

    async fn whoever_runs_no_scripts_waits(bare: Kit) {
        let kit = shop_with(&bare, |raw| raw.bots.mode = Mode::Always).await;
        let ada = kit.customer("ada").await;
        let browser = kit.browser();
        let page = browser.walk("/signin").await.page();
        assert!(page.body.contains("wait 30 seconds"), "{}", page.body);
        let waits = |page: &Reply| vec![("puzzle".to_owned(), page.hidden("id=\"signin\"", "puzzle")), ("puzzle_wait".to_owned(), "yes".to_owned())];
        let fields = waits(&page);
        let borrowed: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        kit.advance(20);
        let early = send(&browser, &page, &ada, &borrowed).await;
        assert_eq!((early.status, early.header("retry-after")), (428, "10"), "{}", early.body);
        assert_eq!(waits(&early), fields, "waiting goes on, it does not begin anew");
        kit.advance(10);
        assert_eq!(send(&browser, &early, &ada, &borrowed).await.status, 303);
        assert_eq!(send(&browser, &early, &ada, &borrowed).await.status, 303, "the sign-in is done already");
        // Joining and recovering ask for the same.
        let fresh = kit.browser();
        let signin = fresh.walk("/signin").await.page();
        let join = fresh.get(signin.body.split("id=\"join\" href=\"").nth(1).unwrap().split('"').next().unwrap()).await;
        let csrf = join.hidden("id=\"join\"", "csrf");
        let held = fresh.submit(&join.action("id=\"join\""), &[("csrf", &csrf), ("email", "new@customers.example")]).await;
        assert_eq!(held.status, 428);
        assert!(held.body.contains("new@customers.example"));
        assert_eq!(fresh.press(&held, "join", &[("email", "new@customers.example")]).await.status, 303);
        let recovery = fresh.get("/recovery").await;
        let csrf = recovery.hidden("id=\"recovery\"", "csrf");
        assert_eq!(fresh.submit("/recovery", &[("csrf", &csrf), ("email", &ada.email)]).await.status, 428);
        assert_eq!(fresh.press(&recovery, "recovery", &[("email", &ada.email)]).await.status, 303);
        kit.advance(10_000);
        claviger::app::worker::risk::sweep_risk(&kit.node).await.unwrap();
    }

    async fn a_captcha_of_somebody_else_stands_in_its_place(bare: Kit) {
        let provider = Receiver::start();
        let secret = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(secret.path(), "the secret\n").unwrap();
        let kit = shop_with(&bare, |raw| {
            raw.bots.mode = Mode::Always;
            raw.outgoing.allowed_networks = vec!["127.0.0.0/8".to_owned()];
            raw.bots.captcha_verify_url = provider.at("/siteverify");
            raw.bots.captcha_script = "https://captcha.example/api.js".to_owned();
            raw.bots.captcha_class = "cf-turnstile".to_owned();
            raw.bots.captcha_field = "cf-turnstile-response".to_owned();
            raw.bots.captcha_site_key = "public".to_owned();
            raw.bots.captcha_secret_file = secret.path().display().to_string();
        })
        .await;
        let ada = kit.customer("ada").await;
        let browser = browser_at(&kit, HOME, FIREFOX);
        let page = browser.walk("/signin").await.page();
        assert!(page.body.contains("class=\"cf-turnstile\" data-sitekey=\"public\"") && !page.body.contains("data-puzzle"));
        let csp = page.header("content-security-policy");
        assert!(csp.contains("frame-src https://captcha.example") && csp.contains("style-src 'self' https://captcha.example"), "{csp}");
        provider.answer(200, r#"{"success":false,"error-codes":["invalid-input-response"]}"#);
        assert_eq!(send(&browser, &page, &ada, &[("cf-turnstile-response", "made up")]).await.status, 428);
        let heard = provider.take().pop().unwrap();
        assert_eq!((heard.path.as_str(), heard.body.as_str()), ("/siteverify", "secret=the+secret&response=made+up&remoteip=217.0.43.1"));
        assert_eq!(send(&browser, &page, &ada, &[]).await.status, 428);
        assert!(provider.take().is_empty(), "nothing is asked about nothing");
        provider.answer(200, r#"{"success":true}"#);
        assert_eq!(send(&browser, &page, &ada, &[("cf-turnstile-response", "right")]).await.status, 303);
        // Where it does not answer, puzzles of our own are asked for, for a minute.
        provider.answer(500, "");
        let other = browser_at(&kit, "217.0.43.9", EDGE);
        let page = other.walk("/signin").await.page();
        let held = send(&other, &page, &ada, &[("cf-turnstile-response", "right")]).await;
        assert!(held.status == 428 && held.body.contains("data-puzzle"), "{}", held.body);
        let (puzzle, answer) = held.solved();
        assert_eq!(send(&other, &held, &ada, &[("puzzle", &puzzle), ("puzzle_answer", &answer)]).await.status, 303);
        kit.advance(61);
        assert!(browser_at(&kit, HOME, EDGE).walk("/signin").await.page().body.contains("cf-turnstile"));
    }

    async fn throw_away_mailboxes_are_not_taken(bare: Kit) {
        let kit = shop_with(&bare, |_| {}).await;
        let browser = kit.browser();
        let signin = browser.walk("/signin").await.page();
        let join = browser.get(signin.body.split("id=\"join\" href=\"").nth(1).unwrap().split('"').next().unwrap()).await;
        for (address, status) in [("a@mailinator.com", 422), ("a@sub.mailinator.com", 422), ("a@duck.com", 303)] {
            assert_eq!(browser.press(&join, "join", &[("email", address)]).await.status, status, "{address}");
        }
        let ada = kit.customer("ada").await;
        let own = kit.browser();
        let page = own.walk("/account/contact").await.page();
        let reply = own.type_password(&page, &ada.email, &ada.password).await;
        let page = own.follow(reply).await.page();
        let refused = own.press(&page, "send-email", &[("value", "a@mailinator.com")]).await;
        assert!(refused.status == 422 && refused.body.contains("thrown away"), "{}", refused.body);
    }
}

/// What is wrong with the section is said.
#[test]
fn the_section_is_checked() {
    let place = Place::new(crate::kit::Backend::Sqlite);
    let fault = |adjust: fn(&mut RawConfig)| {
        let mut raw = place.config("http://localhost:1");
        adjust(&mut raw);
        claviger::app::config::Config::check(&raw, true).err().map(|faults| faults.join("\n"))
    };
    for (adjust, word) in [
        ((|raw: &mut RawConfig| raw.bots.wait_seconds = 1) as fn(&mut RawConfig), "bots.wait_seconds"),
        (|raw| raw.bots.signins_per_minute = 0, "bots.signins_per_minute"),
        (|raw| raw.bots.captcha_verify_url = "https://captcha.example/verify".to_owned(), "bots.captcha_class"),
        (|raw| raw.bots.captcha_verify_url = "ftp://captcha.example/verify".to_owned(), "bots.captcha_verify_url"),
    ] {
        assert!(fault(adjust).is_some_and(|fault| fault.contains(word)), "{word}");
    }
}
