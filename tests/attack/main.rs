//! Attacks over HTTP, each named by its row in the threat model (`docs/threat-model.md`): the test that a thief would write.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::disallowed_methods, dead_code, reason = "a test that is surprised may stop")]

#[path = "../kit/mod.rs"]
mod kit;

mod accounts;
mod admin;
mod browsers;
mod codes;
mod front_channel;
mod house;
mod matrix;
mod passkeys;
mod passwords;
mod receivers;
mod resources;
mod tokens;
mod upstreams;
