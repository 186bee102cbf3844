//! What SIGHUP does: reads the configuration again, takes up what can change while the server runs, and says what else would take a restart.

use toml::Value;

use super::config::{Config, RawConfig};
use super::setup::Node;
use super::worker::certificates::look_at_files;
use crate::platform::telemetry::logging;

/// The keys that are taken up. Files that a key names are looked at again in any case: certificates, the master key's later generations, lists of places and ranges, the feed of advisories.
pub const TAKEN_UP: [&str; 1] = ["log.filter"];

/// The keys whose values differ.
pub fn changed(before: &RawConfig, after: &RawConfig) -> Vec<String> {
    let sections = |raw: &RawConfig| toml::Table::try_from(raw).unwrap_or_default();
    let (before, after) = (sections(before), sections(after));
    let mut keys = Vec::new();
    for (section, now) in &after {
        let was = before.get(section).and_then(Value::as_table);
        for (key, value) in now.as_table().into_iter().flatten() {
            if was.and_then(|was| was.get(key)) != Some(value) {
                keys.push(format!("{section}.{key}"));
            }
        }
    }
    keys
}

/// Takes up what `after` changes, of the configuration that the node was started with.
pub fn take_up(node: &Node, before: &RawConfig, after: Result<RawConfig, Vec<String>>) {
    look_at_files(node);
    node.base.tools.ring.generations().reload();
    match node.signin.risk.places.refresh() {
        Ok(is_new) => tracing::info!(is_new, "lists of places and ranges were looked at again"),
        Err(error) => tracing::error!(%error, "a list was not read again; what was there before stays"),
    }
    let faults = |raw: &RawConfig| Config::check(raw, false).err();
    let after = match after.map_err(Some).and_then(|raw| faults(&raw).map_or(Ok(raw), |faults| Err(Some(faults)))) {
        Ok(after) => after,
        Err(faults) => {
            tracing::error!(?faults, "the configuration is refused; everything stays as it is");
            return;
        }
    };
    let (taken, waiting): (Vec<String>, Vec<String>) = changed(before, &after).into_iter().partition(|key| TAKEN_UP.contains(&key.as_str()));
    if let Err(error) = logging::replace_filter(&after.log.filter) {
        tracing::error!(%error, "the filter of the log stays as it is");
    }
    tracing::info!(?taken, "the configuration was read again");
    if !waiting.is_empty() {
        tracing::warn!(keys = ?waiting, "these take a restart");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_named() {
        let before = RawConfig::default();
        let mut after = RawConfig::default();
        assert!(changed(&before, &after).is_empty());
        after.log.filter = "debug".to_owned();
        after.server.listen = "0.0.0.0:1".to_owned();
        after.server.trusted_proxies = vec!["10.0.0.0/8".to_owned()];
        assert_eq!(changed(&before, &after), ["log.filter", "server.listen", "server.trusted_proxies"]);
    }
}
