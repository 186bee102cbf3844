//! Customers from elsewhere: exports of other products are read record by record, and brought in many at a time. Nobody who is here already is changed.

pub mod formats;
pub mod hook;
pub mod records;
pub mod store;
pub mod survey;
mod table;

use crate::base::ids::CustomerId;
use crate::base::time::UnixSeconds;
use crate::identity::contacts;
use crate::identity::customers::{self, CustomerStatus, NewCustomer};
use crate::identity::factors::passkey;
use crate::identity::factors::passkey::foreign::{self as foreign_keys, ForeignKey};
use crate::identity::factors::password::foreign::{self as foreign_passwords, ForeignHash, ForeignRefused};
use crate::identity::factors::totp::{self, Seed};
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::tools::Tools;

/// Customers were brought in from a file.
pub const CUSTOMERS_IMPORTED: EventSpec = EventSpec::new("customers_imported", "Customers of another product were brought in from its export, many at a time.");

/// The most authenticators of a kind that come along with a customer.
const MAX_AUTHENTICATORS: usize = 5;
/// The longest name of an authenticator, in characters.
const MAX_NAME_CHARACTERS: usize = 60;

/// Why a record did not come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecordRefused {
    /// Not a record of the format.
    #[error("the record is not in the form of the format")]
    Malformed,
    /// Longer than a record may be.
    #[error("the record is too long")]
    TooLong,
    /// The file ends within it.
    #[error("the file ends within the record")]
    Cut,
    /// It has no e-mail address.
    #[error("the record has no e-mail address")]
    NoEmail,
    /// An account of a program.
    #[error("the record is an account of a program, not of a person")]
    NoPerson,
    /// Its e-mail address is none.
    #[error("the e-mail address is not one")]
    BadEmail,
}

impl RecordRefused {
    /// A fixed word for reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::TooLong => "too_long",
            Self::Cut => "cut_off",
            Self::NoEmail => "no_email",
            Self::NoPerson => "no_person",
            Self::BadEmail => "bad_email",
        }
    }
}

/// What of a record did not come along with its customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftBehind {
    /// The password: its owner sets a new one.
    Password(ForeignRefused),
    /// The project's hash parameters were not given.
    NoParameters,
    /// The telephone is none, or not in international form.
    Phone,
    /// Somebody here has the telephone.
    PhoneTaken,
    /// A name or the like: too long, or with control characters.
    Text,
    /// An authenticator app: another algorithm, length or step than apps share.
    App,
    /// A passkey or security key.
    Key,
    /// Somebody here has the passkey or security key.
    KeyTaken,
    /// The old id cannot be the subject, or somebody here has it.
    Subject,
    /// Several records have the address, and not exactly one of them has it proved: nothing that opens the account came along.
    Twice,
}

impl LeftBehind {
    /// A fixed word for reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Password(refused) => refused.word(),
            Self::NoParameters => "hash_parameters_missing",
            Self::Phone => "phone_invalid",
            Self::PhoneTaken => "phone_taken",
            Self::Text => "text_invalid",
            Self::App => "totp_unsupported",
            Self::Key => "passkey_unsupported",
            Self::KeyTaken => "passkey_taken",
            Self::Subject => "subject_unusable",
            Self::Twice => "email_twice",
        }
    }
}

/// An authenticator app of a record.
#[derive(Clone)]
pub struct ImportedApp {
    /// Its seed.
    pub seed: Seed,
    /// What its owner calls it.
    pub name: String,
}

/// A passkey or security key of a record.
pub struct ImportedKey {
    /// The credential.
    pub key: ForeignKey,
    /// What its owner calls it.
    pub name: String,
}

/// Who somebody was in the old shop.
#[derive(Clone, PartialEq, Eq)]
pub struct OldId {
    /// Within which an id is one person's: the format, and the source where the operator names one.
    pub space: String,
    /// The id.
    pub id: String,
}

/// A customer as a record describes them.
pub struct ImportedCustomer {
    /// Contact and profile.
    pub new: NewCustomer,
    /// When the account was made there.
    pub created_at: Option<UnixSeconds>,
    /// Locked there.
    pub is_locked: bool,
    /// The old shop wanted another password at the next sign-in.
    pub must_replace_password: bool,
    /// The password's hash.
    pub password: Option<ForeignHash>,
    /// Authenticator apps.
    pub apps: Vec<ImportedApp>,
    /// Passkeys and security keys.
    pub keys: Vec<ImportedKey>,
    /// The old id, where there is one.
    pub old: Option<OldId>,
    /// The old id, where it is to be the subject.
    pub subject: Option<String>,
    /// What did not come along.
    pub left: Vec<LeftBehind>,
}

/// What became of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Brought {
    /// It came in, as this customer, without these parts.
    In(CustomerId, Vec<LeftBehind>),
    /// It did not; nothing was changed.
    Not(Skipped),
}

/// Why a sound record did not come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Skipped {
    /// Somebody here has its e-mail address.
    Present,
    /// Somebody here had its e-mail address until lately, and may still take it back.
    Reserved,
    /// Whoever it describes came in at an earlier time; they changed their address since, or were erased.
    CameBefore,
    /// Another record of the file has its e-mail address, and proved.
    Twice,
}

impl Skipped {
    /// A fixed word for reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Present => "email_present",
            Self::Reserved => "email_reserved",
            Self::CameBefore => "came_before",
            Self::Twice => "email_twice",
        }
    }
}

