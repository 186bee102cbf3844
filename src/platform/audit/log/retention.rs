//! How long events stay: whole months leave the log once they are older than they are kept. The tree over them stays, so that what remains, and every archive, can still be checked.

use std::io::Write;
use std::path::PathBuf;

use serde_json::json;

use super::store::{self, StoredNodes};
use super::{ExportFailed, events, failed, write_lines};
use crate::base::time::{UnixMicros, UnixSeconds};
use crate::platform::audit::export::Checker;
use crate::platform::audit::head::HeadSigner;
use crate::platform::audit::store::WholeEvent;
use crate::platform::audit::tree::Edge;
use crate::platform::audit::{Actor, Entry, EventSpec, Origin, record};
use crate::platform::db::{DbConnection, StoreError, WriteTx, facts};
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

/// The place of the first event that is there; one behind what was removed when there is none.
///
/// # Errors
/// [`StoreError`].
pub fn first_kept(connection: &mut DbConnection, tools: &Tools) -> Result<u64, StoreError> {
    match events::list_placed(connection, 1, 1)?.first() {
        Some(event) => u64::try_from(event.logged.position).map_err(failed),
        None => removed_to(connection, tools).map(|removed| removed + 1),
    }
}

/// Events of one kind that are looked at for one that this installation wrote.
const LOOKED_AT: i64 = 1_000;

/// Up to which place events left the log, by what this installation itself wrote into it; 0 when none did. What somebody else wrote counts for nothing.
///
/// # Errors
/// [`StoreError`].
pub fn removed_to(connection: &mut DbConnection, tools: &Tools) -> Result<u64, StoreError> {
    let told = events::list_last_of_kind(connection, EVENTS_REMOVED.kind, LOOKED_AT)?;
    let genuine = told.iter().filter(|event| event.is_genuine(&tools.ring.audit_mac));
    let to = genuine.filter_map(|event| serde_json::from_str::<serde_json::Value>(event.logged.detail.get()).ok()?.get("to")?.as_u64());
    Ok(to.max().unwrap_or(0))
}

/// What was signed for before `before`, by the signature and not by what a column says, and is still there. The last event of all stays: places are counted from it.
///
/// # Errors
/// [`StoreError`]; also when events are missing that did not leave the log by this way.
pub fn find_expired(connection: &mut DbConnection, tools: &Tools, signer: &HeadSigner, before: UnixSeconds) -> Result<Option<Expired>, StoreError> {
    let size = u64::try_from(events::count_placed(connection)?).map_err(failed)?;
    let heads = store::list_last_heads_before(connection, before, size, 8)?;
    let signed = heads.iter().filter_map(|head| signer.key().verify(&head.note).filter(|signed| signed.size == head.size && signed.signed_at < before));
    let Some(last) = signed.map(|head| head.size).max() else { return Ok(None) };
    let (first, kept) = (removed_to(connection, tools)? + 1, first_kept(connection, tools)?);
    if first > last {
        return Ok(None);
    }
    if kept != first {
        return Err(failed(format!("events {first} to {} of the audit log are missing; nothing more is removed until somebody has looked", kept.saturating_sub(1))));
    }
    Ok(Some(Expired { first, last }))
}

/// Looks a part over as an auditor would, and as only this installation can: every event is there, is its own, happened before `before`, and stands under the heads that were signed. Each line goes to `out`, as an export.
///
/// # Errors
/// [`ExportFailed`]; in a sentence when something does not hold.
pub fn check_part(connection: &mut DbConnection, tools: &Tools, signer: &HeadSigner, (part, before): (Expired, UnixSeconds), out: &mut dyn Write) -> Result<(), ExportFailed> {
    let does_not_hold = |what: String| ExportFailed::Store(failed(format!("the part from {} to {} does not hold, and stays: {what}", part.first, part.last)));
    let mut checker: Option<Checker> = None;
    let mut number = 0;
    let mut strange = None;
    let judge = |event: &WholeEvent| {
        if strange.is_none() && (!event.is_genuine(&tools.ring.audit_mac) || UnixMicros(event.logged.time_micros).seconds() >= before) {
            strange = Some(event.logged.position);
        }
    };
    let mut trouble = None;
    let line = |text: &str| {
        number += 1;
        match (&mut checker, number) {
            (Some(checker), _) => checker.line(number, text),
            (None, 1) => match Checker::begin(text, Some(signer.key()), None) {
                Ok(begun) => checker = Some(begun),
                Err(why) => trouble = Some(why),
            },
            (None, _) => {}
        }
        writeln!(out, "{text}")
    };
    write_lines(connection, signer, (part.first, part.last), judge, line)?;
    if let Some(position) = strange {
        return Err(does_not_hold(format!("event {position} is not what this installation wrote, or is not so old")));
    }
    match checker.map(Checker::finish) {
        Some(report) if report.findings.is_empty() && report.last == part.last => Ok(()),
        Some(report) => Err(does_not_hold(report.findings.first().map_or_else(|| "it is not whole".to_owned(), ToString::to_string))),
        None => Err(does_not_hold(trouble.unwrap_or_default())),
    }
}

/// Removes the first events of `part`, at most `limit`; returns what is left of it. What the tree needs of them stays, and the log says that they left.
///
/// # Errors
/// [`StoreError::Conflict`] when another node removed some meanwhile.
pub fn remove(tx: &mut WriteTx<'_>, tools: &Tools, part: Expired, archive: Option<&str>, limit: u64) -> Result<Option<Expired>, StoreError> {
    if first_kept(tx, tools)? != part.first || removed_to(tx, tools)? + 1 != part.first {
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

/// Where it is kept what is about to leave.
const DUE_FACT: &str = "audit_due";
/// What is found due is looked at again so much later before it goes, in seconds: a clock that is wrong for a day removes nothing.
pub const SECOND_LOOK_SECONDS: i64 = 2 * 86_400;

/// Whether a part was found due two days ago or longer, and still is; it is noted when it was not.
///
/// # Errors
/// [`StoreError`].
pub fn is_due_for_long(tx: &mut WriteTx<'_>, part: Expired, now: UnixSeconds) -> Result<bool, StoreError> {
    let noted = facts::find_fact(tx, DUE_FACT)?.and_then(|kept| serde_json::from_slice::<(u64, i64)>(&kept).ok());
    match noted {
        // Longer than a month ago: whoever noted it, or this clock, was wrong.
        Some((last, since)) if last == part.last && (0..=31 * 86_400).contains(&now.since(UnixSeconds(since))) => Ok(now.since(UnixSeconds(since)) >= SECOND_LOOK_SECONDS),
        _ => {
            let text = serde_json::to_vec(&(part.last, now.0)).map_err(failed)?;
            facts::replace_fact(tx, DUE_FACT, &text)?;
            Ok(false)
        }
    }
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
