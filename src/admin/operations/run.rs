//! The one way in which an operation is carried out, from the console as from the API: permission, proof, budget, then the work in one transaction.

use std::sync::Arc;

use super::store::{IdempotencyKey, find_answer, insert_answer};
use super::{AdminPolicy, AdminState, Answer, Budget, Call, Operation, Ran, Refused, Run, STAFF_REFUSED};
use crate::admin::access::staff::Barred;
use crate::base::card_number;
use crate::identity::attempts::rules::BucketLimit;
use crate::identity::attempts::store as attempts;
use crate::platform::audit;
use crate::platform::db::{StoreError, WriteTx};

/// An hour, in seconds.
const HOUR: i64 = 3_600;
/// Refusals of one caller that are written down in an hour: more tell nothing new.
const REFUSALS_PER_HOUR: i64 = 30;

fn limit_of(policy: &AdminPolicy, budget: Budget) -> Option<(&'static str, i64)> {
    match budget {
        Budget::None => None,
        Budget::Finds => Some(("finds", policy.finds_per_hour)),
        Budget::Reveals => Some(("reveals", policy.reveals_per_hour)),
        Budget::Actions => Some(("actions", policy.actions_per_hour)),
    }
}

const fn hourly(limit: i64) -> BucketLimit {
    BucketLimit { limit, window_seconds: HOUR, consecutive_limit: None }
}

/// Writes a refusal down, and gives it back.
async fn refuse(state: &Arc<AdminState>, operation: &'static Operation, call: &Call, refused: Refused) -> Ran {
    let (at_work, call, code) = (Arc::clone(state), call.clone(), refused.code());
    let work = move |tx: &mut WriteTx<'_>| {
        let tools = at_work.tools();
        let lanes = [(format!("admin-refusals:{}", call.staff.key()), hourly(REFUSALS_PER_HOUR))];
        if attempts::count_in_each(tx, &lanes, tools.now())?.is_ok() {
            let entry = call.staff.entry(STAFF_REFUSED, String::new(), &call.origin).refused(code);
            audit::record(tx, tools, &entry.with_detail(serde_json::json!({ "operation": operation.id, "roles": call.staff.roles })))?;
        }
        Ok(())
    };
    state.signin.db.write_again(work).await?;
    Ok(Err(refused))
}

/// Carries `operation` out.
///
/// # Errors
/// [`StoreError`].
pub async fn run(state: &Arc<AdminState>, operation: &'static Operation, call: Call, key: Option<IdempotencyKey>) -> Ran {
    match call.staff.judge(operation.permission, operation.is_dangerous, state.tools().now()) {
        Ok(()) => {}
        Err(Barred::Forbidden) => return refuse(state, operation, &call, Refused::Forbidden("Your roles do not allow this.")).await,
        Err(Barred::NotFresh) => return Ok(Err(Refused::NotFresh)),
    }
    // Who is looked for by a telephone number types digits that may look like a card.
    if operation.id != "find_customer" && card_number::is_in_document(&call.body) {
        return Ok(Err(Refused::Malformed("a card number stands in what was sent; nobody may send one here".to_owned())));
    }
    if let Some((name, limit)) = limit_of(&state.policy, operation.budget) {
        let (at_work, lanes) = (Arc::clone(state), [(format!("admin-{name}:{}", call.staff.key()), hourly(limit))]);
        let counted = state.signin.db.write_again(move |tx: &mut WriteTx<'_>| attempts::count_in_each(tx, &lanes, at_work.tools().now())).await?;
        if let Err(throttled) = counted {
            return refuse(state, operation, &call, Refused::Throttled(throttled)).await;
        }
    }
    // What shows a customer in full is asked for anew each time, and kept nowhere.
    let key = key.filter(|_| !operation.shows_customers());
    let at_work = Arc::clone(state);
    match operation.run {
        Run::Read(read) => state.signin.db.read(move |connection| read(connection, &at_work, &call)).await,
        Run::Write(write) => {
            let status = operation.output.0;
            let work = move |tx: &mut WriteTx<'_>| {
                if let Some(key) = &key
                    && let Some(known) = find_answer(tx, at_work.tools(), key)?
                {
                    return Ok(known.map_err(|()| Refused::Conflict("idempotency_key_reused", "This idempotency key was used for another request.".to_owned())));
                }
                let ran = write(tx, &at_work, &call)?;
                if let (Some(key), Ok(answer)) = (&key, &ran) {
                    insert_answer(tx, at_work.tools(), key, answer.status.unwrap_or(status), answer)?;
                }
                Ok::<Result<Answer, Refused>, StoreError>(ran)
            };
            state.signin.db.write_again(work).await
        }
    }
}
