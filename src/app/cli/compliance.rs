//! `claviger compliance`.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use serde_json::json;

use super::{Context, Failure, say};
use crate::app::compliance::{COMPLIANCE_REPORTED, Report, Standing, gather, html, judge};
use crate::base::encoding::{hex, sha256};
use crate::platform::audit::{self, Actor, Entry, Origin};
use crate::platform::db::WriteTx;
use crate::platform::db::dump::open_snapshot;
use crate::platform::updates::own_version;

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportForm {
    /// A page, which prints to PDF.
    Html,
    /// For programs.
    Json,
}

#[derive(Subcommand)]
pub(super) enum ComplianceCommand {
    /// Looks at the installation and writes what PCI DSS v4.0.1, NIST SP 800-63B-4 and OWASP ASVS 5.0 ask, what is met, and what stays with you. Reads the whole database. Exits 3 when a control is not met.
    #[command(after_help = "Examples:\n  claviger compliance report --out report.html\n  claviger compliance report --form json --out report.json")]
    Report {
        /// Which form.
        #[arg(long, value_enum, default_value_t = ReportForm::Html)]
        form: ReportForm,
        /// The file; it must not exist yet. Without one it goes to standard output.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

pub(super) fn execute(context: &Context, command: ComplianceCommand) -> Result<(), Failure> {
    let ComplianceCommand::Report { form, out } = command;
    let raw = context.load()?.raw;
    context.with_base(async |config, base| {
        let text = serde_json::to_string(&raw).map_err(|error| error.to_string())?;
        let tools = base.tools.clone();
        let (issuer, made_at) = (config.issuer.as_str().to_owned(), base.tools.now().rfc3339());
        // On a connection of its own, as of one moment, however long it takes.
        let facts = gather(&mut open_snapshot(&config.database.address)?, &tools, &config, &raw)?;
        let report = Report {
            issuer,
            version: own_version().to_string(),
            made_at,
            configuration: hex(&sha256(text.as_bytes())),
            keys: facts.keys.clone(),
            rows: judge(&facts),
        };
        let text = match form {
            ReportForm::Html => html(&report)?,
            ReportForm::Json => serde_json::to_string_pretty(&report).map_err(|error| error.to_string())?,
        };
        match &out {
            None => say(&text),
            Some(file) => {
                let told = |error: std::io::Error| Failure::Refused(format!("{}: {error}", file.display()));
                let mut to = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).map_err(told)?;
                to.write_all(text.as_bytes()).map_err(told)?;
            }
        }
        let (tools, met, not_met) = (base.tools.clone(), report.count(Standing::Met), report.count(Standing::NotMet));
        let note = base.db.write(move |tx: &mut WriteTx<'_>| {
            let entry = Entry::success(COMPLIANCE_REPORTED, Actor::Operator, "compliance", &Origin::internal("command-line"));
            audit::record(tx, &tools, &entry.with_detail(json!({ "met": met, "not_met": not_met })))
        });
        note.await?;
        if not_met == 0 { Ok(()) } else { Err(Failure::Refused(format!("{not_met} controls are not met; the report says how to mend each"))) }
    })
}
