//! Decisions over sign-ins and orders, as staff see them: what waits for a look, why each was decided so, what else it shares, what another policy would do; and the models.

pub mod models;
pub mod trying;

use serde::{Deserialize, Serialize};

use super::operations::{AdminState, Answer, Call, Listed, Ran, Refused};
use crate::base::encoding::base64url;
use crate::base::ids::DecisionId;
use crate::base::page::PageRequest;
use crate::base::purchase::decimal;
use crate::base::random;
use crate::identity::signin::judgement;
use crate::platform::audit::{self, EventSpec};
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::risk::decisions::store::{self, Wanted, find_labels, list_decisions};
use crate::risk::decisions::{Decision, Kind, Label, LabelSource, Outcome, counts};
use crate::risk::login::record::SigninRecord;
use crate::risk::purchase::links::store::find_shared;
use crate::risk::purchase::record::OrderRecord;
use crate::risk::purchase::store::{OrderOf, ToldOutcome, find_order_of, keep_outcome};

/// Staff looked at a decision, and said what it was.
pub const DECISION_JUDGED: EventSpec = EventSpec::new("decision_judged", "Staff said of a sign-in or an order that it was fraud, or that it was honest.");

/// Decisions about the same customer that are shown beside one.
const AROUND: u32 = 20;
/// Other orders that are shown for each thing that is shared.
const SHARED_LIMIT: i64 = 8;

/// What lists show of a decision.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DecisionSummary {
    /// Its id.
    pub id: String,
    /// What about.
    pub kind: Kind,
    /// Whom it is about; null of a guest.
    pub customer: Option<String>,
    /// When, in Unix seconds.
    pub at: i64,
    /// The score, 0 to 1000: of a hundred honest ones ten are at 600 or above, two at 900.
    pub score: u16,
    /// The level.
    pub level: String,
    /// What the policy says to do.
    pub action: String,
    /// What was done.
    pub done: String,
    /// The version of the model.
    pub model: String,
    /// What became of it; null while it is open.
    pub outcome: Option<Outcome>,
    /// What was said of it, by whoever knows most; null while nobody said anything.
    pub is_fraud: Option<bool>,
}

/// A reason, in words.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ReasonView {
    /// Its code.
    pub code: String,
    /// In words.
    pub text: String,
    /// What it adds, in natural logarithms: above 0 it speaks against, below 0 for it.
    pub weight: f64,
}

/// What somebody said.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
pub struct LabelView {
    /// Whose word it is.
    pub source: LabelSource,
    /// Whether it was fraud.
    pub is_fraud: bool,
    /// Who, by id.
    pub said_by: String,
    /// When, in Unix seconds.
    pub at: i64,
}

/// What an order shares with others.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SharedView {
    /// What: `token`, `shipping`, `device` or `source`.
    pub what: String,
    /// In words.
    pub text: String,
    /// The other orders, the latest first; eight at most.
    pub others: Vec<DecisionSummary>,
}

/// The order that a decision is about.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
pub struct OrderView {
    /// Whose.
    pub client_id: String,
    /// Its number.
    pub order_id: String,
    /// How much, in decimal.
    pub amount: String,
    /// Of which currency.
    pub currency: String,
    /// When the customer confirmed it, in Unix seconds.
    pub confirmed_at: Option<i64>,
}

/// A decision, explained.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DecisionView {
    /// What lists show of it.
    #[serde(flatten)]
    pub summary: DecisionSummary,
    /// How many honest ones lately looked at least so strange, 0 to 1.
    pub share: f64,
    /// Why, the gravest first.
    pub reasons: Vec<ReasonView>,
    /// The sum that they make up, together with what is the same for all.
    pub total: f64,
    /// The rules that held, with what each wants done.
    pub rules: Vec<String>,
    /// What is usually known, and was not.
    pub missing: Vec<String>,
    /// What was said of it.
    pub labels: Vec<LabelView>,
    /// The order; null of a sign-in.
    pub order: Option<OrderView>,
    /// What the order shares with others.
    pub shared: Vec<SharedView>,
    /// Decisions about the same customer, the latest first.
    pub around: Vec<DecisionSummary>,
}

