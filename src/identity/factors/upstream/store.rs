//! The tables of connected accounts and of the sign-ins at other providers that are under way. Of an account elsewhere we keep a blind index, and what its owner recognises it by, sealed.

use diesel::prelude::*;

use super::Arrived;
use super::client::Asked;
use crate::base::encoding::hex;
use crate::base::ids::{CustomerId, FlowId};
use crate::base::secret::Secret;
use crate::base::time::UnixSeconds;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;
use crate::platform::vault::{self, Cell};

mod tables {
    diesel::table! {
        upstream_links (subject_index) {
            subject_index -> Binary, customer_id -> Text, upstream -> Text, label_sealed -> Binary, created_at -> BigInt, last_used_at -> BigInt,
        }
    }
    diesel::table! {
        upstream_tries (flow_id) { flow_id -> Text, hash -> Binary, upstream -> Text, asked_sealed -> Binary, expires_at -> BigInt, }
    }
}

use tables::{upstream_links, upstream_tries};

const LABEL: Cell = Cell { table: "upstream_links", column: "label_sealed" };
/// How long somebody may take at the other provider, in seconds.
pub const TRY_SECONDS: i64 = 900;

/// A connected account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The blind index of issuer and subject.
    pub index: Vec<u8>,
    /// The provider's id here.
    pub upstream: String,
    /// What its owner recognises it by.
    pub label: String,
    /// When it was connected.
    pub created_at: UnixSeconds,
    /// When it was last signed in with.
    pub last_used_at: UnixSeconds,
}

fn place(flow: &str) -> String {
    format!("upstream_tries|asked|{flow}")
}

