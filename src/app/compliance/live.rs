//! What is looked at in the installation: each a rule over facts, pure, and each with a test in which it fails.

use super::cards::CardNumbers;
use super::{Evidence, Facts};

/// How to mend what a rule finds.
type Judged = Result<String, String>;

/// A rule.
pub struct LiveCheck {
    /// Its word.
    pub name: &'static str,
    /// How to mend it.
    pub mend: &'static str,
    rule: fn(&Facts) -> Judged,
}

impl LiveCheck {
    /// What it finds.
    pub fn evidence(&self, facts: &Facts) -> Evidence {
        let judged = (self.rule)(facts);
        let is_met = judged.is_ok();
        Evidence { check: self.name, is_met, found: judged.unwrap_or_else(|wrong| wrong), mend: (!is_met).then_some(self.mend) }
    }
}

fn when(is_met: bool, found: String) -> Judged {
    if is_met { Ok(found) } else { Err(found) }
}

/// Names of mailboxes that several people read.
const SHARED: [&str; 12] = ["admin", "administrator", "info", "it", "office", "ops", "root", "security", "service", "support", "team", "test"];
/// Days without a sign-in after which staff are stale (PCI DSS v4.0.1, 8.2.6).
const STALE_DAYS: i64 = 90;
/// Days after which a drill is old.
const DRILL_DAYS: i64 = 92;

