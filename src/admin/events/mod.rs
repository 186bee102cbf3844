//! Webhooks and streams of events, as staff see and keep them: who is told, whether it arrives, and what to send again.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::operations::{AdminState, Answer, Call, Listed, Ran, Refused};
use crate::base::ids::{ClientId, StreamId};
use crate::base::time::UnixSeconds;
use crate::base::uri::is_endpoint;
use crate::oauth::clients::{Client, store as clients};
use crate::oauth::events::deliver::put_own;
use crate::oauth::events::deliveries::store::{self as deliveries, Health, ListedDelivery, ListedState};
use crate::oauth::events::fan_out::logout_receiver;
use crate::oauth::events::model::{EventKind, Method, StreamStatus};
use crate::oauth::events::streams::{MAX_DESCRIPTION, MAX_STREAMS, STREAM_CHANGED, Stream, Switcher, keys, store};
use crate::platform::audit;
use crate::platform::db::{DbConnection, StoreError, WriteTx};

/// How long the secret before signs at most after a new one was made, in seconds.
const MAX_OVERLAP_SECONDS: i64 = 30 * 86_400;

macro_rules! or_refuse {
    ($judged:expr) => {
        match $judged {
            Ok(value) => value,
            Err(refused) => return Ok(Err(refused)),
        }
    };
}

/// How a receiver is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// A webhook.
    Webhook,
    /// Security event tokens, sent.
    Push,
    /// Security event tokens, fetched.
    Poll,
}

/// A receiver of events.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct StreamView {
    /// Its id.
    pub stream_id: String,
    /// Whose.
    pub client_id: String,
    /// How it is told.
    pub method: Way,
    /// Where; null where it comes for it.
    pub endpoint: Option<String>,
    /// What it is told of.
    pub events: Vec<EventKind>,
    /// What its owner calls it.
    pub description: Option<String>,
    /// Whether it runs.
    pub status: StreamStatus,
    /// Why not.
    pub status_reason: Option<String>,
    /// The key that the signatures of a webhook can be checked with, beside its secret.
    pub public_key: Option<String>,
    /// Until when the secret before signs too, in Unix seconds.
    pub previous_secret_until: Option<i64>,
    /// How often in a row it did not answer.
    pub failures: i64,
    /// When it is tried again, in Unix seconds; null while it answers.
    pub retry_at: Option<i64>,
    /// When it last heard something, in Unix seconds.
    pub last_success_at: Option<i64>,
    /// Why it did not the last time.
    pub last_error: Option<String>,
    /// When it was made, in Unix seconds.
    pub created_at: i64,
}

fn view(state: &AdminState, stream: &Stream, health: Option<&Health>) -> Result<StreamView, StoreError> {
    let (ring, now) = (&state.tools().ring, state.tools().now());
    let failing = health.filter(|health| health.failures > 0);
    Ok(StreamView {
        stream_id: stream.id.to_string(),
        client_id: stream.client.to_string(),
        method: match stream.method {
            Method::Push => Way::Push,
            Method::Poll => Way::Poll,
            Method::Webhook | Method::Logout => Way::Webhook,
        },
        endpoint: stream.endpoint.clone(),
        events: stream.delivered().into_iter().collect(),
        description: stream.description.clone(),
        status: stream.status,
        status_reason: stream.status_reason.clone(),
        public_key: if stream.method == Method::Webhook { Some(keys::public_key(ring, stream)?) } else { None },
        previous_secret_until: stream.previous_secret_until.filter(|until| *until > now).map(|until| until.0),
        failures: failing.map_or(0, |health| health.failures),
        retry_at: failing.map(|health| health.retry_at.0),
        last_success_at: health.and_then(|health| health.last_success_at).map(|at| at.0),
        last_error: failing.and_then(|health| health.last_error.clone()),
        created_at: stream.created_at.0,
    })
}

