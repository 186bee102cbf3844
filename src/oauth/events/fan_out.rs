//! Reads what happened, and writes down whom to tell: once for each receiver, in the transaction that moves on.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Told;
use super::deliveries::store::{self as deliveries, NewDelivery};
use super::model::{EventKind, Method, StreamStatus};
use super::rules::{self, Happening, Logged};
use super::streams::{STREAM_CHANGED, Stream, Switcher, store as streams};
use super::subjects::store as subjects;
use crate::base::encoding::base64url;
use crate::base::ids::ClientId;
use crate::identity::sessions::store as sessions;
use crate::oauth::claims;
use crate::oauth::clients::{Client, store as clients};
use crate::platform::audit::{self, Actor, Entry, Origin, store as events};
use crate::platform::db::{DbConnection, StoreError, WriteTx, lease};
use crate::platform::tools::Tools;

/// Events of the log, and sessions, that one transaction takes.
const BATCH: i64 = 200;
/// How long a node holds the lease, in seconds.
const LEASE_SECONDS: i64 = 10;
/// Events that wait for one receiver, at most: with more it is stopped, so that nobody's absence slows down the others.
const MAX_WAITING: i64 = 10_000;
/// What a client must be allowed to have streams of its own.
const STREAM_SCOPES: [&str; 2] = ["ssf.manage", "ssf.read"];

/// The receiver of a client's logout tokens: no id of a stream looks like it.
pub fn logout_receiver(client: &ClientId) -> String {
    format!("logout:{client}")
}

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
    let mut teller = Teller { clients: BTreeMap::new(), waiting: BTreeMap::new(), tools };
    let ended = sessions::take_untold(tx, now, BATCH)?;
    for session in &ended {
        let facts = rules::of_session(&session.reason);
        let news = News { kind: EventKind::SessionRevoked, transaction: &session.id, session: Some(&session.id), at: session.ended_at, facts: &facts };
        teller.tell_session(tx, &session.customer, &news)?;
    }
    let before = subjects::find_cursor(tx)?;
    let logged = events::list_placed(tx, before + 1, BATCH)?;
    let mut after = before;
    for event in &logged {
        let event = &event.logged;
        after = after.max(event.position);
        let detail: Value = serde_json::from_str(event.detail.get()).unwrap_or(Value::Null);
        let seen = Logged { kind: &event.kind, outcome: &event.outcome, actor: &event.actor, about: &event.about, session: event.session_id.as_deref(), detail: &detail };
        for happening in rules::translate(&seen) {
            teller.tell_everybody(tx, &event.id, event.time_micros.div_euclid(1_000_000), &happening)?;
        }
        // Whoever shares nothing with a shop any longer is none of its business.
        if event.kind == "sharing_ended"
            && let (Some(client), Some(customer)) = (&event.client_id, event.about.strip_prefix("customer:"))
        {
            subjects::forget_subject(tx, client, customer)?;
        }
    }
    if after > before && !subjects::move_cursor(tx, before, after)? {
        return Err(StoreError::Conflict);
    }
    Ok(ended.len() + logged.len())
}

/// Something that happened, as the installation names it.
struct News<'a> {
    kind: EventKind,
    transaction: &'a str,
    session: Option<&'a str>,
    at: i64,
    facts: &'a serde_json::Map<String, Value>,
}

/// Whoever there is to tell, as far as it was looked up.
struct Teller<'a> {
    clients: BTreeMap<ClientId, Option<(Client, Vec<Stream>)>>,
    /// How much waits for each stream.
    waiting: BTreeMap<String, i64>,
    tools: &'a Tools,
}

