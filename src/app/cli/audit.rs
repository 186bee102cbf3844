//! `claviger audit`.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum};
use serde_json::json;

use super::{Context, Failure, say, say_json};
use crate::app::setup::Base;
use crate::app::worker::{PLACE_LIMIT, take_audit_lease};
use crate::base::encoding::hex;
use crate::base::page::PageRequest;
use crate::base::time::UnixSeconds;
use crate::platform::audit::entry_text::LoggedEvent;
use crate::platform::audit::export::{Checker, HeadLine, Report};
use crate::platform::audit::head::{HeadKey, TreeHead};
use crate::platform::audit::log::{self, ExportFailed};
use crate::platform::audit::ocsf::to_ocsf;
use crate::platform::audit::store::{EventFilter, list_placed, search};
use crate::platform::db::{DbConnection, StoreError};

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ExportForm {
    /// JSON Lines with signed heads: what `claviger audit verify` checks.
    Jsonl,
    /// OCSF 1.3, one event a line, for a SIEM.
    Ocsf,
}

#[derive(Subcommand)]
pub(super) enum AuditCommand {
    /// Looks for events, newest first.
    #[command(after_help = "Examples:\n  claviger audit search --kind signed_in --limit 20\n  claviger audit search --about customer:cus_01J… --since 1798761600")]
    Search {
        /// Only of this kind.
        #[arg(long)]
        kind: Option<String>,
        /// Only concerning this, such as `customer:cus_…` or `client:shop`.
        #[arg(long)]
        about: Option<String>,
        /// Only by this one, such as `staff:cus_…` or `operator`.
        #[arg(long)]
        actor: Option<String>,
        /// Only from this second on (Unix time).
        #[arg(long)]
        since: Option<i64>,
        /// Only before this second (Unix time).
        #[arg(long)]
        until: Option<i64>,
        /// At most so many, 1 to 1000.
        #[arg(long, default_value_t = 100)]
        limit: u32,
    },
    /// Writes events to a file, with what proves that none is missing.
    #[command(after_help = "Examples:\n  claviger audit export --out audit.jsonl\n  claviger audit export --form ocsf --from 1200 --out siem.jsonl")]
    Export {
        /// The file; it must not exist yet.
        #[arg(long)]
        out: PathBuf,
        /// Which form.
        #[arg(long, value_enum, default_value_t = ExportForm::Jsonl)]
        form: ExportForm,
        /// From this place in the log on.
        #[arg(long, default_value_t = 1)]
        from: u64,
    },
    /// Checks an export, or the database of this configuration. Of an export no database and no key file is needed.
    #[command(
        after_help = "Examples:\n  claviger audit verify audit.jsonl --key 'login.shop.example+1f…+AQ…' --head kept-heads.jsonl\n  claviger audit verify\n\nWithout --key the key in the export is believed: that shows an accident, not a forgery.\nWithout --head a log that was cut at its end, together with its heads, cannot be told from a whole one."
    )]
    Verify {
        /// The export; the database when absent.
        export: Option<PathBuf>,
        /// What checks the heads, as `claviger audit key` prints it.
        #[arg(long)]
        key: Option<String>,
        /// A file of heads that was kept elsewhere: the last one that this key signed counts.
        #[arg(long)]
        head: Option<PathBuf>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Prints what checks the signed heads; give it to whoever audits you.
    #[command(after_help = "Example:\n  claviger audit key")]
    Key,
    /// Signs the log as it stands and prints the head.
    #[command(after_help = "Example:\n  claviger audit head")]
    Head,
    /// Proves that one event is in the log that the last head signed.
    #[command(after_help = "Example:\n  claviger audit prove 57")]
    Prove {
        /// The event's place.
        position: u64,
    },
    /// Proves that the log of so many events grew out of the smaller one.
    #[command(after_help = "Example:\n  claviger audit prove-growth 1000 1200")]
    ProveGrowth {
        /// Events before.
        old: u64,
        /// Events after.
        new: u64,
    },
}

