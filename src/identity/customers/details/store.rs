//! The cells of the table of customers that hold what customers say of themselves.

use diesel::prelude::*;

use crate::base::ids::CustomerId;
use crate::identity::customers::Profile;
use crate::identity::customers::address_book::AddressBook;
use crate::identity::customers::store::tables::customers;
use crate::identity::customers::store::{ADDRESS, PHRASE, PROFILE};
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::tools::Tools;
use crate::platform::vault;

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
