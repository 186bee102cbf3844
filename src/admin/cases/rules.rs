//! What stands between a wish of the desk and its being done: a second person, the customer's veto, a wait. Pure.

use serde::{Deserialize, Serialize};

use crate::base::time::UnixSeconds;

/// What is to be done to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaseKind {
    /// Every authenticator beside the password is taken away.
    RemoveFactors,
    /// The e-mail address is changed.
    ChangeEmail,
    /// The account is erased, after the days of grace.
    Erase,
}

impl CaseKind {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::RemoveFactors, Self::ChangeEmail, Self::Erase];

    /// The word for it, which is also the name of the operation that asks for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::RemoveFactors => "remove_factors",
            Self::ChangeEmail => "change_email",
            Self::Erase => "erase",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaseState {
    /// A second person is to look at it.
    Asked,
    /// The wait runs, or the new address is to be confirmed.
    Waiting,
    /// It was done.
    Done,
    /// A second person said no.
    Refused,
    /// The customer said no.
    Vetoed,
    /// Nobody decided in time.
    Expired,
}

impl CaseState {
    /// The stored form.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Vetoed => "vetoed",
            Self::Expired => "expired",
        }
    }

    /// Reads the stored form.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Asked, Self::Waiting, Self::Done, Self::Refused, Self::Vetoed, Self::Expired].into_iter().find(|state| state.word() == word)
    }

    /// Whether anything can still come of it.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Asked | Self::Waiting)
    }
}

/// What is fixed about a case when it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// By whom.
    pub asked_by: String,
    /// Whether a second person has to approve it.
    pub needs_approval: bool,
    /// Whether the owner of a new mailbox has to confirm it.
    pub needs_confirmation: bool,
    /// How long the customer can say no, in seconds.
    pub wait_seconds: i64,
}

/// How far a case has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Where it stands.
    pub state: CaseState,
    /// When the wait is over.
    pub due_at: Option<UnixSeconds>,
    /// Whether the new mailbox was confirmed.
    pub is_confirmed: bool,
}

/// What can happen to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event<'a> {
    /// Somebody approves it.
    Approve(&'a str),
    /// Somebody refuses it.
    Refuse(&'a str),
    /// The customer says no.
    Veto,
    /// The owner of the new mailbox confirms it.
    Confirm,
    /// Time has passed.
    Tick,
    /// Nobody decided in time.
    Expire,
}

/// Why an event does nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CaseRefused {
    /// It is over.
    #[error("the case is over")]
    Over,
    /// Whoever asks does not approve.
    #[error("whoever asked for it cannot approve it")]
    OwnCase,
    /// It is approved already.
    #[error("it waits for the customer by now")]
    Decided,
    /// It is not time yet.
    #[error("it is not time yet")]
    TooEarly,
}

/// A case as it begins.
pub fn begin(terms: &Terms, now: UnixSeconds) -> Progress {
    let asked = Progress { state: CaseState::Asked, due_at: None, is_confirmed: !terms.needs_confirmation };
    if terms.needs_approval { asked } else { waiting(terms, &asked, now) }
}

fn waiting(terms: &Terms, before: &Progress, now: UnixSeconds) -> Progress {
    settle(Progress { state: CaseState::Waiting, due_at: Some(now.plus(terms.wait_seconds)), ..*before }, now)
}

/// Done, when nothing stands before it any longer.
fn settle(progress: Progress, now: UnixSeconds) -> Progress {
    let is_due = progress.due_at.is_some_and(|due| due <= now);
    if progress.state == CaseState::Waiting && is_due && progress.is_confirmed { Progress { state: CaseState::Done, ..progress } } else { progress }
}

/// What becomes of a case.
///
/// # Errors
/// [`CaseRefused`].
pub fn after(terms: &Terms, progress: &Progress, event: Event<'_>, now: UnixSeconds) -> Result<Progress, CaseRefused> {
    let to = |state| Ok(Progress { state, ..progress.clone() });
    match (progress.state, event) {
        (CaseState::Done | CaseState::Refused | CaseState::Vetoed | CaseState::Expired, _) => Err(CaseRefused::Over),
        (CaseState::Asked, Event::Approve(by)) if by == terms.asked_by => Err(CaseRefused::OwnCase),
        (CaseState::Asked, Event::Approve(_)) => Ok(waiting(terms, progress, now)),
        (CaseState::Waiting, Event::Approve(_)) => Err(CaseRefused::Decided),
        // Whoever asked may take it back; a wait can still be ended by staff.
        (CaseState::Asked | CaseState::Waiting, Event::Refuse(_)) => to(CaseState::Refused),
        (CaseState::Asked | CaseState::Waiting, Event::Veto) => to(CaseState::Vetoed),
        (CaseState::Asked | CaseState::Waiting, Event::Expire) => to(CaseState::Expired),
        (CaseState::Asked | CaseState::Waiting, Event::Confirm) => Ok(settle(Progress { is_confirmed: true, ..progress.clone() }, now)),
        (CaseState::Asked, Event::Tick) => Err(CaseRefused::TooEarly),
        (CaseState::Waiting, Event::Tick) => {
            let next = settle(progress.clone(), now);
            if next.state == CaseState::Done { Ok(next) } else { Err(CaseRefused::TooEarly) }
        }
    }
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
