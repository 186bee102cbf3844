//! How long events stay: whole months leave the log once they are older than they are kept. The tree over them stays, so that what remains, and every archive, can still be checked.

use std::io::Write;
use std::path::PathBuf;

use serde_json::json;

use super::store::{self, StoredNodes};
use super::{ExportFailed, events, failed, write_between};
use crate::base::time::UnixSeconds;
use crate::platform::audit::export::{Checker, Report};
use crate::platform::audit::head::HeadSigner;
use crate::platform::audit::tree::Edge;
use crate::platform::audit::{Actor, Entry, EventSpec, Origin, record};
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;

/// Events left the log.
pub const EVENTS_REMOVED: EventSpec = EventSpec::new(
    "audit_events_removed",
    "Events that were older than they are kept left the log; the detail has the places, `from` and `to`, and the name of the archive, if there is one.",
);

/// How the log is kept.
#[derive(Debug, Clone)]
pub struct Keeping {
    /// Where signed heads are appended.
    pub heads_file: Option<PathBuf>,
    /// Where signed heads are sent.
    pub heads_url: Option<String>,
    /// How many days events stay, at least.
    pub keep_days: i64,
    /// Where they are archived before they go.
    pub archive_dir: Option<PathBuf>,
}

/// A part of the log that is older than it is kept: places from 1, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expired {
    /// The first.
    pub first: u64,
    /// The last; a signed head stands right behind it.
    pub last: u64,
}

/// From when on events stay: the first moment of the month (UTC) that holds what is `keep_days` ago, so that months leave as a whole.
pub fn cut(now: UnixSeconds, keep_days: i64) -> UnixSeconds {
    let at = now.plus(-keep_days.saturating_mul(86_400));
    let text = at.rfc3339();
    let month = text.get(..8).and_then(|month| UnixSeconds::parse_rfc3339(&format!("{month}01")));
    month.unwrap_or(UnixSeconds(0))
}

/// The place of the first event that is there; one behind the last when there is none.
///
/// # Errors
/// [`StoreError`].
pub fn first_kept(connection: &mut DbConnection) -> Result<u64, StoreError> {
    match events::list_placed(connection, 1, 1)?.first() {
        Some(event) => u64::try_from(event.logged.position).map_err(failed),
        None => removed_to(connection).map(|removed| removed + 1),
    }
}

/// Up to which place the log says that events left it; 0 when none did.
///
/// # Errors
/// [`StoreError`].
pub fn removed_to(connection: &mut DbConnection) -> Result<u64, StoreError> {
    let last = events::find_last_of_kind(connection, EVENTS_REMOVED.kind)?;
    let to = last.and_then(|event| serde_json::from_str::<serde_json::Value>(&event.detail).ok()?.get("to")?.as_u64());
    Ok(to.unwrap_or(0))
}

/// What was signed for before `before` and is still there.
///
/// # Errors
/// [`StoreError`].
pub fn find_expired(connection: &mut DbConnection, before: UnixSeconds) -> Result<Option<Expired>, StoreError> {
    // Whatever a head covers happened before it was signed.
    let Some(last) = store::find_last_head_before(connection, before)?.map(|head| head.size) else { return Ok(None) };
    let first = first_kept(connection)?;
    Ok((first <= last).then_some(Expired { first, last }))
}

/// Writes the archive of a part: an export that [`Checker`] checks.
///
/// # Errors
/// [`ExportFailed`].
pub fn write_archive(connection: &mut DbConnection, signer: &HeadSigner, part: Expired, out: &mut dyn Write) -> Result<u64, ExportFailed> {
    write_between(connection, signer, part.first, part.last, out)
}

/// Looks an archive over as an auditor would, before what it holds is removed.
pub fn check_archive(signer: &HeadSigner, lines: impl Iterator<Item = String>) -> Option<Report> {
    let mut lines = lines;
    let mut checker = Checker::begin(&lines.next()?, Some(signer.key()), None).ok()?;
    for (number, line) in (2..).zip(lines) {
        checker.line(number, &line);
    }
    Some(checker.finish())
}

/// Removes the first events of `part`, at most `limit`; returns what is left of it. What the tree needs of them stays, and the log says that they left.
///
/// # Errors
/// [`StoreError::Conflict`] when another node removed some meanwhile.
pub fn remove(tx: &mut WriteTx<'_>, tools: &Tools, part: Expired, archive: Option<&str>, limit: u64) -> Result<Option<Expired>, StoreError> {
    if first_kept(tx)? != part.first {
        return Err(StoreError::Conflict);
    }
    let to = part.last.min(part.first.saturating_add(limit.max(1)) - 1);
    // The roots of the complete parts up to here: those of few leaves are not kept otherwise.
    let edge = Edge::read(&mut StoredNodes { connection: tx }, to)?;
    let levels = (0..64_u32).rev().filter(|level| to >> level & 1 == 1);
    for (level, hash) in levels.zip(edge.peaks()) {
        store::keep_low_node(tx, (level, (to >> level) - 1, *hash))?;
    }
    events::remove_placed(tx, i64::try_from(part.first).map_err(failed)?, i64::try_from(to).map_err(failed)?)?;
    store::remove_heads(tx, to)?;
    let detail = json!({ "from": part.first, "to": to, "archive": archive });
    record(tx, tools, &Entry::success(EVENTS_REMOVED, Actor::System, String::new(), &Origin::internal("audit-retention")).with_detail(detail))?;
    Ok((to < part.last).then_some(Expired { first: to + 1, last: part.last }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_leave_as_a_whole() {
        let at = |text: &str| UnixSeconds::parse_rfc3339(text).unwrap();
        assert_eq!(cut(at("2026-11-30T01:27:21Z"), 400), at("2025-10-01"));
        assert_eq!(cut(at("2026-11-05T00:00:00Z"), 400), at("2025-10-01"));
        assert_eq!(cut(at("2026-11-04T23:59:59Z"), 400), at("2025-09-01"));
        assert_eq!(cut(at("2026-03-01T00:00:00Z"), 365), at("2025-03-01"));
    }
}
