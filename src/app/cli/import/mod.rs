//! `claviger import`: customers out of the export of another product. What was stopped goes on where it was.

mod inputs;
mod progress;
mod rehearsal;
mod report;

use std::collections::HashSet;
use std::io::BufReader;
use std::path::PathBuf;

use clap::Args;

use super::{Context, Failure, complain, say};
use crate::app::setup::Base;
use crate::identity::imports::formats::{Format, Reader};
use crate::identity::imports::records::{FileFault, Records};
use crate::identity::imports::store::{self as imports, Counts, Progress};
use crate::identity::imports::survey::Survey;
use crate::identity::imports::{self as import, Batch, ImportedCustomer, RecordRefused, Written};
use crate::platform::db::StoreError;
use inputs::{name_of, open, reading, reading_of, told};
use progress::{Bar, Counted};
use report::{Line, Report};

/// Customers that are brought in in one transaction: whoever else writes waits no longer than that.
const BATCH: usize = 500;
/// How often a part is tried again when customers join in the same moment.
const TRIES: usize = 8;

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
    /// What the old shop is called, where several are brought in whose ids may be alike, such as two shops that count from one.
    #[arg(long, value_name = "NAME", default_value = "")]
    source: String,
    /// Goes through the whole file again, although it was done or begun before. Whoever is here stays as they are.
    #[arg(long)]
    from_start: bool,
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

/// Begins the file, unless somebody else did in the same moment: what they have done is not done again.
async fn begin(base: &Base, arguments: &ImportArguments, id: &str, (format, how): (Format, String)) -> Result<(), Failure> {
    let (id, now, is_anew) = (id.to_owned(), base.tools.now(), arguments.from_start);
    let work = move |tx: &mut crate::platform::db::WriteTx<'_>| {
        if is_anew {
            imports::forget(tx, &id)?;
        }
        imports::begin(tx, &id, format.word(), &how, now)
    };
    match base.db.write(work).await {
        Err(StoreError::Conflict) => Err(somebody_else()),
        begun => Ok(begun?),
    }
}

fn somebody_else() -> Failure {
    Failure::Refused("the same file is being imported by somebody else".to_owned())
}

fn unreadable(error: &std::io::Error) -> Failure {
    Failure::Failed(format!("the file cannot be read: {error}"))
}

/// Goes through the whole file before anything of it comes in. A file that is not whole is refused.
fn look_over(base: &Base, arguments: &ImportArguments, format: Format, reader: &mut Reader) -> Result<Survey, Failure> {
    let (mut survey, path) = (Survey::default(), arguments.file.display());
    let mut records = Records::new(BufReader::with_capacity(1 << 16, open(&arguments.file)?), format.layout());
    while let Some((number, record)) = records.advance().map_err(|error| unreadable(&error))? {
        if reader.wants_head() {
            take_head(reader, record)?;
        } else if let Ok(person) = record.and_then(|record| reader.read(record)) {
            survey.see(&base.tools.ring, number, &person);
        }
    }
    let fault = records.fault().or(reader.wants_head().then_some(FileFault::Empty));
    if let Some(fault) = fault {
        return Err(Failure::Refused(format!("{path}: {fault}; nothing of it came in")));
    }
    if survey.without_parameters > 0 {
        return Err(Failure::Refused(format!("{path}: {} password hashes need --firebase-parameters; nothing came in", survey.without_parameters)));
    }
    if format == Format::Auth0 && arguments.passwords.is_none() && survey.with_password == 0 {
        complain("nobody in this file has a password: Auth0 gives the hashes out in a file of their own, for --passwords");
    }
    reader.rewind();
    Ok(survey)
}

fn take_head(reader: &mut Reader, record: Result<&[u8], RecordRefused>) -> Result<(), Failure> {
    let head = record.map_err(|refused| Failure::Refused(format!("the head of the table: {refused}")))?;
    reader.take_head(head).map_err(Failure::Refused)
}