fn covers(connection: &mut DbConnection, call: &Call, id: &ClientId) -> Result<Option<Client>, StoreError> {
    Ok(clients::find_client(connection, id)?.filter(|client| call.staff.brands.covers(client.metadata.brand.as_deref())))
}

fn find(connection: &mut DbConnection, call: &Call) -> Result<Result<Stream, Refused>, StoreError> {
    let Ok(id) = call.subject.parse::<StreamId>() else { return Ok(Err(Refused::NotFound)) };
    let Some(stream) = store::find_stream(connection, &id)? else { return Ok(Err(Refused::NotFound)) };
    Ok(covers(connection, call, &stream.client)?.map(|_| stream).ok_or(Refused::NotFound))
}

fn health_of(connection: &mut DbConnection, id: &str) -> Result<Option<Health>, StoreError> {
    Ok(deliveries::list_receivers(connection, &[id.to_owned()])?.remove(id))
}

fn record(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call, stream: &Stream, what: &str) -> Result<(), StoreError> {
    let entry = call.staff.entry(STREAM_CHANGED, format!("stream:{}", stream.id), &call.origin).with_client(stream.client.as_str());
    audit::record(tx, state.tools(), &entry.with_detail(serde_json::json!({ "what": what, "method": stream.method, "status": stream.status })))
}

/// Every receiver of events.
///
/// # Errors
/// [`StoreError`].
pub fn list_streams(connection: &mut DbConnection, state: &AdminState, call: &Call) -> Ran {
    let page = or_refuse!(call.page());
    let found = store::list_page(connection, &page)?;
    let mut mine: Vec<Stream> = found.items;
    let mut covered: BTreeMap<ClientId, bool> = BTreeMap::new();
    for stream in &mine {
        if !covered.contains_key(&stream.client) {
            covered.insert(stream.client.clone(), covers(connection, call, &stream.client)?.is_some());
        }
    }
    mine.retain(|stream| covered.get(&stream.client).copied().unwrap_or(false));
    let ids: Vec<String> = mine.iter().map(|stream| stream.id.to_string()).collect();
    let health = deliveries::list_receivers(connection, &ids)?;
    let items = mine.iter().map(|stream| view(state, stream, health.get(stream.id.as_str()))).collect::<Result<Vec<_>, _>>()?;
    Answer::of(&Listed { items, next: found.next }).map(Ok)
}

/// One receiver.
///
/// # Errors
/// [`StoreError`].
pub fn show_stream(connection: &mut DbConnection, state: &AdminState, call: &Call) -> Ran {
    let stream = or_refuse!(find(connection, call)?);
    let health = health_of(connection, stream.id.as_str())?;
    Answer::of(&view(state, &stream, health.as_ref())?).map(Ok)
}

/// A webhook that is to be.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    /// The client whose customers it is told of.
    #[schemars(length(min = 1, max = 64))]
    pub client_id: String,
    /// What it is.
    #[serde(flatten)]
    pub wish: WebhookWish,
}

/// What a webhook is to be from now on.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
pub struct WebhookWish {
    /// Where it is told, an https address; a network that is not public has to be allowed in the configuration.
    #[schemars(length(min = 1, max = 2000))]
    pub endpoint: String,
    /// What it is told of; everything when none is chosen.
    #[serde(default)]
    pub events: Vec<EventKind>,
    /// What you call it.
    #[serde(default)]
    #[schemars(length(max = 200))]
    pub description: Option<String>,
}

/// A webhook that was just made.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct MadeWebhook {
    /// The webhook.
    #[serde(flatten)]
    pub stream: StreamView,
    /// The secret that its signatures are checked with, told once.
    pub secret: String,
}

fn requested(events: Vec<EventKind>) -> Option<BTreeSet<EventKind>> {
    if events.is_empty() { None } else { Some(events.into_iter().collect()) }
}

