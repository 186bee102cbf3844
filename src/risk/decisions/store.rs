//! The tables of decisions, and of what people said of them.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::{Decision, Kind, Label, LabelSource, Outcome};
use crate::base::ids::{CustomerId, DecisionId};
use crate::base::page::{Page, PageRequest};
use crate::base::time::UnixSeconds;
use crate::platform::db::{DbConnection, StoreError, WriteTx};

mod tables {
    diesel::table! {
        risk_decisions (id) {
            id -> Text, kind -> Text, customer_id -> Nullable<Text>, at -> BigInt, score -> Integer, level -> Text, action -> Text, done -> Text,
            model -> Text, record -> Text, outcome -> Nullable<Text>, outcome_at -> Nullable<BigInt>,
        }
    }
    diesel::table! { risk_labels (decision_id, source) { decision_id -> Text, source -> Text, is_fraud -> Bool, said_by -> Text, at -> BigInt, } }
}

use tables::{risk_decisions, risk_labels};

macro_rules! columns {
    () => {
        (
            risk_decisions::id,
            risk_decisions::kind,
            risk_decisions::customer_id,
            risk_decisions::at,
            risk_decisions::score,
            risk_decisions::level,
            risk_decisions::action,
            risk_decisions::done,
            risk_decisions::model,
            risk_decisions::record,
            risk_decisions::outcome,
        )
    };
}

type Row = (String, String, Option<String>, i64, i32, String, String, String, String, String, Option<String>);

fn read(row: Row) -> Result<Decision, StoreError> {
    let (id, kind, customer, at, score, level, action, done, model, record, outcome) = row;
    let corrupt = |column| StoreError::corrupt("risk_decisions", column, id.clone());
    Ok(Decision {
        kind: Kind::parse(&kind).ok_or_else(|| corrupt("kind"))?,
        customer: customer.map(|customer| customer.parse()).transpose().map_err(|_| corrupt("customer_id"))?,
        score: u16::try_from(score).map_err(|_| corrupt("score"))?,
        outcome: outcome.map(|word| Outcome::parse(&word).ok_or_else(|| corrupt("outcome"))).transpose()?,
        id: id.parse().map_err(|_| corrupt("id"))?,
        at: UnixSeconds(at),
        level,
        action,
        done,
        model,
        record,
    })
}

/// Keeps a decision.
///
/// # Errors
/// [`StoreError`].
pub fn insert_decision(tx: &mut WriteTx<'_>, decision: &Decision) -> Result<(), StoreError> {
    use risk_decisions::dsl;
    diesel::insert_into(dsl::risk_decisions)
        .values((
            dsl::id.eq(decision.id.as_str()),
            dsl::kind.eq(decision.kind.word()),
            dsl::customer_id.eq(decision.customer.as_ref().map(CustomerId::as_str)),
            dsl::at.eq(decision.at.0),
            dsl::score.eq(i32::from(decision.score)),
            dsl::level.eq(&decision.level),
            dsl::action.eq(&decision.action),
            dsl::done.eq(&decision.done),
            dsl::model.eq(&decision.model),
            dsl::record.eq(&decision.record),
            dsl::outcome.eq(decision.outcome.map(Outcome::word)),
            dsl::outcome_at.eq(decision.outcome.map(|_| decision.at.0)),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Notes what became of a decision; the first note stands.
///
/// # Errors
/// [`StoreError`].
pub fn settle_decision(tx: &mut WriteTx<'_>, id: &DecisionId, outcome: Outcome, now: UnixSeconds) -> Result<(), StoreError> {
    use risk_decisions::dsl;
    let open = dsl::risk_decisions.find(id.as_str()).filter(dsl::outcome.is_null());
    diesel::update(open).set((dsl::outcome.eq(Some(outcome.word())), dsl::outcome_at.eq(Some(now.0)))).execute(&mut **tx)?;
    Ok(())
}

/// A decision by id.
///
/// # Errors
/// [`StoreError`].
pub fn find_decision(connection: &mut DbConnection, id: &DecisionId) -> Result<Option<Decision>, StoreError> {
    let row: Option<Row> = risk_decisions::table.find(id.as_str()).select(columns!()).first(connection).optional()?;
    row.map(read).transpose()
}

/// What some decisions were computed from, by their ids.
///
/// # Errors
/// [`StoreError`].
pub fn find_records(connection: &mut DbConnection, ids: &[&str]) -> Result<BTreeMap<String, String>, StoreError> {
    use risk_decisions::dsl;
    let mut records = BTreeMap::new();
    for part in ids.chunks(500) {
        let rows: Vec<(String, String)> = dsl::risk_decisions.filter(dsl::id.eq_any(part)).select((dsl::id, dsl::record)).load(connection)?;
        records.extend(rows);
    }
    Ok(records)
}

/// Which decisions are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// About what.
    pub kind: Option<Kind>,
    /// About whom.
    pub customer: Option<CustomerId>,
    /// With one of these actions; all, when empty.
    pub actions: Vec<String>,
    /// Made at this time or later.
    pub since: Option<UnixSeconds>,
    /// Only those of which nothing has become yet.
    pub is_open: bool,
    /// Of which this became.
    pub outcome: Option<Outcome>,
    /// Of one of these levels; of any, when empty.
    pub levels: Vec<String>,
}

/// Decisions, the latest first.
///
/// # Errors
/// [`StoreError`].
pub fn list_decisions(connection: &mut DbConnection, wanted: &Wanted, page: &PageRequest) -> Result<Page<Decision>, StoreError> {
    use risk_decisions::dsl;
    let before = page.after.clone().unwrap_or_else(|| "~".to_owned());
    let mut found = dsl::risk_decisions.filter(dsl::id.lt(before)).select(columns!()).into_boxed();
    if let Some(kind) = wanted.kind {
        found = found.filter(dsl::kind.eq(kind.word()));
    }
    if let Some(customer) = &wanted.customer {
        found = found.filter(dsl::customer_id.eq(customer.as_str()));
    }
    if !wanted.actions.is_empty() {
        found = found.filter(dsl::action.eq_any(&wanted.actions));
    }
    if let Some(since) = wanted.since {
        found = found.filter(dsl::at.ge(since.0));
    }
    if let Some(outcome) = wanted.outcome {
        found = found.filter(dsl::outcome.eq(outcome.word()));
    }
    if !wanted.levels.is_empty() {
        found = found.filter(dsl::level.eq_any(&wanted.levels));
    }
    if wanted.is_open {
        found = found.filter(dsl::outcome.is_null());
    }
    let rows: Vec<Row> = found.order(dsl::id.desc()).limit(i64::from(page.limit) + 1).load(connection)?;
    let decisions = rows.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::cut(decisions, page.limit, |decision| decision.id.as_str().to_owned()))
}

/// Decisions over sign-ins of a customer of which something became at a moment, the latest first.
///
/// # Errors
/// [`StoreError`].
pub fn list_settled_at(connection: &mut DbConnection, customer: &CustomerId, at: UnixSeconds) -> Result<Vec<Decision>, StoreError> {
    use risk_decisions::dsl;
    let mine = dsl::risk_decisions.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::kind.eq(Kind::Signin.word()));
    // Two readings of the clock in one transaction may lie on both sides of a second.
    let then = mine.filter(dsl::outcome_at.ge(at.0 - 1)).filter(dsl::outcome_at.le(at.0 + 1));
    let rows: Vec<Row> = then.order((dsl::outcome_at.desc(), dsl::id.desc())).limit(20).select(columns!()).load(connection)?;
    rows.into_iter().map(read).collect()
}

