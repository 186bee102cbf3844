//! The jobs of the audit log: places, heads, and months that are older than they are kept.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use crate::app::setup::Node;
use crate::base::time::UnixSeconds;
use crate::platform::audit::export::Checker;
use crate::platform::audit::log::retention::{self, Expired};
use crate::platform::audit::{self, log};
use crate::platform::db::{DbConnection, StoreError, WriteTx, lease};
use crate::platform::outgoing::Outgoing;
use crate::platform::tools::Tools;

/// Audit events that get their places in one transaction.
pub const PLACE_LIMIT: i64 = 64;
/// Such transactions in one go.
const PLACE_ROUNDS: usize = 64;
/// Events that are removed in one transaction; whole blocks of the tree.
const REMOVE_LIMIT: u64 = 2_048;
/// How long one node may take over removing events, in seconds.
const TRIM_SECONDS: i64 = 3_000;

/// Takes the lease of the audit log for a moment: one node at a time gives events their places, and signs.
///
/// # Errors
/// [`StoreError`].
pub fn take_audit_lease(tx: &mut WriteTx<'_>, holder: &str, now: UnixSeconds) -> Result<bool, StoreError> {
    lease::take_lease(tx, "audit-chain", holder, now, now.plus(15))
}

/// Gives new audit events their places in the log, on one node at a time: a few in each transaction, so that nobody waits long for the writer, and at most [`PLACE_ROUNDS`] of those in one go.
///
/// # Errors
/// [`StoreError`].
pub async fn place_audit(node: &Node) -> Result<usize, StoreError> {
    let total = place_new(node).await?;
    sign_audit(node).await?;
    Ok(total)
}

/// Gives new events their places, and signs nothing.
///
/// # Errors
/// [`StoreError`].
pub async fn place_new(node: &Node) -> Result<usize, StoreError> {
    // Looked at first without a write, since there is nothing nearly always.
    if node.base.db.read(|connection| audit::store::list_unplaced(connection, "", 1)).await?.is_empty() {
        return Ok(0);
    }
    let mut total = 0;
    for _ in 0..PLACE_ROUNDS {
        let (tools, holder) = (node.base.tools.clone(), node.name.clone());
        let work = node.base.db.write(move |tx| {
            let now = tools.now();
            if !take_audit_lease(tx, &holder, now)? {
                return Ok(0);
            }
            log::place_events(tx, &tools, PLACE_LIMIT)
        });
        let done = match work.await {
            Err(StoreError::Conflict) => 0,
            settled => settled?,
        };
        total += done;
        if i64::try_from(done).unwrap_or(0) < PLACE_LIMIT {
            break;
        }
    }
    Ok(total)
}

/// Signs the head of the audit log when one is due, and writes it where the operator keeps heads.
///
/// # Errors
/// [`StoreError`].
pub async fn sign_audit(node: &Node) -> Result<bool, StoreError> {
    let (tools, holder) = (node.base.tools.clone(), node.name.clone());
    let work = node.base.db.write(move |tx| {
        let now = tools.now();
        if !take_audit_lease(tx, &holder, now)? {
            return Ok(None);
        }
        log::sign_head(tx, &log::signer(&tools.ring)?, now, false)
    });
    let signed = match work.await {
        Err(StoreError::Conflict) => None,
        settled => settled?,
    };
    if let (Some(note), Some(file)) = (&signed, &node.audit.heads_file)
        && let Err(error) = append_head(file, note)
    {
        tracing::error!(%error, "a head of the audit log was not written to the file of heads");
    }
    if let (Some(note), Some(url)) = (&signed, &node.audit.heads_url) {
        // Nothing waits for whoever keeps heads: one that is lost is part of the next.
        tokio::spawn(send_head(node.oauth.outgoing.clone(), url.clone(), note.clone()));
    }
    Ok(signed.is_some())
}

/// Sends a signed head to where somebody else keeps them.
async fn send_head(outgoing: Outgoing, url: String, note: String) {
    let request = openidconnect::http::Request::builder().method("POST").uri(&url).header("content-type", "text/plain; charset=utf-8").body(note.into_bytes());
    let failed = match request {
        Ok(request) => match outgoing.call(request).await {
            Ok(answer) if answer.status().is_success() => return,
            Ok(answer) => format!("HTTP {}", answer.status().as_u16()),
            Err(error) => error.to_string(),
        },
        Err(error) => error.to_string(),
    };
    tracing::warn!(error = failed, "a head of the audit log was not taken where heads are sent; the next one holds it too");
}

