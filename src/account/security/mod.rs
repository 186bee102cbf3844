//! How a customer proves who it is: what there is, adding and removing it.

pub mod apps;
pub mod channels;
pub mod devices;
pub mod keys;
pub mod level;
pub mod password;
pub mod upstreams;
pub mod web;
