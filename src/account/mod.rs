//! Floor 6, the customer's own pages: who am I (home), how do I sign in (security).

pub mod contact;
pub mod home;
pub mod not_me;
pub mod security;
