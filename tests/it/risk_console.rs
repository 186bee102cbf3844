//! The risk pages of the console: what waits, why, what is shared, another policy, and the models.

use crate::kit::Kit;
use crate::kit::shop::read;
use crate::kit::staff::Colleague;
use crate::on_both;
use crate::signin_risk::{EDGE, FIREFOX, HOME, RACK, browser_at, regular, try_password};
use claviger::admin::access::rules::Role;
use claviger::base::page::PageRequest;
use claviger::risk::decisions::store::{Wanted, find_labels, list_decisions};
use claviger::risk::decisions::{Kind, LabelSource};
use serde_json::{Value, json};

async fn decision_of(kit: &Kit, kind: Kind) -> String {
    let wanted = Wanted { kind: Some(kind), ..Wanted::default() };
    kit.node.base.db.read(move |connection| list_decisions(connection, &wanted, &PageRequest::first(1))).await.unwrap().items.remove(0).id.to_string()
}

async fn label_of(kit: &Kit, decision: &str) -> Option<(LabelSource, bool)> {
    let id = decision.to_owned();
    let labels = kit.node.base.db.read(move |connection| find_labels(connection, &[id.as_str()])).await.unwrap();
    labels.get(decision).and_then(|labels| labels.last()).map(|label| (label.source, label.is_fraud))
}

on_both! {
    async fn orders_that_wait_are_looked_at_explained_and_decided(kit: Kit) {
        let (shop, token) = kit.asking_shop("shop", "risk.orders").await;
        let ask = async |number: &str, more: Value| {
            let mut order = json!({ "order_id": number, "amount": { "currency": "EUR", "value": "89.90" }, "payment": { "token": "pm_shared", "country": "GB", "avs": "match", "cvc": "match" }, "device": { "ip": "81.2.69.142" } });
            order.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            let url = format!("{}/api/v1/risk/orders", shop.issuer);
            read(shop.client.post(&url).bearer_auth(&token).header("content-type", "application/json").body(order.to_string()), url).await.json()
        };
        ask("o-1", json!({})).await;
        let strange = json!({
            "amount": { "currency": "EUR", "value": "1899.00" }, "device": { "ip": "88.198.7.7" }, "payment": { "token": "pm_shared", "country": "US", "avs": "mismatch", "cvc": "mismatch" },
            "shipping": { "address": { "street_address": "7 Other Road", "postal_code": "M1 1AE", "country": "GB" }, "method": "express" },
        });
        let told = ask("o-2", strange).await;
        assert_eq!(told["action"], "review", "{told}");
        let id = told["decision_id"].as_str().unwrap().to_owned();
        let mut eva: Colleague = kit.colleague("eva", &[Role::Security]).await;
        let queue = eva.open("/admin/risk").await;
        assert!(queue.body.contains(&id) && queue.title().contains("wait for a look"), "{}", queue.body);
        let page = eva.open(&format!("/admin/risk/{id}")).await;
        for said in ["Order o-2", "1899.00 EUR", "The code on the card is wrong", "The card, or however else it is paid", "class=\"against\"", "IP Geolocation by DB-IP"] {
            assert!(page.body.contains(said), "{said}: {}", page.body);
        }
        assert!(!page.body.contains("pm_shared") && !page.body.contains("Other Road"));
        let done = eva.act(&format!("judge_decision/{id}"), &[("verdict", "fraud")]).await;
        assert!(done.status == 303 || done.status == 200, "{} {}", done.status, done.body);
        assert_eq!(label_of(&kit, &id).await, Some((LabelSource::Support, true)));
        let queue = eva.open("/admin/risk").await;
        assert!(queue.body.contains("Nothing waits"), "{}", queue.body);
        assert_eq!(kit.audited("decision_judged", "").await, 1);
        // The shop sees what the desk said.
        let url = format!("{}/api/v1/risk/orders/o-2", shop.issuer);
        let shown = read(shop.client.get(&url).bearer_auth(&token), url).await.json();
        assert_eq!((&shown["fraud"], &shown["outcomes"][0]["outcome"]), (&json!(true), &json!("reviewed_fraud")));
        // Whoever may only look cannot say what it was; whoever may not even look sees nothing.
        let mut auditor = kit.colleague("aud", &[Role::Auditor]).await;
        assert!(!auditor.open(&format!("/admin/risk/{id}")).await.body.contains("do-judge_decision"));
        assert_eq!(auditor.open(&format!("/admin/do/judge_decision/{id}")).await.status, 403);
        let mut support = kit.colleague("sup", &[Role::Support]).await;
        for path in ["/admin/risk".to_owned(), format!("/admin/risk/{id}"), "/admin/risk/models".to_owned(), "/admin/risk/trial".to_owned()] {
            assert_eq!(support.open(&path).await.status, 403, "{path}");
        }
        assert_eq!(eva.open("/admin/risk/dec_01ARZ3NDEKTSV4RRFFQ69G5FAV").await.status, 404);
    }

    async fn a_sign_in_is_judged_by_staff_and_another_policy_is_tried(bare: Kit) {
        let place = std::sync::Arc::new(crate::kit::Place::new(bare.place.backend));
        let kit = Kit::start_with(place, std::sync::Arc::new(claviger::base::time::ManualClock::at(crate::kit::DAWN)), |raw| {
            raw.server.trusted_proxies = vec!["127.0.0.0/8".to_owned()];
        })
        .await;
        let (ada, _) = regular(&kit, "ada", (HOME, FIREFOX), 8).await;
        let thief = browser_at(&kit, RACK, EDGE);
        try_password(&thief, &ada, &ada.password).await;
        let id = decision_of(&kit, Kind::Signin).await;
        let mut eva = kit.colleague("eva", &[Role::Security]).await;
        let page = eva.open(&format!("/admin/risk/{id}")).await;
        for said in ["A browser that we had not seen before", "From a data centre", "The same customer", "Step up"] {
            assert!(page.body.contains(said), "{said}: {}", page.body);
        }
        eva.act(&format!("judge_decision/{id}"), &[("verdict", "honest")]).await;
        assert_eq!(label_of(&kit, &id).await, Some((LabelSource::Support, false)));
        let page = eva.open("/admin/risk/trial?days=30&elevated=allow&high=deny&severe=deny&orders_step_up=800&orders_review=950&orders_deny=1001").await;
        assert!(page.body.contains("id=\"moved\"") && page.body.contains("<strong>Deny</strong>"), "{}", page.body);
        let wrong = eva.open("/admin/risk/trial?days=30&high=deny&severe=allow").await;
        assert!(wrong.status == 400 && wrong.body.contains("at least what is done below"), "{}", wrong.body);
        let models = eva.open("/admin/risk/models").await;
        assert!(models.body.contains("signin-1") && models.body.contains("No trees were trained yet"), "{}", models.body);
        assert_eq!(eva.act("roll_back_model", &[]).await.status, 409);
        assert_eq!(eva.act("activate_model/trees-7", &[]).await.status, 404);
    }
}
