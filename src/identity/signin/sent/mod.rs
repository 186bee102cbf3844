//! Sending a code by e-mail or text message: counted, written down, and put into the outbox in one transaction.

pub mod web;

use super::gate::SigninState;
use crate::base::assurance::FactorKind;
use crate::base::purchase::Purchase;
use crate::identity::attempts::rules::Throttled;
use crate::identity::attempts::store as attempts;
use crate::identity::customers::Customer;
use crate::identity::factors::sent_code::rules::{CODE_SECONDS, TextLane, lanes, masked_email, masked_phone};
use crate::identity::factors::sent_code::store;
use crate::identity::messages::{self, Addressee, Code, CodePurpose, Desk};
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::http::client_address::source_of;
use crate::platform::vault::blind_index;

/// A code went out.
pub const CODE_SENT: EventSpec = EventSpec::new("code_sent", "A code was sent to a customer by e-mail or text message.");
/// A code did not go out.
pub const CODE_NOT_SENT: EventSpec =
    EventSpec::new("code_not_sent", "A code was asked for too often: by this customer, to this number or range, from this address, or altogether.");

/// Which code is to be sent.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    /// By which channel.
    pub kind: FactorKind,
    /// What it is for.
    pub purpose: CodePurpose,
    /// The shop, and what is bought there, when it confirms a purchase.
    pub purchase: Option<(&'a str, &'a Purchase)>,
    /// What the support may do once it hears it: the key of a sentence; none for anything else.
    pub call: Option<&'a str>,
}

impl Wanted<'_> {
    /// A code that confirms no purchase.
    pub fn plain(kind: FactorKind, purpose: CodePurpose) -> Self {
        Self { kind, purpose, purchase: None, call: None }
    }
}

/// Sends `customer` a code for `owner`, a sign-in or a session; the message says for which `purpose`.
///
/// # Errors
/// [`StoreError`].
pub fn send_code(tx: &mut WriteTx<'_>, state: &SigninState, wanted: Wanted<'_>, owner: &str, customer: &Customer, origin: &Origin) -> Result<Result<(), Throttled>, StoreError> {
    let Wanted { kind, purpose, purchase, call } = wanted;
    let (tools, id) = (&state.tools, customer.id.as_str());
    let source = origin.address.map_or_else(|| "unknown".to_owned(), source_of);
    let index = customer.phone.as_ref().map(|phone| blind_index(&tools.ring, "phone", phone.as_str())).unwrap_or_default();
    let text = customer.phone.as_ref().filter(|_| kind == FactorKind::SmsCode).map(|phone| TextLane { phone, index: &index, source: &source, caps: state.sms_caps });
    let about = format!("customer:{id}");
    let detail = serde_json::json!({ "factor": kind });
    if let Err(throttled) = attempts::count_in_each(tx, &lanes(kind, id, text.as_ref()), tools.now())? {
        let entry = Entry::refusal(CODE_NOT_SENT, Actor::Customer(id.to_owned()), about, "throttled", origin);
        audit::record(tx, tools, &entry.with_detail(detail))?;
        return Ok(Err(throttled));
    }
    let code = store::begin_code(tx, tools, owner, kind)?;
    let desk = Desk::of(&state.http);
    let code = Code { purpose, code: &code, link: None, purchase, call, expires_at: tools.now().plus(CODE_SECONDS) };
    match kind {
        FactorKind::SmsCode => messages::send_text_code(tx, &desk, customer, &code)?,
        _ => messages::send_code(tx, &desk, &Addressee::of(&state.http.texts, customer), &code)?,
    }
    audit::record(tx, tools, &Entry::success(CODE_SENT, Actor::Customer(id.to_owned()), about, origin).with_detail(detail))?;
    Ok(Ok(()))
}

/// Where a code of this kind goes, as it is shown to somebody who may not be the owner.
pub fn target(kind: FactorKind, customer: &Customer) -> String {
    match kind {
        FactorKind::SmsCode => masked_phone(customer.phone.as_ref().map(crate::base::contact::PhoneNumber::as_str).unwrap_or_default()),
        _ => masked_email(customer.email.as_str()),
    }
}
