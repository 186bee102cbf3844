//! The handle that the rest of the house holds: `read` and `write` carry closures to the threads that own the connections.

use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use crossbeam_channel::{Sender, TrySendError, bounded};
use tokio::sync::oneshot;
use tracing::Instrument;

use super::StoreError;
use super::connection::{DatabaseAddress, DbConnection};
use super::threads::{self, Later, LaterSender};
use super::watch::{self, Threads};
use crate::platform::telemetry::traces;

/// The proof of an open transaction. All that runs in one commits together, or not at all.
pub struct WriteTx<'a> {
    connection: &'a mut DbConnection,
}

impl<'a> WriteTx<'a> {
    pub(super) fn new(connection: &'a mut DbConnection) -> Self {
        Self { connection }
    }
}

impl Deref for WriteTx<'_> {
    type Target = DbConnection;

    fn deref(&self) -> &DbConnection {
        self.connection
    }
}

impl DerefMut for WriteTx<'_> {
    fn deref_mut(&mut self) -> &mut DbConnection {
        self.connection
    }
}

/// How many threads, and how careful.
#[derive(Debug, Clone)]
pub struct DbOptions {
    /// Which database.
    pub address: DatabaseAddress,
    /// Connections: the whole pool on PostgreSQL, the readers on SQLite (which has one writer beside them).
    pub connections: usize,
    /// Whether a commit waits for the disk.
    pub is_durable: bool,
}

/// What the threads are doing, for metrics.
#[derive(Debug, Default)]
pub struct DbStatistics {
    /// Jobs that wait for a thread or run.
    pub in_flight: AtomicI64,
    /// Transactions committed; on SQLite one may hold many writes.
    pub commits: AtomicU64,
    /// Writes inside those transactions.
    pub writes: AtomicU64,
    /// Jobs that failed for want of the database.
    pub failures: AtomicU64,
    /// Connections to PostgreSQL that were found dead, each of which had the whole pool opened anew.
    pub losses: AtomicU64,
}

pub(super) trait ReadJob: Send {
    /// How long it may take.
    fn patience(&self) -> Duration;
    /// Whether somebody still waits for it.
    fn is_wanted(&self) -> bool;
    /// Runs it and answers. Whether it failed for want of the database.
    fn run(self: Box<Self>, connection: Result<&mut DbConnection, StoreError>) -> bool;
}

