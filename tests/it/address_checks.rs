//! Address verification for storefronts: who may ask, what is answered, and that neither addresses nor card numbers leak.

use crate::kit::receiver::Receiver;
use crate::kit::shop::read;
use crate::kit::{Kit, Reply, Shop};
use crate::on_both;
use claviger::admin::access::rules::Role;
use claviger::base::page::PageRequest;
use claviger::oauth::clients::metadata::GrantType;
use claviger::oauth::scope::Scope;
use serde_json::{Value, json};

struct Checker {
    shop: Shop,
    token: String,
}

impl Checker {
    async fn of(kit: &Kit, id: &str) -> Self {
        let (shop, token) = kit.asking_shop(id, "avs.check").await;
        Self { shop, token }
    }

    async fn ask_with(&self, token: &str, body: &Value) -> Reply {
        let url = format!("{}/api/v1/avs/check", self.shop.issuer);
        read(self.shop.client.post(&url).bearer_auth(token).header("content-type", "application/json").body(body.to_string()), url).await
    }

    async fn ask(&self, body: &Value) -> Reply {
        self.ask_with(&self.token, body).await
    }
}

fn euros() -> Value {
    json!({ "currency": "EUR", "value": "129.90" })
}

fn of_customer(sub: &str, street: &str, postal: &str) -> Value {
    json!({ "mode": "match", "sub": sub, "scheme": "visa", "shop_country": "US", "address": { "street_address": street, "postal_code": postal, "country": "DE" }, "amount": euros() })
}

