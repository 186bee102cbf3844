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

/// Looks through every row, and through what is sealed of customers: their profiles and addresses, the names of what they sign in with, what they reported, what staff wrote about them.
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
    Ok(found)
}

fn open_customer(connection: &mut DbConnection, tools: &Tools, found: &mut CardNumbers, customer: &Customer) -> Result<(), StoreError> {
    let id = &customer.id;
    found.open_all((&customer.profile, &customer.addresses, &customer.phrase, customer.email.as_str()), || format!("customers of {id}"));
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
    use super::*;

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
