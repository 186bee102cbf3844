//! The table of customers. Every personal cell is sealed under the customer's own data key; look-ups go by blind index.

use diesel::prelude::*;

use super::address_book::AddressBook;
use super::model::{Customer, CustomerRole, CustomerStatus, FactorFacts, NewCustomer, Standing};
use crate::base::assurance::{Acr, FactorKind};
use crate::base::contact::{EmailAddress, PhoneNumber};
use crate::base::encoding::base64url;
use crate::base::ids::CustomerId;
use crate::base::page::{Page, PageRequest};
use crate::base::random;
use crate::base::time::UnixSeconds;
use crate::platform::crypto::keyring::KeyRing;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;
use crate::platform::vault::{self, Cell, DataKey, blind_index};

pub(super) mod tables {
    diesel::table! {
        customers (id) {
            id -> Text, subject -> Text, status -> Text, role -> Text, generation -> BigInt,
            email_sealed -> Binary, email_index -> Binary, email_verified -> Bool,
            phone_sealed -> Nullable<Binary>, phone_index -> Nullable<Binary>, phone_verified -> Bool,
            profile_sealed -> Binary, address_sealed -> Nullable<Binary>, birth_date_sealed -> Nullable<Binary>,
            created_at -> BigInt, updated_at -> BigInt, preferred_factor -> Nullable<Text>,
            groups -> Nullable<Text>, own_acr -> Nullable<Text>, email_codes_since -> Nullable<BigInt>, sms_codes_since -> Nullable<BigInt>,
            password_flag -> Nullable<Text>, phrase_sealed -> Nullable<Binary>, frozen_until -> Nullable<BigInt>,
            backup_email_sealed -> Nullable<Binary>, backup_email_since -> Nullable<BigInt>, email_changed_at -> Nullable<BigInt>, phone_changed_at -> Nullable<BigInt>,
            factors_suspended_at -> Nullable<BigInt>, recovered_by -> Nullable<Text>, brand -> Nullable<Text>,
        }
    }
}

use tables::customers;

const EMAIL: Cell = Cell { table: "customers", column: "email_sealed" };
const PHONE: Cell = Cell { table: "customers", column: "phone_sealed" };
pub(super) const PROFILE: Cell = Cell { table: "customers", column: "profile_sealed" };
pub(super) const ADDRESS: Cell = Cell { table: "customers", column: "address_sealed" };
const BACKUP_EMAIL: Cell = Cell { table: "customers", column: "backup_email_sealed" };
pub(super) const PHRASE: Cell = Cell { table: "customers", column: "phrase_sealed" };
const BIRTH_DATE: Cell = Cell { table: "customers", column: "birth_date_sealed" };

fn corrupt(column: &'static str, id: &str) -> StoreError {
    StoreError::corrupt("customers", column, id)
}

/// Makes a customer with a fresh data key and a fresh subject.
///
/// # Errors
/// [`StoreError::Conflict`] when the e-mail or the phone is taken.
pub fn insert_customer(tx: &mut WriteTx<'_>, tools: &Tools, new: &NewCustomer) -> Result<CustomerId, StoreError> {
    let id = CustomerId::generate(tools.now_micros(), tools.entropy());
    insert_customer_as(tx, tools, &id, new)?;
    Ok(id)
}

/// Removes a customer with everything that is theirs; false when there is no such.
///
/// # Errors
/// [`StoreError`].
pub fn delete_customer(tx: &mut WriteTx<'_>, id: &CustomerId) -> Result<bool, StoreError> {
    vault::delete_data_key(tx, id.as_str())?;
    Ok(diesel::delete(customers::table.find(id.as_str())).execute(&mut **tx)? > 0)
}

