//! Passkeys and security keys.

pub mod web;
