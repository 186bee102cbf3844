//! One-time codes from an app (TOTP, RFC 6238): a seed that app and server share, a code every thirty seconds, each good once.

pub mod rules;
pub mod store;

pub use rules::{Seed, TotpRefused};
