//! The first factor that is typed.

pub mod trouble;
pub mod web;
