//! What is known of an installation when the report is made.

use std::net::IpAddr;

use serde::Serialize;

use super::cards::{self, CardNumbers};

use crate::admin::access::store::list_admins;
use crate::admin::upkeep::find_backup;
use crate::app::backup;
use crate::app::checks::looking::of_certificate;
use crate::app::config::{Config, RawConfig, TlsSource};
use crate::base::page::PageRequest;
use crate::base::time::UnixSeconds;
use crate::identity::customers;
use crate::identity::factors::passkey;
use crate::identity::factors::password::foreign::store::count_foreign;
use crate::identity::sessions::rules::STAFF_IDLE_SECONDS;
use crate::platform::audit::log;
use crate::platform::audit::store::{EventFilter, search};
use crate::platform::crypto::library;
use crate::platform::crypto::master_key;
use crate::platform::crypto::signing_keys::rules::KeyState;
use crate::platform::crypto::signing_keys::store as signing_keys;
use crate::platform::db::{DatabaseAddress, DbConnection, StoreError, facts};
use crate::platform::mail::SmtpSecurity;
use crate::platform::tls::Certificates;
use crate::platform::tools::Tools;
use crate::platform::updates::{Severity, own_version, read, read_file};

/// A key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Key {
    /// What it is for.
    pub what: String,
    /// By what it works.
    pub algorithm: String,
    /// How old it is.
    pub age_days: i64,
    /// How old it may become; none where nothing says so.
    pub limit_days: Option<i64>,
}

/// Somebody of the staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffFacts {
    /// Their id.
    pub id: String,
    /// What stands before the `@` of their address.
    pub mailbox: String,
    /// Whether they have an authenticator that cannot be phished.
    pub has_key: bool,
    /// Days since they signed in, or since they became staff.
    pub idle_days: i64,
}

/// Everything that the rules look at.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Failures after which an account closes.
    pub account_limit: i64,
    /// For how long, in seconds.
    pub account_window_seconds: i64,
    /// Failures in a row after which it closes to unknown browsers.
    pub consecutive_limit: i64,
    /// Of staff: the fewest characters, whether letters and digits are demanded, how many earlier ones are refused.
    pub staff_passwords: (usize, bool, usize),
    /// Of customers: the fewest characters alone and beside a second factor, and whether a composition is demanded.
    pub customer_passwords: (usize, usize, bool),
    /// Breached passwords that are known.
    pub breached_passwords: u64,
    /// Memory in KiB, passes and lanes of Argon2id.
    pub hash_cost: (u32, u32, u32),
    /// Hashes of other products.
    pub foreign_hashes: i64,
    /// After how long staff show who they are again.
    pub staff_idle_seconds: i64,
    /// The staff.
    pub staff: Vec<StaffFacts>,
    /// How customers' connections are protected.
    pub tls: Result<String, String>,
    /// Whether something in front ends TLS, which this program cannot look at.
    pub is_tls_elsewhere: bool,
    /// How the connection to the database is.
    pub database_tls: Result<String, String>,
    /// How that to the mail relay is.
    pub mail_tls: Result<String, String>,
    /// Where metrics are.
    pub operations_listen: String,
    /// Whether that is nobody else's.
    pub is_operations_private: bool,
    /// The cryptographic library of this build.
    pub cryptography: &'static str,
    /// Keys.
    pub keys: Vec<Key>,
    /// The master key file.
    pub key_file: Result<String, String>,
    /// Whether the log is whole.
    pub audit: Result<String, String>,
    /// For how long it is kept.
    pub audit_keep_days: i64,
    /// Whether heads of it are sent elsewhere.
    pub sends_heads: bool,
    /// Card numbers in what is stored.
    pub card_numbers: CardNumbers,
    /// Whether advisories are watched, and none is open.
    pub updates: Result<String, String>,
    /// How long ago the last backup was made, in seconds.
    pub backup_age: Option<i64>,
    /// How long ago one was looked through.
    pub drill_age: Option<i64>,
    /// How many things were wrong then.
    pub drill_wrong: i64,
}

