//! What a shop does about the answer, by amount and country. A letter declines nothing by itself. Pure.

use serde::{Deserialize, Serialize};

use super::letters::Outcome;

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Go on.
    Accept,
    /// Ask again: nobody answered.
    Retry,
    /// Have somebody look.
    Review,
    /// Do not.
    Refuse,
}

/// A rule: the first that fits decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Cards of these countries, two letters each; of every one when there are none.
    #[serde(default)]
    pub countries: Vec<String>,
    /// Amounts up to this one, in minor units of the order's currency; every amount when absent.
    #[serde(default)]
    pub up_to: Option<i64>,
    /// Which answers are accepted.
    pub accept: Vec<Outcome>,
    /// Which are looked at; what stands in neither is refused.
    #[serde(default)]
    pub review: Vec<Outcome>,
}

/// The rules of a shop that said nothing: only an answer that both differ is looked at by somebody, and nothing is refused.
pub fn usual() -> Vec<Rule> {
    vec![Rule {
        countries: Vec::new(),
        up_to: None,
        accept: vec![Outcome::Full, Outcome::Street, Outcome::Postcode, Outcome::Unavailable],
        review: vec![Outcome::None, Outcome::Retry],
    }]
}

/// What is to be done about `outcome`, and the number of the rule that says so, from 0; without one that fits somebody looks.
pub fn decide(rules: &[Rule], outcome: Outcome, country: &str, amount: i64, is_last_try: LastTry) -> (Verdict, Option<usize>) {
    if outcome == Outcome::Retry && is_last_try == LastTry::No {
        return (Verdict::Retry, None);
    }
    let fits = |rule: &Rule| (rule.countries.is_empty() || rule.countries.iter().any(|known| known == country)) && rule.up_to.is_none_or(|limit| amount <= limit);
    match rules.iter().enumerate().find(|(_, rule)| fits(rule)) {
        Some((number, rule)) if rule.accept.contains(&outcome) => (Verdict::Accept, Some(number)),
        Some((number, rule)) if rule.review.contains(&outcome) => (Verdict::Review, Some(number)),
        Some((number, _)) => (Verdict::Refuse, Some(number)),
        None => (Verdict::Review, None),
    }
}

/// Whether the issuer will be asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastTry {
    /// No: what comes now counts.
    Yes,
    /// It will.
    No,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rule_that_fits_decides() {
        let rules = vec![
            Rule {
                countries: vec!["US".into(), "CA".into()],
                up_to: Some(5_000),
                accept: vec![Outcome::Full, Outcome::Postcode, Outcome::Street],
                review: vec![Outcome::Unavailable],
            },
            Rule { countries: vec!["US".into(), "CA".into()], up_to: None, accept: vec![Outcome::Full], review: vec![Outcome::Postcode, Outcome::Retry] },
        ];
        let verdict = |outcome, country, amount| decide(&rules, outcome, country, amount, LastTry::Yes);
        assert_eq!(verdict(Outcome::Postcode, "US", 5_000), (Verdict::Accept, Some(0)));
        assert_eq!(verdict(Outcome::Postcode, "US", 5_001), (Verdict::Review, Some(1)));
        assert_eq!(verdict(Outcome::Street, "CA", 5_001), (Verdict::Refuse, Some(1)));
        assert_eq!(verdict(Outcome::Retry, "US", 9_000), (Verdict::Review, Some(1)));
        assert_eq!(decide(&rules, Outcome::Retry, "US", 1, LastTry::No), (Verdict::Retry, None));
        assert_eq!(verdict(Outcome::Full, "DE", 1), (Verdict::Review, None));
        // Where issuers take no part, nobody is refused for it by the usual rules.
        assert_eq!(decide(&usual(), Outcome::Unavailable, "JP", 1_000_000, LastTry::Yes), (Verdict::Accept, Some(0)));
        assert_eq!(decide(&usual(), Outcome::None, "US", 1, LastTry::Yes), (Verdict::Review, Some(0)));
    }
}
