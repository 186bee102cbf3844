//! Clients, as staff register and change them.

pub mod lint;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::access::rules::{Permission, SCOPE_PREFIX};
use super::operations::{AdminState, Answer, Call, Listed, Ran, Refused, etag_of};
use crate::base::encoding::base64url;
use crate::base::ids::ClientId;
use crate::base::random;
use crate::base::secret::Secret;
use crate::oauth::clients::{Client, ClientMetadata, store};
use crate::platform::audit::{self, EventSpec};
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use lint::{Advice, lint};

/// A client was changed.
pub const CLIENT_CHANGED: EventSpec = EventSpec::new("client_changed", "A client was registered, changed, given a new secret, switched on or off, or removed.");

/// How long the secret before works at most after a new one was made, in seconds.
const MAX_OVERLAP_SECONDS: i64 = 30 * 86_400;

/// A client.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ClientView {
    /// Its `client_id`.
    pub client_id: String,
    /// What it registered (names as in RFC 7591).
    pub metadata: Value,
    /// Whether it is switched off.
    pub is_disabled: bool,
    /// When it was registered, in Unix seconds.
    pub created_at: i64,
    /// Until when the secret before still works.
    pub previous_secret_until: Option<i64>,
    /// What is unsafe about it, or could be better.
    pub advice: Vec<Advice>,
}

fn failed(error: impl std::fmt::Display) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

fn view(client: &Client, now: crate::base::time::UnixSeconds) -> Result<ClientView, StoreError> {
    Ok(ClientView {
        client_id: client.id.to_string(),
        metadata: serde_json::to_value(&client.metadata).map_err(failed)?,
        is_disabled: client.disabled_at.is_some(),
        created_at: client.created_at.0,
        previous_secret_until: client.previous_secret.as_ref().map(|(_, until)| *until).filter(|until| *until > now).map(|until| until.0),
        advice: lint(&client.metadata),
    })
}

fn covers(call: &Call, client: &Client) -> bool {
    call.staff.brands.covers(client.metadata.brand.as_deref())
}

fn find(connection: &mut DbConnection, call: &Call) -> Result<Option<Client>, StoreError> {
    let Ok(id) = call.subject.parse::<ClientId>() else { return Ok(None) };
    Ok(store::find_client(connection, &id)?.filter(|client| covers(call, client)))
}

/// Clients, by id.
///
/// # Errors
/// [`StoreError`].
pub fn list_clients(connection: &mut DbConnection, state: &AdminState, call: &Call) -> Ran {
    let page = match call.page() {
        Ok(page) => page,
        Err(refused) => return Ok(Err(refused)),
    };
    let found = store::list_clients(connection, &page)?;
    let items = found.items.iter().filter(|client| covers(call, client)).map(|client| view(client, state.tools().now())).collect::<Result<Vec<_>, _>>()?;
    Answer::of(&Listed { items, next: found.next }).map(Ok)
}

/// One client.
///
/// # Errors
/// [`StoreError`].
pub fn show_client(connection: &mut DbConnection, state: &AdminState, call: &Call) -> Ran {
    match find(connection, call)? {
        Some(client) => Answer::of(&view(&client, state.tools().now())?).map(|answer| Ok(answer.with_etag())),
        None => Ok(Err(Refused::NotFound)),
    }
}

/// What is to be registered.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewClient {
    /// Its id; made up when absent.
    #[serde(default)]
    #[schemars(length(min = 1, max = 64))]
    pub client_id: Option<String>,
    /// Names as in RFC 7591; see the documentation of clients.
    #[schemars(with = "std::collections::BTreeMap<String, Value>")]
    pub metadata: Value,
}

/// What a client is to be from now on.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangedClient {
    /// Names as in RFC 7591; all of them, not only those that change.
    #[schemars(with = "std::collections::BTreeMap<String, Value>")]
    pub metadata: Value,
}

/// A client that was just registered.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RegisteredClient {
    /// The client.
    #[serde(flatten)]
    pub client: ClientView,
    /// Its secret, told once.
    pub client_secret: Option<String>,
}

/// Metadata that may be registered by whoever asks, or why not.
fn judged(state: &AdminState, call: &Call, metadata: Value) -> Result<ClientMetadata, Refused> {
    let metadata: ClientMetadata = serde_json::from_value(metadata).map_err(|error| Refused::Malformed(format!("metadata: {error}")))?;
    let faults = metadata.faults();
    if !faults.is_empty() {
        return Err(Refused::Malformed(faults.join("; ")));
    }
    // Whoever looks after clients does not become an owner by registering one.
    if !roles_of(&metadata).is_empty() && !call.staff.may(Permission::WriteAdmins) {
        return Err(Refused::Forbidden("Only an owner gives a client the roles of staff."));
    }
    // Without a brand it would act for every one.
    if !roles_of(&metadata).is_empty() && metadata.brand.is_none() && !call.staff.brands.is_all() {
        return Err(Refused::Forbidden("Give the client one of your brands."));
    }
    if metadata.brand.as_ref().is_some_and(|brand| !state.signin.http.brands.others.contains_key(brand)) {
        return Err(Refused::Malformed("brand: only one of the configuration".to_owned()));
    }
    if !call.staff.brands.covers(metadata.brand.as_deref()) {
        return Err(Refused::Forbidden("Your brands do not cover this one."));
    }
    Ok(metadata)
}