/// Places what waits and signs a head over all of it.
async fn settle(base: &Base) -> Result<(), Failure> {
    loop {
        let tools = base.tools.clone();
        let work = base.db.write(move |tx| {
            // A running node may be at it: then it is done there.
            if !take_audit_lease(tx, "command-line", tools.now())? {
                return Ok(None);
            }
            log::place_events(tx, &tools, PLACE_LIMIT).map(Some)
        });
        match work.await {
            Ok(Some(0)) => break,
            Ok(Some(_)) => {}
            Ok(None) | Err(StoreError::Conflict) => tokio::time::sleep(std::time::Duration::from_millis(300)).await,
            Err(error) => return Err(error.into()),
        }
    }
    let tools = base.tools.clone();
    match base.db.write(move |tx| log::sign_head(tx, &log::signer(&tools.ring)?, tools.now(), true)).await {
        // Another node signed the same size.
        Ok(_) | Err(StoreError::Conflict) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// The last head that `key` signed among the lines of a file.
fn kept_head(file: &Path, key: &HeadKey) -> Result<Option<TreeHead>, Failure> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let notes = text.lines().filter_map(|line| serde_json::from_str::<HeadLine>(line).ok()).map(|line| line.head);
    // A bare note is taken too.
    let heads = notes.chain(std::iter::once(text.clone())).filter_map(|note| key.verify(&note));
    Ok(heads.max_by_key(|head| head.size))
}

fn told(report: &Report, forged: &[i64], unplaced: &[String], as_json: bool) -> Result<(), Failure> {
    if as_json {
        say_json(&json!({ "report": report, "forged": forged, "forged_without_place": unplaced }));
    } else {
        say(&format!("events {} to {}: {} looked at, {} signed heads hold", report.first, report.last, report.events, report.heads));
        report.findings.iter().for_each(|finding| say(&format!("  - {finding}")));
        forged.iter().for_each(|position| say(&format!("  - event {position} was not recorded by this installation as it stands")));
        unplaced.iter().for_each(|id| say(&format!("  - event {id}, which has no place, was not recorded by this installation as it stands")));
    }
    if report.findings.is_empty() && forged.is_empty() && unplaced.is_empty() { Ok(()) } else { Err(Failure::Refused("the log is not whole".to_owned())) }
}

fn verify_file(export: &Path, key: Option<&str>, head: Option<&Path>, as_json: bool) -> Result<(), Failure> {
    let opened = File::open(export).map_err(|error| format!("{}: {error}", export.display()))?;
    let mut lines = BufReader::new(opened).lines();
    let first = lines.next().transpose().map_err(|error| error.to_string())?.unwrap_or_default();
    let known = key.map(|text| HeadKey::parse(text).ok_or_else(|| Failure::Refused("--key is not what `claviger audit key` prints".to_owned()))).transpose()?;
    let opening: Result<crate::platform::audit::export::Opening, _> = serde_json::from_str(&first);
    let trusted = known.clone().or_else(|| HeadKey::parse(&opening.ok()?.key));
    let kept = match (head, &trusted) {
        (Some(file), Some(key)) => Some(kept_head(file, key)?.ok_or_else(|| Failure::Refused(format!("{}: holds no head of this log", file.display())))?),
        _ => None,
    };
    let mut checker = Checker::begin(&first, known.as_ref(), kept).map_err(Failure::Refused)?;
    for (number, line) in (2..).zip(lines) {
        // What is not UTF-8 is not what was written.
        checker.line(number, &line.unwrap_or_else(|_| "?".to_owned()));
    }
    told(&checker.finish(), &[], &[], as_json)
}

/// Why a file was not written, in a sentence.
fn unwritten(path: &Path, error: &impl std::fmt::Display) -> Failure {
    Failure::Failed(format!("{}: {error}", path.display()))
}

async fn export(base: &Base, out: PathBuf, form: ExportForm, from: u64) -> Result<(), Failure> {
    settle(base).await?;
    let file = File::options().write(true).create_new(true).open(&out).map_err(|error| unwritten(&out, &error))?;
    let tools = base.tools.clone();
    let work = move |connection: &mut DbConnection| {
        let mut writer = BufWriter::new(file);
        let written = match form {
            ExportForm::Jsonl => log::write_export(connection, &tools, &log::signer(&tools.ring)?, from, &mut writer),
            ExportForm::Ocsf => write_ocsf(connection, from, &mut writer),
        };
        Ok(written.and_then(|count| Ok(writer.flush().map(|()| count)?)))
    };
    match base.db.read(work).await? {
        Ok(count) => say(&format!("{count} events in {}", out.display())),
        Err(error) => return Err(unwritten(&out, &error)),
    }
    Ok(())
}

fn write_ocsf(connection: &mut DbConnection, from: u64, out: &mut dyn Write) -> Result<u64, ExportFailed> {
    let (mut next, mut count) = (i64::try_from(from.max(1)).unwrap_or(i64::MAX), 0);
    loop {
        let batch: Vec<LoggedEvent> = list_placed(connection, next, 500)?.into_iter().map(|event| event.logged).collect();
        let Some(last) = batch.last() else { return Ok(count) };
        next = last.position + 1;
        for event in &batch {
            writeln!(out, "{}", to_ocsf(event))?;
            count += 1;
        }
    }
}

pub(super) fn execute(context: &Context, command: AuditCommand) -> Result<(), Failure> {
    // An export is checked where there is neither database nor key.
    if let AuditCommand::Verify { export: Some(export), key, head, json } = &command {
        return verify_file(export, key.as_deref(), head.as_deref(), *json);
    }
    context.with_base(|_, base| async move {
        let tools = base.tools.clone();
        match command {
            AuditCommand::Search { kind, about, actor, since, until, limit } => {
                let filter = EventFilter { kind, about, actor, since: since.map(UnixSeconds), until: until.map(UnixSeconds) };
                let page = PageRequest::first(limit.clamp(1, 1_000));
                let found = base.db.read(move |connection| search(connection, &filter, &page)).await?;
                found.items.iter().for_each(|event| say(&serde_json::to_string(event).unwrap_or_default()));
                Ok(())
            }
            AuditCommand::Export { out, form, from } => export(&base, out, form, from).await,
            AuditCommand::Verify { head, json, .. } => {
                settle(&base).await?;
                let signer = log::signer(&tools.ring)?;
                let kept = head.as_deref().map(|file| kept_head(file, signer.key())).transpose()?.flatten();
                let work = move |connection: &mut DbConnection| Ok((log::check_database(connection, &tools, &signer, kept)?, log::list_forged(connection, &tools)?));
                let ((report, forged), unplaced) = base.db.read(work).await?;
                told(&report, &forged, &unplaced, json)
            }
            AuditCommand::Key => {
                say(&log::signer(&tools.ring)?.key().to_text());
                Ok(())
            }
            AuditCommand::Head => {
                settle(&base).await?;
                let head = base.db.read(log::store::find_last_head).await?;
                head.into_iter().for_each(|head| say(head.note.trim_end()));
                Ok(())
            }
            AuditCommand::Prove { position } => {
                settle(&base).await?;
                let proof = base.db.read(move |connection| log::prove_inclusion(connection, &tools, position)).await?;
                let proof = proof.ok_or_else(|| Failure::Refused(format!("there is no event {position}")))?;
                say_json(&json!({ "position": position, "leaf": hex(&proof.leaf), "path": proof.path.iter().map(|hash| hex(hash)).collect::<Vec<_>>(), "head": proof.head }));
                Ok(())
            }
            AuditCommand::ProveGrowth { old, new } => {
                let proof = base.db.read(move |connection| log::prove_consistency(connection, &tools, old, new)).await?;
                let proof = proof.ok_or_else(|| Failure::Refused("there are not so many events, or more before than after, or the smaller log ends among events that left it: their archive has the heads that were signed then".to_owned()))?;
                say_json(&json!({ "old": old, "new": new, "path": proof.iter().map(|hash| hex(hash)).collect::<Vec<_>>() }));
                Ok(())
            }
        }
    })
}