on_both! {
    async fn a_providers_code_is_read_and_decided_on(kit: Kit) {
        let checker = Checker::of(&kit, "shop").await;
        for (scheme, code, outcome, decision) in [("visa", "Y", "full", "accept"), ("discover", "Y", "street", "accept"), ("visa", "N", "none", "review"), ("amex", "R", "retry", "review"), ("mastercard", "U", "unavailable", "accept")] {
            let reply = checker.ask(&json!({ "mode": "interpret", "scheme": scheme, "code": code, "country": "US", "amount": euros() })).await;
            let told = reply.json();
            assert_eq!((reply.status, &told["outcome"], &told["decision"], &told["source"]), (200, &json!(outcome), &json!(decision), &json!("issuer")), "{}", reply.body);
        }
        let retried = checker.ask(&json!({ "mode": "interpret", "scheme": "amex", "code": "R", "country": "US", "amount": euros(), "will_retry": true })).await;
        assert_eq!(retried.json()["decision"], "retry");
    }

    async fn the_bank_of_a_card_is_asked_and_its_silence_is_no_mismatch(bare: Kit) {
        let issuer = Receiver::start();
        let key = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(key.path(), "the key\n").unwrap();
        let place = std::sync::Arc::new(crate::kit::Place::new(bare.place.backend));
        let kit = Kit::start_with(place, std::sync::Arc::new(claviger::base::time::ManualClock::at(crate::kit::DAWN)), |raw| {
            raw.outgoing.allowed_networks = vec!["127.0.0.0/8".to_owned()];
            raw.avs.issuer_url = issuer.at("/avs");
            raw.avs.issuer_key_file = key.path().display().to_string();
            raw.avs.checks_per_hour = 20;
        })
        .await;
        let checker = Checker::of(&kit, "shop").await;
        let asked = |token: &str| json!({ "mode": "issuer", "token": token, "scheme": "visa", "address": { "street_address": "123 Main St", "postal_code": "60607", "country": "US" }, "amount": euros() });
        for (answer, outcome, decision) in [
            (r#"{"code":"Y"}"#, "full", "accept"),
            (r#"{"code":"N"}"#, "none", "review"),
            (r#"{"street":"match","postal":"mismatch"}"#, "street", "accept"),
            (r#"{"code":"?"}"#, "unavailable", "accept"),
            (r#"{"what":"ever"}"#, "retry", "review"),
        ] {
            issuer.answer(200, answer);
            let told = checker.ask(&asked("pm_1")).await.json();
            assert_eq!((&told["outcome"], &told["decision"], &told["source"]), (&json!(outcome), &json!(decision), &json!("issuer")), "{answer} {told}");
        }
        let heard = issuer.take().remove(0);
        assert_eq!((heard.header("authorization"), heard.json()["street_address"].as_str()), ("Bearer the key", Some("123 Main St")));
        issuer.answer(404, "");
        assert_eq!(checker.ask(&asked("pm_2")).await.json()["outcome"], "unavailable");
        // Five times in a row it does not answer: then it is left alone for half a minute.
        issuer.answer(500, "");
        for _ in 0..7 {
            assert_eq!(checker.ask(&asked("pm_3")).await.json()["outcome"], "retry");
        }
        assert_eq!(issuer.take().len(), 1 + 5);
        kit.advance(31);
        issuer.answer(200, r#"{"code":"Y"}"#);
        assert_eq!(checker.ask(&asked("pm_3")).await.json()["outcome"], "full");
        for (body, status) in [(asked("4111111111111111"), 422), (asked(""), 400), (asked("with blanks"), 400)] {
            assert_eq!(checker.ask(&body).await.status, status, "{body}");
        }
        // Of one card it is asked so often an hour.
        let mut last = 200;
        for _ in 0..21 {
            last = checker.ask(&asked("pm_4")).await.status;
        }
        assert_eq!(last, 429);
        let elsewhere = Checker::of(&bare, "shop").await;
        assert_eq!(elsewhere.ask(&asked("pm_1")).await.json()["code"], "no_issuer");
    }

    async fn who_may_not_ask_is_told_nothing(kit: Kit) {
        let (checker, ada) = (Checker::of(&kit, "shop").await, kit.customer("ada").await);
        let body = json!({ "mode": "interpret", "scheme": "visa", "code": "Y", "country": "US", "amount": euros() });
        let (_, tokens) = kit.sign_in(&checker.shop, &ada).await;
        let other = kit.shop_with("other", |metadata| {
            metadata.grant_types.push(GrantType::ClientCredentials);
            metadata.scope = Scope::from("openid ssf.read".to_owned());
        }).await;
        let bare = other.own_token("ssf.read").await;
        for (token, status) in [("nonsense", 401), (tokens.access().as_str(), 403), (bare.as_str(), 403)] {
            let reply = checker.ask_with(token, &body).await;
            assert_eq!((reply.status, reply.header("content-type")), (status, "application/problem+json"), "{}", reply.body);
        }
        let url = format!("{}/api/v1/avs/check", checker.shop.issuer);
        assert_eq!(read(checker.shop.client.post(&url).header("content-type", "application/json").body(body.to_string()), url).await.status, 401);
    }

    async fn an_address_is_compared_with_those_of_the_customer_and_not_guessed(kit: Kit) {
        let (checker, ada) = (Checker::of(&kit, "shop").await, kit.customer("ada").await);
        let (_, tokens) = kit.sign_in(&checker.shop, &ada).await;
        let sub = tokens.claims()["sub"].as_str().unwrap().to_owned();
        let address = checker.shop.userinfo(&tokens.access()).await.json()["address"].clone();
        let (street, postal, country) = (address["street_address"].as_str().unwrap(), address["postal_code"].as_str().unwrap(), address["country"].as_str().unwrap());
        let body = |street: &str, postal: &str| {
            let mut body = of_customer(&sub, street, postal);
            body["address"]["country"] = json!(country);
            body
        };
        let told = checker.ask(&body(&street.to_uppercase(), postal)).await;
        assert_eq!((told.status, &told.json()["outcome"], &told.json()["source"]), (200, &json!("full"), &json!("account")), "{}", told.body);
        assert!(!told.body.contains(street) && !told.body.contains(postal), "{}", told.body);
        assert_eq!(checker.ask(&body("9999 Elsewhere 9999", "00000")).await.json()["outcome"], "none");
        for _ in 0..3 {
            assert_eq!(checker.ask(&body(street, "00000")).await.status, 200);
        }
        let sixth = checker.ask(&body(street, postal)).await;
        assert!(sixth.status == 429 && sixth.header("retry-after").parse::<i64>().is_ok(), "{} {}", sixth.status, sixth.body);
        kit.advance(3_601);
        let fresh = checker.shop.own_token("avs.check").await;
        assert_eq!(checker.ask_with(&fresh, &body(street, postal)).await.status, 200);
        // Somebody else's shop does not know this customer, nor does anybody know one who is not there.
        let stranger = Checker::of(&kit, "stranger").await;
        for sub in [sub.as_str(), "nobody"] {
            assert_eq!(stranger.ask(&of_customer(sub, street, postal)).await.status, 404);
        }
        // It is in the log, and the address is not.
        assert_eq!(kit.audited("address_checked", "").await, 6);
        assert!(kit.audit().await.iter().all(|event| !event.detail.contains(street)));
    }

    async fn l3_a_card_number_is_refused_wherever_it_stands(kit: Kit) {
        let checker = Checker::of(&kit, "shop").await;
        for number in ["4111111111111111", "4111 1111 1111 1111", "3782-822463-10005", "\u{ff14}\u{ff11}\u{ff11}\u{ff11}1111 1111 1111"] {
            for place in ["street_address", "postal_code", "country"] {
                let mut body = of_customer("x", "1 Main St", "60607");
                body["address"][place] = json!(number);
                let reply = checker.ask(&body).await;
                assert_eq!((reply.status, reply.json()["code"].as_str().unwrap()), (422, "card_number"), "{place}: {}", reply.body);
                assert!(!reply.body.contains("1111"), "{}", reply.body);
            }
        }
        assert!(!String::from_utf8_lossy(&kit.place.dump()).contains("4111111111111111"));
    }

    async fn l3_nobody_leaves_a_card_number_in_a_form_a_note_or_a_report(kit: Kit) {
        const CARD: &str = "4111 1111 1111 1111";
        let ada = kit.customer("ada").await;
        let browser = kit.browser();
        let page = browser.walk("/account/addresses").await.page();
        let reply = browser.type_password(&page, &ada.email, &ada.password).await;
        browser.follow(reply).await;
        let page = browser.get("/account/addresses/new").await;
        let fields = [("recipient", CARD), ("street", "1 Main St"), ("postal_code", "94103"), ("locality", "San Francisco"), ("region", "CA"), ("country", "US")];
        let refused = browser.press(&page, "submit", &fields).await;
        assert!(refused.status == 422 && refused.body.contains("card number") && !refused.body.contains("1111"), "{}", refused.body);
        // What somebody reports is kept, without the number.
        let page = browser.get("/report-scam").await;
        let done = browser.press(&page, "submit", &[("kind", "call"), ("text", &format!("They wanted {CARD} of me"))]).await;
        assert!(done.body.contains("id=\"done\""), "{}", done.body);
        // Staff who show why they look.
        let program = kit.program("desk", &[Role::Support]).await;
        let told = program.post(&format!("/customers/{}/reveal", ada.id), &json!({ "reason": format!("Called about {CARD}") })).await;
        assert_eq!(told.status, 400, "{}", told.body);
        assert!(told.body.contains("card number") && !told.body.contains("1111"), "{}", told.body);
        let tools = kit.node.base.tools.clone();
        let reports = kit.node.base.db.read(move |connection| claviger::identity::care::store::list_reports(connection, &tools, &PageRequest::first(10))).await.unwrap();
        assert!(reports.items.len() == 1 && reports.items[0].content.contains("They wanted") && !reports.items[0].content.contains("1111"), "{}", reports.items[0].content);
        for digits in ["4111111111111111", CARD] {
            assert!(!String::from_utf8_lossy(&kit.place.dump()).contains(digits));
        }
    }

    async fn what_is_not_understood_is_refused_and_said(kit: Kit) {
        let checker = Checker::of(&kit, "shop").await;
        for (body, status) in [
            (json!({}), 400), (json!([]), 400), (json!(null), 400), (json!({ "mode": "interpret", "scheme": "visa", "code": "Q", "country": "US", "amount": euros() }), 400),
            (json!({ "mode": "interpret", "scheme": "visa", "code": "Y", "country": "US", "amount": { "currency": "XXX", "value": "1.00" } }), 400),
            (json!({ "mode": "interpret", "scheme": "visa", "code": "Y", "country": "US", "amount": { "currency": "EUR", "value": "-1.00" } }), 400),
            (of_customer("x", &"y".repeat(300), "1"), 400),
        ] {
            let reply = checker.ask(&body).await;
            assert_eq!((reply.status, reply.header("content-type")), (status, "application/problem+json"), "{body}: {}", reply.body);
        }
    }
}
