//! Roles, and what each of them may do. Pure. Nothing is allowed that does not stand here.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// One thing that staff can be allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Find a customer by what the customer says, and see the account with its contact masked.
    FindCustomers,
    /// See a customer's contact and profile in full, for a reason.
    RevealCustomers,
    /// Have a caller show that they are the customer.
    VerifyCallers,
    /// Lock an account.
    LockCustomers,
    /// Unlock an account.
    UnlockCustomers,
    /// End a customer's sessions.
    EndSessions,
    /// Send a customer a message again.
    ResendMessages,
    /// Send a customer the link that starts a recovery.
    StartRecoveries,
    /// Take a customer's authenticators away.
    RemoveFactors,
    /// Change a customer's e-mail address.
    ChangeEmails,
    /// Erase an account.
    EraseCustomers,
    /// See a customer's pages as the customer does.
    ViewAsCustomer,
    /// See what waits for a second person, and what was decided.
    ReadCases,
    /// Approve or refuse what somebody else asked for.
    DecideCases,
    /// See clients.
    ReadClients,
    /// Register and change clients.
    WriteClients,
    /// See who is staff.
    ReadAdmins,
    /// Invite and remove staff, and give clients of the API their roles.
    WriteAdmins,
    /// Read the audit log.
    ReadAudit,
    /// See figures and health.
    ReadFigures,
    /// Read what customers reported as scams.
    ReadReports,
    /// Say that a backup was made.
    ReportBackups,
    /// See decisions over sign-ins and orders, and the models.
    ReadRisk,
    /// Say what a sign-in or an order was.
    JudgeRisk,
    /// Have another model decide.
    ManageModels,
}

impl Permission {
    /// Every one.
    pub const ALL: [Self; 25] = [
        Self::FindCustomers,
        Self::RevealCustomers,
        Self::VerifyCallers,
        Self::LockCustomers,
        Self::UnlockCustomers,
        Self::EndSessions,
        Self::ResendMessages,
        Self::StartRecoveries,
        Self::RemoveFactors,
        Self::ChangeEmails,
        Self::EraseCustomers,
        Self::ViewAsCustomer,
        Self::ReadCases,
        Self::DecideCases,
        Self::ReadClients,
        Self::WriteClients,
        Self::ReadAdmins,
        Self::WriteAdmins,
        Self::ReadAudit,
        Self::ReadFigures,
        Self::ReadReports,
        Self::ReportBackups,
        Self::ReadRisk,
        Self::JudgeRisk,
        Self::ManageModels,
    ];
}

impl Permission {
    /// Whether it tells of, or reaches into, every brand at once.
    pub const fn spans_brands(self) -> bool {
        matches!(
            self,
            Self::ReadAdmins
                | Self::WriteAdmins
                | Self::ReadAudit
                | Self::ReadFigures
                | Self::ReadReports
                | Self::ReportBackups
                | Self::ReadRisk
                | Self::JudgeRisk
                | Self::ManageModels
        )
    }
}

/// A role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Helps customers.
    Support,
    /// Leads the desk: decides what a single agent may not.
    SupportLead,
    /// Looks after the shops' apps.
    ClientManager,
    /// Watches over abuse and keys.
    Security,
    /// Looks at everything that is not personal, and changes nothing.
    Auditor,
    /// Everything, and who else is staff.
    Owner,
}

use Permission as P;

const SUPPORT: &[P] = &[
    P::FindCustomers,
    P::RevealCustomers,
    P::VerifyCallers,
    P::LockCustomers,
    P::EndSessions,
    P::ResendMessages,
    P::StartRecoveries,
    P::RemoveFactors,
    P::ChangeEmails,
    P::ReadCases,
];
const SUPPORT_LEAD: &[P] = &[
    P::FindCustomers,
    P::RevealCustomers,
    P::VerifyCallers,
    P::LockCustomers,
    P::UnlockCustomers,
    P::EndSessions,
    P::ResendMessages,
    P::StartRecoveries,
    P::RemoveFactors,
    P::ChangeEmails,
    P::EraseCustomers,
    P::ViewAsCustomer,
    P::ReadCases,
    P::DecideCases,
    P::ReadFigures,
    P::ReadReports,
    P::ReadRisk,
    P::JudgeRisk,
];
const CLIENT_MANAGER: &[P] = &[P::ReadClients, P::WriteClients, P::ReadFigures];
const SECURITY: &[P] = &[
    P::FindCustomers,
    P::LockCustomers,
    P::UnlockCustomers,
    P::EndSessions,
    P::ReadCases,
    P::DecideCases,
    P::ReadClients,
    P::ReadAdmins,
    P::ReadAudit,
    P::ReadFigures,
    P::ReadReports,
    P::ReportBackups,
    P::ReadRisk,
    P::JudgeRisk,
    P::ManageModels,
];
const AUDITOR: &[P] = &[P::ReadCases, P::ReadClients, P::ReadAdmins, P::ReadAudit, P::ReadFigures, P::ReadReports, P::ReadRisk];

