//! The postal addresses of a customer: several, each in a form that its country knows, one of them told to shops.

pub mod web;
