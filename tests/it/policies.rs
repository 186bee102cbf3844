//! What the rules demand: levels by client, scope and group, enrolment on the way, and devices that are spared.

use crate::factors::{code, enrol, type_code};
use crate::kit::authenticator::{self, Authenticator};
use crate::kit::{Backend, Browser, Kit, Person, Place, Reply, Shop, Tokens};
use crate::on_both;
use claviger::app::config::RawConfig;
use claviger::base::assurance::Acr;
use claviger::base::time::ManualClock;
use claviger::identity::customers::store as customers;
use std::sync::Arc;

/// Stories on a server with a configuration of their own.
fn with_rules<F: Future<Output = ()>>(backend: Backend, rules: fn(&mut RawConfig), story: impl FnOnce(Kit) -> F) {
    actix_web::rt::System::new().block_on(async {
        let kit = Kit::start_with(Arc::new(Place::new(backend)), Arc::new(ManualClock::at(crate::kit::DAWN)), rules).await;
        let handle = kit.handle.clone();
        story(kit).await;
        handle.stop(false).await;
    });
}

async fn put_into(kit: &Kit, person: &Person, group: &str) {
    let (id, groups) = (person.id.clone(), vec![group.to_owned()]);
    assert!(kit.node.base.db.write(move |tx| customers::replace_groups(tx, &id, &groups)).await.unwrap());
}

fn rule(name: &str, acr: &str, from: Option<&str>) -> claviger::app::config::LevelRule {
    claviger::app::config::LevelRule { name: name.into(), acr: acr.into(), from: from.map(str::to_owned) }
}

/// After the password.
async fn after_password(kit: &Kit, shop: &Shop, person: &Person, more: &[(&str, &str)]) -> (Browser, Reply) {
    let browser = kit.browser();
    let page = shop.authorize(&browser, more).await.page();
    let reply = browser.type_password(&page, &person.email, &person.password).await;
    let page = browser.follow(reply).await.page();
    (browser, page)
}

