//! Argon2id (RFC 9106) on its own threads: one a core, each owning its arena, behind a bounded queue with a deadline. Other costly work on passwords runs there too.
//!
//! More parallel hashes than cores give no more sign-ins, only more memory; and a hash on an async worker would stall every other request. The computation is done by the SIMD engine when it agrees with the reference at start, else by the reference with a reused arena.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use argon2::Block;
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use tokio::sync::oneshot;
use tracing::Instrument;
use zeroize::Zeroizing;

use crate::base::time::Clock;
use crate::platform::telemetry::traces;

/// The cost of a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct HashCost {
    /// Memory in KiB (`m`).
    pub memory_kib: u32,
    /// Passes (`t`).
    pub passes: u32,
    /// Lanes (`p`).
    pub lanes: u32,
}

/// How much the hash threads give way to the threads that answer everything else. At 10 a thread that wakes up runs at once, and a full queue of hashes still gets all that is left.
const NICENESS: i32 = 10;

/// Bytes of a tag.
pub const TAG_BYTES: usize = 32;

/// Why no hash was computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HashRefused {
    /// Too many wait already, or this one waited past its deadline: answer 503 with Retry-After.
    #[error("too many password checks wait")]
    Overloaded,
    /// The cost or the salt is not one that argon2 takes.
    #[error("the hash parameters are not valid")]
    Parameters,
}

/// Which implementation computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// `argon2-rust`, vectorised.
    Simd,
    /// RustCrypto's `argon2`.
    Reference,
}

/// What a thread is asked to do. Dropped undone it was refused.
type Work = Box<dyn FnOnce(&mut Arena) -> Reply + Send>;
/// Hands over what came of it.
type Reply = Box<dyn FnOnce()>;

struct Job {
    work: Work,
    deadline: Duration,
}

/// What the pool is doing, for metrics.
#[derive(Debug, Default)]
pub struct HashStatistics {
    /// Jobs that wait or run.
    pub queued: AtomicI64,
    /// Hashes computed.
    pub done: AtomicU64,
    /// Jobs turned away or dropped at their deadline.
    pub refused: AtomicU64,
}

/// How the pool is built.
#[derive(Debug, Clone, Copy)]
pub struct HashPoolOptions {
    /// Threads; 0 takes one a core.
    pub threads: usize,
    /// Jobs that may wait.
    pub queue: usize,
    /// How long a job may wait before it is dropped.
    pub deadline: Duration,
    /// Whether the SIMD engine may be used.
    pub may_use_simd: bool,
}

/// The pool. Cheap to clone; its threads end with the last clone.
#[derive(Clone)]
pub struct HashPool {
    inner: Arc<Inner>,
}

struct Inner {
    queue: Option<Sender<Job>>,
    threads: Vec<JoinHandle<()>>,
    statistics: Arc<HashStatistics>,
    clock: Arc<dyn Clock>,
    deadline: Duration,
    engine: Engine,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.queue = None;
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

impl HashPool {
    /// Starts the threads after the self-test.
    ///
    /// # Errors
    /// The operating system gave no thread.
    pub fn start(options: HashPoolOptions, clock: Arc<dyn Clock>) -> std::io::Result<Self> {
        let engine = if options.may_use_simd && simd_agrees() { Engine::Simd } else { Engine::Reference };
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let count = if options.threads == 0 { cores } else { options.threads };
        let (sender, receiver) = bounded(options.queue.max(1));
        let statistics = Arc::new(HashStatistics::default());
        let threads = (0..count)
            .map(|_| {
                let (receiver, statistics, clock) = (receiver.clone(), Arc::clone(&statistics), Arc::clone(&clock));
                std::thread::Builder::new().name("argon2".to_owned()).spawn(move || work(engine, &receiver, &statistics, clock.as_ref()))
            })
            .collect::<std::io::Result<Vec<_>>>()?;
        Ok(Self { inner: Arc::new(Inner { queue: Some(sender), threads, statistics, clock, deadline: options.deadline, engine }) })
    }

    /// Hashes `input` (an already peppered password) with `salt`.
    ///
    /// # Errors
    /// [`HashRefused`].
    pub async fn hash(&self, input: Zeroizing<[u8; 32]>, salt: Vec<u8>, cost: HashCost) -> Result<[u8; TAG_BYTES], HashRefused> {
        self.run(move |arena| arena.hash(&input[..], &salt, cost)).await?
    }

