//! A history gone through in the order in which it happened: each sign-in is judged by what was before it, beside one try of each attacker, and then accepted.

use std::collections::HashMap;

use super::attackers::Attacker;
use super::dice::Dice;
use super::people::{Login, World, live};
use crate::risk::login::model::{Crowd, DEVICES, Model, Observation, Own, PLACES, Seen, Value, score};
use crate::risk::login::signals::{Facts, reasons, total};

/// Sign-ins of a customer that are remembered.
const REMEMBERED: usize = 100;

/// What is simulated.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// How many people there are.
    pub people: usize,
    /// Which history.
    pub seed: u64,
    /// Whether browsers are known again.
    pub with_cookie: bool,
}

/// A judged sign-in.
#[derive(Debug, Clone, Copy)]
pub struct Judged {
    /// Whose.
    pub person: usize,
    /// How many sign-ins they had before.
    pub history: usize,
    /// How strange it is; none for the first.
    pub risk: Option<f64>,
    /// The plain baseline: the share of what was observed that the customer never had; none for the first.
    pub plain: Option<f64>,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Every honest sign-in, in order.
    pub honest: Vec<Judged>,
    /// The tries of each attacker, in the order of [`Attacker::ALL`].
    pub attacks: [Vec<Judged>; 3],
}

impl Outcome {
    /// The same, judged by the plain baseline.
    #[must_use]
    pub fn plain(&self) -> Self {
        let plain = |all: &Vec<Judged>| all.iter().map(|judged| Judged { risk: judged.plain, ..*judged }).collect();
        Self { honest: plain(&self.honest), attacks: self.attacks.each_ref().map(plain) }
    }
}

/// The share of what was observed that is in no sign-in of `history`.
fn plain(observed: &Observation, history: &[Observation]) -> Option<f64> {
    let own = Own::of(history, observed);
    let never = own.place.iter().chain(&own.device).filter(|count| **count == 0).count();
    #[expect(clippy::cast_precision_loss, reason = "seven")]
    let share = never as f64 / (PLACES + DEVICES) as f64;
    (!history.is_empty()).then_some(share)
}

/// Counts of everybody's accepted sign-ins.
#[derive(Debug, Default)]
struct Counts {
    logins: u64,
    customers: u64,
    place: [HashMap<Value, u64>; PLACES],
    device: [HashMap<Value, u64>; DEVICES],
}

fn seen<const N: usize>(levels: &[HashMap<Value, u64>; N], values: &[Value; N]) -> [Seen; N] {
    let mut seen = [Seen::default(); N];
    for ((level, value), seen) in levels.iter().zip(values).zip(&mut seen) {
        *seen = Seen { count: level.get(value).copied().unwrap_or(0), distinct: level.len() as u64 };
    }
    seen
}

impl Counts {
    fn about(&self, observed: &Observation) -> Crowd {
        Crowd { logins: self.logins, customers: self.customers, place: seen(&self.place, &observed.place), device: seen(&self.device, &observed.device) }
    }

    fn accept(&mut self, observed: &Observation) {
        self.logins += 1;
        for (level, value) in self.place.iter_mut().zip(observed.place) {
            *level.entry(value).or_default() += 1;
        }
        for (level, value) in self.device.iter_mut().zip(observed.device) {
            *level.entry(value).or_default() += 1;
        }
    }
}

/// Goes through a history.
pub fn run(setting: &Setting) -> Outcome {
    let mut dice = Dice::of(setting.seed);
    let world = World::default();
    let (people, logins) = live(&world, setting.people, &mut dice);
    let mut attacking = Dice::of(setting.seed ^ 0x5eed);
    let (mut counts, mut own) = (Counts::default(), vec![Vec::<Observation>::new(); setting.people]);
    let (mut outcome, model) = (Outcome::default(), Model::default());
    for login in &logins {
        let Some(history) = own.get_mut(login.person) else { continue };
        let judge = |login: &Login, history: &[Observation]| {
            let scored = score(&model, &counts.about(&login.observation), &Own::of(history, &login.observation))?;
            let facts = Facts { is_known_device: setting.with_cookie.then_some(login.has_cookie), ..Facts::default() };
            Some(total(&reasons(&model, Some(&scored), &facts)))
        };
        let before = history.len();
        outcome.honest.push(Judged { person: login.person, history: before, risk: judge(login, history), plain: plain(&login.observation, history) });
        if before > 0
            && let Some(victim) = people.get(login.person)
        {
            for (attacker, tries) in Attacker::ALL.into_iter().zip(&mut outcome.attacks) {
                let attack = attacker.attack(&world, victim, login, &mut attacking);
                tries.push(Judged { person: login.person, history: before, risk: judge(&attack, history), plain: plain(&attack.observation, history) });
            }
        }
        if before == 0 {
            counts.customers += 1;
        }
        if before >= REMEMBERED {
            history.remove(0);
        }
        history.push(login.observation);
        counts.accept(&login.observation);
    }
    outcome
}
