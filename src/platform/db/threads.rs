//! The threads that own the connections.
//!
//! SQLite has one writer: whatever waits is run in one `BEGIN IMMEDIATE … COMMIT`, a savepoint for each job, and everybody is answered after the one commit (group commit). A pool of competing writers would be a hundred times slower. PostgreSQL has a pool of equal workers, each transaction on its own, retried when the server asks for it.

use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TrySendError, after, bounded, never, select};
use diesel::connection::SimpleConnection;

use super::connection::{DatabaseAddress, DbConnection, Purpose, open_for};
use super::handle::{DbOptions, DbStatistics, Job, WriteJob, WriteTx};
use super::watch::Post;
use super::{READ_ONLY, StoreError};

/// The most writes that share one commit.
const BATCH: usize = 256;
/// How long a write that nobody waits for may wait for others to share its commit.
const PATIENCE: Duration = Duration::from_millis(10);
/// How long commits gather before their pages are carried over from the log.
const CARRY_PAUSE: Duration = Duration::from_millis(250);
/// How often a transaction is tried again after a serialization failure or deadlock.
const RETRIES: usize = 5;
/// A connection that nobody used for so long is asked for an answer before it is relied on: servers, and what stands between, drop idle ones.
const IDLE: Duration = Duration::from_millis(500);

/// Runs `work` so that a panic in it becomes an error and the thread lives on.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(StoreError::Unavailable("a database job panicked".to_owned())))
}

pub(super) fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, StoreError> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .stack_size(1024 * 1024)
        .spawn(body)
        .map_err(|error| StoreError::Unavailable(format!("no thread for the database: {error}")))
}

/// A connection that is opened again when it broke.
struct Line {
    address: DatabaseAddress,
    purpose: Purpose,
    is_durable: bool,
    connection: Option<DbConnection>,
    statistics: Arc<DbStatistics>,
    /// How many connections had been lost when this one was opened or last compared.
    losses: u64,
}

impl Line {
    fn open(options: &DbOptions, purpose: Purpose, statistics: &Arc<DbStatistics>) -> Result<Self, StoreError> {
        let mut line = Self::closed(options, purpose, statistics);
        line.connection()?;
        Ok(line)
    }

    /// One that is opened by the first job.
    fn closed(options: &DbOptions, purpose: Purpose, statistics: &Arc<DbStatistics>) -> Self {
        Self { address: options.address.clone(), purpose, is_durable: options.is_durable, connection: None, statistics: Arc::clone(statistics), losses: 0 }
    }

    fn connection(&mut self) -> Result<&mut DbConnection, StoreError> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => {
                // Before it is opened: one that is lost meanwhile may be this one.
                self.losses = self.statistics.losses.load(Ordering::SeqCst);
                open_for(&self.address, self.purpose, self.is_durable)?
            }
        };
        Ok(self.connection.insert(connection))
    }

    /// Makes sure of PostgreSQL's connection before a job relies on it. Where one of the pool was lost the server has most likely gone and come back, so all are opened anew, and not each by the request that meets it.
    fn look_after(&mut self, is_idle: bool) {
        if let Some(DbConnection::Postgres(connection)) = &mut self.connection {
            if self.losses != self.statistics.losses.load(Ordering::SeqCst) {
                self.hang_up();
            } else if is_idle && connection.batch_execute("SELECT").is_err() {
                self.lose();
            }
        }
    }

    /// Drops a connection that the server has ended, and has the others of the pool opened anew.
    fn lose(&mut self) {
        // One loss counts once, however many of the pool find it out.
        let is_first = matches!(self.address, DatabaseAddress::Postgres(_))
            && self.statistics.losses.compare_exchange(self.losses, self.losses.wrapping_add(1), Ordering::SeqCst, Ordering::SeqCst).is_ok();
        if is_first {
            tracing::warn!("a database connection was lost; all are opened anew");
        }
        self.hang_up();
    }

    /// Drops a connection whose state is unknown, so that the next job opens a fresh one.
    fn hang_up(&mut self) {
        self.connection = None;
    }
}

