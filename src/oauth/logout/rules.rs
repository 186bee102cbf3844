//! What a logout request leads to: a pure function.

/// What is known of a request that passed its checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Situation {
    /// Whether somebody is signed in in this browser.
    pub is_signed_in: bool,
    /// Whether a genuine hint came along.
    pub has_hint: bool,
    /// Whether the hint names the session of this browser.
    pub is_own_session: bool,
    /// Whether a registered address to return to came along.
    pub has_return: bool,
}

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The session ends; the person goes back to the client.
    EndAndReturn,
    /// The session ends; the person sees the signed-out page.
    EndAndShow,
    /// Nobody is signed in; the person goes back to the client.
    Return,
    /// Nobody is signed in; the person sees the signed-out page.
    Show,
    /// The person is asked first: the request is not provably their client's.
    Ask,
}

/// Decides. Only a hint that names this very session ends it without asking, and only with a hint does anybody leave for a client's address.
pub fn decide(situation: Situation) -> Outcome {
    let may_return = situation.has_hint && situation.has_return;
    match (situation.is_signed_in, situation.has_hint && situation.is_own_session) {
        (false, _) if may_return => Outcome::Return,
        (false, _) => Outcome::Show,
        (true, true) if may_return => Outcome::EndAndReturn,
        (true, true) => Outcome::EndAndShow,
        (true, false) => Outcome::Ask,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nobody_is_signed_out_or_sent_away_without_proof(is_signed_in in any::<bool>(), has_hint in any::<bool>(), is_own_session in any::<bool>(), has_return in any::<bool>()) {
            let outcome = decide(Situation { is_signed_in, has_hint, is_own_session, has_return });
            if matches!(outcome, Outcome::EndAndReturn | Outcome::EndAndShow) { prop_assert!(is_signed_in && has_hint && is_own_session); }
            if matches!(outcome, Outcome::EndAndReturn | Outcome::Return) { prop_assert!(has_hint && has_return); }
            if is_signed_in && !(has_hint && is_own_session) { prop_assert_eq!(outcome, Outcome::Ask); }
        }
    }
}
