//! The formats: what each product's export says of a customer, in the words of ours.

mod answer;
mod auth0;
mod csv;
mod firebase;
mod keycloak;
mod kratos;

use std::collections::HashMap;

use serde::de::DeserializeOwned;

use super::records::Layout;
use super::{ImportedApp, ImportedCustomer, ImportedKey, LeftBehind, MAX_NAME_CHARACTERS, OldId, RecordRefused};
use crate::base::contact::{EmailAddress, PhoneNumber};
use crate::base::time::UnixSeconds;
use crate::identity::customers::{CustomerRole, NewCustomer, Profile};
use crate::identity::factors::password::foreign::{FirebaseProject, ForeignHash, ForeignRefused};
use crate::identity::factors::totp::Seed;
use crate::identity::signup::rules::clean_name;

pub use answer::read_answer;
pub use auth0::read_passwords;
pub use firebase::read_project;

/// The longest subject (OIDC Core section 2).
const MAX_SUBJECT_BYTES: usize = 255;

/// A product's export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A realm, or its users, as `kc.sh export` writes them.
    Keycloak,
    /// A users export, a value a line, or the schema of the bulk import.
    Auth0,
    /// `firebase auth:export` as JSON.
    Firebase,
    /// Identities of Ory Kratos with their credentials.
    Kratos,
    /// A table with a head row.
    Csv,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 5] = [Self::Keycloak, Self::Auth0, Self::Firebase, Self::Kratos, Self::Csv];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Keycloak => "keycloak",
            Self::Auth0 => "auth0",
            Self::Firebase => "firebase",
            Self::Kratos => "kratos",
            Self::Csv => "csv",
        }
    }

    /// By its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.word() == word)
    }

    /// How its records lie in the file.
    pub const fn layout(self) -> Layout {
        match self {
            Self::Keycloak | Self::Firebase => Layout::Json(Some("users")),
            Self::Auth0 | Self::Kratos => Layout::Json(None),
            Self::Csv => Layout::Table,
        }
    }
}

/// What an operator says of the file, beyond what stands in it.
#[derive(Default)]
pub struct Reading {
    /// The hash parameters of a Firebase project.
    pub project: Option<FirebaseProject>,
    /// Password hashes that came in a file of their own, by the old id.
    pub passwords: HashMap<String, String>,
    /// What is said of addresses whose export does not say whether they were proved.
    pub unsaid_emails: UnsaidEmails,
    /// What the operator calls the old shop, where the ids of several may be alike.
    pub source: String,
    /// What subjects are to be.
    pub subjects: Subjects,
}

/// What holds of an address when the export says nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum UnsaidEmails {
    /// It was not proved.
    #[default]
    Unproved,
    /// The old shop proved every address.
    Proved,
}

/// What clients are told of a customer from elsewhere.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Subjects {
    /// A fresh subject.
    #[default]
    Fresh,
    /// The old id.
    Kept,
}

/// Reads the records of one file.
pub struct Reader {
    format: Format,
    reading: Reading,
    head: Option<csv::Head>,
}

impl Reader {
    /// A reader of `format`.
    pub fn new(format: Format, reading: Reading) -> Self {
        Self { format, reading, head: None }
    }

    /// Whether the next record is the head of the table.
    pub fn wants_head(&self) -> bool {
        self.format == Format::Csv && self.head.is_none()
    }

    /// Takes the head of the table.
    ///
    /// # Errors
    /// A sentence when it names no column for the e-mail address.
    pub fn take_head(&mut self, record: &[u8]) -> Result<(), String> {
        self.head = Some(csv::Head::read(record)?);
        Ok(())
    }

    /// What a record says.
    ///
    /// # Errors
    /// [`RecordRefused`].
    pub fn read(&self, record: &[u8]) -> Result<ImportedCustomer, RecordRefused> {
        let draft = match self.format {
            Format::Keycloak => keycloak::read(record)?,
            Format::Auth0 => auth0::read(record, &self.reading)?,
            Format::Firebase => firebase::read(record, self.reading.project.as_ref())?,
            Format::Kratos => kratos::read(record)?,
            Format::Csv => self.head.as_ref().ok_or(RecordRefused::Malformed)?.draft(record)?,
        };
        let old = filled(draft.id.clone()).map(|id| OldId { space: format!("{}|{}", self.format.word(), self.reading.source), id });
        Ok(ImportedCustomer { old, ..draft.finish(&self.reading)? })
    }

    /// Begins at the start of the file again.
    pub fn rewind(&mut self) {
        self.head = None;
    }
}

