//! The tables of clients and of the assertion ids that were seen.

use diesel::prelude::*;

use super::metadata::{Client, ClientMetadata};
use crate::base::encoding::sha256;
use crate::base::ids::ClientId;
use crate::base::page::{Page, PageRequest};
use crate::base::secret::SecretHash;
use crate::base::time::UnixSeconds;
use crate::platform::db::{DbConnection, StoreError, WriteTx};

mod tables {
    diesel::table! {
        clients (id) {
            id -> Text, metadata -> Text, secret_hash -> Nullable<Binary>, previous_secret_hash -> Nullable<Binary>, previous_secret_expires_at -> Nullable<BigInt>,
            created_at -> BigInt, updated_at -> BigInt, disabled_at -> Nullable<BigInt>,
        }
    }
    diesel::table! {
        client_assertions (hash) { hash -> Binary, expires_at -> BigInt, }
    }
}

use tables::{client_assertions, clients};

type Row = (String, String, Option<Vec<u8>>, Option<Vec<u8>>, Option<i64>, i64, Option<i64>);

macro_rules! columns {
    () => {
        (
            clients::id,
            clients::metadata,
            clients::secret_hash,
            clients::previous_secret_hash,
            clients::previous_secret_expires_at,
            clients::created_at,
            clients::disabled_at,
        )
    };
}

fn from_row((id, metadata, secret_hash, previous, previous_expires_at, created_at, disabled_at): Row) -> Result<Client, StoreError> {
    let corrupt = |column| StoreError::corrupt("clients", column, id.clone());
    Ok(Client {
        metadata: serde_json::from_str(&metadata).map_err(|_| corrupt("metadata"))?,
        id: id.parse().map_err(|_| corrupt("id"))?,
        secret_hash,
        previous_secret: previous.zip(previous_expires_at).map(|(hash, at)| (hash, UnixSeconds(at))),
        created_at: UnixSeconds(created_at),
        disabled_at: disabled_at.map(UnixSeconds),
    })
}

/// A client by id, disabled or not.
///
/// # Errors
/// [`StoreError::Corrupt`] when its metadata cannot be read.
pub fn find_client(connection: &mut DbConnection, id: &ClientId) -> Result<Option<Client>, StoreError> {
    let row: Option<Row> = clients::table.find(id.as_str()).select(columns!()).first(connection).optional()?;
    row.map(from_row).transpose()
}

/// Clients in the order of their ids.
///
/// # Errors
/// [`StoreError`].
pub fn list_clients(connection: &mut DbConnection, page: &PageRequest) -> Result<Page<Client>, StoreError> {
    let after = page.after.clone().unwrap_or_default();
    let rows: Vec<Row> = clients::table.filter(clients::id.gt(after)).order(clients::id).limit(i64::from(page.limit) + 1).select(columns!()).load(connection)?;
    let items = rows.into_iter().map(from_row).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::cut(items, page.limit, |client| client.id.as_str().to_owned()))
}

/// Registers a client.
///
/// # Errors
/// [`StoreError::Conflict`] when the id is taken.
pub fn insert_client(tx: &mut WriteTx<'_>, id: &ClientId, metadata: &ClientMetadata, secret: Option<&SecretHash>, now: UnixSeconds) -> Result<(), StoreError> {
    let json = serde_json::to_string(metadata).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    diesel::insert_into(clients::table)
        .values((
            clients::id.eq(id.as_str()),
            clients::metadata.eq(json),
            clients::secret_hash.eq(secret.map(|hash| hash.as_bytes().to_vec())),
            clients::created_at.eq(now.0),
            clients::updated_at.eq(now.0),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Gives a client a new secret; the one before works until `overlap_until`. False when there is no such client.
///
/// # Errors
/// [`StoreError`].
pub fn replace_secret(tx: &mut WriteTx<'_>, id: &ClientId, secret: &SecretHash, overlap_until: UnixSeconds, now: UnixSeconds) -> Result<bool, StoreError> {
    let done = diesel::update(clients::table.find(id.as_str()))
        .set((
            clients::previous_secret_hash.eq(clients::secret_hash),
            clients::previous_secret_expires_at.eq(Some(overlap_until.0)),
            clients::secret_hash.eq(Some(secret.as_bytes())),
            clients::updated_at.eq(now.0),
        ))
        .execute(&mut **tx)?;
    Ok(done > 0)
}

/// Replaces what a client registered. False when there is no such client.
///
/// # Errors
/// [`StoreError`].
pub fn replace_metadata(tx: &mut WriteTx<'_>, id: &ClientId, metadata: &ClientMetadata, now: UnixSeconds) -> Result<bool, StoreError> {
    let json = serde_json::to_string(metadata).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    Ok(diesel::update(clients::table.find(id.as_str())).set((clients::metadata.eq(json), clients::updated_at.eq(now.0))).execute(&mut **tx)? > 0)
}

/// Switches a client on or off; false when it is so already.
///
/// # Errors
/// [`StoreError`].
pub fn switch_client(tx: &mut WriteTx<'_>, id: &ClientId, is_enabled: bool, now: UnixSeconds) -> Result<bool, StoreError> {
    let row = clients::table.find(id.as_str());
    let done = if is_enabled {
        diesel::update(row.filter(clients::disabled_at.is_not_null())).set((clients::disabled_at.eq(None::<i64>), clients::updated_at.eq(now.0))).execute(&mut **tx)?
    } else {
        diesel::update(row.filter(clients::disabled_at.is_null())).set((clients::disabled_at.eq(Some(now.0)), clients::updated_at.eq(now.0))).execute(&mut **tx)?
    };
    Ok(done > 0)
}

/// Removes a client and everything that was granted to it. False when there was none.
///
/// # Errors
/// [`StoreError`].
pub fn remove_client(tx: &mut WriteTx<'_>, id: &ClientId) -> Result<bool, StoreError> {
    Ok(diesel::delete(clients::table.find(id.as_str())).execute(&mut **tx)? > 0)
}

/// Takes the `jti` of a client assertion: `Conflict` means that it was taken before, on whatever node.
///
/// # Errors
/// [`StoreError::Conflict`].
pub fn redeem_assertion_id(tx: &mut WriteTx<'_>, client: &ClientId, jti: &str, expires_at: UnixSeconds) -> Result<(), StoreError> {
    let hash = sha256(format!("{client}|{jti}").as_bytes());
    diesel::insert_into(client_assertions::table)
        .values((client_assertions::hash.eq(hash.to_vec()), client_assertions::expires_at.eq(expires_at.0)))
        .execute(&mut **tx)?;
    Ok(())
}

/// Removes assertion ids that have expired.
///
/// # Errors
/// [`StoreError`].
pub fn sweep_assertion_ids(tx: &mut WriteTx<'_>, before: UnixSeconds) -> Result<usize, StoreError> {
    Ok(diesel::delete(client_assertions::table.filter(client_assertions::expires_at.lt(before.0))).execute(&mut **tx)?)
}
