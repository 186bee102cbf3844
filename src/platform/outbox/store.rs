//! The table of outgoing messages; their content is sealed.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::{MAX_ATTEMPTS, Outcome, next_attempt};
use crate::base::ids::MessageId;
use crate::base::time::UnixSeconds;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::mail::MailMessage;
use crate::platform::sms::TextMessage;
use crate::platform::tools::Tools;

mod tables {
    diesel::table! {
        outbox (id) {
            id -> Text, kind -> Text, payload_sealed -> Binary, created_at -> BigInt, attempts -> BigInt, next_attempt_at -> BigInt,
            leased_until -> Nullable<BigInt>, delivered_at -> Nullable<BigInt>, failed_at -> Nullable<BigInt>, last_error -> Nullable<Text>, resent -> Nullable<BigInt>,
        }
    }
}

use tables::outbox;

/// How long one node may take over a message, in seconds.
pub const LEASE_SECONDS: i64 = 60;

fn place(id: &str) -> String {
    format!("outbox|payload|{id}")
}

/// The kind of a mail.
const MAIL: &str = "mail";
/// The kind of a text message.
const TEXT: &str = "text";

/// The kind of what is only looked into later.
const INTENT: &str = "intent";

fn insert(tx: &mut WriteTx<'_>, tools: &Tools, (id, kind): (&MessageId, &str), message: &impl serde::Serialize) -> Result<(), StoreError> {
    use outbox::dsl;
    let plain = serde_json::to_vec(message).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let sealed = tools.ring.outbox.seal(&plain, &place(id.as_str()), tools.entropy()).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let now = tools.now();
    diesel::insert_into(dsl::outbox)
        .values((dsl::id.eq(id.as_str()), dsl::kind.eq(kind), dsl::payload_sealed.eq(sealed), dsl::created_at.eq(now.0), dsl::attempts.eq(0), dsl::next_attempt_at.eq(now.0)))
        .execute(&mut **tx)?;
    Ok(())
}

/// Puts a mail into the outbox, in the transaction of the change that causes it; `id` is that of the message that is kept of it.
///
/// # Errors
/// [`StoreError`].
pub fn insert_mail(tx: &mut WriteTx<'_>, tools: &Tools, id: &MessageId, mail: &MailMessage) -> Result<(), StoreError> {
    insert(tx, tools, (id, MAIL), mail)
}

/// Puts a text message into the outbox, in the transaction of the change that causes it; `id` is that of the message that is kept of it.
///
/// # Errors
/// [`StoreError`].
pub fn insert_text(tx: &mut WriteTx<'_>, tools: &Tools, id: &MessageId, text: &TextMessage) -> Result<(), StoreError> {
    insert(tx, tools, (id, TEXT), text)
}

/// Puts an intent into the outbox: what is to be looked into a moment later.
///
/// # Errors
/// [`StoreError`].
pub fn insert_intent(tx: &mut WriteTx<'_>, tools: &Tools, intent: &impl serde::Serialize) -> Result<(), StoreError> {
    insert(tx, tools, (&MessageId::generate(tools.now_micros(), tools.entropy()), INTENT), intent)
}

/// Leases intents.
///
/// # Errors
/// [`StoreError::Unavailable`].
pub fn lease_due_intents<T: serde::de::DeserializeOwned>(tx: &mut WriteTx<'_>, tools: &Tools, limit: i64) -> Result<Leased<T>, StoreError> {
    lease(tx, tools, INTENT, limit)
}

/// A message that this node has leased.
pub struct LeasedMessage<T> {
    /// Its id.
    pub id: String,
    /// What the other side knows it by: another name each time that it is sent again, or they would take it for one that they have.
    pub name: String,
    /// Tries so far.
    pub attempts: i64,
    /// What to send.
    pub content: T,
}

/// What a node has leased.
pub struct Leased<T> {
    /// Messages.
    pub messages: Vec<LeasedMessage<T>>,
    /// What became of those that cannot be read here.
    pub unreadable: Vec<Outcome>,
}

