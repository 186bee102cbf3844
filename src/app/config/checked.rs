//! The configuration after its checks: parsed, bounded, and safe to serve with.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;

use super::bots::BotSettings;
use super::brands::{check_brand, check_brands};
use super::raw::RawConfig;
use super::risk::RiskSettings;
use super::tls::TlsSource;
use super::upkeep::BackupSettings;
use super::{bots, factors, passkeys, people, risk, tls, upkeep, upstreams};
use crate::admin::AdminPolicy;
use crate::base::secret::Secret;
use crate::base::uri::Issuer;
use crate::identity::attempts::rules::AttemptPolicy;
use crate::identity::factors::FactorPolicy;
use crate::identity::factors::passkey::PasskeyParty;
use crate::identity::factors::password::PasswordRules;
use crate::identity::factors::sent_code::rules::SmsCaps;
use crate::identity::factors::upstream::Upstreams;
use crate::identity::imports::hook::MigrationHook;
use crate::identity::recovery::RecoveryPolicy;
use crate::identity::sessions::SessionPolicy;
use crate::identity::signup::rules::SignupPolicy;
use crate::oauth::state::TokenPolicy;
use crate::platform::audit::log::retention::Keeping;
use crate::platform::crypto::hash_pool::{HashCost, HashPoolOptions};
use crate::platform::crypto::signing_keys::rules::RotationPolicy;
use crate::platform::db::{DatabaseAddress, DbOptions};
use crate::platform::http::assets::Logo;
use crate::platform::http::page::Brand;
use crate::platform::mail::{Mailer, SmtpSecurity, SmtpSettings};
use crate::platform::outgoing::Outgoing;
use crate::platform::sms::TextSender;
use crate::platform::telemetry::logging::LogFormat;
use crate::platform::telemetry::traces::TraceSettings;
use crate::shop::address_check::AddressPolicy;

/// Everything that a node needs to know.
pub struct Config {
    /// Who we are.
    pub issuer: Issuer,
    /// The public listener.
    pub listen: SocketAddr,
    /// The operators' listener.
    pub operations_listen: SocketAddr,
    /// Where certificates come from; none behind a proxy that ends TLS.
    pub tls: Option<TlsSource>,
    /// The plain listener that sends browsers to https.
    pub redirect_listen: Option<SocketAddr>,
    /// Believed proxies.
    pub trusted_proxies: Vec<IpNet>,
    /// Worker threads.
    pub workers: usize,
    /// How long requests get at shutdown, in seconds.
    pub shutdown_seconds: u64,
    /// How long balancers get to turn away before that, in seconds.
    pub leave_seconds: u64,
    /// The database.
    pub database: DbOptions,
    /// How backups are made.
    pub backup: BackupSettings,
    /// The master key file.
    pub master_key_file: PathBuf,
    /// Signing key rotation.
    pub rotation: RotationPolicy,
    /// Token lifetimes.
    pub tokens: TokenPolicy,
    /// Session lifetimes.
    pub sessions: SessionPolicy,
    /// Life of a sign-in page in seconds.
    pub signin_page_seconds: i64,
    /// Life of a known device in seconds.
    pub known_device_seconds: i64,
    /// Cost of a password hash.
    pub hash_cost: HashCost,
    /// The hash pool.
    pub hash_pool: HashPoolOptions,
    /// What new passwords are judged by.
    pub passwords: PasswordRules,
    /// How long a customer who wants to leave can think better of it, in seconds.
    pub erasure_grace_seconds: i64,
    /// How accounts are recovered.
    pub recovery: RecoveryPolicy,
    /// How people may join.
    pub signup: SignupPolicy,
    /// Guessing limits.
    pub attempts: AttemptPolicy,
    /// The relying party of passkeys; none where the issuer has no domain.
    pub passkeys: Option<PasskeyParty>,
    /// What is offered and demanded beside the password.
    pub factors: FactorPolicy,
    /// Other OpenID Providers that customers may sign in with.
    pub upstreams: Upstreams,
    /// The way to other people's servers.
    pub outgoing: Outgoing,
    /// The old shop, asked about whoever is not known here.
    pub migration: Option<MigrationHook>,
    /// The way text messages go.
    pub texter: Option<TextSender>,
    /// Caps against fraud with them.
    pub sms_caps: SmsCaps,
    /// The way mail goes; none keeps it in the outbox.
    pub mailer: Option<Mailer>,
    /// Looks.
    pub brand: Brand,
    /// The logo.
    pub logo: Option<Logo>,
    /// Further brands, by name, and their logos.
    pub brands: BTreeMap<String, Brand>,
    /// Their logos.
    pub logos: BTreeMap<String, Logo>,
    /// How the desk works.
    pub admin: AdminPolicy,
    /// How the audit log is kept.
    pub audit: Keeping,
    /// How addresses are checked.
    pub addresses: AddressPolicy,
    /// How sign-ins are judged.
    pub risk: RiskSettings,
    /// Puzzles against programs.
    pub bots: BotSettings,
    /// The feed of releases and advisories that is watched, and the key that signs it.
    pub updates: Option<(PathBuf, String)>,
    /// Log format.
    pub log_format: LogFormat,
    /// Log filter.
    pub log_filter: String,
    /// Where traces go.
    pub traces: Option<TraceSettings>,
    /// Whether each request is logged.
    pub logs_requests: bool,
    /// Whether this is the demo, which may use plain http on loopback.
    pub is_demo: bool,
}

