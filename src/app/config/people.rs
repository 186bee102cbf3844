//! The customer's account in the configuration: who may join, and how.

use std::collections::BTreeSet;

use url::Url;

use super::checked::Faults;
use super::raw::RawConfig;
use crate::admin::AdminPolicy;
use crate::admin::cases::rules::CaseKind;
use crate::identity::recovery::RecoveryPolicy;
use crate::identity::recovery::ladder::Waits;
use crate::identity::signup::rules::SignupPolicy;

/// An address of a page of the shop, or none.
fn page_address(faults: &mut Faults, key: &str, text: &str) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    let is_sound =
        Url::parse(text).is_ok_and(|url| url.scheme() == "https" || (url.scheme() == "http" && url.host_str().is_some_and(|host| host == "localhost" || host == "127.0.0.1")));
    faults.unless(is_sound, &format!("{key}: an https address"));
    is_sound.then(|| text.to_owned())
}

/// A list of domains, one a line; what follows a `#` is a remark.
fn domains(faults: &mut Faults, key: &str, file: &str) -> BTreeSet<String> {
    if file.is_empty() {
        return BTreeSet::new();
    }
    let text = faults.take(key, std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))).unwrap_or_default();
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim().trim_start_matches("*.").to_ascii_lowercase());
    lines.filter(|line| !line.is_empty()).collect()
}

/// How people may join.
pub(super) fn check_signup(raw: &RawConfig, faults: &mut Faults) -> SignupPolicy {
    let section = &raw.signup;
    let terms_url = page_address(faults, "signup.terms_url", &section.terms_url);
    faults.unless(
        terms_url.is_none() || (1..=64).contains(&section.terms_version.len()),
        "signup.terms_version: 1 to 64 characters, such as 2026-11; it is kept with each consent",
    );
    SignupPolicy {
        is_open: section.open,
        terms_url,
        terms_version: section.terms_version.clone(),
        privacy_url: page_address(faults, "signup.privacy_url", &section.privacy_url),
        birth_date: section.birth_date,
        minimum_age: faults.within("signup.minimum_age", i64::from(section.minimum_age), 0..=99),
        allows_disposable: section.disposable,
        blocked_domains: domains(faults, "signup.blocked_domains_file", &section.blocked_domains_file),
        source_limit: faults.within("signup.source_limit", section.source_limit, 1..=10_000),
        hour_limit: faults.within("signup.hour_limit", section.hour_limit, 1..=1_000_000),
    }
}

/// How accounts are recovered.
pub(super) fn check_recovery(raw: &RawConfig, faults: &mut Faults) -> RecoveryPolicy {
    let short = faults.within("recovery.wait_hours", i64::from(raw.recovery.wait_hours), 24..=72);
    let long = faults.within("recovery.long_wait_hours", i64::from(raw.recovery.long_wait_hours), 24..=72);
    faults.unless(short <= long, "recovery.wait_hours: at most recovery.long_wait_hours");
    RecoveryPolicy { waits: Waits { short_seconds: short * 3_600, long_seconds: long * 3_600 } }
}

/// How the desk works.
pub(super) fn check_admin(raw: &RawConfig, faults: &mut Faults) -> AdminPolicy {
    let section = &raw.admin;
    faults.unless(section.approvals.iter().all(|name| CaseKind::parse(name).is_some()), "admin.approvals: of remove_factors, change_email and erase");
    AdminPolicy {
        approvals: section.approvals.clone(),
        wait_seconds: 3_600 * faults.within("admin.wait_hours", i64::from(section.wait_hours), 24..=72),
        invitation_seconds: 3_600 * faults.within("admin.invitation_hours", i64::from(section.invitation_hours), 1..=168),
        finds_per_hour: faults.within("admin.finds_per_hour", section.finds_per_hour, 1..=100_000),
        reveals_per_hour: faults.within("admin.reveals_per_hour", section.reveals_per_hour, 1..=100_000),
        actions_per_hour: faults.within("admin.actions_per_hour", section.actions_per_hour, 1..=100_000),
        requests_per_minute: faults.within("admin.requests_per_minute", section.requests_per_minute, 1..=1_000_000),
    }
}
