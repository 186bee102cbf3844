//! Periodic work of a node: mail, the audit log, keys, sweeping. Each job bears that another node does it too.

mod audit_log;
pub mod certificates;
pub mod checks;
pub mod risk;

use std::sync::Arc;
use std::time::Duration;

use super::setup::{self, Node};
use crate::admin::access::store as admins;
use crate::admin::cases;
use crate::admin::desk::store as caller_checks;
use crate::admin::operations::store as answers;
use crate::admin::upkeep::find_backup;
use crate::base::time::UnixSeconds;
use crate::identity::attempts::store as attempts;
use crate::identity::care::store as care;
use crate::identity::contacts::store as contacts;
use crate::identity::customers::details::store as customers;
use crate::identity::erasure;
use crate::identity::factors::passkey::store as passkeys;
use crate::identity::factors::sent_code::store as sent_codes;
use crate::identity::factors::trusted_device::store as trusted_devices;
use crate::identity::factors::upstream::store as upstreams;
use crate::identity::guests::store as guests;
use crate::identity::intents::{self, Intent};
use crate::identity::messages::Desk;
use crate::identity::messages::store as messages;
use crate::identity::recovery;
use crate::identity::sessions::store as sessions;
use crate::identity::signin::store as flows;
use crate::identity::tickets::store as tickets;
use crate::oauth::authorize::store as requests;
use crate::oauth::clients::store as clients;
use crate::oauth::events::deliveries::store as deliveries;
use crate::oauth::events::{deliver, fan_out};
use crate::oauth::grant::store as grants;
use crate::platform::audit::{self, Actor, Origin};
use crate::platform::crypto::jws::SigningAlgorithm;
use crate::platform::db::{StoreError, scrub};
use crate::platform::outbox;
use crate::platform::updates::Severity;
pub use audit_log::{PLACE_LIMIT, place_audit, place_new, sign_audit, take_audit_lease, trim_audit};

/// Rows that one sweep removes from a table.
const SWEEP_LIMIT: i64 = 500;
/// How long ended things are kept, in seconds: a day, so that a late page or a replay is still recognised.
const KEPT_SECONDS: i64 = 86_400;
/// How long messages are kept after they left or were given up, in seconds: a week, for whoever asks the desk about one.
const KEPT_MESSAGE_SECONDS: i64 = 7 * 86_400;

/// How long what no shop heard is kept, in seconds: a month.
const KEPT_DELIVERY_SECONDS: i64 = 30 * 86_400;
/// How long reports of scams are kept, in seconds: half a year.
const KEPT_REPORT_SECONDS: i64 = 180 * 86_400;
/// How long failures at addresses that nobody has are kept, in seconds: a month.
const KEPT_NOBODY_SECONDS: i64 = 30 * 86_400;
/// Intents that are carried out in one go.
const INTENT_LIMIT: i64 = 100;
/// How long that may take: half of the time for which they are leased.
const INTENTS_TIME: Duration = Duration::from_secs(outbox::store::LEASE_SECONDS.unsigned_abs() / 2);
/// Accounts that are erased in one go.
const ERASE_LIMIT: i64 = 50;
/// How long messages stand in the message centre, in seconds: two years.
const MESSAGE_CENTRE_SECONDS: i64 = 730 * 86_400;

