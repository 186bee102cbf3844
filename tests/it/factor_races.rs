//! Each second factor counts once, also when it is shown thirty-two times at the same moment to two processes.

use std::sync::Arc;

use crate::kit::authenticator::{self, Authenticator};
use crate::kit::process::{ISSUER, Server, spawn};
use crate::kit::{Backend, Browser, Kit, Person, Place, Reply, Shop};
use claviger::base::assurance::FactorKind;
use claviger::base::time::{Clock, ManualClock, SystemClock};
use claviger::identity::customers::store as customers;
use claviger::identity::factors::passkey::ceremony::{KeyKind, NewCredential};
use claviger::identity::factors::{passkey, recovery_code, sent_code};
use futures_util::future::join_all;

/// The parts of a race: two processes, and a way behind them.
struct Track {
    kit: Kit,
    shop: Shop,
    one: Server,
    two: Server,
}

async fn start(backend: Backend) -> Track {
    let place = Arc::new(Place::new(backend));
    let secret = place.folder.path().join("secret");
    std::fs::write(&secret, "a secret of sixteen characters").unwrap();
    let clock = Arc::new(ManualClock::at(SystemClock::new().now()));
    let kit = Kit::start_with(place.clone(), clock, |raw| raw.server.issuer = ISSUER.to_owned()).await;
    let shop = Shop { issuer: ISSUER.to_owned(), ..kit.shop("shop").await };
    let settings = [
        ("CLAVIGER_ATTEMPTS_SOURCE_LIMIT", "100000"),
        ("CLAVIGER_CODES_EMAIL", "true"),
        ("CLAVIGER_CODES_SMS", "webhook"),
        ("CLAVIGER_CODES_SMS_URL", "https://sms.invalid/"),
        ("CLAVIGER_CODES_SMS_SECRET_FILE", secret.to_str().unwrap()),
    ];
    let (one, two) = (spawn(&place, &settings), spawn(&place, &settings));
    Track { kit, shop, one, two }
}

impl Track {
    /// After the password, at the page that asks for `path`.
    async fn challenge(&self, person: &Person, path: &str) -> (Browser, Reply) {
        let browser = Browser::new(ISSUER).at(&self.one.base);
        let page = self.shop.authorize(&browser, &[]).await.page();
        let reply = browser.type_password(&page, &person.email, &person.password).await;
        let page = browser.follow(reply).await.page();
        let flow = page.url.rsplit_once('/').unwrap().0.to_owned();
        let page = browser.walk(&format!("{flow}/{path}")).await.page();
        assert!(page.url.ends_with(path), "{}", page.url);
        (browser, page)
    }

    /// Presses `button` thirty-two times at once, on both; how many got in.
    async fn race(&self, browser: &Browser, page: &Reply, button: &str, fields: &[(&str, &str)]) -> usize {
        let nodes = [browser.at(&self.one.base), browser.at(&self.two.base)];
        let replies = join_all((0..32).map(|number| {
            let node = &nodes[number % 2];
            async move { node.press(page, button, fields).await }
        }))
        .await;
        let names = |reply: &Reply| reply.headers.get_all("set-cookie").iter().any(|value| value.to_str().unwrap().starts_with("__Host-claviger_session="));
        replies.iter().filter(|reply| names(reply)).count()
    }

    async fn turn_on(&self, person: &Person, kind: FactorKind) {
        let (id, now) = (person.id.clone(), self.kit.node.base.tools.now());
        self.kit.node.base.db.write(move |tx| customers::keep_code_channel(tx, &id, kind, Some(now))).await.unwrap();
    }

    /// A code as it would be in the message.
    async fn sent(&self, person: &Person, page: &Reply, kind: FactorKind) -> String {
        let owner = format!("signin:{}:{}", page.url.split('/').rev().nth(1).unwrap(), person.id);
        let tools = self.kit.node.base.tools.clone();
        self.kit.clock.advance(SystemClock::new().now().since(self.kit.clock.now()));
        self.kit.node.base.db.write(move |tx| sent_code::store::begin_code(tx, &tools, &owner, kind)).await.unwrap().to_string()
    }
}

