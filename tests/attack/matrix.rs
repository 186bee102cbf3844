//! D4, D10, D11: what each ending ends, that nobody gets another's answer, and that one client's rules hold whoever signed in elsewhere. A4 and L12: the command line and the backup.

use crate::kit::authenticator;
use crate::kit::node_process::{self, NodeProcess};
use crate::kit::process::{claviger, claviger_on};
use crate::kit::shop::VERIFIER;
use crate::kit::{Backend, Browser, Kit, Person, Place, Reply, Shop, Tokens};
use crate::{on_both, on_one};
use claviger::admin::access::rules::Role;
use claviger::base::secret::SecretHash;
use claviger::identity::customers::store as customers;
use claviger::identity::factors::totp::store as totp;
use claviger::identity::factors::trusted_device::store as trusted_devices;
use claviger::identity::sessions::store as sessions;
use claviger::oauth::clients::metadata::{AccessTokenFormat, ConsentPolicy};
use futures_util::future::join_all;

/// Everything that a customer and their shops hold.
struct Holdings {
    browser: Browser,
    /// Without `offline_access`.
    bound: Tokens,
    /// With it.
    offline: Tokens,
    /// An opaque access token without it.
    opaque: Tokens,
    code: String,
    /// The security page, a passkey ceremony that was begun on it, and what its authenticator answered.
    security: Reply,
    ceremony: (String, String),
    /// A recovery that somebody began in another browser, and the code that it waits for.
    recovery: (Browser, Reply, String),
}

/// What still works.
#[derive(Debug, PartialEq, Eq)]
struct Standing {
    session: bool,
    bound_refresh: bool,
    bound_access: bool,
    bound_introspection: bool,
    opaque_access: bool,
    opaque_introspection: bool,
    offline_refresh: bool,
    offline_access: bool,
    code: bool,
    known_browser: bool,
    trusted_device: bool,
    passkey_ceremony: bool,
    recovery: bool,
}

const NOTHING: Standing = Standing {
    session: false,
    bound_refresh: false,
    bound_access: false,
    bound_introspection: false,
    opaque_access: false,
    opaque_introspection: false,
    offline_refresh: false,
    offline_access: false,
    code: false,
    known_browser: false,
    trusted_device: false,
    passkey_ceremony: false,
    recovery: false,
};

async fn hold(ada: &Person, kit: &Kit, shop: &Shop, opaque: &Shop) -> Holdings {
    let browser = kit.browser();
    let plain = [("scope", "openid email")];
    let redeem = async |shop: &Shop, more: &[(&str, &str)]| {
        let answer = shop.sign_in(&browser, ada, more).await.away();
        Tokens(shop.redeem(&answer["code"]).await.json())
    };
    let (bound, offline, opaque) = (redeem(shop, &plain).await, redeem(shop, &[]).await, redeem(opaque, &plain).await);
    let code = shop.sign_in(&browser, ada, &plain).await.away()["code"].clone();
    let (tools, id) = (kit.node.base.tools.clone(), ada.id.clone());
    kit.node.base.db.write(move |tx| trusted_devices::insert_device(tx, &tools, &id, 1, "a browser", 86_400)).await.unwrap();
    let security = browser.walk("/account/security").await.page();
    let (options, ceremony) = authenticator::begin(&browser, &security, "add-passkey").await;
    let ceremony = (ceremony, authenticator::Authenticator::new().create(&options, &kit.issuer));
    let somewhere = kit.browser();
    let page = somewhere.get("/recovery").await;
    let reply = somewhere.press(&page, "recovery", &[("email", &ada.email)]).await;
    let page = somewhere.follow(reply).await.page();
    let recovery = (somewhere, page, kit.last_code().await);
    Holdings { browser, bound, offline, opaque, code, security, ceremony, recovery }
}

