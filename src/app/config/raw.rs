//! The file's shape with its defaults, and where each value came from.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use crate::identity::signup::rules::BirthDateWish;
use crate::platform::mail::SmtpSecurity;
use crate::platform::telemetry::logging::LogFormat;

macro_rules! section {
    ($(#[$doc:meta])* $name:ident { $($(#[doc = $field_doc:literal])* $field:ident : $type:ty = $default:expr,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name { $($(#[doc = $field_doc])* pub $field: $type,)* }

        impl Default for $name {
            fn default() -> Self { Self { $($field: $default,)* } }
        }

        impl $name {
            /// Each key with its documentation, for the reference.
            pub const DOCS: &'static [(&'static str, &'static str)] = &[$((stringify!($field), concat!($($field_doc,)* "")),)*];
        }
    };
}

mod judging;
mod servers;

pub use judging::{AvsSection, BotsSection, RiskSection};
pub use servers::{AcmeSection, BackupSection, MigrationSection, OutgoingSection, TracesSection, UpdatesSection, UpstreamEntry, UpstreamsSection};

section! {
    /// Where and as whom we serve.
    ServerSection {
        /// The issuer: the https origin that customers and shops see, without a path.
        issuer: String = String::new(),
        /// Address and port to listen on.
        listen: String = "127.0.0.1:8443".to_owned(),
        /// Certificate chain in PEM, read again when it changes. Leave both TLS files empty where `acme` gets a certificate, or behind a proxy that ends TLS (see `behind_tls_proxy`).
        tls_certificate_file: String = String::new(),
        /// Private key in PEM.
        tls_key_file: String = String::new(),
        /// True when a proxy in front ends TLS and speaks plain HTTP to us over a private network.
        behind_tls_proxy: bool = false,
        /// Address and port of a plain listener, such as 0.0.0.0:80, that sends browsers to https and answers challenges of `acme`; none when empty.
        redirect_listen: String = String::new(),
        /// Networks of proxies whose X-Forwarded-For is believed, such as 10.0.0.0/8.
        trusted_proxies: Vec<String> = Vec::new(),
        /// Address and port of the operators' listener: metrics, liveness, readiness. Keep it off the public network.
        operations_listen: String = "127.0.0.1:9464".to_owned(),
        /// Worker threads; 0 takes one a core.
        workers: u32 = 0,
        /// Seconds that requests in flight get to finish at shutdown, 0 to 300.
        shutdown_seconds: u32 = 10,
        /// Seconds from SIGTERM until no more connections are taken, 0 to 60. Meanwhile `/readyz` and `/healthz` answer 404, so that balancers turn to other nodes.
        leave_seconds: u32 = 3,
    }
}

section! {
    /// Where data lives.
    DatabaseSection {
        /// `sqlite:<path>` or `postgres://user:password@host/name`.
        url: String = "sqlite:data/claviger.db".to_owned(),
        /// A file that holds the URL, for when it carries a password.
        url_file: String = String::new(),
        /// Connections: the pool on PostgreSQL, the readers on SQLite, 1 to 200.
        connections: u32 = 4,
        /// Whether a commit waits for the disk. False risks the last moments before a power cut.
        durable: bool = true,
    }
}

section! {
    /// Keys and how they rotate.
    KeysSection {
        /// The master key file, made at the first start.
        master_key_file: String = "keys/master.key".to_owned(),
        /// Seconds after which a signing key is replaced, at least one day.
        rotation_seconds: i64 = 90 * 86_400,
        /// Seconds that a new key is published before it signs, at least one hour.
        publish_ahead_seconds: i64 = 86_400,
    }
}

section! {
    /// How long tokens live.
    TokensSection {
        /// Seconds that an authorization code lives, 10 to 60.
        code_lifetime_seconds: i64 = 60,
        /// Seconds that an access token lives, 60 to 3600.
        access_token_lifetime_seconds: i64 = 600,
        /// Seconds that an ID token lives, 60 to 3600.
        id_token_lifetime_seconds: i64 = 600,
        /// Seconds after which a refresh family bound to a session ends in any case, 1 hour to 1 year.
        grant_lifetime_seconds: i64 = 30 * 86_400,
        /// Seconds after which an offline refresh family ends in any case, 1 hour to 2 years.
        offline_grant_lifetime_seconds: i64 = 180 * 86_400,
        /// Seconds in which a repeated refresh gets the same successor, 0 to 120. Saves phones on bad networks.
        refresh_retry_window_seconds: i64 = 30,
        /// Seconds that an authorization request waits for its customer, 10 minutes to 7 days.
        request_lifetime_seconds: i64 = 86_400,
    }
}

section! {
    /// Browser sessions.
    SessionsSection {
        /// Seconds without a request after which a session ends, 60 to 30 days.
        idle_seconds: i64 = 3_600,
        /// Seconds after which a session ends in any case, 60 to 30 days.
        absolute_seconds: i64 = 12 * 3_600,
        /// Both, for customers who chose to stay signed in, up to 1 year.
        remembered_seconds: i64 = 30 * 86_400,
        /// Seconds that a sign-in page stays good, 60 to 1 day.
        signin_page_seconds: i64 = 1_800,
        /// Seconds that a browser is remembered as known, up to 2 years.
        known_device_seconds: i64 = 365 * 86_400,
    }
}

section! {
    /// Password hashing (Argon2id).
    PasswordSection {
        /// Memory in KiB, at least 19456 outside the demo.
        memory_kib: u32 = 19_456,
        /// Passes, at least 2 outside the demo.
        passes: u32 = 2,
        /// Lanes, 1 to 4.
        lanes: u32 = 1,
        /// Threads; 0 takes one a core.
        threads: u32 = 0,
        /// Checks that may wait, 1 to 10000.
        queue: u32 = 512,
        /// Milliseconds that a check may wait, 100 to 30000.
        deadline_milliseconds: u32 = 2_000,
        /// Whether the vectorised engine may be used when its self-test holds.
        simd: bool = true,
        /// Fewest characters of a new password that is a customer's only factor, 8 to 64 (NIST SP 800-63B-4: 15).
        minimum_characters: u32 = 15,
        /// Fewest characters beside a second factor, 8 to 64.
        minimum_characters_with_second_factor: u32 = 8,
        /// Fewest characters for staff with admin rights, 12 to 64 (PCI DSS 8.3.6).
        staff_minimum_characters: u32 = 12,
        /// How many passwords staff may not use again, 4 or 5 (PCI DSS 8.3.7).
        staff_history: u32 = 4,
        /// A filter of breached passwords, made by `claviger passwords build-filter`; a small one is built in.
        breach_filter_file: String = String::new(),
    }
}

section! {
    /// How often secrets may be guessed.
    AttemptsSection {
        /// Failures of one account, or of one known browser, in a window.
        account_limit: i64 = 10,
        /// That window, in seconds.
        account_window_seconds: i64 = 1_800,
        /// Failures from one source address in a window.
        source_limit: i64 = 100,
        /// That window, in seconds.
        source_window_seconds: i64 = 600,
        /// Failures in a row after which an account is closed to unknown browsers, at most 100.
        consecutive_limit: i64 = 100,
    }
}

section! {
    /// Outgoing mail.
    MailSection {
        /// The sender, such as `Bean & Leaf <accounts@shop.example>`.
        from: String = "Claviger <no-reply@localhost.localdomain>".to_owned(),
        /// SMTP relay; empty keeps mail in the outbox.
        smtp_host: String = String::new(),
        /// Its port.
        smtp_port: u16 = 465,
        /// `tls`, `starttls`, or `none` for a relay on loopback.
        smtp_security: SmtpSecurity = SmtpSecurity::Tls,
        /// User name, when the relay wants one.
        smtp_user: String = String::new(),
        /// File that holds the password.
        smtp_password_file: String = String::new(),
    }
}

/// Whose enrolment is held to the accepted models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ModelScope {
    /// Staff with admin rights.
    Admins,
    /// Customers too.
    Everyone,
}