/// Starts a worker that takes any job, at `post`: a reader on SQLite, a pool member on PostgreSQL. It opens its connection at once, or by its first job.
pub(super) fn start_worker(options: &DbOptions, queue: Receiver<Job>, statistics: &Arc<DbStatistics>, post: &Arc<Post>, at_once: bool) -> Result<JoinHandle<()>, StoreError> {
    let purpose = if matches!(options.address, DatabaseAddress::Sqlite(_)) { Purpose::Read } else { Purpose::Write };
    let mut line = if at_once { Line::open(options, purpose, statistics)? } else { Line::closed(options, purpose, statistics) };
    let (statistics, post) = (Arc::clone(statistics), Arc::clone(post));
    spawn("db-worker", move || {
        while !post.is_left() {
            let soon = queue.recv_timeout(IDLE);
            let is_idle = matches!(soon, Err(RecvTimeoutError::Timeout));
            let Ok(job) = soon.or_else(|_| queue.recv()) else { return };
            if matches!(&job, Job::Read(job) if !job.is_wanted()) || matches!(&job, Job::Write(job) if job.is_given_up()) {
                statistics.in_flight.fetch_sub(1, Ordering::Relaxed);
                continue;
            }
            post.begin(match &job {
                Job::Read(job) => job.patience(),
                Job::Write(job) => job.patience(),
                Job::Later => IDLE,
            });
            line.look_after(is_idle);
            match job {
                Job::Read(job) => {
                    // A statement can fail for want of a server without the library taking note of it.
                    let is_doubtful = job.run(line.connection());
                    if line.connection.as_mut().is_some_and(|connection| !is_usable(connection) || is_doubtful && !is_answered(connection)) {
                        line.lose();
                    }
                }
                Job::Write(job) => write_alone(&mut line, job, &statistics),
                // Workers of PostgreSQL have no side queue.
                Job::Later => {}
            }
            post.end(line.connection.is_some());
            statistics.in_flight.fetch_sub(1, Ordering::Relaxed);
        }
    })
}

/// Whether PostgreSQL answers on it.
fn is_answered(connection: &mut DbConnection) -> bool {
    match connection {
        DbConnection::Postgres(inner) => inner.batch_execute("SELECT").is_ok(),
        DbConnection::Sqlite(_) => true,
    }
}

fn is_usable(connection: &mut DbConnection) -> bool {
    use diesel::connection::{Connection, TransactionManager};
    match connection {
        DbConnection::Postgres(inner) => !<diesel::PgConnection as Connection>::TransactionManager::is_broken_transaction_manager(inner),
        DbConnection::Sqlite(_) => true,
    }
}

fn write_alone(line: &mut Line, mut job: Box<dyn WriteJob>, statistics: &DbStatistics) {
    let mut tries = 0;
    loop {
        match write_once(line, job.as_mut()) {
            Ok(()) => {
                statistics.commits.fetch_add(1, Ordering::Relaxed);
                statistics.writes.fetch_add(1, Ordering::Relaxed);
                return job.finish(Ok(()));
            }
            Err(error) if tries < RETRIES && wants_retry(&error) => tries += 1,
            // Two first writes of one row met: the other one's row is there now, so a second look finds it. A key that is really taken fails again.
            Err(StoreError::Conflict) if tries == 0 => tries += 1,
            Err(error) => return job.finish(Err(error)),
        }
    }
}

fn write_once(line: &mut Line, job: &mut dyn WriteJob) -> Result<(), StoreError> {
    if line.connection()?.batch_execute("BEGIN").is_err() {
        // The server went away since the connection was used: one fresh connection, before anything ran.
        line.lose();
        line.connection()?.batch_execute("BEGIN")?;
    }
    let ran = job.run(&mut WriteTx::new(line.connection()?));
    let ended = match ran {
        Ok(()) => line.connection()?.batch_execute("COMMIT").map_err(StoreError::from),
        Err(error) => {
            if line.connection()?.batch_execute("ROLLBACK").is_err() {
                line.lose();
            } else if matches!(&error, StoreError::Unavailable(text) if text.starts_with(READ_ONLY)) {
                // A server that has been made a standby: the primary is another one, perhaps at the same address. Each finds that out for itself, so that one that stays as it is has not the whole pool opened again and again.
                line.hang_up();
            }
            return Err(error);
        }
    };
    if matches!(&ended, Err(error) if !wants_retry(error)) {
        // After a failed commit nobody knows the state of the connection.
        line.lose();
    }
    ended
}

fn wants_retry(error: &StoreError) -> bool {
    // Diesel names serialization failures in its error; a deadlock it passes on as text. Both roll back whole.
    matches!(error, StoreError::Unavailable(text) if text.contains("could not serialize") || text.contains("deadlock detected"))
}

