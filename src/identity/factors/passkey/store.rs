//! The tables of passkeys and of the ceremonies in progress. A credential is sealed under its customer's key; a hash of its id is unique over all customers.

use diesel::prelude::*;
use webauthn_rs::prelude::{AuthenticationResult, Credential, Uuid};

use super::ceremony::{CEREMONY_SECONDS, Ceremony, KeyKind, NewCredential};
use super::foreign;
use crate::base::encoding::sha256;
use crate::base::ids::{AuthenticatorId, CustomerId};
use crate::base::secret::Secret;
use crate::base::time::UnixSeconds;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;
use crate::platform::vault::{self, Cell, DataKey};

mod tables {
    diesel::table! {
        passkeys (id) {
            id -> Text, customer_id -> Text, credential_hash -> Binary, name_sealed -> Binary, credential_sealed -> Binary, counter -> BigInt,
            created_at -> BigInt, last_used_at -> Nullable<BigInt>,
        }
    }
    diesel::table! {
        passkey_ceremonies (owner, kind) { owner -> Text, kind -> Text, hash -> Binary, state_sealed -> Binary, expires_at -> BigInt, }
    }
}

use tables::{passkey_ceremonies, passkeys};

const NAME: Cell = Cell { table: "passkeys", column: "name_sealed" };
const CREDENTIAL: Cell = Cell { table: "passkeys", column: "credential_sealed" };

/// The most passkeys and security keys that a customer can have.
pub const MAX_PASSKEYS: i64 = 20;

/// What is kept of a credential, sealed.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
struct Kept {
    credential: Credential,
    kind: KeyKind,
    aaguid: Option<Uuid>,
    is_discoverable: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    foreign_handle: Option<Vec<u8>>,
}

/// A passkey or security key of a customer.
#[derive(Debug, Clone)]
pub struct Passkey {
    /// Its id.
    pub id: AuthenticatorId,
    /// What the customer calls it.
    pub name: String,
    /// What it was added as.
    pub kind: KeyKind,
    /// The model, as the authenticator says.
    pub aaguid: Option<Uuid>,
    /// Whether it can be found without a name, where the browser told.
    pub is_discoverable: Option<bool>,
    /// The user handle that another product gave it; none for ours.
    pub foreign_handle: Option<Vec<u8>>,
    /// The credential.
    pub credential: Credential,
    /// When it was added.
    pub created_at: UnixSeconds,
    /// When it was last used.
    pub last_used_at: Option<UnixSeconds>,
}

impl Passkey {
    /// Whether it signs in by itself: it verifies its user, and is found without a name unless the browser said that it is not.
    pub fn is_whole_sign_in(&self) -> bool {
        self.kind == KeyKind::Passkey && self.credential.user_verified && self.is_discoverable != Some(false)
    }
}

fn place(owner: &str, kind: &str) -> String {
    format!("passkey_ceremonies|state|{owner}|{kind}")
}

fn kind_of(ceremony: &Ceremony) -> &'static str {
    match ceremony {
        Ceremony::Register(..) | Ceremony::RegisterVerified(..) | Ceremony::RegisterAttested(..) => "register",
        Ceremony::Discover(_) => "discover",
        Ceremony::Challenge(_) => "challenge",
    }
}

/// Keeps a ceremony of `owner`, a sign-in or a session; an earlier one of its kind is forgotten. The secret goes to the browser and comes back with the answer.
///
/// # Errors
/// [`StoreError`].
pub fn begin_ceremony(tx: &mut WriteTx<'_>, tools: &Tools, owner: &str, ceremony: &Ceremony) -> Result<Secret, StoreError> {
    use passkey_ceremonies::dsl;
    let kind = kind_of(ceremony);
    let plain = serde_json::to_vec(ceremony).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let sealed = tools.ring.flows.seal(&plain, &place(owner, kind), tools.entropy()).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let secret = Secret::generate(tools.entropy());
    let (hash, expires_at) = (secret.hash(), tools.now().plus(CEREMONY_SECONDS).0);
    let mine = dsl::passkey_ceremonies.find((owner, kind));
    let replaced = diesel::update(mine).set((dsl::hash.eq(hash.as_bytes()), dsl::state_sealed.eq(&sealed), dsl::expires_at.eq(expires_at))).execute(&mut **tx)?;
    if replaced == 0 {
        diesel::insert_into(dsl::passkey_ceremonies)
            .values((dsl::owner.eq(owner), dsl::kind.eq(kind), dsl::hash.eq(hash.as_bytes()), dsl::state_sealed.eq(&sealed), dsl::expires_at.eq(expires_at)))
            .execute(&mut **tx)?;
    }
    Ok(secret)
}

