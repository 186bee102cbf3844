//! Joining: an address that is proven by a code before there is any account, who it is, and then a password or a passkey. It happens in a sign-in, which then goes on to where it leads.

pub mod passkey;
pub mod rules;
pub mod store;
pub mod upstream;
pub mod web;

use rules::{Details, Joining};

use crate::base::assurance::FactorKind;
use crate::base::contact::EmailAddress;
use crate::base::encoding::hex;
use crate::base::ids::{CustomerId, FlowId};
use crate::identity::attempts::rules::{BucketLimit, Throttled};
use crate::identity::attempts::store as attempts;
use crate::identity::contacts;
use crate::identity::customers::{self, CustomerRole, NewCustomer, Profile};
use crate::identity::factors::sent_code;
use crate::identity::factors::sent_code::rules::CODE_SECONDS;
use crate::identity::guests;
use crate::identity::intents::{self, Intent};
use crate::identity::messages::{self, Addressee, Code, CodePurpose, Desk, Notice};
use crate::identity::signin::gate::SigninState;
use crate::identity::signin::model::Visitor;
use crate::identity::signin::store as flows;
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::http::client_address::source_of;
use crate::platform::vault::blind_index;

/// Somebody joined.
pub const CUSTOMER_JOINED: EventSpec =
    EventSpec::new("customer_joined", "Somebody proved an address, and made an account with a password, a passkey, or an account at another provider.");
/// Somebody wanted to join.
pub const SIGNUP_BEGUN: EventSpec = EventSpec::new("signup_begun", "Somebody asked for a code to make an account; whether there is one already shows in what was sent.");
/// Somebody may not join, or not so fast.
pub const SIGNUP_REFUSED: EventSpec = EventSpec::new("signup_refused", "Somebody could not make an account: too many tries, or an address that is not taken here.");

/// Codes to one address in an hour.
const ADDRESS_LIMIT: i64 = 5;
/// How long after one code the next may go, in seconds.
const PAUSE_SECONDS: i64 = 20;

/// Whose code it is: that of one address in one sign-in.
pub(in crate::identity) fn owner(state: &SigninState, flow: &FlowId, email: &str) -> String {
    format!("join:{flow}:{}", hex(&blind_index(&state.tools.ring, "email", email)))
}

/// Has a code sent to an address that wants to join, a moment later, whether it has an account or not.
///
/// # Errors
/// [`StoreError`].
pub fn send_code(
    tx: &mut WriteTx<'_>,
    state: &SigninState,
    flow: &FlowId,
    email: &EmailAddress,
    language: &'static str,
    origin: &Origin,
) -> Result<Result<(), Throttled>, StoreError> {
    let tools = &state.tools;
    let index = hex(&blind_index(&tools.ring, "email", email.as_str()));
    let source = origin.address.map_or_else(|| "unknown".to_owned(), source_of);
    let limit = |limit, window_seconds| BucketLimit { limit, window_seconds, consecutive_limit: None };
    let lanes = [
        (format!("join-pause:{index}"), limit(1, PAUSE_SECONDS)),
        (format!("join-address:{index}"), limit(ADDRESS_LIMIT, 3_600)),
        (format!("join-source:{source}"), limit(state.signup.source_limit, 3_600)),
        ("join-hour".to_owned(), limit(state.signup.hour_limit, 3_600)),
    ];
    if let Err(throttled) = attempts::count_in_each(tx, &lanes, tools.now())? {
        audit::record(tx, tools, &Entry::refusal(SIGNUP_REFUSED, Actor::Anonymous, String::new(), "throttled", origin))?;
        return Ok(Err(throttled));
    }
    intents::keep(tx, state, &Intent::JoinCode { flow: flow.clone(), email: email.as_str().to_owned(), language: language.to_owned(), origin: origin.clone() })?;
    Ok(Ok(()))
}

