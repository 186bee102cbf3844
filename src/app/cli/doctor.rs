//! `claviger doctor`: a check of each part that serving needs, a line each, with the mend of what is wrong. Changes nothing.

use std::sync::Arc;

use super::{Context, Failure, say};
use crate::app::checks::looking::{of_certificate, of_database, of_files};
use crate::app::checks::{Check, integrity};
use crate::app::config::{Config, TlsSource};
use crate::app::setup::Places;
use crate::base::random::OsEntropy;
use crate::base::time::{Clock, SystemClock};
use crate::identity::factors::password::foreign::store::count_foreign;
use crate::platform::crypto::hash_pool::{Engine, HashPool};
use crate::platform::crypto::keyring::KeyRing;
use crate::platform::crypto::master_key;
use crate::platform::crypto::signing_keys::{KeySet, store};
use crate::platform::db::dump::check_integrity;
use crate::platform::db::{self, facts};
use crate::platform::tls::Certificates;
use crate::platform::tools::Tools;

pub(super) fn execute(context: &Context) -> Result<(), Failure> {
    let config = context.config()?;
    let mut bad = 0;
    let mut check = |what: &str, outcome: Result<String, String>| match outcome {
        Ok(fine) => say(&format!("ok    {what}: {fine}")),
        Err(wrong) => {
            bad += 1;
            say(&format!("WRONG {what}: {wrong}"));
        }
    };
    check("database", database(&config));
    check("keys", keys(&config));
    check("password engine", engine(&config));
    if let Some(told) = imported(&config).transpose() {
        check("imported passwords", told);
    }
    check(
        "mail",
        if config.mailer.is_some() { Ok("a relay is configured".to_owned()) } else { Ok("no relay (mail.smtp_host is empty): messages stay in the outbox".to_owned()) },
    );
    for Check { name, found, mend } in looked(&config)? {
        check(name, mend.map_or_else(|| Ok(found.clone()), |mend| Err(format!("{found}; {mend}"))));
    }
    if bad == 0 { Ok(()) } else { Err(Failure::Refused(format!("{bad} things are wrong"))) }
}

/// What a node looks at all the time; of a database that is not there yet nothing.
fn looked(config: &Config) -> Result<Vec<Check>, Failure> {
    let places = Places { master_key_file: config.master_key_file.clone(), database: config.database.address.clone() };
    let mut found = Vec::new();
    let now = SystemClock::new().now();
    if let Some(TlsSource::Files(certificate, key)) = &config.tls {
        found.push(match Certificates::open(certificate, key) {
            Ok(certificates) => certificates.shown().map(|shown| of_certificate(&shown.facts, &config.issuer, now)),
            Err(wrong) => Some(Check { name: "certificate", found: wrong, mend: Some("put a chain and its key there, in PEM") }),
        });
    }
    let mut found: Vec<Check> = found.into_iter().flatten().collect();
    match db::inspect_migrations(&places.database) {
        Ok(state) if state.applied.is_empty() => return Ok(found),
        Ok(_) => {}
        Err(error) => {
            found.push(integrity(Some(error.to_string())));
            return Ok(found);
        }
    }
    found.extend(of_files(&places));
    let ring = master_key::read(&places.master_key_file).ok().and_then(|master| KeyRing::of(master, None));
    if let (Some(mut connection), Some(ring)) = (db::open_to_look(&places.database)?, ring) {
        let tools = Tools { clock: Arc::new(SystemClock::new()), entropy: Arc::new(OsEntropy), ring: Arc::new(ring) };
        // A damaged file is found before anything else stumbles over it.
        match check_integrity(&mut connection, false) {
            Ok(wrong) => found.push(integrity(wrong)),
            Err(error) => found.push(integrity(Some(error.to_string()))),
        }
        match of_database(&mut connection, &tools, config.rotation) {
            Ok(more) => found.extend(more),
            Err(error) => found.push(Check { name: "database", found: error.to_string(), mend: Some("see the line about integrity") }),
        }
    }
    Ok(found)
}

fn database(config: &Config) -> Result<String, String> {
    let state = db::inspect_migrations(&config.database.address).map_err(|error| error.to_string())?;
    if state.pending.is_empty() {
        Ok(format!("{} reachable, schema up to date", config.database.address.kind()))
    } else {
        Err("migrations are pending; run: claviger migrate".to_owned())
    }
}

fn keys(config: &Config) -> Result<String, String> {
    let told = |error: &dyn std::fmt::Display| error.to_string();
    let unmade = || Ok("made at the first start".to_owned());
    if db::inspect_migrations(&config.database.address).map_err(|error| told(&error))?.applied.is_empty() {
        return unmade();
    }
    let Some(mut connection) = db::open_to_look(&config.database.address).map_err(|error| told(&error))? else { return unmade() };
    let kept = facts::find_fact(&mut connection, "master_key_fingerprint").map_err(|error| told(&error))?;
    let Some(kept) = kept else { return unmade() };
    let master = master_key::load(&config.master_key_file, false, &OsEntropy).map_err(|error| told(&error))?;
    let ring = KeyRing::of(master, None).ok_or("the master key cannot be used")?;
    ring.recognise(&kept, &config.master_key_file.display().to_string()).map_err(|error| told(&error))?;
    let stored = store::list_keys(&mut connection).map_err(|error| told(&error))?;
    KeySet::parse(&stored, &ring.signing_keys).map_err(|error| told(&error))?;
    Ok(format!("the master key fits, {} signing keys open", stored.len()))
}

/// How many customers have only the password that they had elsewhere; none when nobody has.
fn imported(config: &Config) -> Result<Option<String>, String> {
    let state = db::inspect_migrations(&config.database.address).map_err(|error| error.to_string())?;
    if !state.pending.is_empty() {
        return Ok(None);
    }
    let Some(mut connection) = db::open_to_look(&config.database.address).map_err(|error| error.to_string())? else { return Ok(None) };
    let waiting = count_foreign(&mut connection).map_err(|error| error.to_string())?;
    Ok((waiting > 0).then(|| format!("{waiting} customers have not signed in since they came")))
}

fn engine(config: &Config) -> Result<String, String> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let pool = HashPool::start(config.hash_pool, clock).map_err(|error| error.to_string())?;
    Ok(match pool.engine() {
        Engine::Simd => "vectorised, agrees with the reference".to_owned(),
        Engine::Reference => "reference".to_owned(),
    })
}
