//! Orders that nobody made, of a shop that does not exist: honest ones, and four kinds of fraud, gone through in the order in which they happen, each judged by what was before it. The verdict of an order is known a week later at the earliest.

use std::collections::HashMap;

use super::dice::Dice;
use crate::base::purchase::Amount;
use crate::base::time::UnixSeconds;
use crate::risk::purchase::entity::{Added, Entity, Kind};
use crate::risk::purchase::features::{Account, Entities, Vector, Whence, amount_of, vector};
use crate::risk::purchase::models::Past;
use crate::risk::purchase::order::{Address, Checked, Destination, Item, Method, Payment, Verified};
use crate::risk::purchase::regression::Regression;
use crate::risk::purchase::store::DELAY_SECONDS;

/// What kind of order it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Made {
    /// By a customer, as always.
    Honest,
    /// By somebody who took an account over.
    Takeover,
    /// By a program that tries whether stolen cards work.
    CardTesting,
    /// With stolen cards, to people who send it on.
    Reshipping,
    /// By a customer who says later that it was not them.
    Friendly,
}

impl Made {
    /// Every kind of fraud.
    pub const FRAUD: [Self; 4] = [Self::Takeover, Self::CardTesting, Self::Reshipping, Self::Friendly];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Honest => "honest",
            Self::Takeover => "takeover",
            Self::CardTesting => "card_testing",
            Self::Reshipping => "reshipping",
            Self::Friendly => "friendly",
        }
    }
}

/// A judged order.
#[derive(Debug, Clone, Copy)]
pub struct JudgedOrder {
    /// What it was.
    pub made: Made,
    /// When, in seconds from the beginning.
    pub at: i64,
    /// The logarithm of the odds that it is fraud, by the model as it was.
    pub logit: f64,
    /// The same by the weights that a shop begins with.
    pub untaught: f64,
    /// How far its amount was from what is usual: the plain baseline.
    pub amount: f64,
    /// Its numbers.
    pub vector: Vector,
}

const DAY: i64 = 86_400;
/// Categories, by how often they are bought, and what they cost in cents (logarithm).
const CATEGORIES: [(&str, f64); 5] = [("books", 7.3), ("clothing", 8.4), ("home", 8.7), ("electronics", 10.0), ("gift_cards", 8.5)];

/// What one order brings along.
struct Draft {
    made: Made,
    checked: Checked,
    account: Option<Account>,
    whence: Whence,
    commons: HashMap<Kind, u64>,
}

fn account_of(made: Made, (customer, at): (u64, i64), is_own_address: bool, dice: &mut Dice) -> Account {
    let is_thief = matches!(made, Made::Takeover | Made::CardTesting | Made::Reshipping);
    let is_new_device = made == Made::Takeover || dice.chance(0.08);
    let days = i64::try_from(customer % 700).unwrap_or(0);
    let made_at = if made == Made::Reshipping { at - DAY / 4 } else { at - days * DAY };
    let acr = if !is_thief && dice.chance(0.3) { 2 } else { 0 };
    let signin_score = u16::try_from(if made == Made::Takeover { 800 + dice.below(200) } else { dice.below(1_000) / (1 + dice.below(3)) }).ok();
    let changed = |is: bool| is.then(|| UnixSeconds(at - 3_600));
    Account {
        made_at: Some(UnixSeconds(made_at)),
        has_session: true,
        is_known_device: Some(!is_new_device),
        acr,
        signin_score,
        credentials_changed_at: changed(dice.chance(if made == Made::Takeover { 0.3 } else { 0.01 })),
        contact_changed_at: changed(dice.chance(if made == Made::Takeover { 0.5 } else { 0.005 })),
        is_own_address,
        address_added_at: None,
        is_frozen: false,
    }
}

fn pay(made: Made, (is_digital, avs): (bool, Verified), checked: &mut Checked, address: &Address, dice: &mut Dice) {
    let is_thief = matches!(made, Made::Takeover | Made::CardTesting | Made::Reshipping);
    let method = if is_digital {
        Method::Digital
    } else if dice.chance(if is_thief { 0.6 } else { 0.12 }) {
        Method::Express
    } else {
        Method::Standard
    };
    checked.order.shipping = Some(Destination { name: String::new(), address: Some(address.clone()), method: Some(method) });
    checked.order.billing = Some(Destination { name: String::new(), address: Some(address.clone()), method: None });
    checked.order.payment = Some(Payment {
        token: "t".to_owned(),
        iin: None,
        last4: None,
        country: Some("DE".to_owned()),
        prepaid: dice.chance(if is_thief { 0.2 } else { 0.05 }),
        avs: Some(avs),
        cvc: Some(if made == Made::CardTesting && dice.chance(0.5) { Verified::Mismatch } else { Verified::Match }),
    });
}