fn append_head(file: &Path, note: &str) -> io::Result<()> {
    let line = audit::export::head_line(note)?;
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(file)?;
    file.write_all(format!("{line}\n").as_bytes())
}

/// Removes the months that are older than events are kept, on one node at a time; how many events. What is found due is looked at again two days later, and looked over as a whole, before it goes. Where there is a folder for archives, nothing goes that was not written there and read back.
///
/// # Errors
/// [`StoreError`].
pub async fn trim_audit(node: &Node) -> Result<u64, StoreError> {
    let now = node.base.tools.now();
    let before = retention::cut(now, node.audit.keep_days);
    let tools = node.base.tools.clone();
    let due = node.base.db.read(move |connection| retention::find_expired(connection, &tools, &log::signer(&tools.ring)?, before)).await?;
    let Some(part) = due else { return Ok(0) };
    let holder = node.name.clone();
    let is_mine = node
        .base
        .db
        .write(move |tx| Ok(lease::take_lease(tx, "audit-retention", &holder, now, now.plus(TRIM_SECONDS))? && retention::is_due_for_long(tx, part, now)?))
        .await?;
    if !is_mine {
        return Ok(0);
    }
    let (folder, tools) = (node.audit.archive_dir.clone(), node.base.tools.clone());
    let looked_over = node.base.db.read_apart(move |connection| Ok(look_over(connection, &tools, (part, before), folder.as_deref()))).await?;
    let archive = looked_over.map_err(|why| StoreError::Unavailable(format!("nothing was removed from the audit log: {why}")))?;
    let (mut left, mut removed) = (Some(part), 0);
    while let Some(rest) = left {
        let (tools, name) = (node.base.tools.clone(), archive.clone());
        left = node.base.db.with_long_deadline().write(move |tx| retention::remove(tx, &tools, rest, name.as_deref(), REMOVE_LIMIT)).await?;
        removed += left.map_or(rest.last, |left| left.first - 1) + 1 - rest.first;
    }
    tracing::info!(from = part.first, to = part.last, archive = archive.as_deref(), "events that were older than they are kept left the audit log");
    Ok(removed)
}

/// Looks `part` over; where there is a folder, its archive is written there and read back. Its name.
fn look_over(connection: &mut DbConnection, tools: &Tools, (part, before): (Expired, UnixSeconds), folder: Option<&Path>) -> Result<Option<String>, String> {
    let signer = log::signer(&tools.ring).map_err(|error| error.to_string())?;
    let Some(folder) = folder else {
        return retention::check_part(connection, tools, &signer, (part, before), &mut io::sink()).map(|()| None).map_err(|error| error.to_string());
    };
    let told = |error: io::Error| format!("{}: {error}", folder.display());
    std::fs::create_dir_all(folder).map_err(told)?;
    let name = format!("audit-{:012}-{:012}.jsonl", part.first, part.last);
    let (path, draft) = (folder.join(&name), folder.join(format!("{name}.part")));
    // Names and places of work stand in it: for whoever runs the server alone.
    let file = std::os::unix::fs::OpenOptionsExt::mode(File::options().write(true).create(true).truncate(true), 0o600).open(&draft).map_err(told)?;
    let mut out = BufWriter::new(file);
    retention::check_part(connection, tools, &signer, (part, before), &mut out).map_err(|error| error.to_string())?;
    out.flush().and_then(|()| out.get_ref().sync_all()).map_err(told)?;
    let mut lines = BufReader::new(File::open(&draft).map_err(told)?).lines();
    let first = lines.next().transpose().map_err(told)?.unwrap_or_default();
    let mut checker = Checker::begin(&first, Some(signer.key()), None)?;
    for (number, line) in (2..).zip(lines) {
        checker.line(number, &line.map_err(told)?);
    }
    let report = checker.finish();
    if !report.findings.is_empty() || (report.first, report.last) != (part.first, part.last) {
        return Err(format!("the archive cannot be read back; `claviger audit verify {}` says why", draft.display()));
    }
    std::fs::rename(&draft, &path).and_then(|()| File::open(folder)?.sync_all()).map_err(told)?;
    Ok(Some(name))
}
