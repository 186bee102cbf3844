//! OAuth clients: their metadata and its rules (metadata), their table (store), how they prove themselves (authentication), and a short-lived cache.

pub mod authentication;
pub mod cache;
pub mod limiter;
pub mod metadata;
pub mod store;

pub use metadata::{Client, ClientMetadata};