fn judged(wish: &WebhookWish) -> Result<(), Refused> {
    if !is_endpoint(&wish.endpoint) {
        return Err(Refused::Malformed("endpoint: an http or https address without user, password and fragment".to_owned()));
    }
    let is_fine = |text: &String| text.chars().count() <= MAX_DESCRIPTION && !text.chars().any(char::is_control);
    if !wish.description.as_ref().is_none_or(is_fine) {
        return Err(Refused::Malformed("description: at most 200 characters on one line".to_owned()));
    }
    if wish.events.iter().any(|event| !EventKind::TOLD.contains(event)) {
        return Err(Refused::Malformed("events: those of a stream itself are always told".to_owned()));
    }
    Ok(())
}

/// Makes a webhook.
///
/// # Errors
/// [`StoreError`].
pub fn make_webhook(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let input: NewWebhook = or_refuse!(call.input());
    or_refuse!(judged(&input.wish));
    let client = match input.client_id.parse::<ClientId>() {
        Ok(id) => covers(tx, call, &id)?,
        Err(_) => None,
    };
    let Some(client) = client else { return Ok(Err(Refused::Malformed("client_id: there is no such client here".to_owned()))) };
    if store::list_streams(tx, &client.id)?.len() >= MAX_STREAMS {
        return Ok(Err(Refused::Conflict("too_many", format!("A client has at most {MAX_STREAMS} streams and webhooks."))));
    }
    let tools = state.tools();
    let id = StreamId::generate(tools.now_micros(), tools.entropy());
    let receiver = (Method::Webhook, Some(input.wish.endpoint));
    let stream = Stream {
        requested: requested(input.wish.events),
        description: input.wish.description,
        ..Stream::new(id, client.id, receiver, Switcher::House, tools.now())
    };
    store::insert_stream(tx, tools, &stream, None)?;
    record(tx, state, call, &stream, "made")?;
    let secret = keys::secret(&tools.ring, &stream).expose().to_owned();
    Answer::of(&MadeWebhook { stream: view(state, &stream, None)?, secret }).map(Ok)
}

fn find_webhook(connection: &mut DbConnection, call: &Call) -> Result<Result<Stream, Refused>, StoreError> {
    Ok(find(connection, call)?.and_then(|stream| match stream.method {
        Method::Webhook => Ok(stream),
        _ => Err(Refused::Conflict("no_webhook", "Its client made this stream for itself, and changes it.".to_owned())),
    }))
}

/// Changes a webhook.
///
/// # Errors
/// [`StoreError`].
pub fn change_webhook(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let wish: WebhookWish = or_refuse!(call.input());
    or_refuse!(judged(&wish));
    let before = or_refuse!(find_webhook(tx, call)?);
    let next = Stream { endpoint: Some(wish.endpoint), requested: requested(wish.events), description: wish.description, ..before };
    store::keep_stream(tx, state.tools(), &next, None, state.tools().now())?;
    record(tx, state, call, &next, "changed")?;
    let health = health_of(tx, next.id.as_str())?;
    Answer::of(&view(state, &next, health.as_ref())?).map(Ok)
}

/// Whether a stream is to run, and why not.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StreamSwitch {
    /// What it is to be.
    pub status: StreamStatus,
    /// Why; its receiver is told.
    #[serde(default)]
    #[schemars(length(max = 200))]
    pub reason: Option<String>,
}

/// Lets a stream run, holds it, or stops it; its receiver is told (SSF 1.0 section 8.1.5).
///
/// # Errors
/// [`StoreError`].
pub fn switch_stream(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let input: StreamSwitch = or_refuse!(call.input());
    let stream = or_refuse!(find(tx, call)?);
    let reason = input.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty() && reason.chars().count() <= 200 && !reason.chars().any(char::is_control));
    let now = state.tools().now();
    if !store::change_status(tx, &stream.id, (input.status, Switcher::House), reason, now)? {
        return Ok(Ok(Answer::EMPTY));
    }
    if input.status == StreamStatus::Disabled {
        deliveries::drop_waiting(tx, stream.id.as_str())?;
    }
    // Told while it is held, too.
    let facts = serde_json::json!({ "status": input.status, "reason": reason });
    let facts = facts.as_object().cloned().unwrap_or_default().into_iter().filter(|(_, value)| !value.is_null()).collect();
    put_own(tx, &state.oauth, &stream, EventKind::StreamUpdated, facts, now)?;
    record(tx, state, call, &Stream { status: input.status, ..stream }, "switched")?;
    Ok(Ok(Answer::EMPTY))
}

