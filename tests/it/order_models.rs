//! Orders of the past that a shop brings along, and the models that are trained on them.

use crate::kit::Kit;
use crate::kit::process::{claviger_on, claviger_on_with};
use crate::kit::shop::read;
use crate::on_both;
use claviger::app::worker;
use claviger::base::time::UnixSeconds;
use claviger::risk::purchase::models::store::list_trained;
use serde_json::{Value, json};

const DAY: i64 = 86_400;

/// An order `days` ago: with something about it that only together means fraud.
fn past(number: i64, now: i64, days: i64) -> Value {
    let (is_digital, is_prepaid) = (number % 2 == 0, number % 5 == 0);
    let is_fraud = is_digital && is_prepaid;
    let at = UnixSeconds(now - days * DAY).rfc3339();
    let cents = 3_000 + (number * 7_919) % 4_000;
    let cents = if days < 7 { cents * 3 } else { cents };
    let value = format!("{}.{:02}", cents / 100, cents % 100);
    let order = json!({
        "order_id": format!("h-{number}"), "occurred_at": at, "amount": { "currency": "EUR", "value": value }, "items": [{ "category": "books", "qty": 1, "value": value, "digital": is_digital }],
        "payment": { "token": format!("pm_{number}"), "country": "GB", "prepaid": is_prepaid, "avs": "match", "cvc": "match" }, "device": { "ip": format!("81.2.{}.{}", number % 200, number % 251) },
    });
    let outcomes = if days < 8 {
        json!([])
    } else if is_fraud {
        json!([{ "outcome": "paid", "occurred_at": at }, { "outcome": "chargeback", "reason": "10.4", "occurred_at": at }])
    } else {
        json!([{ "outcome": "reviewed_good", "occurred_at": at }])
    };
    json!({ "order": order, "outcomes": outcomes })
}

