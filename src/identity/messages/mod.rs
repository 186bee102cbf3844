//! Everything that is said to a customer by mail or text message: written here, in the customer's language, kept for the message centre, and put into the outbox, all in the transaction of what it is about.

mod frame;
pub mod rules;
pub mod store;

use crate::base::ids::CustomerId;
use crate::base::purchase::Purchase;
use crate::base::secret::Secret;
use crate::base::time::UnixSeconds;
use crate::base::uri::Issuer;
use crate::identity::customers::Customer;
use crate::identity::tickets::{self, Purpose};
use crate::platform::db::{StoreError, WriteTx};
use crate::platform::http::guard::HttpState;
use crate::platform::http::page::Brands;
use crate::platform::mail::MailMessage;
use crate::platform::outbox;
use crate::platform::sms::TextMessage;
use crate::platform::texts::Texts;
use crate::platform::tools::Tools;

use rules::{Channel, HIDDEN, Message};

/// What a message needs to be written.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// Sentences.
    pub texts: &'a Texts,
    /// Ours: links lead here, never to a host that a request named.
    pub issuer: &'a Issuer,
    /// The brands: each customer is written to by that of the shop where they are.
    pub brands: &'a Brands,
    /// Clock, randomness, keys.
    pub tools: &'a Tools,
}

impl<'a> Desk<'a> {
    /// The desk of a serving node.
    pub fn of(http: &'a HttpState) -> Self {
        Self { texts: &http.texts, issuer: &http.issuer, brands: &http.brands, tools: &http.tools }
    }
}

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// A sign-in from a browser not seen before.
    NewDevice,
    /// The password was changed.
    PasswordChanged,
    /// The password is known from a breach.
    PasswordBreached,
    /// Staff locked the account.
    Locked,
    /// A way to sign in was added.
    AuthenticatorAdded,
    /// A way to sign in was removed.
    AuthenticatorRemoved,
    /// A recovery code was used.
    RecoveryCodeUsed,
    /// A security key or passkey was refused, since there may be a copy of it.
    PasskeyCloned,
    /// A recovery code was used, and few are left.
    FewRecoveryCodes,
    /// Somebody tried to join with the address of this account.
    AlreadyJoined,
    /// The account was made.
    Welcome,
    /// "This was not me" was pressed.
    Secured,
    /// The account was recovered.
    Recovered,
    /// An address, a second mailbox or a telephone was added, replaced or taken away.
    ContactChanged,
    /// A postal address was added, changed or put first.
    AddressChanged,
    /// A change of contact was taken back.
    Restored,
    /// A customer who wanted to leave stays.
    Kept,
    /// Staff looked at the account's pages as the customer sees them.
    Viewed,
    /// Staff unlocked the account.
    Unlocked,
    /// Staff sends the way to get back in.
    RecoveryOffered,
    /// A sign-in that looked unusual.
    SigninUnusual,
    /// A sign-in with the right password was stopped, since it looked unusual.
    SigninStopped,
}

impl Notice {
    /// Every one.
    pub const ALL: [Self; 22] = [
        Self::NewDevice,
        Self::PasswordChanged,
        Self::PasswordBreached,
        Self::Locked,
        Self::AuthenticatorAdded,
        Self::AuthenticatorRemoved,
        Self::RecoveryCodeUsed,
        Self::PasskeyCloned,
        Self::FewRecoveryCodes,
        Self::AlreadyJoined,
        Self::Welcome,
        Self::Secured,
        Self::Recovered,
        Self::ContactChanged,
        Self::AddressChanged,
        Self::Restored,
        Self::Kept,
        Self::Viewed,
        Self::Unlocked,
        Self::RecoveryOffered,
        Self::SigninUnusual,
        Self::SigninStopped,
    ];

