//! `claviger apply`: clients, staff and webhooks as a file declares them; what the configuration is to be is compared. Customers are never touched.

mod plan;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::{CLIENT_CHANGED, Context, Failure, complain, say};
use crate::admin::access::rules::{BrandScope, Role};
use crate::admin::access::store::{self as staff, NewInvitation};
use crate::admin::people::{ADMIN_CHANGED, make_invitation};
use crate::app::config::Config;
use crate::app::setup::Base;
use crate::base::contact::EmailAddress;
use crate::base::ids::{ClientId, StreamId};
use crate::base::page::PageRequest;
use crate::base::secret::Secret;
use crate::base::uri::is_endpoint;
use crate::identity::customers;
use crate::identity::sessions::store as sessions;
use crate::oauth::clients::{ClientMetadata, store as clients};
use crate::oauth::events::model::{EventKind, Method};
use crate::oauth::events::streams::{MAX_DESCRIPTION, MAX_STREAMS, STREAM_CHANGED, Stream, Switcher, keys, store as streams};
use crate::platform::audit::{self, Actor, Entry, Origin};
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;
use plan::{Actual, Declared, DeclaredStaff, DeclaredWebhook, Plan, Step, plan};

#[derive(Args)]
pub(super) struct ApplyArguments {
    /// The file, in TOML.
    file: PathBuf,
    /// Does what the plan says, instead of only showing it.
    #[arg(long)]
    yes: bool,
}

fn origin() -> Origin {
    Origin::internal("command-line")
}

/// Everything that is wrong with a file, and its clients with every default filled in.
fn judged(mut declared: Declared, config: &Config) -> Result<Declared, Failure> {
    let mut faults = Vec::new();
    for client in &mut declared.clients {
        let id = &client.client_id;
        if id.parse::<ClientId>().is_err() {
            faults.push(format!("client {id}: 1 to 64 letters, digits, dashes, dots and underscores"));
        }
        match serde_json::from_value::<ClientMetadata>(client.metadata.clone()) {
            Ok(metadata) => {
                faults.extend(metadata.faults().into_iter().map(|fault| format!("client {id}: {fault}")));
                if let Some(brand) = metadata.brand.as_ref().filter(|brand| !config.brands.contains_key(*brand)) {
                    faults.push(format!("client {id}: there is no brand {brand} in the configuration"));
                }
                client.metadata = serde_json::to_value(&metadata).map_err(|error| error.to_string())?;
            }
            Err(error) => faults.push(format!("client {id}: {error}")),
        }
    }
    for person in &declared.staff {
        if !EmailAddress::parse(&person.email).is_ok_and(|email| email.as_str() == person.email) {
            faults.push(format!("staff {}: not an e-mail address in its usual form", person.email));
        }
        if person.roles.is_empty() {
            faults.push(format!("staff {}: at least one role", person.email));
        }
        let is_known = |brand: &&String| *brand == BrandScope::DEFAULT || config.brands.contains_key(*brand);
        faults.extend(person.brands.iter().filter(|brand| !is_known(brand)).map(|brand| format!("staff {}: there is no brand {brand}", person.email)));
    }
    for webhook in &declared.webhooks {
        let name = format!("webhook {}: {}", webhook.client_id, webhook.description);
        if !is_endpoint(&webhook.endpoint) {
            faults.push(format!("{name}: endpoint is an http or https address without user, password and fragment"));
        }
        if !(1..=MAX_DESCRIPTION).contains(&webhook.description.chars().count()) || webhook.description.chars().any(char::is_control) {
            faults.push(format!("{name}: a description has 1 to {MAX_DESCRIPTION} characters"));
        }
        let is_told = |word: &&String| EventKind::parse(word).is_some_and(|kind| EventKind::TOLD.contains(&kind));
        faults.extend(webhook.events.iter().filter(|word| !is_told(word)).map(|word| format!("{name}: nobody is told of {word}")));
    }
    for (what, names) in [
        ("client", declared.clients.iter().map(|client| client.client_id.clone()).collect::<Vec<_>>()),
        ("staff", declared.staff.iter().map(|person| person.email.clone()).collect()),
        ("webhook", declared.webhooks.iter().map(|webhook| format!("{}: {}", webhook.client_id, webhook.description)).collect()),
    ] {
        let mut seen = BTreeSet::new();
        faults.extend(names.into_iter().filter(|name| !seen.insert(name.clone())).map(|name| format!("{what} {name} stands there twice")));
    }
    if faults.is_empty() { Ok(declared) } else { Err(Failure::Refused(format!("the file is refused:\n  - {}", faults.join("\n  - ")))) }
}

fn sets(roles: &[Role], brands: &BrandScope) -> (BTreeSet<Role>, BTreeSet<String>) {
    (roles.iter().copied().collect(), brands.brands().iter().cloned().collect())
}

