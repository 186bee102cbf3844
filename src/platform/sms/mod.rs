//! Text messages: the message, and the ways it leaves the house.
//!
//! Two wires: a JSON call signed as the Standard Webhooks say (`webhook-id`, `webhook-timestamp`, `webhook-signature`), and the form of the REST interface that Twilio made common, which several providers understand.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::base::contact::PhoneNumber;
use crate::base::secret::Secret;
use crate::base::time::UnixSeconds;
use crate::platform::mail::MailFailed;
use crate::platform::outgoing::signature::sign;

/// A text message to one number.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TextMessage {
    /// To whom: E.164.
    pub to: String,
    /// What it says.
    pub text: String,
    /// When nobody needs it any longer.
    pub expires_at: UnixSeconds,
}

/// How messages leave.
pub enum SmsSettings {
    /// A signed JSON call.
    Webhook {
        /// Where to.
        url: Url,
        /// The signing secret.
        secret: Secret,
    },
    /// Twilio's form.
    Twilio {
        /// The interface, such as `https://api.twilio.com`.
        base: Url,
        /// The account.
        account: String,
        /// Its token.
        token: Secret,
        /// The sender: a number, a name, or a messaging service (`MG…`).
        from: String,
    },
}

enum Way {
    Wire(SmsSettings, reqwest::Client),
    Folder(PathBuf),
}

/// Sends text messages.
pub struct TextSender {
    way: Way,
}

/// The longest answer of a provider that is read, in bytes.
const MAX_ANSWER_BYTES: usize = 4_096;

fn for_now(error: &dyn std::fmt::Display) -> MailFailed {
    MailFailed::ForNow(error.to_string())
}

impl TextSender {
    /// A sender over the wire. TLS is checked against the roots of the web; redirects are not followed.
    ///
    /// # Errors
    /// A sentence when the client cannot be made.
    pub fn wire(settings: SmsSettings) -> Result<Self, String> {
        let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(|error| error.to_string())?;
        let tls = tls.with_root_certificates(roots).with_no_client_auth();
        let client = reqwest::Client::builder()
            .use_preconfigured_tls(tls)
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(10))
            .user_agent(concat!("claviger/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self { way: Way::Wire(settings, client) })
    }

    /// A sender that drops messages into a folder as JSON files; the demo shows them as its phone.
    pub fn folder(folder: PathBuf) -> Self {
        Self { way: Way::Folder(folder) }
    }

    /// Sends `message`, whose id in the outbox is `id`, at `now`.
    ///
    /// # Errors
    /// [`MailFailed`] says whether another try makes sense.
    pub async fn send(&self, id: &str, message: &TextMessage, now: UnixSeconds) -> Result<(), MailFailed> {
        let to = PhoneNumber::parse(&message.to).map_err(|error| MailFailed::ForGood(error.to_string()))?;
        let request = match &self.way {
            Way::Folder(folder) => {
                let body = serde_json::to_vec_pretty(message).map_err(|error| for_now(&error))?;
                return crate::platform::mail::write_private(&folder.join(format!("{id}.json")), &body).map_err(|error| for_now(&error));
            }
            Way::Wire(SmsSettings::Webhook { url, secret }, client) => {
                let body = serde_json::json!({ "type": "sms", "id": id, "to": to.as_str(), "text": message.text, "expires_at": message.expires_at }).to_string();
                let signature = sign(secret, id, now, &body);
                client
                    .post(url.clone())
                    .header("content-type", "application/json")
                    .header("webhook-id", id)
                    .header("webhook-timestamp", now.0.to_string())
                    .header("webhook-signature", format!("v1,{signature}"))
                    .body(body)
            }
            Way::Wire(SmsSettings::Twilio { base, account, token, from }, client) => {
                let mut url = base.clone();
                url.set_path(&format!("/2010-04-01/Accounts/{account}/Messages.json"));
                let sender = if from.starts_with("MG") { "MessagingServiceSid" } else { "From" };
                client.post(url).basic_auth(account, Some(token.expose())).form(&[("To", to.as_str()), (sender, from.as_str()), ("Body", message.text.as_str())])
            }
        };
        let mut response = request.send().await.map_err(|error| for_now(&error.without_url()))?;
        let status = response.status();
        // Read a little, so that the connection can be used again; what it says is not kept, since it may repeat the number.
        let mut read = 0;
        while let Ok(Some(chunk)) = response.chunk().await {
            read += chunk.len();
            if read > MAX_ANSWER_BYTES {
                break;
            }
        }
        if status.is_success() {
            return Ok(());
        }
        let told = format!("the provider answered {}", status.as_u16());
        // Only these are about the message. A password that changed, or an address that moved, is mended by somebody.
        let is_final = matches!(status.as_u16(), 400 | 413 | 422);
        Err(if is_final { MailFailed::ForGood(told) } else { MailFailed::ForNow(told) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_binds_id_time_and_body() {
        let secret = Secret::new("a secret of the shop".to_owned());
        let first = sign(&secret, "msg_1", UnixSeconds(7), "{}");
        assert_eq!(first.len(), 44);
        for other in [sign(&secret, "msg_2", UnixSeconds(7), "{}"), sign(&secret, "msg_1", UnixSeconds(8), "{}"), sign(&secret, "msg_1", UnixSeconds(7), "[]")] {
            assert_ne!(first, other);
        }
    }
}
