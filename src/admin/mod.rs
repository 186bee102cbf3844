//! Floor 6, for staff: who may do what (access), what can be done (operations, with desk, cases, people, clients, log), and where: the API and the console.

pub mod access;
pub mod api;
pub mod cases;
pub mod clients;
pub mod console;
pub mod desk;
pub mod events;
pub mod log;
pub mod operations;
pub mod people;
pub mod risk;
pub mod upkeep;

pub use operations::{AdminPolicy, AdminState};