/// The same as [`insert_customer`], under an id that was made before.
///
/// # Errors
/// [`StoreError::Conflict`] when the id, the e-mail or the phone is taken.
pub fn insert_customer_as(tx: &mut WriteTx<'_>, tools: &Tools, id: &CustomerId, new: &NewCustomer) -> Result<(), StoreError> {
    use customers::dsl;
    let now = tools.now();
    let unavailable = |error: &dyn std::fmt::Display| StoreError::Unavailable(error.to_string());
    let (key, wrapped) = DataKey::generate(&tools.ring, id.as_str(), tools.entropy()).map_err(|error| unavailable(&error))?;
    vault::insert_data_key(tx, id.as_str(), &wrapped, now)?;
    let seal = |cell, plain: &str| key.seal(cell, plain, tools.entropy());
    let seal_json = |cell, plain: serde_json::Result<String>| seal(cell, &plain.map_err(|error| unavailable(&error))?);
    let addresses = new.address.as_ref().map(|address| AddressBook::of(address.clone(), random::bytes(tools.entropy()), now));
    diesel::insert_into(dsl::customers)
        .values((
            dsl::id.eq(id.as_str()),
            dsl::subject.eq(base64url(random::bytes::<16>(tools.entropy()))),
            dsl::status.eq(CustomerStatus::Active.as_str()),
            dsl::role.eq(new.role.as_str()),
            dsl::generation.eq(1),
            dsl::email_sealed.eq(seal(EMAIL, new.email.as_str())?),
            dsl::email_index.eq(blind_index(&tools.ring, "email", new.email.as_str())),
            dsl::email_verified.eq(new.is_email_verified),
            dsl::phone_sealed.eq(new.phone.as_ref().map(|phone| seal(PHONE, phone.as_str())).transpose()?),
            dsl::phone_index.eq(new.phone.as_ref().map(|phone| blind_index(&tools.ring, "phone", phone.as_str()))),
            dsl::phone_verified.eq(new.is_phone_verified),
            dsl::profile_sealed.eq(seal_json(PROFILE, serde_json::to_string(&new.profile))?),
            dsl::address_sealed.eq(addresses.map(|book| seal_json(ADDRESS, serde_json::to_string(&book))).transpose()?),
            (dsl::birth_date_sealed.eq(new.birth_date.as_deref().map(|date| seal(BIRTH_DATE, date)).transpose()?), dsl::created_at.eq(now.0), dsl::updated_at.eq(now.0)),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

type SealedRow = (Identity, Vec<u8>, bool, Option<Vec<u8>>, bool, Vec<u8>, Option<Vec<u8>>, Option<Vec<u8>>, i64, i64, Option<Vec<u8>>, Option<i64>, Contacts);
/// Id, subject, status, role, generation.
type Identity = (String, String, String, String, i64);
/// The second mailbox and since when; when e-mail and telephone were last changed; the brand.
type Contacts = (Option<Vec<u8>>, Option<i64>, Option<i64>, Option<i64>, Option<String>);

fn open(connection: &mut DbConnection, ring: &KeyRing, row: SealedRow) -> Result<Customer, StoreError> {
    let (
        (id, subject, status, role, generation),
        email,
        is_email_verified,
        phone,
        is_phone_verified,
        profile,
        address,
        birth_date,
        created_at,
        updated_at,
        phrase,
        frozen_until,
        contacts,
    ) = row;
    let (backup_email, backup_email_since, email_changed_at, phone_changed_at, brand) = contacts;
    let key = vault::find_data_key(connection, ring, &id)?.ok_or_else(|| StoreError::corrupt("data_keys", "wrapped", id.clone()))?;
    let email = EmailAddress::parse(&key.open(EMAIL, &email)?).map_err(|_| corrupt("email_sealed", &id))?;
    let phone = phone.map(|sealed| PhoneNumber::parse(&key.open(PHONE, &sealed)?).map_err(|_| corrupt("phone_sealed", &id))).transpose()?;
    let profile = serde_json::from_str(&key.open(PROFILE, &profile)?).map_err(|_| corrupt("profile_sealed", &id))?;
    let addresses = address.map(|sealed| serde_json::from_str(&key.open(ADDRESS, &sealed)?).map_err(|_| corrupt("address_sealed", &id))).transpose()?;
    let birth_date = birth_date.map(|sealed| key.open(BIRTH_DATE, &sealed)).transpose()?;
    Ok(Customer {
        status: CustomerStatus::parse(&status).ok_or_else(|| corrupt("status", &id))?,
        role: CustomerRole::parse(&role).ok_or_else(|| corrupt("role", &id))?,
        id: id.parse().map_err(|_| corrupt("id", &id))?,
        subject,
        generation,
        email,
        is_email_verified,
        phone,
        is_phone_verified,
        profile,
        addresses: addresses.unwrap_or_default(),
        birth_date,
        backup_email: backup_email.map(|sealed| EmailAddress::parse(&key.open(BACKUP_EMAIL, &sealed)?).map_err(|_| corrupt("backup_email_sealed", &id))).transpose()?,
        backup_email_since: backup_email_since.map(UnixSeconds),
        email_changed_at: email_changed_at.map(UnixSeconds),
        phone_changed_at: phone_changed_at.map(UnixSeconds),
        phrase: phrase.map(|sealed| key.open(PHRASE, &sealed)).transpose()?,
        frozen_until: frozen_until.map(UnixSeconds),
        brand,
        created_at: UnixSeconds(created_at),
        updated_at: UnixSeconds(updated_at),
    })
}

macro_rules! sealed_columns {
    () => {
        (
            (customers::id, customers::subject, customers::status, customers::role, customers::generation),
            customers::email_sealed,
            customers::email_verified,
            customers::phone_sealed,
            customers::phone_verified,
            customers::profile_sealed,
            customers::address_sealed,
            customers::birth_date_sealed,
            customers::created_at,
            customers::updated_at,
            customers::phrase_sealed,
            customers::frozen_until,
            (customers::backup_email_sealed, customers::backup_email_since, customers::email_changed_at, customers::phone_changed_at, customers::brand),
        )
    };
}

/// A customer by id, opened.
///
/// # Errors
/// [`StoreError::Corrupt`] when a cell does not open.
pub fn find_customer(connection: &mut DbConnection, ring: &KeyRing, id: &CustomerId) -> Result<Option<Customer>, StoreError> {
    let row: Option<SealedRow> = customers::table.find(id.as_str()).select(sealed_columns!()).first(connection).optional()?;
    row.map(|row| open(connection, ring, row)).transpose()
}

/// A customer by e-mail, opened.
///
/// # Errors
/// [`StoreError::Corrupt`] when a cell does not open.
pub fn find_by_email(connection: &mut DbConnection, ring: &KeyRing, email: &EmailAddress) -> Result<Option<Customer>, StoreError> {
    let index = blind_index(ring, "email", email.as_str());
    let row: Option<SealedRow> = customers::table.filter(customers::email_index.eq(index)).select(sealed_columns!()).first(connection).optional()?;
    row.map(|row| open(connection, ring, row)).transpose()
}

type StandingRow =
    (String, String, i64, String, bool, bool, Option<String>, Option<String>, Option<String>, Option<i64>, Option<i64>, (Option<String>, Option<i64>, Option<String>));

macro_rules! standing_columns {
    () => {
        (
            customers::id,
            customers::status,
            customers::generation,
            customers::role,
            customers::email_verified,
            customers::phone_verified,
            customers::preferred_factor,
            customers::groups,
            customers::own_acr,
            customers::email_codes_since,
            customers::sms_codes_since,
            (customers::password_flag, customers::factors_suspended_at, customers::recovered_by),
        )
    };
}

fn standing(row: StandingRow) -> Result<Standing, StoreError> {
    let (id, status, generation, role, is_email_verified, is_phone_verified, preferred, groups, own_acr, email_codes, sms_codes, (password_flag, suspended, recovered_by)) = row;
    let facts = FactorFacts {
        is_admin: CustomerRole::parse(&role).ok_or_else(|| corrupt("role", &id))? == CustomerRole::Admin,
        groups: groups.map(|groups| serde_json::from_str(&groups).map_err(|_| corrupt("groups", &id))).transpose()?.unwrap_or_default(),
        preferred: preferred.and_then(|word| FactorKind::parse(&word)),
        has_flagged_password: password_flag.is_some(),
        is_factor_suspended: suspended.is_some(),
        recovered_by: recovered_by.unwrap_or_default().split(' ').filter_map(FactorKind::parse).collect(),
        own_acr: own_acr.map(|word| Acr::parse(&word).ok_or_else(|| corrupt("own_acr", &id))).transpose()?,
        is_email_verified,
        has_email_codes: is_email_verified && email_codes.is_some(),
        has_sms_codes: is_phone_verified && sms_codes.is_some(),
    };
    Ok(Standing {
        status: CustomerStatus::parse(&status).ok_or_else(|| corrupt("status", &id))?,
        id: id.parse().map_err(|_| corrupt("id", &id))?,
        generation,
        facts,
    })
}

/// The standing of the customer with this e-mail; nothing is opened.
///
/// # Errors
/// [`StoreError`].
pub fn find_standing_by_email(connection: &mut DbConnection, ring: &KeyRing, email: &EmailAddress) -> Result<Option<Standing>, StoreError> {
    let index = blind_index(ring, "email", email.as_str());
    let row: Option<StandingRow> = customers::table.filter(customers::email_index.eq(index)).select(standing_columns!()).first(connection).optional()?;
    row.map(standing).transpose()
}

/// The standing of a customer; nothing is opened.
///
/// # Errors
/// [`StoreError`].
pub fn find_standing(connection: &mut DbConnection, id: &CustomerId) -> Result<Option<Standing>, StoreError> {
    let row: Option<StandingRow> = customers::table.find(id.as_str()).select(standing_columns!()).first(connection).optional()?;
    row.map(standing).transpose()
}

/// How many customers there are.
///
/// # Errors
/// [`StoreError`].
pub fn count_customers(connection: &mut DbConnection) -> Result<i64, StoreError> {
    Ok(customers::table.count().get_result(connection)?)
}

/// What clients are told, and the customer behind it.
///
/// # Errors
/// [`StoreError`].
pub fn find_subject(connection: &mut DbConnection, id: &CustomerId) -> Result<Option<String>, StoreError> {
    Ok(customers::table.find(id.as_str()).select(customers::subject).first(connection).optional()?)
}

/// Makes every session, code and grant of the customer void: their generation is no longer the current one.
///
/// # Errors
/// [`StoreError`].
pub fn bump_generation(tx: &mut WriteTx<'_>, id: &CustomerId, now: UnixSeconds) -> Result<bool, StoreError> {
    let done = diesel::update(customers::table.find(id.as_str()))
        .set((customers::generation.eq(customers::generation + 1), customers::updated_at.eq(now.0)))
        .execute(&mut **tx)?;
    Ok(done > 0)
}

/// Notes the second factor that the customer used; nothing is written when it was this one before.
///
/// # Errors
/// [`StoreError`].
pub fn prefer_factor(tx: &mut WriteTx<'_>, id: &CustomerId, kind: FactorKind) -> Result<(), StoreError> {
    let other = customers::preferred_factor.is_null().or(customers::preferred_factor.ne(kind.as_str()));
    diesel::update(customers::table.find(id.as_str()).filter(other)).set(customers::preferred_factor.eq(Some(kind.as_str()))).execute(&mut **tx)?;
    Ok(())
}

/// Puts the customer into these groups and no others; false when there is no such customer.
///
/// # Errors
/// [`StoreError`].
pub fn replace_groups(tx: &mut WriteTx<'_>, id: &CustomerId, groups: &[String]) -> Result<bool, StoreError> {
    let text = if groups.is_empty() { None } else { Some(serde_json::json!(groups).to_string()) };
    Ok(diesel::update(customers::table.find(id.as_str())).set(customers::groups.eq(text)).execute(&mut **tx)? > 0)
}

/// Keeps the least level of a sign-in that the customer wants; none for no wish.
///
/// # Errors
/// [`StoreError`].
pub fn keep_own_acr(tx: &mut WriteTx<'_>, id: &CustomerId, acr: Option<Acr>) -> Result<(), StoreError> {
    diesel::update(customers::table.find(id.as_str())).set(customers::own_acr.eq(acr.map(Acr::as_str))).execute(&mut **tx)?;
    Ok(())
}

/// Turns codes by e-mail or text message on, since `since`, or off.
///
/// # Errors
/// [`StoreError`].
pub fn keep_code_channel(tx: &mut WriteTx<'_>, id: &CustomerId, kind: FactorKind, since: Option<UnixSeconds>) -> Result<(), StoreError> {
    let mine = customers::table.find(id.as_str());
    let since = since.map(|since| since.0);
    match kind {
        FactorKind::EmailCode => diesel::update(mine).set(customers::email_codes_since.eq(since)).execute(&mut **tx)?,
        FactorKind::SmsCode => diesel::update(mine).set(customers::sms_codes_since.eq(since)).execute(&mut **tx)?,
        _ => 0,
    };
    Ok(())
}

/// Holds the customer's row until the transaction ends: whoever else changes this customer's factors waits.
///
/// # Errors
/// [`StoreError`].
pub fn hold_row(tx: &mut WriteTx<'_>, id: &CustomerId) -> Result<(), StoreError> {
    diesel::update(customers::table.find(id.as_str())).set(customers::generation.eq(customers::generation)).execute(&mut **tx)?;
    Ok(())
}

/// Holds the customer's row as [`hold_row`] does; whether what was begun under `generation` still holds.
///
/// # Errors
/// [`StoreError`].
pub fn hold_upheld(tx: &mut WriteTx<'_>, id: &CustomerId, generation: i64) -> Result<bool, StoreError> {
    hold_row(tx, id)?;
    Ok(find_standing(tx, id)?.is_some_and(|standing| standing.upholds(generation)))
}

/// The customer proved to have the telephone: a code came to it.
///
/// # Errors
/// [`StoreError`].
pub fn note_phone_proven(tx: &mut WriteTx<'_>, id: &CustomerId) -> Result<(), StoreError> {
    diesel::update(customers::table.find(id.as_str())).set(customers::phone_verified.eq(true)).execute(&mut **tx)?;
    Ok(())
}

/// Notes that the address of a customer, which it has to be still, was proven. False when it was before, or is another one.
///
/// # Errors
/// [`StoreError`].
pub fn note_email_proven(tx: &mut WriteTx<'_>, ring: &KeyRing, id: &CustomerId, email: &EmailAddress) -> Result<bool, StoreError> {
    let unproven = customers::table
        .filter(customers::id.eq(id.as_str()))
        .filter(customers::email_index.eq(blind_index(ring, "email", email.as_str())))
        .filter(customers::email_verified.eq(false));
    Ok(diesel::update(unproven).set(customers::email_verified.eq(true)).execute(&mut **tx)? > 0)
}

/// Locks or unlocks; false when there is no such customer or it is so already.
///
/// # Errors
/// [`StoreError`].
pub fn change_status(tx: &mut WriteTx<'_>, id: &CustomerId, status: CustomerStatus, now: UnixSeconds) -> Result<bool, StoreError> {
    let done = diesel::update(customers::table.find(id.as_str()).filter(customers::status.ne(status.as_str())))
        .set((customers::status.eq(status.as_str()), customers::updated_at.eq(now.0)))
        .execute(&mut **tx)?;
    Ok(done > 0)
}

/// Customers in the order of their ids, opened.
///
/// # Errors
/// [`StoreError`].
pub fn list_customers(connection: &mut DbConnection, ring: &KeyRing, page: &PageRequest) -> Result<Page<Customer>, StoreError> {
    let after = page.after.clone().unwrap_or_default();
    let rows: Vec<SealedRow> = customers::table.filter(customers::id.gt(after)).order(customers::id).limit(i64::from(page.limit) + 1).select(sealed_columns!()).load(connection)?;
    let customers = rows.into_iter().map(|row| open(connection, ring, row)).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::cut(customers, page.limit, |customer| customer.id.as_str().to_owned()))
}

/// Notes why the password of a customer has to be replaced; none takes the note away. False when it was noted before.
///
/// # Errors
/// [`StoreError`].
pub fn flag_password(tx: &mut WriteTx<'_>, id: &CustomerId, why: Option<&str>) -> Result<bool, StoreError> {
    let mine = customers::table.find(id.as_str());
    Ok(match why {
        Some(why) => diesel::update(mine.filter(customers::password_flag.is_null())).set(customers::password_flag.eq(Some(why))).execute(&mut **tx)? > 0,
        None => diesel::update(mine.filter(customers::password_flag.is_not_null())).set(customers::password_flag.eq(None::<String>)).execute(&mut **tx)? > 0,
    })
}

/// The contact, the profile and the wishes of a customer as they stand, for a snapshot: what is sealed stays sealed.
#[derive(Clone, serde::Serialize, serde::Deserialize, Queryable, AsChangeset)]
#[diesel(table_name = customers, treat_none_as_null = true)]
pub struct KeptCustomer {
    email_sealed: Vec<u8>,
    email_index: Vec<u8>,
    email_verified: bool,
    email_changed_at: Option<i64>,
    phone_sealed: Option<Vec<u8>>,
    phone_index: Option<Vec<u8>>,
    phone_verified: bool,
    phone_changed_at: Option<i64>,
    pub(super) backup_email_sealed: Option<Vec<u8>>,
    backup_email_since: Option<i64>,
    profile_sealed: Vec<u8>,
    address_sealed: Option<Vec<u8>>,
    birth_date_sealed: Option<Vec<u8>>,
    own_acr: Option<String>,
    email_codes_since: Option<i64>,
    sms_codes_since: Option<i64>,
    phrase_sealed: Option<Vec<u8>>,
}

/// What [`restore_row`] brings back.
///
/// # Errors
/// [`StoreError`].
pub fn keep_row(connection: &mut DbConnection, id: &CustomerId) -> Result<Option<KeptCustomer>, StoreError> {
    let columns = (
        customers::email_sealed,
        customers::email_index,
        customers::email_verified,
        customers::email_changed_at,
        customers::phone_sealed,
        customers::phone_index,
        customers::phone_verified,
        customers::phone_changed_at,
        customers::backup_email_sealed,
        customers::backup_email_since,
        customers::profile_sealed,
        customers::address_sealed,
        customers::birth_date_sealed,
        customers::own_acr,
        customers::email_codes_since,
        customers::sms_codes_since,
        customers::phrase_sealed,
    );
    Ok(customers::table.find(id.as_str()).select(columns).first(connection).optional()?)
}

/// Brings contact, profile and wishes back as they were when `kept` was taken. A telephone that somebody else proved since is left out.
///
/// # Errors
/// [`StoreError::Conflict`] when the e-mail address belongs to somebody else by now.
pub fn restore_row(tx: &mut WriteTx<'_>, id: &CustomerId, kept: &KeptCustomer, now: UnixSeconds) -> Result<(), StoreError> {
    let mut kept = kept.clone();
    if let Some(index) = &kept.phone_index {
        let taken: Option<String> =
            customers::table.filter(customers::phone_index.eq(index)).filter(customers::id.ne(id.as_str())).select(customers::id).first(&mut **tx).optional()?;
        if taken.is_some() {
            (kept.phone_sealed, kept.phone_index, kept.phone_verified) = (None, None, false);
        }
    }
    diesel::update(customers::table.find(id.as_str())).set((kept, customers::updated_at.eq(now.0))).execute(&mut **tx)?;
    Ok(())
}

/// Replaces the e-mail address, proven just now. False when it belongs to somebody else.
///
/// # Errors
/// [`StoreError`].
pub fn replace_email(tx: &mut WriteTx<'_>, tools: &Tools, id: &CustomerId, email: &EmailAddress) -> Result<bool, StoreError> {
    if find_standing_by_email(tx, &tools.ring, email)?.is_some() {
        return Ok(false);
    }
    let (key, now) = (vault::need_data_key(tx, &tools.ring, id.as_str())?, tools.now());
    diesel::update(customers::table.find(id.as_str()))
        .set((
            customers::email_sealed.eq(key.seal(EMAIL, email.as_str(), tools.entropy())?),
            customers::email_index.eq(blind_index(&tools.ring, "email", email.as_str())),
            customers::email_verified.eq(true),
            customers::email_changed_at.eq(Some(now.0)),
            customers::updated_at.eq(now.0),
        ))
        .execute(&mut **tx)?;
    // One mailbox is one proof, whatever it is called.
    if let Some(customer) = find_customer(tx, &tools.ring, id)?
        && customer.backup_email.as_ref() == Some(email)
    {
        replace_backup_email(tx, tools, id, None)?;
    }
    Ok(true)
}

/// Replaces the telephone, proven or not; none takes it away. False when it belongs to somebody else.
///
/// # Errors
/// [`StoreError`].
pub fn replace_phone(tx: &mut WriteTx<'_>, tools: &Tools, id: &CustomerId, phone: Option<&PhoneNumber>, is_verified: bool) -> Result<bool, StoreError> {
    let index = phone.map(|phone| blind_index(&tools.ring, "phone", phone.as_str()));
    if let Some(index) = &index {
        let others = customers::table.filter(customers::phone_index.eq(index)).filter(customers::id.ne(id.as_str()));
        let taken: Option<(String, bool)> = others.select((customers::id, customers::phone_verified)).first(&mut **tx).optional()?;
        match taken {
            // A number that somebody only wrote down does not keep it from whoever proves it.
            Some((other, false)) if is_verified => {
                let nothing = (customers::phone_sealed.eq(None::<Vec<u8>>), customers::phone_index.eq(None::<Vec<u8>>));
                diesel::update(customers::table.find(other)).set(nothing).execute(&mut **tx)?;
            }
            Some(_) => return Ok(false),
            None => {}
        }
    }
    let (key, now) = (vault::need_data_key(tx, &tools.ring, id.as_str())?, tools.now());
    diesel::update(customers::table.find(id.as_str()))
        .set((
            customers::phone_sealed.eq(phone.map(|phone| key.seal(PHONE, phone.as_str(), tools.entropy())).transpose()?),
            customers::phone_index.eq(index),
            customers::phone_verified.eq(is_verified),
            customers::phone_changed_at.eq(Some(now.0)),
            customers::updated_at.eq(now.0),
        ))
        .execute(&mut **tx)?;
    if !is_verified {
        keep_code_channel(tx, id, FactorKind::SmsCode, None)?;
    }
    Ok(true)
}

/// Replaces the second mailbox, proven just now; none takes it away.
///
/// # Errors
/// [`StoreError`].
pub fn replace_backup_email(tx: &mut WriteTx<'_>, tools: &Tools, id: &CustomerId, email: Option<&EmailAddress>) -> Result<(), StoreError> {
    let key = vault::need_data_key(tx, &tools.ring, id.as_str())?;
    diesel::update(customers::table.find(id.as_str()))
        .set((
            customers::backup_email_sealed.eq(email.map(|email| key.seal(BACKUP_EMAIL, email.as_str(), tools.entropy())).transpose()?),
            customers::backup_email_since.eq(email.map(|_| tools.now().0)),
            customers::updated_at.eq(tools.now().0),
        ))
        .execute(&mut **tx)?;
    Ok(())
}
