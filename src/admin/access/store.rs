//! The tables of staff and of invitations.

use diesel::prelude::*;

use super::rules::{BrandScope, Role};
use crate::base::contact::EmailAddress;
use crate::base::encoding::hex;
use crate::base::ids::CustomerId;
use crate::base::secret::{Secret, SecretHash};
use crate::base::time::UnixSeconds;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;

mod tables {
    diesel::table! {
        admins (customer_id) { customer_id -> Text, roles -> Text, brands -> Text, created_at -> BigInt, created_by -> Text, updated_at -> BigInt, vouched_at -> BigInt, }
    }
    diesel::table! {
        admin_invitations (hash) {
            hash -> Binary, email_sealed -> Binary, roles -> Text, brands -> Text, created_by -> Text, created_at -> BigInt, expires_at -> BigInt, used_at -> Nullable<BigInt>,
        }
    }
}

use tables::{admin_invitations, admins};

/// The most staff, and the most invitations, that are listed.
const MAX_LISTED: i64 = 500;

/// Somebody of the staff.
#[derive(Debug, Clone)]
pub struct Admin {
    /// Their own account.
    pub customer: CustomerId,
    /// Their roles.
    pub roles: Vec<Role>,
    /// Their brands.
    pub brands: BrandScope,
    /// Since when.
    pub created_at: UnixSeconds,
    /// By whom.
    pub created_by: String,
    /// Keys that were added until then were added rightly: at an invitation, or with a key that was.
    pub vouched_at: UnixSeconds,
}

fn words(roles: &[Role]) -> String {
    roles.iter().map(|role| role.word()).collect::<Vec<_>>().join(" ")
}

/// Roles that are no longer known give nothing.
fn read_roles(text: &str) -> Vec<Role> {
    text.split(' ').filter_map(Role::parse).collect()
}

fn read_brands(text: &str) -> BrandScope {
    BrandScope::of(text.split(' ').filter(|brand| !brand.is_empty()).map(str::to_owned))
}

type Row = (String, String, String, i64, String, i64);

fn read((customer, roles, brands, created_at, created_by, vouched_at): Row) -> Result<Admin, StoreError> {
    Ok(Admin {
        roles: read_roles(&roles),
        brands: read_brands(&brands),
        created_at: UnixSeconds(created_at),
        created_by,
        vouched_at: UnixSeconds(vouched_at),
        customer: customer.parse().map_err(|_| StoreError::corrupt("admins", "customer_id", customer.clone()))?,
    })
}

const fn columns() -> (admins::customer_id, admins::roles, admins::brands, admins::created_at, admins::created_by, admins::vouched_at) {
    (admins::customer_id, admins::roles, admins::brands, admins::created_at, admins::created_by, admins::vouched_at)
}

/// The roles of a person; none for who is no staff.
///
/// # Errors
/// [`StoreError`].
pub fn find_admin(connection: &mut DbConnection, customer: &CustomerId) -> Result<Option<Admin>, StoreError> {
    admins::table.find(customer.as_str()).select(columns()).first(connection).optional()?.map(read).transpose()
}

/// All staff.
///
/// # Errors
/// [`StoreError`].
pub fn list_admins(connection: &mut DbConnection) -> Result<Vec<Admin>, StoreError> {
    let rows: Vec<Row> = admins::table.order(admins::customer_id).limit(MAX_LISTED).select(columns()).load(connection)?;
    rows.into_iter().map(read).collect()
}

/// Gives a person these roles and no others.
///
/// # Errors
/// [`StoreError`].
pub fn keep_admin(tx: &mut WriteTx<'_>, customer: &CustomerId, roles: &[Role], brands: &BrandScope, by: &str, now: UnixSeconds) -> Result<(), StoreError> {
    let brands = brands.brands().join(" ");
    let values = || (admins::roles.eq(words(roles)), admins::brands.eq(&brands), admins::updated_at.eq(now.0));
    if diesel::update(admins::table.find(customer.as_str())).set(values()).execute(&mut **tx)? == 0 {
        diesel::insert_into(admins::table)
            .values((admins::customer_id.eq(customer.as_str()), values(), admins::created_at.eq(now.0), admins::created_by.eq(by), admins::vouched_at.eq(now.0)))
            .execute(&mut **tx)?;
    }
    Ok(())
}

