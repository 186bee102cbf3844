//! Where the customer is signed in, and signing out there.

pub mod web;
