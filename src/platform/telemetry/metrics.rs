//! The metrics of a node, in Prometheus' text form.

use std::sync::atomic::Ordering;
use std::time::Duration;

use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::platform::crypto::hash_pool::HashStatistics;
use crate::platform::db::DbStatistics;

/// A request's route and how it ended.
#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct RequestLabels {
    /// The route's pattern, never the path with its ids.
    pub route: &'static str,
    /// `2xx`, `3xx`, `4xx` or `5xx`.
    pub status: &'static str,
}

/// A route.
#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct RouteLabels {
    /// The route's pattern.
    pub route: &'static str,
}

/// What happened.
#[derive(Debug, Clone, Copy, Hash, PartialEq, Eq, EncodeLabelValue)]
#[expect(non_camel_case_types, reason = "label values are written as they are named")]
pub enum Event {
    /// A customer signed in.
    signed_in,
    /// A sign-in was refused.
    signin_refused,
    /// A sign-in was refused because of too many failures.
    signin_throttled,
    /// A code was issued.
    code_issued,
    /// A code was redeemed.
    code_redeemed,
    /// A code was shown again.
    code_reused,
    /// A refresh token was rotated.
    refreshed,
    /// A used refresh token was shown again.
    refresh_reused,
    /// A client got a token of its own.
    client_token,
    /// A client failed to authenticate.
    client_refused,
    /// A session ended.
    session_ended,
    /// A token was revoked.
    revoked,
    /// A handler panicked and was contained.
    panicked,
}

impl Event {
    /// All of them.
    const ALL: [Self; 13] = [
        Self::signed_in,
        Self::signin_refused,
        Self::signin_throttled,
        Self::code_issued,
        Self::code_redeemed,
        Self::code_reused,
        Self::refreshed,
        Self::refresh_reused,
        Self::client_token,
        Self::client_refused,
        Self::session_ended,
        Self::revoked,
        Self::panicked,
    ];
}

/// The label of [`Event`].
#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct EventLabels {
    event: Event,
}

/// A severity.
#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct SeverityLabels {
    /// `low`, `medium`, `high` or `critical`.
    pub severity: &'static str,
}

/// A form that a puzzle was asked for.
#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct PuzzleLabels {
    /// `signin`, `join` or `recovery`.
    pub form: &'static str,
    /// `passed` or `held`.
    pub outcome: &'static str,
}

/// A kind of what leaves the house.
#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct KindLabels {
    /// `mail`, `text` or `intent`.
    pub kind: &'static str,
}

/// A try to hand a message over.
#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct MessageLabels {
    /// `mail`, `text` or `intent`.
    pub kind: &'static str,
    /// `handed_over`, `waits` for another try, or `given_up`.
    pub outcome: &'static str,
}

/// Something that a node looks at.
#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct CheckLabels {
    /// Its word.
    pub check: &'static str,
}

/// A decision over a sign-in or an order.
#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct DecisionLabels {
    /// `signin` or `order`.
    pub kind: &'static str,
    /// The level.
    pub level: &'static str,
    /// What was done.
    pub done: &'static str,
}

/// Every metric of a node.
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    durations: Family<RouteLabels, Histogram, fn() -> Histogram>,
    events: Family<EventLabels, Counter>,
    hash_queue: Gauge,
    hashes_done: Gauge,
    hashes_refused: Gauge,
    database_in_flight: Gauge,
    database_commits: Gauge,
    database_writes: Gauge,
    database_failures: Gauge,
    database_losses: Gauge,
    log_lines_dropped: Gauge,
    standbys: Gauge,
    replication_lag: Gauge,
    outbox_lag: Family<KindLabels, Gauge>,
    late: Family<KindLabels, Gauge>,
    event_lag: Gauge,
    events_given_up: Gauge,
    advisories: Family<SeverityLabels, Gauge>,
    checks: Family<CheckLabels, Gauge>,
    decisions: Family<DecisionLabels, Counter>,
    puzzles: Family<PuzzleLabels, Counter>,
    messages: Family<MessageLabels, Counter>,
    is_attacked: Gauge,
    drift: Gauge,
    tries: Gauge,
    tries_failed: Gauge,
    feed_age: Gauge,
    certificate_ends: Gauge,
    backup_age: Gauge,
}

