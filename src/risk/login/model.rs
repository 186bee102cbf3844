//! The statistical model, pure. A sign-in has two features, each in levels from fine to coarse: where it comes from (address, network, country) and with what (the browser's whole name, browser, system, class of device).
//!
//! The score of a sign-in x of customer u is, after equation 7 of the paper,
//! `S(u, x) = p(u|attack) / p(u|honest) · Π p(x_k) / p(x_k|u)`, with `p(u|attack) = 1/|U|` and `p(u|honest) = n_u/N`.
//! How likely a value is for attackers is left out (1 for all): measured on a real service it made the score worse.

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
/// What a value that the customer never had counts: as if they had it so much more rarely than everybody.
const NEVER: f64 = 4.0;

/// What is observed of a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Observation {
    /// Where from, fine to coarse.
    pub place: [Value; PLACES],
    /// With what, fine to coarse.
    pub device: [Value; DEVICES],
}

/// How often a value was seen, and how many there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// Sign-ins with this value.
    pub count: u64,
    /// Different values of this level.
    pub distinct: u64,
}

/// What is known of everybody's accepted sign-ins, about the values of one observation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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
fn of_own<const N: usize>(weights: &[f64; N], values: &[Value; N], own: &(impl Iterator<Item = [Value; N]> + Clone)) -> f64 {
    let count = own.clone().count() as u64;
    let level = |level: usize| own.clone().filter(|seen| seen.get(level) == values.get(level)).count() as u64;
    weights.iter().enumerate().map(|(at, weight)| weight * share(level(at), count)).sum()
}

/// The score of a sign-in; none for the first one of a customer, and before anybody ever signed in: those are not judged, which does not make them safe.
pub fn score(crowd: &Crowd, own: &[Observation], observed: &Observation) -> Option<Scored> {
    if own.is_empty() || crowd.logins == 0 || crowd.customers == 0 {
        return None;
    }
    let ratio = |everybody: f64, customer: f64| if customer > 0.0 { (everybody / customer).ln() } else { NEVER.ln() };
    let place = ratio(of_crowd(&PLACE_WEIGHTS, &crowd.place, crowd.logins), of_own(&PLACE_WEIGHTS, &observed.place, &own.iter().map(|seen| seen.place)));
    let device = ratio(of_crowd(&DEVICE_WEIGHTS, &crowd.device, crowd.logins), of_own(&DEVICE_WEIGHTS, &observed.device, &own.iter().map(|seen| seen.device)));
    let customer = (share(1, crowd.customers) / share(own.len() as u64, crowd.logins)).ln();
    Some(Scored { place, device, customer })
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