/// Runs until `stop` says so.
pub async fn run(node: Arc<Node>, mut stop: tokio::sync::watch::Receiver<bool>) {
    let mut second = tokio::time::interval(Duration::from_secs(1));
    second.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut count: u64 = 0;
    loop {
        tokio::select! {
            _ = second.tick() => {}
            _ = stop.changed() => return,
        }
        count = count.wrapping_add(1);
        note("intents", resolve_intents(&node).await);
        note("clock", checks::watch_clock(&node).await);
        note("audit log", sign_audit(&node).await);
        note("risk counts", risk::count_signins(&node).await);
        note("pressure", risk::weigh_pressure(&node).await);
        if count.is_multiple_of(5) {
            note("orders", risk::mature_orders(&node).await);
        }
        if count.is_multiple_of(30) {
            note("recoveries", tell_recoveries(&node).await);
            note("erasure", erase_due(&node).await);
            note("cases", tick_cases(&node).await);
        }
        if count.is_multiple_of(60) {
            note("sweep", sweep(&node).await);
            note("upkeep", look_after(&node).await);
            note("checks", checks::watch(&node).await);
            note("risk", risk::refresh_risk(&node).await);
            note("risk sweep", risk::sweep_risk(&node).await);
        }
        // A while after the start, and then every hour.
        if count % 3_600 == 90 {
            // A long month takes a while: nobody's mail waits for it.
            let node = Arc::clone(&node);
            tokio::spawn(async move {
                note("audit retention", trim_audit(&node).await);
                if count % 86_400 == 90 {
                    note("integrity", checks::look_within(&node).await);
                }
                note("order models", risk::train_orders(&node).await);
            });
        }
    }
}

/// How often it is measured what waits, in seconds: as often as it is asked for.
const MEASURE_SECONDS: u64 = 15;
/// How long messages under way get when the node ends.
const MESSAGES_END: Duration = Duration::from_secs(5);

/// Delivers mails until `stop` says so. Apart from the other jobs: a relay that does not answer holds up nothing else.
pub async fn run_mail(node: Arc<Node>, stop: tokio::sync::watch::Receiver<bool>) {
    run_each("mail", 1, stop, async || send_mail(&node).await).await;
}

/// Delivers text messages until `stop` says so, as [`run_mail`] does mails.
pub async fn run_texts(node: Arc<Node>, stop: tokio::sync::watch::Receiver<bool>) {
    run_each("text messages", 1, stop, async || send_texts(&node).await).await;
}

/// Rotates keys and takes up what other nodes did, until `stop` says so. Apart from the other jobs: what one node publishes, the others are to publish before it signs.
pub async fn run_keys(node: Arc<Node>, stop: tokio::sync::watch::Receiver<bool>) {
    run_each("keys", 2, stop, async || refresh_keys(&node).await).await;
}

/// Measures what waits, until `stop` says so. Apart from those who are to send it.
pub async fn run_measures(node: Arc<Node>, stop: tokio::sync::watch::Receiver<bool>) {
    run_each("measures", MEASURE_SECONDS, stop, async || measure_waits(&node).await).await;
}

async fn run_each(name: &'static str, seconds: u64, mut stop: tokio::sync::watch::Receiver<bool>, work: impl AsyncFn() -> Result<usize, StoreError>) {
    let mut tick = tokio::time::interval(Duration::from_secs(seconds));
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = tick.tick() => {}
            _ = stop.changed() => return,
        }
        let mut under_way = std::pin::pin!(work());
        tokio::select! {
            done = &mut under_way => note(name, done),
            _ = stop.changed() => {
                // What is not told of by then is sent again by whoever is there next.
                let _ = tokio::time::timeout(MESSAGES_END, under_way).await;
                return;
            }
        }
    }
}

/// Transactions in which what happened is gathered before it is told.
const GATHER_ROUNDS: usize = 8;
/// How often it is looked whether shops are to be told of something.
const TELL_PAUSE: Duration = Duration::from_millis(200);

/// Tells shops what happened, until `stop` says so. Apart from the other jobs: a session that ends is to be over everywhere within a moment.
pub async fn run_events(node: Arc<Node>, mut stop: tokio::sync::watch::Receiver<bool>) {
    let permits = Arc::new(tokio::sync::Semaphore::new(deliver::RECEIVERS));
    let mut tick = tokio::time::interval(TELL_PAUSE);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = tick.tick() => {}
            _ = stop.changed() => return,
        }
        note("audit log", place_new(&node).await);
        note("events", gather_events(&node).await);
        match deliver::take_errands(&node.oauth, permits.available_permits()).await {
            // Nobody waits for a receiver that takes its time; what is under way is leased.
            Ok(errands) => errands.into_iter().for_each(|errand| {
                let (state, permits) = (Arc::clone(&node.oauth), Arc::clone(&permits));
                tokio::spawn(async move {
                    let _permit = permits.acquire_owned().await;
                    note("deliveries", deliver::run(&state, errand).await);
                });
            }),
            Err(error) => note::<()>("deliveries", Err(error)),
        }
    }
}