async fn run(base: &Base, arguments: &ImportArguments, format: Format, mut reader: Reader) -> Result<(), Failure> {
    let path = &arguments.file;
    let (id, how) = (name_of(path, format)?, reading_of(arguments)?);
    let before = if arguments.from_start || arguments.dry_run { None } else { stand(base, &id).await? };
    if before.as_ref().is_some_and(|before| before.reading != how) {
        let sentence = "this file was begun with other options, or with other files beside it: go on with those, or --from-start with these";
        return Err(Failure::Refused(sentence.to_owned()));
    }
    if let Some(Progress { finished_at: Some(at), counts, .. }) = &before {
        say(&format!("this file was done at {}; --from-start goes through it again\n{}", at.rfc3339(), sum(*counts)));
        return Ok(());
    }
    let survey = look_over(base, arguments, format, &mut reader)?;
    let resumed = before.as_ref().filter(|before| before.position > 0);
    // Opened first: one that cannot be has nothing begun.
    let report = arguments.report.as_deref().map(|file| Report::open(file, before.is_some())).transpose()?;
    if before.is_none() && !arguments.dry_run {
        begin(base, arguments, &id, (format, how)).await?;
    }
    let total = path.metadata().map_err(told(path))?.len();
    let input = Counted::new(open(path)?);
    let bar = Bar::new(total, input.counter(), std::sync::Arc::clone(&base.tools.clock));
    let mut work = Work {
        base,
        format,
        id,
        reader,
        survey,
        report,
        bar,
        seen: arguments.dry_run.then(HashSet::new),
        position: resumed.map_or(0, |before| before.position),
        counts: resumed.map_or_else(Counts::default, |before| before.counts),
    };
    if let Some(before) = resumed {
        complain(&format!("going on after record {}", before.position));
    }
    work.go_through(Records::new(BufReader::with_capacity(1 << 16, input), format.layout())).await?;
    if name_of(path, format)? != work.id {
        return Err(Failure::Refused(format!("{}: the file was changed while it was read; it does not count as done", path.display())));
    }
    if !arguments.dry_run {
        let (id, now) = (work.id.clone(), base.tools.now());
        base.db.write(move |tx| imports::finish(tx, &id, now)).await?;
    }
    work.bar.end();
    say(&format!("{}{}", if arguments.dry_run { "dry run: nothing was written\n" } else { "" }, sum(work.counts)));
    if work.counts.left > 0 {
        say(&format!("{} came without a part of theirs{}", work.counts.left, if arguments.report.is_some() { "; see the report" } else { "; --report says which" }));
    }
    Ok(())
}

fn sum(counts: Counts) -> String {
    format!("{} imported, {} skipped (they are here, or came before), {} refused", counts.imported, counts.skipped, counts.refused)
}

/// An import under way.
struct Work<'a> {
    base: &'a Base,
    format: Format,
    id: String,
    reader: Reader,
    survey: Survey,
    report: Option<Report>,
    bar: Bar,
    /// In a dry run: what would be taken by now.
    seen: Option<HashSet<String>>,
    position: u64,
    counts: Counts,
}

/// A part of the file on its way.
#[derive(Default)]
struct Part {
    people: Vec<(u64, ImportedCustomer)>,
    refused: Vec<(u64, RecordRefused)>,
    lines: Vec<Line>,
    passed: u64,
    count: usize,
    until: u64,
}

