//! Trained models, and which of them decides: in the table of models, under names of their own.

use diesel::prelude::*;

use super::{Active, Past, Trained};
use crate::base::time::UnixSeconds;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::risk::purchase::features::Vector;
use crate::risk::purchase::record::OrderRecord;
use crate::risk::purchase::regression::UNTOLD;
use crate::risk::purchase::store::{DELAY_SECONDS, SILENCE_SECONDS};

mod tables {
    diesel::table! { risk_models (name) { name -> Text, state -> Text, learned -> BigInt, updated_at -> BigInt, } }
    diesel::table! { risk_orders (client_id, order_id) { client_id -> Text, order_id -> Text, decision_id -> Text, at -> BigInt, is_fraud -> Nullable<Bool>, amount -> BigInt, currency -> Text, } }
    diesel::table! { risk_decisions (id) { id -> Text, record -> Text, } }
    diesel::allow_tables_to_appear_in_same_query!(risk_orders, risk_decisions);
}

use tables::{risk_decisions, risk_models, risk_orders};

const ACTIVE: &str = "order:active";
/// Names of trained models begin so.
const TRAINED: &str = "order:trees:";
/// Trained models that are kept.
const KEPT: i64 = 14;

fn name_of(number: u64) -> String {
    format!("{TRAINED}{number:012}")
}

fn keep_row(tx: &mut WriteTx<'_>, name: &str, state: &str, learned: usize, now: UnixSeconds) -> Result<(), StoreError> {
    use risk_models::dsl;
    let values = (dsl::state.eq(state), dsl::learned.eq(i64::try_from(learned).unwrap_or(i64::MAX)), dsl::updated_at.eq(now.0));
    let done = diesel::update(dsl::risk_models.find(name)).set(values).execute(&mut **tx)?;
    if done == 0 {
        diesel::insert_into(dsl::risk_models).values((dsl::name.eq(name), values.0, values.1, values.2)).execute(&mut **tx)?;
    }
    Ok(())
}

fn written<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Unavailable(error.to_string()))
}

/// Keeps a trained model; the oldest go, but never the one that decides.
///
/// # Errors
/// [`StoreError`].
pub fn keep_trained(tx: &mut WriteTx<'_>, trained: &Trained) -> Result<(), StoreError> {
    use risk_models::dsl;
    keep_row(tx, &name_of(trained.number()), &written(trained)?, trained.examples, trained.at)?;
    let active = find_active(tx)?.version.and_then(|version| version.strip_prefix("trees-")?.parse().ok()).map(name_of).unwrap_or_default();
    let old: Vec<String> = dsl::risk_models.filter(dsl::name.like(format!("{TRAINED}%"))).order(dsl::name.desc()).offset(KEPT).limit(100).select(dsl::name).load(&mut **tx)?;
    diesel::delete(dsl::risk_models.filter(dsl::name.eq_any(old)).filter(dsl::name.ne(active))).execute(&mut **tx)?;
    Ok(())
}

/// Trained models, the latest first; one of another version of the program is left out.
///
/// # Errors
/// [`StoreError`].
pub fn list_trained(connection: &mut DbConnection) -> Result<Vec<Trained>, StoreError> {
    use risk_models::dsl;
    let rows: Vec<String> = dsl::risk_models.filter(dsl::name.like(format!("{TRAINED}%"))).order(dsl::name.desc()).limit(KEPT + 2).select(dsl::state).load(connection)?;
    let read = |row: String| serde_json::from_str(&row).ok();
    Ok(rows.into_iter().filter_map(read).filter(|trained: &Trained| trained.forest.is_sound()).collect())
}

/// A trained model by its version.
///
/// # Errors
/// [`StoreError`].
pub fn find_trained(connection: &mut DbConnection, version: &str) -> Result<Option<Trained>, StoreError> {
    let Some(number) = version.strip_prefix("trees-").and_then(|number| number.parse().ok()) else { return Ok(None) };
    let row: Option<String> = risk_models::table.find(name_of(number)).select(risk_models::state).first(connection).optional()?;
    Ok(row.and_then(|row| serde_json::from_str(&row).ok()).filter(|trained: &Trained| trained.forest.is_sound()))
}

