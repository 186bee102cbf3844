//! Puts a node together: database, master key, signing keys, and the state of each feature.

use std::path::PathBuf;
use std::sync::Arc;

use actix_web::web::Data;

use super::backup::PENDING;
use super::config::{Config, TlsSource};
use super::worker::checks::Watched;
use crate::admin::AdminState;
use crate::admin::operations::limiter::RequestLimiter;
use crate::base::random::Entropy;
use crate::base::time::Clock;
use crate::identity::bots::BotGate;
use crate::identity::factors::password::PasswordHasher;
use crate::identity::signin::gate::SigninState;
use crate::identity::signin::password::trouble::Trouble;
use crate::oauth::access::AccessCache;
use crate::oauth::clients::cache::ClientCache;
use crate::oauth::clients::limiter::FailureLimiter;
use crate::oauth::discovery::Metadata;
use crate::oauth::events::polls::Polls;
use crate::oauth::state::OAuthState;
use crate::platform::audit::log::retention::Keeping;
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::crypto::hash_pool::HashPool;
use crate::platform::crypto::jws::SigningAlgorithm;
use crate::platform::crypto::keyring::KeyRing;
use crate::platform::crypto::signing_keys::rules::{KeyAction, RotationPolicy, plan};
use crate::platform::crypto::signing_keys::{KeySet, KeyShelf, store as key_store};
use crate::platform::crypto::{library, master_key};
use crate::platform::db::{self, DatabaseAddress, Db, StoreError, WriteTx, facts, lease};
use crate::platform::http::assets::Assets;
use crate::platform::http::guard::HttpState;
use crate::platform::http::page::Brands;
use crate::platform::mail::Mailer;
use crate::platform::sms::TextSender;
use crate::platform::telemetry::metrics::Metrics;
use crate::platform::texts::Texts;
use crate::platform::tls::Certificates;
use crate::platform::tls::acme::Acme;
use crate::platform::tools::Tools;
use crate::platform::updates::UpdateWatch;
use crate::risk::decisions::Kind;
use crate::risk::login::desk::SigninDesk;
use crate::risk::login::store as risk_counts;
use crate::risk::purchase::desk::OrderDesk;
use crate::risk::purchase::models::TreesMode;
use crate::shop::address_check::AddressPolicy;

/// The signing keys changed.
pub const KEYS_CHANGED: EventSpec = EventSpec::new("signing_keys_changed", "A signing key was made, activated, or taken out of the JWKS.");

/// The name under which a database keeps the mark of its master key.
pub const FINGERPRINT: &str = "master_key_fingerprint";
const KEY_LEASE: &str = "signing-keys";

/// How many may wait at a time before they are answered.
const WAITING: usize = 500;

/// The database and the keys: what every command needs.
pub struct Base {
    /// The database.
    pub db: Db,
    /// Clock, randomness, keys.
    pub tools: Tools,
}

/// Where the files of a node are.
#[derive(Debug, Clone)]
pub struct Places {
    /// The master key.
    pub master_key_file: PathBuf,
    /// The database.
    pub database: DatabaseAddress,
}

/// A node that is ready to serve.
pub struct Node {
    /// Database and tools.
    pub base: Base,
    /// The HTTP layer.
    pub http: Arc<HttpState>,
    /// Sign-in.
    pub signin: Data<SigninState>,
    /// The protocol.
    pub oauth: Data<OAuthState>,
    /// What staff can do.
    pub admin: Data<AdminState>,
    /// How often the callers of the API asked lately.
    pub api_limiter: Data<RequestLimiter>,
    /// How addresses are checked.
    pub addresses: Data<AddressPolicy>,
    /// Where orders are judged.
    pub orders: Data<OrderDesk>,
    /// Stylesheet and logo.
    pub assets: Data<Assets>,
    /// What is shown to whoever connects by TLS; none behind a proxy that ends it.
    pub certificates: Option<Arc<Certificates>>,
    /// Whom certificates are asked of.
    pub acme: Option<Acme>,
    /// The hash pool, for metrics.
    pub hashes: HashPool,
    /// The way mail goes.
    pub mailer: Option<Arc<Mailer>>,
    /// The way text messages go.
    pub texter: Option<Arc<TextSender>>,
    /// Signing key rotation.
    pub rotation: RotationPolicy,
    /// How the audit log is kept.
    pub audit: Keeping,
    /// How long decisions over sign-ins and orders are kept, in seconds.
    pub keep_decisions_seconds: i64,
    /// What is done with trees of a night.
    pub orders_trees: TreesMode,
    /// Where its files are.
    pub places: Places,
    /// What was wrong when it was looked last.
    pub watched: Watched,
    /// This node's name among others, for leases.
    pub name: String,
}

