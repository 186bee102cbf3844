//! The log that the events stand in: places, heads, exports and proofs.

pub mod retention;
pub mod store;

use std::io::{self, Write};

use super::export::{self, Checker, Report};
use super::head::{HeadSigner, TreeHead};
use super::store::{self as events, WholeEvent};
use super::tree::{self, Edge, Hash};
use crate::base::time::UnixSeconds;
use crate::platform::crypto::keyring::KeyRing;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;

use store::StoredNodes;

/// A head is signed so long after the one before, in seconds, when there is anything new.
const HEAD_SECONDS: i64 = 10;
/// Or after so many events.
const HEAD_EVENTS: u64 = 1_000;
/// Events that are read at a time.
const BATCH: i64 = 500;

fn failed(error: impl std::fmt::Display) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

/// Whoever signs the heads of this installation's log. Key and name come of the master key: the log stays the same one under another issuer.
///
/// # Errors
/// [`StoreError::Unavailable`] when the key cannot be made.
pub fn signer(ring: &KeyRing) -> Result<HeadSigner, StoreError> {
    HeadSigner::named_by_key("claviger-audit", &ring.audit_heads).ok_or_else(|| failed("the key of the audit log cannot be used"))
}

/// Gives the next events, at most `limit`, their places; returns how many. One node at a time may do it.
///
/// # Errors
/// [`StoreError::Conflict`] when another node did it at the same moment: nothing was changed.
pub fn place_events(tx: &mut WriteTx<'_>, tools: &Tools, limit: i64) -> Result<usize, StoreError> {
    let mut waiting = events::list_unplaced(tx, "", limit)?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let size = u64::try_from(events::count_placed(tx)?).map_err(failed)?;
    let mut edge = Edge::read(&mut StoredNodes { connection: tx }, size)?;
    let mut count = 0;
    while !waiting.is_empty() {
        let last = waiting.last().map(|whole| whole.logged.id.clone()).unwrap_or_default();
        for whole in waiting {
            // What this installation did not write gets no place, and no signature: `claviger audit verify` on the server names it.
            if !whole.is_genuine(&tools.ring.audit_mac) {
                tracing::error!(id = whole.logged.id, "an audit event is not what this installation wrote; it gets no place in the log");
                continue;
            }
            count += 1;
            let mut logged = whole.logged;
            logged.position = i64::try_from(edge.size() + 1).map_err(failed)?;
            let leaf = logged.leaf().map_err(failed)?;
            if !events::place(tx, &logged.id, logged.position, &leaf)? {
                return Err(StoreError::Conflict);
            }
            for completed in edge.append(leaf) {
                store::insert_node(tx, completed)?;
            }
        }
        // Those that somebody else wrote do not stand in the way of the others.
        waiting = if count == 0 { events::list_unplaced(tx, &last, limit)? } else { Vec::new() };
    }
    Ok(count)
}

/// The ids of events that have no place since this installation did not write them as they stand, at most a thousand.
///
/// # Errors
/// [`StoreError`].
pub fn list_forged(connection: &mut DbConnection, tools: &Tools) -> Result<Vec<String>, StoreError> {
    let waiting = events::list_unplaced(connection, "", 1_000)?;
    Ok(waiting.into_iter().filter(|whole| !whole.is_genuine(&tools.ring.audit_mac)).map(|whole| whole.logged.id).collect())
}

/// Signs a head over what has its place, if one is due; none otherwise. `is_wanted` signs one for whatever is new.
///
/// # Errors
/// [`StoreError`].
pub fn sign_head(tx: &mut WriteTx<'_>, signer: &HeadSigner, now: UnixSeconds, is_wanted: bool) -> Result<Option<String>, StoreError> {
    let size = u64::try_from(events::count_placed(tx)?).map_err(failed)?;
    let (known, signed_at) = store::find_last_head(tx)?.map_or((0, UnixSeconds(0)), |head| (head.size, head.signed_at));
    let is_due = is_wanted || now.since(signed_at) >= HEAD_SECONDS || size - known.min(size) >= HEAD_EVENTS;
    if size <= known || !is_due {
        return Ok(None);
    }
    let head = TreeHead { size, root: tree::root(&mut StoredNodes { connection: tx }, size)?, signed_at: now };
    let note = signer.sign(&head);
    store::insert_head(tx, &head, &note)?;
    Ok(Some(note))
}

/// The proof that the event at `position` is in the log as the last head signed it: the head, the leaf and the path.
pub struct Inclusion {
    /// The signed note.
    pub head: String,
    /// The leaf.
    pub leaf: Hash,
    /// The hashes beside its way to the root.
    pub path: Vec<Hash>,
}

/// Proves that an event is in the log; none while no head covers its place, or when it is not kept any longer.
///
/// # Errors
/// [`StoreError`].
pub fn prove_inclusion(connection: &mut DbConnection, tools: &Tools, position: u64) -> Result<Option<Inclusion>, StoreError> {
    let Some(head) = store::find_last_head(connection)?.filter(|head| (1..=head.size).contains(&position)) else { return Ok(None) };
    if position < retention::first_kept(connection, tools)? {
        return Ok(None);
    }
    let mut nodes = StoredNodes { connection };
    let leaf = tree::Nodes::node(&mut nodes, 0, position - 1)?;
    Ok(Some(Inclusion { path: tree::prove_inclusion(&mut nodes, position - 1, head.size)?, leaf, head: head.note }))
}

