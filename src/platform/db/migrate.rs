//! Embedded migrations: run at start under a lock, one set a backend.

use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::StoreError;
use super::connection::{DatabaseAddress, DbConnection, open, open_to_look};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Serialises migrations among nodes: an arbitrary constant of our own.
const ADVISORY_LOCK: i64 = 0x636c_6176_6967_6572;

/// How the schema stands against this binary.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct MigrationState {
    /// Versions that the database has.
    pub applied: Vec<String>,
    /// Versions that this binary would add.
    pub pending: Vec<String>,
    /// Versions that the database has and this binary does not know: a newer node has been here.
    pub unknown: Vec<String>,
}

mod tables {
    diesel::table! {
        __diesel_schema_migrations (version) { version -> Text, }
    }
}

use tables::__diesel_schema_migrations::dsl;

#[derive(diesel::QueryableByName)]
struct Version {
    #[diesel(sql_type = diesel::sql_types::Text)]
    #[expect(dead_code, reason = "only whether a row came matters")]
    version: String,
}

fn failed(error: impl std::fmt::Display) -> StoreError {
    StoreError::Unavailable(format!("migration: {error}"))
}

/// Says what a run would do, and changes nothing.
///
/// # Errors
/// [`StoreError::Unavailable`] when the database cannot be read.
pub fn inspect(address: &DatabaseAddress) -> Result<MigrationState, StoreError> {
    match open_to_look(address)? {
        Some(mut connection) => inspect_on(&mut connection),
        None => Ok(compare(Vec::new(), &known(matches!(address, DatabaseAddress::Sqlite(_)))?)),
    }
}

/// The same on a connection that is there.
///
/// # Errors
/// [`StoreError::Unavailable`] when the database cannot be read.
pub fn inspect_on(connection: &mut DbConnection) -> Result<MigrationState, StoreError> {
    let is_sqlite = matches!(connection, DbConnection::Sqlite(_));
    Ok(compare(list_applied(connection)?, &known(is_sqlite)?))
}

fn known(is_sqlite: bool) -> Result<Vec<String>, StoreError> {
    let known = if is_sqlite {
        MigrationSource::<Sqlite>::migrations(&SQLITE).map(|known| versions(&known))
    } else {
        MigrationSource::<Pg>::migrations(&POSTGRES).map(|known| versions(&known))
    };
    known.map_err(failed)
}

fn compare(applied: Vec<String>, known: &[String]) -> MigrationState {
    let mut pending: Vec<String> = known.iter().filter(|version| !applied.contains(version)).cloned().collect();
    pending.sort();
    let unknown = applied.iter().filter(|version| !known.contains(version)).cloned().collect();
    MigrationState { applied, pending, unknown }
}

fn versions<B: diesel::backend::Backend>(known: &[Box<dyn Migration<B>>]) -> Vec<String> {
    known.iter().map(|migration| migration.name().version().to_string()).collect()
}

/// What diesel's own table says; asking diesel would make that table.
fn applied(connection: &mut DbConnection) -> Result<Vec<String>, StoreError> {
    let has_table = match connection {
        DbConnection::Sqlite(inner) => {
            let found: Vec<Version> = diesel::sql_query("SELECT name AS version FROM sqlite_master WHERE name = '__diesel_schema_migrations'").load(inner)?;
            !found.is_empty()
        }
        DbConnection::Postgres(inner) => {
            let found: Vec<Version> =
                diesel::sql_query("SELECT table_name::text AS version FROM information_schema.tables WHERE table_name = '__diesel_schema_migrations'").load(inner)?;
            !found.is_empty()
        }
    };
    if !has_table {
        return Ok(Vec::new());
    }
    Ok(dsl::__diesel_schema_migrations.select(dsl::version).load(connection)?)
}

/// The versions that a database has, in order.
///
/// # Errors
/// [`StoreError`].
pub fn list_applied(connection: &mut DbConnection) -> Result<Vec<String>, StoreError> {
    let mut found = applied(connection)?;
    found.sort();
    Ok(found)
}

/// Brings the schema up to date; safe to call from several nodes at once. Returns the versions it added.
///
/// # Errors
/// [`StoreError::Unavailable`] when a migration fails; what it did is rolled back.
pub fn run(address: &DatabaseAddress) -> Result<Vec<String>, StoreError> {
    let _guard = lock_file(address)?;
    let mut connection = open(address)?;
    match &mut connection {
        DbConnection::Sqlite(inner) => inner.run_pending_migrations(SQLITE).map(|versions| versions.iter().map(ToString::to_string).collect()).map_err(failed),
        DbConnection::Postgres(inner) => {
            // Waiting for the other node's migration must not trip over the statement deadline.
            inner.batch_execute(&format!("SET statement_timeout = 0; SET lock_timeout = 0; SELECT pg_advisory_lock({ADVISORY_LOCK})"))?;
            let ran = inner.run_pending_migrations(POSTGRES).map(|versions| versions.iter().map(ToString::to_string).collect()).map_err(failed);
            inner.batch_execute(&format!("SELECT pg_advisory_unlock({ADVISORY_LOCK})"))?;
            ran
        }
    }
}

/// Runs these migrations alone, into a database that has none: as an older version of the program would have left it.
///
/// # Errors
/// [`StoreError::Unavailable`] when one of them is not known here, or fails.
pub(super) fn run_some(address: &DatabaseAddress, wanted: &[String]) -> Result<(), StoreError> {
    let _guard = lock_file(address)?;
    let mut connection = open(address)?;
    match &mut connection {
        DbConnection::Sqlite(inner) => run_each::<Sqlite, _, _>(inner, &SQLITE, wanted),
        DbConnection::Postgres(inner) => run_each::<Pg, _, _>(inner, &POSTGRES, wanted),
    }
}

fn run_each<B: diesel::backend::Backend, C: MigrationHarness<B>, S: MigrationSource<B>>(connection: &mut C, source: &S, wanted: &[String]) -> Result<(), StoreError> {
    let known = source.migrations().map_err(failed)?;
    let mut chosen: Vec<_> = known.iter().filter(|migration| wanted.contains(&migration.name().version().to_string())).collect();
    if chosen.len() != wanted.len() {
        return Err(failed("it was made by a newer version of the program; use that one"));
    }
    chosen.sort_by_key(|migration| migration.name().version().to_string());
    // Makes the list that each is written into.
    connection.applied_migrations().map_err(failed)?;
    for migration in chosen {
        connection.run_migration(migration).map_err(failed)?;
    }
    Ok(())
}

/// Holds `<database>.lock` for SQLite, so that two processes on one file migrate one after the other.
fn lock_file(address: &DatabaseAddress) -> Result<Option<std::fs::File>, StoreError> {
    let DatabaseAddress::Sqlite(path) = address else { return Ok(None) };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let file = std::fs::OpenOptions::new().create(true).truncate(false).write(true).open(path.with_extension("lock")).map_err(failed)?;
    rustix::fs::flock(&file, rustix::fs::FlockOperation::LockExclusive).map_err(failed)?;
    Ok(Some(file))
}