/// Brings a customer in, unless the e-mail address is here already, or can be taken back by somebody, or the customer came before.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody else took the address, telephone or subject in this moment.
pub fn bring_in(tx: &mut WriteTx<'_>, tools: &Tools, person: &ImportedCustomer) -> Result<Brought, StoreError> {
    if customers::store::find_standing_by_email(tx, &tools.ring, &person.new.email)?.is_some() {
        return Ok(Brought::Not(Skipped::Present));
    }
    if contacts::store::is_reserved(tx, tools, &person.new.email, None)? {
        return Ok(Brought::Not(Skipped::Reserved));
    }
    let marks = store::marks(&tools.ring, person.old.as_ref(), &person.new.email);
    if store::is_known(tx, &marks)? {
        return Ok(Brought::Not(Skipped::CameBefore));
    }
    store::remember(tx, &marks)?;
    let (mut new, mut left) = (person.new.clone(), person.left.clone());
    if let Some(phone) = &new.phone
        && customers::details::store::is_phone_taken(tx, &tools.ring, phone)?
    {
        (new.phone, new.is_phone_verified) = (None, false);
        left.push(LeftBehind::PhoneTaken);
    }
    let mut subject = person.subject.as_deref();
    if let Some(wanted) = subject
        && customers::details::store::is_subject_taken(tx, wanted)?
    {
        subject = None;
        left.push(LeftBehind::Subject);
    }
    let id = customers::store::insert_customer(tx, tools, &new)?;
    let status = if person.is_locked { CustomerStatus::Locked } else { CustomerStatus::Active };
    customers::details::store::keep_origin(tx, &id, person.created_at, subject, status)?;
    if let Some(hash) = &person.password {
        foreign_passwords::store::insert_foreign(tx, tools, &id, hash)?;
    } else if !person.left.contains(&LeftBehind::Twice) {
        // Where several had the address, nobody can say whose password it would be.
        foreign_passwords::store::note_elsewhere(tx, &id)?;
    }
    if person.must_replace_password {
        customers::store::flag_password(tx, &id, Some("imported"))?;
    }
    left.extend(person.apps.iter().skip(MAX_AUTHENTICATORS).map(|_| LeftBehind::App));
    left.extend(person.keys.iter().skip(MAX_AUTHENTICATORS).map(|_| LeftBehind::Key));
    for app in person.apps.iter().take(MAX_AUTHENTICATORS) {
        totp::store::insert_confirmed(tx, tools, &id, &app.seed, &app.name)?;
    }
    for key in person.keys.iter().take(MAX_AUTHENTICATORS) {
        match foreign_keys::read(&key.key) {
            Some(credential) if passkey::store::is_taken(tx, &credential.credential.cred_id)? => {
                drop(credential);
                left.push(LeftBehind::KeyTaken);
            }
            Some(credential) => drop(passkey::store::insert_passkey(tx, tools, &id, credential, &key.name)?),
            None => left.push(LeftBehind::Key),
        }
    }
    Ok(Brought::In(id, left))
}

/// A part of a file.
pub struct Batch {
    /// The import that it belongs to.
    pub import: String,
    /// The format's word.
    pub format: &'static str,
    /// The number of the last record before it.
    pub after: u64,
    /// The number of its last record.
    pub until: u64,
    /// Its customers, by record.
    pub people: Vec<(u64, ImportedCustomer)>,
    /// How many sound records were passed over before they came here.
    pub passed: u64,
    /// How many records were refused.
    pub refused: u64,
}

/// What became of a part.
#[derive(Debug, Default)]
pub struct Written {
    /// How many came in.
    pub imported: u64,
    /// How many sound records did not come in.
    pub skipped: u64,
    /// What did not come along, by record.
    pub left: Vec<(u64, Vec<LeftBehind>)>,
    /// Who did not come in, by record.
    pub not: Vec<(u64, Skipped)>,
}

/// Somebody else brings the same file in, and is further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotNext;

/// Brings the customers of a part in, and nothing else: for a rehearsal, whose transaction is rolled back, and for [`write_batch`].
///
/// # Errors
/// [`StoreError::Conflict`] when somebody else took an address, telephone or subject in this moment.
pub fn bring_all(tx: &mut WriteTx<'_>, tools: &Tools, batch: &Batch) -> Result<Written, StoreError> {
    let mut written = Written { skipped: batch.passed, ..Written::default() };
    for (number, person) in &batch.people {
        match bring_in(tx, tools, person)? {
            Brought::In(_, left) => {
                written.imported += 1;
                if !left.is_empty() {
                    written.left.push((*number, left));
                }
            }
            Brought::Not(skipped) => {
                written.skipped += 1;
                written.not.push((*number, skipped));
            }
        }
    }
    Ok(written)
}

/// Brings a part in, and keeps in the same transaction how far the file is done. Nothing is brought in when the part is not the next one.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody else took an address, telephone or subject in this moment: try again.
pub fn write_batch(tx: &mut WriteTx<'_>, tools: &Tools, batch: &Batch) -> Result<Result<Written, NotNext>, StoreError> {
    if !store::hold_position(tx, &batch.import, batch.after)? {
        return Ok(Err(NotNext));
    }
    let written = bring_all(tx, tools, batch)?;
    store::advance(
        tx,
        &batch.import,
        batch.until,
        &store::Counts { imported: written.imported, skipped: written.skipped, refused: batch.refused, left: written.left.len() as u64 },
    )?;
    let detail = serde_json::json!({ "format": batch.format, "imported": written.imported, "skipped": written.skipped, "refused": batch.refused });
    let entry = Entry::success(CUSTOMERS_IMPORTED, Actor::Operator, "customers", &Origin::internal("command-line")).with_detail(detail);
    audit::record(tx, tools, &entry)?;
    Ok(Ok(written))
}
