//! What staff see of a customer: masked, until they ask for more with a reason.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::rules::{CallPurpose, Strength, Way, masked_name};
use super::store::find_latest;
use super::{AdminState, Call, find_subject};
use crate::admin::cases::rules::{CaseKind, CaseState};
use crate::admin::cases::store::{Case, list_cases};
use crate::admin::operations::{Answer, Listed, Ran, Refused};
use crate::base::contact::PhoneNumber;
use crate::base::page::PageRequest;
use crate::base::time::{UnixMicros, UnixSeconds};
use crate::identity::customers::{self, Customer, CustomerRole, CustomerStatus, PostalAddress, Profile};
use crate::identity::factors::sent_code::rules::{masked_email, masked_phone};
use crate::identity::factors::trusted_device::rules::describe;
use crate::identity::factors::{passkey, password, recovery_code, totp, upstream};
use crate::identity::recovery;
use crate::identity::sessions::store::list_sessions;
use crate::platform::audit::store::{KeptOrigin, RecordedEvent, list_about, list_notes};
use crate::platform::db::{DbConnection, StoreError};

/// A customer in a list.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CustomerSummary {
    /// The id, for the other calls.
    pub id: String,
    /// The e-mail address, masked.
    pub email: String,
    /// The name, masked.
    pub name: String,
    /// `active` or `locked`.
    pub status: String,
    /// The brand of the shop where they were last; null for that of the installation.
    pub brand: Option<String>,
    /// When the account was made, in Unix seconds.
    pub created_at: i64,
}

/// The word of a status.
const fn status_word(status: CustomerStatus) -> &'static str {
    status.as_str()
}

fn name_of(customer: &Customer) -> String {
    customer.profile.name.as_deref().or(customer.profile.given_name.as_deref()).map(masked_name).unwrap_or_default()
}

impl CustomerSummary {
    /// What a list shows of `customer`.
    pub fn of(customer: &Customer) -> Self {
        Self {
            id: customer.id.to_string(),
            email: masked_email(customer.email.as_str()),
            name: name_of(customer),
            status: status_word(customer.status).to_owned(),
            brand: customer.brand.clone(),
            created_at: customer.created_at.0,
        }
    }
}

/// An authenticator.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct FactorView {
    /// Its id; null for an account elsewhere.
    pub id: Option<String>,
    /// `passkey`, `security_key`, `totp` or `upstream`.
    pub kind: String,
    /// When it was added, in Unix seconds.
    pub added_at: i64,
    /// When it was last used.
    pub used_at: Option<i64>,
}

/// A session.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SessionView {
    /// When it began, in Unix seconds.
    pub begun_at: i64,
    /// When it was last used.
    pub seen_at: i64,
}

/// A caller.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CallerView {
    /// How they are to show that they are the customer.
    pub way: Way,
    /// What for.
    pub purpose: CallPurpose,
    /// The number that staff tell them, where they compare one.
    pub number: Option<String>,
    /// How well they have shown it.
    pub strength: Strength,
    /// When they have, in Unix seconds.
    pub proven_at: Option<i64>,
    /// Whether the customer said that they are not calling.
    pub is_refused: bool,
}

/// A case.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CaseView {
    /// Its id.
    pub id: String,
    /// What is to be done.
    pub kind: CaseKind,
    /// To which customer.
    pub customer: String,
    /// Where it stands.
    pub state: CaseState,
    /// Who asked, by name.
    pub asked_by_name: String,
    /// Who asked.
    pub asked_by: String,
    /// Why.
    pub reason: String,
    /// How well the caller had shown that they are the customer.
    pub caller: String,
    /// The new address, masked; in full for whoever is to decide.
    pub email: Option<String>,
    /// When it was asked for, in Unix seconds.
    pub asked_at: i64,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When the wait is over.
    pub due_at: Option<i64>,
    /// Whether a new mailbox is still to be confirmed.
    pub waits_for_mailbox: bool,
    /// Until when somebody has to decide.
    pub expires_at: i64,
}

