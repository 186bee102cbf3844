//! The table of changes of contact.

use diesel::prelude::*;
use zeroize::Zeroizing;

use super::ContactKind;
use crate::base::contact::EmailAddress;
use crate::base::ids::{ContactChangeId, CustomerId, SessionId};
use crate::base::page::MAX_PAGE;
use crate::base::time::UnixSeconds;
use crate::identity::tickets::Purpose;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;
use crate::platform::vault::{self, Cell, blind_index};

mod tables {
    diesel::table! {
        contact_changes (id) {
            id -> Text, customer_id -> Text, kind -> Text, session_id -> Text, value_sealed -> Binary, snapshot_sealed -> Nullable<Binary>, old_email_index -> Nullable<Binary>,
            begun_at -> BigInt, applied_at -> Nullable<BigInt>, undone_at -> Nullable<BigInt>, applied_at_micros -> Nullable<BigInt>,
        }
    }
}

use tables::contact_changes;

const VALUE: Cell = Cell { table: "contact_changes", column: "value_sealed" };
const SNAPSHOT: Cell = Cell { table: "contact_changes", column: "snapshot_sealed" };

/// A change of contact.
#[derive(Clone)]
pub struct ContactChange {
    /// Its id.
    pub id: ContactChangeId,
    /// Whose it is.
    pub customer: CustomerId,
    /// What is changed.
    pub kind: ContactKind,
    /// The new value.
    pub value: String,
    /// When it was begun.
    pub begun_at: UnixSeconds,
    /// When it was proven, and took effect.
    pub applied_at: Option<UnixSeconds>,
    /// When it was taken back.
    pub undone_at: Option<UnixSeconds>,
}

/// Begins a change in a session; an earlier one of this kind that was not proven is void.
///
/// # Errors
/// [`StoreError`].
pub fn insert_change(tx: &mut WriteTx<'_>, tools: &Tools, customer: &CustomerId, session: &SessionId, kind: ContactKind, value: &str) -> Result<ContactChangeId, StoreError> {
    use contact_changes::dsl;
    let open = dsl::contact_changes.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::kind.eq(kind.word())).filter(dsl::applied_at.is_null());
    diesel::delete(open).execute(&mut **tx)?;
    let id = ContactChangeId::generate(tools.now_micros(), tools.entropy());
    let key = vault::need_data_key(tx, &tools.ring, customer.as_str())?;
    diesel::insert_into(dsl::contact_changes)
        .values((
            dsl::id.eq(id.as_str()),
            dsl::customer_id.eq(customer.as_str()),
            dsl::kind.eq(kind.word()),
            dsl::session_id.eq(session.as_str()),
            dsl::value_sealed.eq(key.seal_in_row(VALUE, id.as_str(), value.as_bytes(), tools.entropy())?),
            dsl::begun_at.eq(tools.now().0),
        ))
        .execute(&mut **tx)?;
    Ok(id)
}

type Row = (String, String, String, Vec<u8>, i64, Option<i64>, Option<i64>);

macro_rules! columns {
    () => {
        (
            contact_changes::id,
            contact_changes::customer_id,
            contact_changes::kind,
            contact_changes::value_sealed,
            contact_changes::begun_at,
            contact_changes::applied_at,
            contact_changes::undone_at,
        )
    };
}

/// Every change of a customer's contact that is still kept, newest first.
///
/// # Errors
/// [`StoreError`].
pub fn list_changes(connection: &mut DbConnection, tools: &Tools, customer: &CustomerId) -> Result<Vec<ContactChange>, StoreError> {
    let mine = contact_changes::table.filter(contact_changes::customer_id.eq(customer.as_str())).order(contact_changes::id.desc()).limit(i64::from(MAX_PAGE));
    let rows: Vec<Row> = mine.select(columns!()).load(connection)?;
    rows.into_iter().map(|row| open(connection, tools, row)).collect()
}

fn open(connection: &mut DbConnection, tools: &Tools, (id, customer, kind, value, begun_at, applied_at, undone_at): Row) -> Result<ContactChange, StoreError> {
    let corrupt = |column| StoreError::corrupt("contact_changes", column, id.clone());
    let plain = vault::need_data_key(connection, &tools.ring, &customer)?.open_in_row(VALUE, &id, &value)?;
    Ok(ContactChange {
        customer: customer.parse().map_err(|_| corrupt("customer_id"))?,
        kind: ContactKind::parse(&kind).ok_or_else(|| corrupt("kind"))?,
        value: std::str::from_utf8(&plain).map_err(|_| corrupt("value_sealed"))?.to_owned(),
        begun_at: UnixSeconds(begun_at),
        applied_at: applied_at.map(UnixSeconds),
        undone_at: undone_at.map(UnixSeconds),
        id: id.parse().map_err(|_| corrupt("id"))?,
    })
}

/// A change by id.
///
/// # Errors
/// [`StoreError`].
pub fn find_change(connection: &mut DbConnection, tools: &Tools, id: &ContactChangeId) -> Result<Option<ContactChange>, StoreError> {
    let row: Option<Row> = contact_changes::table.find(id.as_str()).select(columns!()).first(connection).optional()?;
    row.map(|row| open(connection, tools, row)).transpose()
}

