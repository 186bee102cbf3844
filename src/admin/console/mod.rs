//! The console: pages for staff. What is done on them is an operation of the API, asked for by a form that is made of its schema.

pub mod charts;
pub mod forms;
pub mod snippets;
pub mod views;
pub mod waterfall;
pub mod web;
