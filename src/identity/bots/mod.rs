//! What is asked of whoever sends a form that nobody has to be signed in for, when there are too many of them: a puzzle, or the captcha that the operator has. Browsers that the customer used before are never asked.

mod captcha;
pub mod web;

use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

pub use captcha::Captcha;

use crate::identity::signin::gate::SigninState;
use crate::risk::bots::budget::{BotPolicy, Budgets};
use crate::risk::bots::puzzle::Unsolved;

/// How long nobody is shown a captcha whose provider did not answer, in seconds.
const TROUBLE_SECONDS: i64 = 60;

/// What guards the forms of a node.
pub struct BotGate {
    /// What is usual.
    pub policy: BotPolicy,
    captcha: Option<Captcha>,
    budgets: Mutex<Budgets>,
    /// Until when the captcha's provider is taken not to answer.
    trouble_until: AtomicI64,
}

impl BotGate {
    /// A gate that has seen nothing yet.
    pub fn new(policy: BotPolicy, captcha: Option<Captcha>) -> Self {
        Self { policy, captcha, budgets: Mutex::default(), trouble_until: AtomicI64::new(0) }
    }

    fn captcha(&self, state: &SigninState) -> Option<&Captcha> {
        self.captcha.as_ref().filter(|_| self.trouble_until.load(Ordering::Relaxed) <= state.tools.now().0)
    }
}

/// Why a form was not taken, with the puzzle that stays the same for whoever waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Why.
    pub unsolved: Unsolved,
    /// The puzzle that was sent, where waiting for it goes on.
    pub kept: Option<String>,
}

impl Held {
    /// The key of the sentence that tells of it, and the seconds in it.
    pub fn sentence(&self) -> (&'static str, String) {
        match self.unsolved {
            Unsolved::Early(seconds) => ("puzzle-early", seconds.to_string()),
            Unsolved::Missing | Unsolved::Stale | Unsolved::Wrong => ("puzzle-needed", String::new()),
        }
    }
}
