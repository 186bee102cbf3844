//! What was sent to a customer, and sending it again: to the same address, to the letter.

use serde::{Deserialize, Serialize};

use super::actions::{about, begin};
use super::find_subject;
use crate::admin::cases::note_of;
use crate::admin::operations::{AdminState, Answer, Call, Listed, Ran, Refused};
use crate::base::ids::MessageId;
use crate::identity::attempts::rules::AttemptPolicy;
use crate::identity::attempts::store as attempts;
use crate::identity::factors::sent_code::rules::{TextLane, masked_email, masked_phone, notice_lanes};
use crate::identity::messages::rules::{Channel, Message};
use crate::identity::messages::store::{find_message, list_messages};
use crate::platform::audit::{self, EventSpec};
use crate::platform::db::{DbConnection, WriteTx};
use crate::platform::outbox::store::{Fate, NotResent, list_fates, resend};
use crate::platform::vault::blind_index;

/// Staff sent a message again.
pub const MESSAGE_RESENT: EventSpec = EventSpec::new("staff_message_resent", "Staff sent a customer a message again, to the address to which it had gone.");

/// A message that was sent; what it says is the customer's to read.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct MessageView {
    /// Its id.
    pub id: String,
    /// When, in Unix seconds.
    pub at: i64,
    /// What it was about, as a word.
    pub kind: String,
    /// `mail` or `text`.
    pub channel: String,
    /// To whom, masked.
    pub to: String,
    /// How it fared.
    pub fate: Fate,
}

impl MessageView {
    /// Whether sending it again may be of use: it is kept, and left the house or was given up.
    pub const fn is_resendable(&self) -> bool {
        matches!(self.fate, Fate::HandedOver | Fate::GivenUp)
    }
}

fn masked(content: &Message) -> String {
    if content.channel == Channel::Mail { masked_email(&content.to) } else { masked_phone(&content.to) }
}

/// What was sent to a customer, newest first.
///
/// # Errors
/// [`StoreError`].
pub fn list_sent(connection: &mut DbConnection, state: &AdminState, call: &Call) -> Ran {
    let page = match call.page() {
        Ok(page) => page,
        Err(refused) => return Ok(Err(refused)),
    };
    let Some(customer) = find_subject(connection, state, call)? else { return Ok(Err(Refused::NotFound)) };
    let sent = list_messages(connection, state.tools(), &customer.id, &page)?;
    let ids: Vec<&str> = sent.items.iter().map(|message| message.id.as_str()).collect();
    let fates = list_fates(connection, &ids)?;
    let items = sent.items.iter().map(|message| MessageView {
        id: message.id.to_string(),
        at: message.sent_at.0,
        kind: message.kind.clone(),
        channel: if message.content.channel == Channel::Mail { "mail" } else { "text" }.to_owned(),
        to: masked(&message.content),
        fate: fates.get(message.id.as_str()).copied().unwrap_or(Fate::Unknown),
    });
    Answer::of(&Listed { items: items.collect(), next: sent.next }).map(Ok)
}

/// A message that is to be sent again.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resend {
    /// Its id, as the list of messages has it.
    #[schemars(length(min = 1, max = 64))]
    pub message: String,
}

/// Sends a message again: the same words to the same address. Staff see neither.
///
/// # Errors
/// [`StoreError`].
pub fn resend_message(tx: &mut WriteTx<'_>, state: &AdminState, call: &Call) -> Ran {
    let wish: Resend = match call.input() {
        Ok(wish) => wish,
        Err(refused) => return Ok(Err(refused)),
    };
    let customer = match begin(tx, state, call)? {
        Ok((customer, _)) => customer,
        Err(refused) => return Ok(Err(refused)),
    };
    let tools = state.tools();
    let message = match wish.message.parse::<MessageId>() {
        Ok(id) => find_message(tx, tools, &customer.id, &id)?,
        Err(_) => None,
    };
    let Some(message) = message else { return Ok(Err(Refused::NotFound)) };
    // Counted with what is sent by itself, so that nobody's desk is a way to flood a mailbox or a telephone.
    let text = customer.phone.as_ref().filter(|phone| message.content.channel == Channel::Text && phone.as_str() == message.content.to);
    let lanes = match text {
        Some(phone) => {
            let index = blind_index(&tools.ring, "phone", phone.as_str());
            notice_lanes(&TextLane { phone, index: &index, source: "desk", caps: state.signin.sms_caps })
        }
        None => AttemptPolicy::recovery_lanes(&format!("resend:{}", customer.id)),
    };
    if let Err(throttled) = attempts::count_in_each(tx, &lanes, tools.now())? {
        return Ok(Err(Refused::Throttled(throttled)));
    }
    let why = match resend(tx, tools, message.id.as_str())? {
        Ok(()) => {
            let entry = call
                .staff
                .entry(MESSAGE_RESENT, about(&customer), &call.origin)
                .with_detail(serde_json::json!({ "kind": message.kind }))
                .with_note(note_of(call.staff.name(), ""));
            audit::record(tx, tools, &entry)?;
            return Ok(Ok(Answer::EMPTY));
        }
        Err(why) => why,
    };
    let (code, sentence) = match why {
        NotResent::Waiting => ("waits", "It is on its way: it is tried again until it is handed over."),
        NotResent::Gone => ("gone", "It was sent more than a week ago, and is not kept in full any longer."),
        NotResent::Often => ("often", "It was sent again three times already. Look for another way, or have the customer look for it among what is taken for spam."),
        NotResent::Expired => ("expired", "The code or link in it is over. The customer asks for a new one where they asked for this one."),
    };
    Ok(Err(Refused::Conflict(code, sentence.to_owned())))
}
