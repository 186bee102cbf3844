//! What an ID token says of a sign-in, over every combination of factors and every way to ask for more: honest, or an error.

use std::sync::Arc;

use crate::factors::{code, enrol, type_code};
use crate::kit::authenticator::{self, Authenticator, PRESENT, VERIFIED};
use crate::kit::{Backend, Browser, Kit, Person, Place, Reply, Shop, Tokens};
use claviger::base::assurance::FactorKind;
use claviger::base::time::ManualClock;
use claviger::identity::customers::store as customers;
use claviger::identity::factors::{recovery_code, sent_code};
use serde_json::{Value, json};

const LEVELS: [&str; 4] = ["urn:claviger:acr:password", "urn:claviger:acr:weak-second-factor", "urn:claviger:acr:second-factor", "urn:claviger:acr:phishing-resistant"];

/// A way to sign in: what is shown, and what the token has to say of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Password,
    PasswordAndEmail,
    PasswordAndSms,
    PasswordAndApp,
    PasswordAndRecoveryCode,
    PasswordAndKey,
    PasswordAndVerifyingKey,
    PasswordAndPasskey,
    PasskeyOfTheDevice,
    PasskeyOfAManager,
}

impl Way {
    const ALL: [Self; 10] = [
        Self::Password,
        Self::PasswordAndEmail,
        Self::PasswordAndSms,
        Self::PasswordAndApp,
        Self::PasswordAndRecoveryCode,
        Self::PasswordAndKey,
        Self::PasswordAndVerifyingKey,
        Self::PasswordAndPasskey,
        Self::PasskeyOfTheDevice,
        Self::PasskeyOfAManager,
    ];

    /// The level by its place on the ladder, and `amr`.
    fn expected(self) -> (usize, Value) {
        match self {
            Self::Password => (0, json!(["pwd"])),
            Self::PasswordAndEmail => (1, json!(["pwd", "mca", "mfa"])),
            Self::PasswordAndSms => (1, json!(["pwd", "sms", "mfa"])),
            Self::PasswordAndApp | Self::PasswordAndRecoveryCode => (2, json!(["pwd", "otp", "mfa"])),
            Self::PasswordAndKey => (3, json!(["pwd", "hwk", "mfa"])),
            Self::PasswordAndVerifyingKey => (3, json!(["pwd", "hwk", "user", "mfa"])),
            Self::PasswordAndPasskey => (3, json!(["pwd", "swk", "user", "mfa"])),
            Self::PasskeyOfTheDevice => (3, json!(["hwk", "user", "mfa"])),
            Self::PasskeyOfAManager => (3, json!(["swk", "user", "mfa"])),
        }
    }

    /// The highest level that this customer can reach with what they have.
    fn reachable(self) -> usize {
        match self {
            // A code goes to the proven mailbox when a level is demanded.
            Self::Password => 1,
            other => other.expected().0,
        }
    }

    fn key(self) -> Option<(&'static str, Authenticator)> {
        match self {
            Self::PasswordAndKey => Some(("add-security-key", Authenticator::security_key())),
            Self::PasswordAndVerifyingKey => Some(("add-security-key", Authenticator { flags: PRESENT | VERIFIED, ..Authenticator::security_key() })),
            Self::PasskeyOfTheDevice => Some(("add-passkey", Authenticator { flags: PRESENT | VERIFIED, ..Authenticator::new() })),
            Self::PasswordAndPasskey | Self::PasskeyOfAManager => Some(("add-passkey", Authenticator::new())),
            _ => None,
        }
    }
}

/// Signs in by `way` from the page that the shop was sent to; the way back.
async fn sign_in(kit: &Kit, shop: &Shop, person: &Person, way: Way, browser: &Browser, more: &[(&str, &str)], held: &mut Held) -> Reply {
    let page = shop.authorize(browser, more).await.page();
    if matches!(way, Way::PasskeyOfTheDevice | Way::PasskeyOfAManager) {
        return authenticator::show(browser, &page, held.key.as_mut().unwrap()).await;
    }
    let reply = browser.type_password(&page, &person.email, &person.password).await;
    if way == Way::Password {
        return reply;
    }
    let page = browser.follow(reply).await.page();
    match way {
        Way::PasswordAndApp => type_code(browser, &page, &code(kit, held.seed.as_ref().unwrap(), 0)).await,
        Way::PasswordAndRecoveryCode => {
            let page = browser.walk(&page.url.replace("/totp", "/recovery-code")).await.page();
            let code = held.codes.pop().unwrap();
            browser.press(&page, "recovery-code", &[("code", &code)]).await
        }
        Way::PasswordAndEmail | Way::PasswordAndSms => {
            let (kind, button) = if way == Way::PasswordAndEmail { (FactorKind::EmailCode, "email-code") } else { (FactorKind::SmsCode, "sms-code") };
            let owner = format!("signin:{}:{}", page.url.split('/').rev().nth(1).unwrap(), person.id);
            let tools = kit.node.base.tools.clone();
            let code = kit.node.base.db.write(move |tx| sent_code::store::begin_code(tx, &tools, &owner, kind)).await.unwrap();
            let page = browser.walk(&page.url).await.page();
            browser.press(&page, button, &[("code", &code)]).await
        }
        _ => authenticator::show(browser, &page, held.key.as_mut().unwrap()).await,
    }
}

/// What a customer has at hand.
#[derive(Default)]
struct Held {
    key: Option<Authenticator>,
    seed: Option<claviger::identity::factors::totp::Seed>,
    codes: Vec<String>,
}

