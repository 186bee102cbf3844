//! `claviger doctor`: effective values, and a check of each part that serving needs. Changes nothing.

use std::path::Path;
use std::sync::Arc;

use url::Url;

use super::{Context, Failure, say};
use crate::app::config::{Config, TlsSource};
use crate::base::random::OsEntropy;
use crate::base::time::{Clock, SystemClock};
use crate::identity::factors::password::foreign::store::count_foreign;
use crate::platform::crypto::hash_pool::{Engine, HashPool};
use crate::platform::crypto::keyring::KeyRing;
use crate::platform::crypto::master_key;
use crate::platform::crypto::signing_keys::{KeySet, store};
use crate::platform::db::{self, facts};
use crate::platform::tls::Certificates;

pub(super) fn execute(context: &Context) -> Result<(), Failure> {
    super::config_commands::print(context)?;
    let config = context.config()?;
    say("");
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
    if let Some(TlsSource::Files(certificate, key)) = &config.tls {
        check("tls", certificates(certificate, key, &config));
    }
    check("password engine", engine(&config));
    if let Some(told) = imported(&config).transpose() {
        check("imported passwords", told);
    }
    check(
        "mail",
        if config.mailer.is_some() { Ok("a relay is configured".to_owned()) } else { Ok("no relay (mail.smtp_host is empty): messages stay in the outbox".to_owned()) },
    );
    if bad == 0 { Ok(()) } else { Err(Failure::Refused(format!("{bad} things are wrong"))) }
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

/// Days before its end from which on a certificate is worth a word.
const SOON_DAYS: i64 = 14;

fn certificates(certificate: &Path, key: &Path, config: &Config) -> Result<String, String> {
    let shown = Certificates::open(certificate, key)?.shown().ok_or("no certificate")?;
    let (facts, now) = (&shown.facts, SystemClock::new().now());
    let host = Url::parse(config.issuer.as_str()).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    if !facts.is_for(&host) {
        return Err(format!("the certificate is for {}, and not for {host}", facts.names.join(", ")));
    }
    let days = facts.not_after.since(now).div_euclid(86_400);
    if days < SOON_DAYS {
        return Err(format!("the certificate ends {} ({days} days)", facts.not_after.rfc3339()));
    }
    Ok(format!("certificate and key fit, until {} ({days} days)", facts.not_after.rfc3339()))
}

fn engine(config: &Config) -> Result<String, String> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let pool = HashPool::start(config.hash_pool, clock).map_err(|error| error.to_string())?;
    Ok(match pool.engine() {
        Engine::Simd => "vectorised, agrees with the reference".to_owned(),
        Engine::Reference => "reference".to_owned(),
    })
}
