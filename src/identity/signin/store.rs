//! The table of sign-ins in progress: server-side, bound to a browser, one a tab, so that they outlive a restart.

use diesel::prelude::*;

use super::judgement::Carried;
use super::model::{ReturnTo, SigninFlow, SigninRequest};
use crate::base::ids::{FlowId, SessionId};
use crate::base::secret::SecretHash;
use crate::base::time::{UnixMicros, UnixSeconds};
use crate::identity::Passed;
use crate::identity::factors::upstream::Arrived;
use crate::identity::signup::rules::Joining;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;

mod tables {
    diesel::table! {
        signin_flows (id) {
            id -> Text, browser_hash -> Binary, return_to -> Text, way_back -> Nullable<Text>, request_sealed -> Binary,
            created_at_micros -> BigInt, expires_at -> BigInt, finished_at -> Nullable<BigInt>, passed_sealed -> Nullable<Binary>, joining_sealed -> Nullable<Binary>,
            arrived_sealed -> Nullable<Binary>, finished_by -> Nullable<Text>, risk -> Nullable<Text>,
        }
    }
}

use tables::signin_flows;

fn place(id: &FlowId) -> String {
    format!("signin_flows|request|{id}")
}

fn passed_place(id: &FlowId) -> String {
    format!("signin_flows|passed|{id}")
}

/// Keeps what was shown so far, when more is to come; false when the sign-in was done, or has expired.
///
/// # Errors
/// [`StoreError`].
pub fn advance_flow(tx: &mut WriteTx<'_>, tools: &Tools, id: &FlowId, passed: &Passed) -> Result<bool, StoreError> {
    use signin_flows::dsl;
    let plain = serde_json::to_vec(passed).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let sealed = tools.ring.flows.seal(&plain, &passed_place(id), tools.entropy()).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let open = dsl::signin_flows.find(id.as_str()).filter(dsl::finished_at.is_null()).filter(dsl::expires_at.gt(tools.now().0));
    Ok(diesel::update(open).set(dsl::passed_sealed.eq(Some(sealed))).execute(&mut **tx)? > 0)
}

fn joining_place(id: &FlowId) -> String {
    format!("signin_flows|joining|{id}")
}

/// Keeps how far somebody has come who joins in this sign-in; nothing when it was done, or has expired.
///
/// # Errors
/// [`StoreError`].
pub fn keep_joining(tx: &mut WriteTx<'_>, tools: &Tools, id: &FlowId, joining: &Joining) -> Result<(), StoreError> {
    use signin_flows::dsl;
    let plain = serde_json::to_vec(joining).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let sealed = tools.ring.flows.seal(&plain, &joining_place(id), tools.entropy()).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let open = dsl::signin_flows.find(id.as_str()).filter(dsl::finished_at.is_null()).filter(dsl::expires_at.gt(tools.now().0));
    diesel::update(open).set(dsl::joining_sealed.eq(Some(sealed))).execute(&mut **tx)?;
    Ok(())
}

/// How far somebody has come who joins in this sign-in; `None` when nobody does.
///
/// # Errors
/// [`StoreError::Corrupt`] when it does not open.
pub fn find_joining(connection: &mut DbConnection, tools: &Tools, id: &FlowId) -> Result<Option<Joining>, StoreError> {
    use signin_flows::dsl;
    let sealed: Option<Option<Vec<u8>>> = dsl::signin_flows.find(id.as_str()).select(dsl::joining_sealed).first(connection).optional()?;
    let corrupt = || StoreError::corrupt("signin_flows", "joining_sealed", id.as_str());
    let open = |sealed: Vec<u8>| {
        let plain = tools.ring.flows.open(&sealed, &joining_place(id)).map_err(|_| corrupt())?;
        serde_json::from_slice(&plain).map_err(|_| corrupt())
    };
    sealed.flatten().map(open).transpose()
}

fn arrived_place(id: &FlowId) -> String {
    format!("signin_flows|arrived|{id}")
}

