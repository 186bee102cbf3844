//! What customers say of themselves: profile, addresses, and the phrase that genuine mails are known by.

pub mod store;
