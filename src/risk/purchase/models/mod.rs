//! Boosted trees beside the regression: trained on what became of orders, held against it forward in time, and in its place once somebody, or a week of nights, decided so. Pure; what is kept is in the store.

pub mod choice;
pub mod store;

use serde::{Deserialize, Serialize};

use super::features::Vector;
use super::store::{DELAY_SECONDS, SILENCE_SECONDS};
use super::trees::{Example, Forest};
use crate::base::time::UnixSeconds;
use crate::risk::login::scale::Scale;
use crate::risk::purchase::regression::{Regression, UNTOLD};
use crate::risk::quality::{Quality, Scored, calibration, gain, quality};

/// The share of orders, the latest, by which a model is measured.
const TESTED: f64 = 0.25;
/// Honest orders from which on trees may decide: with fewer no order could ever have a score by which somebody looks at it.
pub const MEASURED: u64 = 800;
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
    /// When somebody said so; none where nobody said anything.
    pub told_at: Option<UnixSeconds>,
}

impl Past {
    /// When it is known what became of it: with a word, and never before a week; else with the silence.
    fn known_at(&self) -> UnixSeconds {
        self.told_at.map_or_else(|| self.at.plus(SILENCE_SECONDS), |told_at| told_at.max(self.at.plus(DELAY_SECONDS)))
    }

    /// What was known of it at `at`; none when that was nothing yet. What a bank said later was silence then.
    fn known(&self, at: UnixSeconds) -> Option<Example> {
        if self.known_at() <= at {
            return Some(example(self));
        }
        (self.at.plus(SILENCE_SECONDS) <= at).then_some(Example { vector: self.vector, is_fraud: false, weight: UNTOLD })
    }
}

/// What the regression says of each order, having learned from every one before it of which it was known by then what became of it.
fn gone_through(past: &[Past]) -> Vec<f64> {
    let mut model = Regression::default();
    let mut waiting: std::collections::BTreeMap<(UnixSeconds, usize), &Past> = std::collections::BTreeMap::new();
    let mut logits = Vec::with_capacity(past.len());
    for (place, order) in past.iter().enumerate() {
        while let Some(((known_at, _), known)) = waiting.first_key_value().map(|(key, known)| (*key, *known)) {
            if known_at > order.at {
                break;
            }
            waiting.pop_first();
            let learned = example(known);
            model.learn(&learned.vector, learned.is_fraud, learned.weight);
        }
        logits.push(model.logit(&order.vector));
        waiting.insert((order.known_at(), place), order);
    }
    logits
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
    /// Whether so many honest orders were seen that the rarest scores mean something: one of 950 is seen once in 1,600.
    pub fn is_measured(&self) -> bool {
        self.scale().total() >= MEASURED
    }

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
    Example { vector: past.vector, is_fraud: past.is_fraud, weight: if past.told_at.is_some() { 1.0 } else { UNTOLD } }
}

/// Parts of the orders, each judged by trees that were trained on the others: so does each honest one have a place on the scale.
const FOLDS: usize = 4;

