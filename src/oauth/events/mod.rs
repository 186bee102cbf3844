//! What shops are told of: sessions that end, credentials and contacts that change, accounts that are locked or erased. As security event tokens (SSF 1.0, with the events of CAEP 1.0 and RISC 1.0), as webhooks, and as logout tokens (OIDC Back-Channel Logout 1.0).
//!
//! Nobody who changes something calls a shop. What happened stands in the audit log and in the table of sessions, written in the transaction of the change; [`fan_out`] reads both a moment later and writes down whom to tell; [`deliver`] tells them, until they have heard it.

pub mod deliver;
pub mod deliveries;
pub mod fan_out;
pub mod model;
pub mod polls;
pub mod rules;
pub mod streams;
pub mod subjects;
pub mod tell;

/// What is told, as a delivery carries it until it is signed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Told {
    /// What happened.
    pub kind: model::EventKind,
    /// The same for everybody who is told of it: `txn`.
    pub transaction: String,
    /// Whom it concerns, as the client knows them.
    pub subject: Option<String>,
    /// Which session, as the client knows it.
    pub session: Option<String>,
    /// When, in Unix seconds.
    pub at: i64,
    /// What else is to be said, with the names of CAEP and RISC.
    pub facts: serde_json::Map<String, serde_json::Value>,
}
