//! What an authorization request needs next: a pure function of the request, of who is signed in, and of what was agreed to before.

use super::model::{AuthorizationRequest, Pause};
use crate::base::assurance::Requirement;
use crate::base::time::UnixMicros;
use crate::identity::signin::machine::Step;
use crate::oauth::clients::metadata::ConsentPolicy;
use crate::oauth::scope::Scope;

/// Who is signed in, as far as the rules need to know.
#[derive(Debug, Clone)]
pub struct Present<'a> {
    /// When they last said who they are, by a factor that stands on its own; another factor added since says nothing new about it.
    pub identified_at: UnixMicros,
    /// `sub` as the client knows it.
    pub subject: &'a str,
    /// What they agreed to share with the client before.
    pub agreed: &'a Scope,
}

/// What the decision rests on.
#[derive(Debug, Clone)]
pub struct Situation<'a> {
    /// The request.
    pub request: &'a AuthorizationRequest,
    /// When it came in.
    pub asked_at: UnixMicros,
    /// Who is signed in.
    pub present: Option<Present<'a>>,
    /// What the sign-in machine says of the requirement.
    pub step: Step,
    /// Whether the sign-in that leads to this request, and names its purchase, was gone through in this session.
    pub is_confirmed: bool,
    /// Whether this client's customers are asked.
    pub consent: ConsentPolicy,
    /// Now.
    pub now_micros: UnixMicros,
}

/// What comes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Send the person to sign in, under this requirement.
    SignIn(Requirement),
    /// Let the person choose the account.
    ChooseAccount,
    /// Let the person pause before gift cards are bought.
    Pause,
    /// Ask for consent.
    AskConsent,
    /// Issue the code.
    Issue,
    /// Tell the client why not (OIDC Core section 3.1.2.6; OpenID Connect Core Unmet Authentication Requirements).
    Refuse(&'static str),
}

/// Decides.
pub fn decide(situation: &Situation<'_>) -> Decision {
    let request = situation.request;
    let is_silent = request.prompt.none;
    let Some(present) = &situation.present else {
        return if is_silent { Decision::Refuse("login_required") } else { Decision::SignIn(request.requirement.clone()) };
    };
    match situation.step {
        Step::SignIn if is_silent => return Decision::Refuse("login_required"),
        Step::SignIn => return Decision::SignIn(request.requirement.clone()),
        Step::ShowFactor(_) | Step::Enrol(_) | Step::ReplacePassword | Step::Unmet(_) | Step::Done => {}
    }
    // Who it is comes before how well that is proven.
    if request.expected_subjects.as_ref().is_some_and(|expected| !expected.iter().any(|one| one == present.subject)) {
        // Somebody else is signed in. Ask once for the right person; a second wrong one is the client's to know.
        let has_been_asked = present.identified_at > situation.asked_at;
        if is_silent || has_been_asked {
            return Decision::Refuse("login_required");
        }
        return Decision::SignIn(Requirement { after: Some(situation.asked_at), ..request.requirement.clone() });
    }
    let has_chosen = request.is_account_chosen || present.identified_at > situation.asked_at;
    if request.prompt.select_account && !has_chosen {
        return Decision::ChooseAccount;
    }
    match situation.step {
        Step::ShowFactor(_) | Step::Enrol(_) | Step::ReplacePassword if is_silent => return Decision::Refuse("interaction_required"),
        Step::ShowFactor(_) | Step::Enrol(_) | Step::ReplacePassword => return Decision::SignIn(request.requirement.clone()),
        Step::Unmet(_) => return Decision::Refuse("unmet_authentication_requirements"),
        Step::SignIn | Step::Done => {}
    }
    // What was shown in another tab, for something else, confirms no purchase: only the pages that named it do.
    if request.purchase.is_some() && !situation.is_confirmed {
        return if is_silent { Decision::Refuse("login_required") } else { Decision::SignIn(Requirement { after: Some(situation.now_micros), ..request.requirement.clone() }) };
    }
    if request.purchase.as_ref().is_some_and(|purchase| purchase.gift_cards) && request.pause != Pause::Over {
        return if is_silent { Decision::Refuse("interaction_required") } else { Decision::Pause };
    }
    let is_agreed = situation.consent == ConsentPolicy::Implicit || request.shared().is_within(present.agreed);
    if request.prompt.consent || !is_agreed {
        return if is_silent { Decision::Refuse("consent_required") } else { Decision::AskConsent };
    }
    Decision::Issue
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
