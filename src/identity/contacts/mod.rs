//! A change of e-mail address, second mailbox or telephone: proven by a code to the new one, told to the old one with a link that takes it back for three days, and with it everything that was changed since.

pub mod store;

use store::ContactChange;

use crate::base::assurance::FactorKind;
use crate::base::contact::{EmailAddress, PhoneNumber};
use crate::base::encoding::hex;
use crate::base::ids::{ContactChangeId, CustomerId, SessionId};
use crate::base::time::UnixSeconds;
use crate::identity::attempts::rules::{AttemptPolicy, BucketLimit};
use crate::identity::attempts::store as attempts;
use crate::identity::customers::store::KeptCustomer;
use crate::identity::customers::{self, Customer};
use crate::identity::erasure;
use crate::identity::factors::passkey::store::KeptPasskey;
use crate::identity::factors::password::StoredHash;
use crate::identity::factors::recovery_code::store::KeptCode;
use crate::identity::factors::sent_code::rules::{CODE_SECONDS, TextLane, lanes};
use crate::identity::factors::totp::store::KeptApp;
use crate::identity::factors::{passkey, password, recovery_code, sent_code, totp, upstream};
use crate::identity::messages::{self, Addressee, Code, CodePurpose, Desk, Mail, Notice};
use crate::identity::recovery;
use crate::identity::sessions::SignedIn;
use crate::identity::signin::enrolment::tell_by_text;
use crate::identity::signin::gate::SigninState;
use crate::identity::signin::new_password::{Kept, end_everything};
use crate::identity::tickets::Purpose;
use crate::identity::tickets::store::{end_tickets, insert_ticket, redeem_ticket};
use crate::platform::audit::{self, Actor, Entry, EventSpec, Origin};
use crate::platform::crypto::keyring::KeyRing;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::http::client_address::source_of;
use crate::platform::vault::blind_index;

/// A contact was changed.
pub const CONTACT_CHANGED: EventSpec =
    EventSpec::new("contact_changed", "A customer replaced, added or took away an e-mail address, a second mailbox or a telephone; for three days it can be taken back.");
/// A customer proved the address of the account.
pub const EMAIL_PROVEN: EventSpec = EventSpec::new("email_proven", "A customer who had come from elsewhere proved the address that the account had.");
/// A change was taken back.
pub const CONTACT_RESTORED: EventSpec =
    EventSpec::new("contact_restored", "A change of contact was taken back from the old address, and with it everything that was changed since; every session ended.");

/// How long the account stands still after a change was taken back, in seconds.
const FREEZE_SECONDS: i64 = 86_400;
/// Codes to one new address in an hour.
const ADDRESS_LIMIT: i64 = 5;
/// How long after one code the next may go, in seconds.
const PAUSE_SECONDS: i64 = 20;

/// What is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactKind {
    /// The e-mail address of the account.
    Email,
    /// The second mailbox.
    BackupEmail,
    /// The telephone.
    Phone,
}

impl ContactKind {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::BackupEmail => "backup-email",
            Self::Phone => "phone",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Email, Self::BackupEmail, Self::Phone].into_iter().find(|kind| kind.word() == word)
    }
}

/// A new value, in its canonical form.
#[derive(Clone)]
pub enum NewContact {
    /// An address.
    Email(EmailAddress),
    /// A second mailbox.
    BackupEmail(EmailAddress),
    /// A telephone.
    Phone(PhoneNumber),
}

impl NewContact {
    /// Reads what was typed; `None` when it is none.
    pub fn parse(kind: ContactKind, typed: &str) -> Option<Self> {
        match kind {
            ContactKind::Email => EmailAddress::parse(typed).ok().map(Self::Email),
            ContactKind::BackupEmail => EmailAddress::parse(typed).ok().map(Self::BackupEmail),
            ContactKind::Phone => PhoneNumber::parse(typed).ok().map(Self::Phone),
        }
    }

