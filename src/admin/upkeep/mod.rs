//! What keeps an installation sound, and is done elsewhere: backups, and news of this program.

use serde::{Deserialize, Serialize};

use super::operations::{AdminState, Answer, Call, Ran, Refused};
use crate::base::time::UnixSeconds;
use crate::platform::audit::{self, Entry, EventSpec};
use crate::platform::db::{DbConnection, StoreError, WriteTx, facts};
use crate::platform::tools::Tools;
use crate::platform::updates::Standing;

/// A backup was made.
pub const BACKUP_REPORTED: EventSpec =
    EventSpec::new("backup_reported", "Whoever makes backups said that one was made; the detail has the tool, when it ended, and how long it is.");

/// Where the last report is kept.
const FACT: &str = "last_backup";
/// How far a reporter's clock may be ahead, in seconds.
const AHEAD_SECONDS: i64 = 300;
/// The age at which a backup is overdue, in seconds: a day, and two hours for its making.
pub const OVERDUE_SECONDS: i64 = 26 * 3_600;

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Backup {
    /// With which tool.
    #[schemars(length(min = 1, max = 64))]
    pub tool: String,
    /// When it ended, in Unix seconds.
    #[schemars(range(min = 0, max = 1_099_511_627_776_i64))]
    pub ended_at: i64,
    /// How long it is, in bytes.
    #[schemars(range(min = 0, max = 1_099_511_627_776_i64))]
    pub bytes: Option<i64>,
}

/// Why a report is not taken, in a sentence.
///
/// # Errors
/// The sentence.
fn judge(backup: &Backup, known: Option<&Backup>, now: UnixSeconds) -> Result<(), Refused> {
    let is_name = (1..=64).contains(&backup.tool.len()) && backup.tool.chars().all(|letter| letter.is_ascii_graphic() || letter == ' ');
    if !is_name {
        return Err(Refused::Malformed("tool: 1 to 64 letters, digits and signs".to_owned()));
    }
    if backup.ended_at < 0 || backup.ended_at > now.plus(AHEAD_SECONDS).0 || backup.bytes.is_some_and(|bytes| !(0..=1 << 40).contains(&bytes)) {
        return Err(Refused::Malformed("ended_at: a moment that is past, in Unix seconds; bytes: from 0".to_owned()));
    }
    match known {
        Some(known) if known.ended_at > backup.ended_at => Err(Refused::Conflict("older", "A later backup was reported already.".to_owned())),
        _ => Ok(()),
    }
}

/// The last backup that was reported.
///
/// # Errors
/// [`StoreError`].
pub fn find_backup(connection: &mut DbConnection) -> Result<Option<Backup>, StoreError> {
    let Some(kept) = facts::find_fact(connection, FACT)? else { return Ok(None) };
    serde_json::from_slice(&kept).map(Some).map_err(|_| StoreError::corrupt("facts", "value", FACT.to_owned()))
}

/// Keeps a report; the event comes of whoever reports.
///
/// # Errors
/// [`StoreError`].
pub fn keep_backup(tx: &mut WriteTx<'_>, tools: &Tools, backup: &Backup, entry: Entry) -> Result<Result<(), Refused>, StoreError> {
    if let Err(refused) = judge(backup, find_backup(tx)?.as_ref(), tools.now()) {
        return Ok(Err(refused));
    }
    let text = serde_json::to_vec(backup).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    facts::replace_fact(tx, FACT, &text)?;
    let detail = serde_json::json!({ "tool": backup.tool, "ended_at": backup.ended_at, "bytes": backup.bytes });
    audit::record(tx, tools, &entry.with_detail(detail))?;
    Ok(Ok(()))
}

/// Takes the report of a backup.
///
/// # Errors
/// [`StoreError`].
pub fn report_backup(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let backup: Backup = match call.input() {
        Ok(backup) => backup,
        Err(refused) => return Ok(Err(refused)),
    };
    let entry = call.staff.entry(BACKUP_REPORTED, "backup".to_owned(), &call.origin);
    Ok(keep_backup(tx, state.tools(), &backup, entry)?.map(|()| Answer::EMPTY))
}

/// How upkeep stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct UpkeepView {
    /// The last backup that was reported; null for none.
    pub backup: Option<Backup>,
    /// Whether it is overdue, or there is none.
    pub is_backup_overdue: bool,
    /// The version that runs.
    pub version: String,
    /// Whether releases and advisories are watched.
    pub is_watching_updates: bool,
    /// What the feed of releases and advisories says; null where there is none, or it tells nothing.
    pub updates: Option<Standing>,
    /// Why it tells nothing.
    pub updates_trouble: Option<String>,
}

/// How upkeep stands.
///
/// # Errors
/// [`StoreError`].
pub fn view_of(connection: &mut DbConnection, state: &AdminState) -> Result<UpkeepView, StoreError> {
    let backup = find_backup(connection)?;
    let (updates, updates_trouble) = match state.updates.last() {
        Some(Ok(standing)) => (Some(standing), None),
        Some(Err(refused)) => (None, Some(refused.to_string())),
        None => (None, None),
    };
    Ok(UpkeepView {
        is_backup_overdue: backup.as_ref().is_none_or(|backup| state.tools().now().since(UnixSeconds(backup.ended_at)) > OVERDUE_SECONDS),
        backup,
        version: crate::platform::updates::own_version().to_string(),
        is_watching_updates: state.updates.is_watching(),
        updates,
        updates_trouble,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_of_the_past_and_newer_than_the_last() {
        let now = UnixSeconds(1_000_000);
        let of = |ended_at: i64| Backup { tool: "litestream".into(), ended_at, bytes: None };
        assert_eq!(judge(&of(999_000), None, now), Ok(()));
        assert_eq!(judge(&of(999_000), Some(&of(999_000)), now), Ok(()));
        assert!(matches!(judge(&of(999_000), Some(&of(999_001)), now), Err(Refused::Conflict("older", _))));
        assert!(judge(&of(1_000_301), None, now).is_err() && judge(&of(-1), None, now).is_err());
        assert!(judge(&Backup { tool: "a\u{7}b".into(), ..of(1) }, None, now).is_err() && judge(&Backup { bytes: Some(-1), ..of(1) }, None, now).is_err());
    }
}
