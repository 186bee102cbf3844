//! The authorization endpoint (RFC 6749 section 3.1, OIDC Core section 3.1.2): reading a request (params), judging it (rules), answering it (answer), who is there (present), what waits for a customer (store), the way from one to the next (web), and the pages on which a customer decides (decisions).

mod answer;
pub mod approve;
pub mod decisions;
pub mod model;
mod params;
mod present;
pub mod rules;
pub mod store;
pub mod web;
