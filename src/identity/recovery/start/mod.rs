//! Where a recovery begins: an address is named.

pub mod web;
