//! How standbys follow, as PostgreSQL tells it.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::{DbConnection, StoreError};

/// The standbys that follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct Standbys {
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub count: i64,
    /// How far the last of them is behind, in seconds; 0 while nothing is written.
    #[diesel(sql_type = BigInt)]
    pub lag_seconds: i64,
}

/// Asks PostgreSQL for its standbys; none of SQLite. Whoever may not read statistics (`pg_read_all_stats`) sees none of them.
///
/// # Errors
/// [`StoreError`], also of engines that have no such statistics.
pub fn read_standbys(connection: &mut DbConnection) -> Result<Option<Standbys>, StoreError> {
    match connection {
        DbConnection::Sqlite(_) => Ok(None),
        DbConnection::Postgres(inner) => {
            // Backups and archives that are streamed apply nothing; subscribers of tables are no standbys.
            let statement = "SELECT count(*) AS count, coalesce(ceil(extract(epoch FROM max(replay_lag)))::bigint, 0) AS lag_seconds \
                FROM pg_stat_replication WHERE state = 'streaming' AND replay_lsn IS NOT NULL AND NOT EXISTS \
                (SELECT 1 FROM pg_replication_slots WHERE active_pid = pid AND slot_type = 'logical')";
            Ok(Some(diesel::sql_query(statement).get_result(inner)?))
        }
    }
}
