//! Boosted trees over the same numbers as the regression: they see that two things together mean more than each by itself. Trained in one go on what is known (histograms, second-order gradients, three levels), without chance: the same orders, the same trees. Pure.

use serde::{Deserialize, Serialize};

use super::features::{COUNT, Feature, Vector};

/// How many trees.
const ROUNDS: usize = 120;
/// How many questions a tree asks of an order.
const DEPTH: usize = 3;
/// How much of what a tree says is added.
const RATE: f64 = 0.1;
/// What draws the leaves to nothing.
const PULL: f64 = 1.0;
/// The least sum of second derivatives on each side of a question.
const LEAST: f64 = 2.0;
/// The least that a question has to gain: less is found in what means nothing, among so many questions.
const WORTH: f64 = 4.0;
/// Values of a number that are told apart, at most.
const BINS: usize = 64;

/// A question, or an answer. Those that follow have greater places.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Node {
    /// What is added by whoever gets here and no further.
    value: f64,
    /// The number, the threshold, where to go below it, and from it on; none of a leaf.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    split: Option<(usize, f64, usize, usize)>,
}

/// A tree, its root first.
type Tree = Vec<Node>;

/// Boosted trees.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Forest {
    /// The names of the numbers that it looks at, in order.
    schema: String,
    /// What is added to every order.
    base: f64,
    trees: Vec<Tree>,
}

/// An order of which it is known what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// Its numbers.
    pub vector: Vector,
    /// Whether it was fraud.
    pub is_fraud: bool,
    /// How much it counts.
    pub weight: f64,
}

/// The names of the numbers, in order.
fn schema() -> String {
    Feature::ALL.iter().map(|feature| feature.word()).collect::<Vec<_>>().join(" ")
}

fn sigmoid(logit: f64) -> f64 {
    1.0 / (1.0 + (-logit).exp())
}

/// The thresholds of a number: between its values where they are few, at equal shares of the orders where they are many.
fn thresholds(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    let mut distinct = values.clone();
    distinct.dedup();
    let between = |pair: &[f64]| match pair {
        [one, other] => f64::midpoint(*one, *other),
        _ => f64::NAN,
    };
    if distinct.len() <= BINS {
        return distinct.windows(2).map(between).collect();
    }
    let mut cuts: Vec<f64> = (1..BINS).filter_map(|part| values.get(values.len() * part / BINS).copied()).collect();
    cuts.dedup();
    // The least value is below no threshold.
    cuts.retain(|cut| distinct.first() < Some(cut));
    cuts
}

/// The numbers of all examples, as places among the thresholds.
struct Binned {
    thresholds: Vec<Vec<f64>>,
    bins: Vec<Vec<u8>>,
}

impl Binned {
    fn of(examples: &[Example]) -> Self {
        let column = |number: usize| examples.iter().map(move |example| example.vector.get(number).copied().unwrap_or_default());
        let thresholds: Vec<Vec<f64>> = (0..COUNT).map(|number| thresholds(column(number).collect())).collect();
        let place = |cuts: &[f64], value: f64| u8::try_from(cuts.partition_point(|cut| *cut <= value)).unwrap_or(u8::MAX);
        let bins = thresholds.iter().enumerate().map(|(number, cuts)| column(number).map(|value| place(cuts, value)).collect()).collect();
        Self { thresholds, bins }
    }
}

/// First and second derivatives, added up.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    first: f64,
    second: f64,
}

impl Sums {
    fn add(&mut self, other: Self) {
        self.first += other.first;
        self.second += other.second;
    }

    fn without(self, other: Self) -> Self {
        Self { first: self.first - other.first, second: self.second - other.second }
    }

    /// What the best answer gains.
    fn gain(self) -> f64 {
        self.first * self.first / (self.second + PULL)
    }

    /// The best answer.
    fn answer(self) -> f64 {
        -self.first / (self.second + PULL) * RATE
    }
}

/// The best question to ask of `rows`: the number, the place of the threshold, and what it gains.
fn best_split(binned: &Binned, slopes: &[Sums], rows: &[usize], all: Sums) -> Option<(usize, usize)> {
    let mut best: Option<(f64, usize, usize)> = None;
    for (number, (bins, cuts)) in binned.bins.iter().zip(&binned.thresholds).enumerate() {
        if cuts.is_empty() {
            continue;
        }
        let mut sums = [Sums::default(); BINS + 1];
        for row in rows {
            let (Some(bin), Some(slope)) = (bins.get(*row), slopes.get(*row)) else { continue };
            if let Some(sum) = sums.get_mut(usize::from(*bin)) {
                sum.add(*slope);
            }
        }
        let mut below = Sums::default();
        for (cut, sum) in sums.iter().take(cuts.len()).enumerate() {
            below.add(*sum);
            let above = all.without(below);
            if below.second < LEAST || above.second < LEAST {
                continue;
            }
            let gained = below.gain() + above.gain() - all.gain();
            if gained > WORTH && best.is_none_or(|(most, ..)| gained > most) {
                best = Some((gained, number, cut));
            }
        }
    }
    best.map(|(_, number, cut)| (number, cut))
}

