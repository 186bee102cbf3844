//! Leaving: a customer asks for it, has some days to think better of it, and then the key of their data is destroyed with every row that is theirs. What is left of them in events and replicas can be read by nobody.

pub mod store;

use crate::base::contact::EmailAddress;
use crate::base::ids::{CustomerId, MessageId};
use crate::base::time::UnixSeconds;
use crate::base::uri::Issuer;
use crate::identity::attempts::store as attempts;
use crate::identity::contacts;
use crate::identity::customers::{self, Customer, CustomerRole};
use crate::identity::messages::{self, Addressee, Desk, Mail, Notice};
use crate::identity::recovery::CHANGE_COOL_DOWN_SECONDS;
use crate::identity::sessions::SignedIn;
use crate::identity::signin::gate::SigninState;
use crate::identity::signin::new_password::{Kept, end_everything};
use crate::identity::tickets::Purpose;
use crate::identity::tickets::store::insert_ticket;
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::crypto::jws::{CryptoRefused, Signer, TokenType};
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::outbox;
use crate::platform::tools::Tools;

/// A customer wants to leave.
pub const ERASURE_ASKED: EventSpec = EventSpec::new("erasure_asked", "A customer asked for the account to be erased; it will be after the days of grace.");
/// A customer stays.
pub const ERASURE_CANCELLED: EventSpec = EventSpec::new("erasure_cancelled", "A customer who had asked for the account to be erased keeps it.");
/// An account was erased.
pub const CUSTOMER_ERASED: EventSpec = EventSpec::new("customer_erased", "An account was erased: its data key was destroyed, and every row that belonged to it.");

/// How long backups may still hold the destroyed key, in seconds: backups are kept for 30 days.
const BACKUP_SECONDS: i64 = 30 * 86_400;
/// How long messages that were on their way are kept, in seconds.
const OUTBOX_SECONDS: i64 = 7 * 86_400;

/// Asks for the account to be erased `grace_seconds` from now. Every session ends; when it will be is told by mail, with a link that stops it. False when it cannot be asked for now.
///
/// # Errors
/// [`StoreError`].
pub fn ask(tx: &mut WriteTx<'_>, state: &SigninState, signed_in: &SignedIn, origin: &Origin) -> Result<bool, StoreError> {
    ask_for(tx, state, signed_in.customer(), Actor::Customer(signed_in.customer().to_string()), origin)
}

/// The same for a customer in whose name staff asks.
///
/// # Errors
/// [`StoreError`].
pub fn ask_for(tx: &mut WriteTx<'_>, state: &SigninState, id: &CustomerId, actor: Actor, origin: &Origin) -> Result<bool, StoreError> {
    let (tools, now) = (&state.tools, state.tools.now());
    let Some(customer) = customers::store::find_customer(tx, &tools.ring, id)? else { return Ok(false) };
    // Staff are taken off first, by an owner: the last one does not slip away, and what staff did keeps a name.
    if customer.role == CustomerRole::Admin || !may_leave(tx, &customer, now)? {
        return Ok(false);
    }
    let at = now.plus(state.erasure_grace_seconds);
    if !customers::details::store::keep_erasure(tx, id, Some(at))? {
        return Ok(true);
    }
    end_everything(tx, state, id, "erasure_asked", &Kept::default())?;
    let (desk, link) = (Desk::of(&state.http), state.http.issuer.at("/account"));
    let days = state.erasure_grace_seconds.div_euclid(86_400).to_string();
    for address in std::iter::once(customer.email.as_str()).chain(customer.backup_email.as_ref().map(EmailAddress::as_str)) {
        let secret = insert_ticket(tx, tools, Purpose::NotMe, id, "erasure-asked")?;
        let to = Addressee { email: address, ..Addressee::of(desk.texts, &customer) };
        let after = Some(messages::disowning(&desk, to.language, &secret));
        let mail = Mail { word: "erasure-asked", values: &[("days", &days), ("link", &link)], secrets: &[secret.expose()], after, last_line: None, expires_at: None };
        messages::send_mail(tx, &desk, &to, &mail)?;
    }
    let entry = Entry::success(ERASURE_ASKED, actor, format!("customer:{id}"), origin);
    audit::record(tx, tools, &entry.with_detail(serde_json::json!({ "erase_at": at })))?;
    Ok(true)
}

/// Whether the account may be asked to be erased: not while it stands still, nor while a change of contact can be taken back. Whoever got in would have the last word.
fn may_leave(connection: &mut DbConnection, customer: &Customer, now: UnixSeconds) -> Result<bool, StoreError> {
    let is_frozen = customer.frozen_until.is_some_and(|until| until > now);
    Ok(!is_frozen && !contacts::store::has_changed_since(connection, &customer.id, now.plus(-CHANGE_COOL_DOWN_SECONDS))?)
}

