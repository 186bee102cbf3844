//! An order, as a shop's server tells it: read, bounded, and free of card numbers. Pure.

use std::net::IpAddr;

use serde::Deserialize;
use serde_json::Value;

use crate::base::card_number;
use crate::base::postal::is_country;
use crate::base::purchase::Amount;
use crate::base::time::UnixSeconds;

/// The most lines of an order.
pub const ITEM_LIMIT: usize = 500;
/// The most vouchers.
const PROMO_LIMIT: usize = 20;
/// How far the shop's clock may be ahead, in seconds.
const AHEAD_SECONDS: i64 = 600;
/// How old an order may be that is asked about, in seconds: thirty days, for what was taken offline.
const OLD_SECONDS: i64 = 30 * 86_400;
/// The same of one that is told with what became of it.
const PAST_SECONDS: i64 = 400 * 86_400;

/// How it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// As usual.
    Standard,
    /// Fast.
    Express,
    /// It is fetched.
    Pickup,
    /// Nothing is sent.
    Digital,
}

/// What the payment provider said of the address, or of the code on the card, in plain words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verified {
    /// It fits.
    Match,
    /// Part of it fits.
    Partial,
    /// It does not.
    Mismatch,
    /// Nobody could tell.
    Unavailable,
}

/// A line.
#[derive(Debug, Clone, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// The shop's word for what it is: 1 to 40 letters, digits, dashes.
    pub category: String,
    /// How many, 1 to 100,000.
    #[serde(rename = "qty")]
    pub quantity: u32,
    /// What they cost together, in decimal, in the currency of the order.
    pub value: String,
    /// Whether nothing is sent.
    #[serde(default)]
    pub digital: bool,
}

/// Where to.
#[derive(Debug, Clone, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// Street and house.
    pub street_address: String,
    /// The postcode.
    #[serde(default)]
    pub postal_code: String,
    /// The town.
    #[serde(default)]
    pub locality: String,
    /// Two capitals (ISO 3166-1).
    pub country: String,
}

/// Shipping, or billing.
#[derive(Debug, Clone, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Destination {
    /// To whom.
    #[serde(default)]
    pub name: String,
    /// Where.
    pub address: Option<Address>,
    /// How it is sent.
    pub method: Option<Method>,
}

/// How it is paid. Never a card number: a token of the payment provider's, and of the number the first eight and the last four digits at most.
#[derive(Debug, Clone, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    /// The payment provider's name for the card or account.
    pub token: String,
    /// The first six to eight digits of the card.
    pub iin: Option<String>,
    /// The last four.
    pub last4: Option<String>,
    /// The country of the issuer.
    pub country: Option<String>,
    /// Whether the money is on the card already.
    #[serde(default)]
    pub prepaid: bool,
    /// What became of the address check.
    pub avs: Option<Verified>,
    /// What became of the check of the code on the card.
    pub cvc: Option<Verified>,
}

/// With what it was ordered.
#[derive(Debug, Clone, Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Device {
    /// The session of the customer at this provider: `sid` of the ID token.
    pub sid: Option<String>,
    /// The address.
    pub ip: Option<String>,
    /// The browser's name of itself.
    pub user_agent: Option<String>,
}

/// An order.
#[derive(Debug, Clone, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// The shop's name for it, 1 to 64 characters.
    pub order_id: String,
    /// Who orders, as the client was told; none for a guest.
    pub sub: Option<String>,
    /// When, in RFC 3339; now, when it is left out.
    pub occurred_at: Option<String>,
    /// How much.
    #[schemars(with = "Value")]
    pub amount: Amount,
    /// What.
    #[serde(default)]
    pub items: Vec<Item>,
    /// Where to.
    pub shipping: Option<Destination>,
    /// Who pays.
    pub billing: Option<Destination>,
    /// How.
    pub payment: Option<Payment>,
    /// With what.
    #[serde(default)]
    pub device: Device,
    /// Vouchers.
    #[serde(default)]
    pub promo: Vec<String>,
}

/// An order that was read.
#[derive(Debug, Clone)]
pub struct Checked {
    /// As it was told.
    pub order: Order,
    /// The amount, in the smallest unit of its currency.
    pub minor_units: i64,
    /// When.
    pub at: UnixSeconds,
    /// The address that it was ordered from.
    pub address: Option<IpAddr>,
    /// How much of it goes to each category, the most first.
    pub categories: Vec<(String, i64)>,
}

