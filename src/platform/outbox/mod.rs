//! The outbox: what must leave the house is written in the transaction of the change that causes it, and delivered afterwards, again and again, until it is out.

pub mod store;

use futures_util::StreamExt;
use store::{Leased, LeasedMessage};

use crate::base::time::UnixSeconds;
use crate::platform::db::{Db, StoreError};
use crate::platform::mail::{MailFailed, Mailer};
use crate::platform::sms::TextSender;
use crate::platform::tools::Tools;

/// Tries before a message is given up: about two days.
pub const MAX_ATTEMPTS: i64 = 18;

/// Messages under way at a time.
const AT_ONCE: usize = 8;

/// When to try again after `attempts` tries: 15 s, doubling, at most 6 h.
pub fn next_attempt(now: UnixSeconds, attempts: i64) -> UnixSeconds {
    let exponent = u32::try_from(attempts.clamp(1, 12) - 1).unwrap_or(0);
    now.plus((15_i64 << exponent).min(21_600))
}

/// How a try ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The other side took it.
    HandedOver,
    /// It is tried again.
    Waits,
    /// It is not.
    GivenUp,
}

impl Outcome {
    /// Its word in metrics.
    pub const fn word(self) -> &'static str {
        match self {
            Self::HandedOver => "handed_over",
            Self::Waits => "waits",
            Self::GivenUp => "given_up",
        }
    }
}

/// Delivers mails that are due, at most 20; tells `count` how each try ended, and returns how many there were. Several nodes may do it at once: each message is leased.
///
/// # Errors
/// [`StoreError`].
pub async fn deliver_due(db: &Db, mailer: &Mailer, tools: &Tools, count: impl Fn(Outcome)) -> Result<usize, StoreError> {
    let leasing = tools.clone();
    let due = db.write(move |tx| store::lease_due(tx, &leasing, 20)).await?;
    each(due, count, async |message| {
        let outcome = match message.content.expires_at {
            Some(expires_at) if expires_at <= tools.now() => Err(expired()),
            _ => mailer.send(&message.name, &message.content).await,
        };
        settle(db, tools, message.id, message.attempts, outcome).await
    })
    .await
}

/// Delivers text messages that are due, as [`deliver_due`] does mails.
///
/// # Errors
/// [`StoreError`].
pub async fn deliver_due_texts(db: &Db, sender: &TextSender, tools: &Tools, count: impl Fn(Outcome)) -> Result<usize, StoreError> {
    let leasing = tools.clone();
    let due = db.write(move |tx| store::lease_due_texts(tx, &leasing, 20)).await?;
    each(due, count, async |message| {
        let now = tools.now();
        let outcome = if message.content.expires_at <= now { Err(expired()) } else { sender.send(&message.name, &message.content, now).await };
        settle(db, tools, message.id, message.attempts, outcome).await
    })
    .await
}

/// Does `work` for some at a time: one that is not answered for long holds up few, and one that fails breaks off none.
async fn each<T>(all: Leased<T>, count: impl Fn(Outcome), work: impl AsyncFn(LeasedMessage<T>) -> Result<Outcome, StoreError>) -> Result<usize, StoreError> {
    let number = all.messages.len() + all.unreadable.len();
    all.unreadable.into_iter().for_each(&count);
    let ended: Vec<Result<Outcome, StoreError>> = futures_util::stream::iter(all.messages).map(|one| work(one)).buffer_unordered(AT_ONCE).collect().await;
    ended.iter().filter_map(|ended| ended.as_ref().ok()).for_each(|outcome| count(*outcome));
    ended.into_iter().collect::<Result<Vec<_>, _>>().map(|_| number)
}

fn expired() -> MailFailed {
    MailFailed::ForGood("nobody needs it any longer".to_owned())
}

async fn settle(db: &Db, tools: &Tools, id: String, attempts: i64, outcome: Result<(), MailFailed>) -> Result<Outcome, StoreError> {
    let now = tools.now();
    db.write(move |tx| {
        Ok(match &outcome {
            Ok(()) => {
                store::mark_delivered(tx, &id, now)?;
                Outcome::HandedOver
            }
            Err(MailFailed::ForGood(why)) => {
                store::mark_failed(tx, &id, why, now)?;
                Outcome::GivenUp
            }
            Err(MailFailed::ForNow(why)) if store::mark_tried(tx, &id, attempts, why, now)? => Outcome::GivenUp,
            Err(MailFailed::ForNow(_)) => Outcome::Waits,
        })
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tries_span_two_days_and_never_hammer() {
        let mut at = UnixSeconds(0);
        for attempts in 1..MAX_ATTEMPTS {
            let next = next_attempt(at, attempts);
            assert!(next.since(at) >= 15 && next.since(at) <= 21_600);
            at = next;
        }
        assert!((80_000..200_000).contains(&at.0), "{at}");
    }
}
