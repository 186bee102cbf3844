//! An event as the log holds it: one line of JSON with fixed members in a fixed order, so that whoever has the line can compute its leaf.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::tree::{Hash, leaf_hash};

/// An event with its place in the log. What is personal stands sealed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoggedEvent {
    /// Its place, from 1.
    pub position: i64,
    /// Its id.
    pub id: String,
    /// When, in microseconds since 1970.
    pub time_micros: i64,
    /// Its kind.
    pub kind: String,
    /// `success` or `refused`.
    pub outcome: String,
    /// Reason code; empty on plain success.
    pub reason: String,
    /// Who.
    pub actor: String,
    /// Concerning what.
    pub about: String,
    /// The client concerned.
    pub client_id: Option<String>,
    /// The session concerned.
    pub session_id: Option<String>,
    /// The request's correlation id.
    pub correlation_id: String,
    /// Further facts, to the letter as they were recorded.
    pub detail: Box<RawValue>,
    /// Where it came from, sealed, in base64url.
    pub origin_sealed: Option<String>,
    /// What somebody wrote about it, sealed, in base64url.
    pub note_sealed: Option<String>,
}

impl LoggedEvent {
    /// The text that the leaf covers.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// The leaf: SHA-256 over a zero byte and the text (RFC 6962 section 2.1).
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn leaf(&self) -> Result<Hash, serde_json::Error> {
        Ok(leaf_hash(self.to_text()?.as_bytes()))
    }
}
