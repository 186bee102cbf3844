//! What exported logs say was done after a backup was made, and has to be done again once it is restored: who was erased, and whose password was replaced.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;

use crate::base::ids::CustomerId;
use crate::base::time::UnixSeconds;
use crate::identity::customers;
use crate::platform::audit::export::EventLine;
use crate::platform::db::{StoreError, WriteTx};

/// Kinds of events after which the password of before must open nothing.
const REPLACED: [&str; 3] = ["password_changed", "account_secured", "account_recovered"];
/// The kind that says that nothing of somebody is left.
const ERASED: &str = "customer_erased";

/// What was done since.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Since {
    /// Whose password was replaced.
    pub replaced: BTreeSet<CustomerId>,
    /// Who was erased.
    pub erased: BTreeSet<CustomerId>,
}

impl Since {
    /// Reads lines of an export. Lines that are no events are heads, and passed over.
    pub fn read(&mut self, line: &str, made_at: UnixSeconds) {
        let Ok(EventLine { event, .. }) = serde_json::from_str::<EventLine>(line) else { return };
        let is_after = event.time_micros.div_euclid(1_000_000) >= made_at.0 && event.outcome == "success";
        let Some(customer) = event.about.strip_prefix("customer:").and_then(|id| id.parse().ok()).filter(|_| is_after) else { return };
        if event.kind == ERASED {
            self.erased.insert(customer);
        } else if REPLACED.contains(&event.kind.as_str()) {
            self.replaced.insert(customer);
        }
    }

    /// Reads exports.
    ///
    /// # Errors
    /// A sentence when one does not read.
    pub fn of_files(files: &[impl AsRef<Path>], made_at: UnixSeconds) -> Result<Self, String> {
        let mut since = Self::default();
        for file in files {
            let told = |error: std::io::Error| format!("{}: {error}", file.as_ref().display());
            for line in BufReader::new(std::fs::File::open(file).map_err(told)?).lines() {
                since.read(&line.map_err(told)?, made_at);
            }
        }
        Ok(since)
    }

    /// Does it again: accounts that were erased are erased by the next node that runs, and passwords are replaced at the next sign-in. How many of each were there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn apply(&self, tx: &mut WriteTx<'_>, now: UnixSeconds) -> Result<(usize, usize), StoreError> {
        let (mut replaced, mut erased) = (0, 0);
        for id in &self.replaced {
            replaced += usize::from(customers::store::flag_password(tx, id, Some("restored"))?);
        }
        for id in &self.erased {
            // Whatever time was set before.
            customers::details::store::keep_erasure(tx, id, None)?;
            erased += usize::from(customers::details::store::keep_erasure(tx, id, Some(now))?);
        }
        Ok((replaced, erased))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_after_the_backup_is_gathered() {
        let line = |at: i64, kind: &str, outcome: &str, about: &str| {
            serde_json::json!({ "event": { "position": 1, "id": "evt_1", "time_micros": at * 1_000_000, "kind": kind, "outcome": outcome, "reason": "", "actor": "system", "about": about, "client_id": null, "session_id": null, "correlation_id": "", "detail": {}, "origin_sealed": null, "note_sealed": null }, "leaf": "" }).to_string()
        };
        let entropy = crate::base::random::OsEntropy;
        let [one, two] = [1, 2].map(|at| CustomerId::generate(crate::base::time::UnixMicros(at), &entropy));
        let mut since = Since::default();
        for text in [
            line(100, "password_changed", "success", &format!("customer:{one}")),
            line(99, "password_changed", "success", &format!("customer:{two}")),
            line(101, "password_changed", "refused", &format!("customer:{two}")),
            line(102, "customer_erased", "success", &format!("customer:{two}")),
            line(103, "signed_in", "success", &format!("customer:{two}")),
            line(104, "customer_erased", "success", "customer:nonsense"),
            "{\"head\":\"x\"}".to_owned(),
            "nonsense".to_owned(),
        ] {
            since.read(&text, UnixSeconds(100));
        }
        assert_eq!(since, Since { replaced: [one].into(), erased: [two].into() });
    }
}
