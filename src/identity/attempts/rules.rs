//! When a try is allowed. A browser that the customer signed in with before has a lane of its own, so that an attacker who exhausts the account's lane cannot lock the owner out.

use crate::base::time::UnixSeconds;

/// The limits; each is failures in a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttemptPolicy {
    /// Failures of one account, or of one known device, in a window.
    pub account_limit: i64,
    /// Length of the account's window in seconds.
    pub account_window_seconds: i64,
    /// Failures from one source address in a window.
    pub source_limit: i64,
    /// Length of the source's window in seconds.
    pub source_window_seconds: i64,
    /// Failures without a success in between, after which an account is closed to unknown browsers (NIST SP 800-63B-4 section 3.2.2: at most 100).
    pub consecutive_limit: i64,
}

/// Tries of codes of six digits in [`CODE_WINDOW_SECONDS`], and in a day.
const CODE_LIMIT: i64 = 5;
const CODE_WINDOW_SECONDS: i64 = 300;
const CODE_DAY_LIMIT: i64 = 100;
/// Tries of an account in a day, from all browsers together, however many it knows.
const CODE_ACCOUNT_DAY_LIMIT: i64 = 150;
/// Tries in recoveries of an account in a day.
const RECOVERY_DAY_LIMIT: i64 = 50;
/// First proofs in recoveries of one account in a day.
const FIRST_PROOF_DAY_LIMIT: i64 = 500;

/// Buckets with their limits.
pub type Buckets = Vec<(String, BucketLimit)>;

impl AttemptPolicy {
    /// The lanes of whoever types second factors for `customer`: together they keep a guesser's chance in a day under a thousandth. A browser that the customer signed in with before has lanes of its own, so that somebody who knows the password cannot keep the owner out.
    pub fn code_lanes(customer: &str, known_device: Option<&str>) -> Buckets {
        let limit = |limit, window_seconds| BucketLimit { limit, window_seconds, consecutive_limit: None };
        let who = known_device.map_or_else(|| customer.to_owned(), |device| format!("{customer}:{device}"));
        vec![
            (format!("code:{who}"), limit(CODE_LIMIT, CODE_WINDOW_SECONDS)),
            (format!("code-day:{who}"), limit(CODE_DAY_LIMIT, 86_400)),
            // Less than two lanes' worth: strangers alone cannot use it up, and many known browsers gain nothing.
            (format!("code-all:{customer}"), limit(CODE_ACCOUNT_DAY_LIMIT, 86_400)),
        ]
    }

    /// The lanes of a first proof in `recovery`, by anybody: few for each recovery, and a sum over the day that keeps the chance of a code of six digits at a twentieth of a percent.
    pub fn first_proof_lanes(recovery: &str, customer: &str) -> Buckets {
        let limit = |limit, window_seconds| BucketLimit { limit, window_seconds, consecutive_limit: None };
        vec![(format!("first-proof:{recovery}"), limit(CODE_LIMIT, CODE_WINDOW_SECONDS)), (format!("first-proof-day:{customer}"), limit(FIRST_PROOF_DAY_LIMIT, 86_400))]
    }

    /// The same for a browser that the customer signed in with before: strangers cannot use these up.
    pub fn known_proof_lanes(recovery: &str, customer: &str, device: &str) -> Buckets {
        let limit = |limit, window_seconds| BucketLimit { limit, window_seconds, consecutive_limit: None };
        vec![
            (format!("first-proof:{recovery}"), limit(CODE_LIMIT, CODE_WINDOW_SECONDS)),
            (format!("first-proof-known:{customer}:{device}"), limit(RECOVERY_DAY_LIMIT, 86_400)),
        ]
    }

    /// The lanes of whoever recovers the account of `customer`: apart from those of signing in, since anybody may begin a recovery.
    pub fn recovery_lanes(customer: &str) -> Buckets {
        let limit = |limit, window_seconds| BucketLimit { limit, window_seconds, consecutive_limit: None };
        vec![(format!("code-recovery:{customer}"), limit(CODE_LIMIT, CODE_WINDOW_SECONDS)), (format!("code-recovery-day:{customer}"), limit(RECOVERY_DAY_LIMIT, 86_400))]
    }
}

/// What a bucket holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// When its window began.
    pub window_started_at: UnixSeconds,
    /// Failures in the window.
    pub failures: i64,
    /// Failures since the last success.
    pub consecutive: i64,
}

/// Which limit applies to a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BucketLimit {
    /// Failures in a window.
    pub limit: i64,
    /// The window in seconds.
    pub window_seconds: i64,
    /// Failures in a row, where counted.
    pub consecutive_limit: Option<i64>,
}