async fn standing(kit: &Kit, base: &str, ada: &Person, shop: &Shop, opaque: &Shop, held: &Holdings) -> Standing {
    let userinfo = async |token: &str| {
        let request = shop.client.get(format!("{base}/userinfo")).header("host", kit.issuer.trim_start_matches("http://")).header("authorization", format!("Bearer {token}"));
        crate::kit::shop::read(request, String::new()).await.status == 200
    };
    let introspect = async |shop: &Shop, token: &str| shop.post_to(base, "/introspect", &[("token", token)]).await.json()["active"] == true;
    let refresh = async |token: &str| shop.post_to(base, "/token", &[("grant_type", "refresh_token"), ("refresh_token", token)]).await.status == 200;
    let code = [("grant_type", "authorization_code"), ("code", held.code.as_str()), ("redirect_uri", shop.callback.as_str()), ("code_verifier", VERIFIER)];
    let device = SecretHash::of(&held.browser.cookie("claviger_device").unwrap());
    let (id, trusting, tools) = (ada.id.clone(), ada.id.clone(), kit.node.base.tools.clone());
    let find = move |connection: &mut claviger::platform::db::DbConnection| {
        let Some(standing) = customers::find_standing(connection, &trusting)? else { return Ok(false) };
        let generation = standing.generation;
        Ok(!trusted_devices::list_devices(connection, &tools, &trusting, generation)?.is_empty())
    };
    let trusted_device = kit.node.base.db.read(find).await.unwrap();
    // The later judgements change things; this one alone is asked for last.
    let (somewhere, page, code_of_recovery) = &held.recovery;
    let somewhere = somewhere.at(base);
    let recovers = async || {
        let reply = somewhere.press(page, "show-mailbox", &[("value", code_of_recovery)]).await;
        reply.status == 303 && somewhere.follow(reply).await.page().title() == "Choose a new password"
    };
    Standing {
        trusted_device,
        recovery: recovers().await,
        session: held.browser.at(base).get("/account").await.status == 200,
        bound_access: userinfo(&held.bound.access()).await,
        bound_introspection: introspect(shop, &held.bound.access()).await,
        opaque_access: userinfo(&held.opaque.access()).await,
        opaque_introspection: introspect(opaque, &held.opaque.access()).await,
        offline_access: userinfo(&held.offline.access()).await,
        bound_refresh: refresh(&held.bound.refresh()).await,
        offline_refresh: refresh(&held.offline.refresh()).await,
        code: shop.post_to(base, "/token", &code).await.status == 200,
        passkey_ceremony: authenticator::answer(&held.browser.at(base), &held.security, "add-passkey", &held.ceremony.0, &held.ceremony.1)
            .await
            .location()
            .is_some_and(|location| location.ends_with("?added")),
        known_browser: kit.node.base.db.read(move |connection| sessions::is_known_device(connection, &device, &id, claviger::base::time::UnixSeconds(0))).await.unwrap(),
    }
}

/// The customer in another browser, at a page of the account.
async fn own(kit: &Kit, person: &Person, path: &str) -> (Browser, Reply) {
    let browser = kit.browser();
    let page = browser.walk(path).await.page();
    let reply = browser.type_password(&page, &person.email, &person.password).await;
    let page = browser.follow(reply).await.page();
    (browser, page)
}

/// "Log out all", by the desk.
async fn ended_by_staff(kit: &Kit, person: &Person) -> Standing {
    let desk = kit.program("desk", &[Role::Support]).await;
    let reply = desk.post(&format!("/customers/{}/end-sessions", person.id), &serde_json::json!({ "reason": "The customer lost a bag with a laptop." })).await;
    assert_eq!(reply.status, 204, "{}", reply.body);
    NOTHING
}

/// Not a test by itself: the other process of the matrix.
#[test]
fn a_node_of_its_own() {
    node_process::serve_if_asked();
}

