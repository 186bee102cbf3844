//! Leases: of several nodes, one at a time does a periodic job.

use diesel::prelude::*;

use super::{StoreError, WriteTx};
use crate::base::time::UnixSeconds;

mod tables {
    diesel::table! {
        leases (name) { name -> Text, holder -> Text, expires_at -> BigInt, }
    }
}

use tables::leases;

/// Takes or renews the lease `name` for `holder` until `until`. False when another node holds it.
///
/// # Errors
/// [`StoreError::Conflict`] when two nodes took it for the first time at once: one of them has it.
pub fn take_lease(tx: &mut WriteTx<'_>, name: &str, holder: &str, now: UnixSeconds, until: UnixSeconds) -> Result<bool, StoreError> {
    let is_free = leases::holder.eq(holder).or(leases::expires_at.le(now.0));
    let taken = diesel::update(leases::table.filter(leases::name.eq(name)).filter(is_free))
        .set((leases::holder.eq(holder), leases::expires_at.eq(until.0)))
        .execute(&mut **tx)?;
    if taken > 0 {
        return Ok(true);
    }
    let is_held: Option<String> = leases::table.find(name).select(leases::holder).first(&mut **tx).optional()?;
    if is_held.is_some() {
        return Ok(false);
    }
    diesel::insert_into(leases::table).values((leases::name.eq(name), leases::holder.eq(holder), leases::expires_at.eq(until.0))).execute(&mut **tx)?;
    Ok(true)
}
