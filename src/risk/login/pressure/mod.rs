//! Whether somebody tries many accounts: from one address, from one network, or at the shop as a whole. Pure.
//!
//! Tries are counted in slots of two minutes; different names by one bit each, so that what several nodes counted adds up by adding numbers and joining bits.

pub mod store;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::model::Value;
use crate::base::time::UnixSeconds;

/// The length of a slot, in seconds.
pub const SLOT_SECONDS: i64 = 120;
/// Slots that are looked at: ten minutes.
const WINDOW: i64 = 5;
/// Sources that are counted at a time; further ones count for their network and the shop alone.
const SOURCE_LIMIT: usize = 50_000;
/// Different names that failed from one address in ten minutes, from which on it tries many accounts.
const NAMES: u32 = 8;
/// Tries from one address, of which most are for accounts that nobody has.
const STRANGERS: u64 = 20;
/// How long the shop counts as attacked after it looked so last, in seconds.
const CALM_SECONDS: i64 = 600;

/// Whose tries are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Counted {
    /// Those of one address, or of one household.
    Source(Value),
    /// Those of a network.
    Network(Value),
    /// All.
    Shop,
}

impl Counted {
    /// As it is stored: what kind it is, and which one.
    pub const fn parts(self) -> (i32, Value) {
        match self {
            Self::Source(value) => (0, value),
            Self::Network(value) => (1, value),
            Self::Shop => (2, 0),
        }
    }

    /// Reads what was stored.
    pub const fn of(kind: i32, value: Value) -> Option<Self> {
        match kind {
            0 => Some(Self::Source(value)),
            1 => Some(Self::Network(value)),
            2 => Some(Self::Shop),
            _ => None,
        }
    }
}

/// What a try came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It was accepted.
    Right,
    /// The password was wrong.
    Wrong,
    /// Nobody has that name.
    Stranger,
}

/// Tries in some time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// All.
    pub tries: u64,
    /// Those that failed.
    pub failures: u64,
    /// Those for names that nobody has.
    pub strangers: u64,
    /// A bit for each name that failed.
    pub names: u64,
}

impl Tally {
    /// Both together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self {
            tries: self.tries.saturating_add(other.tries),
            failures: self.failures.saturating_add(other.failures),
            strangers: self.strangers.saturating_add(other.strangers),
            names: self.names | other.names,
        }
    }

    /// Whether it looks like somebody who tries many accounts.
    pub const fn is_stuffing(&self) -> bool {
        // So many bits are at least so many names; two names may share one.
        self.names.count_ones() >= NAMES || (self.tries >= STRANGERS && self.strangers * 10 > self.tries * 6)
    }
}

/// How usual failing is, over the last days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usual {
    /// Tries.
    pub tries: u64,
    /// Those that failed.
    pub failures: u64,
    /// How many windows of ten minutes they are from.
    pub windows: u64,
}

/// How far the failures in `now` stand out from what is usual, in standard deviations; 0 where they are not at least `times` what is usual in such a time.
#[expect(clippy::cast_precision_loss, reason = "counts of tries lie far below 2^52")]
pub fn stands_out(now: &Tally, usual: &Usual, times: f64) -> f64 {
    // One in five fails where nothing is known; at least five in ten minutes are nothing to speak of.
    let share = (usual.failures as f64 + 10.0) / (usual.tries as f64 + 50.0);
    let in_a_window = (usual.failures as f64 / (usual.windows.max(1)) as f64).max(6.0);
    if (now.failures as f64) < times * in_a_window {
        return 0.0;
    }
    let expected = now.tries as f64 * share;
    let spread = (expected * (1.0 - share)).sqrt().max(1.0);
    (now.failures as f64 - expected) / spread
}

type Slots = HashMap<(Counted, i64), Tally>;

/// What is going on, as one node knows it: what it counted and has not told yet, and what all nodes told.
#[derive(Debug, Default)]
pub struct Pressure {
    pending: Slots,
    shared: Slots,
    hot: BTreeSet<Value>,
    /// None while the shop is calm.
    attacked_until: Option<UnixSeconds>,
}

fn slot(at: UnixSeconds) -> i64 {
    at.0.div_euclid(SLOT_SECONDS)
}

