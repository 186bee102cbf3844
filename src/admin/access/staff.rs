//! Whoever acts: a person of the staff in a session, or a client of the API.

use std::collections::BTreeSet;

use super::rules::{BrandScope, Permission, Role, permissions_of};
use crate::base::ids::{ClientId, CustomerId, SessionId};
use crate::base::time::UnixSeconds;
use crate::platform::audit::{Actor, Entry, EventSpec, Origin};

/// How old the proof may be that a dangerous action demands, in seconds.
pub const FRESH_SECONDS: i64 = 300;

/// Who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// A person, in a session.
    Person {
        /// Their own account.
        id: CustomerId,
        /// The session.
        session: SessionId,
        /// Their name, as colleagues see it.
        name: String,
    },
    /// A client, with a token of its own.
    Machine(ClientId),
}

/// Whoever acts, and what they may do.
#[derive(Debug, Clone)]
pub struct Staff {
    /// Who.
    pub who: Who,
    /// With which roles.
    pub roles: Vec<Role>,
    /// For which brands.
    pub brands: BrandScope,
    /// When a person last showed who they are; a machine shows it with every request.
    pub proven_at: UnixSeconds,
}

/// What stands in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Barred {
    /// The roles do not allow it.
    Forbidden,
    /// A person has to show who they are again.
    NotFresh,
}

impl Staff {
    /// What they may do.
    pub fn permissions(&self) -> BTreeSet<Permission> {
        permissions_of(&self.roles).into_iter().filter(|permission| self.reaches(*permission)).collect()
    }

    /// Whether their brands reach so far: what tells of every brand at once is for those who act for every one.
    fn reaches(&self, permission: Permission) -> bool {
        self.brands.is_all() || !permission.spans_brands()
    }

    /// Whether they may.
    pub fn may(&self, permission: Permission) -> bool {
        self.reaches(permission) && self.roles.iter().any(|role| role.permissions().contains(&permission))
    }

    /// Judges whether they may do what needs `permission`, and a fresh proof if it is dangerous.
    ///
    /// # Errors
    /// [`Barred`].
    pub fn judge(&self, permission: Permission, is_dangerous: bool, now: UnixSeconds) -> Result<(), Barred> {
        if !self.may(permission) {
            return Err(Barred::Forbidden);
        }
        let is_person = matches!(self.who, Who::Person { .. });
        if is_dangerous && is_person && now.since(self.proven_at) > FRESH_SECONDS { Err(Barred::NotFresh) } else { Ok(()) }
    }

    /// The stored form of who it is: `staff:cus_…` or `client:…`.
    pub fn key(&self) -> String {
        self.actor().to_string()
    }

    /// As the audit log names them.
    pub fn actor(&self) -> Actor {
        match &self.who {
            Who::Person { id, .. } => Actor::Staff(id.to_string()),
            Who::Machine(client) => Actor::Client(client.to_string()),
        }
    }

    /// How colleagues and customers read it.
    pub fn name(&self) -> &str {
        match &self.who {
            Who::Person { name, .. } => name,
            Who::Machine(client) => client.as_str(),
        }
    }

    /// An entry of the audit log about what they did.
    pub fn entry(&self, spec: EventSpec, about: impl Into<String>, origin: &Origin) -> Entry {
        let entry = Entry::success(spec, self.actor(), about, origin);
        match &self.who {
            Who::Person { session, .. } => entry.with_session(session.as_str()),
            Who::Machine(client) => entry.with_client(client.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::OsEntropy;
    use crate::base::time::UnixMicros;

    #[test]
    fn a_person_shows_again_who_they_are_before_something_dangerous() {
        let id = CustomerId::generate(UnixMicros(1), &OsEntropy);
        let session = SessionId::generate(UnixMicros(1), &OsEntropy);
        let person = Staff { who: Who::Person { id, session, name: "Eva".into() }, roles: vec![Role::Support], brands: BrandScope::ALL, proven_at: UnixSeconds(1_000) };
        let now = UnixSeconds(1_301);
        assert_eq!(person.judge(Permission::FindCustomers, false, now), Ok(()));
        assert_eq!(person.judge(Permission::FindCustomers, true, now), Err(Barred::NotFresh));
        assert_eq!(person.judge(Permission::FindCustomers, true, UnixSeconds(1_300)), Ok(()));
        assert_eq!(person.judge(Permission::WriteClients, false, now), Err(Barred::Forbidden));
        let machine = Staff { who: Who::Machine("ci".parse().unwrap()), ..person };
        assert_eq!(machine.judge(Permission::FindCustomers, true, now), Ok(()));
    }
}
