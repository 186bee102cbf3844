//! The table of callers who are to show that they are the customer.

use diesel::prelude::*;

use super::rules::{CallPurpose, Strength, Way};
use crate::base::ids::{CallerCheckId, CustomerId};
use crate::base::time::UnixSeconds;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;
use crate::platform::vault::{self, Cell};

mod tables {
    diesel::table! {
        caller_checks (id) {
            id -> Text, customer_id -> Text, staff -> Text, staff_name_sealed -> Binary, way -> Text, number -> Nullable<Text>,
            created_at -> BigInt, expires_at -> BigInt, proven_at -> Nullable<BigInt>, strength -> Nullable<Text>, refused_at -> Nullable<BigInt>, purpose -> Nullable<Text>,
        }
    }
}

use tables::caller_checks;

const NAME: Cell = Cell { table: "caller_checks", column: "staff_name_sealed" };

/// How long a caller has to show it, in seconds.
pub const CHECK_SECONDS: i64 = 600;
/// How long it counts once shown, in seconds.
pub const PROVEN_SECONDS: i64 = 1_800;

/// A caller who is to show that they are the customer.
#[derive(Debug, Clone)]
pub struct CallerCheck {
    /// Its id.
    pub id: CallerCheckId,
    /// Which member of staff speaks with them.
    pub staff: String,
    /// Their name, as the customer reads it.
    pub staff_name: String,
    /// In which way.
    pub way: Way,
    /// What for.
    pub purpose: CallPurpose,
    /// The number that staff tell, and the page shows.
    pub number: Option<String>,
    /// Until when.
    pub expires_at: UnixSeconds,
    /// When it was shown.
    pub proven_at: Option<UnixSeconds>,
    /// How well.
    pub strength: Strength,
    /// Whether the customer said no.
    pub is_refused: bool,
}

/// Begins a check; any that waited before with this customer is void.
///
/// # Errors
/// [`StoreError`].
pub fn insert_check(
    tx: &mut WriteTx<'_>,
    tools: &Tools,
    customer: &CustomerId,
    (staff, name): (&str, &str),
    (way, purpose): (Way, CallPurpose),
    number: Option<&str>,
) -> Result<CallerCheckId, StoreError> {
    use caller_checks::dsl;
    let (id, now) = (CallerCheckId::generate(tools.now_micros(), tools.entropy()), tools.now());
    // A no is remembered.
    let waiting = dsl::caller_checks.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::proven_at.is_null()).filter(dsl::refused_at.is_null());
    diesel::delete(waiting).execute(&mut **tx)?;
    let key = vault::need_data_key(tx, &tools.ring, customer.as_str())?;
    diesel::insert_into(dsl::caller_checks)
        .values((
            dsl::id.eq(id.as_str()),
            dsl::customer_id.eq(customer.as_str()),
            dsl::staff.eq(staff),
            dsl::staff_name_sealed.eq(key.seal_in_row(NAME, id.as_str(), name.as_bytes(), tools.entropy())?),
            dsl::way.eq(way.word()),
            dsl::purpose.eq(Some(purpose.word())),
            dsl::number.eq(number),
            dsl::created_at.eq(now.0),
            dsl::expires_at.eq(now.plus(CHECK_SECONDS).0),
        ))
        .execute(&mut **tx)?;
    Ok(id)
}

type Row = (String, String, Vec<u8>, String, Option<String>, i64, Option<i64>, Option<String>, Option<i64>, Option<String>);

fn open(connection: &mut DbConnection, tools: &Tools, customer: &CustomerId, row: Row) -> Result<CallerCheck, StoreError> {
    let (id, staff, name, way, number, expires_at, proven_at, strength, refused_at, purpose) = row;
    let corrupt = |column| StoreError::corrupt("caller_checks", column, id.clone());
    let plain = vault::need_data_key(connection, &tools.ring, customer.as_str())?.open_in_row(NAME, &id, &name)?;
    Ok(CallerCheck {
        staff_name: std::str::from_utf8(&plain).map_err(|_| corrupt("staff_name_sealed"))?.to_owned(),
        way: Way::parse(&way).ok_or_else(|| corrupt("way"))?,
        strength: strength.as_deref().and_then(Strength::parse).unwrap_or(Strength::Unproven),
        purpose: CallPurpose::parse(purpose.as_deref().unwrap_or_default()),
        staff,
        number,
        expires_at: UnixSeconds(expires_at),
        proven_at: proven_at.map(UnixSeconds),
        is_refused: refused_at.is_some(),
        id: id.parse().map_err(|_| corrupt("id"))?,
    })
}

