//! Customers: who they are (model) and their rows, whose personal cells only the vault opens (store).

pub mod address_book;
pub mod details;
mod model;
pub mod store;

pub use model::{Customer, CustomerRole, CustomerStatus, FactorFacts, NewCustomer, PostalAddress, Profile, Standing};
