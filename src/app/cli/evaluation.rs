//! `claviger risk eval`: how the models do on histories that nobody lived.

use std::path::Path;

use serde_json::{Value, json};

use super::risk::Evaluated;
use super::{Failure, say, say_json};
use crate::base::time::UnixSeconds;
use crate::risk::login::scale::{Scale, told as told_score};
use crate::risk::purchase::models::{Past, Trained, train};
use crate::risk::quality::{Quality, Scored, calibration, quality};
use crate::risk::simulation::attackers::Attacker;
use crate::risk::simulation::chart::{Labels, Series, as_file, as_foretold, curves};
use crate::risk::simulation::figures::{area, challenged, curve, interval, median, rates, threshold};
use crate::risk::simulation::orders::{self, JudgedOrder, Made};
use crate::risk::simulation::run::{Outcome, Setting, run};

/// Histories at which the published figures are given.
const HISTORIES: [usize; 3] = [12, 20, 39];
/// Shares of attacks that are to be caught.
const SHARES: [f64; 2] = [0.99, 0.995];
/// How often a sample is drawn for an interval.
const ROUNDS: usize = 200;
/// Points of a curve of sign-ins.
const STEPS: u32 = 200;
/// Days of a made-up history of orders.
const ORDER_DAYS: i64 = 120;

/// What is wanted.
pub(super) struct Wanted<'a> {
    pub people: u32,
    pub seed: u64,
    pub only: Option<Evaluated>,
    pub svg: Option<&'a Path>,
    pub is_json: bool,
}

/// The published medians at [`HISTORIES`], for [`SHARES`], read off the figures of a study of a large service.
const fn published(attacker: Attacker) -> [[f64; 3]; 2] {
    match attacker {
        Attacker::Naive => [[0.16, 0.10, 0.02], [0.24, 0.16, 0.05]],
        Attacker::Vpn => [[0.25, 0.15, 0.05], [0.34, 0.24, 0.07]],
        Attacker::Targeted => [[0.33, 0.20, 0.08], [0.41, 0.25, 0.10]],
    }
}

struct Line {
    attacker: Attacker,
    share: f64,
    medians: [Option<f64>; 3],
    intervals: [Option<(f64, f64)>; 3],
    challenged: f64,
    area: f64,
    published: [f64; 3],
}

fn lines(outcome: &Outcome, seed: u64) -> Vec<Line> {
    let mut lines = Vec::new();
    for (attacker, tries) in Attacker::ALL.into_iter().zip(&outcome.attacks) {
        let area = area(outcome, tries);
        for (share, published) in SHARES.into_iter().zip(published(attacker)) {
            let at = threshold(tries, share);
            let of = |history: usize| rates(outcome, history, at);
            lines.push(Line {
                attacker,
                share,
                medians: HISTORIES.map(|history| median(&of(history))),
                intervals: HISTORIES.map(|history| interval(&of(history), ROUNDS, seed)),
                challenged: challenged(outcome, at),
                area,
                published,
            });
        }
    }
    lines
}

fn told(value: Option<f64>) -> String {
    value.map_or_else(|| "  - ".to_owned(), |value| format!("{value:4.2}"))
}