/// How long the secret before goes on signing.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretOverlap {
    /// In seconds, 0 to 2592000.
    #[schemars(range(min = 0, max = 2_592_000))]
    pub overlap_seconds: i64,
}

/// A new secret of a webhook.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct WebhookSecret {
    /// The secret, told once.
    pub secret: String,
    /// Until when the one before signs too, in Unix seconds.
    pub previous_until: i64,
}

/// Gives a webhook a new secret.
///
/// # Errors
/// [`StoreError`].
pub fn rotate_secret(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let input: SecretOverlap = or_refuse!(call.input());
    if !(0..=MAX_OVERLAP_SECONDS).contains(&input.overlap_seconds) {
        return Ok(Err(Refused::Malformed(format!("overlap_seconds: 0 to {MAX_OVERLAP_SECONDS}"))));
    }
    let stream = or_refuse!(find_webhook(tx, call)?);
    let now = state.tools().now();
    let until: UnixSeconds = now.plus(input.overlap_seconds);
    store::rotate_secret(tx, &stream.id, stream.secret_version, until, now)?;
    record(tx, state, call, &stream, "secret_rotated")?;
    let next = Stream { secret_version: stream.secret_version + 1, ..stream };
    Answer::of(&WebhookSecret { secret: keys::secret(&state.tools().ring, &next).expose().to_owned(), previous_until: until.0 }).map(Ok)
}

/// Removes a receiver, with what waits for it.
///
/// # Errors
/// [`StoreError`].
pub fn remove_stream(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let stream = or_refuse!(find(tx, call)?);
    deliveries::forget_receiver(tx, stream.id.as_str())?;
    store::remove_stream(tx, &stream.id)?;
    record(tx, state, call, &stream, "removed")?;
    Ok(Ok(Answer::EMPTY))
}

/// Sends a receiver an event that says nothing, to see whether it arrives.
///
/// # Errors
/// [`StoreError`].
pub fn test_stream(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let stream = or_refuse!(find(tx, call)?);
    if stream.status != StreamStatus::Enabled {
        return Ok(Err(Refused::Conflict("not_enabled", "The stream is not enabled.".to_owned())));
    }
    put_own(tx, &state.oauth, &stream, EventKind::Verification, serde_json::Map::new(), state.tools().now())?;
    record(tx, state, call, &stream, "tested")?;
    Ok(Ok(Answer::EMPTY))
}

/// One event that one receiver was or is to be told.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DeliveryView {
    /// Its id: `jti` of a token, `webhook-id` of a webhook.
    pub delivery_id: String,
    /// What it tells of.
    pub event: String,
    /// When it was put down, in Unix seconds.
    pub created_at: i64,
    /// Tries so far.
    pub attempts: i64,
    /// When it is tried next, in Unix seconds; null when it was heard or given up.
    pub next_attempt_at: Option<i64>,
    /// When it was heard, in Unix seconds.
    pub delivered_at: Option<i64>,
    /// When it was given up, in Unix seconds.
    pub failed_at: Option<i64>,
    /// The status of the last answer.
    pub answer_status: Option<i64>,
    /// Why it was not heard the last time.
    pub last_error: Option<String>,
}

