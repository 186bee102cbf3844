//! Failure counters: how often a secret may be guessed. Counted before the check, in a transaction of their own, so that parallel tries and crashes cannot outrun them.

pub mod rules;
pub mod store;
