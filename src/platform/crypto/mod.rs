//! Keys and what is done with them. Private keys never leave this folder and never print.

pub mod generations;
pub mod hash_pool;
pub mod jws;
pub mod keyring;
pub mod master_key;
pub mod seal;
pub mod signing_keys;