pub(super) fn eval(wanted: &Wanted<'_>) -> Result<(), Failure> {
    if let Some(folder) = wanted.svg {
        std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let mut all = Vec::new();
    if wanted.only != Some(Evaluated::Orders) {
        signins(wanted, &mut all)?;
    }
    if wanted.only != Some(Evaluated::Signins) {
        all.push(judged_orders(wanted)?);
    }
    if wanted.is_json {
        say_json(&json!(all));
    } else {
        say("These people were made up. Never take the figures for what the models do in a shop.");
    }
    Ok(())
}

fn draw(wanted: &Wanted<'_>, name: &str, labels: &Labels<'_>, series: &[Series<'_>], is_rooted: bool) -> Result<(), Failure> {
    let Some(folder) = wanted.svg else { return Ok(()) };
    let file = folder.join(format!("{name}.svg"));
    std::fs::write(&file, as_file(&curves(labels, series, is_rooted))).map_err(|error| Failure::Failed(format!("{}: {error}", file.display())))
}

fn say_lines(people: u32, seed: u64, (outcome, how): (&Outcome, &str), lines: &[Line]) {
    say(&format!("{} sign-ins of {people} people, seed {seed}, {how}", outcome.honest.len()));
    say("attacker  caught   asked to show more, median after 12, 20, 39 sign-ins (95 %)      of all   area   published");
    for line in lines {
        let cells: Vec<String> = line
            .medians
            .iter()
            .zip(&line.intervals)
            .map(|(median, interval)| format!("{} ({} to {})", told(*median), told(interval.map(|(low, _)| low)), told(interval.map(|(_, high)| high))))
            .collect();
        say(&format!(
            "{:<8}  {:5.3}    {}    {:5.3}  {:5.3}   {}",
            line.attacker.word(),
            line.share,
            cells.join("  "),
            line.challenged,
            line.area,
            line.published.map(|value| format!("{value:4.2}")).join(" ")
        ));
    }
    say("");
}

fn signins(wanted: &Wanted<'_>, all: &mut Vec<Value>) -> Result<(), Failure> {
    let (people, seed) = (wanted.people, wanted.seed);
    let setting = |with_cookie| Setting { people: usize::try_from(people).unwrap_or(0), seed, with_cookie };
    let (alone, known) = (run(&setting(false)), run(&setting(true)));
    let plain = alone.plain();
    let rows = [
        (&plain, "the plain baseline: the share of what a customer never had", "plain"),
        (&alone, "the model alone", "model"),
        (&known, "browsers are known again", "known_browsers"),
    ];
    for (outcome, how, word) in rows {
        let lines = lines(outcome, seed);
        if wanted.is_json {
            let lines: Vec<_> = lines.iter().map(|line| json!({ "attacker": line.attacker.word(), "caught": line.share, "histories": HISTORIES, "asked_median": line.medians, "interval_95": line.intervals, "asked_of_all": line.challenged, "area_under_curve": line.area, "published_median": line.published })).collect();
            all.push(json!({ "of": "sign-ins", "people": people, "seed": seed, "by": word, "known_browsers": word == "known_browsers", "sign_ins": outcome.honest.len(), "lines": lines }));
        } else {
            say_lines(people, seed, (outcome, how), &lines);
        }
    }
    for (number, attacker) in Attacker::ALL.into_iter().enumerate() {
        let of = |outcome: &Outcome| outcome.attacks.get(number).map(|tries| curve(outcome, tries, STEPS)).unwrap_or_default();
        let (plain, alone, known) = (of(&plain), of(&alone), of(&known));
        let title = format!("Sign-ins: {} attackers", attacker.word());
        let series =
            [Series { name: "plain baseline", points: &plain }, Series { name: "the model alone", points: &alone }, Series { name: "browsers known again", points: &known }];
        draw(wanted, &format!("signins-{}", attacker.word()), &Labels { title: &title, across: "honest sign-ins asked for more", up: "attacks caught" }, &series, true)?;
    }
    Ok(())
}

/// One way to judge orders.
struct Way {
    word: &'static str,
    name: &'static str,
    quality: Quality,
}

fn judged_orders(wanted: &Wanted<'_>) -> Result<Value, Failure> {
    let made = orders::run(u64::from(wanted.people), ORDER_DAYS, wanted.seed);
    let past: Vec<Past> = made.iter().map(JudgedOrder::past).collect();
    let trained = train(&past, (1, 0, UnixSeconds(0))).map_err(|few| few.to_string())?;
    let tested: Vec<&JudgedOrder> = made.iter().filter(|order| order.at >= trained.evaluation.from.0).collect();
    let of = |score: fn(&JudgedOrder) -> f64| tested.iter().map(|order| (score(order), order.made != Made::Honest)).collect::<Vec<Scored>>();
    let ways = [
        Way { word: "amount", name: "the distance of the amount alone", quality: quality(&of(|order| order.amount)) },
        Way { word: "untaught", name: "the weights that a shop begins with", quality: quality(&of(|order| order.untaught)) },
        Way { word: "online", name: "the regression as it learns", quality: quality(&of(|order| order.logit)) },
        Way { word: "trees", name: "boosted trees", quality: trained.evaluation.trees.clone() },
    ];
    let foretold: Vec<Scored> = of(|order| 1.0 / (1.0 + (-order.logit).exp()));
    let calibrated = calibration(&foretold);
    let (at_600, at_900) = scale_shares(&made, trained.evaluation.from.0);
    let kinds: Vec<(&str, usize)> = Made::FRAUD.iter().map(|kind| (kind.word(), tested.iter().filter(|order| order.made == *kind).count())).collect();
    let series = |points: fn(&Quality) -> &[(f64, f64)]| ways.iter().map(|way| Series { name: way.name, points: points(&way.quality) }).collect::<Vec<_>>();
    draw(wanted, "orders-roc", &Labels { title: "Orders: fraud caught", across: "honest orders flagged", up: "fraud caught" }, &series(|quality| &quality.curve), true)?;
    draw(
        wanted,
        "orders-precision",
        &Labels { title: "Orders: precision over recall", across: "fraud caught", up: "of the flagged, fraud" },
        &series(|quality| &quality.precision_recall),
        false,
    )?;
    let straight = as_foretold();
    let lines = [
        Series { name: "the regression as it learns", points: &calibrated },
        Series { name: "boosted trees", points: &trained.evaluation.calibration },
        Series { name: "as foretold", points: &straight },
    ];
    draw(wanted, "orders-calibration", &Labels { title: "Orders: calibration", across: "foretold", up: "came to be" }, &lines, true)?;
    if wanted.is_json {
        let ways: Vec<Value> = ways.iter().map(|way| json!({ "by": way.word, "average_precision": way.quality.average_precision, "area_under_curve": way.quality.area, "caught_at_2_percent": way.quality.caught_at_two, "precision_at_budget": way.quality.precision_at_budget })).collect();
        return Ok(
            json!({ "of": "orders", "people": wanted.people, "seed": wanted.seed, "days": ORDER_DAYS, "tested": tested.len(), "fraud": kinds.iter().copied().collect::<std::collections::BTreeMap<_, _>>(), "ways": ways, "trees_above_online": trained.evaluation.gain, "interval_95": trained.evaluation.interval, "calibration": { "online": calibrated, "trees": trained.evaluation.calibration }, "honest_at_600": at_600, "honest_at_900": at_900 }),
        );
    }
    say_orders(wanted, &trained, &ways, (tested.len(), &kinds), (at_600, at_900));
    Ok(Value::Null)
}

/// What of honest orders later than `from` is at 600 and at 900, on the scale of those before: about 0.1 and 0.02 are meant.
fn scale_shares(made: &[JudgedOrder], from: i64) -> (f64, f64) {
    let mut scale = Scale::default();
    let honest = made.iter().filter(|order| order.made == Made::Honest);
    // Before the middle the model knows little yet: that is not what the later ones are measured by.
    honest.clone().filter(|order| order.at < from && order.at > from / 2).for_each(|order| scale.count(order.logit));
    let later: Vec<u16> = honest.filter(|order| order.at >= from).map(|order| told_score(scale.share(order.logit))).collect();
    #[expect(clippy::cast_precision_loss, reason = "numbers of orders")]
    let above = |score: u16| later.iter().filter(|told| **told >= score).count() as f64 / later.len().max(1) as f64;
    (above(600), above(900))
}

fn say_orders(wanted: &Wanted<'_>, trained: &Trained, ways: &[Way], (tested, kinds): (usize, &[(&str, usize)]), (at_600, at_900): (f64, f64)) {
    let kinds: Vec<String> = kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    say(&format!("{tested} orders, the last quarter of {ORDER_DAYS} days, of {} customers, seed {}; fraud: {}", wanted.people, wanted.seed, kinds.join(", ")));
    say("judged by                              precision   area   caught at 2 %   fraud among the 0.5 % looked at");
    for way in ways {
        let Quality { average_precision, area, caught_at_two, precision_at_budget, .. } = &way.quality;
        say(&format!("{:<38}     {average_precision:4.2}   {area:5.3}            {caught_at_two:4.2}                              {precision_at_budget:4.2}", way.name));
    }
    let (low, high) = trained.evaluation.interval;
    say(&format!("trees are {:+.3} above the regression (95 %: {low:+.3} to {high:+.3})", trained.evaluation.gain));
    say(&format!("of honest orders {:.1} % are at 600 or above, {:.1} % at 900", at_600 * 100.0, at_900 * 100.0));
    say("");
}
