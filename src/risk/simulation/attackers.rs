//! Who has a password that is not theirs.

use super::dice::Dice;
use super::people::{Login, Person, World, observe};

/// How much an attacker knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attacker {
    /// Nothing: comes from anywhere, with anything.
    Naive,
    /// The country: comes from one of its networks.
    Vpn,
    /// The victim: often their network, always their kind of browser and system.
    Targeted,
}

impl Attacker {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Naive, Self::Vpn, Self::Targeted];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Naive => "naive",
            Self::Vpn => "vpn",
            Self::Targeted => "targeted",
        }
    }

    /// A try with the password of `victim`, at the moment of one of the victim's own sign-ins. One attacker in 500 has the victim's cookie.
    pub fn attack(self, world: &World, victim: &Person, honest: &Login, dice: &mut Dice) -> Login {
        let place = match self {
            Self::Naive => World::abroad(dice),
            Self::Vpn => {
                let network = world.home_network(dice);
                World::at_home(network, dice)
            }
            Self::Targeted => {
                let network = if dice.chance(0.4) { victim.network } else { world.home_network(dice) };
                World::at_home(network, dice)
            }
        };
        let device = match (self, victim.device()) {
            (Self::Targeted, Some(device)) => world.like(device, dice),
            _ => world.any_device(dice),
        };
        Login { person: honest.person, at: honest.at, observation: observe(&place, &device, honest.at), has_cookie: dice.chance(0.002) }
    }
}
