//! `claviger risk`.

use clap::Subcommand;
use serde_json::json;

use super::{Context, Failure, replay, say, say_json};
use crate::risk::simulation::attackers::Attacker;
use crate::risk::simulation::figures::{area, challenged, interval, median, rates, threshold};
use crate::risk::simulation::run::{Outcome, Setting, run};

/// Histories at which the published figures are given.
const HISTORIES: [usize; 3] = [12, 20, 39];
/// Shares of attacks that are to be caught.
const SHARES: [f64; 2] = [0.99, 0.995];
/// How often a sample is drawn for an interval.
const ROUNDS: usize = 200;

#[derive(Subcommand)]
pub(super) enum RiskCommand {
    /// Goes through a made-up history of sign-ins, with attackers, and says how the model does, beside what was published of it. Needs neither configuration nor database.
    #[command(after_help = "Examples:\n  claviger risk eval\n  claviger risk eval --people 30000 --seed 11 --json")]
    Eval {
        /// How many customers.
        #[arg(long, default_value_t = 30_000, value_parser = clap::value_parser!(u32).range(100..=200_000))]
        people: u32,
        /// Which history.
        #[arg(long, default_value_t = 11)]
        seed: u64,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Computes the decisions over past sign-ins anew, by model and policy of the configuration, and says where they differ from what was decided. With `--set` it tries a policy before it counts.
    #[command(after_help = "Examples:\n  claviger risk replay --days 30\n  claviger --set risk.high=deny risk replay --json")]
    Replay {
        /// How far back.
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=400))]
        days: u32,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Says why a decision over a sign-in or an order was what it was.
    #[command(after_help = "Example:\n  claviger risk explain dec_01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    Explain {
        /// Its id.
        id: String,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
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

pub(super) fn execute(context: &Context, command: &RiskCommand) -> Result<(), Failure> {
    match command {
        RiskCommand::Eval { people, seed, json } => {
            eval(*people, *seed, *json);
            Ok(())
        }
        RiskCommand::Replay { days, json } => replay::replay(context, *days, *json),
        RiskCommand::Explain { id, json } => replay::explain(context, id, *json),
    }
}

fn eval(people: u32, seed: u64, json: bool) {
    let mut all = Vec::new();
    for with_cookie in [false, true] {
        let setting = Setting { people: usize::try_from(people).unwrap_or(0), seed, with_cookie };
        let outcome = run(&setting);
        let found = lines(&outcome, seed);
        if json {
            let lines: Vec<_> = found.iter().map(|line| json!({ "attacker": line.attacker.word(), "caught": line.share, "histories": HISTORIES, "asked_median": line.medians, "interval_95": line.intervals, "asked_of_all": line.challenged, "area_under_curve": line.area, "published_median": line.published })).collect();
            all.push(json!({ "people": people, "seed": seed, "known_browsers": with_cookie, "sign_ins": outcome.honest.len(), "lines": lines }));
            continue;
        }
        say(&format!("{} sign-ins of {people} people, seed {seed}, {}", outcome.honest.len(), if with_cookie { "browsers are known again" } else { "the model alone" }));
        say("attacker  caught   asked to show more, median after 12, 20, 39 sign-ins (95 %)      of all   area   published");
        for line in &found {
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
    if json {
        say_json(&json!(all));
    } else {
        say("These people were made up. Never take the figures for what the model does in a shop.");
    }
}
