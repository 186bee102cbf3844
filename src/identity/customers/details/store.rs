//! The cells of the table of customers that hold what customers say of themselves.

use diesel::prelude::*;

use crate::base::assurance::FactorKind;
use crate::base::contact::PhoneNumber;
use crate::base::ids::CustomerId;
use crate::base::time::UnixSeconds;
use crate::identity::customers::address_book::AddressBook;
use crate::identity::customers::store::KeptCustomer;
use crate::identity::customers::store::tables::customers;
use crate::identity::customers::store::{ADDRESS, PHRASE, PROFILE};
use crate::identity::customers::{CustomerRole, CustomerStatus, Profile};
use crate::platform::crypto::keyring::KeyRing;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;
use crate::platform::vault::{self, blind_index};

mod tables {
    diesel::table! {
        /// More columns of the table of customers: diesel counts to 32.
        #[sql_name = "customers"]
        customer_dates (id) { id -> Text, erase_at -> Nullable<BigInt>, passkey_offered_at -> Nullable<BigInt>, }
    }
}

use tables::customer_dates;

/// Keeps the phrase that genuine mails are known by; none takes it away.
///
/// # Errors
/// [`StoreError`].
pub fn keep_phrase(tx: &mut WriteTx<'_>, tools: &Tools, id: &CustomerId, phrase: Option<&str>) -> Result<(), StoreError> {
    let key = vault::need_data_key(tx, &tools.ring, id.as_str())?;
    let sealed = phrase.map(|phrase| key.seal(PHRASE, phrase, tools.entropy())).transpose()?;
    diesel::update(customers::table.find(id.as_str())).set(customers::phrase_sealed.eq(sealed)).execute(&mut **tx)?;
    Ok(())
}

/// Keeps the postal addresses of a customer.
///
/// # Errors
/// [`StoreError`].
pub fn keep_addresses(tx: &mut WriteTx<'_>, tools: &Tools, id: &CustomerId, book: &AddressBook) -> Result<(), StoreError> {
    let key = vault::need_data_key(tx, &tools.ring, id.as_str())?;
    let plain = serde_json::to_string(book).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let sealed = if book.entries().is_empty() { None } else { Some(key.seal(ADDRESS, &plain, tools.entropy())?) };
    diesel::update(customers::table.find(id.as_str())).set((customers::address_sealed.eq(sealed), customers::updated_at.eq(tools.now().0))).execute(&mut **tx)?;
    Ok(())
}

/// Keeps the profile of a customer.
///
/// # Errors
/// [`StoreError`].
pub fn keep_profile(tx: &mut WriteTx<'_>, tools: &Tools, id: &CustomerId, profile: &Profile) -> Result<(), StoreError> {
    let key = vault::need_data_key(tx, &tools.ring, id.as_str())?;
    let plain = serde_json::to_string(profile).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let sealed = key.seal(PROFILE, &plain, tools.entropy())?;
    diesel::update(customers::table.find(id.as_str())).set((customers::profile_sealed.eq(sealed), customers::updated_at.eq(tools.now().0))).execute(&mut **tx)?;
    Ok(())
}

/// Notes that a second factor is owed, since `at`; none when one is there again, or none is wanted.
///
/// # Errors
/// [`StoreError`].
pub fn keep_suspension(tx: &mut WriteTx<'_>, id: &CustomerId, at: Option<UnixSeconds>) -> Result<(), StoreError> {
    diesel::update(customers::table.find(id.as_str())).set(customers::factors_suspended_at.eq(at.map(|at| at.0))).execute(&mut **tx)?;
    Ok(())
}

/// Keeps by which channels the password was replaced; none when another one was shown since.
///
/// # Errors
/// [`StoreError`].
pub fn keep_recovered_by(tx: &mut WriteTx<'_>, id: &CustomerId, kinds: &[FactorKind]) -> Result<(), StoreError> {
    let words: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
    let text = if words.is_empty() { None } else { Some(words.join(" ")) };
    diesel::update(customers::table.find(id.as_str())).set(customers::recovered_by.eq(text)).execute(&mut **tx)?;
    Ok(())
}

