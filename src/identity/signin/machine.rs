//! Which step is next: a pure function of what is wanted, what the session rests on, and what the customer has. Handlers only carry it out.

use crate::base::assurance::{Acr, Authentication, FactorKind, Requirement, Shortfall, ShownFactor, identified_at, surely_identified_at};
use crate::base::time::{UnixMicros, UnixSeconds};
use crate::identity::factors::{Means, reaches_with_password};

/// What the decision rests on.
#[derive(Debug, Clone)]
pub struct Situation<'a> {
    /// What is wanted.
    pub requirement: &'a Requirement,
    /// What was shown: in this sign-in, or when the session was opened.
    pub shown: &'a [ShownFactor],
    /// What the customer has, once we know who it is.
    pub means: &'a Means,
    /// Whether this is a device that its owner trusts: what nobody demands is not asked for.
    pub is_trusted: bool,
    /// The least level since the sign-in looks strange; of what the customer has already, for nobody adds anything in such a sign-in.
    pub risk: Option<Acr>,
    /// Now.
    pub now: UnixSeconds,
}

impl Situation<'_> {
    /// The least level, whoever demands it.
    fn least(&self) -> Option<Acr> {
        self.requirement.acr.max(self.requirement.policy_acr).max(self.means.floor).max(self.own_best()).max(self.risk)
    }

    /// The level that a change of the factors demands: that of the strongest one, so that a weak one does not take away or outdo it. A recovery code stands in for what was lost, but not for what opens the room of the staff.
    fn own_best(&self) -> Option<Acr> {
        if !self.requirement.is_strict {
            return None;
        }
        let kinds = self.means.enrolled.iter().filter(|kind| **kind != FactorKind::RecoveryCode);
        let best = kinds.filter_map(|kind| Acr::LADDER.into_iter().rev().find(|acr| reaches_with_password(*kind, *acr))).max();
        let has_code = self.shown.iter().any(|factor| factor.kind == FactorKind::RecoveryCode && self.is_of_now(factor.at));
        if has_code && !self.means.is_staff { best.min(Some(Acr::SecondFactor)) } else { best }
    }

    /// Whether `at` is within `max_age`.
    fn is_of_now(&self, at: UnixMicros) -> bool {
        let is_since = self.requirement.requested_at.is_some_and(|requested| at > requested);
        is_since || self.requirement.max_age_seconds.is_none_or(|max_age| self.now.since(at.seconds()) <= i64::from(max_age))
    }
}

/// The next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Ask who it is, and for the first factor.
    SignIn,
    /// Ask for another factor, one of those that the customer has and has not shown.
    ShowFactor(FactorKind),
    /// The rules demand a factor that the customer does not have yet: have it added, and nothing else.
    Enrol(Acr),
    /// The password that was shown has to be replaced first.
    ReplacePassword,
    /// What is wanted is out of reach for this customer: say so, never lower it.
    Unmet(Acr),
    /// Enough was shown: go on.
    Done,
}

/// How long ago the customer may have said who they are for adding a factor in a sign-in, or replacing the password, in seconds.
const CHANGE_FRESH_SECONDS: i64 = 300;

