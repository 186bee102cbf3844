//! HTTP as a machine: strict parameters, bounded bodies, cookies, CSRF, headers, pages, TLS. Knows no feature.

pub mod api_problem;
pub mod assets;
pub mod body;
pub mod client_address;
pub mod cookies;
pub mod cross_site;
pub mod csrf;
pub mod framing;
pub mod guard;
pub mod listener;
pub mod page;
pub mod params;
