//! What the model looks at in an order: numbers with names, each of which can be told as a reason. Pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::entity::{Entity, Kind, amount_distance};
use super::order::{Checked, Method, Verified};
use crate::base::time::UnixSeconds;

/// What the provider of the accounts knows of who orders; nothing of a guest.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// When the account was made.
    pub made_at: Option<UnixSeconds>,
    /// Whether the session that ordered is one of the customer's that lives.
    pub has_session: bool,
    /// Whether the browser of that session had signed the customer in before that sign-in.
    pub is_known_device: Option<bool>,
    /// How sure the sign-in was, from 0 (a password) to 3 (phishing-resistant).
    pub acr: u8,
    /// The score of that sign-in, 0 to 1000.
    pub signin_score: Option<u16>,
    /// When a password, an authenticator or a trusted device was last changed or added.
    pub credentials_changed_at: Option<UnixSeconds>,
    /// When e-mail or telephone was last changed.
    pub contact_changed_at: Option<UnixSeconds>,
    /// Whether the goods go to an address of the account.
    pub is_own_address: bool,
    /// When that address was added.
    pub address_added_at: Option<UnixSeconds>,
    /// Whether the account stands still after "this was not me".
    pub is_frozen: bool,
}

/// What is known of where the order comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whence {
    /// The country, two capitals.
    pub country: Option<String>,
    /// Whether servers are let there.
    pub is_hosting: bool,
    /// Whether it hides who uses it.
    pub is_anonymiser: bool,
}

/// What is known of everything that the order has in common with others.
pub type Entities = BTreeMap<Kind, Entity>;

macro_rules! features {
    ($($(#[doc = $doc:literal])* $name:ident = $word:literal, $prior:literal;)*) => {
        /// A number that the model looks at; also the code of the reason that it is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Feature { $($(#[doc = $doc])* $name,)* }

        impl Feature {
            /// Every one, in the order of a vector.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word for it.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// What it is, in a sentence.
            pub fn about(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc,)*).trim(),)* }
            }

            /// What a shop without any verdict takes it to add for each unit, in natural logarithms of the odds.
            pub const fn prior(self) -> f64 {
                match self { $(Self::$name => $prior,)* }
            }
        }
    };
}

features! {
    /// The amount is above what is usual, in standard deviations.
    AmountHigh = "amount_high", 0.55;
    /// The amount is below what is usual, as where somebody tries whether a card works.
    AmountLow = "amount_low", 0.1;
    /// Nothing is sent, or part of it: what is gone at once.
    Digital = "digital", 0.5;
    /// It is sent fast.
    Express = "express", 0.3;
    /// Many pieces of it.
    Pieces = "pieces", 0.1;
    /// It goes to another country than the one that pays.
    CountryDiffers = "country_differs", 0.6;
    /// It is ordered from another country than the one that pays.
    SourceCountryDiffers = "source_country_differs", 0.7;
    /// The card is of another country than the one that pays.
    IssuerCountryDiffers = "issuer_country_differs", 0.5;
    /// It goes to an address that is not the account's, which is older than a day.
    ShippingUnknown = "shipping_unknown", 0.4;
    /// It goes to an address that was added to the account within a day.
    ShippingAddedLately = "shipping_added_lately", 1.2;
    /// The address of the bill does not fit the card's, or only in part.
    AvsMismatch = "avs_mismatch", 0.9;
    /// The code on the card is wrong.
    CvcMismatch = "cvc_mismatch", 1.2;
    /// The money is on the card already.
    Prepaid = "prepaid", 0.3;
    /// Nobody signed in.
    Guest = "guest", 0.3;
    /// The account is young: 1 on its first day, and less from day to day.
    AccountYoung = "account_young", 0.3;
    /// The session is none of the customer's.
    SessionUnknown = "session_unknown", 0.4;
    /// The browser is none that the customer had used before.
    DeviceNew = "device_new", 0.6;
    /// The customer showed a second factor: it counts against fraud.
    StrongSignin = "strong_signin", -0.7;
    /// The sign-in looked strange, from 0 to 1.
    SigninStrange = "signin_strange", 0.8;
    /// Password or authenticators were changed within a day.
    CredentialsChanged = "credentials_changed", 1.0;
    /// E-mail or telephone was changed within a day.
    ContactChanged = "contact_changed", 1.3;
    /// The account stands still after a report of a takeover.
    Frozen = "frozen", 3.0;
    /// It is ordered from a data centre.
    Hosting = "hosting", 0.5;
    /// It is ordered through a service that hides where it comes from.
    Anonymiser = "anonymiser", 0.9;
    /// The customer orders more often within an hour than others.
    CustomerFast = "customer_fast", 0.5;
    /// The card is used more often within an hour.
    TokenFast = "token_fast", 0.6;
    /// Many orders from one address within an hour.
    SourceFast = "source_fast", 0.5;
    /// Many orders to one place within a day.
    ShippingFast = "shipping_fast", 0.3;
    /// The card is used for several customers.
    TokenShared = "token_shared", 0.9;
    /// The place is one that several customers have things sent to.
    ShippingShared = "shipping_shared", 0.3;
    /// Several cards were tried from one address.
    SourceCards = "source_cards", 0.6;
    /// Several cards were tried by one customer.
    CustomerCards = "customer_cards", 0.5;
    /// Earlier orders of the customer were fraud.
    CustomerFraud = "customer_fraud", 1.0;
    /// Earlier orders by the card were.
    TokenFraud = "token_fraud", 1.0;
    /// Earlier orders in the session were.
    DeviceFraud = "device_fraud", 1.0;
    /// Earlier orders to the place were.
    ShippingFraud = "shipping_fraud", 0.9;
    /// Earlier orders from the address were.
    SourceFraud = "source_fraud", 0.8;
    /// Earlier orders from the network were.
    NetworkFraud = "network_fraud", 0.6;
    /// Earlier orders by cards of the same bank were.
    IssuerFraud = "issuer_fraud", 0.5;
    /// Earlier orders of the same kind were.
    CategoryFraud = "category_fraud", 0.4;
    /// The customer has ordered here for long: it counts against fraud.
    Regular = "regular", -0.35;
}

