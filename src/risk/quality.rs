//! How well scores tell fraud from the rest, in the figures that the field uses. Pure.

use serde::{Deserialize, Serialize};

use super::simulation::dice::Dice;

/// A score, the higher the more suspicious, and whether it was fraud.
pub type Scored = (f64, bool);

/// How many points a curve has, about.
const POINTS: f64 = 40.0;
/// The share of honest ones at which the caught are told.
const AT_SHARE: f64 = 0.02;
/// The share of all that somebody looks at.
pub const BUDGET: f64 = 0.005;

/// How well scores did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// The area under precision over recall.
    pub average_precision: f64,
    /// How often fraud has the higher score: the area under the curve.
    pub area: f64,
    /// What of the fraud is caught where two of a hundred honest ones are asked.
    pub caught_at_two: f64,
    /// What of the five in a thousand that somebody looks at is fraud.
    pub precision_at_budget: f64,
    /// The curve: the share of honest ones that are flagged, and of fraud that is caught.
    pub curve: Vec<(f64, f64)>,
    /// Precision over recall.
    pub precision_recall: Vec<(f64, f64)>,
}

#[expect(clippy::cast_precision_loss, reason = "numbers of orders")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a share of a number")]
fn share_of(share: f64, whole: usize) -> usize {
    (share * whole as f64).round() as usize
}

/// How many honest ones and how many frauds have each score, the highest first: those that are alike are flagged together.
fn groups(scored: &[Scored]) -> Vec<(usize, usize)> {
    let mut sorted = scored.to_vec();
    sorted.sort_by(|one, other| other.0.total_cmp(&one.0));
    let alike = sorted.chunk_by(|one, other| one.0.total_cmp(&other.0).is_eq());
    alike.map(|group| group.iter().fold((0, 0), |(honest, fraud), (_, is)| (honest + usize::from(!is), fraud + usize::from(*is)))).collect()
}

/// The area under precision over recall: what of the flagged is fraud, on average over all that is caught.
pub fn average_precision(scored: &[Scored]) -> f64 {
    let all = scored.iter().filter(|(_, is_fraud)| *is_fraud).count();
    let (mut caught, mut flagged, mut sum) = (0_usize, 0_usize, 0.0);
    for (honest, fraud) in groups(scored) {
        caught += fraud;
        flagged += honest + fraud;
        sum += ratio(fraud, all) * ratio(caught, flagged);
    }
    sum
}

/// All figures of some scores.
pub fn quality(scored: &[Scored]) -> Quality {
    let groups = groups(scored);
    let all_fraud = scored.iter().filter(|(_, is_fraud)| *is_fraud).count();
    let all_honest = scored.len() - all_fraud;
    let budget = share_of(BUDGET, scored.len()).max(1);
    let (mut caught, mut flagged, mut area) = (0_usize, 0_usize, 0.0);
    let (mut caught_at_two, mut in_budget) = (0.0, None);
    let (mut curve, mut precision_recall) = (vec![(0.0, 0.0)], Vec::new());
    for (honest, fraud) in groups {
        let before = (ratio(flagged, all_honest), ratio(caught, all_fraud));
        if in_budget.is_none() && caught + flagged + honest + fraud >= budget {
            // Of those that are alike as many as there is room for, as good as the others.
            let room = budget - (caught + flagged);
            #[expect(clippy::cast_precision_loss, reason = "numbers of orders")]
            let of_them = ratio(fraud, honest + fraud) * room as f64;
            #[expect(clippy::cast_precision_loss, reason = "numbers of orders")]
            let precision = (caught as f64 + of_them) / budget as f64;
            in_budget = Some(precision);
        }
        caught += fraud;
        flagged += honest;
        let now = (ratio(flagged, all_honest), ratio(caught, all_fraud));
        area += (now.0 - before.0) * f64::midpoint(before.1, now.1);
        if now.0 <= AT_SHARE {
            caught_at_two = now.1;
        }
        curve.push(now);
        if fraud > 0 {
            precision_recall.push((now.1, ratio(caught, caught + flagged)));
        }
    }
    if all_honest == 0 || all_fraud == 0 {
        area = 0.5;
    }
    let precision_at_budget = in_budget.unwrap_or_default();
    Quality {
        average_precision: average_precision(scored),
        area,
        caught_at_two,
        precision_at_budget,
        curve: thinned(&curve),
        precision_recall: thinned(&precision_recall),
    }
}

/// As many points as a chart needs, the first and the last of them included: those that are furthest along either way.
fn thinned(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut kept: Vec<(f64, f64)> = Vec::new();
    for (place, point) in points.iter().enumerate() {
        let is_far = kept.last().is_none_or(|last| (point.0 - last.0).abs() + (point.1 - last.1).abs() >= 1.0 / POINTS);
        if is_far || place + 1 == points.len() {
            kept.push(*point);
        }
    }
    kept
}

