//! Every table, row by row, for copies that do not depend on which database it is.

use std::collections::{BTreeMap, BTreeSet};

use diesel::connection::SimpleConnection;
use diesel::deserialize::{self, FromSql, QueryableByName};
use diesel::pg::{Pg, PgRowByRowLoadingMode};
use diesel::prelude::*;
use diesel::row::{Field, NamedRow};
use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};
use diesel::sqlite::{Sqlite, SqliteType};
use serde::{Deserialize, Serialize};

use super::connection::{DatabaseAddress, DbConnection, open};
use super::tables::TABLES;
use super::{StoreError, migrate};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Whole numbers.
    Number,
    /// Yes or no, which SQLite keeps as a number.
    Truth,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in order.
    pub columns: Vec<Column>,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// None.
    Null,
    /// A number, or yes or no.
    Number(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// A row of any table.
pub struct Row(pub Vec<Cell>);

fn of_sqlite<'a>(field: &impl Field<'a, Sqlite>) -> deserialize::Result<Cell> {
    let Some(value) = field.value() else { return Ok(Cell::Null) };
    Ok(match value.value_type() {
        None => Cell::Null,
        Some(SqliteType::Text) => Cell::Text(<String as FromSql<Text, Sqlite>>::from_sql(value)?),
        Some(SqliteType::Binary) => Cell::Bytes(<Vec<u8> as FromSql<Binary, Sqlite>>::from_sql(value)?),
        Some(_) => Cell::Number(<i64 as FromSql<BigInt, Sqlite>>::from_sql(value)?),
    })
}

fn of_postgres<'a>(field: &impl Field<'a, Pg>) -> deserialize::Result<Cell> {
    let Some(value) = field.value() else { return Ok(Cell::Null) };
    // The numbers that PostgreSQL's own types have in every installation.
    Ok(match value.get_oid().get() {
        16 => Cell::Number(i64::from(<bool as FromSql<Bool, Pg>>::from_sql(value)?)),
        17 => Cell::Bytes(<Vec<u8> as FromSql<Binary, Pg>>::from_sql(value)?),
        20 => Cell::Number(<i64 as FromSql<BigInt, Pg>>::from_sql(value)?),
        23 => Cell::Number(i64::from(<i32 as FromSql<Integer, Pg>>::from_sql(value)?)),
        25 | 1043 => Cell::Text(<String as FromSql<Text, Pg>>::from_sql(value)?),
        other => return Err(format!("a column of a type that is not known here ({other})").into()),
    })
}

impl QueryableByName<Sqlite> for Row {
    fn build<'a>(row: &impl NamedRow<'a, Sqlite>) -> deserialize::Result<Self> {
        (0..row.field_count()).map(|at| diesel::row::Row::get(row, at).map_or(Ok(Cell::Null), |field| of_sqlite(&field))).collect::<Result<_, _>>().map(Self)
    }
}

impl QueryableByName<Pg> for Row {
    fn build<'a>(row: &impl NamedRow<'a, Pg>) -> deserialize::Result<Self> {
        (0..row.field_count()).map(|at| diesel::row::Row::get(row, at).map_or(Ok(Cell::Null), |field| of_postgres(&field))).collect::<Result<_, _>>().map(Self)
    }
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    of: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
}

const SQLITE_COLUMNS: &str = "SELECT m.name AS of, c.name AS name, c.type AS kind FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid";
const POSTGRES_COLUMNS: &str = "SELECT table_name::text AS of, column_name::text AS name, data_type::text AS kind FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position";
const SQLITE_REFERENCES: &str = "SELECT m.name AS of, f.\"table\" AS name, '' AS kind FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'";
const POSTGRES_REFERENCES: &str = "SELECT t.relname::text AS of, r.relname::text AS name, '' AS kind FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class r ON r.oid = c.confrelid JOIN pg_namespace n ON n.oid = t.relnamespace WHERE c.contype = 'f' AND n.nspname = current_schema()";

