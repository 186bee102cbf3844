//! Floor 6, for the storefront's servers.

pub mod order_facts;