fn tls(config: &Config, now: UnixSeconds) -> Result<String, String> {
    match &config.tls {
        Some(TlsSource::Files(certificate, key)) => {
            let shown = Certificates::open(certificate, key)?.shown().ok_or("no certificate")?;
            let check = of_certificate(&shown.facts, &config.issuer, now);
            if check.is_sound() { Ok(format!("TLS 1.2 and 1.3 of our own; the certificate holds {}", check.found)) } else { Err(check.found) }
        }
        Some(TlsSource::Acme(policy)) => Ok(format!("TLS 1.2 and 1.3 of our own, certificates from {}", policy.directory)),
        None if config.issuer.is_https() => Ok("a proxy in front ends TLS: scan that one, too".to_owned()),
        None => Err("customers come by plain http".to_owned()),
    }
}

/// Whether a URL of PostgreSQL asks for TLS that is checked, or goes nowhere.
pub(super) fn database_tls(address: &DatabaseAddress) -> Result<String, String> {
    let DatabaseAddress::Postgres(url) = address else { return Ok("a file of this machine".to_owned()) };
    let parsed = url::Url::parse(url).map_err(|_| "the URL of the database does not read".to_owned())?;
    // libpq goes where these say, whatever stands before.
    let is_there = |value: &str| !value.starts_with('/') && !value.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    let elsewhere = parsed.query_pairs().any(|(name, value)| matches!(name.as_ref(), "host" | "hostaddr") && is_there(&value));
    let is_local =
        !elsewhere && parsed.host_str().is_none_or(|host| host == "localhost" || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback()));
    let mode = parsed.query_pairs().find(|(name, _)| name == "sslmode").map(|(_, mode)| mode.into_owned());
    match mode.as_deref() {
        Some("verify-full") => Ok("TLS, checked by name (sslmode=verify-full)".to_owned()),
        _ if is_local => Ok("the database is on this machine".to_owned()),
        Some(mode) => Err(format!("sslmode={mode} does not check whom it speaks with")),
        None => Err("libpq's usual sslmode does not check whom it speaks with".to_owned()),
    }
}

fn mail_tls(raw: &RawConfig) -> Result<String, String> {
    match (raw.mail.smtp_host.as_str(), raw.mail.smtp_security) {
        ("", _) => Ok("no relay".to_owned()),
        (host, SmtpSecurity::None) => Err(format!("mail goes to {host} in the clear")),
        (host, _) => Ok(format!("mail goes to {host} by TLS")),
    }
}

fn updates(raw: &RawConfig, now: UnixSeconds) -> Result<String, String> {
    if raw.updates.feed_file.is_empty() {
        return Err("no feed of advisories is watched".to_owned());
    }
    let feed = read_file(std::path::Path::new(&raw.updates.feed_file)).map_err(|error| error.to_string())?;
    let standing = read(&feed, &raw.updates.feed_key, &own_version(), now).map_err(|error| error.to_string())?;
    let grave: Vec<&str> = standing.advisories.iter().filter(|advisory| advisory.severity >= Severity::High).map(|advisory| advisory.id.as_str()).collect();
    if standing.is_stale {
        Err("the feed is older than 30 days".to_owned())
    } else if grave.is_empty() {
        Ok(format!("{}, touched by no high or critical advisory", standing.version))
    } else {
        Err(format!("touched by {}", grave.join(", ")))
    }
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    }
}

