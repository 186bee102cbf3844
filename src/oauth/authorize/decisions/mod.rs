//! What a customer decides while a request waits: which account, what to share, and whether to go on.

pub mod rules;
pub mod web;
