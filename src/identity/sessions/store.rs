//! The tables of sessions and of known devices. Cookies are stored as hashes only.

use diesel::prelude::*;

use super::SignedIn;
use super::rules::{Session, SessionPolicy};
use crate::base::assurance::{Authentication, FactorKind};
use crate::base::ids::{CustomerId, SessionId, TrustedDeviceId};
use crate::base::secret::SecretHash;
use crate::base::time::UnixSeconds;
use crate::identity::factors::FactorPolicy;
use crate::identity::{customers, factors};
use crate::platform::db::{DbConnection, StoreError, WriteTx};

mod tables {
    diesel::table! {
        sessions (id) {
            id -> Text, secret_hash -> Binary, customer_id -> Text, generation -> BigInt, shown -> Text, is_remembered -> Bool,
            created_at -> BigInt, last_seen_at -> BigInt, expires_at -> BigInt, ended_at -> Nullable<BigInt>, end_reason -> Nullable<Text>, trusted_device -> Nullable<Text>,
            told_at -> Nullable<BigInt>,
        }
    }
    diesel::table! {
        known_devices (hash, customer_id) { hash -> Binary, customer_id -> Text, created_at -> BigInt, last_seen_at -> BigInt, }
    }
}

use tables::{known_devices, sessions};

type Row = (String, String, i64, String, bool, Option<String>, i64, i64, i64);

fn from_row((id, customer, generation, shown, is_remembered, trusted_device, created_at, last_seen_at, expires_at): Row) -> Result<Session, StoreError> {
    let corrupt = |column| StoreError::corrupt("sessions", column, id.clone());
    Ok(Session {
        id: id.parse().map_err(|_| corrupt("id"))?,
        customer: customer.parse().map_err(|_| corrupt("customer_id"))?,
        generation,
        shown: serde_json::from_str(&shown).map_err(|_| corrupt("shown"))?,
        is_remembered,
        trusted_device: trusted_device.map(|device| device.parse().map_err(|_| corrupt("trusted_device"))).transpose()?,
        created_at: UnixSeconds(created_at),
        last_seen_at: UnixSeconds(last_seen_at),
        expires_at: UnixSeconds(expires_at),
    })
}

/// Who is signed in with this cookie: the session lives, and its customer is in good standing under the same credential generation.
///
/// # Errors
/// [`StoreError`].
pub fn find_signed_in(
    connection: &mut DbConnection,
    cookie: &SecretHash,
    policy: &SessionPolicy,
    factor_policy: &FactorPolicy,
    now: UnixSeconds,
) -> Result<Option<SignedIn>, StoreError> {
    use sessions::dsl;
    let row: Option<Row> = dsl::sessions
        .filter(dsl::secret_hash.eq(cookie.as_bytes()))
        .filter(dsl::ended_at.is_null())
        .select((dsl::id, dsl::customer_id, dsl::generation, dsl::shown, dsl::is_remembered, dsl::trusted_device, dsl::created_at, dsl::last_seen_at, dsl::expires_at))
        .first(connection)
        .optional()?;
    let Some(session) = row.map(from_row).transpose()? else { return Ok(None) };
    if !policy.is_live(&session, now) {
        return Ok(None);
    }
    let standing = customers::store::find_standing(connection, &session.customer)?.filter(|standing| standing.upholds(session.generation));
    let Some(standing) = standing.filter(|standing| !standing.facts.is_admin || policy.is_live_for_staff(&session, now)) else { return Ok(None) };
    let means = factors::find_means(connection, factor_policy, &standing, now)?;
    let is_trusted = match &session.trusted_device {
        Some(device) => factors::trusted_device::store::is_standing(connection, device, session.generation, now)?,
        None => false,
    };
    Ok(Authentication::from_shown(&session.shown).map(|authentication| SignedIn { session, authentication, means, is_trusted }))
}

/// Whether a session still stands for the grants that are bound to it: it was not ended, and its absolute limit is not past.
///
/// # Errors
/// [`StoreError`].
pub fn is_standing(connection: &mut DbConnection, id: &str, now: UnixSeconds) -> Result<bool, StoreError> {
    use sessions::dsl;
    let found: Option<String> = dsl::sessions.find(id).filter(dsl::ended_at.is_null()).filter(dsl::expires_at.gt(now.0)).select(dsl::id).first(connection).optional()?;
    Ok(found.is_some())
}