/// Writes down whom to tell of what happened since.
///
/// # Errors
/// [`StoreError`].
pub async fn gather_events(node: &Node) -> Result<usize, StoreError> {
    let mut total = 0;
    for _ in 0..GATHER_ROUNDS {
        if !node.base.db.read(fan_out::has_news).await? {
            break;
        }
        let (tools, holder) = (node.base.tools.clone(), node.name.clone());
        let done = match node.base.db.write(move |tx| fan_out::fan_out(tx, &tools, &holder)).await {
            Err(StoreError::Conflict) => 0,
            settled => settled?,
        };
        total += done;
        if done == 0 {
            break;
        }
    }
    Ok(total)
}

/// Gathers what happened, and tells every receiver for whom something is due, once; how many receivers.
///
/// # Errors
/// [`StoreError`].
pub async fn tell_shops(node: &Node) -> Result<usize, StoreError> {
    place_new(node).await?;
    gather_events(node).await?;
    let errands = deliver::take_errands(&node.oauth, deliver::RECEIVERS).await?;
    let count = errands.len();
    for errand in errands {
        deliver::run(&node.oauth, errand).await?;
    }
    Ok(count)
}

fn note<T>(job: &'static str, outcome: Result<T, StoreError>) {
    if let Err(error) = outcome {
        tracing::warn!(job, %error, "a periodic job failed; it will be tried again");
    }
}

/// Carries out what strangers asked for: each in a transaction with the note that it is done.
///
/// # Errors
/// [`StoreError`].
pub async fn resolve_intents(node: &Node) -> Result<usize, StoreError> {
    let tools = node.base.tools.clone();
    let due = node.base.db.write(move |tx| outbox::store::lease_due_intents::<Intent>(tx, &tools, INTENT_LIMIT)).await?;
    let count = counter(node, "intent");
    let number = due.messages.len() + due.unreadable.len();
    due.unreadable.into_iter().for_each(&count);
    let passed = {
        let began = node.base.tools.clock.monotonic();
        move || node.base.tools.clock.monotonic().saturating_sub(began)
    };
    for asked in due.messages {
        // What is not come to in time is leased again. Other jobs wait for this one.
        if passed() > INTENTS_TIME {
            break;
        }
        let (state, id, attempts) = (node.signin.clone(), asked.id.clone(), asked.attempts);
        let work = node.base.db.write(move |tx| {
            if outbox::store::claim(tx, &asked.id, asked.attempts, state.tools.now())? {
                intents::resolve(tx, &state, &asked.content)?;
            }
            Ok(())
        });
        count(match work.await {
            Ok(()) => outbox::Outcome::HandedOver,
            // One that fails does not hold up the others, unless the database is away: then this fails, too.
            Err(error) => {
                tracing::error!(message = id, %error, "what was asked for could not be looked into");
                let now = node.base.tools.now();
                let is_given_up = node.base.db.write(move |tx| outbox::store::mark_tried(tx, &id, attempts, "it could not be looked into", now)).await?;
                if is_given_up { outbox::Outcome::GivenUp } else { outbox::Outcome::Waits }
            }
        });
    }
    Ok(number)
}

/// Measures how messages and events wait.
///
/// # Errors
/// [`StoreError`].
pub async fn measure_waits(node: &Node) -> Result<usize, StoreError> {
    let now = node.base.tools.now();
    let (waiting, events) = node.base.db.read(move |connection| Ok((outbox::store::measure(connection, now)?, deliveries::measure(connection, now)?))).await?;
    waiting.iter().for_each(|waiting| node.http.metrics.set_waiting(waiting.kind, waiting.lag_seconds, waiting.late));
    node.http.metrics.set_events(events);
    Ok(waiting.len())
}

