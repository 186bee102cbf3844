//! The table of trusted devices. The secret in the cookie is stored as a hash, is another one after each use, and counts only for one customer under the credentials of that day.

use diesel::prelude::*;

use crate::base::ids::{CustomerId, TrustedDeviceId};
use crate::base::secret::{Secret, SecretHash};
use crate::base::time::UnixSeconds;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;
use crate::platform::vault::{self, Cell};

mod tables {
    diesel::table! {
        trusted_devices (id) {
            id -> Text, customer_id -> Text, generation -> BigInt, hash -> Binary, label_sealed -> Binary,
            created_at -> BigInt, last_used_at -> BigInt, expires_at -> BigInt,
        }
    }
}

use tables::trusted_devices;

const LABEL: Cell = Cell { table: "trusted_devices", column: "label_sealed" };

/// The most devices that one customer trusts; the oldest is forgotten.
pub const MAX_DEVICES: i64 = 20;

/// A device, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedDevice {
    /// Its id.
    pub id: TrustedDeviceId,
    /// What it is called.
    pub label: String,
    /// When it was used last.
    pub last_used_at: UnixSeconds,
}

/// Trusts a device of `customer` for `seconds`; the secret goes into its cookie.
///
/// # Errors
/// [`StoreError`].
pub fn insert_device(tx: &mut WriteTx<'_>, tools: &Tools, customer: &CustomerId, generation: i64, label: &str, seconds: i64) -> Result<Secret, StoreError> {
    use trusted_devices::dsl;
    let now = tools.now();
    let mine = || dsl::trusted_devices.filter(dsl::customer_id.eq(customer.as_str()));
    let old: Vec<String> = mine().order(dsl::id.desc()).offset(MAX_DEVICES - 1).limit(MAX_DEVICES).select(dsl::id).load(&mut **tx)?;
    diesel::delete(dsl::trusted_devices.filter(dsl::id.eq_any(old))).execute(&mut **tx)?;
    let id = TrustedDeviceId::generate(tools.now_micros(), tools.entropy());
    let secret = Secret::generate(tools.entropy());
    let label = vault::need_data_key(tx, &tools.ring, customer.as_str())?.seal_in_row(LABEL, id.as_str(), label.as_bytes(), tools.entropy())?;
    diesel::insert_into(dsl::trusted_devices)
        .values((
            dsl::id.eq(id.as_str()),
            dsl::customer_id.eq(customer.as_str()),
            dsl::generation.eq(generation),
            dsl::hash.eq(secret.hash().as_bytes()),
            dsl::label_sealed.eq(label),
            dsl::created_at.eq(now.0),
            dsl::last_used_at.eq(now.0),
            dsl::expires_at.eq(now.plus(seconds).0),
        ))
        .execute(&mut **tx)?;
    Ok(secret)
}

/// The device of this cookie, if it is one that `customer` trusts under the credentials of `generation`; with the secret that takes the place of the one shown.
///
/// # Errors
/// [`StoreError`].
pub fn use_device(tx: &mut WriteTx<'_>, tools: &Tools, customer: &CustomerId, generation: i64, shown: &SecretHash) -> Result<Option<(TrustedDeviceId, Secret)>, StoreError> {
    use trusted_devices::dsl;
    let now = tools.now();
    let mine = dsl::trusted_devices
        .filter(dsl::hash.eq(shown.as_bytes()))
        .filter(dsl::customer_id.eq(customer.as_str()))
        .filter(dsl::generation.eq(generation))
        .filter(dsl::expires_at.gt(now.0));
    let found: Option<String> = mine.select(dsl::id).first(&mut **tx).optional()?;
    let Some(id) = found else { return Ok(None) };
    let fresh = Secret::generate(tools.entropy());
    let still = dsl::trusted_devices.find(&id).filter(dsl::hash.eq(shown.as_bytes()));
    if diesel::update(still).set((dsl::hash.eq(fresh.hash().as_bytes()), dsl::last_used_at.eq(now.0))).execute(&mut **tx)? == 0 {
        return Ok(None);
    }
    let id = id.parse().map_err(|_| StoreError::corrupt("trusted_devices", "id", id))?;
    Ok(Some((id, fresh)))
}

