//! From an address and a browser's name to what the model looks at. Values leave here as keyed hashes: neither address nor name can be read back.

use std::net::IpAddr;

use super::browser::{self, Class};
use super::model::{Observation, Value};
use crate::platform::crypto::keyring::MacKey;
use crate::platform::http::client_address;
use crate::risk::places::{Place, Places};

/// What is known of a sign-in before anybody is asked who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// What the model looks at.
    pub observation: Observation,
    /// What is known of the address.
    pub place: Place,
    /// Which source it is counted under: an address, or the network of one household.
    pub source: Value,
    /// Which network.
    pub network: Value,
    /// Whether the browser says that it is a program.
    pub is_program: bool,
    /// Whether there is no address to look at, or nothing is known of where it lies.
    pub is_degraded: bool,
}

/// A value of a level, as a keyed hash of 63 bits.
pub fn keyed(key: &MacKey, level: &str, text: &str) -> Value {
    let mac = key.mac(&[level.as_bytes(), text.as_bytes()]);
    // The database's whole numbers have a sign: 63 bits are plenty. The first hundred are for totals.
    let number = mac.iter().take(8).fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte)) >> 1;
    number.max(1_000)
}

/// A value under which names are counted, of accounts and of those that nobody has alike.
pub fn name_value(key: &MacKey, name: &str) -> Value {
    keyed(key, "name", name)
}

/// The network of an address where no list knows one: the part of the address that is handed out as a whole.
fn prefix(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            format!("{first}.{second}")
        }
        IpAddr::V6(address) => {
            let [first, second, ..] = address.segments();
            format!("{first:x}:{second:x}")
        }
    }
}

/// The name of a network: its number, or the part of the address that is handed out as a whole.
pub fn network_of(place: &Place, address: Option<IpAddr>) -> String {
    place.network.map_or_else(|| address.map_or_else(|| "?".to_owned(), prefix), |number| format!("as{number}"))
}

/// Observes a sign-in.
pub fn observe(key: &MacKey, places: &Places, address: Option<IpAddr>, user_agent: &str) -> Seen {
    let place = address.map(|address| places.find(address)).unwrap_or_default();
    let source_name = address.map_or_else(|| "?".to_owned(), client_address::source_of);
    let network_name = network_of(&place, address);
    let name = browser::read(user_agent);
    let network = keyed(key, "network", &network_name);
    Seen {
        observation: Observation {
            place: [keyed(key, "address", &source_name), network, keyed(key, "country", place.country().unwrap_or("?"))],
            device: [keyed(key, "agent", &name.whole), keyed(key, "browser", &name.browser), keyed(key, "system", &name.system), keyed(key, "class", name.class.word())],
        },
        source: keyed(key, "source", &source_name),
        network,
        is_program: name.class == Class::Program,
        is_degraded: address.is_none() || place.country.is_none(),
        place,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::secret::SecretKey;
    use crate::platform::crypto::keyring::KeyRing;
    use crate::risk::places::Files;

    #[test]
    fn values_are_keyed_and_change_with_what_they_stand_for() {
        let rings = [1, 2].map(|seed| KeyRing::derive(&SecretKey::new([seed; 32])).unwrap());
        let places = Places::open(Files::default()).unwrap();
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        let seen = |ring: usize, address: &str, agent: &str| observe(&rings[ring].risk, &places, Some(address.parse().unwrap()), agent);
        let usual = seen(0, "217.0.43.1", firefox);
        assert_eq!(usual, seen(0, "217.0.43.1", firefox));
        assert!(!usual.is_degraded && !usual.is_program && usual.place.network == Some(3320));
        let others: Vec<Value> = seen(1, "217.0.43.1", firefox).observation.place.into();
        assert!(usual.observation.place.iter().all(|value| !others.contains(value)), "another key, other values");
        // The same network, then the same household.
        let neighbour = seen(0, "217.0.43.2", firefox).observation;
        assert_eq!((neighbour.place[0] == usual.observation.place[0], neighbour.place[1..] == usual.observation.place[1..]), (false, true));
        let (one, two) = (seen(0, "2003:1:2:3::1", firefox), seen(0, "2003:1:2:3:ffff::2", firefox));
        assert_eq!((one.source, one.observation), (two.source, two.observation));
        let newer = seen(0, "217.0.43.1", &firefox.replace("Linux x86_64", "Linux i686")).observation;
        assert_eq!((newer.device[0] == usual.observation.device[0], newer.device[1..] == usual.observation.device[1..]), (false, true));
        let nowhere = observe(&rings[0].risk, &places, None, "");
        assert!(nowhere.is_degraded && nowhere.observation.place.iter().all(|value| *value >= 1_000 && i64::try_from(*value).is_ok()));
        assert_ne!(seen(0, "10.1.2.3", "").network, seen(0, "10.2.2.3", "").network);
    }
}