async fn equip(kit: &Kit, shop: &Shop, person: &Person, way: Way) -> Held {
    let mut held = Held::default();
    if let Some((id, mut key)) = way.key() {
        let (browser, _) = kit.sign_in(shop, person).await;
        let page = browser.walk("/account/security").await.page();
        let reply = authenticator::enrol(&browser, &page, id, &mut key).await;
        assert!(reply.location().unwrap().ends_with("?added"));
        held.key = Some(key);
    }
    let (db, tools, id) = (&kit.node.base.db, kit.node.base.tools.clone(), person.id.clone());
    match way {
        Way::PasswordAndEmail => db.write(move |tx| customers::keep_code_channel(tx, &id, FactorKind::EmailCode, Some(tools.now()))).await.unwrap(),
        Way::PasswordAndSms => db.write(move |tx| customers::keep_code_channel(tx, &id, FactorKind::SmsCode, Some(tools.now()))).await.unwrap(),
        Way::PasswordAndApp | Way::PasswordAndRecoveryCode => {
            held.seed = Some(enrol(kit, person).await);
            let codes = db.write(move |tx| recovery_code::store::replace_codes(tx, &tools, &id)).await.unwrap();
            held.codes = codes.iter().map(|code| code.to_string()).collect();
        }
        _ => {}
    }
    held
}

async fn story(kit: Kit) {
    let shop = kit.shop("shop").await;
    for (number, way) in Way::ALL.into_iter().enumerate() {
        let person = kit.customer(&format!("ada{number}")).await;
        let mut held = equip(&kit, &shop, &person, way).await;
        let (level, amr) = way.expected();
        let honest = |claims: &Value, at: i64, what: &str| {
            assert_eq!((claims["acr"].as_str(), &claims["amr"], claims["auth_time"].as_i64()), (Some(LEVELS[level]), &amr, Some(at)), "{way:?}, {what}");
        };
        kit.advance(1_000);
        let signed_in_at = kit.node.base.tools.now().0;
        let browser = kit.browser();
        let reply = sign_in(&kit, &shop, &person, way, &browser, &[], &mut held).await;
        let tokens = Tokens(shop.redeem(&browser.follow(reply).await.away()["code"]).await.json());
        honest(&tokens.claims(), signed_in_at, "asked for nothing");
        kit.advance(100);
        // A refresh says what was, not what is.
        honest(&Tokens(shop.refresh(&tokens.refresh()).await.json()).claims(), signed_in_at, "refreshed");
        for (wanted, name) in LEVELS.into_iter().enumerate() {
            let essential = json!({ "id_token": { "acr": { "essential": true, "values": [name] } } }).to_string();
            for ask in [("acr_values", name), ("claims", essential.as_str())] {
                let silent = shop.authorize(&browser, &[("prompt", "none"), ask]).await.away();
                let what = format!("{} {name}", ask.0);
                match silent.get("error").map(String::as_str) {
                    None => {
                        assert!(wanted <= level, "{way:?}, {what}: never lowered");
                        let tokens = Tokens(shop.redeem(&silent["code"]).await.json());
                        honest(&tokens.claims(), signed_in_at, &what);
                    }
                    Some(error) => {
                        assert!(wanted > level, "{way:?}, {what}: {error}");
                        assert_eq!(error, if wanted <= way.reachable() { "interaction_required" } else { "unmet_authentication_requirements" }, "{way:?}, {what}");
                    }
                }
            }
        }
        // Too old: silently an error, otherwise a fresh sign-in with a fresh time; an age that is fine changes nothing.
        for ask in [("max_age", "50"), ("max_age", "0"), ("prompt", "login")] {
            if ask.0 == "max_age" {
                assert_eq!(shop.authorize(&browser, &[("prompt", "none"), ask]).await.error(), "login_required", "{way:?} {ask:?}");
            }
        }
        let fine = shop.authorize(&browser, &[("prompt", "none"), ("max_age", "500")]).await.away();
        honest(&Tokens(shop.redeem(&fine["code"]).await.json()).claims(), signed_in_at, "max_age=500");
        for ask in [("max_age", "50"), ("max_age", "0"), ("prompt", "login")] {
            kit.advance(400);
            let now = kit.node.base.tools.now().0;
            let reply = sign_in(&kit, &shop, &person, way, &browser, &[ask], &mut held).await;
            let tokens = Tokens(shop.redeem(&browser.follow(reply).await.away()["code"]).await.json());
            honest(&tokens.claims(), now, &format!("{ask:?}"));
        }
    }
}

/// J15 and the tokens' truth: ten ways to sign in, each under every request.
fn run(backend: Backend) {
    if backend == Backend::Postgres && std::env::var("TEST_DB").as_deref() == Ok("sqlite") {
        eprintln!("TEST_DB=sqlite: not run on PostgreSQL");
        return;
    }
    actix_web::rt::System::new().block_on(async {
        let place = Arc::new(Place::new(backend));
        let secret = place.folder.path().join("secret");
        std::fs::write(&secret, "a secret of sixteen characters").unwrap();
        let kit = Kit::start_with(place, Arc::new(ManualClock::at(crate::kit::DAWN)), |raw| {
            raw.codes.email = true;
            raw.codes.sms = claviger::app::config::SmsWay::Webhook;
            raw.codes.sms_url = "https://sms.invalid/".into();
            raw.codes.sms_secret_file = secret.display().to_string();
        })
        .await;
        let handle = kit.handle.clone();
        story(kit).await;
        handle.stop(false).await;
    });
}

#[test]
fn j15_tokens_tell_the_truth_in_every_combination_sqlite() {
    run(Backend::Sqlite);
}

#[test]
fn j15_tokens_tell_the_truth_in_every_combination_postgres() {
    run(Backend::Postgres);
}
