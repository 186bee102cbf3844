//! Identifiers as types of their own, so that one kind is never passed for another. A prefix tells the kind; the rest is a ULID, so keys grow with time.

use std::fmt;
use std::str::FromStr;

use super::encoding::base64url;
use super::random::{self, Entropy};
use super::time::UnixMicros;

/// The text is not an identifier of the wanted kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier of this kind")]
pub struct NotAnId;

fn ulid(now: UnixMicros, entropy: &dyn Entropy) -> String {
    let random = u128::from_be_bytes(random::bytes::<16>(entropy));
    let millis = u64::try_from(now.0 / 1_000).unwrap_or(0);
    // A ULID orders by millisecond; the microseconds go before its randomness, so that events of one request keep their order. 70 random bits remain.
    let micros = u128::from(now.0.rem_euclid(1_000).unsigned_abs());
    ulid::Ulid::from_parts(millis, (micros << 70) | (random >> 58)).to_string()
}

macro_rules! prefixed_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// A fresh identifier made at `now`.
            #[must_use]
            pub fn generate(now: UnixMicros, entropy: &dyn Entropy) -> Self {
                Self(format!(concat!($prefix, "{}"), ulid(now, entropy)))
            }

            /// The text form, as stored and shown.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The number behind the text form.
            #[must_use]
            pub fn as_u128(&self) -> u128 {
                self.0.strip_prefix($prefix).and_then(|rest| ulid::Ulid::from_string(rest).ok()).map_or(0, u128::from)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                let rest = text.strip_prefix($prefix).ok_or(NotAnId)?;
                ulid::Ulid::from_string(rest).map_err(|_| NotAnId)?;
                Ok(Self(text.to_owned()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

prefixed_id!(
    /// A customer. Never shown to clients: they get `sub`.
    CustomerId, "cus_"
);
prefixed_id!(
    /// A browser session at the provider; the `sid` of ID tokens is derived from it.
    SessionId, "ses_"
);
prefixed_id!(
    /// What a customer allowed a client; the family of its tokens.
    GrantId, "grt_"
);
prefixed_id!(
    /// An audit event.
    EventId, "evt_"
);
prefixed_id!(
    /// A message in the outbox.
    MessageId, "msg_"
);
prefixed_id!(
    /// A stream of events to a receiver.
    StreamId, "str_"
);
prefixed_id!(
    /// One event that one receiver is told: `jti`.
    DeliveryId, "dlv_"
);
prefixed_id!(
    /// A report of a scam.
    ReportId, "rep_"
);

prefixed_id!(
    /// A device that is not asked for the second factor.
    TrustedDeviceId, "tdv_"
);
prefixed_id!(
    /// A change of contact.
    ContactChangeId, "cch_"
);
prefixed_id!(
    /// Something that staff asked for and that waits.
    CaseId, "cas_"
);
prefixed_id!(
    /// A caller who is to show that they are the customer.
    CallerCheckId, "cal_"
);
prefixed_id!(
    /// One authenticator of a customer.
    AuthenticatorId, "aut_"
);
prefixed_id!(
    /// A decision over a sign-in or an order.
    DecisionId, "dec_"
);

impl CustomerId {
    /// An id that nobody has.
    #[must_use]
    pub fn nobody() -> Self {
        Self("cus_00000000000000000000000000".to_owned())
    }
}

/// A sign-in or authorization in progress in one browser tab; 128 random bits, as it stands in a URL.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct FlowId(String);

impl FlowId {
    /// A fresh flow.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self(base64url(random::bytes::<16>(entropy)))
    }

    /// The text form, as in the path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for FlowId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let is_well_formed = text.len() == 22 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if is_well_formed { Ok(Self(text.to_owned())) } else { Err(NotAnId) }
    }
}

impl fmt::Display for FlowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The `client_id` of an OAuth client (RFC 6749 section 2.2): 1 to 128 characters of `A-Z a-z 0-9 . _ ~ : -`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct ClientId(String);

impl ClientId {
    /// The text form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ClientId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let is_well_formed = (1..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_~:".contains(&b));
        if is_well_formed { Ok(Self(text.to_owned())) } else { Err(NotAnId) }
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
