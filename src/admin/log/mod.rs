//! The audit log, figures and reports, for those who watch.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::desk::views::{ActivityView, activity_of};
use super::operations::{AdminState, Answer, Call, Listed, Ran, Refused};
use super::upkeep::{self, UpkeepView};
use crate::admin::cases::rules::CaseState;
use crate::admin::cases::store::list_cases;
use crate::base::encoding::hex;
use crate::base::page::PageRequest;
use crate::base::time::{UnixMicros, UnixSeconds};
use crate::identity::care;
use crate::identity::care::figures::{Figures, KINDS, Seen, count};
use crate::identity::customers;
use crate::identity::factors::{passkey, totp};
use crate::oauth::events::deliveries::store as deliveries;
use crate::platform::audit::export;
use crate::platform::audit::log;
use crate::platform::audit::store::{EventFilter, RecordedEvent, list_notes, list_of_kinds, list_placed, search};
use crate::platform::crypto::signing_keys;
use crate::platform::crypto::signing_keys::rules::KeyState;
use crate::platform::db::{DbConnection, StoreError};
use crate::platform::outbox;

/// An event of the log.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct EventView {
    /// What lists show of it.
    #[serde(flatten)]
    pub activity: ActivityView,
    /// Concerning what.
    pub about: String,
    /// In which session.
    pub session_id: Option<String>,
    /// The request's correlation id.
    pub correlation_id: String,
    /// Further facts.
    pub detail: Value,
    /// Its place in the log.
    pub position: Option<i64>,
}

fn number(call: &Call, name: &str) -> Result<Option<i64>, Refused> {
    let parse = |text: &String| text.parse::<i64>().ok().filter(|number| (0..=1_i64 << 40).contains(number)).ok_or_else(|| Refused::Malformed(format!("{name}: a number from 0")));
    call.query.get(name).map(parse).transpose()
}

fn filter_of(call: &Call) -> Result<EventFilter, Refused> {
    let word = |name: &str| {
        let is_word = |text: &String| text.len() <= 128 && text.bytes().all(|byte| byte.is_ascii_graphic());
        match call.query.get(name) {
            Some(text) if !is_word(text) => Err(Refused::Malformed(format!("{name}: at most 128 letters, digits and signs"))),
            found => Ok(found.cloned()),
        }
    };
    Ok(EventFilter {
        kind: word("kind")?,
        about: word("about")?,
        actor: word("actor")?,
        since: number(call, "since")?.map(UnixSeconds),
        until: number(call, "until")?.map(UnixSeconds),
    })
}

fn view(event: &RecordedEvent, note: Option<&String>) -> EventView {
    EventView {
        activity: activity_of(event, None, note),
        about: event.about.clone(),
        session_id: event.session_id.clone(),
        correlation_id: event.correlation_id.clone(),
        detail: serde_json::from_str(&event.detail).unwrap_or_default(),
        position: event.position,
    }
}

/// Looks for events, newest first.
///
/// # Errors
/// [`StoreError`].
pub fn search_events(connection: &mut DbConnection, state: &AdminState, call: &Call) -> Ran {
    let (page, filter) = match call.page().and_then(|page| Ok((page, filter_of(call)?))) {
        Ok(asked) => asked,
        Err(refused) => return Ok(Err(refused)),
    };
    let found = search(connection, &filter, &page)?;
    let ids: Vec<String> = found.items.iter().map(|event| event.id.clone()).collect();
    // What concerns a customer stands under the customer's key, and stays there: the reasons are for the desk.
    let notes = list_notes(connection, state.tools(), None, &ids)?;
    let items = found.items.iter().map(|event| view(event, notes.get(&event.id))).collect();
    Answer::of(&Listed { items, next: found.next }).map(Ok)
}

/// The state of the log.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct HeadView {
    /// What checks the heads.
    pub key: String,
    /// The last signed head; null while nothing was signed.
    pub head: Option<String>,
    /// Events that it covers.
    pub size: u64,
}

