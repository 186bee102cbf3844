//! A card on the account's first page: at most one a session, with one button.

pub mod web;