/// Vouches for the keys that a person has `now`.
///
/// # Errors
/// [`StoreError`].
pub fn vouch(tx: &mut WriteTx<'_>, customer: &CustomerId, now: UnixSeconds) -> Result<(), StoreError> {
    diesel::update(admins::table.find(customer.as_str())).set(admins::vouched_at.eq(now.0)).execute(&mut **tx)?;
    Ok(())
}

/// Takes all roles from a person; false when there were none.
///
/// # Errors
/// [`StoreError`].
pub fn remove_admin(tx: &mut WriteTx<'_>, customer: &CustomerId) -> Result<bool, StoreError> {
    Ok(diesel::delete(admins::table.find(customer.as_str())).execute(&mut **tx)? > 0)
}

/// An invitation to be made.
pub struct NewInvitation<'a> {
    /// For whom.
    pub email: &'a EmailAddress,
    /// With which roles.
    pub roles: &'a [Role],
    /// For which brands.
    pub brands: &'a BrandScope,
    /// By whom.
    pub by: &'a str,
    /// For how long, in seconds.
    pub seconds: i64,
}

/// An invitation.
pub struct Invitation {
    /// A short name for it: the beginning of its hash.
    pub name: String,
    /// For whom.
    pub email: String,
    /// With which roles.
    pub roles: Vec<Role>,
    /// For which brands.
    pub brands: BrandScope,
    /// By whom.
    pub created_by: String,
    /// Until when.
    pub expires_at: UnixSeconds,
    /// When it was taken.
    pub used_at: Option<UnixSeconds>,
}

fn place(hash: &[u8]) -> String {
    format!("admin_invitations|email|{}", hex(hash))
}

/// Makes an invitation; the secret is for its link, once.
///
/// # Errors
/// [`StoreError`].
pub fn insert_invitation(tx: &mut WriteTx<'_>, tools: &Tools, new: &NewInvitation<'_>) -> Result<Secret, StoreError> {
    let (secret, now) = (Secret::generate(tools.entropy()), tools.now());
    let hash = secret.hash();
    let sealed = tools.ring.flows.seal(new.email.as_str().as_bytes(), &place(hash.as_bytes()), tools.entropy()).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    diesel::insert_into(admin_invitations::table)
        .values((
            admin_invitations::hash.eq(hash.as_bytes()),
            admin_invitations::email_sealed.eq(sealed),
            admin_invitations::roles.eq(words(new.roles)),
            admin_invitations::brands.eq(new.brands.brands().join(" ")),
            admin_invitations::created_by.eq(new.by),
            admin_invitations::created_at.eq(now.0),
            admin_invitations::expires_at.eq(now.plus(new.seconds).0),
        ))
        .execute(&mut **tx)?;
    Ok(secret)
}

type InvitationRow = (Vec<u8>, Vec<u8>, String, String, String, i64, Option<i64>);

fn open(tools: &Tools, (hash, sealed, roles, brands, created_by, expires_at, used_at): InvitationRow) -> Result<Invitation, StoreError> {
    let name = hex(hash.get(..8).unwrap_or_default());
    let corrupt = || StoreError::corrupt("admin_invitations", "email_sealed", name.clone());
    let plain = tools.ring.flows.open(&sealed, &place(&hash)).map_err(|_| corrupt())?;
    Ok(Invitation {
        email: String::from_utf8(plain.clone()).map_err(|_| corrupt())?,
        roles: read_roles(&roles),
        brands: read_brands(&brands),
        created_by,
        expires_at: UnixSeconds(expires_at),
        used_at: used_at.map(UnixSeconds),
        name,
    })
}