    /// The word for it: the key of its sentences, and what is stored.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NewDevice => "new-device",
            Self::PasswordChanged => "password-changed",
            Self::PasswordBreached => "password-breached",
            Self::Locked => "locked",
            Self::AuthenticatorAdded => "authenticator-added",
            Self::AuthenticatorRemoved => "authenticator-removed",
            Self::RecoveryCodeUsed => "recovery-code-used",
            Self::PasskeyCloned => "passkey-cloned",
            Self::FewRecoveryCodes => "few-recovery-codes",
            Self::AlreadyJoined => "already-joined",
            Self::Welcome => "welcome",
            Self::Secured => "secured",
            Self::Recovered => "recovered",
            Self::ContactChanged => "contact-changed",
            Self::AddressChanged => "address-changed",
            Self::Restored => "restored",
            Self::Kept => "kept",
            Self::Viewed => "viewed",
            Self::Unlocked => "unlocked",
            Self::RecoveryOffered => "recovery-offered",
            Self::SigninUnusual => "signin-unusual",
            Self::SigninStopped => "signin-stopped",
        }
    }

    /// Whether it tells of something that somebody else may have done, and so carries the link that stops them.
    const fn can_be_disowned(self) -> bool {
        !matches!(self, Self::Locked | Self::Unlocked | Self::Viewed | Self::PasswordBreached | Self::AlreadyJoined | Self::Welcome | Self::Secured | Self::Restored)
    }

    /// The page that it leads to.
    const fn page(self) -> &'static str {
        match self {
            Self::NewDevice | Self::Locked | Self::Unlocked | Self::Welcome | Self::SigninUnusual => "/account",
            Self::PasswordBreached | Self::SigninStopped => "/account/password",
            Self::Viewed => "/account/activity",
            Self::RecoveryOffered => "/recovery",
            Self::ContactChanged => "/account/contact",
            Self::AddressChanged => "/account/addresses",
            Self::AlreadyJoined => "/signin",
            _ => "/account/security",
        }
    }
}

/// What a code is for: the message says it, so that nobody can be talked into giving one away for something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodePurpose {
    /// Signing in.
    SignIn,
    /// Replacing the password.
    NewPassword,
    /// Making an account.
    SignUp,
    /// Proving a new address.
    NewAddress,
    /// Recovering an account.
    Recovery,
    /// Showing the support that one is the customer who calls.
    Caller,
}

impl CodePurpose {
    /// Every one.
    pub const ALL: [Self; 6] = [Self::SignIn, Self::NewPassword, Self::SignUp, Self::NewAddress, Self::Recovery, Self::Caller];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::SignIn => "code-signin",
            Self::NewPassword => "code-password",
            Self::SignUp => "code-signup",
            Self::NewAddress => "code-address",
            Self::Recovery => "code-recovery",
            Self::Caller => "code-caller",
        }
    }
}

/// To whom a mail goes.
pub struct Addressee<'a> {
    /// Whose account it concerns; none when there is none (yet).
    pub customer: Option<&'a CustomerId>,
    /// The address.
    pub email: &'a str,
    /// The language.
    pub language: &'static str,
    /// The phrase that the customer chose, so that genuine mails are known by it.
    pub phrase: Option<&'a str>,
    /// The brand that writes.
    pub brand: Option<&'a str>,
}

impl<'a> Addressee<'a> {
    /// A customer, at the address of the account.
    pub fn of(texts: &Texts, customer: &'a Customer) -> Self {
        Self {
            customer: Some(&customer.id),
            email: customer.email.as_str(),
            language: language_of(texts, customer),
            phrase: customer.phrase.as_deref(),
            brand: customer.brand.as_deref(),
        }
    }
}

/// The language that a customer is written to in.
pub fn language_of(texts: &Texts, customer: &Customer) -> &'static str {
    texts.negotiate(std::iter::once(customer.profile.locale.as_deref().unwrap_or("en")))
}

/// A mail to be written: its sentences are `mail-{word}-subject` and `mail-{word}-text`.
pub struct Mail<'a> {
    /// The word of its sentences.
    pub word: &'a str,
    /// Values for them.
    pub values: &'a [(&'a str, &'a str)],
    /// What in the values nobody should find in the message centre: codes, and secrets of links.
    pub secrets: &'a [&'a str],
    /// A paragraph after the text.
    pub after: Option<String>,
    /// A last line for machines.
    pub last_line: Option<String>,
    /// When nobody needs it any longer.
    pub expires_at: Option<UnixSeconds>,
}