/// Collects faults by key.
#[derive(Default)]
pub(super) struct Faults(Vec<String>);

impl Faults {
    pub(super) fn unless(&mut self, is_fine: bool, text: &str) {
        if !is_fine {
            self.0.push(text.to_owned());
        }
    }

    pub(super) fn take<T, E: std::fmt::Display>(&mut self, key: &str, result: Result<T, E>) -> Option<T> {
        result.map_err(|error| self.0.push(format!("{key}: {error}"))).ok()
    }

    pub(super) fn within(&mut self, key: &str, value: i64, range: std::ops::RangeInclusive<i64>) -> i64 {
        self.unless(range.contains(&value), &format!("{key}: {} to {}, not {value}", range.start(), range.end()));
        value
    }
}

const DAY: i64 = 86_400;

fn check_issuer(text: &str, is_demo: bool, faults: &mut Faults) -> Option<Issuer> {
    if text.is_empty() {
        faults.unless(false, "server.issuer: set it to the https address that customers see, such as https://login.shop.example");
        return None;
    }
    let issuer = faults.take("server.issuer", Issuer::parse(text));
    let has_https = issuer.as_ref().is_some_and(Issuer::is_https);
    faults.unless(issuer.is_none() || has_https || is_demo, "server.issuer: must be https; for a trial on this machine run “claviger demo”");
    issuer
}