    const fn kind(&self) -> ContactKind {
        match self {
            Self::Email(_) => ContactKind::Email,
            Self::BackupEmail(_) => ContactKind::BackupEmail,
            Self::Phone(_) => ContactKind::Phone,
        }
    }

    fn text(&self) -> &str {
        match self {
            Self::Email(email) | Self::BackupEmail(email) => email.as_str(),
            Self::Phone(phone) => phone.as_str(),
        }
    }
}

/// Why nothing was changed. The words are those of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactRefused {
    /// It is what there is.
    Same,
    /// The account stands still.
    Frozen,
    /// Too many messages, or tries.
    Throttled,
    /// Numbers cannot be proven here.
    NoWay,
    /// Not the code, or no longer.
    Code,
    /// A mailbox that is thrown away after a while, or one that the operator does not take.
    Disposable,
}

impl ContactRefused {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Frozen => "frozen",
            Self::Throttled => "throttled",
            Self::NoWay => "no-way",
            Self::Code => "code",
            Self::Disposable => "disposable",
        }
    }
}

fn code_owner(change: &ContactChangeId) -> String {
    format!("contact:{change}")
}

fn limit(limit: i64, window_seconds: i64) -> BucketLimit {
    BucketLimit { limit, window_seconds, consecutive_limit: None }
}

/// Begins a change: a code goes to the new address or number. To an address that somebody else has goes a mail that says so, and no code comes of it; the answer is the same.
///
/// # Errors
/// [`StoreError`].
pub fn begin(tx: &mut WriteTx<'_>, state: &SigninState, signed_in: &SignedIn, new: &NewContact, origin: &Origin) -> Result<Result<(), ContactRefused>, StoreError> {
    let (tools, desk) = (&state.tools, Desk::of(&state.http));
    let Some(customer) = customers::store::find_customer(tx, &tools.ring, signed_in.customer())? else { return Ok(Err(ContactRefused::Code)) };
    if customer.frozen_until.is_some_and(|until| until > tools.now()) {
        return Ok(Err(ContactRefused::Frozen));
    }
    let is_same = match new {
        NewContact::Email(email) => *email == customer.email && customer.is_email_verified,
        NewContact::BackupEmail(email) => *email == customer.email || Some(email) == customer.backup_email.as_ref(),
        NewContact::Phone(phone) => Some(phone) == customer.phone.as_ref() && customer.is_phone_verified,
    };
    if is_same {
        return Ok(Err(ContactRefused::Same));
    }
    if let NewContact::Email(email) | NewContact::BackupEmail(email) = new
        && *email != customer.email
        && state.signup.is_blocked(email)
    {
        return Ok(Err(ContactRefused::Disposable));
    }
    let kind = if matches!(new, NewContact::Phone(_)) { FactorKind::SmsCode } else { FactorKind::EmailCode };
    if !count_message(tx, state, &customer, new, origin)? {
        return Ok(Err(ContactRefused::Throttled));
    }
    let change = store::insert_change(tx, tools, &customer.id, signed_in.session_id(), new.kind(), new.text())?;
    let (owner, expires_at) = (code_owner(&change), tools.now().plus(CODE_SECONDS));
    let code = sent_code::store::begin_code(tx, tools, &owner, kind)?;
    match new {
        NewContact::Email(email) if *email != customer.email && customers::store::find_by_email(tx, &tools.ring, email)?.is_some() => {
            sent_code::store::end_code(tx, &owner, kind)?;
            if let Some(other) = customers::store::find_by_email(tx, &tools.ring, email)? {
                messages::send_notice(tx, &desk, Notice::AlreadyJoined, &other)?;
            }
        }
        NewContact::Email(email) | NewContact::BackupEmail(email) => {
            // Not yet theirs: the message centre of the account keeps it, its phrase is not shown there.
            let to = Addressee { email: email.as_str(), phrase: None, ..Addressee::of(&state.http.texts, &customer) };
            messages::send_code(tx, &desk, &to, &Code::plain(CodePurpose::NewAddress, &code, expires_at))?;
        }
        NewContact::Phone(phone) => {
            let at = Customer { phone: Some(phone.clone()), ..customer };
            messages::send_text_code(tx, &desk, &at, &Code::plain(CodePurpose::NewAddress, &code, expires_at))?;
        }
    }
    Ok(Ok(()))
}