fn record(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call, id: &ClientId, detail: Value) -> Result<(), StoreError> {
    let entry = call.staff.entry(CLIENT_CHANGED, format!("client:{id}"), &call.origin);
    audit::record(tx, state.tools(), &entry.with_client(id.as_str()).with_detail(detail))
}

/// The roles of staff that a client has.
fn roles_of(metadata: &ClientMetadata) -> Vec<&str> {
    metadata.scope.iter().filter(|scope| scope.starts_with(SCOPE_PREFIX)).collect()
}

/// A client that has the roles of staff is an owner's to change, whatever is changed.
fn guard(call: &Call, client: &Client) -> Result<(), Refused> {
    let is_allowed = roles_of(&client.metadata).is_empty() || call.staff.may(Permission::WriteAdmins);
    if is_allowed { Ok(()) } else { Err(Refused::Forbidden("Only an owner changes a client that has the roles of staff.")) }
}

/// The members that differ.
fn changed(before: &ClientMetadata, after: &ClientMetadata) -> Result<Vec<String>, StoreError> {
    let members = |metadata: &ClientMetadata| serde_json::to_value(metadata).map_err(failed);
    let (before, after) = (members(before)?, members(after)?);
    let names = after.as_object().into_iter().flatten();
    Ok(names.filter(|(name, value)| before.get(name.as_str()) != Some(*value)).map(|(name, _)| name.clone()).collect())
}

/// Registers a client.
///
/// # Errors
/// [`StoreError`].
pub fn register_client(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let input: NewClient = match call.input() {
        Ok(input) => input,
        Err(refused) => return Ok(Err(refused)),
    };
    let metadata = match judged(state, call, input.metadata) {
        Ok(metadata) => metadata,
        Err(refused) => return Ok(Err(refused)),
    };
    let tools = state.tools();
    let text = input.client_id.unwrap_or_else(|| base64url(random::bytes::<12>(tools.entropy())));
    let Ok(id) = text.parse::<ClientId>() else { return Ok(Err(Refused::Malformed("client_id: 1 to 64 letters, digits, dashes, dots and underscores".to_owned()))) };
    if store::find_client(tx, &id)?.is_some() {
        return Ok(Err(Refused::Conflict("client_exists", format!("There is a client {id} already."))));
    }
    let secret = metadata.token_endpoint_auth_method.has_secret().then(|| Secret::generate(tools.entropy()));
    store::insert_client(tx, &id, &metadata, secret.as_ref().map(Secret::hash).as_ref(), tools.now())?;
    record(tx, state, call, &id, serde_json::json!({ "what": "registered", "staff_roles": roles_of(&metadata) }))?;
    let Some(client) = store::find_client(tx, &id)? else { return Ok(Err(Refused::NotFound)) };
    Answer::of(&RegisteredClient { client: view(&client, tools.now())?, client_secret: secret.map(|secret| secret.expose().to_owned()) }).map(Ok)
}

/// Replaces what a client registered.
///
/// # Errors
/// [`StoreError`].
pub fn replace_client(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let input: ChangedClient = match call.input() {
        Ok(input) => input,
        Err(refused) => return Ok(Err(refused)),
    };
    let Some(before) = find(tx, call)? else { return Ok(Err(Refused::NotFound)) };
    let now = state.tools().now();
    let current = serde_json::to_value(view(&before, now)?).map_err(failed)?;
    if call.known.as_ref().is_some_and(|known| *known != etag_of(&current)) {
        return Ok(Err(Refused::Stale));
    }
    let metadata = match judged(state, call, input.metadata) {
        Ok(metadata) => metadata,
        Err(refused) => return Ok(Err(refused)),
    };
    if let Err(refused) = guard(call, &before) {
        return Ok(Err(refused));
    }
    if metadata.token_endpoint_auth_method.has_secret() && before.secret_hash.is_none() {
        return Ok(Err(Refused::Conflict("no_secret", "This client has no secret: register another one that authenticates with one.".to_owned())));
    }
    store::replace_metadata(tx, &before.id, &metadata, now)?;
    record(tx, state, call, &before.id, serde_json::json!({ "what": "changed", "members": changed(&before.metadata, &metadata)?, "staff_roles": roles_of(&metadata) }))?;
    state.oauth.clients.forget(&before.id);
    let Some(after) = store::find_client(tx, &before.id)? else { return Ok(Err(Refused::NotFound)) };
    Answer::of(&view(&after, now)?).map(|answer| Ok(answer.with_etag()))
}

