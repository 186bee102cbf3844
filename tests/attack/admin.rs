//! F6, C9, K: what the room of the staff gives away, to whom, and what it does with what customers wrote.

use crate::kit::{Kit, Person};
use crate::on_both;
use claviger::admin::access::rules::{Permission, Role};
use claviger::admin::operations::Method;
use claviger::admin::operations::list::operations;
use claviger::app::worker;
use claviger::identity::customers::store as customers;
use claviger::identity::factors::recovery_code::store as recovery_codes;
use claviger::identity::factors::totp::rules::Seed;
use claviger::identity::factors::totp::store as apps;
use serde_json::{Value, json};

/// What nobody may read anywhere: secrets of a customer and of a shop, in every form in which they are kept or sent.
async fn plant(kit: &Kit, ada: &Person) -> Vec<String> {
    let shop = kit.shop("shop").await;
    let (browser, tokens) = kit.sign_in(&shop, ada).await;
    let (tools, id) = (kit.node.base.tools.clone(), ada.id.clone());
    let work = kit.node.base.db.write(move |tx| {
        let seed = Seed::generate(tools.entropy());
        let app = apps::begin_enrolment(tx, &tools, &id, &seed, "Phone")?;
        apps::confirm_enrolment(tx, &id, &app, 1, tools.now())?;
        let codes = recovery_codes::replace_codes(tx, &tools, &id)?;
        let mut all: Vec<String> = codes.iter().map(|code| code.to_string()).collect();
        all.push(seed.to_base32().to_string());
        Ok(all)
    });
    let mut canaries = work.await.unwrap();
    canaries.extend([
        shop.secret.clone(),
        ada.password.clone(),
        tokens.access(),
        tokens.refresh(),
        tokens.id(),
        browser.cookie("claviger_session").unwrap(),
        browser.cookie("claviger_device").unwrap(),
        "$argon2".to_owned(),
    ]);
    let hash = claviger::base::secret::Secret::new(shop.secret).hash();
    canaries.push(claviger::base::encoding::hex(hash.as_bytes()));
    canaries
}

const PAGES: [&str; 9] = [
    "/admin",
    "/admin/customers",
    "/admin/customers/{customer}",
    "/admin/cases",
    "/admin/clients",
    "/admin/clients/shop",
    "/admin/staff",
    "/admin/audit",
    "/admin/reports",
];

