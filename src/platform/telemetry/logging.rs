//! Structured logs on standard error: JSON for machines, or lines for people. Control characters in values are escaped by the formatter. A thread of its own writes them, so that nobody waits for whoever reads them; when that one is too slow, lines are dropped and counted.

use std::sync::{Mutex, OnceLock, PoisonError};

use tracing::Metadata;
use tracing_appender::non_blocking::{ErrorCounter, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::filter::{FilterExt, filter_fn};
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt, reload};

use super::traces::{self, TraceSettings};
use crate::base::card_number;
use crate::platform::outgoing::Outgoing;

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

/// What is written to, without card numbers: one that came along in an address or an error is not kept with the log (PCI DSS v4.0.1, 3.2).
struct Redacting<W>(W);

impl<W: std::io::Write> std::io::Write for Redacting<W> {
    /// A whole line, as the formatter writes it.
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        match std::str::from_utf8(line) {
            Ok(text) => self.0.write_all(card_number::redacted(text).as_bytes())?,
            Err(_) => self.0.write_all(line)?,
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

/// Lines that wait for a slow reader before some are dropped.
const WAITING_LINES: usize = 16_384;

/// What writes, until [`finish`], and what it dropped.
static WRITER: OnceLock<(Mutex<Option<WorkerGuard>>, ErrorCounter)> = OnceLock::new();

/// Writes what waits, for a second at most, and nothing afterwards. Before the process ends.
pub fn finish() {
    if let Some((guard, _)) = WRITER.get() {
        drop(guard.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

/// How many lines were dropped since the process began.
pub fn dropped_lines() -> usize {
    WRITER.get().map_or(0, |(_, dropped)| dropped.dropped_lines())
}

/// Starts logging for the process, and tracing when `traces` are given: their settings, the way out, and the name of this node. `filter` is a level (`info`) or a list such as `info,claviger=debug`; it is about the log alone. With traces this is called on the server's runtime.
///
/// # Errors
/// A sentence when the filter or an address is not valid; a logger that is already there stays.
pub fn start(format: LogFormat, filter: &str, traces: Option<(TraceSettings, Outgoing, String)>) -> Result<(), String> {
    let filter = EnvFilter::try_new(filter).map_err(|error| format!("log.filter: {error}"))?;
    let tracer = traces.map(|(settings, outgoing, node)| traces::begin(settings, outgoing, node)).transpose()?;
    let (writer, guard) = NonBlockingBuilder::default().buffered_lines_limit(WAITING_LINES).lossy(true).thread_name("log").finish(Redacting(std::io::stderr()));
    let dropped = writer.error_counter();
    let (filter, handle) = reload::Layer::new(filter);
    // Spans are of traces alone: the log has events.
    let events = filter.and(filter_fn(|metadata: &Metadata<'_>| metadata.is_event()));
    let lines = fmt::layer().with_writer(writer).with_span_events(FmtSpan::NONE);
    let lines = match format {
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(false).with_span_list(false).with_filter(events).boxed(),
        LogFormat::Human => lines.with_target(false).with_filter(events).boxed(),
    };
    let spans = tracer.map(|tracer| {
        let layer = tracing_opentelemetry::layer().with_tracer(tracer).with_location(false).with_threads(false).with_target(false).with_tracked_inactivity(false);
        layer.with_filter(filter_fn(|metadata| metadata.is_span() && metadata.target() == traces::TARGET))
    });
    if tracing_subscriber::registry().with(lines).with(spans).try_init().is_ok() {
        let _ = WRITER.set((Mutex::new(Some(guard)), dropped));
        let _ = REPLACE.set(Box::new(move |filter| handle.reload(filter).map_err(|error| error.to_string())));
    }
    Ok(())
}

type Replace = Box<dyn Fn(EnvFilter) -> Result<(), String> + Send + Sync>;

/// How the filter of the process's logger is replaced.
static REPLACE: OnceLock<Replace> = OnceLock::new();

/// Logs by another filter from now on.
///
/// # Errors
/// A sentence when the filter is not valid; the one before stays.
pub fn replace_filter(filter: &str) -> Result<(), String> {
    let filter = EnvFilter::try_new(filter).map_err(|error| format!("log.filter: {error}"))?;
    REPLACE.get().map_or(Ok(()), |replace| replace(filter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn no_card_number_gets_into_the_log() {
        let kept = Kept::default();
        let of = kept.clone();
        let subscriber = tracing_subscriber::FmtSubscriber::builder().json().flatten_event(true).with_writer(move || Redacting(of.clone())).finish();
        tracing::subscriber::with_default(subscriber, || {
            tracing::warn!(path = "/shop/4111111111111111", order = 4_711, "refused: 3782-822463-10005");
        });
        let text = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        assert!(text.contains("refused: ") && text.contains("4711") && text.contains("/shop/"), "{text}");
        assert!(!text.contains("411111") && !text.contains("822463"), "{text}");
    }
}
