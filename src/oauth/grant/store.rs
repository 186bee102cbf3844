//! The tables of grants, codes and opaque or revoked access tokens.

use diesel::prelude::*;

use super::Grant;
use crate::base::ids::{ClientId, CustomerId, GrantId};
use crate::base::secret::SecretHash;
use crate::base::time::UnixSeconds;
use crate::identity::{customers, sessions};
use crate::oauth::scope::Scope;
use crate::platform::db::{DbConnection, StoreError, WriteTx};

mod tables {
    diesel::table! {
        grants (id) {
            id -> Text, client_id -> Text, customer_id -> Text, session_id -> Text, is_offline -> Bool, generation -> BigInt, scope -> Text, claims -> Text, authentication -> Text,
            created_at -> BigInt, expires_at -> BigInt, rotation -> BigInt, rotated_at -> Nullable<BigInt>, ended_at -> Nullable<BigInt>, end_reason -> Nullable<Text>,
        }
    }
    diesel::table! {
        codes (hash) {
            hash -> Binary, grant_id -> Text, client_id -> Text, redirect_uri -> Text, is_redirect_uri_sent -> Bool, code_challenge -> Nullable<Text>, nonce -> Nullable<Text>,
            expires_at -> BigInt, used_at -> Nullable<BigInt>, purchase_sealed -> Nullable<Binary>,
        }
    }
    diesel::table! {
        opaque_tokens (hash) {
            hash -> Binary, grant_id -> Nullable<Text>, client_id -> Text, scope -> Text, issued_at -> BigInt, expires_at -> BigInt, ended_at -> Nullable<BigInt>,
            purchase_sealed -> Nullable<Binary>,
        }
    }
    diesel::table! {
        revoked_tokens (hash) { hash -> Binary, expires_at -> BigInt, }
    }
}

use tables::{codes, grants, opaque_tokens, revoked_tokens};

fn json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Unavailable(error.to_string()))
}