/// Keeps what was asked of a provider in a sign-in, and whether an account there is to be connected rather than signed in with; what was asked before in the same one is forgotten. `state` is what comes back with the answer.
///
/// # Errors
/// [`StoreError`].
pub fn keep_try(tx: &mut WriteTx<'_>, tools: &Tools, flow: &FlowId, upstream: &str, state: &Secret, asked: &Asked, is_connecting: bool) -> Result<(), StoreError> {
    use upstream_tries::dsl;
    let plain = serde_json::to_vec(&(asked, is_connecting)).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let sealed = tools.ring.flows.seal(&plain, &place(flow.as_str()), tools.entropy()).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    diesel::delete(dsl::upstream_tries.find(flow.as_str())).execute(&mut **tx)?;
    diesel::insert_into(dsl::upstream_tries)
        .values((
            dsl::flow_id.eq(flow.as_str()),
            dsl::hash.eq(state.hash().as_bytes()),
            dsl::upstream.eq(upstream),
            dsl::asked_sealed.eq(sealed),
            dsl::expires_at.eq(tools.now().plus(TRY_SECONDS).0),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Takes what was asked under `state` of `upstream`: of parallel answers one gets it, whatever becomes of it.
///
/// # Errors
/// [`StoreError::Corrupt`] when it does not open.
pub fn take_try(tx: &mut WriteTx<'_>, tools: &Tools, upstream: &str, state: &Secret) -> Result<Option<(FlowId, Asked, bool)>, StoreError> {
    use upstream_tries::dsl;
    let hash = state.hash();
    let row: Option<(String, Vec<u8>, i64)> = dsl::upstream_tries
        .filter(dsl::hash.eq(hash.as_bytes()))
        .filter(dsl::upstream.eq(upstream))
        .select((dsl::flow_id, dsl::asked_sealed, dsl::expires_at))
        .first(&mut **tx)
        .optional()?;
    let Some((flow, sealed, expires_at)) = row else { return Ok(None) };
    let mine = dsl::upstream_tries.find(flow.as_str()).filter(dsl::hash.eq(hash.as_bytes()));
    if diesel::delete(mine).execute(&mut **tx)? == 0 || expires_at <= tools.now().0 {
        return Ok(None);
    }
    let corrupt = || StoreError::corrupt("upstream_tries", "asked_sealed", flow.clone());
    let plain = tools.ring.flows.open(&sealed, &place(&flow)).map_err(|_| corrupt())?;
    let (asked, is_connecting) = serde_json::from_slice(&plain).map_err(|_| corrupt())?;
    Ok(Some((flow.parse().map_err(|_| corrupt())?, asked, is_connecting)))
}

/// Removes what was asked and never answered.
///
/// # Errors
/// [`StoreError`].
pub fn sweep_tries(tx: &mut WriteTx<'_>, before: UnixSeconds, limit: i64) -> Result<usize, StoreError> {
    use upstream_tries::dsl;
    let old: Vec<String> = dsl::upstream_tries.filter(dsl::expires_at.lt(before.0)).select(dsl::flow_id).limit(limit).load(&mut **tx)?;
    Ok(diesel::delete(dsl::upstream_tries.filter(dsl::flow_id.eq_any(old)).filter(dsl::expires_at.lt(before.0))).execute(&mut **tx)?)
}

/// Whose account it is.
///
/// # Errors
/// [`StoreError`].
pub fn find_customer(connection: &mut DbConnection, index: &[u8]) -> Result<Option<CustomerId>, StoreError> {
    let found: Option<String> = upstream_links::table.find(index).select(upstream_links::customer_id).first(connection).optional()?;
    found.map(|id| id.parse().map_err(|_| StoreError::corrupt("upstream_links", "customer_id", id))).transpose()
}

/// How many a customer has.
///
/// # Errors
/// [`StoreError`].
pub fn count_links(connection: &mut DbConnection, customer: &CustomerId) -> Result<i64, StoreError> {
    Ok(upstream_links::table.filter(upstream_links::customer_id.eq(customer.as_str())).count().get_result(connection)?)
}

/// Connects an account.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody has it already.
pub fn insert_link(tx: &mut WriteTx<'_>, tools: &Tools, customer: &CustomerId, arrived: &Arrived) -> Result<(), StoreError> {
    use upstream_links::dsl;
    let key = vault::need_data_key(tx, &tools.ring, customer.as_str())?;
    let label = key.seal_in_row(LABEL, &hex(&arrived.index), arrived.label().as_bytes(), tools.entropy())?;
    let now = tools.now().0;
    diesel::insert_into(dsl::upstream_links)
        .values((
            dsl::subject_index.eq(&arrived.index),
            dsl::customer_id.eq(customer.as_str()),
            dsl::upstream.eq(&arrived.upstream),
            dsl::label_sealed.eq(label),
            dsl::created_at.eq(now),
            dsl::last_used_at.eq(now),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// The accounts that a customer connected, oldest first.
///
/// # Errors
/// [`StoreError::Corrupt`] when a label does not open.
pub fn list_links(connection: &mut DbConnection, tools: &Tools, customer: &CustomerId) -> Result<Vec<Link>, StoreError> {
    type Row = (Vec<u8>, String, Vec<u8>, i64, i64);
    let rows: Vec<Row> = upstream_links::table
        .filter(upstream_links::customer_id.eq(customer.as_str()))
        .order((upstream_links::created_at, upstream_links::subject_index))
        .select((upstream_links::subject_index, upstream_links::upstream, upstream_links::label_sealed, upstream_links::created_at, upstream_links::last_used_at))
        .load(connection)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = vault::need_data_key(connection, &tools.ring, customer.as_str())?;
    let open = |(index, upstream, label, created_at, last_used_at): Row| {
        let name = hex(&index);
        let label = key.open_in_row(LABEL, &name, &label)?;
        let label = String::from_utf8(label.to_vec()).map_err(|_| StoreError::corrupt("upstream_links", "label_sealed", name))?;
        Ok(Link { index, upstream, label, created_at: UnixSeconds(created_at), last_used_at: UnixSeconds(last_used_at) })
    };
    rows.into_iter().map(open).collect()
}

/// Notes that an account was signed in with.
///
/// # Errors
/// [`StoreError`].
pub fn note_use(tx: &mut WriteTx<'_>, index: &[u8], now: UnixSeconds) -> Result<(), StoreError> {
    diesel::update(upstream_links::table.find(index)).set(upstream_links::last_used_at.eq(now.0)).execute(&mut **tx)?;
    Ok(())
}

/// Disconnects one account of a customer; false when there is no such.
///
/// # Errors
/// [`StoreError`].
pub fn remove_link(tx: &mut WriteTx<'_>, customer: &CustomerId, index: &[u8]) -> Result<bool, StoreError> {
    Ok(diesel::delete(upstream_links::table.find(index).filter(upstream_links::customer_id.eq(customer.as_str()))).execute(&mut **tx)? > 0)
}

/// Disconnects all of a customer; how many there were.
///
/// # Errors
/// [`StoreError`].
pub fn remove_links_of(tx: &mut WriteTx<'_>, customer: &CustomerId) -> Result<usize, StoreError> {
    Ok(diesel::delete(upstream_links::table.filter(upstream_links::customer_id.eq(customer.as_str()))).execute(&mut **tx)?)
}
