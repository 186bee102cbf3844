//! The page where a customer looks after the ways to sign in: what there is, adding an authenticator app, removing one.

mod qr;
pub mod web;
