//! Joining with a passkey: the last step, and no password at all.

pub mod web;
