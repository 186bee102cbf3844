//! A storefront begins with a guest, for a checkout without an account.

pub mod web;
