//! The table of what orders share.

use diesel::prelude::*;

use super::{SHARED, Shared};
use crate::base::ids::DecisionId;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::risk::purchase::entity::Kind;
use crate::risk::purchase::store::Commons;

mod tables {
    diesel::table! { risk_links (value, kind, decision_id) { value -> BigInt, kind -> Text, decision_id -> Text, } }
}

use tables::risk_links;

/// Keeps what an order shares.
///
/// # Errors
/// [`StoreError`].
pub fn insert_links(tx: &mut WriteTx<'_>, decision: &DecisionId, commons: &Commons) -> Result<(), StoreError> {
    use risk_links::dsl;
    for (kind, value) in commons.iter().filter(|(kind, _)| SHARED.contains(kind)) {
        let row = (dsl::value.eq(value.cast_signed()), dsl::kind.eq(kind.word()), dsl::decision_id.eq(decision.as_str()));
        diesel::insert_into(dsl::risk_links).values(row).execute(&mut **tx)?;
    }
    Ok(())
}

/// What an order shares with others, of which at most `limit` are told for each thing.
///
/// # Errors
/// [`StoreError`].
pub fn find_shared(connection: &mut DbConnection, decision: &DecisionId, limit: i64) -> Result<Vec<Shared>, StoreError> {
    use risk_links::dsl;
    let own: Vec<(i64, String)> = dsl::risk_links.filter(dsl::decision_id.eq(decision.as_str())).select((dsl::value, dsl::kind)).order(dsl::kind).load(connection)?;
    let mut shared = Vec::new();
    for (value, kind) in own {
        let others = dsl::risk_links.filter(dsl::value.eq(value)).filter(dsl::kind.eq(&kind)).filter(dsl::decision_id.ne(decision.as_str()));
        let others: Vec<String> = others.order(dsl::decision_id.desc()).limit(limit).select(dsl::decision_id).load(connection)?;
        let kind = Kind::parse(&kind).ok_or_else(|| StoreError::corrupt("risk_links", "kind", kind))?;
        shared.push(Shared { kind, others });
    }
    Ok(shared)
}
