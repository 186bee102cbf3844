//! The table of TOTP authenticators. Seeds and names are sealed under the customer's own key.

use diesel::prelude::*;

use super::rules::{Seed, judge};
use crate::base::ids::{AuthenticatorId, CustomerId};
use crate::base::time::UnixSeconds;
use crate::identity::factors::CodeRefused;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;
use crate::platform::vault::{self, Cell};

mod tables {
    diesel::table! {
        totp_credentials (id) {
            id -> Text, customer_id -> Text, name_sealed -> Binary, seed_sealed -> Binary, confirmed_at -> Nullable<BigInt>, last_step -> Nullable<BigInt>,
            created_at -> BigInt, last_used_at -> Nullable<BigInt>,
        }
    }
}

use tables::totp_credentials;

const NAME: Cell = Cell { table: "totp_credentials", column: "name_sealed" };
const SEED: Cell = Cell { table: "totp_credentials", column: "seed_sealed" };

/// How long an enrolment that was begun may be confirmed, in seconds.
pub const ENROLMENT_SECONDS: i64 = 900;
/// The most authenticators of this kind that a customer can have.
pub const MAX_AUTHENTICATORS: i64 = 10;

/// An authenticator, without its seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TotpAuthenticator {
    /// Its id.
    pub id: AuthenticatorId,
    /// What the customer calls it.
    pub name: String,
    /// When it was enrolled.
    pub created_at: UnixSeconds,
    /// When it was last used.
    pub last_used_at: Option<UnixSeconds>,
}

fn text(bytes: &[u8], id: &str) -> Result<String, StoreError> {
    String::from_utf8(bytes.to_vec()).map_err(|_| StoreError::corrupt("totp_credentials", "name_sealed", id))
}

/// Begins an enrolment: it counts when a code of it has come. Earlier ones that were never confirmed are forgotten.
///
/// # Errors
/// [`StoreError`].
pub fn begin_enrolment(tx: &mut WriteTx<'_>, tools: &Tools, customer: &CustomerId, seed: &Seed, name: &str) -> Result<AuthenticatorId, StoreError> {
    use totp_credentials::dsl;
    let key = vault::need_data_key(tx, &tools.ring, customer.as_str())?;
    let id = AuthenticatorId::generate(tools.now_micros(), tools.entropy());
    diesel::delete(dsl::totp_credentials.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::confirmed_at.is_null())).execute(&mut **tx)?;
    diesel::insert_into(dsl::totp_credentials)
        .values((
            dsl::id.eq(id.as_str()),
            dsl::customer_id.eq(customer.as_str()),
            dsl::name_sealed.eq(key.seal_in_row(NAME, id.as_str(), name.as_bytes(), tools.entropy())?),
            dsl::seed_sealed.eq(key.seal_in_row(SEED, id.as_str(), seed.expose(), tools.entropy())?),
            dsl::created_at.eq(tools.now().0),
        ))
        .execute(&mut **tx)?;
    Ok(id)
}

/// The seed of an enrolment of `customer` that waits for its first code.
///
/// # Errors
/// [`StoreError::Corrupt`] when it does not open.
pub fn find_enrolment(connection: &mut DbConnection, tools: &Tools, customer: &CustomerId, id: &AuthenticatorId) -> Result<Option<Seed>, StoreError> {
    use totp_credentials::dsl;
    let since = tools.now().plus(-ENROLMENT_SECONDS);
    let row = dsl::totp_credentials.find(id.as_str()).filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::confirmed_at.is_null()).filter(dsl::created_at.gt(since.0));
    let sealed: Option<Vec<u8>> = row.select(dsl::seed_sealed).first(connection).optional()?;
    let Some(sealed) = sealed else { return Ok(None) };
    let seed = vault::need_data_key(connection, &tools.ring, customer.as_str())?.open_in_row(SEED, id.as_str(), &sealed)?;
    Seed::from_bytes(&seed).map(Some).ok_or_else(|| StoreError::corrupt(SEED.table, SEED.column, id.as_str()))
}

/// Confirms an enrolment by its first code; the step counts as used. False when it was confirmed, or replaced, meanwhile.
///
/// # Errors
/// [`StoreError`].
pub fn confirm_enrolment(tx: &mut WriteTx<'_>, customer: &CustomerId, id: &AuthenticatorId, step: i64, now: UnixSeconds) -> Result<bool, StoreError> {
    use totp_credentials::dsl;
    let waiting = dsl::totp_credentials.find(id.as_str()).filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::confirmed_at.is_null());
    let done = diesel::update(waiting).set((dsl::confirmed_at.eq(Some(now.0)), dsl::last_step.eq(Some(step)), dsl::last_used_at.eq(Some(now.0)))).execute(&mut **tx)?;
    Ok(done > 0)
}

