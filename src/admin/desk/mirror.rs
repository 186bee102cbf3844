//! "View as": what the customer's own pages show, to be looked at and nothing else. No session is opened and no token made; the customer is told.

use serde::{Deserialize, Serialize};

use super::views::FullContact;
use super::{Reason, find_subject};
use crate::admin::cases::note_of;
use crate::admin::operations::{AdminState, Answer, Call, Ran, Refused};
use crate::base::page::PageRequest;
use crate::base::time::UnixMicros;
use crate::identity::customers::CustomerRole;
use crate::identity::factors::trusted_device::rules::describe;
use crate::identity::messages::{self, Desk, Notice};
use crate::oauth::authorize::store::list_consents;
use crate::platform::audit::store::list_about;
use crate::platform::audit::{self, EventSpec};
use crate::platform::db::WriteTx;

/// Staff looked at a customer's pages.
pub const CUSTOMER_VIEWED: EventSpec = EventSpec::new("staff_customer_viewed", "Staff looked at what a customer's own pages show; the customer was told.");

/// Something that the customer's activity shows.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct MirrorLine {
    /// When, in Unix seconds.
    pub at: i64,
    /// Which kind.
    pub kind: String,
    /// With which kind of browser.
    pub device: Option<String>,
}

/// What the customer's own pages show.
#[derive(Serialize, Deserialize, schemars::JsonSchema)]
pub struct MirrorView {
    /// Contact, profile, addresses.
    pub contact: FullContact,
    /// The shops that know them, by client id.
    pub shops: Vec<String>,
    /// What happened lately.
    pub activity: Vec<MirrorLine>,
}

/// Shows what the customer sees.
///
/// # Errors
/// [`crate::platform::db::StoreError`].
pub fn view_as(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let reason = match call.input::<Reason>().and_then(|input| input.judged()) {
        Ok(reason) => reason,
        Err(refused) => return Ok(Err(refused)),
    };
    let Some(customer) = find_subject(tx, state, call)? else { return Ok(Err(Refused::NotFound)) };
    if customer.role == CustomerRole::Admin {
        return Ok(Err(Refused::Conflict("is_staff", "This is an account of the staff.".to_owned())));
    }
    let tools = state.tools();
    let events = list_about(tx, tools, customer.id.as_str(), &PageRequest::first(30))?;
    let line = |(event, origin): &(audit::store::RecordedEvent, Option<audit::store::KeptOrigin>)| MirrorLine {
        at: UnixMicros(event.occurred_at_micros).seconds().0,
        kind: event.kind.clone(),
        device: origin.as_ref().and_then(|origin| origin.user_agent.as_deref()).map(describe).filter(|name| name != "?"),
    };
    let shops = list_consents(tx, &customer.id)?.into_iter().map(|(client, ..)| client.to_string()).collect();
    let view = MirrorView { contact: FullContact::of(&customer), shops, activity: events.items.iter().map(line).collect() };
    messages::send_notice(tx, &Desk::of(&state.signin.http), Notice::Viewed, &customer)?;
    audit::record(tx, tools, &call.staff.entry(CUSTOMER_VIEWED, format!("customer:{}", customer.id), &call.origin).with_note(note_of(call.staff.name(), &reason)))?;
    Answer::of(&view).map(Ok)
}
