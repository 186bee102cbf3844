//! The command line. Each command has an example in its help; lists take `--json`; exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused or pending.

mod admins;
mod apply;
mod audit;
mod backup;
mod clients;
mod compliance;
mod config_commands;
mod customers;
mod doctor;
mod evaluation;
mod export;
mod import;
mod keys;
mod models;
mod passwords;
mod replay;
mod risk;
mod safety;
mod seeding;
mod serve;
mod version;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};

pub(in crate::app) use clients::register;
pub(in crate::app) use customers::enrol;
pub(in crate::app) use keys::MASTER_KEY_RENEWED;

use super::config::{self, Config};
use super::setup::{self, Base};
use crate::base::random::OsEntropy;
use crate::base::time::SystemClock;
use crate::platform::audit::EventSpec;
use crate::platform::telemetry::logging;

pub use crate::admin::clients::CLIENT_CHANGED;
/// A customer was changed at the command line.
pub const CUSTOMER_CHANGED: EventSpec = EventSpec::new("customer_changed", "A customer was locked, unlocked, or given a new password by staff.");
/// Every customer was written to a file.
pub const CUSTOMERS_EXPORTED: EventSpec = EventSpec::new("customers_exported", "Somebody at the command line began to write every customer to a file.");
/// A customer was added at the command line.
pub const CUSTOMER_ADDED: EventSpec = EventSpec::new("customer_added", "A customer account was made by staff.");

/// Claviger: an OpenID Provider with multi-factor authentication for storefronts.
#[derive(Parser)]
#[command(name = "claviger", version, max_term_width = 100)]
struct Arguments {
    /// Configuration file; claviger.toml is read when it is there.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Sets one key of the configuration, such as --set server.listen=0.0.0.0:8443
    #[arg(long = "set", global = true, value_name = "SECTION.KEY=VALUE")]
    settings: Vec<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves. Refuses an insecure configuration and says how to mend it.
    #[command(after_help = "Example:\n  claviger serve --config /etc/claviger.toml")]
    Serve,
    /// Starts a demo on this machine: Claviger, an example shop and a mailbox.
    #[command(after_help = "Example:\n  claviger demo\n  claviger demo --reset\n  claviger --set passkeys.offer_after_sign_in=true demo")]
    Demo(super::demo::DemoArguments),
    /// Brings the database schema up to date.
    #[command(after_help = "Example:\n  claviger migrate --check   (changes nothing; exits 3 when something is pending)")]
    Migrate {
        /// Only says what would be done.
        #[arg(long)]
        check: bool,
    },
    /// Signing keys.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Brings clients, staff and webhooks to what a file declares, and says what else differs. Shows the plan; with --yes does it. Customers are never touched.
    #[command(after_help = "Example:\n  claviger apply shop.toml          (shows the plan; exits 3 when there is anything to do)\n  claviger apply shop.toml --yes")]
    Apply(apply::ApplyArguments),
    /// OAuth clients: the shops' apps.
    #[command(subcommand)]
    Clients(clients::ClientsCommand),
    /// Customers.
    #[command(subcommand)]
    Customers(customers::CustomersCommand),
    /// Passwords: the policies, and the filter of breached ones.
    #[command(subcommand)]
    Passwords(passwords::PasswordsCommand),
    /// Brings customers of another product in, with the passwords they have there. What was stopped goes on where it was.
    #[command(
        after_help = "Examples:\n  claviger import --format keycloak realm-users-0.json --dry-run\n  claviger import --format firebase users.json --firebase-parameters hash.txt --report left.jsonl\n  claviger import --format csv customers.csv --emails-are-proved"
    )]
    Import(import::ImportArguments),
    /// Writes every customer to a file, a JSON object a line, for whoever leaves. Whoever has the file has everybody's data.
    #[command(after_help = "Examples:\n  claviger export --file customers.jsonl\n  claviger export --file customers.jsonl --with-authenticators")]
    Export(export::ExportArguments),
    /// Staff: invitations and roles.
    #[command(subcommand)]
    Admins(admins::AdminsCommand),
    /// The audit log: search, export, and the proof that nothing was changed.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Backups: made, looked through, and those of other tools told of.
    #[command(subcommand)]
    Backup(backup::BackupCommand),
    /// Puts a backup into an empty database, and ends every session, code and token of its time. No server may run meanwhile.
    #[command(after_help = "Example:\n  claviger restore claviger-20270115T080000Z.backup --identity backup.key")]
    Restore(backup::RestoreArguments),
    /// Evidence for auditors.
    #[command(subcommand)]
    Compliance(compliance::ComplianceCommand),
    /// How strange sign-ins are: the model, and what it does.
    #[command(subcommand)]
    Risk(risk::RiskCommand),
    /// Scams that were reported, and what advice was good for.
    #[command(subcommand)]
    Safety(safety::SafetyCommand),
    /// The configuration.
    #[command(subcommand)]
    Config(config_commands::ConfigCommand),
    /// Prints the version, and what a signed feed of releases and advisories says of it. Exits 3 when an advisory touches this build.
    #[command(after_help = "Examples:\n  claviger version\n  claviger version --check advisories.jws --key 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")]
    Version(version::VersionArguments),
    /// Looks the installation over and says what is wrong.
    #[command(after_help = "Example:\n  claviger doctor --config /etc/claviger.toml")]
    Doctor,
}