/// Decides the next step.
///
/// A customer who has a second factor is always asked for one, whatever is wanted: that is why they enrolled it. Only a device that they trust is spared, and only what nobody demands.
pub fn next_step(situation: &Situation<'_>) -> Step {
    let Some(authentication) = Authentication::from_shown(situation.shown) else { return Step::SignIn };
    let identified = identified_at(situation.shown);
    if situation.requirement.is_strict && !situation.is_of_now(surely_identified_at(situation.shown)) {
        return Step::SignIn;
    }
    let requirement = Requirement {
        policy_acr: situation.requirement.policy_acr.max(situation.means.floor).max(situation.own_best()).max(situation.risk),
        ..situation.requirement.clone()
    };
    let has_old_password = situation.means.has_flagged_password && situation.shown.iter().any(|factor| factor.kind == FactorKind::Password);
    let done = if has_old_password { Step::ReplacePassword } else { Step::Done };
    // Another provider that does not say when it asked may not have asked: where somebody wants to know when, only what else was shown counts.
    let wants_time = requirement.after.is_some() || requirement.max_age_seconds.is_some();
    let sure = situation.shown.iter().filter(|factor| factor.kind != FactorKind::Upstream || factor.is_user_verified).map(|factor| factor.at).max();
    let timed = if wants_time { Authentication { at: sure.unwrap_or(UnixMicros(0)), ..authentication.clone() } } else { authentication.clone() };
    let step = match requirement.judge(&timed, situation.now) {
        Err(Shortfall::Stale) => Step::SignIn,
        Err(Shortfall::Level) => offered(situation).next().map_or_else(|| missing(situation, authentication.acr), Step::ShowFactor),
        Ok(()) if authentication.acr == Acr::Password && (!situation.is_trusted || requirement.is_strict) => {
            offered(situation).next().or_else(|| beside(situation).next()).map_or(done, Step::ShowFactor)
        }
        Ok(()) => done,
    };
    match step {
        // Whoever comes with a stolen password would add a factor of their own.
        Step::Enrol(acr) if situation.risk.is_some() => Step::Unmet(acr),
        // What changes the credentials needs a proof of just now: an old session, or somebody else's cookie, changes nothing.
        Step::Enrol(_) | Step::ReplacePassword if situation.now.since(identified.seconds()) > CHANGE_FRESH_SECONDS => Step::SignIn,
        step => step,
    }
}

/// Nothing that the customer has is enough. What the installation demands may then be added; what was only asked for in a request may not, or a stolen password would be enough for it.
fn missing(situation: &Situation<'_>, reached: Acr) -> Step {
    let least = situation.least().unwrap_or(Acr::Password);
    // Whoever has a second factor shows it first, also when it is not enough: a password alone neither adds anything to such an account nor opens a session of it, whatever level a request names.
    if reached == Acr::Password
        && let Some(kind) = choices(situation.shown, &situation.means.enrolled).next()
    {
        return Step::ShowFactor(kind);
    }
    let demanded = situation.requirement.policy_acr.max(situation.means.floor).filter(|demanded| *demanded > reached);
    // Nor does a weak second factor add anything where there is a stronger one.
    if demanded.is_some()
        && let Some(kind) = raising(situation, reached).max_by_key(|kind| reached_with(situation.shown, *kind))
    {
        return Step::ShowFactor(kind);
    }
    match demanded {
        Some(Acr::PhishingResistant) if !situation.means.may_add_passkeys => Step::Unmet(Acr::PhishingResistant),
        Some(demanded) => Step::Enrol(demanded),
        None => Step::Unmet(least),
    }
}

/// The customer's factors that, shown now, would be enough: for the level that is wanted, and for being a second factor. The preferred one first.
///
/// When none is enough for what the installation demands, those that lead to adding a better one.
pub fn offered(situation: &Situation<'_>) -> impl Iterator<Item = FactorKind> {
    let wanted = situation.least().unwrap_or(Acr::Password).max(Acr::WeakSecondFactor);
    // What nobody enrolled is asked for only where a level is demanded that needs it.
    let on_demand = match situation.risk {
        Some(_) => situation.means.on_risk.as_slice(),
        None if situation.least() > Some(Acr::Password) => situation.means.on_demand.as_slice(),
        None => &[],
    };
    let all = situation.means.enrolled.iter().chain(on_demand).copied().collect::<Vec<_>>();
    // A recovery code leads to the change of what was lost, whatever level that had.
    let stands_in =
        |kind: FactorKind| kind == FactorKind::RecoveryCode && situation.requirement.is_strict && !situation.means.is_staff && situation.own_best() == situation.least();
    choices(situation.shown, &all).filter(move |kind| reaches(situation.shown, *kind, wanted) || stands_in(*kind)).collect::<Vec<_>>().into_iter()
}