/// Stores a new grant.
///
/// # Errors
/// [`StoreError`].
pub(in crate::oauth) fn insert_grant(tx: &mut WriteTx<'_>, grant: &Grant) -> Result<(), StoreError> {
    use grants::dsl;
    diesel::insert_into(dsl::grants)
        .values((
            dsl::id.eq(grant.id.as_str()),
            dsl::client_id.eq(grant.client_id.as_str()),
            dsl::customer_id.eq(grant.customer.as_str()),
            dsl::session_id.eq(&grant.session_id),
            dsl::is_offline.eq(grant.is_offline),
            dsl::generation.eq(grant.generation),
            dsl::scope.eq(grant.scope.to_text()),
            dsl::claims.eq(json(&grant.claims)?),
            dsl::authentication.eq(json(&grant.authentication)?),
            dsl::created_at.eq(grant.created_at.0),
            dsl::expires_at.eq(grant.expires_at.0),
            dsl::rotation.eq(grant.rotation),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

type GrantRow = (String, String, String, String, bool, i64, String, String, String, i64, i64, i64, Option<i64>, Option<i64>);

/// A grant by id, ended or not.
///
/// # Errors
/// [`StoreError`].
pub fn find_grant(connection: &mut DbConnection, id: &GrantId) -> Result<Option<Grant>, StoreError> {
    use grants::dsl;
    let row: Option<GrantRow> = dsl::grants
        .find(id.as_str())
        .select((
            dsl::id,
            dsl::client_id,
            dsl::customer_id,
            dsl::session_id,
            dsl::is_offline,
            dsl::generation,
            dsl::scope,
            dsl::claims,
            dsl::authentication,
            dsl::created_at,
            dsl::expires_at,
            dsl::rotation,
            dsl::rotated_at,
            dsl::ended_at,
        ))
        .first(connection)
        .optional()?;
    let Some((id, client, customer, session_id, is_offline, generation, scope, claims, authentication, created_at, expires_at, rotation, rotated_at, ended_at)) = row else {
        return Ok(None);
    };
    let corrupt = |column| StoreError::corrupt("grants", column, id.clone());
    Ok(Some(Grant {
        client_id: client.parse().map_err(|_| corrupt("client_id"))?,
        customer: customer.parse().map_err(|_| corrupt("customer_id"))?,
        session_id,
        is_offline,
        generation,
        scope: scope.into(),
        claims: serde_json::from_str(&claims).map_err(|_| corrupt("claims"))?,
        authentication: serde_json::from_str(&authentication).map_err(|_| corrupt("authentication"))?,
        created_at: UnixSeconds(created_at),
        expires_at: UnixSeconds(expires_at),
        rotation,
        rotated_at: rotated_at.map(UnixSeconds),
        ended_at: ended_at.map(UnixSeconds),
        id: id.parse().map_err(|_| corrupt("id"))?,
    }))
}

/// Whether a grant still holds: not ended, not expired, its customer in good standing under the same credentials, and its session standing unless it is an offline grant.
///
/// # Errors
/// [`StoreError`].
pub fn is_standing(connection: &mut DbConnection, grant: &Grant, now: UnixSeconds) -> Result<bool, StoreError> {
    if grant.ended_at.is_some() || now >= grant.expires_at {
        return Ok(false);
    }
    let standing = customers::store::find_standing(connection, &grant.customer)?;
    if !standing.is_some_and(|standing| standing.upholds(grant.generation)) {
        return Ok(false);
    }
    Ok(grant.is_offline || sessions::store::is_standing(connection, &grant.session_id, now)?)
}

/// Ends a grant and with it every token of its family; false when it had ended.
///
/// # Errors
/// [`StoreError`].
pub fn end_grant(tx: &mut WriteTx<'_>, id: &GrantId, reason: &str, now: UnixSeconds) -> Result<bool, StoreError> {
    use grants::dsl;
    let done = diesel::update(dsl::grants.find(id.as_str()).filter(dsl::ended_at.is_null()))
        .set((dsl::ended_at.eq(Some(now.0)), dsl::end_reason.eq(Some(reason))))
        .execute(&mut **tx)?;
    Ok(done > 0)
}

/// Moves a family from refresh token `from` to the next; false when another request was first. Starts one when `from` is 0.
///
/// # Errors
/// [`StoreError`].
pub fn rotate_grant(tx: &mut WriteTx<'_>, id: &GrantId, from: i64, now: UnixSeconds) -> Result<bool, StoreError> {
    use grants::dsl;
    let done = diesel::update(dsl::grants.find(id.as_str()).filter(dsl::rotation.eq(from)).filter(dsl::ended_at.is_null()).filter(dsl::expires_at.gt(now.0)))
        .set((dsl::rotation.eq(from + 1), dsl::rotated_at.eq(Some(now.0))))
        .execute(&mut **tx)?;
    Ok(done > 0)
}

/// A code to be stored.
#[derive(Debug)]
pub struct NewCode {
    /// SHA-256 of it.
    pub hash: SecretHash,
    /// The grant that it stands for.
    pub grant: GrantId,
    /// Whose it is.
    pub client_id: ClientId,
    /// Where it was sent.
    pub redirect_uri: String,
    /// The S256 challenge (RFC 7636).
    pub code_challenge: Option<String>,
    /// The nonce for the ID token.
    pub nonce: Option<String>,
    /// The purchase that was confirmed, sealed.
    pub purchase: Option<Vec<u8>>,
    /// When it is too old.
    pub expires_at: UnixSeconds,
}

/// Stores a code.
///
/// # Errors
/// [`StoreError`].
pub(in crate::oauth) fn insert_code(tx: &mut WriteTx<'_>, code: &NewCode) -> Result<(), StoreError> {
    use codes::dsl;
    diesel::insert_into(dsl::codes)
        .values((
            dsl::hash.eq(code.hash.as_bytes()),
            dsl::grant_id.eq(code.grant.as_str()),
            dsl::client_id.eq(code.client_id.as_str()),
            dsl::redirect_uri.eq(&code.redirect_uri),
            dsl::is_redirect_uri_sent.eq(true),
            dsl::code_challenge.eq(code.code_challenge.as_deref()),
            dsl::nonce.eq(code.nonce.as_deref()),
            dsl::purchase_sealed.eq(code.purchase.as_deref()),
            dsl::expires_at.eq(code.expires_at.0),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// A stored code.
#[derive(Debug)]
pub struct StoredCode {
    /// The grant that it stands for.
    pub grant: GrantId,
    /// Whose it is.
    pub client_id: String,
    /// Where it was sent.
    pub redirect_uri: String,
    /// The S256 challenge.
    pub code_challenge: Option<String>,
    /// The nonce for the ID token.
    pub nonce: Option<String>,
    /// The purchase that was confirmed, sealed.
    pub purchase: Option<Vec<u8>>,
    /// When it is too old.
    pub expires_at: UnixSeconds,
    /// Whether it was used.
    pub is_used: bool,
}

/// A code by what was presented.
///
/// # Errors
/// [`StoreError`].
pub fn find_code(connection: &mut DbConnection, hash: &SecretHash) -> Result<Option<StoredCode>, StoreError> {
    use codes::dsl;
    type Row = (String, String, String, Option<String>, Option<String>, Option<Vec<u8>>, i64, Option<i64>);
    let row: Option<Row> = dsl::codes
        .find(hash.as_bytes())
        .select((dsl::grant_id, dsl::client_id, dsl::redirect_uri, dsl::code_challenge, dsl::nonce, dsl::purchase_sealed, dsl::expires_at, dsl::used_at))
        .first(connection)
        .optional()?;
    let Some((grant, client_id, redirect_uri, code_challenge, nonce, purchase, expires_at, used_at)) = row else { return Ok(None) };
    let grant = grant.parse().map_err(|_| StoreError::corrupt("codes", "grant_id", grant.clone()))?;
    Ok(Some(StoredCode { grant, client_id, redirect_uri, code_challenge, nonce, purchase, expires_at: UnixSeconds(expires_at), is_used: used_at.is_some() }))
}

/// Marks a code as used, before anything is issued for it; false when another request was first.
///
/// # Errors
/// [`StoreError`].
pub fn redeem_code(tx: &mut WriteTx<'_>, hash: &SecretHash, now: UnixSeconds) -> Result<bool, StoreError> {
    use codes::dsl;
    let done = diesel::update(dsl::codes.find(hash.as_bytes()).filter(dsl::used_at.is_null())).set(dsl::used_at.eq(Some(now.0))).execute(&mut **tx)?;
    Ok(done > 0)
}

/// Stores an opaque access token.
///
/// # Errors
/// [`StoreError`].
pub(in crate::oauth) fn insert_opaque_token(tx: &mut WriteTx<'_>, hash: &SecretHash, token: &StoredToken) -> Result<(), StoreError> {
    use opaque_tokens::dsl;
    diesel::insert_into(dsl::opaque_tokens)
        .values((
            dsl::hash.eq(hash.as_bytes()),
            dsl::grant_id.eq(token.grant.as_ref().map(GrantId::as_str)),
            dsl::client_id.eq(&token.client_id),
            dsl::scope.eq(token.scope.clone()),
            dsl::issued_at.eq(token.issued_at.0),
            dsl::expires_at.eq(token.expires_at.0),
            dsl::purchase_sealed.eq(token.purchase.as_deref()),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// An opaque access token as stored.
#[derive(Debug, Clone)]
pub struct StoredToken {
    /// The grant that it belongs to; none for a client's own.
    pub grant: Option<GrantId>,
    /// Whose it is.
    pub client_id: String,
    /// What it allows.
    pub scope: String,
    /// When it was issued.
    pub issued_at: UnixSeconds,
    /// When it expires.
    pub expires_at: UnixSeconds,
    /// The purchase that was confirmed, sealed.
    pub purchase: Option<Vec<u8>>,
}

/// A live opaque access token.
///
/// # Errors
/// [`StoreError`].
pub fn find_opaque_token(connection: &mut DbConnection, hash: &SecretHash, now: UnixSeconds) -> Result<Option<StoredToken>, StoreError> {
    use opaque_tokens::dsl;
    type Row = (Option<String>, String, String, i64, i64, Option<Vec<u8>>);
    let row: Option<Row> = dsl::opaque_tokens
        .find(hash.as_bytes())
        .filter(dsl::ended_at.is_null())
        .filter(dsl::expires_at.gt(now.0))
        .select((dsl::grant_id, dsl::client_id, dsl::scope, dsl::issued_at, dsl::expires_at, dsl::purchase_sealed))
        .first(connection)
        .optional()?;
    let Some((grant, client_id, scope, issued_at, expires_at, purchase)) = row else { return Ok(None) };
    let grant = grant.map(|grant| grant.parse().map_err(|_| StoreError::corrupt("opaque_tokens", "grant_id", grant.clone()))).transpose()?;
    Ok(Some(StoredToken { grant, client_id, scope, issued_at: UnixSeconds(issued_at), expires_at: UnixSeconds(expires_at), purchase }))
}

/// Ends one opaque access token.
///
/// # Errors
/// [`StoreError`].
pub fn end_opaque_token(tx: &mut WriteTx<'_>, hash: &SecretHash, now: UnixSeconds) -> Result<bool, StoreError> {
    use opaque_tokens::dsl;
    let done = diesel::update(dsl::opaque_tokens.find(hash.as_bytes()).filter(dsl::ended_at.is_null())).set(dsl::ended_at.eq(Some(now.0))).execute(&mut **tx)?;
    Ok(done > 0)
}

/// Notes that one JWT access token is void before it expires.
///
/// # Errors
/// [`StoreError`].
pub fn insert_revoked_token(tx: &mut WriteTx<'_>, hash: &SecretHash, expires_at: UnixSeconds) -> Result<(), StoreError> {
    use revoked_tokens::dsl;
    if is_revoked(tx, hash)? {
        return Ok(());
    }
    diesel::insert_into(dsl::revoked_tokens).values((dsl::hash.eq(hash.as_bytes()), dsl::expires_at.eq(expires_at.0))).execute(&mut **tx)?;
    Ok(())
}

/// Whether one JWT access token was revoked.
///
/// # Errors
/// [`StoreError`].
pub fn is_revoked(connection: &mut DbConnection, hash: &SecretHash) -> Result<bool, StoreError> {
    use revoked_tokens::dsl;
    let found: Option<i64> = dsl::revoked_tokens.find(hash.as_bytes()).select(dsl::expires_at).first(connection).optional()?;
    Ok(found.is_some())
}

/// Removes what expired before `before`, a little at a time; returns how many rows.
///
/// # Errors
/// [`StoreError`].
pub fn sweep(tx: &mut WriteTx<'_>, before: UnixSeconds, limit: i64) -> Result<usize, StoreError> {
    let old_grants: Vec<String> = grants::table.filter(grants::expires_at.lt(before.0)).select(grants::id).limit(limit).load(&mut **tx)?;
    let mut removed = diesel::delete(grants::table.filter(grants::id.eq_any(old_grants))).execute(&mut **tx)?;
    let old_tokens: Vec<Vec<u8>> = opaque_tokens::table.filter(opaque_tokens::expires_at.lt(before.0)).select(opaque_tokens::hash).limit(limit).load(&mut **tx)?;
    removed += diesel::delete(opaque_tokens::table.filter(opaque_tokens::hash.eq_any(old_tokens))).execute(&mut **tx)?;
    let old_revoked: Vec<Vec<u8>> = revoked_tokens::table.filter(revoked_tokens::expires_at.lt(before.0)).select(revoked_tokens::hash).limit(limit).load(&mut **tx)?;
    removed += diesel::delete(revoked_tokens::table.filter(revoked_tokens::hash.eq_any(old_revoked))).execute(&mut **tx)?;
    Ok(removed)
}

/// The living grants of a customer: client, scope, since when, whether it works while the customer is away.
///
/// # Errors
/// [`StoreError`].
pub fn list_grants_of(connection: &mut DbConnection, customer: &CustomerId, generation: i64, now: UnixSeconds) -> Result<Vec<(ClientId, Scope, UnixSeconds, bool)>, StoreError> {
    use grants::dsl;
    let mine = dsl::grants.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::generation.eq(generation)).filter(dsl::ended_at.is_null());
    let rows: Vec<(String, String, i64, bool)> = mine
        .filter(dsl::expires_at.gt(now.0))
        .order(dsl::created_at.desc())
        .limit(500)
        .select((dsl::client_id, dsl::scope, dsl::created_at, dsl::is_offline))
        .load(connection)?;
    rows.into_iter()
        .map(|(client, scope, at, is_offline)| {
            let id = client.parse().map_err(|_| StoreError::corrupt("grants", "client_id", client.clone()))?;
            Ok((id, Scope::from(scope), UnixSeconds(at), is_offline))
        })
        .collect()
}

/// Ends every grant of a customer to a client; how many.
///
/// # Errors
/// [`StoreError`].
pub fn end_grants_of(tx: &mut WriteTx<'_>, customer: &CustomerId, client: &ClientId, reason: &str, now: UnixSeconds) -> Result<usize, StoreError> {
    use grants::dsl;
    let theirs = dsl::grants.filter(dsl::customer_id.eq(customer.as_str())).filter(dsl::client_id.eq(client.as_str())).filter(dsl::ended_at.is_null());
    Ok(diesel::update(theirs).set((dsl::ended_at.eq(Some(now.0)), dsl::end_reason.eq(Some(reason)))).execute(&mut **tx)?)
}
