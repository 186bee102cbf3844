//! The table of signing keys. The private half is sealed under the master key, so that every node shares the keys and a dump holds none.

use diesel::prelude::*;
use jsonwebtoken::jwk::Jwk;

use super::rules::{KeyAction, KeyFacts, KeyState};
use crate::base::random::Entropy;
use crate::base::time::UnixSeconds;
use crate::platform::crypto::generations::RenewedKey;
use crate::platform::crypto::jws::{self, Signer, SigningAlgorithm};
use crate::platform::db::{DbConnection, StoreError, WriteTx};

mod tables {
    diesel::table! {
        signing_keys (kid) {
            kid -> Text, algorithm -> Text, state -> Text, public_jwk -> Text, private_sealed -> Binary,
            created_at -> BigInt, activated_at -> Nullable<BigInt>, retiring_at -> Nullable<BigInt>, retired_at -> Nullable<BigInt>,
        }
    }
}

use tables::signing_keys;

type Row = (String, String, String, String, Vec<u8>, i64, Option<i64>, Option<i64>);

/// A key as stored: facts, public half, sealed private half.
pub struct StoredKey {
    /// What the rules know of it.
    pub facts: KeyFacts,
    /// The public half.
    pub public_jwk: Jwk,
    private_sealed: Vec<u8>,
}

fn place(kid: &str) -> String {
    format!("signing_keys|private|{kid}")
}

impl StoredKey {
    fn from_row((kid, algorithm, state, public_jwk, private_sealed, created_at, activated_at, retiring_at): Row) -> Result<Self, StoreError> {
        let corrupt = |column| StoreError::corrupt("signing_keys", column, kid.clone());
        Ok(Self {
            public_jwk: serde_json::from_str(&public_jwk).map_err(|_| corrupt("public_jwk"))?,
            private_sealed,
            facts: KeyFacts {
                algorithm: SigningAlgorithm::parse(&algorithm).ok_or_else(|| corrupt("algorithm"))?,
                state: KeyState::parse(&state).ok_or_else(|| corrupt("state"))?,
                created_at: UnixSeconds(created_at),
                activated_at: activated_at.map(UnixSeconds),
                retiring_at: retiring_at.map(UnixSeconds),
                kid,
            },
        })
    }

    /// Opens and parses the private half.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when it does not open under `key`.
    pub fn signer(&self, key: &RenewedKey) -> Result<Signer, StoreError> {
        let corrupt = || StoreError::corrupt("signing_keys", "private_sealed", self.facts.kid.clone());
        let pkcs8 = zeroize::Zeroizing::new(key.open(&self.private_sealed, &place(&self.facts.kid)).map_err(|_| corrupt())?);
        Signer::from_pkcs8(&self.facts.kid, self.facts.algorithm, &pkcs8).map_err(|_| corrupt())
    }
}

/// Every key, oldest first.
///
/// # Errors
/// [`StoreError`].
pub fn list_keys(connection: &mut DbConnection) -> Result<Vec<StoredKey>, StoreError> {
    use signing_keys::dsl;
    let rows: Vec<Row> = dsl::signing_keys
        .select((dsl::kid, dsl::algorithm, dsl::state, dsl::public_jwk, dsl::private_sealed, dsl::created_at, dsl::activated_at, dsl::retiring_at))
        .order((dsl::created_at, dsl::kid))
        .load(connection)?;
    rows.into_iter().map(StoredKey::from_row).collect()
}

