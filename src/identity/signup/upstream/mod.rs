//! Joining with an account at another provider: the last step, instead of a password or a passkey. The address is proven like anybody's.

pub mod web;