impl Checked {
    /// An order of which nothing is known but its number and the session that it came from.
    pub fn bare(order_id: &str, sid: Option<&str>, at: UnixSeconds) -> Self {
        let order = Order {
            order_id: order_id.to_owned(),
            sub: None,
            occurred_at: None,
            amount: Amount { currency: String::new(), value: String::new() },
            items: Vec::new(),
            shipping: None,
            billing: None,
            payment: None,
            device: Device { sid: sid.map(str::to_owned), ..Device::default() },
            promo: Vec::new(),
        };
        Self { order, minor_units: 0, at, address: None, categories: Vec::new() }
    }
}

/// Why an order is not judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderRefused {
    /// It is not of the form, in words.
    Malformed(String),
    /// There is a card number in it.
    CardNumber,
}

fn malformed(text: impl Into<String>) -> OrderRefused {
    OrderRefused::Malformed(text.into())
}

fn is_word(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn is_line(text: &str, most: usize) -> bool {
    text.chars().count() <= most && !text.chars().any(char::is_control)
}

fn check_address(of: &str, address: &Address) -> Result<(), OrderRefused> {
    let is_sound = is_line(&address.street_address, 200) && is_line(&address.postal_code, 20) && is_line(&address.locality, 100);
    if !is_sound {
        return Err(malformed(format!("{of}.address: one line each; at most 200, 20 and 100 characters")));
    }
    if !is_country(&address.country) {
        return Err(malformed(format!("{of}.address.country: two capitals of ISO 3166-1")));
    }
    Ok(())
}

fn check_payment(payment: &Payment) -> Result<(), OrderRefused> {
    let digits = |text: &Option<String>, lengths: std::ops::RangeInclusive<usize>| {
        text.as_ref().is_none_or(|text| lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()))
    };
    if !is_word(&payment.token, 200) {
        return Err(malformed("payment.token: 1 to 200 printable characters"));
    }
    if !digits(&payment.iin, 6..=8) || !digits(&payment.last4, 4..=4) {
        return Err(malformed("payment.iin: 6 to 8 digits; payment.last4: 4 digits"));
    }
    if payment.country.as_ref().is_some_and(|code| !is_country(code)) {
        return Err(malformed("payment.country: two capitals of ISO 3166-1"));
    }
    Ok(())
}

/// Reads an order at `now`.
///
/// # Errors
/// [`OrderRefused`].
pub fn read(body: &Value, now: UnixSeconds) -> Result<Checked, OrderRefused> {
    read_within(body, now, OLD_SECONDS)
}

/// The same for an order of the past, up to 400 days.
///
/// # Errors
/// [`OrderRefused`].
pub fn read_past(body: &Value, now: UnixSeconds) -> Result<Checked, OrderRefused> {
    read_within(body, now, PAST_SECONDS)
}

fn read_within(body: &Value, now: UnixSeconds, oldest: i64) -> Result<Checked, OrderRefused> {
    // Before anything else: what is told of another fault might quote it.
    if card_number::is_in_document(body) {
        return Err(OrderRefused::CardNumber);
    }
    let order: Order = serde_json::from_value(body.clone()).map_err(|error| malformed(error.to_string()))?;
    if !is_word(&order.order_id, 64) {
        return Err(malformed("order_id: 1 to 64 printable characters"));
    }
    let minor_units = order.amount.minor_units().ok_or_else(|| malformed("amount: a currency of ISO 4217, and a decimal above 0 with its number of places, such as 49.90"))?;
    let at = match &order.occurred_at {
        None => now,
        Some(text) => UnixSeconds::parse_rfc3339(text).ok_or_else(|| malformed("occurred_at: a time of RFC 3339, such as 2027-01-31T12:00:00Z"))?,
    };
    if at.since(now) > AHEAD_SECONDS || now.since(at) > oldest {
        return Err(malformed("occurred_at: at most ten minutes ahead, and thirty days old; 400 in a history"));
    }
    if order.items.len() > ITEM_LIMIT {
        return Err(malformed(format!("items: at most {ITEM_LIMIT}")));
    }
    if order.promo.len() > PROMO_LIMIT || order.promo.iter().any(|code| !is_word(code, 64)) {
        return Err(malformed("promo: at most 20 of 1 to 64 printable characters"));
    }
    let mut categories: std::collections::BTreeMap<String, i64> = std::collections::BTreeMap::new();
    for (number, item) in order.items.iter().enumerate() {
        let value = Amount { currency: order.amount.currency.clone(), value: item.value.clone() };
        let is_free = item.value.bytes().all(|byte| byte == b'0' || byte == b'.') && !item.value.is_empty() && item.value.len() <= 8;
        let Some(units) = value.minor_units().or(is_free.then_some(0)) else { return Err(malformed(format!("items[{number}].value: a decimal as in the amount"))) };
        let is_category = (1..=40).contains(&item.category.len()) && item.category.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        if !is_category || !(1..=100_000).contains(&item.quantity) {
            return Err(malformed(format!("items[{number}]: category of 1 to 40 letters, digits and dashes; qty 1 to 100000")));
        }
        *categories.entry(item.category.clone()).or_default() += units;
    }
    for (of, destination) in [("shipping", &order.shipping), ("billing", &order.billing)] {
        if let Some(destination) = destination {
            if !is_line(&destination.name, 100) {
                return Err(malformed(format!("{of}.name: one line of at most 100 characters")));
            }
            destination.address.as_ref().map_or(Ok(()), |address| check_address(of, address))?;
        }
    }
    if let Some(payment) = &order.payment {
        check_payment(payment)?;
    }
    let address = order.device.ip.as_ref().map(|text| text.parse().map_err(|_| malformed("device.ip: an address"))).transpose()?;
    if order.device.user_agent.as_ref().is_some_and(|name| name.len() > 1_024) || order.device.sid.as_ref().is_some_and(|sid| !is_word(sid, 128)) {
        return Err(malformed("device: user_agent of at most 1024 bytes; sid of at most 128"));
    }
    if order.sub.as_ref().is_some_and(|sub| !is_word(sub, 255)) {
        return Err(malformed("sub: 1 to 255 printable characters"));
    }
    let mut categories: Vec<(String, i64)> = categories.into_iter().collect();
    categories.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    Ok(Checked { order, minor_units, at, address, categories })
}

