//! How unusual an order is: rules, what is known of everybody and everything in it, and a model that learns from what became of earlier ones.

pub mod commons;
pub mod decide;
pub mod desk;
pub mod entity;
pub mod features;
pub mod links;
pub mod models;
pub mod order;
pub mod record;
pub mod regression;
pub mod rules;
pub mod store;
pub mod trees;
