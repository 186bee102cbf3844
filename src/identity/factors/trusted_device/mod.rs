//! Trusted devices: "do not ask again on this device". One spares its owner the second factor that nobody demands; never a level that somebody does, and never the first factor.

pub mod rules;
pub mod store;
