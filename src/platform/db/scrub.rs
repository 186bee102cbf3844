//! What was deleted leaves the files too, as far as a program can see to it.

use diesel::connection::SimpleConnection;

use super::StoreError;
use super::connection::DbConnection;

/// Takes deleted and replaced data keys out of the database's own files: on SQLite, where deleted bytes are overwritten, by moving the write-ahead log into the file and emptying it; on PostgreSQL by a `VACUUM` of their table, as far as older snapshots let it. Not inside a transaction. Archives and backups are the operator's.
///
/// # Errors
/// [`StoreError`].
pub fn scrub(connection: &mut DbConnection) -> Result<(), StoreError> {
    match connection {
        DbConnection::Sqlite(inner) => inner.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")?,
        DbConnection::Postgres(inner) => inner.batch_execute("VACUUM data_keys")?,
    }
    Ok(())
}