/// "Whoever is of this name shows at least this level, from this day on."
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelRule {
    /// A group, or a scope.
    pub name: String,
    /// The level.
    pub acr: String,
    /// `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

section! {
    /// The least level of a sign-in.
    AssuranceSection {
        /// For everybody: `password`, `weak-second-factor`, `second-factor` or `phishing-resistant`; empty leaves it to the customer.
        minimum: String = String::new(),
        /// By group, such as `[{ name = "admins", acr = "phishing-resistant", from = "2027-01-31" }]`; before that day those who lack the factor are reminded.
        groups: Vec<LevelRule> = Vec::new(),
        /// By scope that a client asks for, such as `[{ name = "payments", acr = "second-factor" }]`.
        scopes: Vec<LevelRule> = Vec::new(),
    }
}

section! {
    /// "Do not ask again on this device."
    TrustedDevicesSection {
        /// Days for which the second factor is spared on a device, 0 to 365; 0 turns it off.
        days: u32 = 30,
    }
}

/// The way that text messages go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmsWay {
    /// None.
    Off,
    /// A signed HTTP call to an address of yours.
    Webhook,
    /// The REST form that Twilio made common.
    Twilio,
}

impl SmsWay {
    /// Whether there is one.
    pub const fn is_on(self) -> bool {
        !matches!(self, Self::Off)
    }
}

