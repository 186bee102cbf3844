//! How strange a sign-in is, carried along: looked up with the account, written down with the first proof, learned from when it was accepted.

use super::gate::SigninState;
use crate::base::assurance::Acr;
use crate::base::ids::{CustomerId, DecisionId};
use crate::base::page::{MAX_PAGE, PageRequest};
use crate::base::secret::SecretHash;
use crate::base::time::UnixSeconds;
use crate::identity::customers;
use crate::identity::messages::{self, Desk, Notice};
use crate::identity::sessions::store as session_store;
use crate::platform::audit::Origin;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::risk::decisions::store::{self as decisions, Wanted};
use crate::risk::decisions::{Decision, Kind, Label, LabelSource, Outcome};
use crate::risk::login::desk::{Known, SigninDesk, Who};
use crate::risk::login::features::Seen;
use crate::risk::login::history::Entry;
use crate::risk::login::policy::{Action, Mode, SigninPolicy};
use crate::risk::login::record::SigninRecord;
use crate::risk::login::scale::{Level, bucket};
use crate::risk::login::store::{self as counts, Intake};

/// What a sign-in in progress carries along of the decision over it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Carried {
    /// Whom it is about: in one sign-in several people may try.
    pub customer: CustomerId,
    /// The decision.
    pub decision: DecisionId,
    /// The least level that it demands, of what the customer has already; none where nothing is demanded.
    pub acr: Option<Acr>,
    /// Whether the customer is told once it is accepted.
    pub is_told: bool,
    /// How strange it is; none where it could not be compared.
    pub bucket: Option<usize>,
    /// The score, 0 to 1000.
    pub score: u16,
    /// The level, as a word.
    pub level: String,
}

/// Observes what is known of a request before anybody is asked who it is.
pub fn observe(desk: &SigninDesk, origin: &Origin) -> Seen {
    desk.observe(origin.address, origin.user_agent.as_deref())
}

/// What the database knows of a customer, and whether this browser is known to be theirs; the same questions for a name that nobody has, given by its keyed hash.
///
/// # Errors
/// [`StoreError`].
pub fn find_known(
    connection: &mut DbConnection,
    desk: &SigninDesk,
    seen: &Seen,
    who: Result<&CustomerId, u64>,
    (device, known_since): (&SecretHash, UnixSeconds),
) -> Result<(Known, Option<bool>), StoreError> {
    let known = desk.find_known(connection, &seen.observation, who.map_or_else(Who::Nobody, |customer| Who::Customer(customer.as_str())))?;
    let nobody = CustomerId::nobody();
    let whose = who.unwrap_or(&nobody);
    let is_known = session_store::is_known_device(connection, device, whose, known_since)?;
    // Where there is no browser to compare with, none is new.
    let has_any = session_store::has_known_devices(connection, whose)?;
    Ok((known, (has_any || who.is_err()).then_some(is_known)))
}

/// Writes a decision down.
///
/// # Errors
/// [`StoreError`].
pub fn write_down(tx: &mut WriteTx<'_>, state: &SigninState, customer: &CustomerId, record: &SigninRecord, outcome: Option<Outcome>) -> Result<Carried, StoreError> {
    let decision = Decision {
        id: DecisionId::generate(state.tools.now_micros(), state.tools.entropy()),
        kind: Kind::Signin,
        customer: Some(customer.clone()),
        at: state.tools.now(),
        score: record.score,
        level: record.level.word().to_owned(),
        action: record.action.word().to_owned(),
        done: record.done.word().to_owned(),
        model: record.model.clone(),
        record: serde_json::to_string(record).map_err(|error| StoreError::Unavailable(error.to_string()))?,
        outcome,
    };
    decisions::insert_decision(tx, &decision)?;
    Ok(Carried {
        customer: customer.clone(),
        decision: decision.id,
        acr: (record.done >= Action::StepUp).then_some(state.risk.policy.step_up_acr),
        is_told: record.done >= Action::Notify || is_held(&state.risk.policy, record),
        bucket: (record.evidence.own.logins > 0).then(|| bucket(record.risk)),
        score: record.score,
        level: decision.level,
    })
}

/// Whether changes wait after it: then the customer has to hear of it, for the mail is the way to say that it was them.
fn is_held(policy: &SigninPolicy, record: &SigninRecord) -> bool {
    policy.mode == Mode::Enforce && policy.hold_seconds > 0 && record.level >= Level::High && record.evidence.facts.is_known_device != Some(true)
}

/// Judges, in a transaction, a sign-in that came by another way than the password, of which `most` is done; nothing where sign-ins are not judged.
///
/// # Errors
/// [`StoreError`].
pub fn judge_here(tx: &mut WriteTx<'_>, state: &SigninState, customer: &CustomerId, device: &SecretHash, origin: &Origin, most: Action) -> Result<Option<Carried>, StoreError> {
    if state.risk.policy.mode == Mode::Off {
        return Ok(None);
    }
    let seen = observe(&state.risk, origin);
    let known_since = state.tools.now().plus(-state.device_seconds);
    let (known, is_known) = find_known(tx, &state.risk, &seen, Ok(customer), (device, known_since))?;
    let record = state.risk.judge(&seen, &known, is_known);
    let done = record.done.min(most);
    write_down(tx, state, customer, &SigninRecord { done, ..record }, None).map(Some)
}

