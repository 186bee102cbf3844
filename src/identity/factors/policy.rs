//! What an installation offers and demands: a pure function from its rules and a customer's facts to the least level of a sign-in.

use crate::base::assurance::{Acr, FactorKind};
use crate::base::time::UnixSeconds;
use crate::identity::customers::FactorFacts;

/// "Everyone in this group shows at least this, from this day on."
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRule {
    /// The group; `admins` holds everybody with admin rights, besides those who were put into it.
    pub group: String,
    /// The least level.
    pub acr: Acr,
    /// From when on; until then those who lack a factor are reminded.
    pub from: UnixSeconds,
}

/// The group of everybody with admin rights.
pub const ADMINS: &str = "admins";

/// What an installation offers and demands.
#[derive(Debug, Clone, Default)]
pub struct FactorPolicy {
    /// Whether there are passkeys.
    pub has_passkeys: bool,
    /// Whether a passkey is offered after a sign-in with the password.
    pub offers_passkeys: bool,
    /// Whether codes may go out by e-mail.
    pub has_email_codes: bool,
    /// Whether a code to the proven mailbox is asked for where a sign-in looks strange and there is nothing else, also where codes by e-mail are no factor.
    pub mails_on_risk: bool,
    /// Whether codes may go out by text message.
    pub has_sms_codes: bool,
    /// The least level for everybody.
    pub minimum: Option<Acr>,
    /// The least level by group.
    pub groups: Vec<GroupRule>,
    /// The least level by scope that a client asks for.
    pub scopes: Vec<(String, Acr)>,
    /// How long a device is trusted, in seconds; none when they are not.
    pub trust_seconds: Option<i64>,
}

/// A level that will be demanded, and from when on.
pub type Announced = (Acr, UnixSeconds);

impl FactorPolicy {
    /// The least level of a sign-in of this customer at `now`.
    pub fn floor(&self, facts: &FactorFacts, now: UnixSeconds) -> Option<Acr> {
        let groups = self.rules_of(facts).filter(|rule| rule.from <= now).map(|rule| rule.acr).max();
        groups.max(self.minimum).max(facts.own_acr)
    }

    /// The level above [`Self::floor`] that is demanded soonest, and from when on.
    pub fn announced(&self, facts: &FactorFacts, now: UnixSeconds) -> Option<Announced> {
        let floor = self.floor(facts, now);
        self.rules_of(facts).filter(|rule| rule.from > now && Some(rule.acr) > floor).map(|rule| (rule.acr, rule.from)).min_by_key(|(_, from)| *from)
    }

    /// The least level for what a client asks for.
    pub fn scope_floor<'a>(&self, scopes: impl Iterator<Item = &'a str>) -> Option<Acr> {
        scopes.filter_map(|scope| self.scopes.iter().filter(|(name, _)| name == scope).map(|(_, acr)| *acr).max()).max()
    }

    /// The kinds that a customer can have here: what can be reached with them is what discovery announces.
    pub fn available(&self) -> Vec<FactorKind> {
        let has = |kind| match kind {
            FactorKind::Password | FactorKind::Totp | FactorKind::RecoveryCode => true,
            FactorKind::Passkey => self.has_passkeys,
            FactorKind::EmailCode => self.has_email_codes,
            FactorKind::SmsCode => self.has_sms_codes,
            // It raises nothing that a password does not.
            FactorKind::Upstream => false,
        };
        FactorKind::ALL.into_iter().filter(|kind| has(*kind)).collect()
    }

    fn rules_of<'a>(&'a self, facts: &'a FactorFacts) -> impl Iterator<Item = &'a GroupRule> {
        self.groups.iter().filter(|rule| facts.groups.contains(&rule.group) || (facts.is_admin && rule.group == ADMINS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_rule_that_applies_counts() {
        let rule = |group: &str, acr, from| GroupRule { group: group.into(), acr, from: UnixSeconds(from) };
        let policy = FactorPolicy {
            groups: vec![rule("staff", Acr::SecondFactor, 100), rule(ADMINS, Acr::PhishingResistant, 200), rule("staff", Acr::PhishingResistant, 300)],
            scopes: vec![("payments".into(), Acr::SecondFactor), ("transfers".into(), Acr::PhishingResistant)],
            ..FactorPolicy::default()
        };
        let facts =
            |groups: &[&str], is_admin, own_acr| FactorFacts { groups: groups.iter().map(|group| (*group).to_owned()).collect(), is_admin, own_acr, ..FactorFacts::default() };
        let floor = |facts: &FactorFacts, now| policy.floor(facts, UnixSeconds(now));
        let announced = |facts: &FactorFacts, now| policy.announced(facts, UnixSeconds(now)).map(|(acr, from)| (acr, from.0));
        let (nobody, staff, admin) = (facts(&[], false, None), facts(&["staff", "other"], false, None), facts(&["staff"], true, None));
        assert_eq!((floor(&nobody, 500), announced(&nobody, 0)), (None, None));
        assert_eq!((floor(&staff, 99), announced(&staff, 99)), (None, Some((Acr::SecondFactor, 100))));
        assert_eq!((floor(&staff, 100), announced(&staff, 100)), (Some(Acr::SecondFactor), Some((Acr::PhishingResistant, 300))));
        assert_eq!((floor(&admin, 200), announced(&admin, 200)), (Some(Acr::PhishingResistant), None));
        assert_eq!(floor(&facts(&[], false, Some(Acr::PhishingResistant)), 0), Some(Acr::PhishingResistant));
        assert_eq!(floor(&facts(&[ADMINS], false, None), 200), Some(Acr::PhishingResistant), "the group can hold others too");
        let all = FactorPolicy { minimum: Some(Acr::WeakSecondFactor), ..policy.clone() };
        assert_eq!(all.floor(&nobody, UnixSeconds(0)), Some(Acr::WeakSecondFactor));
        let scopes = |asked: &str| policy.scope_floor(asked.split(' '));
        assert_eq!((scopes("openid email"), scopes("openid payments"), scopes("transfers payments")), (None, Some(Acr::SecondFactor), Some(Acr::PhishingResistant)));
    }

    #[test]
    fn only_what_is_offered_is_announced() {
        let none = FactorPolicy::default();
        assert_eq!(none.available(), [FactorKind::Password, FactorKind::Totp, FactorKind::RecoveryCode]);
        let all = FactorPolicy { has_passkeys: true, has_email_codes: true, has_sms_codes: true, ..FactorPolicy::default() };
        let raising = FactorKind::ALL.into_iter().filter(|kind| *kind != FactorKind::Upstream);
        assert_eq!(all.available(), raising.collect::<Vec<_>>());
    }
}
