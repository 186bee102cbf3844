//! Looking: what the rules judge, read from the database, the disk and the files.

use super::{Check, audit_log, backup, certificate, clock, database_disk, database_file, master_key, schema, signing_keys};
use crate::admin::upkeep::find_backup;
use crate::app::setup::Places;
use crate::base::time::UnixSeconds;
use crate::base::uri::Issuer;
use crate::platform::audit::log;
use crate::platform::audit::store as events;
use crate::platform::crypto::signing_keys::rules::RotationPolicy;
use crate::platform::crypto::signing_keys::store as keys;
use crate::platform::db::{DbConnection, StoreError, inspect_migrations_on, read_clock};
use crate::platform::tls::CertificateFacts;
use crate::platform::tools::Tools;

/// What is in files, and on the disk that they lie on.
pub fn of_files(places: &Places) -> Vec<Check> {
    [Some(master_key(&places.master_key_file)), database_file(&places.database), database_disk(&places.database)].into_iter().flatten().collect()
}

/// What is in the database.
///
/// # Errors
/// [`StoreError`].
pub fn of_database(connection: &mut DbConnection, tools: &Tools, rotation: RotationPolicy) -> Result<Vec<Check>, StoreError> {
    let now = tools.now();
    let state = inspect_migrations_on(connection)?;
    let mut found = vec![schema(state.pending.len(), state.unknown.len())];
    if !state.pending.is_empty() {
        // Tables of another version say nothing that can be judged.
        return Ok(found);
    }
    let before = tools.now_micros();
    if let Some(theirs) = read_clock(connection)? {
        found.push(clock(before, theirs, tools.now_micros()));
    }
    let stored: Vec<_> = keys::list_keys(connection)?.into_iter().map(|key| key.facts).collect();
    found.push(signing_keys(&stored, rotation, now));
    let waiting = events::list_unplaced(connection, "", 1_000)?;
    let waits = waiting.iter().map(|whole| now.since(UnixSeconds(whole.logged.time_micros.div_euclid(1_000_000)))).max();
    let forged = log::list_forged(connection, tools)?.len();
    let placed = u64::try_from(events::count_placed(connection)?).unwrap_or_default();
    let unsigned_since = log::store::find_last_head(connection)?.filter(|head| head.size < placed).map(|head| now.since(head.signed_at));
    found.push(audit_log(waits, unsigned_since, forged));
    found.push(backup(find_backup(connection)?.map(|backup| now.since(UnixSeconds(backup.ended_at)).max(0))));
    Ok(found)
}

/// What is shown to whoever connects by TLS.
pub fn of_certificate(facts: &CertificateFacts, issuer: &Issuer, now: UnixSeconds) -> Check {
    let host = url::Url::parse(issuer.as_str()).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    certificate((facts.not_before, facts.not_after), facts.is_for(&host), now)
}
