//! The ladder of recovery: what each proof weighs, what is instant, what waits, and what is refused. Pure.
//!
//! A password alone can be replaced by whoever reads the mailbox: that gives no session to an account with a second factor, which is asked for afterwards. A lost second factor takes more: strong proofs together are enough at once, weaker ones wait while every channel can say no, and a mailbox alone is never enough.

use std::collections::BTreeSet;

use crate::base::time::UnixSeconds;

/// Something that was shown in a recovery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// A passkey or security key of the account.
    Passkey,
    /// One of the codes that were given out.
    RecoveryCode,
    /// A device that the customer trusts.
    TrustedDevice,
    /// The password.
    Password,
    /// A code from the mailbox of the account.
    Mailbox,
    /// A code from the second mailbox.
    SecondMailbox,
    /// A code from the telephone.
    Phone,
    /// The reference of an order that the storefront told us of.
    PastOrder,
}

impl Evidence {
    /// Every kind.
    pub const ALL: [Self; 8] = [Self::Passkey, Self::RecoveryCode, Self::TrustedDevice, Self::Password, Self::Mailbox, Self::SecondMailbox, Self::Phone, Self::PastOrder];

    /// What it weighs. A key cannot be phished, and a recovery code was made for this day; what can be redirected, overheard or read by others weighs least.
    pub const fn weight(self) -> u32 {
        match self {
            Self::Passkey | Self::RecoveryCode => 4,
            Self::TrustedDevice | Self::Password => 2,
            Self::Mailbox | Self::SecondMailbox | Self::Phone | Self::PastOrder => 1,
        }
    }

    /// The word for it, in forms and texts.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Passkey => "passkey",
            Self::RecoveryCode => "recovery-code",
            Self::TrustedDevice => "trusted-device",
            Self::Password => "password",
            Self::Mailbox => "mailbox",
            Self::SecondMailbox => "second-mailbox",
            Self::Phone => "phone",
            Self::PastOrder => "past-order",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|evidence| evidence.word() == word)
    }
}

/// What the customer cannot show any longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lost {
    /// The password; a second factor, where there is one, is still at hand.
    Password,
    /// Everything beside the password, and perhaps the password too.
    SecondFactor,
}

/// What is known of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts {
    /// Whether anything beside the password is asked for.
    pub has_second_factor: bool,
    /// Whether the address was changed so lately that the change can still be undone: a code from it proves nothing.
    pub is_mailbox_new: bool,
    /// The same of the telephone.
    pub is_phone_new: bool,
    /// The same of the second mailbox.
    pub is_second_mailbox_new: bool,
    /// Whether the account stands still after "this was not me".
    pub is_frozen: bool,
    /// Whether there is a second factor that is held, or comes by another channel than the mailbox.
    pub has_other_factor: bool,
    /// Whether its owner stopped a recovery lately.
    pub was_vetoed: bool,
    /// Whether the password was set by a recovery, or so lately that somebody else may have: it proves nothing beside what it was set with.
    pub is_password_unproven: bool,
    /// Whether the recovery codes were given out lately.
    pub are_codes_new: bool,
    /// Whether the passkey that was shown was added lately, or is there no longer.
    pub is_passkey_new: bool,
}

/// How long weak proofs wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waits {
    /// Seconds, for proofs in the middle.
    pub short_seconds: i64,
    /// Seconds, for the weakest that are taken.
    pub long_seconds: i64,
}

/// From this weight on nothing waits.
const INSTANT: u32 = 5;
/// From this weight on the wait is the short one.
const SHORT: u32 = 3;
/// From this weight on there is a wait at all.
const LONG: u32 = 2;

/// What the proofs so far are good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Not enough.
    Refused,
    /// Enough after so many seconds in which nobody says no.
    Wait(i64),
    /// Enough.
    Instant,
}

/// The proofs that count.
pub fn counting(evidence: &BTreeSet<Evidence>, facts: &Facts) -> BTreeSet<Evidence> {
    let counts = |evidence: &Evidence| match evidence {
        Evidence::Mailbox => !facts.is_mailbox_new,
        Evidence::SecondMailbox => !facts.is_second_mailbox_new,
        Evidence::Phone => !facts.is_phone_new,
        Evidence::Password => !facts.is_password_unproven,
        Evidence::RecoveryCode => !facts.are_codes_new,
        Evidence::Passkey => !facts.is_passkey_new,
        _ => true,
    };
    evidence.iter().copied().filter(counts).collect()
}

/// What is lost in truth: where the only second factor comes to the mailbox, whoever reads the mailbox has it all, and it counts as lost with the password.
pub fn effective(lost: Lost, evidence: &BTreeSet<Evidence>, facts: &Facts) -> Lost {
    let is_other = |evidence: &Evidence| !matches!(evidence, Evidence::Mailbox | Evidence::Password | Evidence::PastOrder);
    let is_apart = !facts.has_second_factor || facts.has_other_factor || evidence.iter().any(is_other);
    if lost == Lost::Password && is_apart { Lost::Password } else { Lost::SecondFactor }
}

