//! Claviger: an OpenID Provider with multi-factor authentication for storefronts.

pub mod account;
pub mod admin;
pub mod app;
pub mod base;
pub mod identity;
pub mod oauth;
pub mod platform;
pub mod risk;
pub mod shop;
