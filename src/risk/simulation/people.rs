//! The people of a made-up shop: how often they sign in, where from and with what. The marginals are those that were published of a large service; what was not published is said at each number.

use super::dice::{Dice, added_up, mixed, zipf};
use crate::risk::login::model::Observation;

/// Networks at home: few have most people.
const HOME_NETWORKS: usize = 200;
/// Networks of mobile carriers.
const CARRIERS: u64 = 4;
/// Addresses that the carriers share among everybody.
const CARRIER_ADDRESSES: u64 = 3_000;
/// Networks abroad.
pub const FOREIGN_NETWORKS: u64 = 3_000;
/// Countries abroad.
const FOREIGN_COUNTRIES: u64 = 228;
/// The home country.
const HOME: u64 = 0;
/// The days that a history lasts.
const DAYS: u64 = 365;
/// Major steps of a browser in that time.
const STEPS: u64 = 6;

/// Systems: iOS, Android, Windows, macOS, ChromeOS, Linux.
const SYSTEMS: [f64; 6] = [0.34, 0.27, 0.21, 0.11, 0.03, 0.01];
/// Browsers on each system: which, and how often.
const BROWSERS: [[f64; 4]; 6] =
    [[0.15, 0.80, 0.02, 0.03], [0.75, 0.0, 0.15, 0.10], [0.60, 0.0, 0.10, 0.30], [0.45, 0.45, 0.07, 0.03], [1.0, 0.0, 0.0, 0.0], [0.45, 0.0, 0.50, 0.05]];

/// Versions of each system that are about: not published as such; many of phones, few of Windows.
const VERSIONS: [u64; 6] = [12, 8, 2, 8, 6, 4];

/// A device.
#[derive(Debug, Clone, Copy)]
pub struct Device {
    system: u64,
    browser: u64,
    /// Tells models, and patch levels, apart.
    model: u64,
    /// The version of the system.
    version: u64,
    /// How many days it is behind with its browser.
    lag: u64,
}

impl Device {
    fn is_mobile(&self) -> bool {
        self.system < 2
    }
}

/// A sign-in, as it is seen.
#[derive(Debug, Clone, Copy)]
pub struct Login {
    /// Whose.
    pub person: usize,
    /// When, in seconds from the beginning.
    pub at: u64,
    /// What the model looks at.
    pub observation: Observation,
    /// Whether the browser shows that it was here before.
    pub has_cookie: bool,
}

/// What attackers draw from: how the shop's people are.
#[derive(Debug)]
pub struct World {
    home_networks: Vec<f64>,
    systems: Vec<f64>,
    browsers: Vec<Vec<f64>>,
}

impl Default for World {
    fn default() -> Self {
        Self { home_networks: zipf(HOME_NETWORKS, 1.25), systems: added_up(SYSTEMS), browsers: BROWSERS.iter().map(|weights| added_up(*weights)).collect() }
    }
}

/// A kind of value, so that the same number means different things in different levels.
fn value(kind: u64, number: u64) -> u64 {
    mixed(kind.wrapping_mul(0x1_0000_0001).wrapping_add(mixed(number)))
}

/// A place: address, network, country.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    address: u64,
    network: u64,
    country: u64,
}

impl World {
    /// Some network at home, a large one more often.
    pub fn home_network(&self, dice: &mut Dice) -> u64 {
        self.home_networks_pick(dice)
    }

    fn home_networks_pick(&self, dice: &mut Dice) -> u64 {
        dice.pick(&self.home_networks) as u64
    }

    /// Some address of a network at home.
    pub fn at_home(network: u64, dice: &mut Dice) -> Place {
        Place { address: dice.bits(), network, country: HOME }
    }

    /// Somewhere abroad.
    pub fn abroad(dice: &mut Dice) -> Place {
        let network = 10_000 + dice.below(FOREIGN_NETWORKS);
        Place { address: dice.bits(), network, country: 1 + mixed(network) % FOREIGN_COUNTRIES }
    }

    fn on_a_carrier(dice: &mut Dice) -> Place {
        let address = dice.below(CARRIER_ADDRESSES);
        Place { address: 1_000_000_000 + address, network: 5_000 + address % CARRIERS, country: HOME }
    }

    /// Some device of a system.
    pub fn device_of(&self, system: usize, dice: &mut Dice) -> Device {
        let browser = self.browsers.get(system).map_or(0, |weights| dice.pick(weights));
        self.device(system as u64, browser as u64, dice)
    }

