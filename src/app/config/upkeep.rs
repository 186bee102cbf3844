//! What keeps the installation sound, in the configuration: the audit log, and news of this program.

use std::path::PathBuf;

use super::checked::Faults;
use super::raw::RawConfig;
use crate::platform::audit::log::retention::Keeping;

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
