//! The table of messages that were sent, for the customer's message centre and for whoever wants to know whether one is genuine. Content is sealed under the customer's own key; the code that a message carries is kept as a MAC.

use diesel::prelude::*;

use super::rules::{Message, generate};
use crate::base::ids::{CustomerId, MessageId};
use crate::base::page::{Page, PageRequest};
use crate::base::time::UnixSeconds;
use crate::platform::db::{DbConnection, StoreError, WriteTx};
use crate::platform::tools::Tools;
use crate::platform::vault::{self, Cell};

mod tables {
    diesel::table! {
        messages (id) { id -> Text, customer_id -> Nullable<Text>, kind -> Text, code_hash -> Binary, content_sealed -> Binary, sent_at -> BigInt, }
    }
}

use tables::messages;

const CONTENT: Cell = Cell { table: "messages", column: "content_sealed" };

/// A stored message.
#[derive(Clone)]
pub struct SentMessage {
    /// Its id.
    pub id: MessageId,
    /// To whom it was sent; none when they have no account, or had none then.
    pub customer: Option<CustomerId>,
    /// What it is about, as a word.
    pub kind: String,
    /// What it says.
    pub content: Message,
    /// When it was written.
    pub sent_at: UnixSeconds,
}

fn code_hash(tools: &Tools, code: &str) -> Vec<u8> {
    tools.ring.pepper.mac(&[b"message", code.as_bytes()]).to_vec()
}

fn place(id: &str) -> String {
    format!("messages|content|{id}")
}

/// Keeps a message to be sent: `write` makes it, given the code that it is to carry. Its id is what the outbox knows it by.
///
/// # Errors
/// [`StoreError`].
pub fn insert_message(tx: &mut WriteTx<'_>, tools: &Tools, customer: Option<&CustomerId>, kind: &str, write: impl FnOnce(&str) -> Message) -> Result<MessageId, StoreError> {
    use messages::dsl;
    let (id, code) = (MessageId::generate(tools.now_micros(), tools.entropy()), generate(tools.entropy()));
    let message = write(&code);
    let plain = serde_json::to_vec(&message).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let sealed = match customer {
        Some(customer) => vault::need_data_key(tx, &tools.ring, customer.as_str())?.seal_in_row(CONTENT, id.as_str(), &plain, tools.entropy())?,
        None => tools.ring.outbox.seal(&plain, &place(id.as_str()), tools.entropy()).map_err(|error| StoreError::Unavailable(error.to_string()))?,
    };
    diesel::insert_into(dsl::messages)
        .values((
            dsl::id.eq(id.as_str()),
            dsl::customer_id.eq(customer.map(CustomerId::as_str)),
            dsl::kind.eq(kind),
            dsl::code_hash.eq(code_hash(tools, &super::rules::normal(&code))),
            dsl::content_sealed.eq(sealed),
            dsl::sent_at.eq(tools.now().0),
        ))
        .execute(&mut **tx)?;
    Ok(id)
}

type Row = (String, Option<String>, String, Vec<u8>, i64);

fn open(connection: &mut DbConnection, tools: &Tools, (id, customer, kind, sealed, sent_at): Row) -> Result<SentMessage, StoreError> {
    let corrupt = |column| StoreError::corrupt("messages", column, id.clone());
    let customer: Option<CustomerId> = customer.map(|customer| customer.parse().map_err(|_| corrupt("customer_id"))).transpose()?;
    let plain = match &customer {
        Some(customer) => vault::need_data_key(connection, &tools.ring, customer.as_str())?.open_in_row(CONTENT, &id, &sealed)?,
        None => zeroize::Zeroizing::new(tools.ring.outbox.open(&sealed, &place(&id)).map_err(|_| corrupt("content_sealed"))?),
    };
    let content = serde_json::from_slice(&plain).map_err(|_| corrupt("content_sealed"))?;
    Ok(SentMessage { id: id.parse().map_err(|_| corrupt("id"))?, customer, kind, content, sent_at: UnixSeconds(sent_at) })
}

/// The messages of a customer, newest first.
///
/// # Errors
/// [`StoreError`].
pub fn list_messages(connection: &mut DbConnection, tools: &Tools, customer: &CustomerId, page: &PageRequest) -> Result<Page<SentMessage>, StoreError> {
    use messages::dsl;
    let before = page.after.clone().unwrap_or_else(|| "msg_~".to_owned());
    let rows: Vec<Row> = dsl::messages
        .filter(dsl::customer_id.eq(customer.as_str()))
        .filter(dsl::id.lt(before))
        .order(dsl::id.desc())
        .limit(i64::from(page.limit) + 1)
        .select((dsl::id, dsl::customer_id, dsl::kind, dsl::content_sealed, dsl::sent_at))
        .load(connection)?;
    let found = rows.into_iter().map(|row| open(connection, tools, row)).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::cut(found, page.limit, |message| message.id.as_str().to_owned()))
}

/// One message of a customer.
///
/// # Errors
/// [`StoreError`].
pub fn find_message(connection: &mut DbConnection, tools: &Tools, customer: &CustomerId, id: &MessageId) -> Result<Option<SentMessage>, StoreError> {
    use messages::dsl;
    let columns = (dsl::id, dsl::customer_id, dsl::kind, dsl::content_sealed, dsl::sent_at);
    let row: Option<Row> = dsl::messages.find(id.as_str()).filter(dsl::customer_id.eq(customer.as_str())).select(columns).first(connection).optional()?;
    row.map(|row| open(connection, tools, row)).transpose()
}

/// The message that carries `code`, in its normal form.
///
/// # Errors
/// [`StoreError`].
pub fn find_by_code(connection: &mut DbConnection, tools: &Tools, code: &str) -> Result<Option<SentMessage>, StoreError> {
    use messages::dsl;
    let row: Option<Row> = dsl::messages
        .filter(dsl::code_hash.eq(code_hash(tools, code)))
        .select((dsl::id, dsl::customer_id, dsl::kind, dsl::content_sealed, dsl::sent_at))
        .first(connection)
        .optional()?;
    row.map(|row| open(connection, tools, row)).transpose()
}

/// Removes messages sent before `before`; those that belong to no account before `ownerless_before`.
///
/// # Errors
/// [`StoreError`].
pub fn sweep_messages(tx: &mut WriteTx<'_>, before: UnixSeconds, ownerless_before: UnixSeconds, limit: i64) -> Result<usize, StoreError> {
    use messages::dsl;
    let is_old = dsl::sent_at.lt(before.0).or(dsl::customer_id.is_null().and(dsl::sent_at.lt(ownerless_before.0)));
    let old: Vec<String> = dsl::messages.filter(is_old).select(dsl::id).limit(limit).load(&mut **tx)?;
    Ok(diesel::delete(dsl::messages.filter(dsl::id.eq_any(old))).execute(&mut **tx)?)
}