/// Keeps the account elsewhere that was shown in this sign-in and belongs to nobody here yet, or forgets it; false when the sign-in has expired. One that is done keeps it too: whoever signed in may then connect it.
///
/// # Errors
/// [`StoreError`].
pub fn keep_arrived(tx: &mut WriteTx<'_>, tools: &Tools, id: &FlowId, arrived: Option<&Arrived>) -> Result<bool, StoreError> {
    use signin_flows::dsl;
    let seal = |arrived: &Arrived| {
        let plain = serde_json::to_vec(arrived).map_err(|error| StoreError::Unavailable(error.to_string()))?;
        tools.ring.flows.seal(&plain, &arrived_place(id), tools.entropy()).map_err(|error| StoreError::Unavailable(error.to_string()))
    };
    let sealed = arrived.map(seal).transpose()?;
    let open = dsl::signin_flows.find(id.as_str()).filter(dsl::expires_at.gt(tools.now().0));
    Ok(diesel::update(open).set(dsl::arrived_sealed.eq(sealed)).execute(&mut **tx)? > 0)
}

/// Stores a new sign-in of the browser `browser`.
///
/// # Errors
/// [`StoreError`].
pub fn insert_flow(tx: &mut WriteTx<'_>, tools: &Tools, browser: &SecretHash, return_to: &ReturnTo, request: &SigninRequest, lifetime_seconds: i64) -> Result<FlowId, StoreError> {
    use signin_flows::dsl;
    let id = FlowId::generate(tools.entropy());
    let plain = serde_json::to_vec(request).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let sealed = tools.ring.flows.seal(&plain, &place(&id), tools.entropy()).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let now = tools.now_micros();
    diesel::insert_into(dsl::signin_flows)
        .values((
            dsl::id.eq(id.as_str()),
            dsl::browser_hash.eq(browser.as_bytes()),
            dsl::return_to.eq(return_to.as_str()),
            dsl::request_sealed.eq(sealed),
            dsl::created_at_micros.eq(now.0),
            dsl::expires_at.eq(now.seconds().plus(lifetime_seconds).0),
        ))
        .execute(&mut **tx)?;
    Ok(id)
}

/// A sign-in by id, expired or not.
///
/// # Errors
/// [`StoreError::Corrupt`] when the request does not open.
pub fn find_flow(connection: &mut DbConnection, tools: &Tools, id: &FlowId) -> Result<Option<SigninFlow>, StoreError> {
    use signin_flows::dsl;
    type Row = (Vec<u8>, String, Vec<u8>, i64, i64, Option<i64>, Option<Vec<u8>>, Option<Vec<u8>>, Option<String>);
    let row: Option<Row> = dsl::signin_flows
        .find(id.as_str())
        .select((
            dsl::browser_hash,
            dsl::return_to,
            dsl::request_sealed,
            dsl::created_at_micros,
            dsl::expires_at,
            dsl::finished_at,
            dsl::passed_sealed,
            dsl::arrived_sealed,
            dsl::risk,
        ))
        .first(connection)
        .optional()?;
    let Some((browser_hash, return_to, sealed, created_at, expires_at, finished_at, passed, arrived, risk)) = row else { return Ok(None) };
    let corrupt = |column| StoreError::corrupt("signin_flows", column, id.as_str());
    let plain = tools.ring.flows.open(&sealed, &place(id)).map_err(|_| corrupt("request_sealed"))?;
    let request: SigninRequest = serde_json::from_slice(&plain).map_err(|_| corrupt("request_sealed"))?;
    let open = |sealed: &Vec<u8>| {
        let plain = tools.ring.flows.open(sealed, &passed_place(id)).map_err(|_| corrupt("passed_sealed"))?;
        serde_json::from_slice(&plain).map_err(|_| corrupt("passed_sealed"))
    };
    let open_arrived = |sealed: &Vec<u8>| {
        let plain = tools.ring.flows.open(sealed, &arrived_place(id)).map_err(|_| corrupt("arrived_sealed"))?;
        serde_json::from_slice(&plain).map_err(|_| corrupt("arrived_sealed"))
    };
    Ok(Some(SigninFlow {
        arrived: arrived.as_ref().map(open_arrived).transpose()?,
        risk: risk.map(|risk| serde_json::from_str(&risk).map_err(|_| corrupt("risk"))).transpose()?,
        passed: passed.as_ref().map(open).transpose()?,
        id: id.clone(),
        return_to: ReturnTo::parse(&return_to).ok_or_else(|| corrupt("return_to"))?,
        request,
        created_at: UnixMicros(created_at),
        expires_at: UnixSeconds(expires_at),
        finished_at: finished_at.map(UnixSeconds),
        browser_hash,
    }))
}

