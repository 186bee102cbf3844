//! The tables of waiting authorization requests and of consents.

use diesel::prelude::*;

use super::model::{AuthorizationRequest, WaitingRequest};
use crate::base::ids::{ClientId, CustomerId, FlowId};
use crate::base::secret::SecretHash;
use crate::base::time::{UnixMicros, UnixSeconds};
use crate::oauth::scope::Scope;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;

mod tables {
    diesel::table! {
        authorization_requests (id) {
            id -> Text, browser_hash -> Binary, client_id -> Text, request_sealed -> Binary, created_at_micros -> BigInt, expires_at -> BigInt, answered_at -> Nullable<BigInt>,
        }
    }
    diesel::table! {
        consents (customer_id, client_id) { customer_id -> Text, client_id -> Text, scope -> Text, updated_at -> BigInt, }
    }
}

use tables::{authorization_requests, consents};

fn place(id: &FlowId) -> String {
    format!("authorization_requests|request|{id}")
}

fn seal(tools: &Tools, id: &FlowId, request: &AuthorizationRequest) -> Result<Vec<u8>, StoreError> {
    let plain = serde_json::to_vec(request).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    tools.ring.flows.seal(&plain, &place(id), tools.entropy()).map_err(|error| StoreError::Unavailable(error.to_string()))
}