/// Second factors that are shown because the customer has them, although beside an account elsewhere they raise nothing.
fn beside<'a>(situation: &'a Situation<'_>) -> impl Iterator<Item = FactorKind> + 'a {
    let is_elsewhere = situation.shown.iter().any(|factor| factor.kind == FactorKind::Upstream);
    let has_held = situation.shown.iter().any(|factor| factor.kind.properties().is_held);
    choices(situation.shown, &situation.means.enrolled).filter(move |_| is_elsewhere && !has_held)
}

/// The customer's factors that, shown now, would raise the level above `reached`.
fn raising<'a>(situation: &'a Situation<'_>, reached: Acr) -> impl Iterator<Item = FactorKind> + 'a {
    choices(situation.shown, &situation.means.enrolled).filter(move |kind| reached_with(situation.shown, *kind) > Some(reached))
}

/// The ways that the challenge page offers at `step`.
pub fn ways(situation: &Situation<'_>, step: Step) -> Vec<FactorKind> {
    let enough: Vec<FactorKind> = offered(situation).collect();
    match step {
        Step::ShowFactor(_) if enough.is_empty() => {
            let reached = Authentication::from_shown(situation.shown).map_or(Acr::Password, |authentication| authentication.acr);
            let raising: Vec<FactorKind> = raising(situation, reached).collect();
            if raising.is_empty() { beside(situation).collect() } else { raising }
        }
        _ => enough,
    }
}

/// Whether showing `kind` now, at its best, reaches `wanted`: whether the authenticator verifies its user shows only when it is used.
fn reaches(shown: &[ShownFactor], kind: FactorKind, wanted: Acr) -> bool {
    reached_with(shown, kind) >= Some(wanted)
}

