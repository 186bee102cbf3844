//! Putting one back, and ending everything of its time.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use flate2::read::GzDecoder;
use serde::Serialize;
use serde_cbor_2::Deserializer;
use serde_cbor_2::de::IoRead;

use super::sealed::{Identity, Opening};
use super::{BackupFailed, Header, PENDING, Part, row_of};
use crate::app::setup::FINGERPRINT;
use crate::base::time::UnixSeconds;
use crate::platform::db::dump::{Filling, Row, Table, begin_filling};
use crate::platform::db::{DatabaseAddress, run_migrations};

/// What was put back.
#[derive(Debug, Clone, Serialize)]
pub struct Restored {
    /// As of when it is.
    pub made_at: UnixSeconds,
    /// The version that made it.
    pub version: String,
    /// From which kind of database.
    pub from: String,
    /// Rows.
    pub rows: u64,
    /// Rows of each table, by name.
    pub tables: Vec<(String, u64)>,
    /// Sessions that were ended.
    pub sessions_ended: usize,
}

/// Who is told how far it is, and asked whether the header is what is wanted.
pub struct Told<'a> {
    /// Whether to go on, with what stands first.
    pub may_go_on: &'a mut dyn FnMut(&Header) -> Result<(), String>,
    /// A table, and how many rows there were until then.
    pub progress: &'a mut dyn FnMut(&str, u64),
}

type Parts = Deserializer<IoRead<GzDecoder<Opening<BufReader<File>>>>>;

/// Opens a backup, and reads what stands first.
fn open(file: &Path, identity: &Identity) -> Result<(Header, Parts), BackupFailed> {
    let opening = Opening::new(BufReader::with_capacity(1 << 17, File::open(file)?), identity)?;
    let mut parts = Deserializer::from_reader(GzDecoder::new(opening));
    let header: Header = serde::Deserialize::deserialize(&mut parts)?;
    Ok((header, parts))
}

/// Tables of a backup, each with the one here that it goes to, and where each column of that stands in the rows.
fn plan(header: &Header, here: &[Table]) -> Result<Vec<(Table, Vec<usize>)>, BackupFailed> {
    let differ = |name: &str| BackupFailed::Refused(format!("the table {name} is not what its migrations make of it"));
    let one = |from: &Table| {
        let to = here.iter().find(|table| table.name == from.name).ok_or_else(|| differ(&from.name))?;
        let place = |name: &str| from.columns.iter().position(|column| column.name == name);
        let places: Option<Vec<usize>> = to.columns.iter().map(|column| place(&column.name)).collect();
        match places {
            Some(places) if places.len() == from.columns.len() => Ok((to.clone(), places)),
            _ => Err(differ(&from.name)),
        }
    };
    header.tables.iter().map(one).collect()
}

/// Everything that somebody could use who has it, and may have been ended since: statements that both databases understand. Known browsers stay, which open nothing; so do recovery codes.
fn ends(now: UnixSeconds) -> Vec<String> {
    let now = now.0;
    let gone = [
        "codes",
        "opaque_tokens",
        "authorization_requests",
        "signin_flows",
        "sent_codes",
        "tickets",
        "trusted_devices",
        "passkey_ceremonies",
        "upstream_tries",
        "recoveries",
        "caller_checks",
        "admin_invitations",
        "idempotent_answers",
        "leases",
    ];
    let mut all = vec![
        format!("UPDATE sessions SET ended_at = {now}, end_reason = 'restored' WHERE ended_at IS NULL"),
        // Whatever is bound to the credentials of a customer ends with this, on every node, whether it is in this list or not.
        "UPDATE customers SET generation = generation + 1".to_owned(),
        format!("UPDATE grants SET ended_at = {now}, end_reason = 'restored' WHERE ended_at IS NULL"),
        // One of them may have leaked since, and been retired for it: the next node makes new ones.
        format!("UPDATE signing_keys SET state = 'retired', retired_at = {now} WHERE state <> 'retired'"),
        // What somebody may have stopped since is not carried out.
        format!("UPDATE admin_cases SET state = 'expired', settled_at = {now} WHERE state IN ('asked', 'waiting')"),
        format!("UPDATE customers SET erase_at = {} WHERE erase_at IS NOT NULL AND erase_at < {}", now + GRACE, now + GRACE),
        // Messages that wait went out since, or are about what is over.
        "DELETE FROM outbox WHERE delivered_at IS NULL AND failed_at IS NULL".to_owned(),
    ];
    all.extend(gone.map(|table| format!("DELETE FROM {table}")));
    all
}