fn count_message(tx: &mut WriteTx<'_>, state: &SigninState, customer: &Customer, new: &NewContact, origin: &Origin) -> Result<bool, StoreError> {
    let (tools, source) = (&state.tools, origin.address.map_or_else(|| "unknown".to_owned(), source_of));
    let buckets = match new {
        NewContact::Phone(phone) => {
            let index = blind_index(&tools.ring, "phone", phone.as_str());
            lanes(FactorKind::SmsCode, customer.id.as_str(), Some(&TextLane { phone, index: &index, source: &source, caps: state.sms_caps }))
        }
        NewContact::Email(email) | NewContact::BackupEmail(email) => {
            let index = hex(&blind_index(&tools.ring, "email", email.as_str()));
            vec![
                (format!("contact-pause:{}", customer.id), limit(1, PAUSE_SECONDS)),
                (format!("contact-hour:{}", customer.id), limit(2 * ADDRESS_LIMIT, 3_600)),
                (format!("contact-address:{index}"), limit(ADDRESS_LIMIT, 3_600)),
            ]
        }
    };
    Ok(attempts::count_in_each(tx, &buckets, tools.now())?.is_ok())
}

/// How an account was before a change: all that somebody could alter since.
#[derive(serde::Serialize, serde::Deserialize)]
struct Snapshot {
    customer: KeptCustomer,
    phc: Option<String>,
    passkeys: Vec<KeptPasskey>,
    apps: Vec<KeptApp>,
    codes: Vec<KeptCode>,
    /// Since when a second factor is owed, and what the password was replaced by.
    #[serde(default)]
    suspended_at: Option<UnixSeconds>,
    #[serde(default)]
    recovered_by: Vec<FactorKind>,
}

fn take_snapshot(connection: &mut DbConnection, ring: &KeyRing, id: &CustomerId) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(customer) = customers::store::keep_row(connection, id)? else { return Ok(None) };
    let facts = customers::store::find_standing(connection, id)?.map(|standing| standing.facts).unwrap_or_default();
    let snapshot = Snapshot {
        customer,
        suspended_at: customers::details::store::find_suspension(connection, id)?,
        recovered_by: facts.recovered_by,
        phc: password::store::find_hash(connection, ring, id)?.map(|hash| hash.to_text()),
        passkeys: passkey::store::keep_rows(connection, id)?,
        apps: totp::store::keep_rows(connection, id)?,
        codes: recovery_code::store::keep_rows(connection, id)?,
    };
    serde_json::to_vec(&snapshot).map(Some).map_err(|error| StoreError::Unavailable(error.to_string()))
}

/// Takes the code and carries the change out.
///
/// # Errors
/// [`StoreError`].
pub fn confirm(tx: &mut WriteTx<'_>, state: &SigninState, signed_in: &SignedIn, kind: ContactKind, typed: &str, origin: &Origin) -> Result<Result<(), ContactRefused>, StoreError> {
    let (tools, id) = (&state.tools, signed_in.customer());
    // Apart from those of recoveries, which anybody may begin.
    let lanes = AttemptPolicy::recovery_lanes(&format!("contact:{id}"));
    if attempts::count_in_each(tx, &lanes, tools.now())?.is_err() {
        return Ok(Err(ContactRefused::Throttled));
    }
    let Some(change) = store::find_open(tx, tools, id, signed_in.session_id(), kind)? else { return Ok(Err(ContactRefused::Code)) };
    let sent = if kind == ContactKind::Phone { FactorKind::SmsCode } else { FactorKind::EmailCode };
    if sent_code::store::redeem_code(tx, tools, &code_owner(&change.id), sent, typed)?.is_err() {
        return Ok(Err(ContactRefused::Code));
    }
    attempts::return_tries(tx, &lanes)?;
    let Some(new) = NewContact::parse(kind, &change.value) else { return Ok(Err(ContactRefused::Code)) };
    // Somebody who came from elsewhere proves the address that is there: nothing changes, so nothing is to be taken back.
    if let NewContact::Email(email) = &new
        && customers::store::note_email_proven(tx, &tools.ring, id, email)?
    {
        audit::record(tx, tools, &Entry::success(EMAIL_PROVEN, Actor::Customer(id.to_string()), format!("customer:{id}"), origin))?;
        return Ok(Ok(()));
    }
    let is_done = carry_out(tx, state, &change, Some(&new), (Actor::Customer(id.to_string()), origin))?;
    Ok(if is_done { Ok(()) } else { Err(ContactRefused::Code) })
}

