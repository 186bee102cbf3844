//! What is done about decisions over sign-ins and orders.

use super::{PLAIN, parameter};
use crate::admin::access::rules::Permission;
use crate::admin::operations::{CURSOR, LIMIT, Listed, Method, Operation, Run, schema};
use crate::admin::risk::models::{self, ModelsView};
use crate::admin::risk::trying::{self, Trial, Tried};
use crate::admin::risk::{self, DecisionSummary, DecisionView, Judged};

/// These.
pub const RISK: [Operation; 7] = [
    Operation {
        id: "list_decisions",
        path: "/decisions",
        permission: Permission::ReadRisk,
        summary: "Decisions over sign-ins and orders, the latest first.",
        query: &[
            CURSOR,
            LIMIT,
            parameter("kind", "signin or order."),
            parameter("customer", "Those about this customer."),
            parameter("state", "waiting: orders that somebody has to look at; acted: those about which something was done."),
        ],
        output: (200, Some(schema::<Listed<DecisionSummary>>)),
        run: Run::Read(risk::list),
        ..PLAIN
    },
    Operation {
        id: "show_decision",
        path: "/decisions/{decision}",
        permission: Permission::ReadRisk,
        summary: "One decision, explained from what was written down of it then.",
        output: (200, Some(schema::<DecisionView>)),
        refusals: &[404],
        run: Run::Read(risk::show),
        ..PLAIN
    },
    Operation {
        id: "judge_decision",
        method: Method::Post,
        path: "/decisions/{decision}/verdict",
        permission: Permission::JudgeRisk,
        summary: "Says what it was: honest or fraud. The models learn of it; an order that waits is decided.",
        input: Some(schema::<Judged>),
        output: (204, None),
        refusals: &[404],
        run: Run::Write(risk::label),
        ..PLAIN
    },
    Operation {
        id: "try_policy",
        method: Method::Post,
        path: "/risk/trial",
        permission: Permission::ReadRisk,
        summary: "Computes the decisions of the last days anew under another policy, and says what would have been done instead. Changes nothing.",
        input: Some(schema::<Trial>),
        output: (200, Some(schema::<Tried>)),
        run: Run::Read(trying::try_policy),
        ..PLAIN
    },
    Operation {
        id: "list_models",
        path: "/risk/models",
        permission: Permission::ReadRisk,
        summary: "The models of orders, how they did, and which of them decides.",
        output: (200, Some(schema::<ModelsView>)),
        run: Run::Read(models::list),
        ..PLAIN
    },
    Operation {
        id: "activate_model",
        method: Method::Post,
        path: "/risk/models/{model}/activation",
        permission: Permission::ManageModels,
        is_dangerous: true,
        summary: "Has a model decide over orders: trees by their version, or online, the regression. On every node within a minute.",
        output: (204, None),
        refusals: &[404, 409],
        run: Run::Write(models::activate),
        ..PLAIN
    },
    Operation {
        id: "roll_back_model",
        method: Method::Post,
        path: "/risk/models-rollback",
        permission: Permission::ManageModels,
        is_dangerous: true,
        summary: "Has the model before decide again.",
        output: (204, None),
        refusals: &[409],
        run: Run::Write(models::roll_back),
        ..PLAIN
    },
];