on_both! {
    async fn f6_no_role_reads_a_secret_nor_contact_that_it_did_not_ask_for(kit: Kit) {
        let ada = kit.customer("ada").await;
        let canaries = plant(&kit, &ada).await;
        kit.advance(11);
        worker::place_audit(&kit.node).await.unwrap();
        let (ring, id) = (kit.node.base.tools.ring.clone(), ada.id.clone());
        let phone = kit.node.base.db.read(move |connection| customers::find_customer(connection, &ring, &id)).await.unwrap().unwrap().phone.unwrap().as_str().to_owned();
        let mut looked = 0;
        for role in Role::ALL {
            let program = kit.program(&format!("crawler-{}", role.word().replace('_', "-")), &[role]).await;
            let mut colleague = kit.colleague(&format!("crawler-{}", role.word()), &[role]).await;
            let mut texts = Vec::new();
            for operation in operations().filter(|operation| operation.method == Method::Get) {
                let path = operation.path.replace("{customer}", ada.id.as_str()).replace("{client}", "shop").replace("{position}", "1").replace("{case}", "nothing");
                let path = if operation.id == "prove_growth" { format!("{path}?old=1&new=2") } else { path };
                texts.push((path.clone(), program.get(&path).await.body));
            }
            for page in PAGES {
                texts.push((page.to_owned(), colleague.open(&page.replace("{customer}", ada.id.as_str())).await.body));
            }
            let found = program.post("/customers/find", &json!({ "by": "email", "value": ada.email })).await;
            texts.push(("find".to_owned(), found.body));
            for (path, text) in &texts {
                for canary in &canaries {
                    assert!(!text.contains(canary.as_str()), "{role:?} reads {canary} at {path}");
                }
                assert!(!text.contains(&ada.email) && !text.contains(&phone), "{role:?} reads contact at {path}: {text}");
                looked += 1;
            }
            // In full only with the right to, and with a reason.
            let whole = program.post(&format!("/customers/{}/reveal", ada.id), &json!({ "reason": "Called about a lost parcel." })).await;
            assert_eq!(whole.status == 200 && whole.body.contains(&ada.email), role.permissions().contains(&Permission::RevealCustomers), "{role:?} {}", whole.body);
            assert!(canaries.iter().all(|canary| !whole.body.contains(canary.as_str())));
        }
        assert!(looked >= 150, "{looked}");
    }

    async fn c9_what_customers_and_shops_wrote_is_text_in_the_console(kit: Kit) {
        const EVIL: &str = "<img src=x onerror=alert(1)>\"'><script>alert(1)</script>{{7907*7919}}";
        let ada = kit.customer("ada").await;
        let (tools, id) = (kit.node.base.tools.clone(), ada.id.clone());
        let work = kit.node.base.db.write(move |tx| {
            let mut customer = customers::find_customer(tx, &tools.ring, &id)?.unwrap();
            customer.profile.name = Some(format!("{EVIL} {EVIL}"));
            claviger::identity::customers::details::store::keep_profile(tx, &tools, &id, &customer.profile)
        });
        work.await.unwrap();
        kit.shop_with("evil", |metadata| metadata.client_name = "<b>Evil</b> <script>alert(1)</script>".to_owned()).await;
        let browser = kit.browser();
        let page = browser.get("/report-scam").await;
        browser.press(&page, "report", &[("kind", "message"), ("text", EVIL)]).await;
        let mut owner = kit.colleague("olga", &[Role::Owner]).await;
        owner.act(&format!("lock_customer/{}", ada.id), &[("reason", EVIL)]).await;
        let refused = owner.act("register_client", &[("metadata", EVIL), ("client_id", EVIL)]).await;
        assert_eq!(refused.status, 422, "{}", refused.body);
        let mut bodies = vec![refused.body];
        for path in ["/admin/customers/{customer}", "/admin/clients", "/admin/clients/evil", "/admin/reports", "/admin/audit?kind=%3Cscript%3Ealert(1)%3C/script%3E&actor=%22%3E%3Cscript%3E", "/admin?done-%3Cscript%3E"] {
            bodies.push(owner.open(&path.replace("{customer}", ada.id.as_str())).await.body);
        }
        bodies.push(owner.act(&format!("reveal_customer/{}", ada.id), &[("reason", "Called about a lost parcel.")]).await.body);
        for body in &bodies {
            assert!(!body.contains("<script>alert") && !body.contains("<img src=x") && !body.contains("<b>Evil"), "{body}");
            assert!(!body.contains("62615533"), "nothing is computed from what somebody wrote");
        }
        assert!(bodies.iter().any(|body| body.contains("&#60;script&#62;")));
        // And the customer reads the reason as text too.
        let page = kit.browser().get("/account/activity").await;
        assert!(!page.body.contains("<script>alert"));
    }

    async fn k1_a_customers_token_and_session_open_nothing_of_the_staffs(kit: Kit) {
        let ada = kit.customer("ada").await;
        let shop = kit.shop_with("sly", |metadata| metadata.scope = claviger::oauth::scope::Scope::from("openid admin:owner offline_access".to_owned())).await;
        let browser = kit.browser();
        let answer = shop.sign_in(&browser, &ada, &[("scope", "openid admin:owner offline_access"), ("prompt", "consent")]).await;
        let code = match answer {
            crate::kit::Landing::Away(_, answer) => answer["code"].clone(),
            crate::kit::Landing::Page(page) => { let reply = browser.press(&page, "allow", &[]).await; browser.follow(reply).await.away()["code"].clone() }
        };
        let tokens = shop.redeem(&code).await.json();
        for token in [tokens["access_token"].as_str().unwrap(), tokens["id_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap()] {
            let program = crate::kit::staff::Program { client: kit.shop(&format!("as-{}", token.len())).await, token: token.to_owned(), scope: String::new() };
            for operation in operations() {
                let method = operation.method.word();
                let path = operation.path.replace("{customer}", ada.id.as_str()).replace("{client}", "sly").replace(['{', '}'], "");
                let reply = program.request(method, &path, &Value::Null, &[]).await;
                assert_eq!(reply.status, 401, "{} {}", operation.id, reply.body);
            }
        }
        // Another program's token, cut or joined, and an address that means two things.
        let desk = kit.program("desk", &[Role::Support]).await;
        for (path, status) in [("/customers/find/", 404), ("//customers/find", 404), ("/customers/..%2fclients", 404), ("/customers/x/reveal%00", 404), ("/clients;a=b", 404), ("/CLIENTS", 404)] {
            let reply = desk.get(path).await;
            assert!(matches!(reply.status, 400 | 403 | 404 | 405), "{path}: {} instead of {status}: {}", reply.status, reply.body);
        }
        for header in ["x-forwarded-user", "x-original-url", "x-http-method-override", "x-rewrite-url"] {
            let reply = desk.request("GET", "/cases", &Value::Null, &[(header, "/api/v1/clients")]).await;
            assert_eq!(reply.status, 200);
            assert!(!reply.body.contains("client_name"));
        }
    }
}
