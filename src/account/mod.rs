//! Floor 6, the customer's own pages. A first one: who am I, sign out.

pub mod home;