/// Grows a tree, and adds what it says to `logits`.
fn grow(binned: &Binned, slopes: &[Sums], logits: &mut [f64]) -> Tree {
    let mut tree = Tree::new();
    let mut waiting = vec![(None::<(usize, bool)>, (0..logits.len()).collect::<Vec<usize>>(), 0_usize)];
    while let Some((parent, rows, depth)) = waiting.pop() {
        let mut all = Sums::default();
        rows.iter().filter_map(|row| slopes.get(*row)).for_each(|slope| all.add(*slope));
        let place = tree.len();
        tree.push(Node { value: all.answer(), split: None });
        if let Some((number, threshold, below, above)) = parent.and_then(|(parent, _)| tree.get(parent)).and_then(|node| node.split)
            && let Some((parent, is_above)) = parent
            && let Some(node) = tree.get_mut(parent)
        {
            node.split = Some(if is_above { (number, threshold, below, place) } else { (number, threshold, place, above) });
        }
        let split = if depth < DEPTH { best_split(binned, slopes, &rows, all) } else { None };
        let Some((number, cut)) = split else {
            for row in rows {
                if let Some(logit) = logits.get_mut(row) {
                    *logit += all.answer();
                }
            }
            continue;
        };
        let threshold = binned.thresholds.get(number).and_then(|cuts| cuts.get(cut)).copied().unwrap_or(f64::NAN);
        if let Some(node) = tree.get_mut(place) {
            node.split = Some((number, threshold, 0, 0));
        }
        let is_below = |row: &usize| binned.bins.get(number).and_then(|bins| bins.get(*row)).is_some_and(|bin| usize::from(*bin) <= cut);
        let (below, above): (Vec<usize>, Vec<usize>) = rows.iter().partition(|row| is_below(row));
        waiting.push((Some((place, true)), above, depth + 1));
        waiting.push((Some((place, false)), below, depth + 1));
    }
    tree
}

impl Forest {
    /// Trains on examples; the order of them changes nothing that matters. None where there is nothing to tell apart.
    pub fn train(examples: &[Example]) -> Option<Self> {
        let (mut fraud, mut honest) = (0.0, 0.0);
        for example in examples {
            *(if example.is_fraud { &mut fraud } else { &mut honest }) += example.weight;
        }
        if fraud <= 0.0 || honest <= 0.0 {
            return None;
        }
        let base: f64 = (fraud / honest).ln();
        let binned = Binned::of(examples);
        let (mut logits, mut trees) = (vec![base; examples.len()], Vec::new());
        for _ in 0..ROUNDS {
            let slope = |(logit, example): (&f64, &Example)| {
                let foretold = sigmoid(*logit);
                let is = f64::from(u8::from(example.is_fraud));
                Sums { first: example.weight * (foretold - is), second: example.weight * foretold * (1.0 - foretold) }
            };
            let slopes: Vec<Sums> = logits.iter().zip(examples).map(slope).collect();
            let tree = grow(&binned, &slopes, &mut logits);
            let is_done = tree.len() == 1;
            trees.push(tree);
            if is_done {
                break;
            }
        }
        Some(Self { schema: schema(), base, trees })
    }

    /// Whether it looks at the numbers that there are, and leads somewhere: another version of the program may have had others.
    pub fn is_sound(&self) -> bool {
        let is_node = |tree: &Tree, place: usize, node: &Node| {
            let leads = node
                .split
                .is_none_or(|(number, threshold, below, above)| number < COUNT && threshold.is_finite() && [below, above].iter().all(|next| *next > place && *next < tree.len()));
            node.value.is_finite() && leads
        };
        let is_tree = |tree: &Tree| !tree.is_empty() && tree.iter().enumerate().all(|(place, node)| is_node(tree, place, node));
        self.schema == schema() && self.base.is_finite() && self.trees.iter().all(is_tree)
    }

    /// How many trees.
    pub fn len(&self) -> usize {
        self.trees.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.trees.is_empty()
    }

    /// Walks down a tree; `step` is told each question's number, and what its answer changes. What the leaf says.
    fn walk(tree: &Tree, vector: &Vector, mut step: impl FnMut(usize, f64)) -> f64 {
        let Some(mut node) = tree.first() else { return 0.0 };
        while let Some((number, threshold, below, above)) = node.split {
            let is_above = vector.get(number).is_some_and(|value| *value >= threshold);
            let Some(next) = tree.get(if is_above { above } else { below }) else { break };
            step(number, next.value - node.value);
            node = next;
        }
        node.value
    }

    /// The logarithm of the odds that it is fraud.
    pub fn logit(&self, vector: &Vector) -> f64 {
        self.base + self.trees.iter().map(|tree| Self::walk(tree, vector, |_, _| {})).sum::<f64>()
    }

