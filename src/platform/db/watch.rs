//! Watches the workers of PostgreSQL's pool. A server, or what stands before it, can keep a connection and never answer: then neither libpq nor the system ends the wait. The thread is left to it, and another one with a connection of its own takes its place.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use super::StoreError;
use super::handle::{DbOptions, DbStatistics, Job};
use super::threads::{spawn, start_worker};

/// How often it is looked.
const TICK: Duration = Duration::from_secs(1);

/// Where a worker is.
#[derive(Debug, Default)]
pub(super) struct Post {
    /// Odd while it is at a job.
    step: AtomicU64,
    /// How long that one may take, in seconds.
    seconds: AtomicU64,
    is_left: AtomicBool,
    is_answered: AtomicBool,
}

impl Post {
    /// It begins with a job, for which somebody waits so long.
    pub(super) fn begin(&self, patience: Duration) {
        self.seconds.store(patience.as_secs(), Ordering::SeqCst);
        self.step.fetch_add(1, Ordering::SeqCst);
    }

    /// It is done with it; whether the database answered.
    pub(super) fn end(&self, is_answered: bool) {
        self.is_answered.store(is_answered, Ordering::SeqCst);
        self.step.fetch_add(1, Ordering::SeqCst);
    }

    /// Whether somebody else has its place.
    pub(super) fn is_left(&self) -> bool {
        self.is_left.load(Ordering::SeqCst)
    }
}

/// The threads of a pool.
pub(super) type Threads = Arc<Mutex<Vec<JoinHandle<()>>>>;

/// How often a worker was seen at the same step of a job.
#[derive(Debug, Default)]
struct Seen {
    step: u64,
    times: u64,
}

impl Seen {
    /// Looks once more; whether it has been there for longer than `seconds`.
    fn look(&mut self, step: u64, seconds: u64) -> bool {
        self.times = if step % 2 == 1 && step == self.step { self.times + 1 } else { 0 };
        self.step = step;
        self.times >= seconds.max(1)
    }
}

/// For how long whoever goes ahead may be at one job and count as answered, in seconds.
const SCOUT_SECONDS: u64 = 3;

/// Who goes ahead when twice the pool is there already, half of it for nothing: one more after a minute, the next ones ever later, and once one of them is answered, all that are needed.
#[derive(Debug, Default)]
struct Scout {
    post: Option<Arc<Post>>,
    seen: Seen,
    waited: u64,
    sent: u32,
}

impl Scout {
    /// A second has passed; whether there are as many threads as there may be.
    fn tick(&mut self, is_full: bool) {
        if !is_full {
            *self = Self::default();
            return;
        }
        self.waited += 1;
        // One that hangs at a job itself shows nobody the way.
        if self.post.as_ref().is_some_and(|post| self.seen.look(post.step.load(Ordering::SeqCst), SCOUT_SECONDS)) {
            self.post = None;
        }
        if self.is_answered() {
            self.sent = 0;
        }
    }

    /// Whether another one may go: the first time after a minute, then after two, and so on up to sixteen.
    fn may_go(&self) -> bool {
        self.is_answered() || self.waited > 60 << self.sent.min(4)
    }

    fn is_answered(&self) -> bool {
        self.post.as_ref().is_some_and(|post| post.is_answered.load(Ordering::SeqCst))
    }

    /// `successor` has gone to where `post` has not come back from.
    fn went(&mut self, post: &Arc<Post>, successor: &Arc<Post>) {
        if self.post.as_ref().is_some_and(|scout| Arc::ptr_eq(scout, post)) {
            self.post = None;
        }
        if !self.is_answered() {
            *self = Self { post: Some(Arc::clone(successor)), seen: Seen::default(), waited: 0, sent: self.sent + 1 };
        }
    }
}

