//! Devices that are not asked for the second factor.

pub mod web;