impl Pressure {
    /// Counts a try.
    pub fn note(&mut self, (source, network): (Value, Value), name: Value, ended: Ended, now: UnixSeconds) {
        let failed = u64::from(ended != Ended::Right);
        let tally = Tally { tries: 1, failures: failed, strangers: u64::from(ended == Ended::Stranger), names: if failed == 1 { 1 << (name % 64) } else { 0 } };
        let at = slot(now);
        for counted in [Counted::Source(source), Counted::Network(network), Counted::Shop] {
            let is_new = !self.pending.contains_key(&(counted, at));
            if is_new && matches!(counted, Counted::Source(_)) && self.pending.len() >= SOURCE_LIMIT {
                continue;
            }
            let mine = self.pending.entry((counted, at)).or_default();
            *mine = mine.with(tally);
        }
    }

    fn of(&self, counted: Counted, now: UnixSeconds) -> Tally {
        let last = slot(now);
        let at = |slots: &Slots, slot: i64| slots.get(&(counted, slot)).copied().unwrap_or_default();
        (last - WINDOW + 1..=last).map(|slot| at(&self.pending, slot).with(at(&self.shared, slot))).fold(Tally::default(), Tally::with)
    }

    /// Whether an address tries many accounts.
    pub fn is_stuffing_source(&self, source: Value, now: UnixSeconds) -> bool {
        self.of(Counted::Source(source), now).is_stuffing()
    }

    /// Whether a network does, far more than it usually does.
    pub fn is_stuffing_network(&self, network: Value) -> bool {
        self.hot.contains(&network)
    }

    /// Whether the shop as a whole is being tried.
    pub fn is_attacked(&self, now: UnixSeconds) -> bool {
        self.attacked_until.is_some_and(|until| now < until)
    }

    /// Tries, and failures, of the last ten minutes.
    pub fn lately(&self, now: UnixSeconds) -> Tally {
        self.of(Counted::Shop, now)
    }

    /// Takes what was counted here and was not told yet.
    pub fn take_pending(&mut self) -> BTreeMap<(Counted, i64), Tally> {
        std::mem::take(&mut self.pending).into_iter().collect()
    }

    /// Gives back what could not be told.
    pub fn return_pending(&mut self, untold: BTreeMap<(Counted, i64), Tally>) {
        for (key, tally) in untold {
            let mine = self.pending.entry(key).or_default();
            *mine = mine.with(tally);
        }
    }

    /// Takes up what all nodes told, with what was told just now.
    pub fn take_up(&mut self, shared: impl IntoIterator<Item = ((Counted, i64), Tally)>) {
        self.shared = shared.into_iter().collect();
    }

    /// Networks with enough failures lately to be looked at.
    pub fn noticeable_networks(&self, now: UnixSeconds) -> Vec<Value> {
        let networks: BTreeSet<Value> =
            self.shared.keys().chain(self.pending.keys()).filter_map(|(counted, _)| if let Counted::Network(value) = counted { Some(*value) } else { None }).collect();
        networks.into_iter().filter(|network| self.of(Counted::Network(*network), now).failures >= 30).take(1_000).collect()
    }

    /// Judges networks, and the shop as a whole, by what is usual for them. Whether the shop has just begun to be tried, or has ceased to.
    pub fn judge(&mut self, networks: &[(Value, Usual)], shop: &Usual, now: UnixSeconds) -> Option<bool> {
        let is_hot = |value: Value, usual: &Usual| stands_out(&self.of(Counted::Network(value), now), usual, 5.0) > 6.0;
        self.hot = networks.iter().filter(|(network, usual)| is_hot(*network, usual)).map(|(network, _)| *network).collect();
        let (was, lately) = (self.attacked_until.is_some(), self.lately(now));
        if lately.tries >= 100 && stands_out(&lately, shop, 3.0) > 8.0 {
            self.attacked_until = Some(now.plus(CALM_SECONDS));
        } else if !self.is_attacked(now) {
            self.attacked_until = None;
        }
        let is = self.attacked_until.is_some();
        (was != is).then_some(is)
    }
}

#[cfg(test)]
#[path = "pressure_tests.rs"]
mod tests;
