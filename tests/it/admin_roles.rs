//! Who may do what: every operation and every page with every role, and how somebody becomes staff.

use crate::kit::authenticator::{self, Authenticator};
use crate::kit::{Browser, Kit};
use crate::on_both;
use claviger::admin::access::rules::{BrandScope, Permission, Role};
use claviger::admin::access::store::{self as access, NewInvitation};
use claviger::admin::operations::list::operations;
use claviger::admin::operations::{Method, Operation};
use claviger::admin::people;
use claviger::base::contact::EmailAddress;
use claviger::base::secret::Secret;
use claviger::oauth::scope::Scope;
use claviger::platform::audit::{Actor, Origin};
use claviger::platform::http::guard::ROUTES;
use serde_json::Value;

/// The pages of the console and what each needs; none: any role. Forms of operations need what the operation needs.
const PAGES: [(&str, Option<Permission>); 16] = [
    ("/admin", None),
    ("/admin/customers", Some(Permission::FindCustomers)),
    ("/admin/customers/{customer}", Some(Permission::FindCustomers)),
    ("/admin/cases", Some(Permission::ReadCases)),
    ("/admin/clients", Some(Permission::ReadClients)),
    ("/admin/clients/{client}", Some(Permission::ReadClients)),
    ("/admin/streams", Some(Permission::ReadClients)),
    ("/admin/streams/{stream}", Some(Permission::ReadClients)),
    ("/admin/staff", Some(Permission::ReadAdmins)),
    ("/admin/audit", Some(Permission::ReadAudit)),
    ("/admin/reports", Some(Permission::ReadReports)),
    ("/admin/risk", Some(Permission::ReadRisk)),
    ("/admin/risk/{decision}", Some(Permission::ReadRisk)),
    ("/admin/risk/trial", Some(Permission::ReadRisk)),
    ("/admin/risk/models", Some(Permission::ReadRisk)),
    ("/admin/join/{ticket}", None),
];

fn path_of(operation: &Operation, subject: &str) -> String {
    operation.subject().map_or_else(|| operation.path.to_owned(), |name| operation.path.replace(&format!("{{{name}}}"), subject))
}

async fn invite(kit: &Kit, email: &str, roles: &[Role]) -> String {
    let (tools, email, roles) = (kit.node.base.tools.clone(), EmailAddress::parse(email).unwrap(), roles.to_vec());
    let work = kit.node.base.db.write(move |tx| {
        let new = NewInvitation { email: &email, roles: &roles, brands: &BrandScope::ALL, by: "operator", seconds: 3_600 };
        people::make_invitation(tx, &tools, &new, Actor::System, &Origin::internal("test"))
    });
    format!("/admin/join/{}", work.await.unwrap().expose())
}

fn role_of(kit: &Kit, id: &claviger::base::ids::CustomerId) -> impl Future<Output = Option<Vec<Role>>> {
    let (db, id) = (kit.node.base.db.clone(), id.clone());
    async move { db.read(move |connection| access::find_admin(connection, &id)).await.unwrap().map(|admin| admin.roles) }
}

