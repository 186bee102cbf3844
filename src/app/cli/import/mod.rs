//! `claviger import`: customers out of the export of another product. What was stopped goes on where it was.

mod progress;
mod report;

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{Context as Digest, SHA256};
use clap::Args;

use super::{Context, Failure, complain, say};
use crate::app::setup::Base;
use crate::base::encoding::hex;
use crate::identity::customers;
use crate::identity::imports::formats::{Format, Reader, Reading, Subjects, UnsaidEmails, read_passwords, read_project};
use crate::identity::imports::records::Records;
use crate::identity::imports::store::{self as imports, Counts, Progress};
use crate::identity::imports::{self as import, Batch, ImportedCustomer, RecordRefused};
use progress::{Bar, Counted};
use report::{Line, Report};

/// Customers that are brought in in one transaction: whoever else writes waits no longer than that.
const BATCH: usize = 500;
/// How often a part is tried again when customers join in the same moment.
const TRIES: usize = 8;
/// The longest file with the parameters of a Firebase project, in bytes.
const MAX_PARAMETERS_BYTES: u64 = 16_384;

#[derive(Args)]
pub(super) struct ImportArguments {
    /// The export.
    file: PathBuf,
    /// What made it: keycloak, auth0, firebase, kratos or csv.
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(Format::ALL.map(Format::word)))]
    format: String,
    /// Reads everything and tells what would come of it; writes nothing.
    #[arg(long)]
    dry_run: bool,
    /// A new file for what was refused or left behind, a JSON object a line. One of an import that was stopped is gone on with.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Auth0: the file of password hashes.
    #[arg(long, value_name = "FILE")]
    passwords: Option<PathBuf>,
    /// Firebase: a file with the hash parameters of the project, as its console shows them.
    #[arg(long, value_name = "FILE")]
    firebase_parameters: Option<PathBuf>,
    /// Where the export does not say whether an e-mail address was proved: all of them were.
    #[arg(long)]
    emails_are_proved: bool,
    /// Customers keep their old id as the subject that clients are told.
    #[arg(long)]
    keep_subjects: bool,
    /// Goes through the whole file again, although it was done or begun before. Whoever is here stays as they are.
    #[arg(long)]
    from_start: bool,
}

fn told(path: &Path) -> impl FnOnce(std::io::Error) -> Failure + '_ {
    move |error| Failure::Failed(format!("{}: {error}", path.display()))
}

/// The name of an import: what is in the file, and how it is read.
fn name_of(path: &Path, format: Format) -> std::io::Result<String> {
    let (mut file, mut digest, mut buffer) = (File::open(path)?, Digest::new(&SHA256), vec![0; 1 << 16]);
    digest.update(format.word().as_bytes());
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(digest.finish().as_ref())),
            read => digest.update(buffer.get(..read).unwrap_or_default()),
        }
    }
}

/// What the operator says beside the file.
fn reading(arguments: &ImportArguments, format: Format) -> Result<Reading, Failure> {
    let only =
        |wanted: Format, given: bool, flag: &str| if given && format != wanted { Err(Failure::Refused(format!("{flag} is for --format {}", wanted.word()))) } else { Ok(()) };
    only(Format::Auth0, arguments.passwords.is_some(), "--passwords")?;
    only(Format::Firebase, arguments.firebase_parameters.is_some(), "--firebase-parameters")?;
    let mut reading = Reading::default();
    if let Some(path) = &arguments.passwords {
        let (passwords, passed_over) = read_passwords(BufReader::new(File::open(path).map_err(told(path))?)).map_err(told(path))?;
        if passed_over > 0 {
            complain(&format!("{}: {passed_over} lines without an address and a hash were passed over", path.display()));
        }
        reading.passwords = passwords;
    }
    if let Some(path) = &arguments.firebase_parameters {
        let mut text = String::new();
        File::open(path).and_then(|file| file.take(MAX_PARAMETERS_BYTES).read_to_string(&mut text)).map_err(told(path))?;
        reading.project = Some(read_project(&text).map_err(|refused| Failure::Refused(format!("{}: {refused}", path.display())))?);
    }
    if arguments.emails_are_proved {
        reading.unsaid_emails = UnsaidEmails::Proved;
    }
    if arguments.keep_subjects {
        reading.subjects = Subjects::Kept;
    }
    Ok(reading)
}

