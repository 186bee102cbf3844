//! From a score of the model, which depends on the size of a shop, to one that means the same everywhere: how many of the honest sign-ins lately looked at least so strange. Pure.

use serde::{Deserialize, Serialize};

/// The first bucket begins here.
const LOWEST: f64 = -24.0;
/// The width of a bucket.
const WIDTH: f64 = 0.25;
/// Buckets.
pub const BUCKETS: usize = 192;
/// Honest sign-ins from which on a shop is measured by its own alone: then the two in a thousand that are severe are ten.
pub const ENOUGH: u64 = 5_000;

/// What a shop is measured by that knows few of its own: the scores of a made-up history (30,000 people, seed 11, whose browsers are known again), from this bucket on, of about 10,000.
const USUAL_FROM: usize = 36;
const USUAL: [u16; 83] = [
    1, 2, 8, 16, 18, 27, 46, 73, 100, 140, 185, 242, 328, 386, 462, 508, 547, 580, 570, 572, 563, 509, 474, 413, 317, 255, 215, 242, 222, 192, 229, 102, 24, 11, 13, 17, 14, 15,
    17, 19, 28, 35, 46, 55, 54, 62, 69, 72, 67, 71, 70, 61, 57, 48, 40, 36, 44, 41, 46, 54, 53, 47, 56, 68, 84, 75, 70, 54, 42, 32, 34, 39, 44, 60, 58, 34, 26, 13, 8, 4, 2, 2, 1,
];

/// The same of orders: honest ones of a made-up shop (seed 11), by what the model begins with.
const USUAL_ORDERS_FROM: usize = 45;
const USUAL_ORDERS: [u16; 60] = [
    1, 0, 1, 1, 4, 6, 8, 16, 28, 32, 51, 74, 105, 149, 219, 296, 393, 497, 582, 681, 781, 811, 799, 755, 680, 625, 581, 478, 377, 312, 203, 134, 92, 51, 31, 15, 10, 7, 6, 2, 3, 0,
    0, 1, 1, 0, 2, 1, 1, 1, 1, 1, 1, 3, 0, 1, 1, 1, 0, 1,
];

/// How strange a sign-in is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// As usual: nine of ten honest sign-ins.
    Low,
    /// Of a hundred honest sign-ins, ten look so strange.
    Elevated,
    /// Of a hundred, two.
    High,
    /// Of a thousand, two.
    Severe,
}

impl Level {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Low, Self::Elevated, Self::High, Self::Severe];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Elevated => "elevated",
            Self::High => "high",
            Self::Severe => "severe",
        }
    }

    /// The level of a share of honest sign-ins that look at least so strange.
    pub fn of(share: f64) -> Self {
        match share {
            share if share <= 0.002 => Self::Severe,
            share if share <= 0.02 => Self::High,
            share if share <= 0.1 => Self::Elevated,
            _ => Self::Low,
        }
    }
}

/// How often honest sign-ins had which score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scale {
    counts: Vec<u64>,
}

impl Default for Scale {
    fn default() -> Self {
        Self { counts: vec![0; BUCKETS] }
    }
}

/// The bucket of a score.
pub fn bucket(risk: f64) -> usize {
    let at = ((risk - LOWEST) / WIDTH).floor();
    if at.is_nan() || at < 0.0 {
        return 0;
    }
    // Small, and not negative.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "clamped to the number of buckets first")]
    let at = at.min(BUCKETS as f64 - 1.0) as usize;
    at
}

impl Scale {
    /// A scale of these counts; what is missing is 0.
    pub fn of(counts: impl IntoIterator<Item = u64>) -> Self {
        let mut scale = Self::default();
        scale.counts.iter_mut().zip(counts).for_each(|(mine, count)| *mine = count);
        scale
    }

    /// What a shop is measured by that knows none of its own.
    pub fn usual() -> Self {
        Self::of(std::iter::repeat_n(0, USUAL_FROM).chain(USUAL.into_iter().map(u64::from)))
    }