/// Every rule.
pub const CHECKS: [LiveCheck; 22] = [
    LiveCheck {
        name: "lockout",
        mend: "attempts.account_limit = 10, attempts.account_window_seconds = 1800",
        rule: |facts| {
            let found = format!("{} failures of an account within {} s", facts.account_limit, facts.account_window_seconds);
            when(facts.account_limit <= 10 && facts.account_window_seconds >= 1_800, found)
        },
    },
    LiveCheck {
        name: "consecutive_failures",
        mend: "attempts.consecutive_limit = 100",
        rule: |facts| when(facts.consecutive_limit <= 100, format!("{} in a row close an account to unknown browsers", facts.consecutive_limit)),
    },
    LiveCheck {
        name: "staff_passwords",
        mend: "password.staff_minimum_characters = 12, password.staff_history = 4, or more",
        rule: |facts| {
            let policy = facts.staff_passwords;
            let found = format!("{} characters, letters and digits: {}, the last {} not again", policy.0, policy.1, policy.2);
            when(policy.0 >= 12 && policy.1 && policy.2 >= 4, found)
        },
    },
    LiveCheck {
        name: "customer_passwords",
        mend: "password.minimum_characters = 15, password.minimum_characters_with_second_factor = 8",
        rule: |facts| {
            let (alone, beside, composed) = facts.customer_passwords;
            when(alone >= 15 && beside >= 8 && !composed, format!("{alone} characters alone, {beside} beside a second factor, composition demanded: {composed}"))
        },
    },
    LiveCheck {
        name: "breached_passwords",
        mend: "claviger passwords build-filter, and password.breach_filter_file",
        rule: |facts| when(facts.breached_passwords > 0, format!("{} breached passwords are refused", facts.breached_passwords)),
    },
    LiveCheck {
        name: "password_hashes",
        mend: "password.memory_kib = 19456, password.passes = 2, password.lanes = 1, or more",
        rule: |facts| {
            let (memory, passes, lanes) = facts.hash_cost;
            let found = format!(
                "Argon2id with {memory} KiB, {passes} passes, {lanes} lanes, and a pepper; {} hashes of other products wait, sealed, for their owner's first sign-in",
                facts.foreign_hashes
            );
            when((memory >= 19_456 && passes >= 2) || memory >= 47_104, found)
        },
    },
    LiveCheck {
        name: "staff_idle",
        mend: "this is fixed in the program",
        rule: |facts| when(facts.staff_idle_seconds <= 900, format!("staff show who they are again after {} s", facts.staff_idle_seconds)),
    },
    LiveCheck {
        name: "staff_factors",
        mend: "have them add a passkey or security key, or take their roles away",
        rule: |facts| {
            let without: Vec<&str> = facts.staff.iter().filter(|staff| !staff.has_key).map(|staff| staff.id.as_str()).collect();
            if without.is_empty() { Ok(format!("all {} have a phishing-resistant authenticator", facts.staff.len())) } else { Err(format!("without one: {}", without.join(", "))) }
        },
    },
    LiveCheck {
        name: "staff_names",
        mend: "give each person an account of their own, and take the roles of the shared one away",
        rule: |facts| {
            let is_shared = |name: &str| SHARED.contains(&name.split(['+', '.']).next().unwrap_or_default().to_ascii_lowercase().as_str());
            let shared: Vec<&str> = facts.staff.iter().filter(|staff| is_shared(&staff.mailbox)).map(|staff| staff.id.as_str()).collect();
            if shared.is_empty() { Ok("no account of staff has the name of a mailbox that several read".to_owned()) } else { Err(format!("look shared: {}", shared.join(", "))) }
        },
    },
    LiveCheck {
        name: "staff_stale",
        mend: "claviger admins, or the console: take the roles of whoever does not work with it away",
        rule: |facts| {
            let stale: Vec<&str> = facts.staff.iter().filter(|staff| staff.idle_days > STALE_DAYS).map(|staff| staff.id.as_str()).collect();
            if stale.is_empty() {
                Ok(format!("all {} signed in within {STALE_DAYS} days, or are newer", facts.staff.len()))
            } else {
                Err(format!("not for {STALE_DAYS} days: {}", stale.join(", ")))
            }
        },
    },
    LiveCheck { name: "tls", mend: "server.tls_certificate_file and key, [acme], or a proxy that ends TLS", rule: |facts| facts.tls.clone() },
    LiveCheck { name: "database_tls", mend: "?sslmode=verify-full&sslrootcert=… behind database.url", rule: |facts| facts.database_tls.clone() },
    LiveCheck { name: "mail_tls", mend: "mail.smtp_security = \"tls\" or \"starttls\"", rule: |facts| facts.mail_tls.clone() },
    LiveCheck {
        name: "operations_listener",
        mend: "server.operations_listen on loopback, or on a private address that only monitoring reaches",
        rule: |facts| when(facts.is_operations_private, format!("metrics are at {}", facts.operations_listen)),
    },
    LiveCheck {
        name: "key_ages",
        mend: "keys.rotation_seconds at most a year; look why keys are not rotated",
        rule: |facts| {
            let old: Vec<String> =
                facts.keys.iter().filter(|key| key.limit_days.is_some_and(|limit| key.age_days > limit)).map(|key| format!("{} ({} days)", key.what, key.age_days)).collect();
            if old.is_empty() {
                Ok(format!("all {} within their time; the library is {}", facts.keys.len(), facts.cryptography))
            } else {
                Err(format!("beyond their time: {}", old.join(", ")))
            }
        },
    },
    LiveCheck { name: "key_file", mend: "chmod 600, and owned by the server's user", rule: |facts| facts.key_file.clone() },
    LiveCheck { name: "audit_whole", mend: "claviger audit verify; docs/operations/incident.md", rule: |facts| facts.audit.clone() },
    LiveCheck {
        name: "audit_kept",
        mend: "audit.keep_days = 365 or more",
        rule: |facts| when(facts.audit_keep_days >= 365, format!("kept for {} days", facts.audit_keep_days)),
    },
    LiveCheck {
        name: "audit_elsewhere",
        mend: "audit.heads_url, and claviger audit export to a SIEM",
        rule: |facts| when(facts.sends_heads, if facts.sends_heads { "heads are sent elsewhere".to_owned() } else { "nothing of the log is elsewhere".to_owned() }),
    },
    LiveCheck {
        name: "card_numbers",
        mend: "remove it; docs/operations/incident.md, \"A card number turned up\"",
        rule: |facts| {
            let CardNumbers { places, texts, opened } = &facts.card_numbers;
            if places.is_empty() { Ok(format!("none in {texts} texts that are stored, and in {opened} that were opened for it")) } else { Err(format!("in {}", places.join(", "))) }
        },
    },
    LiveCheck {
        name: "updates",
        mend: "mirror the feed (updates.feed_file), and run a version that no high or critical advisory touches",
        rule: |facts| facts.updates.clone(),
    },
    LiveCheck {
        name: "backups",
        mend: "claviger backup make each day, claviger backup verify each quarter",
        rule: |facts| {
            let days = |seconds: Option<i64>| seconds.map_or_else(|| "never".to_owned(), |seconds| format!("{} days ago", seconds / 86_400));
            let found = format!("made {}, looked through {}", days(facts.backup_age), days(facts.drill_age));
            when(facts.backup_age.is_some_and(|age| age <= 2 * 86_400) && facts.drill_age.is_some_and(|age| age <= DRILL_DAYS * 86_400) && facts.drill_wrong == 0, found)
        },
    },
];