/// Learns from a sign-in that was accepted, with whatever it demanded shown.
///
/// # Errors
/// [`StoreError`].
pub fn accept(tx: &mut WriteTx<'_>, state: &SigninState, customer: &CustomerId, carried: &Carried, is_known: bool, origin: &Origin) -> Result<(), StoreError> {
    let (seen, now) = (observe(&state.risk, origin), state.tools.now());
    let mut history = counts::find_history(tx, &state.tools, customer.as_str())?;
    let is_first = history.entries().is_empty();
    history.accept(Entry { observation: seen.observation, at: now, is_known, has_country: seen.place.country.is_some() });
    counts::keep_history(tx, &state.tools, customer.as_str(), &history)?;
    counts::insert_intake(tx, &state.tools, &Intake { observation: seen.observation, is_first, bucket: carried.bucket })?;
    decisions::settle_decision(tx, &carried.decision, Outcome::Passed, now)
}

/// How often a customer is told of sign-ins that were stopped, in seconds.
const TOLD_SECONDS: i64 = 3_600;

/// Tells a customer that somebody who knew the password was stopped; once an hour, however often.
///
/// # Errors
/// [`StoreError`].
pub fn tell_stopped(tx: &mut WriteTx<'_>, state: &SigninState, id: &CustomerId, decision: &DecisionId) -> Result<(), StoreError> {
    let since = Some(state.tools.now().plus(-TOLD_SECONDS));
    let wanted = Wanted { kind: Some(Kind::Signin), customer: Some(id.clone()), since, outcome: Some(Outcome::Refused), ..Wanted::default() };
    let lately = decisions::list_decisions(tx, &wanted, &PageRequest::first(2))?;
    let was_told = lately.items.iter().any(|other| other.id != *decision);
    if !was_told && let Some(customer) = customers::store::find_customer(tx, &state.tools.ring, id)? {
        messages::send_notice(tx, &Desk::of(&state.http), Notice::SigninStopped, &customer)?;
    }
    Ok(())
}

/// A customer said of the sign-in that a notice made at `told_at` was about that it was their own: the one from a browser that was not known that was settled with it. Whether that is news.
///
/// # Errors
/// [`StoreError`].
pub fn label_own(tx: &mut WriteTx<'_>, state: &SigninState, customer: &CustomerId, told_at: UnixSeconds) -> Result<bool, StoreError> {
    let is_strange = |decision: &Decision| {
        let record: Option<SigninRecord> = serde_json::from_str(&decision.record).ok();
        record.is_some_and(|record| record.evidence.facts.is_known_device != Some(true))
    };
    let found = decisions::list_settled_at(tx, customer, told_at)?;
    let Some(decision) = found.into_iter().find(is_strange) else { return Ok(false) };
    let labels = decisions::find_labels(tx, &[decision.id.as_str()])?.remove(decision.id.as_str()).unwrap_or_default();
    if labels.iter().any(|label| label.source == LabelSource::Customer) {
        return Ok(false);
    }
    let label = Label { source: LabelSource::Customer, is_fraud: false, said_by: customer.to_string(), at: state.tools.now() };
    decisions::keep_label(tx, &decision.id, &label)?;
    Ok(true)
}

/// Somebody said of the sign-ins since `since` by browsers that were not known that they were not the customer's, or that they were. With the former they are forgotten: nothing that a thief did becomes usual. How many were labelled.
///
/// # Errors
/// [`StoreError`].
pub fn label_strangers(
    tx: &mut WriteTx<'_>,
    state: &SigninState,
    customer: &CustomerId,
    since: UnixSeconds,
    is_fraud: bool,
    (source, said_by): (LabelSource, &str),
) -> Result<usize, StoreError> {
    let wanted = Wanted { kind: Some(Kind::Signin), customer: Some(customer.clone()), since: Some(since), ..Wanted::default() };
    let (mut labelled, mut page) = (0, PageRequest::first(MAX_PAGE));
    loop {
        let found = decisions::list_decisions(tx, &wanted, &page)?;
        for decision in found.items {
            let record: Option<SigninRecord> = serde_json::from_str(&decision.record).ok();
            if record.is_some_and(|record| record.evidence.facts.is_known_device != Some(true)) {
                decisions::keep_label(tx, &decision.id, &Label { source, is_fraud, said_by: said_by.to_owned(), at: state.tools.now() })?;
                labelled += 1;
            }
        }
        page.after = found.next;
        if page.after.is_none() {
            break;
        }
    }
    if is_fraud {
        forget_strangers(tx, state, customer, since)?;
    }
    Ok(labelled)
}

/// Nothing becomes usual of what browsers did since `since` that were not known.
///
/// # Errors
/// [`StoreError`].
pub fn forget_strangers(tx: &mut WriteTx<'_>, state: &SigninState, customer: &CustomerId, since: UnixSeconds) -> Result<(), StoreError> {
    let mut history = counts::find_history(tx, &state.tools, customer.as_str())?;
    if history.forget_strangers(since) > 0 {
        counts::keep_history(tx, &state.tools, customer.as_str(), &history)?;
    }
    Ok(())
}
