//! The links of a recovery in mails: the one that stops it, and the one that goes on with it. Opening one changes nothing.

pub mod web;
