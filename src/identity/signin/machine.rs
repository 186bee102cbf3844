//! Which step is next: a pure function of what is wanted, what the session rests on, and what the customer has. Handlers only carry it out.

use crate::base::assurance::{Acr, Authentication, FactorKind, Requirement, Shortfall, ShownFactor};
use crate::base::time::{UnixMicros, UnixSeconds};

/// What the decision rests on.
#[derive(Debug, Clone)]
pub struct Situation<'a> {
    /// What is wanted.
    pub requirement: &'a Requirement,
    /// What was shown: in this sign-in, or when the session was opened.
    pub shown: &'a [ShownFactor],
    /// The authenticators that the customer has, once we know who it is; the preferred one first.
    pub enrolled: &'a [FactorKind],
    /// Now.
    pub now: UnixSeconds,
}

/// The next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Ask who it is, and for the first factor.
    SignIn,
    /// Ask for another factor, one of those that the customer has and has not shown.
    ShowFactor(FactorKind),
    /// What is wanted is out of reach for this customer: say so, never lower it.
    Unmet(Acr),
    /// Enough was shown: go on.
    Done,
}

/// Decides the next step.
///
/// A customer who has a second factor is always asked for one, whatever is wanted: that is why they enrolled it.
pub fn next_step(situation: &Situation<'_>) -> Step {
    let Some(authentication) = Authentication::from_shown(situation.shown) else { return Step::SignIn };
    match situation.requirement.judge(&authentication, situation.now) {
        Err(Shortfall::Stale) => Step::SignIn,
        Err(Shortfall::Level) => offered(situation).next().map_or(Step::Unmet(situation.requirement.acr.unwrap_or(Acr::Password)), Step::ShowFactor),
        Ok(()) if authentication.acr == Acr::Password => offered(situation).next().map_or(Step::Done, Step::ShowFactor),
        Ok(()) => Step::Done,
    }
}

/// The customer's factors that, shown now, would be enough: for the level that is wanted, and for being a second factor. The preferred one first.
pub fn offered(situation: &Situation<'_>) -> impl Iterator<Item = FactorKind> {
    let wanted = situation.requirement.acr.unwrap_or(Acr::Password).max(Acr::WeakSecondFactor);
    choices(situation.shown, situation.enrolled).filter(move |kind| {
        // The best that this kind can do: whether the authenticator verifies its user shows only when it is used.
        let best = ShownFactor { is_user_verified: kind.properties().is_phishing_resistant, ..ShownFactor::new(*kind, UnixMicros(i64::MAX)) };
        let with: Vec<ShownFactor> = situation.shown.iter().copied().chain(std::iter::once(best)).collect();
        Authentication::from_shown(&with).is_some_and(|authentication| authentication.acr >= wanted)
    })
}