/// Carries out one step of the rules; true when this node did it, false when another one already had.
///
/// # Errors
/// [`StoreError`].
pub fn apply_action(tx: &mut WriteTx<'_>, action: &KeyAction, key: &RenewedKey, entropy: &dyn Entropy, now: UnixSeconds) -> Result<bool, StoreError> {
    use signing_keys::dsl;
    match action {
        KeyAction::MakePending(algorithm) => insert_key(tx, *algorithm, KeyState::Pending, key, entropy, now).map(|()| true),
        KeyAction::MakeActive(algorithm) => insert_key(tx, *algorithm, KeyState::Active, key, entropy, now).map(|()| true),
        KeyAction::Activate(kid) => {
            let algorithm: Option<String> = dsl::signing_keys.find(kid).select(dsl::algorithm).first(&mut **tx).optional()?;
            let Some(algorithm) = algorithm else { return Ok(false) };
            // Locks the keys of this algorithm: of two who do this at once the second one sees what the first one did.
            diesel::update(dsl::signing_keys.filter(dsl::algorithm.eq(&algorithm))).set(dsl::algorithm.eq(&algorithm)).execute(&mut **tx)?;
            let state: String = dsl::signing_keys.find(kid).select(dsl::state).first(&mut **tx)?;
            if state != KeyState::Pending.as_str() {
                return Ok(false);
            }
            diesel::update(dsl::signing_keys.filter(dsl::algorithm.eq(&algorithm)).filter(dsl::state.eq(KeyState::Active.as_str())))
                .set((dsl::state.eq(KeyState::Retiring.as_str()), dsl::retiring_at.eq(Some(now.0))))
                .execute(&mut **tx)?;
            diesel::update(dsl::signing_keys.find(kid)).set((dsl::state.eq(KeyState::Active.as_str()), dsl::activated_at.eq(Some(now.0)))).execute(&mut **tx)?;
            Ok(true)
        }
        KeyAction::Retire(kid) => end_key(tx, kid, now),
    }
}

fn insert_key(tx: &mut WriteTx<'_>, algorithm: SigningAlgorithm, state: KeyState, key: &RenewedKey, entropy: &dyn Entropy, now: UnixSeconds) -> Result<(), StoreError> {
    use signing_keys::dsl;
    let unavailable = |error: &dyn std::fmt::Display| StoreError::Unavailable(error.to_string());
    let made = jws::generate(algorithm).map_err(|error| unavailable(&error))?;
    let sealed = key.seal(&made.pkcs8, &place(&made.kid), entropy).map_err(|error| unavailable(&error))?;
    let public = serde_json::to_string(&made.public_jwk).map_err(|error| unavailable(&error))?;
    diesel::insert_into(dsl::signing_keys)
        .values((
            dsl::kid.eq(&made.kid),
            dsl::algorithm.eq(algorithm.as_str()),
            dsl::state.eq(state.as_str()),
            dsl::public_jwk.eq(public),
            dsl::private_sealed.eq(sealed),
            dsl::created_at.eq(now.0),
            dsl::activated_at.eq((state == KeyState::Active).then_some(now.0)),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Takes a key out of the JWKS, unless it signs; true when it was there to take.
///
/// # Errors
/// [`StoreError`].
pub fn end_key(tx: &mut WriteTx<'_>, kid: &str, now: UnixSeconds) -> Result<bool, StoreError> {
    use signing_keys::dsl;
    let done = diesel::update(dsl::signing_keys.filter(dsl::kid.eq(kid)).filter(dsl::state.eq_any([KeyState::Pending.as_str(), KeyState::Retiring.as_str()])))
        .set((dsl::state.eq(KeyState::Retired.as_str()), dsl::retired_at.eq(Some(now.0))))
        .execute(&mut **tx)?;
    Ok(done > 0)
}

/// Seals the private halves anew, by the newest generation; how many.
///
/// # Errors
/// [`StoreError::Corrupt`] when one does not open.
pub fn reseal_keys(tx: &mut WriteTx<'_>, key: &RenewedKey, entropy: &dyn Entropy) -> Result<usize, StoreError> {
    use signing_keys::dsl;
    let rows: Vec<(String, Vec<u8>)> = dsl::signing_keys.select((dsl::kid, dsl::private_sealed)).load(&mut **tx)?;
    let mut done = 0;
    for (kid, sealed) in rows {
        let anew = key.reseal(&sealed, &place(&kid), entropy).map_err(|_| StoreError::corrupt("signing_keys", "private_sealed", kid.clone()))?;
        if let Some(anew) = anew {
            done += diesel::update(dsl::signing_keys.find(&kid).filter(dsl::private_sealed.eq(&sealed))).set(dsl::private_sealed.eq(anew)).execute(&mut **tx)?;
        }
    }
    Ok(done)
}