impl Role {
    /// Every one.
    pub const ALL: [Self; 6] = [Self::Support, Self::SupportLead, Self::ClientManager, Self::Security, Self::Auditor, Self::Owner];

    /// The word for it, in the database and in scopes.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Support => "support",
            Self::SupportLead => "support_lead",
            Self::ClientManager => "client_manager",
            Self::Security => "security",
            Self::Auditor => "auditor",
            Self::Owner => "owner",
        }
    }

    /// The name for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Support => "Support",
            Self::SupportLead => "Support lead",
            Self::ClientManager => "Client manager",
            Self::Security => "Security",
            Self::Auditor => "Auditor",
            Self::Owner => "Owner",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }

    /// The scope of access tokens that carries it.
    pub fn scope(self) -> String {
        format!("{SCOPE_PREFIX}{}", self.word())
    }

    /// What it may do.
    pub const fn permissions(self) -> &'static [P] {
        match self {
            Self::Support => SUPPORT,
            Self::SupportLead => SUPPORT_LEAD,
            Self::ClientManager => CLIENT_MANAGER,
            Self::Security => SECURITY,
            Self::Auditor => AUDITOR,
            Self::Owner => &P::ALL,
        }
    }
}

/// What the scopes of roles begin with.
pub const SCOPE_PREFIX: &str = "admin:";

/// Which brands somebody may act for: all, or these. The brand of the installation itself is called `default`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BrandScope(Option<BTreeSet<String>>);

impl BrandScope {
    /// Every brand.
    pub const ALL: Self = Self(None);
    /// What the installation's own brand is called.
    pub const DEFAULT: &'static str = "default";

    /// These and no others; every brand when there are none.
    pub fn of(brands: impl IntoIterator<Item = String>) -> Self {
        let brands: BTreeSet<String> = brands.into_iter().collect();
        Self((!brands.is_empty()).then_some(brands))
    }

    /// Whether what belongs to `brand` is within.
    pub fn covers(&self, brand: Option<&str>) -> bool {
        self.0.as_ref().is_none_or(|brands| brands.contains(brand.unwrap_or(Self::DEFAULT)))
    }

    /// Whether everything is within.
    pub const fn is_all(&self) -> bool {
        self.0.is_none()
    }

    /// The brands; none for all.
    pub fn brands(&self) -> Vec<String> {
        self.0.iter().flatten().cloned().collect()
    }

    /// Whether `other` is within this one.
    pub fn includes(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(mine), Some(theirs)) => theirs.is_subset(mine),
        }
    }
}

/// What `roles` may do together.
pub fn permissions_of(roles: &[Role]) -> BTreeSet<Permission> {
    roles.iter().flat_map(|role| role.permissions().iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_role_may_more_than_it_should() {
        let may = |role: Role, permission| role.permissions().contains(&permission);
        for role in Role::ALL {
            assert_eq!(Role::parse(role.word()), Some(role));
            // Whoever asks for a thing at the desk is not the one who lets it through alone.
            assert!(!may(Role::Support, P::DecideCases) && !may(Role::Support, P::EraseCustomers) && !may(Role::Support, P::UnlockCustomers));
            assert!(role == Role::Owner || !may(role, P::WriteAdmins), "{role:?}");
            assert!(matches!(role, Role::Owner | Role::ClientManager) || !may(role, P::WriteClients), "{role:?}");
            // Who reads the log does not write what it holds of customers in full.
            assert!(!matches!(role, Role::Auditor | Role::ClientManager) || !may(role, P::RevealCustomers));
        }
        let writes = [
            P::LockCustomers,
            P::UnlockCustomers,
            P::EndSessions,
            P::ResendMessages,
            P::StartRecoveries,
            P::RemoveFactors,
            P::ChangeEmails,
            P::EraseCustomers,
            P::DecideCases,
            P::WriteClients,
            P::WriteAdmins,
            P::ReportBackups,
        ];
        assert!(writes.into_iter().all(|permission| !may(Role::Auditor, permission)));
        assert!(P::ALL.into_iter().all(|permission| may(Role::Owner, permission)));
    }

    #[test]
    fn brands_bound_what_is_seen() {
        let two = BrandScope::of(["tea".to_owned(), "default".to_owned()]);
        assert!(two.covers(Some("tea")) && two.covers(None) && !two.covers(Some("coffee")));
        assert!(BrandScope::ALL.covers(Some("coffee")) && BrandScope::of([]).is_all());
        assert!(BrandScope::ALL.includes(&two) && !two.includes(&BrandScope::ALL) && two.includes(&BrandScope::of(["tea".to_owned()])));
    }
}