/// Starts the workers of a pool and whoever watches them; that one ends when the sender is dropped.
pub(super) fn start_pool(options: &DbOptions, queue: &Receiver<Job>, statistics: &Arc<DbStatistics>, threads: &Threads) -> Result<Sender<()>, StoreError> {
    let mut posts = Vec::new();
    for _ in 0..options.connections.max(1) {
        let post = Arc::new(Post::default());
        let thread = start_worker(options, queue.clone(), statistics, &post, true)?;
        threads.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
        posts.push((post, Seen::default()));
    }
    let (alive, ended) = bounded::<()>(0);
    let (options, queue, statistics, threads) = (options.clone(), queue.clone(), Arc::clone(statistics), Arc::clone(threads));
    // As many as there are may be left at a time: more connections than twice the pool nobody has reckoned with, and where those are kept, too, others follow by ones.
    let most = posts.len() * 2;
    let (mut is_told, mut scout) = (false, Scout::default());
    spawn("db-watch", move || {
        while matches!(ended.recv_timeout(TICK), Err(RecvTimeoutError::Timeout)) {
            let mut threads = threads.lock().unwrap_or_else(PoisonError::into_inner);
            threads.retain(|thread| !thread.is_finished());
            scout.tick(threads.len() >= most);
            for (post, seen) in &mut posts {
                if !seen.look(post.step.load(Ordering::SeqCst), post.seconds.load(Ordering::SeqCst)) {
                    continue;
                }
                let is_full = threads.len() >= most;
                if is_full && !scout.may_go() {
                    if !std::mem::replace(&mut is_told, true) {
                        tracing::error!(threads = most, "the database keeps twice the pool of connections and does not answer on them; others are opened one by one");
                    }
                    continue;
                }
                let successor = Arc::new(Post::default());
                match start_worker(&options, queue.clone(), &statistics, &successor, false) {
                    Ok(thread) => {
                        is_told = false;
                        tracing::warn!(seconds = seen.times, "a database job has not come back; its connection is left to it, and the others are opened anew");
                        // Whoever has the same server at the other end need not find that out alone.
                        statistics.losses.fetch_add(1, Ordering::SeqCst);
                        post.is_left.store(true, Ordering::SeqCst);
                        threads.push(thread);
                        if is_full {
                            scout.went(post, &successor);
                        }
                        (*post, *seen) = (successor, Seen::default());
                    }
                    Err(error) => tracing::error!(%error, "nobody takes the place of a database thread that has not come back"),
                }
            }
        }
    })
    .map(|_| alive)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_at_one_job_for_too_long_is_left_and_nobody_else() {
        let mut seen = Seen::default();
        // Idle for an hour.
        assert!(!(0..3_600).any(|_| seen.look(4, 20)));
        // Always at another job.
        assert!(!(0..3_600).any(|job| seen.look(5 + 2 * job, 20)));
        // Nobody knows when it began.
        assert_eq!((1..100).find(|_| seen.look(99, 20)), Some(21));
        assert!(!seen.look(100, 20) && !seen.look(101, 20));
        // A long one.
        assert!(!(0..3_600).any(|_| seen.look(103, 3_600)) && seen.look(103, 3_600));
    }

    #[test]
    fn beyond_twice_the_pool_one_goes_ahead_and_the_others_follow_once_it_is_answered() {
        let posts: Vec<Arc<Post>> = (0..5).map(|_| Arc::default()).collect();
        let mut scout = Scout::default();
        let after = |scout: &mut Scout| {
            (1..2_000).find(|_| {
                scout.tick(true);
                scout.may_go()
            })
        };
        assert_eq!(after(&mut scout), Some(61));
        scout.went(&posts[0], &posts[1]);
        assert_eq!(after(&mut scout), Some(121), "it is not answered, either");
        scout.went(&posts[2], &posts[3]);
        assert!(!scout.may_go());
        posts[3].begin(Duration::from_secs(20));
        posts[3].end(true);
        assert!(scout.may_go());
        // That one goes on, and is nobody's successor.
        scout.went(&posts[0], &posts[4]);
        assert!(scout.may_go());
        // It does not come back from a later job, and the others no longer follow.
        posts[3].begin(Duration::from_secs(20));
        assert_eq!(
            (0..10).find(|_| {
                scout.tick(true);
                !scout.may_go()
            }),
            Some(3)
        );
        assert_eq!(after(&mut scout), Some(57), "it was answered before, so the next one goes after a minute");
        scout.went(&posts[3], &posts[1]);
        assert_eq!(after(&mut scout), Some(121));
        // Some have come back.
        scout.tick(false);
        assert_eq!(after(&mut scout), Some(61));
    }
}
