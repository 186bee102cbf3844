//! How unusual an order is, for a storefront's servers; and what became of it, told later.

pub mod account;
pub mod backfill;
pub mod handover;
pub mod web;

/// The scope that allows it.
pub const SCOPE: &str = "risk.orders";
