//! How many forms a minute are usual, from one address and in all, and how hard a puzzle is asked for above that. Pure; each node counts for itself.

use std::collections::HashMap;

use super::puzzle::{LEAST_BITS, MOST_BITS};
use crate::base::time::UnixSeconds;

/// Forms that nobody has to be signed in for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// Name and password.
    Signin,
    /// The address of somebody who joins.
    Join,
    /// The address of somebody who recovers an account.
    Recovery,
}

impl Form {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Signin, Self::Join, Self::Recovery];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Signin => "signin",
            Self::Join => "join",
            Self::Recovery => "recovery",
        }
    }
}

/// When puzzles are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Never.
    Off,
    /// When there is a reason.
    #[default]
    Auto,
    /// Always, of browsers that are not known.
    Always,
}

/// What is usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BotPolicy {
    /// When puzzles are asked for.
    pub mode: Mode,
    /// Sign-ins a minute, of a node.
    pub signins: u32,
    /// Joinings.
    pub joins: u32,
    /// Recoveries.
    pub recoveries: u32,
    /// Of each, from one address.
    pub of_source: u32,
    /// How long whoever runs no scripts waits, in seconds.
    pub wait_seconds: i64,
}

impl Default for BotPolicy {
    fn default() -> Self {
        Self { mode: Mode::Auto, signins: 600, joins: 60, recoveries: 60, of_source: 20, wait_seconds: 30 }
    }
}

/// What goes on beside.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pressure {
    /// Whether the shop as a whole is tried.
    pub is_attacked: bool,
    /// Whether the address tries many accounts.
    pub is_stuffing_address: bool,
    /// Whether its network does.
    pub is_stuffing_network: bool,
}

/// Addresses that are counted at a time; further ones count for all alone.
const SOURCE_LIMIT: usize = 50_000;
const MINUTE: i64 = 60;

/// What was sent in this minute, and in the one before.
#[derive(Debug, Default)]
pub struct Budgets {
    minute: i64,
    now: HashMap<(Form, u64), u32>,
    before: HashMap<(Form, u64), u32>,
    /// Who waited in place of a puzzle, in this minute and the one before.
    waits: [HashMap<u64, u32>; 2],
}

/// Those of one address who may wait in place of a puzzle, in two minutes.
const WAITS_OF_SOURCE: u32 = 3;
/// Those of a node.
const WAITS: u32 = 60;

/// The key of all addresses together; no address hashes to it but by a chance that harms nobody.
const ALL: u64 = 0;

impl Budgets {
    fn turn(&mut self, now: UnixSeconds) {
        let minute = now.0.div_euclid(MINUTE);
        if minute == self.minute {
            return;
        }
        let is_next = minute == self.minute + 1;
        self.before = if is_next { std::mem::take(&mut self.now) } else { HashMap::new() };
        self.now.clear();
        let [now, before] = &mut self.waits;
        *before = if is_next { std::mem::take(now) } else { HashMap::new() };
        now.clear();
        self.minute = minute;
    }

    /// Counts a form that was sent.
    pub fn count(&mut self, form: Form, source: u64, now: UnixSeconds) {
        self.turn(now);
        for key in [(form, ALL), (form, source)] {
            if self.now.len() < SOURCE_LIMIT || self.now.contains_key(&key) {
                let count = self.now.entry(key).or_default();
                *count = count.saturating_add(1);
            }
        }
    }

    /// Counts somebody who waited; whether they may. Waiting costs nobody anything: so it is for the few who run no scripts.
    pub fn may_wait(&mut self, source: u64, now: UnixSeconds) -> bool {
        self.turn(now);
        let [here, before] = &mut self.waits;
        let of = |key: u64| here.get(&key).copied().unwrap_or(0).saturating_add(before.get(&key).copied().unwrap_or(0));
        if of(source) >= WAITS_OF_SOURCE || of(ALL) >= WAITS {
            return false;
        }
        *here.entry(source).or_default() += 1;
        *here.entry(ALL).or_default() += 1;
        true
    }