/// How honest orders look to trees that have not seen them.
fn scale_of(past: &[Past]) -> Scale {
    let mut scale = Scale::default();
    for fold in 0..FOLDS {
        let is_own = |place: usize| place % FOLDS == fold;
        let others: Vec<Example> = past.iter().enumerate().filter(|(place, _)| !is_own(*place)).map(|(_, past)| example(past)).collect();
        let Some(forest) = Forest::train(&others) else { continue };
        let own = past.iter().enumerate().filter(|(place, past)| is_own(*place) && !past.is_fraud);
        own.for_each(|(_, past)| scale.count(forest.logit(&past.vector)));
    }
    scale
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a share of a number of orders")]
fn first_tested(count: usize) -> usize {
    ((1.0 - TESTED) * count as f64) as usize
}

/// Measures trees on the last quarter of `past`, which is in order of time, and trains them anew on all of it. What they are measured with is what was known when the quarter began; the regression beside them learns on as verdicts come.
///
/// # Errors
/// [`TooFew`].
pub fn train(past: &[Past], (number, nights, now): (u64, u32, UnixSeconds)) -> Result<Trained, TooFew> {
    let fraud = past.iter().filter(|past| past.is_fraud).count();
    let too_few = TooFew { examples: past.len(), fraud };
    let (early, tested) = past.split_at_checked(first_tested(past.len())).ok_or(too_few)?;
    let from = tested.first().ok_or(too_few)?.at;
    let early: Vec<Example> = early.iter().filter_map(|past| past.known(from)).collect();
    let tested_fraud = tested.iter().filter(|past| past.is_fraud).count();
    if fraud < LEAST_FRAUD || tested_fraud < LEAST_TESTED_FRAUD || tested_fraud == tested.len() {
        return Err(too_few);
    }
    let candidate = Forest::train(&early).ok_or(too_few)?;
    let logits: Vec<f64> = tested.iter().map(|past| candidate.logit(&past.vector)).collect();
    let trees: Vec<Scored> = logits.iter().copied().zip(tested.iter().map(|past| past.is_fraud)).collect();
    let online: Vec<Scored> = gone_through(past).into_iter().skip(past.len() - tested.len()).zip(tested.iter().map(|past| past.is_fraud)).collect();
    let (gained, interval) = gain(&trees, &online, ROUNDS, number);
    let foretold: Vec<Scored> = tested.iter().map(|past| (candidate.probability(&past.vector), past.is_fraud)).collect();
    let scale = scale_of(past);
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

/// Whom a record of the choice names when a night made it.
pub const NIGHT: &str = "night";
/// What somebody decided stands so long before a night may decide otherwise, in seconds.
const REST_SECONDS: i64 = 7 * 86_400;

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

    /// Whether the trees of a night take over by themselves. Trees that a night chose are replaced by those of tonight; the regression only after a week in which they would have done better. What somebody decided stands for a week, too, and trees that somebody chose stand until they choose others.
    #[must_use]
    pub fn gives_way_to(&self, trained: &Trained, now: UnixSeconds) -> bool {
        let has_rested = self.since.is_none_or(|since| now.since(since) >= REST_SECONDS);
        let is_due = match &self.version {
            None => has_rested && trained.nights >= NIGHTS,
            Some(_) => self.by == NIGHT && trained.nights > 0,
        };
        is_due && trained.is_measured()
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
            Past { at: UnixSeconds(number * 3_600), vector, is_fraud, told_at: Some(UnixSeconds(number * 3_600 + 86_400)) }
        };
        (0..count).map(draw).collect()
    }

    #[test]
    fn trees_are_measured_on_what_came_later_and_are_the_same_again() {
        let past = past(6_000, 1);
        let trained = train(&past, (3, 2, UnixSeconds(9))).unwrap();
        assert_eq!((trained.version.as_str(), trained.number(), trained.examples), ("trees-3", 3, 6_000));
        assert_eq!(trained.nights, if trained.evaluation.gain >= BETTER { 3 } else { 0 });
        let evaluation = &trained.evaluation;
        assert!(evaluation.trees.area > 0.65 && evaluation.trees.average_precision > 0.2, "{evaluation:?}");
        assert_eq!((evaluation.tested, evaluation.from), (1_500, UnixSeconds(4_500 * 3_600)));
        assert_eq!(trained.scale().total(), (trained.examples - trained.fraud) as u64);
        assert!(trained.is_measured());
        assert_eq!(train(&past, (3, 2, UnixSeconds(9))).unwrap(), trained);
        let text = serde_json::to_string(&trained).unwrap();
        assert_eq!(serde_json::from_str::<Trained>(&text).unwrap(), trained);
        // What was said after the first tested order changes nothing of what it is tested with.
        let from = evaluation.from;
        let mut later = past.clone();
        later.iter_mut().take(4_500).filter(|past| past.is_fraud).for_each(|past| past.told_at = Some(from.plus(1)));
        assert!(later.iter().take(4_500).all(|past| !past.is_fraud || past.known(from).is_none_or(|known| !known.is_fraud)));
        assert!(train(&later, (3, 2, UnixSeconds(9))).is_err(), "nothing was known by then");
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
    fn a_week_of_better_nights_decides_unless_somebody_did() {
        let now = UnixSeconds(100 * 86_400);
        let ago = |days: i64| Some(now.plus(-days * 86_400));
        let better = |nights| Trained { nights, ..train(&past(2_000, 1), (1, 0, now)).unwrap() };
        let (six, seven, none) = (better(NIGHTS - 1), better(NIGHTS), better(0));
        let by = |version: Option<&str>, since, by: &str| Active { version: version.map(str::to_owned), before: Vec::new(), since, by: by.to_owned() };
        let first = Active::default();
        assert!(first.gives_way_to(&seven, now) && !first.gives_way_to(&six, now));
        let unmeasured = Trained { scale: Vec::new(), ..seven.clone() };
        assert!(!first.gives_way_to(&unmeasured, now));
        // Somebody went back to the regression: that stands for a week.
        assert!(!by(None, ago(6), "staff").gives_way_to(&seven, now));
        assert!(by(None, ago(7), "staff").gives_way_to(&seven, now));
        // Trees of a night follow each other while they are better; what somebody chose stays.
        assert!(by(Some("trees-1"), ago(1), NIGHT).gives_way_to(&better(1), now));
        assert!(!by(Some("trees-1"), ago(1), NIGHT).gives_way_to(&none, now));
        assert!(!by(Some("trees-1"), ago(400), "staff").gives_way_to(&seven, now));
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