pub(super) fn summary(decision: &Decision, labels: &[Label]) -> DecisionSummary {
    DecisionSummary {
        id: decision.id.to_string(),
        kind: decision.kind,
        customer: decision.customer.as_ref().map(ToString::to_string),
        at: decision.at.0,
        score: decision.score,
        level: decision.level.clone(),
        action: decision.action.clone(),
        done: decision.done.clone(),
        model: decision.model.clone(),
        outcome: decision.outcome,
        is_fraud: counts(labels),
    }
}

fn summaries(connection: &mut DbConnection, decisions: &[Decision]) -> Result<Vec<DecisionSummary>, StoreError> {
    let ids: Vec<&str> = decisions.iter().map(|decision| decision.id.as_str()).collect();
    let labels = find_labels(connection, &ids)?;
    Ok(decisions.iter().map(|decision| summary(decision, labels.get(decision.id.as_str()).map_or(&[][..], Vec::as_slice))).collect())
}

fn wanted_of(call: &Call) -> Result<Wanted, Refused> {
    let mut wanted = Wanted::default();
    if let Some(kind) = call.query.get("kind") {
        wanted.kind = Some(Kind::parse(kind).ok_or_else(|| Refused::Malformed("kind: signin or order".to_owned()))?);
    }
    if let Some(customer) = call.query.get("customer") {
        wanted.customer = Some(customer.parse().map_err(|_| Refused::Malformed("customer: an id".to_owned()))?);
    }
    match call.query.get("state").map(String::as_str) {
        None => {}
        // What waits for a look.
        Some("waiting") => {
            wanted.kind = Some(Kind::Order);
            wanted.actions = vec!["review".to_owned()];
            wanted.is_open = true;
        }
        Some("acted") => wanted.actions = ["notify", "step_up", "delay", "review", "deny"].map(str::to_owned).to_vec(),
        Some(_) => return Err(Refused::Malformed("state: waiting or acted".to_owned())),
    }
    Ok(wanted)
}

/// Decisions, the latest first.
///
/// # Errors
/// [`StoreError`].
pub fn list(connection: &mut DbConnection, _: &AdminState, call: &Call) -> Ran {
    let (page, wanted) = match call.page().and_then(|page| Ok((page, wanted_of(call)?))) {
        Ok(asked) => asked,
        Err(refused) => return Ok(Err(refused)),
    };
    let found = list_decisions(connection, &wanted, &page)?;
    Answer::of(&Listed { items: summaries(connection, &found.items)?, next: found.next }).map(Ok)
}

/// What the record of a decision says: reasons, sum, share, rules, and what was missing.
type Told = (Vec<ReasonView>, f64, f64, Vec<String>, Vec<String>);

fn told(state: &AdminState, decision: &Decision) -> Result<Told, StoreError> {
    let corrupt = |_| StoreError::corrupt("risk_decisions", "record", decision.id.as_str());
    let texts = &state.signin.http.texts;
    Ok(match decision.kind {
        Kind::Signin => {
            let record: SigninRecord = serde_json::from_str(&decision.record).map_err(corrupt)?;
            let reason = |reason: &crate::risk::login::signals::Reason| {
                let code = reason.code.word();
                ReasonView { code: code.to_owned(), text: texts.text("en", &format!("risk-reason-{}", code.replace('_', "-")), &[]), weight: reason.weight }
            };
            let missing = if record.evidence.is_degraded { vec!["places".to_owned()] } else { Vec::new() };
            (record.reasons.iter().map(reason).collect(), record.risk, record.share, Vec::new(), missing)
        }
        Kind::Order => {
            let record: OrderRecord = serde_json::from_str(&decision.record).map_err(corrupt)?;
            let reasons =
                record.contributions.iter().map(|(feature, weight)| ReasonView { code: feature.word().to_owned(), text: feature.about().to_owned(), weight: *weight }).collect();
            let rules = record.fired.iter().map(|fired| format!("{}: {}", fired.rule, fired.action.word())).collect();
            (reasons, record.logit, record.share, rules, record.degraded)
        }
    })
}

fn order_view(order: OrderOf) -> OrderView {
    let amount = decimal(order.amount, &order.currency).unwrap_or_else(|| order.amount.to_string());
    OrderView { client_id: order.client, order_id: order.order, amount, currency: order.currency, confirmed_at: order.confirmed_at }
}