/// The tables that are copied: those of ours that are there, each after those that it refers to.
///
/// # Errors
/// [`StoreError`].
pub fn list_tables(connection: &mut DbConnection) -> Result<Vec<Table>, StoreError> {
    let (columns, references): (Vec<Named>, Vec<Named>) = match connection {
        DbConnection::Sqlite(inner) => (diesel::sql_query(SQLITE_COLUMNS).load(inner)?, diesel::sql_query(SQLITE_REFERENCES).load(inner)?),
        DbConnection::Postgres(inner) => (diesel::sql_query(POSTGRES_COLUMNS).load(inner)?, diesel::sql_query(POSTGRES_REFERENCES).load(inner)?),
    };
    let mut tables = BTreeMap::<String, Vec<Column>>::new();
    for Named { of, name, kind } in columns.into_iter().filter(|column| TABLES.contains(&column.of.as_str())) {
        let kind = match kind.to_ascii_lowercase().as_str() {
            "boolean" => Kind::Truth,
            "integer" | "bigint" => Kind::Number,
            "text" | "character varying" => Kind::Text,
            "blob" | "bytea" => Kind::Bytes,
            _ => return Err(StoreError::Unavailable(format!("{of}.{name} is of a type that is not known here"))),
        };
        tables.entry(of).or_default().push(Column { name, kind });
    }
    let references: Vec<(String, String)> = references.into_iter().map(|named| (named.of, named.name)).collect();
    let order = in_order(tables.keys().cloned().collect(), &references);
    Ok(order.into_iter().filter_map(|name| tables.remove_entry(&name)).map(|(name, columns)| Table { name, columns }).collect())
}

