//! Reads what happened, and writes down whom to tell: once for each receiver, in the transaction that moves on.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Told;
use super::deliveries::store::{self as deliveries, NewDelivery};
use super::model::{EventKind, Method};
use super::rules::{self, Happening, Logged};
use super::streams::{Stream, store as streams};
use super::subjects::store as subjects;
use crate::base::ids::ClientId;
use crate::identity::sessions::store as sessions;
use crate::oauth::claims;
use crate::oauth::clients::{Client, store as clients};
use crate::oauth::grant::store as grants;
use crate::platform::audit::store as events;
use crate::platform::db::{DbConnection, StoreError, WriteTx, lease};
use crate::platform::tools::Tools;

/// Events of the log, and sessions, that one transaction takes.
const BATCH: i64 = 200;
/// How long a node holds the lease, in seconds.
const LEASE_SECONDS: i64 = 10;

/// Whether there is anything to read.
///
/// # Errors
/// [`StoreError`].
pub fn has_news(connection: &mut DbConnection) -> Result<bool, StoreError> {
    Ok(sessions::has_untold(connection)? || events::count_placed(connection)? > subjects::find_cursor(connection)?)
}

/// Reads the next things that happened; how many. Zero when there is nothing, or another node is at it.
///
/// # Errors
/// [`StoreError`].
pub fn fan_out(tx: &mut WriteTx<'_>, tools: &Tools, holder: &str) -> Result<usize, StoreError> {
    let now = tools.now();
    if !lease::take_lease(tx, "shop-events", holder, now, now.plus(LEASE_SECONDS))? {
        return Ok(0);
    }
    let mut teller = Teller { streams: streams::list_streams(tx, None)?, clients: BTreeMap::new(), tools };
    let ended = sessions::take_untold(tx, now, BATCH)?;
    for session in &ended {
        for client in grants::list_clients_of_session(tx, &session.id)? {
            let subject = subjects::list_knowers(tx, &session.customer)?.into_iter().find(|(knower, _)| *knower == client).map(|(_, subject)| subject);
            let Some(subject) = subject else { continue };
            let told = Told {
                kind: EventKind::SessionRevoked,
                transaction: session.id.clone(),
                subject: Some(subject),
                session: Some(session.id.clone()),
                at: session.ended_at,
                facts: rules::of_session(&session.reason),
            };
            teller.tell(tx, &client, &session.customer, told)?;
        }
    }
    let before = subjects::find_cursor(tx)?;
    let logged = events::list_placed(tx, before + 1, BATCH)?;
    let mut after = before;
    for event in &logged {
        let event = &event.logged;
        after = after.max(event.position);
        let detail: Value = serde_json::from_str(event.detail.get()).unwrap_or(Value::Null);
        let seen = Logged { kind: &event.kind, outcome: &event.outcome, actor: &event.actor, about: &event.about, detail: &detail };
        if let Some(happening) = rules::translate(&seen) {
            teller.tell_everybody(tx, &event.id, event.time_micros.div_euclid(1_000_000), &happening)?;
        }
    }
    if after > before && !subjects::move_cursor(tx, before, after)? {
        return Err(StoreError::Conflict);
    }
    Ok(ended.len() + logged.len())
}

/// Whoever there is to tell, as far as it was looked up.
struct Teller<'a> {
    streams: Vec<Stream>,
    clients: BTreeMap<ClientId, Option<Client>>,
    tools: &'a Tools,
}

impl Teller<'_> {
    /// A client that works.
    fn client(&mut self, tx: &mut WriteTx<'_>, id: &ClientId) -> Result<Option<Client>, StoreError> {
        if let Some(known) = self.clients.get(id) {
            return Ok(known.clone());
        }
        let found = clients::find_client(tx, id)?.filter(|client| client.disabled_at.is_none());
        self.clients.insert(id.clone(), found.clone());
        Ok(found)
    }

    fn tell_everybody(&mut self, tx: &mut WriteTx<'_>, id: &str, at: i64, happening: &Happening) -> Result<(), StoreError> {
        for (client, subject) in subjects::list_knowers(tx, &happening.customer)? {
            let told = Told { kind: happening.kind, transaction: id.to_owned(), subject: Some(subject), session: None, at, facts: happening.facts.clone() };
            self.tell(tx, &client, &happening.customer, told)?;
        }
        if happening.kind == EventKind::AccountPurged {
            // The last that anybody hears.
            subjects::forget_customer(tx, &happening.customer)?;
            streams::forget_customer(tx, &happening.customer)?;
        }
        Ok(())
    }

    /// Puts it down for every receiver of a client. `told` names customer and session as the installation does; the client hears its own names.
    fn tell(&mut self, tx: &mut WriteTx<'_>, id: &ClientId, customer: &str, mut told: Told) -> Result<(), StoreError> {
        let Some(client) = self.client(tx, id)? else { return Ok(()) };
        let ring = &self.tools.ring;
        told.subject = told.subject.map(|subject| claims::subject(ring, &subject, &client.metadata));
        told.session = told.session.map(|session| claims::session_name(ring, &session, id.as_str()));
        // The session's own id stays here.
        if told.transaction.starts_with("ses_") {
            told.transaction = crate::base::encoding::base64url(crate::base::encoding::sha256(told.transaction.as_bytes()).get(..15).unwrap_or_default());
        }
        let is_over = matches!(told.kind, EventKind::SessionRevoked | EventKind::AccountPurged);
        if is_over && client.metadata.backchannel_logout_uri.is_some() {
            let new = NewDelivery { receiver: id.as_str(), client: id, method: Method::Logout, told: &told };
            deliveries::insert_delivery(tx, self.tools, &new)?;
        }
        for stream in self.streams.iter().filter(|stream| stream.client == *id && stream.wants(told.kind)) {
            if !streams::is_removed(tx, &stream.id, customer)? {
                let new = NewDelivery { receiver: stream.id.as_str(), client: id, method: stream.method, told: &told };
                deliveries::insert_delivery(tx, self.tools, &new)?;
            }
        }
        Ok(())
    }
}