/// The change of this kind that waits for its code in a session.
///
/// # Errors
/// [`StoreError`].
pub fn find_open(connection: &mut DbConnection, tools: &Tools, customer: &CustomerId, session: &SessionId, kind: ContactKind) -> Result<Option<ContactChange>, StoreError> {
    use contact_changes::dsl;
    let mine = dsl::contact_changes.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::session_id.eq(session.as_str())).filter(dsl::kind.eq(kind.word()));
    let row: Option<Row> = mine.filter(dsl::applied_at.is_null()).select(columns!()).first(connection).optional()?;
    row.map(|row| open(connection, tools, row)).transpose()
}

/// Notes that a change took effect, with the account as it was before; `old_email` is kept free until it cannot be taken back any longer.
///
/// # Errors
/// [`StoreError`].
pub fn apply_change(tx: &mut WriteTx<'_>, tools: &Tools, change: &ContactChange, snapshot: &[u8], old_email: Option<&EmailAddress>) -> Result<bool, StoreError> {
    use contact_changes::dsl;
    let key = vault::need_data_key(tx, &tools.ring, change.customer.as_str())?;
    let sealed = key.seal_in_row(SNAPSHOT, change.id.as_str(), snapshot, tools.entropy())?;
    let open = dsl::contact_changes.find(change.id.as_str()).filter(dsl::applied_at.is_null());
    let index = old_email.map(|email| blind_index(&tools.ring, "email", email.as_str()));
    let applied = (
        dsl::applied_at.eq(Some(tools.now().0)),
        dsl::applied_at_micros.eq(Some(tools.now_micros().0)),
        dsl::snapshot_sealed.eq(Some(sealed)),
        dsl::old_email_index.eq(index),
    );
    Ok(diesel::update(open).set(applied).execute(&mut **tx)? > 0)
}

/// Whether `email` belonged to another customer than `but` until lately, who may still take the change back.
///
/// # Errors
/// [`StoreError`].
pub fn is_reserved(connection: &mut DbConnection, tools: &Tools, email: &EmailAddress, but: Option<&CustomerId>) -> Result<bool, StoreError> {
    use contact_changes::dsl;
    let index = blind_index(&tools.ring, "email", email.as_str());
    let since = tools.now().plus(-Purpose::Undo.seconds());
    let left = dsl::contact_changes.filter(dsl::old_email_index.eq(index)).filter(dsl::applied_at.gt(since.0)).filter(dsl::undone_at.is_null());
    let found: Option<String> = left.filter(dsl::customer_id.ne(but.map_or("", CustomerId::as_str))).select(dsl::id).first(connection).optional()?;
    Ok(found.is_some())
}

/// The account as it was before a change; none when it is too old, or was never applied.
///
/// # Errors
/// [`StoreError`].
pub fn find_snapshot(connection: &mut DbConnection, tools: &Tools, change: &ContactChange) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
    let sealed: Option<Option<Vec<u8>>> = contact_changes::table.find(change.id.as_str()).select(contact_changes::snapshot_sealed).first(connection).optional()?;
    let Some(sealed) = sealed.flatten() else { return Ok(None) };
    vault::need_data_key(connection, &tools.ring, change.customer.as_str())?.open_in_row(SNAPSHOT, change.id.as_str(), &sealed).map(Some)
}

/// Notes that a change, and every one that was applied after it, was taken back.
///
/// # Errors
/// [`StoreError`].
pub fn undo_changes(tx: &mut WriteTx<'_>, change: &ContactChange, now: UnixSeconds) -> Result<usize, StoreError> {
    use contact_changes::dsl;
    let own: Option<Option<i64>> = dsl::contact_changes.find(change.id.as_str()).select(dsl::applied_at_micros).first(&mut **tx).optional()?;
    let later = dsl::contact_changes.filter(dsl::customer_id.eq(change.customer.as_str())).filter(dsl::applied_at_micros.ge(own.flatten()));
    Ok(diesel::update(later.filter(dsl::undone_at.is_null())).set(dsl::undone_at.eq(Some(now.0))).execute(&mut **tx)?)
}

/// Notes that one change was taken back, and no other.
///
/// # Errors
/// [`StoreError`].
pub fn undo_one(tx: &mut WriteTx<'_>, change: &ContactChange, now: UnixSeconds) -> Result<bool, StoreError> {
    use contact_changes::dsl;
    let open = dsl::contact_changes.find(change.id.as_str()).filter(dsl::undone_at.is_null());
    Ok(diesel::update(open).set(dsl::undone_at.eq(Some(now.0))).execute(&mut **tx)? > 0)
}

/// Whether a change of the customer's took effect at `since` or later, and was not taken back.
///
/// # Errors
/// [`StoreError`].
pub fn has_changed_since(connection: &mut DbConnection, customer: &CustomerId, since: UnixSeconds) -> Result<bool, StoreError> {
    use contact_changes::dsl;
    let recent = dsl::contact_changes.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::applied_at.ge(since.0)).filter(dsl::undone_at.is_null());
    let found: Option<String> = recent.select(dsl::id).first(connection).optional()?;
    Ok(found.is_some())
}

/// Forgets changes that were begun before `before`: they can no longer be taken back.
///
/// # Errors
/// [`StoreError`].
pub fn sweep_changes(tx: &mut WriteTx<'_>, before: UnixSeconds, limit: i64) -> Result<usize, StoreError> {
    use contact_changes::dsl;
    let old: Vec<String> = dsl::contact_changes.filter(dsl::begun_at.lt(before.0)).select(dsl::id).limit(limit).load(&mut **tx)?;
    Ok(diesel::delete(dsl::contact_changes.filter(dsl::id.eq_any(old))).execute(&mut **tx)?)
}