/// Leases mails that are due.
///
/// # Errors
/// [`StoreError::Unavailable`].
pub fn lease_due(tx: &mut WriteTx<'_>, tools: &Tools, limit: i64) -> Result<Leased<MailMessage>, StoreError> {
    lease(tx, tools, MAIL, limit)
}

/// Leases text messages that are due.
///
/// # Errors
/// [`StoreError::Unavailable`].
pub fn lease_due_texts(tx: &mut WriteTx<'_>, tools: &Tools, limit: i64) -> Result<Leased<TextMessage>, StoreError> {
    lease(tx, tools, TEXT, limit)
}

fn lease<T: serde::de::DeserializeOwned>(tx: &mut WriteTx<'_>, tools: &Tools, kind: &str, limit: i64) -> Result<Leased<T>, StoreError> {
    use outbox::dsl;
    let now = tools.now();
    let is_open = dsl::delivered_at.is_null().and(dsl::failed_at.is_null());
    let is_free = dsl::leased_until.is_null().or(dsl::leased_until.le(now.0));
    let waiting = dsl::outbox.filter(dsl::kind.eq(kind)).filter(dsl::next_attempt_at.le(now.0));
    let due: Vec<String> = waiting.filter(is_open).filter(is_free).order(dsl::next_attempt_at).limit(limit).select(dsl::id).load(&mut **tx)?;
    let mut leased = Leased { messages: Vec::with_capacity(due.len()), unreadable: Vec::new() };
    for id in due {
        let row: Option<(i64, Vec<u8>, Option<i64>)> = diesel::update(dsl::outbox.filter(dsl::id.eq(&id)).filter(dsl::leased_until.is_null().or(dsl::leased_until.le(now.0))))
            .set(dsl::leased_until.eq(Some(now.plus(LEASE_SECONDS).0)))
            .returning((dsl::attempts, dsl::payload_sealed, dsl::resent))
            .get_result(&mut **tx)
            .optional()?;
        let Some((attempts, sealed, resent)) = row else { continue };
        let plain = tools.ring.outbox.open(&sealed, &place(&id)).map(zeroize::Zeroizing::new).ok();
        let Some(content) = plain.and_then(|plain| serde_json::from_slice(&plain).ok()) else {
            // A damaged one, or one of a newer version that another node reads. It must not stand in the way of the others.
            tracing::error!(message = id, kind, "a message in the outbox cannot be read");
            let is_given_up = mark_tried(tx, &id, attempts, "its content cannot be read", now)?;
            leased.unreadable.push(if is_given_up { Outcome::GivenUp } else { Outcome::Waits });
            continue;
        };
        let name = resent.map_or_else(|| id.clone(), |resent| format!("{id}-{resent}"));
        leased.messages.push(LeasedMessage { id, name, attempts, content });
    }
    Ok(leased)
}

/// The message is out.
///
/// # Errors
/// [`StoreError::Unavailable`].
pub fn mark_delivered(tx: &mut WriteTx<'_>, id: &str, now: UnixSeconds) -> Result<(), StoreError> {
    use outbox::dsl;
    diesel::update(dsl::outbox.find(id))
        .set((dsl::delivered_at.eq(Some(now.0)), dsl::attempts.eq(dsl::attempts + 1), dsl::leased_until.eq(None::<i64>)))
        .execute(&mut **tx)?;
    Ok(())
}

/// Notes that this is done by whoever does it, before they do, in the transaction of what they do; false where somebody else was first.
///
/// # Errors
/// [`StoreError::Unavailable`].
pub fn claim(tx: &mut WriteTx<'_>, id: &str, attempts: i64, now: UnixSeconds) -> Result<bool, StoreError> {
    use outbox::dsl;
    let is_open = dsl::delivered_at.is_null().and(dsl::failed_at.is_null()).and(dsl::attempts.eq(attempts));
    let done = diesel::update(dsl::outbox.filter(dsl::id.eq(id)).filter(is_open))
        .set((dsl::delivered_at.eq(Some(now.0)), dsl::attempts.eq(attempts + 1), dsl::leased_until.eq(None::<i64>)))
        .execute(&mut **tx)?;
    Ok(done > 0)
}