impl CaseView {
    /// What staff see of `case`.
    pub fn of(case: &Case) -> Self {
        Self {
            id: case.id.to_string(),
            kind: case.kind,
            customer: case.customer.to_string(),
            state: case.progress.state,
            asked_by_name: case.input.by.clone(),
            asked_by: case.terms.asked_by.clone(),
            reason: case.input.reason.clone(),
            caller: case.input.caller.clone(),
            email: case.input.email.as_deref().map(masked_email),
            asked_at: case.asked_at.0,
            decided_by: case.decided_by.clone(),
            due_at: case.progress.due_at.map(|at| at.0),
            waits_for_mailbox: !case.progress.is_confirmed,
            expires_at: case.expires_at.0,
        }
    }
}

/// A customer, masked.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CustomerView {
    /// What lists show.
    #[serde(flatten)]
    pub summary: CustomerSummary,
    /// Whether it is staff, whom the desk does not look after.
    pub is_staff: bool,
    /// Whether the mailbox was proven.
    pub is_email_verified: bool,
    /// The telephone, masked.
    pub phone: Option<String>,
    /// Whether there is a second mailbox.
    pub has_second_mailbox: bool,
    /// Whether there is a password.
    pub has_password: bool,
    /// Authenticators beside it.
    pub factors: Vec<FactorView>,
    /// Recovery codes that are left.
    pub recovery_codes_left: i64,
    /// Living sessions.
    pub sessions: Vec<SessionView>,
    /// Until when contact and addresses stand still, in Unix seconds.
    pub frozen_until: Option<i64>,
    /// When it will be erased.
    pub erase_at: Option<i64>,
    /// Until when a recovery waits.
    pub recovery_waits_until: Option<i64>,
    /// The caller, if somebody is to show that they are the customer.
    pub caller: Option<CallerView>,
    /// What waits, or was lately decided.
    pub cases: Vec<CaseView>,
}

/// The authenticators of a customer, and accounts elsewhere.
///
/// # Errors
/// [`StoreError`].
pub fn factors_of(connection: &mut DbConnection, state: &AdminState, customer: &Customer) -> Result<Vec<FactorView>, StoreError> {
    let (tools, id) = (state.tools(), &customer.id);
    let view = |id: Option<String>, kind: &str, added_at: UnixSeconds, used_at: Option<UnixSeconds>| FactorView {
        id,
        kind: kind.to_owned(),
        added_at: added_at.0,
        used_at: used_at.map(|at| at.0),
    };
    let keys = passkey::store::list_passkeys(connection, tools, id)?;
    let kind = |key: &passkey::store::Passkey| if key.kind == passkey::ceremony::KeyKind::SecurityKey { "security_key" } else { "passkey" };
    let mut factors: Vec<FactorView> = keys.iter().map(|key| view(Some(key.id.to_string()), kind(key), key.created_at, key.last_used_at)).collect();
    factors.extend(totp::store::list_authenticators(connection, tools, id)?.iter().map(|app| view(Some(app.id.to_string()), "totp", app.created_at, app.last_used_at)));
    factors.extend(upstream::store::list_links(connection, tools, id)?.iter().map(|link| view(None, "upstream", link.created_at, Some(link.last_used_at))));
    Ok(factors)
}

/// What staff see of `customer`.
///
/// # Errors
/// [`StoreError`].
pub fn view_of(connection: &mut DbConnection, state: &AdminState, customer: &Customer) -> Result<CustomerView, StoreError> {
    let (tools, id, now) = (state.tools(), &customer.id, state.tools().now());
    let sessions = list_sessions(connection, id, customer.generation, &state.signin.sessions, now)?;
    let caller = find_latest(connection, tools, id)?.map(|check| CallerView {
        way: check.way,
        purpose: check.purpose,
        number: check.number,
        strength: check.strength,
        proven_at: check.proven_at.map(|at| at.0),
        is_refused: check.is_refused,
    });
    Ok(CustomerView {
        summary: CustomerSummary::of(customer),
        is_staff: customer.role == CustomerRole::Admin,
        is_email_verified: customer.is_email_verified,
        phone: customer.phone.as_ref().map(|phone| masked_phone(phone.as_str())),
        has_second_mailbox: customer.backup_email.is_some(),
        has_password: password::store::has_password(connection, id)?,
        factors: factors_of(connection, state, customer)?,
        recovery_codes_left: recovery_code::store::count_left(connection, id)?,
        sessions: sessions.iter().map(|session| SessionView { begun_at: session.created_at.0, seen_at: session.last_seen_at.0 }).collect(),
        frozen_until: customer.frozen_until.filter(|until| *until > now).map(|until| until.0),
        erase_at: customers::details::store::find_erasure(connection, id)?.map(|at| at.0),
        recovery_waits_until: recovery::store::find_waiting(connection, tools, id)?.and_then(|waiting| waiting.progress.waits_until).map(|until| until.0),
        caller,
        cases: list_cases(connection, tools, Some(id), None, &PageRequest::first(10))?.items.iter().map(CaseView::of).collect(),
    })
}