/// Adds an authenticator whose seed another product made, and which was confirmed there: the next code of it counts.
///
/// # Errors
/// [`StoreError`].
pub fn insert_confirmed(tx: &mut WriteTx<'_>, tools: &Tools, customer: &CustomerId, seed: &Seed, name: &str) -> Result<AuthenticatorId, StoreError> {
    use totp_credentials::dsl;
    let id = begin_enrolment(tx, tools, customer, seed, name)?;
    diesel::update(dsl::totp_credentials.find(id.as_str())).set(dsl::confirmed_at.eq(Some(tools.now().0))).execute(&mut **tx)?;
    Ok(id)
}

/// The seeds of a customer's authenticators and their names, for whoever leaves with them.
///
/// # Errors
/// [`StoreError::Corrupt`] when one does not open.
pub fn list_seeds(connection: &mut DbConnection, tools: &Tools, customer: &CustomerId) -> Result<Vec<(String, Seed)>, StoreError> {
    use totp_credentials::dsl;
    let mine = dsl::totp_credentials.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::confirmed_at.is_not_null());
    let rows: Vec<(String, Vec<u8>, Vec<u8>)> = mine.order(dsl::id).limit(MAX_AUTHENTICATORS).select((dsl::id, dsl::name_sealed, dsl::seed_sealed)).load(connection)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = vault::need_data_key(connection, &tools.ring, customer.as_str())?;
    let open = |(id, name, seed): (String, Vec<u8>, Vec<u8>)| {
        let seed = Seed::from_bytes(&key.open_in_row(SEED, &id, &seed)?).ok_or_else(|| StoreError::corrupt(SEED.table, SEED.column, id.clone()))?;
        Ok((text(&key.open_in_row(NAME, &id, &name)?, &id)?, seed))
    };
    rows.into_iter().map(open).collect()
}

/// How many confirmed ones the customer has.
///
/// # Errors
/// [`StoreError`].
pub fn count_authenticators(connection: &mut DbConnection, customer: &CustomerId) -> Result<i64, StoreError> {
    use totp_credentials::dsl;
    Ok(dsl::totp_credentials.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::confirmed_at.is_not_null()).count().get_result(connection)?)
}

/// How many customers have one.
///
/// # Errors
/// [`StoreError`].
pub fn count_owners(connection: &mut DbConnection) -> Result<i64, StoreError> {
    use totp_credentials::dsl;
    Ok(dsl::totp_credentials.filter(dsl::confirmed_at.is_not_null()).select(diesel::dsl::count(dsl::customer_id).aggregate_distinct()).first(connection)?)
}

/// Whether the customer has an authenticator of this kind.
///
/// # Errors
/// [`StoreError`].
pub fn is_enrolled(connection: &mut DbConnection, customer: &CustomerId) -> Result<bool, StoreError> {
    use totp_credentials::dsl;
    let mine = dsl::totp_credentials.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::confirmed_at.is_not_null());
    let found: Option<String> = mine.select(dsl::id).first(connection).optional()?;
    Ok(found.is_some())
}

/// The authenticators of a customer, oldest first.
///
/// # Errors
/// [`StoreError::Corrupt`] when a name does not open.
pub fn list_authenticators(connection: &mut DbConnection, tools: &Tools, customer: &CustomerId) -> Result<Vec<TotpAuthenticator>, StoreError> {
    use totp_credentials::dsl;
    type Row = (String, Vec<u8>, i64, Option<i64>);
    let rows: Vec<Row> = dsl::totp_credentials
        .filter(dsl::customer_id.eq(customer.as_str()))
        .filter(dsl::confirmed_at.is_not_null())
        .order(dsl::id)
        .limit(MAX_AUTHENTICATORS)
        .select((dsl::id, dsl::name_sealed, dsl::created_at, dsl::last_used_at))
        .load(connection)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = vault::need_data_key(connection, &tools.ring, customer.as_str())?;
    rows.into_iter()
        .map(|(id, name, created_at, last_used_at)| {
            Ok(TotpAuthenticator {
                name: text(&key.open_in_row(NAME, &id, &name)?, &id)?,
                id: id.parse().map_err(|_| StoreError::corrupt("totp_credentials", "id", id.clone()))?,
                created_at: UnixSeconds(created_at),
                last_used_at: last_used_at.map(UnixSeconds),
            })
        })
        .collect()
}