/// Stores a request that waits for its customer. Its id is the caller's, so that the sign-in can name it.
///
/// # Errors
/// [`StoreError`].
pub fn insert_request(
    tx: &mut WriteTx<'_>,
    tools: &Tools,
    id: &FlowId,
    browser: &SecretHash,
    request: &AuthorizationRequest,
    at: UnixMicros,
    expires_at: UnixSeconds,
) -> Result<(), StoreError> {
    use authorization_requests::dsl;
    diesel::insert_into(dsl::authorization_requests)
        .values((
            dsl::id.eq(id.as_str()),
            dsl::browser_hash.eq(browser.as_bytes()),
            dsl::client_id.eq(request.client_id.as_str()),
            dsl::request_sealed.eq(seal(tools, id, request)?),
            dsl::created_at_micros.eq(at.0),
            dsl::expires_at.eq(expires_at.0),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// A waiting request, expired or answered or not.
///
/// # Errors
/// [`StoreError::Corrupt`] when it does not open.
pub fn find_request(connection: &mut DbConnection, tools: &Tools, id: &FlowId) -> Result<Option<WaitingRequest>, StoreError> {
    use authorization_requests::dsl;
    type Row = (Vec<u8>, Vec<u8>, i64, i64, Option<i64>);
    let row: Option<Row> = dsl::authorization_requests
        .find(id.as_str())
        .select((dsl::browser_hash, dsl::request_sealed, dsl::created_at_micros, dsl::expires_at, dsl::answered_at))
        .first(connection)
        .optional()?;
    let Some((browser_hash, sealed, created_at, expires_at, answered_at)) = row else { return Ok(None) };
    let corrupt = || StoreError::corrupt("authorization_requests", "request_sealed", id.as_str());
    let plain = tools.ring.flows.open(&sealed, &place(id)).map_err(|_| corrupt())?;
    Ok(Some(WaitingRequest {
        id: id.clone(),
        request: serde_json::from_slice(&plain).map_err(|_| corrupt())?,
        created_at: UnixMicros(created_at),
        expires_at: UnixSeconds(expires_at),
        answered_at: answered_at.map(UnixSeconds),
        browser_hash,
    }))
}

/// Replaces the stored form of a waiting request.
///
/// # Errors
/// [`StoreError`].
pub fn replace_request(tx: &mut WriteTx<'_>, tools: &Tools, id: &FlowId, request: &AuthorizationRequest) -> Result<(), StoreError> {
    use authorization_requests::dsl;
    diesel::update(dsl::authorization_requests.find(id.as_str()).filter(dsl::answered_at.is_null()))
        .set(dsl::request_sealed.eq(seal(tools, id, request)?))
        .execute(&mut **tx)?;
    Ok(())
}

/// Takes a waiting request for its answer; false when it was answered before.
///
/// # Errors
/// [`StoreError`].
pub fn redeem_request(tx: &mut WriteTx<'_>, id: &FlowId, now: UnixSeconds) -> Result<bool, StoreError> {
    use authorization_requests::dsl;
    let done = diesel::update(dsl::authorization_requests.find(id.as_str()).filter(dsl::answered_at.is_null()).filter(dsl::expires_at.gt(now.0)))
        .set(dsl::answered_at.eq(Some(now.0)))
        .execute(&mut **tx)?;
    Ok(done > 0)
}

/// Removes requests that expired before `before`.
///
/// # Errors
/// [`StoreError`].
pub fn sweep_requests(tx: &mut WriteTx<'_>, before: UnixSeconds, limit: i64) -> Result<usize, StoreError> {
    use authorization_requests::dsl;
    let old: Vec<String> = dsl::authorization_requests.filter(dsl::expires_at.lt(before.0)).select(dsl::id).limit(limit).load(&mut **tx)?;
    Ok(diesel::delete(dsl::authorization_requests.filter(dsl::id.eq_any(old))).execute(&mut **tx)?)
}

/// What a customer agreed to share with a client; empty when nothing.
///
/// # Errors
/// [`StoreError`].
pub fn find_consent(connection: &mut DbConnection, customer: &CustomerId, client: &ClientId) -> Result<Scope, StoreError> {
    let scope: Option<String> = consents::table.find((customer.as_str(), client.as_str())).select(consents::scope).first(connection).optional()?;
    Ok(Scope::from(scope.unwrap_or_default()))
}

/// Adds to what a customer agreed to.
///
/// # Errors
/// [`StoreError`].
pub fn extend_consent(tx: &mut WriteTx<'_>, customer: &CustomerId, client: &ClientId, scope: &Scope, now: UnixSeconds) -> Result<(), StoreError> {
    let before = find_consent(tx, customer, client)?;
    let text = before.union(scope).to_text();
    let done = diesel::update(consents::table.find((customer.as_str(), client.as_str()))).set((consents::scope.eq(&text), consents::updated_at.eq(now.0))).execute(&mut **tx)?;
    if done == 0 {
        diesel::insert_into(consents::table)
            .values((consents::customer_id.eq(customer.as_str()), consents::client_id.eq(client.as_str()), consents::scope.eq(&text), consents::updated_at.eq(now.0)))
            .execute(&mut **tx)?;
    }
    Ok(())
}

/// What a customer agreed to share, with which client, and when.
///
/// # Errors
/// [`StoreError`].
pub fn list_consents(connection: &mut DbConnection, customer: &CustomerId) -> Result<Vec<(ClientId, Scope, UnixSeconds)>, StoreError> {
    use consents::dsl;
    let rows: Vec<(String, String, i64)> = dsl::consents
        .filter(dsl::customer_id.eq(customer.as_str()))
        .order(dsl::client_id)
        .limit(500)
        .select((dsl::client_id, dsl::scope, dsl::updated_at))
        .load(connection)?;
    rows.into_iter()
        .map(|(client, scope, at)| {
            let id = client.parse().map_err(|_| StoreError::corrupt("consents", "client_id", client.clone()))?;
            Ok((id, Scope::from(scope), UnixSeconds(at)))
        })
        .collect()
}

/// Takes back what a customer agreed to share with a client.
///
/// # Errors
/// [`StoreError`].
pub fn remove_consent(tx: &mut WriteTx<'_>, customer: &CustomerId, client: &ClientId) -> Result<bool, StoreError> {
    Ok(diesel::delete(consents::table.find((customer.as_str(), client.as_str()))).execute(&mut **tx)? > 0)
}