impl Config {
    /// Checks `raw`. The demo may use plain http on loopback and cheap hashes; nothing else may.
    ///
    /// # Errors
    /// Every fault, a sentence each that says how to mend it.
    pub fn check(raw: &RawConfig, is_demo: bool) -> Result<Self, Vec<String>> {
        let mut faults = Faults::default();
        let server = &raw.server;
        let issuer = check_issuer(&server.issuer, is_demo, &mut faults);
        let (tls, redirect_listen) = (tls::check(raw, issuer.as_ref(), is_demo, &mut faults), tls::check_redirect(raw, &mut faults));
        let listen = faults.take("server.listen", server.listen.parse::<SocketAddr>());
        let operations_listen = faults.take("server.operations_listen", server.operations_listen.parse::<SocketAddr>());
        let trusted_proxies = server.trusted_proxies.iter().filter_map(|text| faults.take("server.trusted_proxies", text.parse::<IpNet>())).collect();
        faults.within("server.shutdown_seconds", i64::from(server.shutdown_seconds), 0..=300);
        faults.within("server.leave_seconds", i64::from(server.leave_seconds), 0..=60);

        let (database, backup) = (check_database(raw, &mut faults), upkeep::check_backup(raw, &mut faults));
        let rotation = RotationPolicy {
            rotation_seconds: faults.within("keys.rotation_seconds", raw.keys.rotation_seconds, DAY..=730 * DAY),
            publish_ahead_seconds: faults.within("keys.publish_ahead_seconds", raw.keys.publish_ahead_seconds, 3_600..=30 * DAY),
            longest_token_seconds: 2 * 3_600,
        };
        faults.unless(rotation.publish_ahead_seconds < rotation.rotation_seconds, "keys.publish_ahead_seconds: must be less than keys.rotation_seconds");
        let tokens = check_tokens(raw, &mut faults);
        let sessions = SessionPolicy {
            idle_seconds: faults.within("sessions.idle_seconds", raw.sessions.idle_seconds, 60..=30 * DAY),
            absolute_seconds: faults.within("sessions.absolute_seconds", raw.sessions.absolute_seconds, 60..=30 * DAY),
            remembered_seconds: faults.within("sessions.remembered_seconds", raw.sessions.remembered_seconds, 60..=365 * DAY),
        };
        let (hash_cost, hash_pool) = check_password(raw, is_demo, &mut faults);
        let attempts = AttemptPolicy {
            account_limit: faults.within("attempts.account_limit", raw.attempts.account_limit, 1..=1_000),
            account_window_seconds: faults.within("attempts.account_window_seconds", raw.attempts.account_window_seconds, 60..=DAY),
            source_limit: faults.within("attempts.source_limit", raw.attempts.source_limit, 1..=100_000),
            source_window_seconds: faults.within("attempts.source_window_seconds", raw.attempts.source_window_seconds, 60..=DAY),
            consecutive_limit: faults.within("attempts.consecutive_limit", raw.attempts.consecutive_limit, 3..=100),
        };
        let mailer = check_mail(raw, is_demo, &mut faults);
        let signup = people::check_signup(raw, &mut faults);
        let erasure_grace_seconds = DAY * faults.within("privacy.grace_days", i64::from(raw.privacy.grace_days), 1..=30);
        let (recovery, admin) = (people::check_recovery(raw, &mut faults), people::check_admin(raw, &mut faults));
        let risk = risk::check(raw, &mut faults);
        let (audit, updates) = (upkeep::check_audit(raw, &mut faults), upkeep::check_updates(raw, &mut faults));
        let traces = upkeep::check_traces(raw, &mut faults);
        let passwords = factors::check_passwords(raw, issuer.as_ref(), &mut faults);
        let passkeys = issuer.as_ref().and_then(|issuer| passkeys::check(raw, issuer, &mut faults));
        let factors = factors::check(raw, passkeys.is_some(), &mut faults);
        let (texter, sms_caps) = factors::check_sms(raw, is_demo, &mut faults);
        let (upstreams, migration, outgoing) = upstreams::check(raw, &mut faults);
        let (bots, addresses) = (bots::check(raw, &mut faults, outgoing.as_ref()), upkeep::check_addresses(raw, &mut faults, outgoing.as_ref()));
        let (brand, logo) = check_brand(raw, &mut faults);
        let (brands, logos) = check_brands(raw, &mut faults);
        let signin_page_seconds = faults.within("sessions.signin_page_seconds", raw.sessions.signin_page_seconds, 60..=DAY);
        let known_device_seconds = faults.within("sessions.known_device_seconds", raw.sessions.known_device_seconds, DAY..=730 * DAY);
        match (issuer, listen, operations_listen, database, passwords, upstreams.zip(outgoing), risk) {
            (Some(issuer), Some(listen), Some(operations_listen), Some(database), Some(passwords), Some((upstreams, outgoing)), Some(risk)) if faults.0.is_empty() => Ok(Self {
                issuer,
                listen,
                operations_listen,
                tls,
                redirect_listen,
                trusted_proxies,
                workers: usize::try_from(server.workers).unwrap_or(0),
                shutdown_seconds: u64::from(server.shutdown_seconds),
                leave_seconds: u64::from(server.leave_seconds),
                database,
                backup,
                master_key_file: PathBuf::from(&raw.keys.master_key_file),
                rotation,
                tokens,
                sessions,
                signin_page_seconds,
                known_device_seconds,
                hash_cost,
                hash_pool,
                passwords,
                signup,
                recovery,
                erasure_grace_seconds,
                attempts,
                passkeys,
                factors,
                upstreams,
                outgoing,
                migration,
                texter,
                sms_caps,
                mailer,
                brand,
                logo,
                brands,
                logos,
                admin,
                audit,
                updates,
                addresses,
                risk,
                bots,
                log_format: raw.log.format,
                log_filter: raw.log.filter.clone(),
                traces,
                logs_requests: raw.log.requests,
                is_demo,
            }),
            _ => Err(faults.0),
        }
    }
}

fn check_database(raw: &RawConfig, faults: &mut Faults) -> Option<DbOptions> {
    let section = &raw.database;
    let url = if section.url_file.is_empty() {
        Some(section.url.clone())
    } else {
        faults.take("database.url_file", read_secret(&section.url_file)).map(|secret| secret.expose().to_owned())
    };
    let address = url.and_then(|url| faults.take("database.url", DatabaseAddress::parse(&url)));
    let connections = faults.within("database.connections", i64::from(section.connections), 1..=200);
    Some(DbOptions { address: address?, connections: usize::try_from(connections).unwrap_or(1), is_durable: section.durable })
}

