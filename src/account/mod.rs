//! Floor 6, the customer's own pages: who am I (home), how do I sign in (security).

pub mod activity;
pub mod addresses;
pub mod contact;
pub mod home;
pub mod messages;
pub mod not_me;
pub mod privacy;
pub mod profile;
pub mod security;
pub mod sessions;
pub mod shops;
pub mod verify_message;