/// Keeps what a source says of a decision; what it said before is replaced.
///
/// # Errors
/// [`StoreError`].
pub fn keep_label(tx: &mut WriteTx<'_>, id: &DecisionId, label: &Label) -> Result<(), StoreError> {
    use risk_labels::dsl;
    let values = (dsl::is_fraud.eq(label.is_fraud), dsl::said_by.eq(&label.said_by), dsl::at.eq(label.at.0));
    let done = diesel::update(dsl::risk_labels.find((id.as_str(), label.source.word()))).set(values).execute(&mut **tx)?;
    if done == 0 {
        diesel::insert_into(dsl::risk_labels)
            .values((dsl::decision_id.eq(id.as_str()), dsl::source.eq(label.source.word()), values.0, values.1, values.2))
            .execute(&mut **tx)?;
    }
    Ok(())
}

/// What was said of some decisions, by their ids.
///
/// # Errors
/// [`StoreError`].
pub fn find_labels(connection: &mut DbConnection, ids: &[&str]) -> Result<BTreeMap<String, Vec<Label>>, StoreError> {
    use risk_labels::dsl;
    let mut labels: BTreeMap<String, Vec<Label>> = BTreeMap::new();
    for part in ids.chunks(500) {
        let rows: Vec<(String, String, bool, String, i64)> =
            dsl::risk_labels.filter(dsl::decision_id.eq_any(part)).select((dsl::decision_id, dsl::source, dsl::is_fraud, dsl::said_by, dsl::at)).load(connection)?;
        for (id, source, is_fraud, said_by, at) in rows {
            let source = LabelSource::parse(&source).ok_or_else(|| StoreError::corrupt("risk_labels", "source", id.clone()))?;
            labels.entry(id).or_default().push(Label { source, is_fraud, said_by, at: UnixSeconds(at) });
        }
    }
    Ok(labels)
}

/// Removes decisions made before `before`, with what was said of them; how many.
///
/// # Errors
/// [`StoreError`].
pub fn sweep_decisions(tx: &mut WriteTx<'_>, before: UnixSeconds, limit: i64) -> Result<usize, StoreError> {
    use risk_decisions::dsl;
    // Ids are in the order of time: what is old is among the first.
    let first: Vec<(String, i64)> = dsl::risk_decisions.order(dsl::id).limit(limit).select((dsl::id, dsl::at)).load(&mut **tx)?;
    let old: Vec<String> = first.into_iter().filter(|(_, at)| *at < before.0).map(|(id, _)| id).collect();
    diesel::delete(risk_labels::table.filter(risk_labels::decision_id.eq_any(&old))).execute(&mut **tx)?;
    Ok(diesel::delete(dsl::risk_decisions.filter(dsl::id.eq_any(&old))).execute(&mut **tx)?)
}

/// How many decisions there are about a customer since `since`.
///
/// # Errors
/// [`StoreError`].
pub fn count_decisions(connection: &mut DbConnection, kind: Kind, customer: &CustomerId, since: UnixSeconds) -> Result<i64, StoreError> {
    use risk_decisions::dsl;
    let mine = dsl::risk_decisions.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::at.ge(since.0)).filter(dsl::kind.eq(kind.word()));
    Ok(mine.count().get_result(connection)?)
}
