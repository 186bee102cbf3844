//! Assurance in the configuration: what is demanded of whom, and which factors there are.

use std::path::Path;

use url::Url;

use super::checked::{Faults, read_secret};
use super::raw::{LevelRule, RawConfig, SmsWay};
use crate::base::assurance::Acr;
use crate::base::time::UnixSeconds;
use crate::base::uri::Issuer;
use crate::identity::factors::FactorPolicy;
use crate::identity::factors::password::PasswordRules;
use crate::identity::factors::password::filter::BreachFilter;
use crate::identity::factors::password::policy::{self, PasswordPolicy};
use crate::identity::factors::policy::GroupRule;
use crate::identity::factors::sent_code::rules::SmsCaps;
use crate::platform::sms::{SmsSettings, TextSender};

const DAY: i64 = 86_400;
/// New passwords that are judged at a time.
const PASSWORD_PERMITS: usize = 2;

/// What new passwords are judged by.
pub(super) fn check_passwords(raw: &RawConfig, issuer: Option<&Issuer>, faults: &mut Faults) -> Option<PasswordRules> {
    let section = &raw.password;
    let mut within = |key: &str, value: u32, range| usize::try_from(faults.within(&format!("password.{key}"), i64::from(value), range)).unwrap_or(0);
    let alone = within("minimum_characters", section.minimum_characters, 8..=64);
    let beside = within("minimum_characters_with_second_factor", section.minimum_characters_with_second_factor, 8..=64);
    let staff = within("staff_minimum_characters", section.staff_minimum_characters, 12..=64);
    let history = within("staff_history", section.staff_history, 4..=5);
    faults.unless(beside <= alone, "password.minimum_characters_with_second_factor: at most password.minimum_characters");
    let file = (!section.breach_filter_file.is_empty()).then(|| Path::new(&section.breach_filter_file));
    let breached = faults.take("password.breach_filter_file", BreachFilter::open(file))?;
    let context = policy::context_words([raw.brand.name.as_str(), issuer.map_or("", |issuer| issuer.authority())]);
    Some(PasswordRules {
        consumer: PasswordPolicy::consumer(alone, beside),
        staff: PasswordPolicy::staff(staff, history),
        breached,
        context,
        permits: std::sync::Arc::new(tokio::sync::Semaphore::new(PASSWORD_PERMITS)),
        hints: std::sync::Arc::new(tokio::sync::Semaphore::new(1)),
    })
}

/// A level by its claim value, or by the last part of it: `second-factor`.
pub(super) fn level(faults: &mut Faults, key: &str, text: &str) -> Option<Acr> {
    let found = Acr::LADDER.into_iter().find(|acr| acr.as_str() == text || acr.as_str().rsplit(':').next() == Some(text));
    faults.unless(found.is_some(), &format!("{key}: “{text}” is no level; use password, weak-second-factor, second-factor or phishing-resistant"));
    found
}

/// Midnight UTC of `YYYY-MM-DD`.
fn day(text: &str) -> Option<UnixSeconds> {
    let mut parts = text.splitn(3, '-').map(str::parse::<i64>);
    let (Some(Ok(year)), Some(Ok(month)), Some(Ok(day))) = (parts.next(), parts.next(), parts.next()) else { return None };
    let is_date = (1970..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day) && text.len() == 10;
    // Days since 1970-01-01 in the proleptic Gregorian calendar, with years that begin in March.
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let days = year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (month * 153 + 2).div_euclid(5) + day - 1 - 719_468;
    is_date.then_some(UnixSeconds(days * DAY))
}

/// What the installation offers and demands.
pub(super) fn check(raw: &RawConfig, has_passkeys: bool, faults: &mut Faults) -> FactorPolicy {
    let section = &raw.assurance;
    let minimum = if section.minimum.is_empty() { None } else { level(faults, "assurance.minimum", &section.minimum) };
    let mut group_rule = |rule: &LevelRule| {
        let acr = level(faults, "assurance.groups", &rule.acr)?;
        let from = rule.from.as_deref().map_or(Some(UnixSeconds(0)), day);
        faults.unless(from.is_some(), "assurance.groups: from is a day such as 2027-01-31");
        faults.unless(!rule.name.is_empty() && rule.name.len() <= 64, "assurance.groups: name has 1 to 64 characters");
        Some(GroupRule { group: rule.name.clone(), acr, from: from? })
    };
    let groups: Vec<GroupRule> = section.groups.iter().filter_map(&mut group_rule).collect();
    let mut scope_rule = |rule: &LevelRule| {
        faults.unless(rule.from.is_none(), "assurance.scopes: from is for groups");
        Some((rule.name.clone(), level(faults, "assurance.scopes", &rule.acr)?))
    };
    let scopes: Vec<(String, Acr)> = section.scopes.iter().filter_map(&mut scope_rule).collect();
    let demanded = minimum.into_iter().chain(groups.iter().map(|rule| rule.acr)).chain(scopes.iter().map(|(_, acr)| *acr)).max();
    faults.unless(has_passkeys || demanded != Some(Acr::PhishingResistant), "assurance: phishing-resistant needs passkeys, and the issuer has no domain name");
    let days = faults.within("trusted_devices.days", i64::from(raw.trusted_devices.days), 0..=365);
    FactorPolicy {
        has_passkeys,
        offers_passkeys: has_passkeys && raw.passkeys.offer_after_sign_in,
        has_email_codes: raw.codes.email,
        mails_on_risk: raw.risk.mailbox,
        has_sms_codes: raw.codes.sms.is_on(),
        minimum,
        groups,
        scopes,
        trust_seconds: (days > 0).then_some(days * DAY),
    }
}

