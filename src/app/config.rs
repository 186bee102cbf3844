//! Configuration: one TOML file, overridden by `CLAVIGER_…` variables, overridden by flags. Unknown keys are refused with the nearest valid name; all faults are told at once, by key.

mod bots;
mod brands;
mod checked;
mod factors;
mod passkeys;
mod people;
pub(super) mod raw;
mod reference;
mod risk;
mod tls;
mod upkeep;
mod upstreams;

pub use checked::Config;
pub use raw::{LevelRule, RawConfig, SmsWay, Source, UpstreamEntry, load};
pub use reference::markdown;
pub use tls::TlsSource;

/// The process's variables that begin with `CLAVIGER_`. The one place that reads the environment.
#[expect(clippy::disallowed_methods, reason = "the configuration is the one reader of the environment")]
pub fn variables() -> Vec<(String, String)> {
    std::env::vars().filter(|(name, _)| name.starts_with("CLAVIGER_")).collect()
}
