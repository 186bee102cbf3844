//! The old shop is asked at the first sign-in of whoever is not known here, and never again.

use std::sync::{Arc, Mutex};

use actix_web::web::{Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use claviger::base::contact::EmailAddress;
use claviger::base::ids::CustomerId;
use claviger::base::secret::Secret;
use claviger::base::time::UnixSeconds;
use claviger::identity::customers::{self, Customer};
use claviger::platform::outgoing::signature::sign;
use serde_json::{Value, json};

use crate::kit::{Kit, Person};
use crate::on_both;

const SECRET: &str = "the secret that both shops share, for a while";

/// What the old shop saw, and what it says next beside yes and no.
#[derive(Default)]
struct Seen {
    asked: Vec<Value>,
    says: Option<(u16, String)>,
}

type Shared = Data<Arc<Mutex<Seen>>>;

async fn answer(request: HttpRequest, body: Bytes, seen: Shared) -> HttpResponse {
    let header = |name: &str| request.headers().get(name).unwrap().to_str().unwrap().to_owned();
    let (id, at, text) = (header("webhook-id"), header("webhook-timestamp"), String::from_utf8(body.to_vec()).unwrap());
    let expected = sign(&Secret::new(SECRET.to_owned()), &id, UnixSeconds(at.parse().unwrap()), &text);
    assert_eq!(header("webhook-signature"), format!("v1,{expected}"));
    let asked: Value = serde_json::from_str(&text).unwrap();
    let is_right = asked["email"] == "olga@example.com" && asked["password"] == "olga's old pass";
    let mut seen = seen.lock().unwrap();
    seen.asked.push(asked);
    if let Some((status, body)) = &seen.says {
        return HttpResponse::build(actix_web::http::StatusCode::from_u16(*status).unwrap()).body(body.clone());
    }
    if is_right {
        HttpResponse::Ok()
            .json(json!({ "email": "Olga@EXAMPLE.com", "email_verified": true, "name": "Olga Example", "phone": "020 1", "created_at": "2020-02-29T12:00:00Z", "points": 7 }))
    } else {
        HttpResponse::Unauthorized().finish()
    }
}

/// An old shop, and a node that asks it.
async fn with_old_shop(kit: &Kit) -> (Kit, Arc<Mutex<Seen>>) {
    let seen: Arc<Mutex<Seen>> = Arc::default();
    let shared = seen.clone();
    let server = HttpServer::new(move || App::new().app_data(Data::new(shared.clone())).route("/check", web::post().to(answer))).workers(1).bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/check", server.addrs()[0]);
    actix_web::rt::spawn(server.run());
    let secret = kit.place.folder.path().join("hook.secret");
    std::fs::write(&secret, SECRET).unwrap();
    std::os::unix::fs::PermissionsExt::set_mode(&mut std::fs::metadata(&secret).unwrap().permissions(), 0o600);
    let node = Kit::start_with(kit.place.clone(), kit.clock.clone(), |raw| {
        raw.outgoing.allowed_networks = vec!["127.0.0.0/8".to_owned()];
        raw.migration.hook_url = url;
        raw.migration.hook_secret_file = secret.display().to_string();
    })
    .await;
    (node, seen)
}

fn olga(password: &str) -> Person {
    Person { id: CustomerId::nobody(), email: "olga@example.com".to_owned(), password: password.to_owned() }
}

async fn find(kit: &Kit) -> Option<Customer> {
    let ring = kit.node.base.tools.ring.clone();
    kit.node.base.db.read(move |connection| customers::store::find_by_email(connection, &ring, &EmailAddress::parse("olga@example.com").unwrap())).await.unwrap()
}

on_both! {
    async fn whoever_is_not_known_is_brought_over_at_the_first_sign_in(kit: Kit) {
        let (kit, seen) = with_old_shop(&kit).await;
        let shop = kit.shop("shop").await;
        let asked = || seen.lock().unwrap().asked.len();
        let refused = shop.sign_in(&kit.browser(), &olga("a guess"), &[]).await.page();
        assert!(refused.status == 422 && find(&kit).await.is_none() && asked() == 1);
        for _ in 0..2 {
            assert!(shop.sign_in(&kit.browser(), &olga("olga's old pass"), &[]).await.away().contains_key("code"));
        }
        let customer = find(&kit).await.unwrap();
        assert!(customer.is_email_verified && customer.phone.is_none() && customer.created_at.0 == 1_582_977_600);
        assert_eq!((customer.profile.name.as_deref(), asked()), (Some("Olga Example"), 2));
        // Whoever is here is not asked about, and a refusal reads the same.
        let again = shop.sign_in(&kit.browser(), &olga("another guess"), &[]).await.page();
        assert_eq!((again.status, again.title(), asked()), (422, refused.title(), 2));
        assert_eq!((kit.audited("customer_migrated", "").await, kit.audited("signin_refused", "unknown_account").await, kit.audited("signin_refused", "wrong_password").await), (1, 1, 1));
        // Whoever is gone does not come back by a yes of the old shop.
        let id = customer.id.clone();
        kit.node.base.db.write(move |tx| customers::store::delete_customer(tx, &id)).await.unwrap();
        let refused = shop.sign_in(&kit.browser(), &olga("olga's old pass"), &[]).await.page();
        assert!(refused.status == 422 && find(&kit).await.is_none() && kit.audited("customer_migrated", "").await == 1);
        kit.handle.stop(false).await;
    }

    async fn guesses_do_not_reach_the_old_shop_beyond_the_limit(kit: Kit) {
        let (kit, seen) = with_old_shop(&kit).await;
        let shop = kit.shop("shop").await;
        for _ in 0..30 {
            shop.sign_in(&kit.browser(), &olga("a guess"), &[]).await.page();
        }
        let asked = seen.lock().unwrap().asked.len();
        assert!(asked < 30 && kit.audited("signin_refused", "throttled").await == 30 - asked, "{asked}");
        // Not even the right one does, for a while.
        assert_eq!(shop.sign_in(&kit.browser(), &olga("olga's old pass"), &[]).await.page().status, 429);
        kit.handle.stop(false).await;
    }

    async fn an_answer_that_means_nothing_makes_no_account(kit: Kit) {
        let (kit, seen) = with_old_shop(&kit).await;
        let shop = kit.shop("shop").await;
        let yes = r#"{"email":"olga@example.com","email_verified":true}"#;
        for (status, body) in [(500, yes), (302, yes), (201, yes), (200, ""), (200, "null"), (200, "{}"), (200, r#"{"email":"olga@example.com","email_verified":"true"}"#), (200, "[[[["),
            // A yes about nobody, and one about somebody else.
            (200, r#"{"email_verified":true}"#),
            (200, r#"{"email":"other@example.com","email_verified":true}"#)] {
            seen.lock().unwrap().says = Some((status, body.to_owned()));
            let page = shop.sign_in(&kit.browser(), &olga("olga's old pass"), &[]).await.page();
            assert!(page.status == 422 && find(&kit).await.is_none(), "{status} {body}: {}", page.status);
            kit.advance(3_600);
        }
        for status in [401, 403, 404] {
            seen.lock().unwrap().says = Some((status, yes.to_owned()));
            assert_eq!(shop.sign_in(&kit.browser(), &olga("olga's old pass"), &[]).await.page().status, 422);
            kit.advance(3_600);
        }
        seen.lock().unwrap().says = Some((200, format!(r#"{{"email":"olga@example.com","email_verified":true,"name":"{}"}}"#, "x".repeat(70_000))));
        assert_eq!(shop.sign_in(&kit.browser(), &olga("olga's old pass"), &[]).await.page().status, 422);
        assert!(find(&kit).await.is_none());
        kit.handle.stop(false).await;
    }

    async fn a_silent_old_shop_tells_nobody_who_is_known_here(kit: Kit) {
        let (kit, seen) = with_old_shop(&kit).await;
        let (shop, ada) = (kit.shop("shop").await, kit.customer("ada").await);
        seen.lock().unwrap().says = Some((500, String::new()));
        let known = Person { password: "not it".to_owned(), ..Person { id: ada.id.clone(), email: ada.email.clone(), password: ada.password.clone() } };
        let told = async |person: &Person| shop.sign_in(&kit.browser(), person, &[]).await.page().status;
        // Before it fell silent, in the moment in which it does, and for a while after: the same for both.
        assert_eq!((told(&known).await, told(&olga("olga's old pass")).await), (422, 422));
        assert_eq!((told(&known).await, told(&olga("olga's old pass")).await), (503, 503));
        // Whoever is known and types the right password is not held up.
        assert!(shop.sign_in(&kit.browser(), &ada, &[]).await.away().contains_key("code"));
        kit.advance(3_600);
        seen.lock().unwrap().says = None;
        assert!(shop.sign_in(&kit.browser(), &olga("olga's old pass"), &[]).await.away().contains_key("code"));
        kit.handle.stop(false).await;
    }

    async fn whoever_was_imported_without_a_password_is_asked_about_until_the_first_sign_in(kit: Kit) {
        use claviger::identity::imports::{Brought, bring_in};
        let (kit, seen) = with_old_shop(&kit).await;
        let shop = kit.shop("shop").await;
        let asked = || seen.lock().unwrap().asked.len();
        let import = async || {
            let (tools, record) = (kit.node.base.tools.clone(), r#"{"email":"olga@example.com","email_verified":true,"name":"Olga of the file"}"#);
            let person = claviger::identity::imports::formats::read_answer(&EmailAddress::parse("olga@example.com").unwrap(), record.as_bytes()).unwrap();
            kit.node.base.db.write(move |tx| bring_in(tx, &tools, &person).map(|brought| matches!(brought, Brought::In(..)))).await.unwrap()
        };
        assert!(import().await);
        assert_eq!(shop.sign_in(&kit.browser(), &olga("a guess"), &[]).await.page().status, 422);
        assert_eq!(asked(), 1);
        // Somebody has an account there with this address, which they never proved.
        seen.lock().unwrap().says = Some((200, r#"{"email":"olga@example.com","email_verified":false}"#.to_owned()));
        assert_eq!(shop.sign_in(&kit.browser(), &olga("a stranger's pass"), &[]).await.page().status, 422);
        *seen.lock().unwrap() = Seen { asked: vec![Value::Null], says: None };
        for _ in 0..2 {
            assert!(shop.sign_in(&kit.browser(), &olga("olga's old pass"), &[]).await.away().contains_key("code"));
        }
        let customer = find(&kit).await.unwrap();
        assert_eq!((customer.profile.name.as_deref(), asked()), (Some("Olga of the file"), 2), "what came with the file stays");
        assert_eq!(kit.audited("customer_migrated", "").await, 1);
        // Without a password by choice: the old one counts for nothing.
        let id = customer.id.clone();
        kit.node.base.db.write(move |tx| claviger::identity::factors::password::store::remove_password(tx, &id)).await.unwrap();
        assert_eq!((shop.sign_in(&kit.browser(), &olga("olga's old pass"), &[]).await.page().status, asked()), (422, 2));
        kit.handle.stop(false).await;
    }

    async fn whoever_got_in_by_another_way_is_not_asked_about(kit: Kit) {
        use claviger::identity::factors::password::foreign::store as foreign;
        let (kit, seen) = with_old_shop(&kit).await;
        let (shop, ada) = (kit.shop("shop").await, kit.customer("ada").await);
        let id = ada.id.clone();
        kit.node.base.db.write(move |tx| foreign::note_elsewhere(tx, &id)).await.unwrap();
        kit.sign_in(&shop, &ada).await;
        let id = ada.id.clone();
        assert!(!kit.node.base.db.read(move |connection| foreign::is_elsewhere(connection, &id)).await.unwrap(), "the first sign-in ends it");
        // Nor about whoever is locked.
        let bea = kit.customer("bea").await;
        let id = bea.id.clone();
        kit.node.base.db.write(move |tx| {
            claviger::identity::factors::password::store::remove_password(tx, &id)?;
            foreign::note_elsewhere(tx, &id)?;
            customers::store::change_status(tx, &id, customers::CustomerStatus::Locked, UnixSeconds(1)).map(drop)
        }).await.unwrap();
        assert_eq!((shop.sign_in(&kit.browser(), &bea, &[]).await.page().status, seen.lock().unwrap().asked.len()), (422, 0));
        kit.handle.stop(false).await;
    }
}
