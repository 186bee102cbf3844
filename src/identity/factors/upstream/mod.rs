//! Sign-in with an account at another OpenID Provider: a first factor. It counts for the one customer who connected that account, by issuer and subject; what the provider says of an e-mail address connects nobody.

pub mod client;
pub mod rules;
pub mod store;

use crate::base::assurance::ShownFactor;
use crate::base::encoding::hex;
use crate::base::ids::CustomerId;
use crate::identity::Proof;
use crate::identity::customers::{self, CustomerStatus};
use crate::platform::audit::{Actor, Entry, EventSpec, Origin};
use crate::platform::crypto::keyring::KeyRing;
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::tools::Tools;
use crate::platform::vault::blind_index;

pub use client::{Upstream, Upstreams};

/// A customer connected an account at another provider.
pub const UPSTREAM_CONNECTED: EventSpec = EventSpec::new("upstream_connected", "A customer connected an account at another OpenID Provider, to sign in with.");
/// It was taken away again.
pub const UPSTREAM_DISCONNECTED: EventSpec =
    EventSpec::new("upstream_disconnected", "An account at another OpenID Provider was disconnected: by the customer, or since the account was secured or recovered.");
/// A sign-in there did not hold.
pub const UPSTREAM_REFUSED: EventSpec =
    EventSpec::new("upstream_refused", "A sign-in at another OpenID Provider was refused: its answer did not hold, or the account here is locked.");

/// An account at another provider that somebody has just shown to be theirs. Kept, sealed, in the sign-in that it was shown in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Arrived {
    /// The provider's id here.
    pub upstream: String,
    /// The blind index of issuer and subject.
    pub index: Vec<u8>,
    /// The e-mail address that the provider tells. A word to recognise it by, and a suggestion for a form: it proves nothing.
    pub email: Option<String>,
    /// The name that it tells.
    pub name: Option<String>,
    /// When, and whether the provider asked for a proof just then.
    pub shown: ShownFactor,
}

impl Arrived {
    /// What the customer recognises it by.
    pub fn label(&self) -> &str {
        self.email.as_deref().or(self.name.as_deref()).unwrap_or_default()
    }
}

/// The blind index of an account at a provider. The separator can be in no issuer.
pub fn index_of(ring: &KeyRing, issuer: &str, subject: &str) -> Vec<u8> {
    blind_index(ring, "upstream", &format!("{issuer}\n{subject}"))
}

/// Whether what came back belongs to somebody here.
pub enum Known {
    /// To this customer.
    Customer(Proof),
    /// To a customer whose account is closed.
    Locked(CustomerId),
    /// To nobody.
    Nobody,
}

/// Finds whose account at a provider it is, and notes that it was used.
///
/// # Errors
/// [`StoreError`].
pub fn check(tx: &mut WriteTx<'_>, tools: &Tools, arrived: &Arrived) -> Result<Known, StoreError> {
    let Some(customer) = store::find_customer(tx, &arrived.index)? else { return Ok(Known::Nobody) };
    let Some(standing) = customers::store::find_standing(tx, &customer)? else { return Ok(Known::Nobody) };
    if standing.status == CustomerStatus::Locked {
        return Ok(Known::Locked(customer));
    }
    store::note_use(tx, &arrived.index, tools.now())?;
    Ok(Known::Customer(Proof::new(customer, standing.generation, arrived.shown)))
}

/// Connects an account at a provider with a customer, who is signed in, or was just made.
///
/// # Errors
/// [`StoreError`].
pub fn connect(tx: &mut WriteTx<'_>, tools: &Tools, customer: &CustomerId, arrived: &Arrived) -> Result<Result<(), rules::ConnectRefused>, StoreError> {
    // Asked first: on PostgreSQL a conflict would end the transaction.
    if let Some(owner) = store::find_customer(tx, &arrived.index)? {
        return Ok(if owner == *customer { Err(rules::ConnectRefused::Connected) } else { Err(rules::ConnectRefused::Taken) });
    }
    if store::count_links(tx, customer)? >= rules::MAX_LINKS {
        return Ok(Err(rules::ConnectRefused::TooMany));
    }
    store::insert_link(tx, tools, customer, arrived)?;
    Ok(Ok(()))
}

/// The proof of somebody whose account was just made with it.
pub(in crate::identity) fn proof_of_joining(customer: &CustomerId, arrived: &Arrived) -> Proof {
    Proof::new(customer.clone(), 1, arrived.shown)
}

/// Disconnects everything of a customer, since somebody else may have connected it, or may sit at the other end; how many there were.
///
/// # Errors
/// [`StoreError`].
pub fn disconnect_all(tx: &mut WriteTx<'_>, tools: &Tools, customer: &CustomerId, cause: &'static str, origin: &Origin) -> Result<usize, StoreError> {
    let removed = store::remove_links_of(tx, customer)?;
    if removed > 0 {
        let entry = Entry::success(UPSTREAM_DISCONNECTED, Actor::System, format!("customer:{customer}"), origin);
        crate::platform::audit::record(tx, tools, &entry.with_detail(serde_json::json!({ "cause": cause, "count": removed })))?;
    }
    Ok(removed)
}

/// The short name of a link in forms: the beginning of its index, which says nothing of the account.
pub fn link_name(index: &[u8]) -> String {
    hex(index.get(..12).unwrap_or(index))
}
