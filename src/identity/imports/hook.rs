//! The old shop, asked at the first sign-in of somebody who is not known here, or who was imported without a password: whether the password is right there. If so the account is made, or given the password, with a hash of ours, and the old shop is not asked again.

use std::sync::Arc;

use openidconnect::HttpRequest;
use tokio::sync::Semaphore;
use url::Url;

use super::formats::read_answer;
use super::{Brought, ImportedCustomer, bring_in};
use crate::base::contact::EmailAddress;
use crate::base::encoding::base64url;
use crate::base::ids::CustomerId;
use crate::base::random;
use crate::base::secret::Secret;
use crate::identity::customers::{self, CustomerStatus};
use crate::identity::factors::password::{self, PhcHash, foreign};
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::outgoing::signature::sign;
use crate::platform::outgoing::{Outgoing, OutgoingFailed};
use crate::platform::tools::Tools;

/// Somebody was brought over at a sign-in.
pub const CUSTOMER_MIGRATED: EventSpec = EventSpec::new(
    "customer_migrated",
    "Somebody who was not known here, or had come without a password, signed in with that of the old shop, which said that it is right; the detail says whether the account was `made` or `was_here`.",
);

/// Why the old shop did not say yes or no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HookFailed {
    /// As many calls as may be are under way.
    #[error("the old shop is being asked too much already")]
    Busy,
    /// No answer.
    #[error(transparent)]
    Outgoing(#[from] OutgoingFailed),
    /// An answer that means nothing here.
    #[error("the old shop answered {0}, or not in the form that is agreed")]
    Answer(u16),
}

/// Where and how the old shop is asked.
pub struct MigrationHook {
    url: Url,
    secret: Secret,
    outgoing: Outgoing,
    permits: Arc<Semaphore>,
}

impl MigrationHook {
    /// A hook that asks at `url`, signs with `secret`, and has at most `calls` under way.
    pub fn new(url: Url, secret: Secret, outgoing: Outgoing, calls: usize) -> Self {
        Self { url, secret, outgoing, permits: Arc::new(Semaphore::new(calls)) }
    }

    /// Asks whether `typed` is the password of `email`; none for no.
    ///
    /// # Errors
    /// [`HookFailed`]; it names nobody.
    pub async fn ask(&self, tools: &Tools, email: &EmailAddress, typed: &str) -> Result<Option<ImportedCustomer>, HookFailed> {
        let Ok(_permit) = self.permits.try_acquire() else { return Err(HookFailed::Busy) };
        let id = format!("msg_{}", base64url(random::bytes::<16>(tools.entropy())));
        let (now, body) = (tools.now(), serde_json::json!({ "email": email.as_str(), "password": typed }).to_string());
        let signature = format!("v1,{}", sign(&self.secret, &id, now, &body));
        let request = openidconnect::http::Request::post(self.url.as_str())
            .header("content-type", "application/json")
            .header("accept", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", now.0.to_string())
            .header("webhook-signature", signature)
            .body(body.into_bytes());
        let request: HttpRequest = request.map_err(|_| OutgoingFailed::Forbidden)?;
        let answer = self.outgoing.call(request).await?;
        let status = answer.status().as_u16();
        match status {
            200 => read_answer(email, answer.body()).map(Some).map_err(|_| HookFailed::Answer(status)),
            401 | 403 | 404 => Ok(None),
            _ => Err(HookFailed::Answer(status)),
        }
    }
}

/// Makes the account of somebody whom the old shop knows; nothing when somebody has the address by now, can take it back, or came with it before.
///
/// # Errors
/// [`StoreError`].
pub fn take_in(tx: &mut WriteTx<'_>, tools: &Tools, person: &ImportedCustomer, hash: &PhcHash, origin: &Origin) -> Result<(), StoreError> {
    let Brought::In(id, _) = bring_in(tx, tools, person)? else { return Ok(()) };
    password::store::replace_hash(tx, &id, hash, tools.now())?;
    audit::record(tx, tools, &migrated(&id, "made", origin))
}

/// Gives somebody who came without a password the one that the old shop says is right, for an address that was proved there; nothing when they have one by now, have signed in, or are locked.
///
/// # Errors
/// [`StoreError`].
pub fn adopt(tx: &mut WriteTx<'_>, tools: &Tools, customer: &CustomerId, (person, hash): (&ImportedCustomer, &PhcHash), origin: &Origin) -> Result<(), StoreError> {
    // Anybody can have an account there with an address that is not theirs.
    if !person.new.is_email_verified {
        return Ok(());
    }
    let is_active = customers::store::find_standing(tx, customer)?.is_some_and(|standing| standing.status == CustomerStatus::Active);
    if !is_active || password::store::has_password(tx, customer)? || !foreign::store::end_elsewhere(tx, customer)? {
        return Ok(());
    }
    password::store::replace_hash(tx, customer, hash, tools.now())?;
    audit::record(tx, tools, &migrated(customer, "was_here", origin))
}

fn migrated(customer: &CustomerId, account: &str, origin: &Origin) -> Entry {
    Entry::success(CUSTOMER_MIGRATED, Actor::Customer(customer.to_string()), format!("customer:{customer}"), origin).with_detail(serde_json::json!({ "account": account }))
}
