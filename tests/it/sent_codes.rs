//! Codes by e-mail and by text message: sent, bound, used once, capped; and the two wires that text messages leave by.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use crate::kit::{Backend, Browser, Kit, Person, Place, Reply, Shop, Tokens};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use claviger::app::config::RawConfig;
use claviger::app::worker;
use claviger::base::assurance::FactorKind;
use claviger::base::time::ManualClock;
use claviger::identity::customers::store as customers;
use claviger::platform::outbox::store as outbox;
use futures_util::future::join_all;

/// A provider that writes down what it is told, and answers as it is bid.
struct Provider {
    url: String,
    seen: Arc<Mutex<Vec<String>>>,
    answers: Arc<Mutex<Vec<u16>>>,
}

impl Provider {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (seen, answers) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::new())));
        let (its_seen, its_answers) = (seen.clone(), answers.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let (mut bytes, mut chunk) = (Vec::new(), [0; 4096]);
                let text = loop {
                    let read = stream.read(&mut chunk).unwrap_or(0);
                    bytes.extend_from_slice(&chunk[..read]);
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    let length = text.to_ascii_lowercase().split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next()?.parse::<usize>().ok()).unwrap_or(0);
                    if read == 0 || text.split_once("\r\n\r\n").is_some_and(|(_, body)| body.len() >= length) {
                        break text;
                    }
                };
                its_seen.lock().unwrap().push(text);
                let status = its_answers.lock().unwrap().pop().unwrap_or(201);
                let _ = stream.write_all(format!("HTTP/1.1 {status} x\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{{}}").as_bytes());
            }
        });
        Self { url, seen, answers }
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

async fn kit_with(backend: Backend, adjust: impl FnOnce(&mut RawConfig, &std::path::Path)) -> Kit {
    let place = Arc::new(Place::new(backend));
    let folder = place.folder.path().to_owned();
    Kit::start_with(place, Arc::new(ManualClock::at(crate::kit::DAWN)), |raw| adjust(raw, &folder)).await
}

fn run<F: Future<Output = ()>>(story: impl FnOnce() -> F) {
    actix_web::rt::System::new().block_on(story());
}

async fn turn_on(kit: &Kit, person: &Person, kind: FactorKind) {
    let (id, now) = (person.id.clone(), kit.node.base.tools.now());
    kit.node.base.db.write(move |tx| customers::keep_code_channel(tx, &id, kind, Some(now))).await.unwrap();
}

async fn challenged(kit: &Kit, shop: &Shop, person: &Person, more: &[(&str, &str)]) -> (Browser, Reply) {
    let browser = kit.browser();
    let page = shop.authorize(&browser, more).await.page();
    let reply = browser.type_password(&page, &person.email, &person.password).await;
    let page = browser.follow(reply).await.page();
    (browser, page)
}

/// Has a code sent, and reads it from the outbox.
async fn have_sent(kit: &Kit, browser: &Browser, page: &Reply) -> (String, Reply) {
    let reply = browser.press(page, "send", &[]).await;
    assert_eq!(reply.status, 303, "{}", reply.body);
    let page = browser.follow(reply).await.page();
    (last_code(kit).await, page)
}

async fn last_code(kit: &Kit) -> String {
    let tools = kit.node.base.tools.clone();
    let (mails, texts) =
        kit.node.base.db.write(move |tx| Ok((outbox::lease_due(tx, &tools, 1_000)?.messages, outbox::lease_due_texts(tx, &tools, 1_000)?.messages))).await.unwrap();
    let mut all: Vec<(String, String)> = mails.into_iter().map(|mail| (mail.id, mail.content.text)).chain(texts.into_iter().map(|text| (text.id, text.content.text))).collect();
    all.sort();
    let last = all.iter().rev().find(|(_, text)| text.contains('#')).expect("a message with a code");
    let line = last.1.trim_end().lines().last().unwrap().to_owned();
    let host = kit.issuer.trim_start_matches("http://");
    assert!(line.starts_with(&format!("@{host} #")), "the last line binds the code to our origin: {line}");
    line.rsplit('#').next().unwrap().to_owned()
}

