//! The connection enum, and how a connection is opened and tuned.

use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::PathBuf;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};

use super::StoreError;

/// A connection to either database. Queries are written once against it.
#[derive(diesel::MultiConnection)]
pub enum DbConnection {
    /// PostgreSQL.
    Postgres(PgConnection),
    /// SQLite.
    Sqlite(SqliteConnection),
}

/// Which database.
#[derive(Clone)]
pub enum DatabaseAddress {
    /// A file, created when missing.
    Sqlite(PathBuf),
    /// A `postgres://` URL; may carry a password, so it is never printed.
    Postgres(String),
}

impl DatabaseAddress {
    /// Reads `sqlite:<path>` or `postgres://…`.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.contains('\0') {
                return Err("names no file; write sqlite:data/claviger.db".to_owned());
            }
            Ok(Self::Sqlite(PathBuf::from(path)))
        } else if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Ok(Self::Postgres(text.to_owned()))
        } else {
            Err("must start with sqlite: or postgres://".to_owned())
        }
    }

    /// The kind, for logs.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }
}

impl std::fmt::Debug for DatabaseAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DatabaseAddress({})", self.kind())
    }
}

/// Pages that the log of SQLite holds before the writer itself carries them into the file: 16 MiB. A thread of its own does so much earlier.
pub(super) const LOG_PAGES: u32 = 4_096;

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Reads only; SQLite refuses writes on it.
    Read,
    /// Reads and writes.
    Write,
}

/// Opens a connection tuned for serving: see [`open_for`].
///
/// # Errors
/// [`StoreError::Unavailable`] with the cause.
pub fn open(address: &DatabaseAddress) -> Result<DbConnection, StoreError> {
    open_for(address, Purpose::Write, true)
}

/// Opens a connection for looking alone; `None` when there is no SQLite file yet. Makes no file and changes nothing.
///
/// # Errors
/// [`StoreError::Unavailable`] with the cause.
pub fn open_to_look(address: &DatabaseAddress) -> Result<Option<DbConnection>, StoreError> {
    match address {
        DatabaseAddress::Sqlite(path) if !path.exists() => Ok(None),
        DatabaseAddress::Sqlite(path) => {
            let path = path.to_str().ok_or_else(|| StoreError::Unavailable("the database path is not UTF-8".to_owned()))?;
            let told = |error: &dyn std::fmt::Display| StoreError::Unavailable(error.to_string());
            let mut connection = SqliteConnection::establish(path).map_err(|error| told(&error))?;
            connection.batch_execute("PRAGMA busy_timeout = 5000; PRAGMA query_only = ON;").map_err(|error| told(&error))?;
            Ok(Some(DbConnection::Sqlite(connection)))
        }
        DatabaseAddress::Postgres(_) => {
            let mut connection = open(address)?;
            connection.batch_execute("SET default_transaction_read_only = on")?;
            Ok(Some(connection))
        }
    }
}

/// Opens a connection.
///
/// SQLite: `busy_timeout` is set before anything that can meet a lock; `synchronous=FULL` unless `is_durable` is false.
/// PostgreSQL: statements and locks have deadlines, so that one stuck row cannot hold the pool.
pub(super) fn open_for(address: &DatabaseAddress, purpose: Purpose, is_durable: bool) -> Result<DbConnection, StoreError> {
    let unavailable = |error: &dyn std::fmt::Display| StoreError::Unavailable(error.to_string());
    match address {
        DatabaseAddress::Sqlite(path) => {
            make_private(path)?;
            let path = path.to_str().ok_or_else(|| StoreError::Unavailable("the database path is not UTF-8".to_owned()))?;
            let mut connection = SqliteConnection::establish(path).map_err(|error| unavailable(&error))?;
            let synchronous = if is_durable { "FULL" } else { "NORMAL" };
            let query_only = if purpose == Purpose::Read { "ON" } else { "OFF" };
            let tuning = format!(
                "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; \
                 PRAGMA wal_autocheckpoint = {LOG_PAGES}; PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864; PRAGMA query_only = {query_only};"
            );
            connection.batch_execute(&tuning).map_err(|error| unavailable(&error))?;
            Ok(DbConnection::Sqlite(connection))
        }
        DatabaseAddress::Postgres(url) => {
            let mut connection = PgConnection::establish(&with_deadlines(url)).map_err(|error| unavailable(&error))?;
            connection
                .batch_execute("SET statement_timeout = '10s'; SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '15s'; SET application_name = 'claviger'")
                .map_err(|error| unavailable(&error))?;
            Ok(DbConnection::Postgres(connection))
        }
    }
}