section! {
    /// Codes by e-mail and by text message: the weaker way.
    CodesSection {
        /// Whether customers may have codes sent to their proven e-mail address.
        email: bool = false,
        /// `off`, `webhook` or `twilio`: whether customers may have codes sent to their proven number.
        sms: SmsWay = SmsWay::Off,
        /// The provider's https address: of your webhook; or such as `https://api.twilio.com`.
        sms_url: String = String::new(),
        /// The account at the provider (`twilio`).
        sms_account: String = String::new(),
        /// File that holds the webhook's signing secret, or the provider's token.
        sms_secret_file: String = String::new(),
        /// The sender: a number or a name (`twilio`).
        sms_from: String = String::new(),
        /// Text messages to one number in a day, 1 to 100.
        sms_number_limit: i64 = 10,
        /// Text messages to numbers with the same first six digits in an hour, 1 to 10000: fraud rings own whole ranges.
        sms_prefix_limit: i64 = 30,
        /// Text messages asked for from one address in an hour, 1 to 1000.
        sms_source_limit: i64 = 10,
        /// Text messages in an hour, 1 to 100000.
        sms_hour_limit: i64 = 500,
    }
}

section! {
    /// Passkeys and security keys.
    PasskeySection {
        /// The domain that they are bound to, for ever: that of the issuer when empty, or one above it, such as `shop.example` for `login.shop.example`.
        rp_id: String = String::new(),
        /// Further https origins that may use them, published at `/.well-known/webauthn`.
        related_origins: Vec<String> = Vec::new(),
        /// Whether only authenticators that check their user (PIN, fingerprint, face) may be added.
        require_user_verification: bool = false,
        /// Whether a passkey is offered on a page of its own after a sign-in with the password, once a month, on devices that can keep one. Else only the account page offers it.
        offer_after_sign_in: bool = false,
        /// AAGUIDs of the models that may be added; empty accepts any. Needs `attestation_roots_file`.
        accepted_models: Vec<String> = Vec::new(),
        /// Root certificates in PEM that vouch for those models.
        attestation_roots_file: String = String::new(),
        /// Whom that list is for: `admins` or `everyone`.
        accepted_models_for: ModelScope = ModelScope::Admins,
    }
}

section! {
    /// How accounts are recovered: see docs/recovery.md.
    RecoverySection {
        /// Hours that a recovery with proofs in the middle waits for a veto, 24 to 72.
        wait_hours: u32 = 24,
        /// Hours that one with the weakest proofs waits, 24 to 72.
        long_wait_hours: u32 = 72,
    }
}

section! {
    /// What customers can do with their data: see docs/privacy.md.
    PrivacySection {
        /// Days that a customer who wants the account erased can think better of it, 1 to 30.
        grace_days: u32 = 14,
    }
}

