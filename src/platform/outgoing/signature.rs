//! The signature of the Standard Webhooks, by which whoever is called knows that it is us.

use aws_lc_rs::hmac;

use crate::base::encoding::base64;
use crate::base::secret::Secret;
use crate::base::time::UnixSeconds;

/// HMAC-SHA-256 over id, time and body, for the header `webhook-signature` behind `v1,`.
pub fn sign(secret: &Secret, id: &str, now: UnixSeconds, body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
    base64(hmac::sign(&key, format!("{id}.{now}.{body}").as_bytes()))
}