fn told(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// Migrates, checks the master key against the database, and opens both.
///
/// # Errors
/// A sentence for the operator.
pub async fn open(config: &Config, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Result<Base, String> {
    let added = db::run_migrations(&config.database.address).map_err(told)?;
    if !added.is_empty() {
        tracing::info!(versions = ?added, "the schema was brought up to date");
    }
    let db = Db::start(&config.database).map_err(told)?;
    let kept = db.read(|connection| facts::find_fact(connection, FINGERPRINT)).await.map_err(told)?;
    let path = &config.master_key_file;
    let master = master_key::load(path, kept.is_none(), entropy.as_ref()).map_err(told)?;
    let ring = KeyRing::of(master, Some(path.clone())).ok_or("the master key could not be used")?;
    let ours = ring.fingerprint();
    let kept = match kept {
        Some(kept) => kept,
        // Two nodes may meet here: the first fingerprint stays, and the other node is told if its key differs.
        None => match db.write(move |tx| facts::keep_fact(tx, FINGERPRINT, &ours)).await {
            Err(StoreError::Conflict) => db.read(|connection| facts::find_fact(connection, FINGERPRINT)).await.map_err(told)?.unwrap_or_default(),
            other => other.map_err(told)?,
        },
    };
    ring.recognise(&kept, &path.display().to_string()).map_err(told)?;
    if let Some(missing) = recognise_generations(&db, &ring, &path.display().to_string()).await? {
        tracing::warn!(generation = missing, "the database knows a later generation of the master key than the file has: copy the file from where the key was renewed");
    }
    Ok(Base { db, tools: Tools { clock, entropy, ring: Arc::new(ring) } })
}

/// The same for serving: requests have a deadline. Refuses a database into which a backup was put without what has to follow.
async fn of_requests(base: Base) -> Result<Base, String> {
    let pending = base.db.read(|connection| facts::find_fact(connection, PENDING)).await.map_err(told)?;
    let refused = "a backup was put into this database and not all that follows was done: empty it, and run `claviger restore` again (docs/operations/backup.md)";
    if pending.is_some() { Err(refused.to_owned()) } else { Ok(Base { db: base.db.with_deadline(), ..base }) }
}

/// The name under which a database keeps the mark of a generation.
fn mark_name(generation: u32) -> String {
    format!("master_generation_{generation}")
}

/// Compares the generations of the master key file with those that the database knows, and has it know those that it does not. The generation after the file's last, when the database knows it and the file has it not.
///
/// # Errors
/// A sentence when a generation is not the one that the database knows: two files were renewed apart from each other.
pub async fn recognise_generations(db: &Db, ring: &KeyRing, path: &str) -> Result<Option<u32>, String> {
    for (generation, mark) in ring.generations().marks() {
        let (name, found) = (mark_name(generation), mark_name(generation));
        let kept = match db.read(move |connection| facts::find_fact(connection, &found)).await.map_err(told)? {
            Some(kept) => kept,
            None => db.write(move |tx| facts::keep_fact(tx, &name, &mark)).await.map_err(told)?,
        };
        if kept != mark {
            return Err(format!("{path}: its generation {generation} is another one than this database knows; take the file from the node where the master key was renewed"));
        }
    }
    let next = ring.generations().newest().saturating_add(1);
    let found = db.read(move |connection| facts::find_fact(connection, &mark_name(next))).await.map_err(told)?;
    Ok(found.map(|_| next))
}

/// Opens everything that serving needs.
///
/// # Errors
/// A sentence for the operator.
pub async fn assemble(config: Config, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Result<Node, String> {
    let base = open(&config, Arc::clone(&clock), entropy).await?;
    let base = of_requests(base).await?;
    let (certificates, acme) = open_certificates(&config, &base).await?;
    let places = Places { master_key_file: config.master_key_file.clone(), database: config.database.address.clone() };
    let texts = Arc::new(Texts::load()?);
    let metadata = Metadata::build(&config.issuer, &texts.languages(), &config.factors.available())?;
    let brands = Brands { usual: Arc::new(config.brand), others: config.brands.into_iter().map(|(name, brand)| (name, Arc::new(brand))).collect() };
    let logos = config.logo.into_iter().map(|logo| (String::new(), logo)).chain(config.logos).collect();
    let assets = Data::new(Assets::new(&brands, logos));
    let http = Arc::new(HttpState {
        issuer: config.issuer,
        trusted_proxies: config.trusted_proxies,
        tools: base.tools.clone(),
        texts,
        brands,
        metrics: Arc::new(Metrics::new()),
        logs_requests: config.logs_requests,
        is_leaving: std::sync::atomic::AtomicBool::new(false),
    });
    let name = crate::base::encoding::base64url(crate::base::random::bytes::<9>(base.tools.entropy()));
    let keys = Arc::new(KeyShelf::new(first_keys(&base, config.rotation, &name).await?));
    let hashes = HashPool::start(config.hash_pool, clock).map_err(told)?;
    if config.passkeys.is_none() {
        tracing::info!("passkeys are off: the issuer is an address without a domain name");
    }
    tracing::info!(engine = ?hashes.engine(), database = base.db.kind(), cryptography = library(), "ready to serve");
    let desk = SigninDesk::new(config.risk.policy, config.risk.model, config.risk.places, base.tools.clone()).map_err(told)?;
    let orders = Arc::new(OrderDesk::new(config.risk.orders, config.risk.order_rules, config.risk.keep_days * 86_400));
    let now = base.tools.now();
    orders.set_scale(base.db.read(move |connection| risk_counts::find_scale(connection, Kind::Order, now)).await.map_err(told)?);
    desk.set_weather(base.db.read(move |connection| risk_counts::find_weather(connection, now)).await.map_err(told)?);
    let signin = Data::new(SigninState {
        db: base.db.clone(),
        tools: base.tools.clone(),
        http: Arc::clone(&http),
        hasher: PasswordHasher::new(hashes.clone(), base.tools.clone(), config.hash_cost),
        passwords: Arc::new(config.passwords),
        recovery: config.recovery,
        erasure_grace_seconds: config.erasure_grace_seconds,
        signup: config.signup,
        sessions: config.sessions,
        attempts: config.attempts,
        passkeys: config.passkeys,
        factors: Arc::new(config.factors),
        sms_caps: config.sms_caps,
        upstreams: Arc::new(config.upstreams),
        migration: config.migration,
        trouble: Trouble::default(),
        risk: Arc::new(desk),
        bots: Arc::new(BotGate::new(config.bots.policy, config.bots.captcha)),
        waiting: Arc::new(tokio::sync::Semaphore::new(WAITING)),
        flow_seconds: config.signin_page_seconds,
        device_seconds: config.known_device_seconds,
    });
    let oauth = Data::new(OAuthState {
        db: base.db.clone(),
        tools: base.tools.clone(),
        http: Arc::clone(&http),
        signin: signin.clone(),
        keys,
        clients: ClientCache::new(base.db.clone(), Arc::clone(&base.tools.clock)),
        client_failures: FailureLimiter::default(),
        access: AccessCache::default(),
        policy: config.tokens,
        polls: Polls::default(),
        outgoing: config.outgoing,
        metadata,
    });
    let admin = Data::new(AdminState {
        signin: signin.clone().into_inner(),
        oauth: oauth.clone().into_inner(),
        policy: config.admin,
        orders: Arc::clone(&orders),
        updates: UpdateWatch::of(config.updates),
    });
    Ok(Node {
        admin,
        api_limiter: Data::new(RequestLimiter::default()),
        addresses: Data::new(config.addresses),
        orders: Data::from(orders),
        base,
        http,
        signin,
        oauth,
        assets,
        certificates,
        acme,
        hashes,
        mailer: config.mailer.map(Arc::new),
        texter: config.texter.map(Arc::new),
        rotation: config.rotation,
        audit: config.audit,
        keep_decisions_seconds: config.risk.keep_days * 86_400,
        orders_trees: config.risk.trees,
        places,
        watched: Watched::default(),
        name,
    })
}

/// What is shown by TLS: read from files, or kept since an ACME server gave it.
async fn open_certificates(config: &Config, base: &Base) -> Result<(Option<Arc<Certificates>>, Option<Acme>), String> {
    match &config.tls {
        None => Ok((None, None)),
        Some(TlsSource::Files(certificate, key)) => Ok((Some(Arc::new(Certificates::open(certificate, key)?)), None)),
        Some(TlsSource::Acme(policy)) => {
            let certificates = Arc::new(Certificates::awaited());
            let acme = Acme {
                db: base.db.clone(),
                tools: base.tools.clone(),
                outgoing: config.outgoing.clone(),
                policy: policy.clone(),
                certificates: Arc::clone(&certificates),
            };
            acme.follow().await.map_err(told)?;
            Ok((Some(certificates), Some(acme)))
        }
    }
}

/// Makes the keys of a fresh installation, or waits for the node that is making them, and loads the set.
async fn first_keys(base: &Base, rotation: RotationPolicy, name: &str) -> Result<KeySet, String> {
    for _ in 0..100 {
        turn_keys(base, rotation, name).await.map_err(told)?;
        let set = load_keys(base).await.map_err(told)?;
        if SigningAlgorithm::ALL.into_iter().all(|algorithm| set.signer(algorithm).is_some()) {
            return Ok(set);
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    Err("another node is making the signing keys and does not finish".to_owned())
}

/// The stored keys, parsed.
///
/// # Errors
/// [`StoreError`].
pub async fn load_keys(base: &Base) -> Result<KeySet, StoreError> {
    let ring = Arc::clone(&base.tools.ring);
    base.db.read(move |connection| KeySet::parse(&key_store::list_keys(connection)?, &ring.signing_keys)).await
}

/// Carries out what the rotation rules say is due, on one node at a time. Returns the steps taken.
///
/// # Errors
/// [`StoreError`].
pub async fn turn_keys(base: &Base, rotation: RotationPolicy, holder: &str) -> Result<usize, StoreError> {
    let (tools, holder) = (base.tools.clone(), holder.to_owned());
    // Looked at first without a write, since nothing is due nearly always.
    let now = tools.now();
    let facts_of = |keys: &[key_store::StoredKey]| keys.iter().map(|key| key.facts.clone()).collect::<Vec<_>>();
    let due = base.db.read(move |connection| Ok(plan(&facts_of(&key_store::list_keys(connection)?), &SigningAlgorithm::ALL, rotation, now))).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let outcome = base
        .db
        .write(move |tx| {
            let now = tools.now();
            if !lease::take_lease(tx, KEY_LEASE, &holder, now, now.plus(30))? {
                return Ok(0);
            }
            let due = plan(&facts_of(&key_store::list_keys(tx)?), &SigningAlgorithm::ALL, rotation, now);
            for action in &due {
                apply(tx, &tools, action, &Origin::internal("key-rotation"), Actor::System)?;
            }
            Ok(due.len())
        })
        .await;
    match outcome {
        // Another node took the lease in the same moment.
        Err(StoreError::Conflict) => Ok(0),
        settled => settled,
    }
}

/// Carries out one step on the signing keys and records it.
///
/// # Errors
/// [`StoreError`].
pub fn apply(tx: &mut WriteTx<'_>, tools: &Tools, action: &KeyAction, origin: &Origin, actor: Actor) -> Result<bool, StoreError> {
    let done = key_store::apply_action(tx, action, &tools.ring.signing_keys, tools.entropy(), tools.now())?;
    let (what, which) = match action {
        KeyAction::MakePending(algorithm) => ("made_pending", algorithm.as_str()),
        KeyAction::MakeActive(algorithm) => ("made_active", algorithm.as_str()),
        KeyAction::Activate(kid) => ("activated", kid.as_str()),
        KeyAction::Retire(kid) => ("retired", kid.as_str()),
    };
    if done {
        audit::record(tx, tools, &Entry::success(KEYS_CHANGED, actor, "signing-keys", origin).with_detail(serde_json::json!({ "what": what, "which": which })))?;
    }
    Ok(done)
}