/// Looks at everything. Reads the whole database for card numbers, and the whole log.
///
/// # Errors
/// [`StoreError`].
pub fn gather(connection: &mut DbConnection, tools: &Tools, config: &Config, raw: &RawConfig) -> Result<Facts, StoreError> {
    let now = tools.now();
    let drill: Option<serde_json::Value> = facts::find_fact(connection, backup::VERIFIED)?.and_then(|kept| serde_json::from_slice(&kept).ok());
    let drill_of = |name: &str| drill.as_ref().and_then(|drill| drill.get(name)?.as_i64());
    Ok(Facts {
        account_limit: config.attempts.account_limit,
        account_window_seconds: config.attempts.account_window_seconds,
        consecutive_limit: config.attempts.consecutive_limit,
        staff_passwords: (config.passwords.staff.minimum_alone, config.passwords.staff.needs_letter_and_digit, config.passwords.staff.history),
        customer_passwords: (config.passwords.consumer.minimum_alone, config.passwords.consumer.minimum_with_second_factor, config.passwords.consumer.needs_letter_and_digit),
        breached_passwords: config.passwords.breached.len(),
        hash_cost: (config.hash_cost.memory_kib, config.hash_cost.passes, config.hash_cost.lanes),
        foreign_hashes: count_foreign(connection)?,
        staff_idle_seconds: STAFF_IDLE_SECONDS,
        staff: staff(connection, tools)?,
        tls: tls(config, now),
        is_tls_elsewhere: config.tls.is_none(),
        database_tls: database_tls(&config.database.address),
        mail_tls: mail_tls(raw),
        operations_listen: config.operations_listen.to_string(),
        is_operations_private: is_private(config.operations_listen.ip()),
        cryptography: library(),
        keys: keys(connection, config, now)?,
        key_file: master_key::read(&config.master_key_file).map(|_| format!("{} is its owner's alone", config.master_key_file.display())).map_err(|error| error.to_string()),
        audit: audit(connection, tools)?,
        audit_keep_days: config.audit.keep_days,
        sends_heads: config.audit.heads_url.is_some(),
        card_numbers: cards::search(connection, tools)?,
        updates: updates(raw, now),
        backup_age: find_backup(connection)?.map(|backup| now.since(UnixSeconds(backup.ended_at)).max(0)),
        drill_age: drill_of("at").map(|at| now.since(UnixSeconds(at)).max(0)),
        drill_wrong: drill_of("wrong").unwrap_or_default(),
    })
}

fn staff(connection: &mut DbConnection, tools: &Tools) -> Result<Vec<StaffFacts>, StoreError> {
    let now = tools.now();
    let mut found = Vec::new();
    for admin in list_admins(connection)? {
        let Some(customer) = customers::store::find_customer(connection, &tools.ring, &admin.customer)? else { continue };
        let filter = EventFilter { kind: Some("signed_in".to_owned()), about: Some(format!("customer:{}", admin.customer)), ..EventFilter::default() };
        let last = search(connection, &filter, &PageRequest::first(1))?.items.into_iter().next().map(|event| UnixSeconds(event.occurred_at_micros.div_euclid(1_000_000)));
        found.push(StaffFacts {
            id: admin.customer.to_string(),
            mailbox: customer.email.as_str().split('@').next().unwrap_or_default().to_owned(),
            has_key: passkey::store::find_ages(connection, &admin.customer)?.is_some(),
            idle_days: now.since(last.unwrap_or(admin.created_at).max(admin.created_at)).div_euclid(86_400),
        });
    }
    Ok(found)
}

/// The cryptography inventory (PCI DSS v4.0.1, 12.3.3).
fn keys(connection: &mut DbConnection, config: &Config, now: UnixSeconds) -> Result<Vec<Key>, StoreError> {
    // A year is the longest that a signing key may be meant to live.
    let limit = (config.rotation.rotation_seconds.div_euclid(86_400) + 1).min(366);
    let mut found: Vec<Key> = signing_keys::list_keys(connection)?
        .into_iter()
        .filter(|key| key.facts.state == KeyState::Active)
        .map(|key| Key {
            what: format!("signs tokens ({})", key.facts.kid),
            algorithm: key.facts.algorithm.as_str().to_owned(),
            age_days: key.facts.activated_at.map_or(0, |at| now.since(at).div_euclid(86_400)),
            limit_days: Some(limit),
        })
        .collect();
    if let Ok(modified) = std::fs::metadata(&config.master_key_file).and_then(|metadata| metadata.modified()) {
        let at = modified.duration_since(std::time::UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or_default());
        let age_days = now.since(UnixSeconds(at)).div_euclid(86_400);
        found.push(Key {
            what: "master key: wraps the data key of each customer; by the age of its file".to_owned(),
            algorithm: "AES-256-GCM, HKDF-SHA-256".to_owned(),
            age_days,
            limit_days: None,
        });
    }
    Ok(found)
}

