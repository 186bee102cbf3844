//! The pause before gift cards are bought: pure.

use crate::base::time::UnixSeconds;
use crate::oauth::authorize::model::Pause;

/// Seconds that have to pass before the customer can go on.
pub const PAUSE_SECONDS: i64 = 10;

/// Seconds that are left of a pause; all of them before it was begun.
pub fn seconds_left(pause: Pause, now: UnixSeconds) -> i64 {
    match pause {
        Pause::Ahead => PAUSE_SECONDS,
        // A clock that was set back does not lengthen it.
        Pause::Since(at) => (PAUSE_SECONDS - now.since(at)).clamp(0, PAUSE_SECONDS),
        Pause::Over => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_takes_its_time() {
        let left = |pause, now| seconds_left(pause, UnixSeconds(now));
        assert_eq!([left(Pause::Ahead, 100), left(Pause::Since(UnixSeconds(100)), 100), left(Pause::Since(UnixSeconds(100)), 109)], [10, 10, 1]);
        assert_eq!([left(Pause::Since(UnixSeconds(100)), 110), left(Pause::Since(UnixSeconds(100)), 9_999), left(Pause::Over, 0)], [0, 0, 0]);
        assert_eq!(left(Pause::Since(UnixSeconds(100)), 50), 10);
    }
}
