//! Which customers a client knows, and how far the log was looked through.

pub mod store;