fn check_tokens(raw: &RawConfig, faults: &mut Faults) -> TokenPolicy {
    let tokens = &raw.tokens;
    TokenPolicy {
        code_seconds: faults.within("tokens.code_lifetime_seconds", tokens.code_lifetime_seconds, 10..=60),
        access_token_seconds: faults.within("tokens.access_token_lifetime_seconds", tokens.access_token_lifetime_seconds, 60..=3_600),
        id_token_seconds: faults.within("tokens.id_token_lifetime_seconds", tokens.id_token_lifetime_seconds, 60..=3_600),
        grant_seconds: faults.within("tokens.grant_lifetime_seconds", tokens.grant_lifetime_seconds, 3_600..=365 * DAY),
        offline_grant_seconds: faults.within("tokens.offline_grant_lifetime_seconds", tokens.offline_grant_lifetime_seconds, 3_600..=730 * DAY),
        refresh_retry_seconds: faults.within("tokens.refresh_retry_window_seconds", tokens.refresh_retry_window_seconds, 0..=120),
        request_seconds: faults.within("tokens.request_lifetime_seconds", tokens.request_lifetime_seconds, 600..=7 * DAY),
    }
}

fn check_password(raw: &RawConfig, is_demo: bool, faults: &mut Faults) -> (HashCost, HashPoolOptions) {
    let section = &raw.password;
    let (least_memory, least_passes) = if is_demo { (8, 1) } else { (19_456, 2) };
    faults.within("password.memory_kib", i64::from(section.memory_kib), least_memory..=1 << 20);
    faults.within("password.passes", i64::from(section.passes), least_passes..=16);
    faults.within("password.lanes", i64::from(section.lanes), 1..=4);
    faults.within("password.threads", i64::from(section.threads), 0..=256);
    faults.within("password.queue", i64::from(section.queue), 1..=10_000);
    faults.within("password.deadline_milliseconds", i64::from(section.deadline_milliseconds), 100..=30_000);
    let options = HashPoolOptions {
        threads: usize::try_from(section.threads).unwrap_or(0),
        queue: usize::try_from(section.queue).unwrap_or(1),
        deadline: Duration::from_millis(u64::from(section.deadline_milliseconds)),
        may_use_simd: section.simd,
    };
    (HashCost { memory_kib: section.memory_kib, passes: section.passes, lanes: section.lanes }, options)
}

fn check_mail(raw: &RawConfig, is_demo: bool, faults: &mut Faults) -> Option<Mailer> {
    let mail = &raw.mail;
    if mail.smtp_host.is_empty() {
        return None;
    }
    let is_loopback = mail.smtp_host == "localhost" || mail.smtp_host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    faults.unless(mail.smtp_security != SmtpSecurity::None || is_loopback || is_demo, "mail.smtp_security: none is for a relay on loopback; use tls or starttls");
    let credentials = if mail.smtp_user.is_empty() {
        None
    } else {
        let password = faults.take("mail.smtp_password_file", read_secret(&mail.smtp_password_file))?;
        Some((mail.smtp_user.clone(), password))
    };
    let settings = SmtpSettings { host: mail.smtp_host.clone(), port: mail.smtp_port, security: mail.smtp_security, credentials };
    faults.take("mail", Mailer::smtp(&mail.from, &settings))
}

pub(super) fn read_secret(path: &str) -> Result<Secret, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    Ok(Secret::new(text.trim_end_matches(['\r', '\n']).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serving_refuses_an_insecure_configuration_and_says_how_to_mend_it() {
        let mut raw = RawConfig::default();
        let faults = Config::check(&raw, false).map(|_| ()).unwrap_err();
        assert!(faults.iter().any(|fault| fault.starts_with("server.issuer: set it to the https address")), "{faults:?}");
        assert!(faults.iter().any(|fault| fault.contains("tls_certificate_file")), "{faults:?}");
        raw.server.issuer = "http://localhost:8080".into();
        raw.password.memory_kib = 64;
        let faults = Config::check(&raw, false).map(|_| ()).unwrap_err();
        assert!(faults.iter().any(|fault| fault.contains("must be https")), "{faults:?}");
        assert!(faults.iter().any(|fault| fault.starts_with("password.memory_kib")), "{faults:?}");
        assert!(Config::check(&raw, true).is_ok());
        raw.server.issuer = "https://login.shop.example".into();
        raw.server.behind_tls_proxy = true;
        raw.password.memory_kib = 19_456;
        assert!(Config::check(&raw, false).is_ok());
        raw.brand.accent = "red;}".into();
        assert!(Config::check(&raw, false).is_err());
    }

    #[test]
    fn text_on_the_accent_is_readable() {
        assert_eq!(crate::app::config::brands::readable_on("#ffffff"), "#000000");
        assert_eq!(crate::app::config::brands::readable_on("#1f5f4a"), "#ffffff");
        assert_eq!(crate::app::config::brands::readable_on("#ffd400"), "#000000");
    }
}
