//! What every test stands on: a server of its own on port 0 with a database of its own, a clock that is moved by hand, people, shops and browsers.

pub mod authenticator;
pub mod browser;
pub mod cluster;
pub mod injector;
pub mod node_process;
pub mod process;
pub mod provider;
pub mod proxy;
pub mod receiver;
pub mod shop;
pub mod staff;

use std::net::TcpListener;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use actix_web::dev::ServerHandle;
use claviger::app::config::{Config, RawConfig};
use claviger::app::server::{self, ListenOptions};
use claviger::app::setup::{self, Node};
use claviger::base::contact::{EmailAddress, PhoneNumber};
use claviger::base::ids::CustomerId;
use claviger::base::page::PageRequest;
use claviger::base::random::OsEntropy;
use claviger::base::time::{Clock, ManualClock, UnixSeconds};
use claviger::identity::customers::store as customers;
use claviger::identity::customers::{CustomerRole, NewCustomer, PostalAddress, Profile};
use claviger::identity::factors::password::{self, NormalPassword};
use claviger::platform::audit::store::RecordedEvent;
use claviger::platform::db::DbConnection;
use claviger::platform::mail::MailMessage;
use claviger::platform::outbox::store as outbox;
use diesel::connection::SimpleConnection;

pub use browser::{Browser, Landing, Reply};
pub use shop::{Shop, Tokens};

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// Makes a test of each function, on each database.
#[macro_export]
macro_rules! on_both {
    ($($(#[$attribute:meta])* async fn $name:ident($kit:ident: Kit) $body:block)*) => {
        $(
            mod $name {
                use super::*;
                async fn story($kit: Kit) $body
                #[test]
                fn sqlite() { $crate::kit::run($crate::kit::Backend::Sqlite, story); }
                #[test]
                fn postgres() { $crate::kit::run($crate::kit::Backend::Postgres, story); }
            }
        )*
    };
}

/// Makes a test of each function, on SQLite alone: for what no database takes part in.
#[macro_export]
macro_rules! on_one {
    ($($(#[$attribute:meta])* async fn $name:ident($kit:ident: Kit) $body:block)*) => {
        $(
            #[test]
            fn $name() {
                async fn story($kit: Kit) $body
                $crate::kit::run($crate::kit::Backend::Sqlite, story);
            }
        )*
    };
}

/// Runs a story against a fresh server.
pub fn run<F: Future<Output = ()>>(backend: Backend, story: impl FnOnce(Kit) -> F) {
    if backend == Backend::Postgres && std::env::var("TEST_DB").as_deref() == Ok("sqlite") {
        eprintln!("TEST_DB=sqlite: not run on PostgreSQL");
        return;
    }
    actix_web::rt::System::new().block_on(async {
        let place = Place::new(backend);
        let kit = Kit::start(place).await;
        let handle = kit.handle.clone();
        story(kit).await;
        handle.stop(false).await;
    });
}

/// Where a server's data lives; two servers may share one.
pub struct Place {
    pub backend: Backend,
    pub folder: tempfile::TempDir,
    pub url: String,
    database: Option<String>,
}

static NEXT: AtomicU32 = AtomicU32::new(0);

fn admin_url() -> String {
    std::env::var("TEST_POSTGRES").expect("set TEST_POSTGRES to the URL of a PostgreSQL server, or TEST_DB=sqlite; scripts/test starts one")
}

fn administer(statement: &str) {
    use diesel::Connection;
    let mut connection = diesel::PgConnection::establish(&admin_url()).expect("PostgreSQL answers");
    connection.batch_execute(statement).expect("PostgreSQL obeys");
}

impl Place {
    pub fn new(backend: Backend) -> Self {
        let folder = tempfile::tempdir().unwrap();
        match backend {
            Backend::Sqlite => Self { backend, url: format!("sqlite:{}", folder.path().join("test.db").display()), folder, database: None },
            Backend::Postgres => {
                let name = format!("clv_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst));
                administer(&format!("CREATE DATABASE {name}"));
                let mut url = url::Url::parse(&admin_url()).unwrap();
                url.set_path(&name);
                Self { backend, url: url.to_string(), folder, database: Some(name) }
            }
        }
    }

    /// A database that somebody else made, and takes away.
    pub fn of_another(backend: Backend, url: String) -> Self {
        Self { backend, url, folder: tempfile::tempdir().unwrap(), database: None }
    }

    /// A copy of the database as it is now, while nobody uses it: as an older backup that is restored elsewhere. On PostgreSQL another database, gone with the copy.
    pub fn backup(&self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        match self.backend {
            Backend::Sqlite => {
                for ending in ["", "-wal", "-shm"] {
                    let name = format!("test.db{ending}");
                    if self.folder.path().join(&name).exists() {
                        std::fs::copy(self.folder.path().join(&name), folder.path().join(&name)).unwrap();
                    }
                }
                Self { backend: self.backend, url: format!("sqlite:{}", folder.path().join("test.db").display()), folder, database: None }
            }
            Backend::Postgres => {
                let own = self.database.as_deref().unwrap();
                let name = format!("{own}_backup");
                administer(&format!("CREATE DATABASE {name} TEMPLATE {own}"));
                let mut url = url::Url::parse(&admin_url()).unwrap();
                url.set_path(&name);
                Self { backend: self.backend, url: url.to_string(), folder, database: Some(name) }
            }
        }
    }

    /// Everything that a dump of the database holds, as bytes: the file itself, or what pg_dump writes.
    pub fn dump(&self) -> Vec<u8> {
        match self.backend {
            Backend::Sqlite => ["test.db", "test.db-wal"].iter().flat_map(|name| std::fs::read(self.folder.path().join(name)).unwrap_or_default()).collect(),
            Backend::Postgres => {
                let folders = std::fs::read_dir("/usr/lib/postgresql").unwrap();
                let newest = folders.map(|folder| folder.unwrap().path().join("bin/pg_dump")).filter(|program| program.exists()).max().expect("pg_dump is installed");
                let output = std::process::Command::new(newest).arg("--dbname").arg(&self.url).output().unwrap();
                assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
                output.stdout
            }
        }
    }

    /// The configuration of a test server: plain http on loopback, cheap hashes, roomy limits.
    pub fn config(&self, issuer: &str) -> RawConfig {
        let mut raw = RawConfig::default();
        raw.server.issuer = issuer.to_owned();
        raw.database.url.clone_from(&self.url);
        raw.database.connections = if std::env::var("TEST_POOL_ONE").is_ok() { 1 } else { 3 };
        raw.database.durable = false;
        raw.keys.master_key_file = self.folder.path().join("keys/master.key").display().to_string();
        raw.password.memory_kib = 64;
        raw.password.passes = 1;
        raw.password.threads = 2;
        raw.brand.name = "Claviger".to_owned();
        // One address stands for everybody here; what is asked of many is tried in bots.rs.
        raw.bots.mode = claviger::risk::bots::budget::Mode::Off;
        raw
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(name) = &self.database {
            administer(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

/// A running server and the means to look behind it.
pub struct Kit {
    pub issuer: String,
    pub clock: Arc<ManualClock>,
    pub node: Arc<Node>,
    pub handle: ServerHandle,
    pub place: Arc<Place>,
    /// Every message that was taken out of the outbox.
    pub mailbox: Arc<Mutex<Vec<MailMessage>>>,
}

/// A customer with a password.
#[derive(Clone)]
pub struct Person {
    pub id: CustomerId,
    pub email: String,
    pub password: String,
}

/// When the tests' world begins: 2027-01-01.
pub const DAWN: UnixSeconds = UnixSeconds(1_798_761_600);

impl Kit {
    pub async fn start(place: Place) -> Self {
        Self::start_with(Arc::new(place), Arc::new(ManualClock::at(DAWN)), |_| {}).await
    }

    /// A server on `place`, its configuration changed by `adjust`.
    pub async fn start_with(place: Arc<Place>, clock: Arc<ManualClock>, adjust: impl FnOnce(&mut RawConfig)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        Self::start_on(listener, issuer, place, clock, adjust).await
    }

    /// The same, on a listener of the caller's.
    pub async fn start_on(listener: TcpListener, issuer: String, place: Arc<Place>, clock: Arc<ManualClock>, adjust: impl FnOnce(&mut RawConfig)) -> Self {
        // Not kept while the node is put together: it is large.
        let config = {
            let mut raw = place.config(&issuer);
            adjust(&mut raw);
            Config::check(&raw, true).map_err(|faults| faults.join("\n")).unwrap()
        };
        let shared: Arc<dyn Clock> = clock.clone();
        let node = Arc::new(Box::pin(setup::assemble(config, shared, Arc::new(OsEntropy))).await.unwrap());
        let options = ListenOptions { workers: 1, shutdown_seconds: 1, leave_seconds: 0 };
        let server = server::start_public(&node, listener, &options).unwrap();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { issuer, clock, node, handle, place, mailbox: Arc::default() }
    }

    /// A second node on the same database and keys, as behind a load balancer: it listens elsewhere, but is the same issuer.
    pub async fn second_node(&self) -> (Arc<Node>, String, ServerHandle) {
        self.second_node_with(|_| {}).await
    }

    /// The same, where the first one's configuration was changed.
    pub async fn second_node_with(&self, adjust: impl FnOnce(&mut RawConfig)) -> (Arc<Node>, String, ServerHandle) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
        let kit = Self::start_on(listener, self.issuer.clone(), self.place.clone(), self.clock.clone(), adjust).await;
        (kit.node, address, kit.handle)
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.issuer)
    }

    pub fn browser(&self) -> Browser {
        Browser::new(&self.issuer)
    }

    /// A customer with every standard claim filled.
    pub async fn customer(&self, name: &str) -> Person {
        self.enrol(name, CustomerRole::Customer).await
    }

    async fn enrol(&self, name: &str, role: CustomerRole) -> Person {
        let email = format!("{name}@example.com");
        let secret = format!("{name} likes long passwords");
        let normal = NormalPassword::for_new_credential(&secret).unwrap();
        let hash = self.node.signin.hasher.hash(&normal).await.unwrap();
        let new = NewCustomer { role, ..full_customer(name, &email, NEXT.fetch_add(1, Ordering::SeqCst)) };
        let tools = self.node.base.tools.clone();
        let id = self
            .node
            .base
            .db
            .write(move |tx| {
                let id = customers::insert_customer(tx, &tools, &new)?;
                password::store::replace_hash(tx, &id, &hash, tools.now())?;
                Ok(id)
            })
            .await
            .unwrap();
        Person { id, email, password: secret }
    }

    /// Somebody with admin rights.
    pub async fn admin(&self, name: &str) -> Person {
        self.enrol(name, CustomerRole::Admin).await
    }

    /// Every message that went out so far, in order; a text message is a mail without a subject.
    pub async fn mails(&self) -> Vec<MailMessage> {
        let failed_before = self.failed_intents();
        claviger::app::worker::resolve_intents(&self.node).await.unwrap();
        assert_eq!(self.failed_intents(), failed_before, "something that was asked for could not be looked into");
        let tools = self.node.base.tools.clone();
        let taken = self.node.base.db.write(move |tx| {
            let mails = outbox::lease_due(tx, &tools, 1_000)?.messages.into_iter().map(|mail| (mail.id, mail.content));
            let mut all: Vec<(String, MailMessage)> = mails.collect();
            let texts = outbox::lease_due_texts(tx, &tools, 1_000)?.messages.into_iter();
            all.extend(texts.map(|text| (text.id, MailMessage { to: text.content.to, subject: String::new(), text: text.content.text, expires_at: None, from: None })));
            for (id, _) in &all {
                outbox::mark_delivered(tx, id, tools.now())?;
            }
            all.sort_by(|one, two| one.0.cmp(&two.0));
            Ok(all)
        });
        let taken = taken.await.unwrap();
        let mut mailbox = self.mailbox.lock().unwrap();
        mailbox.extend(taken.into_iter().map(|(_, mail)| mail));
        mailbox.clone()
    }

    fn failed_intents(&self) -> u64 {
        let all = self.node.http.metrics.encode(self.node.hashes.statistics(), self.node.base.db.statistics());
        let failed = ["waits", "given_up"].map(|outcome| format!("claviger_messages_total{{kind=\"intent\",outcome=\"{outcome}\"}} "));
        all.lines().filter_map(|line| failed.iter().find_map(|failed| line.strip_prefix(failed.as_str())?.parse::<u64>().ok())).sum()
    }

    /// The code that was sent last, to whomever.
    pub async fn last_code(&self) -> String {
        let mails = self.mails().await;
        let line = |mail: &MailMessage| mail.text.trim_end().lines().last().filter(|line| line.starts_with('@')).map(str::to_owned);
        let line = mails.iter().rev().find_map(line).expect("a message with a code");
        line.rsplit('#').next().unwrap().to_owned()
    }

    /// The link that was sent last whose path begins with `path`.
    pub async fn last_link(&self, path: &str) -> String {
        let begin = self.url(path);
        let mails = self.mails().await;
        mails
            .iter()
            .rev()
            .find_map(|mail| mail.text.split_whitespace().find(|word| word.starts_with(&begin)).map(str::to_owned))
            .unwrap_or_else(|| panic!("no link to {path}"))
    }

    /// Everything in the audit log.
    pub async fn audit(&self) -> Vec<RecordedEvent> {
        // Records that nobody waits for are written with the next commit.
        self.node.base.db.write(|_| Ok(())).await.unwrap();
        let work = |connection: &mut DbConnection| {
            let (mut all, mut page) = (Vec::new(), PageRequest::first(500));
            loop {
                let listed = claviger::platform::audit::store::list_events(connection, &page)?;
                all.extend(listed.items);
                page.after = listed.next;
                if page.after.is_none() {
                    return Ok(all);
                }
            }
        };
        self.node.base.db.read(work).await.unwrap()
    }

    /// How many audit events of `kind` there are with `reason`.
    pub async fn audited(&self, kind: &str, reason: &str) -> usize {
        self.audit().await.iter().filter(|event| event.kind == kind && event.reason == reason).count()
    }

    pub fn clock_now(&self) -> i64 {
        self.clock.now().0
    }

    pub fn advance(&self, seconds: i64) {
        self.clock.advance(seconds);
    }
}

/// A customer with an address at example.com and a name, and nothing else.
pub fn person_named(handle: &str) -> NewCustomer {
    NewCustomer {
        email: EmailAddress::parse(&format!("{handle}@example.com")).unwrap(),
        is_email_verified: true,
        phone: None,
        is_phone_verified: false,
        role: CustomerRole::Customer,
        profile: Profile { name: Some(handle.to_owned()), ..Profile::default() },
        address: None,
        birth_date: None,
    }
}

pub fn full_customer(name: &str, email: &str, number: u32) -> NewCustomer {
    let text = |value: &str| Some(value.to_owned());
    NewCustomer {
        email: EmailAddress::parse(email).unwrap(),
        is_email_verified: true,
        phone: Some(PhoneNumber::parse(&format!("+4420{number:08}")).unwrap()),
        is_phone_verified: true,
        role: CustomerRole::Customer,
        profile: Profile {
            name: Some(format!("{name} Canary-Fullname")),
            given_name: text(name),
            family_name: text("Canary-Family"),
            middle_name: text("Canary-Middle"),
            nickname: text("nick"),
            preferred_username: text(name),
            profile: text("https://people.example.com/p"),
            picture: text("https://people.example.com/p.jpg"),
            website: text("https://p.example.com"),
            gender: text("female"),
            zoneinfo: text("Europe/London"),
            locale: text("en-GB"),
        },
        address: Some(PostalAddress {
            formatted: text("12 Canary-Street\nLondon"),
            street_address: text("12 Canary-Street"),
            locality: text("London"),
            region: text("Greater London"),
            postal_code: text("SW1Y 4LB"),
            country: text("GB"),
        }),
        birth_date: text("1985-12-10"),
    }
}