/// Sends the code that was asked for; or, to an address that has an account, a mail that says so, and no code. Nothing when another address was typed since.
///
/// # Errors
/// [`StoreError`].
pub fn send_asked(tx: &mut WriteTx<'_>, state: &SigninState, flow: &FlowId, email: &EmailAddress, language: &'static str, origin: &Origin) -> Result<(), StoreError> {
    let (tools, desk) = (&state.tools, Desk::of(&state.http));
    let joining = flows::find_joining(tx, tools, flow)?;
    if joining.is_none_or(|joining| joining.email.as_deref() != Some(email.as_str()) || joining.is_proven) {
        return Ok(());
    }
    let known = customers::store::find_by_email(tx, &tools.ring, email)?;
    // Made for an address that has an account too, where it goes nowhere: what is typed is then looked at in the same way.
    let code = sent_code::store::begin_code(tx, tools, &owner(state, flow, email.as_str()), FactorKind::EmailCode)?;
    match &known {
        Some(customer) => messages::send_notice(tx, &desk, Notice::AlreadyJoined, customer)?,
        None => {
            let brand = flows::find_flow(tx, tools, flow)?.and_then(|flow| flow.request.visitor?.brand);
            let to = Addressee { customer: None, email: email.as_str(), language, phrase: None, brand: brand.as_deref() };
            let link = state.http.issuer.at(&format!("/signin/{flow}/join?{}", *code));
            let code = Code { link: Some(&link), ..Code::plain(CodePurpose::SignUp, &code, tools.now().plus(CODE_SECONDS)) };
            messages::send_code(tx, &desk, &to, &code)?;
        }
    }
    let about = known.map(|customer| format!("customer:{}", customer.id)).unwrap_or_default();
    audit::record(tx, tools, &Entry::success(SIGNUP_BEGUN, Actor::Anonymous, about, origin))
}

/// Makes the account of somebody whose address is proven; none when there is one by now.
///
/// # Errors
/// [`StoreError`].
pub fn join(tx: &mut WriteTx<'_>, state: &SigninState, id: &CustomerId, joining: &Joining, language: &'static str) -> Result<bool, StoreError> {
    let tools = &state.tools;
    let (Some(email), Some(Details { name, birth_date, terms }), true) =
        (joining.email.as_deref().and_then(|email| EmailAddress::parse(email).ok()), &joining.details, joining.is_proven)
    else {
        return Ok(false);
    };
    // Asked first: on PostgreSQL a conflict would end the transaction.
    if customers::store::find_standing_by_email(tx, &tools.ring, &email)?.is_some() || contacts::store::is_reserved(tx, tools, &email, None)? {
        return Ok(false);
    }
    let new = NewCustomer {
        email,
        is_email_verified: true,
        phone: None,
        is_phone_verified: false,
        role: CustomerRole::Customer,
        profile: Profile { name: Some(name.clone()), locale: Some(language.to_owned()), ..Profile::default() },
        address: None,
        birth_date: birth_date.clone(),
    };
    customers::store::insert_customer_as(tx, tools, id, &new)?;
    if let Some((version, at)) = terms {
        store::insert_acceptance(tx, id, version, *at)?;
    }
    Ok(true)
}

/// Gives a new customer the subject that they had as a guest of the storefront that they come from, if it says so and it can be had.
///
/// # Errors
/// [`StoreError`].
pub fn keep_guest(tx: &mut WriteTx<'_>, state: &SigninState, id: &CustomerId, visitor: Option<&Visitor>, origin: &Origin) -> Result<bool, StoreError> {
    let Some((token, client)) = visitor.and_then(|visitor| Some((visitor.guest_hash.as_deref()?, visitor.client.as_ref()?))) else { return Ok(false) };
    let Some(subject) = guests::store::claim_guest(tx, token, client, state.tools.now())? else { return Ok(false) };
    customers::details::store::adopt_subject(tx, id, &subject)?;
    let entry = Entry::success(guests::GUEST_CLAIMED, Actor::Customer(id.to_string()), format!("customer:{id}"), origin);
    audit::record(tx, &state.tools, &entry.with_client(client.as_str()))?;
    Ok(true)
}

/// Welcomes a new customer, who has a way to sign in by now.
///
/// # Errors
/// [`StoreError`].
pub fn welcome(tx: &mut WriteTx<'_>, state: &SigninState, id: &CustomerId, joining: &Joining, how: FactorKind, origin: &Origin) -> Result<(), StoreError> {
    let tools = &state.tools;
    if let Some(customer) = customers::store::find_customer(tx, &tools.ring, id)? {
        messages::send_notice(tx, &Desk::of(&state.http), Notice::Welcome, &customer)?;
    }
    let terms = joining.details.as_ref().and_then(|details| details.terms.as_ref()).map(|(version, _)| version);
    let detail = serde_json::json!({ "with": how, "terms": terms });
    audit::record(tx, tools, &Entry::success(CUSTOMER_JOINED, Actor::Customer(id.to_string()), format!("customer:{id}"), origin).with_detail(detail))
}
