//! The operations on cases.

use serde::Deserialize;

use super::decide;
use super::rules::{CaseRefused, CaseState};
use super::store::{Case, find_case, list_cases};
use crate::admin::access::rules::Permission;
use crate::admin::access::staff::Who;
use crate::admin::desk::rules::reason;
use crate::admin::desk::views::CaseView;
use crate::admin::operations::{AdminState, Answer, Call, Listed, Ran, Refused};
use crate::platform::db::{DbConnection, StoreError, WriteTx};

fn find(connection: &mut DbConnection, state: &AdminState, call: &Call) -> Result<Option<Case>, StoreError> {
    let Ok(id) = call.subject.parse() else { return Ok(None) };
    Ok(find_case(connection, state.tools(), &id)?.filter(|case| call.staff.brands.covers(case.brand.as_deref())))
}

/// Cases, newest first.
///
/// # Errors
/// [`StoreError`].
pub fn list(connection: &mut DbConnection, state: &AdminState, call: &Call) -> Ran {
    let page = match call.page() {
        Ok(page) => page,
        Err(refused) => return Ok(Err(refused)),
    };
    let wanted = match call.query.get("state").map(|word| CaseState::parse(word)) {
        Some(None) => return Ok(Err(Refused::Malformed("state: asked, waiting, done, refused, vetoed or expired".to_owned()))),
        Some(found) => found,
        None => None,
    };
    let cases = list_cases(connection, state.tools(), None, wanted, &page)?;
    let items = cases.items.iter().filter(|case| call.staff.brands.covers(case.brand.as_deref())).map(CaseView::of).collect();
    Answer::of(&Listed { items, next: cases.next }).map(Ok)
}

/// One case.
///
/// # Errors
/// [`StoreError`].
pub fn show(connection: &mut DbConnection, state: &AdminState, call: &Call) -> Ran {
    match find(connection, state, call)? {
        Some(case) => {
            let mut view = CaseView::of(&case);
            // Whoever is to say yes sees to what: a letter of an address may be all that is wrong with it.
            if case.progress.state == CaseState::Asked && call.staff.may(Permission::DecideCases) {
                view.email.clone_from(&case.input.email);
            }
            Answer::of(&view).map(|answer| Ok(answer.with_etag()))
        }
        None => Ok(Err(Refused::NotFound)),
    }
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// It may be done.
    Approve,
    /// It may not.
    Refuse,
}

/// What a second person decides.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Yes or no.
    pub decision: Choice,
    /// Why.
    #[schemars(length(min = 8, max = 500))]
    pub reason: String,
}

/// Decides about a case.
///
/// # Errors
/// [`StoreError`].
pub fn decide_case(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let input: Decision = match call.input() {
        Ok(input) => input,
        Err(refused) => return Ok(Err(refused)),
    };
    let why = match reason(&input.reason) {
        Ok(why) => why,
        Err(sentence) => return Ok(Err(Refused::Malformed(sentence))),
    };
    // Four eyes are people's: a program may ask, and take back.
    if input.decision == Choice::Approve && matches!(call.staff.who, Who::Machine(_)) {
        return Ok(Err(Refused::Forbidden("Only a person approves, signed in to the console.")));
    }
    let Some(case) = find(tx, state, call)? else { return Ok(Err(Refused::NotFound)) };
    let decided = decide(tx, &state.signin, &call.staff, case, (input.decision == Choice::Approve, &why), &call.origin)?;
    state.oauth.access.forget_all();
    match decided {
        Ok(case) => Answer::of(&CaseView::of(&case)).map(Ok),
        Err(refused) => {
            let code = match refused {
                CaseRefused::Over => "case_over",
                CaseRefused::OwnCase => "own_case",
                CaseRefused::Decided => "case_decided",
                CaseRefused::TooEarly => "too_early",
            };
            Ok(Err(Refused::Conflict(code, format!("It cannot be decided: {refused}."))))
        }
    }
}
