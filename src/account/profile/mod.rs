//! Who a customer is to shops: name, language, and what else they may be told.

pub mod web;