/// Brings the second mailbox back as it was when `kept` was taken, and nothing else; as one that is new.
///
/// # Errors
/// [`StoreError`].
pub fn restore_backup_email(tx: &mut WriteTx<'_>, id: &CustomerId, kept: &KeptCustomer, now: UnixSeconds) -> Result<(), StoreError> {
    let since = kept.backup_email_sealed.as_ref().map(|_| now.0);
    let restored = (customers::backup_email_sealed.eq(kept.backup_email_sealed.clone()), customers::backup_email_since.eq(since), customers::updated_at.eq(now.0));
    diesel::update(customers::table.find(id.as_str())).set(restored).execute(&mut **tx)?;
    Ok(())
}

/// Turns the channels for codes off that were turned on at `since` or later; how many.
///
/// # Errors
/// [`StoreError`].
pub fn end_code_channels_since(tx: &mut WriteTx<'_>, id: &CustomerId, since: UnixSeconds) -> Result<usize, StoreError> {
    let mine = || customers::table.find(id.as_str());
    let email = diesel::update(mine().filter(customers::email_codes_since.ge(since.0))).set(customers::email_codes_since.eq(None::<i64>)).execute(&mut **tx)?;
    let sms = diesel::update(mine().filter(customers::sms_codes_since.ge(since.0))).set(customers::sms_codes_since.eq(None::<i64>)).execute(&mut **tx)?;
    Ok(email + sms)
}

/// Has contact and addresses stand still until `until`.
///
/// # Errors
/// [`StoreError`].
pub fn freeze(tx: &mut WriteTx<'_>, id: &CustomerId, until: UnixSeconds) -> Result<(), StoreError> {
    diesel::update(customers::table.find(id.as_str())).set(customers::frozen_until.eq(Some(until.0))).execute(&mut **tx)?;
    Ok(())
}

/// What [`keep_origin`] changes; what is none stays.
#[derive(AsChangeset)]
#[diesel(table_name = customers)]
struct KeptOrigin<'a> {
    subject: Option<&'a str>,
    created_at: Option<i64>,
    status: &'a str,
}

/// Whether somebody has this telephone.
///
/// # Errors
/// [`StoreError`].
pub fn is_phone_taken(connection: &mut DbConnection, ring: &KeyRing, phone: &PhoneNumber) -> Result<bool, StoreError> {
    let index = blind_index(ring, "phone", phone.as_str());
    let found: Option<String> = customers::table.filter(customers::phone_index.eq(index)).select(customers::id).first(connection).optional()?;
    Ok(found.is_some())
}

/// Whether somebody has this subject.
///
/// # Errors
/// [`StoreError`].
pub fn is_subject_taken(connection: &mut DbConnection, subject: &str) -> Result<bool, StoreError> {
    let found: Option<String> = customers::table.filter(customers::subject.eq(subject)).select(customers::id).first(connection).optional()?;
    Ok(found.is_some())
}

/// Has a customer who was just made be as old as at another product, with the subject and the standing from there.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody else has the subject.
pub fn keep_origin(tx: &mut WriteTx<'_>, id: &CustomerId, created_at: Option<UnixSeconds>, subject: Option<&str>, status: CustomerStatus) -> Result<(), StoreError> {
    let kept = KeptOrigin { subject, created_at: created_at.map(|at| at.0), status: status.as_str() };
    diesel::update(customers::table.find(id.as_str())).set(kept).execute(&mut **tx)?;
    Ok(())
}

/// Keeps the brand of the shop where the customer is; nothing is written when it was this one before.
///
/// # Errors
/// [`StoreError`].
pub fn keep_brand(tx: &mut WriteTx<'_>, id: &CustomerId, brand: Option<&str>) -> Result<(), StoreError> {
    let mine = customers::table.find(id.as_str());
    match brand {
        Some(brand) => diesel::update(mine.filter(customers::brand.is_null().or(customers::brand.ne(brand)))).set(customers::brand.eq(Some(brand))).execute(&mut **tx)?,
        None => diesel::update(mine.filter(customers::brand.is_not_null())).set(customers::brand.eq(None::<String>)).execute(&mut **tx)?,
    };
    Ok(())
}

/// Keeps when the customer is to be erased; none for not. False when it is so already.
///
/// # Errors
/// [`StoreError`].
pub fn keep_erasure(tx: &mut WriteTx<'_>, id: &CustomerId, at: Option<UnixSeconds>) -> Result<bool, StoreError> {
    let mine = customer_dates::table.find(id.as_str());
    Ok(match at {
        Some(at) => diesel::update(mine.filter(customer_dates::erase_at.is_null())).set(customer_dates::erase_at.eq(Some(at.0))).execute(&mut **tx)? > 0,
        None => diesel::update(mine.filter(customer_dates::erase_at.is_not_null())).set(customer_dates::erase_at.eq(None::<i64>)).execute(&mut **tx)? > 0,
    })
}

