//! `claviger backup` and `claviger restore`.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand};
use serde_json::json;

use super::{Context, Failure, complain, say, say_json};
use crate::admin::upkeep::{BACKUP_REPORTED, Backup, find_backup, keep_backup};
use crate::app::backup::sealed::{Identity, Recipient};
use crate::app::backup::{self, BACKUP_VERIFIED, BackupFailed, DATABASE_RESTORED, Header, Since, Told};
use crate::app::config::Config;
use crate::app::setup;
use crate::base::random::OsEntropy;
use crate::base::time::{Clock, SystemClock, UnixSeconds};
use crate::platform::audit::{self, Actor, Entry, Origin};
use crate::platform::crypto::keyring::KeyRing;
use crate::platform::crypto::master_key;
use crate::platform::db::{DatabaseAddress, WriteTx, facts};

impl From<BackupFailed> for Failure {
    fn from(failed: BackupFailed) -> Self {
        match failed {
            BackupFailed::Refused(sentence) => Self::Refused(sentence),
            other => Self::Failed(other.to_string()),
        }
    }
}

#[derive(Subcommand)]
pub(super) enum BackupCommand {
    /// Makes the key that backups are sealed for: the private half into a file for another machine, and prints the public half for the configuration.
    #[command(after_help = "Example:\n  claviger backup key --to backup.key")]
    Key {
        /// The file; it must not exist yet.
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Makes a backup while the server runs, sealed for the key in the configuration. The master key is not in it: keep that apart.
    #[command(after_help = "Examples:\n  claviger backup make\n  claviger backup make --to /mnt/backups/monday.backup --recipient 3JnV…")]
    Make {
        /// The file or the folder; that of the configuration when absent.
        #[arg(long, value_name = "PATH")]
        to: Option<PathBuf>,
        /// The public half of a key; that of the configuration when absent.
        #[arg(long, value_name = "KEY")]
        recipient: Option<String>,
        /// As JSON, without progress.
        #[arg(long)]
        json: bool,
    },
    /// Puts a backup into a database beside the real one and looks through it: every row, every key, the data of customers, the audit log. Exits 3 when anything is wrong.
    #[command(
        after_help = "Examples:\n  claviger backup verify claviger-20270115T080000Z.backup --identity backup.key\n  claviger backup verify monday.backup --identity backup.key --into postgres://drill@db/drill"
    )]
    Verify {
        /// The backup.
        file: PathBuf,
        /// The file with the private half of its key.
        #[arg(long, value_name = "FILE")]
        identity: PathBuf,
        /// An empty database that is filled and left for you to look at; a SQLite file that is removed again when absent.
        #[arg(long, value_name = "URL")]
        into: Option<String>,
        /// Leaves the database of the configuration alone: for a drill where it cannot be reached. Its overview and log then know nothing of it.
        #[arg(long)]
        no_record: bool,
        /// As JSON, without progress.
        #[arg(long)]
        json: bool,
    },
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

#[derive(Args)]
pub(super) struct RestoreArguments {
    /// The backup.
    file: PathBuf,
    /// The file with the private half of its key.
    #[arg(long, value_name = "FILE")]
    identity: PathBuf,
    /// Exports of the audit log of the days since (`claviger audit export`): who was erased then is erased again, and passwords that were replaced have to be replaced.
    #[arg(long, value_name = "FILE")]
    events: Vec<PathBuf>,
    /// Although it is of another issuer.
    #[arg(long)]
    of_another_issuer: bool,
}

fn read_identity(file: &Path) -> Result<Identity, Failure> {
    let told = |error: std::io::Error| Failure::Refused(format!("{}: {error}", file.display()));
    Identity::parse(&std::fs::read_to_string(file).map_err(told)?).map_err(told)
}

fn make_key(to: &Path) -> Result<(), Failure> {
    let told = |error: std::io::Error| Failure::Refused(format!("{}: {error}", to.display()));
    let identity = Identity::generate().map_err(told)?;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(to).map_err(told)?;
    file.write_all(identity.to_text().as_bytes()).and_then(|()| file.sync_all()).map_err(told)?;
    say(&format!("recipient = \"{}\"", identity.recipient()));
    complain(&format!("the private half is in {}: move it to where backups are restored, and keep a copy apart from them", to.display()));
    Ok(())
}