/// The last signed head, and what checks it.
///
/// # Errors
/// [`StoreError`].
pub fn show_head(connection: &mut DbConnection, state: &AdminState, _: &Call) -> Ran {
    let head = log::store::find_last_head(connection)?;
    let size = head.as_ref().map_or(0, |head| head.size);
    Answer::of(&HeadView { key: log::signer(&state.tools().ring)?.key().to_text(), head: head.map(|head| head.note), size }).map(Ok)
}

/// The proof that an event is in the log.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ProofView {
    /// The leaf, in hexadecimal.
    pub leaf: String,
    /// The hashes beside its way to the root, in hexadecimal.
    pub path: Vec<String>,
    /// The signed head.
    pub head: String,
}

/// Proves that the event at a place is in the log.
///
/// # Errors
/// [`StoreError`].
pub fn prove_event(connection: &mut DbConnection, state: &AdminState, call: &Call) -> Ran {
    let Ok(position) = call.subject.parse::<u64>() else { return Ok(Err(Refused::NotFound)) };
    match log::prove_inclusion(connection, state.tools(), position)? {
        Some(proof) => Answer::of(&ProofView { leaf: hex(&proof.leaf), path: proof.path.iter().map(|hash| hex(hash)).collect(), head: proof.head }).map(Ok),
        None => Ok(Err(Refused::NotFound)),
    }
}

/// The proof that one log grew out of another.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct GrowthView {
    /// The hashes that lead from the one root to the other, in hexadecimal.
    pub path: Vec<String>,
}

/// Proves that the log of `new` events grew out of that of `old`.
///
/// # Errors
/// [`StoreError`].
pub fn prove_growth(connection: &mut DbConnection, state: &AdminState, call: &Call) -> Ran {
    let sizes = number(call, "old").and_then(|old| Ok((old, number(call, "new")?)));
    let (old, new) = match sizes {
        Ok((Some(old), Some(new))) => (old.unsigned_abs(), new.unsigned_abs()),
        Ok(_) => return Ok(Err(Refused::Malformed("old and new: how many events".to_owned()))),
        Err(refused) => return Ok(Err(refused)),
    };
    match log::prove_consistency(connection, state.tools(), old, new)? {
        Some(path) => Answer::of(&GrowthView { path: path.iter().map(|hash| hex(hash)).collect() }).map(Ok),
        None => Ok(Err(Refused::NotFound)),
    }
}

/// A part of an export.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ExportView {
    /// Lines of the export, to be written one after the other: `claviger audit verify` checks the whole.
    pub lines: Vec<String>,
    /// Pass as `from` for the next part; null at the end.
    pub next: Option<u64>,
}

/// Events in one part of an export.
const EXPORT_LIMIT: i64 = 500;

/// A part of an export that anybody can check. The first part begins with the line of the key.
///
/// # Errors
/// [`StoreError`].
pub fn export_events(connection: &mut DbConnection, state: &AdminState, call: &Call) -> Ran {
    let from = match number(call, "from") {
        Ok(from) => from.unwrap_or(0).unsigned_abs(),
        Err(refused) => return Ok(Err(refused)),
    };
    let failed = |error: &dyn std::fmt::Display| StoreError::Unavailable(error.to_string());
    let signer = log::signer(&state.tools().ring)?;
    let mut lines = Vec::new();
    if from <= 1 {
        lines.push(log::opening_of_kept(connection, state.tools(), &signer)?);
    }
    let end = log::store::find_last_head(connection)?.map_or(0, |head| head.size);
    let first = i64::try_from(from.max(1)).map_err(|error| failed(&error))?;
    let batch: Vec<_> =
        list_placed(connection, first, EXPORT_LIMIT)?.into_iter().filter(|event| u64::try_from(event.logged.position).is_ok_and(|position| position <= end)).collect();
    let last = batch.last().map_or(0, |event| event.logged.position.unsigned_abs());
    let mut heads = log::store::list_heads(connection, from.max(1), last)?.into_iter().peekable();
    for event in batch {
        let position = event.logged.position.unsigned_abs();
        lines.push(export::event_line(event.logged).map_err(|error| failed(&error))?.0);
        while let Some(head) = heads.next_if(|head| head.size <= position) {
            lines.push(export::head_line(&head.note).map_err(|error| failed(&error))?);
        }
    }
    let next = (last > 0 && last < end).then(|| last + 1);
    Answer::of(&ExportView { lines, next }).map(Ok)
}

