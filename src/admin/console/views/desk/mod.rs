//! Pages about customers.

pub mod web;
