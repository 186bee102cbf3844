//! Whether a message is from us: open to everybody.

pub mod web;
