//! Floor 4, people: customers, their authenticators, sign-in and sessions. Knows nothing of OAuth.

pub mod attempts;
pub mod customers;
pub mod factors;
pub mod notices;
mod proof;
pub mod sessions;
pub mod signin;

pub use proof::{Passed, Proof};
