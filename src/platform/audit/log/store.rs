//! The tables of the log's nodes and of its signed heads.

use diesel::prelude::*;

use crate::base::time::UnixSeconds;
use crate::platform::audit::head::TreeHead;
use crate::platform::audit::store as events;
use crate::platform::audit::tree::{Completed, Hash, Nodes, node_hash};
use crate::platform::db::{DbConnection, StoreError, WriteTx};

mod tables {
    diesel::table! {
        audit_nodes (level, node) { level -> BigInt, node -> BigInt, hash -> Binary, }
    }
    diesel::table! {
        audit_heads (size) { size -> BigInt, signed_at -> BigInt, note -> Text, }
    }
}

use tables::{audit_heads, audit_nodes};

/// From this level on nodes are kept; those below come of sixteen leaves at most.
const KEPT_LEVEL: u32 = 4;

fn number(value: impl TryInto<i64>) -> Result<i64, StoreError> {
    value.try_into().map_err(|_| StoreError::Unavailable("a number is out of range".to_owned()))
}

/// The complete nodes, read where they are kept or made from what is below.
pub(super) struct StoredNodes<'a> {
    pub connection: &'a mut DbConnection,
}

impl Nodes for StoredNodes<'_> {
    type Error = StoreError;

    fn node(&mut self, level: u32, index: u64) -> Result<Hash, StoreError> {
        let corrupt = |column| StoreError::corrupt("audit_nodes", column, format!("{level}/{index}"));
        let found = match level {
            0 => events::find_leaf(self.connection, number(index + 1)?)?,
            1..KEPT_LEVEL => {
                let below = self.node(level - 1, index * 2).and_then(|left| Ok(node_hash(&left, &self.node(level - 1, index * 2 + 1)?)));
                match below {
                    // The leaves are not kept any longer; where the rest of the tree needs them, their node is.
                    Err(StoreError::Corrupt { .. }) => None,
                    below => return below,
                }
            }
            _ => None,
        };
        let found = match found {
            Some(leaf) => Some(leaf),
            None => audit_nodes::table.find((i64::from(level), number(index)?)).select(audit_nodes::hash).first(self.connection).optional()?,
        };
        found.and_then(|hash| hash.try_into().ok()).ok_or_else(|| corrupt("hash"))
    }
}

/// Keeps a node that became complete, if it is of a level that is kept.
///
/// # Errors
/// [`StoreError::Conflict`] when another node of the cluster kept it.
pub(super) fn insert_node(tx: &mut WriteTx<'_>, (level, index, hash): Completed) -> Result<(), StoreError> {
    if level >= KEPT_LEVEL {
        let row = (audit_nodes::level.eq(i64::from(level)), audit_nodes::node.eq(number(index)?), audit_nodes::hash.eq(hash.to_vec()));
        diesel::insert_into(audit_nodes::table).values(row).execute(&mut **tx)?;
    }
    Ok(())
}

/// Keeps a node that would not be kept otherwise, since what is below it goes; those of higher levels are there.
///
/// # Errors
/// [`StoreError`].
pub(super) fn keep_low_node(tx: &mut WriteTx<'_>, (level, index, hash): Completed) -> Result<(), StoreError> {
    let place = (i64::from(level), number(index)?);
    if level >= KEPT_LEVEL || audit_nodes::table.find(place).select(audit_nodes::level).first::<i64>(&mut **tx).optional()?.is_some() {
        return Ok(());
    }
    let row = (audit_nodes::level.eq(place.0), audit_nodes::node.eq(place.1), audit_nodes::hash.eq(hash.to_vec()));
    diesel::insert_into(audit_nodes::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// The last heads over fewer than `size` events that stand there as signed before `before`, the largest first.
///
/// # Errors
/// [`StoreError`].
pub(super) fn list_last_heads_before(connection: &mut DbConnection, before: UnixSeconds, size: u64, limit: i64) -> Result<Vec<SignedHead>, StoreError> {
    let columns = (audit_heads::size, audit_heads::signed_at, audit_heads::note);
    let old = audit_heads::table.filter(audit_heads::signed_at.lt(before.0)).filter(audit_heads::size.lt(number(size)?));
    Ok(old.order(audit_heads::size.desc()).limit(limit).select(columns).load(connection)?.into_iter().map(read).collect())
}

/// Removes the heads over no more than `size` events.
///
/// # Errors
/// [`StoreError`].
pub(super) fn remove_heads(tx: &mut WriteTx<'_>, size: u64) -> Result<usize, StoreError> {
    Ok(diesel::delete(audit_heads::table.filter(audit_heads::size.le(number(size)?))).execute(&mut **tx)?)
}

/// A head that was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedHead {
    /// Events in it.
    pub size: u64,
    /// When.
    pub signed_at: UnixSeconds,
    /// The signed note.
    pub note: String,
}

fn read((size, signed_at, note): (i64, i64, String)) -> SignedHead {
    SignedHead { size: u64::try_from(size).unwrap_or(0), signed_at: UnixSeconds(signed_at), note }
}

/// The last head.
///
/// # Errors
/// [`StoreError`].
pub fn find_last_head(connection: &mut DbConnection) -> Result<Option<SignedHead>, StoreError> {
    let columns = (audit_heads::size, audit_heads::signed_at, audit_heads::note);
    Ok(audit_heads::table.order(audit_heads::size.desc()).select(columns).first(connection).optional()?.map(read))
}

/// The heads of sizes from `from` to `to`.
///
/// # Errors
/// [`StoreError`].
pub fn list_heads(connection: &mut DbConnection, from: u64, to: u64) -> Result<Vec<SignedHead>, StoreError> {
    let columns = (audit_heads::size, audit_heads::signed_at, audit_heads::note);
    let between = audit_heads::table.filter(audit_heads::size.ge(number(from)?)).filter(audit_heads::size.le(number(to)?));
    Ok(between.order(audit_heads::size).select(columns).load(connection)?.into_iter().map(read).collect())
}

/// Keeps a head.
///
/// # Errors
/// [`StoreError::Conflict`] when there is one of this size.
pub(super) fn insert_head(tx: &mut WriteTx<'_>, head: &TreeHead, note: &str) -> Result<(), StoreError> {
    let row = (audit_heads::size.eq(number(head.size)?), audit_heads::signed_at.eq(head.signed_at.0), audit_heads::note.eq(note));
    diesel::insert_into(audit_heads::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// Thins heads out: of those signed before `before`, one an hour stays.
///
/// # Errors
/// [`StoreError`].
pub fn sweep_heads(tx: &mut WriteTx<'_>, before: UnixSeconds, limit: i64) -> Result<usize, StoreError> {
    let old: Vec<(i64, i64)> = audit_heads::table
        .filter(audit_heads::signed_at.lt(before.0))
        .order(audit_heads::size.desc())
        .limit(limit)
        .select((audit_heads::size, audit_heads::signed_at))
        .load(&mut **tx)?;
    let mut hour = i64::MAX;
    let surplus: Vec<i64> = old
        .into_iter()
        .filter_map(|(size, at)| {
            let is_kept = at.div_euclid(3_600) != hour;
            hour = at.div_euclid(3_600);
            (!is_kept).then_some(size)
        })
        .collect();
    Ok(diesel::delete(audit_heads::table.filter(audit_heads::size.eq_any(surplus))).execute(&mut **tx)?)
}
