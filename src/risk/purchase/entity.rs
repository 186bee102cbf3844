//! What is known of one thing that orders have in common: a customer, a payment token, an address, a network. Counts that fade, and how often its orders were fraud. Pure.

use serde::{Deserialize, Serialize};

use crate::base::time::UnixSeconds;

/// What orders have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The customer.
    Customer,
    /// The payment provider's token.
    Token,
    /// The browser session.
    Device,
    /// Where it is sent.
    Shipping,
    /// The address that it was ordered from.
    Source,
    /// The network that it was ordered from.
    Network,
    /// The first digits of the card, and its country.
    Issuer,
    /// What is bought most.
    Category,
    /// What is usual for what is bought, in its currency and country.
    Segment,
}

impl Kind {
    /// Every one.
    pub const ALL: [Self; 9] = [Self::Customer, Self::Token, Self::Device, Self::Shipping, Self::Source, Self::Network, Self::Issuer, Self::Category, Self::Segment];

    /// What it is, in a few words.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Customer => "The customer",
            Self::Token => "The card, or however else it is paid",
            Self::Device => "The browser session",
            Self::Shipping => "The place that it is sent to",
            Self::Source => "The address that it was ordered from",
            Self::Network => "The network that it was ordered from",
            Self::Issuer => "The bank of the card",
            Self::Category => "What is bought most",
            Self::Segment => "What is usual for the like",
        }
    }

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Token => "token",
            Self::Device => "device",
            Self::Shipping => "shipping",
            Self::Source => "source",
            Self::Network => "network",
            Self::Issuer => "issuer",
            Self::Category => "category",
            Self::Segment => "segment",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// How many orders without a verdict a fraud rate begins with.
const PRIOR_ORDERS: f64 = 20.0;
const HOUR: f64 = 3_600.0;
const DAY: f64 = 86_400.0;
/// What a month is for bits: thirty days.
const MONTH_SECONDS: i64 = 30 * 86_400;

/// Everything that is known of one thing.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Entity {
    /// When it was counted last, in seconds.
    pub at: i64,
    /// Orders, fading within an hour.
    pub hour: f64,
    /// The same within a day.
    pub day: f64,
    /// The same within a month.
    pub month: f64,
    /// Orders ever.
    pub orders: u64,
    /// The mean of the logarithm of their amounts, and how they spread about it.
    pub mean: f64,
    /// The sum of squares about the mean.
    pub squares: f64,
    /// How many amounts that is of, fading within half a year.
    pub weight: f64,
    /// A bit for each customer whose orders it was in this month.
    pub customers: u64,
    /// A bit for each payment token of this month.
    pub tokens: u64,
    /// The same of the month before.
    pub customers_before: u64,
    /// The same of the month before.
    pub tokens_before: u64,
    /// Orders that are old enough for their verdict to be known.
    pub mature: u64,
    /// How many of those were fraud.
    pub fraud: u64,
    /// How it was written where it was read from.
    #[serde(skip)]
    read_from: String,
}

/// What one order adds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Added {
    /// When it was made.
    pub at: UnixSeconds,
    /// The logarithm of its amount.
    pub amount: f64,
    /// Whose it is, as a keyed hash; none of a guest, who may be anybody.
    pub customer: Option<u64>,
    /// How it is paid, as a keyed hash; none where that was not told.
    pub token: Option<u64>,
}

#[expect(clippy::cast_precision_loss, reason = "seconds of a lifetime")]
fn fade(value: f64, seconds: i64, within: f64) -> f64 {
    // A clock that is behind takes nothing back.
    value * (-(seconds.max(0) as f64) / within).exp()
}

/// Bits of this month and the one before, as they are at a later time.
const fn aged(bits: u64, before: u64, at: i64, now: i64) -> (u64, u64) {
    match now.div_euclid(MONTH_SECONDS) - at.div_euclid(MONTH_SECONDS) {
        ..=0 => (bits, before),
        1 => (0, bits),
        _ => (0, 0),
    }
}

