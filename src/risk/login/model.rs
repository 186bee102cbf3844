//! The statistical model, pure. A sign-in has two features, each in levels from fine to coarse: where it comes from (address, network, country) and with what (the browser's whole name, browser, system, class of device).
//!
//! The score of a sign-in x of customer u is, after equation 7 of the paper,
//! `S(u, x) = p(u|attack) / p(u|honest) · Π p(x_k) / p(x_k|u)`, with `p(u|attack) = 1/|U|` and `p(u|honest) = n_u/N`.
//! How likely a value is for attackers is left out (1 for all): measured on a real service it made the score worse.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::signals::Code;

/// A value of a level, as a keyed hash: what it was, nobody can tell.
pub type Value = u64;

/// Levels of the place: address, network, country.
pub const PLACES: usize = 3;
/// Levels of the device: the browser's whole name, browser, system, class.
pub const DEVICES: usize = 4;
/// How much each level of the place counts, fine to coarse. Source: the weights that were published with the model's open implementation.
pub const PLACE_WEIGHTS: [f64; PLACES] = [0.6, 0.3, 0.1];
/// How much each level of the device counts, fine to coarse. The same source.
pub const DEVICE_WEIGHTS: [f64; DEVICES] = [0.538_67, 0.268_05, 0.188_18, 0.005_11];

/// The numbers of a model. Another version is another file, held against this one with `claviger risk replay` before it decides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// What decisions name it by, 1 to 32 letters, digits and dashes.
    pub version: String,
    /// How much each level of the place counts, fine to coarse; together 1.
    pub place: [f64; PLACES],
    /// How much each level of the device counts, fine to coarse; together 1.
    pub device: [f64; DEVICES],
    /// What a value that the customer never had counts: as if they had it so much more rarely than everybody.
    pub never: f64,
    /// What signals add, where it is not [`Code::weight`].
    #[serde(default)]
    pub signals: BTreeMap<Code, f64>,
}

impl Default for Model {
    fn default() -> Self {
        Self { version: "signin-1".to_owned(), place: PLACE_WEIGHTS, device: DEVICE_WEIGHTS, never: 4.0, signals: BTreeMap::new() }
    }
}

impl Model {
    /// Reads a model.
    ///
    /// # Errors
    /// In words, what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let model: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let is_named = (1..=32).contains(&model.version.len()) && model.version.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
        let is_share = |weights: &[f64]| weights.iter().all(|weight| (0.0..=1.0).contains(weight)) && (weights.iter().sum::<f64>() - 1.0).abs() < 0.01;
        if !is_named {
            return Err("version: 1 to 32 letters, digits, dashes and points".to_owned());
        }
        if !is_share(&model.place) || !is_share(&model.device) {
            return Err("place and device: shares that are 1 together".to_owned());
        }
        if !(1.0..=1_000.0).contains(&model.never) || model.signals.values().any(|weight| !(-20.0..=20.0).contains(weight)) {
            return Err("never: 1 to 1000; signals: -20 to 20".to_owned());
        }
        Ok(model)
    }

    /// What a signal adds.
    pub fn weight(&self, code: Code) -> f64 {
        self.signals.get(&code).copied().unwrap_or_else(|| code.weight())
    }
}

/// What is observed of a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Observation {
    /// Where from, fine to coarse.
    pub place: [Value; PLACES],
    /// With what, fine to coarse.
    pub device: [Value; DEVICES],
}

/// How often a value was seen, and how many there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Sign-ins with this value.
    pub count: u64,
    /// Different values of this level.
    pub distinct: u64,
}

/// What is known of everybody's accepted sign-ins, about the values of one observation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crowd {
    /// Accepted sign-ins.
    pub logins: u64,
    /// Customers who had any.
    pub customers: u64,
    /// The places, fine to coarse.
    pub place: [Seen; PLACES],
    /// The devices, fine to coarse.
    pub device: [Seen; DEVICES],
}

/// What is known of one customer's accepted sign-ins, about the values of one observation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    /// Their sign-ins that are remembered.
    pub logins: u64,
    /// How many of them had the same place, at each level.
    pub place: [u64; PLACES],
    /// How many of them had the same device, at each level.
    pub device: [u64; DEVICES],
}

impl Own {
    /// Counts a history.
    pub fn of<'a>(history: impl IntoIterator<Item = &'a Observation>, observed: &Observation) -> Self {
        let mut own = Self::default();
        for seen in history {
            own.logins += 1;
            own.place.iter_mut().zip(seen.place).zip(observed.place).for_each(|((count, seen), now)| *count += u64::from(seen == now));
            own.device.iter_mut().zip(seen.device).zip(observed.device).for_each(|((count, seen), now)| *count += u64::from(seen == now));
        }
        own
    }
}

/// The score, in natural logarithms: each part adds to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scored {
    /// What the place adds.
    pub place: f64,
    /// What the device adds.
    pub device: f64,
    /// What is added since this customer signs in more rarely, or more often, than others.
    pub customer: f64,
}

impl Scored {
    /// The whole.
    pub fn total(&self) -> f64 {
        self.place + self.device + self.customer
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of sign-ins lie far below 2^52")]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// How likely a value is for everybody: the finest level is smoothed, so that what nobody had yet is rare and not impossible.
fn of_crowd<const N: usize>(weights: &[f64; N], seen: &[Seen; N], logins: u64) -> f64 {
    let coarser: u64 = seen.iter().skip(1).map(|level| level.distinct).sum();
    let unseen = 1 + coarser;
    weights
        .iter()
        .zip(seen)
        .enumerate()
        .map(|(level, (weight, seen))| {
            let estimate = match (level, seen.count) {
                (0, 0) => share(1, logins + unseen),
                (0, count) => share(count, logins) * (1.0 - share(unseen, logins + unseen)),
                (_, count) => share(count, logins),
            };
            weight * estimate
        })
        .sum()
}

/// How likely a value is for one customer, by their own sign-ins.
fn of_own<const N: usize>(weights: &[f64; N], same: &[u64; N], logins: u64) -> f64 {
    weights.iter().zip(same).map(|(weight, same)| weight * share(*same, logins)).sum()
}

/// The score of a sign-in; none for the first one of a customer, and before anybody ever signed in: those are not judged, which does not make them safe.
pub fn score(model: &Model, crowd: &Crowd, own: &Own) -> Option<Scored> {
    if own.logins == 0 || crowd.logins == 0 || crowd.customers == 0 {
        return None;
    }
    let ratio = |everybody: f64, customer: f64| if customer > 0.0 { (everybody / customer).ln() } else { model.never.ln() };
    let place = ratio(of_crowd(&model.place, &crowd.place, crowd.logins), of_own(&model.place, &own.place, own.logins));
    let device = ratio(of_crowd(&model.device, &crowd.device, crowd.logins), of_own(&model.device, &own.device, own.logins));
    let customer = (share(1, crowd.customers) / share(own.logins, crowd.logins)).ln();
    Some(Scored { place, device, customer })
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
