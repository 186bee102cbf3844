//! What advice was good for, counted from the audit log: pure.

use std::collections::BTreeMap;

use serde_json::Value;

/// What of an event is counted.
pub struct Seen<'a> {
    /// Its kind.
    pub kind: &'a str,
    /// Whom it is about; empty for nobody.
    pub about: &'a str,
    /// When, in seconds since 1970.
    pub at: i64,
    /// Its detail, as JSON.
    pub detail: &'a str,
}

/// How a card did.
#[derive(Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct CardFigures {
    /// Sessions in which it was shown.
    pub shown: u64,
    /// In which its button was pressed.
    pub acted: u64,
    /// In which it was put away.
    pub put_away: u64,
}

/// What advice was good for in a span of time.
#[derive(Debug, Default, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Figures {
    /// Each card.
    pub cards: BTreeMap<String, CardFigures>,
    /// Customers who looked at the check-up.
    pub checked_up: u64,
    /// Their mean score at the first look.
    pub score_before: f64,
    /// And at the last.
    pub score_after: f64,
    /// How often "this was not me" was pressed.
    pub disowned: u64,
    /// Half of those came sooner after the notice than this, in minutes.
    pub median_minutes_to_remedy: Option<i64>,
    /// Ways to sign in that were added.
    pub authenticators_added: u64,
    /// Those of them within a day after the button of a card.
    pub authenticators_added_after_card: u64,
    /// Quizzes taken.
    pub quizzes: u64,
    /// Right answers of all answers, from 0 to 1.
    pub quiz_right: f64,
    /// Scams reported.
    pub reports: u64,
}

/// The kinds of events that are counted.
pub const KINDS: [&str; 7] = ["card_shown", "card_answered", "checkup_seen", "account_secured", "authenticator_added", "quiz_taken", "scam_reported"];

/// How long after a card something counts as its work, in seconds.
const WORK_SECONDS: i64 = 86_400;

/// Counts events in the order in which they happened.
pub fn count<'a>(events: impl Iterator<Item = Seen<'a>>) -> Figures {
    let mut figures = Figures::default();
    let mut scores: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    let mut acted_at: BTreeMap<String, i64> = BTreeMap::new();
    let (mut minutes, mut right, mut answers) = (Vec::new(), 0.0, 0.0);
    for event in events {
        let detail: Value = serde_json::from_str(event.detail).unwrap_or_default();
        let card = || detail.get("card").and_then(Value::as_str).unwrap_or("other").to_owned();
        let number = |name: &str| detail.get(name).and_then(Value::as_f64).unwrap_or_default();
        match event.kind {
            "card_shown" => figures.cards.entry(card()).or_default().shown += 1,
            "card_answered" if detail.get("answer").and_then(Value::as_str) == Some("acted") => {
                figures.cards.entry(card()).or_default().acted += 1;
                acted_at.insert(event.about.to_owned(), event.at);
            }
            "card_answered" => figures.cards.entry(card()).or_default().put_away += 1,
            "checkup_seen" => scores.entry(event.about.to_owned()).or_insert((number("score"), 0.0)).1 = number("score"),
            "account_secured" => {
                figures.disowned += 1;
                minutes.extend(detail.get("minutes_after_notice").and_then(Value::as_i64));
            }
            "authenticator_added" => {
                figures.authenticators_added += 1;
                let is_work = acted_at.get(event.about).is_some_and(|at| event.at - at <= WORK_SECONDS);
                figures.authenticators_added_after_card += u64::from(is_work);
            }
            "quiz_taken" => {
                figures.quizzes += 1;
                right += number("right");
                answers += number("of");
            }
            "scam_reported" => figures.reports += 1,
            _ => {}
        }
    }
    minutes.sort_unstable();
    figures.median_minutes_to_remedy = minutes.get(minutes.len() / 2).copied();
    figures.checked_up = u64::try_from(scores.len()).unwrap_or(u64::MAX);
    let mean = |of: fn(&(f64, f64)) -> f64| {
        let customers = f64::from(u32::try_from(scores.len()).unwrap_or(u32::MAX).max(1));
        scores.values().map(of).sum::<f64>() / customers
    };
    (figures.score_before, figures.score_after) = (mean(|score| score.0), mean(|score| score.1));
    figures.quiz_right = if answers > 0.0 { right / answers } else { 0.0 };
    figures
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_counted_by_customer_and_in_order() {
        let seen = |kind, about, at, detail| Seen { kind, about, at, detail };
        let events = [
            seen("checkup_seen", "customer:a", 1, r#"{"score":20}"#),
            seen("card_shown", "customer:a", 2, r#"{"card":"phished"}"#),
            seen("card_answered", "customer:a", 3, r#"{"card":"phished","answer":"acted"}"#),
            seen("authenticator_added", "customer:a", 4, "{}"),
            seen("checkup_seen", "customer:a", 5, r#"{"score":60}"#),
            seen("checkup_seen", "customer:b", 5, r#"{"score":40}"#),
            seen("authenticator_added", "customer:b", 6, "{}"),
            seen("authenticator_added", "customer:a", 4 + 100_000, "{}"),
            seen("card_shown", "customer:b", 7, r#"{"card":"checkup"}"#),
            seen("card_answered", "customer:b", 8, r#"{"card":"checkup","answer":"put_away"}"#),
            seen("account_secured", "customer:a", 9, r#"{"minutes_after_notice":4}"#),
            seen("account_secured", "customer:b", 9, r#"{"notice":"sessions"}"#),
            seen("account_secured", "customer:c", 9, r#"{"minutes_after_notice":90}"#),
            seen("account_secured", "customer:d", 9, r#"{"minutes_after_notice":5}"#),
            seen("quiz_taken", "customer:a", 9, r#"{"right":3,"of":6}"#),
            seen("quiz_taken", "customer:b", 9, r#"{"right":6,"of":6}"#),
            seen("scam_reported", "", 9, "not json"),
            seen("signed_in", "customer:a", 9, "{}"),
        ];
        let figures = count(events.into_iter());
        assert_eq!(figures.cards.get("phished"), Some(&CardFigures { shown: 1, acted: 1, put_away: 0 }));
        assert_eq!(figures.cards.get("checkup"), Some(&CardFigures { shown: 1, acted: 0, put_away: 1 }));
        assert_eq!((figures.checked_up, figures.score_before, figures.score_after), (2, 30.0, 50.0));
        assert_eq!((figures.disowned, figures.median_minutes_to_remedy), (4, Some(5)));
        assert_eq!((figures.authenticators_added, figures.authenticators_added_after_card), (3, 1));
        assert_eq!((figures.quizzes, figures.quiz_right, figures.reports), (2, 0.75, 1));
        assert_eq!(count(std::iter::empty()), Figures::default());
    }
}