    /// Does `work` on one of the threads: what costs as much as a hash. A panic in it refuses this work alone.
    ///
    /// # Errors
    /// [`HashRefused::Overloaded`].
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce(&mut Arena) -> T + Send + 'static) -> Result<T, HashRefused> {
        let (reply, answer) = oneshot::channel();
        let work: Work = Box::new(move |arena| {
            // Whoever asked may have gone away.
            let done = (!reply.is_closed()).then(|| work(arena));
            Box::new(move || {
                if let Some(done) = done {
                    let _ = reply.send(done);
                }
            })
        });
        let deadline = self.inner.clock.monotonic().saturating_add(self.inner.deadline);
        let queue = self.inner.queue.as_ref().ok_or(HashRefused::Overloaded)?;
        self.inner.statistics.queued.fetch_add(1, Ordering::Relaxed);
        if let Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) = queue.try_send(Job { work, deadline }) {
            self.inner.statistics.queued.fetch_sub(1, Ordering::Relaxed);
            self.inner.statistics.refused.fetch_add(1, Ordering::Relaxed);
            return Err(HashRefused::Overloaded);
        }
        answer.instrument(traces::of_work("hash")).await.map_err(|_| HashRefused::Overloaded)
    }

    /// Whether a job handed in now would be turned away at once, so that a request can be refused before its body is read.
    pub fn is_full(&self) -> bool {
        self.inner.queue.as_ref().is_none_or(Sender::is_full)
    }

    /// What the pool is doing.
    pub fn statistics(&self) -> &HashStatistics {
        &self.inner.statistics
    }

    /// Which implementation passed the self-test.
    pub fn engine(&self) -> Engine {
        self.inner.engine
    }
}

fn work(engine: Engine, queue: &Receiver<Job>, statistics: &HashStatistics, clock: &dyn Clock) {
    // Hashing yields to the workers that answer everything else. Where the system forbids it, it hashes at normal priority.
    let _ = rustix::process::setpriority_process(Some(rustix::thread::gettid()), NICENESS);
    let mut arena = Arena::new(engine);
    while let Ok(job) = queue.recv() {
        let is_late = clock.monotonic() > job.deadline;
        let done = if is_late { None } else { std::panic::catch_unwind(AssertUnwindSafe(|| (job.work)(&mut arena))).ok() };
        if done.is_none() && !is_late {
            tracing::error!("work on a password broke off");
            arena = Arena::new(engine);
        }
        let counter = if done.is_some() { &statistics.done } else { &statistics.refused };
        counter.fetch_add(1, Ordering::Relaxed);
        statistics.queued.fetch_sub(1, Ordering::Relaxed);
        done.into_iter().for_each(|reply| reply());
    }
}

/// One thread's memory, kept between hashes: mapping and clearing 19 MiB anew would cost as much as the hash.
pub struct Arena {
    engine: Engine,
    simd: Option<(HashCost, argon2_rust::Hasher)>,
    blocks: Vec<Block>,
}

impl Arena {
    /// An empty arena; memory is taken at the first hash.
    pub fn new(engine: Engine) -> Self {
        Self { engine, simd: None, blocks: Vec::new() }
    }

    /// Hashes on this thread.
    ///
    /// # Errors
    /// [`HashRefused::Parameters`].
    pub fn hash(&mut self, input: &[u8], salt: &[u8], cost: HashCost) -> Result<[u8; TAG_BYTES], HashRefused> {
        match self.engine {
            Engine::Simd => self.hash_simd(input, salt, cost),
            Engine::Reference => self.hash_reference(input, salt, cost),
        }
    }

    fn hash_simd(&mut self, input: &[u8], salt: &[u8], cost: HashCost) -> Result<[u8; TAG_BYTES], HashRefused> {
        use argon2_rust::params::Memory;
        use argon2_rust::{Algorithm, Argon2, Params, Version};
        let mut hasher = match self.simd.take() {
            Some((known, hasher)) if known == cost => hasher,
            _ => {
                let params =
                    Params::builder().memory(Memory::kib(u64::from(cost.memory_kib))).passes(cost.passes).lanes(cost.lanes).build().map_err(|_| HashRefused::Parameters)?;
                Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hasher()
            }
        };
        let mut tag = [0_u8; TAG_BYTES];
        hasher.hash_into(input, salt, &mut tag).map_err(|_| HashRefused::Parameters)?;
        self.simd = Some((cost, hasher));
        Ok(tag)
    }

