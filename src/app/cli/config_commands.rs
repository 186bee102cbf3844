//! `claviger config`.

use clap::Subcommand;
use toml::Value;

use super::{Context, Failure, listed, say};
use crate::app::config::{self, Config, Source};

#[derive(Subcommand)]
pub(super) enum ConfigCommand {
    /// Says whether the configuration can serve; exits 3 with every fault when it cannot.
    #[command(after_help = "Example:\n  claviger config check --config /etc/claviger.toml")]
    Check,
    /// Prints the effective values and where each came from; secrets are masked.
    #[command(after_help = "Example:\n  claviger config print")]
    Print,
    /// Prints the reference of all keys, as Markdown.
    #[command(after_help = "Example:\n  claviger config reference > docs/reference/configuration.md")]
    Reference,
}

pub(super) fn execute(context: &Context, command: &ConfigCommand) -> Result<(), Failure> {
    match command {
        ConfigCommand::Reference => say(config::markdown().trim_end()),
        ConfigCommand::Check => {
            context.config()?;
            say("the configuration is fine");
        }
        ConfigCommand::Print => print(context)?,
    }
    Ok(())
}

/// Prints every key with its source; used by `doctor` too.
pub(super) fn print(context: &Context) -> Result<(), Failure> {
    let loaded = context.load()?;
    let values = Value::try_from(&loaded.raw).map_err(|error| error.to_string())?;
    for (section, keys) in values.as_table().into_iter().flatten() {
        say(&format!("[{section}]"));
        for (key, value) in keys.as_table().into_iter().flatten() {
            let path = format!("{section}.{key}");
            let shown = if path == "database.url" { mask_url(value.as_str().unwrap_or_default()) } else { value.to_string() };
            say(&format!("{key} = {shown}  # {}", loaded.sources.get(&path).unwrap_or(&Source::Default)));
        }
    }
    if let Err(faults) = Config::check(&loaded.raw, false) {
        say(&listed(&faults));
    }
    Ok(())
}

fn mask_url(url: &str) -> String {
    match url::Url::parse(url) {
        Ok(mut parsed) if parsed.password().is_some() => {
            let _ = parsed.set_password(Some("***"));
            format!("\"{parsed}\"")
        }
        _ => format!("\"{url}\""),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_database_password_is_masked() {
        assert_eq!(super::mask_url("postgres://u:secret@db/x"), "\"postgres://u:***@db/x\"");
        assert_eq!(super::mask_url("sqlite:data/x.db"), "\"sqlite:data/x.db\"");
    }
}
