//! A receipt of what a customer agreed to share with a shop: signed, for their own files.

pub mod web;
