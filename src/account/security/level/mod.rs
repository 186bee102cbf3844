//! The least level of a sign-in by the customer's own wish.

pub mod web;