/// The message will never be out.
///
/// # Errors
/// [`StoreError::Unavailable`].
pub fn mark_failed(tx: &mut WriteTx<'_>, id: &str, why: &str, now: UnixSeconds) -> Result<(), StoreError> {
    use outbox::dsl;
    diesel::update(dsl::outbox.find(id))
        .set((dsl::failed_at.eq(Some(now.0)), dsl::attempts.eq(dsl::attempts + 1), dsl::last_error.eq(Some(why)), dsl::leased_until.eq(None::<i64>)))
        .execute(&mut **tx)?;
    Ok(())
}

/// The message is not out after `attempts` tries and one more: it is tried again later, or given up. Whether it is given up.
///
/// # Errors
/// [`StoreError::Unavailable`].
pub fn mark_tried(tx: &mut WriteTx<'_>, id: &str, attempts: i64, why: &str, now: UnixSeconds) -> Result<bool, StoreError> {
    use outbox::dsl;
    if attempts + 1 >= MAX_ATTEMPTS {
        mark_failed(tx, id, why, now)?;
        return Ok(true);
    }
    diesel::update(dsl::outbox.find(id))
        .set((
            dsl::next_attempt_at.eq(next_attempt(now, attempts + 1).0),
            dsl::attempts.eq(dsl::attempts + 1),
            dsl::last_error.eq(Some(why)),
            dsl::leased_until.eq(None::<i64>),
        ))
        .execute(&mut **tx)?;
    Ok(false)
}

/// How a message fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It waits to be handed over.
    Waiting,
    /// The mail server, or the sender of text messages, took it.
    HandedOver,
    /// It was given up.
    GivenUp,
    /// That was so long ago that nothing is known any longer.
    Unknown,
}

/// How each of the messages `ids` fared; those that are not there are not known any longer.
///
/// # Errors
/// [`StoreError::Unavailable`].
pub fn list_fates(connection: &mut DbConnection, ids: &[&str]) -> Result<BTreeMap<String, Fate>, StoreError> {
    use outbox::dsl;
    let rows: Vec<(String, Option<i64>, Option<i64>)> = dsl::outbox.filter(dsl::id.eq_any(ids)).select((dsl::id, dsl::delivered_at, dsl::failed_at)).load(connection)?;
    let fate = |delivered_at: Option<i64>, failed_at: Option<i64>| match (delivered_at, failed_at) {
        (Some(_), _) => Fate::HandedOver,
        (None, Some(_)) => Fate::GivenUp,
        (None, None) => Fate::Waiting,
    };
    Ok(rows.into_iter().map(|(id, delivered_at, failed_at)| (id, fate(delivered_at, failed_at))).collect())
}

/// Why a message is not sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotResent {
    /// It is on its way.
    Waiting,
    /// It is not kept any longer.
    Gone,
    /// What it says is over.
    Expired,
    /// It was sent again three times already.
    Often,
}

/// How long after it was written a message is sent again, in seconds: a week.
const RESENT_SECONDS: i64 = 7 * 86_400;
/// How often one message is sent again.
const RESENT_TIMES: i64 = 3;

/// Payload, delivered, given up, written, how often sent again.
type SentRow = (Vec<u8>, Option<i64>, Option<i64>, i64, Option<i64>);

