//! `claviger backup`.

use clap::Subcommand;
use serde_json::json;

use super::{Context, Failure, say, say_json};
use crate::admin::upkeep::{BACKUP_REPORTED, Backup, find_backup, keep_backup};
use crate::base::time::UnixSeconds;
use crate::platform::audit::{Actor, Entry, Origin};

#[derive(Subcommand)]
pub(super) enum BackupCommand {
    /// Tells Claviger that a backup was made, for the overview, the metrics and the audit log. For the last line of whatever makes backups.
    #[command(after_help = "Examples:\n  claviger backup report --tool litestream\n  claviger backup report --tool pg_basebackup --bytes 73400320 --ended-at 1798761600")]
    Report {
        /// With which tool.
        #[arg(long)]
        tool: String,
        /// When it ended (Unix time); now when absent.
        #[arg(long)]
        ended_at: Option<i64>,
        /// How long it is.
        #[arg(long)]
        bytes: Option<i64>,
    },
    /// Says which backup was reported last.
    #[command(after_help = "Example:\n  claviger backup last --json")]
    Last {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn execute(context: &Context, command: BackupCommand) -> Result<(), Failure> {
    context.with_base(async |_, base| match command {
        BackupCommand::Report { tool, ended_at, bytes } => {
            let tools = base.tools.clone();
            let backup = Backup { tool, ended_at: ended_at.unwrap_or(tools.now().0), bytes };
            let work = base.db.write(move |tx| {
                let entry = Entry::success(BACKUP_REPORTED, Actor::Operator, "backup", &Origin::internal("command-line"));
                keep_backup(tx, &tools, &backup, entry)
            });
            work.await?.map_err(|refused| Failure::Refused(refused.sentence()))
        }
        BackupCommand::Last { json } => {
            let last = base.db.read(find_backup).await?;
            match (last, json) {
                (last, true) => say_json(&json!(last)),
                (None, false) => say("no backup was reported yet"),
                (Some(backup), false) => {
                    let length = backup.bytes.map(|bytes| format!(", {bytes} bytes")).unwrap_or_default();
                    say(&format!("{}  {}{length}", UnixSeconds(backup.ended_at).rfc3339(), backup.tool));
                }
            }
            Ok(())
        }
    })
}
