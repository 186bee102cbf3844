//! Backups of our own: every row as it was at one moment, whichever database it lies in, packed, and sealed for a key that is not on this machine. The master key is no part of it.
//!
//! Inside the sealing and the packing (gzip) stands a row of CBOR values: a [`Header`], [`Part::Rows`], and one [`Part::End`].

mod make;
mod restore;
pub mod sealed;
mod since;
mod verify;

use serde::{Deserialize, Serialize};
use serde_cbor_2::Value;

use crate::base::time::UnixSeconds;
use crate::platform::audit::EventSpec;
use crate::platform::db::StoreError;
use crate::platform::db::dump::{Cell, Row, Table};

pub use make::{Made, make};
pub use restore::{Restored, Told, restore};
pub use since::Since;
pub use verify::{Finding, verify};

/// A backup was put back.
pub const DATABASE_RESTORED: EventSpec = EventSpec::new(
    "database_restored",
    "A backup was put in the place of the database: every session, code, refresh token, trusted device and open case of its time was ended. The detail has when the backup was made, and the number of the epoch.",
);
/// A backup was looked through.
pub const BACKUP_VERIFIED: EventSpec =
    EventSpec::new("backup_verified", "A backup was restored into a database beside this one and looked through; the detail has when it was made, and how many things were wrong.");

/// The fact that stands in a database from the moment that a backup was put into it until what follows is done, too.
pub const PENDING: &str = "restore_pending";
/// Where it is kept how the last drill went.
pub const VERIFIED: &str = "backup_verified";

/// Rows in one part.
const ROWS: usize = 500;

/// What stands first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The version of the program that made it.
    pub version: String,
    /// When.
    pub made_at: UnixSeconds,
    /// From which database.
    pub database: String,
    /// Whose.
    pub issuer: String,
    /// The migrations that its tables are made of.
    pub migrations: Vec<String>,
    /// The mark of the master key that it is read with.
    pub fingerprint: Vec<u8>,
    /// Its tables, each after those that it refers to.
    pub tables: Vec<Table>,
}

/// What follows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Part {
    /// Rows of a table, by its place in the header.
    Rows(usize, Vec<Vec<Value>>),
    /// The end: how many rows each table had.
    End(Vec<u64>),
}

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
pub enum BackupFailed {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file, or the encryption of it.
    #[error("{0}")]
    File(#[from] std::io::Error),
    /// What was read makes no sense.
    #[error("the backup does not read: {0}")]
    Form(#[from] serde_cbor_2::Error),
    /// Something else, in a sentence.
    #[error("{0}")]
    Refused(String),
}

fn value_of(cell: Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Number(number) => Value::Integer(i128::from(number)),
        Cell::Text(text) => Value::Text(text),
        Cell::Bytes(bytes) => Value::Bytes(bytes),
    }
}

fn cell_of(value: Value) -> Result<Cell, BackupFailed> {
    let odd = || BackupFailed::Refused("the backup holds a value of a kind that no table has".to_owned());
    Ok(match value {
        Value::Null => Cell::Null,
        Value::Integer(number) => Cell::Number(i64::try_from(number).map_err(|_| odd())?),
        Value::Text(text) => Cell::Text(text),
        Value::Bytes(bytes) => Cell::Bytes(bytes),
        _ => return Err(odd()),
    })
}

fn row_of(values: Vec<Value>) -> Result<Row, BackupFailed> {
    values.into_iter().map(cell_of).collect::<Result<_, _>>().map(Row)
}