fn draft(made: Made, customer: u64, at: i64, dice: &mut Dice) -> Draft {
    let own = |number: u64| customer * 97 + number;
    let is_thief = matches!(made, Made::Takeover | Made::CardTesting | Made::Reshipping);
    let category = match made {
        Made::Takeover | Made::Reshipping => {
            if dice.chance(0.6) {
                3
            } else {
                4
            }
        }
        _ => usize::try_from(dice.below(8)).unwrap_or(0).min(11) % 5,
    };
    let (name, cost) = CATEGORIES.get(category).copied().unwrap_or(("books", 7.3));
    // What a customer spends differs by more than what a thing costs.
    let taste = f64::from(u32::try_from(customer % 100).unwrap_or(0)) / 100.0 - 0.5;
    let raised = match made {
        Made::Takeover => 0.9,
        Made::Reshipping => 0.6,
        Made::CardTesting => -3.5,
        Made::Friendly => 0.5,
        Made::Honest => 0.0,
    };
    let cents = dice.log_normal(cost + taste + raised, 0.5).clamp(50.0, 5_000_000.0);
    #[expect(clippy::cast_possible_truncation, reason = "clamped")]
    let minor_units = cents as i64;
    let is_gift = made == Made::Honest && dice.chance(0.08);
    let (is_drop, is_fresh) = (made == Made::Reshipping, matches!(made, Made::Takeover) || is_gift);
    let ships_to = if is_drop {
        9_000_000 + dice.below(25)
    } else if is_fresh {
        dice.bits()
    } else {
        own(1)
    };
    let token = match made {
        Made::CardTesting | Made::Reshipping => dice.bits(),
        Made::Honest | Made::Friendly | Made::Takeover => own(2 + dice.below(20) / 18),
    };
    let source = match made {
        Made::CardTesting => 8_000_000 + u64::try_from(at / DAY).unwrap_or(0) % 3,
        _ if is_thief => dice.bits(),
        _ => own(5 + dice.below(6) / 5),
    };
    let avs = match () {
        () if made == Made::Takeover || !is_thief => match dice.below(10) {
            0..=7 => Verified::Match,
            8 => Verified::Partial,
            _ => Verified::Unavailable,
        },
        () => {
            if dice.chance(0.5) {
                Verified::Mismatch
            } else {
                Verified::Unavailable
            }
        }
    };
    let address = Address { street_address: "1 Street".to_owned(), postal_code: "10115".to_owned(), locality: String::new(), country: "DE".to_owned() };
    let is_digital = category == 4;
    let mut checked = Checked::bare("o", None, UnixSeconds(at));
    checked.minor_units = minor_units;
    checked.categories = vec![(name.to_owned(), minor_units)];
    checked.order.amount = Amount { currency: "EUR".to_owned(), value: "1.00".to_owned() };
    checked.order.items = vec![Item { category: name.to_owned(), quantity: 1, value: "1.00".to_owned(), digital: is_digital }];
    pay(made, (is_digital, avs), &mut checked, &address, dice);
    let is_guest = match made {
        Made::CardTesting => true,
        Made::Reshipping => dice.chance(0.6),
        Made::Takeover | Made::Friendly => false,
        Made::Honest => dice.chance(0.15),
    };
    let account = (!is_guest).then(|| account_of(made, (customer, at), !(is_drop || is_fresh), dice));
    let whence = Whence {
        country: Some(if dice.chance(if is_thief { 0.5 } else { 0.03 }) { "US" } else { "DE" }.to_owned()),
        is_hosting: dice.chance(if is_thief { 0.3 } else { 0.01 }),
        is_anonymiser: dice.chance(if is_thief { 0.15 } else { 0.01 }),
    };
    let mut commons = HashMap::from([
        (Kind::Token, token),
        (Kind::Shipping, ships_to),
        (Kind::Source, source),
        (Kind::Network, if is_thief { 7_000 + dice.below(20) } else { 7_100 + customer % 60 }),
        (Kind::Category, category as u64),
        (Kind::Segment, category as u64),
    ]);
    if !is_guest {
        commons.insert(Kind::Customer, customer);
    }
    Draft { made, checked, account, whence, commons }
}

