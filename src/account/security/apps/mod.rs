//! Authenticator apps.

pub mod web;