impl Entity {
    /// The same, with how it was written.
    #[must_use]
    pub fn read_from(self, written: String) -> Self {
        Self { read_from: written, ..self }
    }

    /// How it was written where it was read from.
    pub fn written(&self) -> &str {
        &self.read_from
    }

    /// What was known of it before there was any verdict, and before `at`: nothing of what came later.
    #[must_use]
    pub fn as_of(&self, at: UnixSeconds) -> Self {
        if self.at > at.0 { Self::default() } else { Self { mature: 0, fraud: 0, ..self.clone() } }
    }

    /// The same at a later time.
    #[must_use]
    pub fn faded(&self, now: UnixSeconds) -> Self {
        let passed = now.0.saturating_sub(self.at);
        if self.orders == 0 {
            return self.clone();
        }
        let (customers, customers_before) = aged(self.customers, self.customers_before, self.at, now.0);
        let (tokens, tokens_before) = aged(self.tokens, self.tokens_before, self.at, now.0);
        Self {
            customers,
            customers_before,
            tokens,
            tokens_before,
            at: self.at.max(now.0),
            hour: fade(self.hour, passed, HOUR),
            day: fade(self.day, passed, DAY),
            month: fade(self.month, passed, 30.0 * DAY),
            weight: fade(self.weight, passed, 180.0 * DAY),
            squares: fade(self.squares, passed, 180.0 * DAY),
            ..self.clone()
        }
    }

    /// With one more order.
    #[must_use]
    pub fn with(&self, added: &Added) -> Self {
        let mut next = self.faded(added.at);
        next.at = next.at.max(added.at.0);
        next.hour += 1.0;
        next.day += 1.0;
        next.month += 1.0;
        next.orders += 1;
        next.weight += 1.0;
        let distance = added.amount - next.mean;
        next.mean += distance / next.weight;
        next.squares += distance * (added.amount - next.mean);
        next.customers |= added.customer.map_or(0, |customer| 1 << (customer % 64));
        next.tokens |= added.token.map_or(0, |token| 1 << (token % 64));
        next
    }

    /// Bits of the customers of this month and the one before.
    pub const fn customer_bits(&self) -> u64 {
        self.customers | self.customers_before
    }

    /// The same of payment tokens.
    pub const fn token_bits(&self) -> u64 {
        self.tokens | self.tokens_before
    }

    /// How amounts spread, as a variance.
    pub fn variance(&self) -> f64 {
        if self.weight > 1.0 { (self.squares / self.weight).max(0.0) } else { 0.0 }
    }

    /// How often its orders were fraud, drawn towards `base` as long as few are known.
    #[expect(clippy::cast_precision_loss, reason = "orders of one thing lie far below 2^52")]
    pub fn fraud_rate(&self, base: f64) -> f64 {
        (self.fraud as f64 + PRIOR_ORDERS * base) / (self.mature as f64 + PRIOR_ORDERS)
    }
}

