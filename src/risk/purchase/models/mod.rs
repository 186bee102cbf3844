//! Boosted trees beside the regression: trained on what became of orders, held against it forward in time, and in its place once somebody, or a week of nights, decided so. Pure; what is kept is in the store.

pub mod store;

use serde::{Deserialize, Serialize};

use super::features::Vector;
use super::store::DELAY_SECONDS;
use super::trees::{Example, Forest};
use crate::base::time::UnixSeconds;
use crate::risk::login::scale::Scale;
use crate::risk::quality::{Quality, Scored, calibration, gain, quality};

/// The share of orders, the latest, by which a model is measured.
const TESTED: f64 = 0.25;
/// Fraud from which on trees are trained.
pub const LEAST_FRAUD: usize = 20;
/// Fraud from which on a measurement says anything.
const LEAST_TESTED_FRAUD: usize = 5;
/// How often a sample is drawn for an interval.
const ROUNDS: usize = 200;
/// By how much average precision has to be better, for a night to count.
pub const BETTER: f64 = 0.01;
/// Nights in a row after which trees take over by themselves, where they may.
pub const NIGHTS: u32 = 7;

/// An order of which it is known what became of it, as it was looked at when it was judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Past {
    /// When.
    pub at: UnixSeconds,
    /// Its numbers.
    pub vector: Vector,
    /// Whether it was fraud.
    pub is_fraud: bool,
    /// How much it counts.
    pub weight: f64,
    /// What the regression said of it then: the logarithm of the odds.
    pub online: f64,
}

/// How a model did on orders later than all that it was trained on, beside the regression, which had learned until each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// The orders.
    pub tested: usize,
    /// Of those, fraud.
    pub tested_fraud: usize,
    /// The first of them.
    pub from: UnixSeconds,
    /// The last.
    pub until: UnixSeconds,
    /// The regression.
    pub online: Quality,
    /// The trees.
    pub trees: Quality,
    /// By how much the trees' average precision is above the regression's.
    pub gain: f64,
    /// The middle 95 of 100 of samples drawn anew.
    pub interval: (f64, f64),
    /// What the trees foretold, and what came to be, by tenths.
    pub calibration: Vec<(f64, f64)>,
}

/// Trees, with how they did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trained {
    /// The version: `trees-` and a number.
    pub version: String,
    /// When.
    pub at: UnixSeconds,
    /// From how many orders.
    pub examples: usize,
    /// Of those, fraud.
    pub fraud: usize,
    /// Nights in a row, this one included, in which trees did better.
    pub nights: u32,
    /// The trees.
    pub forest: Forest,
    /// How honest orders looked to trees that had not seen them, by bucket.
    pub scale: Vec<u64>,
    /// How they did.
    pub evaluation: Evaluation,
}

impl Trained {
    /// How unusual honest orders look to it.
    pub fn scale(&self) -> Scale {
        Scale::of(self.scale.iter().copied())
    }

    /// The number in its version.
    pub fn number(&self) -> u64 {
        self.version.strip_prefix("trees-").and_then(|number| number.parse().ok()).unwrap_or_default()
    }
}

/// Why nothing was trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooFew {
    /// Orders of which it is known what became of them.
    pub examples: usize,
    /// Of those, fraud.
    pub fraud: usize,
}

impl std::fmt::Display for TooFew {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "{} orders with a verdict, {} of them fraud: trees need {LEAST_FRAUD} frauds, {LEAST_TESTED_FRAUD} of them in the last quarter of the time",
            self.examples, self.fraud
        )
    }
}

fn example(past: &Past) -> Example {
    Example { vector: past.vector, is_fraud: past.is_fraud, weight: past.weight }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a share of a number of orders")]
fn first_tested(count: usize) -> usize {
    ((1.0 - TESTED) * count as f64) as usize
}

/// Measures trees on the last quarter of `past`, which is in order of time, and trains them anew on all of it. A week lies between what is trained on and what is tested on: then nothing was known of the former that came after.
///
/// # Errors
/// [`TooFew`].
pub fn train(past: &[Past], (number, nights, now): (u64, u32, UnixSeconds)) -> Result<Trained, TooFew> {
    let fraud = past.iter().filter(|past| past.is_fraud).count();
    let too_few = TooFew { examples: past.len(), fraud };
    let (early, tested) = past.split_at_checked(first_tested(past.len())).ok_or(too_few)?;
    let from = tested.first().ok_or(too_few)?.at;
    let early: Vec<Example> = early.iter().filter(|past| past.at < from.plus(-DELAY_SECONDS)).map(example).collect();
    let tested_fraud = tested.iter().filter(|past| past.is_fraud).count();
    if fraud < LEAST_FRAUD || tested_fraud < LEAST_TESTED_FRAUD || tested_fraud == tested.len() {
        return Err(too_few);
    }
    let candidate = Forest::train(&early).ok_or(too_few)?;
    let logits: Vec<f64> = tested.iter().map(|past| candidate.logit(&past.vector)).collect();
    let trees: Vec<Scored> = logits.iter().copied().zip(tested.iter().map(|past| past.is_fraud)).collect();
    let online: Vec<Scored> = tested.iter().map(|past| (past.online, past.is_fraud)).collect();
    let (gained, interval) = gain(&trees, &online, ROUNDS, number);
    let foretold: Vec<Scored> = tested.iter().map(|past| (candidate.probability(&past.vector), past.is_fraud)).collect();
    let mut scale = Scale::default();
    trees.iter().filter(|(_, is_fraud)| !is_fraud).for_each(|(logit, _)| scale.count(*logit));
    let evaluation = Evaluation {
        tested: tested.len(),
        tested_fraud,
        from,
        until: tested.last().map_or(from, |past| past.at),
        online: quality(&online),
        trees: quality(&trees),
        gain: gained,
        interval,
        calibration: calibration(&foretold),
    };
    let forest = Forest::train(&past.iter().map(example).collect::<Vec<_>>()).ok_or(too_few)?;
    let nights = if gained >= BETTER { nights + 1 } else { 0 };
    Ok(Trained { version: format!("trees-{number}"), at: now, examples: past.len(), fraud, nights, forest, scale: scale.counts().to_vec(), evaluation })
}

/// What is done with trees of a night.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TreesMode {
    /// None are trained.
    Off,
    /// They are trained and measured, and decide nothing by themselves.
    #[default]
    Watch,
    /// They decide after a week of nights in which they did better.
    Promote,
}

