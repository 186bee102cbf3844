//! How unusual an order is: what a storefront is told, and what is learned from what became of it.

use crate::kit::shop::read;
use crate::kit::{Kit, Person, Reply, Shop};
use crate::on_both;
use claviger::app::worker;
use claviger::risk::places::{Files, Places};
use claviger::risk::purchase::models::store::find_model;
use claviger::risk::purchase::store::find_entities;
use serde_json::{Value, json};

static PLACES: std::sync::LazyLock<Places> = std::sync::LazyLock::new(|| Places::open(Files::default()).unwrap());

struct Asker {
    shop: Shop,
    token: String,
}

impl Asker {
    async fn of(kit: &Kit, id: &str) -> Self {
        let (shop, token) = kit.asking_shop(id, "risk.orders").await;
        Self { shop, token }
    }

    async fn post(&self, path: &str, body: &Value) -> Reply {
        let url = format!("{}/api/v1/risk/orders{path}", self.shop.issuer);
        read(self.shop.client.post(&url).bearer_auth(&self.token).header("content-type", "application/json").body(body.to_string()), url).await
    }

    async fn get(&self, path: &str) -> Reply {
        let url = format!("{}/api/v1/risk/orders{path}", self.shop.issuer);
        read(self.shop.client.get(&url).bearer_auth(&self.token), url).await
    }

    async fn ask(&self, body: &Value) -> Value {
        let reply = self.post("", body).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.json()
    }
}

fn codes(told: &Value) -> Vec<String> {
    let all = told["reasons"].as_array().unwrap().iter().map(|reason| reason["code"].as_str().unwrap().to_owned());
    all.chain(told["rules"].as_array().unwrap().iter().map(|rule| rule["rule"].as_str().unwrap().to_owned())).collect()
}

fn order(number: &str, more: &Value) -> Value {
    let mut order = json!({
        "order_id": number, "amount": { "currency": "EUR", "value": "49.90" }, "items": [{ "category": "books", "qty": 2, "value": "49.90" }],
        "shipping": { "address": { "street_address": "12 Canary-Street", "postal_code": "SW1Y 4LB", "country": "GB" }, "method": "standard" },
        "billing": { "address": { "street_address": "12 Canary-Street", "postal_code": "SW1Y 4LB", "country": "GB" } },
        "payment": { "token": "pm_ada", "iin": "453912", "last4": "4242", "country": "GB", "avs": "match", "cvc": "match" },
        "device": { "ip": "81.2.69.142" },
    });
    for (name, value) in more.as_object().unwrap() {
        order[name] = value.clone();
    }
    order
}

async fn buyer(kit: &Kit, asker: &Asker, name: &str) -> (Person, String, String) {
    let person = kit.customer(name).await;
    let (_, tokens) = kit.sign_in(&asker.shop, &person).await;
    let claims = tokens.claims();
    (person, claims["sub"].as_str().unwrap().to_owned(), claims["sid"].as_str().unwrap().to_owned())
}

fn elsewhere() -> Value {
    json!({ "address": { "street_address": "7 Other Road", "postal_code": "M1 1AE", "country": "GB" }, "method": "express" })
}

