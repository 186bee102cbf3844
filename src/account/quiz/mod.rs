//! A short quiz of our own genuine messages and of altered ones.

pub mod rules;
pub mod web;
