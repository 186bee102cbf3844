//! The table of cases.

use diesel::prelude::*;

use super::rules::{CaseKind, CaseState, Progress, Terms};
use crate::base::ids::{CaseId, CustomerId};
use crate::base::page::{Page, PageRequest};
use crate::base::time::UnixSeconds;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;
use crate::platform::vault::{self, Cell};

mod tables {
    diesel::table! {
        admin_cases (id) {
            id -> Text, kind -> Text, customer_id -> Text, input_sealed -> Binary, brand -> Nullable<Text>,
            asked_by -> Text, asked_at -> BigInt, state -> Text, needs_approval -> Bool, needs_confirmation -> Bool, wait_seconds -> BigInt,
            decided_by -> Nullable<Text>, due_at -> Nullable<BigInt>, confirmed_at -> Nullable<BigInt>, settled_at -> Nullable<BigInt>, expires_at -> BigInt,
        }
    }
}

use tables::admin_cases;

const INPUT: Cell = Cell { table: "admin_cases", column: "input_sealed" };

/// What staff wrote when they asked: sealed under the customer's key.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Input {
    /// The name of whoever asked.
    pub by: String,
    /// Why.
    pub reason: String,
    /// How the caller showed that they are the customer.
    pub caller: String,
    /// The new address, where one is to be.
    #[serde(default)]
    pub email: Option<String>,
    /// The one authenticator that is to go; every one where none is named.
    #[serde(default)]
    pub factor: Option<String>,
    /// The generation of the account's credentials when it was asked for: a change of them ends the case.
    #[serde(default)]
    pub generation: i64,
}

/// A case.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// What is to be done.
    pub kind: CaseKind,
    /// To whom.
    pub customer: CustomerId,
    /// The brand that the customer is of.
    pub brand: Option<String>,
    /// What staff wrote.
    pub input: Input,
    /// What was fixed.
    pub terms: Terms,
    /// When it was asked for.
    pub asked_at: UnixSeconds,
    /// Who decided.
    pub decided_by: Option<String>,
    /// How far it has come.
    pub progress: Progress,
    /// When it was over.
    pub settled_at: Option<UnixSeconds>,
    /// Until when somebody has to decide.
    pub expires_at: UnixSeconds,
}

impl Case {
    /// The key of the sentence that says what is to be done.
    pub fn sentence(&self) -> String {
        if self.input.factor.is_some() { "case-remove-factor".to_owned() } else { format!("case-{}", self.kind.word().replace('_', "-")) }
    }
}

type Who = (String, i64, Option<String>);
type Fixed = (bool, bool, i64);
type Times = (Option<i64>, Option<i64>, Option<i64>, i64);
type Row = (String, String, String, Vec<u8>, Option<String>, Who, String, Fixed, Times);

macro_rules! columns {
    () => {
        (
            admin_cases::id,
            admin_cases::kind,
            admin_cases::customer_id,
            admin_cases::input_sealed,
            admin_cases::brand,
            (admin_cases::asked_by, admin_cases::asked_at, admin_cases::decided_by),
            admin_cases::state,
            (admin_cases::needs_approval, admin_cases::needs_confirmation, admin_cases::wait_seconds),
            (admin_cases::due_at, admin_cases::confirmed_at, admin_cases::settled_at, admin_cases::expires_at),
        )
    };
}

