//! How sign-ins are judged, in the configuration.

use std::path::PathBuf;

use super::checked::Faults;
use super::factors::level;
use super::raw::RawConfig;
use crate::base::assurance::Acr;
use crate::risk::login::model::Model;
use crate::risk::login::policy::SigninPolicy;
use crate::risk::places::{Files, Places};
use crate::risk::purchase::decide::OrderPolicy;
use crate::risk::purchase::models::TreesMode;
use crate::risk::purchase::rules::RuleSet;

/// How sign-ins are judged.
pub struct RiskSettings {
    /// What is done.
    pub policy: SigninPolicy,
    /// The model.
    pub model: Model,
    /// Countries and networks.
    pub places: Places,
    /// What is done with orders.
    pub orders: OrderPolicy,
    /// The rules over orders.
    pub order_rules: RuleSet,
    /// What is done with trees of a night.
    pub trees: TreesMode,
    /// Days that decisions are kept.
    pub keep_days: i64,
}

/// Checks the section; none when a file does not read.
pub(super) fn check(raw: &RawConfig, faults: &mut Faults) -> Option<RiskSettings> {
    let section = &raw.risk;
    let path = |text: &String| (!text.is_empty()).then(|| PathBuf::from(text));
    let read = |file: &String| -> Result<Model, String> {
        let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
        Model::parse(&text).map_err(|error| format!("{file}: {error}"))
    };
    let model = if section.model_file.is_empty() { Some(Model::default()) } else { faults.take("risk.model_file", read(&section.model_file)) };
    let files = Files {
        country: path(&section.country_file),
        network: path(&section.network_file),
        hosting: path(&section.hosting_file),
        anonymisers: path(&section.anonymisers_file),
    };
    let places = faults.take("risk", Places::open(files));
    let step_up_acr = level(faults, "risk.step_up_acr", &section.step_up_acr).unwrap_or(Acr::WeakSecondFactor);
    faults.unless(step_up_acr > Acr::Password, "risk.step_up_acr: weak-second-factor, second-factor or phishing-resistant");
    faults.unless(
        section.elevated <= section.high && section.high <= section.severe,
        "risk: what is done at high is at least what is done at elevated, and at severe at least what is done at high",
    );
    let delay_seconds = faults.within("risk.delay_seconds", section.delay_seconds, 1..=30);
    let hold_seconds = 3_600 * faults.within("risk.hold_hours", section.hold_hours, 0..=168);
    let keep_days = faults.within("risk.keep_days", section.keep_days, 30..=3_650);
    let policy = SigninPolicy { mode: section.mode, elevated: section.elevated, high: section.high, severe: section.severe, step_up_acr, delay_seconds, hold_seconds };
    let read_rules = |file: &String| -> Result<RuleSet, String> {
        let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
        RuleSet::parse(&text).map_err(|error| format!("{file}: {error}"))
    };
    let order_rules = if section.orders_rules_file.is_empty() { Some(RuleSet::default()) } else { faults.take("risk.orders_rules_file", read_rules(&section.orders_rules_file)) };
    let mut score = |key: &str, value: i64| u16::try_from(faults.within(&format!("risk.{key}"), value, 1..=1_001)).unwrap_or(1_001);
    let (step_up, review, deny) = (score("orders_step_up", section.orders_step_up), score("orders_review", section.orders_review), score("orders_deny", section.orders_deny));
    faults.unless(step_up <= review && review <= deny, "risk: orders_step_up is at most orders_review, and that at most orders_deny");
    let orders = OrderPolicy { mode: section.orders_mode, step_up, review, deny };
    Some(RiskSettings { policy, model: model?, places: places?, orders, order_rules: order_rules?, trees: section.orders_trees, keep_days })
}
