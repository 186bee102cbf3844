//! What we know of a customer, as an archive; and leaving.

pub mod export;
pub mod web;