fn open(connection: &mut DbConnection, tools: &Tools, row: Row) -> Result<Case, StoreError> {
    let (id, kind, customer, sealed, brand, (asked_by, asked_at, decided_by), state, (needs_approval, needs_confirmation, wait_seconds), times) = row;
    let (due_at, confirmed_at, settled_at, expires_at) = times;
    let corrupt = |column| StoreError::corrupt("admin_cases", column, id.clone());
    let plain = vault::need_data_key(connection, &tools.ring, &customer)?.open_in_row(INPUT, &id, &sealed)?;
    Ok(Case {
        kind: CaseKind::parse(&kind).ok_or_else(|| corrupt("kind"))?,
        customer: customer.parse().map_err(|_| corrupt("customer_id"))?,
        brand,
        input: serde_json::from_slice(&plain).map_err(|_| corrupt("input_sealed"))?,
        terms: Terms { asked_by, needs_approval, needs_confirmation, wait_seconds },
        asked_at: UnixSeconds(asked_at),
        decided_by,
        progress: Progress {
            state: CaseState::parse(&state).ok_or_else(|| corrupt("state"))?,
            due_at: due_at.map(UnixSeconds),
            is_confirmed: confirmed_at.is_some() || !needs_confirmation,
        },
        settled_at: settled_at.map(UnixSeconds),
        expires_at: UnixSeconds(expires_at),
        id: id.parse().map_err(|_| corrupt("id"))?,
    })
}

/// A case by id.
///
/// # Errors
/// [`StoreError`].
pub fn find_case(connection: &mut DbConnection, tools: &Tools, id: &CaseId) -> Result<Option<Case>, StoreError> {
    let row: Option<Row> = admin_cases::table.find(id.as_str()).select(columns!()).first(connection).optional()?;
    row.map(|row| open(connection, tools, row)).transpose()
}

/// Cases, newest first; of one customer, or in one state, where these are given.
///
/// # Errors
/// [`StoreError`].
pub fn list_cases(connection: &mut DbConnection, tools: &Tools, customer: Option<&CustomerId>, state: Option<CaseState>, page: &PageRequest) -> Result<Page<Case>, StoreError> {
    let before = page.after.clone().unwrap_or_else(|| "~".to_owned());
    let mut found = admin_cases::table.filter(admin_cases::id.lt(before)).select(columns!()).into_boxed();
    if let Some(customer) = customer {
        found = found.filter(admin_cases::customer_id.eq(customer.as_str()));
    }
    if let Some(state) = state {
        found = found.filter(admin_cases::state.eq(state.word()));
    }
    let rows: Vec<Row> = found.order(admin_cases::id.desc()).limit(i64::from(page.limit) + 1).load(connection)?;
    let cases = rows.into_iter().map(|row| open(connection, tools, row)).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::cut(cases, page.limit, |case| case.id.as_str().to_owned()))
}

/// The open case of this kind for a customer.
///
/// # Errors
/// [`StoreError`].
pub fn find_open(connection: &mut DbConnection, customer: &CustomerId, kind: CaseKind) -> Result<Option<String>, StoreError> {
    let mine = admin_cases::table.filter(admin_cases::customer_id.eq(customer.as_str())).filter(admin_cases::kind.eq(kind.word()));
    Ok(mine.filter(admin_cases::state.eq_any([CaseState::Asked.word(), CaseState::Waiting.word()])).select(admin_cases::id).first(connection).optional()?)
}

/// Whether the customer stopped something since `since`.
///
/// # Errors
/// [`StoreError`].
pub fn was_vetoed(connection: &mut DbConnection, customer: &CustomerId, since: UnixSeconds) -> Result<bool, StoreError> {
    let mine = admin_cases::table.filter(admin_cases::customer_id.eq(customer.as_str())).filter(admin_cases::state.eq(CaseState::Vetoed.word()));
    Ok(mine.filter(admin_cases::settled_at.gt(since.0)).select(admin_cases::id).first::<String>(connection).optional()?.is_some())
}