/// Goes through a history of orders.
pub fn run(customers: u64, days: i64, seed: u64) -> Vec<JudgedOrder> {
    let mut dice = Dice::of(seed);
    let mut moments: Vec<(i64, Made, u64)> = Vec::new();
    for customer in 0..customers {
        let orders = dice.log_normal(0.9, 0.9).round().clamp(1.0, 60.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 60")]
        let orders = orders as u64;
        let mut at = || i64::try_from(dice.below(u64::try_from(days * DAY).unwrap_or(1))).unwrap_or(0);
        moments.extend((0..orders).map(|_| (at(), Made::Honest, customer)));
    }
    let count = moments.len() as u64;
    for (made, share) in Made::FRAUD.into_iter().zip([600, 400, 500, 800]) {
        for _ in 0..(count / share).max(1) {
            moments.push((i64::try_from(dice.below(u64::try_from(days * DAY).unwrap_or(1))).unwrap_or(0), made, dice.below(customers)));
        }
    }
    moments.sort_unstable();
    let (mut model, untaught) = (Regression::default(), Regression::default());
    let mut known: HashMap<(Kind, u64), Entity> = HashMap::new();
    let (mut judged, mut waiting) = (Vec::new(), std::collections::VecDeque::<(i64, Made, Vector, HashMap<Kind, u64>)>::new());
    for (at, made, customer) in moments {
        while let Some((_, made, vector, commons)) = waiting.pop_front_if(|(then, ..)| *then < at - DELAY_SECONDS) {
            for (kind, value) in commons {
                if let Some(entity) = known.get_mut(&(kind, value)) {
                    entity.mature += 1;
                    entity.fraud += u64::from(made != Made::Honest);
                }
            }
            model.learn(&vector, made != Made::Honest, 1.0);
        }
        let draft = draft(made, customer, at, &mut dice);
        let now = UnixSeconds(at);
        let entities: Entities = draft.commons.iter().filter_map(|(kind, value)| Some((*kind, known.get(&(*kind, *value))?.faded(now)))).collect();
        let numbers = vector(&draft.checked, draft.account.as_ref(), &draft.whence, &entities, model.base());
        let amount = numbers.first().copied().unwrap_or_default() + numbers.get(1).copied().unwrap_or_default();
        judged.push(JudgedOrder { made: draft.made, at, logit: model.logit(&numbers), untaught: untaught.logit(&numbers), amount, vector: numbers });
        let added = Added {
            at: now,
            amount: amount_of(draft.checked.minor_units),
            customer: draft.commons.get(&Kind::Customer).copied(),
            token: draft.commons.get(&Kind::Token).copied(),
        };
        for (kind, value) in &draft.commons {
            let entity = known.entry((*kind, *value)).or_default();
            *entity = entity.with(&added);
        }
        waiting.push_back((at, made, numbers, draft.commons));
    }
    judged
}

impl JudgedOrder {
    /// As an order of which it is known what became of it.
    pub fn past(&self) -> Past {
        Past { at: UnixSeconds(self.at), vector: self.vector, is_fraud: self.made != Made::Honest, told_at: Some(UnixSeconds(self.at + DELAY_SECONDS)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::risk::login::scale::{Scale, told};
    use crate::risk::purchase::models::train;
    use crate::risk::quality::average_precision;

    #[test]
    fn the_model_learns_what_fraud_looks_like_here() {
        let orders = run(8_000, 120, 11);
        assert_eq!(format!("{:?}", run(300, 60, 5)), format!("{:?}", run(300, 60, 5)), "the same seed, the same history");
        let late: Vec<JudgedOrder> = orders.iter().copied().filter(|order| order.at > 60 * DAY).collect();
        // A shop that knows nothing is measured by honest orders of this kind: of a hundred, about two are at 900 or above.
        let usual = Scale::usual_orders();
        let others = run(6_000, 100, 12);
        let honest: Vec<u16> = others.iter().filter(|order| order.made == Made::Honest).map(|order| told(usual.share(order.untaught))).collect();
        let above = |score: u16| honest.iter().filter(|told| **told >= score).count() * 1_000 / honest.len();
        assert!((13..=28).contains(&above(900)) && (70..=130).contains(&above(600)), "{} {}", above(900), above(600));
        // Once it is taught, the scale follows.
        let (mut before, late_honest): (Scale, Vec<&JudgedOrder>) = (Scale::default(), late.iter().filter(|order| order.made == Made::Honest).collect());
        late_honest.iter().take(late_honest.len() / 2).for_each(|order| before.count(order.logit));
        let rest = &late_honest[late_honest.len() / 2..];
        let asked = rest.iter().filter(|order| told(before.share(order.logit)) >= 900).count() * 1_000 / rest.len();
        assert!((8..=35).contains(&asked), "{asked}");
        let of = |score: fn(&JudgedOrder) -> f64| average_precision(&late.iter().map(|order| (score(order), order.made != Made::Honest)).collect::<Vec<_>>());
        let (taught, untaught, amount) = (of(|order| order.logit), of(|order| order.untaught), of(|order| order.amount));
        assert!(taught > 0.55 && taught > untaught && untaught > 0.15 && untaught > amount, "{taught} {untaught} {amount}");
        // Trees, measured on what came later.
        let past: Vec<Past> = orders.iter().map(JudgedOrder::past).collect();
        let trained = train(&past, (1, 0, UnixSeconds(0))).unwrap();
        assert!(trained.evaluation.trees.average_precision > 0.63 && trained.evaluation.trees.area > 0.95, "{:?}", trained.evaluation);
    }
}
