//! Every message that was sent to the customer.

pub mod web;
