//! The first factor that is typed.

pub mod web;
