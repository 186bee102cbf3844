//! A storefront tells the number of an order, so that the customer can name it when recovering the account. Only a MAC of it is kept.

pub mod web;