section! {
    /// Who may make an account, and what is asked of them.
    SignupSection {
        /// Whether anybody may join. False leaves it to staff.
        open: bool = true,
        /// Address of the terms; customers accept them when they join. Empty asks for no consent.
        terms_url: String = String::new(),
        /// Their version, kept with each consent.
        terms_version: String = String::new(),
        /// Address of the privacy policy.
        privacy_url: String = String::new(),
        /// `off`, `optional` or `required`: whether a birth date is asked for.
        birth_date: BirthDateWish = BirthDateWish::Off,
        /// Least age in years, where a birth date is given, 0 to 99.
        minimum_age: u32 = 0,
        /// A list of domains, one a line, whose addresses cannot be used: those of throw-away mailboxes, say.
        blocked_domains_file: String = String::new(),
        /// Whether addresses of the throw-away mailboxes that are known to the binary can be used.
        disposable: bool = false,
        /// How many may begin to join from one address in an hour, 1 to 10000.
        source_limit: i64 = 20,
        /// How many may begin to join in an hour altogether, 1 to 1000000.
        hour_limit: i64 = 2_000,
    }
}

section! {
    /// How the pages look.
    BrandSection {
        /// The shop's name.
        name: String = "Claviger".to_owned(),
        /// Accent colour on light pages, `#rrggbb`.
        accent: String = String::new(),
        /// Accent colour on dark pages, `#rrggbb`.
        accent_dark: String = String::new(),
        /// Corner radius in pixels, 0 to 32.
        radius_pixels: u32 = 12,
        /// Font family list; letters, digits, blanks, commas, dashes and double quotes.
        font: String = String::new(),
        /// Logo as PNG, JPEG or WebP, at most 256 KiB.
        logo_file: String = String::new(),
    }
}

section! {
    /// Further brands on the same installation: see docs/branding.md.
    BrandsSection {
        /// A folder with one file `<name>.toml` for each brand; a client names its own by `brand`. Empty for none.
        folder: String = String::new(),
    }
}

section! {
    /// Staff: the console, the API, and the support desk.
    AdminSection {
        /// What a second person has to approve: of `remove_factors`, `change_email` and `erase`.
        approvals: Vec<String> = vec!["remove_factors".to_owned(), "change_email".to_owned(), "erase".to_owned()],
        /// Hours for which the customer can stop what the desk was asked for by a caller who showed only a weak proof, 24 to 72.
        wait_hours: u32 = 24,
        /// Hours for which an invitation can be taken, 1 to 168.
        invitation_hours: u32 = 24,
        /// Look-ups by one member of staff in an hour.
        finds_per_hour: i64 = 120,
        /// Customers shown in full to one member of staff in an hour.
        reveals_per_hour: i64 = 20,
        /// Changes to accounts by one member of staff in an hour.
        actions_per_hour: i64 = 60,
        /// Requests to the API by one caller in a minute, on each node.
        requests_per_minute: i64 = 600,
    }
}

section! {
    /// The audit log.
    AuditSection {
        /// A file to which every signed head of the log is appended. Copy it away from this machine: with it, a log that was cut or rewritten as a whole is recognised. Empty keeps heads in the database alone.
        heads_file: String = String::new(),
        /// An address of somebody else's to which every signed head is sent (POST, text/plain): what this machine loses or rewrites later, whoever is there can tell. Empty sends none.
        heads_url: String = String::new(),
        /// Days that events stay at least, 365 to 3650: they leave by whole months, once the last day of the month is so old. The tree over them stays.
        keep_days: i64 = 400,
        /// A folder to which each part of the log is written, as an export that can be checked, before it leaves the database. Empty writes none: what leaves is gone.
        archive_dir: String = String::new(),
    }
}

section! {
    /// Logs.
    LogSection {
        /// `json` or `human`.
        format: LogFormat = LogFormat::Json,
        /// A level (`info`) or a list such as `info,claviger=debug`.
        filter: String = "info".to_owned(),
        /// Whether each request is logged.
        requests: bool = false,
    }
}

/// The whole file.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each section documents itself")]
pub struct RawConfig {
    pub server: ServerSection,
    pub acme: AcmeSection,
    pub database: DatabaseSection,
    pub backup: BackupSection,
    pub keys: KeysSection,
    pub tokens: TokensSection,
    pub sessions: SessionsSection,
    pub password: PasswordSection,
    pub attempts: AttemptsSection,
    pub passkeys: PasskeySection,
    pub assurance: AssuranceSection,
    pub trusted_devices: TrustedDevicesSection,
    pub codes: CodesSection,
    pub signup: SignupSection,
    pub recovery: RecoverySection,
    pub privacy: PrivacySection,
    pub upstreams: UpstreamsSection,
    pub outgoing: OutgoingSection,
    pub migration: MigrationSection,
    pub mail: MailSection,
    pub brand: BrandSection,
    pub brands: BrandsSection,
    pub admin: AdminSection,
    pub audit: AuditSection,
    pub risk: RiskSection,
    pub avs: AvsSection,
    pub bots: BotsSection,
    pub updates: UpdatesSection,
    pub log: LogSection,
    pub traces: TracesSection,
}

