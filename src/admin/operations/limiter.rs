//! How many requests a caller of the API may make in a minute. Kept in memory on each node: it saves work, and is no secret's guard.

use std::time::Duration;

use quick_cache::sync::Cache;

const WINDOW: Duration = Duration::from_secs(60);

/// How much of a minute's budget is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budgeted {
    /// Requests that are left; none when this one is refused.
    pub remaining: Option<i64>,
    /// Seconds until the window is over.
    pub reset_seconds: i64,
}

/// The callers of the last minute.
pub struct RequestLimiter(Cache<String, (Duration, i64)>);

impl Default for RequestLimiter {
    fn default() -> Self {
        Self(Cache::new(1_000))
    }
}

impl RequestLimiter {
    /// Counts a request of `caller`.
    pub fn count(&self, caller: &str, limit: i64, now: Duration) -> Budgeted {
        let (since, count) = self.0.get(caller).filter(|(since, _)| now.saturating_sub(*since) < WINDOW).unwrap_or((now, 0));
        let reset_seconds = i64::try_from(WINDOW.saturating_sub(now.saturating_sub(since)).as_secs()).unwrap_or(60) + 1;
        if count >= limit {
            return Budgeted { remaining: None, reset_seconds };
        }
        self.0.insert(caller.to_owned(), (since, count + 1));
        Budgeted { remaining: Some(limit - count - 1), reset_seconds }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_has_its_budget_and_the_next_one_another() {
        let limiter = RequestLimiter::default();
        let at = |seconds| limiter.count("a", 2, Duration::from_secs(seconds)).remaining;
        assert_eq!([at(0), at(1), at(59), at(60)], [Some(1), Some(0), None, Some(1)]);
        assert_eq!(limiter.count("b", 2, Duration::from_secs(61)).remaining, Some(1));
    }
}
