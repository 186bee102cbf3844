//! The authorization endpoint (RFC 6749 section 3.1, OIDC Core section 3.1.2): reading a request (params), judging it (rules), answering it (answer), who is there (present), what waits for a customer (store), and the pages (web).

mod answer;
pub mod approve;
pub mod model;
mod params;
mod present;
pub mod rules;
pub mod store;
pub mod web;