fn duration_histogram() -> Histogram {
    Histogram::new([0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0])
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// Registers everything.
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("claviger");
        let requests = Family::<RequestLabels, Counter>::default();
        registry.register("http_requests", "Requests by route and status class", requests.clone());
        let durations = Family::<RouteLabels, Histogram, fn() -> Histogram>::new_with_constructor(duration_histogram);
        registry.register("http_request_duration_seconds", "Time to answer, by route", durations.clone());
        let events = Family::<EventLabels, Counter>::default();
        registry.register("events", "What happened", events.clone());
        let advisories = Family::<SeverityLabels, Gauge>::default();
        registry.register("advisories_open", "Advisories that touch this build, by severity", advisories.clone());
        let checks = Family::<CheckLabels, Gauge>::default();
        registry.register("check_failed", "1 where something is not as it should be that a node looks at every minute", checks.clone());
        let puzzles = Family::<PuzzleLabels, Counter>::default();
        registry.register("puzzles", "Forms that a puzzle was asked for, by form and by whether it was there", puzzles.clone());
        let messages = Family::<MessageLabels, Counter>::default();
        registry.register("messages", "Tries to hand a message over, by kind and by how they ended", messages.clone());
        let (outbox_lag, late) = (Family::<KindLabels, Gauge>::default(), Family::<KindLabels, Gauge>::default());
        registry.register("outbox_lag_seconds", "How long ago the oldest message that waits was written, by kind", outbox_lag.clone());
        registry.register("outbox_late", "Messages that wait and were written more than five minutes ago, by kind", late.clone());
        // There from the start: a rule cannot compare what never happened, and one that comes up with its first count has not risen.
        Event::ALL.into_iter().for_each(|event| drop(events.get_or_create(&EventLabels { event })));
        for (kind, outcome) in ["mail", "text", "intent"].into_iter().flat_map(|kind| ["handed_over", "waits", "given_up"].map(|outcome| (kind, outcome))) {
            drop(messages.get_or_create(&MessageLabels { kind, outcome }));
        }
        for family in [&outbox_lag, &late] {
            ["mail", "text", "intent"].into_iter().for_each(|kind| drop(family.get_or_create(&KindLabels { kind })));
        }
        let decisions = Family::<DecisionLabels, Counter>::default();
        registry.register("risk_decisions", "Decisions over sign-ins and orders, by level and by what was done", decisions.clone());
        let mut gauge = |name: &str, help: &str| {
            let gauge = Gauge::default();
            registry.register(name, help, gauge.clone());
            gauge
        };
        Self {
            hash_queue: gauge("hash_queue_depth", "Password checks that wait or run"),
            hashes_done: gauge("hashes_done", "Password hashes computed since start"),
            hashes_refused: gauge("hashes_refused", "Password checks turned away since start"),
            database_in_flight: gauge("database_jobs_in_flight", "Database jobs that wait or run"),
            database_commits: gauge("database_commits", "Transactions committed since start"),
            database_writes: gauge("database_writes", "Writes in those transactions since start"),
            database_failures: gauge("database_failures", "Database jobs that failed since start"),
            database_losses: gauge("database_losses", "Connections to the database that were found dead since start"),
            log_lines_dropped: gauge("log_lines_dropped", "Log lines that were dropped since start, because nobody read them in time"),
            standbys: gauge("database_standbys", "Standbys that follow PostgreSQL's primary, as far as this user may see them"),
            replication_lag: gauge("database_replication_lag_seconds", "How far the last of them is behind"),
            outbox_lag,
            late,
            event_lag: gauge("event_lag_seconds", "How long the oldest event has waited for a shop that does not hear it"),
            events_given_up: gauge("events_given_up", "Events that a shop never heard, and that can be sent again"),
            certificate_ends: gauge("tls_certificate_not_after_seconds", "When the certificate that is shown ends, in Unix time; 0 when none is shown here"),
            feed_age: gauge("update_feed_age_seconds", "How old the feed of releases and advisories is; -1 when none tells anything"),
            backup_age: gauge("backup_age_seconds", "How long ago the last reported backup ended; -1 when none was reported"),
            drift: gauge(
                "risk_order_drift_thousandths",
                "How far the amounts of orders of a week are from those of the month before: the population stability index, in thousandths; above 200 is another population",
            ),
            is_attacked: gauge("risk_attacked", "1 while many more sign-ins than usual fail in the whole shop"),
            tries: gauge("risk_tries", "Sign-ins that were tried in the last ten minutes, on all nodes"),
            tries_failed: gauge("risk_tries_failed", "Those that failed"),
            advisories,
            checks,
            decisions,
            puzzles,
            messages,
            registry,
            requests,
            durations,
            events,
        }
    }

    /// Counts a request and its time.
    pub fn observe_request(&self, route: &'static str, status: u16, took: Duration) {
        let status = match status {
            200..300 => "2xx",
            300..400 => "3xx",
            400..500 => "4xx",
            _ => "5xx",
        };
        self.requests.get_or_create(&RequestLabels { route, status }).inc();
        self.durations.get_or_create(&RouteLabels { route }).observe(took.as_secs_f64());
    }

    /// Counts an event.
    pub fn count(&self, event: Event) {
        self.events.get_or_create(&EventLabels { event }).inc();
    }

    /// Counts a decision.
    pub fn count_decision(&self, kind: &'static str, level: &'static str, done: &'static str) {
        self.decisions.get_or_create(&DecisionLabels { kind, level, done }).inc();
    }

    /// Counts a form that a puzzle was asked for.
    pub fn count_puzzle(&self, form: &'static str, outcome: &'static str) {
        self.puzzles.get_or_create(&PuzzleLabels { form, outcome }).inc();
    }

    /// Remembers what is tried lately, for the next scrape.
    pub fn set_pressure(&self, is_attacked: bool, tries: u64, failures: u64) {
        let signed = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        self.is_attacked.set(i64::from(is_attacked));
        self.tries.set(signed(tries));
        self.tries_failed.set(signed(failures));
    }

    /// Remembers how far what is ordered has changed, for the next scrape.
    pub fn set_drift(&self, stability_index: f64) {
        // Far below 2^52, and never negative.
        #[expect(clippy::cast_possible_truncation, reason = "thousandths of a small number")]
        self.drift.set((stability_index.clamp(0.0, 1_000.0) * 1_000.0).round() as i64);
    }

    /// Remembers how standbys follow, for the next scrape.
    pub fn set_standbys(&self, count: i64, lag_seconds: i64) {
        self.standbys.set(count);
        self.replication_lag.set(lag_seconds);
    }

    /// Counts a try to hand a message over.
    pub fn count_message(&self, kind: &'static str, outcome: &'static str) {
        self.messages.get_or_create(&MessageLabels { kind, outcome }).inc();
    }

    /// Remembers how messages wait, for the next scrape.
    pub fn set_waiting(&self, kind: &'static str, lag_seconds: i64, late: i64) {
        self.outbox_lag.get_or_create(&KindLabels { kind }).set(lag_seconds);
        self.late.get_or_create(&KindLabels { kind }).set(late);
    }

    /// Remembers how long the oldest event has waited, and how many were given up, for the next scrape.
    pub fn set_events(&self, (lag_seconds, given_up): (i64, i64)) {
        self.event_lag.set(lag_seconds);
        self.events_given_up.set(given_up);
    }

    /// Remembers how upkeep stands, for the next scrape: the age of the feed and of the last backup in seconds, and how many advisories of each severity touch this build.
    pub fn set_upkeep(&self, feed_age: Option<i64>, backup_age: Option<i64>, open: &[(&'static str, i64)]) {
        self.feed_age.set(feed_age.unwrap_or(-1));
        self.backup_age.set(backup_age.unwrap_or(-1));
        for (severity, count) in open {
            self.advisories.get_or_create(&SeverityLabels { severity }).set(*count);
        }
    }

    /// Remembers whether something is wrong, for the next scrape.
    pub fn set_check(&self, check: &'static str, is_wrong: bool) {
        self.checks.get_or_create(&CheckLabels { check }).set(i64::from(is_wrong));
    }

    /// Remembers when the certificate ends that is shown, in Unix seconds.
    pub fn set_certificate(&self, not_after: Option<i64>) {
        self.certificate_ends.set(not_after.unwrap_or_default());
    }

    /// The text of a scrape.
    pub fn encode(&self, hashes: &HashStatistics, database: &DbStatistics) -> String {
        let signed = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        self.hash_queue.set(hashes.queued.load(Ordering::Relaxed));
        self.hashes_done.set(signed(hashes.done.load(Ordering::Relaxed)));
        self.hashes_refused.set(signed(hashes.refused.load(Ordering::Relaxed)));
        self.database_in_flight.set(database.in_flight.load(Ordering::Relaxed));
        self.database_commits.set(signed(database.commits.load(Ordering::Relaxed)));
        self.database_writes.set(signed(database.writes.load(Ordering::Relaxed)));
        self.database_failures.set(signed(database.failures.load(Ordering::Relaxed)));
        self.database_losses.set(signed(database.losses.load(Ordering::Relaxed)));
        self.log_lines_dropped.set(i64::try_from(super::logging::dropped_lines()).unwrap_or(i64::MAX));
        let mut text = String::new();
        // Writing to a String does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
