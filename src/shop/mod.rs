//! Floor 6, for the storefront's servers.

pub mod address_check;
pub mod guests;
pub mod order_facts;
pub mod refused;
pub mod ssf;
