//! What exported logs say was done after a backup was made, and has to be done again once it is restored: who was erased, and whose password was replaced.

use std::collections::BTreeMap;
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

/// What was done, and when it was last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Since {
    /// Whose password was replaced.
    pub replaced: BTreeMap<CustomerId, UnixSeconds>,
    /// Who was erased.
    pub erased: BTreeMap<CustomerId, UnixSeconds>,
    /// Of when the first and the last event are.
    pub covers: Option<(UnixSeconds, UnixSeconds)>,
}

impl Since {
    /// Reads a line of an export: an event, or what stands beside them, which says nothing here. False when it is neither.
    #[must_use]
    pub fn read(&mut self, line: &str) -> bool {
        let Ok(EventLine { event, .. }) = serde_json::from_str::<EventLine>(line) else { return is_beside_events(line) };
        let at = UnixSeconds(event.time_micros.div_euclid(1_000_000));
        self.covers = Some(self.covers.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
        let done = event.about.strip_prefix("customer:").filter(|_| event.outcome == "success").and_then(|id| id.parse().ok());
        let Some(customer) = done else { return true };
        let list = match event.kind.as_str() {
            ERASED => &mut self.erased,
            kind if REPLACED.contains(&kind) => &mut self.replaced,
            _ => return true,
        };
        list.entry(customer).and_modify(|last| *last = at.max(*last)).or_insert(at);
        true
    }

    /// Reads exports.
    ///
    /// # Errors
    /// A sentence when one does not read, has a line that is none of an export as JSON Lines, or no event: what it was given for would silently not be done.
    pub fn of_files(files: &[impl AsRef<Path>]) -> Result<Self, String> {
        let mut since = Self::default();
        for file in files {
            let before = since.covers.take();
            let told = |error: std::io::Error| format!("{}: {error}", file.as_ref().display());
            for (number, line) in (1_usize..).zip(BufReader::new(std::fs::File::open(file).map_err(told)?).lines()) {
                if !since.read(&line.map_err(told)?) {
                    return Err(format!("{}: line {number} is none of an export of the log as JSON Lines (claviger audit export)", file.as_ref().display()));
                }
            }
            let Some((first, last)) = since.covers else { return Err(format!("{}: there is no event in it", file.as_ref().display())) };
            since.covers = Some(before.map_or((first, last), |(earliest, latest): (UnixSeconds, UnixSeconds)| (earliest.min(first), latest.max(last))));
        }
        Ok(since)
    }

    /// Does again what was done since `made_at`: accounts that were erased are erased by the next node that runs, and passwords are replaced at the next sign-in. How many of each were there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn apply(&self, tx: &mut WriteTx<'_>, made_at: UnixSeconds, now: UnixSeconds) -> Result<(usize, usize), StoreError> {
        let (mut replaced, mut erased) = (0, 0);
        let of_then = |list: &BTreeMap<CustomerId, UnixSeconds>| list.iter().filter(|(_, at)| **at >= made_at).map(|(id, _)| id.clone()).collect::<Vec<_>>();
        for id in &of_then(&self.replaced) {
            replaced += usize::from(customers::store::flag_password(tx, id, Some("restored"))?);
        }
        for id in &of_then(&self.erased) {
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
            assert!(since.read(&text), "{text}");
        }
        let replaced = [(one, UnixSeconds(100)), (two.clone(), UnixSeconds(99))].into();
        assert_eq!(since, Since { replaced, erased: [(two, UnixSeconds(102))].into(), covers: Some((UnixSeconds(99), UnixSeconds(104))) });
    }

    #[test]
    fn what_is_no_export_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("log.jsonl");
        for (text, told) in [("", "no event"), ("{\"head\":\"x\"}\n", "no event"), ("{\"head\":\"x\"}\n{\"class_uid\":3002}\n", "line 2"), ("nonsense", "line 1")] {
            std::fs::write(&file, text).unwrap();
            assert!(Since::of_files(&[&file]).unwrap_err().contains(told), "{text}");
        }
    }
}
