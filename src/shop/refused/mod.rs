//! How a storefront is told that something was refused.

pub mod web;
