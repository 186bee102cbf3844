//! A drill: a backup is put into a database beside the real one, and everything in it that can be checked is checked.

use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

use super::sealed::Identity;
use super::{BackupFailed, Header, Restored, Told, restore};
use crate::base::page::PageRequest;
use crate::base::random::OsEntropy;
use crate::base::time::Clock;
use crate::identity::customers;
use crate::platform::audit::log;
use crate::platform::crypto::keyring::KeyRing;
use crate::platform::crypto::master_key;
use crate::platform::crypto::signing_keys::{KeySet, store as signing_keys};
use crate::platform::db::dump::{check_integrity, count_rows, list_tables, open_snapshot};
use crate::platform::db::{DatabaseAddress, DbConnection, StoreError, inspect_migrations};
use crate::platform::tools::Tools;
use crate::platform::vault;

/// What was looked at, and what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What.
    pub what: &'static str,
    /// In a sentence.
    pub found: String,
    /// Whether that is how it should be.
    pub is_sound: bool,
}

impl Finding {
    fn of(what: &'static str, outcome: Result<String, String>) -> Self {
        let is_sound = outcome.is_ok();
        Self { what, found: outcome.unwrap_or_else(|wrong| wrong), is_sound }
    }
}

/// Data keys that are looked at in one go.
const KEYS: i64 = 2_000;
/// Customers whose data is opened, at most.
const CUSTOMERS: usize = 10_000;

/// Restores a backup into the empty database `to`, without ending anything, and looks through it with the master key in `key_file`.
///
/// # Errors
/// [`BackupFailed`]: it could not even be restored.
pub fn verify(
    file: &Path,
    identity: &Identity,
    to: &DatabaseAddress,
    (key_file, clock): (&Path, Arc<dyn Clock>),
    progress: &mut dyn FnMut(&str, u64),
) -> Result<(Restored, Vec<Finding>), BackupFailed> {
    let mut fingerprint = Vec::new();
    let mut keep = |header: &Header| {
        fingerprint.clone_from(&header.fingerprint);
        Ok(())
    };
    let restored = restore(file, identity, to, (false, clock.now()), &mut Told { may_go_on: &mut keep, progress })?;
    let mut connection = open_snapshot(to)?;
    let mut findings = vec![
        Finding::of("restored", Ok(format!("{} rows of {} tables, as of {}", restored.rows, restored.tables.len(), restored.made_at.rfc3339()))),
        Finding::of("tables", counts(&mut connection, &restored)),
        Finding::of("schema", schema(to)),
        Finding::of(
            "integrity",
            check_integrity(&mut connection, false).map_err(told).and_then(|found| found.map_or_else(|| Ok("every reference leads somewhere".to_owned()), Err)),
        ),
    ];
    let master = master_key::load(key_file, false, &OsEntropy).map_err(|error| error.to_string());
    let ring = master.and_then(|master| KeyRing::of(master, Some(key_file.to_owned())).ok_or_else(|| "the master key cannot be used".to_owned()));
    let ring = ring.and_then(|ring| ring.recognise(&fingerprint, &key_file.display().to_string()).map(|()| ring).map_err(|error| error.to_string()));
    match ring {
        Err(wrong) => findings.push(Finding::of("master key", Err(format!("{wrong}: nothing that is sealed could be looked at")))),
        Ok(ring) => {
            let tools = Tools { clock, entropy: Arc::new(OsEntropy), ring: Arc::new(ring) };
            findings.push(Finding::of("master key", Ok("it fits".to_owned())));
            findings.push(Finding::of("signing keys", keys(&mut connection, &tools)));
            findings.push(Finding::of("data keys", data_keys(&mut connection, &tools)));
            findings.push(Finding::of("customers", opened(&mut connection, &tools)));
            findings.push(Finding::of("audit log", logged(&mut connection, &tools)));
        }
    }
    Ok((restored, findings))
}

#[expect(clippy::needless_pass_by_value, reason = "it ends here")]
fn told(error: StoreError) -> String {
    error.to_string()
}

fn counts(connection: &mut DbConnection, restored: &Restored) -> Result<String, String> {
    let there: Vec<String> = list_tables(connection).map_err(told)?.into_iter().map(|table| table.name).collect();
    // What migrations of later versions take away is no loss.
    for (table, count) in restored.tables.iter().filter(|(table, _)| there.contains(table)) {
        let found = count_rows(connection, table).map_err(told)?;
        if u64::try_from(found).ok() != Some(*count) {
            return Err(format!("{table} has {found} rows, and should have {count}"));
        }
    }
    Ok("each has as many rows as it had".to_owned())
}

fn schema(to: &DatabaseAddress) -> Result<String, String> {
    let state = inspect_migrations(to).map_err(told)?;
    if state.pending.is_empty() && state.unknown.is_empty() { Ok(format!("up to date, {} migrations", state.applied.len())) } else { Err("migrations are missing".to_owned()) }
}

fn keys(connection: &mut DbConnection, tools: &Tools) -> Result<String, String> {
    let stored = signing_keys::list_keys(connection).map_err(told)?;
    KeySet::parse(&stored, &tools.ring.signing_keys).map_err(told)?;
    if stored.is_empty() { Err("there are none".to_owned()) } else { Ok(format!("{} open", stored.len())) }
}

fn data_keys(connection: &mut DbConnection, tools: &Tools) -> Result<String, String> {
    let (mut after, mut all) = (String::new(), 0);
    loop {
        let (last, seen, broken) = vault::look_through(connection, &tools.ring, &after, KEYS).map_err(told)?;
        if let Some(owner) = broken {
            return Err(format!("that of {owner} does not open"));
        }
        all += seen;
        match last {
            Some(last) => after = last,
            None => return Ok(format!("all {all} open")),
        }
    }
}

fn opened(connection: &mut DbConnection, tools: &Tools) -> Result<String, String> {
    let (mut page, mut all) = (PageRequest::first(500), 0);
    loop {
        let found = customers::store::list_customers(connection, &tools.ring, &page).map_err(told)?;
        all += found.items.len();
        page.after = found.next;
        if page.after.is_none() {
            return Ok(format!("the data of all {all} opens"));
        }
        if all >= CUSTOMERS {
            return Ok(format!("the data of the first {all} opens"));
        }
    }
}

fn logged(connection: &mut DbConnection, tools: &Tools) -> Result<String, String> {
    let signer = log::signer(&tools.ring).map_err(told)?;
    let (report, forged) = log::check_database(connection, tools, &signer, None).map_err(told)?;
    let unplaced = log::list_forged(connection, tools).map_err(told)?;
    if let Some(finding) = report.findings.first() {
        return Err(finding.to_string());
    }
    match forged.len() + unplaced.len() {
        0 => Ok(format!("{} events, none changed and none missing", report.events)),
        some => Err(format!("{some} events were not recorded by this installation as they stand")),
    }
}