    fn hash_reference(&mut self, input: &[u8], salt: &[u8], cost: HashCost) -> Result<[u8; TAG_BYTES], HashRefused> {
        let params = argon2::Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(TAG_BYTES)).map_err(|_| HashRefused::Parameters)?;
        let wanted = params.block_count();
        if self.blocks.len() < wanted {
            self.blocks.resize(wanted, Block::default());
        }
        let mut tag = [0_u8; TAG_BYTES];
        let blocks = self.blocks.get_mut(..wanted).ok_or(HashRefused::Parameters)?;
        argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
            .hash_password_into_with_memory(input, salt, &mut tag, blocks)
            .map_err(|_| HashRefused::Parameters)?;
        Ok(tag)
    }
}

/// The start-up self-test: both engines give the same tags for inputs of different shapes.
fn simd_agrees() -> bool {
    let costs = [HashCost { memory_kib: 64, passes: 1, lanes: 1 }, HashCost { memory_kib: 128, passes: 2, lanes: 1 }, HashCost { memory_kib: 96, passes: 1, lanes: 2 }];
    let (mut simd, mut reference) = (Arena::new(Engine::Simd), Arena::new(Engine::Reference));
    costs.into_iter().all(|cost| {
        [b"".as_slice(), b"self-test", &[0xff; 200]].into_iter().all(|input| {
            let (one, other) = (simd.hash(input, b"0123456789abcdef", cost), reference.hash(input, b"0123456789abcdef", cost));
            one.is_ok() && one == other
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::{ManualClock, UnixSeconds};
    use proptest::prelude::*;

    #[test]
    fn the_engines_agree_with_the_rfc_and_each_other() {
        assert!(simd_agrees());
        // The vector of the reference implementation for "password" and "somesalt".
        let cost = HashCost { memory_kib: 256, passes: 2, lanes: 1 };
        let tag = Arena::new(Engine::Reference).hash(b"password", b"somesalt", cost).unwrap();
        assert_eq!(crate::base::encoding::hex(&tag), "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe");
    }

    #[test]
    fn a_full_queue_refuses_at_once() {
        let clock = Arc::new(ManualClock::at(UnixSeconds(0)));
        let options = HashPoolOptions { threads: 1, queue: 1, deadline: Duration::from_secs(2), may_use_simd: true };
        let pool = HashPool::start(options, clock).unwrap();
        let cost = HashCost { memory_kib: 19_456, passes: 2, lanes: 1 };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let outcomes = runtime.block_on(async {
            let jobs = (0..40).map(|_| pool.hash(Zeroizing::new([1; 32]), b"0123456789abcdef".to_vec(), cost));
            futures_util::future::join_all(jobs).await
        });
        assert!(outcomes.contains(&Err(HashRefused::Overloaded)));
        assert!(outcomes.iter().any(Result::is_ok));
        assert_eq!(pool.statistics().queued.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn other_work_runs_there_too_and_a_panic_in_it_ends_nothing() {
        let options = HashPoolOptions { threads: 1, queue: 4, deadline: Duration::from_secs(2), may_use_simd: true };
        let pool = HashPool::start(options, Arc::new(ManualClock::at(UnixSeconds(0)))).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            assert_eq!(pool.run(|_| std::thread::current().name().map(str::to_owned)).await.unwrap().as_deref(), Some("argon2"));
            assert_eq!(pool.run::<()>(|_| panic!("a hash that nobody foresaw")).await, Err(HashRefused::Overloaded));
            assert_eq!(pool.run(|_| 7).await, Ok(7));
        });
        assert_eq!((pool.statistics().queued.load(Ordering::Relaxed), pool.statistics().refused.load(Ordering::Relaxed)), (0, 1));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn the_fast_engine_never_differs_from_the_reference(input in proptest::collection::vec(any::<u8>(), 0..300), salt in proptest::collection::vec(any::<u8>(), 8..40), memory in 8_u32..600, passes in 1_u32..4) {
            let cost = HashCost { memory_kib: memory, passes, lanes: 1 };
            prop_assert_eq!(Arena::new(Engine::Simd).hash(&input, &salt, cost), Arena::new(Engine::Reference).hash(&input, &salt, cost));
        }
    }
}