fn find(connection: &mut DbConnection, call: &Call) -> Result<Result<Decision, Refused>, StoreError> {
    let Ok(id) = call.subject.parse::<DecisionId>() else { return Ok(Err(Refused::NotFound)) };
    Ok(store::find_decision(connection, &id)?.ok_or(Refused::NotFound))
}

/// One decision, explained from its record: whatever the model is now, this is what it was then.
///
/// # Errors
/// [`StoreError`].
pub fn show(connection: &mut DbConnection, state: &AdminState, call: &Call) -> Ran {
    let decision = match find(connection, call)? {
        Ok(decision) => decision,
        Err(refused) => return Ok(Err(refused)),
    };
    let labels = find_labels(connection, &[decision.id.as_str()])?.remove(decision.id.as_str()).unwrap_or_default();
    let (reasons, total, share, rules, missing) = told(state, &decision)?;
    let mut shared = Vec::new();
    for thing in find_shared(connection, &decision.id, SHARED_LIMIT)? {
        let mut others = Vec::new();
        for id in &thing.others {
            if let Ok(id) = id.parse() {
                others.extend(store::find_decision(connection, &id)?);
            }
        }
        shared.push(SharedView { what: thing.kind.word().to_owned(), text: thing.kind.about().to_owned(), others: summaries(connection, &others)? });
    }
    let around = match &decision.customer {
        Some(customer) => list_decisions(connection, &Wanted { customer: Some(customer.clone()), ..Wanted::default() }, &PageRequest::first(AROUND))?.items,
        None => Vec::new(),
    };
    let view = DecisionView {
        summary: summary(&decision, &labels),
        share,
        reasons,
        total,
        rules,
        missing,
        labels: labels.iter().map(|label| LabelView { source: label.source, is_fraud: label.is_fraud, said_by: label.said_by.clone(), at: label.at.0 }).collect(),
        order: find_order_of(connection, &decision.id)?.map(order_view),
        shared,
        around: summaries(connection, &around)?,
    };
    Answer::of(&view).map(Ok)
}

/// What it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It was the customer.
    Honest,
    /// It was somebody else.
    Fraud,
}

/// What staff says of a decision.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Judged {
    /// What it was.
    pub verdict: Verdict,
}

/// Staff says what it was: the models learn of it, what a thief did does not become usual, and what waited is decided.
///
/// # Errors
/// [`StoreError`].
pub fn label(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let decision = match find(tx, call)? {
        Ok(decision) => decision,
        Err(refused) => return Ok(Err(refused)),
    };
    let judged: Judged = match call.input() {
        Ok(judged) => judged,
        Err(refused) => return Ok(Err(refused)),
    };
    let (tools, now, is_fraud) = (state.tools(), state.tools().now(), judged.verdict == Verdict::Fraud);
    store::keep_label(tx, &decision.id, &Label { source: LabelSource::Support, is_fraud, said_by: call.staff.key(), at: now })?;
    if let Some(order) = find_order_of(tx, &decision.id)? {
        let outcome = if is_fraud { "reviewed_fraud" } else { "reviewed_good" };
        let told = ToldOutcome { outcome: outcome.to_owned(), is_fraud: Some(is_fraud), reason: None, at: now };
        keep_outcome(tx, &base64url(random::bytes::<12>(tools.entropy())), (&order.client, &order.order), &told, now)?;
        // What became of a sign-in only the sign-in itself says: it may still be under way.
        store::settle_decision(tx, &decision.id, if is_fraud { Outcome::Refused } else { Outcome::Passed }, now)?;
    }
    if let (Kind::Signin, true, Some(customer)) = (decision.kind, is_fraud, &decision.customer) {
        judgement::forget_strangers(tx, &state.signin, customer, decision.at)?;
    }
    let about = decision.customer.as_ref().map_or_else(|| format!("decision:{}", decision.id), |id| format!("customer:{id}"));
    let entry = call.staff.entry(DECISION_JUDGED, about, &call.origin);
    audit::record(tx, tools, &entry.with_detail(serde_json::json!({ "decision": decision.id, "kind": decision.kind, "is_fraud": is_fraud })))?;
    Ok(Ok(Answer::EMPTY))
}