/// The latest check of a customer that waits, or was shown a short while ago; by anybody of the staff.
///
/// # Errors
/// [`StoreError`].
pub fn find_latest(connection: &mut DbConnection, tools: &Tools, customer: &CustomerId) -> Result<Option<CallerCheck>, StoreError> {
    use caller_checks::dsl;
    let now = tools.now();
    let waits = dsl::proven_at.is_null().and(dsl::expires_at.gt(now.0));
    let counts = dsl::proven_at.gt(now.plus(-PROVEN_SECONDS).0);
    let columns = (dsl::id, dsl::staff, dsl::staff_name_sealed, dsl::way, dsl::number, dsl::expires_at, dsl::proven_at, dsl::strength, dsl::refused_at, dsl::purpose);
    let mine = dsl::caller_checks.filter(dsl::customer_id.eq(customer.as_str())).filter(waits.or(counts.assume_not_null()));
    let row: Option<Row> = mine.order(dsl::id.desc()).select(columns).first(connection).optional()?;
    row.map(|row| open(connection, tools, customer, row)).transpose()
}

/// What a customer has shown to `staff` for `purpose` in the last while, and was not used yet.
///
/// # Errors
/// [`StoreError`].
pub fn list_proofs(connection: &mut DbConnection, customer: &CustomerId, (staff, purpose): (&str, &str), now: UnixSeconds) -> Result<Vec<(Way, Strength)>, StoreError> {
    use caller_checks::dsl;
    let mine = dsl::caller_checks.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::staff.eq(staff)).filter(dsl::purpose.eq(purpose));
    let rows: Vec<(String, Option<String>)> = mine.filter(dsl::proven_at.gt(now.plus(-PROVEN_SECONDS).0)).select((dsl::way, dsl::strength)).limit(100).load(connection)?;
    Ok(rows.iter().filter_map(|(way, strength)| Some((Way::parse(way)?, Strength::parse(strength.as_deref()?)?))).collect())
}

/// Forgets what a customer has shown: it was used for one thing, or is not to be believed.
///
/// # Errors
/// [`StoreError`].
pub fn spend_proofs(tx: &mut WriteTx<'_>, customer: &CustomerId) -> Result<usize, StoreError> {
    use caller_checks::dsl;
    let mine = dsl::caller_checks.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::refused_at.is_null());
    Ok(diesel::delete(mine).execute(&mut **tx)?)
}

/// Whether the customer said, since `since`, that somebody else was on the line.
///
/// # Errors
/// [`StoreError`].
pub fn was_refused(connection: &mut DbConnection, customer: &CustomerId, since: UnixSeconds) -> Result<bool, StoreError> {
    use caller_checks::dsl;
    let mine = dsl::caller_checks.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::refused_at.gt(since.0));
    Ok(mine.select(dsl::id).first::<String>(connection).optional()?.is_some())
}

/// Notes that a caller has shown it, once; false when it was settled, or is too late.
///
/// # Errors
/// [`StoreError`].
pub fn note_proven(tx: &mut WriteTx<'_>, id: &CallerCheckId, strength: Strength, now: UnixSeconds) -> Result<bool, StoreError> {
    use caller_checks::dsl;
    let open = dsl::caller_checks.find(id.as_str()).filter(dsl::proven_at.is_null()).filter(dsl::refused_at.is_null()).filter(dsl::expires_at.gt(now.0));
    Ok(diesel::update(open).set((dsl::proven_at.eq(Some(now.0)), dsl::strength.eq(Some(strength.word())))).execute(&mut **tx)? > 0)
}

/// Notes that the customer said no.
///
/// # Errors
/// [`StoreError`].
pub fn note_refused(tx: &mut WriteTx<'_>, id: &CallerCheckId, now: UnixSeconds) -> Result<bool, StoreError> {
    use caller_checks::dsl;
    let open = dsl::caller_checks.find(id.as_str()).filter(dsl::proven_at.is_null()).filter(dsl::refused_at.is_null());
    Ok(diesel::update(open).set(dsl::refused_at.eq(Some(now.0))).execute(&mut **tx)? > 0)
}

/// Forgets checks that ended before `before`.
///
/// # Errors
/// [`StoreError`].
pub fn sweep_checks(tx: &mut WriteTx<'_>, before: UnixSeconds) -> Result<usize, StoreError> {
    use caller_checks::dsl;
    Ok(diesel::delete(dsl::caller_checks.filter(dsl::expires_at.lt(before.0))).execute(&mut **tx)?)
}