/// A report of a scam.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ReportView {
    /// Its id.
    pub id: String,
    /// When, in Unix seconds.
    pub at: i64,
    /// `site`, `message`, `call`, or what a pasted message turned out to be.
    pub kind: String,
    /// What was told.
    pub content: String,
}

/// What customers reported as scams, newest first.
///
/// # Errors
/// [`StoreError`].
pub fn list_reports(connection: &mut DbConnection, state: &AdminState, call: &Call) -> Ran {
    let page = match call.page() {
        Ok(page) => page,
        Err(refused) => return Ok(Err(refused)),
    };
    let found = care::store::list_reports(connection, state.tools(), &page)?;
    let items = found.items.into_iter().map(|report| ReportView { id: report.id.to_string(), at: report.reported_at.0, kind: report.kind, content: report.content }).collect();
    Answer::of(&Listed { items, next: found.next }).map(Ok)
}

/// A day in figures.
#[derive(Debug, Default, Clone, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DayView {
    /// The day, in Unix seconds at its beginning (UTC).
    pub day: i64,
    /// Sign-ins.
    pub signed_in: u64,
    /// Refused first steps.
    pub refused: u64,
    /// Second factors asked for.
    pub challenged: u64,
    /// Second factors refused.
    pub challenge_refused: u64,
    /// Accounts made.
    pub joined: u64,
    /// Authenticators added.
    pub authenticators_added: u64,
    /// Accounts recovered.
    pub recovered: u64,
    /// "This was not me".
    pub disowned: u64,
}

/// How far sign-ins got.
#[derive(Debug, Default, Clone, Serialize, Deserialize, schemars::JsonSchema)]
pub struct FunnelView {
    /// First factors that were shown, right or wrong.
    pub tried: u64,
    /// Sign-ins that were asked for more.
    pub challenged: u64,
    /// Sign-ins that were done.
    pub signed_in: u64,
    /// Times that somebody was sent back to a shop with a code; a session does so many times.
    pub handed_over: u64,
}

/// Who has which factor.
#[derive(Debug, Default, Clone, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AdoptionView {
    /// Customers.
    pub customers: i64,
    /// Of them, with a passkey or security key.
    pub passkeys: i64,
    /// Of them, with an authenticator app.
    pub apps: i64,
}

/// What happened lately, and how things stand.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct FiguresView {
    /// Each of the last days, the oldest first.
    pub days: Vec<DayView>,
    /// What advice to customers was good for in that time.
    pub safety: Figures,
    /// Whether only the latest events were counted, since there were too many.
    pub is_partial: bool,
    /// For how long the oldest message waits, in seconds.
    pub outbox_lag_seconds: i64,
    /// For how long the oldest event waits for a shop that does not hear it, in seconds.
    pub event_lag_seconds: i64,
    /// Events that a shop never heard, and that can be sent again.
    pub events_given_up: i64,
    /// How long the oldest key that signs has signed, in days.
    pub signing_key_days: i64,
    /// Events that a signed head covers.
    pub audit_size: u64,
    /// How old that head is, in seconds.
    pub audit_head_age_seconds: Option<i64>,
    /// Cases that a second person is to look at.
    pub cases_asked: u64,
    /// How many got how far, in all of those days.
    pub funnel: FunnelView,
    /// Who has which factor, now.
    pub adoption: AdoptionView,
    /// Backups, and news of this program.
    pub upkeep: UpkeepView,
}