/// Takes the second mailbox or the telephone away.
///
/// # Errors
/// [`StoreError`].
pub fn remove(tx: &mut WriteTx<'_>, state: &SigninState, signed_in: &SignedIn, kind: ContactKind, origin: &Origin) -> Result<Result<(), ContactRefused>, StoreError> {
    let (tools, id) = (&state.tools, signed_in.customer());
    let Some(customer) = customers::store::find_customer(tx, &tools.ring, id)?.filter(|_| kind != ContactKind::Email) else { return Ok(Err(ContactRefused::Code)) };
    if customer.frozen_until.is_some_and(|until| until > tools.now()) {
        return Ok(Err(ContactRefused::Frozen));
    }
    let change = store::insert_change(tx, tools, id, signed_in.session_id(), kind, "")?;
    let Some(change) = store::find_change(tx, tools, &change)? else { return Ok(Err(ContactRefused::Code)) };
    carry_out(tx, state, &change, None, (Actor::Customer(id.to_string()), origin))?;
    Ok(Ok(()))
}

/// Replaces the e-mail address of a customer in whose name staff asked for it, and who confirmed the new one. The old one is told, and can take it back, as after a change of their own. False when it cannot be: it belongs to somebody else by now.
///
/// # Errors
/// [`StoreError`].
pub fn replace_email_for(tx: &mut WriteTx<'_>, state: &SigninState, id: &CustomerId, email: &EmailAddress, actor: Actor, origin: &Origin) -> Result<bool, StoreError> {
    let tools = &state.tools;
    // Begun in no session: nobody can prove it there.
    let nowhere = SessionId::generate(tools.now_micros(), tools.entropy());
    let change = store::insert_change(tx, tools, id, &nowhere, ContactKind::Email, email.as_str())?;
    let Some(change) = store::find_change(tx, tools, &change)? else { return Ok(false) };
    carry_out(tx, state, &change, Some(&NewContact::Email(email.clone())), (actor, origin))
}

fn carry_out(tx: &mut WriteTx<'_>, state: &SigninState, change: &ContactChange, new: Option<&NewContact>, (actor, origin): (Actor, &Origin)) -> Result<bool, StoreError> {
    let (tools, id) = (&state.tools, &change.customer);
    let (Some(before), Some(snapshot)) = (customers::store::find_customer(tx, &tools.ring, id)?, take_snapshot(tx, &tools.ring, id)?) else { return Ok(false) };
    let is_changed = match (change.kind, new) {
        (ContactKind::Email, Some(NewContact::Email(email))) => !store::is_reserved(tx, tools, email, Some(id))? && customers::store::replace_email(tx, tools, id, email)?,
        (ContactKind::Phone, Some(NewContact::Phone(phone))) => customers::store::replace_phone(tx, tools, id, Some(phone), true)?,
        (ContactKind::Phone, None) => customers::store::replace_phone(tx, tools, id, None, false)?,
        (ContactKind::BackupEmail, Some(NewContact::BackupEmail(email))) => customers::store::replace_backup_email(tx, tools, id, Some(email)).map(|()| true)?,
        (ContactKind::BackupEmail, None) => customers::store::replace_backup_email(tx, tools, id, None).map(|()| true)?,
        _ => false,
    };
    if !is_changed || !store::apply_change(tx, tools, change, &snapshot, (change.kind == ContactKind::Email).then_some(&before.email))? {
        return Ok(false);
    }
    // Whoever recovers by the old address has to begin again.
    recovery::store::end_recoveries(tx, id, None)?;
    tell_change(tx, state, change, &before)?;
    let detail = serde_json::json!({ "kind": change.kind.word(), "change": change.id, "removed": new.is_none() });
    audit::record(tx, tools, &Entry::success(CONTACT_CHANGED, actor, format!("customer:{id}"), origin).with_detail(detail))?;
    Ok(true)
}