/// A try was not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttled {
    /// When another try makes sense, in seconds from now.
    pub retry_after_seconds: i64,
}

impl Throttled {
    /// The same in minutes, as people are told.
    pub fn minutes(self) -> String {
        self.retry_after_seconds.div_euclid(60).max(1).to_string()
    }
}

/// Counts one more try in `tally` (or a fresh one), if it is allowed.
///
/// # Errors
/// [`Throttled`]; the tally stays as it was.
pub fn count(tally: Option<Tally>, limit: BucketLimit, now: UnixSeconds) -> Result<Tally, Throttled> {
    let tally = tally.unwrap_or(Tally { window_started_at: now, failures: 0, consecutive: 0 });
    if limit.consecutive_limit.is_some_and(|most| tally.consecutive >= most) {
        return Err(Throttled { retry_after_seconds: limit.window_seconds });
    }
    let age = now.since(tally.window_started_at);
    // A clock that jumped back must not open the window anew: only age that is really past does.
    if age >= limit.window_seconds {
        return Ok(Tally { window_started_at: now, failures: 1, consecutive: tally.consecutive.saturating_add(1) });
    }
    if tally.failures >= limit.limit {
        return Err(Throttled { retry_after_seconds: (limit.window_seconds - age).clamp(1, limit.window_seconds) });
    }
    Ok(Tally { failures: tally.failures.saturating_add(1), consecutive: tally.consecutive.saturating_add(1), ..tally })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LIMIT: BucketLimit = BucketLimit { limit: 10, window_seconds: 1_800, consecutive_limit: Some(100) };

    /// A guess hits one of the three codes that count at a time (the step before and after are taken too); two windows can meet in a day.
    #[test]
    fn a_guesser_of_codes_stays_under_a_thousandth_a_day() {
        let chance_of_one: f64 = 3.0 / 1_000_000.0;
        #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
        let tries = (2 * CODE_ACCOUNT_DAY_LIMIT) as f64;
        assert!(1.0 - (1.0 - chance_of_one).powf(tries) < 0.001);
        // Ten thousand tries over a day, from one browser and from a thousand known ones.
        for (browsers, most) in [(1, CODE_DAY_LIMIT), (1_000, CODE_ACCOUNT_DAY_LIMIT)] {
            let mut tallies: std::collections::BTreeMap<String, Tally> = std::collections::BTreeMap::new();
            let (mut allowed, mut now) = (0, 0);
            while now < 86_400 {
                now += 8;
                let device = (browsers > 1).then(|| (now / 8 % browsers).to_string());
                let lanes = AttemptPolicy::code_lanes("x", device.as_deref());
                let next: Vec<_> = lanes.iter().map(|(lane, limit)| count(tallies.get(lane).copied(), *limit, UnixSeconds(now))).collect();
                if next.iter().all(Result::is_ok) {
                    tallies.extend(lanes.into_iter().map(|(lane, _)| lane).zip(next.into_iter().flatten()));
                    allowed += 1;
                }
            }
            assert_eq!(allowed, most);
        }
    }

    #[test]
    fn the_eleventh_try_waits_for_the_window() {
        let mut tally = None;
        for _ in 0..10 {
            tally = Some(count(tally, LIMIT, UnixSeconds(1_000)).unwrap());
        }
        assert_eq!(count(tally, LIMIT, UnixSeconds(1_100)), Err(Throttled { retry_after_seconds: 1_700 }));
        assert_eq!(count(tally, LIMIT, UnixSeconds(2_800)).unwrap().failures, 1);
        // A clock that runs backwards opens nothing.
        assert!(count(tally, LIMIT, UnixSeconds(0)).is_err());
    }

    proptest! {
        #[test]
        fn nobody_gets_more_than_a_hundred_in_a_row_or_ten_a_window(steps in proptest::collection::vec(0_i64..2_000, 1..600)) {
            let (mut tally, mut now, mut allowed) = (None, 0_i64, Vec::new());
            for step in steps {
                now += step;
                if let Ok(next) = count(tally, LIMIT, UnixSeconds(now)) {
                    tally = Some(next);
                    allowed.push(now);
                }
            }
            prop_assert!(allowed.len() <= 100);
            for (index, start) in allowed.iter().enumerate() {
                let inside = allowed[index..].iter().filter(|at| **at - *start < LIMIT.window_seconds).count();
                // Two fixed windows can meet, so any stretch of a window's length holds at most two windows' worth.
                prop_assert!(inside <= 20);
            }
        }
    }
}