async fn email_story(backend: Backend) {
    let kit = kit_with(backend, |raw, _| raw.codes.email = true).await;
    let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
    // Nobody is asked who did not want it.
    assert!(shop.sign_in(&kit.browser(), &ada, &[]).await.away().contains_key("code"));
    // But it serves when a level is asked for that it reaches, and its owner has nothing better.
    let weak = ("acr_values", "urn:claviger:acr:weak-second-factor");
    let (browser, page) = challenged(&kit, &shop, &ada, &[weak]).await;
    assert!(page.url.ends_with("/email-code") && page.body.contains("a…@example.com") && !page.body.contains("id=\"code\""), "{}", page.body);
    let (code, page) = have_sent(&kit, &browser, &page).await;
    assert!(page.body.contains("id=\"code\"") && page.body.contains("Send another code"), "{}", page.body);
    assert_eq!(browser.press(&page, "email-code", &[("code", "12")]).await.status, 400);
    let reply = browser.press(&page, "email-code", &[("code", &code)]).await;
    let tokens = Tokens(shop.redeem(&browser.follow(reply).await.away()["code"]).await.json());
    assert_eq!((tokens.claims()["acr"].as_str(), tokens.claims()["amr"].clone()), (Some("urn:claviger:acr:weak-second-factor"), serde_json::json!(["pwd", "mca", "mfa"])));
    assert_eq!(shop.authorize(&browser, &[("acr_values", "urn:claviger:acr:second-factor")]).await.error(), "unmet_authentication_requirements");
    // Wanted: asked each time; each code is for one sign-in, in its browser, once, five tries, ten minutes.
    turn_on(&kit, &ada, FactorKind::EmailCode).await;
    kit.advance(3_600);
    let (first, page) = challenged(&kit, &shop, &ada, &[]).await;
    let (code, page) = have_sent(&kit, &first, &page).await;
    let (other, strange) = challenged(&kit, &shop, &ada, &[]).await;
    let address = strange.url.replace(&kit.issuer, "");
    let token = other.walk(&strange.url).await.page().hidden("id=\"send\"", "csrf");
    assert_eq!(other.submit(&address, &[("csrf", &token), ("code", &code)]).await.status, 403, "the token of another form");
    kit.advance(21);
    let (_, others_page) = have_sent(&kit, &other, &strange).await;
    assert_eq!(other.press(&others_page, "email-code", &[("code", &code)]).await.status, 422, "another sign-in");
    let reply = first.press(&page, "email-code", &[("code", &code)]).await;
    assert!(first.follow(reply).await.away().contains_key("code"));
    kit.advance(300);
    // Five wrong ones, and the right one is no longer good.
    let (browser, page) = challenged(&kit, &shop, &ada, &[]).await;
    let (code, page) = have_sent(&kit, &browser, &page).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        let refused = browser.press(&page, "email-code", &[("code", wrong)]).await;
        assert_eq!(refused.status, 422, "{}", refused.body);
    }
    kit.advance(301);
    let refused = browser.press(&page, "email-code", &[("code", &code)]).await;
    assert!(refused.status == 422 && refused.body.contains("no longer good"), "{}", refused.body);
    // Ten minutes.
    let (browser, page) = challenged(&kit, &shop, &ada, &[]).await;
    let (code, page) = have_sent(&kit, &browser, &page).await;
    kit.advance(601);
    assert_eq!(browser.press(&page, "email-code", &[("code", &code)]).await.status, 422);
    // Not twice within twenty seconds, nor more than ten an hour.
    kit.advance(3_600);
    let (browser, page) = challenged(&kit, &shop, &ada, &[]).await;
    let (_, page) = have_sent(&kit, &browser, &page).await;
    assert_eq!(browser.press(&page, "send", &[]).await.status, 429);
    for _ in 0..9 {
        kit.advance(21);
        assert_eq!(browser.press(&page, "send", &[]).await.status, 303);
    }
    kit.advance(21);
    assert_eq!(browser.press(&page, "send", &[]).await.status, 429);
    assert_eq!(kit.audited("code_not_sent", "throttled").await, 2);
    kit.handle.stop(false).await;
}

