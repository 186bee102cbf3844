//! What a node looks at all the time: told by metrics, and by the log when it turns.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::app::checks::looking::{of_certificate, of_database, of_files};
use crate::app::checks::{Check, NAMES, integrity, jump};
use crate::app::setup::Node;
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::db::dump::check_integrity;
use crate::platform::db::{StoreError, read_standbys};

/// A clock went another way than the time that passed.
pub const CLOCK_JUMPED: EventSpec =
    EventSpec::new("clock_jumped", "The clock of a node went another way than the time that passed; the detail has by how many seconds, and of which node.");

/// How long it is waited for files.
const PATIENCE: Duration = Duration::from_secs(20);

/// Looks at everything once.
///
/// # Errors
/// [`StoreError`].
pub async fn look(node: &Node) -> Result<Vec<Check>, StoreError> {
    let places = node.places.clone();
    // Files are asked on a thread that may wait.
    let files = tokio::task::spawn_blocking(move || of_files(&places));
    let files = tokio::time::timeout(PATIENCE, files).await.map_err(|_| StoreError::Unavailable("no answer from the disk".to_owned()))?;
    let mut found = files.map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let (tools, rotation) = (node.base.tools.clone(), node.rotation);
    found.extend(node.base.db.read(move |connection| of_database(connection, &tools, rotation)).await?);
    if let Some(shown) = node.certificates.as_ref().and_then(|certificates| certificates.shown()) {
        found.push(of_certificate(&shown.facts, &node.http.issuer, node.base.tools.now()));
    }
    found.extend(node.watched.integrity.lock().unwrap_or_else(PoisonError::into_inner).clone());
    Ok(found)
}

/// Has the database check itself: once a day, since it reads all of it.
///
/// # Errors
/// [`StoreError`].
pub async fn look_within(node: &Node) -> Result<(), StoreError> {
    let found = match node.base.db.read_apart(|connection| check_integrity(connection, true)).await {
        Ok(found) => integrity(found),
        // What cannot even be read through is damaged, or away, which other checks tell.
        Err(StoreError::Unavailable(text)) if text.contains("malformed") => integrity(Some(text)),
        Err(error) => return Err(error),
    };
    *node.watched.integrity.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
    Ok(())
}

/// What was wrong when it was looked last, and how the clock stood.
#[derive(Debug, Default)]
pub struct Watched {
    wrong: Mutex<BTreeSet<&'static str>>,
    clock: Mutex<Option<(i64, i64)>>,
    integrity: Mutex<Option<Check>>,
}

/// Counts standbys and measures how far they are behind. No check: whether there are to be any, the operator knows.
async fn measure_standbys(node: &Node) {
    match node.base.db.read(read_standbys).await {
        Ok(Some(standbys)) => node.http.metrics.set_standbys(standbys.count, standbys.lag_seconds),
        Ok(None) => {}
        // Engines that speak PostgreSQL's language may have none.
        Err(error) => tracing::debug!(%error, "nothing is known of standbys"),
    }
}

/// Looks, and tells.
///
/// # Errors
/// [`StoreError`].
pub async fn watch(node: &Node) -> Result<(), StoreError> {
    let found = look(node).await?;
    measure_standbys(node).await;
    let mut wrong = node.watched.wrong.lock().unwrap_or_else(PoisonError::into_inner);
    for check in &found {
        match (check.mend, wrong.contains(check.name)) {
            (Some(mend), false) => tracing::error!(check = check.name, found = %check.found, mend, "something is not as it should be"),
            (None, true) => tracing::info!(check = check.name, found = %check.found, "as it should be again"),
            _ => {}
        }
    }
    *wrong = found.iter().filter(|check| !check.is_sound()).map(|check| check.name).collect();
    for name in NAMES {
        node.http.metrics.set_check(name, wrong.contains(name));
    }
    Ok(())
}

/// Compares the clock with the time that passed since the last look.
///
/// # Errors
/// [`StoreError`].
pub async fn watch_clock(node: &Node) -> Result<(), StoreError> {
    let passed = i64::try_from(node.base.tools.clock.monotonic().as_secs()).unwrap_or(i64::MAX);
    let stands = (node.base.tools.now().0, passed);
    let before = node.watched.clock.lock().unwrap_or_else(PoisonError::into_inner).replace(stands);
    let Some(seconds) = before.and_then(|before| jump(before, stands)) else { return Ok(()) };
    tracing::error!(seconds, "the clock jumped");
    let (tools, name) = (node.base.tools.clone(), node.name.clone());
    let note = move |tx: &mut crate::platform::db::WriteTx<'_>| {
        let entry = Entry::success(CLOCK_JUMPED, Actor::System, "clock".to_owned(), &Origin::internal("clock"));
        audit::record(tx, &tools, &entry.with_detail(serde_json::json!({ "seconds": seconds, "node": name })))
    };
    node.base.db.write(note).await
}
