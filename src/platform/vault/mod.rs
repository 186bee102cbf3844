//! Personal data at rest: one random data key a person, wrapped under the master key; each value sealed for its own cell; exact look-up by a keyed blind index. Every name, e-mail, phone, address and birth date in the database went through here.

mod store;

use zeroize::Zeroizing;

pub use store::{count_data_keys, delete_data_key, find_data_key, has_older_generation, insert_data_key, look_through, need_data_key, rewrap_data_keys};

use crate::base::random::{self, Entropy};
use crate::base::secret::SecretKey;
use crate::platform::crypto::keyring::KeyRing;
use crate::platform::crypto::seal::{DoesNotOpen, SealingKey};
use crate::platform::db::StoreError;

/// A person's opened data key. Lives only as long as the look-up that needs it.
pub struct DataKey {
    key: SealingKey,
    owner: String,
}

/// A cell: which table and column a value of `DataKey`'s owner stands in.
#[derive(Debug, Clone, Copy)]
pub struct Cell {
    /// Table name.
    pub table: &'static str,
    /// Column name.
    pub column: &'static str,
}

fn wrap_place(owner: &str) -> String {
    format!("data_keys|wrapped|{owner}")
}

impl DataKey {
    /// A fresh data key for `owner`, and its wrapped form for the table.
    ///
    /// # Errors
    /// [`DoesNotOpen`] if the library fails.
    pub fn generate(ring: &KeyRing, owner: &str, entropy: &dyn Entropy) -> Result<(Self, Vec<u8>), DoesNotOpen> {
        let plain = SecretKey::new(random::bytes::<32>(entropy));
        let wrapped = ring.data_keys.seal(plain.expose(), &wrap_place(owner), entropy)?;
        Ok((Self { key: SealingKey::new(&plain)?, owner: owner.to_owned() }, wrapped))
    }

    /// Unwraps the data key of `owner`.
    ///
    /// # Errors
    /// [`DoesNotOpen`] when it was wrapped by another master key or for another owner.
    pub fn unwrap(ring: &KeyRing, owner: &str, wrapped: &[u8]) -> Result<Self, DoesNotOpen> {
        let plain = Zeroizing::new(ring.data_keys.open(wrapped, &wrap_place(owner))?);
        let key: [u8; 32] = plain.as_slice().try_into().map_err(|_| DoesNotOpen)?;
        Ok(Self { key: SealingKey::new(&SecretKey::new(key))?, owner: owner.to_owned() })
    }

    fn place(&self, cell: Cell) -> String {
        format!("{}|{}|{}", cell.table, cell.column, self.owner)
    }

    /// Seals a value for `cell` of the owner's row.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the library fails.
    pub fn seal(&self, cell: Cell, plain: &str, entropy: &dyn Entropy) -> Result<Vec<u8>, StoreError> {
        self.key.seal(plain.as_bytes(), &self.place(cell), entropy).map_err(|error| StoreError::Unavailable(error.to_string()))
    }

    /// Opens the value of `cell` in the owner's row.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] naming the cell when it was altered, moved or sealed by another key.
    pub fn open(&self, cell: Cell, sealed: &[u8]) -> Result<String, StoreError> {
        let corrupt = || StoreError::corrupt(cell.table, cell.column, self.owner.clone());
        let plain = self.key.open(sealed, &self.place(cell)).map_err(|_| corrupt())?;
        String::from_utf8(plain).map_err(|_| corrupt())
    }
}

impl DataKey {
    /// Seals a value for `cell` of `row`, in a table where an owner has many rows.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the library fails.
    pub fn seal_in_row(&self, cell: Cell, row: &str, plain: &[u8], entropy: &dyn Entropy) -> Result<Vec<u8>, StoreError> {
        self.key.seal(plain, &format!("{}|{row}", self.place(cell)), entropy).map_err(|error| StoreError::Unavailable(error.to_string()))
    }

    /// Opens the value of `cell` in `row`.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] naming the cell when it was altered, moved or sealed by another key.
    pub fn open_in_row(&self, cell: Cell, row: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        self.key.open(sealed, &format!("{}|{row}", self.place(cell))).map(Zeroizing::new).map_err(|_| StoreError::corrupt(cell.table, cell.column, row))
    }
}

/// The blind index of `value` in the namespace `kind` (`email`, `phone`): equal values have equal indexes, and without the key nobody can tell which value it was.
pub fn blind_index(ring: &KeyRing, kind: &str, value: &str) -> Vec<u8> {
    let mac = ring.blind_index.mac(&[kind.as_bytes(), value.as_bytes()]);
    mac.get(..16).unwrap_or_default().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::OsEntropy;

    #[test]
    fn a_value_opens_only_in_its_own_cell_and_row() {
        let ring = KeyRing::derive(&SecretKey::new([1; 32])).unwrap();
        let (ada, wrapped) = DataKey::generate(&ring, "cus_ada", &OsEntropy).unwrap();
        let email = Cell { table: "customers", column: "email_sealed" };
        let sealed = ada.seal(email, "ada@example.com", &OsEntropy).unwrap();
        let again = DataKey::unwrap(&ring, "cus_ada", &wrapped).unwrap();
        assert_eq!(again.open(email, &sealed).unwrap(), "ada@example.com");
        assert!(matches!(again.open(Cell { table: "customers", column: "phone_sealed" }, &sealed), Err(StoreError::Corrupt { column: "phone_sealed", .. })));
        assert!(DataKey::unwrap(&ring, "cus_bob", &wrapped).is_err());
        let other = KeyRing::derive(&SecretKey::new([2; 32])).unwrap();
        assert!(DataKey::unwrap(&other, "cus_ada", &wrapped).is_err());
        assert_ne!(blind_index(&ring, "email", "a@example.com"), blind_index(&other, "email", "a@example.com"));
        assert_ne!(blind_index(&ring, "email", "1"), blind_index(&ring, "phone", "1"));
    }
}
