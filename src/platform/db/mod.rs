//! One room with two databases: embedded SQLite and PostgreSQL behind one connection type.
//!
//! Store functions are plain and synchronous; [`Db::read`] and [`Db::write`] carry them to threads that own the connections.

mod apart;
mod clock;
mod connection;
pub mod dump;
pub mod facts;
mod handle;
pub mod lease;
mod migrate;
mod scrub;
mod standbys;
pub mod tables;
mod threads;
mod watch;

pub use clock::read_clock;
pub use connection::{DatabaseAddress, DbConnection, open, open_to_look};
pub use handle::{Db, DbOptions, DbStatistics, WriteTx};
pub use migrate::{MigrationState, inspect as inspect_migrations, inspect_on as inspect_migrations_on, list_applied as applied_migrations, run as run_migrations};
pub use scrub::scrub;
pub use standbys::{Standbys, read_standbys};

/// Why the database did not do what was asked. A refusal by a rule is a value, never one of these.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be reached, is too busy, or failed; trying again later may work.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// A unique key is taken.
    #[error("a unique key is taken")]
    Conflict,
    /// A stored value cannot be read back: wrong form, or it does not open under its key.
    #[error("{table}.{column} of {id} cannot be read")]
    Corrupt {
        /// Which table.
        table: &'static str,
        /// Which column.
        column: &'static str,
        /// Which row.
        id: String,
    },
}

/// How the text of [`StoreError::Unavailable`] begins when the server takes no writes.
const READ_ONLY: &str = "the database takes no writes";

impl StoreError {
    /// A value in `table`.`column` of row `id` cannot be read back.
    pub fn corrupt(table: &'static str, column: &'static str, id: impl Into<String>) -> Self {
        Self::Corrupt { table, column, id: id.into() }
    }
}

impl From<diesel::result::Error> for StoreError {
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind, Error};
        match error {
            Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Self::Conflict,
            Error::DatabaseError(DatabaseErrorKind::ReadOnlyTransaction, information) => Self::Unavailable(format!("{READ_ONLY}: {}", information.message())),
            other => Self::Unavailable(other.to_string()),
        }
    }
}