/// How far an amount is from what is usual, in standard deviations between -6 and 6: what the customer spends counts the more, the more is known of it; before that what others spend for the like.
pub fn amount_distance(amount: f64, customer: &Entity, segment: &Entity) -> f64 {
    /// As many orders of others' count.
    const OTHERS: f64 = 10.0;
    /// What is known of amounts where nothing is: about a factor of three either way.
    const SPREAD: f64 = 1.2;
    let (own, others) = (customer.weight, if segment.weight > 0.0 { OTHERS } else { 0.0 });
    if own + others <= 0.0 {
        return 0.0;
    }
    let mean = (own * customer.mean + others * segment.mean) / (own + others);
    // One order tells nothing of a spread; a spread of nothing is a coincidence.
    let others_spread = (segment.squares + 5.0 * SPREAD) / (segment.weight + 5.0);
    // Two that differ are spread by that, too.
    let apart = (customer.mean - segment.mean).powi(2) * own * others / (own + others).powi(2);
    let variance = (customer.squares + OTHERS * others_spread) / (own + OTHERS) + apart;
    ((amount - mean) / variance.max(0.02).sqrt()).clamp(-6.0, 6.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(at: i64, amount: f64, customer: u64) -> Added {
        Added { at: UnixSeconds(at), amount, customer: Some(customer), token: Some(customer + 7) }
    }

    #[test]
    fn counts_fade_and_amounts_are_remembered() {
        let mut entity = Entity::default();
        for number in 0..10 {
            entity = entity.with(&added(1_000_000 + number * 60, 3.0 + 0.1 * f64::from(u8::try_from(number % 2).unwrap()), 1));
        }
        assert!((entity.hour - 9.3).abs() < 0.2 && (entity.day - 10.0).abs() < 0.1 && entity.orders == 10, "{entity:?}");
        assert!((entity.mean - 3.05).abs() < 1e-3 && (entity.variance() - 0.0025).abs() < 2e-4);
        let later = entity.faded(UnixSeconds(1_000_000 + 86_400));
        assert!(later.hour < 1e-8 && (later.day - 10.0 / std::f64::consts::E).abs() < 0.1 && later.month > 9.0);
        assert_eq!(entity.faded(UnixSeconds(5)).day.to_bits(), entity.day.to_bits(), "a clock that is behind changes nothing");
        let bits = |entity: &Entity| (entity.customer_bits().count_ones(), entity.token_bits().count_ones());
        let two = entity.with(&added(2_000_000, 3.0, 2));
        assert_eq!((bits(&entity), bits(&two)), ((1, 1), (2, 2)));
        // Guests, and what is paid nobody knows how, are nobody in particular.
        let nobody = Added { customer: None, token: None, ..added(2_000_000, 3.0, 0) };
        assert_eq!((bits(&two.with(&nobody)), two.with(&nobody).orders), ((2, 2), 12));
        // Whoever shared it last in spring does not count in summer.
        let month = 30 * 86_400;
        assert_eq!(bits(&two.with(&added(2_000_000 + month, 3.0, 3))), (3, 3));
        assert_eq!(bits(&two.with(&added(2_000_000 + 2 * month, 3.0, 3))), (1, 1));
        assert_eq!(bits(&two.faded(UnixSeconds(2_000_000 + 3 * month))), (0, 0));
        let text = serde_json::to_string(&entity).unwrap();
        assert_eq!(serde_json::from_str::<Entity>(&text).unwrap(), entity);
        assert_eq!(serde_json::from_str::<Entity>("{}").unwrap(), Entity::default());
    }

    #[test]
    fn a_rate_is_drawn_towards_what_is_usual() {
        assert!((Entity::default().fraud_rate(0.01) - 0.01).abs() < 1e-9);
        let seen = Entity { mature: 4, fraud: 2, ..Entity::default() };
        assert!((seen.fraud_rate(0.01) - 2.2 / 24.0).abs() < 1e-9);
        assert!(Entity { mature: 1_000, ..Entity::default() }.fraud_rate(0.01) < 0.001);
    }

    #[test]
    fn an_amount_is_far_from_what_its_customer_spends() {
        let (mut own, mut segment) = (Entity::default(), Entity::default());
        assert!(amount_distance(9.0, &own, &segment).abs() < 1e-9, "nothing is known");
        for number in 0..200_u8 {
            segment = segment.with(&added(i64::from(number), 3.5 + f64::from(number % 11) * 0.1, u64::from(number)));
        }
        assert!(amount_distance(4.0, &own, &segment).abs() < 0.5 && amount_distance(9.0, &own, &segment) > 5.0);
        for number in 0..40_u8 {
            own = own.with(&added(1_000 + i64::from(number), 6.0 + f64::from(number % 3) * 0.1, 1));
        }
        assert!(amount_distance(6.1, &own, &segment).abs() < 1.7, "{}", amount_distance(6.1, &own, &segment));
        assert!(amount_distance(9.0, &own, &segment) > 3.0 && amount_distance(1.0, &own, &segment) < -3.0);
    }
}
