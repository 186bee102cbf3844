//! Which country and which network an address belongs to: from the list in the binary, or from the operator's own files, which are read again when they change.

mod custom;
mod packed;

use std::net::IpAddr;

pub use custom::{Files, FilesRefused, Places};
pub use packed::PackedPlaces;

/// What is known of an address. What is not known is not safe: a score that lacks it says so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// ISO 3166-1, two capitals.
    pub country: Option<[u8; 2]>,
    /// The number of the autonomous system that announces it.
    pub network: Option<u32>,
    /// Whether servers are let there.
    pub is_hosting: bool,
    /// Whether it is known to hide who uses it.
    pub is_anonymiser: bool,
}

impl Place {
    /// The country, as text.
    pub fn country(&self) -> Option<&str> {
        self.country.as_ref().and_then(|code| std::str::from_utf8(code).ok())
    }
}

/// Whether an address is one of the public network; of others nothing is known, as of a laptop that talks to itself.
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => !(address.is_private() || address.is_loopback() || address.is_link_local() || address.is_unspecified()),
        IpAddr::V6(address) => !(address.is_loopback() || address.is_unspecified() || address.is_unique_local() || address.is_unicast_link_local()),
    }
}