fn audit(connection: &mut DbConnection, tools: &Tools) -> Result<Result<String, String>, StoreError> {
    let (report, forged) = log::check_database(connection, tools, &log::signer(&tools.ring)?, None)?;
    let forged = forged.len() + log::list_forged(connection, tools)?.len();
    Ok(match (report.findings.first(), forged) {
        (None, 0) => Ok(format!("{} events, none changed and none missing; {} signed heads hold", report.events, report.heads)),
        (None, forged) => Err(format!("{forged} events were not recorded by this installation as they stand")),
        (Some(finding), _) => Err(finding.to_string()),
    })
}

#[cfg(test)]
impl StaffFacts {
    /// Somebody of whom nothing is wrong.
    pub fn sound(id: &str) -> Self {
        Self { id: id.to_owned(), mailbox: "ada".to_owned(), has_key: true, idle_days: 3 }
    }
}

#[cfg(test)]
impl Facts {
    /// An installation of which nothing is wrong.
    pub fn sound() -> Self {
        let fine = || Ok("fine".to_owned());
        Self {
            account_limit: 10,
            account_window_seconds: 1_800,
            consecutive_limit: 100,
            staff_passwords: (15, true, 4),
            customer_passwords: (15, 8, false),
            breached_passwords: 100_000,
            hash_cost: (19_456, 2, 1),
            foreign_hashes: 0,
            staff_idle_seconds: 900,
            staff: vec![StaffFacts::sound("cus_1"), StaffFacts::sound("cus_2")],
            tls: fine(),
            is_tls_elsewhere: false,
            database_tls: fine(),
            mail_tls: fine(),
            operations_listen: "127.0.0.1:9464".to_owned(),
            is_operations_private: true,
            cryptography: "AWS-LC",
            keys: vec![Key { what: "signs tokens".to_owned(), algorithm: "RS256".to_owned(), age_days: 90, limit_days: Some(91) }],
            key_file: fine(),
            audit: fine(),
            audit_keep_days: 365,
            sends_heads: true,
            card_numbers: CardNumbers { places: Vec::new(), texts: 100, opened: 10 },
            updates: fine(),
            backup_age: Some(3_600),
            drill_age: Some(86_400),
            drill_wrong: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_is_elsewhere_is_spoken_with_by_tls_that_is_checked() {
        for (url, is_met) in [
            ("postgres://u:p@db.internal/c?sslmode=verify-full&sslrootcert=/ca.pem", true),
            ("postgres://u:p@127.0.0.1/c", true),
            ("postgres://u:p@localhost:5433/c", true),
            ("postgres://u:p@[::1]/c", true),
            ("postgres://u:p@db.internal/c", false),
            ("postgres://localhost/c?host=db.internal", false),
            ("postgres:///c?host=/run/postgresql", true),
            ("postgres://u:p@db.internal/c?sslmode=require", false),
        ] {
            assert_eq!(database_tls(&DatabaseAddress::Postgres(url.to_owned())).is_ok(), is_met, "{url}");
        }
        assert!(database_tls(&DatabaseAddress::Sqlite("x".into())).is_ok());
        for (address, is_ours) in [("127.0.0.1", true), ("10.1.2.3", true), ("0.0.0.0", false), ("203.0.113.1", false), ("::1", true), ("fd00::1", true), ("2001:db8::1", false)] {
            assert_eq!(is_private(address.parse().unwrap()), is_ours, "{address}");
        }
    }
}