#[cfg(test)]
mod tests {
    use super::super::{Key, StaffFacts};
    use super::*;

    /// Facts in which one thing alone is wrong.
    type Spoiled = (&'static str, fn(&mut Facts));

    #[test]
    fn each_rule_fails_where_it_should_and_no_other() {
        let spoiled: [Spoiled; 33] = [
            ("lockout", |facts| facts.account_limit = 11),
            ("lockout", |facts| facts.account_window_seconds = 1_799),
            ("consecutive_failures", |facts| facts.consecutive_limit = 101),
            ("staff_passwords", |facts| facts.staff_passwords.0 = 11),
            ("staff_passwords", |facts| facts.staff_passwords.1 = false),
            ("staff_passwords", |facts| facts.staff_passwords.2 = 3),
            ("customer_passwords", |facts| facts.customer_passwords.0 = 14),
            ("customer_passwords", |facts| facts.customer_passwords.1 = 7),
            ("customer_passwords", |facts| facts.customer_passwords.2 = true),
            ("breached_passwords", |facts| facts.breached_passwords = 0),
            ("password_hashes", |facts| facts.hash_cost = (19_455, 2, 1)),
            ("password_hashes", |facts| facts.hash_cost = (19_456, 1, 1)),
            ("staff_idle", |facts| facts.staff_idle_seconds = 901),
            ("staff_factors", |facts| facts.staff.push(StaffFacts { has_key: false, ..StaffFacts::sound("cus_3") })),
            ("staff_names", |facts| facts.staff.push(StaffFacts { mailbox: "Support+de".to_owned(), ..StaffFacts::sound("cus_3") })),
            ("staff_stale", |facts| facts.staff.push(StaffFacts { idle_days: 91, ..StaffFacts::sound("cus_3") })),
            ("tls", |facts| facts.tls = Err("no".to_owned())),
            ("database_tls", |facts| facts.database_tls = Err("no".to_owned())),
            ("mail_tls", |facts| facts.mail_tls = Err("no".to_owned())),
            ("operations_listener", |facts| facts.is_operations_private = false),
            ("key_ages", |facts| facts.keys.push(Key { what: "old".to_owned(), algorithm: "RS256".to_owned(), age_days: 400, limit_days: Some(91) })),
            ("key_file", |facts| facts.key_file = Err("no".to_owned())),
            ("audit_whole", |facts| facts.audit = Err("no".to_owned())),
            ("audit_kept", |facts| facts.audit_keep_days = 364),
            ("audit_elsewhere", |facts| facts.sends_heads = false),
            ("card_numbers", |facts| facts.card_numbers.places.push("clients.metadata of shop".to_owned())),
            ("updates", |facts| facts.updates = Err("no".to_owned())),
            ("backups", |facts| facts.backup_age = None),
            ("backups", |facts| facts.backup_age = Some(2 * 86_400 + 1)),
            ("backups", |facts| facts.drill_age = None),
            ("backups", |facts| facts.drill_age = Some(93 * 86_400)),
            ("backups", |facts| facts.drill_wrong = 1),
            ("password_hashes", |facts| facts.hash_cost = (47_103, 1, 1)),
        ];
        for (name, spoil) in &spoiled {
            let mut facts = Facts::sound();
            spoil(&mut facts);
            let failed: Vec<&str> = CHECKS.iter().map(|check| check.evidence(&facts)).filter(|evidence| !evidence.is_met).map(|evidence| evidence.check).collect();
            assert_eq!(failed, [*name]);
        }
        assert!(CHECKS.iter().all(|check| spoiled.iter().any(|(name, _)| *name == check.name)), "a rule that no test sees fail");
        assert!(CHECKS.iter().all(|check| check.evidence(&Facts::sound()).is_met));
    }
}
