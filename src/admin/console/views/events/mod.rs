//! The pages of what shops are told.

pub mod web;
