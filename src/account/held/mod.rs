//! Changes that wait, since the sign-in before them looked strange.

pub mod web;