/// Brings a file in.
///
/// # Errors
/// [`Failure`].
pub(super) fn execute(context: &Context, arguments: &ImportArguments) -> Result<(), Failure> {
    let format = Format::parse(&arguments.format).ok_or_else(|| Failure::Refused("--format: keycloak, auth0, firebase, kratos or csv".to_owned()))?;
    let reader = Reader::new(format, reading(arguments, format)?);
    context.with_base(|_, base| async move { run(&base, arguments, format, reader).await })
}

/// Where a file stands, in the table.
async fn stand(base: &Base, id: &str) -> Result<Option<Progress>, Failure> {
    let id = id.to_owned();
    Ok(base.db.read(move |connection| imports::find_progress(connection, &id)).await?)
}

async fn begin(base: &Base, id: &str, format: Format) -> Result<(), Failure> {
    let (id, now) = (id.to_owned(), base.tools.now());
    Ok(base.db.write(move |tx| imports::begin(tx, &id, format.word(), now)).await?)
}

async fn run(base: &Base, arguments: &ImportArguments, format: Format, reader: Reader) -> Result<(), Failure> {
    let path = &arguments.file;
    let id = name_of(path, format).map_err(told(path))?;
    let before = if arguments.from_start { None } else { stand(base, &id).await? };
    if let (false, Some(Progress { finished_at: Some(at), counts, .. })) = (arguments.dry_run, before) {
        say(&format!("this file was done at {}; --from-start goes through it again\n{}", at.rfc3339(), sum(counts)));
        return Ok(());
    }
    let resumed = before.filter(|before| before.position > 0 && !arguments.dry_run);
    // Opened first: one that cannot be has nothing begun.
    let report = arguments.report.as_deref().map(|file| Report::open(file, before.is_some() && !arguments.dry_run)).transpose()?;
    if before.is_none() && !arguments.dry_run {
        begin(base, &id, format).await?;
    }
    let total = path.metadata().map_err(told(path))?.len();
    let input = Counted::new(File::open(path).map_err(told(path))?);
    let bar = Bar::new(total, input.counter(), std::sync::Arc::clone(&base.tools.clock));
    let mut work = Work {
        base,
        format,
        id,
        reader,
        report,
        bar,
        seen: arguments.dry_run.then(HashSet::new),
        position: resumed.map_or(0, |before| before.position),
        counts: resumed.map_or_else(Counts::default, |before| before.counts),
        left: 0,
    };
    if let Some(before) = resumed {
        complain(&format!("going on after record {}", before.position));
    }
    work.go_through(Records::new(BufReader::with_capacity(1 << 16, input), format.layout())).await?;
    if !arguments.dry_run {
        let (id, now) = (work.id.clone(), base.tools.now());
        base.db.write(move |tx| imports::finish(tx, &id, now)).await?;
    }
    work.bar.end();
    say(&format!("{}{}", if arguments.dry_run { "dry run: nothing was written\n" } else { "" }, sum(work.counts)));
    if work.left > 0 {
        say(&format!("{} came without a part of theirs{}", work.left, if arguments.report.is_some() { "; see the report" } else { "; --report says which" }));
    }
    Ok(())
}

fn sum(counts: Counts) -> String {
    format!("{} imported, {} skipped (their e-mail address is here already), {} refused", counts.imported, counts.skipped, counts.refused)
}

/// An import under way.
struct Work<'a> {
    base: &'a Base,
    format: Format,
    id: String,
    reader: Reader,
    report: Option<Report>,
    bar: Bar,
    /// In a dry run: the addresses that were read.
    seen: Option<HashSet<String>>,
    position: u64,
    counts: Counts,
    left: u64,
}

/// A part of the file on its way.
#[derive(Default)]
struct Part {
    people: Vec<(u64, ImportedCustomer)>,
    refused: Vec<(u64, RecordRefused)>,
    until: u64,
}

