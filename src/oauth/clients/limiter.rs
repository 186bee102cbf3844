//! How often one source may fail to authenticate as one client. Kept in memory: the secrets have 256 bits, so this saves work and log lines, not the secret.

use std::net::IpAddr;
use std::time::Duration;

use quick_cache::sync::Cache;

const WINDOW: Duration = Duration::from_secs(60);
const LIMIT: u32 = 30;

/// A client as named, and where the request came from.
pub type Lane = (String, Option<IpAddr>);

/// The failures of the last minute.
pub struct FailureLimiter(Cache<Lane, (Duration, u32)>);

impl Default for FailureLimiter {
    fn default() -> Self {
        Self(Cache::new(10_000))
    }
}

impl FailureLimiter {
    /// Whether `lane` has failed too often.
    pub fn is_exhausted(&self, lane: &Lane, now: Duration) -> bool {
        self.0.get(lane).is_some_and(|(since, count)| now.saturating_sub(since) < WINDOW && count >= LIMIT)
    }

    /// Counts a failure.
    pub fn count(&self, lane: Lane, now: Duration) {
        let (since, count) = match self.0.get(&lane) {
            Some((since, count)) if now.saturating_sub(since) < WINDOW => (since, count.saturating_add(1)),
            _ => (now, 1),
        };
        self.0.insert(lane, (since, count));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_closes_for_a_minute_and_others_stay_open() {
        let limiter = FailureLimiter::default();
        let lane = ("shop".to_owned(), None);
        for _ in 0..LIMIT {
            assert!(!limiter.is_exhausted(&lane, Duration::ZERO));
            limiter.count(lane.clone(), Duration::ZERO);
        }
        assert!(limiter.is_exhausted(&lane, Duration::from_secs(59)));
        assert!(!limiter.is_exhausted(&lane, Duration::from_secs(60)));
        assert!(!limiter.is_exhausted(&("other".to_owned(), None), Duration::ZERO));
    }
}
