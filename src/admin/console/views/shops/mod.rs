//! Pages about clients and staff.

pub mod web;
