//! The outbox: what must leave the house is written in the transaction of the change that causes it, and delivered afterwards, again and again, until it is out.

pub mod store;

use futures_util::StreamExt;

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

/// Delivers mails that are due, at most 20; returns how many were taken. Several nodes may do it at once: each message is leased.
///
/// # Errors
/// [`StoreError`].
pub async fn deliver_due(db: &Db, mailer: &Mailer, tools: &Tools) -> Result<usize, StoreError> {
    let leasing = tools.clone();
    let due = db.write(move |tx| store::lease_due(tx, &leasing, 20)).await?;
    let count = due.len();
    each(due, async |message| {
        let outcome = match message.content.expires_at {
            Some(expires_at) if expires_at <= tools.now() => Err(expired()),
            _ => mailer.send(&message.name, &message.content).await,
        };
        settle(db, tools, message.id, message.attempts, outcome).await
    })
    .await?;
    Ok(count)
}

/// Delivers text messages that are due, as [`deliver_due`] does mails.
///
/// # Errors
/// [`StoreError`].
pub async fn deliver_due_texts(db: &Db, sender: &TextSender, tools: &Tools) -> Result<usize, StoreError> {
    let leasing = tools.clone();
    let due = db.write(move |tx| store::lease_due_texts(tx, &leasing, 20)).await?;
    let count = due.len();
    each(due, async |message| {
        let now = tools.now();
        let outcome = if message.content.expires_at <= now { Err(expired()) } else { sender.send(&message.name, &message.content, now).await };
        settle(db, tools, message.id, message.attempts, outcome).await
    })
    .await?;
    Ok(count)
}

/// Does `work` for some at a time: one that is not answered for long holds up few, and one that fails breaks off none.
async fn each<T>(all: Vec<T>, work: impl AsyncFn(T) -> Result<(), StoreError>) -> Result<(), StoreError> {
    let ended: Vec<Result<(), StoreError>> = futures_util::stream::iter(all).map(|one| work(one)).buffer_unordered(AT_ONCE).collect().await;
    ended.into_iter().collect()
}

fn expired() -> MailFailed {
    MailFailed::ForGood("nobody needs it any longer".to_owned())
}

async fn settle(db: &Db, tools: &Tools, id: String, attempts: i64, outcome: Result<(), MailFailed>) -> Result<(), StoreError> {
    let now = tools.now();
    db.write(move |tx| match &outcome {
        Ok(()) => store::mark_delivered(tx, &id, now),
        Err(MailFailed::ForGood(why)) => store::mark_failed(tx, &id, why, now),
        Err(MailFailed::ForNow(why)) if attempts + 1 >= MAX_ATTEMPTS => store::mark_failed(tx, &id, why, now),
        Err(MailFailed::ForNow(why)) => store::mark_for_retry(tx, &id, why, next_attempt(now, attempts + 1)),
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