/// Which model decides.
///
/// # Errors
/// [`StoreError`].
pub fn find_active(connection: &mut DbConnection) -> Result<Active, StoreError> {
    let row: Option<String> = risk_models::table.find(ACTIVE).select(risk_models::state).first(connection).optional()?;
    Ok(row.and_then(|row| serde_json::from_str(&row).ok()).unwrap_or_default())
}

/// Says which model decides.
///
/// # Errors
/// [`StoreError`].
pub fn keep_active(tx: &mut WriteTx<'_>, active: &Active, now: UnixSeconds) -> Result<(), StoreError> {
    keep_row(tx, ACTIVE, &written(active)?, 0, now)
}

/// The trees that decide; none where the regression does, or where what was trained looks at other numbers.
///
/// # Errors
/// [`StoreError`].
pub fn find_deciding(connection: &mut DbConnection) -> Result<Option<Trained>, StoreError> {
    match find_active(connection)?.version {
        Some(version) => find_trained(connection, &version),
        None => Ok(None),
    }
}

/// Orders that are read in one go.
const CHUNK: i64 = 2_000;

type Row = (String, String, i64, Option<bool>, String);

/// The latest `limit` orders of which it is known what became of them, in order of time: those that are a week old and of which something was told, and those of which nothing came in 90 days.
///
/// # Errors
/// [`StoreError`].
pub fn list_past(connection: &mut DbConnection, now: UnixSeconds, limit: usize) -> Result<Vec<Past>, StoreError> {
    use risk_orders::dsl;
    let mut past: Vec<Past> = Vec::new();
    let mut before = (now.plus(-DELAY_SECONDS).0, String::new());
    while past.len() < limit {
        let is_before = dsl::at.lt(before.0).or(dsl::at.eq(before.0).and(dsl::decision_id.lt(before.1.clone())));
        let is_known = dsl::is_fraud.is_not_null().or(dsl::at.lt(now.plus(-SILENCE_SECONDS).0));
        let rows: Vec<Row> = dsl::risk_orders
            .inner_join(risk_decisions::table.on(risk_decisions::id.eq(dsl::decision_id)))
            .filter(is_before)
            .filter(is_known)
            .order((dsl::at.desc(), dsl::decision_id.desc()))
            .limit(CHUNK)
            .select((dsl::order_id, dsl::decision_id, dsl::at, dsl::is_fraud, risk_decisions::record))
            .load(connection)?;
        let Some((_, decision, at, ..)) = rows.last() else { break };
        before = (*at, decision.clone());
        for (_, _, at, is_fraud, record) in rows {
            let Ok(record) = serde_json::from_str::<OrderRecord>(&record) else { continue };
            let online = record.online.unwrap_or(record.logit);
            let Ok(vector) = Vector::try_from(record.vector) else { continue };
            past.push(Past { at: UnixSeconds(at), vector, is_fraud: is_fraud.unwrap_or(false), weight: if is_fraud.is_some() { 1.0 } else { UNTOLD }, online });
        }
    }
    past.truncate(limit);
    past.reverse();
    Ok(past)
}

/// Orders whose amounts are compared.
const AMOUNT_LIMIT: i64 = 20_000;

/// The logarithms of the amounts of orders between two moments, of each currency.
///
/// # Errors
/// [`StoreError`].
pub fn list_amounts(connection: &mut DbConnection, from: UnixSeconds, until: UnixSeconds) -> Result<std::collections::BTreeMap<String, Vec<f64>>, StoreError> {
    use risk_orders::dsl;
    let rows: Vec<(i64, String)> = dsl::risk_orders
        .filter(dsl::at.ge(from.0))
        .filter(dsl::at.lt(until.0))
        .order(dsl::at.desc())
        .limit(AMOUNT_LIMIT)
        .select((dsl::amount, dsl::currency))
        .load(connection)?;
    let mut amounts = std::collections::BTreeMap::<String, Vec<f64>>::new();
    for (amount, currency) in rows {
        amounts.entry(currency).or_default().push(crate::risk::purchase::features::amount_of(amount));
    }
    Ok(amounts)
}