/// Takes the wish to leave back, as when its owner says that it was somebody else; true when there was one.
///
/// # Errors
/// [`StoreError`].
pub fn stop(tx: &mut WriteTx<'_>, tools: &Tools, id: &CustomerId, origin: &Origin) -> Result<bool, StoreError> {
    let was_leaving = customers::details::store::keep_erasure(tx, id, None)?;
    if was_leaving {
        audit::record(tx, tools, &Entry::success(ERASURE_CANCELLED, Actor::Customer(id.to_string()), format!("customer:{id}"), origin))?;
    }
    Ok(was_leaving)
}

/// The customer stays.
///
/// # Errors
/// [`StoreError`].
pub fn cancel(tx: &mut WriteTx<'_>, state: &SigninState, signed_in: &SignedIn, origin: &Origin) -> Result<(), StoreError> {
    let (tools, id) = (&state.tools, signed_in.customer());
    if !customers::details::store::keep_erasure(tx, id, None)? {
        return Ok(());
    }
    if let Some(customer) = customers::store::find_customer(tx, &tools.ring, id)? {
        messages::send_notice(tx, &Desk::of(&state.http), Notice::Kept, &customer)?;
    }
    audit::record(tx, tools, &Entry::success(ERASURE_CANCELLED, Actor::Customer(id.to_string()), format!("customer:{id}"), origin))
}

/// What a receipt says.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Receipt {
    /// Who erased.
    pub iss: String,
    /// The identifier that the account had.
    pub sub: String,
    /// When it was erased.
    pub iat: i64,
    /// From when on no backup that follows the retention rules holds the destroyed key.
    pub complete_at: i64,
    /// What was destroyed, in words.
    pub destroyed: Vec<String>,
}

fn receipt(issuer: &Issuer, subject: &str, now: UnixSeconds) -> Receipt {
    let destroyed = [
        "the key that every sealed value of this account was sealed with",
        "profile, addresses, credentials, sessions, grants, consents, messages",
        "in events: where they came from; the events themselves name only a number that nothing leads back from",
    ];
    Receipt {
        iss: issuer.as_str().to_owned(),
        sub: subject.to_owned(),
        iat: now.0,
        complete_at: now.plus(BACKUP_SECONDS.max(OUTBOX_SECONDS)).0,
        destroyed: destroyed.iter().map(|line| (*line).to_owned()).collect(),
    }
}

/// Erases one account, and sends the signed receipt to the address that it had: the last mail that it gets. False when there is no such customer.
///
/// # Errors
/// [`StoreError`].
pub fn erase(tx: &mut WriteTx<'_>, desk: &Desk<'_>, signer: &Signer, id: &CustomerId, actor: Actor, origin: &Origin) -> Result<bool, StoreError> {
    let (tools, now) = (desk.tools, desk.tools.now());
    let Some(customer) = customers::store::find_customer(tx, &tools.ring, id)? else { return Ok(false) };
    let signed = signer
        .sign(TokenType::ErasureReceipt, &receipt(desk.issuer, &customer.subject, now))
        .map_err(|CryptoRefused| StoreError::Unavailable("the receipt was not signed".to_owned()))?;
    // Written by hand, not by `messages`: nothing of it stays but in the outbox, until it has left.
    let language = messages::language_of(desk.texts, &customer);
    let brand = desk.brands.get(customer.brand.as_deref());
    let values = [("brand", brand.name.as_str()), ("receipt", signed.as_str())];
    let mail = crate::platform::mail::MailMessage {
        to: customer.email.as_str().to_owned(),
        subject: desk.texts.text(language, "mail-erased-subject", &values),
        text: desk.texts.text(language, "mail-erased-text", &values) + "\n",
        expires_at: None,
        from: brand.mail_from.clone(),
    };
    attempts::clear_customer(tx, id)?;
    customers::store::delete_customer(tx, id)?;
    outbox::store::insert_mail(tx, tools, &MessageId::generate(tools.now_micros(), tools.entropy()), &mail)?;
    store::insert_erasure(tx, &customer.subject, &signed, now)?;
    // Nothing personal: the customer has no key any longer, so the origin of the operator's request is not sealed under it either.
    audit::record(tx, tools, &Entry::success(CUSTOMER_ERASED, actor, format!("customer:{id}"), origin))?;
    Ok(true)
}