pub(super) trait WriteJob: Send {
    /// How long it may take.
    fn patience(&self) -> Duration;
    /// Whether whoever asked has been told that it did not happen, before it began. It must not happen then.
    fn is_given_up(&self) -> bool;
    /// Runs the closure inside the transaction; may be called again after a serialization failure.
    fn run(&mut self, tx: &mut WriteTx<'_>) -> Result<(), StoreError>;
    /// Tells the caller how it ended; called once, after the commit.
    fn finish(self: Box<Self>, outcome: Result<(), StoreError>);
}

pub(super) enum Job {
    Read(Box<dyn ReadJob>),
    Write(Box<dyn WriteJob>),
    /// Something was put aside for the writer.
    Later,
}

struct TypedRead<T, F> {
    run: F,
    patience: Duration,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> ReadJob for TypedRead<T, F>
where
    T: Send,
    F: FnOnce(&mut DbConnection) -> Result<T, StoreError> + Send,
{
    fn patience(&self) -> Duration {
        self.patience
    }

    fn is_wanted(&self) -> bool {
        !self.reply.is_closed()
    }

    fn run(self: Box<Self>, connection: Result<&mut DbConnection, StoreError>) -> bool {
        let Self { run, reply, .. } = *self;
        let answer = connection.and_then(|connection| threads::guarded(|| run(connection)));
        let has_failed = matches!(answer, Err(StoreError::Unavailable(_)));
        // The caller may have gone away; then nobody waits for the answer.
        let _ = reply.send(answer);
        has_failed
    }
}

struct TypedWrite<T, F> {
    run: F,
    patience: Duration,
    /// Set when the caller stopped waiting for want of time. One that goes away by itself sets nothing: what it did is done, and counted.
    is_given_up: Arc<AtomicBool>,
    value: Option<T>,
    reply: Option<oneshot::Sender<Result<T, StoreError>>>,
}

impl<T, F> WriteJob for TypedWrite<T, F>
where
    T: Send,
    F: FnMut(&mut WriteTx<'_>) -> Result<T, StoreError> + Send,
{
    fn patience(&self) -> Duration {
        self.patience
    }

    fn is_given_up(&self) -> bool {
        self.is_given_up.load(Ordering::SeqCst)
    }

    fn run(&mut self, tx: &mut WriteTx<'_>) -> Result<(), StoreError> {
        self.value = None;
        let run = &mut self.run;
        self.value = Some(threads::guarded(|| run(tx))?);
        Ok(())
    }

    fn finish(mut self: Box<Self>, outcome: Result<(), StoreError>) {
        let answer = match (outcome, self.value.take()) {
            (Ok(()), Some(value)) => Ok(value),
            (Ok(()), None) => Err(StoreError::Unavailable("the write did not run".to_owned())),
            (Err(error), _) => Err(error),
        };
        match (self.reply.take(), answer) {
            // The caller may have gone away; then nobody waits for the answer.
            (Some(reply), answer) => drop(reply.send(answer)),
            (None, Ok(_)) => {}
            (None, Err(error)) => tracing::error!(%error, "a record that nobody waits for was not written"),
        }
    }
}

/// The database. Cheap to clone; the threads end when the last clone is gone.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
    /// How long a job is waited for.
    patience: Option<Duration>,
}

struct Inner {
    reads: Option<Sender<Job>>,
    writes: Option<Sender<Job>>,
    later: Option<LaterSender>,
    threads: Threads,
    /// Whoever watches the threads goes when this does.
    watched: Option<Sender<()>>,
    statistics: Arc<DbStatistics>,
    address: DatabaseAddress,
    kind: &'static str,
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Closing the channels lets the threads finish what waits, then end.
        self.reads = None;
        self.writes = None;
        self.later = None;
        self.watched = None;
        let mut threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        // The last handle may be dropped by a job on one of them: that one ends by itself a moment later, and the others, some of which wait for it, after it.
        let own = std::thread::current().id();
        if threads.iter().any(|thread| thread.thread().id() == own) {
            return;
        }
        // One that waits for a PostgreSQL which has stopped ends with the process.
        let mut patience = if self.kind == "postgres" { 500 } else { u32::MAX };
        for thread in threads.drain(..) {
            while patience < u32::MAX && patience > 0 && !thread.is_finished() {
                std::thread::park_timeout(Duration::from_millis(10));
                patience -= 1;
            }
            if patience > 0 || thread.is_finished() {
                let _ = thread.join();
            }
        }
    }
}

/// How long anybody waits for PostgreSQL. Statements have shorter deadlines of their own; this one is for a server that has stopped, which keeps none.
const PATIENCE: Duration = Duration::from_secs(20);
/// The same for jobs that look through whole tables.
const LONG_PATIENCE: Duration = Duration::from_secs(3_600);
/// Jobs that may wait before callers are told that the database is too busy.
const QUEUE: usize = 4_096;

impl Db {
    /// Opens the database and starts its threads. Migrations are not run here.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the first connection cannot be opened.
    pub fn start(options: &DbOptions) -> Result<Self, StoreError> {
        let statistics = Arc::new(DbStatistics::default());
        let (writes, write_queue) = bounded(QUEUE);
        let (mut later, mut watched, threads) = (None, None, Threads::default());
        let reads = match options.address {
            DatabaseAddress::Sqlite(_) => {
                let (reads, read_queue) = bounded(QUEUE);
                let (sender, put_aside) = Later::new(QUEUE);
                later = Some(sender);
                let (carrier, carrying) = threads::start_carrier(options, &statistics)?;
                let mut all = vec![carrying, threads::start_sqlite_writer(options, write_queue, put_aside, carrier, &statistics)?];
                for _ in 0..options.connections.max(1) {
                    all.push(threads::start_worker(options, read_queue.clone(), &statistics, &Arc::default(), true)?);
                }
                threads.lock().unwrap_or_else(PoisonError::into_inner).extend(all);
                reads
            }
            DatabaseAddress::Postgres(_) => {
                watched = Some(watch::start_pool(options, &write_queue, &statistics, &threads)?);
                writes.clone()
            }
        };
        let inner = Inner {
            reads: Some(reads),
            writes: Some(writes),
            later,
            threads,
            watched,
            statistics,
            address: options.address.clone(),
            kind: options.address.kind(),
        };
        Ok(Self { inner: Arc::new(inner), patience: None })
    }

