//! Which step is next: a pure function of what is wanted, what the session rests on, and what the customer has. Handlers only carry it out.

use crate::base::assurance::{Acr, Authentication, FactorKind, Requirement, Shortfall};
use crate::base::time::UnixSeconds;

/// What the decision rests on.
#[derive(Debug, Clone)]
pub struct Situation<'a> {
    /// What is wanted.
    pub requirement: &'a Requirement,
    /// What the browser's session rests on, when there is one.
    pub authentication: Option<&'a Authentication>,
    /// The authenticators that the customer has, once we know who it is.
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
pub fn next_step(situation: &Situation<'_>) -> Step {
    let Some(authentication) = situation.authentication else { return Step::SignIn };
    match situation.requirement.judge(authentication, situation.now) {
        Ok(()) => Step::Done,
        Err(Shortfall::Stale) => Step::SignIn,
        Err(Shortfall::Level) => {
            let wanted = situation.requirement.acr.unwrap_or(Acr::Password);
            let lifting = situation.enrolled.iter().copied().find(|kind| !authentication.amr.iter().any(|amr| amr == kind.properties().amr));
            lifting.map_or(Step::Unmet(wanted), Step::ShowFactor)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::assurance::ShownFactor;
    use crate::base::time::UnixMicros;
    use proptest::prelude::*;

    fn signed_in_at(seconds: i64) -> Authentication {
        Authentication::from_shown(&[ShownFactor::new(FactorKind::Password, UnixMicros(seconds * 1_000_000))]).unwrap()
    }

    fn decide(requirement: &Requirement, authentication: Option<&Authentication>, now: i64) -> Step {
        next_step(&Situation { requirement, authentication, enrolled: &[FactorKind::Password], now: UnixSeconds(now) })
    }

    #[test]
    fn the_table() {
        let any = Requirement::default();
        let fresh = Requirement { max_age_seconds: Some(60), ..Requirement::default() };
        let again = Requirement { after: Some(UnixMicros(100_000_000)), ..Requirement::default() };
        let strong = Requirement { acr: Some(Acr::SecondFactor), ..Requirement::default() };
        let early = signed_in_at(10);
        for (requirement, authentication, now, expected) in [
            (&any, None, 100, Step::SignIn),
            (&any, Some(&early), 100, Step::Done),
            (&fresh, Some(&early), 60, Step::Done),
            (&fresh, Some(&early), 100, Step::SignIn),
            (&again, Some(&early), 100, Step::SignIn),
            (&strong, None, 100, Step::SignIn),
            (&strong, Some(&early), 100, Step::Unmet(Acr::SecondFactor)),
        ] {
            assert_eq!(decide(requirement, authentication, now), expected, "{requirement:?} {authentication:?}");
        }
    }

    proptest! {
        #[test]
        fn done_means_the_requirement_holds(at in 0_i64..500, now in 0_i64..1_000, max_age in proptest::option::of(0_u32..500), level in proptest::option::of(0_usize..4), after in proptest::option::of(0_i64..500)) {
            let requirement = Requirement { acr: level.map(|level| Acr::LADDER[level]), max_age_seconds: max_age, after: after.map(|after| UnixMicros(after * 1_000_000)), requested_at: None };
            let authentication = signed_in_at(at);
            let step = decide(&requirement, Some(&authentication), now);
            prop_assert_eq!(step == Step::Done, requirement.judge(&authentication, UnixSeconds(now)).is_ok());
            if let Some(acr) = requirement.acr && acr > authentication.acr { prop_assert_ne!(step, Step::Done); }
            prop_assert_eq!(decide(&requirement, None, now), Step::SignIn);
        }
    }
}
