//! What operators see: structured logs and Prometheus metrics. Labels are closed sets, never ids.

pub mod logging;
pub mod metrics;
