//! What is done to shops, staff and the records.

use super::{PAGED, PLAIN, parameter};
use crate::admin::access::rules::Permission;
use crate::admin::clients::{self, ChangedClient, ClientView, Linted, NewClient, NewSecret, Overlap, RegisteredClient, Switch};
use crate::admin::log::{self, EventView, ExportView, FiguresView, GrowthView, HeadView, ProofView, ReportView};
use crate::admin::operations::{CURSOR, LIMIT, Listed, Method, Operation, Run, schema};
use crate::admin::people::{self, Grant, Invited, NewAdmin, StaffView};
use crate::admin::upkeep::{self, Backup};

/// These.
pub const HOUSE: [Operation; 21] = [
    Operation {
        id: "list_clients",
        path: "/clients",
        permission: Permission::ReadClients,
        summary: "Clients, by id.",
        query: PAGED,
        output: (200, Some(schema::<Listed<ClientView>>)),
        run: Run::Read(clients::list_clients),
        ..PLAIN
    },
    Operation {
        id: "register_client",
        method: Method::Post,
        path: "/clients",
        permission: Permission::WriteClients,
        is_dangerous: true,
        summary: "Registers a client. Its secret is told once.",
        input: Some(schema::<NewClient>),
        output: (201, Some(schema::<RegisteredClient>)),
        refusals: &[409],
        run: Run::Write(clients::register_client),
        ..PLAIN
    },
    Operation {
        id: "lint_client",
        method: Method::Post,
        path: "/client-lint",
        permission: Permission::ReadClients,
        summary: "Looks metadata over without registering anything: what is refused, and what is unsafe.",
        input: Some(schema::<ChangedClient>),
        output: (200, Some(schema::<Linted>)),
        refusals: &[409],
        run: Run::Read(clients::lint_client),
        ..PLAIN
    },
    Operation {
        id: "show_client",
        path: "/clients/{client}",
        permission: Permission::ReadClients,
        summary: "One client, with what is unsafe about it.",
        output: (200, Some(schema::<ClientView>)),
        refusals: &[404],
        run: Run::Read(clients::show_client),
        ..PLAIN
    },
    Operation {
        id: "replace_client",
        method: Method::Put,
        path: "/clients/{client}",
        permission: Permission::WriteClients,
        is_dangerous: true,
        summary: "Replaces what a client registered.",
        input: Some(schema::<ChangedClient>),
        output: (200, Some(schema::<ClientView>)),
        refusals: &[404, 409, 412],
        run: Run::Write(clients::replace_client),
        ..PLAIN
    },
    Operation {
        id: "rotate_client_secret",
        method: Method::Post,
        path: "/clients/{client}/secret",
        permission: Permission::WriteClients,
        is_dangerous: true,
        summary: "Gives a client a new secret, told once; the one before works for a while.",
        input: Some(schema::<Overlap>),
        output: (200, Some(schema::<NewSecret>)),
        refusals: &[404, 409],
        run: Run::Write(clients::rotate_secret),
        ..PLAIN
    },
    Operation {
        id: "switch_client",
        method: Method::Post,
        path: "/clients/{client}/switch",
        permission: Permission::WriteClients,
        is_dangerous: true,
        summary: "Switches a client on or off. What was granted to one that is off is void while it is.",
        input: Some(schema::<Switch>),
        output: (204, None),
        refusals: &[404, 409],
        run: Run::Write(clients::switch_client),
        ..PLAIN
    },
    Operation {
        id: "remove_client",
        method: Method::Delete,
        path: "/clients/{client}",
        permission: Permission::WriteClients,
        is_dangerous: true,
        summary: "Removes a client, with everything that was granted to it.",
        output: (204, None),
        refusals: &[404],
        run: Run::Write(clients::remove_client),
        ..PLAIN
    },
    Operation {
        id: "list_admins",
        path: "/admins",
        permission: Permission::ReadAdmins,
        summary: "Who is staff, and who was invited.",
        output: (200, Some(schema::<StaffView>)),
        run: Run::Read(people::list_admins),
        ..PLAIN
    },
    Operation {
        id: "invite_admin",
        method: Method::Post,
        path: "/admins/invite",
        permission: Permission::WriteAdmins,
        is_dangerous: true,
        summary: "Invites somebody to be staff. The link is told once.",
        input: Some(schema::<NewAdmin>),
        output: (201, Some(schema::<Invited>)),
        refusals: &[409],
        run: Run::Write(people::invite_admin),
        ..PLAIN
    },
    Operation {
        id: "change_admin",
        method: Method::Put,
        path: "/admins/{admin}",
        permission: Permission::WriteAdmins,
        is_dangerous: true,
        summary: "Gives a member of staff other roles. Their sessions end.",
        input: Some(schema::<Grant>),
        output: (204, None),
        refusals: &[404, 409],
        run: Run::Write(people::change_admin),
        ..PLAIN
    },
    Operation {
        id: "remove_admin",
        method: Method::Delete,
        path: "/admins/{admin}",
        permission: Permission::WriteAdmins,
        is_dangerous: true,
        summary: "Takes every role from a member of staff. Their sessions end.",
        output: (204, None),
        refusals: &[404, 409],
        run: Run::Write(people::remove_admin),
        ..PLAIN
    },
    Operation {
        id: "remove_invitation",
        method: Method::Delete,
        path: "/invitations/{invitation}",
        permission: Permission::WriteAdmins,
        is_dangerous: true,
        summary: "Takes an invitation back.",
        output: (204, None),
        refusals: &[404],
        run: Run::Write(people::remove_invitation),
        ..PLAIN
    },
    Operation {
        id: "search_events",
        path: "/audit/events",
        summary: "Events of the audit log, newest first.",
        query: &[
            CURSOR,
            LIMIT,
            parameter("kind", "Only of this kind."),
            parameter("about", "Only concerning this, such as customer:cus_… or client:shop."),
            parameter("actor", "Only by this one, such as staff:cus_… or operator."),
            parameter("since", "Only from this second on."),
            parameter("until", "Only before this second."),
        ],
        output: (200, Some(schema::<Listed<EventView>>)),
        run: Run::Read(log::search_events),
        ..PLAIN
    },
    Operation {
        id: "show_audit_head",
        path: "/audit/head",
        summary: "The last signed head of the log, and what checks it.",
        output: (200, Some(schema::<HeadView>)),
        run: Run::Read(log::show_head),
        ..PLAIN
    },
    Operation {
        id: "prove_event",
        path: "/audit/events/{position}/proof",
        summary: "The proof that the event at this place is in the log.",
        output: (200, Some(schema::<ProofView>)),
        refusals: &[404],
        run: Run::Read(log::prove_event),
        ..PLAIN
    },
    Operation {
        id: "prove_growth",
        path: "/audit/growth",
        summary: "The proof that a longer log grew out of a shorter one.",
        query: &[parameter("old", "Events before."), parameter("new", "Events after.")],
        output: (200, Some(schema::<GrowthView>)),
        refusals: &[404],
        run: Run::Read(log::prove_growth),
        ..PLAIN
    },
    Operation {
        id: "export_events",
        path: "/audit/export",
        summary: "A part of an export that anybody can check: write the lines of all parts one after the other.",
        query: &[parameter("from", "The place to go on from: the `next` of the part before.")],
        output: (200, Some(schema::<ExportView>)),
        run: Run::Read(log::export_events),
        ..PLAIN
    },
    Operation {
        id: "show_figures",
        path: "/figures",
        permission: Permission::ReadFigures,
        summary: "Figures of the last two weeks, and how things stand.",
        output: (200, Some(schema::<FiguresView>)),
        run: Run::Read(log::show_figures),
        ..PLAIN
    },
    Operation {
        id: "list_scam_reports",
        path: "/scam-reports",
        permission: Permission::ReadReports,
        summary: "What customers reported as scams, newest first.",
        query: PAGED,
        output: (200, Some(schema::<Listed<ReportView>>)),
        run: Run::Read(log::list_reports),
        ..PLAIN
    },
    Operation {
        id: "report_backup",
        method: Method::Post,
        path: "/backups",
        permission: Permission::ReportBackups,
        summary: "Tells that a backup was made: for the overview, the metrics and the audit log.",
        input: Some(schema::<Backup>),
        output: (204, None),
        refusals: &[409],
        run: Run::Write(upkeep::report_backup),
        ..PLAIN
    },
];
