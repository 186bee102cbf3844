//! The captcha of somebody else, where the operator has one: any that takes its answers at a `siteverify` address, as reCAPTCHA, hCaptcha and Turnstile do.

use std::net::IpAddr;

use crate::base::secret::Secret;
use crate::base::uri::encode_form;
use crate::platform::http::params::Params;
use crate::platform::outgoing::{Outgoing, OutgoingFailed};

/// The longest answer of a widget.
const MAX_BYTES: usize = 8_192;

/// A captcha.
pub struct Captcha {
    /// The public key.
    pub site_key: String,
    /// The class by which its script finds where to stand.
    pub class: String,
    /// Its script.
    pub script: String,
    /// Origins that the script, its frame and its styles come from.
    pub sources: Vec<String>,
    /// The field that its answer comes in.
    pub field: String,
    /// Where answers are verified.
    pub verify_url: String,
    /// The key that goes there.
    pub secret: Secret,
    /// The way out.
    pub outgoing: Outgoing,
}

impl Captcha {
    /// Whether the answer among `params` is right; a missing one is not.
    ///
    /// # Errors
    /// [`OutgoingFailed`] when nobody answers, or not as they should.
    pub async fn verify(&self, params: &Params, address: Option<IpAddr>) -> Result<bool, OutgoingFailed> {
        let Some(answer) = params.get(&self.field).filter(|answer| !answer.is_empty() && answer.len() <= MAX_BYTES) else { return Ok(false) };
        let address = address.map(|address| address.to_string());
        let mut fields = vec![("secret", self.secret.expose()), ("response", answer)];
        if let Some(address) = &address {
            fields.push(("remoteip", address));
        }
        let malformed = || OutgoingFailed::Unreachable("no answer of this kind".to_owned());
        let mut request = openidconnect::HttpRequest::new(encode_form(&fields).into_bytes());
        *request.method_mut() = openidconnect::http::Method::POST;
        *request.uri_mut() = self.verify_url.parse().map_err(|_| OutgoingFailed::Forbidden)?;
        request.headers_mut().insert(openidconnect::http::header::CONTENT_TYPE, openidconnect::http::HeaderValue::from_static("application/x-www-form-urlencoded"));
        let answer = self.outgoing.call(request).await?;
        if !answer.status().is_success() {
            return Err(malformed());
        }
        let told: serde_json::Value = serde_json::from_slice(answer.body()).map_err(|_| malformed())?;
        told.get("success").and_then(serde_json::Value::as_bool).ok_or_else(malformed)
    }
}