/// Tells each table on standard error.
fn progress(is_quiet: bool) -> impl FnMut(&str, u64) {
    move |table, rows| {
        if !is_quiet {
            complain(&format!("{rows:>12} rows  {table}"));
        }
    }
}

fn make(context: &Context, to: Option<PathBuf>, recipient: Option<&str>, is_json: bool) -> Result<(), Failure> {
    context.with_base(async |config, base| {
        let given = recipient.map(|text| Recipient::parse(text).ok_or_else(|| Failure::Refused("--recipient: 43 characters of base64url".to_owned()))).transpose()?;
        let recipient = given
            .or_else(|| config.backup.recipient.clone())
            .ok_or_else(|| Failure::Refused("whom is it for? Set backup.recipient, or give --recipient; claviger backup key makes a key".to_owned()))?;
        let to = to.or_else(|| config.backup.folder.clone()).ok_or_else(|| Failure::Refused("where to? Set backup.folder, or give --to".to_owned()))?;
        let made = backup::make(&config, &recipient, &to, Some(config.backup.keep), base.tools.now(), &mut progress(is_json))?;
        let (tools, report) = (base.tools.clone(), Backup { tool: "claviger".to_owned(), ended_at: base.tools.now().0, bytes: i64::try_from(made.bytes).ok() });
        let work = base.db.write(move |tx| {
            let entry = Entry::success(BACKUP_REPORTED, Actor::Operator, "backup", &Origin::internal("command-line"));
            keep_backup(tx, &tools, &report, entry)
        });
        work.await?.map_err(|refused| Failure::Refused(refused.sentence()))?;
        if is_json {
            say_json(&json!(made));
        } else {
            say(&format!("{}: {} rows, {} bytes", made.file.display(), made.rows, made.bytes));
        }
        Ok(())
    })
}

fn verify(context: &Context, (file, identity): (&Path, &Path), into: Option<&str>, (no_record, is_json): (bool, bool)) -> Result<(), Failure> {
    let identity = read_identity(identity)?;
    let drill = |config: &Config| -> Result<(UnixSeconds, usize), Failure> {
        // A folder of our own, which others cannot look into, and which goes whatever happens.
        let scratch = Scratch::new()?;
        let to = match into {
            Some(url) => DatabaseAddress::parse(url).map_err(|wrong| Failure::Refused(format!("--into: {wrong}")))?,
            None => DatabaseAddress::Sqlite(scratch.0.join("drill.db")),
        };
        let (restored, findings) = backup::verify(file, &identity, &to, (&config.master_key_file, Arc::new(SystemClock::new())), &mut progress(is_json))?;
        if is_json {
            say_json(&json!({ "made_at": restored.made_at.rfc3339(), "rows": restored.rows, "findings": findings }));
        } else {
            findings.iter().for_each(|finding| say(&format!("{} {}: {}", if finding.is_sound { "ok   " } else { "WRONG" }, finding.what, finding.found)));
        }
        Ok((restored.made_at, findings.iter().filter(|finding| !finding.is_sound).count()))
    };
    let of = |wrong: usize| if wrong == 0 { Ok(()) } else { Err(Failure::Refused(format!("{wrong} things are wrong"))) };
    if no_record {
        return of(drill(&context.config()?)?.1);
    }
    context.with_base(async |config, base| {
        let (at, wrong) = drill(&config)?;
        let tools = base.tools.clone();
        let note = base.db.write(move |tx: &mut WriteTx<'_>| {
            facts::replace_fact(tx, backup::VERIFIED, json!({ "at": tools.now(), "made_at": at, "wrong": wrong }).to_string().as_bytes())?;
            let entry = Entry::success(BACKUP_VERIFIED, Actor::Operator, "backup", &Origin::internal("command-line"));
            audit::record(tx, &tools, &entry.with_detail(json!({ "made_at": at, "wrong": wrong })))
        });
        note.await?;
        of(wrong)
    })
}

/// A folder that is removed again, also when the drill is broken off: it holds everybody's data.
struct Scratch(PathBuf);

/// Removes `folder` and ends the process at SIGINT or SIGTERM.
fn remove_when_broken_off(folder: PathBuf) -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let (mut interrupt, mut terminate) = {
        let _inside = runtime.enter();
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?)
    };
    std::thread::Builder::new().name("broken-off".to_owned()).spawn(move || {
        runtime.block_on(async {
            tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
        });
        let _ = std::fs::remove_dir_all(&folder);
        // As a shell has it for SIGINT.
        std::process::exit(130);
    })?;
    Ok(())
}

