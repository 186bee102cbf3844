//! `claviger safety`.

use clap::Subcommand;
use serde_json::json;

use super::{Context, Failure, say, say_json};
use crate::base::page::PageRequest;
use crate::base::time::UnixMicros;
use crate::identity::care::figures::{Figures, KINDS, Seen, count};
use crate::identity::care::store as care;
use crate::platform::audit::store::list_of_kinds;

/// Events that are counted at most.
const MAX_EVENTS: i64 = 1_000_000;

#[derive(Subcommand)]
pub(super) enum SafetyCommand {
    /// Lists the scams that people told us of, newest first.
    #[command(after_help = "Example:\n  claviger safety reports --limit 20 --json")]
    Reports {
        /// How many.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1_000))]
        limit: u32,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Says what advice to customers was good for: cards, check-ups, the quiz, and how fast people act.
    #[command(after_help = "Example:\n  claviger safety figures --days 30 --json")]
    Figures {
        /// How far back.
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=365))]
        days: u32,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn execute(context: &Context, command: &SafetyCommand) -> Result<(), Failure> {
    match command {
        SafetyCommand::Reports { limit, json } => reports(context, *limit, *json),
        SafetyCommand::Figures { days, json } => figures(context, *days, *json),
    }
}

fn reports(context: &Context, limit: u32, json: bool) -> Result<(), Failure> {
    context.with_base(async |_, base| {
        let tools = base.tools.clone();
        let found = base.db.read(move |connection| care::list_reports(connection, &tools, &PageRequest::first(limit))).await?;
        if json {
            let rows: Vec<_> = found
                .items
                .iter()
                .map(|report| json!({ "id": report.id, "at": report.reported_at.rfc3339(), "kind": report.kind, "customer": report.customer, "content": report.content }))
                .collect();
            say_json(&json!(rows));
        } else if found.items.is_empty() {
            say("nobody reported a scam");
        } else {
            for report in &found.items {
                let line: String = report.content.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(120).collect();
                say(&format!("{}  {:<8}  {}", report.reported_at.rfc3339(), report.kind, line));
            }
        }
        Ok(())
    })
}

fn figures(context: &Context, days: u32, json: bool) -> Result<(), Failure> {
    context.with_base(async |_, base| {
        let since = base.tools.now().plus(-i64::from(days) * 86_400);
        let events = base.db.read(move |connection| list_of_kinds(connection, &KINDS, since, MAX_EVENTS)).await?;
        let seen = events.iter().map(|event| Seen { kind: &event.kind, about: &event.about, at: UnixMicros(event.occurred_at_micros).seconds().0, detail: &event.detail });
        let figures = count(seen);
        if json {
            say_json(&json!({ "days": days, "figures": figures }));
        } else {
            told(&figures).iter().for_each(|line| say(line));
        }
        Ok(())
    })
}

fn told(figures: &Figures) -> Vec<String> {
    let mut lines: Vec<String> = figures.cards.iter().map(|(card, of)| format!("card {card:<12} shown {}, acted on {}, put away {}", of.shown, of.acted, of.put_away)).collect();
    lines.push(format!("check-up          {} customers, mean score {:.0} at first and {:.0} at last", figures.checked_up, figures.score_before, figures.score_after));
    let median = figures.median_minutes_to_remedy.map_or_else(|| "unknown".to_owned(), |minutes| format!("{minutes} minutes"));
    lines.push(format!("this was not me   {} times, median {median} after the notice", figures.disowned));
    lines.push(format!("authenticators    {} added, {} of them within a day after a card", figures.authenticators_added, figures.authenticators_added_after_card));
    lines.push(format!("quiz              taken {} times, {:.0} % of answers right", figures.quizzes, figures.quiz_right * 100.0));
    lines.push(format!("scams reported    {}", figures.reports));
    lines
}
