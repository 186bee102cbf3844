//! What is told to shops, and whether they heard it.

use super::{PAGED, PLAIN, parameter};
use crate::admin::access::rules::Permission;
use crate::admin::events::{self, DeliveryView, MadeWebhook, NewWebhook, Replay, Replayed, SecretOverlap, StreamSwitch, StreamView, WebhookSecret, WebhookWish};
use crate::admin::operations::{CURSOR, LIMIT, Listed, Method, Operation, QueryParameter, Run, schema};

const BY_STATE: &[QueryParameter] = &[CURSOR, LIMIT, parameter("state", "`failed` for what was given up; everything when absent.")];

/// These.
pub const EVENTS: [Operation; 12] = [
    Operation {
        id: "list_streams",
        path: "/streams",
        permission: Permission::ReadClients,
        summary: "Webhooks and streams of events, with how their receivers are.",
        query: PAGED,
        output: (200, Some(schema::<Listed<StreamView>>)),
        run: Run::Read(events::list_streams),
        ..PLAIN
    },
    Operation {
        id: "make_webhook",
        method: Method::Post,
        path: "/streams",
        permission: Permission::WriteClients,
        is_dangerous: true,
        summary: "Makes a webhook. Its secret is told once.",
        input: Some(schema::<NewWebhook>),
        output: (201, Some(schema::<MadeWebhook>)),
        refusals: &[409],
        run: Run::Write(events::make_webhook),
        ..PLAIN
    },
    Operation {
        id: "show_stream",
        path: "/streams/{stream}",
        permission: Permission::ReadClients,
        summary: "One webhook or stream.",
        output: (200, Some(schema::<StreamView>)),
        refusals: &[404],
        run: Run::Read(events::show_stream),
        ..PLAIN
    },
    Operation {
        id: "change_webhook",
        method: Method::Put,
        path: "/streams/{stream}",
        permission: Permission::WriteClients,
        is_dangerous: true,
        summary: "Replaces what a webhook is. What waits for it goes to its new address.",
        input: Some(schema::<WebhookWish>),
        output: (200, Some(schema::<StreamView>)),
        refusals: &[404, 409],
        run: Run::Write(events::change_webhook),
        ..PLAIN
    },
    Operation {
        id: "switch_stream",
        method: Method::Post,
        path: "/streams/{stream}/switch",
        permission: Permission::WriteClients,
        is_dangerous: true,
        summary: "Lets a stream run, holds it with what comes, or stops it and drops what waits.",
        input: Some(schema::<StreamSwitch>),
        output: (204, None),
        refusals: &[404, 409],
        run: Run::Write(events::switch_stream),
        ..PLAIN
    },
    Operation {
        id: "rotate_webhook_secret",
        method: Method::Post,
        path: "/streams/{stream}/secret",
        permission: Permission::WriteClients,
        is_dangerous: true,
        summary: "Gives a webhook a new secret, told once; the one before signs too for a while.",
        input: Some(schema::<SecretOverlap>),
        output: (200, Some(schema::<WebhookSecret>)),
        refusals: &[404, 409],
        run: Run::Write(events::rotate_secret),
        ..PLAIN
    },
    Operation {
        id: "remove_stream",
        method: Method::Delete,
        path: "/streams/{stream}",
        permission: Permission::WriteClients,
        is_dangerous: true,
        summary: "Removes a webhook or stream, with what waits for it.",
        output: (204, None),
        refusals: &[404],
        run: Run::Write(events::remove_stream),
        ..PLAIN
    },
    Operation {
        id: "test_stream",
        method: Method::Post,
        path: "/streams/{stream}/test",
        permission: Permission::WriteClients,
        summary: "Sends an event that says nothing, to see whether it arrives.",
        output: (204, None),
        refusals: &[404, 409],
        run: Run::Write(events::test_stream),
        ..PLAIN
    },
    Operation {
        id: "list_deliveries",
        path: "/streams/{stream}/deliveries",
        permission: Permission::ReadClients,
        summary: "What a receiver was and is to be told, newest first.",
        query: BY_STATE,
        output: (200, Some(schema::<Listed<DeliveryView>>)),
        refusals: &[404],
        run: Run::Read(events::list_deliveries),
        ..PLAIN
    },
    Operation {
        id: "replay_deliveries",
        method: Method::Post,
        path: "/streams/{stream}/replay",
        permission: Permission::WriteClients,
        summary: "Sends again what was given up, or one delivery.",
        input: Some(schema::<Replay>),
        output: (200, Some(schema::<Replayed>)),
        refusals: &[404, 409],
        run: Run::Write(events::replay_deliveries),
        ..PLAIN
    },
    Operation {
        id: "list_logouts",
        path: "/clients/{client}/logouts",
        permission: Permission::ReadClients,
        summary: "The logout tokens that a client was and is to be sent, newest first.",
        query: BY_STATE,
        output: (200, Some(schema::<Listed<DeliveryView>>)),
        refusals: &[404],
        run: Run::Read(events::list_logouts),
        ..PLAIN
    },
    Operation {
        id: "replay_logouts",
        method: Method::Post,
        path: "/clients/{client}/logouts/replay",
        permission: Permission::WriteClients,
        summary: "Sends again the logout tokens that a client did not take, or one of them.",
        input: Some(schema::<Replay>),
        output: (200, Some(schema::<Replayed>)),
        refusals: &[404, 409],
        run: Run::Write(events::replay_logouts),
        ..PLAIN
    },
];
