//! The kinds of authenticator. Each folder holds one: its rules, its table, its check. A check that holds yields a [`crate::identity::Proof`].

pub mod password;