/// Writes a mail, keeps it, and puts it into the outbox.
///
/// # Errors
/// [`StoreError`].
pub fn send_mail(tx: &mut WriteTx<'_>, desk: &Desk<'_>, to: &Addressee<'_>, mail: &Mail<'_>) -> Result<(), StoreError> {
    let (texts, language) = (desk.texts, to.language);
    let brand = desk.brands.get(to.brand);
    let values: Vec<(&str, &str)> = mail.values.iter().copied().chain([("brand", brand.name.as_str())]).collect();
    let subject = texts.text(language, &format!("mail-{}-subject", mail.word), &values);
    let verify = desk.issuer.at("/verify-message");
    let write = |code: &str| {
        let phrase = to.phrase.map(|phrase| texts.text(language, "mail-phrase", &[("phrase", phrase)]));
        let body = texts.text(language, &format!("mail-{}-text", mail.word), &values);
        let foot = texts.text(language, "mail-foot", &[("brand", &brand.name), ("code", code), ("link", &verify)]);
        let parts = [phrase, Some(body), mail.after.clone(), Some(foot), mail.last_line.clone()];
        parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n") + "\n"
    };
    // Written once in full, and kept with its secrets hidden.
    let mut full = String::new();
    let kept = |code: &str| {
        full = write(code);
        let text = mail.secrets.iter().filter(|secret| !secret.is_empty()).fold(full.clone(), |text, secret| text.replace(secret, HIDDEN));
        Message { channel: Channel::Mail, to: to.email.to_owned(), subject: subject.clone(), text }
    };
    let id = store::insert_message(tx, desk.tools, to.customer, mail.word, kept)?;
    outbox::store::insert_mail(
        tx,
        desk.tools,
        &id,
        &MailMessage { to: to.email.to_owned(), subject: subject.clone(), text: full.clone(), expires_at: mail.expires_at, from: brand.mail_from.clone() },
    )
}

/// Tells a customer what happened to the account.
///
/// # Errors
/// [`StoreError`].
pub fn send_notice(tx: &mut WriteTx<'_>, desk: &Desk<'_>, notice: Notice, customer: &Customer) -> Result<(), StoreError> {
    send_notice_to(tx, desk, notice, customer, &Addressee::of(desk.texts, customer))
}

/// The same, at an address that need not be that of the account.
///
/// # Errors
/// [`StoreError`].
pub fn send_notice_to(tx: &mut WriteTx<'_>, desk: &Desk<'_>, notice: Notice, customer: &Customer, to: &Addressee<'_>) -> Result<(), StoreError> {
    let link = desk.issuer.at(notice.page());
    let (after, secret) = if notice.can_be_disowned() {
        let secret = tickets::store::insert_ticket(tx, desk.tools, Purpose::NotMe, &customer.id, notice.word())?;
        (Some(disowning(desk, to.language, &secret)), secret.expose().to_owned())
    } else {
        (None, String::new())
    };
    let mail = Mail { word: notice.word(), values: &[("link", &link)], secrets: &[&secret], after, last_line: None, expires_at: None };
    send_mail(tx, desk, to, &mail)
}

/// The paragraph with the link that says "this was not me".
pub fn disowning(desk: &Desk<'_>, language: &str, secret: &Secret) -> String {
    let link = desk.issuer.at(&format!("/not-me/{}", secret.expose()));
    desk.texts.text(language, "mail-not-me", &[("link", &link)])
}

/// A code on its way to a customer.
#[derive(Clone, Copy)]
pub struct Code<'a> {
    /// What it is for.
    pub purpose: CodePurpose,
    /// The code.
    pub code: &'a str,
    /// A link that fills the code in. It is for the browser that asked: opening it changes nothing.
    pub link: Option<&'a str>,
    /// The shop, and what is bought there, when the code confirms a purchase.
    pub purchase: Option<(&'a str, &'a Purchase)>,
    /// What whoever hears it at the support may do then: the key of a sentence; none to talk only.
    pub call: Option<&'a str>,
    /// Until when it is good.
    pub expires_at: UnixSeconds,
}

impl<'a> Code<'a> {
    /// A code without link that confirms no purchase.
    pub fn plain(purpose: CodePurpose, code: &'a str, expires_at: UnixSeconds) -> Self {
        Self { purpose, code, link: None, purchase: None, call: None, expires_at }
    }
}

/// What a code for the support is good for, in words.
fn told_call(texts: &Texts, language: &str, call: Option<&str>) -> String {
    match call {
        Some(key) => texts.text(language, "call-code-purpose", &[("what", &texts.text(language, key, &[]))]),
        None => texts.text(language, "call-purpose-talk", &[]),
    }
}