/// The level after showing `kind` now, at its best.
fn reached_with(shown: &[ShownFactor], kind: FactorKind) -> Option<Acr> {
    let best = ShownFactor { is_user_verified: kind.properties().is_phishing_resistant, ..ShownFactor::new(kind, UnixMicros(i64::MAX)) };
    let with: Vec<ShownFactor> = shown.iter().copied().chain(std::iter::once(best)).collect();
    Authentication::from_shown(&with).map(|authentication| authentication.acr)
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

    fn has(enrolled: &[FactorKind]) -> Means {
        Means { enrolled: enrolled.to_vec(), may_add_passkeys: true, ..Means::default() }
    }

    fn decide(requirement: &Requirement, shown: &[ShownFactor], means: &Means, is_trusted: bool, now: i64) -> Step {
        next_step(&Situation { requirement, shown, means, is_trusted, risk: None, now: UnixSeconds(now) })
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
        let table: [Row<'_>; 16] = [
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
            // Out of reach is told after the second factor, not instead of it.
            (&strongest, &early, &totp, 100, Step::ShowFactor(Totp)),
            (&strongest, &both, &totp, 100, Step::Unmet(Acr::PhishingResistant)),
            (&strongest, &both, &all, 100, Step::ShowFactor(Passkey)),
            (&fresh, &both, &all, 100, Step::SignIn),
        ];
        for (requirement, shown, enrolled, now, expected) in table {
            assert_eq!(decide(requirement, shown, &has(enrolled), false, now), expected, "{requirement:?} {shown:?} {enrolled:?}");
        }
    }

    #[test]
    fn what_the_rules_demand_is_added_and_what_is_asked_for_is_not() {
        use FactorKind::{EmailCode, Passkey, Password, RecoveryCode, Totp};
        let any = Requirement::default();
        let asked = |acr| Requirement { acr: Some(acr), ..Requirement::default() };
        let by_client = |acr| Requirement { policy_acr: Some(acr), ..Requirement::default() };
        let floor = |acr, enrolled: &[FactorKind]| Means { floor: Some(acr), ..has(enrolled) };
        let (password, with_app) = ([at(Password, 10)], [at(Password, 10), at(Totp, 11)]);
        let step = |requirement: &Requirement, shown: &[ShownFactor], means: &Means| decide(requirement, shown, means, false, 100);
        assert_eq!(step(&any, &password, &floor(Acr::SecondFactor, &[])), Step::Enrol(Acr::SecondFactor));
        assert_eq!(decide(&any, &password, &floor(Acr::SecondFactor, &[]), false, 311), Step::SignIn, "an old session adds nothing");
        assert_eq!(step(&by_client(Acr::SecondFactor), &password, &has(&[])), Step::Enrol(Acr::SecondFactor));
        assert_eq!(step(&asked(Acr::SecondFactor), &password, &has(&[])), Step::Unmet(Acr::SecondFactor));
        assert_eq!(
            step(&asked(Acr::SecondFactor), &password, &floor(Acr::PhishingResistant, &[])),
            Step::Enrol(Acr::PhishingResistant),
            "what is demanded comes before what is asked for"
        );
        assert_eq!(step(&asked(Acr::PhishingResistant), &with_app, &floor(Acr::SecondFactor, &[Totp])), Step::Unmet(Acr::PhishingResistant));
        // What there is comes first, and a password alone adds nothing to an account that has more.
        assert_eq!(step(&any, &password, &floor(Acr::SecondFactor, &[Totp])), Step::ShowFactor(Totp));
        assert_eq!(step(&any, &password, &floor(Acr::PhishingResistant, &[Totp, RecoveryCode])), Step::ShowFactor(Totp));
        assert_eq!(step(&any, &with_app, &floor(Acr::PhishingResistant, &[Totp, RecoveryCode])), Step::Enrol(Acr::PhishingResistant));
        assert_eq!(step(&any, &with_app, &floor(Acr::PhishingResistant, &[Totp, Passkey])), Step::ShowFactor(Passkey));
        assert_eq!(step(&any, &password, &Means { may_add_passkeys: false, ..floor(Acr::PhishingResistant, &[]) }), Step::Unmet(Acr::PhishingResistant));
        // A code to the mailbox stands in for nothing better, and only where a level is demanded.
        let mailbox = |least| Means { on_demand: vec![EmailCode], floor: least, ..has(&[]) };
        assert_eq!(step(&any, &password, &mailbox(None)), Step::Done);
        assert_eq!(step(&asked(Acr::Password), &password, &mailbox(None)), Step::Done);
        assert_eq!(step(&any, &password, &mailbox(Some(Acr::WeakSecondFactor))), Step::ShowFactor(EmailCode));
        assert_eq!(step(&any, &password, &mailbox(Some(Acr::SecondFactor))), Step::Enrol(Acr::SecondFactor));
        assert_eq!(step(&asked(Acr::WeakSecondFactor), &password, &mailbox(None)), Step::ShowFactor(EmailCode));
    }

    #[test]
    fn an_account_elsewhere_is_a_first_factor_and_spares_no_second_one() {
        use FactorKind::{EmailCode, Passkey, RecoveryCode, Totp, Upstream};
        let any = Requirement::default();
        let told = ShownFactor { is_user_verified: true, ..at(Upstream, 90) };
        let step = |requirement: &Requirement, shown: &[ShownFactor], enrolled: &[FactorKind]| decide(requirement, shown, &has(enrolled), false, 100);
        assert_eq!(step(&any, &[told], &[]), Step::Done);
        assert_eq!(step(&any, &[told], &[Passkey, Totp]), Step::ShowFactor(Passkey));
        assert_eq!(step(&any, &[told, at(Totp, 95)], &[Totp]), Step::Done);
        // Its mailbox raises nothing, and is asked for all the same.
        assert_eq!(step(&any, &[told], &[EmailCode]), Step::ShowFactor(EmailCode));
        assert_eq!(step(&any, &[told], &[EmailCode, Totp]), Step::ShowFactor(Totp));
        assert_eq!(step(&any, &[told, at(EmailCode, 95)], &[EmailCode]), Step::Done);
        assert_eq!(step(&any, &[told], &[RecoveryCode]), Step::ShowFactor(RecoveryCode));
        let weak = Requirement { policy_acr: Some(Acr::WeakSecondFactor), ..Requirement::default() };
        assert_eq!(step(&weak, &[told, at(EmailCode, 95)], &[EmailCode]), Step::Enrol(Acr::WeakSecondFactor));
        // What changes the account needs the provider's word on when it asked.
        let strict = Requirement { is_strict: true, max_age_seconds: Some(300), ..Requirement::default() };
        assert_eq!(step(&strict, &[told], &[]), Step::Done);
        assert_eq!(decide(&strict, &[at(Upstream, 990)], &has(&[]), false, 1_000), Step::SignIn);
        let situation = Situation { requirement: &any, shown: &[told], means: &has(&[EmailCode]), is_trusted: false, risk: None, now: UnixSeconds(100) };
        assert_eq!(ways(&situation, Step::ShowFactor(EmailCode)), [EmailCode]);
    }

    #[test]
    fn a_strange_sign_in_shows_more_of_what_there_is_and_adds_nothing() {
        use FactorKind::{EmailCode, Passkey, Password, RecoveryCode, Totp};
        let any = Requirement::default();
        let step = |risk, shown: &[ShownFactor], means: &Means, is_trusted| next_step(&Situation { requirement: &any, shown, means, is_trusted, risk, now: UnixSeconds(100) });
        let (weak, strong) = (Some(Acr::WeakSecondFactor), Some(Acr::SecondFactor));
        let password = [at(Password, 90)];
        let mailbox = Means { on_risk: vec![EmailCode], ..has(&[]) };
        assert_eq!(step(None, &password, &mailbox, false), Step::Done);
        assert_eq!(step(weak, &password, &mailbox, false), Step::ShowFactor(EmailCode));
        assert_eq!(step(weak, &[at(Password, 90), at(EmailCode, 95)], &mailbox, false), Step::Done);
        assert_eq!(step(weak, &password, &has(&[]), false), Step::Unmet(Acr::WeakSecondFactor), "nothing to show: nothing is added either");
        assert_eq!(step(strong, &password, &mailbox, false), Step::Unmet(Acr::SecondFactor));
        assert_eq!(step(weak, &password, &has(&[Totp, RecoveryCode]), true), Step::ShowFactor(Totp), "a trusted device is not spared");
        assert_eq!(step(strong, &password, &has(&[EmailCode, Passkey]), false), Step::ShowFactor(Passkey));
        let floor = Means { floor: strong, ..mailbox };
        assert_eq!(step(None, &password, &floor, false), Step::Enrol(Acr::SecondFactor));
        assert_eq!(step(weak, &password, &floor, false), Step::Unmet(Acr::SecondFactor));
        let whole = ShownFactor { is_user_verified: true, ..at(Passkey, 90) };
        assert_eq!(step(strong, &[whole], &has(&[Passkey]), false), Step::Done);
    }

    #[test]
    fn a_flagged_password_is_replaced_after_everything_else_was_shown() {
        use FactorKind::{Passkey, Password, Totp};
        let flagged = |enrolled: &[FactorKind]| Means { has_flagged_password: true, ..has(enrolled) };
        let any = Requirement::default();
        assert_eq!(decide(&any, &[at(Password, 10)], &flagged(&[]), false, 11), Step::ReplacePassword);
        assert_eq!(decide(&any, &[at(Password, 10)], &flagged(&[Totp]), false, 11), Step::ShowFactor(Totp));
        assert_eq!(decide(&any, &[at(Password, 10), at(Totp, 11)], &flagged(&[Totp]), false, 12), Step::ReplacePassword);
        assert_eq!(decide(&any, &[at(Password, 10)], &flagged(&[Totp]), true, 11), Step::ReplacePassword, "also on a trusted device");
        let whole = ShownFactor { is_user_verified: true, ..at(Passkey, 10) };
        assert_eq!(decide(&any, &[whole], &flagged(&[Passkey]), false, 11), Step::Done, "a passkey has nothing to do with it");
    }

    #[test]
    fn a_trusted_device_is_spared_only_what_nobody_demands() {
        use FactorKind::{Password, Totp};
        let shown = [at(Password, 10)];
        let means = has(&[Totp]);
        assert_eq!(decide(&Requirement::default(), &shown, &means, true, 100), Step::Done);
        assert_eq!(decide(&Requirement::default(), &[], &means, true, 100), Step::SignIn);
        assert_eq!(decide(&Requirement { is_strict: true, ..Requirement::default() }, &shown, &means, true, 100), Step::ShowFactor(Totp));
        for acr in [Acr::WeakSecondFactor, Acr::SecondFactor] {
            assert_eq!(decide(&Requirement { acr: Some(acr), ..Requirement::default() }, &shown, &means, true, 100), Step::ShowFactor(Totp));
            assert_eq!(decide(&Requirement { policy_acr: Some(acr), ..Requirement::default() }, &shown, &means, true, 100), Step::ShowFactor(Totp));
            assert_eq!(decide(&Requirement::default(), &shown, &Means { floor: Some(acr), ..means.clone() }, true, 100), Step::ShowFactor(Totp));
        }
    }

    proptest! {
        #[test]
        fn done_means_the_requirement_holds(seen in 0_i64..500, now in 0_i64..1_000, max_age in proptest::option::of(0_u32..500), level in proptest::option::of(0_usize..4), after in proptest::option::of(0_i64..500), kinds in proptest::collection::vec(0_usize..7, 0..4), enrolled in proptest::collection::vec(0_usize..6, 0..6)) {
            let requirement = Requirement { acr: level.map(|level| Acr::LADDER[level]), max_age_seconds: max_age, after: after.map(|after| UnixMicros(after * 1_000_000)), ..Requirement::default() };
            let shown: Vec<ShownFactor> = kinds.iter().map(|kind| at(FactorKind::ALL[*kind], seen)).collect();
            let enrolled: Vec<FactorKind> = enrolled.iter().map(|kind| FactorKind::ALL[*kind]).collect();
            let step = decide(&requirement, &shown, &has(&enrolled), false, now);
            let Some(authentication) = Authentication::from_shown(&shown) else { prop_assert_eq!(step, Step::SignIn); return Ok(()) };
            match step {
                Step::Done => {
                    prop_assert!(requirement.judge(&authentication, UnixSeconds(now)).is_ok());
                    // Nobody with a useful second factor gets by with the first alone.
                    let could = choices(&shown, &enrolled).any(|kind| { let mut with = shown.clone(); with.push(ShownFactor { is_user_verified: true, ..at(kind, now) }); Authentication::from_shown(&with).unwrap().acr > Acr::Password && (shown.iter().any(|factor| factor.kind == FactorKind::Password) || kind == FactorKind::Passkey) });
                    prop_assert!(authentication.acr > Acr::Password || !could);
                }
                Step::ReplacePassword => prop_assert!(false, "no password was flagged"),
                Step::ShowFactor(kind) => prop_assert!(enrolled.contains(&kind) && !shown.iter().any(|factor| factor.kind == kind) && kind != FactorKind::Password),
                Step::Unmet(acr) | Step::Enrol(acr) => prop_assert!(authentication.acr < acr),
                Step::SignIn => {
                    let is_unsure = shown.iter().any(|factor| factor.kind == FactorKind::Upstream && !factor.is_user_verified) && (max_age.is_some() || after.is_some());
                    prop_assert!(is_unsure || requirement.judge(&authentication, UnixSeconds(now)).is_err());
                }
            }
        }
    }
}
