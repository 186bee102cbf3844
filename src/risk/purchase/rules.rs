//! Rules over orders: what an operator wants whatever the model says, under a version that decisions name. Pure.

use serde::{Deserialize, Serialize};

use super::features::Feature;
use super::order::Checked;

/// What is done with an order, the mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrderAction {
    /// It goes on.
    #[default]
    Allow,
    /// The customer confirms it with a second factor.
    StepUp,
    /// Somebody looks at it.
    Review,
    /// It is refused.
    Deny,
}

impl OrderAction {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Allow, Self::StepUp, Self::Review, Self::Deny];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::StepUp => "step_up",
            Self::Review => "review",
            Self::Deny => "deny",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.word() == word)
    }
}

/// A number that has to be so large, or so small.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Which number.
    pub feature: Feature,
    /// It is at least this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// It is at most this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<f64>,
}

/// A rule: when all of it holds, at least its action is taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What it is called, in reasons: 1 to 40 letters, digits, dashes.
    pub id: String,
    /// Numbers; all have to hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<Condition>,
    /// Countries that it is sent to; any, when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ships_to: Vec<String>,
    /// Categories of which there is something in it; any, when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// The amount is at least this, in the smallest unit of its currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_at_least: Option<i64>,
    /// What is done at least.
    pub action: OrderAction,
}

/// Rules, under a version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSet {
    /// What decisions name them by.
    pub version: String,
    /// The rules.
    pub rules: Vec<Rule>,
}

/// The most rules of a set.
const RULE_LIMIT: usize = 200;

impl Default for RuleSet {
    fn default() -> Self {
        let at_least = |feature, value| Condition { feature, at_least: Some(value), at_most: None };
        let rule = |id: &str, all, action| Rule { id: id.to_owned(), all, ships_to: Vec::new(), categories: Vec::new(), amount_at_least: None, action };
        let several = |count: f64| (count - 1.0).ln_1p();
        Self {
            version: "rules-1".to_owned(),
            rules: vec![
                rule("account_frozen", vec![at_least(Feature::Frozen, 1.0)], OrderAction::Deny),
                rule("card_of_three_customers", vec![at_least(Feature::TokenShared, several(3.0))], OrderAction::Review),
                rule("cards_tried_from_one_address", vec![at_least(Feature::SourceCards, several(6.0))], OrderAction::Review),
                rule("cards_tried_by_one_customer", vec![at_least(Feature::CustomerCards, several(5.0)), at_least(Feature::CustomerFast, several(4.0))], OrderAction::Review),
                rule("card_used_fast", vec![at_least(Feature::TokenFast, several(6.0))], OrderAction::Review),
                rule(
                    "address_wrong_and_gone_at_once",
                    vec![at_least(Feature::AvsMismatch, 1.0), at_least(Feature::Express, 1.0), at_least(Feature::ShippingUnknown, 1.0)],
                    OrderAction::Review,
                ),
                rule("contact_changed_and_new_place", vec![at_least(Feature::ContactChanged, 1.0), at_least(Feature::ShippingUnknown, 1.0)], OrderAction::StepUp),
                rule("contact_changed_and_place_added", vec![at_least(Feature::ContactChanged, 1.0), at_least(Feature::ShippingAddedLately, 1.0)], OrderAction::StepUp),
                rule(
                    "credentials_changed_and_new_place",
                    vec![at_least(Feature::CredentialsChanged, 1.0), at_least(Feature::ShippingUnknown, 1.0), at_least(Feature::AmountHigh, 1.0)],
                    OrderAction::StepUp,
                ),
                rule("strange_sign_in_and_new_place", vec![at_least(Feature::SigninStrange, 0.8), at_least(Feature::ShippingUnknown, 1.0)], OrderAction::StepUp),
            ],
        }
    }
}

impl RuleSet {
    /// Reads rules.
    ///
    /// # Errors
    /// In words, what is wrong with them.
    pub fn parse(text: &str) -> Result<Self, String> {
        let set: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let is_name = |text: &str| (1..=40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        if !is_name(&set.version) || set.rules.len() > RULE_LIMIT {
            return Err(format!("version: 1 to 40 letters, digits and dashes; at most {RULE_LIMIT} rules"));
        }
        for rule in &set.rules {
            let says_something = !rule.all.is_empty() || !rule.ships_to.is_empty() || !rule.categories.is_empty() || rule.amount_at_least.is_some();
            let is_sound = |condition: &Condition| condition.at_least.is_some() || condition.at_most.is_some();
            if !is_name(&rule.id) || !says_something || !rule.all.iter().all(is_sound) || rule.action == OrderAction::Allow {
                return Err(format!("rule “{}”: an id, something that has to hold, and an action other than allow", rule.id));
            }
        }
        Ok(set)
    }

    /// The rules that hold, the gravest first.
    pub fn fired(&self, about: &About, vector: &[f64]) -> Vec<Fired> {
        let holds = |rule: &&Rule| {
            rule.all.iter().all(|condition| {
                let value = Feature::ALL.iter().position(|feature| *feature == condition.feature).and_then(|at| vector.get(at)).copied().unwrap_or_default();
                // A rounding is no difference.
                condition.at_least.is_none_or(|least| value >= least - 1e-9) && condition.at_most.is_none_or(|most| value <= most + 1e-9)
            }) && (rule.ships_to.is_empty() || about.ships_to.as_ref().is_some_and(|country| rule.ships_to.contains(country)))
                && (rule.categories.is_empty() || about.categories.iter().any(|name| rule.categories.contains(name)))
                && rule.amount_at_least.is_none_or(|least| about.minor_units >= least)
        };
        let mut fired: Vec<Fired> = self.rules.iter().filter(holds).map(|rule| Fired { rule: rule.id.clone(), action: rule.action }).collect();
        fired.sort_by(|one, other| other.action.cmp(&one.action).then_with(|| one.rule.cmp(&other.rule)));
        fired
    }
}

/// What rules look at beside the numbers: nothing that tells whose order it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The country that it is sent to.
    pub ships_to: Option<String>,
    /// The categories of which there is something in it.
    pub categories: Vec<String>,
    /// The amount, in the smallest unit of its currency.
    pub minor_units: i64,
    /// Whether nobody is there who could show more.
    pub is_guest: bool,
    /// Whether two factors were shown in the very session that orders.
    pub is_sure: bool,
}

impl About {
    /// Of an order.
    pub fn of(checked: &Checked, is_guest: bool, is_sure: bool) -> Self {
        let address = checked.order.shipping.as_ref().and_then(|shipping| shipping.address.as_ref());
        let categories = checked.categories.iter().map(|(name, _)| name.clone()).collect();
        Self { ships_to: address.map(|address| address.country.clone()), categories, minor_units: checked.minor_units, is_guest, is_sure }
    }
}

/// A rule that held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Fired {
    /// Which.
    pub rule: String,
    /// What it wants done at least.
    pub action: OrderAction,
}
