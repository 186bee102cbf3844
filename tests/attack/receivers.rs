//! Receivers of events as a way into the house, or out of it.

use crate::kit::Kit;
use crate::kit::receiver::Receiver;
use crate::on_both;
use claviger::admin::access::rules::Role;
use claviger::app::worker;
use serde_json::json;

on_both! {
    async fn g1_receivers_in_the_house_hear_nothing(kit: Kit) {
        let canary = Receiver::start();
        let port = canary.base.rsplit(':').next().unwrap().to_owned();
        let (ada, manager, bot) = (kit.customer("ada").await, kit.program("manager", &[Role::ClientManager]).await, kit.program("bot", &[Role::SupportLead]).await);
        let houses = [
            format!("http://127.0.0.1:{port}/"),
            format!("http://localhost:{port}/"),
            format!("http://[::1]:{port}/"),
            format!("http://[::ffff:127.0.0.1]:{port}/"),
            format!("http://2130706433:{port}/"),
            format!("http://0x7f.1:{port}/"),
            format!("http://0:{port}/"),
            "http://169.254.169.254/latest/meta-data/".to_owned(),
        ];
        let shop = kit.shop_with("shop", |metadata| metadata.backchannel_logout_uri = Some(houses[1].clone())).await;
        for endpoint in &houses {
            let made = manager.post("/streams", &json!({ "client_id": "shop", "endpoint": endpoint })).await;
            assert_eq!(made.status, 201, "what stands behind an address is judged when it is sent: {}", made.body);
        }
        for endpoint in ["file:///etc/passwd", "gopher://127.0.0.1/", "https://user:word@shop.example/", "https://shop.example/#part", "//shop.example/", ""] {
            let refused = manager.post("/streams", &json!({ "client_id": "shop", "endpoint": endpoint })).await;
            assert_eq!(refused.status, 400, "{endpoint}: {}", refused.body);
        }
        kit.sign_in(&shop, &ada).await;
        assert_eq!(bot.post(&format!("/customers/{}/lock", ada.id), &json!({ "reason": "a drill of ours" })).await.status, 204);
        for _ in 0..3 {
            worker::tell_shops(&kit.node).await.unwrap();
            kit.advance(30);
        }
        assert_eq!(canary.take().len(), 0);
        let listed = manager.get("/streams").await.json();
        assert!(listed["items"].as_array().unwrap().iter().all(|stream| stream["last_error"] == "requests do not go to that address"), "{listed}");
        canary.stop().await;
    }
}
