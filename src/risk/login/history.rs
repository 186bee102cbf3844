//! What is remembered of one customer's own sign-ins: bounded, and sealed at rest like other personal data. Pure.

use super::model::{DEVICES, Observation, PLACES};
use crate::base::time::UnixSeconds;

/// Sign-ins of a customer that are remembered.
pub const REMEMBERED: usize = 60;
/// Bytes of one entry: the values, the time, and what else is known.
const ENTRY: usize = (PLACES + DEVICES) * 8 + 8 + 1;
/// The first byte: which layout it is.
const LAYOUT: u8 = 1;
/// How soon after each other two countries are too far apart, in seconds.
const TRAVEL_SECONDS: i64 = 2 * 3_600;
/// After how long without a sign-in an account counts as asleep, in seconds.
const DORMANT_SECONDS: i64 = 180 * 86_400;
/// Sign-ins from which on the time of the day is judged.
const TIMES_NEEDED: usize = 5;

/// An accepted sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// What was observed.
    pub observation: Observation,
    /// When.
    pub at: UnixSeconds,
    /// Whether the browser was known to be the customer's.
    pub is_known: bool,
    /// Whether the country was known.
    pub has_country: bool,
}

/// The sign-ins of a customer, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History(Vec<Entry>);

impl History {
    /// The sign-ins.
    pub fn entries(&self) -> &[Entry] {
        &self.0
    }

    /// One more; the oldest leaves when there are too many.
    pub fn accept(&mut self, entry: Entry) {
        if self.0.len() >= REMEMBERED {
            self.0.remove(0);
        }
        self.0.push(entry);
    }

    /// Forgets what came at `since` or later from browsers that were not known: it was somebody else. How many that were.
    pub fn forget_strangers(&mut self, since: UnixSeconds) -> usize {
        let before = self.0.len();
        self.0.retain(|entry| entry.at < since || entry.is_known);
        before - self.0.len()
    }

    /// As it is stored, before it is sealed.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(1 + self.0.len() * ENTRY);
        bytes.push(LAYOUT);
        for entry in &self.0 {
            for value in entry.observation.place.iter().chain(&entry.observation.device) {
                bytes.extend(value.to_le_bytes());
            }
            bytes.extend(entry.at.0.to_le_bytes());
            bytes.push(u8::from(entry.is_known) | u8::from(entry.has_country) << 1);
        }
        bytes
    }

    /// Reads what was stored; `None` when it is no history.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let (layout, rest) = bytes.split_first()?;
        if *layout != LAYOUT || !rest.len().is_multiple_of(ENTRY) {
            return None;
        }
        let number = |bytes: &[u8], at: usize| bytes.get(at * 8..at * 8 + 8).and_then(|part| part.try_into().ok()).map(u64::from_le_bytes);
        let entry = |bytes: &[u8]| {
            let values: Vec<u64> = (0..PLACES + DEVICES).map_while(|at| number(bytes, at)).collect();
            let flags = bytes.last()?;
            Some(Entry {
                observation: Observation { place: values.get(..PLACES)?.try_into().ok()?, device: values.get(PLACES..)?.try_into().ok()? },
                at: UnixSeconds(number(bytes, PLACES + DEVICES)?.cast_signed()),
                is_known: flags & 1 == 1,
                has_country: flags & 2 == 2,
            })
        };
        rest.chunks_exact(ENTRY).map(entry).collect::<Option<Vec<Entry>>>().map(Self)
    }

    /// Whether the customer was in another country, by another network, too short a while ago. Told only where both countries are known.
    pub fn has_travelled(&self, observed: &Observation, has_country: bool, now: UnixSeconds) -> bool {
        let [_, network, country] = observed.place;
        let is_elsewhere = |entry: &Entry| {
            let [_, its_network, its_country] = entry.observation.place;
            entry.has_country && its_country != country && its_network != network
        };
        has_country && self.0.last().is_some_and(|entry| now.since(entry.at).abs() < TRAVEL_SECONDS && is_elsewhere(entry))
    }

    /// Whether nobody signed in for half a year.
    pub fn is_dormant(&self, now: UnixSeconds) -> bool {
        self.0.last().is_some_and(|entry| now.since(entry.at) > DORMANT_SECONDS)
    }

    /// What the time of the day adds: how much more usual this hour is for everybody (`hours`, by UTC) than for this customer, between -0.7 and 1. Hours near to one that the customer had count in part, and with few sign-ins everybody's count more.
    pub fn time_weight(&self, hours: &[u64; 24], now: UnixSeconds) -> Option<f64> {
        if self.0.len() < TIMES_NEEDED {
            return None;
        }
        let mut own = [0_u64; 24];
        for entry in &self.0 {
            if let Some(count) = own.get_mut(hour_of(entry.at)) {
                *count += 1;
            }
        }
        let hour = hour_of(now);
        let (crowd, crowd_total) = (near(hours, hour), sum(hours));
        // Half an hour's worth of everybody in each hour, so that a young shop knows no impossible hour.
        let everybody = (crowd + 1.0) / (crowd_total + 24.0);
        let customer = (near(&own, hour) + 4.0 * everybody) / (sum(&own) + 4.0);
        Some((everybody / customer).ln().clamp(-0.7, 1.0))
    }
}

