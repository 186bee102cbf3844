//! The link that takes a change of contact back.

pub mod web;
