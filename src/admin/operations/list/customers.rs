//! What is done to customers, and what waits.

use super::{PAGED, PLAIN, parameter};
use crate::admin::access::rules::Permission;
use crate::admin::cases::ops as cases;
use crate::admin::desk::actions::{self, CheckBegun, CheckCode, CheckResult, CheckWish, LostFactors, NewAddress};
use crate::admin::desk::messages::{self, MessageView, Resend};
use crate::admin::desk::views::{self, ActivityView, CaseView, CustomerView, FullContact};
use crate::admin::desk::{self, Found, Reason, Search};
use crate::admin::operations::{Budget, CURSOR, LIMIT, Listed, Method, Operation, Run, schema};

/// These.
pub const CUSTOMERS: [Operation; 19] = [
    Operation {
        id: "find_customer",
        method: Method::Post,
        path: "/customers/find",
        permission: Permission::FindCustomers,
        budget: Budget::Finds,
        summary: "Finds customers by what they say: e-mail address, telephone, subject or order, to the letter.",
        input: Some(schema::<Search>),
        output: (200, Some(schema::<Found>)),
        refusals: &[409],
        run: Run::Write(desk::find_customer),
        ..PLAIN
    },
    Operation {
        id: "show_customer",
        path: "/customers/{customer}",
        permission: Permission::FindCustomers,
        summary: "Shows an account: state, factors, sessions, cases; contact masked.",
        output: (200, Some(schema::<CustomerView>)),
        refusals: &[404],
        run: Run::Write(desk::show_customer),
        ..PLAIN
    },
    Operation {
        id: "reveal_customer",
        method: Method::Post,
        path: "/customers/{customer}/reveal",
        permission: Permission::RevealCustomers,
        budget: Budget::Reveals,
        summary: "Shows a customer's contact and profile in full. The reason is told to the customer.",
        input: Some(schema::<Reason>),
        output: (200, Some(schema::<FullContact>)),
        refusals: &[404, 409],
        run: Run::Write(desk::reveal_customer),
        ..PLAIN
    },
    Operation {
        id: "list_activity",
        path: "/customers/{customer}/activity",
        permission: Permission::FindCustomers,
        summary: "What happened on an account, newest first.",
        query: PAGED,
        output: (200, Some(schema::<Listed<ActivityView>>)),
        refusals: &[404],
        run: Run::Read(views::list_activity),
        ..PLAIN
    },
    Operation {
        id: "list_messages",
        path: "/customers/{customer}/messages",
        permission: Permission::FindCustomers,
        summary: "What was sent to a customer: when, about what, by which way, and how it fared.",
        query: PAGED,
        output: (200, Some(schema::<Listed<MessageView>>)),
        refusals: &[404],
        run: Run::Read(messages::list_sent),
        ..PLAIN
    },
    Operation {
        id: "resend_message",
        method: Method::Post,
        path: "/customers/{customer}/resend-message",
        permission: Permission::ResendMessages,
        budget: Budget::Actions,
        summary: "Sends a message again: the same words to the same address.",
        input: Some(schema::<Resend>),
        output: (204, None),
        refusals: &[404, 409],
        run: Run::Write(messages::resend_message),
        ..PLAIN
    },
    Operation {
        id: "begin_caller_check",
        method: Method::Post,
        path: "/customers/{customer}/caller-check",
        permission: Permission::VerifyCallers,
        budget: Budget::Actions,
        summary: "Has a caller show that they are the customer: on a page of their own account, or by a code.",
        input: Some(schema::<CheckWish>),
        output: (200, Some(schema::<CheckBegun>)),
        refusals: &[404, 409],
        run: Run::Write(actions::begin_check),
        ..PLAIN
    },
    Operation {
        id: "answer_caller_check",
        method: Method::Post,
        path: "/customers/{customer}/caller-check/answer",
        permission: Permission::VerifyCallers,
        budget: Budget::Actions,
        summary: "Takes the code that a caller reads out.",
        input: Some(schema::<CheckCode>),
        output: (200, Some(schema::<CheckResult>)),
        refusals: &[404, 409],
        run: Run::Write(actions::answer_check),
        ..PLAIN
    },
    Operation {
        id: "lock_customer",
        method: Method::Post,
        path: "/customers/{customer}/lock",
        permission: Permission::LockCustomers,
        budget: Budget::Actions,
        summary: "Locks an account: no sign-in, and every session and token is void at once.",
        input: Some(schema::<Reason>),
        output: (204, None),
        refusals: &[404, 409],
        run: Run::Write(actions::lock_customer),
        ..PLAIN
    },
    Operation {
        id: "unlock_customer",
        method: Method::Post,
        path: "/customers/{customer}/unlock",
        permission: Permission::UnlockCustomers,
        is_dangerous: true,
        budget: Budget::Actions,
        summary: "Unlocks an account, and forgets its failed sign-ins.",
        input: Some(schema::<Reason>),
        output: (204, None),
        refusals: &[404, 409],
        run: Run::Write(actions::unlock_customer),
        ..PLAIN
    },
    Operation {
        id: "end_sessions",
        method: Method::Post,
        path: "/customers/{customer}/end-sessions",
        permission: Permission::EndSessions,
        budget: Budget::Actions,
        summary: "Ends every session of a customer, and what shops were granted.",
        input: Some(schema::<Reason>),
        output: (204, None),
        refusals: &[404, 409],
        run: Run::Write(actions::end_sessions),
        ..PLAIN
    },
    Operation {
        id: "start_recovery",
        method: Method::Post,
        path: "/customers/{customer}/start-recovery",
        permission: Permission::StartRecoveries,
        budget: Budget::Actions,
        summary: "Sends a customer the link at which an account is recovered. What they show there decides.",
        input: Some(schema::<Reason>),
        output: (204, None),
        refusals: &[404, 409],
        run: Run::Write(actions::start_recovery),
        ..PLAIN
    },
    Operation {
        id: "remove_factors",
        method: Method::Post,
        path: "/customers/{customer}/remove-factors",
        permission: Permission::RemoveFactors,
        is_dangerous: true,
        budget: Budget::Actions,
        summary: "Asks to have one authenticator of a customer removed, or every one. Waits for a second person, and for the customer's veto.",
        input: Some(schema::<LostFactors>),
        output: (200, Some(schema::<CaseView>)),
        refusals: &[202, 404, 409],
        run: Run::Write(actions::remove_factors),
        ..PLAIN
    },
    Operation {
        id: "change_email",
        method: Method::Post,
        path: "/customers/{customer}/change-email",
        permission: Permission::ChangeEmails,
        is_dangerous: true,
        budget: Budget::Actions,
        summary: "Asks to have a customer's e-mail address changed. Waits for a second person, the new mailbox, and the customer's veto.",
        input: Some(schema::<NewAddress>),
        output: (200, Some(schema::<CaseView>)),
        refusals: &[202, 404, 409],
        run: Run::Write(actions::change_email),
        ..PLAIN
    },
    Operation {
        id: "erase",
        method: Method::Post,
        path: "/customers/{customer}/erase",
        permission: Permission::EraseCustomers,
        is_dangerous: true,
        budget: Budget::Actions,
        summary: "Asks to have an account erased, after the days of grace in which its owner can keep it.",
        input: Some(schema::<Reason>),
        output: (200, Some(schema::<CaseView>)),
        refusals: &[202, 404, 409],
        run: Run::Write(actions::erase_customer),
        ..PLAIN
    },
    Operation {
        id: "view_as",
        method: Method::Post,
        path: "/customers/{customer}/view-as",
        permission: Permission::ViewAsCustomer,
        is_dangerous: true,
        budget: Budget::Reveals,
        summary: "Shows what the customer's own pages show, to be looked at and nothing else. The customer is told.",
        input: Some(schema::<Reason>),
        output: (200, Some(schema::<desk::mirror::MirrorView>)),
        refusals: &[404, 409],
        run: Run::Write(desk::mirror::view_as),
        ..PLAIN
    },
    Operation {
        id: "list_cases",
        path: "/cases",
        permission: Permission::ReadCases,
        summary: "What staff asked for, newest first.",
        query: &[CURSOR, LIMIT, parameter("state", "Only in this state: asked, waiting, done, refused, vetoed or expired.")],
        output: (200, Some(schema::<Listed<CaseView>>)),
        run: Run::Read(cases::list),
        ..PLAIN
    },
    Operation {
        id: "show_case",
        path: "/cases/{case}",
        permission: Permission::ReadCases,
        summary: "One case.",
        output: (200, Some(schema::<CaseView>)),
        refusals: &[404],
        run: Run::Read(cases::show),
        ..PLAIN
    },
    Operation {
        id: "decide_case",
        method: Method::Post,
        path: "/cases/{case}/decide",
        permission: Permission::DecideCases,
        is_dangerous: true,
        budget: Budget::Actions,
        summary: "Approves or refuses what somebody else asked for.",
        input: Some(schema::<cases::Decision>),
        output: (200, Some(schema::<CaseView>)),
        refusals: &[404, 409],
        run: Run::Write(cases::decide_case),
        ..PLAIN
    },
];
