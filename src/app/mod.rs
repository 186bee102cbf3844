//! Floor 7, wiring: configuration, the running server, its periodic work, the command line.

pub mod backup;
pub mod checks;
pub mod cli;
pub mod compliance;
pub mod config;
pub mod demo;
pub mod features;
pub mod reload;
pub mod server;
pub mod setup;
pub mod worker;
