//! Structured logs on standard error: JSON for machines, or lines for people. Control characters in values are escaped by the formatter.

use tracing_subscriber::EnvFilter;

use crate::base::card_number;
use tracing_subscriber::fmt::format::FmtSpan;

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object a line.
    #[default]
    Json,
    /// For reading at a terminal.
    Human,
}

/// Standard error, without card numbers: one that came along in an address or an error is not kept with the log (PCI DSS v4.0.1, 3.2).
struct Redacting;

impl std::io::Write for Redacting {
    /// A whole line, as the formatter writes it.
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        let mut out = std::io::stderr().lock();
        match std::str::from_utf8(line) {
            Ok(text) => out.write_all(card_number::redacted(text).as_bytes())?,
            Err(_) => out.write_all(line)?,
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        std::io::stderr().flush()
    }
}

/// Starts logging for the process. `filter` is a level (`info`) or a list such as `info,claviger=debug`.
///
/// # Errors
/// A sentence when the filter is not valid; a logger that is already there stays.
pub fn start(format: LogFormat, filter: &str) -> Result<(), String> {
    let filter = EnvFilter::try_new(filter).map_err(|error| format!("log.filter: {error}"))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(|| Redacting).with_span_events(FmtSpan::NONE);
    let _ = match format {
        LogFormat::Json => builder.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init(),
        LogFormat::Human => builder.with_target(false).try_init(),
    };
    Ok(())
}