/// Sends a message again, to the letter; each try counts anew.
///
/// # Errors
/// [`StoreError::Corrupt`] when its payload does not open.
pub fn resend(tx: &mut WriteTx<'_>, tools: &Tools, id: &str) -> Result<Result<(), NotResent>, StoreError> {
    use outbox::dsl;
    #[derive(serde::Deserialize)]
    struct Limit {
        expires_at: Option<UnixSeconds>,
    }
    let is_message = dsl::kind.eq_any([MAIL, TEXT]);
    let columns = (dsl::payload_sealed, dsl::delivered_at, dsl::failed_at, dsl::created_at, dsl::resent);
    let row: Option<SentRow> = dsl::outbox.find(id).filter(is_message).select(columns).first(&mut **tx).optional()?;
    let (sealed, times) = match row {
        None => return Ok(Err(NotResent::Gone)),
        Some((_, _, _, created_at, _)) if tools.now().since(UnixSeconds(created_at)) > RESENT_SECONDS => return Ok(Err(NotResent::Gone)),
        Some((_, None, None, ..)) => return Ok(Err(NotResent::Waiting)),
        Some((.., Some(RESENT_TIMES..))) => return Ok(Err(NotResent::Often)),
        Some((sealed, .., resent)) => (sealed, resent.unwrap_or(0)),
    };
    let corrupt = || StoreError::corrupt("outbox", "payload_sealed", id.to_owned());
    let plain = zeroize::Zeroizing::new(tools.ring.outbox.open(&sealed, &place(id)).map_err(|_| corrupt())?);
    let limit: Limit = serde_json::from_slice(&plain).map_err(|_| corrupt())?;
    if limit.expires_at.is_some_and(|at| at <= tools.now()) {
        return Ok(Err(NotResent::Expired));
    }
    let again = (
        dsl::delivered_at.eq(None::<i64>),
        dsl::failed_at.eq(None::<i64>),
        dsl::attempts.eq(0),
        dsl::next_attempt_at.eq(tools.now().0),
        dsl::last_error.eq(None::<String>),
        dsl::resent.eq(Some(times + 1)),
    );
    diesel::update(dsl::outbox.find(id)).set(again).execute(&mut **tx)?;
    Ok(Ok(()))
}

/// Removes messages that were delivered, or given up, before `before`: their content is personal.
///
/// # Errors
/// [`StoreError::Unavailable`].
pub fn sweep_settled(tx: &mut WriteTx<'_>, before: UnixSeconds, limit: i64) -> Result<usize, StoreError> {
    use outbox::dsl;
    let is_settled = dsl::delivered_at.lt(before.0).or(dsl::failed_at.lt(before.0));
    let old: Vec<String> = dsl::outbox.filter(is_settled).select(dsl::id).limit(limit).load(&mut **tx)?;
    Ok(diesel::delete(dsl::outbox.filter(dsl::id.eq_any(old))).execute(&mut **tx)?)
}

/// How messages of one kind wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// `mail`, `text` or `intent`.
    pub kind: &'static str,
    /// How long ago the oldest was written, in seconds; 0 when none waits.
    pub lag_seconds: i64,
    /// How many were written more than five minutes ago.
    pub late: i64,
}

/// After how long a message is late, in seconds.
const LATE_SECONDS: i64 = 300;

/// How messages wait, by kind. Not by the next try, which moves on with each that fails; one that is sent again is not among them, whose fate somebody looks at.
///
/// # Errors
/// [`StoreError::Unavailable`].
pub fn measure(connection: &mut DbConnection, now: UnixSeconds) -> Result<[Waiting; 3], StoreError> {
    use outbox::dsl;
    let open = || dsl::outbox.filter(dsl::delivered_at.is_null()).filter(dsl::failed_at.is_null()).filter(dsl::resent.is_null());
    let oldest: Vec<(String, Option<i64>)> = open().group_by(dsl::kind).select((dsl::kind, diesel::dsl::min(dsl::created_at))).load(connection)?;
    let is_late = dsl::created_at.lt(now.plus(-LATE_SECONDS).0);
    let late: Vec<(String, i64)> = open().filter(is_late).group_by(dsl::kind).select((dsl::kind, diesel::dsl::count_star())).load(connection)?;
    Ok([MAIL, TEXT, INTENT].map(|kind| Waiting {
        kind,
        lag_seconds: oldest.iter().find(|(of, _)| of == kind).and_then(|(_, at)| *at).map_or(0, |at| now.since(UnixSeconds(at)).max(0)),
        late: late.iter().find(|(of, _)| of == kind).map_or(0, |(_, count)| *count),
    }))
}