/// Keeps what was decided about a sign-in; nothing when it was done, or has expired.
///
/// # Errors
/// [`StoreError`].
pub fn keep_risk(tx: &mut WriteTx<'_>, tools: &Tools, id: &FlowId, carried: &Carried) -> Result<(), StoreError> {
    use signin_flows::dsl;
    let text = serde_json::to_string(carried).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let open = dsl::signin_flows.find(id.as_str()).filter(dsl::finished_at.is_null()).filter(dsl::expires_at.gt(tools.now().0));
    diesel::update(open).set(dsl::risk.eq(Some(text))).execute(&mut **tx)?;
    Ok(())
}

/// Whether a sign-in is neither done nor too old.
///
/// # Errors
/// [`StoreError`].
pub fn is_open(connection: &mut DbConnection, id: &FlowId, now: UnixSeconds) -> Result<bool, StoreError> {
    use signin_flows::dsl;
    let open = dsl::signin_flows.find(id.as_str()).filter(dsl::finished_at.is_null()).filter(dsl::expires_at.gt(now.0));
    let found: Option<i64> = open.select(dsl::expires_at).first(connection).optional()?;
    Ok(found.is_some())
}

/// Notes to which session a sign-in led.
///
/// # Errors
/// [`StoreError`].
pub fn keep_finisher(tx: &mut WriteTx<'_>, id: &FlowId, session: &SessionId) -> Result<(), StoreError> {
    use signin_flows::dsl;
    diesel::update(dsl::signin_flows.find(id.as_str()).filter(dsl::finished_at.is_not_null())).set(dsl::finished_by.eq(Some(session.as_str()))).execute(&mut **tx)?;
    Ok(())
}

/// Whether a sign-in that leads to `return_to` was gone through, to its end, by this session: not one in another tab that leads elsewhere.
///
/// # Errors
/// [`StoreError`].
pub fn was_finished_by(connection: &mut DbConnection, return_to: &ReturnTo, session: &SessionId) -> Result<bool, StoreError> {
    use signin_flows::dsl;
    let own = dsl::signin_flows.filter(dsl::return_to.eq(return_to.as_str())).filter(dsl::finished_by.eq(session.as_str()));
    let found: Option<String> = own.select(dsl::id).first(connection).optional()?;
    Ok(found.is_some())
}

/// Marks a sign-in as done; false when it was, or has expired.
///
/// # Errors
/// [`StoreError`].
pub fn finish_flow(tx: &mut WriteTx<'_>, id: &FlowId, now: UnixSeconds) -> Result<bool, StoreError> {
    use signin_flows::dsl;
    let done = diesel::update(dsl::signin_flows.find(id.as_str()).filter(dsl::finished_at.is_null()).filter(dsl::expires_at.gt(now.0)))
        .set(dsl::finished_at.eq(Some(now.0)))
        .execute(&mut **tx)?;
    Ok(done > 0)
}

/// Removes sign-ins that expired before `before`.
///
/// # Errors
/// [`StoreError`].
pub fn sweep_flows(tx: &mut WriteTx<'_>, before: UnixSeconds, limit: i64) -> Result<usize, StoreError> {
    use signin_flows::dsl;
    let old: Vec<String> = dsl::signin_flows.filter(dsl::expires_at.lt(before.0)).select(dsl::id).limit(limit).load(&mut **tx)?;
    Ok(diesel::delete(dsl::signin_flows.filter(dsl::id.eq_any(old))).execute(&mut **tx)?)
}