on_both! {
    async fn orders_in_one_moment_all_count(kit: Kit) {
        let asker = Asker::of(&kit, "shop").await;
        let (node, address, handle) = kit.second_node().await;
        // Paid with one card, at both nodes at once; one of them in either.
        let send = |number: usize, at: &str| {
            let body = order(&format!("o-{}", number.max(1)), &json!({})).to_string();
            let (url, client, token) = (format!("{at}/api/v1/risk/orders"), asker.shop.client.clone(), asker.token.clone());
            let host = kit.issuer.trim_start_matches("http://").to_owned();
            async move { client.post(&url).bearer_auth(&token).header("host", host).header("content-type", "application/json").body(body).send().await.unwrap().status().as_u16() }
        };
        let all = (0..24).map(|number| send(number, if number % 2 == 0 { &kit.issuer } else { &address }));
        let answers = futures_util::future::join_all(all).await;
        assert!(answers.iter().all(|status| *status == 200), "{answers:?}");
        let checked = claviger::risk::purchase::order::read(&order("o-1", &json!({})), kit.node.base.tools.now()).unwrap();
        let (commons, _) = claviger::risk::purchase::commons::commons(&node.base.tools.ring.risk, &PLACES, &checked, None);
        let now = kit.node.base.tools.now();
        let entities = node.base.db.read(move |connection| find_entities(connection, &commons, now)).await.unwrap();
        let counted: Vec<u64> = entities.values().map(|entity| entity.orders).collect();
        assert!(!counted.is_empty() && counted.iter().all(|orders| *orders == 23), "{counted:?}");
        assert_eq!(kit.audited("order_judged", "").await, 23, "and each is judged once");
        handle.stop(false).await;
    }

    async fn an_order_is_judged_once_and_explained(kit: Kit) {
        let asker = Asker::of(&kit, "shop").await;
        let (_, sub, sid) = buyer(&kit, &asker, "ada").await;
        kit.advance(40 * 86_400);
        let asker = Asker { token: asker.shop.own_token("risk.orders").await, ..asker };
        let usual = order("o-1", &json!({ "sub": sub, "device": { "sid": sid, "ip": "81.2.69.142" } }));
        let told = asker.ask(&usual).await;
        assert!(told["action"] == "allow" && told["score"].as_u64().unwrap() < 750, "{told}");
        assert!(told["degraded"].as_array().unwrap().contains(&json!("no_labels")));
        // The fields in another order, asked about later: the same answer.
        kit.advance(60);
        assert_eq!(asker.ask(&serde_json::from_str(&usual.to_string()).unwrap()).await, told);
        let other = asker.post("", &order("o-1", &json!({ "sub": sub, "amount": { "currency": "EUR", "value": "50.00" } }))).await;
        assert_eq!((other.status, other.json()["code"].as_str().map(str::to_owned)), (409, Some("order_reused".to_owned())));
        // A stolen card, from a data centre, sent fast to a stranger.
        let strange = json!({
            "amount": { "currency": "EUR", "value": "1899.00" }, "items": [{ "category": "electronics", "qty": 1, "value": "1899.00" }], "shipping": elsewhere(), "device": { "ip": "88.198.7.7" },
            "payment": { "token": "pm_stolen", "country": "US", "avs": "mismatch", "cvc": "mismatch" },
        });
        let told = asker.ask(&order("o-2", &strange)).await;
        assert_eq!(told["action"], "review", "{told}");
        assert!(told["score"].as_u64().unwrap() >= 900);
        for code in ["avs_mismatch", "cvc_mismatch", "hosting", "source_country_differs"] {
            assert!(codes(&told).iter().any(|known| known == code), "{code}: {told}");
        }
        let shown = asker.get("/o-2").await.json();
        assert_eq!((&shown["decision_id"], &shown["outcomes"]), (&told["decision_id"], &json!([])));
        let stranger = Asker::of(&kit, "another").await;
        assert_eq!(stranger.get("/o-2").await.status, 404);
        let dump = kit.place.dump();
        for secret in ["pm_stolen", "7 Other Road", "88.198.7.7"] {
            assert!(!dump.windows(secret.len()).any(|part| part == secret.as_bytes()), "{secret}");
        }
    }

    async fn what_was_changed_a_moment_ago_has_to_be_confirmed_with_the_amount(kit: Kit) {
        let asker = Asker::of(&kit, "shop").await;
        let (ada, sub, sid) = buyer(&kit, &asker, "ada").await;
        kit.advance(40 * 86_400);
        let id = ada.id.clone();
        // Her address was replaced an hour ago.
        let tools = kit.node.base.tools.clone();
        let session = claviger::base::ids::SessionId::generate(tools.now_micros(), tools.entropy());
        let change = move |tx: &mut claviger::platform::db::WriteTx<'_>| {
            let change = claviger::identity::contacts::store::insert_change(tx, &tools, &id, &session, claviger::identity::contacts::ContactKind::BackupEmail, "thief@example.com")?;
            let found = claviger::identity::contacts::store::find_change(tx, &tools, &change)?.unwrap();
            claviger::identity::contacts::store::apply_change(tx, &tools, &found, b"{}", None)
        };
        assert!(kit.node.base.db.write(change).await.unwrap());
        let asker = Asker { token: asker.shop.own_token("risk.orders").await, ..asker };
        let body = order("o-1", &json!({ "sub": sub, "shipping": elsewhere(), "device": { "sid": sid, "ip": "81.2.69.142" } }));
        let told = asker.ask(&body).await;
        assert_eq!(told["action"], "step_up", "{told}");
        assert!(codes(&told).iter().any(|code| code == "contact_changed_and_new_place"));
        let url = url::Url::parse(told["authorization_url"].as_str().unwrap()).unwrap();
        let query: std::collections::BTreeMap<_, _> = url.query_pairs().into_owned().collect();
        assert_eq!(query["acr_values"], "urn:claviger:acr:second-factor");
        let details: Value = serde_json::from_str(&query["authorization_details"]).unwrap();
        assert_eq!((&details[0]["order_id"], &details[0]["amount"]["value"]), (&json!("o-1"), &json!("49.90")));
        // Confirmed for another amount, it is not confirmed.
        let confirm = |amount: i64| {
            let (now, customer) = (kit.clock_now(), ada.id.clone());
            kit.node.base.db.write(move |tx| claviger::risk::purchase::store::note_confirmed(tx, ("shop", "o-1"), &customer, (amount, "EUR"), claviger::base::time::UnixSeconds(now)))
        };
        assert!(!confirm(1).await.unwrap() && confirm(4_990).await.unwrap());
        let again = asker.ask(&body).await;
        assert_eq!((again["action"].as_str(), again["decision_id"].as_str(), again["confirmed_at"].is_string()), (Some("allow"), told["decision_id"].as_str(), true));
        let three_ds = asker.get(&format!("/o-1/3ds?sid={sid}")).await.json();
        assert_eq!(three_ds["acctInfo"]["chAccAgeInd"], "04", "{three_ds}");
    }

    async fn verdicts_count_a_week_later_and_not_before(kit: Kit) {
        let asker = Asker::of(&kit, "shop").await;
        let card = |number: usize| json!({ "payment": { "token": "pm_bad", "country": "GB", "avs": "match", "cvc": "match" }, "device": { "ip": format!("81.2.69.{number}") } });
        asker.ask(&order("o-1", &card(1))).await;
        let told = asker.post("/o-1/outcome", &json!({ "outcome": "chargeback", "reason": "10.4" })).await;
        assert_eq!((told.status, told.json()["fraud"].as_bool(), told.json()["recorded"].as_bool()), (200, Some(true), Some(true)));
        assert_eq!(asker.post("/o-1/outcome", &json!({ "outcome": "chargeback", "reason": "10.4" })).await.json()["recorded"], false, "told twice in a second is told once");
        worker::risk::mature_orders(&kit.node).await.unwrap();
        kit.advance(6 * 86_400);
        worker::risk::mature_orders(&kit.node).await.unwrap();
        let asker = Asker { token: asker.shop.own_token("risk.orders").await, ..asker };
        let early = asker.ask(&order("o-2", &card(2))).await;
        assert!(!codes(&early).iter().any(|code| code == "token_fraud"), "{early}");
        kit.advance(2 * 86_400);
        let asker = Asker { token: asker.shop.own_token("risk.orders").await, ..asker };
        assert_eq!(worker::risk::mature_orders(&kit.node).await.unwrap(), 1);
        let late = asker.ask(&order("o-3", &card(3))).await;
        assert!(codes(&late).iter().any(|code| code == "token_fraud"), "{late}");
        assert!(late["score"].as_u64() > early["score"].as_u64());
        let model = kit.node.base.db.read(find_model).await.unwrap();
        assert_eq!((model.learned, model.fraud), (1, 1));
        // The bank changes its mind: the model learns that, too.
        asker.post("/o-1/outcome", &json!({ "outcome": "chargeback_won" })).await;
        assert_eq!(worker::risk::mature_orders(&kit.node).await.unwrap(), 1);
        let model = kit.node.base.db.read(find_model).await.unwrap();
        assert_eq!((model.learned, model.fraud), (2, 1));
        let cleared = asker.ask(&order("o-4", &card(4))).await;
        assert!(!codes(&cleared).iter().any(|code| code == "token_fraud"), "{cleared}");
        assert_eq!(asker.get("/o-1").await.json()["outcomes"].as_array().unwrap().len(), 2);
        // Three months of silence are as good as a word.
        kit.advance(91 * 86_400);
        assert_eq!(worker::risk::mature_orders(&kit.node).await.unwrap(), 3);
        // … but for those that somebody had to look at, of which nothing was told.
        assert_eq!((early["action"].as_str(), late["action"].as_str()), (Some("allow"), Some("review")));
        assert_eq!((cleared["action"].as_str(), kit.node.base.db.read(find_model).await.unwrap().learned), (Some("allow"), 4));
        assert_eq!(worker::risk::mature_orders(&kit.node).await.unwrap(), 0);
    }

    async fn the_verdict_is_that_of_what_happened_last_whatever_is_told_last(kit: Kit) {
        let asker = Asker::of(&kit, "shop").await;
        let told = asker.ask(&order("o-1", &json!({}))).await;
        let at = |days: i64| claviger::base::time::UnixSeconds(kit.clock_now() + days * 86_400).rfc3339();
        kit.advance(30 * 86_400);
        let asker = Asker { token: asker.shop.own_token("risk.orders").await, ..asker };
        let tell = async |body: Value| asker.post("/o-1/outcome", &body).await.json()["recorded"].clone();
        assert_eq!(tell(json!({ "outcome": "chargeback", "reason": "13.1", "occurred_at": at(-10) })).await, true);
        // The same day's chargeback turns out to be about something else.
        assert_eq!(tell(json!({ "outcome": "chargeback", "reason": "10.4", "occurred_at": at(-10) })).await, true);
        assert_eq!(tell(json!({ "outcome": "chargeback", "reason": "10.4", "occurred_at": at(-10) })).await, false);
        // What somebody saw before that, and tells only now, changes nothing.
        assert_eq!(tell(json!({ "outcome": "reviewed_good", "occurred_at": at(-20) })).await, true);
        let shown = asker.get("/o-1").await.json();
        assert_eq!(shown["fraud"], true, "{shown}");
        let id = told["decision_id"].as_str().unwrap().to_owned();
        let labels = kit.node.base.db.read(move |connection| claviger::risk::decisions::store::find_labels(connection, &[&id])).await.unwrap();
        assert!(labels.values().flatten().all(|label| label.is_fraud), "{labels:?}");
    }

    async fn guests_with_one_card_are_one_household_not_many(kit: Kit) {
        let asker = Asker::of(&kit, "shop").await;
        for number in 0..8 {
            let told = asker.ask(&order(&format!("o-{number}"), &json!({}))).await;
            assert!(!codes(&told).iter().any(|code| code == "card_of_three_customers"), "{told}");
            // Nor is what is paid on delivery a new card each time.
            let unpaid = asker.post("", &{ let mut body = order(&format!("u-{number}"), &json!({})); body.as_object_mut().unwrap().remove("payment"); body }).await.json();
            assert!(!codes(&unpaid).iter().any(|code| code == "cards_tried_from_one_address"), "{unpaid}");
        }
    }

    async fn an_order_is_confirmed_by_whoever_ordered_and_with_the_level_that_was_asked_for(kit: Kit) {
        let asker = Asker::of(&kit, "shop").await;
        let (ada, sub, sid) = buyer(&kit, &asker, "ada").await;
        let eve = kit.customer("eve").await;
        let seed = crate::factors::enrol(&kit, &eve).await;
        kit.advance(86_400);
        let asker = Asker { token: asker.shop.own_token("risk.orders").await, ..asker };
        let strange = order("o-1", &json!({ "sub": sub, "device": { "sid": sid, "ip": "81.2.69.142" }, "amount": { "currency": "EUR", "value": "1249.90" }, "shipping": elsewhere(), "items": [{ "category": "electronics", "qty": 1, "value": "1249.90" }] }));
        asker.ask(&strange).await;
        let confirmed = async || asker.get("/o-1").await.json()["confirmed_at"].is_string();
        let details = json!([{ "type": "purchase", "order_id": "o-1", "amount": { "currency": "EUR", "value": "1249.90" }, "payee": "Bean & Leaf" }]).to_string();
        // Somebody else, with a factor of their own.
        let hers = kit.browser();
        let page = asker.shop.authorize(&hers, &[("authorization_details", &details)]).await.page();
        let reply = hers.type_password(&page, &eve.email, &eve.password).await;
        let page = hers.follow(reply).await.page();
        let reply = crate::factors::type_code(&hers, &page, &crate::factors::code(&kit, &seed, 0)).await;
        assert!(hers.follow(reply).await.away().contains_key("code"));
        assert!(!confirmed().await, "a thief confirms nothing with their own account");
        // The one who ordered, with the password alone, since the browser asked for no more.
        let own = kit.browser();
        let page = asker.shop.authorize(&own, &[("authorization_details", &details)]).await.page();
        let reply = own.type_password(&page, &ada.email, &ada.password).await;
        assert!(own.follow(reply).await.away().contains_key("code"));
        assert!(!confirmed().await);
        // And with what was asked for.
        let seed = crate::factors::enrol(&kit, &ada).await;
        kit.advance(60);
        let last = kit.browser();
        let page = asker.shop.authorize(&last, &[("authorization_details", &details), ("acr_values", "urn:claviger:acr:second-factor")]).await.page();
        let reply = last.type_password(&page, &ada.email, &ada.password).await;
        let page = last.follow(reply).await.page();
        let reply = crate::factors::type_code(&last, &page, &crate::factors::code(&kit, &seed, 0)).await;
        assert!(last.follow(reply).await.away().contains_key("code"));
        assert!(confirmed().await);
    }

    async fn nonsense_is_refused_and_nothing_of_it_is_kept(kit: Kit) {
        let asker = Asker::of(&kit, "shop").await;
        let many: Vec<Value> = (0..10_000).map(|_| json!({ "category": "x", "qty": 1, "value": "1.00" })).collect();
        let some: Vec<Value> = (0..501).map(|_| json!({ "category": "x", "qty": 1, "value": "1.00" })).collect();
        let address = |street: &str, country: &str| json!({ "address": { "street_address": street, "postal_code": "1", "country": country } });
        for (more, status) in [
            (json!({ "amount": { "currency": "QQQ", "value": "49.90" } }), 400),
            (json!({ "amount": { "currency": "EUR", "value": "-1.00" } }), 400),
            (json!({ "amount": { "currency": "EUR", "value": "1e9" } }), 400),
            (json!({ "amount": { "currency": "EUR", "value": "0.00" } }), 400),
            (json!({ "occurred_at": "1969-12-31T00:00:00Z" }), 400),
            (json!({ "occurred_at": "9999-12-31T00:00:00Z" }), 400),
            (json!({ "occurred_at": "yesterday" }), 400),
            (json!({ "items": some }), 400),
            (json!({ "items": many }), 413),
            (json!({ "items": [{ "category": "x", "qty": 0, "value": "1.00" }] }), 400),
            (json!({ "shipping": address("x", "Atlantis") }), 400),
            (json!({ "shipping": address("a\nb", "DE") }), 400),
            (json!({ "device": { "ip": "not an address" } }), 400),
            (json!({ "is_admin": true }), 400),
            (json!({ "sub": "nobody-knows" }), 422),
            (json!({ "order_id": "" }), 400),
            (json!({ "promo": ["4111 1111 1111 1111"] }), 422),
            (json!({ "payment": { "token": "4111111111111111" } }), 422),
            (json!({ "payment": { "token": "x", "iin": "41111111", "last4": "11111" } }), 400),
        ] {
            let reply = asker.post("", &order("o-1", &more)).await;
            assert_eq!(reply.status, status, "{more:.120} {}", reply.body);
            assert!(status == 413 || reply.header("content-type").starts_with("application/problem+json"), "{more:.120}");
            assert!(!reply.body.contains("4111"));
        }
        assert_eq!(asker.get("/o-1").await.status, 404);
        assert_eq!(asker.post("/o-1/outcome", &json!({ "outcome": "paid" })).await.status, 404);
        // Any script is an address.
        let told = asker.ask(&order("o-1", &json!({ "shipping": address("東京都千代田区千代田1-1", "JP"), "occurred_at": "2027-01-01T00:05:00Z" }))).await;
        assert!(told["score"].is_u64());
        for bad in [json!({ "outcome": "lost" }), json!({ "outcome": "paid", "fraud": true }), json!({}), json!({ "outcome": "chargeback", "occurred_at": "2099-01-01T00:00:00Z" })] {
            assert_eq!(asker.post("/o-1/outcome", &bad).await.status, 400, "{bad}");
        }
        let (_, tokens) = kit.sign_in(&asker.shop, &kit.customer("eve").await).await;
        let customers_own = Asker { token: tokens.access(), shop: asker.shop.clone() };
        assert_eq!(customers_own.post("", &order("o-9", &json!({}))).await.status, 403, "a customer's token asks nothing");
    }
}