/// Names, each after those that it refers to; in a ring, where nothing helps, as they come.
fn in_order(mut names: BTreeSet<String>, references: &[(String, String)]) -> Vec<String> {
    let mut order = Vec::with_capacity(names.len());
    while !names.is_empty() {
        let waits = |name: &String| references.iter().any(|(of, to)| of == name && to != name && names.contains(to));
        let free: Vec<String> = names.iter().filter(|name| !waits(name)).cloned().collect();
        let next = if free.is_empty() { names.iter().cloned().collect() } else { free };
        next.iter().for_each(|name| {
            names.remove(name);
        });
        order.extend(next);
    }
    order
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Begins to read everything as it is at one moment, however long that takes.
///
/// # Errors
/// [`StoreError`].
pub fn open_snapshot(address: &DatabaseAddress) -> Result<DbConnection, StoreError> {
    let mut connection = open(address)?;
    match &mut connection {
        DbConnection::Sqlite(inner) => inner.batch_execute("PRAGMA query_only = ON; BEGIN")?,
        DbConnection::Postgres(inner) => {
            inner.batch_execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        }
    }
    Ok(connection)
}

/// Hands every row of a table to `each`, without holding them all.
///
/// # Errors
/// [`StoreError`], or what `each` says.
pub fn read_rows<E: From<StoreError>>(connection: &mut DbConnection, table: &Table, mut each: impl FnMut(Row) -> Result<(), E>) -> Result<(), E> {
    let columns: Vec<String> = table.columns.iter().map(|column| quoted(&column.name)).collect();
    let query = diesel::sql_query(format!("SELECT {} FROM {}", columns.join(", "), quoted(&table.name)));
    let told = |error: diesel::result::Error| E::from(StoreError::from(error));
    match connection {
        DbConnection::Sqlite(inner) => {
            for row in query.load_iter::<Row, diesel::connection::DefaultLoadingMode>(inner).map_err(told)? {
                each(row.map_err(told)?)?;
            }
        }
        DbConnection::Postgres(inner) => {
            for row in query.load_iter::<Row, PgRowByRowLoadingMode>(inner).map_err(told)? {
                each(row.map_err(told)?)?;
            }
        }
    }
    Ok(())
}

/// Makes an empty database with the tables of these migrations, and begins to fill it. Nothing is kept before [`Filling::finish`].
///
/// # Errors
/// [`StoreError`]: there is something in it already, or this version of the program does not know one of the migrations.
pub fn begin_filling(address: &DatabaseAddress, migrations: &[String]) -> Result<Filling, StoreError> {
    let state = migrate::inspect(address)?;
    // What a restore that failed left behind may be filled again.
    let is_left_over = state.applied.iter().all(|version| migrations.contains(version));
    if !state.applied.is_empty() && (!is_left_over || holds_anything(address)?) {
        return Err(StoreError::Unavailable("there is something in this database already; give an empty one".to_owned()));
    }
    let missing: Vec<String> = migrations.iter().filter(|version| !state.applied.contains(version)).cloned().collect();
    migrate::run_some(address, &missing)?;
    let mut connection = open(address)?;
    match &mut connection {
        DbConnection::Sqlite(inner) => inner.batch_execute("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; BEGIN IMMEDIATE")?,
        DbConnection::Postgres(inner) => inner.batch_execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; BEGIN")?,
    }
    // What migrations put there comes with the rows.
    for table in list_tables(&mut connection)?.iter().rev() {
        run_anywhere(&mut connection, &format!("DELETE FROM {}", quoted(&table.name)))?;
    }
    Ok(Filling { connection })
}

fn holds_anything(address: &DatabaseAddress) -> Result<bool, StoreError> {
    let mut connection = open(address)?;
    // Migrations put rows into other tables; these two have some in every database that was ever used.
    Ok(count_rows(&mut connection, "facts")? > 0 || count_rows(&mut connection, "customers")? > 0)
}

/// A database that is being filled.
pub struct Filling {
    connection: DbConnection,
}

/// Values in one statement, at most: SQLite takes 32,766.
const VALUES: usize = 16_000;
/// Rows in one statement, at most.
const ROWS: usize = 200;

/// A statement's values, one by one: in `$1` and so on, or `?`.
fn statement(table: &Table, rows: usize, mark: impl Fn(usize) -> String) -> String {
    let names: Vec<String> = table.columns.iter().map(|column| quoted(&column.name)).collect();
    let width = table.columns.len();
    let one = |row: usize| format!("({})", (0..width).map(|column| mark(row * width + column + 1)).collect::<Vec<_>>().join(", "));
    format!("INSERT INTO {} ({}) VALUES {}", quoted(&table.name), names.join(", "), (0..rows).map(one).collect::<Vec<_>>().join(", "))
}

macro_rules! bound {
    ($query:expr, $table:expr, $rows:expr) => {{
        let mut query = $query;
        for row in $rows {
            for (column, cell) in $table.columns.iter().zip(&row.0) {
                let mismatch = || StoreError::corrupt("backup", "kind", format!("{}.{}", $table.name, column.name));
                query = match (column.kind, cell) {
                    (Kind::Text, Cell::Null) => query.bind::<Nullable<Text>, _>(None::<String>),
                    (Kind::Bytes, Cell::Null) => query.bind::<Nullable<Binary>, _>(None::<Vec<u8>>),
                    (Kind::Truth, Cell::Null) => query.bind::<Nullable<Bool>, _>(None::<bool>),
                    (Kind::Number, Cell::Null) => query.bind::<Nullable<BigInt>, _>(None::<i64>),
                    (Kind::Truth, Cell::Number(number)) => query.bind::<Bool, _>(*number != 0),
                    (Kind::Number, Cell::Number(number)) => query.bind::<BigInt, _>(*number),
                    (Kind::Text, Cell::Text(text)) => query.bind::<Text, _>(text.clone()),
                    (Kind::Bytes, Cell::Bytes(bytes)) => query.bind::<Binary, _>(bytes.clone()),
                    _ => return Err(mismatch()),
                };
            }
        }
        query
    }};
}

impl Filling {
    /// The tables as they are here.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn tables(&mut self) -> Result<Vec<Table>, StoreError> {
        list_tables(&mut self.connection)
    }

    /// Writes rows, whose values are in the order of the table's columns.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn write(&mut self, table: &Table, rows: &[Row]) -> Result<(), StoreError> {
        if rows.iter().any(|row| row.0.len() != table.columns.len()) {
            return Err(StoreError::corrupt("backup", "columns", table.name.clone()));
        }
        let many = (VALUES / table.columns.len().max(1)).clamp(1, ROWS);
        for part in rows.chunks(many) {
            match &mut self.connection {
                DbConnection::Sqlite(inner) => {
                    let text = statement(table, part.len(), |_| "?".to_owned());
                    bound!(diesel::sql_query(text).into_boxed::<Sqlite>(), table, part).execute(inner)?;
                }
                DbConnection::Postgres(inner) => {
                    let text = statement(table, part.len(), |place| format!("${place}"));
                    bound!(diesel::sql_query(text).into_boxed::<Pg>(), table, part).execute(inner)?;
                }
            }
        }
        Ok(())
    }

    /// Runs a statement that means the same to both databases; how many rows it changed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn run(&mut self, statement: &str) -> Result<usize, StoreError> {
        run_anywhere(&mut self.connection, statement)
    }

    /// Keeps what was written, if every reference leads somewhere.
    ///
    /// # Errors
    /// [`StoreError`]; nothing is kept then.
    pub fn finish(mut self) -> Result<(), StoreError> {
        match &mut self.connection {
            DbConnection::Sqlite(inner) => {
                let broken = diesel::sql_query("SELECT \"table\" AS of, parent AS name, '' AS kind FROM pragma_foreign_key_check LIMIT 1").load::<Named>(inner)?;
                if let Some(Named { of, name, .. }) = broken.into_iter().next() {
                    return Err(StoreError::Unavailable(format!("a row of {of} refers to one of {name} that is not there")));
                }
                inner.batch_execute("COMMIT; PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE)")?;
            }
            DbConnection::Postgres(inner) => inner.batch_execute("COMMIT; ANALYZE")?,
        }
        Ok(())
    }
}

