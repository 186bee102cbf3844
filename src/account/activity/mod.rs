//! What happened to the account, in plain words.

pub mod web;
