//! What operators see: structured logs, Prometheus metrics and traces. Labels are closed sets, never ids.

pub mod logging;
pub mod metrics;
pub mod traces;