/// When the customer is to be erased; none for not.
///
/// # Errors
/// [`StoreError`].
pub fn find_erasure(connection: &mut DbConnection, id: &CustomerId) -> Result<Option<UnixSeconds>, StoreError> {
    let at: Option<Option<i64>> = customer_dates::table.find(id.as_str()).select(customer_dates::erase_at).first(connection).optional()?;
    Ok(at.flatten().map(UnixSeconds))
}

/// Those who are to be erased by `now`, at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub fn list_to_erase(connection: &mut DbConnection, now: UnixSeconds, limit: i64) -> Result<Vec<CustomerId>, StoreError> {
    let due: Vec<String> =
        customer_dates::table.filter(customer_dates::erase_at.le(now.0)).order(customer_dates::erase_at).limit(limit).select(customer_dates::id).load(connection)?;
    due.into_iter().map(|id| id.parse().map_err(|_| StoreError::corrupt("customers", "id", id.clone()))).collect()
}

/// Whether a passkey may be offered to the customer now, who was not offered one since `since`; notes that it is.
///
/// # Errors
/// [`StoreError`].
pub fn note_passkey_offer(tx: &mut WriteTx<'_>, id: &CustomerId, since: UnixSeconds, now: UnixSeconds) -> Result<bool, StoreError> {
    let is_due = customer_dates::passkey_offered_at.is_null().or(customer_dates::passkey_offered_at.lt(since.0));
    Ok(diesel::update(customer_dates::table.find(id.as_str()).filter(is_due)).set(customer_dates::passkey_offered_at.eq(Some(now.0))).execute(&mut **tx)? > 0)
}

/// Gives a customer who was made just now the subject of a guest.
///
/// # Errors
/// [`StoreError`].
pub fn adopt_subject(tx: &mut WriteTx<'_>, id: &CustomerId, subject: &str) -> Result<(), StoreError> {
    diesel::update(customers::table.find(id.as_str())).set(customers::subject.eq(subject)).execute(&mut **tx)?;
    Ok(())
}

/// Since when the customer owes a second factor in the place of one that was taken away.
///
/// # Errors
/// [`StoreError`].
pub fn find_suspension(connection: &mut DbConnection, id: &CustomerId) -> Result<Option<UnixSeconds>, StoreError> {
    let at: Option<Option<i64>> = customers::table.find(id.as_str()).select(customers::factors_suspended_at).first(connection).optional()?;
    Ok(at.flatten().map(UnixSeconds))
}

/// When the account was made.
///
/// # Errors
/// [`StoreError`].
pub fn find_created_at(connection: &mut DbConnection, id: &CustomerId) -> Result<Option<UnixSeconds>, StoreError> {
    let at: Option<i64> = customers::table.find(id.as_str()).select(customers::created_at).first(connection).optional()?;
    Ok(at.map(UnixSeconds))
}

/// Who has this telephone.
///
/// # Errors
/// [`StoreError`].
pub fn find_by_phone(connection: &mut DbConnection, ring: &KeyRing, phone: &PhoneNumber) -> Result<Option<CustomerId>, StoreError> {
    let index = blind_index(ring, "phone", phone.as_str());
    read_id(customers::table.filter(customers::phone_index.eq(index)).select(customers::id).first(connection).optional()?)
}

/// Who clients know by this subject.
///
/// # Errors
/// [`StoreError`].
pub fn find_by_subject(connection: &mut DbConnection, subject: &str) -> Result<Option<CustomerId>, StoreError> {
    read_id(customers::table.filter(customers::subject.eq(subject)).select(customers::id).first(connection).optional()?)
}

fn read_id(id: Option<String>) -> Result<Option<CustomerId>, StoreError> {
    id.map(|id| id.parse().map_err(|_| StoreError::corrupt("customers", "id", id.clone()))).transpose()
}

/// Makes a customer staff, or staff a customer; false when there is no such customer.
///
/// # Errors
/// [`StoreError`].
pub fn keep_role(tx: &mut WriteTx<'_>, id: &CustomerId, role: CustomerRole, now: UnixSeconds) -> Result<bool, StoreError> {
    Ok(diesel::update(customers::table.find(id.as_str())).set((customers::role.eq(role.as_str()), customers::updated_at.eq(now.0))).execute(&mut **tx)? > 0)
}