impl Work<'_> {
    async fn go_through(&mut self, mut records: Records<impl std::io::BufRead>) -> Result<(), Failure> {
        let mut part = Part::default();
        while let Some((number, record)) = records.advance().map_err(|error| Failure::Failed(format!("the file cannot be read: {error}")))? {
            if self.reader.wants_head() {
                let head = record.map_err(|refused| Failure::Refused(format!("the head of the table: {refused}")))?;
                self.reader.take_head(head).map_err(Failure::Refused)?;
                continue;
            }
            if number <= self.position {
                continue;
            }
            part.until = number;
            match record.and_then(|record| self.reader.read(record)) {
                Ok(person) => part.people.push((number, person)),
                Err(refused) => part.refused.push((number, refused)),
            }
            if part.people.len() + part.refused.len() >= BATCH {
                self.settle(std::mem::take(&mut part)).await?;
            }
        }
        if part.until > 0 { self.settle(part).await } else { Ok(()) }
    }

    async fn settle(&mut self, part: Part) -> Result<(), Failure> {
        let Part { people, refused, until } = part;
        let mut lines: Vec<Line> = refused.iter().map(|(number, refused)| Line::refused(*number, *refused)).collect();
        let batch = Batch { import: self.id.clone(), format: self.format.word(), after: self.position, until, people, refused: refused.len() as u64 };
        let written = match self.seen.take() {
            Some(mut seen) => {
                let written = self.rehearse(&batch, &mut seen).await?;
                self.seen = Some(seen);
                written
            }
            None => self.write(std::sync::Arc::new(batch)).await?,
        };
        lines.extend(written.lines);
        self.position = until;
        self.counts.imported += written.counts.imported;
        self.counts.skipped += written.counts.skipped;
        self.counts.refused += refused.len() as u64;
        self.left += written.left;
        if let Some(report) = &mut self.report {
            lines.sort_by_key(Line::number);
            report.write(&lines)?;
        }
        self.bar.show(self.counts.imported + self.counts.skipped + self.counts.refused);
        Ok(())
    }

    /// What would come of a part.
    async fn rehearse(&self, batch: &Batch, seen: &mut HashSet<String>) -> Result<Settled, Failure> {
        let (emails, ring) = (batch.people.iter().map(|(_, person)| person.new.email.clone()).collect::<Vec<_>>(), self.base.tools.ring.clone());
        let find = move |connection: &mut crate::platform::db::DbConnection| {
            emails.iter().map(|email| Ok(customers::store::find_standing_by_email(connection, &ring, email)?.is_some())).collect::<Result<Vec<bool>, _>>()
        };
        let present = self.base.db.read(find).await?;
        let mut settled = Settled::default();
        for ((number, person), is_present) in batch.people.iter().zip(present) {
            let is_new = seen.insert(person.new.email.as_str().to_owned());
            if is_present || !is_new {
                settled.skip(*number, person);
            } else {
                settled.take(*number, person, &person.left);
            }
        }
        Ok(settled)
    }

    async fn write(&self, batch: std::sync::Arc<Batch>) -> Result<Settled, Failure> {
        let mut tries = 0;
        let written = loop {
            let (tools, shared) = (self.base.tools.clone(), std::sync::Arc::clone(&batch));
            match self.base.db.write(move |tx| import::write_batch(tx, &tools, &shared)).await {
                // Somebody joined in the same moment: then they are here now.
                Err(crate::platform::db::StoreError::Conflict) if tries < TRIES => tries += 1,
                settled => break settled?,
            }
        };
        let Ok(written) = written else { return Err(Failure::Refused("the same file is being imported by somebody else".to_owned())) };
        let mut settled = Settled::default();
        for (number, person) in &batch.people {
            match written.left.iter().find(|(left, _)| left == number) {
                _ if written.present.contains(number) => settled.skip(*number, person),
                Some((_, left)) => settled.take(*number, person, left),
                None => settled.take(*number, person, &[]),
            }
        }
        Ok(settled)
    }
}

/// What became of a part, for the report.
#[derive(Default)]
struct Settled {
    counts: Counts,
    left: u64,
    lines: Vec<Line>,
}

impl Settled {
    fn skip(&mut self, number: u64, person: &ImportedCustomer) {
        self.counts.skipped += 1;
        self.lines.push(Line::present(number, &person.new.email));
    }

    fn take(&mut self, number: u64, person: &ImportedCustomer, left: &[import::LeftBehind]) {
        self.counts.imported += 1;
        if !left.is_empty() {
            self.left += 1;
            self.lines.push(Line::left(number, &person.new.email, left));
        }
    }
}