/// The way text messages go, and the caps on them.
pub(super) fn check_sms(raw: &RawConfig, is_demo: bool, faults: &mut Faults) -> (Option<TextSender>, SmsCaps) {
    let codes = &raw.codes;
    let caps = SmsCaps {
        number: faults.within("codes.sms_number_limit", codes.sms_number_limit, 1..=100),
        prefix: faults.within("codes.sms_prefix_limit", codes.sms_prefix_limit, 1..=10_000),
        source: faults.within("codes.sms_source_limit", codes.sms_source_limit, 1..=1_000),
        hour: faults.within("codes.sms_hour_limit", codes.sms_hour_limit, 1..=100_000),
    };
    if codes.sms == SmsWay::Off {
        return (None, caps);
    }
    let url = faults.take("codes.sms_url", Url::parse(&codes.sms_url));
    let secret = faults.take("codes.sms_secret_file", read_secret(&codes.sms_secret_file));
    let (Some(url), Some(secret)) = (url, secret) else { return (None, caps) };
    faults.unless(url.scheme() == "https" || (is_demo && url.scheme() == "http"), "codes.sms_url: must be https");
    faults.unless(secret.expose().len() >= 16, "codes.sms_secret_file: at least 16 characters");
    let settings = if codes.sms == SmsWay::Webhook {
        SmsSettings::Webhook { url, secret }
    } else {
        let is_account = !codes.sms_account.is_empty() && codes.sms_account.chars().all(|c| c.is_ascii_alphanumeric());
        faults.unless(is_account, "codes.sms_account: letters and digits");
        faults.unless(!codes.sms_from.is_empty(), "codes.sms_from: a number, a name or a messaging service");
        SmsSettings::Twilio { base: url, account: codes.sms_account.clone(), token: secret, from: codes.sms_from.clone() }
    };
    (faults.take("codes.sms", TextSender::wire(settings)), caps)
}

#[cfg(test)]
mod tests {
    use super::super::checked::Config;
    use super::*;

    #[test]
    fn days_are_counted_right() {
        for (text, expected) in [
            ("1970-01-01", Some(0)),
            ("2027-01-01", Some(1_798_761_600)),
            ("2028-02-29", Some(1_835_395_200)),
            ("2027-3-1", None),
            ("soon", None),
            ("2027-13-01", None),
            ("", None),
        ] {
            assert_eq!(day(text).map(|at| at.0), expected, "{text}");
        }
    }

    #[test]
    fn rules_are_read_and_faults_are_told() {
        let mut raw: RawConfig = toml::from_str(
            "[server]\nissuer = \"https://login.shop.example\"\nbehind_tls_proxy = true\n[assurance]\nminimum = \"weak-second-factor\"\ngroups = [{ name = \"admins\", acr = \"phishing-resistant\", from = \"2027-01-01\" }]\nscopes = [{ name = \"payments\", acr = \"urn:claviger:acr:second-factor\" }]\n",
        )
        .unwrap();
        let policy = Config::check(&raw, false).map_err(|faults| faults.join("\n")).unwrap().factors;
        assert_eq!((policy.minimum, policy.groups.len(), policy.groups[0].from.0), (Some(Acr::WeakSecondFactor), 1, 1_798_761_600));
        assert_eq!((policy.scopes, policy.trust_seconds), (vec![("payments".to_owned(), Acr::SecondFactor)], Some(30 * DAY)));
        raw.assurance.minimum = "strong".into();
        raw.assurance.groups[0].from = Some("soon".into());
        raw.trusted_devices.days = 1_000;
        let faults = Config::check(&raw, false).map(|_| ()).unwrap_err();
        assert_eq!(faults.len(), 3, "{faults:?}");
        let ip: RawConfig = toml::from_str("[server]\nissuer = \"https://192.0.2.7\"\nbehind_tls_proxy = true\n[assurance]\nminimum = \"phishing-resistant\"\n").unwrap();
        assert!(Config::check(&ip, false).is_err());
    }
}