/// Checks a code against every authenticator of the customer, and takes its step: of parallel tries with one code, one succeeds.
///
/// # Errors
/// [`StoreError`].
pub fn redeem_code(tx: &mut WriteTx<'_>, tools: &Tools, customer: &CustomerId, typed: &str) -> Result<Result<AuthenticatorId, CodeRefused>, StoreError> {
    use totp_credentials::dsl;
    let now = tools.now();
    let rows: Vec<(String, Vec<u8>, Option<i64>)> = dsl::totp_credentials
        .filter(dsl::customer_id.eq(customer.as_str()))
        .filter(dsl::confirmed_at.is_not_null())
        .order(dsl::id)
        .limit(MAX_AUTHENTICATORS)
        .select((dsl::id, dsl::seed_sealed, dsl::last_step))
        .load(&mut **tx)?;
    let key = vault::need_data_key(tx, &tools.ring, customer.as_str())?;
    let mut refused = CodeRefused::Wrong;
    for (id, sealed, last_step) in rows {
        let seed = Seed::from_bytes(&key.open_in_row(SEED, &id, &sealed)?).ok_or_else(|| StoreError::corrupt(SEED.table, SEED.column, id.clone()))?;
        match judge(&seed, typed, last_step, now) {
            Ok(step) => {
                let unused = dsl::totp_credentials.find(&id).filter(dsl::last_step.is_null().or(dsl::last_step.lt(step)));
                let done = diesel::update(unused).set((dsl::last_step.eq(Some(step)), dsl::last_used_at.eq(Some(now.0)))).execute(&mut **tx)?;
                if done == 0 {
                    return Ok(Err(CodeRefused::Used));
                }
                return id.parse().map(Ok).map_err(|_| StoreError::corrupt("totp_credentials", "id", id));
            }
            Err(CodeRefused::Used) => refused = CodeRefused::Used,
            Err(CodeRefused::Malformed) => return Ok(Err(CodeRefused::Malformed)),
            Err(CodeRefused::Wrong) => {}
        }
    }
    Ok(Err(refused))
}

/// Removes an authenticator of the customer; false when there is no such.
///
/// # Errors
/// [`StoreError`].
pub fn remove_authenticator(tx: &mut WriteTx<'_>, customer: &CustomerId, id: &AuthenticatorId) -> Result<bool, StoreError> {
    use totp_credentials::dsl;
    Ok(diesel::delete(dsl::totp_credentials.find(id.as_str()).filter(dsl::customer_id.eq(customer.as_str()))).execute(&mut **tx)? > 0)
}

/// Removes every authenticator of the customer; returns how many.
///
/// # Errors
/// [`StoreError`].
pub fn remove_authenticators_of(tx: &mut WriteTx<'_>, customer: &CustomerId) -> Result<usize, StoreError> {
    use totp_credentials::dsl;
    Ok(diesel::delete(dsl::totp_credentials.filter(dsl::customer_id.eq(customer.as_str()))).execute(&mut **tx)?)
}

/// Removes those that were confirmed at `since` or later; how many.
///
/// # Errors
/// [`StoreError`].
pub fn remove_authenticators_since(tx: &mut WriteTx<'_>, customer: &CustomerId, since: UnixSeconds) -> Result<usize, StoreError> {
    use totp_credentials::dsl;
    let new = dsl::totp_credentials.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::confirmed_at.ge(since.0));
    Ok(diesel::delete(new).execute(&mut **tx)?)
}

/// A row as it stands, for a snapshot: what is sealed stays sealed.
#[derive(Clone, serde::Serialize, serde::Deserialize, Queryable, Insertable)]
#[diesel(table_name = totp_credentials)]
pub struct KeptApp {
    id: String,
    customer_id: String,
    name_sealed: Vec<u8>,
    seed_sealed: Vec<u8>,
    confirmed_at: Option<i64>,
    last_step: Option<i64>,
    created_at: i64,
    last_used_at: Option<i64>,
}

/// Every confirmed row of a customer, for a snapshot.
///
/// # Errors
/// [`StoreError`].
pub fn keep_rows(connection: &mut DbConnection, customer: &CustomerId) -> Result<Vec<KeptApp>, StoreError> {
    use totp_credentials::dsl;
    Ok(dsl::totp_credentials.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::confirmed_at.is_not_null()).order(dsl::id).load(connection)?)
}

/// Brings back what was there when `kept` was taken: removes what came since, adds what went. What stayed keeps the step of its last code.
///
/// # Errors
/// [`StoreError`].
pub fn restore_rows(tx: &mut WriteTx<'_>, customer: &CustomerId, kept: &[KeptApp]) -> Result<usize, StoreError> {
    use totp_credentials::dsl;
    let mine = dsl::totp_credentials.filter(dsl::customer_id.eq(customer.as_str()));
    let names: Vec<&str> = kept.iter().map(|row| row.id.as_str()).collect();
    let mut changed = diesel::delete(mine.filter(dsl::id.ne_all(names))).execute(&mut **tx)?;
    let present: Vec<String> = mine.select(dsl::id).load(&mut **tx)?;
    for row in kept.iter().filter(|row| row.customer_id == customer.as_str() && !present.contains(&row.id)) {
        changed += diesel::insert_into(dsl::totp_credentials).values(row.clone()).execute(&mut **tx)?;
    }
    Ok(changed)
}