/// Takes a ceremony of `owner`: of parallel tries one gets it, whatever becomes of its answer.
///
/// # Errors
/// [`StoreError::Corrupt`] when it does not open.
pub fn take_ceremony(tx: &mut WriteTx<'_>, tools: &Tools, owner: &str, shown: &Secret) -> Result<Option<Ceremony>, StoreError> {
    use passkey_ceremonies::dsl;
    let hash = shown.hash();
    let row: Option<(String, Vec<u8>)> =
        dsl::passkey_ceremonies.filter(dsl::owner.eq(owner)).filter(dsl::hash.eq(hash.as_bytes())).select((dsl::kind, dsl::state_sealed)).first(&mut **tx).optional()?;
    let Some((kind, sealed)) = row else { return Ok(None) };
    let mine = dsl::passkey_ceremonies.find((owner, kind.as_str())).filter(dsl::hash.eq(hash.as_bytes()));
    let is_in_time = mine.filter(dsl::expires_at.gt(tools.now().0)).select(dsl::expires_at).first::<i64>(&mut **tx).optional()?.is_some();
    if diesel::delete(mine).execute(&mut **tx)? == 0 || !is_in_time {
        return Ok(None);
    }
    let corrupt = || StoreError::corrupt("passkey_ceremonies", "state_sealed", owner);
    let plain = tools.ring.flows.open(&sealed, &place(owner, &kind)).map_err(|_| corrupt())?;
    serde_json::from_slice(&plain).map(Some).map_err(|_| corrupt())
}

/// Removes ceremonies that expired before `before`.
///
/// # Errors
/// [`StoreError`].
pub fn sweep_ceremonies(tx: &mut WriteTx<'_>, before: UnixSeconds, limit: i64) -> Result<usize, StoreError> {
    use passkey_ceremonies::dsl;
    let old: Vec<String> = dsl::passkey_ceremonies.filter(dsl::expires_at.lt(before.0)).select(dsl::owner).limit(limit).load(&mut **tx)?;
    Ok(diesel::delete(dsl::passkey_ceremonies.filter(dsl::owner.eq_any(old)).filter(dsl::expires_at.lt(before.0))).execute(&mut **tx)?)
}

fn sealed(key: &DataKey, tools: &Tools, id: &AuthenticatorId, kept: &Kept) -> Result<Vec<u8>, StoreError> {
    let plain = serde_json::to_vec(kept).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    key.seal_in_row(CREDENTIAL, id.as_str(), &plain, tools.entropy())
}

/// Adds a credential to a customer.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody has it already.
pub fn insert_passkey(tx: &mut WriteTx<'_>, tools: &Tools, customer: &CustomerId, new: NewCredential, name: &str) -> Result<AuthenticatorId, StoreError> {
    use passkeys::dsl;
    let key = vault::need_data_key(tx, &tools.ring, customer.as_str())?;
    let id = AuthenticatorId::generate(tools.now_micros(), tools.entropy());
    let NewCredential { credential, kind, aaguid, is_discoverable, foreign_handle } = new;
    let (hash, counter) = (sha256(&credential.cred_id), i64::from(credential.counter));
    diesel::insert_into(dsl::passkeys)
        .values((
            dsl::id.eq(id.as_str()),
            dsl::customer_id.eq(customer.as_str()),
            dsl::credential_hash.eq(hash.as_slice()),
            dsl::name_sealed.eq(key.seal_in_row(NAME, id.as_str(), name.as_bytes(), tools.entropy())?),
            dsl::credential_sealed.eq(sealed(&key, tools, &id, &Kept { credential, kind, aaguid, is_discoverable, foreign_handle })?),
            dsl::counter.eq(counter),
            dsl::created_at.eq(tools.now().0),
            dsl::last_used_at.eq(Some(tools.now().0)),
        ))
        .execute(&mut **tx)?;
    Ok(id)
}

/// Whether anybody has this credential.
///
/// # Errors
/// [`StoreError`].
pub fn is_taken(connection: &mut DbConnection, credential_id: &[u8]) -> Result<bool, StoreError> {
    use passkeys::dsl;
    let hash = sha256(credential_id);
    let found: Option<String> = dsl::passkeys.filter(dsl::credential_hash.eq(hash.as_slice())).select(dsl::id).first(connection).optional()?;
    Ok(found.is_some())
}

type Row = (String, String, Vec<u8>, Vec<u8>, i64, Option<i64>);