/// Whether `customer` trusts the device of this cookie under the credentials of `generation`. Changes nothing.
///
/// # Errors
/// [`StoreError`].
pub fn is_trusted(connection: &mut DbConnection, shown: &SecretHash, customer: &CustomerId, generation: i64, now: UnixSeconds) -> Result<bool, StoreError> {
    use trusted_devices::dsl;
    let mine = dsl::trusted_devices.filter(dsl::hash.eq(shown.as_bytes())).filter(dsl::customer_id.eq(customer.as_str()));
    let found: Option<i64> = mine.filter(dsl::generation.eq(generation)).filter(dsl::expires_at.gt(now.0)).select(dsl::created_at).first(connection).optional()?;
    Ok(found.is_some())
}

/// Whether the device still stands for the sessions that it spared the second factor.
///
/// # Errors
/// [`StoreError`].
pub fn is_standing(connection: &mut DbConnection, id: &TrustedDeviceId, generation: i64, now: UnixSeconds) -> Result<bool, StoreError> {
    use trusted_devices::dsl;
    let row = dsl::trusted_devices.find(id.as_str()).filter(dsl::generation.eq(generation)).filter(dsl::expires_at.gt(now.0));
    let found: Option<i64> = row.select(dsl::created_at).first(connection).optional()?;
    Ok(found.is_some())
}

/// The devices that a customer trusts, newest first.
///
/// # Errors
/// [`StoreError::Corrupt`] when a label does not open.
pub fn list_devices(connection: &mut DbConnection, tools: &Tools, customer: &CustomerId, generation: i64) -> Result<Vec<TrustedDevice>, StoreError> {
    use trusted_devices::dsl;
    let rows: Vec<(String, Vec<u8>, i64)> = dsl::trusted_devices
        .filter(dsl::customer_id.eq(customer.as_str()))
        .filter(dsl::generation.eq(generation))
        .filter(dsl::expires_at.gt(tools.now().0))
        .order(dsl::id.desc())
        .limit(MAX_DEVICES)
        .select((dsl::id, dsl::label_sealed, dsl::last_used_at))
        .load(connection)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = vault::need_data_key(connection, &tools.ring, customer.as_str())?;
    rows.into_iter()
        .map(|(id, label, last_used_at)| {
            let corrupt = |column| StoreError::corrupt("trusted_devices", column, id.clone());
            Ok(TrustedDevice {
                label: String::from_utf8(key.open_in_row(LABEL, &id, &label)?.to_vec()).map_err(|_| corrupt("label_sealed"))?,
                id: id.parse().map_err(|_| corrupt("id"))?,
                last_used_at: UnixSeconds(last_used_at),
            })
        })
        .collect()
}

/// Trusts a device of `customer` no longer; false when there is no such.
///
/// # Errors
/// [`StoreError`].
pub fn remove_device(tx: &mut WriteTx<'_>, customer: &CustomerId, id: &TrustedDeviceId) -> Result<bool, StoreError> {
    use trusted_devices::dsl;
    Ok(diesel::delete(dsl::trusted_devices.find(id.as_str()).filter(dsl::customer_id.eq(customer.as_str()))).execute(&mut **tx)? > 0)
}

/// Trusts no device of `customer` any longer, as after a change of factors; how many there were.
///
/// # Errors
/// [`StoreError`].
pub fn remove_devices_of(tx: &mut WriteTx<'_>, customer: &CustomerId) -> Result<usize, StoreError> {
    use trusted_devices::dsl;
    Ok(diesel::delete(dsl::trusted_devices.filter(dsl::customer_id.eq(customer.as_str()))).execute(&mut **tx)?)
}

/// Removes devices whose time was over before `before`.
///
/// # Errors
/// [`StoreError`].
pub fn sweep_devices(tx: &mut WriteTx<'_>, before: UnixSeconds, limit: i64) -> Result<usize, StoreError> {
    use trusted_devices::dsl;
    let old: Vec<String> = dsl::trusted_devices.filter(dsl::expires_at.lt(before.0)).select(dsl::id).limit(limit).load(&mut **tx)?;
    Ok(diesel::delete(dsl::trusted_devices.filter(dsl::id.eq_any(old))).execute(&mut **tx)?)
}