/// What `evidence` is good for.
pub fn judge(lost: Lost, evidence: &BTreeSet<Evidence>, facts: &Facts, waits: Waits) -> Verdict {
    let counted = counting(evidence, facts);
    let weight: u32 = counted.iter().map(|evidence| evidence.weight()).sum();
    // The reference of an order stands on receipts, and a password is what was lost: neither replaces one.
    let reaches_owner = counted.iter().any(|evidence| !matches!(evidence, Evidence::PastOrder | Evidence::Password));
    // A key that was found in the street, with a receipt in the same bag, is not to shut its owner out; and beside it nothing else would be asked for.
    let is_bare_key = counted.iter().all(|evidence| matches!(evidence, Evidence::Passkey | Evidence::PastOrder));
    if !facts.has_second_factor || effective(lost, &counted, facts) == Lost::Password {
        return if reaches_owner && !is_bare_key { Verdict::Instant } else { Verdict::Refused };
    }
    // One kind is never enough, whatever it weighs, and a mailbox is one kind.
    if counted.len() < 2 || !reaches_owner || is_bare_key {
        return Verdict::Refused;
    }
    match weight {
        INSTANT.. if !facts.is_frozen => Verdict::Instant,
        // After a veto only what is enough at once will do.
        _ if facts.was_vetoed => Verdict::Refused,
        SHORT.. => Verdict::Wait(waits.short_seconds),
        LONG.. => Verdict::Wait(waits.long_seconds),
        _ => Verdict::Refused,
    }
}

/// Where a recovery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Proofs are being shown.
    Collecting,
    /// The wait runs.
    Waiting,
    /// New credentials were set.
    Done,
    /// Its owner said no.
    Vetoed,
    /// Another one was begun, or the credentials changed meanwhile.
    Over,
}

impl State {
    /// The stored form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Collecting => "collecting",
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Vetoed => "vetoed",
            Self::Over => "over",
        }
    }

    /// Reads the stored form.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Collecting, Self::Waiting, Self::Done, Self::Vetoed, Self::Over].into_iter().find(|state| state.as_str() == text)
    }
}

/// How far a recovery has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Where it stands.
    pub state: State,
    /// What was shown.
    pub evidence: BTreeSet<Evidence>,
    /// What is lost.
    pub lost: Lost,
    /// When the wait is over. Also of one that collects again, in another browser, after its wait.
    pub waits_until: Option<UnixSeconds>,
    /// What was shown when that wait began: it is served only for whoever shows all of it again.
    pub served: BTreeSet<Evidence>,
}

/// What can happen to a recovery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Something was shown.
    Shown(Evidence),
    /// The customer said what is lost.
    Named(Lost),
    /// The customer wants the wait to begin.
    Wait,
    /// Its owner said no.
    Veto,
    /// New credentials are to be set.
    Finish,
    /// Another one was begun, or the credentials changed.
    Replace,
}

/// What is next, as a page shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Show something that reaches the owner first.
    Prove,
    /// Show more.
    More,
    /// The wait can begin; so many seconds.
    MayWait(i64),
    /// It runs.
    Waiting(UnixSeconds),
    /// New credentials can be set.
    Finish,
    /// Nothing more.
    Ended(State),
}

impl Progress {
    /// One that was just begun.
    pub fn new() -> Self {
        Self { state: State::Collecting, evidence: BTreeSet::new(), lost: Lost::Password, waits_until: None, served: BTreeSet::new() }
    }

    /// What is next.
    pub fn next(&self, facts: &Facts, waits: Waits, now: UnixSeconds) -> Next {
        match (self.state, self.waits_until) {
            (State::Collecting, served) => match judge(self.lost, &self.evidence, facts, waits) {
                Verdict::Instant => Next::Finish,
                // Gone on with in another browser, where the proofs are shown again: the wait is behind it.
                Verdict::Wait(_) if served.is_some_and(|until| until <= now) && self.served.is_subset(&counting(&self.evidence, facts)) => Next::Finish,
                Verdict::Wait(seconds) => Next::MayWait(seconds),
                Verdict::Refused if self.evidence.is_empty() => Next::Prove,
                Verdict::Refused => Next::More,
            },
            (State::Waiting, Some(until)) if now < until => Next::Waiting(until),
            // What was enough then has to be enough still: a channel may have been changed since.
            (State::Waiting, Some(_)) => match judge(self.lost, &self.evidence, &Facts { was_vetoed: false, ..*facts }, waits) {
                Verdict::Refused => Next::Ended(State::Over),
                _ => Next::Finish,
            },
            (state, _) => Next::Ended(state),
        }
    }

    /// What becomes of it; `None` when that cannot happen now.
    pub fn after(&self, event: Event, facts: &Facts, waits: Waits, now: UnixSeconds) -> Option<Self> {
        let mut next = self.clone();
        match (self.state, event) {
            (State::Collecting, Event::Shown(evidence)) => {
                next.evidence.insert(evidence);
            }
            (State::Collecting, Event::Named(lost)) => next.lost = lost,
            (State::Collecting, Event::Wait) => match self.next(facts, waits, now) {
                Next::MayWait(seconds) => {
                    next.state = State::Waiting;
                    next.waits_until = Some(now.plus(seconds));
                }
                _ => return None,
            },
            (State::Collecting | State::Waiting, Event::Finish) if self.next(facts, waits, now) == Next::Finish => next.state = State::Done,
            (State::Collecting | State::Waiting, Event::Veto) => next.state = State::Vetoed,
            (State::Collecting | State::Waiting, Event::Replace) => next.state = State::Over,
            _ => return None,
        }
        Some(next)
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
#[path = "ladder_tests.rs"]
mod tests;