    /// The more of this minute and the one before: what was too much a moment ago still is.
    fn sent(&self, key: (Form, u64)) -> u32 {
        self.now.get(&key).copied().unwrap_or(0).max(self.before.get(&key).copied().unwrap_or(0))
    }

    /// How hard a puzzle is asked for; none where nothing is unusual. It is one bit, so twice as much work, harder with each doubling above what is usual.
    pub fn demand(&mut self, policy: &BotPolicy, form: Form, source: u64, pressure: Pressure, now: UnixSeconds) -> Option<u8> {
        self.turn(now);
        let usual = match form {
            Form::Signin => policy.signins,
            Form::Join => policy.joins,
            Form::Recovery => policy.recoveries,
        };
        let above = |sent: u32, usual: u32| (sent >= usual.max(1)).then(|| u8::try_from((sent / usual.max(1)).ilog2()).unwrap_or(u8::MAX));
        let reasons = [
            (policy.mode == Mode::Always).then_some(0),
            above(self.sent((form, ALL)), usual),
            above(self.sent((form, source)), policy.of_source).map(|above| above.saturating_add(1)),
            pressure.is_attacked.then_some(1),
            pressure.is_stuffing_network.then_some(1),
            pressure.is_stuffing_address.then_some(3),
        ];
        let hardest = reasons.into_iter().flatten().max().filter(|_| policy.mode != Mode::Off)?;
        Some(LEAST_BITS.saturating_add(hardest).min(MOST_BITS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cost_rises_with_pressure_and_falls_again() {
        let policy = BotPolicy { signins: 10, of_source: 4, ..BotPolicy::default() };
        let (mut budgets, now) = (Budgets::default(), UnixSeconds(6_000));
        let calm = Pressure::default();
        assert_eq!(budgets.demand(&policy, Form::Signin, 7, calm, now), None);
        for number in 0..10 {
            budgets.count(Form::Signin, 100 + number, now);
        }
        assert_eq!(budgets.demand(&policy, Form::Signin, 7, calm, now), Some(14), "ten from everybody");
        assert_eq!(budgets.demand(&policy, Form::Join, 7, calm, now), None, "each form has its own");
        (0..30).for_each(|number| budgets.count(Form::Signin, 200 + number, now));
        assert_eq!(budgets.demand(&policy, Form::Signin, 7, calm, now), Some(16), "four times as much, four times as hard");
        (0..200_000).for_each(|number| budgets.count(Form::Signin, number, now));
        assert_eq!(budgets.demand(&policy, Form::Signin, 7, calm, now), Some(MOST_BITS));
        assert!(budgets.now.len() <= SOURCE_LIMIT + 1);
        assert!(budgets.demand(&policy, Form::Signin, 7, calm, now.plus(60)).is_some(), "a moment later it still is");
        assert_eq!(budgets.demand(&policy, Form::Signin, 7, calm, now.plus(120)), None);
        let mut waiting = Budgets::default();
        assert_eq!((0..5).filter(|_| waiting.may_wait(7, now)).count(), 3);
        assert!(waiting.may_wait(8, now) && !waiting.may_wait(7, now.plus(60)) && waiting.may_wait(7, now.plus(120)));
        assert_eq!((0..500).filter(|source| waiting.may_wait(1_000 + source, now.plus(600))).count(), 60);
        let mut one = Budgets::default();
        (0..4).for_each(|_| one.count(Form::Recovery, 7, now));
        assert_eq!((one.demand(&policy, Form::Recovery, 7, calm, now), one.demand(&policy, Form::Recovery, 8, calm, now)), (Some(15), None));
        let pressed = |pressure| Budgets::default().demand(&policy, Form::Signin, 7, pressure, now);
        assert_eq!(pressed(Pressure { is_attacked: true, ..calm }), Some(15));
        assert_eq!(pressed(Pressure { is_stuffing_address: true, ..calm }), Some(17));
        assert_eq!(Budgets::default().demand(&BotPolicy { mode: Mode::Always, ..policy }, Form::Join, 7, calm, now), Some(14));
        assert_eq!(Budgets::default().demand(&BotPolicy { mode: Mode::Off, ..policy }, Form::Join, 7, Pressure { is_attacked: true, ..calm }, now), None);
    }
}
