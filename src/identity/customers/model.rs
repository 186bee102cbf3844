//! A customer, with the standard claims of OIDC Core section 5.1.

use super::address_book::AddressBook;
use crate::base::assurance::{Acr, FactorKind};
use crate::base::contact::{EmailAddress, PhoneNumber};
use crate::base::ids::CustomerId;
use crate::base::time::UnixSeconds;

/// Whether a customer may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CustomerStatus {
    /// May sign in.
    Active,
    /// Locked by staff: no sign-in, no token, no session.
    Locked,
}

impl CustomerStatus {
    /// The stored form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Locked => "locked",
        }
    }

    /// Reads the stored form.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Active, Self::Locked].into_iter().find(|status| status.as_str() == text)
    }
}

/// What a person may do beyond their own account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CustomerRole {
    /// A customer of the shop.
    Customer,
    /// Staff with admin rights.
    Admin,
}

impl CustomerRole {
    /// The stored form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Admin => "admin",
        }
    }

    /// Reads the stored form.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Customer, Self::Admin].into_iter().find(|role| role.as_str() == text)
    }
}

/// The claims of the `profile` scope that a person may have, without `updated_at` and `birthdate`.
#[derive(Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "the names are those of OIDC Core section 5.1")]
pub struct Profile {
    pub name: Option<String>,
    pub given_name: Option<String>,
    pub family_name: Option<String>,
    pub middle_name: Option<String>,
    pub nickname: Option<String>,
    pub preferred_username: Option<String>,
    pub profile: Option<String>,
    pub picture: Option<String>,
    pub website: Option<String>,
    pub gender: Option<String>,
    pub zoneinfo: Option<String>,
    pub locale: Option<String>,
}

/// A postal address (OIDC Core section 5.1.1).
#[derive(Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "the names are those of OIDC Core section 5.1.1")]
pub struct PostalAddress {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formatted: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locality: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

/// A customer, opened.
#[derive(Clone)]
pub struct Customer {
    /// Internal id.
    pub id: CustomerId,
    /// What clients are told: a random identifier that is never given to anybody else.
    pub subject: String,
    /// Whether sign-in is allowed.
    pub status: CustomerStatus,
    /// Staff or customer.
    pub role: CustomerRole,
    /// Grows when credentials change; sessions, codes and grants of an older generation are dead.
    pub generation: i64,
    /// E-mail in canonical form.
    pub email: EmailAddress,
    /// Whether the mailbox was proved.
    pub is_email_verified: bool,
    /// Telephone.
    pub phone: Option<PhoneNumber>,
    /// Whether the number was proved.
    pub is_phone_verified: bool,
    /// Profile claims.
    pub profile: Profile,
    /// Postal addresses.
    pub addresses: AddressBook,
    /// `YYYY-MM-DD`.
    pub birth_date: Option<String>,
    /// A second mailbox, proven.
    pub backup_email: Option<EmailAddress>,
    /// Since when.
    pub backup_email_since: Option<UnixSeconds>,
    /// When the e-mail address was last changed.
    pub email_changed_at: Option<UnixSeconds>,
    /// When the telephone was last changed.
    pub phone_changed_at: Option<UnixSeconds>,
    /// The phrase that genuine mails are known by.
    pub phrase: Option<String>,
    /// Until when contact and addresses stand still, after somebody said "this was not me".
    pub frozen_until: Option<UnixSeconds>,
    /// The brand of the shop where they were last.
    pub brand: Option<String>,
    /// When the account was made.
    pub created_at: UnixSeconds,
    /// When its data last changed.
    pub updated_at: UnixSeconds,
}

impl Customer {
    /// How a page addresses them: name, else e-mail.
    pub fn display_name(&self) -> &str {
        self.profile.name.as_deref().or(self.profile.given_name.as_deref()).unwrap_or(self.email.as_str())
    }
}

/// Whether a customer is in good standing, without any personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Who.
    pub id: CustomerId,
    /// Whether sign-in is allowed.
    pub status: CustomerStatus,
    /// Credential generation.
    pub generation: i64,
    /// What the rules about factors need to know.
    pub facts: FactorFacts,
}

/// What the rules about factors need to know of a customer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FactorFacts {
    /// Staff with admin rights.
    pub is_admin: bool,
    /// Whether the password has to be replaced.
    pub has_flagged_password: bool,
    /// Whether a second factor is owed: those that there were are taken away, since their owner said that somebody else got in.
    pub is_factor_suspended: bool,
    /// By which channels the password was replaced last: what comes over the same one is no second factor, until another one is shown.
    pub recovered_by: Vec<FactorKind>,
    /// The groups that the customer was put into.
    pub groups: Vec<String>,
    /// The second factor that was used last.
    pub preferred: Option<FactorKind>,
    /// The least level of a sign-in by the customer's own wish.
    pub own_acr: Option<Acr>,
    /// Whether codes can go to the e-mail address: it was proved.
    pub is_email_verified: bool,
    /// Whether the customer wants codes by e-mail.
    pub has_email_codes: bool,
    /// Whether the customer wants codes by text message, to a number that was proved.
    pub has_sms_codes: bool,
}

impl Standing {
    /// Whether something that was begun under `generation` still holds.
    pub fn upholds(&self, generation: i64) -> bool {
        self.status == CustomerStatus::Active && self.generation == generation
    }
}

/// A customer to be made.
#[derive(Clone)]
pub struct NewCustomer {
    /// E-mail.
    pub email: EmailAddress,
    /// Whether the mailbox was proved.
    pub is_email_verified: bool,
    /// Telephone.
    pub phone: Option<PhoneNumber>,
    /// Whether the number was proved.
    pub is_phone_verified: bool,
    /// Staff or customer.
    pub role: CustomerRole,
    /// Profile claims.
    pub profile: Profile,
    /// Postal address.
    pub address: Option<PostalAddress>,
    /// `YYYY-MM-DD`.
    pub birth_date: Option<String>,
}