    /// A shop's own scale; with what is usual, while it knows few sign-ins.
    #[must_use]
    pub fn or_usual(self) -> Self {
        if self.total() >= ENOUGH {
            return self;
        }
        self.with(&Self::usual())
    }

    /// The same for orders.
    pub fn usual_orders() -> Self {
        Self::of(std::iter::repeat_n(0, USUAL_ORDERS_FROM).chain(USUAL_ORDERS.into_iter().map(u64::from)))
    }

    /// A shop's own scale of orders; with what is usual, while it knows few.
    #[must_use]
    pub fn or_usual_orders(self) -> Self {
        if self.total() >= ENOUGH { self } else { self.with(&Self::usual_orders()) }
    }

    /// Counts a score.
    pub fn count(&mut self, risk: f64) {
        self.count_bucket(bucket(risk));
    }

    /// Counts a score by its bucket.
    pub fn count_bucket(&mut self, bucket: usize) {
        if let Some(mine) = self.counts.get_mut(bucket) {
            *mine += 1;
        }
    }

    /// Both together.
    #[must_use]
    pub fn with(mut self, other: &Self) -> Self {
        self.counts.iter_mut().zip(&other.counts).for_each(|(mine, other)| *mine += other);
        self
    }

    /// The counts.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// How many scores were counted.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The share of honest sign-ins whose score is in the bucket of `risk` or above: half of its own bucket counts, so that neighbours are told apart.
    #[expect(clippy::cast_precision_loss, reason = "counts of sign-ins lie far below 2^52")]
    pub fn share(&self, risk: f64) -> f64 {
        let (at, total) = (bucket(risk), self.total());
        if total == 0 {
            return 1.0;
        }
        let above: u64 = self.counts.iter().skip(at + 1).sum();
        let own = self.counts.get(at).copied().unwrap_or(0);
        ((above as f64 + own as f64 / 2.0) / total as f64).max(0.5 / total as f64)
    }
}

/// The score that leaves the house, 0 to 1000: 600 where ten of a hundred honest sign-ins look at least so strange, 900 where two do.
pub fn told(share: f64) -> u16 {
    let share = share.clamp(1e-6, 1.0);
    let value = if share >= 0.1 {
        -600.0 * share.log10()
    } else if share >= 0.02 {
        600.0 + 300.0 * (0.1 / share).log10() / 5.0_f64.log10()
    } else {
        900.0 + (100.0 * (0.02 / share).log10() / 3.0).min(100.0)
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1000")]
    let told = value.round().clamp(0.0, 1_000.0) as u16;
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_means_what_it_says() {
        assert_eq!((told(1.0), told(0.1), told(0.02), told(0.000_001)), (0, 600, 900, 1_000));
        assert_eq!((Level::of(0.5), Level::of(0.1), Level::of(0.02), Level::of(0.002), Level::of(0.0)), (Level::Low, Level::Elevated, Level::High, Level::Severe, Level::Severe));
        let mut before = 0;
        for step in 0..=1_000 {
            let share = 10_f64.powf(-f64::from(step) / 150.0);
            assert!(told(share) >= before, "{share}");
            before = told(share);
        }
        for level in Level::ALL {
            assert_eq!(serde_json::to_value(level).unwrap(), level.word());
        }
    }

    #[test]
    fn shares_follow_the_counts() {
        let mut scale = Scale::default();
        assert!((scale.share(0.0) - 1.0).abs() < 1e-9, "nobody to compare with: nothing is strange");
        for number in 0..1_000 {
            scale.count(f64::from(number) / 100.0);
        }
        assert_eq!(scale.total(), 1_000);
        assert!((scale.share(5.0) - 0.5).abs() < 0.02 && (scale.share(9.8) - 0.02).abs() < 0.02);
        assert!(scale.share(99.0) <= 0.001 && scale.share(-99.0) >= 0.99 && scale.share(f64::NAN) >= 0.98);
        assert_eq!(Scale::of(scale.counts().to_vec()), scale);
    }
}