fn open(connection: &mut DbConnection, tools: &Tools, rows: Vec<Row>) -> Result<Vec<(CustomerId, Passkey)>, StoreError> {
    let mut found = Vec::with_capacity(rows.len());
    let mut keys: Option<(String, DataKey)> = None;
    for (id, customer, name, credential, created_at, last_used_at) in rows {
        let corrupt = |column| StoreError::corrupt("passkeys", column, id.clone());
        let key = match keys.take() {
            Some((owner, key)) if owner == customer => key,
            _ => vault::need_data_key(connection, &tools.ring, &customer)?,
        };
        let kept: Kept = serde_json::from_slice(&key.open_in_row(CREDENTIAL, &id, &credential)?).map_err(|_| corrupt("credential_sealed"))?;
        let passkey = Passkey {
            name: String::from_utf8(key.open_in_row(NAME, &id, &name)?.to_vec()).map_err(|_| corrupt("name_sealed"))?,
            id: id.parse().map_err(|_| corrupt("id"))?,
            kind: kept.kind,
            aaguid: kept.aaguid,
            is_discoverable: kept.is_discoverable,
            foreign_handle: kept.foreign_handle,
            credential: kept.credential,
            created_at: UnixSeconds(created_at),
            last_used_at: last_used_at.map(UnixSeconds),
        };
        found.push((customer.parse().map_err(|_| corrupt("customer_id"))?, passkey));
        keys = Some((customer, key));
    }
    Ok(found)
}

macro_rules! columns {
    () => {
        (passkeys::id, passkeys::customer_id, passkeys::name_sealed, passkeys::credential_sealed, passkeys::created_at, passkeys::last_used_at)
    };
}

/// The passkeys and security keys of a customer, oldest first.
///
/// # Errors
/// [`StoreError::Corrupt`] when one does not open.
pub fn list_passkeys(connection: &mut DbConnection, tools: &Tools, customer: &CustomerId) -> Result<Vec<Passkey>, StoreError> {
    let rows: Vec<Row> = passkeys::table.filter(passkeys::customer_id.eq(customer.as_str())).order(passkeys::id).limit(MAX_PASSKEYS).select(columns!()).load(connection)?;
    Ok(open(connection, tools, rows)?.into_iter().map(|(_, passkey)| passkey).collect())
}

/// The credential with this id, and whose it is.
///
/// # Errors
/// [`StoreError::Corrupt`] when it does not open.
pub fn find_by_credential(connection: &mut DbConnection, tools: &Tools, credential_id: &[u8]) -> Result<Option<(CustomerId, Passkey)>, StoreError> {
    let hash = sha256(credential_id);
    let rows: Vec<Row> = passkeys::table.filter(passkeys::credential_hash.eq(hash.as_slice())).limit(1).select(columns!()).load(connection)?;
    Ok(open(connection, tools, rows)?.pop())
}

/// How many the customer has.
///
/// # Errors
/// [`StoreError`].
pub fn count_passkeys(connection: &mut DbConnection, customer: &CustomerId) -> Result<i64, StoreError> {
    Ok(passkeys::table.filter(passkeys::customer_id.eq(customer.as_str())).count().get_result(connection)?)
}

/// How many customers have one.
///
/// # Errors
/// [`StoreError`].
pub fn count_owners(connection: &mut DbConnection) -> Result<i64, StoreError> {
    Ok(passkeys::table.select(diesel::dsl::count(passkeys::customer_id).aggregate_distinct()).first(connection)?)
}

/// When the oldest and the newest of a customer's were added; none when there is none.
///
/// # Errors
/// [`StoreError`].
pub fn find_ages(connection: &mut DbConnection, customer: &CustomerId) -> Result<Option<(UnixSeconds, UnixSeconds)>, StoreError> {
    use diesel::dsl::{max, min};
    let mine = passkeys::table.filter(passkeys::customer_id.eq(customer.as_str()));
    let (oldest, newest): (Option<i64>, Option<i64>) = mine.select((min(passkeys::created_at), max(passkeys::created_at))).first(connection)?;
    Ok(oldest.zip(newest).map(|(oldest, newest)| (UnixSeconds(oldest), UnixSeconds(newest))))
}

/// Whether the customer has one.
///
/// # Errors
/// [`StoreError`].
pub fn is_enrolled(connection: &mut DbConnection, customer: &CustomerId) -> Result<bool, StoreError> {
    let found: Option<String> = passkeys::table.filter(passkeys::customer_id.eq(customer.as_str())).select(passkeys::id).first(connection).optional()?;
    Ok(found.is_some())
}

