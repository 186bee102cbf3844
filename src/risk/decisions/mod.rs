//! Decisions as they are kept: what was decided, what it was computed from, what came of it, and what people said of it.

pub mod store;

use crate::base::ids::{CustomerId, DecisionId};
use crate::base::time::UnixSeconds;

/// What was decided about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A sign-in.
    Signin,
    /// An order.
    Order,
}

impl Kind {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Signin => "signin",
            Self::Order => "order",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Signin, Self::Order].into_iter().find(|kind| kind.word() == word)
    }
}

/// Whose word it is that something was fraud, or was not. Of two that differ the later one in this list counts: a bank that takes its money back knows more than a mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LabelSource {
    /// The customer's, by the link in a message.
    Customer,
    /// A takeover that the customer reported.
    Report,
    /// The support's.
    Support,
    /// The shop's, by what became of an order.
    Outcome,
}

impl LabelSource {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Customer, Self::Report, Self::Support, Self::Outcome];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Report => "report",
            Self::Support => "support",
            Self::Outcome => "outcome",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.word() == word)
    }
}

/// What became of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It went on: the sign-in was completed, with the further factor where one was asked for.
    Passed,
    /// It was refused.
    Refused,
}

impl Outcome {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Refused => "refused",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Passed, Self::Refused].into_iter().find(|outcome| outcome.word() == word)
    }
}

/// A decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// Its id; ids of later decisions are greater.
    pub id: DecisionId,
    /// What about.
    pub kind: Kind,
    /// Whom it is about; none of a guest.
    pub customer: Option<CustomerId>,
    /// When.
    pub at: UnixSeconds,
    /// The score, 0 to 1000.
    pub score: u16,
    /// The level, as a word.
    pub level: String,
    /// What the policy says to do, as a word.
    pub action: String,
    /// What was done: nothing, where it is only watched.
    pub done: String,
    /// The version of the model.
    pub model: String,
    /// What it was computed from, as JSON: a [`crate::risk::login::record::SigninRecord`], or an order's.
    pub record: String,
    /// What became of it; none as long as it is open.
    pub outcome: Option<Outcome>,
}

/// What somebody said of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Whose word it is.
    pub source: LabelSource,
    /// Whether it was fraud.
    pub is_fraud: bool,
    /// Who said so: a customer, a client, or one of the staff, by id.
    pub said_by: String,
    /// When.
    pub at: UnixSeconds,
}

/// What counts of several labels: the word of the source that knows most.
pub fn counts(labels: &[Label]) -> Option<bool> {
    labels.iter().max_by_key(|label| label.source).map(|label| label.is_fraud)
}
