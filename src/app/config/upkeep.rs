//! The audit log, news of this program, and address verification, in the configuration.

use std::sync::Arc;

use url::Url;

use crate::base::secret::Secret;
use crate::platform::outgoing::Outgoing;
use crate::platform::telemetry::traces::TraceSettings;
use crate::shop::address_check::issuer::Issuer;
use std::path::PathBuf;

use super::checked::Faults;
use super::raw::RawConfig;
use crate::app::backup::sealed::Recipient;
use crate::base::postal::is_country;
use crate::platform::audit::log::retention::Keeping;
use crate::risk::avs::policy::{Rule, usual};
use crate::shop::address_check::AddressPolicy;

/// How the audit log is kept.
pub(super) fn check_audit(raw: &RawConfig, faults: &mut Faults) -> Keeping {
    let section = &raw.audit;
    let path = |text: &String| (!text.is_empty()).then(|| PathBuf::from(text));
    Keeping {
        heads_file: path(&section.heads_file),
        heads_url: (!section.heads_url.is_empty()).then(|| section.heads_url.clone()),
        // PCI DSS v4.0.1, 10.5.1: twelve months at least.
        keep_days: faults.within("audit.keep_days", section.keep_days, 365..=3_650),
        archive_dir: path(&section.archive_dir),
    }
}

/// How backups are made.
#[derive(Debug, Clone)]
pub struct BackupSettings {
    /// Whom they are for.
    pub recipient: Option<Recipient>,
    /// Where they lie.
    pub folder: Option<PathBuf>,
    /// How many stay there.
    pub keep: usize,
}

/// How backups are made.
pub(super) fn check_backup(raw: &RawConfig, faults: &mut Faults) -> BackupSettings {
    let section = &raw.backup;
    let recipient = Recipient::parse(&section.recipient);
    faults.unless(section.recipient.is_empty() || recipient.is_some(), "backup.recipient: 43 characters of base64url, as claviger backup key prints them");
    BackupSettings {
        recipient,
        folder: (!section.folder.is_empty()).then(|| PathBuf::from(&section.folder)),
        keep: usize::try_from(faults.within("backup.keep", i64::from(section.keep), 1..=1_000)).unwrap_or(14),
    }
}

/// The feed that is watched, and the key that signs it.
pub(super) fn check_updates(raw: &RawConfig, faults: &mut Faults) -> Option<(PathBuf, String)> {
    let section = &raw.updates;
    faults.unless(section.feed_file.is_empty() == section.feed_key.is_empty(), "updates.feed_file and updates.feed_key: set both");
    faults.unless(
        section.feed_key.is_empty() || (section.feed_key.len() == 43 && section.feed_key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))),
        "updates.feed_key: 43 characters of base64url, the x of an Ed25519 key",
    );
    (!section.feed_file.is_empty()).then(|| (PathBuf::from(&section.feed_file), section.feed_key.clone()))
}

/// Where traces go; none when nowhere.
pub(super) fn check_traces(raw: &RawConfig, faults: &mut Faults) -> Option<TraceSettings> {
    let section = &raw.traces;
    faults.unless((0.0..=1.0).contains(&section.ratio), "traces.ratio: 0 to 1");
    if section.otlp_url.is_empty() {
        return None;
    }
    let url = Url::parse(&section.otlp_url).map_err(|error| format!("{}: {error}", section.otlp_url));
    let url = faults.take("traces.otlp_url", url.and_then(|url| if matches!(url.scheme(), "http" | "https") { Ok(url) } else { Err("an http or https address".to_owned()) }));
    let text = if section.headers_file.is_empty() {
        Ok(String::new())
    } else {
        std::fs::read_to_string(&section.headers_file).map_err(|error| format!("{}: {error}", section.headers_file))
    };
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let header = |line: &str| {
        let (name, value) = line.split_once(':').filter(|(name, value)| is_name(name.trim()) && value.bytes().all(|byte| (b' '..=b'~').contains(&byte)))?;
        Some((name.trim().to_ascii_lowercase(), Secret::new(value.trim().to_owned())))
    };
    let lines: Option<Vec<_>> = faults.take("traces.headers_file", text)?.lines().filter(|line| !line.trim().is_empty()).map(header).collect();
    faults.unless(lines.is_some(), "traces.headers_file: name: value in each line");
    Some(TraceSettings { url: url?.to_string(), ratio: section.ratio, headers: lines? })
}

/// How addresses are checked.
pub(super) fn check_addresses(raw: &RawConfig, faults: &mut Faults, outgoing: Option<&Outgoing>) -> AddressPolicy {
    let section = &raw.avs;
    let read = |file: &str| -> Result<Vec<Rule>, String> {
        let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
        let rules: Vec<Rule> = serde_json::from_str(&text).map_err(|error| format!("{file}: {error}"))?;
        let is_sound = |rule: &Rule| rule.countries.iter().all(|code| is_country(code)) && rule.up_to.is_none_or(|limit| limit >= 0);
        if rules.len() > 1_000 || !rules.iter().all(is_sound) {
            return Err(format!("{file}: at most 1000 rules; countries of two capitals, and up_to from 0"));
        }
        Ok(rules)
    };
    let rules = if section.rules_file.is_empty() { usual() } else { faults.take("avs.rules_file", read(&section.rules_file)).unwrap_or_default() };
    let issuer = (!section.issuer_url.is_empty()).then(|| {
        let url = faults.take("avs.issuer_url", Url::parse(&section.issuer_url).map_err(|error| format!("{}: {error}", section.issuer_url)))?;
        let read = std::fs::read_to_string(&section.issuer_key_file).map_err(|error| format!("{}: {error}", section.issuer_key_file));
        let key = faults.take("avs.issuer_key_file", read)?.trim().to_owned();
        faults.unless(!key.is_empty(), "avs.issuer_key_file: it is empty");
        Some(Arc::new(Issuer::new(url.to_string(), Secret::new(key), outgoing?.clone())))
    });
    AddressPolicy { rules, checks_per_hour: faults.within("avs.checks_per_hour", section.checks_per_hour, 1..=1_000), issuer: issuer.flatten() }
}
