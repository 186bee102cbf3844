//! E-mail address, second mailbox and telephone: changed with a code to the new one, and taken back from the old one.

pub mod undo;
pub mod web;
