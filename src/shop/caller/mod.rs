//! Which storefront's server calls.

pub mod web;
