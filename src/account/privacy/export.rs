//! The archive of everything that is kept about a customer: `account.json` for machines, `account.html` for reading.

use std::io::{Cursor, Write};

use askama::Template;
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;

use crate::base::contact::{EmailAddress, PhoneNumber};
use crate::base::ids::CustomerId;
use crate::base::page::{MAX_PAGE, PageRequest};
use crate::identity::factors::{passkey, totp, trusted_device, upstream};
use crate::identity::messages::store::list_messages;
use crate::identity::sessions::store::list_sessions;
use crate::identity::signin::gate::SigninState;
use crate::identity::{care, contacts, customers, factors, recovery, signup};
use crate::oauth::authorize::store as consents;
use crate::oauth::grant::store as grants;
use crate::platform::audit::store::list_about;
use crate::platform::db::{DbConnection, StoreError};
use crate::platform::http::page::PageView;
use crate::risk::decisions::store::{Wanted, list_decisions};

/// Events and messages in an archive, newest first.
const LIMIT: u32 = 500;
/// Pages of them.
const PAGES: usize = 20;

/// Everything that is kept about a customer. No secrets: neither hashes, seeds nor keys.
///
/// # Errors
/// [`StoreError`].
pub fn gather(connection: &mut DbConnection, state: &SigninState, id: &CustomerId, generation: i64) -> Result<Option<Value>, StoreError> {
    let (tools, now) = (&state.tools, state.tools.now());
    let Some(customer) = customers::store::find_customer(connection, &tools.ring, id)? else { return Ok(None) };
    let standing = customers::store::find_standing(connection, id)?;
    let means = match &standing {
        Some(standing) => Some(factors::find_means(connection, &state.factors, standing, now)?),
        None => None,
    };
    let mut events = Vec::new();
    let mut page = PageRequest::first(LIMIT);
    for _ in 0..PAGES {
        let found = list_about(connection, tools, id.as_str(), &page)?;
        events.extend(found.items.into_iter().map(|(event, origin)| {
            json!({ "at_micros": event.occurred_at_micros, "kind": event.kind, "outcome": event.outcome, "reason": event.reason, "client": event.client_id, "session": event.session_id, "origin": origin })
        }));
        match found.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    let mut messages = Vec::new();
    let mut page = PageRequest::first(LIMIT);
    for _ in 0..PAGES {
        let found = list_messages(connection, tools, id, &page)?;
        messages.extend(found.items.into_iter().map(|message| json!({ "sent_at": message.sent_at, "about": message.kind, "content": message.content })));
        match found.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    let sessions: Vec<Value> = list_sessions(connection, id, generation, &state.sessions, now)?
        .into_iter()
        .map(|session| json!({ "id": session.id, "since": session.created_at, "last_seen": session.last_seen_at, "shown": session.shown }))
        .collect();
    let keys: Vec<Value> = passkey::store::list_passkeys(connection, tools, id)?
        .into_iter()
        .map(|key| json!({ "name": key.name, "added_at": key.created_at, "last_used_at": key.last_used_at }))
        .collect();
    let apps: Vec<Value> = totp::store::list_authenticators(connection, tools, id)?
        .into_iter()
        .map(|app| json!({ "name": app.name, "added_at": app.created_at, "last_used_at": app.last_used_at }))
        .collect();
    let elsewhere: Vec<Value> = upstream::store::list_links(connection, tools, id)?
        .into_iter()
        .map(|link| json!({ "provider": link.upstream, "account": link.label, "added_at": link.created_at, "last_used_at": link.last_used_at }))
        .collect();
    let devices: Vec<Value> = trusted_device::store::list_devices(connection, tools, id, generation)?
        .into_iter()
        .map(|device| json!({ "name": device.label, "last_used_at": device.last_used_at }))
        .collect();
    let shared: Vec<Value> =
        consents::list_consents(connection, id)?.into_iter().map(|(client, scope, at)| json!({ "client": client, "scope": scope.to_text(), "agreed_at": at })).collect();
    let connected: Vec<Value> = grants::list_grants_of(connection, id, generation, now)?
        .into_iter()
        .map(|(client, scope, at, is_offline)| json!({ "client": client, "scope": scope.to_text(), "since": at, "while_away": is_offline }))
        .collect();
    let terms: Vec<Value> = signup::store::list_acceptances(connection, id)?.into_iter().map(|(version, at)| json!({ "version": version, "accepted_at": at })).collect();
    let erased_at = customers::details::store::find_erasure(connection, id)?;
    Ok(Some(json!({
        "made_at": now,
        "account": {
            "subject": customer.subject, "created_at": customer.created_at, "updated_at": customer.updated_at, "groups": standing.map(|standing| standing.facts.groups),
            "stands_still_until": customer.frozen_until, "erased_at": erased_at, "last_shop_of_brand": customer.brand,
        },
        "contact": {
            "email": customer.email.as_str(), "email_verified": customer.is_email_verified, "second_mailbox": customer.backup_email.as_ref().map(EmailAddress::as_str),
            "phone": customer.phone.as_ref().map(PhoneNumber::as_str), "phone_verified": customer.is_phone_verified, "phrase": customer.phrase,
        },
        "profile": customer.profile, "addresses": customer.addresses, "birth_date": customer.birth_date,
        "sign_in": { "ways": means.map(|means| means.enrolled), "passkeys": keys, "apps": apps, "accounts_elsewhere": elsewhere, "trusted_devices": devices },
        "sessions": sessions, "shared_with": shared, "connected": connected, "terms": terms, "messages": messages, "events": events,
        "care": gather_care(connection, state, id)?, "decisions": gather_decisions(connection, id)?,
    })))
}

/// Decisions of an archive, the latest.
const DECISION_LIMIT: usize = 2_000;

/// How unusual sign-ins and orders were found, why, and what was done about it.
fn gather_decisions(connection: &mut DbConnection, id: &CustomerId) -> Result<Vec<Value>, StoreError> {
    let (mut decisions, mut page) = (Vec::new(), PageRequest::first(MAX_PAGE));
    while decisions.len() < DECISION_LIMIT {
        let found = list_decisions(connection, &Wanted { customer: Some(id.clone()), ..Wanted::default() }, &page)?;
        for decision in found.items {
            let record: Value = serde_json::from_str(&decision.record).unwrap_or_default();
            let why = record.get("reasons").or_else(|| record.get("contributions")).cloned().unwrap_or_default();
            decisions.push(json!({
                "id": decision.id, "about": decision.kind, "at": decision.at, "score": decision.score, "level": decision.level, "decided": decision.action, "done": decision.done,
                "by_model": decision.model, "became": decision.outcome, "reasons": why,
            }));
        }
        page.after = found.next;
        if page.after.is_none() {
            break;
        }
    }
    Ok(decisions)
}

/// What was changed, recovered, reported and looked over.
fn gather_care(connection: &mut DbConnection, state: &SigninState, id: &CustomerId) -> Result<Value, StoreError> {
    let tools = &state.tools;
    let changes: Vec<Value> = contacts::store::list_changes(connection, tools, id)?
        .into_iter()
        .map(|change| json!({ "what": change.kind.word(), "value": change.value, "begun_at": change.begun_at, "applied_at": change.applied_at, "undone_at": change.undone_at }))
        .collect();
    let recoveries: Vec<Value> = recovery::store::list_recoveries(connection, tools, id)?
        .into_iter()
        .map(|found| json!({ "begun_at": found.created_at, "state": found.progress.state, "lost": found.progress.lost, "shown": found.progress.evidence, "waits_until": found.progress.waits_until }))
        .collect();
    let reports: Vec<Value> = care::store::list_reports_of(connection, tools, id)?
        .into_iter()
        .map(|report| json!({ "at": report.reported_at, "kind": report.kind, "content": report.content }))
        .collect();
    let kept = care::store::find_state(connection, id)?;
    Ok(json!({
        "changes_of_contact": changes, "recoveries": recoveries, "reports_of_scams": reports,
        "devices_reviewed_at": kept.devices_reviewed_at, "checkup": kept.checkup.map(|(at, score)| json!({ "at": at, "score": score })),
        "last_moment": kept.moment.map(|(card, at)| json!({ "what": card.word(), "at": at })),
        "last_card": kept.shown.map(|shown| json!({ "what": shown.card.word(), "at": shown.at, "answered": shown.is_answered })),
    }))
}

/// A part of the page: its name, and its values by path.
struct Part {
    name: String,
    lines: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "account/privacy/pages/archive.html")]
struct ArchivePage<'a> {
    page: &'a PageView,
    parts: Vec<Part>,
}

fn flatten(path: &str, value: &Value, lines: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| flatten(&if path.is_empty() { name.clone() } else { format!("{path}.{name}") }, value, lines)),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, value)| flatten(&format!("{path}[{index}]"), value, lines)),
        Value::Null => {}
        Value::String(text) => lines.push((path.to_owned(), text.clone())),
        other => lines.push((path.to_owned(), other.to_string())),
    }
}

/// Packs files into an archive; `None` if the library fails.
pub(in crate::account) fn pack_files(files: &[(&str, &[u8])]) -> Option<Vec<u8>> {
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(*name, options).ok()?;
        archive.write_all(bytes).ok()?;
    }
    Some(archive.finish().ok()?.into_inner())
}

/// Packs the archive; `None` if the library fails.
pub fn pack(view: &PageView, everything: &Value) -> Option<Vec<u8>> {
    let parts = everything.as_object()?.iter().map(|(name, value)| {
        let mut lines = Vec::new();
        flatten("", value, &mut lines);
        Part { name: name.clone(), lines }
    });
    let page = ArchivePage { page: view, parts: parts.collect() }.render().ok()?;
    pack_files(&[("account.json", &serde_json::to_vec_pretty(everything).ok()?), ("account.html", page.as_bytes())])
}