/// A record on its way.
#[derive(Default)]
struct Draft {
    id: Option<String>,
    email: Option<String>,
    is_email_verified: Option<bool>,
    phone: Option<String>,
    is_phone_verified: bool,
    name: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    nickname: Option<String>,
    locale: Option<String>,
    created_at: Option<UnixSeconds>,
    is_locked: bool,
    must_replace_password: bool,
    password: Option<Result<ForeignHash, LeftBehind>>,
    apps: Vec<Option<ImportedApp>>,
    keys: Vec<Option<ImportedKey>>,
}

impl Draft {
    fn finish(self, reading: &Reading) -> Result<ImportedCustomer, RecordRefused> {
        let mut left = Vec::new();
        let email = self.email.filter(|email| !email.trim().is_empty()).ok_or(RecordRefused::NoEmail)?;
        let email = EmailAddress::parse(&email).map_err(|_| RecordRefused::BadEmail)?;
        let phone = self.phone.filter(|phone| !phone.trim().is_empty()).and_then(|phone| {
            let parsed = PhoneNumber::parse(&phone).ok();
            if parsed.is_none() {
                left.push(LeftBehind::Phone);
            }
            parsed
        });
        let mut text = |text: Option<String>| {
            let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())?;
            // As names are that are typed here: nothing in them that cannot be seen.
            let clean = clean_name(&text);
            if clean.is_none() {
                left.push(LeftBehind::Text);
            }
            clean
        };
        let (given_name, family_name) = (text(self.given_name), text(self.family_name));
        let whole = [given_name.as_deref(), family_name.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let profile = Profile {
            name: text(self.name).or_else(|| Some(whole).filter(|whole| !whole.is_empty())),
            nickname: text(self.nickname),
            locale: text(self.locale).map(|locale| locale.replace('_', "-")),
            given_name,
            family_name,
            ..Profile::default()
        };
        let password = self.password.and_then(|password| password.map_err(|refused| left.push(refused)).ok());
        left.extend(self.apps.iter().filter(|app| app.is_none()).map(|_| LeftBehind::App));
        left.extend(self.keys.iter().filter(|key| key.is_none()).map(|_| LeftBehind::Key));
        let subject = self.id.filter(|_| reading.subjects == Subjects::Kept);
        let is_subject = |subject: &String| (1..=MAX_SUBJECT_BYTES).contains(&subject.len()) && subject.bytes().all(|byte| byte.is_ascii_graphic());
        if subject.as_ref().is_some_and(|subject| !is_subject(subject)) {
            left.push(LeftBehind::Subject);
        }
        Ok(ImportedCustomer {
            new: NewCustomer {
                email,
                is_email_verified: self.is_email_verified.unwrap_or(reading.unsaid_emails == UnsaidEmails::Proved),
                is_phone_verified: self.is_phone_verified && phone.is_some(),
                phone,
                role: CustomerRole::Customer,
                profile,
                address: None,
                birth_date: None,
            },
            created_at: self.created_at.filter(|at| at.0 > 0),
            is_locked: self.is_locked,
            must_replace_password: self.must_replace_password,
            password,
            apps: self.apps.into_iter().flatten().collect(),
            keys: self.keys.into_iter().flatten().collect(),
            old: None,
            subject: subject.filter(is_subject),
            left,
        })
    }
}

fn json<T: DeserializeOwned>(record: &[u8]) -> Result<T, RecordRefused> {
    serde_json::from_slice(record).map_err(|_| RecordRefused::Malformed)
}

/// A hash in the form of its family.
fn hash(text: &str) -> Result<ForeignHash, LeftBehind> {
    ForeignHash::parse(text).map_err(LeftBehind::Password)
}

/// What was given, unless it is empty.
fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

/// What an authenticator is called.
fn label(text: Option<&str>) -> String {
    let text = text.unwrap_or_default().trim();
    let is_sound = !text.is_empty() && text.chars().count() <= MAX_NAME_CHARACTERS && !text.chars().any(char::is_control);
    if is_sound { text.to_owned() } else { "Authenticator".to_owned() }
}

/// A seed in base32, as apps take it.
fn seed_of(base32: &str) -> Option<Seed> {
    let plain: String = base32.chars().filter(|character| !character.is_whitespace() && !"=-".contains(*character)).collect();
    let secret = totp_rs::Secret::try_from_base32(plain.to_ascii_uppercase()).ok()?;
    Seed::from_bytes(secret.as_bytes())
}

/// Milliseconds since 1970.
fn from_millis(millis: i64) -> UnixSeconds {
    UnixSeconds(millis.div_euclid(1_000))
}

impl From<ForeignRefused> for LeftBehind {
    fn from(refused: ForeignRefused) -> Self {
        Self::Password(refused)
    }
}

#[cfg(test)]
#[path = "formats_tests.rs"]
mod tests;
