//! The table of answers that a repeated request gets again.

use diesel::prelude::*;

use super::Answer;
use crate::base::encoding::hex;
use crate::base::time::UnixSeconds;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;

mod tables {
    diesel::table! {
        idempotent_answers (hash) { hash -> Binary, request_hash -> Binary, status -> BigInt, body_sealed -> Binary, expires_at -> BigInt, }
    }
}

use tables::idempotent_answers;

/// How long an answer is given again, in seconds: a day.
const KEPT_SECONDS: i64 = 86_400;

/// A key that a caller chose for one request, and the request itself, both as hashes.
#[derive(Debug, Clone)]
pub struct IdempotencyKey {
    /// Over caller, operation and key.
    pub hash: [u8; 32],
    /// Over what was asked.
    pub request_hash: [u8; 32],
}

fn place(hash: &[u8]) -> String {
    format!("idempotent_answers|body|{}", hex(hash))
}

/// The answer that was given before; `Err` inside when the key was used for something else.
///
/// # Errors
/// [`StoreError`].
pub fn find_answer(connection: &mut DbConnection, tools: &Tools, key: &IdempotencyKey) -> Result<Option<Result<Answer, ()>>, StoreError> {
    use idempotent_answers::dsl;
    type Row = (Vec<u8>, i64, Vec<u8>);
    let found: Option<Row> = dsl::idempotent_answers
        .find(key.hash.as_slice())
        .filter(dsl::expires_at.gt(tools.now().0))
        .select((dsl::request_hash, dsl::status, dsl::body_sealed))
        .first(connection)
        .optional()?;
    let Some((request_hash, status, sealed)) = found else { return Ok(None) };
    if request_hash != key.request_hash {
        return Ok(Some(Err(())));
    }
    let corrupt = || StoreError::corrupt("idempotent_answers", "body_sealed", hex(&key.hash));
    let plain = tools.ring.flows.open(&sealed, &place(&key.hash)).map_err(|_| corrupt())?;
    let body = serde_json::from_slice(&plain).map_err(|_| corrupt())?;
    Ok(Some(Ok(Answer { body, etag: None, status: u16::try_from(status).ok() })))
}

/// Keeps an answer.
///
/// # Errors
/// [`StoreError::Conflict`] when the same request is being answered at this moment.
pub fn insert_answer(tx: &mut WriteTx<'_>, tools: &Tools, key: &IdempotencyKey, status: u16, answer: &Answer) -> Result<(), StoreError> {
    use idempotent_answers::dsl;
    let plain = serde_json::to_vec(&answer.body).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let sealed = tools.ring.flows.seal(&plain, &place(&key.hash), tools.entropy()).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    diesel::delete(dsl::idempotent_answers.find(key.hash.as_slice()).filter(dsl::expires_at.le(tools.now().0))).execute(&mut **tx)?;
    diesel::insert_into(dsl::idempotent_answers)
        .values((
            dsl::hash.eq(key.hash.as_slice()),
            dsl::request_hash.eq(key.request_hash.as_slice()),
            dsl::status.eq(i64::from(status)),
            dsl::body_sealed.eq(sealed),
            dsl::expires_at.eq(tools.now().plus(KEPT_SECONDS).0),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Forgets answers that are too old.
///
/// # Errors
/// [`StoreError`].
pub fn sweep_answers(tx: &mut WriteTx<'_>, now: UnixSeconds) -> Result<usize, StoreError> {
    use idempotent_answers::dsl;
    Ok(diesel::delete(dsl::idempotent_answers.filter(dsl::expires_at.le(now.0))).execute(&mut **tx)?)
}
