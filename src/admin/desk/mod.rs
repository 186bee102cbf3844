//! The support desk: finding a customer, having a caller prove who they are, and what may be done then.

pub mod actions;
pub mod messages;
pub mod mirror;
pub mod rules;
pub mod store;
pub mod views;
pub mod web;

use serde::{Deserialize, Serialize};

use super::operations::{AdminState, Answer, Call, Ran, Refused};
use crate::base::contact::{EmailAddress, PhoneNumber};
use crate::base::ids::CustomerId;
use crate::identity::attempts::rules::BucketLimit;
use crate::identity::attempts::store as attempts;
use crate::identity::customers::{self, Customer};
use crate::identity::recovery::store::list_customers_of_order;
use crate::platform::audit::{self, EventSpec};
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use views::{CustomerSummary, CustomerView, FullContact, view_of};

/// Staff looked a customer up.
pub const CUSTOMER_FOUND: EventSpec = EventSpec::new("staff_customer_found", "Staff looked for a customer by e-mail address, telephone, subject or order.");
/// Staff saw a customer's contact in full.
pub const CUSTOMER_REVEALED: EventSpec = EventSpec::new("staff_customer_revealed", "Staff saw a customer's contact and profile in full, for a reason.");

/// By what a customer is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SearchBy {
    /// The e-mail address, to the letter.
    Email,
    /// The telephone number in international form.
    Phone,
    /// `sub`, as clients know it where it is public.
    Subject,
    /// The number of an order that a storefront told.
    Order,
}

/// What is looked for.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// By what.
    pub by: SearchBy,
    /// The value, 1 to 254 characters.
    #[schemars(length(min = 1, max = 254))]
    pub value: String,
}

/// Whom was found.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Found {
    /// At most ten, with their contact masked.
    pub customers: Vec<CustomerSummary>,
}

/// A reason that staff give.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Why; the customer reads it.
    #[schemars(length(min = 8, max = 500))]
    pub reason: String,
}

impl Reason {
    /// The reason, judged.
    ///
    /// # Errors
    /// [`Refused::Malformed`].
    pub fn judged(&self) -> Result<String, Refused> {
        rules::reason(&self.reason).map_err(Refused::Malformed)
    }
}

/// The customer that a call names, if the brands of whoever asks cover them. Staff are not looked after by the desk.
///
/// # Errors
/// [`StoreError`].
pub fn find_subject(connection: &mut DbConnection, state: &AdminState, call: &Call) -> Result<Option<Customer>, StoreError> {
    let Ok(id) = call.subject.parse::<CustomerId>() else { return Ok(None) };
    let found = customers::store::find_customer(connection, &state.tools().ring, &id)?;
    Ok(found.filter(|customer| call.staff.brands.covers(customer.brand.as_deref())))
}

/// Looks for customers.
///
/// # Errors
/// [`StoreError`].
pub fn find_customer(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let search: Search = match call.input() {
        Ok(search) => search,
        Err(refused) => return Ok(Err(refused)),
    };
    let (tools, value) = (state.tools(), search.value.trim());
    if value.is_empty() || value.len() > 254 || value.chars().any(char::is_control) {
        return Ok(Err(Refused::Malformed("value: 1 to 254 characters".to_owned())));
    }
    let ids: Vec<CustomerId> = match search.by {
        SearchBy::Email => match EmailAddress::parse(value) {
            Ok(email) => customers::store::find_standing_by_email(tx, &tools.ring, &email)?.map(|standing| standing.id).into_iter().collect(),
            Err(refused) => return Ok(Err(Refused::Malformed(format!("value: {refused}")))),
        },
        SearchBy::Phone => match PhoneNumber::parse(value) {
            Ok(phone) => customers::details::store::find_by_phone(tx, &tools.ring, &phone)?.into_iter().collect(),
            Err(refused) => return Ok(Err(Refused::Malformed(format!("value: {refused}")))),
        },
        SearchBy::Subject => customers::details::store::find_by_subject(tx, value)?.into_iter().collect(),
        SearchBy::Order => list_customers_of_order(tx, tools, value)?,
    };
    let mut found = Vec::new();
    for id in ids {
        let customer = customers::store::find_customer(tx, &tools.ring, &id)?.filter(|customer| call.staff.brands.covers(customer.brand.as_deref()));
        found.extend(customer.as_ref().map(CustomerSummary::of));
    }
    let about = found.first().map(|first| format!("customer:{}", first.id)).unwrap_or_default();
    let entry = call.staff.entry(CUSTOMER_FOUND, about, &call.origin);
    audit::record(tx, tools, &entry.with_detail(serde_json::json!({ "by": search.by, "found": found.len() })))?;
    Answer::of(&Found { customers: found }).map(Ok)
}

/// One customer, masked.
///
/// # Errors
/// [`StoreError`].
pub fn show_customer(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let Some(customer) = find_subject(tx, state, call)? else { return Ok(Err(Refused::NotFound)) };
    // However they came by the id: the first look in an hour is written down.
    let lanes = [(format!("admin-look:{}:{}", call.staff.key(), customer.id), BucketLimit { limit: 1, window_seconds: 3_600, consecutive_limit: None })];
    if attempts::count_in_each(tx, &lanes, state.tools().now())?.is_ok() {
        let entry = call.staff.entry(CUSTOMER_FOUND, format!("customer:{}", customer.id), &call.origin);
        audit::record(tx, state.tools(), &entry.with_detail(serde_json::json!({ "by": "id", "found": 1 })))?;
    }
    let view: CustomerView = view_of(tx, state, &customer)?;
    Answer::of(&view).map(|answer| Ok(answer.with_etag()))
}

/// One customer's contact and profile in full.
///
/// # Errors
/// [`StoreError`].
pub fn reveal_customer(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let reason = match call.input::<Reason>().and_then(|input| input.judged()) {
        Ok(reason) => reason,
        Err(refused) => return Ok(Err(refused)),
    };
    let Some(customer) = find_subject(tx, state, call)? else { return Ok(Err(Refused::NotFound)) };
    let entry = call.staff.entry(CUSTOMER_REVEALED, format!("customer:{}", customer.id), &call.origin);
    audit::record(tx, state.tools(), &entry.with_note(super::cases::note_of(call.staff.name(), &reason)))?;
    Answer::of(&FullContact::of(&customer)).map(Ok)
}