/// Writes that nobody waits for. They ride along with the next commit; the first of them makes sure that there is one soon. The others wake nobody, so that a stream of such records costs neither a commit nor a thread switch each.
pub(super) struct Later {
    queue: Receiver<Job>,
    is_announced: Arc<AtomicBool>,
}

impl Later {
    /// A side queue, and the end that jobs are put into.
    pub(super) fn new(capacity: usize) -> (LaterSender, Self) {
        let (sender, queue) = bounded(capacity);
        let is_announced = Arc::new(AtomicBool::new(false));
        (LaterSender { sender, is_announced: Arc::clone(&is_announced) }, Self { queue, is_announced })
    }

    fn take(&self, batch: &mut Vec<Box<dyn WriteJob>>) {
        // Before the queue is looked at: a job that comes in between announces itself again.
        self.is_announced.store(false, Ordering::SeqCst);
        batch.extend(self.queue.try_iter().filter_map(as_write));
    }
}

/// The other end of [`Later`].
pub(super) struct LaterSender {
    sender: Sender<Job>,
    is_announced: Arc<AtomicBool>,
}

impl LaterSender {
    /// Puts a job aside. True when the writer has to be told.
    pub(super) fn put(&self, job: Job) -> Result<bool, TrySendError<Job>> {
        self.sender.try_send(job)?;
        Ok(!self.is_announced.swap(true, Ordering::SeqCst))
    }
}

/// Tells the carrier of commits, and that there are no more.
pub(super) struct Carrier {
    commits: Sender<()>,
    _alive: Sender<()>,
}

/// Starts the thread that carries pages from SQLite's log into its file after commits, so that no write waits for that: the writer would do it itself only once the log has grown to [`LOG_PAGES`](super::connection).
pub(super) fn start_carrier(options: &DbOptions, statistics: &Arc<DbStatistics>) -> Result<(Carrier, JoinHandle<()>), StoreError> {
    let mut line = Line::open(options, Purpose::Write, statistics)?;
    let ((commits, committed), (alive, ended)) = (bounded(1), bounded::<()>(0));
    let thread = spawn("db-carrier", move || {
        while committed.recv().is_ok() {
            // The pause, or until the writer has ended. Commits meanwhile wake nobody.
            let _ = ended.recv_timeout(CARRY_PAUSE);
            // Readers and the writer go on meanwhile; what one of them still needs waits for the next time.
            let carried = line.connection().and_then(|connection| connection.batch_execute("PRAGMA wal_checkpoint(PASSIVE)").map_err(StoreError::from));
            if let Err(error) = carried {
                end_on_a_broken_disk(&error, &line.address);
                tracing::warn!(%error, "the database's log was not carried over");
                line.hang_up();
            }
        }
    })?;
    Ok((Carrier { commits, _alive: alive }, thread))
}

/// Starts SQLite's one writer, which tells the carrier of each commit.
pub(super) fn start_sqlite_writer(options: &DbOptions, queue: Receiver<Job>, later: Later, carrier: Carrier, statistics: &Arc<DbStatistics>) -> Result<JoinHandle<()>, StoreError> {
    let mut line = Line::open(options, Purpose::Write, statistics)?;
    let statistics = Arc::clone(statistics);
    spawn("db-writer", move || {
        let mut patience = never();
        loop {
            // Blocks until somebody writes; then takes all that waits, without waiting for more.
            let mut batch = Vec::with_capacity(8);
            let mut is_closed = false;
            select! {
                recv(queue) -> next => match next {
                    Ok(Job::Later) => patience = after(PATIENCE),
                    Ok(job) => batch.extend(as_write(job)),
                    Err(_) => is_closed = true,
                },
                recv(patience) -> _ => {
                    patience = never();
                    later.take(&mut batch);
                }
            }
            if !batch.is_empty() || is_closed {
                while batch.len() < BATCH
                    && let Ok(job) = queue.try_recv()
                {
                    if matches!(job, Job::Later) {
                        patience = after(PATIENCE);
                    }
                    batch.extend(as_write(job));
                }
                later.take(&mut batch);
            }
            let size = batch.len();
            if size > 0 {
                write_batch(&mut line, batch, &statistics);
                // It may have been told already.
                let _ = carrier.commits.try_send(());
                statistics.in_flight.fetch_sub(i64::try_from(size).unwrap_or(0), Ordering::Relaxed);
            }
            if is_closed && later.queue.is_empty() {
                return;
            }
        }
    })
}

