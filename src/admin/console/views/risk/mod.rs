//! Decisions over sign-ins and orders, another policy, and the models.

pub mod web;
