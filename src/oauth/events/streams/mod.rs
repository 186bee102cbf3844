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

/// Who switches streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switcher {
    /// The client whose it is.
    Client,
    /// Staff, or the server: only staff let it run again.
    House,
}

impl Switcher {
    /// The stored form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::House => "house",
        }
    }
}

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
    /// What was asked for; everything when nothing was named.
    pub requested: Option<BTreeSet<EventKind>>,
    /// What its owner calls it.
    pub description: Option<String>,
    /// Whether it runs.
    pub status: StreamStatus,
    /// Why not.
    pub status_reason: Option<String>,
    /// Who last switched it.
    pub switched_by: Switcher,
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
    /// A new stream of `client`, made by `by`: it runs at once, for every event, with its first secret.
    pub fn new(id: StreamId, client: ClientId, (method, endpoint): (Method, Option<String>), by: Switcher, now: UnixSeconds) -> Self {
        Self {
            id,
            client,
            method,
            endpoint,
            requested: None,
            description: None,
            status: StreamStatus::Enabled,
            status_reason: None,
            switched_by: by,
            secret_version: 1,
            previous_secret_until: None,
            verified_at: None,
            created_at: now,
        }
    }

    /// What goes out over it.
    pub fn delivered(&self) -> BTreeSet<EventKind> {
        self.requested.clone().unwrap_or_else(|| EventKind::TOLD.into())
    }

    /// Whether `kind` is put down for it.
    pub fn wants(&self, kind: EventKind) -> bool {
        self.status != StreamStatus::Disabled && self.requested.as_ref().is_none_or(|requested| requested.contains(&kind))
    }
}
