//! Browser sessions at the provider: what they rest on and when they end (rules), their rows (store), and who is signed in (SignedIn).

pub mod rules;
pub mod store;

use crate::base::assurance::Authentication;
use crate::base::ids::{CustomerId, SessionId};
use crate::identity::factors::Means;

pub use rules::{Session, SessionPolicy};

/// A live session of a customer in good standing.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The session.
    pub session: Session,
    /// What it rests on.
    pub authentication: Authentication,
    /// What the customer has to show, and what the rules demand of them.
    pub means: Means,
    /// Whether a device that the customer trusts spared it the second factor.
    pub is_trusted: bool,
}

impl SignedIn {
    /// Who is signed in.
    pub fn customer(&self) -> &CustomerId {
        &self.session.customer
    }

    /// Which session.
    pub fn session_id(&self) -> &SessionId {
        &self.session.id
    }
}