fn shown_json(session: &Session) -> Result<String, StoreError> {
    serde_json::to_string(&session.shown).map_err(|error| StoreError::Unavailable(error.to_string()))
}

/// Opens a session under a fresh cookie.
///
/// # Errors
/// [`StoreError`].
pub(in crate::identity) fn insert_session(tx: &mut WriteTx<'_>, session: &Session, cookie: &SecretHash) -> Result<(), StoreError> {
    use sessions::dsl;
    diesel::insert_into(dsl::sessions)
        .values((
            dsl::id.eq(session.id.as_str()),
            dsl::secret_hash.eq(cookie.as_bytes()),
            dsl::customer_id.eq(session.customer.as_str()),
            dsl::generation.eq(session.generation),
            dsl::shown.eq(shown_json(session)?),
            dsl::is_remembered.eq(session.is_remembered),
            dsl::trusted_device.eq(session.trusted_device.as_ref().map(TrustedDeviceId::as_str)),
            dsl::created_at.eq(session.created_at.0),
            dsl::last_seen_at.eq(session.last_seen_at.0),
            dsl::expires_at.eq(session.expires_at.0),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Renews a session after another authentication: new cookie, new proofs. False when it has ended meanwhile.
///
/// # Errors
/// [`StoreError`].
pub(in crate::identity) fn rotate_session(tx: &mut WriteTx<'_>, session: &Session, cookie: &SecretHash) -> Result<bool, StoreError> {
    use sessions::dsl;
    let done = diesel::update(dsl::sessions.find(session.id.as_str()).filter(dsl::ended_at.is_null()))
        .set((
            dsl::secret_hash.eq(cookie.as_bytes()),
            dsl::generation.eq(session.generation),
            dsl::shown.eq(shown_json(session)?),
            dsl::is_remembered.eq(session.is_remembered),
            dsl::trusted_device.eq(session.trusted_device.as_ref().map(TrustedDeviceId::as_str)),
            dsl::last_seen_at.eq(session.last_seen_at.0),
            dsl::expires_at.eq(session.expires_at.0),
        ))
        .execute(&mut **tx)?;
    Ok(done > 0)
}

/// Notes that a session was used.
///
/// # Errors
/// [`StoreError`].
pub fn touch_session(tx: &mut WriteTx<'_>, id: &SessionId, now: UnixSeconds) -> Result<(), StoreError> {
    use sessions::dsl;
    diesel::update(dsl::sessions.find(id.as_str()).filter(dsl::last_seen_at.lt(now.0))).set(dsl::last_seen_at.eq(now.0)).execute(&mut **tx)?;
    Ok(())
}

/// Ends a session; false when it had ended before.
///
/// # Errors
/// [`StoreError`].
pub fn end_session(tx: &mut WriteTx<'_>, id: &SessionId, reason: &str, now: UnixSeconds) -> Result<bool, StoreError> {
    use sessions::dsl;
    let done = diesel::update(dsl::sessions.find(id.as_str()).filter(dsl::ended_at.is_null()))
        .set((dsl::ended_at.eq(Some(now.0)), dsl::end_reason.eq(Some(reason))))
        .execute(&mut **tx)?;
    Ok(done > 0)
}

/// Ends every session of a customer; returns how many.
///
/// # Errors
/// [`StoreError`].
pub fn end_sessions_of(tx: &mut WriteTx<'_>, customer: &CustomerId, reason: &str, now: UnixSeconds) -> Result<usize, StoreError> {
    use sessions::dsl;
    Ok(diesel::update(dsl::sessions.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::ended_at.is_null()))
        .set((dsl::ended_at.eq(Some(now.0)), dsl::end_reason.eq(Some(reason))))
        .execute(&mut **tx)?)
}

/// The living sessions of a customer, the one used last first.
///
/// # Errors
/// [`StoreError`].
pub fn list_sessions(connection: &mut DbConnection, customer: &CustomerId, generation: i64, policy: &SessionPolicy, now: UnixSeconds) -> Result<Vec<Session>, StoreError> {
    use sessions::dsl;
    let mine = dsl::sessions
        .filter(dsl::customer_id.eq(customer.as_str()))
        .filter(dsl::generation.eq(generation))
        .filter(dsl::ended_at.is_null())
        .filter(dsl::expires_at.gt(now.0));
    let rows: Vec<Row> = mine
        .order(dsl::last_seen_at.desc())
        .limit(MAX_LISTED)
        .select((dsl::id, dsl::customer_id, dsl::generation, dsl::shown, dsl::is_remembered, dsl::trusted_device, dsl::created_at, dsl::last_seen_at, dsl::expires_at))
        .load(connection)?;
    let sessions = rows.into_iter().map(from_row).collect::<Result<Vec<_>, _>>()?;
    Ok(sessions.into_iter().filter(|session| policy.is_live(session, now)).collect())
}

/// Sessions that are listed at most.
const MAX_LISTED: i64 = 200;

/// Ends every session of a customer but one; returns how many.
///
/// # Errors
/// [`StoreError`].
pub fn end_other_sessions(tx: &mut WriteTx<'_>, customer: &CustomerId, kept: &SessionId, reason: &str, now: UnixSeconds) -> Result<usize, StoreError> {
    use sessions::dsl;
    let others = dsl::sessions.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::id.ne(kept.as_str())).filter(dsl::ended_at.is_null());
    Ok(diesel::update(others).set((dsl::ended_at.eq(Some(now.0)), dsl::end_reason.eq(Some(reason)))).execute(&mut **tx)?)
}

/// Ends the other sessions of a customer that rest on a factor of this kind; returns how many.
///
/// # Errors
/// [`StoreError`].
pub fn end_opened_by(tx: &mut WriteTx<'_>, customer: &CustomerId, kind: FactorKind, kept: &SessionId, now: UnixSeconds) -> Result<usize, StoreError> {
    use sessions::dsl;
    let others = dsl::sessions.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::id.ne(kept.as_str())).filter(dsl::ended_at.is_null());
    let resting = others.filter(dsl::shown.like(format!("%\"{}\"%", kind.as_str())));
    Ok(diesel::update(resting).set((dsl::ended_at.eq(Some(now.0)), dsl::end_reason.eq(Some("factor_removed")))).execute(&mut **tx)?)
}

