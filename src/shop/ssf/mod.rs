//! The transmitter of the Shared Signals Framework (OpenID SSF 1.0): a shop makes a stream, and is told of what happens to the customers that it knows, by push (RFC 8935) or poll (RFC 8936).

pub mod rules;
pub mod web;

/// What a token must allow to look at streams.
pub const READ: &str = "ssf.read";
/// … to make and change them.
pub const MANAGE: &str = "ssf.manage";
