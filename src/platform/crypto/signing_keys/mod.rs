//! Signing keys: their life (rules), their table (store), and the parsed set that a node signs and verifies with (set).

pub mod rules;
mod set;
pub mod store;

pub use set::{KeySet, KeyShelf, VerifyRefused};