/// Adds an app at the page that insists on a factor, keeps the codes, and is back at the shop.
async fn add_app_on_the_way(kit: &Kit, shop: &Shop, browser: &Browser, page: &Reply) -> Tokens {
    let reply = browser.press(page, "add-app", &[("name", "My phone")]).await;
    let waiting = browser.follow(reply).await.page();
    let seed = waiting.body.split("<code id=\"seed\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let app = totp_rs::Builder::new().with_secret(totp_rs::Secret::try_from_base32(&seed).unwrap()).build().unwrap();
    assert_eq!(browser.press(&waiting, "confirm", &[("code", "000000")]).await.status, 422);
    assert!(browser.cookie("claviger_session").is_none());
    let shown = app.generate(u64::try_from(kit.node.base.tools.now().0).unwrap()).to_string();
    let reply = browser.press(&waiting, "confirm", &[("code", &shown)]).await;
    keep_codes_and_return(shop, browser, reply).await
}

async fn keep_codes_and_return(shop: &Shop, browser: &Browser, reply: Reply) -> Tokens {
    let page = browser.follow(reply).await.page();
    assert!(page.url.contains("/account/security/recovery-codes?"), "{}", page.url);
    let sheet = browser.press(&page, "recovery-codes", &[("flow", &page.hidden("id=\"recovery-codes\"", "flow"))]).await;
    let reply = browser.press(&sheet, "codes-saved", &[("saved", "yes"), ("flow", &sheet.hidden("id=\"codes-saved\"", "flow"))]).await;
    Tokens(shop.redeem(&browser.follow(reply).await.away()["code"]).await.json())
}

fn staff_rules(raw: &mut RawConfig) {
    raw.assurance.groups = vec![rule("staff", "second-factor", None), rule("vault", "phishing-resistant", None), rule("soon", "second-factor", Some("2027-02-01"))];
}

async fn j7_story(kit: Kit) {
    let shop = kit.shop("shop").await;
    let ada = kit.customer("ada").await;
    put_into(&kit, &ada, "staff").await;
    let (browser, page) = after_password(&kit, &shop, &ada, &[]).await;
    assert_eq!((page.title(), page.url.ends_with("/enrol")), ("One more step", true), "{}", page.body);
    // Nothing but the enrolment, whichever way one goes.
    assert!(browser.cookie("claviger_session").is_none());
    for path in ["/account", "/account/security", "/account/security/recovery-codes"] {
        assert!(browser.walk(path).await.page().url.contains("/signin/"), "{path}");
    }
    assert_eq!(shop.authorize(&browser, &[("prompt", "none")]).await.error(), "login_required");
    let flow = page.url.trim_end_matches("/enrol").to_owned();
    for path in ["", "/totp", "/passkey", "/recovery-code"] {
        assert!(browser.walk(&format!("{flow}{path}")).await.page().url.ends_with("/enrol"), "{path}");
    }
    let request = shop.authorize(&browser, &[]).await.page();
    assert!(request.url.contains("/signin/") && browser.cookie("claviger_session").is_none());
    // Another browser has no part in it.
    assert_eq!(kit.browser().get(&page.url).await.status, 403);
    let tokens = add_app_on_the_way(&kit, &shop, &browser, &page).await;
    assert_eq!((tokens.claims()["acr"].as_str(), tokens.claims()["amr"].clone()), (Some("urn:claviger:acr:second-factor"), serde_json::json!(["pwd", "otp", "mfa"])));
    assert_eq!(kit.audited("authenticator_added", "").await, 1);
    // Where a phishing-resistant one is demanded, an app is not enough, and is not offered.
    let bob = kit.customer("bob").await;
    put_into(&kit, &bob, "vault").await;
    let (browser, page) = after_password(&kit, &shop, &bob, &[]).await;
    assert!(page.body.contains("id=\"add-passkey\"") && !page.body.contains("id=\"add-app\""), "{}", page.body);
    let address = page.url.replace(&kit.issuer, "");
    let forced = browser.submit(&format!("{address}/totp"), &[("csrf", &page.hidden("id=\"add-passkey\"", "csrf")), ("name", "x")]).await;
    assert!(forced.status == 422 || forced.status == 403, "{}", forced.status);
    let mut phone = Authenticator::new();
    let reply = authenticator::enrol(&browser, &page, "add-passkey", &mut phone).await;
    let tokens = keep_codes_and_return(&shop, &browser, reply).await;
    assert_eq!(tokens.claims()["acr"], "urn:claviger:acr:phishing-resistant");
    // A password alone adds nothing to an account that has a factor already: it is shown first.
    let carol = kit.customer("carol").await;
    put_into(&kit, &carol, "vault").await;
    let seed = enrol(&kit, &carol).await;
    let (browser, page) = after_password(&kit, &shop, &carol, &[]).await;
    assert!(page.url.ends_with("/totp"), "{}", page.url);
    assert!(browser.walk(&page.url.replace("/totp", "/enrol")).await.page().url.ends_with("/totp"));
    let reply = type_code(&browser, &page, &code(&kit, &seed, 0)).await;
    assert_eq!(browser.follow(reply).await.page().title(), "One more step");
    // From the day on, and not before.
    let dora = kit.customer("dora").await;
    put_into(&kit, &dora, "soon").await;
    let browser = kit.browser();
    let reminder = shop.sign_in(&browser, &dora, &[]).await.page();
    assert!(reminder.url.contains("/account/security/passkeys/offer?") && reminder.body.contains("In 31 days"), "{}", reminder.body);
    let way_on = reminder.body.split("id=\"not-now\" href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(browser.walk(&way_on).await.away().contains_key("code"));
    // Once a day.
    assert!(shop.sign_in(&kit.browser(), &dora, &[]).await.away().contains_key("code"));
    kit.advance(31 * 86_400);
    assert_eq!(after_password(&kit, &shop, &dora, &[]).await.1.title(), "One more step");
}

#[test]
fn j7_a_forced_enrolment_cannot_be_gone_around_sqlite() {
    with_rules(Backend::Sqlite, staff_rules, j7_story);
}

#[test]
fn j7_a_forced_enrolment_cannot_be_gone_around_postgres() {
    with_rules(Backend::Postgres, staff_rules, j7_story);
}

#[test]
fn a_scope_demands_its_level() {
    with_rules(
        Backend::Sqlite,
        |raw| raw.assurance.scopes = vec![rule("address", "second-factor", None)],
        async |kit| {
            let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
            let (browser, _) = after_scope(&kit, &shop, &ada).await;
            // Signed in without it; asked for more as soon as the scope is asked for.
            assert_eq!(shop.authorize(&browser, &[("scope", "openid address"), ("prompt", "none")]).await.error(), "interaction_required");
            let page = shop.authorize(&browser, &[("scope", "openid address")]).await.page();
            assert_eq!(page.title(), "One more step");
        },
    );
}

async fn after_scope(kit: &Kit, shop: &Shop, ada: &Person) -> (Browser, String) {
    let browser = kit.browser();
    let code = shop.sign_in(&browser, ada, &[("scope", "openid email")]).await.away()["code"].clone();
    (browser, code)
}

async fn offer_story(kit: Kit) {
    let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
    let knock = async |can: &'static str| {
        let browser = kit.browser();
        let page = shop.authorize(&browser, &[]).await.page();
        let csrf = page.hidden("id=\"signin\"", "csrf");
        let fields = [("csrf", csrf.as_str()), ("email", ada.email.as_str()), ("password", ada.password.as_str()), ("can_passkey", can)];
        let reply = browser.submit(&page.action("id=\"signin\""), &fields).await;
        (browser.follow(reply).await, browser)
    };
    assert!(knock("").await.0.away().contains_key("code"), "a browser that cannot is not bothered");
    let (landing, browser) = knock("yes").await;
    let page = landing.page();
    assert_eq!(page.title(), "Sign in faster next time");
    assert!(knock("yes").await.0.away().contains_key("code"), "asked once a month");
    // Another browser cannot look at it, nor does an odd address lead anywhere.
    assert!(kit.browser().walk(&page.url).await.page().url.contains("/signin/"));
    assert_eq!(browser.get("/account/security/passkeys/offer?https://evil.test").await.status, 404);
    let (options, ceremony) = authenticator::begin(&browser, &page, "add-passkey").await;
    let credential = Authenticator::new().create(&options, &kit.issuer);
    let reply = browser.press(&page, "add-passkey", &[("ceremony", &ceremony), ("credential", &credential)]).await;
    let tokens = keep_codes_and_return(&shop, &browser, reply).await;
    assert_eq!(tokens.claims()["acr"], "urn:claviger:acr:phishing-resistant");
    kit.advance(40 * 86_400);
    let (landing, _) = knock("yes").await;
    assert!(landing.page().url.ends_with("/passkey"), "whoever has one is asked for it, not offered another");
}

/// A passkey is offered to whoever could have one, once a month, where the shop wants that.
#[test]
fn a_passkey_is_offered_after_the_password() {
    with_rules(Backend::Postgres, |raw| raw.passkeys.offer_after_sign_in = true, offer_story);
}

on_both! {
    async fn a_client_demands_its_level(kit: Kit) {
        let (ada, plain) = (kit.customer("ada").await, kit.shop("plain").await);
        let strict = kit.shop_with("strict", |metadata| metadata.required_acr = Some(Acr::SecondFactor)).await;
        let (browser, _) = kit.sign_in(&plain, &ada).await;
        assert_eq!(strict.authorize(&browser, &[("prompt", "none")]).await.error(), "interaction_required");
        // What the installation demands may be added on the way; what a request asks for may not, or a stolen password would be enough for it.
        assert_eq!(plain.authorize(&browser, &[("acr_values", "urn:claviger:acr:second-factor")]).await.error(), "unmet_authentication_requirements");
        kit.advance(301);
        let page = strict.authorize(&browser, &[]).await.page();
        assert_eq!(page.title(), "Sign in", "an old session adds no factor");
        let reply = browser.type_password(&page, &ada.email, &ada.password).await;
        let page = browser.follow(reply).await.page();
        assert_eq!(page.title(), "One more step");
        let mut key = Authenticator::security_key();
        let reply = authenticator::enrol(&browser, &page, "add-security-key", &mut key).await;
        let tokens = keep_codes_and_return(&strict, &browser, reply).await;
        assert_eq!(tokens.claims()["amr"], serde_json::json!(["pwd", "hwk", "mfa"]));
    }

    async fn j8_a_trusted_device_is_its_owners_alone(kit: Kit) {
        let (ada, bob, shop) = (kit.customer("ada").await, kit.customer("bob").await, kit.shop("shop").await);
        let seed = enrol(&kit, &ada).await;
        enrol(&kit, &bob).await;
        let (browser, page) = after_password(&kit, &shop, &ada, &[]).await;
        assert!(page.body.contains("Do not ask again on this device for 30 days"), "{}", page.body);
        let reply = browser.press(&page, "totp", &[("code", &code(&kit, &seed, 0)), ("trust", "yes")]).await;
        assert!(browser.follow(reply).await.away().contains_key("code"));
        let first = browser.cookie("claviger_trusted").unwrap();
        // Signed in again with the password alone, honestly said; and the cookie is another one.
        let again = async |browser: &Browser, person: &Person, more: &[(&str, &str)]| {
            let more: Vec<(&str, &str)> = [("prompt", "login")].iter().chain(more).copied().collect();
            let page = shop.authorize(browser, &more).await.page();
            let reply = browser.type_password(&page, &person.email, &person.password).await;
            browser.follow(reply).await
        };
        let tokens = Tokens(shop.redeem(&again(&browser, &ada, &[]).await.away()["code"]).await.json());
        assert_eq!((tokens.claims()["acr"].as_str(), tokens.claims()["amr"].clone()), (Some("urn:claviger:acr:password"), serde_json::json!(["pwd"])));
        let second = browser.cookie("claviger_trusted").unwrap();
        assert_ne!(first, second);
        assert!(shop.authorize(&browser, &[("prompt", "none")]).await.away().contains_key("code"), "single sign-on holds");
        // A level that somebody demands is not spared.
        kit.advance(31);
        let page = again(&browser, &ada, &[("acr_values", "urn:claviger:acr:second-factor")]).await.page();
        assert!(page.url.ends_with("/totp"));
        let carried = browser.cookie("claviger_trusted").unwrap();
        // An old copy of the cookie, another customer's, another browser's: worth nothing.
        for (person, cookie) in [(&ada, &first), (&ada, &second), (&bob, &carried)] {
            let thief = kit.browser();
            thief.cookies.lock().unwrap().insert("claviger_trusted".into(), cookie.clone());
            let page = again(&thief, person, &[]).await.page();
            assert!(page.url.ends_with("/totp"), "{}", page.url);
        }
        assert!(again(&kit.browser(), &ada, &[]).await.page().url.ends_with("/totp"));
        assert!(again(&browser, &ada, &[]).await.away().contains_key("code"), "the owner's is still good");
        // Taken back on the security page: the session that it spared the factor is asked for it at once.
        kit.advance(301);
        let page = browser.walk("/account/security").await.page();
        let reply = browser.type_password(&page, &ada.email, &ada.password).await;
        let page = browser.follow(reply).await.page();
        assert!(page.url.ends_with("/totp"), "the factors themselves are not changed with the password alone: {}", page.url);
        let reply = type_code(&browser, &page, &code(&kit, &seed, 0)).await;
        let page = browser.follow(reply).await.page();
        let (_, page) = browser.keep_codes(&page).await;
        assert!(page.body.contains("id=\"devices\"") && page.body.contains("Ask again"), "{}", page.body);
        let (csrf, device) = (page.hidden("name=\"device\"", "csrf"), page.hidden("name=\"device\"", "device"));
        browser.submit("/account/security/devices/remove", &[("csrf", &csrf), ("device", &device)]).await;
        assert!(shop.authorize(&browser, &[("prompt", "none")]).await.away().contains_key("code"), "this session has shown the factor meanwhile");
        assert!(again(&browser, &ada, &[]).await.page().url.ends_with("/totp"));
        assert_eq!((kit.audited("device_trusted", "").await, kit.audited("device_distrusted", "").await), (1, 1));
    }

    async fn j8_trust_ends_with_time_password_and_factors(kit: Kit) {
        let shop = kit.shop("shop").await;
        for (number, ending) in ["time", "password", "factor added", "factors removed"].into_iter().enumerate() {
            let ada = kit.customer(&format!("ada{number}")).await;
            let seed = enrol(&kit, &ada).await;
            let (browser, page) = after_password(&kit, &shop, &ada, &[]).await;
            let reply = browser.press(&page, "totp", &[("code", &code(&kit, &seed, 0)), ("trust", "yes")]).await;
            assert!(browser.follow(reply).await.away().contains_key("code"));
            let run = |command: &[&str]| assert_eq!(crate::kit::process::claviger_on(&kit.place, command).0, 0);
            let mut password = ada.password.clone();
            match ending {
                "time" => kit.advance(30 * 86_400 + 1),
                "password" => {
                    let (_, text) = crate::kit::process::claviger_on(&kit.place, &["customers", "set-password", &ada.email, "--generate"]);
                    password = text.split_whitespace().nth(1).unwrap().to_owned();
                }
                "factor added" => {
                    let page = browser.walk("/account/security").await.page();
                    browser.keep_codes(&page).await;
                    let page = browser.walk("/account/security").await.page();
                    authenticator::enrol(&browser, &page, "add-security-key", &mut Authenticator::security_key()).await;
                }
                _ => {
                    run(&["customers", "remove-authenticators", &ada.email]);
                    enrol(&kit, &ada).await;
                }
            }
            let page = shop.authorize(&browser, &[("prompt", "login")]).await.page();
            let reply = browser.type_password(&page, &ada.email, &password).await;
            let page = browser.follow(reply).await.page();
            assert!(page.url.ends_with("/totp") || page.url.ends_with("/passkey"), "{ending}: {}", page.url);
        }
    }

    async fn a_recovery_code_trusts_no_device(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let seed = enrol(&kit, &ada).await;
        let (browser, page) = after_password(&kit, &shop, &ada, &[]).await;
        let reply = type_code(&browser, &page, &code(&kit, &seed, 0)).await;
        browser.follow(reply).await;
        let page = browser.walk("/account/security").await.page();
        let (codes, _) = browser.keep_codes(&page).await;
        let (browser, page) = after_password(&kit, &shop, &ada, &[]).await;
        let page = browser.walk(&page.url.replace("/totp", "/recovery-code")).await.page();
        assert!(!page.body.contains("name=\"trust\""));
        let reply = browser.press(&page, "recovery-code", &[("code", &codes[0]), ("trust", "yes")]).await;
        assert!(browser.follow(reply).await.away().contains_key("code"));
        assert!(browser.cookie("claviger_trusted").is_none());
    }
}

on_both! {
    /// A level that is out of reach, named by whoever wants in, is no way around the second factor.
    async fn j1_an_unreachable_level_opens_nothing(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (before, _) = kit.sign_in(&shop, &ada).await;
        let seed = enrol(&kit, &ada).await;
        let (browser, page) = after_password(&kit, &shop, &ada, &[("acr_values", "urn:claviger:acr:phishing-resistant")]).await;
        assert!(page.url.ends_with("/totp"), "{}", page.url);
        assert!(browser.cookie("claviger_session").is_none() && browser.cookie("claviger_device").is_none());
        let reply = type_code(&browser, &page, &code(&kit, &seed, 0)).await;
        assert_eq!(browser.follow(reply).await.error(), "unmet_authentication_requirements");
        assert!(shop.authorize(&browser, &[("prompt", "none")]).await.away().contains_key("code"), "what was shown counts");
        // A session from before the enrolment shows nothing either until the factor is shown.
        let page = before.walk("/account").await.page();
        assert!(page.url.ends_with("/totp") && !page.body.contains(&ada.email), "{}", page.url);
    }

    async fn what_is_agreed_to_is_agreed_to_by_whom_the_page_names(kit: Kit) {
        let (ada, bob) = (kit.customer("ada").await, kit.customer("bob").await);
        let shop = kit.shop_with("shop", |metadata| metadata.consent = claviger::oauth::clients::metadata::ConsentPolicy::Explicit).await;
        let browser = kit.browser();
        let named_ada = shop.sign_in(&browser, &ada, &[]).await.page();
        assert!(named_ada.body.contains("Canary-Fullname") && named_ada.body.contains("ada "), "{}", named_ada.body);
        // Bob signs in in another tab.
        let page = shop.authorize(&browser, &[("prompt", "login")]).await.page();
        let reply = browser.type_password(&page, &bob.email, &bob.password).await;
        browser.follow(reply).await;
        let reply = browser.press(&named_ada, "allow", &[("decision", "allow"), ("session", &named_ada.hidden("id=\"allow\"", "session"))]).await;
        let again = browser.follow(reply).await.page();
        assert!(again.url.ends_with("/consent") && again.body.contains("bob "), "{}", again.url);
        assert_eq!((kit.audited("consent_given", "").await, kit.audited("session_replaced", "").await), (0, 1));
        let reply = browser.press(&again, "allow", &[("decision", "allow"), ("session", &again.hidden("id=\"allow\"", "session"))]).await;
        assert!(browser.follow(reply).await.away().contains_key("code"));
    }

    async fn a_step_up_is_no_choice_of_account(kit: Kit) {
        let (ada, bob, shop) = (kit.customer("ada").await, kit.customer("bob").await, kit.shop("shop").await);
        let (_, bobs) = kit.sign_in(&shop, &bob).await;
        let seed = enrol(&kit, &ada).await;
        let (browser, page) = after_password(&kit, &shop, &ada, &[]).await;
        let reply = browser.press(&page, "totp", &[("code", &code(&kit, &seed, 0)), ("trust", "yes")]).await;
        browser.follow(reply).await;
        kit.advance(60);
        let page = shop.authorize(&browser, &[("prompt", "login")]).await.page();
        let reply = browser.type_password(&page, &ada.email, &ada.password).await;
        browser.follow(reply).await;
        kit.advance(60);
        let level = ("acr_values", "urn:claviger:acr:second-factor");
        let page = shop.authorize(&browser, &[("prompt", "select_account"), level]).await.page();
        assert_eq!(page.title(), "Choose an account");
        let reply = browser.press(&page, "current", &[("account", "current"), ("session", &page.hidden("id=\"current\"", "session"))]).await;
        assert!(browser.follow(reply).await.page().url.ends_with("/totp"));
        // The hint of somebody else asks for that person, not for another factor of this one.
        let page = shop.authorize(&browser, &[("id_token_hint", &bobs.id()), level]).await.page();
        assert_eq!(page.title(), "Sign in", "{}", page.url);
    }

    async fn a_used_refresh_token_is_found_out_whatever_the_scope(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (_, tokens) = kit.sign_in(&shop, &ada).await;
        let first = tokens.refresh();
        let next = Tokens(shop.refresh(&first).await.json());
        kit.advance(60);
        let fields = [("grant_type", "refresh_token"), ("refresh_token", first.as_str()), ("scope", "openid zzz")];
        let reply = shop.post("/token", &fields).await;
        assert_eq!((reply.status, reply.json()["error"].as_str()), (400, Some("invalid_grant")));
        assert_eq!(shop.refresh(&next.refresh()).await.status, 400, "the family has ended");
        assert_eq!((kit.audited("refresh_token_reused", "reused").await, kit.audited("refresh_refused", "ended").await), (1, 1));
        // A wrong scope with a good token costs the token nothing.
        let (_, tokens) = kit.sign_in(&shop, &ada).await;
        let token = tokens.refresh();
        assert_eq!(shop.post("/token", &[("grant_type", "refresh_token"), ("refresh_token", token.as_str()), ("scope", "openid zzz")]).await.json()["error"], "invalid_scope");
        assert_eq!(shop.refresh(&token).await.status, 200);
    }

    async fn a_wish_to_stay_without_the_right_to_it_is_passed_over(kit: Kit) {
        let ada = kit.customer("ada").await;
        let plain = kit.shop_with("plain", |metadata| metadata.scope = claviger::oauth::scope::Scope::from("openid email".to_owned())).await;
        let answer = plain.sign_in(&kit.browser(), &ada, &[("scope", "openid offline_access email")]).await.away();
        let tokens = Tokens(plain.redeem(&answer["code"]).await.json());
        assert_eq!(tokens.0["scope"].as_str().map(|scope| scope.contains("offline_access")), Some(false), "{:?}", tokens.0);
    }
}

/// The last factor that the rules demand stays; also when two are taken off at the same moment.
async fn last_factor_story(kit: Kit) {
    let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
    put_into(&kit, &ada, "staff").await;
    let (browser, page) = after_password(&kit, &shop, &ada, &[]).await;
    add_app_on_the_way(&kit, &shop, &browser, &page).await;
    let page = browser.walk("/account/security").await.page();
    authenticator::enrol(&browser, &page, "add-security-key", &mut Authenticator::security_key()).await;
    let page = browser.walk("/account/security").await.page();
    let forms: Vec<(String, String)> = page
        .body
        .split("action=\"/account/security/remove\"")
        .skip(1)
        .map(|form| {
            let value = |name: &str| form.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap().split('"').next().unwrap().to_owned();
            (value("csrf"), value("authenticator"))
        })
        .collect();
    assert_eq!(forms.len(), 2);
    let replies = futures_util::future::join_all(forms.iter().map(|(csrf, id)| {
        let browser = &browser;
        async move { browser.submit("/account/security/remove", &[("csrf", csrf), ("authenticator", id)]).await.location().unwrap_or_default().to_owned() }
    }))
    .await;
    assert_eq!(replies.iter().filter(|location| location.ends_with("?needed")).count(), 1, "{replies:?}");
    let page = browser.walk("/account/security?needed").await.page();
    assert_eq!(page.body.matches("action=\"/account/security/remove\"").count(), 1);
    assert!(page.body.contains("Add another one first"), "{}", page.body);
}

#[test]
fn j17_the_last_factor_stays_where_one_is_demanded_sqlite() {
    with_rules(Backend::Sqlite, staff_rules, last_factor_story);
}

#[test]
fn j17_the_last_factor_stays_where_one_is_demanded_postgres() {
    with_rules(Backend::Postgres, staff_rules, last_factor_story);
}

on_both! {
    async fn a_customer_can_demand_more_of_themselves(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let seed = enrol(&kit, &ada).await;
        let (browser, page) = after_password(&kit, &shop, &ada, &[]).await;
        let reply = browser.press(&page, "totp", &[("code", &code(&kit, &seed, 0))]).await;
        browser.follow(reply).await;
        let page = browser.walk("/account/security").await.page();
        let (_, page) = browser.keep_codes(&page).await;
        // Only what can be reached can be chosen.
        assert!(page.body.contains("id=\"choose-level\"") && !page.body.contains("value=\"urn:claviger:acr:phishing-resistant\""), "{}", page.body);
        let reply = browser.press(&page, "set-level", &[("level", "urn:claviger:acr:phishing-resistant")]).await;
        assert!(reply.location().unwrap().ends_with("?needed"));
        let mut key = Authenticator::security_key();
        authenticator::enrol(&browser, &page, "add-security-key", &mut key).await;
        let page = browser.walk("/account/security").await.page();
        let reply = browser.press(&page, "set-level", &[("level", "urn:claviger:acr:phishing-resistant")]).await;
        assert!(reply.location().unwrap().ends_with("?chosen"));
        // From now on the app is not enough, nor a recovery code.
        let (browser, page) = after_password(&kit, &shop, &ada, &[]).await;
        assert!(page.url.ends_with("/passkey") && !page.body.contains("class=\"other\""), "{}", page.body);
        assert!(browser.walk(&page.url.replace("/passkey", "/totp")).await.page().url.ends_with("/passkey"));
        let reply = authenticator::show(&browser, &page, &mut key).await;
        assert!(browser.follow(reply).await.away().contains_key("code"));
        assert_eq!(kit.audited("level_chosen", "").await, 1);
    }
}
