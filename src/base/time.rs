//! Time as a value. The only module that may read the machine's clock; everything else is handed a [`Clock`].

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A moment, in whole seconds since 1970-01-01T00:00:00Z (the `NumericDate` of RFC 7519 section 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct UnixSeconds(pub i64);

impl UnixSeconds {
    /// This moment plus `seconds`, saturating.
    #[must_use]
    pub fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// Seconds from `earlier` to this moment; negative when `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Reads a moment as other products write it: RFC 3339, or with a blank in the middle, without a zone, which is UTC then, or the day alone.
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        if text.len() > 40 || !text.is_ascii() {
            return None;
        }
        let (day, clock) = text.split_once(['T', ' ']).unwrap_or((text, "00:00:00"));
        let zone = if clock.contains(['Z', 'z', '+', '-']) { "" } else { "Z" };
        let moment = time::OffsetDateTime::parse(&format!("{day}T{clock}{zone}"), &time::format_description::well_known::Rfc3339).ok()?;
        Some(Self(moment.unix_timestamp()))
    }

    /// In words of RFC 3339, such as `2026-05-04T13:37:00Z`; the number itself where the calendar ends.
    pub fn rfc3339(self) -> String {
        let date = time::OffsetDateTime::from_unix_timestamp(self.0).ok();
        date.and_then(|date| date.format(&time::format_description::well_known::Rfc3339).ok()).unwrap_or_else(|| self.0.to_string())
    }
}

impl fmt::Display for UnixSeconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A moment in microseconds since 1970-01-01T00:00:00Z, for ordering within a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct UnixMicros(pub i64);

impl UnixMicros {
    /// The second that this moment lies in.
    #[must_use]
    pub fn seconds(self) -> UnixSeconds {
        UnixSeconds(self.0.div_euclid(1_000_000))
    }
}

/// Where the time comes from: the machine in production, a test's hand in tests.
pub trait Clock: Send + Sync {
    /// The current moment.
    fn now_micros(&self) -> UnixMicros;

    /// The current moment in whole seconds.
    fn now(&self) -> UnixSeconds {
        self.now_micros().seconds()
    }

    /// Time that never runs backwards, for measuring spans; its zero has no meaning.
    fn monotonic(&self) -> Duration;
}

/// The machine's clock.
#[derive(Debug)]
pub struct SystemClock {
    started: Instant,
}

impl SystemClock {
    /// A clock whose monotonic zero is now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this module is the one place that reads the clock")]
    pub fn new() -> Self {
        Self { started: Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this module is the one place that reads the clock")]
    fn now_micros(&self) -> UnixMicros {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        UnixMicros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }

    fn monotonic(&self) -> Duration {
        self.started.elapsed()
    }
}

/// A clock that stands still until it is moved: tests travel in time instead of sleeping.
#[derive(Debug)]
pub struct ManualClock {
    micros: AtomicI64,
}

impl ManualClock {
    /// A clock that shows `at` and stays there.
    #[must_use]
    pub fn at(at: UnixSeconds) -> Self {
        Self { micros: AtomicI64::new(at.0.saturating_mul(1_000_000)) }
    }

    /// Moves the clock by `seconds`, which may be negative.
    pub fn advance(&self, seconds: i64) {
        self.micros.fetch_add(seconds.saturating_mul(1_000_000), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now_micros(&self) -> UnixMicros {
        // Each reading is one microsecond after the last, so that events keep their order.
        UnixMicros(self.micros.fetch_add(1, Ordering::SeqCst))
    }

    fn monotonic(&self) -> Duration {
        Duration::from_micros(u64::try_from(self.micros.load(Ordering::SeqCst)).unwrap_or(0))
    }
}