/// Tells the old addresses, each with the link that takes it back; and the new one that it is in use.
fn tell_change(tx: &mut WriteTx<'_>, state: &SigninState, change: &ContactChange, before: &Customer) -> Result<(), StoreError> {
    let (tools, desk) = (&state.tools, Desk::of(&state.http));
    // A mailbox that is new has no say yet, since somebody else may have put it in: what put it in can be taken back by the one before. A second one that is replaced or taken away itself may bring itself back, and nothing else.
    let has_say = |since: Option<UnixSeconds>| since.is_some_and(|since| tools.now().since(since) >= recovery::CHANGE_COOL_DOWN_SECONDS);
    let second = before.backup_email.as_ref().filter(|_| has_say(before.backup_email_since)).map(|email| {
        let about = if change.kind == ContactKind::BackupEmail { format!("{}{NARROW}", change.id) } else { change.id.to_string() };
        (email.as_str(), about)
    });
    let first = (before.email_changed_at.is_none() || has_say(before.email_changed_at)).then(|| (before.email.as_str(), change.id.to_string()));
    if first.is_none() {
        // It cannot take the change back, but whoever reads it hears of it, and can say that it was not them.
        messages::send_notice(tx, &desk, Notice::ContactChanged, before)?;
    }
    for (address, about) in first.into_iter().chain(second) {
        let secret = insert_ticket(tx, tools, Purpose::Undo, &before.id, &about)?;
        let link = state.http.issuer.at(&format!("/undo/{}", secret.expose()));
        let what = desk.texts.text(messages::language_of(desk.texts, before), &format!("contact-{}", change.kind.word()), &[]);
        let mail = Mail {
            word: "contact-undo",
            values: &[("what", &what), ("link", &link)],
            secrets: &[secret.expose()],
            after: None,
            last_line: None,
            expires_at: None,
        };
        messages::send_mail(tx, &desk, &Addressee { email: address, ..Addressee::of(desk.texts, before) }, &mail)?;
    }
    tell_by_text(tx, state, before, Notice::ContactChanged)?;
    if change.kind == ContactKind::Email
        && let Some(after) = customers::store::find_customer(tx, &tools.ring, &before.id)?
    {
        messages::send_notice(tx, &desk, Notice::ContactChanged, &after)?;
    }
    Ok(())
}

/// What a ticket is about that brings the second mailbox back and nothing else ends with.
const NARROW: &str = ":second-mailbox";

/// Brings the second mailbox back as a new one.
fn undo_narrow(tx: &mut WriteTx<'_>, state: &SigninState, change: &ContactChange, origin: &Origin) -> Result<bool, StoreError> {
    let (tools, now, id) = (&state.tools, state.tools.now(), &change.customer);
    let Some(plain) = store::find_snapshot(tx, tools, change)? else { return Ok(false) };
    let snapshot: Snapshot = serde_json::from_slice(&plain).map_err(|_| StoreError::corrupt("contact_changes", "snapshot_sealed", change.id.as_str()))?;
    if !store::undo_one(tx, change, now)? {
        return Ok(false);
    }
    customers::details::store::restore_backup_email(tx, id, &snapshot.customer, now)?;
    if let Some(customer) = customers::store::find_customer(tx, &tools.ring, id)? {
        messages::send_notice(tx, &Desk::of(&state.http), Notice::ContactChanged, &customer)?;
    }
    let detail = serde_json::json!({ "change": change.id, "restored": "second_mailbox" });
    audit::record(tx, tools, &Entry::success(CONTACT_RESTORED, Actor::Customer(id.to_string()), format!("customer:{id}"), origin).with_detail(detail))?;
    Ok(true)
}

