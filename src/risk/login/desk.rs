//! Where sign-ins are judged: the model, the policy, the lists, and what is going on, in one place for a node.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use super::features::{Seen, name_value, observe};
use super::history::{Entry, History};
use super::model::{Crowd, Model, Observation, Own};
use super::policy::{Circumstances, SigninPolicy};
use super::pressure::{Ended, Pressure};
use super::record::{Evidence, SigninRecord, judge};
use super::signals::Facts;
use super::store::{self, Decoy, Weather};
use crate::base::time::UnixSeconds;
use crate::platform::db::{DbConnection, StoreError};
use crate::platform::tools::Tools;
use crate::risk::places::Places;

/// What the database knows of a sign-in that is to be judged.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// About everybody.
    pub crowd: Crowd,
    /// About the customer.
    pub history: History,
}

/// Whose sign-ins are looked up.
#[derive(Debug, Clone, Copy)]
pub enum Who<'a> {
    /// A customer's, by id.
    Customer(&'a str),
    /// Of a name that nobody has, by its keyed hash.
    Nobody(u64),
}

/// Sign-ins that a name which nobody has is made up to have had.
const MADE_UP: i64 = 8;

/// The history of a name that nobody has: of every second one it looks as if its owner always came from just there, of the others as if never. So neither what is done at once nor what is done to strangers tells whether there is an account; and each name is always the same.
fn made_up(observed: &Observation, name: u64, now: UnixSeconds) -> History {
    let mut history = History::default();
    let is_there = name.is_multiple_of(2);
    for day in (1..=MADE_UP).rev() {
        let mut observation = *observed;
        if !is_there {
            let elsewhere = |value: &mut u64| *value ^= name | 1;
            observation.place.iter_mut().chain(observation.device.iter_mut()).for_each(elsewhere);
        }
        history.accept(Entry { observation, at: now.plus(-day * 86_400), is_known: true, has_country: true });
    }
    history
}

/// Judges sign-ins.
pub struct SigninDesk {
    /// What is done.
    pub policy: SigninPolicy,
    /// The model.
    pub model: Model,
    /// Which country and network an address belongs to.
    pub places: Places,
    tools: Tools,
    pressure: Mutex<Pressure>,
    weather: RwLock<Arc<Weather>>,
    decoy: Decoy,
}

impl SigninDesk {
    /// A desk that knows nothing yet of what is going on.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the library fails.
    pub fn new(policy: SigninPolicy, model: Model, places: Places, tools: Tools) -> Result<Self, StoreError> {
        let decoy = Decoy::new(&tools)?;
        Ok(Self { policy, model, places, tools, pressure: Mutex::default(), weather: RwLock::default(), decoy })
    }

    /// What is going on.
    pub fn pressure(&self) -> MutexGuard<'_, Pressure> {
        self.pressure.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How strange honest sign-ins lately were.
    pub fn weather(&self) -> Arc<Weather> {
        Arc::clone(&self.weather.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes up how strange they were.
    pub fn set_weather(&self, weather: Weather) {
        let fresh = Arc::new(Weather { scale: weather.scale.or_usual(), ..weather });
        *self.weather.write().unwrap_or_else(PoisonError::into_inner) = fresh;
    }

    /// Observes a sign-in.
    pub fn observe(&self, address: Option<IpAddr>, user_agent: Option<&str>) -> Seen {
        observe(&self.tools.ring.risk, &self.places, address, user_agent.unwrap_or_default())
    }

    /// Notes what a try came to; `name` is the account's id, or what was typed.
    pub fn note(&self, seen: &Seen, name: &str, ended: Ended) {
        let name = name_value(&self.tools.ring.risk, name);
        self.pressure().note((seen.source, seen.network), name, ended, self.tools.now());
    }

    /// Looks up what is known; the same work for a name that nobody has.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn find_known(&self, connection: &mut DbConnection, observed: &Observation, who: Who<'_>) -> Result<Known, StoreError> {
        let history = match who {
            Who::Customer(customer) => store::find_history(connection, &self.tools, customer)?,
            Who::Nobody(name) => {
                store::find_history(connection, &self.tools, "cus_nobody")?;
                self.decoy.open(&self.tools)?;
                made_up(observed, name, self.tools.now())
            }
        };
        Ok(Known { crowd: store::find_crowd(connection, observed, self.tools.now())?, history })
    }

    /// Judges a sign-in. `is_known_device` is none where the customer has no known browser to compare with.
    pub fn judge(&self, seen: &Seen, known: &Known, is_known_device: Option<bool>) -> SigninRecord {
        let (now, weather) = (self.tools.now(), self.weather());
        let (is_stuffing_address, is_stuffing_network, is_attacked) = {
            let pressure = self.pressure();
            (pressure.is_stuffing_source(seen.source, now), pressure.is_stuffing_network(seen.network), pressure.is_attacked(now))
        };
        let has_country = seen.place.country.is_some();
        let facts = Facts {
            is_known_device,
            has_travelled: known.history.has_travelled(&seen.observation, has_country, now),
            is_stuffing_address,
            is_stuffing_network,
            is_hosting: seen.place.is_hosting,
            is_anonymiser: seen.place.is_anonymiser,
            is_program: seen.is_program,
            is_dormant: known.history.is_dormant(now),
            time: known.history.time_weight(&weather.hours, now),
        };
        let own = Own::of(known.history.entries().iter().map(|entry| &entry.observation), &seen.observation);
        let circumstances = Circumstances { is_known_device, is_attacked };
        let evidence = Evidence { crowd: known.crowd, own, facts, circumstances, places: self.places.version(), is_degraded: seen.is_degraded };
        judge(&self.model, &weather.scale, &self.policy, evidence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_nobody_has_look_like_somebodys() {
        let observed = Observation { place: [7, 8, 9], device: [1, 2, 3, 4] };
        let now = UnixSeconds(1_800_000_000);
        let (there, elsewhere) = (made_up(&observed, 4, now), made_up(&observed, 5, now));
        assert_eq!((there.entries().len(), elsewhere.entries().len()), (8, 8));
        assert!(there.entries().iter().all(|entry| entry.observation == observed));
        assert!(elsewhere.entries().iter().all(|entry| entry.observation.place.iter().zip(&observed.place).all(|(one, other)| one != other)));
        assert_eq!(made_up(&observed, 5, now), elsewhere, "the same each time");
        assert!(!there.has_travelled(&observed, true, now) && !elsewhere.has_travelled(&observed, true, now));
    }
}
