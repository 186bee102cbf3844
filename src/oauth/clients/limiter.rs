//! How often one source may fail to authenticate as a client. Kept in memory: the secrets have 256 bits, so this saves work and log lines, not the secret.

use std::time::Duration;

use quick_cache::sync::Cache;

use crate::base::ids::ClientId;

const WINDOW: Duration = Duration::from_secs(60);
/// Failures of one source as one client.
const CLIENT_LIMIT: u32 = 30;
/// Failures of one source, whatever clients it names.
const SOURCE_LIMIT: u32 = 120;

/// What a failure is counted under: the source, and the client that it named if that is one of ours.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Lane {
    source: String,
    client: Option<ClientId>,
}

/// The failures of the last minute.
pub struct FailureLimiter(Cache<Lane, (Duration, u32)>);

impl Default for FailureLimiter {
    fn default() -> Self {
        Self(Cache::new(20_000))
    }
}

impl FailureLimiter {
    fn failures(&self, lane: &Lane, now: Duration) -> Option<(Duration, u32)> {
        self.0.get(lane).filter(|(since, _)| now.saturating_sub(*since) < WINDOW)
    }

    fn add(&self, lane: Lane, now: Duration) -> u32 {
        let (since, count) = self.failures(&lane, now).map_or((now, 1), |(since, count)| (since, count.saturating_add(1)));
        self.0.insert(lane, (since, count));
        count
    }

    /// Whether `source` has failed too often: as this client, or at all.
    pub fn is_exhausted(&self, source: &str, client: Option<&ClientId>, now: Duration) -> bool {
        let has = |lane: &Lane, limit| self.failures(lane, now).is_some_and(|(_, count)| count >= limit);
        let by_client = client.is_some_and(|client| has(&Lane { source: source.to_owned(), client: Some(client.clone()) }, CLIENT_LIMIT));
        by_client || has(&Lane { source: source.to_owned(), client: None }, SOURCE_LIMIT)
    }

    /// Counts a failure as `client`, or as none of ours. Says whether it is worth an audit event: the first of its lane in a window, and the one that closes it.
    pub fn count(&self, source: &str, client: Option<ClientId>, now: Duration) -> bool {
        let total = self.add(Lane { source: source.to_owned(), client: None }, now);
        let Some(client) = client else { return total == 1 || total == SOURCE_LIMIT };
        let as_client = self.add(Lane { source: source.to_owned(), client: Some(client) }, now);
        as_client == 1 || as_client == CLIENT_LIMIT || total == SOURCE_LIMIT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_closes_for_a_minute_and_others_stay_open() {
        let limiter = FailureLimiter::default();
        let (shop, other): (ClientId, ClientId) = ("shop".parse().unwrap(), "other".parse().unwrap());
        let mut recorded = 0;
        for _ in 0..CLIENT_LIMIT {
            assert!(!limiter.is_exhausted("a", Some(&shop), Duration::ZERO));
            recorded += u32::from(limiter.count("a", Some(shop.clone()), Duration::ZERO));
        }
        assert_eq!(recorded, 2);
        assert!(limiter.is_exhausted("a", Some(&shop), Duration::from_secs(59)));
        assert!(!limiter.is_exhausted("a", Some(&shop), Duration::from_secs(60)));
        assert!(!limiter.is_exhausted("a", Some(&other), Duration::ZERO));
        assert!(!limiter.is_exhausted("b", Some(&shop), Duration::ZERO));
    }

    #[test]
    fn a_source_that_names_ever_other_clients_is_closed_too() {
        let limiter = FailureLimiter::default();
        let recorded = (0..SOURCE_LIMIT).filter(|_| limiter.count("a", None, Duration::ZERO)).count();
        assert_eq!(recorded, 2);
        assert!(limiter.is_exhausted("a", None, Duration::ZERO));
        assert!(!limiter.is_exhausted("b", None, Duration::ZERO));
    }
}
