//! Floor 6, the customer's own pages: who am I (home), how do I sign in (security).

pub mod activity;
pub mod addresses;
pub mod checkup;
pub mod contact;
pub mod home;
pub mod messages;
pub mod not_me;
pub mod phrase;
pub mod privacy;
pub mod profile;
pub mod quiz;
pub mod safety;
pub mod security;
pub mod sessions;
pub mod shops;
pub mod theft;
pub mod verify_message;
