//! The database's own clock.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::{DbConnection, StoreError};
use crate::base::time::UnixMicros;

#[derive(QueryableByName)]
struct Micros {
    #[diesel(sql_type = BigInt)]
    micros: i64,
}

/// What the database's clock says; none of SQLite, which is part of this process.
///
/// # Errors
/// [`StoreError`].
pub fn read_clock(connection: &mut DbConnection) -> Result<Option<UnixMicros>, StoreError> {
    match connection {
        DbConnection::Sqlite(_) => Ok(None),
        DbConnection::Postgres(inner) => {
            let read: Micros = diesel::sql_query("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS micros").get_result(inner)?;
            Ok(Some(UnixMicros(read.micros)))
        }
    }
}
