//! What shops are told of: logout tokens, webhooks, and streams of the Shared Signals Framework; that nothing is lost while a receiver is away; and that nobody is told what is not theirs.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::sync::Arc;

use crate::kit::receiver::{Heard, Receiver};
use crate::kit::shop::claims_of;
use crate::kit::staff::Program;
use crate::kit::{Backend, DAWN, Kit, Person, Place, Reply, Shop};
use claviger::admin::access::rules::Role;
use claviger::app::worker;
use claviger::base::encoding::{base64, from_base64, from_base64url};
use claviger::base::time::{Clock, ManualClock, SystemClock};
use claviger::oauth::clients::metadata::{GrantType, SubjectType};
use claviger::oauth::scope::Scope;
use diesel::connection::SimpleConnection;
use serde_json::{Value, json};

#[path = "../../examples/storefront/shop.rs"]
mod storefront;

/// Makes a test of each function, on each database, with a server that reaches this machine.
macro_rules! telling {
    ($($(#[$attribute:meta])* async fn $name:ident($kit:ident: Kit) $body:block)*) => {
        $(
            mod $name {
                use super::*;
                async fn story($kit: Kit) $body
                #[test]
                fn sqlite() { run(Backend::Sqlite, story); }
                #[test]
                fn postgres() { run(Backend::Postgres, story); }
            }
        )*
    };
}

fn run<F: Future<Output = ()>>(backend: Backend, story: impl FnOnce(Kit) -> F) {
    if backend == Backend::Postgres && std::env::var("TEST_DB").as_deref() == Ok("sqlite") {
        eprintln!("TEST_DB=sqlite: not run on PostgreSQL");
        return;
    }
    actix_web::rt::System::new().block_on(async {
        let adjust = |raw: &mut claviger::app::config::RawConfig| raw.outgoing.allowed_networks = vec!["127.0.0.0/8".to_owned()];
        let kit = Kit::start_with(Arc::new(Place::new(backend)), Arc::new(ManualClock::at(DAWN)), adjust).await;
        let handle = kit.handle.clone();
        story(kit).await;
        handle.stop(false).await;
    });
}

async fn tell(kit: &Kit) -> usize {
    worker::tell_shops(&kit.node).await.unwrap()
}

fn header_of(token: &str) -> Value {
    serde_json::from_slice(&from_base64url(token.split('.').next().unwrap()).unwrap()).unwrap()
}

fn logout_token(heard: &Heard) -> (Value, Value) {
    let token = heard.body.strip_prefix("logout_token=").unwrap();
    (header_of(token), claims_of(token))
}

/// A shop that is told at `uri`.
async fn shop_told_at(kit: &Kit, id: &str, uri: String) -> Shop {
    kit.shop_with(id, |metadata| metadata.backchannel_logout_uri = Some(uri)).await
}

async fn end_sessions(bot: &Program, person: &Person) {
    let reply = bot.post(&format!("/customers/{}/end-sessions", person.id), &json!({ "reason": "asked by telephone" })).await;
    assert_eq!(reply.status, 204, "{}", reply.body);
}

async fn make_webhook(owner: &Program, client: &str, endpoint: &str, events: &[&str]) -> Value {
    let reply = owner.post("/streams", &json!({ "client_id": client, "endpoint": endpoint, "events": events, "description": "Orders" })).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.json()
}

fn hmac_of(secret: &str, heard: &Heard) -> String {
    let key = from_base64(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let content = format!("{}.{}.{}", heard.header("webhook-id"), heard.header("webhook-timestamp"), heard.body);
    let tag = aws_lc_rs::hmac::sign(&aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, &key), content.as_bytes());
    format!("v1,{}", base64(tag))
}

fn types(heard: &[Heard]) -> Vec<String> {
    heard.iter().map(|heard| heard.json()["type"].as_str().unwrap().to_owned()).collect()
}

/// A shop's own token for its streams.
struct Ssf {
    base: String,
    token: String,
}

impl Ssf {
    async fn of(kit: &Kit, id: &str, adjust: impl FnOnce(&mut claviger::oauth::clients::ClientMetadata)) -> (Shop, Self) {
        let shop = kit
            .shop_with(id, |metadata| {
                metadata.grant_types.push(GrantType::ClientCredentials);
                metadata.scope = Scope::from("openid email profile address phone offline_access ssf.read ssf.manage".to_owned());
                adjust(metadata);
            })
            .await;
        let ssf = Self::with(kit, &shop, "ssf.read ssf.manage").await;
        (shop, ssf)
    }

    async fn with(kit: &Kit, shop: &Shop, scope: &str) -> Self {
        let reply = shop.post("/token", &[("grant_type", "client_credentials"), ("scope", scope)]).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        Self { base: kit.url("/ssf"), token: reply.json()["access_token"].as_str().unwrap().to_owned() }
    }

    async fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Reply {
        let mut request = crate::kit::browser::http().request(method.parse().unwrap(), format!("{}{path}", self.base)).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        crate::kit::shop::read(request, path.to_owned()).await
    }

    async fn make(&self, body: &Value) -> Value {
        let reply = self.call("POST", "/streams", Some(body)).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        reply.json()
    }

    async fn poll(&self, stream: &str, body: &Value) -> Value {
        let reply = self.call("POST", &format!("/poll/{stream}"), Some(body)).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.json()
    }
}

fn sets(polled: &Value) -> Vec<(String, Value)> {
    polled["sets"].as_object().unwrap().iter().map(|(id, token)| (id.clone(), claims_of(token.as_str().unwrap()))).collect()
}

const CAEP: &str = "https://schemas.openid.net/secevent/caep/event-type/";
const RISC: &str = "https://schemas.openid.net/secevent/risc/event-type/";

telling! {
    async fn whoever_was_signed_in_by_a_session_hears_that_it_ended(kit: Kit) {
        let receiver = Receiver::start();
        let (ada, bot) = (kit.customer("ada").await, kit.program("bot", &[Role::SupportLead]).await);
        let (shop, other) = (shop_told_at(&kit, "shop", receiver.at("/shop")).await, shop_told_at(&kit, "other", receiver.at("/other")).await);
        let (_, tokens) = kit.sign_in(&shop, &ada).await;
        let (browser, elsewhere) = kit.sign_in(&other, &ada).await;
        assert_eq!(tell(&kit).await, 0, "nothing ended yet");
        end_sessions(&bot, &ada).await;
        assert_eq!(tell(&kit).await, 2);
        let heard = receiver.take();
        assert_eq!(heard.len(), 2, "one for each shop and session");
        for (path, shop, tokens) in [("/shop", &shop, &tokens), ("/other", &other, &elsewhere)] {
            let one = heard.iter().find(|heard| heard.path == path).unwrap();
            assert_eq!(one.header("content-type"), "application/x-www-form-urlencoded");
            let (header, claims) = logout_token(one);
            assert_eq!((header["typ"].as_str(), header["alg"].as_str()), (Some("logout+jwt"), Some("RS256")));
            assert_eq!((&claims["iss"], &claims["aud"], &claims["sid"], &claims["sub"]), (&json!(kit.issuer), &json!(shop.id), &tokens.claims()["sid"], &tokens.claims()["sub"]));
            assert_eq!((&claims["events"], claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), claims.get("nonce")), (&json!({ "http://schemas.openid.net/event/backchannel-logout": {} }), 120, None));
        }
        assert_eq!((tell(&kit).await, receiver.take().len()), (0, 0), "once");
        // A sign-out by the customer is told to the others too, and a session that nobody used for anything tells nobody.
        kit.advance(60);
        let quiet = kit.browser();
        quiet.type_password(&quiet.walk("/account").await.page(), &ada.email, &ada.password).await;
        let page = quiet.walk("/logout/confirm").await.page();
        quiet.press(&page, "sign-out", &[]).await;
        tell(&kit).await;
        assert_eq!(receiver.take().len(), 0);
        shop.sign_in(&browser, &ada, &[]).await;
        let page = browser.walk("/logout/confirm").await.page();
        browser.press(&page, "sign-out", &[]).await;
        tell(&kit).await;
        assert_eq!(receiver.take().len(), 1);
        receiver.stop().await;
    }

    async fn a_logout_that_is_not_taken_is_sent_again_or_given_up(kit: Kit) {
        let receiver = Receiver::start();
        let (ada, bot, mut manager) = (kit.customer("ada").await, kit.program("bot", &[Role::SupportLead]).await, kit.program("manager", &[Role::ClientManager]).await);
        let shop = shop_told_at(&kit, "shop", receiver.at("/shop")).await;
        kit.sign_in(&shop, &ada).await;
        end_sessions(&bot, &ada).await;
        receiver.answer(503, "");
        assert_eq!(tell(&kit).await, 1);
        assert_eq!(tell(&kit).await, 0, "left alone for a moment");
        kit.advance(5);
        assert_eq!(tell(&kit).await, 1);
        receiver.answer(400, r#"{"error":"invalid_request","error_description":"ada@example.com"}"#);
        kit.advance(11);
        assert_eq!(tell(&kit).await, 1);
        let ids: BTreeSet<String> = receiver.take().iter().map(|heard| logout_token(heard).1["jti"].as_str().unwrap().to_owned()).collect();
        assert_eq!(ids.len(), 3, "each try is a token of its own, and no replay of the last");
        kit.advance(86_400);
        assert_eq!(tell(&kit).await, 0, "it was refused for good");
        manager.renew().await;
        let listed = manager.get("/clients/shop/logouts?state=failed").await.json();
        let one = &listed["items"][0];
        assert_eq!((&one["attempts"], &one["answer_status"], &one["last_error"], listed["items"].as_array().unwrap().len()), (&json!(3), &json!(400), &json!("HTTP 400: invalid_request"), 1));
        receiver.answer(200, "");
        let replayed = manager.post("/clients/shop/logouts/replay", &json!({})).await;
        assert_eq!((replayed.status, replayed.json()["replayed"].as_i64()), (200, Some(1)), "{}", replayed.body);
        assert_eq!((tell(&kit).await, receiver.take().len()), (1, 1));
        let listed = manager.get("/clients/shop/logouts").await.json();
        assert_eq!((&listed["items"][0]["failed_at"], &listed["items"][0]["answer_status"]), (&Value::Null, &json!(200)));
        receiver.stop().await;
    }

    async fn a_webhook_is_signed_and_says_nothing_personal(kit: Kit) {
        let receiver = Receiver::start();
        let (ada, bot, manager) = (kit.customer("ada").await, kit.program("bot", &[Role::SupportLead]).await, kit.program("manager", &[Role::ClientManager]).await);
        let shop = kit.shop("shop").await;
        let made = make_webhook(&manager, "shop", &receiver.at("/hook"), &[]).await;
        let (id, secret) = (made["stream_id"].as_str().unwrap().to_owned(), made["secret"].as_str().unwrap().to_owned());
        assert!(!manager.get(&format!("/streams/{id}")).await.body.contains("whsec_"), "told once");
        // Somebody whom the shop does not know is none of its business.
        let eve = kit.customer("eve").await;
        assert_eq!(bot.post(&format!("/customers/{}/lock", eve.id), &json!({ "reason": "asked by telephone" })).await.status, 204);
        let (_, tokens) = kit.sign_in(&shop, &ada).await;
        tell(&kit).await;
        assert_eq!(receiver.take().len(), 0);
        assert_eq!(bot.post(&format!("/customers/{}/lock", ada.id), &json!({ "reason": "asked by telephone" })).await.status, 204);
        tell(&kit).await;
        let heard = receiver.take();
        assert_eq!(types(&heard).into_iter().collect::<BTreeSet<_>>(), ["account.disabled".to_owned(), "session.revoked".to_owned()].into());
        for one in &heard {
            let data = &one.json()["data"];
            assert_eq!((&data["sub"], &data["iss"], &data["initiating_entity"]), (&tokens.claims()["sub"], &json!(kit.issuer), &json!("admin")));
            if one.json()["type"] == "session.revoked" {
                assert_eq!(data["sid"], tokens.claims()["sid"]);
            }
            assert!(!one.body.contains("ada") && !one.body.contains("ses_") && !one.body.contains("cus_"), "{}", one.body);
            assert_eq!(one.header("webhook-timestamp"), kit.clock_now().to_string());
            let signatures: Vec<&str> = one.header("webhook-signature").split(' ').collect();
            assert_eq!((signatures.len(), signatures[0]), (2, hmac_of(&secret, one).as_str()));
            let key = from_base64(made["public_key"].as_str().unwrap().strip_prefix("whpk_").unwrap()).unwrap();
            let content = format!("{}.{}.{}", one.header("webhook-id"), one.header("webhook-timestamp"), one.body);
            let by_key = from_base64(signatures[1].strip_prefix("v1a,").unwrap()).unwrap();
            let key = aws_lc_rs::signature::UnparsedPublicKey::new(&aws_lc_rs::signature::ED25519, key);
            assert!(key.verify(content.as_bytes(), &by_key).is_ok() && key.verify(format!("{content} ").as_bytes(), &by_key).is_err());
        }
        // Only what was asked for; a new secret signs beside the one before for as long as is said.
        let wish = json!({ "endpoint": receiver.at("/hook2"), "events": ["account.enabled"] });
        assert_eq!(manager.request("PUT", &format!("/streams/{id}"), &wish, &[]).await.status, 200);
        let rotated = manager.post(&format!("/streams/{id}/secret"), &json!({ "overlap_seconds": 100 })).await.json();
        let newer = rotated["secret"].as_str().unwrap();
        assert_eq!(bot.post(&format!("/customers/{}/unlock", ada.id), &json!({ "reason": "asked by telephone" })).await.status, 204);
        tell(&kit).await;
        let heard = receiver.take();
        assert_eq!((types(&heard), heard[0].path.as_str()), (vec!["account.enabled".to_owned()], "/hook2"));
        let signatures: Vec<&str> = heard[0].header("webhook-signature").split(' ').collect();
        assert_eq!((signatures[0], signatures[1], signatures.len()), (hmac_of(newer, &heard[0]).as_str(), hmac_of(&secret, &heard[0]).as_str(), 3));
        kit.advance(101);
        assert_eq!(manager.post(&format!("/streams/{id}/test"), &Value::Null).await.status, 204);
        tell(&kit).await;
        let heard = receiver.take();
        assert_eq!((types(&heard), heard[0].header("webhook-signature").split(' ').count()), (vec!["stream.verification".to_owned()], 2));
        assert_eq!(manager.request("DELETE", &format!("/streams/{id}"), &Value::Null, &[]).await.status, 204);
        assert_eq!(manager.get(&format!("/streams/{id}")).await.status, 404);
        receiver.stop().await;
    }

    async fn ten_minutes_without_a_receiver_lose_nothing_and_hold_up_nobody(kit: Kit) {
        let (away, there) = (Receiver::start(), Receiver::start());
        let (ada, mut manager, mut bot) = (kit.customer("ada").await, kit.program("manager", &[Role::ClientManager]).await, kit.program("bot", &[Role::SupportLead]).await);
        let shop = kit.shop("shop").await;
        kit.sign_in(&shop, &ada).await;
        make_webhook(&manager, "shop", &away.at("/hook"), &["account.disabled", "account.enabled"]).await;
        let calm = make_webhook(&manager, "shop", &there.at("/hook"), &["account.disabled", "account.enabled"]).await;
        away.answer(503, "");
        let mut at_once = 0;
        for round in 0..40 {
            bot.renew().await;
            let what = if round % 2 == 0 { "lock" } else { "unlock" };
            assert_eq!(bot.post(&format!("/customers/{}/{what}", ada.id), &json!({ "reason": "a drill of ours" })).await.status, 204);
            tell(&kit).await;
            at_once += there.take().len();
            kit.advance(15);
        }
        assert_eq!(at_once, 40, "the one that answers is told at once");
        let tried = away.take().len();
        assert!((4..=20).contains(&tried), "the other one is not hammered: {tried}");
        away.answer(204, "");
        let mut heard = Vec::new();
        for _ in 0..80 {
            tell(&kit).await;
            heard.extend(away.take());
            kit.advance(15);
        }
        let ids: BTreeSet<String> = heard.iter().map(|heard| heard.header("webhook-id").to_owned()).collect();
        assert_eq!((heard.len(), ids.len()), (40, 40), "each once");
        assert_eq!(types(&heard).iter().filter(|kind| *kind == "account.disabled").count(), 20);
        // One that is gone for good is stopped.
        bot.renew().await;
        manager.renew().await;
        there.answer(410, "");
        assert_eq!(bot.post(&format!("/customers/{}/lock", ada.id), &json!({ "reason": "a drill of ours" })).await.status, 204);
        tell(&kit).await;
        let view = manager.get(&format!("/streams/{}", calm["stream_id"].as_str().unwrap())).await.json();
        assert_eq!((&view["status"], &view["status_reason"]), (&json!("disabled"), &json!("the receiver answered 410")));
        // What nobody takes for three days is given up, and can be sent again.
        away.answer(302, "");
        assert_eq!(bot.post(&format!("/customers/{}/unlock", ada.id), &json!({ "reason": "a drill of ours" })).await.status, 204);
        for _ in 0..4 {
            tell(&kit).await;
            kit.advance(86_401);
        }
        assert!(away.take().iter().all(|heard| heard.path == "/hook"), "nobody is followed elsewhere");
        manager.renew().await;
        let streams = manager.get("/streams").await.json();
        let failing = streams["items"].as_array().unwrap().iter().find(|stream| stream["failures"].as_i64() > Some(0)).unwrap();
        let listed = manager.get(&format!("/streams/{}/deliveries?state=failed", failing["stream_id"].as_str().unwrap())).await.json();
        assert_eq!((&listed["items"][0]["event"], &listed["items"][0]["last_error"]), (&json!("account.enabled"), &json!("HTTP 302")));
        for receiver in [away, there] {
            receiver.stop().await;
        }
    }

    async fn a_shop_makes_streams_for_itself_and_fetches_what_happened(kit: Kit) {
        let bot = kit.program("bot", &[Role::SupportLead]).await;
        let (shop, ssf) = Ssf::of(&kit, "shop", |metadata| metadata.subject_type = SubjectType::Pairwise).await;
        let (stranger, other) = Ssf::of(&kit, "other", |_| {}).await;
        let metadata = kit.browser().get("/.well-known/ssf-configuration").await.json();
        assert_eq!((&metadata["issuer"], &metadata["spec_version"], &metadata["configuration_endpoint"]), (&json!(kit.issuer), &json!("1_0"), &json!(kit.url("/ssf/streams"))));
        let stream = ssf.make(&json!({})).await;
        let id = stream["stream_id"].as_str().unwrap().to_owned();
        assert_eq!((&stream["aud"], &stream["delivery"]["method"], &stream["delivery"]["endpoint_url"]), (&json!("shop"), &json!("urn:ietf:rfc:8936"), &json!(kit.url(&format!("/ssf/poll/{id}")))));
        let now = json!({ "returnImmediately": true });
        assert_eq!(ssf.poll(&id, &now).await, json!({ "sets": {} }));
        // What a shop can be told of.
        let (ada, bob) = (kit.customer("ada").await, kit.customer("bob").await);
        let (browser, tokens) = kit.sign_in(&shop, &ada).await;
        let (_, bobs) = kit.sign_in(&shop, &bob).await;
        kit.sign_in(&stranger, &bob).await;
        let sub = tokens.claims()["sub"].clone();
        let page = browser.walk("/account/password").await.page();
        assert_eq!(browser.press(&page, "new-password", &[("new_password", "wombat harmonica quill")]).await.status, 303);
        end_sessions(&bot, &ada).await;
        tell(&kit).await;
        let polled = ssf.poll(&id, &now).await;
        let told = sets(&polled);
        let events: Vec<&str> = told.iter().map(|(_, claims)| claims["events"].as_object().unwrap().keys().next().unwrap().as_str()).collect();
        let revoked = format!("{CAEP}session-revoked");
        assert!(events.contains(&revoked.as_str()), "{events:?}");
        for (jti, claims) in &told {
            assert_eq!((&claims["jti"], &claims["iss"], &claims["aud"]), (&json!(jti), &json!(kit.issuer), &json!("shop")));
            let user = claims["sub_id"].get("user").unwrap_or(&claims["sub_id"]);
            assert_eq!(*user, json!({ "format": "iss_sub", "iss": kit.issuer, "sub": sub }), "by the name that this shop knows, and nobody else");
            assert!(claims.get("sub").is_none() && claims.get("exp").is_none());
        }
        assert_eq!(header_of(polled["sets"].as_object().unwrap().values().next().unwrap().as_str().unwrap())["typ"], "secevent+jwt");
        // What was taken does not come again; what was refused does not either.
        assert_eq!(sets(&ssf.poll(&id, &now).await).len(), told.len(), "not taken yet");
        let taken: Vec<&String> = told.iter().skip(1).map(|(jti, _)| jti).collect();
        let answer = json!({ "returnImmediately": true, "ack": taken, "setErrs": { told[0].0.as_str(): { "err": "invalid_key", "description": "x" } } });
        assert_eq!(ssf.poll(&id, &answer).await, json!({ "sets": {} }));
        // Held, and stopped.
        let switch = async |status: &str| assert_eq!(ssf.call("POST", "/status", Some(&json!({ "stream_id": id, "status": status }))).await.status, 200);
        switch("paused").await;
        assert_eq!(bot.post(&format!("/customers/{}/lock", bob.id), &json!({ "reason": "a drill of ours" })).await.status, 204);
        tell(&kit).await;
        assert_eq!(ssf.poll(&id, &now).await, json!({ "sets": {} }));
        switch("enabled").await;
        assert_eq!(sets(&ssf.poll(&id, &now).await).len(), 2, "kept meanwhile");
        switch("disabled").await;
        switch("enabled").await;
        assert_eq!(ssf.poll(&id, &now).await, json!({ "sets": {} }), "dropped");
        // Somebody whom it does not want to hear of.
        let bob_there = json!({ "stream_id": id, "subject": { "format": "iss_sub", "iss": kit.issuer, "sub": bobs.claims()["sub"] } });
        assert_eq!(ssf.call("POST", "/subjects/remove", Some(&bob_there)).await.status, 204);
        assert_eq!(bot.post(&format!("/customers/{}/unlock", bob.id), &json!({ "reason": "a drill of ours" })).await.status, 204);
        tell(&kit).await;
        assert_eq!(ssf.poll(&id, &now).await, json!({ "sets": {} }));
        assert_eq!(ssf.call("POST", "/subjects/add", Some(&bob_there)).await.status, 200);
        assert_eq!(bot.post(&format!("/customers/{}/lock", bob.id), &json!({ "reason": "a drill of ours" })).await.status, 204);
        tell(&kit).await;
        assert_eq!(sets(&ssf.poll(&id, &now).await)[0].1["events"].as_object().unwrap().keys().next().unwrap(), &format!("{RISC}account-disabled"));
        // A verification, and no second one at once.
        let verify = json!({ "stream_id": id, "state": "VGhpcyBpcyBhbiBleGFtcGxl" });
        assert_eq!(ssf.call("POST", "/verify", Some(&verify)).await.status, 204);
        let again = ssf.call("POST", "/verify", Some(&verify)).await;
        assert_eq!((again.status, again.header("retry-after")), (429, "10"));
        let polled = ssf.poll(&id, &now).await;
        let (_, claims) = sets(&polled).into_iter().find(|(_, claims)| claims["sub_id"]["format"] == "opaque").unwrap();
        assert_eq!((&claims["sub_id"]["id"], &claims["events"]["https://schemas.openid.net/secevent/ssf/event-type/verification"]), (&json!(id), &json!({ "state": "VGhpcyBpcyBhbiBleGFtcGxl" })));
        // Another client's stream is not there, and its reader cannot change anything.
        for (method, path, body) in [
            ("GET", format!("/streams?stream_id={id}"), None),
            ("GET", format!("/status?stream_id={id}"), None),
            ("DELETE", format!("/streams?stream_id={id}"), None),
            ("PATCH", "/streams".to_owned(), Some(json!({ "stream_id": id, "description": "mine" }))),
            ("PUT", "/streams".to_owned(), Some(json!({ "stream_id": id }))),
            ("POST", "/status".to_owned(), Some(json!({ "stream_id": id, "status": "disabled" }))),
            ("POST", "/verify".to_owned(), Some(verify.clone())),
            ("POST", "/subjects/remove".to_owned(), Some(bob_there.clone())),
            ("POST", format!("/poll/{id}"), Some(now.clone())),
        ] {
            assert_eq!(other.call(method, &path, body.as_ref()).await.status, 404, "{method} {path}");
            let reader = Ssf::with(&kit, &shop, "ssf.read").await.call(method, &path, body.as_ref()).await;
            let may = method == "GET" || path.starts_with("/poll");
            assert_eq!(reader.status, if may { 200 } else { 403 }, "{method} {path}: {}", reader.body);
            let customer = Ssf { base: kit.url("/ssf"), token: tokens.access() }.call(method, &path, body.as_ref()).await;
            assert!(matches!(customer.status, 401 | 403), "a customer's token is none of a shop's");
            assert_eq!(Ssf { base: kit.url("/ssf"), token: "nonsense".to_owned() }.call(method, &path, body.as_ref()).await.status, 401);
        }
        // Changed, listed, removed.
        let patched = ssf.call("PATCH", "/streams", Some(&json!({ "stream_id": id, "events_requested": [revoked] }))).await.json();
        assert_eq!(patched["events_delivered"], json!([revoked]));
        assert_eq!(ssf.call("PATCH", "/streams", Some(&json!({ "stream_id": id, "aud": "other" }))).await.status, 400);
        assert_eq!(ssf.call("PUT", "/streams", Some(&json!({ "stream_id": id, "events_requested": 7 }))).await.status, 400);
        assert_eq!(ssf.call("GET", "/streams", None).await.json().as_array().unwrap().len(), 1);
        assert_eq!(ssf.call("DELETE", &format!("/streams?stream_id={id}"), None).await.status, 204);
        assert_eq!(ssf.call("GET", "/streams", None).await.json(), json!([]));
        for count in 0..10 {
            ssf.make(&json!({ "description": count.to_string() })).await;
        }
        assert_eq!(ssf.call("POST", "/streams", Some(&json!({}))).await.status, 409);
    }

    async fn who_is_held_is_told_so_and_what_staff_stopped_stays_stopped(kit: Kit) {
        let receiver = Receiver::start();
        let (ada, manager, bot) = (kit.customer("ada").await, kit.program("manager", &[Role::ClientManager]).await, kit.program("bot", &[Role::SupportLead]).await);
        let (shop, ssf) = Ssf::of(&kit, "shop", |_| {}).await;
        kit.sign_in(&shop, &ada).await;
        let push = ssf.make(&json!({ "delivery": { "method": "urn:ietf:rfc:8935", "endpoint_url": receiver.at("/events"), "authorization_header": "Bearer kept" } })).await;
        let poll = ssf.make(&json!({})).await;
        let (push, poll) = (push["stream_id"].as_str().unwrap(), poll["stream_id"].as_str().unwrap());
        let now = json!({ "returnImmediately": true });
        for id in [push, poll] {
            assert_eq!(manager.post(&format!("/streams/{id}/switch"), &json!({ "status": "paused", "reason": "a look at it" })).await.status, 204);
        }
        assert_eq!(bot.post(&format!("/customers/{}/lock", ada.id), &json!({ "reason": "a drill of ours" })).await.status, 204);
        tell(&kit).await;
        let updated = json!({ "status": "paused", "reason": "a look at it" });
        let uri = "https://schemas.openid.net/secevent/ssf/event-type/stream-updated";
        let heard = receiver.take();
        assert_eq!((heard.len(), &claims_of(&heard[0].body)["events"][uri], heard[0].header("authorization")), (1, &updated, "Bearer kept"), "nothing but that it is held");
        let polled = ssf.poll(poll, &now).await;
        assert_eq!((sets(&polled).len(), &sets(&polled)[0].1["events"][uri]), (1, &updated));
        // The client does not let run again what staff stopped; staff do, and what came meanwhile goes out.
        assert_eq!(ssf.call("POST", "/status", Some(&json!({ "stream_id": push, "status": "enabled" }))).await.status, 403);
        assert_eq!(manager.post(&format!("/streams/{push}/switch"), &json!({ "status": "enabled" })).await.status, 204);
        tell(&kit).await;
        assert_eq!(receiver.take().len(), 3, "that it runs, that the account is locked, and that the session ended");
        // Sending back what was read does not take the credential away; another place is told none.
        let read = ssf.call("GET", &format!("/streams?stream_id={push}"), None).await.json();
        assert_eq!(ssf.call("PUT", "/streams", Some(&read)).await.status, 200);
        assert_eq!(ssf.call("POST", "/verify", Some(&json!({ "stream_id": push }))).await.status, 204);
        tell(&kit).await;
        assert_eq!(receiver.take()[0].header("authorization"), "Bearer kept");
        let other = Receiver::start();
        assert_eq!(ssf.call("PATCH", "/streams", Some(&json!({ "stream_id": push, "delivery": { "method": "urn:ietf:rfc:8935", "endpoint_url": other.at("/events") } }))).await.status, 200);
        kit.advance(11);
        assert_eq!(ssf.call("POST", "/verify", Some(&json!({ "stream_id": push }))).await.status, 204);
        tell(&kit).await;
        assert_eq!((other.take()[0].header("authorization"), receiver.take().len()), ("", 0));
        assert_eq!(ssf.call("POST", &format!("/poll/{push}"), Some(&now)).await.status, 404, "nobody comes for what is sent");
        for receiver in [receiver, other] {
            receiver.stop().await;
        }
    }

    async fn one_that_cannot_be_read_and_one_that_is_switched_off_hold_up_nobody(kit: Kit) {
        let receiver = Receiver::start();
        let (ada, manager, bot) = (kit.customer("ada").await, kit.program("manager", &[Role::ClientManager]).await, kit.program("bot", &[Role::SupportLead]).await);
        let (shop, other) = (kit.shop("shop").await, kit.shop("other").await);
        for shop in [&shop, &other] {
            kit.sign_in(shop, &ada).await;
        }
        let spoilt = make_webhook(&manager, "shop", &receiver.at("/shop"), &["account.disabled", "account.enabled"]).await;
        make_webhook(&manager, "other", &receiver.at("/other"), &["account.disabled", "account.enabled"]).await;
        assert_eq!(bot.post(&format!("/customers/{}/lock", ada.id), &json!({ "reason": "a drill of ours" })).await.status, 204);
        worker::place_new(&kit.node).await.unwrap();
        worker::gather_events(&kit.node).await.unwrap();
        let nothing = if kit.place.backend == Backend::Sqlite { "x'00'" } else { "decode('00', 'hex')" };
        let spoil = format!("UPDATE event_deliveries SET told_sealed = {nothing} WHERE receiver = '{}'", spoilt["stream_id"].as_str().unwrap());
        kit.node.base.db.write(move |tx| tx.batch_execute(&spoil).map_err(claviger::platform::db::StoreError::from)).await.unwrap();
        assert_eq!(bot.post(&format!("/customers/{}/unlock", ada.id), &json!({ "reason": "a drill of ours" })).await.status, 204);
        tell(&kit).await;
        let heard = receiver.take();
        assert_eq!((heard.iter().filter(|one| one.path == "/other").count(), heard.iter().filter(|one| one.path == "/shop").count()), (2, 1), "the rest is told");
        // The two shops have nothing to compare: what ties the events of one together is its own.
        assert!(heard.iter().all(|one| one.json().get("txn").is_none()));
        // Switched off, it is told nothing; on again, it is.
        assert_eq!(bot.post(&format!("/customers/{}/lock", ada.id), &json!({ "reason": "a drill of ours" })).await.status, 204);
        worker::place_new(&kit.node).await.unwrap();
        worker::gather_events(&kit.node).await.unwrap();
        assert_eq!(manager.post("/clients/other/switch", &json!({ "is_enabled": false })).await.status, 204);
        tell(&kit).await;
        assert!(receiver.take().iter().all(|one| one.path == "/shop"));
        assert_eq!(manager.post("/clients/other/switch", &json!({ "is_enabled": true })).await.status, 204);
        kit.advance(10);
        tell(&kit).await;
        let heard = receiver.take();
        assert_eq!(types(&heard), ["account.disabled"]);
        // What was heard can be had once more, under another id.
        let id = manager.get("/streams").await.json()["items"].as_array().unwrap().iter().find(|stream| stream["client_id"] == "other").unwrap()["stream_id"].as_str().unwrap().to_owned();
        let again = manager.post(&format!("/streams/{id}/replay"), &json!({ "delivery_id": heard[0].header("webhook-id") })).await;
        assert_eq!(again.json()["replayed"], 1, "{}", again.body);
        tell(&kit).await;
        let once_more = receiver.take();
        assert!(once_more[0].body == heard[0].body && once_more[0].header("webhook-id") != heard[0].header("webhook-id"));
        receiver.stop().await;
    }

    async fn levels_are_told_to_the_shops_of_the_session_and_keys_by_their_kind(kit: Kit) {
        let ada = kit.customer("ada").await;
        let (shop, ssf) = Ssf::of(&kit, "shop", |_| {}).await;
        let (stranger, other) = Ssf::of(&kit, "other", |_| {}).await;
        let (id, elsewhere) = (ssf.make(&json!({})).await, other.make(&json!({})).await);
        let (browser, tokens) = kit.sign_in(&shop, &ada).await;
        kit.sign_in(&stranger, &ada).await;
        let seed = crate::factors::enrol(&kit, &ada).await;
        kit.advance(61);
        let now = json!({ "returnImmediately": true });
        let drain = async |ssf: &Ssf, stream: &Value| {
            let told = sets(&ssf.poll(stream["stream_id"].as_str().unwrap(), &now).await);
            let taken: Vec<&String> = told.iter().map(|(jti, _)| jti).collect();
            ssf.poll(stream["stream_id"].as_str().unwrap(), &json!({ "returnImmediately": true, "ack": taken })).await;
            told.into_iter().map(|(_, claims)| claims).collect::<Vec<_>>()
        };
        tell(&kit).await;
        for (ssf, stream) in [(&ssf, &id), (&other, &elsewhere)] {
            drain(ssf, stream).await;
        }
        // Where a shop signed in by the session in which a factor is added, it hears that it counts for more.
        let bea = kit.customer("bea").await;
        let (seen, _) = kit.sign_in(&shop, &bea).await;
        crate::factors::enrol_in(&kit, &seen).await;
        tell(&kit).await;
        let told = drain(&ssf, &id).await;
        let raised: Vec<&Value> = told.iter().filter_map(|claims| claims["events"].get(format!("{CAEP}assurance-level-change"))).collect();
        assert_eq!((raised.len(), &raised[0]["current_level"], &raised[0]["change_direction"]), (1, &json!("urn:claviger:acr:second-factor"), &json!("increase")), "{told:?}");
        let page = shop.authorize(&browser, &[("acr_values", "urn:claviger:acr:second-factor")]).await.page();
        let reply = browser.press(&page, "totp", &[("code", &crate::factors::code(&kit, &seed, 0))]).await;
        browser.follow(reply).await.away();
        tell(&kit).await;
        let (here, there) = (drain(&ssf, &id).await, drain(&other, &elsewhere).await);
        let change = &here[0]["events"][format!("{CAEP}assurance-level-change")];
        assert_eq!((&change["previous_level"], &change["current_level"], &change["change_direction"]), (&json!("urn:claviger:acr:password"), &json!("urn:claviger:acr:second-factor"), &json!("increase")), "{here:?}");
        assert_eq!((&here[0]["sub_id"]["session"]["id"], there.len()), (&tokens.claims()["sid"], 0), "nobody else's session");
        // The app is taken away: told by its kind, to both.
        let page = browser.walk("/account/security").await.page();
        let page = if page.url.ends_with("/recovery-codes") { browser.keep_codes(&page).await.1 } else { page };
        let field = page.body.split("name=\"authenticator\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let reply = browser.submit("/account/security/remove", &[("csrf", &page.hidden("action=\"/account/security/remove\"", "csrf")), ("authenticator", &field)]).await;
        assert_eq!(reply.location().map(|to| to.ends_with("?removed")), Some(true), "{:?} {}", reply.location(), reply.body);
        tell(&kit).await;
        let uri = format!("{CAEP}credential-change");
        let (here, there) = (drain(&ssf, &id).await, drain(&other, &elsewhere).await);
        for told in [&here, &there] {
            let last = &told.last().unwrap()["events"][&uri];
            assert_eq!((&last["credential_type"], &last["change_type"]), (&json!("app"), &json!("delete")), "{told:?}");
        }
        assert_ne!(here[0]["txn"], there[0]["txn"], "two shops have nothing to compare");
    }

    async fn an_erased_customer_is_the_last_that_a_shop_hears_of_them(kit: Kit) {
        let receiver = Receiver::start();
        let manager = kit.program("manager", &[Role::ClientManager]).await;
        let (ada, shop) = (kit.customer("ada").await, shop_told_at(&kit, "shop", receiver.at("/logout")).await);
        let (_, tokens) = kit.sign_in(&shop, &ada).await;
        make_webhook(&manager, "shop", &receiver.at("/hook"), &["account.purged"]).await;
        let (id, now) = (ada.id.clone(), kit.node.base.tools.now());
        kit.node.base.db.write(move |tx| claviger::identity::customers::details::store::keep_erasure(tx, &id, Some(now))).await.unwrap();
        assert_eq!(worker::erase_due(&kit.node).await.unwrap(), 1);
        tell(&kit).await;
        let heard = receiver.take();
        let hook = heard.iter().find(|heard| heard.path == "/hook").unwrap().json();
        assert_eq!((&hook["type"], &hook["data"]["sub"]), (&json!("account.purged"), &tokens.claims()["sub"]));
        let (_, claims) = logout_token(heard.iter().find(|heard| heard.path == "/logout").unwrap());
        assert_eq!((&claims["sub"], claims.get("sid")), (&tokens.claims()["sub"], None));
        let id = ada.id.to_string();
        assert_eq!(kit.node.base.db.read(move |connection| claviger::oauth::events::subjects::store::list_knowers(connection, &id)).await.unwrap(), []);
        receiver.stop().await;
    }

    async fn the_example_shop_signs_a_customer_out_a_moment_after_an_admin_did(kit: Kit) {
        // Its libraries look at the real time.
        kit.advance(SystemClock::new().now().0 - kit.clock_now());
        let (ada, bot) = (kit.customer("ada").await, kit.program("bot", &[Role::SupportLead]).await);
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let uri = |path: &str| claviger::base::uri::RedirectUri::parse(&format!("{base}{path}")).unwrap();
        let (callback, told_at) = (uri("/callback"), format!("{}/backchannel-logout", base.replace("localhost", "127.0.0.1")));
        let registered = kit
            .shop_with("bean", |metadata| {
                metadata.redirect_uris = vec![callback];
                metadata.backchannel_logout_uri = Some(told_at);
            })
            .await;
        let settings = storefront::Settings { issuer: kit.issuer.clone(), client_id: registered.id.clone(), client_secret: registered.secret.clone(), base_url: base.clone(), judges_orders: false, notes: Vec::new() };
        let server = storefront::Storefront::new(settings).unwrap().serve(listener).unwrap();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let worker = actix_web::rt::spawn(worker::run_events(Arc::clone(&kit.node), stopped));
        let (there, browser) = (crate::kit::browser::http(), kit.browser());
        let away = there.get(format!("{base}/sign-in")).send().await.unwrap();
        let cookie = away.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let page = browser.walk(away.headers()["location"].to_str().unwrap()).await.page();
        let reply = browser.type_password(&page, &ada.email, &ada.password).await;
        let answer = browser.follow(reply).await.away();
        let pairs: Vec<(&str, &str)> = answer.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let back = format!("{base}/callback?{}", claviger::base::uri::encode_form(&pairs));
        let reply = there.get(back).header("cookie", &cookie).send().await.unwrap();
        assert_eq!(reply.status(), 303, "{}", reply.text().await.unwrap());
        let is_in = async || there.get(format!("{base}/checkout")).header("cookie", &cookie).send().await.unwrap().status() == 200;
        assert!(is_in().await);
        let began = std::time::Instant::now();
        end_sessions(&bot, &ada).await;
        for _ in 0..100 {
            if !is_in().await { break }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        let took = began.elapsed();
        assert!(!is_in().await, "still signed in at the shop");
        eprintln!("signed out at the shop after {} ms", took.as_millis());
        stop.send(true).unwrap();
        worker.await.unwrap();
        handle.stop(false).await;
    }

    async fn heads_of_the_audit_log_go_to_whoever_keeps_them(kit: Kit) {
        let receiver = Receiver::start();
        let (url, place, clock) = (receiver.at("/heads"), Arc::clone(&kit.place), Arc::clone(&kit.clock));
        let node = Kit::start_with(place, clock, |raw| {
            raw.outgoing.allowed_networks = vec!["127.0.0.0/8".to_owned()];
            raw.audit.heads_url = url;
        })
        .await;
        kit.sign_in(&kit.shop("shop").await, &kit.customer("ada").await).await;
        kit.advance(20);
        assert!(worker::place_audit(&node.node).await.unwrap() > 0);
        let mut heard = Vec::new();
        for _ in 0..200 {
            heard = receiver.take();
            if !heard.is_empty() { break }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        let key = claviger::platform::audit::log::signer(&kit.node.base.tools.ring).unwrap().key().clone();
        assert_eq!((heard[0].path.as_str(), key.verify(&heard[0].body).map(|head| head.size > 0)), ("/heads", Some(true)), "{}", heard[0].body);
        node.handle.stop(false).await;
        receiver.stop().await;
    }

    async fn a_receiver_on_other_peoples_libraries_checks_all_three(kit: Kit) {
        // Its libraries look at the real time.
        kit.advance(SystemClock::new().now().0 - kit.clock_now());
        let (ada, manager, bot) = (kit.customer("ada").await, kit.program("manager", &[Role::ClientManager]).await, kit.program("bot", &[Role::SupportLead]).await);
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let base = format!("http://127.0.0.1:{port}");
        let (shop, ssf) = Ssf::of(&kit, "shop", |metadata| metadata.backchannel_logout_uri = Some(format!("{base}/logout"))).await;
        let made = make_webhook(&manager, "shop", &format!("{base}/webhook"), &[]).await;
        let push = json!({ "delivery": { "method": "urn:ietf:rfc:8935", "endpoint_url": format!("{base}/events"), "authorization_header": "Bearer of-the-receiver" } });
        let stream = ssf.make(&push).await;
        assert!(!stream.to_string().contains("of-the-receiver"), "kept, and not told again");
        let python = std::env::var("TEST_PYTHON").expect("TEST_PYTHON is not set; scripts/test sets it");
        let mut command = std::process::Command::new(python);
        command.arg("tests/clients/python/receiver.py").args([&kit.issuer, "shop", made["secret"].as_str().unwrap(), made["public_key"].as_str().unwrap(), &port.to_string()]);
        let mut child = tokio::task::spawn_blocking(move || command.stdout(std::process::Stdio::piped()).spawn().unwrap()).await.unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (first, mut lines) = tokio::task::spawn_blocking(move || (lines.next().unwrap().unwrap(), lines)).await.unwrap();
        assert_eq!(first, port.to_string());
        let (_, tokens) = kit.sign_in(&shop, &ada).await;
        assert_eq!(ssf.call("POST", "/verify", Some(&json!({ "stream_id": stream["stream_id"], "state": "abc" }))).await.status, 204);
        assert_eq!(bot.post(&format!("/customers/{}/lock", ada.id), &json!({ "reason": "a drill of ours" })).await.status, 204);
        for _ in 0..3 {
            tell(&kit).await;
        }
        let read = tokio::task::spawn_blocking(move || (0..6).map(|_| lines.next().unwrap().unwrap()).collect::<Vec<_>>());
        let read = tokio::time::timeout(std::time::Duration::from_secs(30), read).await;
        child.kill().unwrap();
        child.wait().unwrap();
        let lines = read.expect("all six came").unwrap();
        let told: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"))).collect();
        let of = |path: &str| told.iter().filter(|one| one["path"] == path).cloned().collect::<Vec<_>>();
        assert_eq!((of("/logout").len(), of("/webhook").len(), of("/events").len()), (1, 2, 3), "{told:?}");
        assert!(of("/webhook").iter().all(|one| one["v1a"] == true && one["data"]["sub"] == tokens.claims()["sub"]));
        assert_eq!(of("/logout")[0]["sid"], tokens.claims()["sid"]);
        let kinds: BTreeSet<String> = of("/events").iter().map(|one| one["events"].as_object().unwrap().keys().next().unwrap().clone()).collect();
        assert_eq!(kinds, [format!("{CAEP}session-revoked"), format!("{RISC}account-disabled"), "https://schemas.openid.net/secevent/ssf/event-type/verification".to_owned()].into());
    }

    async fn a_receiver_that_asks_for_time_is_left_alone_so_long(kit: Kit) {
        let receiver = Receiver::start();
        let (ada, shop, bot) = (kit.customer("ada").await, kit.shop("shop").await, kit.program("bot", &[Role::Owner]).await);
        kit.sign_in(&shop, &ada).await;
        make_webhook(&bot, "shop", &receiver.at("/hook"), &["session.revoked"]).await;
        receiver.answer_later(300);
        end_sessions(&bot, &ada).await;
        assert_eq!((tell(&kit).await, receiver.take().len()), (1, 1));
        receiver.answer(200, "");
        // Its own pause would have been over after five seconds.
        kit.advance(299);
        assert_eq!((tell(&kit).await, receiver.take().len()), (0, 0));
        kit.advance(1);
        assert_eq!((tell(&kit).await, receiver.take().len()), (1, 1));
        // Nobody is left alone for a year because they say so.
        kit.sign_in(&shop, &ada).await;
        end_sessions(&bot, &ada).await;
        receiver.answer_later(31_536_000);
        tell(&kit).await;
        receiver.take();
        receiver.answer(200, "");
        kit.advance(600);
        assert_eq!((tell(&kit).await, receiver.take().len()), (1, 1));
    }

    async fn whoever_does_not_come_for_ten_thousand_events_is_stopped(kit: Kit) {
        let receiver = Receiver::start();
        let (ada, shop, bot) = (kit.customer("ada").await, kit.shop("shop").await, kit.program("bot", &[Role::Owner]).await);
        kit.sign_in(&shop, &ada).await;
        let (gone, there) = (make_webhook(&bot, "shop", &receiver.at("/gone"), &["session.revoked"]).await, make_webhook(&bot, "shop", &receiver.at("/there"), &["session.revoked"]).await);
        let id = gone["stream_id"].as_str().unwrap().to_owned();
        // As if nobody had been there for a long time: all of them wait, none is due.
        let crowd = |from: i64, to: i64| {
            let rows = format!("WITH RECURSIVE n (i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM n WHERE i < {to}) SELECT 'x' || i, '{id}', 'shop', 'webhook', 'session.revoked', one.mac, 0, 1, 9999999999 FROM n CROSS JOIN (SELECT mac FROM audit_events LIMIT 1) AS one");
            format!("INSERT INTO event_deliveries (id, receiver, client_id, method, event, told_sealed, created_at, attempts, next_attempt_at) {rows}")
        };
        let wait = async |statement: String| kit.node.base.db.write(move |tx| Ok(tx.batch_execute(&statement)?)).await.unwrap();
        wait(crowd(1, 9_999)).await;
        end_sessions(&bot, &ada).await;
        tell(&kit).await;
        let of = async || {
            let all = bot.get("/streams").await.json();
            all["items"].as_array().unwrap().iter().find(|stream| stream["stream_id"] == gone["stream_id"]).unwrap().clone()
        };
        assert_eq!(of().await["status"], "enabled", "the ten thousandth still has room");
        wait(crowd(10_000, 10_000)).await;
        kit.sign_in(&shop, &ada).await;
        end_sessions(&bot, &ada).await;
        tell(&kit).await;
        let stopped = of().await;
        assert_eq!((&stopped["status"], stopped["status_reason"].as_str().unwrap().contains("10000")), (&json!("disabled"), true), "{stopped}");
        let heard = receiver.take();
        assert_eq!(heard.iter().filter(|heard| heard.path == "/there").count(), 2, "the other one heard everything: {there}");
        let left = kit.node.base.db.read(move |connection| claviger::oauth::events::deliveries::store::count_waiting(connection, &id)).await.unwrap();
        assert_eq!(left, 0, "nothing waits for whoever was stopped");
    }

    async fn where_more_wait_than_can_be_served_each_has_a_turn(kit: Kit) {
        let receiver = Receiver::start();
        let (ada, bot) = (kit.customer("ada").await, kit.program("bot", &[Role::SupportLead]).await);
        let mut wanted = BTreeSet::new();
        for number in 0..7 {
            let path = format!("/shop-{number}");
            let shop = shop_told_at(&kit, &format!("shop-{number}"), receiver.at(&path)).await;
            kit.sign_in(&shop, &ada).await;
            wanted.insert(path);
        }
        end_sessions(&bot, &ada).await;
        worker::place_new(&kit.node).await.unwrap();
        worker::gather_events(&kit.node).await.unwrap();
        receiver.answer(503, "");
        // None of them takes anything: who was asked and said no does not stand in the way of the next.
        let mut asked = BTreeSet::new();
        for _ in 0..8 {
            for errand in claviger::oauth::events::deliver::take_errands(&kit.node.oauth, 2).await.unwrap() {
                claviger::oauth::events::deliver::run(&kit.node.oauth, errand).await.unwrap();
            }
            asked.extend(receiver.take().into_iter().map(|heard| heard.path));
            kit.advance(1);
        }
        assert_eq!(asked, wanted, "each was asked within a few rounds of two");
    }
}
