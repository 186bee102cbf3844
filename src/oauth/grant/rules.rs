//! Refresh token families (RFC 9700 section 4.14.2): each use gives a successor; a second use of an old one ends the family, except a retry of the very last rotation, soon after, which gets the same successor again.

use crate::base::time::UnixSeconds;

/// What is known of a family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Family {
    /// The number of the current refresh token, from 1.
    pub rotation: i64,
    /// When it was issued.
    pub rotated_at: Option<UnixSeconds>,
    /// Whether the family was ended.
    pub is_ended: bool,
    /// When it ends in any case.
    pub expires_at: UnixSeconds,
}

/// What to do with a refresh token that was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is the current one: issue the next.
    Rotate,
    /// It is the one before, shown again at once: the answer was lost on its way. Issue the current one again.
    Repeat,
    /// It was used before: somebody else has it. End the family.
    Reused,
    /// The family is over, or there was never such a token.
    Refused,
}

/// Judges the refresh token with number `presented`.
pub fn judge(family: Family, presented: i64, retry_seconds: i64, now: UnixSeconds) -> Verdict {
    if family.is_ended || now >= family.expires_at || presented < 1 || presented > family.rotation {
        return Verdict::Refused;
    }
    if presented == family.rotation {
        return Verdict::Rotate;
    }
    let since = family.rotated_at.map(|at| now.since(at));
    let is_retry = presented + 1 == family.rotation && since.is_some_and(|since| (0..=retry_seconds).contains(&since));
    if is_retry { Verdict::Repeat } else { Verdict::Reused }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FAMILY: Family = Family { rotation: 3, rotated_at: Some(UnixSeconds(100)), is_ended: false, expires_at: UnixSeconds(1_000) };

    #[test]
    fn the_table() {
        assert_eq!(judge(FAMILY, 3, 30, UnixSeconds(500)), Verdict::Rotate);
        assert_eq!(judge(FAMILY, 2, 30, UnixSeconds(130)), Verdict::Repeat);
        assert_eq!(judge(FAMILY, 2, 30, UnixSeconds(131)), Verdict::Reused);
        assert_eq!(judge(FAMILY, 1, 30, UnixSeconds(101)), Verdict::Reused);
        assert_eq!(judge(FAMILY, 4, 30, UnixSeconds(101)), Verdict::Refused);
        assert_eq!(judge(FAMILY, 0, 30, UnixSeconds(101)), Verdict::Refused);
        assert_eq!(judge(FAMILY, 3, 30, UnixSeconds(1_000)), Verdict::Refused);
        assert_eq!(judge(Family { is_ended: true, ..FAMILY }, 3, 30, UnixSeconds(101)), Verdict::Refused);
        // A clock that jumped back is no reason for leniency.
        assert_eq!(judge(FAMILY, 2, 30, UnixSeconds(99)), Verdict::Reused);
    }

    proptest! {
        /// Whatever a thief and the owner show, in whatever order: there is never more than one live token, and a replay past the window ends the family.
        #[test]
        fn a_family_has_one_live_tip_and_dies_of_a_replay(shown in proptest::collection::vec((1_i64..12, 0_i64..90), 1..60)) {
            let mut family = Family { rotation: 1, rotated_at: Some(UnixSeconds(0)), is_ended: false, expires_at: UnixSeconds(1_000_000) };
            let mut now = 0;
            for (presented, step) in shown {
                now += step;
                let before = family;
                match judge(family, presented, 30, UnixSeconds(now)) {
                    Verdict::Rotate => {
                        prop_assert_eq!(presented, before.rotation);
                        family.rotation += 1;
                        family.rotated_at = Some(UnixSeconds(now));
                    }
                    Verdict::Repeat => prop_assert!(presented == before.rotation - 1 && now - before.rotated_at.unwrap().0 <= 30),
                    Verdict::Reused => {
                        prop_assert!(presented < before.rotation);
                        family.is_ended = true;
                    }
                    Verdict::Refused => prop_assert!(before.is_ended || presented > before.rotation),
                }
                if before.is_ended { prop_assert!(family.is_ended && family.rotation == before.rotation); }
            }
        }
    }
}
