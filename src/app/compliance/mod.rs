//! Evidence for auditors: what PCI DSS v4.0.1, NIST SP 800-63B-4 and OWASP ASVS 5.0 ask of a service that signs people in, what of that is built in, what is looked at in this installation when the report is made, and what stays with the shop.
//!
//! A report in which everything is met would be a lie: networks, buildings, people and papers are not in this program.

pub mod cards;
mod catalogue;
mod facts;
mod live;
mod render;

use serde::Serialize;

use crate::platform::audit::EventSpec;

pub use catalogue::controls;
pub use facts::{Facts, Key, StaffFacts, gather};
pub use live::{CHECKS, LiveCheck};
pub use render::html;

/// A report was made.
pub const COMPLIANCE_REPORTED: EventSpec = EventSpec::new("compliance_reported", "A compliance report was made; the detail has how many controls were met, and how many were not.");

/// Where a control comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Framework {
    /// PCI DSS v4.0.1.
    #[serde(rename = "PCI DSS v4.0.1")]
    Pci,
    /// NIST SP 800-63B-4.
    #[serde(rename = "NIST SP 800-63B-4")]
    Nist,
    /// OWASP ASVS 5.0.
    #[serde(rename = "OWASP ASVS 5.0")]
    Asvs,
}

impl Framework {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Pci, Self::Nist, Self::Asvs];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pci => "PCI DSS v4.0.1",
            Self::Nist => "NIST SP 800-63B-4",
            Self::Asvs => "OWASP ASVS 5.0",
        }
    }
}

/// How a control is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// These are looked at in the installation.
    Looked(&'static [&'static str]),
    /// It is built in, and a test would fail without it.
    Built(&'static str),
    /// It stays with the shop, which has to show this.
    Yours(&'static str),
}

/// A control.
#[derive(Debug, Clone, Copy)]
pub struct Control {
    /// From where.
    pub framework: Framework,
    /// Its number there.
    pub id: &'static str,
    /// What it asks, in our words.
    pub asks: &'static str,
    /// What there is for it here.
    pub has: &'static str,
    /// How it is met.
    pub how: How,
}

/// Where a control stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// What was looked at is as it should be.
    Met,
    /// Something that was looked at is not.
    NotMet,
    /// It is built in.
    BuiltIn,
    /// It stays with the shop.
    Yours,
}

/// Something that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// Its word.
    pub check: &'static str,
    /// Whether it is as it should be.
    pub is_met: bool,
    /// What was found.
    pub found: String,
    /// How to mend it.
    pub mend: Option<&'static str>,
}

/// A row of the report.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// From where.
    pub framework: Framework,
    /// Its number there.
    pub id: &'static str,
    /// What it asks.
    pub asks: &'static str,
    /// What there is for it here.
    pub has: &'static str,
    /// Where it stands.
    pub standing: Standing,
    /// What was looked at.
    pub evidence: Vec<Evidence>,
    /// The test that would fail, or what the shop has to show.
    pub note: Option<&'static str>,
}

/// A report.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Of which installation.
    pub issuer: String,
    /// By which version.
    pub version: String,
    /// When, as RFC 3339.
    pub made_at: String,
    /// SHA-256 over the configuration, in hexadecimal.
    pub configuration: String,
    /// Keys, with what they are for and how old they are.
    pub keys: Vec<Key>,
    /// The rows.
    pub rows: Vec<Row>,
}

impl Report {
    /// How many rows stand so.
    pub fn count(&self, standing: Standing) -> usize {
        self.rows.iter().filter(|row| row.standing == standing).count()
    }
}

/// Judges every control by what is known: pure, and each thing is looked at once.
pub fn judge(facts: &Facts) -> Vec<Row> {
    let looked: Vec<Evidence> = CHECKS.iter().map(|check| check.evidence(facts)).collect();
    let of = |control: &Control| {
        let (standing, evidence, note) = match control.how {
            How::Looked(names) => {
                let evidence: Vec<Evidence> = looked.iter().filter(|evidence| names.contains(&evidence.check)).cloned().collect();
                let is_met = !evidence.is_empty() && evidence.iter().all(|evidence| evidence.is_met);
                match is_met {
                    false => (Standing::NotMet, evidence, None),
                    true if facts.is_tls_elsewhere && names.contains(&"tls") => (Standing::Yours, evidence, Some("A scan of the proxy that ends TLS.")),
                    true => (Standing::Met, evidence, None),
                }
            }
            How::Built(test) => (Standing::BuiltIn, Vec::new(), Some(test)),
            How::Yours(what) => (Standing::Yours, Vec::new(), Some(what)),
        };
        Row { framework: control.framework, id: control.id, asks: control.asks, has: control.has, standing, evidence, note }
    };
    controls().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_are_told_apart_and_speak_of_checks_that_there_are() {
        let mut seen = std::collections::BTreeSet::new();
        for control in controls() {
            assert!(seen.insert((control.framework, control.id)), "{} twice", control.id);
            if let How::Looked(names) = control.how {
                assert!(!names.is_empty() && names.iter().all(|name| CHECKS.iter().any(|check| check.name == *name)), "{}: {names:?}", control.id);
            }
        }
        let used = |name: &str| controls().any(|control| matches!(control.how, How::Looked(names) if names.contains(&name)));
        assert!(CHECKS.iter().all(|check| used(check.name)), "a check that no control asks for");
    }

    #[test]
    fn a_sound_installation_has_everything_met_and_still_much_to_do() {
        let rows = judge(&Facts::sound());
        let wrong: Vec<_> = rows.iter().filter(|row| row.standing == Standing::NotMet).map(|row| (row.id, &row.evidence)).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
        for standing in [Standing::Met, Standing::BuiltIn, Standing::Yours] {
            assert!(rows.iter().filter(|row| row.standing == standing).count() >= 8, "{standing:?}");
        }
    }
}
