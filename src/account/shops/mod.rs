//! The shops that the customer shares data with, and taking that back.

pub mod receipt;
pub mod web;
