//! The model of orders: logistic regression that learns one order at a time (`AdaGrad`), from weights that a shop without any verdict begins with. Every weight is a reason that can be told. Pure.

use serde::{Deserialize, Serialize};

use super::features::{COUNT, Feature, Vector};

/// How fast it learns.
const RATE: f64 = 0.08;
/// How strongly weights are drawn back to where they began: few verdicts change little.
const PULL: f64 = 1e-4;
/// What an order without verdict counts, once it is so old that none will come.
pub const UNTOLD: f64 = 0.9;
/// What of all orders is taken to be fraud before anything is known.
pub const BASE: f64 = 0.005;

/// The state of the model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Regression {
    /// Orders that it learned from.
    pub learned: u64,
    /// Of those, fraud.
    pub fraud: u64,
    /// What is added to every order.
    pub bias: f64,
    /// What each number adds, a unit.
    pub weights: Vec<f64>,
    /// How much was learned of each, the bias last.
    pub slopes: Vec<f64>,
    /// What each number is on average.
    pub means: Vec<f64>,
}

impl Default for Regression {
    fn default() -> Self {
        let weights: Vec<f64> = Feature::ALL.iter().map(|feature| feature.prior()).collect();
        Self { learned: 0, fraud: 0, bias: (BASE / (1.0 - BASE)).ln(), weights, slopes: vec![1.0; COUNT + 1], means: vec![0.0; COUNT] }
    }
}

impl Regression {
    /// Whether it has a weight for each number: another version of the program may have had others.
    pub fn is_sound(&self) -> bool {
        self.weights.len() == COUNT
            && self.slopes.len() == COUNT + 1
            && self.means.len() == COUNT
            && self.weights.iter().chain(&self.slopes).chain(&self.means).all(|value| value.is_finite())
            && self.bias.is_finite()
    }

    /// The logarithm of the odds that it is fraud.
    pub fn logit(&self, vector: &Vector) -> f64 {
        self.bias + self.weights.iter().zip(vector).map(|(weight, value)| weight * value).sum::<f64>()
    }

    /// How likely it is fraud.
    pub fn probability(&self, vector: &Vector) -> f64 {
        1.0 / (1.0 + (-self.logit(vector)).exp())
    }

    /// What each number adds, compared with an order like the average, the most first; those that add nothing are left out.
    pub fn contributions(&self, vector: &Vector) -> Vec<(Feature, f64)> {
        let each = Feature::ALL.iter().zip(&self.weights).zip(vector).zip(&self.means).map(|(((feature, weight), value), mean)| (*feature, weight * (value - mean)));
        let mut all: Vec<(Feature, f64)> = each.filter(|(_, weight)| weight.abs() > 0.005).collect();
        all.sort_by(|one, other| other.1.abs().total_cmp(&one.1.abs()).then(one.0.cmp(&other.0)));
        all
    }

    /// Learns from one order.
    pub fn learn(&mut self, vector: &Vector, is_fraud: bool, weight: f64) {
        let error = (self.probability(vector) - f64::from(u8::from(is_fraud))) * weight;
        self.learned += 1;
        self.fraud += u64::from(is_fraud);
        #[expect(clippy::cast_precision_loss, reason = "orders lie far below 2^52")]
        let share = 1.0 / (self.learned.min(10_000) as f64);
        let priors = Feature::ALL.iter().map(|feature| feature.prior());
        for ((((own, slope), mean), value), prior) in self.weights.iter_mut().zip(&mut self.slopes).zip(&mut self.means).zip(vector).zip(priors) {
            *mean += (value - *mean) * share;
            let gradient = error * value + PULL * (*own - prior);
            *slope += gradient * gradient;
            *own -= RATE * gradient / slope.sqrt();
        }
        if let Some(slope) = self.slopes.last_mut() {
            *slope += error * error;
            self.bias -= RATE * error / slope.sqrt();
        }
    }

    /// How many of all orders are fraud, as far as is known.
    #[expect(clippy::cast_precision_loss, reason = "orders lie far below 2^52")]
    pub fn base(&self) -> f64 {
        (self.fraud as f64 + 500.0 * BASE) / (self.learned as f64 + 500.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(amount: f64, is_new: f64) -> Vector {
        let mut vector = [0.0; COUNT];
        vector[0] = amount;
        vector[16] = is_new;
        vector
    }

    #[test]
    fn it_begins_with_what_is_taken_for_granted_and_learns_what_is_so() {
        assert_eq!(Feature::ALL.len(), COUNT);
        let mut model = Regression::default();
        assert!(model.is_sound() && (model.probability(&order(0.0, 0.0)) - BASE).abs() < 1e-9);
        assert!(model.probability(&order(4.0, 1.0)) > 5.0 * BASE);
        // Here new browsers are fraud, and high amounts are not.
        for round in 0..6_000_u32 {
            let is_fraud = round % 20 == 0;
            model.learn(&order(f64::from(round / 20 % 5), f64::from(u8::from(is_fraud))), is_fraud, 1.0);
        }
        assert!(
            model.probability(&order(4.0, 1.0)) > 0.5 && model.probability(&order(4.0, 0.0)) < 0.06,
            "{} {}",
            model.probability(&order(4.0, 1.0)),
            model.probability(&order(4.0, 0.0))
        );
        let told = model.contributions(&order(0.0, 1.0));
        assert_eq!(told[0].0, Feature::DeviceNew);
        let sum: f64 = told.iter().map(|(_, weight)| weight).sum();
        let average: Vec<f64> = model.means.clone();
        let average: Vector = average.try_into().unwrap();
        assert!((model.logit(&average) + sum - model.logit(&order(0.0, 1.0))).abs() < 0.05);
        let again: Regression = serde_json::from_str(&serde_json::to_string(&model).unwrap()).unwrap();
        assert_eq!(again, model);
        assert!(!Regression { weights: vec![0.0; 3], ..model }.is_sound());
    }
}