/// A customer's contact and profile in full.
#[derive(Serialize, Deserialize, schemars::JsonSchema)]
pub struct FullContact {
    /// The e-mail address.
    pub email: String,
    /// The second mailbox.
    pub second_email: Option<String>,
    /// The telephone.
    pub phone: Option<String>,
    /// Birth date.
    pub birth_date: Option<String>,
    /// The claims of the profile (OIDC Core section 5.1).
    #[schemars(with = "BTreeMap<String, Option<String>>")]
    pub profile: Profile,
    /// Postal addresses, the preferred one first.
    #[schemars(with = "Vec<BTreeMap<String, String>>")]
    pub addresses: Vec<PostalAddress>,
}

impl FullContact {
    /// That of `customer`.
    pub fn of(customer: &Customer) -> Self {
        Self {
            email: customer.email.as_str().to_owned(),
            second_email: customer.backup_email.as_ref().map(|email| email.as_str().to_owned()),
            phone: customer.phone.as_ref().map(PhoneNumber::as_str).map(str::to_owned),
            birth_date: customer.birth_date.clone(),
            profile: customer.profile.clone(),
            addresses: customer.addresses.entries().iter().map(|entry| entry.address.clone()).collect(),
        }
    }
}

/// Something that happened.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ActivityView {
    /// The event's id.
    pub id: String,
    /// When, in Unix seconds.
    pub at: i64,
    /// Which kind.
    pub kind: String,
    /// `success` or `refused`.
    pub outcome: String,
    /// Reason code.
    pub reason: String,
    /// Who.
    pub actor: String,
    /// Which client.
    pub client_id: Option<String>,
    /// With which kind of browser.
    pub device: Option<String>,
    /// What staff wrote.
    pub note: Option<String>,
}

/// What staff see of an event.
pub fn activity_of(event: &RecordedEvent, origin: Option<&KeptOrigin>, note: Option<&String>) -> ActivityView {
    ActivityView {
        id: event.id.clone(),
        at: UnixMicros(event.occurred_at_micros).seconds().0,
        kind: event.kind.clone(),
        outcome: event.outcome.clone(),
        reason: event.reason.clone(),
        actor: event.actor.clone(),
        client_id: event.client_id.clone(),
        device: origin.and_then(|origin| origin.user_agent.as_deref()).map(describe).filter(|name| name != "?"),
        // What staff wrote; other notes are the customer's own.
        note: note.filter(|_| event.kind.starts_with("staff_")).cloned(),
    }
}

/// What happened on an account, newest first.
///
/// # Errors
/// [`StoreError`].
pub fn list_activity(connection: &mut DbConnection, state: &AdminState, call: &Call) -> Ran {
    let page = match call.page() {
        Ok(page) => page,
        Err(refused) => return Ok(Err(refused)),
    };
    let Some(customer) = find_subject(connection, state, call)? else { return Ok(Err(Refused::NotFound)) };
    let events = list_about(connection, state.tools(), customer.id.as_str(), &page)?;
    let ids: Vec<String> = events.items.iter().map(|(event, _)| event.id.clone()).collect();
    let notes = list_notes(connection, state.tools(), Some(customer.id.as_str()), &ids)?;
    let items = events.items.iter().map(|(event, origin)| activity_of(event, origin.as_ref(), notes.get(&event.id))).collect();
    Answer::of(&Listed { items, next: events.next }).map(Ok)
}
