//! Floor 4, people: customers, their authenticators, sign-in and sessions. Knows nothing of OAuth.

pub mod attempts;
pub mod bots;
pub mod care;
pub mod contacts;
pub mod customers;
pub mod erasure;
pub mod factors;
pub mod guests;
pub mod imports;
pub mod intents;
pub mod messages;
mod proof;
pub mod recovery;
pub mod sessions;
pub mod signin;
pub mod signup;
pub mod tickets;

pub use proof::{Passed, Proof};
