//! After a sign-in that looked strange, what would take the account over waits a while: the rule, pure, and what it looks at.

pub mod web;

use super::gate::SigninState;
use super::model::SigninFlow;
use crate::base::assurance::Acr;
use crate::base::ids::{CustomerId, DecisionId};
use crate::base::page::{MAX_PAGE, PageRequest};
use crate::base::secret::SecretHash;
use crate::base::time::UnixSeconds;
use crate::identity::factors::password;
use crate::identity::sessions::SignedIn;
use crate::identity::sessions::store as session_store;
use crate::platform::db::{DbConnection, StoreError};
use crate::risk::decisions::store::{Wanted, find_decision, find_labels, list_decisions};
use crate::risk::decisions::{Kind, LabelSource, Outcome, counts};
use crate::risk::login::policy::Mode;
use crate::risk::login::record::SigninRecord;
use crate::risk::login::scale::Level;

/// A sign-in of the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signin {
    /// When.
    pub at: UnixSeconds,
    /// How strange it was.
    pub level: Level,
    /// Whether its browser was known to be the customer's.
    pub is_known: bool,
    /// What was said of it; none where nobody said anything.
    pub is_fraud: Option<bool>,
}

/// Who wants to change something.
#[derive(Debug, Clone)]
pub struct Holder {
    /// The customer.
    pub customer: CustomerId,
    /// What they showed.
    pub acr: Acr,
    /// Since when: the session, or now, in a sign-in.
    pub opened_at: UnixSeconds,
    /// What was decided over this very sign-in, while it is not over yet.
    pub decision: Option<DecisionId>,
}

impl Holder {
    /// Somebody in a session.
    pub fn of(signed_in: &SignedIn) -> Self {
        Self { customer: signed_in.customer().clone(), acr: signed_in.authentication.acr, opened_at: signed_in.session.created_at, decision: None }
    }
}

impl Holder {
    /// What was decided over this sign-in of the customer.
    pub fn within(flow: &SigninFlow, customer: &CustomerId) -> Option<DecisionId> {
        flow.risk.as_ref().filter(|carried| carried.customer == *customer).map(|carried| carried.decision.clone())
    }
}

/// Until when a session waits, opened by a browser that is known since `known_since`, which reached `acr`: as long as a strange sign-in is younger than `hold_seconds`, that nobody said was the customer's own, and that this session or browser may come from.
///
/// A second factor of the customer's own lifts it; a code to the mailbox does not, for whoever reads that could also replace it.
pub fn held_until(signins: &[Signin], known_since: UnixSeconds, acr: Acr, hold_seconds: i64, now: UnixSeconds) -> Option<UnixSeconds> {
    let strange = signins.iter().filter(|signin| signin.level >= Level::High && !signin.is_known && signin.is_fraud != Some(false));
    let ends = strange.filter(|signin| signin.at <= known_since).map(|signin| signin.at.plus(hold_seconds));
    ends.max().filter(|end| *end > now && acr < Acr::SecondFactor)
}

/// The same, in a browser with the secret `device`. What came before the password was last changed is over: everything that was open under the old one ended with it.
///
/// # Errors
/// [`StoreError`].
pub fn find_hold(connection: &mut DbConnection, state: &SigninState, holder: &Holder, device: Option<&SecretHash>) -> Result<Option<UnixSeconds>, StoreError> {
    let (now, policy) = (state.tools.now(), &state.risk.policy);
    if policy.mode != Mode::Enforce || policy.hold_seconds == 0 {
        return Ok(None);
    }
    let since = now.plus(-policy.hold_seconds);
    let since = password::store::find_updated_at(connection, &holder.customer)?.map_or(since, |changed_at| changed_at.plus(1).max(since));
    // Of those alone: however often somebody signs in after it, the strange one stays in sight.
    let wanted = Wanted {
        kind: Some(Kind::Signin),
        customer: Some(holder.customer.clone()),
        since: Some(since),
        outcome: Some(Outcome::Passed),
        levels: [Level::High, Level::Severe].map(|level| level.word().to_owned()).to_vec(),
        ..Wanted::default()
    };
    let mut passed = list_decisions(connection, &wanted, &PageRequest::first(MAX_PAGE))?.items;
    // Nobody changes anything within the strange sign-in either. That of others, which are not over, hold nobody up.
    if let Some(own) = &holder.decision {
        passed.extend(find_decision(connection, own)?.filter(|decision| decision.customer.as_ref() == Some(&holder.customer) && decision.at >= since));
    }
    let labels = find_labels(connection, &passed.iter().map(|decision| decision.id.as_str()).collect::<Vec<_>>())?;
    let read = |decision: &crate::risk::decisions::Decision| {
        let record: SigninRecord = serde_json::from_str(&decision.record).ok()?;
        let said = labels.get(decision.id.as_str());
        // Everything that it opened was ended by whoever said that it was not them: it holds its owner up no longer.
        if said.is_some_and(|labels| labels.iter().any(|label| label.source == LabelSource::Report && label.is_fraud)) {
            return None;
        }
        let is_fraud = said.and_then(|labels| counts(labels));
        Some(Signin { at: decision.at, level: record.level, is_known: record.evidence.facts.is_known_device == Some(true), is_fraud })
    };
    let signins: Vec<Signin> = passed.iter().filter_map(read).collect();
    let known_at = match device {
        Some(device) => session_store::find_device_since(connection, device, &holder.customer)?,
        None => None,
    };
    let known_since = known_at.map_or(holder.opened_at, |known_at| known_at.min(holder.opened_at));
    Ok(held_until(&signins, known_since, holder.acr, policy.hold_seconds, now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strange_sign_in_holds_what_may_come_from_it_and_nothing_else() {
        let strange = Signin { at: UnixSeconds(1_000), level: Level::High, is_known: false, is_fraud: None };
        let held = |signin: Signin, known_since: i64, acr: Acr, now: i64| held_until(&[signin], UnixSeconds(known_since), acr, 100, UnixSeconds(now));
        let end = Some(UnixSeconds(1_100));
        for acr in [Acr::Password, Acr::WeakSecondFactor] {
            assert_eq!(held(strange, 1_000, acr, 1_050), end);
            assert_eq!(held(strange, 1_040, acr, 1_050), end, "a session opened after it");
        }
        assert_eq!(held(Signin { level: Level::Severe, is_fraud: Some(true), ..strange }, 1_000, Acr::Password, 1_099), end);
        let free = [
            held(strange, 1_000, Acr::Password, 1_100),
            held(strange, 999, Acr::Password, 1_050),
            held(strange, 1_000, Acr::SecondFactor, 1_050),
            held(strange, 1_000, Acr::PhishingResistant, 1_050),
            held(Signin { level: Level::Elevated, ..strange }, 1_000, Acr::Password, 1_050),
            held(Signin { is_known: true, ..strange }, 1_000, Acr::Password, 1_050),
            held(Signin { is_fraud: Some(false), ..strange }, 1_000, Acr::Password, 1_050),
        ];
        assert_eq!(free, [None; 7]);
        let two = [strange, Signin { at: UnixSeconds(1_030), ..strange }];
        assert_eq!(held_until(&two, UnixSeconds(1_030), Acr::Password, 100, UnixSeconds(1_040)), Some(UnixSeconds(1_130)));
    }
}
