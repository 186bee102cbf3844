//! Who of the staff may do what: roles as permissions (rules), who has them (store), and who is asking (staff).

pub mod rules;
pub mod staff;
pub mod store;
pub mod web;
