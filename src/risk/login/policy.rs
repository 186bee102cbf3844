//! What is done about how strange a sign-in is. Pure.

use serde::{Deserialize, Serialize};

use super::scale::Level;
use crate::base::assurance::Acr;

/// Whether decisions are carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Nothing is judged.
    Off,
    /// Everything is judged and written down, and nothing is done about it.
    Audit,
    /// What was decided is done.
    #[default]
    Enforce,
}

/// What is done, the mildest first; each includes those before it where that makes sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Nothing.
    #[default]
    Allow,
    /// The customer is told by mail.
    Notify,
    /// A further factor is asked for, of those that the customer has, or a code to the proven mailbox; and the customer is told.
    StepUp,
    /// The same, after a while.
    Delay,
    /// The sign-in is refused as if the password were wrong, and the customer is told.
    Deny,
}

impl Action {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::Allow, Self::Notify, Self::StepUp, Self::Delay, Self::Deny];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Notify => "notify",
            Self::StepUp => "step_up",
            Self::Delay => "delay",
            Self::Deny => "deny",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.word() == word)
    }
}

/// What is done at each level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigninPolicy {
    /// Whether decisions are carried out.
    pub mode: Mode,
    /// At [`Level::Elevated`].
    pub elevated: Action,
    /// At [`Level::High`].
    pub high: Action,
    /// At [`Level::Severe`].
    pub severe: Action,
    /// The least level of the further factor.
    pub step_up_acr: Acr,
    /// How long [`Action::Delay`] waits, in seconds.
    pub delay_seconds: i64,
    /// How long after a sign-in at [`Level::High`] or above changes of the account wait, in seconds; 0 is not at all.
    #[serde(default)]
    pub hold_seconds: i64,
}

impl Default for SigninPolicy {
    fn default() -> Self {
        Self {
            mode: Mode::Enforce,
            elevated: Action::Allow,
            high: Action::StepUp,
            severe: Action::StepUp,
            step_up_acr: Acr::WeakSecondFactor,
            delay_seconds: 5,
            hold_seconds: 86_400,
        }
    }
}

/// What else a decision rests on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Circumstances {
    /// Whether this browser signed the customer in before; none when that is not known.
    pub is_known_device: Option<bool>,
    /// Whether the shop as a whole is being tried.
    pub is_attacked: bool,
}

impl SigninPolicy {
    /// What is done at a level, were everything carried out.
    ///
    /// While the shop is being tried, browsers that are not known count as one level stranger. A browser that is known is never delayed or refused: whoever stuffs passwords must not be able to keep an owner out.
    pub fn decide(&self, level: Level, circumstances: Circumstances) -> Action {
        let is_known = circumstances.is_known_device == Some(true);
        let level = match level {
            level if is_known || !circumstances.is_attacked => level,
            Level::Low => Level::Elevated,
            Level::Elevated => Level::High,
            Level::High | Level::Severe => Level::Severe,
        };
        let action = match level {
            Level::Low => Action::Allow,
            Level::Elevated => self.elevated,
            Level::High => self.high,
            Level::Severe => self.severe,
        };
        if is_known { action.min(Action::StepUp) } else { action }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_level_has_its_action_and_known_browsers_are_never_kept_out() {
        let policy = SigninPolicy { elevated: Action::Notify, high: Action::Delay, severe: Action::Deny, ..SigninPolicy::default() };
        let of = |known, attacked| Circumstances { is_known_device: known, is_attacked: attacked };
        let decided = |circumstances| Level::ALL.map(|level| policy.decide(level, circumstances));
        assert_eq!(decided(of(Some(false), false)), [Action::Allow, Action::Notify, Action::Delay, Action::Deny]);
        assert_eq!(decided(of(None, false)), [Action::Allow, Action::Notify, Action::Delay, Action::Deny]);
        for attacked in [false, true] {
            assert_eq!(decided(of(Some(true), attacked)), [Action::Allow, Action::Notify, Action::StepUp, Action::StepUp]);
        }
        assert_eq!(decided(of(Some(false), true)), [Action::Notify, Action::Delay, Action::Deny, Action::Deny]);
        for action in Action::ALL {
            assert_eq!((Action::parse(action.word()), serde_json::to_value(action).unwrap()), (Some(action), action.word().into()));
        }
        assert_eq!(Action::parse("pray"), None);
    }
}
