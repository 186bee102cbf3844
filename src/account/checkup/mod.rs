//! The security check-up: a score, and beside each line the one button that mends it; and cards at moments of risk.

pub mod card;
mod findings;
pub mod web;