#[test]
fn codes_by_email_sqlite() {
    run(|| email_story(Backend::Sqlite));
}

#[test]
fn codes_by_email_postgres() {
    run(|| email_story(Backend::Postgres));
}

/// Of parallel tries with one code, on two nodes, one gets in.
async fn race_story(backend: Backend) {
    let kit = kit_with(backend, |raw, _| {
        raw.codes.email = true;
        raw.attempts.source_limit = 100_000;
    })
    .await;
    let (_, second, handle) = kit.second_node_with(|raw| raw.codes.email = true).await;
    let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
    turn_on(&kit, &ada, FactorKind::EmailCode).await;
    let own = kit.browser();
    let rounds = if std::env::var("TEST_LONG").is_ok() { 200 } else { 8 };
    for round in 0..rounds {
        // Not more than the caps allow.
        kit.advance(5_000);
        let page = shop.authorize(&own, &[("prompt", "login")]).await.page();
        let reply = own.type_password(&page, &ada.email, &ada.password).await;
        let page = own.follow(reply).await.page();
        let (code, page) = have_sent(&kit, &own, &page).await;
        let nodes = [own.clone(), own.at(&second)];
        let replies = join_all((0..32).map(|number| {
            let (node, page, code) = (&nodes[number % 2], &page, &code);
            async move { node.press(page, "email-code", &[("code", code)]).await }
        }))
        .await;
        let entered = replies.iter().filter(|reply| reply.header("set-cookie").contains("claviger_session=")).count();
        assert_eq!(entered, 1, "round {round}: {:?}", replies.iter().map(|reply| reply.status).collect::<Vec<_>>());
    }
    handle.stop(false).await;
    kit.handle.stop(false).await;
}

#[test]
fn of_parallel_tries_with_a_sent_code_one_succeeds_sqlite() {
    run(|| race_story(Backend::Sqlite));
}

#[test]
fn of_parallel_tries_with_a_sent_code_one_succeeds_postgres() {
    run(|| race_story(Backend::Postgres));
}

/// J5: a weaker factor does not take the place of a stronger one, nor does one factor count twice.
async fn downgrade_story(backend: Backend) {
    let kit = kit_with(backend, |raw, _| raw.codes.email = true).await;
    let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
    let seed = crate::factors::enrol(&kit, &ada).await;
    turn_on(&kit, &ada, FactorKind::EmailCode).await;
    let wanted = ("acr_values", "urn:claviger:acr:second-factor");
    let (browser, page) = challenged(&kit, &shop, &ada, &[wanted]).await;
    assert!(page.url.ends_with("/totp") && !page.body.contains("sent by e-mail"), "{}", page.body);
    let flow = page.url.trim_end_matches("/totp").to_owned();
    assert!(browser.walk(&format!("{flow}/email-code")).await.page().url.ends_with("/totp"));
    let token = page.hidden("id=\"totp\"", "csrf");
    for path in ["/email-code", "/email-code/send"] {
        let reply = browser.submit(&format!("{}{path}", flow.replace(&kit.issuer, "")), &[("csrf", &token), ("code", "123456")]).await;
        assert!(reply.status == 403 && browser.cookie("claviger_session").is_none(), "{path}: {}", reply.status);
    }
    // Where nothing is demanded it is one of the customer's own ways, and says honestly how weak it is.
    let (weak, page) = challenged(&kit, &shop, &ada, &[]).await;
    let page = weak.walk(&page.url.replace("/totp", "/email-code")).await.page();
    let (code, page) = have_sent(&kit, &weak, &page).await;
    let reply = weak.press(&page, "email-code", &[("code", &code)]).await;
    let tokens = Tokens(shop.redeem(&weak.follow(reply).await.away()["code"]).await.json());
    assert_eq!(tokens.claims()["acr"], "urn:claviger:acr:weak-second-factor");
    // The same one again adds nothing: the other one is asked for.
    let page = shop.authorize(&weak, &[wanted]).await.page();
    assert!(page.url.ends_with("/totp"), "{}", page.url);
    let reply = crate::factors::type_code(&weak, &page, &crate::factors::code(&kit, &seed, 0)).await;
    let tokens = Tokens(shop.redeem(&weak.follow(reply).await.away()["code"]).await.json());
    assert_eq!((tokens.claims()["acr"].as_str(), tokens.claims()["amr"].clone()), (Some("urn:claviger:acr:second-factor"), serde_json::json!(["pwd", "otp", "mca", "mfa"])));
    kit.handle.stop(false).await;
}

