//! Certificates: files are read again when they change; an ACME server is asked in time.

use std::sync::Arc;
use std::time::Duration;

use crate::app::setup::Node;

/// How often answers of other nodes are looked for, and whether something is due.
const PAUSE: Duration = Duration::from_secs(2);
/// In how many pauses files are looked at, and another certificate may be due.
const ROUNDS: u64 = 30;

/// Runs until `stop` says so.
pub async fn run(node: Arc<Node>, mut stop: tokio::sync::watch::Receiver<bool>) {
    let mut tick = tokio::time::interval(PAUSE);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut count: u64 = 0;
    loop {
        tokio::select! {
            _ = tick.tick() => {}
            _ = stop.changed() => return,
        }
        if count.is_multiple_of(ROUNDS) {
            look_at_files(&node);
        }
        if let Some(acme) = &node.acme {
            if let Err(error) = acme.follow().await {
                tracing::warn!(%error, "the kept certificate was not taken up");
            }
            let is_awaited = acme.certificates.shown().is_none();
            if is_awaited || count.is_multiple_of(ROUNDS) {
                match acme.renew(&node.name).await {
                    Ok(true) => tracing::info!(names = ?acme.policy.names, "another certificate came"),
                    Ok(false) => {}
                    Err(error) => tracing::error!(%error, "no certificate came; it is asked for again after ten minutes"),
                }
            }
        }
        count = count.wrapping_add(1);
    }
}

/// Reads certificate files again, and tells the metrics when what is shown ends.
pub fn look_at_files(node: &Node) {
    let Some(certificates) = &node.certificates else { return };
    match certificates.refresh() {
        Ok(true) => tracing::info!("another certificate is shown from now on"),
        Ok(false) => {}
        Err(error) => tracing::error!(%error, "the certificate was not read again; the one before is shown on"),
    }
    node.http.metrics.set_certificate(certificates.shown().map(|shown| shown.facts.not_after.0));
}