/// How many numbers there are.
pub const COUNT: usize = 41;

/// The numbers of one order.
pub type Vector = [f64; COUNT];

/// Within how many seconds a change counts as lately made.
const LATELY: i64 = 86_400;

#[expect(clippy::cast_precision_loss, reason = "seconds of a lifetime")]
fn days(seconds: i64) -> f64 {
    seconds.max(0) as f64 / 86_400.0
}

fn yes(is: bool) -> f64 {
    f64::from(u8::from(is))
}

/// How much more than usual, in logarithms of the odds, between -3 and 6.
fn odds(entity: Option<&Entity>, base: f64) -> f64 {
    let Some(entity) = entity else { return 0.0 };
    let logit = |share: f64| (share / (1.0 - share)).ln();
    (logit(entity.fraud_rate(base).clamp(1e-5, 0.99)) - logit(base.clamp(1e-5, 0.5))).clamp(-3.0, 6.0)
}

/// The amount, as the model sees it: its logarithm.
#[expect(clippy::cast_precision_loss, reason = "amounts lie far below 2^52")]
pub fn amount_of(minor_units: i64) -> f64 {
    (minor_units.max(1) as f64).ln()
}

/// The numbers of an order. `base` is how many of all orders are fraud; the entities are as they were before it.
pub fn vector(checked: &Checked, account: Option<&Account>, whence: &Whence, entities: &Entities, base: f64) -> Vector {
    let order = &checked.order;
    let entity = |kind: Kind| entities.get(&kind);
    let nothing = Entity::default();
    let of = |kind: Kind| entity(kind).unwrap_or(&nothing);
    let distance = amount_distance(amount_of(checked.minor_units), of(Kind::Customer), of(Kind::Segment));
    let country_of = |destination: &Option<super::order::Destination>| destination.as_ref().and_then(|to| to.address.as_ref()).map(|address| address.country.clone());
    let (ships_to, pays_from) = (country_of(&order.shipping), country_of(&order.billing));
    let issuer = order.payment.as_ref().and_then(|payment| payment.country.clone());
    let at_home = pays_from.clone().or_else(|| issuer.clone());
    let differs = |one: &Option<String>, other: &Option<String>| yes(matches!((one, other), (Some(one), Some(other)) if one != other));
    let method = order.shipping.as_ref().and_then(|shipping| shipping.method);
    let digital: i64 = order.items.iter().filter(|item| item.digital).count().try_into().unwrap_or(0);
    let lines: i64 = order.items.len().try_into().unwrap_or(i64::MAX);
    let pieces: u64 = order.items.iter().map(|item| u64::from(item.quantity)).sum();
    let since = |at: Option<UnixSeconds>| at.map_or(i64::MAX, |at| checked.at.since(at));
    let lately = |at: Option<UnixSeconds>| yes(since(at) < LATELY);
    let fast = |rate: f64| rate.max(0.0).ln_1p();
    // Itself is not counted yet; the first bit is its own or another's.
    let shared = |bits: u64| f64::from(bits.count_ones().saturating_sub(1)).ln_1p();
    let verified = |found: Option<Verified>| match found {
        Some(Verified::Mismatch) => 1.0,
        Some(Verified::Partial) => 0.4,
        Some(Verified::Match) => -0.4,
        Some(Verified::Unavailable) | None => 0.0,
    };
    let (avs, cvc) = order.payment.as_ref().map_or((None, None), |payment| (payment.avs, payment.cvc));
    #[expect(clippy::cast_precision_loss, reason = "at most 500 lines, of at most 100,000 pieces")]
    let (digital, pieces) = (
        if method == Some(Method::Digital) {
            1.0
        } else if lines > 0 {
            digital as f64 / lines as f64
        } else {
            0.0
        },
        (pieces.max(1) as f64).ln(),
    );
    let mut vector = [0.0; COUNT];
    for (at, feature) in Feature::ALL.iter().enumerate() {
        let value = match feature {
            Feature::AmountHigh => distance.max(0.0),
            Feature::AmountLow => (-distance).max(0.0),
            Feature::Digital => digital,
            Feature::Express => yes(method == Some(Method::Express)),
            Feature::Pieces => pieces.min(7.0),
            Feature::CountryDiffers => differs(&ships_to, &at_home),
            Feature::SourceCountryDiffers => differs(&whence.country, &at_home),
            Feature::IssuerCountryDiffers => differs(&issuer, &pays_from),
            // Whoever joined today has no address yet.
            Feature::ShippingUnknown => yes(ships_to.is_some() && account.is_some_and(|account| !account.is_own_address && since(account.made_at) >= LATELY)),
            Feature::ShippingAddedLately => account.map_or(0.0, |account| lately(account.address_added_at.filter(|_| account.is_own_address))),
            Feature::AvsMismatch => verified(avs),
            Feature::CvcMismatch => verified(cvc),
            Feature::Prepaid => yes(order.payment.as_ref().is_some_and(|payment| payment.prepaid)),
            Feature::Guest => yes(account.is_none()),
            Feature::AccountYoung => account.map_or(0.0, |account| (-days(since(account.made_at).min(10_000 * LATELY)) / 7.0).exp()),
            Feature::SessionUnknown => yes(account.is_some_and(|account| !account.has_session)),
            Feature::DeviceNew => yes(account.is_some_and(|account| account.is_known_device == Some(false))),
            Feature::StrongSignin => account.map_or(0.0, |account| f64::from(account.acr.min(3)) / 3.0),
            Feature::SigninStrange => account.and_then(|account| account.signin_score).map_or(0.0, |score| f64::from(score.saturating_sub(500)) / 500.0),
            Feature::CredentialsChanged => account.map_or(0.0, |account| lately(account.credentials_changed_at)),
            Feature::ContactChanged => account.map_or(0.0, |account| lately(account.contact_changed_at)),
            Feature::Frozen => yes(account.is_some_and(|account| account.is_frozen)),
            Feature::Hosting => yes(whence.is_hosting && !whence.is_anonymiser),
            Feature::Anonymiser => yes(whence.is_anonymiser),
            Feature::CustomerFast => fast(of(Kind::Customer).hour),
            Feature::TokenFast => fast(of(Kind::Token).hour),
            Feature::SourceFast => fast(of(Kind::Source).hour),
            Feature::ShippingFast => fast(of(Kind::Shipping).day),
            Feature::TokenShared => shared(of(Kind::Token).customer_bits()),
            Feature::ShippingShared => shared(of(Kind::Shipping).customer_bits()),
            Feature::SourceCards => shared(of(Kind::Source).token_bits()),
            Feature::CustomerCards => shared(of(Kind::Customer).token_bits()),
            Feature::CustomerFraud => odds(entity(Kind::Customer), base),
            Feature::TokenFraud => odds(entity(Kind::Token), base),
            Feature::DeviceFraud => odds(entity(Kind::Device), base),
            Feature::ShippingFraud => odds(entity(Kind::Shipping), base),
            Feature::SourceFraud => odds(entity(Kind::Source), base),
            Feature::NetworkFraud => odds(entity(Kind::Network), base),
            Feature::IssuerFraud => odds(entity(Kind::Issuer), base),
            Feature::CategoryFraud => odds(entity(Kind::Category), base),
            Feature::Regular => {
                #[expect(clippy::cast_precision_loss, reason = "orders of one customer")]
                let orders = of(Kind::Customer).mature.min(100) as f64;
                orders.ln_1p()
            }
        };
        if let Some(place) = vector.get_mut(at) {
            *place = value;
        }
    }
    vector
}