on_both! {
    async fn d4_revocation_matrix(kit: Kit) {
        let shop = kit.shop("shop").await;
        let opaque = kit.shop_with("opaque", |metadata| metadata.access_token_format = AccessTokenFormat::Opaque).await;
        let mut other = NodeProcess::start(&kit, "matrix::a_node_of_its_own");
        let second = other.base.clone();
        let all = Standing { session: true, bound_refresh: true, bound_access: true, bound_introspection: true, opaque_access: true, opaque_introspection: true, offline_refresh: true, offline_access: true, code: true, known_browser: true, trusted_device: true, passkey_ceremony: true, recovery: true };
        let run = |arguments: Vec<String>| { let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect(); let (code, text) = claviger_on(&kit.place, &arguments); assert_eq!(code, 0, "{text}"); };
        for ending in ["nothing", "sign out", "password", "lock", "remove authenticators", "revoke the bound grant", "own password", "recovery", "not me", "staff ends the sessions", "new address", "erasure", "remove the client"] {
            let ada = kit.customer(&format!("ada-{}", ending.replace(' ', "-"))).await;
            let held = hold(&ada, &kit, &shop, &opaque).await;
            // Both nodes have seen the tokens, and keep them in their caches.
            for base in [&kit.issuer, &second] {
                shop.post_to(base, "/introspect", &[("token", &held.bound.access())]).await;
                opaque.post_to(base, "/introspect", &[("token", &held.opaque.access())]).await;
            }
            let expected = match ending {
                "nothing" => all_of(&all),
                "sign out" => {
                    let page = held.browser.walk("/logout/confirm").await.page();
                    held.browser.press(&page, "sign-out", &[]).await;
                    Standing { offline_refresh: true, offline_access: true, known_browser: true, trusted_device: true, recovery: true, ..NOTHING }
                }
                "password" => {
                    run(vec!["customers".into(), "set-password".into(), ada.email.clone(), "--generate".into()]);
                    NOTHING
                }
                "remove authenticators" => {
                    let (tools, id) = (kit.node.base.tools.clone(), ada.id.clone());
                    let enrol = move |tx: &mut claviger::platform::db::WriteTx<'_>| { let app = totp::begin_enrolment(tx, &tools, &id, &claviger::identity::factors::totp::Seed::generate(tools.entropy()), "app")?; totp::confirm_enrolment(tx, &id, &app, 1, tools.now()) };
                    assert!(kit.node.base.db.write(enrol).await.unwrap());
                    run(vec!["customers".into(), "remove-authenticators".into(), ada.email.clone()]);
                    Standing { known_browser: true, ..NOTHING }
                }
                "lock" => {
                    run(vec!["customers".into(), "lock".into(), ada.email.clone()]);
                    Standing { known_browser: true, ..NOTHING }
                }
                "revoke the bound grant" => {
                    assert_eq!(shop.post("/revoke", &[("token", &held.bound.refresh())]).await.status, 200);
                    Standing { bound_refresh: false, bound_access: false, bound_introspection: false, ..all_of(&all) }
                }
                "own password" => {
                    let elsewhere = own(&kit, &ada, "/account/password").await;
                    assert_eq!(elsewhere.0.press(&elsewhere.1, "new-password", &[("new_password", "wombat harmonica quill")]).await.status, 303);
                    NOTHING
                }
                "recovery" => {
                    kit.advance(21);
                    other.advance(21);
                    let browser = kit.browser();
                    let page = browser.get("/recovery").await;
                    let reply = browser.press(&page, "recovery", &[("email", &ada.email)]).await;
                    let page = browser.follow(reply).await.page();
                    let reply = browser.press(&page, "show-mailbox", &[("value", &kit.last_code().await)]).await;
                    let page = browser.follow(reply).await.page();
                    assert_eq!(browser.press(&page, "new-password", &[("new_password", "wombat harmonica quill")]).await.status, 303);
                    NOTHING
                }
                "not me" => {
                    let (browser, page) = own(&kit, &ada, "/account/sessions").await;
                    assert_eq!(browser.press(&page, "not-me-button", &[]).await.title(), "Your account is secured");
                    NOTHING
                }
                // What the customer waits for elsewhere, a recovery, goes with the generation.
                "staff ends the sessions" => ended_by_staff(&kit, &ada).await,
                // No credential changed: only what was sent to the old address is void.
                "new address" => {
                    let (browser, page) = own(&kit, &ada, "/account/contact").await;
                    let reply = browser.press(&page, "send-email", &[("value", "moved@example.com")]).await;
                    let page = browser.follow(reply).await.page();
                    assert_eq!(browser.press(&page, "prove-email", &[("code", &kit.last_code().await)]).await.status, 303);
                    Standing { recovery: false, ..all_of(&all) }
                }
                "erasure" => {
                    let (tools, id) = (kit.node.base.tools.clone(), ada.id.clone());
                    kit.node.base.db.write(move |tx| claviger::identity::customers::details::store::keep_erasure(tx, &id, Some(tools.now()))).await.unwrap();
                    assert_eq!(claviger::app::worker::erase_due(&kit.node).await.unwrap(), 1);
                    NOTHING
                }
                _ => {
                    run(vec!["clients".into(), "remove".into(), shop.id.clone()]);
                    Standing { session: true, opaque_access: true, opaque_introspection: true, known_browser: true, ..NOTHING }
                }
            };
            kit.advance(1);
            other.advance(1);
            if ending == "remove the client" {
                // The shop cannot even ask: its own endpoints answer 401, which is no 200.
                let reply = shop.post_to(&second, "/introspect", &[("token", &held.bound.access())]).await;
                assert_eq!(reply.status, 401);
                let session = held.browser.at(&second).get("/account").await.status;
                assert_eq!((session, opaque.post_to(&second, "/introspect", &[("token", &held.opaque.access())]).await.json()["active"].as_bool()), (200, Some(true)));
                let token = held.offline.access();
                let request = shop.client.get(format!("{second}/userinfo")).header("host", kit.issuer.trim_start_matches("http://")).header("authorization", format!("Bearer {token}"));
                assert_eq!(crate::kit::shop::read(request, String::new()).await.status, 401);
                continue;
            }
            assert_eq!(standing(&kit, &second, &ada, &shop, &opaque, &held).await, expected, "{ending}, on the other process");
        }
    }

    async fn d10_nobody_gets_another_ones_answer(kit: Kit) {
        let shop = kit.shop("shop").await;
        let (_, second, handle) = kit.second_node().await;
        let mut people = Vec::new();
        // Fewer at once than one address may have tries in the air.
        for number in 0..80 { people.push(kit.customer(&format!("user{number:03}")).await); }
        let walks = people.iter().enumerate().map(|(number, person)| {
            let (kit, shop, second) = (&kit, &shop, &second);
            async move {
                let base = if number % 2 == 0 { kit.issuer.clone() } else { second.clone() };
                let browser = kit.browser().at(&base);
                let state = format!("state-{number}");
                if number % 5 == 0 {
                    // A request that its sender gives up in the middle.
                    let mut stream = tokio::net::TcpStream::connect(base.trim_start_matches("http://")).await.unwrap();
                    tokio::io::AsyncWriteExt::write_all(&mut stream, b"POST /token HTTP/1.1\r\nhost: x\r\ncontent-length: 90\r\n\r\ngrant").await.unwrap();
                }
                if number % 7 == 0 {
                    let page = shop.authorize(&browser, &[]).await.page();
                    let reply = browser.type_password(&page, &person.email, "a wrong password").await;
                    assert!(reply.body.contains(&person.email), "the refused form shows what was typed, by this person");
                }
                let answer = shop.sign_in(&browser, person, &[("state", &state), ("nonce", &state)]).await.away();
                assert_eq!(answer["state"], state);
                let fields = [("grant_type", "authorization_code"), ("code", answer["code"].as_str()), ("redirect_uri", shop.callback.as_str()), ("code_verifier", VERIFIER)];
                let tokens = Tokens(shop.post_to(&base, "/token", &fields).await.json());
                assert_eq!(tokens.claims()["nonce"], state);
                let about = shop.userinfo(&tokens.access()).await.json();
                assert_eq!((about["email"].as_str(), &about["sub"]), (Some(person.email.as_str()), &tokens.claims()["sub"]));
                let home = browser.get("/account").await;
                assert!(home.body.contains(&person.email), "{}", home.body);
                tokens.claims()["sub"].as_str().unwrap().to_owned()
            }
        });
        let mut subjects = join_all(walks).await;
        subjects.sort();
        subjects.dedup();
        assert_eq!(subjects.len(), people.len());
        handle.stop(false).await;
    }
}