    /// The same for requests: on PostgreSQL nobody waits longer than [`PATIENCE`] for it, whatever became of the server.
    #[must_use]
    pub fn with_deadline(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), patience: (self.inner.kind == "postgres").then_some(PATIENCE) }
    }

    /// The same for jobs that take long: an hour.
    #[must_use]
    pub fn with_long_deadline(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), patience: (self.inner.kind == "postgres").then_some(LONG_PATIENCE) }
    }

    /// Runs `read` on a connection and gives back what it returned.
    ///
    /// # Errors
    /// What `read` returned, or [`StoreError::Unavailable`].
    pub async fn read<T, F>(&self, read: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut DbConnection) -> Result<T, StoreError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.submit(self.inner.reads.as_ref(), Job::Read(Box::new(TypedRead { run: read, patience: self.limit(), reply })))?;
        self.wait(answer, None).instrument(traces::of_database(self.inner.kind, "read")).await
    }

    /// Runs `write` in a transaction, and answers after the commit. An `Err` rolls back; a refusal is therefore returned as a value.
    ///
    /// `write` may run more than once when the database asks for a retry, so it must not have other effects.
    ///
    /// # Errors
    /// What `write` returned, or [`StoreError::Unavailable`].
    pub async fn write<T, F>(&self, write: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnMut(&mut WriteTx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let is_given_up = Arc::new(AtomicBool::new(false));
        let job = TypedWrite { run: write, patience: self.limit(), is_given_up: Arc::clone(&is_given_up), value: None, reply: Some(reply) };
        self.submit(self.inner.writes.as_ref(), Job::Write(Box::new(job)))?;
        self.wait(answer, Some(&is_given_up)).instrument(traces::of_database(self.inner.kind, "write")).await
    }

    /// Like [`Self::write`], and again when somebody else made the same row in the same moment: then it is there.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Conflict`] only when it goes on and on.
    pub async fn write_again<T, F>(&self, write: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnMut(&mut WriteTx<'_>) -> Result<T, StoreError> + Clone + Send + 'static,
    {
        for _ in 0..7 {
            match self.write(write.clone()).await {
                Err(StoreError::Conflict) => {}
                settled => return settled,
            }
        }
        self.write(write).await
    }

    /// Hands `write` to the writer without waiting for its commit. For records whose loss with a crash is bearable, never for what an answer promises.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the queue is full.
    pub fn write_later<F>(&self, mut write: F) -> Result<(), StoreError>
    where
        F: FnMut(&mut WriteTx<'_>) -> Result<(), StoreError> + Send + 'static,
    {
        let run = move |tx: &mut WriteTx<'_>| write(tx);
        let job = Job::Write(Box::new(TypedWrite { run, patience: self.limit(), is_given_up: Arc::default(), value: None, reply: None }));
        let Some(later) = &self.inner.later else { return self.submit(self.inner.writes.as_ref(), job) };
        self.inner.statistics.in_flight.fetch_add(1, Ordering::Relaxed);
        let is_first = match later.put(job) {
            Ok(is_first) => is_first,
            // Too many were put aside while the writer was busy: this one queues like any other.
            Err(TrySendError::Full(job)) => {
                self.inner.statistics.in_flight.fetch_sub(1, Ordering::Relaxed);
                return self.submit(self.inner.writes.as_ref(), job);
            }
            Err(error @ TrySendError::Disconnected(_)) => return Err(self.turned_away(&error)),
        };
        if is_first && self.submit(self.inner.writes.as_ref(), Job::Later).is_ok() {
            // A queue that is full commits at once in any case, and takes the job along.
            self.inner.statistics.in_flight.fetch_sub(1, Ordering::Relaxed);
        }
        Ok(())
    }

    fn limit(&self) -> Duration {
        self.patience.unwrap_or(LONG_PATIENCE)
    }

    /// What the threads are doing.
    pub fn statistics(&self) -> &DbStatistics {
        &self.inner.statistics
    }

    /// Which database.
    pub(super) fn address(&self) -> &DatabaseAddress {
        &self.inner.address
    }

    /// `sqlite` or `postgres`.
    pub fn kind(&self) -> &'static str {
        self.inner.kind
    }

    fn submit(&self, queue: Option<&Sender<Job>>, job: Job) -> Result<(), StoreError> {
        let queue = queue.ok_or_else(|| StoreError::Unavailable("the database is closed".to_owned()))?;
        self.inner.statistics.in_flight.fetch_add(1, Ordering::Relaxed);
        queue.try_send(job).map_err(|error| self.turned_away(&error))
    }

    fn turned_away(&self, error: &TrySendError<Job>) -> StoreError {
        self.inner.statistics.in_flight.fetch_sub(1, Ordering::Relaxed);
        self.inner.statistics.failures.fetch_add(1, Ordering::Relaxed);
        match error {
            TrySendError::Full(_) => StoreError::Unavailable("too many jobs wait for the database".to_owned()),
            TrySendError::Disconnected(_) => StoreError::Unavailable("the database threads have ended".to_owned()),
        }
    }

    async fn wait<T>(&self, answer: oneshot::Receiver<Result<T, StoreError>>, given_up: Option<&AtomicBool>) -> Result<T, StoreError> {
        let ended = || StoreError::Unavailable("the database thread ended".to_owned());
        let answer = match self.patience {
            None => answer.await.unwrap_or_else(|_| Err(ended())),
            Some(patience) => match tokio::time::timeout(patience, answer).await {
                Ok(answer) => answer.unwrap_or_else(|_| Err(ended())),
                Err(_) => {
                    if let Some(given_up) = given_up {
                        given_up.store(true, Ordering::SeqCst);
                    }
                    Err(StoreError::Unavailable(format!("no answer from the database within {} s", patience.as_secs())))
                }
            },
        };
        if matches!(answer, Err(StoreError::Unavailable(_))) {
            self.inner.statistics.failures.fetch_add(1, Ordering::Relaxed);
        }
        answer
    }
}