/// What libpq is told beside what the operator wrote: how long to wait for a server that does not answer or has vanished without a word; and, of several servers, to take the one that writes.
fn with_deadlines(url: &str) -> String {
    const ALWAYS: [(&str, &str); 5] = [("connect_timeout", "5"), ("keepalives_idle", "10"), ("keepalives_interval", "3"), ("keepalives_count", "3"), ("tcp_user_timeout", "15000")];
    // As libpq reads it: a name and password end at the first @ that no / comes before, and may hold a question mark.
    let start = url.find("://").map_or(0, |at| at + 3);
    let rest = url.get(start..).unwrap_or_default();
    let hosts_at = rest.find(['@', '/']).filter(|at| rest.as_bytes().get(*at) == Some(&b'@')).map_or(start, |at| start + at + 1);
    let (place, given) = match url.get(hosts_at..).and_then(|rest| rest.find('?')) {
        Some(mark) => (url.get(..hosts_at + mark).unwrap_or(url), url.get(hosts_at + mark + 1..).unwrap_or_default()),
        None => (url, ""),
    };
    let hosts = place.get(hosts_at..).and_then(|hosts| hosts.split('/').next()).unwrap_or_default();
    let is_several =
        hosts.contains(',') || given.split('&').any(|pair| pair.split_once('=').is_some_and(|(name, value)| matches!(name, "host" | "hostaddr") && value.contains(',')));
    let more = ALWAYS.iter().copied().chain(is_several.then_some(("target_session_attrs", "read-write")));
    let missing = more.filter(|(name, _)| !given.split('&').any(|pair| pair.split('=').next() == Some(name))).map(|(name, value)| format!("{name}={value}"));
    let options: Vec<String> = Some(given).filter(|given| !given.is_empty()).map(str::to_owned).into_iter().chain(missing).collect();
    format!("{place}?{}", options.join("&"))
}

/// Makes the file before SQLite does, so that its owner alone can read it and what SQLite puts beside it.
fn make_private(path: &std::path::Path) -> Result<(), StoreError> {
    let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match made {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => must_be_private(path).map_err(|why| StoreError::Unavailable(format!("{}: {why}", path.display()))),
        Err(error) => Err(StoreError::Unavailable(format!("{}: {error}", path.display()))),
    }
}

/// Refuses a database file that others may read or write, that is a link, or that others may put another one in the place of.
fn must_be_private(path: &std::path::Path) -> Result<(), String> {
    let metadata = path.symlink_metadata().map_err(|error| error.to_string())?;
    if !metadata.is_file() {
        return Err("the database has to be a file, and no link to one".to_owned());
    }
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(format!("others may read or write the database (mode {mode:o}); run: chmod 600 {}", path.display()));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(std::path::Path::new("."));
    let mode = folder.metadata().map_err(|error| error.to_string())?.permissions().mode();
    // In a folder with the sticky bit nobody takes away what is not theirs.
    if mode & 0o002 != 0 && mode & 0o1000 == 0 {
        return Err(format!("anybody may put another file in its place; run: chmod o-w {}", folder.display()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::with_deadlines;

    #[test]
    fn deadlines_are_added_to_what_the_operator_wrote() {
        let plain = with_deadlines("postgres://shop@db/claviger");
        assert!(plain.starts_with("postgres://shop@db/claviger?connect_timeout=5&keepalives_idle=10"), "{plain}");
        assert!(!plain.contains("target_session_attrs"));
        let given = with_deadlines("postgres://a,b/claviger?sslmode=verify-full&connect_timeout=2");
        assert!(given.starts_with("postgres://a,b/claviger?sslmode=verify-full&connect_timeout=2&keepalives_idle=10"), "{given}");
        assert!(given.ends_with("&target_session_attrs=read-write"), "{given}");
        assert!(
            with_deadlines("postgres://a,b/claviger?target_session_attrs=any").contains("attrs=any")
                && !with_deadlines("postgres://a,b/x?target_session_attrs=any").contains("read-write")
        );
        let odd = with_deadlines("postgres://shop:a?b@db/claviger");
        assert!(odd.starts_with("postgres://shop:a?b@db/claviger?connect_timeout=5"), "{odd}");
        assert!(with_deadlines("postgres:///x?host=a,b").ends_with("&target_session_attrs=read-write"));
        assert!(!with_deadlines("postgres://shop:a,b@db/claviger").contains("target_session_attrs"), "a comma in the password");
    }
}