/// What there is in the database.
fn look(connection: &mut DbConnection, tools: &Tools) -> Result<Actual, StoreError> {
    let mut actual = Actual::default();
    let mut page = PageRequest::first(500);
    loop {
        let found = clients::list_clients(connection, &page)?;
        for client in found.items {
            let metadata = serde_json::to_value(&client.metadata).map_err(|error| StoreError::Unavailable(error.to_string()))?;
            actual.clients.insert(client.id.to_string(), (metadata, client.disabled_at.is_none()));
        }
        match found.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    for admin in staff::list_admins(connection)? {
        if let Some(person) = customers::store::find_customer(connection, &tools.ring, &admin.customer)? {
            actual.staff.insert(person.email.as_str().to_owned(), sets(&admin.roles, &admin.brands));
        }
    }
    for open in staff::list_invitations(connection, tools)?.into_iter().filter(|open| open.used_at.is_none() && open.expires_at > tools.now()) {
        actual.invited.insert(open.email, sets(&open.roles, &open.brands));
    }
    let mut page = PageRequest::first(500);
    loop {
        let found = streams::list_page(connection, &page)?;
        for stream in found.items.into_iter().filter(|stream| stream.method == Method::Webhook) {
            let (Some(description), Some(endpoint)) = (stream.description.clone(), stream.endpoint.clone()) else { continue };
            let events = stream.requested.iter().flatten().map(|kind| kind.word().to_owned()).collect();
            actual.webhooks.insert((stream.client.to_string(), description), (stream.id.to_string(), endpoint, events));
        }
        match found.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    Ok(actual)
}

/// The effective values of the configuration, by section and key.
fn effective(context: &Context) -> Result<BTreeMap<(String, String), Value>, Failure> {
    let values = serde_json::to_value(context.load()?.raw).map_err(|error| error.to_string())?;
    let sections = values.as_object().into_iter().flatten();
    let keys = sections.flat_map(|(section, keys)| keys.as_object().into_iter().flatten().map(move |(key, value)| ((section.clone(), key.clone()), value.clone())));
    Ok(keys.collect())
}

/// Something that is told once.
type Told = Vec<String>;

fn declared_client(declared: &Declared, id: &str) -> Result<(ClientId, ClientMetadata), StoreError> {
    let failed = || StoreError::Unavailable(format!("client {id} cannot be read"));
    let client = declared.clients.iter().find(|client| client.client_id == id).ok_or_else(failed)?;
    Ok((id.parse().map_err(|_| failed())?, serde_json::from_value(client.metadata.clone()).map_err(|_| failed())?))
}

fn note_client(tx: &mut WriteTx<'_>, tools: &Tools, id: &ClientId, detail: Value) -> Result<(), StoreError> {
    let entry = Entry::success(CLIENT_CHANGED, Actor::Operator, format!("client:{id}"), &origin());
    audit::record(tx, tools, &entry.with_client(id.as_str()).with_detail(detail))
}

fn put_webhook(tx: &mut WriteTx<'_>, tools: &Tools, webhook: &DeclaredWebhook, known: Option<&str>) -> Result<Told, StoreError> {
    let failed = || StoreError::Unavailable(format!("webhook {}: {} cannot be made", webhook.client_id, webhook.description));
    let client: ClientId = webhook.client_id.parse().map_err(|_| failed())?;
    let requested = (!webhook.events.is_empty()).then(|| webhook.events.iter().filter_map(|word| EventKind::parse(word)).collect());
    let known = match known.map(str::parse::<StreamId>) {
        Some(Ok(id)) => streams::find_stream(tx, &id)?,
        _ => None,
    };
    let (stream, what) = match known {
        Some(stream) => (Stream { endpoint: Some(webhook.endpoint.clone()), requested, ..stream }, "changed"),
        None => {
            if streams::list_streams(tx, &client)?.len() >= MAX_STREAMS {
                return Err(StoreError::Conflict);
            }
            let id = StreamId::generate(tools.now_micros(), tools.entropy());
            let receiver = (Method::Webhook, Some(webhook.endpoint.clone()));
            let stream = Stream { requested, description: Some(webhook.description.clone()), ..Stream::new(id, client, receiver, Switcher::House, tools.now()) };
            (stream, "made")
        }
    };
    let entry = Entry::success(STREAM_CHANGED, Actor::Operator, format!("stream:{}", stream.id), &origin()).with_client(stream.client.as_str());
    audit::record(tx, tools, &entry.with_detail(json!({ "what": what, "method": stream.method, "status": stream.status })))?;
    if what == "changed" {
        streams::keep_stream(tx, tools, &stream, None, tools.now())?;
        return Ok(Vec::new());
    }
    streams::insert_stream(tx, tools, &stream, None)?;
    Ok(vec![format!("webhook {}: {}  secret  {}   (shown once)", webhook.client_id, webhook.description, keys::secret(&tools.ring, &stream).expose())])
}

fn put_staff(tx: &mut WriteTx<'_>, tools: &Tools, person: &DeclaredStaff, config: &Config) -> Result<Told, StoreError> {
    let Ok(email) = EmailAddress::parse(&person.email) else { return Ok(Vec::new()) };
    let (roles, brands) = (person.roles.iter().copied().collect::<Vec<_>>(), BrandScope::of(person.brands.iter().cloned()));
    let id = customers::store::find_standing_by_email(tx, &tools.ring, &email)?.map(|standing| standing.id);
    if let Some(id) = id
        && staff::find_admin(tx, &id)?.is_some()
    {
        staff::keep_admin(tx, &id, &roles, &brands, "operator", tools.now())?;
        sessions::end_sessions_of(tx, &id, "roles_changed", tools.now())?;
        let entry = Entry::success(ADMIN_CHANGED, Actor::Operator, format!("customer:{id}"), &origin());
        audit::record(tx, tools, &entry.with_detail(json!({ "roles": roles, "brands": brands.brands() })))?;
        return Ok(Vec::new());
    }
    let new = NewInvitation { email: &email, roles: &roles, brands: &brands, by: "operator", seconds: config.admin.invitation_seconds };
    let secret = make_invitation(tx, tools, &new, Actor::Operator, &origin())?;
    Ok(vec![format!(
        "staff {}  {}   (works once, for {} hours)",
        person.email,
        config.issuer.at(&format!("/admin/join/{}", secret.expose())),
        config.admin.invitation_seconds / 3_600
    )])
}

/// Does one step; what is told once comes back.
fn carry_out(tx: &mut WriteTx<'_>, tools: &Tools, config: &Config, (declared, actual): (&Declared, &Actual), step: &Step) -> Result<Told, StoreError> {
    match step {
        Step::Register(id) => {
            let (id, metadata) = declared_client(declared, id)?;
            let secret = metadata.token_endpoint_auth_method.has_secret().then(|| Secret::generate(tools.entropy()));
            super::clients::register(tx, tools, &id, &metadata, secret.as_ref())?;
            Ok(secret.iter().map(|secret| format!("client {id}  secret  {}   (shown once; only its hash is kept)", secret.expose())).collect())
        }
        Step::Change(id, members) => {
            let (id, metadata) = declared_client(declared, id)?;
            clients::replace_metadata(tx, &id, &metadata, tools.now())?;
            note_client(tx, tools, &id, json!({ "what": "changed", "members": members }))?;
            Ok(Vec::new())
        }
        Step::Switch(id, is_enabled) => {
            let (id, _) = declared_client(declared, id)?;
            clients::switch_client(tx, &id, *is_enabled, tools.now())?;
            note_client(tx, tools, &id, json!({ "what": if *is_enabled { "switched_on" } else { "switched_off" } }))?;
            Ok(Vec::new())
        }
        Step::Invite(email) | Step::SetRoles(email) => match declared.staff.iter().find(|person| person.email == *email) {
            Some(person) => put_staff(tx, tools, person, config),
            None => Ok(Vec::new()),
        },
        Step::MakeWebhook(client, description) | Step::ChangeWebhook(client, description) => {
            let found = declared.webhooks.iter().find(|webhook| webhook.client_id == *client && webhook.description == *description);
            let known = actual.webhooks.get(&(client.clone(), description.clone())).map(|(id, ..)| id.as_str());
            found.map_or(Ok(Vec::new()), |webhook| put_webhook(tx, tools, webhook, known))
        }
    }
}

fn read(file: &Path) -> Result<Declared, Failure> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    toml::from_str(&text).map_err(|error| Failure::Refused(format!("{}: {error}", file.display())))
}

fn show(plan: &Plan) {
    plan.steps.iter().for_each(|step| say(&step.line()));
    plan.drift.iter().for_each(|line| say(&format!("! {line}")));
    if plan.steps.is_empty() && plan.drift.is_empty() {
        say("everything is as it is declared");
    }
}

pub(super) fn execute(context: &Context, arguments: &ApplyArguments) -> Result<(), Failure> {
    let (raw, configuration, is_meant) = (read(&arguments.file)?, effective(context)?, arguments.yes);
    context.with_base(|config, base: Base| async move {
        let declared = std::sync::Arc::new(judged(raw, &config)?);
        let (tools, config) = (base.tools.clone(), std::sync::Arc::new(config));
        let (looking, wanted, known) = (tools.clone(), declared.clone(), configuration.clone());
        let found = base.db.read(move |connection| Ok(plan(&wanted, &Actual { configuration: known, ..look(connection, &looking)? }))).await?;
        show(&found);
        if !is_meant {
            return if found == Plan::default() { Ok(()) } else { Err(Failure::Refused("nothing was changed; --yes does it".to_owned())) };
        }
        // Looked at once more where it is done: all of it, or nothing.
        let work = move |tx: &mut WriteTx<'_>| {
            let actual = Actual { configuration: configuration.clone(), ..look(tx, &tools)? };
            let mut told = Vec::new();
            for step in plan(&declared, &actual).steps {
                told.extend(carry_out(tx, &tools, &config, (&declared, &actual), &step)?);
            }
            Ok(told)
        };
        let told = base.db.write(work).await.map_err(|error| match error {
            StoreError::Conflict => Failure::Refused(format!(
                "a webhook names a client that is not there or has its {MAX_STREAMS} streams and webhooks already, or somebody was faster: nothing was changed"
            )),
            other => other.into(),
        })?;
        told.iter().for_each(|line| say(line));
        if !found.drift.is_empty() {
            complain(&format!("{} things differ and were left alone", found.drift.len()));
        }
        Ok(())
    })
}