/// How long an account that was to be erased is left, in seconds: its owner may have kept it since.
const GRACE: i64 = 3 * 86_400;

/// Puts a backup into an empty database, ends everything of its time, and brings the tables up to date. What the caller still has to do is owed until it takes [`PENDING`] away: no node serves before. With `ends_all` false, for looking at it alone, nothing is ended.
///
/// # Errors
/// [`BackupFailed`]; of a backup that is not whole nothing is kept.
pub fn restore(file: &Path, identity: &Identity, to: &DatabaseAddress, (ends_all, now): (bool, UnixSeconds), told: &mut Told<'_>) -> Result<Restored, BackupFailed> {
    let (header, mut parts) = open(file, identity)?;
    (told.may_go_on)(&header).map_err(BackupFailed::Refused)?;
    let mut filling = begin_filling(to, &header.migrations)?;
    let plan = plan(&header, &filling.tables()?)?;
    let counts = fill(&mut filling, &mut parts, &plan, told)?;
    let mut sessions_ended = 0;
    if ends_all {
        for (place, statement) in ends(now).iter().enumerate() {
            let changed = filling.run(statement)?;
            if place == 0 {
                sessions_ended = changed;
            }
        }
        // In the form of a value that is there, since the two databases write others differently.
        filling.run(&format!("INSERT INTO facts (name, value) SELECT '{PENDING}', value FROM facts WHERE name = '{FINGERPRINT}'"))?;
    }
    filling.finish()?;
    run_migrations(to)?;
    let tables = plan.into_iter().map(|(table, _)| table.name).zip(counts.iter().copied()).collect();
    Ok(Restored { made_at: header.made_at, version: header.version, from: header.database, rows: counts.iter().sum(), tables, sessions_ended })
}

fn fill(filling: &mut Filling, parts: &mut Parts, plan: &[(Table, Vec<usize>)], told: &mut Told<'_>) -> Result<Vec<u64>, BackupFailed> {
    let (mut counts, mut all, mut current) = (vec![0_u64; plan.len()], 0, None);
    loop {
        match serde::Deserialize::deserialize(&mut *parts)? {
            Part::Rows(place, rows) => {
                let odd = || BackupFailed::Refused("the backup speaks of a table that it has not".to_owned());
                let ((table, places), count) = plan.get(place).zip(counts.get_mut(place)).ok_or_else(odd)?;
                if current != Some(place) {
                    (told.progress)(&table.name, all);
                    current = Some(place);
                }
                *count += u64::try_from(rows.len()).unwrap_or_default();
                all += u64::try_from(rows.len()).unwrap_or_default();
                let rows = rows.into_iter().map(|values| row_of(values).and_then(|row| turned(row, places))).collect::<Result<Vec<_>, _>>()?;
                filling.write(table, &rows)?;
            }
            Part::End(said) if said == counts => break,
            Part::End(_) => return Err(BackupFailed::Refused("rows are missing from the backup".to_owned())),
        }
    }
    // Only where the sealing ends is this really the end.
    match <serde::de::IgnoredAny as serde::Deserialize>::deserialize(parts) {
        Ok(_) => Err(BackupFailed::Refused("something stands after the backup's end".to_owned())),
        Err(error) if error.is_eof() => Ok(counts),
        Err(error) => Err(error.into()),
    }
}

fn turned(row: Row, places: &[usize]) -> Result<Row, BackupFailed> {
    let mut cells: Vec<Option<_>> = row.0.into_iter().map(Some).collect();
    if cells.len() != places.len() {
        return Err(BackupFailed::Refused("a row has not as many values as its table".to_owned()));
    }
    let taken = places.iter().map(|place| cells.get_mut(*place).and_then(Option::take));
    taken.collect::<Option<Vec<_>>>().map(Row).ok_or_else(|| BackupFailed::Refused("a row does not fit its table".to_owned()))
}