on_both! {
    async fn a_shop_brings_its_past_along_and_trees_are_trained_measured_and_taken_back(kit: Kit) {
        let (shop, token) = kit.asking_shop("shop", "risk.orders").await;
        let now = kit.clock_now();
        let post = async |path: &str, body: Value| {
            let url = format!("{}/api/v1/risk/orders{path}", shop.issuer);
            read(shop.client.post(&url).bearer_auth(&token).header("content-type", "application/json").body(body.to_string()), url).await
        };
        let mut all: Vec<Value> = (0..1_200).map(|number| past(number, now, if number < 1_000 { 130 - number * 123 / 1_000 } else { (1_199 - number) * 7 / 200 })).collect();
        for batch in all.chunks(100) {
            let told = post("/backfill", json!({ "orders": batch })).await;
            assert_eq!((told.status, told.json()), (200, json!({ "orders": 100, "recorded": 100 })), "{}", told.body);
        }
        assert_eq!(post("/backfill", json!({ "orders": all[..2] })).await.json()["recorded"], 0, "told twice is told once");
        // What is wrong with one keeps all out, and says which.
        all.swap(0, 50);
        let wrong = post("/backfill", json!({ "orders": all[..60] })).await;
        assert_eq!(wrong.status, 400);
        assert!(wrong.body.contains("orders[1]: orders stand in order of time"), "{}", wrong.body);
        let mut card = all[70].clone();
        card["order"]["order_id"] = "4111111111111111".into();
        assert_eq!(post("/backfill", json!({ "orders": [card] })).await.status, 422);
        assert_eq!(post("/backfill", json!({ "orders": [] })).await.status, 400);
        while worker::risk::mature_orders(&kit.node).await.unwrap() > 0 {}
        // A night.
        assert!(worker::risk::train_orders(&kit.node).await.unwrap());
        assert!(!worker::risk::train_orders(&kit.node).await.unwrap(), "once a night");
        let trained = kit.node.base.db.read(list_trained).await.unwrap().remove(0);
        assert!(trained.fraud >= 40 && trained.evaluation.trees.average_precision > 0.8 && trained.evaluation.gain > 0.0, "{} {:?}", trained.fraud, trained.evaluation);
        // What is ordered costs three times as much since a week.
        assert_eq!(kit.audited("drift_seen", "").await, 1);
        // It decides nothing until somebody says so.
        let order = |number: &str| json!({ "order_id": number, "amount": { "currency": "EUR", "value": "49.90" }, "payment": { "token": "pm_1", "country": "GB", "prepaid": true }, "items": [{ "category": "books", "qty": 1, "value": "49.90", "digital": true }] });
        worker::risk::refresh_risk(&kit.node).await.unwrap();
        assert!(post("", order("n-1")).await.json()["model"].as_str().unwrap().starts_with("order-"));
        let run = |arguments: &[&str]| claviger_on(&kit.place, arguments);
        assert_eq!(run(&["risk", "rollback"]).0, 3);
        assert_eq!(run(&["risk", "activate", "trees-9"]).0, 3);
        assert_eq!(run(&["risk", "activate", "trees-1"]).0, 0);
        worker::risk::refresh_risk(&kit.node).await.unwrap();
        let told = post("", order("n-2")).await.json();
        assert!(told["model"] == "trees-1" && told["score"].as_u64().unwrap() >= 900, "{told}");
        assert!(["digital", "prepaid"].contains(&told["reasons"][0]["code"].as_str().unwrap()), "{told}");
        let (status, said) = run(&["risk", "models", "--json"]);
        let listed: Value = serde_json::from_str(said.trim()).unwrap();
        assert_eq!((status, &listed["deciding"], listed["models"].as_array().unwrap().len()), (0, &json!("trees-1"), 1));
        assert_eq!(run(&["risk", "explain", told["decision_id"].as_str().unwrap()]).0, 0);
        // A night later, at the command line.
        assert_eq!(run(&["risk", "train"]).0, 0);
        assert_eq!(kit.node.base.db.read(list_trained).await.unwrap().len(), 2);
        let (status, said) = run(&["risk", "rollback"]);
        assert!(status == 0 && said.contains("online decides again"), "{said}");
        worker::risk::refresh_risk(&kit.node).await.unwrap();
        assert!(post("", order("n-3")).await.json()["model"].as_str().unwrap().starts_with("order-"));
        assert_eq!(kit.audited("model_replaced", "").await, 2);
        // Another policy, tried on the past.
        let (status, said) = claviger_on_with(&kit.place, &["risk", "replay", "--orders", "--days", "400", "--json"], &[("CLAVIGER_RISK_ORDERS_STEP_UP", "1"), ("CLAVIGER_RISK_ORDERS_REVIEW", "1")]);
        let told: Value = serde_json::from_str(said.trim()).unwrap();
        let moved = |then: &str, now: &str| told["moved"].as_array().unwrap().iter().filter(|row| row["then"] == then && row["now"] == now).map(|row| row["orders"].as_u64().unwrap()).sum::<u64>();
        assert!(status == 0 && moved("allow", "review") > 300 && moved("allow", "allow") == 0, "{said}");
    }
}

/// The evaluation needs nothing, says the same each time, and draws its curves.
#[test]
fn anybody_can_run_the_evaluation() {
    let place = crate::kit::Place::new(crate::kit::Backend::Sqlite);
    let folder = tempfile::tempdir().unwrap();
    let run = || claviger_on(&place, &["risk", "eval", "--people", "1500", "--seed", "7", "--json", "--svg", folder.path().to_str().unwrap()]);
    let ((status, said), again) = (run(), run());
    assert_eq!((status, &again.1), (0, &said));
    let told: Value = serde_json::from_str(said.trim()).unwrap();
    let of = |name: &str| told.as_array().unwrap().iter().filter(|part| part["of"] == name).count();
    assert_eq!((of("sign-ins"), of("orders")), (3, 1));
    let orders = told.as_array().unwrap().last().unwrap();
    let precision = |way: &str| orders["ways"].as_array().unwrap().iter().find(|found| found["by"] == way).unwrap()["average_precision"].as_f64().unwrap();
    assert!(precision("online") > precision("amount") && precision("trees") > precision("amount"), "{orders}");
    for name in ["signins-naive", "signins-vpn", "signins-targeted", "orders-roc", "orders-precision", "orders-calibration"] {
        let svg = std::fs::read_to_string(folder.path().join(format!("{name}.svg"))).unwrap();
        assert!(svg.starts_with("<svg ") && svg.contains("<polyline"), "{name}");
    }
}