async fn one_round(track: &Track, round: usize) {
    let person = async |what: &str| track.kit.customer(&format!("{what}{round}")).await;
    // An app.
    let ada = person("app").await;
    let seed = crate::factors::enrol(&track.kit, &ada).await;
    let app = totp_rs::Builder::new().with_secret(seed.expose().to_vec()).build().unwrap();
    let (browser, page) = track.challenge(&ada, "totp").await;
    let code = app.generate(u64::try_from(SystemClock::new().now().0).unwrap()).to_string();
    assert_eq!(track.race(&browser, &page, "totp", &[("code", &code)]).await, 1, "round {round}: app");
    // A recovery code.
    let ada = person("paper").await;
    crate::factors::enrol(&track.kit, &ada).await;
    let (tools, id) = (track.kit.node.base.tools.clone(), ada.id.clone());
    let codes = track.kit.node.base.db.write(move |tx| recovery_code::store::replace_codes(tx, &tools, &id)).await.unwrap();
    let (browser, page) = track.challenge(&ada, "recovery-code").await;
    assert_eq!(track.race(&browser, &page, "recovery-code", &[("code", &codes[0])]).await, 1, "round {round}: recovery code");
    // The challenge of a key.
    let ada = person("key").await;
    let mut key = Authenticator::security_key();
    add_key(track, &ada, &mut key).await;
    let (browser, page) = track.challenge(&ada, "passkey").await;
    let (options, ceremony) = authenticator::begin(&browser, &page, "passkey").await;
    let credential = key.get(&options, ISSUER);
    assert_eq!(track.race(&browser, &page, "passkey", &[("ceremony", &ceremony), ("credential", &credential)]).await, 1, "round {round}: key");
    // Codes that were sent.
    for (kind, path) in [(FactorKind::EmailCode, "email-code"), (FactorKind::SmsCode, "sms-code")] {
        let ada = person(path).await;
        track.turn_on(&ada, kind).await;
        let (browser, page) = track.challenge(&ada, path).await;
        let code = track.sent(&ada, &page, kind).await;
        let page = browser.walk(&page.url).await.page();
        assert_eq!(track.race(&browser, &page, path, &[("code", &code)]).await, 1, "round {round}: {path}");
    }
}

/// Puts a key into the table, as an enrolment would.
async fn add_key(track: &Track, person: &Person, key: &mut Authenticator) {
    let party = track.kit.node.signin.passkeys.as_ref().unwrap();
    let handle = passkey::handle(&person.id);
    let registrant = passkey::ceremony::Registrant { handle, name: "x", display_name: "x", held: Vec::new() };
    let (options, ceremony) = party.begin_registration(&registrant, KeyKind::SecurityKey, party.policy(false)).unwrap();
    let new: NewCredential = party.finish_registration(&ceremony, &key.create(&options, ISSUER)).unwrap();
    let (tools, id) = (track.kit.node.base.tools.clone(), person.id.clone());
    track.kit.node.base.db.write(move |tx| passkey::store::insert_passkey(tx, &tools, &id, new.clone(), "key")).await.unwrap();
}

fn race(backend: Backend) {
    if backend == Backend::Postgres && std::env::var("TEST_DB").as_deref() == Ok("sqlite") {
        eprintln!("TEST_DB=sqlite: not run on PostgreSQL");
        return;
    }
    actix_web::rt::System::new().block_on(async {
        let track = start(backend).await;
        let rounds = if std::env::var("TEST_LONG").is_ok() { 200 } else { 4 };
        for round in 0..rounds {
            one_round(&track, round).await;
        }
        track.kit.handle.stop(false).await;
    });
}

#[test]
fn each_factor_counts_once_on_two_processes_sqlite() {
    race(Backend::Sqlite);
}

#[test]
fn each_factor_counts_once_on_two_processes_postgres() {
    race(Backend::Postgres);
}
