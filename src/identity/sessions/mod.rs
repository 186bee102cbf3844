//! Browser sessions at the provider: what they rest on and when they end (rules), their rows (store), and who is signed in (SignedIn).

pub mod rules;
pub mod store;

use crate::base::assurance::{Authentication, FactorKind};
use crate::base::ids::{CustomerId, SessionId};

pub use rules::{Session, SessionPolicy};

/// A live session of a customer in good standing.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The session.
    pub session: Session,
    /// What it rests on.
    pub authentication: Authentication,
    /// The kinds of authenticator beside the password that the customer has.
    pub enrolled: Vec<FactorKind>,
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
