//! What came of a history, in figures that can be held against published ones. Pure.

use std::collections::BTreeMap;

use super::dice::Dice;
use super::run::{Judged, Outcome};

/// The threshold at which this share of the attacks is caught, at least: whatever is as strange, or stranger, is.
pub fn threshold(attacks: &[Judged], share: f64) -> f64 {
    let mut scores: Vec<f64> = attacks.iter().filter_map(|attack| attack.risk).collect();
    scores.sort_by(f64::total_cmp);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a share of a number of attacks")]
    let missed = ((1.0 - share) * scores.len() as f64).floor() as usize;
    scores.get(missed).copied().unwrap_or(f64::INFINITY)
}

#[expect(clippy::cast_precision_loss, reason = "numbers of sign-ins")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// How often people were asked to show more among their first `history` sign-ins, each by themselves. The first sign-in of all, which is not judged, counts as asked.
pub fn rates(outcome: &Outcome, history: usize, threshold: f64) -> Vec<f64> {
    let mut asked: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for login in outcome.honest.iter().filter(|login| login.history < history) {
        let (had, was_asked) = asked.entry(login.person).or_default();
        *had += 1;
        *was_asked += usize::from(login.risk.is_none_or(|risk| risk >= threshold));
    }
    asked.into_values().filter(|(had, _)| *had == history).map(|(had, asked)| ratio(asked, had)).collect()
}

/// The median; none of nothing.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match (sorted.len() % 2, sorted.get(middle)) {
        (1, middle) => middle.copied(),
        (_, Some(above)) => sorted.get(middle.checked_sub(1)?).map(|below| f64::midpoint(*below, *above)),
        (_, None) => None,
    }
}

/// The share of all sign-ins but first ones that are asked to show more.
pub fn challenged(outcome: &Outcome, threshold: f64) -> f64 {
    let judged: Vec<f64> = outcome.honest.iter().filter_map(|login| login.risk).collect();
    ratio(judged.iter().filter(|risk| **risk >= threshold).count(), judged.len())
}

/// How often an attack looks stranger than an honest sign-in: the area under the curve.
pub fn area(outcome: &Outcome, attacks: &[Judged]) -> f64 {
    let mut all: Vec<(f64, bool)> = outcome.honest.iter().filter_map(|login| Some((login.risk?, false))).collect();
    all.extend(attacks.iter().filter_map(|attack| Some((attack.risk?, true))));
    all.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (mut at, mut ranks, mut count) = (0, 0.0, 0);
    while at < all.len() {
        let value = all.get(at).map_or(0.0, |(risk, _)| *risk);
        let same: Vec<bool> = all.iter().skip(at).take_while(|(risk, _)| risk.total_cmp(&value).is_eq()).map(|(_, is_attack)| *is_attack).collect();
        // Whoever is alike shares the mean rank.
        #[expect(clippy::cast_precision_loss, reason = "numbers of sign-ins")]
        let rank = at as f64 + f64::midpoint(same.len() as f64, 1.0);
        for _ in same.iter().filter(|is_attack| **is_attack) {
            ranks += rank;
            count += 1;
        }
        at += same.len();
    }
    let honest = all.len() - count;
    if count == 0 || honest == 0 {
        return 0.5;
    }
    #[expect(clippy::cast_precision_loss, reason = "numbers of sign-ins")]
    let area = (ranks - count as f64 * (count as f64 + 1.0) / 2.0) / (count as f64 * honest as f64);
    area
}

/// The points of the curve: the share of honest sign-ins that are asked, and of attacks that are caught, at `steps` thresholds.
pub fn curve(outcome: &Outcome, attacks: &[Judged], steps: u32) -> Vec<(f64, f64)> {
    (0..=steps)
        .map(|step| {
            let share = f64::from(step) / f64::from(steps.max(1));
            let threshold = if step == 0 { f64::INFINITY } else { threshold(attacks, share) };
            let caught = attacks.iter().filter(|attack| attack.risk.is_some_and(|risk| risk >= threshold)).count();
            (challenged(outcome, threshold), ratio(caught, attacks.len()))
        })
        .collect()
}

/// The middle 95 of 100 medians of samples, drawn anew `rounds` times.
pub fn interval(values: &[f64], rounds: usize, seed: u64) -> Option<(f64, f64)> {
    if values.is_empty() {
        return None;
    }
    let mut dice = Dice::of(seed);
    let mut medians: Vec<f64> = (0..rounds)
        .filter_map(|_| {
            let sample: Vec<f64> = (0..values.len()).filter_map(|_| values.get(usize::try_from(dice.below(values.len() as u64)).ok()?).copied()).collect();
            median(&sample)
        })
        .collect();
    medians.sort_by(f64::total_cmp);
    Some((*medians.get(rounds / 40)?, *medians.get(rounds - 1 - rounds / 40)?))
}

#[cfg(test)]
#[path = "figures_tests.rs"]
mod tests;
