//! A rehearsal goes part by part, and each is rolled back: what an earlier part would have taken is kept here.

use std::collections::HashSet;

use super::report::Line;
use crate::identity::imports::{ImportedCustomer, LeftBehind, Skipped};

fn email(person: &ImportedCustomer) -> String {
    format!("e{}", person.new.email.as_str())
}

fn id(person: &ImportedCustomer) -> Option<String> {
    Some(format!("i{}", person.old.as_ref()?.id))
}

fn phone(person: &ImportedCustomer) -> Option<String> {
    Some(format!("p{}", person.new.phone.as_ref()?.as_str()))
}

fn subject(person: &ImportedCustomer) -> Option<String> {
    Some(format!("s{}", person.subject.as_ref()?))
}

/// Takes out of a part whom an earlier one would have brought in, and off the rest what it would have taken; with how many were passed over by now.
pub(super) fn without_seen(people: Vec<(u64, ImportedCustomer)>, seen: &HashSet<String>, lines: &mut Vec<Line>, mut passed: u64) -> (Vec<(u64, ImportedCustomer)>, u64) {
    let is_seen = |word: Option<String>| word.is_some_and(|word| seen.contains(&word));
    let mut rest = Vec::with_capacity(people.len());
    for (number, mut person) in people {
        let skipped = if is_seen(Some(email(&person))) { Some(Skipped::Present) } else { is_seen(id(&person)).then_some(Skipped::CameBefore) };
        if let Some(skipped) = skipped {
            passed += 1;
            lines.push(Line::skipped(number, &person.new.email, skipped));
            continue;
        }
        if is_seen(phone(&person)) {
            (person.new.phone, person.new.is_phone_verified) = (None, false);
            person.left.push(LeftBehind::PhoneTaken);
        }
        if is_seen(subject(&person)) {
            person.subject = None;
            person.left.push(LeftBehind::Subject);
        }
        rest.push((number, person));
    }
    (rest, passed)
}

/// Notes what somebody who would come in takes.
pub(super) fn note(seen: &mut HashSet<String>, person: &ImportedCustomer, left: &[LeftBehind]) {
    let phone = phone(person).filter(|_| !left.contains(&LeftBehind::PhoneTaken));
    let subject = subject(person).filter(|_| !left.contains(&LeftBehind::Subject));
    seen.extend([Some(email(person)), id(person), phone, subject].into_iter().flatten());
}
