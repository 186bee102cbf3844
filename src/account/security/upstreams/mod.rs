//! Accounts at other providers: connecting and disconnecting them.

pub mod web;
