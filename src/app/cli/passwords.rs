//! `claviger passwords`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::{Context, Failure, complain, say, say_json};
use crate::identity::factors::password::filter::{Source, build};

#[derive(Subcommand)]
pub(super) enum PasswordsCommand {
    /// Builds a filter of breached passwords, for password.breach_filter_file. Nothing about any password leaves this machine.
    #[command(
        after_help = "Examples:\n  claviger passwords build-filter --hashes ranges/ --out breached.filter\n  claviger passwords build-filter --hashes pwned-ordered-by-hash.txt --seen-at-least 10 --out breached.filter\n  claviger passwords build-filter --list our-old-passwords.txt --out own.filter"
    )]
    BuildFilter(BuildArguments),
    /// Shows the policies for customers and for staff, each rule with its clause.
    #[command(after_help = "Example:\n  claviger passwords policies --json")]
    Policies {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args)]
pub(super) struct BuildArguments {
    /// A folder of range files (named by five hexadecimal digits, lines SUFFIX:COUNT), or one file with lines HASH:COUNT in the order of the SHA-1 hashes.
    #[arg(long, value_name = "PATH", required_unless_present = "list", conflicts_with = "list")]
    hashes: Option<PathBuf>,
    /// A file with one password a line.
    #[arg(long, value_name = "FILE")]
    list: Option<PathBuf>,
    /// Leaves out passwords that were seen less often.
    #[arg(long, value_name = "TIMES", default_value_t = 1)]
    seen_at_least: u64,
    /// The file to write.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub(super) fn execute(context: &Context, command: PasswordsCommand) -> Result<(), Failure> {
    match command {
        PasswordsCommand::BuildFilter(arguments) => {
            let source = match (arguments.hashes, arguments.list) {
                (Some(hashes), _) => Source::Hashes(hashes),
                (None, Some(list)) => Source::Plain(list),
                (None, None) => return Err(Failure::Refused("name --hashes or --list".to_owned())),
            };
            let progress = |done: usize, of: usize| complain(&format!("{done} of {of} files"));
            let total = build(&source, arguments.seen_at_least, &arguments.out, progress).map_err(|error| Failure::Failed(error.to_string()))?;
            say(&format!("{}: {total} passwords", arguments.out.display()));
            Ok(())
        }
        PasswordsCommand::Policies { json } => {
            let config = context.config()?;
            let policies = [("customers", &config.passwords.consumer), ("staff", &config.passwords.staff)];
            if json {
                let rows = policies.map(|(who, policy)| {
                    let rules: Vec<_> = policy.clauses().into_iter().map(|clause| json!({ "source": clause.source, "rule": clause.rule })).collect();
                    json!({ "for": who, "name": policy.name, "rules": rules })
                });
                say_json(&json!({ "policies": rows, "breached_passwords": config.passwords.breached.len() }));
            } else {
                for (who, policy) in policies {
                    say(&format!("{who}: {}", policy.name));
                    policy.clauses().iter().for_each(|clause| say(&format!("  {:<26} {}", clause.source, clause.rule)));
                }
                say(&format!("known from breaches: {} passwords", config.passwords.breached.len()));
            }
            Ok(())
        }
    }
}