/// The hour of the day, by UTC.
pub fn hour_of(at: UnixSeconds) -> usize {
    usize::try_from(at.0.rem_euclid(86_400) / 3_600).unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "counts of sign-ins lie far below 2^52")]
fn sum(hours: &[u64; 24]) -> f64 {
    hours.iter().sum::<u64>() as f64
}

/// How many sign-ins lie near an hour: those three hours away count a quarter of those in it.
#[expect(clippy::cast_precision_loss, reason = "counts of sign-ins lie far below 2^52")]
fn near(hours: &[u64; 24], hour: usize) -> f64 {
    let weight = |away: usize| 4_u32.saturating_sub(u32::try_from(away).unwrap_or(4));
    let far = |at: usize| at.abs_diff(hour).min(24 - at.abs_diff(hour));
    hours.iter().enumerate().map(|(at, count)| *count as f64 * f64::from(weight(far(at))) / 16.0).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(at: i64, place: [u64; 3]) -> Entry {
        Entry { observation: Observation { place, device: [4, 5, 6, 7] }, at: UnixSeconds(at), is_known: at % 2 == 0, has_country: true }
    }

    #[test]
    fn a_history_is_bounded_and_read_back() {
        let mut history = History::default();
        for number in 0..200 {
            history.accept(entry(number, [number.unsigned_abs(), u64::MAX, 3]));
        }
        assert_eq!((history.entries().len(), history.entries()[0].at.0), (REMEMBERED, 140));
        let bytes = history.to_bytes();
        assert_eq!(bytes.len(), 1 + REMEMBERED * 65);
        assert_eq!(History::parse(&bytes).unwrap(), history);
        assert_eq!(History::parse(&History::default().to_bytes()).unwrap(), History::default());
        for bad in [&bytes[1..], &bytes[..bytes.len() - 1], &[], &[2]] {
            assert!(History::parse(bad).is_none());
        }
        assert_eq!(history.forget_strangers(UnixSeconds(190)), 5);
        assert_eq!(history.entries().len(), 55);
    }

    #[test]
    fn another_country_by_another_network_within_two_hours_is_travel() {
        let mut history = History::default();
        history.accept(entry(10_000, [1, 2, 3]));
        let there = Observation { place: [7, 8, 9], device: [4, 5, 6, 7] };
        let travelled = |observed: &Observation, known, at| history.has_travelled(observed, known, UnixSeconds(at));
        assert!(travelled(&there, true, 10_060) && travelled(&there, true, 9_000), "a clock that is behind changes nothing");
        assert!(!travelled(&there, false, 10_060) && !travelled(&there, true, 17_300));
        assert!(!travelled(&Observation { place: [7, 2, 9], ..there }, true, 10_060), "the same network: the list is wrong about it");
        assert!(!travelled(&Observation { place: [7, 8, 3], ..there }, true, 10_060));
        assert!(!history.is_dormant(UnixSeconds(10_000 + 180 * 86_400)) && history.is_dormant(UnixSeconds(10_001 + 180 * 86_400)));
    }

    #[test]
    fn the_hour_counts_as_far_as_it_tells_a_customer_apart() {
        let mut history = History::default();
        let at = |hour: i64| UnixSeconds(hour * 3_600);
        let evenly = [100; 24];
        assert_eq!(history.time_weight(&evenly, at(20)), None);
        for day in 0..20 {
            history.accept(entry(day * 86_400 + 20 * 3_600, [1, 2, 3]));
        }
        let weight = |hour| history.time_weight(&evenly, at(hour)).unwrap();
        assert!(weight(20) < -0.69 && weight(22) < 0.0 && weight(8) > 0.9 && weight(8) <= 1.0, "{} {} {}", weight(20), weight(22), weight(8));
        assert!((weight(23) - weight(17)).abs() < 1e-9);
        // Round midnight too.
        assert!((0..24).all(|hour| weight(hour).is_finite()));
        assert!(history.time_weight(&[0; 24], at(8)).unwrap().is_finite());
    }
}