#[test]
fn j5_a_weaker_factor_does_not_stand_in_sqlite() {
    run(|| downgrade_story(Backend::Sqlite));
}

#[test]
fn j5_a_weaker_factor_does_not_stand_in_postgres() {
    run(|| downgrade_story(Backend::Postgres));
}

const SECRET: &str = "a secret of sixteen characters";

fn sms(raw: &mut RawConfig, folder: &std::path::Path, way: claviger::app::config::SmsWay, url: &str) {
    std::fs::write(folder.join("secret"), SECRET).unwrap();
    raw.codes.sms = way;
    raw.codes.sms_url = url.to_owned();
    raw.codes.sms_secret_file = folder.join("secret").display().to_string();
    raw.codes.sms_account = "AC0123456789".into();
    raw.codes.sms_from = "+15005550006".into();
}

/// The customer proves the number on the security page, and is asked for codes from then on.
#[test]
fn text_messages_leave_by_the_signed_webhook() {
    run(|| async {
        let provider = Provider::start();
        let kit = kit_with(Backend::Sqlite, |raw, folder| sms(raw, folder, claviger::app::config::SmsWay::Webhook, &format!("{}/hook?shop=1", provider.url))).await;
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (browser, _) = kit.sign_in(&shop, &ada).await;
        let page = browser.walk("/account/security").await.page();
        assert!(page.body.contains("The weaker way"), "{}", page.body);
        let reply = browser.press(&page, "switch-sms_code", &[]).await;
        let page = browser.follow(reply).await.page();
        assert!(page.url.ends_with("/channels/sms"), "{}", page.url);
        // First the provider is slow, then it is there.
        provider.answers.lock().unwrap().push(503);
        assert_eq!(worker::send_texts(&kit.node).await.unwrap(), 1);
        assert_eq!(worker::send_texts(&kit.node).await.unwrap(), 0);
        kit.advance(61);
        assert_eq!(worker::send_texts(&kit.node).await.unwrap(), 1);
        let seen = provider.seen();
        assert_eq!(seen.len(), 2);
        let (head, body) = seen[1].split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("POST /hook?shop=1 HTTP/1.1"), "{head}");
        let header = |name: &str| head.lines().find_map(|line| line.split_once(": ").filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())).unwrap();
        assert_eq!(header("content-type"), "application/json");
        // The signature as the Standard Webhooks define it, computed here anew.
        let signed = format!("{}.{}.{body}", header("webhook-id"), header("webhook-timestamp"));
        let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, SECRET.as_bytes());
        assert_eq!(header("webhook-signature"), format!("v1,{}", STANDARD.encode(aws_lc_rs::hmac::sign(&key, signed.as_bytes()))));
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["id"], header("webhook-id"));
        let text = body["text"].as_str().unwrap();
        let code = text.rsplit('#').next().unwrap().to_owned();
        assert!(body["to"].as_str().unwrap().starts_with("+4420") && text.contains("Nobody will ever ask you for it"), "{body}");
        assert_eq!(browser.press(&page, "confirm", &[("code", "abc")]).await.status, 400);
        let reply = browser.press(&page, "confirm", &[("code", &code)]).await;
        let page = browser.follow(reply).await.page();
        assert!(page.body.contains("On: you are asked for one"), "{}", page.body);
        kit.advance(3_600);
        let (browser, page) = challenged(&kit, &shop, &ada, &[]).await;
        assert!(page.url.ends_with("/sms-code") && !page.body.contains("+4420"), "{}", page.body);
        let (code, page) = have_sent(&kit, &browser, &page).await;
        let reply = browser.press(&page, "sms-code", &[("code", &code)]).await;
        let tokens = Tokens(shop.redeem(&browser.follow(reply).await.away()["code"]).await.json());
        assert_eq!((tokens.claims()["acr"].as_str(), tokens.claims()["amr"].clone()), (Some("urn:claviger:acr:weak-second-factor"), serde_json::json!(["pwd", "sms", "mfa"])));
        // Turned off again.
        let page = browser.walk("/account/security").await.page();
        let reply = browser.press(&page, "switch-sms_code", &[]).await;
        assert!(browser.follow(reply).await.page().body.contains("Removed."));
        assert!(shop.sign_in(&kit.browser(), &ada, &[]).await.away().contains_key("code"));
        assert_eq!((kit.audited("authenticator_added", "").await, kit.audited("authenticator_removed", "").await), (1, 1));
        kit.handle.stop(false).await;
    });
}

