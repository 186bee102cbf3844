//! The postal addresses of a customer: a few, one of them the one that shops are told.

use super::model::PostalAddress;
use crate::base::encoding::base64url;
use crate::base::postal::{TypedAddress, formatted};
use crate::base::time::UnixSeconds;

/// The most addresses of one customer.
pub const MAX_ADDRESSES: usize = 10;

/// One address.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddressEntry {
    /// Its name on the page: short and random.
    pub id: String,
    /// Who receives there, where it is somebody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
    /// The address.
    pub address: PostalAddress,
    /// Since when it is so.
    pub since: UnixSeconds,
}

impl AddressEntry {
    /// The address as its form shows it.
    pub fn as_typed(&self) -> TypedAddress {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        TypedAddress {
            street: text(&self.address.street_address),
            postal_code: text(&self.address.postal_code),
            locality: text(&self.address.locality),
            region: text(&self.address.region),
            country: text(&self.address.country),
        }
    }
}

/// The address with its claims (OIDC Core section 5.1.1). The country is its ISO 3166-1 code.
pub fn as_claims(checked: &TypedAddress) -> PostalAddress {
    let some = |value: &str| Some(value.to_owned()).filter(|value| !value.is_empty());
    PostalAddress {
        formatted: some(&formatted(checked)),
        street_address: some(&checked.street),
        locality: some(&checked.locality),
        region: some(&checked.region),
        postal_code: some(&checked.postal_code),
        country: some(&checked.country),
    }
}

/// The addresses of a customer. The first is the one that shops are told.
#[derive(Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct AddressBook(Vec<AddressEntry>);

/// Why a book is not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BookRefused {
    /// It has as many as one may have.
    Full,
    /// There is no such address.
    Unknown,
    /// The same is in it already.
    Same,
}

impl AddressBook {
    /// A book with one address.
    pub fn of(address: PostalAddress, random: [u8; 9], now: UnixSeconds) -> Self {
        Self(vec![AddressEntry { id: base64url(random), recipient: None, address, since: now }])
    }

    /// All of them.
    pub fn entries(&self) -> &[AddressEntry] {
        &self.0
    }

    /// The one that shops are told.
    pub fn preferred(&self) -> Option<&AddressEntry> {
        self.0.first()
    }

    /// One of them.
    pub fn find(&self, id: &str) -> Option<&AddressEntry> {
        self.0.iter().find(|entry| entry.id == id)
    }

    /// With one more; its id comes of `random`.
    ///
    /// # Errors
    /// [`BookRefused`].
    pub fn with(&self, recipient: Option<String>, address: PostalAddress, random: [u8; 9], now: UnixSeconds) -> Result<Self, BookRefused> {
        if self.0.len() >= MAX_ADDRESSES {
            return Err(BookRefused::Full);
        }
        if self.0.iter().any(|entry| entry.address == address && entry.recipient == recipient) {
            return Err(BookRefused::Same);
        }
        let mut book = self.clone();
        book.0.push(AddressEntry { id: base64url(random), recipient, address, since: now });
        Ok(book)
    }

    /// With another address in the place of one.
    ///
    /// # Errors
    /// [`BookRefused`].
    pub fn replaced(&self, id: &str, recipient: Option<String>, address: PostalAddress, now: UnixSeconds) -> Result<Self, BookRefused> {
        let mut book = self.clone();
        let entry = book.0.iter_mut().find(|entry| entry.id == id).ok_or(BookRefused::Unknown)?;
        if entry.address == address && entry.recipient == recipient {
            return Err(BookRefused::Same);
        }
        (entry.recipient, entry.address, entry.since) = (recipient, address, now);
        Ok(book)
    }

    /// Without one.
    ///
    /// # Errors
    /// [`BookRefused::Unknown`].
    pub fn without(&self, id: &str) -> Result<Self, BookRefused> {
        let left: Vec<_> = self.0.iter().filter(|entry| entry.id != id).cloned().collect();
        if left.len() == self.0.len() { Err(BookRefused::Unknown) } else { Ok(Self(left)) }
    }

    /// With one as that which shops are told.
    ///
    /// # Errors
    /// [`BookRefused`].
    pub fn preferring(&self, id: &str) -> Result<Self, BookRefused> {
        let at = self.0.iter().position(|entry| entry.id == id).ok_or(BookRefused::Unknown)?;
        if at == 0 {
            return Err(BookRefused::Same);
        }
        let mut book = self.clone();
        let chosen = book.0.remove(at);
        book.0.insert(0, chosen);
        Ok(book)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(street: &str) -> PostalAddress {
        let typed = TypedAddress { street: street.to_owned(), postal_code: "10115".to_owned(), locality: "Berlin".to_owned(), region: String::new(), country: "DE".to_owned() };
        as_claims(&typed)
    }

    #[test]
    fn a_book_keeps_its_order_and_its_limit() {
        let mut book = AddressBook::of(at("a"), [0; 9], UnixSeconds(1));
        for number in 1..10_u8 {
            book = book.with(None, at(&format!("s{number}")), [number; 9], UnixSeconds(2)).unwrap();
        }
        assert_eq!(book.with(None, at("more"), [99; 9], UnixSeconds(2)).err(), Some(BookRefused::Full));
        let third = book.entries()[2].id.clone();
        let book = book.preferring(&third).unwrap();
        assert_eq!(book.preferred().map(|entry| entry.id.as_str()), Some(third.as_str()));
        assert_eq!(
            book.entries().iter().map(|entry| entry.address.street_address.clone().unwrap()).collect::<Vec<_>>(),
            ["s2", "a", "s1", "s3", "s4", "s5", "s6", "s7", "s8", "s9"]
        );
        assert_eq!(book.preferring(&third).err(), Some(BookRefused::Same));
        assert_eq!(book.preferring("nonsense").err(), Some(BookRefused::Unknown));
        let book = book.without(&third).unwrap();
        assert_eq!(book.without(&third).err(), Some(BookRefused::Unknown));
        assert_eq!(book.with(None, at("a"), [99; 9], UnixSeconds(2)).err(), Some(BookRefused::Same));
        assert!(book.with(Some("Ada".to_owned()), at("a"), [99; 9], UnixSeconds(2)).is_ok(), "to somebody else it is another one");
        let first = book.entries()[0].id.clone();
        let moved = book.replaced(&first, None, at("b"), UnixSeconds(7)).unwrap();
        assert_eq!(moved.find(&first).map(|entry| (entry.since, entry.as_typed().street)), Some((UnixSeconds(7), "b".to_owned())));
        assert_eq!(moved.replaced(&first, None, at("b"), UnixSeconds(8)).err(), Some(BookRefused::Same));
        assert_eq!(moved.replaced("x", None, at("b"), UnixSeconds(8)).err(), Some(BookRefused::Unknown));
    }
}