/// Sends a code by mail. Its last line binds the code to our origin, so that browsers fill it in there and nowhere else. A code that somebody needs a password for carries the link that says "this was not me".
///
/// # Errors
/// [`StoreError`].
pub fn send_code(tx: &mut WriteTx<'_>, desk: &Desk<'_>, to: &Addressee<'_>, code: &Code<'_>) -> Result<(), StoreError> {
    let Code { purpose, code, link, purchase, call, expires_at } = *code;
    let disowned = match (purpose, to.customer) {
        (CodePurpose::SignIn | CodePurpose::NewPassword | CodePurpose::Recovery | CodePurpose::Caller, Some(customer)) => {
            Some(tickets::store::insert_ticket(tx, desk.tools, Purpose::NotMe, customer, purpose.word())?)
        }
        _ => None,
    };
    let secret = disowned.as_ref().map_or("", |secret| secret.expose());
    // Only names that are registered here: nothing of a request's own words stands in our mails.
    let amount = purchase.map(|(_, bought)| bought.amount.shown(to.language)).unwrap_or_default();
    let mail = Mail {
        word: if purchase.is_some() { "code-purchase" } else { purpose.word() },
        values: &[("code", code), ("amount", &amount), ("shop", purchase.map_or("", |(shop, _)| shop))],
        secrets: &[code, secret],
        after: match (&disowned, link) {
            (Some(secret), _) if purpose == CodePurpose::Caller => Some(format!("{}\n\n{}", told_call(desk.texts, to.language, call), disowning(desk, to.language, secret))),
            (Some(secret), _) => Some(disowning(desk, to.language, secret)),
            (None, link) => link.map(|link| desk.texts.text(to.language, "mail-code-link", &[("link", link)])),
        },
        last_line: Some(format!("@{} #{code}", desk.issuer.authority())),
        expires_at: Some(expires_at),
    };
    send_mail(tx, desk, to, &mail)
}

/// Sends a text message to the number of a customer; nothing when there is none.
fn send_text(tx: &mut WriteTx<'_>, desk: &Desk<'_>, customer: &Customer, text: &Text<'_>, expires_at: UnixSeconds) -> Result<(), StoreError> {
    let Some(to) = customer.phone.as_ref().map(|phone| phone.as_str().to_owned()) else { return Ok(()) };
    let language = language_of(desk.texts, customer);
    let mut full = String::new();
    let kept = |code: &str| {
        let values: Vec<(&str, &str)> = text.values.iter().copied().chain([("brand", desk.brands.get(customer.brand.as_deref()).name.as_str()), ("message", code)]).collect();
        full = desk.texts.text(language, text.key, &values);
        if let Some(line) = &text.last_line {
            full.push_str("\n\n");
            full.push_str(line);
        }
        let text = text.secrets.iter().fold(full.clone(), |text, secret| text.replace(secret, HIDDEN));
        Message { channel: Channel::Text, to: to.clone(), subject: String::new(), text }
    };
    let id = store::insert_message(tx, desk.tools, Some(&customer.id), text.word, kept)?;
    outbox::store::insert_text(tx, desk.tools, &id, &TextMessage { to: to.clone(), text: full.clone(), expires_at })
}

/// A text message to be written.
struct Text<'a> {
    /// The word that it is kept under.
    word: &'a str,
    /// The key of its sentence.
    key: &'a str,
    /// Values for it.
    values: &'a [(&'a str, &'a str)],
    /// What in them is not kept.
    secrets: &'a [&'a str],
    /// A last line for machines.
    last_line: Option<String>,
}

/// Sends a code by text message.
///
/// # Errors
/// [`StoreError`].
pub fn send_text_code(tx: &mut WriteTx<'_>, desk: &Desk<'_>, customer: &Customer, code: &Code<'_>) -> Result<(), StoreError> {
    let amount = code.purchase.map(|(_, bought)| bought.amount.shown(language_of(desk.texts, customer))).unwrap_or_default();
    let (word, key) = match (code.purchase, code.purpose) {
        (Some(_), _) => ("code-purchase", "sms-purchase-text"),
        (None, CodePurpose::Caller) => (code.purpose.word(), "sms-caller-text"),
        (None, purpose) => (purpose.word(), "sms-code-text"),
    };
    let call = told_call(desk.texts, language_of(desk.texts, customer), code.call);
    let values = [("code", code.code), ("amount", amount.as_str()), ("shop", code.purchase.map_or("", |(shop, _)| shop)), ("purpose", call.as_str())];
    let text = Text { word, key, values: &values, secrets: &[code.code], last_line: Some(format!("@{} #{}", desk.issuer.authority(), code.code)) };
    send_text(tx, desk, customer, &text, code.expires_at)
}

/// Says by text message that the ways to sign in changed.
///
/// # Errors
/// [`StoreError`].
pub fn send_text_notice(tx: &mut WriteTx<'_>, desk: &Desk<'_>, notice: Notice, customer: &Customer, expires_at: UnixSeconds) -> Result<(), StoreError> {
    send_text(tx, desk, customer, &Text { word: notice.word(), key: "sms-notice-text", values: &[], secrets: &[], last_line: None }, expires_at)
}