/// The factors that the customer has and has not shown, other than the password.
pub fn choices(shown: &[ShownFactor], enrolled: &[FactorKind]) -> impl Iterator<Item = FactorKind> {
    enrolled.iter().copied().filter(|kind| !kind.properties().is_known && !shown.iter().any(|factor| factor.kind == *kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(kind: FactorKind, seconds: i64) -> ShownFactor {
        ShownFactor::new(kind, UnixMicros(seconds * 1_000_000))
    }

    fn decide(requirement: &Requirement, shown: &[ShownFactor], enrolled: &[FactorKind], now: i64) -> Step {
        next_step(&Situation { requirement, shown, enrolled, now: UnixSeconds(now) })
    }

    type Row<'a> = (&'a Requirement, &'a [ShownFactor], &'a [FactorKind], i64, Step);

    #[test]
    fn the_table() {
        use FactorKind::{Passkey, Password, Totp};
        let any = Requirement::default();
        let fresh = Requirement { max_age_seconds: Some(60), ..Requirement::default() };
        let again = Requirement { after: Some(UnixMicros(100_000_000)), ..Requirement::default() };
        let strong = Requirement { acr: Some(Acr::SecondFactor), ..Requirement::default() };
        let strongest = Requirement { acr: Some(Acr::PhishingResistant), ..Requirement::default() };
        let (early, both) = ([at(Password, 10)], [at(Password, 10), at(Totp, 12)]);
        let (none, totp, all): ([FactorKind; 0], _, _) = ([], [Totp], [Passkey, Totp]);
        let nothing: [ShownFactor; 0] = [];
        let table: [Row<'_>; 15] = [
            (&any, &nothing, &none, 100, Step::SignIn),
            (&any, &early, &none, 100, Step::Done),
            (&fresh, &early, &none, 60, Step::Done),
            (&fresh, &early, &none, 100, Step::SignIn),
            (&again, &early, &none, 100, Step::SignIn),
            (&strong, &nothing, &none, 100, Step::SignIn),
            (&strong, &early, &none, 100, Step::Unmet(Acr::SecondFactor)),
            // Whoever has a second factor shows it, asked for or not.
            (&any, &early, &totp, 100, Step::ShowFactor(Totp)),
            (&strong, &early, &totp, 100, Step::ShowFactor(Totp)),
            (&any, &early, &all, 100, Step::ShowFactor(Passkey)),
            (&any, &both, &all, 100, Step::Done),
            (&strong, &both, &totp, 100, Step::Done),
            // Only what reaches the level is asked for.
            (&strongest, &early, &totp, 100, Step::Unmet(Acr::PhishingResistant)),
            (&strongest, &both, &all, 100, Step::ShowFactor(Passkey)),
            (&fresh, &both, &all, 100, Step::SignIn),
        ];
        for (requirement, shown, enrolled, now, expected) in table {
            assert_eq!(decide(requirement, shown, enrolled, now), expected, "{requirement:?} {shown:?} {enrolled:?}");
        }
    }

    proptest! {
        #[test]
        fn done_means_the_requirement_holds(seen in 0_i64..500, now in 0_i64..1_000, max_age in proptest::option::of(0_u32..500), level in proptest::option::of(0_usize..4), after in proptest::option::of(0_i64..500), kinds in proptest::collection::vec(0_usize..6, 0..4), enrolled in proptest::collection::vec(0_usize..6, 0..6)) {
            let requirement = Requirement { acr: level.map(|level| Acr::LADDER[level]), max_age_seconds: max_age, after: after.map(|after| UnixMicros(after * 1_000_000)), requested_at: None };
            let shown: Vec<ShownFactor> = kinds.iter().map(|kind| at(FactorKind::ALL[*kind], seen)).collect();
            let enrolled: Vec<FactorKind> = enrolled.iter().map(|kind| FactorKind::ALL[*kind]).collect();
            let step = decide(&requirement, &shown, &enrolled, now);
            let Some(authentication) = Authentication::from_shown(&shown) else { prop_assert_eq!(step, Step::SignIn); return Ok(()) };
            match step {
                Step::Done => {
                    prop_assert!(requirement.judge(&authentication, UnixSeconds(now)).is_ok());
                    // Nobody with a useful second factor gets by with the first alone.
                    let could = choices(&shown, &enrolled).any(|kind| { let mut with = shown.clone(); with.push(ShownFactor { is_user_verified: true, ..at(kind, now) }); Authentication::from_shown(&with).unwrap().acr > Acr::Password && (shown.iter().any(|factor| factor.kind == FactorKind::Password) || kind == FactorKind::Passkey) });
                    prop_assert!(authentication.acr > Acr::Password || !could);
                }
                Step::ShowFactor(kind) => prop_assert!(enrolled.contains(&kind) && !shown.iter().any(|factor| factor.kind == kind) && kind != FactorKind::Password),
                Step::Unmet(acr) => prop_assert!(authentication.acr < acr),
                Step::SignIn => prop_assert!(requirement.judge(&authentication, UnixSeconds(now)).is_err()),
            }
        }
    }
}