impl Work<'_> {
    async fn go_through(&mut self, mut records: Records<impl std::io::BufRead>) -> Result<(), Failure> {
        let mut part = Part::default();
        while let Some((number, record)) = records.advance().map_err(|error| unreadable(&error))? {
            if self.reader.wants_head() {
                take_head(&mut self.reader, record)?;
                continue;
            }
            if number <= self.position {
                continue;
            }
            (part.until, part.count) = (number, part.count + 1);
            match record.and_then(|record| self.reader.read(record)) {
                Ok(person) => self.judge(&mut part, number, person),
                Err(refused) => part.refused.push((number, refused)),
            }
            if part.count >= BATCH {
                self.settle(std::mem::take(&mut part)).await?;
            }
        }
        if part.until > 0 { self.settle(part).await } else { Ok(()) }
    }

    fn judge(&self, part: &mut Part, number: u64, person: ImportedCustomer) {
        let email = person.new.email.clone();
        match self.survey.judge(&self.base.tools.ring, number, person) {
            Ok(person) => part.people.push((number, person)),
            Err(skipped) => {
                part.passed += 1;
                part.lines.push(Line::skipped(number, &email, skipped));
            }
        }
    }

    async fn settle(&mut self, part: Part) -> Result<(), Failure> {
        let Part { mut people, refused, mut lines, mut passed, until, .. } = part;
        if let Some(seen) = &self.seen {
            (people, passed) = rehearsal::without_seen(people, seen, &mut lines, passed);
        }
        lines.extend(refused.iter().map(|(number, refused)| Line::refused(*number, *refused)));
        let batch = Batch { import: self.id.clone(), format: self.format.word(), after: self.position, until, people, passed, refused: refused.len() as u64 };
        let batch = std::sync::Arc::new(batch);
        let written = if self.seen.is_some() { self.rehearse(&batch).await? } else { self.write(&batch).await? };
        for (number, person) in &batch.people {
            let skipped = written.not.iter().find(|(not, _)| not == number).map(|(_, skipped)| *skipped);
            let left = written.left.iter().find(|(left, _)| left == number).map(|(_, left)| left.as_slice());
            match (skipped, left) {
                (Some(skipped), _) => lines.push(Line::skipped(*number, &person.new.email, skipped)),
                (None, Some(left)) => lines.push(Line::left(*number, &person.new.email, left)),
                (None, None) => {}
            }
            if let (Some(seen), None) = (&mut self.seen, skipped) {
                rehearsal::note(seen, person, left.unwrap_or_default());
            }
        }
        self.position = until;
        self.counts.imported += written.imported;
        self.counts.skipped += written.skipped;
        self.counts.refused += refused.len() as u64;
        self.counts.left += written.left.len() as u64;
        if let Some(report) = &mut self.report {
            lines.sort_by_key(Line::number);
            report.write(&lines)?;
        }
        self.bar.show(self.counts.imported + self.counts.skipped + self.counts.refused);
        Ok(())
    }

    /// What would come of a part: it is brought in, and the transaction rolled back.
    async fn rehearse(&self, batch: &std::sync::Arc<Batch>) -> Result<Written, Failure> {
        for _ in 0..TRIES {
            let (tools, shared, (told, heard)) = (self.base.tools.clone(), std::sync::Arc::clone(batch), std::sync::mpsc::channel());
            let work = move |tx: &mut crate::platform::db::WriteTx<'_>| -> Result<(), StoreError> {
                // Nobody listens any more when the command was stopped.
                let _ = told.send(import::bring_all(tx, &tools, &shared)?);
                // Any error rolls back.
                Err(StoreError::Conflict)
            };
            match (self.base.db.write(work).await, heard.try_iter().last()) {
                (Err(StoreError::Conflict), Some(written)) => return Ok(written),
                (Err(StoreError::Conflict) | Ok(()), _) => {}
                (Err(error), _) => return Err(error.into()),
            }
        }
        Err(Failure::Failed("customers join all the time; try again".to_owned()))
    }

    async fn write(&self, batch: &std::sync::Arc<Batch>) -> Result<Written, Failure> {
        let mut tries = 0;
        let written = loop {
            let (tools, shared) = (self.base.tools.clone(), std::sync::Arc::clone(batch));
            match self.base.db.write(move |tx| import::write_batch(tx, &tools, &shared)).await {
                // Somebody joined in the same moment: then they are here now.
                Err(StoreError::Conflict) if tries < TRIES => tries += 1,
                settled => break settled?,
            }
        };
        written.map_err(|_| somebody_else())
    }
}