#[test]
fn text_messages_leave_by_the_form_of_twilio() {
    run(|| async {
        let provider = Provider::start();
        let kit = kit_with(Backend::Sqlite, |raw, folder| {
            sms(raw, folder, claviger::app::config::SmsWay::Twilio, &provider.url);
            (raw.codes.sms_prefix_limit, raw.codes.sms_number_limit) = (3, 2);
        })
        .await;
        let shop = kit.shop("shop").await;
        let ada = kit.customer("ada").await;
        turn_on(&kit, &ada, FactorKind::SmsCode).await;
        let (browser, page) = challenged(&kit, &shop, &ada, &[]).await;
        let reply = browser.press(&page, "send", &[]).await;
        let page = browser.follow(reply).await.page();
        assert_eq!(worker::send_texts(&kit.node).await.unwrap(), 1);
        let seen = provider.seen();
        let (head, body) = seen[0].split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("POST /2010-04-01/Accounts/AC0123456789/Messages.json HTTP/1.1"), "{head}");
        let authorization = head.lines().find_map(|line| line.strip_prefix("authorization: ")).unwrap();
        assert_eq!(authorization, format!("Basic {}", STANDARD.encode(format!("AC0123456789:{SECRET}"))));
        let form: std::collections::BTreeMap<String, String> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        assert_eq!(form.keys().map(String::as_str).collect::<Vec<_>>(), ["Body", "From", "To"]);
        assert_eq!(form["From"], "+15005550006");
        assert!(form["To"].starts_with("+4420"));
        let code = form["Body"].rsplit('#').next().unwrap().to_owned();
        let reply = browser.press(&page, "sms-code", &[("code", &code)]).await;
        assert!(browser.follow(reply).await.away().contains_key("code"));
        // What the provider refuses for good is not tried again; what nobody needs any longer is not sent.
        kit.advance(30);
        let (browser, page) = challenged(&kit, &shop, &ada, &[]).await;
        provider.answers.lock().unwrap().push(400);
        assert_eq!(browser.press(&page, "send", &[]).await.status, 303);
        assert_eq!(worker::send_texts(&kit.node).await.unwrap(), 1);
        kit.advance(120);
        assert_eq!((worker::send_texts(&kit.node).await.unwrap(), provider.seen().len()), (0, 2));
        // Two to one number in a day, three to one range in an hour.
        assert_eq!(browser.press(&page, "send", &[]).await.status, 429);
        let mut statuses = Vec::new();
        for name in ["bob", "carol", "dora"] {
            let person = kit.customer(name).await;
            turn_on(&kit, &person, FactorKind::SmsCode).await;
            let (browser, page) = challenged(&kit, &shop, &person, &[]).await;
            statuses.push(browser.press(&page, "send", &[]).await.status);
        }
        assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
        kit.advance(700);
        assert_eq!(worker::send_texts(&kit.node).await.unwrap(), 1);
        assert_eq!(provider.seen().len(), 2, "too late to be of use");
        kit.handle.stop(false).await;
    });
}