/// How long the secret before goes on working.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Overlap {
    /// In seconds, 0 to 2592000.
    #[schemars(range(min = 0, max = 2_592_000))]
    pub overlap_seconds: i64,
}

/// A new secret.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct NewSecret {
    /// The secret, told once.
    pub client_secret: String,
    /// Until when the one before works, in Unix seconds.
    pub previous_until: i64,
}

/// Gives a client a new secret.
///
/// # Errors
/// [`StoreError`].
pub fn rotate_secret(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let input: Overlap = match call.input() {
        Ok(input) => input,
        Err(refused) => return Ok(Err(refused)),
    };
    if !(0..=MAX_OVERLAP_SECONDS).contains(&input.overlap_seconds) {
        return Ok(Err(Refused::Malformed(format!("overlap_seconds: 0 to {MAX_OVERLAP_SECONDS}"))));
    }
    let Some(client) = find(tx, call)? else { return Ok(Err(Refused::NotFound)) };
    if !client.metadata.token_endpoint_auth_method.has_secret() {
        return Ok(Err(Refused::Conflict("no_secret", "This client does not authenticate with a secret.".to_owned())));
    }
    if let Err(refused) = guard(call, &client) {
        return Ok(Err(refused));
    }
    let (tools, secret) = (state.tools(), Secret::generate(state.tools().entropy()));
    let until = tools.now().plus(input.overlap_seconds);
    store::replace_secret(tx, &client.id, &secret.hash(), until, tools.now())?;
    record(tx, state, call, &client.id, serde_json::json!({ "what": "secret_rotated" }))?;
    state.oauth.clients.forget(&client.id);
    Answer::of(&NewSecret { client_secret: secret.expose().to_owned(), previous_until: until.0 }).map(Ok)
}

/// On or off.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    /// Whether it is to work.
    pub is_enabled: bool,
}

/// Switches a client on or off.
///
/// # Errors
/// [`StoreError`].
pub fn switch_client(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let input: Switch = match call.input() {
        Ok(input) => input,
        Err(refused) => return Ok(Err(refused)),
    };
    let Some(client) = find(tx, call)? else { return Ok(Err(Refused::NotFound)) };
    if let Err(refused) = guard(call, &client) {
        return Ok(Err(refused));
    }
    if store::switch_client(tx, &client.id, input.is_enabled, state.tools().now())? {
        record(tx, state, call, &client.id, serde_json::json!({ "what": if input.is_enabled { "switched_on" } else { "switched_off" } }))?;
    }
    state.oauth.clients.forget(&client.id);
    state.oauth.access.forget_all();
    Ok(Ok(Answer::EMPTY))
}

/// Removes a client, with everything that was granted to it.
///
/// # Errors
/// [`StoreError`].
pub fn remove_client(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let Some(client) = find(tx, call)? else { return Ok(Err(Refused::NotFound)) };
    if let Err(refused) = guard(call, &client) {
        return Ok(Err(refused));
    }
    store::remove_client(tx, &client.id)?;
    record(tx, state, call, &client.id, serde_json::json!({ "what": "removed" }))?;
    state.oauth.clients.forget(&client.id);
    state.oauth.access.forget_all();
    Ok(Ok(Answer::EMPTY))
}

/// What stands in the way of registering, and what is unsafe.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Linted {
    /// What is refused.
    pub faults: Vec<String>,
    /// What is unsafe, or could be better.
    pub advice: Vec<Advice>,
}

/// Looks metadata over without registering anything.
///
/// # Errors
/// [`StoreError`].
pub fn lint_client(_: &mut DbConnection, _: &AdminState, call: &Call) -> Ran {
    let input: ChangedClient = match call.input() {
        Ok(input) => input,
        Err(refused) => return Ok(Err(refused)),
    };
    let mut advice = lint::of_text(&input.metadata);
    // What there is advice about already does not hide the rest.
    let mut rest = input.metadata.clone();
    if let Some(members) = rest.as_object_mut() {
        members.retain(|member, _| !advice.iter().any(|known| known.member == *member));
    }
    let readable = serde_json::from_value::<ClientMetadata>(rest);
    advice.extend(readable.as_ref().map(lint).unwrap_or_default());
    let faults = match (serde_json::from_value::<ClientMetadata>(input.metadata), readable) {
        (Ok(metadata), _) => metadata.faults(),
        (Err(error), Ok(metadata)) => std::iter::once(error.to_string()).chain(metadata.faults()).collect(),
        (Err(error), Err(other)) => {
            let mut both = vec![error.to_string(), other.to_string()];
            both.dedup();
            both
        }
    };
    let linted = Linted { faults, advice };
    Answer::of(&linted).map(Ok)
}
