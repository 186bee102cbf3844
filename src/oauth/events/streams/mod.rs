//! Who wants to be told: webhooks that staff set up, and streams that clients make for themselves.

pub mod keys;
pub mod store;

use std::collections::BTreeSet;

use super::model::{EventKind, Method, StreamStatus};
use crate::base::ids::{ClientId, StreamId};
use crate::base::time::UnixSeconds;
use crate::platform::audit::EventSpec;

/// A stream changed.
pub const STREAM_CHANGED: EventSpec = EventSpec::new("stream_changed", "A stream of events, or a webhook, was made, changed, switched, given a new secret, or removed.");

/// Streams and webhooks that one client has at most.
pub const MAX_STREAMS: usize = 10;
/// The longest description, in characters.
pub const MAX_DESCRIPTION: usize = 200;
/// The longest `authorization_header`, in bytes.
pub const MAX_AUTHORIZATION: usize = 2_000;

/// A stream of events to one receiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    /// Its id.
    pub id: StreamId,
    /// Whose.
    pub client: ClientId,
    /// How its receiver is told.
    pub method: Method,
    /// Where; none where the receiver comes for it.
    pub endpoint: Option<String>,
    /// What was asked for; everything when empty.
    pub requested: BTreeSet<EventKind>,
    /// What its owner calls it.
    pub description: Option<String>,
    /// Whether it runs.
    pub status: StreamStatus,
    /// Why not.
    pub status_reason: Option<String>,
    /// Which of its secrets is in use.
    pub secret_version: i64,
    /// Until when the secret before signs too.
    pub previous_secret_until: Option<UnixSeconds>,
    /// When its receiver last had it verified.
    pub verified_at: Option<UnixSeconds>,
    /// When it was made.
    pub created_at: UnixSeconds,
}

impl Stream {
    /// What goes out over it.
    pub fn delivered(&self) -> BTreeSet<EventKind> {
        if self.requested.is_empty() { EventKind::TOLD.into() } else { self.requested.clone() }
    }

    /// Whether `kind` is put down for it.
    pub fn wants(&self, kind: EventKind) -> bool {
        self.status != StreamStatus::Disabled && (self.requested.is_empty() || self.requested.contains(&kind))
    }
}
