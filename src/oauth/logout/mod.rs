//! RP-Initiated Logout 1.0: what a hint proves (hint), what follows (rules), and the pages (web).

pub mod hint;
pub mod rules;
pub mod web;