/// Sections with their documentation, in the order of the file.
pub(super) const SECTIONS: [(&str, &[(&str, &str)]); 30] = [
    ("server", ServerSection::DOCS),
    ("acme", AcmeSection::DOCS),
    ("database", DatabaseSection::DOCS),
    ("backup", BackupSection::DOCS),
    ("keys", KeysSection::DOCS),
    ("tokens", TokensSection::DOCS),
    ("sessions", SessionsSection::DOCS),
    ("password", PasswordSection::DOCS),
    ("attempts", AttemptsSection::DOCS),
    ("passkeys", PasskeySection::DOCS),
    ("assurance", AssuranceSection::DOCS),
    ("trusted_devices", TrustedDevicesSection::DOCS),
    ("codes", CodesSection::DOCS),
    ("signup", SignupSection::DOCS),
    ("recovery", RecoverySection::DOCS),
    ("privacy", PrivacySection::DOCS),
    ("upstreams", UpstreamsSection::DOCS),
    ("outgoing", OutgoingSection::DOCS),
    ("migration", MigrationSection::DOCS),
    ("mail", MailSection::DOCS),
    ("brand", BrandSection::DOCS),
    ("brands", BrandsSection::DOCS),
    ("admin", AdminSection::DOCS),
    ("audit", AuditSection::DOCS),
    ("risk", RiskSection::DOCS),
    ("avs", AvsSection::DOCS),
    ("bots", BotsSection::DOCS),
    ("updates", UpdatesSection::DOCS),
    ("log", LogSection::DOCS),
    ("traces", TracesSection::DOCS),
];

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The default.
    Default,
    /// The file.
    File,
    /// A variable.
    Variable(String),
    /// A flag.
    Flag,
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File => f.write_str("file"),
            Self::Variable(name) => write!(f, "{name}"),
            Self::Flag => f.write_str("flag"),
        }
    }
}

/// A configuration with the sources of its keys.
pub struct Loaded {
    /// The values.
    pub raw: RawConfig,
    /// `section.key` → where it came from, for all that are not defaults.
    pub sources: BTreeMap<String, Source>,
}