/// Ends every open case of a customer, as stopped; or those that `staff` asked for, as refused. Returns how many.
///
/// # Errors
/// [`StoreError`].
pub fn end_open(tx: &mut WriteTx<'_>, of: Result<&CustomerId, &str>, now: UnixSeconds) -> Result<usize, StoreError> {
    let open = admin_cases::state.eq_any([CaseState::Asked.word(), CaseState::Waiting.word()]);
    Ok(match of {
        Ok(customer) => diesel::update(admin_cases::table.filter(open).filter(admin_cases::customer_id.eq(customer.as_str())))
            .set((admin_cases::state.eq(CaseState::Vetoed.word()), admin_cases::settled_at.eq(Some(now.0))))
            .execute(&mut **tx)?,
        Err(staff) => diesel::update(admin_cases::table.filter(open).filter(admin_cases::asked_by.eq(staff).or(admin_cases::decided_by.eq(staff))))
            .set((admin_cases::state.eq(CaseState::Refused.word()), admin_cases::settled_at.eq(Some(now.0))))
            .execute(&mut **tx)?,
    })
}

/// Keeps a new case.
///
/// # Errors
/// [`StoreError`].
pub fn insert_case(tx: &mut WriteTx<'_>, tools: &Tools, case: &Case) -> Result<(), StoreError> {
    let key = vault::need_data_key(tx, &tools.ring, case.customer.as_str())?;
    let plain = serde_json::to_vec(&case.input).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    diesel::insert_into(admin_cases::table)
        .values((
            admin_cases::id.eq(case.id.as_str()),
            admin_cases::kind.eq(case.kind.word()),
            admin_cases::customer_id.eq(case.customer.as_str()),
            admin_cases::input_sealed.eq(key.seal_in_row(INPUT, case.id.as_str(), &plain, tools.entropy())?),
            admin_cases::brand.eq(case.brand.as_deref()),
            admin_cases::asked_by.eq(&case.terms.asked_by),
            admin_cases::asked_at.eq(case.asked_at.0),
            admin_cases::state.eq(case.progress.state.word()),
            admin_cases::needs_approval.eq(case.terms.needs_approval),
            admin_cases::needs_confirmation.eq(case.terms.needs_confirmation),
            admin_cases::wait_seconds.eq(case.terms.wait_seconds),
            (admin_cases::due_at.eq(case.progress.due_at.map(|at| at.0)), admin_cases::expires_at.eq(case.expires_at.0)),
            admin_cases::settled_at.eq((!case.progress.state.is_open()).then_some(case.asked_at.0)),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Keeps how far a case has come, if it still stands where it stood before; `by` is who decided.
///
/// # Errors
/// [`StoreError`].
pub fn keep_progress(tx: &mut WriteTx<'_>, case: &Case, after: &Progress, by: Option<&str>, now: UnixSeconds) -> Result<bool, StoreError> {
    let same = admin_cases::table.find(case.id.as_str()).filter(admin_cases::state.eq(case.progress.state.word()));
    let confirmed_at = (after.is_confirmed && case.terms.needs_confirmation).then_some(now.0);
    let decided_by = by.or(case.decided_by.as_deref());
    let done = diesel::update(same)
        .set((
            admin_cases::state.eq(after.state.word()),
            admin_cases::due_at.eq(after.due_at.map(|at| at.0)),
            admin_cases::confirmed_at.eq(confirmed_at),
            admin_cases::decided_by.eq(decided_by),
            admin_cases::settled_at.eq((!after.state.is_open()).then_some(now.0)),
        ))
        .execute(&mut **tx)?;
    Ok(done > 0)
}

/// Cases whose wait is over, or whose time to decide is; at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub fn list_due(connection: &mut DbConnection, now: UnixSeconds, limit: i64) -> Result<Vec<CaseId>, StoreError> {
    let waits = admin_cases::state.eq(CaseState::Waiting.word()).and(admin_cases::due_at.le(now.0));
    let late = admin_cases::state.eq_any([CaseState::Asked.word(), CaseState::Waiting.word()]).and(admin_cases::expires_at.le(now.0));
    let ids: Vec<String> = admin_cases::table.filter(waits.or(late)).order(admin_cases::id).limit(limit).select(admin_cases::id).load(connection)?;
    ids.into_iter().map(|id| id.parse().map_err(|_| StoreError::corrupt("admin_cases", "id", id.clone()))).collect()
}
