//! `claviger version`.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{Context, Failure, say, say_json};
use crate::base::time::{Clock, SystemClock, UnixSeconds};
use crate::platform::crypto::library;
use crate::platform::updates::{Standing, own_version, read, read_file};

#[derive(Args)]
pub(super) struct VersionArguments {
    /// A feed of releases and advisories, as it was mirrored; that of the configuration when only --key or neither is given.
    #[arg(long, value_name = "FILE")]
    check: Option<PathBuf>,
    /// The key that signs it; that of the configuration when absent.
    #[arg(long)]
    key: Option<String>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

fn told(standing: &Standing) {
    say(&format!("feed of {}", UnixSeconds(standing.issued_at).rfc3339()));
    if let Some(newer) = &standing.newer {
        say(&format!("{newer} is out"));
    }
    for advisory in &standing.advisories {
        let patched = advisory.patched.as_ref().map_or_else(|| "not mended yet".to_owned(), |version| format!("mended in {version}"));
        say(&format!(
            "{}  {:<8}  {} ({patched}){}",
            advisory.id,
            advisory.severity.word(),
            advisory.title,
            advisory.url.as_ref().map(|url| format!("  {url}")).unwrap_or_default()
        ));
    }
}

pub(super) fn execute(context: &Context, arguments: &VersionArguments) -> Result<(), Failure> {
    let configured = if arguments.check.is_some() && arguments.key.is_some() { None } else { context.load().ok().map(|loaded| loaded.raw.updates) };
    let configured = configured.unwrap_or_default();
    let file = arguments.check.clone().or_else(|| (!configured.feed_file.is_empty()).then(|| PathBuf::from(&configured.feed_file)));
    let Some(file) = file else {
        if arguments.json {
            say_json(&json!({ "version": own_version().to_string(), "cryptography": library() }));
        } else {
            say(&format!("claviger {}, with {}", own_version(), library()));
        }
        return Ok(());
    };
    let key = arguments.key.clone().unwrap_or(configured.feed_key);
    let refused = |error: crate::platform::updates::FeedRefused| Failure::Refused(error.to_string());
    let standing = read_file(&file).and_then(|feed| read(&feed, &key, &own_version(), SystemClock::new().now())).map_err(refused)?;
    if arguments.json {
        say_json(&json!(standing));
    } else {
        say(&format!("claviger {}", standing.version));
        told(&standing);
    }
    match (standing.advisories.len(), standing.is_stale) {
        (0, false) => Ok(()),
        (0, true) => Err(Failure::Refused("the feed is older than 30 days: it says nothing about today".to_owned())),
        (count, _) => Err(Failure::Refused(format!("{count} advisories touch this build"))),
    }
}