on_both! {
    async fn k3_each_role_may_what_its_line_says_in_the_api_and_nothing_else(kit: Kit) {
        for role in Role::ALL {
            let program = kit.program(&format!("bot-{}", role.word().replace('_', "-")), &[role]).await;
            for operation in operations() {
                // Nothing is sent, to nobody who exists: whatever comes back, nothing is done.
                let reply = program.request(operation.method.word(), &path_of(operation, "nobody"), &Value::Null, &[]).await;
                let is_forbidden = reply.status == 403 && reply.json()["code"] == "forbidden" && reply.json()["title"] == "Your roles do not allow this.";
                assert_eq!(!is_forbidden, role.permissions().contains(&operation.permission), "{role:?} {}: {} {}", operation.id, reply.status, reply.body);
                assert!(is_forbidden || matches!(reply.status, 200 | 400 | 404 | 409), "{role:?} {}: {} {}", operation.id, reply.status, reply.body);
            }
        }
        // Without any token, with one of nothing, and with a customer's, whatever it says.
        let shop = kit.shop_with("sly", |metadata| metadata.scope = Scope::from("openid admin:owner".to_owned())).await;
        let ada = kit.customer("ada").await;
        let browser = kit.browser();
        let answer = shop.sign_in(&browser, &ada, &[("scope", "openid admin:owner")]).await.away();
        let stolen = shop.redeem(&answer["code"]).await.json()["access_token"].as_str().unwrap().to_owned();
        let empty = kit.program("plain", &[Role::Auditor]).await;
        for operation in operations() {
            let url = kit.url(&format!("/api/v1{}", path_of(operation, "nobody")));
            for token in ["", "nothing", &stolen] {
                let mut request = empty.client.client.request(reqwest::Method::from_bytes(operation.method.word().as_bytes()).unwrap(), &url);
                if !token.is_empty() { request = request.bearer_auth(token); }
                let reply = crate::kit::shop::read(request, url.clone()).await;
                assert_eq!((reply.status, reply.header("content-type"), reply.header("www-authenticate").starts_with("Bearer")), (401, "application/problem+json", true), "{}: {}", operation.id, reply.body);
            }
        }
        // What a client may is looked at when it asks, not when it got its token.
        let id = empty.client.id.parse().unwrap();
        let tools = kit.node.base.tools.clone();
        let work = kit.node.base.db.write(move |tx| {
            let client = claviger::oauth::clients::store::find_client(tx, &id)?.unwrap();
            let metadata = claviger::oauth::clients::ClientMetadata { scope: Scope::from("orders.read".to_owned()), ..client.metadata };
            claviger::oauth::clients::store::replace_metadata(tx, &id, &metadata, tools.now())
        });
        work.await.unwrap();
        kit.node.oauth.clients.forget(&empty.client.id.parse().unwrap());
        assert_eq!(empty.get("/audit/head").await.status, 403);
    }

    async fn staff_are_not_erased_while_they_are_staff(kit: Kit) {
        let mut owner = kit.colleague("eva", &[Role::Owner]).await;
        kit.advance(4 * 86_400);
        let page = owner.open("/account/privacy").await;
        let reply = owner.browser.press(&page, "erase-account", &[("sure", "yes")]).await;
        let page = match reply.location() {
            // The key is asked for again first.
            Some(_) => {
                let asked = owner.browser.follow(reply).await.page();
                let reply = authenticator::show(&owner.browser, &asked, &mut owner.passkey).await;
                let page = owner.browser.follow(reply).await.page();
                owner.browser.press(&page, "erase-account", &[("sure", "yes")]).await
            }
            None => reply,
        };
        assert!(page.body.contains("Ask an owner to take you off first"), "{} {:?} {}", page.status, page.location(), page.body);
        assert_eq!(kit.audited("erasure_asked", "").await, 0);
    }

    async fn k3_each_role_may_what_its_line_says_in_the_console_and_nothing_else(kit: Kit) {
        // A route of the console that has no line here fails.
        for route in ROUTES.iter().filter(|route| route.starts_with("/admin") && !route.starts_with("/admin/do/")) {
            assert!(PAGES.iter().any(|(page, _)| page == route), "{route} has no line");
        }
        let (customer, _) = (kit.customer("cleo").await, kit.shop("shop").await);
        let maker = kit.program("maker", &[Role::ClientManager]).await;
        let made = maker.post("/streams", &serde_json::json!({ "client_id": "shop", "endpoint": "https://shop.example/hook" })).await.json();
        let stream = made["stream_id"].as_str().unwrap();
        for role in Role::ALL {
            let mut colleague = kit.colleague(&format!("staff-{}", role.word()), &[role]).await;
            let may = |permission: Permission| role.permissions().contains(&permission);
            for (page, permission) in PAGES.iter().filter(|(page, _)| !page.contains("ticket") && !page.contains("{decision}")) {
                let path = page.replace("{customer}", customer.id.as_str()).replace("{client}", "shop").replace("{stream}", stream);
                let reply = colleague.open(&path).await;
                assert_eq!(reply.status, if permission.is_none_or(may) { 200 } else { 403 }, "{role:?} {path}: {}", reply.body);
                // What somebody may not see is not even in the menu.
                assert!(reply.status != 200 || !reply.body.contains("href=\"/admin/staff\"") || may(Permission::ReadAdmins), "{role:?} {path}");
            }
            for operation in operations() {
                let subject = operation.subject().map(|name| match name { "customer" => customer.id.to_string(), "client" => "shop".to_owned(), "stream" => stream.to_owned(), _ => "nothing".to_owned() });
                let path = subject.map_or_else(|| format!("/admin/do/{}", operation.id), |subject| format!("/admin/do/{}/{subject}", operation.id));
                let form = colleague.open(&path).await;
                let has_form = operation.input.is_some() || operation.method != Method::Get;
                // What there is to decide is looked up first: there is no such case.
                assert_eq!(form.status, if !has_form || operation.id == "decide_case" && may(operation.permission) { 404 } else if may(operation.permission) { 200 } else { 403 }, "{role:?} {path}: {}", form.body);
                if form.status != 403 { continue }
                // Nor by sending a form that was never shown.
                let page = colleague.open("/admin").await;
                let csrf = claviger::platform::http::csrf::token(&kit.node.base.tools.ring, &browser_of(&colleague.browser), &path);
                let reply = colleague.browser.submit(&path, &[("csrf", &csrf), ("reason", "because of nothing at all"), ("way", "page"), ("decision", "approve"), ("email", "x@example.com"), ("roles.owner", "yes"), ("metadata", "{}"), ("code", "1"), ("overlap_seconds", "0"), ("by", "email"), ("value", "x@example.com")]).await;
                assert_eq!((page.status, reply.status), (200, 403), "{role:?} {path}: {}", reply.body);
            }
        }
        // A customer finds nothing there, and nobody is told anything.
        let (browser, _) = kit.sign_in(&kit.shop("other").await, &customer).await;
        let page = browser.walk("/admin").await.page();
        assert!(page.url.contains("/signin/"), "a password alone does not open the door: {}", page.url);
        assert!(kit.audited("staff_refused", "forbidden").await > 20);
    }

    async fn an_invitation_makes_its_addressee_staff_once_and_with_a_key(kit: Kit) {
        let eva = kit.customer("eva").await;
        let link = invite(&kit, "eva@example.com", &[Role::Support]).await;
        let browser = kit.browser();
        // With a password alone nobody is staff: a key is asked for first.
        let page = browser.walk(&link).await.page();
        let reply = browser.type_password(&page, &eva.email, &eva.password).await;
        let page = browser.follow(reply).await.page();
        assert!(page.url.contains("/signin/") && page.url.ends_with("/enrol"), "{} {}", page.url, page.body);
        assert_eq!(role_of(&kit, &eva.id).await, None);
        let mut key = Authenticator::new();
        let reply = authenticator::enrol(&browser, &page, "add-passkey", &mut key).await;
        let page = browser.follow(reply).await.page();
        let page = if page.body.contains("recovery-codes") { browser.keep_codes(&page).await.1 } else { page };
        assert_eq!(page.title(), "Join the staff", "{} {}", page.url, page.body);
        // Another site cannot press it.
        assert_eq!(browser.submit(&link, &[("csrf", "forged")]).await.status, 403);
        let reply = browser.press(&page, "submit", &[]).await;
        assert_eq!(reply.status, 303, "{}", reply.body);
        assert_eq!(role_of(&kit, &eva.id).await, Some(vec![Role::Support]));
        assert_eq!((kit.audited("admin_invited", "").await, kit.audited("admin_joined", "").await), (1, 1));
        // It is over, and the role counts at the next page.
        assert_eq!(browser.walk(&link).await.page().status, 404);
        // A password that was chosen as a customer is replaced under the stricter rules first.
        let page = browser.walk("/admin/customers").await.page();
        assert_eq!((page.title(), page.body.contains("Accounts of the staff")), ("Choose a new password", true), "{}", page.body);
        let reply = browser.press(&page, "new-password", &[("new_password", "wombat harmonica quill lantern")]).await;
        let page = browser.follow(reply).await.page();
        let reply = authenticator::show(&browser, &page, &mut key).await;
        let page = browser.follow(reply).await.page();
        assert_eq!(page.title(), "Find a customer", "{} {}", page.url, page.body);
        // Her roles go: at once, everywhere.
        let mut owner = kit.colleague("olga", &[Role::Owner]).await;
        let page = owner.act(&format!("remove_admin/{}", eva.id), &[]).await;
        assert_eq!(page.status, 200, "{}", page.body);
        assert!(browser.walk("/admin/customers").await.page().url.contains("/signin/"));
        // The last owner stays.
        let page = owner.act(&format!("remove_admin/{}", owner.person.id.clone()), &[]).await;
        assert_eq!((page.status, page.body.contains("There has to be an owner")), (409, true), "{}", page.body);
        let page = owner.act(&format!("change_admin/{}", owner.person.id.clone()), &[("roles.auditor", "yes")]).await;
        assert_eq!(page.status, 409);
    }

    async fn an_invitation_is_for_one_mailbox_and_one_time(kit: Kit) {
        let link = invite(&kit, "eva@example.com", &[Role::Owner]).await;
        let mut thief = kit.colleague("thief", &[]).await;
        let page = thief.open(&link).await;
        assert!(page.body.contains("id=\"other\"") && !page.body.contains("id=\"join\""), "{}", page.body);
        let csrf = claviger::platform::http::csrf::token(&kit.node.base.tools.ring, &browser_of(&thief.browser), &link);
        let reply = thief.browser.submit(&link, &[("csrf", &csrf)]).await;
        assert!(!reply.body.contains("id=\"join\"") && role_of(&kit, &thief.person.id).await == Some(Vec::new()), "{}", reply.body);
        kit.advance(3_601);
        assert_eq!(kit.browser().get(&link).await.status, 404);
    }

    async fn what_opens_the_room_is_not_added_with_less(kit: Kit) {
        let mut eva = kit.colleague("eva", &[Role::Owner]).await;
        let (tools, id) = (kit.node.base.tools.clone(), eva.person.id.clone());
        let codes = kit.node.base.db.write(move |tx| claviger::identity::factors::recovery_code::store::replace_codes(tx, &tools, &id)).await.unwrap();
        kit.advance(3_600);
        // A thief with the password and a recovery code comes as far as that, and adds no key.
        let thief = kit.browser();
        let page = thief.walk("/account/security").await.page();
        let reply = thief.type_password(&page, &eva.person.email, &eva.person.password).await;
        let page = thief.follow(reply).await.page();
        assert!(page.url.ends_with("/passkey") && !page.body.contains("/recovery-code\""), "{} {}", page.url, page.body);
        let code = codes[0].to_string();
        let at = format!("{}/recovery-code", page.url.trim_end_matches("/passkey"));
        let sheet = thief.walk(&at).await.page();
        if sheet.body.contains("id=\"code\"") {
            let reply = thief.press(&sheet, "code", &[("code", &code)]).await;
            thief.follow(reply).await;
        }
        for path in ["/account/security", "/admin"] {
            let page = thief.walk(path).await.page();
            assert!(page.url.contains("/signin/") && !page.body.contains("id=\"add-passkey\""), "{path}: {} {}", page.url, page.body);
        }
        // The ladder of recovery leads nowhere for staff: the page says the same as for nobody, and nothing is sent.
        let (browser, sent) = (kit.browser(), kit.mails().await.len());
        let page = browser.get("/recovery").await;
        let reply = browser.press(&page, "recovery", &[("email", &eva.person.email)]).await;
        let page = browser.follow(reply).await.page();
        assert!(page.body.contains("id=\"show-mailbox\"") && kit.mails().await.len() == sent, "{}", page.body);
        // Whoever lost every key is invited anew: one that a password was enough to add opens nothing.
        let id = eva.person.id.clone();
        kit.node.base.db.write(move |tx| claviger::identity::factors::remove_all(tx, &id)).await.unwrap();
        kit.advance(60);
        let browser = kit.browser();
        let page = browser.walk("/admin").await.page();
        let reply = browser.type_password(&page, &eva.person.email, &eva.person.password).await;
        let page = browser.follow(reply).await.page();
        let mut other = Authenticator::new();
        let reply = authenticator::enrol(&browser, &page, "add-passkey", &mut other).await;
        let page = browser.follow(reply).await.page();
        let page = if page.body.contains("recovery-codes") { browser.keep_codes(&page).await.1 } else { page };
        assert_eq!((page.status, page.body.contains("Ask an owner for a new invitation")), (403, true), "{} {}", page.url, page.body);
        assert_eq!(browser.walk("/admin/do/invite_admin").await.page().status, 403);
        let link = invite(&kit, &eva.person.email, &[Role::Auditor]).await;
        let page = browser.walk(&link).await.page();
        assert_eq!(browser.press(&page, "submit", &[]).await.status, 303, "{}", page.body);
        assert_eq!(role_of(&kit, &eva.person.id).await, Some(vec![Role::Auditor, Role::Owner]), "an invitation takes nothing");
        assert_eq!(browser.walk("/admin").await.page().title(), "Overview");
        // A key that is added with one that counts, counts too, also when the older one goes.
        kit.advance(60);
        let page = browser.walk("/account/security").await.page();
        assert!(authenticator::enrol(&browser, &page, "add-passkey", &mut eva.passkey).await.status == 303);
        assert_eq!(browser.walk("/admin").await.page().title(), "Overview");
    }

    async fn a_working_day_ends(kit: Kit) {
        let mut eva = kit.colleague("eva", &[Role::Support]).await;
        for _ in 0..(8 * 3_600 / 600 - 1) {
            kit.advance(600);
            assert_eq!(eva.browser.walk("/admin").await.page().title(), "Overview");
            // When a session was last used is written by and by, with some later commit.
            let mut is_noted = false;
            for _ in 0..500 {
                kit.node.base.db.write(|_| Ok(())).await.unwrap();
                let (id, policy, now) = (eva.person.id.clone(), kit.node.signin.sessions, kit.node.base.tools.now());
                let find = move |connection: &mut claviger::platform::db::DbConnection| {
                    let generation = claviger::identity::customers::store::find_standing(connection, &id)?.unwrap().generation;
                    claviger::identity::sessions::store::list_sessions(connection, &id, generation, &policy, now)
                };
                is_noted = kit.node.base.db.read(find).await.unwrap().iter().any(|session| session.last_seen_at == now);
                if is_noted { break }
            }
            assert!(is_noted, "the click counts");
        }
        kit.advance(601);
        assert!(eva.browser.walk("/admin").await.page().url.contains("/signin/"));
        assert_eq!(eva.open("/admin").await.title(), "Overview");
    }

    async fn what_somebody_planted_goes_with_their_roles(kit: Kit) {
        let (mut olga, mut oleg) = (kit.colleague("olga", &[Role::Owner]).await, kit.colleague("oleg", &[Role::Owner]).await);
        let page = oleg.act("invite_admin", &[("email", "second@example.net"), ("roles.owner", "yes")]).await;
        let link = page.body.split("class=\"secret\">").nth(1).unwrap_or_else(|| panic!("{}", page.body)).split('<').next().unwrap().to_owned();
        assert_ne!(kit.browser().get(&link).await.status, 404);
        olga.act(&format!("remove_admin/{}", oleg.person.id.clone()), &[]).await;
        assert_eq!(kit.browser().get(&link).await.status, 404, "it went with whoever made it");
        assert_eq!(role_of(&kit, &oleg.person.id).await, None);
    }

    async fn brands_bound_a_desk(kit: Kit) {
        let mut agent = kit.colleague_of("agent", &[Role::Support], &["tea"]).await;
        let (coffee, drinker) = (kit.customer("coffee").await, kit.customer("drinker").await);
        let id = drinker.id.clone();
        kit.node.base.db.write(move |tx| claviger::identity::customers::details::store::keep_brand(tx, &id, Some("tea"))).await.unwrap();
        // What tells of every brand is for those who act for every brand.
        let mut owner = kit.colleague_of("teaowner", &[Role::Owner], &["tea"]).await;
        for path in ["/admin/audit", "/admin/reports", "/admin/staff"] {
            assert_eq!(owner.open(path).await.status, 403, "{path}");
        }
        let grab = r#"{ "client_name": "Bot", "token_endpoint_auth_method": "client_secret_basic", "grant_types": ["client_credentials"], "scope": "admin:owner" }"#;
        assert_eq!(owner.act("register_client", &[("metadata", grab)]).await.status, 403);
        assert_eq!(agent.find("email", &coffee.email).await, None);
        assert_eq!(agent.find("email", &drinker.email).await, Some(drinker.id.to_string()));
        let page = agent.open(&format!("/admin/customers/{}", coffee.id)).await;
        assert_eq!(page.status, 404, "{}", page.body);
        let page = agent.act(&format!("lock_customer/{}", coffee.id), &[("reason", "this is not my customer")]).await;
        assert_eq!(page.status, 404);
    }
}

/// What the forms of this browser are bound to.
fn browser_of(browser: &Browser) -> Secret {
    Secret::new(browser.cookie("claviger_browser").expect("a browser cookie"))
}
