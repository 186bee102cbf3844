//! Pages about what happened.

pub mod web;