/// What became of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Became {
    /// It was paid.
    Paid,
    /// It was sent, or handed over.
    Fulfilled,
    /// The customer or the shop called it off.
    Cancelled,
    /// The money went back, without a quarrel.
    Refunded,
    /// Somebody looked, and it was fine.
    ReviewedGood,
    /// Somebody looked, and it was fraud.
    ReviewedFraud,
    /// The payment provider warns that it is fraud.
    FraudWarning,
    /// The bank took the money back.
    Chargeback,
    /// And gave it to the shop again.
    ChargebackWon,
}

impl Became {
    /// The word for it.
    pub fn word(self) -> String {
        serde_json::to_value(self).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

/// What is told of an order later.
#[derive(Debug, Clone, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OutcomeTold {
    /// What became of it.
    pub outcome: Became,
    /// When, in RFC 3339; now, when it is left out.
    pub occurred_at: Option<String>,
    /// Of a chargeback: the bank's reason.
    pub reason: Option<String>,
    /// Of a chargeback: whether it was for fraud; it is taken to be, when it is left out.
    pub fraud: Option<bool>,
}

impl OutcomeTold {
    /// What it says of whether it was fraud; none where it says nothing.
    pub fn is_fraud(&self) -> Option<bool> {
        match self.outcome {
            Became::ReviewedFraud | Became::FraudWarning => Some(true),
            Became::Chargeback => Some(self.fraud.unwrap_or(true)),
            Became::ReviewedGood | Became::ChargebackWon => Some(false),
            Became::Paid | Became::Fulfilled | Became::Cancelled | Became::Refunded => None,
        }
    }

    /// Reads what is told.
    ///
    /// # Errors
    /// [`OrderRefused`].
    pub fn read(body: &Value, now: UnixSeconds) -> Result<(Self, UnixSeconds), OrderRefused> {
        if card_number::is_in_document(body) {
            return Err(OrderRefused::CardNumber);
        }
        let told: Self = serde_json::from_value(body.clone()).map_err(|error| malformed(error.to_string()))?;
        let at = match &told.occurred_at {
            None => now,
            Some(text) => UnixSeconds::parse_rfc3339(text).ok_or_else(|| malformed("occurred_at: a time of RFC 3339"))?,
        };
        if at.since(now) > AHEAD_SECONDS || now.since(at) > 400 * 86_400 {
            return Err(malformed("occurred_at: at most ten minutes ahead, and 400 days old"));
        }
        if told.reason.as_ref().is_some_and(|reason| !is_line(reason, 100)) {
            return Err(malformed("reason: one line of at most 100 characters"));
        }
        if told.fraud.is_some() && told.outcome != Became::Chargeback {
            return Err(malformed("fraud: of a chargeback alone"));
        }
        Ok((told, at))
    }
}
