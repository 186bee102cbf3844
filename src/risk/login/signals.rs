//! What speaks for or against a sign-in beside the model: each signal has a code, and a weight in natural logarithms that is added to the score. Pure.

use serde::{Deserialize, Serialize};

use super::model::{Model, Scored};

/// A reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The place is usual, or not: address, network, country.
    Place,
    /// The device is usual, or not: browser, system.
    Device,
    /// This customer signs in more rarely, or more often, than others.
    Habit,
    /// A browser that this customer signed in with before.
    KnownDevice,
    /// A browser that never signed this customer in.
    NewDevice,
    /// Another country than a short while ago.
    Travel,
    /// The address tries many accounts.
    StuffingAddress,
    /// The network tries many accounts.
    StuffingNetwork,
    /// The address lies in a data centre.
    Hosting,
    /// The address hides who uses it.
    Anonymiser,
    /// The browser says that it is a program.
    Program,
    /// Nobody signed in here for a long time, and now with a new browser.
    Dormant,
    /// The time of the day is usual, or not.
    Time,
}

impl Code {
    /// Every one.
    pub const ALL: [Self; 13] = [
        Self::Place,
        Self::Device,
        Self::Habit,
        Self::KnownDevice,
        Self::NewDevice,
        Self::Travel,
        Self::StuffingAddress,
        Self::StuffingNetwork,
        Self::Hosting,
        Self::Anonymiser,
        Self::Program,
        Self::Dormant,
        Self::Time,
    ];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::Device => "device",
            Self::Habit => "habit",
            Self::KnownDevice => "known_device",
            Self::NewDevice => "new_device",
            Self::Travel => "travel",
            Self::StuffingAddress => "stuffing_address",
            Self::StuffingNetwork => "stuffing_network",
            Self::Hosting => "hosting",
            Self::Anonymiser => "anonymiser",
            Self::Program => "program",
            Self::Dormant => "dormant",
            Self::Time => "time",
        }
    }

    /// What it adds, where it is no part of the model. Of the browser: the odds that an attacker has it (1 in 500) against those that its owner has (3 in 4).
    pub const fn weight(self) -> f64 {
        match self {
            Self::Place | Self::Device | Self::Habit | Self::Time => 0.0,
            Self::KnownDevice => -5.9,
            Self::NewDevice => 1.4,
            Self::Travel => 2.0,
            Self::StuffingAddress => 3.0,
            Self::StuffingNetwork => 1.5,
            Self::Hosting => 0.7,
            Self::Anonymiser => 1.6,
            Self::Program => 2.3,
            Self::Dormant => 1.0,
        }
    }
}

/// A reason, and what it added.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Reason {
    /// Which.
    pub code: Code,
    /// How much it added, in natural logarithms: above 0 it speaks against the sign-in.
    pub weight: f64,
}

/// What is known of a sign-in beside what the model looks at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Facts {
    /// Whether this browser signed the customer in before; none when that is not known.
    pub is_known_device: Option<bool>,
    /// Whether the customer was in another country too short a while ago.
    pub has_travelled: bool,
    /// Whether the address tries many accounts.
    pub is_stuffing_address: bool,
    /// Whether the network does.
    pub is_stuffing_network: bool,
    /// Whether the address lies in a data centre.
    pub is_hosting: bool,
    /// Whether the address hides who uses it.
    pub is_anonymiser: bool,
    /// Whether the browser says that it is a program.
    pub is_program: bool,
    /// Whether nobody signed in here for half a year.
    pub is_dormant: bool,
    /// What the time of the day adds; none where there is too little to tell.
    pub time: Option<f64>,
}

/// The reasons of a sign-in, the gravest first: the parts of the model, where it was judged, and every signal that is there.
pub fn reasons(model: &Model, scored: Option<&Scored>, facts: &Facts) -> Vec<Reason> {
    let parts = scored.map(|scored| [(Code::Place, scored.place), (Code::Device, scored.device), (Code::Habit, scored.customer)]);
    let time = facts.time.filter(|_| scored.is_some()).map(|weight| (Code::Time, weight));
    let mut reasons: Vec<Reason> = parts.into_iter().flatten().chain(time).map(|(code, weight)| Reason { code, weight }).collect();
    let device = facts.is_known_device.map(|is_known| if is_known { Code::KnownDevice } else { Code::NewDevice });
    let is_new = facts.is_known_device == Some(false);
    let signals = [
        device,
        facts.has_travelled.then_some(Code::Travel),
        facts.is_stuffing_address.then_some(Code::StuffingAddress),
        facts.is_stuffing_network.then_some(Code::StuffingNetwork),
        // Whoever hides is in a data centre nearly always: that counts once.
        (facts.is_hosting && !facts.is_anonymiser).then_some(Code::Hosting),
        facts.is_anonymiser.then_some(Code::Anonymiser),
        facts.is_program.then_some(Code::Program),
        (facts.is_dormant && is_new).then_some(Code::Dormant),
    ];
    reasons.extend(signals.into_iter().flatten().map(|code| Reason { code, weight: model.weight(code) }));
    reasons.sort_by(|one, other| other.weight.total_cmp(&one.weight).then(one.code.cmp(&other.code)));
    reasons
}

/// The score of all reasons together.
pub fn total(reasons: &[Reason]) -> f64 {
    reasons.iter().map(|reason| reason.weight).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_signal_counts_once_and_the_gravest_comes_first() {
        let scored = Scored { place: 1.0, device: -2.0, customer: 0.5 };
        let all = Facts {
            is_known_device: Some(false),
            has_travelled: true,
            is_stuffing_address: true,
            is_stuffing_network: true,
            is_hosting: true,
            is_anonymiser: true,
            is_program: true,
            is_dormant: true,
            time: Some(0.25),
        };
        let told = reasons(&Model::default(), Some(&scored), &all);
        assert_eq!(told.len(), 11);
        assert_eq!((told[0].code, told[10].code), (Code::StuffingAddress, Code::Device));
        assert!((total(&told) - (0.25 + 1.0 - 2.0 + 0.5 + 1.4 + 2.0 + 3.0 + 1.5 + 1.6 + 2.3 + 1.0)).abs() < 1e-9);
        let known = reasons(&Model::default(), None, &Facts { is_known_device: Some(true), is_dormant: true, ..Facts::default() });
        assert_eq!(known.iter().map(|reason| reason.code).collect::<Vec<_>>(), [Code::KnownDevice], "a dormant account that its own browser opens is no reason");
        for code in Code::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.word());
        }
    }
}
