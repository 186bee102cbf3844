//! Keys and what is done with them. Private keys never leave this folder and never print.

pub mod generations;
pub mod hash_pool;
pub mod jws;
pub mod keyring;
pub mod master_key;
pub mod seal;
pub mod signing_keys;

/// The library below this build: `"AWS-LC"`, or `"AWS-LC FIPS"` for its FIPS 140-3 module (feature `fips`), which tests itself before it does anything.
pub fn library() -> &'static str {
    if aws_lc_rs::try_fips_mode().is_ok() { "AWS-LC FIPS" } else { "AWS-LC" }
}