    /// How likely it is fraud.
    pub fn probability(&self, vector: &Vector) -> f64 {
        sigmoid(self.logit(vector))
    }

    /// What each number adds, the most first: with each question, by how much its answer moved what was expected (Saabas, 2014). Together with what is the same for all they are the logit.
    pub fn contributions(&self, vector: &Vector) -> Vec<(Feature, f64)> {
        let mut each = [0.0; COUNT];
        for tree in &self.trees {
            Self::walk(tree, vector, |number, change| {
                if let Some(sum) = each.get_mut(number) {
                    *sum += change;
                }
            });
        }
        let mut all: Vec<(Feature, f64)> = Feature::ALL.iter().copied().zip(each).filter(|(_, weight)| weight.abs() > 0.005).collect();
        all.sort_by(|one, other| other.1.abs().total_cmp(&one.1.abs()).then(one.0.cmp(&other.0)));
        all
    }

    /// How much each number told apart in training, the most first, as shares of all: by how far its questions spread.
    pub fn importance(&self) -> Vec<(Feature, f64)> {
        let mut each = [0.0; COUNT];
        for tree in &self.trees {
            for node in tree {
                let Some((number, _, below, above)) = node.split else { continue };
                if let (Some(sum), Some(below), Some(above)) = (each.get_mut(number), tree.get(below), tree.get(above)) {
                    *sum += (above.value - below.value).abs();
                }
            }
        }
        let whole: f64 = each.iter().sum::<f64>().max(f64::MIN_POSITIVE);
        let mut all: Vec<(Feature, f64)> = Feature::ALL.iter().copied().zip(each.map(|sum| sum / whole)).filter(|(_, share)| *share > 0.0).collect();
        all.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::risk::simulation::dice::Dice;

    /// Fraud is what has one thing without another: no sum of weights tells it.
    fn examples(count: usize, seed: u64) -> Vec<Example> {
        let mut dice = Dice::of(seed);
        let draw = |_| {
            let (one, other) = (dice.chance(0.5), dice.chance(0.5));
            let mut vector = [0.0; COUNT];
            vector[2] = f64::from(u8::from(one));
            vector[9] = f64::from(u8::from(other));
            vector[0] = dice.normal();
            Example { vector, is_fraud: dice.chance(if one && !other { 0.4 } else { 0.02 }), weight: 1.0 }
        };
        (0..count).map(draw).collect()
    }

    #[test]
    fn trees_see_what_a_sum_of_weights_cannot() {
        let forest = Forest::train(&examples(6_000, 1)).unwrap();
        assert!(forest.is_sound() && forest.len() <= ROUNDS && !forest.is_empty());
        let of = |one: f64, other: f64| {
            let mut vector = [0.0; COUNT];
            vector[2] = one;
            vector[9] = other;
            (forest.probability(&vector), forest.contributions(&vector), forest.logit(&vector))
        };
        for (one, other, likely) in [(0.0, 0.0, 0.02), (1.0, 1.0, 0.02), (0.0, 1.0, 0.02), (1.0, 0.0, 0.4)] {
            assert!((of(one, other).0 - likely).abs() < 0.06, "{one} {other}: {}", of(one, other).0);
        }
        let (_, told, logit) = of(1.0, 0.0);
        assert!([Feature::Digital, Feature::ShippingAddedLately].contains(&told[0].0), "{told:?}");
        // What is the same for all, and what each adds, are the whole.
        let roots: f64 = forest.trees.iter().map(|tree| tree[0].value).sum();
        let sum: f64 = told.iter().map(|(_, weight)| weight).sum();
        assert!((forest.base + roots + sum - logit).abs() < 0.05);
        assert!(forest.importance()[0].1 > 0.2);
        let again: Forest = serde_json::from_str(&serde_json::to_string(&forest).unwrap()).unwrap();
        assert_eq!(again, forest);
        assert_eq!(Forest::train(&examples(6_000, 1)).unwrap(), forest, "the same orders, the same trees");
    }

    #[test]
    fn what_does_not_fit_is_not_taken() {
        let forest = Forest::train(&examples(500, 2)).unwrap();
        let broken = |adjust: fn(&mut Forest)| {
            let mut broken = forest.clone();
            adjust(&mut broken);
            broken.is_sound()
        };
        assert!(broken(|_| {}));
        assert!(!broken(|forest| forest.schema.push_str(" taste")));
        assert!(!broken(|forest| forest.base = f64::NAN));
        assert!(!broken(|forest| forest.trees[0][0].split = Some((0, 0.0, 0, 1))), "a circle");
        assert!(!broken(|forest| forest.trees[0][0].split = Some((COUNT, 0.0, 1, 2))));
        assert!(!broken(|forest| forest.trees[0].clear()));
        let honest: Vec<Example> = examples(50, 3).into_iter().map(|example| Example { is_fraud: false, ..example }).collect();
        assert_eq!(Forest::train(&honest), None);
        assert_eq!(Forest::train(&[]), None);
    }
}