/// Stores what a proven assertion said: counter and backup state. False when another assertion with a higher counter was first, which one authenticator cannot make.
///
/// # Errors
/// [`StoreError`].
pub fn note_use(tx: &mut WriteTx<'_>, tools: &Tools, customer: &CustomerId, passkey: &Passkey, result: &AuthenticationResult) -> Result<bool, StoreError> {
    let counter = i64::from(result.counter());
    let mine = passkeys::table.find(passkey.id.as_str());
    let increases = mine.filter(passkeys::counter.lt(counter).or(passkeys::counter.eq(0)));
    let now = Some(tools.now().0);
    if !result.needs_update() && !foreign::is_foreign(&passkey.credential) {
        return Ok(diesel::update(increases).set((passkeys::counter.eq(counter), passkeys::last_used_at.eq(now))).execute(&mut **tx)? > 0);
    }
    let mut credential = passkey.credential.clone();
    (credential.counter, credential.backup_state) = (result.counter(), result.backup_state());
    foreign::settle(&mut credential, result);
    let kept = Kept {
        credential,
        kind: passkey.kind,
        aaguid: passkey.aaguid,
        is_discoverable: passkey.is_discoverable,
        foreign_handle: passkey.foreign_handle.clone(),
    };
    let sealed = sealed(&vault::need_data_key(tx, &tools.ring, customer.as_str())?, tools, &passkey.id, &kept)?;
    let done = diesel::update(increases).set((passkeys::counter.eq(counter), passkeys::credential_sealed.eq(sealed), passkeys::last_used_at.eq(now))).execute(&mut **tx)?;
    Ok(done > 0)
}

/// Removes a passkey of the customer; false when there is no such.
///
/// # Errors
/// [`StoreError`].
pub fn remove_passkey(tx: &mut WriteTx<'_>, customer: &CustomerId, id: &AuthenticatorId) -> Result<bool, StoreError> {
    Ok(diesel::delete(passkeys::table.find(id.as_str()).filter(passkeys::customer_id.eq(customer.as_str()))).execute(&mut **tx)? > 0)
}

/// Removes every passkey of the customer but `kept`; returns how many.
///
/// # Errors
/// [`StoreError`].
pub fn remove_passkeys_of(tx: &mut WriteTx<'_>, customer: &CustomerId, kept: Option<&AuthenticatorId>) -> Result<usize, StoreError> {
    let mine = passkeys::table.filter(passkeys::customer_id.eq(customer.as_str())).filter(passkeys::id.ne(kept.map_or("", AuthenticatorId::as_str)));
    Ok(diesel::delete(mine).execute(&mut **tx)?)
}

/// When a passkey of the customer was added; none when it is not theirs, or there no longer.
///
/// # Errors
/// [`StoreError`].
pub fn find_added_at(connection: &mut DbConnection, customer: &CustomerId, id: &AuthenticatorId) -> Result<Option<UnixSeconds>, StoreError> {
    let mine = passkeys::table.find(id.as_str()).filter(passkeys::customer_id.eq(customer.as_str()));
    Ok(mine.select(passkeys::created_at).first::<i64>(connection).optional()?.map(UnixSeconds))
}

/// Removes those that were added at `since` or later; how many.
///
/// # Errors
/// [`StoreError`].
pub fn remove_passkeys_since(tx: &mut WriteTx<'_>, customer: &CustomerId, since: UnixSeconds) -> Result<usize, StoreError> {
    Ok(diesel::delete(passkeys::table.filter(passkeys::customer_id.eq(customer.as_str())).filter(passkeys::created_at.ge(since.0))).execute(&mut **tx)?)
}

/// A row as it stands, for a snapshot: what is sealed stays sealed.
#[derive(Clone, serde::Serialize, serde::Deserialize, Queryable, Insertable)]
#[diesel(table_name = passkeys)]
pub struct KeptPasskey {
    id: String,
    customer_id: String,
    credential_hash: Vec<u8>,
    name_sealed: Vec<u8>,
    credential_sealed: Vec<u8>,
    counter: i64,
    created_at: i64,
    last_used_at: Option<i64>,
}

/// Every row of a customer, for a snapshot.
///
/// # Errors
/// [`StoreError`].
pub fn keep_rows(connection: &mut DbConnection, customer: &CustomerId) -> Result<Vec<KeptPasskey>, StoreError> {
    Ok(passkeys::table.filter(passkeys::customer_id.eq(customer.as_str())).order(passkeys::id).load(connection)?)
}

/// Brings back what was there when `kept` was taken: removes what came since, adds what went. What stayed keeps its counter.
///
/// # Errors
/// [`StoreError`].
pub fn restore_rows(tx: &mut WriteTx<'_>, customer: &CustomerId, kept: &[KeptPasskey]) -> Result<usize, StoreError> {
    let mine = passkeys::table.filter(passkeys::customer_id.eq(customer.as_str()));
    let names: Vec<&str> = kept.iter().map(|row| row.id.as_str()).collect();
    let mut changed = diesel::delete(mine.filter(passkeys::id.ne_all(names))).execute(&mut **tx)?;
    let present: Vec<String> = mine.select(passkeys::id).load(&mut **tx)?;
    for row in kept.iter().filter(|row| row.customer_id == customer.as_str() && !present.contains(&row.id)) {
        changed += diesel::insert_into(passkeys::table).values(row.clone()).execute(&mut **tx)?;
    }
    Ok(changed)
}