    /// Some device.
    pub fn any_device(&self, dice: &mut Dice) -> Device {
        let system = dice.pick(&self.systems);
        self.device_of(system, dice)
    }

    /// Another device of the same system and browser.
    pub fn like(&self, device: &Device, dice: &mut Dice) -> Device {
        self.device(device.system, device.browser, dice)
    }

    // How many models and versions there are was not published: a phone tells its model in its name, a computer hardly anything.
    #[expect(clippy::unused_self, reason = "devices are of a world")]
    fn device(&self, system: u64, browser: u64, dice: &mut Dice) -> Device {
        let models = if system == 1 { 400 } else { 12 };
        let versions = usize::try_from(system).ok().and_then(|system| VERSIONS.get(system)).copied().unwrap_or(1);
        Device { system, browser, model: dice.below(models), version: dice.below(versions), lag: dice.below(40) }
    }
}

/// What is seen of a device at a place, on a day.
pub fn observe(place: &Place, device: &Device, at: u64) -> Observation {
    let day = at / 86_400;
    // Patches between the steps.
    let patch = (day.saturating_sub(device.lag)) * STEPS * 3 / DAYS;
    let family = device.system * 10 + device.browser;
    Observation {
        place: [value(1, place.address), value(2, place.network), value(3, place.country)],
        device: [
            value(4, ((family * 1_000 + device.model) * 100 + device.version) * 1_000 + patch),
            value(5, family * 1_000 + patch),
            value(6, device.system * 100 + device.version),
            value(7, u64::from(device.is_mobile())),
        ],
    }
}

/// Somebody.
#[derive(Debug, Clone)]
pub struct Person {
    /// Their network at home.
    pub network: u64,
    home: Place,
    /// Their devices, with whether each shows that it was here.
    devices: Vec<(Device, bool)>,
}

impl Person {
    /// The device that they use most.
    pub fn device(&self) -> Option<&Device> {
        self.devices.first().map(|(device, _)| device)
    }

    fn begin(world: &World, dice: &mut Dice) -> Self {
        let network = world.home_networks_pick(dice);
        let count = 1 + dice.pick(&added_up([0.55, 0.33, 0.12]));
        let devices = (0..count).map(|_| (world.any_device(dice), false)).collect();
        Self { network, home: World::at_home(network, dice), devices }
    }

    /// One more sign-in.
    fn sign_in(&mut self, world: &World, (person, at): (usize, u64), dice: &mut Dice) -> Login {
        if dice.chance(0.03) {
            // A new one, in place of some other.
            let place = dice.below(self.devices.len() as u64 + 1).min(2);
            let fresh = (world.any_device(dice), false);
            match self.devices.get_mut(usize::try_from(place).unwrap_or(0)) {
                Some(device) => *device = fresh,
                None => self.devices.push(fresh),
            }
        }
        // The first is used most.
        let weights = added_up([0.6, 0.28, 0.12].into_iter().take(self.devices.len()));
        let used = dice.pick(&weights);
        let (device, had_cookie) = self.devices.get(used).copied().unwrap_or_else(|| (world.any_device(dice), false));
        let has_cookie = had_cookie && !dice.chance(0.10);
        if let Some((_, shows)) = self.devices.get_mut(used) {
            *shows = true;
        }
        let place = if dice.chance(0.015) {
            World::abroad(dice)
        } else if device.is_mobile() && dice.chance(0.45) {
            World::on_a_carrier(dice)
        } else {
            if dice.chance(0.12) {
                self.home = World::at_home(self.network, dice);
            }
            self.home
        };
        Login { person, at, observation: observe(&place, &device, at), has_cookie }
    }
}

/// Everybody, and every sign-in in the order in which they happened.
pub fn live(world: &World, count: usize, dice: &mut Dice) -> (Vec<Person>, Vec<Login>) {
    let mut people: Vec<Person> = (0..count).map(|_| Person::begin(world, dice)).collect();
    let mut moments: Vec<(u64, usize)> = Vec::new();
    for person in 0..count {
        let drawn = dice.log_normal(0.65, 1.15).round().clamp(1.0, 120.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 120")]
        let logins = drawn as u64;
        moments.extend((0..logins).map(|_| (dice.below(DAYS * 86_400), person)));
    }
    moments.sort_unstable();
    let mut logins = Vec::with_capacity(moments.len());
    for (at, person) in moments {
        if let Some(somebody) = people.get_mut(person) {
            logins.push(somebody.sign_in(world, (person, at), dice));
        }
    }
    (people, logins)
}
