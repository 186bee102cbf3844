//! Reads that take long, each on a thread and a connection of its own: requests keep theirs meanwhile, and one that is never answered keeps up neither them nor the end of the process.

use std::time::Duration;

use tokio::sync::oneshot;

use super::connection::{DatabaseAddress, DbConnection, open_to_look};
use super::threads::{guarded, spawn};
use super::{Db, StoreError};

/// How long PostgreSQL is waited for.
const PATIENCE: Duration = Duration::from_secs(3_600);

enum Ended<T, F> {
    Read(Result<T, StoreError>),
    /// There is no further connection to be had.
    Turned(F),
}

impl Db {
    /// Runs `read` apart from the pool; by it where the server takes no further connection.
    ///
    /// # Errors
    /// What `read` returned, or [`StoreError::Unavailable`]: when PostgreSQL has not answered for an hour, too.
    pub async fn read_apart<T, F>(&self, read: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut DbConnection) -> Result<T, StoreError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let address = self.address().clone();
        let patience = if matches!(address, DatabaseAddress::Postgres(_)) { PATIENCE } else { Duration::MAX };
        spawn("db-apart", move || {
            let ended = match guarded(|| open_to_look(&address)) {
                Ok(Some(mut connection)) => Ended::Read(guarded(|| read(&mut connection))),
                Ok(None) => Ended::Read(Err(StoreError::Unavailable("the database file is not there any more".to_owned()))),
                Err(_) => Ended::Turned(read),
            };
            // The caller may have gone away; then nobody waits for the answer.
            let _ = reply.send(ended);
        })?;
        match tokio::time::timeout(patience, answer).await {
            Ok(Ok(Ended::Read(answer))) => answer,
            Ok(Ok(Ended::Turned(read))) => self.with_long_deadline().read(read).await,
            Ok(Err(_)) => Err(StoreError::Unavailable("the database thread ended".to_owned())),
            Err(_) => Err(StoreError::Unavailable("the database has not answered for an hour".to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::db::DbOptions;
    use crate::platform::db::dump::run_anywhere;

    #[tokio::test]
    async fn what_is_read_apart_makes_no_file_and_goes_by_the_pool_where_nothing_can_be_opened() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("test.db");
        let db = Db::start(&DbOptions { address: DatabaseAddress::Sqlite(file.clone()), connections: 1, is_durable: false }).unwrap();
        assert_eq!(db.read_apart(|_| Ok(7)).await.unwrap(), 7);
        assert!(db.read_apart(|connection| run_anywhere(connection, "CREATE TABLE x (y TEXT)")).await.is_err(), "it only reads");
        assert!(matches!(db.read_apart(|_| -> Result<(), StoreError> { panic!("on purpose") }).await, Err(StoreError::Unavailable(text)) if text.contains("panicked")));
        std::fs::remove_file(&file).unwrap();
        assert!(db.read_apart(|_| Ok(())).await.is_err());
        assert!(!file.exists());
        std::fs::create_dir(&file).unwrap();
        assert_eq!(db.read_apart(|_| Ok(7)).await.unwrap(), 7);
    }
}
