//! What an order has in common with others, as keyed hashes: neither card nor address can be read back.

use super::features::Whence;
use super::order::{Address, Checked};
use super::store::Commons;
use crate::platform::crypto::keyring::MacKey;
use crate::platform::http::client_address;
use crate::risk::avs::normal::{house_number, postcode};
use crate::risk::login::features::{keyed, network_of};
use crate::risk::places::{Place, Places};

use super::entity::Kind;

/// A place, however it is written: house number, postcode and country; the whole line where those cannot be told.
fn place_of(address: &Address) -> String {
    let plain = |text: &str| text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    match (house_number(&address.street_address, &address.country), postcode(&address.postal_code, &address.country)) {
        (Some(number), Some(code)) => format!("{}|{number}|{code:?}", address.country),
        _ => format!("{}|{}|{}", address.country, plain(&address.street_address), plain(&address.postal_code)),
    }
}

/// What an order has in common with others; `customer` is none of a guest.
pub fn commons(key: &MacKey, places: &Places, checked: &Checked, customer: Option<&str>) -> (Commons, Whence) {
    let order = &checked.order;
    let mut commons = Commons::new();
    let mut add = |kind: Kind, text: &str| commons.insert(kind, keyed(key, kind.word(), text));
    if let Some(customer) = customer {
        add(Kind::Customer, customer);
    }
    if let Some(payment) = &order.payment {
        add(Kind::Token, &payment.token);
        if let Some(iin) = &payment.iin {
            add(Kind::Issuer, &format!("{}|{}", iin.get(..6).unwrap_or(iin), payment.country.as_deref().unwrap_or("?")));
        }
    }
    if let Some(sid) = &order.device.sid {
        add(Kind::Device, sid);
    }
    let ships_to = order.shipping.as_ref().and_then(|shipping| shipping.address.as_ref());
    if let Some(address) = ships_to {
        add(Kind::Shipping, &place_of(address));
    }
    let place = checked.address.map(|address| places.find(address)).unwrap_or_default();
    if let Some(address) = checked.address {
        add(Kind::Source, &client_address::source_of(address));
        add(Kind::Network, &network_of(&place, Some(address)));
    }
    let category = checked.categories.first().map_or("?", |(name, _)| name.as_str());
    add(Kind::Category, category);
    add(Kind::Segment, &format!("{category}|{}|{}", order.amount.currency, ships_to.map_or("?", |address| address.country.as_str())));
    let Place { is_hosting, is_anonymiser, .. } = place;
    (commons, Whence { country: place.country().map(str::to_owned), is_hosting, is_anonymiser })
}