/// How far average precision is above another's, with the middle 95 of 100 of samples drawn anew: both are of the same things, in the same order.
pub fn gain(mine: &[Scored], other: &[Scored], rounds: usize, seed: u64) -> (f64, (f64, f64)) {
    let pairs: Vec<(Scored, Scored)> = mine.iter().copied().zip(other.iter().copied()).collect();
    let of = |pairs: &[(Scored, Scored)]| {
        let (mine, other): (Vec<Scored>, Vec<Scored>) = pairs.iter().copied().unzip();
        average_precision(&mine) - average_precision(&other)
    };
    let mut dice = Dice::of(seed);
    let mut gains: Vec<f64> = (0..rounds)
        .map(|_| {
            let sample: Vec<_> = (0..pairs.len()).filter_map(|_| pairs.get(usize::try_from(dice.below(pairs.len() as u64)).ok()?).copied()).collect();
            of(&sample)
        })
        .collect();
    gains.sort_by(f64::total_cmp);
    let at = |place: usize| gains.get(place).copied().unwrap_or_default();
    (of(&pairs), (at(rounds / 40), at(rounds.saturating_sub(1 + rounds / 40))))
}

/// What was foretold, and what came to be, for the tenths of all by what was foretold.
pub fn calibration(foretold: &[Scored]) -> Vec<(f64, f64)> {
    let mut sorted = foretold.to_vec();
    sorted.sort_by(|one, other| one.0.total_cmp(&other.0));
    let size = sorted.len().div_ceil(10).max(1);
    let mean = |part: &[Scored]| {
        #[expect(clippy::cast_precision_loss, reason = "numbers of orders")]
        let mean = part.iter().map(|(foretold, _)| foretold).sum::<f64>() / part.len() as f64;
        (mean, ratio(part.iter().filter(|(_, is_fraud)| *is_fraud).count(), part.len()))
    };
    sorted.chunks(size).map(mean).collect()
}

/// How far two samples are apart: the population stability index over the tenths of the first. Above 0.2 is taken for another population.
pub fn stability(usual: &[f64], lately: &[f64]) -> f64 {
    let mut sorted = usual.to_vec();
    sorted.sort_by(f64::total_cmp);
    let edges: Vec<f64> = (1..10).filter_map(|tenth| sorted.get(sorted.len() * tenth / 10).copied()).collect();
    let shares = |values: &[f64]| {
        let mut counts = [0_usize; 10];
        for value in values {
            if let Some(count) = counts.get_mut(edges.partition_point(|edge| edge <= value)) {
                *count += 1;
            }
        }
        // Half a thing in each: an empty one is rare, not impossible.
        #[expect(clippy::cast_precision_loss, reason = "numbers of orders")]
        let shares = counts.map(|count| (count as f64 + 0.5) / (values.len() as f64 + 5.0));
        shares
    };
    if usual.is_empty() || lately.is_empty() {
        return 0.0;
    }
    shares(usual).iter().zip(shares(lately)).map(|(usual, lately)| (lately - usual) * (lately / usual).ln()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_are_those_of_the_books() {
        // Four honest, two fraud: ranks 1 and 3.
        let scored = [(0.9, true), (0.8, false), (0.7, true), (0.4, false), (0.3, false), (0.1, false)];
        let told = quality(&scored);
        assert!((told.average_precision - f64::midpoint(1.0, 2.0 / 3.0)).abs() < 1e-12);
        assert!((told.area - 7.0 / 8.0).abs() < 1e-12);
        assert!((told.caught_at_two - 0.5).abs() < 1e-12, "before the first honest one");
        assert!((told.precision_at_budget - 1.0).abs() < 1e-12);
        assert_eq!((told.curve.first(), told.curve.last()), (Some(&(0.0, 0.0)), Some(&(1.0, 1.0))));
        // Scores that say nothing are worth what chance is worth.
        let flat: Vec<Scored> = (0..1_000).map(|number| (0.5, number % 100 == 0)).collect();
        let told = quality(&flat);
        assert!((told.area - 0.5).abs() < 1e-12 && (told.average_precision - 0.01).abs() < 1e-12 && (told.precision_at_budget - 0.01).abs() < 1e-12);
        assert!((quality(&[]).area - 0.5).abs() < 1e-12);
        let (perfect, useless): (Vec<Scored>, Vec<Scored>) = (0..2_000)
            .map(|number| {
                let is = number % 50 == 0;
                ((f64::from(u8::from(is)), is), (f64::from(number % 7), is))
            })
            .unzip();
        let (gained, (low, high)) = gain(&perfect, &useless, 100, 3);
        assert!(gained > 0.9 && low > 0.9 && high <= 1.0, "{gained} {low} {high}");
        assert_eq!(gain(&perfect, &useless, 100, 3), gain(&perfect, &useless, 100, 3));
        let told = calibration(&(0..1_000).map(|number| (f64::from(number) / 1_000.0, number % 10 < number / 100)).collect::<Vec<_>>());
        assert!(told.len() == 10 && told.iter().all(|(foretold, seen)| (foretold - seen).abs() < 0.06), "{told:?}");
    }

    #[test]
    fn another_population_is_told_from_chance() {
        let mut dice = Dice::of(4);
        let usual: Vec<f64> = (0..3_000).map(|_| dice.normal()).collect();
        let same: Vec<f64> = (0..1_000).map(|_| dice.normal()).collect();
        let other: Vec<f64> = (0..1_000).map(|_| dice.normal() + 3.0_f64.ln()).collect();
        assert!(stability(&usual, &same) < 0.05 && stability(&usual, &other) > 0.5);
        assert!(stability(&usual, &[]).abs() < 1e-12);
    }
}