/// Removes sessions that ended or expired before `before`.
///
/// # Errors
/// [`StoreError`].
pub fn sweep_sessions(tx: &mut WriteTx<'_>, before: UnixSeconds, limit: i64) -> Result<usize, StoreError> {
    use sessions::dsl;
    let old: Vec<String> =
        dsl::sessions.filter(dsl::expires_at.lt(before.0)).filter(dsl::ended_at.is_null().or(dsl::told_at.is_not_null())).select(dsl::id).limit(limit).load(&mut **tx)?;
    Ok(diesel::delete(dsl::sessions.filter(dsl::id.eq_any(old))).execute(&mut **tx)?)
}

/// Whether the customer signed in with this browser at `since` or later.
///
/// # Errors
/// [`StoreError`].
pub fn is_known_device(connection: &mut DbConnection, device: &SecretHash, customer: &CustomerId, since: UnixSeconds) -> Result<bool, StoreError> {
    use known_devices::dsl;
    let row = dsl::known_devices.find((device.as_bytes(), customer.as_str())).filter(dsl::last_seen_at.ge(since.0));
    let found: Option<i64> = row.select(dsl::created_at).first(connection).optional()?;
    Ok(found.is_some())
}

/// Since when a browser is known to be the customer's.
///
/// # Errors
/// [`StoreError`].
pub fn find_device_since(connection: &mut DbConnection, device: &SecretHash, customer: &CustomerId) -> Result<Option<UnixSeconds>, StoreError> {
    use known_devices::dsl;
    let found: Option<i64> = dsl::known_devices.find((device.as_bytes(), customer.as_str())).select(dsl::created_at).first(connection).optional()?;
    Ok(found.map(UnixSeconds))
}

/// Forgets browsers that no customer signed in with since `before`.
///
/// # Errors
/// [`StoreError`].
pub fn sweep_devices(tx: &mut WriteTx<'_>, before: UnixSeconds, limit: i64) -> Result<usize, StoreError> {
    use known_devices::dsl;
    let old: Vec<Vec<u8>> = dsl::known_devices.filter(dsl::last_seen_at.lt(before.0)).select(dsl::hash).limit(limit).load(&mut **tx)?;
    Ok(diesel::delete(dsl::known_devices.filter(dsl::hash.eq_any(old)).filter(dsl::last_seen_at.lt(before.0))).execute(&mut **tx)?)
}

/// Whether the customer signed in with any browser before.
///
/// # Errors
/// [`StoreError`].
pub fn has_known_devices(connection: &mut DbConnection, customer: &CustomerId) -> Result<bool, StoreError> {
    use known_devices::dsl;
    let found: Option<i64> = dsl::known_devices.filter(dsl::customer_id.eq(customer.as_str())).select(dsl::created_at).first(connection).optional()?;
    Ok(found.is_some())
}