/// Days that are counted.
const DAYS: i64 = 14;
/// Events that are counted at most.
const MAX_COUNTED: i64 = 50_000;
/// The kinds that are counted by day.
const COUNTED: [&str; 9] = [
    "signed_in",
    "code_issued",
    "signin_refused",
    "signin_advanced",
    "challenge_refused",
    "customer_joined",
    "authenticator_added",
    "account_recovered",
    "account_secured",
];

/// Figures of the last two weeks.
///
/// # Errors
/// [`StoreError`].
pub fn show_figures(connection: &mut DbConnection, state: &AdminState, _: &Call) -> Ran {
    let now = state.tools().now();
    let today = now.0.div_euclid(86_400);
    let since = UnixSeconds((today - DAYS + 1) * 86_400);
    let events = list_of_kinds(connection, &COUNTED, since, MAX_COUNTED)?;
    let mut days: Vec<DayView> = (0..DAYS).map(|number| DayView { day: (today - DAYS + 1 + number) * 86_400, ..DayView::default() }).collect();
    let mut funnel = FunnelView::default();
    for event in &events {
        let at = UnixMicros(event.occurred_at_micros).seconds().0.div_euclid(86_400) - (today - DAYS + 1);
        let Some(day) = usize::try_from(at).ok().and_then(|at| days.get_mut(at)) else { continue };
        match event.kind.as_str() {
            "code_issued" => funnel.handed_over += 1,
            "signed_in" => day.signed_in += 1,
            "signin_refused" => day.refused += 1,
            "signin_advanced" => day.challenged += 1,
            "challenge_refused" => day.challenge_refused += 1,
            "customer_joined" => day.joined += 1,
            "authenticator_added" => day.authenticators_added += 1,
            "account_recovered" => day.recovered += 1,
            _ => day.disowned += 1,
        }
    }
    let sum = |of: fn(&DayView) -> u64| days.iter().map(of).sum::<u64>();
    funnel.signed_in = sum(|day| day.signed_in);
    // Whoever was asked for a second factor had shown the first one.
    funnel.tried = sum(|day| day.refused) + funnel.signed_in.max(sum(|day| day.challenged));
    funnel.challenged = sum(|day| day.challenged);
    let told = list_of_kinds(connection, &KINDS, since, MAX_COUNTED)?;
    let seen = told.iter().map(|event| Seen { kind: &event.kind, about: &event.about, at: UnixMicros(event.occurred_at_micros).seconds().0, detail: &event.detail });
    let head = log::store::find_last_head(connection)?;
    let asked = list_cases(connection, state.tools(), None, Some(CaseState::Asked), &PageRequest::first(500))?;
    let (event_lag_seconds, events_given_up) = deliveries::measure(connection, now)?;
    let signing = signing_keys::store::list_keys(connection)?;
    let oldest = signing.iter().filter(|key| key.facts.state == KeyState::Active).filter_map(|key| key.facts.activated_at).min();
    Answer::of(&FiguresView {
        event_lag_seconds,
        events_given_up,
        signing_key_days: oldest.map_or(0, |at| now.since(at).div_euclid(86_400)),
        days,
        safety: count(seen),
        is_partial: i64::try_from(events.len()).is_ok_and(|count| count >= MAX_COUNTED),
        outbox_lag_seconds: outbox::store::measure(connection, now)?.iter().map(|waiting| waiting.lag_seconds).max().unwrap_or(0),
        audit_size: head.as_ref().map_or(0, |head| head.size),
        audit_head_age_seconds: head.map(|head| now.since(head.signed_at)),
        cases_asked: asked.items.len() as u64,
        upkeep: upkeep::view_of(connection, state)?,
        funnel,
        adoption: AdoptionView {
            customers: customers::store::count_customers(connection)?,
            passkeys: passkey::store::count_owners(connection)?,
            apps: totp::store::count_owners(connection)?,
        },
    })
    .map(Ok)
}
