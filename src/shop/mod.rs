//! Floor 6, for the storefront's servers.

pub mod address_check;
pub mod caller;
pub mod guests;
pub mod order_facts;
pub mod order_risk;
pub mod refused;
pub mod ssf;
