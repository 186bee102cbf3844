//! The search for card numbers: every text that is stored, and everything that people typed, opened.

use serde::Serialize;
use serde_json::Value;

use crate::admin::cases::store::list_cases;
use crate::base::card_number;
use crate::base::page::{MAX_PAGE, Page, PageRequest};
use crate::identity::care::store::list_reports;
use crate::identity::customers::Customer;
use crate::identity::customers::store::list_customers;
use crate::identity::factors::{passkey, totp, upstream};
use crate::platform::audit::store::{list_noted, list_notes};
use crate::platform::db::dump::{Cell, Kind, list_tables, read_rows};
use crate::platform::db::{DbConnection, StoreError};
use crate::platform::tools::Tools;

/// The most places that are named.
const PLACES: usize = 20;

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct CardNumbers {
    /// Where there are some, without them; the first twenty places.
    pub places: Vec<String>,
    /// Texts that were looked at as they are stored.
    pub texts: u64,
    /// Texts that were opened for it.
    pub opened: u64,
}

impl CardNumbers {
    fn note(&mut self, place: impl FnOnce() -> String) {
        if self.places.len() < PLACES {
            self.places.push(place());
        }
    }

    /// Looks through every text within `value`, each on its own.
    fn open(&mut self, value: &Value, place: &impl Fn() -> String) {
        match value {
            Value::Object(members) => members.values().for_each(|value| self.open(value, place)),
            Value::Array(items) => items.iter().for_each(|value| self.open(value, place)),
            Value::String(text) => {
                self.opened += 1;
                if card_number::contains(text) {
                    self.note(place);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn open_all<T: Serialize>(&mut self, written: T, place: impl Fn() -> String) {
        self.open(&serde_json::to_value(written).unwrap_or_default(), &place);
    }
}

/// Looks through every row, and through what people wrote that is sealed: profiles and addresses, the names of what customers sign in with, what they reported, what staff wrote about them. What else is sealed was not typed, or does not stay; the tests name each.
///
/// # Errors
/// [`StoreError`].
pub fn search(connection: &mut DbConnection, tools: &Tools) -> Result<CardNumbers, StoreError> {
    let mut found = CardNumbers::default();
    for table in list_tables(connection)? {
        read_rows(connection, &table, |row| {
            for (column, cell) in table.columns.iter().zip(&row.0).filter(|(column, _)| column.kind == Kind::Text) {
                let Cell::Text(text) = cell else { continue };
                found.texts += 1;
                if card_number::contains(text) {
                    found.note(|| {
                        let which = match row.0.first() {
                            Some(Cell::Text(first)) => card_number::redacted(first).into_owned(),
                            _ => "a row".to_owned(),
                        };
                        format!("{}.{} of {which}", table.name, column.name)
                    });
                }
            }
            Ok::<(), StoreError>(())
        })?;
    }
    each(connection, |connection, page| list_customers(connection, &tools.ring, page), |connection, customer| open_customer(connection, tools, &mut found, &customer))?;
    each(
        connection,
        |connection, page| list_reports(connection, tools, page),
        |_, report| {
            found.open_all(&report.content, || format!("scam_reports of {}", report.id));
            Ok(())
        },
    )?;
    each(
        connection,
        |connection, page| list_cases(connection, tools, None, None, page),
        |_, case| {
            found.open_all((&case.input.by, &case.input.reason, &case.input.caller), || format!("admin_cases of {}", case.id));
            Ok(())
        },
    )?;
    each(connection, list_noted, |connection, (id, about)| {
        for note in list_notes(connection, tools, about.strip_prefix("customer:"), std::slice::from_ref(&id))?.values() {
            found.open_all(note, || format!("audit_events of {id}"));
        }
        Ok(())
    })?;
    Ok(found)
}

fn open_customer(connection: &mut DbConnection, tools: &Tools, found: &mut CardNumbers, customer: &Customer) -> Result<(), StoreError> {
    let id = &customer.id;
    found.open_all((&customer.profile, &customer.addresses, &customer.phrase, &customer.birth_date, customer.email.as_str()), || format!("customers of {id}"));
    for key in passkey::store::list_passkeys(connection, tools, id)? {
        found.open_all(&key.name, || format!("passkeys of {id}"));
    }
    for app in totp::store::list_authenticators(connection, tools, id)? {
        found.open_all(&app.name, || format!("totp_authenticators of {id}"));
    }
    for link in upstream::store::list_links(connection, tools, id)? {
        found.open_all(&link.label, || format!("upstream_links of {id}"));
    }
    Ok(())
}

/// Every item of a list, page by page.
fn each<T>(
    connection: &mut DbConnection,
    list: impl Fn(&mut DbConnection, &PageRequest) -> Result<Page<T>, StoreError>,
    mut visit: impl FnMut(&mut DbConnection, T) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut page = PageRequest::first(MAX_PAGE);
    loop {
        let part = list(connection, &page)?;
        for item in part.items {
            visit(connection, item)?;
        }
        page.after = part.next;
        if page.after.is_none() {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// What is opened.
    const OPENED: [&str; 11] = [
        "admin_cases.input_sealed",
        "audit_events.note_sealed",
        "customers.address_sealed",
        "customers.birth_date_sealed",
        "customers.email_sealed",
        "customers.phrase_sealed",
        "customers.profile_sealed",
        "passkeys.name_sealed",
        "scam_reports.content_sealed",
        "totp_credentials.name_sealed",
        "upstream_links.label_sealed",
    ];

    /// What is not, and why.
    const PASSED_OVER: [(&str, &[&str]); 6] = [
        (
            "addresses and numbers in their own form, which holds no card number beside a mailbox's name",
            &["admin_invitations.email_sealed", "contact_changes.value_sealed", "customers.backup_email_sealed", "customers.phone_sealed", "recoveries.email_sealed"],
        ),
        (
            "what the program itself says, about what was looked at where it came in",
            &[
                "event_deliveries.told_sealed",
                "idempotent_answers.body_sealed",
                "messages.content_sealed",
                "outbox.payload_sealed",
                "risk_histories.history_sealed",
                "trusted_devices.label_sealed",
                "audit_events.origin_sealed",
                "caller_checks.staff_name_sealed",
            ],
        ),
        (
            "secrets and keys",
            &[
                "event_streams.authorization_sealed",
                "foreign_passwords.hash_sealed",
                "passkeys.credential_sealed",
                "signing_keys.private_sealed",
                "totp_credentials.seed_sealed",
            ],
        ),
        (
            "what is over within a day",
            &[
                "authorization_requests.request_sealed",
                "passkey_ceremonies.state_sealed",
                "signin_flows.arrived_sealed",
                "signin_flows.joining_sealed",
                "signin_flows.passed_sealed",
                "signin_flows.request_sealed",
                "upstream_tries.asked_sealed",
            ],
        ),
        ("purchases for which a code or a token stands, which are refused with a card number", &["codes.purchase_sealed", "opaque_tokens.purchase_sealed"]),
        ("an account as it was before a change of contact, until that cannot be taken back any longer", &["contact_changes.snapshot_sealed"]),
    ];

    #[test]
    fn everything_that_is_sealed_is_opened_or_passed_over_for_a_reason() {
        let mut sealed = BTreeSet::new();
        for folder in std::fs::read_dir("migrations/sqlite").unwrap() {
            let text = std::fs::read_to_string(folder.unwrap().path().join("up.sql")).unwrap();
            let text: String = text.lines().map(|line| line.split("--").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
            let words: Vec<&str> = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').filter(|word| !word.is_empty()).collect();
            let mut table = "";
            for pair in words.windows(2) {
                if pair[0] == "TABLE" {
                    table = pair[1];
                } else if pair[1].ends_with("_sealed") {
                    sealed.insert(format!("{table}.{}", pair[1]));
                }
            }
        }
        let known = OPENED.into_iter().chain(PASSED_OVER.into_iter().flat_map(|(_, names)| names.iter().copied())).map(str::to_owned);
        assert_eq!(sealed, known.collect());
    }

    #[test]
    fn each_text_is_looked_at_alone_and_only_places_are_named() {
        let mut found = CardNumbers::default();
        found.open_all(serde_json::json!({ "a": ["4111 1111", { "b": "1111 1111" }], "c": 4_111_111_111_111_111_i64, "d": null }), || "customers of cus_1".to_owned());
        assert_eq!((found.opened, found.places.len()), (2, 0));
        for _ in 0..30 {
            found.open_all(("note", Some("card 4111 1111 1111 1111")), || "admin_cases of case_1".to_owned());
        }
        assert_eq!((found.opened, found.places.len(), found.places[0].as_str()), (62, PLACES, "admin_cases of case_1"));
    }
}