/// Delivers what is due.
///
/// # Errors
/// [`StoreError`].
pub async fn send_mail(node: &Node) -> Result<usize, StoreError> {
    match &node.mailer {
        Some(mailer) => outbox::deliver_due(&node.base.db, mailer, &node.base.tools, counter(node, "mail")).await,
        None => Ok(0),
    }
}

fn counter<'a>(node: &'a Node, kind: &'static str) -> impl Fn(outbox::Outcome) + 'a {
    move |outcome| node.http.metrics.count_message(kind, outcome.word())
}

/// Delivers text messages that are due.
///
/// # Errors
/// [`StoreError`].
pub async fn send_texts(node: &Node) -> Result<usize, StoreError> {
    match &node.texter {
        Some(texter) => outbox::deliver_due_texts(&node.base.db, texter, &node.base.tools, counter(node, "text")).await,
        None => Ok(0),
    }
}

/// Tells those whose recovery has waited long enough how to go on.
///
/// # Errors
/// [`StoreError`].
pub async fn tell_recoveries(node: &Node) -> Result<usize, StoreError> {
    let state = node.signin.clone();
    node.base.db.write(move |tx| recovery::notify::tell_ready(tx, &state, SWEEP_LIMIT)).await
}

/// Erases the accounts whose days of grace are over, each in a transaction of its own.
///
/// # Errors
/// [`StoreError`].
pub async fn erase_due(node: &Node) -> Result<usize, StoreError> {
    let now = node.base.tools.now();
    let due = node.base.db.read(move |connection| customers::list_to_erase(connection, now, ERASE_LIMIT)).await?;
    let mut done = 0;
    for id in due {
        let (state, keys) = (node.signin.clone(), node.oauth.keys.current());
        let work = node.base.db.write(move |tx| {
            // Kept, or erased by another node, meanwhile.
            if customers::find_erasure(tx, &id)?.is_none_or(|at| at > now) {
                return Ok(false);
            }
            let signer = keys.signer(SigningAlgorithm::RS256).ok_or_else(|| StoreError::Unavailable("there is no signing key".to_owned()))?;
            erasure::erase(tx, &Desk::of(&state.http), signer, &id, Actor::System, &Origin::internal("erasure"))
        });
        done += usize::from(work.await?);
    }
    if done > 0
        && let Err(error) = node.base.db.read(scrub).await
    {
        tracing::warn!(%error, "what was erased is still in the database's files, until they are cleaned the next time");
    }
    Ok(done)
}

/// Does what staff asked for and whose wait is over, and closes what nobody decided; each in a transaction of its own.
///
/// # Errors
/// [`StoreError`].
pub async fn tick_cases(node: &Node) -> Result<usize, StoreError> {
    let now = node.base.tools.now();
    let due = node.base.db.read(move |connection| cases::store::list_due(connection, now, SWEEP_LIMIT)).await?;
    let mut done = 0;
    for id in due {
        let state = node.signin.clone();
        // One that cannot be read does not hold up the others.
        match node.base.db.write(move |tx| cases::tick(tx, &state, &id)).await {
            Ok(is_done) => done += usize::from(is_done),
            Err(error) => tracing::error!(%error, "a case could not be carried on"),
        }
    }
    if done > 0 {
        node.oauth.access.forget_all();
    }
    Ok(done)
}

/// Rotates keys when due, and takes up what other nodes did.
///
/// # Errors
/// [`StoreError`].
pub async fn refresh_keys(node: &Node) -> Result<usize, StoreError> {
    node.base.tools.ring.generations().reload();
    let done = setup::turn_keys(&node.base, node.rotation, &node.name).await?;
    // Replaced whole each time: the published keys may be the same while another one of them signs now.
    node.oauth.keys.replace(setup::load_keys(&node.base).await?);
    Ok(done)
}

