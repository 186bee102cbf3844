//! What is to be told to whom, until it was heard.

pub mod store;
