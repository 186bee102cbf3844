//! Setting and changing the password.

pub mod web;
