//! What exported logs say was done after a backup was made, and has to be done again once it is restored: who was erased, and whose password was replaced.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;

use crate::base::ids::CustomerId;
use crate::base::time::UnixSeconds;
use crate::identity::customers;
use crate::platform::audit::export::{EventLine, is_beside_events};
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
    /// Of when the first and the last event are.
    pub covers: Option<(UnixSeconds, UnixSeconds)>,
}

impl Since {
    /// Reads a line of an export: an event, or what stands beside them, which says nothing here. False when it is neither.
    #[must_use]
    pub fn read(&mut self, line: &str, made_at: UnixSeconds) -> bool {
        let Ok(EventLine { event, .. }) = serde_json::from_str::<EventLine>(line) else { return is_beside_events(line) };
        let at = UnixSeconds(event.time_micros.div_euclid(1_000_000));
        self.covers = Some(self.covers.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
        let is_after = at >= made_at && event.outcome == "success";
        let Some(customer) = event.about.strip_prefix("customer:").and_then(|id| id.parse().ok()).filter(|_| is_after) else { return true };
        if event.kind == ERASED {
            self.erased.insert(customer);
        } else if REPLACED.contains(&event.kind.as_str()) {
            self.replaced.insert(customer);
        }
        true
    }

    /// Reads exports.
    ///
    /// # Errors
    /// A sentence when one does not read, has a line that is none of an export as JSON Lines, or no event: what it was given for would silently not be done.
    pub fn of_files(files: &[impl AsRef<Path>], made_at: UnixSeconds) -> Result<Self, String> {
        let mut since = Self::default();
        for file in files {
            let told = |error: std::io::Error| format!("{}: {error}", file.as_ref().display());
            let mut read = Self::default();
            for (number, line) in (1_usize..).zip(BufReader::new(std::fs::File::open(file).map_err(told)?).lines()) {
                if !read.read(&line.map_err(told)?, made_at) {
                    return Err(format!("{}: line {number} is none of an export of the log as JSON Lines (claviger audit export)", file.as_ref().display()));
                }
            }
            let Some((first, last)) = read.covers else { return Err(format!("{}: there is no event in it", file.as_ref().display())) };
            since.covers = Some(since.covers.map_or((first, last), |(earliest, latest)| (earliest.min(first), latest.max(last))));
            since.replaced.append(&mut read.replaced);
            since.erased.append(&mut read.erased);
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
        ] {
            assert!(since.read(&text, UnixSeconds(100)), "{text}");
        }
        assert_eq!(since, Since { replaced: [one].into(), erased: [two].into(), covers: Some((UnixSeconds(99), UnixSeconds(104))) });
    }

    #[test]
    fn what_is_no_export_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("log.jsonl");
        for (text, told) in [("", "no event"), ("{\"head\":\"x\"}\n", "no event"), ("{\"head\":\"x\"}\n{\"class_uid\":3002}\n", "line 2"), ("nonsense", "line 1")] {
            std::fs::write(&file, text).unwrap();
            assert!(Since::of_files(&[&file], UnixSeconds(0)).unwrap_err().contains(told), "{text}");
        }
    }
}
