//! The table of failure counters.

use diesel::prelude::*;

use super::rules::{AttemptPolicy, BucketLimit, Tally, Throttled, count};
use crate::base::ids::CustomerId;
use crate::base::time::UnixSeconds;
use crate::platform::db::{StoreError, WriteTx};

mod tables {
    diesel::table! {
        attempts (bucket) { bucket -> Text, window_started_at -> BigInt, failures -> BigInt, consecutive -> BigInt, }
    }
}

use tables::attempts;

/// Who is trying: the bucket of the account (or of the known device) and that of the source address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lanes {
    /// `account:…` for any browser, `device:…` for one that the customer signed in with before.
    pub account: String,
    /// `source:…`.
    pub source: String,
}

impl Lanes {
    fn limits<'a>(&'a self, policy: &AttemptPolicy) -> [(&'a str, BucketLimit); 2] {
        [
            (&self.account, BucketLimit { limit: policy.account_limit, window_seconds: policy.account_window_seconds, consecutive_limit: Some(policy.consecutive_limit) }),
            (&self.source, BucketLimit { limit: policy.source_limit, window_seconds: policy.source_window_seconds, consecutive_limit: None }),
        ]
    }
}

/// Counts a try in both lanes before the secret is looked at. Commit this on its own: the check that follows must not roll it back.
///
/// # Errors
/// [`StoreError::Conflict`] when two first tries met: count again.
pub fn count_try(tx: &mut WriteTx<'_>, lanes: &Lanes, policy: &AttemptPolicy, now: UnixSeconds) -> Result<Result<(), Throttled>, StoreError> {
    for (bucket, limit) in lanes.limits(policy) {
        if let Err(throttled) = count_in(tx, bucket, limit, now)? {
            return Ok(Err(throttled));
        }
    }
    Ok(Ok(()))
}

/// Counts a try in each of `lanes`, up to the first that is full.
///
/// # Errors
/// [`StoreError::Conflict`] when two first tries met: the database runs it again.
pub fn count_in_each(tx: &mut WriteTx<'_>, lanes: &[(String, BucketLimit)], now: UnixSeconds) -> Result<Result<(), Throttled>, StoreError> {
    for (bucket, limit) in lanes {
        if let Err(throttled) = count_in(tx, bucket, *limit, now)? {
            return Ok(Err(throttled));
        }
    }
    Ok(Ok(()))
}

/// Gives one try back in each of `lanes`, after a success.
///
/// # Errors
/// [`StoreError`].
pub fn return_tries(tx: &mut WriteTx<'_>, lanes: &[(String, BucketLimit)]) -> Result<(), StoreError> {
    use attempts::dsl;
    for (bucket, _) in lanes {
        diesel::update(dsl::attempts.find(bucket).filter(dsl::failures.gt(0))).set(dsl::failures.eq(dsl::failures - 1)).execute(&mut **tx)?;
    }
    Ok(())
}

fn count_in(tx: &mut WriteTx<'_>, bucket: &str, limit: BucketLimit, now: UnixSeconds) -> Result<Result<(), Throttled>, StoreError> {
    use attempts::dsl;
    loop {
        let row: Option<(i64, i64, i64)> = dsl::attempts.find(bucket).select((dsl::window_started_at, dsl::failures, dsl::consecutive)).first(&mut **tx).optional()?;
        let tally = row.map(|(started, failures, consecutive)| Tally { window_started_at: UnixSeconds(started), failures, consecutive });
        let next = match count(tally, limit, now) {
            Ok(next) => next,
            Err(throttled) => return Ok(Err(throttled)),
        };
        let Some(before) = tally else {
            diesel::insert_into(dsl::attempts)
                .values((dsl::bucket.eq(bucket), dsl::window_started_at.eq(next.window_started_at.0), dsl::failures.eq(next.failures), dsl::consecutive.eq(next.consecutive)))
                .execute(&mut **tx)?;
            return Ok(Ok(()));
        };
        // Only if nobody counted in between; else look again.
        let unchanged = dsl::attempts.find(bucket).filter(dsl::failures.eq(before.failures)).filter(dsl::consecutive.eq(before.consecutive));
        let done = diesel::update(unchanged.filter(dsl::window_started_at.eq(before.window_started_at.0)))
            .set((dsl::window_started_at.eq(next.window_started_at.0), dsl::failures.eq(next.failures), dsl::consecutive.eq(next.consecutive)))
            .execute(&mut **tx)?;
        if done > 0 {
            return Ok(Ok(()));
        }
    }
}

/// A try succeeded: its lane is cleared, and the source gets its try back.
///
/// # Errors
/// [`StoreError`].
pub fn clear_tries(tx: &mut WriteTx<'_>, lanes: &Lanes) -> Result<(), StoreError> {
    use attempts::dsl;
    diesel::delete(dsl::attempts.find(&lanes.account)).execute(&mut **tx)?;
    // Its owner is there: the run of failures of strangers ends, and their window goes on.
    if let Some(customer) = lanes.account.strip_prefix("device:").and_then(|rest| rest.split(':').next()) {
        diesel::update(dsl::attempts.find(format!("account:{customer}"))).set(dsl::consecutive.eq(0)).execute(&mut **tx)?;
    }
    diesel::update(dsl::attempts.find(&lanes.source).filter(dsl::failures.gt(0)))
        .set((dsl::failures.eq(dsl::failures - 1), dsl::consecutive.eq(dsl::consecutive - 1)))
        .execute(&mut **tx)?;
    Ok(())
}

/// Forgets every failure of a customer, from whatever browser, as when staff unlock the account.
///
/// # Errors
/// [`StoreError`].
pub fn clear_customer(tx: &mut WriteTx<'_>, customer: &CustomerId) -> Result<(), StoreError> {
    use attempts::dsl;
    let is_theirs = dsl::bucket.eq(format!("account:{customer}")).or(dsl::bucket.like(format!("device:{customer}:%")));
    let is_code = dsl::bucket.like(format!("code%:{customer}%"));
    diesel::delete(dsl::attempts.filter(is_theirs.or(is_code))).execute(&mut **tx)?;
    Ok(())
}

/// Removes buckets whose window began before `before`, all but those of accounts, which keep their run of failures; those of nobody's accounts stay until `nobody_before`, so that a run of failures tells nothing of whether there is an account.
///
/// # Errors
/// [`StoreError`].
pub fn sweep_attempts(tx: &mut WriteTx<'_>, before: UnixSeconds, nobody_before: UnixSeconds) -> Result<usize, StoreError> {
    use attempts::dsl;
    let nobody = diesel::delete(dsl::attempts.filter(dsl::window_started_at.lt(nobody_before.0)).filter(dsl::bucket.like("nobody:%"))).execute(&mut **tx)?;
    Ok(nobody
        + diesel::delete(dsl::attempts.filter(dsl::window_started_at.lt(before.0)).filter(dsl::bucket.not_like("account:%")).filter(dsl::bucket.not_like("nobody:%")))
            .execute(&mut **tx)?)
}
