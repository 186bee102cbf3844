//! What orders share: for whoever looks at one of them.

pub mod store;

use super::entity::Kind;

/// What is told of as shared: things that two customers rarely have in common by chance.
pub const SHARED: [Kind; 4] = [Kind::Token, Kind::Shipping, Kind::Device, Kind::Source];

/// What an order shares with others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// What.
    pub kind: Kind,
    /// The decisions over the other orders, the latest first.
    pub others: Vec<String>,
}
