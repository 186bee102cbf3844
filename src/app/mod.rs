//! Floor 7, wiring: configuration, the running server, its periodic work, the command line.

pub mod cli;
pub mod config;
pub mod demo;
pub mod features;
pub mod server;
pub mod setup;
pub mod worker;