const fn all_of(all: &Standing) -> Standing {
    Standing { ..*all }
}

on_one! {
    async fn d11_a_clients_rules_hold_for_whoever_is_signed_in_elsewhere(kit: Kit) {
        let (ada, lax) = (kit.customer("ada").await, kit.shop("lax").await);
        let fresh = kit.shop_with("fresh", |metadata| metadata.default_max_age = Some(60)).await;
        let asking = kit.shop_with("asking", |metadata| metadata.consent = ConsentPolicy::Explicit).await;
        let (browser, _) = kit.sign_in(&lax, &ada).await;
        kit.advance(120);
        assert_eq!(fresh.authorize(&browser, &[("prompt", "none")]).await.error(), "login_required");
        assert_eq!(asking.authorize(&browser, &[("prompt", "none")]).await.error(), "consent_required");
        assert!(fresh.authorize(&browser, &[]).await.page().url.contains("/signin/"));
        assert!(lax.authorize(&browser, &[("prompt", "none")]).await.away().contains_key("code"));
    }

    async fn l12_a_backup_shows_nothing_and_opens_with_its_own_key_alone(kit: Kit) {
        use diesel::connection::SimpleConnection;
        let (ada, shop) = (kit.customer("canary").await, kit.shop("shop").await);
        let (browser, tokens) = kit.sign_in(&shop, &ada).await;
        let backup = Place::new(Backend::Sqlite);
        let target = backup.folder.path().join("test.db");
        let copy = format!("VACUUM INTO '{}'", target.display());
        tokio::task::spawn_blocking({ let url = kit.place.url.clone(); move || {
            let mut connection = claviger::platform::db::open(&claviger::platform::db::DatabaseAddress::parse(&url).unwrap()).unwrap();
            connection.batch_execute(&copy).unwrap();
        }}).await.unwrap();
        let bytes = std::fs::read(&target).unwrap();
        let session = browser.cookie("claviger_session").unwrap();
        for needle in [ada.email.as_str(), &ada.password, &shop.secret, &session, &tokens.refresh(), &tokens.access()] {
            assert!(!bytes.windows(needle.len()).any(|window| window == needle.as_bytes()), "{needle} stands in the backup");
        }
        // As it was written anybody on the machine reads it: that is refused before anything else.
        assert!(claviger_on(&backup, &["customers", "show", &ada.email]).1.contains("chmod 600"));
        std::fs::set_permissions(backup.folder.path().join("test.db"), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        // Restored beside no key, or beside another one: refused aloud, and no key is made up.
        let (code, text) = claviger_on(&backup, &["customers", "show", &ada.email]);
        assert!(code != 0 && text.contains("is missing, but the database was made with one"), "{text}");
        assert!(!backup.folder.path().join("keys/master.key").exists());
        let other = Place::new(Backend::Sqlite);
        assert_eq!(claviger_on(&other, &["customers", "add", "--email", "bob@example.com"]).0, 0);
        std::fs::create_dir_all(backup.folder.path().join("keys")).unwrap();
        let keys = |place: &Place| place.folder.path().join("keys/master.key");
        std::fs::copy(keys(&other), keys(&backup)).unwrap();
        let (code, text) = claviger_on(&backup, &["customers", "show", &ada.email]);
        assert!(code != 0 && text.contains("not the one that this database was made with"), "{text}");
        std::fs::copy(keys(&kit.place), keys(&backup)).unwrap();
        assert_eq!(claviger_on(&backup, &["customers", "show", &ada.email]).0, 0);
    }
}

#[test]
fn a4_hostile_addresses_are_not_registered() {
    let folder = tempfile::tempdir().unwrap();
    let hostile = [
        "javascript:alert(1)",
        "data:text/html,x",
        "http://shop.example/x",
        "https://u:p@shop.example/",
        "file:///etc/passwd",
        "//shop.example/",
        "vbscript:x",
        "https://shop.example/x y",
        "",
    ];
    let file = folder.path().join("client.json");
    let file = file.to_str().unwrap();
    for address in hostile {
        for member in ["redirect_uris", "post_logout_redirect_uris", "client_uri", "logo_uri", "policy_uri", "tos_uri"] {
            let mut metadata = serde_json::json!({ "client_name": "Shop", "token_endpoint_auth_method": "client_secret_basic", "grant_types": ["authorization_code"], "scope": "openid", "redirect_uris": ["https://shop.example/cb"] });
            metadata[member] = if member.ends_with("uris") { serde_json::json!([address]) } else { serde_json::json!(address) };
            std::fs::write(file, metadata.to_string()).unwrap();
            let (code, text) = claviger(folder.path(), &["clients", "add", "--metadata", file]);
            assert_eq!(code, 3, "{member} {address}: {text}");
        }
    }
    assert_eq!(claviger(folder.path(), &["clients", "add", "--name", "Shop", "--redirect-uri", "javascript:alert(1)"]).0, 3);
    let (_, listed) = claviger(folder.path(), &["clients", "list", "--json"]);
    assert_eq!(listed.trim(), "[]");
}
