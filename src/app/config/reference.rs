//! The configuration reference, printed from the types: `docs/reference/configuration.md` is this text, and a test fails when it is not.

use std::fmt::Write;

use toml::Value;

use super::raw::{RawConfig, SECTIONS};

/// The reference as Markdown.
pub fn markdown() -> String {
    let mut out = String::from(
        "# Configuration reference\n\nPrinted by `claviger config reference`; do not edit by hand.\n\nValues come from the file given with `--config` (default `claviger.toml` when there is one), \
         then from variables such as `CLAVIGER_SERVER_ISSUER` (or `CLAVIGER__SERVER__ISSUER`), then from flags such as `--set server.issuer=https://login.shop.example`; later ones win. Keys that do not exist are refused.\n",
    );
    let defaults = Value::try_from(RawConfig::default()).ok();
    for (section, keys) in SECTIONS {
        let _ = write!(out, "\n## [{section}]\n\n| key | default | what it is |\n| --- | --- | --- |\n");
        for (key, text) in keys {
            let default = defaults.as_ref().and_then(|all| all.get(section)?.get(key)).map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(out, "| `{key}` | `{default}` | {} |", text.trim());
        }
    }
    out
}