macro_rules! invitation_columns {
    () => {
        (
            admin_invitations::hash,
            admin_invitations::email_sealed,
            admin_invitations::roles,
            admin_invitations::brands,
            admin_invitations::created_by,
            admin_invitations::expires_at,
            admin_invitations::used_at,
        )
    };
}

/// An invitation by its secret, while it holds.
///
/// # Errors
/// [`StoreError`].
pub fn find_invitation(connection: &mut DbConnection, tools: &Tools, secret: &SecretHash) -> Result<Option<Invitation>, StoreError> {
    let open_ones = admin_invitations::table.find(secret.as_bytes()).filter(admin_invitations::used_at.is_null()).filter(admin_invitations::expires_at.gt(tools.now().0));
    let row: Option<InvitationRow> = open_ones.select(invitation_columns!()).first(connection).optional()?;
    row.map(|row| open(tools, row)).transpose()
}

/// Takes an invitation, once; none when it was taken or is too old.
///
/// # Errors
/// [`StoreError`].
pub fn redeem_invitation(tx: &mut WriteTx<'_>, tools: &Tools, secret: &SecretHash) -> Result<Option<Invitation>, StoreError> {
    let Some(invitation) = find_invitation(tx, tools, secret)? else { return Ok(None) };
    let unused = admin_invitations::table.find(secret.as_bytes()).filter(admin_invitations::used_at.is_null());
    let is_taken = diesel::update(unused).set(admin_invitations::used_at.eq(Some(tools.now().0))).execute(&mut **tx)? > 0;
    Ok(is_taken.then_some(invitation))
}

/// The invitations that can still be taken.
///
/// # Errors
/// [`StoreError`].
pub fn list_invitations(connection: &mut DbConnection, tools: &Tools) -> Result<Vec<Invitation>, StoreError> {
    let waiting = admin_invitations::table.filter(admin_invitations::used_at.is_null()).filter(admin_invitations::expires_at.gt(tools.now().0));
    let rows: Vec<InvitationRow> = waiting.order(admin_invitations::expires_at).limit(MAX_LISTED).select(invitation_columns!()).load(connection)?;
    rows.into_iter().map(|row| open(tools, row)).collect()
}

/// Takes an invitation back, by its short name; false when it does not wait.
///
/// # Errors
/// [`StoreError`].
pub fn remove_invitation(tx: &mut WriteTx<'_>, tools: &Tools, name: &str) -> Result<bool, StoreError> {
    let waiting: Vec<Vec<u8>> = admin_invitations::table.filter(admin_invitations::used_at.is_null()).limit(MAX_LISTED).select(admin_invitations::hash).load(&mut **tx)?;
    let Some(hash) = waiting.into_iter().find(|hash| hex(hash.get(..8).unwrap_or_default()) == name) else { return Ok(false) };
    let open_one = admin_invitations::table.find(hash).filter(admin_invitations::used_at.is_null()).filter(admin_invitations::expires_at.gt(tools.now().0));
    Ok(diesel::delete(open_one).execute(&mut **tx)? > 0)
}

/// Takes back what somebody invited.
///
/// # Errors
/// [`StoreError`].
pub fn remove_invitations_of(tx: &mut WriteTx<'_>, created_by: &str) -> Result<usize, StoreError> {
    use admin_invitations::dsl;
    Ok(diesel::delete(dsl::admin_invitations.filter(dsl::created_by.eq(created_by)).filter(dsl::used_at.is_null())).execute(&mut **tx)?)
}

/// Forgets invitations that ended before `before`.
///
/// # Errors
/// [`StoreError`].
pub fn sweep_invitations(tx: &mut WriteTx<'_>, before: UnixSeconds) -> Result<usize, StoreError> {
    Ok(diesel::delete(admin_invitations::table.filter(admin_invitations::expires_at.lt(before.0))).execute(&mut **tx)?)
}