/// Runs a statement that means the same to both databases, outside of any store: for drills. How many rows it changed.
///
/// # Errors
/// [`StoreError`].
pub fn run_anywhere(connection: &mut DbConnection, statement: &str) -> Result<usize, StoreError> {
    let query = diesel::sql_query(statement);
    Ok(match connection {
        DbConnection::Sqlite(inner) => query.execute(inner)?,
        DbConnection::Postgres(inner) => query.execute(inner)?,
    })
}

/// Whether the database's own check of itself finds nothing; what it finds. A quick one does not hold indexes against their tables.
///
/// # Errors
/// [`StoreError`].
pub fn check_integrity(connection: &mut DbConnection, is_quick: bool) -> Result<Option<String>, StoreError> {
    match connection {
        DbConnection::Sqlite(inner) => {
            let check = if is_quick { "quick_check" } else { "integrity_check" };
            let query = format!("SELECT {check} AS of, '' AS name, '' AS kind FROM pragma_{check} LIMIT 1");
            let found: Vec<Named> = diesel::sql_query(query).load(inner)?;
            Ok(found.into_iter().map(|named| named.of).find(|of| of != "ok"))
        }
        // PostgreSQL checks pages as it reads them, where checksums are on.
        DbConnection::Postgres(_) => Ok(None),
    }
}

/// How many rows a table has.
///
/// # Errors
/// [`StoreError`].
pub fn count_rows(connection: &mut DbConnection, table: &str) -> Result<i64, StoreError> {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let query = diesel::sql_query(format!("SELECT count(*) AS count FROM {}", quoted(table)));
    let found: Vec<Count> = match connection {
        DbConnection::Sqlite(inner) => query.load(inner)?,
        DbConnection::Postgres(inner) => query.load(inner)?,
    };
    Ok(found.first().map_or(0, |count| count.count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_come_after_those_that_they_refer_to() {
        let names = ["codes", "clients", "grants", "customers", "self"].map(str::to_owned).into_iter().collect();
        let references = [("codes", "grants"), ("grants", "customers"), ("codes", "clients"), ("self", "self")].map(|(of, to)| (of.to_owned(), to.to_owned()));
        let order = in_order(names, &references);
        let place = |name: &str| order.iter().position(|found| found == name).unwrap();
        assert!(place("codes") > place("grants") && place("grants") > place("customers") && place("codes") > place("clients") && order.len() == 5);
        let ring = [("a", "b"), ("b", "a")].map(|(of, to)| (of.to_owned(), to.to_owned()));
        assert_eq!(in_order(["a", "b"].map(str::to_owned).into_iter().collect(), &ring), ["a", "b"]);
    }

    #[test]
    fn statements_have_a_place_for_each_value() {
        let column = |name: &str| Column { name: name.to_owned(), kind: Kind::Number };
        let table = Table { name: "t".to_owned(), columns: vec![column("a"), column("b\"c")] };
        assert_eq!(statement(&table, 2, |place| format!("${place}")), "INSERT INTO \"t\" (\"a\", \"b\"\"c\") VALUES ($1, $2), ($3, $4)");
    }
}