/// Takes a change back, and with it everything that was changed since: contact, profile, wishes, password, authenticators. Every session ends, and the account stands still for a day. False when the ticket is used, or too old.
///
/// # Errors
/// [`StoreError`].
pub fn undo(tx: &mut WriteTx<'_>, state: &SigninState, secret: &crate::base::secret::Secret, origin: &Origin) -> Result<bool, StoreError> {
    let (tools, now) = (&state.tools, state.tools.now());
    let Some(ticket) = redeem_ticket(tx, tools, Purpose::Undo, secret)? else { return Ok(false) };
    let id = &ticket.customer;
    customers::store::hold_row(tx, id)?;
    let (named, is_narrow) = ticket.about.strip_suffix(NARROW).map_or((ticket.about.as_str(), false), |named| (named, true));
    let change = match named.parse() {
        Ok(change) => store::find_change(tx, tools, &change)?.filter(|change| change.customer == *id && change.undone_at.is_none()),
        Err(_) => None,
    };
    let Some(change) = change else { return Ok(false) };
    if is_narrow {
        return undo_narrow(tx, state, &change, origin);
    }
    let Some(plain) = store::find_snapshot(tx, tools, &change)? else { return Ok(false) };
    let snapshot: Snapshot = serde_json::from_slice(&plain).map_err(|_| StoreError::corrupt("contact_changes", "snapshot_sealed", change.id.as_str()))?;
    let replaced = customers::store::find_customer(tx, &tools.ring, id)?;
    customers::store::restore_row(tx, id, &snapshot.customer, now)?;
    let authenticators = passkey::store::restore_rows(tx, id, &snapshot.passkeys)?
        + totp::store::restore_rows(tx, id, &snapshot.apps)?
        + recovery_code::store::restore_rows(tx, id, &snapshot.codes)?;
    upstream::disconnect_all(tx, tools, id, "contact_restored", origin)?;
    password::store::restore_hash(tx, tools, id, snapshot.phc.as_deref().and_then(StoredHash::parse).as_ref())?;
    // Whoever got in may have had the password from somewhere.
    customers::store::flag_password(tx, id, Some("undone"))?;
    let ended = end_everything(tx, state, id, "contact_restored", &Kept::default())?;
    recovery::store::end_recoveries(tx, id, None)?;
    erasure::stop(tx, tools, id, origin)?;
    customers::details::store::keep_suspension(tx, id, snapshot.suspended_at)?;
    customers::details::store::keep_recovered_by(tx, id, &snapshot.recovered_by)?;
    customers::details::store::freeze(tx, id, now.plus(FREEZE_SECONDS))?;
    let undone = store::undo_changes(tx, &change, now)?;
    for purpose in [Purpose::NotMe, Purpose::Recover] {
        end_tickets(tx, id, purpose, now)?;
    }
    if let Some(customer) = customers::store::find_customer(tx, &tools.ring, id)? {
        let desk = Desk::of(&state.http);
        messages::send_notice(tx, &desk, Notice::Restored, &customer)?;
        // Whoever was there until now hears of it too: it may have been the owner.
        if let Some(replaced) = replaced.filter(|replaced| replaced.email != customer.email) {
            messages::send_notice_to(tx, &desk, Notice::Restored, &customer, &Addressee { email: replaced.email.as_str(), ..Addressee::of(desk.texts, &customer) })?;
        }
    }
    let detail = serde_json::json!({ "change": change.id, "changes_undone": undone, "authenticators_restored": authenticators, "sessions_ended": ended });
    audit::record(tx, tools, &Entry::success(CONTACT_RESTORED, Actor::Customer(id.to_string()), format!("customer:{id}"), origin).with_detail(detail))?;
    Ok(true)
}
