//! Trained models, and which of them decides: in the table of models, under names of their own.

use diesel::prelude::*;

use super::{Active, Trained};
use crate::base::time::UnixSeconds;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::risk::purchase::regression::Regression;

mod tables {
    diesel::table! { risk_models (name) { name -> Text, state -> Text, learned -> BigInt, updated_at -> BigInt, } }
}

use tables::risk_models;

const ACTIVE: &str = "order:active";
/// Names of trained models begin so.
const TRAINED: &str = "order:trees:";
/// Trained models that are kept.
const KEPT: i64 = 14;

/// The regression.
const MODEL: &str = "order";

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

/// The model as it is now.
///
/// # Errors
/// [`StoreError`].
pub fn find_model(connection: &mut DbConnection) -> Result<Regression, StoreError> {
    let state: Option<String> = risk_models::table.find(MODEL).select(risk_models::state).first(connection).optional()?;
    // What another version of the program kept may look at other numbers: then it begins anew.
    Ok(state.and_then(|state| serde_json::from_str(&state).ok()).filter(Regression::is_sound).unwrap_or_default())
}

/// Keeps the model.
///
/// # Errors
/// [`StoreError`].
pub fn keep_model(tx: &mut WriteTx<'_>, model: &Regression, now: UnixSeconds) -> Result<(), StoreError> {
    keep_row(tx, MODEL, &written(model)?, usize::try_from(model.learned).unwrap_or(usize::MAX), now)
}

/// Keeps a trained model, under the next number when its own is taken, and gives it as it was kept; the oldest go, but never the one that decides, nor those that it can be taken back to.
///
/// # Errors
/// [`StoreError`].
pub fn keep_trained(tx: &mut WriteTx<'_>, trained: &Trained) -> Result<Trained, StoreError> {
    use risk_models::dsl;
    // Training takes minutes: somebody else may have had the same number in mind.
    let number = trained.number().max(next_number(tx)?);
    let kept = Trained { version: format!("trees-{number}"), ..trained.clone() };
    keep_row(tx, &name_of(number), &written(&kept)?, kept.examples, kept.at)?;
    let active = find_active(tx)?;
    let named = |version: String| version.strip_prefix("trees-").and_then(|number| number.parse().ok()).map(name_of);
    let needed: Vec<String> = active.before.into_iter().chain([active.version]).flatten().filter_map(named).collect();
    let old: Vec<String> = dsl::risk_models.filter(dsl::name.like(format!("{TRAINED}%"))).order(dsl::name.desc()).offset(KEPT).limit(100).select(dsl::name).load(&mut **tx)?;
    diesel::delete(dsl::risk_models.filter(dsl::name.eq_any(old)).filter(dsl::name.ne_all(needed))).execute(&mut **tx)?;
    Ok(kept)
}

/// The number of the next trained model: none has it, whatever version of the program made it.
///
/// # Errors
/// [`StoreError`].
pub fn next_number(connection: &mut DbConnection) -> Result<u64, StoreError> {
    use risk_models::dsl;
    let last: Option<String> = dsl::risk_models.filter(dsl::name.like(format!("{TRAINED}%"))).order(dsl::name.desc()).select(dsl::name).first(connection).optional()?;
    Ok(last.and_then(|name| name.strip_prefix(TRAINED)?.parse::<u64>().ok()).map_or(1, |last| last + 1))
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
