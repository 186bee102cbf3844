//! When a session lives.

use crate::base::assurance::{ShownFactor, identified_at};
use crate::base::ids::{CustomerId, SessionId, TrustedDeviceId};
use crate::base::time::{UnixMicros, UnixSeconds};

/// Seconds without a request after which staff are signed out.
pub const STAFF_IDLE_SECONDS: i64 = 900;

/// Seconds after which staff sign in again, whatever they do and whatever they chose.
pub const STAFF_ABSOLUTE_SECONDS: i64 = 28_800;

/// How long sessions live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionPolicy {
    /// Seconds without a request after which a session ends.
    pub idle_seconds: i64,
    /// Seconds after sign-in at which it ends in any case.
    pub absolute_seconds: i64,
    /// Both, for a customer who chose to stay signed in.
    pub remembered_seconds: i64,
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id; stays the same when the cookie is rotated.
    pub id: SessionId,
    /// Whose it is.
    pub customer: CustomerId,
    /// The credential generation it was opened under.
    pub generation: i64,
    /// What was shown.
    pub shown: Vec<ShownFactor>,
    /// Whether the customer chose to stay signed in.
    pub is_remembered: bool,
    /// The device that spared it the second factor.
    pub trusted_device: Option<TrustedDeviceId>,
    /// When it was opened.
    pub created_at: UnixSeconds,
    /// When it was last used, to the minute.
    pub last_seen_at: UnixSeconds,
    /// When it ends in any case.
    pub expires_at: UnixSeconds,
}

impl Session {
    /// When the customer last said who they are in it, by a factor that stands on its own.
    pub fn identified_at(&self) -> UnixMicros {
        identified_at(&self.shown)
    }
}

impl SessionPolicy {
    /// When a session opened `now` ends in any case.
    pub fn expiry(&self, is_remembered: bool, now: UnixSeconds) -> UnixSeconds {
        now.plus(if is_remembered { self.remembered_seconds } else { self.absolute_seconds })
    }

    /// Whether `session` may still be used in a browser.
    pub fn is_live(&self, session: &Session, now: UnixSeconds) -> bool {
        let idle = if session.is_remembered { self.remembered_seconds } else { self.idle_seconds };
        now < session.expires_at && now.since(session.last_seen_at) < idle
    }

    /// Whether staff may still use `session`: they are signed out after a quarter of an hour without use (PCI DSS 8.2.8).
    pub fn is_live_for_staff(&self, session: &Session, now: UnixSeconds) -> bool {
        let is_young = now.since(session.created_at) < self.absolute_seconds.min(STAFF_ABSOLUTE_SECONDS);
        self.is_live(session, now) && is_young && now.since(session.last_seen_at) < STAFF_IDLE_SECONDS
    }

    /// Whether `last_seen_at` is worth writing again.
    pub fn is_worth_touching(&self, session: &Session, now: UnixSeconds) -> bool {
        now.since(session.last_seen_at) >= (self.idle_seconds / 20).clamp(1, 60)
    }
}

/// What a session rests on after `new` was shown: a second showing of a kind replaces the first, but not one that stood on its own by one that does not.
pub fn with_shown(before: &[ShownFactor], new: ShownFactor) -> Vec<ShownFactor> {
    if before.iter().any(|factor| factor.kind == new.kind && factor.is_two_factors() && !new.is_two_factors()) {
        return before.to_vec();
    }
    let mut shown: Vec<ShownFactor> = before.iter().copied().filter(|factor| factor.kind != new.kind).collect();
    shown.push(new);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_and_absolute_limits_both_end_a_session() {
        let policy = SessionPolicy { idle_seconds: 100, absolute_seconds: 1_000, remembered_seconds: 5_000 };
        let session = |last_seen: i64, is_remembered| Session {
            id: "ses_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap(),
            customer: "cus_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap(),
            generation: 1,
            shown: Vec::new(),
            is_remembered,
            trusted_device: None,
            created_at: UnixSeconds(0),
            last_seen_at: UnixSeconds(last_seen),
            expires_at: policy.expiry(is_remembered, UnixSeconds(0)),
        };
        assert!(policy.is_live(&session(0, false), UnixSeconds(99)));
        assert!(!policy.is_live(&session(0, false), UnixSeconds(100)));
        assert!(policy.is_live(&session(950, false), UnixSeconds(999)));
        assert!(!policy.is_live(&session(950, false), UnixSeconds(1_000)));
        assert!(policy.is_live(&session(0, true), UnixSeconds(4_999)));
        assert!(!policy.is_live(&session(0, true), UnixSeconds(5_000)));
    }
}