/// Why a command did not do what was asked.
pub(super) enum Failure {
    /// It failed: exit code 1.
    Failed(String),
    /// It was refused, or something is pending: exit code 3.
    Refused(String),
}

impl From<String> for Failure {
    fn from(text: String) -> Self {
        Self::Failed(text)
    }
}

impl From<crate::platform::db::StoreError> for Failure {
    fn from(error: crate::platform::db::StoreError) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Prints a line to standard output; a closed pipe is not our failure.
pub(in crate::app) fn say(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{text}");
}

fn complain(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Prints `value` as JSON.
pub(super) fn say_json(value: &serde_json::Value) {
    say(&serde_json::to_string_pretty(value).unwrap_or_default());
}

/// Reads the command line and runs the command.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let ended = execute(arguments);
    logging::finish();
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Failed(text)) => {
            complain(&format!("claviger: {text}"));
            ExitCode::from(1)
        }
        Err(Failure::Refused(text)) => {
            complain(&format!("claviger: {text}"));
            ExitCode::from(3)
        }
    }
}

/// What the commands share: where the configuration comes from.
pub(super) struct Context {
    file: Option<PathBuf>,
    file_was_named: bool,
    flags: Vec<(String, String)>,
}

impl Context {
    fn load(&self) -> Result<config::raw::Loaded, Failure> {
        config::load(self.file.as_deref(), &config::variables(), &self.flags).map_err(|faults| Failure::Refused(listed(&faults)))
    }

    fn config(&self) -> Result<Config, Failure> {
        Config::check(&self.load()?.raw, false).map_err(|faults| Failure::Refused(listed(&faults)))
    }

    /// Runs `work` on the database of the configuration.
    fn with_base<T, W: Future<Output = Result<T, Failure>>>(&self, work: impl FnOnce(Config, Base) -> W) -> Result<T, Failure> {
        let config = self.config()?;
        actix_web::rt::System::new().block_on(async {
            let base = setup::open(&config, Arc::new(SystemClock::new()), Arc::new(OsEntropy)).await?;
            work(config, base).await
        })
    }
}

fn listed(faults: &[String]) -> String {
    format!("the configuration is refused:\n{}", faults.iter().map(|fault| format!("  - {fault}")).collect::<Vec<_>>().join("\n"))
}

fn execute(arguments: Arguments) -> Result<(), Failure> {
    let file_was_named = arguments.config.is_some();
    let file = arguments.config.or_else(|| Some(PathBuf::from("claviger.toml")).filter(|file| file.exists()));
    let split = |setting: &String| setting.split_once('=').map(|(key, value)| (key.trim().to_owned(), value.to_owned()));
    let flags = arguments.settings.iter().map(|setting| split(setting).ok_or_else(|| Failure::Refused(format!("--set {setting}: write section.key=value"))));
    let context = Context { flags: flags.collect::<Result<_, _>>()?, file, file_was_named };
    match arguments.command {
        Command::Serve => serve::serve(&context),
        Command::Demo(_) if context.file_was_named => {
            Err(Failure::Refused("the demo has a configuration of its own; use --port, --data and --set, or serve with --config".to_owned()))
        }
        Command::Demo(demo) => super::demo::run(&demo, &context.flags).map_err(Failure::Failed),
        Command::Migrate { check } => serve::migrate(&context, check),
        Command::Keys(command) => keys::execute(&context, command),
        Command::Apply(arguments) => apply::execute(&context, &arguments),
        Command::Clients(command) => clients::execute(&context, command),
        Command::Customers(command) => customers::execute(&context, command),
        Command::Passwords(command) => passwords::execute(&context, command),
        Command::Import(arguments) => import::execute(&context, &arguments),
        Command::Export(arguments) => export::execute(&context, &arguments),
        Command::Admins(command) => admins::execute(&context, command),
        Command::Audit(command) => audit::execute(&context, command),
        Command::Risk(command) => risk::execute(&context, &command),
        Command::Backup(command) => backup::execute(&context, command),
        Command::Compliance(command) => compliance::execute(&context, command),
        Command::Restore(arguments) => backup::restore(&context, &arguments),
        Command::Version(arguments) => version::execute(&context, &arguments),
        Command::Safety(command) => safety::execute(&context, &command),
        Command::Config(command) => config_commands::execute(&context, &command),
        Command::Doctor => doctor::execute(&context),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn every_command_has_help_with_an_example() {
        fn walk(command: &clap::Command) {
            if command.get_subcommands().next().is_none() {
                let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
                assert!(help.contains("Example"), "{} has no example", command.get_name());
            }
            command.get_subcommands().for_each(walk);
        }
        Arguments::command().debug_assert();
        walk(&Arguments::command());
    }
}
