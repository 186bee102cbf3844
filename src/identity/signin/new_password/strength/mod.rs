//! How strong a new password is, told while it is typed.

pub mod web;
