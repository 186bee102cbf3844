//! Mail: the message, and the ways it leaves the house.

use std::path::PathBuf;

use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::base::contact::EmailAddress;
use crate::base::secret::Secret;
use crate::base::time::UnixSeconds;

/// A message to one person.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct MailMessage {
    /// To whom: an address in canonical form.
    pub to: String,
    /// The subject, one line.
    pub subject: String,
    /// The body as plain text.
    pub text: String,
    /// When nobody needs it any longer, as with a code.
    #[serde(default)]
    pub expires_at: Option<UnixSeconds>,
    /// From whom, where it is not the sender of the installation.
    #[serde(default)]
    pub from: Option<String>,
}

/// A message did not leave.
#[derive(Debug, Clone, thiserror::Error)]
pub enum MailFailed {
    /// Trying again may help.
    #[error("for now: {0}")]
    ForNow(String),
    /// It never will.
    #[error("for good: {0}")]
    ForGood(String),
}

/// How the SMTP connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmtpSecurity {
    /// TLS from the first byte (port 465).
    Tls,
    /// STARTTLS, required (port 587).
    Starttls,
    /// None: loopback relays only.
    None,
}

/// Where to hand mail in.
pub struct SmtpSettings {
    /// Host name.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Protection.
    pub security: SmtpSecurity,
    /// User name and password, when the relay wants them.
    pub credentials: Option<(String, Secret)>,
}

/// How long a relay gets for one message.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(15);
/// What the outbox keeps of one that took longer.
const LATE: &str = "the mail server did not answer in time";

enum Way {
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
    Folder(PathBuf),
}

/// Sends messages.
pub struct Mailer {
    way: Way,
    from: Mailbox,
}

impl Mailer {
    /// A mailer that hands messages to an SMTP relay.
    ///
    /// # Errors
    /// A sentence for the operator when the sender or the relay's name is not valid.
    pub fn smtp(from: &str, settings: &SmtpSettings) -> Result<Self, String> {
        let builder = match settings.security {
            SmtpSecurity::Tls => AsyncSmtpTransport::<Tokio1Executor>::relay(&settings.host),
            SmtpSecurity::Starttls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(&settings.host),
            SmtpSecurity::None => Ok(AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)),
        }
        .map_err(|error| format!("mail.smtp_host: {error}"))?;
        let mut builder = builder.port(settings.port).timeout(Some(std::time::Duration::from_secs(10)));
        if let Some((user, password)) = &settings.credentials {
            builder = builder.credentials(Credentials::new(user.clone(), password.expose().to_owned()));
        }
        Ok(Self { way: Way::Smtp(Box::new(builder.build())), from: parse_sender(from)? })
    }

    /// A mailer that drops messages into a folder as JSON files; the demo shows them on its mailbox page.
    ///
    /// # Errors
    /// A sentence when the sender is not valid.
    pub fn folder(from: &str, folder: PathBuf) -> Result<Self, String> {
        Ok(Self { way: Way::Folder(folder), from: parse_sender(from)? })
    }

    /// Sends `message`, whose id in the outbox is `id`.
    ///
    /// # Errors
    /// [`MailFailed`] says whether another try makes sense.
    pub async fn send(&self, id: &str, message: &MailMessage) -> Result<(), MailFailed> {
        let for_good = |error: &dyn std::fmt::Display| MailFailed::ForGood(error.to_string());
        // The strict grammar again, at the last door: one address, no header injection.
        let to = EmailAddress::parse(&message.to).map_err(|error| for_good(&error))?;
        if message.subject.chars().any(char::is_control) {
            return Err(MailFailed::ForGood("the subject has control characters".to_owned()));
        }
        match &self.way {
            Way::Smtp(transport) => {
                let from = match &message.from {
                    Some(from) => parse_sender(from).map_err(|error| for_good(&error))?,
                    None => self.from.clone(),
                };
                let mail = Message::builder()
                    .from(from)
                    .to(Mailbox::new(None, to.as_str().parse().map_err(|error: lettre::address::AddressError| for_good(&error))?))
                    .subject(&message.subject)
                    // The same id at every try, so that a message sent twice is recognised as one.
                    .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
                    .multipart(MultiPart::alternative().singlepart(lettre::message::SinglePart::plain(message.text.clone())))
                    .map_err(|error| for_good(&error))?;
                // The transport's own deadlines do not cover a server that takes the connection and says nothing.
                match tokio::time::timeout(PATIENCE, transport.send(mail)).await {
                    Ok(Ok(_)) => Ok(()),
                    Ok(Err(error)) if is_for_good(&error) => Err(MailFailed::ForGood(told(&error))),
                    Ok(Err(error)) => Err(MailFailed::ForNow(told(&error))),
                    Err(_) => Err(MailFailed::ForNow(LATE.to_owned())),
                }
            }
            Way::Folder(folder) => {
                let body = serde_json::to_vec_pretty(message).map_err(|error| for_good(&error))?;
                let path = folder.join(format!("{id}.json"));
                write_private(&path, &body).map_err(|error| MailFailed::ForNow(error.to_string()))
            }
        }
    }
}

/// Writes a file that only we may read.
///
/// # Errors
/// The file system's.
pub fn write_private(path: &std::path::Path, body: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?.write_all(body)
}

/// Reads a sender such as `Shop <noreply@shop.example>`.
///
/// # Errors
/// What is wrong with it.
pub fn parse_sender(from: &str) -> Result<Mailbox, String> {
    from.parse().map_err(|error| format!("mail.from: {error}"))
}

/// Whether the relay refused this recipient or this message, whatever becomes of the relay. It says so by an enhanced status code (RFC 3463, sections 3.2 to 3.4); a 5xx without one may as well be about its own state, our password there or the sender, and is tried again.
fn is_for_good(error: &lettre::transport::smtp::Error) -> bool {
    error.is_permanent() && std::error::Error::source(error).is_some_and(|said| is_about_recipient(&said.to_string()))
}

fn is_about_recipient(said: &str) -> bool {
    let code = said.split_whitespace().next().unwrap_or_default();
    // No such mailbox, no such host, not an address, moved away, no mail taken there; closed, too large for it; too large.
    ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.2.3", "5.3.4"].contains(&code)
}

/// What went wrong, without the server's own words: they repeat the address.
fn told(error: &lettre::transport::smtp::Error) -> String {
    match error.status() {
        Some(code) => format!("the mail server answered {code}"),
        None if error.is_timeout() => LATE.to_owned(),
        None if error.is_tls() => "the mail server's TLS does not hold".to_owned(),
        None => "the mail server could not be reached".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::is_about_recipient;

    #[test]
    fn only_what_is_about_the_recipient_is_for_good() {
        for said in ["5.1.1 nobody here", "5.1.10 null MX", "5.2.1 closed", "5.3.4 too large"] {
            assert!(is_about_recipient(said), "{said}");
        }
        // Credentials, the sender, the relay's state or policy, a full mailbox; and whoever says nothing of the kind.
        for said in ["5.7.8 bad credentials", "5.1.8 bad sender", "5.3.2 closed", "5.7.1 not from you", "5.2.2 full", "nobody here", "", "15.1.1 x"] {
            assert!(!is_about_recipient(said), "{said}");
        }
    }
}
