//! The models of orders: how they did, and which of them decides.

use serde::{Deserialize, Serialize};

use crate::admin::operations::{AdminState, Answer, Call, Ran, Refused};
use crate::platform::db::{DbConnection, WriteTx};
use crate::risk::purchase::models::choice::{Chooser, MODEL_REPLACED, SUBJECT, Unchosen, choose, take_back};
use crate::risk::purchase::models::store::{find_active, find_model, list_trained};
use crate::risk::purchase::models::{MEASURED, Trained};
use crate::risk::quality::Quality;

/// How a model did.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
pub struct QualityView {
    /// The area under precision over recall.
    pub average_precision: f64,
    /// The area under the curve.
    pub area: f64,
    /// What of the fraud is caught where two of a hundred honest ones are asked.
    pub caught_at_two_percent: f64,
    /// What of the five in a thousand that somebody looks at is fraud.
    pub precision_at_budget: f64,
    /// The curve: the share of honest ones that are flagged, and of fraud that is caught.
    pub curve: Vec<(f64, f64)>,
    /// Precision over recall.
    pub precision_recall: Vec<(f64, f64)>,
}

impl From<&Quality> for QualityView {
    fn from(quality: &Quality) -> Self {
        Self {
            average_precision: quality.average_precision,
            area: quality.area,
            caught_at_two_percent: quality.caught_at_two,
            precision_at_budget: quality.precision_at_budget,
            curve: quality.curve.clone(),
            precision_recall: quality.precision_recall.clone(),
        }
    }
}

/// Trees, with how they did.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TreesView {
    /// The version.
    pub version: String,
    /// When they were trained, in Unix seconds.
    pub at: i64,
    /// From how many orders.
    pub examples: usize,
    /// Of those, fraud.
    pub fraud: usize,
    /// Later orders that they were measured on.
    pub tested: usize,
    /// Of those, fraud.
    pub tested_fraud: usize,
    /// When the first of these was made, in Unix seconds.
    pub tested_from: i64,
    /// The trees.
    pub trees: QualityView,
    /// The regression on the same orders, which had learned until each.
    pub online: QualityView,
    /// By how much the trees' average precision is above.
    pub gain: f64,
    /// The middle 95 of 100 of samples drawn anew.
    pub interval: (f64, f64),
    /// What they foretold, and what came to be, by tenths.
    pub calibration: Vec<(f64, f64)>,
    /// Nights in a row in which they did better.
    pub nights: u32,
    /// What they look at most: the name of the number, and its share.
    pub importance: Vec<(String, f64)>,
}

/// What decides, and what there is.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ModelsView {
    /// Which one decides: `online`, or the version of trees.
    pub deciding: String,
    /// Since when, in Unix seconds; null since ever.
    pub since: Option<i64>,
    /// Who said so.
    pub by: Option<String>,
    /// Whether there is one to go back to.
    pub can_roll_back: bool,
    /// How many orders the regression learned from.
    pub online_learned: u64,
    /// Of those, fraud.
    pub online_fraud: u64,
    /// What the regression weighs most: the name of the number, and its weight.
    pub online_weights: Vec<(String, f64)>,
    /// Trees, the latest first.
    pub trees: Vec<TreesView>,
}

/// Numbers that a card tells of.
const TOLD: usize = 10;

fn view(trained: &Trained) -> TreesView {
    let evaluation = &trained.evaluation;
    TreesView {
        version: trained.version.clone(),
        at: trained.at.0,
        examples: trained.examples,
        fraud: trained.fraud,
        tested: evaluation.tested,
        tested_fraud: evaluation.tested_fraud,
        tested_from: evaluation.from.0,
        trees: (&evaluation.trees).into(),
        online: (&evaluation.online).into(),
        gain: evaluation.gain,
        interval: evaluation.interval,
        calibration: evaluation.calibration.clone(),
        nights: trained.nights,
        importance: trained.forest.importance().into_iter().take(TOLD).map(|(feature, share)| (feature.word().to_owned(), share)).collect(),
    }
}

/// The models.
///
/// # Errors
/// [`crate::platform::db::StoreError`].
pub fn list(connection: &mut DbConnection, _: &AdminState, _: &Call) -> Ran {
    let (active, online) = (find_active(connection)?, find_model(connection)?);
    let mut weights: Vec<(String, f64)> =
        crate::risk::purchase::features::Feature::ALL.iter().zip(&online.weights).map(|(feature, weight)| (feature.word().to_owned(), *weight)).collect();
    weights.sort_by(|one, other| other.1.abs().total_cmp(&one.1.abs()));
    weights.truncate(TOLD);
    let models = ModelsView {
        deciding: active.version.clone().unwrap_or_else(|| "online".to_owned()),
        since: active.since.map(|since| since.0),
        by: Some(active.by.clone()).filter(|by| !by.is_empty()),
        can_roll_back: !active.before.is_empty(),
        online_learned: online.learned,
        online_fraud: online.fraud,
        online_weights: weights,
        trees: list_trained(connection)?.iter().map(view).collect(),
    };
    Answer::of(&models).map(Ok)
}

/// Has a model decide: `online`, or trees by their version. On every node within a minute.
///
/// # Errors
/// [`crate::platform::db::StoreError`].
pub fn activate(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    Ok(choose(tx, state.tools(), &call.subject, chooser(call))?.map(|_| Answer::EMPTY).map_err(refused))
}

/// Has the one before decide again.
///
/// # Errors
/// [`crate::platform::db::StoreError`].
pub fn roll_back(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    Ok(take_back(tx, state.tools(), chooser(call))?.map(|_| Answer::EMPTY).map_err(refused))
}

fn chooser(call: &Call) -> Chooser {
    Chooser { by: call.staff.key(), entry: call.staff.entry(MODEL_REPLACED, SUBJECT, &call.origin) }
}

fn refused(unchosen: Unchosen) -> Refused {
    match unchosen {
        Unchosen::Unknown => Refused::NotFound,
        Unchosen::Unmeasured => Refused::Conflict("too_few_orders", format!("Fewer than {MEASURED} honest orders are known: no score of these trees would mean anything yet.")),
        Unchosen::NoneBefore => Refused::Conflict("no_model_before", "No other model decided before.".to_owned()),
    }
}
