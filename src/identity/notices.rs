//! The mails that tell a customer what happened to the account.

use crate::base::time::UnixSeconds;
use crate::identity::customers::Customer;
use crate::platform::mail::MailMessage;
use crate::platform::sms::TextMessage;
use crate::platform::texts::Texts;

/// What a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// A sign-in from a browser not seen before.
    NewDevice,
    /// The password was changed.
    PasswordChanged,
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
}

/// Writes the mail for `customer`, in the language of the profile. The link leads to the configured issuer, never to a host that a request named.
pub fn write(texts: &Texts, notice: Notice, customer: &Customer, account_url: &str) -> MailMessage {
    let language = language_of(texts, customer);
    let key = match notice {
        Notice::NewDevice => "mail-new-device",
        Notice::PasswordChanged => "mail-password-changed",
        Notice::Locked => "mail-locked",
        Notice::AuthenticatorAdded => "mail-authenticator-added",
        Notice::AuthenticatorRemoved => "mail-authenticator-removed",
        Notice::RecoveryCodeUsed => "mail-recovery-code-used",
        Notice::PasskeyCloned => "mail-passkey-cloned",
        Notice::FewRecoveryCodes => "mail-few-recovery-codes",
    };
    MailMessage {
        to: customer.email.as_str().to_owned(),
        subject: texts.text(language, &format!("{key}-subject"), &[]),
        text: texts.text(language, &format!("{key}-text"), &[("link", account_url)]),
        expires_at: None,
    }
}

/// The mail with a code for `customer`, good until `expires_at`. Its last line binds the code to our origin, so that browsers fill it in there and nowhere else.
pub fn write_code(texts: &Texts, customer: &Customer, code: &str, host: &str, expires_at: UnixSeconds) -> MailMessage {
    let language = language_of(texts, customer);
    MailMessage {
        to: customer.email.as_str().to_owned(),
        subject: texts.text(language, "mail-code-subject", &[]),
        text: format!("{}\n\n@{host} #{code}\n", texts.text(language, "mail-code-text", &[("code", code)])),
        expires_at: Some(expires_at),
    }
}

/// The text message with a code; none when the customer has no number.
pub fn write_text(texts: &Texts, customer: &Customer, code: &str, host: &str, expires_at: UnixSeconds) -> Option<TextMessage> {
    let language = language_of(texts, customer);
    let to = customer.phone.as_ref()?.as_str().to_owned();
    Some(TextMessage { to, text: format!("{}\n\n@{host} #{code}", texts.text(language, "sms-code-text", &[("code", code)])), expires_at })
}

/// The text message that says that the ways to sign in changed; none when the customer has no number.
pub fn write_text_notice(texts: &Texts, customer: &Customer, expires_at: UnixSeconds) -> Option<TextMessage> {
    let to = customer.phone.as_ref()?.as_str().to_owned();
    Some(TextMessage { to, text: texts.text(language_of(texts, customer), "sms-notice-text", &[]), expires_at })
}

fn language_of(texts: &Texts, customer: &Customer) -> &'static str {
    texts.negotiate(std::iter::once(customer.profile.locale.as_deref().unwrap_or("en")))
}
