//! The one list of operations.

pub mod customers;
pub mod events;
pub mod house;
pub mod risk;

use super::{Budget, CURSOR, LIMIT, Method, Operation, QueryParameter, Run};
use crate::admin::access::rules::Permission;
use crate::admin::log;

const fn parameter(name: &'static str, about: &'static str) -> QueryParameter {
    QueryParameter { name, about }
}

/// A line with what most have in common.
const PLAIN: Operation = Operation {
    id: "",
    method: Method::Get,
    path: "",
    permission: Permission::ReadAudit,
    is_dangerous: false,
    budget: Budget::None,
    summary: "",
    query: &[],
    input: None,
    output: (200, None),
    refusals: &[],
    run: Run::Read(log::show_head),
};

const PAGED: &[QueryParameter] = &[CURSOR, LIMIT];

static CUSTOMERS: [Operation; 19] = customers::CUSTOMERS;
static HOUSE: [Operation; 21] = house::HOUSE;
static EVENTS: [Operation; 12] = events::EVENTS;
static RISK: [Operation; 7] = risk::RISK;

/// Every operation.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    CUSTOMERS.iter().chain(&HOUSE).chain(&EVENTS).chain(&RISK)
}

/// The operation with this name.
pub fn find(id: &str) -> Option<&'static Operation> {
    operations().find(|operation| operation.id == id)
}
