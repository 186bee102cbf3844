//! The phrase that every genuine mail carries. It is shown to whoever is signed in, and on no other page.

pub mod web;
