//! A first look at a whole file, before anything of it comes in: which addresses stand in it more than once, and whose.

use std::collections::HashMap;

use super::{ImportedCustomer, LeftBehind, Skipped};
use crate::platform::crypto::keyring::KeyRing;

/// How often an address stands in a file.
#[derive(Debug, Default)]
struct Tally {
    records: u32,
    proved: u32,
    /// The last record that has it proved.
    last_proved: u64,
}

/// What a first look at a file found. Of each address only a MAC is kept in memory.
#[derive(Default)]
pub struct Survey {
    tallies: HashMap<[u8; 32], Tally>,
    /// How many records describe a customer.
    pub people: u64,
    /// How many of them have a password that can be taken.
    pub with_password: u64,
    /// How many have a hash whose project's parameters were not given.
    pub without_parameters: u64,
}

fn key(ring: &KeyRing, person: &ImportedCustomer) -> [u8; 32] {
    ring.blind_index.mac(&[b"import-survey".as_slice(), person.new.email.as_str().as_bytes()])
}

impl Survey {
    /// Looks at a record.
    pub fn see(&mut self, ring: &KeyRing, number: u64, person: &ImportedCustomer) {
        let tally = self.tallies.entry(key(ring, person)).or_default();
        tally.records = tally.records.saturating_add(1);
        if person.new.is_email_verified {
            tally.proved = tally.proved.saturating_add(1);
            tally.last_proved = number;
        }
        self.people += 1;
        self.with_password += u64::from(person.password.is_some());
        self.without_parameters += u64::from(person.left.contains(&LeftBehind::NoParameters));
    }

    /// What of a record may come in. Where several have one address, the only one that has it proved does. Where none has, or several have, nobody can say whose the address is: then nothing that opens the account comes along, and its owner sets a password by a mail to it.
    ///
    /// # Errors
    /// [`Skipped::Twice`] when another record is the address's own.
    pub fn judge(&self, ring: &KeyRing, number: u64, mut person: ImportedCustomer) -> Result<ImportedCustomer, Skipped> {
        match self.tallies.get(&key(ring, &person)) {
            Some(tally) if tally.records > 1 && tally.proved == 1 => {
                if tally.last_proved == number {
                    Ok(person)
                } else {
                    Err(Skipped::Twice)
                }
            }
            Some(tally) if tally.records > 1 => {
                (person.password, person.subject, person.new.phone, person.new.is_phone_verified) = (None, None, None, false);
                person.apps.clear();
                person.keys.clear();
                person.left.push(LeftBehind::Twice);
                Ok(person)
            }
            _ => Ok(person),
        }
    }
}
