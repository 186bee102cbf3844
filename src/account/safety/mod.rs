//! What everybody should know of scams with the shop's name, without signing in; and where to tell of one.

pub mod web;