/// Which model decides.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Active {
    /// Its version; none is the regression.
    pub version: Option<String>,
    /// Those that decided before, the last one last; none is the regression.
    pub before: Vec<Option<String>>,
    /// Since when.
    pub since: Option<UnixSeconds>,
    /// Who said so.
    pub by: String,
}

/// How far back one can go.
const MOST_BEFORE: usize = 10;

impl Active {
    /// Another one decides.
    #[must_use]
    pub fn replaced(mut self, version: Option<String>, by: &str, now: UnixSeconds) -> Self {
        if version != self.version {
            self.before.push(self.version.take());
            let surplus = self.before.len().saturating_sub(MOST_BEFORE);
            self.before.drain(..surplus);
        }
        Self { version, before: self.before, since: Some(now), by: by.to_owned() }
    }

    /// The one before decides again; none where there was none.
    #[must_use]
    pub fn rolled_back(mut self, by: &str, now: UnixSeconds) -> Option<Self> {
        let version = self.before.pop()?;
        Some(Self { version, before: self.before, since: Some(now), by: by.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::risk::purchase::features::COUNT;
    use crate::risk::simulation::dice::Dice;

    fn past(count: i64, seed: u64) -> Vec<Past> {
        let mut dice = Dice::of(seed);
        let draw = |number| {
            let (one, other) = (dice.chance(0.1), dice.chance(0.1));
            let mut vector = [0.0; COUNT];
            vector[2] = f64::from(u8::from(one));
            vector[9] = f64::from(u8::from(other));
            let is_fraud = dice.chance(if one && other { 0.8 } else { 0.005 });
            Past { at: UnixSeconds(number * 3_600), vector, is_fraud, weight: 1.0, online: dice.normal() }
        };
        (0..count).map(draw).collect()
    }

    #[test]
    fn trees_are_measured_on_what_came_later_and_are_the_same_again() {
        let past = past(6_000, 1);
        let trained = train(&past, (3, 2, UnixSeconds(9))).unwrap();
        assert_eq!((trained.version.as_str(), trained.number(), trained.nights, trained.examples), ("trees-3", 3, 3, 6_000));
        let evaluation = &trained.evaluation;
        assert!(evaluation.trees.area > 0.65 && evaluation.online.area < 0.65 && evaluation.gain > 0.3 && evaluation.interval.0 > BETTER, "{evaluation:?}");
        assert_eq!((evaluation.tested, evaluation.from), (1_500, UnixSeconds(4_500 * 3_600)));
        assert_eq!(trained.scale().total(), (evaluation.tested - evaluation.tested_fraud) as u64);
        assert_eq!(train(&past, (3, 2, UnixSeconds(9))).unwrap(), trained);
        let text = serde_json::to_string(&trained).unwrap();
        assert_eq!(serde_json::from_str::<Trained>(&text).unwrap(), trained);
        // What came to be after the first tested order changes nothing of what it is tested with.
        let mut later = past.clone();
        later.iter_mut().skip(4_500).for_each(|past| past.online = 0.0);
        assert_eq!(train(&later, (3, 2, UnixSeconds(9))).unwrap().evaluation.trees, evaluation.trees);
        // A regression that knows as much is not replaced.
        let mut known = past.clone();
        known.iter_mut().for_each(|past| past.online = trained.forest.logit(&past.vector));
        assert_eq!(train(&known, (4, 6, UnixSeconds(9))).unwrap().nights, 0);
    }

    #[test]
    fn too_little_is_said_to_be_too_little() {
        for (some, word) in [(Vec::new(), "0 orders"), (past(50, 2), "50 orders")] {
            assert!(train(&some, (1, 0, UnixSeconds(0))).unwrap_err().to_string().contains(word));
        }
        let mut early = past(6_000, 1);
        early.iter_mut().skip(4_400).for_each(|past| past.is_fraud = false);
        assert!(train(&early, (1, 0, UnixSeconds(0))).is_err());
    }

    #[test]
    fn one_can_go_back() {
        let active = Active::default().replaced(Some("trees-1".to_owned()), "a", UnixSeconds(1)).replaced(Some("trees-2".to_owned()), "b", UnixSeconds(2));
        let back = active.clone().rolled_back("c", UnixSeconds(3)).unwrap();
        assert_eq!((back.version.as_deref(), back.since), (Some("trees-1"), Some(UnixSeconds(3))));
        let first = back.rolled_back("c", UnixSeconds(4)).unwrap();
        assert_eq!((first.version.as_deref(), first.before.len()), (None, 0));
        assert_eq!(first.rolled_back("c", UnixSeconds(5)), None);
        assert_eq!(active.clone().replaced(Some("trees-2".to_owned()), "b", UnixSeconds(2)).before, active.before);
        let many = (0..30).fold(Active::default(), |active, number| active.replaced(Some(format!("trees-{number}")), "x", UnixSeconds(number)));
        assert_eq!(many.before.len(), MOST_BEFORE);
    }
}