/// Loads the file (if there is one), then variables, then flags (`section.key`, value).
///
/// # Errors
/// Every fault found, a sentence each.
pub fn load(file: Option<&Path>, variables: &[(String, String)], flags: &[(String, String)]) -> Result<Loaded, Vec<String>> {
    let mut faults = Vec::new();
    let mut sources = BTreeMap::new();
    let mut table = Table::new();
    if let Some(file) = file {
        match std::fs::read_to_string(file).map_err(|error| error.to_string()).and_then(|text| text.parse::<Table>().map_err(|error| error.to_string())) {
            Ok(read) => table = read,
            Err(error) => return Err(vec![format!("{}: {error}", file.display())]),
        }
    }
    for (section, value) in &table {
        let Some(keys) = value.as_table() else {
            faults.push(format!("{section}: {}", unknown(section, SECTIONS.iter().map(|(name, _)| *name))));
            continue;
        };
        for key in keys.keys() {
            match check_name(section, key) {
                Ok(()) => drop(sources.insert(format!("{section}.{key}"), Source::File)),
                Err(fault) => faults.push(fault),
            }
        }
    }
    let from_variables = variables.iter().filter_map(|(name, value)| {
        let path = name.strip_prefix("CLAVIGER_")?;
        // Both CLAVIGER__SERVER__ISSUER and CLAVIGER_SERVER_ISSUER name server.issuer.
        let path = path.trim_start_matches('_').to_ascii_lowercase();
        let (section, key) = path.split_once("__").or_else(|| path.split_once('_'))?;
        Some((format!("{section}.{key}"), value.clone(), Source::Variable(name.clone())))
    });
    let from_flags = flags.iter().map(|(path, value)| (path.clone(), value.clone(), Source::Flag));
    for (path, value, source) in from_variables.chain(from_flags) {
        let Some((section, key)) = path.split_once('.') else {
            faults.push(format!("{path}: write section.key"));
            continue;
        };
        if let Err(fault) = check_name(section, key) {
            faults.push(format!("{source}: {fault}"));
            continue;
        }
        let keys = table.entry(section).or_insert_with(|| Value::Table(Table::new()));
        if let Some(keys) = keys.as_table_mut() {
            keys.insert(key.to_owned(), typed(section, key, &value));
        }
        sources.insert(path, source);
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    match Value::Table(table).try_into::<RawConfig>() {
        Ok(raw) => Ok(Loaded { raw, sources }),
        Err(error) => Err(vec![error.to_string().replace('\n', " ")]),
    }
}

/// The text of a variable or flag in the type that the key has.
fn typed(section: &str, key: &str, text: &str) -> Value {
    let defaults = Value::try_from(RawConfig::default()).ok();
    let default = defaults.as_ref().and_then(|all| all.get(section)?.get(key));
    match default {
        Some(Value::Integer(_)) => text.parse().map_or_else(|_| Value::String(text.to_owned()), Value::Integer),
        Some(Value::Float(_)) => text.parse().map_or_else(|_| Value::String(text.to_owned()), Value::Float),
        Some(Value::Boolean(_)) => text.parse().map_or_else(|_| Value::String(text.to_owned()), Value::Boolean),
        Some(Value::Array(_)) => Value::Array(text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(|part| Value::String(part.to_owned())).collect()),
        _ => Value::String(text.to_owned()),
    }
}

fn check_name(section: &str, key: &str) -> Result<(), String> {
    let Some((_, keys)) = SECTIONS.iter().find(|(name, _)| *name == section) else {
        return Err(format!("{section}.{key}: {}", unknown(section, SECTIONS.iter().map(|(name, _)| *name))));
    };
    if keys.iter().any(|(name, _)| *name == key) { Ok(()) } else { Err(format!("{section}.{key}: {}", unknown(key, keys.iter().map(|(name, _)| *name)))) }
}

fn unknown<'a>(name: &str, valid: impl Iterator<Item = &'a str>) -> String {
    let nearest = valid.min_by_key(|candidate| strsim::damerau_levenshtein(candidate, name)).unwrap_or_default();
    format!("there is no “{name}”; did you mean “{nearest}”?")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn flags_override_variables_override_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("claviger.toml");
        std::fs::write(&file, "[server]\nissuer = \"https://file.example\"\nlisten = \"0.0.0.0:1\"\n[log]\nrequests = true\n").unwrap();
        let variables = [
            pair("CLAVIGER_SERVER_LISTEN", "0.0.0.0:2"),
            pair("CLAVIGER__SERVER__TRUSTED_PROXIES", "10.0.0.0/8, ::1/128"),
            pair("PATH", "/bin"),
            pair("CLAVIGER__DATABASE__CONNECTIONS", "7"),
        ];
        let loaded = load(Some(&file), &variables, &[pair("server.listen", "0.0.0.0:3")]).unwrap();
        assert_eq!((loaded.raw.server.issuer.as_str(), loaded.raw.server.listen.as_str()), ("https://file.example", "0.0.0.0:3"));
        assert_eq!(loaded.raw.server.trusted_proxies, vec!["10.0.0.0/8", "::1/128"]);
        assert_eq!(loaded.raw.database.connections, 7);
        assert!(loaded.raw.log.requests);
        assert_eq!(loaded.sources["server.listen"], Source::Flag);
        assert_eq!(loaded.sources["server.issuer"], Source::File);
    }

    #[test]
    fn an_unknown_key_is_refused_with_the_nearest_name() {
        let faults = load(None, &[pair("CLAVIGER_SERVER_ISUER", "x"), pair("CLAVIGER_SEVER_ISSUER", "x")], &[]).map(|_| ()).unwrap_err();
        assert!(faults[0].contains("did you mean “issuer”"), "{faults:?}");
        assert!(faults[1].contains("did you mean “server”"), "{faults:?}");
        assert!(load(None, &[pair("CLAVIGER_DATABASE_CONNECTIONS", "many")], &[]).is_err());
    }
}
