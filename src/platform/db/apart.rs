//! Reads that take long, each on a thread and a connection of its own: requests keep theirs meanwhile, and one that is never answered keeps up neither them nor the end of the process.

use std::time::Duration;

use tokio::sync::oneshot;

use super::StoreError;
use super::connection::{DatabaseAddress, DbConnection, Purpose, open_for};
use super::threads::{guarded, spawn};

/// How long one is waited for.
const PATIENCE: Duration = Duration::from_secs(3_600);

/// Runs `read` apart from the pool.
///
/// # Errors
/// What `read` returned, or [`StoreError::Unavailable`] when there is no connection, or no answer for an hour.
pub async fn read_apart<T, F>(address: &DatabaseAddress, read: F) -> Result<T, StoreError>
where
    T: Send + 'static,
    F: FnOnce(&mut DbConnection) -> Result<T, StoreError> + Send + 'static,
{
    let (reply, answer) = oneshot::channel();
    let address = address.clone();
    spawn("db-apart", move || {
        let done = guarded(|| read(&mut open_for(&address, Purpose::Read, true)?));
        // The caller may have gone away; then nobody waits for the answer.
        let _ = reply.send(done);
    })?;
    let ended = |why: &str| StoreError::Unavailable(why.to_owned());
    match tokio::time::timeout(PATIENCE, answer).await {
        Ok(answer) => answer.unwrap_or_else(|_| Err(ended("the database thread ended"))),
        Err(_) => Err(ended("the database has not answered for an hour")),
    }
}