impl Teller<'_> {
    /// A client that works, with its streams.
    fn client(&mut self, tx: &mut WriteTx<'_>, id: &ClientId) -> Result<Option<(Client, Vec<Stream>)>, StoreError> {
        if let Some(known) = self.clients.get(id) {
            return Ok(known.clone());
        }
        let found = match clients::find_client(tx, id)?.filter(|client| client.disabled_at.is_none()) {
            Some(client) => {
                let may_have_streams = STREAM_SCOPES.iter().any(|scope| client.metadata.scope.contains(scope));
                let streams = streams::list_streams(tx, id)?.into_iter().filter(|stream| stream.method == Method::Webhook || may_have_streams);
                let streams = streams.collect();
                Some((client, streams))
            }
            None => None,
        };
        self.clients.insert(id.clone(), found.clone());
        Ok(found)
    }

    /// Tells the clients that a session signed its customer in to.
    fn tell_session(&mut self, tx: &mut WriteTx<'_>, customer: &str, news: &News<'_>) -> Result<(), StoreError> {
        let of_session = match news.session {
            Some(session) => subjects::list_clients_of_session(tx, session)?,
            None => Vec::new(),
        };
        for (client, subject) in subjects::list_knowers(tx, customer)? {
            if of_session.contains(&client) {
                self.tell(tx, &client, (customer, &subject), news)?;
            }
        }
        Ok(())
    }

    fn tell_everybody(&mut self, tx: &mut WriteTx<'_>, id: &str, at: i64, happening: &Happening) -> Result<(), StoreError> {
        let news = News { kind: happening.kind, transaction: id, session: happening.session.as_deref(), at, facts: &happening.facts };
        if news.session.is_some() {
            return self.tell_session(tx, &happening.customer, &news);
        }
        for (client, subject) in subjects::list_knowers(tx, &happening.customer)? {
            self.tell(tx, &client, (&happening.customer, &subject), &news)?;
        }
        if happening.kind == EventKind::AccountPurged {
            // The last that anybody hears.
            subjects::forget_customer(tx, &happening.customer)?;
            streams::forget_customer(tx, &happening.customer)?;
        }
        Ok(())
    }

    /// Puts it down for every receiver of a client, under the names that the client knows. What ties its events together is its own, too: two clients have nothing to compare.
    fn tell(&mut self, tx: &mut WriteTx<'_>, id: &ClientId, (customer, subject): (&str, &str), news: &News<'_>) -> Result<(), StoreError> {
        let Some((client, streams)) = self.client(tx, id)? else { return Ok(()) };
        let ring = &self.tools.ring;
        let transaction = ring.pairwise.mac(&[b"txn", id.as_str().as_bytes(), news.transaction.as_bytes()]);
        let told = Told {
            kind: news.kind,
            transaction: base64url(transaction.get(..15).unwrap_or_default()),
            subject: Some(claims::subject(ring, subject, &client.metadata)),
            session: news.session.map(|session| claims::session_name(ring, session, id.as_str())),
            at: news.at,
            facts: news.facts.clone(),
        };
        let is_over = matches!(news.kind, EventKind::SessionRevoked | EventKind::AccountPurged);
        if is_over && client.metadata.backchannel_logout_uri.is_some() {
            let new = NewDelivery { receiver: &logout_receiver(id), client: id, method: Method::Logout, told: &told };
            deliveries::insert_delivery(tx, self.tools, &new)?;
        }
        for stream in streams {
            let told = match news.kind {
                kind if stream.wants(kind) => told.clone(),
                // Sessions of an erased account end with it.
                EventKind::AccountPurged if stream.wants(EventKind::SessionRevoked) => Told { kind: EventKind::SessionRevoked, ..told.clone() },
                _ => continue,
            };
            if !streams::is_removed(tx, &stream.id, customer)? && self.has_room(tx, &stream)? {
                let new = NewDelivery { receiver: stream.id.as_str(), client: id, method: stream.method, told: &told };
                deliveries::insert_delivery(tx, self.tools, &new)?;
            }
        }
        Ok(())
    }

    /// Whether more can wait for a stream; stops it when not.
    fn has_room(&mut self, tx: &mut WriteTx<'_>, stream: &Stream) -> Result<bool, StoreError> {
        let id = stream.id.to_string();
        let waiting = match self.waiting.get(&id) {
            Some(waiting) => *waiting,
            None => deliveries::count_waiting(tx, &id)?,
        };
        self.waiting.insert(id.clone(), waiting + 1);
        if waiting < MAX_WAITING {
            return Ok(true);
        }
        stop(tx, self.tools, stream, "nobody came for 10000 events")?;
        Ok(false)
    }
}

/// Stops a stream whose receiver is gone, with what waits for it.
///
/// # Errors
/// [`StoreError`].
pub fn stop(tx: &mut WriteTx<'_>, tools: &Tools, stream: &Stream, why: &'static str) -> Result<(), StoreError> {
    if !streams::change_status(tx, &stream.id, (StreamStatus::Disabled, Switcher::House), Some(why), tools.now())? {
        return Ok(());
    }
    deliveries::drop_waiting(tx, stream.id.as_str())?;
    let entry = Entry::success(STREAM_CHANGED, Actor::System, format!("stream:{}", stream.id), &Origin::internal("events")).with_client(stream.client.as_str());
    audit::record(tx, tools, &entry.with_detail(serde_json::json!({ "what": "stopped", "why": why, "status": StreamStatus::Disabled })))
}
