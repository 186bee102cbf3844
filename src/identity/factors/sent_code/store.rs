//! The table of sent codes: only their MACs under a key of the installation, bound to the sign-in or session that asked.

use diesel::prelude::*;
use zeroize::Zeroizing;

use super::super::CodeRefused;
use super::rules::{CODE_SECONDS, MAX_TRIES, generate, normal};
use crate::base::assurance::FactorKind;
use crate::base::time::UnixSeconds;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;

mod tables {
    diesel::table! {
        sent_codes (owner, kind) { owner -> Text, kind -> Text, hash -> Binary, tries -> BigInt, sent_at -> BigInt, expires_at -> BigInt, }
    }
}

use tables::sent_codes;

fn hash(tools: &Tools, owner: &str, kind: FactorKind, code: &str) -> Vec<u8> {
    tools.ring.pepper.mac(&[b"sent-code", kind.as_str().as_bytes(), owner.as_bytes(), code.as_bytes()]).to_vec()
}

/// Makes a code for `owner`; an earlier one of this kind is void. It is kept nowhere but in the message.
///
/// # Errors
/// [`StoreError`].
pub fn begin_code(tx: &mut WriteTx<'_>, tools: &Tools, owner: &str, kind: FactorKind) -> Result<Zeroizing<String>, StoreError> {
    use sent_codes::dsl;
    let code = generate(tools.entropy());
    let (hash, now) = (hash(tools, owner, kind, &code), tools.now());
    diesel::delete(dsl::sent_codes.find((owner, kind.as_str()))).execute(&mut **tx)?;
    diesel::insert_into(dsl::sent_codes)
        .values((dsl::owner.eq(owner), dsl::kind.eq(kind.as_str()), dsl::hash.eq(hash), dsl::tries.eq(0), dsl::sent_at.eq(now.0), dsl::expires_at.eq(now.plus(CODE_SECONDS).0)))
        .execute(&mut **tx)?;
    Ok(code)
}

/// Whether a code of this kind is out for `owner` and still good.
///
/// # Errors
/// [`StoreError`].
pub fn is_out(connection: &mut DbConnection, owner: &str, kind: FactorKind, now: UnixSeconds) -> Result<bool, StoreError> {
    use sent_codes::dsl;
    let row = dsl::sent_codes.find((owner, kind.as_str())).filter(dsl::expires_at.gt(now.0)).filter(dsl::tries.lt(MAX_TRIES));
    let found: Option<i64> = row.select(dsl::sent_at).first(connection).optional()?;
    Ok(found.is_some())
}

/// Takes a code, by one conditional delete: of parallel tries one succeeds. A wrong one uses up one of its tries.
///
/// # Errors
/// [`StoreError`].
pub fn redeem_code(tx: &mut WriteTx<'_>, tools: &Tools, owner: &str, kind: FactorKind, typed: &str) -> Result<Result<(), CodeRefused>, StoreError> {
    use sent_codes::dsl;
    let Some(code) = normal(typed) else { return Ok(Err(CodeRefused::Malformed)) };
    let hash = hash(tools, owner, kind, &code);
    let good = || dsl::sent_codes.find((owner, kind.as_str())).filter(dsl::expires_at.gt(tools.now().0)).filter(dsl::tries.lt(MAX_TRIES));
    if diesel::delete(good().filter(dsl::hash.eq(&hash))).execute(&mut **tx)? > 0 {
        return Ok(Ok(()));
    }
    let counted = diesel::update(good()).set(dsl::tries.eq(dsl::tries + 1)).execute(&mut **tx)?;
    // None is out, or not any longer: used, expired, or tried too often.
    Ok(Err(if counted > 0 { CodeRefused::Wrong } else { CodeRefused::Used }))
}

/// Makes the code of this kind that is out for `owner` void.
///
/// # Errors
/// [`StoreError`].
pub fn end_code(tx: &mut WriteTx<'_>, owner: &str, kind: FactorKind) -> Result<(), StoreError> {
    diesel::delete(sent_codes::table.find((owner, kind.as_str()))).execute(&mut **tx)?;
    Ok(())
}

/// Removes codes that expired before `before`.
///
/// # Errors
/// [`StoreError`].
pub fn sweep_codes(tx: &mut WriteTx<'_>, before: UnixSeconds, limit: i64) -> Result<usize, StoreError> {
    use sent_codes::dsl;
    let old: Vec<String> = dsl::sent_codes.filter(dsl::expires_at.lt(before.0)).select(dsl::owner).limit(limit).load(&mut **tx)?;
    Ok(diesel::delete(dsl::sent_codes.filter(dsl::owner.eq_any(old)).filter(dsl::expires_at.lt(before.0))).execute(&mut **tx)?)
}