/// Browsers that are known of a customer: each has lanes of its own for guessing, so there are not many.
const MAX_KNOWN_DEVICES: i64 = 20;

/// Remembers the browser of a customer; true when it was not known.
///
/// # Errors
/// [`StoreError`].
pub(in crate::identity) fn remember_device(tx: &mut WriteTx<'_>, device: &SecretHash, customer: &CustomerId, now: UnixSeconds) -> Result<bool, StoreError> {
    use known_devices::dsl;
    let done = diesel::update(dsl::known_devices.find((device.as_bytes(), customer.as_str()))).set(dsl::last_seen_at.eq(now.0)).execute(&mut **tx)?;
    if done > 0 {
        return Ok(false);
    }
    diesel::insert_into(dsl::known_devices)
        .values((dsl::hash.eq(device.as_bytes()), dsl::customer_id.eq(customer.as_str()), dsl::created_at.eq(now.0), dsl::last_seen_at.eq(now.0)))
        .execute(&mut **tx)?;
    let mine = dsl::known_devices.filter(dsl::customer_id.eq(customer.as_str()));
    let too_many: Vec<Vec<u8>> = mine.order(dsl::last_seen_at.desc()).offset(MAX_KNOWN_DEVICES).limit(100).select(dsl::hash).load(&mut **tx)?;
    if !too_many.is_empty() {
        diesel::delete(mine.filter(dsl::hash.eq_any(too_many))).execute(&mut **tx)?;
    }
    Ok(true)
}

/// Forgets every browser of a customer but one.
///
/// # Errors
/// [`StoreError`].
pub fn end_other_devices(tx: &mut WriteTx<'_>, customer: &CustomerId, kept: Option<&SecretHash>) -> Result<usize, StoreError> {
    use known_devices::dsl;
    let others = dsl::known_devices.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::hash.ne(kept.map_or(&[][..], |kept| kept.as_bytes())));
    Ok(diesel::delete(others).execute(&mut **tx)?)
}

/// Forgets every browser of a customer, as after a change of password.
///
/// # Errors
/// [`StoreError`].
pub fn end_devices_of(tx: &mut WriteTx<'_>, customer: &CustomerId) -> Result<usize, StoreError> {
    use known_devices::dsl;
    Ok(diesel::delete(dsl::known_devices.filter(dsl::customer_id.eq(customer.as_str()))).execute(&mut **tx)?)
}

/// A session that ended, and was not told of yet.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct EndedSession {
    /// Its id.
    pub id: String,
    /// Whose.
    pub customer: String,
    /// When.
    pub ended_at: i64,
    /// Why.
    pub reason: String,
}

/// Whether any session ended that was not told of.
///
/// # Errors
/// [`StoreError`].
pub fn has_untold(connection: &mut DbConnection) -> Result<bool, StoreError> {
    use sessions::dsl;
    let found: Option<String> = dsl::sessions.filter(dsl::ended_at.is_not_null()).filter(dsl::told_at.is_null()).select(dsl::id).first(connection).optional()?;
    Ok(found.is_some())
}

/// Takes sessions that ended and were not told of: from now on they are.
///
/// # Errors
/// [`StoreError`].
pub fn take_untold(tx: &mut WriteTx<'_>, now: UnixSeconds, limit: i64) -> Result<Vec<EndedSession>, StoreError> {
    use sessions::dsl;
    let untold = dsl::sessions.filter(dsl::ended_at.is_not_null()).filter(dsl::told_at.is_null()).order(dsl::ended_at).limit(limit);
    let ids: Vec<String> = untold.select(dsl::id).load(&mut **tx)?;
    let mut taken = Vec::with_capacity(ids.len());
    for id in ids {
        let row: Option<(String, String, Option<i64>, Option<String>)> = diesel::update(dsl::sessions.filter(dsl::id.eq(&id)).filter(dsl::told_at.is_null()))
            .set(dsl::told_at.eq(Some(now.0)))
            .returning((dsl::id, dsl::customer_id, dsl::ended_at, dsl::end_reason))
            .get_result(&mut **tx)
            .optional()?;
        taken.extend(row.map(|(id, customer, ended_at, reason)| EndedSession { id, customer, ended_at: ended_at.unwrap_or(now.0), reason: reason.unwrap_or_default() }));
    }
    Ok(taken)
}