/// Proves that the log of `old` events is the beginning of that of `new`; none when it has no such sizes, or the end of the old one lies among events that are not kept any longer.
///
/// # Errors
/// [`StoreError`].
pub fn prove_consistency(connection: &mut DbConnection, tools: &Tools, old: u64, new: u64) -> Result<Option<Vec<Hash>>, StoreError> {
    let size = u64::try_from(events::count_placed(connection)?).map_err(failed)?;
    if old == 0 || old > new || new > size {
        return Ok(None);
    }
    let first = retention::first_kept(connection, tools)?;
    match tree::prove_consistency(&mut StoredNodes { connection }, old, new) {
        Err(StoreError::Corrupt { .. }) if old < first => Ok(None),
        proof => proof.map(Some),
    }
}

/// Why an export stopped.
#[derive(Debug, thiserror::Error)]
pub enum ExportFailed {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It could not be written.
    #[error("{0}")]
    Write(#[from] io::Error),
    /// A line could not be made.
    #[error("{0}")]
    Line(#[from] serde_json::Error),
}

/// Writes the events from `first` on, or from the first one that is kept, to the last one that a head covers, with the heads between; returns how many events. The caller signs a head first, so that nothing is left out.
///
/// # Errors
/// [`ExportFailed`].
pub fn write_export(connection: &mut DbConnection, tools: &Tools, signer: &HeadSigner, first: u64, out: &mut dyn Write) -> Result<u64, ExportFailed> {
    // Behind what the log itself says was removed: whatever else is missing shows.
    let first = first.max(retention::removed_to(connection, tools)? + 1);
    let end = store::find_last_head(connection)?.map_or(0, |head| head.size);
    write_lines(connection, signer, (first, end), |_| (), |line| writeln!(out, "{line}"))
}

/// The first line of an export of everything that is kept.
///
/// # Errors
/// [`StoreError`].
pub fn opening_of_kept(connection: &mut DbConnection, tools: &Tools, signer: &HeadSigner) -> Result<String, StoreError> {
    let removed = retention::removed_to(connection, tools)?;
    let before = Edge::read(&mut StoredNodes { connection }, removed)?;
    export::opening_line(signer.key(), &before).map_err(failed)
}

/// The lines of an export from `first` to `end`: its first line, the events, and the heads between. Each event goes through `judge` before.
fn write_lines(
    connection: &mut DbConnection,
    signer: &HeadSigner,
    (first, end): (u64, u64),
    mut judge: impl FnMut(&WholeEvent),
    mut line: impl FnMut(&str) -> io::Result<()>,
) -> Result<u64, ExportFailed> {
    let before = Edge::read(&mut StoredNodes { connection }, first - 1)?;
    line(&export::opening_line(signer.key(), &before)?)?;
    let (mut next, mut count) = (first, 0);
    while next <= end {
        let from = i64::try_from(next).map_err(failed)?;
        let batch = events::list_placed(connection, from, BATCH)?;
        let Some(last) = batch.last().and_then(|event| u64::try_from(event.logged.position).ok()) else { break };
        let mut heads = store::list_heads(connection, next, last.min(end))?.into_iter().peekable();
        for event in batch {
            let position = u64::try_from(event.logged.position).map_err(failed)?;
            if position > end {
                break;
            }
            judge(&event);
            line(&export::event_line(event.logged)?.0)?;
            count += 1;
            while let Some(head) = heads.next_if(|head| head.size <= position) {
                line(&export::head_line(&head.note)?)?;
            }
        }
        next = last + 1;
    }
    Ok(count)
}

/// Checks the log where it is: as an export is checked, and each event's authenticator besides, which only this installation can compute. `kept` is a head that was kept elsewhere. The places of events whose authenticator does not hold come second.
///
/// # Errors
/// [`StoreError`].
pub fn check_database(connection: &mut DbConnection, tools: &Tools, signer: &HeadSigner, kept: Option<TreeHead>) -> Result<(Report, Vec<i64>), StoreError> {
    // What is left begins behind what the log says was removed: whatever else is missing there was taken away.
    let first = retention::removed_to(connection, tools)? + 1;
    let before = Edge::read(&mut StoredNodes { connection }, first - 1)?;
    let opening = export::opening_line(signer.key(), &before).map_err(failed)?;
    let mut checker = Checker::begin(&opening, Some(signer.key()), kept).map_err(failed)?;
    let (mut next, mut line, mut forged) = (i64::try_from(first).map_err(failed)?, 1, Vec::new());
    loop {
        let batch = events::list_placed(connection, next, BATCH)?;
        let Some(last) = batch.last().map(|event| event.logged.position) else { break };
        let range = (u64::try_from(next).map_err(failed)?, u64::try_from(last).map_err(failed)?);
        let mut heads = store::list_heads(connection, range.0, range.1)?.into_iter().peekable();
        for event in batch {
            let position = event.logged.position;
            if !event.is_genuine(&tools.ring.audit_mac) {
                forged.push(position);
            }
            line += 1;
            checker.line(line, &export::event_line(event.logged).map_err(failed)?.0);
            while let Some(head) = heads.next_if(|head| i64::try_from(head.size).is_ok_and(|size| size <= position)) {
                line += 1;
                checker.line(line, &export::head_line(&head.note).map_err(failed)?);
            }
        }
        next = last + 1;
    }
    // A head that signed for more than there is.
    for head in store::list_heads(connection, u64::try_from(next).map_err(failed)?, u64::MAX >> 1)? {
        checker.line(line + 1, &export::head_line(&head.note).map_err(failed)?);
    }
    Ok((checker.finish(), forged))
}