/// Looks at the feed of releases and advisories, and at the last backup, for the overview and the metrics.
///
/// # Errors
/// [`StoreError`].
pub async fn look_after(node: &Node) -> Result<(), StoreError> {
    let now = node.base.tools.now();
    let backup = node.base.db.read(find_backup).await?;
    let seen = node.admin.updates.look(now);
    if let Some(Err(error)) = &seen {
        tracing::warn!(%error, "the feed of releases and advisories tells nothing");
    }
    let standing = seen.and_then(Result::ok);
    // What was said last stands while a feed tells nothing: silence is no all-clear.
    let open: Vec<(&str, i64)> = match &standing {
        Some(standing) => {
            let of = |severity: Severity| standing.advisories.iter().filter(|advisory| advisory.severity == severity).count();
            Severity::ALL.map(|severity| (severity.word(), i64::try_from(of(severity)).unwrap_or(i64::MAX))).to_vec()
        }
        None => Vec::new(),
    };
    let age = |at: i64| now.since(UnixSeconds(at)).max(0);
    node.http.metrics.set_upkeep(standing.as_ref().map(|standing| age(standing.issued_at)), backup.map(|backup| age(backup.ended_at)), &open);
    Ok(())
}

/// Removes what has been over for a day.
///
/// # Errors
/// [`StoreError`].
pub async fn sweep(node: &Node) -> Result<usize, StoreError> {
    let now = node.base.tools.now();
    let (before, devices_before, messages_before) = (now.plus(-KEPT_SECONDS), now.plus(-node.signin.device_seconds), now.plus(-KEPT_MESSAGE_SECONDS));
    let changes_before = now.plus(-4 * 86_400);
    let deliveries_before = now.plus(-KEPT_DELIVERY_SECONDS);
    // So long a veto is remembered.
    let recoveries_before = now.plus(-7 * 86_400);
    let reports_before = now.plus(-KEPT_REPORT_SECONDS);
    let old_messages_before = now.plus(-MESSAGE_CENTRE_SECONDS);
    node.base
        .db
        .write(move |tx| {
            Ok(sessions::sweep_sessions(tx, before, SWEEP_LIMIT)?
                + flows::sweep_flows(tx, before, SWEEP_LIMIT)?
                + sent_codes::sweep_codes(tx, now, SWEEP_LIMIT)?
                + trusted_devices::sweep_devices(tx, now, SWEEP_LIMIT)?
                + passkeys::sweep_ceremonies(tx, now, SWEEP_LIMIT)?
                + upstreams::sweep_tries(tx, now, SWEEP_LIMIT)?
                + requests::sweep_requests(tx, before, SWEEP_LIMIT)?
                + grants::sweep(tx, before, SWEEP_LIMIT)?
                + clients::sweep_assertion_ids(tx, before)?
                + sessions::sweep_devices(tx, devices_before, SWEEP_LIMIT)?
                + recovery::store::sweep_recoveries(tx, recoveries_before, SWEEP_LIMIT)?
                + contacts::sweep_changes(tx, changes_before, SWEEP_LIMIT)?
                + care::sweep_reports(tx, reports_before, SWEEP_LIMIT)?
                + guests::sweep_guests(tx, before, SWEEP_LIMIT)?
                + tickets::sweep_tickets(tx, before, SWEEP_LIMIT)?
                + messages::sweep_messages(tx, old_messages_before, messages_before, SWEEP_LIMIT)?
                + outbox::store::sweep_settled(tx, messages_before, SWEEP_LIMIT)?
                + deliveries::sweep_deliveries(tx, messages_before, deliveries_before, SWEEP_LIMIT * 10)?
                + audit::log::store::sweep_heads(tx, before, SWEEP_LIMIT)?
                + admins::sweep_invitations(tx, before)?
                + caller_checks::sweep_checks(tx, before)?
                + answers::sweep_answers(tx, now)?
                + attempts::sweep_attempts(tx, before, now.plus(-KEPT_NOBODY_SECONDS))?)
        })
        .await
}