fn as_write(job: Job) -> Option<Box<dyn WriteJob>> {
    match job {
        Job::Write(job) => Some(job),
        Job::Read(_) | Job::Later => None,
    }
}

fn write_batch(line: &mut Line, batch: Vec<Box<dyn WriteJob>>, statistics: &DbStatistics) {
    let begun = line.connection().and_then(|connection| connection.batch_execute("BEGIN IMMEDIATE").map_err(StoreError::from));
    if let Err(error) = begun {
        end_on_a_broken_disk(&error, &line.address);
        line.hang_up();
        return batch.into_iter().for_each(|job| job.finish(Err(error.clone())));
    }
    let mut outcomes = Vec::with_capacity(batch.len());
    let mut lost = None;
    for mut job in batch {
        let outcome = match (&lost, line.connection()) {
            (Some(error), _) => Err(StoreError::clone(error)),
            (None, Err(error)) => Err(error),
            (None, Ok(connection)) => match run_in_savepoint(connection, job.as_mut()) {
                Ok(outcome) => outcome,
                // SQLite has rolled the whole transaction back (disk full, I/O error): the jobs before are lost too, and a savepoint now would commit on its own.
                Err(error) => {
                    lost = Some(error.clone());
                    Err(error)
                }
            },
        };
        outcomes.push((job, outcome));
    }
    if let Some(error) = lost {
        end_on_a_broken_disk(&error, &line.address);
        tracing::error!(%error, "the database rolled a batch back");
        line.hang_up();
        return outcomes.into_iter().for_each(|(job, _)| job.finish(Err(error.clone())));
    }
    let committed = line.connection().and_then(|connection| connection.batch_execute("COMMIT").map_err(StoreError::from));
    match committed {
        Ok(()) => {
            statistics.commits.fetch_add(1, Ordering::Relaxed);
            statistics.writes.fetch_add(u64::try_from(outcomes.len()).unwrap_or(0), Ordering::Relaxed);
            outcomes.into_iter().for_each(|(job, outcome)| job.finish(outcome));
        }
        Err(error) => {
            end_on_a_broken_disk(&error, &line.address);
            tracing::error!(%error, "a commit failed; its writes are rolled back");
            line.hang_up();
            outcomes.into_iter().for_each(|(job, _)| job.finish(Err(error.clone())));
        }
    }
}

/// Ends the process when the disk failed under a write of SQLite's. What a failed sync left there nobody knows, and asking again may be told that all is well; the next start reads what is really there and recovers from the log. A full disk, or one that takes no writes, is another thing: it is told, and gone on with, also where the kernel made a disk read-only because it failed: nothing is written there any more.
fn end_on_a_broken_disk(error: &StoreError, address: &DatabaseAddress) {
    /// What sysexits(3) has for it.
    const EX_IOERR: i32 = 74;
    let DatabaseAddress::Sqlite(path) = address else { return };
    if matches!(error, StoreError::Unavailable(text) if text.contains("disk I/O error")) && !is_read_only(path) {
        tracing::error!(%error, "the disk failed; this process ends, and the database is recovered when it is started again");
        crate::platform::telemetry::logging::finish();
        std::process::exit(EX_IOERR);
    }
}

/// Whether the folder takes no writes at the moment, which SQLite calls an I/O error too.
fn is_read_only(database: &Path) -> bool {
    let beside = database.with_extension("probe");
    let probe = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside).and_then(|file| file.write_all_at(b"?", 0));
    let _ = std::fs::remove_file(&beside);
    probe.is_err_and(|error| error.kind() == std::io::ErrorKind::ReadOnlyFilesystem)
}

/// The inner result is the job's; the outer error means that the transaction itself is gone.
fn run_in_savepoint(connection: &mut DbConnection, job: &mut dyn WriteJob) -> Result<Result<(), StoreError>, StoreError> {
    connection.batch_execute("SAVEPOINT job")?;
    match job.run(&mut WriteTx::new(connection)) {
        Ok(()) => {
            connection.batch_execute("RELEASE job")?;
            Ok(Ok(()))
        }
        Err(error) => match connection.batch_execute("ROLLBACK TO job; RELEASE job") {
            Ok(()) => Ok(Err(error)),
            // The savepoint went with the transaction, which the job's own error tells of.
            Err(_) => Err(error),
        },
    }
}