fn delivery_view(listed: ListedDelivery) -> DeliveryView {
    let is_open = listed.delivered_at.is_none() && listed.failed_at.is_none();
    DeliveryView {
        delivery_id: listed.id,
        event: listed.event,
        created_at: listed.created_at,
        attempts: listed.attempts,
        next_attempt_at: is_open.then_some(listed.next_attempt_at),
        delivered_at: listed.delivered_at,
        failed_at: listed.failed_at,
        answer_status: listed.answer_status,
        last_error: listed.last_error,
    }
}

fn listed(connection: &mut DbConnection, call: &Call, receiver: &str) -> Ran {
    let page = or_refuse!(call.page());
    let state = match call.query.get("state").map(String::as_str) {
        None => ListedState::Any,
        Some("failed") => ListedState::Failed,
        Some(_) => return Ok(Err(Refused::Malformed("state: failed, or nothing".to_owned()))),
    };
    let found = deliveries::list_deliveries(connection, receiver, state, &page)?;
    Answer::of(&Listed { items: found.items.into_iter().map(delivery_view).collect::<Vec<_>>(), next: found.next }).map(Ok)
}

/// What a receiver was and is to be told, newest first.
///
/// # Errors
/// [`StoreError`].
pub fn list_deliveries(connection: &mut DbConnection, _: &AdminState, call: &Call) -> Ran {
    let stream = or_refuse!(find(connection, call)?);
    listed(connection, call, stream.id.as_str())
}

/// What is to be sent again.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Replay {
    /// One delivery; everything that was given up when absent.
    #[serde(default)]
    #[schemars(length(max = 64))]
    pub delivery_id: Option<String>,
}

/// How much is sent again.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Replayed {
    /// Deliveries.
    pub replayed: usize,
}

fn replayed(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call, receiver: &str) -> Result<Result<usize, Refused>, StoreError> {
    let input: Replay = match call.input() {
        Ok(input) => input,
        Err(refused) => return Ok(Err(refused)),
    };
    let wanted = input.delivery_id.as_deref().map(str::trim).filter(|id| !id.is_empty());
    let mut count = deliveries::replay_failed(tx, receiver, wanted, state.tools().now())?;
    if let Some(id) = wanted.filter(|_| count == 0) {
        count = usize::from(deliveries::replay_heard(tx, state.tools(), receiver, id)?);
    }
    Ok(if count == 0 && wanted.is_some() { Err(Refused::NotFound) } else { Ok(count) })
}

/// Sends a receiver again what it did not hear, or what it asks for.
///
/// # Errors
/// [`StoreError`].
pub fn replay_deliveries(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let stream = or_refuse!(find(tx, call)?);
    let count = or_refuse!(replayed(tx, state, call, stream.id.as_str())?);
    record(tx, state, call, &stream, "replayed")?;
    Answer::of(&Replayed { replayed: count }).map(Ok)
}

fn find_client(connection: &mut DbConnection, call: &Call) -> Result<Result<Client, Refused>, StoreError> {
    let Ok(id) = call.subject.parse::<ClientId>() else { return Ok(Err(Refused::NotFound)) };
    Ok(covers(connection, call, &id)?.ok_or(Refused::NotFound))
}

/// The logout tokens that a client was and is to be sent, newest first.
///
/// # Errors
/// [`StoreError`].
pub fn list_logouts(connection: &mut DbConnection, _: &AdminState, call: &Call) -> Ran {
    let client = or_refuse!(find_client(connection, call)?);
    listed(connection, call, &logout_receiver(&client.id))
}

/// Sends a client again the logout tokens that it did not take.
///
/// # Errors
/// [`StoreError`].
pub fn replay_logouts(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let client = or_refuse!(find_client(tx, call)?);
    let count = or_refuse!(replayed(tx, state, call, &logout_receiver(&client.id))?);
    let entry = call.staff.entry(STREAM_CHANGED, format!("client:{}", client.id), &call.origin).with_client(client.id.as_str());
    audit::record(tx, state.tools(), &entry.with_detail(serde_json::json!({ "what": "replayed", "method": Method::Logout })))?;
    Answer::of(&Replayed { replayed: count }).map(Ok)
}