impl Scratch {
    fn new() -> Result<Self, Failure> {
        use std::os::unix::fs::DirBuilderExt;
        let name = crate::base::encoding::base64url(crate::base::random::bytes::<9>(&OsEntropy));
        let folder = std::env::temp_dir().join(format!("claviger-drill-{name}"));
        let told = |error: std::io::Error| Failure::Failed(format!("{}: {error}", folder.display()));
        std::fs::DirBuilder::new().mode(0o700).create(&folder).map_err(told)?;
        remove_when_broken_off(folder.clone()).map_err(told)?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Puts a backup into the empty database of the configuration.
pub(super) fn restore(context: &Context, arguments: &RestoreArguments) -> Result<(), Failure> {
    let (config, identity) = (context.config()?, read_identity(&arguments.identity)?);
    let now = SystemClock::new().now();
    let key_file = config.master_key_file.display().to_string();
    let mut may_go_on = |header: &Header| {
        if header.issuer != config.issuer.as_str() && !arguments.of_another_issuer {
            return Err(format!("the backup is of {}, and not of {}; give --of-another-issuer if that is what you want", header.issuer, config.issuer.as_str()));
        }
        // Before anything is written: with another key the data could never be read.
        let master = master_key::load(&config.master_key_file, false, &OsEntropy).map_err(|error| error.to_string())?;
        let ring = KeyRing::of(master, None).ok_or("the master key cannot be used")?;
        ring.recognise(&header.fingerprint, &key_file).map_err(|error| error.to_string())
    };
    // Before anything is written: a file that does not read is known now. Once, since it may be a pipe.
    let since = Since::of_files(&arguments.events).map_err(Failure::Refused)?;
    let restored = backup::restore(&arguments.file, &identity, &config.database.address, (true, now), &mut Told { may_go_on: &mut may_go_on, progress: &mut progress(false) })?;
    let covers = since.covers;
    let (replaced, erased) = actix_web::rt::System::new().block_on(async {
        let base = setup::open(&config, Arc::new(SystemClock::new()), Arc::new(OsEntropy)).await?;
        let (tools, told) = (base.tools.clone(), restored.clone());
        let note = base.db.write(move |tx: &mut WriteTx<'_>| {
            let epoch = u64::try_from(tools.now().0).unwrap_or_default();
            let entry = Entry::success(DATABASE_RESTORED, Actor::Operator, "database", &Origin::internal("command-line"));
            let (replaced, erased) = since.apply(tx, told.made_at, tools.now())?;
            let detail = json!({ "made_at": told.made_at, "made_by": told.version, "from": told.from, "rows": told.rows, "sessions_ended": told.sessions_ended, "epoch": epoch, "passwords_flagged": replaced, "to_erase": erased });
            audit::record(tx, &tools, &entry.with_detail(detail))?;
            facts::drop_fact(tx, backup::PENDING)?;
            Ok((replaced, erased))
        });
        note.await.map_err(Failure::from)
    })?;
    say(&format!(
        "{} rows as of {}; {} sessions of then are over, and so is everything else that could be shown again",
        restored.rows,
        restored.made_at.rfc3339(),
        restored.sessions_ended
    ));
    if let Some((first, last)) = covers {
        say(&format!("the events are of {} to {}", first.rfc3339(), last.rfc3339()));
        if first > restored.made_at {
            complain(&format!("they begin after the backup was made, at {}: what was done between is not known", restored.made_at.rfc3339()));
        }
        say(&format!("by the events since then, {replaced} passwords have to be replaced and {erased} accounts are erased again by the next node that runs"));
    }
    say("what else was changed since then is as it was; docs/operations/backup.md says what to look at before you let customers in");
    Ok(())
}

pub(super) fn execute(context: &Context, command: BackupCommand) -> Result<(), Failure> {
    match &command {
        BackupCommand::Key { to } => return make_key(to),
        BackupCommand::Make { to, recipient, json } => return make(context, to.clone(), recipient.as_deref(), *json),
        BackupCommand::Verify { file, identity, into, no_record, json } => return verify(context, (file, identity), into.as_deref(), (*no_record, *json)),
        BackupCommand::Report { .. } | BackupCommand::Last { .. } => {}
    }
    context.with_base(async |_, base| match command {
        BackupCommand::Key { .. } | BackupCommand::Make { .. } | BackupCommand::Verify { .. } => Ok(()),
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
